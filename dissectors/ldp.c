/* SPDX-License-Identifier: BSD-3-Clause */
/* LDP: RFC 5036; pseudowires: RFC 4447. */
#include "dissectors/bgp.h"

#include "dissectors/gmpls.h"
#include "dissectors/labels.h"
#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum {
	HEADER = 10, /* of a PDU, with version and length */
	MESSAGE = 8,
	TLV = 4,
	VERSION = 1,
};

enum tlv {
	FEC = 0x0100,
	ADDRESSES = 0x0101,
	GENERIC_LABEL = 0x0200,
	STATUS = 0x0300,
	HELLO = 0x0400,
	TRANSPORT_IPV4 = 0x0401,
	SEQUENCE = 0x0402,
	TRANSPORT_IPV6 = 0x0403,
	SESSION = 0x0500,
	FAULT_TOLERANCE = 0x0503,
	MTU = 0x0601,
};

static const struct label message_labels[] = {
	{0x0001, "Notification"},
	{0x0100, "Hello"},
	{0x0200, "Initialization"},
	{0x0201, "Keepalive"},
	{0x0300, "Address"},
	{0x0301, "Address Withdraw"},
	{0x0400, "Label Mapping"},
	{0x0401, "Label Request"},
	{0x0402, "Label Withdraw"},
	{0x0403, "Label Release"},
	{0x0404, "Label Abort Request"},
	{0, NULL},
};

static const struct label tlv_labels[] = {
	{FEC, "FEC"},
	{ADDRESSES, "Address List"},
	{0x0103, "Hop Count"},
	{0x0104, "Path Vector"},
	{GENERIC_LABEL, "Generic Label"},
	{0x0201, "ATM Label"},
	{0x0202, "Frame-Relay Label"},
	{STATUS, "Status"},
	{0x0301, "Extended Status"},
	{0x0302, "Returned PDU"},
	{0x0303, "Returned Message"},
	{HELLO, "Common Hello Parameters"},
	{TRANSPORT_IPV4, "IPv4 Transport Address"},
	{SEQUENCE, "Configuration Sequence Number"},
	{TRANSPORT_IPV6, "IPv6 Transport Address"},
	{SESSION, "Common Session Parameters"},
	{0x0501, "ATM Session Parameters"},
	{0x0502, "Frame-Relay Session Parameters"},
	{FAULT_TOLERANCE, "Fault-Tolerant Session Parameters"},
	{0x0600, "Label Request Message ID"},
	{MTU, "MTU"},
	{0, NULL},
};

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;

	layer->words[0] = cursor_be16(&d->cursor); /* version */
	layer->words[1] = cursor_be16(&d->cursor); /* length */
	if (d->cursor.overrun)
		layer->flags |= LAYER_TRUNCATED;
}

/* Is the value long enough? */
static bool has(struct text *t, uint32_t length, uint32_t least)
{
	if (length >= least)
		return true;
	put(t, " [tlv length %u < %u]", length, least);
	text_invalid(t);
	return false;
}

static void text_addresses(struct text *t, const struct layer *layer,
			   size_t at, uint32_t length)
{
	uint16_t family;
	uint32_t size;

	if (!has(t, length, 2))
		return;
	family = field_be16(t, layer, at);
	if (t->stopped)
		return;
	put_text(t, "\n\t      Address Family: ");
	put_label(t, family_labels, family, "Unknown (%u)");
	put_text(t, ", addresses");
	if (family != 1 && family != 2)
		return;
	size = family == 1 ? 4 : 16;
	at += 2;
	for (length -= 2; length >= size && !t->stopped; length -= size) {
		if (family == 1)
			field_lead_ipv4(t, " ", layer, at);
		else
			field_lead_ipv6(t, " ", layer, at);
		at += size;
	}
}

static void text_parameter(struct text *t, const struct layer *layer,
			   size_t at, uint8_t type, uint8_t length)
{
	static const struct label channels[] = {
		{1, "PWE3 control word"},
		{2, "MPLS Router Alert Label"},
		{4, "MPLS inner label TTL = 1"},
		{0, NULL}};
	static const struct label checks[] = {
		{1, "ICMP Ping"}, {2, "LSP Ping"}, {4, "BFD"}, {0, NULL}};
	uint8_t bits;

	switch (type) {
	case 0x01:
		put(t, ": %u", field_be16(t, layer, at + 2));
		break;
	case 0x03:
		put_text(t, ": ");
		for (int i = 2; i < length && !t->stopped; i++)
			put_visible(t, field_u8(t, layer, at + i));
		break;
	case 0x0c:
		bits = field_u8(t, layer, at + 2);
		put(t, "\n\t\t  Control Channels (0x%02x) = ", bits);
		field_put_bits(t, "[", channels, bits, "none");
		bits = field_u8(t, layer, at + 3);
		put(t, "\n\t\t  CV Types (0x%02x) = ", bits);
		field_put_bits(t, "[", checks, bits, "none");
		break;
	default:
		field_put_dump(t, layer, at + 2, "\n\t\t  ", length - 2u);
		break;
	}
}

static void text_pseudowire(struct text *t, const struct layer *layer,
			    size_t at, uint32_t length)
{
	static const struct label parameters[] = {
		{1, "MTU"}, {3, "Description"}, {12, "VCCV"}, {0, NULL}};
	uint8_t info;
	uint16_t type;

	if (!has(t, length, 7))
		return;
	info = field_u8(t, layer, at + 2);
	if (info && !has(t, length, 11))
		return;
	if (!field_need(t, layer, at, info ? 11 : 7))
		return;
	type = load_be16(layer->data + at);
	put(t, ": %s, %scontrol word, group-ID %u",
	    label_or(pseudowire_labels, type & 0x7fff, "Unknown"),
	    type & 0x8000 ? "" : "no ", load_be32(layer->data + at + 3));
	if (info)
		put(t, ", VC-ID %u", load_be32(layer->data + at + 7));
	put(t, ", VC-info-length: %u", info);
	if (!info)
		return;
	if (info < 4) {
		put_text(t, " (invalid, < 4");
		return;
	}
	info = (uint8_t)(info - 4);
	at += 11;
	if (!has(t, length - 11, info))
		return;
	while (info > 2 && !t->stopped) {
		uint8_t kind = field_u8(t, layer, at);
		uint8_t size = field_u8(t, layer, at + 1);

		if (size < 2 || info < size)
			return;
		put(t, "\n\t\tInterface Parameter: %s (0x%02x), len %u",
		    label_or(parameters, kind, "Unknown"), kind, size);
		text_parameter(t, layer, at, kind, size);
		info = (uint8_t)(info - size);
		at += size;
	}
}

static void text_prefix(struct text *t, const struct layer *layer, size_t at,
			uint32_t length)
{
	uint16_t family;
	uint8_t bits, address[16] = {0};
	uint32_t most, bytes;

	if (!has(t, length, 2))
		return;
	family = field_be16(t, layer, at);
	at += 2;
	length -= 2;
	if (family != 1 && family != 2) {
		put(t, ": Address family %u prefix", family);
		return;
	}
	most = family == 1 ? 32 : 128;
	if (!field_need(t, layer, at, 1))
		return;
	bits = layer->data[at];
	bytes = (bits + 7u) / 8;
	if (length < 1 || (bits <= most && length - 1 < bytes)) {
		text_stop(t);
		return;
	}
	if (bits > most) {
		put(t, ": IPv%u prefix (invalid length)", family == 1 ? 4 : 6);
		return;
	}
	if (!field_need(t, layer, at + 1, bytes))
		return;
	memcpy(address, layer->data + at + 1, bytes);
	if (bits % 8)
		address[bytes - 1] &= (uint8_t)(0xff00 >> bits % 8);
	put(t, ": IPv%u prefix ", family == 1 ? 4 : 6);
	if (family == 1)
		put_ipv4(t, address);
	else
		put_ipv6(t, address);
	put(t, "/%u", bits);
}

static void text_class(struct text *t, const struct layer *layer, size_t at,
		       uint32_t length)
{
	static const struct label types[] = {{0x01, "Wildcard"},
					     {0x02, "Prefix"},
					     {0x03, "Host address"},
					     {0x80, "Martini VC"},
					     {0, NULL}};
	uint8_t type;

	if (!has(t, length, 1))
		return;
	type = field_u8(t, layer, at);
	put(t, "\n\t      %s FEC (0x%02x)", label_or(types, type, "Unknown"),
	    type);
	if (type == 0x02)
		text_prefix(t, layer, at + 1, length - 1);
	else if (type == 0x80)
		text_pseudowire(t, layer, at + 1, length - 1);
}

static void text_status(struct text *t, const struct layer *layer, size_t at)
{
	uint32_t status = field_be32(t, layer, at), cause;

	put(t, "\n\t      Status: 0x%02x, Flags: [%s and %s forward]",
	    status & 0x3fffffff,
	    status >> 31 ? "Fatal error" : "Advisory Notification",
	    status & 0x40000000 ? "do" : "don't");
	cause = field_be32(t, layer, at + 4);
	if (cause)
		put(t, ", causing Message ID: 0x%08x", cause);
}

static void text_tolerance(struct text *t, const struct layer *layer,
			   size_t at)
{
	uint16_t flags = field_be16(t, layer, at);

	put(t,
	    "\n\t      Flags: [%sReconnect, %sSave State, %sAll-Label "
	    "Protection, %s Checkpoint, %sRe-Learn State]",
	    flags & 0x8000 ? "" : "No ", flags & 8 ? "" : "Don't ",
	    flags & 4 ? "" : "No ",
	    flags & 2 ? "Sequence Numbered Label" : "All Labels",
	    flags & 1 ? "" : "Don't ");
	if (field_be32(t, layer, at + 4))
		put(t, ", Reconnect Timeout: %ums",
		    field_be32(t, layer, at + 4));
	if (field_be32(t, layer, at + 8))
		put(t, ", Recovery Time: %ums", field_be32(t, layer, at + 8));
}

static void text_value(struct text *t, const struct layer *layer,
		       uint16_t type, size_t at, uint32_t length)
{
	static const struct label least[] = {
		{GENERIC_LABEL, "\x04"},  {STATUS, "\x08"},
		{HELLO, "\x04"},	  {TRANSPORT_IPV4, "\x04"},
		{SEQUENCE, "\x04"},	  {TRANSPORT_IPV6, "\x10"},
		{SESSION, "\x08"},	  {FAULT_TOLERANCE, "\x0c"},
		{MTU, "\x02"},		  {0, NULL}};
	const char *size = label_find(least, type);
	uint16_t flags;

	if (size && !has(t, length, (uint8_t)size[0]))
		return;
	switch (type) {
	case HELLO:
		flags = field_be16(t, layer, at + 2);
		put(t, "\n\t      Hold Time: %us, Flags: [%s Hello%s]",
		    field_be16(t, layer, at),
		    flags & 0x8000 ? "Targeted" : "Link",
		    flags & 0x4000 ? ", Request for targeted Hellos" : "");
		break;
	case TRANSPORT_IPV4:
		field_lead_ipv4(t, "\n\t      IPv4 Transport Address: ", layer,
				at);
		break;
	case TRANSPORT_IPV6:
		field_lead_ipv6(t, "\n\t      IPv6 Transport Address: ", layer,
				at);
		break;
	case SEQUENCE:
		put(t, "\n\t      Sequence Number: %u",
		    field_be32(t, layer, at));
		break;
	case ADDRESSES:
		text_addresses(t, layer, at, length);
		break;
	case SESSION:
		flags = field_be16(t, layer, at + 6);
		put(t,
		    "\n\t      Version: %u, Keepalive: %us, Flags: "
		    "[Downstream %s, Loop Detection %s]",
		    field_be16(t, layer, at), field_be16(t, layer, at + 2),
		    flags & 0x8000 ? "On Demand" : "Unsolicited",
		    flags & 0x4000 ? "Enabled" : "Disabled");
		break;
	case FEC:
		text_class(t, layer, at, length);
		break;
	case GENERIC_LABEL:
		put(t, "\n\t      Label: %u",
		    field_be32(t, layer, at) & 0xfffff);
		break;
	case STATUS:
		text_status(t, layer, at);
		break;
	case FAULT_TOLERANCE:
		text_tolerance(t, layer, at);
		break;
	case MTU:
		put(t, "\n\t      MTU: %u", field_be16(t, layer, at));
		break;
	default:
		if (t->options->verbose <= 1)
			field_put_dump(t, layer, at, "\n\t      ", length);
		break;
	}
}

/* The TLVs of a message. */
static void text_tlvs(struct text *t, const struct layer *layer, size_t at,
		      uint32_t left)
{
	while (left >= TLV && !t->stopped) {
		uint16_t type;
		uint32_t length;

		if (!field_need(t, layer, at, TLV))
			return;
		type = load_be16(layer->data + at);
		length = load_be16(layer->data + at + 2);
		if (length + TLV > left) {
			put_text(t, "\n\t\t TLV contents go past end of "
				    "message");
			return;
		}
		put(t,
		    "\n\t    %s TLV (0x%04x), length: %u, Flags: [%s and %s "
		    "forward if unknown]",
		    label_or(tlv_labels, type & 0x3fff, "Unknown"),
		    type & 0x3fff, length,
		    type & 0x8000 ? "continue processing" : "ignore",
		    type & 0x4000 ? "do" : "don't");
		text_value(t, layer, type & 0x3fff, at + TLV, length);
		at += TLV + length;
		left -= TLV + length;
	}
}

/* A message in @left bytes: its length, 0 if it cannot be. */
static uint32_t text_message(struct text *t, const struct layer *layer,
			     size_t at)
{
	uint32_t length;
	uint16_t type;
	bool known;

	if (!field_need(t, layer, at, MESSAGE))
		return 0;
	type = load_be16(layer->data + at);
	length = load_be16(layer->data + at + 2);
	put(t, "\n\t  %s Message (0x%04x), length: %u",
	    label_or(message_labels, type & 0x7fff, "Unknown"), type & 0x7fff,
	    length);
	if (length < MESSAGE - 4) {
		put(t, " (too short, < %u)", MESSAGE - 4);
		return 0;
	}
	put(t, ", Message ID: 0x%08x, Flags: [%s if unknown]",
	    load_be32(layer->data + at + 4),
	    type & 0x8000 ? "continue processing" : "ignore");
	if (!field_need(t, layer, at, length))
		return 0;
	type &= 0x7fff;
	known = label_find(message_labels, type) && type != 0x0401 &&
		type != 0x0403 && type != 0x0404;
	if (known)
		text_tlvs(t, layer, at + MESSAGE, length - (MESSAGE - 4));
	else if (t->options->verbose <= 1)
		field_put_dump(t, layer, at + MESSAGE, "\n\t  ",
			       length - (MESSAGE - 4));
	if (t->options->verbose > 1 && !t->stopped)
		field_put_dump(t, layer, at + MESSAGE, "\n\t  ", length);
	return length + 4;
}

/* The bytes of the PDU at @at; 0: no more are printed. */
static uint32_t text_pdu(struct text *t, const struct layer *layer, size_t at)
{
	const char *indent = t->options->verbose ? "\n\t" : "";
	const uint8_t *p;
	uint16_t length, left;

	if (!field_need(t, layer, at, HEADER))
		return 0;
	p = layer->data + at;
	length = load_be16(p + 2);
	if (load_be16(p) != VERSION) {
		put(t, "%sLDP version %u packet not supported", indent,
		    load_be16(p));
		return 0;
	}
	if (length < HEADER - 4) {
		put(t, "%sLDP, pdu-length: %u (too short, < %u)", indent,
		    length, HEADER - 4);
		return 0;
	}
	put(t, "%sLDP, Label-Space-ID: ", indent);
	put_ipv4(t, p + 4);
	put(t, ":%u, pdu-length: %u", load_be16(p + 8), length);
	if (!t->options->verbose)
		return 0;
	/* Messages may pass the end: the count is of 16 bits and wraps. */
	left = (uint16_t)(length - (HEADER - 4));
	at += HEADER;
	while (left && !t->stopped) {
		uint32_t used = text_message(t, layer, at);

		if (!used)
			return 0;
		at += used;
		left = (uint16_t)(left - used);
	}
	return length + 4u;
}

static void text(struct text *t, const struct layer *layer)
{
	uint32_t left = layer->length, at = 0;

	t->protocol = "ldp";
	while (left > HEADER + MESSAGE && !t->stopped) {
		uint32_t used = text_pdu(t, layer, at);

		if (!used)
			return;
		if (left < used) {
			field_put_less(t, "remaining length", left, used);
			text_invalid(t);
			return;
		}
		at += used;
		left -= used;
	}
}

static const struct member_table message_members = {
	.members = (const struct member[]){
		MEMBER_U32("message_id", 4),
		MEMBER_END},
	.list = {
		.name = "tlvs",
		.at = 8,
		.header = 4,
		.type = {0, 2, 0x3fff},
		.length = {2, 2, 0},
		.length_more = 4,
	},
};

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_U16("version", 0),
		MEMBER_U16("pdu_length", 2),
		MEMBER_ADDRESS("lsr_id", 4),
		MEMBER_U16("label_space", 8),
		MEMBER_END},
	.list = {
		.name = "messages",
		.at = 10,
		.end = {2, 2, 0},
		.end_more = 4,
		.header = 4,
		.type = {0, 2, 0x7fff},
		.length = {2, 2, 0},
		.length_more = 4,
		.each = &message_members,
	},
};

const struct dissector ldp_dissector = {
	.name = "ldp",
	.decode = decode,
	.text = text,
	.members = &members,
};
