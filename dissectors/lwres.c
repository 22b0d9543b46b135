/* SPDX-License-Identifier: BSD-3-Clause */
/* The lightweight resolver of BIND 9. */
#include "dissectors/dissector.h"
#include "dissectors/dns.h"
#include "dissectors/members.h"
#include "dissectors/protocols.h"
#include "dissectors/put.h"

enum { HEADER = 28, FLAG_RESPONSE = 1, CLASS_IN = 1 };

enum operation {
	NOOP = 0,
	ADDRESSES_BY_NAME = 0x00010001,
	NAME_BY_ADDRESS = 0x00010002,
	DATA_BY_NAME = 0x00010003,
};

static const struct label operation_labels[] = {
	{NOOP, "noop"},
	{ADDRESSES_BY_NAME, "getaddrsbyname"},
	{NAME_BY_ADDRESS, "getnamebyaddr"},
	{DATA_BY_NAME, "getrdatabyname"},
	{0, NULL},
};

static const struct label class_labels[] = {
	{1, "IN"}, {3, "CHAOS"}, {4, "HS"}, {255, "ANY"}, {0, NULL}};

static void decode(struct dissection *d)
{
	struct lwres *lwres = &d->layer->lwres;
	struct cursor *c = &d->cursor;

	lwres->length = cursor_be32(c);
	lwres->version = cursor_be16(c);
	lwres->flags = cursor_be16(c);
	lwres->serial = cursor_be32(c);
	lwres->operation = cursor_be32(c);
	lwres->result = cursor_be32(c);
	lwres->receive_length = cursor_be32(c);
	lwres->authentication = cursor_be16(c);
	lwres->authentication_length = cursor_be16(c);
	if (c->overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

/* @length bytes and a NUL. */
static void text_name(struct text *t, struct cursor *c, uint32_t length)
{
	put_char(t, ' ');
	if (put_visible_bytes(t, c->at, length, c->end)) {
		text_stop(t);
		return;
	}
	cursor_skip(c, length);
	if (text_u8(t, c))
		put_text(t, " (not NUL-terminated!)");
}

static void text_names(struct text *t, struct cursor *c, uint32_t count)
{
	for (; count && !t->stopped; count--)
		text_name(t, c, text_be16(t, c));
}

static void text_data(struct text *t, struct cursor *c, uint32_t count)
{
	for (; count && !t->stopped; count--)
		for (uint32_t n = text_be16(t, c); n && !t->stopped; n--)
			put(t, "%02x", text_u8(t, c));
}

/* False where the length does not fit the family. */
static bool text_address(struct text *t, struct cursor *c)
{
	uint32_t family = text_be32(t, c);
	uint16_t length = text_be16(t, c);

	if (!text_has(t, c, length))
		return true;
	switch (family) {
	case 1:
		if (length < 4)
			return false;
		put_char(t, ' ');
		put_ipv4(t, text_bytes(t, c, 4));
		return true;
	case 2:
		if (length < 16)
			return false;
		put_char(t, ' ');
		put_ipv6(t, text_bytes(t, c, 16));
		return true;
	default:
		put(t, " %u/", family);
		put_hex_bytes(t, cursor_take(c, length), length);
		return true;
	}
}

static void text_flags(struct text *t, uint32_t flags)
{
	if (t->options->verbose > 2)
		put(t, " flags:0x%x", flags);
}

static void text_type(struct text *t, uint16_t class, uint16_t type)
{
	put_char(t, ' ');
	put_label(t, dns_type_labels, type, "Type%u");
	if (class == CLASS_IN)
		return;
	put_char(t, ' ');
	put_label(t, class_labels, class, "Class%u");
}

static void text_families(struct text *t, uint32_t types)
{
	static const char *const names[] = {"", " IPv4", " IPv6", " IPv4/6"};

	put_text(t, names[types & 3]);
	if (types & ~3u)
		put(t, "[0x%x]", types);
}

/* Both return false where the message makes no sense. */
static bool text_query(struct text *t, struct cursor *c, uint32_t operation)
{
	uint32_t flags, types;
	uint16_t class, type, length;

	if (operation == NOOP)
		return true;
	text_has(t, c, operation == NAME_BY_ADDRESS ? 4 : 10);
	if (t->stopped)
		return true;
	flags = cursor_be32(c);
	text_flags(t, flags);
	switch (operation) {
	case ADDRESSES_BY_NAME:
		types = cursor_be32(c);
		length = cursor_be16(c);
		text_families(t, types);
		text_name(t, c, length);
		return true;
	case NAME_BY_ADDRESS:
		return text_address(t, c);
	default:
		class = cursor_be16(c);
		type = cursor_be16(c);
		length = cursor_be16(c);
		text_type(t, class, type);
		text_name(t, c, length);
		return true;
	}
}

static bool text_response(struct text *t, struct cursor *c,
			  uint32_t operation)
{
	uint16_t first, second, length;
	uint32_t seconds;

	if (operation == NOOP)
		return true;
	text_has(t, c, operation == DATA_BY_NAME	   ? 16
		       : operation == ADDRESSES_BY_NAME ? 10
							: 8);
	if (t->stopped)
		return true;
	text_flags(t, cursor_be32(c));
	first = cursor_be16(c);
	second = cursor_be16(c);
	switch (operation) {
	case ADDRESSES_BY_NAME:
		length = cursor_be16(c);
		put(t, " %u/%u", first, second);
		text_name(t, c, length);
		text_names(t, c, first);
		for (; second && !t->stopped; second--)
			if (!text_address(t, c))
				return false;
		return true;
	case NAME_BY_ADDRESS:
		put(t, " %u", first);
		text_name(t, c, second);
		text_names(t, c, first);
		return true;
	default:
		text_type(t, first, second);
		seconds = cursor_be32(c);
		put_text(t, " TTL ");
		put_duration(t, seconds);
		first = cursor_be16(c);
		second = cursor_be16(c);
		put(t, " %u/%u", first, second);
		text_names(t, c, 1);
		text_data(t, c, first);
		text_data(t, c, second);
		return true;
	}
}

static void text_details(struct text *t, const struct lwres *lwres)
{
	if (t->options->verbose < 2)
		return;
	put(t, " (serial:0x%x result:0x%x recvlen:%u", lwres->serial,
	    lwres->result, lwres->receive_length);
	if (t->options->verbose > 2)
		put(t, " authtype:0x%x authlen:%u", lwres->authentication,
		    lwres->authentication_length);
	put_char(t, ')');
}

static void text_tail(struct text *t, const struct layer *layer,
		      const struct cursor *c, bool known)
{
	uint32_t length = layer->lwres.length;

	if (t->stopped)
		return;
	if (length != layer->length)
		put(t, " [len: %u != %u]", length, layer->length);
	if (known && (uint32_t)(c->at - layer->data) < length)
		put_text(t, "[extra]");
}

static void text(struct text *t, const struct layer *layer)
{
	const struct lwres *lwres = &layer->lwres;
	struct cursor c = text_cursor(layer);
	bool response = lwres->flags & FLAG_RESPONSE;
	bool known = label_find(operation_labels, lwres->operation);

	t->protocol = "lwres";
	if (layer->flags & LAYER_TRUNCATED) {
		text_trunc(t);
		return;
	}
	put_text(t, " lwres");
	if (t->options->verbose || lwres->version)
		put(t, " v%u", lwres->version);
	if (lwres->version) {
		text_tail(t, layer, &c, false);
		return;
	}
	put_char(t, ' ');
	put_label(t, operation_labels, lwres->operation, "#0x%x");
	if (!response)
		put_char(t, '?');
	if (lwres->flags & ~FLAG_RESPONSE)
		put(t, "[0x%x]", lwres->flags);
	text_details(t, lwres);
	cursor_skip(&c, HEADER);
	if (known && !(response ? text_response(t, &c, lwres->operation)
				: text_query(t, &c, lwres->operation)))
		text_invalid(t);
	else
		text_tail(t, layer, &c, known);
}

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_U32("message_length", 0),
		MEMBER_U16("version", 4),
		MEMBER_U16("flags", 6),
		MEMBER_U32("serial", 8),
		MEMBER_U32("operation", 12),
		MEMBER_U32("result", 16),
		MEMBER_U32("receive_length", 20),
		MEMBER_U16("authentication_type", 24),
		MEMBER_U16("authentication_length", 26),
		MEMBER_END},
};

const struct dissector lwres_dissector = {
	.name = "lwres",
	.decode = decode,
	.text = text,
	.members = &members,
};
