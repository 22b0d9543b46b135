/* SPDX-License-Identifier: BSD-3-Clause */
/* SCTP: RFC 9260. */
#include "dissectors/dissector.h"

#include "dissectors/m3ua.h"
#include "dissectors/protocols.h"
#include "dissectors/put.h"

enum {
	HEADER = 12,
	CHUNK_HEADER = 4,
	PAYLOAD_M3UA = 3,
	CHUNK_DATA = 0,
	CHUNK_INIT = 1,
	CHUNK_INIT_ACK = 2,
	CHUNK_SACK = 3,
};

static const struct label chunk_labels[] = {
	{CHUNK_DATA, "DATA"},
	{CHUNK_INIT, "INIT"},
	{CHUNK_INIT_ACK, "INIT ACK"},
	{CHUNK_SACK, "SACK"},
	{4, "HB REQ"},
	{5, "HB ACK"},
	{6, "ABORT"},
	{7, "SHUTDOWN"},
	{8, "SHUTDOWN ACK"},
	{9, "OP ERR"},
	{10, "COOKIE ECHO"},
	{11, "COOKIE ACK"},
	{12, "ECN ECHO"},
	{13, "ECN CWR"},
	{14, "SHUTDOWN COMPLETE"},
	{0xc0, "FOR CUM TSN"},
	{0xc1, "REL CTRL"},
	{0xc2, "REL CTRL ACK"},
	{0, NULL},
};

static const struct label payload_labels[] = {
	{1, "ISDN Q.921"}, {2, "M2UA"},	  {3, "M3UA"},	 {4, "SUA"},
	{5, "M2PA"},	   {6, "V5.2"},	  {7, "H.248"},	 {8, "BICC"},
	{9, "TALI"},	   {10, "DUA"},	  {11, "ASAP"},	 {12, "ENRP"},
	{13, "H.323"},	   {14, "Q.IPC"}, {15, "SIMCO"}, {16, "DDPSC"},
	{17, "DDPSSC"},	   {18, "S1AP"},  {19, "RUA"},	 {20, "HNBAP"},
	{21, "ForCES HP"}, {22, "ForCES MP"}, {23, "ForCES LP"},
	{24, "SBc-AP"},	   {25, "NBAP"},  {27, "X2AP"},	 {0, NULL},
};

static void decode(struct dissection *d)
{
	struct sctp *sctp = &d->layer->sctp;

	sctp->source = cursor_be16(&d->cursor);
	sctp->destination = cursor_be16(&d->cursor);
	sctp->tag = cursor_be32(&d->cursor);
	cursor_skip(&d->cursor, 4);
	if (d->cursor.overrun || d->layer->length < HEADER)
		d->layer->flags |= LAYER_TRUNCATED;
}

static void put_ends(struct text *t, const struct layer *layer,
		     const struct layer *ip)
{
	static const struct label channels[] = {
		{6704, "ForCES HP"},
		{6705, "ForCES MP"},
		{6706, "ForCES LP"},
		{0, NULL},
	};
	uint16_t ports[2] = {layer->sctp.source, layer->sctp.destination};

	put_source(t, ip);
	put(t, ".%u > ", ports[0]);
	put_destination(t, ip);
	put(t, ".%u: sctp", ports[1]);
	for (int i = 0; i < 2; i++)
		if (label_find(channels, ports[i]))
			put(t, "[%s]", label_find(channels, ports[i]));
}

/* A chunk: its value is there as a whole. */
struct chunk {
	uint8_t type, flags;
	uint16_t length; /* with its header */
	struct cursor value;
	const uint8_t *end; /* of the snapshot */
};

static void put_bogus(struct text *t, const struct chunk *chunk)
{
	put(t, "bogus chunk length %u]", chunk->length);
}

/* Each chunk's text gives false where the chunks end. */

static bool text_data(struct text *t, struct chunk *chunk)
{
	uint8_t flags = chunk->flags;
	const uint8_t *p;

	put(t, "%s%s%s%s", flags & 4 ? "(U)" : "", flags & 2 ? "(B)" : "",
	    flags & 1 ? "(E)" : "", flags & 7 ? " " : "");
	p = cursor_take(&chunk->value, 12);
	if (!p) {
		put_bogus(t, chunk);
		return false;
	}
	put(t, "[TSN: %u] [SID: %u] [SSEQ %u] [PPID ", load_be32(p),
	    load_be16(p + 4), load_be16(p + 6));
	put_label(t, payload_labels, load_be32(p + 8), "0x%x");
	put_text(t, "] ");
	if (!cursor_left(&chunk->value)) {
		put_bogus(t, chunk);
		return false;
	}
	if (t->options->verbose < 2)
		return true;
	if (load_be32(p + 8) == PAYLOAD_M3UA) {
		m3ua_text(t, chunk->value.at,
			  (uint32_t)cursor_left(&chunk->value), chunk->end);
		t->protocol = "sctp";
		return true;
	}
	put_text(t, "[Payload");
	if (text_dumps_unknown(t)) {
		put_char(t, ':');
		put_default(t, chunk->value.at, cursor_left(&chunk->value));
	}
	put_char(t, ']');
	return true;
}

static bool text_init(struct text *t, struct chunk *chunk)
{
	const uint8_t *p = cursor_take(&chunk->value, 16);

	if (!p) {
		put_bogus(t, chunk);
		return false;
	}
	put(t,
	    "[init tag: %u] [rwnd: %u] [OS: %u] [MIS: %u] [init TSN: %u] ",
	    load_be32(p), load_be32(p + 4), load_be16(p + 8),
	    load_be16(p + 10), load_be32(p + 12));
	return true;
}

static bool text_sack(struct text *t, struct chunk *chunk)
{
	struct cursor *c = &chunk->value;
	const uint8_t *p = cursor_take(c, 12);
	const uint8_t *block;
	uint32_t acknowledged;

	if (!p) {
		put_bogus(t, chunk);
		return false;
	}
	acknowledged = load_be32(p);
	put(t, "[cum ack %u] [a_rwnd %u] [#gap acks %u] [#dup tsns %u] ",
	    acknowledged, load_be32(p + 4), load_be16(p + 8),
	    load_be16(p + 10));
	for (uint32_t i = 0; cursor_left(c) && i < load_be16(p + 8); i++) {
		block = cursor_take(c, 4);
		if (!block)
			break;
		put(t, "\n\t\t[gap ack block #%u: start = %u, end = %u] ",
		    i + 1, acknowledged + load_be16(block),
		    acknowledged + load_be16(block + 2));
	}
	for (uint32_t i = 0;
	     !c->overrun && cursor_left(c) && i < load_be16(p + 10); i++) {
		block = cursor_take(c, 4);
		if (block)
			put(t, "\n\t\t[dup TSN #%u: %u] ", i + 1,
			    load_be32(block));
	}
	if (c->overrun)
		put_bogus(t, chunk);
	return !c->overrun;
}

static bool text_chunk(struct text *t, struct chunk *chunk)
{
	put_char(t, '[');
	put_label(t, chunk_labels, chunk->type, "Unknown chunk type: 0x%x");
	put_text(t, "] ");
	switch (chunk->type) {
	case CHUNK_DATA:
		return text_data(t, chunk);
	case CHUNK_INIT:
	case CHUNK_INIT_ACK:
		return text_init(t, chunk);
	case CHUNK_SACK:
		return text_sack(t, chunk);
	default:
		return true;
	}
}

/* False where the snapshot ends. */
static bool text_chunks(struct text *t, struct cursor c, uint32_t left)
{
	const char *separator = t->options->verbose > 1 ? "\n\t" : " (";

	for (unsigned int i = 1; left; i++) {
		struct chunk chunk;
		uint32_t pad;

		if (left < CHUNK_HEADER) {
			put(t,
			    "%s%u) [chunk descriptor cut off at end of packet]",
			    separator, i);
			return true;
		}
		if (!cursor_has(&c, CHUNK_HEADER))
			return false;
		chunk.type = c.at[0];
		chunk.flags = c.at[1];
		chunk.length = load_be16(c.at + 2);
		if (chunk.length < CHUNK_HEADER) {
			put(t,
			    "%s%u) [Bad chunk length %u, < size of chunk "
			    "descriptor]",
			    separator, i, chunk.length);
			return true;
		}
		pad = -(uint32_t)chunk.length & 3;
		if (left < pad) {
			put(t,
			    "%s%u) [Bad chunk length %u, > remaining data in "
			    "packet]",
			    separator, i, chunk.length);
			return true;
		}
		if (!cursor_has(&c, chunk.length))
			return false;
		chunk.value = cursor_make(c.at + CHUNK_HEADER,
					  chunk.length - (size_t)CHUNK_HEADER);
		chunk.end = c.at + cursor_left(&c);
		put(t, "%s%u) ", separator, i);
		if (!text_chunk(t, &chunk))
			return true;
		cursor_skip(&c, chunk.length);
		/* A chunk may be longer than the packet says it is: the count
		 * wraps, as in tcpdump, and the snapshot ends the loop. */
		left -= chunk.length;
		if (t->options->verbose < 2)
			separator = ", (";
		if (!cursor_has(&c, pad))
			return false;
		cursor_skip(&c, pad);
		left -= pad;
	}
	return true;
}

static void text(struct text *t, const struct layer *layer)
{
	const struct layer *ip = layer_ip(t->packet, layer);
	struct cursor c = text_cursor(layer);

	t->protocol = "sctp";
	if (!ip)
		return;
	if (layer->length < HEADER) {
		put(t, "truncated-sctp - %u bytes missing!",
		    HEADER - layer->length);
		return;
	}
	if (layer->captured < HEADER) {
		text_trunc(t);
		return;
	}
	put_ends(t, layer, ip);
	cursor_skip(&c, HEADER);
	if (!text_chunks(t, c, layer->length - HEADER))
		text_trunc(t);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	struct cursor c = text_cursor(layer);

	(void)packet;
	json_u64(json, "source_port", layer->sctp.source);
	json_u64(json, "destination_port", layer->sctp.destination);
	json_u64(json, "verification_tag", layer->sctp.tag);
	cursor_skip(&c, HEADER);
	json_open_array(json, "chunks");
	while (cursor_has(&c, CHUNK_HEADER)) {
		uint16_t length = load_be16(c.at + 2);

		if (length < CHUNK_HEADER)
			break;
		json_open_object(json, NULL);
		json_u64(json, "type", c.at[0]);
		json_u64(json, "flags", c.at[1]);
		json_u64(json, "length", length);
		json_close_object(json);
		cursor_rest(&c, (length + 3u) & ~3u);
	}
	json_close_array(json);
}

const struct dissector sctp_dissector = {
	.name = "sctp",
	.decode = decode,
	.text = text,
	.json = json,
};
