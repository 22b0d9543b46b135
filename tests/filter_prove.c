/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `make prove': for each program Z3 is asked for a packet, of up to 256 bytes
 * of any content, any part of them linear, any metadata, for which the eBPF
 * returns something else than the unoptimised classic program does. If there
 * is none, the translation of that program is right.
 *
 * usage: filter_prove [-m] [-t SECONDS] EXPRESSIONS|PROGRAMS...
 *        -m: mutants instead, which must be refuted
 */
#include <errno.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "filters/expression.h"
#include "filters/optimise.h"
#include "filters/ssa.h"
#include "src/base/cleanup.h"
#include "tests/prove_model.h"
#include "tests/prove_mutants.h"

#define LONGEST_PACKET 256

/* Per cent of the questions. */
#define MOST_TIMED_OUT 2

DEFINE_CLEANUP(struct graph *, graph_free)

enum verdict { PROVEN, REFUTED, TIMED_OUT, UNKNOWN_CODE };

static unsigned int timeout_seconds = 20;

static const char *const mutants[MUTANTS] = {
	"prune", "merge", "tails", "guards", "search", "order", "emitting"};

static enum verdict ask(const struct classic *classic,
			const struct program *program)
{
	Z3_ast endless, want = run_classic(classic);
	Z3_ast got = run_ebpf(program, &endless);
	Z3_solver solver;
	Z3_params params;
	Z3_lbool answer;

	if (!got)
		return UNKNOWN_CODE;
	solver = Z3_mk_solver_for_logic(z3, Z3_mk_string_symbol(z3, "QF_ABV"));
	Z3_solver_inc_ref(z3, solver);
	params = Z3_mk_params(z3);
	Z3_params_inc_ref(z3, params);
	Z3_params_set_uint(z3, params, Z3_mk_string_symbol(z3, "timeout"),
			   timeout_seconds * 1000);
	Z3_solver_set_params(z3, solver, params);
	Z3_solver_assert(z3, solver,
			 Z3_mk_bvule(z3, length, number(LONGEST_PACKET, 32)));
	Z3_solver_assert(z3, solver, Z3_mk_bvule(z3, linear, wide(length)));
	Z3_solver_assert(
		z3, solver,
		either(endless, Z3_mk_not(z3, Z3_mk_eq(z3, want, got))));
	answer = Z3_solver_check(z3, solver);
	Z3_params_dec_ref(z3, params);
	Z3_solver_dec_ref(z3, solver);
	return answer == Z3_L_FALSE  ? PROVEN
	       : answer == Z3_L_TRUE ? REFUTED
				     : TIMED_OUT;
}

/* ---- All programs ---- */

struct tally {
	unsigned int programs, asked, proven, refuted, timed_out, unknown;
	unsigned int made[MUTANTS], killed[MUTANTS], equal[MUTANTS];
};

static enum verdict try_graph(const struct classic *classic, int mutant,
			      enum filter_backend backend, bool *made)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct program program _cleanup_(program_free) = {0};
	struct ssa_request request = {.program = classic, .sharing = true};
	struct graph *graph _cleanup_(graph_freep) = ssa_build(&request);
	enum verdict verdict;

	optimise(graph);
	*made = mutant < 0 || mutant == MUTANT_EMITTING ||
		mutate_graph(graph, mutant);
	if (!*made)
		return PROVEN;
	if (emit_program(graph, backend, &program, &error)) {
		*made = false;
		return UNKNOWN_CODE;
	}
	if (mutant == MUTANT_EMITTING)
		*made = mutate_program(&program);
	if (!*made)
		return PROVEN;
	begin_context();
	verdict = ask(classic, &program);
	Z3_del_context(z3);
	return verdict;
}

static void prove(const char *name, const struct classic *classic,
		  struct tally *tally)
{
	static const char *const hooks[] = {"tc", "socket"};
	bool made;

	tally->programs++;
	for (int backend = 0; backend < 2; backend++) {
		enum verdict verdict = try_graph(
			classic, -1, (enum filter_backend)backend, &made);

		tally->asked++;
		tally->proven += verdict == PROVEN;
		tally->refuted += verdict == REFUTED;
		tally->timed_out += verdict == TIMED_OUT;
		tally->unknown += verdict == UNKNOWN_CODE;
		if (verdict != PROVEN)
			printf("%s: %s (%s)\n",
			       verdict == REFUTED     ? "REFUTED"
			       : verdict == TIMED_OUT ? "timed out"
						      : "not modelled",
			       name, hooks[backend]);
	}
	fflush(stdout);
}

/* A mutant that Z3 proves right changes nothing that a packet could show. */
static void kill_mutants(const char *name, const struct classic *classic,
			 struct tally *tally)
{
	tally->programs++;
	for (int kind = 0; kind < MUTANTS; kind++) {
		bool made;
		enum verdict verdict =
			try_graph(classic, kind, FILTER_BACKEND_TC, &made);

		tally->made[kind] += made;
		if (!made)
			continue;
		tally->killed[kind] += verdict == REFUTED;
		tally->equal[kind] += verdict == PROVEN;
		if (verdict != REFUTED)
			printf("mutant of %s %s: %s\n", mutants[kind],
			       verdict == PROVEN      ? "changes nothing"
			       : verdict == TIMED_OUT ? "timed out"
						      : "not modelled",
			       name);
	}
}

static void try_program(const char *name, const struct classic *classic,
			bool with_mutants, struct tally *tally)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;

	if (classic_check(classic, &error)) {
		printf("not taken: %s: %s\n", name, strbuf_text(&error));
		return;
	}
	if (with_mutants)
		kill_mutants(name, classic, tally);
	else
		prove(name, classic, tally);
}

static void try_expression(int link_type, const char *text, bool with_mutants,
			   struct tally *tally)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct filter_request request = {.link_type = link_type,
					 .snapshot = 262144,
					 .netmask = 0x00ffffff};
	struct classic program _cleanup_(classic_free) = {0};
	int status;
	struct expression_compiler *compiler =
		expression_open(&request, text, &status, &error);

	if (!status)
		status = expression_compile(compiler, text, false, &program,
					    &error);
	expression_close(compiler);
	if (status)
		printf("not compiled: %s: %s\n", text, strbuf_text(&error));
	else
		try_program(text, &program, with_mutants, tally);
}

/* A line of programs.tsv: name, variant, link type, number, instructions. */
static void try_bytecode(char *line, bool with_mutants, struct tally *tally)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct classic program _cleanup_(classic_free) = {0};
	struct strbuf text _cleanup_(strbuf_free) = STRBUF_INIT;
	char *name = strsep(&line, "\t"), *variant = strsep(&line, "\t");
	char *link = strsep(&line, "\t"), *count = strsep(&line, "\t");

	if (!line)
		return;
	strbuf_printf(&text, "%s\n%s", count, line);
	if (classic_parse(&program, strbuf_text(&text), &error)) {
		printf("not parsed: %s: %s\n", name, strbuf_text(&error));
		return;
	}
	strbuf_reset(&text);
	strbuf_printf(&text, "%s %s %s", name, variant, link);
	try_program(strbuf_text(&text), &program, with_mutants, tally);
}

static void try_file(const char *path, bool with_mutants, unsigned int every,
		     struct tally *tally)
{
	FILE *in _cleanup_fclose_ = fopen(path, "r");
	static char line[1 << 20];
	unsigned int number_of = 0;

	if (!in) {
		printf("skipped %s: %s\n", path, strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), in)) {
		char *text = strchr(line, '\t');

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || !text || number_of++ % every)
			continue;
		if (line[0] >= '0' && line[0] <= '9')
			try_expression(atoi(line), text + 1, with_mutants,
				       tally);
		else
			try_bytecode(line, with_mutants, tally);
	}
}

int main(int argc, char **argv)
{
	struct tally tally = {0};
	bool with_mutants = false;
	unsigned int every = 1;
	int option;

	while ((option = getopt(argc, argv, "mt:e:")) > 0) {
		if (option == 'm')
			with_mutants = true;
		else if (option == 't')
			timeout_seconds = (unsigned int)atoi(optarg);
		else if (option == 'e')
			every = (unsigned int)atoi(optarg);
		else
			return 2;
	}
	for (int i = optind; i < argc; i++)
		try_file(argv[i], with_mutants, every, &tally);
	if (!with_mutants) {
		printf("%u programs, %u questions: %u proven, %u refuted, %u "
		       "timed out (%.1f %%), %u not modelled\n",
		       tally.programs, tally.asked, tally.proven, tally.refuted,
		       tally.timed_out, 100.0 * tally.timed_out / tally.asked,
		       tally.unknown);
		return tally.refuted || !tally.proven ||
		       tally.timed_out * 100 > tally.asked * MOST_TIMED_OUT;
	}
	for (int i = 0; i < MUTANTS; i++) {
		printf("mutants of %s: %u made, %u refuted, %u change "
		       "nothing\n",
		       mutants[i], tally.made[i], tally.killed[i],
		       tally.equal[i]);
		if (!tally.killed[i])
			option = 1;
	}
	return option == 1;
}
