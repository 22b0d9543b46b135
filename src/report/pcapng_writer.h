/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The blocks of a pcapng file (draft-ietf-opsawg-pcapng), in the byte order of
 * this machine:
 *
 *   - the section header: machine, system and program;
 *   - interface 0, which is captured on, at once; each other that a packet
 *     names (`any`) before its first packet. Name, link type, snapshot length,
 *     resolution of times (10^-9 or 10^-6 s), system, filter;
 *   - an enhanced packet block a packet: its direction, where it is known, and
 *     a comment, where there is one;
 *   - name resolution blocks, behind the packet that gave the name;
 *   - at the end an interface statistics block for each interface: of all,
 *     when it was and how many packets are here; of interface 0 what became of
 *     those that were seen.
 *
 * For src/report/pcap_writer.c only.
 */
#ifndef BSNIFF_REPORT_PCAPNG_WRITER_H
#define BSNIFF_REPORT_PCAPNG_WRITER_H

#include "src/report/pcap_writer.h"
#include "src/report/whole_file.h"

struct pcapng_writer;

/*
 * Begin: section and interface 0 go into @file (borrowed). @link_type: as files
 * have it (LINKTYPE_). 0 and the caller's *@writer, or a negative errno.
 */
int pcapng_writer_new(struct pcapng_writer **writer, struct whole_file *file,
		      const struct pcap_writer_options *options,
		      uint32_t link_type);
void pcapng_writer_free(struct pcapng_writer *writer); /* NULL is allowed */

/* As those of pcap_writer.h. */
int pcapng_writer_put(struct pcapng_writer *writer, const struct frame *frame);
int pcapng_writer_put_name(struct pcapng_writer *writer,
			   const uint8_t *address, uint8_t family,
			   const char *name);
int pcapng_writer_put_counters(struct pcapng_writer *writer,
			       const struct pcap_counters *counters);

#endif
