/* SPDX-License-Identifier: BSD-3-Clause */
/* Payloads of ISAKMP and IKE version 1: RFC 2407, 2408, 2409. */
#include "dissectors/isakmp.h"
#include "dissectors/names.h"
#include "src/base/cleanup.h"

enum {
	DOI_IPSEC = 1,
	MOST_EMPTY_SPIS = 1 << 20,
	RESPONDER_LIFETIME = 24576,
	REPLAY_STATUS,
	NOTIFY_PRIVATE = 8192,
	NOTIFY_STATUS = 16384,
	NOTIFY_DOI = 24576,
	NOTIFY_END = 32768,
};

#define NAMES(table) {table, ARRAY_SIZE(table)}

static const char *const isakmp_transforms[] = {NULL, "ike"};

static const char *const ah_transforms[] = {
	NULL,  "(reserved)", "md5",	 "sha",
	"1des", "sha2-256",  "sha2-384", "sha2-512",
};

static const char *const ipcomp_transforms[] = {NULL, "oui", "deflate", "lzs"};

static const char *const life_types[] = {NULL, "sec", "kb"};
static const char *const modes[] = {NULL, "tunnel", "transport"};
static const char *const auths[] = {NULL, "hmac-md5", "hmac-sha1", "1des-mac",
				    "keyed"};
static const char *const group_names[] = {
	NULL,	      "modp768",    "modp1024",	  "EC2N 2^155", "EC2N 2^185",
	"modp1536",   "iana-grp06", "iana-grp07", "iana-grp08", "iana-grp09",
	"iana-grp10", "iana-grp11", "iana-grp12", "iana-grp13", "modp2048",
	"modp3072",   "modp4096",   "modp6144",
};

static const struct ike_attribute ipsec_table[] = {
	[1] = {"lifetype", NAMES(life_types)},
	[2] = {"life", {NULL, 0}},
	[3] = {"group desc", NAMES(group_names)},
	[4] = {"enc mode", NAMES(modes)},
	[5] = {"auth", NAMES(auths)},
	[6] = {"keylen", {NULL, 0}},
	[7] = {"rounds", {NULL, 0}},
	[8] = {"dictsize", {NULL, 0}},
	[9] = {"privalg", {NULL, 0}},
};

static const char *const ciphers[] = {NULL,  "1des", "idea", "blowfish",
				      "rc5", "3des", "cast", "aes"};
static const char *const hashes[] = {NULL,	 "md5",	     "sha1",
				     "tiger",	 "sha2-256", "sha2-384",
				     "sha2-512"};
static const char *const methods[] = {NULL,	 "preshared", "dss",
				      "rsa sig", "rsa enc",
				      "rsa enc revised"};
static const char *const group_types[] = {NULL, "MODP", "ECP", "EC2N"};

static const struct ike_attribute oakley_table[] = {
	[1] = {"enc", NAMES(ciphers)},
	[2] = {"hash", NAMES(hashes)},
	[3] = {"auth", NAMES(methods)},
	[4] = {"group desc", NAMES(group_names)},
	[5] = {"group type", NAMES(group_types)},
	[6] = {"group prime", {NULL, 0}},
	[7] = {"group gen1", {NULL, 0}},
	[8] = {"group gen2", {NULL, 0}},
	[9] = {"group curve A", {NULL, 0}},
	[10] = {"group curve B", {NULL, 0}},
	[11] = {"lifetype", NAMES(life_types)},
	[12] = {"lifeduration", {NULL, 0}},
	[13] = {"prf", {NULL, 0}},
	[14] = {"keylen", {NULL, 0}},
	[15] = {"field", {NULL, 0}},
	[16] = {"order", {NULL, 0}},
};

static const struct ike_attributes ipsec_attributes = NAMES(ipsec_table);
static const struct ike_attributes oakley_attributes = NAMES(oakley_table);

/* Transforms and attributes by protocol. */
static const struct {
	struct ike_names transforms;
	const struct ike_attributes *attributes;
} protocols[] = {
	[0] = {{NULL, 0}, &ike_no_attributes},
	[1] = {NAMES(isakmp_transforms), &oakley_attributes},
	[2] = {NAMES(ah_transforms), &ipsec_attributes},
	[3] = {{NULL, 0}, &ipsec_attributes}, /* ike_esp_transforms */
	[4] = {NAMES(ipcomp_transforms), &ipsec_attributes},
};

static void put_title(struct ike *ike, const struct ike_part *part)
{
	ike_put_payload_name(ike->t, part->type);
	put_char(ike->t, ':');
}

/* All of the payload's data, with -vvv. False where the snapshot ends. */
static bool put_data(struct ike *ike, const struct ike_part *part)
{
	if (ike->t->options->verbose <= 2 || part->length <= IKE_GENERIC)
		return true;
	put_char(ike->t, ' ');
	return ike_put_hex(ike, part->at + IKE_GENERIC,
			   part->length - IKE_GENERIC);
}

static size_t end_of(const struct ike_part *part)
{
	return part->at + part->length;
}

static void put_situation(struct text *t, uint32_t situation)
{
	static const struct label labels[] = {
		{1, "identity"}, {2, "secrecy"}, {4, "integrity"}, {0, NULL}};
	const char *separator = "";

	put_text(t, " situation=");
	for (const struct label *l = labels; l->text; l++) {
		if (!(situation & l->value))
			continue;
		put(t, "%s%s", separator, l->text);
		separator = "+";
	}
}

size_t ikev1_text_sa(struct ike *ike, const struct ike_part *part)
{
	struct text *t = ike->t;
	size_t at = part->at + 12;
	uint32_t situation;

	put_title(ike, part);
	if (!ike_has(ike, part->at, 12))
		return ike_text_cut(ike, part->type);
	ike->doi = load_be32(ike->data + part->at + 4);
	situation = load_be32(ike->data + part->at + 8);
	if (ike->doi != DOI_IPSEC) {
		put(t, " doi=%u situation=%u", ike->doi, situation);
		return at;
	}
	put_text(t, " doi=ipsec");
	put_situation(t, situation);
	if (situation != 1) {
		put(t, " ident=%u", load_be32(ike->data + part->at + 4));
		at += 4;
	}
	if (!ike_has(ike, at, IKE_GENERIC))
		return ike_text_cut(ike, part->type);
	return ike_text_chain(ike, IKE_PROPOSAL, at);
}

size_t ikev1_text_proposal(struct ike *ike, const struct ike_part *part)
{
	const uint8_t *p = ike->data + part->at;
	uint32_t around = ike->protocol;
	uint8_t spi_size;
	size_t at = part->at + 8;

	put_title(ike, part);
	if (!ike_has(ike, part->at, 8))
		return ike_text_cut(ike, part->type);
	put(ike->t, " #%u protoid=", p[4]);
	ike_put_name(ike->t, &ike_protocols, p[5]);
	put(ike->t, " transform=%u", p[7]);
	spi_size = p[6];
	if (spi_size) {
		put_text(ike->t, " spi=");
		if (!ike_put_hex(ike, at, spi_size))
			return ike_text_cut(ike, part->type);
		at += spi_size;
	}
	if (!ike_has(ike, at, IKE_GENERIC))
		return ike_text_cut(ike, part->type);
	ike->protocol = p[5];
	at = ike_text_chain(ike, IKE_TRANSFORM, at);
	ike->protocol = around;
	return at;
}

size_t ikev1_text_transform(struct ike *ike, const struct ike_part *part)
{
	const uint8_t *p = ike->data + part->at;
	uint32_t protocol = ike->protocol < ARRAY_SIZE(protocols)
				    ? ike->protocol
				    : 0;
	const struct ike_names *names = protocol == 3
						? &ike_esp_transforms
						: &protocols[protocol].transforms;
	size_t at = part->at + 8;

	put_title(ike, part);
	if (!ike_has(ike, part->at, 8))
		return ike_text_cut(ike, part->type);
	put(ike->t, " #%u id=", p[4]);
	if (protocol)
		ike_put_name(ike->t, names, p[5]);
	else
		put_u32(ike->t, p[5]);
	put_char(ike->t, ' ');
	if (!ike_text_attributes(ike, &at, end_of(part),
				 protocols[protocol].attributes))
		return ike_text_cut(ike, part->type);
	if (ike->end < end_of(part))
		put_text(ike->t, "...");
	return at;
}

size_t ikev1_text_key_exchange(struct ike *ike, const struct ike_part *part)
{
	put_title(ike, part);
	put(ike->t, " key len=%u", part->length - IKE_GENERIC);
	return put_data(ike, part) ? end_of(part)
				   : ike_text_cut(ike, part->type);
}

size_t ikev1_text_opaque(struct ike *ike, const struct ike_part *part)
{
	put_title(ike, part);
	put(ike->t, " len=%u", part->length - IKE_GENERIC);
	return put_data(ike, part) ? end_of(part)
				   : ike_text_cut(ike, part->type);
}

size_t ikev1_text_cert(struct ike *ike, const struct ike_part *part)
{
	static const char *const names[] = {
		"none",	 "pkcs7",    "pgp", "dns", "x509sign", "x509ke",
		"kerberos", "crl",   "arl", "spki", "x509attr",
	};
	static const struct ike_names encodings = NAMES(names);

	put_title(ike, part);
	if (!ike_has(ike, part->at, 6))
		return ike_text_cut(ike, part->type);
	put(ike->t, " len=%u type=", part->length - IKE_GENERIC);
	ike_put_name(ike->t, &encodings, ike->data[part->at + 4]);
	return put_data(ike, part) ? end_of(part)
				   : ike_text_cut(ike, part->type);
}

size_t ikev1_text_nonce(struct ike *ike, const struct ike_part *part)
{
	unsigned int verbose = ike->t->options->verbose;

	put_title(ike, part);
	put(ike->t, " n len=%u", part->length - IKE_GENERIC);
	if (verbose == 2 && part->length > IKE_GENERIC) {
		put_char(ike->t, ' ');
		ike_put_some(ike, part->at + IKE_GENERIC);
	}
	return put_data(ike, part) ? end_of(part)
				   : ike_text_cut(ike, part->type);
}

enum id_type {
	ID_IPV4 = 1,
	ID_FQDN,
	ID_USER_FQDN,
	ID_IPV4_SUBNET,
	ID_IPV6,
	ID_IPV6_SUBNET,
	ID_IPV4_RANGE,
	ID_IPV6_RANGE,
};

/* One or two addresses; how the second is printed. */
static void text_addresses(struct text *t, uint8_t type, const uint8_t *p,
			   uint32_t length)
{
	bool six = type == ID_IPV6 || type == ID_IPV6_SUBNET ||
		   type == ID_IPV6_RANGE;
	bool two = type != ID_IPV4 && type != ID_IPV6;
	uint32_t size = six ? 16 : 4, least = two ? 2 * size : size;

	put(t, " len=%u ", length);
	if (length < least) {
		put(t, "[bad: < %u]", least);
		return;
	}
	six ? put_ipv6(t, p) : put_ipv4(t, p);
	p += size;
	switch (type) {
	case ID_IPV4_SUBNET:
		put(t, "/%u.%u.%u.%u", p[0], p[1], p[2], p[3]);
		break;
	case ID_IPV6_SUBNET:
		put_text(t, "/0x");
		put_hex_bytes(t, p, 16);
		break;
	case ID_IPV4_RANGE:
		put_char(t, '-');
		put_ipv4(t, p);
		break;
	case ID_IPV6_RANGE:
		put_char(t, '-');
		put_ipv6(t, p);
		break;
	default:
		break;
	}
}

size_t ikev1_text_id(struct ike *ike, const struct ike_part *part)
{
	static const char *const names[] = {
		NULL,	   "IPv4",	"FQDN",	     "user FQDN",
		"IPv4net", "IPv6",	"IPv6net",   "IPv4range",
		"IPv6range", "ASN1 DN", "ASN1 GN",   "keyid",
	};
	static const struct ike_names types = NAMES(names);
	const uint8_t *p = ike->data + part->at;
	uint32_t length = part->length > 8 ? part->length - 8 : 0;
	const char *protocol = NULL;
	struct text *t = ike->t;

	put_title(ike, part);
	if (!ike_has(ike, part->at, 8))
		return ike_text_cut(ike, part->type);
	put_text(t, " idtype=");
	ike_put_name(t, &types, p[4]);
	if (!t->options->numeric && p[5])
		protocol = names_ip_protocol(p[5]);
	if (protocol)
		put(t, " protoid=%s", protocol);
	else
		put(t, " protoid=%u", p[5]);
	put(t, " port=%u", load_be16(p + 6));
	if (!length)
		return end_of(part);
	if (p[4] == ID_FQDN || p[4] == ID_USER_FQDN) {
		put(t, " len=%u ", length);
		put_visible_bytes(t, p + 8, length, p + 8 + length);
	} else if (p[4] >= ID_IPV4 && p[4] <= ID_IPV6_RANGE) {
		text_addresses(t, p[4], p + 8, length);
	} else {
		put(t, " len=%u", length);
		if (t->options->verbose > 2) {
			put_char(t, ' ');
			ike_put_hex(ike, part->at + 8, length);
		}
	}
	return end_of(part);
}

static const char *const error_names[] = {
	NULL,
	"INVALID-PAYLOAD-TYPE",
	"DOI-NOT-SUPPORTED",
	"SITUATION-NOT-SUPPORTED",
	"INVALID-COOKIE",
	"INVALID-MAJOR-VERSION",
	"INVALID-MINOR-VERSION",
	"INVALID-EXCHANGE-TYPE",
	"INVALID-FLAGS",
	"INVALID-MESSAGE-ID",
	"INVALID-PROTOCOL-ID",
	"INVALID-SPI",
	"INVALID-TRANSFORM-ID",
	"ATTRIBUTES-NOT-SUPPORTED",
	"NO-PROPOSAL-CHOSEN",
	"BAD-PROPOSAL-SYNTAX",
	"PAYLOAD-MALFORMED",
	"INVALID-KEY-INFORMATION",
	"INVALID-ID-INFORMATION",
	"INVALID-CERT-ENCODING",
	"INVALID-CERTIFICATE",
	"CERT-TYPE-UNSUPPORTED",
	"INVALID-CERT-AUTHORITY",
	"INVALID-HASH-INFORMATION",
	"AUTHENTICATION-FAILED",
	"INVALID-SIGNATURE",
	"ADDRESS-NOTIFICATION",
	"NOTIFY-SA-LIFETIME",
	"CERTIFICATE-UNAVAILABLE",
	"UNSUPPORTED-EXCHANGE-TYPE",
	"UNEQUAL-PAYLOAD-LENGTHS",
};

static void put_notify_type(struct text *t, uint16_t type, bool ipsec)
{
	static const char *const reserved[] = {"RESERVED"};
	static const char *const connected[] = {"CONNECTED"};
	static const char *const status[] = {
		"RESPONDER-LIFETIME", "REPLAY-STATUS", "INITIAL-CONTACT"};
	static const struct ike_names errors = NAMES(error_names);
	static const struct ike_names none = {NULL, 0};
	static const struct ike_names ipsec_errors = NAMES(reserved);
	static const struct ike_names statuses = NAMES(connected);
	static const struct ike_names ipsec_statuses = NAMES(status);

	put_text(t, " type=");
	if (type < NOTIFY_PRIVATE)
		ike_put_name(t, &errors, type);
	else if (type < NOTIFY_STATUS && ipsec)
		ike_put_name(t, &ipsec_errors, type - NOTIFY_PRIVATE);
	else if (type >= NOTIFY_STATUS && type < NOTIFY_DOI)
		ike_put_name(t, &statuses, type - NOTIFY_STATUS);
	else if (type >= NOTIFY_DOI && type < NOTIFY_END && ipsec)
		ike_put_name(t, &ipsec_statuses, type - NOTIFY_DOI);
	else
		ike_put_name(t, &none, type);
}

/* False where the snapshot ends. */
static bool text_notification_data(struct ike *ike,
				   const struct ike_part *part, uint16_t type,
				   size_t at)
{
	struct text *t = ike->t;
	struct cursor c;

	switch (type) {
	case RESPONDER_LIFETIME:
		put_text(t, " attrs=(");
		if (!ike_text_attributes(ike, &at, end_of(part),
					 &oakley_attributes)) {
			put_char(t, ')');
			return false;
		}
		put_char(t, ')');
		return true;
	case REPLAY_STATUS:
		c = cursor_make(ike->data + at, ike->end - at);
		put_text(t, " status=(");
		put(t, "replay detection %sabled)",
		    text_be32(t, &c) ? "en" : "dis");
		return true;
	default:
		if (t->options->verbose <= 3)
			return ike_put_some(ike, at);
		put_text(t, " data=(");
		ike_put_hex(ike, at, ike->end - at);
		put_char(t, ')');
		return true;
	}
}

size_t ikev1_text_notification(struct ike *ike, const struct ike_part *part)
{
	const uint8_t *p = ike->data + part->at;
	struct text *t = ike->t;
	size_t at = part->at + 12;
	uint16_t type;
	uint32_t doi;

	put_title(ike, part);
	if (!ike_has(ike, part->at, 12))
		return ike_text_cut(ike, part->type);
	doi = load_be32(p + 4);
	type = load_be16(p + 10);
	if (doi == DOI_IPSEC) {
		put_text(t, " doi=ipsec proto=");
		ike_put_name(t, &ike_protocols, p[8]);
	} else {
		put(t, " doi=%u proto=%u", doi, p[8]);
	}
	put_notify_type(t, type, doi == DOI_IPSEC);
	if (p[9]) {
		put_text(t, " spi=");
		if (!ike_put_hex(ike, at, p[9]))
			return ike_text_cut(ike, part->type);
		at += p[9];
	}
	if (doi != DOI_IPSEC)
		return at;
	if (at < ike->end && !text_notification_data(ike, part, type, at))
		return ike_text_cut(ike, part->type);
	return end_of(part);
}

size_t ikev1_text_delete(struct ike *ike, const struct ike_part *part)
{
	const uint8_t *p = ike->data + part->at;
	struct text *t = ike->t;
	size_t at = part->at + 12;
	uint16_t count;
	uint32_t doi;

	put_title(ike, part);
	if (!ike_has(ike, part->at, 12))
		return ike_text_cut(ike, part->type);
	doi = load_be32(p + 4);
	if (doi == DOI_IPSEC) {
		put_text(t, " doi=ipsec proto=");
		ike_put_name(t, &ike_protocols, p[8]);
	} else {
		put(t, " doi=%u proto=%u", doi, p[8]);
	}
	count = load_be16(p + 10);
	put(t, " spilen=%u nspi=%u spi=", p[9], count);
	for (uint16_t i = 0; i < count; i++) {
		/* SPIs of no size cost the sender nothing. */
		if (!p[9] && ++ike->empty_spis > MOST_EMPTY_SPIS)
			return IKE_NONE;
		if (i)
			put_char(t, ',');
		if (!ike_put_hex(ike, at, p[9]))
			return ike_text_cut(ike, part->type);
		at += p[9];
	}
	return at;
}
