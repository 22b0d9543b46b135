// SPDX-License-Identifier: BSD-3-Clause
#include "src/report/histogram.h"

#include "src/base/cleanup.h"

enum {
	STARS = 40,
	WIDE = 32, /* from that bucket on, numbers need wider columns */
};

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

/* Widths of numbers and of stars, and the largest count. */
struct shape {
	int number, stars;
	uint64_t most;
};

static void put_row(struct strbuf *out, int bucket, uint64_t count,
		    const struct shape *shape)
{
	unsigned long long low = bucket ? 1ull << bucket : 0;
	unsigned long long high = (2ull << bucket) - 1;
	size_t most = (size_t)shape->stars;
	size_t stars =
		(size_t)((double)count / (double)shape->most * (double)most);

	strbuf_printf(out, "%*llu -> %-*llu : %-8llu |", shape->number, low,
		      shape->number, high, (unsigned long long)count);
	for (size_t i = 0; i < stars; i++)
		strbuf_putc(out, '*');
	strbuf_spaces(out, most - stars);
	strbuf_puts(out, "|\n");
}

void histogram_put(const struct histogram *histogram, struct strbuf *out)
{
	const char *unit =
		histogram->kind == HISTOGRAM_SIZE ? "bytes" : "usecs";
	struct shape shape = {.number = 10, .stars = STARS};
	int last = -1;

	for (int i = 0; i < (int)ARRAY_SIZE(histogram->buckets); i++) {
		if (!histogram->buckets[i])
			continue;
		last = i;
		if (histogram->buckets[i] > shape.most)
			shape.most = histogram->buckets[i];
	}
	if (last >= WIDE)
		shape = (struct shape){20, STARS / 2, shape.most};
	strbuf_printf(out, "%s\n%*s%-*s : count     distribution\n",
		      histogram_names[histogram->kind], shape.number - 5, "",
		      shape.number + 9, unit);
	for (int i = 0; i <= last; i++)
		put_row(out, i, histogram->buckets[i], &shape);
	if (histogram->unknown)
		strbuf_printf(out, "%*s%-*s : %llu\n", shape.number - 5, "",
			      shape.number + 9, "not known",
			      (unsigned long long)histogram->unknown);
}
