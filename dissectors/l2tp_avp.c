/* SPDX-License-Identifier: BSD-3-Clause */
/* Attributes of L2TP: RFC 2661, section 4.4; RFC 3145. */
#include "dissectors/l2tp.h"

#include "src/base/cleanup.h"

enum { HEADER = 6, MANDATORY = 0x8000, HIDDEN = 0x4000, LENGTH_MASK = 0x3ff };

enum kind {
	UNKNOWN,
	EMPTY,
	MESSAGE_TYPE,
	RESULT_CODE,
	VERSION,
	CAPABILITY, /* of framing or bearer */
	BEARER,
	NUMBER_16,
	NUMBER_32,
	TEXT,
	OCTETS,
	OCTETS_8,
	OCTETS_16,
	CAUSE,
	OBSOLETE,
	AUTHENTICATION,
	AUTHENTICATION_ID,
	CALL_ERRORS,
	ACCM,
	DISCONNECT_CAUSE,
	KINDS,
};

static const struct label message_labels[] = {
	{1, "SCCRQ"}, {2, "SCCRP"}, {3, "SCCCN"}, {4, "StopCCN"}, {6, "HELLO"},
	{7, "OCRQ"},  {8, "OCRP"},  {9, "OCCN"},  {10, "ICRQ"},	  {11, "ICRP"},
	{12, "ICCN"}, {14, "CDN"},  {15, "WEN"},  {16, "SLI"},	  {0, NULL},
};

static const struct {
	const char *name;
	enum kind kind;
} attributes[] = {
	[0] = {"MSGTYPE", MESSAGE_TYPE},
	[1] = {"RESULT_CODE", RESULT_CODE},
	[2] = {"PROTO_VER", VERSION},
	[3] = {"FRAMING_CAP", CAPABILITY},
	[4] = {"BEARER_CAP", BEARER},
	[5] = {"TIE_BREAKER", OCTETS_8},
	[6] = {"FIRM_VER", NUMBER_16},
	[7] = {"HOST_NAME", TEXT},
	[8] = {"VENDOR_NAME", TEXT},
	[9] = {"ASSND_TUN_ID", NUMBER_16},
	[10] = {"RECV_WIN_SIZE", NUMBER_16},
	[11] = {"CHALLENGE", OCTETS},
	[12] = {"Q931_CC", CAUSE},
	[13] = {"CHALLENGE_RESP", OCTETS_16},
	[14] = {"ASSND_SESS_ID", NUMBER_16},
	[15] = {"CALL_SER_NUM", NUMBER_32},
	[16] = {"MINIMUM_BPS", NUMBER_32},
	[17] = {"MAXIMUM_BPS", NUMBER_32},
	[18] = {"BEARER_TYPE", BEARER},
	[19] = {"FRAMING_TYPE", CAPABILITY},
	[20] = {"PACKET_PROC_DELAY", OBSOLETE},
	[21] = {"CALLED_NUMBER", TEXT},
	[22] = {"CALLING_NUMBER", TEXT},
	[23] = {"SUB_ADDRESS", TEXT},
	[24] = {"TX_CONN_SPEED", NUMBER_32},
	[25] = {"PHY_CHANNEL_ID", NUMBER_32},
	[26] = {"INI_RECV_LCP", OCTETS},
	[27] = {"LAST_SENT_LCP", OCTETS},
	[28] = {"LAST_RECV_LCP", OCTETS},
	[29] = {"PROXY_AUTH_TYPE", AUTHENTICATION},
	[30] = {"PROXY_AUTH_NAME", TEXT},
	[31] = {"PROXY_AUTH_CHAL", OCTETS},
	[32] = {"PROXY_AUTH_ID", AUTHENTICATION_ID},
	[33] = {"PROXY_AUTH_RESP", OCTETS},
	[34] = {"CALL_ERRORS", CALL_ERRORS},
	[35] = {"ACCM", ACCM},
	[36] = {"RANDOM_VECTOR", OCTETS},
	[37] = {"PRIVATE_GRP_ID", TEXT},
	[38] = {"RX_CONN_SPEED", NUMBER_32},
	[39] = {"SEQ_REQUIRED", EMPTY},
	[46] = {"PPP_DISCON_CC", DISCONNECT_CAUSE},
};

/* What it must hold at least. */
static const uint8_t least_length[KINDS] = {
	[MESSAGE_TYPE] = 2,   [RESULT_CODE] = 2, [VERSION] = 2,
	[CAPABILITY] = 4,     [BEARER] = 4,	 [NUMBER_16] = 2,
	[NUMBER_32] = 4,      [OCTETS_8] = 8,	 [OCTETS_16] = 16,
	[CAUSE] = 3,	      [AUTHENTICATION] = 2, [AUTHENTICATION_ID] = 2,
	[CALL_ERRORS] = 2,    [ACCM] = 2,	 [DISCONNECT_CAUSE] = 5,
};

static void put_rest(struct text *t, const uint8_t *p, uint32_t n)
{
	if (!n)
		return;
	put_char(t, ' ');
	put_visible_bytes(t, p, n, p + n);
}

static void text_result(struct text *t, const uint8_t *p, uint32_t n)
{
	put_u32(t, load_be16(p));
	if (n == 2)
		return;
	if (n == 3) {
		put_text(t, " AVP too short");
		return;
	}
	put(t, "/%u", load_be16(p + 2));
	put_rest(t, p + 4, n - 4);
}

/* Numbers of 4 bytes behind 2 reserved ones, each with its title. */
static void text_numbers(struct text *t, const uint8_t *p, uint32_t n,
			 const char *const *titles, const char *format)
{
	for (n -= 2, p += 2; *titles; titles++, n -= 4, p += 4) {
		if (n < 4) {
			put_text(t, "AVP too short");
			return;
		}
		put_text(t, *titles);
		if (*format == 'x')
			put(t, "%08x ", load_be32(p));
		else
			put(t, "%u ", load_be32(p));
	}
}

static void put_pair(struct text *t, uint32_t value, char second, char first)
{
	if (value & 2)
		put_char(t, second);
	if (value & 1)
		put_char(t, first);
}

static void text_disconnect(struct text *t, const uint8_t *p, uint32_t n)
{
	static const struct label labels[] = {
		{0, "global error"}, {1, "at peer"}, {2, "at local"},
		{0, NULL},
	};

	put(t, "%04x, %04x ", load_be16(p), load_be16(p + 2));
	put_label(t, labels, p[4], "Direction-#%u");
	put_rest(t, p + 5, n - 5);
}

static void text_value(struct text *t, enum kind kind, const uint8_t *p,
		       uint32_t n)
{
	static const struct label authentications[] = {
		{0, "Reserved"}, {1, "Textual"}, {2, "CHAP"}, {3, "PAP"},
		{4, "No Auth"},	 {5, "MS-CHAPv1"}, {0, NULL},
	};
	static const char *const errors[] = {
		"CRCErr=",  "FrameErr=", "HardOver=", "BufOver=",
		"Timeout=", "AlignErr=", NULL};
	static const char *const maps[] = {"send=", "recv=", NULL};

	if (n < least_length[kind]) {
		put_text(t, "AVP too short");
		return;
	}
	switch (kind) {
	case MESSAGE_TYPE:
		put_label(t, message_labels, load_be16(p), "MSGTYPE-#%u");
		break;
	case RESULT_CODE:
		text_result(t, p, n);
		break;
	case VERSION:
		put(t, "%u.%u", p[0], p[1]);
		break;
	case CAPABILITY:
		put_pair(t, load_be32(p), 'A', 'S');
		break;
	case BEARER:
		put_pair(t, load_be32(p), 'A', 'D');
		break;
	case NUMBER_16:
		put_u32(t, load_be16(p));
		break;
	case NUMBER_32:
		put_u32(t, load_be32(p));
		break;
	case TEXT:
		put_visible_bytes(t, p, n, p + n);
		break;
	case OCTETS:
		put_hex_bytes(t, p, n);
		break;
	case OCTETS_8:
	case OCTETS_16:
		put_hex_bytes(t, p, least_length[kind]);
		break;
	case CAUSE:
		put(t, "%u, %02x", load_be16(p), p[2]);
		put_rest(t, p + 3, n - 3);
		break;
	case OBSOLETE:
		put_text(t, "obsolete");
		break;
	case AUTHENTICATION:
		put_label(t, authentications, load_be16(p), "AuthType-#%u");
		break;
	case AUTHENTICATION_ID:
		put_u32(t, p[1]);
		break;
	case CALL_ERRORS:
		text_numbers(t, p, n, errors, "u");
		break;
	case ACCM:
		text_numbers(t, p, n, maps, "x");
		break;
	case DISCONNECT_CAUSE:
		text_disconnect(t, p, n);
		break;
	default:
		break;
	}
}

static void text_attribute(struct text *t, const uint8_t *p, uint32_t length)
{
	uint16_t vendor = load_be16(p + 2), type = load_be16(p + 4);
	uint16_t flags = load_be16(p);
	enum kind kind = UNKNOWN;

	if (flags & MANDATORY)
		put_char(t, '*');
	if (flags & HIDDEN)
		put_char(t, '?');
	if (vendor) {
		put(t, "VENDOR%04x:ATTR%04x(", vendor, type);
		put_hex_bytes(t, p + HEADER, length - HEADER);
		put_char(t, ')');
		return;
	}
	if (type < ARRAY_SIZE(attributes) && attributes[type].name) {
		put_text(t, attributes[type].name);
		kind = attributes[type].kind;
	} else {
		put(t, "AVP-#%u", type);
	}
	put_char(t, '(');
	if (flags & HIDDEN)
		put_text(t, "???");
	else
		text_value(t, kind, p + HEADER, length - HEADER);
	put_char(t, ')');
}

void l2tp_text_attributes(struct text *t, struct cursor c, uint32_t left)
{
	while (left && !t->stopped) {
		struct cursor header = c;
		uint32_t length;

		put_char(t, ' ');
		length = text_be16(t, &header) & LENGTH_MASK;
		if (length > left || length < HEADER ||
		    !cursor_has(&c, length)) {
			text_trunc(t);
			return;
		}
		text_attribute(t, cursor_take(&c, length), length);
		left -= length;
	}
}
