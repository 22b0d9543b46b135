/* SPDX-License-Identifier: BSD-3-Clause */
/* TCP options: the IANA registry, and the RFCs named beside each. */
#include "dissectors/tcp.h"

enum { HEADER = 20 };

enum option_kind {
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_SEGMENT_SIZE = 2,
	OPTION_WINDOW_SCALE = 3,
	OPTION_SACK_PERMITTED = 4,
	OPTION_SACK = 5, /* RFC 2018 */
	OPTION_ECHO = 6,
	OPTION_ECHO_REPLY = 7,
	OPTION_TIMESTAMP = 8, /* RFC 7323 */
	OPTION_CC = 11,	      /* RFC 1644, to 13 */
	OPTION_CC_ECHO = 13,
	OPTION_MD5 = 19, /* RFC 2385 */
	OPTION_SCPS = 20,
	OPTION_USER_TIMEOUT = 28,   /* RFC 5482 */
	OPTION_AUTHENTICATION = 29, /* RFC 5925 */
	OPTION_MPTCP = 30,	    /* RFC 8684 */
	OPTION_FAST_OPEN = 34,	    /* RFC 7413 */
	OPTION_EXPERIMENT = 254,    /* RFC 6994 */
};

static const struct label kind_labels[] = {
	{OPTION_NOP, "nop"},
	{OPTION_TIMESTAMP, "TS"},
	{OPTION_END, "eol"},
	{OPTION_SEGMENT_SIZE, "mss"},
	{OPTION_WINDOW_SCALE, "wscale"},
	{OPTION_SACK_PERMITTED, "sackOK"},
	{OPTION_SACK, "sack"},
	{OPTION_ECHO, "echo"},
	{OPTION_ECHO_REPLY, "echoreply"},
	{OPTION_CC, "cc"},
	{12, "ccnew"},
	{OPTION_CC_ECHO, ""},
	{OPTION_MD5, "md5"},
	{OPTION_SCPS, "scps"},
	{OPTION_USER_TIMEOUT, "uto"},
	{OPTION_AUTHENTICATION, "tcp-ao"},
	{OPTION_MPTCP, "mptcp"},
	{OPTION_FAST_OPEN, "tfo"},
	{OPTION_EXPERIMENT, "exp"},
	{0, NULL},
};

struct cursor tcp_options(const struct layer *layer)
{
	uint32_t end = layer->tcp.header_length;

	if (end > layer->captured)
		end = layer->captured;
	return cursor_make(layer->data + HEADER,
			   end > HEADER ? end - HEADER : 0);
}

bool tcp_option_next(struct cursor *c, struct tcp_option *option)
{
	if (!cursor_has(c, 1))
		return false;
	*option = (struct tcp_option){.kind = cursor_u8(c), .length = 1};
	if (option->kind == OPTION_END)
		cursor_rest(c, SIZE_MAX);
	if (option->kind == OPTION_END || option->kind == OPTION_NOP)
		return true;
	option->length = cursor_u8(c);
	if (option->length < 2 || !cursor_has(c, option->length - 2u)) {
		option->bad = true;
		cursor_rest(c, SIZE_MAX);
		return true;
	}
	option->value = cursor_rest(c, option->length - 2u);
	return true;
}

/* How printing an option ended. */
enum outcome { DONE, BAD, TRUNCATED };

/* An option being printed. `left` counts what the header says is left, which
 * may be more than the snapshot holds. */
struct walk {
	struct cursor c; /* behind kind and length */
	uint32_t left;
	uint32_t length; /* as the option says */
	uint32_t used;	 /* of the value */
};

/* Are @n bytes of the value there, for the header and in the snapshot? */
static enum outcome check(const struct walk *w, uint32_t n)
{
	if (n > w->left)
		return BAD;
	return cursor_has(&w->c, n) ? DONE : TRUNCATED;
}

static enum outcome text_sack(struct text *t, struct walk *w, uint32_t origin)
{
	w->used = w->length - 2;
	if (w->used % 8) {
		put_text(t, " invalid sack");
		return DONE;
	}
	put(t, " %u ", w->used / 8);
	for (uint32_t i = 0; i < w->used; i += 8) {
		enum outcome outcome = check(w, i + 8);

		if (outcome != DONE)
			return outcome;
		put(t, "{%u:%u}", load_be32(w->c.at + i) - origin,
		    load_be32(w->c.at + i + 4) - origin);
	}
	return DONE;
}

static enum outcome text_hex(struct text *t, struct walk *w, uint32_t from)
{
	for (uint32_t i = from; i < w->used; i++) {
		enum outcome outcome = check(w, i + 1);

		if (outcome != DONE)
			return outcome;
		put_hex_bytes(t, w->c.at + i, 1);
	}
	return DONE;
}

static enum outcome text_authentication(struct text *t, struct walk *w)
{
	enum outcome outcome;

	w->used = w->length - 2;
	if (w->used < 2) {
		text_invalid(t);
		return DONE;
	}
	if ((outcome = check(w, 1)) != DONE)
		return outcome;
	put(t, " keyid %u", w->c.at[0]);
	if ((outcome = check(w, 2)) != DONE)
		return outcome;
	put(t, " rnextkeyid %u", w->c.at[1]);
	if (w->used == 2)
		return DONE;
	put_text(t, " mac 0x");
	return text_hex(t, w, 2);
}

static void text_cookie(struct text *t, const uint8_t *cookie, uint32_t length)
{
	if (!length) {
		put_text(t, " cookiereq");
	} else if (length % 2 || length < 4 || length > 16) {
		text_invalid(t);
	} else {
		put_text(t, " cookie ");
		put_hex_bytes(t, cookie, length);
	}
}

static enum outcome text_experiment(struct text *t, struct walk *w)
{
	uint16_t identifier;

	if (w->used < 2)
		return BAD;
	identifier = load_be16(w->c.at);
	put_char(t, '-');
	if (identifier == 0xf989) {
		put_text(t, "tfo");
		text_cookie(t, w->c.at + 2, w->used - 2);
	} else {
		put(t, "%04x", identifier);
	}
	return DONE;
}

static void text_signature(struct text *t, const struct layer *layer,
			   const struct walk *w)
{
	put_text(t, layer->captured < layer->length
			    ? " snaplen too short, "
			    : " shared secret not supplied with -M, ");
	put_text(t, "can't check - ");
	put_hex_bytes(t, w->c.at, 16);
}

static void text_timeout(struct text *t, uint16_t value)
{
	uint32_t seconds = value & 1 ? (uint32_t)(value >> 1) * 60 : value >> 1;

	put(t, " 0x%x %u", value, seconds);
}

/* How long a value of this kind is; -1: as long as the option says. */
static int value_size(uint8_t kind)
{
	switch (kind) {
	case OPTION_END:
	case OPTION_NOP:
	case OPTION_SACK_PERMITTED:
		return 0;
	case OPTION_WINDOW_SCALE:
		return 1;
	case OPTION_SEGMENT_SIZE:
	case OPTION_SCPS:
	case OPTION_USER_TIMEOUT:
		return 2;
	case OPTION_CC:
	case 12:
	case OPTION_CC_ECHO:
	case OPTION_ECHO:
	case OPTION_ECHO_REPLY:
		return 4;
	case OPTION_TIMESTAMP:
		return 8;
	case OPTION_MD5:
		return 16;
	default:
		return -1;
	}
}

static void put_stamps(struct text *t, const uint8_t value[8])
{
	char *to = strbuf_room(t->out, 2 * (WRITE_U32 + 5) + WRITE_SLOP);

	if (!to)
		return;
	to = write_u32(write_literal(to, " val "), load_be32(value));
	to = write_u32(write_literal(to, " ecr "), load_be32(value + 4));
	strbuf_added(t->out, to);
}

static enum outcome text_mptcp(struct text *t, const struct layer *layer,
			       struct walk *w)
{
	struct cursor c = cursor_make(w->c.at, w->used);

	return mptcp_text(t, c, (uint8_t)w->length, layer->tcp.flags) ? DONE
								      : BAD;
}

/* A value that is there as a whole: w->used bytes. */
static enum outcome text_whole(struct text *t, const struct layer *layer,
			       struct walk *w, uint8_t kind)
{
	const uint8_t *value = w->c.at;

	switch (kind) {
	case OPTION_SEGMENT_SIZE:
		put(t, " %u", load_be16(value));
		return DONE;
	case OPTION_WINDOW_SCALE:
		put(t, " %u", value[0]);
		return DONE;
	case OPTION_CC:
	case 12:
	case OPTION_CC_ECHO:
	case OPTION_ECHO:
	case OPTION_ECHO_REPLY:
		put(t, " %u", load_be32(value));
		return DONE;
	case OPTION_TIMESTAMP:
		put_stamps(t, value);
		return DONE;
	case OPTION_MD5:
		text_signature(t, layer, w);
		return DONE;
	case OPTION_SCPS:
		put(t, " cap %02x id %u", value[0], value[1]);
		return DONE;
	case OPTION_USER_TIMEOUT:
		text_timeout(t, load_be16(value));
		return DONE;
	case OPTION_MPTCP:
		return text_mptcp(t, layer, w);
	case OPTION_FAST_OPEN:
		put_char(t, ' ');
		text_cookie(t, value, w->used);
		return DONE;
	case OPTION_EXPERIMENT:
		return text_experiment(t, w);
	default:
		return DONE;
	}
}

static enum outcome text_value(struct text *t, const struct layer *layer,
			       struct walk *w, uint8_t kind, uint32_t origin)
{
	int size = value_size(kind);
	enum outcome outcome;

	if (kind == OPTION_SACK)
		return text_sack(t, w, origin);
	if (kind == OPTION_AUTHENTICATION)
		return text_authentication(t, w);
	w->used = size >= 0 ? (uint32_t)size : w->length - 2;
	if (size < 0 && kind != OPTION_MPTCP && kind != OPTION_FAST_OPEN &&
	    kind != OPTION_EXPERIMENT) {
		if (w->used)
			put_text(t, " 0x");
		return text_hex(t, w, 0);
	}
	outcome = check(w, w->used);
	return outcome == DONE ? text_whole(t, layer, w, kind) : outcome;
}

/* Print one option; w is left behind what was understood of it. */
static enum outcome text_option(struct text *t, const struct layer *layer,
				struct walk *w, uint32_t origin, uint8_t *kind)
{
	enum outcome outcome;
	uint32_t fixed = 1;

	*kind = text_u8(t, &w->c);
	w->length = 1;
	if (*kind != OPTION_END && *kind != OPTION_NOP) {
		w->length = text_u8(t, &w->c);
		if (w->length < 2 || w->length > w->left)
			return BAD;
		fixed = 2;
	}
	w->left -= fixed;
	put_label(t, kind_labels, *kind, "unknown-%u");
	outcome = text_value(t, layer, w, *kind, origin);
	if (outcome != DONE || t->stopped)
		return outcome;
	/* What was not looked at may not have been captured. */
	cursor_rest(&w->c, w->used);
	w->left -= w->used;
	if (w->used + fixed != w->length)
		put(t, "[len %u]", w->length);
	return DONE;
}

/* What nearly all segments have, as RFC 7323, appendix A, advises. */
static bool is_usual(const struct walk *w)
{
	static const uint8_t USUAL[4] = {OPTION_NOP, OPTION_NOP,
					 OPTION_TIMESTAMP, 10};

	return w->left == 12 && cursor_has(&w->c, 12) &&
	       !memcmp(w->c.at, USUAL, sizeof(USUAL));
}

bool tcp_text_options(struct text *t, const struct layer *layer,
		      uint32_t origin)
{
	struct walk w = {
		.c = cursor_make(layer->data + HEADER,
				 layer->captured - HEADER),
		.left = layer->tcp.header_length - (uint32_t)HEADER,
	};
	bool first = true;
	uint8_t kind;

	if (is_usual(&w)) {
		put_text(t, ", options [nop,nop,TS");
		put_stamps(t, w.c.at + 4);
		put_char(t, ']');
		return true;
	}
	put_text(t, ", options [");
	while (w.left) {
		enum outcome outcome;

		if (!first)
			put_char(t, ',');
		outcome = text_option(t, layer, &w, origin, &kind);
		if (t->stopped)
			return false;
		if (outcome == BAD) {
			put_text(t, "[bad opt]");
			put_text(t, first ? "" : "]");
			return false;
		}
		if (outcome == TRUNCATED) {
			text_trunc(t);
			put_text(t, first ? "" : ">");
			return false;
		}
		first = false;
		if (kind == OPTION_END)
			break;
	}
	put_char(t, ']');
	return true;
}

void tcp_json_options(struct json *json, const struct layer *layer)
{
	struct cursor c = tcp_options(layer);
	struct tcp_option option;

	if (!cursor_has(&c, 1))
		return;
	json_open_array(json, "options");
	while (tcp_option_next(&c, &option)) {
		const uint8_t *value = option.value.data;
		size_t length = option.value.length;

		json_open_object(json, NULL);
		json_u64(json, "kind", option.kind);
		if (option.kind == OPTION_SEGMENT_SIZE && length == 2)
			json_u64(json, "segment_size", load_be16(value));
		else if (option.kind == OPTION_WINDOW_SCALE && length == 1)
			json_u64(json, "window_scale", value[0]);
		else if (option.kind == OPTION_TIMESTAMP && length == 8) {
			json_u64(json, "value", load_be32(value));
			json_u64(json, "echo", load_be32(value + 4));
		} else if (length) {
			json_hex(json, "data", value, length);
		}
		json_close_object(json);
	}
	json_close_array(json);
}
