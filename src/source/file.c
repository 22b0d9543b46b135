/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

#include "src/base/cleanup.h"
#include "src/base/log.h"
#include "src/source/pcap_records.h"

enum {
	FRAMES_A_POLL = 4096,	 /* so that signals are noticed soon */
	READ_BYTES = 128 * 1024, /* at a time: 4 KiB cost 4 times the CPU */
};

struct file {
	struct source source;
	pcap_t *pcap;
	struct pcap_records *records; /* NULL: libpcap reads */
	const struct filter *filter; /* NULL: everything matches */
	uint32_t sample;
	struct tap_counters counters;
	char *path;
	char *buffer; /* stdio's, of READ_BYTES; NULL: it has its own */
};

/* Hand over one packet. False when the sink wants no more. */
static bool file_deliver(struct file *file, const struct source_sink *sink,
			 struct frame *frame)
{
	struct tap_counters *counters = &file->counters;
	uint32_t keep = frame->caplen;

	counters->seen++;
	if (file->filter) {
		keep = filter_run(file->filter, frame);
		counters->too_deep += keep == FILTER_TOO_DEEP;
		if (!keep || keep == FILTER_TOO_DEEP)
			return true;
	}
	counters->matched_bytes += frame->len;
	counters->matched_segments++;
	counters->matched++;
	if (sink->count)
		sink->count(sink->user, frame);
	if (!file->sample || (counters->matched - 1) % file->sample) {
		counters->sampled_out++;
		return true;
	}
	counters->copied++;
	return sink->frame(sink->user, frame);
}

static int next_of_libpcap(struct file *file, struct frame *frame)
{
	struct pcap_pkthdr *header;
	const u_char *data;

	switch (pcap_next_ex(file->pcap, &header, &data)) {
	case 1:
		break;
	case PCAP_ERROR_BREAK:
		return SOURCE_END;
	default:
		log_error("%s: %s", file->path, pcap_geterr(file->pcap));
		return -EIO;
	}
	frame->time = (struct stamp){header->ts.tv_sec, header->ts.tv_usec};
	frame->data = data;
	frame->caplen = header->caplen;
	frame->len = header->len;
	return SOURCE_MORE;
}

/* SOURCE_MORE and the next frame, SOURCE_END, or a negative errno. */
static int next_frame(struct file *file, struct frame *frame)
{
	int result;

	if (!file->records)
		return next_of_libpcap(file, frame);
	result = pcap_records_next(file->records, frame);
	switch (result) {
	case PCAP_RECORDS_ONE:
		return SOURCE_MORE;
	case PCAP_RECORDS_END:
		return SOURCE_END;
	case PCAP_RECORDS_ODD:
		pcap_records_close(file->records);
		file->records = NULL;
		return next_of_libpcap(file, frame);
	default:
		log_error("%s: %s", file->path, strerror(-result));
		return result;
	}
}

static int file_poll(struct source *source, const struct source_sink *sink,
		     int timeout)
{
	struct file *file = (struct file *)source;
	int state = SOURCE_MORE;

	(void)timeout;
	for (int i = 0; i < FRAMES_A_POLL && state == SOURCE_MORE; i++) {
		struct frame frame = {.link_type = source->link_type};

		if (!file->records || !pcap_records_is_near(file->records))
			source_release(sink);
		state = next_frame(file, &frame);
		if (state == SOURCE_MORE && !file_deliver(file, sink, &frame))
			state = SOURCE_END;
	}
	source_release(sink);
	return state;
}

static void file_counters(struct source *source, struct tap_counters *counters)
{
	*counters = ((struct file *)source)->counters;
}

static void file_free(struct source *source)
{
	struct file *file = (struct file *)source;

	pcap_records_close(file->records);
	if (file->pcap)
		pcap_close(file->pcap);
	free(file->buffer);
	free(file->path);
	free(file);
}

static const struct source_ops FILE_OPS = {
	.poll = file_poll,
	.counters = file_counters,
	.free = file_free,
};

/* libpcap reads through stdio, as much at a time as that does. The stream is
 * pcap_close()'s then. Standard input ("-") outlives us, and our buffer too. */
static pcap_t *open_pcap(struct file *file, char reason[PCAP_ERRBUF_SIZE])
{
	bool is_stdin = !strcmp(file->path, "-");
	FILE *stream = is_stdin ? stdin : fopen(file->path, "rbe");
	pcap_t *pcap;

	if (!stream) {
		snprintf(reason, PCAP_ERRBUF_SIZE, "%s", strerror(errno));
		return NULL;
	}
	/* Nobody else reads it: a lock for each packet would cost more than
	 * the bytes. */
	__fsetlocking(stream, FSETLOCKING_BYCALLER);
	if (!is_stdin) {
		/* Without memory for it, a small one does. */
		file->buffer = malloc(READ_BYTES);
		if (file->buffer)
			setvbuf(stream, file->buffer, _IOFBF, READ_BYTES);
	}
	/* Nanoseconds, whatever the file has: scaling up loses nothing. */
	pcap = pcap_fopen_offline_with_tstamp_precision(
		stream, PCAP_TSTAMP_PRECISION_NANO, reason);
	if (!pcap && !is_stdin)
		fclose(stream);
	return pcap;
}

int file_open(struct source **out, const char *path, struct strbuf *error)
{
	char reason[PCAP_ERRBUF_SIZE] = "";
	struct file *file = calloc(1, sizeof(*file));

	if (!file)
		return -ENOMEM;
	file->source.ops = &FILE_OPS;
	file->sample = 1;
	file->path = strdup(path);
	if (file->path)
		file->pcap = open_pcap(file, reason);
	if (!file->path || !file->pcap) {
		/* libpcap begins some of its messages with the file. */
		if (!file->path)
			strbuf_puts(error, "out of memory");
		else if (!strncmp(reason, path, strlen(path)) &&
			 reason[strlen(path)] == ':')
			strbuf_puts(error, reason);
		else
			strbuf_printf(error, "%s: %s", path, reason);
		file_free(&file->source);
		return -EINVAL;
	}
	file->source.link_type = pcap_datalink(file->pcap);
	file->source.snapshot = (uint32_t)pcap_snapshot(file->pcap);
	if (pcap_records_open(&file->records, file->pcap)) {
		strbuf_puts(error, "out of memory");
		file_free(&file->source);
		return -ENOMEM;
	}
	*out = &file->source;
	return 0;
}

void file_set_filter(struct source *source, const struct filter *filter,
		     uint32_t sample)
{
	struct file *file = (struct file *)source;

	file->filter = filter && !filter_matches_all(filter) ? filter : NULL;
	file->sample = sample;
}
