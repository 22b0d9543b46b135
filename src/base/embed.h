/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file as bytes inside the program.
 */
#ifndef BSNIFF_BASE_EMBED_H
#define BSNIFF_BASE_EMBED_H

#include <stddef.h>

/* Defines `const void *NAME_bytes(size_t *length)`, static storage. @path is
 * found from the build folder, where the compiler runs; the object file has to
 * depend on it in the makefile. */
#define EMBED(name, path)                                                     \
	__asm__(".section .rodata\n"                                          \
		".balign 16\n" #name "_begin: .incbin \"" path "\"\n" #name   \
		"_end: .previous\n");                                         \
	extern const char name##_begin[], name##_end[];                       \
	const void *name##_bytes(size_t *length)                              \
	{                                                                     \
		*length = (size_t)(name##_end - name##_begin);                \
		return name##_begin;                                          \
	}

#endif
