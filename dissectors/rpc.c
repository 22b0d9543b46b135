/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ONC RPC (RFC 5531) where -T says that it is, and its records over TCP.
 */
#include "dissectors/nfs.h"
#include "dissectors/protocols.h"

enum { CALL = 32, MARK = 4, PORTMAP = 111, LAST = 0x80000000 };

static void text_call(struct text *t, const struct layer *layer,
		      const struct layer *ip)
{
	static const struct label procedures[] = {
		{0, "null"}, {1, "set"},  {2, "unset"}, {3, "getport"},
		{4, "dump"}, {5, "call"}, {0, NULL}};
	uint32_t procedure = (uint32_t)layer->words[4];

	if (layer->captured < CALL) {
		text_stop(t);
		return;
	}
	put_source(t, ip);
	put(t, ".0x%x > ", (uint32_t)layer->words[0]);
	put_destination(t, ip);
	if (t->options->numeric)
		put(t, ".0x%x", PORTMAP);
	else
		put_text(t, ".sunrpc");
	put(t, ": %u ", layer->length);
	put_label(t, procedures, procedure, " proc #%u");
	switch (procedure) {
	case 1:
	case 2:
	case 3:
	case 5:
		put(t, " %s%u.%u", t->options->numeric ? "" : "#",
		    (uint32_t)layer->words[2], (uint32_t)layer->words[3]);
		break;
	default:
		break;
	}
}

static void text(struct text *t, const struct layer *layer)
{
	const struct layer *ip = layer_ip(t->packet, layer);

	if (!ip)
		return;
	if (layer->captured < 8) {
		text_stop(t);
		return;
	}
	t->protocol = "nfs";
	if (layer->words[1] == RPC_CALL) {
		t->protocol = "sunrpc";
		text_call(t, layer, ip);
		return;
	}
	put_source(t, ip);
	put_text(t, t->options->numeric ? ".2049 > " : ".nfs > ");
	put_destination(t, ip);
	put(t, ".%u: ", (uint32_t)layer->words[0]);
	nfs_text_reply_message(t, layer);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	nfs_dissector.json(json, packet, layer);
}

const struct dissector rpc_dissector = {
	.name = "rpc",
	.decode = nfs_decode_message,
	.text = text,
	.json = json,
};

/* A record begins with its length; NFS only is looked for in it. */
static void decode_record(struct dissection *d)
{
	const struct tcp *tcp = &d->layer[-1].tcp;
	uint32_t mark = cursor_be32(&d->cursor),
		 length = mark & ~(uint32_t)LAST;
	uint32_t left = d->layer->length - MARK;
	struct slice data = {d->cursor.at, cursor_left(&d->cursor)};

	d->layer->words[0] = mark;
	if (d->cursor.overrun || d->layer->length < MARK) {
		d->layer->flags |= LAYER_TRUNCATED;
		return;
	}
	if ((tcp->destination == NFS_PORT && nfs_is_call(data)) ||
	    (tcp->source == NFS_PORT && nfs_is_reply(data)))
		dissect_payload(d, &nfs_dissector,
				window_rest(d, length < left ? length : left));
}

static void text_record(struct text *t, const struct layer *layer)
{
	if (!layer_payload(t->packet, layer))
		return;
	put_text(t, ": ");
	text_payload(t, layer);
}

static void json_record(struct json *json, const struct packet *packet,
			const struct layer *layer)
{
	(void)packet;
	json_u64(json, "fragment_length", layer->words[0] & ~(uint64_t)LAST);
	json_bool(json, "last_fragment", layer->words[0] & LAST);
}

const struct dissector rpc_record_dissector = {
	.name = "rpc_record",
	.decode = decode_record,
	.text = text_record,
	.json = json_record,
};
