/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The words of an expression, as far as one has to know them to see where
 * its parts begin and end.
 */
#ifndef BSNIFF_FILTERS_TOKENS_H
#define BSNIFF_FILTERS_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

/* A piece of the expression that stands for itself: a word, a parenthesis,
 * && and ||, or something in brackets. Borrowed. */
struct token {
	const char *at;
	size_t length;
};

struct tokens {
	struct token *items; /* the holder's to free() */
	size_t count, capacity;
};

/* False when memory ran out. */
bool tokens_split(struct tokens *tokens, const char *text);

bool token_is_word(const struct token *token, const char *word);
bool token_is_and(const struct token *token);
bool token_is_or(const struct token *token);
bool token_is_not(const struct token *token);
bool token_is_one_of(const struct token *token, const char *const *words);

/* Does it stand alone without being a value (`tcp', `vlan')? */
bool token_is_keyword(const struct token *token);

/* Is it `src' or `dst'? */
bool token_is_direction(const struct token *token);

/* Where the element ends that begins at token @from: at the next `and' or `or'
 * that joins elements, or at @to. */
size_t tokens_element_end(const struct tokens *tokens, size_t from, size_t to);

#endif
