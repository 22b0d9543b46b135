/* SPDX-License-Identifier: BSD-3-Clause */
/* Two routing protocols of old: EGP (RFC 904) and Cisco's IGRP (Hedrick, "An
 * Introduction to IGRP"). */
#include "dissectors/field.h"

#include "dissectors/protocols.h"

enum {
	EGP_HEADER = 10,
	EGP_LEAST = 16,
	EGP_VERSION = 2,
	IGRP_HEADER = 12,
	ROUTE = 14,
	CLASS_D = 0xe0,
	UNREACHABLE = 0xffffff
};

enum message { UPDATE = 1, POLL = 2, ACQUIRE = 3, REACH = 5, FAULT = 8 };

static void decode_egp(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;

	for (int i = 0; i < 4; i++) /* version, type, code, status */
		layer->words[i] = cursor_u8(c);
	cursor_skip(c, 2);
	layer->words[4] = cursor_be16(c); /* autonomous system */
	layer->words[5] = cursor_be16(c); /* sequence */
	if (c->overrun)
		layer->flags |= LAYER_TRUNCATED;
}

/* The bytes of a network of the class that @first tells. */
static size_t network_size(uint8_t first)
{
	return first & 0x80 ? first & 0x40 ? 3 : 2 : 1;
}

/* tcpdump prints the addresses of updates from their last byte on. */
static void put_reversed(struct text *t, const uint8_t address[4])
{
	put_with_ipv4(t, " ",
		      (const uint8_t[]){address[3], address[2], address[1],
					address[0]});
}

/* An address in @network of which only the host's part is sent; tcpdump
 * begins with the last byte of the network, too. */
static void read_host(struct text *t, const struct layer *layer, size_t *at,
		      const uint8_t network[4], uint8_t address[4])
{
	size_t given = network_size(network[3]);

	for (size_t i = 0; i < 4; i++)
		address[i] = i < given ? network[3 - i] : 0;
	if (network[3] >= CLASS_D) {
		memset(address, 0, 4);
		return;
	}
	for (size_t i = given; i < 4; i++)
		address[i] = field_u8(t, layer, (*at)++);
}

/* One distance: how many networks, and which. */
static void text_distance(struct text *t, const struct layer *layer, size_t *at,
			  bool first)
{
	uint8_t distance = field_u8(t, layer, *at), networks;

	if (t->stopped)
		return;
	put(t, "%sd%u:", first ? "" : ", ", distance);
	networks = field_u8(t, layer, *at + 1);
	*at += 2;
	while (networks-- && !t->stopped) {
		uint8_t network[4] = {0};
		size_t size;

		network[0] = field_u8(t, layer, *at);
		size = network_size(network[0]);
		for (size_t i = 0; i < size; i++)
			network[i] = field_u8(t, layer, *at + i);
		*at += size;
		if (!t->stopped)
			put_reversed(t, network);
	}
}

static void text_update(struct text *t, const struct layer *layer)
{
	const uint8_t *p;
	uint8_t internal, external;
	size_t at = EGP_HEADER + 6;

	if (!field_need(t, layer, EGP_HEADER, 6))
		return;
	p = layer->data + EGP_HEADER;
	internal = p[0];
	external = p[1];
	put_with_ipv4(t, " ", p + 2);
	put(t, " int %u ext %u", internal, external);
	for (uint32_t i = 0; i < (uint32_t)internal + external && !t->stopped;
	     i++) {
		uint8_t gateway[4], distances;

		read_host(t, layer, &at, p + 2, gateway);
		distances = field_u8(t, layer, at++);
		if (t->stopped)
			return;
		put_text(t, i < internal ? " int" : " ext");
		put_reversed(t, gateway);
		put_text(t, " (");
		for (int k = 0; k < distances && !t->stopped; k++)
			text_distance(t, layer, &at, !k);
		put_char(t, ')');
	}
}

/* @shown: what an unknown status is called. */
static void put_state(struct text *t, uint8_t status, uint8_t shown)
{
	static const struct label states[] = {
		{0, "indeterminate"}, {1, "up"}, {2, "down"}, {0, NULL}};
	const char *state = label_find(states, status);

	if (state)
		put(t, " state:%s", state);
	else
		put(t, " [status %u]", shown);
}

static void text_acquire(struct text *t, const struct layer *layer)
{
	static const struct label codes[] = {{0, "request"},   {1, "confirm"},
					     {2, "refuse"},    {3, "cease"},
					     {4, "cease_ack"}, {0, NULL}};
	static const struct label statuses[] = {
		{0, "unspecified"},
		{1, "active_mode"},
		{2, "passive_mode"},
		{3, "insufficient_resources"},
		{4, "administratively_prohibited"},
		{5, "going_down"},
		{6, "parameter_violation"},
		{7, "protocol_violation"},
		{0, NULL}};
	uint8_t code = field_u8(t, layer, 2), status = field_u8(t, layer, 3);
	const char *name = label_find(codes, code);
	bool modes = code < 2;

	put_text(t, " acquire");
	if (!name) {
		put(t, "[code %u]", code);
		return;
	}
	put(t, " %s", name);
	if (label_find(statuses, status) &&
	    (modes ? status <= 2 : !status || status > 2))
		put(t, " %s", label_find(statuses, status));
	else
		put(t, "%s[status %u]", modes ? " " : "", status);
	if (modes) {
		put(t, " hello:%u", field_be16(t, layer, EGP_HEADER));
		put(t, " poll:%u", field_be16(t, layer, EGP_HEADER + 2));
	}
}

static void text_message(struct text *t, const struct layer *layer)
{
	static const struct label reasons[] = {
		{0, "unspecified"},
		{1, "bad_EGP_header_format"},
		{2, "bad_EGP_data_field_format"},
		{3, "reachability_info_unavailable"},
		{4, "excessive_polling_rate"},
		{5, "no_response"},
		{6, "unsupported_version"},
		{0, NULL}};
	uint8_t type = field_u8(t, layer, 1), code = field_u8(t, layer, 2);
	uint8_t status = field_u8(t, layer, 3);
	uint16_t reason;

	switch (type) {
	case ACQUIRE:
		text_acquire(t, layer);
		break;
	case REACH:
		if (code > 1) {
			put(t, "[reach code %u]", code);
			break;
		}
		put_text(t, code ? " i-h-u" : " hello");
		put_state(t, status, status);
		break;
	case POLL:
		put_text(t, " poll");
		put_state(t, status, status);
		field_lead_ipv4(t, " net:", layer, EGP_HEADER + 2);
		break;
	case UPDATE:
		put_text(t, " update");
		if (status & 0x80) {
			status &= 0x7f;
			put_text(t, " unsolicited");
		}
		put_state(t, status, status);
		text_update(t, layer);
		break;
	case FAULT:
		put_text(t, " error");
		put_state(t, status & 0x7f, status);
		reason = field_be16(t, layer, EGP_HEADER);
		if (label_find(reasons, reason))
			put(t, " %s", label_find(reasons, reason));
		else
			put(t, " [reason %u]", reason);
		break;
	default:
		put(t, "[type %u]", type);
		break;
	}
}

static void text_egp(struct text *t, const struct layer *layer)
{
	uint8_t version;

	t->protocol = "egp";
	if (layer->length < EGP_LEAST || !field_has(layer, 0, EGP_LEAST)) {
		text_trunc(t);
		return;
	}
	version = layer->data[0];
	if (!t->options->verbose) {
		put(t, "EGPv%u, AS %u, seq %u, length %u", version,
		    load_be16(layer->data + 6), load_be16(layer->data + 8),
		    layer->length);
		return;
	}
	put(t, "EGPv%u, length %u", version, layer->length);
	if (version == EGP_VERSION)
		text_message(t, layer);
	else
		put(t, "[version %u]", version);
}

static void json_egp(struct json *json, const struct packet *packet,
		     const struct layer *layer)
{
	(void)packet;
	json_u64(json, "version", layer->words[0]);
	json_u64(json, "type", layer->words[1]);
	json_u64(json, "code", layer->words[2]);
	json_u64(json, "status", layer->words[3]);
	json_u64(json, "autonomous_system", layer->words[4]);
	json_u64(json, "sequence", layer->words[5]);
}

const struct dissector egp_dissector = {
	.name = "egp",
	.decode = decode_egp,
	.text = text_egp,
	.json = json_egp,
};

static void decode_igrp(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;

	layer->words[0] = cursor_u8(c);	  /* version and operation */
	layer->words[1] = cursor_u8(c);	  /* edition */
	layer->words[2] = cursor_be16(c); /* autonomous system */
	layer->words[3] = cursor_be16(c); /* routes inside, */
	layer->words[4] = cursor_be16(c); /* of the system, */
	layer->words[5] = cursor_be16(c); /* outside */
	cursor_skip(c, 2);
	if (c->overrun)
		layer->flags |= LAYER_TRUNCATED;
}

static void put_route(struct text *t, const struct layer *layer, size_t at,
		      int kind)
{
	const uint8_t *p = layer->data + at;
	uint32_t delay, bandwidth, metric;

	if (!field_need(t, layer, at, 3))
		return;
	switch (kind) {
	case 0:
		put(t, " *.%u.%u.%u", p[0], p[1], p[2]);
		break;
	case 1:
		put(t, " %u.%u.%u.0", p[0], p[1], p[2]);
		break;
	default:
		put(t, " X%u.%u.%u.0", p[0], p[1], p[2]);
		break;
	}
	if (!field_need(t, layer, at, ROUTE))
		return;
	delay = load_be24(p + 3);
	bandwidth = load_be24(p + 6);
	metric = bandwidth + delay;
	if (metric > UNREACHABLE || delay == UNREACHABLE)
		metric = UNREACHABLE;
	put(t, " d=%u b=%u r=%u l=%u M=%u mtu=%u in %u hops", delay * 10,
	    bandwidth ? 10000000 / bandwidth : 0, p[11], p[12], metric,
	    load_be16(p + 9), p[13]);
}

static void text_igrp(struct text *t, const struct layer *layer)
{
	static const struct label operations[] = {
		{1, "update"}, {2, "request"}, {0, NULL}};
	const uint64_t *words = layer->words;
	size_t at = IGRP_HEADER;
	uint16_t sum;

	t->protocol = "igrp";
	put_text(t, "igrp:");
	if (!field_need(t, layer, 0, IGRP_HEADER - 2))
		return;
	put_char(t, ' ');
	put_label(t, operations, words[0] & 15, "op-#%u");
	put(t, " V%u edit=%u AS=%u (%u/%u/%u)", (unsigned int)words[0] >> 4,
	    (unsigned int)words[1], (unsigned int)words[2],
	    (unsigned int)words[3], (unsigned int)words[4],
	    (unsigned int)words[5]);
	sum = field_be16(t, layer, IGRP_HEADER - 2);
	if (t->options->verbose)
		put(t, " checksum=0x%04x", sum);
	for (int kind = 0; kind < 3; kind++) {
		for (uint64_t n = words[3 + kind]; n && !t->stopped;
		     n--, at += ROUTE) {
			if (layer->length - at < ROUTE) {
				text_invalid(t);
				return;
			}
			put_route(t, layer, at, kind);
		}
	}
	if (layer->length > at)
		text_invalid(t);
}

static void json_igrp(struct json *json, const struct packet *packet,
		      const struct layer *layer)
{
	(void)packet;
	json_u64(json, "version", layer->words[0] >> 4);
	json_u64(json, "operation", layer->words[0] & 15);
	json_u64(json, "edition", layer->words[1]);
	json_u64(json, "autonomous_system", layer->words[2]);
	json_u64(json, "interior_routes", layer->words[3]);
	json_u64(json, "system_routes", layer->words[4]);
	json_u64(json, "exterior_routes", layer->words[5]);
}

const struct dissector igrp_dissector = {
	.name = "igrp",
	.decode = decode_igrp,
	.text = text_igrp,
	.json = json_igrp,
};
