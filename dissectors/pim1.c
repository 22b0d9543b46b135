/* SPDX-License-Identifier: BSD-3-Clause */
/* PIM version 1, which is spoken inside IGMP: draft-ietf-idmr-pim-spec-02. */
#include "dissectors/igmp.h"

#include "dissectors/field.h"

enum { HEADER = 8, VERSION = 1 };

enum message {
	QUERY = 0,
	REGISTER = 1,
	REGISTER_STOP = 2,
	JOIN_PRUNE = 3,
	REACHABLE = 4,
	ASSERT = 5,
	GRAFT = 6,
	GRAFT_ACK = 7,
};

/* "/MASK", unless it is that of a host. */
static void put_mask(struct text *t, const uint8_t *mask)
{
	if (load_be32(mask) != 0xffffffff)
		put_with_ipv4(t, "/", mask);
}

static void text_query(struct text *t, const struct layer *layer)
{
	static const struct label modes[] = {{0, " Dense-mode"},
					     {1, " Sparse-mode"},
					     {2, " Sparse-Dense-mode"},
					     {0, NULL}};

	if (field_has(layer, 8, 1))
		put_label(t, modes, layer->data[8] >> 4, " mode-%u");
	if (!t->options->verbose)
		return;
	put_text(t, " (Hold-time ");
	put_duration(t, field_be16(t, layer, 10));
	put_char(t, ')');
}

static void text_ends(struct text *t, const struct layer *layer, size_t at)
{
	if (!field_need(t, layer, at, 8))
		return;
	put_with_ipv4(t, " for ", layer->data + at);
	put_with_ipv4(t, " > ", layer->data + at + 4);
}

static void text_reachable(struct text *t, const struct layer *layer)
{
	field_lead_ipv4(t, " group ", layer, 8);
	if (!field_need(t, layer, 12, 4))
		return;
	put_mask(t, layer->data + 12);
	field_lead_ipv4(t, " RP ", layer, 16);
	put_text(t, " hold ");
	put_duration(t, field_be16(t, layer, 22));
}

static void text_assert(struct text *t, const struct layer *layer)
{
	const uint8_t *p = layer->data;

	if (!field_need(t, layer, 16, 4))
		return;
	put_with_ipv4(t, " for ", p + 16);
	put_with_ipv4(t, " > ", p + 8);
	put_mask(t, p + 12);
	if (!field_need(t, layer, 20, 8))
		return;
	put(t, " %s pref %u metric %u", p[20] & 0x80 ? "RP-tree" : "SPT",
	    load_be32(p + 20) & 0x7fffffff, load_be32(p + 24));
}

/* Are @n bytes at @at within the message? */
static bool is_there(struct text *t, const struct layer *layer, size_t at,
		     size_t n)
{
	if (layer->length >= at + n)
		return true;
	text_trunc(t);
	return false;
}

/* The sources that are joined, or pruned; false: given up. */
static bool text_sources(struct text *t, const struct layer *layer, size_t *at,
			 const char *what, uint32_t count)
{
	while (count-- && !t->stopped) {
		const uint8_t *p;

		if (!is_there(t, layer, *at, 6) ||
		    !field_need(t, layer, *at, 6))
			return false;
		p = layer->data + *at;
		put(t, "\n\t%s %s%s%s", what, p[0] & 1 ? "Sparse " : "Dense ",
		    p[1] & 0x80 ? "WC " : "", p[1] & 0x40 ? "RP " : "SPT ");
		put_ipv4(t, p + 2);
		put(t, "/%u", p[1] & 0x3f);
		*at += 6;
	}
	return true;
}

static void text_groups(struct text *t, const struct layer *layer)
{
	const char *line = t->options->verbose > 1 ? "\n" : "";
	size_t at = HEADER + 8;
	const uint8_t *p;
	uint8_t count;

	if (!is_there(t, layer, HEADER, 4))
		return;
	put_text(t, line);
	field_lead_ipv4(t, " Upstream Nbr: ", layer, HEADER);
	if (!is_there(t, layer, HEADER + 4, 4))
		return;
	put_text(t, line);
	put_text(t, " Hold time: ");
	put_duration(t, field_be16(t, layer, HEADER + 6));
	if (t->options->verbose < 2 || !is_there(t, layer, at, 4))
		return;
	count = field_u8(t, layer, at + 3);
	at += 4;
	for (int i = 0; i < count && !t->stopped; i++) {
		uint32_t joined, pruned;

		p = layer->data + at;
		if (!is_there(t, layer, at, 4))
			return;
		field_lead_ipv4(t, "\n\tGroup: ", layer, at);
		if (!is_there(t, layer, at + 4, 4) ||
		    !field_need(t, layer, at + 4, 4))
			return;
		put_mask(t, p + 4);
		if (!is_there(t, layer, at + 8, 4) ||
		    !field_need(t, layer, at + 8, 4))
			return;
		joined = load_be16(p + 8);
		pruned = load_be16(p + 10);
		put(t, " joined: %u pruned: %u", joined, pruned);
		at += 12;
		if (!text_sources(t, layer, &at, "Join ", joined) ||
		    !text_sources(t, layer, &at, "Prune", pruned))
			return;
	}
}

void pim1_text(struct text *t, const struct layer *igmp)
{
	static const struct label messages[] = {
		{QUERY, " Query"},
		{REGISTER, " Register"},
		{REGISTER_STOP, " Register-Stop"},
		{JOIN_PRUNE, " Join/Prune"},
		{REACHABLE, " RP-reachable"},
		{ASSERT, " Assert"},
		{GRAFT, " Graft"},
		{GRAFT_ACK, " Graft-ACK"},
		{0, NULL},
	};
	uint8_t type, version;

	t->protocol = "pimv1";
	type = field_u8(t, igmp, 1);
	put_label(t, messages, type, " [type %u]");
	switch (type) {
	case QUERY:
		text_query(t, igmp);
		break;
	case REGISTER:
		if (!field_has(igmp, HEADER + 12, 8)) {
			text_trunc(t);
			return;
		}
		text_ends(t, igmp, HEADER + 12);
		break;
	case REGISTER_STOP:
		text_ends(t, igmp, HEADER);
		break;
	case REACHABLE:
		if (t->options->verbose)
			text_reachable(t, igmp);
		break;
	case ASSERT:
		text_assert(t, igmp);
		break;
	case JOIN_PRUNE:
	case GRAFT:
	case GRAFT_ACK:
		if (!t->options->verbose)
			break;
		if (!is_there(t, igmp, 0, HEADER))
			return;
		text_groups(t, igmp);
		break;
	default:
		break;
	}
	version = field_u8(t, igmp, 4) >> 4;
	if (version != VERSION)
		put(t, " [v%u]", version);
}
