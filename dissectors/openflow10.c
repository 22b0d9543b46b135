/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages of OpenFlow 1.0.0. */
#include "dissectors/openflow10.h"

#include <pcap/dlt.h>

#include "dissectors/dissect.h"
#include "dissectors/protocols.h"
#include "src/base/cleanup.h"
#include "src/base/frame.h"

enum {
	PORT_SIZE = 48,
	PORT_NAME = 16,
	FLOW_MOD_SIZE = 64,
	FEATURES_SIZE = 24,
	PROPERTY_HEADER = 8,
	PROPERTY_MIN_RATE = 1,
	MIN_RATE_SIZE = 16,
	QUEUE_HEADER = 8,
	STATE_STP = 3 << 8,
	STATE_LINK_DOWN = 1,
	CAPABILITIES = 0xef,
	FRAME_VERBOSE = 3,
	COMMAND_DELETE = 3,
	COMMAND_LAST = 4,
	OUI_BIG_SWITCH = 0x5c16c7,
};

const struct label openflow10_ports[] = {
	{0xff00, "MAX"},    {0xfff8, "IN_PORT"},    {0xfff9, "TABLE"},
	{0xfffa, "NORMAL"}, {0xfffb, "FLOOD"},	    {0xfffc, "ALL"},
	{0xfffd, "CONTROLLER"}, {0xfffe, "LOCAL"}, {0xffff, "NONE"},
	{0, NULL},
};

static const struct label port_config[] = {
	{1 << 0, "PORT_DOWN"},	 {1 << 1, "NO_STP"},
	{1 << 2, "NO_RECV"},	 {1 << 3, "NO_RECV_STP"},
	{1 << 4, "NO_FLOOD"},	 {1 << 5, "NO_FWD"},
	{1 << 6, "NO_PACKET_IN"}, {0, NULL},
};

static const struct label stp_states[] = {
	{0 << 8, "STP_LISTEN"},
	{1 << 8, "STP_LEARN"},
	{2 << 8, "STP_FORWARD"},
	{3 << 8, "STP_BLOCK"},
	{0, NULL},
};

static const struct label port_features[] = {
	{1 << 0, "10MB_HD"},   {1 << 1, "10MB_FD"},  {1 << 2, "100MB_HD"},
	{1 << 3, "100MB_FD"},  {1 << 4, "1GB_HD"},   {1 << 5, "1GB_FD"},
	{1 << 6, "10GB_FD"},   {1 << 7, "COPPER"},   {1 << 8, "FIBER"},
	{1 << 9, "AUTONEG"},   {1 << 10, "PAUSE"},   {1 << 11, "PAUSE_ASYM"},
	{0, NULL},
};

static const struct label capabilities[] = {
	{1 << 0, "FLOW_STATS"}, {1 << 1, "TABLE_STATS"},
	{1 << 2, "PORT_STATS"}, {1 << 3, "STP"},
	{1 << 4, "RESERVED"},	{1 << 5, "IP_REASM"},
	{1 << 6, "QUEUE_STATS"}, {1 << 7, "ARP_MATCH_IP"},
	{0, NULL},
};

static const struct label action_bits[] = {
	{1 << 0, "OUTPUT"},	{1 << 1, "SET_VLAN_VID"},
	{1 << 2, "SET_VLAN_PCP"}, {1 << 3, "STRIP_VLAN"},
	{1 << 4, "SET_DL_SRC"}, {1 << 5, "SET_DL_DST"},
	{1 << 6, "SET_NW_SRC"}, {1 << 7, "SET_NW_DST"},
	{1 << 8, "SET_NW_TOS"}, {1 << 9, "SET_TP_SRC"},
	{1 << 10, "SET_TP_DST"}, {1 << 11, "ENQUEUE"},
	{0, NULL},
};

static const struct label flow_flags[] = {
	{1 << 0, "SEND_FLOW_REM"},
	{1 << 1, "CHECK_OVERLAP"},
	{1 << 2, "EMERG"},
	{0, NULL},
};

static const struct label queue_labels[] = {{0xffffffff, "ALL"}, {0, NULL}};
static const struct label buffer_labels[] = {{0xffffffff, "NONE"}, {0, NULL}};

void openflow10_put_port(struct text *t, const char *title, uint16_t port)
{
	put(t, "%s ", title);
	put_label(t, openflow10_ports, port, "%u");
}

void openflow10_put_queue(struct text *t, uint32_t queue)
{
	put_text(t, ", queue_id ");
	put_label(t, queue_labels, queue, "%u");
}

void openflow10_put_string(struct text *t, struct cursor *c, uint32_t size,
			   const char *title)
{
	put(t, "%s ", title);
	openflow_put_string(t, c, size);
}

static void put_bits_line(struct text *t, struct cursor *c, const char *title,
			  const struct label *labels)
{
	uint32_t value = text_be32(t, c);

	put(t, "%s 0x%08x", title, value);
	openflow_put_bits(t, labels, value);
}

static void put_state(struct text *t, uint32_t state)
{
	put(t, "\n\t   state 0x%08x (%s%s)%s", state,
	    label_find(stp_states, state & STATE_STP),
	    state & STATE_LINK_DOWN ? ", LINK_DOWN" : "",
	    state & ~(uint32_t)(STATE_STP | STATE_LINK_DOWN) ? " (bogus)"
							      : "");
}

static void text_port(struct text *t, struct cursor *c)
{
	openflow10_put_port(t, "\n\t  port_no", text_be16(t, c));
	openflow_put_mac(t, ", hw_addr ", text_bytes(t, c, 6));
	openflow10_put_string(t, c, PORT_NAME, ", name");
	if (t->options->verbose < 2) {
		text_bytes(t, c, 24);
		return;
	}
	put_bits_line(t, c, "\n\t   config", port_config);
	put_state(t, text_be32(t, c));
	put_bits_line(t, c, "\n\t   curr", port_features);
	put_bits_line(t, c, "\n\t   advertised", port_features);
	put_bits_line(t, c, "\n\t   supported", port_features);
	put_bits_line(t, c, "\n\t   peer", port_features);
}

static void text_ports(struct text *t, struct cursor c, uint32_t left)
{
	for (; left && !t->stopped; left -= PORT_SIZE) {
		if (left < PORT_SIZE) {
			openflow_invalid(t, &c, left);
			return;
		}
		text_port(t, &c);
	}
}

/* The reserved bit has a name, but is none to be set. */
static void put_capabilities(struct text *t, uint32_t value)
{
	put(t, "\n\t capabilities 0x%08x", value);
	if (value & CAPABILITIES) {
		put_text(t, " (");
		put_bits(t, capabilities, value, "", ", ");
		put_char(t, ')');
	}
	if (value & ~(uint32_t)CAPABILITIES)
		put_text(t, " (bogus)");
}

static void text_features(struct text *t, struct cursor c, uint32_t length)
{
	put(t, "\n\t dpid 0x%016llx", (unsigned long long)text_be64(t, &c));
	put(t, ", n_buffers %u", text_be32(t, &c));
	put(t, ", n_tables %u", text_u8(t, &c));
	text_bytes(t, &c, 3);
	put_capabilities(t, text_be32(t, &c));
	put_bits_line(t, &c, "\n\t actions", action_bits);
	text_ports(t, c, length - FEATURES_SIZE);
}

static void text_error(struct text *t, struct cursor c, uint32_t length)
{
	static const struct label types[] = {
		{0, "HELLO_FAILED"},	{1, "BAD_REQUEST"},
		{2, "BAD_ACTION"},	{3, "FLOW_MOD_FAILED"},
		{4, "PORT_MOD_FAILED"}, {5, "QUEUE_OP_FAILED"},
		{0, NULL},
	};
	static const struct label codes[][10] = {
		{{0, "INCOMPATIBLE"}, {1, "EPERM"}, {0, NULL}},
		{{0, "BAD_VERSION"}, {1, "BAD_TYPE"}, {2, "BAD_STAT"},
		 {3, "BAD_VENDOR"}, {4, "BAD_SUBTYPE"}, {5, "EPERM"},
		 {6, "BAD_LEN"}, {7, "BUFFER_EMPTY"}, {8, "BUFFER_UNKNOWN"},
		 {0, NULL}},
		{{0, "BAD_TYPE"}, {1, "BAD_LEN"}, {2, "BAD_VENDOR"},
		 {3, "BAD_VENDOR_TYPE"}, {4, "BAD_OUT_PORT"},
		 {5, "BAD_ARGUMENT"}, {6, "EPERM"}, {7, "TOO_MANY"},
		 {8, "BAD_QUEUE"}, {0, NULL}},
		{{0, "ALL_TABLES_FULL"}, {1, "OVERLAP"}, {2, "EPERM"},
		 {3, "BAD_EMERG_TIMEOUT"}, {4, "BAD_COMMAND"},
		 {5, "UNSUPPORTED"}, {0, NULL}},
		{{0, "BAD_PORT"}, {1, "BAD_HW_ADDR"}, {0, NULL}},
		{{0, "BAD_PORT"}, {1, "BAD_QUEUE"}, {2, "EPERM"}, {0, NULL}},
		{{0, NULL}},
	};
	uint16_t type = text_be16(t, &c), code;

	put_text(t, "\n\t type ");
	put_label(t, types, type, "invalid (0x%04x)");
	code = text_be16(t, &c);
	put_text(t, ", code ");
	put_label(t,
		  codes[type < ARRAY_SIZE(codes) ? type
						 : ARRAY_SIZE(codes) - 1],
		  code, "invalid (0x%04x)");
	openflow_text_data(t, c, length - 4);
}

static const struct label bsn_labels[] = {
	{0, "SET_IP_MASK"},
	{1, "GET_IP_MASK_REQUEST"},
	{2, "GET_IP_MASK_REPLY"},
	{3, "SET_MIRRORING"},
	{4, "GET_MIRRORING_REQUEST"},
	{5, "GET_MIRRORING_REPLY"},
	{6, "SHELL_COMMAND"},
	{7, "SHELL_OUTPUT"},
	{8, "SHELL_STATUS"},
	{9, "GET_INTERFACES_REQUEST"},
	{10, "GET_INTERFACES_REPLY"},
	{11, "SET_PKTIN_SUPPRESSION_REQUEST"},
	{12, "SET_L2_TABLE_REQUEST"},
	{13, "GET_L2_TABLE_REQUEST"},
	{14, "GET_L2_TABLE_REPLY"},
	{15, "VIRTUAL_PORT_CREATE_REQUEST"},
	{16, "VIRTUAL_PORT_CREATE_REPLY"},
	{17, "VIRTUAL_PORT_REMOVE_REQUEST"},
	{18, "BW_ENABLE_SET_REQUEST"},
	{19, "BW_ENABLE_GET_REQUEST"},
	{20, "BW_ENABLE_GET_REPLY"},
	{21, "BW_CLEAR_DATA_REQUEST"},
	{22, "BW_CLEAR_DATA_REPLY"},
	{23, "BW_ENABLE_SET_REPLY"},
	{24, "SET_L2_TABLE_REPLY"},
	{25, "SET_PKTIN_SUPPRESSION_REPLY"},
	{26, "VIRTUAL_PORT_REMOVE_REPLY"},
	{27, "HYBRID_GET_REQUEST"},
	{28, "HYBRID_GET_REPLY"},
	{31, "PDU_TX_REQUEST"},
	{32, "PDU_TX_REPLY"},
	{33, "PDU_RX_REQUEST"},
	{34, "PDU_RX_REPLY"},
	{35, "PDU_RX_TIMEOUT"},
	{0, NULL},
};

/* What a subtype must be long; 0: anything. */
static uint32_t bsn_size(uint32_t subtype)
{
	switch (subtype) {
	case 0:
	case 1:
	case 2:
		return 12;
	case 3:
	case 4:
	case 5:
	case 8:
	case 17:
		return 8;
	case 9:
	case 13:
	case 19:
	case 21:
	case 27:
		return 4;
	default:
		return 0;
	}
}

static void put_shell(struct text *t, struct cursor *c, uint32_t length)
{
	put_text(t, ", data '");
	if (put_visible_bytes(t, c->at, length, c->end)) {
		put_char(t, '\'');
		text_stop(t);
		return;
	}
	put_char(t, '\'');
}

static void text_bsn(struct text *t, struct cursor c, uint32_t length)
{
	static const struct label on_off[] = {{0, "OFF"}, {1, "ON"}, {0, NULL}};
	uint32_t subtype, size;

	if (length < 4) {
		openflow_invalid(t, &c, length);
		return;
	}
	subtype = text_be32(t, &c);
	put_text(t, "\n\t subtype ");
	put_label(t, bsn_labels, subtype, "unknown (0x%08x)");
	size = bsn_size(subtype);
	if ((size && length != size) || (subtype == 6 && length < 8)) {
		openflow_invalid(t, &c, length - 4);
		return;
	}
	length -= 4;
	switch (subtype) {
	case 0:
	case 2:
		put(t, ", index %u", text_u8(t, &c));
		text_bytes(t, &c, 3);
		openflow_put_ipv4(t, ", mask ", text_bytes(t, &c, 4));
		break;
	case 1:
		put(t, ", index %u", text_u8(t, &c));
		text_bytes(t, &c, 7);
		break;
	case 3:
	case 4:
	case 5:
		openflow_put_label(t, ", report_mirror_ports ", on_off, text_u8(t, &c),
				   "bogus (%u)");
		text_bytes(t, &c, 3);
		break;
	case 6:
		put(t, ", service %u", text_be32(t, &c));
		put_shell(t, &c, length - 4);
		break;
	case 7:
		put_shell(t, &c, length);
		break;
	case 8:
		put(t, ", status 0x%08x", text_be32(t, &c));
		break;
	case 17:
		put(t, ", vport_no %u", text_be32(t, &c));
		break;
	default:
		text_has(t, &c, length);
		break;
	}
}

static void text_vendor(struct text *t, struct cursor c, uint32_t length)
{
	uint32_t vendor = text_be32(t, &c);

	openflow_put_vendor(t, ", vendor", vendor);
	if (vendor == OUI_BIG_SWITCH)
		text_bsn(t, c, length - 4);
	else
		openflow_text_data(t, c, length - 4);
}

static void text_config(struct text *t, struct cursor c, uint32_t length)
{
	static const struct label fragments[] = {
		{0, "FRAG_NORMAL"}, {1, "FRAG_DROP"}, {2, "FRAG_REASM"},
		{0, NULL},
	};

	(void)length;
	openflow_put_label(t, "\n\t flags ", fragments, text_be16(t, &c),
			   "invalid (0x%04x)");
	put(t, ", miss_send_len %u", text_be16(t, &c));
}

/* A frame inside is decoded anew: there may be many in one segment. */
static void text_frame(struct text *t, struct cursor c, uint32_t length)
{
	struct text_options options = *t->options;
	struct frame frame = {
		.data = c.at,
		.caplen = (uint32_t)cursor_left(&c),
		.len = length,
		.link_type = DLT_EN10MB,
	};
	struct text inner = *t;
	struct packet packet;

	if (!length)
		return;
	put(t, "\n\t data (%u octets)", length);
	if (t->options->verbose < FRAME_VERBOSE) {
		text_has(t, &c, length);
		return;
	}
	put_text(t, ", frame decoding below\n");
	if (t->depth)
		return;
	options.verbose -= FRAME_VERBOSE;
	inner.options = &options;
	inner.packet = &packet;
	inner.depth++;
	dissect(&frame, &packet, NULL);
	packet.layers[0].dissector->text(&inner, &packet.layers[0]);
	t->protocol = inner.protocol;
	t->stopped = inner.stopped;
	t->stopped_at = inner.stopped_at;
}

static void text_packet_in(struct text *t, struct cursor c, uint32_t length)
{
	static const struct label reasons[] = {
		{0, "NO_MATCH"}, {1, "ACTION"}, {0, NULL}};

	openflow_put_label(t, "\n\t buffer_id ", buffer_labels, text_be32(t, &c),
			   "0x%08x");
	put(t, ", total_len %u", text_be16(t, &c));
	openflow10_put_port(t, ", in_port", text_be16(t, &c));
	openflow_put_label(t, ", reason ", reasons, text_u8(t, &c),
			   "invalid (0x%02x)");
	text_bytes(t, &c, 1);
	text_frame(t, c, length - 10);
}

static void text_flow_removed(struct text *t, struct cursor c,
			      uint32_t length)
{
	static const struct label reasons[] = {
		{0, "IDLE_TIMEOUT"}, {1, "HARD_TIMEOUT"}, {2, "DELETE"},
		{0, NULL},
	};
	uint16_t value;

	(void)length;
	openflow10_text_match(t, &c, "\n\t ");
	put(t, "\n\t cookie 0x%016llx", (unsigned long long)text_be64(t, &c));
	value = text_be16(t, &c);
	if (value)
		put(t, ", priority %u", value);
	openflow_put_label(t, ", reason ", reasons, text_u8(t, &c),
			   "unknown (0x%02x)");
	text_bytes(t, &c, 1);
	put(t, ", duration_sec %u", text_be32(t, &c));
	put(t, ", duration_nsec %u", text_be32(t, &c));
	value = text_be16(t, &c);
	if (value)
		put(t, ", idle_timeout %u", value);
	text_bytes(t, &c, 2);
	put(t, ", packet_count %llu", (unsigned long long)text_be64(t, &c));
	put(t, ", byte_count %llu", (unsigned long long)text_be64(t, &c));
}

static void text_port_status(struct text *t, struct cursor c, uint32_t length)
{
	static const struct label reasons[] = {
		{0, "ADD"}, {1, "DELETE"}, {2, "MODIFY"}, {0, NULL}};

	openflow_put_label(t, "\n\t reason ", reasons, text_u8(t, &c),
			   "invalid (0x%02x)");
	text_bytes(t, &c, 7);
	text_ports(t, c, length - 8);
}

static void text_packet_out(struct text *t, struct cursor c, uint32_t length)
{
	uint16_t actions;

	put(t, "\n\t buffer_id 0x%08x", text_be32(t, &c));
	openflow10_put_port(t, ", in_port", text_be16(t, &c));
	actions = text_be16(t, &c);
	length -= 8;
	if (actions > length) {
		openflow_invalid(t, &c, length);
		return;
	}
	openflow10_text_actions(t, c, actions, "\n\t ");
	if (text_take(t, &c, actions))
		text_frame(t, c, length - actions);
}

static void text_flow_mod(struct text *t, struct cursor c, uint32_t length)
{
	static const struct label commands[] = {
		{0, "ADD"},    {1, "MODIFY"}, {2, "MODIFY_STRICT"},
		{3, "DELETE"}, {4, "DELETE_STRICT"}, {0, NULL},
	};
	uint16_t command, value;
	uint32_t buffer;

	openflow10_text_match(t, &c, "\n\t ");
	put(t, "\n\t cookie 0x%016llx", (unsigned long long)text_be64(t, &c));
	command = text_be16(t, &c);
	put_text(t, ", command ");
	put_label(t, commands, command, "invalid (0x%04x)");
	value = text_be16(t, &c);
	if (value)
		put(t, ", idle_timeout %u", value);
	value = text_be16(t, &c);
	if (value)
		put(t, ", hard_timeout %u", value);
	value = text_be16(t, &c);
	if (value)
		put(t, ", priority %u", value);
	buffer = text_be32(t, &c);
	if (command < COMMAND_DELETE) {
		put_text(t, ", buffer_id ");
		put_label(t, buffer_labels, buffer, "0x%08x");
	}
	value = text_be16(t, &c);
	if (command >= COMMAND_DELETE && command <= COMMAND_LAST)
		openflow10_put_port(t, ", out_port", value);
	value = text_be16(t, &c);
	put(t, ", flags 0x%04x", value);
	openflow_put_bits(t, flow_flags, value);
	openflow10_text_actions(t, c, length - FLOW_MOD_SIZE, "\n\t ");
}

static void text_port_mod(struct text *t, struct cursor c, uint32_t length)
{
	(void)length;
	openflow10_put_port(t, "\n\t port_no", text_be16(t, &c));
	openflow_put_mac(t, ", hw_addr ", text_bytes(t, &c, 6));
	put_bits_line(t, &c, "\n\t config", port_config);
	put_bits_line(t, &c, "\n\t mask", port_config);
	put_bits_line(t, &c, "\n\t advertise", port_features);
	text_bytes(t, &c, 4);
}

static void text_queue_request(struct text *t, struct cursor c,
			       uint32_t length)
{
	(void)length;
	openflow10_put_port(t, "\n\t port", text_be16(t, &c));
	text_bytes(t, &c, 2);
}

static void text_properties(struct text *t, struct cursor c, uint32_t left)
{
	static const struct label labels[] = {
		{0, "NONE"}, {1, "MIN_RATE"}, {0, NULL}};

	while (left && !t->stopped) {
		struct cursor property = c;
		uint16_t type, length, rate;

		if (left < PROPERTY_HEADER) {
			openflow_invalid(t, &c, left);
			return;
		}
		type = text_be16(t, &property);
		put_text(t, "\n\t   property ");
		put_label(t, labels, type, "invalid (0x%04x)");
		length = text_be16(t, &property);
		put(t, ", len %u", length);
		if (length < PROPERTY_HEADER || length > left) {
			openflow_invalid(t, &property, left - 4);
			return;
		}
		text_bytes(t, &property, 4);
		if (type <= PROPERTY_MIN_RATE &&
		    length != (type ? MIN_RATE_SIZE : PROPERTY_HEADER)) {
			put_text(t, " (bogus)");
		} else if (type == PROPERTY_MIN_RATE) {
			rate = text_be16(t, &property);
			if (rate > 1000)
				put_text(t, ", rate disabled");
			else
				put(t, ", rate %u.%u%%", rate / 10, rate % 10);
		}
		text_take(t, &c, length);
		left -= length;
	}
}

static void text_queues(struct text *t, struct cursor c, uint32_t left)
{
	openflow10_put_port(t, "\n\t port", text_be16(t, &c));
	text_bytes(t, &c, 6);
	for (left -= 8; left && !t->stopped;) {
		struct cursor queue = c;
		uint16_t length;

		if (left < QUEUE_HEADER) {
			openflow_invalid(t, &c, left);
			return;
		}
		put(t, "\n\t  queue_id %u", text_be32(t, &queue));
		length = text_be16(t, &queue);
		put(t, ", len %u", length);
		if (length < QUEUE_HEADER || length > left) {
			openflow_invalid(t, &queue, left - 6);
			return;
		}
		text_bytes(t, &queue, 2);
		if (t->options->verbose > 1)
			text_properties(t, queue,
					length - (uint32_t)QUEUE_HEADER);
		text_take(t, &c, length);
		left -= length;
	}
}

static const struct openflow_message messages[] = {
	[0] = {"HELLO", OPENFLOW_LEAST, 0, openflow_text_data},
	[1] = {"ERROR", OPENFLOW_LEAST, 4, text_error},
	[2] = {"ECHO_REQUEST", OPENFLOW_LEAST, 0, openflow_text_data},
	[3] = {"ECHO_REPLY", OPENFLOW_LEAST, 0, openflow_text_data},
	[4] = {"VENDOR", OPENFLOW_LEAST, 4, text_vendor},
	[5] = {"FEATURES_REQUEST", OPENFLOW_FIXED, 0, NULL},
	[6] = {"FEATURES_REPLY", OPENFLOW_LEAST, FEATURES_SIZE, text_features},
	[7] = {"GET_CONFIG_REQUEST", OPENFLOW_FIXED, 0, NULL},
	[8] = {"GET_CONFIG_REPLY", OPENFLOW_FIXED, 4, text_config},
	[9] = {"SET_CONFIG", OPENFLOW_FIXED, 4, text_config},
	[10] = {"PACKET_IN", OPENFLOW_LEAST, 10, text_packet_in},
	[11] = {"FLOW_REMOVED", OPENFLOW_FIXED, 80, text_flow_removed},
	[12] = {"PORT_STATUS", OPENFLOW_FIXED, 56, text_port_status},
	[13] = {"PACKET_OUT", OPENFLOW_LEAST, 8, text_packet_out},
	[14] = {"FLOW_MOD", OPENFLOW_LEAST, FLOW_MOD_SIZE, text_flow_mod},
	[15] = {"PORT_MOD", OPENFLOW_FIXED, 24, text_port_mod},
	[16] = {"STATS_REQUEST", OPENFLOW_LEAST, 4,
		openflow10_text_stats_request},
	[17] = {"STATS_REPLY", OPENFLOW_LEAST, 4,
		openflow10_text_stats_reply},
	[18] = {"BARRIER_REQUEST", OPENFLOW_FIXED, 0, NULL},
	[19] = {"BARRIER_REPLY", OPENFLOW_FIXED, 0, NULL},
	[20] = {"QUEUE_GET_CONFIG_REQUEST", OPENFLOW_FIXED, 4,
		text_queue_request},
	[21] = {"QUEUE_GET_CONFIG_REPLY", OPENFLOW_LEAST, 8, text_queues},
};

const struct openflow_message *openflow10_message(uint8_t type)
{
	return type < ARRAY_SIZE(messages) ? &messages[type] : NULL;
}
