/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A process that owns, or owned, a socket.
 */
#ifndef BSNIFF_OWNER_OWNER_H
#define BSNIFF_OWNER_OWNER_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/owner.h"
#include "src/base/strbuf.h"
#include "src/owner/container.h"

struct owner {
	uint32_t pid; /* thread group; 0: the kernel itself */
	uint32_t uid;
	uint64_t start;		      /* ns since boot */
	char process[OWNER_COMM + 1]; /* its name, at most 15 characters */
	char *cgroup;		      /* path; "" when it is not known */
	char *command;		      /* line; NULL: not asked, not known */
	struct container container;
};

/* An end of a connection that is a socket of this machine. */
struct owner_end {
	const struct owner *owner; /* NULL: not known, or not ours */
	enum owner_known known;	   /* how it is known */
	/* Of a TCP socket that is closed by now, the kernel's own numbers. */
	uint32_t srtt;	      /* smoothed round trip, us; 0: not known */
	uint32_t retransmits; /* segments sent again */
	uint32_t netns; /* inode number of another network namespace; 0: here */
	/* ns from the time asked for to when the socket was there; 0: then */
	int64_t distance;
};

/* "sent", "received", … Static text. */
const char *owner_known_text(enum owner_known known);

/* The user's name, or the number when there is none. */
void owner_put_user(const struct owner *owner, struct strbuf *out);

/* "docker:0123456789ab", or the systemd unit; nothing for neither. */
void owner_put_container(const struct owner *owner, struct strbuf *out);

/*
 * The command line of @owner, of which the kernel told this much, at most 4 KiB:
 * its words separated by spaces, what no terminal should get as '?'. What the
 * kernel did not tell is read now; if the process is gone, or another has its
 * number, or its words are others by now, the rest is "...". False: nothing of
 * it is known.
 */
bool owner_put_command_line(const struct owner *owner,
			    const struct owner_command_event *told,
			    struct strbuf *out);

#endif
