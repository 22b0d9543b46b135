/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissectors/text.h"

#include <stdlib.h>
#include <time.h>

#include "dissectors/names.h"
#include "dissectors/printer.h"
#include "dissectors/protocols.h"
#include "dissectors/put.h"
#include "dissectors/sequences.h"
#include "dissectors/tcp.h"
#include "src/base/cleanup.h"

/* libpcap's largest snapshot length; more is taken for a broken file. */
enum { MOST_CAPTURED = 262144 };

void text_printer_free(struct text_printer *printer)
{
	if (!printer)
		return;
	names_free(printer->names);
	sequences_free(printer->sequences);
	free(printer);
}

struct text_printer *text_printer_new(const struct text_options *options)
{
	_cleanup_(text_printer_freep) struct text_printer *printer =
		calloc(1, sizeof(*printer));

	if (!printer)
		return NULL;
	printer->options = *options;
	if (!options->numeric) {
		printer->names = names_new(&printer->options);
		if (!printer->names)
			return NULL;
	}
	printer->sequences = sequences_new();
	if (!printer->sequences)
		return NULL;
	return TAKE_PTR(printer);
}

void text_printer_set_network(struct text_printer *printer, uint32_t network,
			      uint32_t netmask)
{
	if (printer->names)
		names_set_network(printer->names, network, netmask);
}

static void put_fraction(struct text *t, int64_t nanoseconds)
{
	bool nano = t->options->nanoseconds;
	uint32_t fraction = (uint32_t)(nano ? nanoseconds : nanoseconds / 1000);
	char *to = strbuf_room(t->out, 1 + 6 + WRITE_SLOP);

	if (!to)
		return;
	*to++ = '.';
	if (!nano && fraction < 1000000) {
		strbuf_added(t->out, write_u32_padded(to, fraction, 6));
		return;
	}
	strbuf_added(t->out, to);
	strbuf_u32_padded(t->out, fraction, nano ? 9 : 6);
}

/* tcpdump keeps seconds in 31 bits. */
static bool is_printable_time(int64_t seconds)
{
	return !((uint32_t)seconds & 0x80000000);
}

static size_t format_second(int64_t seconds, bool with_date, bool local,
			    char *text, size_t size)
{
	time_t when = (time_t)seconds;
	struct tm tm;

	if (!(local ? localtime_r(&when, &tm) : gmtime_r(&when, &tm)))
		return 0;
	return strftime(text, size,
			with_date ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", &tm);
}

static void put_clock(struct text *t, struct stamp time, bool with_date,
		      bool local)
{
	struct text_printer *p = t->printer;

	if (!is_printable_time(time.seconds)) {
		put_text(t, "[Error converting time]");
		return;
	}
	if (!p->has_second || p->second != time.seconds) {
		p->second_length =
			format_second(time.seconds, with_date, local,
				      p->second_text, sizeof(p->second_text));
		p->second = time.seconds;
		p->has_second = true;
	}
	if (!p->second_length) {
		put_text(t, "[Error converting time]");
		return;
	}
	strbuf_add(t->out, p->second_text, p->second_length);
	put_fraction(t, time.nanoseconds);
}

static struct stamp stamp_minus(struct stamp a, struct stamp b)
{
	struct stamp d = {a.seconds - b.seconds,
			  a.nanoseconds - b.nanoseconds};

	if (d.nanoseconds < 0) {
		d.seconds--;
		d.nanoseconds += 1000000000;
	}
	return d;
}

static bool stamp_before(struct stamp a, struct stamp b)
{
	return a.seconds != b.seconds ? a.seconds < b.seconds
				      : a.nanoseconds < b.nanoseconds;
}

/* What the time is counted in: a file in nanoseconds loses its last digits
 * before anything is subtracted. */
static struct stamp stamp_rounded(const struct text *t, struct stamp time)
{
	if (!t->options->nanoseconds)
		time.nanoseconds = time.nanoseconds / 1000 * 1000;
	return time;
}

static void put_delta(struct text *t, struct stamp time, bool from_previous)
{
	struct text_printer *p = t->printer;
	bool negative;

	if (!p->has_reference) {
		p->reference = time;
		p->has_reference = time.seconds || time.nanoseconds;
	}
	negative = stamp_before(time, p->reference);
	put_char(t, negative ? '-' : ' ');
	put_clock(t,
		  negative ? stamp_minus(p->reference, time)
			   : stamp_minus(time, p->reference),
		  false, false);
	if (from_previous) {
		p->reference = time;
		p->has_reference = time.seconds || time.nanoseconds;
	}
}

static void put_time(struct text *t, struct stamp time)
{
	time = stamp_rounded(t, time);
	switch (t->options->time_format) {
	case 0:
		put_clock(t, time, false, true);
		break;
	case 2:
		if (is_printable_time(time.seconds)) {
			put_u32(t, (uint32_t)time.seconds);
			put_fraction(t, time.nanoseconds);
		} else {
			put_text(t, "[Error converting time]");
		}
		break;
	case 3:
	case 5:
		put_delta(t, time, t->options->time_format == 3);
		break;
	case 4:
		put_clock(t, time, true, true);
		break;
	default:
		return;
	}
	put_char(t, ' ');
}

/* A record that no packet can have. */
static bool is_invalid_record(const struct frame *frame)
{
	return !frame->caplen || !frame->len || frame->len < frame->caplen ||
	       frame->caplen > MOST_CAPTURED || frame->len > MOST_CAPTURED;
}

static void put_invalid_record(struct text *t, const struct frame *frame)
{
	put_text(t, "[Invalid header:");
	if (!frame->caplen)
		put_text(t, " caplen==0,");
	if (!frame->len)
		put_text(t, " len==0,");
	else if (frame->len < frame->caplen)
		put(t, " len(%u) < caplen(%u),", frame->len, frame->caplen);
	if (frame->caplen > MOST_CAPTURED)
		put(t, " caplen(%u) > %u,", frame->caplen, MOST_CAPTURED);
	if (frame->len > MOST_CAPTURED)
		put(t, " len(%u) > %u,", frame->len, MOST_CAPTURED);
	t->out->length--;
	put_text(t, "]\n");
}

void text_printer_prepare(const struct text_printer *printer,
			  const struct packet *packet)
{
	for (unsigned int i = 1; i < packet->count; i++)
		if (packet->layers[i].dissector == &tcp_dissector)
			tcp_text_prepare(printer, packet, &packet->layers[i]);
}

static void put_ascii(struct text *t, const uint8_t *bytes, size_t n)
{
	char *to = strbuf_room(t->out, n + 1);

	if (!to)
		return;
	*to++ = '\n';
	for (size_t i = 0; i < n; i++) {
		uint8_t c = bytes[i];

		if (c == '\r') {
			/* Of a line's end only the newline is printed. */
			if (i + 2 < n && bytes[i + 1] != '\n')
				*to++ = '.';
		} else if (c == '\t' || c == '\n' || (c >= 0x20 && c < 0x7f)) {
			*to++ = (char)c;
		} else {
			*to++ = '.';
		}
	}
	strbuf_added(t->out, to);
}

static void put_dump(struct text *t, const struct frame *frame)
{
	const struct text_options *o = t->options;
	unsigned int level = o->hex_ascii ? o->hex_ascii
			     : o->hex	  ? o->hex
					  : o->ascii;
	size_t skip = level > 1 ? 0 : t->link_length;

	if (!level || frame->caplen <= skip)
		return;
	if (o->hex_ascii)
		put_hex_ascii(t, "\n\t", frame->data + skip,
			      frame->caplen - skip);
	else if (o->hex)
		put_hex(t, "\n\t", frame->data + skip, frame->caplen - skip);
	else
		put_ascii(t, frame->data + skip, frame->caplen - skip);
}

static void put_layers(struct text *t)
{
	const struct layer *link = &t->packet->layers[0];
	const struct frame *frame = t->packet->frame;

	if (!t->packet->count) { /* nobody knows the link type */
		put_text(t, "UNSUPPORTED");
		put_hex_ascii(t, "\n\t", frame->data, frame->caplen);
		return;
	}
	link->dissector->text(t, link);
	if (t->stopped) {
		t->out->length = t->stopped_at;
		t->link_length = 0;
	}
}

void text_printer_put(struct text_printer *printer, const struct packet *packet,
		      struct strbuf *out)
{
	const struct frame *frame = packet->frame;
	struct text t = {
		.out = out,
		.options = &printer->options,
		.packet = packet,
		.printer = printer,
		.protocol = "",
	};

	if (printer->options.number)
		put(&t, "%5u  ", (uint32_t)frame->number);
	if (is_invalid_record(frame)) {
		put_invalid_record(&t, frame);
		return;
	}
	if (printer->options.lengths)
		put(&t, "caplen %u, len %u, ", frame->caplen, frame->len);
	put_time(&t, frame->time);
	put_layers(&t);
	put_dump(&t, frame);
	put_char(&t, '\n');
}

bool text_link_type_supported(int link_type)
{
	return dissect_supports(link_type);
}
