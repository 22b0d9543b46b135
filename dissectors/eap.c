/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissectors/eap.h"

#include "dissectors/members.h"
#include "dissectors/protocols.h"

enum { REQUEST = 1, RESPONSE = 2, EAPOL_PACKET = 0, HEADER = 4 };

enum type {
	IDENTITY = 1,
	NOTIFICATION = 2,
	NAK = 3,
	TLS = 13,
	SIM = 18,
	TTLS = 21,
	AKA = 23,
	FAST = 43,
};

static const struct label frame_labels[] = {
	{0, "EAP packet"},
	{1, "EAPOL start"},
	{2, "EAPOL logoff"},
	{3, "EAPOL key"},
	{4, "Encapsulated ASF alert"},
	{0, NULL},
};

static const struct label code_labels[] = {
	{1, "Request"}, {2, "Response"}, {3, "Success"}, {4, "Failure"},
	{0, NULL},
};

static const struct label type_labels[] = {
	{0, "No proposed"},
	{IDENTITY, "Identity"},
	{NOTIFICATION, "Notification"},
	{NAK, "Nak"},
	{4, "MD5-challenge"},
	{5, "OTP"},
	{6, "GTC"},
	{TLS, "TLS"},
	{SIM, "SIM"},
	{TTLS, "TTLS"},
	{AKA, "AKA"},
	{FAST, "FAST"},
	{254, "Expanded types"},
	{255, "Experimental"},
	{0, NULL},
};

/* Those that need a byte of data, as they are called where it is missing. */
static const struct label short_labels[] = {
	{NOTIFICATION, "Notification "},
	{NAK, "Legacy NAK "},
	{TLS, "TLS/TTLS "},
	{TTLS, "TLS/TTLS "},
	{FAST, "FAST "},
	{SIM, "SIM/AKA "},
	{AKA, "SIM/AKA "},
	{0, NULL},
};

static const struct label tls_flags[] = {
	{0x80, "L bit"}, {0x40, "More fragments bit"}, {0x20, "Start bit"},
	{0, NULL},
};

static const struct label aka_labels[] = {
	{1, "Challenge"},    {2, "Auth reject"},   {4, "Sync failure"},
	{5, "Identity"},     {10, "Start"},	   {11, "Challenge"},
	{12, "Notification"}, {13, "Reauth"},	   {14, "Client error"},
	{0, NULL},
};

static void text_naks(struct text *t, struct cursor *c, uint32_t n)
{
	for (uint32_t i = 0; i < n && !t->stopped; i++) {
		uint8_t type = text_u8(t, c);

		put(t, "%s %s (%u)", i ? "," : "",
		    label_or(type_labels, type, "unknown"), type);
	}
}

static void put_too_short(struct text *t, const char *what)
{
	put(t, " (too short for EAP %srequest/response", what);
}

static void text_tls(struct text *t, struct cursor *c, uint8_t type,
		     uint32_t length)
{
	uint8_t flags = text_u8(t, c);

	if (type == TTLS)
		put(t, " TTLSv%u", flags & 7);
	else if (type == FAST)
		put(t, " FASTv%u", flags & 7);
	put_text(t, " flags [");
	put_bits(t, tls_flags, flags, "none", ", ");
	put(t, "] 0x%02x", flags);
	if (!(flags & 0x80))
		return;
	if (length < 10) {
		put_too_short(t, type == FAST ? "FAST " : "TLS/TTLS ");
		put_text(t, " with length)");
	} else {
		put(t, ", len %u", text_be32(t, c));
	}
}

static void text_type(struct text *t, struct cursor *c, uint32_t length)
{
	uint8_t type = text_u8(t, c), subtype;

	put(t, "\n\t\t Type %s (%u)", label_or(type_labels, type, "unknown"),
	    type);
	if (type == IDENTITY && length == 5)
		return;
	if (length < 6 && label_find(short_labels, type)) {
		put_too_short(t, label_find(short_labels, type));
		put_char(t, ')');
		return;
	}
	switch (type) {
	case IDENTITY:
		put_text(t, ", Identity: ");
		put_visible_bytes(t, c->at, length - 5, c->end);
		break;
	case NOTIFICATION:
		put_text(t, ", Notification: ");
		put_visible_bytes(t, c->at, length - 5, c->end);
		break;
	case NAK:
		text_naks(t, c, length - 5);
		break;
	case TLS:
	case TTLS:
	case FAST:
		text_tls(t, c, type, length);
		break;
	case AKA:
	case SIM:
		subtype = text_u8(t, c);
		put(t, " subtype [%s] 0x%02x",
		    label_or(aka_labels, subtype, "unknown"), subtype);
		break;
	default:
		break;
	}
}

void eap_text(struct text *t, struct cursor c, uint32_t length)
{
	struct cursor all = c;
	uint8_t code = text_u8(t, &c), id;
	uint16_t size;

	t->protocol = "eap";
	text_has(t, &c, 3);
	id = cursor_u8(&c);
	size = cursor_be16(&c);
	if (t->stopped)
		return;
	if (size != length) {
		put_text(t, "EAP fragment?");
		return;
	}
	put(t, "%s (%u), id %u, len %u",
	    label_or(code_labels, code, "unknown"), code, id, size);
	if (size > cursor_left(&all)) {
		text_trunc(t);
		return;
	}
	if (code != REQUEST && code != RESPONSE)
		return;
	if (size < HEADER + 1)
		put_text(t, " (too short for EAP request/response)");
	else
		text_type(t, &c, size);
}

static void decode(struct dissection *d)
{
	d->layer->words[0] = cursor_be32(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

static void text(struct text *t, const struct layer *layer)
{
	uint32_t header = (uint32_t)layer->words[0];
	uint8_t type = header >> 16 & 0xff;
	struct cursor c = text_cursor(layer);

	t->protocol = "eap";
	if (layer->flags & LAYER_TRUNCATED) {
		text_trunc(t);
		return;
	}
	put(t, "%s (%u) v%u, len %u", label_or(frame_labels, type, "unknown"),
	    type, header >> 24, header & 0xffff);
	if (!t->options->verbose || type != EAPOL_PACKET)
		return;
	if (!(header & 0xffff)) {
		text_trunc(t);
		return;
	}
	put_text(t, ", ");
	cursor_skip(&c, HEADER);
	eap_text(t, c, header & 0xffff);
}

static const struct member_table eap_type_members = {
	.members = (const struct member[]){
		MEMBER_U8("eap_type", 8),
		MEMBER_END},
};

static const struct member_case eap_codes[] = {
	{1, &eap_type_members},
	{2, &eap_type_members},
	{0, NULL},
};

static const struct member_table eap_members = {
	.members = (const struct member[]){
		MEMBER_U8("eap_code", 4),
		MEMBER_U8("eap_id", 5),
		MEMBER_U16("eap_length", 6),
		MEMBER_END},
	.choice = {4, 1, 0},
	.cases = eap_codes,
};

static const struct member_table key_members = {
	.members = (const struct member[]){
		MEMBER_U8("descriptor_type", 4),
		MEMBER_END},
};

static const struct member_case packet_types[] = {
	{0, &eap_members},
	{3, &key_members},
	{0, NULL},
};

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_U8("version", 0),
		MEMBER_U8("type", 1),
		MEMBER_U16("message_length", 2),
		MEMBER_END},
	.choice = {1, 1, 0},
	.cases = packet_types,
};

const struct dissector eapol_dissector = {
	.name = "eapol",
	.decode = decode,
	.text = text,
	.members = &members,
};
