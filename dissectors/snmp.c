/* SPDX-License-Identifier: BSD-3-Clause */
/* SNMP: RFC 1157, RFC 3416, RFC 3412, RFC 3414. */
#include "dissectors/asn1.h"
#include "dissectors/protocols.h"
#include "src/base/cleanup.h"

enum { VERSION_1, VERSION_2C, VERSION_2U, VERSION_3 };

enum pdu {
	GET,
	GET_NEXT,
	RESPONSE,
	SET,
	TRAP,
	GET_BULK,
	INFORM,
	TRAP_2,
	REPORT,
};

enum { GENERIC_ENTERPRISE = 6, MODEL_USER_BASED = 3 };

static const char *const error_names[] = {
	"noError",
	"tooBig",
	"noSuchName",
	"badValue",
	"readOnly",
	"genErr",
	"noAccess",
	"wrongType",
	"wrongLength",
	"wrongEncoding",
	"wrongValue",
	"noCreation",
	"inconsistentValue",
	"resourceUnavailable",
	"commitFailed",
	"undoFailed",
	"authorizationError",
	"notWritable",
	"inconsistentName",
};

static const char *const trap_names[] = {
	"coldStart",	   "warmStart",		    "linkDown",
	"linkUp",	   "authenticationFailure", "egpNeighborLoss",
	"enterpriseSpecific",
};

static struct asn1_reader reader_make(const struct layer *layer)
{
	return (struct asn1_reader){text_cursor(layer), layer->length};
}

/* An object of @type; any other is printed behind @complaint. */
static bool expect(struct text *t, struct asn1_reader *r, struct asn1 *o,
		   enum asn1_type type, const char *complaint)
{
	if (!asn1_text_next(t, r, o))
		return false;
	if (o->type == type)
		return true;
	put_text(t, complaint);
	asn1_put(t, o);
	return false;
}

/*
 * What is left behind the last object of a sequence. tcpdump compares it with
 * the size of that object, and so must we.
 */
static void put_extra(struct text *t, const struct asn1_reader *r,
		      uint32_t before, const char *sequence)
{
	uint32_t last = before - r->length;

	if (last < r->length)
		put(t, "[%d extra after %s SEQ]", (int)(r->length - last),
		    sequence);
}

static bool is_read(uint8_t pdu)
{
	return pdu == GET || pdu == GET_NEXT || pdu == GET_BULK;
}

static bool text_binding(struct text *t, uint8_t pdu, struct asn1_reader *r)
{
	struct asn1 o;

	if (!expect(t, r, &o, ASN1_OID, "[objName!=OID]"))
		return false;
	asn1_put(t, &o);
	if (!is_read(pdu))
		put_char(t, '=');
	if (!asn1_text_next(t, r, &o))
		return false;
	if (o.type == ASN1_NULL)
		return true;
	if (is_read(pdu))
		put_text(t, "[objVal!=NULL]");
	asn1_put(t, &o);
	return true;
}

static void text_bindings(struct text *t, uint8_t pdu, struct asn1_reader *r)
{
	struct asn1_reader list, binding;
	struct asn1 o;

	if (!expect(t, r, &o, ASN1_SEQUENCE, "[!SEQ of varbind]"))
		return;
	if (r->length)
		put(t, "[%d extra after SEQ of varbind]", (int)r->length);
	list = asn1_inside(r, &o);
	while (list.length) {
		put_char(t, ' ');
		if (!expect(t, &list, &o, ASN1_SEQUENCE, "[!varbind]"))
			return;
		binding = asn1_inside(&list, &o);
		if (!text_binding(t, pdu, &binding))
			return;
	}
}

static void put_error(struct text *t, int32_t error)
{
	if (error >= 0 && (size_t)error < ARRAY_SIZE(error_names))
		put_text(t, error_names[error]);
	else
		put(t, "err=%u", (unsigned int)error);
}

/* In these the error fields have no meaning and should be zero. */
static bool has_no_error(uint8_t pdu)
{
	return pdu == GET || pdu == GET_NEXT || pdu == SET || pdu == INFORM ||
	       pdu == TRAP_2 || pdu == REPORT;
}

static void text_error_status(struct text *t, uint8_t pdu, int32_t value)
{
	if (has_no_error(pdu) && value) {
		put_text(t, "[errorStatus(");
		put_error(t, value);
		put_text(t, ")!=0]");
	} else if (pdu == GET_BULK) {
		put(t, " N=%d", value);
	} else if (value) {
		put_char(t, ' ');
		put_error(t, value);
	}
}

static void text_error_index(struct text *t, uint8_t pdu, int32_t status,
			     int32_t value)
{
	bool error = status && pdu == RESPONSE;

	if (has_no_error(pdu) && value)
		put(t, "[errorIndex(%d)!=0]", value);
	else if (pdu == GET_BULK)
		put(t, " M=%d", value);
	else if (value && !error)
		put(t, "[errorIndex(%d) w/o errorStatus]", value);
	else if (value)
		put(t, "@%d", value);
	else if (error)
		put_text(t, "[errorIndex==0]");
}

static void text_general(struct text *t, uint8_t pdu, struct asn1_reader *r)
{
	struct asn1 o;
	int32_t status;

	if (!expect(t, r, &o, ASN1_INTEGER, "[reqId!=INT]"))
		return;
	if (t->options->verbose)
		put(t, "R=%d ", o.integer);
	if (!expect(t, r, &o, ASN1_INTEGER, "[errorStatus!=INT]"))
		return;
	status = o.integer;
	text_error_status(t, pdu, status);
	if (!expect(t, r, &o, ASN1_INTEGER, "[errorIndex!=INT]"))
		return;
	text_error_index(t, pdu, status, o.integer);
	text_bindings(t, pdu, r);
}

static void text_trap(struct text *t, struct asn1_reader *r)
{
	struct asn1 o;
	int32_t generic;

	put_char(t, ' ');
	if (!expect(t, r, &o, ASN1_OID, "[enterprise!=OID]"))
		return;
	asn1_put(t, &o);
	put_char(t, ' ');
	if (!expect(t, r, &o, ASN1_ADDRESS, "[agent-addr!=INETADDR]"))
		return;
	asn1_put(t, &o);
	if (!expect(t, r, &o, ASN1_INTEGER, "[generic-trap!=INT]"))
		return;
	generic = o.integer;
	if (generic >= 0 && (size_t)generic < ARRAY_SIZE(trap_names))
		put(t, " %s", trap_names[generic]);
	else
		put(t, " gt=%d", generic);
	if (!expect(t, r, &o, ASN1_INTEGER, "[specific-trap!=INT]"))
		return;
	if (generic == GENERIC_ENTERPRISE)
		put(t, " s=%d", o.integer);
	else if (o.integer)
		put(t, "[specific-trap(%d)!=0]", o.integer);
	put_char(t, ' ');
	if (!expect(t, r, &o, ASN1_UNSIGNED, "[time-stamp!=TIMETICKS]"))
		return;
	asn1_put(t, &o);
	text_bindings(t, TRAP, r);
}

static void text_pdu(struct text *t, struct asn1_reader *r, int version)
{
	struct asn1_reader inside;
	struct asn1 o;

	if (!asn1_text_next(t, r, &o))
		return;
	if (o.type != ASN1_PDU) {
		put_text(t, "[no PDU]");
		return;
	}
	if (r->length)
		put(t, "[%d extra after PDU]", (int)r->length);
	if (t->options->verbose)
		put_text(t, "{ ");
	asn1_put(t, &o);
	put_char(t, ' ');
	if (version == VERSION_1 && o.id >= GET_BULK) {
		put_text(t, "[v2 PDU in v1 message]");
		return;
	}
	if (version == VERSION_2C && o.id == TRAP) {
		put_text(t, "[v1 PDU in v2 message]");
		return;
	}
	inside = asn1_inside(r, &o);
	if (o.id == TRAP)
		text_trap(t, &inside);
	else
		text_general(t, o.id, &inside);
	if (t->options->verbose)
		put_text(t, " } ");
}

static void put_name(struct text *t, const char *title, const struct asn1 *o)
{
	put_text(t, title);
	asn1_put(t, o);
	put_char(t, ' ');
}

static void text_community(struct text *t, struct asn1_reader *r, int version)
{
	static const char usual[] = "public";
	struct asn1 o;

	if (!expect(t, r, &o, ASN1_STRING, "[comm!=STR]"))
		return;
	if (o.length != sizeof(usual) - 1 ||
	    memcmp(o.data, usual, o.length) != 0)
		put_name(t, "C=", &o);
	text_pdu(t, r, version);
}

static void text_scoped(struct text *t, struct asn1_reader *r)
{
	struct asn1_reader inside;
	struct asn1 o;

	if (!expect(t, r, &o, ASN1_SEQUENCE, "[!scoped PDU]"))
		return;
	inside = asn1_inside(r, &o);
	if (!expect(t, &inside, &o, ASN1_STRING, "[contextEngineID!=STR]"))
		return;
	put_text(t, "E=");
	asn1_put_octets(t, &o);
	put_char(t, ' ');
	if (!expect(t, &inside, &o, ASN1_STRING, "[contextName!=STR]"))
		return;
	put_name(t, "C=", &o);
	text_pdu(t, &inside, VERSION_3);
}

static void text_security(struct text *t, struct asn1_reader *r)
{
	struct asn1_reader inside;
	struct asn1 o;
	uint32_t before;

	if (!expect(t, r, &o, ASN1_SEQUENCE, "[!usm]"))
		return;
	inside = asn1_inside(r, &o);
	r = &inside;
	if (!expect(t, r, &o, ASN1_STRING, "[msgAuthoritativeEngineID!=STR]"))
		return;
	if (!expect(t, r, &o, ASN1_INTEGER,
		    "[msgAuthoritativeEngineBoots!=INT]"))
		return;
	if (t->options->verbose)
		put(t, "B=%d ", o.integer);
	if (!expect(t, r, &o, ASN1_INTEGER,
		    "[msgAuthoritativeEngineTime!=INT]"))
		return;
	if (t->options->verbose)
		put(t, "T=%d ", o.integer);
	if (!expect(t, r, &o, ASN1_STRING, "[msgUserName!=STR]"))
		return;
	put_name(t, "U=", &o);
	if (!expect(t, r, &o, ASN1_STRING,
		    "[msgAuthenticationParameters!=STR]"))
		return;
	before = r->length;
	if (expect(t, r, &o, ASN1_STRING, "[msgPrivacyParameters!=STR]"))
		put_extra(t, r, before, "usm");
}

/* The global data; *@model is the security model. */
static bool text_message(struct text *t, struct asn1_reader *r, int32_t *model)
{
	struct asn1_reader inside;
	struct asn1 o;
	uint32_t before;
	uint8_t flags;

	if (!expect(t, r, &o, ASN1_SEQUENCE, "[!message]"))
		return false;
	inside = asn1_inside(r, &o);
	if (t->options->verbose)
		put_text(t, "{ ");
	if (!expect(t, &inside, &o, ASN1_INTEGER, "[msgID!=INT]") ||
	    !expect(t, &inside, &o, ASN1_INTEGER, "[msgMaxSize!=INT]") ||
	    !expect(t, &inside, &o, ASN1_STRING, "[msgFlags!=STR]"))
		return false;
	if (o.length != 1) {
		put(t, "[msgFlags size %u]", o.length);
		return false;
	}
	flags = o.data[0];
	if (flags > 7 || (flags & 3) == 2) {
		put(t, "[msgFlags=0x%02X]", flags);
		return false;
	}
	put(t, "F=%s%s%s ", flags & 1 ? "a" : "", flags & 2 ? "p" : "",
	    flags & 4 ? "r" : "");
	before = inside.length;
	if (!expect(t, &inside, &o, ASN1_INTEGER, "[msgSecurityModel!=INT]"))
		return false;
	*model = o.integer;
	put_extra(t, &inside, before, "message");
	if (t->options->verbose)
		put_text(t, "} ");
	/* What is extra is read as what should follow the sequence. */
	r->length += inside.length;
	r->cursor = inside.cursor;
	return true;
}

static void text_version_3(struct text *t, struct asn1_reader *r)
{
	struct asn1_reader inside;
	struct asn1 o;
	int32_t model;

	if (!text_message(t, r, &model))
		return;
	if (model != MODEL_USER_BASED) {
		put(t, "[security model %d]", model);
		return;
	}
	if (t->options->verbose)
		put_text(t, "{ USM ");
	if (!expect(t, r, &o, ASN1_STRING, "[msgSecurityParameters!=STR]"))
		return;
	inside = asn1_inside(r, &o);
	text_security(t, &inside);
	if (t->options->verbose)
		put_text(t, "} { ScopedPDU ");
	text_scoped(t, r);
	if (t->options->verbose)
		put_text(t, "} ");
}

static void text(struct text *t, const struct layer *layer)
{
	static const char *const versions[] = {"SNMPv1", "SNMPv2c", "SNMPv2u",
					       "SNMPv3"};
	struct asn1_reader r = reader_make(layer), inside;
	struct asn1 o;

	t->protocol = "snmp";
	put_char(t, ' ');
	if (!expect(t, &r, &o, ASN1_SEQUENCE, "[!init SEQ]"))
		return;
	if (r.length)
		put(t, "[%d extra after iSEQ]", (int)r.length);
	inside = asn1_inside(&r, &o);
	if (!expect(t, &inside, &o, ASN1_INTEGER, "[version!=INT]"))
		return;
	if (o.integer < VERSION_1 || o.integer > VERSION_3 ||
	    o.integer == VERSION_2U) {
		put(t, "SNMP [version = %d]", o.integer);
		return;
	}
	if (t->options->verbose)
		put(t, "{ %s ", versions[o.integer]);
	if (o.integer == VERSION_3)
		text_version_3(t, &inside);
	else
		text_community(t, &inside, o.integer);
	if (t->options->verbose)
		put_text(t, "} ");
}

static void decode(struct dissection *d)
{
	(void)d;
}

/* The next object, if it is a number: it goes under @key. */
static bool json_number(struct json *json, const char *key,
			struct asn1_reader *r)
{
	struct asn1 o;

	if (!asn1_next(r, &o) || o.type != ASN1_INTEGER)
		return false;
	json_i64(json, key, o.integer);
	return true;
}

/* RFC 3416, 3: names and their values. */
static void json_bindings(struct json *json, struct asn1_reader *r)
{
	struct asn1_reader list, pair;
	struct asn1 o;

	if (!asn1_next(r, &o) || o.type != ASN1_SEQUENCE)
		return;
	list = asn1_inside(r, &o);
	json_open_array(json, "bindings");
	while (asn1_next(&list, &o) && o.type == ASN1_SEQUENCE) {
		pair = asn1_inside(&list, &o);
		json_open_object(json, NULL);
		if (asn1_next(&pair, &o) && o.type == ASN1_OID) {
			asn1_json(json, "name", &o);
			if (asn1_next(&pair, &o))
				asn1_json(json, "value", &o);
		}
		json_close_object(json);
	}
	json_close_array(json);
}

/* RFC 1157, 4.1.6. */
static void json_trap(struct json *json, struct asn1_reader *r)
{
	static const char *const keys[] = {"enterprise", "agent_address",
					   "generic_trap", "specific_trap",
					   "uptime"};
	struct asn1 o;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!asn1_next(r, &o))
			return;
		asn1_json(json, keys[i], &o);
	}
	json_bindings(json, r);
}

static void json_pdu(struct json *json, struct asn1_reader *r)
{
	struct asn1_reader inside;
	struct asn1 o;

	if (!asn1_next(r, &o) || o.type != ASN1_PDU)
		return;
	json_string(json, "pdu", asn1_pdu_name(o.id));
	inside = asn1_inside(r, &o);
	if (o.id == TRAP)
		json_trap(json, &inside);
	else if (json_number(json, "request_id", &inside) &&
		 json_number(json, "error_status", &inside) &&
		 json_number(json, "error_index", &inside))
		json_bindings(json, &inside);
}

/* RFC 3412, 6: the header; what follows it may be encrypted. */
static void json_version_3(struct json *json, struct asn1_reader *r)
{
	struct asn1_reader inside;
	struct asn1 o;

	if (!asn1_next(r, &o) || o.type != ASN1_SEQUENCE)
		return;
	inside = asn1_inside(r, &o);
	if (!json_number(json, "message_id", &inside) ||
	    !json_number(json, "message_size", &inside) ||
	    !asn1_next(&inside, &o) || o.type != ASN1_STRING)
		return;
	json_hex(json, "flags", o.data, o.length);
	json_number(json, "security_model", &inside);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	struct asn1_reader r = reader_make(layer);
	struct asn1 o;

	(void)packet;
	if (!asn1_next(&r, &o) || o.type != ASN1_SEQUENCE)
		return;
	r = asn1_inside(&r, &o);
	if (!asn1_next(&r, &o) || o.type != ASN1_INTEGER)
		return;
	json_i64(json, "version", o.integer);
	if (o.integer == VERSION_3)
		json_version_3(json, &r);
	if (o.integer != VERSION_1 && o.integer != VERSION_2C)
		return;
	if (!asn1_next(&r, &o) || o.type != ASN1_STRING)
		return;
	json_text(json, "community", (const char *)o.data, o.length);
	json_pdu(json, &r);
}

const struct dissector snmp_dissector = {
	.name = "snmp",
	.decode = decode,
	.text = text,
	.json = json,
};
