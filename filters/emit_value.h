/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Single lines as eBPF: values, loads, guards and far loads.
 */
#ifndef BSNIFF_FILTERS_EMIT_VALUE_H
#define BSNIFF_FILTERS_EMIT_VALUE_H

#include "filters/emit.h"

/* The machine register that holds virtual register @reg; if that is on the
 * stack, it is loaded into @scratch first. */
int emit_read(struct emitter *e, int reg, int scratch);

/* Virtual register @reg into the machine register @to. */
void emit_into(struct emitter *e, int to, int reg);

/* A line that does not end its block. */
void emit_line(struct emitter *e, const struct line *line);

/* The end of a block that is a switch, or a question for a list: binary
 * search. */
void emit_switch(struct emitter *e, const struct line *line);
void emit_member(struct emitter *e, const struct line *line);

#endif
