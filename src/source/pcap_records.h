/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The records of an ordinary pcap file, by large reads: a regular file in this
 * machine's byte order. libpcap opens the file and knows its header, and
 * takes over at the first record that is not ordinary (one that is cut short,
 * larger than the file's snapshot length, at an odd time), so that whatever is
 * to be said of it is said by one voice.
 */
#ifndef BSNIFF_SOURCE_PCAP_RECORDS_H
#define BSNIFF_SOURCE_PCAP_RECORDS_H

#include <pcap/pcap.h>
#include <stdbool.h>

#include "src/base/frame.h"

struct pcap_records;

/*
 * Records of the file that @pcap (borrowed) has opened and read nothing of.
 * 0 and the caller's *@records; NULL there if the file is not ordinary, and
 * libpcap must read it. Or -ENOMEM.
 */
int pcap_records_open(struct pcap_records **records, pcap_t *pcap);
void pcap_records_close(struct pcap_records *records);

enum {
	PCAP_RECORDS_END,
	PCAP_RECORDS_ONE,
	PCAP_RECORDS_ODD, /* go on with libpcap, which stands in front of it */
};

/* Will the next record leave the bytes of those before where they are? */
bool pcap_records_is_near(const struct pcap_records *records);

/* The next record into @frame, whose time, data and lengths are set. The bytes
 * are valid until a record that is not near is asked for. One of the above, or
 * a negative errno. */
int pcap_records_next(struct pcap_records *records, struct frame *frame);

#endif
