/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/gate.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include <bpf/bpf.h>

#include <gate.skel.h>

struct gate {
	struct gate_bpf *bpf;
};

int gate_load(struct gate **out)
{
	struct gate *gate = calloc(1, sizeof(*gate));
	int error;

	if (!gate)
		return -ENOMEM;
	gate->bpf = gate_bpf__open();
	error = gate->bpf ? gate_bpf__load(gate->bpf) : -errno;
	if (error)
		gate_free(gate);
	else
		*out = gate;
	return error;
}

void gate_free(struct gate *gate)
{
	if (!gate)
		return;
	gate_bpf__destroy(gate->bpf);
	free(gate);
}

int gate_program_fd(const struct gate *gate, enum tap_direction side)
{
	return bpf_program__fd(side == TAP_IN ? gate->bpf->progs.gate_ingress
					      : gate->bpf->progs.gate_egress);
}

int gate_works_fd(const struct gate *gate)
{
	return bpf_map__fd(gate->bpf->maps.works);
}

int gate_open(struct gate *gate, int program)
{
	uint32_t key = 0;

	return bpf_map_update_elem(bpf_map__fd(gate->bpf->maps.taps), &key,
				   &program, 0)
		       ? -errno
		       : 0;
}
