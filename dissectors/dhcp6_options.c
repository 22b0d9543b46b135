/* SPDX-License-Identifier: BSD-3-Clause */
/* Options of DHCPv6: RFC 8415 and the IANA registry. */
#include "dissectors/dhcp6.h"

#include "dissectors/dns.h"

enum option_code {
	CODE_CLIENT = 1,
	CODE_SERVER = 2,
	CODE_IA_NA = 3,
	CODE_IA_TA = 4,
	CODE_ADDRESS = 5,
	CODE_REQUEST = 6,
	CODE_PREFERENCE = 7,
	CODE_ELAPSED = 8,
	CODE_RELAYED = 9,
	CODE_AUTHENTICATION = 11,
	CODE_STATUS = 13,
	CODE_INTERFACE = 18,
	CODE_RECONFIGURE = 19,
	CODE_SIP_NAMES = 21,
	CODE_SIP_SERVERS = 22,
	CODE_DNS_SERVERS = 23,
	CODE_SEARCH = 24,
	CODE_IA_PD = 25,
	CODE_PREFIX = 26,
	CODE_NIS_SERVERS = 27,
	CODE_NISP_SERVERS = 28,
	CODE_SNTP_SERVERS = 31,
	CODE_LIFETIME = 32,
	CODE_BCMCS_SERVERS = 34,
	CODE_REMOTE = 37,
	CODE_SUBSCRIBER = 38,
	CODE_PANA_AGENTS = 40,
	CODE_POSIX_ZONE = 41,
	CODE_ZONE_NAME = 42,
	CODE_ECHO_REQUEST = 43,
	CODE_LEASE_QUERY = 44,
	CODE_CLIENT_DATA = 45,
	CODE_CLIENT_TIME = 46,
	CODE_RELAY_DATA = 47,
	CODE_CLIENT_LINK = 48,
	CODE_NTP = 56,
	CODE_TUNNEL_NAME = 64,
	CODE_MUD_URL = 112,
};

static const struct label code_labels[] = {
	{1, "client-ID"},
	{2, "server-ID"},
	{3, "IA_NA"},
	{4, "IA_TA"},
	{5, "IA_ADDR"},
	{6, "option-request"},
	{7, "preference"},
	{8, "elapsed-time"},
	{9, "relay-message"},
	{11, "authentication"},
	{12, "server-unicast"},
	{13, "status-code"},
	{14, "rapid-commit"},
	{15, "user-class"},
	{16, "vendor-class"},
	{17, "vendor-specific-info"},
	{18, "interface-ID"},
	{19, "reconfigure-message"},
	{20, "reconfigure-accept"},
	{21, "SIP-servers-domain"},
	{22, "SIP-servers-address"},
	{23, "DNS-server"},
	{24, "DNS-search-list"},
	{25, "IA_PD"},
	{26, "IA_PD-prefix"},
	{31, "SNTP-servers"},
	{32, "lifetime"},
	{27, "NIS-server"},
	{28, "NIS+-server"},
	{29, "NIS-domain-name"},
	{30, "NIS+-domain-name"},
	{33, "BCMCS-domain-name"},
	{34, "BCMCS-server"},
	{36, "Geoconf-Civic"},
	{37, "Remote-ID"},
	{38, "Subscriber-ID"},
	{39, "Client-FQDN"},
	{40, "PANA-agent"},
	{41, "POSIX-timezone"},
	{42, "POSIX-tz-database"},
	{43, "Echo-request-option"},
	{44, "Lease-query"},
	{45, "LQ-client-data"},
	{46, "Clt-time"},
	{47, "LQ-relay-data"},
	{48, "LQ-client-link"},
	{56, "NTP-server"},
	{64, "AFTR-Name"},
	{112, "MUD-URL"},
	{0, NULL},
};

enum {
	NEST = 16, /* options in options, and messages in them */
	HEX_SHOWN = 10,
};

/* An option being printed, and where it stands. */
struct option {
	const uint8_t *value;
	uint16_t code, length;
};

bool dhcp6_option_next(struct cursor *c, struct dhcp6_option *option)
{
	uint16_t length;

	if (!cursor_has(c, 4))
		return false;
	option->code = cursor_be16(c);
	length = cursor_be16(c);
	if (!cursor_has(c, length))
		return false;
	option->value = cursor_rest(c, length);
	return true;
}

/* How the text of an option ended. */
enum outcome {
	CLOSED, /* with its parenthesis */
	BROKEN, /* " ?)" is due */
	CUT,	/* [|dhcp6]: the options end here */
};

static enum outcome close_option(struct text *t)
{
	put_char(t, ')');
	return CLOSED;
}

static void text_nested(struct text *t, const struct option *o, uint32_t skip)
{
	if (o->length > skip)
		dhcp6_text_options(t,
				   cursor_make(o->value + skip,
					       o->length - skip),
				   o->length - skip);
}

static enum outcome text_duid(struct text *t, const struct option *o)
{
	const uint8_t *p = o->value;
	uint16_t type;

	if (o->length < 2)
		return BROKEN;
	type = load_be16(p);
	if (type == 1) {
		if (o->length < 8)
			return BROKEN;
		put(t, " hwaddr/time type %u time %u ", load_be16(p + 2),
		    load_be32(p + 4));
		put_hex_bytes(t, p + 8, o->length - 8u);
	} else if (type == 2) {
		if (o->length < 10)
			return BROKEN;
		put_text(t, " vid ");
		put_hex_bytes(t, p + 2, 8);
	} else if (type == 3) {
		if (o->length < 4)
			return BROKEN;
		put(t, " hwaddr type %u ", load_be16(p + 2));
		put_hex_bytes(t, p + 4, o->length - 4u);
	} else {
		put(t, " type %u", type);
	}
	return close_option(t);
}

static enum outcome text_address(struct text *t, const struct option *o)
{
	if (o->length < 24)
		return BROKEN;
	put_char(t, ' ');
	put_ipv6(t, o->value);
	put(t, " pltime:%u vltime:%u", load_be32(o->value + 16),
	    load_be32(o->value + 20));
	text_nested(t, o, 24);
	return close_option(t);
}

static enum outcome text_prefix(struct text *t, const struct option *o)
{
	if (o->length < 25)
		return BROKEN;
	put_char(t, ' ');
	put_ipv6(t, o->value + 9);
	put(t, "/%u pltime:%u vltime:%u", o->value[8], load_be32(o->value),
	    load_be32(o->value + 4));
	text_nested(t, o, 25);
	return close_option(t);
}

static enum outcome text_association(struct text *t, const struct option *o)
{
	if (o->length < 12)
		return BROKEN;
	put(t, " IAID:%u T1:%u T2:%u", load_be32(o->value),
	    load_be32(o->value + 4), load_be32(o->value + 8));
	text_nested(t, o, 12);
	return close_option(t);
}

static enum outcome text_temporary(struct text *t, const struct option *o)
{
	if (o->length < 4)
		return BROKEN;
	put(t, " IAID:%u", load_be32(o->value));
	text_nested(t, o, 4);
	return close_option(t);
}

static enum outcome text_codes(struct text *t, const struct option *o)
{
	if (o->length % 2)
		return BROKEN;
	for (uint32_t i = 0; i < o->length; i += 2) {
		put_char(t, ' ');
		put_label(t, code_labels, load_be16(o->value + i), "opt_%u");
	}
	return close_option(t);
}

static enum outcome text_relayed(struct text *t, const struct option *o)
{
	put_text(t, " (");
	dhcp6_text_message(t, cursor_make(o->value, o->length), o->length);
	put_char(t, ')');
	return CLOSED;
}

static void text_words(struct text *t, const char *format, const uint8_t *p,
		       int count, int size)
{
	for (int i = 0; i < count; i++, p += size)
		put(t, format, size == 2 ? load_be16(p) : load_be32(p));
}

static void text_delayed(struct text *t, const uint8_t *p, uint32_t length)
{
	if (!length)
		return;
	if (length < 20) {
		put_text(t, " ??");
		return;
	}
	length -= 20;
	if (length)
		put_text(t, ", realm: ");
	put_hex_bytes(t, p, length);
	p += length;
	put(t, ", key ID: %08x, HMAC-MD5:", load_be32(p));
	text_words(t, " %08x", p + 4, 4, 4);
}

static void text_key(struct text *t, const uint8_t *p, uint32_t length)
{
	if (length != 17) {
		put_text(t, " ??");
		return;
	}
	put_text(t, p[0] == 1	? " reconfig-key"
		    : p[0] == 2 ? " type: HMAC-MD5"
				: " type: ??");
	put_text(t, " value:");
	text_words(t, " %08x", p + 1, 4, 4);
}

static enum outcome text_authentication(struct text *t, const struct option *o)
{
	const uint8_t *p = o->value;

	if (o->length < 11)
		return BROKEN;
	if (p[0] == 2)
		put_text(t, " proto: delayed");
	else if (p[0] == 3)
		put_text(t, " proto: reconfigure");
	else
		put(t, " proto: %u", p[0]);
	if (p[1] == 1)
		put_text(t, ", alg: HMAC-MD5");
	else
		put(t, ", alg: %u", p[1]);
	if (p[2] == 0)
		put_text(t, ", RDM: mono");
	else
		put(t, ", RDM: %u", p[2]);
	put_text(t, ", RD:");
	text_words(t, " %04x", p + 3, 4, 2);
	if (p[0] == 2)
		text_delayed(t, p + 11, o->length - 11u);
	else if (p[0] == 3)
		text_key(t, p + 11, o->length - 11u);
	else
		put_text(t, " ??");
	return close_option(t);
}

/* What no one can interpret: the first bytes. */
static enum outcome text_opaque(struct text *t, const struct option *o,
				uint32_t skip)
{
	uint32_t n = o->length - skip;

	put_hex_bytes(t, o->value + skip, n < HEX_SHOWN ? n : HEX_SHOWN);
	put_text(t, "...)");
	return CLOSED;
}

static enum outcome text_reconfigure(struct text *t, const struct option *o)
{
	if (o->length != 1)
		return BROKEN;
	if (o->value[0] == 5)
		put_text(t, " for renew)");
	else if (o->value[0] == 11)
		put_text(t, " for inf-req)");
	else
		put(t, " for ?\?\?(%02x))", o->value[0]);
	return CLOSED;
}

static enum outcome text_addresses(struct text *t, const struct option *o)
{
	if (o->length % 16)
		return BROKEN;
	for (uint32_t i = 0; i < o->length; i += 16) {
		put_char(t, ' ');
		put_ipv6(t, o->value + i);
	}
	return close_option(t);
}

/* Print the name at @at of the option; what follows it, or 0. */
static size_t text_name(struct text *t, const struct option *o,
			const uint8_t *end, size_t at, size_t base)
{
	struct dns_message m = {
		.data = o->value,
		.length = (size_t)(end - o->value),
		.base = base,
	};

	put_char(t, ' ');
	return dns_text_name(t, &m, at);
}

static enum outcome text_names(struct text *t, const struct option *o,
			       const uint8_t *end)
{
	size_t at = 0;

	while (at < o->length && !t->stopped) {
		at = text_name(t, o, end, at, o->length);
		if (!at)
			return CUT;
	}
	return close_option(t);
}

static enum outcome text_status(struct text *t, const struct option *o)
{
	static const struct label codes[] = {
		{0, "Success"},	      {1, "UnspecFail"},
		{2, "NoAddrsAvail"},  {3, "NoBinding"},
		{4, "NotOnLink"},     {5, "UseMulticast"},
		{6, "NoPrefixAvail"}, {7, "UnknownQueryType"},
		{8, "MalformedQuery"}, {9, "NotConfigured"},
		{10, "NotAllowed"},   {0, NULL},
	};
	uint16_t code;

	if (o->length < 2)
		return BROKEN;
	code = load_be16(o->value);
	put_char(t, ' ');
	if (code > 255)
		put_text(t, "INVALID code");
	else
		put_label(t, codes, code, "code%u");
	return close_option(t);
}

static enum outcome text_query(struct text *t, const struct option *o)
{
	if (o->length < 17)
		return BROKEN;
	if (o->value[0] == 1)
		put_text(t, " by-address ");
	else if (o->value[0] == 2)
		put_text(t, " by-clientID ");
	else
		put(t, " type_%u ", o->value[0]);
	put_ipv6(t, o->value + 1);
	text_nested(t, o, 17);
	return close_option(t);
}

/* One time server; what follows it in the option, 0 where it is cut. */
static size_t text_time_server(struct text *t, const struct option *o,
			       const uint8_t *end, size_t at)
{
	struct cursor c = cursor_make(o->value + at, (size_t)(end - o->value) - at);
	uint16_t code = text_be16(t, &c);
	uint16_t length = text_be16(t, &c);

	if (t->stopped)
		return at;
	at += 4;
	if (at + length > o->length)
		return 0;
	put(t, " subopt:%u", code);
	if ((code == 1 || code == 2) && length == 16) {
		put_char(t, ' ');
		put_ipv6(t, o->value + at);
	} else if (code == 3) {
		if (!text_name(t, o, end, at, at + length))
			return 0;
	} else {
		put_text(t, " ?");
	}
	return at + length;
}

static enum outcome text_time_servers(struct text *t, const struct option *o,
				      const uint8_t *end)
{
	size_t at = 0;

	if (o->length < 4)
		return BROKEN;
	while (at < o->length - 4u && !t->stopped) {
		at = text_time_server(t, o, end, at);
		if (!at)
			return CUT;
	}
	return close_option(t);
}

/* Text up to a NUL. */
static void put_until_nul(struct text *t, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n && bytes[i]; i++)
		put_visible(t, bytes[i]);
}

static enum outcome text_tunnel(struct text *t, const struct option *o)
{
	const uint8_t *p = o->value;
	uint32_t left = o->length;

	if (o->length < 3)
		return BROKEN;
	put_char(t, ' ');
	while (left && *p) {
		uint8_t n = *p++;

		if (n >= left - 1) {
			put_text(t, " ?");
			break;
		}
		put_until_nul(t, p, n);
		p += n;
		left -= n + 1u;
		if (*p)
			put_char(t, '.');
	}
	return close_option(t);
}

static enum outcome text_string(struct text *t, const struct option *o)
{
	if (o->length < 5)
		return BROKEN;
	put_char(t, ' ');
	put_until_nul(t, o->value, o->length);
	return close_option(t);
}

/* A number of @size bytes alone. */
static enum outcome text_number(struct text *t, const struct option *o,
				uint32_t size)
{
	if (o->length != size)
		return BROKEN;
	put(t, " %u)",
	    size == 1	? o->value[0]
	    : size == 2 ? load_be16(o->value)
			: load_be32(o->value));
	return CLOSED;
}

static enum outcome text_value(struct text *t, const struct option *o,
			       const uint8_t *end)
{
	switch (o->code) {
	case CODE_CLIENT:
	case CODE_SERVER:
		return text_duid(t, o);
	case CODE_ADDRESS:
		return text_address(t, o);
	case CODE_PREFIX:
		return text_prefix(t, o);
	case CODE_IA_NA:
	case CODE_IA_PD:
		return text_association(t, o);
	case CODE_IA_TA:
		return text_temporary(t, o);
	case CODE_REQUEST:
	case CODE_ECHO_REQUEST:
		return text_codes(t, o);
	case CODE_PREFERENCE:
		return text_number(t, o, 1);
	case CODE_ELAPSED:
		return text_number(t, o, 2);
	case CODE_LIFETIME:
	case CODE_CLIENT_TIME:
		return text_number(t, o, 4);
	case CODE_RELAYED:
		return text_relayed(t, o);
	case CODE_AUTHENTICATION:
		return text_authentication(t, o);
	case CODE_INTERFACE:
	case CODE_SUBSCRIBER:
		put_char(t, ' ');
		return text_opaque(t, o, 0);
	case CODE_REMOTE:
		if (o->length < 4)
			return BROKEN;
		put(t, " %u ", load_be32(o->value));
		return text_opaque(t, o, 4);
	case CODE_RELAY_DATA:
		if (o->length < 16)
			return BROKEN;
		put_char(t, ' ');
		put_ipv6(t, o->value);
		put_char(t, ' ');
		return text_opaque(t, o, 16);
	case CODE_RECONFIGURE:
		return text_reconfigure(t, o);
	case CODE_SIP_SERVERS:
	case CODE_DNS_SERVERS:
	case CODE_SNTP_SERVERS:
	case CODE_NIS_SERVERS:
	case CODE_NISP_SERVERS:
	case CODE_BCMCS_SERVERS:
	case CODE_PANA_AGENTS:
	case CODE_CLIENT_LINK:
		return text_addresses(t, o);
	case CODE_SIP_NAMES:
	case CODE_SEARCH:
		return text_names(t, o, end);
	case CODE_STATUS:
		return text_status(t, o);
	case CODE_LEASE_QUERY:
		return text_query(t, o);
	case CODE_CLIENT_DATA:
		text_nested(t, o, 0);
		return close_option(t);
	case CODE_NTP:
		return text_time_servers(t, o, end);
	case CODE_TUNNEL_NAME:
		return text_tunnel(t, o);
	case CODE_POSIX_ZONE:
	case CODE_ZONE_NAME:
	case CODE_MUD_URL:
		return text_string(t, o);
	default:
		return close_option(t);
	}
}

void dhcp6_text_options(struct text *t, struct cursor c, uint32_t length)
{
	uint32_t left = length;

	if (left > cursor_left(&c))
		left = (uint32_t)cursor_left(&c);
	if (t->depth >= NEST)
		return;
	t->depth++;
	while (left && !t->stopped) {
		struct option o;
		enum outcome outcome;

		o.length = left >= 4 ? load_be16(c.at + 2) : 0;
		if (left < 4 || left - 4 < o.length) {
			text_trunc(t);
			break;
		}
		o.code = load_be16(c.at);
		o.value = c.at + 4;
		put_text(t, " (");
		put_label(t, code_labels, o.code, "opt_%u");
		outcome = text_value(t, &o, c.end);
		if (outcome == CUT) {
			text_trunc(t);
			break;
		}
		if (outcome == BROKEN)
			put_text(t, " ?)");
		cursor_skip(&c, o.length + 4u);
		left -= o.length + 4u;
	}
	t->depth--;
}
