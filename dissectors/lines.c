/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissectors/lines.h"

#include <strings.h>

#include "dissectors/protocols.h"

enum { WORD_SIZE = 129 };

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static bool is_end(uint8_t c)
{
	return c == '\r' || c == '\n';
}

static bool is_printable(uint8_t c)
{
	return c >= 0x20 && c < 0x7f;
}

/* The word at @at into @word; where the next begins, 0 if there is no word. */
static size_t take_word(const uint8_t *bytes, size_t n, size_t at, char *word)
{
	size_t length = 0;

	for (; at < n && !is_space(bytes[at]) && !is_end(bytes[at]); at++) {
		if (!is_printable(bytes[at]) || length + 2 > WORD_SIZE)
			return 0;
		word[length++] = (char)bytes[at];
	}
	/* The rest of the word may not have been captured. */
	if (!length)
		return 0;
	word[length] = '\0';
	while (at < n && is_space(bytes[at]))
		at++;
	return at;
}

static bool is_request(const char *const *requests, const char *word)
{
	for (; *requests; requests++)
		if (!strcasecmp(*requests, word))
			return true;
	return false;
}

static bool is_code(const char *word)
{
	return strspn(word, "0123456789") == 3 && !word[3];
}

/* Does the message begin with a request or a response? The payload may be
 * longer than what was captured; a word that is cut off is none. */
static bool begins_message(const struct layer *layer,
			   const char *const *requests)
{
	bool cut = layer->captured < layer->length;
	size_t n = cut ? layer->captured : layer->length;
	char word[WORD_SIZE];
	size_t at = take_word(layer->data, n, 0, word);

	if (!at || (cut && at == n && !is_space(layer->data[n - 1])))
		return false;
	if (is_request(requests, word))
		return true;
	at = take_word(layer->data, n, at, word);
	if (!at || (cut && at == n && !is_space(layer->data[n - 1])))
		return false;
	return is_code(word);
}

/* One line at @at; where the next begins, 0 if there is none to be printed. */
static size_t text_line(struct text *t, const struct layer *layer,
			const char *before, size_t at)
{
	size_t begin = at, end = 0;

	for (; at < layer->length; at++) {
		uint8_t c = text_at(t, layer, at, 1)[0];

		if (t->stopped)
			return 0;
		if (c == '\n') {
			end = at + 1;
			break;
		}
		if (c == '\r') {
			if (at + 1 >= layer->length)
				return 0;
			if (text_at(t, layer, at + 1, 1)[0] != '\n')
				return 0;
			end = at + 2;
			break;
		}
		if (!is_printable(c) && c != '\t')
			return 0;
	}
	put_text(t, before);
	strbuf_add(t->out, layer->data + begin, at - begin);
	if (!end)
		text_trunc(t);
	return end;
}

void lines_text(struct text *t, const struct layer *layer,
		const struct lines_protocol *protocol)
{
	size_t at = 0;

	t->protocol = protocol->name;
	put_text(t, protocol->title);
	if (protocol->requests && !begins_message(layer, protocol->requests))
		return;
	if (!t->options->verbose) {
		text_line(t, layer, ": ", 0);
		return;
	}
	put(t, ", length: %u", layer->length);
	while (at < layer->length) {
		at = text_line(t, layer, "\n\t", at);
		if (!at)
			break;
	}
}

void lines_json(struct json *json, const struct packet *packet,
		const struct layer *layer)
{
	size_t n = layer->captured < layer->length ? layer->captured
						   : layer->length;
	size_t end = 0;

	(void)packet;
	while (end < n && !is_end(layer->data[end]))
		end++;
	json_text(json, "line", (const char *)layer->data, end);
}

static void decode(struct dissection *d)
{
	(void)d;
}

static const char *const http_requests[] = {
	"GET",	       "PUT",	      "COPY",	      "HEAD",
	"LOCK",	       "MOVE",	      "POLL",	      "POST",
	"BCOPY",       "BMOVE",	      "MKCOL",	      "TRACE",
	"LABEL",       "MERGE",	      "DELETE",	      "SEARCH",
	"UNLOCK",      "REPORT",      "UPDATE",	      "NOTIFY",
	"BDELETE",     "CONNECT",     "OPTIONS",      "CHECKIN",
	"PROPFIND",    "CHECKOUT",    "CCM_POST",     "SUBSCRIBE",
	"PROPPATCH",   "BPROPFIND",   "BPROPPATCH",   "UNCHECKOUT",
	"MKACTIVITY",  "MKWORKSPACE", "UNSUBSCRIBE",  "RPC_CONNECT",
	"VERSION-CONTROL", "BASELINE-CONTROL", NULL,
};

static const char *const rtsp_requests[] = {
	"DESCRIBE", "ANNOUNCE", "GET_PARAMETER", "OPTIONS",	  "PAUSE",
	"PLAY",	    "RECORD",	"REDIRECT",	 "SETUP",	  "SET_PARAMETER",
	"TEARDOWN", NULL,
};

static const char *const sip_requests[] = {
	"ACK",	   "BYE",    "CANCEL",	  "DO",	    "INFO",	 "INVITE",
	"MESSAGE", "NOTIFY", "OPTIONS",	  "PRACK",  "QAUTH",	 "REFER",
	"REGISTER", "SPRACK", "SUBSCRIBE", "UPDATE", "PUBLISH", NULL,
};

static void text_http(struct text *t, const struct layer *layer)
{
	static const struct lines_protocol http = {"http", "HTTP",
						   http_requests};

	put_text(t, ": ");
	lines_text(t, layer, &http);
}

static void text_rtsp(struct text *t, const struct layer *layer)
{
	static const struct lines_protocol rtsp = {"rtsp", "RTSP",
						   rtsp_requests};

	put_text(t, ": ");
	lines_text(t, layer, &rtsp);
}

static void text_sip(struct text *t, const struct layer *layer)
{
	static const struct lines_protocol sip = {"sip", "SIP", sip_requests};

	lines_text(t, layer, &sip);
}

static void text_smtp(struct text *t, const struct layer *layer)
{
	static const struct lines_protocol smtp = {"smtp", "SMTP", NULL};

	put_text(t, ": ");
	lines_text(t, layer, &smtp);
}

static void text_ftp(struct text *t, const struct layer *layer)
{
	static const struct lines_protocol ftp = {"ftp", "FTP", NULL};

	put_text(t, ": ");
	lines_text(t, layer, &ftp);
}

static void text_whois(struct text *t, const struct layer *layer)
{
	static const struct lines_protocol whois = {"whois", "WHOIS", NULL};

	put_text(t, ": ");
	lines_text(t, layer, &whois);
}

#define LINES_DISSECTOR(protocol)                                              \
	const struct dissector protocol##_dissector = {                        \
		.name = #protocol,                                             \
		.decode = decode,                                              \
		.text = text_##protocol,                                       \
		.json = lines_json,                                            \
	}

LINES_DISSECTOR(http);
LINES_DISSECTOR(rtsp);
LINES_DISSECTOR(sip);
LINES_DISSECTOR(smtp);
LINES_DISSECTOR(ftp);
LINES_DISSECTOR(whois);
