/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * eBPF instructions by name (Documentation/bpf/standardization/
 * instruction-set.rst in the kernel).
 */
#ifndef BSNIFF_FILTERS_INSN_H
#define BSNIFF_FILTERS_INSN_H

#include <linux/bpf.h>
#include <stdint.h>

#define INSN(code_, dst, src, off_, imm_)                      \
	((struct bpf_insn){.code = (uint8_t)(code_),           \
			   .dst_reg = (unsigned int)(dst)&15u, \
			   .src_reg = (unsigned int)(src)&15u, \
			   .off = (int16_t)(off_),             \
			   .imm = (int32_t)(imm_)})

/* 32 and 64 bits wide; R and K are the second operand. */
#define ALU32_R(op, dst, src) INSN(BPF_ALU | (op) | BPF_X, dst, src, 0, 0)
#define ALU32_K(op, dst, k)   INSN(BPF_ALU | (op) | BPF_K, dst, 0, 0, k)
#define ALU64_R(op, dst, src) INSN(BPF_ALU64 | (op) | BPF_X, dst, src, 0, 0)
#define ALU64_K(op, dst, k)   INSN(BPF_ALU64 | (op) | BPF_K, dst, 0, 0, k)
#define MOV32_R(dst, src)     ALU32_R(BPF_MOV, dst, src)
#define MOV32_K(dst, k)	      ALU32_K(BPF_MOV, dst, k)
#define MOV64_R(dst, src)     ALU64_R(BPF_MOV, dst, src)
#define MOV64_K(dst, k)	      ALU64_K(BPF_MOV, dst, k)

/* The low bits of dst from network to host order. */
#define TO_HOST(dst, bits) INSN(BPF_ALU | BPF_END | BPF_TO_BE, dst, 0, 0, bits)

/* size is BPF_B, BPF_H, BPF_W or BPF_DW. */
#define LOAD_MEM(size, dst, src, off) \
	INSN(BPF_LDX | BPF_MEM | (size), dst, src, off, 0)
#define STORE_MEM(size, dst, off, src) \
	INSN(BPF_STX | BPF_MEM | (size), dst, src, off, 0)
#define STORE_K(size, dst, off, k) \
	INSN(BPF_ST | BPF_MEM | (size), dst, 0, off, k)

/* Jumps; where to is filled in later. */
#define JUMP		       INSN(BPF_JMP | BPF_JA, 0, 0, 0, 0)
#define JUMP32_K(cond, dst, k) INSN(BPF_JMP32 | (cond) | BPF_K, dst, 0, 0, k)
#define JUMP32_R(cond, dst, src) \
	INSN(BPF_JMP32 | (cond) | BPF_X, dst, src, 0, 0)
#define JUMP64_K(cond, dst, k)	 INSN(BPF_JMP | (cond) | BPF_K, dst, 0, 0, k)
#define JUMP64_R(cond, dst, src) INSN(BPF_JMP | (cond) | BPF_X, dst, src, 0, 0)

#define CALL(helper) INSN(BPF_JMP | BPF_CALL, 0, 0, 0, helper)
#define EXIT	     INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

#endif
