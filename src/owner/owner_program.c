/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/owner/owner_program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "src/base/cleanup.h"
#include "src/owner/owner_bytes.h"

enum need {
	NEED_TRACEPOINT, /* tp_btf/`where` */
	NEED_CGROUP,	 /* a program of the root of cgroup version 2 */
	NEED_ITERATOR,
	NEED_TAP, /* TAP_STAGE_SENDER of a tap that has one */
};

/* When a program is left out. */
enum use {
	USE_ALWAYS,
	USE_UNTOLD,   /* when a tap tells who sends */
	USE_UNTRACED, /* when sends are traced, or told, and none filtered */
};

/* The programs of bpf/owner.bpf.c. */
static const struct {
	const char *name;
	enum need need;
	const char *where;
	enum use use;
} PROGRAMS[] = {
	{"owner_sender", NEED_TAP, NULL, USE_ALWAYS},
	{"owner_send", NEED_TRACEPOINT, "sock_send_length", USE_UNTOLD},
	{"owner_receive", NEED_TRACEPOINT, "sock_recv_length", USE_ALWAYS},
	{"owner_set_state", NEED_TRACEPOINT, "inet_sock_set_state",
	 USE_ALWAYS},
	{"owner_retransmit", NEED_TRACEPOINT, "tcp_retransmit_skb",
	 USE_ALWAYS},
	{"owner_create", NEED_CGROUP, NULL, USE_ALWAYS},
	{"owner_release", NEED_CGROUP, NULL, USE_ALWAYS},
	{"owner_bind4", NEED_CGROUP, NULL, USE_ALWAYS},
	{"owner_bind6", NEED_CGROUP, NULL, USE_ALWAYS},
	{"owner_connect4", NEED_CGROUP, NULL, USE_ALWAYS},
	{"owner_connect6", NEED_CGROUP, NULL, USE_ALWAYS},
	{"owner_sendmsg4", NEED_CGROUP, NULL, USE_UNTRACED},
	{"owner_sendmsg6", NEED_CGROUP, NULL, USE_UNTRACED},
	{"owner_scan", NEED_ITERATOR, "bpf_iter__task_file", USE_ALWAYS},
};

struct owner_program {
	struct bpf_object *object;
	struct bpf_link *links[ARRAY_SIZE(PROGRAMS)];
	size_t link_count;
	struct bpf_link *scan;
	struct ring ring;
	struct owner_counters *counters;
	int cgroup; /* the root's folder; -1: none */
	bool sees_first;
};

/* ---- What there is ---- */

/* For us alone, at no place: `ip netns exec` and some containers hide it. */
static int mount_cgroup_root(void)
{
	_cleanup_close_ int file_system = fsopen("cgroup2", FSOPEN_CLOEXEC);

	if (file_system < 0 ||
	    fsconfig(file_system, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -1;
	return fsmount(file_system, FSMOUNT_CLOEXEC, 0);
}

/* The root of cgroup version 2, wherever it is mounted. */
static int open_cgroup_root(void)
{
	_cleanup_fclose_ FILE *mounts = fopen("/proc/self/mounts", "re");
	char line[4096], path[1024], type[64];

	while (mounts && fgets(line, sizeof(line), mounts))
		if (sscanf(line, "%*s %1023s %63s", path, type) == 2 &&
		    !strcmp(type, "cgroup2"))
			return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return mount_cgroup_root();
}

/* The names in the kernel's own BTF, as one text. To ask whether there is a
 * name, this does; taking all of it apart takes ten times as long, and libbpf
 * will do so anyway. */
static int read_kernel_names(struct strbuf *names)
{
	_cleanup_close_ int fd =
		open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC);
	struct stat file;
	ssize_t n = 1;
	char *to;

	if (fd < 0 || fstat(fd, &file))
		return -ENOTSUP;
	/* At once: sysfs gives a page at a time. */
	to = strbuf_room(names, (size_t)file.st_size);
	if (!to)
		return -ENOMEM;
	while (n > 0 && (size_t)file.st_size > names->length) {
		n = read(fd, names->data + names->length,
			 (size_t)file.st_size - names->length);
		if (n > 0)
			names->length += (size_t)n;
	}
	return n < 0 ? -errno : 0;
}

static bool has_name(const struct strbuf *names, const char *prefix,
		     const char *name)
{
	char text[96];
	int length = snprintf(text, sizeof(text), "%c%s%s", 0, prefix, name);

	return memmem(names->data, names->length, text, (size_t)length + 1);
}

/* Can a program behind the tap find out who sends? */
static bool can_tell_senders(const struct strbuf *names)
{
	return has_name(names, "", "bpf_cast_to_kern_ctx");
}

/* What decides which programs are loaded. */
struct choice {
	const struct strbuf *names; /* in the kernel's BTF */
	bool cgroup;		    /* there is a root */
	bool told;		    /* by a tap */
	bool traced;		    /* sends are, or told */
	bool filtered;
};

static bool is_there(size_t row, const struct choice *choice)
{
	switch (PROGRAMS[row].need) {
	case NEED_TRACEPOINT:
		return has_name(choice->names, "btf_trace_",
				PROGRAMS[row].where);
	case NEED_CGROUP:
		return choice->cgroup;
	case NEED_ITERATOR:
		return has_name(choice->names, "", PROGRAMS[row].where);
	case NEED_TAP:
		return choice->told;
	}
	return false;
}

static bool is_wanted(size_t row, const struct choice *choice)
{
	switch (PROGRAMS[row].use) {
	case USE_ALWAYS:
		break;
	case USE_UNTOLD:
		if (choice->told)
			return false;
		break;
	case USE_UNTRACED:
		if (choice->traced && !choice->filtered)
			return false;
		break;
	}
	return is_there(row, choice);
}

/* ---- Loading ---- */

static int share_works(struct owner_program *program,
		       const struct owner_tap *tap)
{
	struct bpf_map *map =
		bpf_object__find_map_by_name(program->object, "works");

	if (!tap->tells)
		return 0;
	return map ? bpf_map__reuse_fd(map, tap->works) : -ENOENT;
}

/* Memory for the senders: so much for each CPU. */
static int set_senders(struct owner_program *program,
		       struct owner_config *config)
{
	struct bpf_map *map = bpf_object__find_map_by_name(program->object,
							   "owner_senders");
	int cpus = libbpf_num_possible_cpus();

	if (!map || cpus < 0)
		return map ? cpus : -ENOENT;
	config->senders = bpf_map__max_entries(map);
	for (int i = 1; i < cpus; i *= 2)
		config->senders *= 2;
	return bpf_map__set_max_entries(map, config->senders);
}

static int open_object(struct owner_program *program,
		       const struct owner_config *config,
		       const struct owner_tap *tap)
{
	LIBBPF_OPTS(bpf_object_open_opts, options,
		    .object_name = "bsniff_owner");
	struct owner_config constants = *config;
	struct bpf_map *map;
	const void *bytes;
	size_t length;
	int error;

	bytes = owner_bytes(&length);
	program->object = bpf_object__open_mem(bytes, length, &options);
	if (!program->object)
		return -errno;
	map = bpf_object__find_map_by_name(program->object,
					   ".rodata.owner_config");
	if (!map)
		return -ENOENT;
	error = set_senders(program, &constants);
	if (!error)
		error = bpf_map__set_initial_value(map, &constants,
						   sizeof(constants));
	if (!error)
		error = share_works(program, tap);
	if (error)
		return error;
	map = bpf_object__find_map_by_name(program->object, "owner_events");
	return map ? bpf_map__reuse_fd(map, program->ring.fd) : -ENOENT;
}

static int choose_programs(struct owner_program *program,
			   const struct owner_config *config,
			   const struct owner_tap *tap,
			   const struct strbuf *names, unsigned int without)
{
	struct choice choice = {
		.names = names,
		.cgroup = program->cgroup >= 0,
		.told = tap->tells && !(without & 1u << NEED_TAP) &&
			can_tell_senders(names),
		.filtered = config->filter.wants,
	};

	choice.traced = choice.told ||
			has_name(names, "btf_trace_", "sock_send_length");
	for (size_t i = 0; i < ARRAY_SIZE(PROGRAMS); i++) {
		struct bpf_program *row = bpf_object__find_program_by_name(
			program->object, PROGRAMS[i].name);

		if (!row)
			return -ENOENT;
		bpf_program__set_autoload(
			row, !(without & 1u << PROGRAMS[i].need) &&
				     is_wanted(i, &choice));
	}
	return 0;
}

static int load(struct owner_program *program,
		const struct owner_config *config, const struct owner_tap *tap,
		const struct strbuf *names)
{
	/* Refused programs take the whole object with them. */
	static const unsigned int without[] = {
		0,
		1u << NEED_TAP,
		1u << NEED_TAP | 1u << NEED_ITERATOR,
		1u << NEED_TAP | 1u << NEED_CGROUP,
		1u << NEED_TAP | 1u << NEED_ITERATOR | 1u << NEED_CGROUP,
	};
	int error = 0, first = 0;

	for (size_t i = 0; i < ARRAY_SIZE(without); i++) {
		bpf_object__close(program->object);
		program->object = NULL;
		error = open_object(program, config, tap);
		if (!error)
			error = choose_programs(program, config, tap, names,
						without[i]);
		if (!error)
			error = bpf_object__load(program->object);
		if (!error)
			return 0;
		first = first ? first : error;
		if (error == -EPERM && geteuid())
			break;
	}
	return first;
}

/* ---- Attaching ---- */

static int put_stage(const struct bpf_program *prog,
		     const struct owner_tap *tap)
{
	uint32_t stage = TAP_STAGE_SENDER;
	int fd = bpf_program__fd(prog);

	return bpf_map_update_elem(tap->stages, &stage, &fd, 0) ? -errno : 0;
}

static int attach_one(struct owner_program *program, size_t row,
		      struct bpf_program *prog, const struct owner_tap *tap)
{
	struct bpf_link *link;

	if (PROGRAMS[row].need == NEED_TAP)
		return put_stage(prog, tap);
	if (PROGRAMS[row].need == NEED_CGROUP)
		link = bpf_program__attach_cgroup(prog, program->cgroup);
	else
		link = bpf_program__attach(prog);
	if (!link)
		return -errno;
	if (PROGRAMS[row].need == NEED_ITERATOR)
		program->scan = link;
	else
		program->links[program->link_count++] = link;
	if (PROGRAMS[row].use == USE_UNTRACED)
		program->sees_first = true;
	return 0;
}

/* What is seen without tracepoints is too little to name anybody. */
static int attach(struct owner_program *program, const struct owner_tap *tap)
{
	bool traced = false;
	int error = -ENOTSUP;

	for (size_t i = 0; i < ARRAY_SIZE(PROGRAMS); i++) {
		struct bpf_program *prog = bpf_object__find_program_by_name(
			program->object, PROGRAMS[i].name);
		int result;

		if (!bpf_program__autoload(prog))
			continue;
		result = attach_one(program, i, prog, tap);
		if (PROGRAMS[i].need != NEED_TRACEPOINT)
			continue;
		if (result)
			error = result;
		else
			traced = true;
	}
	return traced ? 0 : error;
}

static int start(struct owner_program *program,
		 const struct owner_config *config, const struct owner_tap *tap,
		 size_t ring)
{
	_cleanup_(strbuf_free) struct strbuf names = STRBUF_INIT;
	int error = read_kernel_names(&names);

	if (!error)
		error = ring_create(&program->ring, "owner_events", ring);
	if (error)
		return error;
	program->cgroup = open_cgroup_root();
	error = load(program, config, tap, &names);
	return error ? error : attach(program, tap);
}

int owner_program_load(struct owner_program **out,
		       const struct owner_config *config,
		       const struct owner_tap *tap, size_t ring,
		       struct strbuf *error)
{
	struct owner_program *program = calloc(1, sizeof(*program));
	int result;

	if (!program)
		return -ENOMEM;
	program->ring.fd = program->cgroup = -1;
	result = start(program, config, tap, ring);
	if (!result) {
		*out = program;
		return 0;
	}
	owner_program_free(program);
	if (result == -EPERM || result == -EACCES)
		strbuf_puts(error, "it takes CAP_BPF, CAP_PERFMON and "
				   "CAP_NET_ADMIN");
	else if (result == -ENOTSUP)
		strbuf_puts(error, "this kernel has no BTF or no tracepoints "
				   "of sockets");
	else
		strbuf_puts(error, strerror(-result));
	return result;
}

void owner_program_free(struct owner_program *program)
{
	if (!program)
		return;
	for (size_t i = 0; i < program->link_count; i++)
		bpf_link__destroy(program->links[i]);
	bpf_link__destroy(program->scan);
	bpf_object__close(program->object);
	ring_destroy(&program->ring);
	if (program->cgroup >= 0)
		close(program->cgroup);
	free(program);
}

/* ---- Loaded ---- */

struct ring *owner_program_ring(struct owner_program *program)
{
	return &program->ring;
}

uint64_t owner_program_lost(const struct owner_program *program)
{
	struct owner_counters counters = {0};
	uint32_t zero = 0;
	int fd = bpf_object__find_map_fd_by_name(program->object,
						 "owner_counters");

	if (bpf_map_lookup_elem(fd, &zero, &counters))
		return 0;
	return counters.lost;
}

void owner_program_wish(const struct owner_program *program,
			const struct owner_wishes *wishes)
{
	uint32_t zero = 0;

	bpf_map_update_elem(bpf_object__find_map_fd_by_name(program->object,
							    "owner_wishes"),
			    &zero, wishes, 0);
}

int owner_program_sockets(const struct owner_program *program)
{
	return bpf_object__find_map_fd_by_name(program->object,
					       "owner_sockets");
}

bool owner_program_sees_first(const struct owner_program *program)
{
	return program->sees_first;
}

int owner_program_scan(struct owner_program *program,
		       void (*event)(void *user, const struct owner_event *),
		       void *user)
{
	struct owner_event events[64];
	_cleanup_close_ int fd = -1;
	size_t have = 0;
	ssize_t n;

	if (!program->scan)
		return -ENOTSUP;
	fd = bpf_iter_create(bpf_link__fd(program->scan));
	if (fd < 0)
		return -errno;
	for (;;) {
		n = read(fd, (char *)events + have, sizeof(events) - have);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			break;
		have += (size_t)n;
		for (size_t i = 0; i < have / sizeof(events[0]); i++)
			event(user, &events[i]);
		/* A read may end inside a record. */
		memmove(events,
			(char *)events + have - have % sizeof(events[0]),
			have % sizeof(events[0]));
		have %= sizeof(events[0]);
	}
	return n < 0 ? -errno : 0;
}
