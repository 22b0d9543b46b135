/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Community ID, version 1: a hash of the 5-tuple that tools of many makers
 * agree on (https://github.com/corelight/community-id-spec).
 */
#ifndef BSNIFF_REPORT_COMMUNITY_ID_H
#define BSNIFF_REPORT_COMMUNITY_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/contract.h"

enum { COMMUNITY_ID_LENGTH = 30 }; /* "1:" and 28 of base64 */

/*
 * The ID of the flow with @key (either direction), terminated. False when the
 * flow has none: it is not IP.
 */
bool community_id(const struct flow_key *key, uint16_t seed,
		  char text[COMMUNITY_ID_LENGTH + 1]);

#endif
