/* SPDX-License-Identifier: BSD-3-Clause */
/* PPP's control protocols: RFC 1661, RFC 1332, RFC 5072, RFC 1962, RFC 2125;
 * PAP: RFC 1334; CHAP: RFC 1994. */
#include "dissectors/ppp.h"

#include "dissectors/labels.h"

enum code {
	VENDOR_EXTENSION = 0,
	CONFIGURE_REQUEST = 1,
	CONFIGURE_REJECT = 4,
	TERMINATE_REQUEST = 5,
	CODE_REJECT = 7,
	PROTOCOL_REJECT = 8,
	ECHO_REQUEST = 9,
	DISCARD_REQUEST = 11,
	IDENTIFICATION = 12,
	TIME_REMAINING = 13,
};

static const char *const codes[] = {
	"Vendor-Extension", "Conf-Request", "Conf-Ack",	    "Conf-Nack",
	"Conf-Reject",	    "Term-Request", "Term-Ack",	    "Code-Reject",
	"Prot-Reject",	    "Echo-Request", "Echo-Reply",   "Disc-Req",
	"Ident",	    "Time-Rem",	    "Reset-Req",    "Reset-Ack",
};

/* An option being printed. All its bytes may not have been captured. */
struct option {
	struct cursor value;
	struct cursor dump;   /* what -vv dumps: ordinarily the value */
	uint8_t type, length; /* with type and length octets */
};

/* How the text of an option ended: NEXT goes on with -vv's dump, SKIP passes
 * the option over, END is the last. */
enum outcome { NEXT, SKIP, END };

static enum outcome put_bogus(struct text *t, const char *relation,
			      unsigned int length, enum outcome outcome)
{
	put(t, " (length bogus, should be %s %u)", relation, length);
	return outcome;
}

static void text_unknown(struct text *t, const struct option *o)
{
	if (t->options->verbose < 2)
		put_unknown_data(t, &o->value, "\n\t    ", o->length - 2u);
}

static enum outcome text_authentication(struct text *t, struct option *o,
					const uint8_t *start)
{
	static const struct label algorithms[] = {
		{5, "MD5"}, {128, "MS-CHAPv1"}, {129, "MS-CHAPv2"}, {0, NULL}};
	struct cursor all = cursor_make(start, (size_t)(o->value.end - start));
	uint16_t protocol;

	if (o->length < 4)
		return put_bogus(t, ">=", 4, SKIP);
	protocol = text_be16(t, &o->value);
	put_text(t, ": ");
	/* The format of tcpdump lacks a percent sign. */
	put_label(t, ppp_protocol_labels, protocol,
		  "Unknown Auth Proto (0x04x)");
	if (protocol == PPP_CHAP) {
		uint8_t algorithm = text_u8(t, &o->value);

		put_text(t, ", ");
		put_label(t, algorithms, algorithm, "Unknown Auth Alg %u");
	} else if (protocol != PPP_PAP && protocol != 0xc227 &&
		   protocol != 0xc027 && protocol != 0xc123) {
		put_unknown_data(t, &all, "\n\t", o->length);
	}
	return NEXT;
}

static enum outcome text_discriminator(struct text *t, struct option *o)
{
	static const char *const classes[] = {
		"Null", "Local", NULL, NULL, "Magic-Num-Block", "PSNDN"};
	uint8_t class;

	if (o->length < 3)
		return put_bogus(t, ">=", 3, END);
	class = text_u8(t, &o->value);
	if (class == 2) {
		if (o->length != 7)
			return put_bogus(t, "=", 7, END);
		put_with_ipv4(t, ": IPv4 ",
				text_bytes(t, &o->value, 4));
	} else if (class == 3) {
		if (o->length != 9)
			return put_bogus(t, "=", 9, END);
		put_with_mac(t, ": MAC ",
				text_bytes(t, &o->value, 6));
	} else if (class < 6) {
		put(t, ": %s", classes[class]);
	} else {
		put(t, ": Unknown class %u", class);
	}
	return NEXT;
}

static enum outcome text_callback(struct text *t, struct option *o)
{
	static const struct label operations[] = {
		{0, "UserAuth"}, {1, "DialString"}, {2, "LocalID"},
		{3, "E.164"},	 {4, "X.500"},	    {6, "CBCP"},
		{0, NULL},
	};
	uint8_t operation;

	if (o->length < 3)
		return put_bogus(t, ">=", 3, END);
	put_text(t, ": ");
	operation = text_u8(t, &o->value);
	put(t, ": Callback Operation %s (%u)",
	    label_or(operations, operation, "Unknown"), operation);
	return NEXT;
}

static enum outcome text_vendor(struct text *t, struct option *o)
{
	uint32_t oui;

	if (o->length < 6)
		return put_bogus(t, ">=", 6, SKIP);
	oui = text_be24(t, &o->value);
	put(t, ": Vendor: %s (%u)", label_or(oui_labels, oui, "Unknown"), oui);
	return NEXT;
}

/* A number of 2 or 4 bytes alone. */
static enum outcome text_number(struct text *t, struct option *o,
				uint8_t length, const char *format,
				enum outcome otherwise)
{
	if (o->length != length)
		return put_bogus(t, "=", length, otherwise);
	put(t, format,
	    length == 4 ? text_be16(t, &o->value) : text_be32(t, &o->value));
	return NEXT;
}

static const char *const lcp_options[] = {
	"Vend-Ext",	  "MRU",	    "ACCM",
	"Auth-Prot",	  "Qual-Prot",	    "Magic-Num",
	"deprecated(6)",  "PFC",	    "ACFC",
	"FCS-Alt",	  "SDP",	    "Num-Mode",
	"deprecated(12)", "Call-Back",	    "deprecated(14)",
	"deprecated(15)", "deprecated(16)", "MRRU",
	"12-Bit seq #",	  "End-Disc",	    "Proprietary",
	"DCE-Id",	  "MP+",	    "Link-Disc",
	"LCP-Auth-Opt",	  "COBS",	    "Prefix-elision",
	"Multilink-header-Form", "I18N",    "SDL-over-SONET/SDH",
	"PPP-Muxing",
};

static enum outcome text_lcp(struct text *t, struct option *o,
			     const uint8_t *start)
{
	switch (o->type) {
	case 0:
		return text_vendor(t, o);
	case 1:
		return text_number(t, o, 4, ": %u", SKIP);
	case 2:
		return text_number(t, o, 6, ": 0x%08x", SKIP);
	case 3:
		return text_authentication(t, o, start);
	case 4:
		if (o->length < 4)
			return put_bogus(t, ">=", 4, END);
		put_text(t, text_be16(t, &o->value) == 0xc025 ? ": LQR"
							      : ": unknown");
		return NEXT;
	case 5:
		return text_number(t, o, 6, ": 0x%08x", END);
	case 7:
	case 8:
		return NEXT;
	case 13:
		return text_callback(t, o);
	case 17:
		return text_number(t, o, 4, ": %u", END);
	case 19:
		return text_discriminator(t, o);
	case 23:
		return text_number(t, o, 4, ": 0x%04x", END);
	default:
		text_unknown(t, o);
		return NEXT;
	}
}

static const struct label ipcp_options[] = {
	{1, "IP-Addrs"},   {2, "IP-Comp"},    {3, "IP-Addr"},
	{4, "Home-Addr"},  {129, "Pri-DNS"},  {130, "Pri-NBNS"},
	{131, "Sec-DNS"},  {132, "Sec-NBNS"}, {0, NULL},
};

/* tcpdump's dump with -vv begins behind what it has read of these. */
static void text_sub_options(struct text *t, struct option *o, uint32_t left)
{
	struct cursor c = o->dump;

	cursor_rest(&c, 12);
	put(t, "\n\t      Suboptions, length %u", left);
	while (left >= 2) {
		uint8_t type, length;

		if (!cursor_has(&c, 2)) {
			put_text(t, "[|ipcp]");
			return;
		}
		type = c.at[0];
		length = c.at[1];
		if (!type || !length)
			return;
		o->dump = c;
		cursor_rest(&o->dump, 2);
		put(t, "\n\t\t%s Suboption #%u, length %u",
		    type == 1	? "RTP-Compression"
		    : type == 2 ? "Enhanced RTP-Compression"
				: "Unknown",
		    type, length);
		if (left < length) {
			put(t, " [remaining suboptions length %u < %u]", left,
			    length);
			text_invalid(t);
			return;
		}
		left -= length;
		cursor_rest(&c, length);
		o->dump = c;
		/* Two bytes of type and length are left out of every dump. */
		o->dump.overrun = cursor_left(&c) < 2;
		cursor_rest(&o->dump, 2);
	}
}

static enum outcome text_compression(struct text *t, struct option *o)
{
	uint16_t protocol;
	const uint8_t *p;

	if (o->length < 4)
		return put_bogus(t, ">=", 4, END);
	protocol = text_be16(t, &o->value);
	put(t, ": %s (0x%02x):",
	    protocol == 0x2d   ? "VJ-Comp"
	    : protocol == 0x61 ? "IP Header Compression"
			       : "Unknown",
	    protocol);
	if (protocol != 0x61)
		return NEXT;
	if (o->length < 14)
		return put_bogus(t, ">=", 14, END);
	/* tcpdump looks for two bytes more than the fields have. */
	if (!cursor_has(&o->value, 12)) {
		put_text(t, "[|ipcp]");
		return END;
	}
	p = cursor_take(&o->value, 10);
	put(t,
	    "\n\t    TCP Space %u, non-TCP Space %u, maxPeriod %u, "
	    "maxTime %u, maxHdr %u",
	    load_be16(p), load_be16(p + 2), load_be16(p + 4),
	    load_be16(p + 6), load_be16(p + 8));
	if (o->length > 14)
		text_sub_options(t, o, o->length - 14u);
	return NEXT;
}

static enum outcome text_ipcp(struct text *t, struct option *o)
{
	const uint8_t *p;

	if (o->type == 1) {
		if (o->length != 10)
			return put_bogus(t, "=", 10, SKIP);
		p = text_bytes(t, &o->value, 8);
		put_text(t, ": src ");
		put_ipv4(t, p);
		put_text(t, ", dst ");
		put_ipv4(t, p + 4);
	} else if (o->type == 2) {
		return text_compression(t, o);
	} else if (label_find(ipcp_options, o->type)) {
		if (o->length != 6)
			return put_bogus(t, "=", 6, END);
		p = text_bytes(t, &o->value, 4);
		put_text(t, ": ");
		put_ipv4(t, p);
	} else {
		text_unknown(t, o);
	}
	return NEXT;
}

static enum outcome text_ipv6cp(struct text *t, struct option *o)
{
	const uint8_t *p;

	if (o->type != 1) {
		text_unknown(t, o);
		return NEXT;
	}
	if (o->length != 10)
		return put_bogus(t, "=", 10, SKIP);
	p = cursor_take(&o->value, 8);
	if (!p) {
		put_text(t, "[|ip6cp]");
		return END;
	}
	put(t, ": %04x:%04x:%04x:%04x", load_be16(p), load_be16(p + 2),
	    load_be16(p + 4), load_be16(p + 6));
	return NEXT;
}

static const struct label ccp_options[] = {
	{0, "OUI"},	  {1, "Pred-1"},   {2, "Pred-2"},
	{3, "Puddle"},	  {16, "HP-PPC"},  {17, "Stac-LZS"},
	{18, "MPPC"},	  {19, "Gand-FZA"}, {20, "V.42bis"},
	{21, "BSD-Comp"}, {23, "LZS-DCP"}, {24, "MVRCA"},
	{25, "DEC"},	  {26, "Deflate"}, {255, "Reserved"},
	{0, NULL},
};

static enum outcome text_ccp(struct text *t, struct option *o)
{
	const uint8_t *p;

	if (o->type == 21) {
		uint8_t octet;

		if (o->length < 3)
			return put_bogus(t, ">=", 3, SKIP);
		octet = text_u8(t, &o->value);
		put(t, ": Version: %u, Dictionary Bits: %u", octet >> 5,
		    octet & 0x1f);
		return NEXT;
	}
	if (o->type != 24 && o->type != 26) {
		text_unknown(t, o);
		return NEXT;
	}
	if (o->length < 4)
		return put_bogus(t, ">=", 4, SKIP);
	p = text_bytes(t, &o->value, 2);
	if (o->type == 24)
		put(t, ": Features: %u, PxP: %s, History: %u, #CTX-ID: %u",
		    p[0] >> 6, p[0] & 0x20 ? "Enabled" : "Disabled",
		    p[0] & 0x1f, p[1]);
	else
		put(t,
		    ": Window: %uK, Method: %s (0x%x), MBZ: %u, CHK: %u",
		    p[0] >> 4, (p[0] & 15) == 8 ? "zlib" : "unknown",
		    p[0] & 15, p[1] >> 2, p[1] & 3);
	return NEXT;
}

static enum outcome text_bacp(struct text *t, struct option *o)
{
	if (o->type == 1)
		return text_number(t, o, 6, ": Magic-Num 0x%08x", SKIP);
	text_unknown(t, o);
	return NEXT;
}

/* The name of an option; NULL if LCP has none. */
static const char *option_name(uint16_t protocol, uint8_t type)
{
	static const struct label ipv6cp[] = {{1, "Interface-ID"}, {0, NULL}};
	static const struct label bacp[] = {{1, "Favored-Peer"}, {0, NULL}};

	switch (protocol) {
	case PPP_LCP:
		return type <= 30 ? lcp_options[type] : NULL;
	case PPP_IPCP:
		return label_or(ipcp_options, type, "unknown");
	case PPP_IPV6CP:
		return label_or(ipv6cp, type, "unknown");
	case PPP_CCP:
		return label_or(ccp_options, type, "Unknown");
	default:
		return label_or(bacp, type, "Unknown");
	}
}

static enum outcome text_value(struct text *t, uint16_t protocol,
			       struct option *o, const uint8_t *start)
{
	switch (protocol) {
	case PPP_LCP:
		return text_lcp(t, o, start);
	case PPP_IPCP:
		return text_ipcp(t, o);
	case PPP_IPV6CP:
		return text_ipv6cp(t, o);
	case PPP_CCP:
		return text_ccp(t, o);
	default:
		return text_bacp(t, o);
	}
}

static const char *truncation(uint16_t protocol)
{
	return protocol == PPP_LCP	? "[|lcp]"
	       : protocol == PPP_IPCP	? "[|ipcp]"
	       : protocol == PPP_IPV6CP ? "[|ip6cp]"
	       : protocol == PPP_CCP	? "[|ccp]"
					: "[|bacp]";
}

static void put_dump(struct text *t, const struct option *o)
{
	if (o->dump.overrun)
		put_text(t, "\n\t    Dissector error: print_unknown_data "
			    "called with pointer past end of packet");
	else
		put_unknown_data(t, &o->dump, "\n\t    ", o->length - 2u);
}

/* Print the option at @c; how long it is, 0 where they end. */
static uint32_t text_option(struct text *t, uint16_t protocol, struct cursor c,
			    uint32_t most)
{
	const uint8_t *start = c.at;
	struct option o;
	const char *name;
	enum outcome outcome;

	if (most < 2)
		return 0;
	if (!cursor_has(&c, 2)) {
		put_text(t, truncation(protocol));
		return 0;
	}
	o.type = cursor_u8(&c);
	o.length = cursor_u8(&c);
	o.value = c;
	o.dump = c;
	if (most < o.length)
		return 0;
	name = option_name(protocol, o.type);
	if (!name) {
		put(t, "\n\tunknown LCP option 0x%02x", o.type);
		return o.length < 2 ? 0 : o.length;
	}
	put(t, "\n\t  %s Option (0x%02x), length %u", name, o.type, o.length);
	if (o.length < 2) {
		put_bogus(t, ">=", 2, END);
		return 0;
	}
	outcome = text_value(t, protocol, &o, start);
	if (outcome == END)
		return 0;
	if (outcome == NEXT && t->options->verbose > 1)
		put_dump(t, &o);
	return o.length;
}

static void text_options(struct text *t, uint16_t protocol, struct cursor c,
			 uint32_t length)
{
	uint32_t left = length - 4;

	if (protocol == PPP_OSICP || protocol == PPP_MPLSCP)
		return;
	do {
		uint32_t n = text_option(t, protocol, c, length);

		if (!n || t->stopped)
			return;
		if (left < n) {
			put(t, " [remaining options length %u < %u]", left, n);
			text_invalid(t);
			return;
		}
		left -= n;
		cursor_rest(&c, n);
	} while (left);
}

static void put_magic(struct text *t, struct cursor *c)
{
	put(t, "\n\t  Magic-Num 0x%08x", text_be32(t, c));
}

/* False where the snapshot ends in the message. */
static bool text_message(struct text *t, uint8_t code, struct cursor c,
			 uint32_t length, const uint8_t *start)
{
	struct cursor all = cursor_make(start, (size_t)(c.end - start));
	uint32_t number;

	switch (code) {
	case VENDOR_EXTENSION:
		if (length < 11)
			return true;
		put_magic(t, &c);
		number = text_be24(t, &c);
		put(t, " Vendor: %s (%u)",
		    label_or(oui_labels, number, "Unknown"), number);
		return true;
	case PROTOCOL_REJECT:
		if (length < 6)
			return true;
		number = text_be16(t, &c);
		put(t, "\n\t  Rejected %s Protocol (0x%04x)",
		    label_or(ppp_protocol_labels, number, "unknown"), number);
		if (length > 6) {
			put_text(t, "\n\t  Rejected Packet");
			put_unknown_data(t, &c, "\n\t    ", length - 2);
		}
		return true;
	case IDENTIFICATION:
		if (length < 8)
			return true;
		put_magic(t, &c);
		if (length > 8) {
			put_text(t, "\n\t  Message\n\t    ");
			return !put_visible_bytes(t, c.at, length - 4, c.end);
		}
		return true;
	case TIME_REMAINING:
		if (length < 12)
			return true;
		put_magic(t, &c);
		put(t, ", Seconds-Remaining %us", text_be32(t, &c));
		return true;
	default:
		if (t->options->verbose <= 1)
			put_unknown_data(t, &all, "\n\t  ", length + 2);
		return true;
	}
}

static bool text_echo(struct text *t, struct cursor c, uint32_t length)
{
	if (length < 8)
		return true;
	put_magic(t, &c);
	if (length == 8)
		return true;
	put_text(t, "\n\t  -----trailing data-----");
	if (!cursor_has(&c, length - 8))
		return false;
	put_unknown_data(t, &c, "\n\t  ", length - 8);
	return true;
}

/* The body, with -v. False where the snapshot ends in it. */
static bool text_body(struct text *t, uint16_t protocol, uint8_t code,
		      struct cursor c, uint32_t packet, const uint8_t *start)
{
	struct cursor all = cursor_make(start, (size_t)(c.end - start));
	uint16_t length = text_be16(t, &c);

	if (t->stopped)
		return true;
	put(t, "\n\tencoded length %u ", length);
	if (length < 4) {
		put_text(t, "(< 4))");
		return true;
	}
	if (length > packet) {
		put(t, "(> packet length %u))", packet);
		return true;
	}
	put(t, "(=Option(s) length %u)", length - 4);
	if (length == 4)
		return true;
	if (t->options->verbose > 1)
		put_unknown_data(t, &all, "\n\t", 6);
	if (code >= CONFIGURE_REQUEST && code <= CONFIGURE_REJECT) {
		text_options(t, protocol, c, length);
		return true;
	}
	if (code >= TERMINATE_REQUEST && code <= CODE_REJECT)
		return true;
	if (code >= ECHO_REQUEST && code <= DISCARD_REQUEST)
		return text_echo(t, c, length);
	return text_message(t, code, c, length, start);
}

void ppp_text_control(struct text *t, uint16_t protocol, struct cursor c,
		      uint32_t length, const uint8_t *start)
{
	const char *name = label_or(ppp_protocol_labels, protocol, "");
	uint8_t code;

	put(t, "%s, ", name);
	if (length < 4 || !cursor_has(&c, 2)) {
		put(t, "[|%s]", name);
		return;
	}
	code = cursor_u8(&c);
	put(t, "%s (0x%02x), id %u, length %u",
	    code < 16 ? codes[code] : "Unknown Opcode", code, cursor_u8(&c),
	    length + 2);
	if (t->options->verbose &&
	    !text_body(t, protocol, code, c, length, start))
		put(t, "[|%s]", name);
}

static void put_counted(struct text *t, struct cursor *c, const char *what,
			uint32_t n)
{
	put_text(t, what);
	for (uint32_t i = 0; i < n && !t->stopped; i++)
		put_visible(t, text_u8(t, c));
}

/* What PAP and CHAP begin with. False if it is too short. */
static bool text_handshake(struct text *t, struct cursor *c, uint32_t length,
			   const char *lower, const char *upper,
			   const struct label *labels, uint8_t *code)
{
	if (length < 1) {
		put(t, "[|%s]", lower);
		return false;
	}
	*code = text_u8(t, c);
	if (length < 4) {
		put(t, "[|%s 0x%02x]", lower, *code);
		return false;
	}
	put(t, "%s, %s (0x%02x)", upper, label_or(labels, *code, "unknown"),
	    *code);
	put(t, ", id %u", text_u8(t, c));
	return !t->stopped;
}

void ppp_text_chap(struct text *t, struct cursor c, uint32_t length)
{
	static const struct label names[] = {
		{1, "Challenge"}, {2, "Response"}, {3, "Success"}, {4, "Fail"},
		{0, NULL},
	};
	uint8_t code, size;
	uint16_t encoded;

	if (!text_handshake(t, &c, length, "chap", "CHAP", names, &code))
		return;
	encoded = text_be16(t, &c);
	if (code == 3 || code == 4) {
		put_counted(t, &c, ", Msg ", encoded - 4u);
		return;
	}
	if ((code != 1 && code != 2) || length < 5)
		return;
	size = text_u8(t, &c);
	if (length - 5 < size)
		return;
	put_text(t, ", Value ");
	for (int i = 0; i < size; i++)
		put(t, "%02x", text_u8(t, &c));
	put_counted(t, &c, ", Name ", encoded - 5u - size);
}

void ppp_text_pap(struct text *t, struct cursor c, uint32_t length)
{
	static const struct label names[] = {
		{1, "Auth-Req"}, {2, "Auth-ACK"}, {3, "Auth-NACK"}, {0, NULL}};
	uint32_t left;
	uint16_t encoded;
	uint8_t code, size;

	if (!text_handshake(t, &c, length, "pap", "PAP", names, &code))
		return;
	encoded = text_be16(t, &c);
	if (encoded > length) {
		put(t, ", length %u > packet size", encoded);
		return;
	}
	if (encoded < 4) {
		put(t, ", length %u < PAP header length", encoded);
		return;
	}
	if (code < 1 || code > 3)
		return;
	if (encoded < (code == 1 ? 6 : 5)) {
		put_text(t, "[|pap]");
		return;
	}
	left = encoded - 4u;
	for (int i = 0; i < (code == 1 ? 2 : 1); i++) {
		if (left < 1)
			return;
		size = text_u8(t, &c);
		left--;
		if (left < size)
			return;
		put_counted(t, &c,
			    code != 1 ? ", Msg "
			    : i	      ? ", Name "
				      : ", Peer ",
			    size);
		left -= size;
	}
}
