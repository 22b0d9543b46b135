/* SPDX-License-Identifier: BSD-3-Clause */
/* Geneve: RFC 8926. */
#include "dissectors/dissector.h"

#include "dissectors/labels.h"
#include "dissectors/protocols.h"
#include "dissectors/put.h"
#include "dissectors/registry.h"

enum { HEADER = 8, TYPE_ETHERNET = 0x6558, CRITICAL = 0x80 };

/* One option: its class and type, and its value as far as captured. */
struct geneve_option {
	uint16_t class;
	uint8_t type;
	uint8_t length; /* with the four bytes in front of the value */
	const uint8_t *value;
};

static bool option_next(struct cursor *c, struct geneve_option *option)
{
	if (!cursor_has(c, 4))
		return false;
	option->class = cursor_be16(c);
	option->type = cursor_u8(c);
	option->length = (uint8_t)(4 + (cursor_u8(c) & 0x1f) * 4);
	option->value = c->at;
	return true;
}

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct geneve *geneve = &layer->geneve;
	struct cursor *c = &d->cursor;
	uint32_t options;

	geneve->version_options = cursor_u8(c);
	geneve->flags = cursor_u8(c);
	geneve->type = cursor_be16(c);
	geneve->vni = cursor_be24(c);
	cursor_skip(c, 1);
	options = (geneve->version_options & 0x3fu) * 4;
	geneve->header_length = (uint16_t)(HEADER + options);
	if (!c->overrun && geneve->version_options >> 6)
		layer->flags |= LAYER_BAD_VERSION;
	cursor_skip(c, options);
	if (c->overrun || layer->length < geneve->header_length) {
		layer->flags |= LAYER_TRUNCATED;
		return;
	}
	if (geneve->version_options >> 6)
		return;
	dissect_payload(d,
			geneve->type == TYPE_ETHERNET
				? &ethernet_dissector
				: registry_find(REGISTRY_ETHERTYPE,
						geneve->type),
			window_rest(d, layer->length - geneve->header_length));
}

static const char *class_name(uint16_t class)
{
	static const struct label names[] = {
		{0x0100, "Linux"},
		{0x0101, "Open vSwitch"},
		{0x0102, "Open Virtual Networking (OVN)"},
		{0x0103, "In-band Network Telemetry (INT)"},
		{0x0104, "VMware"},
		{0, NULL},
	};

	return label_or(names, class,
			class <= 0x00ff	  ? "Standard"
			: class >= 0xfff0 ? "Experimental"
					  : "Unknown");
}

static void text_options(struct text *t, const struct layer *layer)
{
	struct cursor c = cursor_make(layer->data + HEADER,
				      layer->geneve.header_length -
					      (size_t)HEADER);
	struct geneve_option o;
	const char *separator = "";

	while (option_next(&c, &o)) {
		put(t, "%sclass %s (0x%x) type 0x%x%s len %u", separator,
		    class_name(o.class), o.class, o.type,
		    o.type & CRITICAL ? "(C)" : "", o.length);
		separator = ", ";
		if (!cursor_has(&c, o.length - 4u)) {
			put_text(t, " [bad length]");
			return;
		}
		if (t->options->verbose > 1 && o.length > 4) {
			put_text(t, " data");
			for (unsigned int i = 0; i < o.length - 4u; i += 4)
				put(t, " %08x", load_be32(o.value + i));
		}
		cursor_skip(&c, o.length - 4u);
	}
}

static void text_payloads(struct text *t, const struct layer *layer)
{
	uint32_t options = layer->geneve.header_length - (uint32_t)HEADER;

	if (options) {
		put_text(t, ", options [");
		if (t->options->verbose)
			text_options(t, layer);
		else
			put(t, "%u bytes", options);
		put_char(t, ']');
	}
	put_text(t, t->options->verbose ? "\n\t" : ": ");
	if (!text_payload(t, layer))
		put(t, "geneve-proto-0x%x", layer->geneve.type);
}

static void text(struct text *t, const struct layer *layer)
{
	static const struct label flags[] = {
		{0x80, "O"},  {0x40, "C"},  {0x20, "R1"}, {0x10, "R2"},
		{0x08, "R3"}, {0x04, "R4"}, {0x02, "R5"}, {0x01, "R6"},
		{0, NULL},
	};
	const struct geneve *geneve = &layer->geneve;

	t->protocol = "geneve";
	put_text(t, "Geneve");
	if (layer->length < HEADER) {
		put(t, " [length %u < 8]", layer->length);
		text_invalid(t);
		return;
	}
	if (layer->captured < HEADER) {
		text_trunc(t);
		return;
	}
	if (geneve->version_options >> 6) {
		put(t, " ERROR: unknown-version %u",
		    geneve->version_options >> 6);
		return;
	}
	put_text(t, ", Flags [");
	put_bits(t, flags, geneve->flags, "none", "");
	put(t, "], vni 0x%x", geneve->vni);
	if (layer->data[7])
		put(t, ", rsvd 0x%x", layer->data[7]);
	if (t->options->link_header)
		put(t, ", proto %s (0x%04x)",
		    label_or(ethertype_labels, geneve->type, "unknown"),
		    geneve->type);
	if (layer->length < geneve->header_length)
		put(t, " truncated-geneve - %u bytes missing",
		    geneve->header_length - layer->length);
	else if (layer->captured < geneve->header_length)
		text_trunc(t);
	else
		text_payloads(t, layer);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	const struct geneve *geneve = &layer->geneve;
	struct cursor c = cursor_make(layer->data + HEADER,
				      geneve->header_length - (size_t)HEADER);
	struct geneve_option o;

	(void)packet;
	json_u64(json, "vni", geneve->vni);
	json_u64(json, "flags", geneve->flags);
	json_u64(json, "type", geneve->type);
	json_open_array(json, "options");
	while (option_next(&c, &o)) {
		json_open_object(json, NULL);
		json_u64(json, "class", o.class);
		json_u64(json, "type", o.type);
		json_close_object(json);
		cursor_rest(&c, o.length - 4u);
	}
	json_close_array(json);
}

const struct dissector geneve_dissector = {
	.name = "geneve",
	.decode = decode,
	.text = text,
	.json = json,
};
