/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lists: short ones against libpcap, which answers them itself; long ones
 * against a plain search through their members. Speaks TAP.
 *
 * usage: filter_lists [EXPRESSIONS [SEED]]
 */
#include <pcap/dlt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "filters/expression.h"
#include "filters/filter.h"
#include "filters/lists.h"
#include "src/base/cleanup.h"
#include "src/base/cursor.h"
#include "tests/filter_lab.h"

DEFINE_CLEANUP(struct filter *, filter_free)

static struct filter *compile(const char *text, struct strbuf *error)
{
	struct filter_request request = {.expression = text,
					 .link_type = DLT_EN10MB,
					 .snapshot = 262144,
					 .meaning = FILTER_FILE};
	struct filter *filter = NULL;

	return filter_compile(&request, &filter, error) ? NULL : filter;
}

static bool compile_libpcap(const char *text, struct classic *program)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct filter_request request = {.expression = text,
					 .link_type = DLT_EN10MB,
					 .snapshot = 262144,
					 .meaning = FILTER_FILE};
	int status;
	struct expression_compiler *compiler =
		expression_open(&request, text, &status, &error);

	if (!status)
		status = expression_compile(compiler, text, false, program,
					    &error);
	expression_close(compiler);
	return !status;
}

/* ---- Expressions at random ---- */

static void put_member(struct chance *chance, struct strbuf *out, bool bare)
{
	static const char *const heads[] = {"host",    "src host", "dst host",
					    "ip host", "src",	   "dst"};
	static const char *const nets[] = {"net", "src net", "dst net",
					   "ip net"};
	static const char *const ports[] = {"port",	"tcp port",
					    "udp port", "src port",
					    "dst port", "tcp dst port"};
	uint32_t n = chance_below(chance, 6);

	if (bare)
		n = 0;
	switch (n) {
	case 0:
	case 1:
		if (!bare)
			strbuf_puts(out, heads[chance_below(chance, 6)]);
		strbuf_printf(out, " 10.0.%u.%u", chance_below(chance, 3),
			      chance_below(chance, 5));
		break;
	case 2:
		strbuf_printf(out, "%s 10.%u.0.0/16",
			      nets[chance_below(chance, 4)],
			      chance_below(chance, 4));
		break;
	case 3:
		strbuf_printf(out, "%s 2001:db8::%x",
			      heads[chance_below(chance, 3)],
			      chance_below(chance, 6));
		break;
	case 4:
		strbuf_printf(out, "%s %u", ports[chance_below(chance, 6)],
			      chance_below(chance, 12) + 50);
		break;
	default:
		strbuf_printf(out, "portrange %u-%u",
			      chance_below(chance, 9) + 50,
			      chance_below(chance, 30) + 50);
		break;
	}
}

/* Members that go together, joined as a run is. */
static void put_list(struct chance *chance, struct strbuf *out, bool negated)
{
	static const char *const heads[] = {"", "src ", "dst ", "src or dst ",
					    "src and dst "};
	static const char *const protocols[] = {"", "tcp ", "udp ", ""};
	const char *head = heads[chance_below(chance, 5)];
	const char *protocol = protocols[chance_below(chance, 4)];
	bool ports = chance_below(chance, 2);
	uint32_t n = 7 + chance_below(chance, 8);

	for (uint32_t i = 0; i < n; i++) {
		uint32_t kind = chance_below(chance, 4);

		if (i)
			strbuf_puts(out, negated ? " and " : " or ");
		strbuf_puts(out, negated ? "not " : "");
		if (ports && kind)
			strbuf_printf(out, "%s%sport %u", protocol, head,
				      chance_below(chance, 60));
		else if (ports)
			strbuf_printf(out, "%s%sportrange %u-%u", protocol,
				      head, chance_below(chance, 60),
				      chance_below(chance, 90));
		else if (kind == 0)
			strbuf_printf(out, "%snet 10.%u.0.0/16", head,
				      chance_below(chance, 4));
		else if (kind == 1)
			strbuf_printf(out, "%shost 2001:db8::%x:%x", head,
				      chance_below(chance, 2),
				      chance_below(chance, 6));
		else if (kind == 2 && !chance_below(chance, 3))
			strbuf_printf(out, "%snet 2001:db8:%x::/48", head,
				      chance_below(chance, 4));
		else
			strbuf_printf(out, "%shost 10.0.%u.%u", head,
				      chance_below(chance, 3),
				      chance_below(chance, 5));
	}
}

static void put_chain(struct chance *chance, struct strbuf *out, int depth)
{
	static const char *const others[] = {"ip",
					     "tcp",
					     "udp",
					     "ip[8] > 5",
					     "vlan",
					     "greater 100",
					     "ether[0] & 1 = 0",
					     "arp"};
	uint32_t n = 2 + chance_below(chance, 12);
	bool negated = !chance_below(chance, 3);
	bool host = false;

	for (uint32_t i = 0; i < n; i++) {
		if (i)
			strbuf_puts(out, chance_below(chance, 12)
						 ? negated ? " and " : " || "
						 : " and ");
		if (negated && chance_below(chance, 12))
			strbuf_puts(out, "not ");
		if (depth < 2 && !chance_below(chance, 9)) {
			strbuf_putc(out, '(');
			put_chain(chance, out, depth + 1);
			strbuf_putc(out, ')');
			host = false;
		} else if (!chance_below(chance, 6)) {
			put_list(chance, out, negated);
			host = false;
		} else if (!chance_below(chance, 8)) {
			strbuf_puts(out, others[chance_below(chance, 8)]);
			host = false;
		} else {
			size_t from = out->length;
			bool bare = host && !chance_below(chance, 3);

			put_member(chance, out, bare);
			host = bare || memmem(out->data + from,
					      out->length - from, " 10.0.", 6);
		}
	}
}

static unsigned int found; /* expressions in which lists were found */

/* True unless the two disagree about a packet. */
static bool try_one(struct chance *chance, const char *text)
{
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	struct filter *filter _cleanup_(filter_freep) = NULL;
	struct classic program _cleanup_(classic_free) = {0};
	struct lists lists;

	if (!compile_libpcap(text, &program))
		return true;
	filter = compile(text, &error);
	if (!filter) {
		printf("# refused: %s: %s\n", text, strbuf_text(&error));
		return false;
	}
	if (!lists_find(&lists, text, LISTS_SHORTEST))
		found += lists.count > 0;
	lists_free(&lists);
	for (int i = 0; i < 300; i++) {
		struct lab_packet packet;

		lab_make_packet(&packet, chance, &program);
		struct frame frame = {.data = packet.data,
				      .caplen = packet.length,
				      .len = packet.length};
		struct reference_packet reference = {.rules = RULES_FILE,
						     .data = packet.data,
						     .caplen = packet.length,
						     .length = packet.length};
		uint32_t want = reference_run(&program, &reference, 0, NULL);

		if (filter_run(filter, &frame) == want)
			continue;
		printf("# libpcap says %u: %s\n", want, text);
		return false;
	}
	return true;
}

static void try_short(int count, uint64_t seed)
{
	struct chance chance = {.state = seed};
	struct strbuf text _cleanup_(strbuf_free) = STRBUF_INIT;
	unsigned int differ = 0;

	for (int i = 0; i < count && differ < 10; i++) {
		strbuf_reset(&text);
		put_chain(&chance, &text, 0);
		differ += !try_one(&chance, strbuf_text(&text));
	}
	printf("%s 1 - short lists mean what libpcap means\n",
	       differ || !found ? "not ok" : "ok");
	printf("# %d expressions, lists in %u, %u differ\n", count, found,
	       differ);
}

/* ---- Long ones ---- */

static double milliseconds(const struct timespec *from)
{
	struct timespec to;

	clock_gettime(CLOCK_MONOTONIC, &to);
	return (double)(to.tv_sec - from->tv_sec) * 1e3 +
	       (double)(to.tv_nsec - from->tv_nsec) / 1e6;
}

static bool is_listed(const uint32_t *hosts, size_t count, uint32_t host)
{
	for (size_t i = 0; i < count; i++)
		if (hosts[i] == host)
			return true;
	return false;
}

static void try_long(int number, size_t count)
{
	struct chance chance = {.state = count};
	struct strbuf text _cleanup_(strbuf_free) = STRBUF_INIT;
	struct strbuf error _cleanup_(strbuf_free) = STRBUF_INIT;
	uint32_t *hosts _cleanup_free_ = calloc(count, sizeof(*hosts));
	uint8_t data[64] = {[12] = 8, [14] = 0x45};
	struct frame frame = {.data = data, .caplen = 64, .len = 64};
	unsigned int differ = 0;
	struct timespec from;

	if (!hosts)
		return;
	for (size_t i = 0; i < count; i++) {
		hosts[i] = chance_u32(&chance);
		strbuf_printf(&text, "%shost %u.%u.%u.%u", i ? " or " : "",
			      hosts[i] >> 24, hosts[i] >> 16 & 255,
			      hosts[i] >> 8 & 255, hosts[i] & 255);
	}
	clock_gettime(CLOCK_MONOTONIC, &from);
	struct filter *filter _cleanup_(filter_freep) =
		compile(strbuf_text(&text), &error);

	printf("# %zu hosts: %.1f ms\n", count, milliseconds(&from));
	for (int i = 0; filter && i < 2000; i++) {
		uint32_t host =
			i % 2 ? hosts[chance_below(&chance, (uint32_t)count)] +
					(i % 4 == 3)
			      : chance_u32(&chance);
		bool want = is_listed(hosts, count, host);
		size_t at = i % 3 ? 26 : 30;

		memset(data + 26, 0, 8);
		for (size_t b = 0; b < 4; b++)
			data[at + b] = (uint8_t)(host >> (24 - 8 * b));
		differ += !!filter_run(filter, &frame) !=
			  (want || is_listed(hosts, count, 0));
	}
	printf("%s %d - %zu hosts match what is listed\n",
	       !filter || differ ? "not ok" : "ok", number, count);
}

int main(int argc, char **argv)
{
	printf("1..4\n");
	try_short(argc > 1 ? atoi(argv[1]) : 400,
		  argc > 2 ? strtoull(argv[2], NULL, 0) : 1);
	try_long(2, 1000);
	try_long(3, 10000);
	try_long(4, 100000);
	return 0;
}
