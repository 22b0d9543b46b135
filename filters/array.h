/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Growing arrays, for the compiler's tables. An array is a pointer, a count
 * and a capacity that stand beside each other in a struct.
 */
#ifndef BSNIFF_FILTERS_ARRAY_H
#define BSNIFF_FILTERS_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

/* Room for one more element of @size bytes after @count. The array as it may
 * have moved, or NULL when memory ran out (and @array still stands). */
static inline void *array_room(void *array, size_t count, size_t *capacity,
			       size_t size)
{
	size_t want = *capacity ? *capacity * 2 : 8;
	void *moved;

	if (count < *capacity)
		return array;
	moved = reallocarray(array, want, size);
	if (moved)
		*capacity = want;
	return moved;
}

/* Append VALUE to the array ITEMS of COUNT in CAPACITY; true if it worked. */
#define ARRAY_ADD(items, count, capacity, ...)                          \
	({                                                              \
		void *room_ = array_room((items), (count), &(capacity), \
					 sizeof(*(items)));             \
		if (room_) {                                            \
			(items) = room_;                                \
			(items)[(count)++] = __VA_ARGS__;               \
		}                                                       \
		room_ != NULL;                                          \
	})

#endif
