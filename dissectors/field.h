/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fields by their offset in a layer, for protocols whose parts lie behind one
 * another in ways that only the parts themselves tell.
 *
 * Like all text_*() reads these give the packet up where the snapshot ends,
 * and zeros from then on; field_has() asks without doing so.
 */
#ifndef BSNIFF_DISSECTORS_FIELD_H
#define BSNIFF_DISSECTORS_FIELD_H

#include "dissectors/put.h"

/* Are @n bytes at @at? */
static inline bool field_has(const struct layer *layer, size_t at, size_t n)
{
	return at <= layer->captured && layer->captured - at >= n;
}

/* The same; if not, the packet is given up. */
static inline bool field_need(struct text *t, const struct layer *layer,
			      size_t at, size_t n)
{
	if (__builtin_expect(field_has(layer, at, n), 1))
		return true;
	text_stop(t);
	return false;
}

/* @n bytes (at most 64), zeros if they are not there. */
static inline const uint8_t *field_bytes(struct text *t,
					 const struct layer *layer, size_t at,
					 size_t n)
{
	static const uint8_t ZEROS[64];

	return field_need(t, layer, at, n) ? layer->data + at : ZEROS;
}

#define DEFINE_FIELD_READ(name, type, size)                                    \
	static inline type field_##name(struct text *t,                        \
					const struct layer *layer, size_t at)  \
	{                                                                      \
		return load_##name(field_bytes(t, layer, at, size));           \
	}

static inline uint8_t field_u8(struct text *t, const struct layer *layer,
			       size_t at)
{
	return field_bytes(t, layer, at, 1)[0];
}

DEFINE_FIELD_READ(be16, uint16_t, 2)
DEFINE_FIELD_READ(be24, uint32_t, 3)
DEFINE_FIELD_READ(be32, uint32_t, 4)
DEFINE_FIELD_READ(be64, uint64_t, 8)

/* Printed addresses. */
static inline void field_put_ipv4(struct text *t, const struct layer *layer,
				  size_t at)
{
	put_ipv4(t, field_bytes(t, layer, at, 4));
}

static inline void field_put_ipv6(struct text *t, const struct layer *layer,
				  size_t at)
{
	put_ipv6(t, field_bytes(t, layer, at, 16));
}

static inline void field_put_mac(struct text *t, const struct layer *layer,
				 size_t at)
{
	put_mac(t, field_bytes(t, layer, at, 6));
}

/* The same with @lead before it, which is not printed without it. */
static inline void field_lead_ipv4(struct text *t, const char *lead,
				   const struct layer *layer, size_t at)
{
	if (!field_need(t, layer, at, 4))
		return;
	put_text(t, lead);
	put_ipv4(t, layer->data + at);
}

static inline void field_lead_ipv6(struct text *t, const char *lead,
				   const struct layer *layer, size_t at)
{
	if (!field_need(t, layer, at, 16))
		return;
	put_text(t, lead);
	put_ipv6(t, layer->data + at);
}

/* The labels of @bits between @lead and ']'. */
static inline void field_put_bits(struct text *t, const char *lead,
				  const struct label *labels, uint32_t bits,
				  const char *none)
{
	put_text(t, lead);
	put_bits(t, labels, bits, none, ", ");
	put_char(t, ']');
}

/* An address of its own, right-justified in 15 columns. */
void field_put_padded_ipv4(struct text *t, const uint8_t address[4]);

/* A hex dump of @n bytes, as far as they are there. */
void field_put_dump(struct text *t, const struct layer *layer, size_t at,
		    const char *indent, size_t n);

/* @n bytes as digits; the packet is given up if they are not all there. */
void field_put_hex(struct text *t, const struct layer *layer, size_t at,
		   size_t n);

/* Visible text of @n bytes, or up to a NUL in them; the packet is given up
 * where the snapshot ends. */
void field_put_text(struct text *t, const struct layer *layer, size_t at,
		    size_t n);
void field_put_string(struct text *t, const struct layer *layer, size_t at,
		      size_t n);

/* " [what VALUE < LEAST]", the form in which a bad length is reported. */
void field_put_less(struct text *t, const char *what, uint32_t value,
		    uint32_t least);

/* A rate in bytes a second, of IEEE 754 single precision, in Mbps. */
void field_put_rate(struct text *t, uint32_t bits, const char *format);

/* A number of IEEE 754 single precision. */
void field_put_float(struct text *t, uint32_t bits, const char *format);

/* The length of a mask's prefix; -1 if it is none. */
int field_prefix_length(uint32_t mask);

#endif
