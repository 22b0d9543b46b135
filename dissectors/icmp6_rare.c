/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages of ICMPv6 that are seldom seen: node information (RFC 4620), router
 * renumbering (RFC 2894), RPL (RFC 6550). */
#include "dissectors/icmp6.h"

enum { NODE_HEADER = 16 };

enum node_question {
	NODE_NOOP,
	NODE_TYPES,
	NODE_NAME,
	NODE_ADDRESSES,
};

static void text_name(struct text *t, struct cursor c)
{
	put_text(t, ", \"");
	while (cursor_left(&c)) {
		uint8_t length = cursor_u8(&c);

		if (!length) {
			if (!cursor_left(&c))
				put_char(t, '.');
			else if (cursor_left(&c) != 1 || c.at[0])
				put_text(t, "???");
			break;
		}
		if (!cursor_has(&c, length)) {
			put_text(t, "???");
			break;
		}
		put_visible_bytes(t, c.at, length, c.end);
		cursor_skip(&c, length);
		if (cursor_left(&c) > 1 && c.at[0])
			put_char(t, '.');
	}
	put_char(t, '"');
}

/* A name in either of the forms that were proposed. */
static void text_either_name(struct text *t, struct cursor c)
{
	if (!text_has(t, &c, 1))
		return;
	if (c.at[0] != cursor_left(&c) - 1) {
		text_name(t, c);
		return;
	}
	if (t->options->verbose)
		put_text(t, ", 03 draft");
	put_text(t, ", \"");
	put_visible_bytes(t, c.at + 1, cursor_left(&c) - 1, c.end);
	put_char(t, '"');
}

static void text_address_flags(struct text *t, uint16_t flags, bool reply)
{
	if (!flags)
		return;
	put(t, " [%s%s%s%s%s%s%s]", flags & 0x40 ? "a" : "",
	    flags & 0x20 ? "G" : "", flags & 0x10 ? "S" : "",
	    flags & 0x08 ? "L" : "", flags & 0x04 ? "C" : "",
	    flags & 0x02 ? "A" : "", reply && flags & 0x01 ? "T" : "");
}

static void text_subject(struct text *t, const struct layer *layer)
{
	struct cursor c = text_cursor(layer);
	uint8_t code = layer->icmp.code;
	uint32_t size = code == 0 ? 16 : 4;

	cursor_skip(&c, NODE_HEADER);
	if (code == 1) {
		put_text(t, ", subject=DNS name");
		text_either_name(t, c);
		return;
	}
	if (code > 2) {
		put_text(t, ", unknown subject");
		return;
	}
	if (!cursor_has(&c, size))
		return;
	if (cursor_left(&c) != size) {
		if (t->options->verbose)
			put_text(t, ", invalid subject len");
		return;
	}
	put_text(t, ", subject=");
	if (code == 0)
		put_ipv6(t, c.at);
	else
		put_ipv4(t, c.at);
}

static void text_query(struct text *t, const struct layer *layer)
{
	uint16_t question = (uint16_t)(layer->icmp.rest >> 16);
	uint16_t flags = (uint16_t)layer->icmp.rest;

	if (layer->captured == 12) {
		put_text(t, " who-are-you request");
		return;
	}
	put_text(t, " node information query");
	if (layer->captured < NODE_HEADER) {
		text_trunc(t);
		return;
	}
	put_text(t, " (");
	if (question == NODE_NOOP) {
		put_text(t, "noop");
	} else if (question == NODE_TYPES) {
		put_text(t, "supported qtypes");
		if (flags)
			put(t, " [%s]", flags & 1 ? "C" : "");
	} else if (question == NODE_NAME) {
		put_text(t, "DNS name");
	} else if (question == NODE_ADDRESSES) {
		put_text(t, "node addresses");
		text_address_flags(t, flags, false);
	} else {
		put_text(t, "unknown");
	}
	if (question <= NODE_TYPES) {
		if (layer->captured != NODE_HEADER && t->options->verbose)
			put_text(t, ", invalid len");
	} else if (layer->captured == NODE_HEADER) {
		put_text(t, ", 03 draft");
	} else {
		text_subject(t, layer);
	}
	put_char(t, ')');
}

static void text_addresses(struct text *t, const struct layer *layer)
{
	put_text(t, "node addresses");
	for (uint32_t at = NODE_HEADER; at + 20 <= layer->captured; at += 20) {
		put_char(t, ' ');
		put_ipv6(t, layer->data + at + 4);
		put(t, "(%u)", load_be32(layer->data + at));
	}
	text_address_flags(t, (uint16_t)layer->icmp.rest, true);
}

static void text_answer(struct text *t, const struct layer *layer)
{
	uint16_t question = (uint16_t)(layer->icmp.rest >> 16);
	uint16_t flags = (uint16_t)layer->icmp.rest;
	struct cursor c = text_cursor(layer);

	switch (question) {
	case NODE_NOOP:
		put_text(t, "noop");
		if (layer->captured != NODE_HEADER && t->options->verbose)
			put_text(t, ", invalid length");
		break;
	case NODE_TYPES:
		put_text(t, "supported qtypes");
		if (flags)
			put(t, " [%s]", flags & 1 ? "C" : "");
		break;
	case NODE_NAME:
		put_text(t, "DNS name");
		text_at(t, layer, NODE_HEADER + 4, 1);
		cursor_skip(&c, NODE_HEADER + 4);
		text_either_name(t, c);
		if (flags & 1)
			put(t, " [TTL=%u]",
			    load_be32(text_at(t, layer, NODE_HEADER, 4)));
		break;
	case NODE_ADDRESSES:
		text_addresses(t, layer);
		break;
	default:
		put_text(t, "unknown");
		break;
	}
}

static void text_reply(struct text *t, const struct layer *layer)
{
	static const char *const codes[] = {"", "refused", "unknown"};
	uint8_t code = layer->icmp.code;

	if (layer->length > layer->captured ||
	    layer->captured < NODE_HEADER) {
		text_trunc(t);
		return;
	}
	put_text(t, " node information reply (");
	if (code == 0) {
		put_text(t, t->options->verbose ? "success, " : "");
		text_answer(t, layer);
	} else if (code < 3) {
		put_text(t, codes[code]);
		if (layer->captured != NODE_HEADER && t->options->verbose)
			put_text(t, ", invalid length");
	}
	put_char(t, ')');
}

void node_information_text(struct text *t, const struct layer *layer)
{
	if (layer->icmp.type == 139)
		text_query(t, layer);
	else
		text_reply(t, layer);
}

static void text_renumbering_flags(struct text *t, const struct layer *layer)
{
	const uint8_t *p = text_at(t, layer, 8, 8);
	uint8_t flags = p[1];

	put_char(t, '[');
	if (flags)
		put(t, "%s%s%s%s%s,", flags & 0x80 ? "T" : "",
		    flags & 0x40 ? "R" : "", flags & 0x20 ? "A" : "",
		    flags & 0x10 ? "S" : "", flags & 0x08 ? "P" : "");
	put(t, "seg=%u,maxdelay=%u", p[0], load_be16(p + 2));
	if (load_be32(p + 4))
		put(t, "rsvd=0x%x", load_be32(p + 4));
	put_char(t, ']');
}

static void text_use_time(struct text *t, const char *what, uint32_t time)
{
	if (time == UINT32_MAX)
		put(t, "%s=infty,", what);
	else
		put(t, "%s=%u,", what, time);
}

static void text_use(struct text *t, const uint8_t *p)
{
	put_text(t, t->options->verbose > 1 ? "\n\tuse(" : " use(");
	if (p[12]) {
		/* tcpdump compares the first octet with bits of the last. */
		put(t, "%s%s,", p[12] & 0x80 ? "V" : "",
		    p[12] & 0x40 ? "P" : "");
	}
	if (t->options->verbose) {
		put(t, "mask=0x%x,raflags=0x%x,", p[2], p[3]);
		text_use_time(t, "vltime", load_be32(p + 4));
		text_use_time(t, "pltime", load_be32(p + 8));
	}
	addr_put_ipv6(t->out, p + 16);
	put(t, "/%u/%u)", p[0], p[1]);
}

static bool text_match(struct text *t, const struct layer *layer)
{
	static const char *const codes[] = {"", "add", "change", "setglobal"};
	struct cursor c = text_cursor(layer);
	const uint8_t *match;
	int count;

	cursor_skip(&c, 16);
	match = cursor_take(&c, 24);
	if (!match)
		return false;
	put_text(t, t->options->verbose > 1 ? "\n\tmatch(" : " match(");
	if (match[0] >= 1 && match[0] <= 3)
		put_text(t, codes[match[0]]);
	else
		put(t, "#%u", match[0]);
	if (t->options->verbose)
		put(t, ",ord=%u,min=%u,max=%u", match[2], match[4], match[5]);
	put_char(t, ',');
	addr_put_ipv6(t->out, match + 8);
	put(t, "/%u)", match[3]);
	count = match[1] - 3;
	if (count % 4)
		return false;
	for (int i = 0; i < count / 4; i++) {
		const uint8_t *use = cursor_take(&c, 32);

		if (!use)
			return false;
		text_use(t, use);
	}
	return true;
}

void renumbering_text(struct text *t, const struct layer *layer)
{
	uint8_t code = layer->icmp.code;

	if (layer->captured < 16) {
		text_trunc(t);
		return;
	}
	if (code == 0)
		put_text(t, ", command");
	else if (code == 1)
		put_text(t, ", result");
	else if (code == 255)
		put_text(t, ", sequence number reset");
	else
		put(t, ", code-#%u", code);
	put(t, ", seq=%u", layer->icmp.rest);
	if (t->options->verbose)
		text_renumbering_flags(t, layer);
	if (code == 0 && !text_match(t, layer))
		text_trunc(t);
}

/* @left bytes of options, of which @c holds what was captured. */
static void rpl_options(struct text *t, struct cursor c, uint32_t left)
{
	static const struct label names[] = {
		{1, "padN"},	    {2, "metrics"},    {3, "routinginfo"},
		{4, "config"},	    {5, "rpltarget"},  {6, "transitinfo"},
		{8, "destprefix"},  {9, "rpltargetdesc"}, {0, NULL},
	};

	while (left && !t->stopped) {
		const uint8_t *option = c.at;
		uint8_t type = text_u8(t, &c);
		uint32_t length = 1;

		if (!type) {
			put_text(t, " opt:pad1");
		} else {
			if (left < 2) {
				text_trunc(t);
				return;
			}
			length = text_u8(t, &c) + 2u;
			put_text(t, " opt:");
			put_label(t, names, type, "subopt:%u");
			put(t, " len:%u ", length);
			if ((size_t)(c.end - option) < length ||
			    left < length) {
				if (!t->stopped)
					text_trunc(t);
				return;
			}
			if (t->options->verbose > 2)
				put_hex(t, " ", option + 2, length - 2);
		}
		c.at = option + length;
		left -= length;
	}
}

static void rpl_information(struct text *t, const struct layer *layer,
			    uint32_t length)
{
	static const struct label modes[] = {
		{0, "nonstoring"},
		{1, "storing"},
		{2, "nonstoring-multicast"},
		{3, "storing-multicast"},
		{0, NULL},
	};
	struct cursor c = text_cursor(layer);
	const uint8_t *p;

	if (length < 24) {
		put(t, " [length %u < 24]", length);
		text_invalid(t);
		return;
	}
	p = text_at(t, layer, 4, 24);
	put_text(t, " [dagid:");
	put_ipv6(t, p + 8);
	put(t, ",seq:%u,instance:%u,rank:%u,%smop:", p[5], p[0],
	    load_be16(p + 2), p[4] & 0x80 ? "grounded," : "");
	put_label(t, modes, p[4] >> 3 & 7, "mop%u");
	put(t, ",prf:%u]", p[4] & 7);
	if (t->options->verbose > 1 && !t->stopped) {
		cursor_skip(&c, 28);
		rpl_options(t, c, length - 24);
	}
}

/* What destination advertisements and their acknowledgements begin with: the
 * graph's address, which may be left out. False where it is too short. */
static bool rpl_graph(struct text *t, struct cursor *c, uint32_t *length,
		      bool present)
{
	const uint8_t *address;

	if (!present) {
		put_text(t, " [dagid:<elided>");
		return true;
	}
	address = cursor_take(c, 16);
	if (!address) {
		text_trunc(t);
		return false;
	}
	if (*length < 16)
		return false;
	*length -= 16;
	put_text(t, " [dagid:");
	put_ipv6(t, address);
	return true;
}

static void rpl_advertisement(struct text *t, const struct layer *layer,
			      uint32_t length, bool acknowledgement)
{
	const char *too_short = acknowledgement ? " [|dao-length too short]"
						: " [|length too short]";
	struct cursor c = text_cursor(layer);
	size_t before;
	const uint8_t *p;
	bool present;

	cursor_skip(&c, 4);
	/* An advertisement must have room for the address it may not have. */
	if (!cursor_has(&c, acknowledgement ? 4 : 20)) {
		text_trunc(t);
		return;
	}
	if (length < 4) {
		put_text(t, too_short);
		return;
	}
	p = cursor_take(&c, 4);
	length -= 4;
	present = p[1] & (acknowledgement ? 0x80 : 0x40);
	before = t->out->length;
	if (!rpl_graph(t, &c, &length, present)) {
		if (t->out->length == before)
			put_text(t, too_short);
		return;
	}
	if (acknowledgement)
		put(t, ",seq:%u,instance:%u,status:%u]", p[2], p[0], p[3]);
	else
		put(t, ",seq:%u,instance:%u%s%s,%02x]", p[3], p[0],
		    p[1] & 0x80 ? ",acK" : "", present ? ",Dagid" : "", p[1]);
	if (t->options->verbose > 1)
		rpl_options(t, c, length);
}

void rpl_text(struct text *t, const struct layer *layer)
{
	uint8_t code = layer->icmp.code;
	uint32_t length = layer->length - 4;
	bool verbose = t->options->verbose;

	if (code & 0x80) {
		put_text(t, ", (SEC) [worktodo]");
		return;
	}
	put_text(t, ", (CLR)");
	switch (code) {
	case 0:
		put_text(t, "DODAG Information Solicitation");
		break;
	case 1:
		put_text(t, "DODAG Information Object");
		if (verbose)
			rpl_information(t, layer, length);
		break;
	case 2:
		put_text(t, "Destination Advertisement Object");
		if (verbose)
			rpl_advertisement(t, layer, length, false);
		break;
	case 3:
		put_text(t, "Destination Advertisement Object Ack");
		if (verbose)
			rpl_advertisement(t, layer, length, true);
		break;
	default:
		put(t, "RPL message, unknown code %u", code);
		break;
	}
}
