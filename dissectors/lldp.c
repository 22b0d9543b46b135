/* SPDX-License-Identifier: BSD-3-Clause */
/* LLDP: IEEE 802.1AB. */
#include "dissectors/lldp.h"

#include "dissectors/labels.h"
#include "dissectors/protocols.h"

enum tlv {
	END = 0,
	CHASSIS = 1,
	PORT = 2,
	LIFETIME = 3,
	PORT_TEXT = 4,
	NAME = 5,
	SYSTEM_TEXT = 6,
	CAPABILITIES = 7,
	MANAGEMENT = 8,
	PRIVATE = 127,
};

static const struct label tlv_labels[] = {
	{END, "End"},
	{CHASSIS, "Chassis ID"},
	{PORT, "Port ID"},
	{LIFETIME, "Time to Live"},
	{PORT_TEXT, "Port Description"},
	{NAME, "System Name"},
	{SYSTEM_TEXT, "System Description"},
	{CAPABILITIES, "System Capabilities"},
	{MANAGEMENT, "Management Address"},
	{PRIVATE, "Organization specific"},
	{0, NULL},
};

/* What kind of thing an identifier is. */
enum kind { KIND_UNKNOWN, KIND_TEXT, KIND_MAC, KIND_NETWORK };

struct identifier {
	const char *name;
	enum kind kind;
};

static const struct identifier chassis[] = {
	{"Unknown", KIND_UNKNOWN},	{"Chassis component", KIND_TEXT},
	{"Interface alias", KIND_TEXT}, {"Port component", KIND_TEXT},
	{"MAC address", KIND_MAC},	{"Network address", KIND_NETWORK},
	{"Interface name", KIND_TEXT},	{"Local", KIND_TEXT},
};

static const struct identifier ports[] = {
	{"Unknown", KIND_UNKNOWN},	    {"Interface alias", KIND_TEXT},
	{"Port component", KIND_TEXT},	    {"MAC address", KIND_MAC},
	{"Network Address", KIND_NETWORK},  {"Interface Name", KIND_TEXT},
	{"Agent circuit ID", KIND_TEXT},    {"Local", KIND_TEXT},
};

/* How a TLV was printed. */
enum outcome { DONE, DUMP, CUT };

/* The next TLV; false at the end or where it is not all there. */
static bool tlv_next(const struct layer *layer, size_t *at, uint8_t *type,
		     uint32_t *length)
{
	uint16_t header;

	if (layer->length < *at + 2 || !field_has(layer, *at, 2))
		return false;
	header = load_be16(layer->data + *at);
	*type = (uint8_t)(header >> 9);
	*length = header & 0x1ff;
	*at += 2;
	return true;
}

static void decode(struct dissection *d)
{
	(void)d;
}

/* An address behind its family, in @length bytes; false if it is short. */
static bool text_network(struct text *t, const char *lead, const uint8_t *p,
			 uint32_t length)
{
	uint32_t least;

	if (length < 1)
		return false;
	least = p[0] == 1 ? 4 : p[0] == 2 ? 16 : p[0] == 6 ? 6 : 0;
	if (length - 1 < least)
		return false;
	put(t, "%sAFI %s (%u)", lead, label_or(family_labels, p[0], "Unknown"),
	    p[0]);
	if (!least) {
		put_text(t, ", no AF printer !");
		return true;
	}
	put_text(t, ": ");
	if (p[0] == 1)
		put_ipv4(t, p + 1);
	else if (p[0] == 2)
		put_ipv6(t, p + 1);
	else
		put_mac(t, p + 1);
	return true;
}

static enum outcome text_identifier(struct text *t, const struct layer *layer,
				    const struct identifier *names, size_t at,
				    uint32_t length)
{
	const uint8_t *p = layer->data + at;
	const struct identifier *name;

	if (length < 2)
		return CUT;
	name = &names[p[0] < 8 ? p[0] : 0];
	put(t, "\n\t  Subtype %s (%u): ", name->name, p[0]);
	switch (name->kind) {
	case KIND_TEXT:
		field_put_string(t, layer, at + 1, length - 1);
		return DONE;
	case KIND_MAC:
		if (length < 7)
			return CUT;
		put_mac(t, p + 1);
		return DONE;
	case KIND_NETWORK:
		return text_network(t, "", p + 1, length - 1) ? DONE : CUT;
	case KIND_UNKNOWN:
		break;
	}
	return DUMP;
}

static enum outcome text_capabilities(struct text *t, const uint8_t *p,
				      uint32_t length)
{
	static const struct label bits[] = {
		{0x01, "Other"},     {0x02, "Repeater"},  {0x04, "Bridge"},
		{0x08, "WLAN AP"},   {0x10, "Router"},	  {0x20, "Telephone"},
		{0x40, "Docsis"},    {0x80, "Station Only"}, {0, NULL}};

	if (length < 4)
		return CUT;
	field_put_bits(t, "\n\t  System  Capabilities [", bits, load_be16(p),
		       "none");
	put(t, " (0x%04x)", load_be16(p));
	field_put_bits(t, "\n\t  Enabled Capabilities [", bits,
		       load_be16(p + 2), "none");
	put(t, " (0x%04x)", load_be16(p + 2));
	return DONE;
}

static enum outcome text_management(struct text *t, const struct layer *layer,
				    size_t at, uint32_t length)
{
	static const struct label subtypes[] = {
		{2, "Interface Index"}, {3, "System Port Number"}, {0, NULL}};
	const uint8_t *p = layer->data + at;
	uint8_t size = p[0];
	size_t before;

	if (length - 1 < size)
		return CUT;
	before = t->out->length;
	put(t, "\n\t  Management Address length %u", size);
	if (!text_network(t, ", ", p + 1, size)) {
		t->out->length = before;
		return CUT;
	}
	p += 1 + size;
	length -= 1u + size;
	if (length < 5)
		return CUT;
	put(t, "\n\t  %s Interface Numbering (%u): %u",
	    label_or(subtypes, p[0], "Unknown"), p[0], load_be32(p + 1));
	p += 5;
	length -= 5;
	if (!length)
		return DONE;
	if (length < 1u + p[0])
		return CUT;
	if (p[0]) {
		put(t, "\n\t  OID length %u", p[0]);
		field_put_string(t, layer, (size_t)(p + 1 - layer->data),
				 p[0]);
	}
	return DONE;
}

static enum outcome text_private(struct text *t, const struct layer *layer,
				 size_t at, uint32_t length)
{
	uint32_t oui;

	if (length < 3)
		return CUT;
	oui = load_be24(layer->data + at);
	put(t, ": OUI %s (0x%06x)", label_or(oui_labels, oui, "Unknown"), oui);
	return lldp_text_private(t, layer, oui, at, length) ? DUMP : DONE;
}

/* The value with -v; it is all there. */
static enum outcome text_value(struct text *t, const struct layer *layer,
			       uint8_t type, size_t at, uint32_t length)
{
	const uint8_t *p = layer->data + at;

	switch (type) {
	case CHASSIS:
		return text_identifier(t, layer, chassis, at, length);
	case PORT:
		return text_identifier(t, layer, ports, at, length);
	case LIFETIME:
		if (length < 2)
			return CUT;
		put(t, ": TTL %us", load_be16(p));
		return DONE;
	case PORT_TEXT:
	case SYSTEM_TEXT:
		put_text(t, type == PORT_TEXT ? ": " : "\n\t  ");
		field_put_string(t, layer, at, length);
		return DONE;
	case NAME:
		return DONE;
	case CAPABILITIES:
		return text_capabilities(t, p, length);
	case MANAGEMENT:
		return text_management(t, layer, at, length);
	case PRIVATE:
		return text_private(t, layer, at, length);
	default:
		return DUMP;
	}
}

static void text(struct text *t, const struct layer *layer)
{
	bool verbose = t->options->verbose;
	uint32_t length;
	uint8_t type;
	size_t at = 0;

	t->protocol = "lldp";
	put(t, "LLDP, length %u", layer->length);
	while (tlv_next(layer, &at, &type, &length) && !t->stopped) {
		enum outcome outcome = DONE;

		if (verbose)
			put(t, "\n\t%s TLV (%u), length %u",
			    label_or(tlv_labels, type, "Unknown"), type,
			    length);
		if (!type || !length)
			return;
		if (!field_has(layer, at, length) ||
		    layer->length - at < length) {
			text_trunc(t);
			return;
		}
		if (type == NAME) {
			put_text(t, ": ");
			field_put_string(t, layer, at, length);
		}
		if (verbose)
			outcome = text_value(t, layer, type, at, length);
		if (outcome == CUT) {
			text_trunc(t);
			return;
		}
		if (t->options->verbose > 1 || (verbose && outcome == DUMP))
			field_put_dump(t, layer, at, "\n\t  ", length);
		at += length;
	}
	if (layer->length >= at + 2 && !t->stopped)
		text_trunc(t);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	uint32_t length;
	uint8_t type;
	size_t at = 0;

	(void)packet;
	json_open_array(json, "tlvs");
	while (tlv_next(layer, &at, &type, &length)) {
		json_open_object(json, NULL);
		json_u64(json, "type", type);
		json_u64(json, "length", length);
		if (field_has(layer, at, length))
			json_hex(json, "value", layer->data + at, length);
		json_close_object(json);
		at += length;
	}
	json_close_array(json);
}

const struct dissector lldp_dissector = {
	.name = "lldp",
	.decode = decode,
	.text = text,
	.json = json,
};
