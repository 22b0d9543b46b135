/* SPDX-License-Identifier: BSD-3-Clause */
/* PPP: RFC 1661; in HDLC-like frames: RFC 1662. */
#include "dissectors/ppp.h"

#include "dissectors/members.h"
#include "dissectors/protocols.h"
#include "dissectors/registry.h"

enum {
	LINK_HEADER = 4,
	FRAME_IN = 0x0003, /* address and control, as pppd writes them */
	FRAME_OUT = 0x0103,
	FRAME_ALL = 0xff03,
	PROTOCOL_MULTILINK = 0x003d,
	PROTOCOL_COMPRESSED = 0x00fd,
	PROTOCOL_BAP = 0xc02d,
};

const struct label ppp_protocol_labels[] = {
	{0x0021, "IP"},
	{0x0023, "OSI"},
	{0x0025, "NS"},
	{0x0027, "DECNET"},
	{0x0029, "APPLE"},
	{0x002b, "IPX"},
	{0x002d, "VJC IP"},
	{0x002f, "VJNC IP"},
	{0x0031, "BRPDU"},
	{0x0033, "STII"},
	{0x0035, "VINES"},
	{0x0281, "MPLS"},
	{0x0283, "MPLS"},
	{PROTOCOL_COMPRESSED, "Compressed"},
	{PROTOCOL_MULTILINK, "MLPPP"},
	{0x0057, "IP6"},
	{0x0201, "HELLO"},
	{0x0231, "LUXCOM"},
	{0x0233, "SNS"},
	{PPP_IPCP, "IPCP"},
	{PPP_OSICP, "OSICP"},
	{0x8025, "NSCP"},
	{0x8027, "DECNETCP"},
	{0x8029, "APPLECP"},
	{0x802b, "IPXCP"},
	{0x8033, "STIICP"},
	{0x8035, "VINESCP"},
	{PPP_IPV6CP, "IP6CP"},
	{PPP_MPLSCP, "MPLSCP"},
	{PPP_LCP, "LCP"},
	{PPP_PAP, "PAP"},
	{0xc025, "LQM"},
	{PPP_CHAP, "CHAP"},
	{0xc227, "EAP"},
	{0xc027, "SPAP"},
	{0xc123, "Old-SPAP"},
	{PPP_BACP, "BACP"},
	{PROTOCOL_BAP, "BAP"},
	{0xc03d, "MLPPP-CP"},
	{PPP_CCP, "CCP"},
	{0, NULL},
};

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct ppp *ppp = &layer->ppp;
	struct cursor *c = &d->cursor;
	uint16_t first = cursor_has(c, 2) ? load_be16(c->at) : 0;
	uint32_t left = layer->length;

	layer->flags |= LAYER_TRUNCATED;
	if (!cursor_has(c, 2) || left < 2)
		return;
	if (first == FRAME_ALL || first == FRAME_IN || first == FRAME_OUT) {
		cursor_skip(c, 2);
		left -= 2;
		if (left < 2)
			return;
	}
	/* The protocol may be compressed to one byte, which is odd. */
	if (cursor_has(c, 1) && c->at[0] & 1) {
		ppp->protocol = cursor_u8(c);
		left -= 1;
	} else {
		ppp->protocol = cursor_be16(c);
		left -= 2;
	}
	if (c->overrun)
		return;
	layer->flags &= (uint16_t)~LAYER_TRUNCATED;
	ppp->header_length = (uint8_t)(layer->length - left);
	dissect_payload(d, registry_find(REGISTRY_PPP, ppp->protocol),
			window_rest(d, left));
}

static void text_multilink(struct text *t, struct cursor c, uint32_t length)
{
	static const struct label flags[] = {
		{0x80, "begin"}, {0x40, "end"}, {0, NULL}};

	if (!t->options->link_header)
		put_text(t, "MLPPP, ");
	if (length < 2 || !cursor_has(&c, 2)) {
		put_text(t, "[|mlppp]");
		return;
	}
	put(t, "seq 0x%03x, Flags [", load_be16(c.at) & 0xfff);
	put_bits(t, flags, c.at[0] & 0xc0, "none", ", ");
	put(t, "], length %u", length);
}

static void text_unknown(struct text *t, uint16_t protocol, struct cursor c,
			 uint32_t length)
{
	put_label(t, ppp_protocol_labels, protocol,
		  "unknown PPP protocol (0x%04x)");
	put_char(t, ' ');
	put_unknown_data(t, &c, "\n\t", length);
}

static void text_protocol(struct text *t, const struct layer *layer)
{
	uint16_t protocol = layer->ppp.protocol;
	struct cursor c = text_cursor(layer);
	uint32_t length = layer->length - layer->ppp.header_length;

	if (text_payload(t, layer))
		return;
	cursor_skip(&c, layer->ppp.header_length);
	switch (protocol) {
	case PPP_LCP:
	case PPP_IPCP:
	case PPP_OSICP:
	case PPP_MPLSCP:
	case PPP_IPV6CP:
	case PPP_CCP:
	case PPP_BACP:
		ppp_text_control(t, protocol, c, length, c.at - 2);
		break;
	case PPP_CHAP:
		ppp_text_chap(t, c, length);
		break;
	case PPP_PAP:
		ppp_text_pap(t, c, length);
		break;
	case PROTOCOL_MULTILINK:
		text_multilink(t, c, length);
		break;
	case PROTOCOL_BAP:
		break;
	case PROTOCOL_COMPRESSED:
		put_text(t, "compressed PPP data");
		break;
	default:
		text_unknown(t, protocol, c, length);
		break;
	}
}

/* Where the snapshot or the frame ends in the header. */
static void text_short(struct text *t, const struct layer *layer)
{
	uint16_t first;

	if (layer->length < 2) {
		text_trunc(t);
		return;
	}
	first = load_be16(text_at(t, layer, 0, 2));
	if (t->stopped)
		return;
	if (first == FRAME_ALL || first == FRAME_IN || first == FRAME_OUT) {
		if (t->options->link_header && first != FRAME_ALL)
			put_text(t, first == FRAME_IN ? "In  " : "Out ");
		if (layer->length < 4) {
			text_trunc(t);
			return;
		}
	}
	text_stop(t);
}

static void text(struct text *t, const struct layer *layer)
{
	const struct ppp *ppp = &layer->ppp;
	uint16_t first;

	t->protocol = "ppp";
	if (layer->flags & LAYER_TRUNCATED) {
		text_short(t, layer);
		return;
	}
	first = load_be16(layer->data);
	if (t->options->link_header) {
		const char *name = label_find(ppp_protocol_labels,
					      ppp->protocol);

		if (first == FRAME_IN || first == FRAME_OUT)
			put_text(t, first == FRAME_IN ? "In  " : "Out ");
		put(t, "%s (0x%04x), length %u", name ? name : "unknown",
		    ppp->protocol, layer->length);
		if (!name)
			return;
		put_text(t, ": ");
	}
	text_protocol(t, layer);
}

/* Control protocols: RFC 1661, 5; the options of those that negotiate. */
static const struct member_table option_members = {
	.list = {
		.name = "options",
		.at = 4,
		.end = {2, 2, 0},
		.header = 2,
		.type = {0, 1, 0},
		.length = {1, 1, 0},
	},
};

static const struct member_case code_cases[] = {
	{1, &option_members}, {2, &option_members}, {3, &option_members},
	{4, &option_members}, {0, NULL},
};

static const struct member_table control_members = {
	.members = (const struct member[]){
		MEMBER_U8("code", 0),
		MEMBER_U8("id", 1),
		MEMBER_U16("message_length", 2),
		MEMBER_END},
	.choice = {0, 1, 0},
	.cases = code_cases,
};

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "protocol_number", layer->ppp.protocol);
	if (layer->ppp.protocol >= 0x8000 &&
	    layer->ppp.header_length < layer->captured)
		members_put_json(json, &control_members,
				 layer->data + layer->ppp.header_length,
				 layer->captured - layer->ppp.header_length);
}

const struct dissector ppp_dissector = {
	.name = "ppp",
	.decode = decode,
	.text = text,
	.json = json,
};

static void text_link(struct text *t, const struct layer *layer)
{
	t->protocol = "ppp";
	if (layer->captured < LINK_HEADER) {
		text_trunc(t);
		t->link_length = layer->captured;
		return;
	}
	t->link_length = LINK_HEADER;
	text(t, layer);
}

const struct dissector ppp_link_dissector = {
	.name = "ppp",
	.decode = decode,
	.text = text_link,
	.json = json,
};

/* Serial lines: the address and control fields are always there. */
static void text_serial(struct text *t, const struct layer *layer)
{
	const uint8_t *p = layer->data;

	t->protocol = "ppp_hdlc";
	if (layer->captured < LINK_HEADER) {
		text_trunc(t);
		t->link_length = layer->captured;
		return;
	}
	if (t->options->link_header)
		put(t, "%02x %02x %u ", p[0], p[1], layer->length);
	if (p[0] != 0xff) {
		put(t, "unknown addr %02x; ctrl %02x", p[2], p[3]);
		t->link_length = 2;
		return;
	}
	put_label(t, ppp_protocol_labels, layer->ppp.protocol,
		  "unknown PPP protocol (0x%04x)");
	put_text(t, ": ");
	t->link_length = LINK_HEADER;
	text_protocol(t, layer);
}

static void decode_serial(struct dissection *d)
{
	struct ppp *ppp = &d->layer->ppp;
	uint8_t address = cursor_u8(&d->cursor);

	cursor_skip(&d->cursor, 1);
	ppp->protocol = cursor_be16(&d->cursor);
	ppp->header_length = LINK_HEADER;
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
	else if (address == 0xff)
		dissect_payload(d, registry_find(REGISTRY_PPP, ppp->protocol),
				window_rest(d, d->layer->length - LINK_HEADER));
}

const struct dissector ppp_serial_dissector = {
	.name = "ppp",
	.decode = decode_serial,
	.text = text_serial,
	.json = json,
};
