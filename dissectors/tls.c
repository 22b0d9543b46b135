/* SPDX-License-Identifier: BSD-3-Clause */
/* tcpdump knows nothing of TLS: this is for JSON and for labels. */
#include "dissectors/tls.h"

#include "dissectors/dissector.h"
#include "dissectors/protocols.h"

enum {
	RECORD_HEADER = 5,
	RECORD_HANDSHAKE = 22,
	CLIENT_HELLO = 1,
	SERVER_HELLO = 2,
	EXTENSION_SERVER_NAME = 0,
	EXTENSION_ALPN = 16,
	EXTENSION_VERSIONS = 43,
};

static void decode(struct dissection *d)
{
	struct tls *tls = &d->layer->tls;
	struct cursor *c = &d->cursor;

	tls->record_type = cursor_u8(c);
	tls->record_version = cursor_be16(c);
	tls->record_length = cursor_be16(c);
	if (c->overrun) {
		d->layer->flags |= LAYER_TRUNCATED;
		return;
	}
	/* The middle of a record begins with anything. */
	tls->begins_record = tls->record_type >= 20 && tls->record_type <= 24 &&
			     tls->record_version >> 8 == 3;
	if (tls->begins_record && tls->record_type == RECORD_HANDSHAKE) {
		tls->handshake_type = cursor_u8(c);
		cursor_skip(c, 3);
		tls->version = cursor_be16(c);
	}
}

static bool has_hello(const struct tls *tls)
{
	return tls->begins_record && tls->record_type == RECORD_HANDSHAKE &&
	       (tls->handshake_type == CLIENT_HELLO ||
		tls->handshake_type == SERVER_HELLO);
}

struct cursor tls_extensions(const struct layer *layer)
{
	uint32_t n = layer->captured < layer->length ? layer->captured
						     : layer->length;
	struct cursor c = cursor_make(layer->data, n);
	size_t length;

	if (!has_hello(&layer->tls))
		return cursor_make(layer->data, 0);
	cursor_skip(&c, RECORD_HEADER + 4 + 2 + 32);
	cursor_skip(&c, cursor_u8(&c)); /* session */
	if (layer->tls.handshake_type == CLIENT_HELLO) {
		cursor_skip(&c, cursor_be16(&c)); /* cipher suites */
		cursor_skip(&c, cursor_u8(&c));	  /* compression */
	} else {
		cursor_skip(&c, 3);
	}
	length = cursor_be16(&c);
	if (c.overrun)
		return cursor_make(layer->data, 0);
	return cursor_make(c.at,
			   length < cursor_left(&c) ? length : cursor_left(&c));
}

bool tls_extension_next(struct cursor *c, struct tls_extension *extension)
{
	uint16_t length;

	if (!cursor_has(c, 4))
		return false;
	extension->type = cursor_be16(c);
	length = cursor_be16(c);
	if (!cursor_has(c, length))
		return false;
	extension->value = cursor_rest(c, length);
	return true;
}

struct slice tls_server_name(const struct layer *layer)
{
	struct cursor c = tls_extensions(layer);
	struct tls_extension e;

	if (layer->tls.handshake_type != CLIENT_HELLO)
		return (struct slice){0};
	while (tls_extension_next(&c, &e)) {
		struct cursor v = cursor_make(e.value.data, e.value.length);
		uint16_t length;

		if (e.type != EXTENSION_SERVER_NAME)
			continue;
		cursor_skip(&v, 2);
		if (cursor_u8(&v) != 0)
			break;
		length = cursor_be16(&v);
		if (!cursor_has(&v, length))
			break;
		return cursor_rest(&v, length);
	}
	return (struct slice){0};
}

bool tls_protocol_next(struct cursor *c, struct slice *name)
{
	uint8_t length = cursor_u8(c);

	if (!length || !cursor_has(c, length))
		return false;
	*name = cursor_rest(c, length);
	return true;
}

static void json_protocols(struct json *json, struct slice value)
{
	struct cursor c = cursor_make(value.data, value.length);
	struct slice name;

	cursor_skip(&c, 2);
	json_open_array(json, "alpn");
	while (tls_protocol_next(&c, &name))
		json_text(json, NULL, (const char *)name.data, name.length);
	json_close_array(json);
}

/* A client lists the versions it speaks, a server names the one. */
static void json_versions(struct json *json, struct slice value)
{
	struct cursor c = cursor_make(value.data, value.length);

	if (value.length != 2)
		cursor_skip(&c, 1);
	json_open_array(json, "supported_versions");
	while (cursor_has(&c, 2))
		json_u64(json, NULL, cursor_be16(&c));
	json_close_array(json);
}

static void json_hello(struct json *json, const struct layer *layer)
{
	struct slice name = tls_server_name(layer);
	struct cursor c = tls_extensions(layer);
	struct tls_extension e;
	bool alpn = false, versions = false;

	json_u64(json, "handshake_type", layer->tls.handshake_type);
	json_u64(json, "version", layer->tls.version);
	if (name.length)
		json_text(json, "server_name", (const char *)name.data,
			  name.length);
	while (tls_extension_next(&c, &e)) {
		if (e.type == EXTENSION_ALPN && !alpn) {
			alpn = true;
			json_protocols(json, e.value);
		} else if (e.type == EXTENSION_VERSIONS && !versions) {
			versions = true;
			json_versions(json, e.value);
		}
	}
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	const struct tls *tls = &layer->tls;

	(void)packet;
	if (!tls->begins_record)
		return;
	json_u64(json, "record_type", tls->record_type);
	json_u64(json, "record_version", tls->record_version);
	json_u64(json, "record_length", tls->record_length);
	if (has_hello(tls))
		json_hello(json, layer);
}

const struct dissector tls_dissector = {
	.name = "tls",
	.decode = decode,
	.json = json,
};
