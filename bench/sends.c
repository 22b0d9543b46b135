/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a send() costs: datagrams of 64 bytes over a connected socket, to an
 * address that is reached but where nobody reads.
 *
 *	sends ADDRESS COUNT
 *
 * Prints the CPU nanoseconds a send. It stays on one CPU.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	char datagram[64];
	long count = argc > 2 ? atol(argv[2]) : 0;
	double begin;

	memset(datagram, 'x', sizeof(datagram));
	if (count < 1 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)))
		return 1;
	/* The first ones find the way, and that nobody listens. */
	for (int i = 0; i < 100; i++)
		if (send(fd, datagram, sizeof(datagram), 0) < 0)
			continue;
	begin = now_ns();
	for (long i = 0; i < count; i++)
		if (send(fd, datagram, sizeof(datagram), 0) < 0)
			return 1;
	printf("%.1f\n", (now_ns() - begin) / (double)count);
	return 0;
}
