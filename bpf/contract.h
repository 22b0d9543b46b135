/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * What the kernel programs and the program that loads them agree on: the
 * records in the rings, the flow deltas, the counters, the configuration.
 * Compiled on both sides; the only definition on either.
 *
 * Fixed-width types only. Host byte order unless a field says "network".
 * Times are nanoseconds of CLOCK_MONOTONIC (bpf_ktime_get_ns).
 */
#ifndef BSNIFF_BPF_CONTRACT_H
#define BSNIFF_BPF_CONTRACT_H

#include <linux/types.h>

#define CONTRACT_SIZE(type, bytes)                                             \
	_Static_assert(sizeof(type) == (bytes), #type " is " #bytes " bytes")
#define CONTRACT_OFFSET(type, field, bytes)                                    \
	_Static_assert(__builtin_offsetof(type, field) == (bytes),             \
		       #type "." #field " is at " #bytes)

/* The filter's answer when a packet has more headers than it follows. */
#define TAP_TOO_DEEP 0xffffffffu

/* ---- Configuration: written before load, constant afterwards ---- */

/* What the programs answer: go on as if we were not here. TCX_NEXT, and
 * TC_ACT_UNSPEC for clsact. */
#define TAP_NEXT (-1)

/* What stands in front of the network header where the tap looks. */
enum tap_link {
	TAP_LINK_ETHERNET = 0, /* an Ethernet header at offset 0 */
	TAP_LINK_NONE = 1,     /* TUN and its like: IP at offset 0 */
	TAP_LINK_COOKED = 2,   /* `any`: network header at 0, SLL2 made later */
};

/* Which way packets go, as the tap knows it. Also in records. */
enum tap_direction {
	TAP_IN = 1,
	TAP_OUT = 2,
	TAP_INOUT = TAP_IN | TAP_OUT,
};

/* Programs that the tap jumps to, if they are there: numbers in `stages`. */
enum tap_stage {
	TAP_STAGE_LONG = 0,   /* bpf/tap_long.bpf.c: count what is not plain */
	TAP_STAGE_SENDER = 1, /* bpf/owner.bpf.c: who sends this? */
	TAP_STAGE_IN = 2,     /* the tap, for the gates of bpf/handover.h */
	TAP_STAGE_OUT = 3,
	TAP_STAGES = 4,
};

/* Whose turn is it? While a capture goes over from a packet socket to traffic
 * control (bpf/handover.h). */
enum tap_turn {
	TAP_TURN_SOCKET = 0, /* the socket counts all */
	TAP_TURN_GATE = 1, /* the gate counts, but for what the socket has
			      counted: it was on its way */
	TAP_TURN_TC = 2,   /* nothing is left for the socket */
};

struct tap_config {
	__u32 link;	      /* enum tap_link */
	__u32 directions;     /* enum tap_direction: others are not seen */
	__u32 snapshot;	      /* bytes copied of a packet; 0: copy none */
	__u32 sample;	      /* copy every Nth matching packet; 1: all */
	__u32 count_flows;    /* 0: no flow deltas */
	__u32 flow_slots;     /* slots in a half of a CPU's cache; 2^n */
	__u32 wake_bytes;     /* wake the reader once per that many bytes */
	__u32 ring_chunk[2];  /* by enum tap_ring_kind: bytes of a chunk, 2^n */
	__u32 ring_shift[2];  /* that n */
	__u32 ring_chunks[2]; /* chunks of a CPU's ring; 2^n */
	__u32 loopback;	      /* ifindex of lo, whose outgoing half is left out;
				 0: none */
	__u32 seed;	      /* of the hash: nobody else knows who collides */
	__u32 filter_owners; /* 1: only packets of wanted owners match; see
				bpf/owner_filter.h. Not in socket filters */
	__u32 tell_senders; /* 1: what goes out comes by TAP_STAGE_SENDER */
	__u32 hands_over; /* 1: the socket will hand over to a gate */
};
CONTRACT_SIZE(struct tap_config, 72);

/* ---- Control: one page shared through mmap, the kernel reads it ---- */

struct tap_control {
	__u32 half;	/* 0, 1: the half of the flow caches being filled */
	__u32 sleeping; /* 1: the reader waits in epoll; wake it at once. The
			   kernel clears it with the wake-up */
	__u64 sampled;	/* matching packets so far; used when sample > 1 */
	__u32 turn;	/* enum tap_turn */
	__u32 reserved;
};
CONTRACT_SIZE(struct tap_control, 24);

/* ---- Rings: bpf/tap_ring.h ---- */

enum tap_ring_kind {
	TAP_RING_PACKETS = 0,
	TAP_RING_DELTAS = 1,
	TAP_RINGS = 2,
};

/* In front of each record; the next begins at a multiple of 8. */
struct tap_ring_header {
	__u32 length; /* of the record, without this */
	__u32 reserved;
};
CONTRACT_SIZE(struct tap_ring_header, 8);

/* ---- Counters: one a CPU, in packets unless it says bytes ---- */

/* X(name, what it counts). Those that most packets change: a cache line. */
#define TAP_COUNTERS_OFTEN(X)                                                  \
	X(seen, "packets that reached the tap")                                \
	X(matched, "packets that the filter matched")                          \
	X(matched_bytes, "their bytes, as captured")                           \
	X(matched_segments, "their segments on the wire")                      \
	X(sampled_out, "matched, not copied: --sample or --stats")             \
	X(copied, "matched and copied into a ring")
#define TAP_COUNTERS_SELDOM(X)                                                 \
	X(ring_full, "matched, not copied: no room in the ring")               \
	X(copy_failed, "matched, not copied: the bytes could not be read")     \
	X(spilled, "flow records sent early to make room")                     \
	X(spill_failed, "flow records lost: no room in their ring")            \
	X(unaccounted, "matched packets that were in lost flow records")       \
	X(undecided, "not matched: nobody knows whose they are")               \
	X(too_deep, "not matched: more headers than the filter follows")
#define TAP_COUNTERS(X) TAP_COUNTERS_OFTEN(X) TAP_COUNTERS_SELDOM(X)

struct tap_counters {
#define TAP_COUNTER_FIELD(name, what) __u64 name;
	TAP_COUNTERS_OFTEN(TAP_COUNTER_FIELD)
	__u64 now;  /* ns, CLOCK_MONOTONIC: the clock when it was read last, */
	__u32 tick; /* and the tick (low half of jiffies) that it was in */
	__u16 busy; /* a program of this CPU is inside the flow cache, */
	__u16 writing; /* is writing a record into a ring */
	TAP_COUNTERS_SELDOM(TAP_COUNTER_FIELD)
#undef TAP_COUNTER_FIELD
	__u64 unwoken; /* bytes of records since the last wake-up */
	/* Cache lines of their own: user space looks at the one, and writes the
	 * other. */
	__u64 written[TAP_RINGS]; /* bytes put into the ring so far */
	__u32 used[2];		  /* slots of each half of the flow cache in use */
	__u64 reserved[5];
	__u64 read[TAP_RINGS]; /* bytes of them given back, by user space */
	__u64 reserved2[6];
};
CONTRACT_SIZE(struct tap_counters, 256);
CONTRACT_OFFSET(struct tap_counters, ring_full, 64);
CONTRACT_OFFSET(struct tap_counters, written, 128);
CONTRACT_OFFSET(struct tap_counters, read, 192);

/* ---- Packet records: what a packet ring holds ---- */

enum tap_record_flags {
	TAP_RECORD_VLAN = 1 << 0, /* vlan_tci and vlan_protocol are valid */
};

struct tap_record {
	__u64 time;	     /* ns, CLOCK_MONOTONIC */
	__u32 len;	     /* bytes of the packet at the tap (skb->len) */
	__u32 caplen;	     /* bytes at data that are valid */
	__u32 ifindex;	     /* of the device */
	__u16 vlan_tci;	     /* the tag the kernel took out of the frame */
	__u16 vlan_protocol; /* its TPID, host order: 0x8100, 0x88a8 */
	__u16 protocol;	     /* EtherType of the packet, host order */
	__u8 direction;	     /* enum tap_direction, one of TAP_IN, TAP_OUT */
	__u8 packet_type;    /* PACKET_HOST … of <linux/if_packet.h> */
	__u8 flags;	     /* enum tap_record_flags */
	__u8 address_length; /* bytes of address, 0 to 6 */
	__u8 address[6];     /* TAP_LINK_COOKED: the sender's, network order */
	__u16 segments;	     /* packets on the wire, at least 1 */
	__u16 reserved;
	__u32 reserved2[2];
};
CONTRACT_SIZE(struct tap_record, 48);

/* The packet's bytes follow. */
#define TAP_RECORD_DATA(record) ((const __u8 *)((record) + 1))

/* ---- Flow deltas: what a CPU counted of one direction of a flow ---- */

enum flow_family {
	FLOW_NONE = 0, /* not IP: keyed by EtherType (in source_port) */
	FLOW_IPV4 = 4,
	FLOW_IPV6 = 6,
};

/*
 * One direction of a flow. Addresses and ports are in network byte order; an
 * IPv4 address is in the first four bytes, the rest is zero. ICMP: the type in
 * source_port's and, in destination_port's value, the type that answers it or
 * else the code (as Zeek has them), also in network order. A fragment that
 * carries no ports has both zero.
 */
struct flow_key {
	__u8 source[16];
	__u8 destination[16];
	__u16 source_port;
	__u16 destination_port;
	__u32 ifindex; /* live; 0 from files */
	__u16 vlan;    /* VLAN id of the outer tag, 0: none */
	__u8 protocol; /* IP protocol, of the innermost header understood */
	__u8 family;   /* enum flow_family */
	__u32 tunnel;  /* enum flow_tunnel << 24, its network identifier if it
			  has one, FLOW_TUNNEL_INNER; 0: none */
} __attribute__((aligned(8)));
CONTRACT_SIZE(struct flow_key, 48);

/* What a packet was wrapped in (bpf/headers.h, bpf/tunnel.h). */
enum flow_tunnel {
	FLOW_TUNNEL_NONE = 0,
	FLOW_TUNNEL_IP = 1,
	FLOW_TUNNEL_GRE = 2,
	FLOW_TUNNEL_VXLAN = 3,
	FLOW_TUNNEL_GENEVE = 4,
	FLOW_TUNNEL_GTP = 5,
	FLOW_TUNNEL_TEREDO = 6,
	FLOW_TUNNEL_AYIYA = 7,
	FLOW_TUNNEL_MPLS = 8,
	FLOW_TUNNEL_PPPOE = 9,
	FLOW_TUNNELS = 10,
};

/* In flow_key.tunnel: what the packet was in was counted too, as a connection
 * of its own. */
#define FLOW_TUNNEL_INNER 0x80000000u

/* What can happen in one direction of a TCP connection; when each happened
 * first is kept. A packet is one of S to I, by its flags and payload (Zeek's
 * letters), and may be a zero window too. */
enum flow_event {
	FLOW_EVENT_SYN = 0,	    /* S: SYN */
	FLOW_EVENT_SYN_ACK = 1,	    /* H: SYN and ACK */
	FLOW_EVENT_FIN = 2,	    /* F: FIN, with payload or without */
	FLOW_EVENT_RST = 3,	    /* R: RST */
	FLOW_EVENT_DATA = 4,	    /* D: payload, none of these; not TCP: any */
	FLOW_EVENT_ACK = 5,	    /* A: ACK alone */
	FLOW_EVENT_MULTI = 6,	    /* Q: SYN with FIN or RST */
	FLOW_EVENT_FIN_RST = 7,	    /* I: FIN and RST */
	FLOW_EVENT_ZERO_WINDOW = 8, /* W: window 0, no RST */
	FLOW_EVENT_ICMP_ERROR = 9,  /* an ICMP error; `cited` says about what */
	FLOW_EVENTS = 10,
};

/* Bits of flow_delta.marks. */
enum flow_marks {
	FLOW_MARK_FIRST_ACK = 1 << 0, /* the first with ACK has nothing else */
	FLOW_MARK_BELOW = 1 << 1,     /* the last run began below sequence_high */
	FLOW_MARK_FRAGMENT = 1 << 2,  /* some packet was a fragment */
	FLOW_MARK_SUM_RIGHT = 1 << 3, /* of a file: some checksum is right */
	FLOW_MARK_SUM_WRONG = 1 << 4, /* of a file: one packet, and its checksum
					 is wrong */
};

/* Segments of TCP payload that follow each other without a gap. */
struct flow_run {
	__u32 sequence; /* of the first byte */
	__u32 end;	/* one past the last byte */
	__u32 when;	/* of the first packet: ns after flow_delta.first */
	__u16 packets;
	__u16 size; /* payload of the first packet; 65535: that or more */
};
CONTRACT_SIZE(struct flow_run, 16);

#define FLOW_RUNS 4

/* The flow that the packet inside an ICMP error belonged to; network order. */
struct flow_cited {
	__u8 source[16];
	__u8 destination[16];
	__u16 source_port;
	__u16 destination_port;
	__u8 protocol;
	__u8 family; /* enum flow_family; FLOW_NONE: unreadable */
	__u8 type;   /* of the error */
	__u8 code;
} __attribute__((aligned(8)));
CONTRACT_SIZE(struct flow_cited, 40);

/*
 * What was counted of one direction of a flow over at most 4.29 s: four cache
 * lines, of which a packet that brings nothing new touches the first two, and
 * one with TCP payload the last. Deltas of a flow add up to the same
 * connection however its packets were spread over them, if they are merged in
 * the order of `first`.
 *
 * A SYN is always the first packet of its delta. A delta never holds two RSTs,
 * two FINs, two windows of zero, more than FLOW_RUNS runs (one, if it holds a
 * SYN), or two ICMP errors: what does not fit begins the next one
 * (delta_has_room() in bpf/delta.h). In a ring, it may be shorter (enum
 * flow_record_size): then the rest is zero (delta_length()).
 */
struct flow_delta {
	struct flow_key key;
	__u64 first;   /* when the first packet came, ns */
	__u32 last;    /* the latest packet: ns after first */
	__u32 packets; /* packets at the tap; 0: an empty slot */

	__u64 captured_bytes; /* as captured, tags put back */
	__u64 wire_bytes;     /* as on the wire: each segment with its headers */
	__u64 ip_bytes;	      /* on the wire, from the IP headers on */
	__u64 payload_bytes;
	__u32 segments; /* packets on the wire */
	__u16 events;	/* 1 << enum flow_event */
	__u8 flags;	/* TCP flags, all together */
	__u8 run_count; /* runs that are valid */
	__u8 ttl_min;
	__u8 ttl_max;
	__u8 marks;	     /* enum flow_marks */
	__u8 option_words;   /* words of the SYN's options that are valid */
	__u32 sequence_high; /* the highest end of a run */
	__u32 acknowledgment; /* the highest */
	__u32 ack_last;	      /* of the latest packet with ACK */
	__u16 window_last;    /* of the same, not scaled */
	__u16 window_first;   /* of the first with ACK, not scaled */
	__u32 duplicate_acks;

	__u32 when[FLOW_EVENTS]; /* each event's first: ns after first */
	__u32 syn;		 /* sequence number of SYN or SYN and ACK */
	__u32 fin;		 /* sequence number of the FIN */
	__u32 rst;		 /* sequence number of the RST */
	__u32 zero_windows;	 /* packets */
	__u32 congestion_marks;	 /* packets with ECN's CE */
	__u32 ack_first;	 /* of the first packet with ACK */

	union {
		struct flow_run runs[FLOW_RUNS]; /* TCP */
		struct {
			struct flow_run syn_run;
			__u32 options[10]; /* of a SYN, as in the packet */
		};
		struct flow_cited cited; /* ICMP */
	};
};
CONTRACT_SIZE(struct flow_delta, 256);
CONTRACT_OFFSET(struct flow_delta, captured_bytes, 64);
CONTRACT_OFFSET(struct flow_delta, when, 128);
CONTRACT_OFFSET(struct flow_delta, runs, 192);

/*
 * Two ways through the kernel's cache to a delta, the one used last in front:
 * each with a part of its key's hash and the number of the slot + 1 (0: no
 * delta). A hash has one bucket; a bucket that is full gives up its second way,
 * but not to a flow of which it has seen a single packet.
 */
struct flow_bucket {
	__u16 ways[2]; /* slot + 1 */
	__u8 tags[2];
	__u16 missed; /* part of the hash of who found no way last */
};
CONTRACT_SIZE(struct flow_bucket, 8);

#define FLOW_SLOTS_LIMIT 32768 /* slots that a way can name; 2^n */

/*
 * Beside deltas, two things come in their ring, told from them by their size:
 * packets that user space counts, in the same way.
 *
 * The first: a plain packet (bpf/headers.h) of a flow that the cache has no room
 * for. What headers_read() would look at, and nothing else.
 */
#define FLOW_PLAIN_FROM 22 /* bytes of the packet before those that come */

struct flow_plain {
	__u64 time;    /* ns, CLOCK_MONOTONIC */
	__u32 len;     /* bytes of the packet at the tap */
	__u32 ifindex;
	__u16 vlan_tci;
	__u8 has_vlan; /* vlan_tci is valid */
	__u8 tos;      /* of the IP header */
	__u16 length;  /* the same, network order */
	__u16 reserved;
	__u8 bytes[32]; /* from the TTL on */
};
CONTRACT_SIZE(struct flow_plain, 56);

/* The second: a packet that the kernel does not (yet) count by itself. Of most,
 * the first 160 bytes are enough, and the rest is not there. */
#define FLOW_WINDOW	  448
#define FLOW_WINDOW_SHORT 160

struct flow_window {
	__u64 time;	 /* ns, CLOCK_MONOTONIC */
	__u32 len;	 /* bytes of the packet at the tap */
	__u32 ifindex;
	__u32 gso_segs; /* as in struct __sk_buff */
	__u32 gso_size;
	__u32 caplen; /* bytes that are valid */
	__u16 vlan_tci;
	__u16 protocol; /* EtherType, host order */
	__u8 has_vlan;	/* vlan_tci is valid */
	__u8 reserved[31];
	__u8 bytes[FLOW_WINDOW];
};
CONTRACT_SIZE(struct flow_window, 512);
CONTRACT_OFFSET(struct flow_window, bytes, 64);

/* The sizes that records in the ring of deltas have: all are different. */
enum flow_record_size {
	FLOW_RECORD_PLAIN = sizeof(struct flow_plain),
	FLOW_RECORD_DELTA_COUNTS = __builtin_offsetof(struct flow_delta, when),
	FLOW_RECORD_DELTA_RUN = __builtin_offsetof(struct flow_delta, runs) +
				sizeof(struct flow_run),
	FLOW_RECORD_DELTA = sizeof(struct flow_delta),
	FLOW_RECORD_WINDOW_SHORT =
		__builtin_offsetof(struct flow_window, bytes) +
		FLOW_WINDOW_SHORT,
	FLOW_RECORD_WINDOW = sizeof(struct flow_window),
};

#endif
