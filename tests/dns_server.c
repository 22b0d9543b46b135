/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The smallest DNS server (RFC 1035) that a resolver accepts: to every A
 * question 192.0.2.1, to every AAAA 2001:db8::1, to a PTR of 4.3.2.1.in-addr.arpa
 * host-1-2-3-4.example.test, to others no answer records.
 * `dns_server ADDRESS PORT [silent]`, over UDP, until it is ended; silent: it
 * takes the questions and says nothing.
 */
#include "config.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

enum {
	HEADER = 12,
	MESSAGE_MAX = 512,
	TYPE_A = 1,
	TYPE_PTR = 12,
	TYPE_AAAA = 28,
};

/* Where the question's name ends; 0: not a question. */
static size_t name_end(const uint8_t *message, size_t length)
{
	size_t at = HEADER;

	while (at < length && message[at])
		at += (size_t)message[at] + 1;
	return at + 5 <= length ? at + 1 : 0;
}

/* The record of a PTR question: the four labels in front, turned round. */
static size_t pointer_record(const uint8_t *name, uint8_t record[64])
{
	static const uint8_t start[] = {0xc0, HEADER, 0, TYPE_PTR, 0, 1,
					0,    0,      0, 60,	   0, 0};
	static const char domain[] = "\7example\4test";
	const uint8_t *labels[4];
	char host[64];
	int length;

	for (int i = 0; i < 4; i++) {
		if (name[0] < 1 || name[0] > 3)
			return 0;
		labels[i] = name;
		name += name[0] + 1;
	}
	length = snprintf(host, sizeof(host), "host-%.*s-%.*s-%.*s-%.*s",
			  labels[3][0], (const char *)labels[3] + 1,
			  labels[2][0], (const char *)labels[2] + 1,
			  labels[1][0], (const char *)labels[1] + 1,
			  labels[0][0], (const char *)labels[0] + 1);
	memcpy(record, start, sizeof(start));
	record[sizeof(start) - 1] = (uint8_t)((size_t)length + 1 +
					      sizeof(domain));
	record[sizeof(start)] = (uint8_t)length;
	memcpy(record + sizeof(start) + 1, host, (size_t)length);
	memcpy(record + sizeof(start) + 1 + length, domain, sizeof(domain));
	return sizeof(start) + 1 + (size_t)length + sizeof(domain);
}

/* Turns a question into its answer in place; its length, 0: say nothing. */
static size_t answer(uint8_t *message, size_t length)
{
	static const uint8_t ipv4[] = {0xc0, HEADER, 0, TYPE_A, 0,   1, 0, 0,
				       0,    60,     0, 4,	192, 0, 2, 1};
	static const uint8_t ipv6[] = {
		0xc0, HEADER, 0, TYPE_AAAA, 0, 1, 0, 0, 0, 60, 0, 16, 0x20, 1,
		0xd,  0xb8,   0, 0,	    0, 0, 0, 0, 0, 0,  0, 0,  0,    1};
	size_t end = length > HEADER ? name_end(message, length) : 0;
	const uint8_t *record = NULL;
	uint8_t pointer[64];
	size_t size = 0;

	if (!end)
		return 0;
	if (message[end + 1] == TYPE_A)
		record = ipv4, size = sizeof(ipv4);
	else if (message[end + 1] == TYPE_AAAA)
		record = ipv6, size = sizeof(ipv6);
	else if (message[end + 1] == TYPE_PTR &&
		 (size = pointer_record(message + HEADER, pointer)))
		record = pointer;
	message[2] = 0x84 | (message[2] & 1); /* response, authoritative */
	message[3] = 0;
	memset(message + 6, 0, 6);
	message[7] = record != NULL;
	if (record)
		memcpy(message + end + 4, record, size);
	return end + 4 + size;
}

static int address_read(struct sockaddr_in6 *address, const char *text,
			const char *port)
{
	struct sockaddr_in *ipv4 = (struct sockaddr_in *)address;

	address->sin6_port = htons((uint16_t)atoi(port));
	address->sin6_family = AF_INET6;
	if (inet_pton(AF_INET6, text, &address->sin6_addr) == 1)
		return 0;
	ipv4->sin_family = AF_INET;
	return inet_pton(AF_INET, text, &ipv4->sin_addr) == 1 ? 0 : -EINVAL;
}

int main(int argc, char **argv)
{
	struct sockaddr_in6 address = {0}, from;
	uint8_t message[MESSAGE_MAX + 64];
	int server;

	if (argc < 3 || address_read(&address, argv[1], argv[2])) {
		fputs("usage: dns_server ADDRESS PORT [silent]\n", stderr);
		return 2;
	}
	server = socket(address.sin6_family, SOCK_DGRAM, 0);
	if (server < 0 ||
	    bind(server, (struct sockaddr *)&address, sizeof(address))) {
		perror("dns_server");
		return 1;
	}
	for (;;) {
		socklen_t size = sizeof(from);
		ssize_t n = recvfrom(server, message, MESSAGE_MAX, 0,
				     (struct sockaddr *)&from, &size);
		size_t length = n > 0 && argc == 3 ? answer(message, (size_t)n) : 0;

		if (length)
			sendto(server, message, length, 0,
			       (struct sockaddr *)&from, size);
	}
}
