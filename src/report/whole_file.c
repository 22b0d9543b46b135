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
	size_t length;
	size_t waiting; /* records in the buffer */
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
		file->fd =
			open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
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
	    status.st_size > file->whole &&
	    !ftruncate(file->fd, file->whole))
		lseek(file->fd, file->whole, SEEK_SET);
}

/* Write, and keep the error if it fails. Returns how many bytes went. */
static size_t write_all(struct whole_file *file, const uint8_t *bytes,
			size_t length)
{
	size_t done = 0;

	while (!file->failed && done < length) {
		ssize_t n = write(file->fd, bytes + done, length - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			file->failed = n ? -errno : -EIO;
		else
			done += (size_t)n;
	}
	return done;
}

/* The first @done bytes of the buffer are in the file. */
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
	size_t done = write_all(file, file->buffer, file->length);

	count_whole_records(file, done);
	if (file->failed)
		keep_whole_records(file);
	file->length = 0;
	file->waiting = 0;
	return file->failed;
}

/* A record that is larger than the buffer, which is empty. */
static int add_large(struct whole_file *file, const struct iovec *parts,
		     size_t count, bool counts)
{
	size_t length = 0;

	for (size_t i = 0; i < count; i++)
		length += write_all(file, parts[i].iov_base, parts[i].iov_len);
	if (file->failed) {
		keep_whole_records(file);
		return file->failed;
	}
	file->whole += (off_t)length;
	file->count += counts;
	return 0;
}

int whole_file_add(struct whole_file *file, const struct iovec *parts,
		   size_t count, bool counts)
{
	size_t need = 0;

	for (size_t i = 0; i < count; i++)
		need += parts[i].iov_len;
	if (file->length + need > BUFFER || file->waiting == RECORDS)
		whole_file_flush(file);
	if (file->failed)
		return file->failed;
	if (need > BUFFER)
		return add_large(file, parts, count, counts);
	for (size_t i = 0; i < count; i++) {
		if (!parts[i].iov_len)
			continue;
		memcpy(file->buffer + file->length, parts[i].iov_base,
		       parts[i].iov_len);
		file->length += parts[i].iov_len;
	}
	file->ends[file->waiting++] = (struct record_end){
		.at = (uint32_t)file->length & 0x7fffffff, .counts = counts};
	return file->unbuffered && counts ? whole_file_flush(file) : 0;
}

uint64_t whole_file_count(const struct whole_file *file)
{
	return file->count;
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
