/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Internet checksum (RFC 1071).
 */
#ifndef BSNIFF_DISSECTORS_CHECKSUM_H
#define BSNIFF_DISSECTORS_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#include "dissectors/packet.h"

/* The sum of @n bytes, added to @sum, to be folded. Only the last part of a
 * whole may have an odd length. */
uint64_t checksum_add(uint64_t sum, const uint8_t *bytes, size_t n);

/* The checksum of what was added: 0 if the bytes held a right one. */
uint16_t checksum_fold(uint64_t sum);

static inline uint16_t checksum(const uint8_t *bytes, size_t n)
{
	return checksum_fold(checksum_add(0, bytes, n));
}

/* What the field should hold, which holds @field, when the checksum over all
 * came out as @sum. */
uint16_t checksum_expected(uint16_t field, uint16_t sum);

/* The checksum over the pseudo header of @ip, which says @length, and
 * @covered bytes of @bytes. Routes are followed to the final destination. */
uint16_t checksum_transport(const struct layer *ip, uint8_t protocol,
			    const uint8_t *bytes, uint32_t length,
			    uint32_t covered);

#endif
