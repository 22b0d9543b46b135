/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/report/pcap_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include "src/base/cleanup.h"

enum {
	BUFFER = 256 * 1024,
};

/* In the byte order of this machine, as pcap-savefile(5) wants. */
struct packet_header {
	uint32_t seconds;
	uint32_t fraction;
	uint32_t caplen;
	uint32_t len;
};

struct pcap_writer {
	struct pcap_writer_options options;
	int fd;
	int failed;	  /* the first error, sticky */
	off_t written;	  /* bytes of whole packets in the file */
	uint64_t in_file; /* packets in the file */
	uint64_t waiting; /* packets in the buffer */
	size_t length;
	uint8_t buffer[BUFFER];
};

static void free_dead(pcap_t **pcap)
{
	if (*pcap)
		pcap_close(*pcap);
}

/* The file header comes from libpcap, which knows what each link type is
 * called in a file. */
static int put_file_header(struct pcap_writer *writer)
{
	_cleanup_(free_dead) pcap_t *dead =
		pcap_open_dead_with_tstamp_precision(
			writer->options.link_type,
			(int)writer->options.snapshot,
			writer->options.nanoseconds
				? PCAP_TSTAMP_PRECISION_NANO
				: PCAP_TSTAMP_PRECISION_MICRO);
	_cleanup_free_ char *bytes = NULL;
	size_t length = 0;
	FILE *memory = open_memstream(&bytes, &length);
	pcap_dumper_t *dumper;

	if (!dead || !memory)
		return -ENOMEM;
	dumper = pcap_dump_fopen(dead, memory);
	if (!dumper) {
		fclose(memory);
		return -EINVAL;
	}
	pcap_dump_close(dumper);
	memcpy(writer->buffer, bytes, length);
	writer->length = length;
	return 0;
}

/* Cut off what was written of a packet that did not fit. */
static void keep_whole_packets(struct pcap_writer *writer)
{
	struct stat status;

	if (!fstat(writer->fd, &status) && S_ISREG(status.st_mode) &&
	    status.st_size > writer->written &&
	    !ftruncate(writer->fd, writer->written))
		lseek(writer->fd, writer->written, SEEK_SET);
}

/* How many of the first @n bytes of the buffer are whole packets. */
static size_t whole_packets(struct pcap_writer *writer, size_t n)
{
	size_t at = writer->written ? 0 : sizeof(struct pcap_file_header);

	if (n < at)
		return 0;
	while (writer->waiting) {
		struct packet_header header;
		size_t next;

		if (n - at < sizeof(header))
			break;
		memcpy(&header, writer->buffer + at, sizeof(header));
		next = at + sizeof(header) + header.caplen;
		if (next > n)
			break;
		at = next;
		writer->in_file++;
		writer->waiting--;
	}
	return at;
}

/* Write, and keep the error if it fails. Returns how many bytes went. */
static size_t write_all(struct pcap_writer *writer, const uint8_t *bytes,
			size_t length)
{
	size_t done = 0;

	while (!writer->failed && done < length) {
		ssize_t n = write(writer->fd, bytes + done, length - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			writer->failed = n ? -errno : -EIO;
		else
			done += (size_t)n;
	}
	return done;
}

int pcap_writer_flush(struct pcap_writer *writer)
{
	size_t done = write_all(writer, writer->buffer, writer->length);

	writer->written += (off_t)whole_packets(writer, done);
	if (writer->failed)
		keep_whole_packets(writer);
	writer->length = 0;
	return writer->failed;
}

/* A packet that is larger than the buffer, which is empty. */
static int put_large(struct pcap_writer *writer,
		     const struct packet_header *header,
		     const struct frame *frame)
{
	const uint8_t *bytes = (const uint8_t *)header;

	write_all(writer, bytes, sizeof(*header));
	write_all(writer, frame->data, frame->caplen);
	if (writer->failed) {
		keep_whole_packets(writer);
		return writer->failed;
	}
	writer->written += (off_t)(sizeof(*header) + frame->caplen);
	writer->in_file++;
	return 0;
}

int pcap_writer_put(struct pcap_writer *writer, const struct frame *frame)
{
	struct packet_header header = {
		.seconds = (uint32_t)frame->time.seconds,
		.fraction =
			(uint32_t)(writer->options.nanoseconds
					   ? frame->time.nanoseconds
					   : frame->time.nanoseconds / 1000),
		.caplen = frame->caplen,
		.len = frame->len,
	};
	size_t need = sizeof(header) + frame->caplen;

	if (writer->length + need > BUFFER && pcap_writer_flush(writer))
		return writer->failed;
	if (writer->failed)
		return writer->failed;
	if (need > BUFFER)
		return put_large(writer, &header, frame);
	memcpy(writer->buffer + writer->length, &header, sizeof(header));
	memcpy(writer->buffer + writer->length + sizeof(header), frame->data,
	       frame->caplen);
	writer->length += need;
	writer->waiting++;
	return writer->options.unbuffered ? pcap_writer_flush(writer) : 0;
}

uint64_t pcap_writer_count(const struct pcap_writer *writer)
{
	return writer->in_file;
}

int pcap_writer_open(struct pcap_writer **out,
		     const struct pcap_writer_options *options,
		     struct strbuf *error)
{
	struct pcap_writer *writer = calloc(1, sizeof(*writer));
	int result;

	if (!writer)
		return -ENOMEM;
	writer->options = *options;
	writer->fd = STDOUT_FILENO;
	if (strcmp(options->path, "-"))
		writer->fd =
			open(options->path,
			     O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (writer->fd < 0)
		result = -errno;
	else
		result = put_file_header(writer);
	/* Now, so that a full disk is noticed before the capture begins. */
	if (!result)
		result = pcap_writer_flush(writer);
	if (result) {
		strbuf_printf(error, "%s: %s", options->path,
			      strerror(-result));
		pcap_writer_close(writer);
		return result;
	}
	*out = writer;
	return 0;
}

int pcap_writer_close(struct pcap_writer *writer)
{
	int error;

	if (!writer)
		return 0;
	error = writer->fd < 0 ? 0 : pcap_writer_flush(writer);
	if (writer->fd > STDOUT_FILENO && close(writer->fd) && !error)
		error = -errno;
	free(writer);
	return error;
}
