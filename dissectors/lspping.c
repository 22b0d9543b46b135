/* SPDX-License-Identifier: BSD-3-Clause */
/* LSP ping: RFC 4379 (RFC 8029). */
#include "dissectors/bgp.h"

#include "dissectors/gmpls.h"
#include "dissectors/labels.h"
#include "dissectors/members.h"
#include "dissectors/ntp.h"
#include "dissectors/protocols.h"

enum { HEADER = 32, TLV = 4, VERSION = 1, STACK_MOST = 13 };

enum tlv {
	TARGET = 1,
	DOWNSTREAM = 2,
	VENDOR = 5,
	DISCRIMINATOR = 15,
};

enum target {
	LDP_IPV4 = 1,
	LDP_IPV6 = 2,
	RSVP_IPV4 = 3,
	RSVP_IPV6 = 4,
	VPN_IPV4 = 6,
	VPN_IPV6 = 7,
	ENDPOINT = 8,
	PSEUDOWIRE_OLD = 9,
	PSEUDOWIRE = 10,
	BGP_IPV4 = 12,
	BGP_IPV6 = 13,
};

static const struct label message_labels[] = {
	{1, "MPLS Echo Request"}, {2, "MPLS Echo Reply"}, {0, NULL}};

static const struct label tlv_labels[] = {
	{TARGET, "Target FEC Stack"},
	{DOWNSTREAM, "Downstream Mapping"},
	{3, "Pad"},
	{9, "Error Code"},
	{VENDOR, "Vendor Enterprise Code"},
	{7, "Interface Label Stack"},
	{10, "Reply TOS Byte"},
	{DISCRIMINATOR, "BFD Discriminator"},
	{0xfc00, "Vendor Private Code"},
	{0, NULL},
};

static const struct label target_labels[] = {
	{LDP_IPV4, "LDP IPv4 prefix"},
	{LDP_IPV6, "LDP IPv6 prefix"},
	{RSVP_IPV4, "RSVP IPv4 Session Query"},
	{RSVP_IPV6, "RSVP IPv6 Session Query"},
	{5, "Reserved"},
	{VPN_IPV4, "VPN IPv4 prefix"},
	{VPN_IPV6, "VPN IPv6 prefix"},
	{ENDPOINT, "L2 VPN endpoint"},
	{PSEUDOWIRE_OLD, "FEC 128 pseudowire (old)"},
	{PSEUDOWIRE, "FEC 128 pseudowire"},
	{BGP_IPV4, "BGP labeled IPv4 prefix"},
	{BGP_IPV6, "BGP labeled IPv6 prefix"},
	{0, NULL},
};

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;

	layer->words[0] = cursor_be16(c); /* version */
	cursor_skip(c, 2);
	layer->words[1] = cursor_u8(c); /* message */
	cursor_skip(c, 1);
	layer->words[2] = cursor_u8(c); /* return code */
	cursor_skip(c, 1);
	layer->words[3] = cursor_be32(c); /* handle */
	layer->words[4] = cursor_be32(c); /* sequence */
	if (c->overrun)
		layer->flags |= LAYER_TRUNCATED;
}

static void put_address(struct text *t, const uint8_t *p, bool six)
{
	if (six)
		put_ipv6(t, p);
	else
		put_ipv4(t, p);
}

static void put_pseudowire(struct text *t, uint16_t type)
{
	put(t, "%s (%u)", label_or(pseudowire_labels, type, "unknown"), type);
}

static void text_session(struct text *t, const uint8_t *p, bool six)
{
	uint32_t size = six ? 16 : 4;

	put_text(t, "\n\t      tunnel end-point ");
	put_address(t, p, six);
	put_text(t, ", tunnel sender ");
	put_address(t, p + 2 * size + 4, six);
	put(t, ", lsp-id 0x%04x\n\t      tunnel-id 0x%04x",
	    load_be16(p + 3 * size + 6), load_be16(p + size + 2));
	put_text(t, ", extended tunnel-id ");
	put_address(t, p + size + 4, six);
}

/* A target of the right length at @at. */
static void text_target_value(struct text *t, const struct layer *layer,
			      uint16_t type, size_t at)
{
	const uint8_t *p = layer->data + at;
	bool six = type == LDP_IPV6 || type == RSVP_IPV6 || type == VPN_IPV6 ||
		   type == BGP_IPV6;

	switch (type) {
	case VPN_IPV4:
	case VPN_IPV6:
		put_text(t, "\n\t      RD: ");
		bgp_put_rd(t, layer, at);
		put_text(t, ", ");
		put_address(t, p + 8, six);
		put(t, "/%u", p[six ? 24 : 12]);
		break;
	case RSVP_IPV4:
	case RSVP_IPV6:
		text_session(t, p, six);
		break;
	case ENDPOINT:
		put_text(t, "\n\t      RD: ");
		bgp_put_rd(t, layer, at);
		put(t,
		    ", Sender VE ID: %u, Receiver VE ID: %u\n\t      "
		    "Encapsulation Type: ",
		    load_be16(p + 8), load_be16(p + 10));
		put_pseudowire(t, load_be16(p + 12));
		break;
	case PSEUDOWIRE_OLD:
	case PSEUDOWIRE:
		put_text(t, "\n\t      ");
		if (type == PSEUDOWIRE) {
			put_text(t, "Sender PE: ");
			put_ipv4(t, p);
			put_text(t, ", ");
			p += 4;
		}
		put_text(t, "Remote PE: ");
		put_ipv4(t, p);
		put(t, "\n\t      PW ID: 0x%08x, PW Type: ", load_be32(p + 4));
		put_pseudowire(t, load_be16(p + 8));
		break;
	default:
		put_text(t, "\n\t      ");
		put_address(t, p, six);
		put(t, "/%u", p[six ? 16 : 4]);
		break;
	}
}

/* How the printing of a TLV ended. */
enum outcome {
	DONE,
	DUMP,	/* it is dumped even without -vv */
	CUT,	/* [|lspping] */
	FINISH, /* nothing more is printed */
};

static enum outcome text_targets(struct text *t, const struct layer *layer,
				 size_t at, uint32_t left)
{
	static const uint8_t lengths[] = {0,  5,  17, 20, 56, 0, 13,
					  25, 14, 10, 14, 0,  5, 17};

	while (left) {
		uint32_t length;
		uint16_t type;
		bool dump;

		if (left < TLV) {
			put_text(t, "\n\t      TLV is too short");
			return DUMP;
		}
		if (!field_need(t, layer, at, TLV))
			return FINISH;
		type = load_be16(layer->data + at);
		length = load_be16(layer->data + at + 2);
		if (left < length + TLV) {
			put_text(t, "\n\t      TLV is too short");
			return DUMP;
		}
		if (!field_has(layer, at + TLV, length))
			return CUT;
		put(t, "\n\t    %s subTLV (%u), length: %u",
		    label_or(target_labels, type, "Unknown"), type, length);
		dump = type > STACK_MOST || !lengths[type];
		if (!dump && length != lengths[type]) {
			put(t,
			    "\n\t      invalid subTLV length, should be %u",
			    lengths[type]);
			dump = true;
		} else if (!dump) {
			text_target_value(t, layer, type, at + TLV);
		}
		if (t->options->verbose > 1 || dump)
			field_put_dump(t, layer, at + TLV, "\n\t      ",
				       length);
		if (length % 4) {
			length = (length + 3) & ~3u;
			if (left < length + TLV) {
				put_text(t, "\n\t\t TLV is too short");
				return FINISH;
			}
		}
		/* tcpdump does not move over the header. */
		at += length;
		left -= length + TLV;
	}
	return DONE;
}

static enum outcome text_downstream(struct text *t, const struct layer *layer,
				    size_t at, uint32_t left)
{
	static const struct label types[] = {{1, "IPv4"},
					     {2, "Unnumbered IPv4"},
					     {3, "IPv6"},
					     {4, "IPv6"},
					     {0, NULL}};
	const uint8_t *p = layer->data + at;
	uint32_t size;
	bool six, numbered;

	if (left < 4) {
		put_text(t, "\n\t      TLV is too short");
		return DUMP;
	}
	put(t, "\n\t    MTU: %u, Address-Type: %s (%u)", load_be16(p),
	    label_or(types, p[2], "unknown"), p[2]);
	six = p[2] == 3 || p[2] == 4;
	numbered = p[2] == 1 || p[2] == 3;
	size = p[2] < 1 || p[2] > 4 ? 0
				    : 4u + (six ? 16u : 4u) +
					      (six && numbered ? 16u : 4u);
	if (left < size) {
		put_text(t, "\n\t      TLV is too short");
		return DUMP;
	}
	if (size) {
		put_text(t, "\n\t    Downstream IP: ");
		put_address(t, p + 4, six);
		put_text(t, "\n\t    Downstream Interface ");
		if (numbered) {
			put_text(t, "IP: ");
			put_address(t, p + (six ? 20 : 8), six);
		} else {
			put(t, "Index: 0x%08x", load_be32(p + (six ? 20 : 8)));
		}
	}
	if (left - size < 4)
		put_text(t, "\n\t      TLV is too short");
	return DUMP;
}

/* The value of a TLV, all of which is there. */
static enum outcome text_value(struct text *t, const struct layer *layer,
			       uint16_t type, size_t at, uint32_t length)
{
	uint32_t word;

	switch (type) {
	case TARGET:
		return text_targets(t, layer, at, length);
	case DOWNSTREAM:
		return text_downstream(t, layer, at, length);
	case DISCRIMINATOR:
	case VENDOR:
		if (length < 4) {
			put_text(t, "\n\t      TLV is too short");
			return DUMP;
		}
		word = load_be32(layer->data + at);
		if (type == VENDOR)
			put(t, "\n\t    Vendor: %s (0x%04x)",
			    label_or(enterprise_labels, word, "Unknown"),
			    word);
		else
			put(t, "\n\t    BFD Discriminator 0x%08x", word);
		return DONE;
	default:
		if (t->options->verbose <= 1)
			field_put_dump(t, layer, at, "\n\t    ", length);
		return DONE;
	}
}

/* False: the packet is too short. */
static bool text_tlvs(struct text *t, const struct layer *layer)
{
	uint32_t left = layer->length - HEADER;
	size_t at = HEADER;

	while (left && !t->stopped) {
		enum outcome outcome;
		uint32_t length;
		uint16_t type;

		if (left < TLV)
			return false;
		if (!field_need(t, layer, at, TLV))
			return true;
		type = load_be16(layer->data + at);
		length = load_be16(layer->data + at + 2);
		put(t, "\n\t  %s TLV (%u), length: %u",
		    label_or(tlv_labels, type, "Unknown"), type, length);
		at += TLV;
		left -= TLV;
		if (!length)
			continue;
		if (left < length)
			return false;
		outcome = field_has(layer, at, length)
				  ? text_value(t, layer, type, at, length)
				  : CUT;
		if (outcome == CUT)
			text_stop(t);
		if (outcome == CUT || outcome == FINISH)
			return true;
		if (t->options->verbose > 1 || outcome == DUMP)
			field_put_dump(t, layer, at, "\n\t    ", length);
		length = (length + 3) & ~3u;
		if (left < length)
			return false;
		at += length;
		left -= length;
	}
	return true;
}

static void text_verbose(struct text *t, const struct layer *layer)
{
	static const struct label modes[] = {
		{1, "Do not reply"},
		{2, "Reply via an IPv4/IPv6 UDP packet"},
		{3, "Reply via an IPv4/IPv6 UDP packet with Router Alert"},
		{4, "Reply via application level control channel"},
		{0, NULL}};
	static const struct label codes[] = {
		{0, "No return code or return code contained in the Error "
		    "Code TLV"},
		{1, "Malformed echo request received"},
		{2, "One or more of the TLVs was not understood"},
		{3, "Replying router is an egress for the FEC at stack depth"},
		{4, "Replying router has no mapping for the FEC at stack "
		    "depth"},
		{5, "Reserved"},
		{6, "Reserved"},
		{7, "Reserved"},
		{8, "Label switched at stack-depth"},
		{9, "Label switched but no MPLS forwarding at stack-depth"},
		{10, "Mapping for this FEC is not the given label at stack "
		     "depth"},
		{11, "No label entry at stack-depth"},
		{12, "Protocol not associated with interface at FEC stack "
		     "depth"},
		{13, "Premature termination of ping due to label stack "
		     "shrinking to a single label"},
		{0, NULL}};
	const uint8_t *p = layer->data;
	bool depth = p[6] == 3 || p[6] == 4 || p[6] == 8 ||
		     (p[6] >= 10 && p[6] <= 12);

	put(t,
	    "\n\tLSP-PINGv%u, msg-type: %s (%u), length: %u\n\t  reply-mode: "
	    "%s (%u)",
	    load_be16(p), label_or(message_labels, p[4], "unknown"), p[4],
	    layer->length, label_or(modes, p[5], "unknown"), p[5]);
	put(t, "\n\t  Return Code: %s ", label_or(codes, p[6], "unknown"));
	if (depth)
		put(t, "%u ", p[7]);
	put(t, "(%u)\n\t  Return Subcode: (%u)", p[6], p[7]);
	put(t, "\n\t  Sender Handle: 0x%08x, Sequence: %u", load_be32(p + 8),
	    load_be32(p + 12));
	put_text(t, "\n\t  Sender Timestamp: ");
	ntp_put_time(t, load_be64(p + 16));
	put_text(t, " Receiver Timestamp: ");
	if (load_be64(p + 24))
		ntp_put_time(t, load_be64(p + 24));
	else
		put_text(t, "no timestamp");
	if (!text_tlvs(t, layer))
		put_text(t, "\n\t\t packet is too short");
}

static void text(struct text *t, const struct layer *layer)
{
	const uint8_t *p = layer->data;

	t->protocol = "lspping";
	if (layer->length < HEADER) {
		put_text(t, "\n\t\t packet is too short");
		return;
	}
	if (!field_need(t, layer, 0, HEADER))
		return;
	if (load_be16(p) != VERSION) {
		put(t, "LSP-PING version %u packet not supported",
		    load_be16(p));
		return;
	}
	if (t->options->verbose) {
		text_verbose(t, layer);
		return;
	}
	put(t, "LSP-PINGv%u, ", load_be16(p));
	put_label(t, message_labels, p[4], "unknown (%u)");
	put(t, ", seq %u, length: %u", load_be32(p + 12), layer->length);
}

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_U16("version", 0),
		MEMBER_U16("global_flags", 2),
		MEMBER_U8("type", 4),
		MEMBER_U8("reply_mode", 5),
		MEMBER_U8("return_code", 6),
		MEMBER_U8("return_subcode", 7),
		MEMBER_U32("sender_handle", 8),
		MEMBER_U32("sequence", 12),
		MEMBER_STAMP("sent", 16),
		MEMBER_STAMP("received", 24),
		MEMBER_END},
	.list = {
		.name = "tlvs",
		.at = 32,
		.header = 4,
		.type = {0, 2, 0},
		.length = {2, 2, 0},
		.length_more = 4,
		.align = 4,
	},
};

const struct dissector lspping_dissector = {
	.name = "lsp_ping",
	.decode = decode,
	.text = text,
	.members = &members,
};
