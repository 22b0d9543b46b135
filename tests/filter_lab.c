/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/filter_lab.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>

#include "filters/insn.h"
#include "filters/optimise.h"
#include "filters/ssa.h"
#include "src/base/cleanup.h"
#include "src/base/cursor.h"

DEFINE_CLEANUP(struct graph *, graph_free)

/* ---- Chance ---- */

uint32_t chance_u32(struct chance *chance)
{
	uint32_t value = 0;

	if (chance->left) {
		for (int i = 0; i < 2 && chance->left; i++, chance->left--)
			value = value << 8 | *chance->bytes++;
		return value * 0x01000193u;
	}
	/* splitmix64 */
	chance->state += 0x9e3779b97f4a7c15u;
	uint64_t z = chance->state;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (uint32_t)((z ^ z >> 31) >> 16);
}

uint32_t chance_below(struct chance *chance, uint32_t n)
{
	return n ? (uint32_t)((uint64_t)chance_u32(chance) * n >> 32) : 0;
}

/* ---- Packets ---- */

static void put_be16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put_be32(uint8_t *at, uint32_t value)
{
	put_be16(at, value >> 16);
	put_be16(at + 2, value);
}

/* A constant of the program, or any number. */
static uint32_t some_constant(struct chance *chance,
			      const struct classic *program)
{
	if (program && chance_below(chance, 4))
		return program
			->code[chance_below(chance, (uint32_t)program->length)]
			.k;
	return chance_u32(chance);
}

static uint8_t some_protocol(struct chance *chance)
{
	static const uint8_t protocols[] = {6, 6,  6,  17, 17, 1,  58, 132,
					    0, 43, 44, 50, 51, 60, 89, 47};

	return protocols[chance_below(chance, sizeof(protocols))];
}

static uint32_t put_ipv4(uint8_t *at, struct chance *chance,
			 const struct classic *program)
{
	uint32_t words =
		chance_below(chance, 8) ? 5 : 5 + chance_below(chance, 11);

	at[0] = (uint8_t)(0x40 | words);
	put_be16(at + 2, 20 + chance_below(chance, 1400));
	put_be16(at + 6, chance_below(chance, 5) ? chance_below(chance, 2) << 14
						 : chance_u32(chance));
	at[9] = some_protocol(chance);
	put_be32(at + 12, some_constant(chance, program));
	put_be32(at + 16, some_constant(chance, program));
	return words * 4;
}

static uint32_t put_ipv6(uint8_t *at, struct chance *chance,
			 const struct classic *program)
{
	at[0] = 0x60;
	at[6] = some_protocol(chance);
	for (int i = 8; i < 40; i += 4)
		put_be32(at + i, some_constant(chance, program));
	return 40;
}

static const uint16_t protocols[] = {
	ETH_P_IP,      ETH_P_IP,      ETH_P_IP,	   ETH_P_IPV6,	ETH_P_IPV6,
	ETH_P_ARP,     ETH_P_RARP,    ETH_P_8021Q, ETH_P_8021Q, ETH_P_8021AD,
	ETH_P_MPLS_UC, ETH_P_PPP_SES, 0x100,
};

/* The headers from @at on; how many bytes they are. */
static uint32_t put_headers(uint8_t *at, struct chance *chance,
			    const struct classic *program)
{
	uint8_t *from = at;
	uint16_t protocol = ETH_P_8021Q;

	for (int i = 0; i < 12; i += 4)
		put_be32(at + i, some_constant(chance, program));
	at += 12;
	for (int tags = 0;
	     tags < 4 && (protocol == ETH_P_8021Q || protocol == ETH_P_8021AD);
	     tags++) {
		if (tags) {
			put_be16(at, some_constant(chance, program) & 0xfff);
			at += 2;
		}
		protocol =
			protocols[chance_below(chance, ARRAY_SIZE(protocols))];
		put_be16(at, protocol);
		at += 2;
	}
	if (protocol == ETH_P_IP)
		at += put_ipv4(at, chance, program);
	else if (protocol == ETH_P_IPV6)
		at += put_ipv6(at, chance, program);
	put_be16(at, some_constant(chance, program));
	put_be16(at + 2, some_constant(chance, program));
	at[12] = (uint8_t)(chance_u32(chance) & 0xf0);
	return (uint32_t)(at - from) + 20;
}

void lab_make_packet(struct lab_packet *packet, struct chance *chance,
		     const struct classic *program)
{
	uint32_t headers, damage;

	for (int i = 0; i < 256; i += 4)
		put_be32(packet->data + i,
			 chance_below(chance, 3) ? 0 : chance_u32(chance));
	headers = put_headers(packet->data, chance, program);
	switch (chance_below(chance, 4)) {
	case 0: /* cut anywhere in the headers */
		packet->length = 1 + chance_below(chance, headers);
		break;
	case 1: /* the headers and little more */
		packet->length = headers + chance_below(chance, 8);
		break;
	default:
		packet->length = headers + chance_below(chance, 200);
		break;
	}
	damage = chance_below(chance, 3) ? 0 : chance_below(chance, 6);
	while (damage--)
		packet->data[chance_below(chance, packet->length)] =
			(uint8_t)chance_u32(chance);
}

/* ---- Programs ---- */

static uint32_t some_offset(struct chance *chance)
{
	switch (chance_below(chance, 24)) {
	case 0:
		return chance_u32(chance);
	case 1:
		return (uint32_t)SKF_NET_OFF + chance_below(chance, 64);
	case 2:
		return (uint32_t)SKF_LL_OFF + chance_below(chance, 64);
	case 3:
		return chance_below(chance, 1500);
	case 4:
		return UINT32_MAX - chance_below(chance, 64);
	default:
		return chance_below(chance, 80);
	}
}

static uint32_t some_number(struct chance *chance)
{
	switch (chance_below(chance, 6)) {
	case 0:
		return chance_u32(chance);
	case 1:
		return UINT32_MAX - chance_below(chance, 4);
	case 2:
		return chance_below(chance, 0x10000);
	default:
		return chance_below(chance, 64);
	}
}

static struct sock_filter some_load(struct chance *chance)
{
	static const uint16_t codes[] = {
		BPF_LD | BPF_W | BPF_ABS,  BPF_LD | BPF_H | BPF_ABS,
		BPF_LD | BPF_B | BPF_ABS,  BPF_LD | BPF_W | BPF_IND,
		BPF_LD | BPF_H | BPF_IND,  BPF_LD | BPF_B | BPF_IND,
		BPF_LDX | BPF_B | BPF_MSH,
	};
	static const uint8_t extensions[] = {
		SKF_AD_PROTOCOL,  SKF_AD_PKTTYPE,
		SKF_AD_IFINDEX,	  SKF_AD_MARK,
		SKF_AD_QUEUE,	  SKF_AD_RXHASH,
		SKF_AD_VLAN_TAG,  SKF_AD_VLAN_TAG_PRESENT,
		SKF_AD_ALU_XOR_X,
	};
	uint16_t code = codes[chance_below(chance, ARRAY_SIZE(codes))];

	if (!chance_below(chance, 16))
		return (struct sock_filter)BPF_STMT(
			BPF_LD | BPF_W | BPF_ABS,
			(uint32_t)SKF_AD_OFF +
				extensions[chance_below(chance,
							sizeof(extensions))]);
	return (struct sock_filter)BPF_STMT(code, some_offset(chance));
}

static struct sock_filter some_alu(struct chance *chance)
{
	static const uint16_t ops[] = {BPF_ADD, BPF_SUB, BPF_MUL, BPF_DIV,
				       BPF_MOD, BPF_AND, BPF_AND, BPF_OR,
				       BPF_XOR, BPF_LSH, BPF_RSH, BPF_NEG};
	uint16_t op = ops[chance_below(chance, ARRAY_SIZE(ops))];
	uint16_t source = chance_below(chance, 2) ? BPF_X : BPF_K;
	uint32_t k = some_number(chance);

	if (op == BPF_LSH || op == BPF_RSH)
		k &= 31;
	if ((op == BPF_DIV || op == BPF_MOD) && !k)
		k = 3;
	if (op == BPF_NEG)
		source = 0;
	return (struct sock_filter)BPF_STMT((uint16_t)(BPF_ALU | op | source),
					    k);
}

static struct sock_filter some_move(struct chance *chance, uint16_t *written)
{
	uint32_t word = chance_below(chance, 4);
	bool known = *written >> word & 1;

	switch (chance_below(chance, 8)) {
	case 0:
		return (struct sock_filter)BPF_STMT(BPF_MISC | BPF_TAX, 0);
	case 1:
		return (struct sock_filter)BPF_STMT(BPF_MISC | BPF_TXA, 0);
	case 2:
		*written = (uint16_t)(*written | 1u << word);
		return (struct sock_filter)BPF_STMT(BPF_ST, word);
	case 3:
		*written = (uint16_t)(*written | 1u << word);
		return (struct sock_filter)BPF_STMT(BPF_STX, word);
	case 4:
		return (struct sock_filter)BPF_STMT(
			known ? BPF_LD | BPF_MEM : BPF_LD | BPF_IMM,
			known ? word : some_number(chance));
	case 5:
		return (struct sock_filter)BPF_STMT(
			known ? BPF_LDX | BPF_MEM : BPF_LDX | BPF_IMM,
			known ? word : some_number(chance));
	case 6:
		return (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_LEN,
						    0);
	default:
		return (struct sock_filter)BPF_STMT(BPF_LDX | BPF_IMM,
						    some_number(chance));
	}
}

static struct sock_filter some_branch(struct chance *chance, size_t left)
{
	static const uint16_t ops[] = {BPF_JEQ, BPF_JEQ,  BPF_JGT,
				       BPF_JGE, BPF_JSET, BPF_JA};
	uint16_t op = ops[chance_below(chance, ARRAY_SIZE(ops))];
	uint16_t source = chance_below(chance, 3) ? BPF_K : BPF_X;
	uint32_t far = left > 12 && chance_below(chance, 4)
			       ? 12
			       : (uint32_t)(left > 256 ? 256 : left);

	if (op == BPF_JA)
		return (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA,
						    chance_below(chance, far));
	return (struct sock_filter)BPF_JUMP((uint16_t)(BPF_JMP | op | source),
					    some_number(chance),
					    (uint8_t)chance_below(chance, far),
					    (uint8_t)chance_below(chance, far));
}

int lab_make_program(struct classic *program, struct chance *chance,
		     size_t longest)
{
	size_t length = 2 + chance_below(chance, (uint32_t)longest - 1);
	uint16_t written = 0;

	program->length = length;
	program->code = calloc(length, sizeof(*program->code));
	if (!program->code)
		return -ENOMEM;
	for (size_t i = 0; i < length; i++) {
		struct sock_filter *insn = &program->code[i];
		size_t left = length - i - 1;

		/* Scratch words are written before any jump, so that each
		 * is known wherever it is read. */
		if (i < 8 && i < left) {
			*insn = chance_below(chance, 2)
					? some_load(chance)
					: some_move(chance, &written);
			continue;
		}
		switch (left ? chance_below(chance, 8) : 7) {
		case 0:
		case 1:
			*insn = some_load(chance);
			break;
		case 2:
		case 3:
			*insn = some_alu(chance);
			break;
		case 4: {
			uint16_t fixed = written;

			*insn = some_move(chance, &fixed);
			if ((fixed & ~written) != 0)
				*insn = (struct sock_filter)BPF_STMT(
					BPF_MISC | BPF_TAX, 0);
			break;
		}
		case 5:
		case 6:
			*insn = some_branch(chance, left);
			break;
		default:
			*insn = (struct sock_filter)BPF_STMT(
				chance_below(chance, 2) ? BPF_RET | BPF_A
							: BPF_RET | BPF_K,
				some_number(chance));
			break;
		}
	}
	return 0;
}

/* ---- In the kernel ---- */

/* The kernel's test run wants whole IP headers; shorter packets are cut inside,
 * to the length that cb[0] says. */
static void enter(struct emitter *e)
{
	emit(e, MOV64_R(BPF_REG_6, BPF_REG_1));
	emit(e, LOAD_MEM(BPF_W, BPF_REG_2, BPF_REG_1,
			 offsetof(struct __sk_buff, cb)));
	emit(e, INSN(BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_2, 0, 2, 0));
	emit(e, MOV64_K(BPF_REG_3, 0));
	emit(e, CALL(BPF_FUNC_skb_change_tail));
	emit(e, MOV64_R(BPF_REG_1, BPF_REG_6));
}

/* As emit_tc, for a packet without a linear byte: the copy, always. */
static void begin_paged(struct emitter *e)
{
	emit_tc.begin(e);
	e->paged = true;
	e->least_bytes = 1; /* no guard has failed yet */
	if (e->fallback == FALLBACK_RESTART)
		emit_jump(e, JUMP, LABEL_SHORT);
	emit_label(e, LABEL_AGAIN);
}

static int compile(const struct classic *program, enum lab_hook hook,
		   bool optimised, struct program *out, struct strbuf *error)
{
	const struct emit_backend linear = {FALLBACK_RESTART, enter,
					    emit_tc.begin, emit_tc.finish};
	const struct emit_backend paged = {FALLBACK_RESTART, enter, begin_paged,
					   emit_tc.finish};
	const struct emit_backend *backends[] = {&linear, &paged, &emit_socket};
	struct graph *graph _cleanup_(graph_freep) = ssa_build(&(
		struct ssa_request){.program = program, .sharing = optimised});

	if (!graph)
		return -ENOMEM;
	if (optimised)
		optimise(graph);
	graph->portable = !optimised;
	return emit_program_with(graph, backends[hook], out, error);
}

int lab_load(const struct classic *program, enum lab_hook hook, bool optimised,
	     struct strbuf *error)
{
	static char log[1 << 20];
	LIBBPF_OPTS(bpf_prog_load_opts, options, .log_buf = log,
		    .log_size = sizeof(log), .log_level = 1);
	struct program code _cleanup_(program_free) = {0};
	enum bpf_prog_type type = hook == LAB_SOCKET
					  ? BPF_PROG_TYPE_SOCKET_FILTER
					  : BPF_PROG_TYPE_SCHED_CLS;
	int status = compile(program, hook, optimised, &code, error);
	int fd;

	if (status)
		return status;
	options.log_level = 0;
	fd = bpf_prog_load(type, "lab", "Dual BSD/GPL", code.code, code.length,
			   &options);
	if (fd >= 0)
		return fd;
	options.log_level = 1;
	bpf_prog_load(type, "lab", "Dual BSD/GPL", code.code, code.length,
		      &options);
	status = -errno;
	size_t n = strlen(log);

	strbuf_printf(error, "%s\n%s", strerror(-status),
		      log + (n > 3000 ? n - 3000 : 0));
	return status;
}

#define LAB_TC_SHORTEST 54

int lab_run(int fd, enum lab_hook hook, const struct lab_packet *packet,
	    uint32_t *verdict)
{
	static uint8_t shifted[LAB_PACKET_BYTES + ETH_HLEN];
	struct __sk_buff context = {.mark = LAB_MARK};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = packet->data,
		    .data_size_in = packet->length, .ctx_in = &context,
		    .ctx_size_in = sizeof(context));

	if (hook != LAB_SOCKET && packet->length < LAB_TC_SHORTEST) {
		options.data_size_in = LAB_TC_SHORTEST;
		context.cb[0] = packet->length;
	}
	if (hook == LAB_SOCKET) {
		memcpy(shifted + ETH_HLEN, packet->data, packet->length);
		options.data_in = shifted;
		options.data_size_in = packet->length + ETH_HLEN;
	}
	if (bpf_prog_test_run_opts(fd, &options))
		return -errno;
	*verdict = options.retval;
	return 0;
}

/* eth_type_trans() */
static uint32_t protocol_of(const uint8_t *frame)
{
	uint16_t protocol = load_be16(frame + 12);

	if (protocol >= ETH_P_802_3_MIN)
		return protocol;
	return load_be16(frame + 14) == 0xffff ? ETH_P_802_3 : ETH_P_802_2;
}

/* Test runs come in on lo, whose own and broadcast address are all zeros. */
static uint32_t packet_type_of(const uint8_t *frame)
{
	static const uint8_t mine[6] = {0};

	if (!memcmp(frame, mine, 6))
		return PACKET_HOST;
	return frame[0] & 1 ? PACKET_MULTICAST : PACKET_OTHERHOST;
}

uint32_t lab_expect(const struct classic *program, enum lab_hook hook,
		    const struct lab_packet *packet)
{
	static uint8_t shifted[LAB_PACKET_BYTES + ETH_HLEN];
	uint32_t metadata[SKF_AD_MAX / 4] = {0};
	struct reference_packet reference = {
		.data = packet->data,
		.caplen = packet->length,
		.length = packet->length,
		.network_offset = ETH_HLEN,
		.metadata = metadata,
	};

	memset(shifted, 0, ETH_HLEN);
	memcpy(shifted + ETH_HLEN, packet->data, packet->length);
	if (hook == LAB_SOCKET) {
		reference.data = shifted + ETH_HLEN;
		reference.network_offset = 0;
		reference.link_before = ETH_HLEN;
	}
	metadata[SKF_AD_PROTOCOL / 4] =
		protocol_of(hook == LAB_SOCKET ? shifted : packet->data);
	metadata[SKF_AD_PKTTYPE / 4] =
		packet_type_of(hook == LAB_SOCKET ? shifted : packet->data);
	if (hook == LAB_FRAGS) {
		reference.linear = packet->linear;
		metadata[SKF_AD_PROTOCOL / 4] = load_be16(packet->data + 12);
		metadata[SKF_AD_PKTTYPE / 4] = PACKET_HOST;
	}
	metadata[SKF_AD_IFINDEX / 4] = 1;
	metadata[SKF_AD_MARK / 4] = LAB_MARK;
	return reference_run(program, &reference, SSA_TURNS, NULL);
}
