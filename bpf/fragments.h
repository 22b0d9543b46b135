/* SPDX-License-Identifier: (BSD-3-Clause OR GPL-2.0-only) */
/*
 * The ports of a later fragment are those of the first one of its datagram: so
 * all are of one flow. A small table that forgets: the first one writes its
 * ports where those of another datagram may have been.
 *
 * Compiled for the kernel (a table a CPU) and for the host.
 */
#ifndef BSNIFF_BPF_FRAGMENTS_H
#define BSNIFF_BPF_FRAGMENTS_H

#include "bpf/delta.h"
#include "bpf/headers.h"

#define FRAGMENTS 128 /* 2^n */

struct fragment {
	struct flow_key key; /* without ports */
	__u32 id;	     /* of the datagram */
	__u16 source_port;   /* of the first fragment, network order */
	__u16 destination_port;
	__u64 reserved;
};

struct fragments {
	struct fragment entries[FRAGMENTS];
};

/* A fragment was read as @key and @facts: remember its ports, or set them. */
static __always_inline void fragments_join(struct fragments *fragments,
					   struct flow_key *key,
					   const struct packet_facts *facts)
{
	__u16 from = key->source_port, to = key->destination_port;
	__u32 id = facts->fragment_id;
	struct fragment *f;
	__u64 hash;

	key->source_port = 0;
	key->destination_port = 0;
	hash = delta_key_hash(key, id);
	f = &fragments->entries[hash & (FRAGMENTS - 1)];
	if (facts->fragment == 1) {
		f->key = *key;
		f->id = id;
		f->source_port = from;
		f->destination_port = to;
	} else if (f->id == id && delta_key_equal(&f->key, key)) {
		from = f->source_port;
		to = f->destination_port;
	}
	key->source_port = from;
	key->destination_port = to;
}

#endif
