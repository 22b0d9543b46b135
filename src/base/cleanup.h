/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ownership. A variable that owns something says so where it is declared, and
 * what it owns is released when it goes out of scope; TAKE_PTR() and TAKE_FD()
 * hand the ownership on.
 */
#ifndef BSNIFF_BASE_CLEANUP_H
#define BSNIFF_BASE_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(function) __attribute__((cleanup(function)))

/* Give away the pointer in @p and leave NULL behind. */
#define TAKE_PTR(p)                                                            \
	({                                                                     \
		__typeof__(p) take_ptr_ = (p);                                 \
		(p) = NULL;                                                    \
		take_ptr_;                                                     \
	})

/* Give away the file descriptor in @fd and leave -1 behind. */
#define TAKE_FD(fd)                                                            \
	({                                                                     \
		int take_fd_ = (fd);                                           \
		(fd) = -1;                                                     \
		take_fd_;                                                      \
	})

/* Define NAMEp(), for _cleanup_, around a destructor that takes NULL. */
#define DEFINE_CLEANUP(type, destroy)                                          \
	static inline void destroy##p(type *p)                                 \
	{                                                                      \
		destroy(*p);                                                   \
	}

static inline void cleanup_free(void *p)
{
	free(*(void **)p);
}

static inline void cleanup_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_fclose(FILE **file)
{
	if (*file)
		fclose(*file);
}

#define _cleanup_free_	 _cleanup_(cleanup_free)
#define _cleanup_close_	 _cleanup_(cleanup_close)
#define _cleanup_fclose_ _cleanup_(cleanup_fclose)

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#endif
