/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * When -w goes on with another file (-C, -G, -W), what that is called, and who
 * is told of the one before (-z), as tcpdump has it: asked before each packet,
 * so that a file may be larger than -C by a packet, and one that is due waits
 * for the next packet.
 */
#ifndef BSNIFF_ROTATION_H
#define BSNIFF_ROTATION_H

#include <stdint.h>
#include <time.h>

#include "src/base/strbuf.h"
#include "src/options.h"

struct rotation {
	const struct options *options; /* borrowed */
	time_t since;	  /* seconds since the epoch: this -G file's start */
	uint64_t by_time; /* files that -G has ended */
	uint64_t by_size; /* those of -C since then; with -W from 0 again */
};

enum rotation_step {
	ROTATION_STAY,
	ROTATION_NEXT, /* to the file that rotation_put_path() names now */
	ROTATION_END,  /* there are as many as -W allows */
};

void rotation_begin(struct rotation *rotation, const struct options *options);

/* Put the present file's path. 0 or -EINVAL: there is none of -G's format. */
int rotation_put_path(const struct rotation *rotation, struct strbuf *out);

/* What to do before another packet; the file holds @size bytes. */
enum rotation_step rotation_step(struct rotation *rotation, uint64_t size);

/* Start -z's command, if there is one, for the file @path, which is closed. It
 * runs beside us. */
void rotation_hand_over(const struct rotation *rotation, const char *path);

#endif
