/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Filters over files: the verdicts of libpcap's own test suite, and libpcap
 * itself (its program without its optimiser) over the same captures and over
 * packets at random. Speaks TAP.
 *
 * usage: filter_file EXPRESSIONS [CORPUS]
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "filters/classic.h"
#include "filters/expression.h"
#include "filters/filter.h"
#include "src/base/cleanup.h"

#define MOST_FIELDS 4

DEFINE_CLEANUP(struct filter *, filter_free)

static void close_pcap(pcap_t **pcap)
{
	if (*pcap)
		pcap_close(*pcap);
}

struct tally {
	unsigned int checked, differ, skipped;
	unsigned long long packets;
};

/* tcpdump gives a file's filter no netmask: 0. */
static struct filter_request make_request(int link_type, uint32_t snapshot,
					  const char *text)
{
	return (struct filter_request){.expression = text,
				       .link_type = link_type,
				       .snapshot = snapshot,
				       .meaning = FILTER_FILE};
}

static struct filter *compile(int link_type, uint32_t snapshot,
			      const char *text, struct strbuf *error)
{
	struct filter_request request = make_request(link_type, snapshot, text);
	struct filter *filter = NULL;

	return filter_compile(&request, &filter, error) ? NULL : filter;
}

/* libpcap's program without its optimiser. */
static bool compile_libpcap(int link_type, uint32_t snapshot, const char *text,
			    struct classic *program)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct filter_request request = make_request(link_type, snapshot, text);
	int status;
	struct expression_compiler *compiler =
		expression_open(&request, text, &status, &error);

	if (!status)
		status = expression_compile(compiler, text, false, program,
					    &error);
	expression_close(compiler);
	return !status;
}

static uint32_t run_libpcap(const struct classic *program,
			    const struct pcap_pkthdr *header,
			    const uint8_t *data)
{
	return bpf_filter((const struct bpf_insn *)program->code, data,
			  header->len, header->caplen);
}

static struct frame make_frame(const struct pcap_pkthdr *header,
			       const uint8_t *data, int link_type)
{
	return (struct frame){.data = data,
			      .caplen = header->caplen,
			      .len = header->len,
			      .link_type = link_type};
}

/* Split a line at tabs; the number of fields. */
static int split(char *line, char *fields[MOST_FIELDS])
{
	int n = 0;

	line[strcspn(line, "\n")] = '\0';
	while (line && n < MOST_FIELDS)
		fields[n++] = strsep(&line, "\t");
	return n;
}

/* ---- verdicts.tsv ---- */

static void check_verdicts(const char *corpus, char *fields[MOST_FIELDS],
			   struct tally *tally)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	char path[4096], message[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *header;
	const uint8_t *data;
	char *want = fields[3];

	snprintf(path, sizeof(path), "%s/filters/pcaps/%s", corpus, fields[1]);
	pcap_t *pcap _cleanup_(close_pcap) = pcap_open_offline(path, message);

	if (!pcap) {
		printf("# skipped %s: %s\n", fields[0], message);
		tally->skipped++;
		return;
	}
	struct filter *filter _cleanup_(filter_freep) =
		compile(pcap_datalink(pcap), (uint32_t)pcap_snapshot(pcap),
			fields[2], &error);

	if (!filter) {
		printf("# not compiled by this libpcap: %s: %s\n", fields[0],
		       strbuf_text(&error));
		tally->skipped++;
		return;
	}
	struct classic program _cleanup_(classic_free) = {0};

	if (!compile_libpcap(pcap_datalink(pcap), (uint32_t)pcap_snapshot(pcap),
			     fields[2], &program))
		return;
	tally->checked++;
	while (want && pcap_next_ex(pcap, &header, &data) == 1) {
		struct frame frame =
			make_frame(header, data, pcap_datalink(pcap));
		uint32_t verdict = filter_run(filter, &frame);
		char *one = strsep(&want, ",");

		tally->packets++;
		if (verdict == strtoul(one, NULL, 10))
			continue;
		printf("# %s: %u instead of %s", fields[0], verdict, one);
		if (verdict == run_libpcap(&program, header, data)) {
			printf(", as this libpcap says too\n");
			tally->skipped++;
			return;
		}
		printf("\n");
		tally->differ++;
		return;
	}
}

static struct tally try_verdicts(const char *corpus)
{
	struct tally tally = {0};
	char path[4096], line[65536], *fields[MOST_FIELDS];

	snprintf(path, sizeof(path), "%s/filters/verdicts.tsv", corpus);
	FILE *in _cleanup_fclose_ = fopen(path, "r");

	while (in && fgets(line, sizeof(line), in))
		if (split(line, fields) == MOST_FIELDS)
			check_verdicts(corpus, fields, &tally);
	return tally;
}

/* ---- libpcap itself ---- */

static uint32_t lcg(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* A frame by chance; the fields that filters look at often make sense. */
static void make_packet(uint8_t *data, struct pcap_pkthdr *header,
			uint32_t *state)
{
	static const uint16_t types[] = {0x0800, 0x0800, 0x86dd, 0x0806,
					 0x8100, 0x8847, 0x8864, 0x0040};
	static const uint8_t protocols[] = {6, 17, 1, 58, 132, 0, 44, 51};
	uint16_t type = types[lcg(state) % 8];

	for (int i = 0; i < 200; i++)
		data[i] = lcg(state) % 3 ? (uint8_t)lcg(state) : 0;
	data[12] = (uint8_t)(type >> 8);
	data[13] = (uint8_t)type;
	data[14] = type == 0x86dd ? 0x60 : 0x45;
	data[20] = type == 0x86dd ? protocols[lcg(state) % 8]
				  : (uint8_t)(lcg(state) % 3 ? 0x40 : 0);
	data[21] = 0;
	data[23] = protocols[lcg(state) % 8];
	header->caplen = lcg(state) % 3 ? 200 : 1 + lcg(state) % 199;
	header->len = header->caplen + (lcg(state) % 3 ? 0 : 1000);
}

static void compare(int link_type, const char *text, struct tally *tally)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct filter *filter _cleanup_(filter_freep) =
		compile(link_type, 262144, text, &error);
	struct classic program _cleanup_(classic_free) = {0};
	struct pcap_pkthdr header;
	uint8_t data[200];
	uint32_t state = 1;

	if (!filter || !compile_libpcap(link_type, 262144, text, &program)) {
		printf("# skipped %s: %s\n", text, strbuf_text(&error));
		tally->skipped++;
		return;
	}
	tally->checked++;
	for (int i = 0; i < 2000; i++) {
		uint32_t want;

		make_packet(data, &header, &state);
		struct frame frame = make_frame(&header, data, link_type);

		want = run_libpcap(&program, &header, data);
		tally->packets++;
		if (filter_run(filter, &frame) == want)
			continue;
		printf("# %s: packet %d: libpcap says %u\n", text, i, want);
		tally->differ++;
		break;
	}
}

static struct tally try_libpcap(const char *path)
{
	struct tally tally = {0};
	char line[4096], *fields[MOST_FIELDS];
	FILE *in _cleanup_fclose_ = fopen(path, "r");

	while (in && fgets(line, sizeof(line), in))
		if (line[0] != '#' && split(line, fields) == 2)
			compare(atoi(fields[0]), fields[1], &tally);
	return tally;
}

/* ---- How long ---- */

static void measure(const char *text)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct filter *filter _cleanup_(filter_freep) =
		compile(DLT_EN10MB, 262144, text, &error);
	uint8_t data[200];
	struct pcap_pkthdr header = {.caplen = 200, .len = 200};
	struct frame frame = make_frame(&header, data, DLT_EN10MB);
	struct timespec from, to;
	uint32_t sum = 0;

	if (!filter)
		return;
	memset(data, 0, sizeof(data));
	memcpy(data + 12, "\x08\x00\x45", 3);
	data[23] = 6;
	data[37] = 80;
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < 1000000; i++)
		sum += filter_run(filter, &frame);
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("# %-40s %5.1f ns a packet%s\n", text,
	       (double)((to.tv_sec - from.tv_sec) * 1000000000 + to.tv_nsec -
			from.tv_nsec) /
		       1e6,
	       sum ? "" : " (no match)");
}

static void report(int number, const struct tally *tally, const char *what)
{
	printf("%s %d - %s\n",
	       tally->differ || !tally->checked ? "not ok" : "ok", number,
	       what);
	printf("# %u checked over %llu packets, %u differ, %u skipped\n",
	       tally->checked, tally->packets, tally->differ, tally->skipped);
}

int main(int argc, char **argv)
{
	struct tally tally;

	if (argc < 2)
		return 2;
	printf("1..2\n");
	tally = try_libpcap(argv[1]);
	report(1, &tally, "files: the verdict is libpcap's, unoptimised");
	if (argc > 2) {
		tally = try_verdicts(argv[2]);
		report(2, &tally, "files: the verdicts of libpcap's tests");
	} else {
		printf("ok 2 # SKIP no corpus beside the sources\n");
	}
	measure("tcp port 443");
	measure("host 10.0.0.1 and tcp port 80");
	measure("ip");
	return 0;
}
