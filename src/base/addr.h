/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Addresses as text: the one formatter, for packet lines, tables and JSON.
 * All input is in network byte order; nothing allocates beyond the strbuf.
 */
#ifndef BSNIFF_BASE_ADDR_H
#define BSNIFF_BASE_ADDR_H

#include <stdint.h>

#include "src/base/strbuf.h"

/* The longest texts, without the terminator. */
enum {
	ADDR_IPV4_LENGTH = 15,
	ADDR_IPV6_LENGTH = 45,
};

/* 192.0.2.1, from 4 bytes. */
void addr_put_ipv4(struct strbuf *sb, const uint8_t address[4]);

/* 2001:db8::1, from 16 bytes: RFC 5952, and ::ffff:192.0.2.1 and ::192.0.2.1
 * in the forms that inet_ntop() gives them. */
void addr_put_ipv6(struct strbuf *sb, const uint8_t address[16]);

/* 02:00:00:00:00:01, from 6 bytes. */
void addr_put_mac(struct strbuf *sb, const uint8_t address[6]);

/* @n bytes in hexadecimal with ':' between them. */
void addr_put_bytes(struct strbuf *sb, const uint8_t *bytes, size_t n);

#endif
