/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The objects of RSVP that have parts: services (RFC 2210), routes (RFC 3209),
 * sets of labels (RFC 3473), OIF UNI's and Juniper's.
 */
#include "dissectors/field.h"
#include "dissectors/labels.h"
#include "dissectors/rsvp.h"

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

static void pass(struct rsvp_object *o, uint32_t n)
{
	o->at += n;
	o->left -= n;
}

enum parameter {
	HOPS = 4,
	BANDWIDTH = 6,
	LATENCY = 8,
	MTU = 10,
	TOKEN_BUCKET = 127,
	GUARANTEED = 130,
	TOTAL_C = 133,
	TOTAL_D = 134,
	PARTIAL_C = 135,
	PARTIAL_D = 136,
};

/* False: its length is not what it must be. */
static void text_value(struct text *t, const struct rsvp_object *o, uint8_t id,
		       uint32_t length)
{
	switch (id) {
	case HOPS:
		if (length == 4)
			put(t, "\n\t\tIS hop count: %u", be32(t, o, 4));
		break;
	case BANDWIDTH:
		if (length != 4)
			break;
		put_text(t, "\n\t\tPath b/w estimate: ");
		field_put_rate(t, be32(t, o, 4), "%.10g Mbps");
		break;
	case LATENCY:
		if (length != 4)
			break;
		put_text(t, "\n\t\tMinimum path latency: ");
		put_label(t,
			  (const struct label[]){{UINT32_MAX, "don't care"},
						 {0, NULL}},
			  be32(t, o, 4), "%u");
		break;
	case MTU:
		if (length == 4)
			put(t, "\n\t\tComposed MTU: %u bytes", be32(t, o, 4));
		break;
	case TOKEN_BUCKET:
		if (length != 20)
			break;
		put_text(t, "\n\t\tToken Bucket Rate: ");
		field_put_rate(t, be32(t, o, 4), "%.10g Mbps");
		put_text(t, "\n\t\tToken Bucket Size: ");
		field_put_float(t, be32(t, o, 8), "%.10g bytes");
		put_text(t, "\n\t\tPeak Data Rate: ");
		field_put_rate(t, be32(t, o, 12), "%.10g Mbps");
		put(t, "\n\t\tMinimum Policed Unit: %u bytes", be32(t, o, 16));
		put(t, "\n\t\tMaximum Packet Size: %u bytes", be32(t, o, 20));
		break;
	case GUARANTEED:
		if (length != 8)
			break;
		put_text(t, "\n\t\tRate: ");
		field_put_rate(t, be32(t, o, 4), "%.10g Mbps");
		put(t, "\n\t\tSlack Term: %u", be32(t, o, 8));
		break;
	case TOTAL_C:
	case TOTAL_D:
	case PARTIAL_C:
	case PARTIAL_D:
		if (length == 4)
			put(t, "\n\t\tValue: %u", be32(t, o, 4));
		break;
	default:
		if (t->options->verbose <= 1)
			field_put_dump(t, o->layer, o->at + 4, "\n\t\t",
				       length);
		break;
	}
}

/* A parameter: how many bytes it has, 0 if it is not all there. */
static uint32_t text_parameter(struct text *t, const struct rsvp_object *o)
{
	static const struct label ids[] = {
		{HOPS, "IS hop cnt"},
		{BANDWIDTH, "Path b/w estimate"},
		{LATENCY, "Minimum path latency"},
		{MTU, "Composed MTU"},
		{TOKEN_BUCKET, "Token Bucket TSpec"},
		{GUARANTEED, "Guaranteed Service RSpec"},
		{TOTAL_C, "End-to-end composed value for C"},
		{TOTAL_D, "End-to-end composed value for D"},
		{PARTIAL_C, "Since-last-reshaping point composed C"},
		{PARTIAL_D, "Since-last-reshaping point composed D"},
		{0, NULL}};
	uint32_t length;
	uint8_t id;

	if (o->left < 4)
		return 0;
	id = u8(t, o, 0);
	length = 4u * be16(t, o, 2);
	put(t, "\n\t      Parameter ID: %s (%u), length: %u, Flags: [0x%02x]",
	    label_or(ids, id, "unknown"), id, length, u8(t, o, 1));
	if (o->left < length + 4)
		return 0;
	text_value(t, o, id, length);
	return length + 4;
}

enum rsvp_result rsvp_text_service(struct text *t, struct rsvp_object *o)
{
	static const struct label services[] = {
		{1, "Default/Global Information"},
		{2, "Guaranteed Service"},
		{5, "Controlled Load"},
		{0, NULL}};

	rsvp_put_line(t, o, 0);
	put(t, "Msg-Version: %u, length: %u", u8(t, o, 0) >> 4,
	    4u * be16(t, o, 2));
	pass(o, 4);
	while (o->left >= 4 && !t->stopped) {
		uint8_t type = u8(t, o, 0);
		uint32_t left = 4u * be16(t, o, 2);

		rsvp_put_line(t, o, 0);
		put(t,
		    "Service Type: %s (%u), break bit %sset, Service length: "
		    "%u",
		    label_or(services, type, "unknown"), type,
		    u8(t, o, 1) & 0x80 ? "" : "not ", left);
		pass(o, 4);
		while (left >= 4 && !t->stopped) {
			uint32_t used = text_parameter(t, o);

			if (!used)
				break;
			pass(o, used);
			left -= used;
		}
	}
	return RSVP_GOOD;
}

static const struct label hop_labels[] = {
	{0, "Reserved"},
	{1, "IPv4 prefix"},
	{2, "IPv6 prefix"},
	{3, "Label"},
	{32, "Autonomous system number"},
	{64, "MPLS label switched path termination"},
	{0, NULL},
};

/* False: it cannot be. */
static bool text_hop(struct text *t, const struct rsvp_object *o, uint8_t type,
		     uint8_t length)
{
	static const struct label protection[] = {
		{1, "Local protection available"},
		{2, "Local protection in use"},
		{4, "Bandwidth protection"},
		{8, "Node protection"},
		{0, NULL}};
	static const struct label global[] = {{1, "Global"}, {0, NULL}};
	uint8_t bits, kind;

	if ((type & 0x7f) != 1 && (type & 0x7f) != 3)
		return true;
	if (length != 8) {
		put_text(t, " ERROR: length != 8");
		text_invalid(t);
		return false;
	}
	if ((type & 0x7f) == 3) {
		bits = u8(t, o, 2);
		kind = u8(t, o, 3);
		put_text(t, ", Flags: [");
		put_bits(t, global, bits, "none", ", ");
		put(t, "] (%s%x), Class-Type: %s (%u), %u", bits ? "0x" : "",
		    bits,
		    label_or(rsvp_type_labels,
			     (uint32_t)RSVP_RECORD_ROUTE << 8 | kind,
			     "Unknown"),
		    kind, be32(t, o, 4));
		return true;
	}
	if (u8(t, o, 6) != 32) {
		put(t, " ERROR: Prefix length %u != 32", u8(t, o, 6));
		text_invalid(t);
		return false;
	}
	put(t, ", %s, ", type & 0x80 ? "Loose" : "Strict");
	field_put_ipv4(t, o->layer, o->at + 2);
	put_text(t, "/32, Flags: [");
	put_bits(t, protection, u8(t, o, 7), "none", ", ");
	put_char(t, ']');
	return true;
}

enum rsvp_result rsvp_text_route(struct text *t, struct rsvp_object *o)
{
	while (o->left >= 4 && !t->stopped) {
		uint8_t type = u8(t, o, 0), length = u8(t, o, 1);

		rsvp_put_line(t, o, 0);
		put_text(t, "Subobject Type: ");
		put_label(t, hop_labels, type & 0x7f, "Unknown %u");
		put(t, ", length %u", length);
		if (!length) {
			rsvp_put_line(t, o, 0);
			put_text(t, "ERROR: zero length ERO subtype");
			return RSVP_GOOD;
		}
		if (length > o->left) {
			rsvp_put_line(t, o, 0);
			put_text(t, "ERROR: ERO subobject length > object "
				    "length");
			return RSVP_GOOD;
		}
		if (!text_hop(t, o, type, length))
			return RSVP_BROKEN;
		pass(o, length);
	}
	return RSVP_GOOD;
}

/* Its result is RSVP_SHORT if there is too little of it. */
static enum rsvp_result text_interface(struct text *t,
				       const struct rsvp_object *o,
				       uint8_t type, uint8_t family,
				       uint16_t length)
{
	switch (type) {
	case 1:
	case 2:
		if (family != 1 && family != 2)
			return family == 3 ? RSVP_UNKNOWN : RSVP_GOOD;
		if (length < (family == 1 ? 8 : 20))
			return RSVP_SHORT;
		rsvp_put_line(t, o, 2);
		put(t, "UNI IPv%u TNA address: ", family == 1 ? 4 : 6);
		if (family == 1)
			field_put_ipv4(t, o->layer, o->at + 4);
		else
			field_put_ipv6(t, o->layer, o->at + 4);
		return RSVP_GOOD;
	case 4:
		if (length < 16)
			return RSVP_SHORT;
		rsvp_put_line(t, o, 2);
		put(t,
		    "U-bit: %x, Label type: %u, Logical port id: %u, Label: "
		    "%u",
		    be32(t, o, 4) >> 31, be32(t, o, 4) & 0xff, be32(t, o, 8),
		    be32(t, o, 12));
		return RSVP_GOOD;
	case 5:
		if (length < 8)
			return RSVP_SHORT;
		rsvp_put_line(t, o, 2);
		put(t, "Service level: %u", u8(t, o, 4));
		return RSVP_GOOD;
	default:
		return RSVP_UNKNOWN;
	}
}

enum rsvp_result rsvp_text_uni(struct text *t, struct rsvp_object *o)
{
	static const struct label types[] = {
		{1, "Source TNA address"}, {2, "Destination TNA address"},
		{3, "Diversity"},	   {4, "Egress label"},
		{5, "Service level"},	   {0, NULL}};
	enum rsvp_result result = RSVP_GOOD;

	while (o->left && !t->stopped) {
		uint16_t length;
		uint8_t type, family;

		if (o->left < 4) {
			text_invalid(t);
			return RSVP_BROKEN;
		}
		length = be16(t, o, 0);
		type = u8(t, o, 2);
		family = u8(t, o, 3);

		rsvp_put_line(t, o, 0);
		put(t, "Subobject Type: %s (%u), AF: %s (%u), length: %u",
		    label_or(types, type, "Unknown"), type,
		    label_or(family_labels, family, "Unknown"), family, length);
		if (length < 4 || length > o->left) {
			text_invalid(t);
			return RSVP_BROKEN;
		}
		switch (text_interface(t, o, type, family, length)) {
		case RSVP_GOOD:
			break;
		case RSVP_UNKNOWN:
			result = RSVP_UNKNOWN;
			break;
		case RSVP_SHORT:
		case RSVP_BROKEN:
			rsvp_put_line(t, o, -2);
			put_text(t, "ERROR: sub-object is too short");
			return RSVP_BROKEN;
		}
		pass(o, length);
	}
	return result;
}

enum rsvp_result rsvp_text_properties(struct text *t, struct rsvp_object *o)
{
	static const struct label types[] = {
		{1, "Cos"},	   {2, "Metric 1"},   {4, "Metric 2"},
		{8, "CCC Status"}, {16, "Path Type"}, {0, NULL}};
	uint16_t count = be16(t, o, 0), padding = be16(t, o, 2);

	rsvp_put_line(t, o, 0);
	put(t, "TLV count: %u, padding bytes: %u", count, padding);
	pass(o, 4);
	while (o->left >= 2u + padding && !t->stopped) {
		uint8_t type = u8(t, o, 0), length = u8(t, o, 1);

		rsvp_put_line(t, o, 2);
		put(t, "%s TLV (0x%02x), length: %u",
		    label_or(types, type, "unknown"), type, length);
		if (o->left < length)
			return RSVP_SHORT;
		if (length < 2) {
			rsvp_put_line(t, o, -2);
			put_text(t, "ERROR: property TLV is too short");
			return RSVP_BROKEN;
		}
		field_put_dump(t, o->layer, o->at + 2, "\n\t\t", length - 2u);
		pass(o, length);
	}
	return RSVP_GOOD;
}

enum rsvp_result rsvp_text_label_set(struct text *t, struct rsvp_object *o)
{
	static const struct label actions[] = {{0, "Inclusive list"},
					       {1, "Exclusive list"},
					       {2, "Inclusive range"},
					       {3, "Exclusive range"},
					       {0, NULL}};
	uint8_t action = u8(t, o, 0);

	rsvp_put_line(t, o, 0);
	put(t, "Action: %s (%u), Label type: %u",
	    label_or(actions, action, "Unknown"), action, be32(t, o, 0) & 0x7f);
	if (action == 2 || action == 3) {
		if (o->left < 12)
			return RSVP_SHORT;
		rsvp_put_line(t, o, 0);
		put(t, "Start range: %u, End range: %u", be32(t, o, 4),
		    be32(t, o, 8));
		return RSVP_GOOD;
	}
	for (uint32_t i = 1; 4 * i + 4 <= o->left && !t->stopped; i++) {
		rsvp_put_line(t, o, 0);
		put(t, "Subchannel #%u: %u", i, be32(t, o, 4 * i));
	}
	return RSVP_GOOD;
}
