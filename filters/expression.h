/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The door to libpcap: an expression in, classic BPF out. Nothing else in
 * filters/ includes <pcap/pcap.h>.
 */
#ifndef BSNIFF_FILTERS_EXPRESSION_H
#define BSNIFF_FILTERS_EXPRESSION_H

#include <stdbool.h>

#include "filters/classic.h"
#include "filters/filter.h"
#include "src/base/strbuf.h"

/* A libpcap handle that compiles with one meaning; see expression_open(). */
struct expression_compiler;

/*
 * A handle for the request's link type and meaning. A file's handle reads an
 * empty capture, since libpcap refuses what files cannot know (`inbound`)
 * only there. Live, the device is opened only if @text says `vlan`: libpcap
 * writes the code for tags that the kernel took out of the frame only for an
 * activated handle. NULL and a line in @error on failure; @status is then a
 * negative errno.
 */
struct expression_compiler *
expression_open(const struct filter_request *request, const char *text,
		int *status, struct strbuf *error);
void expression_close(struct expression_compiler *compiler);

/* libpcap's program for @text. 0, or a negative errno and libpcap's message
 * in @error. */
int expression_compile(struct expression_compiler *compiler, const char *text,
		       bool optimise, struct classic *program,
		       struct strbuf *error);

/* As -d prints one instruction, without a newline. */
void expression_put_insn(const struct sock_filter *insn, size_t at,
			 struct strbuf *out);

/* The program as tcpdump prints it. */
void expression_put(const struct classic *program, enum filter_listing how,
		    struct strbuf *out);

#endif
