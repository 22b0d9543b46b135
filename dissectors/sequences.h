/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where each TCP conversation's sequence numbers began, so that they can be
 * printed from there.
 *
 * A conversation is known by a fingerprint of 64 bits, made with a secret of
 * the process: with a million conversations at once two are taken for one with
 * a probability of 3e-8, and nobody outside can bring it about. That keeps
 * the table four times smaller, and a look-up is all that memory costs here.
 */
#ifndef BSNIFF_DISSECTORS_SEQUENCES_H
#define BSNIFF_DISSECTORS_SEQUENCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Both ends, in one order for both directions. */
struct conversation {
	const uint8_t *addresses[2];
	size_t address_size; /* 4 or 16 */
	uint32_t ports;
};

struct sequence_origin {
	uint64_t fingerprint; /* 0: a free slot */
	uint32_t sequence, acknowledgment;
};

struct sequences;

/* NULL when memory ran out. */
struct sequences *sequences_new(void);
void sequences_free(struct sequences *sequences);

uint64_t sequences_fingerprint(const struct sequences *sequences,
			       const struct conversation *conversation);

/* Have the origin of a conversation at hand soon. */
void sequences_prefetch(const struct sequences *sequences,
			uint64_t fingerprint);

/*
 * The origin of a conversation, valid until the next call; *@found says
 * whether it was there before (if not, it is new and zero). The table doubles
 * as it fills; at 4 million conversations it starts afresh. NULL when memory
 * ran out.
 */
struct sequence_origin *sequences_get(struct sequences *sequences,
				      uint64_t fingerprint, bool *found);

#endif
