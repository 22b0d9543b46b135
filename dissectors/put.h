/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a dissector prints with.
 *
 * tcpdump gives a packet up where the snapshot ends: it prints [|protocol] and
 * nothing more of the packet. So do the text_*() reads: the first that passes
 * the end calls text_stop(), and gives zero, as do all after it. What a
 * dissector goes on to print is cut off again; it only has to come to an end.
 */
#ifndef BSNIFF_DISSECTORS_PUT_H
#define BSNIFF_DISSECTORS_PUT_H

#include <stdbool.h>

#include "dissectors/dissector.h"
#include "dissectors/protocols.h"
#include "dissectors/text.h"
#include "src/base/addr.h"
#include "src/base/cursor.h"
#include "src/base/format.h"
#include "src/base/strbuf.h"
#include "src/base/write.h"

/* A packet being printed. */
struct text {
	struct strbuf *out;
	const struct text_options *options;
	const struct packet *packet;
	struct text_printer *printer;
	const char *protocol;	 /* what [|...] says: set on entry */
	uint32_t link_length;	 /* bytes that -x leaves out */
	unsigned int depth;	 /* of what nests inside a layer */
	bool stopped;		 /* the packet was given up ... */
	size_t stopped_at;	 /* ... at this length of out */
};

/* A value and what to call it; the last row has no text. */
struct label {
	uint32_t value;
	const char *text;
};

/* The text of @value; NULL if @labels has none. */
const char *label_find(const struct label *labels, uint32_t value);

/* The same, or @other. */
const char *label_or(const struct label *labels, uint32_t value,
		     const char *other);

/* Formatted text: the language of src/base/format.h. */
#define put(t, ...) strbuf_format((t)->out, __VA_ARGS__)

static inline void put_text(struct text *t, const char *text)
{
	strbuf_puts(t->out, text);
}

static inline void put_char(struct text *t, char c)
{
	strbuf_putc(t->out, c);
}

static inline void put_u32(struct text *t, uint32_t value)
{
	strbuf_u32(t->out, value);
}

/* The label of @value, or @format, which takes the value. */
void put_label(struct text *t, const struct label *labels, uint32_t value,
	       const char *format);

/* The labels whose bits are all set in @value, @separator between them; or
 * @format (NULL: #%08x), which takes the value. */
void put_bits(struct text *t, const struct label *labels, uint32_t value,
	      const char *format, const char *separator);

/* Addresses and ports: by name without -n. Bytes must be there. */
void put_ipv4(struct text *t, const uint8_t address[4]);
void put_ipv6(struct text *t, const uint8_t *address);
void put_mac(struct text *t, const uint8_t address[6]);
void put_tcp_port(struct text *t, uint16_t port);
void put_udp_port(struct text *t, uint16_t port);
void put_ip_protocol(struct text *t, uint8_t protocol); /* " tcp", " ip-proto-6" */

/* A link address as tcpdump has it: an Ethernet one of 6 bytes, else hex. */
void put_link_address(struct text *t, const uint8_t *bytes, size_t length);

/* An IP address and a port behind a dot, with -n: at most WRITE_END bytes. */
enum { WRITE_END = WRITE_IPV6 + 1 + 5 };

static inline char *write_source(char *to, const struct layer *ip)
{
	return ip->dissector == &ipv4_dissector
		       ? write_ipv4(to, ip->ipv4.source)
		       : write_ipv6(to, ip->ipv6.source);
}

static inline char *write_destination(char *to, const struct layer *ip)
{
	return ip->dissector == &ipv4_dissector
		       ? write_ipv4(to, ip->ipv4.destination)
		       : write_ipv6(to, ip->ipv6.destination);
}

/* "a.1 > b.2: " with -n; with names the caller puts it part by part. */
static inline bool put_ends_numeric(struct text *t, const struct layer *ip,
				    uint16_t source, uint16_t destination)
{
	char *to;

	if (!t->options->numeric)
		return false;
	to = strbuf_room(t->out, 2 * WRITE_END + 5 + WRITE_SLOP);
	if (!to)
		return true;
	to = write_char(write_source(to, ip), '.');
	to = write_literal(write_u32(to, source), " > ");
	to = write_char(write_destination(to, ip), '.');
	to = write_literal(write_u32(to, destination), ": ");
	strbuf_added(t->out, to);
	return true;
}

/* The same behind @before. What is read for the argument is read first, so
 * that nothing of it is printed if it is not there. */
static inline void put_with_ipv4(struct text *t, const char *before,
				 const uint8_t address[4])
{
	put_text(t, before);
	put_ipv4(t, address);
}

static inline void put_with_ipv6(struct text *t, const char *before,
				 const uint8_t address[16])
{
	put_text(t, before);
	put_ipv6(t, address);
}

static inline void put_with_mac(struct text *t, const char *before,
				const uint8_t address[6])
{
	put_text(t, before);
	put_mac(t, address);
}

/* The source or destination of an IP layer. */
void put_source(struct text *t, const struct layer *ip);
void put_destination(struct text *t, const struct layer *ip);

/* One byte, made visible: ^M, M-a. */
void put_visible(struct text *t, uint8_t c);

/* @n bytes made visible, as far as they are before @end. True if cut. */
bool put_visible_bytes(struct text *t, const uint8_t *bytes, size_t n,
		       const uint8_t *end);

/* A NUL-terminated text of at most @n bytes. Returns the bytes used with the
 * NUL, 0 if there was none. */
size_t put_visible_string(struct text *t, const uint8_t *bytes, size_t n,
			  const uint8_t *end);

/* Bytes as hexadecimal digits without anything between them. */
void put_hex_bytes(struct text *t, const uint8_t *bytes, size_t n);

/* Hex dumps: with offsets and 16 bytes a line, each after @indent. */
void put_hex(struct text *t, const char *indent, const uint8_t *bytes,
	     size_t n);
void put_hex_ascii(struct text *t, const char *indent, const uint8_t *bytes,
		   size_t n);

/* The same of @n bytes of which @captured are there: stops if some are not. */
void put_unknown_data(struct text *t, const struct cursor *c,
		      const char *indent, size_t n);

/* Are payloads that nobody knows dumped? Not if -x or -X does it anyway, and not
 * with -q. */
bool text_dumps_unknown(const struct text *t);

/* What is printed of a payload that nobody knows: its bytes, if at all. */
void put_default(struct text *t, const uint8_t *bytes, size_t n);

/* Seconds as 1d2h3m4s. */
void put_duration(struct text *t, uint32_t seconds);

/* [|protocol]: the snapshot ends inside this header; printing goes on. */
void text_trunc(struct text *t);

/* [|protocol], and nothing more of this packet. */
void text_stop(struct text *t);

/* (invalid) */
void text_invalid(struct text *t);

/* Print what @layer carries. False if nothing is known to print it. */
bool text_payload(struct text *t, const struct layer *layer);

/* What @layer holds in front of the snapshot's end. */
static inline struct cursor text_cursor(const struct layer *layer)
{
	return cursor_make(layer->data, layer->captured);
}

/* Are @n bytes left? If not, the packet is given up. */
static inline bool text_has(struct text *t, const struct cursor *c, size_t n)
{
	if (__builtin_expect(cursor_has(c, n), 1))
		return true;
	text_stop(t);
	return false;
}

static inline const uint8_t *text_take(struct text *t, struct cursor *c,
				       size_t n)
{
	return text_has(t, c, n) ? cursor_take(c, n) : NULL;
}

/* The next @n bytes (at most 64), or zeros when the packet is given up. */
static inline const uint8_t *text_bytes(struct text *t, struct cursor *c,
					size_t n)
{
	static const uint8_t ZEROS[64];

	return text_has(t, c, n) ? cursor_take(c, n) : ZEROS;
}

/* @n bytes (at most 64) at @offset of the layer, or zeros in the same case. */
static inline const uint8_t *text_at(struct text *t, const struct layer *layer,
				     size_t offset, size_t n)
{
	struct cursor c = text_cursor(layer);

	if (!text_has(t, &c, offset + n))
		return text_bytes(t, &c, SIZE_MAX / 2);
	return layer->data + offset;
}

#define DEFINE_TEXT_READ(name, type, size)                                     \
	static inline type text_##name(struct text *t, struct cursor *c)       \
	{                                                                      \
		return text_has(t, c, size) ? cursor_##name(c) : 0;            \
	}

DEFINE_TEXT_READ(u8, uint8_t, 1)
DEFINE_TEXT_READ(be16, uint16_t, 2)
DEFINE_TEXT_READ(be24, uint32_t, 3)
DEFINE_TEXT_READ(be32, uint32_t, 4)
DEFINE_TEXT_READ(be64, uint64_t, 8)
DEFINE_TEXT_READ(le16, uint16_t, 2)
DEFINE_TEXT_READ(le32, uint32_t, 4)
DEFINE_TEXT_READ(le64, uint64_t, 8)

#endif
