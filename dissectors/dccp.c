/* SPDX-License-Identifier: BSD-3-Clause */
/* DCCP: RFC 4340. */
#include "dissectors/field.h"

#include "dissectors/checksum.h"
#include "dissectors/protocols.h"

enum {
	PROTOCOL_DCCP = 33,
	SHORT_HEADER = 12,
	LONG_HEADER = 16,
	ACKNOWLEDGMENT = 8,
	FIRST_SIZED = 32, /* options from here on have a length */
	FIRST_CCID = 128, /* and from here on are the CCID's */
	FEATURES = 10,
};

enum type {
	REQUEST = 0,
	RESPONSE = 1,
	DATA = 2,
	ACK = 3,
	DATA_ACK = 4,
	CLOSE_REQUEST = 5,
	CLOSE = 6,
	RESET = 7,
	SYNC = 8,
	SYNC_ACK = 9,
};

enum option {
	CHANGE_L = 32,
	CONFIRM_R = 35,
	COOKIE = 36,
	NDP_COUNT = 37,
	ACK_VECTOR_0 = 38,
	ACK_VECTOR_1 = 39,
	DATA_DROPPED = 40,
	TIMESTAMP = 41,
	TIMESTAMP_ECHO = 42,
	ELAPSED_TIME = 43,
	DATA_CHECKSUM = 44,
};

static const struct label type_labels[] = {
	{REQUEST, "DCCP-Request"},
	{RESPONSE, "DCCP-Response"},
	{DATA, "DCCP-Data"},
	{ACK, "DCCP-Ack"},
	{DATA_ACK, "DCCP-DataAck"},
	{CLOSE_REQUEST, "DCCP-CloseReq"},
	{CLOSE, "DCCP-Close"},
	{RESET, "DCCP-Reset"},
	{SYNC, "DCCP-Sync"},
	{SYNC_ACK, "DCCP-SyncAck"},
	{0, NULL},
};

static const struct label option_labels[] = {
	{0, "nop"},
	{1, "mandatory"},
	{2, "slowreceiver"},
	{CHANGE_L, "change_l"},
	{33, "confirm_l"},
	{34, "change_r"},
	{CONFIRM_R, "confirm_r"},
	{COOKIE, "initcookie"},
	{NDP_COUNT, "ndp_count"},
	{ACK_VECTOR_0, "ack_vector0"},
	{ACK_VECTOR_1, "ack_vector1"},
	{DATA_DROPPED, "data_dropped"},
	{TIMESTAMP, "timestamp"},
	{TIMESTAMP_ECHO, "timestamp_echo"},
	{ELAPSED_TIME, "elapsed_time"},
	{DATA_CHECKSUM, "data_checksum"},
	{0, NULL},
};

/* What decode() keeps. */
enum word {
	SOURCE_PORT,
	DESTINATION_PORT,
	TYPE,
	EXTENDED, /* long sequence numbers */
	SEQUENCE,
	OFFSET, /* of the data, in words */
};

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;
	uint8_t type;

	layer->words[SOURCE_PORT] = cursor_be16(c);
	layer->words[DESTINATION_PORT] = cursor_be16(c);
	layer->words[OFFSET] = cursor_u8(c);
	cursor_skip(c, 3);
	type = cursor_u8(c);
	layer->words[TYPE] = type >> 1 & 15;
	layer->words[EXTENDED] = type & 1;
	if (type & 1) {
		cursor_skip(c, 1);
		layer->words[SEQUENCE] = (uint64_t)cursor_be16(c) << 32;
		layer->words[SEQUENCE] |= cursor_be32(c);
	} else {
		layer->words[SEQUENCE] = cursor_be24(c);
	}
	if (c->overrun)
		layer->flags |= LAYER_TRUNCATED;
}

static uint32_t header_length(const struct layer *layer)
{
	return layer->words[EXTENDED] ? LONG_HEADER : SHORT_HEADER;
}

static void put_ends(struct text *t, const struct layer *layer,
		     const struct layer *ip)
{
	put_source(t, ip);
	put_char(t, '.');
	put_tcp_port(t, (uint16_t)layer->words[SOURCE_PORT]);
	put_text(t, " > ");
	put_destination(t, ip);
	put_char(t, '.');
	put_tcp_port(t, (uint16_t)layer->words[DESTINATION_PORT]);
	put_text(t, ": ");
}

static void put_checksum(struct text *t, const struct layer *layer,
			 const struct layer *ip)
{
	uint8_t coverage = layer->data[5] & 15;
	uint32_t covered = layer->length;
	uint16_t field = load_be16(layer->data + 6), sum;

	put(t, "CCVal %u, CsCov %u", layer->data[5] >> 4, coverage);
	if (coverage) {
		uint32_t most =
			((uint32_t)layer->words[OFFSET] + coverage - 1) * 4;

		if (most < covered)
			covered = most;
	}
	if (field_has(layer, 0, layer->length)) {
		put(t, ", cksum 0x%04x ", field);
		sum = checksum_transport(ip, PROTOCOL_DCCP, layer->data,
					 layer->length, covered);
		if (sum)
			put(t, "(incorrect -> 0x%04x)",
			    checksum_expected(field, sum));
		else
			put_text(t, "(correct)");
	}
}

static void put_number(struct text *t, uint64_t number)
{
	put(t, "%lu", (unsigned long)number);
}

static void text_acknowledgment(struct text *t, const struct layer *layer)
{
	size_t at = header_length(layer);
	uint64_t number;

	number = layer->words[EXTENDED]
			 ? field_be64(t, layer, at) & 0xffffffffffff
			 : field_be32(t, layer, at) & 0xffffff;
	if (t->stopped)
		return;
	put_text(t, "(ack=");
	put_number(t, number);
	put_text(t, ") ");
}

static void text_reset(struct text *t, const struct layer *layer)
{
	static const struct label codes[] = {{0, "unspecified"},
					     {1, "closed"},
					     {2, "aborted"},
					     {3, "no_connection"},
					     {4, "packet_error"},
					     {5, "option_error"},
					     {6, "mandatory_error"},
					     {7, "connection_refused"},
					     {8, "bad_service_code"},
					     {9, "too_busy"},
					     {10, "bad_init_cookie"},
					     {11, "aggression_penalty"},
					     {0, NULL}};
	size_t at = header_length(layer) + ACKNOWLEDGMENT;

	put(t, "(code=%s) ",
	    label_or(codes, field_u8(t, layer, at), "invalid"));
}

/* The part of the header that the type has of its own: its size. tcpdump
 * takes acknowledgment numbers for long ones throughout. */
static uint32_t type_length(const struct layer *layer)
{
	switch (layer->words[TYPE]) {
	case REQUEST:
		return 4;
	case RESPONSE:
	case RESET:
		return 4 + ACKNOWLEDGMENT;
	case ACK ... CLOSE:
	case SYNC:
	case SYNC_ACK:
		return ACKNOWLEDGMENT;
	default:
		return 0;
	}
}

/* False: not all of it was sent. */
static bool text_type(struct text *t, const struct layer *layer)
{
	uint32_t least = header_length(layer) + type_length(layer);
	uint32_t type = (uint32_t)layer->words[TYPE];
	bool with_body = type == REQUEST || type == RESPONSE || type == RESET;
	const char *name = label_find(type_labels, type);
	size_t at = header_length(layer);

	if (!name) {
		put(t, "unknown-type-%u ", type);
	} else if (layer->length < least) {
		put(t, "truncated-%s - %u bytes missing!", name,
		    least - layer->length);
		return false;
	} else {
		if (with_body && !field_need(t, layer, 0, least))
			return false;
		put(t, "%s ", name);
	}
	if (type == REQUEST)
		put(t, "(service=%u) ", field_be32(t, layer, at));
	else if (type == RESPONSE)
		put(t, "(service=%u) ",
		    field_be32(t, layer, at + ACKNOWLEDGMENT));
	else if (type == RESET)
		text_reset(t, layer);
	if (type != REQUEST && type != DATA)
		text_acknowledgment(t, layer);
	return !t->stopped;
}

static void put_feature(struct text *t, const uint8_t *p, uint8_t size)
{
	static const char *const features[FEATURES] = {
		"reserved",
		"ccid",
		"allow_short_seqno",
		"sequence_window",
		"ecn_incapable",
		"ack_ratio",
		"send_ack_vector",
		"send_ndp_count",
		"minimum checksum coverage",
		"check data checksum",
	};

	if (size < 3) {
		put_text(t, " optlen too short");
		return;
	}
	if (p[2] >= FEATURES)
		return;
	put(t, " %s", features[p[2]]);
	for (uint8_t i = 3; i < size; i++)
		put(t, " %u", p[i]);
}

static void put_echo(struct text *t, const uint8_t *p, uint8_t size)
{
	if (size != 6 && size != 8 && size != 10) {
		put_text(t, " [optlen != 6 or 8 or 10]");
		return;
	}
	put(t, " %u", load_be32(p + 2));
	if (size > 6)
		put(t, " (elapsed time %u)",
		    size == 8 ? load_be16(p + 6) : load_be32(p + 6));
}

/* The value of an option that is there with all its @size bytes. */
static void put_value(struct text *t, const uint8_t *p, uint8_t size)
{
	switch (p[0]) {
	case CHANGE_L ... CONFIRM_R:
		put_feature(t, p, size);
		break;
	case NDP_COUNT:
		for (uint8_t i = 2; i < size; i++)
			put(t, " %u", p[i]);
		break;
	case COOKIE:
	case ACK_VECTOR_0:
	case ACK_VECTOR_1:
	case DATA_DROPPED:
	case DATA_CHECKSUM:
		if (size > 2)
			put_text(t, p[0] == DATA_CHECKSUM ? " " : " 0x");
		put_hex_bytes(t, p + 2, size - 2u);
		break;
	case TIMESTAMP:
		if (size == 6)
			put(t, " %u", load_be32(p + 2));
		else
			put_text(t, " [optlen != 6]");
		break;
	case TIMESTAMP_ECHO:
		put_echo(t, p, size);
		break;
	case ELAPSED_TIME:
		if (size == 4 || size == 6)
			put(t, " %u",
			    size == 4 ? load_be16(p + 2) : load_be32(p + 2));
		else
			put_text(t, " [optlen != 4 or 6]");
		break;
	default:
		if (p[0] >= FIRST_CCID && (size == 4 || size == 6))
			put(t, " %u",
			    size == 4 ? load_be16(p + 2) : load_be32(p + 2));
		break;
	}
}

/* The option at @at, of @left bytes: its size; 0 where options end. */
static uint32_t text_option(struct text *t, const struct layer *layer,
			    size_t at, uint32_t left)
{
	const uint8_t *p = layer->data + at;
	uint8_t size = 1;

	if (!field_need(t, layer, at, 1))
		return 0;
	if (p[0] >= FIRST_SIZED) {
		size = field_u8(t, layer, at + 1);
		if (t->stopped)
			return 0;
	}
	if (field_has(layer, at, size) || size < 2 || size > left) {
		if (p[0] >= FIRST_CCID)
			put(t, "CCID option %u", p[0]);
		else
			put_label(t, option_labels, p[0], "Option %u");
	}
	if (p[0] < FIRST_SIZED)
		return 1;
	if (size < 2) {
		put_text(t, " optlen too short");
		return 0;
	}
	if (size > left) {
		put_text(t, " optlen goes past header length");
		return 0;
	}
	if (!field_has(layer, at, size)) {
		text_trunc(t);
		return 0;
	}
	put_value(t, p, size);
	return size;
}

static void text_options(struct text *t, const struct layer *layer)
{
	uint32_t end = (uint32_t)layer->words[OFFSET] * 4;
	uint32_t at = header_length(layer) + type_length(layer);

	if (end <= at)
		return;
	put_text(t, " <");
	while (!t->stopped) {
		uint32_t size = text_option(t, layer, at, end - at);

		if (!size)
			break;
		at += size;
		if (at >= end)
			break;
		put_text(t, ", ");
	}
	put_char(t, '>');
}

static void text(struct text *t, const struct layer *layer)
{
	const struct layer *ip = layer_ip(t->packet, layer);
	uint32_t end = (uint32_t)layer->words[OFFSET] * 4;

	t->protocol = "dccp";
	if (!ip)
		return;
	if (layer->captured < SHORT_HEADER) {
		text_trunc(t);
		return;
	}
	if (layer->length < header_length(layer)) {
		put(t, "truncated-dccp - %u bytes missing!",
		    header_length(layer) - layer->length);
		return;
	}
	if (!field_need(t, layer, 0, header_length(layer)))
		return;
	put_ends(t, layer, ip);
	put_text(t, "DCCP");
	put_char(t, ' ');
	if (t->options->quiet) {
		put(t, "%u", layer->length - end);
		if (end > layer->length)
			put(t, " [bad hdr length %u - too long, > %u]", end,
			    layer->length);
		return;
	}
	if (t->options->verbose) {
		put_char(t, '(');
		put_checksum(t, layer, ip);
		put_text(t, ") ");
	}
	if (!text_type(t, layer) || t->options->verbose < 2)
		return;
	put_text(t, "seq ");
	put_number(t, layer->words[SEQUENCE]);
	text_options(t, layer);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "source_port", layer->words[SOURCE_PORT]);
	json_u64(json, "destination_port", layer->words[DESTINATION_PORT]);
	json_u64(json, "type", layer->words[TYPE]);
	json_bool(json, "extended", layer->words[EXTENDED]);
	json_u64(json, "sequence", layer->words[SEQUENCE]);
	json_u64(json, "data_offset", layer->words[OFFSET]);
}

const struct dissector dccp_dissector = {
	.name = "dccp",
	.decode = decode,
	.text = text,
	.json = json,
};
