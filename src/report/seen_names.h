/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names that the traffic itself gave to addresses: in DNS answers (RFC 1035;
 * the name that was asked for) and in the SNI of TLS ClientHellos (RFC 6066).
 * Nobody is asked. What is remembered is bounded.
 */
#ifndef BSNIFF_REPORT_SEEN_NAMES_H
#define BSNIFF_REPORT_SEEN_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/contract.h"
#include "src/base/cursor.h"

/* Where names are taken from. */
enum seen_names_source {
	SEEN_NAMES_DNS = 1 << 0,
	SEEN_NAMES_SNI = 1 << 1,
};

enum { SEEN_NAMES_LENGTH = 255 };

struct seen_names;

/* @sources: enum seen_names_source. NULL: no memory. */
struct seen_names *seen_names_new(unsigned int sources);
void seen_names_free(struct seen_names *names); /* NULL is allowed */

/* Tell @fn (with @context) of each name that is new, or new for its address:
 * @address has 16 bytes, of which an IPv4 address takes the first 4. */
typedef void seen_names_fn(void *context, const uint8_t *address,
			   uint8_t family, const char *name);
void seen_names_watch(struct seen_names *names, seen_names_fn *fn,
		      void *context);

/* Look at the payload of a packet of flow @key: UDP or TCP, or nothing is
 * done. */
void seen_names_read(struct seen_names *names, const struct flow_key *key,
		     struct slice payload);

/*
 * The name of @address (@family 4: 4 bytes, 6: 16), or NULL. *@how says where
 * it is from: "dns", "sni". Owned by @names, valid until it reads again.
 */
const char *seen_names_find(const struct seen_names *names,
			    const uint8_t *address, uint8_t family,
			    const char **how);

/* All names, for a file that holds them: from *@position = 0; false at the end.
 * @address has 16 bytes. */
bool seen_names_next(const struct seen_names *names, uint32_t *position,
		     const uint8_t **address, uint8_t *family,
		     const char **name);

#endif
