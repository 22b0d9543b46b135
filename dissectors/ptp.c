/* SPDX-License-Identifier: BSD-3-Clause */
/* PTP version 2: IEEE 1588-2008. */
#include "dissectors/field.h"

#include "dissectors/protocols.h"

enum { HEADER = 34, VERSION_1 = 1, VERSION_2 = 2 };

enum message {
	SYNC = 0,
	DELAY_REQUEST = 1,
	PEER_DELAY_REQUEST = 2,
	PEER_DELAY_RESPONSE = 3,
	FOLLOW_UP = 8,
	DELAY_RESPONSE = 9,
	PEER_DELAY_FOLLOW_UP = 10,
	ANNOUNCE = 11,
	SIGNALLING = 12,
	MANAGEMENT = 13,
};

static const struct label message_labels[] = {
	{SYNC, "sync msg"},
	{DELAY_REQUEST, "delay req msg"},
	{PEER_DELAY_REQUEST, "peer delay req msg"},
	{PEER_DELAY_RESPONSE, "peer delay resp msg"},
	{FOLLOW_UP, "follow up msg"},
	{DELAY_RESPONSE, "delay resp msg"},
	{PEER_DELAY_FOLLOW_UP, "pdelay resp fup msg"},
	{ANNOUNCE, "announce msg"},
	{SIGNALLING, "signalling msg"},
	{MANAGEMENT, "management msg"},
	{0, NULL},
};

static const struct label control_labels[] = {
	{0, "Sync"},	   {1, "Delay_Req"},  {2, "Follow_Up"},
	{3, "Delay_Resp"}, {4, "Management"}, {5, "Other"},
	{0, NULL},
};

static const struct label flag_labels[] = {
	{0x0001, "l1 61"},
	{0x0002, "l1 59"},
	{0x0004, "utc reasonable"},
	{0x0008, "timescale"},
	{0x0010, "time tracable"},
	{0x0020, "frequency tracable"},
	{0x0100, "alternate master"},
	{0x0200, "two step"},
	{0x0400, "unicast"},
	{0x1000, "profile specific 1"},
	{0x2000, "profile specific 2"},
	{0x4000, "security mask"},
	{0x18c0, "unknown"},
	{0, NULL},
};

/* What decode() keeps. */
enum word { TYPE, VERSION, LENGTH, DOMAIN_NUMBER, CLOCK, SEQUENCE };

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;

	layer->words[TYPE] = cursor_u8(c);
	layer->words[VERSION] = cursor_u8(c);
	layer->words[LENGTH] = cursor_be16(c);
	layer->words[DOMAIN_NUMBER] = cursor_u8(c);
	cursor_skip(c, 15);
	layer->words[CLOCK] = cursor_be64(c);
	cursor_skip(c, 2);
	layer->words[SEQUENCE] = cursor_be16(c);
	if (c->overrun)
		layer->flags |= LAYER_TRUNCATED;
}

/* 48 bits of seconds. */
static uint64_t seconds_at(struct text *t, const struct layer *layer, size_t at)
{
	uint64_t high = field_be16(t, layer, at);

	return high << 32 | field_be32(t, layer, at + 2);
}

static void put_stamp(struct text *t, const struct layer *layer,
		      const char *name, const char *between)
{
	uint64_t seconds;

	put(t, ", %s :", name);
	seconds = seconds_at(t, layer, HEADER);
	put(t, " %lu seconds%s", (unsigned long)seconds, between);
	put(t, " %u nanoseconds", field_be32(t, layer, HEADER + 6));
}

static void put_identity(struct text *t, const struct layer *layer, size_t at)
{
	put(t, ", port identity : 0x%lx",
	    (unsigned long)field_be64(t, layer, at));
	put(t, ", port id : %u", field_be16(t, layer, at + 8));
}

static void text_announce(struct text *t, const struct layer *layer)
{
	size_t at = HEADER + 10;

	put_stamp(t, layer, "originTimeStamp", "");
	put(t, ", origin cur utc :%u", field_be16(t, layer, at));
	put(t, ", rsvd : %u", field_u8(t, layer, at + 2));
	put(t, ", gm priority_1 : %u", field_u8(t, layer, at + 3));
	put(t, ", gm clock class : %u", field_u8(t, layer, at + 4));
	put(t, ", gm clock accuracy : %u", field_u8(t, layer, at + 5));
	put(t, ", gm clock variance : %u", field_be16(t, layer, at + 6));
	put(t, ", gm priority_2 : %u", field_u8(t, layer, at + 8));
	put(t, ", gm clock id : 0x%lx",
	    (unsigned long)field_be64(t, layer, at + 9));
	put(t, ", steps removed : %u", field_be16(t, layer, at + 17));
	put(t, ", time source : 0x%x", field_u8(t, layer, at + 19));
}

/* tcpdump reads the byte behind the header for each of these. */
static void text_management(struct text *t, const struct layer *layer)
{
	uint8_t byte;

	put_identity(t, layer, HEADER);
	byte = field_u8(t, layer, HEADER);
	put(t,
	    ", , start boundary hops  %u, , boundary hops  %u, "
	    ", flags  0x%x, , reserved  0x%x",
	    byte, byte, byte, byte);
}

static void text_message(struct text *t, const struct layer *layer,
			 uint8_t type)
{
	switch (type) {
	case SYNC:
	case DELAY_REQUEST:
		put_stamp(t, layer, "originTimeStamp", ",");
		break;
	case FOLLOW_UP:
		put_stamp(t, layer, "preciseOriginTimeStamp", ",");
		break;
	case PEER_DELAY_REQUEST:
	case PEER_DELAY_FOLLOW_UP:
		put_stamp(t, layer, "preciseOriginTimeStamp", ",");
		put_identity(t, layer, HEADER + 10);
		break;
	case PEER_DELAY_RESPONSE:
	case DELAY_RESPONSE:
		put_stamp(t, layer, "receiveTimeStamp", ",");
		put_identity(t, layer, HEADER + 10);
		break;
	case ANNOUNCE:
		text_announce(t, layer);
		break;
	case SIGNALLING:
		put_identity(t, layer, HEADER);
		break;
	case MANAGEMENT:
		text_management(t, layer);
		break;
	default:
		break;
	}
}

static void text_header(struct text *t, const struct layer *layer)
{
	uint8_t first = field_u8(t, layer, 0), control;
	uint64_t correction;

	put(t, ", v1 compat : %s", first & 0x10 ? "yes" : "no");
	put(t, ", msg type : %s",
	    label_or(message_labels, first & 15, "Reserved"));
	put(t, ", length : %u", field_be16(t, layer, 2));
	if (!field_need(t, layer, 4, 2))
		return;
	put(t, ", domain : %u, reserved1 : %u", layer->data[4], layer->data[5]);
	if (!field_need(t, layer, 6, 2))
		return;
	field_put_bits(t, ", Flags [", flag_labels, field_be16(t, layer, 6),
		       "none");
	correction = field_be16(t, layer, 8);
	correction = correction << 32 | field_be32(t, layer, 10);
	put(t, ", NS correction : %lu", (unsigned long)correction);
	put(t, ", sub NS correction : %u", field_be16(t, layer, 14));
	put(t, ", reserved2 : %u", field_be32(t, layer, 16));
	put(t, ", clock identity : 0x%lx",
	    (unsigned long)field_be64(t, layer, 20));
	put(t, ", port id : %u", field_be16(t, layer, 28));
	put(t, ", seq id : %u", field_be16(t, layer, 30));
	control = field_u8(t, layer, 32);
	put(t, ", control : %u (%s)", control,
	    label_or(control_labels, control, "Reserved"));
	put(t, ", log message interval : %u", field_u8(t, layer, 33));
	text_message(t, layer, first & 15);
}

static void text(struct text *t, const struct layer *layer)
{
	uint8_t version;

	t->protocol = "ptp";
	if (layer->length < HEADER) {
		put(t, " [length %u < %u]", layer->length, HEADER);
		text_invalid(t);
		return;
	}
	version = field_u8(t, layer, 1);
	if (t->stopped)
		return;
	put(t, "PTPv%u", version);
	if (version == VERSION_1)
		put_text(t, " (not implemented)");
	else if (version == VERSION_2)
		text_header(t, layer);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "version", layer->words[VERSION]);
	json_u64(json, "type", layer->words[TYPE] & 15);
	json_u64(json, "message_length", layer->words[LENGTH]);
	json_u64(json, "domain", layer->words[DOMAIN_NUMBER]);
	json_u64(json, "clock_identity", layer->words[CLOCK]);
	json_u64(json, "sequence", layer->words[SEQUENCE]);
}

const struct dissector ptp_dissector = {
	.name = "ptp",
	.decode = decode,
	.text = text,
	.json = json,
};
