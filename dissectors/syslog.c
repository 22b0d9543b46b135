/* SPDX-License-Identifier: BSD-3-Clause */
/* Syslog over UDP: RFC 3164, RFC 5424. */
#include "dissectors/dissector.h"
#include "dissectors/protocols.h"
#include "dissectors/put.h"

enum { MOST_DIGITS = 3 };

static const struct label severity_labels[] = {
	{0, "emergency"}, {1, "alert"},	 {2, "critical"}, {3, "error"},
	{4, "warning"},	  {5, "notice"}, {6, "info"},	  {7, "debug"},
	{0, NULL},
};

static const struct label facility_labels[] = {
	{0, "kernel"},	  {1, "user"},	  {2, "mail"},	  {3, "daemon"},
	{4, "auth"},	  {5, "syslog"},  {6, "lpr"},	  {7, "news"},
	{8, "uucp"},	  {9, "cron"},	  {10, "authpriv"}, {11, "ftp"},
	{12, "ntp"},	  {13, "security"}, {14, "console"}, {15, "cron"},
	{16, "local0"},	  {17, "local1"}, {18, "local2"}, {19, "local3"},
	{20, "local4"},	  {21, "local5"}, {22, "local6"}, {23, "local7"},
	{0, NULL},
};

/* <priority> into words[0], its length into words[1]. */
static void decode(struct dissection *d)
{
	struct cursor *c = &d->cursor;
	uint32_t priority = 0, n = 1;
	uint8_t byte = cursor_u8(c);

	if (!c->overrun && byte != '<') {
		d->layer->flags |= LAYER_BAD_LENGTH;
		return;
	}
	for (byte = cursor_u8(c); n <= MOST_DIGITS; n++) {
		if (byte < '0' || byte > '9')
			break;
		priority = priority * 10 + byte - '0';
		byte = cursor_u8(c);
	}
	if (c->overrun)
		d->layer->flags |= LAYER_TRUNCATED;
	else if (byte != '>')
		d->layer->flags |= LAYER_BAD_LENGTH;
	d->layer->words[0] = priority;
	d->layer->words[1] = n + 1;
}

static void put_message(struct text *t, const struct layer *layer)
{
	uint32_t header = (uint32_t)layer->words[1];
	struct cursor c = text_cursor(layer);

	cursor_skip(&c, header);
	if (layer->length > header &&
	    put_visible_bytes(t, c.at, layer->length - header, c.end))
		text_stop(t);
}

static void text(struct text *t, const struct layer *layer)
{
	uint32_t severity = layer->words[0] & 7;
	uint32_t facility = layer->words[0] >> 3 & 0x7f;
	struct cursor c = text_cursor(layer);

	t->protocol = "syslog";
	if (layer->flags & LAYER_TRUNCATED) {
		text_stop(t);
		return;
	}
	if (layer->flags & LAYER_BAD_LENGTH) {
		text_invalid(t);
		return;
	}
	if (!t->options->verbose) {
		put_text(t, "SYSLOG ");
		put_label(t, facility_labels, facility, "unknown (%u)");
		put_char(t, '.');
		put_label(t, severity_labels, severity, "unknown (%u)");
		put(t, ", length: %u", layer->length);
		return;
	}
	put(t, "SYSLOG, length: %u\n\tFacility ", layer->length);
	put_label(t, facility_labels, facility, "unknown (%u)");
	put(t, " (%u), Severity ", facility);
	put_label(t, severity_labels, severity, "unknown (%u)");
	put(t, " (%u)\n\tMsg: ", severity);
	put_message(t, layer);
	if (t->options->verbose > 1)
		put_unknown_data(t, &c, "\n\t", layer->length);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	uint32_t header = (uint32_t)layer->words[1];
	uint32_t n = layer->captured < layer->length ? layer->captured
						     : layer->length;

	(void)packet;
	if (layer->flags & (LAYER_TRUNCATED | LAYER_BAD_LENGTH))
		return;
	json_u64(json, "facility", layer->words[0] >> 3);
	json_u64(json, "severity", layer->words[0] & 7);
	if (n > header)
		json_text(json, "message", (const char *)layer->data + header,
			  n - header);
}

const struct dissector syslog_dissector = {
	.name = "syslog",
	.decode = decode,
	.text = text,
	.json = json,
};
