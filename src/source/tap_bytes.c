/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/tap_bytes.h"

/* The path is found from the build folder, where the compiler runs. */
__asm__(".section .rodata\n"
	".balign 16\n"
	"tap_object_begin: .incbin \"bpf/tap.bpf.o\"\n"
	"tap_object_end: .previous\n");

extern const char tap_object_begin[], tap_object_end[];

const void *tap_bytes(size_t *length)
{
	*length = (size_t)(tap_object_end - tap_object_begin);
	return tap_object_begin;
}
