/* SPDX-License-Identifier: BSD-3-Clause */
/* IGMP: RFC 1112, RFC 2236, RFC 3376. */
#include "dissectors/igmp.h"

#include "dissectors/checksum.h"
#include "dissectors/protocols.h"

enum message {
	QUERY = 0x11,
	REPORT_1 = 0x12,
	DVMRP = 0x13,
	PIM = 0x14,
	REPORT_2 = 0x16,
	LEAVE = 0x17,
	TRACE_RESPONSE = 0x1e,
	TRACE = 0x1f,
	REPORT_3 = 0x22,
};

enum { USUAL_TIME = 100 /* tenths of a second */ };

static void decode(struct dissection *d)
{
	struct icmp *igmp = &d->layer->icmp;

	igmp->type = cursor_u8(&d->cursor);
	igmp->code = cursor_u8(&d->cursor);
	igmp->checksum = cursor_be16(&d->cursor);
	igmp->rest = cursor_be32(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

static void put_group(struct text *t, const struct layer *layer,
		      const char *before, uint32_t offset)
{
	const uint8_t *address = text_at(t, layer, offset, 4);

	put_text(t, before);
	put_ipv4(t, address);
}

static void text_trace(struct text *t, const struct layer *layer,
		       const char *name)
{
	const uint8_t *p;

	if (layer->length < 24) {
		put(t, " [invalid len %u]", layer->length);
		return;
	}
	p = text_at(t, layer, 8, 16);
	put(t, "%s %u: ", name, load_be24(p + 13));
	put_ipv4(t, p);
	put_text(t, " to ");
	put_ipv4(t, p + 4);
	put_text(t, " reply-to ");
	put_ipv4(t, p + 8);
	if (p[8] >> 4 == 14)
		put(t, " with-ttl %u", p[12]);
}

static void text_sources(struct text *t, const struct layer *layer,
			 uint32_t offset, uint32_t count)
{
	put_text(t, " {");
	for (uint32_t i = 0; i < count && !t->stopped; i++) {
		put_group(t, layer, " ", offset + 4 * i);
	}
	put_text(t, " }");
}

/* One group record at @offset; 0 where the records end. */
static uint32_t text_record(struct text *t, const struct layer *layer,
			    uint32_t offset)
{
	static const struct label types[] = {
		{1, "is_in"}, {2, "is_ex"}, {3, "to_in"}, {4, "to_ex"},
		{5, "allow"}, {6, "block"}, {0, NULL},
	};
	uint32_t count;
	uint8_t type;

	if (layer->length < offset + 8) {
		put_text(t, " [invalid number of groups]");
		return 0;
	}
	put_group(t, layer, " [gaddr ", offset + 4);
	type = text_at(t, layer, offset, 1)[0];
	put_char(t, ' ');
	put_label(t, types, type, " [v3-report-#%u]");
	count = load_be16(text_at(t, layer, offset + 2, 2));
	if (layer->length < offset + 8 + count * 4) {
		put(t, " [invalid number of sources %u]", count);
		return 0;
	}
	if (t->options->verbose == 1)
		put(t, ", %u source(s)", count);
	else
		text_sources(t, layer, offset + 8, count);
	put_char(t, ']');
	return offset + 8 + count * 4;
}

static void text_report_3(struct text *t, const struct layer *layer)
{
	uint32_t groups, offset = 8;

	if (layer->length < 16 || layer->length & 3) {
		put(t, " [invalid len %u]", layer->length);
		return;
	}
	groups = load_be16(text_at(t, layer, 6, 2));
	put(t, ", %u group record(s)", groups);
	if (!t->options->verbose)
		return;
	while (groups-- && offset && !t->stopped)
		offset = text_record(t, layer, offset);
}

static void text_time(struct text *t, uint8_t code)
{
	uint32_t tenths = code < 128
				  ? code
				  : ((code & 15u) | 16) << ((code >> 4 & 7) + 3);

	put_text(t, " [max resp time ");
	if (tenths < 600)
		put(t, "%u.%us", tenths / 10, tenths % 10);
	else
		put_duration(t, tenths / 10);
	put_char(t, ']');
}

static void text_query_3(struct text *t, const struct layer *layer)
{
	uint32_t count;
	uint8_t code;

	put_text(t, " v3");
	if (layer->length & 3) {
		put(t, " [invalid len %u]", layer->length);
		return;
	}
	code = text_at(t, layer, 1, 1)[0];
	if (code != USUAL_TIME)
		text_time(t, code);
	if (!load_be32(text_at(t, layer, 4, 4)))
		return;
	put_group(t, layer, " [gaddr ", 4);
	count = load_be16(text_at(t, layer, 10, 2));
	if (count && layer->length < 12 + count * 4)
		put_text(t, " [invalid number of sources]");
	else if (count && t->options->verbose > 1)
		text_sources(t, layer, 12, count);
	else if (count)
		put(t, ", %u source(s)", count);
	put_char(t, ']');
}

static void text_query(struct text *t, const struct layer *layer)
{
	uint8_t code;

	put_text(t, "igmp query");
	if (layer->length >= 12) {
		text_query_3(t, layer);
		return;
	}
	code = text_at(t, layer, 1, 1)[0];
	put_text(t, code ? " v2" : " v1");
	if (code && code != USUAL_TIME)
		put(t, " [max resp time %u]", code);
	if (load_be32(text_at(t, layer, 4, 4))) {
		put_group(t, layer, " [gaddr ", 4);
		put_char(t, ']');
	}
	if (layer->length != 8)
		put(t, " [len %u]", layer->length);
}

static void text_message(struct text *t, const struct layer *layer)
{
	switch (layer->icmp.type) {
	case QUERY:
		text_query(t, layer);
		break;
	case REPORT_1:
		put_group(t, layer, "igmp v1 report ", 4);
		if (layer->length != 8)
			put(t, " [len %u]", layer->length);
		break;
	case REPORT_2:
		put_group(t, layer, "igmp v2 report ", 4);
		break;
	case REPORT_3:
		put_text(t, "igmp v3 report");
		text_report_3(t, layer);
		break;
	case LEAVE:
		put_group(t, layer, "igmp leave ", 4);
		break;
	case DVMRP:
		put_text(t, "igmp dvmrp");
		if (layer->length < 8)
			put(t, " [len %u]", layer->length);
		else
			dvmrp_text(t, layer);
		break;
	case PIM:
		put_text(t, "igmp pimv1");
		pim1_text(t, layer);
		break;
	case TRACE_RESPONSE:
		text_trace(t, layer, "mresp");
		break;
	case TRACE:
		text_trace(t, layer, "mtrace");
		break;
	default:
		put(t, "igmp-%u", layer->icmp.type);
		break;
	}
}

static void text(struct text *t, const struct layer *layer)
{
	t->protocol = "igmp";
	if (t->options->quiet) {
		put_text(t, "igmp");
		return;
	}
	text_at(t, layer, 0, 1);
	text_message(t, layer);
	if (t->options->verbose && layer->length >= 4 &&
	    layer->captured >= layer->length &&
	    checksum(layer->data, layer->length))
		put(t, " bad igmp cksum %x!", layer->icmp.checksum);
}

static void json_addresses(struct json *json, const char *name,
			   struct cursor *c, uint32_t count)
{
	json_open_array(json, name);
	while (count-- && cursor_has(c, 4))
		json_ipv4(json, NULL, cursor_take(c, 4));
	json_close_array(json);
}

/* The group records of a version 3 report. */
static void json_records(struct json *json, const struct layer *layer)
{
	struct cursor c = text_cursor(layer);
	uint32_t count = layer->icmp.rest & 0xffff;

	cursor_skip(&c, 8);
	json_open_array(json, "records");
	while (count-- && cursor_has(&c, 8)) {
		uint8_t type = cursor_u8(&c);
		size_t more = (size_t)cursor_u8(&c) * 4;
		uint16_t sources = cursor_be16(&c);

		json_open_object(json, NULL);
		json_u64(json, "type", type);
		json_ipv4(json, "group", cursor_take(&c, 4));
		json_addresses(json, "sources", &c, sources);
		json_close_object(json);
		cursor_skip(&c, more);
	}
	json_close_array(json);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	struct cursor c = text_cursor(layer);

	(void)packet;
	json_u64(json, "type", layer->icmp.type);
	json_u64(json, "checksum", layer->icmp.checksum);
	if (layer->icmp.type == REPORT_3) {
		json_records(json, layer);
		return;
	}
	json_u64(json, "max_response_time", layer->icmp.code);
	json_ipv4(json, "group", layer->data + 4);
	cursor_skip(&c, 8);
	if (layer->icmp.type == QUERY && layer->length >= 12 &&
	    cursor_has(&c, 4)) {
		json_bool(json, "suppress", c.at[0] & 8);
		json_u64(json, "robustness", c.at[0] & 7);
		json_u64(json, "query_interval_code", c.at[1]);
		cursor_skip(&c, 2);
		json_addresses(json, "sources", &c, cursor_be16(&c));
	}
}

const struct dissector igmp_dissector = {
	.name = "igmp",
	.decode = decode,
	.text = text,
	.json = json,
};
