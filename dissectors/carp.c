/* SPDX-License-Identifier: BSD-3-Clause */
/* CARP, OpenBSD's answer to VRRP, under whose number it goes: carp(4). */
#include "dissectors/field.h"

#include "dissectors/checksum.h"
#include "dissectors/protocols.h"

enum { VERSION = 2, ADVERTISEMENT = 1, TTL = 255 };

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;

	layer->words[0] = cursor_u8(c); /* version and type */
	layer->words[1] = cursor_u8(c); /* host */
	layer->words[2] = cursor_u8(c); /* skew */
	cursor_skip(c, 2);
	layer->words[3] = cursor_u8(c); /* interval */
	cursor_skip(c, 2);
	layer->words[4] = cursor_be64(c); /* counter */
	if (c->overrun)
		layer->flags |= LAYER_TRUNCATED;
}

static void text(struct text *t, const struct layer *layer)
{
	const struct layer *ip = layer_ip(t->packet, layer);
	uint8_t version, type, ttl;

	t->protocol = "carp";
	version = field_u8(t, layer, 0) >> 4;
	type = field_u8(t, layer, 0) & 15;
	if (t->stopped)
		return;
	put(t, "CARPv%u-%s %u: ", version,
	    type == ADVERTISEMENT ? "advertise" : "unknown", layer->length);
	if (!ip)
		return;
	ttl = ip->dissector == &ipv6_dissector ? ip->ipv6.hop_limit
					       : ip->ipv4.ttl;
	if (ttl != TTL)
		put(t, "[ttl=%u!] ", ttl);
	if (version != VERSION || type != ADVERTISEMENT)
		return;
	if (!field_need(t, layer, 2, 1) || !field_need(t, layer, 5, 1))
		return;
	put(t, "vhid=%u advbase=%u advskew=%u authlen=%u ", layer->data[1],
	    layer->data[5], layer->data[2], layer->data[3]);
	if (t->options->verbose && field_has(layer, 0, layer->length) &&
	    checksum(layer->data, layer->length))
		put(t, " (bad carp cksum %x!)", field_be16(t, layer, 6));
	if (!field_need(t, layer, 8, 8))
		return;
	put(t, "counter=%lu", (unsigned long)load_be64(layer->data + 8));
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "version", layer->words[0] >> 4);
	json_u64(json, "type", layer->words[0] & 15);
	json_u64(json, "virtual_host", layer->words[1]);
	json_u64(json, "skew", layer->words[2]);
	json_u64(json, "base", layer->words[3]);
	json_u64(json, "counter", layer->words[4]);
}

const struct dissector carp_dissector = {
	.name = "carp",
	.decode = decode,
	.text = text,
	.json = json,
};
