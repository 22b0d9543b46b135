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

/* ---- pcapng ---- */

static void say_length(struct strbuf *out, const struct frame *frame,
		       void *context)
{
	(void)context;
	if (frame->caplen % 2)
		strbuf_printf(out, "odd %u", frame->caplen);
}

static const char *name_of(uint32_t ifindex, void *context)
{
	(void)context;
	return ifindex == 7 ? "seven" : NULL;
}

static const struct pcapng_options PCAPNG = {
	.program = "test 1",
	.filter = "tcp or udp \n",
	.device = "any",
	.interface_name = name_of,
	.put_comment = say_length,
};

/* A whole file. */
struct file_bytes {
	uint8_t *data;
	size_t length;
};

static struct file_bytes read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	struct file_bytes bytes = {.data = malloc(1 << 22)};

	assert_non_null(file);
	bytes.length = fread(bytes.data, 1, 1 << 22, file);
	fclose(file);
	return bytes;
}

static uint32_t word_at(const struct file_bytes *file, size_t at)
{
	uint32_t word;

	assert_true(at + 4 <= file->length);
	memcpy(&word, file->data + at, sizeof(word));
	return word;
}

/* The next block's type; its place in *@at and length in *@length; 0 at the
 * end. Both lengths agree and nothing is left over. */
static uint32_t next_block(const struct file_bytes *file, size_t *at,
			   uint32_t *length)
{
	*at += *length;
	if (*at == file->length)
		return 0;
	*length = word_at(file, *at + 4);
	assert_true(*length >= 12 && *length % 4 == 0);
	assert_int_equal(word_at(file, *at + *length - 4), *length);
	return word_at(file, *at);
}

/* The value of option @code, between @at and @end; NULL: there is none. */
static const uint8_t *find_option(const struct file_bytes *file, size_t at,
				  size_t end, uint16_t code, uint16_t *length)
{
	while (at < end) {
		uint16_t found;

		memcpy(&found, file->data + at, 2);
		memcpy(length, file->data + at + 2, 2);
		if (found == code)
			return file->data + at + 4;
		if (!found)
			break;
		at += 4 + (*length + 3u) / 4 * 4;
	}
	return NULL;
}

static void assert_text_option(const struct file_bytes *file, size_t at,
			       size_t end, uint16_t code, const char *text)
{
	uint16_t length;
	const uint8_t *value = find_option(file, at, end, code, &length);

	if (!text) {
		assert_null(value);
		return;
	}
	assert_non_null(value);
	assert_int_equal(length, strlen(text));
	assert_memory_equal(value, text, length);
}

static uint64_t number_option(const struct file_bytes *file, size_t at,
			      size_t end, uint16_t code)
{
	uint16_t length;
	const uint8_t *value = find_option(file, at, end, code, &length);
	uint64_t number;

	if (!value)
		return UINT64_MAX;
	assert_int_equal(length, 8);
	memcpy(&number, value, sizeof(number));
	return number;
}

static struct pcap_writer *open_pcapng(const char *path, bool nanoseconds)
{
	const struct pcap_writer_options options = {
		.path = path,
		.link_type = DLT_EN10MB,
		.snapshot = 262144,
		.nanoseconds = nanoseconds,
		.pcapng = &PCAPNG,
	};
	struct pcap_writer *writer;
	struct strbuf error = STRBUF_INIT;

	assert_int_equal(pcap_writer_open(&writer, &options, &error), 0);
	return writer;
}

static void assert_packet(const struct file_bytes *file, size_t at,
			  uint32_t length, const struct frame *frame,
			  bool nanoseconds)
{
	size_t options = at + 28 + (frame->caplen + 3) / 4 * 4;
	uint64_t time = (uint64_t)word_at(file, at + 12) << 32 |
			word_at(file, at + 16);
	char comment[32];
	uint32_t flags;
	const uint8_t *value;
	uint16_t n;

	if (nanoseconds)
		assert_int_equal(time, stamp_to_ns(frame->time));
	else
		assert_int_equal(time, stamp_to_ns(frame->time) / 1000);
	assert_int_equal(word_at(file, at + 20), frame->caplen);
	assert_int_equal(word_at(file, at + 24), frame->len);
	assert_memory_equal(file->data + at + 28, frame->data, frame->caplen);
	snprintf(comment, sizeof(comment), "odd %u", frame->caplen);
	assert_text_option(file, options, at + length - 4, 1,
			   frame->caplen % 2 ? comment : NULL);
	value = find_option(file, options, at + length - 4, 2, &n);
	if (frame->direction == DIRECTION_UNKNOWN) {
		assert_null(value);
		return;
	}
	assert_non_null(value);
	memcpy(&flags, value, sizeof(flags));
	assert_int_equal(flags, frame->direction == DIRECTION_IN ? 1 : 2);
}

static void blocks_hold_what_was_put(void **state)
{
	static const uint32_t lengths[] = {0, 1, 2, 3, 1514, 262144, 65535};
	static const uint32_t places[] = {0, 7, 7, 9, 0, 7, 9};
	static const uint32_t interfaces[] = {0, 1, 1, 2, 0, 1, 2};
	char path[] = "/tmp/bsniff-test-XXXXXX";
	const bool nanoseconds = *state;
	struct pcap_writer *writer;
	struct file_bytes file;
	uint32_t length = 0, i = 0, seen = 0, type;
	size_t at = 0;

	close(mkstemp(path));
	for (size_t k = 0; k < sizeof(BYTES); k++)
		BYTES[k] = (uint8_t)(k * 7);
	writer = open_pcapng(path, nanoseconds);
	for (; i < 7; i++) {
		struct frame frame = make_frame(i, lengths[i]);

		frame.ifindex = places[i];
		frame.direction = (enum direction)(i % 3);
		assert_int_equal(pcap_writer_put(writer, &frame), 0);
	}
	assert_int_equal(pcap_writer_close(writer), 0);
	file = read_file(path);
	i = 0;
	while ((type = next_block(&file, &at, &length))) {
		struct frame frame = make_frame(i, lengths[i % 7]);

		if (type == 0x0a0d0d0a) {
			assert_int_equal(at, 0);
			assert_int_equal(word_at(&file, 8), 0x1a2b3c4d);
			assert_text_option(&file, 24, length - 4, 4, "test 1");
			continue;
		}
		if (type == 1) {
			static const char *const names[] = {"any", "seven",
							    NULL};
			uint16_t n;
			const uint8_t *value;

			assert_in_range(seen, 0, 2);
			assert_int_equal(word_at(&file, at + 8), 1);
			assert_text_option(&file, at + 16, at + length - 4, 2,
					   names[seen++]);
			value = find_option(&file, at + 16, at + length - 4, 11,
					    &n);
			assert_int_equal(n, 11);
			assert_memory_equal(value, "\0tcp or udp", n);
			value = find_option(&file, at + 16, at + length - 4, 9,
					    &n);
			assert_int_equal(*value, nanoseconds ? 9 : 6);
			continue;
		}
		assert_int_equal(type, 6);
		frame.direction = (enum direction)(i % 3);
		assert_int_equal(word_at(&file, at + 8), interfaces[i]);
		assert_packet(&file, at, length, &frame, nanoseconds);
		i++;
	}
	assert_int_equal(i, 7);
	assert_int_equal(seen, 3);
	free(file.data);
	unlink(path);
}

static void names_and_counters_have_their_blocks(void **state)
{
	static const uint8_t six[16] = {0x20, 1, [15] = 5};
	static const uint8_t four[4] = {192, 0, 2, 9};
	static const struct pcap_counters counters = {
		.seen = 50,
		.missed = 3,
		.matched = 40,
		.dropped = 7,
		.sampled_out = 31,
	};
	static const uint32_t types[] = {0x0a0d0d0a, 1, 6, 4, 4, 1, 6,
					 5,	     5, 0};
	char path[] = "/tmp/bsniff-test-XXXXXX";
	struct pcap_writer *writer;
	struct frame frame = make_frame(1, 60);
	struct file_bytes file;
	uint32_t length = 0;
	size_t at = 0;

	(void)state;
	close(mkstemp(path));
	writer = open_pcapng(path, false);
	assert_int_equal(pcap_writer_put(writer, &frame), 0);
	assert_int_equal(pcap_writer_put_name(writer, four, 4, "a.test"), 0);
	assert_int_equal(pcap_writer_put_name(writer, six, 6, "b"), 0);
	frame.ifindex = 7;
	assert_int_equal(pcap_writer_put(writer, &frame), 0);
	assert_int_equal(pcap_writer_put_counters(writer, &counters), 0);
	assert_int_equal(pcap_writer_flush(writer), 0);
	assert_int_equal(pcap_writer_count(writer), 2);
	assert_int_equal(pcap_writer_close(writer), 0);
	file = read_file(path);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		assert_int_equal(next_block(&file, &at, &length), types[i]);
		if (i == 3)
			assert_memory_equal(file.data + at + 8,
					    "\1\0\13\0\300\0\2\11a.test\0\0",
					    16);
		if (i == 4)
			assert_memory_equal(file.data + at + 28, "b\0\0\0\0",
					    5);
		if (types[i] != 5)
			continue;
		assert_int_equal(word_at(&file, at + 8), i - 7);
		assert_int_equal(number_option(&file, at + 20, at + length - 4,
					       4),
				 i == 7 ? 50 : UINT64_MAX);
		assert_int_equal(number_option(&file, at + 20, at + length - 4,
					       5),
				 i == 7 ? 3 : UINT64_MAX);
		assert_int_equal(number_option(&file, at + 20, at + length - 4,
					       6),
				 i == 7 ? 40 : UINT64_MAX);
		assert_int_equal(number_option(&file, at + 20, at + length - 4,
					       7),
				 i == 7 ? 7 : UINT64_MAX);
		assert_int_equal(number_option(&file, at + 20, at + length - 4,
					       8),
				 i == 7 ? 2 : 1);
	}
	free(file.data);
	unlink(path);
}

static void a_full_disk_leaves_whole_blocks(void **state)
{
	char path[] = "/tmp/bsniff-test-XXXXXX";
	struct frame frame = make_frame(1, 1001);
	struct rlimit before, limit;
	struct pcap_writer *writer;
	struct file_bytes file;
	uint32_t length = 0, packets = 0, type;
	int result = 0, put = 0;
	size_t at = 0;

	(void)state;
	close(mkstemp(path));
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	limit.rlim_cur = 600000;
	writer = open_pcapng(path, false);
	setrlimit(RLIMIT_FSIZE, &limit);
	for (; !result && put < 2000; put++)
		result = pcap_writer_put(writer, &frame);
	assert_int_equal(result, -EFBIG);
	assert_int_equal(pcap_writer_put_counters(
				 writer, &(struct pcap_counters){.seen = 1}),
			 -EFBIG);
	setrlimit(RLIMIT_FSIZE, &before);
	file = read_file(path);
	while ((type = next_block(&file, &at, &length)))
		packets += type == 6;
	assert_true(packets > 500 && file.length + length > 600000);
	assert_int_equal(pcap_writer_count(writer), packets);
	pcap_writer_close(writer);
	free(file.data);
	unlink(path);
}

/* Standard output may stand behind something else. */
static void what_was_there_before_stays(void **state)
{
	char path[] = "/tmp/bsniff-test-XXXXXX";
	const struct pcap_writer_options options = {
		.path = "-", .link_type = DLT_EN10MB, .snapshot = 96};
	struct rlimit before, limit;
	struct pcap_writer *writer;
	struct strbuf error = STRBUF_INIT;
	struct frame frame = make_frame(1, 96);
	struct stat status;
	int stdout_before = dup(STDOUT_FILENO), fd = mkstemp(path);
	int result = 0, opened;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(write(fd, BYTES, 5000), 5000);
	fflush(stdout);
	dup2(fd, STDOUT_FILENO);
	opened = pcap_writer_open(&writer, &options, &error);
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	limit.rlim_cur = 5000 + 24 + 3 * 112 + 50;
	setrlimit(RLIMIT_FSIZE, &limit);
	for (int i = 0; !opened && i < 9; i++)
		pcap_writer_put(writer, &frame);
	if (!opened)
		result = pcap_writer_close(writer);
	setrlimit(RLIMIT_FSIZE, &before);
	dup2(stdout_before, STDOUT_FILENO);
	close(stdout_before);
	assert_int_equal(opened, 0);
	assert_int_equal(result, -EFBIG);
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(status.st_size, 5000 + 24 + 3 * 112);
	close(fd);
	unlink(path);
}

int main(void)
{
	static bool nanoseconds = true;

	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_libpcaps_to_the_byte),
		cmocka_unit_test(a_full_disk_leaves_whole_packets),
		cmocka_unit_test(a_full_disk_is_noticed_before_the_capture),
		cmocka_unit_test(blocks_hold_what_was_put),
		cmocka_unit_test_prestate(blocks_hold_what_was_put,
					  &nanoseconds),
		cmocka_unit_test(names_and_counters_have_their_blocks),
		cmocka_unit_test(a_full_disk_leaves_whole_blocks),
		cmocka_unit_test(what_was_there_before_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
