/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/filter_convert.h"

#include <bpf/btf.h>
#include <linux/bpf.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "filters/insn.h"
#include "src/base/cleanup.h"

/* ---- With LD_ABS and LD_IND, for sched_cls ---- */

enum { CLASSIC_A = BPF_REG_0, CLASSIC_X = BPF_REG_7 };

struct converter {
	struct program out;
	size_t *at; /* by classic instruction */
};

static void put(struct converter *c, struct bpf_insn insn)
{
	c->out.code[c->out.length++] = insn;
}

/* A jump: off is a classic instruction until all are known. */
static void put_jump(struct converter *c, struct bpf_insn insn, size_t to)
{
	insn.off = (int16_t)to;
	put(c, insn);
}

static int slot(uint32_t word)
{
	return -8 - 4 * (int)word;
}

static void convert_load(struct converter *c, const struct sock_filter *insn)
{
	bool to_x = BPF_CLASS(insn->code) == BPF_LDX;
	int to = to_x ? CLASSIC_X : CLASSIC_A;

	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
		put(c, MOV32_K(to, insn->k));
		break;
	case BPF_MEM:
		put(c, LOAD_MEM(BPF_W, to, BPF_REG_10, slot(insn->k)));
		break;
	case BPF_LEN:
		put(c, LOAD_MEM(BPF_W, to, BPF_REG_6, 0));
		break;
	case BPF_MSH: /* A is kept */
		put(c, MOV64_R(BPF_REG_8, CLASSIC_A));
		put(c, INSN(BPF_LD | BPF_ABS | BPF_B, 0, 0, 0, insn->k));
		put(c, ALU32_K(BPF_AND, CLASSIC_A, 15));
		put(c, ALU32_K(BPF_LSH, CLASSIC_A, 2));
		put(c, MOV64_R(CLASSIC_X, CLASSIC_A));
		put(c, MOV64_R(CLASSIC_A, BPF_REG_8));
		break;
	case BPF_IND:
		put(c, INSN(insn->code, 0, CLASSIC_X, 0, insn->k));
		break;
	default:
		put(c, INSN(insn->code, 0, 0, 0, insn->k));
		break;
	}
}

static void convert_branch(struct converter *c, const struct sock_filter *insn,
			   size_t at)
{
	uint8_t op = (uint8_t)BPF_OP(insn->code);

	if (op == BPF_JA) {
		put_jump(c, JUMP, at + 1 + insn->k);
		return;
	}
	put_jump(c,
		 BPF_SRC(insn->code) == BPF_X
			 ? JUMP32_R(op, CLASSIC_A, CLASSIC_X)
			 : JUMP32_K(op, CLASSIC_A, insn->k),
		 at + 1 + insn->jt);
	if (insn->jf)
		put_jump(c, JUMP, at + 1 + insn->jf);
}

static void convert_insn(struct converter *c, const struct sock_filter *insn,
			 size_t at)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
	case BPF_LDX:
		convert_load(c, insn);
		break;
	case BPF_ST:
	case BPF_STX:
		put(c, STORE_MEM(BPF_W, BPF_REG_10, slot(insn->k),
				 BPF_CLASS(insn->code) == BPF_ST ? CLASSIC_A
								 : CLASSIC_X));
		break;
	case BPF_ALU:
		put(c, INSN(insn->code, CLASSIC_A,
			    BPF_SRC(insn->code) == BPF_X ? CLASSIC_X : 0, 0,
			    BPF_SRC(insn->code) == BPF_X ? 0 : insn->k));
		break;
	case BPF_JMP:
		convert_branch(c, insn, at);
		break;
	case BPF_RET:
		if (BPF_RVAL(insn->code) == BPF_K)
			put(c, MOV32_K(CLASSIC_A, insn->k));
		put(c, EXIT);
		break;
	default:
		if (BPF_MISCOP(insn->code) == BPF_TAX)
			put(c, MOV64_R(CLASSIC_X, CLASSIC_A));
		else
			put(c, MOV64_R(CLASSIC_A, CLASSIC_X));
		break;
	}
}

static bool is_jump(const struct bpf_insn *insn)
{
	return (BPF_CLASS(insn->code) == BPF_JMP ||
		BPF_CLASS(insn->code) == BPF_JMP32) &&
	       BPF_OP(insn->code) != BPF_EXIT && BPF_OP(insn->code) != BPF_CALL;
}

struct program convert_classic(const struct classic *classic)
{
	struct converter c = {0};

	c.out.code = calloc(classic->length * 6 + 8, sizeof(*c.out.code));
	c.at = calloc(classic->length + 1, sizeof(*c.at));
	put(&c, MOV64_R(BPF_REG_6, BPF_REG_1));
	put(&c, MOV32_K(CLASSIC_A, 0));
	put(&c, MOV32_K(CLASSIC_X, 0));
	for (size_t i = 0; i < classic->length; i++) {
		c.at[i] = c.out.length;
		convert_insn(&c, &classic->code[i], i);
	}
	for (size_t i = 0; i < c.out.length; i++)
		if (is_jump(&c.out.code[i]))
			c.out.code[i].off =
				(int16_t)(c.at[c.out.code[i].off] - i - 1);
	free(c.at);
	return c.out;
}

/* ---- What the kernel makes of it for a socket ---- */

static uint32_t charged(int fd)
{
	uint32_t memory[SK_MEMINFO_VARS] = {0};
	socklen_t size = sizeof(memory);

	return getsockopt(fd, SOL_SOCKET, SO_MEMINFO, memory, &size)
		       ? 0
		       : memory[SK_MEMINFO_OPTMEM];
}

/* Bytes of struct bpf_prog before its instructions; 0 if nobody knows. */
static uint32_t header_bytes(void)
{
	struct btf *btf = btf__load_vmlinux_btf();
	int id = btf ? btf__find_by_name_kind(btf, "bpf_prog", BTF_KIND_STRUCT)
		     : -1;
	const struct btf_type *type =
		id > 0 ? btf__type_by_id(btf, (uint32_t)id) : NULL;
	uint32_t bytes = type ? type->size : 0;

	btf__free(btf);
	return bytes;
}

uint32_t convert_count_kernel(const struct classic *classic)
{
	static uint32_t header;
	struct sock_fprog attach = {(unsigned short)classic->length,
				    classic->code};
	int fd _cleanup_close_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	uint32_t before = charged(fd), bytes;

	if (!header)
		header = header_bytes();
	if (!header || fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &attach,
		       sizeof(attach)))
		return 0;
	bytes = charged(fd) - before;
	return bytes > header
		       ? (bytes - header) / (uint32_t)sizeof(struct bpf_insn)
		       : 0;
}
