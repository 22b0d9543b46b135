/* SPDX-License-Identifier: BSD-3-Clause */
/* BGP's path attributes: RFC 4271 and those that came after it. */
#include "dissectors/bgp.h"

#include "dissectors/labels.h"

enum attribute {
	ORIGIN = 1,
	AS_PATH = 2,
	NEXT_HOP = 3,
	DISCRIMINATOR = 4,
	PREFERENCE = 5,
	ATOMIC_AGGREGATE = 6,
	AGGREGATOR = 7,
	COMMUNITIES = 8,
	ORIGINATOR = 9,
	CLUSTERS = 10,
	REACH = 14,
	UNREACH = 15,
	EXTENDED_COMMUNITIES = 16,
	AS4_PATH = 17,
	AGGREGATOR4 = 18,
	PMSI_TUNNEL = 22,
	IGP_METRIC = 26,
	LARGE_COMMUNITIES = 32,
	ATTRIBUTE_SET = 128,
};

enum { SETS_MOST = 10 }; /* attribute sets in one another */

static const struct label attribute_labels[] = {
	{ORIGIN, "Origin"},
	{AS_PATH, "AS Path"},
	{AS4_PATH, "AS4 Path"},
	{NEXT_HOP, "Next Hop"},
	{DISCRIMINATOR, "Multi Exit Discriminator"},
	{PREFERENCE, "Local Preference"},
	{ATOMIC_AGGREGATE, "Atomic Aggregate"},
	{AGGREGATOR, "Aggregator"},
	{AGGREGATOR4, "Aggregator4"},
	{COMMUNITIES, "Community"},
	{ORIGINATOR, "Originator ID"},
	{CLUSTERS, "Cluster List"},
	{11, "DPA"},
	{12, "Advertisers"},
	{13, "RCID Path / Cluster ID"},
	{REACH, "Multi-Protocol Reach NLRI"},
	{UNREACH, "Multi-Protocol Unreach NLRI"},
	{EXTENDED_COMMUNITIES, "Extended Community"},
	{PMSI_TUNNEL, "PMSI Tunnel"},
	{23, "Tunnel Encapsulation"},
	{24, "Traffic Engineering"},
	{25, "IPv6 Extended Community"},
	{IGP_METRIC, "Accumulated IGP Metric"},
	{27, "PE Distinguisher Label"},
	{28, "Entropy Label"},
	{LARGE_COMMUNITIES, "Large Community"},
	{ATTRIBUTE_SET, "Attribute Set"},
	{255, "Reserved for development"},
	{0, NULL},
};

void bgp_put_attribute(struct text *t, const char *indent, uint8_t type,
		       uint8_t flags, uint32_t length)
{
	put(t, "%s%s (%u), length: %u", indent,
	    label_or(attribute_labels, type, "Unknown Attribute"), type,
	    length);
	if (!flags)
		return;
	put(t, ", Flags [%s%s%s%s", flags & 0x80 ? "O" : "",
	    flags & 0x40 ? "T" : "", flags & 0x20 ? "P" : "",
	    flags & 0x10 ? "E" : "");
	if (flags & 0xf)
		put(t, "+%x", flags & 0xf);
	put_char(t, ']');
}

/* Bytes of an AS number: nothing says it, so see if 2 fit. */
static uint32_t as_size(struct text *t, const struct layer *layer,
			uint8_t type, size_t at, uint32_t length)
{
	size_t end = at + length;

	if (type == AS4_PATH)
		return 4;
	while (at < end && !t->stopped) {
		uint8_t segment = field_u8(t, layer, at);

		if (segment < 1 || segment > 4)
			return 4;
		at += 2 + field_u8(t, layer, at + 1) * 2u;
	}
	return at == end ? 2 : 4;
}

static bool text_path(struct text *t, const struct layer *layer, uint8_t type,
		      size_t at, uint32_t length)
{
	static const struct label open[] = {
		{2, ""}, {1, "{ "}, {3, "( "}, {4, "({ "}, {0, NULL}};
	static const struct label close[] = {
		{2, ""}, {1, "}"}, {3, ")"}, {4, "})"}, {0, NULL}};
	size_t end = at + length;
	uint32_t size;

	if (length % 2 || !length) {
		put_text(t, length ? "invalid len" : "empty");
		return true;
	}
	size = as_size(t, layer, type, at, length);
	while (at < end && !t->stopped) {
		uint8_t segment = field_u8(t, layer, at), count;

		put_text(t, label_or(open, segment, "?"));
		count = field_u8(t, layer, at + 1);
		at += 2;
		for (uint32_t i = 0; i < count; i++, at += size) {
			if (!field_has(layer, at, size))
				return false;
			bgp_put_as(t, size == 2
					      ? load_be16(layer->data + at)
					      : load_be32(layer->data + at));
			put_char(t, ' ');
		}
		put_text(t, label_or(close, segment, "?"));
	}
	return true;
}

static bool text_aggregator(struct text *t, const struct layer *layer,
			    uint8_t type, size_t at, uint32_t length)
{
	if (length != 8 && (length != 6 || type == AGGREGATOR4)) {
		put_text(t, "invalid len");
		return true;
	}
	if (type == AGGREGATOR && !field_has(layer, at, length))
		return false;
	put_text(t, " AS #");
	bgp_put_as(t, length == 6 ? field_be16(t, layer, at)
				  : field_be32(t, layer, at));
	put_text(t, ", origin ");
	field_put_ipv4(t, layer, at + length - 4);
	return true;
}

static bool text_communities(struct text *t, const struct layer *layer,
			     size_t at, uint32_t length)
{
	static const struct label known[] = {
		{0xffffff01, " NO_EXPORT"},
		{0xffffff02, " NO_ADVERTISE"},
		{0xffffff03, " NO_EXPORT_SUBCONFED"},
		{0, NULL}};

	if (length % 4) {
		put_text(t, "invalid len");
		return true;
	}
	for (; length; length -= 4, at += 4) {
		const char *name;
		uint32_t value;

		if (!field_has(layer, at, 4))
			return false;
		value = load_be32(layer->data + at);
		name = label_find(known, value);
		if (name)
			put_text(t, name);
		else
			put(t, "%u:%u%s", value >> 16, value & 0xffff,
			    length > 4 ? ", " : "");
	}
	return true;
}

static bool text_clusters(struct text *t, const struct layer *layer, size_t at,
			  uint32_t length)
{
	if (length % 4) {
		put_text(t, "invalid len");
		return true;
	}
	for (; length && !t->stopped; length -= 4, at += 4) {
		field_put_ipv4(t, layer, at);
		put_text(t, length > 4 ? ", " : "");
	}
	return true;
}

static bool is_known_family(uint32_t family)
{
	uint32_t afi = family >> 8, safi = family & 0xff;
	bool plain = safi >= 1 && safi <= 3;
	bool vpn = safi >= 128 && safi <= 130;

	switch (afi) {
	case 1:
		return plain || vpn || safi == 4 || safi == 132 || safi == 5 ||
		       safi == 66;
	case 2:
		return plain || vpn || safi == 4;
	case 3:
		return plain || vpn;
	case 196:
		return vpn;
	case 25:
		return safi == 65;
	default:
		return false;
	}
}

/* The family that an attribute begins with. *@known: it can be printed. False:
 * [|bgp]. */
static bool text_family(struct text *t, const struct layer *layer, size_t at,
			uint32_t length, uint32_t *family, bool *known)
{
	uint16_t afi;
	uint8_t safi;

	if (!field_has(layer, at, 3))
		return false;
	afi = load_be16(layer->data + at);
	safi = layer->data[at + 2];
	*family = BGP_FAMILY(afi, safi);
	*known = is_known_family(*family);
	put(t, "\n\t    AFI: %s (%u), %sSAFI: %s (%u)",
	    label_or(family_labels, afi, "Unknown AFI"), afi,
	    safi > 128 ? "vendor specific " : "",
	    label_or(bgp_safi_labels, safi, "Unknown SAFI"), safi);
	if (*known)
		return true;
	if (!field_has(layer, at, length))
		return false;
	put(t, "\n\t    no AFI %u / SAFI %u decoder", afi, safi);
	if (t->options->verbose <= 1)
		field_put_dump(t, layer, at, "\n\t    ", length);
	return true;
}

/* An OSI next hop, with a route distinguisher before it in a VPN. */
static void text_osi_hop(struct text *t, const struct layer *layer, size_t at,
			 uint32_t length, bool vpn)
{
	uint32_t start = vpn ? BGP_RD : 0;

	if (vpn) {
		if (!field_need(t, layer, at, length))
			return;
		put_text(t, "RD: ");
		bgp_put_rd(t, layer, at);
		put_text(t, ", ");
	}
	if (!field_need(t, layer, at, length))
		return;
	bgp_put_nsap(t, layer->data + at + start, length - start);
	if (!vpn)
		return;
	if (field_be32(t, layer, at + BGP_RD) == 0x47000601) {
		put_text(t, " = ");
		field_put_ipv4(t, layer, at + BGP_RD + 4);
	} else if (field_be24(t, layer, at + BGP_RD) == 0x350000) {
		put_text(t, " = ");
		field_put_ipv6(t, layer, at + BGP_RD + 3);
	}
}

/* One next hop of at most @length bytes: the bytes used. */
static uint32_t text_hop(struct text *t, const struct layer *layer,
			 uint32_t family, size_t at, uint32_t length)
{
	uint32_t afi = family >> 8, safi = family & 0xff;
	bool vpn = safi >= 128 && safi <= 130 && afi != 196;
	uint32_t size = (afi == 2 ? 16u : 4u) + (vpn ? BGP_RD : 0u);

	if (afi == 3)
		size = vpn ? BGP_RD + 1u : 0;
	if (length < size) {
		put_text(t, "invalid len");
		return length;
	}
	if (afi == 3) {
		text_osi_hop(t, layer, at, length, vpn);
		return length;
	}
	if (vpn) {
		put_text(t, "RD: ");
		bgp_put_rd(t, layer, at);
		put_text(t, ", ");
		at += BGP_RD;
	}
	if (afi == 2)
		field_put_ipv6(t, layer, at);
	else
		field_put_ipv4(t, layer, at);
	return size;
}

/* The routes of an attribute. False: [|bgp]. */
static bool text_routes(struct text *t, const struct layer *layer,
			uint32_t family, size_t at, size_t end,
			uint32_t length)
{
	uint32_t size = (uint32_t)(end - at);
	bool path4 = bgp_has_paths(layer, at, size, 32);
	bool path6 = bgp_has_paths(layer, at, size, 128);

	while (at < end && !t->stopped) {
		int used = bgp_text_nlri(t, layer, family, at, length, path4,
					 path6);

		if (used == BGP_CUT)
			return false;
		if (used < 0)
			return true;
		at += (uint32_t)used;
	}
	return true;
}

/* Subnetwork points of attachment; *@at moves behind them. False: [|bgp]. */
static bool text_attachments(struct text *t, const struct layer *layer,
			     size_t *at, size_t end)
{
	uint8_t count;

	if (end - *at < 1)
		return false;
	count = field_u8(t, layer, (*at)++);
	if (!count) {
		put_text(t, ", no SNPA");
		return true;
	}
	put(t, "\n\t    %u SNPA", count);
	for (; count && !t->stopped; count--) {
		uint8_t size;

		if (end - *at < 1)
			return false;
		size = field_u8(t, layer, (*at)++);
		put(t, "\n\t      %u bytes", size);
		if (end - *at < size || !field_has(layer, *at, size))
			return false;
		*at += size;
	}
	return true;
}

static bool text_reach(struct text *t, const struct layer *layer, size_t at,
		       uint32_t length)
{
	size_t end = at + length;
	uint32_t family;
	uint8_t hops, left;
	bool known;

	if (length < 3 ||
	    !text_family(t, layer, at, length, &family, &known))
		return false;
	if (!known)
		return true;
	at += 3;
	if (!field_has(layer, at, 1) || end - at < 1)
		return false;
	hops = left = layer->data[at++];
	if (hops) {
		if (end - at < hops)
			return false;
		put_text(t, "\n\t    nexthop: ");
	}
	while (left && !t->stopped) {
		uint32_t used;

		if (left != hops)
			put_text(t, ", ");
		used = text_hop(t, layer, family, at, left);
		at += used;
		left = (uint8_t)(left - used);
	}
	put(t, ", nh-length: %u", hops);
	if (!text_attachments(t, layer, &at, end))
		return false;
	return text_routes(t, layer, family, at, end, length);
}

static bool text_unreach(struct text *t, const struct layer *layer, size_t at,
			 uint32_t length)
{
	uint32_t family;
	bool known;

	if (!text_family(t, layer, at, length, &family, &known))
		return false;
	if (!known)
		return true;
	if (length == 3)
		put_text(t, "\n\t      End-of-Rib Marker (empty NLRI)");
	if (length <= 3)
		return true;
	return text_routes(t, layer, family, at + 3, at + length, length);
}

static bool text_extended(struct text *t, const struct layer *layer, size_t at,
			  uint32_t length)
{
	static const struct label flags[] = {
		{0x8000, "vendor-specific"}, {0x4000, "non-transitive"},
		{0, NULL}};

	if (length % 8) {
		put_text(t, "invalid len");
		return true;
	}
	for (; length; length -= 8, at += 8) {
		uint16_t type;

		if (!field_has(layer, at, 2))
			return false;
		type = load_be16(layer->data + at);
		put(t, "\n\t    %s (0x%04x), Flags [",
		    label_or(bgp_community_labels, type,
			     "unknown extd community typecode"),
		    type);
		put_bits(t, flags, type, "none", ", ");
		put_char(t, ']');
		if (!field_has(layer, at, 8))
			return false;
		put_text(t, ": ");
		bgp_text_community(t, layer, at);
	}
	return true;
}

static bool text_tunnel(struct text *t, const struct layer *layer, size_t at,
			uint32_t length)
{
	static const struct label types[] = {
		{1, "RSVP-TE P2MP LSP"},    {2, "LDP P2MP LSP"},
		{3, "PIM-SSM Tree"},	    {4, "PIM-SM Tree"},
		{5, "PIM-Bidir Tree"},	    {6, "Ingress Replication"},
		{7, "LDP MP2MP LSP"},	    {0, NULL}};
	static const struct label flags[] = {
		{1, "Leaf Information required"}, {0, NULL}};
	/* What precedes the first and the second address or number. */
	static const char *const parts[][2] = {
		{NULL, NULL},
		{"Extended-Tunnel-ID ", ", P2MP-ID 0x"},
		{"Root-Node ", ", LSP-ID 0x"},
		{"Root-Node ", ", P-Group "},
		{"Sender ", ", P-Group "},
		{"Sender ", ", P-Group "},
		{"Tunnel-Endpoint ", NULL},
		{"Root-Node ", ", LSP-ID 0x"},
	};
	uint8_t type;

	if (!field_has(layer, at, 5) || length < 5)
		return false;
	type = layer->data[at + 1];
	put(t, "\n\t    Tunnel-type %s (%u), Flags [",
	    label_or(types, type, "Unknown"), type);
	put_bits(t, flags, layer->data[at], "none", ", ");
	put(t, "], MPLS Label %u", load_be24(layer->data + at + 2) >> 4);
	at += 5;
	if (!type || type > 7) {
		if (t->options->verbose <= 1)
			field_put_dump(t, layer, at, "\n\t      ", length - 5);
		return true;
	}
	put(t, "\n\t      %s", parts[type][0]);
	field_put_ipv4(t, layer, at);
	if (!parts[type][1])
		return true;
	put_text(t, parts[type][1]);
	if (type >= 3 && type <= 5)
		field_put_ipv4(t, layer, at + 4);
	else
		put(t, "%08x", field_be32(t, layer, at + 4));
	return true;
}

static bool text_metric(struct text *t, const struct layer *layer, size_t at,
			uint32_t length)
{
	while (length >= 3 && !t->stopped) {
		uint8_t type = field_u8(t, layer, at);
		uint32_t size = field_be16(t, layer, at + 1);

		at += 3;
		length -= 3;
		put(t, "\n\t    %s TLV (%u), length %u",
		    type == 1 ? "AIGP" : "Unknown", type, size);
		if (size < 3 || length < size - 3)
			return false;
		size -= 3;
		if (type == 1) {
			if (size < 8)
				return false;
			put(t, ", metric %llu",
			    (unsigned long long)field_be64(t, layer, at));
		} else if (t->options->verbose <= 1) {
			field_put_dump(t, layer, at, "\n\t      ", size);
		}
		at += size;
		length -= size;
	}
	return true;
}

static void text_large(struct text *t, const struct layer *layer, size_t at,
		       uint32_t length)
{
	if (!length || length % 12) {
		put_text(t, "invalid len");
		return;
	}
	put_text(t, "\n\t    ");
	for (; length && !t->stopped; length -= 12, at += 12) {
		const uint8_t *p = field_bytes(t, layer, at, 12);

		put(t, "%u:%u:%u%s", load_be32(p), load_be32(p + 4),
		    load_be32(p + 8), length > 12 ? ", " : "");
	}
}

/* *@left: what is left of the set when it ends, which -vv dumps. */
static bool text_set(struct text *t, const struct layer *layer, size_t at,
		     uint32_t *left, unsigned int depth)
{
	if (!field_has(layer, at, 4) || *left < 4)
		return false;
	put_text(t, "\n\t    Origin AS: ");
	bgp_put_as(t, load_be32(layer->data + at));
	at += 4;
	*left -= 4;
	while (*left && !t->stopped) {
		uint32_t bytes, size;
		uint8_t flags, type;

		if (!field_has(layer, at, 2))
			return false;
		if (*left < 2) {
			put_text(t, " [path attr too short]");
			break;
		}
		flags = layer->data[at];
		type = layer->data[at + 1];
		at += 2;
		*left -= 2;
		bytes = flags & 0x10 ? 2 : 1;
		if (!field_has(layer, at, bytes))
			return false;
		if (*left < bytes) {
			put_text(t, " [path attr too short]");
			break;
		}
		size = bytes == 2 ? load_be16(layer->data + at)
				  : layer->data[at];
		at += bytes;
		*left -= bytes;
		bgp_put_attribute(t, "\n\t      ", type, flags, size);
		put_text(t, ": ");
		if (*left < size) {
			put_text(t, " [path attr too short]");
			break;
		}
		if (depth == SETS_MOST)
			put_text(t,
				 "(too many nested levels, not recursing)");
		else if (!bgp_text_attribute(t, layer, type, at, size,
					     depth + 1))
			return false;
		at += size;
		*left -= size;
	}
	return true;
}

static bool text_value(struct text *t, const struct layer *layer, uint8_t type,
		       size_t at, uint32_t *left, unsigned int depth)
{
	static const struct label origins[] = {
		{0, "IGP"}, {1, "EGP"}, {2, "Incomplete"}, {0, NULL}};
	uint32_t length = *left;

	switch (type) {
	case ORIGIN:
		if (length != 1)
			put_text(t, "invalid len");
		else
			put_text(t, label_or(origins, field_u8(t, layer, at),
					     "Unknown Origin Typecode"));
		return true;
	case AS_PATH:
	case AS4_PATH:
		return text_path(t, layer, type, at, length);
	case NEXT_HOP:
	case ORIGINATOR:
		if (length != 4)
			put_text(t, "invalid len");
		else
			field_put_ipv4(t, layer, at);
		return true;
	case DISCRIMINATOR:
	case PREFERENCE:
		if (length != 4)
			put_text(t, "invalid len");
		else
			put_u32(t, field_be32(t, layer, at));
		return true;
	case ATOMIC_AGGREGATE:
		put_text(t, length ? "invalid len" : "");
		return true;
	case AGGREGATOR:
	case AGGREGATOR4:
		return text_aggregator(t, layer, type, at, length);
	case COMMUNITIES:
		return text_communities(t, layer, at, length);
	case CLUSTERS:
		return text_clusters(t, layer, at, length);
	case REACH:
		return text_reach(t, layer, at, length);
	case UNREACH:
		return text_unreach(t, layer, at, length);
	case EXTENDED_COMMUNITIES:
		return text_extended(t, layer, at, length);
	case PMSI_TUNNEL:
		return text_tunnel(t, layer, at, length);
	case IGP_METRIC:
		return text_metric(t, layer, at, length);
	case ATTRIBUTE_SET:
		return text_set(t, layer, at, left, depth);
	case LARGE_COMMUNITIES:
		text_large(t, layer, at, length);
		*left = length && length % 12 ? length : 0;
		return true;
	default:
		if (!field_has(layer, at, length))
			return false;
		put(t, "\n\t    no Attribute %u decoder", type);
		if (t->options->verbose <= 1)
			field_put_dump(t, layer, at, "\n\t    ", length);
		return true;
	}
}

bool bgp_text_attribute(struct text *t, const struct layer *layer, uint8_t type,
			size_t at, uint32_t length, unsigned int depth)
{
	uint32_t left = length;

	if (!text_value(t, layer, type, at, &left, depth))
		return false;
	if (t->options->verbose > 1 && left) {
		if (!field_has(layer, at, left))
			return false;
		field_put_dump(t, layer, at, "\n\t    ", left);
	}
	return true;
}
