/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissectors/dissect.h"

#include <strings.h>

#include "dissectors/dissector.h"
#include "dissectors/protocols.h"
#include "dissectors/registry.h"
#include "src/base/cleanup.h"

static void decode_layer(struct packet *packet,
			 const struct dissect_options *options,
			 const struct dissector *dissector, struct window w,
			 uint8_t ip, uint16_t flags)
{
	struct layer *layer = &packet->layers[packet->count++];
	struct dissection d = {
		.packet = packet,
		.layer = layer,
		.cursor = cursor_make(w.data, w.captured),
		.options = options,
	};

	*layer = (struct layer){
		.dissector = dissector,
		.data = w.data,
		.captured = w.captured,
		.length = w.length,
		.flags = flags,
		.next = LAYER_NONE,
		.ip = ip,
	};
	dissector->decode(&d);
}

static bool carries_addresses(const struct layer *layer)
{
	return layer->dissector == &ipv4_dissector ||
	       layer->dissector == &ipv6_dissector;
}

void dissect_payload(struct dissection *d, const struct dissector *dissector,
		     struct window window)
{
	struct layer *layer = d->layer;
	uint8_t index = (uint8_t)(layer - d->packet->layers);

	if (!dissector) {
		layer->flags |= LAYER_UNKNOWN_PAYLOAD;
		return;
	}
	if (d->packet->count == PACKET_LAYERS) {
		layer->flags |= LAYER_TOO_DEEP;
		return;
	}
	layer->next = d->packet->count;
	decode_layer(d->packet, d->options, dissector, window,
		     carries_addresses(layer) ? index : layer->ip,
		     layer->flags & LAYER_FRAGMENT);
}

void dissect(const struct frame *frame, struct packet *packet,
	     const struct dissect_options *options)
{
	static const struct dissect_options NONE = {0};
	const struct dissector *link;

	packet->frame = frame;
	packet->count = 0;
	link = registry_find(REGISTRY_LINK, (uint32_t)frame->link_type);
	if (!link)
		return;
	decode_layer(packet, options ? options : &NONE, link,
		     (struct window){frame->data, frame->caplen, frame->len},
		     LAYER_NONE, 0);
}

bool dissect_supports(int link_type)
{
	return registry_find(REGISTRY_LINK, (uint32_t)link_type);
}

bool dissect_as_from_name(const char *name, enum dissect_as *as)
{
	static const struct {
		const char *name;
		enum dissect_as as;
	} names[] = {
		{"aodv", DISSECT_AS_AODV},
		{"carp", DISSECT_AS_CARP},
		{"cnfp", DISSECT_AS_CNFP},
		{"domain", DISSECT_AS_DOMAIN},
		{"lmp", DISSECT_AS_LMP},
		{"pgm", DISSECT_AS_PGM},
		{"pgm_zmtp1", DISSECT_AS_PGM_ZMTP1},
		{"ptp", DISSECT_AS_PTP},
		{"radius", DISSECT_AS_RADIUS},
		{"resp", DISSECT_AS_RESP},
		{"rpc", DISSECT_AS_RPC},
		{"rtcp", DISSECT_AS_RTCP},
		{"rtp", DISSECT_AS_RTP},
		{"snmp", DISSECT_AS_SNMP},
		{"someip", DISSECT_AS_SOMEIP},
		{"tftp", DISSECT_AS_TFTP},
		{"vat", DISSECT_AS_VAT},
		{"vxlan", DISSECT_AS_VXLAN},
		{"wb", DISSECT_AS_WB},
		{"zmtp1", DISSECT_AS_ZMTP1},
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcasecmp(names[i].name, name)) {
			*as = names[i].as;
			return true;
		}
	}
	return false;
}
