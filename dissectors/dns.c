/* SPDX-License-Identifier: BSD-3-Clause */
/* DNS: RFC 1035; over TCP; multicast: RFC 6762. */
#include "dissectors/dns.h"

#include "dissectors/protocols.h"
#include "src/base/cleanup.h"

enum {
	HEADER = 12,
	TYPE_OPT = 41,
	FLAG_RESPONSE = 0x8000,
	FLAG_AUTHORITATIVE = 0x0400,
	FLAG_TRUNCATED = 0x0200,
	FLAG_RECURSION_DESIRED = 0x0100,
	FLAG_RECURSION_AVAILABLE = 0x0080,
	FLAG_AUTHENTIC = 0x0020,
	FLAG_CHECKING_DISABLED = 0x0010,
	OPERATION_INVERSE = 1,
};

static void decode_header(struct dissection *d)
{
	struct dns *dns = &d->layer->dns;

	dns->id = cursor_be16(&d->cursor);
	dns->flags = cursor_be16(&d->cursor);
	dns->questions = cursor_be16(&d->cursor);
	dns->answers = cursor_be16(&d->cursor);
	dns->authorities = cursor_be16(&d->cursor);
	dns->additionals = cursor_be16(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

static void decode_udp(struct dissection *d)
{
	decode_header(d);
}

static void decode_multicast(struct dissection *d)
{
	d->layer->dns.multicast = true;
	decode_header(d);
}

static void decode_tcp(struct dissection *d)
{
	d->layer->dns.over_tcp = true;
	cursor_be16(&d->cursor);
	decode_header(d);
}

/* Over TCP the message stands behind its length. */
static struct dns_message message_of(const struct layer *layer)
{
	uint32_t prefix = layer->dns.over_tcp ? 2 : 0;

	if (layer->captured < prefix)
		prefix = 0;
	return (struct dns_message){
		.data = layer->data + prefix,
		.length = layer->captured - prefix,
		.multicast = layer->dns.multicast,
	};
}

static unsigned int operation(const struct dns *dns)
{
	return dns->flags >> 11 & 15;
}

static void put_operation(struct text *t, const struct dns *dns)
{
	static const char *const names[16] = {
		"",	    " inv_q",	" stat",     " op3",
		" notify",  " update",	" op6",	     " op7",
		" op8",	    " updateA", " updateD",  " updateDA",
		" updateM", " updateMA", " zoneInit", " zoneRef",
	};

	put(t, "%u%s", dns->id, names[operation(dns)]);
}

/* The extended part of a response's code is in the OPT record. */
static unsigned int response_code(const struct dns_message *m,
				  const struct dns *dns)
{
	unsigned int code = dns->flags & 15;
	unsigned int records = dns->answers + (unsigned int)dns->authorities;
	size_t at = HEADER;

	for (unsigned int i = 0; i < dns->questions; i++) {
		at = dns_skip_name(m, at);
		if (!at || (at += 4) >= m->length)
			return code;
	}
	for (unsigned int i = 0; i < records + dns->additionals; i++) {
		at = dns_skip_name(m, at);
		if (!at || !dns_has(m, at, 2))
			return code;
		if (i >= records && load_be16(m->data + at) == TYPE_OPT)
			return dns_has(m, at + 4, 1)
				       ? code | (unsigned)m->data[at + 4] << 4
				       : code;
		if (!dns_has(m, at + 8, 2))
			return code;
		at += 10 + load_be16(m->data + at + 8);
		if (at >= m->length)
			return code;
	}
	return code;
}

static void put_response_code(struct text *t, unsigned int code)
{
	static const char *const names[] = {
		"",	    " FormErr", " ServFail", " NXDomain",
		" NotImp",  " Refused", " YXDomain", " YXRRSet",
		" NXRRSet", " NotAuth", " NotZone",  " Resp11",
		" Resp12",  " Resp13",	" Resp14",   " NoChange",
		" BadVers", "Resp17",	" Resp18",   " Resp19",
		" Resp20",  "Resp21",	" Resp22",   " BadCookie",
	};

	if (code < ARRAY_SIZE(names))
		put_text(t, names[code]);
	else
		put(t, " Resp%u", code & 0xfff);
}

/* Up to @count records from *@at, which moves on. The first is due whether
 * bytes are left or not. False where the packet is cut off. */
static bool text_records(struct text *t, const struct dns_message *m,
			 size_t *at, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		if (i && *at >= m->length)
			return false;
		if (i)
			put_char(t, ',');
		*at = dns_text_record(t, m, *at);
		if (!*at || t->stopped)
			return false;
	}
	return true;
}

/* A section that is printed with -vv only, and is not due at the end. */
static bool text_section(struct text *t, const struct dns_message *m,
			 size_t *at, unsigned int count, const char *title)
{
	if (!count)
		return true;
	if (*at >= m->length)
		return false;
	put_text(t, title);
	return text_records(t, m, at, count);
}

static bool text_response_questions(struct text *t,
				    const struct dns_message *m,
				    const struct dns *dns, size_t *at)
{
	for (unsigned int i = 0; i < dns->questions; i++) {
		if (i)
			put_char(t, ',');
		if (t->options->verbose > 1) {
			put_text(t, " q:");
			*at = dns_text_question(t, m, *at);
		} else {
			*at = dns_skip_name(m, *at);
			*at += *at ? 4 : 0;
		}
		if (!*at || t->stopped)
			return false;
	}
	return true;
}

static bool text_response(struct text *t, const struct dns_message *m,
			  const struct dns *dns)
{
	size_t at = HEADER;

	put_operation(t, dns);
	put_response_code(t, response_code(m, dns));
	put(t, "%s%s%s%s", dns->flags & FLAG_AUTHORITATIVE ? "*" : "",
	    dns->flags & FLAG_RECURSION_AVAILABLE ? "" : "-",
	    dns->flags & FLAG_TRUNCATED ? "|" : "",
	    dns->flags & FLAG_AUTHENTIC ? "$" : "");
	if (dns->questions != 1)
		put(t, " [%uq]", dns->questions);
	if (!text_response_questions(t, m, dns, &at))
		return false;
	put(t, " %u/%u/%u", dns->answers, dns->authorities, dns->additionals);
	if (!text_records(t, m, &at, dns->answers))
		return false;
	return t->options->verbose < 2 ||
	       (text_section(t, m, &at, dns->authorities, " ns:") &&
		text_section(t, m, &at, dns->additionals, " ar:"));
}

/* What a request does not ordinarily have. */
static void put_oddities(struct text *t, const struct dns *dns)
{
	bool inverse = operation(dns) == OPERATION_INVERSE;

	if (dns->flags & 0x6cf)
		put(t, " [b2&3=0x%x]", dns->flags);
	if (inverse && dns->questions)
		put(t, " [%uq]", dns->questions);
	if (inverse ? dns->answers != 1 : dns->answers != 0)
		put(t, " [%ua]", dns->answers);
	if (!inverse && dns->questions != 1)
		put(t, " [%uq]", dns->questions);
	if (dns->authorities)
		put(t, " [%un]", dns->authorities);
	if (dns->additionals)
		put(t, " [%uau]", dns->additionals);
}

static bool text_request(struct text *t, const struct dns_message *m,
			 const struct dns *dns)
{
	size_t at = HEADER;

	put_operation(t, dns);
	put(t, "%s%s", dns->flags & FLAG_RECURSION_DESIRED ? "+" : "",
	    dns->flags & FLAG_CHECKING_DISABLED ? "%" : "");
	put_oddities(t, dns);
	for (unsigned int i = 0; i < dns->questions; i++) {
		if (i && at >= m->length)
			return false;
		at = dns_text_question(t, m, at);
		if (!at || t->stopped)
			return false;
	}
	return t->options->verbose < 2 ||
	       (text_records(t, m, &at, dns->answers) &&
		text_section(t, m, &at, dns->authorities, " ns:") &&
		text_section(t, m, &at, dns->additionals, " ar:"));
}

/* The length that TCP puts in front; false if it is not right. */
static bool text_prefix(struct text *t, const struct layer *layer,
			uint32_t *length)
{
	uint16_t prefix;

	if (*length < 2) {
		put(t, " [DNS over TCP: length %u < 2]", *length);
		text_invalid(t);
		return false;
	}
	*length -= 2;
	prefix = load_be16(text_at(t, layer, 0, 2));
	if (prefix != *length) {
		put(t, " [prefix length(%u) != length(%u)]", prefix, *length);
		text_invalid(t);
		return false;
	}
	put_char(t, ' ');
	return true;
}

static void text(struct text *t, const struct layer *layer)
{
	const struct dns *dns = &layer->dns;
	struct dns_message m = message_of(layer);
	uint32_t length = layer->length;
	bool whole;

	t->protocol = "domain";
	if (dns->over_tcp && !text_prefix(t, layer, &length))
		return;
	if (length < HEADER) {
		put(t, "domain [length %u < %u]", length, HEADER);
		text_invalid(t);
		return;
	}
	if (m.length < HEADER) {
		text_trunc(t);
		return;
	}
	whole = dns->flags & FLAG_RESPONSE ? text_response(t, &m, dns)
					   : text_request(t, &m, dns);
	if (whole)
		put(t, " (%u)", length);
	else if (!t->stopped)
		text_trunc(t);
}

/* A name without what tcpdump says of a broken one. */
static void json_name(struct json *json, const char *key,
		      const struct dns_message *m, size_t offset)
{
	char name[1024];
	size_t length = 0, at = offset, most = offset;

	while (dns_has(m, at, 1) && m->data[at] && length < 512) {
		uint8_t n = m->data[at];

		if (n >= 0xc0 && dns_has(m, at, 2)) {
			at = load_be16(m->data + at) & 0x3fff;
			if (at >= most)
				break;
			most = at;
			continue;
		}
		if (n > 63 || !dns_has(m, at + 1, n))
			break;
		memcpy(name + length, m->data + at + 1, n);
		length += n;
		name[length++] = '.';
		at += n + 1u;
	}
	if (!length)
		name[length++] = '.';
	json_text(json, key, name, length);
}

static size_t json_section(struct json *json, const struct dns_message *m,
			   const char *key, size_t at, unsigned int count,
			   bool questions)
{
	struct dns_record r;

	if (!at || !count)
		return at;
	json_open_array(json, key);
	while (count-- && at) {
		at = questions ? dns_read_question(m, at, &r)
			       : dns_read_record(m, at, &r);
		if (!at)
			break;
		json_open_object(json, NULL);
		json_name(json, "name", m, r.name);
		json_u64(json, "type", r.type);
		json_u64(json, "class", r.class);
		if (!questions) {
			json_u64(json, "ttl", r.ttl);
			if (r.type == 1 && r.length == 4)
				json_ipv4(json, "address", m->data + r.data);
			else if (r.type == 28 && r.length == 16)
				json_ipv6(json, "address", m->data + r.data);
			else if (r.type == 5 || r.type == 2 || r.type == 12)
				json_name(json, "target", m, r.data);
			else
				json_hex(json, "data", m->data + r.data,
					 r.length);
		}
		json_close_object(json);
	}
	json_close_array(json);
	return at;
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	const struct dns *dns = &layer->dns;
	struct dns_message m = message_of(layer);
	size_t at = HEADER;

	(void)packet;
	if (layer->flags & LAYER_TRUNCATED)
		return;
	json_u64(json, "id", dns->id);
	json_bool(json, "response", dns->flags & FLAG_RESPONSE);
	json_u64(json, "flags", dns->flags);
	json_u64(json, "response_code", response_code(&m, dns));
	at = json_section(json, &m, "questions", at, dns->questions, true);
	at = json_section(json, &m, "answers", at, dns->answers, false);
	at = json_section(json, &m, "authorities", at, dns->authorities, false);
	json_section(json, &m, "additionals", at, dns->additionals, false);
}

const struct dissector dns_dissector = {
	.name = "dns",
	.decode = decode_udp,
	.text = text,
	.json = json,
};

const struct dissector dns_tcp_dissector = {
	.name = "dns",
	.decode = decode_tcp,
	.text = text,
	.json = json,
};

const struct dissector mdns_dissector = {
	.name = "mdns",
	.decode = decode_multicast,
	.text = text,
	.json = json,
};

/* LLMNR (RFC 4795) is DNS on a port that tcpdump does not know. */
const struct dissector llmnr_dissector = {
	.name = "llmnr",
	.decode = decode_udp,
	.json = json,
};
