/* SPDX-License-Identifier: BSD-3-Clause */
/* LLDP for media endpoints: ANSI/TIA-1057. */
#include "dissectors/lldp.h"

#include <stdio.h>

enum subtype {
	CAPABILITIES = 1,
	POLICY = 2,
	LOCATION = 3,
	POWER = 4,
	INVENTORY_FIRST = 5,
	INVENTORY_LAST = 11,
};

enum location { COORDINATES = 1, CIVIC = 2, EMERGENCY = 3 };

enum { POWER_MOST = 1024 };

static void text_capabilities(struct text *t, const uint8_t *p)
{
	static const struct label bits[] = {{0x01, "LLDP-MED capabilities"},
					    {0x02, "network policy"},
					    {0x04, "location identification"},
					    {0x08, "extended power via MDI-PSE"},
					    {0x10, "extended power via MDI-PD"},
					    {0x20, "Inventory"},
					    {0, NULL}};
	static const struct label devices[] = {{1, "endpoint class 1"},
					       {2, "endpoint class 2"},
					       {3, "endpoint class 3"},
					       {4, "network connectivity"},
					       {0, NULL}};

	field_put_bits(t, "\n\t    Media capabilities [", bits,
		       load_be16(p + 4), "none");
	put(t, " (0x%04x)\n\t    Device type [%s] (0x%02x)", load_be16(p + 4),
	    label_or(devices, p[6], "unknown"), p[6]);
}

static void text_policy(struct text *t, const uint8_t *p)
{
	static const struct label applications[] = {
		{1, "voice"},		     {2, "voice signaling"},
		{3, "guest voice"},	     {4, "guest voice signaling"},
		{5, "softphone voice"},	     {6, "video conferencing"},
		{7, "streaming video"},	     {8, "video signaling"},
		{0, NULL}};
	static const struct label bits[] = {
		{0x80, "Unknown"}, {0x40, "Tagged"}, {0x20, "reserved"},
		{0, NULL}};

	put(t, "\n\t    Application type [%s] (0x%02x)",
	    label_or(applications, p[4], "none"), p[4]);
	field_put_bits(t, ", Flags [", bits, p[5], "none");
	put(t, "\n\t    Vlan id %u, L2 priority %u, DSCP value %u",
	    (load_be16(p + 5) & 0x1ffe) >> 1, (load_be16(p + 6) & 0x1ff) >> 6,
	    load_be16(p + 6) & 0x3f);
}

/* 34 bits of a coordinate, behind 6 of its resolution. */
static void put_coordinate(struct text *t, const char *name, const char *value,
			   const uint8_t *p)
{
	put(t, "\n\t    %s resolution %u, %s value %llu", name, p[0] >> 2,
	    value,
	    (unsigned long long)(((uint64_t)p[0] & 3) << 32 |
				 load_be32(p + 1)));
}

static void text_coordinates(struct text *t, const uint8_t *p)
{
	static const struct label altitudes[] = {
		{1, "meters"}, {2, "floors"}, {0, NULL}};
	static const struct label datums[] = {
		{1, "World Geodesic System 1984"},
		{2, "North American Datum 1983 (NAVD88)"},
		{3, "North American Datum 1983 (MLLW)"},
		{0, NULL}};

	put_coordinate(t, "Latitude", "latitude", p + 5);
	put_coordinate(t, "Longitude", "longitude", p + 10);
	put(t, "\n\t    Altitude type %s (%u)",
	    label_or(altitudes, p[15] >> 4, "unknown"), p[15] >> 4);
	put(t, "\n\t    Altitude resolution %u, altitude value 0x%x",
	    load_be16(p + 15) >> 6 & 0x3f, load_be32(p + 16) & 0x3fffffff);
	put(t, "\n\t    Datum %s (0x%02x)", label_or(datums, p[20], "unknown"),
	    p[20]);
}

static void text_civic(struct text *t, const struct layer *layer, size_t at,
		       uint32_t length)
{
	static const struct label what[] = {
		{0, "location of DHCP server"},
		{1, "location of the network element believed to be closest "
		    "to the client"},
		{2, "location of the client"},
		{0, NULL}};
	static const struct label types[] = {
		{1, "national subdivisions "
		    "(state,canton,region,province,prefecture)"},
		{2, "county, parish, gun, district"},
		{3, "city, township, shi"},
		{4, "city division, borough, city district, ward chou"},
		{5, "neighborhood, block"},
		{6, "street"},
		{0, NULL}};
	const uint8_t *p = layer->data + at;
	uint32_t left;

	if (length < 6)
		return;
	left = p[5];
	if (left < 3 || length < 7 + left)
		return;
	put(t, "\n\t    LCI length %u, LCI what %s (0x%02x), Country-code ",
	    left, label_or(what, p[6], "unknown"), p[6]);
	field_put_string(t, layer, at + 7, 2);
	left -= 3;
	at += 9;
	while (left >= 2) {
		uint8_t type = layer->data[at], size = layer->data[at + 1];

		at += 2;
		left -= 2;
		put(t, "\n\t      CA type '%s' (%u), length %u: ",
		    label_or(types, type, "unknown"), type, size);
		if (!type || !size || left < size)
			return;
		field_put_string(t, layer, at, size);
		at += size;
		left -= size;
	}
}

static void text_location(struct text *t, const struct layer *layer, size_t at,
			  uint32_t length)
{
	static const struct label formats[] = {
		{COORDINATES, "coordinate-based LCI"},
		{CIVIC, "civic address LCI"},
		{EMERGENCY, "ECS ELIN"},
		{0, NULL}};
	const uint8_t *p = layer->data + at;

	put(t, "\n\t    Location data format %s (0x%02x)",
	    label_or(formats, p[4], "unknown"), p[4]);
	switch (p[4]) {
	case COORDINATES:
		if (length >= 21)
			text_coordinates(t, p);
		break;
	case CIVIC:
		text_civic(t, layer, at, length);
		break;
	case EMERGENCY:
		put_text(t, "\n\t    ECS ELIN id ");
		field_put_string(t, layer, at + 5, length - 5);
		break;
	default:
		put_text(t, "\n\t    Location ID ");
		field_put_dump(t, layer, at + 5, "\n\t      ", length - 5);
		break;
	}
}

static void text_power(struct text *t, const uint8_t *p)
{
	static const struct label sources[] = {
		{1, "PSE - primary power source"},
		{2, "local - backup power source"},
		{3, "PSE+local - reserved"},
		{0, NULL}};
	static const struct label priorities[] = {
		{1, "critical"}, {2, "high"}, {3, "low"}, {0, NULL}};
	uint16_t value = load_be16(p + 5);
	char text[32];

	/* tcpdump masks with 0xc0 >> 6. */
	put(t, "\n\t    Power type [%s], Power source [%s]",
	    p[4] & 3 ? "PD device" : "PSE device",
	    label_or(sources, (p[4] & 0x30) >> 4, "none"));
	put(t, "\n\t    Power priority [%s] (0x%02x)",
	    label_or(priorities, p[4] & 0x0f, "none"), p[4] & 0x0f);
	if (value < POWER_MOST) {
		snprintf(text, sizeof(text), ", Power %.1f Watts",
			 (double)((float)value / 10));
		put_text(t, text);
	} else {
		put(t, ", Power %u (Reserved)", value);
	}
}

bool lldp_text_tia(struct text *t, const struct layer *layer, size_t at,
		   uint32_t length)
{
	static const struct label subtypes[] = {
		{CAPABILITIES, "LLDP-MED Capabilities"},
		{POLICY, "Network policy"},
		{LOCATION, "Location identification"},
		{POWER, "Extended power-via-MDI"},
		{5, "Inventory - hardware revision"},
		{6, "Inventory - firmware revision"},
		{7, "Inventory - software revision"},
		{8, "Inventory - serial number"},
		{9, "Inventory - manufacturer name"},
		{10, "Inventory - model name"},
		{11, "Inventory - asset ID"},
		{0, NULL}};
	static const char *const inventory[] = {
		"Hardware revision", "Firmware revision", "Software revision",
		"Serial number",     "Manufacturer name", "Model name",
		"Asset ID"};
	const uint8_t *p = layer->data + at;
	uint8_t subtype = p[3];

	put(t, "\n\t  %s Subtype (%u)", label_or(subtypes, subtype, "unknown"),
	    subtype);
	if (subtype == CAPABILITIES && length >= 7) {
		text_capabilities(t, p);
	} else if (subtype == POLICY && length >= 8) {
		text_policy(t, p);
	} else if (subtype == LOCATION && length >= 5) {
		text_location(t, layer, at, length);
	} else if (subtype == POWER && length >= 7) {
		text_power(t, p);
	} else if (subtype >= INVENTORY_FIRST && subtype <= INVENTORY_LAST) {
		put(t, "\n\t  %s ", inventory[subtype - INVENTORY_FIRST]);
		field_put_string(t, layer, at + 4, length - 4);
	}
	return !subtype || subtype > INVENTORY_LAST;
}
