/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sched_cls: the bytes are read where they are.
 *
 * What it costs: two loads from the context, then for each guard three
 * instructions and for each load one or two; no call. If a guard finds fewer
 * bytes than it wants and the packet has more that are paged out, all begins
 * anew over a copy on the stack; that is one call of bpf_skb_load_bytes() for
 * the packet, and is bought only by packets whose headers are not linear. The
 * second round has the same code: only r7 and r8 differ.
 */
#include "filters/emit.h"
#include "filters/insn.h"

#include <stddef.h>

static void begin(struct emitter *e)
{
	e->what = "the packet, where it lies";
	emit(e, MOV64_R(EMIT_CONTEXT, BPF_REG_1));
	if (e->copy_bytes) {
		emit(e, LOAD_MEM(BPF_W, EMIT_START, BPF_REG_1,
				 offsetof(struct __sk_buff, data)));
		emit(e, LOAD_MEM(BPF_W, EMIT_END, BPF_REG_1,
				 offsetof(struct __sk_buff, data_end)));
		emit(e, MOV64_K(BPF_REG_0, 0));
		emit(e,
		     STORE_MEM(BPF_DW, BPF_REG_10, EMIT_FLAG_SLOT, BPF_REG_0));
	}
	emit_label(e, LABEL_AGAIN);
}

static void finish(struct emitter *e)
{
	if (!emit_is_wanted(e, LABEL_SHORT))
		return;
	emit_label(e, LABEL_SHORT);
	e->what = "too short: paged out, or at its end?";
	emit(e, LOAD_MEM(BPF_DW, BPF_REG_0, BPF_REG_10, EMIT_FLAG_SLOT));
	emit_jump(e, JUMP64_K(BPF_JNE, BPF_REG_0, 0), LABEL_REJECT);
	emit(e, ALU64_R(BPF_SUB, EMIT_END, EMIT_START));
	emit(e, LOAD_MEM(BPF_W, BPF_REG_0, EMIT_CONTEXT,
			 offsetof(struct __sk_buff, len)));
	emit_jump(e, JUMP64_R(BPF_JGE, EMIT_END, BPF_REG_0), LABEL_REJECT);
	e->what = "paged out: once more, over a copy";
	emit_copy(e);
	emit(e, MOV64_K(BPF_REG_0, 1));
	emit(e, STORE_MEM(BPF_DW, BPF_REG_10, EMIT_FLAG_SLOT, BPF_REG_0));
	emit_jump(e, JUMP, LABEL_AGAIN);
}

const struct emit_backend emit_tc = {begin, finish};
