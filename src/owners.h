/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The processes behind connections, as the program shows them: fields of the
 * log, columns of the summary.
 */
#ifndef BSNIFF_OWNERS_H
#define BSNIFF_OWNERS_H

#include <stdbool.h>

#include "src/base/json.h"
#include "src/flow/connection.h"
#include "src/options.h"
#include "src/owner/owner_table.h"

struct owners;

/* Do the options ask for anything about processes? */
bool owners_wanted(const struct options *options);

/* Do they ask for packets of certain owners only? */
bool owners_filter(const struct options *options);

/*
 * Prepare to watch who uses sockets; live captures only. When the options ask
 * for packets of certain owners, that begins here. 0 and the caller's *@owners;
 * or a negative errno after having said why.
 */
int owners_open(struct owners **owners, const struct options *options);

/*
 * Begin, unless that has been done, in the background: it takes more CPU time
 * than all else at the start, so it comes when packets are being captured.
 * @tap: of that capture; it must stay until owners_wait(). Where it is not
 * possible, owners_poll() says so once and nobody is ever known.
 */
void owners_begin(struct owners *owners, const struct owner_tap *tap);
void owners_wait(struct owners *owners); /* until it has begun */
void owners_free(struct owners *owners); /* NULL is allowed */

/* Take in what is new. @wait: for what was begun in the background, too. */
void owners_poll(struct owners *owners, bool wait);

/* Say so if the kernel told of more than there was room for: then processes may
 * be missing. */
void owners_say_lost(struct owners *owners);

/* The table; NULL while, or when, there is none. */
struct owner_table *owners_table(struct owners *owners);

/* The map of owners by socket, for the tap. */
int owners_map(struct owners *owners);

/* For struct conn_log_context, summary_options and event_queue_options; @context is a struct
 * owners. Text is valid until the next call. */
void owners_put_json(struct json *json, const struct connection *c,
		     void *context);
const char *owners_event(const struct connection_identity *c, void *context);
bool owners_may_come(const struct connection_identity *c, void *context);
const char *owners_process(const struct connection *c, void *context);
const char *owners_one_process(const struct connection *c, void *context);
const char *owners_container(const struct connection *c, void *context);

#endif
