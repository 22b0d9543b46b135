/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libFuzzer target: a frame is decoded, printed in every mode and written as
 * JSON. Built once a layer: FUZZ_LAYER says what the input is put behind.
 *
 *   FUZZ_LINK   the first byte chooses the link type
 *   FUZZ_IP     an Ethernet header
 *   FUZZ_IP_PAYLOAD  IPv4 or IPv6; the first two bytes: version, protocol
 *   FUZZ_TCP    TCP; the first two bytes are the port
 *   FUZZ_UDP    UDP; the same
 *
 * What only -T names is tried on every input, too.
 */
#include <pcap/dlt.h>
#include <stdlib.h>
#include <string.h>

#include "dissectors/dissect.h"
#include "dissectors/packet_json.h"
#include "dissectors/text.h"
#include "src/base/cleanup.h"
#include "src/base/strbuf.h"

#define FUZZ_LINK	0
#define FUZZ_IP		1
#define FUZZ_IP_PAYLOAD 2
#define FUZZ_TCP	3
#define FUZZ_UDP	4

#ifndef FUZZ_LAYER
#define FUZZ_LAYER FUZZ_LINK
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 4096, HEADERS = 64 };

static const struct text_options modes[] = {
	{.numeric = true},
	{.numeric = true, .verbose = 1, .link_header = true},
	{.numeric = true, .verbose = 3, .hex = 2},
	{.numeric = true, .quiet = 1, .hex_ascii = 1, .time_format = 3},
	{.numeric = true, .absolute_sequence = true, .verbose = 2, .ascii = 1},
};

/* By ports, and as something that has neither port nor number of its own. */
static const enum dissect_as all_as[] = {
	DISSECT_AS_PORTS,
	FUZZ_LAYER == FUZZ_UDP ? DISSECT_AS_PGM_ZMTP1 : DISSECT_AS_CARP,
};

static void print_all(const struct packet *packet, size_t as)
{
	static struct text_printer
		*printers[ARRAY_SIZE(all_as)][ARRAY_SIZE(modes)];
	static struct strbuf out;

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		struct text_options options = modes[i];

		options.as = all_as[as];
		if (!printers[as][i])
			printers[as][i] = text_printer_new(&options);
		if (!printers[as][i])
			abort();
		strbuf_reset(&out);
		text_printer_put(printers[as][i], packet, &out);
		if (!out.length || out.data[out.length - 1] != '\n')
			abort();
	}
	strbuf_reset(&out);
	packet_put_json(packet, &out);
	if (out.length < 2 || out.data[out.length - 1] != '}')
		abort();
}

/* A header in front of the input; @skip of it are not the payload. */
static size_t put_headers(uint8_t *frame, const uint8_t *data, size_t payload)
{
	static const uint8_t ethernet[14] = {2, 0, 0, 0, 0, 1, 2,
					     0, 0, 0, 0, 2, 8, 0};
	uint8_t *ip = frame + sizeof(ethernet);
	size_t transport = FUZZ_LAYER == FUZZ_TCP   ? 20
			   : FUZZ_LAYER == FUZZ_UDP ? 8
						    : 0;
	size_t total = 20 + transport + payload;

	memcpy(frame, ethernet, sizeof(ethernet));
	memset(ip, 0, 64);
	if (FUZZ_LAYER == FUZZ_IP_PAYLOAD && data[0] & 1) {
		frame[12] = 0x86;
		frame[13] = 0xdd;
		ip[0] = 0x60;
		ip[4] = (uint8_t)(payload >> 8);
		ip[5] = (uint8_t)payload;
		ip[6] = data[1];
		return sizeof(ethernet) + 40;
	}
	ip[0] = 0x45;
	ip[2] = (uint8_t)(total >> 8);
	ip[3] = (uint8_t)total;
	ip[9] = FUZZ_LAYER == FUZZ_TCP	 ? 6
		: FUZZ_LAYER == FUZZ_UDP ? 17
					 : data[1];
	if (transport) {
		memcpy(ip + 22, data, 2);
		ip[32] = 0x50;
		ip[33] = 0x18;
		if (FUZZ_LAYER == FUZZ_UDP) {
			ip[24] = (uint8_t)((payload + 8) >> 8);
			ip[25] = (uint8_t)(payload + 8);
		}
	}
	return sizeof(ethernet) + 20 + transport;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int links[] = {DLT_EN10MB, DLT_LINUX_SLL, DLT_LINUX_SLL2,
				    DLT_RAW,	DLT_NULL,      DLT_PPP,
				    DLT_PPP_SERIAL, DLT_PPP_ETHER};
	_cleanup_free_ uint8_t *frame_bytes = NULL;
	size_t skip = FUZZ_LAYER == FUZZ_LINK ? 1
		      : FUZZ_LAYER == FUZZ_IP ? 0
					      : 2;
	struct frame frame = {.link_type = DLT_EN10MB, .number = 1};
	struct packet packet;
	uint8_t headers[128];
	size_t length = 0;

	if (size < skip + 1 || size > MOST)
		return 0;
	if (FUZZ_LAYER == FUZZ_LINK)
		frame.link_type = links[data[0] % ARRAY_SIZE(links)];
	else if (FUZZ_LAYER == FUZZ_IP)
		length = 12;
	else
		length = put_headers(headers, data, size - skip);
	if (FUZZ_LAYER == FUZZ_IP)
		memset(headers, 2, 12);
	/* A block of its own, so that reading past the end is seen. */
	frame_bytes = malloc(length + size - skip);
	if (!frame_bytes)
		return 0;
	memcpy(frame_bytes, headers, length);
	memcpy(frame_bytes + length, data + skip, size - skip);
	frame.data = frame_bytes;
	frame.caplen = (uint32_t)(length + size - skip);
	frame.len = frame.caplen;
	for (size_t i = 0; i < ARRAY_SIZE(all_as); i++) {
		struct dissect_options options = {.as = all_as[i]};

		dissect(&frame, &packet, &options);
		print_all(&packet, i);
	}
	return 0;
}
