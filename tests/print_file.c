/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The printers on a capture file, without the rest of the program:
 * print_file [-#nNtqvSexXAKfbj] [-T TYPE] [--nano] -r FILE, as tcpdump has
 * them. -j: JSON; -k N: every packet cut at N bytes; -L N: the file N times.
 */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

#include "dissectors/dissect.h"
#include "dissectors/packet_json.h"
#include "dissectors/text.h"
#include "src/base/strbuf.h"

struct settings {
	struct text_options text;
	struct dissect_options dissect;
	const char *file;
	bool json;
	unsigned int cut, loops;
	unsigned long count;
};

static int parse(int argc, char **argv, struct settings *s)
{
	static const struct option longs[] = {
		{"nano", no_argument, NULL, 1000},
		{"micro", no_argument, NULL, 1001},
		{"lengths", no_argument, NULL, 1002},
		{0},
	};
	struct text_options *o = &s->text;
	int c;

	while ((c = getopt_long(argc, argv, "#AbeffjKNnqSttuvxXT:r:k:L:c:",
				longs, NULL)) != -1) {
		switch (c) {
		case '#': o->number = true; break;
		case 'A': o->ascii++; break;
		case 'b': o->as_dotted = true; break;
		case 'e': o->link_header = true; break;
		case 'f': o->foreign_numeric = true; break;
		case 'j': s->json = true; break;
		case 'K': o->no_checksum = true; break;
		case 'N': o->no_domain = true; break;
		case 'n': o->numeric = true; break;
		case 'q': o->quiet++; break;
		case 'S': o->absolute_sequence = true; break;
		case 't': o->time_format++; break;
		case 'u': o->undecoded_nfs = true; break;
		case 'v': o->verbose++; break;
		case 'x': o->hex++; break;
		case 'X': o->hex_ascii++; break;
		case 'r': s->file = optarg; break;
		case 'k': s->cut = (unsigned int)atoi(optarg); break;
		case 'L': s->loops = (unsigned int)atoi(optarg); break;
		case 'c': s->count = strtoul(optarg, NULL, 10); break;
		case 1000: o->nanoseconds = true; break;
		case 1001: o->nanoseconds = false; break;
		case 1002: o->lengths = true; break;
		case 'T':
			if (!dissect_as_from_name(optarg, &s->dissect.as))
				return -EINVAL;
			o->as = s->dissect.as;
			break;
		default:
			return -EINVAL;
		}
	}
	o->wait_for_names = true;
	return s->file ? 0 : -EINVAL;
}

static int print_file(const struct settings *s, struct text_printer *printer,
		      struct strbuf *out)
{
	char error[PCAP_ERRBUF_SIZE];
	bool nano = s->text.nanoseconds;
	FILE *file = fopen(s->file, "rb");
	pcap_t *pcap;
	struct pcap_pkthdr *header;
	const u_char *data;
	unsigned long number = 0;

	if (!file) {
		perror("print_file");
		return 1;
	}
	setvbuf(file, NULL, _IOFBF, 1 << 18);
	pcap = pcap_fopen_offline_with_tstamp_precision(
		file,
		nano ? PCAP_TSTAMP_PRECISION_NANO : PCAP_TSTAMP_PRECISION_MICRO,
		error);
	if (!pcap) {
		fprintf(stderr, "print_file: %s\n", error);
		fclose(file);
		return 1;
	}
	while ((!s->count || number < s->count) &&
	       pcap_next_ex(pcap, &header, &data) == 1) {
		struct frame frame = {
			.time = {header->ts.tv_sec,
				 header->ts.tv_usec * (nano ? 1 : 1000)},
			.data = data,
			.caplen = header->caplen,
			.len = header->len,
			.link_type = pcap_datalink(pcap),
			.number = ++number,
		};
		struct packet packet;

		if (s->cut && frame.caplen > s->cut)
			frame.caplen = s->cut;
		dissect(&frame, &packet, &s->dissect);
		if (s->json) {
			packet_put_json(&packet, out);
			strbuf_putc(out, '\n');
		} else {
			text_printer_put(printer, &packet, out);
		}
		if (out->length > 1 << 16) {
			fwrite(out->data, 1, out->length, stdout);
			strbuf_reset(out);
		}
	}
	fwrite(out->data, 1, out->length, stdout);
	strbuf_reset(out);
	pcap_close(pcap);
	return 0;
}

int main(int argc, char **argv)
{
	struct settings s = {.loops = 1};
	struct strbuf out = STRBUF_INIT;
	struct text_printer *printer;
	int status = 0;

	if (parse(argc, argv, &s)) {
		fprintf(stderr, "usage: print_file [options] -r FILE\n");
		return 1;
	}
	printer = text_printer_new(&s.text);
	if (!printer || !strbuf_grow(&out, 1 << 17))
		return 1;
	while (s.loops-- && !status)
		status = print_file(&s, printer, &out);
	text_printer_free(printer);
	strbuf_free(&out);
	return status;
}
