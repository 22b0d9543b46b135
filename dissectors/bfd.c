/* SPDX-License-Identifier: BSD-3-Clause */
/* Bidirectional forwarding detection: RFC 5880. */
#include "dissectors/field.h"

#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum {
	HEADER = 24,
	PORT_CONTROL = 3784,
	PORT_ECHO = 3785,
	PORT_MULTIHOP = 4784,
	PORT_LAG = 6784,
	FLAG_AUTHENTICATION = 0x04,
};

enum authentication { PASSWORD = 1, MD5 = 2, METICULOUS_MD5 = 3, SHA1 = 4 };

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;

	layer->words[0] = layer[-1].dissector == &udp_dissector
				  ? layer[-1].udp.destination
				  : PORT_CONTROL;
	if (layer->words[0] == PORT_ECHO)
		return;
	layer->words[1] = cursor_u8(c); /* version and diagnostic */
	layer->words[2] = cursor_u8(c); /* flags */
	layer->words[3] = cursor_be16(c); /* multiplier and length */
	layer->words[4] = cursor_be32(c); /* discriminators */
	layer->words[5] = cursor_be32(c);
	cursor_skip(c, 12);
	if (c->overrun)
		layer->flags |= LAYER_TRUNCATED;
}

static void text_digest(struct text *t, const struct layer *layer, size_t at,
			uint8_t length, uint8_t size, const char *name)
{
	if (length != size) {
		put(t, "[invalid length %u]", length);
		return;
	}
	put(t, ", Sequence Number: 0x%08x", field_be32(t, layer, at + 4));
	if (!field_need(t, layer, at + 8, size - 8u))
		return;
	put(t, "\n\t  %s: ", name);
	field_put_hex(t, layer, at + 8, size - 8u);
}

static void text_authentication(struct text *t, const struct layer *layer)
{
	static const struct label types[] = {
		{1, "Simple Password"},	     {2, "Keyed MD5"},
		{3, "Meticulous Keyed MD5"}, {4, "Keyed SHA1"},
		{5, "Meticulous Keyed SHA1"}, {0, NULL}};
	size_t at = HEADER;
	uint8_t type, length;

	if (!field_need(t, layer, at, 4))
		return;
	type = layer->data[at];
	length = layer->data[at + 1];
	put(t, "\n\tAuthentication: %s (%u), length: %u\n\t  Auth Key ID: %u",
	    label_or(types, type, "Unknown"), type, length,
	    layer->data[at + 2]);
	if (type == PASSWORD) {
		if (length < 4 || length > 19) {
			put(t, "[invalid length %u]", length);
			return;
		}
		put_text(t, ", Password: ");
		field_put_text(t, layer, at + 3, length - 3u);
	} else if (type == MD5 || type == METICULOUS_MD5) {
		text_digest(t, layer, at, length, 24, "Digest");
	} else if (type >= SHA1 && type <= SHA1 + 1) {
		text_digest(t, layer, at, length, 28, "Hash");
	}
}

static void put_flags(struct text *t, uint8_t version, uint8_t flags)
{
	static const struct label old[] = {{0x80, "I Hear You"},
					   {0x40, "Demand"},
					   {0x20, "Poll"},
					   {0x10, "Final"},
					   {0x08, "Control Plane Independent"},
					   {0x04, "Authentication Present"},
					   {0x02, "Reserved"},
					   {0x01, "Reserved"},
					   {0, NULL}};
	static const struct label labels[] = {
		{0x20, "Poll"},
		{0x10, "Final"},
		{0x08, "Control Plane Independent"},
		{0x04, "Authentication Present"},
		{0x02, "Demand"},
		{0x01, "Multipoint"},
		{0, NULL}};

	put_text(t, "Flags: [");
	put_bits(t, version ? labels : old, version ? flags & 0x3fu : flags,
		 "none", ", ");
	put_char(t, ']');
}

static void put_kind(struct text *t, const struct layer *layer)
{
	static const struct label ports[] = {{PORT_CONTROL, "Control"},
					     {PORT_MULTIHOP, "Multihop"},
					     {PORT_LAG, "Lag"},
					     {0, NULL}};
	static const struct label states[] = {
		{0, "AdminDown"}, {1, "Down"}, {2, "Init"}, {3, "Up"},
		{0, NULL}};

	if (layer->words[1] >> 5)
		put(t, "%s, State %s",
		    label_or(ports, (uint32_t)layer->words[0], "unknown"),
		    label_or(states, layer->data[1] >> 6, "unknown"));
	else
		put_text(t, "Control");
	put_text(t, ", ");
	put_flags(t, (uint8_t)(layer->words[1] >> 5), layer->data[1]);
}

static void text_verbose(struct text *t, const struct layer *layer)
{
	static const struct label diagnostics[] = {
		{0, "No Diagnostic"},
		{1, "Control Detection Time Expired"},
		{2, "Echo Function Failed"},
		{3, "Neighbor Signaled Session Down"},
		{4, "Forwarding Plane Reset"},
		{5, "Path Down"},
		{6, "Concatenated Path Down"},
		{7, "Administratively Down"},
		{8, "Reverse Concatenated Path Down"},
		{0, NULL}};
	const uint8_t *p = layer->data;
	uint8_t diagnostic = p[0] & 0x1f;

	put_text(t, "\n\t");
	put_kind(t, layer);
	put(t, ", Diagnostic: %s (0x%02x)",
	    label_or(diagnostics, diagnostic, "unknown"), diagnostic);
	put(t,
	    "\n\tDetection Timer Multiplier: %u (%u ms Detection time), BFD "
	    "Length: %u",
	    p[2], p[2] * load_be32(p + 12) / 1000, p[3]);
	put(t, "\n\tMy Discriminator: 0x%08x, Your Discriminator: 0x%08x",
	    load_be32(p + 4), load_be32(p + 8));
	put(t, "\n\t  Desired min Tx Interval:    %4u ms",
	    load_be32(p + 12) / 1000);
	put(t, "\n\t  Required min Rx Interval:   %4u ms",
	    load_be32(p + 16) / 1000);
	put(t, "\n\t  Required min Echo Interval: %4u ms",
	    load_be32(p + 20) / 1000);
	if (p[1] & FLAG_AUTHENTICATION)
		text_authentication(t, layer);
}

static void text(struct text *t, const struct layer *layer)
{
	uint8_t version;

	t->protocol = "bfd";
	if (layer->words[0] == PORT_ECHO) {
		put(t, "BFD, Echo, length: %u", layer->length);
		if (t->options->verbose)
			field_put_dump(t, layer, 0, "\n\t", layer->length);
		return;
	}
	if (!field_need(t, layer, 0, HEADER))
		return;
	version = layer->data[0] >> 5;
	if (version > 1) {
		put(t, "BFDv%u, Control, length: %u", version, layer->length);
		if (t->options->verbose)
			field_put_dump(t, layer, 0, "\n\t", layer->length);
	} else if (t->options->verbose) {
		put(t, "BFDv%u, length: %u", version, layer->length);
		text_verbose(t, layer);
	} else {
		put(t, "BFDv%u, ", version);
		put_kind(t, layer);
		put(t, ", length: %u", layer->length);
	}
}

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_PART("version", 0, 1, 5, 3),
		MEMBER_PART("diagnostic", 0, 1, 0, 5),
		MEMBER_PART("state", 1, 1, 6, 2),
		MEMBER_PART("flags", 1, 1, 0, 6),
		MEMBER_U8("detect_multiplier", 2),
		MEMBER_U8("message_length", 3),
		MEMBER_U32("my_discriminator", 4),
		MEMBER_U32("your_discriminator", 8),
		MEMBER_U32("desired_min_tx_interval", 12),
		MEMBER_U32("required_min_rx_interval", 16),
		MEMBER_U32("required_min_echo_interval", 20),
		MEMBER_END},
};

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	if (layer->words[0] != PORT_ECHO)
		members_put_json(json, &members, layer->data, layer->captured);
}

const struct dissector bfd_dissector = {
	.name = "bfd",
	.decode = decode,
	.text = text,
	.json = json,
};
