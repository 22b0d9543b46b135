/* SPDX-License-Identifier: BSD-3-Clause */
/* OSPF version 2: RFC 2328; link-local signaling: RFC 5613. */
#include "dissectors/ospf.h"

#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum {
	HEADER = 24,
	BODY = HEADER,
	DIGEST = 16, /* of MD5 authentication, behind the message */
	AUTHENTICATION = 16,
	AUTHENTICATION_SIMPLE = 1,
	AUTHENTICATION_MD5 = 2,
	OPTION_SIGNALING = 0x10,
};

const struct label ospf_message_labels[] = {
	{OSPF_HELLO, "Hello"},
	{OSPF_DESCRIPTION, "Database Description"},
	{OSPF_REQUEST, "LS-Request"},
	{OSPF_UPDATE, "LS-Update"},
	{OSPF_ACK, "LS-Ack"},
	{0, NULL},
};

const struct label ospf_option_labels[] = {
	{0x01, "MultiTopology"}, {0x02, "External"}, {0x04, "Multicast"},
	{0x08, "NSSA"},		 {0x10, "LLS"},	     {0x20, "Demand Circuit"},
	{0x40, "Opaque"},	 {0x80, "Up/Down"},  {0, NULL},
};

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;

	layer->words[0] = cursor_u8(c);	  /* version */
	layer->words[1] = cursor_u8(c);	  /* message */
	layer->words[2] = cursor_be16(c); /* length */
	layer->words[3] = cursor_be32(c); /* router */
	layer->words[4] = cursor_be32(c); /* area */
	if (c->overrun)
		layer->flags |= LAYER_TRUNCATED;
}

static void text_hello(struct text *t, const struct layer *layer, size_t end)
{
	size_t at = BODY;

	field_put_bits(t, "\n\tOptions [", ospf_option_labels,
		       field_u8(t, layer, at + 6), "none");
	if (!field_need(t, layer, at, 12))
		return;
	put(t, "\n\t  Hello Timer %us, Dead Timer %us, Mask ",
	    field_be16(t, layer, at + 4), field_be32(t, layer, at + 8));
	field_put_ipv4(t, layer, at);
	put(t, ", Priority %u", field_u8(t, layer, at + 7));
	if (field_be32(t, layer, at + 12)) {
		field_lead_ipv4(t, "\n\t  Designated Router ", layer,
			at + 12);
	}
	if (field_be32(t, layer, at + 16)) {
		field_lead_ipv4(t, ", Backup Designated Router ", layer,
			at + 16);
	}
	at += 20;
	if (at < end)
		put_text(t, "\n\t  Neighbor List:");
	for (; at < end && !t->stopped; at += 4) {
		if (!field_need(t, layer, at, 4))
			return;
		field_lead_ipv4(t, "\n\t    ", layer,
			at);
	}
}

static void text_description(struct text *t, const struct layer *layer,
			     size_t end)
{
	static const struct label flags[] = {{4, "Init"},
					     {2, "More"},
					     {1, "Master"},
					     {8, "OOBResync"},
					     {0, NULL}};
	size_t at = BODY;

	field_put_bits(t, "\n\tOptions [", ospf_option_labels,
		       field_u8(t, layer, at + 2), "none");
	field_put_bits(t, ", DD Flags [", flags,
		       field_u8(t, layer, at + 3), "none");
	if (field_be16(t, layer, at))
		put(t, ", MTU: %u", field_be16(t, layer, at));
	put(t, ", Sequence: 0x%08x", field_be32(t, layer, at + 4));
	for (at += 8; at < end && !t->stopped; at += OSPF_LSA_HEADER)
		if (ospf_text_header(t, layer, at) < 0)
			return;
}

static void text_update(struct text *t, const struct layer *layer)
{
	uint32_t count = field_be32(t, layer, BODY);
	size_t at = BODY + 4;

	put(t, ", %u LSA%s", count, count == 1 ? "" : "s");
	for (uint32_t i = 1; i <= count && i && !t->stopped; i++) {
		put(t, "\n\t  LSA #%u", i);
		at = ospf_text_lsa(t, layer, at);
		if (!at) {
			text_stop(t);
			return;
		}
	}
}

static void text_body(struct text *t, const struct layer *layer, size_t end)
{
	size_t at = BODY;

	switch (layer->words[1]) {
	case OSPF_HELLO:
		text_hello(t, layer, end);
		break;
	case OSPF_DESCRIPTION:
		text_description(t, layer, end);
		break;
	case OSPF_REQUEST:
		for (; at < end && field_need(t, layer, at, 12); at += 12)
			ospf_put_request(t, layer, at);
		break;
	case OSPF_UPDATE:
		text_update(t, layer);
		break;
	case OSPF_ACK:
		while (ospf_text_header(t, layer, at) >= 0)
			at += OSPF_LSA_HEADER;
		break;
	default:
		break;
	}
}

/* One TLV of link-local signaling at @at: where the next one is. */
static size_t text_signal(struct text *t, const struct layer *layer, size_t at)
{
	static const struct label labels[] = {
		{1, "Extended Options"}, {2, "MD5 Authentication"}, {0, NULL}};
	static const struct label options[] = {
		{1, "LSDB resync"}, {2, "Restart"}, {0, NULL}};
	uint16_t type = field_be16(t, layer, at), length;
	uint32_t value;

	put(t, "\n\t    %s (%u)", label_or(labels, type, "Unknown TLV"), type);
	length = field_be16(t, layer, at + 2);
	put(t, ", length: %u", length);
	at += 4;
	if (type == 1) {
		if (length != 4) {
			put_text(t, " [should be 4]");
			length = 4;
		}
		value = field_be32(t, layer, at);
		put(t, "\n\t      Options: 0x%08x [", value);
		put_bits(t, options, value, "?", ", ");
		put_char(t, ']');
	} else if (type == 2) {
		if (length != 20) {
			put_text(t, " [should be 20]");
			length = 20;
		}
		put(t, "\n\t      Sequence number: 0x%08x",
		    field_be32(t, layer, at));
	}
	return at + length;
}

static void text_signaling(struct text *t, const struct layer *layer)
{
	uint32_t length = (uint32_t)layer->words[2];
	size_t at = length;
	uint8_t options;

	if (layer->words[1] == OSPF_HELLO)
		options = field_u8(t, layer, BODY + 6);
	else if (layer->words[1] == OSPF_DESCRIPTION)
		options = field_u8(t, layer, BODY + 2);
	else
		return;
	if (!(options & OPTION_SIGNALING))
		return;
	if (field_be16(t, layer, 14) == AUTHENTICATION_MD5)
		at += field_u8(t, layer, AUTHENTICATION + 3);
	if (at >= layer->length) {
		put_text(t, "\n\t[LLS truncated]");
		return;
	}
	put(t, "\n\t  LLS: checksum: 0x%04x", field_be16(t, layer, at));
	put(t, ", length: %u", field_be16(t, layer, at + 2));
	at += 4;
	while (at < layer->length && !t->stopped)
		at = text_signal(t, layer, at);
}

/* False: the type is not known, and nothing more is printed. */
static bool text_authentication(struct text *t, const struct layer *layer)
{
	static const struct label labels[] = {
		{0, "none"}, {1, "simple"}, {2, "MD5"}, {0, NULL}};
	uint16_t type = field_be16(t, layer, 14);
	size_t at = AUTHENTICATION;

	if (!field_need(t, layer, at, 8))
		return false;
	put(t, ", Authentication Type: %s (%u)",
	    label_or(labels, type, "unknown"), type);
	if (type == AUTHENTICATION_SIMPLE) {
		put_text(t, "\n\tSimple text password: ");
		field_put_string(t, layer, at, 8);
	} else if (type == AUTHENTICATION_MD5) {
		put(t,
		    "\n\tKey-ID: %u, Auth-Length: %u, Crypto Sequence Number: "
		    "0x%08x",
		    field_u8(t, layer, at + 2), field_u8(t, layer, at + 3),
		    field_be32(t, layer, at + 4));
	}
	return type <= AUTHENTICATION_MD5 && !t->stopped;
}

static void text_verbose(struct text *t, const struct layer *layer)
{
	uint32_t length = field_be16(t, layer, 2);
	size_t end = layer->length < length ? layer->length : length;

	if (layer->length != length)
		put(t, " [len %u]", length);
	field_lead_ipv4(t, "\n\tRouter-ID ", layer,
			4);
	if (field_be32(t, layer, 8)) {
		field_lead_ipv4(t, ", Area ", layer,
			8);
	} else {
		put_text(t, ", Backbone Area");
	}
	if (!text_authentication(t, layer))
		return;
	if (layer->words[0] != 2) {
		put(t, " ospf [version %u]", (unsigned int)layer->words[0]);
		return;
	}
	text_body(t, layer, end);
	if (!t->stopped && layer->length > length)
		text_signaling(t, layer);
}

static void text(struct text *t, const struct layer *layer)
{
	struct layer message = *layer;
	const char *name;

	t->protocol = "ospf2";
	if (field_be16(t, layer, 14) == AUTHENTICATION_MD5) {
		message.length -= DIGEST;
		message.captured -= DIGEST;
	}
	if (t->stopped)
		return;
	name = label_find(ospf_message_labels, field_u8(t, &message, 1));
	put(t, "OSPFv%u, ", field_u8(t, &message, 0));
	if (name)
		put_text(t, name);
	else
		put(t, "unknown LS-type %u", field_u8(t, &message, 1));
	put(t, ", length %u", message.length);
	if (name && t->options->verbose)
		text_verbose(t, &message);
}

static void text_either(struct text *t, const struct layer *layer)
{
	const struct layer *ip = layer_ip(t->packet, layer);

	if (ip && ip->dissector == &ipv6_dissector)
		ospf6_dissector.text(t, layer);
	else
		text(t, layer);
}

const struct dissector ospf_dissector = {
	.name = "ospf",
	.decode = decode,
	.text = text_either,
	.members = &ospf_members,
};
