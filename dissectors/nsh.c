/* SPDX-License-Identifier: BSD-3-Clause */
/* NSH, service function chains: RFC 8300. */
#include "dissectors/field.h"

#include "dissectors/nsh.h"
#include "dissectors/protocols.h"

enum { WORD = 4, BASE = 8, MD_FIXED = 1, MD_VARIABLE = 2, FIXED_LENGTH = 6 };

static const struct label md_labels[] = {
	{0, "reserved"}, {1, "1"}, {2, "2"}, {15, "experimental"}, {0, NULL},
};

static const struct label protocol_labels[] = {
	{1, "IPv4"},
	{2, "IPv6"},
	{3, "Ethernet"},
	{4, "NSH"},
	{5, "MPLS"},
	{0xfe, "Experiment 1"},
	{0xff, "Experiment 2"},
	{0, NULL},
};

/* What decode() keeps. */
enum word { FIRST, MD_TYPE, PROTOCOL, PATH, INDEX };

const struct dissector *nsh_find(uint8_t protocol)
{
	switch (protocol) {
	case 1:
		return &ipv4_dissector;
	case 2:
		return &ipv6_dissector;
	case 3:
		return &ethernet_dissector;
	case 4:
		return &nsh_dissector;
	default:
		return NULL;
	}
}

/* Words of header that the header says that there are. */
static uint32_t header_words(const struct layer *layer)
{
	return layer->words[FIRST] & 0x3f;
}

/* One chain in another is not printed. */
static const struct dissector *find_payload(const struct layer *layer)
{
	const struct dissector *payload =
		nsh_find((uint8_t)layer->words[PROTOCOL]);

	return payload == &nsh_dissector ? NULL : payload;
}

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;
	uint32_t length;

	layer->words[FIRST] = cursor_be16(c);
	layer->words[MD_TYPE] = cursor_u8(c) & 15;
	layer->words[PROTOCOL] = cursor_u8(c);
	layer->words[PATH] = cursor_be24(c);
	layer->words[INDEX] = cursor_u8(c);
	if (c->overrun || layer->length < BASE) {
		layer->flags |= LAYER_TRUNCATED;
		return;
	}
	length = header_words(layer) * WORD;
	if (layer->words[FIRST] >> 14 || length < BASE ||
	    length > layer->length) {
		layer->flags |= LAYER_BAD_LENGTH;
		return;
	}
	cursor_skip(c, length - BASE);
	if (!c->overrun)
		dissect_payload(d, find_payload(layer),
				window_rest(d, layer->length - length));
}

/* Context headers of the two metadata types; false: (invalid). */
static bool text_fixed(struct text *t, const struct layer *layer)
{
	if (header_words(layer) != FIXED_LENGTH) {
		put_text(t, " (invalid length for the MD type)");
		return false;
	}
	for (unsigned int i = 0; i < 4; i++) {
		uint32_t value = field_be32(t, layer, BASE + WORD * i);

		if (t->stopped)
			break;
		put(t, "\n        Context[%02u]: 0x%08x", i, value);
	}
	return true;
}

static bool text_variable(struct text *t, const struct layer *layer)
{
	uint32_t left = header_words(layer) - BASE / WORD;
	size_t at = BASE;

	while (left && !t->stopped) {
		uint32_t class = field_be16(t, layer, at);
		uint8_t type = field_u8(t, layer, at + 2);
		uint8_t length = field_u8(t, layer, at + 3) & 0x7f;
		uint32_t words = (length + 3u) / WORD;

		if (t->stopped)
			break;
		put(t, "\n        TLV Class %u, Type %u, Len %u", class, type,
		    length);
		at += WORD;
		left--;
		if (!words)
			continue;
		if (left < words) {
			put_text(t, " (length too big)");
			return false;
		}
		put_text(t, "\n            Value: ");
		for (uint32_t i = 0; i < length && !t->stopped; i++) {
			uint8_t byte = field_u8(t, layer, at + i);

			if (!t->stopped)
				put(t, "%s%02x", i ? ":" : "0x", byte);
		}
		at += words * WORD;
		left -= words;
	}
	return true;
}

/* False: (invalid). */
static bool text_header(struct text *t, const struct layer *layer)
{
	static const struct label flags[] = {
		{0x2000, "O"}, {0x1000, "U"}, {0, NULL}};
	uint32_t verbose = t->options->verbose;
	uint16_t first = (uint16_t)layer->words[FIRST];
	uint8_t protocol;

	if (verbose > 1)
		put(t, "ver %u, ", first >> 14);
	if (first >> 14)
		return true;
	field_put_bits(t, "flags [", flags, first & 0x2000u, "none");
	put_text(t, ", ");
	if (verbose > 2)
		put(t, "TTL %u, length %u, ", first >> 6 & 0x3f,
		    header_words(layer));
	field_u8(t, layer, 2);
	if (verbose > 2) {
		put_text(t, "md type ");
		put_label(t, md_labels, (uint32_t)layer->words[MD_TYPE],
			  "unknown (0x%02x)");
		put_text(t, ", ");
	}
	protocol = field_u8(t, layer, 3);
	if (verbose > 1) {
		put_text(t, "next-protocol ");
		put_label(t, protocol_labels, protocol, "unknown (0x%02x)");
		put_text(t, ", ");
	}
	if (header_words(layer) * WORD > layer->length) {
		put(t, " (too many headers for packet length %u)",
		    layer->length);
		return false;
	}
	put(t, "service-path-id 0x%06x, ", field_be24(t, layer, 4));
	put(t, "service-index 0x%x", field_u8(t, layer, 7));
	if (header_words(layer) < BASE / WORD) {
		put_text(t, " (less than two headers)");
		return false;
	}
	if (verbose > 2 && !t->stopped) {
		if (layer->words[MD_TYPE] == MD_FIXED && !text_fixed(t, layer))
			return false;
		if (layer->words[MD_TYPE] == MD_VARIABLE &&
		    !text_variable(t, layer))
			return false;
	}
	if (!field_need(t, layer, 0, header_words(layer) * WORD))
		return true;
	put_text(t, verbose ? "\n    " : ": ");
	if (!text_payload(t, layer))
		put_text(t, "ERROR: unknown-next-protocol");
	return true;
}

static void text(struct text *t, const struct layer *layer)
{
	t->protocol = "nsh";
	if (layer->length < BASE) {
		put(t, " (packet length %u < %u)", layer->length, BASE);
		text_invalid(t);
		return;
	}
	if (!field_need(t, layer, 0, WORD))
		return;
	put_text(t, "NSH, ");
	if (!text_header(t, layer))
		text_invalid(t);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "version", layer->words[FIRST] >> 14);
	json_u64(json, "ttl", layer->words[FIRST] >> 6 & 0x3f);
	json_u64(json, "header_words", layer->words[FIRST] & 0x3f);
	json_u64(json, "md_type", layer->words[MD_TYPE]);
	json_u64(json, "next_protocol", layer->words[PROTOCOL]);
	json_u64(json, "service_path", layer->words[PATH]);
	json_u64(json, "service_index", layer->words[INDEX]);
}

const struct dissector nsh_dissector = {
	.name = "nsh",
	.decode = decode,
	.text = text,
	.json = json,
};
