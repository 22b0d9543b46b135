/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The least that a hook costs: two instructions at either side of TCX, on
 * INTERFACE, until killed. "listening on" on standard error when they are there.
 *
 *	empty_hook INTERFACE
 */
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>

enum { TCX_INGRESS = 46, TCX_EGRESS = 47 };

int main(int argc, char **argv)
{
	const struct bpf_insn code[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = -1},
		{.code = BPF_JMP | BPF_EXIT},
	};
	int program = bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "empty", "GPL",
				    code, 2, NULL);

	for (__u32 type = TCX_INGRESS; type <= TCX_EGRESS; type++) {
		union bpf_attr attr;

		memset(&attr, 0, sizeof(attr));
		attr.link_create.prog_fd = (__u32)program;
		attr.link_create.target_ifindex =
			argc > 1 ? if_nametoindex(argv[1]) : 0;
		attr.link_create.attach_type = type;
		if (syscall(__NR_bpf, BPF_LINK_CREATE, &attr, sizeof(attr)) <
		    0) {
			perror("empty_hook");
			return 1;
		}
	}
	fprintf(stderr, "listening on %s\n", argv[1]);
	pause();
	return 0;
}
