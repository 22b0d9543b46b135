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

/* What is to be known of a record. */
enum whole_file_record {
	WHOLE_FILE_COUNTS = 1 << 0, /* whole_file_count() counts it */
	WHOLE_FILE_LENDS = 1 << 1,  /* the bytes of its last part stay as they
				       are until whole_file_take_back() */
};

/*
 * Add a record that is made of @count @parts; @what: enum whole_file_record, or
 * 0. Lent bytes may be written from where they are, without a copy. 0, or a
 * negative errno, which stays: nothing more can be written.
 */
int whole_file_add(struct whole_file *file, const struct iovec *parts,
		   size_t count, unsigned int what);

/*
 * Or: room for a record of @length bytes, to be written there and then kept,
 * before anything else is asked for. NULL: it is larger than what is buffered, or
 * nothing more can be written; whole_file_add() will do, or tell why.
 */
uint8_t *whole_file_reserve(struct whole_file *file, size_t length);

/* Keep it. @what and what is returned: as whole_file_add(). */
int whole_file_keep(struct whole_file *file, size_t length, unsigned int what);

/* A record whose bytes are worth lending (WHOLE_FILE_LENDS); less is copied. */
#define WHOLE_FILE_LENT_LEAST 512

/* Lent bytes go away: write out what is still to be. As whole_file_add(). */
int whole_file_take_back(struct whole_file *file);

/* Write out what is buffered. As whole_file_add(). */
int whole_file_flush(struct whole_file *file);

/* Records that count and are in the file, after a flush. */
uint64_t whole_file_count(const struct whole_file *file);

/* Where the next byte goes: bytes in the file, written or not yet. */
uint64_t whole_file_size(const struct whole_file *file);

/* Flush and close; NULL is allowed. As whole_file_add(). */
int whole_file_close(struct whole_file *file);

#endif
