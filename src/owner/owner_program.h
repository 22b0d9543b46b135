/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * bpf/owner.bpf.c in the kernel: loading it, with what this kernel has, and
 * reading from it.
 */
#ifndef BSNIFF_OWNER_OWNER_PROGRAM_H
#define BSNIFF_OWNER_OWNER_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/owner.h"
#include "src/base/strbuf.h"
#include "src/source/ring.h"

struct owner_program;

/* A tap that jumps to TAP_STAGE_SENDER for what goes out. */
struct owner_tap {
	bool tells; /* false: there is none; sends are traced */
	int works;  /* its maps of these names; borrowed until loaded */
	int stages;
};

/*
 * Load and attach. Programs that this kernel or these privileges refuse are
 * left out as long as what remains can name owners. 0 and the caller's
 * *@program, which owner_program_free() detaches; or a negative errno and a
 * line in @error: -EPERM without CAP_BPF and CAP_PERFMON, -ENOTSUP when the
 * kernel has no BTF or none of the tracepoints.
 */
int owner_program_load(struct owner_program **program,
		       const struct owner_config *config,
		       const struct owner_tap *tap, size_t ring,
		       struct strbuf *error);
void owner_program_free(struct owner_program *program);

/* Its events: struct owner_event, struct owner_process_event. */
struct ring *owner_program_ring(struct owner_program *program);

/* Events that found no room in the ring. */
uint64_t owner_program_lost(const struct owner_program *program);

/* Tell the kernel what is wanted of it from now on. */
void owner_program_wish(const struct owner_program *program,
			const struct owner_wishes *wishes);

/* The map of socket storage (struct owner_state), for the tap's filter. */
int owner_program_sockets(const struct owner_program *program);

/* Are processes seen before they send (cgroup programs), so that already the
 * first packet is decided? */
bool owner_program_sees_first(const struct owner_program *program);

/*
 * Look at all open sockets of all processes; @event gets what was news. 0 or a
 * negative errno: -ENOTSUP where the kernel has no such iterator.
 */
int owner_program_scan(struct owner_program *program,
		       void (*event)(void *user, const struct owner_event *),
		       void *user);

#endif
