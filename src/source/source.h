/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A source of packets: a tap in this machine's kernel, or a file. The pipeline
 * asks it again and again; what it has goes to the sink.
 */
#ifndef BSNIFF_SOURCE_SOURCE_H
#define BSNIFF_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/contract.h"
#include "src/base/frame.h"

struct source;

/* Who takes what a source has. What is handed over is borrowed for the call. */
struct source_sink {
	void *user;
	/* A packet that was matched and sampled; who takes it gives it its
	 * number. Returns false to get no more of them, in this poll and in
	 * later ones. */
	bool (*frame)(void *user, struct frame *frame);
	/* The bytes of the frames handed over so far go away: they are
	 * borrowed until then. A file does it once for many. */
	void (*release)(void *user);
	/* What the kernel has counted; live sources only. */
	void (*delta)(void *user, const struct flow_delta *delta);
	/* All deltas up to some moment have been handed over. */
	void (*settled)(void *user);
	/* A matched packet that nobody has counted yet; files only. */
	void (*count)(void *user, const struct frame *frame);
};

enum source_state {
	SOURCE_MORE,	/* ask again */
	SOURCE_END,	/* nothing will come any more: end of the file */
	SOURCE_STOPPED, /* the interface went away; the source has said so */
};

struct source_ops {
	int (*poll)(struct source *source, const struct source_sink *sink,
		    int timeout);
	int (*flush)(struct source *source);
	int (*stop)(struct source *source, const struct source_sink *sink);
	void (*counters)(struct source *source, struct tap_counters *counters);
	void (*free)(struct source *source);
};

static inline void source_release(const struct source_sink *sink)
{
	if (sink->release)
		sink->release(sink->user);
}

/* The part that is common to all; embedded first in each source. */
struct source {
	const struct source_ops *ops;
	int link_type;	      /* a DLT_ value */
	uint32_t snapshot;    /* bytes kept of a packet, at most */
	bool nanoseconds;     /* times have more than microseconds */
	int64_t clock_offset; /* ns to add to a delta's times: epoch - time */
};

/*
 * Hand over what there is; wait for up to @timeout ms (-1: for ever, 0: not at
 * all) if there is nothing. Returns an enum source_state, or a negative errno
 * after having logged why.
 */
static inline int source_poll(struct source *source,
			      const struct source_sink *sink, int timeout)
{
	return source->ops->poll(source, sink, timeout);
}

/* Ask for the flow deltas that are still in the kernel: one of the next polls
 * hands them over. 0 or -errno. */
static inline int source_flush(struct source *source)
{
	return source->ops->flush ? source->ops->flush(source) : 0;
}

/* Detach, then hand over everything that was seen before. 0 or -errno. */
static inline int source_stop(struct source *source,
			      const struct source_sink *sink)
{
	return source->ops->stop ? source->ops->stop(source, sink) : 0;
}

/* The sum over all CPUs. Final after source_stop(). */
static inline void source_counters(struct source *source,
				   struct tap_counters *counters)
{
	source->ops->counters(source, counters);
}

static inline void source_free(struct source *source)
{
	if (source)
		source->ops->free(source);
}

#endif
