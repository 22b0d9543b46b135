/* SPDX-License-Identifier: BSD-3-Clause */
/* The slow protocols of IEEE 802.3: LACP and its markers (IEEE 802.1AX), OAM
 * (IEEE 802.3, clause 57). */
#include "dissectors/field.h"

#include "dissectors/labels.h"
#include "dissectors/protocols.h"

enum {
	TLV_HEADER = 2,
	VERSION = 1,
	FIRST_TLV = 2,	/* behind subtype and version */
	OAM_HEADER = 4, /* subtype, flags, code */
	OAM_INFORMATION = 16,
	OAM_EVENT = 40,
	LONGEST_PDU = 0x7ff,
};

enum subtype { LACP = 1, MARKER = 2, OAM = 3 };

enum lacp_tlv { TERMINATOR = 0, ACTOR = 1, PARTNER = 2, COLLECTOR = 3 };

enum code { INFORMATION = 0, EVENT = 1, LOOPBACK = 4 };

/* How a TLV was printed. */
enum outcome { DONE, DUMP };

static const struct label subtype_labels[] = {
	{LACP, "LACP"}, {MARKER, "MARKER"}, {OAM, "OAM"}, {0, NULL}};

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;

	layer->words[0] = cursor_u8(&d->cursor); /* subtype */
	if (layer->words[0] == OAM) {
		layer->words[2] = cursor_be16(&d->cursor); /* flags */
		layer->words[3] = cursor_u8(&d->cursor);   /* code */
	} else {
		layer->words[1] = cursor_u8(&d->cursor); /* version */
	}
	if (d->cursor.overrun)
		layer->flags |= LAYER_TRUNCATED;
}

static void put_short(struct text *t)
{
	put_text(t, t->options->verbose ? "\n\t\t packet is too short"
					: " (packet is too short)");
}

static void put_illegal(struct text *t, const char *least, uint32_t expected)
{
	put(t, "\n\t    ERROR: illegal length - should be %s%u", least,
	    expected);
}

static void text_system(struct text *t, const uint8_t *p)
{
	static const struct label states[] = {{0x01, "Activity"},
					      {0x02, "Timeout"},
					      {0x04, "Aggregation"},
					      {0x08, "Synchronization"},
					      {0x10, "Collecting"},
					      {0x20, "Distributing"},
					      {0x40, "Default"},
					      {0x80, "Expired"},
					      {0, NULL}};

	put_with_mac(t, "\n\t  System ", p + 2);
	put(t, ", System Priority %u, Key %u, Port %u, Port Priority %u",
	    load_be16(p), load_be16(p + 8), load_be16(p + 12),
	    load_be16(p + 10));
	field_put_bits(t, "\n\t  State Flags [", states, p[14], "none");
}

/* The TLV at @at, of @length bytes, all of them there. */
static enum outcome text_tlv(struct text *t, const struct layer *layer,
			     size_t at, uint8_t type, uint32_t length)
{
	const uint8_t *p = layer->data + at + TLV_HEADER;
	bool marker = layer->words[0] == MARKER;
	uint32_t expected = marker || type == COLLECTOR ? 16 : 20;

	if (type > (marker ? ACTOR : COLLECTOR))
		return DUMP;
	if (length != expected) {
		put_illegal(t, "", expected);
		return DONE;
	}
	if (marker) {
		put_with_mac(t, "\n\t  Request System ", p + 2);
		put(t, ", Request Port %u, Request Transaction ID 0x%08x",
		    load_be16(p), load_be32(p + 8));
	} else if (type == COLLECTOR) {
		put(t, "\n\t  Max Delay %u", load_be16(p));
	} else {
		text_system(t, p);
	}
	return DONE;
}

static void text_tlvs(struct text *t, const struct layer *layer)
{
	static const struct label lacp[] = {
		{TERMINATOR, "Terminator"},
		{ACTOR, "Actor Information"},
		{PARTNER, "Partner Information"},
		{COLLECTOR, "Collector Information"},
		{0, NULL}};
	static const struct label marker[] = {{TERMINATOR, "Terminator"},
					      {ACTOR, "Marker Information"},
					      {0, NULL}};
	uint32_t left = layer->length - FIRST_TLV;
	size_t at = FIRST_TLV;

	while (left && !t->stopped) {
		enum outcome outcome;
		uint32_t length;
		uint8_t type;

		if (left < TLV_HEADER) {
			put_short(t);
			return;
		}
		type = field_u8(t, layer, at);
		length = field_u8(t, layer, at + 1);
		if (t->stopped)
			return;
		put(t, "\n\t%s TLV (0x%02x), length %u",
		    label_or(layer->words[0] == LACP ? lacp : marker, type,
			     "Unknown"),
		    type, length);
		if (type == TERMINATOR)
			return;
		if (length < TLV_HEADER) {
			put_illegal(t, ">= ", TLV_HEADER);
			return;
		}
		if (left < length) {
			put_short(t);
			return;
		}
		if (!field_need(t, layer, at, length))
			return;
		outcome = text_tlv(t, layer, at, type, length);
		if (t->options->verbose > 1 || outcome == DUMP)
			field_put_dump(t, layer, at + TLV_HEADER, "\n\t  ",
				       length - TLV_HEADER);
		at += length;
		left -= length;
	}
}

static enum outcome text_information(struct text *t, const uint8_t *p,
				     uint32_t length)
{
	static const char *const actions[] = {"forwarding", "looping back",
					      "discarding", "reserved"};
	static const struct label configuration[] = {
		{0x01, "Active"},
		{0x02, "Unidirectional"},
		{0x04, "Remote-Loopback"},
		{0x08, "Link-Events"},
		{0x10, "Variable-Retrieval"},
		{0, NULL}};
	uint32_t oui;

	if (length != OAM_INFORMATION) {
		put_illegal(t, "", OAM_INFORMATION);
		return DUMP;
	}
	put(t, "\n\t    OAM-Version %u, Revision %u", p[2], load_be16(p + 3));
	put(t, "\n\t    State-Parser-Action %s, State-MUX-Action %s",
	    actions[p[5] & 3], actions[p[5] & 4 ? 2 : 0]);
	field_put_bits(t, "\n\t    OAM-Config Flags [", configuration, p[6],
		       "none");
	put(t, ", OAM-PDU-Config max-PDU size %u",
	    load_be16(p + 7) & LONGEST_PDU);
	oui = load_be24(p + 9);
	put(t, "\n\t    OUI %s (0x%06x), Vendor-Private 0x%08x",
	    label_or(oui_labels, oui, "Unknown"), oui, load_be32(p + 12));
	return DONE;
}

static enum outcome text_event(struct text *t, const uint8_t *p,
			       uint32_t length)
{
	if (length != OAM_EVENT) {
		put_illegal(t, "", OAM_EVENT);
		return DUMP;
	}
	put(t, "\n\t    Timestamp %u ms, Errored Window %lu",
	    load_be16(p + 2) * 100u, (unsigned long)load_be64(p + 4));
	put(t, "\n\t    Errored Threshold %lu",
	    (unsigned long)load_be64(p + 12));
	put(t, "\n\t    Errors %lu", (unsigned long)load_be64(p + 20));
	put(t, "\n\t    Error Running Total %lu",
	    (unsigned long)load_be64(p + 28));
	put(t, "\n\t    Event Running Total %u", load_be32(p + 36));
	return DONE;
}

static enum outcome text_oam_value(struct text *t, const uint8_t *p, bool event,
				   uint32_t length)
{
	if (event)
		return p[0] >= 1 && p[0] <= 4 ? text_event(t, p, length) : DUMP;
	return p[0] == 1 || p[0] == 2 ? text_information(t, p, length) : DUMP;
}

static void text_oam_tlvs(struct text *t, const struct layer *layer, size_t at,
			  bool event)
{
	static const struct label information[] = {
		{0, "End of TLV marker"},
		{1, "Local"},
		{2, "Remote"},
		{0xfe, "Organization specific"},
		{0, NULL}};
	static const struct label events[] = {
		{0, "End of TLV marker"},
		{1, "Errored Symbol Period Event"},
		{2, "Errored Frame Event"},
		{3, "Errored Frame Period Event"},
		{4, "Errored Frame Seconds Summary Event"},
		{0xfe, "Organization specific"},
		{0, NULL}};
	uint32_t left = layer->length - (uint32_t)at;

	while (left && !t->stopped) {
		enum outcome outcome;
		uint32_t length;
		uint8_t type;

		if (left < TLV_HEADER) {
			put_short(t);
			return;
		}
		type = field_u8(t, layer, at);
		length = field_u8(t, layer, at + 1);
		if (t->stopped)
			return;
		put(t, "\n\t  %s %s Type (%u), length %u",
		    label_or(event ? events : information, type, "Reserved"),
		    event ? "Link Event" : "Information", type, length);
		if (!type)
			return;
		if (length < TLV_HEADER) {
			put_illegal(t, ">= ", TLV_HEADER);
			return;
		}
		if (left < length) {
			put_short(t);
			return;
		}
		if (!field_need(t, layer, at, length))
			return;
		outcome = text_oam_value(t, layer->data + at, event, length);
		if (t->options->verbose > 1 || outcome == DUMP)
			field_put_dump(t, layer, at, "\n\t  ", length);
		at += length;
		left -= length;
	}
}

static void text_command(struct text *t, const struct layer *layer)
{
	static const struct label commands[] = {
		{1, "Enable OAM Remote Loopback"},
		{2, "Disable OAM Remote Loopback"},
		{0, NULL}};
	uint8_t command;

	if (layer->length < OAM_HEADER + 1) {
		put_short(t);
		return;
	}
	if (!field_need(t, layer, OAM_HEADER, 1))
		return;
	command = layer->data[OAM_HEADER];
	put(t, "\n\t  Command %s (%u)", label_or(commands, command, "Unknown"),
	    command);
}

static void text_oam(struct text *t, const struct layer *layer)
{
	static const struct label codes[] = {{INFORMATION, "Information"},
					     {EVENT, "Event Notification"},
					     {2, "Variable Request"},
					     {3, "Variable Response"},
					     {LOOPBACK, "Loopback Control"},
					     {0xfe, "Vendor Private"},
					     {0, NULL}};
	static const struct label flags[] = {
		{0x01, "Link Fault"},	  {0x02, "Dying Gasp"},
		{0x04, "Critical Event"}, {0x08, "Local Evaluating"},
		{0x10, "Local Stable"},	  {0x20, "Remote Evaluating"},
		{0x40, "Remote Stable"},  {0, NULL}};
	uint8_t code;

	if (layer->length < OAM_HEADER) {
		put_short(t);
		return;
	}
	if (!field_need(t, layer, 1, OAM_HEADER - 1))
		return;
	code = layer->data[3];
	put_text(t, "\n\tCode ");
	put_label(t, codes, code, "Unknown (%u)");
	field_put_bits(t, " OAM PDU, Flags [", flags,
		       load_be16(layer->data + 1), "none");
	switch (code) {
	case INFORMATION:
		text_oam_tlvs(t, layer, OAM_HEADER, false);
		break;
	case EVENT:
		if (layer->length < OAM_HEADER + 2) {
			put_short(t);
			break;
		}
		if (!field_need(t, layer, OAM_HEADER, 2))
			break;
		put(t, "\n\t  Sequence Number %u",
		    load_be16(layer->data + OAM_HEADER));
		text_oam_tlvs(t, layer, OAM_HEADER + 2, true);
		break;
	case LOOPBACK:
		text_command(t, layer);
		break;
	default:
		if (t->options->verbose > 1)
			break;
		field_put_dump(t, layer, OAM_HEADER, "\n\t  ",
			       layer->length - OAM_HEADER);
		break;
	}
}

static void text(struct text *t, const struct layer *layer)
{
	uint8_t subtype, version;

	t->protocol = "slow";
	if (layer->length < 1) {
		put_short(t);
		return;
	}
	subtype = field_u8(t, layer, 0);
	if (t->stopped)
		return;
	if (subtype == LACP || subtype == MARKER) {
		if (layer->length < FIRST_TLV) {
			put_short(t);
			return;
		}
		version = field_u8(t, layer, 1);
		if (t->stopped)
			return;
		if (version != VERSION) {
			put(t, "%s version %u packet not supported",
			    label_find(subtype_labels, subtype), version);
			return;
		}
		put(t, "%sv%u, length %u", label_find(subtype_labels, subtype),
		    version, layer->length);
		if (t->options->verbose)
			text_tlvs(t, layer);
		return;
	}
	put_label(t, subtype_labels, subtype, "unknown (%u)");
	put(t, ", length %u", layer->length);
	if (subtype == OAM && t->options->verbose)
		text_oam(t, layer);
	else if (subtype != OAM)
		field_put_dump(t, layer, 0, "\n\t", layer->length);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "subtype", layer->words[0]);
	if (layer->words[0] == OAM) {
		json_u64(json, "flags", layer->words[2]);
		json_u64(json, "code", layer->words[3]);
	} else {
		json_u64(json, "version", layer->words[1]);
	}
}

const struct dissector slow_dissector = {
	.name = "slow",
	.decode = decode,
	.text = text,
	.json = json,
};
