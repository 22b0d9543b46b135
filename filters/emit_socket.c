/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * socket_filter: the kernel lets no program read a packet there directly, so
 * one call of bpf_skb_load_bytes() copies the headers to the stack.
 *
 * What it costs: the call, for as many bytes as the program can ask for (at
 * most GRAPH_REACH); then as at TC. A program that asks for none calls
 * nothing.
 */
#include "filters/emit_window.h"
#include "filters/insn.h"

#include <stddef.h>

static void begin(struct emitter *e)
{
	e->what = "the headers, copied";
	if (!e->copy_bytes)
		return;
	emit(e, LOAD_MEM(BPF_W, BPF_REG_4, e->context,
			 offsetof(struct __sk_buff, len)));
	emit_jump(e, JUMP64_K(BPF_JEQ, BPF_REG_4, 0), LABEL_REJECT);
	emit_copy(e, BPF_REG_4);
	emit_jump(e, JUMP64_K(BPF_JNE, BPF_REG_0, 0), LABEL_REJECT);
}

static void finish(struct emitter *e)
{
	emit_label(e, LABEL_SHORT); /* LABEL_REJECT, which follows */
}

const struct emit_backend emit_socket = {FALLBACK_NONE, NULL, begin, finish};
