/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/owner/process_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/base/utf8.h"
#include "src/owner/hash.h"

enum {
	PROCESSES_MAX = 16384, /* that own no socket any more */
	SLOTS_FIRST = 1024,
};

static bool process_is(const struct process *process,
		       const struct owner_process *key)
{
	return process->key.tgid == key->tgid &&
	       process->key.start == key->start &&
	       process->key.uid == key->uid &&
	       !memcmp(process->key.comm, key->comm, sizeof(key->comm));
}

static uint64_t hash_process(const struct owner_process *key)
{
	return hash_mix(
		hash_mix(hash_bytes(key->comm, sizeof(key->comm)), key->start),
		(uint64_t)key->tgid << 32 | key->uid);
}

static struct process **process_slot(const struct process_table *table,
				     const struct owner_process *key)
{
	return &table->slots[hash_process(key) & (table->slot_count - 1)];
}

struct process *process_find(const struct process_table *table,
			     const struct owner_process *key)
{
	struct process *process = *process_slot(table, key);

	while (process && !process_is(process, key))
		process = process->next;
	return process;
}

static void process_free(struct process *process)
{
	if (process) {
		free(process->owner.cgroup);
		free(process->owner.command);
	}
	free(process);
}

static void process_forget(struct process_table *table, struct process *process)
{
	struct process **at = process_slot(table, &process->key);

	while (*at != process)
		at = &(*at)->next;
	*at = process->next;
	link_remove(&process->link);
	table->idle_count--;
	process_free(process);
}

static void process_grow(struct process_table *table)
{
	size_t slots = table->slot_count * 2;
	struct process **grown = calloc(slots, sizeof(*grown));
	struct process **old = table->slots;
	size_t old_slots = table->slot_count;

	if (!grown)
		return; /* longer chains, nothing worse */
	table->slots = grown;
	table->slot_count = slots;
	for (size_t i = 0; i < old_slots; i++) {
		for (struct process *p = old[i], *next; p; p = next) {
			struct process **at = process_slot(table, &p->key);

			next = p->next;
			p->next = *at;
			*at = p;
		}
	}
	free(old);
}

struct process *process_get(struct process_table *table,
			    const struct owner_process *key)
{
	struct process *process = process_find(table, key);
	struct process **slot;

	if (process)
		return process;
	if (table->idle_count >= PROCESSES_MAX)
		process_forget(table, (struct process *)table->idle.next);
	else if (table->idle_count >= table->slot_count)
		process_grow(table);
	process = calloc(1, sizeof(*process));
	if (!process)
		return NULL;
	process->owner.cgroup = strdup("");
	if (!process->owner.cgroup) {
		process_free(process);
		return NULL;
	}
	process->key = *key;
	process->owner.pid = key->tgid;
	process->owner.uid = key->uid;
	process->owner.start = key->start;
	memcpy(process->owner.process, key->comm, sizeof(key->comm));
	/* A process may call itself anything. */
	utf8_make_printable(process->owner.process,
			    strnlen(process->owner.process, OWNER_COMM));
	slot = process_slot(table, key);
	process->next = *slot;
	*slot = process;
	link_append(&table->idle, &process->link);
	table->idle_count++;
	return process;
}

void process_refer(struct process_table *table, struct process *process)
{
	if (process->references++)
		return;
	link_remove(&process->link);
	table->idle_count--;
}

void process_release(struct process_table *table, struct process *process)
{
	if (--process->references)
		return;
	link_append(&table->idle, &process->link);
	table->idle_count++;
}

/*
 * The names from @at on, innermost first, up to the root's, which is empty; as
 * a path. *@at: behind them. NULL: no memory.
 */
static char *join_path(const struct owner_process_event *event, size_t *at)
{
	_cleanup_(strbuf_free) struct strbuf path = STRBUF_INIT;
	struct {
		const char *text;
		size_t length;
	} names[OWNER_CGROUP_LEVELS + 1];
	size_t count = 0, length = event->length;

	if (length > sizeof(event->names))
		length = sizeof(event->names);
	while (*at < length && count < ARRAY_SIZE(names)) {
		const char *name = event->names + *at;
		size_t n = strnlen(name, length - *at);

		*at += n + 1;
		if (!n)
			break;
		names[count].text = name;
		names[count++].length = n;
	}
	while (count--) {
		if (path.length || names[count].length != 3 ||
		    memcmp(names[count].text, "...", 3))
			strbuf_putc(&path, '/');
		strbuf_add(&path, names[count].text, names[count].length);
	}
	if (!path.length)
		strbuf_putc(&path, '/');
	/* Whoever may make a cgroup may call it anything. */
	utf8_make_printable(path.data, path.length);
	return strndup(path.data ? path.data : "", path.length);
}

/* Which of the paths of versions 1 and 2 says more? That which names a
 * container; else what is not the root. */
static bool says_more(const char *version1, const char *version2)
{
	struct container one, two;

	container_read(&one, version1);
	container_read(&two, version2);
	if (container_is(&one) != container_is(&two))
		return container_is(&one);
	return !strcmp(version2, "/");
}

/* NULL: no memory. */
static char *choose_path(const struct owner_process_event *event)
{
	size_t at = 0;
	char *path = join_path(event, &at), *other;

	if (!path || at >= event->length)
		return path;
	other = join_path(event, &at);
	if (other && says_more(other, path)) {
		free(path);
		return other;
	}
	free(other);
	return path;
}

int process_place(struct process *process,
		  const struct owner_process_event *event)
{
	char *path = choose_path(event);

	if (!path)
		return -ENOMEM;
	free(process->owner.cgroup);
	process->owner.cgroup = path;
	container_read(&process->owner.container, path);
	return 0;
}

bool process_table_init(struct process_table *table)
{
	link_init(&table->idle);
	table->idle_count = 0;
	table->slot_count = SLOTS_FIRST;
	table->slots = calloc(SLOTS_FIRST, sizeof(*table->slots));
	return table->slots;
}

void process_table_free(struct process_table *table)
{
	while (table->idle.next != &table->idle)
		process_forget(table, (struct process *)table->idle.next);
	free(table->slots);
}
