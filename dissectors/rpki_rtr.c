/* SPDX-License-Identifier: BSD-3-Clause */
/* RPKI to router, version 0: RFC 6810. */
#include "dissectors/dissector.h"
#include "dissectors/members.h"
#include "dissectors/protocols.h"
#include "dissectors/put.h"

enum { HEADER = 8, IPV4_SIZE = 20, IPV6_SIZE = 32 };

enum pdu_type {
	SERIAL_NOTIFY,
	SERIAL_QUERY,
	RESET_QUERY,
	CACHE_RESPONSE,
	IPV4_PREFIX,
	IPV6_PREFIX = 6,
	END_OF_DATA,
	CACHE_RESET,
	ERROR_REPORT = 10,
};

static const struct label type_labels[] = {
	{SERIAL_NOTIFY, "Serial Notify"},
	{SERIAL_QUERY, "Serial Query"},
	{RESET_QUERY, "Reset Query"},
	{CACHE_RESPONSE, "Cache Response"},
	{IPV4_PREFIX, "IPV4 Prefix"},
	{IPV6_PREFIX, "IPV6 Prefix"},
	{END_OF_DATA, "End of Data"},
	{CACHE_RESET, "Cache Reset"},
	{ERROR_REPORT, "Error Report"},
	{0, NULL},
};

static const struct label error_labels[] = {
	{0, "Corrupt Data"},
	{1, "Internal Error"},
	{2, "No Data Available"},
	{3, "Invalid Request"},
	{4, "Unsupported Protocol Version"},
	{5, "Unsupported PDU Type"},
	{6, "Withdrawal of Unknown Record"},
	{7, "Duplicate Announcement Received"},
	{0, NULL},
};

/* A PDU being printed. */
struct pdu {
	struct cursor c; /* at its first byte */
	uint32_t length; /* as it says */
	uint32_t indent;
	bool outer; /* may hold another */
};

static void put_indent(struct text *t, uint32_t indent)
{
	put_char(t, '\n');
	for (; indent >= 8; indent -= 8)
		put_char(t, '\t');
	strbuf_spaces(t->out, indent);
}

static const uint8_t *pdu_at(struct text *t, const struct pdu *pdu,
			     uint32_t offset, uint32_t n)
{
	struct cursor c = pdu->c;

	if (!text_has(t, &c, (size_t)offset + n))
		return text_bytes(t, &c, SIZE_MAX / 2);
	return c.at + offset;
}

static uint32_t text_pdu(struct text *t, struct cursor c, uint32_t left,
			 bool outer, uint32_t indent);

static void put_session(struct text *t, const struct pdu *pdu)
{
	put_indent(t, pdu->indent + 2);
	put(t, "Session ID: 0x%04x", load_be16(pdu_at(t, pdu, 2, 2)));
}

static bool text_prefix(struct text *t, const struct pdu *pdu, bool six)
{
	uint32_t size = six ? IPV6_SIZE : IPV4_SIZE;
	const uint8_t *p;

	if (pdu->length != size)
		return false;
	p = pdu_at(t, pdu, 0, size);
	put_indent(t, pdu->indent + 2);
	if (six) {
		put_text(t, "IPv6 Prefix ");
		put_ipv6(t, p + 12);
	} else {
		put_text(t, "IPv4 Prefix ");
		put_ipv4(t, p + 12);
	}
	put(t, "/%u-%u, origin-as %u, flags 0x%02x", p[9], p[10],
	    load_be32(p + size - 4), p[8]);
	return true;
}

static bool text_error_text(struct text *t, const struct pdu *pdu,
			    uint32_t offset)
{
	uint32_t length;
	const uint8_t *text;

	if (pdu->length < offset + 4)
		return false;
	length = load_be32(pdu_at(t, pdu, offset, 4));
	offset += 4;
	if (!length || t->stopped)
		return true;
	if (length > pdu->length - offset)
		return false;
	put_indent(t, pdu->indent + 2);
	put_text(t, "Error text: ");
	text = pdu_at(t, pdu, offset, 0);
	if (!t->stopped && put_visible_bytes(t, text, length, pdu->c.end))
		text_stop(t);
	return true;
}

static bool text_error(struct text *t, const struct pdu *pdu)
{
	uint32_t inner, offset = HEADER + 4;
	uint16_t code;

	if (pdu->length < offset)
		return false;
	inner = load_be32(pdu_at(t, pdu, HEADER, 4));
	code = load_be16(pdu_at(t, pdu, 2, 2));
	put_indent(t, pdu->indent + 2);
	put(t, "Error code: %s (%u), Encapsulated PDU length: %u",
	    label_or(error_labels, code, "Unknown"), code, inner);
	if (t->stopped)
		return true;
	if (inner) {
		if (inner > pdu->length - offset)
			return false;
		if (pdu->outer) {
			struct cursor c = pdu->c;

			cursor_skip(&c, offset);
			put_indent(t, pdu->indent + 4);
			put_text(t, "-----encapsulated PDU-----");
			text_pdu(t, c, inner, false, pdu->indent + 2);
		} else {
			struct cursor c = pdu->c;

			text_has(t, &c, (size_t)offset + inner);
		}
		offset += inner;
	}
	return t->stopped || text_error_text(t, pdu, offset);
}

/* False if the PDU is not as long as it should be. */
static bool text_contents(struct text *t, const struct pdu *pdu, uint8_t type)
{
	uint32_t serial;

	switch (type) {
	case SERIAL_NOTIFY:
	case SERIAL_QUERY:
	case END_OF_DATA:
		if (pdu->length != HEADER + 4)
			return false;
		serial = load_be32(pdu_at(t, pdu, HEADER, 4));
		put_session(t, pdu);
		put(t, ", Serial: %u", serial);
		return true;
	case RESET_QUERY:
	case CACHE_RESET:
		return pdu->length == HEADER;
	case CACHE_RESPONSE:
		if (pdu->length != HEADER)
			return false;
		put_session(t, pdu);
		return true;
	case IPV4_PREFIX:
		return text_prefix(t, pdu, false);
	case IPV6_PREFIX:
		return text_prefix(t, pdu, true);
	case ERROR_REPORT:
		return text_error(t, pdu);
	default:
		return true;
	}
}

/* Invalid, so all of it is passed. */
static uint32_t give_up(struct text *t, const struct cursor *c, uint32_t left)
{
	text_invalid(t);
	text_has(t, c, left);
	return left;
}

/* The PDU at @c, of @left bytes; how many of them it took. */
static uint32_t text_pdu(struct text *t, struct cursor c, uint32_t left,
			 bool outer, uint32_t indent)
{
	struct pdu pdu = {.c = c, .indent = indent, .outer = outer};
	uint8_t version, type;
	bool known;

	if (!text_has(t, &c, 1))
		return left;
	version = c.at[0];
	if (version) {
		put_indent(t, 8);
		put(t, "RPKI-RTRv%u (unknown)", version);
		return left;
	}
	if (left < HEADER) {
		put(t, "(%u bytes is too few to decode)", left);
		return give_up(t, &c, left);
	}
	if (!text_has(t, &c, HEADER))
		return left;
	type = c.at[1];
	pdu.length = load_be32(c.at + 4);
	put_indent(t, 8);
	known = label_find(type_labels, type);
	put(t, "RPKI-RTRv%u, %s PDU (%u), length: %u", version,
	    label_or(type_labels, type, "Unknown"), type, pdu.length);
	if (pdu.length < HEADER || pdu.length > left ||
	    !text_contents(t, &pdu, type))
		return give_up(t, &c, left);
	if (!known)
		text_has(t, &c, pdu.length);
	if (t->options->verbose > 1 || (t->options->verbose && !known))
		put_unknown_data(t, &c, "\n\t  ", pdu.length);
	return pdu.length;
}

static void text(struct text *t, const struct layer *layer)
{
	struct cursor c = text_cursor(layer);
	uint32_t left = layer->length;

	t->protocol = "rpki_rtr";
	if (!t->options->verbose) {
		put_text(t, ", RPKI-RTR");
		return;
	}
	while (left && !t->stopped) {
		uint32_t used = text_pdu(t, c, left, true, 8);

		left -= used;
		if (cursor_has(&c, used))
			cursor_skip(&c, used);
		else
			c.at = c.end;
	}
}

static void decode(struct dissection *d)
{
	d->layer->words[0] = cursor_be64(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

static const struct member_table serial_members = {
	.members = (const struct member[]){
		MEMBER_U16("session_id", 2),
		MEMBER_U32("serial", 8),
		MEMBER_END},
};

static const struct member_table session_members = {
	.members = (const struct member[]){
		MEMBER_U16("session_id", 2),
		MEMBER_END},
};

static const struct member_table ipv4_members = {
	.members = (const struct member[]){
		MEMBER_U8("flags", 8),
		MEMBER_U8("prefix_length", 9),
		MEMBER_U8("max_length", 10),
		MEMBER_ADDRESS("prefix", 12),
		MEMBER_U32("autonomous_system", 16),
		MEMBER_END},
};

static const struct member_table ipv6_members = {
	.members = (const struct member[]){
		MEMBER_U8("flags", 8),
		MEMBER_U8("prefix_length", 9),
		MEMBER_U8("max_length", 10),
		MEMBER_ADDRESS6("prefix", 12),
		MEMBER_U32("autonomous_system", 28),
		MEMBER_END},
};

static const struct member_table error_members = {
	.members = (const struct member[]){
		MEMBER_U16("error_code", 2),
		MEMBER_END},
};

static const struct member_case type_cases[] = {
	{0, &serial_members},
	{1, &serial_members},
	{3, &session_members},
	{4, &ipv4_members},
	{6, &ipv6_members},
	{7, &serial_members},
	{10, &error_members},
	{0, NULL},
};

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_U8("version", 0),
		MEMBER_U8("type", 1),
		MEMBER_U32("message_length", 4),
		MEMBER_END},
	.choice = {1, 1, 0},
	.cases = type_cases,
};

const struct dissector rpki_rtr_dissector = {
	.name = "rpki_rtr",
	.decode = decode,
	.text = text,
	.members = &members,
};
