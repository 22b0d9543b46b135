/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sched_cls: the bytes are read where they are.
 *
 * What it costs: two or three loads from the context, then for each guard two
 * or three instructions and for each load one or two; no call. If a guard finds
 * fewer bytes than it wants, they may be paged out: all begins anew over a copy
 * of the headers on the stack. That is one call of bpf_skb_load_bytes() for the
 * packet, and is bought only by packets whose headers are not linear, or end
 * where no header does. The second round has the same code: only r7 and r8
 * differ. A program with one guard does not begin anew, but copies there and
 * goes on.
 */
#include "filters/emit_window.h"
#include "filters/insn.h"

#include <stddef.h>

static void begin(struct emitter *e)
{
	e->what = "the packet, where it lies";
	emit(e, LOAD_MEM(BPF_W, EMIT_START, e->context,
			 offsetof(struct __sk_buff, data)));
	emit(e, LOAD_MEM(BPF_W, EMIT_END, e->context,
			 offsetof(struct __sk_buff, data_end)));
	if (e->fallback == FALLBACK_RESTART)
		emit(e, LOAD_MEM(BPF_W, e->flag, e->context,
				 offsetof(struct __sk_buff, len)));
	emit_label(e, LABEL_AGAIN);
}

static void finish(struct emitter *e)
{
	if (!emit_is_wanted(e, LABEL_SHORT))
		return;
	emit_label(e, LABEL_SHORT);
	e->what = "too short: all of it, or the second time?";
	emit_jump(e, JUMP64_K(BPF_JLT, e->flag, e->least_bytes), LABEL_REJECT);
	e->what = "paged out: once more, over a copy";
	emit(e, MOV64_R(BPF_REG_4, e->flag));
	if (e->flag != BPF_REG_0)
		emit(e, MOV64_K(e->flag, 0)); /* else the call does that */
	emit_copy(e, BPF_REG_4);
	emit_jump(e, JUMP64_K(BPF_JEQ, BPF_REG_0, 0), LABEL_AGAIN);
}

const struct emit_backend emit_tc = {FALLBACK_RESTART, NULL, begin, finish};
