/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/expression.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "src/base/cleanup.h"

/* The ring of a handle that never reads a packet. */
#define LIVE_BUFFER_BYTES 65536

struct expression_compiler {
	pcap_t *pcap;
	char *savefile; /* what the handle of a file meaning reads */
	bpf_u_int32 netmask;
};

void expression_close(struct expression_compiler *compiler)
{
	if (!compiler)
		return;
	if (compiler->pcap)
		pcap_close(compiler->pcap);
	free(compiler->savefile);
	free(compiler);
}
DEFINE_CLEANUP(struct expression_compiler *, expression_close)

/* Does a word @word stand in @text? */
static bool has_word(const char *text, const char *word)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_.-";
	size_t n = strlen(word);

	while (*(text += strcspn(text, letters))) {
		size_t length = strspn(text, letters);

		if (length == n && !memcmp(text, word, n))
			return true;
		text += length;
	}
	return false;
}

/* ---- The three kinds of handle ---- */

/* An empty capture file of the link type, as libpcap writes it: only libpcap
 * knows its DLT_ to LINKTYPE_ table. */
static int write_savefile(struct expression_compiler *compiler, pcap_t *dead,
			  size_t *length)
{
	FILE *out = open_memstream(&compiler->savefile, length);
	pcap_dumper_t *dumper;

	if (!out)
		return -errno;
	dumper = pcap_dump_fopen(dead, out);
	if (!dumper) {
		fclose(out);
		return -EINVAL;
	}
	pcap_dump_close(dumper);
	return 0;
}

static int open_file(struct expression_compiler *compiler,
		     const struct filter_request *request, struct strbuf *error)
{
	char message[PCAP_ERRBUF_SIZE] = "";
	pcap_t *dead =
		pcap_open_dead(request->link_type, (int)request->snapshot);
	size_t length = 0;
	FILE *in;
	int status;

	if (!dead)
		return -ENOMEM;
	status = write_savefile(compiler, dead, &length);
	if (status) {
		/* A link type that has no place in files: the dead handle
		 * is as near as libpcap can come. */
		compiler->pcap = dead;
		return 0;
	}
	pcap_close(dead);
	in = fmemopen(compiler->savefile, length, "rb");
	if (!in)
		return -errno;
	compiler->pcap = pcap_fopen_offline(in, message);
	if (compiler->pcap)
		return 0;
	fclose(in);
	strbuf_printf(error, "%s", message);
	return -EINVAL;
}

static int open_live(struct expression_compiler *compiler,
		     const struct filter_request *request, struct strbuf *error)
{
	char message[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap = pcap_create(request->device, message);
	int status;

	if (!pcap) {
		strbuf_printf(error, "%s: %s", request->device, message);
		return -ENODEV;
	}
	compiler->pcap = pcap;
	pcap_set_snaplen(pcap, (int)request->snapshot);
	pcap_set_buffer_size(pcap, LIVE_BUFFER_BYTES);
	status = pcap_activate(pcap);
	if (status < 0) {
		strbuf_printf(error,
			      "%s: libpcap must look at it to compile `vlan': "
			      "%s",
			      request->device, pcap_geterr(pcap));
		return status == PCAP_ERROR_PERM_DENIED ? -EPERM : -ENODEV;
	}
	if (pcap_datalink(pcap) != request->link_type &&
	    pcap_set_datalink(pcap, request->link_type)) {
		strbuf_printf(error, "%s: %s", request->device,
			      pcap_geterr(pcap));
		return -EINVAL;
	}
	return 0;
}

static int open_dead(struct expression_compiler *compiler,
		     const struct filter_request *request)
{
	compiler->pcap =
		pcap_open_dead(request->link_type, (int)request->snapshot);
	return compiler->pcap ? 0 : -ENOMEM;
}

struct expression_compiler *
expression_open(const struct filter_request *request, const char *text,
		int *status, struct strbuf *error)
{
	struct expression_compiler *compiler _cleanup_(expression_closep) =
		calloc(1, sizeof(*compiler));

	*status = -ENOMEM;
	if (!compiler)
		return NULL;
	compiler->netmask = request->netmask;
	if (request->meaning == FILTER_FILE)
		*status = open_file(compiler, request, error);
	else if (request->device && !request->any_vlan &&
		 has_word(text, "vlan"))
		*status = open_live(compiler, request, error);
	else
		*status = open_dead(compiler, request);
	return *status ? NULL : TAKE_PTR(compiler);
}

/* ---- Where a syntax error is ---- */

/* Longer expressions are not searched: each word costs some compilations. */
#define MOST_WORDS 200

static bool is_syntax_error(struct expression_compiler *compiler,
			    const char *text)
{
	struct bpf_program compiled;

	if (!pcap_compile(compiler->pcap, &compiled, text, 0,
			  compiler->netmask)) {
		pcap_freecode(&compiled);
		return false;
	}
	return strstr(pcap_geterr(compiler->pcap), "syntax error") != NULL;
}

/* Can the first @length bytes of @text begin an expression? libpcap does not
 * say, so a few ways to go on are tried. */
static bool can_begin(struct expression_compiler *compiler, const char *text,
		      size_t length)
{
	static const char *const endings[] = {
		"",	      " ip",
		" 1",	      " host 192.0.2.1",
		" 192.0.2.1", " 80",
		" = 1",	      " 1] = 1",
		"] = 1",      " 00:00:00:00:00:01",
	};
	struct strbuf whole _cleanup_(strbuf_free) = STRBUF_INIT;
	int open = 0;

	for (size_t i = 0; i < length; i++)
		open += (text[i] == '(') - (text[i] == ')');
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++) {
		strbuf_reset(&whole);
		strbuf_add(&whole, text, length);
		strbuf_puts(&whole, endings[i]);
		for (int n = 0; n < open; n++)
			strbuf_putc(&whole, ')');
		if (!is_syntax_error(compiler, strbuf_text(&whole)))
			return true;
	}
	return false;
}

/* `, at "word" (character n)' for the first word that cannot stand there. */
static void put_place(struct expression_compiler *compiler, const char *text,
		      struct strbuf *error)
{
	size_t at = strspn(text, " \t\n");
	struct timespec begin, now;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (int words = 0; text[at] && words < MOST_WORDS; words++) {
		/* Names that nobody resolves take long, each time. */
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec > begin.tv_sec + 1)
			return;

		size_t n = strcspn(text + at, " \t\n");

		if (!can_begin(compiler, text, at + n)) {
			strbuf_printf(error, ", at \"%.*s\" (character %zu)",
				      n < 60 ? (int)n : 60, text + at, at + 1);
			return;
		}
		at += n;
		at += strspn(text + at, " \t\n");
	}
	if (!text[at])
		strbuf_puts(error, ", at its end");
}

int expression_compile(struct expression_compiler *compiler, const char *text,
		       bool optimise, struct classic *program,
		       struct strbuf *error)
{
	struct bpf_program compiled = {0};
	int status;

	if (pcap_compile(compiler->pcap, &compiled, text, optimise,
			 compiler->netmask)) {
		strbuf_puts(error, pcap_geterr(compiler->pcap));
		if (strstr(pcap_geterr(compiler->pcap), "syntax error"))
			put_place(compiler, text, error);
		return -EINVAL;
	}
	status = classic_copy(program, compiled.bf_insns, compiled.bf_len);
	pcap_freecode(&compiled);
	return status;
}

/* ---- Listings ---- */

void expression_put_insn(const struct sock_filter *insn, size_t at,
			 struct strbuf *out)
{
	struct bpf_insn copy = {insn->code, insn->jt, insn->jf, insn->k};

	strbuf_puts(out, bpf_image(&copy, (int)at));
}

void expression_put(const struct classic *program, enum filter_listing how,
		    struct strbuf *out)
{
	if (how == FILTER_LISTING_DECIMAL)
		strbuf_printf(out, "%zu\n", program->length);
	for (size_t i = 0; i < program->length; i++) {
		const struct sock_filter *insn = &program->code[i];

		switch (how) {
		case FILTER_LISTING_TEXT:
			expression_put_insn(insn, i, out);
			strbuf_putc(out, '\n');
			break;
		case FILTER_LISTING_C:
			strbuf_printf(out, "{ 0x%x, %d, %d, 0x%08x },\n",
				      insn->code, insn->jt, insn->jf, insn->k);
			break;
		case FILTER_LISTING_DECIMAL:
			strbuf_printf(out, "%u %u %u %u\n", insn->code,
				      insn->jt, insn->jf, insn->k);
			break;
		}
	}
}
