/* SPDX-License-Identifier: BSD-3-Clause */
/* IPv4: RFC 791. */
#include "dissectors/ip.h"

#include "dissectors/checksum.h"
#include "dissectors/labels.h"
#include "dissectors/protocols.h"

enum {
	HEADER = 20,
	OFFSET_MASK = 0x1fff,
	MORE_FRAGMENTS = 0x2000,

	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_RECORD_ROUTE = 7,
	OPTION_TIMESTAMP = 68,
	OPTION_LOOSE_ROUTE = 131,
	OPTION_STRICT_ROUTE = 137,
	OPTION_ROUTER_ALERT = 148,

	TIMESTAMP_ONLY = 0,
	TIMESTAMP_ADDRESS = 1,
	TIMESTAMP_PRESPECIFIED = 3,
};

static const struct label option_labels[] = {
	{OPTION_END, "EOL"},
	{OPTION_NOP, "NOP"},
	{OPTION_TIMESTAMP, "timestamp"},
	{130, "security"},
	{OPTION_RECORD_ROUTE, "RR"},
	{OPTION_STRICT_ROUTE, "SSRR"},
	{OPTION_LOOSE_ROUTE, "LSRR"},
	{OPTION_ROUTER_ALERT, "RA"},
	{82, "traceroute"},
	{0, NULL},
};

static void decode_header(struct layer *layer, struct cursor *cursor)
{
	struct ipv4 *ip = &layer->ipv4;
	struct cursor c = *cursor; /* of its own: it stays in registers */
	uint8_t first = cursor_u8(&c);
	const uint8_t *address;

	ip->version = first >> 4;
	ip->header_length = (uint8_t)((first & 15) * 4);
	ip->tos = cursor_u8(&c);
	ip->total_length = cursor_be16(&c);
	ip->id = cursor_be16(&c);
	ip->fragment = cursor_be16(&c);
	ip->ttl = cursor_u8(&c);
	ip->protocol = cursor_u8(&c);
	ip->checksum = cursor_be16(&c);
	if ((address = cursor_take(&c, 4)))
		memcpy(ip->source, address, 4);
	if ((address = cursor_take(&c, 4)))
		memcpy(ip->destination, address, 4);
	*cursor = c;
}

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct ipv4 *ip = &layer->ipv4;
	uint32_t captured = layer->captured;

	layer->flags &= (uint16_t)~LAYER_FRAGMENT;
	decode_header(layer, &d->cursor);
	if (layer->captured && ip->version != 4) {
		layer->flags |= LAYER_BAD_VERSION;
		return;
	}
	if (d->cursor.overrun || layer->length < HEADER) {
		layer->flags |= LAYER_TRUNCATED;
		return;
	}
	if (ip->header_length < HEADER ||
	    ip->total_length < ip->header_length) {
		layer->flags |= LAYER_BAD_LENGTH;
		return;
	}
	if (captured > ip->total_length)
		captured = ip->total_length;
	if (ip->fragment & (MORE_FRAGMENTS | OFFSET_MASK))
		layer->flags |= LAYER_FRAGMENT;
	if (captured < ip->header_length) {
		layer->flags |= LAYER_TRUNCATED;
		return;
	}
	if (ip->fragment & OFFSET_MASK)
		return;
	ip_decode_payload(d, 4, ip->protocol,
			  (struct window){
				  .data = layer->data + ip->header_length,
				  .captured = captured - ip->header_length,
				  .length = (uint32_t)ip->total_length -
					    ip->header_length,
			  });
}

struct cursor ipv4_options(const struct layer *layer)
{
	uint32_t end = layer->ipv4.header_length;

	if (end > layer->captured)
		end = layer->captured;
	return cursor_make(layer->data + HEADER,
			   end > HEADER ? end - HEADER : 0);
}

bool ipv4_option_next(struct cursor *c, struct ip_option *option)
{
	if (!cursor_has(c, 1) || c->overrun)
		return false;
	*option = (struct ip_option){.type = cursor_u8(c), .length = 1};
	if (option->type == OPTION_END || option->type == OPTION_NOP) {
		if (option->type == OPTION_END)
			cursor_rest(c, SIZE_MAX);
		return true;
	}
	option->length = cursor_u8(c);
	if (option->length < 2 || !cursor_has(c, option->length - 2)) {
		option->bad = true;
		cursor_rest(c, SIZE_MAX);
		return true;
	}
	option->value = cursor_rest(c, option->length - 2);
	return true;
}

const uint8_t *ipv4_final_destination(const struct layer *layer)
{
	struct cursor c = ipv4_options(layer);
	struct ip_option option;

	while (ipv4_option_next(&c, &option) && !option.bad)
		if ((option.type == OPTION_STRICT_ROUTE ||
		     option.type == OPTION_LOOSE_ROUTE) &&
		    option.length >= 7)
			return option.value.data + option.value.length - 4;
	return layer->ipv4.destination;
}

/* Addresses of a route option; @option is its first byte. */
static bool text_route(struct text *t, const uint8_t *option, uint32_t length,
		       const uint8_t *end)
{
	uint32_t pointer;

	if (length < 3) {
		put(t, " [bad length %u]", length);
		return true;
	}
	if ((length + 1) & 3)
		put(t, " [bad length %u]", length);
	pointer = (uint32_t)option[2] - 1;
	if (pointer < 3 || (pointer + 1) & 3 || pointer > length + 1)
		put(t, " [bad ptr %u]", option[2]);
	for (uint32_t i = 3; i < length; i += 4) {
		if (end - option < (ptrdiff_t)i + 4)
			return false;
		put_char(t, ' ');
		put_ipv4(t, option + i);
		if (pointer > i)
			put_char(t, ',');
	}
	return true;
}

static bool text_stamps(struct text *t, const uint8_t *option, uint32_t length,
			uint32_t hop, uint32_t pointer, const uint8_t *end)
{
	const char *before = " ";
	uint32_t i;

	for (i = 4; i < length; i += hop) {
		if (pointer == i)
			before = " ^ ";
		if (end - option < (ptrdiff_t)(i + hop))
			return false;
		put(t, "%s%u@", before, load_be32(option + i + hop - 4));
		if (hop == 8)
			put_ipv4(t, option + i);
		before = " ";
	}
	put_text(t, pointer == i ? " ^ " : "");
	return true;
}

static bool text_timestamp(struct text *t, const uint8_t *option,
			   uint32_t length, const uint8_t *end)
{
	static const struct label kinds[] = {
		{TIMESTAMP_ONLY, "TSONLY"},
		{TIMESTAMP_ADDRESS, "TS+ADDR"},
		{TIMESTAMP_PRESPECIFIED, "PRESPEC"},
		{0, NULL},
	};
	uint32_t hop, pointer;
	const char *kind;

	if (length < 4) {
		put(t, "[bad length %u]", length);
		return true;
	}
	put_text(t, " TS{");
	hop = (option[3] & 15) == TIMESTAMP_ONLY ? 4 : 8;
	if ((length - 4) & (hop - 1))
		put(t, "[bad length %u]", length);
	pointer = (uint32_t)option[2] - 1;
	if (pointer < 4 || (pointer - 4) & (hop - 1) || pointer > length + 1)
		put(t, "[bad ptr %u]", option[2]);
	kind = label_find(kinds, option[3] & 15);
	if (kind) {
		put_text(t, kind);
		if (!text_stamps(t, option, length, hop, pointer, end))
			return false;
	} else {
		put(t, "[bad ts type %u]", option[3] & 15);
		put_text(t, pointer ? "" : " ^ ");
	}
	if (option[3] >> 4)
		put(t, " [%u hops not recorded]} ", option[3] >> 4);
	else
		put_char(t, '}');
	return true;
}

static bool text_option(struct text *t, const uint8_t *option, uint32_t length,
			const uint8_t *end)
{
	switch (option[0]) {
	case OPTION_TIMESTAMP:
		return text_timestamp(t, option, length, end);
	case OPTION_RECORD_ROUTE:
	case OPTION_STRICT_ROUTE:
	case OPTION_LOOSE_ROUTE:
		return text_route(t, option, length, end);
	case OPTION_ROUTER_ALERT:
		if (length < 4)
			put(t, " [bad length %u]", length);
		else if (load_be16(option + 2))
			put(t, " value %u", load_be16(option + 2));
		return true;
	default:
		return true;
	}
}

/* False where the snapshot ends inside an option. Lengths are checked against
 * the header's, which may be more than was captured. */
static bool text_options(struct text *t, const struct layer *layer,
			 uint32_t captured)
{
	struct cursor c = cursor_make(layer->data + HEADER, captured - HEADER);
	uint32_t left = layer->ipv4.header_length - HEADER;
	const char *separator = "";

	while (left && !t->stopped) {
		const uint8_t *option = c.at;
		uint32_t length = 1;
		uint8_t type;

		put_text(t, separator);
		separator = ",";
		type = text_u8(t, &c);
		put_label(t, option_labels, type, "unknown %u");
		if (type != OPTION_NOP && type != OPTION_END)
			length = text_u8(t, &c);
		if (t->stopped)
			return true;
		if ((length < 2 && type != OPTION_NOP && type != OPTION_END) ||
		    length > left) {
			put(t, " [bad length %u]", length);
			return true;
		}
		if ((size_t)(c.end - option) < length)
			return false;
		if (type == OPTION_END)
			return true;
		if (!text_option(t, option, length, c.end))
			return false;
		c.at = option + length;
		left -= length;
	}
	return true;
}

static void put_addresses(struct text *t, const struct layer *layer)
{
	char *to;

	if (t->options->numeric) {
		to = strbuf_room(t->out, 2 * WRITE_IPV4 + 4 + WRITE_SLOP);
		if (!to)
			return;
		to = write_literal(write_ipv4(to, layer->ipv4.source), " > ");
		to = write_ipv4(to, layer->ipv4.destination);
		strbuf_added(t->out, write_char(to, ':'));
		return;
	}
	put_ipv4(t, layer->ipv4.source);
	put_text(t, " > ");
	put_ipv4(t, layer->ipv4.destination);
	put_char(t, ':');
}

static char *write_fragment_flags(char *to, uint16_t fragment)
{
	if (fragment & 0x2000)
		to = write_literal(to, "+, ");
	if (fragment & 0x4000)
		to = write_literal(to, "DF, ");
	if (fragment & 0x8000)
		to = write_literal(to, "rsvd, ");
	return fragment & 0xe000 ? to - 2 : write_literal(to, "none");
}

static void put_fixed_header(struct text *t, const struct ipv4 *ip)
{
	static const char *const ecn[] = {"", ",ECT(1)", ",ECT(0)", ",CE"};
	char *to = strbuf_room(t->out, 256);

	if (!to)
		return;
	to = write_hex(write_literal(to, "(tos 0x"), ip->tos);
	to = write_text(to, ecn[ip->tos & 3]);
	if (ip->ttl)
		to = write_u32(write_literal(to, ", ttl "), ip->ttl);
	to = write_u32(write_literal(to, ", id "), ip->id);
	to = write_u32(write_literal(to, ", offset "),
		       (ip->fragment & OFFSET_MASK) * 8u);
	to = write_literal(to, ", flags [");
	to = write_fragment_flags(to, ip->fragment);
	to = write_literal(to, "], proto ");
	to = write_text(to, label_or(ip_protocol_labels, ip->protocol,
				     "unknown"));
	to = write_u32(write_literal(to, " ("), ip->protocol);
	to = write_u32(write_literal(to, "), length "), ip->total_length);
	strbuf_added(t->out, to);
}

/* The header in parentheses, for -v. False where the packet ends in it. */
static bool text_header(struct text *t, const struct layer *layer,
			uint32_t captured)
{
	const struct ipv4 *ip = &layer->ipv4;
	bool whole = true;

	put_fixed_header(t, ip);
	if (ip->header_length > HEADER) {
		put_text(t, ", options (");
		whole = text_options(t, layer, captured);
		if (!whole)
			put_text(t, " [truncated-option]");
		put_char(t, ')');
	}
	if (!t->options->no_checksum && captured >= ip->header_length) {
		uint16_t sum = checksum(layer->data, ip->header_length);

		if (sum)
			put(t, ", bad cksum %x (->%x)!", ip->checksum,
			    checksum_expected(ip->checksum, sum));
	}
	put_text(t, ")\n    ");
	if (!whole) {
		put_addresses(t, layer);
		put_char(t, ' ');
		text_trunc(t);
	}
	return whole;
}

static void text_first_fragment(struct text *t, const struct layer *layer,
				uint32_t captured)
{
	const struct ipv4 *ip = &layer->ipv4;

	if (!ip_transport_prints_addresses(ip->protocol)) {
		put_addresses(t, layer);
		put_char(t, ' ');
	}
	if (captured < ip->header_length) {
		put(t, " [remaining caplen(%u) < header length(%u)]", captured,
		    ip->header_length);
		text_stop(t);
		return;
	}
	ip_text_payload(t, layer, 4, ip->protocol,
			(uint32_t)ip->total_length - ip->header_length);
}

static void text(struct text *t, const struct layer *layer)
{
	const struct ipv4 *ip = &layer->ipv4;
	uint32_t captured = layer->captured;

	t->protocol = "ip";
	if (!captured) {
		text_stop(t);
		return;
	}
	if (ip->version != 4) {
		if (ip->version == 6)
			put_text(t, "IP6, wrong link-layer encapsulation");
		else
			put(t, "IP%u", ip->version);
		text_invalid(t);
		return;
	}
	if (!t->options->link_header)
		put_text(t, "IP ");
	if (captured < HEADER) {
		text_trunc(t);
		return;
	}
	if (layer->length < HEADER) {
		put(t, "truncated-ip %u", layer->length);
		return;
	}
	if (ip->header_length < HEADER) {
		put(t, "bad-hlen %u", ip->header_length);
		return;
	}
	if (layer->length < ip->total_length)
		put(t, "truncated-ip - %u bytes missing! ",
		    ip->total_length - layer->length);
	if (ip->total_length < ip->header_length) {
		put(t, "bad-len %u", ip->total_length);
		return;
	}
	if (captured > ip->total_length)
		captured = ip->total_length;
	if (t->options->verbose && !text_header(t, layer, captured))
		return;
	if (!(ip->fragment & OFFSET_MASK)) {
		text_first_fragment(t, layer, captured);
	} else if (t->options->quiet <= 1) {
		put_addresses(t, layer);
		put_ip_protocol(t, ip->protocol);
	}
}

static void json_options(struct json *json, const struct layer *layer)
{
	struct cursor c = ipv4_options(layer);
	struct ip_option option;

	if (!cursor_has(&c, 1))
		return;
	json_open_array(json, "options");
	while (ipv4_option_next(&c, &option)) {
		json_open_object(json, NULL);
		json_u64(json, "type", option.type);
		if (option.value.length)
			json_hex(json, "value", option.value.data,
				 option.value.length);
		json_close_object(json);
	}
	json_close_array(json);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	const struct ipv4 *ip = &layer->ipv4;

	(void)packet;
	json_ipv4(json, "source", ip->source);
	json_ipv4(json, "destination", ip->destination);
	json_u64(json, "version", ip->version);
	json_u64(json, "header_length", ip->header_length);
	json_u64(json, "tos", ip->tos);
	json_u64(json, "total_length", ip->total_length);
	json_u64(json, "id", ip->id);
	json_bool(json, "dont_fragment", ip->fragment & 0x4000);
	json_bool(json, "more_fragments", ip->fragment & MORE_FRAGMENTS);
	json_u64(json, "fragment_offset", (ip->fragment & OFFSET_MASK) * 8u);
	json_u64(json, "ttl", ip->ttl);
	json_u64(json, "protocol_number", ip->protocol);
	json_u64(json, "checksum", ip->checksum);
	json_options(json, layer);
}

const struct dissector ipv4_dissector = {
	.name = "ipv4",
	.decode = decode,
	.text = text,
	.json = json,
};
