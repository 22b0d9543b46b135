// SPDX-License-Identifier: BSD-3-Clause
#include "src/report/histogram.h"

#include "src/base/cleanup.h"

enum { STARS = 40 };

const char *const histogram_names[] = {"rtt", "handshake", "duration", "size",
				       NULL};

void histogram_add(struct histogram *histogram, uint64_t value)
{
	histogram->buckets[value > 1 ? 63 - __builtin_clzll(value) : 0]++;
}

static bool mean_rtt(const struct connection *c, uint64_t *us)
{
	uint64_t sum = 0, count = 0;

	for (int i = 0; c->extra && i < 2; i++) {
		sum += c->extra->rtt[i].sum;
		count += c->extra->rtt[i].count;
	}
	if (count)
		*us = sum / count / 1000;
	return count > 0;
}

void histogram_add_connection(struct histogram *histogram,
			      const struct connection *c)
{
	bool is_tcp = c->key.family != FLOW_NONE && c->key.protocol == 6;
	int64_t server = 0, client = 0;
	bool known = true;
	uint64_t value = 0;

	switch (histogram->kind) {
	case HISTOGRAM_RTT:
		if (mean_rtt(c, &value))
			break;
		/* fall through */
	case HISTOGRAM_HANDSHAKE:
		known = is_tcp && !connection_handshake(c, &server, &client);
		value = (uint64_t)(server + client) / 1000;
		break;
	case HISTOGRAM_DURATION:
		value = (uint64_t)(connection_ended(c) - c->first) / 1000;
		break;
	case HISTOGRAM_SIZE:
		value = c->side[0].wire_bytes + c->side[1].wire_bytes;
		break;
	case HISTOGRAM_KINDS:
		return;
	}
	if (known)
		histogram_add(histogram, value);
	else
		histogram->unknown++;
}

static void put_row(struct strbuf *out, uint64_t low, uint64_t high,
		    uint64_t count, uint64_t most)
{
	size_t stars =
		most ? (size_t)((double)count / (double)most * STARS) : 0;

	strbuf_printf(out, "%10llu -> %-10llu : %-8llu |",
		      (unsigned long long)low, (unsigned long long)high,
		      (unsigned long long)count);
	for (size_t i = 0; i < stars; i++)
		strbuf_putc(out, '*');
	strbuf_spaces(out, STARS - stars);
	strbuf_puts(out, "|\n");
}

void histogram_put(const struct histogram *histogram, struct strbuf *out)
{
	const char *unit =
		histogram->kind == HISTOGRAM_SIZE ? "bytes" : "usecs";
	uint64_t most = 0;
	int first = -1, last = -1;

	for (int i = 0; i < (int)ARRAY_SIZE(histogram->buckets); i++) {
		if (!histogram->buckets[i])
			continue;
		if (first < 0)
			first = i;
		last = i;
		if (histogram->buckets[i] > most)
			most = histogram->buckets[i];
	}
	strbuf_printf(out, "%s\n%24s : count    distribution\n",
		      histogram_names[histogram->kind], unit);
	for (int i = first; i >= 0 && i <= last; i++)
		put_row(out, i ? 1ull << i : 0, (2ull << i) - 1,
			histogram->buckets[i], most);
	if (histogram->unknown)
		strbuf_printf(out, "%24s : %llu\n", "not known",
			      (unsigned long long)histogram->unknown);
}
