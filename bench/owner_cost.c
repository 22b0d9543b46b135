/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What it costs a sender that its sockets' owners are watched: nanoseconds per
 * send(), with and without, in turns, in a network namespace of its own.
 *
 *	owner_cost [ROUNDS]
 *
 * The datagrams go to a socket that nobody reads, so that a send is as short
 * as it can be. Beside the difference of the medians, the kernel's own account
 * of the program (BPF_STATS_RUN_TIME).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "src/owner/owner_table.h"

enum { SENDS = 100000, ROUNDS = 15, ROUNDS_MAX = 200 };

static int lo_up(void)
{
	struct ifreq request = {.ifr_name = "lo",
				.ifr_flags = IFF_UP | IFF_RUNNING};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int error = ioctl(fd, SIOCSIFFLAGS, &request);

	close(fd);
	return error;
}

/* CPU time of this thread: what others take does not count. */
static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), compare);
	return values[n / 2];
}

static double send_many(int fd)
{
	double begin = now_ns();

	for (int i = 0; i < SENDS; i++)
		if (send(fd, "x", 1, 0) != 1)
			return -1;
	return (now_ns() - begin) / SENDS;
}

/* A pair of which one end fills up. */
static int open_sender(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t length = sizeof(address);
	int receiver = socket(AF_INET, SOCK_DGRAM, 0);
	int sender = socket(AF_INET, SOCK_DGRAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(receiver, (struct sockaddr *)&address, length) ||
	    getsockname(receiver, (struct sockaddr *)&address, &length) ||
	    connect(sender, (struct sockaddr *)&address, length))
		return -1;
	return sender;
}

/* The kernel's own count of the programs called @name. */
static void put_program(const char *name)
{
	uint32_t id = 0;

	while (!bpf_prog_get_next_id(id, &id)) {
		struct bpf_prog_info info = {0};
		uint32_t size = sizeof(info);
		int fd = bpf_prog_get_fd_by_id(id);

		if (fd < 0)
			continue;
		if (!bpf_obj_get_info_by_fd(fd, &info, &size) &&
		    !strcmp(info.name, name) && info.run_cnt > SENDS)
			printf("%s: %llu runs, %.1f ns each by the kernel's "
			       "clock (reading it included)\n",
			       name, (unsigned long long)info.run_cnt,
			       (double)info.run_time_ns /
				       (double)info.run_cnt);
		close(fd);
	}
}

static int measure(int fd, bool watched, double *result, bool last)
{
	struct strbuf error = STRBUF_INIT;
	struct owner_options options = {0};
	struct owner_table *table = NULL;
	int stats = -1, failed = 0;

	if (watched)
		failed = owner_start(&table, &options, &error);
	if (failed)
		fprintf(stderr, "owner_cost: %s\n", strbuf_text(&error));
	send_many(fd);
	*result = failed ? 0 : send_many(fd);
	if (watched && last && !failed) {
		stats = bpf_enable_stats(BPF_STATS_RUN_TIME);
		send_many(fd);
		send_many(fd);
		put_program("owner_send");
		close(stats);
	}
	owner_free(table);
	strbuf_free(&error);
	return failed;
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : ROUNDS, fd;
	double with[ROUNDS_MAX], without[ROUNDS_MAX], delta[ROUNDS_MAX];

	if (rounds < 1 || rounds > ROUNDS_MAX)
		return 1;
	if (unshare(CLONE_NEWNET) || lo_up() || (fd = open_sender()) < 0) {
		fprintf(stderr, "owner_cost: %s\n", strerror(errno));
		return 1;
	}
	for (int i = 0; i < rounds; i++) {
		if (measure(fd, false, &without[i], false) ||
		    measure(fd, true, &with[i], i == rounds - 1))
			return 1;
		delta[i] = with[i] - without[i];
	}
	printf("send() of a datagram, %d rounds of %d, CPU time, median and "
	       "least:\n",
	       rounds, SENDS);
	printf("  without owners %8.1f ns", median(without, (size_t)rounds));
	printf(" %8.1f ns\n", without[0]);
	printf("  with owners    %8.1f ns", median(with, (size_t)rounds));
	printf(" %8.1f ns\n", with[0]);
	printf("  difference of each round, median: %.1f ns\n",
	       median(delta, (size_t)rounds));
	return 0;
}
