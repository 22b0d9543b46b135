/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * struct packet -> one JSON object, in one line, for --json.
 * dissectors/packet.schema.json describes it.
 */
#ifndef BSNIFF_DISSECTORS_PACKET_JSON_H
#define BSNIFF_DISSECTORS_PACKET_JSON_H

#include "dissectors/packet.h"
#include "src/base/strbuf.h"

/* Append the object; the caller appends the newline. */
void packet_put_json(const struct packet *packet, struct strbuf *out);

#endif
