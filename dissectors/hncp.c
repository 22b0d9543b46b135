/* SPDX-License-Identifier: BSD-3-Clause */
/* Home networking control: RFC 7788, and DNCP below it: RFC 7787. */
#include "dissectors/hncp.h"

#include "dissectors/protocols.h"

enum {
	HEADER = 4,
	NODE = 4,
	HASH = 8,
	FINGERPRINT = 32,
	DEEPEST = 1000,
	LONGEST_PREFIX = 17,
	VERBOSE_ALL = 3
};

enum type {
	REQUEST_NETWORK = 1,
	REQUEST_NODE = 2,
	ENDPOINT = 3,
	NETWORK_STATE = 4,
	NODE_STATE = 5,
	PEER = 8,
	KEEP_ALIVE = 9,
	TRUST = 10,
	VERSION = 32,
	EXTERNAL = 33,
	DELEGATED = 34,
	ASSIGNED = 35,
	NODE_ADDRESS = 36,
	DHCP4_DATA = 37,
	DHCP6_DATA = 38,
	ZONE = 39,
	DOMAIN = 40,
	NODE_NAME = 41,
	MANAGED_KEY = 42,
	POLICY = 43,
};

static const struct label type_labels[] = {
	{0, "Reserved"},
	{REQUEST_NETWORK, "Request network state"},
	{REQUEST_NODE, "Request node state"},
	{ENDPOINT, "Node endpoint"},
	{NETWORK_STATE, "Network state"},
	{NODE_STATE, "Node state"},
	{PEER, "Peer"},
	{KEEP_ALIVE, "Keep-alive interval"},
	{TRUST, "Trust-Verdict"},
	{VERSION, "HNCP-Version"},
	{EXTERNAL, "External-Connection"},
	{DELEGATED, "Delegated-Prefix"},
	{ASSIGNED, "Assigned-Prefix"},
	{NODE_ADDRESS, "Node-Address"},
	{DHCP4_DATA, "DHCPv4-Data"},
	{DHCP6_DATA, "DHCPv6-Data"},
	{ZONE, "DNS-Delegated-Zone"},
	{DOMAIN, "Domain-Name"},
	{NODE_NAME, "Node-Name"},
	{MANAGED_KEY, "Managed-PSK"},
	{POLICY, "Prefix-Policy"},
	{0, NULL},
};

static void decode(struct dissection *d)
{
	d->layer->words[0] = cursor_be16(&d->cursor);
	d->layer->words[1] = cursor_be16(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

static const char *type_name(uint16_t type)
{
	const char *name = label_find(type_labels, type);

	if (name)
		return name;
	if (type >= 44 && type < 512)
		return "Unassigned";
	return type >= 768 && type < 1024 ? "Private use" : "Future use";
}

static void put_milliseconds(struct text *t, uint32_t value)
{
	put(t, "%u.%03us", value / 1000, value % 1000);
}

static void put_node(struct text *t, const uint8_t *p)
{
	put(t, "%02x:%02x:%02x:%02x", p[0], p[1], p[2], p[3]);
}

static void put_hash(struct text *t, const uint8_t *p, size_t n)
{
	put_hex_bytes(t, p, n);
}

static bool is_mapped(const uint8_t *address)
{
	static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};

	return !memcmp(address, prefix, sizeof(prefix));
}

/* IPv4 addresses stand mapped into IPv6 ones. */
static void put_address(struct text *t, const uint8_t *address)
{
	if (is_mapped(address))
		put_ipv4(t, address + 12);
	else
		put_ipv6(t, address);
}

/* The bytes that a prefix at @at takes, its length included; 0 if they are
 * not all in the value. */
static uint32_t prefix_size(const struct hncp_value *v, uint32_t at)
{
	uint8_t bits;
	uint32_t size;

	if (v->length < at + 1)
		return 0;
	bits = v->layer->data[v->at + at];
	size = 1 + (bits + 7u) / 8;
	return v->length - at < size ? 0 : size;
}

static void put_prefix(struct text *t, const struct hncp_value *v, uint32_t at)
{
	const uint8_t *p = v->layer->data + v->at + at;
	uint8_t address[16] = {0};
	uint32_t bits = p[0], n = (bits + 7) / 8;

	memcpy(address, p + 1, n);
	if (bits % 8)
		address[n - 1] &= (uint8_t)(0xff00 >> bits % 8);
	if (bits >= 96 && is_mapped(address)) {
		put_ipv4(t, address + 12);
		bits -= 96;
	} else {
		put_ipv6(t, address);
	}
	put(t, "/%u", bits);
}

/* Visible text of at most @n bytes, up to a NUL. */
static void put_string(struct text *t, const struct hncp_value *v, uint32_t at,
		       uint32_t n)
{
	field_put_string(t, v->layer, v->at + at, n);
}

/* A domain name that is not compressed: where it ends; 0 if it does not. */
static uint32_t put_domain(struct text *t, const struct hncp_value *v,
			   uint32_t at)
{
	bool first = true;

	while (at < v->length) {
		uint32_t n = v->layer->data[v->at + at++], left;

		if (!n)
			return at;
		if (!first)
			put_char(t, '.');
		first = false;
		left = v->length - at;
		put_string(t, v, at, n < left ? n : left);
		if (n > left)
			break;
		at += n;
	}
	put_text(t, "[|DNS]");
	return 0;
}

static enum hncp_outcome text_policy(struct text *t, const struct hncp_value *v)
{
	uint8_t type;

	if (v->length < 1)
		return HNCP_BAD;
	type = v->layer->data[v->at];
	put_text(t, " type: ");
	if (!type) {
		if (v->length != 1)
			return HNCP_BAD;
		put_text(t, "Internet connectivity");
	} else if (type <= 128) {
		put_text(t, "Dest-Prefix: ");
		if (!prefix_size(v, 0))
			return HNCP_BAD;
		put_prefix(t, v, 0);
	} else if (type == 129) {
		put_text(t, "DNS domain: ");
		put_domain(t, v, 1);
	} else if (type == 130) {
		put_text(t, "Opaque UTF-8: ");
		put_string(t, v, 1, v->length - 1);
	} else if (type == 131) {
		if (v->length != 1)
			return HNCP_BAD;
		put_text(t, "Restrictive assignment");
	} else {
		put(t, "Unknown (%u)", type);
	}
	return HNCP_GOOD;
}

static void text_tlvs(struct text *t, const struct layer *layer, size_t at,
		      uint32_t length, unsigned int depth);

/* What stands in a value from @used on, on a boundary of 4 bytes. */
static void text_nested(struct text *t, const struct hncp_value *v,
			uint32_t used)
{
	used = (used + 3) & ~3u;
	if (v->length > used)
		text_tlvs(t, v->layer, v->at + used, v->length - used,
			  v->depth + 1);
}

static enum hncp_outcome text_prefix(struct text *t, const struct hncp_value *v,
				     uint16_t type)
{
	const uint8_t *p = v->layer->data + v->at;
	uint32_t at = type == DELEGATED ? 8 : 5;
	uint32_t size = prefix_size(v, at);

	if (!size)
		return HNCP_BAD;
	if (type == DELEGATED) {
		put_text(t, " VLSO: ");
		put_milliseconds(t, load_be32(p));
		put_text(t, " PLSO: ");
		put_milliseconds(t, load_be32(p + 4));
	} else {
		put(t, " EPID: %08x Prty: %u", load_be32(p), p[4] & 0xf);
	}
	put_text(t, " Prefix: ");
	if (size > LONGEST_PREFIX && type == DELEGATED)
		put_text(t, "(length is invalid)");
	if (size > LONGEST_PREFIX)
		return type == DELEGATED ? HNCP_GOOD : HNCP_BAD;
	put_prefix(t, v, at);
	text_nested(t, v, at + size);
	return HNCP_GOOD;
}

static enum hncp_outcome text_zone(struct text *t, const struct hncp_value *v)
{
	const uint8_t *p = v->layer->data + v->at;
	uint32_t end;

	if (v->length < 17)
		return HNCP_BAD;
	put_text(t, " IP-Address: ");
	put_address(t, p);
	put(t, " %c%c%c ", p[16] & 4 ? 'l' : '-', p[16] & 2 ? 'b' : '-',
	    p[16] & 1 ? 's' : '-');
	end = put_domain(t, v, 17);
	if (!end)
		return HNCP_BAD;
	text_nested(t, v, end);
	return HNCP_GOOD;
}

static enum hncp_outcome text_node_name(struct text *t,
					const struct hncp_value *v)
{
	const uint8_t *p = v->layer->data + v->at;

	if (v->length < 17 || v->length - 17 < p[16])
		return HNCP_BAD;
	put_text(t, " IP-Address: ");
	put_address(t, p);
	put_text(t, " Name: \"");
	put_string(t, v, 17, p[16]);
	put_char(t, '"');
	text_nested(t, v, 17u + p[16]);
	return HNCP_GOOD;
}

static enum hncp_outcome text_node_state(struct text *t,
					 const struct hncp_value *v)
{
	const uint8_t *p = v->layer->data + v->at;

	put_text(t, " NID: ");
	put_node(t, p);
	put(t, " seqno: %u ", load_be32(p + NODE));
	put_milliseconds(t, load_be32(p + NODE + 4));
	put_text(t, " hash: ");
	put_hash(t, p + NODE + 8, HASH);
	text_nested(t, v, NODE + 8 + HASH);
	return HNCP_GOOD;
}

static enum hncp_outcome text_trust(struct text *t, const struct hncp_value *v)
{
	const uint8_t *p = v->layer->data + v->at;

	put(t, " Verdict: %u Fingerprint: ", p[0]);
	put_hash(t, p + 4, FINGERPRINT);
	put_text(t, " Common Name: ");
	put_string(t, v, 4 + FINGERPRINT, v->length - 4 - FINGERPRINT);
	return HNCP_GOOD;
}

static enum hncp_outcome text_version(struct text *t,
				      const struct hncp_value *v)
{
	const uint8_t *p = v->layer->data + v->at;

	put(t, " M: %u P: %u H: %u L: %u User-agent: ", p[2] >> 4, p[2] & 15,
	    p[3] >> 4, p[3] & 15);
	put_string(t, v, 4, v->length - 4);
	return HNCP_GOOD;
}

/* Is @length one that a value of @type can have? */
static bool is_length(uint16_t type, uint32_t length)
{
	switch (type) {
	case REQUEST_NETWORK:
		return !length;
	case REQUEST_NODE:
		return length == NODE;
	case ENDPOINT:
	case NETWORK_STATE:
		return length == 8;
	case NODE_STATE:
		return length >= NODE + 8 + HASH;
	case PEER:
		return length == 12;
	case KEEP_ALIVE:
		return length >= 8;
	case TRUST:
		return length > 4 + FINGERPRINT;
	case VERSION:
		return length >= 5;
	case NODE_ADDRESS:
		return length >= 20;
	case MANAGED_KEY:
		return length >= FINGERPRINT;
	case DHCP4_DATA:
	case DHCP6_DATA:
	case DOMAIN:
		return length >= 1;
	default:
		return true;
	}
}

static enum hncp_outcome text_value(struct text *t, const struct hncp_value *v,
				    uint16_t type)
{
	const uint8_t *p = v->layer->data + v->at;

	if (!is_length(type, v->length))
		return HNCP_BAD;
	switch (type) {
	case REQUEST_NODE:
		put_text(t, " NID: ");
		put_node(t, p);
		return HNCP_GOOD;
	case ENDPOINT:
		put_text(t, " NID: ");
		put_node(t, p);
		put(t, " EPID: %08x", load_be32(p + NODE));
		return HNCP_GOOD;
	case NETWORK_STATE:
		put_text(t, " hash: ");
		put_hash(t, p, HASH);
		return HNCP_GOOD;
	case NODE_STATE:
		return text_node_state(t, v);
	case PEER:
		put_text(t, " Peer-NID: ");
		put_node(t, p);
		put(t, " Peer-EPID: %08x Local-EPID: %08x", load_be32(p + 4),
		    load_be32(p + 8));
		return HNCP_GOOD;
	case KEEP_ALIVE:
		put(t, " EPID: %08x Interval: ", load_be32(p));
		put_milliseconds(t, load_be32(p + 4));
		return HNCP_GOOD;
	case TRUST:
		return text_trust(t, v);
	case VERSION:
		return text_version(t, v);
	case EXTERNAL:
		text_nested(t, v, 0);
		return HNCP_GOOD;
	case DELEGATED:
	case ASSIGNED:
		return text_prefix(t, v, type);
	case NODE_ADDRESS:
		put(t, " EPID: %08x IP Address: ", load_be32(p));
		put_address(t, p + 4);
		text_nested(t, v, 20);
		return HNCP_GOOD;
	case DHCP4_DATA:
		return hncp_text_dhcp4(t, v);
	case DHCP6_DATA:
		return hncp_text_dhcp6(t, v);
	case ZONE:
		return text_zone(t, v);
	case DOMAIN:
		put_text(t, " Domain: ");
		put_domain(t, v, 0);
		return HNCP_GOOD;
	case NODE_NAME:
		return text_node_name(t, v);
	case MANAGED_KEY:
		put_text(t, " PSK: ");
		put_hash(t, p, FINGERPRINT);
		text_nested(t, v, FINGERPRINT);
		return HNCP_GOOD;
	case POLICY:
		return text_policy(t, v);
	default:
		return HNCP_GOOD;
	}
}

/* TLVs in brief: the types, with how often each stands in a row. */
struct run {
	bool printed;
	const char *name;
	unsigned int count;
};

static void put_run(struct text *t, struct run *run, unsigned int depth)
{
	if (!run->name)
		return;
	if (run->printed)
		put_text(t, ", ");
	else if (depth)
		hncp_put_line(t, depth + 1);
	else
		put_char(t, ' ');
	put_text(t, run->name);
	if (run->count > 1)
		put(t, " (x%u)", run->count);
	run->printed = true;
}

static void note_run(struct text *t, struct run *run, uint16_t type,
		     unsigned int depth)
{
	const char *name = type_name(type);

	if (run->name == name) {
		run->count++;
		return;
	}
	put_run(t, run, depth);
	run->name = name;
	run->count = 1;
}

/* One TLV in full; false: nothing more is printed. */
static bool text_tlv(struct text *t, const struct hncp_value *v, uint16_t type)
{
	enum hncp_outcome outcome;
	const char *name = label_find(type_labels, type);

	hncp_put_line(t, v->depth + 1);
	put_text(t, type_name(type));
	if (!name || !type)
		put(t, ": type=%u", type);
	put(t, " (%u)", v->length + HEADER);
	outcome = text_value(t, v, type);
	if (outcome != HNCP_GOOD)
		text_invalid(t);
	return outcome != HNCP_BAD_END;
}

enum fit { FITS, TOO_LONG, CUT };

/* The header in front of @v, which has @left bytes. */
static enum fit read_tlv(struct hncp_value *v, uint32_t left, uint16_t *type)
{
	const uint8_t *p = v->layer->data + v->at - HEADER;

	if (!field_has(v->layer, v->at - HEADER, HEADER))
		return CUT;
	if (left < HEADER)
		return TOO_LONG;
	*type = load_be16(p);
	v->length = load_be16(p + 2);
	if (!field_has(v->layer, v->at, v->length))
		return CUT;
	return left - HEADER < v->length ? TOO_LONG : FITS;
}

static void text_tlvs(struct text *t, const struct layer *layer, size_t at,
		      uint32_t length, unsigned int depth)
{
	bool brief = (t->options->verbose <= depth &&
		      t->options->verbose < VERBOSE_ALL) ||
		     depth >= DEEPEST;
	struct run run = {0};
	uint32_t used = 0;
	uint16_t type;

	while (used < length && !t->stopped) {
		struct hncp_value v = {layer, at + used + HEADER, 0, depth};
		enum fit fit = read_tlv(&v, length - used, &type);

		if (fit != FITS) {
			if (!brief)
				hncp_put_line(t, depth + 1);
			if (fit == TOO_LONG)
				text_invalid(t);
			else
				text_trunc(t);
			return;
		}
		if (brief)
			note_run(t, &run, type, depth);
		else if (!text_tlv(t, &v, type))
			return;
		used += (HEADER + v.length + 3) & ~3u;
	}
	if (brief)
		put_run(t, &run, depth);
}

static void text(struct text *t, const struct layer *layer)
{
	t->protocol = "hncp";
	put(t, "hncp (%u)", layer->length);
	text_tlvs(t, layer, 0, layer->length, 0);
}

static void json_tlvs(struct json *json, const struct layer *layer)
{
	size_t at = 0;

	json_open_array(json, "tlvs");
	while (field_has(layer, at, HEADER)) {
		uint16_t type = load_be16(layer->data + at);
		uint16_t length = load_be16(layer->data + at + 2);

		json_open_object(json, NULL);
		json_u64(json, "type", type);
		json_u64(json, "length", length);
		at += HEADER;
		if (field_has(layer, at, length))
			json_hex(json, "value", layer->data + at, length);
		json_close_object(json);
		at += (length + 3u) & ~3u;
	}
	json_close_array(json);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_tlvs(json, layer);
}

const struct dissector hncp_dissector = {
	.name = "hncp",
	.decode = decode,
	.text = text,
	.json = json,
};
