/* SPDX-License-Identifier: BSD-3-Clause */
/* Mobility header: RFC 6275. */
#include "dissectors/ipv6_extension.h"

#include "dissectors/members.h"
#include "dissectors/protocols.h"
#include "dissectors/put.h"

enum {
	FIXED = 8, /* up to and with the first word of data */
	KNOWN_TYPES = 8,
};

enum message {
	REFRESH_REQUEST,
	HOME_TEST_INIT,
	CAREOF_TEST_INIT,
	HOME_TEST,
	CAREOF_TEST,
	BINDING_UPDATE,
	BINDING_ACK,
	BINDING_ERROR,
};

static const struct {
	const char *name;
	uint8_t size;
} messages[KNOWN_TYPES] = {
	{"BRR", FIXED},	     {"HoTI", FIXED + 8}, {"CoTI", FIXED + 8},
	{"HoT", FIXED + 16}, {"CoT", FIXED + 16}, {"BU", FIXED + 4},
	{"BA", FIXED + 4},   {"BE", FIXED + 16},
};

static void decode(struct dissection *d)
{
	struct ipv6_extension *e = &d->layer->extension;

	e->next_header = cursor_u8(&d->cursor);
	e->size = ((uint32_t)cursor_u8(&d->cursor) + 1) * 8;
	e->type = cursor_u8(&d->cursor);
	if (d->cursor.overrun) {
		d->layer->flags |= LAYER_TRUNCATED;
		e->size = 0;
	}
}

static void text_option(struct text *t, uint8_t type, const uint8_t *option)
{
	switch (type) {
	case 0:
		put_text(t, "(pad1)");
		break;
	case 1:
		put_text(t, "(padn)");
		break;
	case 2: /* in units of 4 seconds */
		put(t, "(refresh: %u)", load_be16(option + 2) * 4u);
		break;
	case 3:
		put_text(t, "(alt-CoA: ");
		put_ipv6(t, option + 2);
		put_char(t, ')');
		break;
	case 4:
		put(t, "(ni: ho=0x%04x co=0x%04x)", load_be16(option + 2),
		    load_be16(option + 4));
		break;
	case 5:
		put_text(t, "(auth)");
		break;
	default:
		put(t, "(type-0x%02x: len=%u)", type, option[1]);
		break;
	}
}

/* False where an option does not fit. */
static bool text_options(struct text *t, struct cursor c, uint32_t left)
{
	static const struct {
		const char *name;
		uint8_t least;
	} known[] = {{"", 1},	    {"padn", 2}, {"refresh", 4},
		     {"altcoa", 18}, {"ni", 6},	 {"auth", 12}};

	while (left) {
		const uint8_t *option = c.at;
		uint8_t type = text_u8(t, &c);
		uint32_t length = 1;

		if (type) {
			if (left < 2)
				return false;
			length = text_u8(t, &c) + 2u;
		}
		if (t->stopped)
			return true;
		if (length > left || (size_t)(c.end - option) <= length)
			return false;
		if (type < 6 && left < known[type].least) {
			put(t, "(%s: trunc)", known[type].name);
			return false;
		}
		/* What the option's own length leaves out may not be there. */
		if (type < 6 && c.end - option < known[type].least) {
			text_stop(t);
			return true;
		}
		text_option(t, type, option);
		c.at = option + length;
		left -= length;
	}
	return true;
}

static void text_cookie(struct text *t, struct cursor *c, const char *who,
			const char *what)
{
	uint32_t high = text_be32(t, c), low = text_be32(t, c);

	put(t, " %s %s=%08x:%08x", who, what, high, low);
}

static void text_test(struct text *t, struct cursor *c, uint8_t type)
{
	const char *who = type == HOME_TEST || type == HOME_TEST_INIT
				  ? "Home"
				  : "Care-of";
	bool answer = type == HOME_TEST || type == CAREOF_TEST;

	if (answer)
		put(t, " nonce id=0x%x", text_be16(t, c));
	else
		cursor_skip(c, 2);
	if (!t->options->verbose) {
		return;
	}
	text_cookie(t, c, who, "Init Cookie");
	if (answer)
		text_cookie(t, c, who, "Keygen Token");
}

static void text_update(struct text *t, struct cursor *c)
{
	static const struct label bits[] = {
		{8, "A"}, {4, "H"}, {2, "L"}, {1, "K"}, {0, NULL}};
	uint8_t flags;

	put(t, " seq#=%u", text_be16(t, c));
	if (!cursor_has(c, 2)) {
		text_stop(t);
		return;
	}
	flags = text_u8(t, c) >> 4;
	if (flags) {
		put_char(t, ' ');
		put_bits(t, bits, flags, NULL, "");
	}
	cursor_skip(c, 1);
	put(t, " lifetime=%u", text_be16(t, c) * 4u);
}

static void text_ack(struct text *t, struct cursor *c)
{
	put(t, " status=%u", text_u8(t, c));
	if (text_u8(t, c) & 0x80)
		put_text(t, " K");
	put(t, " seq#=%u", text_be16(t, c));
	put(t, " lifetime=%u", text_be16(t, c) * 4u);
}

static void text_error(struct text *t, struct cursor *c)
{
	const uint8_t *address;

	put(t, " status=%u", text_u8(t, c));
	cursor_skip(c, 1);
	address = text_take(t, c, 16);
	if (!address)
		return;
	put_text(t, " homeaddr ");
	put_ipv6(t, address);
}

static void text(struct text *t, const struct layer *layer)
{
	struct cursor c = text_cursor(layer);
	uint8_t type = layer->extension.type;
	uint32_t size;

	t->protocol = "mobility";
	if (layer->captured < 2) {
		text_trunc(t);
		return;
	}
	if (!text_has(t, &c, 3))
		return;
	size = layer->extension.size;
	if (type < KNOWN_TYPES && size < messages[type].size) {
		put(t, "(header length %u is too small for type %u)", size,
		    type);
		text_trunc(t);
		return;
	}
	if (type >= KNOWN_TYPES) {
		put(t, "mobility: type-#%u len=%u", type, layer->data[1]);
		return;
	}
	put(t, "mobility: %s", messages[type].name);
	cursor_skip(&c, 6);
	if (type >= HOME_TEST_INIT && type <= CAREOF_TEST)
		text_test(t, &c, type);
	else if (type == BINDING_UPDATE)
		text_update(t, &c);
	else if (type == BINDING_ACK)
		text_ack(t, &c);
	else if (type == BINDING_ERROR)
		text_error(t, &c);
	if (!t->options->verbose || t->stopped)
		return;
	c = text_cursor(layer);
	if (!text_take(t, &c, messages[type].size))
		return;
	if (!text_options(t, c, size - messages[type].size))
		text_trunc(t);
}

static const struct member_table init_members = {
	.members = (const struct member[]){
		MEMBER_BYTES("init_cookie", 8, 8),
		MEMBER_END},
};

static const struct member_table test_members = {
	.members = (const struct member[]){
		MEMBER_U16("nonce_index", 6),
		MEMBER_BYTES("init_cookie", 8, 8),
		MEMBER_BYTES("keygen_token", 16, 8),
		MEMBER_END},
};

static const struct member_table update_members = {
	.members = (const struct member[]){
		MEMBER_U16("sequence", 6),
		MEMBER_PART("flags", 8, 2, 12, 4),
		MEMBER_U16("lifetime", 10),
		MEMBER_END},
};

static const struct member_table acknowledgment_members = {
	.members = (const struct member[]){
		MEMBER_U8("status", 6),
		MEMBER_U16("sequence", 8),
		MEMBER_U16("lifetime", 10),
		MEMBER_END},
};

static const struct member_table error_members = {
	.members = (const struct member[]){
		MEMBER_U8("status", 6),
		MEMBER_ADDRESS6("home_address", 8),
		MEMBER_END},
};

static const struct member_case type_cases[] = {
	{1, &init_members},
	{2, &init_members},
	{3, &test_members},
	{4, &test_members},
	{5, &update_members},
	{6, &acknowledgment_members},
	{7, &error_members},
	{0, NULL},
};

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_U8("next_header", 0),
		MEMBER_U8("header_length", 1),
		MEMBER_U8("type", 2),
		MEMBER_U16("checksum", 4),
		MEMBER_END},
	.choice = {2, 1, 0},
	.cases = type_cases,
};

const struct dissector ipv6_mobility_dissector = {
	.name = "ipv6_mobility",
	.decode = decode,
	.text = text,
	.members = &members,
};
