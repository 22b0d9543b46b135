// SPDX-License-Identifier: BSD-3-Clause
/*
 * flow_file [-b | -s WIDTH [-g GROUP]] FILE: the connections of a capture file,
 * in the conn-log's form; -s: as a table; -b: count only, from memory, and say
 * how long a packet took.
 */
#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "src/flow/flow_table.h"
#include "src/report/conn_log.h"
#include "src/report/summary.h"

struct output {
	struct strbuf text;
	struct summary *summary;
	int quiet;
};

static void on_end(const struct connection *c, void *context)
{
	struct output *output = context;

	if (output->summary)
		summary_add(output->summary, c);
	if (output->quiet)
		return;
	strbuf_reset(&output->text);
	conn_log_put_line(&output->text, c, NULL);
	fwrite(output->text.data, 1, output->text.length, stdout);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

struct packets {
	struct frame *frames;
	size_t count;
};

static void load(pcap_t *pcap, struct packets *packets)
{
	struct pcap_pkthdr *header;
	const u_char *data;
	size_t room = 0;

	while (pcap_next_ex(pcap, &header, &data) == 1) {
		struct frame *f;
		uint8_t *copy;

		if (packets->count == room) {
			room = room ? room * 2 : 1024;
			packets->frames =
				realloc(packets->frames, room * sizeof(*f));
		}
		f = &packets->frames[packets->count++];
		copy = malloc(header->caplen ? header->caplen : 1);
		memcpy(copy, data, header->caplen);
		*f = (struct frame){
			.time = {header->ts.tv_sec, header->ts.tv_usec},
			.data = copy,
			.caplen = header->caplen,
			.len = header->len,
			.link_type = pcap_datalink(pcap),
			.number = packets->count};
	}
}

int main(int argc, char **argv)
{
	struct output output = {.text = STRBUF_INIT};
	struct flow_table_options options = {.on_end = on_end,
					     .context = &output};
	char error[PCAP_ERRBUF_SIZE];
	struct packets packets = {0};
	struct summary_options summary = {0};
	struct summary_counters counters = {0};
	struct flow_table *table;
	struct flow_totals totals;
	double start, took;
	pcap_t *pcap;

	for (int c; (c = getopt(argc, argv, "bs:g:")) != -1;) {
		output.quiet = 1;
		if (c == 's')
			summary.width = (unsigned int)atoi(optarg);
		else if (c == 'g')
			summary.group = (enum summary_group)atoi(optarg);
	}
	if (summary.width)
		output.summary = summary_new(&summary);
	pcap = pcap_open_offline_with_tstamp_precision(
		argv[argc - 1], PCAP_TSTAMP_PRECISION_NANO, error);
	if (!pcap) {
		fprintf(stderr, "flow_file: %s\n", error);
		return 1;
	}
	load(pcap, &packets);
	table = flow_table_new(&options);
	start = now();
	for (size_t i = 0; i < packets.count; i++)
		flow_table_add_frame(table, &packets.frames[i]);
	took = now() - start;
	totals = flow_table_totals(table);
	flow_table_finish(table);
	totals = flow_table_totals(table);
	if (output.summary) {
		counters.matched = packets.count;
		strbuf_reset(&output.text);
		summary_put_text(output.summary, &counters, &totals,
				 &output.text);
		fwrite(output.text.data, 1, output.text.length, stdout);
		summary_free(output.summary);
	} else if (output.quiet)
		printf("%zu packets, %.1f ns each, %llu connections, %llu "
		       "counted\n",
		       packets.count, took / (double)packets.count,
		       (unsigned long long)totals.connections,
		       (unsigned long long)totals.packets);
	flow_table_free(table);
	for (size_t i = 0; i < packets.count; i++)
		free((void *)packets.frames[i].data);
	free(packets.frames);
	strbuf_free(&output.text);
	pcap_close(pcap);
	return fflush(stdout) ? 1 : 0;
}
