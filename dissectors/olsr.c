/* SPDX-License-Identifier: BSD-3-Clause */
/* OLSR: RFC 3626, with the extensions of olsr.org. */
#include "dissectors/field.h"

#include <stdio.h>

#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum { HEADER = 4, LINK = 4, SPEED_MOST = 320000000 };

enum message {
	HELLO = 1,
	TOPOLOGY = 2,
	INTERFACES = 3,
	NETWORKS = 4,
	POWER = 128,
	NAMES = 130,
	HELLO_QUALITY = 201,
	TOPOLOGY_QUALITY = 202,
};

static const struct label message_labels[] = {
	{HELLO, "Hello"},
	{TOPOLOGY, "TC"},
	{INTERFACES, "MID"},
	{NETWORKS, "HNA"},
	{POWER, "Powerinfo"},
	{NAMES, "Nameservice"},
	{HELLO_QUALITY, "Hello-LQ"},
	{TOPOLOGY_QUALITY, "TC-LQ"},
	{0, NULL},
};

enum outcome { DONE, CUT, GIVEN_UP };

/* A message being printed: what is left of it. */
struct part {
	const struct layer *layer;
	size_t at;
	uint32_t length;
	uint8_t size; /* bytes of an address */
	uint8_t type;
};

static void decode(struct dissection *d)
{
	d->layer->words[0] = cursor_be16(&d->cursor); /* length */
	d->layer->words[1] = cursor_be16(&d->cursor); /* sequence */
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

static void part_skip(struct part *part, uint32_t n)
{
	part->at += n;
	part->length -= n;
}

static const uint8_t *part_data(const struct part *part)
{
	return part->layer->data + part->at;
}

/* Seconds of mantissa and exponent. */
static void put_time(struct text *t, uint8_t value)
{
	char text[64];

	snprintf(text, sizeof(text), "%.3fs",
		 0.0625 * (1 + (double)(value >> 4) / 16) *
			 (double)(1 << (value & 0x0f)));
	put_text(t, text);
}

static void put_address(struct text *t, const struct part *part,
			const uint8_t *p)
{
	if (part->size == 16)
		put_ipv6(t, p);
	else
		put_ipv4(t, p);
}

/* Neighbors with the quality of the link to them, in @length bytes. */
static enum outcome text_qualities(struct text *t, struct part part,
				   uint32_t length)
{
	uint32_t entry = part.size + 4u;

	for (; length >= entry; length -= entry) {
		const uint8_t *p = part_data(&part);
		char text[96];

		if (!field_has(part.layer, part.at, entry))
			return CUT;
		put_text(t, "\n\t      neighbor ");
		put_address(t, &part, p);
		snprintf(text, sizeof(text),
			 ", link-quality %.2f%%, neighbor-link-quality %.2f%%",
			 p[part.size] / 2.55, p[part.size + 1] / 2.55);
		put_text(t, text);
		part.at += entry;
	}
	return DONE;
}

static enum outcome text_neighbors(struct text *t, const struct part *part,
				   uint32_t length)
{
	size_t at = part->at;

	put_text(t, "\n\t      neighbor\n\t\t");
	for (; length >= 4 && !t->stopped; length -= 4, at += 4) {
		if (!field_need(t, part->layer, at, 4))
			return DONE;
		put_ipv4(t, part->layer->data + at);
		put_char(t, ' ');
	}
	return DONE;
}

static enum outcome text_hello(struct text *t, struct part *part)
{
	static const char *const links[] = {"Unspecified", "Asymmetric",
					    "Symmetric", "Lost"};
	static const struct label neighbors[] = {
		{0, "Not-Neighbor"}, {1, "Symmetric"}, {2, "Symmetric-MPR"},
		{0, NULL}};
	enum outcome outcome;

	/* tcpdump looks at the two octets that it needs. */
	if (part->length < 4 || !field_has(part->layer, part->at, 4))
		return CUT;
	put_text(t, "\n\t  hello-time ");
	put_time(t, part_data(part)[2]);
	put(t, ", MPR willingness %u", part_data(part)[3]);
	part_skip(part, 4);
	while (part->length >= LINK) {
		const uint8_t *p = part_data(part);
		uint32_t length;
		bool valid;

		if (!field_has(part->layer, part->at, LINK))
			return CUT;
		length = load_be16(p + 2);
		valid = length <= part->length && length >= LINK;
		put(t, "\n\t    link-type %s, neighbor-type %s, len %u%s",
		    links[p[0] & 3], label_or(neighbors, p[0] >> 2, "Unknown"),
		    length, valid ? "" : " (invalid)");
		if (!valid)
			return DONE;
		part_skip(part, LINK);
		length -= LINK;
		if (!field_has(part->layer, part->at, length))
			return CUT;
		outcome = part->type == HELLO
				  ? text_neighbors(t, part, length)
				  : text_qualities(t, *part, length);
		if (outcome != DONE)
			return outcome;
		part_skip(part, length);
	}
	return DONE;
}

static enum outcome text_topology(struct text *t, struct part *part)
{
	if (part->length < 4 || !field_has(part->layer, part->at, 4))
		return CUT;
	put(t, "\n\t    advertised neighbor seq 0x%04x",
	    load_be16(part_data(part)));
	part_skip(part, 4);
	return part->type == TOPOLOGY
		       ? text_neighbors(t, part, part->length)
		       : text_qualities(t, *part, part->length);
}

static enum outcome text_interfaces(struct text *t, struct part *part)
{
	while (part->length >= part->size) {
		if (!field_has(part->layer, part->at, part->size))
			return CUT;
		put_text(t, "\n\t  interface address ");
		put_address(t, part, part_data(part));
		part_skip(part, part->size);
	}
	return DONE;
}

static uint32_t speed(uint8_t value)
{
	uint32_t result = (value >> 3) + 1u;

	if (!value || value == 0xff)
		return value ? SPEED_MOST : 0;
	for (int i = 0; i < (value & 7); i++)
		result *= 10;
	return result;
}

static void put_gateway(struct text *t, const uint8_t *mask)
{
	uint8_t flags = mask[1];

	put(t, "Smart-Gateway:%s%s%s%s%s %u/%u", flags & 1 ? " LINKSPEED" : "",
	    flags & 2 ? " IPV4" : "", flags & 4 ? " IPV4-NAT" : "",
	    flags & 8 ? " IPV6" : "", flags & 16 ? " IPv6-PREFIX" : "",
	    flags & 1 ? speed(mask[2]) : 0, flags & 1 ? speed(mask[3]) : 0);
}

/* The bits of an IPv6 mask, up to the first octet that ends it. */
static unsigned int prefix_length(const uint8_t mask[16])
{
	unsigned int length = 0;

	for (int i = 0; i < 16; i++) {
		uint8_t rest = (uint8_t)~mask[i];

		if (!(rest & (rest + 1)))
			length += 8u - (unsigned)__builtin_popcount(rest);
		if (rest)
			break;
	}
	return length;
}

static enum outcome text_networks(struct text *t, struct part *part)
{
	uint32_t entry = 2u * part->size;
	int column = 0;

	put(t, "\n\t  Advertised networks (total %u)", part->length / entry);
	for (; part->length >= entry; part_skip(part, entry)) {
		const uint8_t *p = part_data(part);

		if (!field_has(part->layer, part->at, entry))
			return CUT;
		if (part->size == 16) {
			put_text(t, "\n\t    #0: ");
			put_ipv6(t, p);
			put(t, "/%u", prefix_length(p + 16));
			continue;
		}
		put_text(t, column ? ", " : "\n\t    ");
		if (!load_be32(p) && !p[4] && p[5]) {
			put_gateway(t, p + 4);
		} else {
			put_ipv4(t, p);
			put(t, "/%u",
			    (unsigned)field_prefix_length(load_be32(p + 4)));
		}
		column = (column + 1) % 4;
	}
	return DONE;
}

/* One of the names; GIVEN_UP if it is wrong. */
static enum outcome text_name(struct text *t, struct part *part, uint32_t i)
{
	const uint8_t *p = part_data(part);
	uint32_t length, whole;
	uint16_t type;
	bool valid;

	if (!field_need(t, part->layer, part->at, 4))
		return DONE;
	type = load_be16(p);
	length = load_be16(p + 2);
	part_skip(part, 4);
	valid = length && part->size + length <= part->length;
	put(t, "\n\t    #%u: type ", i);
	if (type)
		put(t, "0x%04x", type);
	else
		put_text(t, "000000");
	put(t, ", length %u%s", length, valid ? "" : " (invalid)");
	if (!valid)
		return GIVEN_UP;
	whole = part->size + ((length + 3) & ~3u);
	if (part->length < whole || !field_has(part->layer, part->at, whole))
		return CUT;
	put_text(t, ", address ");
	put_address(t, part, part_data(part));
	put_text(t, ", name \"");
	field_put_text(t, part->layer, part->at + part->size, length);
	put_char(t, '"');
	part_skip(part, whole);
	return DONE;
}

static enum outcome text_names(struct text *t, struct part *part)
{
	uint32_t count;
	bool valid;

	if (part->length < 4)
		return CUT;
	if (!field_need(t, part->layer, part->at, 4))
		return DONE;
	count = load_be16(part_data(part) + 2);
	valid = count && count * (4u + part->size) <= part->length;
	put(t, "\n\t  Version %u, Entries %u%s", load_be16(part_data(part)),
	    count, valid ? "" : " (invalid)");
	if (!valid)
		return DONE;
	part_skip(part, 4);
	for (uint32_t i = 0; i < count && part->length >= 4 && !t->stopped;
	     i++) {
		enum outcome outcome = text_name(t, part, i);

		if (outcome != DONE)
			return outcome == CUT ? CUT : DONE;
	}
	return DONE;
}

static enum outcome text_body(struct text *t, struct part *part)
{
	switch (part->type) {
	case HELLO:
	case HELLO_QUALITY:
		return text_hello(t, part);
	case TOPOLOGY:
	case TOPOLOGY_QUALITY:
		return text_topology(t, part);
	case INTERFACES:
		return text_interfaces(t, part);
	case NETWORKS:
		return text_networks(t, part);
	case NAMES:
		return text_names(t, part);
	default:
		field_put_dump(t, part->layer, part->at, "\n\t    ",
			       part->length);
		return DONE;
	}
}

/* The message at @at of the packet's @length bytes; *@next: the one behind. */
static enum outcome text_message(struct text *t, const struct layer *layer,
				 size_t at, uint32_t length, uint8_t size,
				 size_t *next)
{
	uint32_t header = 8u + size;
	const uint8_t *p = layer->data + at;
	struct part part;
	uint32_t whole;
	bool valid;

	if (!field_has(layer, at, header))
		return CUT;
	whole = load_be16(p + 2);
	valid = whole >= header && whole <= length;
	if (!p[0] || !whole)
		return GIVEN_UP;
	part = (struct part){layer, at + header, whole - header, size, p[0]};
	put(t, "\n\t%s Message (0x%02x), originator ",
	    label_or(message_labels, p[0], "Unknown"), p[0]);
	put_address(t, &part, p + 4);
	put(t, ", ttl %u, hop %u\n\t  vtime ", p[4 + size], p[5 + size]);
	put_time(t, p[1]);
	put(t, ", msg-seq 0x%04x, length %u%s", load_be16(p + 6 + size), whole,
	    valid ? "" : " (invalid)");
	if (!valid)
		return GIVEN_UP;
	*next = at + whole;
	return text_body(t, &part);
}

static void text(struct text *t, const struct layer *layer)
{
	const struct layer *ip = layer_ip(t->packet, layer);
	uint8_t size = ip && ip->dissector == &ipv6_dissector ? 16 : 4;
	uint32_t length = layer->length;
	size_t at = HEADER;

	t->protocol = "olsr";
	put(t, "OLSRv%u", size == 16 ? 6 : 4);
	if (length < HEADER || layer->captured < HEADER) {
		text_trunc(t);
		return;
	}
	if (length > load_be16(layer->data))
		length = load_be16(layer->data);
	put(t, ", seq 0x%04x, length %u", load_be16(layer->data + 2), length);
	if (!t->options->verbose)
		return;
	while (at < length && !t->stopped) {
		enum outcome outcome = text_message(t, layer, at, length, size,
						    &at);

		if (outcome == CUT && !t->stopped)
			text_trunc(t);
		if (outcome != DONE)
			return;
	}
}

static const struct member_table message_members = {
	.members = (const struct member[]){
		MEMBER_U8("validity", 1),
		MEMBER_ADDRESS("originator", 4),
		MEMBER_U8("ttl", 8),
		MEMBER_U8("hop_count", 9),
		MEMBER_U16("sequence", 10),
		MEMBER_BYTES("value", 12, 0),
		MEMBER_END},
};

static const struct member_table message6_members = {
	.members = (const struct member[]){
		MEMBER_U8("validity", 1),
		MEMBER_ADDRESS6("originator", 4),
		MEMBER_U8("ttl", 20),
		MEMBER_U8("hop_count", 21),
		MEMBER_U16("sequence", 22),
		MEMBER_BYTES("value", 24, 0),
		MEMBER_END},
};

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_U16("packet_length", 0),
		MEMBER_U16("sequence", 2),
		MEMBER_END},
	.list = {
		.name = "messages",
		.at = 4,
		.end = {0, 2, 0},
		.header = 12,
		.type = {0, 1, 0},
		.length = {2, 2, 0},
		.each = &message_members,
	},
};

static const struct member_table members6 = {
	.members = (const struct member[]){
		MEMBER_U16("packet_length", 0),
		MEMBER_U16("sequence", 2),
		MEMBER_END},
	.list = {
		.name = "messages",
		.at = 4,
		.end = {0, 2, 0},
		.header = 24,
		.type = {0, 1, 0},
		.length = {2, 2, 0},
		.each = &message6_members,
	},
};

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	const struct layer *ip = layer_ip(packet, layer);
	bool six = ip && ip->dissector == &ipv6_dissector;

	members_put_json(json, six ? &members6 : &members, layer->data,
			 layer->captured);
}

const struct dissector olsr_dissector = {
	.name = "olsr",
	.decode = decode,
	.text = text,
	.json = json,
};
