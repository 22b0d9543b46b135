/* SPDX-License-Identifier: BSD-3-Clause */
/* Options of EDNS: RFC 6891 and those beside the codes. */
#include "dissectors/dns.h"

enum option_code {
	CODE_NSID = 3,	     /* RFC 5001 */
	CODE_DAU = 5,	     /* RFC 6975, to 7 */
	CODE_DHU = 6,
	CODE_N3U = 7,
	CODE_SUBNET = 8,     /* RFC 7871 */
	CODE_EXPIRE = 9,     /* RFC 7314 */
	CODE_COOKIE = 10,    /* RFC 7873 */
	CODE_KEEPALIVE = 11, /* RFC 7828 */
	CODE_PADDING = 12,   /* RFC 7830 */
	CODE_CHAIN = 13,     /* RFC 7901 */
	CODE_KEY_TAG = 14,   /* RFC 8145 */
};

static const struct label code_labels[] = {
	{1, "LLQ"},
	{2, "UL"},
	{CODE_NSID, "NSID"},
	{CODE_DAU, "DAU"},
	{CODE_DHU, "DHU"},
	{CODE_N3U, "N3U"},
	{CODE_SUBNET, "ECS"},
	{CODE_EXPIRE, "EXPIRE"},
	{CODE_COOKIE, "COOKIE"},
	{CODE_KEEPALIVE, "KEEPALIVE"},
	{CODE_PADDING, "PADDING"},
	{CODE_CHAIN, "CHAIN"},
	{CODE_KEY_TAG, "KEY-TAG"},
	{16, "CLIENT-TAG"},
	{17, "SERVER-TAG"},
	{0, NULL},
};

static const struct label signing_labels[] = {
	{0, "DELETE"},
	{1, "RSAMD5"},
	{2, "DH"},
	{3, "DS"},
	{5, "RSASHA1"},
	{6, "DSA-NSEC3-SHA1"},
	{7, "RSASHA1-NSEC3-SHA1"},
	{8, "RSASHA256"},
	{10, "RSASHA512"},
	{12, "ECC-GOST"},
	{13, "ECDSAP256SHA256"},
	{14, "ECDSAP384SHA384"},
	{15, "ED25519"},
	{16, "ED448"},
	{252, "INDIRECT"},
	{253, "PRIVATEDNS"},
	{254, "PRIVATEOID"},
	{0, NULL},
};

static const struct label digest_labels[] = {
	{1, "SHA-1"}, {2, "SHA-256"}, {3, "GOST_R_34.11-94"}, {4, "SHA-384"},
	{0, NULL},
};

static const struct label hash_labels[] = {{1, "SHA-1"}, {0, NULL}};

static void text_subnet(struct text *t, const uint8_t *p, size_t n)
{
	uint8_t address[16] = {0};
	uint16_t family;
	unsigned int bits;

	family = n >= 4 ? load_be16(p) : 0;
	bits = family == 1 ? 32 : family == 2 ? 128 : 0;
	if (!bits || n - 4 > bits / 8 || p[2] > bits || p[3] > bits ||
	    (p[2] + 7u) / 8 != n - 4) {
		text_invalid(t);
		return;
	}
	memcpy(address, p + 4, n - 4);
	if (family == 1)
		addr_put_ipv4(t->out, address);
	else
		addr_put_ipv6(t->out, address);
	put(t, "/%u/%u", p[2], p[3]);
}

/* The client's cookie, and the server's behind it. */
static void text_cookie(struct text *t, const uint8_t *p, size_t n)
{
	if (n < 8 || (n > 8 && n < 16) || n > 40) {
		text_invalid(t);
		return;
	}
	put_hex_bytes(t, p, 8);
	if (n > 8) {
		put_char(t, ' ');
		put_hex_bytes(t, p + 8, n - 8);
	}
}

static void text_key_tags(struct text *t, const uint8_t *p, size_t n)
{
	if (n % 2) {
		text_invalid(t);
		return;
	}
	for (size_t i = 0; i < n; i += 2)
		put(t, "%s%u", i ? " " : "", load_be16(p + i));
}

static void text_algorithms(struct text *t, const struct label *labels,
			    const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			put_char(t, ' ');
		put_label(t, labels, p[i], "Alg_%u");
	}
}

static void text_value(struct text *t, const struct dns_message *m,
		       uint16_t code, size_t offset, size_t n)
{
	const uint8_t *p = m->data + offset;
	struct dns_message rest;

	switch (code) {
	case CODE_SUBNET:
		text_subnet(t, p, n);
		break;
	case CODE_COOKIE:
		text_cookie(t, p, n);
		break;
	case CODE_KEEPALIVE: /* in tenths of a second */
		if (n == 2)
			put(t, "%u.%u sec", load_be16(p) / 10,
			    load_be16(p) % 10);
		else
			text_invalid(t);
		break;
	case CODE_EXPIRE:
		if (n == 4)
			put(t, "%u sec", load_be32(p));
		else
			text_invalid(t);
		break;
	case CODE_PADDING:
		put(t, "(%u)", (uint32_t)n);
		break;
	case CODE_KEY_TAG:
		text_key_tags(t, p, n);
		break;
	case CODE_DAU:
		text_algorithms(t, signing_labels, p, n);
		break;
	case CODE_DHU:
		text_algorithms(t, digest_labels, p, n);
		break;
	case CODE_N3U:
		text_algorithms(t, hash_labels, p, n);
		break;
	case CODE_CHAIN:
		rest = (struct dns_message){
			.data = p,
			.length = m->length - offset,
			.base = n,
		};
		dns_text_name(t, &rest, 0);
		break;
	default:
		put_hex_bytes(t, p, n);
		break;
	}
}

bool dns_text_edns(struct text *t, const struct dns_message *m, size_t offset,
		   size_t end)
{
	put_text(t, " [");
	while (offset < end && !t->stopped) {
		uint16_t code, length;

		if (!dns_has(m, offset, 2))
			return false;
		code = load_be16(m->data + offset);
		put_label(t, code_labels, code, "Opt%u");
		if (!dns_has(m, offset + 2, 2))
			return false;
		length = load_be16(m->data + offset + 2);
		offset += 4;
		if (!dns_has(m, offset, length))
			return false;
		if (length) {
			put_char(t, ' ');
			text_value(t, m, code, offset, length);
		}
		offset += length;
		if (offset < end)
			put_char(t, ',');
	}
	put_char(t, ']');
	return true;
}
