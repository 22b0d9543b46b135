/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/owners.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <pwd.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/base/log.h"
#include "src/connections.h"

struct owners {
	struct owner_options options;
	struct owner_table *table; /* NULL: not yet, or not possible */
	struct strbuf error;
	struct strbuf text; /* of the last answer */
	pthread_t thread;
	bool in_thread;
	atomic_bool is_begun; /* by the thread, well or not */
	bool is_said;	      /* that it could not */
	int result;
};

bool owners_filter(const struct options *options)
{
	return options->pid || options->process || options->user ||
	       options->container;
}

bool owners_wanted(const struct options *options)
{
	if (owners_filter(options))
		return true;
	return !options->no_owners && (connections_wanted(options) ||
				       (options->write && options->pcapng));
}

static void *begin(void *argument)
{
	struct owners *owners = argument;

	owners->result =
		owner_start(&owners->table, &owners->options, &owners->error);
	atomic_store(&owners->is_begun, true);
	return NULL;
}

static void end_thread(struct owners *owners)
{
	if (owners->in_thread)
		pthread_join(owners->thread, NULL);
	owners->in_thread = false;
}

static void say_without(struct owners *owners)
{
	owners->is_said = true;
	if (owners->result)
		log_warning("processes are not shown: %s",
			    owners->error.length ? strbuf_text(&owners->error)
						 : strerror(-owners->result));
}

/* ---- Whose packets are wanted ---- */

static int want_user(struct owner_filter *filter, const char *name)
{
	const struct passwd *entry = getpwnam(name);
	char *end;
	unsigned long number = strtoul(name, &end, 10);

	if (!entry &&
	    (end == name || *end || *name == '-' || number > UINT32_MAX)) {
		log_error("--user=%s: there is no such user", name);
		return -EINVAL;
	}
	filter->wants |= OWNER_WANT_USER;
	filter->uid = entry ? entry->pw_uid : (uint32_t)number;
	return 0;
}

static int want_container(struct owner_filter *filter, const char *id)
{
	size_t length = strlen(id);

	if (!length || length >= sizeof(filter->container)) {
		log_error("--container=%s: wants an id, or the beginning of "
			  "one",
			  id);
		return -EINVAL;
	}
	filter->wants |= OWNER_WANT_CONTAINER;
	filter->container_length = (uint32_t)length;
	memcpy(filter->container, id, length);
	return 0;
}

static int read_filter(struct owner_filter *filter,
		       const struct options *options)
{
	int error = 0;

	if (options->pid) {
		filter->wants |= OWNER_WANT_PID;
		filter->pid = (uint32_t)options->pid;
	}
	if (options->process) {
		filter->wants |= OWNER_WANT_COMM;
		strncpy(filter->comm, options->process,
			sizeof(filter->comm) - 1);
	}
	if (options->user)
		error = want_user(filter, options->user);
	if (!error && options->container)
		error = want_container(filter, options->container);
	return error;
}

/* Before the first packet is seen: it must be decided whose it is. */
static int begin_now(struct owners *owners)
{
	begin(owners);
	if (owners->result)
		log_error("packets cannot be told apart by their owners: %s",
			  owners->error.length ? strbuf_text(&owners->error)
					       : strerror(-owners->result));
	return owners->result;
}

/* ---- Beginning and ending ---- */

int owners_open(struct owners **out, const struct options *options)
{
	struct owners *owners = calloc(1, sizeof(*owners));

	if (!owners)
		return -ENOMEM;
	*out = owners;
	owners->options.command_lines = options->command_lines;
	if (owners_filter(options)) {
		int error = read_filter(&owners->options.filter, options);

		return error ? error : begin_now(owners);
	}
	return 0;
}

void owners_begin(struct owners *owners, const struct owner_tap *tap)
{
	if (atomic_load(&owners->is_begun))
		return;
	owners->options.tap = *tap;
	owners->in_thread =
		!pthread_create(&owners->thread, NULL, begin, owners);
	if (!owners->in_thread) {
		begin(owners);
		say_without(owners);
	}
}

void owners_wait(struct owners *owners)
{
	end_thread(owners);
}

void owners_free(struct owners *owners)
{
	if (!owners)
		return;
	end_thread(owners);
	owner_free(owners->table);
	strbuf_free(&owners->error);
	strbuf_free(&owners->text);
	free(owners);
}

void owners_poll(struct owners *owners, bool wait)
{
	if (!wait && !atomic_load(&owners->is_begun))
		return;
	end_thread(owners);
	if (!owners->is_said)
		say_without(owners);
	if (owners->table)
		owner_poll(owners->table, wait);
}

void owners_say_lost(struct owners *owners)
{
	struct owner_table *table = owners_table(owners);
	uint64_t lost = table ? owner_lost(table) : 0;

	if (lost)
		log_warning("%" PRIu64 " change%s of who uses a socket %s "
			    "missed: some processes may be unknown",
			    lost, lost == 1 ? "" : "s",
			    lost == 1 ? "was" : "were");
}

struct owner_table *owners_table(struct owners *owners)
{
	return atomic_load(&owners->is_begun) ? owners->table : NULL;
}

int owners_map(struct owners *owners)
{
	struct owner_table *table = owners_table(owners);

	return table ? owner_sockets_map(table) : -1;
}

/* ---- Answers ---- */

/* ends[0]: of the originator. Returns which of the two to show: the
 * originator's, if it is known; -1: neither is. */
static int find_identified(struct owners *owners,
			   const struct connection_identity *c,
			   struct owner_end ends[2])
{
	const struct owner_period period = {c->first, c->last, c->begins};
	struct owner_table *table = owners_table(owners);

	if (!table)
		return -1;
	owner_find(table, &c->key, period, ends);
	if (c->originator) {
		struct owner_end end = ends[0];

		ends[0] = ends[1];
		ends[1] = end;
	}
	return ends[0].owner ? 0 : ends[1].owner ? 1 : -1;
}

static int find(struct owners *owners, const struct connection *c,
		struct owner_end ends[2])
{
	const struct connection_identity identity = connection_identify(c);

	return find_identified(owners, &identity, ends);
}

static void put_user(struct json *json, struct owners *owners, const char *key,
		     const struct owner *owner)
{
	strbuf_reset(&owners->text);
	owner_put_user(owner, &owners->text);
	json_text(json, key, owners->text.data, owners->text.length);
}

static void put_place(struct json *json, const struct owner *owner)
{
	const struct container *container = &owner->container;

	if (owner->cgroup[0])
		json_string(json, "cgroup", owner->cgroup);
	if (!container->runtime)
		return;
	if (!container_is(container)) {
		json_string(json, "unit", container->id);
		return;
	}
	json_string(json, "container", container->id);
	json_string(json, "runtime", container->runtime);
}

static void put_peer(struct json *json, struct owners *owners,
		     const struct owner_end *end)
{
	json_u64(json, "peer_pid", end->owner->pid);
	json_string(json, "peer_process", end->owner->process);
	put_user(json, owners, "peer_user", end->owner);
	json_string(json, "peer_known_by", owner_known_text(end->known));
	if (end->netns)
		json_u64(json, "peer_netns", end->netns);
}

void owners_put_json(struct json *json, const struct connection *c,
		     void *context)
{
	struct owners *owners = context;
	struct owner_end ends[2];
	int shown = find(owners, c, ends);
	const struct owner *owner;

	if (shown < 0)
		return;
	owner = ends[shown].owner;
	json_u64(json, "pid", owner->pid);
	json_string(json, "process", owner->process);
	put_user(json, owners, "user", owner);
	put_place(json, owner);
	if (owner->command)
		json_string(json, "command", owner->command);
	json_string(json, "owner_side", shown ? "resp" : "orig");
	json_string(json, "known_by", owner_known_text(ends[shown].known));
	if (ends[shown].netns)
		json_u64(json, "netns", ends[shown].netns);
	if (ends[shown].srtt) {
		json_u64(json, "srtt_us", ends[shown].srtt);
		json_u64(json, "kernel_retransmits", ends[shown].retransmits);
	}
	if (!shown && ends[1].owner)
		put_peer(json, owners, &ends[1]);
}

static void put_process(struct strbuf *text, const struct owner *owner)
{
	strbuf_puts(text, owner->process);
	strbuf_putc(text, '/');
	strbuf_u32(text, owner->pid);
}

/* "curl/1234", and "curl/1234 nginx/99" when both ends are here. */
static const char *put_processes(struct owners *owners,
				 const struct owner_end ends[2],
				 bool with_netns)
{
	strbuf_reset(&owners->text);
	for (int i = 0; i < 2; i++) {
		if (!ends[i].owner)
			continue;
		if (owners->text.length)
			strbuf_putc(&owners->text, ' ');
		put_process(&owners->text, ends[i].owner);
		if (with_netns && ends[i].netns) {
			strbuf_putc(&owners->text, '@');
			strbuf_u32(&owners->text, ends[i].netns);
		}
	}
	return strbuf_text(&owners->text);
}

/* Of the originator if it is known, else of the responder: to group by. */
const char *owners_one_process(const struct connection *c, void *context)
{
	struct owners *owners = context;
	struct owner_end ends[2];
	int shown = find(owners, c, ends);

	if (shown < 0)
		return NULL;
	strbuf_reset(&owners->text);
	put_process(&owners->text, ends[shown].owner);
	return strbuf_text(&owners->text);
}

const char *owners_event(const struct connection_identity *c, void *context)
{
	struct owner_end ends[2];

	return find_identified(context, c, ends) < 0
		       ? NULL
		       : put_processes(context, ends, true);
}

const char *owners_process(const struct connection *c, void *context)
{
	struct owner_end ends[2];

	return find(context, c, ends) < 0
		       ? NULL
		       : put_processes(context, ends, false);
}

bool owners_may_come(const struct connection_identity *c, void *context)
{
	struct owner_table *table = owners_table(context);

	return table && owner_is_here(table, &c->key, c->originator);
}

const char *owners_container(const struct connection *c, void *context)
{
	struct owners *owners = context;
	struct owner_end ends[2];
	int shown = find(owners, c, ends);

	if (shown < 0 || !ends[shown].owner->container.runtime)
		return NULL;
	strbuf_reset(&owners->text);
	owner_put_container(ends[shown].owner, &owners->text);
	return strbuf_text(&owners->text);
}
