/* SPDX-License-Identifier: BSD-3-Clause */
/* SSH: the identification line, RFC 4253, 4.2. */
#include "dissectors/dissector.h"

#include "dissectors/protocols.h"
#include "dissectors/put.h"

static const char PREFIX[] = "SSH-";

static void decode(struct dissection *d)
{
	(void)d;
}

static void text(struct text *t, const struct layer *layer)
{
	uint32_t at;

	t->protocol = "ssh";
	for (at = 0; at < sizeof(PREFIX) - 1; at++)
		if (text_at(t, layer, at, 1)[0] != (uint8_t)PREFIX[at])
			return;
	for (; at < layer->length; at++) {
		uint8_t c = text_at(t, layer, at, 1)[0];

		if (t->stopped)
			return;
		if (c == '\r' && at + 1 >= layer->length)
			return;
		if (c == '\n' ||
		    (c == '\r' && text_at(t, layer, at + 1, 1)[0] == '\n')) {
			put_text(t, ": SSH: ");
			strbuf_add(t->out, layer->data, at);
			return;
		}
		if (c < 0x20 || c > 0x7e)
			return;
	}
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	size_t n = layer->captured < layer->length ? layer->captured
						   : layer->length;
	size_t end = 0;

	(void)packet;
	if (n < sizeof(PREFIX) - 1 ||
	    memcmp(layer->data, PREFIX, sizeof(PREFIX) - 1) != 0)
		return;
	while (end < n && layer->data[end] >= 0x20 && layer->data[end] < 0x7f)
		end++;
	json_text(json, "identification", (const char *)layer->data, end);
}

const struct dissector ssh_dissector = {
	.name = "ssh",
	.decode = decode,
	.text = text,
	.json = json,
};
