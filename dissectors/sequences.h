/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where each TCP conversation's sequence numbers began, so that they can be
 * printed from there.
 */
#ifndef BSNIFF_DISSECTORS_SEQUENCES_H
#define BSNIFF_DISSECTORS_SEQUENCES_H

#include <stdbool.h>
#include <stdint.h>

/* Both ends, in one order for both directions. Unused bytes are zero. */
struct conversation {
	uint8_t addresses[2][16];
	uint32_t ports;
	uint32_t family;
};

struct sequence_origin {
	struct conversation key;
	uint32_t sequence, acknowledgment;
	uint32_t used;
};

struct sequences;

/* NULL when memory ran out. */
struct sequences *sequences_new(void);
void sequences_free(struct sequences *sequences);

/*
 * The origin of @key, valid until the next call; *@found says whether it was
 * there before (if not, it is new and zero). The table doubles as it fills; at
 * 4 million conversations it starts afresh. NULL when memory ran out.
 */
struct sequence_origin *sequences_get(struct sequences *sequences,
				      const struct conversation *key,
				      bool *found);

#endif
