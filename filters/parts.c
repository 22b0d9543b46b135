/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "filters/array.h"
#include "filters/tokens.h"
#include "src/base/cleanup.h"

/* The number of the first mark; no packet is that long. */
#define MARK	   0x7a5a0000u
#define MOST_PARTS 4096

void parts_free(struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		free(parts->texts[i]);
	free(parts->texts);
	free(parts->of);
	*parts = (struct parts){0};
}

void parts_put_name(int part, struct strbuf *out)
{
	if (part >= 0)
		strbuf_printf(out, "P%d", part + 1);
	else
		strbuf_puts(out, part == PART_ALL ? "all" : "-");
}

/* ---- The expression with marks ---- */

struct marker {
	const struct tokens *tokens;
	const struct lists *lists;
	struct parts *parts;
	struct strbuf out;
	size_t head, value; /* tokens: the qualifiers that a bare value takes */
	bool failed;
};

static void put_tokens(const struct marker *m, size_t from, size_t to,
		       struct strbuf *out)
{
	for (size_t i = from; i < to; i++) {
		strbuf_add(out, m->tokens->items[i].at,
			   m->tokens->items[i].length);
		strbuf_putc(out, ' ');
	}
}

/* A part as the user knows it: behind a list's mark are its members. */
static void add_part(struct marker *m, struct strbuf *text)
{
	struct strbuf mark _cleanup_(strbuf_free) = STRBUF_INIT;
	char *copy;

	while (text->length && text->data[text->length - 1] == ' ')
		text->length--;
	for (size_t i = 0; i < m->lists->count; i++) {
		const struct list *list = &m->lists->items[i];

		strbuf_reset(&mark);
		lists_put_mark(list, 0, &mark);
		if (strcmp(strbuf_text(&mark), strbuf_text(text)) != 0)
			continue;
		strbuf_reset(text);
		strbuf_printf(text, "list %zu", i);
		break;
	}
	copy = strdup(strbuf_text(text));
	if (!copy || !ARRAY_ADD(m->parts->texts, m->parts->count,
				m->parts->capacity, copy)) {
		free(copy);
		m->failed = true;
	}
}

static void put_leaf(struct marker *m, size_t from, size_t to)
{
	struct strbuf text _cleanup_(strbuf_free) = STRBUF_INIT;
	bool bare =
		to == from + 1 && !token_is_keyword(&m->tokens->items[from]);

	if (bare && m->head < m->value) {
		put_tokens(m, m->head, m->value, &text);
	} else if (bare) {
		strbuf_puts(&text, "host ");
	} else {
		m->head = from;
		m->value = to - 1;
	}
	put_tokens(m, from, to, &text);
	strbuf_printf(&m->out, "(greater %u and %s) ",
		      MARK + (uint32_t)m->parts->count, strbuf_text(&text));
	add_part(m, &text);
}

/* Is all of it in one pair of parentheses? */
static bool is_group(const struct marker *m, size_t from, size_t to)
{
	const struct token *t = m->tokens->items;
	int depth = 0;

	for (size_t i = from; i < to; i++) {
		depth += token_is_word(&t[i], "(");
		depth -= token_is_word(&t[i], ")");
		if (!depth)
			return i > from && i + 1 == to;
	}
	return false;
}

/* Recursion is as deep as the parentheses, which libpcap's parser bounds. */
static void put_marked(struct marker *m, size_t from, size_t to)
{
	const struct token *t = m->tokens->items;

	while (from < to && !m->failed) {
		size_t end = tokens_element_end(m->tokens, from, to);

		while (from < end && token_is_not(&t[from])) {
			strbuf_puts(&m->out, "not ");
			from++;
		}
		if (m->parts->count == MOST_PARTS || from == end) {
			m->failed = true;
		} else if (is_group(m, from, end)) {
			strbuf_puts(&m->out, "( ");
			put_marked(m, from + 1, end - 1);
			strbuf_puts(&m->out, ") ");
		} else {
			put_leaf(m, from, end);
		}
		if (end < to)
			strbuf_puts(&m->out,
				    token_is_and(&t[end]) ? "and " : "or ");
		from = end + 1;
	}
}

/* ---- Both programs, side by side ---- */

struct pair {
	size_t at;     /* in the program */
	size_t marked; /* in the one with marks */
	int part;
};

struct walk {
	const struct classic *program, *marked;
	struct parts *parts;
	bool *seen;
	struct pair *stack;
	size_t count, capacity;
	bool failed;
};

/* The part whose mark begins at @at, or PART_NONE. */
static int mark_at(const struct walk *w, size_t at)
{
	const struct sock_filter *insn = &w->marked->code[at];

	return insn->code == (BPF_LD | BPF_W | BPF_LEN) &&
			       insn[1].code == (BPF_JMP | BPF_JGE | BPF_K) &&
			       insn[1].k >= MARK &&
			       insn[1].k < MARK + w->parts->count
		       ? (int)(insn[1].k - MARK)
		       : PART_NONE;
}

static bool is_jump(const struct sock_filter *insn)
{
	return insn->code == (BPF_JMP | BPF_JA) && !classic_is_loop(insn);
}

/* Past jumps, which libpcap puts where others are too short, and marks. */
static struct pair settle(const struct walk *w, struct pair pair)
{
	size_t to[2];
	int mark;

	while (is_jump(&w->program->code[pair.at])) {
		w->parts->of[pair.at] = PART_NONE;
		classic_next(w->program, pair.at, to);
		pair.at = to[0];
	}
	for (;;) {
		if (is_jump(&w->marked->code[pair.marked])) {
			classic_next(w->marked, pair.marked, to);
			pair.marked = to[0];
			continue;
		}
		mark = mark_at(w, pair.marked);
		if (mark == PART_NONE)
			return pair;
		classic_next(w->marked, pair.marked + 1, to);
		pair.marked = to[0];
		pair.part = mark;
	}
}

static void push(struct walk *w, struct pair pair)
{
	if (!ARRAY_ADD(w->stack, w->count, w->capacity, pair))
		w->failed = true;
}

static void visit(struct walk *w, struct pair pair)
{
	const struct sock_filter *a, *b;
	size_t to[2], marked[2];
	unsigned int n;
	int *of;

	pair = settle(w, pair);
	a = &w->program->code[pair.at];
	b = &w->marked->code[pair.marked];
	of = &w->parts->of[pair.at];
	if (a->code != b->code || (a->k != b->k && !classic_is_loop(a))) {
		w->failed = true;
		return;
	}
	n = classic_next(w->program, pair.at, to);
	if (!n)
		return; /* a return: nobody's */
	if (w->seen[pair.at]) {
		if (*of != pair.part)
			*of = PART_SEVERAL;
		return;
	}
	w->seen[pair.at] = true;
	*of = pair.part;
	classic_next(w->marked, pair.marked, marked);
	while (n--)
		push(w, (struct pair){to[n], marked[n], pair.part});
}

/* -ENOENT if the programs differ. */
static int walk_both(struct parts *parts, const struct classic *program,
		     const struct classic *marked)
{
	bool *seen _cleanup_free_ = calloc(program->length, sizeof(*seen));
	struct walk w = {.program = program,
			 .marked = marked,
			 .parts = parts,
			 .seen = seen};

	parts->of = calloc(program->length, sizeof(*parts->of));
	if (!seen || !parts->of)
		return -ENOMEM;
	parts->length = program->length;
	for (size_t i = 0; i < program->length; i++)
		parts->of[i] = PART_NONE;
	push(&w, (struct pair){0, 0, PART_ALL});
	while (w.count && !w.failed)
		visit(&w, w.stack[--w.count]);
	free(w.stack);
	return w.failed ? -ENOENT : 0;
}

int parts_find(struct parts *parts, struct expression_compiler *compiler,
	       const char *text, const struct lists *lists,
	       const struct classic *program)
{
	struct strbuf ignored _cleanup_(strbuf_free) = STRBUF_INIT;
	struct classic marked _cleanup_(classic_free) = {0};
	struct tokens tokens = {0};
	struct marker m = {.tokens = &tokens, .lists = lists, .parts = parts};
	int status = -ENOENT;

	*parts = (struct parts){0};
	if (tokens_split(&tokens, text))
		put_marked(&m, 0, tokens.count);
	if (parts->count && !m.failed &&
	    !expression_compile(compiler, strbuf_text(&m.out), false, &marked,
				&ignored) &&
	    !classic_check(&marked, &ignored))
		status = walk_both(parts, program, &marked);
	free(tokens.items);
	strbuf_free(&m.out);
	if (status)
		parts_free(parts);
	return status;
}
