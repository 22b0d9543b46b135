/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/gate.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include <bpf/bpf.h>

#include <gate.skel.h>

#include "src/source/hook_private.h"

struct gate {
	struct gate_bpf *bpf;
	struct hook hook;
	int taps[HOOK_SIDES]; /* the tap's programs; borrowed */
	pthread_t thread;
	bool attaching;
	int error; /* what came of it */
};

static void *attach(void *argument)
{
	struct gate *gate = argument;

	gate->error = gate->hook.ops->attach(&gate->hook);
	return NULL;
}

static int begin(struct gate *gate, const struct hook_target *target)
{
	int programs[HOOK_SIDES], error;

	gate->bpf = gate_bpf__open_and_load();
	if (!gate->bpf)
		return -errno;
	programs[HOOK_SIDE_IN] = bpf_program__fd(gate->bpf->progs.gate_ingress);
	programs[HOOK_SIDE_OUT] = bpf_program__fd(gate->bpf->progs.gate_egress);
	hook_init(&gate->hook, HOOK_TCX, target, programs);
	error = pthread_create(&gate->thread, NULL, attach, gate);
	gate->attaching = !error;
	return -error;
}

int gate_begin(struct gate **out, const struct hook_target *target)
{
	struct gate *gate = calloc(1, sizeof(*gate));
	int error;

	if (!gate)
		return -ENOMEM;
	error = begin(gate, target);
	if (error)
		gate_close(gate);
	else
		*out = gate;
	return error;
}

int gate_open(struct gate *gate, const struct tap *tap)
{
	int map = bpf_map__fd(gate->bpf->maps.taps);

	for (uint32_t side = 0; side < HOOK_SIDES; side++) {
		gate->taps[side] = tap_program_fd(
			tap, hook_side_direction((int)side));
		if (gate->taps[side] >= 0 &&
		    bpf_map_update_elem(map, &side, &gate->taps[side], 0))
			return -errno;
	}
	return 0;
}

static void wait_attached(struct gate *gate)
{
	if (gate->attaching)
		pthread_join(gate->thread, NULL);
	gate->attaching = false;
}

int gate_finish(struct gate *gate)
{
	wait_attached(gate);
	/* If one stays the gate, it only takes a little longer. */
	for (int side = 0; side < HOOK_SIDES && !gate->error; side++)
		if (gate->hook.fds[side] >= 0)
			hook_tcx_update(&gate->hook, side, gate->taps[side]);
	return gate->error;
}

void gate_close(struct gate *gate)
{
	if (!gate)
		return;
	wait_attached(gate);
	if (gate->hook.ops)
		gate->hook.ops->detach(&gate->hook);
	gate_bpf__destroy(gate->bpf);
	free(gate);
}
