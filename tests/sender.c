/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A packet generator that counts: N frames over F flows, through AF_PACKET, on
 * an interface of the current network namespace. Frames pass through TC egress
 * as any other's do (no qdisc bypass). Every flow gets N/F frames (one more
 * for the first N mod F in its order); the seed turns the order, nothing else.
 *
 * Prints one line, `packets P bytes B flows F nanoseconds T cpu C`: what the
 * kernel took, how long that was and how much of a CPU it cost (ns; with it the
 * receiving side's work, which a veth does in the sender's time). Exit 0 when
 * all N were taken.
 */
#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

enum {
	BATCH = 64,
	FRAME_MAX = 9216,
	FLOWS_MAX = 16777216, /* what source port and address can tell apart */
	PORTS = 50000,
	FIRST_PORT = 10000,
};

struct plan {
	const char *interface;
	uint64_t packets;
	uint64_t flows;
	uint64_t rate; /* packets a second; 0: as fast as it goes */
	uint64_t seed;
	size_t size; /* of the frame, without the tag */
	unsigned int vlan;
	unsigned int port;
	bool ipv6;
	bool tcp;
};

/* Where the fields that differ between flows are. */
struct layout {
	size_t network;
	size_t transport;
	size_t length;
};

struct sender {
	struct plan plan;
	struct layout layout;
	uint64_t stride; /* coprime with the flows */
	uint64_t next;	 /* flow of the next frame */
	int socket;
	uint8_t model[FRAME_MAX];
	uint8_t frames[BATCH][FRAME_MAX];
	struct iovec vectors[BATCH];
	struct mmsghdr messages[BATCH];
};

static const uint8_t ethernet_addresses[12] = {
	/* to nobody here: the receiving stack drops it at once */
	0x02, 0xb5, 0, 0, 0, 0xff,
	/* from */
	0x02, 0xb5, 0, 0, 0, 0xfe};

static uint64_t now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint32_t sum_words(const uint8_t *bytes, size_t length)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < length; i += 2)
		sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
	if (length % 2)
		sum += (uint32_t)bytes[length - 1] << 8;
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void put16(uint8_t *to, uint32_t value)
{
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
}

/* The network header; returns its length. */
static size_t model_network(const struct plan *plan, uint8_t *at, size_t room)
{
	uint8_t protocol = plan->tcp ? IPPROTO_TCP : IPPROTO_UDP;

	if (plan->ipv6) {
		struct ip6_hdr header = {.ip6_hlim = 64, .ip6_nxt = protocol};

		header.ip6_vfc = 0x60;
		header.ip6_plen = htons((uint16_t)(room - sizeof(header)));
		inet_pton(AF_INET6, "fd00:b5::1", &header.ip6_src);
		inet_pton(AF_INET6, "fd00:b5::2:1", &header.ip6_dst);
		memcpy(at, &header, sizeof(header));
		return sizeof(header);
	}
	struct iphdr header = {.version = 4,
			       .ihl = 5,
			       .ttl = 64,
			       .protocol = protocol,
			       .tot_len = htons((uint16_t)room),
			       .saddr = htonl(0x0a800000), /* 10.128/9 */
			       .daddr = htonl(0x0a010101)};

	memcpy(at, &header, sizeof(header));
	return sizeof(header);
}

static void model_transport(const struct plan *plan, uint8_t *at, size_t room)
{
	put16(at + 2, plan->port);
	if (plan->tcp) {
		put16(at + 6, 1); /* sequence number 1 */
		at[12] = 0x50;
		at[13] = TH_ACK;
		put16(at + 14, 65535);
	} else {
		put16(at + 4, (uint32_t)room);
	}
}

static void model_make(struct sender *sender)
{
	const struct plan *plan = &sender->plan;
	struct layout *layout = &sender->layout;
	uint8_t *frame = sender->model;
	size_t at = sizeof(ethernet_addresses);

	memcpy(frame, ethernet_addresses, at);
	if (plan->vlan) {
		put16(frame + at, ETH_P_8021Q);
		put16(frame + at + 2, plan->vlan);
		at += 4;
	}
	put16(frame + at, plan->ipv6 ? ETH_P_IPV6 : ETH_P_IP);
	layout->network = at + 2;
	layout->length = plan->size + (plan->vlan ? 4 : 0);
	layout->transport = layout->network +
			    model_network(plan, frame + layout->network,
					  layout->length - layout->network);
	for (size_t i = layout->transport; i < layout->length; i++)
		frame[i] = (uint8_t)(i + plan->seed);
	memset(frame + layout->transport, 0, plan->tcp ? 20 : 8);
	model_transport(plan, frame + layout->transport,
			layout->length - layout->transport);
}

/* Of the pseudo-header and the transport's bytes, with the checksum as 0. */
static uint16_t transport_checksum(const struct sender *sender,
				   const uint8_t *frame)
{
	const struct layout *layout = &sender->layout;
	size_t length = layout->length - layout->transport;
	bool ipv6 = sender->plan.ipv6;
	uint32_t sum = sum_words(frame + layout->network + (ipv6 ? 8 : 12),
				 ipv6 ? 32 : 8);
	uint16_t checksum;

	sum += (uint32_t)length +
	       (sender->plan.tcp ? IPPROTO_TCP : IPPROTO_UDP);
	sum += sum_words(frame + layout->transport, length);
	checksum = fold(sum);
	return checksum || sender->plan.tcp ? checksum : 0xffff;
}

static void frame_make(struct sender *sender, uint8_t *frame, uint64_t flow)
{
	const struct layout *layout = &sender->layout;
	uint8_t *network = frame + layout->network;
	uint8_t *transport = frame + layout->transport;
	uint8_t *checksum = transport + (sender->plan.tcp ? 16 : 6);
	uint32_t host = (uint32_t)(flow / PORTS + 1);

	put16(transport, (uint32_t)(FIRST_PORT + flow % PORTS));
	if (sender->plan.ipv6) {
		put16(network + 22, host);
	} else {
		put16(network + 14, host);
		put16(network + 10, 0);
		put16(network + 10, fold(sum_words(network, 20)));
	}
	put16(checksum, 0);
	put16(checksum, transport_checksum(sender, frame));
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

static void sender_order(struct sender *sender)
{
	sender->stride = 7919;
	while (common_divisor(sender->stride, sender->plan.flows) != 1)
		sender->stride++;
	sender->next = sender->plan.seed % sender->plan.flows;
}

static int sender_open(struct sender *sender)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET};
	int buffer = 4 << 20;

	address.sll_ifindex = (int)if_nametoindex(sender->plan.interface);
	if (!address.sll_ifindex)
		return -errno;
	/* Protocol 0: sends, receives nothing. */
	sender->socket = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (sender->socket < 0)
		return -errno;
	setsockopt(sender->socket, SOL_SOCKET, SO_SNDBUF, &buffer,
		   sizeof(buffer));
	if (bind(sender->socket, (struct sockaddr *)&address, sizeof(address)))
		return -errno;
	for (size_t i = 0; i < BATCH; i++) {
		memcpy(sender->frames[i], sender->model, FRAME_MAX);
		sender->vectors[i] = (struct iovec){sender->frames[i],
						    sender->layout.length};
		sender->messages[i].msg_hdr.msg_iov = &sender->vectors[i];
		sender->messages[i].msg_hdr.msg_iovlen = 1;
	}
	return 0;
}

static void wait_until(uint64_t time)
{
	struct timespec at = {(time_t)(time / 1000000000u),
			      (long)(time % 1000000000u)};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL))
		;
}

static int send_batch(struct sender *sender, unsigned int count)
{
	unsigned int done = 0;

	for (unsigned int i = 0; i < count; i++) {
		frame_make(sender, sender->frames[i], sender->next);
		sender->next =
			(sender->next + sender->stride) % sender->plan.flows;
	}
	while (done < count) {
		int n = sendmmsg(sender->socket, sender->messages + done,
				 count - done, 0);

		if (n > 0)
			done += (unsigned int)n;
		else if (errno != ENOBUFS && errno != EINTR && errno != EAGAIN)
			return -errno;
	}
	return 0;
}

static int send_all(struct sender *sender)
{
	const struct plan *plan = &sender->plan;
	uint64_t start = now(CLOCK_MONOTONIC), sent = 0;
	uint64_t cpu = now(CLOCK_PROCESS_CPUTIME_ID);
	int error = 0;

	while (sent < plan->packets && !error) {
		uint64_t left = plan->packets - sent;
		unsigned int count = left < BATCH ? (unsigned int)left : BATCH;

		if (plan->rate && plan->rate < 64000)
			count = 1;
		if (plan->rate)
			wait_until(start + sent * 1000000000u / plan->rate);
		error = send_batch(sender, count);
		if (!error)
			sent += count;
	}
	printf("packets %llu bytes %llu flows %llu nanoseconds %llu cpu %llu\n",
	       (unsigned long long)sent,
	       (unsigned long long)(sent * sender->layout.length),
	       (unsigned long long)(sent < plan->flows ? sent : plan->flows),
	       (unsigned long long)(now(CLOCK_MONOTONIC) - start),
	       (unsigned long long)(now(CLOCK_PROCESS_CPUTIME_ID) - cpu));
	return error;
}

static const char usage[] =
	"usage: sender -i INTERFACE [-n PACKETS] [-f FLOWS] [-s BYTES]\n"
	"  [-r PACKETS_A_SECOND] [-S SEED] [-v VLAN] [-p PORT] [-6] [-t]\n"
	"  -s bytes of a frame without its tag; -v tag in the frame;\n"
	"  -p destination port; -6 IPv6; -t TCP segments (else UDP)\n";

static int plan_read(struct plan *plan, int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "i:n:f:s:r:S:v:p:6t")) != -1) {
		uint64_t number = optarg ? strtoull(optarg, NULL, 0) : 0;

		switch (option) {
		case 'i':
			plan->interface = optarg;
			break;
		case 'n':
			plan->packets = number;
			break;
		case 'f':
			plan->flows = number;
			break;
		case 's':
			plan->size = number;
			break;
		case 'r':
			plan->rate = number;
			break;
		case 'S':
			plan->seed = number;
			break;
		case 'v':
			plan->vlan = (unsigned int)number & 0xfff;
			break;
		case 'p':
			plan->port = (unsigned int)number;
			break;
		case '6':
			plan->ipv6 = true;
			break;
		case 't':
			plan->tcp = true;
			break;
		default:
			return -EINVAL;
		}
	}
	/* 74: the largest headers there are here, Ethernet + IPv6 + TCP. */
	if (!plan->interface || !plan->flows || plan->flows > FLOWS_MAX ||
	    plan->size < 74 || plan->size > FRAME_MAX - 4)
		return -EINVAL;
	return 0;
}

int main(int argc, char **argv)
{
	static struct sender sender = {
		.plan = {.packets = 1, .flows = 1, .size = 106, .port = 7777}};
	int error = plan_read(&sender.plan, argc, argv);

	if (error) {
		fputs(usage, stderr);
		return 2;
	}
	model_make(&sender);
	sender_order(&sender);
	error = sender_open(&sender);
	if (!error)
		error = send_all(&sender);
	if (error)
		fprintf(stderr, "sender: %s: %s\n", sender.plan.interface,
			strerror(-error));
	return error != 0;
}
