/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Plays what tests/owner_kinds.c has, over lo of the network namespace that it
 * is started in, for whoever watches.  owner_stage [CONNECTIONS OF EACH KIND]
 *
 * Says "ready" when all is open that is to be open before; goes on at a line on
 * standard input; prints what is true of each end, an object a line, as
 * tests/owner_scenes.py does; says "done"; keeps what is open until the end of
 * standard input.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/owner_kinds.h"

/* So high that no other file gets the number when a child has closed it. */
enum { HOLD_FD = 900, ROUNDS = 4 };

static void print_end(const char *name, uint8_t family, const uint8_t *address,
		      uint16_t port)
{
	char text[INET6_ADDRSTRLEN] = "";

	inet_ntop(family == FLOW_IPV4 ? AF_INET : AF_INET6, address, text,
		  sizeof(text));
	printf(",\"%s\":[\"%s\",%u]", name, text, (unsigned int)ntohs(port));
}

static void print_truth(const struct truth *truth)
{
	const struct flow_key *key = &truth->key;

	printf("{\"scene\":\"%s\",\"space\":\"a\",\"proto\":\"%s\"",
	       KINDS[truth->kind].name,
	       key->protocol == IPPROTO_TCP ? "tcp" : "udp");
	print_end("local", key->family, key->source, key->source_port);
	print_end("remote", key->family, key->destination,
		  key->destination_port);
	printf(",\"owners\":[[%u,\"%s\"]],\"uid\":%u}\n", truth->pid,
	       truth->name, truth->uid);
}

static void run(struct stage *stage, int reports, bool before)
{
	struct truth truth;

	for (uint32_t i = 0; i < KIND_COUNT; i++) {
		if (KINDS[i].before != before)
			continue;
		stage->kind = i;
		for (stage->round = 0; stage->round < stage->rounds;
		     stage->round++)
			KINDS[i].run(stage);
	}
	usleep(before ? 100000 : 2500000);
	while (read(reports, &truth, sizeof(truth)) == sizeof(truth))
		if (!KINDS[truth.kind].silent)
			print_truth(&truth);
}

static void wait_for_line(void)
{
	char line[16];

	if (!fgets(line, sizeof(line), stdin))
		exit(70);
}

int main(int argc, char **argv)
{
	struct stage stage = {.rounds = argc > 1 ? atoi(argv[1]) : ROUNDS};
	int reports[2];

	signal(SIGPIPE, SIG_IGN);
	if (pipe2(reports, O_NONBLOCK) || pipe(stage.hold))
		return 70;
	stage.report = reports[1];
	dup2(stage.hold[1], HOLD_FD);
	close(stage.hold[1]);
	stage.hold[1] = HOLD_FD;
	setvbuf(stdout, NULL, _IOLBF, 0);
	run(&stage, reports[0], true);
	printf("ready\n");
	wait_for_line();
	run(&stage, reports[0], false);
	printf("done\n");
	while (getchar() != EOF)
		;
	close(stage.hold[1]);
	while (wait(NULL) > 0)
		;
	return 0;
}
