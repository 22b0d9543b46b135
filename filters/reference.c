/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/reference.h"

#include "filters/graph.h"
#include "src/base/cursor.h"

struct machine {
	const struct classic *program;
	const struct reference_packet *packet;
	uint32_t a, x;
	uint32_t memory[BPF_MEMWORDS];
	uint32_t words[4]; /* of an IPv6 address, as far as it was compared */
	bool failed;	   /* the packet does not match */
};

/* Offsets from 2^31 on count from a header, or mean nothing. */
static uint32_t read_packet(struct machine *m, uint32_t offset, uint32_t size)
{
	const struct reference_packet *packet = m->packet;
	int64_t at = offset;
	int64_t end = packet->caplen;
	const uint8_t *p;

	if (offset > INT32_MAX && packet->linear)
		end = packet->linear;
	if (offset >= (uint32_t)SKF_NET_OFF)
		at = (int64_t)(offset - (uint32_t)SKF_NET_OFF) +
		     packet->network_offset;
	else if (offset >= (uint32_t)SKF_LL_OFF)
		at = (int64_t)(offset - (uint32_t)SKF_LL_OFF) -
		     packet->link_before;
	else if (offset > INT32_MAX)
		at = UINT32_MAX;
	if (m->failed || (offset > INT32_MAX && !packet->metadata) ||
	    at + size > end) {
		m->failed = true;
		return 0;
	}
	p = packet->data + at;
	return size == 4 ? load_be32(p) : size == 2 ? load_be16(p) : *p;
}

static uint32_t read_extension(struct machine *m, int extension)
{
	if (extension == SKF_AD_ALU_XOR_X && m->packet->rules != RULES_FILE)
		return m->a ^ m->x;
	if (!m->packet->metadata) {
		m->failed = true;
		return 0;
	}
	return m->packet->metadata[extension / 4];
}

static uint32_t load(struct machine *m, const struct sock_filter *insn)
{
	uint32_t size = BPF_SIZE(insn->code) == BPF_W	? 4
			: BPF_SIZE(insn->code) == BPF_H ? 2
							: 1;
	int extension = classic_extension(insn);

	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
		return insn->k;
	case BPF_MEM:
		return m->memory[insn->k];
	case BPF_LEN:
		return m->packet->length;
	case BPF_MSH:
		return (read_packet(m, insn->k, 1) & 15) * 4;
	case BPF_IND:
		if (m->packet->rules == RULES_FILE && m->x > ~insn->k)
			m->failed = true;
		return read_packet(m, m->x + insn->k, size);
	default:
		return extension >= 0 ? read_extension(m, extension)
				      : read_packet(m, insn->k, size);
	}
}

static uint32_t operand(const struct machine *m, const struct sock_filter *insn)
{
	return BPF_SRC(insn->code) == BPF_X ? m->x : insn->k;
}

static void compute(struct machine *m, const struct sock_filter *insn)
{
	uint8_t op = (uint8_t)BPF_OP(insn->code);
	uint32_t b = operand(m, insn);

	if ((op == BPF_DIV || op == BPF_MOD) && !b)
		m->failed = true;
	else
		m->a = graph_compute(m->packet->rules, op, m->a, b);
}

/* Is there a member whose first words are those seen so far? */
static bool is_member(struct machine *m, const struct list_site *site)
{
	const struct list *list = &m->packet->lists[site->list];

	if (list->kind != LIST_IPV6)
		return list_has(list, &m->a);
	m->words[site->word] = m->a;
	for (size_t i = 0; i < list->count; i++) {
		const struct list_range *range = &list->ranges[i];
		int w = 0;

		while (w <= site->word && m->words[w] >= range->low[w] &&
		       m->words[w] <= range->high[w])
			w++;
		if (w > site->word)
			return true;
	}
	return false;
}

static bool is_taken(struct machine *m, size_t at)
{
	const struct sock_filter *insn = &m->program->code[at];

	if (m->packet->sites && m->packet->sites[at].list >= 0)
		return is_member(m, &m->packet->sites[at]);
	return graph_compare((uint8_t)BPF_OP(insn->code), m->a,
			     operand(m, insn));
}

/* Run one instruction that is not a return; where the next one is. */
static size_t step(struct machine *m, size_t at)
{
	const struct sock_filter *insn = &m->program->code[at];
	size_t to[2] = {at + 1, at + 1};

	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		m->a = load(m, insn);
		break;
	case BPF_LDX:
		m->x = load(m, insn);
		break;
	case BPF_ST:
		m->memory[insn->k] = m->a;
		break;
	case BPF_STX:
		m->memory[insn->k] = m->x;
		break;
	case BPF_ALU:
		compute(m, insn);
		break;
	case BPF_MISC:
		if (BPF_MISCOP(insn->code) == BPF_TAX)
			m->x = m->a;
		else
			m->a = m->x;
		break;
	case BPF_JMP:
		if (classic_next(m->program, at, to) == 2 && !is_taken(m, at))
			return to[1];
		break;
	}
	return to[0];
}

uint32_t reference_run(const struct classic *program,
		       const struct reference_packet *packet,
		       unsigned int turns, bool *visited)
{
	struct machine m = {.program = program, .packet = packet};
	size_t at = 0;

	for (;;) {
		const struct sock_filter *insn = &program->code[at];

		if (visited)
			visited[at] = true;
		if (packet->watch)
			packet->watch(packet->context, at, m.a, m.x);
		if (BPF_CLASS(insn->code) == BPF_RET)
			return BPF_RVAL(insn->code) == BPF_A ? m.a : insn->k;
		if (classic_is_loop(insn) && !turns--) {
			if (packet->too_deep)
				*packet->too_deep = true;
			return 0;
		}
		at = step(&m, at);
		if (m.failed)
			return 0;
	}
}
