/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A filter in its forms: what -d and --explain print.
 */
#include "filters/filter_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "filters/emit.h"
#include "filters/explain.h"
#include "filters/expression.h"
#include "filters/optimise.h"
#include "filters/parts.h"
#include "filters/reference.h"
#include "filters/ssa.h"
#include "filters/trace.h"
#include "filters/vlan.h"
#include "src/base/cleanup.h"

DEFINE_CLEANUP(struct expression_compiler *, expression_close)
DEFINE_CLEANUP(struct graph *, graph_free)

/* ---- The parts of the expression ---- */

struct filter_parts {
	struct parts parts;
	bool looked;
};

struct filter_parts *filter_parts_new(void)
{
	return calloc(1, sizeof(struct filter_parts));
}

void filter_parts_free(struct filter_parts *parts)
{
	if (!parts)
		return;
	parts_free(&parts->parts);
	free(parts);
}

/* --any-vlan has put each instruction three times. */
static bool spread_parts(struct parts *parts, size_t length)
{
	size_t n = parts->length;
	int *of = calloc(length, sizeof(*of));

	if (!of || length != VLAN_PROLOGUE + 3 * n) {
		free(of);
		return false;
	}
	for (size_t i = 0; i < length; i++)
		of[i] = i < VLAN_PROLOGUE ? PART_ALL
					  : parts->of[(i - VLAN_PROLOGUE) % n];
	free(parts->of);
	parts->of = of;
	parts->length = length;
	return true;
}

static int find_parts(const struct filter *filter, struct parts *parts)
{
	struct strbuf ignored _cleanup_(strbuf_free) = STRBUF_INIT;
	struct classic program _cleanup_(classic_free) = {0};
	struct strbuf text _cleanup_(strbuf_free) = STRBUF_INIT;
	int status = 0;
	struct expression_compiler *compiler _cleanup_(expression_closep) =
		expression_open(&filter->request, filter->expression, &status,
				&ignored);

	if (!compiler)
		return status;
	strbuf_puts(&text, filter->expression);
	if (filter->lists.count) {
		strbuf_reset(&text);
		strbuf_add(&text, filter->lists.text[0].data,
			   filter->lists.text[0].length);
	}
	status = expression_compile(compiler, strbuf_text(&text), false,
				    &program, &ignored);
	if (!status)
		status = parts_find(parts, compiler, strbuf_text(&text),
				    &filter->lists, &program);
	return status;
}

/* NULL: it has none, or nothing is known of them. */
static const struct parts *parts_of(const struct filter *filter)
{
	struct parts *parts = &filter->parts->parts;

	if (!filter->parts->looked && filter->expression &&
	    filter->expression[strspn(filter->expression, " \t\n")]) {
		filter->parts->looked = true;
		if (!find_parts(filter, parts) &&
		    parts->length != filter->plain.length &&
		    !spread_parts(parts, filter->plain.length))
			parts_free(parts);
	}
	return parts->of ? parts : NULL;
}

static void put_list(const struct list *list, size_t number, struct strbuf *out)
{
	static const char *const kinds[] = {[LIST_IPV4] = "IPv4 addresses",
					    [LIST_IPV6] = "IPv6 addresses",
					    [LIST_PORT] = "ports"};

	strbuf_printf(out, "list %zu: %s%zu %s, %zu range%s\n", number,
		      list->qualifiers, list->members, kinds[list->kind],
		      list->count, list->count == 1 ? "" : "s");
}

static void put_expression(const struct filter *filter,
			   const struct parts *parts, struct strbuf *out)
{
	if (!filter->expression)
		return;
	strbuf_printf(out, "expression: %s\n", filter->expression);
	for (size_t i = 0; parts && i < parts->count; i++) {
		strbuf_puts(out, "  ");
		parts_put_name((int)i, out);
		strbuf_printf(out, "  %s\n", parts->texts[i]);
	}
	if (!parts && *filter->expression)
		strbuf_puts(out, "  (libpcap does not show where its parts "
				 "are)\n");
	for (size_t i = 0; i < filter->lists.count; i++)
		put_list(&filter->lists.items[i], i, out);
}

/* ---- --explain ---- */

static void put_program(const struct filter *filter,
			const struct program *program,
			const struct trace *trace, struct strbuf *out)
{
	const struct explain_view view = {.classic = &filter->plain,
					  .parts = parts_of(filter),
					  .trace = trace,
					  .sites = filter->sites};

	put_expression(filter, view.parts, out);
	strbuf_puts(out, "\nclassic BPF (libpcap's, not optimised), whose it "
			 "is, and what became of it:\n");
	explain_put_classic(&view, program, out);
	strbuf_puts(out,
		    "\neBPF, whose it is, and what for (r7: the packet's first "
		    "byte, or as many bytes\nbehind it as have been added to "
		    "it; r8: the end of the bytes that may be read;\na guard "
		    "jumps away if a load behind it would go beyond that; "
		    "numbers are\ncompared as they lie in the packet):\n");
	explain_put_program(&view, program, out);
}

/* The graph, optimised up to @pass (NULL: all), and its program traced. */
static int explain_program(const struct filter *filter,
			   enum filter_backend backend, struct strbuf *out,
			   struct strbuf *error)
{
	struct graph *graph _cleanup_(graph_freep) = NULL;
	struct program program _cleanup_(program_free) = {0};
	struct trace trace _cleanup_(trace_free) = {0};
	int *made _cleanup_free_ = calloc(filter->plain.length, sizeof(*made));
	struct ssa_request request = {.program = &filter->plain,
				      .sharing = true,
				      .lists = filter->lists.items,
				      .sites = filter->sites,
				      .made = made};
	int status;

	graph = made ? ssa_build(&request) : NULL;
	if (!graph || trace_begin(&trace, &filter->plain, graph, made))
		return -ENOMEM;
	optimise(graph);
	if (graph->failed)
		return -ENOMEM;
	status = emit_program(graph, backend, &program, error);
	if (!status)
		status = trace_finish(&trace, &filter->plain, graph, &program);
	if (!status)
		put_program(filter, &program, &trace, out);
	return status;
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

	if (!pass)
		return explain_program(filter, backend, out, error);
	if (!is_pass(pass, error))
		return -EINVAL;
	graph = ssa_build(&request);
	if (!graph)
		return -ENOMEM;
	if (!strcmp(pass, "ssa"))
		graph_analyse(graph);
	else
		optimise_until(graph, pass);
	if (graph->failed)
		return -ENOMEM;
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
	const struct explain_view view = {.classic = &filter->plain,
					  .parts = parts_of(filter),
					  .sites = filter->sites};

	explain_put_run(&view, &packet, FILE_TURNS, out);
}

/* ---- -d ---- */

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
