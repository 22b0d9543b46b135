/* SPDX-License-Identifier: BSD-3-Clause */
/* AH: RFC 4302; ESP: RFC 4303; IPComp: RFC 3173. */
#include "dissectors/ip.h"

#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum { AH_HEADER = 12, ESP_HEADER = 8 };

static unsigned int ip_version(const struct packet *packet,
			       const struct layer *layer)
{
	const struct layer *ip = layer_ip(packet, layer);

	return ip && ip->dissector == &ipv6_dissector ? 6 : 4;
}

static void decode_ah(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct ipsec *ah = &layer->ipsec;
	struct cursor *c = &d->cursor;

	ah->next_header = cursor_u8(c);
	ah->header_length = (uint16_t)((cursor_u8(c) + 2) * 4);
	cursor_skip(c, 2);
	ah->spi = cursor_be32(c);
	ah->sequence = cursor_be32(c);
	if (!c->overrun && ah->header_length > AH_HEADER)
		cursor_skip(c, (size_t)ah->header_length - AH_HEADER);
	if (c->overrun) {
		layer->flags |= LAYER_TRUNCATED;
		return;
	}
	/* A header that claims less than it has is followed all the same. */
	c->at = layer->data + ah->header_length;
	ip_decode_payload(d, ip_version(d->packet, layer), ah->next_header,
			  window_rest(d, layer->length - ah->header_length));
}

static void text_ah(struct text *t, const struct layer *layer)
{
	const struct ipsec *ah = &layer->ipsec;
	struct cursor c = text_cursor(layer);
	uint16_t reserved;
	uint8_t length;

	t->protocol = "ah";
	if (!layer->captured) {
		text_trunc(t);
		return;
	}
	put_text(t, "AH");
	cursor_skip(&c, 1);
	length = text_u8(t, &c);
	if (t->stopped)
		return;
	put_char(t, '(');
	if (t->options->verbose)
		put(t, "length=%u(%u-bytes),", length, ah->header_length);
	reserved = text_be16(t, &c);
	if (reserved)
		put(t, "reserved=0x%x[MustBeZero],", reserved);
	put(t, "spi=0x%08x,", text_be32(t, &c));
	put(t, "seq=0x%x,", text_be32(t, &c));
	put_text(t, "icv=0x");
	for (uint32_t i = AH_HEADER; i < ah->header_length; i++)
		put(t, "%02x", text_u8(t, &c));
	put_text(t, "): ");
	if (!t->stopped)
		ip_text_payload(t, layer, ip_version(t->packet, layer),
				ah->next_header,
				layer->length - ah->header_length);
}

static const struct member_table ah_members = {
	.members = (const struct member[]){
		MEMBER_U8("next_header", 0),
		MEMBER_U8("payload_length", 1),
		MEMBER_U32("spi", 4),
		MEMBER_U32("sequence", 8),
		MEMBER_END},
};

const struct dissector ah_dissector = {
	.name = "ah",
	.decode = decode_ah,
	.text = text_ah,
	.members = &ah_members,
};

static void decode_esp(struct dissection *d)
{
	d->layer->ipsec.spi = cursor_be32(&d->cursor);
	d->layer->ipsec.sequence = cursor_be32(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

static void text_esp(struct text *t, const struct layer *layer)
{
	t->protocol = "esp";
	if (layer->captured <= ESP_HEADER)
		text_trunc(t);
	else
		put(t, "ESP(spi=0x%08x,seq=0x%x), length %u", layer->ipsec.spi,
		    layer->ipsec.sequence, layer->length);
}

static const struct member_table esp_members = {
	.members = (const struct member[]){
		MEMBER_U32("spi", 0),
		MEMBER_U32("sequence", 4),
		MEMBER_END},
};

const struct dissector esp_dissector = {
	.name = "esp",
	.decode = decode_esp,
	.text = text_esp,
	.members = &esp_members,
};

static void decode_ipcomp(struct dissection *d)
{
	cursor_skip(&d->cursor, 2);
	d->layer->ipsec.spi = cursor_be16(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

static void text_ipcomp(struct text *t, const struct layer *layer)
{
	t->protocol = "ipcomp";
	put(t, "IPComp(cpi=0x%04x)", load_be16(text_at(t, layer, 2, 2)));
}

static const struct member_table ipcomp_members = {
	.members = (const struct member[]){
		MEMBER_U8("next_header", 0),
		MEMBER_U8("flags", 1),
		MEMBER_U16("cpi", 2),
		MEMBER_END},
};

const struct dissector ipcomp_dissector = {
	.name = "ipcomp",
	.decode = decode_ipcomp,
	.text = text_ipcomp,
	.members = &ipcomp_members,
};
