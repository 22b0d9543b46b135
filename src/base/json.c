/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/base/json.h"

#include <string.h>

#include "src/base/addr.h"
#include "src/base/utf8.h"

static void put_escaped(struct strbuf *out, unsigned char c)
{
	static const char SHORT[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	for (size_t i = 0; i + 1 < sizeof(SHORT); i += 2) {
		if ((unsigned char)SHORT[i] == c) {
			strbuf_putc(out, '\\');
			strbuf_putc(out, SHORT[i + 1]);
			return;
		}
	}
	strbuf_puts(out, "\\u");
	strbuf_hex_padded(out, c, 4);
}

static void put_quoted(struct strbuf *out, const char *text, size_t length)
{
	strbuf_putc(out, '"');
	for (size_t i = 0; i < length;) {
		const unsigned char *p = (const unsigned char *)text + i;
		size_t n = utf8_length(p, length - i);

		if (!n) {
			strbuf_puts(out, "\\ufffd");
			n = 1;
		} else if (*p < 0x20 || *p == '"' || *p == '\\' || *p == 0x7f) {
			put_escaped(out, *p);
		} else {
			strbuf_add(out, p, n);
		}
		i += n;
	}
	strbuf_putc(out, '"');
}

void json_key(struct json *json, const char *key)
{
	if (json->after_value)
		strbuf_putc(json->out, ',');
	json->after_value = true;
	if (key) {
		put_quoted(json->out, key, strlen(key));
		strbuf_putc(json->out, ':');
	}
}

static void open_with(struct json *json, const char *key, char bracket)
{
	json_key(json, key);
	strbuf_putc(json->out, bracket);
	json->after_value = false;
}

static void close_with(struct json *json, char bracket)
{
	strbuf_putc(json->out, bracket);
	json->after_value = true;
}

void json_open_object(struct json *json, const char *key)
{
	open_with(json, key, '{');
}

void json_close_object(struct json *json)
{
	close_with(json, '}');
}

void json_open_array(struct json *json, const char *key)
{
	open_with(json, key, '[');
}

void json_close_array(struct json *json)
{
	close_with(json, ']');
}

void json_u64(struct json *json, const char *key, uint64_t value)
{
	json_key(json, key);
	strbuf_u64(json->out, value);
}

void json_i64(struct json *json, const char *key, int64_t value)
{
	json_key(json, key);
	strbuf_i64(json->out, value);
}

void json_bool(struct json *json, const char *key, bool value)
{
	json_key(json, key);
	strbuf_puts(json->out, value ? "true" : "false");
}

void json_null(struct json *json, const char *key)
{
	json_key(json, key);
	strbuf_puts(json->out, "null");
}

void json_seconds(struct json *json, const char *key, int64_t nanoseconds,
		  unsigned int digits)
{
	uint64_t rest = nanoseconds < 0 ? 0 - (uint64_t)nanoseconds
					: (uint64_t)nanoseconds;

	json_key(json, key);
	if (nanoseconds < 0)
		strbuf_putc(json->out, '-');
	strbuf_u64(json->out, rest / 1000000000);
	rest %= 1000000000;
	for (unsigned int i = digits; i < 9; i++)
		rest /= 10;
	if (digits) {
		strbuf_putc(json->out, '.');
		strbuf_u64_padded(json->out, rest, digits);
	}
}

void json_text(struct json *json, const char *key, const char *text,
	       size_t length)
{
	json_key(json, key);
	put_quoted(json->out, text, length);
}

void json_string(struct json *json, const char *key, const char *text)
{
	json_text(json, key, text, strlen(text));
}

void json_hex(struct json *json, const char *key, const uint8_t *bytes,
	      size_t length)
{
	json_key(json, key);
	strbuf_putc(json->out, '"');
	for (size_t i = 0; i < length; i++)
		strbuf_hex_padded(json->out, bytes[i], 2);
	strbuf_putc(json->out, '"');
}

void json_ipv4(struct json *json, const char *key, const uint8_t address[4])
{
	json_key(json, key);
	strbuf_putc(json->out, '"');
	addr_put_ipv4(json->out, address);
	strbuf_putc(json->out, '"');
}

void json_ipv6(struct json *json, const char *key, const uint8_t address[16])
{
	json_key(json, key);
	strbuf_putc(json->out, '"');
	addr_put_ipv6(json->out, address);
	strbuf_putc(json->out, '"');
}

void json_mac(struct json *json, const char *key, const uint8_t address[6])
{
	json_key(json, key);
	strbuf_putc(json->out, '"');
	addr_put_mac(json->out, address);
	strbuf_putc(json->out, '"');
}
