/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>
#include <unistd.h>

#include <cmocka.h>
#include <pcap/pcap.h>

#include "src/report/pcap_writer.h"

static uint8_t BYTES[262144];

static struct frame make_frame(uint32_t number, uint32_t caplen)
{
	return (struct frame){
		.time = {1000 + number, (int64_t)number * 1001},
		.data = BYTES,
		.caplen = caplen,
		.len = caplen + number,
	};
}

static void write_ours(const char *path, int link_type, bool nanoseconds,
		       const uint32_t *lengths, uint32_t count)
{
	const struct pcap_writer_options options = {
		.path = path,
		.link_type = link_type,
		.snapshot = 262144,
		.nanoseconds = nanoseconds,
	};
	struct pcap_writer *writer;
	struct strbuf error = STRBUF_INIT;

	assert_int_equal(pcap_writer_open(&writer, &options, &error), 0);
	for (uint32_t i = 0; i < count; i++) {
		struct frame frame = make_frame(i, lengths[i]);

		assert_int_equal(pcap_writer_put(writer, &frame), 0);
	}
	assert_int_equal(pcap_writer_flush(writer), 0);
	assert_int_equal(pcap_writer_count(writer), count);
	assert_int_equal(pcap_writer_close(writer), 0);
}

static void write_libpcaps(const char *path, int link_type, bool nanoseconds,
			   const uint32_t *lengths, uint32_t count)
{
	pcap_t *dead = pcap_open_dead_with_tstamp_precision(
		link_type, 262144,
		nanoseconds ? PCAP_TSTAMP_PRECISION_NANO
			    : PCAP_TSTAMP_PRECISION_MICRO);
	pcap_dumper_t *dumper = pcap_dump_open(dead, path);

	assert_non_null(dumper);
	for (uint32_t i = 0; i < count; i++) {
		struct frame frame = make_frame(i, lengths[i]);
		struct pcap_pkthdr header = {
			.ts = {frame.time.seconds,
			       nanoseconds ? frame.time.nanoseconds
					   : frame.time.nanoseconds / 1000},
			.caplen = frame.caplen,
			.len = frame.len,
		};

		pcap_dump((u_char *)dumper, &header, frame.data);
	}
	pcap_dump_close(dumper);
	pcap_close(dead);
}

static bool files_equal(const char *a, const char *b)
{
	FILE *x = fopen(a, "r"), *y = fopen(b, "r");
	int c, d;

	assert_true(x && y);
	do {
		c = getc(x);
		d = getc(y);
	} while (c == d && c != EOF);
	fclose(x);
	fclose(y);
	return c == d;
}

static void files_are_libpcaps_to_the_byte(void **state)
{
	static const uint32_t lengths[] = {0,	 1,	 64, 1514,
					   65536, 262144, 9000, 262143};
	static const int link_types[] = {DLT_EN10MB, DLT_RAW, DLT_LINUX_SLL2};
	char a[] = "/tmp/bsniff-test-a-XXXXXX", b[] = "/tmp/bsniff-test-b-XXXXXX";

	(void)state;
	for (size_t i = 0; i < sizeof(BYTES); i++)
		BYTES[i] = (uint8_t)(i * 7);
	close(mkstemp(a));
	close(mkstemp(b));
	for (int i = 0; i < 6; i++) {
		write_ours(a, link_types[i / 2], i % 2, lengths, 8);
		write_libpcaps(b, link_types[i / 2], i % 2, lengths, 8);
		assert_true(files_equal(a, b));
	}
	unlink(a);
	unlink(b);
}

/* A file that may not grow is a disk that is full, but that the error is
 * EFBIG. */
static void a_full_disk_leaves_whole_packets(void **state)
{
	char path[] = "/tmp/bsniff-test-XXXXXX";
	const struct pcap_writer_options options = {
		.path = path, .link_type = DLT_EN10MB, .snapshot = 262144};
	struct rlimit before, limit;
	struct pcap_writer *writer;
	struct strbuf error = STRBUF_INIT;
	struct frame frame = make_frame(1, 1000);
	struct stat status;
	int result = 0, put = 0;

	(void)state;
	close(mkstemp(path));
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	limit.rlim_cur = 600000;
	assert_int_equal(pcap_writer_open(&writer, &options, &error), 0);
	setrlimit(RLIMIT_FSIZE, &limit);
	for (; !result && put < 2000; put++)
		result = pcap_writer_put(writer, &frame);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(result, -EFBIG);
	assert_int_equal(pcap_writer_put(writer, &frame), -EFBIG);
	assert_int_equal(pcap_writer_count(writer), (600000 - 24) / 1016);
	pcap_writer_close(writer);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, 24 + (600000 - 24) / 1016 * 1016);
	unlink(path);
}

static void a_full_disk_is_noticed_before_the_capture(void **state)
{
	const struct pcap_writer_options options = {
		.path = "/dev/full", .link_type = DLT_EN10MB, .snapshot = 96};
	struct pcap_writer *writer;
	struct strbuf error = STRBUF_INIT;

	(void)state;
	assert_int_equal(pcap_writer_open(&writer, &options, &error), -ENOSPC);
	assert_string_equal(strbuf_text(&error),
			    "/dev/full: No space left on device");
	strbuf_free(&error);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_libpcaps_to_the_byte),
		cmocka_unit_test(a_full_disk_leaves_whole_packets),
		cmocka_unit_test(a_full_disk_is_noticed_before_the_capture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
