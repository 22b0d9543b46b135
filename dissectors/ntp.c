/* SPDX-License-Identifier: BSD-3-Clause */
/* NTP: RFC 5905; control messages: RFC 9327. */
#include "dissectors/ntp.h"

#include <time.h>

#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum {
	TIME_MESSAGE = 48,
	CONTROL_MESSAGE = 12,
	MODE_CONTROL = 6,
	STRATUM_QUERY = 62,
	STRATUM_REPLY = 63,
};

static const int64_t FROM_1900_TO_1970 = 2208988800;

static void decode(struct dissection *d)
{
	uint8_t first = cursor_u8(&d->cursor);

	d->layer->ntp.leap = first >> 6;
	d->layer->ntp.version = first >> 3 & 7;
	d->layer->ntp.mode = first & 7;
	d->layer->ntp.stratum = cursor_u8(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

/* A fraction of 2^32 in units of 1e-9, rounded as tcpdump does. */
static uint32_t to_nanoseconds(uint32_t fraction)
{
	return (uint32_t)((double)fraction / 4294967296.0 * 1000000000.0);
}

void ntp_put_time(struct text *t, uint64_t time)
{
	uint32_t seconds = (uint32_t)(time >> 32);
	time_t when = (time_t)((int64_t)seconds - FROM_1900_TO_1970);
	struct tm tm;
	char text[64];

	put(t, "%u.%09u", seconds, to_nanoseconds((uint32_t)time));
	if (!seconds || !gmtime_r(&when, &tm))
		return;
	strftime(text, sizeof(text), " (%Y-%m-%dT%H:%M:%SZ)", &tm);
	put_text(t, text);
}

void ntp_put_delta(struct text *t, uint64_t from, uint64_t to)
{
	uint64_t delta = to > from ? to - from : from - to;

	if (!from) {
		ntp_put_time(t, to);
		return;
	}
	put(t, "%c%u.%09u", to > from ? '+' : '-', (uint32_t)(delta >> 32),
	    to_nanoseconds((uint32_t)delta));
}

/* 16 bits and 16 bits of fraction. */
static void put_short(struct text *t, uint32_t value)
{
	put(t, "%u.%06u", value >> 16,
	    (uint32_t)((value & 0xffff) / 65536.0 * 1000000.0));
}

static void put_poll(struct text *t, int poll)
{
	put(t, ", poll %d", poll);
	if (poll >= 0 && poll < 32)
		put(t, " (%us)", 1u << poll);
	else if (poll < 0 && poll > -32)
		put(t, " (1/%us)", 1u << -poll);
}

/* Who the clock follows. False where nothing of interest is left. */
static bool text_reference(struct text *t, const uint8_t *reference,
			   uint8_t stratum)
{
	put_text(t, ", Reference-ID: ");
	switch (stratum) {
	case 0:
		put_text(t, "(unspec)");
		return true;
	case 1:
		put_visible_bytes(t, reference, 4, reference + 4);
		return true;
	case STRATUM_QUERY:
	case STRATUM_REPLY:
		put_ipv4(t, reference);
		put_text(t, stratum == STRATUM_QUERY ? " INFO_QUERY"
						     : " INFO_REPLY");
		return false;
	default:
		put(t, "0x%08x", load_be32(reference));
		return true;
	}
}

/* False where the snapshot ends. */
static bool text_times(struct text *t, const struct layer *layer)
{
	static const char *const titles[] = {
		"\n\t  Reference Timestamp:  ",
		"\n\t  Originator Timestamp: ",
		"\n\t  Receive Timestamp:    ",
		"\n\t  Transmit Timestamp:   ",
	};
	const uint8_t *p = layer->data + 16;

	for (uint32_t i = 0; i < 4; i++) {
		if (layer->captured < 24 + 8 * i)
			return false;
		put_text(t, titles[i]);
		ntp_put_time(t, load_be64(p + 8 * i));
	}
	put_text(t, "\n\t    Originator - Receive Timestamp:  ");
	ntp_put_delta(t, load_be64(p + 8), load_be64(p + 16));
	put_text(t, "\n\t    Originator - Transmit Timestamp: ");
	ntp_put_delta(t, load_be64(p + 8), load_be64(p + 24));
	return true;
}

/* The key and the digest behind the times. False where the snapshot ends. */
static bool text_authentication(struct text *t, const struct layer *layer)
{
	uint32_t more = layer->length - TIME_MESSAGE;

	if (!more)
		return true;
	if (more != 4 && more != 20 && more != 24) {
		put(t, "\n\t(%u more bytes after the header)", more);
		return true;
	}
	put(t, "\n\tKey id: %u",
	    load_be32(text_at(t, layer, TIME_MESSAGE, 4)));
	if (more == 4 || t->stopped)
		return true;
	if (layer->captured < layer->length)
		return false;
	put_text(t, "\n\tAuthentication: ");
	put_hex_bytes(t, layer->data + TIME_MESSAGE + 4, more - 4);
	return true;
}

static void text_invalid_message(struct text *t, const struct layer *layer)
{
	text_invalid(t);
	if (layer->captured < layer->length)
		text_trunc(t);
}

/* False where the snapshot ends. */
static bool text_clock(struct text *t, const struct layer *layer)
{
	static const struct label strata[] = {
		{0, "unspecified"}, {1, "primary reference"}, {0, NULL}};
	uint8_t stratum = text_at(t, layer, 1, 1)[0];

	put(t, ", Stratum %u (%s)", stratum,
	    label_or(strata, stratum,
		     stratum >= 2 && stratum <= 15 ? "secondary reference"
						   : "reserved"));
	put_poll(t, (int8_t)text_at(t, layer, 2, 1)[0]);
	put(t, ", precision %d", (int8_t)text_at(t, layer, 3, 1)[0]);
	if (layer->captured < 8)
		return false;
	put_text(t, "\n\tRoot Delay: ");
	put_short(t, load_be32(layer->data + 4));
	if (layer->captured < 12)
		return false;
	put_text(t, ", Root dispersion: ");
	put_short(t, load_be32(layer->data + 8));
	if (layer->captured < 16)
		return false;
	if (!text_reference(t, layer->data + 12, stratum))
		return true;
	return text_times(t, layer) && text_authentication(t, layer);
}

static void text_control(struct text *t, const struct layer *layer)
{
	uint8_t control;
	uint16_t count, status;

	if (layer->length < CONTROL_MESSAGE) {
		text_invalid_message(t, layer);
		return;
	}
	control = text_at(t, layer, 1, 1)[0];
	put(t, ", %s, %s, %s, OpCode=%u\n",
	    control & 0x80 ? "Response" : "Request",
	    control & 0x40 ? "Error" : "OK", control & 0x20 ? "More" : "Last",
	    control & 0x1f);
	put(t, "\tSequence=%u", load_be16(text_at(t, layer, 2, 2)));
	status = load_be16(text_at(t, layer, 4, 2));
	put(t, status ? ", Status=0x%x" : ", Status=%x", status);
	put(t, ", Assoc.=%u", load_be16(text_at(t, layer, 6, 2)));
	put(t, ", Offset=%u", load_be16(text_at(t, layer, 8, 2)));
	count = load_be16(text_at(t, layer, 10, 2));
	put(t, ", Count=%u", count);
	if (t->stopped)
		return;
	if (CONTROL_MESSAGE + (uint32_t)count > layer->length)
		text_invalid_message(t, layer);
	else if (count && layer->captured < CONTROL_MESSAGE + (uint32_t)count)
		text_trunc(t);
	else if (count)
		put_text(t, "\n\tTO-BE-DONE: data not interpreted");
}

static void text(struct text *t, const struct layer *layer)
{
	static const char *const modes[] = {
		"unspecified", "symmetric active", "symmetric passive",
		"Client",      "Server",	   "Broadcast",
		"Control Message", "Reserved",
	};
	static const char *const leaps[] = {"", "+1s", "-1s",
					    "clock unsynchronized"};
	const struct ntp *ntp = &layer->ntp;

	t->protocol = "ntp";
	text_at(t, layer, 0, 1);
	put(t, "NTPv%u, %s, length %u", ntp->version, modes[ntp->mode],
	    layer->length);
	if (!t->options->verbose)
		return;
	put(t, "\n\tLeap indicator: %s (%u)", leaps[ntp->leap], ntp->leap << 6);
	if (t->stopped || ntp->mode > MODE_CONTROL)
		return;
	if (ntp->mode == MODE_CONTROL)
		text_control(t, layer);
	else if (layer->length < TIME_MESSAGE)
		text_invalid_message(t, layer);
	else if (!text_clock(t, layer) && !t->stopped)
		text_trunc(t);
}

static const struct member_table time_members = {
	.members = (const struct member[]){
		MEMBER_U8("stratum", 1),
		MEMBER_S8("poll", 2),
		MEMBER_S8("precision", 3),
		MEMBER_U32("root_delay", 4),
		MEMBER_U32("root_dispersion", 8),
		MEMBER_BYTES("reference_id", 12, 4),
		MEMBER_STAMP("reference_time", 16),
		MEMBER_STAMP("originate_time", 24),
		MEMBER_STAMP("receive_time", 32),
		MEMBER_STAMP("transmit_time", 40),
		MEMBER_END},
};

static const struct member_table control_members = {
	.members = (const struct member[]){
		MEMBER_FLAG("response", 1, 1, 7),
		MEMBER_FLAG("error", 1, 1, 6),
		MEMBER_FLAG("more", 1, 1, 5),
		MEMBER_PART("operation", 1, 1, 0, 5),
		MEMBER_U16("sequence", 2),
		MEMBER_U16("status", 4),
		MEMBER_U16("association", 6),
		MEMBER_U16("offset", 8),
		MEMBER_U16("count", 10),
		MEMBER_END},
};

static const struct member_case mode_cases[] = {
	{0, &time_members},
	{1, &time_members},
	{2, &time_members},
	{3, &time_members},
	{4, &time_members},
	{5, &time_members},
	{6, &control_members},
	{0, NULL},
};

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_PART("version", 0, 1, 3, 3),
		MEMBER_PART("mode", 0, 1, 0, 3),
		MEMBER_PART("leap_indicator", 0, 1, 6, 2),
		MEMBER_END},
	.choice = {0, 1, 0x7},
	.cases = mode_cases,
};

const struct dissector ntp_dissector = {
	.name = "ntp",
	.decode = decode,
	.text = text,
	.members = &members,
};
