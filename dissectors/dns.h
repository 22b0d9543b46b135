/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DNS messages: RFC 1035. Names may point back into the message, so all that
 * reads one takes the message as a whole and an offset in it.
 */
#ifndef BSNIFF_DISSECTORS_DNS_H
#define BSNIFF_DISSECTORS_DNS_H

#include "dissectors/dissector.h"
#include "dissectors/put.h"

/* What the snapshot holds of a message. */
struct dns_message {
	const uint8_t *data;
	size_t length;
	bool multicast;
	size_t base; /* where pointers count from: ordinarily 0 */
};

/* Are there @n bytes at @offset? */
static inline bool dns_has(const struct dns_message *m, size_t offset, size_t n)
{
	return offset <= m->length && m->length - offset >= n;
}

/* What follows the name at @offset; 0 if that is not to be known. */
size_t dns_skip_name(const struct dns_message *m, size_t offset);

/* The same, having printed it; what is wrong with it is printed too. */
size_t dns_text_name(struct text *t, const struct dns_message *m,
		     size_t offset);

/* A resource record (or, without ttl and data, a question). */
struct dns_record {
	size_t name; /* offset */
	uint16_t type, class;
	uint32_t ttl;
	size_t data; /* offset */
	uint16_t length;
};

/* Read the one at @offset: what follows it; 0 where the snapshot ends. */
size_t dns_read_question(const struct dns_message *m, size_t offset,
			 struct dns_record *record);
size_t dns_read_record(const struct dns_message *m, size_t offset,
		       struct dns_record *record);

/* Print the one at @offset: what follows it; 0 where the packet is cut off. */
size_t dns_text_question(struct text *t, const struct dns_message *m,
			 size_t offset);
size_t dns_text_record(struct text *t, const struct dns_message *m,
		       size_t offset);

/* The value of an EDNS option list, " [...]". False where it is cut off. */
bool dns_text_edns(struct text *t, const struct dns_message *m, size_t offset,
		   size_t end);

extern const struct label dns_type_labels[];

#endif
