/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/report/pcapng_writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "src/base/cleanup.h"

/* Draft-ietf-opsawg-pcapng: 4, the blocks, and 3.5, the options of all. */
enum block_type {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_NAMES = 4,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
};

enum option_code {
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	SECTION_HARDWARE = 2,
	SECTION_SYSTEM = 3,
	SECTION_PROGRAM = 4,
	INTERFACE_NAME = 2,
	INTERFACE_RESOLUTION = 9,
	INTERFACE_FILTER = 11,
	INTERFACE_SYSTEM = 12,
	PACKET_FLAGS = 2,
	STATISTICS_START = 2,
	STATISTICS_END = 3,
	STATISTICS_SEEN = 4,
	STATISTICS_MISSED = 5,
	STATISTICS_MATCHED = 6,
	STATISTICS_DROPPED = 7,
	STATISTICS_DELIVERED = 8,
};

enum {
	BYTE_ORDER_MAGIC = 0x1a2b3c4d,
	FLAGS_INBOUND = 1,
	FLAGS_OUTBOUND = 2,
	FILTER_IS_TEXT = 0, /* first byte of an interface's filter */
	OPTION_MOST = 65535,
	NAME_MOST = 255,
	FAMILY_IPV4 = 4,
};

struct packet_block {
	uint32_t type;
	uint32_t length;
	uint32_t interface;
	uint32_t time_high;
	uint32_t time_low;
	uint32_t caplen;
	uint32_t len;
};

struct pcapng_interface {
	uint32_t ifindex;
	uint64_t packets;
};

struct pcapng_writer {
	struct whole_file *file;
	struct pcapng_options options;
	char *filter, *device; /* owned */
	uint32_t link_type;
	uint32_t snapshot;
	bool nanoseconds;
	char system[160];
	struct stamp start;
	struct pcapng_interface *interfaces;
	uint32_t count;
	uint32_t latest; /* interface of the latest packet */
	struct strbuf block, comment;
};

/* ---- Blocks ---- */

static void put_u32(struct strbuf *out, uint32_t value)
{
	strbuf_add(out, &value, sizeof(value));
}

static void put_u16(struct strbuf *out, uint16_t value)
{
	strbuf_add(out, &value, sizeof(value));
}

static void put_padding(struct strbuf *out, size_t length)
{
	static const char zeros[3];

	strbuf_add(out, zeros, -length & 3);
}

static void put_option(struct strbuf *out, enum option_code code,
		       const void *value, size_t length)
{
	if (length > OPTION_MOST)
		length = OPTION_MOST;
	put_u16(out, (uint16_t)code);
	put_u16(out, (uint16_t)length);
	strbuf_add(out, value, length);
	put_padding(out, length);
}

static void put_text_option(struct strbuf *out, enum option_code code,
			    const char *text)
{
	if (text && *text)
		put_option(out, code, text, strlen(text));
}

static void put_u64_option(struct strbuf *out, enum option_code code,
			   uint64_t value)
{
	put_option(out, code, &value, sizeof(value));
}

static void begin_block(struct strbuf *out, enum block_type type)
{
	strbuf_reset(out);
	put_u32(out, type);
	put_u32(out, 0); /* the length, see add_block() */
}

/* End the options and the block, and write it. */
static int add_block(struct pcapng_writer *writer)
{
	struct strbuf *block = &writer->block;
	uint32_t length = (uint32_t)block->length + 8;
	struct iovec part;

	put_u16(block, OPTION_END);
	put_u16(block, 0);
	put_u32(block, length);
	if (block->failed)
		return -ENOMEM;
	memcpy(block->data + 4, &length, sizeof(length));
	part = (struct iovec){block->data, block->length};
	return whole_file_add(writer->file, &part, 1, 0);
}

static uint64_t units_of(const struct pcapng_writer *writer, struct stamp time)
{
	uint64_t fraction = (uint64_t)(writer->nanoseconds
					       ? time.nanoseconds
					       : time.nanoseconds / 1000);

	return (uint64_t)time.seconds *
		       (writer->nanoseconds ? 1000000000u : 1000000u) +
	       fraction;
}

static struct stamp now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return (struct stamp){time.tv_sec, time.tv_nsec};
}

/* ---- Section and interfaces ---- */

static int add_section(struct pcapng_writer *writer, const char *hardware)
{
	struct strbuf *block = &writer->block;
	const uint64_t unknown = UINT64_MAX; /* the section's length */

	begin_block(block, BLOCK_SECTION);
	put_u32(block, BYTE_ORDER_MAGIC);
	put_u16(block, 1);
	put_u16(block, 0);
	strbuf_add(block, &unknown, sizeof(unknown));
	put_text_option(block, SECTION_HARDWARE, hardware);
	put_text_option(block, SECTION_SYSTEM, writer->system);
	put_text_option(block, SECTION_PROGRAM, writer->options.program);
	return add_block(writer);
}

static void put_filter(struct strbuf *block, const char *filter)
{
	_cleanup_(strbuf_free) struct strbuf value = STRBUF_INIT;
	size_t length = filter ? strlen(filter) : 0;

	while (length && strchr(" \t\n", filter[length - 1]))
		length--;
	if (!length)
		return;
	strbuf_putc(&value, FILTER_IS_TEXT);
	strbuf_add(&value, filter, length);
	put_option(block, INTERFACE_FILTER, value.data, value.length);
}

/* It becomes the latest. */
static int add_interface(struct pcapng_writer *writer, uint32_t ifindex,
			 const char *name)
{
	const uint8_t resolution = writer->nanoseconds ? 9 : 6;
	struct pcapng_interface *interfaces = writer->interfaces;
	struct strbuf *block = &writer->block;

	if ((writer->count & (writer->count - 1)) == 0) {
		interfaces = realloc(interfaces, (writer->count * 2 + 1) *
							 sizeof(*interfaces));
		if (!interfaces)
			return -ENOMEM;
		writer->interfaces = interfaces;
	}
	interfaces[writer->count] =
		(struct pcapng_interface){.ifindex = ifindex};
	writer->latest = writer->count++;
	begin_block(block, BLOCK_INTERFACE);
	put_u16(block, (uint16_t)writer->link_type);
	put_u16(block, 0);
	put_u32(block, writer->snapshot);
	put_text_option(block, INTERFACE_NAME, name);
	put_option(block, INTERFACE_RESOLUTION, &resolution, 1);
	put_filter(block, writer->filter);
	if (name) /* it is one of this machine's */
		put_text_option(block, INTERFACE_SYSTEM, writer->system);
	return add_block(writer);
}

static int find_interface(struct pcapng_writer *writer, uint32_t ifindex)
{
	const struct pcapng_options *options = &writer->options;

	if (writer->interfaces[writer->latest].ifindex == ifindex)
		return 0;
	for (uint32_t i = 0; i < writer->count; i++) {
		if (writer->interfaces[i].ifindex == ifindex) {
			writer->latest = i;
			return 0;
		}
	}
	return add_interface(writer, ifindex,
			     options->interface_name
				     ? options->interface_name(
					       ifindex, options->context)
				     : NULL);
}

/* ---- Packets ---- */

/* What stands behind the packet's bytes. */
static void put_tail(struct pcapng_writer *writer, const struct frame *frame)
{
	static const uint32_t flags[] = {
		[DIRECTION_IN] = FLAGS_INBOUND,
		[DIRECTION_OUT] = FLAGS_OUTBOUND,
	};
	const struct pcapng_options *options = &writer->options;
	struct strbuf *tail = &writer->block, *comment = &writer->comment;

	strbuf_reset(tail);
	put_padding(tail, frame->caplen);
	if (frame->direction != DIRECTION_UNKNOWN)
		put_option(tail, PACKET_FLAGS, &flags[frame->direction],
			   sizeof(flags[0]));
	strbuf_reset(comment);
	if (options->put_comment)
		options->put_comment(comment, frame, options->context);
	if (comment->length)
		put_option(tail, OPTION_COMMENT, comment->data,
			   comment->length);
	if (tail->length >= sizeof(uint32_t)) { /* there are some */
		put_u16(tail, OPTION_END);
		put_u16(tail, 0);
	}
}

int pcapng_writer_put(struct pcapng_writer *writer, const struct frame *frame)
{
	uint64_t time = units_of(writer, frame->time);
	struct packet_block head = {
		.type = BLOCK_PACKET,
		.time_high = (uint32_t)(time >> 32),
		.time_low = (uint32_t)time,
		.caplen = frame->caplen,
		.len = frame->len,
	};
	struct iovec parts[] = {
		{&head, sizeof(head)},
		{(void *)frame->data, frame->caplen},
		{0},
	};
	int error = find_interface(writer, frame->ifindex);

	if (error)
		return error;
	put_tail(writer, frame);
	head.interface = writer->latest;
	head.length = (uint32_t)(sizeof(head) + frame->caplen +
				 writer->block.length + sizeof(head.length));
	put_u32(&writer->block, head.length);
	if (writer->block.failed)
		return -ENOMEM;
	parts[2] = (struct iovec){writer->block.data, writer->block.length};
	writer->interfaces[writer->latest].packets++;
	return whole_file_add(writer->file, parts, ARRAY_SIZE(parts),
			      WHOLE_FILE_COUNTS);
}

int pcapng_writer_put_name(struct pcapng_writer *writer,
			   const uint8_t *address, uint8_t family,
			   const char *name)
{
	struct strbuf *block = &writer->block;
	size_t address_length = family == FAMILY_IPV4 ? 4 : 16;
	size_t length = strnlen(name, NAME_MOST);

	begin_block(block, BLOCK_NAMES);
	put_u16(block, family == FAMILY_IPV4 ? 1 : 2);
	put_u16(block, (uint16_t)(address_length + length + 1));
	strbuf_add(block, address, address_length);
	strbuf_add(block, name, length);
	strbuf_putc(block, '\0');
	put_padding(block, address_length + length + 1);
	put_u32(block, 0); /* the end of the names */
	return add_block(writer);
}

/* ---- What became of them ---- */

static void put_time_option(struct strbuf *block, enum option_code code,
			    uint64_t time)
{
	const uint32_t words[] = {(uint32_t)(time >> 32), (uint32_t)time};

	put_option(block, code, words, sizeof(words));
}

static void put_fates(struct strbuf *block,
		      const struct pcap_counters *counters)
{
	_cleanup_(strbuf_free) struct strbuf text = STRBUF_INIT;

	if (counters->sampled_out) {
		strbuf_u64(&text, counters->sampled_out);
		strbuf_puts(&text, " of those that the filter accepted were "
				   "sampled out");
		put_option(block, OPTION_COMMENT, text.data, text.length);
	}
	put_u64_option(block, STATISTICS_SEEN, counters->seen);
	put_u64_option(block, STATISTICS_MISSED, counters->missed);
	put_u64_option(block, STATISTICS_MATCHED, counters->matched);
	put_u64_option(block, STATISTICS_DROPPED, counters->dropped);
}

int pcapng_writer_put_counters(struct pcapng_writer *writer,
			       const struct pcap_counters *counters)
{
	uint64_t end = units_of(writer, now()), all = 0;
	struct strbuf *block = &writer->block;
	int error = 0;

	for (uint32_t i = 0; i < writer->count; i++)
		all += writer->interfaces[i].packets;
	for (uint32_t i = 0; i < writer->count && !error; i++) {
		begin_block(block, BLOCK_STATISTICS);
		put_u32(block, i);
		put_u32(block, (uint32_t)(end >> 32));
		put_u32(block, (uint32_t)end);
		put_time_option(block, STATISTICS_START,
				units_of(writer, writer->start));
		put_time_option(block, STATISTICS_END, end);
		if (!i)
			put_fates(block, counters);
		put_u64_option(block, STATISTICS_DELIVERED,
			       i ? writer->interfaces[i].packets : all);
		error = add_block(writer);
	}
	return error;
}

/* ---- Beginning and ending ---- */

static int begin(struct pcapng_writer *writer)
{
	struct utsname names;
	int error;

	if (uname(&names))
		return -errno;
	snprintf(writer->system, sizeof(writer->system), "%s %s",
		 names.sysname, names.release);
	error = add_section(writer, names.machine);
	return error ? error
		     : add_interface(writer, writer->options.ifindex,
				     writer->device);
}

int pcapng_writer_new(struct pcapng_writer **out, struct whole_file *file,
		      const struct pcap_writer_options *options,
		      uint32_t link_type)
{
	struct pcapng_writer *writer = calloc(1, sizeof(*writer));

	if (!writer)
		return -ENOMEM;
	*out = writer;
	writer->file = file;
	writer->options = *options->pcapng;
	writer->link_type = link_type;
	writer->snapshot = options->snapshot;
	writer->nanoseconds = options->nanoseconds;
	writer->start = now();
	if (writer->options.filter)
		writer->filter = strdup(writer->options.filter);
	if (writer->options.device)
		writer->device = strdup(writer->options.device);
	return begin(writer);
}

void pcapng_writer_free(struct pcapng_writer *writer)
{
	if (!writer)
		return;
	strbuf_free(&writer->block);
	strbuf_free(&writer->comment);
	free(writer->interfaces);
	free(writer->filter);
	free(writer->device);
	free(writer);
}
