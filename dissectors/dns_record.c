/* SPDX-License-Identifier: BSD-3-Clause */
/* Questions and resource records: RFC 1035 and those beside the types. */
#include "dissectors/dns.h"

enum record_type {
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_CNAME = 5,
	TYPE_SOA = 6,
	TYPE_PTR = 12,
	TYPE_MX = 15,
	TYPE_TXT = 16,
	TYPE_AAAA = 28, /* RFC 3596 */
	TYPE_SRV = 33,	/* RFC 2782 */
	TYPE_A6 = 38,	/* RFC 2874 */
	TYPE_DNAME = 39,
	TYPE_OPT = 41, /* RFC 6891 */
	TYPE_UNSPECA = 104,
	TYPE_TSIG = 250, /* RFC 8945 */
	TYPE_URI = 256,	 /* RFC 7553 */
};

enum {
	CLASS_IN = 1,
	MULTICAST_BIT = 0x8000, /* RFC 6762: unicast wanted, cache flush */
};

const struct label dns_type_labels[] = {
	{TYPE_A, "A"},	     {TYPE_NS, "NS"},	    {3, "MD"},
	{4, "MF"},	     {TYPE_CNAME, "CNAME"}, {TYPE_SOA, "SOA"},
	{7, "MB"},	     {8, "MG"},		    {9, "MR"},
	{10, "NULL"},	     {11, "WKS"},	    {TYPE_PTR, "PTR"},
	{13, "HINFO"},	     {14, "MINFO"},	    {TYPE_MX, "MX"},
	{TYPE_TXT, "TXT"},   {17, "RP"},	    {18, "AFSDB"},
	{19, "X25"},	     {20, "ISDN"},	    {21, "RT"},
	{22, "NSAP"},	     {23, "NSAP_PTR"},	    {24, "SIG"},
	{25, "KEY"},	     {26, "PX"},	    {27, "GPOS"},
	{TYPE_AAAA, "AAAA"}, {29, "LOC"},	    {30, "NXT"},
	{31, "EID"},	     {32, "NIMLOC"},	    {TYPE_SRV, "SRV"},
	{34, "ATMA"},	     {35, "NAPTR"},	    {36, "KX"},
	{37, "CERT"},	     {TYPE_A6, "A6"},	    {TYPE_DNAME, "DNAME"},
	{40, "SINK"},	     {TYPE_OPT, "OPT"},	    {42, "APL"},
	{43, "DS"},	     {44, "SSHFP"},	    {45, "IPSECKEY"},
	{46, "RRSIG"},	     {47, "NSEC"},	    {48, "DNSKEY"},
	{99, "SPF"},	     {100, "UINFO"},	    {101, "UID"},
	{102, "GID"},	     {103, "UNSPEC"},	    {TYPE_UNSPECA, "UNSPECA"},
	{249, "TKEY"},	     {TYPE_TSIG, "TSIG"},   {251, "IXFR"},
	{252, "AXFR"},	     {253, "MAILB"},	    {254, "MAILA"},
	{255, "ANY"},	     {TYPE_URI, "URI"},	    {0, NULL},
};

static const struct label class_labels[] = {
	{CLASS_IN, "IN"}, {3, "CHAOS"}, {4, "HS"}, {255, "ANY"}, {0, NULL}};

size_t dns_read_question(const struct dns_message *m, size_t offset,
			 struct dns_record *record)
{
	size_t at = dns_skip_name(m, offset);

	if (!at || !dns_has(m, at, 4))
		return 0;
	*record = (struct dns_record){
		.name = offset,
		.type = load_be16(m->data + at),
		.class = load_be16(m->data + at + 2),
	};
	return at + 4;
}

/* The fixed part that stands at @at. */
static void read_fixed(const struct dns_message *m, size_t at,
		       struct dns_record *record)
{
	record->type = load_be16(m->data + at);
	record->class = load_be16(m->data + at + 2);
	record->ttl = load_be32(m->data + at + 4);
	record->length = load_be16(m->data + at + 8);
	record->data = at + 10;
}

size_t dns_read_record(const struct dns_message *m, size_t offset,
		       struct dns_record *record)
{
	size_t at = dns_skip_name(m, offset);

	if (!at || !dns_has(m, at, 10))
		return 0;
	record->name = offset;
	read_fixed(m, at, record);
	if (!dns_has(m, record->data, record->length))
		return 0;
	return record->data + record->length;
}

static void put_class(struct text *t, const struct dns_message *m,
		      uint16_t class)
{
	if (m->multicast)
		class &= (uint16_t)~MULTICAST_BIT;
	if (class != CLASS_IN) {
		put_char(t, ' ');
		put_label(t, class_labels, class, "(Class %u)");
	}
}

size_t dns_text_question(struct text *t, const struct dns_message *m,
			 size_t offset)
{
	struct dns_record question;

	if (!dns_read_question(m, offset, &question))
		return 0;
	put_char(t, ' ');
	put_label(t, dns_type_labels, question.type, "Type%u");
	put_class(t, m, question.class);
	if (m->multicast)
		put_text(t, question.class & MULTICAST_BIT ? " (QU)" : " (QM)");
	put_text(t, "? ");
	offset = dns_text_name(t, m, offset);
	return offset ? offset + 4 : 0;
}

/* Data that is names, numbers and strings, one function a form. False where
 * the packet is cut off. */

static bool text_name(struct text *t, const struct dns_message *m,
		      const struct dns_record *r)
{
	put_char(t, ' ');
	return dns_text_name(t, m, r->data);
}

static bool text_soa(struct text *t, const struct dns_message *m,
		     const struct dns_record *r)
{
	size_t at = r->data;

	if (!t->options->verbose)
		return true;
	for (int i = 0; i < 2; i++) {
		put_char(t, ' ');
		at = dns_text_name(t, m, at);
		if (!at)
			return false;
	}
	if (!dns_has(m, at, 20))
		return false;
	for (int i = 0; i < 5; i++)
		put(t, " %u", load_be32(m->data + at + 4 * i));
	return true;
}

static bool text_mx(struct text *t, const struct dns_message *m,
		    const struct dns_record *r)
{
	put_char(t, ' ');
	if (!dns_has(m, r->data, 2) || !dns_text_name(t, m, r->data + 2))
		return false;
	put(t, " %u", load_be16(m->data + r->data));
	return true;
}

static bool text_strings(struct text *t, const struct dns_message *m,
			 const struct dns_record *r)
{
	size_t at = r->data;

	while (at < r->data + r->length) {
		uint8_t n;

		put_text(t, " \"");
		if (!dns_has(m, at, 1))
			return false;
		n = m->data[at++];
		if (put_visible_bytes(t, m->data + at, n, m->data + m->length))
			return false;
		at += n;
		put_char(t, '"');
	}
	return true;
}

static bool text_srv(struct text *t, const struct dns_message *m,
		     const struct dns_record *r)
{
	const uint8_t *p = m->data + r->data;

	put_char(t, ' ');
	if (!dns_has(m, r->data, 6) || !dns_text_name(t, m, r->data + 6))
		return false;
	put(t, ":%u %u %u", load_be16(p + 4), load_be16(p), load_be16(p + 2));
	return true;
}

static bool text_a6(struct text *t, const struct dns_message *m,
		    const struct dns_record *r)
{
	uint8_t address[16] = {0};
	unsigned int bits, bytes;

	if (!dns_has(m, r->data, 1))
		return false;
	bits = m->data[r->data];
	bytes = bits / 8;
	if (bits > 128) {
		put(t, " %u(bad plen)", bits);
		return true;
	}
	if (bits < 128) {
		if (!dns_has(m, r->data + 1, 16 - bytes)) {
			text_stop(t);
			return true;
		}
		memcpy(address + bytes, m->data + r->data + 1, 16 - bytes);
		put(t, " %u ", bits);
		addr_put_ipv6(t->out, address);
	}
	if (!bits)
		return true;
	put_char(t, ' ');
	return dns_text_name(t, m, r->data + 1 + 16 - bytes);
}

static bool text_uri(struct text *t, const struct dns_message *m,
		     const struct dns_record *r)
{
	const uint8_t *p = m->data + r->data;

	if (!dns_has(m, r->data, 4)) {
		text_stop(t);
		return true;
	}
	put(t, " %u %u ", load_be16(p), load_be16(p + 2));
	return !put_visible_bytes(t, p + 4, (uint32_t)r->length - 4,
				  m->data + m->length);
}

static bool text_opt(struct text *t, const struct dns_message *m,
		     const struct dns_record *r)
{
	uint16_t size = r->class;

	if (m->multicast)
		size &= (uint16_t)~MULTICAST_BIT;
	put(t, " UDPsize=%u", size);
	if (r->ttl & 0x8000)
		put_text(t, " DO");
	return !r->length ||
	       dns_text_edns(t, m, r->data, r->data + r->length);
}

/* A number of TSIG behind its name; false where it is cut off. */
static bool text_tsig_number(struct text *t, const struct dns_message *m,
			     size_t at, const char *what)
{
	if (!dns_has(m, at, 2))
		return false;
	put(t, " %s=%u", what, load_be16(m->data + at));
	return true;
}

static bool text_tsig(struct text *t, const struct dns_message *m,
		      const struct dns_record *r)
{
	size_t at;

	if (!t->options->verbose)
		return true;
	put_char(t, ' ');
	at = dns_text_name(t, m, r->data);
	if (!at || !text_tsig_number(t, m, at + 6, "fudge") ||
	    !text_tsig_number(t, m, at + 8, "maclen"))
		return false;
	at += 10 + load_be16(m->data + at + 8);
	return text_tsig_number(t, m, at, "origid") &&
	       text_tsig_number(t, m, at + 2, "error") &&
	       text_tsig_number(t, m, at + 4, "otherlen");
}

static bool text_data(struct text *t, const struct dns_message *m,
		      const struct dns_record *r)
{
	switch (r->type) {
	case TYPE_A:
		if (!dns_has(m, r->data, 4))
			return false;
		put_char(t, ' ');
		addr_put_ipv4(t->out, m->data + r->data);
		return true;
	case TYPE_AAAA:
		if (!dns_has(m, r->data, 16))
			return false;
		put_char(t, ' ');
		addr_put_ipv6(t->out, m->data + r->data);
		return true;
	case TYPE_NS:
	case TYPE_CNAME:
	case TYPE_PTR:
	case TYPE_DNAME:
		return text_name(t, m, r);
	case TYPE_SOA:
		return text_soa(t, m, r);
	case TYPE_MX:
		return text_mx(t, m, r);
	case TYPE_TXT:
		return text_strings(t, m, r);
	case TYPE_SRV:
		return text_srv(t, m, r);
	case TYPE_A6:
		return text_a6(t, m, r);
	case TYPE_URI:
		return text_uri(t, m, r);
	case TYPE_OPT:
		return text_opt(t, m, r);
	case TYPE_UNSPECA:
		return !put_visible_bytes(t, m->data + r->data, r->length,
					  m->data + m->length);
	case TYPE_TSIG:
		return text_tsig(t, m, r);
	default:
		return true;
	}
}

size_t dns_text_record(struct text *t, const struct dns_message *m,
		       size_t offset)
{
	struct dns_record r = {.name = offset};

	if (t->options->verbose) {
		put_char(t, ' ');
		offset = dns_text_name(t, m, offset);
		if (!offset)
			return 0;
	} else {
		offset = dns_skip_name(m, offset);
	}
	if (!offset || !dns_has(m, offset, 10))
		return m->length;
	read_fixed(m, offset, &r);
	if (r.type != TYPE_OPT)
		put_class(t, m, r.class);
	if (m->multicast && r.class & MULTICAST_BIT)
		put_text(t, " (Cache flush)");
	if (r.type != TYPE_OPT && t->options->verbose > 2) {
		put_text(t, " [");
		put_duration(t, r.ttl);
		put_char(t, ']');
	}
	put_char(t, ' ');
	put_label(t, dns_type_labels, r.type, "Type%u");
	if (!dns_has(m, r.data, r.length))
		return 0;
	return text_data(t, m, &r) ? r.data + r.length : 0;
}
