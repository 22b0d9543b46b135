/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Counts TCP packets of a port on an interface with an AF_PACKET socket of its
 * own, to compare a capture's counts with. `counter INTERFACE PORT`, until
 * SIGINT or SIGTERM; says `listening on` on standard error when it counts and
 * prints `packets P bytes B segments S wire W dropped D` at the end:
 * bytes as the socket saw them, segments and wire bytes as on the wire, from
 * the virtio header that the kernel puts in front (PACKET_VNET_HDR): a packet
 * of gso_size G and payload L stands for ceil(L / G) frames, each with headers
 * of its own.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>

enum { SNAPSHOT = 256 };

struct counts {
	uint64_t packets, bytes, segments, wire;
};

/* A packet's first bytes and what the kernel says of it. */
struct seen {
	struct virtio_net_hdr gso;
	uint8_t data[SNAPSHOT];
	size_t length; /* of the whole packet */
	size_t captured;
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

/* Offset of the TCP header in an Ethernet frame without a tag; 0: not TCP. */
static size_t tcp_offset(const struct seen *seen)
{
	const uint8_t *data = seen->data;
	size_t at = 0;

	if (seen->captured < 54)
		return 0;
	if (data[12] == 0x08 && data[13] == 0 && data[23] == IPPROTO_TCP)
		at = 14 + (size_t)(data[14] & 15) * 4;
	else if (data[12] == 0x86 && data[13] == 0xdd &&
		 data[20] == IPPROTO_TCP)
		at = 14 + 40;
	return at + 20 <= seen->captured ? at : 0;
}

static void count(struct counts *counts, const struct seen *seen,
		  unsigned int port)
{
	size_t tcp = tcp_offset(seen), headers, segments = 1;
	const uint8_t *data = seen->data + tcp;

	if (!tcp || ((unsigned int)(data[0] << 8 | data[1]) != port &&
		     (unsigned int)(data[2] << 8 | data[3]) != port))
		return;
	headers = tcp + (size_t)(data[12] >> 4) * 4;
	if (seen->gso.gso_type != VIRTIO_NET_HDR_GSO_NONE && seen->gso.gso_size)
		segments = (seen->length - headers + seen->gso.gso_size - 1) /
			   seen->gso.gso_size;
	counts->packets++;
	counts->bytes += seen->length;
	counts->segments += segments;
	counts->wire += seen->length + (segments - 1) * headers;
}

/* Receives one; false: interrupted or failed. */
static bool receive(int socket, struct seen *seen)
{
	struct iovec parts[] = {{&seen->gso, sizeof(seen->gso)},
				{seen->data, sizeof(seen->data)}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	ssize_t n = recvmsg(socket, &message, MSG_TRUNC);

	if (n < (ssize_t)sizeof(seen->gso))
		return false;
	seen->length = (size_t)n - sizeof(seen->gso);
	seen->captured = seen->length < SNAPSHOT ? seen->length : SNAPSHOT;
	return true;
}

static int open_counter(const char *interface)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET,
				      .sll_protocol = htons(ETH_P_ALL)};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	int on = 1, buffer = 512 << 20;

	address.sll_ifindex = (int)if_nametoindex(interface);
	if (fd < 0 || !address.sll_ifindex ||
	    setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer,
		       sizeof(buffer)) ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)))
		return -errno;
	return fd;
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = stop};
	struct timeval pause = {0, 100000};
	struct tpacket_stats stats = {0};
	socklen_t size = sizeof(stats);
	struct counts counts = {0};
	struct seen seen;
	int fd;

	if (argc != 3) {
		fputs("usage: counter INTERFACE PORT\n", stderr);
		return 2;
	}
	fd = open_counter(argv[1]);
	if (fd < 0) {
		fprintf(stderr, "counter: %s: %s\n", argv[1], strerror(-fd));
		return 1;
	}
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &pause, sizeof(pause));
	fprintf(stderr, "listening on %s\n", argv[1]);
	while (!stopped)
		if (receive(fd, &seen))
			count(&counts, &seen, (unsigned int)atoi(argv[2]));
	/* What had arrived before the signal. */
	while (receive(fd, &seen))
		count(&counts, &seen, (unsigned int)atoi(argv[2]));
	getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size);
	printf("packets %llu bytes %llu segments %llu wire %llu dropped %u\n",
	       (unsigned long long)counts.packets,
	       (unsigned long long)counts.bytes,
	       (unsigned long long)counts.segments,
	       (unsigned long long)counts.wire, stats.tp_drops);
	return 0;
}
