/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `make prove': for each program Z3 is asked for a packet, of up to 256 bytes
 * of any content, any part of them linear, any metadata, for which the eBPF
 * returns something else than the unoptimised classic program does. If there
 * is none, the translation of that program is right.
 *
 * Both are run symbolically in the same way: each instruction is met once a
 * pass with the condition under which it is reached, and states are joined
 * where ways meet. A jump back begins another pass: the eBPF has one, to the
 * second round over the copy; a classic program with protochain has as many as
 * the compiler follows (SSA_TURNS), and what goes on beyond does not match.
 *
 * usage: filter_prove [-m] [-t SECONDS] EXPRESSIONS|PROGRAMS...
 *        -m: mutants instead, which must be refuted
 */
#include <errno.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <z3.h>

#include "filters/emit.h"
#include "filters/expression.h"
#include "filters/optimise.h"
#include "filters/ssa.h"
#include "src/base/cleanup.h"

#define LONGEST_PACKET 256
#define NETWORK_OFFSET 14

/* The frame pointer, among offsets in the stack; all are then positive. */
#define FRAME 4096

DEFINE_CLEANUP(struct graph *, graph_free)

static Z3_context z3;
static Z3_ast packet;		/* array: offset to byte */
static Z3_ast garbage;		/* array: what the stack held before */
static Z3_ast length;		/* 32 bits */
static Z3_ast linear;		/* 64 bits: bytes at data */
static Z3_ast metadata[64 / 4]; /* 32 bits each */
static Z3_ast chance;		/* what the random helper says */

/* ---- Words ---- */

static Z3_ast number(uint64_t value, unsigned int bits)
{
	return Z3_mk_unsigned_int64(z3, value, Z3_mk_bv_sort(z3, bits));
}

static Z3_ast variable(const char *name, unsigned int bits)
{
	return Z3_mk_const(z3, Z3_mk_string_symbol(z3, name),
			   Z3_mk_bv_sort(z3, bits));
}

static Z3_ast both(Z3_ast a, Z3_ast b)
{
	return Z3_mk_and(z3, 2, (Z3_ast[]){a, b});
}

static Z3_ast either(Z3_ast a, Z3_ast b)
{
	return Z3_mk_or(z3, 2, (Z3_ast[]){a, b});
}

static Z3_ast choose(Z3_ast condition, Z3_ast a, Z3_ast b)
{
	return a == b ? a : Z3_mk_ite(z3, condition, a, b);
}

static Z3_ast low32(Z3_ast value)
{
	return Z3_mk_extract(z3, 31, 0, value);
}

static Z3_ast wide(Z3_ast value)
{
	return Z3_mk_zero_ext(z3, 32, value);
}

/* @size bytes of @array from @offset (32 bits), the first weighs most; 32 bits.
 */
static Z3_ast bytes_of(Z3_ast array, Z3_ast offset, unsigned int size)
{
	Z3_ast value = Z3_mk_select(z3, array, offset);

	for (unsigned int i = 1; i < size; i++)
		value = Z3_mk_concat(
			z3, value,
			Z3_mk_select(z3, array,
				     Z3_mk_bvadd(z3, offset, number(i, 32))));
	return size == 4 ? value : Z3_mk_zero_ext(z3, 32 - 8 * size, value);
}

static Z3_ast big_endian(Z3_ast offset, unsigned int size)
{
	return bytes_of(packet, offset, size);
}

/* The low @size bytes of a 32-bit word, turned around. */
static Z3_ast turned(Z3_ast value, unsigned int size)
{
	Z3_ast result = Z3_mk_extract(z3, 7, 0, value);

	for (unsigned int i = 1; i < size; i++)
		result = Z3_mk_concat(
			z3, result, Z3_mk_extract(z3, 8 * i + 7, 8 * i, value));
	return size == 4 ? result : Z3_mk_zero_ext(z3, 32 - 8 * size, result);
}

static Z3_ast compute(uint8_t op, Z3_ast a, Z3_ast b)
{
	Z3_ast shift = Z3_mk_bvand(z3, b, number(31, 32));

	switch (op) {
	case BPF_ADD:
		return Z3_mk_bvadd(z3, a, b);
	case BPF_SUB:
		return Z3_mk_bvsub(z3, a, b);
	case BPF_MUL:
		return Z3_mk_bvmul(z3, a, b);
	case BPF_DIV:
		return Z3_mk_bvudiv(z3, a, b);
	case BPF_MOD:
		return Z3_mk_bvurem(z3, a, b);
	case BPF_AND:
		return Z3_mk_bvand(z3, a, b);
	case BPF_OR:
		return Z3_mk_bvor(z3, a, b);
	case BPF_XOR:
		return Z3_mk_bvxor(z3, a, b);
	case BPF_LSH:
		return Z3_mk_bvshl(z3, a, shift);
	case BPF_RSH:
		return Z3_mk_bvlshr(z3, a, shift);
	case BPF_NEG:
		return Z3_mk_bvneg(z3, a);
	default: /* BPF_MOV */
		return b;
	}
}

static Z3_ast compare(uint8_t op, Z3_ast a, Z3_ast b)
{
	unsigned int bits = Z3_get_bv_sort_size(z3, Z3_get_sort(z3, a));

	switch (op) {
	case BPF_JEQ:
		return Z3_mk_eq(z3, a, b);
	case BPF_JNE:
		return Z3_mk_not(z3, Z3_mk_eq(z3, a, b));
	case BPF_JGT:
		return Z3_mk_bvugt(z3, a, b);
	case BPF_JGE:
		return Z3_mk_bvuge(z3, a, b);
	case BPF_JLT:
		return Z3_mk_bvult(z3, a, b);
	case BPF_JLE:
		return Z3_mk_bvule(z3, a, b);
	case BPF_JSGE:
		return Z3_mk_bvsge(z3, a, b);
	default: /* BPF_JSET */
		return Z3_mk_not(z3, Z3_mk_eq(z3, Z3_mk_bvand(z3, a, b),
					      number(0, bits)));
	}
}

/* Are @size bytes at the plain @offset (32 bits) there? */
static Z3_ast is_there(Z3_ast offset, unsigned int size)
{
	Z3_ast end = Z3_mk_bvadd(z3, wide(offset), number(size, 64));

	return both(Z3_mk_bvsge(z3, offset, number(0, 32)),
		    Z3_mk_bvule(z3, end, wide(length)));
}

/* ---- Classic ---- */

enum { A = BPF_MEMWORDS, X, CLASSIC_WORDS };

struct classic_state {
	Z3_ast reached; /* NULL: not at all */
	Z3_ast word[CLASSIC_WORDS];
};

struct outcome {
	Z3_ast value;	/* so far; what is left returns 0 */
	Z3_ast endless; /* when it does not end; NULL: never */
};

static void finish(struct outcome *outcome, Z3_ast reached, Z3_ast value)
{
	outcome->value = choose(reached, value, outcome->value);
}

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

static Z3_ast run_classic(const struct classic *program)
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

/* ---- eBPF ---- */

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

/* NULL: something that this model does not know. */
static Z3_ast run_ebpf(const struct program *program, Z3_ast *endless)
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

/* ---- The question ---- */

enum verdict { PROVEN, REFUTED, TIMED_OUT, UNKNOWN_CODE };

static unsigned int timeout_seconds = 20;

static void begin_context(void)
{
	Z3_config config = Z3_mk_config();
	Z3_sort index, byte;

	z3 = Z3_mk_context(config);
	Z3_del_config(config);
	index = Z3_mk_bv_sort(z3, 32);
	byte = Z3_mk_bv_sort(z3, 8);
	packet = Z3_mk_const(z3, Z3_mk_string_symbol(z3, "packet"),
			     Z3_mk_array_sort(z3, index, byte));
	garbage = Z3_mk_const(z3, Z3_mk_string_symbol(z3, "garbage"),
			      Z3_mk_array_sort(z3, index, byte));
	length = variable("length", 32);
	linear = variable("linear", 64);
	chance = variable("chance", 32);
	for (size_t i = 0; i < ARRAY_SIZE(metadata); i++) {
		char name[16];

		snprintf(name, sizeof(name), "meta%zu", i * 4);
		metadata[i] = variable(name, 32);
		/* Two bytes each. */
		if (i * 4 == SKF_AD_PROTOCOL || i * 4 == SKF_AD_VLAN_TPID)
			metadata[i] = Z3_mk_bvand(z3, metadata[i],
						  number(0xffff, 32));
	}
}

static enum verdict ask(const struct classic *classic,
			const struct program *program)
{
	Z3_ast endless, want = run_classic(classic);
	Z3_ast got = run_ebpf(program, &endless);
	Z3_solver solver;
	Z3_params params;
	Z3_lbool answer;

	if (!got)
		return UNKNOWN_CODE;
	solver = Z3_mk_solver_for_logic(z3, Z3_mk_string_symbol(z3, "QF_ABV"));
	Z3_solver_inc_ref(z3, solver);
	params = Z3_mk_params(z3);
	Z3_params_inc_ref(z3, params);
	Z3_params_set_uint(z3, params, Z3_mk_string_symbol(z3, "timeout"),
			   timeout_seconds * 1000);
	Z3_solver_set_params(z3, solver, params);
	Z3_solver_assert(z3, solver,
			 Z3_mk_bvule(z3, length, number(LONGEST_PACKET, 32)));
	Z3_solver_assert(z3, solver, Z3_mk_bvule(z3, linear, wide(length)));
	Z3_solver_assert(
		z3, solver,
		either(endless, Z3_mk_not(z3, Z3_mk_eq(z3, want, got))));
	answer = Z3_solver_check(z3, solver);
	Z3_params_dec_ref(z3, params);
	Z3_solver_dec_ref(z3, solver);
	return answer == Z3_L_FALSE  ? PROVEN
	       : answer == Z3_L_TRUE ? REFUTED
				     : TIMED_OUT;
}

/* ---- Mutants: what a mistake in each pass would leave behind ---- */

static const char *const mutants[] = {"prune", "merge", "guards", "search",
				      "order"};
enum { MUTANTS = ARRAY_SIZE(mutants) };

static uint32_t seed = 1;

static uint32_t below(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return n ? (seed >> 8) % n : 0;
}

/* True if the block has something for the mutant @kind, and has it now. */
static bool mutate_block(struct graph *graph, int kind, int at)
{
	struct block *block = &graph->blocks[at];
	uint32_t k;
	int way;

	switch (kind) {
	case 0: /* the branch goes the other way */
		if (block->end != END_BRANCH)
			return false;
		way = block->to[0];
		block->to[0] = block->to[1];
		block->to[1] = way;
		return true;
	case 1: /* another block stands for the one meant */
		if (block->end != END_BRANCH ||
		    graph->blocks[block->to[0]].end != END_BRANCH)
			return false;
		block->to[0] = graph->blocks[block->to[0]].to[below(2)];
		return true;
	case 2: /* a guard asks for a byte too many */
		for (size_t s = 0; s < block->step_count; s++) {
			if (block->steps[s].kind != STEP_GUARD)
				continue;
			block->steps[s].end++;
			return true;
		}
		return false;
	case 3: /* a constant of the search is off */
		if (block->end != END_SWITCH)
			return false;
		block->choices[below((uint32_t)block->choice_count)].high ^= 1;
		return true;
	default: /* a constant is compared in the wrong order */
		if (block->end != END_BRANCH || block->cond != BPF_JEQ ||
		    graph_at(graph, block->a)->kind != NODE_RAW ||
		    !graph_is_constant(graph, block->b))
			return false;
		k = graph_at(graph, block->b)->k;
		k = graph_at(graph, block->a)->size == 2
			    ? __builtin_bswap16((uint16_t)k)
			    : __builtin_bswap32(k);
		if (k == graph_at(graph, block->b)->k)
			return false;
		k = (uint32_t)graph_constant(graph, k);
		graph->blocks[at].b = (int)k;
		return true;
	}
}

static bool mutate(struct graph *graph, int kind)
{
	uint32_t from = below((uint32_t)graph->order_count);

	for (size_t i = 0; i < graph->order_count; i++)
		if (mutate_block(
			    graph, kind,
			    graph->order[(i + from) % graph->order_count])) {
			graph_analyse(graph);
			return true;
		}
	return false;
}

/* ---- All programs ---- */

struct tally {
	unsigned int programs, asked, proven, refuted, timed_out, unknown;
	unsigned int made[MUTANTS], killed[MUTANTS];
};

static enum verdict try_graph(const struct classic *classic, int mutant,
			      enum filter_backend backend, bool *made)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct program program _cleanup_(program_free) = {0};
	struct ssa_request request = {.program = classic, .sharing = true};
	struct graph *graph _cleanup_(graph_freep) = ssa_build(&request);
	enum verdict verdict;

	optimise(graph);
	*made = mutant < 0 || mutate(graph, mutant);
	if (!*made)
		return PROVEN;
	if (emit_program(graph, backend, &program, &error)) {
		*made = false;
		return UNKNOWN_CODE;
	}
	begin_context();
	verdict = ask(classic, &program);
	Z3_del_context(z3);
	return verdict;
}

static void prove(const char *name, const struct classic *classic,
		  struct tally *tally)
{
	static const char *const hooks[] = {"tc", "socket"};
	bool made;

	tally->programs++;
	for (int backend = 0; backend < 2; backend++) {
		enum verdict verdict = try_graph(
			classic, -1, (enum filter_backend)backend, &made);

		tally->asked++;
		tally->proven += verdict == PROVEN;
		tally->refuted += verdict == REFUTED;
		tally->timed_out += verdict == TIMED_OUT;
		tally->unknown += verdict == UNKNOWN_CODE;
		if (verdict != PROVEN)
			printf("%s: %s (%s)\n",
			       verdict == REFUTED     ? "REFUTED"
			       : verdict == TIMED_OUT ? "timed out"
						      : "not modelled",
			       name, hooks[backend]);
	}
	fflush(stdout);
}

static void kill_mutants(const struct classic *classic, struct tally *tally)
{
	tally->programs++;
	for (int kind = 0; kind < MUTANTS; kind++) {
		bool made;
		enum verdict verdict =
			try_graph(classic, kind, FILTER_BACKEND_TC, &made);

		tally->made[kind] += made;
		tally->killed[kind] += made && verdict == REFUTED;
	}
}

static void try_program(const char *name, const struct classic *classic,
			bool with_mutants, struct tally *tally)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;

	if (classic_check(classic, &error)) {
		printf("not taken: %s: %s\n", name, strbuf_text(&error));
		return;
	}
	if (with_mutants)
		kill_mutants(classic, tally);
	else
		prove(name, classic, tally);
}

static void try_expression(int link_type, const char *text, bool with_mutants,
			   struct tally *tally)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct filter_request request = {.link_type = link_type,
					 .snapshot = 262144,
					 .netmask = 0x00ffffff};
	struct classic program _cleanup_(classic_free) = {0};
	int status;
	struct expression_compiler *compiler =
		expression_open(&request, text, &status, &error);

	if (!status)
		status = expression_compile(compiler, text, false, &program,
					    &error);
	expression_close(compiler);
	if (status)
		printf("not compiled: %s: %s\n", text, strbuf_text(&error));
	else
		try_program(text, &program, with_mutants, tally);
}

/* A line of programs.tsv: name, variant, link type, number, instructions. */
static void try_bytecode(char *line, bool with_mutants, struct tally *tally)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct classic program _cleanup_(classic_free) = {0};
	struct strbuf text _cleanup_(strbuf_free) = STRBUF_INIT;
	char *name = strsep(&line, "\t"), *variant = strsep(&line, "\t");
	char *link = strsep(&line, "\t"), *count = strsep(&line, "\t");

	if (!line)
		return;
	strbuf_printf(&text, "%s\n%s", count, line);
	if (classic_parse(&program, strbuf_text(&text), &error)) {
		printf("not parsed: %s: %s\n", name, strbuf_text(&error));
		return;
	}
	strbuf_reset(&text);
	strbuf_printf(&text, "%s %s %s", name, variant, link);
	try_program(strbuf_text(&text), &program, with_mutants, tally);
}

static void try_file(const char *path, bool with_mutants, unsigned int every,
		     struct tally *tally)
{
	FILE *in _cleanup_fclose_ = fopen(path, "r");
	static char line[1 << 20];
	unsigned int number_of = 0;

	if (!in) {
		printf("skipped %s: %s\n", path, strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), in)) {
		char *text = strchr(line, '\t');

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || !text || number_of++ % every)
			continue;
		if (line[0] >= '0' && line[0] <= '9')
			try_expression(atoi(line), text + 1, with_mutants,
				       tally);
		else
			try_bytecode(line, with_mutants, tally);
	}
}

int main(int argc, char **argv)
{
	struct tally tally = {0};
	bool with_mutants = false;
	unsigned int every = 1;
	int option;

	while ((option = getopt(argc, argv, "mt:e:")) > 0) {
		if (option == 'm')
			with_mutants = true;
		else if (option == 't')
			timeout_seconds = (unsigned int)atoi(optarg);
		else if (option == 'e')
			every = (unsigned int)atoi(optarg);
		else
			return 2;
	}
	for (int i = optind; i < argc; i++)
		try_file(argv[i], with_mutants, every, &tally);
	if (!with_mutants) {
		printf("%u programs, %u questions: %u proven, %u refuted, %u "
		       "timed out, %u not modelled\n",
		       tally.programs, tally.asked, tally.proven, tally.refuted,
		       tally.timed_out, tally.unknown);
		return tally.refuted || !tally.proven;
	}
	for (int i = 0; i < MUTANTS; i++) {
		printf("mutants of %s: %u made, %u refuted\n", mutants[i],
		       tally.made[i], tally.killed[i]);
		if (!tally.killed[i])
			option = 1;
	}
	return option == 1;
}
