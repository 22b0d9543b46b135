/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/report/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BUFFER = 256 * 1024,
	RECORDS = BUFFER / 16, /* no format has smaller ones */
	VECTORS = 512,	       /* at most UIO_MAXIOV */
};

/* Where a record in the buffer ends. */
struct record_end {
	uint32_t at : 31;
	uint32_t counts : 1;
};

struct whole_file {
	int fd;
	bool unbuffered;
	int failed;	/* the first error, sticky */
	off_t whole;	/* where the last whole record in the file ends */
	uint64_t count; /* records in the file that count */
	size_t length;	/* bytes in the buffer */
	size_t pending; /* bytes in the vectors, the lent ones too */
	size_t waiting; /* records in them */
	size_t vector_count;
	bool lent; /* there are lent bytes among them */
	struct iovec vectors[VECTORS];
	struct record_end ends[RECORDS];
	uint8_t buffer[BUFFER];
};

/* Where the next byte goes: standard output may have been appended to. */
static off_t position_of(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	off_t at = lseek(fd, 0,
			 flags >= 0 && flags & O_APPEND ? SEEK_END : SEEK_CUR);

	return at < 0 ? 0 : at;
}

int whole_file_open(struct whole_file **out, const char *path, bool unbuffered)
{
	struct whole_file *file = calloc(1, sizeof(*file));
	int error;

	if (!file)
		return -ENOMEM;
	file->unbuffered = unbuffered;
	file->fd = STDOUT_FILENO;
	if (strcmp(path, "-"))
		file->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
				0666);
	if (file->fd < 0) {
		error = -errno;
		free(file);
		return error;
	}
	file->whole = position_of(file->fd);
	*out = file;
	return 0;
}

/* Cut off what was written of a record that did not fit. */
static void keep_whole_records(struct whole_file *file)
{
	struct stat status;

	if (!fstat(file->fd, &status) && S_ISREG(status.st_mode) &&
	    status.st_size > file->whole && !ftruncate(file->fd, file->whole))
		lseek(file->fd, file->whole, SEEK_SET);
}

/* Leave out the first @done bytes of @vectors. */
static void skip_written(struct iovec **vectors, size_t *count, size_t done)
{
	while (*count && done >= (*vectors)->iov_len) {
		done -= (*vectors)->iov_len;
		++*vectors;
		--*count;
	}
	if (done) {
		(*vectors)->iov_base = (uint8_t *)(*vectors)->iov_base + done;
		(*vectors)->iov_len -= done;
	}
}

/* Write, and keep the error if it fails. Returns how many bytes went. @vectors
 * are used up. */
static size_t write_all(struct whole_file *file, struct iovec *vectors,
			size_t count)
{
	size_t done = 0;

	while (!file->failed && count) {
		ssize_t n = writev(file->fd, vectors, (int)count);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			file->failed = n ? -errno : -EIO;
			break;
		}
		done += (size_t)n;
		skip_written(&vectors, &count, (size_t)n);
	}
	return done;
}

/* The first @done bytes of what was pending are in the file. */
static void count_whole_records(struct whole_file *file, size_t done)
{
	size_t end = 0;

	for (size_t i = 0; i < file->waiting && file->ends[i].at <= done; i++) {
		end = file->ends[i].at;
		file->count += file->ends[i].counts;
	}
	file->whole += (off_t)end;
}

int whole_file_flush(struct whole_file *file)
{
	size_t done = write_all(file, file->vectors, file->vector_count);

	count_whole_records(file, done);
	if (file->failed)
		keep_whole_records(file);
	file->length = file->pending = 0;
	file->waiting = file->vector_count = 0;
	file->lent = false;
	return file->failed;
}

int whole_file_take_back(struct whole_file *file)
{
	return file->lent ? whole_file_flush(file) : file->failed;
}

/* A record that is larger than the buffer, which is empty. */
static int add_large(struct whole_file *file, const struct iovec *parts,
		     size_t count, bool counts)
{
	size_t length = 0;

	for (size_t i = 0; i < count; i++) {
		struct iovec part = parts[i];

		length += write_all(file, &part, part.iov_len ? 1 : 0);
	}
	if (file->failed) {
		keep_whole_records(file);
		return file->failed;
	}
	file->whole += (off_t)length;
	file->count += counts;
	return 0;
}

/* @bytes as they lie, behind what is pending. */
static void append(struct whole_file *file, uint8_t *bytes, size_t length)
{
	struct iovec *last = file->vector_count
				     ? &file->vectors[file->vector_count - 1]
				     : NULL;

	if (last && (uint8_t *)last->iov_base + last->iov_len == bytes)
		last->iov_len += length;
	else
		file->vectors[file->vector_count++] =
			(struct iovec){bytes, length};
	file->pending += length;
}

static void append_copy(struct whole_file *file, const struct iovec *part)
{
	uint8_t *copy = file->buffer + file->length;

	memcpy(copy, part->iov_base, part->iov_len);
	file->length += part->iov_len;
	append(file, copy, part->iov_len);
}

/* What is pending now ends with a whole record. */
static int end_record(struct whole_file *file, bool counts)
{
	file->ends[file->waiting++] = (struct record_end){
		.at = (uint32_t)file->pending & 0x7fffffff, .counts = counts};
	return file->unbuffered && counts ? whole_file_flush(file) : 0;
}

static bool has_room(const struct whole_file *file, size_t need)
{
	return file->length + need <= BUFFER && file->waiting < RECORDS &&
	       file->vector_count + 2 <= VECTORS;
}

int whole_file_add(struct whole_file *file, const struct iovec *parts,
		   size_t count, unsigned int what)
{
	bool counts = what & WHOLE_FILE_COUNTS;
	size_t need = 0;

	for (size_t i = 0; i < count; i++)
		need += parts[i].iov_len;
	if (!has_room(file, need))
		whole_file_flush(file);
	if (file->failed)
		return file->failed;
	if (need > BUFFER)
		return add_large(file, parts, count, counts);
	for (size_t i = 0; i < count; i++) {
		if (!parts[i].iov_len)
			continue;
		if (what & WHOLE_FILE_LENDS && i == count - 1 &&
		    parts[i].iov_len >= WHOLE_FILE_LENT_LEAST) {
			append(file, parts[i].iov_base, parts[i].iov_len);
			file->lent = true;
		} else {
			append_copy(file, &parts[i]);
		}
	}
	return end_record(file, counts);
}

uint8_t *whole_file_reserve(struct whole_file *file, size_t length)
{
	if (!has_room(file, length))
		whole_file_flush(file);
	return file->failed || length > BUFFER ? NULL
					       : file->buffer + file->length;
}

int whole_file_keep(struct whole_file *file, size_t length, unsigned int what)
{
	append(file, file->buffer + file->length, length);
	file->length += length;
	return end_record(file, what & WHOLE_FILE_COUNTS);
}

uint64_t whole_file_count(const struct whole_file *file)
{
	return file->count;
}

uint64_t whole_file_size(const struct whole_file *file)
{
	return (uint64_t)file->whole + file->pending;
}

int whole_file_close(struct whole_file *file)
{
	int error;

	if (!file)
		return 0;
	error = whole_file_flush(file);
	if (file->fd > STDOUT_FILENO && close(file->fd) && !error)
		error = -errno;
	free(file);
	return error;
}
