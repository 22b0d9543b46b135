// SPDX-License-Identifier: BSD-3-Clause
#include "src/flow/flow_frame.h"

#include <arpa/inet.h>
#include <pcap/dlt.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/delta.h"
#include "bpf/fragments.h"
#include "bpf/tunnel.h"
#include "dissectors/service_kind.h"
#include "src/base/cursor.h"
#include "src/flow/frame_checksum.h"
#include "src/flow/round_trip.h"

enum {
	SLOTS = 4096, /* flows held back at a time */
	INDEX = 8192, /* 2^n, so that half of it stays empty */
	TRIES = 8,    /* payloads that may tell a flow's service */
	KEEPS = 2,    /* times that a result waits for its connection */
};

/* A flow, both directions of it. */
struct slot {
	struct flow_key key; /* canonical */
	uint64_t hash;
	uint8_t service; /* enum service_kind */
	uint8_t tries;	 /* payloads that were looked at for it */
	uint8_t kept;	 /* times that nobody wanted the results yet */
	bool told;	 /* the service was emitted */
	bool sums[2];	 /* by side: checksums have been right */
	uint16_t reserved;
	struct flow_delta delta[2]; /* by side */
	struct round_trip trip[2];
};

struct flow_frames {
	struct flow_frames_options options;
	int64_t time;	    /* of the latest frame, as used */
	struct slot *slots; /* SLOTS; the first `used` are taken */
	unsigned int used;
	/* Open addressing, linear probing: number of the slot + 1, and above
	 * it the hash's upper half. */
	struct {
		uint32_t tag;
		uint32_t slot;
	} index[INDEX];
	struct fragments fragments;
};

struct flow_frames *flow_frames_new(const struct flow_frames_options *options)
{
	struct flow_frames *frames = calloc(1, sizeof(*frames));

	if (!frames)
		return NULL;
	frames->options = *options;
	frames->time = INT64_MIN;
	/* Deltas are four cache lines. */
	frames->slots = aligned_alloc(64, SLOTS * sizeof(*frames->slots));
	if (!frames->slots) {
		free(frames);
		return NULL;
	}
	return frames;
}

void flow_frames_free(struct flow_frames *frames)
{
	if (!frames)
		return;
	free(frames->slots);
	free(frames);
}

/* Where the key with this hash is, or the empty place where it belongs. */
static unsigned int find_place(const struct flow_frames *frames,
			       const struct flow_key *key, uint64_t hash)
{
	unsigned int at = (unsigned int)hash & (INDEX - 1);

	for (; frames->index[at].slot; at = (at + 1) & (INDEX - 1))
		if (frames->index[at].tag == (uint32_t)(hash >> 32) &&
		    delta_key_equal(
			    &frames->slots[frames->index[at].slot - 1].key,
			    key))
			break;
	return at;
}

static int emit_side(struct flow_frames *frames, struct slot *slot, int side)
{
	struct flow_delta *delta = &slot->delta[side];
	struct connection_rtt *rtt = &slot->trip[side].rtt;
	const struct flow_frames_result result = {
		.key = &slot->key,
		.hash = slot->hash,
		.side = side,
		.delta = delta->packets ? delta : NULL,
		.rtt = rtt->count ? rtt : NULL,
		.service = slot->service,
	};
	bool tells = slot->service && !slot->told;
	int error;

	if (!result.delta && !result.rtt && !tells)
		return 0;
	error = frames->options.emit(&result, frames->options.context);
	if (error > 0 && slot->kept < KEEPS)
		return error;
	slot->told = slot->service != SERVICE_NONE;
	delta->packets = 0;
	memset(rtt, 0, sizeof(*rtt));
	return error < 0 ? error : 0;
}

/* Hand on what the slot holds, in order of time. */
static int emit_packets(struct flow_frames *frames, struct slot *slot)
{
	int first =
		slot->delta[1].packets &&
		(!slot->delta[0].packets ||
		 (int64_t)slot->delta[1].first < (int64_t)slot->delta[0].first);
	int one = emit_side(frames, slot, first);
	int two = emit_side(frames, slot, !first);

	slot->kept = one > 0 || two > 0 ? (uint8_t)(slot->kept + 1) : 0;
	return one < 0 ? one : two < 0 ? two : 0;
}

/* The same; but what an ICMP error cites goes first, for the error to find. */
static int emit_slot(struct flow_frames *frames, struct slot *slot)
{
	for (int side = 0; side < 2; side++) {
		const struct flow_delta *delta = &slot->delta[side];
		struct flow_key cited, key;
		unsigned int at;
		int error;

		if (!delta->packets ||
		    !(delta->events & 1u << FLOW_EVENT_ICMP_ERROR))
			continue;
		connection_cited_key(delta, &cited);
		connection_canonical_key(&cited, &key);
		at = frames->index[find_place(
					   frames, &key,
					   delta_key_hash(
						   &key, frames->options.seed))]
			     .slot;
		error = at ? emit_packets(frames, &frames->slots[at - 1]) : 0;
		if (error)
			return error;
	}
	return emit_packets(frames, slot);
}

static void index_slot(struct flow_frames *frames, unsigned int at,
		       unsigned int slot)
{
	frames->index[at].slot = slot + 1;
	frames->index[at].tag = (uint32_t)(frames->slots[slot].hash >> 32);
}

/* Emit all, and forget all but what waits for an acknowledgment or for its
 * connection (with @keep_waiting). */
static int empty(struct flow_frames *frames, bool keep_waiting)
{
	unsigned int used = frames->used;
	int failed = 0;

	for (unsigned int i = 0; i < used; i++) {
		int result = emit_slot(frames, &frames->slots[i]);

		if (result)
			failed = result;
	}
	if (used)
		memset(frames->index, 0, sizeof(frames->index));
	frames->used = 0;
	for (unsigned int i = 0; i < used; i++) {
		struct slot *slot = &frames->slots[i], *to;

		if (!keep_waiting || (!slot->trip[0].waiting &&
				      !slot->trip[1].waiting && !slot->kept))
			continue;
		to = &frames->slots[frames->used];
		if (to != slot)
			*to = *slot;
		index_slot(frames, find_place(frames, &to->key, to->hash),
			   frames->used++);
	}
	return failed;
}

int flow_frames_flush(struct flow_frames *frames)
{
	return empty(frames, true);
}

/* The flow's slot. When all are taken, all are emitted: an error of that is put
 * into *@error. */
static struct slot *find_slot(struct flow_frames *frames,
			      const struct flow_key *key, int *error)
{
	uint64_t hash = delta_key_hash(key, frames->options.seed);
	unsigned int at = find_place(frames, key, hash);
	struct slot *slot;

	if (frames->index[at].slot)
		return &frames->slots[frames->index[at].slot - 1];
	if (frames->used == SLOTS) {
		*error = empty(frames, false);
		at = (unsigned int)hash & (INDEX - 1);
	}
	slot = &frames->slots[frames->used];
	slot->key = *key;
	slot->hash = hash;
	slot->service = slot->tries = slot->kept = 0;
	slot->told = slot->sums[0] = slot->sums[1] = false;
	slot->delta[0].packets = slot->delta[1].packets = 0;
	memset(slot->trip, 0, sizeof(slot->trip));
	index_slot(frames, at, frames->used++);
	return slot;
}

/* A packet, of which the outer layers are taken off. */
struct layer {
	const uint8_t *data;
	size_t caplen;
	struct packet_meta meta;
	struct tunnel_layer tunnel;
	uint8_t service; /* enum service_kind, when it is a tunnel's */
};

static enum frame_checksum sum_of(const struct flow_frames *frames,
				  const struct layer *layer,
				  const struct flow_key *key,
				  const struct packet_facts *facts)
{
	if (frames->options.only_time || frames->options.trust_checksums)
		return FRAME_CHECKSUM_UNKNOWN;
	return frame_checksum(layer->data, layer->caplen, key, facts);
}

static int count(struct flow_frames *frames, struct slot *slot, int side,
		 const struct view *view, const struct flow_key *key,
		 const struct packet_facts *facts, enum frame_checksum sum)
{
	struct flow_delta *delta = &slot->delta[side];
	int error = 0;

	if (sum == FRAME_CHECKSUM_WRONG ||
	    (delta->packets && !delta_has_room(delta, facts)))
		error = emit_slot(frames, slot);
	if (!delta->packets)
		delta_begin(delta, key, facts);
	delta_add(delta, view, facts);
	if (sum == FRAME_CHECKSUM_RIGHT)
		delta->marks |= FLOW_MARK_SUM_RIGHT;
	if (sum != FRAME_CHECKSUM_WRONG)
		return error;
	/* What becomes of it depends on those before it: it goes alone. */
	delta->marks |= FLOW_MARK_SUM_WRONG;
	return error ? error : emit_slot(frames, slot);
}

static uint8_t service_of_tunnel(uint32_t tunnel)
{
	static const uint8_t services[FLOW_TUNNELS] = {
		[FLOW_TUNNEL_VXLAN] = SERVICE_VXLAN,
		[FLOW_TUNNEL_GENEVE] = SERVICE_GENEVE,
		[FLOW_TUNNEL_GTP] = SERVICE_GTP,
		[FLOW_TUNNEL_TEREDO] = SERVICE_TEREDO,
		[FLOW_TUNNEL_AYIYA] = SERVICE_AYIYA,
	};
	uint32_t kind = tunnel >> 24 & 0x7f;

	return kind < FLOW_TUNNELS ? services[kind] : 0;
}

/* Payload that somebody may make something of. */
static void watch(const struct flow_frames *frames, struct slot *slot,
		  const struct layer *layer, const struct flow_key *key,
		  const struct packet_facts *facts)
{
	const uint16_t dns = htons(53), mdns = htons(5353);
	bool is_tcp = facts->kind == PACKET_TCP, names, tells;
	struct cursor c = cursor_make(layer->data, layer->caplen);

	if (!is_tcp && key->protocol != HEADERS_UDP)
		return;
	if (is_tcp && (facts->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN) {
		slot->service = slot->tries = 0; /* another connection */
		slot->told = false;
	}
	cursor_skip(&c, facts->inner);
	if (c.overrun || !cursor_left(&c) || !facts->payload)
		return;
	names = is_tcp ? *c.at == 0x16
		       : key->source_port == dns || key->source_port == mdns;
	if (layer->service)
		slot->service = layer->service;
	tells = !slot->service && slot->tries < TRIES;
	if (!names && !tells)
		return;
	slot->tries += tells;
	if (names || !is_tcp || key->source_port == dns ||
	    key->destination_port == dns ||
	    service_may_begin(c.at, cursor_left(&c))) {
		uint8_t service = frames->options.payload(
			key, cursor_rest(&c, facts->payload),
			frames->options.context);

		if (tells)
			slot->service = service;
	}
}

static int add_to_slot(struct flow_frames *frames, const struct layer *layer,
		       const struct view *view, const struct flow_key *key,
		       const struct packet_facts *facts)
{
	struct flow_key canonical;
	int side = connection_canonical_key(key, &canonical);
	int error = 0, failed = 0;
	enum frame_checksum sum;
	struct slot *slot;
	bool is_damaged;

	if (frames->options.only_time && facts->kind != PACKET_TCP &&
	    (!frames->options.payload || key->protocol != HEADERS_UDP))
		return 0;
	slot = find_slot(frames, &canonical, &failed);
	sum = sum_of(frames, layer, key, facts);
	slot->sums[side] |= sum == FRAME_CHECKSUM_RIGHT;
	is_damaged = sum == FRAME_CHECKSUM_WRONG && slot->sums[side];
	if (frames->options.payload && !is_damaged)
		watch(frames, slot, layer, key, facts);
	if (facts->kind == PACKET_TCP && !is_damaged)
		round_trip_note(&slot->trip[side], &slot->trip[!side], facts);
	if (!frames->options.only_time)
		error = count(frames, slot, side, view, key, facts, sum);
	return failed ? failed : error;
}

static void read_layer(struct flow_frames *frames, const struct layer *layer,
		       struct view *view, struct flow_key *key,
		       struct packet_facts *facts)
{
	*view = (struct view){layer->data, layer->data + layer->caplen};
	headers_read(view, &layer->meta, key, facts);
	facts->captured = layer->tunnel.captured;
	if (facts->fragment)
		fragments_join(&frames->fragments, key, facts);
	if (layer->tunnel.tunnel)
		tunnel_label(&layer->tunnel, key, facts);
}

static int add_layers(struct flow_frames *frames, struct layer *layer)
{
	struct tunnel_inner inner;
	struct packet_facts facts;
	struct flow_key key;
	struct view view;

	read_layer(frames, layer, &view, &key, &facts);
	for (int i = 0;
	     i < TUNNEL_DEPTH && facts.tunnel &&
	     tunnel_find(&view, (uint32_t)layer->caplen, &facts, &inner);
	     i++) {
		int error = 0;

		layer->service = service_of_tunnel(inner.tunnel);
		if (inner.tunnel & FLOW_TUNNEL_INNER)
			error = add_to_slot(frames, layer, &view, &key, &facts);
		if (error)
			return error;
		tunnel_enter(&layer->tunnel, &layer->meta, &facts, &inner);
		layer->data += inner.offset;
		layer->caplen -= inner.offset;
		layer->service = SERVICE_NONE;
		read_layer(frames, layer, &view, &key, &facts);
	}
	return add_to_slot(frames, layer, &view, &key, &facts);
}

/* Frames at the same moment keep their order by a nanosecond; a clock that
 * steps back a little does not. */
static uint64_t frame_time(struct flow_frames *frames,
			   const struct frame *frame)
{
	const int64_t most = 9000000000;
	struct stamp stamp = frame->time;
	int64_t time;

	if (stamp.seconds > most || stamp.seconds < -most)
		stamp.seconds = stamp.seconds > 0 ? most : -most;
	if (stamp.nanoseconds > 1000000000 || stamp.nanoseconds < -1000000000)
		stamp.nanoseconds = 999999999;
	time = stamp_to_ns(stamp);
	if (frames->time != INT64_MIN && time <= frames->time &&
	    time > frames->time - 1000000000)
		time = frames->time + 1;
	frames->time = time;
	return (uint64_t)time;
}

/* Skip @n bytes of a link header that says @protocol. */
static void skip_link(struct layer *layer, uint32_t n, uint16_t protocol)
{
	if (layer->caplen < n || layer->meta.len < n)
		return;
	layer->data += n;
	layer->caplen -= n;
	layer->meta.len -= n;
	layer->meta.link = TAP_LINK_COOKED;
	layer->meta.protocol = protocol;
}

static uint16_t at16(const struct layer *layer, size_t offset)
{
	return layer->caplen >= offset + 2 ? load_be16(layer->data + offset)
					   : 0;
}

/* The family at the head of a BSD loopback header, in either byte order. */
static uint16_t null_protocol(const struct layer *layer)
{
	uint32_t family = layer->caplen >= 4 ? load_be32(layer->data) : 0;

	if (family > 0xffff)
		family = __builtin_bswap32(family);
	if (family == 2)
		return HEADERS_IPV4;
	return family == 10 || family == 24 || family == 28 || family == 30
		       ? HEADERS_IPV6
		       : 0;
}

static uint16_t ppp_protocol(uint16_t protocol)
{
	if (protocol == 0x0021)
		return HEADERS_IPV4;
	return protocol == 0x0057 ? HEADERS_IPV6 : 0;
}

static void read_link(struct layer *layer, int link_type)
{
	layer->meta.link = TAP_LINK_COOKED;
	switch (link_type) {
	case DLT_EN10MB:
		layer->meta.link = TAP_LINK_ETHERNET;
		break;
	case 12: /* LINKTYPE_RAW as some files have it */
	case 14:
	case 101:
	case DLT_IPV4:
	case DLT_IPV6:
		layer->meta.link = TAP_LINK_NONE;
		break;
	case DLT_LINUX_SLL:
		skip_link(layer, 16, at16(layer, 14));
		break;
	case DLT_LINUX_SLL2:
		skip_link(layer, 20, at16(layer, 0));
		break;
	case DLT_NULL:
	case DLT_LOOP:
		skip_link(layer, 4, null_protocol(layer));
		break;
	case DLT_PPP:
		if (at16(layer, 0) == 0xff03)
			skip_link(layer, 4, ppp_protocol(at16(layer, 2)));
		else
			skip_link(layer, 2, ppp_protocol(at16(layer, 0)));
		break;
	}
}

int flow_frames_add(struct flow_frames *frames, const struct frame *frame)
{
	struct layer layer = {.data = frame->data, .caplen = frame->caplen};

	layer.meta.time = frame_time(frames, frame);
	layer.meta.len = layer.tunnel.captured = frame->len;
	if (frames->options.only_time) /* then it is in the kernel's keys */
		layer.meta.ifindex = frame->ifindex;
	read_link(&layer, frame->link_type);
	return add_layers(frames, &layer);
}

void flow_frames_look(const struct frame *frame, struct flow_key *key,
		      struct slice *payload)
{
	struct layer layer = {.data = frame->data, .caplen = frame->caplen};
	struct packet_facts facts;
	struct view view;
	struct cursor c;

	layer.meta.len = frame->len;
	read_link(&layer, frame->link_type);
	view = (struct view){layer.data, layer.data + layer.caplen};
	headers_read(&view, &layer.meta, key, &facts);
	c = cursor_make(layer.data, layer.caplen);
	cursor_skip(&c, facts.inner);
	*payload = cursor_rest(&c, c.overrun ? 0 : facts.payload);
}
