/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/prove_model.h"

#include <errno.h>
#include <linux/filter.h>
#include <stddef.h>
#include <stdlib.h>

#include "src/base/cleanup.h"

/* What a register points into; its value is then the offset there. */
enum region { SCALAR, PACKET, STACK, CONTEXT, MIXED };

struct word {
	Z3_ast value; /* 64 bits; NULL: never written */
	enum region region;
	/* MIXED: value is the offset in the packet, unless on_stack. NULL:
	 * nobody knows where it points. */
	Z3_ast on_stack, stack;
};

static struct word word(Z3_ast value, enum region region)
{
	return (struct word){.value = value, .region = region};
}

enum { SLOTS = EMIT_STACK / 8 };

struct ebpf_state {
	Z3_ast reached;
	struct word reg[11];
	struct word slot[SLOTS]; /* 0: the 8 bytes below the frame pointer */
	Z3_ast copied;		 /* bytes of the packet in the copy, 64 bits */
	int copy_from;		 /* offset of the copy in the stack */
};

/* As a pointer into the packet or the stack. */
static struct word mixed(const struct word *one)
{
	struct word mix = *one;

	if (one->region == MIXED)
		return mix;
	mix.region = MIXED;
	if (one->region != PACKET && one->region != STACK)
		return mix;
	mix.on_stack = one->region == STACK ? Z3_mk_true(z3) : Z3_mk_false(z3);
	mix.stack = one->value;
	return mix;
}

static void join_word(struct word *at, const struct word *from,
		      Z3_ast condition)
{
	struct word a, b;

	if (!at->value || !from->value) {
		at->value = NULL;
		return;
	}
	if (at->region != from->region || at->region == MIXED) {
		a = mixed(at);
		b = mixed(from);
		*at = a;
		at->on_stack = NULL;
		if (!a.on_stack || !b.on_stack)
			return;
		at->on_stack = choose(condition, b.on_stack, a.on_stack);
		at->stack = choose(condition, b.stack, a.stack);
		from = &b;
	}
	at->value = choose(condition, from->value, at->value);
}

static void arrive_ebpf(struct ebpf_state *at, const struct ebpf_state *from,
			Z3_ast condition)
{
	if (!at->reached) {
		*at = *from;
		at->reached = condition;
		return;
	}
	for (int i = 0; i < 11; i++)
		join_word(&at->reg[i], &from->reg[i], condition);
	for (int i = 0; i < SLOTS; i++)
		join_word(&at->slot[i], &from->slot[i], condition);
	if (at->copied && from->copied)
		at->copied = choose(condition, from->copied, at->copied);
	else if (from->copied) /* nobody looks where there is none */
		at->copied = from->copied;
	if (from->copied)
		at->copy_from = from->copy_from;
	at->reached = either(at->reached, condition);
}

static unsigned int access_bytes(uint8_t code)
{
	switch (BPF_SIZE(code)) {
	case BPF_B:
		return 1;
	case BPF_H:
		return 2;
	case BPF_W:
		return 4;
	default:
		return 8;
	}
}

static bool numeral(Z3_ast value, int64_t *out)
{
	Z3_ast simple = Z3_simplify(z3, value);
	uint64_t raw;

	if (!Z3_is_numeral_ast(z3, simple) ||
	    !Z3_get_numeral_uint64(z3, simple, &raw))
		return false;
	*out = (int64_t)raw;
	return true;
}

/* Bytes of the packet as a little-endian machine loads them. */
static Z3_ast load_packet(Z3_ast offset64, unsigned int size)
{
	return wide(turned(big_endian(low32(offset64), size), size));
}

static const struct {
	size_t offset;
	int extension;
	unsigned int turned; /* bytes in network order */
} fields[] = {
	{offsetof(struct __sk_buff, protocol), SKF_AD_PROTOCOL, 2},
	{offsetof(struct __sk_buff, pkt_type), SKF_AD_PKTTYPE, 0},
	{offsetof(struct __sk_buff, ifindex), SKF_AD_IFINDEX, 0},
	{offsetof(struct __sk_buff, mark), SKF_AD_MARK, 0},
	{offsetof(struct __sk_buff, queue_mapping), SKF_AD_QUEUE, 0},
	{offsetof(struct __sk_buff, hash), SKF_AD_RXHASH, 0},
	{offsetof(struct __sk_buff, vlan_tci), SKF_AD_VLAN_TAG, 0},
	{offsetof(struct __sk_buff, vlan_present), SKF_AD_VLAN_TAG_PRESENT, 0},
	{offsetof(struct __sk_buff, vlan_proto), SKF_AD_VLAN_TPID, 2},
};

static struct word load_context(size_t offset)
{
	if (offset == offsetof(struct __sk_buff, len))
		return word(wide(length), SCALAR);
	if (offset == offsetof(struct __sk_buff, data))
		return word(number(0, 64), PACKET);
	if (offset == offsetof(struct __sk_buff, data_end))
		return word(linear, PACKET);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		Z3_ast value = metadata[fields[i].extension / 4];

		if (fields[i].offset != offset)
			continue;
		if (fields[i].turned)
			value = turned(value, fields[i].turned);
		return word(wide(value), SCALAR);
	}
	return (struct word){0};
}

static struct word load_stack(const struct ebpf_state *now, Z3_ast offset,
			      unsigned int size)
{
	Z3_ast index, value, before;
	int64_t at;

	if (numeral(offset, &at) && (at -= FRAME, at >= -EMIT_STACK) &&
	    at < 0 && now->slot[(-at + 7) / 8 - 1].value && at % 8 == 0) {
		struct word held = now->slot[-at / 8 - 1];

		if (size < 8)
			held.value = Z3_mk_zero_ext(
				z3, 64 - 8 * size,
				Z3_mk_extract(z3, 8 * size - 1, 0, held.value));
		return held;
	}
	if (!now->copied)
		return (struct word){0};
	index = Z3_mk_bvsub(z3, offset,
			    number((uint64_t)(int64_t)now->copy_from, 64));
	value = load_packet(index, size);
	before = wide(bytes_of(garbage, low32(offset), size));
	return word(
		choose(Z3_mk_bvule(z3, Z3_mk_bvadd(z3, index, number(size, 64)),
				   now->copied),
		       value, before),
		SCALAR);
}

/* What a call returns and leaves on the stack. */
static bool run_helper(struct ebpf_state *now, int helper)
{
	Z3_ast offset = now->reg[2].value ? low32(now->reg[2].value) : NULL;
	Z3_ast there, where = offset;
	int64_t to, size, header;

	if (helper == BPF_FUNC_get_prandom_u32 ||
	    helper == BPF_FUNC_get_smp_processor_id) {
		now->reg[0] = word(wide(helper == BPF_FUNC_get_prandom_u32
						? chance
						: metadata[SKF_AD_CPU / 4]),
				   SCALAR);
		return true;
	}
	if (!offset || now->reg[3].region != STACK ||
	    !numeral(now->reg[3].value, &to))
		return false;
	if (!numeral(now->reg[4].value, &size)) {
		/* The copy: as many bytes as there are, or enough. */
		now->copied = now->reg[4].value;
		now->copy_from = (int)to;
		there = Z3_mk_bvule(z3, now->copied, wide(length));
		now->reg[0] = word(choose(there, number(0, 64),
					  number((uint64_t)-EFAULT, 64)),
				   SCALAR);
		return true;
	}
	if (helper == BPF_FUNC_skb_load_bytes_relative) {
		if (!numeral(now->reg[5].value, &header))
			return false;
		if (header == BPF_HDR_START_NET)
			where = Z3_mk_bvadd(z3, offset,
					    number(NETWORK_OFFSET, 32));
	}
	there = is_there(where, (unsigned int)size);
	now->reg[0] = word(
		choose(there, number(0, 64), number((uint64_t)-EFAULT, 64)),
		SCALAR);
	if (to == FRAME + EMIT_SCRATCH_SLOT && size <= 4) {
		now->slot[0] = word(
			load_packet(wide(where), (unsigned int)size), SCALAR);
		return true;
	}
	now->copied = number((uint64_t)size, 64);
	now->copy_from = (int)to;
	return true;
}

static bool call(struct ebpf_state *now, int helper)
{
	bool fine = run_helper(now, helper);

	for (int i = BPF_REG_1; i <= BPF_REG_5; i++)
		now->reg[i].value = NULL;
	return fine;
}

static bool alu(struct ebpf_state *now, const struct bpf_insn *insn)
{
	struct word *to = &now->reg[insn->dst_reg];
	bool is_64 = BPF_CLASS(insn->code) == BPF_ALU64;
	uint8_t op = BPF_OP(insn->code);
	struct word b = {number((uint64_t)(int64_t)insn->imm, 64), SCALAR, NULL,
			 NULL};

	if (op == BPF_END) {
		to->value = wide(
			turned(low32(to->value), (unsigned int)insn->imm / 8));
		return true;
	}
	if (BPF_SRC(insn->code) == BPF_X)
		b = now->reg[insn->src_reg];
	if (op == BPF_MOV) {
		*to = b;
		if (!is_64 && b.value)
			to->value = wide(low32(b.value));
		return b.value != NULL;
	}
	if (!to->value || !b.value)
		return false;
	if (!is_64) {
		to->value = wide(compute(op, low32(to->value), low32(b.value)));
		return true;
	}
	if (b.region != SCALAR) {
		struct word swap = *to;

		*to = b;
		b = swap;
	}
	to->value = Z3_mk_bvadd(z3, to->value, b.value);
	if (to->on_stack)
		to->stack = Z3_mk_bvadd(z3, to->stack, b.value);
	return op == BPF_ADD && b.region == SCALAR;
}

static bool load(struct ebpf_state *now, const struct bpf_insn *insn,
		 const struct word *base, Z3_ast displacement)
{
	struct word *to = &now->reg[insn->dst_reg];
	Z3_ast offset = Z3_mk_bvadd(z3, base->value, displacement);
	unsigned int size = access_bytes(insn->code);
	struct word from_stack;
	int64_t at;

	switch (base->region) {
	case PACKET:
		*to = word(load_packet(offset, size), SCALAR);
		return true;
	case STACK:
		*to = load_stack(now, offset, size);
		return to->value != NULL;
	case CONTEXT:
		if (!numeral(offset, &at))
			return false;
		*to = load_context((size_t)at);
		return to->value != NULL;
	case MIXED:
		if (!base->on_stack)
			return false;
		from_stack = load_stack(
			now, Z3_mk_bvadd(z3, base->stack, displacement), size);
		if (!from_stack.value)
			return false;
		*to = word(choose(base->on_stack, from_stack.value,
				  load_packet(offset, size)),
			   SCALAR);
		return true;
	case SCALAR:
		break;
	}
	return false;
}

static bool store(struct ebpf_state *now, const struct bpf_insn *insn,
		  const struct word *base, Z3_ast displacement)
{
	Z3_ast offset = Z3_mk_bvadd(z3, base->value, displacement);
	int64_t at;

	if (base->region != STACK || !numeral(offset, &at))
		return false;
	at -= FRAME;
	if (at < -EMIT_STACK || at >= 0 || at % 8)
		return false;
	now->slot[-at / 8 - 1] = now->reg[insn->src_reg];
	return true;
}

static bool memory(struct ebpf_state *now, const struct bpf_insn *insn)
{
	bool loads = BPF_CLASS(insn->code) == BPF_LDX;
	struct word base = now->reg[loads ? insn->src_reg : insn->dst_reg];
	Z3_ast displacement = number((uint64_t)(int64_t)insn->off, 64);

	if (!base.value)
		return false;
	return loads ? load(now, insn, &base, displacement)
		     : store(now, insn, &base, displacement);
}

/* Where a jump from @at to @to leads: to the next pass, if it is a jump back.
 * What would begin a third goes round without end. */
static void go(struct ebpf_state *states, struct ebpf_state *again, size_t at,
	       size_t to, const struct ebpf_state *now, Z3_ast condition,
	       struct outcome *outcome)
{
	if (to > at)
		arrive_ebpf(&states[to], now, condition);
	else if (again)
		arrive_ebpf(&again[to], now, condition);
	else
		outcome->endless = outcome->endless
					   ? either(outcome->endless, condition)
					   : condition;
}

/* One instruction; where it leads, in this pass or (backwards) the next. */
static bool ebpf_step(const struct program *program, size_t at,
		      struct ebpf_state *states, struct ebpf_state *again,
		      struct outcome *outcome)
{
	const struct bpf_insn *insn = &program->code[at];
	struct ebpf_state now = states[at];
	uint8_t class = BPF_CLASS(insn->code), op = BPF_OP(insn->code);
	size_t to = (size_t)((int64_t)at + 1 + insn->off);
	Z3_ast a, b, taken;

	if (class == BPF_ALU || class == BPF_ALU64 || class == BPF_LDX ||
	    class == BPF_STX || class == BPF_ST) {
		bool fine = class == BPF_ALU || class == BPF_ALU64
				    ? alu(&now, insn)
				    : memory(&now, insn);

		arrive_ebpf(&states[at + 1], &now, now.reached);
		return fine;
	}
	if (op == BPF_EXIT) {
		finish(outcome, now.reached, low32(now.reg[0].value));
		return true;
	}
	if (op == BPF_CALL) {
		bool fine = call(&now, insn->imm);

		arrive_ebpf(&states[at + 1], &now, now.reached);
		return fine;
	}
	if (op == BPF_JA) {
		go(states, again, at, to, &now, now.reached, outcome);
		return true;
	}
	a = now.reg[insn->dst_reg].value;
	b = BPF_SRC(insn->code) == BPF_X
		    ? now.reg[insn->src_reg].value
		    : number((uint64_t)(int64_t)insn->imm, 64);
	if (!a || !b)
		return false;
	taken = class == BPF_JMP32 ? compare(op, low32(a), low32(b))
				   : compare(op, a, b);
	go(states, again, at, to, &now, both(now.reached, taken), outcome);
	arrive_ebpf(&states[at + 1], &now,
		    both(now.reached, Z3_mk_not(z3, taken)));
	return true;
}

Z3_ast run_ebpf(const struct program *program, Z3_ast *endless)
{
	struct ebpf_state *passes[3] = {
		calloc(program->length + 1, sizeof(**passes)),
		calloc(program->length + 1, sizeof(**passes)), NULL};
	struct outcome outcome = {number(0, 32), NULL};
	bool fine = true;

	passes[0][0].reached = Z3_mk_true(z3);
	passes[0][0].reg[1] = word(number(0, 64), CONTEXT);
	passes[0][0].reg[10] = word(number(FRAME, 64), STACK);
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < program->length && fine; i++)
			if (passes[pass][i].reached)
				fine = ebpf_step(program, i, passes[pass],
						 passes[pass + 1], &outcome);
	free(passes[0]);
	free(passes[1]);
	*endless = outcome.endless ? outcome.endless : Z3_mk_false(z3);
	return fine ? outcome.value : NULL;
}
