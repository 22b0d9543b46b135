/* SPDX-License-Identifier: BSD-3-Clause */
/* Multipath TCP, the options of TCP: RFC 6824, RFC 8684. */
#include "dissectors/tcp.h"

/* An option being printed: its length, and the segment's flags. */
struct option {
	uint8_t length;
	uint8_t tcp_flags;
	uint8_t low; /* the lower half of the octet with the subtype */
};

static bool text_capable(struct text *t, struct cursor *c,
			 const struct option *o)
{
	bool to_open = (o->length == 12 || o->length == 4) &&
		       o->tcp_flags & TCP_SYN;
	bool to_go_on = (o->length == 20 || o->length == 22) &&
			(o->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_ACK;

	if (!to_open && !to_go_on)
		return false;
	if (o->low > 1) {
		put(t, " Unknown Version (%u)", o->low);
		return true;
	}
	put(t, " v%u", o->low);
	if (text_u8(t, c) & 0x80)
		put_text(t, " csum");
	if (o->length < 12)
		return true;
	put(t, " {0x%lx", text_be64(t, c));
	if (o->length >= 20)
		put(t, ",0x%lx", text_be64(t, c));
	put_char(t, '}');
	return true;
}

static bool text_join(struct text *t, struct cursor *c, const struct option *o)
{
	const uint8_t *mac;
	uint64_t code;
	uint32_t token;
	uint8_t id;

	if (!(o->length == 12 && o->tcp_flags & TCP_SYN) &&
	    !(o->length == 16 && (o->tcp_flags & (TCP_SYN | TCP_ACK)) ==
					 (TCP_SYN | TCP_ACK)) &&
	    !(o->length == 24 && o->tcp_flags & TCP_ACK))
		return false;
	id = text_u8(t, c);
	if (o->length != 24) {
		if (o->low & 1)
			put_text(t, " backup");
		put(t, " id %u", id);
	}
	if (o->length == 12) {
		token = text_be32(t, c);
		put(t, " token 0x%x nonce 0x%x", token, text_be32(t, c));
	} else if (o->length == 16) {
		code = text_be64(t, c);
		put(t, " hmac 0x%lx nonce 0x%x", code, text_be32(t, c));
	} else if ((mac = text_take(t, c, 20))) {
		put_text(t, " hmac 0x");
		put_hex_bytes(t, mac, 20);
	}
	return true;
}

/* A number of 8 or 4 bytes; false if the option is too short for it. */
static bool text_number(struct text *t, struct cursor *c, const char *what,
			bool wide)
{
	put_text(t, what);
	if (!cursor_has(c, wide ? 8 : 4))
		return false;
	if (wide)
		put(t, "%lu", text_be64(t, c));
	else
		put(t, "%u", text_be32(t, c));
	return true;
}

static bool text_dss(struct text *t, struct cursor *c, const struct option *o)
{
	uint8_t flags;

	if (o->length < 4 || o->tcp_flags & TCP_SYN)
		return false;
	flags = text_u8(t, c);
	if (flags & 0x10)
		put_text(t, " fin");
	if (flags & 0x01 && !text_number(t, c, " ack ", flags & 0x02))
		return false;
	if (flags & 0x04) {
		if (!text_number(t, c, " seq ", flags & 0x08))
			return false;
		if (!cursor_has(c, 4))
			return false;
		put(t, " subseq %u", text_be32(t, c));
		if (!cursor_has(c, 2))
			return false;
		put(t, " len %u", text_be16(t, c));
		if (cursor_has(c, 2))
			put(t, " csum 0x%x", text_be16(t, c));
	}
	return !cursor_left(c);
}

static bool text_add_address(struct text *t, struct cursor *c,
			     const struct option *o)
{
	static const struct label kinds[] = {
		{6, "v0-ip6"}, {4, "v0-ip4"}, {1, "v1-echo"}, {0, "v1"},
		{0, NULL},
	};
	uint8_t length = o->length;
	bool four = length == 8 || length == 10 || length == 16 || length == 18;
	bool six = length == 20 || length == 22 || length == 28 || length == 30;
	bool port = length == 10 || length == 18 || length == 22 ||
		    length == 30;
	const uint8_t *address;

	if (!four && !six)
		return false;
	put_char(t, ' ');
	put_label(t, kinds, o->low, "[bad version/echo]");
	put(t, " id %u ", text_u8(t, c));
	address = text_take(t, c, four ? 4 : 16);
	if (!address)
		return true;
	if (four)
		put_ipv4(t, address);
	else
		put_ipv6(t, address);
	if (port)
		put(t, ":%u", text_be16(t, c));
	if (cursor_left(c) >= 8)
		put(t, " hmac 0x%lx", text_be64(t, c));
	return true;
}

static bool text_remove_address(struct text *t, struct cursor *c,
				const struct option *o)
{
	if (o->length < 4)
		return false;
	put_text(t, " id");
	while (cursor_left(c))
		put(t, " %u", text_u8(t, c));
	return true;
}

static bool text_priority(struct text *t, struct cursor *c,
			  const struct option *o)
{
	if (o->length != 3 && o->length != 4)
		return false;
	put_text(t, o->low & 1 ? " backup" : " non-backup");
	if (o->length == 4)
		put(t, " id %u", text_u8(t, c));
	return true;
}

static bool text_fail(struct text *t, struct cursor *c, const struct option *o)
{
	if (o->length != 12)
		return false;
	cursor_skip(c, 1);
	put(t, " seq %lu", text_be64(t, c));
	return true;
}

static bool text_close(struct text *t, struct cursor *c, const struct option *o)
{
	if (o->length != 12)
		return false;
	cursor_skip(c, 1);
	put(t, " key 0x%lx", text_be64(t, c));
	return true;
}

static bool text_nothing(struct text *t, struct cursor *c,
			 const struct option *o)
{
	(void)t;
	(void)c;
	(void)o;
	return true;
}

bool mptcp_text(struct text *t, struct cursor c, uint8_t length,
		uint8_t tcp_flags)
{
	static const struct {
		const char *name;
		bool (*text)(struct text *t, struct cursor *c,
			     const struct option *o);
	} subtypes[] = {
		{"capable", text_capable},
		{"join", text_join},
		{"dss", text_dss},
		{"add-addr", text_add_address},
		{"rem-addr", text_remove_address},
		{"prio", text_priority},
		{"fail", text_fail},
		{"fast-close", text_close},
		{"unknown", text_nothing},
	};
	struct option o = {.length = length, .tcp_flags = tcp_flags};
	uint8_t first, subtype;

	t->protocol = "mptcp";
	if (length < 3)
		return false;
	first = text_u8(t, &c);
	o.low = first & 15;
	subtype = first >> 4 < 8 ? first >> 4 : 8;
	put(t, " %u %s", length, subtypes[subtype].name);
	return subtypes[subtype].text(t, &c, &o);
}
