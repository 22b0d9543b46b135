/* SPDX-License-Identifier: BSD-3-Clause */
/* LLC and SNAP: IEEE 802.2, RFC 1042. */
#include "dissectors/ethernet.h"

#include "dissectors/labels.h"
#include "dissectors/protocols.h"
#include "dissectors/registry.h"
#include "src/base/cleanup.h"

enum {
	SAP_GLOBAL = 0xff,
	SAP_SNAP = 0xaa,
	SNAP_HEADER = 5,
	BRIDGE_PAD = 2, /* before a bridged frame: RFC 2684 */

	UNNUMBERED = 3, /* the lowest bits of the control field */
	CONTROL_UI = 0x03,
	CONTROL_XID = 0xaf,
	POLL_U = 0x10,
	POLL_IS = 0x100,
	XID_FORMAT = 0x81,

	OUI_ETHERNET = 0x000000,
	OUI_CISCO = 0x00000c,
	OUI_CISCO_BRIDGED = 0x0000f8,
	OUI_BRIDGED = 0x0080c2,
	OUI_APPLETALK = 0x080007,
	TYPE_APPLETALK = 0x809b,
};

static const struct label sap_labels[] = {
	{0x00, "Null"},	     {0xff, "Global"},	{0x02, "802.1B I"},
	{0x03, "802.1B G"},  {0x06, "IP"},	{0x04, "SNA"},
	{0x0e, "ProWay NM"}, {0x42, "STP"},	{0x4e, "RS511"},
	{0x7e, "ISO8208"},   {0x8e, "ProWay"},	{0xaa, "SNAP"},
	{0xe0, "IPX"},	     {0xf0, "NetBeui"}, {0xfe, "OSI"},
	{0, NULL},
};

static const struct label command_labels[] = {
	{0x03, "ui"}, {0xe3, "test"}, {0xaf, "xid"},   {0x63, "ua"},
	{0x43, "disc"}, {0x0f, "dm"}, {0x6f, "sabme"}, {0x87, "frmr"},
	{0, NULL},
};

static const struct label flag_labels[] = {
	{0, "Command"},	       {1, "Response"},
	{POLL_U, "Poll"},      {POLL_U | 1, "Final"},
	{POLL_IS, "Poll"},     {POLL_IS | 1, "Final"},
	{0, NULL},
};

static const struct label cisco_labels[] = {
	{0x2000, "CDP"},  {0x2003, "VTP"},  {0x2004, "DTP"},
	{0x0111, "UDLD"}, {0x010b, "PVST"}, {0x010c, "VLAN Bridge"},
	{0, NULL},
};

static const struct label bridged_labels[] = {
	{0x1, "Ethernet + FCS"},   {0x7, "Ethernet w/o FCS"},
	{0x2, "802.4 + FCS"},	   {0x8, "802.4 w/o FCS"},
	{0x3, "Token Ring + FCS"}, {0x9, "Token Ring w/o FCS"},
	{0x4, "FDDI + FCS"},	   {0xa, "FDDI w/o FCS"},
	{0x5, "802.6 + FCS"},	   {0xb, "802.6 w/o FCS"},
	{0xe, "BPDU"},		   {0, NULL},
};

static bool is_snap(const struct llc *llc)
{
	return (llc->dsap & ~1) == SAP_SNAP && (llc->ssap & ~1) == SAP_SNAP &&
	       llc->control == CONTROL_UI;
}

static bool is_unnumbered(const struct llc *llc)
{
	return (llc->control & UNNUMBERED) == UNNUMBERED;
}

/* What a SNAP header names. */
static const struct dissector *snap_dissector(const struct llc *llc,
					      bool *bridged)
{
	*bridged = false;
	switch (llc->oui) {
	case OUI_ETHERNET:
	case OUI_CISCO_BRIDGED:
		return registry_find(REGISTRY_ETHERTYPE, llc->type);
	case OUI_APPLETALK:
		return llc->type == TYPE_APPLETALK
			       ? registry_find(REGISTRY_ETHERTYPE, llc->type)
			       : NULL;
	case OUI_CISCO:
		return registry_find(REGISTRY_CISCO, llc->type);
	case OUI_BRIDGED:
		*bridged = llc->type == 0x1 || llc->type == 0x7;
		return *bridged ? &ethernet_dissector
		       : llc->type == 0xe
			       ? registry_find(REGISTRY_LLC, 0x42)
			       : NULL;
	default:
		return NULL;
	}
}

static void decode_snap(struct dissection *d, uint32_t length)
{
	struct llc *llc = &d->layer->llc;
	const struct dissector *payload;
	bool bridged;

	llc->header_length += SNAP_HEADER;
	llc->oui = cursor_be24(&d->cursor);
	llc->type = cursor_be16(&d->cursor);
	if (d->cursor.overrun || length < SNAP_HEADER) {
		d->layer->flags |= LAYER_TRUNCATED;
		return;
	}
	length -= SNAP_HEADER;
	payload = snap_dissector(llc, &bridged);
	if (bridged) {
		cursor_skip(&d->cursor, BRIDGE_PAD);
		if (d->cursor.overrun || length < BRIDGE_PAD)
			return;
		length -= BRIDGE_PAD;
	}
	dissect_payload(d, payload, window_rest(d, length));
}

/* Only frames without sequence numbers carry what a SAP names; NetBEUI comes
 * in numbered ones too. */
static const struct dissector *sap_dissector(const struct llc *llc)
{
	uint8_t sap = llc->dsap & ~1;

	if (sap != (llc->ssap & ~1) || llc->control != CONTROL_UI)
		return NULL;
	return registry_find(REGISTRY_LLC, sap);
}

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct llc *llc = &layer->llc;
	struct cursor *c = &d->cursor;
	uint32_t least = layer->captured < layer->length ? layer->captured
							 : layer->length;

	llc->dsap = cursor_u8(c);
	llc->ssap = cursor_u8(c);
	llc->control = cursor_u8(c);
	llc->header_length = 3;
	if (!c->overrun && !is_unnumbered(llc)) {
		llc->control |= (uint16_t)(cursor_u8(c) << 8);
		llc->header_length = 4;
	}
	if (c->overrun || layer->length < llc->header_length) {
		layer->flags |= LAYER_TRUNCATED;
		llc->header_length = (uint8_t)least;
		return;
	}
	if (is_snap(llc))
		decode_snap(d, layer->length - llc->header_length);
	else
		dissect_payload(d, sap_dissector(llc),
				window_rest(d, layer->length -
						       llc->header_length));
}

static void text_header(struct text *t, const struct llc *llc)
{
	uint8_t dsap = llc->dsap & ~1, ssap = llc->ssap & ~1;

	put(t, "LLC, dsap %s (0x%02x) %s, ssap %s (0x%02x) %s, ctrl 0x%0*x: ",
	    label_or(sap_labels, dsap, "Unknown"), dsap,
	    llc->dsap & 1 ? "Group" : "Individual",
	    label_or(sap_labels, ssap, "Unknown"), ssap,
	    llc->ssap & 1 ? "Response" : "Command",
	    is_unnumbered(llc) ? 2 : 4, llc->control);
}

static const struct label *snap_labels(uint32_t oui)
{
	static const struct label none[] = {{0, NULL}};

	switch (oui) {
	case OUI_ETHERNET:
	case OUI_CISCO_BRIDGED:
	case OUI_APPLETALK:
		return ethertype_labels;
	case OUI_CISCO:
		return cisco_labels;
	case OUI_BRIDGED:
		return bridged_labels;
	default:
		return none;
	}
}

static void put_snap(struct text *t, const struct llc *llc, bool short_form,
		     uint32_t length)
{
	if (!short_form || llc->oui)
		put(t, "oui %s (0x%06x), ",
		    label_or(oui_labels, llc->oui, "Unknown"), llc->oui);
	put(t, "%s %s (0x%04x), length %u: ", llc->oui ? "pid" : "ethertype",
	    label_or(snap_labels(llc->oui), llc->type, "Unknown"), llc->type,
	    length);
}

static bool text_snap(struct text *t, const struct layer *layer)
{
	const struct llc *llc = &layer->llc;
	const struct layer *ethernet = ethernet_around(t->packet, layer);
	uint32_t length = layer->length - 3;

	t->protocol = "snap";
	if (layer->captured < 3 + SNAP_HEADER || length < SNAP_HEADER) {
		text_trunc(t);
		return true;
	}
	length -= SNAP_HEADER;
	if (t->options->link_header)
		put_snap(t, llc, false, length);
	if (text_payload(t, layer))
		return true;
	/* Of a bridged frame the padding must be there. */
	if (llc->oui == OUI_BRIDGED && (llc->type == 0x1 || llc->type == 0x7) &&
	    layer->captured < 3 + SNAP_HEADER + BRIDGE_PAD) {
		text_trunc(t);
		return true;
	}
	if (!t->options->link_header) {
		if (ethernet) {
			ethernet_put_addresses(t, &ethernet->ethernet);
			put_char(t, ' ');
		}
		put_text(t, "SNAP, ");
		put_snap(t, llc, true, length);
	}
	return false;
}

/* Who sent an unknown frame to whom, when -e has not said it. */
static void text_ends(struct text *t, const struct layer *layer)
{
	const struct llc *llc = &layer->llc;
	const struct layer *ethernet = ethernet_around(t->packet, layer);
	uint8_t dsap = llc->dsap & ~1, ssap = llc->ssap & ~1;

	if (ethernet) {
		put_mac(t, ethernet->ethernet.source);
		put_char(t, ' ');
	}
	if (ssap != dsap) {
		put_label(t, sap_labels, ssap, "Unknown SSAP 0x%02x");
		put_char(t, ' ');
	}
	if (ethernet || ssap != dsap)
		put_text(t, "> ");
	if (ethernet) {
		put_mac(t, ethernet->ethernet.destination);
		put_char(t, ' ');
	}
	put_label(t, sap_labels, dsap, "Unknown DSAP 0x%02x");
	put_char(t, ' ');
}

static bool text_exchange_identification(struct text *t,
					 const struct layer *layer)
{
	const uint8_t *data = layer->data + 3;
	uint32_t captured = layer->captured - 3;

	if (layer->length == 3)
		return true;
	if (!captured) {
		text_trunc(t);
		return true;
	}
	if (data[0] != XID_FORMAT)
		return false;
	if (captured < 3 || layer->length < 6) {
		text_trunc(t);
		put_hex_ascii(t, "\n\t", data, captured);
	} else {
		put(t, ": %02x %02x", data[1], data[2]);
	}
	return true;
}

static bool text_unnumbered(struct text *t, const struct layer *layer)
{
	const struct llc *llc = &layer->llc;

	put_text(t, "Unnumbered, ");
	put_label(t, command_labels, llc->control & 0xefu, "%02x");
	put(t, ", Flags [%s], length %u",
	    label_or(flag_labels,
		     (llc->ssap & 1u) | (llc->control & (unsigned)POLL_U),
		     "?"),
	    layer->length);
	if ((llc->control & ~POLL_U) == CONTROL_XID)
		return text_exchange_identification(t, layer);
	return false;
}

static bool text_numbered(struct text *t, const struct layer *layer)
{
	static const struct label supervisory[] = {
		{0, "Receiver Ready"},
		{1, "Receiver not Ready"},
		{2, "Reject"},
		{0, NULL},
	};
	const struct llc *llc = &layer->llc;
	bool information = !(llc->control & 1);

	if (information)
		put(t, "Information, send seq %u", llc->control >> 1 & 0x7f);
	else
		put(t, "Supervisory, %s",
		    label_or(supervisory, llc->control >> 2 & 3, "?"));
	put(t, ", rcv seq %u, Flags [%s], length %u", llc->control >> 9 & 0x7f,
	    label_or(flag_labels,
		     (llc->ssap & 1u) | (llc->control & (unsigned)POLL_IS),
		     "?"),
	    layer->length);
	return !information;
}

bool llc_text(struct text *t, const struct layer *layer)
{
	const struct llc *llc = &layer->llc;

	t->protocol = "llc";
	if (layer->flags & LAYER_TRUNCATED && llc->header_length < 5) {
		text_trunc(t);
		put_hex_ascii(t, "\n\t", layer->data, layer->captured);
		return true;
	}
	if (t->options->link_header)
		text_header(t, llc);
	if (is_snap(llc))
		return text_snap(t, layer);
	if (text_payload(t, layer))
		return true;
	if (!t->options->link_header)
		text_ends(t, layer);
	return is_unnumbered(llc) ? text_unnumbered(t, layer)
				  : text_numbered(t, layer);
}

static void text(struct text *t, const struct layer *layer)
{
	if (!llc_text(t, layer))
		put_default(t, layer->data, layer->captured);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	const struct llc *llc = &layer->llc;

	(void)packet;
	json_u64(json, "dsap", llc->dsap);
	json_u64(json, "ssap", llc->ssap);
	json_u64(json, "control", llc->control);
	if (is_snap(llc)) {
		json_u64(json, "oui", llc->oui);
		json_u64(json, "type", llc->type);
	}
}

const struct dissector llc_dissector = {
	.name = "llc",
	.decode = decode,
	.text = text,
	.json = json,
};
