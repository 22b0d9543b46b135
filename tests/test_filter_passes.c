/* SPDX-License-Identifier: BSD-3-Clause */
/* The passes of the filter compiler, one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "filters/optimise.h"
#include "filters/pass.h"
#include "filters/run.h"
#include "filters/ssa.h"
#include "tests/filter_lab.h"

#define LOAD(size, k)	 BPF_STMT(BPF_LD | (size) | BPF_ABS, k)
#define EQUAL(k, jt, jf) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, jt, jf)
#define RETURN(k)	 BPF_STMT(BPF_RET | BPF_K, k)

static struct graph *build(struct sock_filter *code, size_t length)
{
	struct classic program = {code, length};
	struct ssa_request request = {.program = &program, .sharing = true};
	struct graph *graph = ssa_build(&request);

	assert_non_null(graph);
	graph_analyse(graph);
	return graph;
}
#define BUILD(code) build(code, sizeof(code) / sizeof((code)[0]))

static size_t count_ends(const struct graph *graph, enum end_kind end)
{
	size_t count = 0;

	for (size_t i = 0; i < graph->order_count; i++)
		count += graph->blocks[graph->order[i]].end == end;
	return count;
}

static size_t count_guards(const struct graph *graph)
{
	size_t count = 0;

	for (size_t i = 0; i < graph->order_count; i++) {
		const struct block *block = &graph->blocks[graph->order[i]];

		for (size_t s = 0; s < block->step_count; s++)
			count += block->steps[s].kind == STEP_GUARD;
	}
	return count;
}

static void prune_drops_a_test_that_was_made_before(void **state)
{
	struct sock_filter code[] = {
		LOAD(BPF_H, 12),    EQUAL(0x800, 0, 3), LOAD(BPF_H, 12),
		EQUAL(0x800, 0, 1), RETURN(1),		RETURN(0),
	};
	struct graph *graph = BUILD(code);

	(void)state;
	assert_int_equal(count_ends(graph, END_BRANCH), 2);
	assert_true(pass_prune(graph));
	assert_int_equal(count_ends(graph, END_BRANCH), 1);
	graph_free(graph);
}

static void prune_knows_ranges(void **state)
{
	struct sock_filter code[] = {
		LOAD(BPF_B, 0),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 10, 0, 2),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 5, 0, 1),
		RETURN(1),
		RETURN(0),
	};
	struct graph *graph = BUILD(code);

	(void)state;
	assert_true(pass_prune(graph));
	assert_int_equal(count_ends(graph, END_BRANCH), 1);
	graph_free(graph);
}

static void prune_keeps_a_guard_that_nothing_implies(void **state)
{
	/* The second load is further out: a short packet must still fail. */
	struct sock_filter code[] = {
		LOAD(BPF_H, 12), EQUAL(0x800, 0, 4), LOAD(BPF_B, 60),
		LOAD(BPF_H, 12), EQUAL(0x800, 0, 1), RETURN(1),
		RETURN(0),
	};
	struct graph *graph = BUILD(code);

	(void)state;
	pass_prune(graph);
	assert_int_equal(count_guards(graph), 3);
	graph_free(graph);
}

static void merge_makes_equal_blocks_one(void **state)
{
	struct sock_filter code[] = {
		LOAD(BPF_B, 0), EQUAL(1, 0, 1), RETURN(7),
		EQUAL(2, 0, 1), RETURN(7),	RETURN(0),
	};
	struct graph *graph = BUILD(code);
	size_t before = graph->order_count;

	(void)state;
	assert_true(pass_merge(graph));
	assert_int_equal(graph->order_count, before - 1);
	graph_free(graph);
}

/* A port of [at] or [at + 2], behind x or from the start. */
#define PORTS(mode, at, t1, t2, f)                                \
	BPF_STMT(BPF_LD | BPF_H | (mode), at), EQUAL(443, t1, 0), \
		BPF_STMT(BPF_LD | BPF_H | (mode), (at) + 2), EQUAL(443, t2, f)

static void tails_look_for_ports_once(void **state)
{
	struct sock_filter code[] = {
		LOAD(BPF_H, 12),
		EQUAL(0x86dd, 0, 4),
		PORTS(BPF_ABS, 54, 7, 5, 6),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 14),
		PORTS(BPF_IND, 14, 2, 0, 1),
		RETURN(1),
		RETURN(0),
	};
	struct graph *graph = BUILD(code);

	(void)state;
	assert_int_equal(count_ends(graph, END_BRANCH), 5);
	assert_true(pass_tails(graph));
	assert_int_equal(count_ends(graph, END_BRANCH), 3);
	assert_false(pass_tails(graph));
	graph_free(graph);
}

static void tails_that_differ_stay_apart(void **state)
{
	/* The second port of one is a byte further out. */
	struct sock_filter code[] = {
		LOAD(BPF_H, 12),
		EQUAL(0x86dd, 0, 4),
		LOAD(BPF_H, 54),
		EQUAL(443, 7, 0),
		LOAD(BPF_H, 57),
		EQUAL(443, 5, 6),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 14),
		PORTS(BPF_IND, 14, 2, 0, 1),
		RETURN(1),
		RETURN(0),
	};
	struct graph *graph = BUILD(code);

	(void)state;
	assert_false(pass_tails(graph));
	graph_free(graph);
}

static void guards_ask_once_for_what_follows(void **state)
{
	struct sock_filter code[] = {
		LOAD(BPF_H, 12), EQUAL(0x800, 0, 3), LOAD(BPF_B, 23),
		EQUAL(6, 0, 1),	 RETURN(1),	     RETURN(0),
	};
	struct graph *graph = BUILD(code);

	(void)state;
	assert_int_equal(count_guards(graph), 2);
	assert_true(pass_guards(graph));
	assert_int_equal(count_guards(graph), 1);
	assert_int_equal(graph->blocks[0].steps[0].end, 24);
	graph_free(graph);
}

static void guards_do_not_ask_for_what_a_match_does_not_need(void **state)
{
	/* ARP matches at once, however short the frame is. */
	struct sock_filter code[] = {
		LOAD(BPF_H, 12), EQUAL(0x806, 3, 0), LOAD(BPF_B, 23),
		EQUAL(6, 1, 0),	 RETURN(0),	     RETURN(1),
	};
	struct graph *graph = BUILD(code);

	(void)state;
	pass_guards(graph);
	assert_int_equal(graph->blocks[0].steps[0].end, 14);
	assert_int_equal(count_guards(graph), 2);
	graph_free(graph);
}

static void search_replaces_a_chain(void **state)
{
	struct sock_filter code[] = {
		LOAD(BPF_H, 36),   EQUAL(80, 6, 0), EQUAL(443, 5, 0),
		EQUAL(8080, 4, 0), EQUAL(81, 3, 0), EQUAL(8443, 2, 0),
		EQUAL(22, 1, 0),   RETURN(0),	    RETURN(1),
	};
	struct graph *graph = BUILD(code);

	(void)state;
	assert_true(pass_search(graph));
	assert_int_equal(count_ends(graph, END_BRANCH), 0);
	assert_int_equal(count_ends(graph, END_SWITCH), 1);
	/* 80 and 81 touch. */
	assert_int_equal(graph->blocks[0].choice_count, 5);
	graph_free(graph);
}

static void order_compares_as_the_bytes_lie(void **state)
{
	struct sock_filter code[] = {LOAD(BPF_H, 12), EQUAL(0x800, 0, 1),
				     RETURN(1), RETURN(0)};
	struct graph *graph = BUILD(code);

	(void)state;
	assert_true(pass_order(graph));
	assert_int_equal(graph_at(graph, graph->blocks[0].a)->kind, NODE_RAW);
	graph_free(graph);
}

static void order_loads_whole_bytes_alone(void **state)
{
	struct sock_filter code[] = {
		LOAD(BPF_W, 26), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff0000),
		EQUAL(0x120000, 0, 1), RETURN(1), RETURN(0)};
	struct graph *graph = BUILD(code);
	const struct node *node;

	(void)state;
	assert_true(pass_order(graph));
	node = graph_at(graph, graph->blocks[0].a);
	assert_int_equal(node->kind, NODE_LOAD);
	assert_int_equal(node->size, 1);
	assert_int_equal(node->k, 27);
	assert_int_equal(graph_at(graph, graph->blocks[0].b)->k, 0x12);
	/* What a match wants is what it was. */
	assert_int_equal(graph->blocks[0].steps[0].end, 30);
	graph_free(graph);
}

static void order_leaves_ranges_in_host_order(void **state)
{
	struct sock_filter code[] = {
		LOAD(BPF_H, 12),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 1500, 0, 1), RETURN(1),
		RETURN(0)};
	struct graph *graph = BUILD(code);

	(void)state;
	assert_false(pass_order(graph));
	assert_int_equal(graph_at(graph, graph->blocks[0].a)->kind, NODE_LOAD);
	graph_free(graph);
}

/* Random programs: what the graph returns after the pass alone, and after all
 * but the pass, is what the reference returns. */
static void check_program(const struct classic *program, const char *only,
			  const char *without, struct chance *chance)
{
	struct ssa_request request = {
		.program = program, .sharing = true, .rules = RULES_FILE};
	struct graph *graph = ssa_build(&request);
	struct run_program *run;
	size_t count;
	const struct pass *passes = optimise_passes(&count);

	assert_non_null(graph);
	graph_analyse(graph);
	for (size_t i = 0; only && i < count; i++)
		if (!strcmp(passes[i].name, only))
			passes[i].run(graph);
	if (without)
		optimise_without(graph, without);
	run = run_compile(graph);
	assert_non_null(run);
	for (int i = 0; i < 20; i++) {
		struct lab_packet packet;

		lab_make_packet(&packet, chance, program);
		struct frame frame = {.data = packet.data,
				      .caplen = packet.length,
				      .len = packet.length};
		struct reference_packet reference = {.rules = RULES_FILE,
						     .data = packet.data,
						     .caplen = packet.length,
						     .length = packet.length};

		assert_int_equal(run_frame(run, &frame),
				 reference_run(program, &reference, 0, NULL));
	}
	run_free(run);
	graph_free(graph);
}

static void each_pass_keeps_the_verdict(void **state)
{
	struct chance chance = {.state = 42};
	size_t count;
	const struct pass *passes = optimise_passes(&count);

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct strbuf error = STRBUF_INIT;
		struct classic program = {0};

		assert_int_equal(lab_make_program(&program, &chance, 40), 0);
		for (size_t p = 0;
		     p < count && !classic_check(&program, &error); p++) {
			check_program(&program, passes[p].name, NULL, &chance);
			check_program(&program, NULL, passes[p].name, &chance);
		}
		classic_free(&program);
		strbuf_free(&error);
	}
}

static int branch(struct graph *graph, int a, uint32_t k, int yes, int no)
{
	int at = graph_block(graph);
	struct block *block = &graph->blocks[at];

	block->end = END_BRANCH;
	block->cond = BPF_JEQ;
	block->a = a;
	block->to[0] = yes;
	block->to[1] = no;
	graph->blocks[at].b = graph_constant(graph, k);
	return at;
}

static int phi(struct graph *graph)
{
	return graph_node(graph, (struct node){.kind = NODE_PHI,
					       .a = NONE,
					       .b = NONE,
					       .most = UINT32_MAX,
					       .bits = UINT32_MAX,
					       .origin = NONE});
}

/*
 * The byte 1 leads to @join by @left, the byte 2 by @right, all others to
 * @other. What the phi of @join after it is made of is asked for only by a
 * choice of @other's phi, for an edge that is no more.
 */
static uint32_t run_with_a_choice_left_behind(bool turned, uint8_t byte)
{
	struct graph *graph = graph_new(true, RULES_FILE);
	int first = graph_block(graph), left = graph_block(graph);
	int join = graph_block(graph), after = graph_block(graph);
	int other = graph_block(graph), gone = graph_block(graph);
	int load = graph_load(graph, 1, NONE, 0, NONE);
	int one = phi(graph), two = phi(graph), three = phi(graph);
	int right = turned ? branch(graph, load, 2, join, other)
			   : branch(graph, load, 3, other, join);
	int begin = branch(graph, load, 1, left, right);
	struct frame frame = {.data = &byte, .caplen = 1, .len = 1};
	struct run_program *run;
	uint32_t verdict;
	int sum = graph_alu(graph, BPF_XOR, one, load, NONE);

	graph_step(graph, first,
		   (struct step){.kind = STEP_GUARD, .node = NONE, .end = 1});
	graph->blocks[first].end = graph->blocks[left].end =
		graph->blocks[join].end = END_JUMP;
	graph->blocks[first].to[0] = begin;
	graph->blocks[left].to[0] = join;
	graph->blocks[join].to[0] = after;
	graph->blocks[after].a = graph_constant(graph, 5);
	graph->blocks[other].a = three;
	graph_phi(graph, join,
		  (struct phi_choice){one, left, graph_constant(graph, 7)});
	graph_phi(graph, join, (struct phi_choice){one, right, load});
	graph_phi(graph, after, (struct phi_choice){two, join, sum});
	graph_phi(graph, other, (struct phi_choice){three, right, load});
	graph_phi(graph, other, (struct phi_choice){three, gone, two});
	graph_analyse(graph);
	run = run_compile(graph);
	assert_non_null(run);
	verdict = run_frame(run, &frame);
	run_free(run);
	graph_free(graph);
	return verdict;
}

static void lowering_forgets_choices_of_edges_that_are_gone(void **state)
{
	(void)state;
	for (int turned = 0; turned < 2; turned++) {
		assert_int_equal(run_with_a_choice_left_behind(turned, 1), 5);
		assert_int_equal(run_with_a_choice_left_behind(turned, 2), 5);
		assert_int_equal(run_with_a_choice_left_behind(turned, 3), 3);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prune_drops_a_test_that_was_made_before),
		cmocka_unit_test(prune_knows_ranges),
		cmocka_unit_test(prune_keeps_a_guard_that_nothing_implies),
		cmocka_unit_test(merge_makes_equal_blocks_one),
		cmocka_unit_test(tails_look_for_ports_once),
		cmocka_unit_test(tails_that_differ_stay_apart),
		cmocka_unit_test(guards_ask_once_for_what_follows),
		cmocka_unit_test(
			guards_do_not_ask_for_what_a_match_does_not_need),
		cmocka_unit_test(search_replaces_a_chain),
		cmocka_unit_test(order_compares_as_the_bytes_lie),
		cmocka_unit_test(order_loads_whole_bytes_alone),
		cmocka_unit_test(order_leaves_ranges_in_host_order),
		cmocka_unit_test(each_pass_keeps_the_verdict),
		cmocka_unit_test(
			lowering_forgets_choices_of_edges_that_are_gone),
	};

	return cmocka_run_group_tests_name("filter passes", tests, NULL, NULL);
}
