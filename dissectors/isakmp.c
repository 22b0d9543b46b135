/* SPDX-License-Identifier: BSD-3-Clause */
/* The message, and what both versions share; payloads are in ikev1.c and
 * ikev2.c. In UDP with ESP: RFC 3948. */
#include "dissectors/isakmp.h"

#include "dissectors/printer.h"
#include "dissectors/protocols.h"
#include "src/base/cleanup.h"

enum {
	VERSION_1 = 1,
	VERSION_2 = 2,
	FLAG_ENCRYPTED = 0x01,
	FLAG_COMMIT = 0x02,
	FLAG_INITIATOR = 0x08,
	FLAG_VERSION = 0x10,
	FLAG_RESPONSE = 0x20,
	SHOWN_FIRST = 10,
	SHOWN_LAST = 20,
};

static const char *const payload_names[] = {
	"none",	  "sa",	   "p",	      "t",     "ke",	"id",	 "cert",
	"cr",	  "hash",  "sig",     "nonce", "n",	"d",	 "vid",
	"pay14",  "pay15", "pay16",   "pay17", "pay18", "pay19", "pay20",
	"pay21",  "pay22", "pay23",   "pay24", "pay25", "pay26", "pay27",
	"pay28",  "pay29", "pay30",   "pay31", "pay32", "v2sa",	 "v2ke",
	"v2IDi",  "v2IDr", "v2cert",  "v2cr",  "v2auth", "v2nonce", "v2n",
	"v2d",	  "v2vid", "v2TSi",   "v2TSr", "v2e",	"v2cp",	 "v2eap",
};

static const char *const exchange_names[] = {
	[0] = "none",	      [1] = "base",	  [2] = "ident",
	[3] = "auth",	      [4] = "agg",	  [5] = "inf",
	[32] = "oakley-quick", [33] = "oakley-newgroup",
	[34] = "ikev2_init",  [35] = "ikev2_auth", [36] = "child_sa",
	[37] = "inf2",
};

static const char *const protocol_names[] = {
	NULL, "isakmp", "ipsec-ah", "ipsec-esp", "ipcomp",
};

static const char *const group_names[] = {
	NULL,	      "modp768",    "modp1024",	  "EC2N 2^155", "EC2N 2^185",
	"modp1536",   "iana-grp06", "iana-grp07", "iana-grp08", "iana-grp09",
	"iana-grp10", "iana-grp11", "iana-grp12", "iana-grp13", "modp2048",
	"modp3072",   "modp4096",   "modp6144",	  "modp8192",
};

static const char *const esp_names[] = {
	NULL,	"1des-iv64", "1des",  "3des",	   "rc5", "idea", "cast",
	"blowfish", "3idea", "1des-iv32", "rc4",   "null", "aes",
};

#define NAMES(table) {table, ARRAY_SIZE(table)}

const struct ike_names ike_groups = NAMES(group_names);
const struct ike_names ike_esp_transforms = NAMES(esp_names);
const struct ike_names ike_protocols = NAMES(protocol_names);
const struct ike_attributes ike_no_attributes = {NULL, 0};

static const struct ike_names payloads = NAMES(payload_names);
static const struct ike_names exchanges = NAMES(exchange_names);

ike_text_function *const ike_text_functions[IKE_PAYLOADS] = {
	[IKE_SA] = ikev1_text_sa,
	[IKE_PROPOSAL] = ikev1_text_proposal,
	[IKE_TRANSFORM] = ikev1_text_transform,
	[IKE_KEY_EXCHANGE] = ikev1_text_key_exchange,
	[IKE_ID] = ikev1_text_id,
	[IKE_CERT] = ikev1_text_cert,
	[IKE_CERT_REQUEST] = ikev1_text_cert,
	[IKE_HASH] = ikev1_text_opaque,
	[IKE_SIGNATURE] = ikev1_text_opaque,
	[IKE_NONCE] = ikev1_text_nonce,
	[IKE_NOTIFICATION] = ikev1_text_notification,
	[IKE_DELETE] = ikev1_text_delete,
	[IKE_VENDOR_ID] = ikev1_text_opaque,
	[IKE2_SA] = ikev2_text_sa,
	[IKE2_KEY_EXCHANGE] = ikev2_text_key_exchange,
	[IKE2_ID_I] = ikev2_text_id,
	[IKE2_ID_R] = ikev2_text_id,
	[IKE2_CERT] = ikev2_text_opaque,
	[IKE2_CERT_REQUEST] = ikev2_text_opaque,
	[IKE2_AUTH] = ikev2_text_auth,
	[IKE2_NONCE] = ikev2_text_nonce,
	[IKE2_NOTIFY] = ikev2_text_notify,
	[IKE2_DELETE] = ikev2_text_opaque,
	[IKE2_VENDOR_ID] = ikev2_text_vendor_id,
	[IKE2_TS_I] = ikev2_text_opaque,
	[IKE2_TS_R] = ikev2_text_opaque,
	[IKE2_CONFIGURATION] = ikev2_text_opaque,
	[IKE2_EAP] = ikev2_text_opaque,
};

void ike_put_name(struct text *t, const struct ike_names *names,
		  uint32_t value)
{
	if (value < names->count && names->names[value])
		put_text(t, names->names[value]);
	else
		put(t, "#%u", value);
}

void ike_put_payload_name(struct text *t, uint8_t type)
{
	ike_put_name(t, &payloads, type);
}

bool ike_put_hex(const struct ike *ike, size_t at, size_t n)
{
	if (!ike_has(ike, at, n))
		return false;
	put_hex_bytes(ike->t, ike->data + at, n);
	return true;
}

bool ike_put_some(const struct ike *ike, size_t at)
{
	size_t left = ike->end - at;
	size_t first = left > SHOWN_FIRST ? SHOWN_FIRST : left;
	size_t last = left - first > SHOWN_LAST ? SHOWN_LAST : left - first;

	put_text(ike->t, " data=(");
	ike_put_hex(ike, at, first);
	put_text(ike->t, "...");
	ike_put_hex(ike, ike->end - last, last);
	put_char(ike->t, ')');
	return true;
}

static void put_value(struct text *t, const struct ike_attribute *attribute,
		      uint16_t value)
{
	const struct ike_names *names = attribute ? &attribute->values : NULL;

	put_text(t, "value=");
	if (names && value < names->count && names->names[value])
		put_text(t, names->names[value]);
	else
		put(t, "%04x", value);
}

static bool text_attribute(struct ike *ike, size_t *at, size_t end,
			   const struct ike_attributes *known)
{
	const struct ike_attribute *attribute = NULL;
	struct cursor c = cursor_make(ike->data + *at, ike->end - *at);
	uint16_t type = 0, value = 0;
	size_t length = 4;
	bool is_short = c.at[0] & 0x80;

	if (!is_short) {
		if (!text_has(ike->t, &c, 4))
			return false;
		length += load_be16(c.at + 2);
	}
	if (length > end - *at) {
		put_text(ike->t, "[|attr]");
		*at = end + 1;
		return true;
	}
	put_char(ike->t, '(');
	type = text_be16(ike->t, &c) & 0x7fff;
	if (type < known->count && known->attributes[type].name)
		attribute = &known->attributes[type];
	if (attribute)
		put(ike->t, "type=%s ", attribute->name);
	else
		put(ike->t, "type=#%u ", type);
	if (is_short) {
		value = text_be16(ike->t, &c);
		put_value(ike->t, attribute, value);
	} else {
		put(ike->t, "len=%u value=", (unsigned int)(length - 4));
		if (!ike_put_hex(ike, *at + 4, length - 4)) {
			put_char(ike->t, ')');
			return false;
		}
	}
	put_char(ike->t, ')');
	*at += length;
	return true;
}

bool ike_text_attributes(struct ike *ike, size_t *at, size_t end,
			 const struct ike_attributes *known)
{
	while (*at < ike->end && *at < end && !ike->t->stopped)
		if (!text_attribute(ike, at, end, known))
			return false;
	return true;
}

size_t ike_text_cut(struct ike *ike, uint8_t type)
{
	put_text(ike->t, " [|");
	ike_put_payload_name(ike->t, type);
	put_char(ike->t, ']');
	return IKE_NONE;
}

void ike_open_line(struct ike *ike)
{
	ike->depth++;
	put_char(ike->t, '\n');
	strbuf_spaces(ike->t->out, 4 * (size_t)ike->depth);
	put_char(ike->t, '(');
}

void ike_close_line(struct ike *ike)
{
	put_char(ike->t, ')');
	ike->depth--;
}

static size_t text_payload_at(struct ike *ike, const struct ike_part *part)
{
	if (part->length <= IKE_GENERIC)
		return IKE_NONE;
	if (part->type == IKE2_ENCRYPTED &&
	    ike->protocol == UINT32_MAX) /* in version 2 only */
		return ikev2_text_encrypted(ike, part);
	if (part->type < IKE_PAYLOADS && ike_text_functions[part->type])
		return ike_text_functions[part->type](ike, part);
	ike_put_payload_name(ike->t, part->type);
	return part->at + part->length;
}

size_t ike_text_chain(struct ike *ike, uint8_t type, size_t at)
{
	if (ike->depth >= IKE_DEPTH)
		return ike_text_cut(ike, type);
	while (type && !ike->t->stopped) {
		struct ike_part part = {.at = at, .type = type};

		if (!ike_has(ike, at, IKE_GENERIC))
			return ike_text_cut(ike, type);
		part.length = load_be16(ike->data + at + 2);
		if (!ike_has(ike, at, part.length))
			return ike_text_cut(ike, type);
		ike_open_line(ike);
		at = text_payload_at(ike, &part);
		ike_close_line(ike);
		if (at == IKE_NONE)
			return IKE_NONE;
		type = ike->data[part.at];
	}
	return at;
}

static void decode(struct dissection *d)
{
	struct isakmp *isakmp = &d->layer->isakmp;
	struct cursor *c = &d->cursor;

	isakmp->initiator = cursor_be64(c);
	isakmp->responder = cursor_be64(c);
	isakmp->next_payload = cursor_u8(c);
	isakmp->version = cursor_u8(c);
	isakmp->exchange = cursor_u8(c);
	isakmp->flags = cursor_u8(c);
	isakmp->message = cursor_be32(c);
	isakmp->length = cursor_be32(c);
	if (c->overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

static void addresses(const struct layer *ip, const uint8_t **source,
		      const uint8_t **destination, size_t *size)
{
	bool six = ip->dissector == &ipv6_dissector;

	*size = six ? 16 : 4;
	*source = six ? ip->ipv6.source : ip->ipv4.source;
	*destination = six ? ip->ipv6.destination : ip->ipv4.destination;
}

static const struct ike_cookie *find_cookie(const struct text_printer *printer,
					    uint64_t initiator)
{
	for (size_t i = 0; i < ARRAY_SIZE(printer->cookies); i++)
		if (printer->cookies[i].initiator == initiator)
			return &printer->cookies[i];
	return NULL;
}

/* Who sent it: the first message of an exchange tells who is the initiator. */
static void put_side(struct text *t, const struct layer *layer)
{
	const struct isakmp *isakmp = &layer->isakmp;
	const struct layer *ip = layer_ip(t->packet, layer);
	const uint8_t *source, *destination;
	const struct ike_cookie *known =
		find_cookie(t->printer, isakmp->initiator);
	size_t size;

	if (!ip || (!known && isakmp->responder)) {
		put_text(t, " ?");
		return;
	}
	addresses(ip, &source, &destination, &size);
	if (!known) {
		struct ike_cookie *new =
			&t->printer->cookies[t->printer->next_cookie];

		put_text(t, " I");
		new->initiator = isakmp->initiator;
		new->size = (uint8_t)size;
		memcpy(new->source, source, size);
		memcpy(new->destination, destination, size);
		t->printer->next_cookie = (t->printer->next_cookie + 1) %
					  ARRAY_SIZE(t->printer->cookies);
	} else if (known->size == size &&
		   !memcmp(known->source, source, size)) {
		put_text(t, " I");
	} else if (known->size == size &&
		   !memcmp(known->destination, source, size)) {
		put_text(t, " R");
	} else {
		put_text(t, " ?");
	}
}

static void text_payloads(struct text *t, const struct layer *layer)
{
	const struct isakmp *isakmp = &layer->isakmp;
	struct ike ike = {
		.t = t,
		.data = layer->data,
		.end = layer->captured,
		.phase = isakmp->message ? 2 : 1,
		.protocol = isakmp->version >> 4 == VERSION_2 ? UINT32_MAX : 0,
	};

	put_char(t, ':');
	if (isakmp->flags & FLAG_ENCRYPTED) {
		put_text(t, " [encrypted ");
		ike_put_payload_name(t, isakmp->next_payload);
		put_char(t, ']');
	} else {
		ike_text_chain(&ike, isakmp->next_payload, IKE_HEADER);
	}
	if (isakmp->length != layer->length)
		put(t, " (len mismatch: isakmp %u/ip %u)", isakmp->length,
		    layer->length);
}

static void text_version_1(struct text *t, const struct layer *layer)
{
	const struct isakmp *isakmp = &layer->isakmp;

	put_text(t, isakmp->message ? " phase 2/others" : " phase 1");
	put_side(t, layer);
	put_char(t, ' ');
	ike_put_name(t, &exchanges, isakmp->exchange);
	if (isakmp->flags)
		put(t, "[%s%s]", isakmp->flags & FLAG_ENCRYPTED ? "E" : "",
		    isakmp->flags & FLAG_COMMIT ? "C" : "");
}

static void text_version_2(struct text *t, const struct layer *layer)
{
	const struct isakmp *isakmp = &layer->isakmp;

	put_text(t, isakmp->message ? " child_sa  " : " parent_sa ");
	ike_put_name(t, &exchanges, isakmp->exchange);
	if (isakmp->flags)
		put(t, "[%s%s%s]", isakmp->flags & FLAG_INITIATOR ? "I" : "",
		    isakmp->flags & FLAG_VERSION ? "V" : "",
		    isakmp->flags & FLAG_RESPONSE ? "R" : "");
}

static void text(struct text *t, const struct layer *layer)
{
	const struct isakmp *isakmp = &layer->isakmp;
	uint8_t major = isakmp->version >> 4;
	unsigned int verbose = t->options->verbose;

	t->protocol = "isakmp";
	if (layer->flags & LAYER_TRUNCATED) {
		text_trunc(t);
		return;
	}
	put_text(t, "isakmp");
	if (verbose)
		put(t, " %u.%u msgid %08x", major, isakmp->version & 15,
		    isakmp->message);
	if (verbose > 1) {
		put_text(t, " cookie ");
		put_hex_bytes(t, layer->data, 8);
		put_text(t, "->");
		put_hex_bytes(t, layer->data + 8, 8);
	}
	put_char(t, ':');
	if (major == VERSION_1)
		text_version_1(t, layer);
	else if (major == VERSION_2)
		text_version_2(t, layer);
	else
		return;
	if (verbose)
		text_payloads(t, layer);
}

/* The chain of payloads, as far as it can be read; each names the next. */
static void json_payloads(struct json *json, const struct layer *layer)
{
	const struct isakmp *isakmp = &layer->isakmp;
	uint32_t end = isakmp->length < layer->captured ? isakmp->length
							: layer->captured;
	struct cursor c = cursor_make(layer->data, end);
	uint8_t type = isakmp->next_payload;

	cursor_skip(&c, IKE_HEADER);
	json_open_array(json, "payloads");
	while (type != IKE_NONE && cursor_has(&c, IKE_GENERIC)) {
		uint8_t next = cursor_u8(&c), flags = cursor_u8(&c);
		uint16_t length = cursor_be16(&c);
		struct slice value;

		/* Version 1 encrypts the chain itself. */
		if (length < IKE_GENERIC ||
		    (isakmp->version >> 4 == 1 && isakmp->flags & 1))
			break;
		value = cursor_rest(&c, length - (size_t)IKE_GENERIC);
		json_open_object(json, NULL);
		json_u64(json, "type", type);
		json_bool(json, "critical", flags & 0x80);
		json_hex(json, "value", value.data, value.length);
		json_close_object(json);
		type = type == IKE2_ENCRYPTED ? (uint8_t)IKE_NONE : next;
	}
	json_close_array(json);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	const struct isakmp *isakmp = &layer->isakmp;

	(void)packet;
	if (layer->flags & LAYER_TRUNCATED)
		return;
	json_hex(json, "initiator_spi", layer->data, 8);
	json_hex(json, "responder_spi", layer->data + 8, 8);
	json_u64(json, "version", isakmp->version >> 4);
	json_u64(json, "exchange_type", isakmp->exchange);
	json_u64(json, "flags", isakmp->flags);
	json_u64(json, "message_id", isakmp->message);
	json_u64(json, "message_length", isakmp->length);
	json_payloads(json, layer);
}

const struct dissector isakmp_dissector = {
	.name = "isakmp",
	.decode = decode,
	.text = text,
	.json = json,
};

static void decode_natt(struct dissection *d)
{
	struct layer *layer = d->layer;
	uint32_t marker;

	if (layer->length == 1)
		return;
	marker = cursor_be32(&d->cursor);
	if (d->cursor.overrun || layer->length < 4) {
		layer->flags |= LAYER_TRUNCATED;
		return;
	}
	layer->words[0] = marker;
	if (!marker) {
		dissect_payload(d, &isakmp_dissector,
				window_rest(d, layer->length - 4));
		return;
	}
	d->cursor = cursor_make(layer->data, layer->captured);
	dissect_payload(d, &esp_dissector, window_rest(d, layer->length));
}

static void text_natt(struct text *t, const struct layer *layer)
{
	struct cursor c = text_cursor(layer);

	t->protocol = "isakmp_rfc3948";
	if (layer->length == 1 && text_at(t, layer, 0, 1)[0] == 0xff) {
		put_text(t, "isakmp-nat-keep-alive");
		return;
	}
	if (layer->length < 4) {
		text_trunc(t);
		return;
	}
	if (!text_has(t, &c, 4))
		return;
	put_text(t, layer->words[0] ? "UDP-encap: " : "NONESP-encap: ");
	text_payload(t, layer);
}

static void json_natt(struct json *json, const struct packet *packet,
		      const struct layer *layer)
{
	(void)packet;
	json_bool(json, "keep_alive", layer->length == 1);
	if (layer->length >= 4)
		json_u64(json, "marker", layer->words[0]);
}

const struct dissector isakmp_natt_dissector = {
	.name = "isakmp_natt",
	.decode = decode_natt,
	.text = text_natt,
	.json = json_natt,
};
