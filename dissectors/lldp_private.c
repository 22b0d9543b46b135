/* SPDX-License-Identifier: BSD-3-Clause */
/* LLDP's extensions of IEEE 802.1, IEEE 802.3, DCBX and IANA. */
#include "dissectors/lldp.h"

enum {
	OUI_8021 = 0x0080c2,
	OUI_8023 = 0x00120f,
	OUI_TIA = 0x0012bb,
	OUI_DCBX = 0x001b21,
	OUI_IANA = 0x00005e,
};

static const struct label aggregation_labels[] = {
	{1, "supported"}, {2, "enabled"}, {0, NULL}};

static void text_aggregation(struct text *t, const uint8_t *p)
{
	field_put_bits(t, "\n\t    aggregation status [", aggregation_labels,
		       p[4], "none");
	put(t, ", aggregation port ID %u", load_be32(p + 5));
}

static void put_columns(struct text *t, const uint8_t *p)
{
	for (int i = 0; i < 8; i++)
		put(t, "%s%-3u", i ? " " : "", p[i]);
}

static void put_priorities(struct text *t, uint8_t bits)
{
	put_text(t, "\n\t     Priority : 0  1  2  3  4  5  6  7"
		    "\n\t     Value    : ");
	for (int i = 0; i < 8; i++)
		put(t, "%-2u ", bits >> i & 1u);
}

/* The tables of enhanced transmission selection. */
static void put_tables(struct text *t, const uint8_t *p)
{
	uint8_t priorities[8];

	for (int i = 0; i < 8; i++)
		priorities[i] = i % 2 ? p[i / 2] & 0x0f : p[i / 2] >> 4;
	put_text(t, "\n\t    Priority Assignment Table"
		    "\n\t     Priority : 0   1   2   3   4   5   6   7"
		    "\n\t     Value    : ");
	put_columns(t, priorities);
	put_text(t, "\n\t    TC Bandwidth Table"
		    "\n\t     TC%   : 0   1   2   3   4   5   6   7"
		    "\n\t     Value : ");
	put_columns(t, p + 4);
	put_text(t, "\n\t    TSA Assignment Table"
		    "\n\t     Traffic Class: 0   1   2   3   4   5   6   7"
		    "\n\t     Value        : ");
	put_columns(t, p + 12);
}

static void text_applications(struct text *t, const uint8_t *p, uint32_t length)
{
	put(t, "\n\t    RES: %u", p[4]);
	if (length <= 5 || (length - 5) % 3)
		return;
	put_text(t, "\n\t    Application Priority Table");
	for (uint32_t i = 5; i < length; i += 3)
		put(t,
		    "\n\t      Priority: %u, RES: %u, Sel: %u, Protocol ID: "
		    "%u",
		    p[i] >> 5, p[i] >> 3 & 3, p[i] & 7, load_be16(p + i + 1));
}

static void text_bridging(struct text *t, const uint8_t *p)
{
	static const char *const modes[] = {
		"Not Supported", "EVB Bridge", "EVB Station",
		"Reserved for future Standardization"};

	put(t,
	    "\n\t    EVB Bridge Status\n\t      RES: %u, BGID: %u, RRCAP: %u, "
	    "RRCTR: %u",
	    p[4] >> 3, p[4] >> 2 & 1, p[4] >> 1 & 1, p[4] & 1);
	put(t,
	    "\n\t    EVB Station Status\n\t      RES: %u, SGID: %u, RRREQ: "
	    "%u,RRSTAT: %u",
	    p[5] >> 4, p[5] >> 3 & 1, p[5] >> 2 & 1, p[5] & 3);
	put(t, "\n\t    R: %u, RTE: %u, EVB Mode: %s [%u]", p[6] >> 5,
	    p[6] & 0x1f, modes[p[7] >> 6], p[7] >> 6);
	put(t, "\n\t    ROL: %u, RWD: %u, RES: %u, ROL: %u, RKA: %u",
	    p[7] >> 5 & 1, p[7] & 0x1f, p[8] >> 6, p[8] >> 5 & 1, p[8] & 0x1f);
}

static void text_channels(struct text *t, const uint8_t *p, uint32_t length)
{
	put(t, "\n\t    Role: %u, RES: %u, Scomp: %u ChnCap: %u", p[4] >> 7,
	    p[4] >> 4 & 7, p[4] >> 3 & 1, load_be16(p + 6) & 0xfff);
	if ((length - 8) % 3)
		return;
	for (uint32_t i = 8; i < length; i += 3)
		put(t, "\n\t    SCID: %u, SVID: %u", load_be24(p + i) >> 12,
		    load_be24(p + i) & 0xfff);
}

static void text_names(struct text *t, const struct layer *layer, size_t at,
		       uint32_t length, bool vlan)
{
	const uint8_t *p = layer->data + at;
	uint32_t start = vlan ? 7 : 5;

	if (vlan)
		put(t, "\n\t    vlan id (VID): %u", load_be16(p + 4));
	if (length < start || length < start + p[start - 1])
		return;
	put_text(t, vlan ? "\n\t    vlan name: "
			 : "\n\t    protocol identity: ");
	field_put_string(t, layer, at + start, p[start - 1]);
}

static void text_8021_value(struct text *t, const struct layer *layer,
			    size_t at, uint32_t length)
{
	static const struct label protocols[] = {
		{2, "supported"}, {4, "enabled"}, {0, NULL}};
	const uint8_t *p = layer->data + at;

	switch (p[3]) {
	case 1:
		put(t, "\n\t    port vlan id (PVID): %u", load_be16(p + 4));
		break;
	case 2:
		put(t, "\n\t    port and protocol vlan id (PPVID): %u",
		    load_be16(p + 5));
		field_put_bits(t, ", flags [", protocols, p[4], "none");
		put(t, " (0x%02x)", p[4]);
		break;
	case 3:
	case 4:
		text_names(t, layer, at, length, p[3] == 3);
		break;
	case 7:
		text_aggregation(t, p);
		break;
	case 8:
		put_text(t, "\n\t    Pre-Priority CNPV Indicator");
		put_priorities(t, p[4]);
		put_text(t, "\n\t    Pre-Priority Ready Indicator");
		put_priorities(t, p[5]);
		break;
	case 9:
		put(t, "\n\t    Willing:%u, CBS:%u, RES:%u, Max TCs:%u",
		    p[4] >> 7, p[4] >> 6 & 2, p[4] >> 3 & 7, p[4] & 7);
		put_tables(t, p + 5);
		break;
	case 10:
		put(t, "\n\t    RES: %u", p[4]);
		put_tables(t, p + 5);
		break;
	case 11:
		put(t,
		    "\n\t    Willing: %u, MBC: %u, RES: %u, PFC cap:%u "
		    "\n\t    PFC Enable",
		    p[4] >> 7, p[4] >> 6 & 1, p[4] >> 4 & 3, p[4] & 15);
		put_priorities(t, p[5]);
		break;
	case 12:
		text_applications(t, p, length);
		break;
	case 13:
		text_bridging(t, p);
		break;
	default:
		text_channels(t, p, length);
		break;
	}
}

static bool text_8021(struct text *t, const struct layer *layer, size_t at,
		      uint32_t length)
{
	static const struct label subtypes[] = {
		{1, "Port VLAN Id"},
		{2, "Port and Protocol VLAN ID"},
		{3, "VLAN name"},
		{4, "Protocol Identity"},
		{7, "Link aggregation"},
		{8, "Congestion Notification"},
		{9, "ETS Configuration"},
		{10, "ETS Recommendation"},
		{11, "Priority Flow Control Configuration"},
		{12, "Application Priority"},
		{13, "EVB"},
		{14, "CDCP"},
		{0, NULL}};
	static const uint8_t least[] = {0, 6, 7, 6,  5, 0, 0, 9,
					6, 25, 25, 6, 5, 9, 8};
	uint8_t subtype = layer->data[at + 3];

	put(t, "\n\t  %s Subtype (%u)", label_or(subtypes, subtype, "unknown"),
	    subtype);
	if (!label_find(subtypes, subtype))
		return true;
	if (length >= least[subtype])
		text_8021_value(t, layer, at, length);
	return false;
}

static const struct label medium_labels[] = {
	{0, "Unknown"},		{1, "AUI"},
	{2, "10BASE_5"},	{3, "FOIRL"},
	{4, "10BASE2"},		{5, "10BASET duplex mode unknown"},
	{6, "10BASEFP"},	{7, "10BASEFB"},
	{8, "10BASEFL duplex mode unknown"}, {9, "10BROAD36"},
	{10, "10BASET hdx"},	{11, "10BASET fdx"},
	{12, "10BASEFL hdx"},	{13, "10BASEFL fdx"},
	{14, "100BASET4"},	{15, "100BASETX hdx"},
	{16, "100BASETX fdx"},	{17, "100BASEFX hdx"},
	{18, "100BASEFX fdx"},	{19, "100BASET2 hdx"},
	{20, "100BASET2 fdx"},	{21, "1000BASEX hdx"},
	{22, "1000BASEX fdx"},	{23, "1000BASELX hdx"},
	{24, "1000BASELX fdx"}, {25, "1000BASESX hdx"},
	{26, "1000BASESX fdx"}, {27, "1000BASECX hdx"},
	{28, "1000BASECX fdx"}, {29, "1000BASET hdx"},
	{30, "1000BASET fdx"},	{31, "10GBASEX"},
	{32, "10GBASELX4"},	{33, "10GBASER"},
	{34, "10GBASEER"},	{35, "10GBASELR"},
	{36, "10GBASESR"},	{37, "10GBASEW"},
	{38, "10GBASEEW"},	{39, "10GBASELW"},
	{40, "10GBASESW"},	{0, NULL},
};

static const struct label ability_labels[] = {
	{1 << 14, "10BASE-T hdx"},
	{1 << 13, "10BASE-T fdx"},
	{1 << 12, "100BASE-T4"},
	{1 << 11, "100BASE-TX hdx"},
	{1 << 10, "100BASE-TX fdx"},
	{1 << 9, "100BASE-T2 hdx"},
	{1 << 8, "100BASE-T2 fdx"},
	{1 << 7, "Pause for fdx links"},
	{1 << 6, "Asym PAUSE for fdx"},
	{1 << 5, "Sym PAUSE for fdx"},
	{1 << 4, "Asym and Sym PAUSE for fdx"},
	{1 << 3, "1000BASE-{X LX SX CX} hdx"},
	{1 << 2, "1000BASE-{X LX SX CX} fdx"},
	{1 << 1, "1000BASE-T hdx"},
	{1 << 0, "1000BASE-T fdx"},
	{0, NULL},
};

static void text_medium(struct text *t, const uint8_t *p)
{
	field_put_bits(t, "\n\t    autonegotiation [", aggregation_labels,
		       p[4], "none");
	put(t, " (0x%02x)", p[4]);
	field_put_bits(t, "\n\t    PMD autoneg capability [", ability_labels,
		       load_be16(p + 5), "unknown");
	put(t, " (0x%04x)\n\t    MAU type %s (0x%04x)", load_be16(p + 5),
	    label_or(medium_labels, load_be16(p + 7), "unknown"),
	    load_be16(p + 7));
}

static void text_power(struct text *t, const uint8_t *p)
{
	static const struct label bits[] = {{1, "PSE"},
					    {2, "supported"},
					    {4, "enabled"},
					    {8, "can be controlled"},
					    {0, NULL}};
	static const struct label pairs[] = {
		{1, "signal"}, {2, "spare"}, {0, NULL}};
	static const struct label classes[] = {
		{1, "class0"}, {2, "class1"}, {3, "class2"}, {4, "class3"},
		{5, "class4"}, {0, NULL}};

	field_put_bits(t, "\n\t    MDI power support [", bits, p[4], "none");
	put(t, ", power pair %s, power class %s",
	    label_or(pairs, p[5], "unknown"),
	    label_or(classes, p[6], "unknown"));
}

static bool text_8023(struct text *t, const uint8_t *p, uint32_t length)
{
	static const struct label subtypes[] = {
		{1, "MAC/PHY configuration/status"},
		{2, "Power via MDI"},
		{3, "Link aggregation"},
		{4, "Max frame size"},
		{0, NULL}};

	put(t, "\n\t  %s Subtype (%u)", label_or(subtypes, p[3], "unknown"),
	    p[3]);
	if (p[3] == 1 && length >= 9)
		text_medium(t, p);
	else if (p[3] == 2 && length >= 7)
		text_power(t, p);
	else if (p[3] == 3 && length >= 9)
		text_aggregation(t, p);
	else if (p[3] == 4 && length >= 6)
		put(t, "\n\t    MTU size %u", load_be16(p + 4));
	return !p[3] || p[3] > 4;
}

/* What each feature of DCBX begins with. */
static void put_feature(struct text *t, const char *name, uint8_t type,
			const uint8_t *p, uint32_t length)
{
	put(t, "\n\t    Feature - %s (type 0x%x, length %u)", name, type,
	    length);
	put(t, "\n\t      Oper_Version: %u\n\t      Max_Version: %u", p[0],
	    p[1]);
	put(t,
	    "\n\t      Info block(0x%02X): Enable bit: %u, Willing bit: %u, "
	    "Error Bit: %u\n\t      SubType: %u",
	    p[2], p[2] >> 7, p[2] >> 6 & 1, p[2] >> 5 & 1, p[3]);
}

static void text_groups(struct text *t, const uint8_t *p)
{
	put_text(t, "\n\t      Priority Allocation");
	for (uint32_t i = 0; i < 8; i++)
		put(t, "\n\t          PgId_%u: %u", i,
		    load_be32(p + 4) >> (28 - 4 * i) & 15);
	put_text(t, "\n\t      Priority Group Allocation");
	for (uint32_t i = 0; i < 8; i++)
		put(t, "\n\t          Pg percentage[%u]: %u", i, p[8 + i]);
	put(t, "\n\t      NumTCsSupported: %u", p[16]);
}

static void text_flow_control(struct text *t, const uint8_t *p)
{
	put(t, "\n\t      PFC Config (0x%02X)", p[4]);
	for (uint32_t i = 0; i < 8; i++)
		put(t, "\n\t          Priority Bit %u: %s", i,
		    p[4] >> i & 1 ? "Enabled" : "Disabled");
	put(t, "\n\t      NumTCPFCSupported: %u", p[5]);
}

static void text_application(struct text *t, const uint8_t *p, uint32_t length)
{
	for (p += 4, length -= 4; length >= 6; p += 6, length -= 6) {
		uint32_t word = load_be24(p + 2);

		put(t,
		    "\n\t      Application Value\n\t          Application "
		    "Protocol ID: 0x%04x",
		    load_be16(p));
		put(t, "\n\t          SF (0x%x) Application Protocol ID is %s",
		    word >> 22, word >> 22 ? "Socket Number" : "L2 EtherType");
		put(t,
		    "\n\t          OUI: 0x%06x\n\t          User Priority "
		    "Map: 0x%02x",
		    word & 0x3fffff, p[5]);
	}
}

/* One of DCBX's TLVs; false: it is too short. */
static bool text_exchange_value(struct text *t, uint8_t type, const uint8_t *p,
				uint32_t length)
{
	static const uint8_t least[] = {0, 10, 17, 6, 4};

	if (type <= 4 && length < least[type])
		return false;
	switch (type) {
	case 1:
		put(t,
		    "\n\t    Control - Protocol Control (type 0x%x, length "
		    "%u)\n\t      Oper_Version: %u\n\t      Max_Version: %u",
		    type, length, p[0], p[1]);
		put(t,
		    "\n\t      Sequence Number: %u\n\t      Acknowledgement "
		    "Number: %u",
		    load_be32(p + 2), load_be32(p + 6));
		break;
	case 2:
		put_feature(t, "Priority Group", type, p, length);
		text_groups(t, p);
		break;
	case 3:
		put_feature(t, "Priority Flow Control", type, p, length);
		text_flow_control(t, p);
		break;
	case 4:
		put_feature(t, "Application", type, p, length);
		text_application(t, p, length);
		break;
	default:
		break;
	}
	return true;
}

static bool text_exchange(struct text *t, const struct layer *layer, size_t at,
			  uint32_t length)
{
	static const struct label subtypes[] = {
		{1, "DCB Capability Exchange Protocol Rev 1"},
		{2, "DCB Capability Exchange Protocol Rev 1.01"},
		{0, NULL}};
	uint8_t subtype = layer->data[at + 3];
	bool dump = false;

	put(t, "\n\t  %s Subtype (%u)", label_or(subtypes, subtype, "unknown"),
	    subtype);
	if (subtype == 1)
		return true;
	at += 4;
	length -= 4;
	while (length >= 2 && field_has(layer, at, 2)) {
		uint16_t header = load_be16(layer->data + at);
		uint32_t size = header & 0x1ff;
		uint8_t type = (uint8_t)(header >> 9);

		dump = false;
		at += 2;
		length -= 2;
		if (!type || !size || !field_has(layer, at, size) ||
		    length < size)
			break;
		if (!text_exchange_value(t, type, layer->data + at, size))
			break;
		dump = type > 4;
		if (t->options->verbose > 1 || dump)
			field_put_dump(t, layer, at, "\n\t    ", size);
		at += size;
		length -= size;
	}
	return dump;
}

static bool text_iana(struct text *t, const struct layer *layer, size_t at,
		      uint32_t length)
{
	uint8_t subtype = layer->data[at + 3];

	if (length < 8)
		return false;
	put(t, "\n\t  %s Subtype (%u)", subtype == 1 ? "MUD-URL" : "unknown",
	    subtype);
	if (subtype != 1)
		return true;
	put_text(t, "\n\t  MUD-URL=");
	field_put_text(t, layer, at + 4, length - 4);
	return false;
}

bool lldp_text_private(struct text *t, const struct layer *layer, uint32_t oui,
		       size_t at, uint32_t length)
{
	bool known = oui == OUI_8021 || oui == OUI_8023 || oui == OUI_TIA ||
		     oui == OUI_DCBX || oui == OUI_IANA;

	if (!known)
		return true;
	if (length < 4)
		return false;
	switch (oui) {
	case OUI_8021:
		return text_8021(t, layer, at, length);
	case OUI_8023:
		return text_8023(t, layer->data + at, length);
	case OUI_TIA:
		return lldp_text_tia(t, layer, at, length);
	case OUI_DCBX:
		return text_exchange(t, layer, at, length);
	default:
		return text_iana(t, layer, at, length);
	}
}
