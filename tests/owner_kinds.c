/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/owner_kinds.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- Small things ---- */

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "# %s: %s\n", what, strerror(errno));
	_exit(70);
}

static socklen_t size_of(const union address *address)
{
	return address->any.sa_family == AF_INET ? sizeof(address->in)
						 : sizeof(address->in6);
}

static union address loopback(int family, uint16_t port)
{
	union address address = {0};

	if (family == AF_INET) {
		address.in.sin_family = AF_INET;
		address.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		address.in.sin_port = htons(port);
	} else {
		address.in6.sin6_family = AF_INET6;
		address.in6.sin6_addr = in6addr_loopback;
		address.in6.sin6_port = htons(port);
	}
	return address;
}

static union address anywhere(int family)
{
	union address address = loopback(family, 0);

	if (family == AF_INET)
		address.in.sin_addr.s_addr = htonl(INADDR_ANY);
	else
		address.in6.sin6_addr = in6addr_any;
	return address;
}

static uint16_t port_of(int fd)
{
	union address address;
	socklen_t length = sizeof(address);

	must(!getsockname(fd, &address.any, &length), "getsockname");
	return ntohs(address.in.sin_port);
}

/* An IPv4 address in an IPv6 one is IPv4 on the wire. */
static uint8_t put_address(const union address *address, uint8_t to[16],
			   uint16_t *port)
{
	memset(to, 0, 16);
	*port = address->in.sin_port;
	if (address->any.sa_family == AF_INET) {
		memcpy(to, &address->in.sin_addr, 4);
		return FLOW_IPV4;
	}
	if (IN6_IS_ADDR_V4MAPPED(&address->in6.sin6_addr)) {
		memcpy(to, (const uint8_t *)&address->in6.sin6_addr + 12, 4);
		return FLOW_IPV4;
	}
	memcpy(to, &address->in6.sin6_addr, 16);
	return FLOW_IPV6;
}

static void name_self(const struct stage *stage, const char *role)
{
	char name[32];

	snprintf(name, sizeof(name), "k%u-%s-%d", stage->kind, role,
		 stage->round);
	prctl(PR_SET_NAME, name);
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void report(const struct stage *stage, int protocol,
		   const union address *from, const union address *to)
{
	struct truth truth = {
		.kind = stage->kind,
		.pid = (uint32_t)getpid(),
		.uid = (uint32_t)geteuid(),
		.time = now_ns(),
	};
	FILE *comm = fopen("/proc/self/comm", "re");

	must(comm && fgets(truth.name, sizeof(truth.name), comm), "comm");
	fclose(comm);
	truth.name[strcspn(truth.name, "\n")] = '\0';
	truth.key.protocol = (uint8_t)protocol;
	truth.key.family =
		put_address(from, truth.key.source, &truth.key.source_port);
	put_address(to, truth.key.destination, &truth.key.destination_port);
	must(write(stage->report, &truth, sizeof(truth)) == sizeof(truth),
	     "report");
}

/* What is true of a connected socket. */
static void report_socket(const struct stage *stage, int protocol, int fd)
{
	union address from, to;
	socklen_t length = sizeof(from);

	must(!getsockname(fd, &from.any, &length), "getsockname");
	length = sizeof(to);
	must(!getpeername(fd, &to.any, &length), "getpeername");
	report(stage, protocol, &from, &to);
}

/* ---- Processes ---- */

/* Returns in the parent with its id; in the child, 0. */
static pid_t spawn(const struct stage *stage, const char *role)
{
	pid_t pid = fork();

	must(pid >= 0, "fork");
	if (!pid) {
		name_self(stage, role);
		close(stage->hold[1]);
	}
	return pid;
}

static void reap(pid_t pid)
{
	int status;

	must(waitpid(pid, &status, 0) == pid, "waitpid");
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		fprintf(stderr, "# a process ended with status %#x\n", status);
}

static void wait_for_end(const struct stage *stage)
{
	char byte;

	while (read(stage->hold[0], &byte, 1) < 0 && errno == EINTR)
		;
}

/* ---- Sockets ---- */

static int listener(const union address *address)
{
	int fd = socket(address->any.sa_family, SOCK_STREAM, 0);

	must(fd >= 0, "socket");
	must(!bind(fd, &address->any, size_of(address)), "bind");
	must(!listen(fd, 64), "listen");
	return fd;
}

static int dial(int family, uint16_t port)
{
	union address address = loopback(family, port);
	int fd = socket(family, SOCK_STREAM, 0);

	must(fd >= 0, "socket");
	must(!connect(fd, &address.any, size_of(&address)), "connect");
	return fd;
}

static int take(int listening)
{
	int fd = accept(listening, NULL, NULL);

	must(fd >= 0, "accept");
	return fd;
}

/* Four ways to send, in turn. */
static void send_some(const struct stage *stage, int fd)
{
	static char text[] = "whose am I?";
	struct iovec part = {text, sizeof(text)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	struct mmsghdr messages = {.msg_hdr = message};
	ssize_t n = 0;

	switch (stage->round % 5) {
	case 0:
		n = write(fd, text, sizeof(text));
		break;
	case 1:
		n = send(fd, text, sizeof(text), 0);
		break;
	case 2:
		n = sendmsg(fd, &message, 0);
		break;
	case 3:
		n = writev(fd, &part, 1);
		break;
	default:
		n = sendmmsg(fd, &messages, 1, 0) == 1 ? 1 : -1;
	}
	must(n > 0, "send");
}

/* Four ways to receive. */
static void receive_some(const struct stage *stage, int fd)
{
	char text[64];
	struct iovec part = {text, sizeof(text)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	struct mmsghdr messages = {.msg_hdr = message};
	ssize_t n = 0;

	switch (stage->round % 5) {
	case 0:
		n = read(fd, text, sizeof(text));
		break;
	case 1:
		n = recv(fd, text, sizeof(text), 0);
		break;
	case 2:
		n = recvmsg(fd, &message, 0);
		break;
	case 3:
		n = readv(fd, &part, 1);
		break;
	default:
		n = recvmmsg(fd, &messages, 1, 0, NULL) == 1 ? 1 : -1;
	}
	must(n > 0, "receive");
}

static void wait_for_peer(int fd)
{
	char text[256];

	while (read(fd, text, sizeof(text)) > 0)
		;
}

/* ---- Servers, each in a process of its own ---- */

typedef void serve_fn(const struct stage *stage, int fd);

struct server {
	pid_t pid;
	uint16_t port;
};

/* Accepts one connection and serves it. */
static struct server serve(const struct stage *stage,
			   const union address *address, serve_fn *fn)
{
	struct server server;
	int ports[2];

	must(!pipe(ports), "pipe");
	server.pid = spawn(stage, "server");
	if (!server.pid) {
		int listening = listener(address);
		uint16_t port = port_of(listening);

		must(write(ports[1], &port, sizeof(port)) == sizeof(port),
		     "port");
		fn(stage, listening);
		_exit(0);
	}
	close(ports[1]);
	must(read(ports[0], &server.port, sizeof(server.port)) ==
		     sizeof(server.port),
	     "port");
	close(ports[0]);
	return server;
}

static void answer(const struct stage *stage, int listening)
{
	int fd = take(listening);

	receive_some(stage, fd);
	send_some(stage, fd);
	report_socket(stage, IPPROTO_TCP, fd);
	close(fd);
}

static void only_receive(const struct stage *stage, int listening)
{
	int fd = take(listening);

	receive_some(stage, fd);
	report_socket(stage, IPPROTO_TCP, fd);
	wait_for_peer(fd);
	close(fd);
}

static void swallow(const struct stage *stage, int listening)
{
	int fd = take(listening);

	(void)stage;
	wait_for_peer(fd);
	close(fd);
}

static void ask(const struct stage *stage, int fd)
{
	send_some(stage, fd);
	receive_some(stage, fd);
	report_socket(stage, IPPROTO_TCP, fd);
	close(fd);
}

/* ---- Kinds: TCP ---- */

static void run_plain(const struct stage *stage, int family,
		      const union address *address)
{
	struct server server = serve(stage, address, answer);
	pid_t client = spawn(stage, "client");

	if (!client) {
		ask(stage, dial(family, server.port));
		_exit(0);
	}
	reap(client);
	reap(server.pid);
}

static void run_ipv4(const struct stage *stage)
{
	union address address = loopback(AF_INET, 0);

	run_plain(stage, AF_INET, &address);
}

static void run_ipv6(const struct stage *stage)
{
	union address address = loopback(AF_INET6, 0);

	run_plain(stage, AF_INET6, &address);
}

static void run_dual(const struct stage *stage)
{
	union address address = anywhere(AF_INET6);

	run_plain(stage, AF_INET, &address);
}

static void run_receive_only(const struct stage *stage)
{
	union address address = loopback(AF_INET, 0);
	struct server server = serve(stage, &address, only_receive);
	pid_t client = spawn(stage, "client");

	if (!client) {
		int fd = dial(AF_INET, server.port);

		send_some(stage, fd);
		report_socket(stage, IPPROTO_TCP, fd);
		close(fd);
		_exit(0);
	}
	reap(client);
	reap(server.pid);
}

/* The parent connects; a child born afterwards speaks. */
static void run_fork(const struct stage *stage)
{
	union address address = loopback(AF_INET, 0);
	struct server server = serve(stage, &address, answer);
	pid_t parent = spawn(stage, "parent");

	if (!parent) {
		int fd = dial(AF_INET, server.port);
		pid_t child = spawn(stage, "child");

		if (!child) {
			ask(stage, fd);
			_exit(0);
		}
		reap(child);
		_exit(0);
	}
	reap(parent);
	reap(server.pid);
}

static void pass_fd(int through, int fd)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	char byte = 'f';
	struct iovec part = {&byte, 1};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	must(sendmsg(through, &message, 0) == 1, "pass");
}

static int get_fd(int through)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	char byte;
	struct iovec part = {&byte, 1};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	int fd;

	must(recvmsg(through, &message, 0) == 1, "get");
	memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
	return fd;
}

/* One process connects and hands the socket to another, who speaks. */
static void run_pass(const struct stage *stage)
{
	union address address = loopback(AF_INET, 0);
	struct server server = serve(stage, &address, answer);
	pid_t taker, giver;
	int pair[2];

	must(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "socketpair");
	taker = spawn(stage, "taker");
	if (!taker) {
		ask(stage, get_fd(pair[1]));
		_exit(0);
	}
	giver = spawn(stage, "giver");
	if (!giver) {
		pass_fd(pair[0], dial(AF_INET, server.port));
		_exit(0);
	}
	reap(giver);
	reap(taker);
	reap(server.pid);
	close(pair[0]);
	close(pair[1]);
}

static void let_worker_answer(const struct stage *stage, int listening)
{
	pid_t worker = spawn(stage, "worker");

	if (!worker) {
		answer(stage, listening);
		_exit(0);
	}
	reap(worker);
}

/* The parent listens; a worker accepts and answers. */
static void run_worker(const struct stage *stage)
{
	union address address = loopback(AF_INET, 0);
	struct server server = serve(stage, &address, let_worker_answer);
	pid_t client = spawn(stage, "client");

	if (!client) {
		ask(stage, dial(AF_INET, server.port));
		_exit(0);
	}
	reap(client);
	reap(server.pid);
}

/* Connects and becomes another program, which inherits the socket. */
static void run_exec(const struct stage *stage)
{
	union address address = loopback(AF_INET, 0);
	struct server server = serve(stage, &address, swallow);
	pid_t client = spawn(stage, "before");

	if (!client) {
		int fd = dial(AF_INET, server.port), text[2];
		union address from, to;
		socklen_t length = sizeof(from);
		struct truth truth = {.kind = stage->kind,
				      .pid = (uint32_t)getpid(),
				      .uid = (uint32_t)geteuid(),
				      .name = "cat",
				      .time = now_ns()};

		getsockname(fd, &from.any, &length);
		length = sizeof(to);
		getpeername(fd, &to.any, &length);
		truth.key.protocol = IPPROTO_TCP;
		truth.key.family = put_address(&from, truth.key.source,
					       &truth.key.source_port);
		put_address(&to, truth.key.destination,
			    &truth.key.destination_port);
		must(!pipe(text), "pipe");
		must(write(text[1], "hello", 5) == 5, "write");
		close(text[1]);
		dup2(text[0], STDIN_FILENO);
		dup2(fd, STDOUT_FILENO);
		must(write(stage->report, &truth, sizeof(truth)) ==
			     sizeof(truth),
		     "report");
		close(fd);
		execl("/bin/cat", "cat", NULL);
		_exit(70);
	}
	reap(client);
	reap(server.pid);
}

static void run_sendfile(const struct stage *stage)
{
	union address address = loopback(AF_INET, 0);
	struct server server = serve(stage, &address, only_receive);
	pid_t client = spawn(stage, "client");

	if (!client) {
		int file = open("/proc/self/exe", O_RDONLY);
		int fd = dial(AF_INET, server.port), tube[2];

		must(file >= 0 && !pipe(tube), "open");
		if (stage->round & 1) {
			must(sendfile(fd, file, NULL, 3000) == 3000,
			     "sendfile");
		} else {
			must(splice(file, NULL, tube[1], NULL, 3000, 0) > 0,
			     "splice");
			must(splice(tube[0], NULL, fd, NULL, 3000, 0) > 0,
			     "splice");
		}
		report_socket(stage, IPPROTO_TCP, fd);
		_exit(0);
	}
	reap(client);
	reap(server.pid);
}

static void *ask_from_thread(void *argument)
{
	const struct stage *stage = argument;

	/* A name of the thread's own, which is not the process's. */
	prctl(PR_SET_NAME, "a-thread");
	ask(stage, dial(AF_INET6, (uint16_t)stage->rounds));
	return NULL;
}

static void run_threads(const struct stage *stage)
{
	union address address = loopback(AF_INET6, 0);
	struct server server = serve(stage, &address, answer);
	pid_t client = spawn(stage, "client");

	if (!client) {
		struct stage inner = *stage;
		pthread_t thread;

		inner.rounds = server.port;
		must(!pthread_create(&thread, NULL, ask_from_thread, &inner),
		     "thread");
		pthread_join(thread, NULL);
		_exit(0);
	}
	reap(client);
	reap(server.pid);
}

static void close_at_once(const struct stage *stage, int listening)
{
	pid_t worker = spawn(stage, "worker");

	if (!worker) {
		int fd = take(listening);

		report_socket(stage, IPPROTO_TCP, fd);
		close(fd);
		_exit(0);
	}
	reap(worker);
}

static void run_close(const struct stage *stage)
{
	union address address = loopback(AF_INET, 0);
	struct server server = serve(stage, &address, close_at_once);
	pid_t client = spawn(stage, "client");

	if (!client) {
		int fd = dial(AF_INET, server.port);

		report_socket(stage, IPPROTO_TCP, fd);
		wait_for_peer(fd);
		close(fd);
		_exit(0);
	}
	reap(client);
	reap(server.pid);
}

/* A worker accepts and does nothing with it. */
static void hold_on(const struct stage *stage, int listening)
{
	pid_t worker = spawn(stage, "worker");

	if (!worker) {
		int fd = take(listening);

		close(listening);
		report_socket(stage, IPPROTO_TCP, fd);
		wait_for_end(stage);
		_exit(0);
	}
	wait_for_end(stage);
	reap(worker);
}

static void run_hold(const struct stage *stage)
{
	union address address = loopback(AF_INET, 0);
	struct server server = serve(stage, &address, hold_on);

	if (!spawn(stage, "client")) {
		int fd = dial(AF_INET, server.port);

		report_socket(stage, IPPROTO_TCP, fd);
		wait_for_end(stage);
		_exit(0);
	}
}

static void run_refused(const struct stage *stage)
{
	pid_t client = spawn(stage, "client");

	if (!client) {
		union address from = loopback(AF_INET, 0);
		union address to = loopback(AF_INET, 1);
		socklen_t length = sizeof(from);
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		must(!bind(fd, &from.any, length), "bind");
		getsockname(fd, &from.any, &length);
		must(connect(fd, &to.any, sizeof(to.in)) < 0, "be refused");
		report(stage, IPPROTO_TCP, &from, &to);
		_exit(0);
	}
	reap(client);
}

/* Connects as root, speaks as somebody else. */
static void run_user(const struct stage *stage)
{
	union address address = loopback(AF_INET, 0);
	struct server server = serve(stage, &address, answer);
	pid_t client = spawn(stage, "client");

	if (!client) {
		int fd = dial(AF_INET, server.port);

		must(!setresuid(4711, 4711, 4711), "setresuid");
		prctl(PR_SET_DUMPABLE, 1);
		ask(stage, fd);
		_exit(0);
	}
	reap(client);
	reap(server.pid);
}

/* ---- Kinds: io_uring, by hand ---- */

struct uring {
	int fd;
	struct io_uring_params params;
	uint8_t *submission, *completion;
	struct io_uring_sqe *entries;
};

static bool uring_open(struct uring *uring, unsigned int flags)
{
	size_t size;

	*uring = (struct uring){
		.params = {.flags = flags, .sq_thread_idle = 50}};
	uring->fd = (int)syscall(__NR_io_uring_setup, 4, &uring->params);
	if (uring->fd < 0)
		return false;
	size = uring->params.sq_off.array + 4 * sizeof(uint32_t);
	uring->submission = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
				 uring->fd, IORING_OFF_SQ_RING);
	size = uring->params.cq_off.cqes + 8 * sizeof(struct io_uring_cqe);
	uring->completion = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
				 uring->fd, IORING_OFF_CQ_RING);
	uring->entries = mmap(NULL, 4 * sizeof(struct io_uring_sqe),
			      PROT_READ | PROT_WRITE, MAP_SHARED, uring->fd,
			      IORING_OFF_SQES);
	must(uring->entries != MAP_FAILED, "io_uring");
	return true;
}

static int uring_do(struct uring *uring, uint8_t opcode, int fd, void *data,
		    uint32_t length)
{
	struct io_uring_sqe *entry = &uring->entries[0];
	uint32_t *tail =
		(void *)(uring->submission + uring->params.sq_off.tail);
	uint32_t *mask =
		(void *)(uring->submission + uring->params.sq_off.ring_mask);
	uint32_t *array =
		(void *)(uring->submission + uring->params.sq_off.array);
	uint32_t *head =
		(void *)(uring->completion + uring->params.cq_off.head);
	uint32_t *cq_mask =
		(void *)(uring->completion + uring->params.cq_off.ring_mask);
	struct io_uring_cqe *done =
		(void *)(uring->completion + uring->params.cq_off.cqes);
	int result;

	memset(entry, 0, sizeof(*entry));
	entry->opcode = opcode;
	entry->fd = fd;
	entry->addr = (uint64_t)(uintptr_t)data;
	entry->len = length;
	array[*tail & *mask] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	must(syscall(__NR_io_uring_enter, uring->fd, 1, 1,
		     IORING_ENTER_GETEVENTS | IORING_ENTER_SQ_WAKEUP, NULL,
		     0) >= 0,
	     "io_uring_enter");
	result = done[*head & *cq_mask].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return result;
}

static void answer_uring(const struct stage *stage, int listening)
{
	struct uring uring;
	char text[64];
	int fd;

	must(uring_open(&uring, 0), "io_uring_setup");
	fd = take(listening);
	must(uring_do(&uring, IORING_OP_RECV, fd, text, sizeof(text)) > 0,
	     "receive");
	report_socket(stage, IPPROTO_TCP, fd);
	must(uring_do(&uring, IORING_OP_SEND, fd, text, 10) == 10, "send");
	close(fd);
}

/* Every other by a thread of the kernel that works for the process. */
static void run_uring(const struct stage *stage)
{
	union address address = loopback(AF_INET, 0);
	struct uring probe;
	struct server server;
	pid_t client;

	if (!uring_open(&probe, 0)) {
		run_ipv4(stage);
		return;
	}
	close(probe.fd);
	server = serve(stage, &address, answer_uring);
	client = spawn(stage, "client");
	if (!client) {
		static char text[] = "through a ring";
		unsigned int flags = stage->round & 1 ? IORING_SETUP_SQPOLL : 0;
		int fd = dial(AF_INET, server.port);
		struct uring uring;

		must(uring_open(&uring, flags), "io_uring_setup");
		must(uring_do(&uring, IORING_OP_SEND, fd, text, 10) == 10,
		     "send");
		must(uring_do(&uring, IORING_OP_RECV, fd, text, 10) == 10,
		     "receive");
		report_socket(stage, IPPROTO_TCP, fd);
		_exit(0);
	}
	reap(client);
	reap(server.pid);
}

/* ---- Kinds: UDP ---- */

static int bound(const union address *address)
{
	int fd = socket(address->any.sa_family, SOCK_DGRAM, 0);

	must(fd >= 0, "socket");
	must(!bind(fd, &address->any, size_of(address)), "bind");
	return fd;
}

/* Takes a datagram; answers it if it is to. */
static void serve_datagram(const struct stage *stage, int fd, int family,
			   bool answers)
{
	union address peer, self = loopback(family, port_of(fd));
	socklen_t length = sizeof(peer);
	char text[64];

	must(recvfrom(fd, text, sizeof(text), 0, &peer.any, &length) > 0,
	     "recvfrom");
	if (answers)
		must(sendto(fd, text, 10, 0, &peer.any, length) == 10,
		     "sendto");
	report(stage, IPPROTO_UDP, &self, &peer);
}

enum { ANSWERS = 1, FORKS = 2, CONNECTS = 4 };

static void ask_datagram(const struct stage *stage, int family, uint16_t port,
			 unsigned int how)
{
	union address to = loopback(family, port), from;
	int fd = socket(family, SOCK_DGRAM, 0);
	char text[64] = "a datagram";

	if (how & CONNECTS) {
		must(!connect(fd, &to.any, size_of(&to)), "connect");
		send_some(stage, fd);
	} else {
		must(sendto(fd, text, 10, 0, &to.any, size_of(&to)) == 10,
		     "sendto");
	}
	if (how & ANSWERS)
		must(recv(fd, text, sizeof(text), 0) > 0, "recv");
	from = loopback(family, port_of(fd));
	report(stage, IPPROTO_UDP, &from, &to);
}

static void run_datagram(const struct stage *stage, int family,
			 unsigned int how)
{
	union address address =
		how & CONNECTS ? loopback(family, 0) : anywhere(family);
	pid_t server, client;
	uint16_t port;
	int ports[2];

	must(!pipe(ports), "pipe");
	server = spawn(stage, "server");
	if (!server) {
		int fd = bound(&address);
		pid_t worker = 0;

		port = port_of(fd);
		must(write(ports[1], &port, sizeof(port)) == sizeof(port),
		     "port");
		if (how & FORKS)
			worker = spawn(stage, "worker");
		if (worker)
			reap(worker);
		else
			serve_datagram(stage, fd, family, how & ANSWERS);
		_exit(0);
	}
	must(read(ports[0], &port, sizeof(port)) == sizeof(port), "port");
	close(ports[0]);
	close(ports[1]);
	client = spawn(stage, "client");
	if (!client) {
		ask_datagram(stage, family, port, how);
		_exit(0);
	}
	reap(client);
	reap(server);
}

static void run_udp_connected(const struct stage *stage)
{
	run_datagram(stage, AF_INET, CONNECTS | ANSWERS);
}

static void run_udp_unconnected(const struct stage *stage)
{
	run_datagram(stage, stage->round & 1 ? AF_INET6 : AF_INET, ANSWERS);
}

static void run_udp_silent(const struct stage *stage)
{
	run_datagram(stage, AF_INET, 0);
}

static void run_udp_worker(const struct stage *stage)
{
	run_datagram(stage, AF_INET6, FORKS | ANSWERS);
}

/* Bound, and nobody ever reads what comes. */
static void run_udp_deaf(const struct stage *stage)
{
	union address address = anywhere(AF_INET);
	uint16_t port;
	int ports[2];

	must(!pipe(ports), "pipe");
	if (!spawn(stage, "deaf")) {
		int fd = bound(&address);
		union address self = loopback(AF_INET, port_of(fd));
		union address peer = loopback(AF_INET, 9);

		port = port_of(fd);
		report(stage, IPPROTO_UDP, &self, &peer);
		must(write(ports[1], &port, sizeof(port)) == sizeof(port),
		     "port");
		wait_for_end(stage);
		_exit(0);
	}
	must(read(ports[0], &port, sizeof(port)) == sizeof(port), "port");
	close(ports[0]);
	close(ports[1]);
}

/* ---- Kinds: open before anybody watched ---- */

/* Holds on to a connection; speaks later if it is to. */
static void open_before(const struct stage *stage)
{
	union address address = loopback(AF_INET, 0);
	struct server server = serve(stage, &address, hold_on);
	int ready[2];
	char byte = 0;

	must(!pipe(ready), "pipe");
	if (!spawn(stage, "client")) {
		int fd = dial(AF_INET, server.port);

		report_socket(stage, IPPROTO_TCP, fd);
		must(write(ready[1], &byte, 1) == 1, "ready");
		wait_for_end(stage);
		_exit(0);
	}
	must(read(ready[0], &byte, 1) == 1, "ready");
	close(ready[0]);
	close(ready[1]);
}

static void run_udp_before(const struct stage *stage)
{
	run_udp_deaf(stage);
}

const struct kind KINDS[] = {
	{"tcp over IPv4", run_ipv4, false, 2, false},
	{"tcp over IPv6", run_ipv6, false, 2, false},
	{"tcp from IPv4 to an IPv6 socket", run_dual, false, 2, false},
	{"server only receives", run_receive_only, false, 2, false},
	{"fork after connect", run_fork, false, 2, false},
	{"fd passed over a unix socket", run_pass, false, 2, false},
	{"listener with a forked worker", run_worker, false, 2, false},
	{"inherited across exec", run_exec, false, 1, false},
	{"sendfile and splice", run_sendfile, false, 2, false},
	{"io_uring, also by its own thread", run_uring, false, 2, false},
	{"threads with names of their own", run_threads, false, 2, false},
	{"worker accepts and closes", run_close, false, 2, false},
	{"worker accepts and holds", run_hold, false, 2, false},
	{"connect refused", run_refused, false, 1, false},
	{"user changed after connect", run_user, false, 2, false},
	{"udp, connected", run_udp_connected, false, 2, false},
	{"udp, unconnected, bound to any", run_udp_unconnected, false, 2, false},
	{"udp, server only receives", run_udp_silent, false, 2, false},
	{"udp, forked worker", run_udp_worker, false, 2, false},
	{"udp, nobody reads", run_udp_deaf, false, 1, true},
	{"tcp, open at start", open_before, true, 2, true},
	{"udp, open at start", run_udp_before, true, 1, true},
};

const size_t KIND_COUNT = sizeof(KINDS) / sizeof(KINDS[0]);
