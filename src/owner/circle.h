/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lists in a circle with a head, the oldest first.
 */
#ifndef BSNIFF_OWNER_CIRCLE_H
#define BSNIFF_OWNER_CIRCLE_H

/* In what is listed, its first member; and the head. */
struct link {
	struct link *next, *previous;
};

static inline void link_init(struct link *head)
{
	head->next = head->previous = head;
}

static inline void link_append(struct link *head, struct link *link)
{
	link->previous = head->previous;
	link->next = head;
	head->previous->next = link;
	head->previous = link;
}

static inline void link_remove(struct link *link)
{
	link->previous->next = link->next;
	link->next->previous = link->previous;
}

#endif
