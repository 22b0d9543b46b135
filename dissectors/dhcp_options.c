/* SPDX-License-Identifier: BSD-3-Clause */
/* Options of DHCP: RFC 2132 and the IANA registry. */
#include "dissectors/dhcp.h"

enum option_code {
	CODE_PAD = 0,
	CODE_NETBIOS_NODE = 46,
	CODE_OVERLOAD = 52,
	CODE_MESSAGE_TYPE = 53,
	CODE_PARAMETERS = 55,
	CODE_CLIENT_ID = 61,
	CODE_USER_CLASS = 77,	      /* RFC 3004 */
	CODE_CLIENT_NAME = 81,	      /* RFC 4702 */
	CODE_AGENT = 82,	      /* RFC 3046 */
	CODE_ROUTES = 121,	      /* RFC 3442 */
	CODE_ROUTES_MICROSOFT = 249,
	CODE_END = 255,
};

enum format {
	FORMAT_UNKNOWN, /* by length: bytes, shorts, words */
	FORMAT_NONE,
	FORMAT_ADDRESS,
	FORMAT_PAIR, /* of addresses */
	FORMAT_WORD,
	FORMAT_SIGNED,
	FORMAT_SHORT,
	FORMAT_BYTES,
	FORMAT_TEXT,
	FORMAT_BOOLEAN,
	FORMAT_SPECIAL,
};

static const struct {
	enum format format;
	const char *name;
} options[256] = {
	[0] = {FORMAT_NONE, "PAD"},
	[1] = {FORMAT_ADDRESS, "Subnet-Mask"},
	[2] = {FORMAT_SIGNED, "Time-Zone"},
	[3] = {FORMAT_ADDRESS, "Default-Gateway"},
	[4] = {FORMAT_ADDRESS, "Time-Server"},
	[5] = {FORMAT_ADDRESS, "IEN-Name-Server"},
	[6] = {FORMAT_ADDRESS, "Domain-Name-Server"},
	[7] = {FORMAT_ADDRESS, "LOG"},
	[8] = {FORMAT_ADDRESS, "CS"},
	[9] = {FORMAT_ADDRESS, "LPR-Server"},
	[10] = {FORMAT_ADDRESS, "IM"},
	[11] = {FORMAT_ADDRESS, "RL"},
	[12] = {FORMAT_TEXT, "Hostname"},
	[13] = {FORMAT_SHORT, "BS"},
	[14] = {FORMAT_TEXT, "DP"},
	[15] = {FORMAT_TEXT, "Domain-Name"},
	[16] = {FORMAT_ADDRESS, "SS"},
	[17] = {FORMAT_TEXT, "RP"},
	[18] = {FORMAT_TEXT, "EP"},
	[19] = {FORMAT_BOOLEAN, "IPF"},
	[20] = {FORMAT_BOOLEAN, "SRT"},
	[21] = {FORMAT_PAIR, "PF"},
	[22] = {FORMAT_SHORT, "RSZ"},
	[23] = {FORMAT_BYTES, "TTL"},
	[24] = {FORMAT_WORD, "MTU-Timeout"},
	[25] = {FORMAT_SHORT, "MTU-Table"},
	[26] = {FORMAT_SHORT, "MTU"},
	[27] = {FORMAT_BOOLEAN, "LSN"},
	[28] = {FORMAT_ADDRESS, "BR"},
	[29] = {FORMAT_BOOLEAN, "MD"},
	[30] = {FORMAT_BOOLEAN, "MS"},
	[31] = {FORMAT_BOOLEAN, "Router-Discovery"},
	[32] = {FORMAT_ADDRESS, "RSA"},
	[33] = {FORMAT_PAIR, "Static-Route"},
	[34] = {FORMAT_BOOLEAN, "UT"},
	[35] = {FORMAT_WORD, "AT"},
	[36] = {FORMAT_BOOLEAN, "IE"},
	[37] = {FORMAT_BYTES, "TT"},
	[38] = {FORMAT_WORD, "KI"},
	[39] = {FORMAT_BOOLEAN, "KG"},
	[40] = {FORMAT_TEXT, "YD"},
	[41] = {FORMAT_ADDRESS, "YS"},
	[42] = {FORMAT_ADDRESS, "NTP"},
	[43] = {FORMAT_BYTES, "Vendor-Option"},
	[44] = {FORMAT_ADDRESS, "Netbios-Name-Server"},
	[45] = {FORMAT_ADDRESS, "WDD"},
	[46] = {FORMAT_SPECIAL, "Netbios-Node"},
	[47] = {FORMAT_TEXT, "Netbios-Scope"},
	[48] = {FORMAT_ADDRESS, "XFS"},
	[49] = {FORMAT_ADDRESS, "XDM"},
	[50] = {FORMAT_ADDRESS, "Requested-IP"},
	[51] = {FORMAT_WORD, "Lease-Time"},
	[52] = {FORMAT_SPECIAL, "OO"},
	[53] = {FORMAT_NONE, "DHCP-Message"},
	[54] = {FORMAT_ADDRESS, "Server-ID"},
	[55] = {FORMAT_BYTES, "Parameter-Request"},
	[56] = {FORMAT_TEXT, "MSG"},
	[57] = {FORMAT_SHORT, "MSZ"},
	[58] = {FORMAT_WORD, "RN"},
	[59] = {FORMAT_WORD, "RB"},
	[60] = {FORMAT_TEXT, "Vendor-Class"},
	[61] = {FORMAT_SPECIAL, "Client-ID"},
	[64] = {FORMAT_SHORT, "N+D"},
	[65] = {FORMAT_ADDRESS, "N+S"},
	[66] = {FORMAT_TEXT, "TFTP"},
	[67] = {FORMAT_TEXT, "BF"},
	[68] = {FORMAT_ADDRESS, "MH"},
	[69] = {FORMAT_ADDRESS, "SMTP"},
	[70] = {FORMAT_ADDRESS, "POP3"},
	[71] = {FORMAT_ADDRESS, "NNTP"},
	[72] = {FORMAT_ADDRESS, "WWW"},
	[73] = {FORMAT_ADDRESS, "FG"},
	[74] = {FORMAT_ADDRESS, "IRC"},
	[75] = {FORMAT_ADDRESS, "STS"},
	[76] = {FORMAT_ADDRESS, "STDA"},
	[77] = {FORMAT_SPECIAL, "User-Class"},
	[78] = {FORMAT_BYTES, "SLP-DA"},
	[79] = {FORMAT_BYTES, "SLP-SCOPE"},
	[80] = {FORMAT_TEXT, "SLP-NA"},
	[81] = {FORMAT_SPECIAL, "FQDN"},
	[82] = {FORMAT_SPECIAL, "Agent-Information"},
	[83] = {FORMAT_BYTES, "ARMT"},
	[88] = {FORMAT_TEXT, "TZSTR"},
	[89] = {FORMAT_BYTES, "FQDNS"},
	[90] = {FORMAT_BYTES, "AUTH"},
	[91] = {FORMAT_SIGNED, "Last-Transaction-Time"},
	[92] = {FORMAT_ADDRESS, "Associated-IP"},
	[93] = {FORMAT_SHORT, "ARCH"},
	[94] = {FORMAT_BYTES, "NDI"},
	[95] = {FORMAT_TEXT, "LDAP"},
	[97] = {FORMAT_BYTES, "GUID"},
	[98] = {FORMAT_TEXT, "UAP"},
	[100] = {FORMAT_TEXT, "POSIX-TZ"},
	[101] = {FORMAT_TEXT, "TZ-Name"},
	[112] = {FORMAT_ADDRESS, "NI"},
	[113] = {FORMAT_TEXT, "NITAG"},
	[114] = {FORMAT_TEXT, "URL"},
	[116] = {FORMAT_BOOLEAN, "NOAUTO"},
	[117] = {FORMAT_SHORT, "NSSEARCH"},
	[118] = {FORMAT_ADDRESS, "SUBNET"},
	[121] = {FORMAT_SPECIAL, "Classless-Static-Route"},
	[150] = {FORMAT_ADDRESS, "TFTP-Server-Address"},
	[161] = {FORMAT_TEXT, "MUD-URL"},
	[249] = {FORMAT_SPECIAL, "Classless-Static-Route-Microsoft"},
	[255] = {FORMAT_NONE, "END"},
};

static const struct label message_labels[] = {
	{1, "Discover"},	{2, "Offer"},	    {3, "Request"},
	{4, "Decline"},		{5, "ACK"},	    {6, "NACK"},
	{7, "Release"},		{8, "Inform"},	    {10, "LeaseQuery"},
	{11, "LeaseUnassigned"}, {12, "LeaseUnknown"}, {13, "LeaseActive"},
	{0, NULL},
};

bool dhcp_option_next(struct cursor *c, struct dhcp_option *option)
{
	uint8_t code, length;

	do
		code = cursor_has(c, 1) ? cursor_u8(c) : CODE_END;
	while (code == CODE_PAD);
	if (code == CODE_END)
		return false;
	length = cursor_u8(c);
	if (!cursor_has(c, length))
		return false;
	*option = (struct dhcp_option){code, cursor_rest(c, length)};
	return true;
}

static const char *option_name(uint8_t code)
{
	return options[code].name ? options[code].name : "Unknown";
}

/* A value being printed: what is left of it. */
struct value {
	const uint8_t *at;
	uint32_t left;
	bool first;
};

static const uint8_t *value_take(struct value *v, uint32_t n)
{
	const uint8_t *at = v->at;

	v->at += n;
	v->left -= n;
	return at;
}

static void put_quoted(struct text *t, struct value *v, uint32_t n)
{
	const uint8_t *bytes = value_take(v, n);

	put_char(t, '"');
	put_visible_bytes(t, bytes, n, bytes + n);
	put_char(t, '"');
}

static void put_separator(struct text *t, struct value *v, char separator)
{
	if (!v->first)
		put_char(t, separator);
	v->first = false;
}

/* Too short for what it is; what there is of it is passed over. */
static void text_short(struct text *t, struct value *v, unsigned int least)
{
	put(t, "[ERROR: length < %u bytes]", least);
	value_take(v, v->left);
}

static void text_node(struct text *t, struct value *v,
		      const struct label *labels)
{
	if (v->left < 1)
		put_text(t, "[ERROR: length < 1 bytes]");
	else
		put_label(t, labels, *value_take(v, 1), "#%d");
}

static void text_client_name(struct text *t, struct value *v)
{
	const uint8_t *p = v->at;

	if (v->left < 3) {
		text_short(t, v, 3);
		return;
	}
	if (p[0] & 0xf0)
		put(t, "[ERROR: MBZ nibble 0x%x != 0] ", p[0] >> 4);
	if (p[0] & 0x0f)
		put(t, "[%s%s%s%s] ", p[0] & 1 ? "S" : "", p[0] & 2 ? "O" : "",
		    p[0] & 4 ? "E" : "", p[0] & 8 ? "N" : "");
	if (p[1] || p[2])
		put(t, "%u/%u ", p[1], p[2]);
	value_take(v, 3);
	put_quoted(t, v, v->left);
}

static void text_client_id(struct text *t, struct value *v)
{
	static const struct label types[] = {
		{1, "ether"},	{6, "ieee802"}, {7, "arcnet"},
		{15, "frelay"}, {23, "strip"},	{24, "ieee1394"},
		{0, NULL},
	};
	uint8_t type;

	if (v->left < 1) {
		put_text(t, "[ERROR: length < 1 bytes]");
		return;
	}
	type = *value_take(v, 1);
	if (!type) {
		put_quoted(t, v, v->left);
		return;
	}
	put_label(t, types, type, "hardware-type %u,");
	put_char(t, ' ');
	addr_put_bytes(t->out, v->at, v->left);
	value_take(v, v->left);
}

static void text_agent(struct text *t, struct value *v)
{
	static const struct label codes[] = {
		{1, "Circuit-ID"},
		{2, "Remote-ID"},
		{6, "Subscriber-ID"},
		{0, NULL},
	};

	while (v->left >= 2) {
		uint8_t code = *value_take(v, 1);
		uint8_t length = *value_take(v, 1);
		const char *name = label_find(codes, code);
		const uint8_t *bytes;

		put(t, "\n\t      %s SubOption %u, length %u: ",
		    name ? name : "Unknown", code, length);
		if (length > v->left) {
			put_text(t, "length goes past end of option");
			value_take(v, v->left);
			return;
		}
		bytes = value_take(v, length);
		if (name)
			put_visible_bytes(t, bytes, length, bytes + length);
		else
			put_hex(t, "\n\t\t", bytes, length);
	}
}

static void text_route(struct text *t, const uint8_t *p, uint32_t octets,
		       uint8_t width)
{
	put_char(t, '(');
	if (!width) {
		put_text(t, "default");
	} else {
		for (uint32_t i = 0; i < octets; i++)
			put(t, "%s%u", i ? "." : "", p[i]);
		for (uint32_t i = octets; i < 4; i++)
			put_text(t, ".0");
		put(t, "/%u", width);
	}
	put_char(t, ':');
	put_ipv4(t, p + octets);
	put_char(t, ')');
}

static void text_routes(struct text *t, struct value *v)
{
	if (v->left < 5) {
		text_short(t, v, 5);
		return;
	}
	while (v->left) {
		uint32_t octets;
		uint8_t width;

		put_separator(t, v, ',');
		width = *value_take(v, 1);
		if (width > 32) {
			put(t, "[ERROR: Mask width (%u) > 32]", width);
			value_take(v, v->left);
			return;
		}
		octets = (width + 7u) / 8;
		if (v->left < octets + 4) {
			put(t, "[ERROR: Remaining length (%u) < %u bytes]",
			    v->left, octets + 4);
			value_take(v, v->left);
			return;
		}
		text_route(t, value_take(v, octets + 4), octets, width);
	}
}

static void text_user_class(struct text *t, struct value *v)
{
	if (v->left < 2) {
		text_short(t, v, 2);
		return;
	}
	for (unsigned int i = 1; v->left; i++) {
		uint8_t length = *value_take(v, 1);

		put(t, "\n\t      instance#%u: ", i);
		if (!length || length > v->left) {
			put_text(t, length ? "[ERROR: invalid option]"
					   : "[ERROR: suboption length must "
					     "be non-zero]");
			value_take(v, v->left);
			return;
		}
		put_quoted(t, v, length);
		put(t, ", length %u", length);
	}
}

static void text_special(struct text *t, struct value *v, uint8_t code)
{
	static const struct label nodes[] = {
		{1, "b-node"}, {2, "p-node"}, {4, "m-node"}, {8, "h-node"},
		{0, NULL},
	};
	static const struct label overloads[] = {
		{1, "file"}, {2, "sname"}, {3, "file+sname"}, {0, NULL}};

	switch (code) {
	case CODE_NETBIOS_NODE:
		text_node(t, v, nodes);
		break;
	case CODE_OVERLOAD:
		text_node(t, v, overloads);
		break;
	case CODE_CLIENT_NAME:
		text_client_name(t, v);
		break;
	case CODE_CLIENT_ID:
		text_client_id(t, v);
		break;
	case CODE_AGENT:
		text_agent(t, v);
		break;
	case CODE_USER_CLASS:
		text_user_class(t, v);
		break;
	default:
		text_routes(t, v);
		break;
	}
}

static void text_unit(struct text *t, enum format format, const uint8_t *p)
{
	switch (format) {
	case FORMAT_ADDRESS:
		put_ipv4(t, p);
		break;
	case FORMAT_PAIR:
		put_char(t, '(');
		put_ipv4(t, p);
		put_char(t, ':');
		put_ipv4(t, p + 4);
		put_char(t, ')');
		break;
	case FORMAT_SIGNED:
		put(t, "%d", (int32_t)load_be32(p));
		break;
	case FORMAT_WORD:
		put_u32(t, load_be32(p));
		break;
	case FORMAT_SHORT:
		put_u32(t, load_be16(p));
		break;
	case FORMAT_BOOLEAN:
		if (*p > 1)
			put(t, "%u?", *p);
		else
			put_char(t, *p ? 'Y' : 'N');
		break;
	default:
		put_u32(t, *p);
		break;
	}
}

static uint32_t unit_size(enum format format)
{
	switch (format) {
	case FORMAT_PAIR:
		return 8;
	case FORMAT_ADDRESS:
	case FORMAT_WORD:
	case FORMAT_SIGNED:
		return 4;
	case FORMAT_SHORT:
		return 2;
	default:
		return 1;
	}
}

static void text_value(struct text *t, struct value *v, uint8_t code)
{
	enum format format = options[code].format;
	uint32_t size;

	if (format == FORMAT_UNKNOWN)
		format = v->left & 1   ? FORMAT_BYTES
			 : v->left & 2 ? FORMAT_SHORT
				       : FORMAT_WORD;
	if (format == FORMAT_TEXT) {
		put_quoted(t, v, v->left);
		return;
	}
	if (format == FORMAT_SPECIAL) {
		text_special(t, v, code);
		return;
	}
	size = unit_size(format);
	while (v->left >= size) {
		put_separator(t, v,
			      size == 1 && format != FORMAT_BOOLEAN ? '.'
								    : ',');
		text_unit(t, format, value_take(v, size));
	}
}

static void text_parameters(struct text *t, struct value *v)
{
	for (unsigned int i = 0; v->left; i++) {
		uint8_t code = *value_take(v, 1);

		put(t, "%s%s (%u)", i % 4 ? ", " : "\n\t      ",
		    option_name(code), code);
	}
}

/* Padding, counted with -vvv. */
static void text_padding(struct text *t, struct cursor *c)
{
	unsigned int count = 1;

	while (cursor_has(c, 1) && c->at[0] == CODE_PAD) {
		cursor_skip(c, 1);
		count++;
	}
	if (count > 1)
		put(t, ", occurs %u", count);
}

static void text_option(struct text *t, struct value *v, uint8_t code)
{
	if (code == CODE_MESSAGE_TYPE && v->left == 1) {
		put_label(t, message_labels, *v->at, "Unknown (%u)");
		return;
	}
	if (code == CODE_PARAMETERS) {
		text_parameters(t, v);
		return;
	}
	text_value(t, v, code);
	if (v->left)
		put(t, "\n\t  trailing data length %u", v->left);
}

void dhcp_text_options(struct text *t, const struct layer *layer)
{
	struct cursor c = text_cursor(layer);

	put(t, "\n\t  Vendor-rfc1048 Extensions\n\t    Magic Cookie 0x%08x",
	    layer->dhcp.cookie);
	cursor_skip(&c, DHCP_OPTIONS);
	while (cursor_has(&c, 1) && !t->stopped) {
		uint8_t code = cursor_u8(&c);
		struct value v = {.first = true};

		if (code == CODE_PAD && t->options->verbose < 3)
			continue;
		if (code == CODE_END && t->options->verbose < 3)
			return;
		if (code != CODE_PAD && code != CODE_END)
			v.left = text_u8(t, &c);
		put(t, "\n\t    %s (%u), length %u%s", option_name(code), code,
		    v.left, v.left ? ": " : "");
		if (code == CODE_PAD)
			text_padding(t, &c);
		if (!cursor_has(&c, v.left)) {
			text_trunc(t);
			return;
		}
		v.at = cursor_take(&c, v.left);
		text_option(t, &v, code);
	}
}

void dhcp_json_options(struct json *json, const struct layer *layer)
{
	struct cursor c = text_cursor(layer);
	struct dhcp_option option;

	cursor_skip(&c, DHCP_OPTIONS);
	json_open_array(json, "options");
	while (dhcp_option_next(&c, &option)) {
		json_open_object(json, NULL);
		json_u64(json, "code", option.code);
		if (options[option.code].format == FORMAT_TEXT)
			json_text(json, "text",
				  (const char *)option.value.data,
				  option.value.length);
		else
			json_hex(json, "data", option.value.data,
				 option.value.length);
		json_close_object(json);
	}
	json_close_array(json);
}
