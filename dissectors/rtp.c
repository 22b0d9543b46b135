/* SPDX-License-Identifier: BSD-3-Clause */
/* RTP and RTCP: RFC 3550; RTP version 1; what vat and vt sent before it. */
#include "dissectors/dissector.h"
#include "dissectors/members.h"
#include "dissectors/protocols.h"
#include "dissectors/put.h"

enum {
	RTP_HEADER = 12,
	RTP_1_HEADER = 8,
	H261 = 0x1f,
	RTCP_HEADER = 8,
	SENDER_SIZE = 20,
	REPORT_SIZE = 24,
};

enum rtcp_type {
	SENDER_REPORT = 200,
	RECEIVER_REPORT,
	SOURCE_DESCRIPTION,
	BYE,
};

static void decode(struct dissection *d)
{
	d->layer->words[0] = cursor_be32(&d->cursor);
	d->layer->words[1] = cursor_be32(&d->cursor);
	d->layer->words[2] = cursor_be32(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

/* Passes @words of 4 bytes, captured or not. */
static void pass(struct cursor *c, uint32_t words)
{
	if (cursor_has(c, 4 * (size_t)words))
		cursor_skip(c, 4 * (size_t)words);
	else
		c->at = c->end;
}

static uint32_t peek(struct text *t, const struct cursor *c)
{
	struct cursor copy = *c;

	return text_be32(t, &copy);
}

/* The options of version 1. False if one is not what it should be. */
static bool text_options(struct text *t, struct cursor *c, uint32_t *words)
{
	uint32_t option;

	do {
		uint32_t size;

		option = peek(t, c);
		size = option >> 16 & 0xff;
		if (!size || size > *words) {
			put_text(t, " !opt");
			return false;
		}
		pass(c, size);
		*words -= size;
	} while (!(option & 0x80000000) && !t->stopped);
	return true;
}

static void text_verbose(struct text *t, const struct layer *layer,
			 bool has_options, bool has_extension, uint8_t type)
{
	bool one = layer->words[0] >> 30 == 1;
	uint32_t header = one ? RTP_1_HEADER : RTP_HEADER;
	uint32_t words = layer->length / 4 - header / 4, size;
	struct cursor c = text_cursor(layer);

	pass(&c, 2);
	put(t, " %u", peek(t, &c));
	if (!one)
		pass(&c, 1);
	if (has_options && !text_options(t, &c, &words))
		return;
	if (has_extension) {
		size = (peek(t, &c) & 0xffff) + 1;
		if (size > words) {
			put_text(t, " !ext");
			return;
		}
		pass(&c, size);
	}
	if (type == H261)
		put(t, " 0x%04x", peek(t, &c) >> 16);
}

static void text_rtp(struct text *t, const struct layer *layer)
{
	struct cursor c = text_cursor(layer);
	bool one, options, extension, marker;
	uint32_t first, second, header;
	uint8_t type;

	t->protocol = "rtp";
	if (layer->length < RTP_1_HEADER) {
		put(t, "udp/rtp, length %u < 8", layer->length);
		return;
	}
	first = text_be32(t, &c);
	second = text_be32(t, &c);
	one = first >> 30 == 1;
	header = one ? RTP_1_HEADER : RTP_HEADER;
	if (layer->length < header) {
		put(t, "udp/rtp, length %u < 12", layer->length);
		return;
	}
	options = one && first & 0x800000;
	extension = !one && first & 0x10000000;
	marker = first & (one ? 0x400000 : 0x800000);
	type = (uint8_t)(first >> 16 & (one ? 0x3f : 0x7f));
	put(t, "udp/%s %u c%u %s%s %u %u", one ? "rtpv1" : "rtp",
	    layer->length - header, type, options || extension ? "+" : "",
	    marker ? "*" : "", first & 0xffff, second);
	if (t->options->verbose && !t->stopped)
		text_verbose(t, layer, options, extension, type);
}

/* Fixed point: 16 bits and 16 bits of fraction. */
static double fixed(uint32_t value)
{
	return value / 65536.0;
}

/* tcpdump prints the first report as often as there are reports. */
static bool text_reports(struct text *t, struct cursor c, uint32_t count)
{
	if (count > 1)
		put(t, " c%u", count);
	for (; count && !t->stopped; count--) {
		if (!cursor_has(&c, REPORT_SIZE))
			return false;
		if (t->options->verbose)
			put(t, " %u", load_be32(c.at));
		put(t, " %ul %us %uj", load_be32(c.at + 4) & 0xffffff,
		    load_be32(c.at + 8), load_be32(c.at + 12));
		strbuf_printf(t->out, " @%.2f+%.2f",
			      fixed(load_be32(c.at + 16)),
			      fixed(load_be32(c.at + 20)));
	}
	return true;
}

static bool text_sender(struct text *t, struct cursor *c)
{
	const uint8_t *p = cursor_take(c, SENDER_SIZE);

	if (!p)
		return false;
	strbuf_printf(t->out, " @%.2f",
		      load_be32(p) + load_be32(p + 4) / 4294967296.0);
	put(t, " %u %up %ub", load_be32(p + 8), load_be32(p + 12),
	    load_be32(p + 16));
	return true;
}

static void put_ssrc(struct text *t, uint32_t source)
{
	if (t->options->verbose)
		put(t, " %u", source);
}

/* One packet of a compound; its size, 0 where the snapshot ends. */
static uint32_t text_rtcp_packet(struct text *t, struct cursor c)
{
	const uint8_t *p = cursor_take(&c, RTCP_HEADER);
	uint32_t length, source, count;

	if (!p)
		return 0;
	count = p[0] & 0x1f;
	length = (load_be16(p + 2) + 1u) * 4;
	source = load_be32(p + 4);
	switch (p[1]) {
	case SENDER_REPORT:
		put_text(t, " sr");
		if (length != count * REPORT_SIZE + SENDER_SIZE + RTCP_HEADER)
			put(t, " [%u]", length);
		put_ssrc(t, source);
		if (!text_sender(t, &c))
			return 0;
		break;
	case RECEIVER_REPORT:
		put_text(t, " rr");
		if (length != count * REPORT_SIZE + RTCP_HEADER)
			put(t, " [%u]", length);
		put_ssrc(t, source);
		break;
	case SOURCE_DESCRIPTION:
	case BYE:
		put(t, p[1] == BYE ? " bye %u" : " sdes %u", length);
		put_ssrc(t, source);
		return length;
	default:
		put(t, " type-0x%x %u", p[1], length);
		return length;
	}
	return text_reports(t, c, count) ? length : 0;
}

static void text_rtcp(struct text *t, const struct layer *layer)
{
	struct cursor c = text_cursor(layer);

	t->protocol = "rtcp";
	while (cursor_left(&c)) {
		uint32_t length = text_rtcp_packet(t, c);

		if (!length) {
			text_trunc(t);
			return;
		}
		pass(&c, length / 4);
	}
}

static void text_vat(struct text *t, const struct layer *layer)
{
	struct cursor c = text_cursor(layer), copy = c;
	uint32_t first, second;
	uint16_t stamp;

	t->protocol = "vat";
	if (layer->length < 2) {
		put(t, "udp/va/vat, length %u < 2", layer->length);
		return;
	}
	stamp = text_be16(t, &copy);
	if (stamp & 0xf060) {
		put(t, "udp/vt %u %u / %u", layer->length, stamp & 0x3ff,
		    stamp >> 10);
		return;
	}
	if (layer->length < 8) {
		put(t, "udp/vat, length %u < 8", layer->length);
		return;
	}
	first = text_be32(t, &c);
	second = text_be32(t, &c);
	put(t, "udp/vat %u c%u %u%s", layer->length - 8, first & 0xffff,
	    second, first & 0x800000 ? "*" : "");
	if (first & 0x1f0000)
		put(t, " f%u", first >> 16 & 0x1f);
	if (first & 0x3f000000)
		put(t, " s%u", first >> 24 & 0x3f);
}

static const struct member_table rtp_members = {
	.members = (const struct member[]){
		MEMBER_PART("version", 0, 1, 6, 2),
		MEMBER_FLAG("padding", 0, 1, 5),
		MEMBER_FLAG("extension", 0, 1, 4),
		MEMBER_PART("source_count", 0, 1, 0, 4),
		MEMBER_FLAG("marker", 1, 1, 7),
		MEMBER_PART("payload_type", 1, 1, 0, 7),
		MEMBER_U16("sequence", 2),
		MEMBER_U32("timestamp", 4),
		MEMBER_U32("ssrc", 8),
		MEMBER_END},
};

const struct dissector rtp_dissector = {
	.name = "rtp",
	.decode = decode,
	.text = text_rtp,
	.members = &rtp_members,
};

static const struct member_table sender_members = {
	.members = (const struct member[]){
		MEMBER_U32("ssrc", 4),
		MEMBER_STAMP("sent", 8),
		MEMBER_U32("rtp_timestamp", 16),
		MEMBER_U32("packet_count", 20),
		MEMBER_U32("octet_count", 24),
		MEMBER_END},
};

static const struct member_table source_members = {
	.members = (const struct member[]){
		MEMBER_U32("ssrc", 4),
		MEMBER_END},
};

static const struct member_case rtcp_cases[] = {
	{200, &sender_members},
	{201, &source_members},
	{202, &source_members},
	{203, &source_members},
	{204, &source_members},
	{0, NULL},
};

static const struct member_table rtcp_members = {
	.members = (const struct member[]){
		MEMBER_PART("version", 0, 1, 6, 2),
		MEMBER_PART("count", 0, 1, 0, 5),
		MEMBER_U8("type", 1),
		MEMBER_U16("packet_length", 2),
		MEMBER_END},
	.choice = {1, 1, 0},
	.cases = rtcp_cases,
};

const struct dissector rtcp_dissector = {
	.name = "rtcp",
	.decode = decode,
	.text = text_rtcp,
	.members = &rtcp_members,
};

const struct dissector vat_dissector = {
	.name = "vat",
	.decode = decode,
	.text = text_vat,
};
