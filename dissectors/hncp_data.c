/* SPDX-License-Identifier: BSD-3-Clause */
/* The options of DHCP that HNCP carries on: RFC 7788, 10.3. */
#include "dissectors/hncp.h"

#include "dissectors/dns.h"

/* Names as DNS has them, one behind the other; false if one is broken.
 * tcpdump counts what a pointer holds from their end. */
static bool put_names(struct text *t, const struct hncp_value *v, uint32_t at,
		      uint32_t length)
{
	struct dns_message m = {
		.data = v->layer->data,
		.length = v->layer->captured,
		.base = v->at + at + length,
	};
	size_t next = v->at + at, end = next + length;

	while (next < end && !t->stopped) {
		put_char(t, ' ');
		next = dns_text_name(t, &m, next);
		if (!next)
			return false;
	}
	return true;
}

enum hncp_outcome hncp_text_dhcp4(struct text *t, const struct hncp_value *v)
{
	static const struct label labels[] = {{6, "DNS-server"},
					      {42, "NTP-server"},
					      {119, "DNS-search"},
					      {0, NULL}};
	uint32_t at = 0, n;

	for (; at < v->length && !t->stopped; at += 2 + n) {
		const uint8_t *p = v->layer->data + v->at + at;

		if (v->length - at < 2)
			return HNCP_BAD_END;
		n = p[1];
		hncp_put_line(t, v->depth + 2);
		put(t, "%s (%u)", label_or(labels, p[0], "Unknown"), n + 2);
		if (v->length - at - 2 < n)
			return HNCP_BAD_END;
		if (p[0] == 119) {
			if (!put_names(t, v, at + 2, n))
				return HNCP_BAD_END;
		} else if (label_find(labels, p[0])) {
			if (n < 4 || n % 4)
				return HNCP_BAD_END;
			for (uint32_t i = 0; i < n; i += 4)
				put_with_ipv4(t, " ", p + 2 + i);
		}
	}
	return HNCP_GOOD;
}

enum hncp_outcome hncp_text_dhcp6(struct text *t, const struct hncp_value *v)
{
	static const struct label labels[] = {{23, "DNS-server"},
					      {24, "DNS-search-list"},
					      {31, "SNTP-servers"},
					      {0, NULL}};
	uint32_t at = 0, n;

	for (; at < v->length && !t->stopped; at += 4 + n) {
		const uint8_t *p = v->layer->data + v->at + at;
		uint16_t type;

		if (v->length - at < 4)
			return HNCP_BAD;
		type = load_be16(p);
		n = load_be16(p + 2);
		hncp_put_line(t, v->depth + 2);
		put(t, "%s (%u)", label_or(labels, type, "Unknown"), n + 4);
		if (v->length - at - 4 < n)
			return HNCP_BAD;
		if (type == 24) {
			if (!put_names(t, v, at + 4, n))
				return HNCP_BAD;
		} else if (label_find(labels, type)) {
			if (n % 16) {
				text_invalid(t);
				return HNCP_BAD;
			}
			for (uint32_t i = 0; i < n; i += 16)
				put_with_ipv6(t, " ", p + 4 + i);
		}
	}
	return HNCP_GOOD;
}
