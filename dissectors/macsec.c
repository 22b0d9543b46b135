/* SPDX-License-Identifier: BSD-3-Clause */
/* MACsec: IEEE 802.1AE. */
#include "dissectors/macsec.h"

#include "dissectors/ethernet.h"
#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum {
	TAG = 6,
	CHANNEL = 8, /* its identifier, if there is one */
	CHECK_VALUE = 16, /* behind what is protected */

	/* The first byte. */
	VERSION = 0x80,
	HAS_CHANNEL = 0x20,
	SECRET = 0x0c, /* encrypted, or changed otherwise */
	ASSOCIATION = 0x03,

	SHORT_LENGTH = 0x3f, /* of the second: bytes that are protected; 0: 48
				or more */
	TYPE = 2,
};

static const struct label flag_labels[] = {
	{0x08, "E"}, {0x04, "C"}, {0x40, "S"},
	{0x10, "B"}, {0x20, "I"}, {0, NULL},
};

static uint32_t tag_length(uint8_t first)
{
	return first & HAS_CHANNEL ? TAG + CHANNEL : TAG;
}

/* The tag's length; 0: it is cut short. */
static uint32_t find_tag(const struct layer *layer)
{
	uint32_t least = layer->captured < layer->length ? layer->captured
							 : layer->length;

	return least >= TAG && least >= tag_length(layer->data[0])
		       ? tag_length(layer->data[0])
		       : 0;
}

static bool is_valid(const uint8_t *tag)
{
	return !(tag[0] & VERSION) && !(tag[1] & ~SHORT_LENGTH);
}

/* Make @w, behind the tag, what is protected. False if that cannot be. */
static bool find_protected(const uint8_t *tag, struct window *w)
{
	uint32_t length = tag[1];

	if (w->length < CHECK_VALUE || w->captured < CHECK_VALUE)
		return false;
	w->length -= CHECK_VALUE;
	w->captured -= CHECK_VALUE;
	if (!length)
		return true;
	if (length > w->length || length > w->captured)
		return false;
	w->length = length;
	w->captured = length;
	return true;
}

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	uint32_t length = find_tag(layer);
	struct window w;
	uint16_t type;

	if (!length) {
		layer->flags |= LAYER_TRUNCATED;
		return;
	}
	cursor_skip(&d->cursor, length);
	if (!is_valid(layer->data)) {
		layer->flags |= LAYER_BAD_VERSION;
		return;
	}
	w = window_rest(d, layer->length - length);
	if (layer->data[0] & SECRET) {
		dissect_payload(d, NULL, w);
		return;
	}
	if (!find_protected(layer->data, &w) || w.captured < TYPE) {
		layer->flags |= LAYER_TRUNCATED;
		return;
	}
	type = cursor_be16(&d->cursor);
	d->cursor.end -= CHECK_VALUE;
	if (ethernet_is_tag(type))
		dissect_payload(d, &vlan_dissector,
				window_rest(d, w.length - TYPE));
	else
		ethernet_decode_type(d, type, w.length - TYPE);
}

static void put_tag(struct text *t, const uint8_t *tag)
{
	put(t, "an %u, pn %u, flags ", tag[0] & ASSOCIATION,
	    load_be32(tag + 2));
	put_bits(t, flag_labels, tag[0] & ~(VERSION | ASSOCIATION), "none", "");
	if (tag[1])
		put(t, ", sl %u", tag[1]);
	if (tag[0] & HAS_CHANNEL) {
		put_text(t, ", sci ");
		put_hex_bytes(t, tag + TAG, CHANNEL);
	}
	put_text(t, ", ");
}

/* Whose frame it is, when -e has not said it. */
static void put_secret(struct text *t, const struct layer *layer)
{
	const struct layer *ethernet = ethernet_around(t->packet, layer);

	if (ethernet) {
		ethernet_put_addresses(t, &ethernet->ethernet);
		put_char(t, ' ');
	}
	put_text(t, "802.1AE MACsec, ");
	put_tag(t, layer->data);
}

/* The tag of @length bytes is printed: what follows it? */
static enum macsec_state text_protected(struct text *t,
					const struct layer *layer,
					uint32_t length, struct window *rest)
{
	if (!find_protected(layer->data, rest)) {
		text_trunc(t);
		rest->data = layer->data + layer->captured;
		return MACSEC_BROKEN;
	}
	t->protocol = "ether";
	if (layer->captured - length - CHECK_VALUE < TYPE) {
		text_stop(t);
		return MACSEC_BROKEN;
	}
	if (rest->captured < TYPE) {
		put(t, " [caplen %u < %u]", rest->captured, TYPE);
		return MACSEC_BROKEN;
	}
	return MACSEC_READABLE;
}

enum macsec_state macsec_text(struct text *t, const struct layer *layer,
			      struct window *rest)
{
	uint32_t length = find_tag(layer);

	t->protocol = "macsec";
	if (!length || !is_valid(layer->data)) {
		if (length)
			text_invalid(t);
		else
			text_trunc(t);
		rest->data += layer->captured;
		return MACSEC_BROKEN;
	}
	if (t->options->link_header)
		put_tag(t, layer->data);
	rest->data += length;
	rest->length -= length;
	rest->captured -= length;
	if (!(layer->data[0] & SECRET))
		return text_protected(t, layer, length, rest);
	if (!t->options->link_header)
		put_secret(t, layer);
	return MACSEC_SECRET;
}

static const struct member_table channel_members = {
	.members = (const struct member[]){
		MEMBER_BYTES("channel", 6, 8),
		MEMBER_END},
};

static const struct member_case channel_cases[] = {
	{HAS_CHANNEL, &channel_members},
	{0, NULL},
};

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_PART("association", 0, 1, 0, 2),
		MEMBER_FLAG("encrypted", 0, 1, 3),
		MEMBER_FLAG("changed", 0, 1, 2),
		MEMBER_FLAG("end_station", 0, 1, 6),
		MEMBER_FLAG("broadcast", 0, 1, 4),
		MEMBER_PART("short_length", 1, 1, 0, 6),
		MEMBER_U32("packet_number", 2),
		MEMBER_END},
	.choice = {0, 1, HAS_CHANNEL},
	.cases = channel_cases,
};

/* Printed by the frame that it is in. */
const struct dissector macsec_dissector = {
	.name = "macsec",
	.decode = decode,
	.members = &members,
};
