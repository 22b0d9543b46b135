/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissectors/rsvp.h"

#include "dissectors/field.h"
#include "dissectors/gmpls.h"
#include "dissectors/labels.h"

static uint8_t u8(struct text *t, const struct rsvp_object *o, size_t at)
{
	return field_u8(t, o->layer, o->at + at);
}

static uint16_t be16(struct text *t, const struct rsvp_object *o, size_t at)
{
	return field_be16(t, o->layer, o->at + at);
}

static uint32_t be32(struct text *t, const struct rsvp_object *o, size_t at)
{
	return field_be32(t, o->layer, o->at + at);
}

/* A line: what is in front of an address, and the address. */
static void put_address(struct text *t, const struct rsvp_object *o,
			const char *what, size_t at, bool six)
{
	rsvp_put_line(t, o, 0);
	put_text(t, what);
	if (six)
		field_put_ipv6(t, o->layer, o->at + at);
	else
		field_put_ipv4(t, o->layer, o->at + at);
}

static void text_tunnel(struct text *t, const struct rsvp_object *o)
{
	put_address(t, o,
		    o->type == 13 ? "IPv4 P2MP LSP ID: "
				  : "IPv4 Tunnel EndPoint: ",
		    0, false);
	put(t, ", Tunnel ID: 0x%04x, Extended Tunnel ID: ", be16(t, o, 6));
	field_put_ipv4(t, o->layer, o->at + 8);
}

static void text_session(struct text *t, const struct rsvp_object *o)
{
	bool six = o->type == 2;
	size_t at = six ? 16 : 4;

	switch (o->type) {
	case 1:
	case 2:
		put_address(t, o,
			    six ? "IPv6 DestAddress: " : "IPv4 DestAddress: ",
			    0, six);
		put(t, ", Protocol ID: 0x%02x", u8(t, o, at));
		rsvp_put_line(t, o, 0);
		put(t, "Flags: [0x%02x], DestPort %u", u8(t, o, at + 1),
		    be16(t, o, at + 2));
		break;
	case 8:
		put_address(t, o, "IPv6 Tunnel EndPoint: ", 0, true);
		put(t, ", Tunnel ID: 0x%04x, Extended Tunnel ID: ",
		    be16(t, o, 18));
		field_put_ipv6(t, o->layer, o->at + 20);
		break;
	case 14:
		rsvp_put_line(t, o, 0);
		put(t,
		    "IPv6 P2MP LSP ID: 0x%08x, Tunnel ID: 0x%04x, Extended "
		    "Tunnel ID: ",
		    be32(t, o, 0), be16(t, o, 6));
		field_put_ipv6(t, o->layer, o->at + 8);
		break;
	default:
		text_tunnel(t, o);
		break;
	}
}

static enum rsvp_result text_hop(struct text *t, const struct rsvp_object *o)
{
	bool six = o->type == 2 || o->type == 4;
	size_t at = six ? 16 : 4;

	put_address(t, o, "Previous/Next Interface: ", 0, six);
	put(t, ", Logical Interface Handle: 0x%08x", be32(t, o, at));
	return six || o->left > at + 4 ? RSVP_UNKNOWN : RSVP_GOOD;
}

static void text_integrity(struct text *t, const struct rsvp_object *o)
{
	static const struct label flags[] = {{0x80, "Handshake"}, {0, NULL}};

	rsvp_put_line(t, o, 0);
	put(t, "Key-ID 0x%04x%08x, Sequence 0x%08x%08x, Flags [", be16(t, o, 2),
	    be32(t, o, 4), be32(t, o, 8), be32(t, o, 12));
	put_bits(t, flags, u8(t, o, 0), "none", ", ");
	put_char(t, ']');
	rsvp_put_line(t, o, 0);
	put(t, "MD5-sum 0x%08x%08x%08x%08x  (unchecked)", be32(t, o, 16),
	    be32(t, o, 20), be32(t, o, 24), be32(t, o, 28));
}

static void text_error(struct text *t, const struct rsvp_object *o)
{
	static const struct label codes[] = {{24, "Routing Problem"},
					     {25, "Notify Error"},
					     {28, "Diffserv TE Error"},
					     {125, "Diffserv TE Error (Old)"},
					     {0, NULL}};
	static const struct label routing[] = {
		{1, "Bad EXPLICIT_ROUTE object"},
		{2, "Bad strict node"},
		{3, "Bad loose node"},
		{4, "Bad initial subobject"},
		{5, "No route available toward destination"},
		{6, "Unacceptable label value"},
		{7, "RRO indicated routing loops"},
		{8, "non-RSVP-capable router in the path"},
		{9, "MPLS label allocation failure"},
		{10, "Unsupported L3PID"},
		{0, NULL}};
	static const struct label engineering[] = {
		{1, "Unexpected CT object"},
		{2, "Unsupported CT"},
		{3, "Invalid CT value"},
		{4, "CT/setup priority do not form a configured TE-Class"},
		{5, "CT/holding priority do not form a configured TE-Class"},
		{6, "CT/setup priority and CT/holding priority do not form a "
		    "configured TE-Class"},
		{7, "Inconsistency between signaled PSC and signaled CT"},
		{8, "Inconsistency between signaled PHBs and signaled CT"},
		{0, NULL}};
	bool six = o->type == 2 || o->type == 4;
	size_t at = six ? 16 : 4;
	uint8_t code = u8(t, o, at + 1);
	uint16_t value = be16(t, o, at + 2);

	put_address(t, o, "Error Node Address: ", 0, six);
	put(t, ", Flags: [0x%02x]", u8(t, o, at));
	rsvp_put_line(t, o, 0);
	put(t, "Error Code: %s (%u)", label_or(codes, code, "unknown"), code);
	if (code == 24)
		put(t, ", Error Value: %s (%u)",
		    label_or(routing, value, "unknown"), value);
	else if (six)
		return;
	else if (code == 28 || code == 125)
		put(t, ", Error Value: %s (%u)",
		    label_or(engineering, value, "unknown"), value);
	else
		put(t, ", Unknown Error Value (%u)", value);
}

static void text_style(struct text *t, const struct rsvp_object *o)
{
	static const struct label styles[] = {{10, "Fixed Filter"},
					      {17, "Wildcard Filter"},
					      {18, "Shared Explicit"},
					      {0, NULL}};
	uint32_t style = be32(t, o, 0);

	rsvp_put_line(t, o, 0);
	put(t, "Reservation Style: %s, Flags: [0x%02x]",
	    label_or(styles, style & 0xffffff, "Unknown"), style >> 24);
}

static void text_point_to_multipoint(struct text *t,
				     const struct rsvp_object *o, bool six)
{
	size_t at = six ? 16 : 4;

	put_address(t, o,
		    six ? "IPv6 Tunnel Sender Address: "
			: "IPv4 Tunnel Sender Address: ",
		    0, six);
	put(t, ", LSP ID: 0x%04x", be16(t, o, at + 2));
	put_address(t, o, "Sub-Group Originator ID: ", at + 4, six);
	put(t, ", Sub-Group ID: 0x%04x", be16(t, o, six ? 38 : 12));
}

/* Filter specifications and sender templates are alike. */
static void text_sender(struct text *t, const struct rsvp_object *o)
{
	switch (o->type) {
	case 1:
		put_address(t, o, "Source Address: ", 0, false);
		put(t, ", Source Port: %u", be16(t, o, 6));
		break;
	case 2:
		put_address(t, o, "Source Address: ", 0, true);
		put(t, ", Source Port: %u", be16(t, o, 18));
		break;
	case 3:
		put_address(t, o, "Source Address: ", 0, true);
		put(t, ", Flow Label: %u", field_be24(t, o->layer, o->at + 17));
		break;
	case 7:
		put_address(t, o,
			    o->class == RSVP_FILTER
				    ? "Source Address: "
				    : "IPv4 Tunnel Sender Address: ",
			    0, false);
		put(t, ", LSP-ID: 0x%04x", be16(t, o, 6));
		break;
	case 8:
		/* Of the IPv6 address tcpdump prints the first word. */
		put_address(t, o, "Source Address: ", 0, false);
		put(t, ", LSP-ID: 0x%04x", be16(t, o, 18));
		break;
	default:
		text_point_to_multipoint(t, o, o->type == 13);
		break;
	}
}

static void text_label(struct text *t, struct rsvp_object *o)
{
	switch (o->type) {
	case 1:
		for (; o->left >= 4 && !t->stopped; o->left -= 4, o->at += 4) {
			rsvp_put_line(t, o, 0);
			put(t, "Label: %u", be32(t, o, 0));
		}
		break;
	case 2:
		rsvp_put_line(t, o, 0);
		put(t, "Generalized Label: %u", be32(t, o, 0));
		break;
	default:
		rsvp_put_line(t, o, 0);
		put(t, "Waveband ID: %u", be32(t, o, 0));
		rsvp_put_line(t, o, 0);
		put(t, "Start Label: %u, Stop Label: %u", be32(t, o, 4),
		    be32(t, o, 8));
		break;
	}
}

static void put_protocol(struct text *t, const struct rsvp_object *o)
{
	uint16_t type = be16(t, o, 2);

	rsvp_put_line(t, o, 0);
	put_text(t, "L3 Protocol ID: ");
	put_label(t, ethertype_labels, type, "Unknown Protocol (0x%04x)");
}

static void text_request(struct text *t, struct rsvp_object *o)
{
	uint32_t range;
	uint8_t value;

	switch (o->type) {
	case 1:
		for (; o->left >= 4 && !t->stopped; o->left -= 4, o->at += 4)
			put_protocol(t, o);
		break;
	case 2:
		put_protocol(t, o);
		put(t, ",%s merge capability", u8(t, o, 4) & 0x80 ? "no" : "");
		rsvp_put_line(t, o, 0);
		put(t, "Minimum VPI/VCI: %u/%u", be16(t, o, 4) & 0xfff,
		    be16(t, o, 6) & 0xfff);
		rsvp_put_line(t, o, 0);
		put(t, "Maximum VPI/VCI: %u/%u", be16(t, o, 8) & 0xfff,
		    be16(t, o, 10) & 0xfff);
		break;
	case 3:
		put_protocol(t, o);
		range = be32(t, o, 4);
		rsvp_put_line(t, o, 0);
		put(t, "Minimum/Maximum DLCI: %u/%u, %s%s bit DLCI",
		    range & 0x7fffff, be32(t, o, 8) & 0x7fffff,
		    (range >> 23 & 3) == 0 ? "10" : "",
		    (range >> 23 & 3) == 2 ? "23" : "");
		break;
	default:
		value = u8(t, o, 0);
		rsvp_put_line(t, o, 0);
		put(t, "LSP Encoding Type: %s (%u)",
		    label_or(gmpls_encoding_labels, value, "Unknown"), value);
		value = u8(t, o, 1);
		rsvp_put_line(t, o, 0);
		put(t, "Switching Type: %s (%u), Payload ID: %s (0x%04x)",
		    label_or(gmpls_switching_labels, value, "Unknown"), value,
		    label_or(gmpls_payload_labels, be16(t, o, 2), "Unknown"),
		    be16(t, o, 2));
		break;
	}
}

static void text_message_ids(struct text *t, const struct rsvp_object *o)
{
	rsvp_put_line(t, o, 0);
	put(t, "Flags [0x%02x], epoch: %u", u8(t, o, 0),
	    be32(t, o, 0) & 0xffffff);
	for (uint32_t at = 4; at + 4 <= o->left && !t->stopped; at += 4) {
		rsvp_put_line(t, o, 2);
		put(t, "Message-ID 0x%08x (%u)", be32(t, o, at),
		    be32(t, o, at));
	}
}

static void text_detour(struct text *t, const struct rsvp_object *o)
{
	for (uint32_t at = 0; at + 8 <= o->left && !t->stopped; at += 8) {
		put_address(t, o, "PLR-ID: ", at, false);
		put_text(t, ", Avoid-Node-ID: ");
		field_put_ipv4(t, o->layer, o->at + at + 4);
	}
}

static void text_reroute(struct text *t, const struct rsvp_object *o)
{
	rsvp_put_line(t, o, 0);
	put(t,
	    "Setup Priority: %u, Holding Priority: %u, Hop-limit: %u, "
	    "Bandwidth: ",
	    u8(t, o, 0), u8(t, o, 1), u8(t, o, 2));
	field_put_rate(t, be32(t, o, 4), "%.10g Mbps");
	rsvp_put_line(t, o, 0);
	if (o->type == 1)
		put(t,
		    "Include-any: 0x%08x, Exclude-any: 0x%08x, Include-all: "
		    "0x%08x",
		    be32(t, o, 8), be32(t, o, 12), be32(t, o, 16));
	else
		put(t, "Include Colors: 0x%08x, Exclude Colors: 0x%08x",
		    be32(t, o, 8), be32(t, o, 12));
}

static enum rsvp_result text_attributes(struct text *t,
					const struct rsvp_object *o)
{
	static const struct label flags[] = {
		{0x01, "Local Protection"}, {0x02, "Label Recording"},
		{0x04, "SE Style"},	    {0x08, "Bandwidth protection"},
		{0x10, "Node protection"},  {0, NULL}};
	uint8_t bits = u8(t, o, 2), length = u8(t, o, 3);

	if (o->left < 4u + length)
		return RSVP_SHORT;
	rsvp_put_line(t, o, 0);
	put_text(t, "Session Name: ");
	for (uint32_t i = 0; i < length && !t->stopped; i++)
		put_visible(t, u8(t, o, 4 + i));
	rsvp_put_line(t, o, 0);
	put(t, "Setup Priority: %u, Holding Priority: %u, Flags: [",
	    u8(t, o, 0), u8(t, o, 1));
	put_bits(t, flags, bits, "none", ", ");
	put(t, "] (%s%x)", bits ? "0x" : "", bits);
	return RSVP_GOOD;
}

static void text_capability(struct text *t, const struct rsvp_object *o)
{
	static const struct label flags[] = {
		{0x4, "RecoveryPath Transmit Enabled"},
		{0x2, "RecoveryPath Desired"},
		{0x1, "RecoveryPath Srefresh Capable"},
		{0, NULL}};
	uint32_t bits = be32(t, o, 0);

	if (bits & ~7u) {
		rsvp_put_line(t, o, 0);
		put(t, "[reserved=0x%08x must be zero]", bits & ~7u);
	}
	rsvp_put_line(t, o, 0);
	field_put_bits(t, "Flags: [", flags, bits, "none");
}

static void text_admin(struct text *t, const struct rsvp_object *o)
{
	static const struct label flags[] = {{0x80000000, "Reflect"},
					     {4, "Testing"},
					     {2, "Admin-down"},
					     {1, "Delete-in-progress"},
					     {0, NULL}};

	rsvp_put_line(t, o, 0);
	field_put_bits(t, "Flags [", flags, be32(t, o, 0), "none");
}

/* Two numbers of one word. */
static void text_pair(struct text *t, const struct rsvp_object *o)
{
	rsvp_put_line(t, o, 0);
	if (o->class == RSVP_HELLO)
		put(t, "Source Instance: 0x%08x, Destination Instance: 0x%08x",
		    be32(t, o, 0), be32(t, o, 4));
	else
		put(t, "Restart  Time: %ums, Recovery Time: %ums",
		    be32(t, o, 0), be32(t, o, 4));
}

/* The least length of a body that is printed. */
struct least {
	uint8_t class, type, length;
};

static const struct least leasts[] = {
	{RSVP_SESSION, 1, 8},
	{RSVP_SESSION, 2, 20},
	{RSVP_SESSION, 7, 12},
	{RSVP_SESSION, 8, 36},
	{RSVP_SESSION, 11, 12},
	{RSVP_SESSION, 13, 12},
	{RSVP_SESSION, 14, 28},
	{RSVP_HOP, 1, 8},
	{RSVP_HOP, 2, 20},
	{RSVP_HOP, 3, 8},
	{RSVP_HOP, 4, 20},
	{RSVP_INTEGRITY, 1, 32},
	{RSVP_TIMES, 1, 4},
	{RSVP_ERROR, 1, 8},
	{RSVP_ERROR, 2, 20},
	{RSVP_ERROR, 3, 8},
	{RSVP_ERROR, 4, 20},
	{RSVP_STYLE, 1, 4},
	{RSVP_FLOWSPEC, 2, 4},
	{RSVP_FILTER, 1, 8},
	{RSVP_FILTER, 2, 20},
	{RSVP_FILTER, 3, 20},
	{RSVP_FILTER, 7, 8},
	{RSVP_FILTER, 8, 20},
	{RSVP_FILTER, 12, 16},
	{RSVP_FILTER, 13, 40},
	{RSVP_SENDER, 1, 8},
	{RSVP_SENDER, 2, 20},
	{RSVP_SENDER, 7, 8},
	{RSVP_SENDER, 12, 16},
	{RSVP_SENDER, 13, 40},
	{RSVP_TSPEC, 2, 4},
	{RSVP_ADSPEC, 2, 4},
	{RSVP_CONFIRM, 1, 4},
	{RSVP_CONFIRM, 2, 16},
	{RSVP_LABEL, 1, 0},
	{RSVP_LABEL, 2, 4},
	{RSVP_LABEL, 3, 12},
	{RSVP_LABEL_REQUEST, 1, 0},
	{RSVP_LABEL_REQUEST, 2, 12},
	{RSVP_LABEL_REQUEST, 3, 12},
	{RSVP_LABEL_REQUEST, 4, 4},
	{RSVP_EXPLICIT_ROUTE, 1, 0},
	{RSVP_RECORD_ROUTE, 1, 0},
	{RSVP_HELLO, 1, 8},
	{RSVP_HELLO, 2, 8},
	{RSVP_MESSAGE, 1, 4},
	{RSVP_MESSAGE, 2, 4},
	{RSVP_MESSAGE_ACK, 1, 4},
	{RSVP_MESSAGE_ACK, 2, 4},
	{RSVP_MESSAGE_LIST, 1, 4},
	{RSVP_MESSAGE_LIST, 2, 4},
	{RSVP_RECOVERY_LABEL, 1, 0},
	{RSVP_RECOVERY_LABEL, 2, 4},
	{RSVP_RECOVERY_LABEL, 3, 12},
	{RSVP_UPSTREAM_LABEL, 1, 0},
	{RSVP_UPSTREAM_LABEL, 2, 4},
	{RSVP_UPSTREAM_LABEL, 3, 12},
	{RSVP_LABEL_SET, 1, 4},
	{RSVP_S2L, 1, 4},
	{RSVP_S2L, 2, 16},
	{RSVP_DETOUR, 7, 0},
	{RSVP_CLASS_TYPE, 1, 4},
	{RSVP_CLASS_TYPE_OLD, 1, 4},
	{RSVP_SUGGESTED_LABEL, 1, 0},
	{RSVP_SUGGESTED_LABEL, 2, 4},
	{RSVP_SUGGESTED_LABEL, 3, 12},
	{RSVP_RESTART, 1, 8},
	{RSVP_CAPABILITY, 1, 4},
	{RSVP_NOTIFY, 1, 4},
	{RSVP_NOTIFY, 2, 16},
	{RSVP_ADMIN, 1, 4},
	{RSVP_PROPERTIES, 1, 4},
	{RSVP_REROUTE, 1, 20},
	{RSVP_REROUTE, 7, 16},
	{RSVP_ATTRIBUTES, 7, 4},
	{RSVP_UNI, 1, 4},
};

static const struct least *find_least(const struct rsvp_object *o)
{
	for (size_t i = 0; i < sizeof(leasts) / sizeof(*leasts); i++)
		if (leasts[i].class == o->class && leasts[i].type == o->type)
			return &leasts[i];
	return NULL;
}

static enum rsvp_result text_body(struct text *t, struct rsvp_object *o)
{
	switch (o->class) {
	case RSVP_SESSION:
		text_session(t, o);
		break;
	case RSVP_HOP:
		return text_hop(t, o);
	case RSVP_INTEGRITY:
		text_integrity(t, o);
		break;
	case RSVP_TIMES:
		rsvp_put_line(t, o, 0);
		put(t, "Refresh Period: %ums", be32(t, o, 0));
		break;
	case RSVP_ERROR:
		text_error(t, o);
		break;
	case RSVP_STYLE:
		text_style(t, o);
		break;
	case RSVP_FLOWSPEC:
	case RSVP_TSPEC:
	case RSVP_ADSPEC:
		return rsvp_text_service(t, o);
	case RSVP_FILTER:
	case RSVP_SENDER:
		text_sender(t, o);
		break;
	case RSVP_CONFIRM:
		put_address(t, o,
			    o->type == 1 ? "IPv4 Receiver Address: "
					 : "IPv6 Receiver Address: ",
			    0, o->type == 2);
		break;
	case RSVP_LABEL:
	case RSVP_RECOVERY_LABEL:
	case RSVP_UPSTREAM_LABEL:
	case RSVP_SUGGESTED_LABEL:
		text_label(t, o);
		break;
	case RSVP_LABEL_REQUEST:
		text_request(t, o);
		break;
	case RSVP_EXPLICIT_ROUTE:
	case RSVP_RECORD_ROUTE:
		return rsvp_text_route(t, o);
	case RSVP_HELLO:
	case RSVP_RESTART:
		text_pair(t, o);
		break;
	case RSVP_MESSAGE:
	case RSVP_MESSAGE_ACK:
	case RSVP_MESSAGE_LIST:
		text_message_ids(t, o);
		break;
	case RSVP_LABEL_SET:
		return rsvp_text_label_set(t, o);
	case RSVP_S2L:
		put_address(t, o, "Sub-LSP destination address: ", 0,
			    o->type == 2);
		break;
	case RSVP_DETOUR:
		text_detour(t, o);
		break;
	case RSVP_CLASS_TYPE:
	case RSVP_CLASS_TYPE_OLD:
		rsvp_put_line(t, o, 0);
		put(t, "CT: %u", be32(t, o, 0) & 7);
		break;
	case RSVP_CAPABILITY:
		text_capability(t, o);
		break;
	case RSVP_NOTIFY:
		put_address(t, o,
			    o->type == 1 ? "IPv4 Notify Node Address: "
					 : "IPv6 Notify Node Address: ",
			    0, o->type == 2);
		break;
	case RSVP_ADMIN:
		text_admin(t, o);
		break;
	case RSVP_PROPERTIES:
		return rsvp_text_properties(t, o);
	case RSVP_REROUTE:
		text_reroute(t, o);
		break;
	case RSVP_ATTRIBUTES:
		return text_attributes(t, o);
	default:
		return rsvp_text_uni(t, o);
	}
	return RSVP_GOOD;
}

enum rsvp_result rsvp_text_object(struct text *t, struct rsvp_object *o)
{
	const struct least *least = find_least(o);

	if (!least)
		return RSVP_UNKNOWN;
	if (o->left < least->length)
		return RSVP_SHORT;
	return text_body(t, o);
}
