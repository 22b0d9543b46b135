/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/lists.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "filters/array.h"
#include "filters/lists_range.h"
#include "filters/tokens.h"
#include "src/base/cleanup.h"
#include "src/base/cursor.h"

void lists_free(struct lists *lists)
{
	for (size_t i = 0; i < lists->count; i++) {
		free(lists->items[i].ranges);
		free(lists->items[i].qualifiers);
	}
	free(lists->items);
	strbuf_free(&lists->text[0]);
	strbuf_free(&lists->text[1]);
	*lists = (struct lists){0};
}

/* ---- Elements: what stands between `and' and `or' ---- */

enum type { TYPE_DEFAULT, TYPE_HOST, TYPE_NET, TYPE_PORT, TYPE_PORTRANGE };

struct element {
	size_t from, to;    /* tokens */
	bool with_and;	    /* joined to what is before it by `and' */
	bool negated;	    /* an odd number of `not' */
	bool bare;	    /* a value that takes its qualifiers from before */
	bool barrier;	    /* moves the offsets of what follows it */
	bool simple;	    /* a member: what follows is valid */
	size_t head, value; /* tokens: the qualifiers, the value behind them */
	enum type type;
	enum list_kind kind;
	struct list_range range;
	int list;   /* the list that it went into, or -1 */
	bool first; /* of its list */
};

struct level {
	struct lists *lists;
	const struct tokens *tokens;
	struct element *elements;
	size_t count, capacity;
};

static const char *const protocols[] = {"ip",  "ip6", "arp",  "rarp",
					"tcp", "udp", "sctp", NULL};

/* After these, libpcap looks elsewhere in the packet; members do not pass. */
static const char *const barriers[] = {"vlan", "mpls", "pppoes", "geneve",
				       NULL};

static const struct {
	const char *word;
	enum type type;
} types[] = {{"host", TYPE_HOST},
	     {"net", TYPE_NET},
	     {"port", TYPE_PORT},
	     {"portrange", TYPE_PORTRANGE}};

static enum type type_of(const struct token *token)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (token_is_word(token, types[i].word))
			return types[i].type;
	return TYPE_DEFAULT;
}

/* Skip the qualifiers from @at up to @to; where they end. */
static size_t skip_qualifiers(const struct token *t, size_t at, size_t to,
			      enum type *type)
{
	*type = TYPE_DEFAULT;
	if (at < to && token_is_one_of(&t[at], protocols))
		at++;
	if (at < to && token_is_direction(&t[at])) {
		at++;
		/* Not `src and dst', which asks one member for both. */
		if (at + 1 < to && token_is_or(&t[at]) &&
		    token_is_direction(&t[at + 1]))
			at += 2;
	}
	if (at < to && type_of(&t[at]) != TYPE_DEFAULT)
		*type = type_of(&t[at++]);
	return at;
}

static bool read_member(const struct token *value, enum type type,
			enum list_kind *kind, struct list_range *range)
{
	char text[64];

	if (value->length >= sizeof(text))
		return false;
	memcpy(text, value->at, value->length);
	text[value->length] = '\0';
	switch (type) {
	case TYPE_DEFAULT:
	case TYPE_HOST:
		return range_read_host(text, kind, range);
	case TYPE_NET:
		return range_read_net(text, kind, range);
	case TYPE_PORT:
	case TYPE_PORTRANGE:
		*kind = LIST_PORT;
		return range_read_ports(text, type == TYPE_PORTRANGE, range);
	}
	return false;
}

/* What an element is. Bare values take head and type from @before. */
static void understand(struct level *level, struct element *element,
		       const struct element *before)
{
	const struct token *t = level->tokens->items;
	size_t at = element->from;

	element->list = -1;
	for (size_t i = at; i < element->to; i++)
		element->barrier |= token_is_one_of(&t[i], barriers);
	for (; at < element->to && token_is_not(&t[at]); at++)
		element->negated = !element->negated;
	element->head = at;
	element->value = skip_qualifiers(t, at, element->to, &element->type);
	element->bare = element->value == at;
	if (element->value + 1 != element->to)
		return;
	if (element->bare) {
		if (!before || !before->simple)
			return;
		element->head = before->head;
		element->type = before->type;
	}
	element->simple = read_member(&t[element->value], element->type,
				      &element->kind, &element->range);
}

/* The tokens from @from to @to as elements; false if they are not understood,
 * which leaves them as they are. */
static bool read_elements(struct level *level, size_t from, size_t to)
{
	const struct token *t = level->tokens->items;
	bool with_and = false;

	while (from < to) {
		struct element element = {.from = from, .with_and = with_and};
		size_t at = tokens_element_end(level->tokens, from, to);

		element.to = at;
		understand(level, &element,
			   level->count ? &level->elements[level->count - 1]
					: NULL);
		if (!ARRAY_ADD(level->elements, level->count, level->capacity,
			       element)) {
			level->lists->failed = true;
			return false;
		}
		with_and = at < to && token_is_and(&t[at]);
		from = at + 1;
	}
	return true;
}

/* ---- Runs become lists ---- */

/* The qualifiers as they decide which members go together. */
static void put_qualifiers(const struct level *level,
			   const struct element *element, struct strbuf *out)
{
	const struct token *t = level->tokens->items;
	enum type type;
	size_t end =
		skip_qualifiers(t, element->head, level->tokens->count, &type);

	if (type != TYPE_DEFAULT)
		end--;
	for (size_t i = element->head; i < end; i++) {
		strbuf_add(out, t[i].at, t[i].length);
		strbuf_putc(out, ' ');
	}
}

static int add_list(struct lists *lists, enum list_kind kind,
		    const char *qualifiers)
{
	struct list list = {.kind = kind, .qualifiers = strdup(qualifiers)};
	uint32_t n = (uint32_t)lists->count;

	for (uint32_t which = 0; which < 2; which++) {
		uint32_t *mark = list.mark[which];

		/* Documentation prefixes, high ports: any value will do,
		 * since both compilations are compared. */
		for (uint32_t w = 0; w < 4; w++)
			mark[w] = 0x20010db8 + (w << 24) + (n << 4) +
				  (which << 20);
		if (kind == LIST_IPV4)
			mark[0] = 0xc6336400 + (n << 4) + (which << 17);
		else if (kind == LIST_PORT)
			mark[0] = 20000 + n * 2 + which * 20000;
	}
	if (!list.qualifiers ||
	    !ARRAY_ADD(lists->items, lists->count, lists->capacity, list)) {
		free(list.qualifiers);
		lists->failed = true;
		return -1;
	}
	return (int)lists->count - 1;
}

/* May @b stand before @a in a run, as far as its tests look alike? */
static bool goes_with(const struct level *level, const struct element *a,
		      const struct element *b)
{
	struct strbuf texts[2] = {STRBUF_INIT, STRBUF_INIT};
	bool same;

	if (!a->simple || !b->simple ||
	    (a->kind == LIST_PORT) != (b->kind == LIST_PORT))
		return false;
	put_qualifiers(level, a, &texts[0]);
	put_qualifiers(level, b, &texts[1]);
	same = !strcmp(strbuf_text(&texts[0]), strbuf_text(&texts[1]));
	strbuf_free(&texts[0]);
	strbuf_free(&texts[1]);
	return same;
}

/*
 * Members from @from to @to that stand beside each other and go together. The
 * first of a kind stays as it is: what it loads, the others load as well, so
 * that a packet that is cut off within an address ends all the same with the
 * first, as it does when they are compared one after the other.
 */
static void gather(struct level *level, size_t from, size_t to)
{
	struct strbuf qualifiers _cleanup_(strbuf_free) = STRBUF_INIT;
	struct lists *lists = level->lists;
	bool seen[LIST_PORT + 1] = {false};
	int list_of[LIST_PORT + 1] = {-1, -1, -1};

	put_qualifiers(level, &level->elements[from], &qualifiers);
	for (size_t i = from; i < to && !lists->failed; i++) {
		struct element *element = &level->elements[i];
		int *number = &list_of[element->kind];
		struct list *list;

		if (!seen[element->kind]) {
			seen[element->kind] = true;
			continue;
		}
		if (*number < 0)
			*number = add_list(lists, element->kind,
					   strbuf_text(&qualifiers));
		if (*number < 0)
			return;
		element->list = *number;
		list = &lists->items[*number];
		element->first = !list->members++;
		if (!ARRAY_ADD(list->ranges, list->count, list->capacity,
			       element->range))
			lists->failed = true;
	}
}

/* The lists within a run: all joined by `or', or all negated and joined by
 * `and'. */
static void gather_run(struct level *level, size_t from, size_t to,
		       size_t shortest)
{
	while (from < to) {
		size_t end = from + 1;

		while (end < to && goes_with(level, &level->elements[end - 1],
					     &level->elements[end]))
			end++;
		if (end - from >= shortest)
			gather(level, from, end);
		from = end;
	}
}

static bool in_run(const struct element *element, bool with_and)
{
	return element->with_and == with_and && element->negated == with_and;
}

static void find_runs(struct level *level, size_t shortest)
{
	for (size_t from = 0; from < level->count;) {
		bool with_and = level->elements[from].negated;
		size_t to = from + 1;

		/* The first of a run may be joined to what is before it only
		 * in the way of the run: (x and a) or b is not x and (a or b)
		 */
		if (from && !in_run(&level->elements[from], with_and)) {
			from++;
			continue;
		}
		while (to < level->count && !level->elements[to - 1].barrier &&
		       in_run(&level->elements[to], with_and))
			to++;
		gather_run(level, from, to, shortest);
		from = to;
	}
}

/* Bare values that are no members hang on what is before them. */
static bool has_strays(const struct level *level)
{
	const struct token *t = level->tokens->items;

	for (size_t i = 1; i < level->count; i++) {
		const struct element *element = &level->elements[i];

		if (element->bare && !element->simple &&
		    element->value + 1 == element->to &&
		    !token_is_keyword(&t[element->value]))
			return true;
	}
	return false;
}

/* ---- The short expression ---- */

void lists_put_mark(const struct list *list, int which, struct strbuf *out)
{
	const uint32_t *mark = list->mark[which];
	uint8_t bytes[16];
	char text[INET6_ADDRSTRLEN];

	for (int w = 0; w < 4; w++)
		for (int b = 0; b < 4; b++)
			bytes[w * 4 + b] = (uint8_t)(mark[w] >> (24 - 8 * b));
	switch (list->kind) {
	case LIST_IPV4:
		inet_ntop(AF_INET, bytes, text, sizeof(text));
		strbuf_printf(out, "%shost %s", list->qualifiers, text);
		break;
	case LIST_IPV6:
		inet_ntop(AF_INET6, bytes, text, sizeof(text));
		strbuf_printf(out, "%shost %s", list->qualifiers, text);
		break;
	case LIST_PORT:
		strbuf_printf(out, "%sport %u", list->qualifiers, mark[0]);
		break;
	}
}

static void put_tokens(const struct tokens *tokens, size_t from, size_t to,
		       struct strbuf out[2])
{
	for (size_t i = from; i < to; i++) {
		for (int which = 0; which < 2; which++) {
			strbuf_add(&out[which], tokens->items[i].at,
				   tokens->items[i].length);
			strbuf_putc(&out[which], ' ');
		}
	}
}

static void put_word(const char *word, struct strbuf out[2])
{
	strbuf_puts(&out[0], word);
	strbuf_puts(&out[1], word);
}

static void rewrite(struct lists *lists, const struct tokens *tokens,
		    size_t from, size_t to, size_t shortest);

/* An element that is no member: groups inside are looked at in their turn. */
static void put_other(struct level *level, const struct element *element,
		      size_t shortest)
{
	const struct token *t = level->tokens->items;
	size_t at = element->from;

	while (at < element->to && token_is_not(&t[at]))
		at++;
	if (element->to - at < 3 || !token_is_word(&t[at], "(") ||
	    !token_is_word(&t[element->to - 1], ")")) {
		put_tokens(level->tokens, element->from, element->to,
			   level->lists->text);
		return;
	}
	put_tokens(level->tokens, element->from, at + 1, level->lists->text);
	rewrite(level->lists, level->tokens, at + 1, element->to - 1, shortest);
	put_word(") ", level->lists->text);
}

static void put_element(struct level *level, const struct element *element,
			size_t shortest)
{
	struct strbuf *text = level->lists->text;
	const struct tokens *tokens = level->tokens;

	if (element->list >= 0) {
		const struct list *list = &level->lists->items[element->list];

		put_word(element->negated ? "not " : "", text);
		for (int which = 0; which < 2; which++) {
			lists_put_mark(list, which, &text[which]);
			strbuf_putc(&text[which], ' ');
		}
		return;
	}
	if (!element->simple || !element->bare) {
		put_other(level, element, shortest);
		return;
	}
	/* A bare member whose neighbour may be gone says all of it. */
	enum type type;
	size_t end = skip_qualifiers(tokens->items, element->head,
				     tokens->count, &type);

	put_word(element->negated ? "not " : "", text);
	put_tokens(tokens, element->head, end, text);
	put_tokens(tokens, element->value, element->to, text);
}

/* The tokens from @from to @to, with their lists marked. */
static void rewrite(struct lists *lists, const struct tokens *tokens,
		    size_t from, size_t to, size_t shortest)
{
	struct level level = {.lists = lists, .tokens = tokens};
	bool first = true;

	if (!read_elements(&level, from, to) || has_strays(&level)) {
		put_tokens(tokens, from, to, lists->text);
		free(level.elements);
		return;
	}
	find_runs(&level, shortest);
	for (size_t i = 0; i < level.count; i++) {
		const struct element *element = &level.elements[i];

		if (element->list >= 0 && !element->first)
			continue;
		if (!first)
			put_word(element->with_and ? "and " : "or ",
				 lists->text);
		put_element(&level, element, shortest);
		first = false;
	}
	free(level.elements);
}

int lists_find(struct lists *lists, const char *text, size_t shortest)
{
	struct tokens tokens = {0};

	*lists = (struct lists){0};
	if (!tokens_split(&tokens, text))
		lists->failed = true;
	else
		rewrite(lists, &tokens, 0, tokens.count, shortest);
	free(tokens.items);
	for (size_t i = 0; i < lists->count; i++)
		range_unite(&lists->items[i]);
	return lists->failed || lists->text[0].failed || lists->text[1].failed
		       ? -ENOMEM
		       : 0;
}

/* ---- Where they are in the program ---- */

static struct list_site find_site(const struct lists *lists, uint32_t first,
				  uint32_t second)
{
	for (size_t i = 0; i < lists->count; i++) {
		const struct list *list = &lists->items[i];
		int words = list_words(list);

		for (int w = 0; w < words; w++)
			if (list->mark[0][w] == first &&
			    list->mark[1][w] == second)
				return (struct list_site){(int)i, w};
	}
	return (struct list_site){-1, 0};
}

struct list_site *lists_locate(const struct lists *lists,
			       const struct classic *first,
			       const struct classic *second)
{
	struct list_site *sites _cleanup_free_ =
		calloc(first->length, sizeof(*sites));

	if (!sites || first->length != second->length)
		return NULL;
	for (size_t i = 0; i < first->length; i++) {
		const struct sock_filter *a = &first->code[i];
		const struct sock_filter *b = &second->code[i];

		if (a->code != b->code || a->jt != b->jt || a->jf != b->jf)
			return NULL;
		sites[i].list = -1;
		if (a->k == b->k)
			continue;
		sites[i] = find_site(lists, a->k, b->k);
		if (sites[i].list < 0 || a->code != (BPF_JMP | BPF_JEQ | BPF_K))
			return NULL;
	}
	return TAKE_PTR(sites);
}

void lists_choose_maps(struct lists *lists, size_t most)
{
	for (size_t i = 0; i < lists->count; i++) {
		struct list *list = &lists->items[i];

		list->in_map = list->count > most / (size_t)list_words(list);
	}
}

bool list_has_prefix(const struct list *list, const uint32_t *value,
		     size_t words)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (range_compare(value, list->ranges[middle].high, words) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < list->count &&
	       range_compare(value, list->ranges[low].low, words) >= 0;
}

bool list_has(const struct list *list, const uint32_t *value)
{
	return list_has_prefix(list, value, (size_t)list_words(list));
}
