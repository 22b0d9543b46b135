/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * The bytes of a packet, and how they may be read on both sides.
 *
 * They are reached through view_at() only, which holds each read against a
 * constant bound and against the end: the first satisfies the verifier for a
 * window in a map value, the second for packet pointers.
 */
#ifndef BSNIFF_BPF_VIEW_H
#define BSNIFF_BPF_VIEW_H

#include "bpf/contract.h"

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

/* Headers are looked for in that many bytes from the start of the packet. */
#define HEADERS_WINDOW 192

/*
 * In the kernel, what is written (the key, the facts, the delta) is in a map
 * value, not on the stack: the verifier then does not follow each value on each
 * path, and the compiler does not keep forty variables in ten registers. Read
 * back through this, an offset is any offset to both of them.
 */
#define HEADERS_FORGET(x) (*(const volatile __typeof__(x) *)&(x))

/* Bytes of a packet; @end is one past the last that may be read. */
struct view {
	const __u8 *data;
	const __u8 *end;
};

/* Keep the compiler from working out a pointer or an offset twice: the
 * verifier would know the bounds of one and see the other used. */
#ifdef __bpf__
#define HEADERS_OPAQUE(x) __asm__ volatile("" : "+r"(x))
#else
#define HEADERS_OPAQUE(x)
#endif

/* Unrolled, the loops would be most of the program. */
#ifdef __clang__
#define HEADERS_LOOP _Pragma("clang loop unroll(disable)")
#else
#define HEADERS_LOOP
#endif

/* @n (a constant) bytes at @offset, or NULL when they are not all there. */
static __always_inline const __u8 *view_at(const struct view *view,
					   __u64 offset, __u64 n)
{
	const __u8 *p;

	HEADERS_OPAQUE(offset);
	if (offset > HEADERS_WINDOW - n)
		return (void *)0;
#ifndef __bpf__
	if ((__u64)(view->end - view->data) < offset + n)
		return (void *)0;
#endif
	p = view->data + offset;
	HEADERS_OPAQUE(p);
#ifdef __bpf__
	if (p + n > view->end)
		return (void *)0;
#endif
	return p;
}

/* Loads of any alignment; the value is as in memory (network order). */
static __always_inline __u16 view_u16(const __u8 *p)
{
#ifdef __bpf__
	return *(const __u16 *)p;
#else
	__u16 v;

	__builtin_memcpy(&v, p, sizeof(v));
	return v;
#endif
}

static __always_inline __u32 view_u32(const __u8 *p)
{
#ifdef __bpf__
	return *(const __u32 *)p;
#else
	__u32 v;

	__builtin_memcpy(&v, p, sizeof(v));
	return v;
#endif
}

static __always_inline __u64 view_u64(const __u8 *p)
{
#ifdef __bpf__
	return *(const __u64 *)p;
#else
	__u64 v;

	__builtin_memcpy(&v, p, sizeof(v));
	return v;
#endif
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HEADERS_SWAP16(x) __builtin_bswap16(x)
#define HEADERS_SWAP32(x) __builtin_bswap32(x)
#else
#define HEADERS_SWAP16(x) ((__u16)(x))
#define HEADERS_SWAP32(x) ((__u32)(x))
#endif

static __always_inline __u16 view_be16(const __u8 *p)
{
	return HEADERS_SWAP16(view_u16(p));
}

static __always_inline __u32 view_be32(const __u8 *p)
{
	return HEADERS_SWAP32(view_u32(p));
}

#endif
