/* SPDX-License-Identifier: BSD-3-Clause */
/* BOOTP and DHCP: RFC 951, RFC 2131. Options are in dhcp_options.c. */
#include "dissectors/dhcp.h"

#include "dissectors/protocols.h"

enum {
	OFFSET_SECONDS = 8,
	OFFSET_CLIENT = 12, /* your, server, gateway address behind it */
	OFFSET_HARDWARE = 28,
	OFFSET_SERVER_NAME = 44,
	OFFSET_FILE = 108,
	OFFSET_VENDOR = 236,
	REQUEST = 1,
	COOKIE_RFC1048 = 0x63825363,
	COOKIE_CMU = 0x434d5500,
};

static void decode(struct dissection *d)
{
	struct dhcp *dhcp = &d->layer->dhcp;
	struct cursor *c = &d->cursor;

	dhcp->operation = cursor_u8(c);
	dhcp->hardware_type = cursor_u8(c);
	dhcp->hardware_length = cursor_u8(c);
	dhcp->hops = cursor_u8(c);
	dhcp->transaction = cursor_be32(c);
	dhcp->seconds = cursor_be16(c);
	dhcp->flags = cursor_be16(c);
	cursor_skip(c, OFFSET_VENDOR - OFFSET_CLIENT);
	dhcp->cookie = cursor_be32(c);
	if (c->overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

static bool has_ethernet_address(const struct dhcp *dhcp)
{
	return dhcp->hardware_type == 1 && dhcp->hardware_length == 6;
}

static void text_address(struct text *t, const struct layer *layer, int index,
			 const char *what)
{
	const uint8_t *address = text_at(t, layer,
					 (size_t)(OFFSET_CLIENT + 4 * index), 4);

	if (!load_be32(address))
		return;
	put(t, "\n\t  %s-IP ", what);
	put_ipv4(t, address);
}

/* False where the packet is cut off. */
static bool text_name(struct text *t, const struct layer *layer, size_t offset,
		      size_t size, const char *what)
{
	const uint8_t *end = layer->data + layer->captured;

	if (!text_at(t, layer, offset, 1)[0])
		return true;
	put(t, "\n\t  %s \"", what);
	if (!put_visible_string(t, layer->data + offset, size, end)) {
		put_char(t, '"');
		text_trunc(t);
		return false;
	}
	put_char(t, '"');
	return true;
}

static void text_fields(struct text *t, const struct layer *layer)
{
	static const struct label flags[] = {{0x8000, "Broadcast"}, {0, NULL}};
	const struct dhcp *dhcp = &layer->dhcp;

	if (dhcp->hardware_type != 1)
		put(t, ", htype %u", dhcp->hardware_type);
	if (!has_ethernet_address(dhcp))
		put(t, ", hlen %u", dhcp->hardware_length);
	if (dhcp->hops)
		put(t, ", hops %u", dhcp->hops);
	if (dhcp->transaction)
		put(t, ", xid 0x%x", dhcp->transaction);
	if (dhcp->seconds)
		put(t, ", secs %u", dhcp->seconds);
	text_at(t, layer, OFFSET_SECONDS + 2, 2);
	put_text(t, ", Flags [");
	put_bits(t, flags, dhcp->flags, "none", ", ");
	put_char(t, ']');
	if (t->options->verbose > 1)
		put(t, " (0x%04x)", dhcp->flags);
}

static void text_cmu(struct text *t, const struct layer *layer)
{
	static const char *const names[] = {"SM",   "DG",   "NS1", "NS2",
					    "IEN1", "IEN2", "TS1", "TS2"};
	static const uint8_t order[] = {1, 0, 2, 3, 4, 5, 6, 7};
	uint8_t flags;

	put_text(t, " vend-cmu");
	if (layer->captured < OFFSET_VENDOR + 8) {
		text_trunc(t);
		return;
	}
	flags = layer->data[OFFSET_VENDOR + 4];
	if (flags & ~1)
		put(t, " F:0x%x", flags);
	for (int i = 0; i < 8; i++) {
		size_t at = OFFSET_VENDOR + 8 + 4u * order[i];

		if (layer->captured < at + 4) {
			text_trunc(t);
			return;
		}
		if (!load_be32(layer->data + at))
			continue;
		put(t, " %s%s:", names[order[i]],
		    order[i] || flags & 1 ? "" : "*");
		put_ipv4(t, layer->data + at);
	}
}

static void text_vendor(struct text *t, const struct layer *layer)
{
	if (layer->captured < OFFSET_VENDOR + 4)
		text_trunc(t);
	else if (layer->dhcp.cookie == COOKIE_RFC1048)
		dhcp_text_options(t, layer);
	else if (layer->dhcp.cookie == COOKIE_CMU)
		text_cmu(t, layer);
	else if (layer->dhcp.cookie)
		put(t, "\n\t  Vendor-#0x%x", layer->dhcp.cookie);
}

static void text_details(struct text *t, const struct layer *layer)
{
	if (layer->captured < OFFSET_SECONDS + 2) {
		text_trunc(t);
		return;
	}
	text_fields(t, layer);
	text_address(t, layer, 0, "Client");
	text_address(t, layer, 1, "Your");
	text_address(t, layer, 2, "Server");
	text_address(t, layer, 3, "Gateway");
	if (has_ethernet_address(&layer->dhcp)) {
		put_with_mac(t, "\n\t  Client-Ethernet-Address ",
				text_at(t, layer, OFFSET_HARDWARE, 6));
	}
	if (t->stopped ||
	    !text_name(t, layer, OFFSET_SERVER_NAME, 64, "sname") ||
	    t->stopped || !text_name(t, layer, OFFSET_FILE, 128, "file") ||
	    t->stopped)
		return;
	text_vendor(t, layer);
}

static void text(struct text *t, const struct layer *layer)
{
	const struct dhcp *dhcp = &layer->dhcp;

	t->protocol = "bootp";
	text_at(t, layer, 0, 1);
	put_text(t, "BOOTP/DHCP, ");
	if (dhcp->operation == REQUEST)
		put_text(t, "Request");
	else if (dhcp->operation == 2)
		put_text(t, "Reply");
	else
		put(t, "unknown (0x%02x)", dhcp->operation);
	text_at(t, layer, 1, 1);
	text_at(t, layer, 2, 1);
	if (has_ethernet_address(dhcp) && dhcp->operation == REQUEST) {
		const uint8_t *address = text_at(t, layer, OFFSET_HARDWARE, 6);

		put_text(t, " from ");
		put_mac(t, address);
	}
	put(t, ", length %u", layer->length);
	if (t->options->verbose && !t->stopped)
		text_details(t, layer);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	const struct dhcp *dhcp = &layer->dhcp;

	(void)packet;
	json_u64(json, "operation", dhcp->operation);
	json_u64(json, "transaction_id", dhcp->transaction);
	json_u64(json, "seconds", dhcp->seconds);
	json_u64(json, "flags", dhcp->flags);
	json_ipv4(json, "client_address", layer->data + OFFSET_CLIENT);
	json_ipv4(json, "your_address", layer->data + OFFSET_CLIENT + 4);
	json_ipv4(json, "server_address", layer->data + OFFSET_CLIENT + 8);
	json_ipv4(json, "gateway_address", layer->data + OFFSET_CLIENT + 12);
	if (has_ethernet_address(dhcp))
		json_mac(json, "client_hardware_address",
			 layer->data + OFFSET_HARDWARE);
	if (dhcp->cookie == COOKIE_RFC1048)
		dhcp_json_options(json, layer);
}

const struct dissector dhcp_dissector = {
	.name = "dhcp",
	.decode = decode,
	.text = text,
	.json = json,
};
