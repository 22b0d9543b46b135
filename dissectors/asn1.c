/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissectors/asn1.h"

#include "src/base/cleanup.h"

enum {
	CLASS_UNIVERSAL,
	CLASS_APPLICATION,
	CLASS_CONTEXT,
	CLASS_PRIVATE,
	ID_MASK = 0x1f,
	CONSTRUCTED = 0x20,
	MORE = 0x80,
};

static const char *const universal_names[] = {
	"U-0",	 "Boolean",   "Integer", "Bitstring", "String", "Null",
	"ObjID", "ObjectDes", "U-8",	 "U-9",	      "U-10",	"U-11",
	"U-12",	 "U-13",      "U-14",	 "U-15",      "Sequence", "Set",
};

static const char *const application_names[] = {
	"IpAddress", "Counter", "Gauge", "TimeTicks",
	"Opaque",    "C-5",	"Counter64",
};

static const char *const pdu_names[] = {
	"GetRequest", "GetNextRequest", "GetResponse", "SetRequest", "Trap",
	"GetBulk",    "Inform",		"V2Trap",      "Report",
};

static const char *const private_names[] = {"P-0"};

static const char *const exception_names[] = {
	"noSuchObject", "noSuchInstance", "endOfMibView"};

static const struct {
	const char *const *names;
	size_t count;
} classes[] = {
	[CLASS_UNIVERSAL] = {universal_names, ARRAY_SIZE(universal_names)},
	[CLASS_APPLICATION] = {application_names,
			       ARRAY_SIZE(application_names)},
	[CLASS_CONTEXT] = {pdu_names, ARRAY_SIZE(pdu_names)},
	[CLASS_PRIVATE] = {private_names, ARRAY_SIZE(private_names)},
};

static const enum asn1_type universal_types[] = {
	[2] = ASN1_INTEGER, [4] = ASN1_STRING, [5] = ASN1_NULL, [6] = ASN1_OID,
	[17] = ASN1_ANY,
};

static const enum asn1_type application_types[] = {
	ASN1_ADDRESS,  ASN1_UNSIGNED, ASN1_UNSIGNED,   ASN1_UNSIGNED,
	ASN1_OCTETS,   ASN1_OCTETS,   ASN1_UNSIGNED64,
};

static enum asn1_type type_of(const struct asn1 *o)
{
	if (o->constructed) {
		if (o->class == CLASS_CONTEXT)
			return ASN1_PDU;
		return o->class == CLASS_UNIVERSAL && o->id == 16
			       ? ASN1_SEQUENCE
			       : ASN1_OCTETS;
	}
	switch (o->class) {
	case CLASS_UNIVERSAL:
		return universal_types[o->id] == ASN1_ANY
			       ? ASN1_OCTETS
			       : universal_types[o->id];
	case CLASS_APPLICATION:
		return application_types[o->id];
	case CLASS_CONTEXT:
		return o->id < ARRAY_SIZE(exception_names) ? ASN1_EXCEPTION
							   : ASN1_ANY;
	default:
		return ASN1_OCTETS;
	}
}

/* One byte of a header. False at the end of the snapshot. */
static bool take(struct asn1_reader *r, uint8_t *byte)
{
	*byte = cursor_u8(&r->cursor);
	r->length--;
	return !r->cursor.overrun;
}

static enum asn1_error read_tag(struct asn1_reader *r, struct asn1 *o)
{
	uint8_t byte;

	if (!r->length)
		return ASN1_EMPTY;
	if (!take(r, &byte))
		return ASN1_TRUNCATED;
	o->class = byte >> 6;
	o->constructed = byte & CONSTRUCTED;
	o->id = byte & ID_MASK;
	if (o->id != ID_MASK)
		return ASN1_GOOD;
	o->id = 0;
	do {
		if (!cursor_has(&r->cursor, 1))
			return ASN1_TRUNCATED;
		if (!r->length)
			return ASN1_BAD_TAG;
		take(r, &byte);
		o->id = (uint8_t)(o->id << 7 | (byte & ~MORE));
	} while (byte & MORE);
	return ASN1_GOOD;
}

static enum asn1_error read_length(struct asn1_reader *r, struct asn1 *o)
{
	uint8_t byte;

	if (!r->length)
		return ASN1_NO_LENGTH;
	if (!take(r, &byte))
		return ASN1_TRUNCATED;
	o->length = byte;
	if (byte & MORE) {
		uint32_t count = byte & ~MORE;

		o->length = 0;
		o->left = r->length;
		o->claimed = count;
		if (r->length < count)
			return ASN1_LENGTH_TOO_LONG;
		for (; count; count--) {
			if (!take(r, &byte))
				return ASN1_TRUNCATED;
			o->length = o->length << 8 | byte;
		}
	}
	o->left = r->length;
	o->claimed = o->length;
	return r->length < o->length ? ASN1_TOO_LONG : ASN1_GOOD;
}

static void read_number(struct asn1 *o)
{
	uint64_t number = 0;

	if (o->type == ASN1_INTEGER && o->data[0] & 0x80)
		number = UINT64_MAX;
	for (uint32_t i = 0; i < o->length; i++)
		number = number << 8 | o->data[i];
	if (o->type == ASN1_UNSIGNED64)
		o->number64 = number;
	else
		o->number = (uint32_t)number;
}

static enum asn1_error read_object(struct asn1_reader *r, struct asn1 *o)
{
	enum asn1_error error = read_tag(r, o);

	if (!error)
		error = read_length(r, o);
	if (error)
		return error;
	if (o->id >= classes[o->class].count)
		return ASN1_BAD_ID;
	if (!cursor_has(&r->cursor, o->length))
		return ASN1_CUT;
	o->data = cursor_take(&r->cursor, o->length);
	r->length -= o->length;
	o->type = type_of(o);
	if (o->type == ASN1_INTEGER && !o->length)
		return ASN1_EMPTY_INTEGER;
	if (o->type == ASN1_INTEGER || o->type == ASN1_UNSIGNED ||
	    o->type == ASN1_UNSIGNED64)
		read_number(o);
	return ASN1_GOOD;
}

bool asn1_next(struct asn1_reader *reader, struct asn1 *object)
{
	*object = (struct asn1){0};
	object->error = read_object(reader, object);
	return !object->error;
}

struct asn1_reader asn1_inside(const struct asn1_reader *from,
			       const struct asn1 *object)
{
	struct asn1_reader inside = *from;

	inside.cursor.at = object->data;
	inside.length = object->length;
	return inside;
}

static void put_error(struct text *t, const struct asn1 *o)
{
	switch (o->error) {
	case ASN1_GOOD:
		break;
	case ASN1_EMPTY:
		put_text(t, "[nothing to parse]");
		break;
	case ASN1_TRUNCATED:
		text_stop(t);
		break;
	case ASN1_CUT:
		text_trunc(t);
		break;
	case ASN1_BAD_TAG:
		put_text(t, "[Xtagfield?]");
		break;
	case ASN1_NO_LENGTH:
		put_text(t, "[no asnlen]");
		break;
	case ASN1_LENGTH_TOO_LONG:
		put(t, "[asnlen? %d<%d]", (int)o->left, (int)o->claimed);
		break;
	case ASN1_TOO_LONG:
		put(t, "[len%d<asnlen%u]", (int)o->left, o->claimed);
		break;
	case ASN1_BAD_ID:
		put(t, "[id?%c/x/%u]", o->constructed ? 'C' : 'P', o->id);
		break;
	case ASN1_EMPTY_INTEGER:
		put_text(t, "[asnlen=0]");
		break;
	}
}

/* The tags that are read, but not expected, are named. */
static void put_surprise(struct text *t, const struct asn1 *o)
{
	const char *name = classes[o->class].names[o->id];
	const char *class = o->class == CLASS_UNIVERSAL	    ? "U"
			    : o->class == CLASS_APPLICATION ? "A"
							    : "x";

	if (o->type != ASN1_OCTETS)
		return;
	if (o->constructed)
		put(t, "C/%s/%s", o->class == CLASS_UNIVERSAL ? "U" : "x",
		    name);
	else
		put(t, "[P/%s/%s]", class, name);
}

bool asn1_text_next(struct text *t, struct asn1_reader *reader,
		    struct asn1 *object)
{
	if (!asn1_next(reader, object)) {
		put_error(t, object);
		return false;
	}
	put_surprise(t, object);
	return true;
}

void asn1_put_octets(struct text *t, const struct asn1 *o)
{
	for (uint32_t i = 0; i < o->length; i++)
		put(t, "_%02x", o->data[i]);
}

static void put_string(struct text *t, const struct asn1 *o)
{
	bool printable = true;

	for (uint32_t i = 0; i < o->length && printable; i++)
		printable = o->data[i] >= 0x20 && o->data[i] < 0x7f;
	if (printable) {
		put_char(t, '"');
		strbuf_add(t->out, o->data, o->length);
		put_char(t, '"');
		return;
	}
	for (uint32_t i = 0; i < o->length; i++)
		put(t, i ? "_%02x" : "%02x", o->data[i]);
}

static void put_oid(struct strbuf *out, const struct asn1 *o)
{
	uint32_t number = 0;
	bool first = true;

	for (uint32_t i = 0; i < o->length; i++) {
		number = (number << 7) + (o->data[i] & 0x7fu);
		if (o->data[i] & MORE)
			continue;
		if (first) {
			uint32_t root = number / 40;

			if ((int32_t)number / 40 > 2 || root > 2)
				root = 2;
			strbuf_format(out, ".%u", root);
			number -= root * 40;
			first = false;
		}
		strbuf_format(out, ".%u", number);
		number = 0;
	}
}

static void put_address(struct text *t, const struct asn1 *o)
{
	if (o->length != 4)
		put_text(t, "[inetaddr len!=4]");
	for (uint32_t i = 0; i < o->length; i++)
		put(t, i ? ".%u" : "%u", o->data[i]);
}

void asn1_put(struct text *t, const struct asn1 *object)
{
	switch (object->type) {
	case ASN1_ANY:
		put_text(t, "[BE_ANY!?]");
		break;
	case ASN1_NULL:
		break;
	case ASN1_OCTETS:
		asn1_put_octets(t, object);
		break;
	case ASN1_OID:
		put_oid(t->out, object);
		break;
	case ASN1_INTEGER:
		put(t, "%d", object->integer);
		break;
	case ASN1_UNSIGNED:
		put_u32(t, object->number);
		break;
	case ASN1_UNSIGNED64:
		strbuf_u64(t->out, object->number64);
		break;
	case ASN1_STRING:
		put_string(t, object);
		break;
	case ASN1_SEQUENCE:
		put(t, "Seq(%u)", object->length);
		break;
	case ASN1_ADDRESS:
		put_address(t, object);
		break;
	case ASN1_PDU:
		put(t, "%s(%u)", pdu_names[object->id], object->length);
		break;
	case ASN1_EXCEPTION:
		put(t, "[%s]", exception_names[object->id]);
		break;
	}
}

void asn1_json(struct json *json, const char *key, const struct asn1 *object)
{
	switch (object->type) {
	case ASN1_INTEGER:
		json_i64(json, key, object->integer);
		break;
	case ASN1_UNSIGNED:
		json_u64(json, key, object->number);
		break;
	case ASN1_UNSIGNED64:
		json_u64(json, key, object->number64);
		break;
	case ASN1_OID:
		json_key(json, key);
		strbuf_putc(json->out, '"');
		put_oid(json->out, object);
		strbuf_putc(json->out, '"');
		break;
	case ASN1_STRING:
		json_text(json, key, (const char *)object->data,
			  object->length);
		break;
	case ASN1_ADDRESS:
		if (object->length == 4)
			json_ipv4(json, key, object->data);
		break;
	case ASN1_EXCEPTION:
		json_string(json, key, exception_names[object->id]);
		break;
	case ASN1_OCTETS:
		json_hex(json, key, object->data, object->length);
		break;
	case ASN1_ANY:
	case ASN1_NULL:
	case ASN1_SEQUENCE:
	case ASN1_PDU:
		json_null(json, key);
		break;
	}
}

const char *asn1_pdu_name(uint8_t id)
{
	return id < ARRAY_SIZE(pdu_names) ? pdu_names[id] : NULL;
}
