// SPDX-License-Identifier: BSD-3-Clause
#include "src/flow/round_trip.h"

void round_trip_add(struct connection_rtt *sum,
		    const struct connection_rtt *from)
{
	if (!from->count)
		return;
	if (!sum->count || from->min < sum->min)
		sum->min = from->min;
	if (from->max > sum->max)
		sum->max = from->max;
	sum->sum += from->sum;
	sum->count += from->count;
}

static unsigned int place(const struct round_trip *trip, unsigned int nth)
{
	return (trip->head + nth) & (ROUND_TRIP_WAITING - 1);
}

static void acknowledge(struct round_trip *trip, uint32_t acknowledgment,
			uint64_t time)
{
	while (trip->waiting) {
		unsigned int at = place(trip, 0);
		uint64_t ns = time - trip->sent[at];

		if ((int32_t)(acknowledgment - trip->ends[at]) < 0)
			return;
		if (acknowledgment == trip->ends[at]) {
			uint32_t took =
				ns > UINT32_MAX ? UINT32_MAX : (uint32_t)ns;

			round_trip_add(&trip->rtt,
				       &(struct connection_rtt){.sum = took,
								.count = 1,
								.min = took,
								.max = took});
		}
		trip->head = (uint8_t)place(trip, 1);
		trip->waiting--;
	}
}

static void send_payload(struct round_trip *trip,
			 const struct packet_facts *facts)
{
	uint32_t end = facts->sequence + facts->payload +
		       (facts->flags & TCP_FIN ? 1 : 0);
	unsigned int at;

	if (trip->has_high && (int32_t)(facts->sequence - trip->high) < 0) {
		/* Repeated: whoever waits for these bytes waits no more. */
		while (trip->waiting) {
			at = place(trip, trip->waiting - 1u);
			if ((int32_t)(trip->ends[at] - facts->sequence) <= 0)
				break;
			trip->waiting--;
		}
	} else {
		if (trip->waiting < ROUND_TRIP_WAITING)
			trip->waiting++;
		at = place(trip, trip->waiting - 1u);
		trip->ends[at] = end;
		trip->sent[at] = facts->time;
	}
	if (!trip->has_high || (int32_t)(end - trip->high) > 0)
		trip->high = end;
	trip->has_high = true;
}

void round_trip_note(struct round_trip *self, struct round_trip *peer,
		     const struct packet_facts *facts)
{
	if (peer->waiting && facts->flags & TCP_ACK)
		acknowledge(peer, facts->acknowledgment, facts->time);
	if (facts->payload && !(facts->flags & (TCP_SYN | TCP_RST)))
		send_payload(self, facts);
}
