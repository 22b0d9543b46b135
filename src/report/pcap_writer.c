/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/report/pcap_writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

#include "src/base/cleanup.h"
#include "src/report/pcapng_writer.h"
#include "src/report/whole_file.h"

/* In the byte order of this machine, as pcap-savefile(5) wants. */
struct packet_header {
	uint32_t seconds;
	uint32_t fraction;
	uint32_t caplen;
	uint32_t len;
};

struct pcap_writer {
	struct whole_file *file;
	struct pcapng_writer *pcapng; /* NULL: a pcap file */
	bool nanoseconds;
};

static void free_dead(pcap_t **pcap)
{
	if (*pcap)
		pcap_close(*pcap);
}

/* The file header comes from libpcap, which knows what each link type is
 * called in a file. */
static int make_file_header(const struct pcap_writer_options *options,
			    struct pcap_file_header *header)
{
	_cleanup_(free_dead) pcap_t *dead =
		pcap_open_dead_with_tstamp_precision(
			options->link_type, (int)options->snapshot,
			options->nanoseconds ? PCAP_TSTAMP_PRECISION_NANO
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
	memcpy(header, bytes, sizeof(*header));
	return 0;
}

static int begin(struct pcap_writer *writer,
		 const struct pcap_writer_options *options)
{
	struct pcap_file_header header;
	const struct iovec part = {&header, sizeof(header)};
	int error = make_file_header(options, &header);

	if (error)
		return error;
	error = whole_file_open(&writer->file, options->path,
				options->unbuffered);
	if (error)
		return error;
	if (options->pcapng)
		error = pcapng_writer_new(&writer->pcapng, writer->file,
					  options, header.linktype & 0xffff);
	else
		error = whole_file_add(writer->file, &part, 1, 0);
	/* Now, so that a full disk is noticed before the capture begins. */
	return error ? error : whole_file_flush(writer->file);
}

int pcap_writer_open(struct pcap_writer **out,
		     const struct pcap_writer_options *options,
		     struct strbuf *error)
{
	struct pcap_writer *writer = calloc(1, sizeof(*writer));
	int result;

	if (!writer)
		return -ENOMEM;
	writer->nanoseconds = options->nanoseconds;
	result = begin(writer, options);
	if (result) {
		strbuf_printf(error, "%s: %s", options->path,
			      strerror(-result));
		pcap_writer_close(writer);
		return result;
	}
	*out = writer;
	return 0;
}

static struct packet_header header_of(const struct pcap_writer *writer,
				      const struct frame *frame)
{
	return (struct packet_header){
		.seconds = (uint32_t)frame->time.seconds,
		.fraction =
			(uint32_t)(writer->nanoseconds
					   ? frame->time.nanoseconds
					   : frame->time.nanoseconds / 1000),
		.caplen = frame->caplen,
		.len = frame->len,
	};
}

/* Short ones are copied into the file's buffer, behind their header. */
static bool put_short(struct pcap_writer *writer, const struct frame *frame,
		      int *result)
{
	struct packet_header header = header_of(writer, frame);
	size_t length = sizeof(header) + frame->caplen;
	uint8_t *to = length < WHOLE_FILE_LENT_LEAST
			      ? whole_file_reserve(writer->file, length)
			      : NULL;

	if (!to)
		return false;
	memcpy(to, &header, sizeof(header));
	memcpy(to + sizeof(header), frame->data, frame->caplen);
	*result = whole_file_keep(writer->file, length, WHOLE_FILE_COUNTS);
	return true;
}

int pcap_writer_put(struct pcap_writer *writer, const struct frame *frame)
{
	struct packet_header header;
	const struct iovec parts[] = {
		{&header, sizeof(header)},
		{(void *)frame->data, frame->caplen},
	};
	int result;

	if (writer->pcapng)
		return pcapng_writer_put(writer->pcapng, frame);
	if (put_short(writer, frame, &result))
		return result;
	header = header_of(writer, frame);
	if (frame->headroom >= sizeof(header)) {
		uint8_t *whole = (uint8_t *)frame->data - sizeof(header);
		const struct iovec part = {whole,
					   sizeof(header) + frame->caplen};

		memcpy(whole, &header, sizeof(header));
		return whole_file_add(writer->file, &part, 1,
				      WHOLE_FILE_COUNTS | WHOLE_FILE_LENDS);
	}
	return whole_file_add(writer->file, parts, ARRAY_SIZE(parts),
			      WHOLE_FILE_COUNTS | WHOLE_FILE_LENDS);
}

int pcap_writer_release(struct pcap_writer *writer)
{
	return whole_file_take_back(writer->file);
}

int pcap_writer_put_name(struct pcap_writer *writer, const uint8_t *address,
			 uint8_t family, const char *name)
{
	return writer->pcapng ? pcapng_writer_put_name(writer->pcapng, address,
						       family, name)
			      : 0;
}

int pcap_writer_put_counters(struct pcap_writer *writer,
			     const struct pcap_counters *counters)
{
	return writer->pcapng
		       ? pcapng_writer_put_counters(writer->pcapng, counters)
		       : 0;
}

int pcap_writer_flush(struct pcap_writer *writer)
{
	return whole_file_flush(writer->file);
}

uint64_t pcap_writer_count(const struct pcap_writer *writer)
{
	return whole_file_count(writer->file);
}

uint64_t pcap_writer_size(const struct pcap_writer *writer)
{
	return whole_file_size(writer->file);
}

int pcap_writer_close(struct pcap_writer *writer)
{
	int error;

	if (!writer)
		return 0;
	pcapng_writer_free(writer->pcapng);
	error = whole_file_close(writer->file);
	free(writer);
	return error;
}
