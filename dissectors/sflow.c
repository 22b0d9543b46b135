/* SPDX-License-Identifier: BSD-3-Clause */
/* sFlow version 5: sflow.org/sflow_version_5.txt. */
#include "dissectors/field.h"
#include "dissectors/protocols.h"

enum {
	VERSION = 5,
	ADDRESS_IPV4 = 1, /* others are taken for the next */
	ADDRESS_IPV6 = 2,
	HEADER = 28, /* with an IPv4 address; 12 more with IPv6 */
	IPV6_MORE = 12,
	RECORD = 8, /* type and length, of samples and of records */
};

enum sample {
	FLOW = 1,
	COUNTER = 2,
	EXPANDED_FLOW = 3,
	EXPANDED_COUNTER = 4,
};

static const struct label sample_labels[] = {
	{FLOW, "flow sample"},
	{COUNTER, "counter sample"},
	{EXPANDED_FLOW, "expanded flow sample"},
	{EXPANDED_COUNTER, "expanded counter sample"},
	{0, NULL},
};

static const struct label flow_labels[] = {
	{1, "Raw packet"},
	{2, "Ethernet frame"},
	{3, "IPv4 Data"},
	{4, "IPv6 Data"},
	{1001, "Extended Switch data"},
	{1002, "Extended Router data"},
	{1003, "Extended Gateway data"},
	{1004, "Extended User data"},
	{1005, "Extended URL data"},
	{1006, "Extended MPLS data"},
	{1007, "Extended NAT data"},
	{1008, "Extended MPLS tunnel"},
	{1009, "Extended MPLS VC"},
	{1010, "Extended MPLS FEC"},
	{1011, "Extended MPLS LVP FEC"},
	{1012, "Extended VLAN Tunnel"},
	{0, NULL},
};

static const struct label counter_labels[] = {
	{1, "Generic counter"},
	{2, "Ethernet counter"},
	{3, "Token ring counter"},
	{4, "100 BaseVG counter"},
	{5, "Vlan counter"},
	{1001, "Processor counter"},
	{0, NULL},
};

/* What is left to print, of the datagram and not of the sample: a record may
 * pass its sample's end. */
struct rest {
	const struct layer *layer;
	size_t at;
	uint32_t left;
};

static uint32_t header_size(const struct layer *layer)
{
	return layer->words[1] == ADDRESS_IPV4 ? HEADER : HEADER + IPV6_MORE;
}

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;

	layer->words[0] = cursor_be32(c); /* version */
	layer->words[1] = cursor_be32(c); /* kind of address */
	cursor_skip(c, header_size(layer) - 24);
	layer->words[2] = cursor_be32(c); /* agent */
	layer->words[3] = cursor_be32(c); /* sequence */
	layer->words[4] = cursor_be32(c); /* uptime */
	layer->words[5] = cursor_be32(c); /* samples */
	if (c->overrun)
		layer->flags |= LAYER_TRUNCATED;
}

/* The @i-th word of @r. */
static uint32_t word(struct text *t, const struct rest *r, size_t i)
{
	return field_be32(t, r->layer, r->at + 4 * i);
}

/* A number of one word or, if wide, of two, and what is printed before it. */
struct named {
	uint8_t at;
	bool wide;
	const char *before;
};

/* A line is printed if all of it is there. */
static void put_named(struct text *t, const struct rest *r,
		      const struct named *named)
{
	for (; named->before && !t->stopped; named++) {
		const struct named *last = named;

		while (named->before[0] == '\n' && last[1].before &&
		       last[1].before[0] != '\n')
			last++;
		if (!field_need(t, r->layer, r->at,
				4u * last->at + (last->wide ? 8 : 4)))
			return;
		put_text(t, named->before);
		if (named->wide)
			put(t, "%llu",
			    (unsigned long long)field_be64(
				    t, r->layer, r->at + 4u * named->at));
		else
			put_u32(t, word(t, r, named->at));
	}
}

static void put_generic(struct text *t, const struct rest *r)
{
	static const struct label directions[] = {
		{0, "unknown"}, {1, "full-duplex"}, {2, "half-duplex"},
		{3, "in"},	{4, "out"},	    {0, NULL}};
	static const struct named head[] = {{0, false, "\n\t      ifindex "},
					    {1, false, ", iftype "},
					    {2, true, ", ifspeed "},
					    {4, false, ", ifdirection "},
					    {0, false, NULL}};
	static const struct named rest[] = {
		{6, true, "\n\t      In octets "},
		{8, false, ", unicast pkts "},
		{9, false, ", multicast pkts "},
		{10, false, ", broadcast pkts "},
		{11, false, ", discards "},
		{12, false, "\n\t      In errors "},
		{13, false, ", unknown protos "},
		{14, true, "\n\t      Out octets "},
		{16, false, ", unicast pkts "},
		{17, false, ", multicast pkts "},
		{18, false, ", broadcast pkts "},
		{19, false, ", discards "},
		{20, false, "\n\t      Out errors "},
		{21, false, ", promisc mode "},
		{0, false, NULL}};
	uint32_t status;

	if (!field_need(t, r->layer, r->at, 20))
		return;
	put_named(t, r, head);
	put(t, " (%s)", label_or(directions, word(t, r, 4), "Unknown"));
	status = word(t, r, 5);
	put(t, "\n\t      ifstatus %u, adminstatus: %s, operstatus: %s", status,
	    status & 1 ? "up" : "down", status & 2 ? "up" : "down");
	put_named(t, r, rest);
}

static const struct named ethernet_fields[] = {
	{0, false, "\n\t      align errors "},
	{1, false, ", fcs errors "},
	{2, false, ", single collision "},
	{3, false, ", multiple collision "},
	{4, false, ", test error "},
	{5, false, "\n\t      deferred "},
	{6, false, ", late collision "},
	{7, false, ", excessive collision "},
	{8, false, ", mac trans error "},
	{9, false, "\n\t      carrier error "},
	{10, false, ", frames too long "},
	{11, false, ", mac receive errors "},
	{12, false, ", symbol errors "},
	{0, false, NULL},
};

static const struct named vg_fields[] = {
	{0, false, "\n\t      in high prio frames "},
	{1, true, ", in high prio octets "},
	{3, false, "\n\t      in norm prio frames "},
	{4, true, ", in norm prio octets "},
	{6, false, "\n\t      in ipm errors "},
	{7, false, ", oversized "},
	{8, false, ", in data errors "},
	{9, false, ", null addressed frames "},
	{10, false, "\n\t      out high prio frames "},
	{11, true, ", out high prio octets "},
	{13, false, ", trans into frames "},
	{14, true, "\n\t      in hc high prio octets "},
	{16, true, ", in hc norm prio octets "},
	{18, true, ", out hc high prio octets "},
	{0, false, NULL},
};

static const struct named vlan_fields[] = {
	{0, false, "\n\t      vlan_id "},
	{1, true, ", octets "},
	{3, false, ", unicast_pkt "},
	{4, false, ", multicast_pkt "},
	{5, false, ", broadcast_pkt "},
	{6, false, ", discards "},
	{0, false, NULL},
};

/* The percentages, and twice the same name for memory. */
static const struct named processor_fields[] = {
	{0, false, "\n\t      5sec "}, {1, false, ", 1min "},
	{2, false, ", 5min "},	       {3, true, ", total_mem "},
	{5, true, ", total_mem "},     {0, false, NULL},
};

static const struct named frame_fields[] = {
	{0, false, "\n\t      frame len "},
	{5, false, ", type "},
	{0, false, NULL},
};

static const struct named switch_fields[] = {
	{0, false, "\n\t      src vlan "},
	{1, false, ", src pri "},
	{2, false, ", dst vlan "},
	{3, false, ", dst pri "},
	{0, false, NULL},
};

static void put_raw(struct text *t, const struct rest *r)
{
	static const struct label protocols[] = {
		{1, "Ethernet"}, {11, "IPv4"}, {12, "IPv6"}, {0, NULL}};
	uint32_t protocol = word(t, r, 0);

	put(t,
	    "\n\t      protocol %s (%u), length %u, stripped bytes %u, "
	    "header_size %u",
	    label_or(protocols, protocol, "Unknown"), protocol, word(t, r, 1),
	    word(t, r, 2), word(t, r, 3));
}

/* A kind of record: what it has at least, and what is printed of it. */
struct kind {
	uint32_t format;
	uint32_t least;
	void (*body)(struct text *t, const struct rest *r);
	const struct named *fields;
};

static const struct kind counter_kinds[] = {
	{1, 88, put_generic, NULL}, {2, 52, NULL, ethernet_fields},
	{3, 0, NULL, NULL},	    {4, 80, NULL, vg_fields},
	{5, 28, NULL, vlan_fields}, {1001, 28, NULL, processor_fields},
	{0, 0, NULL, NULL},
};

static const struct kind flow_kinds[] = {
	{1, 16, put_raw, NULL},
	{2, 24, NULL, frame_fields},
	{1001, 16, NULL, switch_fields},
	{3, 0, NULL, NULL},
	{4, 0, NULL, NULL},
	{1002, 0, NULL, NULL},
	{1003, 0, NULL, NULL},
	{1004, 0, NULL, NULL},
	{1005, 0, NULL, NULL},
	{1006, 0, NULL, NULL},
	{1007, 0, NULL, NULL},
	{1008, 0, NULL, NULL},
	{1009, 0, NULL, NULL},
	{1010, 0, NULL, NULL},
	{1011, 0, NULL, NULL},
	{1012, 0, NULL, NULL},
	{0, 0, NULL, NULL},
};

/* False: the record cannot be, or is not there. */
static bool text_record(struct text *t, const struct rest *r,
			const struct kind *kinds, uint32_t format,
			uint32_t length)
{
	const struct kind *k = kinds;

	while (k->format && k->format != format)
		k++;
	if (!k->format) {
		if (t->options->verbose <= 1)
			field_put_dump(t, r->layer, r->at, "\n\t\t", length);
		return true;
	}
	if (r->left < k->least)
		return false;
	if (k->body)
		k->body(t, r);
	else if (k->fields)
		put_named(t, r, k->fields);
	return true;
}

/* The records of a sample. False: something cannot be. */
static bool text_records(struct text *t, struct rest r, uint32_t count,
			 bool flow)
{
	while (count-- && !t->stopped) {
		uint32_t format, enterprise, length;

		if (r.left < RECORD)
			return false;
		if (!field_need(t, r.layer, r.at, RECORD))
			return true;
		format = word(t, &r, 0) & 0xfff;
		enterprise = word(t, &r, 0) >> (flow ? 12 : 20);
		length = word(t, &r, 1);
		r.at += RECORD;
		r.left -= RECORD;
		put(t, "\n\t    enterprise %u%s %s (%u) length %u", enterprise,
		    flow ? "" : ",",
		    enterprise ? "Unknown"
			       : label_or(flow ? flow_labels : counter_labels,
					  format, "Unknown"),
		    format, length);
		if (length > r.left)
			return false;
		if (!enterprise &&
		    !text_record(t, &r, flow ? flow_kinds : counter_kinds,
				 format, length))
			return false;
		r.at += length;
		r.left -= length;
	}
	return true;
}

static bool text_sample(struct text *t, struct rest r, uint32_t type)
{
	static const uint8_t words[] = {[FLOW] = 8,
					[COUNTER] = 3,
					[EXPANDED_FLOW] = 11,
					[EXPANDED_COUNTER] = 4};
	bool expanded = type >= EXPANDED_FLOW;
	bool flow = type == FLOW || type == EXPANDED_FLOW;
	size_t rate = expanded ? 3 : 2;
	uint32_t size = 4u * words[type], count;

	if (r.left < size)
		return false;
	if (!field_need(t, r.layer, r.at, size))
		return true;
	put(t, " seqnum %u, type %u, idx %u", word(t, &r, 0),
	    expanded ? word(t, &r, 1) : word(t, &r, 1) >> 24,
	    expanded ? word(t, &r, 2) : word(t, &r, 1) & 0xffffff);
	if (flow)
		put(t, ", rate %u, pool %u, drops %u", word(t, &r, rate),
		    word(t, &r, rate + 1), word(t, &r, rate + 2));
	count = word(t, &r, words[type] - 1u);
	if (type == FLOW)
		put(t, ", input %u output %u", word(t, &r, 5), word(t, &r, 6));
	put(t, "%s records %u", type == FLOW ? "" : ",", count);
	r.at += size;
	r.left -= size;
	return text_records(t, r, count, flow);
}

/* False: something cannot be. */
static bool text_samples(struct text *t, struct rest r, uint32_t count)
{
	for (; count && r.left && !t->stopped; count--) {
		uint32_t type, length;

		if (!field_has(r.layer, r.at, RECORD)) {
			text_stop(t);
			return true;
		}
		if (r.left < RECORD)
			return false;
		type = word(t, &r, 0) & 0xfff;
		length = word(t, &r, 1);
		r.at += RECORD;
		r.left -= RECORD;
		put(t, "\n\t%s (%u), length %u,",
		    label_or(sample_labels, type, "Unknown"), type, length);
		if (!type || !length)
			return true;
		if (length > r.left)
			return false;
		if (!field_has(r.layer, r.at, length)) {
			text_stop(t);
			return true;
		}
		if (!label_find(sample_labels, type)) {
			if (t->options->verbose <= 1)
				field_put_dump(t, r.layer, r.at, "\n\t    ",
					       length);
		} else if (!text_sample(t, r, type)) {
			return false;
		}
		r.at += length;
		r.left -= length;
	}
	return true;
}

static void text(struct text *t, const struct layer *layer)
{
	uint32_t version = (uint32_t)layer->words[0];
	uint32_t size = header_size(layer);
	bool six = size != HEADER;
	struct rest r = {layer, size, layer->length - size};

	t->protocol = "sflow";
	if (!field_need(t, layer, 0, 8))
		return;
	if (layer->words[1] <= ADDRESS_IPV6 && layer->words[1] &&
	    layer->length < size) {
		put(t, "sFlowv%u [length %u < %u]", version, layer->length,
		    HEADER);
		text_invalid(t);
		return;
	}
	if (!field_need(t, layer, 0, HEADER))
		return;
	if (version != VERSION) {
		put(t, "sFlow version %u packet not supported", version);
		return;
	}
	/* One line each, which is printed if all its fields are there. */
	if (!field_need(t, layer, 0, t->options->verbose ? size : HEADER))
		return;
	put_text(t, six ? "sFlowv5, IPv6 agent " : "sFlowv5, IPv4 agent ");
	if (six)
		put_ipv6(t, layer->data + 8);
	else
		put_ipv4(t, layer->data + 8);
	put(t, ", agent-id %u", load_be32(layer->data + (six ? 24 : 12)));
	if (!t->options->verbose) {
		put(t, ", length %u", layer->length);
		return;
	}
	put(t, ", seqnum %u, uptime %u, samples %u, length %u",
	    (uint32_t)layer->words[3], (uint32_t)layer->words[4],
	    (uint32_t)layer->words[5], layer->length);
	if (text_samples(t, r, (uint32_t)layer->words[5]) || t->stopped)
		return;
	text_invalid(t);
	field_need(t, layer, 0, layer->length);
}

/* The samples that the snapshot holds, by their types. */
static void json_samples(struct json *json, const struct layer *layer)
{
	struct cursor c = text_cursor(layer);

	cursor_skip(&c, header_size(layer));
	json_open_array(json, "samples");
	for (uint64_t n = layer->words[5]; n; n--) {
		uint32_t type = cursor_be32(&c), length = cursor_be32(&c);

		if (c.overrun)
			break;
		json_open_object(json, NULL);
		json_u64(json, "enterprise", type >> 12);
		json_u64(json, "format", type & 0xfff);
		json_u64(json, "length", length);
		if (cursor_has(&c, 4))
			json_u64(json, "sequence", load_be32(c.at));
		json_close_object(json);
		cursor_skip(&c, length);
	}
	json_close_array(json);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "version", layer->words[0]);
	if (layer->flags & LAYER_TRUNCATED || layer->words[0] != VERSION)
		return;
	if (layer->words[1] == ADDRESS_IPV4)
		json_ipv4(json, "agent", layer->data + 8);
	else
		json_ipv6(json, "agent", layer->data + 8);
	json_u64(json, "agent_id", layer->words[2]);
	json_u64(json, "sequence", layer->words[3]);
	json_u64(json, "uptime", layer->words[4]);
	json_samples(json, layer);
}

const struct dissector sflow_dissector = {
	.name = "sflow",
	.decode = decode,
	.text = text,
	.json = json,
};
