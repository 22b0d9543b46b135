/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/optimise.h"

void optimise(struct graph *graph)
{
	graph_analyse(graph);
}
