/* SPDX-License-Identifier: BSD-3-Clause */
/* The format: draft-ietf-opsawg-pcap. */
#include "src/source/pcap_records.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FILE_HEADER = 24,
	BUFFER = 256 * 1024, /* stays in the cache of the CPU */
	LARGEST = BUFFER / 2,
	MAGIC_MICRO = (int)0xa1b2c3d4,
	MAGIC_NANO = (int)0xa1b23c4d,
};

struct record {
	uint32_t seconds, fraction, captured, length;
};

struct pcap_records {
	pcap_t *pcap;
	int fd;
	off_t read; /* in the file: behind what is in the buffer */
	uint32_t largest;
	uint32_t unit, units; /* nanoseconds a fraction; fractions a second */
	size_t at, end;	      /* in the buffer */
	bool at_end;
	uint8_t buffer[BUFFER];
};

/* libpcap changes what some link types hold. */
static bool is_plain_link(int type)
{
	return type != DLT_USB_LINUX && type != DLT_USB_LINUX_MMAPPED;
}

/* The file's magic number and version; false if they cannot be had. */
static bool read_head(int fd, uint32_t *magic, uint16_t version[2])
{
	uint8_t head[8];

	if (pread(fd, head, sizeof(head), 0) != sizeof(head))
		return false;
	memcpy(magic, head, 4);
	memcpy(version, head + 4, 4);
	return true;
}

int pcap_records_open(struct pcap_records **records, pcap_t *pcap)
{
	FILE *file = pcap_file(pcap);
	struct pcap_records *r;
	struct stat status;
	uint32_t magic;
	uint16_t version[2];
	int fd;

	*records = NULL;
	fd = file ? fileno(file) : -1;
	/* Of a file that somebody else has begun to read, where is not known. */
	if (fd < 0 || file == stdin || fstat(fd, &status) ||
	    !S_ISREG(status.st_mode) || !read_head(fd, &magic, version))
		return 0;
	if ((magic != (uint32_t)MAGIC_MICRO && magic != (uint32_t)MAGIC_NANO) ||
	    version[0] != 2 || version[1] != 4 ||
	    !is_plain_link(pcap_datalink(pcap)) || pcap_snapshot(pcap) <= 0)
		return 0;
	r = malloc(sizeof(*r));
	if (!r)
		return -ENOMEM;
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	r->pcap = pcap;
	r->fd = fd;
	r->read = FILE_HEADER;
	r->largest = (uint32_t)pcap_snapshot(pcap);
	if (r->largest > LARGEST)
		r->largest = LARGEST;
	r->unit = magic == (uint32_t)MAGIC_NANO ? 1 : 1000;
	r->units = 1000000000 / r->unit;
	r->at = 0;
	r->end = 0;
	r->at_end = false;
	*records = r;
	return 0;
}

void pcap_records_close(struct pcap_records *r)
{
	free(r);
}

/* Have @n bytes (at most LARGEST and a header) in the buffer, fewer at the
 * end of the file. 0 or a negative errno. */
static int fill(struct pcap_records *r, size_t n)
{
	if (r->at_end)
		return 0;
	memmove(r->buffer, r->buffer + r->at, r->end - r->at);
	r->end -= r->at;
	r->at = 0;
	while (r->end < n) {
		ssize_t got = pread(r->fd, r->buffer + r->end,
				    sizeof(r->buffer) - r->end, r->read);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got) {
			r->at_end = true;
			break;
		}
		r->end += (size_t)got;
		r->read += got;
	}
	return 0;
}

static int leave(struct pcap_records *r)
{
	off_t here = r->read - (off_t)(r->end - r->at);

	return fseeko(pcap_file(r->pcap), here, SEEK_SET) ? -errno
							   : PCAP_RECORDS_ODD;
}

static bool is_odd(const struct pcap_records *r, const struct record *record)
{
	return record->captured > r->largest || record->fraction >= r->units ||
	       record->seconds > INT32_MAX;
}

bool pcap_records_is_near(const struct pcap_records *r)
{
	struct record record;
	size_t left = r->end - r->at;

	if (left < sizeof(record))
		return false;
	memcpy(&record, r->buffer + r->at, sizeof(record));
	return !is_odd(r, &record) && left - sizeof(record) >= record.captured;
}

int pcap_records_next(struct pcap_records *r, struct frame *frame)
{
	struct record record;
	size_t whole;
	int error;

	if (r->end - r->at < sizeof(record)) {
		error = fill(r, sizeof(record));
		if (error)
			return error;
		if (r->end == r->at)
			return PCAP_RECORDS_END;
		if (r->end - r->at < sizeof(record))
			return leave(r);
	}
	memcpy(&record, r->buffer + r->at, sizeof(record));
	if (is_odd(r, &record))
		return leave(r);
	whole = sizeof(record) + record.captured;
	if (r->end - r->at < whole) {
		error = fill(r, whole);
		if (error)
			return error;
		if (r->end - r->at < whole)
			return leave(r);
	}
	frame->time = (struct stamp){record.seconds,
				     (int64_t)record.fraction * r->unit};
	frame->data = r->buffer + r->at + sizeof(record);
	frame->caplen = record.captured;
	frame->len = record.length;
	r->at += whole;
	return PCAP_RECORDS_ONE;
}
