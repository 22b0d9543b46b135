/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the options to a compiled filter.
 */
#ifndef BSNIFF_REQUEST_H
#define BSNIFF_REQUEST_H

#include "filters/filter.h"
#include "src/options.h"

/*
 * Compile what the options ask for: the expression, -F's or --bytecode's file.
 * @link_type: a DLT_ value. @device: the interface, NULL when reading a file.
 * @netmask: of the interface, network order, 0: unknown. 0 and the caller's
 * *@filter; or a negative errno after having said why.
 */
int request_compile(struct filter **filter, const struct options *options,
		    int link_type, const char *device, uint32_t netmask);

#endif
