/* SPDX-License-Identifier: BSD-3-Clause */
/* PPP over Ethernet: RFC 2516. */
#include "dissectors/dissector.h"

#include "dissectors/members.h"
#include "dissectors/ppp.h"
#include "dissectors/protocols.h"
#include "dissectors/put.h"

enum { HEADER = 6, CODE_SESSION = 0, CODE_PADI = 9, TAG_SHOWN = 79 };

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct pppoe *pppoe = &layer->pppoe;
	uint32_t there = layer->length - HEADER;

	pppoe->version_type = cursor_u8(&d->cursor);
	pppoe->code = cursor_u8(&d->cursor);
	pppoe->session = cursor_be16(&d->cursor);
	pppoe->length = cursor_be16(&d->cursor);
	if (d->cursor.overrun || layer->length < HEADER) {
		layer->flags |= LAYER_TRUNCATED;
		return;
	}
	if (pppoe->code == CODE_SESSION)
		dissect_payload(d, &ppp_dissector,
				window_rest(d, pppoe->length < there
						       ? pppoe->length
						       : there));
}

static const struct label tag_labels[] = {
	{0x0000, "EOL"},
	{0x0101, "Service-Name"},
	{0x0102, "AC-Name"},
	{0x0103, "Host-Uniq"},
	{0x0104, "AC-Cookie"},
	{0x0105, "Vendor-Specific"},
	{0x0110, "Relay-Session-ID"},
	{0x0120, "PPP-Max-Payload"},
	{0x0201, "Service-Name-Error"},
	{0x0202, "AC-System-Error"},
	{0x0203, "Generic-Error"},
	{0, NULL},
};

static bool is_printable(uint8_t c)
{
	return c >= 0x20 && c < 0x7f;
}

/* As text if most of it is, else in hexadecimal. */
static void put_value(struct text *t, const uint8_t *p, uint16_t length)
{
	size_t n = length < TAG_SHOWN ? length : TAG_SHOWN, printable = 0;

	for (size_t i = 0; i < n; i++)
		printable += is_printable(p[i]);
	if (printable > n - printable) {
		put_text(t, " \"");
		for (size_t i = 0; i < n; i++)
			put_char(t, is_printable(p[i]) ? (char)p[i] : '.');
		put_char(t, '"');
		return;
	}
	put_text(t, " 0x");
	for (size_t i = 0; i < length; i++)
		put(t, "%02X", p[i]);
}

static void text_tags(struct text *t, struct cursor c, uint32_t length)
{
	const uint8_t *begin = c.at;
	uint16_t type = 0xffff;

	while (type && c.at < begin + length && !t->stopped) {
		uint16_t size;

		type = text_be16(t, &c);
		size = text_be16(t, &c);
		if (!text_has(t, &c, size))
			return;
		put_text(t, " [");
		put_label(t, tag_labels, type, "TAG-0x%x");
		if (size)
			put_value(t, cursor_take(&c, size), size);
		put_char(t, ']');
	}
}

static void text_header(struct text *t, const struct layer *layer,
			uint32_t length)
{
	static const struct label codes[] = {
		{0x09, "PADI"}, {0x07, "PADO"}, {0x19, "PADR"}, {0x65, "PADS"},
		{0xa7, "PADT"}, {0x00, ""},	{0, NULL},
	};
	const struct pppoe *pppoe = &layer->pppoe;

	if (pppoe->version_type >> 4 != 1)
		put(t, " [ver %u]", pppoe->version_type >> 4);
	if ((pppoe->version_type & 15) != 1)
		put(t, " [type %u]", pppoe->version_type & 15);
	put_text(t, "PPPoE ");
	put_label(t, codes, pppoe->code, "PAD-%x");
	if (pppoe->code == CODE_PADI && pppoe->length > 1484 - HEADER)
		put(t, " [len %u!]", pppoe->length);
	if (pppoe->length > length)
		put(t, " [len %u > %u!]", pppoe->length, length);
	if (pppoe->session)
		put(t, " [ses 0x%x]", pppoe->session);
}

static void text(struct text *t, const struct layer *layer)
{
	const struct layer *payload = layer_payload(t->packet, layer);
	struct cursor c = text_cursor(layer);
	bool link = layer == t->packet->layers;
	uint32_t length;

	t->protocol = "pppoe";
	if (layer->length < HEADER) {
		put(t, " (length %u < %u)", layer->length, HEADER);
		text_invalid(t);
		return;
	}
	if (layer->captured < HEADER) {
		text_stop(t);
		return;
	}
	length = layer->length - HEADER;
	text_header(t, layer, length);
	if (link)
		t->link_length = HEADER;
	if (layer->pppoe.code == CODE_SESSION) {
		put_char(t, ' ');
		text_payload(t, layer);
		if (link && payload)
			t->link_length += payload->ppp.header_length;
		return;
	}
	cursor_skip(&c, HEADER);
	text_tags(t, c,
		  layer->pppoe.length < length ? layer->pppoe.length : length);
}

static const struct member_table service_members = {
	.members = (const struct member[]){
		MEMBER_STRING("service_name", 4, 0),
		MEMBER_END},
};

static const struct member_table concentrator_members = {
	.members = (const struct member[]){
		MEMBER_STRING("concentrator_name", 4, 0),
		MEMBER_END},
};

static const struct member_case tag_cases[] = {
	{0x0101, &service_members},
	{0x0102, &concentrator_members},
	{0, NULL},
};

static const struct member_table tag_members = {
	.list = {
		.name = "tags",
		.at = 6,
		.end = {4, 2, 0},
		.end_more = 6,
		.header = 4,
		.type = {0, 2, 0},
		.length = {2, 2, 0},
		.length_more = 4,
		.cases = tag_cases,
	},
};

static const struct member_case code_cases[] = {
	{0x07, &tag_members},
	{0x09, &tag_members},
	{0x19, &tag_members},
	{0x65, &tag_members},
	{0xa7, &tag_members},
	{0, NULL},
};

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_PART("version", 0, 1, 4, 4),
		MEMBER_PART("type", 0, 1, 0, 4),
		MEMBER_U8("code", 1),
		MEMBER_U16("session_id", 2),
		MEMBER_U16("payload_length", 4),
		MEMBER_END},
	.choice = {1, 1, 0},
	.cases = code_cases,
};

const struct dissector pppoe_dissector = {
	.name = "pppoe",
	.decode = decode,
	.text = text,
	.members = &members,
};
