/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/emit_value.h"

#include <linux/filter.h>
#include <stddef.h>
#include <stdio.h>

#include "filters/emit_window.h"
#include "filters/insn.h"

static int place_of(const struct emitter *e, int reg)
{
	return e->lowered.ranges[reg].place;
}

static int slot_offset(int place)
{
	return EMIT_SCRATCH_SLOT + 8 * place;
}

int emit_read(struct emitter *e, int reg, int scratch)
{
	int place = place_of(e, reg);

	if (place >= 0)
		return place;
	emit(e, LOAD_MEM(BPF_DW, scratch, BPF_REG_10, slot_offset(place)));
	return scratch;
}

void emit_into(struct emitter *e, int to, int reg)
{
	int from = emit_read(e, reg, to);

	if (from != to)
		emit(e, MOV64_R(to, from));
}

/* Where to compute virtual register @reg: its register, or scratch on the way
 * to the stack. emit_done() then stores it. */
static int emit_target(const struct emitter *e, int reg)
{
	int place = place_of(e, reg);

	return place >= 0 ? place : e->scratch[0];
}

static void emit_done(struct emitter *e, int reg)
{
	int place = place_of(e, reg);

	if (place < 0)
		emit(e, STORE_MEM(BPF_DW, BPF_REG_10, slot_offset(place),
				  e->scratch[0]));
}

static uint8_t access_size(uint8_t size)
{
	return size == 4 ? BPF_W : size == 2 ? BPF_H : BPF_B;
}

static void emit_to_host(struct emitter *e, int reg, uint8_t size)
{
	if (size > 1)
		emit(e, TO_HOST(reg, size * 8));
}

/* ---- Metadata ---- */

struct metadata_field {
	int16_t offset; /* in struct __sk_buff; 0: none (that is len) */
	uint8_t order;	/* bytes in network order, 0: host order */
	const char *refused;
};

#define FIELD(name) .offset = offsetof(struct __sk_buff, name)

static const struct metadata_field metadata_fields[SKF_AD_MAX] = {
	[SKF_AD_PROTOCOL] = {FIELD(protocol), .order = 2},
	[SKF_AD_PKTTYPE] = {FIELD(pkt_type)},
	[SKF_AD_IFINDEX] = {FIELD(ifindex)},
	[SKF_AD_NLATTR] = {.refused = "netlink attributes (nla) cannot be "
				      "looked up by an eBPF program"},
	[SKF_AD_NLATTR_NEST] = {.refused = "nested netlink attributes (nlan) "
					   "cannot be looked up by an eBPF "
					   "program"},
	[SKF_AD_MARK] = {FIELD(mark)},
	[SKF_AD_QUEUE] = {FIELD(queue_mapping)},
	[SKF_AD_HATYPE] = {.refused = "the device's hardware type (hatype) is "
				      "not visible to an eBPF program"},
	[SKF_AD_RXHASH] = {FIELD(hash)},
	[SKF_AD_VLAN_TAG] = {FIELD(vlan_tci)},
	[SKF_AD_VLAN_TAG_PRESENT] = {FIELD(vlan_present)},
	[SKF_AD_PAY_OFFSET] = {.refused = "the payload's offset (poff) is not "
					  "visible to an eBPF program"},
	[SKF_AD_VLAN_TPID] = {FIELD(vlan_proto), .order = 2},
};

static void emit_metadata(struct emitter *e, int to, uint32_t extension)
{
	const struct metadata_field *field = &metadata_fields[extension];

	if (extension == SKF_AD_CPU) {
		emit(e, CALL(BPF_FUNC_get_smp_processor_id));
		if (to != BPF_REG_0)
			emit(e, MOV32_R(to, BPF_REG_0));
		return;
	}
	if (field->refused) {
		e->refused = field->refused;
		return;
	}
	emit(e, LOAD_MEM(BPF_W, to, e->context, field->offset));
	emit_to_host(e, to, field->order);
}

/* ---- Values ---- */

static bool commutes(uint8_t op)
{
	return op == BPF_ADD || op == BPF_MUL || op == BPF_AND ||
	       op == BPF_OR || op == BPF_XOR;
}

static void emit_alu(struct emitter *e, const struct line *line, int to)
{
	const struct node *node = graph_at(e->graph, line->node);
	int a = emit_read(e, line->a, e->scratch[0]);
	bool shifts = node->op == BPF_LSH || node->op == BPF_RSH;
	int b, result = to;

	if (node->op == BPF_NEG || line->b == NONE) {
		if (a != to)
			emit(e, MOV32_R(to, a));
		emit(e, node->op == BPF_NEG
				? INSN(BPF_ALU | BPF_NEG, to, 0, 0, 0)
				: ALU32_K(node->op, to,
					  graph_at(e->graph, node->b)->k &
						  (shifts ? 31u : UINT32_MAX)));
		return;
	}
	b = emit_read(e, line->b, e->scratch[1]);
	if (b == to && a != to) {
		if (commutes(node->op)) {
			b = a;
			a = to;
		} else {
			to = e->scratch[0];
		}
	}
	if (a != to)
		emit(e, MOV32_R(to, a));
	emit(e, ALU32_R(node->op, to, b));
	if (to != result)
		emit(e, MOV32_R(result, to));
}

static void emit_pointer(struct emitter *e, const struct line *line, int to)
{
	int x = emit_read(e, line->a, e->scratch[0]);
	int by = emit_bias(e, NONE, line->block);

	if (by)
		emit_set_bias(e, line->to, line->block, by);
	if (x == to) {
		emit(e, ALU64_R(BPF_ADD, to, EMIT_START));
		return;
	}
	emit(e, MOV64_R(to, EMIT_START));
	emit(e, ALU64_R(BPF_ADD, to, x));
}

/* @part, the @piece bytes from byte @at on, joins those before it. */
static void emit_join(struct emitter *e, int whole, int part, uint8_t at,
		      uint8_t piece)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	(void)piece;
	emit(e, ALU32_K(BPF_LSH, part, at * 8));
#else
	(void)at;
	emit(e, ALU32_K(BPF_LSH, whole, piece * 8));
#endif
	emit(e, ALU32_R(BPF_OR, whole, part));
}

static void emit_load(struct emitter *e, const struct line *line, int to)
{
	const struct node *node = graph_at(e->graph, line->node);
	int second = e->scratch[1], whole;
	uint8_t piece = emit_piece(e, node);
	int k = (int)node->k - emit_bias(e, line->a, line->block);
	int from = line->a == NONE ? EMIT_START
				   : emit_read(e, line->a, e->scratch[0]);

	if (piece == node->size) {
		emit(e, LOAD_MEM(access_size(piece), to, from, k));
		if (node->kind == NODE_LOAD)
			emit_to_host(e, to, piece);
		return;
	}
	/* Put together as they lie. What is read from must last that long. */
	whole = to == from ? e->scratch[0] : to;
	for (uint8_t at = 0; at < node->size; at = (uint8_t)(at + piece)) {
		if (line->a != NONE)
			from = emit_read(e, line->a, second);
		emit(e, LOAD_MEM(access_size(piece), at ? second : whole, from,
				 k + at));
		if (at)
			emit_join(e, whole, second, at, piece);
	}
	if (node->kind == NODE_LOAD)
		emit_to_host(e, whole, node->size);
	if (to != whole)
		emit(e, MOV32_R(to, whole));
}

static void emit_compute(struct emitter *e, const struct line *line)
{
	const struct node *node = graph_at(e->graph, line->node);
	int to = emit_target(e, line->to);

	e->origin = node->origin;
	switch ((enum node_kind)node->kind) {
	case NODE_CONSTANT:
		emit(e, MOV32_K(to, node->k));
		break;
	case NODE_LOAD:
	case NODE_RAW:
		emit_load(e, line, to);
		break;
	case NODE_SWAP:
		emit_into(e, to, line->a);
		emit_to_host(e, to, node->size);
		break;
	case NODE_LENGTH:
		emit(e, LOAD_MEM(BPF_W, to, e->context,
				 offsetof(struct __sk_buff, len)));
		break;
	case NODE_METADATA:
		emit_metadata(e, to, node->k);
		break;
	case NODE_POINTER:
		emit_pointer(e, line, to);
		break;
	case NODE_ALU:
		emit_alu(e, line, to);
		break;
	case NODE_PHI:
	case NODE_FAR:
	case NODE_LIST:
	case NODE_RANDOM:
		break; /* made by copies and steps */
	}
	emit_done(e, line->to);
}

static void emit_phi_copy(struct emitter *e, const struct line *line)
{
	int to = emit_target(e, line->to);

	if (line->a == NONE)
		emit(e, MOV32_K(to, graph_at(e->graph, line->node)->k));
	else
		emit_into(e, to, line->a);
	emit_done(e, line->to);
}

/* ---- Steps ---- */

/* bpf_skb_load_bytes(context, r2, scratch, size), or with @header the relative
 * one; what it found is in the scratch slot. */
static void emit_load_call(struct emitter *e, uint8_t size, int header)
{
	emit(e, MOV64_R(BPF_REG_1, e->context));
	emit(e, MOV64_R(BPF_REG_3, BPF_REG_10));
	emit(e, ALU64_K(BPF_ADD, BPF_REG_3, EMIT_SCRATCH_SLOT));
	emit(e, MOV64_K(BPF_REG_4, size));
	if (header >= 0)
		emit(e, MOV64_K(BPF_REG_5, header));
	emit(e, CALL(header < 0 ? BPF_FUNC_skb_load_bytes
				: BPF_FUNC_skb_load_bytes_relative));
	emit_jump(e, JUMP64_K(BPF_JNE, BPF_REG_0, 0), LABEL_REJECT);
}

static void emit_far_constant(struct emitter *e, uint32_t offset, uint8_t size)
{
	int header = -1;

	if (offset >= (uint32_t)SKF_NET_OFF) {
		header = BPF_HDR_START_NET;
		offset -= (uint32_t)SKF_NET_OFF;
	} else if (offset >= (uint32_t)SKF_LL_OFF) {
		header = BPF_HDR_START_MAC;
		offset -= (uint32_t)SKF_LL_OFF;
	} else if (offset > INT32_MAX) {
		/* Never there. A plain jump would leave code that nothing
		 * reaches, which the kernel refuses. */
		emit(e, MOV64_K(BPF_REG_0, 0));
		emit_jump(e, JUMP64_K(BPF_JEQ, BPF_REG_0, 0), LABEL_REJECT);
	}
	emit(e, MOV32_K(BPF_REG_2, offset));
	emit_load_call(e, size, header);
}

/* Where the sum may pass 2^31 it names a header (SKF_NET_OFF, SKF_LL_OFF) or
 * nothing, as bpf_internal_load_pointer_neg_helper() has it. */
static void emit_far_anywhere(struct emitter *e, uint8_t size)
{
	size_t over[4];

	over[0] = e->out->length;
	emit(e, JUMP32_K(BPF_JSGE, BPF_REG_2, 0)); /* to plain */
	over[1] = e->out->length;
	emit(e, JUMP32_K(BPF_JGE, BPF_REG_2, SKF_NET_OFF)); /* to net */
	emit_jump(e, JUMP32_K(BPF_JLT, BPF_REG_2, SKF_LL_OFF), LABEL_REJECT);
	emit(e, ALU32_K(BPF_SUB, BPF_REG_2, SKF_LL_OFF));
	emit_load_call(e, size, BPF_HDR_START_MAC);
	over[2] = e->out->length;
	emit(e, JUMP); /* to the end */
	if (!e->failed)
		e->out->code[over[1]].off =
			(int16_t)(e->out->length - over[1] - 1);
	emit(e, ALU32_K(BPF_SUB, BPF_REG_2, SKF_NET_OFF));
	emit_load_call(e, size, BPF_HDR_START_NET);
	over[3] = e->out->length;
	emit(e, JUMP); /* to the end */
	if (!e->failed)
		e->out->code[over[0]].off =
			(int16_t)(e->out->length - over[0] - 1);
	emit_load_call(e, size, -1);
	for (int i = 2; i < 4 && !e->failed; i++)
		e->out->code[over[i]].off =
			(int16_t)(e->out->length - over[i] - 1);
}

static void emit_far(struct emitter *e, const struct line *line)
{
	const struct node *node = graph_at(e->graph, line->node);
	int to = emit_target(e, line->to);
	uint32_t most;

	if (line->a == NONE) {
		emit_far_constant(
			e,
			node->k + (node->a == NONE
					   ? 0
					   : graph_at(e->graph, node->a)->k),
			node->size);
	} else {
		most = graph_at(e->graph, node->a)->most;
		emit_into(e, BPF_REG_2, line->a);
		if (node->k)
			emit(e, ALU32_K(BPF_ADD, BPF_REG_2, node->k));
		if ((uint64_t)most + node->k > INT32_MAX)
			emit_far_anywhere(e, node->size);
		else
			emit_load_call(e, node->size, -1);
	}
	emit(e, LOAD_MEM(access_size(node->size), to, BPF_REG_10,
			 EMIT_SCRATCH_SLOT));
	emit_to_host(e, to, node->size);
	emit_done(e, line->to);
}

static void emit_step(struct emitter *e, const struct line *line)
{
	int to;

	e->origin = line->step.origin;
	switch ((enum step_kind)line->step.kind) {
	case STEP_GUARD:
		emit_guard(e, line);
		break;
	case STEP_NONZERO:
		emit_jump(e,
			  JUMP32_K(BPF_JEQ,
				   emit_read(e, line->a, e->scratch[0]), 0),
			  LABEL_REJECT);
		break;
	case STEP_FAR:
		emit_far(e, line);
		break;
	case STEP_RANDOM:
		to = emit_target(e, line->to);
		emit(e, CALL(BPF_FUNC_get_prandom_u32));
		emit(e, MOV32_R(to, BPF_REG_0));
		emit_done(e, line->to);
		break;
	}
}

void emit_line(struct emitter *e, const struct line *line)
{
	e->what = NULL;
	switch ((enum line_kind)line->kind) {
	case LINE_COMPUTE:
		emit_compute(e, line);
		break;
	case LINE_COPY:
		e->origin = NONE;
		emit_phi_copy(e, line);
		break;
	case LINE_STEP:
		emit_step(e, line);
		break;
	case LINE_END:
		break;
	}
}
