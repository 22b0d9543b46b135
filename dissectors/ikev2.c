/* SPDX-License-Identifier: BSD-3-Clause */
/* Payloads of IKE version 2: RFC 7296. */
#include "dissectors/isakmp.h"

#include "src/base/cleanup.h"

enum { FEW_BYTES = 30 };

enum transform_type { ENCRYPTION = 1, PRF, INTEGRITY, GROUP, SEQUENCE };

#define NAMES(table) {table, ARRAY_SIZE(table)}

static const char *const transform_types[] = {NULL,    "encr", "prf",
					      "integ", "dh",   "esn"};
static const char *const prfs[] = {NULL, "hmac-md5", "hmac-sha", "hmac-tiger",
				   "aes128_xcbc"};
static const char *const integrities[] = {NULL,	     "hmac-md5", "hmac-sha",
					  "dec-mac", "kpdk-md5", "aes-xcbc"};
static const char *const sequences[] = {"no-esn", "esn"};

static const struct ike_names type_names = NAMES(transform_types);
static const struct ike_names prf_names = NAMES(prfs);
static const struct ike_names integrity_names = NAMES(integrities);
static const struct ike_names sequence_names = NAMES(sequences);

static const struct ike_names *const transform_names[] = {
	[ENCRYPTION] = &ike_esp_transforms, [PRF] = &prf_names,
	[INTEGRITY] = &integrity_names,	    [GROUP] = &ike_groups,
	[SEQUENCE] = &sequence_names,
};

static const struct ike_attribute encryption_table[] = {
	[14] = {"keylen", {NULL, 0}},
};
static const struct ike_attributes encryption_attributes =
	NAMES(encryption_table);

/* What is known of a notification. */
struct notify {
	uint16_t type;
	bool spi, data; /* shown */
	const char *name;
};

static const struct notify notifies[] = {
	{1, false, false, "unsupported_critical_payload"},
	{4, true, false, "invalid_ike_spi"},
	{5, false, false, "invalid_major_version"},
	{7, true, false, "invalid_syntax"},
	{9, true, false, "invalid_message_id"},
	{11, true, false, "invalid_spi"},
	{14, true, false, "no_protocol_chosen"},
	{17, true, false, "invalid_ke_payload"},
	{24, true, false, "authentication_failed"},
	{34, true, false, "single_pair_required"},
	{35, false, false, "no_additional_sas"},
	{36, false, false, "internal_address_failure"},
	{37, false, false, "failed:cp_required"},
	{39, false, false, "invalid_selectors"},
	{16384, false, false, "initial_contact"},
	{16385, false, false, "set_window_size"},
	{16386, false, false, "additional_ts_possible"},
	{16387, false, false, "ipcomp_supported"},
	{16388, true, false, "nat_detection_source_ip"},
	{16389, true, false, "nat_detection_destination_ip"},
	{16390, true, true, "cookie"},
	{16391, false, false, "use_transport_mode"},
	{16392, false, false, "http_cert_lookup_supported"},
	{16393, true, false, "rekey_sa"},
	{16394, false, false, "tfc_padding_not_supported"},
	{16395, false, false, "non_first_fragment_also"},
};

static size_t end_of(const struct ike_part *part)
{
	return part->at + part->length;
}

static void put_title(struct ike *ike, const char *name, size_t at)
{
	put(ike->t, "%s%s:", name, ike->data[at + 1] & 0x80 ? "[C]" : "");
}

static void put_own_title(struct ike *ike, const struct ike_part *part)
{
	ike_put_payload_name(ike->t, part->type);
	put_title(ike, "", part->at);
}

static size_t text_transform(struct ike *ike, size_t start, uint32_t length,
			     unsigned int number)
{
	const struct ike_attributes *known = &ike_no_attributes;
	const uint8_t *p = ike->data + start;
	const struct ike_names *names = NULL;
	size_t at = start + 8, end = start + length;
	struct text *t = ike->t;

	if (!ike_has(ike, start, 8))
		return ike_text_cut(ike, IKE_TRANSFORM);
	put_title(ike, "t", start);
	if (p[4] == ENCRYPTION)
		known = &encryption_attributes;
	if (p[4] < ARRAY_SIZE(transform_names))
		names = transform_names[p[4]];
	put(t, " #%u type=", number);
	ike_put_name(t, &type_names, p[4]);
	put_text(t, " id=");
	if (names)
		ike_put_name(t, names, load_be16(p + 6));
	else
		put_u32(t, load_be16(p + 6));
	put_char(t, ' ');
	if (!ike_text_attributes(ike, &at, end, known))
		return ike_text_cut(ike, IKE_TRANSFORM);
	if (ike->end < end)
		put_text(t, "...");
	return at;
}

/* What follows one another inside a proposal or an SA. */
struct list {
	size_t at;
	uint32_t length; /* left */
	uint8_t type;	 /* of what is printed; others are named */
	uint8_t around;	 /* what is cut when this does not fit */
	size_t (*text)(struct ike *ike, size_t at, uint32_t length,
		       unsigned int number);
};

static size_t text_list(struct ike *ike, struct list *list)
{
	uint8_t type = list->type;
	size_t at = list->at;

	for (unsigned int n = 1; type && !ike->t->stopped; n++) {
		size_t item = at;
		uint32_t length;

		if (list->length < IKE_GENERIC)
			goto too_long;
		if (!ike_has(ike, at, IKE_GENERIC))
			return ike_text_cut(ike, list->around);
		length = load_be16(ike->data + at + 2);
		if (length <= IKE_GENERIC)
			return ike_text_cut(ike, list->around);
		if (list->length < length)
			goto too_long;
		if (!ike_has(ike, at, length))
			return ike_text_cut(ike, list->around);
		ike_open_line(ike);
		if (type == list->type) {
			at = list->text(ike, at, length, n);
			if (at == IKE_NONE) {
				ike->depth--;
				return IKE_NONE;
			}
		} else {
			ike_put_payload_name(ike->t, type);
			at += length;
		}
		ike_close_line(ike);
		list->length -= length;
		type = ike->data[item];
	}
	return at;
too_long:
	ike_text_cut(ike, list->around);
	return at + list->length;
}

static size_t text_proposal(struct ike *ike, size_t start, uint32_t length,
			    unsigned int number)
{
	const uint8_t *p = ike->data + start;
	struct list transforms = {
		.at = start + 8,
		.length = length - IKE_GENERIC,
		.type = IKE_TRANSFORM,
		.around = IKE_PROPOSAL,
		.text = text_transform,
	};

	(void)number;
	if (!ike_has(ike, start, 8))
		return ike_text_cut(ike, IKE_PROPOSAL);
	put_title(ike, "p", start);
	put(ike->t, " #%u protoid=", p[4]);
	ike_put_name(ike->t, &ike_protocols, p[5]);
	put(ike->t, " transform=%u len=%u", p[7], length);
	if (p[6]) {
		if (transforms.length < p[6]) {
			ike_text_cut(ike, IKE_PROPOSAL);
			return transforms.at + transforms.length;
		}
		put_text(ike->t, " spi=");
		if (!ike_put_hex(ike, transforms.at, p[6]))
			return ike_text_cut(ike, IKE_PROPOSAL);
		transforms.at += p[6];
		transforms.length -= p[6];
	}
	return text_list(ike, &transforms);
}

size_t ikev2_text_sa(struct ike *ike, const struct ike_part *part)
{
	struct list proposals = {
		.at = part->at + IKE_GENERIC,
		.length = part->length - IKE_GENERIC,
		.type = IKE_PROPOSAL,
		.around = part->type,
		.text = text_proposal,
	};

	put_title(ike, "sa", part->at);
	put(ike->t, " len=%u", proposals.length);
	return text_list(ike, &proposals);
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

size_t ikev2_text_opaque(struct ike *ike, const struct ike_part *part)
{
	put_own_title(ike, part);
	put(ike->t, " len=%u", part->length - IKE_GENERIC);
	return put_data(ike, part) ? end_of(part)
				   : ike_text_cut(ike, part->type);
}

size_t ikev2_text_key_exchange(struct ike *ike, const struct ike_part *part)
{
	if (!ike_has(ike, part->at, 8))
		return ike_text_cut(ike, part->type);
	put_own_title(ike, part);
	if (part->length < 8) {
		put(ike->t, " len=%u < 8", part->length);
		return end_of(part);
	}
	put(ike->t, " len=%u group=", part->length - 8);
	ike_put_name(ike->t, &ike_groups, load_be16(ike->data + part->at + 4));
	if (ike->t->options->verbose > 2 && part->length > 8) {
		put_char(ike->t, ' ');
		ike_put_hex(ike, part->at + 8, part->length - 8);
	}
	return end_of(part);
}

size_t ikev2_text_id(struct ike *ike, const struct ike_part *part)
{
	static const struct label labels[] = {
		{1, " ipv4:"}, {2, " fqdn:"}, {3, " rfc822:"}, {5, " ipv6:"},
		{9, " dn:"},   {10, " gn:"},  {11, " keyid:"}, {0, NULL},
	};
	const uint8_t *p = ike->data + part->at;
	struct text *t = ike->t;

	if (!ike_has(ike, part->at, 8))
		return ike_text_cut(ike, part->type);
	put_own_title(ike, part);
	put(t, " len=%u", part->length - IKE_GENERIC);
	if (!put_data(ike, part))
		return ike_text_cut(ike, part->type);
	put_text(t, label_or(labels, p[4], ""));
	if (part->length < 8)
		return label_find(labels, p[4])
			       ? ike_text_cut(ike, part->type)
			       : end_of(part);
	if (p[4] == 2 || p[4] == 3) {
		for (uint32_t i = 8; i < part->length; i++)
			put_char(t, p[i] >= 0x20 && p[i] < 0x7f ? (char)p[i]
								: '.');
	} else if (label_find(labels, p[4])) {
		ike_put_hex(ike, part->at + 8, part->length - 8);
	}
	return end_of(part);
}

size_t ikev2_text_auth(struct ike *ike, const struct ike_part *part)
{
	static const char *const names[] = {"invalid", "rsasig",
					    "shared-secret", "dsssig"};
	static const struct ike_names methods = NAMES(names);
	unsigned int verbose = ike->t->options->verbose;

	if (!ike_has(ike, part->at, 8))
		return ike_text_cut(ike, part->type);
	put_own_title(ike, part);
	put(ike->t, " len=%u method=", part->length - IKE_GENERIC);
	ike_put_name(ike->t, &methods, ike->data[part->at + 4]);
	if (part->length <= IKE_GENERIC)
		return end_of(part);
	if (verbose > 1) {
		put_text(ike->t, " authdata=(");
		if (!ike_put_hex(ike, part->at + 8, (size_t)part->length - 8))
			return ike_text_cut(ike, part->type);
		put_text(ike->t, ") ");
	} else if (verbose) {
		ike_put_some(ike, part->at + 8);
	}
	return end_of(part);
}

size_t ikev2_text_nonce(struct ike *ike, const struct ike_part *part)
{
	size_t at = part->at + IKE_GENERIC;

	put_title(ike, "nonce", part->at);
	put(ike->t, " len=%u", part->length - IKE_GENERIC);
	if (part->length > IKE_GENERIC && ike->t->options->verbose > 1) {
		put_text(ike->t, " nonce=(");
		ike_put_hex(ike, at, part->length - IKE_GENERIC);
		put_text(ike->t, ") ");
	} else if (part->length > IKE_GENERIC) {
		ike_put_some(ike, at);
	}
	return end_of(part);
}

static const struct notify *find_notify(uint16_t type)
{
	static const struct notify error = {0, true, false, "error"};
	static const struct notify private_error = {0, true, false,
						    "private-error"};
	static const struct notify status = {0, true, false, "status"};
	static const struct notify private_status = {0, true, false,
						     "private-status"};

	for (size_t i = 0; i < ARRAY_SIZE(notifies); i++)
		if (notifies[i].type == type)
			return &notifies[i];
	if (type < 8192)
		return &error;
	if (type < 16384)
		return &private_error;
	return type < 40960 ? &status : &private_status;
}

size_t ikev2_text_notify(struct ike *ike, const struct ike_part *part)
{
	const uint8_t *p = ike->data + part->at;
	const struct notify *notify;
	size_t at = part->at + 8;
	struct text *t = ike->t;
	uint16_t type;

	if (!ike_has(ike, part->at, 8))
		return ike_text_cut(ike, IKE_NOTIFICATION);
	put_title(ike, "n", part->at);
	put_text(t, " prot_id=");
	ike_put_name(t, &ike_protocols, p[4]);
	type = load_be16(p + 6);
	notify = find_notify(type);
	put(t, " type=%u(%s)", type, notify->name);
	if (notify->spi && p[5]) {
		put_text(t, " spi=");
		if (!ike_put_hex(ike, at, p[5]))
			return ike_text_cut(ike, IKE_NOTIFICATION);
	}
	at += p[5];
	if (at >= ike->end)
		return end_of(part);
	if (t->options->verbose > 3 ||
	    (notify->data && ike->end - at < FEW_BYTES)) {
		put_text(t, " data=(");
		ike_put_hex(ike, at, ike->end - at);
		put_char(t, ')');
	} else if (notify->data) {
		ike_put_some(ike, at);
	}
	return end_of(part);
}

size_t ikev2_text_vendor_id(struct ike *ike, const struct ike_part *part)
{
	const uint8_t *p = ike->data + part->at;

	put_own_title(ike, part);
	put(ike->t, " len=%u vid=", part->length - IKE_GENERIC);
	for (uint32_t i = IKE_GENERIC; i < part->length && i < 18; i++)
		put_char(ike->t,
			 p[i] > 0x20 && p[i] < 0x7f ? (char)p[i] : '.');
	if (ike->t->options->verbose > 2 && part->length > 2 * IKE_GENERIC) {
		put_char(ike->t, ' ');
		ike_put_hex(ike, part->at + IKE_GENERIC,
			    part->length - IKE_GENERIC);
	}
	return end_of(part);
}

/* It is the last: what it says of the next is about what is inside. */
size_t ikev2_text_encrypted(struct ike *ike, const struct ike_part *part)
{
	put_own_title(ike, part);
	put(ike->t, " len=%u", part->length - IKE_GENERIC);
	if (ike->t->options->verbose > 2 && part->length > 2 * IKE_GENERIC) {
		put_char(ike->t, ' ');
		ike_put_hex(ike, part->at + IKE_GENERIC,
			    part->length - IKE_GENERIC);
	}
	return IKE_NONE;
}
