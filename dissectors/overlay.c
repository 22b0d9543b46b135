/* SPDX-License-Identifier: BSD-3-Clause */
/* Tunnels that look like VXLAN: VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe), OTV
 * (draft-hasmit-otv). */
#include "dissectors/field.h"

#include "dissectors/nsh.h"
#include "dissectors/protocols.h"

enum { HEADER = 8, FLAG_INSTANCE = 8 };

/* What decode() keeps. */
enum word { FLAGS, PROTOCOL, OVERLAY, INSTANCE };

static bool decode_header(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;
	uint32_t first = cursor_be32(c);

	layer->words[FLAGS] = first >> 24;
	layer->words[PROTOCOL] = first & 0xff;
	layer->words[OVERLAY] = first & 0xffffff;
	layer->words[INSTANCE] = cursor_be24(c);
	cursor_skip(c, 1);
	if (c->overrun || layer->length < HEADER)
		layer->flags |= LAYER_TRUNCATED;
	return !(layer->flags & LAYER_TRUNCATED);
}

static void decode_gpe(struct dissection *d)
{
	if (decode_header(d))
		dissect_payload(d, nsh_find((uint8_t)d->layer->words[PROTOCOL]),
				window_rest(d, d->layer->length - HEADER));
}

static void text_gpe(struct text *t, const struct layer *layer)
{
	static const struct label flags[] = {
		{8, "I"}, {4, "P"}, {2, "B"}, {1, "O"}, {0, NULL}};

	t->protocol = "vxlan_gpe";
	put_text(t, "VXLAN-GPE, ");
	if (layer->length < HEADER) {
		put(t, " (len %u < %u)", layer->length, HEADER);
		text_invalid(t);
		return;
	}
	if (!field_need(t, layer, 0, 1))
		return;
	put_text(t, "flags [");
	put_bits(t, flags, layer->data[0], "none", "");
	put_text(t, "], ");
	if (!field_need(t, layer, 0, HEADER))
		return;
	put(t, "vni %u", field_be24(t, layer, 4));
	put_text(t, t->options->verbose ? "\n    " : ": ");
	if (!t->stopped && !text_payload(t, layer)) {
		put_text(t, "ERROR: unknown-next-protocol");
		text_invalid(t);
	}
}

static void json_gpe(struct json *json, const struct packet *packet,
		     const struct layer *layer)
{
	(void)packet;
	json_u64(json, "flags", layer->words[FLAGS]);
	json_u64(json, "next_protocol", layer->words[PROTOCOL]);
	json_u64(json, "vni", layer->words[INSTANCE]);
}

const struct dissector vxlan_gpe_dissector = {
	.name = "vxlan_gpe",
	.decode = decode_gpe,
	.text = text_gpe,
	.json = json_gpe,
};

static void decode_otv(struct dissection *d)
{
	if (decode_header(d))
		dissect_payload(d, &ethernet_dissector,
				window_rest(d, d->layer->length - HEADER));
}

static void text_otv(struct text *t, const struct layer *layer)
{
	uint8_t flags;

	t->protocol = "otv";
	put_text(t, "OTV, ");
	if (layer->length < HEADER) {
		put(t, "[length %u < %u]", layer->length, HEADER);
		text_invalid(t);
		field_need(t, layer, 0, layer->length);
		return;
	}
	flags = field_u8(t, layer, 0);
	put(t, "flags [%s] (0x%02x), ", flags & FLAG_INSTANCE ? "I" : ".",
	    flags);
	put(t, "overlay %u, ", field_be24(t, layer, 1));
	put(t, "instance %u\n", field_be24(t, layer, 4));
	field_u8(t, layer, 7);
	if (!t->stopped)
		text_payload(t, layer);
}

static void json_otv(struct json *json, const struct packet *packet,
		     const struct layer *layer)
{
	(void)packet;
	json_u64(json, "flags", layer->words[FLAGS]);
	json_u64(json, "overlay", layer->words[OVERLAY]);
	json_u64(json, "instance", layer->words[INSTANCE]);
}

const struct dissector otv_dissector = {
	.name = "otv",
	.decode = decode_otv,
	.text = text_otv,
	.json = json_otv,
};
