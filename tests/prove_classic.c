/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/prove_model.h"

#include <linux/filter.h>
#include <stdlib.h>

#include "filters/ssa.h"
#include "src/base/cleanup.h"

enum { A = BPF_MEMWORDS, X, CLASSIC_WORDS };

struct classic_state {
	Z3_ast reached; /* NULL: not at all */
	Z3_ast word[CLASSIC_WORDS];
};

static void arrive(struct classic_state *at, const struct classic_state *from,
		   Z3_ast condition)
{
	if (!at->reached) {
		*at = *from;
		at->reached = condition;
		return;
	}
	for (int i = 0; i < CLASSIC_WORDS; i++)
		at->word[i] = choose(condition, from->word[i], at->word[i]);
	at->reached = either(at->reached, condition);
}

/* The offset as a packet offset, and whether its bytes are there. */
static Z3_ast locate(Z3_ast offset, unsigned int size, Z3_ast *where)
{
	Z3_ast net = number((uint32_t)SKF_NET_OFF, 32);
	Z3_ast link = number((uint32_t)SKF_LL_OFF, 32);
	Z3_ast is_net = Z3_mk_bvuge(z3, offset, net);
	Z3_ast is_link = Z3_mk_bvuge(z3, offset, link);
	Z3_ast from_net = Z3_mk_bvadd(z3, Z3_mk_bvsub(z3, offset, net),
				      number(NETWORK_OFFSET, 32));
	Z3_ast from_link = Z3_mk_bvsub(z3, offset, link);

	*where = choose(is_net, from_net, choose(is_link, from_link, offset));
	return is_there(*where, size);
}

static Z3_ast classic_load(const struct sock_filter *insn,
			   const struct classic_state *now, Z3_ast *there)
{
	unsigned int size = BPF_SIZE(insn->code) == BPF_W   ? 4
			    : BPF_SIZE(insn->code) == BPF_H ? 2
							    : 1;
	int extension = classic_extension(insn);
	Z3_ast where;

	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
		return number(insn->k, 32);
	case BPF_MEM:
		return now->word[insn->k];
	case BPF_LEN:
		return length;
	case BPF_MSH:
		*there = locate(number(insn->k, 32), 1, &where);
		return Z3_mk_bvshl(
			z3,
			Z3_mk_bvand(z3, big_endian(where, 1), number(15, 32)),
			number(2, 32));
	case BPF_IND:
		*there = locate(
			Z3_mk_bvadd(z3, now->word[X], number(insn->k, 32)),
			size, &where);
		return big_endian(where, size);
	default:
		if (extension == SKF_AD_ALU_XOR_X)
			return Z3_mk_bvxor(z3, now->word[A], now->word[X]);
		if (extension == SKF_AD_RANDOM)
			return chance;
		if (extension >= 0)
			return metadata[extension / 4];
		*there = locate(number(insn->k, 32), size, &where);
		return big_endian(where, size);
	}
}

static Z3_ast classic_operand(const struct sock_filter *insn,
			      const struct classic_state *now)
{
	return BPF_SRC(insn->code) == BPF_X ? now->word[X]
					    : number(insn->k, 32);
}

/* Where a jump from @at to @to leads: another turn if it is a jump back. */
static void arrive_at(const struct classic *program,
		      struct classic_state *states, size_t at, size_t to,
		      const struct classic_state *now, Z3_ast condition)
{
	arrive(&states[to <= at ? program->length + to : to], now, condition);
}

/* @states: of this turn, and behind them those of the next. */
static void classic_step(const struct classic *program, size_t at,
			 struct classic_state *states, struct outcome *outcome)
{
	const struct sock_filter *insn = &program->code[at];
	struct classic_state now = states[at];
	Z3_ast there = NULL, taken;
	size_t to[2];
	uint8_t op = (uint8_t)BPF_OP(insn->code);

	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		now.word[A] = classic_load(insn, &now, &there);
		break;
	case BPF_LDX:
		now.word[X] = classic_load(insn, &now, &there);
		break;
	case BPF_ST:
		now.word[insn->k] = now.word[A];
		break;
	case BPF_STX:
		now.word[insn->k] = now.word[X];
		break;
	case BPF_ALU:
		if (op == BPF_DIV || op == BPF_MOD)
			there = Z3_mk_not(
				z3, Z3_mk_eq(z3, classic_operand(insn, &now),
					     number(0, 32)));
		now.word[A] =
			compute(op, now.word[A], classic_operand(insn, &now));
		break;
	case BPF_RET:
		finish(outcome, now.reached,
		       BPF_RVAL(insn->code) == BPF_A ? now.word[A]
						     : number(insn->k, 32));
		return;
	case BPF_MISC:
		if (BPF_MISCOP(insn->code) == BPF_TAX)
			now.word[X] = now.word[A];
		else
			now.word[A] = now.word[X];
		break;
	}
	if (there)
		now.reached = both(now.reached, there);
	if (classic_next(program, at, to) == 1) {
		arrive_at(program, states, at, to[0], &now, now.reached);
		return;
	}
	taken = compare(op, now.word[A], classic_operand(insn, &now));
	arrive_at(program, states, at, to[0], &now, both(now.reached, taken));
	arrive_at(program, states, at, to[1], &now,
		  both(now.reached, Z3_mk_not(z3, taken)));
}

Z3_ast run_classic(const struct classic *program)
{
	/* The last turn is never gone through. */
	struct classic_state *states _cleanup_free_ =
		calloc(program->length * (SSA_TURNS + 2), sizeof(*states));
	struct outcome outcome = {number(0, 32), NULL};

	states[0].reached = Z3_mk_true(z3);
	for (int i = 0; i < CLASSIC_WORDS; i++)
		states[0].word[i] = number(0, 32);
	for (size_t turn = 0; turn <= SSA_TURNS; turn++) {
		struct classic_state *now = states + turn * program->length;

		for (size_t i = 0; i < program->length; i++)
			if (now[i].reached)
				classic_step(program, i, now, &outcome);
	}
	return outcome.value;
}
