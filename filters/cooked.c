/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/cooked.h"

#include <errno.h>
#include <stdint.h>

/* struct sll2_header of <pcap/sll.h>, with the extension for each field. */
enum { COOKED_LENGTH = 20 };

static int field_extension(uint32_t offset)
{
	switch (offset) {
	case 0:
		return SKF_AD_PROTOCOL;
	case 4:
		return SKF_AD_IFINDEX;
	case 8:
		return SKF_AD_HATYPE;
	case 10:
		return SKF_AD_PKTTYPE;
	default:
		return -1;
	}
}

static int translate(struct sock_filter *insn, struct strbuf *error)
{
	int extension;

	if (insn->k > INT32_MAX)
		return 0; /* an extension already */
	if (insn->k >= COOKED_LENGTH) {
		insn->k -= COOKED_LENGTH;
		return 0;
	}
	extension = field_extension(insn->k);
	if (BPF_CLASS(insn->code) != BPF_LD ||
	    BPF_MODE(insn->code) != BPF_ABS || extension < 0) {
		strbuf_printf(error,
			      "filter: byte %u of the cooked header is not "
			      "known while capturing on `any'",
			      insn->k);
		return -EOPNOTSUPP;
	}
	insn->k = (uint32_t)(SKF_AD_OFF + extension);
	return 0;
}

int cooked_translate(struct classic *program, struct strbuf *error)
{
	for (size_t i = 0; i < program->length; i++) {
		struct sock_filter *insn = &program->code[i];
		unsigned int mode = BPF_MODE(insn->code);
		int status;

		if ((BPF_CLASS(insn->code) != BPF_LD &&
		     BPF_CLASS(insn->code) != BPF_LDX) ||
		    (mode != BPF_ABS && mode != BPF_IND && mode != BPF_MSH))
			continue;
		status = translate(insn, error);
		if (status)
			return status;
	}
	return 0;
}
