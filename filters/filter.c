/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/filter.h"

#include <errno.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "filters/classic.h"
#include "filters/cooked.h"
#include "filters/emit.h"
#include "filters/explain.h"
#include "filters/expression.h"
#include "filters/lists.h"
#include "filters/maps.h"
#include "filters/object.h"
#include "filters/optimise.h"
#include "filters/reference.h"
#include "filters/run.h"
#include "filters/ssa.h"
#include "filters/vlan.h"
#include "src/base/cleanup.h"

/* A jump back is followed that often over a file's packet: far more than any
 * header chain is long, and an end for programs that have none. */
#define FILE_TURNS 65536

struct filter {
	struct filter_request request; /* its texts are ours, below */
	char *expression, *device;
	struct classic plain;	 /* what is meant: libpcap, not optimised */
	struct lists lists;	 /* what stands behind marks in plain */
	struct list_site *sites; /* where; NULL: nowhere */
	struct run_program *run; /* NULL: the reference runs it */
	bool matches_all;
};

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

static struct graph *make_graph(const struct filter *filter, enum rules rules)
{
	struct graph *graph =
		ssa_build(&(struct ssa_request){.program = &filter->plain,
						.sharing = true,
						.rules = rules,
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

	if (has_loop(&filter->plain) && !filter->sites)
		return 0;
	graph = make_graph(filter, RULES_FILE);
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
	if (filter->run)
		return run_frame(filter->run, frame);

	const struct reference_packet packet = {.rules = RULES_FILE,
						.data = frame->data,
						.caplen = frame->caplen,
						.length = frame->len};

	return reference_run(&filter->plain, &packet, FILE_TURNS, NULL);
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

int filter_object_make(const struct filter *filter, enum filter_backend backend,
		       struct filter_object *object, struct strbuf *error)
{
	struct graph *graph _cleanup_(graph_freep) =
		make_graph(filter, RULES_KERNEL);
	struct program program _cleanup_(program_free) = {0};
	int status;

	if (!graph)
		return -ENOMEM;
	graph->portable = filter->request.portable || wants_written_stack();
	status = emit_program(graph, backend, &program, error);
	return status ? status
		      : object_write(graph, &program, &filter->plain, object);
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

static int explain_program(const struct filter *filter,
			   const struct graph *graph,
			   enum filter_backend backend, struct strbuf *out,
			   struct strbuf *error)
{
	struct program program _cleanup_(program_free) = {0};
	int status = emit_program(graph, backend, &program, error);

	if (status)
		return status;
	if (filter->request.expression)
		strbuf_printf(out, "expression: %s\n",
			      filter->request.expression);
	for (size_t i = 0; i < filter->lists.count; i++)
		strbuf_printf(out, "list %zu: %s(%zu members, %zu ranges)\n", i,
			      filter->lists.items[i].qualifiers,
			      filter->lists.items[i].members,
			      filter->lists.items[i].count);
	strbuf_puts(out, "\nclassic BPF (libpcap's, not optimised):\n");
	expression_put(&filter->plain, FILTER_LISTING_TEXT, out);
	strbuf_puts(out, "\neBPF:\n");
	explain_put_program(&program, &filter->plain, out);
	return 0;
}

static bool is_pass(const char *name, struct strbuf *error)
{
	size_t count;
	const struct pass *passes = optimise_passes(&count);

	for (size_t i = 0; i < count; i++)
		if (!strcmp(passes[i].name, name))
			return true;
	if (!strcmp(name, "ssa"))
		return true;
	strbuf_printf(error, "%s: no such pass; there are ssa", name);
	for (size_t i = 0; i < count; i++)
		strbuf_printf(error, ", %s", passes[i].name);
	return false;
}

int filter_explain(const struct filter *filter, const char *pass,
		   enum filter_backend backend, struct strbuf *out,
		   struct strbuf *error)
{
	struct ssa_request request = {.program = &filter->plain,
				      .sharing = true,
				      .lists = filter->lists.items,
				      .sites = filter->sites};
	struct graph *graph _cleanup_(graph_freep) = NULL;

	if (pass && !is_pass(pass, error))
		return -EINVAL;
	graph = ssa_build(&request);
	if (!graph)
		return -ENOMEM;
	if (pass && !strcmp(pass, "ssa"))
		graph_analyse(graph);
	else
		optimise_until(graph, pass);
	if (graph->failed)
		return -ENOMEM;
	if (!pass)
		return explain_program(filter, graph, backend, out, error);
	explain_put_graph(graph, out);
	return 0;
}

void filter_explain_frame(const struct filter *filter,
			  const struct frame *frame, struct strbuf *out)
{
	const struct reference_packet packet = {.rules = RULES_FILE,
						.data = frame->data,
						.caplen = frame->caplen,
						.length = frame->len,
						.lists = filter->lists.items,
						.sites = filter->sites};

	explain_put_run(&filter->plain, &packet, out);
}

/* libpcap's program for -d is made when it is asked for: nothing else needs it,
 * and for a long list it takes a minute. */
static int compile_listing(const struct filter *filter, struct classic *program)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	const struct filter_request *request = &filter->request;
	struct expression_compiler *compiler _cleanup_(expression_closep) =
		NULL;
	int status;

	if (!request->expression)
		return classic_copy(program, filter->plain.code,
				    filter->plain.length);
	compiler =
		expression_open(request, request->expression, &status, &error);
	return compiler ? expression_compile(compiler, request->expression,
					     !request->no_optimiser, program,
					     &error)
			: status;
}

void filter_put_listing(const struct filter *filter, enum filter_listing how,
			struct strbuf *out)
{
	struct classic program _cleanup_(classic_free) = {0};

	if (!compile_listing(filter, &program))
		expression_put(&program, how, out);
}

bool filter_wants_direction(const struct filter *filter)
{
	for (size_t i = 0; i < filter->plain.length; i++)
		if (classic_extension(&filter->plain.code[i]) == SKF_AD_PKTTYPE)
			return true;
	return false;
}
