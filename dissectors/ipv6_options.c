/* SPDX-License-Identifier: BSD-3-Clause */
/* Hop-by-hop and destination options: RFC 8200, RFC 2711, RFC 2675, RFC 6275 */
#include "dissectors/ipv6_extension.h"

#include "dissectors/ip.h"
#include "dissectors/protocols.h"

struct cursor ipv6_options(const struct layer *layer)
{
	uint32_t end = layer->extension.size;

	if (end > layer->captured)
		end = layer->captured;
	return cursor_make(layer->data + 2, end > 2 ? end - 2 : 0);
}

bool ipv6_option_next(struct cursor *c, struct ip_option *option)
{
	if (!cursor_has(c, 1))
		return false;
	*option = (struct ip_option){.type = cursor_u8(c), .length = 1};
	if (option->type == IPV6_OPTION_PAD1)
		return true;
	option->bad = !cursor_has(c, 1);
	option->length = (uint32_t)cursor_u8(c) + 2;
	if (option->bad || !cursor_has(c, option->length - 2)) {
		option->bad = true;
		cursor_rest(c, SIZE_MAX);
		return true;
	}
	option->value = cursor_rest(c, option->length - 2);
	return true;
}

/* How long an option of this type is at least; 0: any length will do. */
static uint32_t option_size(uint8_t type)
{
	switch (type) {
	case IPV6_OPTION_ROUTER_ALERT:
		return 4;
	case IPV6_OPTION_JUMBO:
		return 6;
	case IPV6_OPTION_HOME_ADDRESS:
		return 18;
	default:
		return 0;
	}
}

/* Is the length of @option one that its type can have? */
static bool option_fits(const struct ip_option *option)
{
	uint32_t size = option_size(option->type);

	if (option->bad)
		return false;
	if (option->type == IPV6_OPTION_HOME_ADDRESS)
		return option->length >= size;
	return !size || option->length == size;
}

/* Fill the lengths; false if the header is not there as a whole. */
static bool decode_lengths(struct dissection *d)
{
	struct ipv6_extension *e = &d->layer->extension;

	e->next_header = cursor_u8(&d->cursor);
	e->size = ((uint32_t)cursor_u8(&d->cursor) + 1) * 8;
	if (!d->cursor.overrun && e->size <= d->layer->captured)
		return true;
	d->layer->flags |= LAYER_TRUNCATED;
	e->size = 0;
	return false;
}

static void decode_hop(struct dissection *d)
{
	struct layer *layer = d->layer;
	const struct layer *ip = layer_ip(d->packet, layer);
	struct ip_option option;
	struct cursor c;
	bool seen = false;

	if (!decode_lengths(d))
		return;
	c = ipv6_options(layer);
	while (ipv6_option_next(&c, &option)) {
		uint32_t jumbo;

		if (!option_fits(&option)) {
			layer->flags |= LAYER_BAD_LENGTH;
			layer->extension.size = 0;
			return;
		}
		if (option.type != IPV6_OPTION_JUMBO || seen)
			continue;
		seen = true;
		jumbo = load_be32(option.value.data);
		if (!ip->ipv6.payload_length && jumbo >= 65536)
			layer->extension.identifier = jumbo;
	}
}

/* tcpdump looks at destination options with -v only, but what it makes of the
 * rest then depends on them: the flag says whether they are well-formed. */
static void decode_destination(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct ip_option option;
	struct cursor c;

	if (!decode_lengths(d))
		return;
	c = ipv6_options(layer);
	while (ipv6_option_next(&c, &option))
		if (!option_fits(&option))
			layer->flags |= LAYER_BAD_LENGTH;
}

static bool text_sub_options(struct text *t, struct slice slice)
{
	struct cursor c = cursor_make(slice.data, slice.length);
	struct ip_option option;

	while (ipv6_option_next(&c, &option)) {
		if (option.bad)
			return false;
		if (option.type == IPV6_OPTION_PAD1)
			put_text(t, ", pad1");
		else if (option.type == IPV6_OPTION_PADN)
			put_text(t, ", padn");
		else
			put(t, ", sopt_type 0x%02x: len=%u", option.type,
			    option.length - 2);
	}
	return true;
}

static bool text_home_address(struct text *t, const struct ip_option *option)
{
	struct slice rest = {option->value.data + 16,
			     option->value.length - 16};

	put_text(t, "(homeaddr: ");
	put_ipv6(t, option->value.data);
	if (rest.length && !text_sub_options(t, rest))
		return false;
	put_char(t, ')');
	return true;
}

struct jumbo_state {
	bool hop, seen;
	bool has_payload_length;
};

static void text_jumbo(struct text *t, const struct ip_option *option,
		       struct jumbo_state *state)
{
	uint32_t length = load_be32(option->value.data);
	bool seen = state->seen;

	state->seen = true;
	if (!t->options->verbose)
		return;
	put(t, "(jumbo: %u", length);
	if (seen)
		put_text(t, " - already seen");
	else if (!state->hop)
		put_text(t, " - not a hop-by-hop option");
	else if (state->has_payload_length)
		put_text(t, " - payload len != 0");
	else if (length < 65536)
		put_text(t, " - < 65536");
	put_text(t, ") ");
}

static const char *option_name(uint8_t type)
{
	return type == IPV6_OPTION_ROUTER_ALERT ? "rtalert"
	       : type == IPV6_OPTION_JUMBO	? "jumbo"
						: "homeaddr";
}

static bool text_option(struct text *t, const struct ip_option *option,
			uint32_t left, struct jumbo_state *state)
{
	uint32_t size = option_size(option->type);

	if (option->bad)
		return false;
	if (left < size) {
		put(t, "(%s: trunc)", option_name(option->type));
		return false;
	}
	if (!option_fits(option)) {
		put(t, "(%s: invalid len %u)", option_name(option->type),
		    option->length - 2);
		return false;
	}
	if (option->type == IPV6_OPTION_JUMBO)
		text_jumbo(t, option, state);
	if (!t->options->verbose)
		return true;
	switch (option->type) {
	case IPV6_OPTION_PAD1:
		put_text(t, "(pad1)");
		return true;
	case IPV6_OPTION_PADN:
		put_text(t, "(padn)");
		return true;
	case IPV6_OPTION_ROUTER_ALERT:
		put(t, "(rtalert: 0x%04x) ", load_be16(option->value.data));
		return true;
	case IPV6_OPTION_JUMBO:
		return true;
	case IPV6_OPTION_HOME_ADDRESS:
		return text_home_address(t, option);
	default:
		put(t, "(opt_type 0x%02x: len=%u)", option->type,
		    option->length - 2);
		return true;
	}
}

/* The options of a header that is there as a whole. */
static bool text_options(struct text *t, const struct layer *layer, bool hop)
{
	const struct layer *ip = layer_ip(t->packet, layer);
	struct jumbo_state state = {
		.hop = hop,
		.has_payload_length = ip->ipv6.payload_length != 0,
	};
	uint32_t size = ((uint32_t)layer->data[1] + 1) * 8;
	struct cursor c = cursor_make(layer->data + 2, size - 2);
	struct ip_option option;

	for (;;) {
		uint32_t left = (uint32_t)cursor_left(&c);

		if (!ipv6_option_next(&c, &option))
			break;
		if (!text_option(t, &option, left, &state))
			return false;
	}
	if (t->options->verbose)
		put_char(t, ' ');
	return true;
}

static void text_header(struct text *t, const struct layer *layer, bool hop)
{
	t->protocol = hop ? "hbhopt" : "dstopt";
	if (layer->captured < 2) {
		text_stop(t);
		return;
	}
	if (layer->flags & LAYER_TRUNCATED) {
		text_trunc(t);
		return;
	}
	put_text(t, hop ? "HBH " : "DSTOPT ");
	if ((hop || t->options->verbose) && !text_options(t, layer, hop))
		text_trunc(t);
}

static void text_hop(struct text *t, const struct layer *layer)
{
	text_header(t, layer, true);
}

static void text_destination(struct text *t, const struct layer *layer)
{
	text_header(t, layer, false);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	struct cursor c = ipv6_options(layer);
	struct ip_option option;

	(void)packet;
	json_u64(json, "next_header", layer->extension.next_header);
	json_open_array(json, "options");
	while (ipv6_option_next(&c, &option) && !option.bad) {
		json_open_object(json, NULL);
		json_u64(json, "type", option.type);
		if (option.value.length)
			json_hex(json, "value", option.value.data,
				 option.value.length);
		json_close_object(json);
	}
	json_close_array(json);
}

const struct dissector ipv6_hop_dissector = {
	.name = "ipv6_hop_by_hop",
	.decode = decode_hop,
	.text = text_hop,
	.json = json,
};

const struct dissector ipv6_destination_dissector = {
	.name = "ipv6_destination_options",
	.decode = decode_destination,
	.text = text_destination,
	.json = json,
};
