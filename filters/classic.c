/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/classic.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"

void classic_free(struct classic *program)
{
	free(program->code);
	*program = (struct classic){0};
}

int classic_copy(struct classic *program, const void *code, size_t length)
{
	program->length = length;
	program->code = calloc(length ? length : 1, sizeof(*program->code));
	if (!program->code)
		return -ENOMEM;
	if (length)
		memcpy(program->code, code, length * sizeof(*program->code));
	return 0;
}

/* ---- From text ---- */

static const char *skip_blanks(const char *at)
{
	return at + strspn(at, " \t\r\n,");
}

/* A decimal number up to @most; false if there is none. */
static bool take_number(const char **at, uint64_t most, uint64_t *value)
{
	const char *from = skip_blanks(*at);
	const char *p = from;

	for (*value = 0; *p >= '0' && *p <= '9'; p++) {
		*value = *value * 10 + (uint64_t)(*p - '0');
		if (*value > most)
			return false;
	}
	*at = p;
	return p > from;
}

static bool take_insn(const char **at, struct sock_filter *insn)
{
	uint64_t code, jt, jf, k;

	if (!take_number(at, UINT16_MAX, &code) ||
	    !take_number(at, UINT8_MAX, &jt) ||
	    !take_number(at, UINT8_MAX, &jf) ||
	    !take_number(at, UINT32_MAX, &k))
		return false;
	*insn = (struct sock_filter){(uint16_t)code, (uint8_t)jt, (uint8_t)jf,
				     (uint32_t)k};
	return true;
}

int classic_parse(struct classic *program, const char *text,
		  struct strbuf *error)
{
	uint64_t count;

	if (!take_number(&text, CLASSIC_LONGEST, &count) || !count) {
		strbuf_printf(error,
			      "bytecode: begins with the number of "
			      "instructions, 1 to %d",
			      CLASSIC_LONGEST);
		return -EINVAL;
	}
	program->code = calloc(count, sizeof(*program->code));
	if (!program->code)
		return -ENOMEM;
	program->length = count;
	for (size_t i = 0; i < count; i++) {
		if (take_insn(&text, &program->code[i]))
			continue;
		strbuf_printf(error,
			      "bytecode: instruction %zu of %zu is not "
			      "\"code jt jf k\" in decimal",
			      i, (size_t)count);
		return -EINVAL;
	}
	if (*skip_blanks(text)) {
		strbuf_printf(error,
			      "bytecode: more than the %zu instructions "
			      "announced",
			      (size_t)count);
		return -EINVAL;
	}
	return 0;
}

/* ---- The kernel's rules ---- */

enum code_rule {
	RULE_UNKNOWN = 0,
	RULE_PLAIN,
	RULE_DIVISOR, /* k is not zero */
	RULE_SHIFT,   /* k is below 32 */
	RULE_MEMORY,  /* k is a word of scratch memory */
	RULE_LOAD,    /* k may name an extension, which must exist */
	RULE_JUMP,    /* k is a distance */
	RULE_BRANCH,  /* jt and jf are distances */
};

#define LOADS(mode)                                              \
	[BPF_LD | BPF_W | (mode)] = RULE_LOAD,                   \
			  [BPF_LD | BPF_H | (mode)] = RULE_LOAD, \
			  [BPF_LD | BPF_B | (mode)] = RULE_LOAD
#define ALU(op, rule_k)                      \
	[BPF_ALU | (op) | BPF_K] = (rule_k), \
			  [BPF_ALU | (op) | BPF_X] = RULE_PLAIN
#define BRANCH(op)                              \
	[BPF_JMP | (op) | BPF_K] = RULE_BRANCH, \
			  [BPF_JMP | (op) | BPF_X] = RULE_BRANCH

static const uint8_t code_rules[256] = {
	LOADS(BPF_ABS),
	[BPF_LD | BPF_W | BPF_IND] = RULE_PLAIN,
	[BPF_LD | BPF_H | BPF_IND] = RULE_PLAIN,
	[BPF_LD | BPF_B | BPF_IND] = RULE_PLAIN,
	[BPF_LD | BPF_W | BPF_LEN] = RULE_PLAIN,
	[BPF_LD | BPF_IMM] = RULE_PLAIN,
	[BPF_LD | BPF_MEM] = RULE_MEMORY,
	[BPF_LDX | BPF_W | BPF_LEN] = RULE_PLAIN,
	[BPF_LDX | BPF_B | BPF_MSH] = RULE_PLAIN,
	[BPF_LDX | BPF_IMM] = RULE_PLAIN,
	[BPF_LDX | BPF_MEM] = RULE_MEMORY,
	[BPF_ST] = RULE_MEMORY,
	[BPF_STX] = RULE_MEMORY,
	ALU(BPF_ADD, RULE_PLAIN),
	ALU(BPF_SUB, RULE_PLAIN),
	ALU(BPF_MUL, RULE_PLAIN),
	ALU(BPF_DIV, RULE_DIVISOR),
	ALU(BPF_MOD, RULE_DIVISOR),
	ALU(BPF_AND, RULE_PLAIN),
	ALU(BPF_OR, RULE_PLAIN),
	ALU(BPF_XOR, RULE_PLAIN),
	ALU(BPF_LSH, RULE_SHIFT),
	ALU(BPF_RSH, RULE_SHIFT),
	[BPF_ALU | BPF_NEG] = RULE_PLAIN,
	[BPF_RET | BPF_K] = RULE_PLAIN,
	[BPF_RET | BPF_A] = RULE_PLAIN,
	[BPF_MISC | BPF_TAX] = RULE_PLAIN,
	[BPF_MISC | BPF_TXA] = RULE_PLAIN,
	[BPF_JMP | BPF_JA] = RULE_JUMP,
	BRANCH(BPF_JEQ),
	BRANCH(BPF_JGE),
	BRANCH(BPF_JGT),
	BRANCH(BPF_JSET),
};

bool classic_is_loop(const struct sock_filter *insn)
{
	return insn->code == (BPF_JMP | BPF_JA) && (int32_t)insn->k < 0;
}

int classic_extension(const struct sock_filter *insn)
{
	uint32_t number = insn->k - (uint32_t)SKF_AD_OFF;

	if (BPF_CLASS(insn->code) != BPF_LD ||
	    BPF_MODE(insn->code) != BPF_ABS || number >= 0x1000)
		return -1;
	return number < SKF_AD_MAX && number % 4 == 0 ? (int)number : -1;
}

static const char *broken_rule(const struct classic *program, size_t at)
{
	const struct sock_filter *insn = &program->code[at];
	size_t left = program->length - at - 1;

	if (insn->code >= 256)
		return "no such instruction";
	switch ((enum code_rule)code_rules[insn->code]) {
	case RULE_UNKNOWN:
		return "no such instruction";
	case RULE_PLAIN:
		return NULL;
	case RULE_DIVISOR:
		return insn->k ? NULL : "division by zero";
	case RULE_SHIFT:
		return insn->k < 32 ? NULL : "shift by more than 31";
	case RULE_MEMORY:
		return insn->k < BPF_MEMWORDS ? NULL : "no such scratch word";
	case RULE_LOAD:
		if (insn->k < (uint32_t)SKF_AD_OFF ||
		    classic_extension(insn) >= 0)
			return NULL;
		return "no such extension";
	case RULE_JUMP:
		if (classic_is_loop(insn))
			return (size_t) - (int64_t)(int32_t)insn->k <= at + 1
				       ? NULL
				       : "jump out of the program";
		return insn->k < left ? NULL : "jump out of the program";
	case RULE_BRANCH:
		return insn->jt < left && insn->jf < left
			       ? NULL
			       : "jump out of the program";
	}
	return NULL;
}

unsigned int classic_next(const struct classic *program, size_t at,
			  size_t to[2])
{
	const struct sock_filter *insn = &program->code[at];

	if (BPF_CLASS(insn->code) == BPF_RET)
		return 0;
	if (BPF_CLASS(insn->code) != BPF_JMP) {
		to[0] = at + 1;
		return 1;
	}
	if (BPF_OP(insn->code) == BPF_JA) {
		to[0] = (size_t)((int64_t)at + 1 + (int32_t)insn->k);
		return 1;
	}
	to[0] = at + 1 + insn->jt;
	to[1] = at + 1 + insn->jf;
	return 2;
}

static bool is_memory_read(const struct sock_filter *insn)
{
	return insn->code == (BPF_LD | BPF_MEM) ||
	       insn->code == (BPF_LDX | BPF_MEM);
}

static bool is_memory_write(const struct sock_filter *insn)
{
	return BPF_CLASS(insn->code) == BPF_ST ||
	       BPF_CLASS(insn->code) == BPF_STX;
}

/* Scratch memory is read only where each way there has written it. Jumps back
 * can only find more written than their target had, so one pass does. */
static int check_memory(const struct classic *program, struct strbuf *error)
{
	uint16_t *written _cleanup_free_ =
		calloc(program->length, sizeof(*written));

	if (!written)
		return -ENOMEM;
	memset(written + 1, 0xff, (program->length - 1) * sizeof(*written));
	for (size_t i = 0; i < program->length; i++) {
		const struct sock_filter *insn = &program->code[i];
		uint16_t have = written[i];
		size_t to[2];
		unsigned int n = classic_next(program, i, to);

		if (is_memory_read(insn) && !(have >> insn->k & 1)) {
			strbuf_printf(error,
				      "bytecode: instruction %zu reads M[%u] "
				      "before anything was written there",
				      i, insn->k);
			return -EINVAL;
		}
		if (is_memory_write(insn))
			have = (uint16_t)(have | 1u << insn->k);
		while (n--)
			if (to[n] > i)
				written[to[n]] &= have;
	}
	return 0;
}

int classic_check(const struct classic *program, struct strbuf *error)
{
	const struct sock_filter *last;

	if (!program->length) {
		strbuf_puts(error, "bytecode: no instructions");
		return -EINVAL;
	}
	if (program->length > CLASSIC_LONGEST) {
		strbuf_printf(error,
			      "filter: too complex: %zu instructions of classic "
			      "BPF; at most %d are possible",
			      program->length, CLASSIC_LONGEST);
		return -E2BIG;
	}
	for (size_t i = 0; i < program->length; i++) {
		const struct sock_filter *insn = &program->code[i];
		const char *what = broken_rule(program, i);

		if (!what)
			continue;
		strbuf_printf(error,
			      "bytecode: instruction %zu "
			      "(code %u jt %u jf %u k %u): %s",
			      i, insn->code, insn->jt, insn->jf, insn->k, what);
		return -EINVAL;
	}
	last = &program->code[program->length - 1];
	if (BPF_CLASS(last->code) != BPF_RET && !classic_is_loop(last)) {
		strbuf_puts(error, "bytecode: the last instruction is not a "
				   "return");
		return -EINVAL;
	}
	return check_memory(program, error);
}
