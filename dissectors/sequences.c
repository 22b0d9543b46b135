/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissectors/sequences.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "src/base/cleanup.h"

enum { FIRST_SIZE = 1024, MOST = 1 << 22, SECRETS = 3 };

struct sequences {
	struct sequence_origin *slots;
	size_t size; /* a power of two */
	size_t count;
	uint64_t secrets[SECRETS];
};

/* The secret keeps others from making collisions; where there is none to be
 * had, the time will do. */
static void make_secrets(uint64_t secrets[SECRETS])
{
	size_t size = SECRETS * sizeof(*secrets);

	if (getrandom(secrets, size, GRND_NONBLOCK) != (ssize_t)size)
		for (int i = 0; i < SECRETS; i++)
			secrets[i] = (uint64_t)time(NULL) *
				     (0x9e3779b97f4a7c15u + (unsigned)i * 2);
}

struct sequences *sequences_new(void)
{
	_cleanup_free_ struct sequences *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->slots = calloc(FIRST_SIZE, sizeof(*s->slots));
	if (!s->slots)
		return NULL;
	s->size = FIRST_SIZE;
	make_secrets(s->secrets);
	return TAKE_PTR(s);
}

void sequences_free(struct sequences *s)
{
	if (!s)
		return;
	free(s->slots);
	free(s);
}

__extension__ typedef unsigned __int128 wide;

/* Both halves of the product, folded. */
static uint64_t mix(uint64_t a, uint64_t b)
{
	wide product = (wide)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t load_u64(const uint8_t *p)
{
	uint64_t value;

	memcpy(&value, p, sizeof(value));
	return value;
}

static uint64_t load_u32(const uint8_t *p)
{
	uint32_t value;

	memcpy(&value, p, sizeof(value));
	return value;
}

uint64_t sequences_fingerprint(const struct sequences *s,
			       const struct conversation *c)
{
	const uint8_t *a = c->addresses[0], *b = c->addresses[1];
	const uint64_t *secrets = s->secrets;
	uint64_t print = c->ports;

	if (c->address_size == 4) {
		print = mix(secrets[0] ^ (load_u32(a) << 32 | load_u32(b)),
			    secrets[1] ^ print);
	} else {
		print = mix(secrets[0] ^ load_u64(a), secrets[2] ^ print);
		print = mix(secrets[1] ^ load_u64(a + 8), print ^ load_u64(b));
		print = mix(secrets[0] ^ print, secrets[1] ^ load_u64(b + 8));
	}
	print = mix(print ^ secrets[2], 0x9e3779b97f4a7c15u);
	return print ? print : 1;
}

void sequences_prefetch(const struct sequences *s, uint64_t fingerprint)
{
	__builtin_prefetch(&s->slots[fingerprint & (s->size - 1)]);
}

static struct sequence_origin *find_slot(struct sequence_origin *slots,
					 size_t size, uint64_t fingerprint)
{
	for (size_t i = fingerprint;; i++) {
		struct sequence_origin *slot = &slots[i & (size - 1)];

		if (slot->fingerprint == fingerprint || !slot->fingerprint)
			return slot;
	}
}

static bool grow(struct sequences *s)
{
	struct sequence_origin *slots;
	size_t size = s->size * 2;

	if (s->count >= MOST) {
		memset(s->slots, 0, s->size * sizeof(*s->slots));
		s->count = 0;
		return true;
	}
	slots = calloc(size, sizeof(*slots));
	if (!slots)
		return false;
	for (size_t i = 0; i < s->size; i++)
		if (s->slots[i].fingerprint)
			*find_slot(slots, size, s->slots[i].fingerprint) =
				s->slots[i];
	free(s->slots);
	s->slots = slots;
	s->size = size;
	return true;
}

struct sequence_origin *sequences_get(struct sequences *s,
				      uint64_t fingerprint, bool *found)
{
	struct sequence_origin *slot = find_slot(s->slots, s->size,
						 fingerprint);

	*found = slot->fingerprint;
	if (*found)
		return slot;
	if (s->count >= s->size / 2) {
		if (!grow(s))
			return NULL;
		slot = find_slot(s->slots, s->size, fingerprint);
	}
	s->count++;
	slot->fingerprint = fingerprint;
	return slot;
}
