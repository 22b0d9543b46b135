/* SPDX-License-Identifier: BSD-3-Clause */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <bpf/libbpf.h>
#define PCAP_DONT_INCLUDE_PCAP_BPF_H /* <linux/bpf.h> has struct bpf_insn too */
#include <pcap/pcap.h>

#include "src/base/cleanup.h"
#include "src/base/log.h"
#include "src/inspect.h"
#include "src/netns.h"
#include "src/options.h"
#include "src/overwrite.h"
#include "src/pipeline.h"
#include "src/request.h"
#include "src/source/device_list.h"

static void put_version(struct strbuf *out)
{
	strbuf_printf(out, "bsniff version %s\n%s\nlibbpf %s\n",
		      PACKAGE_VERSION, pcap_lib_version(),
		      libbpf_version_string());
}

static int print_text(void (*put)(struct strbuf *out))
{
	_cleanup_(strbuf_free) struct strbuf text = STRBUF_INIT;

	put(&text);
	return inspect_print(&text);
}

static int list_interfaces(void)
{
	_cleanup_(strbuf_free) struct strbuf text = STRBUF_INIT;
	_cleanup_(strbuf_free) struct strbuf error = STRBUF_INIT;

	if (device_list_put(&text, &error)) {
		log_error("%s", strbuf_text(&error));
		return 1;
	}
	return inspect_print(&text);
}

static int no_libbpf_talk(enum libbpf_print_level level, const char *format,
			  va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0; /* what it has to say is in the error that we print */
}

static int run(const struct options *options)
{
	switch (options->verb) {
	case VERB_CAPTURE:
		return pipeline_run(options);
	case VERB_LIST_INTERFACES:
		return list_interfaces();
	case VERB_LIST_LINK_TYPES:
		return inspect_link_types(options);
	case VERB_LIST_TIME_STAMPS:
		return inspect_time_stamps(options);
	case VERB_LIST_FILTER:
		return inspect_list_filter(options);
	case VERB_EMIT_OBJECT:
		return inspect_emit_object(options);
	case VERB_EXPLAIN:
		return inspect_explain(options);
	case VERB_HELP:
		return print_text(options_put_help);
	case VERB_VERSION:
		return print_text(put_version);
	case VERB_MAN:
		return print_text(options_put_man);
	case VERB_COMPLETION:
		return print_text(options_put_completion);
	}
	return 1;
}

/* What is opened must not get the number of a standard stream that is closed:
 * messages would go into it. To use such a stream is still an error. */
static void fill_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null",
			 fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(1);
}

int main(int argc, char **argv)
{
	_cleanup_(options_free) struct options options;

	fill_streams();
	libbpf_set_print(no_libbpf_talk);
	if (options_parse(&options, argc, argv) || request_list(&options) ||
	    overwrite_check(&options))
		return 1;
	if (options.netns && netns_enter(options.netns))
		return 1;
	return run(&options);
}
