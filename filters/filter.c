/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/filter_private.h"

#include <errno.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "filters/cooked.h"
#include "filters/emit.h"
#include "filters/expression.h"
#include "filters/maps.h"
#include "filters/object.h"
#include "filters/optimise.h"
#include "filters/reference.h"
#include "filters/ssa.h"
#include "filters/vlan.h"
#include "src/base/cleanup.h"

void filter_free(struct filter *filter)
{
	if (!filter)
		return;
	classic_free(&filter->plain);
	free(filter->expression);
	free(filter->device);
	lists_free(&filter->lists);
	free(filter->sites);
	run_free(filter->run);
	filter_parts_free(filter->parts);
	free(filter);
}
DEFINE_CLEANUP(struct filter *, filter_free)
DEFINE_CLEANUP(struct expression_compiler *, expression_close)
DEFINE_CLEANUP(struct graph *, graph_free)

/* The short expression twice, and the sites of the lists by comparison. */
static int compile_lists(struct expression_compiler *compiler,
			 struct filter *filter, struct strbuf *error)
{
	struct classic second _cleanup_(classic_free) = {0};
	int status = expression_compile(compiler,
					strbuf_text(&filter->lists.text[0]),
					false, &filter->plain, error);

	if (!status)
		status = expression_compile(compiler,
					    strbuf_text(&filter->lists.text[1]),
					    false, &second, error);
	if (status)
		return status;
	filter->sites = lists_locate(&filter->lists, &filter->plain, &second);
	return filter->sites ? 0 : -ENOENT;
}

static int compile_expression(const struct filter_request *request,
			      struct filter *filter, struct strbuf *error)
{
	const char *text = filter->expression;
	struct expression_compiler *compiler _cleanup_(expression_closep) =
		NULL;
	int status = lists_find(&filter->lists, text, LISTS_SHORTEST);

	if (status)
		return status;
	lists_choose_maps(&filter->lists, request->lists_in_code
						  ? request->lists_in_code
						  : LISTS_IN_CODE);
	compiler = expression_open(request, text, &status, error);
	if (!compiler)
		return status;
	if (filter->lists.count) {
		status = compile_lists(compiler, filter, error);
		if (status != -ENOENT)
			return status;
		/* libpcap made something else of it: all of it is its own. */
		classic_free(&filter->plain);
		lists_free(&filter->lists);
	}
	return expression_compile(compiler, text, false, &filter->plain, error);
}

static int compile_bytecode(const struct filter_request *request,
			    struct filter *filter, struct strbuf *error)
{
	int status = classic_parse(&filter->plain, request->bytecode, error);

	if (!status)
		status = classic_check(&filter->plain, error);
	return status;
}

/* Jumps back are unrolled in the graph, a few times. A file's packet may have
 * longer chains: those programs run as they are. */
static bool has_loop(const struct classic *program)
{
	for (size_t i = 0; i < program->length; i++)
		if (classic_is_loop(&program->code[i]))
			return true;
	return false;
}

static struct graph *make_graph(const struct filter *filter, enum rules rules,
				uint32_t too_deep)
{
	struct graph *graph =
		ssa_build(&(struct ssa_request){.program = &filter->plain,
						.sharing = true,
						.rules = rules,
						.too_deep = too_deep,
						.lists = filter->lists.items,
						.sites = filter->sites});

	if (graph)
		optimise(graph);
	if (graph && graph->failed) {
		graph_free(graph);
		return NULL;
	}
	return graph;
}

static int prepare_run(struct filter *filter)
{
	struct graph *graph _cleanup_(graph_freep) = NULL;

	if (has_loop(&filter->plain))
		return 0;
	graph = make_graph(filter, RULES_FILE, 0);
	if (!graph)
		return -ENOMEM;
	filter->run = run_compile(graph);
	return 0;
}

static bool returns_at_once(const struct classic *program)
{
	return program->code[0].code == (BPF_RET | BPF_K);
}

static int keep_request(struct filter *filter,
			const struct filter_request *request)
{
	const char *text = request->expression ? request->expression : "";

	filter->request = *request;
	filter->request.bytecode = NULL;
	filter->request.expression = filter->request.device = NULL;
	if (!request->bytecode)
		filter->request.expression = filter->expression = strdup(text);
	if (request->device)
		filter->request.device = filter->device =
			strdup(request->device);
	return (!request->bytecode && !filter->expression) ||
			       (request->device && !filter->device)
		       ? -ENOMEM
		       : 0;
}

int filter_compile(const struct filter_request *request, struct filter **filter,
		   struct strbuf *error)
{
	struct filter *made _cleanup_(filter_freep) = calloc(1, sizeof(*made));
	int status;

	if (!made || keep_request(made, request))
		return -ENOMEM;
	made->parts = filter_parts_new();
	if (!made->parts)
		return -ENOMEM;
	status = request->bytecode ? compile_bytecode(request, made, error)
				   : compile_expression(request, made, error);
	if (!status && !request->bytecode && request->meaning == FILTER_LIVE &&
	    request->link_type == DLT_LINUX_SLL2)
		status = cooked_translate(&made->plain, error);
	if (!status && request->any_vlan && request->link_type == DLT_EN10MB &&
	    !returns_at_once(&made->plain))
		status = vlan_spread(&made->plain, &made->sites);
	if (!status)
		status = classic_check(&made->plain, error);
	if (!status && request->meaning == FILTER_FILE)
		status = prepare_run(made);
	if (status)
		return status;
	made->matches_all =
		returns_at_once(&made->plain) && made->plain.code[0].k;
	*filter = TAKE_PTR(made);
	return 0;
}

uint32_t filter_run(const struct filter *filter, const struct frame *frame)
{
	bool too_deep = false;
	const struct reference_packet packet = {.rules = RULES_FILE,
						.data = frame->data,
						.caplen = frame->caplen,
						.length = frame->len,
						.lists = filter->lists.items,
						.sites = filter->sites,
						.too_deep = &too_deep};
	uint32_t keep;

	if (filter->run)
		keep = run_frame(filter->run, frame);
	else
		keep = reference_run(&filter->plain, &packet, FILE_TURNS, NULL);
	if (too_deep)
		return FILTER_TOO_DEEP;
	return keep < INT32_MAX ? keep : INT32_MAX;
}

const char *filter_expression(const struct filter *filter)
{
	return filter->request.expression;
}

bool filter_matches_all(const struct filter *filter)
{
	return filter->matches_all;
}

/* Before 6.3 the kernel wants all of a stack buffer written before a call that
 * may write less than it is long, and before it is read. */
static bool wants_written_stack(void)
{
	struct utsname name;
	int major = 0, minor = 0;

	return uname(&name) ||
	       sscanf(name.release, "%d.%d", &major, &minor) != 2 ||
	       major < 6 || (major == 6 && minor < 3);
}

static int make_object(const struct filter *filter, enum filter_backend backend,
		       uint32_t too_deep, struct filter_object *object,
		       struct strbuf *error)
{
	struct graph *graph _cleanup_(graph_freep) =
		make_graph(filter, RULES_KERNEL, too_deep);
	struct program program _cleanup_(program_free) = {0};
	int status;

	if (!graph)
		return -ENOMEM;
	graph->portable = filter->request.portable || wants_written_stack();
	status = emit_program(graph, backend, &program, error);
	return status ? status
		      : object_write(graph, &program, &filter->plain, object);
}

int filter_object_make(const struct filter *filter, enum filter_backend backend,
		       struct filter_object *object, struct strbuf *error)
{
	return make_object(filter, backend, 0, object, error);
}

int filter_object_make_telling(const struct filter *filter,
			       enum filter_backend backend,
			       struct filter_object *object,
			       struct strbuf *error)
{
	return make_object(filter, backend, FILTER_TOO_DEEP, object, error);
}

int filter_maps_fill(const struct filter *filter, struct bpf_object *loaded,
		     struct strbuf *error)
{
	for (size_t i = 0; i < filter->lists.count; i++) {
		const struct list *list = &filter->lists.items[i];
		char name[MAPS_NAME];
		int fd, status;

		maps_put_name(name, (int)i);
		fd = list_wants_map(list)
			     ? bpf_object__find_map_fd_by_name(loaded, name)
			     : -1;
		if (fd < 0)
			continue; /* in code, or the list was of no use */
		status = maps_fill(list, fd);
		if (!status)
			continue;
		strbuf_printf(error, "filter: map of %zu members: %s",
			      list->members, strerror(-status));
		return status;
	}
	return 0;
}

bool filter_wants_direction(const struct filter *filter)
{
	for (size_t i = 0; i < filter->plain.length; i++)
		if (classic_extension(&filter->plain.code[i]) == SKF_AD_PKTTYPE)
			return true;
	return false;
}
