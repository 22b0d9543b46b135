/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A captured packet as it is handed on by a source, live or file.
 */
#ifndef BSNIFF_BASE_FRAME_H
#define BSNIFF_BASE_FRAME_H

#include <stdint.h>

/*
 * When. A file may hold any fraction, also one of more than a second; it is
 * kept as it is, since what is printed and written must be the same.
 */
struct stamp {
	int64_t seconds;     /* since the epoch, UTC */
	int64_t nanoseconds; /* as captured; ordinarily 0 to 999,999,999 */
};

enum direction {
	DIRECTION_UNKNOWN, /* a file does not say */
	DIRECTION_IN,
	DIRECTION_OUT,
};

/* All that is borrowed stays valid until the source is asked again. */
struct frame {
	struct stamp time;
	const uint8_t *data; /* from the link header; borrowed */
	uint32_t caplen;     /* bytes at data */
	uint32_t headroom;   /* bytes in front of it that a writer may use for
				its header, without copying the data */
	uint32_t len;	     /* bytes the packet had */
	int link_type;	     /* a DLT_ value of libpcap */
	uint32_t ifindex;    /* 0: not known */
	enum direction direction;
	uint64_t number; /* 1 for the first frame of the run */
};

static inline int64_t stamp_to_ns(struct stamp stamp)
{
	return stamp.seconds * 1000000000 + stamp.nanoseconds;
}

static inline struct stamp stamp_from_ns(int64_t ns)
{
	struct stamp stamp = {ns / 1000000000, ns % 1000000000};

	if (stamp.nanoseconds < 0) {
		stamp.seconds--;
		stamp.nanoseconds += 1000000000;
	}
	return stamp;
}

#endif
