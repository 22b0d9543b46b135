/* SPDX-License-Identifier: BSD-3-Clause */
/* SOME/IP: AUTOSAR FO R19-11. */
#include "dissectors/dissector.h"
#include "dissectors/protocols.h"
#include "dissectors/put.h"

enum { HEADER = 16 };

static const struct label type_labels[] = {
	{0x00, "REQUEST"},
	{0x01, "REQUEST_NO_RETURN"},
	{0x02, "NOTIFICATION"},
	{0x80, "RESPONSE"},
	{0x81, "ERROR"},
	{0x20, "TP_REQUEST"},
	{0x21, "TP_REQUEST_NO_RETURN"},
	{0x22, "TP_NOTIFICATION"},
	{0xa0, "TP_RESPONSE"},
	{0xa1, "TP_ERROR"},
	{0, NULL},
};

static const struct label return_labels[] = {
	{0x00, "E_OK"},
	{0x01, "E_NOT_OK"},
	{0x02, "E_UNKNOWN_SERVICE"},
	{0x03, "E_UNKNOWN_METHOD"},
	{0x04, "E_NOT_READY"},
	{0x05, "E_NOT_REACHABLE"},
	{0x06, "E_TIMEOUT"},
	{0x07, "E_WRONG_PROTOCOL_VERSION"},
	{0x08, "E_WRONG_INTERFACE_VERSION"},
	{0x09, "E_MALFORMED_MESSAGE"},
	{0x0a, "E_WRONG_MESSAGE_TYPE"},
	{0x0b, "E_E2E_REPEATED"},
	{0x0c, "E_E2E_WRONG_SEQUENCE"},
	{0x0d, "E_E2E"},
	{0x0e, "E_E2E_NOT_AVAILABLE"},
	{0x0f, "E_E2E_NO_NEW_DATA"},
	{0, NULL},
};

static void decode(struct dissection *d)
{
	for (int i = 0; i < 4; i++)
		d->layer->words[i] = cursor_be32(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

static void text(struct text *t, const struct layer *layer)
{
	struct cursor c = text_cursor(layer);
	uint32_t message;
	uint16_t client;

	t->protocol = "someip";
	put_text(t, "SOMEIP");
	if (layer->length < HEADER) {
		text_invalid(t);
		return;
	}
	message = text_be32(t, &c);
	put(t, ", service %u, %s %u", message >> 16,
	    message & 0x8000 ? "event" : "method", message & 0x7fff);
	put(t, ", len %u", text_be32(t, &c));
	text_has(t, &c, 4);
	client = cursor_be16(&c);
	put(t, ", client %u, session %u", client, cursor_be16(&c));
	put(t, ", pver %u", text_u8(t, &c));
	put(t, ", iver %u", text_u8(t, &c));
	put(t, ", msgtype %s",
	    label_or(type_labels, text_u8(t, &c), "Unknown"));
	put(t, ", retcode %s\n",
	    label_or(return_labels, text_u8(t, &c), "Unknown"));
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	const uint64_t *words = layer->words;

	(void)packet;
	if (layer->flags & LAYER_TRUNCATED)
		return;
	json_u64(json, "service", words[0] >> 16);
	json_u64(json, "method", words[0] & 0xffff);
	json_u64(json, "message_length", words[1]);
	json_u64(json, "client", words[2] >> 16);
	json_u64(json, "session", words[2] & 0xffff);
	json_u64(json, "message_type", words[3] >> 8 & 0xff);
	json_u64(json, "return_code", words[3] & 0xff);
}

const struct dissector someip_dissector = {
	.name = "someip",
	.decode = decode,
	.text = text,
	.json = json,
};
