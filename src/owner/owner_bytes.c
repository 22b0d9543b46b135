/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/owner/owner_bytes.h"

/* The path is found from the build folder, where the compiler runs. */
__asm__(".section .rodata\n"
	".balign 16\n"
	"owner_object_begin: .incbin \"bpf/owner.bpf.o\"\n"
	"owner_object_end: .previous\n");

extern const char owner_object_begin[], owner_object_end[];

const void *owner_bytes(size_t *length)
{
	*length = (size_t)(owner_object_end - owner_object_begin);
	return owner_object_begin;
}
