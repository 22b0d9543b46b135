/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the options to what they ask for: where to capture, a compiled filter.
 */
#ifndef BSNIFF_REQUEST_H
#define BSNIFF_REQUEST_H

#include "filters/filter.h"
#include "src/options.h"
#include "src/source/live.h"

/*
 * Compile what the options ask for: the expression, -F's or --bytecode's file.
 * @link_type: a DLT_ value. @device: the interface, NULL when reading a file.
 * @netmask: of the interface, network order, 0: unknown. 0 and the caller's
 * *@filter; or a negative errno after having said why.
 */
int request_compile(struct filter **filter, const struct options *options,
		    int link_type, const char *device, uint32_t netmask);

/*
 * The interface of -i, or the first of -D's list; its name into @name of @size
 * bytes. 0, or a negative errno after having said why; live_target_free()
 * either way.
 */
int request_target(struct live_target *target, const struct options *options,
		   char *name, size_t size);

#endif
