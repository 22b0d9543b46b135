/* SPDX-License-Identifier: BSD-3-Clause */
/* Connectivity fault management: IEEE 802.1Q, clause 21 (once IEEE 802.1ag). */
#include "dissectors/field.h"

#include "dissectors/labels.h"
#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum {
	HEADER = 4, /* level and version, opcode, flags, offset of the TLVs */
	TLV_HEADER = 3,
	CONTINUITY = 70, /* bytes behind the header */
	REPLY = 6,
	TRACE = 17,
	NAMES = HEADER + 6, /* of the domain and the association */
	NAMES_LENGTH = 48,
	NO_DOMAIN = 1,
	MAC = 6,
	IPV4_ADDRESS = 1, /* address families of IANA */
	IPV6_ADDRESS = 2,
};

enum opcode { CCM = 1, LBR = 2, LBM = 3, LTR = 4, LTM = 5 };

enum tlv {
	TLV_END = 0,
	TLV_SENDER = 1,
	TLV_PORT = 2,
	TLV_INTERFACE = 3,
	TLV_PRIVATE = 31,
};

/* How a TLV was printed. FAILED: what follows cannot be told. */
enum outcome { DONE, DUMP, SKIP, FAILED };

static const struct label opcode_labels[] = {
	{CCM, "Continuity Check Message"}, {LBR, "Loopback Reply"},
	{LBM, "Loopback Message"},	   {LTR, "Linktrace Reply"},
	{LTM, "Linktrace Message"},	   {0, NULL},
};

static void decode(struct dissection *d)
{
	if (!cursor_has(&d->cursor, HEADER) || d->layer->length < HEADER)
		d->layer->flags |= LAYER_TRUNCATED;
	else if (d->layer->data[0] & 0x1f)
		d->layer->flags |= LAYER_BAD_VERSION;
}

static void put_short(struct text *t)
{
	put_text(t, "\n\t\t packet is too short");
}

/* Is the message's fixed part there, @size bytes behind the header? @which is
 * tcpdump's number for the message. */
static bool has_fixed(struct text *t, const struct layer *layer, uint32_t size,
		      const char *which)
{
	if (layer->data[3] < size) {
		put(t, " (too small %s, must be >= %u)", which, size);
		return false;
	}
	if (!field_has(layer, HEADER, size)) {
		text_trunc(t);
		return false;
	}
	return true;
}

/* ---- Messages; false: nothing is printed behind it ---- */

/* The maintenance domain's name, at @at, which goes on to what is behind it. */
static bool text_domain(struct text *t, const struct layer *layer, size_t *at)
{
	static const struct label formats[] = {
		{0, "IEEE 802.1"},	    {NO_DOMAIN, "No MD Name present"},
		{2, "DNS string"},	    {3, "MAC + 16Bit Integer"},
		{4, "Character string"}, {0, NULL},
	};
	uint8_t format = layer->data[(*at)++], length;
	uint32_t left;

	put(t, "\n\t  MD Name Format %s (%u)",
	    label_or(formats, format, "Unknown"), format);
	if (format == NO_DOMAIN)
		return true;
	length = layer->data[(*at)++];
	put(t, ", MD Name length %u", length);
	left = NAMES + NAMES_LENGTH - (uint32_t)*at;
	if (length > left - 3) {
		put(t, " (too large, must be <= %u)", left - 2);
		return false;
	}
	put_text(t, "\n\t  MD Name: ");
	if (format == 2 || format == 4)
		field_put_string(t, layer, *at, length);
	else if (format != 3)
		field_put_dump(t, layer, *at, "\n\t    ", length);
	else if (length == MAC)
		put_with_mac(t, "\n\t  MAC ", layer->data + *at);
	else
		put_text(t, "\n\t  MAC (length invalid)");
	*at += length;
	return true;
}

/* The maintenance association's. */
static bool text_association(struct text *t, const struct layer *layer,
			     size_t at)
{
	static const struct label formats[] = {
		{0, "IEEE 802.1"},	 {1, "Primary VID"},
		{2, "Character string"}, {3, "16Bit Integer"},
		{4, "RFC2685 VPN-ID"},	 {0, NULL},
	};
	uint8_t format = layer->data[at++], length = layer->data[at++];
	uint32_t left = NAMES + NAMES_LENGTH - (uint32_t)at;

	put(t, "\n\t  MA Name-Format %s (%u), MA name length %u",
	    label_or(formats, format, "Unknown"), format, length);
	if (length > left) {
		put(t, " (too large, must be <= %u)", left);
		return false;
	}
	put_text(t, "\n\t  MA Name: ");
	if (format == 2)
		field_put_string(t, layer, at, length);
	else
		field_put_dump(t, layer, at, "\n\t    ", length);
	return true;
}

static bool text_continuity(struct text *t, const struct layer *layer)
{
	/* Of the interval: 3.25 and 3.5 times as long a peer is thought alive. */
	static const char *const lifetimes[8] = {
		NULL,
		"0.003s, min CCM Lifetime 0.011s, max CCM Lifetime 0.012s",
		"0.010s, min CCM Lifetime 0.032s, max CCM Lifetime 0.035s",
		"0.100s, min CCM Lifetime 0.325s, max CCM Lifetime 0.350s",
		"1.000s, min CCM Lifetime 3.250s, max CCM Lifetime 3.500s",
		"10.000s, min CCM Lifetime 32.500s, max CCM Lifetime 35.000s",
		"60.000s, min CCM Lifetime 195.000s, max CCM Lifetime 210.000s",
		"600.000s, min CCM Lifetime 1950.000s, max CCM Lifetime "
		"2100.000s",
	};
	uint8_t interval = layer->data[2] & 7;
	size_t at = NAMES;

	if (!has_fixed(t, layer, CONTINUITY, "1"))
		return false;
	put(t, ", Flags [CCM Interval %u%s]", interval,
	    layer->data[2] & 0x80 ? ", RDI" : "");
	if (interval)
		put(t, "\n\t  CCM Interval %s", lifetimes[interval]);
	put(t, "\n\t  Sequence Number 0x%08x, MA-End-Point-ID 0x%04x",
	    load_be32(layer->data + HEADER), load_be16(layer->data + HEADER + 4));
	return text_domain(t, layer, &at) && text_association(t, layer, at);
}

static void put_transaction(struct text *t, const struct layer *layer,
			    const struct label *flags)
{
	field_put_bits(t, ", Flags [", flags, layer->data[2], "none");
	put(t, "\n\t  Transaction-ID 0x%08x, ttl %u",
	    load_be32(layer->data + HEADER), layer->data[HEADER + 4]);
}

static bool text_trace(struct text *t, const struct layer *layer)
{
	static const struct label flags[] = {
		{0x80, "Use Forwarding-DB only"}, {0, NULL}};

	if (!has_fixed(t, layer, TRACE, "4"))
		return false;
	put_transaction(t, layer, flags);
	put_with_mac(t, "\n\t  Original-MAC ", layer->data + HEADER + 5);
	put_with_mac(t, ", Target-MAC ", layer->data + HEADER + 5 + MAC);
	return true;
}

static bool text_trace_reply(struct text *t, const struct layer *layer)
{
	static const struct label flags[] = {{0x80, "UseFDB Only"},
					     {0x40, "FwdYes"},
					     {0x20, "Terminal MEP"},
					     {0, NULL}};
	static const struct label actions[] = {{1, "Exact Match"},
					       {2, "Filtering DB"},
					       {3, "MIP CCM DB"},
					       {0, NULL}};
	uint8_t action;

	if (!has_fixed(t, layer, REPLY, "5"))
		return false;
	put_transaction(t, layer, flags);
	action = layer->data[HEADER + 5];
	put(t, "\n\t  Replay-Action %s (%u)",
	    label_or(actions, action, "Unknown"), action);
	return true;
}

static bool text_message(struct text *t, const struct layer *layer,
			 uint8_t opcode)
{
	switch (opcode) {
	case CCM:
		return text_continuity(t, layer);
	case LTM:
		return text_trace(t, layer);
	case LTR:
		return text_trace_reply(t, layer);
	default:
		/* As many bytes as there are TLVs: so tcpdump has it. */
		field_put_dump(t, layer, HEADER, "\n\t  ",
			       layer->length - HEADER - layer->data[3]);
		return true;
	}
}

/* ---- TLVs: of a value, @length bytes are captured at @at ---- */

/* The value of a TLV, as far as it has not been read. */
struct value {
	size_t at;
	uint32_t length;
};

/* What @value begins with: @n bytes of it. */
static size_t take(struct value *value, uint32_t n)
{
	size_t at = value->at;

	value->at += n;
	value->length -= n;
	return at;
}

static enum outcome put_too_short(struct text *t)
{
	put_text(t, "\n\t  (TLV too short)");
	return SKIP;
}

static enum outcome text_address(struct text *t, const uint8_t *p,
				 uint32_t length)
{
	put(t, "\n\t  Network Address Type %s (%u)",
	    label_or(family_labels, p[0], "Unknown"), p[0]);
	if (p[0] == IPV4_ADDRESS && length == 1 + 4)
		put_with_ipv4(t, ", ", p + 1);
	else if (p[0] == IPV6_ADDRESS && length == 1 + 16)
		put_with_ipv6(t, ", ", p + 1);
	else if (p[0] == IPV4_ADDRESS || p[0] == IPV6_ADDRESS)
		put(t, "(invalid IPv%u address length %u)",
		    p[0] == IPV4_ADDRESS ? 4 : 6, length - 1);
	else
		return DUMP;
	return length == 1 + 4 || length == 1 + 16 ? DONE : DUMP;
}

/* Who sent it: @length bytes, of the kind @type. */
static enum outcome text_chassis(struct text *t, const struct layer *layer,
				 uint8_t type, size_t at, uint32_t length)
{
	switch (type) {
	case 1: /* component, alias, port, interface, local name */
	case 2:
	case 3:
	case 6:
	case 7:
		field_put_string(t, layer, at, length);
		return DONE;
	case 4:
		if (length != MAC) {
			put_text(t, " (invalid MAC address length)");
			return DUMP;
		}
		put_with_mac(t, "\n\t  MAC ", layer->data + at);
		return DONE;
	case 5:
		return text_address(t, layer->data + at, length);
	default:
		return DUMP;
	}
}

/* Where it is managed from. */
static enum outcome text_management(struct text *t, const struct layer *layer,
				    struct value *value, enum outcome outcome)
{
	uint8_t length = layer->data[take(value, 1)];

	put(t, "\n\t  Management Address Domain Length %u", length);
	if (!length)
		return outcome;
	if (value->length < length)
		return put_too_short(t);
	put_hex(t, "\n\t  Management Address Domain: ",
		layer->data + take(value, length), length);
	if (!value->length) {
		put_text(t, " (Management Address Length is missing)");
		return DUMP;
	}
	length = layer->data[take(value, 1)];
	put(t, "\n\t  Management Address Length %u", length);
	if (!length)
		return outcome;
	if (value->length < length) {
		put_too_short(t);
		return FAILED;
	}
	put_hex(t, "\n\t  Management Address: ",
		layer->data + take(value, length), length);
	return outcome;
}

static enum outcome text_sender(struct text *t, const struct layer *layer,
				struct value *value)
{
	static const struct label types[] = {
		{0, "Reserved"},	 {1, "Chassis component"},
		{2, "Interface alias"},	 {3, "Port component"},
		{4, "MAC address"},	 {5, "Network address"},
		{6, "Interface name"},	 {7, "Locally assigned"},
		{0, NULL},
	};
	enum outcome outcome = DONE;
	uint8_t length, type;

	if (!value->length) {
		put_text(t, " (too short, must be >= 1)");
		return SKIP;
	}
	length = layer->data[take(value, 1)];
	if (length) {
		if (!value->length)
			return put_too_short(t);
		type = layer->data[value->at];
		put(t, "\n\t  Chassis-ID Type %s (%u), Chassis-ID length %u",
		    label_or(types, type, "Unknown"), type, length);
		/* Of a TLV that is too short, the type is read again, as the
		 * next TLV's. */
		value->length--;
		if (value->length < length)
			return put_too_short(t);
		value->at++;
		outcome = text_chassis(t, layer, type, take(value, length),
				       length);
	}
	return value->length ? text_management(t, layer, value, outcome)
			     : outcome;
}

static enum outcome text_status(struct text *t, const struct layer *layer,
				const struct label *labels,
				const struct value *value)
{
	uint8_t status;

	if (!value->length) {
		put_text(t, " (too short, must be >= 1)");
		return FAILED;
	}
	status = layer->data[value->at];
	put(t, ", Status: %s (%u)", label_or(labels, status, "Unknown"),
	    status);
	return DONE;
}

static enum outcome text_private(struct text *t, const struct layer *layer,
				 const struct value *value)
{
	const uint8_t *p = layer->data + value->at;

	if (value->length < 4) {
		put_text(t, " (too short, must be >= 4)");
		return FAILED;
	}
	put(t, ", Vendor: %s (%u), Sub-Type %u",
	    label_or(oui_labels, load_be24(p), "Unknown"), load_be24(p), p[3]);
	return DUMP;
}

static enum outcome text_value(struct text *t, const struct layer *layer,
			       uint8_t type, struct value *value)
{
	static const struct label ports[] = {
		{1, "Blocked"}, {2, "Up"}, {0, NULL}};
	static const struct label interfaces[] = {
		{1, "Up"},	   {2, "Down"},
		{3, "Testing"},	   {5, "Dormant"},
		{6, "not present"}, {7, "lower Layer down"},
		{0, NULL},
	};

	switch (type) {
	case TLV_SENDER:
		return text_sender(t, layer, value);
	case TLV_PORT:
		return text_status(t, layer, ports, value);
	case TLV_INTERFACE:
		return text_status(t, layer, interfaces, value);
	case TLV_PRIVATE:
		return text_private(t, layer, value);
	default:
		return DUMP;
	}
}

static void text_tlvs(struct text *t, const struct layer *layer, size_t at)
{
	static const struct label types[] = {
		{TLV_END, "End"},
		{TLV_SENDER, "Sender ID"},
		{TLV_PORT, "Port status"},
		{TLV_INTERFACE, "Interface status"},
		{4, "Data"},
		{5, "Reply Ingress"},
		{6, "Reply Egress"},
		{TLV_PRIVATE, "Organization Specific"},
		{0, NULL}};

	while (at < layer->length) {
		uint8_t type = field_u8(t, layer, at);
		enum outcome outcome;
		struct value value;
		size_t begin;

		if (t->stopped)
			return;
		put(t, "\n\t%s TLV (0x%02x)", label_or(types, type, "Unknown"),
		    type);
		if (type == TLV_END)
			return;
		if (layer->length - at < TLV_HEADER) {
			put_short(t);
			return;
		}
		if (!field_has(layer, at, TLV_HEADER)) {
			text_trunc(t);
			return;
		}
		value.length = load_be16(layer->data + at + 1);
		put(t, ", length %u", value.length);
		begin = value.at = at + TLV_HEADER;
		if (layer->length - begin < value.length) {
			put_short(t);
			return;
		}
		if (!field_has(layer, begin, value.length)) {
			text_trunc(t);
			return;
		}
		outcome = text_value(t, layer, type, &value);
		if (outcome == FAILED)
			return;
		if (outcome == DUMP ||
		    (outcome == DONE && t->options->verbose > 1))
			field_put_dump(t, layer, begin, "\n\t  ",
				       value.length);
		at = value.at + value.length;
	}
}

static void text(struct text *t, const struct layer *layer)
{
	const uint8_t *p = layer->data;

	t->protocol = "cfm";
	if (layer->length < HEADER) {
		put_short(t);
		return;
	}
	if (!field_has(layer, 0, HEADER)) {
		text_trunc(t);
		return;
	}
	if (p[0] & 0x1f) {
		put(t, "CFMv%u not supported, length %u", p[0] & 0x1f,
		    layer->length);
		return;
	}
	put_text(t, "CFMv0 ");
	put_label(t, opcode_labels, p[1], "unknown (%u)");
	put(t, ", MD Level %u, length %u", p[0] >> 5, layer->length);
	if (!t->options->verbose)
		return;
	put(t, "\n\tFirst TLV offset %u", p[3]);
	if (p[3] > layer->length - HEADER)
		put(t, " (too large, must be <= %u)", layer->length - HEADER);
	else if (text_message(t, layer, p[1]))
		text_tlvs(t, layer, (size_t)HEADER + p[3]);
}

static const struct member_table transaction_members = {
	.members = (const struct member[]){
		MEMBER_U32("transaction", 4),
		MEMBER_END},
};

static const struct member_table continuity_members = {
	.members = (const struct member[]){
		MEMBER_U32("sequence", 4),
		MEMBER_U16("end_point", 8),
		MEMBER_END},
};

static const struct member_table reply_members = {
	.members = (const struct member[]){
		MEMBER_U32("transaction", 4),
		MEMBER_U8("ttl", 8),
		MEMBER_U8("action", 9),
		MEMBER_END},
};

static const struct member_table trace_members = {
	.members = (const struct member[]){
		MEMBER_U32("transaction", 4),
		MEMBER_U8("ttl", 8),
		MEMBER_LINK("origin", 9),
		MEMBER_LINK("target", 15),
		MEMBER_END},
};

static const struct member_case opcode_cases[] = {
	{CCM, &continuity_members}, {LBR, &transaction_members},
	{LBM, &transaction_members}, {LTR, &reply_members},
	{LTM, &trace_members},	     {0, NULL},
};

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_PART("level", 0, 1, 5, 3),
		MEMBER_PART("version", 0, 1, 0, 5),
		MEMBER_U8("opcode", 1),
		MEMBER_U8("flags", 2),
		MEMBER_U8("first_tlv", 3),
		MEMBER_END},
	.choice = {1, 1, 0},
	.cases = opcode_cases,
};

const struct dissector cfm_dissector = {
	.name = "cfm",
	.decode = decode,
	.text = text,
	.members = &members,
};
