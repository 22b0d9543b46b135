/* SPDX-License-Identifier: BSD-3-Clause */
/* Ethernet and its tags: IEEE 802.3, IEEE 802.1Q. */
#include "dissectors/ethernet.h"

#include "dissectors/labels.h"
#include "dissectors/macsec.h"
#include "dissectors/protocols.h"
#include "dissectors/registry.h"

enum { HEADER = 14, TAG = 4, TYPE = 2 };

bool ethernet_is_tag(uint16_t type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100 ||
	       type == 0x9200;
}

void ethernet_decode_type(struct dissection *d, uint16_t type, uint32_t length)
{
	if (type <= ETHERNET_LENGTH_MOST)
		dissect_payload(d, &llc_dissector,
				window_cut(d, type < length ? type : length));
	else if (type == ETHERNET_TYPE_JUMBO)
		dissect_payload(d, &llc_dissector, window_cut(d, length));
	else
		dissect_payload(d, registry_find(REGISTRY_ETHERTYPE, type),
				window_rest(d, length));
}

static void decode_ethernet(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct ethernet *ethernet = &layer->ethernet;
	const uint8_t *address;

	if (layer->length < layer->captured) {
		layer->flags |= LAYER_BAD_LENGTH;
		return;
	}
	if ((address = cursor_take(&d->cursor, 6)))
		memcpy(ethernet->destination, address, 6);
	if ((address = cursor_take(&d->cursor, 6)))
		memcpy(ethernet->source, address, 6);
	ethernet->type = cursor_be16(&d->cursor);
	if (d->cursor.overrun)
		layer->flags |= LAYER_TRUNCATED;
	else if (ethernet->type == ETHERNET_TYPE_MACSEC)
		dissect_payload(d, &macsec_dissector,
				window_rest(d, layer->length - HEADER));
	else if (ethernet_is_tag(ethernet->type))
		dissect_payload(d, &vlan_dissector,
				window_rest(d, layer->length - HEADER));
	else
		ethernet_decode_type(d, ethernet->type,
				     layer->length - HEADER);
}

/* A tag stands behind the type that announced it. */
static void decode_vlan(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct vlan *vlan = &layer->vlan;

	vlan->tpid = load_be16(layer->data - 2);
	vlan->tci = cursor_be16(&d->cursor);
	vlan->type = cursor_be16(&d->cursor);
	if (d->cursor.overrun || layer->length < TAG)
		layer->flags |= LAYER_TRUNCATED;
	else if (ethernet_is_tag(vlan->type))
		dissect_payload(d, &vlan_dissector,
				window_rest(d, layer->length - TAG));
	else
		ethernet_decode_type(d, vlan->type, layer->length - TAG);
}

void ethernet_put_addresses(struct text *t, const struct ethernet *ethernet)
{
	put_mac(t, ethernet->source);
	put_text(t, " > ");
	put_mac(t, ethernet->destination);
}

void ethernet_put_type(struct text *t, uint16_t type)
{
	if (t->options->quiet)
		put_label(t, ethertype_labels, type,
			  "Unknown Ethertype (0x%04x)");
	else
		put(t, "ethertype %s (0x%04x)",
		    label_or(ethertype_labels, type, "Unknown"), type);
}

void ethernet_put_tci(struct text *t, uint16_t tci)
{
	put(t, "vlan %u, p %u%s", tci & 0xfff, tci >> 13,
	    tci & 0x1000 ? ", DEI" : "");
}

const struct layer *ethernet_around(const struct packet *packet,
				    const struct layer *layer)
{
	while (layer-- > packet->layers) {
		if (layer->dissector == &ethernet_dissector)
			return layer;
		if (layer->dissector != &vlan_dissector &&
		    layer->dissector != &macsec_dissector)
			return NULL;
	}
	return NULL;
}

/* A frame being printed: the window behind what has been read. */
struct frame_state {
	const struct layer *frame; /* the Ethernet layer */
	const struct layer *at;	   /* it, MACsec or the last tag */
	struct window rest;
	uint32_t header_length;
	uint16_t type;
	bool put_length; /* done with -e */
};

static void put_length(struct text *t, struct frame_state *s)
{
	if (s->put_length)
		put_text(t, ", ");
	else
		put(t, ", length %u: ", s->frame->length);
	s->put_length = true;
}

/* MACsec, which only the frame's own type announces; false if that is all. */
static bool text_macsec(struct text *t, struct frame_state *s)
{
	const struct layer *macsec = layer_payload(t->packet, s->at);
	const uint8_t *begin = s->rest.data;
	enum macsec_state state;

	if (!macsec) /* one layer too many */
		return true;
	if (t->options->link_header) {
		ethernet_put_type(t, s->type);
		put_length(t, s);
	}
	state = macsec_text(t, macsec, &s->rest);
	s->header_length += (uint32_t)(s->rest.data - begin);
	if (state == MACSEC_SECRET)
		put_default(t, s->rest.data, s->rest.captured);
	if (state != MACSEC_READABLE)
		return false;
	s->at = macsec;
	s->type = load_be16(s->rest.data);
	s->header_length += TYPE;
	s->rest.data += TYPE;
	s->rest.captured -= TYPE;
	s->rest.length -= TYPE;
	return true;
}

/* The tags; false where the frame ends in one. */
static bool text_tags(struct text *t, struct frame_state *s)
{
	while (ethernet_is_tag(s->type)) {
		const struct layer *tag = layer_payload(t->packet, s->at);

		if (!tag)
			break;
		if (tag->flags & LAYER_TRUNCATED) {
			t->protocol = "vlan";
			text_trunc(t);
			s->header_length += s->rest.captured < TAG
						    ? s->rest.captured
						    : s->rest.length;
			return false;
		}
		if (t->options->link_header) {
			ethernet_put_type(t, s->type);
			put_length(t, s);
			ethernet_put_tci(t, tag->vlan.tci);
			put_text(t, ", ");
		}
		s->at = tag;
		s->type = tag->vlan.type;
		s->header_length += TAG;
		s->rest.data += TAG;
		s->rest.captured -= TAG;
		s->rest.length -= TAG;
	}
	return true;
}

static void text_llc(struct text *t, struct frame_state *s)
{
	const struct layer *llc = layer_payload(t->packet, s->at);
	bool by_length = s->type <= ETHERNET_LENGTH_MOST;

	if (by_length && s->type < s->rest.length) {
		s->rest.length = s->type;
		if (s->rest.captured > s->rest.length)
			s->rest.captured = s->rest.length;
	}
	if (by_length && t->options->link_header) {
		put_text(t, "802.3");
		if (!s->put_length)
			put(t, ", length %u: ", s->rest.length);
	}
	if (!llc)
		return;
	if (!llc_text(t, llc))
		put_default(t, s->rest.data, s->rest.captured);
	s->header_length += llc->llc.header_length;
}

static void text_type(struct text *t, struct frame_state *s)
{
	if (t->options->link_header) {
		ethernet_put_type(t, s->type);
		put_length(t, s);
	}
	if (text_payload(t, s->at))
		return;
	if (!t->options->link_header) {
		ethernet_put_addresses(t, &s->frame->ethernet);
		put_text(t, ", ");
		ethernet_put_type(t, s->type);
		put(t, ", length %u: ", s->frame->length);
	}
	put_default(t, s->rest.data, s->rest.captured);
}

static uint32_t text_frame(struct text *t, const struct layer *layer)
{
	struct frame_state s = {
		.frame = layer,
		.at = layer,
		.rest = {layer->data + HEADER, layer->captured - HEADER,
			 layer->length - HEADER},
		.header_length = HEADER,
		.type = layer->ethernet.type,
	};

	t->protocol = "ether";
	if (layer->length < layer->captured) {
		put(t, "[length %u < caplen %u]", layer->length,
		    layer->captured);
		text_invalid(t);
		return layer->length;
	}
	if (layer->captured < HEADER) {
		text_trunc(t);
		return layer->captured;
	}
	if (t->options->link_header) {
		ethernet_put_addresses(t, &layer->ethernet);
		put_text(t, ", ");
	}
	if (s.type == ETHERNET_TYPE_MACSEC && !text_macsec(t, &s))
		return s.header_length;
	if (!text_tags(t, &s))
		return s.header_length;
	if (s.type <= ETHERNET_LENGTH_MOST || s.type == ETHERNET_TYPE_JUMBO)
		text_llc(t, &s);
	else
		text_type(t, &s);
	return s.header_length;
}

static void text_ethernet(struct text *t, const struct layer *layer)
{
	uint32_t header_length = text_frame(t, layer);

	if (layer == t->packet->layers)
		t->link_length = header_length;
}

static void json_ethernet(struct json *json, const struct packet *packet,
			  const struct layer *layer)
{
	const struct ethernet *ethernet = &layer->ethernet;

	(void)packet;
	json_mac(json, "source", ethernet->source);
	json_mac(json, "destination", ethernet->destination);
	json_u64(json, "type", ethernet->type);
}

const struct dissector ethernet_dissector = {
	.name = "ethernet",
	.decode = decode_ethernet,
	.text = text_ethernet,
	.json = json_ethernet,
};

static void json_vlan(struct json *json, const struct packet *packet,
		      const struct layer *layer)
{
	const struct vlan *vlan = &layer->vlan;

	(void)packet;
	json_u64(json, "id", vlan->tci & 0xfff);
	json_u64(json, "priority", vlan->tci >> 13);
	json_bool(json, "drop_eligible", vlan->tci & 0x1000);
	json_u64(json, "tag_type", vlan->tpid);
	json_u64(json, "type", vlan->type);
}

/* Printed by what the tag is in. */
const struct dissector vlan_dissector = {
	.name = "vlan",
	.decode = decode_vlan,
	.json = json_vlan,
};
