/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writing packets to a capture file, so that the file is valid up to its last
 * whole packet whatever happens: pcap (pcap-savefile(5)) or pcapng
 * (draft-ietf-opsawg-pcapng; see src/report/pcapng_writer.h for what of it).
 */
#ifndef BSNIFF_REPORT_PCAP_WRITER_H
#define BSNIFF_REPORT_PCAP_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/frame.h"
#include "src/base/strbuf.h"

struct pcap_writer;

/* What only pcapng has room for. Text is borrowed, NULL or "" is left out. */
struct pcapng_options {
	const char *program;	  /* that writes, with its version */
	const char *filter;	  /* a pcap expression */
	const char *device;	  /* the interface that is captured on */
	uint32_t ifindex;	  /* of it; 0: it stands for several */
	/* The name of another interface; NULL, or a result of NULL: not known.
	 */
	const char *(*interface_name)(uint32_t ifindex, void *context);
	/* Appends what is to be said of a packet, in UTF-8. NULL: nothing. */
	void (*put_comment)(struct strbuf *out, const struct frame *frame,
			    void *context);
	void *context;
};

struct pcap_writer_options {
	const char *path; /* "-": standard output */
	int link_type;	  /* a DLT_ value */
	uint32_t snapshot;
	bool nanoseconds;		     /* else microseconds */
	bool unbuffered;		     /* -U: each packet at once */
	const struct pcapng_options *pcapng; /* NULL: pcap; copied */
};

/* What became of the packets, for pcapng. */
struct pcap_counters {
	uint64_t seen;	      /* that came to where we look */
	uint64_t missed;      /* that the device had no room for */
	uint64_t matched;     /* of those seen, by the filter */
	uint64_t dropped;     /* of those matched: no room, not readable */
	uint64_t sampled_out; /* of those matched: not wanted */
};

/* 0 and the caller's *@writer; or a negative errno and a line in @error. */
int pcap_writer_open(struct pcap_writer **writer,
		     const struct pcap_writer_options *options,
		     struct strbuf *error);

/*
 * Add a packet; its bytes must stay until pcap_writer_release(). 0, or a
 * negative errno, after which the file ends with the last packet that fitted and
 * nothing more can be written.
 */
int pcap_writer_put(struct pcap_writer *writer, const struct frame *frame);

/* The bytes of the packets go away. As pcap_writer_put(). */
int pcap_writer_release(struct pcap_writer *writer);

/* Add a name of an address (@family 4: 4 bytes, 6: 16), and what became of the
 * packets. A pcap file has no place for them. As pcap_writer_put(). */
int pcap_writer_put_name(struct pcap_writer *writer, const uint8_t *address,
			 uint8_t family, const char *name);
int pcap_writer_put_counters(struct pcap_writer *writer,
			     const struct pcap_counters *counters);

/* Write out what is buffered. As pcap_writer_put(). */
int pcap_writer_flush(struct pcap_writer *writer);

/* Packets that are in the file, after a flush. */
uint64_t pcap_writer_count(const struct pcap_writer *writer);

/* Bytes in the file, written or not yet. */
uint64_t pcap_writer_size(const struct pcap_writer *writer);

/* Flush and close; NULL is allowed. As pcap_writer_put(). */
int pcap_writer_close(struct pcap_writer *writer);

#endif
