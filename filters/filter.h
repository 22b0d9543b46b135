/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The filter compiler: a pcap expression (or classic BPF) becomes a program
 * for the host and an eBPF object for the kernel, with one meaning.
 *
 *   text -> classic BPF (libpcap) -> control-flow graph -> optimised -> eBPF
 *        -> ELF object with BTF that defines  int bsniff_filter(struct
 *           __sk_buff *)
 *
 * A library with no knowledge of capture. The reference meaning of classic BPF
 * is the kernel's (net/core/filter.c): a load out of bounds or a division by
 * zero makes the packet not match.
 */
#ifndef BSNIFF_FILTERS_FILTER_H
#define BSNIFF_FILTERS_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/frame.h"
#include "src/base/strbuf.h"

struct filter;
struct bpf_object;

/* tcpdump's two meanings; they differ for tagged frames (live, the tag is
 * metadata beside the packet; in a file it is part of the bytes). */
enum filter_meaning {
	FILTER_LIVE,
	FILTER_FILE,
};

/* Where the program will run, which decides how it may reach the bytes. */
enum filter_backend {
	FILTER_BACKEND_TC,     /* sched_cls: direct packet access */
	FILTER_BACKEND_SOCKET, /* socket_filter: one bounded header copy */
};

struct filter_request {
	const char *expression; /* NULL or "": every packet matches */
	const char *bytecode;	/* instead: text as `tcpdump -ddd` prints it */
	int link_type;		/* a DLT_ value; DLT_LINUX_SLL2 for `any` */
	uint32_t snapshot;	/* what a match returns */
	enum filter_meaning meaning;
	const char *device; /* live: an interface to ask libpcap about; the
			       expression alone decides whether it is opened */
	uint32_t netmask;   /* network order, for `ip broadcast`;
			       PCAP_NETMASK_UNKNOWN if unknown */
	bool no_optimiser;  /* -O */
	bool any_vlan;	    /* --any-vlan */
	size_t lists_in_code; /* ranges of a list that code may search; longer
				 ones want maps, which filter_maps_fill()
				 fills. 0: the best number; SIZE_MAX: no maps */
	bool portable;	    /* the object is for other kernels than this one,
			       from 5.12 on, too; it is longer then */
};

/*
 * Compile. On success 0, and *@filter is the caller's, for filter_free(). On
 * failure a negative errno and one line without newline in @error, the words
 * after `bsniff: `: what is wrong and where in the expression.
 */
int filter_compile(const struct filter_request *request, struct filter **filter,
		   struct strbuf *error);

/* NULL is allowed. */
void filter_free(struct filter *filter);

/* What stands for: the packet's chain of headers (`protochain') is longer than
 * it is followed, so that nobody knows; count it, it does not match. */
#define FILTER_TOO_DEEP UINT32_MAX

/* Does the packet match, in the meaning that was asked for (FILTER_FILE)?
 * Returns the snapshot length to keep, at most INT32_MAX; 0 for no match; or
 * FILTER_TOO_DEEP, which needs bytecode, for the chain of any packet is shorter
 * than a file's is followed. */
uint32_t filter_run(const struct filter *filter, const struct frame *frame);

/* The expression that was compiled, NULL if there was none. Owned by @filter. */
const char *filter_expression(const struct filter *filter);

/* True when each packet matches, so that nobody needs to ask. */
bool filter_matches_all(const struct filter *filter);

/*
 * Does it ask which way the packet goes (`inbound`, `outbound`)? Only a socket
 * knows: at TC egress, skb->pkt_type does not say PACKET_OUTGOING.
 */
bool filter_wants_direction(const struct filter *filter);

/* Bytes, owned by the holder. */
struct filter_object {
	void *data;
	size_t length;
};

/*
 * The filter as an ELF object for bpf_linker: section ".text", one global
 * function `int bsniff_filter(struct __sk_buff *)` with BTF, which returns the
 * snapshot length, 0 for no match; at most 256 bytes of stack. In the object's
 * view, offset 0 is what the request's link type says (live DLT_LINUX_SLL2:
 * the network header, with the cooked header's fields taken from metadata).
 * 0, or a negative errno with a line in @error.
 */
int filter_object_make(const struct filter *filter, enum filter_backend backend,
		       struct filter_object *object, struct strbuf *error);

/* The same, for one who counts: the function may return FILTER_TOO_DEEP, too,
 * and otherwise returns at most INT32_MAX. */
int filter_object_make_telling(const struct filter *filter,
			       enum filter_backend backend,
			       struct filter_object *object,
			       struct strbuf *error);
void filter_object_free(struct filter_object *object);

/* After bpf_object__load(): fill the maps that the filter brought, if any. */
int filter_maps_fill(const struct filter *filter, struct bpf_object *loaded,
		     struct strbuf *error);

/*
 * What --explain prints: with @pass NULL, the expression, libpcap's program
 * (not optimised) and the eBPF for the back end with what each part is for;
 * else the graph as it is after that pass (see optimise.h; "ssa" is before the
 * first). 0, or a negative errno with a line in @error, which names the passes
 * if @pass is none.
 */
int filter_explain(const struct filter *filter, const char *pass,
		   enum filter_backend backend, struct strbuf *out,
		   struct strbuf *error);

/* What --explain -r prints: the tests that the packet meets, and which of them
 * decided. */
void filter_explain_frame(const struct filter *filter,
			  const struct frame *frame, struct strbuf *out);

/* How -d, -dd and -ddd print classic BPF. */
enum filter_listing {
	FILTER_LISTING_TEXT = 1,
	FILTER_LISTING_C = 2,
	FILTER_LISTING_DECIMAL = 3,
};

/* What tcpdump prints for -d, -dd, -ddd: libpcap's program (optimised unless
 * the request said otherwise). */
void filter_put_listing(const struct filter *filter, enum filter_listing how,
			struct strbuf *out);

#endif
