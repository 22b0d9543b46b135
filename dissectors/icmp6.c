/* SPDX-License-Identifier: BSD-3-Clause */
/* ICMPv6: RFC 4443; neighbour discovery: RFC 4861; mobility: RFC 6275. */
#include "dissectors/icmp6.h"

#include <netinet/in.h>

#include "dissectors/checksum.h"
#include "dissectors/ip.h"
#include "dissectors/protocols.h"

enum {
	HEADER = 8,
	IPV6_HEADER = 40,
	INNER_SOURCE = HEADER + 8, /* in the datagram that is quoted */
	INNER_DESTINATION = HEADER + 24,
};

enum message {
	UNREACHABLE = 1,
	TOO_BIG = 2,
	TIME_EXCEEDED = 3,
	PARAMETER_PROBLEM = 4,
	ECHO_REQUEST = 128,
	ECHO_REPLY = 129,
	LISTENER_QUERY = 130,
	LISTENER_REPORT = 131,
	LISTENER_DONE = 132,
	ROUTER_SOLICITATION = 133,
	ROUTER_ADVERTISEMENT = 134,
	NEIGHBOR_SOLICITATION = 135,
	NEIGHBOR_ADVERTISEMENT = 136,
	REDIRECT = 137,
	ROUTER_RENUMBERING = 138,
	NODE_QUERY = 139,
	NODE_REPLY = 140,
	INVERSE_SOLICITATION = 141,
	INVERSE_ADVERTISEMENT = 142,
	LISTENER_REPORT_2 = 143,
	HOME_AGENT_REQUEST = 144,
	HOME_AGENT_REPLY = 145,
	MOBILE_PREFIX_SOLICITATION = 146,
	MOBILE_PREFIX_ADVERTISEMENT = 147,
	RPL = 155,
};

static const struct label type_labels[] = {
	{UNREACHABLE, "destination unreachable"},
	{TOO_BIG, "packet too big"},
	{TIME_EXCEEDED, "time exceeded in-transit"},
	{PARAMETER_PROBLEM, "parameter problem"},
	{ECHO_REQUEST, "echo request"},
	{ECHO_REPLY, "echo reply"},
	{LISTENER_QUERY, "multicast listener query"},
	{LISTENER_REPORT, "multicast listener report"},
	{LISTENER_DONE, "multicast listener done"},
	{ROUTER_SOLICITATION, "router solicitation"},
	{ROUTER_ADVERTISEMENT, "router advertisement"},
	{NEIGHBOR_SOLICITATION, "neighbor solicitation"},
	{NEIGHBOR_ADVERTISEMENT, "neighbor advertisement"},
	{REDIRECT, "redirect"},
	{ROUTER_RENUMBERING, "router renumbering"},
	{INVERSE_SOLICITATION, "inverse neighbor solicitation"},
	{INVERSE_ADVERTISEMENT, "inverse neighbor advertisement"},
	{LISTENER_REPORT_2, "multicast listener report v2"},
	{HOME_AGENT_REQUEST, "ha discovery request"},
	{HOME_AGENT_REPLY, "ha discovery reply"},
	{MOBILE_PREFIX_SOLICITATION, "mobile router solicitation"},
	{MOBILE_PREFIX_ADVERTISEMENT, "mobile router advertisement"},
	{NODE_QUERY, "who-are-you request"},
	{NODE_REPLY, "who-are-you reply"},
	{201, "mtrace message"},
	{200, "mtrace response"},
	{RPL, "RPL"},
	{0, NULL},
};

static void decode(struct dissection *d)
{
	struct icmp *icmp = &d->layer->icmp;

	icmp->type = cursor_u8(&d->cursor);
	icmp->code = cursor_u8(&d->cursor);
	icmp->checksum = cursor_be16(&d->cursor);
	icmp->rest = cursor_be32(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

/* How much of a header @next is at @c, and what follows; 0 if that is not to
 * be known. */
static uint32_t header_size(struct text *t, const struct cursor *c,
			    uint8_t *next)
{
	(void)t;
	switch (*next) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_DSTOPTS:
	case IPPROTO_ROUTING:
		if (!cursor_has(c, 2))
			return 0;
		*next = c->at[0];
		return (c->at[1] + 1u) * 8;
	case IPPROTO_FRAGMENT:
		if (!cursor_has(c, 4) || load_be16(c->at + 2) & 0xfff8)
			return 0;
		*next = c->at[0];
		return 8;
	case IPPROTO_AH:
		if (!cursor_has(c, 2))
			return 0;
		*next = c->at[0];
		return (c->at[1] + 2u) * 4;
	default:
		return 0;
	}
}

/* The destination port of the quoted datagram; false if it is not there. */
static bool quoted_port(struct text *t, const struct layer *layer,
			uint8_t *protocol, uint16_t *port)
{
	struct cursor c = text_cursor(layer);

	if (layer->captured < HEADER + 7)
		return false;
	*protocol = layer->data[HEADER + 6];
	cursor_skip(&c, HEADER + IPV6_HEADER);
	while (!c.overrun) {
		uint32_t size;

		if (*protocol == IPPROTO_TCP || *protocol == IPPROTO_UDP) {
			if (!cursor_has(&c, 4))
				return false;
			*port = load_be16(c.at + 2);
			return true;
		}
		size = header_size(t, &c, protocol);
		if (!size)
			return false;
		cursor_skip(&c, size);
	}
	return false;
}

static bool text_unreachable_port(struct text *t, const struct layer *layer)
{
	uint8_t protocol;
	uint16_t port;

	if (!quoted_port(t, layer, &protocol, &port))
		return false;
	put_with_ipv6(t, ", ",
			text_at(t, layer, INNER_DESTINATION, 16));
	if (protocol == IPPROTO_TCP) {
		put_text(t, " tcp port ");
		put_tcp_port(t, port);
	} else {
		put_text(t, " udp port ");
		put_udp_port(t, port);
	}
	return true;
}

/* How the text of a message ended. */
enum outcome {
	DONE,
	CUT,	  /* [|icmp6] */
	COMPLETE, /* the length is not to be added */
};

static enum outcome text_unreachable(struct text *t, const struct layer *layer)
{
	static const struct label codes[] = {
		{0, "unreachable route"},   {1, " unreachable prohibited"},
		{2, "beyond scope"},	    {3, "unreachable address"},
		{4, "unreachable port"},    {0, NULL},
	};
	uint8_t code = layer->icmp.code;
	struct cursor c = text_cursor(layer);

	put_text(t, ", ");
	put_label(t, codes, code, "unknown unreach code (%u)");
	switch (code) {
	case 0:
	case 1:
	case 3:
		put_with_ipv6(t, " ", text_at(t, layer, INNER_DESTINATION, 16));
		return DONE;
	case 2:
		put_with_ipv6(t, " ", text_at(t, layer, INNER_DESTINATION, 16));
		put_with_ipv6(t, ", source address ",
				text_at(t, layer, INNER_SOURCE, 16));
		return DONE;
	case 4:
		return text_unreachable_port(t, layer) ? DONE : CUT;
	default:
		if (t->options->verbose > 1)
			return DONE;
		put_unknown_data(t, &c, "\n\t", layer->length);
		return COMPLETE;
	}
}

static void text_exceeded(struct text *t, const struct layer *layer)
{
	if (layer->icmp.code == 0) {
		put_with_ipv6(t, " for ",
				text_at(t, layer, INNER_DESTINATION, 16));
	} else if (layer->icmp.code == 1) {
		put_text(t, " (reassembly)");
	} else {
		put(t, ", unknown code (%u)", layer->icmp.code);
	}
}

static enum outcome text_problem(struct text *t, const struct layer *layer)
{
	static const char *const codes[] = {
		"erroneous",
		"next header",
		"option",
		"incomplete header chain",
	};
	uint8_t code = layer->icmp.code;

	if (layer->captured < INNER_DESTINATION + 16)
		return CUT;
	if (code < 4)
		put(t, ", %s - octet %u", codes[code], layer->icmp.rest);
	else
		put(t, ", code-#%u", code);
	return DONE;
}

static bool text_router(struct text *t, const struct layer *layer)
{
	static const struct label flags[] = {
		{0x80, "managed"},
		{0x40, "other stateful"},
		{0x20, "home agent"},
		{0x02, "ipv6 only"},
		{0, NULL},
	};
	const uint8_t *p = text_at(t, layer, 4, 12);

	put(t, "\n\thop limit %u, Flags [", p[0]);
	put_bits(t, flags, p[1], "none", ", ");
	put(t,
	    "], pref %s, router lifetime %us, reachable time %ums, "
	    "retrans timer %ums",
	    nd_preference(p[1]), load_be16(p + 2), load_be32(p + 4),
	    load_be32(p + 8));
	return nd_text_options(t, layer, 16);
}

static bool text_neighbor(struct text *t, const struct layer *layer)
{
	static const struct label flags[] = {
		{0x80000000, "router"},
		{0x40000000, "solicited"},
		{0x20000000, "override"},
		{0, NULL},
	};
	bool advertisement = layer->icmp.type == NEIGHBOR_ADVERTISEMENT;

	put_with_ipv6(t, advertisement ? ", tgt is " : ", who has ",
			text_at(t, layer, HEADER, 16));
	if (!t->options->verbose)
		return true;
	if (advertisement) {
		put_text(t, ", Flags [");
		put_bits(t, flags, layer->icmp.rest, "none", ", ");
		put_char(t, ']');
	}
	return nd_text_options(t, layer, 24);
}

static bool text_redirect(struct text *t, const struct layer *layer)
{
	put_with_ipv6(t, ", ",
			text_at(t, layer, 24, 16));
	put_with_ipv6(t, " to ",
			text_at(t, layer, 8, 16));
	return !t->options->verbose || nd_text_options(t, layer, 40);
}

static void text_home_agents(struct text *t, const struct layer *layer)
{
	put(t, ", id 0x%04x", load_be16(text_at(t, layer, 4, 2)));
	for (uint32_t at = HEADER; at < layer->length && !t->stopped; at += 16) {
		const uint8_t *address = text_at(t, layer, at, 16);

		put_text(t, ", ");
		put_ipv6(t, address);
	}
}

static bool text_mobile_prefix(struct text *t, const struct layer *layer)
{
	uint16_t flags;

	put(t, ", id 0x%04x", load_be16(text_at(t, layer, 4, 2)));
	flags = load_be16(text_at(t, layer, 6, 2));
	put(t, "%s%s%s", flags & 0xc000 ? " " : "", flags & 0x8000 ? "M" : "",
	    flags & 0x4000 ? "O" : "");
	return nd_text_options(t, layer, 8);
}

static void text_listener_query(struct text *t, const struct layer *layer)
{
	if (layer->length == 24 || layer->length >= 28)
		mld_text(t, layer);
	else
		put(t, " unknown-version (len %u) ", layer->length);
}

static enum outcome text_rest(struct text *t, const struct layer *layer)
{
	struct cursor c = text_cursor(layer);

	put(t, ", length %u", layer->length);
	if (t->options->verbose <= 1)
		put_unknown_data(t, &c, "\n\t", layer->length);
	return COMPLETE;
}

static enum outcome text_message(struct text *t, const struct layer *layer)
{
	bool verbose = t->options->verbose;

	switch (layer->icmp.type) {
	case UNREACHABLE:
		return text_unreachable(t, layer);
	case TOO_BIG:
		put(t, ", mtu %u", load_be32(text_at(t, layer, 4, 4)));
		return DONE;
	case TIME_EXCEEDED:
		text_exceeded(t, layer);
		return DONE;
	case PARAMETER_PROBLEM:
		return text_problem(t, layer);
	case ECHO_REQUEST:
	case ECHO_REPLY:
		text_at(t, layer, 4, 4);
		put_text(t, ", id ");
		put_u32(t, layer->icmp.rest >> 16);
		put_text(t, ", seq ");
		put_u32(t, layer->icmp.rest & 0xffff);
		return DONE;
	case LISTENER_QUERY:
		text_listener_query(t, layer);
		return DONE;
	case LISTENER_REPORT:
	case LISTENER_DONE:
		mld_text(t, layer);
		return DONE;
	case ROUTER_SOLICITATION:
		return !verbose || nd_text_options(t, layer, 8) ? DONE : CUT;
	case ROUTER_ADVERTISEMENT:
		return !verbose || text_router(t, layer) ? DONE : CUT;
	case NEIGHBOR_SOLICITATION:
	case NEIGHBOR_ADVERTISEMENT:
		return text_neighbor(t, layer) ? DONE : CUT;
	case REDIRECT:
		return text_redirect(t, layer) ? DONE : CUT;
	case ROUTER_RENUMBERING:
		renumbering_text(t, layer);
		return DONE;
	case NODE_QUERY:
	case NODE_REPLY:
		node_information_text(t, layer);
		return DONE;
	case INVERSE_SOLICITATION:
	case INVERSE_ADVERTISEMENT:
		return DONE;
	case LISTENER_REPORT_2:
		mld_text_report(t, layer);
		return DONE;
	case MOBILE_PREFIX_SOLICITATION:
	case HOME_AGENT_REQUEST:
		put(t, ", id 0x%04x", load_be16(text_at(t, layer, 4, 2)));
		return DONE;
	case HOME_AGENT_REPLY:
		if (verbose)
			text_home_agents(t, layer);
		return DONE;
	case MOBILE_PREFIX_ADVERTISEMENT:
		return !verbose || text_mobile_prefix(t, layer) ? DONE : CUT;
	case RPL:
		rpl_text(t, layer);
		return DONE;
	default:
		return text_rest(t, layer);
	}
}

/* Messages whose details come with -v have their length in front of them. */
static bool puts_length_first(uint8_t type)
{
	return (type >= ROUTER_SOLICITATION && type <= REDIRECT) ||
	       type == HOME_AGENT_REPLY || type == MOBILE_PREFIX_ADVERTISEMENT;
}

static void put_checksum(struct text *t, const struct layer *layer,
			 const struct layer *ip)
{
	uint16_t sum, field;

	if (layer->captured < layer->length)
		return;
	field = load_be16(text_at(t, layer, 2, 2));
	sum = checksum_transport(ip, IPPROTO_ICMPV6, layer->data,
				 layer->length, layer->length);
	if (sum)
		put(t, "[bad icmp6 cksum 0x%04x -> 0x%04x!] ", field,
		    checksum_expected(field, sum));
	else
		put_text(t, "[icmp6 sum ok] ");
}

static void text(struct text *t, const struct layer *layer)
{
	const struct layer *ip = layer_ip(t->packet, layer);
	uint8_t type = layer->icmp.type;
	enum outcome outcome;

	t->protocol = "icmp6";
	if (!ip)
		return;
	if (!layer->length) {
		put_text(t, "ICMP6, length 0");
		text_invalid(t);
		return;
	}
	if (t->options->verbose && !(layer->flags & LAYER_FRAGMENT))
		put_checksum(t, layer, ip);
	text_at(t, layer, 0, 1);
	put_text(t, "ICMP6, ");
	put_label(t, type_labels, type, "unknown icmp6 type (%u)");
	if (t->options->verbose && puts_length_first(type))
		put(t, ", length %u", layer->length);
	text_at(t, layer, 1, 1);
	if (t->stopped)
		return;
	outcome = text_message(t, layer);
	if (outcome == CUT)
		text_trunc(t);
	else if (outcome == DONE && !t->options->verbose)
		put(t, ", length %u", layer->length);
}

/* Where the options of neighbour discovery begin; 0: it has none. */
static uint32_t options_offset(uint8_t type)
{
	switch (type) {
	case ROUTER_SOLICITATION:
		return 8;
	case ROUTER_ADVERTISEMENT:
		return 16;
	case NEIGHBOR_SOLICITATION:
	case NEIGHBOR_ADVERTISEMENT:
		return 24;
	case REDIRECT:
		return 40;
	default:
		return 0;
	}
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	const struct icmp *icmp = &layer->icmp;
	uint32_t options = options_offset(icmp->type);

	(void)packet;
	json_u64(json, "type", icmp->type);
	json_u64(json, "code", icmp->code);
	json_u64(json, "checksum", icmp->checksum);
	if (icmp->type == ECHO_REQUEST || icmp->type == ECHO_REPLY) {
		json_u64(json, "id", icmp->rest >> 16);
		json_u64(json, "sequence", icmp->rest & 0xffff);
	}
	if (options >= 24 && layer->captured >= HEADER + 16)
		json_ipv6(json, "target", layer->data + HEADER);
	if (options)
		nd_json_options(json, layer, options);
}

const struct dissector icmp6_dissector = {
	.name = "icmpv6",
	.decode = decode,
	.text = text,
	.json = json,
};
