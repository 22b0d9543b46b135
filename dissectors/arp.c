/* SPDX-License-Identifier: BSD-3-Clause */
/* ARP and its relatives: RFC 826, RFC 903, RFC 2390. */
#include "dissectors/dissector.h"

#include "dissectors/labels.h"
#include "dissectors/protocols.h"
#include "dissectors/put.h"

enum {
	HEADER = 8,
	TYPE_IPV4 = 0x0800,
	TYPE_TRAILER = 0x1000,

	REQUEST = 1,
	REPLY = 2,
	REVERSE_REQUEST = 3,
	REVERSE_REPLY = 4,
	INVERSE_REQUEST = 8,
	INVERSE_REPLY = 9,
};

static const struct label operation_labels[] = {
	{REQUEST, "Request"},
	{REPLY, "Reply"},
	{REVERSE_REQUEST, "Reverse Request"},
	{REVERSE_REPLY, "Reverse Reply"},
	{INVERSE_REQUEST, "Inverse Request"},
	{INVERSE_REPLY, "Inverse Reply"},
	{10, "NACK Reply"},
	{0, NULL},
};

static const struct label hardware_labels[] = {
	{1, "Ethernet"},  {6, "TokenRing"},   {7, "ArcNet"},
	{15, "FrameRelay"}, {23, "Strip"},    {24, "IEEE 1394"},
	{19, "ATM"},	  {32, "InfiniBand"}, {0, NULL},
};

static void decode(struct dissection *d)
{
	struct arp *arp = &d->layer->arp;
	struct cursor *c = &d->cursor;

	arp->hardware = cursor_be16(c);
	arp->protocol = cursor_be16(c);
	arp->hardware_length = cursor_u8(c);
	arp->protocol_length = cursor_u8(c);
	arp->operation = cursor_be16(c);
	cursor_skip(c, 2u * arp->hardware_length);
	cursor_skip(c, 2u * arp->protocol_length);
	if (c->overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

/* The four addresses, where the lengths put them. */

static const uint8_t *sender_hardware(const struct layer *layer)
{
	return layer->data + HEADER;
}

static const uint8_t *sender_protocol(const struct layer *layer)
{
	return sender_hardware(layer) + layer->arp.hardware_length;
}

static const uint8_t *target_hardware(const struct layer *layer)
{
	return sender_protocol(layer) + layer->arp.protocol_length;
}

static const uint8_t *target_protocol(const struct layer *layer)
{
	return target_hardware(layer) + layer->arp.hardware_length;
}

static bool is_ipv4(const struct arp *arp)
{
	return arp->protocol == TYPE_IPV4 || arp->protocol == TYPE_TRAILER;
}

static void put_protocol_address(struct text *t, const struct arp *arp,
				 const uint8_t *address)
{
	if (!is_ipv4(arp))
		put_text(t, "<wrong proto type>");
	else if (arp->protocol_length != 4)
		put_text(t, "<wrong len>");
	else
		put_ipv4(t, address);
}

static void put_hardware_address(struct text *t, const struct arp *arp,
				 const uint8_t *address)
{
	put_link_address(t, address, arp->hardware_length);
}

static bool is_zero(const uint8_t *bytes, size_t n)
{
	while (n--)
		if (*bytes++)
			return false;
	return true;
}

static void text_request(struct text *t, const struct layer *layer)
{
	const struct arp *arp = &layer->arp;

	put_text(t, "who-has ");
	put_protocol_address(t, arp, target_protocol(layer));
	if (!is_zero(target_hardware(layer), arp->hardware_length)) {
		put_text(t, " (");
		put_hardware_address(t, arp, target_hardware(layer));
		put_char(t, ')');
	}
	put_text(t, " tell ");
	put_protocol_address(t, arp, sender_protocol(layer));
}

/* False: there is no text for this operation. */
static bool text_operation(struct text *t, const struct layer *layer)
{
	const struct arp *arp = &layer->arp;

	switch (arp->operation) {
	case REQUEST:
		text_request(t, layer);
		return true;
	case REPLY:
		put_protocol_address(t, arp, sender_protocol(layer));
		put_text(t, " is-at ");
		put_hardware_address(t, arp, sender_hardware(layer));
		return true;
	case REVERSE_REQUEST:
	case INVERSE_REQUEST:
		put_text(t, "who-is ");
		put_hardware_address(t, arp, target_hardware(layer));
		put_text(t, " tell ");
		put_hardware_address(t, arp, sender_hardware(layer));
		return true;
	case REVERSE_REPLY:
		put_hardware_address(t, arp, target_hardware(layer));
		put_text(t, " at ");
		put_protocol_address(t, arp, target_protocol(layer));
		return true;
	case INVERSE_REPLY:
		put_hardware_address(t, arp, sender_hardware(layer));
		put_text(t, " at ");
		put_protocol_address(t, arp, sender_protocol(layer));
		return true;
	default:
		return false;
	}
}

static void text(struct text *t, const struct layer *layer)
{
	const struct arp *arp = &layer->arp;

	t->protocol = "arp";
	if (layer->flags & LAYER_TRUNCATED) {
		text_stop(t);
		return;
	}
	if (!t->options->link_header)
		put_text(t, "ARP, ");
	if (!is_ipv4(arp) || arp->protocol_length != 4 ||
	    !arp->hardware_length || t->options->verbose) {
		put_label(t, hardware_labels, arp->hardware,
			  "Unknown Hardware (%u)");
		put(t, " (len %u), ", arp->hardware_length);
		put_label(t, ethertype_labels, arp->protocol,
			  "Unknown Protocol (0x%04x)");
		put(t, " (len %u)", arp->protocol_length);
		if (!t->options->verbose) {
			put(t, ", length %u", layer->length);
			return;
		}
	}
	if (t->options->verbose)
		put_text(t, ", ");
	put_label(t, operation_labels, arp->operation, "Unknown (%u)");
	put_char(t, ' ');
	if (text_operation(t, layer))
		put(t, ", length %u", layer->length);
	else
		put_hex_ascii(t, "\n\t", layer->data, layer->captured);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	const struct arp *arp = &layer->arp;

	(void)packet;
	json_u64(json, "hardware_type", arp->hardware);
	json_u64(json, "protocol_type", arp->protocol);
	json_u64(json, "operation", arp->operation);
	if (layer->flags & LAYER_TRUNCATED || arp->hardware_length != 6 ||
	    arp->protocol_length != 4)
		return;
	json_mac(json, "sender_hardware_address", sender_hardware(layer));
	json_ipv4(json, "sender_protocol_address", sender_protocol(layer));
	json_mac(json, "target_hardware_address", target_hardware(layer));
	json_ipv4(json, "target_protocol_address", target_protocol(layer));
}

const struct dissector arp_dissector = {
	.name = "arp",
	.decode = decode,
	.text = text,
	.json = json,
};
