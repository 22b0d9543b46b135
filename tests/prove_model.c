/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/prove_model.h"

#include <linux/filter.h>
#include <stdio.h>

#include "src/base/cleanup.h"

Z3_context z3;
Z3_ast packet, garbage, length, linear, metadata[64 / 4], chance;

Z3_ast number(uint64_t value, unsigned int bits)
{
	return Z3_mk_unsigned_int64(z3, value, Z3_mk_bv_sort(z3, bits));
}

Z3_ast variable(const char *name, unsigned int bits)
{
	return Z3_mk_const(z3, Z3_mk_string_symbol(z3, name),
			   Z3_mk_bv_sort(z3, bits));
}

Z3_ast both(Z3_ast a, Z3_ast b)
{
	return Z3_mk_and(z3, 2, (Z3_ast[]){a, b});
}

Z3_ast either(Z3_ast a, Z3_ast b)
{
	return Z3_mk_or(z3, 2, (Z3_ast[]){a, b});
}

Z3_ast choose(Z3_ast condition, Z3_ast a, Z3_ast b)
{
	return a == b ? a : Z3_mk_ite(z3, condition, a, b);
}

Z3_ast low32(Z3_ast value)
{
	return Z3_mk_extract(z3, 31, 0, value);
}

Z3_ast wide(Z3_ast value)
{
	return Z3_mk_zero_ext(z3, 32, value);
}

Z3_ast bytes_of(Z3_ast array, Z3_ast offset, unsigned int size)
{
	Z3_ast value = Z3_mk_select(z3, array, offset);

	for (unsigned int i = 1; i < size; i++)
		value = Z3_mk_concat(
			z3, value,
			Z3_mk_select(z3, array,
				     Z3_mk_bvadd(z3, offset, number(i, 32))));
	return size == 4 ? value : Z3_mk_zero_ext(z3, 32 - 8 * size, value);
}

Z3_ast big_endian(Z3_ast offset, unsigned int size)
{
	return bytes_of(packet, offset, size);
}

Z3_ast turned(Z3_ast value, unsigned int size)
{
	Z3_ast result = Z3_mk_extract(z3, 7, 0, value);

	for (unsigned int i = 1; i < size; i++)
		result = Z3_mk_concat(
			z3, result, Z3_mk_extract(z3, 8 * i + 7, 8 * i, value));
	return size == 4 ? result : Z3_mk_zero_ext(z3, 32 - 8 * size, result);
}

Z3_ast compute(uint8_t op, Z3_ast a, Z3_ast b)
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

Z3_ast compare(uint8_t op, Z3_ast a, Z3_ast b)
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

Z3_ast is_there(Z3_ast offset, unsigned int size)
{
	Z3_ast end = Z3_mk_bvadd(z3, wide(offset), number(size, 64));

	return both(Z3_mk_bvsge(z3, offset, number(0, 32)),
		    Z3_mk_bvule(z3, end, wide(length)));
}

void begin_context(void)
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

void finish(struct outcome *outcome, Z3_ast reached, Z3_ast value)
{
	outcome->value = choose(reached, value, outcome->value);
}
