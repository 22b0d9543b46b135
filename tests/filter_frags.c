/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/filter_frags.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/pkt_cls.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "filters/array.h"
#include "filters/insn.h"
#include "filters/optimise.h"
#include "filters/ssa.h"
#include "src/base/cleanup.h"

#define FRAME_BYTES 2048
#define LO	    1 /* its index in a new namespace */

DEFINE_CLEANUP(struct graph *, graph_free)

/* What the program at the egress writes down; the value of the map. */
struct notes {
	uint32_t count;
	uint32_t verdicts[FRAGS_MOST];
	uint32_t linear[FRAGS_MOST];
};

struct frags {
	int socket, map, program;
	uint8_t *ring;
	size_t next; /* frame of the ring */
};

static int raise_lo(void)
{
	int fd _cleanup_close_ = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};

	return ioctl(fd, SIOCSIFFLAGS, &request) ? -errno : 0;
}

static int open_ring(struct frags *frags)
{
	const struct sockaddr_ll to = {.sll_family = AF_PACKET,
				       .sll_ifindex = LO};
	const struct tpacket_req ring = {.tp_block_size =
						 FRAME_BYTES * FRAGS_MOST,
					 .tp_block_nr = 1,
					 .tp_frame_size = FRAME_BYTES,
					 .tp_frame_nr = FRAGS_MOST};
	int version = TPACKET_V2, yes = 1, mark = LAB_MARK;
	int fd = frags->socket = socket(AF_PACKET, SOCK_RAW, 0);
	void *pages;

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version,
		       sizeof(version)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &yes, sizeof(yes)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_TX_RING, &ring, sizeof(ring)) ||
	    bind(fd, (const struct sockaddr *)&to, sizeof(to)))
		return -errno;
	pages = mmap(NULL, ring.tp_block_size, PROT_READ | PROT_WRITE,
		     MAP_SHARED, fd, 0);
	if (pages == MAP_FAILED)
		return -errno;
	frags->ring = pages;
	return 0;
}

int frags_open(struct frags **out)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = LO,
		    .attach_point = BPF_TC_EGRESS);
	struct frags *frags = calloc(1, sizeof(*frags));
	int status;

	if (!frags)
		return -ENOMEM;
	frags->socket = frags->map = frags->program = -1;
	status = unshare(CLONE_NEWNET) ? -errno : raise_lo();
	if (!status)
		status = open_ring(frags);
	if (!status)
		status = bpf_tc_hook_create(&hook);
	if (!status) {
		frags->map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "notes", 4,
					    sizeof(struct notes), 1, NULL);
		status = frags->map < 0 ? -errno : 0;
	}
	if (status)
		frags_close(frags);
	else
		*out = frags;
	return status;
}

void frags_close(struct frags *frags)
{
	if (!frags)
		return;
	if (frags->ring)
		munmap(frags->ring, FRAME_BYTES * FRAGS_MOST);
	if (frags->socket >= 0)
		close(frags->socket);
	if (frags->map >= 0)
		close(frags->map);
	if (frags->program >= 0)
		close(frags->program);
	free(frags);
}

/* ---- The program ---- */

/* Calls the filter, which follows, and notes what it says. */
static int load_with_notes(const struct frags *frags,
			   const struct program *filter, char *log, size_t size)
{
	LIBBPF_OPTS(bpf_prog_load_opts, options, .log_buf = log,
		    .log_size = (uint32_t)size, .log_level = 4);
	const struct bpf_insn notes[] = {
		MOV64_R(BPF_REG_6, BPF_REG_1),
		INSN(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, 23),
		MOV64_R(BPF_REG_7, BPF_REG_0),
		STORE_K(BPF_W, BPF_REG_10, -4, 0),
		MOV64_R(BPF_REG_2, BPF_REG_10),
		ALU64_K(BPF_ADD, BPF_REG_2, -4),
		INSN(BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, BPF_PSEUDO_MAP_FD, 0,
		     frags->map),
		INSN(0, 0, 0, 0, 0),
		CALL(BPF_FUNC_map_lookup_elem),
		INSN(BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_0, 0, 13, 0),
		LOAD_MEM(BPF_W, BPF_REG_1, BPF_REG_0, 0),
		MOV64_R(BPF_REG_2, BPF_REG_1),
		ALU64_K(BPF_AND, BPF_REG_2, FRAGS_MOST - 1),
		ALU64_K(BPF_LSH, BPF_REG_2, 2),
		MOV64_R(BPF_REG_3, BPF_REG_0),
		ALU64_R(BPF_ADD, BPF_REG_3, BPF_REG_2),
		STORE_MEM(BPF_W, BPF_REG_3, offsetof(struct notes, verdicts),
			  BPF_REG_7),
		ALU64_K(BPF_ADD, BPF_REG_1, 1),
		STORE_MEM(BPF_W, BPF_REG_0, 0, BPF_REG_1),
		LOAD_MEM(BPF_W, BPF_REG_4, BPF_REG_6,
			 offsetof(struct __sk_buff, data_end)),
		LOAD_MEM(BPF_W, BPF_REG_5, BPF_REG_6,
			 offsetof(struct __sk_buff, data)),
		ALU64_R(BPF_SUB, BPF_REG_4, BPF_REG_5),
		STORE_MEM(BPF_W, BPF_REG_3, offsetof(struct notes, linear),
			  BPF_REG_4),
		MOV64_K(BPF_REG_0, TC_ACT_STOLEN),
		EXIT,
	};
	size_t length = ARRAY_SIZE(notes) + filter->length;
	struct bpf_insn *code _cleanup_free_ = calloc(length, sizeof(*code));
	int fd;

	if (!code)
		return -ENOMEM;
	memcpy(code, notes, sizeof(notes));
	memcpy(code + ARRAY_SIZE(notes), filter->code,
	       filter->length * sizeof(*code));
	fd = bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "frags", "Dual BSD/GPL",
			   code, length, &options);
	return fd < 0 ? -errno : fd;
}

static int attach(struct frags *frags, int program)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = LO,
		    .attach_point = BPF_TC_EGRESS);
	LIBBPF_OPTS(bpf_tc_opts, options, .handle = 1, .priority = 1,
		    .prog_fd = program, .flags = BPF_TC_F_REPLACE);
	int status = bpf_tc_attach(&hook, &options);

	if (frags->program >= 0)
		close(frags->program);
	frags->program = program;
	return status;
}

int frags_load(struct frags *frags, const struct classic *classic,
	       bool optimised, struct strbuf *error)
{
	static char log[4096];
	struct program program _cleanup_(program_free) = {0};
	struct graph *graph _cleanup_(graph_freep) = ssa_build(&(
		struct ssa_request){.program = classic, .sharing = optimised});
	int status;

	if (!graph)
		return -ENOMEM;
	if (optimised)
		optimise(graph);
	graph->portable = !optimised;
	status = emit_program(graph, FILTER_BACKEND_TC, &program, error);
	if (status)
		return status;
	status = load_with_notes(frags, &program, log, sizeof(log));
	if (status < 0) {
		strbuf_printf(error, "%s: %s", strerror(-status), log);
		return status;
	}
	return attach(frags, status);
}

/* ---- Packets ---- */

static void put_frame(struct frags *frags, const struct frags_packet *packet)
{
	struct tpacket2_hdr *header =
		(void *)(frags->ring + frags->next * FRAME_BYTES);
	uint8_t *at = (uint8_t *)header + TPACKET_ALIGN(sizeof(*header));
	struct virtio_net_hdr offload = {
		.hdr_len = (uint16_t)packet->packet.linear};

	memcpy(at, &offload, sizeof(offload));
	memcpy(at + sizeof(offload), packet->packet.data,
	       packet->packet.length);
	header->tp_len = (uint32_t)sizeof(offload) + packet->packet.length;
	__atomic_store_n(&header->tp_status, TP_STATUS_SEND_REQUEST,
			 __ATOMIC_RELEASE);
	frags->next = (frags->next + 1) % FRAGS_MOST;
}

int frags_run(struct frags *frags, struct frags_packet *packets, size_t count)
{
	struct notes notes = {0};
	uint32_t key = 0;

	if (count > FRAGS_MOST ||
	    bpf_map_update_elem(frags->map, &key, &notes, BPF_ANY))
		return -EINVAL;
	for (size_t i = 0; i < count; i++)
		put_frame(frags, &packets[i]);
	if (send(frags->socket, NULL, 0, 0) < 0)
		return -errno;
	if (bpf_map_lookup_elem(frags->map, &key, &notes))
		return -errno;
	if (notes.count != count)
		return -EIO;
	for (size_t i = 0; i < count; i++) {
		packets[i].verdict = notes.verdicts[i];
		packets[i].packet.linear = notes.linear[i];
	}
	return 0;
}
