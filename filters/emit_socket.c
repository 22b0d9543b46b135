/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * socket_filter: the kernel lets no program read a packet there directly, so
 * one call of bpf_skb_load_bytes() copies the headers to the stack.
 *
 * What it costs: the call, for as many bytes as the program can ask for (at
 * most GRAPH_REACH); then as at TC. A program that asks for none calls
 * nothing.
 */
#include "filters/emit.h"
#include "filters/insn.h"

static void begin(struct emitter *e)
{
	e->what = "the headers, copied";
	emit(e, MOV64_R(EMIT_CONTEXT, BPF_REG_1));
	if (e->copy_bytes)
		emit_copy(e);
}

static void finish(struct emitter *e)
{
	(void)e; /* LABEL_SHORT is LABEL_REJECT */
}

const struct emit_backend emit_socket = {begin, finish};
