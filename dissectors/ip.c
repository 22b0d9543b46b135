/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissectors/ip.h"

#include <netinet/in.h>

#include "dissectors/labels.h"
#include "dissectors/protocols.h"
#include "dissectors/registry.h"

enum {
	PROTOCOL_SUN_ND = 77,
	PROTOCOL_ETHERNET = 143, PROTOCOL_VRRP = 112,
};

/* The version that a protocol is bound to; 0: it goes with both. */
static unsigned int version_needed(uint8_t protocol)
{
	switch (protocol) {
	case IPPROTO_ICMP:
	case IPPROTO_IGMP:
		return 4;
	case IPPROTO_ICMPV6:
	case PROTOCOL_ETHERNET:
		return 6;
	default:
		return 0;
	}
}

bool ip_transport_prints_addresses(uint8_t protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP ||
	       protocol == IPPROTO_SCTP ||
	       (protocol == IPPROTO_DCCP &&
		registry_find(REGISTRY_IP, IPPROTO_DCCP));
}

void ip_decode_payload(struct dissection *d, unsigned int version,
		       uint8_t protocol, struct window window)
{
	unsigned int needed = version_needed(protocol);
	const struct dissector *dissector = NULL;

	if (!needed || needed == version)
		dissector = registry_find(REGISTRY_IP, protocol);
	if (protocol == PROTOCOL_VRRP && d->options->as == DISSECT_AS_CARP)
		dissector = &carp_dissector;
	dissect_payload(d, dissector, window);
}

void ip_text_payload(struct text *t, const struct layer *layer,
		     unsigned int version, uint8_t protocol, uint32_t length)
{
	unsigned int needed;

	if (text_payload(t, layer))
		return;
	needed = version_needed(protocol);
	if (needed && needed != version) {
		put(t, "[%s requires IPv%u]",
		    label_or(ip_protocol_labels, protocol, "unknown"), needed);
		text_invalid(t);
	} else if (protocol == IPPROTO_NONE) {
		put_text(t, "no next header");
	} else if (protocol == PROTOCOL_SUN_ND) {
		put(t, " nd %u", length);
	} else {
		put_ip_protocol(t, protocol);
		put(t, " %u", length);
	}
}

/* Link types that hold IP alone: raw (either version), IPv4, IPv6. */

static void decode_either(struct dissection *d)
{
	struct window all = window_rest(d, d->layer->length);
	uint8_t first = cursor_u8(&d->cursor) >> 4;

	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
	else
		dissect_payload(d,
				first == 4   ? &ipv4_dissector
				: first == 6 ? &ipv6_dissector
					     : NULL,
				all);
}

static void text_either(struct text *t, const struct layer *layer)
{
	t->protocol = "ipn";
	if (layer->length < 1)
		put(t, "truncated-ip %u", layer->length);
	else if (!layer->captured)
		text_stop(t);
	else if (!text_payload(t, layer))
		put(t, "unknown ip %u", layer->data[0] >> 4);
}

static void text_raw(struct text *t, const struct layer *layer)
{
	if (t->options->link_header)
		put_text(t, "ip: ");
	text_either(t, layer);
}

const struct dissector ipn_dissector = {
	.name = "ip",
	.decode = decode_either,
	.text = text_either,
};

const struct dissector raw_dissector = {
	.name = "raw",
	.decode = decode_either,
	.text = text_raw,
};
