/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The tap, loaded: the kernel programs of bpf/tap.bpf.c with a filter linked
 * in, their maps mapped into this process. Where it is attached is the matter
 * of src/source/hook.h.
 */
#ifndef BSNIFF_SOURCE_TAP_H
#define BSNIFF_SOURCE_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/contract.h"
#include "filters/filter.h"
#include "src/base/strbuf.h"
#include "src/source/tap_ring.h"

struct ring;
struct tap;

struct tap_options {
	struct tap_config config;
	const struct filter *filter; /* borrowed as long as the tap is loaded */
	enum filter_backend backend;
	bool begins_early; /* load what a socket begins with; the tap itself comes
			      by tap_load_behind() */
	int owners; /* with config.filter_owners: the map of socket storage */
	size_t packet_ring; /* bytes a CPU, 2^n pages; 0: none */
	size_t delta_ring;  /* bytes a CPU, 2^n pages; 0: none */
	bool verbose; /* when the verifier refuses: with its log, each line
			 after a newline */
};

/*
 * Link the filter into the tap and load it. On success 0 and *@tap is the
 * caller's. On failure a negative errno and perhaps a line in @error.
 */
int tap_load(struct tap **tap, const struct tap_options *options,
	     struct strbuf *error);
void tap_free(struct tap *tap);

/*
 * With begins_early, when that is at work: begin to load the rest. The gates are
 * loaded when this returns, the tap itself when tap_load_behind_finish() does.
 * May be called by another thread than the one that reads the rings. 0, or a
 * negative errno and perhaps a line in @error.
 */
int tap_load_behind(struct tap *tap, struct strbuf *error);
int tap_load_behind_finish(struct tap *tap, struct strbuf *error);

/* The programs there are, by what they are for. */
enum tap_group {
	TAP_GROUP_TAP,	 /* the tap */
	TAP_GROUP_FIRST, /* with begins_early: a socket's until the tap is there */
	TAP_GROUP_GATE,	 /* with begins_early: what goes before it to TCX */
	TAP_GROUP_LONG,	 /* stages; not to be attached */
};

/* The program for a direction, one of those in config.directions; a socket's is
 * for both. Owned by the tap. */
int tap_program_fd(const struct tap *tap, enum tap_group group,
		   enum tap_direction direction);

/* A map of bpf/tap_maps.h, by name. Owned by the tap. */
int tap_map_fd(const struct tap *tap, const char *name);

/* The page that both sides write; see bpf/contract.h. */
struct tap_control *tap_control_page(struct tap *tap);

/* The rings, one a CPU; *@count says how many. Owned by the tap. */
struct tap_ring *tap_packet_rings(struct tap *tap, size_t *count);
struct tap_ring *tap_delta_rings(struct tap *tap, size_t *count);

/* Its descriptor becomes readable when the reader is to be woken; what is in it
 * means nothing. Owned by the tap. */
struct ring *tap_bell(struct tap *tap);

/* The sum over all CPUs. */
void tap_counters_read(const struct tap *tap, struct tap_counters *sum);

typedef void tap_delta_fn(void *user, const struct flow_delta *delta);

/*
 * Hand over and empty what the flow caches hold, in two steps, since in between
 * one has to wait (some 10 ms) until no program works any more on the half that
 * was being filled. Nothing is lost or counted twice.
 */
int tap_flush_begin(struct tap *tap); /* 0, or a negative errno */
bool tap_flush_is_ready(const struct tap *tap);
void tap_flush_finish(struct tap *tap, tap_delta_fn *fn, void *user);

/* Hand over all that there is, in both halves: after all hooks are detached and
 * tap_wait_idle() has returned. */
void tap_flows_drain(struct tap *tap, tap_delta_fn *fn, void *user);

/* Wait until each program that now runs has ended (an RCU grace period). */
void tap_wait_idle(void);

#endif
