/* SPDX-License-Identifier: BSD-3-Clause */
/* DHCPv6: RFC 8415. Its options are in dhcp6_options.c. */
#include "dissectors/dhcp6.h"

#include "dissectors/protocols.h"

enum { RELAY_FORWARD = 12, RELAY_REPLY = 13, RELAY_HEADER = 34 };

static const struct label message_labels[] = {
	{1, "solicit"},
	{2, "advertise"},
	{3, "request"},
	{4, "confirm"},
	{5, "renew"},
	{6, "rebind"},
	{7, "reply"},
	{8, "release"},
	{9, "decline"},
	{10, "reconfigure"},
	{11, "inf-req"},
	{RELAY_FORWARD, "relay-fwd"},
	{RELAY_REPLY, "relay-reply"},
	{14, "leasequery"},
	{15, "leasequery-reply"},
	{0, NULL},
};

static bool is_relayed(uint8_t type)
{
	return type == RELAY_FORWARD || type == RELAY_REPLY;
}

static void decode(struct dissection *d)
{
	uint32_t first = cursor_be32(&d->cursor);

	d->layer->dhcp6.type = (uint8_t)(first >> 24);
	d->layer->dhcp6.transaction = first & 0xffffff;
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

void dhcp6_text_message(struct text *t, struct cursor c, uint32_t length)
{
	struct cursor options = c;
	uint32_t first;
	uint8_t type;

	t->protocol = "dhcp6";
	put_text(t, "dhcp6");
	if (!cursor_has(&c, 4)) {
		text_trunc(t);
		return;
	}
	first = load_be32(c.at);
	type = (uint8_t)(first >> 24);
	put_char(t, ' ');
	put_label(t, message_labels, type, "msgtype-%u");
	if (!t->options->verbose)
		return;
	put_text(t, " (");
	if (is_relayed(type)) {
		cursor_skip(&options, 2);
		put_with_ipv6(t, "linkaddr=",
				text_bytes(t, &options, 16));
		put_with_ipv6(t, " peeraddr=",
				text_bytes(t, &options, 16));
	} else {
		cursor_skip(&options, 4);
		put(t, "xid=%x", first & 0xffffff);
	}
	if (t->stopped)
		return;
	dhcp6_text_options(t, options,
			   length - (is_relayed(type) ? RELAY_HEADER : 4u));
	put_char(t, ')');
}

static void text(struct text *t, const struct layer *layer)
{
	dhcp6_text_message(t, text_cursor(layer), layer->length);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	struct cursor c = text_cursor(layer);
	struct dhcp6_option option;

	(void)packet;
	json_u64(json, "type", layer->dhcp6.type);
	if (is_relayed(layer->dhcp6.type)) {
		cursor_skip(&c, RELAY_HEADER);
	} else {
		json_u64(json, "transaction_id", layer->dhcp6.transaction);
		cursor_skip(&c, 4);
	}
	json_open_array(json, "options");
	while (!c.overrun && dhcp6_option_next(&c, &option)) {
		json_open_object(json, NULL);
		json_u64(json, "code", option.code);
		json_hex(json, "data", option.value.data, option.value.length);
		json_close_object(json);
	}
	json_close_array(json);
}

const struct dissector dhcp6_dissector = {
	.name = "dhcpv6",
	.decode = decode,
	.text = text,
	.json = json,
};
