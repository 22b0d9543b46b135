// SPDX-License-Identifier: BSD-3-Clause
#include "src/flow/flow_frame.h"

#include <arpa/inet.h>
#include <pcap/dlt.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/delta.h"
#include "src/base/cursor.h"
#include "src/flow/tunnel.h"

enum {
	SLOTS = 2048,	 /* of the cache; 2^n */
	FRAGMENTS = 256, /* datagrams whose ports are remembered; 2^n */
	DEPTH = 4,	 /* tunnels in tunnels */
};

/* Payload of one side whose acknowledgment is waited for. */
struct round_trip {
	struct connection_rtt rtt;
	uint64_t sent;
	uint32_t end; /* sequence number behind the payload */
	bool waits;
};

struct slot {
	struct flow_key key; /* canonical; family and protocol 0: empty */
	bool used;
	struct flow_delta delta[2]; /* by side */
	struct round_trip trip[2];
};

struct fragment {
	struct flow_key key; /* without ports */
	uint16_t source_port, destination_port;
	uint16_t id;
};

struct flow_frames {
	flow_frames_emit emit;
	void *context;
	flow_frames_payload payload; /* NULL: nobody watches */
	void *payload_context;
	int64_t time; /* of the latest frame, as used */
	struct slot slots[SLOTS];
	struct fragment fragments[FRAGMENTS];
};

struct flow_frames *flow_frames_new(flow_frames_emit emit, void *context)
{
	struct flow_frames *frames = calloc(1, sizeof(*frames));

	if (!frames)
		return NULL;
	frames->emit = emit;
	frames->context = context;
	frames->time = INT64_MIN;
	return frames;
}

void flow_frames_free(struct flow_frames *frames)
{
	free(frames);
}

void flow_frames_watch(struct flow_frames *frames, flow_frames_payload payload,
		       void *context)
{
	frames->payload = payload;
	frames->payload_context = context;
}

static int emit_side(struct flow_frames *frames, struct slot *slot, int side)
{
	struct connection_rtt *rtt = &slot->trip[side].rtt;
	int result;

	if (!slot->delta[side].packets)
		return 0;
	result = frames->emit(&slot->delta[side], rtt->count ? rtt : NULL,
			      frames->context);
	slot->delta[side].packets = 0;
	memset(rtt, 0, sizeof(*rtt));
	return result;
}

/* Hand on what the slot holds, in order of time. */
static int emit_slot(struct flow_frames *frames, struct slot *slot)
{
	int first =
		slot->delta[1].packets &&
		(!slot->delta[0].packets ||
		 (int64_t)slot->delta[1].first < (int64_t)slot->delta[0].first);
	int one = emit_side(frames, slot, first);
	int two = emit_side(frames, slot, !first);

	return one ? one : two;
}

int flow_frames_flush(struct flow_frames *frames)
{
	int failed = 0;

	for (int i = 0; i < SLOTS; i++) {
		int result = emit_slot(frames, &frames->slots[i]);

		if (result)
			failed = result;
	}
	return failed;
}

static int compare_ends(const struct flow_key *key)
{
	int order = memcmp(key->source, key->destination, sizeof(key->source));

	if (!order)
		order = memcmp(&key->source_port, &key->destination_port,
			       sizeof(key->source_port));
	return order > 0 && key->family != FLOW_NONE;
}

/* One of the two keys of a flow: the same for both directions. */
static int make_canonical(const struct flow_key *key, struct flow_key *out)
{
	*out = *key;
	if (!compare_ends(key))
		return 0;
	memcpy(out->source, key->destination, sizeof(out->source));
	memcpy(out->destination, key->source, sizeof(out->destination));
	out->source_port = key->destination_port;
	out->destination_port = key->source_port;
	return 1;
}

/* Time a packet's way there and its acknowledgment's way back. Repeated
 * payload is not timed: nobody knows which copy was acknowledged (Karn). */
static void time_round_trip(struct slot *slot, int side,
			    const struct packet_facts *facts)
{
	struct round_trip *trip = &slot->trip[side];
	struct round_trip *peer = &slot->trip[!side];
	const struct flow_delta *delta = &slot->delta[side];
	uint32_t end = facts->sequence + facts->payload;

	if (facts->flags & TCP_ACK && peer->waits &&
	    (int32_t)(facts->acknowledgment - peer->end) >= 0) {
		uint64_t ns = facts->time - peer->sent;
		uint32_t capped = ns > UINT32_MAX ? UINT32_MAX : (uint32_t)ns;

		if (!peer->rtt.count || capped < peer->rtt.min)
			peer->rtt.min = capped;
		if (capped > peer->rtt.max)
			peer->rtt.max = capped;
		peer->rtt.sum += capped;
		peer->rtt.count++;
		peer->waits = false;
	}
	if (!facts->payload || facts->flags & (TCP_SYN | TCP_RST))
		return;
	if (delta->run_count &&
	    (int32_t)(facts->sequence - delta->sequence_high) < 0) {
		trip->waits = false;
	} else if (!trip->waits) {
		trip->waits = true;
		trip->sent = facts->time;
		trip->end = end;
	}
}

static int add_to_slot(struct flow_frames *frames, const struct view *view,
		       const struct flow_key *key,
		       const struct packet_facts *facts)
{
	struct flow_key canonical;
	int side = make_canonical(key, &canonical), result = 0;
	struct slot *slot =
		&frames->slots[delta_key_hash(&canonical, 0) & (SLOTS - 1)];
	struct flow_delta *delta = &slot->delta[side];

	if (slot->used && !delta_key_equal(&slot->key, &canonical)) {
		result = emit_slot(frames, slot);
		slot->used = false;
	}
	if (!slot->used) {
		slot->key = canonical;
		slot->used = true;
		memset(slot->trip, 0, sizeof(slot->trip));
	}
	if (delta->packets && !delta_has_room(delta, facts))
		result = emit_slot(frames, slot);
	if (facts->kind == PACKET_TCP)
		time_round_trip(slot, side, facts);
	if (!delta->packets)
		delta_begin(delta, key, facts);
	delta_add(delta, view, facts);
	return result;
}

/* A later fragment has the ports of the first. (IPv4; by then the first has
 * come, or it stays without.) */
static void join_fragments(struct flow_frames *frames, const uint8_t *data,
			   size_t caplen, struct flow_key *key,
			   const struct packet_facts *facts)
{
	struct flow_key bare = *key;
	struct fragment *f;
	uint16_t id;

	if (key->family != FLOW_IPV4 || caplen < facts->network + 20u)
		return;
	id = load_be16(data + facts->network + 4);
	bare.source_port = bare.destination_port = 0;
	f = &frames->fragments[delta_key_hash(&bare, id) & (FRAGMENTS - 1)];
	if (facts->fragment == 1) {
		*f = (struct fragment){bare, key->source_port,
				       key->destination_port, id};
	} else if (f->id == id && delta_key_equal(&f->key, &bare)) {
		key->source_port = f->source_port;
		key->destination_port = f->destination_port;
	}
}

/* A packet as it is unwrapped: the outer one, then what is inside. */
struct layer {
	const uint8_t *data;
	size_t caplen;
	uint32_t captured; /* what it counts for */
	struct packet_meta meta;
	uint32_t tunnel;
};

static void watch(const struct layer *layer, const struct flow_key *key,
		  const struct packet_facts *facts, flow_frames_payload payload,
		  void *context)
{
	const uint16_t dns = htons(53), mdns = htons(5353);
	struct cursor c = cursor_make(layer->data, layer->caplen);

	if (key->protocol == HEADERS_TCP ? facts->kind != PACKET_TCP
					 : key->protocol != HEADERS_UDP ||
						   (key->source_port != dns &&
						    key->source_port != mdns))
		return;
	cursor_skip(&c, facts->inner);
	if (c.overrun || !cursor_left(&c) || !facts->payload ||
	    (key->protocol == HEADERS_TCP && *c.at != 0x16))
		return;
	payload(key, cursor_rest(&c, facts->payload), context);
}

static int add_layer(struct flow_frames *frames, struct layer *layer, int depth)
{
	struct view view = {layer->data, layer->data + layer->caplen};
	struct tunnel_inner inner = {0};
	struct packet_facts facts;
	struct flow_key key;
	bool is_wrapped;

	headers_read(&view, &layer->meta, &key, &facts);
	if (layer->tunnel)
		key.tunnel = layer->tunnel;
	facts.captured = layer->captured;
	if (facts.fragment)
		join_fragments(frames, layer->data, layer->caplen, &key,
			       &facts);
	if (frames->payload)
		watch(layer, &key, &facts, frames->payload,
		      frames->payload_context);
	is_wrapped = depth < DEPTH && tunnel_find(layer->data, layer->caplen,
						  &key, &facts, &inner);
	if (!is_wrapped || inner.tunnel & TUNNEL_INNER) {
		int result = add_to_slot(frames, &view, &key, &facts);

		if (result || !is_wrapped)
			return result;
		layer->captured = layer->meta.len - inner.offset;
	}
	/* Inside something that was counted, all is. */
	layer->tunnel = inner.tunnel | (layer->tunnel & TUNNEL_INNER);
	layer->data += inner.offset;
	layer->caplen -= inner.offset;
	layer->meta.len -= inner.offset;
	layer->meta.link = inner.link;
	layer->meta.protocol = inner.protocol;
	return add_layer(frames, layer, depth + 1);
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
	struct layer layer = {.data = frame->data,
			      .caplen = frame->caplen,
			      .captured = frame->len};

	layer.meta.time = frame_time(frames, frame);
	layer.meta.len = frame->len;
	read_link(&layer, frame->link_type);
	return add_layer(frames, &layer, 0);
}

static void read_frame(const struct frame *frame, struct layer *layer,
		       struct flow_key *key, struct packet_facts *facts)
{
	struct view view;

	*layer = (struct layer){.data = frame->data, .caplen = frame->caplen};
	layer->meta.len = frame->len;
	read_link(layer, frame->link_type);
	view = (struct view){layer->data, layer->data + layer->caplen};
	headers_read(&view, &layer->meta, key, facts);
}

void flow_frames_peek(const struct frame *frame, flow_frames_payload payload,
		      void *context)
{
	struct packet_facts facts;
	struct layer layer;
	struct flow_key key;

	read_frame(frame, &layer, &key, &facts);
	watch(&layer, &key, &facts, payload, context);
}

void flow_frames_look(const struct frame *frame, struct flow_key *key,
		      struct slice *payload)
{
	struct packet_facts facts;
	struct layer layer;
	struct cursor c;

	read_frame(frame, &layer, key, &facts);
	c = cursor_make(layer.data, layer.caplen);
	cursor_skip(&c, facts.inner);
	*payload = cursor_rest(&c, c.overrun ? 0 : facts.payload);
}
