/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The objects of LMP: RFC 4204, RFC 4207, OIF UNI 1.0.
 */
#ifndef BSNIFF_DISSECTORS_LMP_H
#define BSNIFF_DISSECTORS_LMP_H

#include "dissectors/put.h"

enum lmp_class {
	LMP_CONTROL_CHANNEL = 1,
	LMP_NODE = 2,
	LMP_LINK = 3,
	LMP_INTERFACE = 4,
	LMP_MESSAGE = 5,
	LMP_CONFIGURATION = 6,
	LMP_HELLO = 7,
	LMP_VERIFY_BEGIN = 8,
	LMP_VERIFY_BEGIN_ACK = 9,
	LMP_VERIFY = 10,
	LMP_TE_LINK = 11,
	LMP_DATA_LINK = 12,
	LMP_CHANNEL_STATUS = 13,
	LMP_CHANNEL_STATUS_REQUEST = 14,
	LMP_ERROR_CODE = 20,
	LMP_SERVICE_CONFIGURATION = 51,
};

/* An object's body. */
struct lmp_object {
	const struct layer *layer;
	size_t at;
	uint32_t length;
	uint8_t class, type;
};

/* What is printed of an object's body. False: something in it is unknown. */
bool lmp_text_object(struct text *t, const struct lmp_object *o);

#endif
