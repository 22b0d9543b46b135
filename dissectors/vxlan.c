/* SPDX-License-Identifier: BSD-3-Clause */
/* VXLAN: RFC 7348. */
#include "dissectors/dissector.h"

#include "dissectors/protocols.h"
#include "dissectors/put.h"

enum { HEADER = 8 };

static void decode(struct dissection *d)
{
	struct vxlan *vxlan = &d->layer->vxlan;

	vxlan->flags = cursor_u8(&d->cursor);
	cursor_skip(&d->cursor, 3);
	vxlan->vni = cursor_be24(&d->cursor);
	cursor_skip(&d->cursor, 1);
	if (d->cursor.overrun || d->layer->length < HEADER)
		d->layer->flags |= LAYER_TRUNCATED;
	else
		dissect_payload(d, &ethernet_dissector,
				window_rest(d, d->layer->length - HEADER));
}

static void text(struct text *t, const struct layer *layer)
{
	uint8_t flags = layer->vxlan.flags;

	t->protocol = "vxlan";
	put_text(t, "VXLAN");
	if (layer->length < HEADER) {
		text_invalid(t);
		return;
	}
	text_at(t, layer, 0, 1);
	put(t, ", flags [%s] (0x%02x), ", flags & 8 ? "I" : "invalid", flags);
	text_at(t, layer, 4, 3);
	put(t, "vni %u\n", layer->vxlan.vni);
	text_at(t, layer, 7, 1);
	if (!t->stopped)
		text_payload(t, layer);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "flags", layer->vxlan.flags);
	json_u64(json, "vni", layer->vxlan.vni);
}

const struct dissector vxlan_dissector = {
	.name = "vxlan",
	.decode = decode,
	.text = text,
	.json = json,
};
