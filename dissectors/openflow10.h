/* SPDX-License-Identifier: BSD-3-Clause */
/* OpenFlow 1.0.0. */
#ifndef BSNIFF_DISSECTORS_OPENFLOW10_H
#define BSNIFF_DISSECTORS_OPENFLOW10_H

#include "dissectors/openflow.h"

extern const struct label openflow10_ports[];

/* Numbers as tcpdump has them: by name, or in decimal. */
void openflow10_put_port(struct text *t, const char *title, uint16_t port);
void openflow10_put_queue(struct text *t, uint32_t queue);

/* 16 or more bytes of text, up to a NUL, in quotes after @title. */
void openflow10_put_string(struct text *t, struct cursor *c, uint32_t size,
			   const char *title);

/* A match of 40 bytes, each of its fields after @prefix. */
void openflow10_text_match(struct text *t, struct cursor *c,
			   const char *prefix);

void openflow10_text_actions(struct text *t, struct cursor c, uint32_t length,
			     const char *prefix);

/* Statistics: a request and a reply. */
void openflow10_text_stats_request(struct text *t, struct cursor c,
				   uint32_t length);
void openflow10_text_stats_reply(struct text *t, struct cursor c,
				 uint32_t length);

#endif
