/* SPDX-License-Identifier: BSD-3-Clause */
#include <config.h>

#include "src/savefile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/delta.h"
#include "src/base/cleanup.h"
#include "src/base/log.h"
#include "src/flow/flow_frame.h"
#include "src/overwrite.h"
#include "src/report/pcap_writer.h"
#include "src/report/seen_names.h"
#include "src/rotation.h"

enum {
	NOTES = 256, /* flows whose comment is kept; 2^n */
	NOTE_LENGTH = 120,
};

/* What is to be said of the packets of a flow. */
struct note {
	struct flow_key key; /* family FLOW_NONE: empty */
	uint64_t generation; /* of the owners that it was made from */
	char text[NOTE_LENGTH];
};

struct savefile {
	struct savefile_input input;
	struct pcap_writer *writer; /* NULL: between two files */
	struct rotation rotation;
	struct strbuf path;
	uint64_t before;	  /* packets in the files that have ended */
	struct seen_names *names; /* NULL: pcap, or not wanted */
	uint64_t missed;	  /* by the device, before we began */
	struct flow_key key;	  /* of the packet being written */
	int error;		  /* of writing a name */
	struct note notes[NOTES];
};

/* ---- Whose packets ---- */

static void put_end(struct strbuf *out, const char *word,
		    const struct owner_end *end)
{
	if (!end->owner)
		return;
	if (out->length)
		strbuf_puts(out, ", ");
	strbuf_printf(out, "%s %s/%u (%s)", word, end->owner->process,
		      end->owner->pid, owner_known_text(end->known));
}

static void make_note(struct note *note, struct owner_table *table,
		      const struct flow_key *key, int64_t time)
{
	_cleanup_(strbuf_free) struct strbuf text = STRBUF_INIT;
	struct owner_end ends[2];

	owner_find(table, key, (struct owner_period){time, time, false}, ends);
	put_end(&text, "from", &ends[0]);
	put_end(&text, "to", &ends[1]);
	snprintf(note->text, sizeof(note->text), "%s", strbuf_text(&text));
	note->key = *key;
	note->generation = owner_generation(table);
}

static void put_comment(struct strbuf *out, const struct frame *frame,
			void *context)
{
	struct savefile *savefile = context;
	struct owners *owners = savefile->input.owners;
	struct owner_table *table = owners ? owners_table(owners) : NULL;
	const struct flow_key *key = &savefile->key;
	struct note *note;

	if (!table || (key->family != FLOW_IPV4 && key->family != FLOW_IPV6))
		return;
	note = &savefile->notes[delta_key_hash(key, 0) & (NOTES - 1)];
	if (note->generation != owner_generation(table) ||
	    !delta_key_equal(&note->key, key))
		make_note(note, table, key, stamp_to_ns(frame->time));
	strbuf_puts(out, note->text);
}

/* ---- Names ---- */

static void on_name(void *context, const uint8_t *address, uint8_t family,
		    const char *name)
{
	struct savefile *savefile = context;
	int error =
		pcap_writer_put_name(savefile->writer, address, family, name);

	if (!savefile->error)
		savefile->error = error;
}

static int open_names(struct savefile *savefile)
{
	if (!(savefile->input.options->names & SEEN_NAMES_DNS))
		return 0;
	savefile->names = seen_names_new(SEEN_NAMES_DNS);
	if (!savefile->names)
		return -ENOMEM;
	seen_names_watch(savefile->names, on_name, savefile);
	return 0;
}

/* ---- The interface ---- */

/* Packets that the device had no room for, so far; of `any`, all devices. */
static uint64_t count_missed(const struct live_target *target)
{
	_cleanup_(interface_list_free) struct interface_list list = {0};
	uint32_t wanted = target->interface.index;
	uint64_t sum = 0;

	if (interface_list_read(&list))
		return 0;
	for (size_t i = 0; i < list.count; i++)
		if (!wanted || list.items[i].index == wanted)
			sum += list.items[i].missed;
	return sum;
}

static const char *interface_name(uint32_t ifindex, void *context)
{
	const struct savefile *savefile = context;

	return savefile->input.target
		       ? live_interface_name(savefile->input.source, ifindex)
		       : NULL;
}

/* ---- The file ---- */

static int open_writer(struct savefile *savefile)
{
	_cleanup_(strbuf_free) struct strbuf error = STRBUF_INIT;
	const struct savefile_input *input = &savefile->input;
	const struct live_target *target = input->target;
	const struct pcapng_options pcapng = {
		.program = "bsniff " PACKAGE_VERSION,
		.filter = filter_expression(input->filter),
		.device = target ? target->interface.name : NULL,
		.ifindex = target ? target->interface.index : 0,
		.interface_name = interface_name,
		.put_comment = put_comment,
		.context = savefile,
	};
	const struct pcap_writer_options options = {
		.path = strbuf_text(&savefile->path),
		.link_type = input->source->link_type,
		.snapshot = target ? (uint32_t)input->options->snapshot
				   : input->source->snapshot,
		.nanoseconds = input->options->nanoseconds,
		.unbuffered = input->options->packet_buffered,
		.pcapng = input->options->pcapng ? &pcapng : NULL,
	};
	int result = pcap_writer_open(&savefile->writer, &options, &error);

	if (result)
		log_error("%s", error.length ? strbuf_text(&error)
					     : strerror(-result));
	return result;
}

static int begin(struct savefile *savefile)
{
	const struct options *options = savefile->input.options;
	int result;

	strbuf_reset(&savefile->path);
	result = rotation_put_path(&savefile->rotation, &savefile->path);
	if (result) {
		log_error("-w: %s makes no name of a file", options->write);
		return result;
	}
	result = overwrite_check_path(options, "-w",
				      strbuf_text(&savefile->path));
	return result ? result : open_writer(savefile);
}

static int begin_first(struct savefile *savefile)
{
	const struct live_target *target = savefile->input.target;
	int result;

	rotation_begin(&savefile->rotation, savefile->input.options);
	result = begin(savefile);
	if (result || !savefile->input.options->pcapng)
		return result;
	if (target)
		savefile->missed = count_missed(target);
	return open_names(savefile);
}

int savefile_open(struct savefile **out, const struct savefile_input *input)
{
	struct savefile *savefile = calloc(1, sizeof(*savefile));
	int error;

	if (!savefile)
		return -ENOMEM;
	savefile->input = *input;
	error = begin_first(savefile);
	if (error)
		savefile_close(savefile);
	else
		*out = savefile;
	return error;
}

/* Close the file, tell -z of it, and begin the next one. */
static int turn_over(struct savefile *savefile, enum rotation_step step)
{
	int error = pcap_writer_flush(savefile->writer);

	if (error)
		return error;
	savefile->before += pcap_writer_count(savefile->writer);
	error = pcap_writer_close(TAKE_PTR(savefile->writer));
	if (error)
		return error;
	rotation_hand_over(&savefile->rotation, strbuf_text(&savefile->path));
	if (step == ROTATION_NEXT)
		return begin(savefile) ? SAVEFILE_STUCK : 0;
	log_line("Maximum file limit reached: %llu",
		 (unsigned long long)savefile->input.options->files);
	return SAVEFILE_FULL;
}

int savefile_put(struct savefile *savefile, const struct frame *frame)
{
	struct slice payload = {0};
	enum rotation_step step;
	int error;

	if (!savefile->writer)
		return SAVEFILE_FULL;
	step = rotation_step(&savefile->rotation,
			     pcap_writer_size(savefile->writer));
	error = step == ROTATION_STAY ? 0 : turn_over(savefile, step);
	if (error)
		return error;
	if (savefile->input.options->pcapng)
		flow_frames_look(frame, &savefile->key, &payload);
	error = pcap_writer_put(savefile->writer, frame);
	if (!error && savefile->names && payload.length)
		seen_names_read(savefile->names, &savefile->key, payload);
	return error ? error : savefile->error;
}

int savefile_release(struct savefile *savefile)
{
	return savefile->writer ? pcap_writer_release(savefile->writer) : 0;
}

int savefile_flush(struct savefile *savefile)
{
	return savefile->writer ? pcap_writer_flush(savefile->writer) : 0;
}

int savefile_finish(struct savefile *savefile,
		    const struct tap_counters *counters)
{
	const struct live_target *target = savefile->input.target;
	struct pcap_counters fates = {
		.seen = counters->seen,
		.matched = counters->matched,
		.dropped = counters->ring_full + counters->copy_failed,
		.sampled_out = counters->sampled_out,
	};
	int error = 0;

	if (!savefile->writer)
		return 0;
	/* A file says nothing of an interface's packets. */
	if (savefile->input.options->pcapng && target) {
		uint64_t missed = count_missed(target);

		if (missed > savefile->missed)
			fates.missed = missed - savefile->missed;
		error = pcap_writer_put_counters(savefile->writer, &fates);
	}
	return error ? error : pcap_writer_flush(savefile->writer);
}

uint64_t savefile_count(const struct savefile *savefile)
{
	return savefile->before +
	       (savefile->writer ? pcap_writer_count(savefile->writer) : 0);
}

const char *savefile_path(struct savefile *savefile)
{
	return strbuf_text(&savefile->path);
}

void savefile_close(struct savefile *savefile)
{
	if (!savefile)
		return;
	pcap_writer_close(savefile->writer);
	seen_names_free(savefile->names);
	strbuf_free(&savefile->path);
	free(savefile);
}
