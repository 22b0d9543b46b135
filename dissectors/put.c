/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissectors/put.h"

#include "dissectors/names.h"
#include "dissectors/printer.h"
#include "dissectors/protocols.h"
#include "src/base/write.h"

enum { BYTES_PER_LINE = 16 };

const char *label_find(const struct label *labels, uint32_t value)
{
	for (; labels->text; labels++)
		if (labels->value == value)
			return labels->text;
	return NULL;
}

const char *label_or(const struct label *labels, uint32_t value,
		     const char *other)
{
	const char *text = label_find(labels, value);

	return text ? text : other;
}

void put_label(struct text *t, const struct label *labels, uint32_t value,
	       const char *format)
{
	const char *text = label_find(labels, value);

	if (text)
		put_text(t, text);
	else
		put(t, format, value);
}

void put_bits(struct text *t, const struct label *labels, uint32_t value,
	      const char *format, const char *separator)
{
	bool some = false;

	for (; labels->text; labels++) {
		if (!labels->value || (value & labels->value) != labels->value)
			continue;
		if (some)
			put_text(t, separator);
		put_text(t, labels->text);
		some = true;
	}
	if (!some)
		put(t, format ? format : "#%08x", value);
}

void put_ipv4(struct text *t, const uint8_t address[4])
{
	if (t->options->numeric)
		addr_put_ipv4(t->out, address);
	else
		names_put_ipv4(t->printer->names, address, t->out);
}

/* Inlined, gcc 12 takes the addresses in the union for one of four bytes. */
__attribute__((noinline)) void put_ipv6(struct text *t, const uint8_t *address)
{
	if (t->options->numeric)
		addr_put_ipv6(t->out, address);
	else
		names_put_ipv6(t->printer->names, address, t->out);
}

void put_mac(struct text *t, const uint8_t address[6])
{
	if (t->options->numeric)
		addr_put_mac(t->out, address);
	else
		names_put_mac(t->printer->names, address, t->out);
}

void put_tcp_port(struct text *t, uint16_t port)
{
	if (t->options->numeric)
		strbuf_u32(t->out, port);
	else
		names_put_tcp_port(t->printer->names, port, t->out);
}

void put_udp_port(struct text *t, uint16_t port)
{
	if (t->options->numeric)
		strbuf_u32(t->out, port);
	else
		names_put_udp_port(t->printer->names, port, t->out);
}

void put_ip_protocol(struct text *t, uint8_t protocol)
{
	const char *name = t->options->numeric ? NULL
					       : names_ip_protocol(protocol);

	if (name)
		put(t, " %s", name);
	else
		put(t, " ip-proto-%u", protocol);
}

void put_link_address(struct text *t, const uint8_t *bytes, size_t length)
{
	if (!length)
		put_text(t, "<empty>");
	else if (length == 6)
		put_mac(t, bytes);
	else
		addr_put_bytes(t->out, bytes, length);
}

void put_source(struct text *t, const struct layer *ip)
{
	if (ip->dissector == &ipv6_dissector)
		put_ipv6(t, ip->ipv6.source);
	else
		put_ipv4(t, ip->ipv4.source);
}

void put_destination(struct text *t, const struct layer *ip)
{
	if (ip->dissector == &ipv6_dissector)
		put_ipv6(t, ip->ipv6.destination);
	else
		put_ipv4(t, ip->ipv4.destination);
}

void put_visible(struct text *t, uint8_t c)
{
	if (c & 0x80) {
		put_text(t, "M-");
		c &= 0x7f;
	}
	if (c < 0x20 || c == 0x7f) {
		put_char(t, '^');
		c ^= 0x40;
	}
	put_char(t, (char)c);
}

bool put_visible_bytes(struct text *t, const uint8_t *bytes, size_t n,
		       const uint8_t *end)
{
	for (; n && bytes < end; n--)
		put_visible(t, *bytes++);
	return n != 0;
}

size_t put_visible_string(struct text *t, const uint8_t *bytes, size_t n,
			  const uint8_t *end)
{
	for (size_t i = 0; i < n && bytes + i < end; i++) {
		if (!bytes[i])
			return i + 1;
		put_visible(t, bytes[i]);
	}
	return 0;
}

void put_hex_bytes(struct text *t, const uint8_t *bytes, size_t n)
{
	char *to = strbuf_room(t->out, 2 * n);

	if (!to)
		return;
	for (size_t i = 0; i < n; i++)
		to = write_hex_u8(to, bytes[i]);
	strbuf_added(t->out, to);
}

/* Room for dumps is made for as many lines at once. */
enum { LINES_AT_ONCE = 64 };

/* indent, 0x0010: and where the bytes go. */
static inline char *put_line_start(char *to, const char *indent, size_t length,
				   size_t offset)
{
	memcpy(to, indent, length);
	to = write_literal(to + length, "0x");
	if (offset >> 16)
		to = write_hex(to, offset >> 16);
	to = write_hex_u16(to, (uint16_t)offset);
	return write_literal(to, ": ");
}

/* Up to 16 bytes in groups of two; returns the end. */
static inline char *put_groups(char *to, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n / 2; i++, bytes += 2) {
		*to = ' ';
		write_hex_u8(to + 1, bytes[0]);
		write_hex_u8(to + 3, bytes[1]);
		to += 5;
	}
	if (n % 2) {
		*to = ' ';
		to = write_hex_u8(to + 1, bytes[0]);
	}
	return to;
}

void put_hex(struct text *t, const char *indent, const uint8_t *bytes,
	     size_t n)
{
	size_t length = strlen(indent);

	for (size_t i = 0; i < n; i += BYTES_PER_LINE) {
		char *to = strbuf_room(t->out, length + 64);
		size_t now = n - i < BYTES_PER_LINE ? n - i : BYTES_PER_LINE;

		if (!to)
			return;
		to = put_line_start(to, indent, length, i);
		strbuf_added(t->out, put_groups(to, bytes + i, now));
	}
}

/*
 * Eight bytes with '.' for those that are no visible character: 0x21 to 0x7e.
 * Bytes are looked at as lanes of seven bits, which carry into the eighth.
 */
static inline uint64_t visible_bytes(uint64_t bytes)
{
	const uint64_t ones = 0x0101010101010101, high = ones * 0x80;
	uint64_t low = bytes & ~high;
	uint64_t good = (low + ones * (0x80 - 0x21)) & /* at least 0x21 */
			~(low + ones * (0x80 - 0x7f)) & ~bytes & high;
	uint64_t mask = (good >> 7) * 0xff;

	return (bytes & mask) | (ones * '.' & ~mask);
}

static inline char *put_visible_line(char *to, const uint8_t *bytes, size_t n)
{
	uint64_t part;

	if (n == BYTES_PER_LINE) {
		for (size_t i = 0; i < BYTES_PER_LINE; i += 8) {
			memcpy(&part, bytes + i, 8);
			part = visible_bytes(part);
			memcpy(to + i, &part, 8);
		}
		return to + BYTES_PER_LINE;
	}
	for (size_t i = 0; i < n; i++)
		*to++ = (char)(bytes[i] > 0x20 && bytes[i] < 0x7f ? bytes[i]
								  : '.');
	return to;
}

/* The column of the characters, behind the offset. */
enum { CHARACTERS = 42 };

void put_hex_ascii(struct text *t, const char *indent, const uint8_t *bytes,
		   size_t n)
{
	size_t length = strlen(indent), line = length + 96;
	char *to = NULL;

	for (size_t i = 0; i < n; i += BYTES_PER_LINE) {
		size_t now = n - i < BYTES_PER_LINE ? n - i : BYTES_PER_LINE;

		if (i / BYTES_PER_LINE % LINES_AT_ONCE == 0) {
			if (to)
				strbuf_added(t->out, to);
			to = strbuf_room(t->out, line * LINES_AT_ONCE);
			if (!to)
				return;
		}
		to = put_line_start(to, indent, length, i);
		if (now == BYTES_PER_LINE) {
			put_groups(to, bytes + i, BYTES_PER_LINE);
			to[CHARACTERS - 2] = ' ';
			to[CHARACTERS - 1] = ' ';
		} else {
			memset(to, ' ', CHARACTERS);
			put_groups(to, bytes + i, now);
		}
		to = put_visible_line(to + CHARACTERS, bytes + i, now);
	}
	if (to)
		strbuf_added(t->out, to);
}

void put_unknown_data(struct text *t, const struct cursor *c,
		      const char *indent, size_t n)
{
	size_t there = cursor_left(c);

	put_hex(t, indent, c->at, n < there ? n : there);
}

bool text_dumps_unknown(const struct text *t)
{
	const struct text_options *o = t->options;

	return !o->hex && !o->hex_ascii && !o->quiet;
}

void put_default(struct text *t, const uint8_t *bytes, size_t n)
{
	if (text_dumps_unknown(t))
		put_hex_ascii(t, "\n\t", bytes, n);
}

void put_duration(struct text *t, uint32_t seconds)
{
	static const struct {
		uint32_t seconds;
		char unit;
	} units[] = {{31536000, 'y'}, {604800, 'w'}, {86400, 'd'},
		     {3600, 'h'},     {60, 'm'},     {1, 's'}};

	if (!seconds)
		put_text(t, "0s");
	for (int i = 0; seconds; i++) {
		if (seconds < units[i].seconds)
			continue;
		put(t, "%u%c", seconds / units[i].seconds, units[i].unit);
		seconds %= units[i].seconds;
	}
}

void text_trunc(struct text *t)
{
	put(t, " [|%s]", t->protocol);
}

void text_stop(struct text *t)
{
	if (t->stopped)
		return;
	text_trunc(t);
	t->stopped = true;
	t->stopped_at = t->out->length;
}

void text_invalid(struct text *t)
{
	put_text(t, " (invalid)");
}

bool text_payload(struct text *t, const struct layer *layer)
{
	const struct layer *payload = layer_payload(t->packet, layer);

	if (!payload || !payload->dissector->text)
		return false;
	payload->dissector->text(t, payload);
	return true;
}
