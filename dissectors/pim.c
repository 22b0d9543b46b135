/* SPDX-License-Identifier: BSD-3-Clause */
/* PIM version 2: RFC 7761, RFC 3973. */
#include "dissectors/field.h"

#include "dissectors/checksum.h"
#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum { HEADER = 4, REGISTER_HEADER = 8, PROTOCOL_PIM = 103 };

enum message {
	HELLO = 0,
	REGISTER = 1,
	REGISTER_STOP = 2,
	JOIN_PRUNE = 3,
	BOOTSTRAP = 4,
	ASSERT = 5,
	GRAFT = 6,
	GRAFT_ACK = 7,
	CANDIDATE = 8,
	PRUNE_REFRESH = 9,
	ELECTION = 10,
};

enum election { BACKOFF = 3, PASS = 4 };

enum option {
	HOLD_TIME = 1,
	PRUNE_DELAY = 2,
	PRIORITY_OLD = 18,
	PRIORITY = 19,
	GENERATION = 20,
	REFRESH = 21,
	BIDIRECTIONAL = 22,
	ADDRESSES = 24,
	ADDRESSES_OLD = 65001,
};

enum address { UNICAST, GROUP, SOURCE };

static const struct label message_labels[] = {
	{HELLO, "Hello"},
	{REGISTER, "Register"},
	{REGISTER_STOP, "Register Stop"},
	{JOIN_PRUNE, "Join / Prune"},
	{BOOTSTRAP, "Bootstrap"},
	{ASSERT, "Assert"},
	{GRAFT, "Graft"},
	{GRAFT_ACK, "Graft Acknowledgement"},
	{CANDIDATE, "Candidate RP Advertisement"},
	{PRUNE_REFRESH, "Prune Refresh"},
	{ELECTION, "DF Election"},
	{11, "ECMP Redirect"},
	{0, NULL},
};

static const struct label option_labels[] = {
	{HOLD_TIME, "Hold Time"},
	{PRUNE_DELAY, "LAN Prune Delay"},
	{PRIORITY_OLD, "DR Priority (Old)"},
	{PRIORITY, "DR Priority"},
	{GENERATION, "Generation ID"},
	{REFRESH, "State Refresh Capability"},
	{BIDIRECTIONAL, "Bi-Directional Capability"},
	{ADDRESSES, "Address List"},
	{ADDRESSES_OLD, "Address List (Old)"},
	{0, NULL},
};

/* A message being printed: the layer and where in it we are. */
struct part {
	const struct layer *layer;
	uint32_t at, end;
	uint8_t size; /* of addresses without a header: RFC 2117; or 0 */
};

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	uint8_t first = cursor_u8(&d->cursor), version;

	layer->words[0] = first >> 4;
	layer->words[1] = first & 15;
	cursor_skip(&d->cursor, HEADER - 1);
	if (d->cursor.overrun) {
		layer->flags |= LAYER_TRUNCATED;
		return;
	}
	if (first != (2 << 4 | REGISTER) || layer->length <= REGISTER_HEADER ||
	    layer->captured <= REGISTER_HEADER)
		return;
	cursor_skip(&d->cursor, REGISTER_HEADER - HEADER);
	version = layer->data[REGISTER_HEADER] >> 4;
	if (version == 4 || version == 6)
		dissect_payload(
			d, version == 4 ? &ipv4_dissector : &ipv6_dissector,
			window_rest(d, layer->length - REGISTER_HEADER));
}

/* An encoded address: false if it cannot be. */
static bool text_address(struct text *t, struct part *part, enum address kind)
{
	const uint8_t *p;
	uint32_t at = part->at, size = part->size;
	bool six;

	if (!size) {
		uint8_t family;

		if (!field_has(part->layer, at, 2))
			return false;
		family = part->layer->data[at];
		if (family < 1 || family > 2 || part->layer->data[at + 1])
			return false;
		size = family == 1 ? 4 : 16;
		at += 2;
	}
	six = size == 16;
	if (size != 4 && !six)
		return false;
	if (!field_has(part->layer, at, kind == UNICAST ? size : size + 2))
		return false;
	p = part->layer->data + at;
	if (six)
		put_ipv6(t, kind == UNICAST ? p : p + 2);
	else
		put_ipv4(t, kind == UNICAST ? p : p + 2);
	part->at = at + size + (kind == UNICAST ? 0 : 2);
	if (kind == UNICAST)
		return true;
	if (p[1] != (six ? 128 : 32))
		put(t, "/%u", p[1]);
	if (p[0] && kind == GROUP) {
		put(t, "(0x%02x)", p[0]);
	} else if (p[0]) {
		put(t, "(%s%s%s", p[0] & 4 ? "S" : "", p[0] & 2 ? "W" : "",
		    p[0] & 1 ? "R" : "");
		if (p[0] & 0xf8)
			put(t, "+0x%02x", p[0] & 0xf8);
		put_char(t, ')');
	}
	return true;
}

static void text_prune_delay(struct text *t, const uint8_t *p)
{
	put(t, "\n\t    T-bit=%u, LAN delay %ums, Override interval %ums",
	    p[0] >> 7, load_be16(p) & 0x7fff, load_be16(p + 2));
}

static void text_refresh(struct text *t, const uint8_t *p)
{
	put(t, "v%u", p[0]);
	if (p[1]) {
		put_text(t, ", interval ");
		put_duration(t, p[1]);
	}
	if (load_be16(p + 2))
		put(t, " ?0x%04x?", load_be16(p + 2));
}

static void text_addresses(struct text *t, struct part part, uint32_t length)
{
	uint32_t end = part.at + length;

	if (t->options->verbose < 2)
		return;
	while (part.at < end && !t->stopped) {
		put_text(t, "\n\t    ");
		if (!text_address(t, &part, UNICAST))
			text_stop(t);
	}
}

/* False: nothing more is printed. */
static bool text_option(struct text *t, const struct part *part, uint16_t type,
			uint32_t length)
{
	uint32_t expected = type == HOLD_TIME ? 2 : 4;
	const uint8_t *p = part->layer->data + part->at;
	bool sized = type == HOLD_TIME || type == PRUNE_DELAY ||
		     type == GENERATION || type == REFRESH;

	if (sized && length != expected) {
		put(t, "[option length %u != %u]", length, expected);
		text_invalid(t);
		return false;
	}
	switch (type) {
	case HOLD_TIME:
		put_duration(t, load_be16(p));
		break;
	case PRUNE_DELAY:
		text_prune_delay(t, p);
		break;
	case PRIORITY_OLD:
	case PRIORITY:
		if (!length) {
			put_text(t, "Bi-Directional Capability (Old)");
		} else if (length == 4) {
			put_u32(t, load_be32(p));
		} else {
			put(t, "[option length %u != 4]", length);
			text_invalid(t);
			return false;
		}
		break;
	case GENERATION:
		put(t, "0x%08x", load_be32(p));
		break;
	case REFRESH:
		text_refresh(t, p);
		break;
	case BIDIRECTIONAL:
		break;
	case ADDRESSES:
	case ADDRESSES_OLD:
		text_addresses(t, *part, length);
		break;
	default:
		if (t->options->verbose <= 1)
			field_put_dump(t, part->layer, part->at, "\n\t    ",
				       length);
		break;
	}
	return true;
}

static void text_hello(struct text *t, struct part *part)
{
	while (part->at < part->end && !t->stopped) {
		uint32_t length;
		uint16_t type;

		if (!field_need(t, part->layer, part->at, 4))
			return;
		type = load_be16(part->layer->data + part->at);
		length = load_be16(part->layer->data + part->at + 2);
		put(t, "\n\t  %s Option (%u), length %u, Value: ",
		    label_or(option_labels, type, "Unknown"), type, length);
		part->at += 4;
		if (!field_need(t, part->layer, part->at, length) ||
		    !text_option(t, part, type, length))
			return;
		if (t->options->verbose > 1)
			field_put_dump(t, part->layer, part->at, "\n\t    ",
				       length);
		part->at += length;
	}
}

static void text_register(struct text *t, const struct layer *layer)
{
	static const struct label flags[] = {
		{0x80000000, "Border"}, {0x40000000, "Null"}, {0, NULL}};
	uint8_t version;

	if (!field_need(t, layer, HEADER, 4))
		return;
	put(t, ", Flags [ %s ]\n\t",
	    label_or(flags, load_be32(layer->data + HEADER), "none"));
	version = field_u8(t, layer, REGISTER_HEADER) >> 4;
	if (t->stopped || text_payload(t, layer))
		return;
	if (version) {
		put(t, "IP ver %u", version);
		return;
	}
	if (!field_need(t, layer, REGISTER_HEADER + 12, 8))
		return;
	put_text(t, "IP-Null-header ");
	put_ipv4(t, layer->data + REGISTER_HEADER + 12);
	put_text(t, " > ");
	put_ipv4(t, layer->data + REGISTER_HEADER + 16);
}

/* An address behind @lead; false: nothing more is printed. */
static bool text_named(struct text *t, struct part *part, const char *lead,
		       enum address kind)
{
	put_text(t, lead);
	if (text_address(t, part, kind))
		return true;
	text_trunc(t);
	return false;
}

/* The sources of a group that are joined, or pruned. */
static bool text_sources(struct text *t, struct part *part, const char *what,
			 uint32_t count)
{
	for (uint32_t i = 1; i <= count && !t->stopped; i++) {
		put(t, "\n\t      %s source #%u: ", what, i);
		if (!text_address(t, part, SOURCE)) {
			text_trunc(t);
			return false;
		}
	}
	return true;
}

static void text_groups(struct text *t, struct part *part, bool graft_ack)
{
	const uint8_t *p;
	uint8_t count;

	if (!graft_ack &&
	    !text_named(t, part, ", upstream-neighbor: ", UNICAST))
		return;
	if (!field_need(t, part->layer, part->at, 4))
		return;
	p = part->layer->data + part->at;
	count = p[1];
	put(t, "\n\t  %u group(s)", count);
	if (!graft_ack) {
		put_text(t, ", holdtime: ");
		if (load_be16(p + 2) == 0xffff)
			put_text(t, "infinite");
		else
			put_duration(t, load_be16(p + 2));
	}
	part->at += 4;
	for (int i = 1; i <= count && !t->stopped; i++) {
		uint32_t joined, pruned;

		put(t, "\n\t    group #%u: ", (unsigned int)i);
		if (!text_address(t, part, GROUP)) {
			text_trunc(t);
			return;
		}
		joined = field_be16(t, part->layer, part->at);
		pruned = field_be16(t, part->layer, part->at + 2);
		put(t, ", joined sources: %u, pruned sources: %u", joined,
		    pruned);
		part->at += 4;
		if (!text_sources(t, part, "joined", joined) ||
		    !text_sources(t, part, "pruned", pruned))
			return;
	}
}

static void text_assert(struct text *t, struct part *part)
{
	const uint8_t *p;

	if (!text_named(t, part, " group=", GROUP) ||
	    !text_named(t, part, " src=", UNICAST))
		return;
	if (!field_need(t, part->layer, part->at, 8))
		return;
	p = part->layer->data + part->at;
	put(t, "%s pref=%u metric=%u", p[0] & 0x80 ? " RPT" : "",
	    load_be32(p) & 0x7fffffff, load_be32(p + 4));
}

static void text_candidate(struct text *t, struct part *part)
{
	uint8_t count = field_u8(t, part->layer, part->at);

	put(t, " prefix-cnt=%u", count);
	put(t, " prio=%u", field_u8(t, part->layer, part->at + 1));
	put_text(t, " holdtime=");
	put_duration(t, field_be16(t, part->layer, part->at + 2));
	part->at += 4;
	if (!text_named(t, part, " RP=", UNICAST))
		return;
	for (int i = 0; i < count && part->at < part->end && !t->stopped; i++) {
		put(t, " Group%u=", (unsigned int)i);
		if (!text_address(t, part, GROUP)) {
			text_trunc(t);
			return;
		}
	}
}

/* One group's rendezvous points; false: nothing more is printed. */
static bool text_points(struct text *t, struct part *part, uint8_t count)
{
	for (int i = 0; i < count && part->at < part->end && !t->stopped; i++) {
		put(t, " RP%u=", (unsigned int)i);
		if (!text_address(t, part, UNICAST)) {
			text_trunc(t);
			return false;
		}
		put_text(t, ",holdtime=");
		put_duration(t, field_be16(t, part->layer, part->at));
		put(t, ",prio=%u", field_u8(t, part->layer, part->at + 2));
		part->at += 4;
	}
	put_char(t, ')');
	return true;
}

static void text_bootstrap(struct text *t, struct part *part)
{
	put(t, " tag=%x", field_be16(t, part->layer, part->at));
	put(t, " hashmlen=%u", field_u8(t, part->layer, part->at + 2));
	if (!field_need(t, part->layer, part->at, 5))
		return;
	put(t, " BSRprio=%u", part->layer->data[part->at + 3]);
	part->at += 4;
	if (!text_named(t, part, " BSR=", UNICAST))
		return;
	for (unsigned int i = 0; part->at < part->end && !t->stopped; i++) {
		uint8_t count;

		put(t, " (group%u: ", i);
		if (!text_address(t, part, GROUP)) {
			text_trunc(t);
			return;
		}
		count = field_u8(t, part->layer, part->at + 1);
		put(t, " RPcnt=%u FRPcnt=%u",
		    field_u8(t, part->layer, part->at), count);
		part->at += 4;
		if (!text_points(t, part, count))
			return;
	}
}

static bool is_correct(const struct layer *layer, const struct layer *ip,
		       uint32_t length)
{
	if (ip->dissector == &ipv6_dissector)
		return !checksum_transport(ip, PROTOCOL_PIM, layer->data,
					   length, length);
	return !checksum(layer->data, length);
}

/* A register's checksum covers its header only, or else all of it. */
static const char *checksum_verdict(const struct layer *layer,
				    const struct layer *ip, uint16_t sum)
{
	if (!sum || !ip)
		return "(unverified)";
	if (layer->words[1] == REGISTER) {
		if (!field_has(layer, 0, REGISTER_HEADER))
			return "(unverified)";
		if (is_correct(layer, ip, REGISTER_HEADER))
			return "(correct)";
	}
	if (!field_has(layer, 0, layer->length))
		return "(unverified)";
	return is_correct(layer, ip, layer->length) ? "(correct)"
						    : "(incorrect)";
}

static void put_checksum(struct text *t, const struct layer *layer)
{
	uint16_t sum = field_be16(t, layer, 2);

	put(t, ", cksum 0x%04x %s", sum,
	    checksum_verdict(layer, layer_ip(t->packet, layer), sum));
}

/* Who forwards a group on a link: RFC 5015. */
static void text_election(struct text *t, struct part *part)
{
	static const struct label kinds[] = {{1, "Offer"},
					     {2, "Winner"},
					     {3, "Backoff"},
					     {4, "Pass"},
					     {0, NULL}};
	uint8_t kind = part->layer->data[1] >> 4;
	const char *whose = kind == BACKOFF ? "offer" : "new winner";
	const struct layer *layer = part->layer;

	put(t, "\n\t  %s,", label_or(kinds, kind, "Unknown"));
	if (!text_named(t, part, " rpa=", UNICAST))
		return;
	put(t, " sender pref=%u", field_be32(t, layer, part->at));
	put(t, " sender metric=%u", field_be32(t, layer, part->at + 4));
	part->at += 8;
	if (kind != BACKOFF && kind != PASS)
		return;
	put(t, "\n\t  %s addr=", whose);
	if (!text_named(t, part, "", UNICAST))
		return;
	put(t, " %s pref=%u", whose, field_be32(t, layer, part->at));
	put(t, " %s metric=%u", whose, field_be32(t, layer, part->at + 4));
	part->at += 8;
	if (kind == BACKOFF)
		put(t, " interval %ums", field_be16(t, layer, part->at));
}

static void text_refresh_prune(struct text *t, struct part *part)
{
	if (!text_named(t, part, " src=", UNICAST) ||
	    !text_named(t, part, " grp=", GROUP) ||
	    !text_named(t, part, " forwarder=", UNICAST))
		return;
	put_text(t, " TUNR ");
	put_duration(t, field_be16(t, part->layer, part->at));
}

static void text_body(struct text *t, const struct layer *layer)
{
	struct part part = {layer, HEADER, layer->length, layer->data[1] & 15};

	switch (layer->words[1]) {
	case HELLO:
		text_hello(t, &part);
		break;
	case REGISTER:
		text_register(t, layer);
		break;
	case REGISTER_STOP:
		if (text_named(t, &part, " group=", GROUP))
			text_named(t, &part, " source=", UNICAST);
		break;
	case JOIN_PRUNE:
	case GRAFT:
	case GRAFT_ACK:
		text_groups(t, &part, layer->words[1] == GRAFT_ACK);
		break;
	case BOOTSTRAP:
		text_bootstrap(t, &part);
		break;
	case ASSERT:
		text_assert(t, &part);
		break;
	case CANDIDATE:
		text_candidate(t, &part);
		break;
	case PRUNE_REFRESH:
		text_refresh_prune(t, &part);
		break;
	case ELECTION:
		text_election(t, &part);
		break;
	default:
		put(t, " [type %u]", (unsigned int)layer->words[1]);
		break;
	}
}

static void text(struct text *t, const struct layer *layer)
{
	uint8_t version, type;

	t->protocol = "pim";
	version = field_u8(t, layer, 0) >> 4;
	type = field_u8(t, layer, 0) & 15;
	if (version != 2) {
		put(t, "PIMv%u, length %u", version, layer->length);
		return;
	}
	if (!t->options->verbose) {
		put(t, "PIMv%u, %s, length %u", version,
		    label_or(message_labels, type, "Unknown Type"),
		    layer->length);
		return;
	}
	put(t, "PIMv%u, length %u\n\t%s", version, layer->length,
	    label_or(message_labels, type, "Unknown Type"));
	t->protocol = "pimv2";
	if (layer->length < 2) {
		put(t, "[length %u < 2]", layer->length);
		text_invalid(t);
		return;
	}
	if (!field_need(t, layer, 1, 1))
		return;
	if (layer->data[1] & 15)
		put_text(t, ", RFC2117-encoding");
	if (layer->length < HEADER) {
		put(t, "[length %u < 4]", layer->length);
		text_invalid(t);
		return;
	}
	if (!field_need(t, layer, 2, 2))
		return;
	put_checksum(t, layer);
	text_body(t, layer);
}

const struct dissector pim_dissector = {
	.name = "pim",
	.decode = decode,
	.text = text,
	.members = &pim_members,
};
