/* SPDX-License-Identifier: BSD-3-Clause */
/* PGM: RFC 3208; its congestion control: draft-ietf-rmt-bb-pgmcc-03. */
#include "dissectors/field.h"

#include "dissectors/protocols.h"
#include "dissectors/zmtp.h"

enum {
	PROTOCOL_PGM = 113,
	HEADER = 16,
	OPTIONS_PRESENT = 1,
	OPTION_END = 0x80,
	OPTION_LEAST = 4,
	FAMILY_IPV4 = 1,
	FAMILY_IPV6 = 2,
};

enum type {
	SPM = 0,
	POLL = 1,
	POLR = 2,
	ODATA = 4,
	RDATA = 5,
	NAK = 8,
	NNAK = 9,
	NCF = 10,
	ACK = 11,
	SPMR = 12,
};

enum option {
	LENGTH = 0,
	FRAGMENT = 1,
	NAK_LIST = 2,
	JOIN = 3,
	BACKOFF_INTERVAL = 4,
	BACKOFF_RANGE = 5,
	REDIRECT = 7,
	PARITY_PARAMETERS = 8,
	PARITY_GROUP = 9,
	GROUP_SIZE = 10,
	UNREACHABLE = 11,
	PATH = 12,
	SYN = 13,
	FIN = 14,
	RST = 15,
	CONGESTION = 16,
	CONGESTION_REQUEST = 17,
	CONTROL_DATA = 18,
	CONTROL_FEEDBACK = 19,
};

/* What a short form says of an option that must have one length. */
struct fixed {
	uint8_t length;
	const char *name; /* when the length is another */
};

static const struct fixed fixed_options[] = {
	[LENGTH] = {4, "OPT_LENGTH"},
	[FRAGMENT] = {16, "OPT_FRAGMENT"},
	[JOIN] = {8, "OPT_JOIN"},
	[BACKOFF_INTERVAL] = {12, "OPT_NAK_BO_IVL"},
	[BACKOFF_RANGE] = {12, "OPT_NAK_BO_RNG"},
	[PARITY_PARAMETERS] = {8, "OPT_PARITY_PRM"},
	[PARITY_GROUP] = {8, "OPT_PARITY_GRP"},
	[GROUP_SIZE] = {8, "OPT_CURR_TGSIZE"},
	[UNREACHABLE] = {4, "OPT_NBR_UNREACH"},
	[SYN] = {4, "OPT_SYN"},
	[FIN] = {4, "OPT_FIN"},
	[RST] = {4, "OPT_RST"},
	[CONGESTION_REQUEST] = {4, "OPT_CRQST"},
	[CONTROL_FEEDBACK] = {0, NULL},
};

/* What decode() keeps. */
enum word { SOURCE_PORT, DESTINATION_PORT, TYPE, OPTIONS, SOURCE_ID, DATA };

/* How far the options were printed. */
enum outcome { GOOD, STOP, UNKNOWN /* tcpdump skips 2 bytes more */ };

#define NOWHERE SIZE_MAX

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;

	layer->words[SOURCE_PORT] = cursor_be16(c);
	layer->words[DESTINATION_PORT] = cursor_be16(c);
	layer->words[TYPE] = cursor_u8(c);
	layer->words[OPTIONS] = cursor_u8(c);
	cursor_skip(c, 2);
	layer->words[SOURCE_ID] = (uint64_t)cursor_be16(c) << 32;
	layer->words[SOURCE_ID] |= cursor_be32(c);
	layer->words[DATA] = cursor_be16(c);
	if (c->overrun)
		layer->flags |= LAYER_TRUNCATED;
}

/* An address behind @lead: its size; 0 where it ends the layer. */
static uint32_t put_address(struct text *t, const char *lead,
			    const struct layer *layer, size_t at,
			    uint16_t family)
{
	uint32_t size = family == FAMILY_IPV4	? 4
			: family == FAMILY_IPV6 ? 16
						: 0;

	if (!size || !field_has(layer, at, size)) {
		text_trunc(t);
		return 0;
	}
	put_text(t, lead);
	if (size == 4)
		put_ipv4(t, layer->data + at);
	else
		put_ipv6(t, layer->data + at);
	return size;
}

static uint32_t address_size(uint16_t family)
{
	return family == FAMILY_IPV4 ? 4 : family == FAMILY_IPV6 ? 16 : 0;
}

/* The messages: where their options begin; NOWHERE if the layer ends. */
static size_t text_spm(struct text *t, const struct layer *layer)
{
	const uint8_t *p = layer->data + HEADER;
	uint16_t family;
	size_t start = t->out->length;

	if (!field_has(layer, HEADER, 16)) {
		text_trunc(t);
		return NOWHERE;
	}
	family = load_be16(p + 12);
	if (!address_size(family) ||
	    !field_has(layer, HEADER + 16, address_size(family))) {
		t->out->length = start;
		text_trunc(t);
		return NOWHERE;
	}
	put(t, "SPM seq %u trail %u lead %u", load_be32(p), load_be32(p + 4),
	    load_be32(p + 8));
	return HEADER + 16 +
	       put_address(t, " nla ", layer, HEADER + 16, family);
}

static size_t text_poll(struct text *t, const struct layer *layer)
{
	const uint8_t *p = layer->data + HEADER;
	uint32_t size;

	if (!field_has(layer, HEADER, 12)) {
		text_trunc(t);
		return NOWHERE;
	}
	size = address_size(load_be16(p + 8));
	if (!size || !field_has(layer, HEADER + 12, size + 12)) {
		text_trunc(t);
		return NOWHERE;
	}
	put(t, "POLL seq %u round %u", load_be32(p), load_be16(p + 4));
	put_address(t, " nla ", layer, HEADER + 12, load_be16(p + 8));
	p += 12 + size;
	put(t, " ivl %u rnd 0x%08x mask 0x%08x", load_be32(p), load_be32(p + 4),
	    load_be32(p + 8));
	return HEADER + 12 + size + 12;
}

/* tcpdump takes the first two bytes of the group for its family. */
static size_t text_nak(struct text *t, const struct layer *layer,
		       const char *name)
{
	const uint8_t *p = layer->data + HEADER;
	uint32_t source, group;
	size_t at = HEADER + 8;

	if (!field_has(layer, HEADER, 8)) {
		text_trunc(t);
		return NOWHERE;
	}
	source = address_size(load_be16(p + 4));
	if (!source || !field_has(layer, at, source)) {
		text_trunc(t);
		return NOWHERE;
	}
	at += source + 4;
	if (!field_need(t, layer, at, 2))
		return NOWHERE;
	group = address_size(load_be16(layer->data + at));
	if (!group || !field_has(layer, at, group)) {
		text_trunc(t);
		return NOWHERE;
	}
	put_text(t, name);
	put_address(t, "(", layer, HEADER + 8, load_be16(p + 4));
	put_address(t, " -> ", layer, at, load_be16(layer->data + at));
	put(t, "), seq %u", load_be32(p));
	return at + group;
}

static size_t text_numbers(struct text *t, const struct layer *layer,
			   uint8_t type)
{
	static const uint8_t sizes[] = {
		[POLR] = 8, [ODATA] = 8, [RDATA] = 8, [ACK] = 8};
	const uint8_t *p = layer->data + HEADER;

	if (!field_has(layer, HEADER, sizes[type])) {
		text_trunc(t);
		return NOWHERE;
	}
	if (type == POLR)
		put(t, "POLR seq %u round %u", load_be32(p), load_be16(p + 4));
	else if (type == ACK)
		put(t, "ACK seq %u", load_be32(p));
	else
		put(t, "%s trail %u seq %u", type == ODATA ? "ODATA" : "RDATA",
		    load_be32(p + 4), load_be32(p));
	return HEADER + sizes[type];
}

static size_t text_message(struct text *t, const struct layer *layer)
{
	uint8_t type = (uint8_t)layer->words[TYPE];

	switch (type) {
	case SPM:
		return text_spm(t, layer);
	case POLL:
		return text_poll(t, layer);
	case POLR:
	case ODATA:
	case RDATA:
	case ACK:
		return text_numbers(t, layer, type);
	case NAK:
		return text_nak(t, layer, "NAK ");
	case NNAK:
		return text_nak(t, layer, "NNAK ");
	case NCF:
		return text_nak(t, layer, "NCF ");
	case SPMR:
		put_text(t, "SPMR");
		break;
	default:
		put(t, "UNKNOWN type 0x%02x", type);
		break;
	}
	/* tcpdump looks for their options in the header. */
	return 0;
}

static enum outcome text_nak_list(struct text *t, const uint8_t *p,
				  uint32_t length)
{
	put_text(t, " NAK LIST");
	for (p += 4, length -= 4; length; p += 4, length -= 4) {
		if (length < 4) {
			put_text(t, "[Option length not a multiple of 4]");
			return STOP;
		}
		put(t, " %u", load_be32(p));
	}
	return GOOD;
}

/* An option that ends in an address, which stands at @at of it. */
static enum outcome text_addressed(struct text *t, const struct layer *layer,
				   size_t option, uint32_t length, uint32_t at,
				   const char *name, const char *lead)
{
	const uint8_t *p = layer->data + option;
	uint16_t family;

	if (length < at) {
		put(t, "[Bad %s option, length %u < %u]",
		    p[0] % OPTION_END == CONTROL_FEEDBACK
			    ? "PGM_OPT_PGMCC_FEEDBACK"
			    : name,
		    length, at);
		return STOP;
	}
	family = load_be16(p + at - 4);
	if (!address_size(family)) {
		text_trunc(t);
		return STOP;
	}
	if (length != at + address_size(family)) {
		put(t, "[Bad %s option, length %u != %u + address size]", name,
		    length, at);
		return STOP;
	}
	put_text(t, lead);
	if (at > 8)
		put(t, "%u ", load_be32(p + 4));
	return put_address(t, "", layer, option + at, family) ? GOOD : STOP;
}

static void text_fixed(struct text *t, const uint8_t *p)
{
	uint32_t first = load_be32(p + 4), second = load_be32(p + 8);

	switch (p[0] % OPTION_END) {
	case LENGTH:
		put(t, " OPTS LEN (extra?) %u", load_be16(p + 2));
		break;
	case FRAGMENT:
		put(t, " FRAG seq %u off %u len %u", first, second,
		    load_be32(p + 12));
		break;
	case JOIN:
		put(t, " JOIN %u", first);
		break;
	case BACKOFF_INTERVAL:
		put(t, " BACKOFF ivl %u ivlseq %u", first, second);
		break;
	case BACKOFF_RANGE:
		put(t, " BACKOFF max %u min %u", first, second);
		break;
	case PARITY_PARAMETERS:
		put(t, " PARITY MAXTGS %u", first);
		break;
	case PARITY_GROUP:
		put(t, " PARITY GROUP %u", first);
		break;
	case GROUP_SIZE:
		put(t, " PARITY ATGS %u", first);
		break;
	case UNREACHABLE:
		put_text(t, " NBR_UNREACH");
		break;
	case SYN:
		put_text(t, " SYN");
		break;
	case FIN:
		put_text(t, " FIN");
		break;
	case RST:
		put_text(t, " RST");
		break;
	default:
		put_text(t, " CRQST");
		break;
	}
}

/* One option of @length bytes, all of them there. */
static enum outcome text_option(struct text *t, const struct layer *layer,
				size_t at, uint8_t length)
{
	const uint8_t *p = layer->data + at;
	uint8_t type = p[0] % OPTION_END;

	if (type <= CONTROL_FEEDBACK && fixed_options[type].name) {
		const struct fixed *fixed = &fixed_options[type];
		uint8_t whole[16] = {0};

		if (length != fixed->length) {
			put(t, "[Bad %s option, length %u != %u]", fixed->name,
			    length, fixed->length);
			return STOP;
		}
		memcpy(whole, p, length);
		text_fixed(t, whole);
		return GOOD;
	}
	switch (type) {
	case NAK_LIST:
		return text_nak_list(t, p, length);
	case REDIRECT:
		return text_addressed(t, layer, at, length, 8, "OPT_REDIRECT",
				      " REDIRECT ");
	case CONTROL_DATA:
		return text_addressed(t, layer, at, length, 12,
				      "OPT_PGMCC_DATA", " PGMCC DATA ");
	case CONTROL_FEEDBACK:
		return text_addressed(t, layer, at, length, 12,
				      "OPT_PGMCC_FEEDBACK", " PGMCC FEEDBACK ");
	case PATH:
		put(t, " PATH_NLA [%u]", length);
		return GOOD;
	case CONGESTION:
		put_text(t, " CR");
		return GOOD;
	default:
		put(t, " OPT_%02X [%u] ", p[0], length);
		return UNKNOWN;
	}
}

/* The options at @at: where the data begin; NOWHERE if the layer ends. */
static size_t text_options(struct text *t, const struct layer *layer, size_t at)
{
	static const char no_room[] =
		"[Total option length leaves no room for final option]";
	const uint8_t *p = layer->data + at;
	uint32_t left;

	if (!field_has(layer, at, 4)) {
		text_trunc(t);
		return NOWHERE;
	}
	left = load_be16(p + 2);
	if (p[0] % OPTION_END != LENGTH) {
		put(t, "[First option bad, should be PGM_OPT_LENGTH, is %u]",
		    p[0] % OPTION_END);
		return NOWHERE;
	}
	if (p[1] != OPTION_LEAST) {
		put(t, "[Bad OPT_LENGTH option, length %u != 4]", p[1]);
		return NOWHERE;
	}
	if (left < OPTION_LEAST) {
		put(t, "[Bad total option length %u < 4]", left);
		return NOWHERE;
	}
	put(t, " OPTS LEN %u", left);
	at += OPTION_LEAST;
	left -= OPTION_LEAST;
	while (left) {
		enum outcome outcome;
		uint8_t length;

		if (left < OPTION_LEAST) {
			put_text(t, no_room);
			return NOWHERE;
		}
		if (!field_has(layer, at, 2)) {
			text_trunc(t);
			return NOWHERE;
		}
		p = layer->data + at;
		length = p[1];
		if (length < OPTION_LEAST) {
			put(t, "[Bad option, length %u < %u]", length,
			    OPTION_LEAST);
			break;
		}
		if (left < length) {
			put_text(t, no_room);
			return NOWHERE;
		}
		if (!field_has(layer, at, length)) {
			text_trunc(t);
			return NOWHERE;
		}
		outcome = text_option(t, layer, at, length);
		if (outcome == STOP)
			return NOWHERE;
		at += length + (outcome == UNKNOWN ? 2u : 0);
		left -= length;
		if (p[0] & OPTION_END)
			break;
	}
	return at;
}

static void put_ends(struct text *t, const struct layer *layer,
		     const struct layer *ip)
{
	uint8_t next = ip->dissector == &ipv6_dissector ? ip->ipv6.next_header
							: ip->ipv4.protocol;
	bool ports = layer->captured >= 4, addresses = next == PROTOCOL_PGM;

	if (!ports) {
		put_source(t, ip);
		put_text(t, " > ");
		put_destination(t, ip);
		put_char(t, ':');
		text_trunc(t);
		return;
	}
	if (addresses) {
		put_source(t, ip);
		put_char(t, '.');
	}
	put_tcp_port(t, (uint16_t)layer->words[SOURCE_PORT]);
	put_text(t, " > ");
	if (addresses) {
		put_destination(t, ip);
		put_char(t, '.');
	}
	put_tcp_port(t, (uint16_t)layer->words[DESTINATION_PORT]);
	put_text(t, ": ");
}

static void text(struct text *t, const struct layer *layer)
{
	const struct layer *ip = layer_ip(t->packet, layer);
	size_t at;

	t->protocol = "pgm";
	if (!ip)
		return;
	put_ends(t, layer, ip);
	if (layer->captured < 4)
		return;
	if (!field_has(layer, 0, HEADER)) {
		text_trunc(t);
		return;
	}
	put(t, "PGM, length %u", (unsigned int)layer->words[DATA]);
	if (!t->options->verbose)
		return;
	put(t, " 0x%012lx ", (unsigned long)layer->words[SOURCE_ID]);
	at = text_message(t, layer);
	if (at == NOWHERE)
		return;
	if (layer->words[OPTIONS] & OPTIONS_PRESENT)
		at = text_options(t, layer, at);
	if (at != NOWHERE)
		put(t, " [%u]", layer->length);
	if (at != NOWHERE && t->options->as == DISSECT_AS_PGM_ZMTP1 &&
	    (layer->words[TYPE] == ODATA || layer->words[TYPE] == RDATA))
		zmtp_text_datagram(t,
				   cursor_make(layer->data + at,
					       layer->captured - at),
				   (uint32_t)layer->words[DATA]);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "source_port", layer->words[SOURCE_PORT]);
	json_u64(json, "destination_port", layer->words[DESTINATION_PORT]);
	json_u64(json, "type", layer->words[TYPE]);
	json_u64(json, "options", layer->words[OPTIONS]);
	json_u64(json, "source_id", layer->words[SOURCE_ID]);
	json_u64(json, "data_length", layer->words[DATA]);
}

const struct dissector pgm_dissector = {
	.name = "pgm",
	.decode = decode,
	.text = text,
	.json = json,
};
