/* SPDX-License-Identifier: BSD-3-Clause */
/* Options of neighbour discovery: RFC 4861, RFC 4191, RFC 6275, RFC 8106. */
#include "dissectors/icmp6.h"

#include "dissectors/dns.h"

enum {
	SOURCE_LINK_ADDRESS = 1,
	TARGET_LINK_ADDRESS = 2,
	PREFIX = 3,
	REDIRECTED_HEADER = 4,
	MTU = 5,
	ADVERTISEMENT_INTERVAL = 7,
	HOME_AGENT = 8,
	ROUTE = 24,
	DNS_SERVERS = 25,
	DNS_SEARCH = 31,
};

static const struct label option_labels[] = {
	{SOURCE_LINK_ADDRESS, "source link-address"},
	{TARGET_LINK_ADDRESS, "destination link-address"},
	{PREFIX, "prefix info"},
	{REDIRECTED_HEADER, "redirected header"},
	{MTU, "mtu"},
	{DNS_SERVERS, "rdnss"},
	{DNS_SEARCH, "dnssl"},
	{ADVERTISEMENT_INTERVAL, "advertisement interval"},
	{HOME_AGENT, "homeagent information"},
	{ROUTE, "route info"},
	{0, NULL},
};

const char *nd_preference(uint8_t flags)
{
	static const char *const names[] = {"medium", "high", "rsv", "low"};

	return names[flags >> 3 & 3];
}

static void put_lifetime(struct text *t, uint32_t seconds)
{
	if (seconds == UINT32_MAX)
		put_text(t, "infinity");
	else
		put(t, "%us", seconds);
}

/* An option that is there as a whole, from its type octet. */
struct option {
	const uint8_t *at;
	const uint8_t *end; /* of what was captured */
	uint8_t units;	    /* of 8 bytes */
};

/* @n bytes of the option, which its length may not hold. */
static const uint8_t *option_bytes(struct text *t, const struct option *o,
				   size_t offset, size_t n)
{
	struct cursor c = cursor_make(o->at, (size_t)(o->end - o->at));

	if (!text_has(t, &c, offset + n))
		return text_bytes(t, &c, SIZE_MAX / 2);
	return o->at + offset;
}

static void text_prefix(struct text *t, const struct option *o)
{
	static const struct label flags[] = {
		{0x80, "onlink"}, {0x40, "auto"}, {0x20, "router"}, {0, NULL}};
	const uint8_t *prefix = option_bytes(t, o, 16, 16);
	const uint8_t *p = option_bytes(t, o, 0, 12);

	put_ipv6(t, prefix);
	put(t, "/%u%s, Flags [", p[2], o->units != 4 ? "badlen" : "");
	put_bits(t, flags, p[3], "none", ", ");
	put_text(t, "], valid time ");
	put_lifetime(t, load_be32(p + 4));
	put_text(t, ", pref. time ");
	put_lifetime(t, load_be32(p + 8));
}

static void text_servers(struct text *t, const struct option *o)
{
	put(t, " lifetime %us,", load_be32(option_bytes(t, o, 4, 4)));
	for (unsigned int i = 0; i < (o->units - 1u) / 2; i++) {
		put_with_ipv6(t, " addr: ",
				option_bytes(t, o, 8 + 16 * i, 16));
	}
}

static bool text_search(struct text *t, const struct option *o,
			const uint8_t *message)
{
	struct dns_message m = {
		.data = message, .length = (size_t)(o->end - message)};
	size_t at = (size_t)(o->at - message) + 8;
	size_t end = (size_t)(o->at - message) + o->units * 8u;

	put(t, " lifetime %us, domain(s):",
	    load_be32(option_bytes(t, o, 4, 4)));
	while (at && at < end && !t->stopped) {
		if (!dns_has(&m, at, 1))
			text_stop(t);
		else if (!m.data[at])
			break;
		put_char(t, ' ');
		at = dns_text_name(t, &m, at);
	}
	return at;
}

static bool text_route(struct text *t, const struct option *o)
{
	const uint8_t *p = option_bytes(t, o, 0, 8);
	uint8_t prefix[16] = {0};

	if (o->units > 3)
		return false;
	if (o->units > 1)
		memcpy(prefix, o->at + 8, (o->units - 1u) * 8);
	put_char(t, ' ');
	put_ipv6(t, prefix);
	put(t, "/%u, pref=%s, lifetime=", p[2], nd_preference(p[3]));
	put_lifetime(t, load_be32(p + 4));
	return true;
}

/* False where the options end: *good says whether they end well. */
static bool text_option(struct text *t, const struct option *o,
			const uint8_t *first, bool *good)
{
	struct cursor value = cursor_make(o->at + 2, (size_t)(o->end - o->at) - 2);
	struct cursor all = cursor_make(first, (size_t)(o->end - first));
	size_t length = o->units * 8u;

	*good = true;
	switch (o->at[0]) {
	case SOURCE_LINK_ADDRESS:
	case TARGET_LINK_ADDRESS:
		addr_put_bytes(t->out, o->at + 2, length - 2);
		break;
	case PREFIX:
		text_prefix(t, o);
		break;
	case REDIRECTED_HEADER:
		put_unknown_data(t, &all, "\n\t    ", length);
		break;
	case MTU:
		put(t, " %u%s", load_be32(option_bytes(t, o, 4, 4)),
		    o->units != 1 ? "bad option length" : "");
		break;
	case DNS_SERVERS:
		text_servers(t, o);
		break;
	case DNS_SEARCH:
		*good = text_search(t, o, first);
		break;
	case ADVERTISEMENT_INTERVAL:
		put(t, " %ums", load_be32(option_bytes(t, o, 4, 4)));
		break;
	case HOME_AGENT:
		put(t, " preference %u, lifetime %u",
		    load_be16(option_bytes(t, o, 4, 2)),
		    load_be16(option_bytes(t, o, 6, 2)));
		break;
	case ROUTE:
		*good = text_route(t, o);
		break;
	default:
		if (t->options->verbose <= 1) {
			put_unknown_data(t, &value, "\n\t  ", length - 2);
			return false;
		}
		break;
	}
	if (*good && t->options->verbose > 1)
		put_unknown_data(t, &value, "\n\t    ", length - 2);
	return *good;
}

bool nd_text_options(struct text *t, const struct layer *layer,
		     uint32_t offset)
{
	struct cursor c = text_cursor(layer);
	int64_t left = (int64_t)layer->length - offset;
	const uint8_t *first;
	bool good;

	cursor_skip(&c, offset);
	first = c.at;
	while (!c.overrun && cursor_left(&c)) {
		struct option o = {.at = c.at, .end = c.end};

		if (!cursor_has(&c, 2))
			return false;
		if (left <= 0)
			return true;
		o.units = c.at[1];
		if (!o.units || !cursor_has(&c, o.units * 8u))
			return false;
		put(t, "\n\t  %s option (%u), length %u (%u): ",
		    label_or(option_labels, o.at[0], "unknown"), o.at[0],
		    o.units * 8u, o.units);
		if (!text_option(t, &o, first, &good) || t->stopped)
			return good;
		cursor_skip(&c, o.units * 8u);
		left -= o.units * 8;
	}
	return true;
}

void nd_json_options(struct json *json, const struct layer *layer,
		     uint32_t offset)
{
	struct cursor c = text_cursor(layer);

	cursor_skip(&c, offset);
	if (c.overrun)
		return;
	json_open_array(json, "options");
	while (cursor_has(&c, 2)) {
		uint32_t length = c.at[1] * 8u;
		const uint8_t *option = c.at;

		if (!length || !cursor_has(&c, length))
			break;
		cursor_skip(&c, length);
		json_open_object(json, NULL);
		json_u64(json, "type", option[0]);
		if (option[0] <= TARGET_LINK_ADDRESS && length == 8)
			json_mac(json, "link_address", option + 2);
		else
			json_hex(json, "data", option + 2, length - 2);
		json_close_object(json);
	}
	json_close_array(json);
}
