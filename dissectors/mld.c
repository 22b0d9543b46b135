/* SPDX-License-Identifier: BSD-3-Clause */
/* Multicast listener discovery: RFC 2710, RFC 3810. */
#include "dissectors/icmp6.h"

enum { QUERY_1 = 24, QUERY_2 = 28, RECORD = 20 };

/* A delay or interval in floating-point form. */
static uint32_t expand(uint32_t mantissa, uint32_t hidden, uint32_t exponent)
{
	return (mantissa | hidden) << (exponent + 3);
}

static void text_sources(struct text *t, const struct layer *layer,
			 uint32_t offset, uint32_t count)
{
	put_text(t, " {");
	for (uint32_t i = 0; i < count && !t->stopped; i++) {
		const uint8_t *address = text_at(t, layer, offset + 16 * i, 16);

		put_char(t, ' ');
		put_ipv6(t, address);
	}
	put_text(t, " }");
}

static void text_query_details(struct text *t, const struct layer *layer)
{
	uint8_t flags = text_at(t, layer, 24, 1)[0];
	uint8_t interval;

	if (flags & 8)
		put_text(t, " sflag");
	if (flags & 7)
		put(t, " robustness=%u", flags & 7);
	interval = text_at(t, layer, 25, 1)[0];
	put(t, " qqi=%u",
	    interval < 128 ? interval
			   : expand(interval & 15, 16, interval >> 4 & 7));
}

static void text_query_2(struct text *t, const struct layer *layer)
{
	uint32_t delay, count;

	put_text(t, " v2");
	delay = load_be16(text_at(t, layer, 4, 2));
	if (delay >= 32768)
		delay = expand(delay & 0xfff, 0x1000, delay >> 12 & 7);
	if (t->options->verbose)
		put(t, " [max resp delay=%u]", delay);
	put_with_ipv6(t, " [gaddr ",
			text_at(t, layer, 8, 16));
	if (t->options->verbose)
		text_query_details(t, layer);
	count = load_be16(text_at(t, layer, 26, 2));
	if (count && layer->length < QUERY_2 + count * 16)
		put_text(t, " [invalid number of sources]");
	else if (count && t->options->verbose > 1)
		text_sources(t, layer, QUERY_2, count);
	else if (count)
		put(t, ", %u source(s)", count);
	put_char(t, ']');
}

void mld_text(struct text *t, const struct layer *layer)
{
	if (layer->icmp.type == 130 && layer->length >= QUERY_2) {
		text_query_2(t, layer);
		return;
	}
	if (layer->captured < QUERY_1)
		return;
	put(t, "max resp delay: %u addr: ", load_be16(layer->data + 4));
	put_ipv6(t, layer->data + 8);
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

	if (layer->length < offset + RECORD) {
		put_text(t, " [invalid number of groups]");
		return 0;
	}
	put_with_ipv6(t, " [gaddr ",
			text_at(t, layer, offset + 4, 16));
	type = text_at(t, layer, offset, 1)[0];
	put_char(t, ' ');
	put_label(t, types, type, " [v2-report-#%u]");
	count = load_be16(text_at(t, layer, offset + 2, 2));
	if (layer->length < offset + RECORD + count * 16) {
		put(t, " [invalid number of sources %u]", count);
		return 0;
	}
	if (t->options->verbose == 1)
		put(t, ", %u source(s)", count);
	else
		text_sources(t, layer, offset + RECORD, count);
	put_char(t, ']');
	return offset + RECORD + count * 16;
}

void mld_text_report(struct text *t, const struct layer *layer)
{
	uint32_t groups, offset = 8;

	if (layer->length < 8) {
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
