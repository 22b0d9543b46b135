/* SPDX-License-Identifier: BSD-3-Clause */
/* Matches (5.2.3) and actions (5.2.4) of OpenFlow 1.0.0. */
#include "dissectors/openflow10.h"

enum wildcard {
	IN_PORT = 1 << 0,
	DL_VLAN = 1 << 1,
	DL_SRC = 1 << 2,
	DL_DST = 1 << 3,
	DL_TYPE = 1 << 4,
	NW_PROTO = 1 << 5,
	TP_SRC = 1 << 6,
	TP_DST = 1 << 7,
	DL_VLAN_PCP = 1 << 20,
	NW_TOS = 1 << 21,
	WILDCARDS = (1 << 22) - 1,
};

enum action {
	OUTPUT,
	SET_VLAN_VID,
	SET_VLAN_PCP,
	STRIP_VLAN,
	SET_DL_SRC,
	SET_DL_DST,
	SET_NW_SRC,
	SET_NW_DST,
	SET_NW_TOS,
	SET_TP_SRC,
	SET_TP_DST,
	ENQUEUE,
	VENDOR = 0xffff,
};

enum {
	ACTION_HEADER = 8,
	PORT_CONTROLLER = 0xfffd,
	VLAN_NONE = 0xffff,
	TYPE_IP = 0x0800,
	TYPE_ARP = 0x0806,
	PROTOCOL_ICMP = 1,
	OUI_BIG_SWITCH = 0x5c16c7,
	BSN_MIRROR = 1,
	TYPE_VLAN = 0x8100,
};

static const struct label action_labels[] = {
	{OUTPUT, "OUTPUT"},
	{SET_VLAN_VID, "SET_VLAN_VID"},
	{SET_VLAN_PCP, "SET_VLAN_PCP"},
	{STRIP_VLAN, "STRIP_VLAN"},
	{SET_DL_SRC, "SET_DL_SRC"},
	{SET_DL_DST, "SET_DL_DST"},
	{SET_NW_SRC, "SET_NW_SRC"},
	{SET_NW_DST, "SET_NW_DST"},
	{SET_NW_TOS, "SET_NW_TOS"},
	{SET_TP_SRC, "SET_TP_SRC"},
	{SET_TP_DST, "SET_TP_DST"},
	{ENQUEUE, "ENQUEUE"},
	{VENDOR, "VENDOR"},
	{0, NULL},
};

static const struct label bsn_action_labels[] = {
	{1, "MIRROR"}, {2, "SET_TUNNEL_DST"}, {4, "CHECKSUM"}, {0, NULL}};

static const struct label bsn_stage_labels[] = {
	{0, "INGRESS"}, {1, "EGRESS"}, {0, NULL}};

static void put_vlan(struct text *t, uint16_t vlan)
{
	if (vlan == VLAN_NONE)
		put_text(t, "NONE");
	else
		put(t, "%u%s", vlan, vlan && vlan < 0xfff ? "" : " (bogus)");
}

static void put_priority(struct text *t, uint8_t priority)
{
	put(t, "%u%s", priority, priority <= 7 ? "" : " (bogus)");
}

static void put_match(struct text *t, const char *prefix, const char *field)
{
	put(t, "%smatch %s ", prefix, field);
}

/* Link layer fields; returns the type, 0 if it is not matched. */
static uint16_t text_link_match(struct text *t, struct cursor *c,
				const char *prefix, uint32_t wildcards)
{
	const uint8_t *mac;
	uint16_t value;
	uint8_t byte;

	value = text_be16(t, c);
	if (!(wildcards & IN_PORT)) {
		put_match(t, prefix, "in_port");
		put_label(t, openflow10_ports, value, "%u");
	}
	mac = text_bytes(t, c, 6);
	if (!(wildcards & DL_SRC)) {
		put_match(t, prefix, "dl_src");
		put_mac(t, mac);
	}
	mac = text_bytes(t, c, 6);
	if (!(wildcards & DL_DST)) {
		put_match(t, prefix, "dl_dst");
		put_mac(t, mac);
	}
	value = text_be16(t, c);
	if (!(wildcards & DL_VLAN)) {
		put_match(t, prefix, "dl_vlan");
		put_vlan(t, value);
	}
	byte = text_u8(t, c);
	if (!(wildcards & DL_VLAN_PCP)) {
		put_match(t, prefix, "dl_vlan_pcp");
		put_priority(t, byte);
	}
	text_bytes(t, c, 1);
	value = text_be16(t, c);
	if (wildcards & DL_TYPE)
		return 0;
	put_match(t, prefix, "dl_type");
	put(t, "0x%04x", value);
	return value;
}

static void text_network_match(struct text *t, struct cursor *c,
			       const char *prefix, const char *field,
			       uint32_t bits)
{
	const uint8_t *address = text_bytes(t, c, 4);

	bits &= 0x3f;
	if (bits >= 32)
		return;
	put_match(t, prefix, field);
	put_ipv4(t, address);
	put(t, "/%u", 32 - bits);
}

void openflow10_text_match(struct text *t, struct cursor *c,
			   const char *prefix)
{
	uint32_t wildcards = text_be32(t, c);
	uint16_t type, value;
	uint8_t byte;
	bool icmp;

	if (wildcards & ~(uint32_t)WILDCARDS)
		put(t, "%swildcards 0x%08x (bogus)", prefix, wildcards);
	type = text_link_match(t, c, prefix, wildcards);
	byte = text_u8(t, c);
	if (!(wildcards & NW_TOS)) {
		put_match(t, prefix, "nw_tos");
		put(t, "0x%02x", byte);
	}
	byte = text_u8(t, c);
	icmp = type == TYPE_IP && !(wildcards & NW_PROTO) &&
	       byte == PROTOCOL_ICMP;
	if (!(wildcards & NW_PROTO)) {
		put_match(t, prefix,
			  type == TYPE_ARP ? "arp_opcode" : "nw_proto");
		put_u32(t, byte);
	}
	text_bytes(t, c, 2);
	text_network_match(t, c, prefix, "nw_src", wildcards >> 8);
	text_network_match(t, c, prefix, "nw_dst", wildcards >> 14);
	value = text_be16(t, c);
	if (!(wildcards & TP_SRC)) {
		put_match(t, prefix, icmp ? "icmp_type" : "tp_src");
		put_u32(t, value);
	}
	value = text_be16(t, c);
	if (!(wildcards & TP_DST)) {
		put_match(t, prefix, icmp ? "icmp_code" : "tp_dst");
		put_u32(t, value);
	}
}

static void text_mirror(struct text *t, struct cursor *c)
{
	uint32_t tag;

	put(t, ", dest_port %u", text_be32(t, c));
	tag = text_be32(t, c);
	if (!(tag >> 16)) {
		put_text(t, ", vlan_tag none");
	} else if (tag >> 16 == TYPE_VLAN) {
		put(t, ", vlan_tag 802.1Q (vlan %u, p %u%s)", tag & 0xfff,
		    tag >> 13 & 7, tag & 0x1000 ? ", DEI" : "");
	} else {
		put(t, ", vlan_tag unknown (0x%04x)", tag >> 16);
	}
	openflow_put_label(t, ", copy_stage ", bsn_stage_labels, text_u8(t, c),
			   "unknown (%u)");
	text_bytes(t, c, 3);
}

static void text_vendor_action(struct text *t, struct cursor c,
			       uint32_t length)
{
	uint32_t vendor = text_be32(t, &c), subtype;

	openflow_put_vendor(t, ", vendor", vendor);
	length -= 4;
	if (vendor != OUI_BIG_SWITCH) {
		openflow_text_data(t, c, length);
		return;
	}
	if (length < 4) {
		openflow_invalid(t, &c, length);
		return;
	}
	subtype = text_be32(t, &c);
	put_text(t, "\n\t  subtype ");
	put_label(t, bsn_action_labels, subtype, "unknown (0x%08x)");
	length -= 4;
	if (subtype != BSN_MIRROR)
		text_has(t, &c, length);
	else if (length != 12)
		openflow_invalid(t, &c, length);
	else
		text_mirror(t, &c);
}

/* Is the length what the type asks for? */
static bool is_good(uint16_t type, uint16_t length)
{
	switch (type) {
	case SET_DL_SRC:
	case SET_DL_DST:
	case ENQUEUE:
		return length == 16;
	case VENDOR:
		return length % 8 == 0;
	default:
		return length == 8;
	}
}

static void text_action(struct text *t, struct cursor c, uint16_t type,
			uint32_t length)
{
	uint16_t port;
	uint8_t byte;

	switch (type) {
	case OUTPUT:
		port = text_be16(t, &c);
		openflow10_put_port(t, ", port", port);
		if (port == PORT_CONTROLLER)
			put(t, ", max_len %u", text_be16(t, &c));
		break;
	case SET_VLAN_VID:
		port = text_be16(t, &c);
		put_text(t, ", vlan_vid ");
		put_vlan(t, port);
		break;
	case SET_VLAN_PCP:
		byte = text_u8(t, &c);
		put_text(t, ", vlan_pcp ");
		put_priority(t, byte);
		break;
	case SET_DL_SRC:
	case SET_DL_DST:
		if (!text_has(t, &c, 6))
			return;
		put_text(t, ", dl_addr ");
		put_mac(t, c.at);
		break;
	case SET_NW_SRC:
	case SET_NW_DST:
		if (!text_has(t, &c, 4))
			return;
		put_text(t, ", nw_addr ");
		put_ipv4(t, c.at);
		break;
	case SET_NW_TOS:
		put(t, ", nw_tos 0x%02x", text_u8(t, &c));
		break;
	case SET_TP_SRC:
	case SET_TP_DST:
		put(t, ", tp_port %u", text_be16(t, &c));
		break;
	case ENQUEUE:
		openflow10_put_port(t, ", port", text_be16(t, &c));
		text_bytes(t, &c, 6);
		openflow10_put_queue(t, text_be32(t, &c));
		break;
	case VENDOR:
		text_vendor_action(t, c, length);
		break;
	default:
		break;
	}
}

void openflow10_text_actions(struct text *t, struct cursor c, uint32_t left,
			     const char *prefix)
{
	while (left && !t->stopped) {
		struct cursor action = c;
		uint16_t type, length;

		if (left < ACTION_HEADER) {
			openflow_invalid(t, &c, left);
			return;
		}
		type = text_be16(t, &action);
		put(t, "%saction type ", prefix);
		put_label(t, action_labels, type, "invalid (0x%04x)");
		length = text_be16(t, &action);
		put(t, ", len %u", length);
		if (length < ACTION_HEADER || length > left) {
			openflow_invalid(t, &action, left - 4);
			return;
		}
		if (!label_find(action_labels, type))
			text_has(t, &c, length);
		else if (!is_good(type, length))
			put_text(t, " (bogus)");
		else
			text_action(t, action, type, length - 4u);
		text_take(t, &c, length);
		left -= length;
	}
}
