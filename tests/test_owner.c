/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <unistd.h>

#include "src/base/cleanup.h"
#include "src/owner/container.h"
#include "src/owner/owner.h"
#include "src/owner/owner_store.h"

#define ID  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID2 "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define UID "01234567-89ab-cdef-0123-456789abcdef"
/* As systemd's driver writes it. */
#define UID_	  "01234567_89ab_cdef_0123_456789abcdef"
#define LONG_UNIT "systemd-fsck@dev-disk-" ID ID

/* ---- Containers ---- */

static void containers_are_read_from_paths(void **state)
{
	static const struct {
		const char *path, *runtime, *id;
	} rows[] = {
		{"/", NULL, ""},
		{"", NULL, ""},
		{"/docker/" ID, "docker", ID},
		{"/system.slice/docker-" ID ".scope", "docker", ID},
		{"/kubepods.slice/kubepods-burstable.slice/"
		 "kubepods-burstable-podaa_bb.slice/cri-containerd-" ID
		 ".scope",
		 "containerd", ID},
		{"/kubepods/burstable/podaa-bb/" ID, "container", ID},
		{"/kubepods/besteffort/pod" UID "/" ID, "container", ID},
		{"/kubepods/besteffort/pod" UID "/crio-" ID, "cri-o", ID},
		{"/kubepods.slice/kubepods-besteffort.slice/"
		 "kubepods-besteffort-pod" UID_ ".slice/docker-" ID ".scope",
		 "docker", ID},
		{"/kubelet.slice/kubelet-kubepods.slice/"
		 "kubelet-kubepods-besteffort.slice/"
		 "kubelet-kubepods-besteffort-pod" UID_
		 ".slice/cri-containerd-" ID ".scope",
		 "containerd", ID},
		{"/system.slice/containerd.service/"
		 "kubelet-kubepods-besteffort-pod" UID_
		 ".slice:cri-containerd:" ID,
		 "containerd", ID},
		{"/kubepods-burstable-pod" UID_ ".slice:crio:" ID, "cri-o", ID},
		{"/system.slice:docker:" ID, "docker", ID},
		{"/system.slice:nerdctl:" ID, "nerdctl", ID},
		{"/system.slice:other:" ID, NULL, ""},
		{"/docker/" ID "/docker/" ID2, "docker", ID2},
		{"/docker/" ID "/system.slice/nginx.service", "docker", ID},
		{"/ecs/0123/" ID, "container", ID},
		{"/system.slice/docker.service", "systemd", "docker.service"},
		{"/system.slice/containerd.service/kubepods-podaa.slice:"
		 "cri-containerd:" ID,
		 "containerd", ID},
		{"/k8s.io/" ID, "containerd", ID},
		{"/kubepods.slice/kubepods-podaa.slice/crio-" ID ".scope",
		 "cri-o", ID},
		{"/machine.slice/libpod-" ID ".scope/container", "podman", ID},
		{"/user.slice/user-1000.slice/user@1000.service/user.slice/"
		 "libpod-" ID ".scope",
		 "podman", ID},
		{"/libpod_parent/" ID, "podman", ID},
		{"/machine.slice/libpod-conmon-" ID ".scope", "systemd",
		 "libpod-conmon-" ID ".scope"},
		{"/system.slice/nerdctl-" ID ".scope", "nerdctl", ID},
		{"/lxc/web", "lxc", "web"},
		{"/lxc.payload.web/system.slice/ssh.service", "lxc", "web"},
		{"/system.slice/nginx.service", "systemd", "nginx.service"},
		{"/machine.slice/libpod-" ID ".scope", "podman", ID},
		{"/machine.slice/machine-libpod_pod_" ID2 ".slice/libpod-" ID
		 ".scope/container",
		 "podman", ID},
		{"/user.slice/user-1000.slice/user@1000.service/user.slice/"
		 "user-libpod_pod_" ID2 ".slice/libpod-" ID ".scope/container",
		 "podman", ID},
		{"/system.slice/crio-conmon-" ID ".scope", "systemd",
		 "crio-conmon-" ID ".scope"},
		{"/machine.slice/machine-web.scope/payload/init.scope",
		 "systemd", "init.scope"},
		{"/user.slice/user-0.slice/session-3.scope", "systemd",
		 "session-3.scope"},
		{"/user.slice/user-1000.slice/user@1000.service/app.slice/"
		 "app-org.gnome.Terminal.slice/vte-spawn-" UID ".scope",
		 "systemd", "vte-spawn-" UID ".scope"},
		{"/system.slice/" LONG_UNIT ".service", "systemd",
		 LONG_UNIT ".service"},
		{"/docker/" ID "0", NULL, ""},
		{"/docker/0123456789ab", NULL, ""},
		{"/user.slice", NULL, ""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct container container;

		container_read(&container, rows[i].path);
		if (!rows[i].runtime)
			assert_null(container.runtime);
		else
			assert_string_equal(container.runtime,
					    rows[i].runtime);
		assert_string_equal(container.id, rows[i].id);
	}
}

static void a_path_of_any_length_is_read(void **state)
{
	char path[8192];
	struct container container;

	(void)state;
	memset(path, 'a', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	for (size_t i = 0; i < sizeof(path) - 1; i += 7) {
		path[i] = '/';
		container_read(&container, path + (i & 63));
	}
	memcpy(path, "/lxc/", 5);
	memset(path + 5, 'b', 4000);
	container_read(&container, path);
	assert_true(strlen(container.id) < sizeof(container.id));
}

/* ---- The store ---- */

enum { NETNS = 4026531840u };

static struct owner_event event_of(uint64_t cookie, uint32_t pid,
				   uint16_t port, uint64_t time)
{
	struct owner_event event = {
		.type = OWNER_EVENT_SOCKET,
		.known = OWNER_SENT,
		.time = time,
		.since = time,
		.cookie = cookie,
		.process = {.start = 1, .tgid = pid, .comm = "program"},
		.tuple = {.local = {10, 0, 0, 1},
			  .remote = {10, 0, 0, 2},
			  .local_port = htons(port),
			  .remote_port = htons(80),
			  .protocol = IPPROTO_TCP,
			  .family = FLOW_IPV4,
			  .netns = NETNS},
	};

	return event;
}

static uint32_t pid_of(const struct owner_store *store,
		       const struct owner_event *event, enum owner_scope scope,
		       int64_t from, int64_t until)
{
	struct owner_end end =
		owner_store_find(store, &event->tuple, scope,
				 (struct owner_period){from, until, false});

	return end.owner ? end.owner->pid : 0;
}

static void a_socket_is_found_by_its_tuple(void **state)
{
	struct owner_store *store = owner_store_new(16);
	struct owner_event event = event_of(1, 100, 5000, 10);
	struct owner_event other = event_of(2, 200, 5001, 10);

	(void)state;
	assert_int_equal(owner_store_socket(store, &event), 0);
	assert_int_equal(pid_of(store, &event, OWNER_HERE, 0, 100), 100);
	assert_int_equal(pid_of(store, &other, OWNER_HERE, 0, 100), 0);
	other.tuple.local_port = event.tuple.local_port;
	other.tuple.flags = OWNER_TUPLE_DUAL;
	assert_int_equal(pid_of(store, &other, OWNER_HERE, 0, 100), 100);
	other.tuple.protocol = IPPROTO_UDP;
	assert_int_equal(pid_of(store, &other, OWNER_HERE, 0, 100), 0);
	owner_store_free(store);
}

static void the_latest_owner_of_a_socket_counts(void **state)
{
	struct owner_store *store = owner_store_new(16);
	struct owner_event first = event_of(1, 100, 5000, 10);
	struct owner_event second = event_of(1, 200, 5000, 20);

	(void)state;
	owner_store_socket(store, &first);
	owner_store_socket(store, &second);
	assert_int_equal(pid_of(store, &first, OWNER_HERE, 0, 100), 200);
	assert_int_equal(owner_store_count(store), 1);
	/* One that comes late, too. */
	owner_store_socket(store, &first);
	assert_int_equal(pid_of(store, &first, OWNER_HERE, 0, 100), 200);
	owner_store_free(store);
}

static void of_two_lives_close_together_the_nearer_counts(void **state)
{
	const int64_t ms = 1000000;
	struct owner_store *store = owner_store_new(16);
	struct owner_event first = event_of(1, 100, 5000, 1000 * ms);
	struct owner_event gone = {.type = OWNER_EVENT_GONE,
				   .cookie = 1,
				   .time = 1005 * ms};
	struct owner_event later = event_of(2, 200, 5000, 1010 * ms);

	(void)state;
	owner_store_socket(store, &first);
	owner_store_gone(store, &gone);
	owner_store_socket(store, &later);
	assert_int_equal(pid_of(store, &first, OWNER_HERE, 1000 * ms,
				1004 * ms),
			 100);
	/* What is sent after close() is the first's, too. */
	assert_int_equal(pid_of(store, &first, OWNER_HERE, 1006 * ms,
				1006 * ms),
			 100);
	/* A datagram's socket is heard of just after it. */
	assert_int_equal(pid_of(store, &first, OWNER_HERE, 1009 * ms,
				1009 * ms),
			 200);
	assert_int_equal(pid_of(store, &first, OWNER_HERE, 1010 * ms,
				2000 * ms),
			 200);
	owner_store_free(store);
}

static void of_two_lives_of_a_tuple_time_decides(void **state)
{
	const int64_t second = 1000000000;
	struct owner_store *store = owner_store_new(16);
	struct owner_event first = event_of(1, 100, 5000, 10 * second);
	struct owner_event gone = {.type = OWNER_EVENT_GONE,
				   .cookie = 1,
				   .time = 20 * second,
				   .srtt = 777,
				   .retransmits = 3};
	struct owner_event later = event_of(2, 200, 5000, 30 * second);
	struct owner_end end;

	(void)state;
	owner_store_socket(store, &first);
	owner_store_gone(store, &gone);
	owner_store_socket(store, &later);
	assert_int_equal(pid_of(store, &first, OWNER_HERE, 12 * second,
				15 * second),
			 100);
	assert_int_equal(pid_of(store, &first, OWNER_HERE, 31 * second,
				32 * second),
			 200);
	end = owner_store_find(
		store, &first.tuple, OWNER_HERE,
		(struct owner_period){12 * second, 15 * second, false});
	assert_int_equal(end.srtt, 777);
	assert_int_equal(end.retransmits, 3);
	owner_store_free(store);
}

static uint32_t pid_of_new(const struct owner_store *store,
			   const struct owner_event *event, int64_t from,
			   int64_t until)
{
	struct owner_end end =
		owner_store_find(store, &event->tuple, OWNER_HERE,
				 (struct owner_period){from, until, true});

	return end.owner ? end.owner->pid : 0;
}

static void what_begins_is_not_of_who_was_told_of_before(void **state)
{
	const int64_t ms = 1000000;
	struct owner_store *store = owner_store_new(16);
	struct owner_event event = event_of(1, 100, 5000, 1000 * ms);
	struct owner_event listener = event_of(2, 200, 80, 10 * ms);
	struct owner_event gone = {
		.type = OWNER_EVENT_GONE, .cookie = 2, .time = 3000 * ms};

	(void)state;
	owner_store_socket(store, &event);
	assert_int_equal(pid_of_new(store, &event, 999 * ms, 1001 * ms), 100);
	/* Its end, and the next one's beginning, were not told. */
	assert_int_equal(pid_of_new(store, &event, 1100 * ms, 1200 * ms), 0);
	/* The same socket connects once more, to the same. */
	event.time = 1100 * ms;
	owner_store_socket(store, &event);
	assert_int_equal(pid_of_new(store, &event, 1099 * ms, 1200 * ms), 100);
	/* One that listens did so before, but does not when it is closed. */
	memset(listener.tuple.remote, 0, sizeof(listener.tuple.remote));
	listener.tuple.remote_port = 0;
	owner_store_socket(store, &listener);
	assert_int_equal(pid_of_new(store, &listener, 2000 * ms, 2000 * ms),
			 200);
	owner_store_gone(store, &gone);
	assert_int_equal(pid_of_new(store, &listener, 2000 * ms, 2000 * ms),
			 200);
	assert_int_equal(pid_of_new(store, &listener, 3100 * ms, 3100 * ms), 0);
	owner_store_free(store);
}

static void where_events_were_lost_nobody_wrong_is_named(void **state)
{
	const int64_t second = 1000000000;
	struct owner_store *store = owner_store_new(16);
	struct owner_event open = event_of(1, 100, 5000, 10 * second);
	struct owner_event closed = event_of(2, 200, 5001, 10 * second);
	struct owner_event gone = {
		.type = OWNER_EVENT_GONE, .cookie = 2, .time = 12 * second};

	(void)state;
	owner_store_socket(store, &open);
	owner_store_socket(store, &closed);
	owner_store_gone(store, &gone);
	assert_int_equal(pid_of(store, &open, OWNER_HERE, 25 * second,
				25 * second),
			 100);
	owner_store_lost(store, 20 * second, 21 * second);
	/* It may have been closed, and the addresses be another's. */
	assert_int_equal(pid_of(store, &open, OWNER_HERE, 25 * second,
				25 * second),
			 0);
	assert_int_equal(pid_of(store, &closed, OWNER_HERE, 22 * second,
				22 * second),
			 0);
	/* What was before is known. */
	assert_int_equal(pid_of(store, &open, OWNER_HERE, 11 * second,
				19 * second),
			 100);
	assert_int_equal(pid_of(store, &closed, OWNER_HERE, 11 * second,
				12 * second),
			 200);
	assert_int_equal(pid_of(store, &closed, OWNER_HERE, 11 * second,
				22 * second),
			 200);
	/* A look at all sockets found it again. */
	open.time = 23 * second;
	owner_store_socket(store, &open);
	assert_int_equal(pid_of(store, &open, OWNER_HERE, 11 * second,
				25 * second),
			 100);
	owner_store_free(store);
}

static void the_end_of_a_connection_tells_its_owner_again(void **state)
{
	struct owner_store *store = owner_store_new(16);
	struct owner_event event = event_of(1, 100, 5000, 10);
	struct owner_event gone = event_of(1, 200, 5000, 30);
	struct owner_event unknown = event_of(2, 300, 5001, 30);

	(void)state;
	owner_store_socket(store, &event);
	gone.type = unknown.type = OWNER_EVENT_GONE;
	owner_store_gone(store, &gone);
	assert_int_equal(pid_of(store, &event, OWNER_HERE, 10, 20), 200);
	assert_int_equal(owner_store_count(store), 1);
	/* When all else was lost. */
	unknown.since = 10;
	owner_store_gone(store, &unknown);
	assert_int_equal(pid_of_new(store, &unknown, 10, 20), 300);
	/* Nobody had used it: that says nothing. */
	unknown.cookie = 3;
	unknown.known = OWNER_NOT;
	owner_store_gone(store, &unknown);
	assert_int_equal(owner_store_count(store), 2);
	owner_store_free(store);
}

static void of_two_that_share_a_port_neither_is_named(void **state)
{
	struct owner_store *store = owner_store_new(16);
	struct owner_event one = event_of(1, 100, 53, 10);
	struct owner_event two = event_of(2, 200, 53, 20);
	struct owner_event gone = {
		.type = OWNER_EVENT_GONE, .cookie = 1, .time = 30};

	(void)state;
	one.tuple.protocol = two.tuple.protocol = IPPROTO_UDP;
	one.tuple.remote_port = two.tuple.remote_port = 0;
	owner_store_socket(store, &one);
	assert_int_equal(pid_of(store, &one, OWNER_HERE, 25, 25), 100);
	assert_false(owner_store_shares(store));
	owner_store_socket(store, &two);
	assert_true(owner_store_shares(store));
	assert_int_equal(pid_of(store, &one, OWNER_HERE, 25, 25), 0);
	/* When there was but one, and when there is again. */
	assert_int_equal(pid_of(store, &one, OWNER_HERE, 15, 15), 100);
	owner_store_gone(store, &gone);
	assert_int_equal(pid_of(store, &one, OWNER_HERE, 40, 50), 200);
	/* Two sockets of one process are one. */
	two.cookie = 3;
	owner_store_socket(store, &two);
	assert_int_equal(pid_of(store, &one, OWNER_HERE, 40, 50), 200);
	owner_store_free(store);
}

/* Name servers have many. */
static void flows_of_a_socket_push_no_socket_out(void **state)
{
	enum { MOST = 100 };
	struct owner_store *store = owner_store_new(MOST);
	struct owner_event first = event_of(1, 7, 1, 1);
	struct owner_event flow = event_of(2, 8, 53, 2);
	struct owner_event gone = {
		.type = OWNER_EVENT_GONE, .cookie = 2, .time = 5000};

	(void)state;
	owner_store_socket(store, &first);
	flow.tuple.protocol = IPPROTO_UDP;
	flow.tuple.flags = OWNER_TUPLE_FLOW;
	for (uint16_t i = 1; i < 10 * MOST; i++) {
		flow.tuple.remote_port = i;
		owner_store_socket(store, &flow);
	}
	assert_int_equal(pid_of(store, &first, OWNER_HERE, 2, 10), 7);
	assert_int_equal(pid_of(store, &flow, OWNER_HERE, 2, 10), 8);
	owner_store_gone(store, &gone);
	assert_int_equal(pid_of(store, &flow, OWNER_HERE, 2, 10), 8);
	owner_store_free(store);
}

static void another_namespace_counts_if_it_is_the_only_one(void **state)
{
	struct owner_store *store = owner_store_new(16);
	struct owner_event here = event_of(1, 100, 5000, 10);
	struct owner_event there = event_of(2, 200, 5000, 10);
	struct owner_event third = event_of(3, 300, 5000, 10);

	(void)state;
	there.tuple.netns = NETNS + 1;
	third.tuple.netns = NETNS + 2;
	owner_store_socket(store, &there);
	assert_int_equal(pid_of(store, &here, OWNER_HERE, 0, 100), 0);
	assert_int_equal(pid_of(store, &here, OWNER_ELSEWHERE, 0, 100), 200);
	owner_store_socket(store, &third);
	assert_int_equal(pid_of(store, &here, OWNER_ELSEWHERE, 0, 100), 0);
	owner_store_free(store);
}

static void only_dual_sockets_take_ipv4(void **state)
{
	struct owner_store *store = owner_store_new(16);
	struct owner_event event = event_of(1, 100, 5000, 10);

	(void)state;
	event.tuple.family = FLOW_IPV6;
	owner_store_socket(store, &event);
	assert_int_equal(pid_of(store, &event, OWNER_HERE_DUAL, 0, 100), 0);
	event.tuple.flags = OWNER_TUPLE_DUAL;
	event.time++;
	owner_store_socket(store, &event);
	assert_int_equal(pid_of(store, &event, OWNER_HERE_DUAL, 0, 100), 100);
	owner_store_free(store);
}

static void memory_is_bounded_and_the_gone_go_first(void **state)
{
	enum { MOST = 3000, ALL = 20000 };
	struct owner_store *store = owner_store_new(MOST);
	struct owner_event first = event_of(1, 7, 1, 1);
	struct owner_event event;

	(void)state;
	owner_store_socket(store, &first);
	for (uint32_t i = 2; i < ALL; i++) {
		struct owner_event gone = {.type = OWNER_EVENT_GONE,
					   .cookie = i,
					   .time = i};

		event = event_of(i, i, (uint16_t)i, i);
		assert_int_equal(owner_store_socket(store, &event), 0);
		owner_store_gone(store, &gone);
		assert_true(owner_store_count(store) <= MOST);
	}
	assert_int_equal(pid_of(store, &first, OWNER_HERE, 0, ALL), 7);
	assert_int_equal(pid_of(store, &event, OWNER_HERE, 0, ALL), ALL - 1);
	/* When none is gone, the oldest goes. */
	for (uint32_t i = ALL; i < ALL + MOST + 1; i++) {
		event = event_of(i, i, (uint16_t)i, i);
		owner_store_socket(store, &event);
	}
	assert_int_equal(pid_of(store, &first, OWNER_HERE, 0, ALL), 0);
	assert_int_equal(owner_store_count(store), MOST);
	owner_store_free(store);
}

/* Names as the kernel tells them, with a NUL at the end of each. */
struct names {
	const char *text;
	size_t length;
};
#define NAMES(text) {text, sizeof(text) - 1}

#define DEEP "a\0a\0a\0a\0a\0a\0a\0"

static void the_cgroup_of_a_process_is_a_path(void **state)
{
	static const struct {
		struct names names;
		const char *path, *runtime;
	} rows[] = {
		{NAMES("docker-" ID ".scope\0system.slice\0\0"),
		 "/system.slice/docker-" ID ".scope", "docker"},
		{NAMES("\0"), "/", NULL},
		{NAMES(""), "/", NULL},
		{NAMES("nginx.service\0...\0\0"), ".../nginx.service",
		 "systemd"},
		/* Control groups of both versions. */
		{NAMES("docker.service\0system.slice\0\0" ID "\0docker\0\0"),
		 "/docker/" ID, "docker"},
		{NAMES("\0" ID "\0docker\0\0"), "/docker/" ID, "docker"},
		{NAMES("docker-" ID ".scope\0system.slice\0\0"
		       "docker.service\0system.slice\0\0"),
		 "/system.slice/docker-" ID ".scope", "docker"},
		{NAMES("a.service\0\0b.service\0\0"), "/a.service",
		 "systemd"},
		{NAMES("\0b.service\0\0"), "/b.service", "systemd"},
		{NAMES("a\0\0b\0\0"), "/a", NULL},
		/* Whatever it is called. */
		{NAMES("\033[2J.service\0\0"), "/?[2J.service", "systemd"},
		{NAMES("not ended"), "/not ended", NULL},
		{NAMES(DEEP DEEP DEEP DEEP),
		 "/a/a/a/a/a/a/a/a/a/a/a/a/a", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct owner_store *store = owner_store_new(16);
		struct owner_event event = event_of(1, 100, 5000, 10);
		struct owner_process_event process = {
			.type = OWNER_EVENT_PROCESS,
			.process = event.process,
			.length = (uint32_t)rows[i].names.length,
		};
		const struct owner *owner;

		memcpy(process.names, rows[i].names.text,
		       rows[i].names.length);
		owner_store_socket(store, &event);
		assert_int_equal(owner_store_process(store, &process), 0);
		owner = owner_store_owner(store, &event.process);
		assert_non_null(owner);
		assert_string_equal(owner->cgroup, rows[i].path);
		if (rows[i].runtime)
			assert_string_equal(owner->container.runtime,
					    rows[i].runtime);
		else
			assert_null(owner->container.runtime);
		assert_string_equal(owner->process, "program");
		owner_store_free(store);
	}
}

/* The event is the kernel's, but its length is believed by nobody. */
static void the_names_end_where_their_room_does(void **state)
{
	struct owner_store *store = owner_store_new(16);
	struct owner_process_event process = {
		.type = OWNER_EVENT_PROCESS,
		.length = UINT32_MAX,
		.process = {.tgid = 100, .start = 1},
	};

	(void)state;
	memset(process.names, 'a', sizeof(process.names));
	assert_int_equal(owner_store_process(store, &process), 0);
	assert_int_equal(
		strlen(owner_store_owner(store, &process.process)->cgroup),
		sizeof(process.names) + 1);
	owner_store_free(store);
}

/* prctl(PR_SET_NAME) takes anything, and 15 bytes may end inside a letter. */
static void a_name_cannot_move_the_cursor(void **state)
{
	static const struct {
		const char *comm, *shown;
	} rows[] = {
		{"\033[2Jx\n\177", "?[2Jx??"},
		{"k\303\244se", "k\303\244se"},
		{"\303", "?"},
		{"\302\233x", "??x"}, /* CSI of C1 */
		{"15 characters \303", "15 characters ?"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct owner_store *store = owner_store_new(16);
		struct owner_event event = event_of(1, 100, 5000, 10);
		const struct owner *owner;

		/* All 16 may be used: nothing ends them. */
		memset(event.process.comm, 0, OWNER_COMM);
		memcpy(event.process.comm, rows[i].comm,
		       strnlen(rows[i].comm, OWNER_COMM));
		owner_store_socket(store, &event);
		owner = owner_store_owner(store, &event.process);
		assert_non_null(owner);
		assert_string_equal(owner->process, rows[i].shown);
		owner_store_free(store);
	}
}

static void sockets_known_by_their_listener_are_counted(void **state)
{
	struct owner_store *store = owner_store_new(16);
	struct owner_event event = event_of(1, 100, 5000, 10);
	struct owner_event gone = {
		.type = OWNER_EVENT_GONE, .cookie = 2, .time = 30};

	(void)state;
	event.known = OWNER_LISTENER;
	owner_store_socket(store, &event);
	assert_int_equal(owner_store_unused(store), 1);
	event.known = OWNER_RECEIVED;
	event.time = 20;
	owner_store_socket(store, &event);
	assert_int_equal(owner_store_unused(store), 0);
	event = event_of(2, 100, 5001, 20);
	event.known = OWNER_LISTENER;
	owner_store_socket(store, &event);
	owner_store_gone(store, &gone);
	assert_int_equal(owner_store_unused(store), 0);
	owner_store_free(store);
}

/* ---- One's own command line ---- */

static void the_command_line_of_another_start_is_not_told(void **state)
{
	struct strbuf text = STRBUF_INIT;
	struct owner owner = {.pid = (uint32_t)getpid(), .start = 1};
	struct owner_command_event told = {0};

	(void)state;
	assert_false(owner_put_command_line(&owner, &told, &text));
	assert_int_equal(text.length, 0);
	/* What the kernel had told is its own. */
	told.length = 4;
	told.total = 300;
	memcpy(told.text, "a\0b", 4);
	assert_true(owner_put_command_line(&owner, &told, &text));
	assert_string_equal(strbuf_text(&text), "a b ...");
	strbuf_free(&text);
}

static void the_words_of_a_command_line_are_harmless(void **state)
{
	static const struct {
		struct names told;
		const char *shown;
	} rows[] = {
		{NAMES("curl\0-s\0http://a/\0"), "curl -s http://a/"},
		{NAMES("a\0\0b\0\0\0"), "a  b"},
		{NAMES("\033[2J\0\n\r\177\0"), "?[2J ???"},
		{NAMES("k\303\244se\0\302\233\377"), "k\303\244se ???"},
		{NAMES("not ended"), "not ended"},
		{NAMES("\0\0"), ""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct strbuf text = STRBUF_INIT;
		const struct owner owner = {.pid = (uint32_t)getpid()};
		struct owner_command_event told = {
			.length = (uint32_t)rows[i].told.length,
			.total = rows[i].told.length,
		};

		memcpy(told.text, rows[i].told.text, told.length);
		assert_int_equal(owner_put_command_line(&owner, &told, &text),
				 rows[i].shown[0] != 0);
		assert_string_equal(strbuf_text(&text), rows[i].shown);
		strbuf_free(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(containers_are_read_from_paths),
		cmocka_unit_test(a_path_of_any_length_is_read),
		cmocka_unit_test(a_socket_is_found_by_its_tuple),
		cmocka_unit_test(the_latest_owner_of_a_socket_counts),
		cmocka_unit_test(of_two_lives_close_together_the_nearer_counts),
		cmocka_unit_test(of_two_lives_of_a_tuple_time_decides),
		cmocka_unit_test(what_begins_is_not_of_who_was_told_of_before),
		cmocka_unit_test(where_events_were_lost_nobody_wrong_is_named),
		cmocka_unit_test(the_end_of_a_connection_tells_its_owner_again),
		cmocka_unit_test(of_two_that_share_a_port_neither_is_named),
		cmocka_unit_test(flows_of_a_socket_push_no_socket_out),
		cmocka_unit_test(
			another_namespace_counts_if_it_is_the_only_one),
		cmocka_unit_test(only_dual_sockets_take_ipv4),
		cmocka_unit_test(memory_is_bounded_and_the_gone_go_first),
		cmocka_unit_test(the_cgroup_of_a_process_is_a_path),
		cmocka_unit_test(the_names_end_where_their_room_does),
		cmocka_unit_test(a_name_cannot_move_the_cursor),
		cmocka_unit_test(sockets_known_by_their_listener_are_counted),
		cmocka_unit_test(the_command_line_of_another_start_is_not_told),
		cmocka_unit_test(the_words_of_a_command_line_are_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
