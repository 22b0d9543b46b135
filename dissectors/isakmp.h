/* SPDX-License-Identifier: BSD-3-Clause */
/* ISAKMP and IKE version 1: RFC 2407, 2408, 2409; IKE version 2: RFC 7296. */
#ifndef BSNIFF_DISSECTORS_ISAKMP_H
#define BSNIFF_DISSECTORS_ISAKMP_H

#include "dissectors/put.h"

enum { IKE_NONE = 0, IKE_HEADER = 28, IKE_GENERIC = 4, IKE_DEPTH = 64 };

/* Payload types. */
enum ike_payload {
	IKE_SA = 1,
	IKE_PROPOSAL,
	IKE_TRANSFORM,
	IKE_KEY_EXCHANGE,
	IKE_ID,
	IKE_CERT,
	IKE_CERT_REQUEST,
	IKE_HASH,
	IKE_SIGNATURE,
	IKE_NONCE,
	IKE_NOTIFICATION,
	IKE_DELETE,
	IKE_VENDOR_ID,
	IKE2_SA = 33,
	IKE2_KEY_EXCHANGE,
	IKE2_ID_I,
	IKE2_ID_R,
	IKE2_CERT,
	IKE2_CERT_REQUEST,
	IKE2_AUTH,
	IKE2_NONCE,
	IKE2_NOTIFY,
	IKE2_DELETE,
	IKE2_VENDOR_ID,
	IKE2_TS_I,
	IKE2_TS_R,
	IKE2_ENCRYPTED,
	IKE2_CONFIGURATION,
	IKE2_EAP,
	IKE_PAYLOADS,
};

/* A message being printed. Positions are offsets into data. */
struct ike {
	struct text *t;
	const uint8_t *data;
	size_t end; /* of the snapshot */
	uint32_t phase;
	uint32_t doi, protocol; /* of the SA and the proposal around */
	unsigned int depth;
	uint32_t empty_spis; /* printed so far */
};

/* A payload: its generic header is at @at. */
struct ike_part {
	size_t at;
	uint32_t length; /* with the generic header */
	uint8_t type;
};

/* Names by number; some are missing. */
struct ike_names {
	const char *const *names;
	size_t count;
};

/* An attribute type and the names of its values. */
struct ike_attribute {
	const char *name;
	struct ike_names values;
};

struct ike_attributes {
	const struct ike_attribute *attributes;
	size_t count;
};

extern const struct ike_names ike_groups, ike_esp_transforms, ike_protocols;
extern const struct ike_attributes ike_no_attributes;

/* Are @n bytes there? */
static inline bool ike_has(const struct ike *ike, size_t at, size_t n)
{
	return at <= ike->end && n <= ike->end - at;
}

/* The name of @value or #@value. */
void ike_put_name(struct text *t, const struct ike_names *names,
		  uint32_t value);
void ike_put_payload_name(struct text *t, uint8_t type);

/* @n bytes in hexadecimal; false (and nothing) if they are not all there. */
bool ike_put_hex(const struct ike *ike, size_t at, size_t n);

/* The first bytes and the last of those up to the snapshot's end. */
bool ike_put_some(const struct ike *ike, size_t at);

/* The attributes from @at to @end. False where the snapshot ends. */
bool ike_text_attributes(struct ike *ike, size_t *at, size_t end,
			 const struct ike_attributes *known);

/*
 * Printers of payloads: where the next one begins, IKE_NONE where there is
 * none to be looked for.
 */
typedef size_t ike_text_function(struct ike *ike,
				 const struct ike_part *part);
extern ike_text_function *const ike_text_functions[IKE_PAYLOADS];

/* The payloads in a row from @at, the first of @type. */
size_t ike_text_chain(struct ike *ike, uint8_t type, size_t at);

/* [|type], and IKE_NONE. */
size_t ike_text_cut(struct ike *ike, uint8_t type);

/* A new line for what is inside, and its parenthesis. */
void ike_open_line(struct ike *ike);
void ike_close_line(struct ike *ike);

ike_text_function ikev1_text_sa, ikev1_text_proposal, ikev1_text_transform,
	ikev1_text_key_exchange, ikev1_text_id, ikev1_text_cert,
	ikev1_text_opaque, ikev1_text_nonce, ikev1_text_notification,
	ikev1_text_delete;
ike_text_function ikev2_text_sa, ikev2_text_key_exchange, ikev2_text_id,
	ikev2_text_opaque, ikev2_text_auth, ikev2_text_nonce,
	ikev2_text_notify, ikev2_text_vendor_id, ikev2_text_encrypted;

#endif
