/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/base/addr.h"

#include "src/base/write.h"

void addr_put_ipv4(struct strbuf *sb, const uint8_t address[4])
{
	char *to = strbuf_room(sb, ADDR_IPV4_LENGTH + WRITE_SLOP);

	if (to)
		strbuf_added(sb, write_ipv4(to, address));
}

void addr_put_ipv6(struct strbuf *sb, const uint8_t address[16])
{
	char *to = strbuf_room(sb, ADDR_IPV6_LENGTH + WRITE_SLOP);

	if (to)
		strbuf_added(sb, write_ipv6(to, address));
}

void addr_put_bytes(struct strbuf *sb, const uint8_t *bytes, size_t n)
{
	char *to = strbuf_room(sb, n * 3);

	if (!to || !n)
		return;
	for (size_t i = 0; i < n; i++) {
		to = write_hex_u8(to, bytes[i]);
		*to++ = ':';
	}
	strbuf_added(sb, to - 1);
}

void addr_put_mac(struct strbuf *sb, const uint8_t address[6])
{
	char *to = strbuf_room(sb, WRITE_MAC + WRITE_SLOP);

	if (to)
		strbuf_added(sb, write_mac(to, address));
}
