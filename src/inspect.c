/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/inspect.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <pcap/pcap.h>

#include "src/base/cleanup.h"
#include "src/base/log.h"
#include "src/request.h"
#include "src/source/file.h"
#include "src/source/live.h"

/* A filter, and what it was compiled for. */
struct subject {
	const struct options *options;
	struct filter *filter;
	struct source *source;	   /* NULL: no file */
	struct live_target target; /* when no file */
	struct strbuf out;
	struct strbuf error;
	uint64_t frames; /* explained */
};

static void subject_free(struct subject *subject)
{
	source_free(subject->source);
	filter_free(subject->filter);
	live_target_free(&subject->target);
	strbuf_free(&subject->out);
	strbuf_free(&subject->error);
}

static int say(struct subject *subject, int result)
{
	if (result)
		log_error("%s", subject->error.length
					? strbuf_text(&subject->error)
					: strerror(-result));
	return result;
}

/* Compile for nothing that is there: for -y's link type, or for Ethernet. */
static int find_nothing(const struct subject *subject,
			struct request_subject *wanted)
{
	const char *type = subject->options->link_type;

	wanted->link_type = type ? pcap_datalink_name_to_val(type) : DLT_EN10MB;
	wanted->snapshot = (uint32_t)subject->options->snapshot;
	if (!type)
		log_line("Warning: assuming Ethernet");
	return 0;
}

/* What to compile for: the file, -y alone, or the interface, whose name goes
 * into @name. */
static int find_wanted(struct subject *subject, char *name, size_t size,
		       struct request_subject *wanted)
{
	const struct options *options = subject->options;
	bool is_listed = options->verb == VERB_LIST_FILTER;
	int result;

	if (options->read) {
		result = request_file(&subject->source, options->read,
				      is_listed);
		if (result)
			return result;
		wanted->link_type = subject->source->link_type;
		wanted->snapshot = subject->source->snapshot;
		return 0;
	}
	if (!options->interface && (is_listed || options->link_type))
		return find_nothing(subject, wanted);
	result = request_target(&subject->target, options, name, size);
	if (result)
		return result;
	if (is_listed)
		request_say_link_type(options, &subject->target);
	*wanted = (struct request_subject){
		.link_type = subject->target.link_type,
		.snapshot = (uint32_t)options->snapshot,
		.device = name,
		.netmask = subject->target.interface.netmask,
	};
	return 0;
}

static int compile(struct subject *subject)
{
	struct request_subject wanted = {0};
	char name[64];
	int result = find_wanted(subject, name, sizeof(name), &wanted);

	return result ? result
		      : request_compile(&subject->filter, subject->options,
					&wanted);
}

static enum filter_backend backend_of(const struct options *options)
{
	return options->hook == HOOK_SOCKET ? FILTER_BACKEND_SOCKET
					    : FILTER_BACKEND_TC;
}

int inspect_print(const struct strbuf *text)
{
	if (fwrite(text->data, 1, text->length, stdout) == text->length &&
	    !fflush(stdout))
		return 0;
	log_error("standard output: %s", strerror(errno));
	return 1;
}

int inspect_list_filter(const struct options *options)
{
	_cleanup_(subject_free) struct subject subject = {.options = options};
	unsigned int how = options->listing < FILTER_LISTING_DECIMAL
				   ? options->listing
				   : FILTER_LISTING_DECIMAL;

	if (compile(&subject))
		return 1;
	filter_put_listing(subject.filter, (enum filter_listing)how,
			   &subject.out);
	return inspect_print(&subject.out);
}

static bool explain_frame(void *user, struct frame *frame)
{
	struct subject *subject = user;
	uint64_t most = subject->options->count;

	strbuf_printf(&subject->out, "packet %llu, %u bytes\n",
		      (unsigned long long)++subject->frames, frame->len);
	filter_explain_frame(subject->filter, frame, &subject->out);
	return !most || subject->frames < most;
}

static int explain_file(struct subject *subject)
{
	const struct source_sink sink = {.user = subject,
					 .frame = explain_frame};
	int state;

	file_set_filter(subject->source, NULL, 1);
	do {
		state = source_poll(subject->source, &sink, 0);
		if (state < 0 || inspect_print(&subject->out))
			return 1;
		strbuf_reset(&subject->out);
	} while (state == SOURCE_MORE);
	return 0;
}

int inspect_explain(const struct options *options)
{
	_cleanup_(subject_free) struct subject subject = {.options = options};

	if (compile(&subject))
		return 1;
	if (subject.source)
		return explain_file(&subject);
	if (say(&subject, filter_explain(subject.filter, options->explain,
					 backend_of(options), &subject.out,
					 &subject.error)))
		return 1;
	return inspect_print(&subject.out);
}

static int write_object(const char *path, const struct filter_object *object)
{
	FILE *file = fopen(path, "we");
	int error = 0;

	if (!file) {
		error = -errno;
	} else {
		if (fwrite(object->data, 1, object->length, file) !=
		    object->length)
			error = -errno;
		if (fclose(file) && !error)
			error = -errno;
	}
	if (error)
		log_error("%s: %s", path, strerror(-error));
	return error;
}

int inspect_emit_object(const struct options *options)
{
	_cleanup_(subject_free) struct subject subject = {.options = options};
	_cleanup_(filter_object_free) struct filter_object object = {0};

	if (compile(&subject) ||
	    say(&subject,
		filter_object_make(subject.filter, backend_of(options), &object,
				   &subject.error)))
		return 1;
	return write_object(options->object, &object) ? 1 : 0;
}

/* tcpdump's lists of an interface go to standard error. */
static int print_list(const struct strbuf *text)
{
	return fwrite(text->data, 1, text->length, stderr) == text->length ? 0
									   : 1;
}

int inspect_link_types(const struct options *options)
{
	_cleanup_(subject_free) struct subject subject = {.options = options};
	char name[64];

	if (request_target(&subject.target, options, name, sizeof(name)))
		return 1;
	strbuf_printf(
		&subject.out,
		"Data link types for %s (use option -y to set):\n"
		"  %s (%s)\n",
		name, pcap_datalink_val_to_name(subject.target.link_type),
		pcap_datalink_val_to_description(subject.target.link_type));
	return print_list(&subject.out);
}

int inspect_time_stamps(const struct options *options)
{
	_cleanup_(subject_free) struct subject subject = {.options = options};
	char name[64];

	if (request_target(&subject.target, options, name, sizeof(name)))
		return 1;
	strbuf_printf(&subject.out,
		      "Time stamp types for %s (use option -j to set):\n"
		      "  %s (%s)\n",
		      name, pcap_tstamp_type_val_to_name(PCAP_TSTAMP_HOST),
		      pcap_tstamp_type_val_to_description(PCAP_TSTAMP_HOST));
	return print_list(&subject.out);
}
