/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/request.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <pcap/pcap.h>

#include "src/base/cleanup.h"
#include "src/base/log.h"
#include "src/source/device_list.h"
#include "src/source/file.h"

/* The text of a file, "-" being standard input. */
static int read_text(const char *path, struct strbuf *text)
{
	_cleanup_fclose_ FILE *opened = NULL;
	FILE *file = stdin;
	char *to;
	size_t n;

	if (strcmp(path, "-"))
		file = opened = fopen(path, "re");
	if (!file)
		goto failed;
	while ((to = strbuf_room(text, 65536)) &&
	       (n = fread(to, 1, 65536, file)) > 0)
		strbuf_added(text, to + n);
	if (to && !ferror(file))
		return 0;
failed:
	log_error("%s: %s", path, strerror(errno));
	return -EIO;
}

/* In a file, '#' begins a comment, as in tcpdump. */
static void blank_comments(struct strbuf *text)
{
	bool comment = false;

	for (size_t i = 0; i < text->length; i++) {
		comment = text->data[i] != '\n' &&
			  (comment || text->data[i] == '#');
		if (comment)
			text->data[i] = ' ';
	}
}

void request_say_file(const struct source *source, const char *path)
{
	_cleanup_(strbuf_free) struct strbuf type = STRBUF_INIT;
	const char *name = pcap_datalink_val_to_name(source->link_type);

	if (name)
		strbuf_printf(
			&type, "%s (%s)", name,
			pcap_datalink_val_to_description(source->link_type));
	else
		strbuf_printf(&type, "%d", source->link_type);
	log_line("reading from file %s, link-type %s, snapshot length %u", path,
		 strbuf_text(&type), source->snapshot);
}

int request_file(struct source **source, const char *path, bool is_told)
{
	_cleanup_(strbuf_free) struct strbuf error = STRBUF_INIT;
	int result = file_open(source, path, &error);

	if (result) {
		log_error("%s", strbuf_text(&error));
		return result;
	}
	if (!is_told)
		return 0;
	request_say_file(*source, path);
	if ((*source)->link_type == DLT_LINUX_SLL2)
		log_line("Warning: interface names might be incorrect");
	return 0;
}

int request_list(struct options *options)
{
	_cleanup_(strbuf_free) struct strbuf text = STRBUF_INIT;
	int result;

	if (!options->list)
		return 0;
	result = read_text(options->list, &text);
	if (result)
		return result;
	if (text.length && text.data[text.length - 1] != '\n')
		strbuf_putc(&text, '\n');
	if (!text.length || *text.data == '\n') {
		log_error("%s: names no file", options->list);
		return -EINVAL;
	}
	strbuf_text(&text);
	if (text.failed)
		return -ENOMEM;
	for (size_t i = 0; i < text.length; i++)
		if (text.data[i] == '\n')
			text.data[i] = '\0';
	options->list_names = TAKE_PTR(text.data);
	options->read = options->list_names;
	return 0;
}

int request_compile(struct filter **filter, const struct options *options,
		    const struct request_subject *subject)
{
	_cleanup_(strbuf_free) struct strbuf text = STRBUF_INIT;
	_cleanup_(strbuf_free) struct strbuf error = STRBUF_INIT;
	struct filter_request request = {
		.expression = options->expression,
		.link_type = subject->link_type,
		.snapshot = subject->snapshot,
		.meaning = subject->device ? FILTER_LIVE : FILTER_FILE,
		.device = subject->device,
		.netmask = subject->netmask ? subject->netmask
					    : PCAP_NETMASK_UNKNOWN,
		.no_optimiser = options->no_optimiser,
		.any_vlan = options->any_vlan,
		/* Nobody would fill the maps of an object in a file. */
		.lists_in_code =
			options->verb == VERB_EMIT_OBJECT ? SIZE_MAX : 0,
		.portable = options->object != NULL,
	};
	const char *file =
		options->bytecode ? options->bytecode : options->filter_file;
	int result;

	if (file) {
		result = read_text(file, &text);
		if (result)
			return result;
	}
	if (options->bytecode) {
		request.bytecode = strbuf_text(&text);
	} else if (file) {
		blank_comments(&text);
		request.expression = strbuf_text(&text);
		if (*options->expression)
			log_warning("additional expression ignored");
	}
	result = filter_compile(&request, filter, &error);
	if (result)
		log_error("%s", strbuf_text(&error));
	return result;
}

/* An interface has one link type here: -y may name that, and no other. But what
 * is only compiled for `any` may be for the other cooked header, too. */
static int check_link_type(struct live_target *target,
			   const struct options *options, const char *name)
{
	int type = pcap_datalink_name_to_val(options->link_type);

	if (options->verb == VERB_LIST_FILTER && type == DLT_LINUX_SLL &&
	    target->link_type == DLT_LINUX_SLL2)
		target->link_type = type;
	if (type == target->link_type)
		return 0;
	log_error("%s is not one of the DLTs supported by %s, which has %s",
		  options->link_type, name,
		  pcap_datalink_val_to_name(target->link_type));
	return -EINVAL;
}

int request_target(struct live_target *target, const struct options *options,
		   char *name, size_t size)
{
	_cleanup_(strbuf_free) struct strbuf error = STRBUF_INIT;
	int result;

	if (options->interface) {
		snprintf(name, size, "%s", options->interface);
	} else if (!device_list_number("1", name, size)) {
		log_error("there is no interface to capture on; -i names one");
		return -ENODEV;
	}
	result = live_find(target, name, options->hook, &error);
	if (result)
		log_error("%s", strbuf_text(&error));
	else if (options->link_type)
		result = check_link_type(target, options, name);
	return result;
}

void request_say_link_type(const struct options *options,
			   const struct live_target *target)
{
	/* tcpdump asks for that of `any` itself. */
	if (options->link_type || !strcmp(target->interface.name, "any"))
		log_line("bsniff: data link type %s",
			 pcap_datalink_val_to_name(target->link_type));
}
