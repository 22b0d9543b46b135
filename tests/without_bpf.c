/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Run a program on what looks like another kernel: bpf(2) fails with an errno,
 * by seccomp(2); all of it, or one command or two of it (enum bpf_cmd).
 *
 * usage: without_bpf ERRNO COMMAND[,COMMAND]|-1 PROGRAM [ARGUMENT...]
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

int main(int argc, char **argv)
{
	if (argc < 4)
		return 2;

	unsigned int error = (unsigned int)atoi(argv[1]);
	int command = atoi(argv[2]);
	const char *comma = strchr(argv[2], ',');
	int other = comma ? atoi(comma + 1) : command;
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int)command, 1,
			 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int)other, 0,
			 command < 0 ? 0 : 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof(code) / sizeof(*code), code};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
		perror("without_bpf: seccomp");
		return 2;
	}
	execvp(argv[3], argv + 3);
	perror(argv[3]);
	return 2;
}
