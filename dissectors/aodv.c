/* SPDX-License-Identifier: BSD-3-Clause */
/* AODV: RFC 3561. */
#include "dissectors/field.h"

#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum message {
	REQUEST = 1,
	REPLY = 2,
	ERROR = 3,
	ACKNOWLEDGMENT = 4,
	DRAFT = 15, /* added to these: as a draft for IPv6 had them */
};

static void decode(struct dissection *d)
{
	d->layer->words[0] = cursor_u8(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

static void put_address(struct text *t, const uint8_t *p, uint32_t size)
{
	if (size == 16)
		put_ipv6(t, p);
	else
		put_ipv4(t, p);
}

static bool text_extension(struct text *t, const struct layer *layer,
			   uint32_t at)
{
	uint32_t left = layer->length - at;
	const uint8_t *p = layer->data + at;

	if (left < 2)
		return true;
	if (!field_has(layer, at, 2))
		return false;
	if (p[0] != 1) {
		put(t, "\n\text %u %u", p[0], p[1]);
		return true;
	}
	if (left < 6 || !field_has(layer, at, 6))
		return false;
	if (p[1] < 4) {
		put(t, "\n\text HELLO - bad length %u", p[1]);
		return true;
	}
	put(t, "\n\text HELLO %u ms", load_be32(p + 2));
	return true;
}

/* Messages with addresses of @size bytes: false where they are cut off. */

static bool text_request(struct text *t, const struct layer *layer,
			 uint32_t size, bool draft)
{
	const uint8_t *p = layer->data;
	uint32_t end = 16 + 2 * size;
	/* Where a draft for IPv6 put the numbers and the addresses. */
	uint32_t destination = draft ? 16 : 8;
	uint32_t source = draft ? 32 : 12 + size;
	uint32_t number = draft ? 12 : 12 + 2 * size;

	if (layer->length < end || !field_has(layer, 0, end))
		return false;
	/* tcpdump looks for the flags in the type. */
	put(t, " %srreq %u %s%s%s%s%shops %u id 0x%08x\n\tdst ",
	    size == 16 && !draft ? "v6 " : "", layer->length,
	    p[0] & 0x80 ? "[J]" : "", p[0] & 0x40 ? "[R]" : "",
	    p[0] & 0x20 ? "[G]" : "", p[0] & 0x10 ? "[D]" : "",
	    p[0] & 0x08 ? "[U] " : " ", p[3], load_be32(p + 4));
	put_address(t, p + destination, size);
	put(t, " seq %u src ",
	    load_be32(p + (draft ? 8 : destination + size)));
	put_address(t, p + source, size);
	put(t, " seq %u", load_be32(p + number));
	return text_extension(t, layer, end);
}

static bool text_reply(struct text *t, const struct layer *layer,
		       uint32_t size, bool draft)
{
	const uint8_t *p = layer->data;
	uint32_t end = 12 + 2 * size;
	uint32_t destination = draft ? 8 : 4;

	if (layer->length < end || !field_has(layer, 0, end))
		return false;
	put(t, " rrep %u %s%sprefix %u hops %u\n\tdst ", layer->length,
	    p[0] & 0x80 ? "[R]" : "", p[0] & 0x40 ? "[A] " : " ", p[2] & 0x1f,
	    p[3]);
	put_address(t, p + destination, size);
	put(t, " dseq %u src ", load_be32(p + (draft ? 4 : 4 + size)));
	put_address(t, p + 8 + size, size);
	put(t, " %u ms", load_be32(p + 8 + 2 * size));
	return text_extension(t, layer, end);
}

static bool text_error(struct text *t, const struct layer *layer,
		       uint32_t size)
{
	const uint8_t *p = layer->data;
	uint32_t at = 4, entry = size + 4;

	if (layer->length < 4 || !field_has(layer, 0, 4))
		return false;
	put(t, " rerr %s [items %u] [%u]:", p[1] & 0x80 ? "[D]" : "", p[3],
	    layer->length);
	for (int i = 0; i < p[3]; i++, at += entry) {
		if (layer->length - at < entry ||
		    !field_has(layer, at, entry))
			return false;
		put_text(t, " {");
		put_address(t, p + at, size);
		put(t, "}(%u)", load_be32(p + at + size));
	}
	return true;
}

static bool text_message(struct text *t, const struct layer *layer)
{
	const struct layer *ip = layer_ip(t->packet, layer);
	uint32_t size = ip && ip->dissector == &ipv6_dissector ? 16 : 4;
	uint8_t type = layer->data[0];

	switch (type) {
	case REQUEST:
		return text_request(t, layer, size, false);
	case REPLY:
		return text_reply(t, layer, size, false);
	case ERROR:
		return text_error(t, layer, size);
	case DRAFT + REQUEST:
		return text_request(t, layer, 16, true);
	case DRAFT + REPLY:
		return text_reply(t, layer, 16, true);
	case DRAFT + ERROR:
		return text_error(t, layer, 16);
	case ACKNOWLEDGMENT:
	case DRAFT + ACKNOWLEDGMENT:
		put(t, " rrep-ack %u", layer->length);
		return true;
	default:
		put(t, " type %u %u", type, layer->length);
		return true;
	}
}

static void text(struct text *t, const struct layer *layer)
{
	t->protocol = "aodv";
	if (!field_need(t, layer, 0, 1))
		return;
	put_text(t, " aodv");
	if (!text_message(t, layer))
		text_trunc(t);
}

static const struct member_table request_members = {
	.members = (const struct member[]){
		MEMBER_FLAG("join", 1, 2, 15),
		MEMBER_FLAG("repair", 1, 2, 14),
		MEMBER_FLAG("gratuitous", 1, 2, 13),
		MEMBER_FLAG("destination_only", 1, 2, 12),
		MEMBER_FLAG("unknown_sequence", 1, 2, 11),
		MEMBER_U8("hop_count", 3),
		MEMBER_U32("request_id", 4),
		MEMBER_ADDRESS("destination", 8),
		MEMBER_U32("destination_sequence", 12),
		MEMBER_ADDRESS("originator", 16),
		MEMBER_U32("originator_sequence", 20),
		MEMBER_END},
};

static const struct member_table reply_members = {
	.members = (const struct member[]){
		MEMBER_FLAG("repair", 1, 2, 15),
		MEMBER_FLAG("acknowledge", 1, 2, 14),
		MEMBER_PART("prefix_size", 1, 2, 0, 5),
		MEMBER_U8("hop_count", 3),
		MEMBER_ADDRESS("destination", 4),
		MEMBER_U32("destination_sequence", 8),
		MEMBER_ADDRESS("originator", 12),
		MEMBER_U32("lifetime", 16),
		MEMBER_END},
};

static const struct member_table unreachable_members = {
	.members = (const struct member[]){
		MEMBER_ADDRESS("address", 0),
		MEMBER_U32("sequence", 4),
		MEMBER_END},
};

static const struct member_table error_members = {
	.members = (const struct member[]){
		MEMBER_FLAG("no_delete", 1, 1, 7),
		MEMBER_END},
	.list = {
		.name = "unreachable",
		.at = 4,
		.count = {3, 1, 0},
		.header = 8,
		.each = &unreachable_members,
	},
};

static const struct member_case member_cases[] = {
	{1, &request_members},
	{2, &reply_members},
	{3, &error_members},
	{0, NULL},
};

static const struct member_table members = {
	.choice = {0, 1, 0},
	.cases = member_cases,
};

/* The messages for IPv6 are others: they have their types only. */
static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	const struct layer *ip = layer_ip(packet, layer);

	json_u64(json, "type", layer->words[0]);
	if (ip && ip->dissector == &ipv4_dissector)
		members_put_json(json, &members, layer->data, layer->captured);
}

const struct dissector aodv_dissector = {
	.name = "aodv",
	.decode = decode,
	.text = text,
	.json = json,
};
