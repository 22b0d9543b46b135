/* SPDX-License-Identifier: BSD-3-Clause */
/* Linux cooked captures: LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2. */
#include "dissectors/ethernet.h"

#include <net/if.h>

#include "dissectors/labels.h"
#include "dissectors/protocols.h"
#include "dissectors/registry.h"

enum {
	HEADER_1 = 16,
	HEADER_2 = 20,
	PROTOCOL_802_3 = 1,
	PROTOCOL_802_2 = 4,
};

static const struct label packet_labels[] = {
	{0, "In"}, {1, "B"}, {2, "M"}, {3, "P"}, {4, "Out"}, {0, NULL},
};

static uint32_t header_length(const struct layer *layer)
{
	return layer->sll.version == 2 ? HEADER_2 : HEADER_1;
}

static void decode_protocol(struct dissection *d, uint16_t protocol,
			    uint32_t length)
{
	struct window w = window_rest(d, length);

	if (protocol == PROTOCOL_802_2)
		dissect_payload(d, &llc_dissector, w);
	else if (protocol == 0x8100)
		dissect_payload(d, &sll_vlan_dissector, w);
	else if (protocol > ETHERNET_LENGTH_MOST)
		dissect_payload(d, registry_find(REGISTRY_ETHERTYPE, protocol),
				w);
	else
		dissect_payload(d, NULL, w);
}

static void read_address(struct sll *sll, struct cursor *c)
{
	const uint8_t *address = cursor_take(c, sizeof(sll->address));

	if (address)
		memcpy(sll->address, address, sizeof(sll->address));
}

static void decode_1(struct dissection *d)
{
	struct sll *sll = &d->layer->sll;
	struct cursor *c = &d->cursor;

	sll->version = 1;
	sll->packet_type = cursor_be16(c);
	sll->hardware = cursor_be16(c);
	sll->address_length = cursor_be16(c);
	read_address(sll, c);
	sll->protocol = cursor_be16(c);
	if (c->overrun)
		d->layer->flags |= LAYER_TRUNCATED;
	else
		decode_protocol(d, sll->protocol, d->layer->length - HEADER_1);
}

static void decode_2(struct dissection *d)
{
	struct sll *sll = &d->layer->sll;
	struct cursor *c = &d->cursor;

	sll->version = 2;
	sll->protocol = cursor_be16(c);
	cursor_skip(c, 2);
	sll->ifindex = cursor_be32(c);
	sll->hardware = cursor_be16(c);
	sll->packet_type = cursor_u8(c);
	sll->address_length = cursor_u8(c);
	read_address(sll, c);
	if (c->overrun)
		d->layer->flags |= LAYER_TRUNCATED;
	else
		decode_protocol(d, sll->protocol, d->layer->length - HEADER_2);
}

/* A tag in a cooked frame: a length behind it means LLC. */
static void decode_vlan(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct vlan *vlan = &layer->vlan;

	vlan->tpid = 0x8100;
	vlan->tci = cursor_be16(&d->cursor);
	vlan->type = cursor_be16(&d->cursor);
	if (d->cursor.overrun) {
		layer->flags |= LAYER_TRUNCATED;
		return;
	}
	if (vlan->type <= ETHERNET_LENGTH_MOST)
		vlan->type = PROTOCOL_802_2;
	decode_protocol(d, vlan->type, layer->length - 4);
}

static void put_protocol(struct text *t, uint16_t protocol, uint32_t length)
{
	if (t->options->quiet)
		return;
	if (protocol == PROTOCOL_802_3)
		put_text(t, "802.3");
	else if (protocol == PROTOCOL_802_2)
		put_text(t, "802.2");
	else
		put(t, "ethertype %s (0x%04x)",
		    protocol > ETHERNET_LENGTH_MOST
			    ? label_or(ethertype_labels, protocol, "Unknown")
			    : "Unknown",
		    protocol);
	put(t, ", length %u: ", length);
}

static void put_header(struct text *t, const struct layer *layer,
		       uint32_t length)
{
	const struct sll *sll = &layer->sll;

	if (sll->version == 2)
		put(t, "ifindex %u ", sll->ifindex);
	else
		put(t, "%3s ", label_or(packet_labels, sll->packet_type, "?"));
	if (sll->address_length == 6) {
		put_mac(t, sll->address);
		put_char(t, ' ');
	}
	put_protocol(t, sll->protocol, length);
}

static void put_interface(struct text *t, const struct sll *sll)
{
	const struct text_options *o = t->options;
	char name[IF_NAMESIZE] = "?";
	bool found;

	if (o->interface_name)
		found = o->interface_name(o->context, sll->ifindex, name);
	else
		found = if_indextoname(sll->ifindex, name);
	put(t, "%-5s %-3s ", found ? name : "?",
	    label_or(packet_labels, sll->packet_type, "?"));
}

/* A layer of the cooked frame being printed: its protocol and its payload. */
struct step {
	const struct layer *at;
	uint16_t protocol;
	struct window rest;
};

/* Pass a tag; false where the frame ends in it. */
static bool text_tag(struct text *t, struct step *s)
{
	const struct layer *tag = layer_payload(t->packet, s->at);

	if (!tag)
		return false;
	if (s->rest.captured < 4) {
		t->protocol = "vlan";
		text_trunc(t);
		t->link_length += s->rest.captured;
		return false;
	}
	if (t->options->link_header) {
		ethernet_put_tci(t, tag->vlan.tci);
		put_text(t, ", ");
	}
	if (!t->options->quiet)
		put(t, "ethertype %s, ",
		    label_or(ethertype_labels, tag->vlan.type, "Unknown"));
	s->at = tag;
	s->protocol = tag->vlan.type;
	s->rest.data += 4;
	s->rest.captured -= 4;
	s->rest.length -= 4;
	t->link_length += 4;
	return true;
}

static void text_payloads(struct text *t, const struct layer *layer)
{
	uint32_t header = header_length(layer);
	struct step s = {
		.at = layer,
		.protocol = layer->sll.protocol,
		.rest = {layer->data + header, layer->captured - header,
			 layer->length - header},
	};
	const struct layer *llc;

	while (s.protocol == 0x8100)
		if (!text_tag(t, &s))
			return;
	if (s.protocol > ETHERNET_LENGTH_MOST) {
		if (text_payload(t, s.at))
			return;
		if (!t->options->link_header)
			put_header(t, layer, s.rest.length + header);
		put_default(t, s.rest.data, s.rest.captured);
		return;
	}
	llc = layer_payload(t->packet, s.at);
	if (s.protocol == PROTOCOL_802_2 && llc) {
		bool known = llc_text(t, llc);

		if (known) {
			t->link_length += llc->llc.header_length;
			return;
		}
	}
	put_default(t, s.rest.data, s.rest.captured);
}

static void text(struct text *t, const struct layer *layer)
{
	t->protocol = layer->sll.version == 2 ? "sll2" : "sll";
	if (layer->flags & LAYER_TRUNCATED) {
		text_stop(t);
		return;
	}
	if (layer->sll.version == 2)
		put_interface(t, &layer->sll);
	if (t->options->link_header)
		put_header(t, layer, layer->length);
	t->link_length = header_length(layer);
	text_payloads(t, layer);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	const struct sll *sll = &layer->sll;
	size_t length = sll->address_length < 8 ? sll->address_length : 8;

	(void)packet;
	json_u64(json, "packet_type", sll->packet_type);
	json_u64(json, "hardware_type", sll->hardware);
	json_u64(json, "protocol_type", sll->protocol);
	if (sll->version == 2)
		json_u64(json, "interface_index", sll->ifindex);
	json_hex(json, "address", sll->address, length);
}

const struct dissector sll_dissector = {
	.name = "sll",
	.decode = decode_1,
	.text = text,
	.json = json,
};

const struct dissector sll2_dissector = {
	.name = "sll2",
	.decode = decode_2,
	.text = text,
	.json = json,
};

static void json_vlan(struct json *json, const struct packet *packet,
		      const struct layer *layer)
{
	(void)packet;
	json_u64(json, "id", layer->vlan.tci & 0xfff);
	json_u64(json, "priority", layer->vlan.tci >> 13);
	json_u64(json, "type", layer->vlan.type);
}

/* Printed by what the tag is in. */
const struct dissector sll_vlan_dissector = {
	.name = "vlan",
	.decode = decode_vlan,
	.json = json_vlan,
};
