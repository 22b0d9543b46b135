/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writing packets to a pcap file (the format is in pcap-savefile(5)), so that
 * the file is valid up to its last whole packet whatever happens.
 */
#ifndef BSNIFF_REPORT_PCAP_WRITER_H
#define BSNIFF_REPORT_PCAP_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/frame.h"
#include "src/base/strbuf.h"

struct pcap_writer;

struct pcap_writer_options {
	const char *path; /* "-": standard output */
	int link_type;	  /* a DLT_ value */
	uint32_t snapshot;
	bool nanoseconds; /* else microseconds */
	bool unbuffered;  /* -U: each packet is written at once */
};

/* 0 and the caller's *@writer; or a negative errno and a line in @error. */
int pcap_writer_open(struct pcap_writer **writer,
		     const struct pcap_writer_options *options,
		     struct strbuf *error);

/*
 * Add a packet. 0, or a negative errno, after which the file ends with the
 * last packet that fitted and nothing more can be written.
 */
int pcap_writer_put(struct pcap_writer *writer, const struct frame *frame);

/* Write out what is buffered. As pcap_writer_put(). */
int pcap_writer_flush(struct pcap_writer *writer);

/* Packets that are in the file, after a flush. */
uint64_t pcap_writer_count(const struct pcap_writer *writer);

/* Flush and close; NULL is allowed. As pcap_writer_put(). */
int pcap_writer_close(struct pcap_writer *writer);

#endif
