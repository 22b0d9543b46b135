/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For the tests of the filter compiler: the packets of captures. (A file of its
 * own, since libpcap and the kernel have both a struct bpf_insn.)
 */
#ifndef BSNIFF_TESTS_FILTER_SHELF_H
#define BSNIFF_TESTS_FILTER_SHELF_H

#include <stddef.h>
#include <stdint.h>

struct shelf_packet {
	uint8_t *data;
	uint32_t length;
};

struct shelf {
	struct shelf_packet *packets;
	size_t count, capacity;
};

/* Put the packets of the capture at @path there, each up to @most bytes. What
 * cannot be read is left out: some captures are made to be broken. */
void shelf_read(struct shelf *shelf, const char *path, uint32_t most);
void shelf_free(struct shelf *shelf);

#endif
