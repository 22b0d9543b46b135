/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/vlan.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#define TYPE_OFFSET 12 /* of the EtherType */

/* The prologue: ldh; three comparisons; ja to the copy for no (further) tag;
 * and the same again for the second tag, with a ja to either copy. */

static bool is_packet_load(const struct sock_filter *insn)
{
	unsigned int mode = BPF_MODE(insn->code);

	return (BPF_CLASS(insn->code) == BPF_LD ||
		BPF_CLASS(insn->code) == BPF_LDX) &&
	       (mode == BPF_ABS || mode == BPF_IND || mode == BPF_MSH) &&
	       insn->k >= TYPE_OFFSET && insn->k <= INT32_MAX - 8;
}

/* At @at: is it a tag at byte @offset? If not, on to instruction @untagged. */
static void put_test(struct sock_filter *code, size_t at, uint32_t offset,
		     size_t untagged)
{
	static const uint32_t types[] = {0x8100, 0x88a8, 0x9100};

	code[at] =
		(struct sock_filter)BPF_STMT(BPF_LD | BPF_H | BPF_ABS, offset);
	for (uint8_t i = 0; i < 3; i++)
		code[at + 1 + i] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, types[i], (uint8_t)(3 - i),
			0);
	code[at + 4] = (struct sock_filter)BPF_STMT(
		BPF_JMP | BPF_JA, (uint32_t)(untagged - at - 5));
}

int vlan_spread(struct classic *program, struct list_site **sites)
{
	size_t n = program->length, length = VLAN_PROLOGUE + 3 * n;
	struct sock_filter *code = calloc(length, sizeof(*code));
	struct list_site *moved =
		*sites ? calloc(length, sizeof(*moved)) : NULL;

	if (!code || (*sites && !moved)) {
		free(code);
		free(moved);
		return -ENOMEM;
	}
	put_test(code, 0, TYPE_OFFSET, VLAN_PROLOGUE);
	put_test(code, 5, TYPE_OFFSET + 4, VLAN_PROLOGUE + n);
	code[10] = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA,
						(uint32_t)(2 * n));
	for (size_t i = 0; moved && i < VLAN_PROLOGUE; i++)
		moved[i].list = -1;
	for (size_t i = 0; i < 3 * n; i++) {
		struct sock_filter *insn = &code[VLAN_PROLOGUE + i];

		*insn = program->code[i % n];
		if (is_packet_load(insn))
			insn->k += (uint32_t)(4 * (i / n));
		if (moved)
			moved[VLAN_PROLOGUE + i] = (*sites)[i % n];
	}
	free(program->code);
	free(*sites);
	*program = (struct classic){code, length};
	*sites = moved;
	return 0;
}
