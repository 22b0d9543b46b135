/* SPDX-License-Identifier: BSD-3-Clause */
/* LISP's map registration and notification: RFC 6833. */
#include "dissectors/field.h"

#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum {
	HEADER = 16,
	RECORD = 12,
	LOCATOR = 8,
	REGISTER = 3,
	NOTIFY = 4,
	IDENTIFIERS = 24, /* xTR and site, behind the records */
};

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;

	layer->words[0] = cursor_be32(&d->cursor);
	layer->words[1] = cursor_be64(&d->cursor); /* nonce */
	layer->words[2] = cursor_be32(&d->cursor);
	if (d->cursor.overrun)
		layer->flags |= LAYER_TRUNCATED;
}

enum outcome { DONE, CUT, WRONG, UNKNOWN };

static void text_header(struct text *t, const uint8_t *p)
{
	static const struct label types[] = {
		{0, "LISP-Reserved"},
		{1, "LISP-Map-Request"},
		{2, "LISP-Map-Reply"},
		{3, "LISP-Map-Register"},
		{4, "LISP-Map-Notify"},
		{8, "LISP-Encapsulated-Contol-Message"},
		{0, NULL}};
	static const struct label registers[] = {
		{0x08000000, "P-Proxy-Map-Reply"},
		{0x04000000, "S-LISP-SEC-Capable"},
		{0x02000000, "I-xTR-ID-Present"},
		{0x01000000, "R-Build-For-RTR"},
		{0x00000100, "M-Want-Map-Notify"},
		{0, NULL}};
	static const struct label notifies[] = {
		{0x08000000, "I-xTR-ID-Present"},
		{0x04000000, "R-Build-For-RTR"},
		{0, NULL}};
	uint8_t type = p[0] >> 4;

	put_label(t, types, type, "unknown-type-%u");
	put_char(t, ',');
	if (!t->options->verbose || (type != REGISTER && type != NOTIFY))
		return;
	field_put_bits(t, " flags [", type == REGISTER ? registers : notifies,
		       load_be32(p), "none");
	put_char(t, ',');
}

/* An address of @family behind @lead: its bytes, 0 if the family is not
 * known. */
static uint32_t text_address(struct text *t, const struct layer *layer,
			     const char *lead, size_t at, uint16_t family)
{
	if (family == 1)
		field_lead_ipv4(t, lead, layer, at);
	else if (family == 2)
		field_lead_ipv6(t, lead, layer, at);
	return family == 1 ? 4 : family == 2 ? 16 : 0;
}

static enum outcome text_locator(struct text *t, const struct layer *layer,
				 size_t *at)
{
	static const struct label flags[] = {{4, "Local-Locator"},
					     {2, "RLoc-Probed"},
					     {1, "Reachable"},
					     {0, NULL}};
	const uint8_t *p = layer->data + *at;
	uint16_t family;

	if (!field_has(layer, *at, LOCATOR))
		return CUT;
	family = load_be16(p + 6);
	*at += LOCATOR;
	if (t->options->verbose)
		put_text(t, "\n       ");
	if ((family == 1 && !field_has(layer, *at, 4)) ||
	    (family == 2 && !field_has(layer, *at, 16)))
		return CUT;
	*at += text_address(t, layer, " LOC ", *at, family);
	if (!t->options->verbose)
		return DONE;
	put(t,
	    "\n          Priority/Weight %u/%u, Multicast Priority/Weight "
	    "%u/%u,",
	    p[0], p[1], p[2], p[3]);
	field_put_bits(t, " flags [", flags, load_be16(p + 4), "none");
	put_char(t, ',');
	return DONE;
}

static enum outcome text_record(struct text *t, const struct layer *layer,
				size_t *at)
{
	static const struct label actions[] = {{0, "No-Action"},
					       {1, "Natively-Forward"},
					       {2, "Send-Map-Request"},
					       {3, "Drop"},
					       {0, NULL}};
	const uint8_t *p = layer->data + *at;
	uint32_t size;

	if (!field_has(layer, *at, RECORD))
		return CUT;
	put_char(t, '\n');
	*at += RECORD;
	if (t->options->verbose)
		put(t, "      Record TTL %u, %s, %s, Map Version: %u,",
		    load_be32(p),
		    p[6] & 0x10 ? "Authoritative" : "Non-Authoritative",
		    label_or(actions, p[6] >> 5, "unknown"),
		    load_be16(p + 8) & 0xfff);
	size = text_address(t, layer, " EID ", *at, load_be16(p + 10));
	if (!size)
		return UNKNOWN;
	if (t->stopped)
		return DONE;
	put(t, "/%u, %u locator(s)", p[5], p[4]);
	*at += size;
	for (int i = 0; i < p[4]; i++)
		if (text_locator(t, layer, at) == CUT)
			return CUT;
	return DONE;
}

/* What comes behind the records. */
static enum outcome text_trailer(struct text *t, const struct layer *layer,
				 size_t at)
{
	const uint8_t *p = layer->data;
	bool present = p[0] & (p[0] >> 4 == REGISTER ? 2 : 8);

	if (!present) {
		if (at < layer->captured)
			field_put_dump(t, layer, at, "\n    Data: ",
				       layer->captured - at);
		return DONE;
	}
	if (!field_has(layer, at, IDENTIFIERS))
		return WRONG;
	field_put_dump(t, layer, at, "\n    xTR-ID: ", 16);
	put(t, "\n    SITE-ID: %llu",
	    (unsigned long long)load_be64(p + at + 16));
	return DONE;
}

static enum outcome text_message(struct text *t, const struct layer *layer)
{
	static const struct label keys[] = {
		{0, "None"}, {1, "SHA1"}, {2, "SHA256"}, {0, NULL}};
	const uint8_t *p = layer->data;
	size_t at = HEADER;
	uint8_t count;

	if (!field_has(layer, 0, HEADER))
		return CUT;
	text_header(t, p);
	if (p[0] >> 4 != REGISTER && p[0] >> 4 != NOTIFY)
		return DONE;
	count = p[3];
	if (t->options->verbose) {
		put(t, "\n    %u record(s), Authentication %s,", count,
		    label_or(keys, load_be16(p + 12), "unknown-type"));
		field_put_dump(t, layer, at, "\n    Authentication-Data: ",
			       load_be16(p + 14));
		if (!field_need(t, layer, at, load_be16(p + 14)))
			return DONE;
	} else {
		put(t, " %u record(s),", count);
	}
	at += load_be16(p + 14);
	if (!count)
		return WRONG;
	while (layer->length > (uint16_t)at && count-- && !t->stopped) {
		enum outcome outcome = text_record(t, layer, &at);

		if (outcome == UNKNOWN)
			return DONE;
		if (outcome != DONE || t->stopped)
			return outcome;
	}
	return text_trailer(t, layer, at);
}

static void text(struct text *t, const struct layer *layer)
{
	enum outcome outcome;

	t->protocol = "lisp";
	outcome = text_message(t, layer);
	if (t->stopped)
		return;
	if (outcome == CUT)
		text_trunc(t);
	else if (outcome == WRONG)
		text_invalid(t);
}

static const struct member_table register_members = {
	.members = (const struct member[]){
		MEMBER_BYTES("nonce", 4, 8),
		MEMBER_U16("key_id", 12),
		MEMBER_U16("authentication_length", 14),
		MEMBER_END},
};

static const struct member_case type_cases[] = {
	{48, &register_members},
	{64, &register_members},
	{0, NULL},
};

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_PART("type", 0, 1, 4, 4),
		MEMBER_U8("records", 3),
		MEMBER_END},
	.choice = {0, 1, 0xf0},
	.cases = type_cases,
};

const struct dissector lisp_dissector = {
	.name = "lisp",
	.decode = decode,
	.text = text,
	.members = &members,
};
