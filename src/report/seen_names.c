// SPDX-License-Identifier: BSD-3-Clause
#include "src/report/seen_names.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "dissectors/dns.h"

enum {
	SLOTS = 1 << 14, /* 2^n */
	PROBES = 8,
	RECORDS_MOST = 64, /* of an answer that are looked at */
	TYPE_A = 1,
	TYPE_AAAA = 28,
	CLASS_INTERNET = 1,
};

struct entry {
	uint8_t address[16];
	uint8_t family; /* 0: empty */
	uint8_t source; /* enum seen_names_source */
	char *name;	/* owned */
};

struct seen_names {
	unsigned int sources;
	seen_names_fn *watch; /* NULL: nobody */
	void *watch_context;
	struct entry entries[SLOTS];
};

struct seen_names *seen_names_new(unsigned int sources)
{
	struct seen_names *names = calloc(1, sizeof(*names));

	if (names)
		names->sources = sources;
	return names;
}

void seen_names_free(struct seen_names *names)
{
	for (size_t i = 0; names && i < SLOTS; i++)
		free(names->entries[i].name);
	free(names);
}

void seen_names_watch(struct seen_names *names, seen_names_fn *fn,
		      void *context)
{
	names->watch = fn;
	names->watch_context = context;
}

static uint32_t home(const uint8_t address[16], uint8_t family)
{
	uint64_t a, b;

	memcpy(&a, address, 8);
	memcpy(&b, address + 8, 8);
	a = (a ^ family) * 0x9e3779b97f4a7c15ull;
	a = (a ^ a >> 32 ^ b) * 0x9e3779b97f4a7c15ull;
	return (uint32_t)(a >> 40) & (SLOTS - 1);
}

/* The address's entry, else an empty one, else the one at its home. */
static const struct entry *find(const struct seen_names *names,
				const uint8_t address[16], uint8_t family)
{
	uint32_t at = home(address, family);

	for (uint32_t i = 0; i < PROBES; i++) {
		const struct entry *e = &names->entries[(at + i) & (SLOTS - 1)];

		if (!e->family ||
		    (e->family == family && !memcmp(e->address, address, 16)))
			return e;
	}
	return &names->entries[at];
}

static void widen(uint8_t out[16], const uint8_t *address, uint8_t family)
{
	memset(out, 0, 16);
	memcpy(out, address, family == FLOW_IPV4 ? 4 : 16);
}

const char *seen_names_find(const struct seen_names *names,
			    const uint8_t *address, uint8_t family,
			    const char **how)
{
	const struct entry *e;
	uint8_t wide[16];

	widen(wide, address, family);
	e = find(names, wide, family);
	if (e->family != family || memcmp(e->address, wide, 16) != 0)
		return NULL;
	*how = e->source == SEEN_NAMES_DNS ? "dns" : "sni";
	return e->name;
}

bool seen_names_next(const struct seen_names *names, uint32_t *position,
		     const uint8_t **address, uint8_t *family,
		     const char **name)
{
	while (*position < SLOTS) {
		const struct entry *e = &names->entries[(*position)++];

		if (!e->family)
			continue;
		*address = e->address;
		*family = e->family;
		*name = e->name;
		return true;
	}
	return false;
}

/* What DNS said stays when a SNI says otherwise: an address has one name in
 * DNS, and may serve many. */
static void keep(struct seen_names *names, const uint8_t *address,
		 uint8_t family, const char *name,
		 enum seen_names_source source)
{
	struct entry *e;
	uint8_t wide[16];
	bool same;
	char *copy;

	widen(wide, address, family);
	e = (struct entry *)find(names, wide, family);
	same = e->family == family && !memcmp(e->address, wide, 16);
	if (same && (!strcmp(e->name, name) ||
		     (e->source == SEEN_NAMES_DNS && source != e->source)))
		return;
	copy = strdup(name);
	if (!copy)
		return;
	free(e->name);
	memcpy(e->address, wide, sizeof(wide));
	e->family = family;
	e->source = (uint8_t)source;
	e->name = copy;
	if (names->watch)
		names->watch(names->watch_context, e->address, family, copy);
}

/* The name at @offset as text, or false: it is broken, or the root. */
static bool read_name(const struct dns_message *m, size_t offset,
		      char out[SEEN_NAMES_LENGTH + 1])
{
	size_t n = 0;

	for (int jumps = 0; jumps < 16;) {
		uint8_t length;

		if (!dns_has(m, offset, 1))
			return false;
		length = m->data[offset++];
		if (length == 0)
			break;
		if (length >= 0xc0) {
			if (!dns_has(m, offset, 1))
				return false;
			offset = (size_t)(length & 0x3f) << 8 | m->data[offset];
			jumps++;
			continue;
		}
		if (length > 63 || !dns_has(m, offset, length) ||
		    n + length + 1 > SEEN_NAMES_LENGTH)
			return false;
		if (n)
			out[n++] = '.';
		for (; length; length--, offset++)
			out[n++] = isgraph(m->data[offset])
					   ? (char)m->data[offset]
					   : '?';
	}
	out[n] = 0;
	return n > 0;
}

static void keep_record(struct seen_names *names, const struct dns_message *m,
			const struct dns_record *record, const char *name)
{
	const uint8_t *address = m->data + record->data;

	/* The uppermost bit is multicast DNS's (RFC 6762, 10.2). */
	if ((record->class & 0x7fff) != CLASS_INTERNET)
		return;
	if (record->type == TYPE_A && record->length == 4)
		keep(names, address, FLOW_IPV4, name, SEEN_NAMES_DNS);
	else if (record->type == TYPE_AAAA && record->length == 16)
		keep(names, address, FLOW_IPV6, name, SEEN_NAMES_DNS);
}

/*
 * An answer to one question, without an error: an address has the name that was
 * asked for, whatever that is an alias of. Where nobody has asked (multicast
 * DNS), it has the record's own, and what is of use stands in any section.
 */
static void read_dns(struct seen_names *names, struct slice payload)
{
	struct dns_message m = {.data = payload.data, .length = payload.length};
	char name[SEEN_NAMES_LENGTH + 1];
	struct dns_record record;
	size_t offset = 12;
	unsigned int asked, records;

	if (!dns_has(&m, 0, 12) || !(m.data[2] & 0x80) || m.data[3] & 15)
		return;
	asked = load_be16(m.data + 4);
	records = load_be16(m.data + 6);
	if (!asked)
		records += load_be16(m.data + 8) + load_be16(m.data + 10);
	else if (asked > 1 || !read_name(&m, offset, name))
		return;
	else
		offset = dns_read_question(&m, offset, &record);
	for (unsigned int i = 0; offset && i < records && i < RECORDS_MOST;
	     i++) {
		offset = dns_read_record(&m, offset, &record);
		if (!offset || !dns_has(&m, record.data, record.length))
			return;
		if (asked || read_name(&m, record.name, name))
			keep_record(names, &m, &record, name);
	}
}

/* Over TCP, its length comes first (RFC 1035, 4.2.2). Of a segment, the first
 * message is read. */
static void read_dns_segment(struct seen_names *names, struct slice payload)
{
	size_t length;

	if (payload.length < 2)
		return;
	length = load_be16(payload.data);
	if (length > payload.length - 2)
		length = payload.length - 2;
	read_dns(names, (struct slice){payload.data + 2, length});
}

/* The cursor stands in a server_name extension. */
static bool read_server_name(struct cursor *c, char out[SEEN_NAMES_LENGTH + 1])
{
	const uint8_t *p;
	uint16_t length;

	cursor_skip(c, 2);
	if (cursor_u8(c) != 0)
		return false;
	length = cursor_be16(c);
	p = length && length <= SEEN_NAMES_LENGTH ? cursor_take(c, length)
						  : NULL;
	if (!p)
		return false;
	for (uint16_t i = 0; i < length; i++)
		out[i] = isgraph(p[i]) ? (char)p[i] : '?';
	out[length] = 0;
	return true;
}

/* A ClientHello (RFC 8446, 4.1.2), as far as the segment holds it. */
static bool read_hello(struct slice payload, char out[SEEN_NAMES_LENGTH + 1])
{
	struct cursor c = cursor_make(payload.data, payload.length);

	if (cursor_be16(&c) != 0x1603)
		return false;
	cursor_skip(&c, 3);
	if (cursor_u8(&c) != 1)
		return false;
	cursor_skip(&c, 3 + 2 + 32);
	cursor_skip(&c, cursor_u8(&c));
	cursor_skip(&c, cursor_be16(&c));
	cursor_skip(&c, cursor_u8(&c));
	cursor_skip(&c, 2);
	while (!c.overrun && cursor_left(&c)) {
		uint16_t type = cursor_be16(&c), length = cursor_be16(&c);

		if (type == 0)
			return read_server_name(&c, out);
		cursor_skip(&c, length);
	}
	return false;
}

void seen_names_read(struct seen_names *names, const struct flow_key *key,
		     struct slice payload)
{
	uint16_t from = ntohs(key->source_port);
	bool is_tcp = key->protocol == 6;
	char name[SEEN_NAMES_LENGTH + 1];

	if ((key->family != FLOW_IPV4 && key->family != FLOW_IPV6) ||
	    (!is_tcp && key->protocol != 17))
		return;
	if (from == 53 || (!is_tcp && from == 5353)) {
		if (!(names->sources & SEEN_NAMES_DNS))
			return;
		if (is_tcp)
			read_dns_segment(names, payload);
		else
			read_dns(names, payload);
	} else if (is_tcp && names->sources & SEEN_NAMES_SNI &&
		   payload.length > 43 && payload.data[0] == 0x16) {
		if (read_hello(payload, name))
			keep(names, key->destination, key->family, name,
			     SEEN_NAMES_SNI);
	}
}
