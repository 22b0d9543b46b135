/* SPDX-License-Identifier: BSD-3-Clause */
/* Spanning trees: IEEE 802.1D, 802.1w, 802.1s, 802.1aq. */
#include "dissectors/field.h"

#include <stdio.h>

#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum {
	HEADER = 36,
	MSTP_LEAST = 102,
	VERSION_3 = 36, /* offsets in a BPDU */
	CONFIGURATION = 39,
	DIGEST = 73,
	INSTANCES = 102,
	INSTANCE = 16,
	CONFIGURATION_LENGTH = 64,
	SPB_LEAST = 87,
};

enum version { STP = 0, RSTP = 2, MSTP = 3, SPB = 4 };

enum type { TYPE_CONFIGURATION = 0, TYPE_RAPID = 2 };

static const struct label flag_labels[] = {
	{0x01, "Topology change"},
	{0x02, "Proposal"},
	{0x10, "Learn"},
	{0x20, "Forward"},
	{0x40, "Agreement"},
	{0x80, "Topology change ACK"},
	{0, NULL},
};

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;

	layer->words[0] = cursor_be16(c); /* protocol */
	layer->words[1] = cursor_u8(c);	  /* version */
	layer->words[2] = cursor_u8(c);	  /* type */
	if (c->overrun) {
		layer->flags |= LAYER_TRUNCATED;
		return;
	}
	layer->words[3] = cursor_u8(c);	  /* flags */
	layer->words[4] = cursor_be64(c); /* root */
	layer->words[5] = cursor_be32(c); /* its cost */
}

static const char *role_name(uint8_t flags)
{
	static const char *const roles[] = {"Unknown", "Alternate", "Root",
					    "Designated"};

	return roles[flags >> 2 & 3];
}

/* A bridge identifier behind @lead. */
static void put_bridge(struct text *t, const char *lead,
		       const struct layer *layer, size_t at)
{
	const uint8_t *p;

	if (!field_need(t, layer, at, 8))
		return;
	p = layer->data + at;
	put(t, "%s%02x%02x.", lead, p[0], p[1]);
	addr_put_bytes(t->out, p + 2, 6);
}

static void put_seconds(struct text *t, const char *lead,
			const struct layer *layer, size_t at)
{
	char text[32];

	snprintf(text, sizeof(text), "%.2fs",
		 (double)field_be16(t, layer, at) / 256);
	put_text(t, lead);
	put_text(t, text);
}

static void put_times(struct text *t, const struct layer *layer)
{
	if (!field_need(t, layer, 27, 8))
		return;
	put_seconds(t, "\n\tmessage-age ", layer, 27);
	put_seconds(t, ", max-age ", layer, 29);
	put_seconds(t, ", hello-time ", layer, 31);
	put_seconds(t, ", forwarding-delay ", layer, 33);
}

static void text_configuration(struct text *t, const struct layer *layer)
{
	uint8_t flags = field_u8(t, layer, 4);

	field_put_bits(t, ", Flags [", flag_labels, flags, "none");
	if (!field_need(t, layer, 17, 10))
		return;
	put_bridge(t, ", bridge-id ", layer, 17);
	put(t, ".%04x, length %u", field_be16(t, layer, 25), layer->length);
	if (!t->options->verbose)
		return;
	put_times(t, layer);
	if (!field_need(t, layer, 5, 12))
		return;
	put_bridge(t, "\n\troot-id ", layer, 5);
	put(t, ", root-pathcost %u", field_be32(t, layer, 13));
	if (layer->words[1] == RSTP)
		put(t, ", port-role %s", role_name(flags));
}

static void put_digest(struct text *t, const struct layer *layer, size_t at,
		       int words)
{
	for (int i = 0; i < words; i++)
		put(t, "%08x", field_be32(t, layer, at + 4 * (size_t)i));
}

static void text_instances(struct text *t, const struct layer *layer)
{
	uint16_t length = field_be16(t, layer, VERSION_3);
	size_t at = INSTANCES;

	if (length <= CONFIGURATION_LENGTH)
		return;
	length = (uint16_t)(length - CONFIGURATION_LENGTH);
	for (; length >= INSTANCE && !t->stopped; length -= INSTANCE) {
		uint16_t instance = field_be16(t, layer, at + 1) & 0xfff;
		uint8_t flags = field_u8(t, layer, at);

		put(t, "\n\tMSTI %u", instance);
		field_put_bits(t, ", Flags [", flag_labels, flags, "none");
		put(t, ", port-role %s", role_name(flags));
		if (!field_need(t, layer, at, 13))
			return;
		put_bridge(t, "\n\t\tMSTI regional-root-id ", layer, at + 1);
		put(t, ", pathcost %u", field_be32(t, layer, at + 9));
		put(t, "\n\t\tMSTI bridge-prio %u, port-prio %u, hops %u",
		    field_u8(t, layer, at + 13) >> 4,
		    field_u8(t, layer, at + 14) >> 4,
		    field_u8(t, layer, at + 15));
		at += INSTANCE;
	}
}

static void text_multiple(struct text *t, const struct layer *layer)
{
	uint8_t flags = field_u8(t, layer, 4);

	field_put_bits(t, ", CIST Flags [", flag_labels, flags, "none");
	put(t, ", length %u", layer->length);
	if (!t->options->verbose)
		return;
	put(t, "\n\tport-role %s, ", role_name(flags));
	if (!field_need(t, layer, 5, 12))
		return;
	put_bridge(t, "CIST root-id ", layer, 5);
	put(t, ", CIST ext-pathcost %u", field_be32(t, layer, 13));
	if (!field_need(t, layer, 17, 8))
		return;
	put_bridge(t, "\n\tCIST regional-root-id ", layer, 17);
	put_text(t, ", ");
	put(t, "CIST port-id %04x,", field_be16(t, layer, 25));
	put_times(t, layer);
	put(t, "\n\tv3len %u, ", field_be16(t, layer, VERSION_3));
	put_text(t, "MCID Name ");
	field_put_string(t, layer, CONFIGURATION, 32);
	if (!field_need(t, layer, CONFIGURATION + 32, 18))
		return;
	put(t, ", rev %u,\n\t\tdigest ",
	    field_be16(t, layer, CONFIGURATION + 32));
	put_digest(t, layer, DIGEST, 4);
	put_text(t, ", ");
	put(t, "CIST int-root-pathcost %u,", field_be32(t, layer, 89));
	if (!field_need(t, layer, 93, 8))
		return;
	put_bridge(t, "\n\tCIST bridge-id ", layer, 93);
	put_text(t, ", ");
	put(t, "CIST remaining-hops %u", field_u8(t, layer, 101));
	text_instances(t, layer);
}

static void text_shortest_path(struct text *t, const struct layer *layer,
			       size_t at)
{
	const uint8_t *p;

	if (!t->options->verbose)
		return;
	put(t, "\n\tv4len %u, ", field_be16(t, layer, at));
	put_text(t, "AUXMCID Name ");
	field_put_string(t, layer, at + 3, 32);
	if (!field_need(t, layer, at + 35, 18))
		return;
	put(t, ", Rev %u,\n\t\tdigest ", field_be16(t, layer, at + 35));
	put_digest(t, layer, at + 37, 4);
	if (!field_need(t, layer, at + 53, 34))
		return;
	p = layer->data + at + 53;
	put(t,
	    "\n\tAgreement num %u, Discarded Agreement num %u, Agreement "
	    "valid-flag %u,",
	    p[0] >> 6, p[0] >> 4 & 3, p[0] >> 3 & 1);
	put(t,
	    "\n\tRestricted role-flag: %u, Format id %u cap %u, Convention "
	    "id %u cap %u,",
	    p[0] >> 2 & 1, p[2] >> 4, p[2], p[3] >> 4, p[3]);
	put(t, "\n\tEdge count %u, Agreement digest ", load_be16(p + 4));
	put_digest(t, layer, at + 67, 5);
}

/* False: (invalid). */
static bool text_rapid(struct text *t, const struct layer *layer)
{
	uint64_t version = layer->words[1];
	uint32_t length = layer->length, multiple, shortest;

	if (version == RSTP) {
		if (length < HEADER)
			return false;
		text_configuration(t, layer);
		return true;
	}
	if (version != MSTP && version != SPB)
		return true;
	if (length < MSTP_LEAST || field_u8(t, layer, 35))
		return t->stopped;
	multiple = field_be16(t, layer, VERSION_3) + 2u;
	if (t->stopped)
		return true;
	if (length < HEADER + multiple)
		return false;
	text_multiple(t, layer);
	if (version == MSTP || t->stopped)
		return true;
	shortest = field_be16(t, layer, VERSION_3 + multiple) + 2u;
	if (t->stopped)
		return true;
	if (length < HEADER + multiple + shortest || shortest < SPB_LEAST)
		return false;
	text_shortest_path(t, layer, HEADER + multiple);
	return true;
}

static void text(struct text *t, const struct layer *layer)
{
	static const struct label versions[] = {{STP, "802.1d"},
						{RSTP, "802.1w"},
						{MSTP, "802.1s"},
						{SPB, "802.1aq"},
						{0, NULL}};
	static const struct label types[] = {{TYPE_CONFIGURATION, "Config"},
					     {TYPE_RAPID, "Rapid STP"},
					     {0x80, "Topology Change"},
					     {0, NULL}};
	uint8_t version, type;
	bool valid = true;

	t->protocol = "stp";
	if (layer->length < 4) {
		text_invalid(t);
		return;
	}
	if (field_be16(t, layer, 0)) {
		put(t, "unknown STP version, length %u", layer->length);
		return;
	}
	version = field_u8(t, layer, 2);
	if (t->stopped)
		return;
	put_text(t, "STP ");
	put_label(t, versions, version, "Unknown STP protocol (0x%02x)");
	if (!label_find(versions, version))
		return;
	type = field_u8(t, layer, 3);
	if (t->stopped)
		return;
	put_text(t, ", ");
	put_label(t, types, type, "Unknown BPDU Type (0x%02x)");
	if (type == TYPE_CONFIGURATION) {
		valid = layer->length >= HEADER - 1;
		if (valid)
			text_configuration(t, layer);
	} else if (type == TYPE_RAPID) {
		valid = text_rapid(t, layer);
	}
	if (!valid)
		text_invalid(t);
}

static const struct member_table configuration_members = {
	.members = (const struct member[]){
		MEMBER_U8("flags", 4),
		MEMBER_U16("root_priority", 5),
		MEMBER_LINK("root_address", 7),
		MEMBER_U32("root_path_cost", 13),
		MEMBER_U16("bridge_priority", 17),
		MEMBER_LINK("bridge_address", 19),
		MEMBER_U16("port_id", 25),
		MEMBER_U16("message_age", 27),
		MEMBER_U16("max_age", 29),
		MEMBER_U16("hello_time", 31),
		MEMBER_U16("forward_delay", 33),
		MEMBER_END},
};

static const struct member_case type_cases[] = {
	{0, &configuration_members},
	{2, &configuration_members},
	{0, NULL},
};

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_U8("version", 2),
		MEMBER_U8("type", 3),
		MEMBER_END},
	.choice = {3, 1, 0},
	.cases = type_cases,
};

const struct dissector stp_dissector = {
	.name = "stp",
	.decode = decode,
	.text = text,
	.members = &members,
};
