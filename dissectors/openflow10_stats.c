/* SPDX-License-Identifier: BSD-3-Clause */
/* Statistics of OpenFlow 1.0.0, section 5.3.5. */
#include "dissectors/openflow10.h"

enum stats { DESC, FLOW, AGGREGATE, TABLE, PORT, QUEUE, VENDOR = 0xffff };

enum {
	DESC_SIZE = 1056,
	TEXT_SIZE = 256,
	SERIAL_SIZE = 32,
	FLOW_REQUEST_SIZE = 44,
	FLOW_SIZE = 88,
	AGGREGATE_SIZE = 24,
	TABLE_SIZE = 64,
	TABLE_NAME = 32,
	PORT_SIZE = 104,
	QUEUE_SIZE = 32,
};

static const struct label type_labels[] = {
	{DESC, "DESC"},	  {FLOW, "FLOW"}, {AGGREGATE, "AGGREGATE"},
	{TABLE, "TABLE"}, {PORT, "PORT"}, {QUEUE, "QUEUE"},
	{VENDOR, "VENDOR"}, {0, NULL},
};

static const struct label table_labels[] = {
	{0xfe, "EMERG"}, {0xff, "ALL"}, {0, NULL}};

static const struct label reply_flags[] = {{1, "MORE"}, {0, NULL}};

static const struct label wildcard_labels[] = {
	{1 << 0, "IN_PORT"},
	{1 << 1, "DL_VLAN"},
	{1 << 2, "DL_SRC"},
	{1 << 3, "DL_DST"},
	{1 << 4, "DL_TYPE"},
	{1 << 5, "NW_PROTO"},
	{1 << 6, "TP_SRC"},
	{1 << 7, "TP_DST"},
	{1 << 20, "DL_VLAN_PCP"},
	{1 << 21, "NW_TOS"},
	{0, NULL},
};

enum { KNOWN_WILDCARDS = (1 << 22) - 1 };

static void put_counter(struct text *t, struct cursor *c, const char *title)
{
	put(t, "%s %llu", title, (unsigned long long)text_be64(t, c));
}

static void put_table(struct text *t, const char *title, uint8_t table)
{
	put_text(t, title);
	put_label(t, table_labels, table, "%u");
}

/* A body that is not as long as its type wants: all of it is passed. */
static bool is_size(struct text *t, const struct cursor *c, uint32_t length,
		    uint32_t size)
{
	if (length == size)
		return true;
	openflow_invalid(t, c, length);
	return false;
}

static void text_vendor(struct text *t, struct cursor c, uint32_t length)
{
	if (length < 4) {
		openflow_invalid(t, &c, length);
		return;
	}
	openflow_put_vendor(t, ", vendor", text_be32(t, &c));
	openflow_text_data(t, c, length - 4);
}

static void text_flow_request(struct text *t, struct cursor c)
{
	openflow10_text_match(t, &c, "\n\t ");
	put_table(t, "\n\t table_id ", text_u8(t, &c));
	text_bytes(t, &c, 1);
	openflow10_put_port(t, ", out_port", text_be16(t, &c));
}

void openflow10_text_stats_request(struct text *t, struct cursor c,
				   uint32_t length)
{
	uint16_t type = text_be16(t, &c), flags;

	put_text(t, "\n\t type ");
	put_label(t, type_labels, type, "invalid (0x%04x)");
	flags = text_be16(t, &c);
	put(t, ", flags 0x%04x%s", flags, flags ? " (bogus)" : "");
	length -= 4;
	switch (type) {
	case DESC:
	case TABLE:
		is_size(t, &c, length, 0);
		break;
	case FLOW:
	case AGGREGATE:
		if (is_size(t, &c, length, FLOW_REQUEST_SIZE))
			text_flow_request(t, c);
		break;
	case PORT:
		if (!is_size(t, &c, length, 8))
			break;
		openflow10_put_port(t, "\n\t port_no", text_be16(t, &c));
		text_bytes(t, &c, 6);
		break;
	case QUEUE:
		if (!is_size(t, &c, length, 8))
			break;
		openflow10_put_port(t, "\n\t port_no", text_be16(t, &c));
		text_bytes(t, &c, 2);
		openflow10_put_queue(t, text_be32(t, &c));
		break;
	case VENDOR:
		text_vendor(t, c, length);
		break;
	default:
		text_has(t, &c, length);
		break;
	}
}

static void text_desc(struct text *t, struct cursor c, uint32_t length)
{
	if (!is_size(t, &c, length, DESC_SIZE))
		return;
	openflow10_put_string(t, &c, TEXT_SIZE, "\n\t  mfr_desc");
	openflow10_put_string(t, &c, TEXT_SIZE, "\n\t  hw_desc");
	openflow10_put_string(t, &c, TEXT_SIZE, "\n\t  sw_desc");
	openflow10_put_string(t, &c, SERIAL_SIZE, "\n\t  serial_num");
	openflow10_put_string(t, &c, TEXT_SIZE, "\n\t  dp_desc");
}

static void text_flow(struct text *t, struct cursor c, uint32_t left)
{
	while (left && !t->stopped) {
		struct cursor flow = c;
		uint16_t length;

		if (left < FLOW_SIZE) {
			openflow_invalid(t, &c, left);
			return;
		}
		length = text_be16(t, &flow);
		put(t, "\n\t length %u", length);
		if (length < FLOW_SIZE || length > left) {
			openflow_invalid(t, &flow, left - 2);
			return;
		}
		put_table(t, ", table_id ", text_u8(t, &flow));
		text_bytes(t, &flow, 1);
		openflow10_text_match(t, &flow, "\n\t  ");
		put(t, "\n\t  duration_sec %u", text_be32(t, &flow));
		put(t, ", duration_nsec %u", text_be32(t, &flow));
		put(t, ", priority %u", text_be16(t, &flow));
		put(t, ", idle_timeout %u", text_be16(t, &flow));
		put(t, ", hard_timeout %u", text_be16(t, &flow));
		text_bytes(t, &flow, 6);
		put(t, ", cookie 0x%016llx",
		    (unsigned long long)text_be64(t, &flow));
		put_counter(t, &flow, ", packet_count");
		put_counter(t, &flow, ", byte_count");
		openflow10_text_actions(t, flow, length - (uint32_t)FLOW_SIZE,
					"\n\t  ");
		text_take(t, &c, length);
		left -= length;
	}
}

static void text_aggregate(struct text *t, struct cursor c, uint32_t length)
{
	if (!is_size(t, &c, length, AGGREGATE_SIZE))
		return;
	put_counter(t, &c, "\n\t packet_count");
	put_counter(t, &c, ", byte_count");
	put(t, ", flow_count %u", text_be32(t, &c));
	text_bytes(t, &c, 4);
}

static void text_table(struct text *t, struct cursor *c)
{
	uint32_t wildcards;

	put_table(t, "\n\t table_id ", text_u8(t, c));
	text_bytes(t, c, 3);
	openflow10_put_string(t, c, TABLE_NAME, ", name");
	wildcards = text_be32(t, c);
	put(t, "\n\t  wildcards 0x%08x", wildcards);
	if (wildcards & KNOWN_WILDCARDS) {
		put_text(t, " (");
		put_bits(t, wildcard_labels, wildcards, "", ", ");
		put_char(t, ')');
	}
	if (wildcards & ~(uint32_t)KNOWN_WILDCARDS)
		put_text(t, " (bogus)");
	put(t, "\n\t  max_entries %u", text_be32(t, c));
	put(t, ", active_count %u", text_be32(t, c));
	put_counter(t, c, ", lookup_count");
	put_counter(t, c, ", matched_count");
}

static void text_port(struct text *t, struct cursor *c)
{
	static const char *const counters[] = {
		", rx_packets",	  ", tx_packets", ", rx_bytes",
		", tx_bytes",	  ", rx_dropped", ", tx_dropped",
		", rx_errors",	  ", tx_errors",  ", rx_frame_err",
		", rx_over_err",  ", rx_crc_err", ", collisions", NULL,
	};

	openflow10_put_port(t, "\n\t  port_no", text_be16(t, c));
	if (t->options->verbose < 2) {
		text_take(t, c, PORT_SIZE - 2);
		return;
	}
	text_bytes(t, c, 6);
	for (const char *const *title = counters; *title; title++)
		put_counter(t, c, *title);
}

static void text_queue(struct text *t, struct cursor *c)
{
	openflow10_put_port(t, "\n\t  port_no", text_be16(t, c));
	text_bytes(t, c, 2);
	put(t, ", queue_id %u", text_be32(t, c));
	put_counter(t, c, ", tx_bytes");
	put_counter(t, c, ", tx_packets");
	put_counter(t, c, ", tx_errors");
}

/* Entries of one size. */
static void text_entries(struct text *t, struct cursor c, uint32_t left,
			 uint32_t size,
			 void (*text)(struct text *t, struct cursor *c))
{
	for (; left && !t->stopped; left -= size) {
		if (left < size) {
			openflow_invalid(t, &c, left);
			return;
		}
		text(t, &c);
	}
}

void openflow10_text_stats_reply(struct text *t, struct cursor c,
				 uint32_t length)
{
	uint16_t type = text_be16(t, &c), flags;

	put_text(t, "\n\t type ");
	put_label(t, type_labels, type, "invalid (0x%04x)");
	flags = text_be16(t, &c);
	put(t, ", flags 0x%04x", flags);
	openflow_put_bits(t, reply_flags, flags);
	length -= 4;
	switch (type) {
	case DESC:
		text_desc(t, c, length);
		break;
	case FLOW:
		text_flow(t, c, length);
		break;
	case AGGREGATE:
		text_aggregate(t, c, length);
		break;
	case TABLE:
		text_entries(t, c, length, TABLE_SIZE, text_table);
		break;
	case PORT:
		text_entries(t, c, length, PORT_SIZE, text_port);
		break;
	case QUEUE:
		text_entries(t, c, length, QUEUE_SIZE, text_queue);
		break;
	case VENDOR:
		text_vendor(t, c, length);
		break;
	default:
		text_has(t, &c, length);
		break;
	}
}
