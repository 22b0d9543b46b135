/* SPDX-License-Identifier: BSD-3-Clause */
/* OpenFlow: the switch specifications of the Open Networking Foundation. */
#ifndef BSNIFF_DISSECTORS_OPENFLOW_H
#define BSNIFF_DISSECTORS_OPENFLOW_H

#include "dissectors/put.h"

enum openflow_length { OPENFLOW_FIXED, OPENFLOW_LEAST };

/* A type of message: what is behind the header. */
struct openflow_message {
	const char *name;
	enum openflow_length rule; /* about size */
	uint32_t size;
	/* The body from @c on, @length bytes of it on the wire; may be NULL. */
	void (*text)(struct text *t, struct cursor c, uint32_t length);
};

/* NULL if the version has no such type. */
const struct openflow_message *openflow10_message(uint8_t type);
const struct openflow_message *openflow13_message(uint8_t type);

/* " (A, B) (bogus)": the bits of @value, and whether others are set. */
void openflow_put_bits(struct text *t, const struct label *labels,
		       uint32_t value);

/* ", vendor 0x005c16c7 (name)" with the title given. */
void openflow_put_vendor(struct text *t, const char *title, uint32_t vendor);

/* A text of at most @size bytes, up to a NUL, in quotes. It is read as far as
 * the NUL; what is behind may be missing from the snapshot. */
void openflow_put_string(struct text *t, struct cursor *c, uint32_t size);

/* A title and what was read for it: not even the title where the snapshot
 * ended. */
void openflow_put_label(struct text *t, const char *title,
			const struct label *labels, uint32_t value,
			const char *format);
void openflow_put_mac(struct text *t, const char *title,
		      const uint8_t *address);
void openflow_put_ipv4(struct text *t, const char *title,
		       const uint8_t *address);

void openflow_text_data(struct text *t, struct cursor c, uint32_t length);

/* (invalid), and what is left of the body must be there. */
void openflow_invalid(struct text *t, const struct cursor *c, uint32_t length);

#endif
