// SPDX-License-Identifier: BSD-3-Clause
/*
 * Any bytes as frames of a file: the first two bytes choose the link type and
 * how the rest is cut into frames. Then the records are written.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>

#include "dissectors/service.h"
#include "src/flow/flow_table.h"
#include "src/report/conn_log.h"
#include "src/report/seen_names.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_end(const struct connection *c, void *context)
{
	conn_log_put_line(context, c, NULL);
}

static uint8_t on_payload(const struct flow_key *key, struct slice payload,
			  void *context)
{
	const struct service_payload from = {
		.bytes = payload,
		.source = ntohs(key->source_port),
		.destination = ntohs(key->destination_port),
		.is_tcp = key->protocol == IPPROTO_TCP,
	};
	struct service service;
	struct seen_names *names =
		seen_names_new(SEEN_NAMES_DNS | SEEN_NAMES_SNI);

	(void)context;
	seen_names_read(names, key, payload);
	seen_names_free(names);
	service_identify_payload(&from, &service);
	return (uint8_t)service.kind;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int links[] = {1, 12, 101, 113, 276, 0, 108, 9};
	struct strbuf out = STRBUF_INIT;
	struct flow_table_options options = {.max_connections = 8,
					     .on_end = on_end,
					     .on_payload = on_payload,
					     .context = &out};
	struct flow_table *table;
	struct frame frame = {0};

	if (size < 4)
		return 0;
	table = flow_table_new(&options);
	frame.link_type = links[data[0] & 7];
	data++;
	size--;
	while (size > 4) {
		size_t length = data[0];

		memcpy(&frame.time.seconds, data, 4);
		frame.time.nanoseconds = data[1] * 1000;
		frame.len =
			data[2] & 1 ? (uint32_t)data[3] << 9 : (uint32_t)length;
		data += 4;
		size -= 4;
		if (length > size)
			length = size;
		if (frame.len < length)
			frame.len = (uint32_t)length;
		frame.data = data;
		frame.caplen = (uint32_t)length;
		flow_table_add_frame(table, &frame);
		data += length;
		size -= length;
	}
	flow_table_finish(table);
	flow_table_free(table);
	strbuf_free(&out);
	return 0;
}
