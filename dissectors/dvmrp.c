/* SPDX-License-Identifier: BSD-3-Clause */
/* DVMRP: RFC 1075, draft-ietf-idmr-dvmrp-v3. */
#include "dissectors/igmp.h"

#include "dissectors/field.h"

enum { HEADER = 8, MASK = 3, LAST_ROUTE = 0x80 };

enum message {
	PROBE = 1,
	REPORT = 2,
	ASK_OLD = 3,
	NEIGHBORS_OLD = 4,
	ASK = 5,
	NEIGHBORS = 6,
	PRUNE = 7,
	GRAFT = 8,
	GRAFT_ACK = 9,
};

/* " [what LENGTH < LEAST] (invalid)" */
static void put_short(struct text *t, const char *what, uint32_t length,
		      uint32_t least)
{
	put(t, "%s %u < %u]", what, length, least);
	text_invalid(t);
}

static void text_probe(struct text *t, const struct layer *layer)
{
	uint32_t left = layer->length - HEADER;
	size_t at = HEADER;

	if (left < 4) {
		put_short(t, " [full length", left, 4);
		return;
	}
	put_text(t, t->options->verbose > 1 ? "\n\t" : " ");
	if (!field_need(t, layer, at, 4))
		return;
	put(t, "genid %u", field_be32(t, layer, at));
	if (t->options->verbose <= 1)
		return;
	for (at += 4, left -= 4; left && !t->stopped; at += 4, left -= 4) {
		if (left < 4) {
			put_short(t, "[remaining length", left, 4);
			return;
		}
		field_lead_ipv4(t, "\n\tneighbor ", layer, at);
	}
}

/* The routes behind a mask: where they end, or 0. Of an origin only the bytes
 * that the mask covers are there. */
static size_t text_routes(struct text *t, const struct layer *layer, size_t at,
			  size_t width)
{
	uint8_t metric;

	do {
		uint8_t origin[4] = {0};

		if (layer->length - at < width + 1) {
			put_text(t, "\n\t  [Truncated Report]");
			text_invalid(t);
			return 0;
		}
		if (!field_need(t, layer, at, width + 1))
			return 0;
		memcpy(origin, layer->data + at, width);
		metric = layer->data[at + width];
		put_with_ipv4(t, "\n\t  ", origin);
		put(t, " metric %u", metric & 0x7f);
		at += width + 1;
	} while (!(metric & LAST_ROUTE));
	return at;
}

static void text_report(struct text *t, const struct layer *layer)
{
	size_t at = HEADER;

	while (at && at < layer->length && !t->stopped) {
		uint8_t mask[4] = {0xff};
		size_t width = 4;

		if (layer->length - at < MASK) {
			put_short(t, " [length", layer->length - (uint32_t)at,
				  MASK);
			return;
		}
		memcpy(mask + 1, field_bytes(t, layer, at, MASK), MASK);
		if (t->stopped)
			return;
		while (width > 1 && !mask[width - 1])
			width--;
		put_with_ipv4(t, "\n\tMask ", mask);
		at = text_routes(t, layer, at + MASK, width);
	}
}

static void text_neighbors_old(struct text *t, const struct layer *layer)
{
	size_t at = HEADER;

	while (at < layer->length && !t->stopped) {
		const uint8_t *p;
		uint32_t left = layer->length - (uint32_t)at;

		if (left < 7) {
			put_short(t, " [length", left, 7);
			return;
		}
		if (!field_need(t, layer, at, 7))
			return;
		p = layer->data + at;
		at += 7;
		for (int i = 0; i < p[6] && !t->stopped; i++, at += 4) {
			left = layer->length - (uint32_t)at;
			if (left < 4) {
				put_short(t, " [length", left, 4);
				return;
			}
			put_with_ipv4(t, " [", p);
			put_text(t, " ->");
			field_lead_ipv4(t, " ", layer, at);
			put(t, ", (%u/%u)]", p[4], p[5]);
		}
	}
}

static void put_neighbor(struct text *t, const struct layer *layer,
			 const uint8_t *p, size_t at)
{
	static const struct label flags[] = {
		{0x01, "/tunnel"},   {0x02, "/srcrt"}, {0x40, "/querier"},
		{0x20, "/disabled"}, {0x10, "/down"},  {0, NULL}};

	put_with_ipv4(t, " [", p);
	put_text(t, " -> ");
	field_put_ipv4(t, layer, at);
	put(t, " (%u/%u", p[4], p[5]);
	for (const struct label *l = flags; l->text; l++)
		if (p[6] & l->value)
			put_text(t, l->text);
	put_text(t, ")]");
}

static void text_neighbors(struct text *t, const struct layer *layer)
{
	size_t at = HEADER;

	put(t, " (v %u.%u):", field_u8(t, layer, 7), field_u8(t, layer, 6));
	while (at < layer->length && !t->stopped) {
		const uint8_t *p;
		uint32_t left = layer->length - (uint32_t)at;

		if (left < 8) {
			put_short(t, " [length", left, 8);
			return;
		}
		if (!field_need(t, layer, at, 8))
			return;
		p = layer->data + at;
		at += 8;
		for (int i = 0; i < p[7] && !t->stopped; i++, at += 4) {
			left = layer->length - (uint32_t)at;
			if (!left) {
				put_text(t, " [invalid ncount]");
				text_invalid(t);
				return;
			}
			if (left < 4) {
				put_short(t, " [length", left, 4);
				return;
			}
			put_neighbor(t, layer, p, at);
		}
	}
}

static void text_prune(struct text *t, const struct layer *layer,
		       bool with_time)
{
	if (!field_need(t, layer, HEADER, 8))
		return;
	put_with_ipv4(t, " src ", layer->data + HEADER);
	put_with_ipv4(t, " grp ", layer->data + HEADER + 4);
	if (!with_time)
		return;
	put_text(t, " timer ");
	put_duration(t, field_be32(t, layer, HEADER + 8));
}

void dvmrp_text(struct text *t, const struct layer *igmp)
{
	static const struct label messages[] = {
		{PROBE, " Probe"},
		{REPORT, " Report"},
		{ASK_OLD, " Ask-neighbors(old)"},
		{NEIGHBORS_OLD, " Neighbors(old)"},
		{ASK, " Ask-neighbors2"},
		{NEIGHBORS, " Neighbors2"},
		{PRUNE, " Prune"},
		{GRAFT, " Graft"},
		{GRAFT_ACK, " Graft-ACK"},
		{0, NULL},
	};
	uint8_t type;

	t->protocol = "dvmrp";
	type = field_u8(t, igmp, 1);
	put_label(t, messages, type, " [type %u]");
	switch (type) {
	case PROBE:
		if (t->options->verbose)
			text_probe(t, igmp);
		break;
	case REPORT:
		if (t->options->verbose > 1)
			text_report(t, igmp);
		break;
	case NEIGHBORS_OLD:
		text_neighbors_old(t, igmp);
		break;
	case NEIGHBORS:
		text_neighbors(t, igmp);
		break;
	case PRUNE:
	case GRAFT:
	case GRAFT_ACK:
		text_prune(t, igmp, type == PRUNE);
		break;
	default:
		break;
	}
}
