/* SPDX-License-Identifier: BSD-3-Clause */
/* Link state advertisements of OSPF version 2: RFC 2328, RFC 3101, RFC 5250. */
#include "dissectors/ospf.h"

enum lsa {
	LSA_ROUTER = 1,
	LSA_NETWORK = 2,
	LSA_SUMMARY = 3,
	LSA_BORDER = 4,
	LSA_EXTERNAL = 5,
	LSA_GROUP = 6,
	LSA_NSSA = 7,
	LSA_OPAQUE_LINK = 9,
	LSA_OPAQUE_AREA = 10,
	LSA_OPAQUE_DOMAIN = 11,
};

enum opaque { OPAQUE_ENGINEERING = 1, OPAQUE_GRACE = 3, OPAQUE_ROUTER = 4 };

static const struct label lsa_labels[] = {
	{LSA_ROUTER, "Router"},
	{LSA_NETWORK, "Network"},
	{LSA_SUMMARY, "Summary"},
	{LSA_BORDER, "ASBR Summary"},
	{LSA_EXTERNAL, "External"},
	{LSA_GROUP, "Multicast Group"},
	{LSA_NSSA, "NSSA"},
	{LSA_OPAQUE_LINK, "Link Local Opaque"},
	{LSA_OPAQUE_AREA, "Area Local Opaque"},
	{LSA_OPAQUE_DOMAIN, "Domain Wide Opaque"},
	{0, NULL},
};

static const struct label opaque_labels[] = {
	{OPAQUE_ENGINEERING, "Traffic Engineering"},
	{OPAQUE_GRACE, "Graceful restart"},
	{OPAQUE_ROUTER, "Router Information"},
	{0, NULL},
};

static bool is_opaque(uint32_t type)
{
	return type >= LSA_OPAQUE_LINK && type <= LSA_OPAQUE_DOMAIN;
}

void ospf_put_request(struct text *t, const struct layer *layer, size_t at)
{
	uint32_t type = field_be32(t, layer, at);

	field_lead_ipv4(t, "\n\t  Advertising Router: ", layer,
			at + 8);
	put(t, ", %s LSA (%u)", label_or(lsa_labels, type, "unknown"), type);
	if (is_opaque(type)) {
		uint8_t opaque = field_u8(t, layer, at + 4);

		put(t, ", Opaque-Type: %s LSA (%u), Opaque-ID: %u",
		    label_or(opaque_labels, opaque, "unknown"), opaque,
		    field_be24(t, layer, at + 5));
	} else {
		field_lead_ipv4(t, ", LSA-ID: ", layer,
			at + 4);
	}
}

int ospf_text_header(struct text *t, const struct layer *layer, size_t at)
{
	uint16_t length;
	uint8_t type;

	if (!field_need(t, layer, at, OSPF_LSA_HEADER))
		return -1;
	length = load_be16(layer->data + at + 18);
	if (length < OSPF_LSA_HEADER) {
		put(t, "\n\t    Bogus length %u < header (%u)", length,
		    OSPF_LSA_HEADER);
		return -1;
	}
	field_lead_ipv4(t, "\n\t  Advertising Router ", layer,
			at + 8);
	put(t, ", seq 0x%08x, age %us, length %u",
	    field_be32(t, layer, at + 12), field_be16(t, layer, at),
	    length - OSPF_LSA_HEADER);
	type = field_u8(t, layer, at + 3);
	put(t, "\n\t    %s LSA (%u), ", label_or(lsa_labels, type, "unknown"),
	    type);
	if (is_opaque(type)) {
		uint8_t opaque = field_u8(t, layer, at + 4);

		put(t, "Opaque-Type %s LSA (%u), Opaque-ID %u",
		    label_or(opaque_labels, opaque, "unknown"), opaque,
		    field_be24(t, layer, at + 5));
	} else {
		field_lead_ipv4(t, "LSA-ID: ", layer,
			at + 4);
	}
	field_put_bits(t, "\n\t    Options: [", ospf_option_labels,
		       field_u8(t, layer, at + 2), "none");
	return length;
}

static const char *topology_name(uint32_t topology)
{
	static const struct label labels[] = {
		{0, "default"}, {1, "multicast"}, {2, "management"},
		{0, NULL}};

	return label_or(labels, topology, "Unknown");
}

/* What each type of a router's links is called, and its second word. */
static bool put_link(struct text *t, const struct layer *layer, size_t at)
{
	static const struct label names[] = {
		{1, "Neighbor Router-ID: "},
		{2, "Neighbor Network-ID: "},
		{3, "Stub Network: "},
		{4, "Virtual Link: Neighbor Router-ID: "},
		{0, NULL}};
	uint8_t type = field_u8(t, layer, at + 8);
	const char *name = label_find(names, type);

	if (!name) {
		put(t, "\n\t      Unknown Router Link Type (%u)", type);
		return false;
	}
	put(t, "\n\t      %s", name);
	field_put_ipv4(t, layer, at); /* the link is all there */
	field_lead_ipv4(t, type == 3 ? ", Mask: " : ", Interface Address: ", layer,
			at + 4);
	return true;
}

/* How the printing of an LSA's body ended. */
enum outcome {
	CUT,	  /* it is not all there */
	DONE,	  /* -vv may dump it too */
	COMPLETE, /* nothing more is printed of it */
};

static enum outcome text_router(struct text *t, const struct layer *layer,
				size_t at)
{
	static const struct label flags[] = {
		{1, "ABR"}, {2, "ASBR"}, {4, "Virtual"}, {8, "Wildcard"}, {16, "Nt"}, {32, "Host"},
		{0, NULL}};
	uint32_t count;

	field_put_bits(t, "\n\t    Router LSA Options: [", flags,
		       field_u8(t, layer, at), "none");
	count = field_be16(t, layer, at + 2);
	at += 4;
	if (!field_has(layer, at, 12))
		return CUT;
	for (; count && !t->stopped; count--) {
		uint32_t topologies;

		if (!field_has(layer, at, 12))
			return CUT;
		if (!put_link(t, layer, at))
			return COMPLETE;
		at += 8;
		topologies = layer->data[at + 1] + 1u;
		for (uint32_t i = 0; i < topologies && !t->stopped; i++) {
			uint8_t type = i ? field_u8(t, layer, at) : 0;

			put(t, "\n\t\ttopology %s (%u), metric %u",
			    topology_name(type), type,
			    field_be16(t, layer, at + 2));
			at += 4;
		}
	}
	return DONE;
}

static enum outcome text_network(struct text *t, const struct layer *layer,
				 size_t at, size_t end)
{
	field_lead_ipv4(t, "\n\t    Mask ", layer,
			at);
	put_text(t, "\n\t    Connected Routers:");
	for (at += 4; at < end; at += 4) {
		if (!field_has(layer, at, 4))
			return CUT;
		field_lead_ipv4(t, "\n\t      ", layer,
			at);
	}
	return DONE;
}

static enum outcome text_summary(struct text *t, const struct layer *layer,
				 size_t at, size_t end, bool mask)
{
	if (mask) {
		if (!field_has(layer, at, 4))
			return CUT;
		field_lead_ipv4(t, "\n\t    Mask ", layer,
			at);
	}
	at += 4;
	if (!field_has(layer, at, 4))
		return CUT;
	for (; at < end && !t->stopped; at += 4) {
		uint32_t word = field_be32(t, layer, at);

		put(t, "\n\t\ttopology %s (%u) metric %u",
		    topology_name(word >> 24 & 0x7f), word >> 24 & 0x7f,
		    word & 0xffffff);
	}
	return DONE;
}

static enum outcome text_external(struct text *t, const struct layer *layer,
				  size_t at, size_t end)
{
	if (!field_has(layer, at, 4))
		return CUT;
	field_lead_ipv4(t, "\n\t    Mask ", layer,
			at);
	at += 4;
	if (!field_has(layer, at, 4))
		return CUT;
	for (; at < end && !t->stopped; at += 12) {
		uint32_t word = field_be32(t, layer, at);

		put(t, "\n\t\ttopology %s (%u), type %u, metric",
		    topology_name(word >> 24 & 0x7f), word >> 24 & 0x7f,
		    word >> 31 ? 2 : 1);
		if ((word & 0xffffff) == 0xffffff)
			put_text(t, " infinite");
		else
			put(t, " %u", word & 0xffffff);
		if (field_be32(t, layer, at + 4)) {
			field_lead_ipv4(t, ", forward ", layer,
			at + 4);
		}
		if (field_be32(t, layer, at + 8)) {
			field_lead_ipv4(t, ", tag ", layer,
			at + 8);
		}
	}
	return DONE;
}

static enum outcome text_group(struct text *t, const struct layer *layer,
			       size_t at, size_t end)
{
	for (; at < end && !t->stopped; at += 8) {
		uint32_t type = field_be32(t, layer, at);

		if (type != 1 && type != 2) {
			put(t, "\n\t    unknown VertexType (%u)", type);
			continue;
		}
		field_lead_ipv4(t, type == 1 ? "\n\t    Router Router-ID "
				      : "\n\t    Network Designated Router ", layer,
			at + 4);
	}
	return DONE;
}

static enum outcome text_information(struct text *t, const struct layer *layer,
				     size_t at, uint32_t length)
{
	static const struct label capabilities[] = {
		{1, "Reserved"},
		{2, "Reserved"},
		{4, "Reserved"},
		{8, "Reserved"},
		{16, "graceful restart capable"},
		{32, "graceful restart helper"},
		{64, "Stub router support"},
		{128, "Traffic engineering"},
		{256, "p2p over LAN"},
		{512, "path computation server"},
		{0, NULL}};

	while (length && !t->stopped) {
		uint16_t type;
		uint32_t size;

		if (!field_has(layer, at, 4))
			return CUT;
		if (length < 4) {
			put(t, "\n\t    Remaining LS length %u < 4", length);
			return COMPLETE;
		}
		type = load_be16(layer->data + at);
		size = load_be16(layer->data + at + 2);
		at += 4;
		length -= 4;
		put(t, "\n\t    %s TLV (%u), length: %u, value: ",
		    type == 1 ? "Router Capabilities" : "unknown", type, size);
		if (size > length) {
			put(t,
			    "\n\t    Bogus length %u > remaining LS length %u",
			    size, length);
			return COMPLETE;
		}
		if (!field_has(layer, at, size))
			return CUT;
		if (type == 1) {
			if (size != 4) {
				put(t, "\n\t    Bogus length %u != 4", size);
				return COMPLETE;
			}
			put_text(t, "Capabilities: ");
			put_bits(t, capabilities, field_be32(t, layer, at),
				 "Unknown", ", ");
		} else if (t->options->verbose <= 1) {
			field_put_dump(t, layer, at, "\n\t      ", size);
		}
		at += size;
		length -= size;
	}
	return DONE;
}

static enum outcome text_opaque(struct text *t, const struct layer *layer,
				uint8_t type, size_t at, uint32_t length)
{
	switch (type) {
	case OPAQUE_ROUTER:
		return text_information(t, layer, at, length);
	case OPAQUE_GRACE:
		return ospf_text_grace(t, layer, at, length) ? DONE : COMPLETE;
	case OPAQUE_ENGINEERING:
		return ospf_text_engineering(t, layer, at, length) ? DONE
								   : COMPLETE;
	default:
		if (t->options->verbose <= 1)
			field_put_dump(t, layer, at, "\n\t    ", length);
		return DONE;
	}
}

static enum outcome text_body(struct text *t, const struct layer *layer,
			      size_t header, size_t at, size_t end)
{
	uint8_t type = field_u8(t, layer, header + 3);

	switch (type) {
	case LSA_ROUTER:
		return text_router(t, layer, at);
	case LSA_NETWORK:
		return text_network(t, layer, at, end);
	case LSA_SUMMARY:
	case LSA_BORDER:
		return text_summary(t, layer, at, end, type == LSA_SUMMARY);
	case LSA_EXTERNAL:
	case LSA_NSSA:
		return text_external(t, layer, at, end);
	case LSA_GROUP:
		return text_group(t, layer, at, end);
	case LSA_OPAQUE_LINK:
	case LSA_OPAQUE_AREA:
	case LSA_OPAQUE_DOMAIN:
		return text_opaque(t, layer, field_u8(t, layer, header + 4),
				   at, (uint32_t)(end - at));
	default:
		return DONE;
	}
}

size_t ospf_text_lsa(struct text *t, const struct layer *layer, size_t at)
{
	int length = ospf_text_header(t, layer, at);
	size_t end;

	if (length < 0)
		return 0;
	end = at + (uint32_t)length;
	switch (text_body(t, layer, at, at + OSPF_LSA_HEADER, end)) {
	case CUT:
		return 0;
	case DONE:
		if (t->options->verbose > 1)
			field_put_dump(t, layer, at + OSPF_LSA_HEADER,
				       "\n\t    ",
				       (uint32_t)length - OSPF_LSA_HEADER);
		break;
	case COMPLETE:
		break;
	}
	return end;
}
