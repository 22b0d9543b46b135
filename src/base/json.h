/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * JSON (RFC 8259) into a strbuf: the one writer.
 *
 * Commas come by themselves. Inside an object each value is preceded by its
 * key; json_* functions take the key first, NULL inside an array.
 */
#ifndef BSNIFF_BASE_JSON_H
#define BSNIFF_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "src/base/strbuf.h"

struct json {
	struct strbuf *out; /* borrowed */
	bool after_value;   /* a comma is due before the next value */
};

static inline struct json json_begin(struct strbuf *out)
{
	return (struct json){.out = out};
}

void json_open_object(struct json *json, const char *key);
void json_close_object(struct json *json);
void json_open_array(struct json *json, const char *key);
void json_close_array(struct json *json);

void json_u64(struct json *json, const char *key, uint64_t value);
void json_i64(struct json *json, const char *key, int64_t value);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);

/* @seconds with @digits decimals (0 to 9), from nanoseconds. */
void json_seconds(struct json *json, const char *key, int64_t nanoseconds,
		  unsigned int digits);

/* Text of @length bytes of any content: what is not UTF-8 becomes U+FFFD. */
void json_text(struct json *json, const char *key, const char *text,
	       size_t length);
void json_string(struct json *json, const char *key, const char *text);

/* Bytes as a string of hexadecimal digits. */
void json_hex(struct json *json, const char *key, const uint8_t *bytes,
	      size_t length);

/* Addresses, from network byte order. */
void json_ipv4(struct json *json, const char *key, const uint8_t address[4]);
void json_ipv6(struct json *json, const char *key, const uint8_t address[16]);
void json_mac(struct json *json, const char *key, const uint8_t address[6]);

/* The comma and the key; the caller appends one value to json->out itself. */
void json_key(struct json *json, const char *key);

#endif
