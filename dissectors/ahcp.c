/* SPDX-License-Identifier: BSD-3-Clause */
/* AHCP, ad hoc configuration: draft-chroboczek-ahcp-00. */
#include "dissectors/field.h"

#include <time.h>

#include "dissectors/protocols.h"

enum { MAGIC = 43, VERSION = 1, HEADER = 24, MESSAGE = 4, SNAPSHOT_LEAST = 2 };

enum option {
	PAD = 0,
	MANDATORY = 1,
	ORIGIN = 2,
	EXPIRES = 3,
	MY_IPV6 = 4,
	MY_IPV4 = 5,
	IPV6_PREFIX = 6,
	IPV4_PREFIX = 7,
	IPV6_ADDRESS = 8,
	IPV4_ADDRESS = 9,
	IPV6_DELEGATION = 10,
	IPV4_DELEGATION = 11,
	NAME_SERVER = 12,
	NTP_SERVER = 13,
};

static const struct label message_labels[] = {
	{0, "Discover"}, {1, "Offer"},	 {2, "Request"}, {3, "Ack"},
	{4, "Nack"},	 {5, "Release"}, {0, NULL},
};

static const struct label option_labels[] = {
	{PAD, "Pad"},
	{MANDATORY, "Mandatory"},
	{ORIGIN, "Origin Time"},
	{EXPIRES, "Expires"},
	{MY_IPV6, "My-IPv6-Address"},
	{MY_IPV4, "My-IPv4-Address"},
	{IPV6_PREFIX, "IPv6 Prefix"},
	{IPV4_PREFIX, "IPv4 Prefix"},
	{IPV6_ADDRESS, "IPv6 Address"},
	{IPV4_ADDRESS, "IPv4 Address"},
	{IPV6_DELEGATION, "IPv6 Prefix Delegation"},
	{IPV4_DELEGATION, "IPv4 Prefix Delegation"},
	{NAME_SERVER, "Name Server"},
	{NTP_SERVER, "NTP Server"},
	{0, NULL},
};

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;

	layer->words[0] = cursor_u8(c);	  /* magic number */
	layer->words[1] = cursor_u8(c);	  /* version */
	layer->words[2] = cursor_u8(c);	  /* hops left */
	layer->words[3] = cursor_u8(c);	  /* hops in the beginning */
	layer->words[4] = cursor_be32(c); /* nonce */
	cursor_skip(c, 16);
	layer->words[5] = cursor_u8(c); /* message */
	if (c->overrun)
		layer->flags |= LAYER_TRUNCATED;
}

/* Addresses, one behind the other; false if the last is not whole. */
static bool text_addresses(struct text *t, const struct layer *layer, size_t at,
			   uint32_t length, uint32_t size, bool prefixes)
{
	uint32_t step = size + prefixes;
	const char *lead = ": ";

	for (; length && !t->stopped; length -= step, at += step) {
		if (length < step)
			return false;
		if (!field_need(t, layer, at, step))
			return true;
		if (size == 4)
			field_lead_ipv4(t, lead, layer, at);
		else
			field_lead_ipv6(t, lead, layer, at);
		if (prefixes)
			put(t, "/%u", field_u8(t, layer, at + size));
		lead = ", ";
	}
	return true;
}

static void put_origin(struct text *t, uint32_t seconds)
{
	time_t when = seconds;
	char text[32];
	struct tm tm;

	if (!gmtime_r(&when, &tm))
		return;
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm);
	put_text(t, text);
}

/* The value of an option; false: (invalid). */
static bool text_value(struct text *t, const struct layer *layer, uint8_t type,
		       size_t at, uint32_t length)
{
	switch (type) {
	case ORIGIN:
		if (length != 4)
			return false;
		if (!field_need(t, layer, at, 4))
			return true;
		put_text(t, ": ");
		put_origin(t, load_be32(layer->data + at));
		return true;
	case EXPIRES:
		if (length != 4)
			return false;
		put(t, ": %us", field_be32(t, layer, at));
		return true;
	case MY_IPV6:
	case IPV6_ADDRESS:
	case NAME_SERVER:
	case NTP_SERVER:
		return text_addresses(t, layer, at, length, 16, false);
	case MY_IPV4:
	case IPV4_ADDRESS:
		return text_addresses(t, layer, at, length, 4, false);
	case IPV6_PREFIX:
	case IPV6_DELEGATION:
		return text_addresses(t, layer, at, length, 16, true);
	case IPV4_DELEGATION:
		return text_addresses(t, layer, at, length, 4, true);
	default:
		put(t, " (Length %u)", length);
		return true;
	}
}

static void text_options(struct text *t, const struct layer *layer, size_t at,
			 uint32_t left)
{
	while (left && !t->stopped) {
		uint8_t type = field_u8(t, layer, at), length;

		if (t->stopped)
			return;
		put_text(t, "\n\t ");
		put_label(t, option_labels, type, "Unknown-%u");
		at++;
		left--;
		if (type == PAD || type == MANDATORY)
			continue;
		length = left ? field_u8(t, layer, at) : 0;
		if (!left || length > left - 1) {
			text_invalid(t);
			field_need(t, layer, at, left);
			return;
		}
		at++;
		left--;
		if (!text_value(t, layer, type, at, length))
			text_invalid(t);
		at += length;
		left -= length;
	}
}

static void text_header(struct text *t, const struct layer *layer)
{
	put(t, "\n\tHopcount %u", field_u8(t, layer, 2));
	put(t, ", Original Hopcount %u", field_u8(t, layer, 3));
	put(t, ", Nonce 0x%08x", field_be32(t, layer, 4));
	if (!field_need(t, layer, 8, 8))
		return;
	put_text(t, ", Source Id ");
	addr_put_bytes(t->out, layer->data + 8, 8);
	if (!field_need(t, layer, 16, 8))
		return;
	put_text(t, ", Destination Id ");
	addr_put_bytes(t->out, layer->data + 16, 8);
}

/* The message of @left bytes; false: (invalid). */
static bool text_message(struct text *t, const struct layer *layer,
			 uint32_t left)
{
	const uint8_t *p = layer->data + HEADER;
	uint16_t length;

	if (left < MESSAGE)
		return false;
	if (!field_need(t, layer, HEADER, MESSAGE))
		return true;
	length = load_be16(p + 2);
	if (t->options->verbose) {
		put_text(t, "\n\t");
		put_label(t, message_labels, p[0], "Unknown-%u");
		if (p[1])
			put(t, ", MBZ %u", p[1]);
		put(t, ", Length %u", length);
	}
	if (length > left - MESSAGE)
		return false;
	if (t->options->verbose > 1)
		text_options(t, layer, HEADER + MESSAGE, length);
	else
		field_need(t, layer, HEADER + MESSAGE, length);
	return true;
}

/* False: (invalid). */
static bool text_versioned(struct text *t, const struct layer *layer)
{
	uint8_t version;

	if (layer->length < SNAPSHOT_LEAST || field_u8(t, layer, 0) != MAGIC)
		return false;
	version = field_u8(t, layer, 1);
	if (t->stopped)
		return true;
	if (version != VERSION) {
		put(t, " Version %u (unknown)", version);
		field_need(t, layer, 0, layer->length);
		return true;
	}
	put_text(t, " Version 1");
	if (layer->length < HEADER)
		return false;
	if (t->options->verbose)
		text_header(t, layer);
	if (!field_need(t, layer, 0, HEADER))
		return true;
	return text_message(t, layer, layer->length - HEADER);
}

static void text(struct text *t, const struct layer *layer)
{
	t->protocol = "ahcp";
	put_text(t, "AHCP");
	if (!text_versioned(t, layer)) {
		text_invalid(t);
		field_need(t, layer, 0, layer->length);
	}
}

static void json_options(struct json *json, const struct layer *layer)
{
	size_t at = HEADER + MESSAGE;

	json_open_array(json, "options");
	while (field_has(layer, at, 1)) {
		uint8_t type = layer->data[at++], length;

		if (type == PAD || type == MANDATORY)
			continue;
		if (!field_has(layer, at, 1))
			break;
		length = layer->data[at++];
		if (!field_has(layer, at, length))
			break;
		json_open_object(json, NULL);
		json_u64(json, "type", type);
		json_hex(json, "value", layer->data + at, length);
		json_close_object(json);
		at += length;
	}
	json_close_array(json);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "version", layer->words[1]);
	json_u64(json, "hop_count", layer->words[2]);
	json_u64(json, "original_hop_count", layer->words[3]);
	json_u64(json, "nonce", layer->words[4]);
	json_u64(json, "type", layer->words[5]);
	json_options(json, layer);
}

const struct dissector ahcp_dissector = {
	.name = "ahcp",
	.decode = decode,
	.text = text,
	.json = json,
};
