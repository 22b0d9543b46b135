/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The filter compiler under libFuzzer: the first byte chooses what the rest
 * is. Text: any expression or bytecode must give an error or a filter. A
 * program: random valid classic BPF must return over random packets what the
 * reference returns, with the optimiser and without, and must emit.
 */
#include <pcap/dlt.h>
#include <stdlib.h>
#include <string.h>

#include "filters/filter.h"
#include "filters/optimise.h"
#include "filters/run.h"
#include "filters/ssa.h"
#include "src/base/cleanup.h"
#include "tests/filter_lab.h"

#define LONGEST_TEXT 400

DEFINE_CLEANUP(struct graph *, graph_free)
DEFINE_CLEANUP(struct run_program *, run_free)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_text(const uint8_t *data, size_t size, bool bytecode)
{
	static const int links[] = {DLT_EN10MB, DLT_RAW, DLT_LINUX_SLL2,
				    DLT_IEEE802_11_RADIO};
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	char text[LONGEST_TEXT + 1];
	struct filter_request request = {.snapshot = 262144};
	struct filter_object object = {0};
	struct filter *filter = NULL;
	struct frame frame = {
		.data = data, .len = (uint32_t)size, .caplen = (uint32_t)size};

	if (!size || size > LONGEST_TEXT)
		return;
	request.link_type = links[data[0] & 3];
	request.meaning = data[0] & 4 ? FILTER_FILE : FILTER_LIVE;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	if (bytecode)
		request.bytecode = text;
	else
		request.expression = text;
	if (filter_compile(&request, &filter, &error)) {
		if (!error.length)
			abort();
		return;
	}
	filter_run(filter, &frame);
	if (data[0] & 16) {
		struct strbuf out _cleanup_(strbuf_free) = STRBUF_INIT;

		filter_explain(filter, NULL, FILTER_BACKEND_TC, &out, &error);
		filter_explain_frame(filter, &frame, &out);
	}
	if (!filter_object_make(filter,
				data[0] & 8 ? FILTER_BACKEND_TC
					    : FILTER_BACKEND_SOCKET,
				&object, &error))
		filter_object_free(&object);
	filter_free(filter);
}

static void fuzz_program(const uint8_t *data, size_t size)
{
	struct chance chance = {.bytes = data, .left = size};
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct classic program _cleanup_(classic_free) = {0};

	if (lab_make_program(&program, &chance, 60) ||
	    classic_check(&program, &error))
		return;
	for (int sharing = 0; sharing < 2; sharing++) {
		struct ssa_request request = {.program = &program,
					      .sharing = sharing,
					      .rules = RULES_FILE};
		struct graph *graph _cleanup_(graph_freep) =
			ssa_build(&request);
		struct run_program *run _cleanup_(run_freep) = NULL;

		if (sharing)
			optimise(graph);
		else
			graph_analyse(graph);
		run = run_compile(graph);
		for (int i = 0; i < 8; i++) {
			struct lab_packet packet;
			struct reference_packet reference = {
				.rules = RULES_FILE, .data = packet.data};
			struct frame frame = {.data = packet.data};

			lab_make_packet(&packet, &chance, &program);
			reference.caplen = reference.length = frame.caplen =
				frame.len = packet.length;
			if (run_frame(run, &frame) !=
			    reference_run(&program, &reference, SSA_TURNS,
					  NULL))
				abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if (data[0] % 3 == 2)
		fuzz_program(data + 1, size - 1);
	else
		fuzz_text(data + 1, size - 1, data[0] % 3 == 1);
	return 0;
}
