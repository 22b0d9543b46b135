/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissectors/packet_json.h"

#include "dissectors/dissector.h"
#include "dissectors/members.h"
#include "src/base/json.h"

static void put_flags(struct json *json, uint16_t flags)
{
	static const struct {
		uint16_t flag;
		const char *name;
	} names[] = {
		{LAYER_TRUNCATED, "truncated"},
		{LAYER_BAD_LENGTH, "bad_length"},
		{LAYER_BAD_VERSION, "bad_version"},
		{LAYER_TOO_DEEP, "too_deep"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (flags & names[i].flag)
			json_bool(json, names[i].name, true);
}

static void put_layer(struct json *json, const struct packet *packet,
		      const struct layer *layer)
{
	json_open_object(json, NULL);
	json_string(json, "protocol", layer->dissector->name);
	json_u64(json, "length", layer->length);
	put_flags(json, layer->flags);
	if (layer->dissector->members)
		members_put_json(json, layer->dissector->members, layer->data,
				 layer->captured < layer->length
					 ? layer->captured
					 : layer->length);
	if (layer->dissector->json && !(layer->flags & LAYER_TRUNCATED))
		layer->dissector->json(json, packet, layer);
	json_close_object(json);
}

void packet_put_json(const struct packet *packet, struct strbuf *out)
{
	const struct frame *frame = packet->frame;
	struct json json = json_begin(out);

	json_open_object(&json, NULL);
	json_u64(&json, "number", frame->number);
	json_key(&json, "time");
	strbuf_i64(out, frame->time.seconds);
	strbuf_putc(out, '.');
	strbuf_u64_padded(out, (uint64_t)frame->time.nanoseconds, 9);
	json_u64(&json, "length", frame->len);
	json_u64(&json, "captured_length", frame->caplen);
	if (frame->ifindex)
		json_u64(&json, "interface_index", frame->ifindex);
	if (frame->direction != DIRECTION_UNKNOWN)
		json_string(&json, "direction",
			    frame->direction == DIRECTION_IN ? "in" : "out");
	json_open_array(&json, "layers");
	for (unsigned int i = 0; i < packet->count; i++)
		put_layer(&json, packet, &packet->layers[i]);
	json_close_array(&json);
	json_close_object(&json);
}
