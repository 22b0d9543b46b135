/* SPDX-License-Identifier: BSD-3-Clause */
/* MPLS label stacks: RFC 3032. */
#include "dissectors/dissector.h"

#include "dissectors/protocols.h"
#include "dissectors/put.h"
#include "src/base/cleanup.h"

enum {
	ENTRY = 4,
	BOTTOM = 0x100,
	LABEL_IPV4_NULL = 0,
	LABEL_IPV6_NULL = 2,
	LABEL_IMPLICIT_NULL = 3,
};

static uint32_t entry_label(uint32_t entry)
{
	return entry >> 12;
}

/* Nothing says what is behind the stack: the last label may, or else the
 * first byte of what comes there. */
static const struct dissector *payload_dissector(uint32_t label, uint8_t first)
{
	switch (label) {
	case LABEL_IPV4_NULL:
	case LABEL_IMPLICIT_NULL:
		return &ipv4_dissector;
	case LABEL_IPV6_NULL:
		return &ipv6_dissector;
	default:
		return first >= 0x45 && first <= 0x4f	? &ipv4_dissector
		       : first >= 0x60 && first <= 0x6f ? &ipv6_dissector
							: NULL;
	}
}

static bool label_is_null(uint32_t label)
{
	return label == LABEL_IPV4_NULL || label == LABEL_IPV6_NULL ||
	       label == LABEL_IMPLICIT_NULL;
}

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	uint32_t entry, left = layer->length;

	do {
		entry = cursor_be32(&d->cursor);
		if (d->cursor.overrun || left < ENTRY) {
			layer->flags |= LAYER_TRUNCATED;
			return;
		}
		left -= ENTRY;
	} while (!(entry & BOTTOM));
	layer->mpls.stack_length = layer->length - left;
	if (!label_is_null(entry_label(entry)) &&
	    (!left || !cursor_has(&d->cursor, 1)))
		return;
	dissect_payload(d,
			payload_dissector(entry_label(entry),
					  cursor_left(&d->cursor)
						  ? d->cursor.at[0]
						  : 0),
			window_rest(d, left));
}

static void text_entry(struct text *t, uint32_t entry, bool first)
{
	static const char *const names[] = {
		"IPv4 explicit NULL", "router alert", "IPv6 explicit NULL",
		"implicit NULL",
	};
	uint32_t label = entry_label(entry);

	put(t, "%s(label %u", !first && t->options->verbose ? "\n\t" : " ",
	    label);
	if (t->options->verbose && label < 16)
		put(t, " (%s)",
		    label < ARRAY_SIZE(names) ? names[label] : "rsvd");
	put(t, ", tc %u%s, ttl %u)", entry >> 9 & 7,
	    entry & BOTTOM ? ", [S]" : "", entry & 0xff);
}

static void text(struct text *t, const struct layer *layer)
{
	struct cursor c = text_cursor(layer);
	uint32_t entry, left = layer->length;
	bool first = true;

	t->protocol = "mpls";
	put_text(t, "MPLS");
	do {
		if (left < ENTRY) {
			text_invalid(t);
			if (!cursor_has(&c, left))
				text_stop(t);
			return;
		}
		entry = text_be32(t, &c);
		if (t->stopped)
			return;
		text_entry(t, entry, first);
		first = false;
		left -= ENTRY;
	} while (!(entry & BOTTOM));
	if (!label_is_null(entry_label(entry))) {
		if (!left)
			return;
		if (!text_has(t, &c, 1))
			return;
	}
	if (layer->next == LAYER_NONE) {
		put_default(t, c.at,
			    left < cursor_left(&c) ? left : cursor_left(&c));
		if (left > cursor_left(&c) && text_dumps_unknown(t))
			text_stop(t);
		return;
	}
	put_text(t, t->options->verbose ? "\n\t" : " ");
	text_payload(t, layer);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_open_array(json, "labels");
	for (uint32_t at = 0; at + ENTRY <= layer->mpls.stack_length;
	     at += ENTRY) {
		uint32_t entry = load_be32(layer->data + at);

		json_open_object(json, NULL);
		json_u64(json, "label", entry_label(entry));
		json_u64(json, "traffic_class", entry >> 9 & 7);
		json_u64(json, "ttl", entry & 0xff);
		json_close_object(json);
	}
	json_close_array(json);
}

const struct dissector mpls_dissector = {
	.name = "mpls",
	.decode = decode,
	.text = text,
	.json = json,
};
