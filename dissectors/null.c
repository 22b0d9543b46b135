/* SPDX-License-Identifier: BSD-3-Clause */
/* BSD loopback: LINKTYPE_NULL and LINKTYPE_LOOP. */
#include "dissectors/dissector.h"

#include "dissectors/labels.h"
#include "dissectors/protocols.h"
#include "dissectors/put.h"

enum { HEADER = 4 };

/* The BSDs disagree about IPv6. */
static const struct dissector *family_dissector(uint32_t family)
{
	switch (family) {
	case 2:
		return &ipv4_dissector;
	case 24:
	case 28:
	case 30:
		return &ipv6_dissector;
	default:
		return NULL;
	}
}

/* The family is in the byte order of who wrote the file: the one in which it
 * fits 16 bits. */
static void decode(struct dissection *d)
{
	uint32_t family = cursor_le32(&d->cursor);

	if (family & 0xffff0000)
		family = __builtin_bswap32(family);
	d->layer->null_link.family = family;
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
	else
		dissect_payload(d, family_dissector(family),
				window_rest(d, d->layer->length - HEADER));
}

static void put_header(struct text *t, const struct layer *layer)
{
	uint32_t family = layer->null_link.family;

	if (t->options->quiet)
		put_label(t, bsd_family_labels, family, "Unknown AF %u");
	else
		put(t, "AF %s (%u)",
		    label_or(bsd_family_labels, family, "Unknown"), family);
	put(t, ", length %u: ", layer->length);
}

static void text(struct text *t, const struct layer *layer)
{
	t->protocol = "null";
	if (layer->flags & LAYER_TRUNCATED) {
		text_stop(t);
		return;
	}
	t->link_length = HEADER;
	if (t->options->link_header)
		put_header(t, layer);
	if (text_payload(t, layer))
		return;
	if (!t->options->link_header)
		put_header(t, layer);
	put_default(t, layer->data + HEADER, layer->captured - HEADER);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "family", layer->null_link.family);
}

const struct dissector null_dissector = {
	.name = "null",
	.decode = decode,
	.text = text,
	.json = json,
};
