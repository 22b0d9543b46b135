/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissectors/members.h"

#include <string.h>

/* Big-endian; the caller has seen that it is there. */
static uint64_t load(const uint8_t *bytes, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value = value << 8 | bytes[i];
	return value;
}

/* False if there is no such number, or it was not captured. */
static bool read_number(const struct member_number *number,
			const uint8_t *bytes, size_t n, uint32_t *value)
{
	if (!number->size || number->at + (size_t)number->size > n)
		return false;
	*value = (uint32_t)load(bytes + number->at, number->size);
	if (number->mask)
		*value &= number->mask;
	return true;
}

static void put_time(struct json *json, const char *name, uint64_t time)
{
	uint64_t nanoseconds = (time & 0xffffffff) * 1000000000 >> 32;

	json_key(json, name);
	strbuf_u64(json->out, time >> 32);
	strbuf_putc(json->out, '.');
	strbuf_u64_padded(json->out, nanoseconds, 9);
}

static void put_text(struct json *json, const char *name, const uint8_t *bytes,
		     size_t n)
{
	json_text(json, name, (const char *)bytes,
		  strnlen((const char *)bytes, n));
}

static void put_number(struct json *json, const struct member *m,
		       uint64_t value)
{
	value >>= m->shift;
	if (m->bits)
		value &= (UINT64_C(1) << m->bits) - 1;
	if (m->kind == MEMBER_BOOL)
		json_bool(json, m->name, value);
	else
		json_u64(json, m->name, value);
}

static void put_member(struct json *json, const struct member *m,
		       const uint8_t *bytes, size_t n)
{
	size_t size = m->size;

	if (m->at > n || size > n - m->at)
		return;
	bytes += m->at;
	if (!size)
		size = n - m->at;
	switch ((enum member_kind)m->kind) {
	case MEMBER_NUMBER:
	case MEMBER_BOOL:
		put_number(json, m, load(bytes, size));
		break;
	case MEMBER_SIGNED:
		json_i64(json, m->name, (int8_t)bytes[0]);
		break;
	case MEMBER_IPV4:
		json_ipv4(json, m->name, bytes);
		break;
	case MEMBER_IPV6:
		json_ipv6(json, m->name, bytes);
		break;
	case MEMBER_MAC:
		json_mac(json, m->name, bytes);
		break;
	case MEMBER_HEX:
		json_hex(json, m->name, bytes, size);
		break;
	case MEMBER_TEXT:
		put_text(json, m->name, bytes, size);
		break;
	case MEMBER_TIME:
		put_time(json, m->name, load(bytes, 8));
		break;
	}
}

static const struct member_table *find_case(const struct member_case *cases,
					    uint32_t value)
{
	for (; cases && cases->table; cases++)
		if (cases->value == value)
			return cases->table;
	return NULL;
}

/* How long the item at @bytes is; 0: it cannot be told, or cannot be. */
static size_t item_size(const struct member_list *list, const uint8_t *bytes,
			size_t n)
{
	uint32_t length, type;

	if (list->padding && read_number(&list->type, bytes, n, &type) && !type)
		return 1;
	if (!list->length.size)
		return list->header;
	if (!read_number(&list->length, bytes, n, &length))
		return 0;
	return (size_t)length * (list->unit ? list->unit : 1) +
	       list->length_more;
}

static void put_item(struct json *json, const struct member_list *list,
		     const uint8_t *bytes, size_t n)
{
	const struct member_table *table = NULL;
	uint32_t type;

	json_open_object(json, NULL);
	if (read_number(&list->type, bytes, n, &type)) {
		json_u64(json, "type", type);
		table = find_case(list->cases, type);
	}
	if (list->each)
		members_put_json(json, list->each, bytes, n);
	if (table)
		members_put_json(json, table, bytes, n);
	else if (!list->each && n > list->header)
		json_hex(json, "value", bytes + list->header, n - list->header);
	json_close_object(json);
}

static void put_list(struct json *json, const struct member_list *list,
		     const uint8_t *bytes, size_t n)
{
	uint32_t end, left = UINT32_MAX;
	size_t at = list->at;

	if (read_number(&list->end, bytes, n, &end) &&
	    (size_t)end + list->end_more < n)
		n = (size_t)end + list->end_more;
	if (list->count.size && !read_number(&list->count, bytes, n, &left))
		return;
	json_open_array(json, list->name);
	while (at < n && left--) {
		size_t size = item_size(list, bytes + at, n - at);

		if (!size || size > n - at ||
		    (size < list->header && !(list->padding && size == 1)))
			break;
		put_item(json, list, bytes + at, size);
		at += size;
		if (list->align)
			at += -at % list->align;
	}
	json_close_array(json);
}

void members_put_json(struct json *json, const struct member_table *table,
		      const uint8_t *bytes, size_t n)
{
	const struct member_table *chosen;
	uint32_t choice;

	for (const struct member *m = table->members; m && m->name; m++)
		put_member(json, m, bytes, n);
	if (table->list.name && table->list.at <= n)
		put_list(json, &table->list, bytes, n);
	if (!read_number(&table->choice, bytes, n, &choice))
		return;
	chosen = find_case(table->cases, choice);
	if (chosen)
		members_put_json(json, chosen, bytes, n);
}
