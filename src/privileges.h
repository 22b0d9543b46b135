/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a capture takes of privileges, and what to do about those that lack.
 */
#ifndef BSNIFF_PRIVILEGES_H
#define BSNIFF_PRIVILEGES_H

#include <stdbool.h>

/* Whether this process lacks one of them. */
bool privileges_lack(void);

/*
 * Say that capturing on @interface was not permitted: which privileges it takes
 * and how to get them; or, when they are all there, who else may forbid it.
 */
void privileges_say(const char *interface);

#endif
