/* SPDX-License-Identifier: BSD-3-Clause */
/* OSPF version 3: RFC 5340, RFC 5613, RFC 7166. */
#include "dissectors/ospf.h"

#include "dissectors/protocols.h"

enum {
	HEADER = 16,
	OPTION_SIGNALING = 0x200,
	TRAILER = 16, /* the least of an authentication trailer */
	TRANSITIVE = 0x8000,
};

static const struct label option_labels[] = {
	{0x001, "V6"},		   {0x002, "External"},
	{0x004, "Deprecated"},	   {0x008, "NSSA"},
	{0x010, "Router"},	   {0x020, "Demand Circuit"},
	{0x100, "AFs Support"},	   {0x200, "LLS"},
	{0x400, "Authentication Trailer"}, {0, NULL},
};

static const struct label lsa_labels[] = {
	{1, "Router"},
	{2, "Network"},
	{3, "Inter-Area Prefix"},
	{4, "Inter-Area Router"},
	{5, "External"},
	{6, "Deprecated"},
	{7, "NSSA"},
	{8, "Link"},
	{9, "Intra-Area Prefix"},
	{10, "Intra-Area TE"},
	{11, "Grace"},
	{12, "Router Information"},
	{13, "Inter-AS-TE"},
	{14, "Layer 1 VPN"},
	{0, NULL},
};

static void put_options(struct text *t, const char *indent, uint32_t options)
{
	put(t, "%sOptions [", indent);
	put_bits(t, option_labels, options, "none", ", ");
	put_char(t, ']');
}

static void put_type(struct text *t, const struct layer *layer, uint16_t type,
		     size_t identifier)
{
	static const struct label scopes[] = {{0x0000, "Link Local"},
					      {0x2000, "Area Local"},
					      {0x4000, "Domain Wide"},
					      {0, NULL}};

	if (!field_need(t, layer, identifier, 4))
		return;
	put(t, "\n\t    %s LSA (%u), %s Scope%s, LSA-ID ",
	    label_or(lsa_labels, type & 0x1fff, "Unknown"), type & 0x1fff,
	    label_or(scopes, type & 0x6000, "Unknown"),
	    type & TRANSITIVE ? ", transitive" : "");
	field_put_ipv4(t, layer, identifier);
}

/* False: it does not lie before @end. */
static bool text_header(struct text *t, const struct layer *layer, size_t at,
			size_t end)
{
	if (at + OSPF_LSA_HEADER > end)
		return false;
	if (!field_need(t, layer, at, OSPF_LSA_HEADER))
		return true;
	put_text(t, "\n\t  Advertising Router ");
	put_ipv4(t, layer->data + at + 8);
	put(t, ", seq 0x%08x, age %us, length %llu",
	    field_be32(t, layer, at + 12), field_be16(t, layer, at),
	    (unsigned long long)field_be16(t, layer, at + 18) -
		    OSPF_LSA_HEADER);
	put_type(t, layer, field_be16(t, layer, at + 2), at + 4);
	return true;
}

/* A prefix in @length bytes: bytes used, -1 if it is wrong. */
static int text_prefix(struct text *t, const struct layer *layer, size_t at,
		       uint32_t length)
{
	static const struct label options[] = {
		{0x01, "No Unicast"}, {0x02, "Local address"},
		{0x04, "Deprecated"}, {0x08, "Propagate"},
		{0x10, "Down"},	      {0x20, "N-bit"},
		{0, NULL}};
	uint8_t address[16] = {0};
	uint32_t bytes;
	uint8_t bits;

	if (length < 4 || !field_has(layer, at, 4))
		return -1;
	bits = layer->data[at];
	bytes = (bits + 31u) / 32 * 4;
	if (bytes > 16) {
		put(t, " bogus prefixlen /%u", bits);
		return -1;
	}
	if (length - 4 < bytes)
		return -1;
	memcpy(address, field_bytes(t, layer, at + 4, bytes), bytes);
	put_text(t, "\n\t\t");
	put_ipv6(t, address);
	put(t, "/%u", bits);
	if (layer->data[at + 1]) {
		field_put_bits(t, ", Options [", options,
		       layer->data[at + 1], "none");
	}
	put(t, ", metric %u", load_be16(layer->data + at + 2));
	return 4 + (int)bytes;
}

/* Up to @count prefixes in @length bytes; false if one is wrong. */
static bool text_prefixes(struct text *t, const struct layer *layer, size_t at,
			  uint32_t length, uint32_t count)
{
	for (; count && !t->stopped; count--) {
		int used = text_prefix(t, layer, at, length);

		if (used < 0)
			return false;
		at += (uint32_t)used;
		length -= (uint32_t)used;
	}
	return true;
}

/* The bodies of LSAs, @length bytes at @at: false where they are cut off. */

static bool text_router(struct text *t, const struct layer *layer, size_t at,
			uint32_t length)
{
	static const struct label flags[] = {{0x01, "ABR"},
					     {0x02, "External"},
					     {0x04, "Virtual-Link Endpoint"},
					     {0x08, "Deprecated"},
					     {0x10, "NSSA Translator"},
					     {0, NULL}};
	static const struct label types[] = {
		{1, "Neighbor Router-ID "},
		{2, "Neighbor Network-ID "},
		{4, "Virtual Link: Neighbor Router-ID "},
		{0, NULL}};

	if (length < 4)
		return false;
	put_options(t, "\n\t      ", field_be32(t, layer, at));
	field_put_bits(t, ", RLA-Flags [", flags,
		       field_u8(t, layer, at), "none");
	at += 4;
	for (length -= 4; length && !t->stopped; length -= 16, at += 16) {
		const char *name;
		uint8_t type;

		if (length < 16 || !field_has(layer, at, 16))
			return false;
		type = layer->data[at];
		name = label_find(types, type);
		if (!name) {
			put(t, "\n\t      Unknown Router Links Type 0x%02x",
			    type);
			return true;
		}
		put(t, "\n\t      %s", name);
		field_put_ipv4(t, layer, at + 12);
		field_lead_ipv4(t, "\n\t      Neighbor Interface-ID ", layer,
			at + 8);
		field_lead_ipv4(t, ", Interface ", layer,
			at + 4);
		put(t, ", metric %u", load_be16(layer->data + at + 2));
	}
	return true;
}

static bool text_network(struct text *t, const struct layer *layer, size_t at,
			 uint32_t length)
{
	if (length < 4)
		return false;
	put_options(t, "\n\t      ", field_be32(t, layer, at));
	put_text(t, "\n\t      Connected Routers:");
	at += 4;
	for (length -= 4; length && !t->stopped; length -= 4, at += 4) {
		if (length < 4 || !field_has(layer, at, 4))
			return false;
		field_lead_ipv4(t, "\n\t\t", layer,
			at);
	}
	return true;
}

static bool text_inter_area(struct text *t, const struct layer *layer,
			    size_t at, uint32_t length)
{
	if (length < 4)
		return false;
	put(t, ", metric %u", field_be32(t, layer, at) & 0xffffff);
	at += 4;
	length -= 4;
	while (length && !t->stopped) {
		int used = text_prefix(t, layer, at, length);

		if (used < 0)
			return false;
		length -= (uint32_t)used;
		at += (uint32_t)used;
	}
	return true;
}

static bool text_external(struct text *t, const struct layer *layer, size_t at,
			  uint32_t length)
{
	static const struct label flags[] = {{0x80000000, "External Type 2"},
					     {0x02000000, "Forwarding"},
					     {0x01000000, "Tag"},
					     {0, NULL}};
	size_t prefix = at + 4;
	uint32_t word;
	int used;

	if (length < 4)
		return false;
	word = field_be32(t, layer, at);
	field_put_bits(t, "\n\t     Flags [", flags, word, "none");
	put(t, " metric %u", word & 0xffffff);
	used = text_prefix(t, layer, prefix, length - 4);
	if (used < 0)
		return false;
	at = prefix + (uint32_t)used;
	length -= 4 + (uint32_t)used;
	if (word & 0x02000000) {
		if (length < 16)
			return false;
		field_lead_ipv6(t, " forward ", layer,
			at);
		length -= 16;
		at += 16;
	}
	if (word & 0x01000000) {
		if (length < 4)
			return false;
		field_lead_ipv4(t, " tag ", layer,
			at);
		length -= 4;
		at += 4;
	}
	/* tcpdump looks at the upper half of the type alone. */
	if (field_u8(t, layer, prefix + 2)) {
		if (length < 4)
			return false;
		field_lead_ipv4(t, " RefLSID: ", layer,
			at);
	}
	return true;
}

static bool text_link(struct text *t, const struct layer *layer, size_t at,
		      uint32_t length)
{
	uint32_t prefixes;

	if (length < 4 || !field_has(layer, at, 4))
		return false;
	put_options(t, "\n\t      ", field_be32(t, layer, at));
	if (length < 24)
		return false;
	prefixes = field_be32(t, layer, at + 20);
	put(t, "\n\t      Priority %u, Link-local address ",
	    field_u8(t, layer, at));
	field_put_ipv6(t, layer, at + 4);
	put(t, ", Prefixes %u:", prefixes);
	return text_prefixes(t, layer, at + 24, length - 24, prefixes);
}

static bool text_intra_area(struct text *t, const struct layer *layer,
			    size_t at, uint32_t length)
{
	uint16_t prefixes;

	if (length < 4 || !field_has(layer, at + 8, 4))
		return false;
	put_type(t, layer, field_be16(t, layer, at + 2), at + 4);
	if (length < 6)
		return false;
	prefixes = field_be16(t, layer, at);
	put(t, "\n\t      Prefixes %u:", prefixes);
	return text_prefixes(t, layer, at + 12, length - 6, prefixes);
}

static bool text_lsa(struct text *t, const struct layer *layer, size_t at,
		     size_t end)
{
	uint32_t length;

	if (!text_header(t, layer, at, end))
		return false;
	length = field_be16(t, layer, at + 18);
	if (length < OSPF_LSA_HEADER || at + length > end)
		return false;
	length -= OSPF_LSA_HEADER;
	switch (field_be16(t, layer, at + 2)) {
	case 0x2001:
		return text_router(t, layer, at + OSPF_LSA_HEADER, length);
	case 0x2002:
		return text_network(t, layer, at + OSPF_LSA_HEADER, length);
	case 0x2003:
		return text_inter_area(t, layer, at + OSPF_LSA_HEADER, length);
	case 0x4005:
		return text_external(t, layer, at + OSPF_LSA_HEADER, length);
	case 0x0008:
		return text_link(t, layer, at + OSPF_LSA_HEADER, length);
	case 0x2009:
		return text_intra_area(t, layer, at + OSPF_LSA_HEADER, length);
	case 0x000b:
		return ospf_text_grace(t, layer, at + OSPF_LSA_HEADER, length);
	case 0x000a:
		return ospf_text_engineering(t, layer, at + OSPF_LSA_HEADER,
					     length);
	default:
		field_put_dump(t, layer, at + OSPF_LSA_HEADER, "\n\t      ",
			       length);
		return true;
	}
}

/* The bodies of messages: false where they are cut off. */

static bool text_hello(struct text *t, const struct layer *layer, size_t end)
{
	size_t at = HEADER;

	put_options(t, "\n\t", field_be32(t, layer, at + 4));
	if (!field_need(t, layer, at, 12))
		return true;
	put(t, "\n\t  Hello Timer %us, Dead Timer %us, Interface-ID ",
	    field_be16(t, layer, at + 8), field_be16(t, layer, at + 10));
	field_put_ipv4(t, layer, at);
	put(t, ", Priority %u", field_u8(t, layer, at + 4));
	if (field_be32(t, layer, at + 12)) {
		field_lead_ipv4(t, "\n\t  Designated Router ", layer,
			at + 12);
	}
	if (field_be32(t, layer, at + 16)) {
		field_lead_ipv4(t, ", Backup Designated Router ", layer,
			at + 16);
	}
	if (t->options->verbose < 2)
		return true;
	put_text(t, "\n\t  Neighbor List:");
	for (at += 20; at < end; at += 4) {
		if (!field_need(t, layer, at, 4))
			return true;
		field_lead_ipv4(t, "\n\t    ", layer,
			at);
	}
	return true;
}

static bool text_headers(struct text *t, const struct layer *layer, size_t at,
			 size_t end)
{
	for (; at < end && !t->stopped; at += OSPF_LSA_HEADER)
		if (!text_header(t, layer, at, end))
			return false;
	return true;
}

static bool text_description(struct text *t, const struct layer *layer,
			     size_t end)
{
	static const struct label flags[] = {{0x04, "Init"},
					     {0x02, "More"},
					     {0x01, "Master"},
					     {0x10, "IPv6 MTU"},
					     {0, NULL}};
	size_t at = HEADER;

	put_options(t, "\n\t", field_be32(t, layer, at));
	field_put_bits(t, ", DD Flags [", flags, field_u8(t, layer, at + 7),
		       "none");
	put(t, ", MTU %u, DD-Sequence 0x%08x", field_be16(t, layer, at + 4),
	    field_be32(t, layer, at + 8));
	if (t->options->verbose < 2)
		return true;
	return text_headers(t, layer, at + 12, end);
}

static bool text_request(struct text *t, const struct layer *layer, size_t end)
{
	for (size_t at = HEADER; at < end; at += 12) {
		if (!field_has(layer, at, 12))
			return false;
		field_lead_ipv4(t, "\n\t  Advertising Router ", layer,
			at + 8);
		put_type(t, layer, field_be16(t, layer, at + 2), at + 4);
	}
	return true;
}

static bool text_update(struct text *t, const struct layer *layer, size_t end)
{
	uint32_t count = field_be32(t, layer, HEADER);
	size_t at = HEADER + 4;

	for (; at < end && count && !t->stopped; count--) {
		if (!text_lsa(t, layer, at, end))
			return false;
		at += field_be16(t, layer, at + 18);
	}
	return true;
}

static bool text_body(struct text *t, const struct layer *layer, size_t end)
{
	bool all = t->options->verbose > 1;

	switch (field_u8(t, layer, 1)) {
	case OSPF_HELLO:
		return text_hello(t, layer, end);
	case OSPF_DESCRIPTION:
		return text_description(t, layer, end);
	case OSPF_REQUEST:
		return !all || text_request(t, layer, end);
	case OSPF_UPDATE:
		return !all || text_update(t, layer, end);
	case OSPF_ACK:
		return !all || text_headers(t, layer, HEADER, end);
	default:
		return true;
	}
}

/* Link-local signaling in @length bytes: bytes used, -1 where it is cut. */
static int text_signaling(struct text *t, const struct layer *layer, size_t at,
			  uint32_t length)
{
	uint16_t size;

	if (!length)
		return 0;
	if (length < 4)
		return -1;
	put(t, "\n\tLLS Checksum 0x%04x", field_be16(t, layer, at));
	size = field_be16(t, layer, at + 2);
	put(t, ", Data Length %u", size);
	if (size < 4 || size > length ||
	    !field_has(layer, at + 4, size - 4u))
		return -1;
	return size;
}

static bool text_authentication(struct text *t, const struct layer *layer,
				size_t at, uint32_t length)
{
	static const struct label types[] = {{1, "HMAC"}, {0, NULL}};
	uint16_t size;

	if (!length)
		return true;
	if (length < TRAILER)
		return false;
	if (!field_need(t, layer, at, 2))
		return true;
	put_text(t, "\n\tAuthentication Type ");
	put_label(t, types, load_be16(layer->data + at), "unknown (0x%04x)");
	size = field_be16(t, layer, at + 2);
	put(t, ", Length %u", size);
	if (size < TRAILER || size > length)
		return false;
	put(t, ", SAID %u", field_be16(t, layer, at + 6));
	put(t, ", CSN 0x%08x", field_be32(t, layer, at + 8));
	put(t, ":%08x", field_be32(t, layer, at + 12));
	if (!field_has(layer, at + TRAILER, size - TRAILER))
		return false;
	if (t->options->verbose > 1)
		field_put_dump(t, layer, at + TRAILER,
			       "\n\tAuthentication Data ", size - TRAILER);
	return true;
}

static bool text_trailer(struct text *t, const struct layer *layer, size_t at)
{
	uint32_t length = layer->length - (uint32_t)at, options = 0;
	uint8_t type = field_u8(t, layer, 1);
	int used = 0;

	if (type == OSPF_HELLO)
		options = field_be32(t, layer, HEADER + 4);
	else if (type == OSPF_DESCRIPTION)
		options = field_be32(t, layer, HEADER);
	if (options & OPTION_SIGNALING)
		used = text_signaling(t, layer, at, length);
	if (used < 0)
		return false;
	return text_authentication(t, layer, at + (uint32_t)used,
				   length - (uint32_t)used);
}

static void text(struct text *t, const struct layer *layer)
{
	const char *name;
	uint16_t length;

	t->protocol = "ospf3";
	name = label_find(ospf_message_labels, field_u8(t, layer, 1));
	put(t, "OSPFv%u, ", field_u8(t, layer, 0));
	if (name)
		put_text(t, name);
	else
		put(t, "unknown packet type (%u)", field_u8(t, layer, 1));
	put(t, ", length %u", layer->length);
	if (!name || !t->options->verbose)
		return;
	length = field_be16(t, layer, 2);
	if (length > layer->length) {
		put(t, " [len %u]", length);
		return;
	}
	field_lead_ipv4(t, "\n\tRouter-ID ", layer,
			4);
	if (field_be32(t, layer, 8)) {
		field_lead_ipv4(t, ", Area ", layer,
			8);
	} else {
		put_text(t, ", Backbone Area");
	}
	if (field_u8(t, layer, 14))
		put(t, ", Instance %u", field_u8(t, layer, 14));
	if (field_u8(t, layer, 0) == 3 &&
	    !(text_body(t, layer, length) && text_trailer(t, layer, length)) &&
	    !t->stopped)
		text_trunc(t);
}

static void decode(struct dissection *d)
{
	ospf_dissector.decode(d);
}

/* Printed by ospf_dissector, which both versions are registered as. */
const struct dissector ospf6_dissector = {
	.name = "ospf",
	.decode = decode,
	.text = text,
};
