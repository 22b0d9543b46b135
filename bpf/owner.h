/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * Who owns a socket: what bpf/owner.bpf.c and src/owner/ agree on.
 *
 * Fixed-width types only; host byte order unless a field says "network"; times
 * are nanoseconds of CLOCK_MONOTONIC.
 */
#ifndef BSNIFF_BPF_OWNER_H
#define BSNIFF_BPF_OWNER_H

#include "bpf/contract.h"

/*
 * How it is known that a socket is a process's, in order of trust: a claim
 * replaces what is known by a lower one. X(name, text for people)
 */
#define OWNER_KNOWN(X)                                                       \
	X(NOT, "")                                                           \
	X(CREATED, "created")	  /* it made the socket */                   \
	X(LISTENER, "accepted")	  /* it is the listener's, nobody used it */ \
	X(OPEN, "open at start")  /* it had the socket open back then */     \
	X(ACCEPTED, "accepted")	  /* it holds what a listener accepted */    \
	X(LISTENING, "listening") /* it called listen() */                   \
	X(CLOSED, "closed")	  /* it closed or shut down the socket */    \
	X(CONNECTED, "connected") /* it called connect() */                  \
	X(RECEIVED, "received")	  /* it read from the socket */              \
	X(SENT, "sent")		  /* it wrote to the socket */

enum owner_known {
#define OWNER_KNOWN_ENUM(name, text) OWNER_##name,
	OWNER_KNOWN(OWNER_KNOWN_ENUM)
#undef OWNER_KNOWN_ENUM
};

#define OWNER_COMM	16 /* TASK_COMM_LEN of <linux/sched.h> */
#define OWNER_CONTAINER 80 /* of --container=, with the terminator */

/* Which of owner_filter's fields count. */
enum owner_filter_wants {
	OWNER_WANT_PID = 1 << 0,
	OWNER_WANT_COMM = 1 << 1,
	OWNER_WANT_USER = 1 << 2,
	OWNER_WANT_CONTAINER = 1 << 3,
};

/* Whose packets are wanted: --pid, --process, --user, --container. */
struct owner_filter {
	__u32 wants; /* enum owner_filter_wants; 0: everybody's */
	__u32 pid;   /* thread group */
	__u32 uid;
	__u32 container_length;
	char comm[OWNER_COMM]; /* padded with zeros */
	char container[OWNER_CONTAINER];
};
CONTRACT_SIZE(struct owner_filter, 112);

/* Written before load, constant afterwards. */
struct owner_config {
	struct owner_filter filter;
	__u32 command_lines; /* tell of them, too */
	__u32 senders;	     /* places of the map owner_senders, 2^n */
};
CONTRACT_SIZE(struct owner_config, 120);

/* A process as it was when it used a socket. tgid 0: the kernel itself. */
struct owner_process {
	__u64 start; /* when it began, ns since boot; with tgid, its identity */
	__u64 cgroup; /* another number when it is moved to other cgroups */
	__u32 tgid;   /* thread group: what people call pid */
	__u32 uid;    /* effective, as the first user namespace has it */
	char comm[OWNER_COMM]; /* of the thread group's leader */
};
CONTRACT_SIZE(struct owner_process, 40);

/* Who owns a socket, kept in the socket's storage. */
struct owner_state {
	struct owner_process process;
	__u64 told;    /* when user space was last told of it */
	__u64 since;   /* when it got this pair of addresses; 0: not known */
	__u32 remote;  /* the tuple that user space was told of: the last */
	__u32 ports;   /* word of the remote address, both ports */
	__u8 known;    /* enum owner_known */
	__u8 wanted;   /* 1: the filter on owners lets it pass */
	__u16 changes; /* of process, at most 65535 */
	__u16 flows;   /* of a shared port: told of in this period */
	__u16 period;
};
CONTRACT_SIZE(struct owner_state, 72);

enum owner_tuple_flags {
	OWNER_TUPLE_DUAL = 1 << 0, /* an IPv6 socket that takes IPv4 as well */
	OWNER_TUPLE_FLOW = 1 << 1, /* one flow of a socket not connected */
};

/* Both ends of a socket, from its own point of view. Addresses and ports are
 * in network order; an IPv4 address is in the first four bytes. */
struct owner_tuple {
	__u8 local[16];	 /* zero: any */
	__u8 remote[16]; /* zero: not connected */
	__u16 local_port;
	__u16 remote_port;
	__u8 protocol; /* IP protocol */
	__u8 family;   /* enum flow_family */
	__u8 flags;    /* enum owner_tuple_flags */
	__u8 reserved;
	__u32 netns; /* inode number of the network namespace */
	__u32 reserved2;
};
CONTRACT_SIZE(struct owner_tuple, 48);

enum owner_event_type {
	OWNER_EVENT_PROCESS = 1, /* struct owner_process_event */
	OWNER_EVENT_SOCKET,	 /* the others: struct owner_event */
	OWNER_EVENT_GONE,	 /* a socket was closed */
	OWNER_EVENT_COMMAND,	 /* struct owner_command_event */
};

/* A socket changed hands, or is gone. */
struct owner_event {
	__u32 type; /* enum owner_event_type */
	__u8 known; /* enum owner_known */
	__u8 reserved[3];
	__u64 time;
	__u64 since;  /* when the socket got this pair of addresses */
	__u64 cookie; /* of the socket */
	struct owner_process process;
	struct owner_tuple tuple; /* GONE: of TCP only; protocol 0: none */

	/* GONE, of a TCP connection: the kernel's own numbers. */
	__u32 srtt;	   /* smoothed round trip, us; 0: not known */
	__u32 retransmits; /* segments sent again, in total */
};
CONTRACT_SIZE(struct owner_event, 128);

#define OWNER_CGROUP_LEVELS 12
#define OWNER_CGROUP_NAME   256 /* NAME_MAX of <linux/limits.h>, and a NUL */
#define OWNER_CGROUP_NAMES  1032

/* A process is about to be named in events: where it runs. */
struct owner_process_event {
	__u32 type;
	__u32 length; /* bytes of names that are valid */
	struct owner_process process;
	/*
	 * The cgroup and its parents, the innermost first, each name with a NUL
	 * behind it; the root's is empty, and where there are too many, "..."
	 * stands for the others before it. First the cgroup of version 2, then,
	 * where version 1 is still in use, one of that.
	 */
	char names[OWNER_CGROUP_NAMES];
};
CONTRACT_SIZE(struct owner_process_event, 1080);

#define OWNER_COMMAND 256

/* Behind a process's event, if command lines are asked for: how its own begins.
 * Each word has a NUL behind it; a process may have written anything there. */
struct owner_command_event {
	__u32 type;
	__u32 length; /* bytes of text; 0: they could not be had */
	__u64 total;  /* bytes of all words; 0: the same */
	struct owner_process process;
	char text[OWNER_COMMAND];
};
CONTRACT_SIZE(struct owner_command_event, 312);

/* One, shared by all CPUs. */
struct owner_counters {
	__u64 lost; /* events: no room in the ring */
};

/* One, written by user space. */
struct owner_wishes {
	__u64 again; /* a scan tells of all sockets not told of since then */
	__u32 shared; /* 1: processes share a port, so tell who sends each flow
			 of such a socket */
	__u32 reserved;
};

#endif
