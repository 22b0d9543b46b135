/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file, or a pipe, that grows by whole records: whatever happens (a full
 * disk, a size limit), a regular file ends behind its last whole one.
 */
#ifndef BSNIFF_REPORT_WHOLE_FILE_H
#define BSNIFF_REPORT_WHOLE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct whole_file;

/*
 * Make the file at @path anew ("-": go on with standard output). @unbuffered:
 * each record that counts is written at once. 0 and the caller's *@file; or a
 * negative errno.
 */
int whole_file_open(struct whole_file **file, const char *path,
		    bool unbuffered);

/*
 * Add a record that is made of @count @parts. @counts: it is one of those that
 * whole_file_count() counts. 0, or a negative errno, which stays: nothing more
 * can be written.
 */
int whole_file_add(struct whole_file *file, const struct iovec *parts,
		   size_t count, bool counts);

/* Write out what is buffered. As whole_file_add(). */
int whole_file_flush(struct whole_file *file);

/* Records that count and are in the file, after a flush. */
uint64_t whole_file_count(const struct whole_file *file);

/* Flush and close; NULL is allowed. As whole_file_add(). */
int whole_file_close(struct whole_file *file);

#endif
