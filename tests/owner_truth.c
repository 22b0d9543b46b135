/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ground truth: does the table name, for each end of some hundred connections
 * of all kinds, the process that says it is its own? In a network namespace of
 * its own.  owner_truth [CONNECTIONS OF EACH KIND]
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/owner/owner_table.h"
#include "tests/owner_kinds.h"

/* So high that no other file gets the number when a child has closed it. */
enum { HOLD_FD = 900 };

enum { ROUNDS = 25, TRUTHS = 8192, KINDS_MAX = 64 };

struct score {
	unsigned int asked, right, wrong, missing, wrong_user;
	unsigned int known[16]; /* by enum owner_known */
};

struct test {
	struct owner_table *table;
	struct truth truths[TRUTHS];
	size_t count;
	struct score scores[KINDS_MAX];
};

static int lo_up(void)
{
	struct ifreq request = {.ifr_name = "lo",
				.ifr_flags = IFF_UP | IFF_RUNNING};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int error = ioctl(fd, SIOCSIFFLAGS, &request);

	close(fd);
	return error;
}

static void collect(struct test *test, int pipe)
{
	struct truth truth;

	while (test->count < TRUTHS &&
	       read(pipe, &truth, sizeof(truth)) == sizeof(truth))
		test->truths[test->count++] = truth;
}

static void run_kinds(struct test *test, struct stage *stage, int reports,
		      bool before)
{
	for (uint32_t i = 0; i < KIND_COUNT; i++) {
		if (KINDS[i].before != before)
			continue;
		stage->kind = i;
		for (stage->round = 0; stage->round < stage->rounds;
		     stage->round++) {
			KINDS[i].run(stage);
			if (test->table)
				owner_poll(test->table, false);
			collect(test, reports);
		}
	}
}

static void complain(const struct truth *truth, const struct owner_end *end)
{
	printf("# %s (port %u to %u): %u %s, not ", KINDS[truth->kind].name,
	       (unsigned int)__builtin_bswap16(truth->key.source_port),
	       (unsigned int)__builtin_bswap16(truth->key.destination_port),
	       truth->pid, truth->name);
	if (end->owner)
		printf("%u %s (%s)\n", end->owner->pid, end->owner->process,
		       owner_known_text(end->known));
	else
		printf("nobody\n");
}

static void judge(struct test *test, const struct truth *truth)
{
	struct score *score = &test->scores[truth->kind];
	struct owner_end ends[2];

	owner_find(test->table, &truth->key,
		   (struct owner_period){truth->time, truth->time, false},
		   ends);
	score->asked++;
	if (!ends[0].owner) {
		score->missing++;
		complain(truth, &ends[0]);
		return;
	}
	score->known[ends[0].known]++;
	if (ends[0].owner->pid != truth->pid ||
	    strcmp(ends[0].owner->process, truth->name)) {
		score->wrong++;
		complain(truth, &ends[0]);
		return;
	}
	score->right++;
	if (ends[0].owner->uid != truth->uid) {
		score->wrong_user++;
		complain(truth, &ends[0]);
	}
}

static void print_score(size_t kind, const struct score *score,
			unsigned int wanted)
{
	bool good = score->right == score->asked && !score->wrong_user &&
		    score->asked == wanted;

	printf("%s %zu - %s: %u of %u ends named rightly\n",
	       good ? "ok" : "not ok", kind + 1, KINDS[kind].name, score->right,
	       wanted);
	printf("#   wrong %u, not named %u, wrong user %u, known by:",
	       score->wrong, score->missing, score->wrong_user);
	for (size_t i = 0; i < sizeof(score->known) / sizeof(unsigned int); i++)
		if (score->known[i])
			printf(" %s %u", owner_known_text((unsigned int)i),
			       score->known[i]);
	printf("\n");
}

static int judge_all(struct test *test, int rounds)
{
	unsigned int right = 0, wrong = 0, missing = 0;

	for (size_t i = 0; i < test->count; i++)
		judge(test, &test->truths[i]);
	printf("1..%zu\n", KIND_COUNT + 1);
	for (size_t i = 0; i < KIND_COUNT; i++) {
		const struct score *score = &test->scores[i];

		print_score(i, score, (unsigned int)(KINDS[i].ends * rounds));
		right += score->right;
		wrong += score->wrong;
		missing += score->missing;
	}
	printf("# %zu connections of %zu kinds, %zu ends: %u right, %u wrong, "
	       "%u not named\n",
	       KIND_COUNT * (size_t)rounds, KIND_COUNT, test->count, right,
	       wrong, missing);
	printf("%s %zu - no event was lost\n",
	       owner_lost(test->table) ? "not ok" : "ok", KIND_COUNT + 1);
	return wrong || missing || owner_lost(test->table);
}

int main(int argc, char **argv)
{
	static struct test test;
	struct strbuf error = STRBUF_INIT;
	const struct owner_options options = {0};
	struct stage stage = {.rounds = argc > 1 ? atoi(argv[1]) : ROUNDS};
	int reports[2], result;

	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN);
	if (unshare(CLONE_NEWNET) || lo_up()) {
		printf("1..0 # SKIP cannot make a network namespace: %s\n",
		       strerror(errno));
		return 0;
	}
	if (pipe2(reports, O_NONBLOCK) || pipe(stage.hold))
		return 70;
	stage.report = reports[1];
	dup2(stage.hold[1], HOLD_FD);
	close(stage.hold[1]);
	stage.hold[1] = HOLD_FD;
	run_kinds(&test, &stage, reports[0], true);
	result = owner_start(&test.table, &options, &error);
	if (result) {
		close(stage.hold[1]);
		printf("1..0 # SKIP owners are not available: %s\n",
		       strbuf_text(&error));
		return 0;
	}
	run_kinds(&test, &stage, reports[0], false);
	/* Long enough for what is held without being used. */
	for (int i = 0; i < 25; i++) {
		usleep(100000);
		owner_poll(test.table, false);
	}
	collect(&test, reports[0]);
	result = judge_all(&test, stage.rounds);
	owner_free(test.table);
	strbuf_free(&error);
	close(stage.hold[1]);
	while (wait(NULL) > 0)
		;
	return result;
}
