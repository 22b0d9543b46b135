/* SPDX-License-Identifier: BSD-3-Clause */
/* Babel: RFC 8966, with the TLVs of its forerunners. */
#include "dissectors/field.h"

#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum { HEADER = 4, MAGIC = 42 };

enum tlv {
	PAD1 = 0,
	PADN = 1,
	ACK_REQUEST = 2,
	ACK = 3,
	HELLO = 4,
	IHU = 5,
	ROUTER_ID = 6,
	NEXT_HOP = 7,
	UPDATE = 8,
	ROUTE_REQUEST = 9,
	SEQNO_REQUEST = 10,
	TIMESTAMP = 11,
	HMAC = 12,
	UPDATE_SOURCE = 13,
	REQUEST_SOURCE = 14,
	SEQNO_SOURCE = 15,
	MAC = 16,
	COUNTER = 17,
	CHALLENGE = 18,
	CHALLENGE_REPLY = 19,
};

enum outcome { DONE, CUT, WRONG };

/* What later prefixes may leave out of theirs. */
struct prefixes {
	uint8_t v4[16], v6[16];
};

/* A TLV being printed. */
struct tlv_state {
	struct text *t;
	const struct layer *layer;
	size_t at;	/* of its type */
	uint8_t length; /* of its value */
	uint8_t type;
	const uint8_t *p; /* its type, in the layer */
	struct prefixes *prefixes;
};

static const uint8_t V4_PREFIX[16] = {[10] = 0xff, [11] = 0xff};

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;

	layer->words[0] = cursor_u8(&d->cursor);   /* magic */
	layer->words[1] = cursor_u8(&d->cursor);   /* version */
	layer->words[2] = cursor_be16(&d->cursor); /* length */
	if (d->cursor.overrun)
		layer->flags |= LAYER_TRUNCATED;
}

static void put_interval(struct text *t, uint16_t interval)
{
	if (interval)
		put(t, "%u.%02us", interval / 100u, interval % 100u);
	else
		put_text(t, "0.0s (bogus)");
}

static void put_update_interval(struct text *t, uint16_t interval)
{
	if (interval == 0xffff)
		put_text(t, "infinity");
	else
		put_interval(t, interval);
}

static void put_time(struct text *t, uint32_t microseconds)
{
	put(t, "%u.%06us", microseconds / 1000000, microseconds % 1000000);
}

static void put_address(struct text *t, const uint8_t address[16])
{
	if (memcmp(address, V4_PREFIX, 12) == 0)
		put_ipv4(t, address + 12);
	else
		put_ipv6(t, address);
}

static void put_prefix(struct text *t, const uint8_t prefix[16], uint8_t bits)
{
	if (bits >= 96 && memcmp(prefix, V4_PREFIX, 12) == 0) {
		put_ipv4(t, prefix + 12);
		bits = (uint8_t)(bits - 96);
	} else {
		put_ipv6(t, prefix);
	}
	put(t, "/%u", bits);
}

/*
 * A prefix of @bits bits (-1: an address) of encoding @encoding, whose first
 * @omitted bytes are those of @before, from @length bytes at @p. Returns the
 * bytes used, -1 if it cannot be.
 */
static int read_prefix(uint8_t encoding, int bits, uint8_t omitted,
		       const uint8_t *p, const uint8_t *before, int length,
		       uint8_t prefix[16])
{
	int bytes = bits >= 0 ? (bits + 7) / 8 : encoding == 1 ? 4 : 16;
	int start = 0, skipped = omitted, most = 16;

	if (bytes > 16)
		return -1;
	memset(prefix, 0, 16);
	switch (encoding) {
	case 0:
		return 0;
	case 1:
		memcpy(prefix, V4_PREFIX, 12);
		start = 12;
		most = 4;
		break;
	case 2:
		break;
	case 3:
		prefix[0] = 0xfe;
		prefix[1] = 0x80;
		skipped = 8;
		break;
	default:
		return -1;
	}
	if ((encoding != 3 && omitted > most) || (encoding == 1 && bytes > 4) ||
	    (bytes > skipped && length < bytes - skipped))
		return -1;
	if (encoding != 3 && omitted) {
		if (!before)
			return -1;
		memcpy(prefix, before, (size_t)(start + omitted));
	}
	if (bytes <= skipped)
		return 0;
	memcpy(prefix + start + skipped, p, (size_t)(bytes - skipped));
	return bytes - skipped;
}

static void text_diversity(struct text *t, const uint8_t *p, uint8_t length,
			   uint8_t type)
{
	static const struct label channels[] = {
		{0, "reserved"}, {255, "all"}, {0, NULL}};

	put_text(t, " sub-diversity");
	if (!length) {
		put_text(t, " empty");
		return;
	}
	for (int i = 0; i < length; i++) {
		put_char(t, i ? '-' : ' ');
		put_label(t, channels, p[i], "%u");
	}
	if (type != UPDATE && type != UPDATE_SOURCE)
		put_text(t, " (bogus)");
}

/* False: (invalid). */
static bool text_timestamp(struct text *t, const uint8_t *p, uint8_t length,
			   uint8_t type)
{
	put_text(t, " sub-timestamp");
	if (type != HELLO && type != IHU) {
		put_text(t, " (bogus)");
		return true;
	}
	if (length < (type == HELLO ? 4 : 8))
		return false;
	put_char(t, ' ');
	put_time(t, load_be32(p));
	if (type == IHU) {
		put_char(t, '|');
		put_time(t, load_be32(p + 4));
	}
	return true;
}

/* What follows the first @used bytes of the value. */
static void text_subs(const struct tlv_state *s, int used)
{
	const uint8_t *p = s->p + 2 + used, *end = s->p + 2 + s->length;
	struct text *t = s->t;

	while (p < end) {
		uint8_t type = *p++, length;

		if (!type) {
			put_text(t, " sub-pad1");
			continue;
		}
		if (type & 0x80)
			put_text(t, " (M)");
		if (p == end) {
			text_invalid(t);
			return;
		}
		length = *p++;
		if (end - p < length) {
			text_invalid(t);
			return;
		}
		if (type == 1) {
			put_text(t, " sub-padn");
		} else if (type == 2) {
			text_diversity(t, p, length, s->type);
		} else if (type == 3) {
			if (!text_timestamp(t, p, length, s->type)) {
				text_invalid(t);
				return;
			}
		} else {
			put(t, " sub-unknown-0x%02x", type);
		}
		p += length;
	}
}

static bool text_ihu(const struct tlv_state *s)
{
	uint8_t address[16];
	int used;

	used = read_prefix(s->p[2], -1, 0, s->p + 8, NULL, s->length - 6,
			   address);
	if (used < 0) {
		text_trunc(s->t);
		return true;
	}
	if (s->p[2])
		put_address(s->t, address);
	else
		put_text(s->t, "any");
	put(s->t, " rxcost %u interval ", load_be16(s->p + 4));
	put_interval(s->t, load_be16(s->p + 6));
	text_subs(s, 6 + used);
	return true;
}

static bool text_next_hop(const struct tlv_state *s)
{
	uint8_t address[16];

	if (read_prefix(s->p[2], -1, 0, s->p + 4, NULL, s->length - 2,
			address) < 0)
		return false;
	put_char(s->t, ' ');
	if (s->p[2])
		put_address(s->t, address);
	else
		put_text(s->t, "invalid AE 0");
	return true;
}

static void put_flags(struct text *t, uint8_t flags)
{
	put(t, "%s%s%s", flags & 0x80 ? "/prefix" : "",
	    flags & 0x40 ? "/id" : "", flags & 0x3f ? "/unknown" : "");
}

static uint8_t mapped(uint8_t encoding, uint8_t bits)
{
	return (uint8_t)(bits + (encoding == 1 ? 96 : 0));
}

static bool text_update(const struct tlv_state *s)
{
	const uint8_t *p = s->p;
	uint8_t *before = p[2] == 1 ? s->prefixes->v4 : s->prefixes->v6;
	uint8_t prefix[16];
	int used = read_prefix(p[2], p[4], p[5], p + 12, before,
			       s->length - 10, prefix);

	if (used < 0)
		return false;
	put_flags(s->t, p[3]);
	put_char(s->t, ' ');
	if (p[2])
		put_prefix(s->t, prefix, mapped(p[2], p[4]));
	else
		put_text(s->t, "any");
	put(s->t, " metric %u seqno %u interval ", load_be16(p + 10),
	    load_be16(p + 8));
	put_update_interval(s->t, load_be16(p + 6));
	if (p[3] & 0x80)
		memcpy(before, prefix, 16);
	text_subs(s, 10 + used);
	return true;
}

static bool text_route_request(const struct tlv_state *s)
{
	const uint8_t *p = s->p;
	uint8_t prefix[16];

	if (read_prefix(p[2], p[3], 0, p + 4, NULL, s->length - 2, prefix) < 0)
		return false;
	put_text(s->t, "for ");
	if (p[2])
		put_prefix(s->t, prefix, mapped(p[2], p[3]));
	else
		put_text(s->t, "any");
	return true;
}

static bool text_seqno_request(const struct tlv_state *s)
{
	const uint8_t *p = s->p;
	uint8_t prefix[16];

	if (read_prefix(p[2], p[3], 0, p + 16, NULL, s->length - 14, prefix) <
	    0)
		return false;
	put(s->t, "(%u hops) for ", p[6]);
	if (p[2])
		put_prefix(s->t, prefix, mapped(p[2], p[3]));
	else
		put_text(s->t, "invalid AE 0");
	put(s->t, " seqno %u id ", load_be16(p + 4));
	addr_put_bytes(s->t->out, p + 8, 8);
	return true;
}

/* A prefix and a source prefix behind @at bytes of the value: what was used,
 * -1 if one cannot be. */
static int read_pair(const struct tlv_state *s, int at, uint8_t omitted,
		     uint8_t bits, uint8_t source_bits, uint8_t pair[2][16])
{
	const uint8_t *before = s->p[2] == 1 ? s->prefixes->v4
					     : s->prefixes->v6;
	int used = read_prefix(s->p[2], bits, omitted, s->p + 2 + at,
			       s->type == UPDATE_SOURCE ? before : NULL,
			       s->length - at, pair[0]);

	if (used < 0)
		return -1;
	at += used;
	used = read_prefix(s->p[2], source_bits, 0, s->p + 2 + at, NULL,
			   s->length - at, pair[1]);
	return used < 0 ? -1 : at + used;
}

static bool text_update_source(const struct tlv_state *s)
{
	const uint8_t *p = s->p;
	uint8_t pair[2][16];
	int used = read_pair(s, 10, p[5], p[4], p[3], pair);

	if (used < 0)
		return false;
	put_char(s->t, ' ');
	put_prefix(s->t, pair[0], mapped(p[2], p[4]));
	put_text(s->t, " from ");
	put_prefix(s->t, pair[1], mapped(p[2], p[3]));
	put(s->t, " metric %u seqno %u interval ", load_be16(p + 10),
	    load_be16(p + 8));
	put_update_interval(s->t, load_be16(p + 6));
	text_subs(s, used);
	return true;
}

static bool text_request_source(const struct tlv_state *s)
{
	const uint8_t *p = s->p;
	uint8_t pair[2][16];

	if (read_pair(s, 3, 0, p[3], p[4], pair) < 0)
		return false;
	if (!p[2]) {
		put_text(s->t, "for any");
		return true;
	}
	put_text(s->t, "for (");
	put_prefix(s->t, pair[0], mapped(p[2], p[3]));
	put_text(s->t, ", ");
	put_prefix(s->t, pair[1], mapped(p[2], p[4]));
	put_char(s->t, ')');
	return true;
}

static bool text_seqno_source(const struct tlv_state *s)
{
	const uint8_t *p = s->p;
	uint8_t pair[2][16];

	if (read_pair(s, 14, 0, p[3], p[7], pair) < 0)
		return false;
	put(s->t, "(%u hops) for (", p[6]);
	put_prefix(s->t, pair[0], mapped(p[2], p[3]));
	put_text(s->t, ", ");
	put_prefix(s->t, pair[1], mapped(p[2], p[7]));
	put(s->t, ") seqno %u id ", load_be16(p + 4));
	addr_put_bytes(s->t->out, p + 8, 8);
	return true;
}

static bool text_simple(const struct tlv_state *s)
{
	const uint8_t *p = s->p;
	struct text *t = s->t;

	switch (s->type) {
	case PADN:
		put_u32(t, s->length + 2u);
		break;
	case ACK_REQUEST:
		put(t, "%04x ", load_be16(p + 4));
		put_interval(t, load_be16(p + 6));
		break;
	case ACK:
		put(t, "%04x", load_be16(p + 2));
		break;
	case HELLO:
		put(t, "%sseqno %u ", p[2] & 0x80 ? "(Unicast) " : "",
		    load_be16(p + 4));
		if (load_be16(p + 6)) {
			put_text(t, "interval ");
			put_interval(t, load_be16(p + 6));
		} else {
			put_text(t, "unscheduled");
		}
		text_subs(s, 6);
		break;
	case ROUTER_ID:
		put_char(t, ' ');
		addr_put_bytes(t->out, p + 4, 8);
		break;
	case TIMESTAMP:
		put(t, "timestamp %u packetcounter %u", load_be32(p + 4),
		    load_be16(p + 2));
		break;
	case HMAC:
		put(t, "key-id %u digest-%u ", load_be16(p + 2),
		    s->length - 2);
		for (int i = 0; i < s->length - 2; i++)
			put(t, "%02X", p[4 + i]);
		break;
	case COUNTER:
		put(t, " value %u index len %u", load_be32(p + 2),
		    s->length - 4);
		break;
	case MAC:
		put(t, "len %u", s->length);
		break;
	default: /* the challenges */
		if (s->length > 192)
			return false;
		put(t, " len %u", s->length);
		break;
	}
	return true;
}

/* What each TLV is called without and with -v, the least length of its value,
 * and how the value is printed. */
static const struct {
	const char *brief, *name;
	uint8_t least;
	bool (*text)(const struct tlv_state *s);
} tlvs[] = {
	[PADN] = {" padN", "\n\tPad ", 0, text_simple},
	[ACK_REQUEST] = {" ack-req", "\n\tAcknowledgment Request ", 6,
			 text_simple},
	[ACK] = {" ack", "\n\tAcknowledgment ", 2, text_simple},
	[HELLO] = {" hello", "\n\tHello ", 6, text_simple},
	[IHU] = {" ihu", "\n\tIHU ", 6, text_ihu},
	[ROUTER_ID] = {" router-id", "\n\tRouter Id", 10, text_simple},
	[NEXT_HOP] = {" nh", "\n\tNext Hop", 2, text_next_hop},
	[UPDATE] = {" update", "\n\tUpdate", 10, text_update},
	[ROUTE_REQUEST] = {" route-request", "\n\tRoute Request ", 2,
			   text_route_request},
	[SEQNO_REQUEST] = {" seqno-request", "\n\tSeqno Request ", 14,
			   text_seqno_request},
	[TIMESTAMP] = {" tspc", "\n\tTS/PC ", 6, text_simple},
	[HMAC] = {" hmac", "\n\tHMAC ", 18, text_simple},
	[UPDATE_SOURCE] = {" ss-update", "\n\tSS-Update", 10,
			   text_update_source},
	[REQUEST_SOURCE] = {" ss-request", "\n\tSS-Request ", 3,
			    text_request_source},
	[SEQNO_SOURCE] = {" ss-mh-request", "\n\tSS-MH-Request ", 14,
			  text_seqno_source},
	[MAC] = {" mac", "\n\tMAC ", 0, text_simple},
	[COUNTER] = {" pc", "\n\tPC", 4, text_simple},
	[CHALLENGE] = {" challenge_request", "\n\tChallenge Request", 0,
		       text_simple},
	[CHALLENGE_REPLY] = {" challenge_reply", "\n\tChallenge Reply", 0,
			     text_simple},
};

/* False: (invalid). */
static bool text_tlv(const struct tlv_state *s)
{
	bool verbose = s->t->options->verbose;

	if (s->type > CHALLENGE_REPLY) {
		if (verbose)
			put(s->t, "\n\tUnknown message type %u", s->type);
		else
			put_text(s->t, " unknown");
		return true;
	}
	put_text(s->t, verbose ? tlvs[s->type].name : tlvs[s->type].brief);
	if (!verbose) {
		if (s->type != UPDATE)
			return true;
		if (s->length < 10)
			return false;
		put_flags(s->t, s->p[3]);
		return true;
	}
	return s->length >= tlvs[s->type].least && tlvs[s->type].text(s);
}

static enum outcome text_tlvs(struct text *t, const struct layer *layer,
			      size_t start, uint32_t length, uint32_t left)
{
	struct prefixes prefixes = {{0}, {0}};
	uint32_t i = 0;

	memcpy(prefixes.v4, V4_PREFIX, 16);
	while (i < length && !t->stopped) {
		struct tlv_state s = {t, layer, start + i, 0, 0, NULL,
				      &prefixes};

		if (i + 1 > length || i + 1 > left)
			return WRONG;
		s.type = field_u8(t, layer, s.at);
		if (t->stopped)
			return DONE;
		if (s.type == PAD1) {
			put_text(t, t->options->verbose ? "\n\tPad 1"
							: " pad1");
			i++;
			continue;
		}
		if (i + 2 > length || i + 2 > left)
			return WRONG;
		if (!field_has(layer, s.at, 2))
			return CUT;
		s.length = layer->data[s.at + 1];
		if (i + 2 + s.length > length || i + 2 + s.length > left)
			return WRONG;
		if (!field_has(layer, s.at, 2u + s.length))
			return CUT;
		s.p = layer->data + s.at;
		if (!text_tlv(&s))
			return WRONG;
		i += 2u + s.length;
	}
	return DONE;
}

static enum outcome text_body(struct text *t, const struct layer *layer)
{
	uint32_t left = layer->length, length;
	enum outcome outcome;

	if (left < HEADER)
		return WRONG;
	length = load_be16(layer->data + 2);
	put(t, " (%u)", length);
	left -= HEADER;
	if (left < length)
		return WRONG;
	outcome = text_tlvs(t, layer, HEADER, length, left);
	left -= length;
	if (outcome != DONE || !left || t->stopped)
		return outcome;
	put_text(t, t->options->verbose ? "\n\t----" : " |");
	return text_tlvs(t, layer, HEADER + length, left, left);
}

static void text(struct text *t, const struct layer *layer)
{
	enum outcome outcome;

	t->protocol = "babel";
	put_text(t, "babel");
	if (layer->captured < HEADER) {
		text_trunc(t);
		return;
	}
	if (layer->data[0] != MAGIC) {
		put_text(t, " invalid header");
		return;
	}
	put(t, " %u", layer->data[1]);
	if (layer->data[1] != 2) {
		put_text(t, " unknown version");
		return;
	}
	outcome = text_body(t, layer);
	if (t->stopped)
		return;
	if (outcome == CUT)
		text_trunc(t);
	else if (outcome == WRONG)
		text_invalid(t);
}

const struct dissector babel_dissector = {
	.name = "babel",
	.decode = decode,
	.text = text,
	.members = &babel_members,
};
