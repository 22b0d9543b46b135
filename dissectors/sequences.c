/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissectors/sequences.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"

enum { FIRST_SIZE = 1024, MOST = 1 << 22 };

struct sequences {
	struct sequence_origin *slots;
	size_t size; /* a power of two */
	size_t count;
};

struct sequences *sequences_new(void)
{
	_cleanup_free_ struct sequences *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->slots = calloc(FIRST_SIZE, sizeof(*s->slots));
	if (!s->slots)
		return NULL;
	s->size = FIRST_SIZE;
	return TAKE_PTR(s);
}

void sequences_free(struct sequences *s)
{
	if (!s)
		return;
	free(s->slots);
	free(s);
}

static uint64_t hash_key(const struct conversation *key)
{
	uint64_t words[sizeof(*key) / 8], hash = 0;

	memcpy(words, key, sizeof(words));
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 29;
	}
	return hash;
}

static struct sequence_origin *find_slot(struct sequence_origin *slots,
					 size_t size,
					 const struct conversation *key)
{
	for (size_t i = hash_key(key);; i++) {
		struct sequence_origin *slot = &slots[i & (size - 1)];

		if (!slot->used || !memcmp(&slot->key, key, sizeof(*key)))
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
		if (s->slots[i].used)
			*find_slot(slots, size, &s->slots[i].key) = s->slots[i];
	free(s->slots);
	s->slots = slots;
	s->size = size;
	return true;
}

struct sequence_origin *sequences_get(struct sequences *s,
				      const struct conversation *key,
				      bool *found)
{
	struct sequence_origin *slot = find_slot(s->slots, s->size, key);

	*found = slot->used;
	if (slot->used)
		return slot;
	if (s->count >= s->size / 2) {
		if (!grow(s))
			return NULL;
		slot = find_slot(s->slots, s->size, key);
	}
	s->count++;
	slot->key = *key;
	slot->used = 1;
	return slot;
}
