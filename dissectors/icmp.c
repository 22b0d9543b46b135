/* SPDX-License-Identifier: BSD-3-Clause */
/* ICMP: RFC 792, RFC 1191, RFC 1256; extensions: RFC 4884, RFC 4950. */
#include "dissectors/checksum.h"
#include "dissectors/ip.h"
#include "dissectors/protocols.h"
#include "src/base/cleanup.h"

#include <netinet/in.h>

enum {
	HEADER = 8,
	INNER_DESTINATION = HEADER + 16, /* in the datagram that is quoted */
	INNER_PROTOCOL = HEADER + 9,
	EXTENSION = 136, /* where extensions begin */

	ECHO_REPLY = 0,
	UNREACHABLE = 3,
	SOURCE_QUENCH = 4,
	REDIRECT = 5,
	ECHO_REQUEST = 8,
	ROUTER_ADVERTISEMENT = 9,
	TIME_EXCEEDED = 11,
	PARAMETER_PROBLEM = 12,
	TIMESTAMP_REQUEST = 13,
	TIMESTAMP_REPLY = 14,
	MASK_REPLY = 18,

	UNREACHABLE_PROTOCOL = 2,
	UNREACHABLE_PORT = 3,
	UNREACHABLE_TOO_BIG = 4,
};

static const struct label type_labels[] = {
	{0, "echo reply"},
	{4, "source quench"},
	{8, "echo request"},
	{10, "router solicitation"},
	{13, "time stamp request"},
	{14, "time stamp reply"},
	{15, "information request"},
	{16, "information reply"},
	{17, "address mask request"},
	{0, NULL},
};

/* What is said around the unreachable address, by code. */
static const struct {
	const char *before, *after;
} unreachable[] = {
	[0] = {"net ", " unreachable"},
	[1] = {"host ", " unreachable"},
	[5] = {"", " unreachable - source route failed"},
	[6] = {"net ", " unreachable - unknown"},
	[7] = {"host ", " unreachable - unknown"},
	[8] = {"", " unreachable - source host isolated"},
	[9] = {"net ", " unreachable - admin prohibited"},
	[10] = {"host ", " unreachable - admin prohibited"},
	[11] = {"net ", " unreachable - tos prohibited"},
	[12] = {"host ", " unreachable - tos prohibited"},
	[13] = {"host ", " unreachable - admin prohibited filter"},
	[14] = {"host ", " unreachable - host precedence violation"},
	[15] = {"host ", " unreachable - precedence cutoff"},
};

static bool quotes_datagram(uint8_t type)
{
	return type == UNREACHABLE || type == SOURCE_QUENCH ||
	       type == REDIRECT || type == TIME_EXCEEDED ||
	       type == PARAMETER_PROBLEM;
}

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct icmp *icmp = &layer->icmp;
	struct cursor *c = &d->cursor;
	uint16_t inner;

	icmp->type = cursor_u8(c);
	icmp->code = cursor_u8(c);
	icmp->checksum = cursor_be16(c);
	icmp->rest = cursor_be32(c);
	if (c->overrun) {
		layer->flags |= LAYER_TRUNCATED;
		return;
	}
	if (!quotes_datagram(icmp->type) || !cursor_has(c, 4))
		return;
	/* The quoted datagram ends where it says, extensions may follow. */
	inner = load_be16(c->at + 2);
	dissect_payload(d, &ipv4_dissector, window_cut(d, inner));
}

/* What tcpdump collects first and prints at once: nothing of it appears when
 * a part is missing. Each gives false then, and has printed nothing that
 * counts: the caller cuts it off. */

static const uint8_t *quoted_destination(struct text *t,
					 const struct layer *layer)
{
	if (layer->captured >= INNER_DESTINATION + 4)
		return layer->data + INNER_DESTINATION;
	text_stop(t);
	return NULL;
}

static void text_unreachable_port(struct text *t, const struct layer *layer)
{
	uint8_t protocol = layer->data[INNER_PROTOCOL];
	uint32_t header = (layer->data[HEADER] & 15) * 4u;
	const uint8_t *address;
	uint16_t port;

	if (layer->captured < HEADER + header + 4) {
		text_stop(t);
		return;
	}
	port = load_be16(layer->data + HEADER + header + 2);
	address = quoted_destination(t, layer);
	if (!address)
		return;
	put_ipv4(t, address);
	if (protocol == IPPROTO_TCP) {
		put_text(t, " tcp port ");
		put_tcp_port(t, port);
	} else if (protocol == IPPROTO_UDP) {
		put_text(t, " udp port ");
		put_udp_port(t, port);
	} else {
		put(t, " protocol %u port %u", protocol, port);
	}
	put_text(t, " unreachable");
}

/* False: the snapshot ends in the message, which is told without giving the
 * packet up. */
static bool text_unreachable(struct text *t, const struct layer *layer)
{
	const struct icmp *icmp = &layer->icmp;
	const uint8_t *address;

	if (icmp->code == UNREACHABLE_PORT) {
		if (layer->captured <= INNER_PROTOCOL)
			return false;
		text_unreachable_port(t, layer);
		return true;
	}
	address = quoted_destination(t, layer);
	if (!address)
		return true;
	if (icmp->code < ARRAY_SIZE(unreachable) &&
	    unreachable[icmp->code].after) {
		put_text(t, unreachable[icmp->code].before);
		put_ipv4(t, address);
		put_text(t, unreachable[icmp->code].after);
		return true;
	}
	put_ipv4(t, address);
	if (icmp->code == UNREACHABLE_PROTOCOL) {
		put(t, " protocol %u unreachable", layer->data[INNER_PROTOCOL]);
	} else if (icmp->code == UNREACHABLE_TOO_BIG) {
		put_text(t, " unreachable - need to frag");
		if (icmp->rest & 0xffff)
			put(t, " (mtu %u)", icmp->rest & 0xffff);
	} else {
		put(t, " unreachable - #%u", icmp->code);
	}
	return true;
}

static void text_redirect(struct text *t, const struct layer *layer)
{
	static const struct {
		const char *before, *between;
	} codes[] = {
		{"redirect ", " to net "},
		{"redirect ", " to host "},
		{"redirect-tos ", " to net "},
		{"redirect-tos ", " to host "},
	};
	uint8_t code = layer->icmp.code;
	const uint8_t *address = quoted_destination(t, layer);

	if (!address)
		return;
	if (code < ARRAY_SIZE(codes))
		put_text(t, codes[code].before);
	else
		put(t, "redirect-#%u ", code);
	put_ipv4(t, address);
	put_text(t, code < ARRAY_SIZE(codes) ? codes[code].between : " to ");
	put_ipv4(t, layer->data + 4);
}

static bool text_router(struct text *t, const struct layer *layer)
{
	struct cursor c = text_cursor(layer);
	uint8_t count, size;
	uint16_t lifetime;

	cursor_skip(&c, 4);
	if (!cursor_has(&c, 4))
		return false;
	count = cursor_u8(&c);
	size = cursor_u8(&c);
	lifetime = cursor_be16(&c);
	put_text(t, "router advertisement lifetime ");
	if (lifetime < 60)
		put(t, "%u", lifetime);
	else if (lifetime < 3600)
		put(t, "%u:%02u", lifetime / 60, lifetime % 60);
	else
		put(t, "%u:%02u:%02u", lifetime / 3600, lifetime % 3600 / 60,
		    lifetime % 60);
	put(t, " %u:", count);
	if (size != 2) {
		put(t, " [size %u]", size);
		return true;
	}
	while (count--) {
		const uint8_t *address = cursor_take(&c, 8);

		if (!address)
			return false;
		put_text(t, " {");
		put_ipv4(t, address);
		put(t, " %u}", load_be32(address + 4));
	}
	return true;
}

static void put_clock(struct text *t, uint32_t milliseconds)
{
	uint32_t seconds = milliseconds / 1000;

	put(t, "%02u:%02u:%02u.%03u", seconds / 3600, seconds / 60 % 60,
	    seconds % 60, milliseconds % 1000);
}

static bool text_timestamps(struct text *t, const struct layer *layer)
{
	if (layer->captured < HEADER + 12)
		return false;
	put(t, "time stamp reply id %u seq %u: org ", layer->icmp.rest >> 16,
	    layer->icmp.rest & 0xffff);
	put_clock(t, load_be32(layer->data + 8));
	put_text(t, ", recv ");
	put_clock(t, load_be32(layer->data + 12));
	put_text(t, ", xmit ");
	put_clock(t, load_be32(layer->data + 16));
	return true;
}

static bool text_exceeded(struct text *t, const struct layer *layer)
{
	if (layer->captured < INNER_DESTINATION + 4)
		return false;
	if (layer->icmp.code == 0)
		put_text(t, "time exceeded in-transit");
	else if (layer->icmp.code == 1)
		put_text(t, "ip reassembly time exceeded");
	else
		put(t, "time exceeded-#%u", layer->icmp.code);
	return true;
}

static void text_echo(struct text *t, const struct layer *layer)
{
	put_text(t, layer->icmp.type == ECHO_REQUEST ? "echo request, id "
						     : "echo reply, id ");
	put_u32(t, layer->icmp.rest >> 16);
	put_text(t, ", seq ");
	put_u32(t, layer->icmp.rest & 0xffff);
}

/* How much of the message its text needs, where the lack of it means giving
 * the packet up. */
static uint32_t bytes_needed(const struct icmp *icmp)
{
	switch (icmp->type) {
	case ECHO_REPLY:
	case ECHO_REQUEST:
	case TIMESTAMP_REQUEST:
		return 8;
	case PARAMETER_PROBLEM:
		return icmp->code ? 2 : 5;
	case MASK_REPLY:
		return 12;
	default:
		return 2;
	}
}

static bool text_message(struct text *t, const struct layer *layer)
{
	const struct icmp *icmp = &layer->icmp;

	if (layer->captured < bytes_needed(icmp)) {
		text_stop(t);
		return true;
	}
	switch (icmp->type) {
	case ECHO_REQUEST:
	case ECHO_REPLY:
		text_echo(t, layer);
		return true;
	case UNREACHABLE:
		return text_unreachable(t, layer);
	case REDIRECT:
		text_redirect(t, layer);
		return true;
	case ROUTER_ADVERTISEMENT:
		return text_router(t, layer);
	case TIME_EXCEEDED:
		return text_exceeded(t, layer);
	case PARAMETER_PROBLEM:
		if (icmp->code)
			put(t, "parameter problem - code %u", icmp->code);
		else
			put(t, "parameter problem - octet %u", layer->data[4]);
		return true;
	case MASK_REPLY:
		put(t, "address mask is 0x%08x", load_be32(layer->data + 8));
		return true;
	case TIMESTAMP_REQUEST:
		put(t, "time stamp query id %u seq %u", icmp->rest >> 16,
		    icmp->rest & 0xffff);
		return true;
	case TIMESTAMP_REPLY:
		return text_timestamps(t, layer);
	default:
		put_label(t, type_labels, icmp->type, "type-#%u");
		return true;
	}
}

static void text_object(struct text *t, struct cursor *c, uint8_t class,
			uint8_t type, uint32_t length)
{
	uint32_t entry;

	if (class != 1 || type != 1) {
		put_unknown_data(t, c, "\n\t    ", length);
		return;
	}
	if (!text_has(t, c, 4))
		return;
	entry = load_be32(c->at);
	put(t, "\n\t    label %u, tc %u", entry >> 12, entry >> 9 & 7);
	if (entry & 0x100)
		put_text(t, ", [S]");
	put(t, ", ttl %u", entry & 0xff);
}

/* False where the snapshot ends in an object's header. */
static bool text_objects(struct text *t, struct cursor c, uint32_t left)
{
	static const struct label classes[] = {
		{1, "MPLS Stack Entry"},
		{2, "Interface Identification"},
		{0, NULL},
	};

	while (left > 4 && !t->stopped) {
		uint32_t length;
		uint8_t class, type;

		if (!cursor_has(&c, 4))
			return false;
		length = cursor_be16(&c);
		class = cursor_u8(&c);
		type = cursor_u8(&c);
		put(t, "\n\t  %s Object (%u), Class-Type: %u, length %u",
		    label_or(classes, class, "unknown"), class, type, length);
		left -= 4;
		if (!class || length < 4)
			return true;
		length -= 4;
		text_object(t, &c, class, type, length);
		if (left < length)
			break;
		left -= length;
		cursor_rest(&c, length);
	}
	return true;
}

/* Extensions behind the quoted datagram. False where the snapshot ends. */
static bool text_extensions(struct text *t, const struct layer *layer)
{
	uint32_t length = layer->length - EXTENSION;
	const uint8_t *extension = layer->data + EXTENSION;
	bool whole = layer->captured >= layer->length;
	uint16_t sum;

	if (layer->captured < EXTENSION + 5)
		return false;
	sum = whole ? checksum(extension, length) : 0;
	/* Those who leave the length out at least get the checksum right. */
	if (!layer->data[5] && whole && sum)
		return true;
	put(t, "\n\tICMP Multi-Part extension v%u", extension[0] >> 4);
	if (extension[0] >> 4 != 2) {
		put_text(t, " packet not supported");
		return true;
	}
	if (whole)
		put(t, ", checksum 0x%04x (%scorrect), length %u",
		    load_be16(extension + 2), sum ? "in" : "", length);
	return text_objects(t,
			    cursor_make(extension + 4,
					layer->captured - EXTENSION - 4),
			    length - 4);
}

static void text_quoted(struct text *t, const struct layer *layer)
{
	put_text(t, "\n\t");
	/* The length must be within the datagram whose length it is. */
	if (layer->captured < HEADER + 4 ||
	    load_be16(layer->data + HEADER + 2) < 4)
		text_stop(t);
	else
		text_payload(t, layer);
}

static void text_details(struct text *t, const struct layer *layer)
{
	uint8_t type = layer->icmp.type;

	if (!(layer->flags & LAYER_FRAGMENT) &&
	    layer->captured >= layer->length) {
		uint16_t sum = checksum(layer->data, layer->length);
		uint16_t field;

		if (sum) {
			field = load_be16(text_at(t, layer, 2, 2));
			put(t, " (wrong icmp cksum %x (->%x)!)", field,
			    checksum_expected(field, sum));
		}
	}
	if (quotes_datagram(type))
		text_quoted(t, layer);
	t->protocol = "icmp";
	if (layer->length > EXTENSION && !t->stopped &&
	    (type == UNREACHABLE || type == TIME_EXCEEDED ||
	     type == PARAMETER_PROBLEM) &&
	    !text_extensions(t, layer))
		text_trunc(t);
}

static void text(struct text *t, const struct layer *layer)
{
	size_t begin = t->out->length;

	t->protocol = "icmp";
	if (layer->captured < 2) {
		text_stop(t);
		return;
	}
	put_text(t, "ICMP ");
	if (!text_message(t, layer) || t->stopped) {
		bool stopped = t->stopped;

		t->stopped = false;
		t->out->length = begin;
		if (stopped)
			text_stop(t);
		else
			text_trunc(t);
		return;
	}
	put_text(t, ", length ");
	put_u32(t, layer->length);
	if (t->options->verbose)
		text_details(t, layer);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	const struct icmp *icmp = &layer->icmp;

	(void)packet;
	json_u64(json, "type", icmp->type);
	json_u64(json, "code", icmp->code);
	json_u64(json, "checksum", icmp->checksum);
	if (icmp->type == ECHO_REQUEST || icmp->type == ECHO_REPLY) {
		json_u64(json, "id", icmp->rest >> 16);
		json_u64(json, "sequence", icmp->rest & 0xffff);
	}
}

const struct dissector icmp_dissector = {
	.name = "icmp",
	.decode = decode,
	.text = text,
	.json = json,
};
