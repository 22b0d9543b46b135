/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/filter_shelf.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "filters/array.h"

void shelf_read(struct shelf *shelf, const char *path, uint32_t most)
{
	char message[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline(path, message);
	struct pcap_pkthdr *header;
	const u_char *data;

	if (!pcap)
		return;
	while (pcap_next_ex(pcap, &header, &data) == 1) {
		struct shelf_packet packet = {
			malloc(header->caplen ? header->caplen : 1),
			header->caplen < most ? header->caplen : most};

		if (!packet.data)
			break;
		memcpy(packet.data, data, header->caplen);
		if (!packet.length || !ARRAY_ADD(shelf->packets, shelf->count,
						 shelf->capacity, packet))
			free(packet.data);
	}
	pcap_close(pcap);
}

void shelf_free(struct shelf *shelf)
{
	for (size_t i = 0; i < shelf->count; i++)
		free(shelf->packets[i].data);
	free(shelf->packets);
	*shelf = (struct shelf){0};
}
