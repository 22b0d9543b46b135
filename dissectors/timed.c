/* SPDX-License-Identifier: BSD-3-Clause */
/* The time synchronization protocol of 4.3BSD: timed(8). */
#include "dissectors/dissector.h"
#include "dissectors/members.h"
#include "dissectors/protocols.h"
#include "dissectors/put.h"
#include "src/base/cleanup.h"

enum { ADJTIME = 1, SETTIME = 5, SETDATE = 22, SETDATEREQ = 23, LOOP = 24 };
enum { HEADER = 12, NAME_SIZE = 256 };

static const char *const types[] = {
	"TSP_ANY",	 "TSP_ADJTIME",	 "TSP_ACK",	 "TSP_MASTERREQ",
	"TSP_MASTERACK", "TSP_SETTIME",	 "TSP_MASTERUP", "TSP_SLAVEUP",
	"TSP_ELECTION",	 "TSP_ACCEPT",	 "TSP_REFUSE",	 "TSP_CONFLICT",
	"TSP_RESOLVE",	 "TSP_QUIT",	 "TSP_DATE",	 "TSP_DATEREQ",
	"TSP_DATEACK",	 "TSP_TRACEON",	 "TSP_TRACEOFF", "TSP_MSITE",
	"TSP_MSITEREQ",	 "TSP_TEST",	 "TSP_SETDATE",	 "TSP_SETDATEREQ",
	"TSP_LOOP",
};

static void decode(struct dissection *d)
{
	d->layer->words[0] = cursor_u8(&d->cursor);
	d->layer->words[1] = cursor_u8(&d->cursor);
	d->layer->words[2] = cursor_be16(&d->cursor);
	if (d->cursor.overrun)
		d->layer->flags |= LAYER_TRUNCATED;
}

/* False where the rest makes no sense. */
static bool text_time(struct text *t, struct cursor *c)
{
	int32_t seconds = (int32_t)text_be32(t, c);
	int32_t microseconds = (int32_t)text_be32(t, c);

	if (microseconds < 0)
		return false;
	put_text(t, " time ");
	if (seconds < 0 && microseconds) {
		seconds++;
		if (!seconds)
			put_char(t, '-');
		microseconds = 1000000 - microseconds;
	}
	strbuf_printf(t->out, "%d.%06d", seconds, microseconds);
	return true;
}

static void text_name(struct text *t, struct cursor c)
{
	put_text(t, " name ");
	for (unsigned int i = 0; i < NAME_SIZE && !t->stopped; i++) {
		uint8_t byte = text_u8(t, &c);

		if (!byte)
			return;
		put_visible(t, byte);
	}
}

static void text(struct text *t, const struct layer *layer)
{
	struct cursor c = text_cursor(layer), name = c, body;
	uint8_t type;

	t->protocol = "timed";
	type = text_u8(t, &c);
	if (type < ARRAY_SIZE(types))
		put_text(t, types[type]);
	else
		put(t, "(tsp_type 0x%x)", type);
	put(t, " vers %u", text_u8(t, &c));
	put(t, " seq %u", text_be16(t, &c));
	body = c;
	if (type == LOOP)
		put(t, " hopcnt %u", text_u8(t, &body));
	else if ((type == ADJTIME || type == SETTIME || type == SETDATE ||
		  type == SETDATEREQ) &&
		 !text_time(t, &body))
		return;
	if (cursor_has(&name, HEADER))
		cursor_skip(&name, HEADER);
	else
		name.at = name.end;
	text_name(t, name);
}

static const struct member_table time_members = {
	.members = (const struct member[]){
		MEMBER_U32("seconds", 4),
		MEMBER_U32("microseconds", 8),
		MEMBER_END},
};

static const struct member_case type_cases[] = {
	{1, &time_members},
	{3, &time_members},
	{22, &time_members},
	{23, &time_members},
	{0, NULL},
};

static const struct member_table members = {
	.members = (const struct member[]){
		MEMBER_U8("type", 0),
		MEMBER_U8("version", 1),
		MEMBER_U16("sequence", 2),
		MEMBER_STRING("name", 12, 64),
		MEMBER_END},
	.choice = {0, 1, 0},
	.cases = type_cases,
};

const struct dissector timed_dissector = {
	.name = "timed",
	.decode = decode,
	.text = text,
	.members = &members,
};
