/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages of OpenFlow 1.3, as far as tcpdump prints them. */
#include "dissectors/openflow.h"

#include "src/base/cleanup.h"

enum { ELEMENT_HEADER = 4, VERSION_BITMAP = 1, PORT_NAME = 16 };

static const struct label ports[] = {
	{0xffffff00, "MAX"},	    {0xfffffff8, "IN_PORT"},
	{0xfffffff9, "TABLE"},	    {0xfffffffa, "NORMAL"},
	{0xfffffffb, "FLOOD"},	    {0xfffffffc, "ALL"},
	{0xfffffffd, "CONTROLLER"}, {0xfffffffe, "LOCAL"},
	{0xffffffff, "ANY"},	    {0, NULL},
};

static const struct label capabilities[] = {
	{1 << 0, "FLOW_STATS"},	 {1 << 1, "TABLE_STATS"},
	{1 << 2, "PORT_STATS"},	 {1 << 3, "GROUP_STATS"},
	{1 << 5, "IP_REASM"},	 {1 << 6, "QUEUE_STATS"},
	{1 << 8, "PORT_BLOCKED"}, {0, NULL},
};

static const struct label port_config[] = {
	{1 << 0, "PORT_DOWN"}, {1 << 2, "NO_RECV"}, {1 << 5, "NO_FWD"},
	{1 << 6, "NO_PACKET_IN"}, {0, NULL},
};

static const struct label port_state[] = {
	{1 << 0, "LINK_DOWN"}, {1 << 1, "BLOCKED"}, {1 << 2, "LIVE"},
	{0, NULL},
};

static const struct label port_features[] = {
	{1 << 0, "10MB_HD"},   {1 << 1, "10MB_FD"},   {1 << 2, "100MB_HD"},
	{1 << 3, "100MB_FD"},  {1 << 4, "1GB_HD"},    {1 << 5, "1GB_FD"},
	{1 << 6, "10GB_FD"},   {1 << 7, "40GB_FD"},   {1 << 8, "100GB_FD"},
	{1 << 9, "1TB_FD"},    {1 << 10, "OTHER"},    {1 << 11, "COPPER"},
	{1 << 12, "FIBER"},    {1 << 13, "AUTONEG"},  {1 << 14, "PAUSE"},
	{1 << 15, "PAUSE_ASYM"}, {0, NULL},
};

static const struct label port_reasons[] = {
	{0, "ADD"}, {1, "DELETE"}, {2, "MODIFY"}, {0, NULL}};

static const struct label port_reason_bits[] = {
	{1, "ADD"}, {2, "DELETE"}, {4, "MODIFY"}, {0, NULL}};

static const struct label packet_reason_bits[] = {
	{1, "NO_MATCH"}, {2, "ACTION"}, {4, "INVALID_TTL"}, {0, NULL}};

static const struct label version_bits[] = {
	{1, "1.0"}, {2, "1.1"}, {4, "1.2"}, {8, "1.3"}, {16, "1.4"},
	{32, "1.5"}, {0, NULL},
};

static const struct label error_types[] = {
	{0, "HELLO_FAILED"},	      {1, "BAD_REQUEST"},
	{2, "BAD_ACTION"},	      {3, "BAD_INSTRUCTION"},
	{4, "BAD_MATCH"},	      {5, "FLOW_MOD_FAILED"},
	{6, "GROUP_MOD_FAILED"},      {7, "PORT_MOD_FAILED"},
	{8, "TABLE_MOD_FAILED"},      {9, "QUEUE_OP_FAILED"},
	{10, "SWITCH_CONFIG_FAILED"}, {11, "ROLE_REQUEST_FAILED"},
	{12, "METER_MOD_FAILED"},     {13, "TABLE_FEATURES_FAILED"},
	{0xffff, "EXPERIMENTER"},     {0, NULL},
};

/* By type and code. */
static const char *const error_codes[][17] = {
	{"INCOMPATIBLE", "EPERM"},
	{"BAD_VERSION", "BAD_TYPE", "BAD_MULTIPART", "BAD_EXPERIMENTER",
	 "BAD_EXP_TYPE", "EPERM", "BAD_LEN", "BUFFER_EMPTY", "BUFFER_UNKNOWN",
	 "BAD_TABLE_ID", "IS_SLAVE", "BAD_PORT", "BAD_PACKET",
	 "MULTIPART_BUFFER_OVERFLOW"},
	{"BAD_TYPE", "BAD_LEN", "BAD_EXPERIMENTER", "BAD_EXP_TYPE",
	 "BAD_OUT_PORT", "BAD_ARGUMENT", "EPERM", "TOO_MANY", "BAD_QUEUE",
	 "BAD_OUT_GROUP", "MATCH_INCONSISTENT", "UNSUPPORTED_ORDER",
	 "BAD_TAG", "BAD_SET_TYPE", "BAD_SET_LEN", "BAD_SET_ARGUMENT"},
	{"UNKNOWN_INST", "UNSUP_INST", "BAD_TABLE_ID", "UNSUP_METADATA",
	 "UNSUP_METADATA_MASK", "BAD_EXPERIMENTER", "BAD_EXP_TYPE", "BAD_LEN",
	 "EPERM"},
	{"BAD_TYPE", "BAD_LEN", "BAD_TAG", "BAD_DL_ADDR_MASK",
	 "BAD_NW_ADDR_MASK", "BAD_WILDCARDS", "BAD_FIELD", "BAD_VALUE",
	 "BAD_MASK", "BAD_PREREQ", "DUP_FIELD", "EPERM"},
	{"UNKNOWN", "TABLE_FULL", "BAD_TABLE_ID", "OVERLAP", "EPERM",
	 "BAD_TIMEOUT", "BAD_COMMAND", "BAD_FLAGS"},
	{"GROUP_EXISTS", "INVALID_GROUP", "WEIGHT_UNSUPPORTED",
	 "OUT_OF_GROUPS", "OUT_OF_BUCKETS", "CHAINING_UNSUPPORTED",
	 "WATCH_UNSUPPORTED", "LOOP", "UNKNOWN_GROUP", "CHAINED_GROUP",
	 "BAD_TYPE", "BAD_COMMAND", "BAD_BUCKET", "BAD_MATCH", "EPERM"},
	{"BAD_PORT", "BAD_HW_ADDR", "BAD_CONFIG", "BAD_ADVERTISE", "EPERM"},
	{"BAD_TABLE", "BAD_CONFIG", "EPERM"},
	{"BAD_PORT", "BAD_QUEUE", "EPERM"},
	{"BAD_FLAGS", "BAD_LEN", "EPERM"},
	{"STALE", "UNSUP", "BAD_ROLE"},
	{"UNKNOWN", "METER_EXISTS", "INVALID_METER", "UNKNOWN_METER",
	 "BAD_COMMAND", "BAD_FLAGS", "BAD_RATE", "BAD_BURST", "BAD_BAND",
	 "BAD_BAND_VALUE", "OUT_OF_METERS", "OUT_OF_BANDS"},
	{"BAD_TABLE", "BAD_METADATA", "BAD_TYPE", "BAD_LEN", "BAD_ARGUMENT",
	 "EPERM"},
};

static void put_bits_line(struct text *t, struct cursor *c, const char *title,
			  const struct label *labels)
{
	uint32_t value = text_be32(t, c);

	put(t, "%s 0x%08x", title, value);
	openflow_put_bits(t, labels, value);
}

static void text_hello(struct text *t, struct cursor c, uint32_t left)
{
	while (left && !t->stopped) {
		uint16_t type, length;
		uint32_t body;

		if (left < ELEMENT_HEADER) {
			openflow_invalid(t, &c, left);
			return;
		}
		type = text_be16(t, &c);
		put_text(t, "\n\t type ");
		if (type == VERSION_BITMAP)
			put_text(t, "VERSIONBITMAP");
		else
			put(t, "unknown (0x%04x)", type);
		length = text_be16(t, &c);
		put(t, ", length %u", length);
		left -= ELEMENT_HEADER;
		if (length < ELEMENT_HEADER ||
		    length > ELEMENT_HEADER + left) {
			openflow_invalid(t, &c, left);
			return;
		}
		body = length - (uint32_t)ELEMENT_HEADER;
		if (type == VERSION_BITMAP && body == 4) {
			put_bits_line(t, &c, ", bitmap", version_bits);
		} else {
			if (type == VERSION_BITMAP)
				put_text(t, " (bogus)");
			text_take(t, &c, body);
		}
		left -= body;
	}
}

static void text_error(struct text *t, struct cursor c, uint32_t length)
{
	uint16_t type = text_be16(t, &c), code;
	const char *name = NULL;

	put_text(t, "\n\t type ");
	put_label(t, error_types, type, "invalid (0x%04x)");
	code = text_be16(t, &c);
	if (type < ARRAY_SIZE(error_codes) &&
	    code < ARRAY_SIZE(error_codes[0]))
		name = error_codes[type][code];
	if (name)
		put(t, ", code %s", name);
	else
		put(t, ", code invalid (0x%04x)", code);
	openflow_text_data(t, c, length - 4);
}

static void text_experimenter(struct text *t, struct cursor c,
			      uint32_t length)
{
	openflow_put_vendor(t, "\n\t experimenter", text_be32(t, &c));
	put(t, ", exp_type 0x%08x", text_be32(t, &c));
	openflow_text_data(t, c, length - 8);
}

static void text_features(struct text *t, struct cursor c, uint32_t length)
{
	(void)length;
	put(t, "\n\t dpid 0x%016llx", (unsigned long long)text_be64(t, &c));
	put(t, ", n_buffers %u", text_be32(t, &c));
	put(t, ", n_tables %u", text_u8(t, &c));
	put(t, ", auxiliary_id %u", text_u8(t, &c));
	text_bytes(t, &c, 2);
	put_bits_line(t, &c, "\n\t capabilities", capabilities);
	text_bytes(t, &c, 4);
}

static void text_config(struct text *t, struct cursor c, uint32_t length)
{
	static const struct label fragments[] = {
		{0, "FRAG_NORMAL"}, {1, "FRAG_DROP"}, {2, "FRAG_REASM"},
		{0, NULL},
	};
	static const struct label lengths[] = {
		{0xffe5, "MAX"}, {0xffff, "NO_BUFFER"}, {0, NULL}};

	(void)length;
	openflow_put_label(t, "\n\t flags ", fragments, text_be16(t, &c),
			   "invalid (0x%04x)");
	openflow_put_label(t, ", miss_send_len ", lengths, text_be16(t, &c),
			   "%u");
}

static void text_table_mod(struct text *t, struct cursor c, uint32_t length)
{
	static const struct label tables[] = {
		{0xfe, "MAX"}, {0xff, "ALL"}, {0, NULL}};

	(void)length;
	openflow_put_label(t, "\n\t table_id ", tables, text_u8(t, &c),
			   "%u");
	text_bytes(t, &c, 3);
	put(t, ", config 0x%08x", text_be32(t, &c));
}

static void text_role(struct text *t, struct cursor c, uint32_t length)
{
	static const struct label roles[] = {
		{0, "NOCHANGE"}, {1, "EQUAL"}, {2, "MASTER"}, {3, "SLAVE"},
		{0, NULL},
	};

	(void)length;
	openflow_put_label(t, "\n\t role ", roles, text_be32(t, &c),
			   "invalid (0x%08x)");
	text_bytes(t, &c, 4);
	put(t, ", generation_id 0x%016llx",
	    (unsigned long long)text_be64(t, &c));
}

static void text_async(struct text *t, struct cursor c, uint32_t length)
{
	(void)length;
	put_bits_line(t, &c, "\n\t packet_in_mask[EM]", packet_reason_bits);
	put_bits_line(t, &c, "\n\t packet_in_mask[S]", packet_reason_bits);
	put_bits_line(t, &c, "\n\t port_status_mask[EM]", port_reason_bits);
	put_bits_line(t, &c, "\n\t port_status_mask[S]", port_reason_bits);
	put_bits_line(t, &c, "\n\t flow_removed_mask[EM]", port_reason_bits);
	put_bits_line(t, &c, "\n\t flow_removed_mask[S]", port_reason_bits);
}

static void put_port(struct text *t, struct cursor *c, const char *title)
{
	put_text(t, title);
	put_label(t, ports, text_be32(t, c), "%u");
	text_bytes(t, c, 4);
}

static void text_port_mod(struct text *t, struct cursor c, uint32_t length)
{
	(void)length;
	put_port(t, &c, "\n\t port_no ");
	openflow_put_mac(t, ", hw_addr ", text_bytes(t, &c, 6));
	text_bytes(t, &c, 2);
	put_bits_line(t, &c, "\n\t  config", port_config);
	put_bits_line(t, &c, "\n\t  mask", port_config);
	put_bits_line(t, &c, "\n\t  advertise", port_features);
	text_bytes(t, &c, 4);
}

static void text_port(struct text *t, struct cursor *c)
{
	put_port(t, c, "\n\t  port_no ");
	openflow_put_mac(t, ", hw_addr ", text_bytes(t, c, 6));
	text_bytes(t, c, 2);
	put_text(t, ", name ");
	openflow_put_string(t, c, PORT_NAME);
	if (t->options->verbose < 2) {
		text_bytes(t, c, 32);
		return;
	}
	put_bits_line(t, c, "\n\t   config", port_config);
	put_bits_line(t, c, "\n\t   state", port_state);
	put_bits_line(t, c, "\n\t   curr", port_features);
	put_bits_line(t, c, "\n\t   advertised", port_features);
	put_bits_line(t, c, "\n\t   supported", port_features);
	put_bits_line(t, c, "\n\t   peer", port_features);
	put(t, "\n\t   curr_speed %ukbps", text_be32(t, c));
	put(t, "\n\t   max_speed %ukbps", text_be32(t, c));
}

static void text_port_status(struct text *t, struct cursor c, uint32_t length)
{
	uint8_t reason = text_u8(t, &c);
	const char *name = label_find(port_reasons, reason);

	(void)length;
	put(t, "\n\t reason %s", name ? name : "invalid (0x02x)");
	text_bytes(t, &c, 7);
	text_port(t, &c);
}

static void text_queue_request(struct text *t, struct cursor c,
			       uint32_t length)
{
	(void)length;
	put_port(t, &c, "\n\t port ");
}

static const struct openflow_message messages[] = {
	[0] = {"HELLO", OPENFLOW_LEAST, 0, text_hello},
	[1] = {"ERROR", OPENFLOW_LEAST, 4, text_error},
	[2] = {"ECHO_REQUEST", OPENFLOW_LEAST, 0, openflow_text_data},
	[3] = {"ECHO_REPLY", OPENFLOW_LEAST, 0, openflow_text_data},
	[4] = {"EXPERIMENTER", OPENFLOW_LEAST, 8, text_experimenter},
	[5] = {"FEATURES_REQUEST", OPENFLOW_FIXED, 0, NULL},
	[6] = {"FEATURES_REPLY", OPENFLOW_FIXED, 24, text_features},
	[7] = {"GET_CONFIG_REQUEST", OPENFLOW_FIXED, 0, NULL},
	[8] = {"GET_CONFIG_REPLY", OPENFLOW_FIXED, 4, text_config},
	[9] = {"SET_CONFIG", OPENFLOW_FIXED, 4, text_config},
	[10] = {"PACKET_IN", OPENFLOW_LEAST, 0, NULL},
	[11] = {"FLOW_REMOVED", OPENFLOW_LEAST, 0, NULL},
	[12] = {"PORT_STATUS", OPENFLOW_FIXED, 72, text_port_status},
	[13] = {"PACKET_OUT", OPENFLOW_LEAST, 0, NULL},
	[14] = {"FLOW_MOD", OPENFLOW_LEAST, 0, NULL},
	[15] = {"GROUP_MOD", OPENFLOW_LEAST, 0, NULL},
	[16] = {"PORT_MOD", OPENFLOW_FIXED, 32, text_port_mod},
	[17] = {"TABLE_MOD", OPENFLOW_FIXED, 8, text_table_mod},
	[18] = {"MULTIPART_REQUEST", OPENFLOW_LEAST, 0, NULL},
	[19] = {"MULTIPART_REPLY", OPENFLOW_LEAST, 0, NULL},
	[20] = {"BARRIER_REQUEST", OPENFLOW_FIXED, 0, NULL},
	[21] = {"BARRIER_REPLY", OPENFLOW_FIXED, 0, NULL},
	[22] = {"QUEUE_GET_CONFIG_REQUEST", OPENFLOW_FIXED, 8,
		text_queue_request},
	[23] = {"QUEUE_GET_CONFIG_REPLY", OPENFLOW_LEAST, 0, NULL},
	[24] = {"ROLE_REQUEST", OPENFLOW_FIXED, 16, text_role},
	[25] = {"ROLE_REPLY", OPENFLOW_FIXED, 16, text_role},
	[26] = {"GET_ASYNC_REQUEST", OPENFLOW_FIXED, 0, NULL},
	[27] = {"GET_ASYNC_REPLY", OPENFLOW_FIXED, 24, text_async},
	[28] = {"SET_ASYNC", OPENFLOW_FIXED, 24, text_async},
	[29] = {"METER_MOD", OPENFLOW_LEAST, 0, NULL},
};

const struct openflow_message *openflow13_message(uint8_t type)
{
	return type < ARRAY_SIZE(messages) ? &messages[type] : NULL;
}
