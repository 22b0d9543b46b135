/* SPDX-License-Identifier: BSD-3-Clause */
/* PPTP's control connection: RFC 2637. */
#include "dissectors/field.h"

#include "dissectors/protocols.h"
#include "src/base/cleanup.h"

enum {
	HEADER = 12,
	MAGIC = 0x1a2b3c4d,
	NAME = 64,
	STATISTICS = 128,
	DIALED_LENGTH = 24,
	DIALING_LENGTH = 26,
	PHONE_LENGTH = 36,
};

/* What stands in a message, in this order. */
enum kind {
	END,
	VERSION,    /* 2 bytes: major.minor */
	RESERVED_1, /* must be zero */
	RESERVED_2,
	NUMBER_2,
	NUMBER_4,
	HEX_4,
	TEXT,	/* of NAME bytes */
	DIALED, /* the same, of a length given before */
	DIALING,
	PHONE,
	STATS,	/* of STATISTICS bytes */
	RESULT, /* 1 byte, with a meaning of the message's own */
	FAULT,
	FRAMING, /* capabilities */
	BEARER,
	FRAME_TYPE,
	BEARER_TYPE,
};

struct part {
	enum kind kind;
	const char *name;
};

#define RESULT_AND_FAULT          \
	{RESULT, "RESULT_CODE"},  \
	{                         \
		FAULT, "ERR_CODE" \
	}
#define CAPABILITIES                                            \
	{FRAMING, "FRAME_CAP"}, {BEARER, "BEARER_CAP"},         \
		{NUMBER_2, "MAX_CHAN"}, {NUMBER_2, "FIRM_REV"}, \
		{TEXT, "HOSTNAME"},                             \
	{                                                       \
		TEXT, "VENDOR"                                  \
	}

static const struct part start_request[] = {
	{VERSION, "PROTO_VER"}, {RESERVED_2, NULL}, CAPABILITIES, {END, NULL}};
static const struct part start_reply[] = {
	{VERSION, "PROTO_VER"}, RESULT_AND_FAULT, CAPABILITIES, {END, NULL}};
static const struct part stop_request[] = {{RESULT, "REASON"},
					   {RESERVED_1, NULL},
					   {RESERVED_2, NULL},
					   {END, NULL}};
static const struct part stop_reply[] = {
	RESULT_AND_FAULT, {RESERVED_2, NULL}, {END, NULL}};
static const struct part echo_request[] = {{NUMBER_4, "ID"}, {END, NULL}};
static const struct part echo_reply[] = {
	{NUMBER_4, "ID"}, RESULT_AND_FAULT, {RESERVED_2, NULL}, {END, NULL}};
static const struct part outgoing_request[] = {{NUMBER_2, "CALL_ID"},
					       {NUMBER_2, "CALL_SER_NUM"},
					       {NUMBER_4, "MIN_BPS"},
					       {NUMBER_4, "MAX_BPS"},
					       {BEARER_TYPE, "BEARER_TYPE"},
					       {FRAME_TYPE, "FRAME_TYPE"},
					       {NUMBER_2, "RECV_WIN"},
					       {NUMBER_2, "PROC_DELAY"},
					       {NUMBER_2, "PHONE_NO_LEN"},
					       {RESERVED_2, NULL},
					       {PHONE, "PHONE_NO"},
					       {TEXT, "SUB_ADDR"},
					       {END, NULL}};
static const struct part outgoing_reply[] = {{NUMBER_2, "CALL_ID"},
					     {NUMBER_2, "PEER_CALL_ID"},
					     RESULT_AND_FAULT,
					     {NUMBER_2, "CAUSE_CODE"},
					     {NUMBER_4, "CONN_SPEED"},
					     {NUMBER_2, "RECV_WIN"},
					     {NUMBER_2, "PROC_DELAY"},
					     {NUMBER_4, "PHY_CHAN_ID"},
					     {END, NULL}};
static const struct part incoming_request[] = {
	{NUMBER_2, "CALL_ID"},	      {NUMBER_2, "CALL_SER_NUM"},
	{BEARER_TYPE, "BEARER_TYPE"}, {NUMBER_4, "PHY_CHAN_ID"},
	{NUMBER_2, "DIALED_NO_LEN"},  {NUMBER_2, "DIALING_NO_LEN"},
	{DIALED, "DIALED_NO"},	      {DIALING, "DIALING_NO"},
	{TEXT, "SUB_ADDR"},	      {END, NULL}};
static const struct part incoming_reply[] = {{NUMBER_2, "CALL_ID"},
					     {NUMBER_2, "PEER_CALL_ID"},
					     RESULT_AND_FAULT,
					     {NUMBER_2, "RECV_WIN"},
					     {NUMBER_2, "PROC_DELAY"},
					     {RESERVED_2, NULL},
					     {END, NULL}};
static const struct part incoming_connected[] = {{NUMBER_2, "PEER_CALL_ID"},
						 {RESERVED_2, NULL},
						 {NUMBER_4, "CONN_SPEED"},
						 {NUMBER_2, "RECV_WIN"},
						 {NUMBER_2, "PROC_DELAY"},
						 {FRAME_TYPE, "FRAME_TYPE"},
						 {END, NULL}};
static const struct part clear_request[] = {
	{NUMBER_2, "CALL_ID"}, {RESERVED_2, NULL}, {END, NULL}};
static const struct part disconnected[] = {
	{NUMBER_2, "CALL_ID"}, RESULT_AND_FAULT,      {NUMBER_2, "CAUSE_CODE"},
	{RESERVED_2, NULL},    {STATS, "CALL_STATS"}, {END, NULL}};
static const struct part wan_errors[] = {{NUMBER_2, "PEER_CALL_ID"},
					 {RESERVED_2, NULL},
					 {NUMBER_4, "CRC_ERR"},
					 {NUMBER_4, "FRAMING_ERR"},
					 {NUMBER_4, "HARDWARE_OVERRUN"},
					 {NUMBER_4, "BUFFER_OVERRUN"},
					 {NUMBER_4, "TIMEOUT_ERR"},
					 {NUMBER_4, "ALIGN_ERR"},
					 {END, NULL}};
static const struct part link_info[] = {{NUMBER_2, "PEER_CALL_ID"},
					{RESERVED_2, NULL},
					{HEX_4, "SEND_ACCM"},
					{HEX_4, "RECV_ACCM"},
					{END, NULL}};

static const struct label start_results[] = {
	{1, "Successful channel establishment"},
	{2, "General error"},
	{3, "Command channel already exists"},
	{4, "Requester is not authorized to establish a command channel"},
	{5, "The protocol version of the requester is not supported"},
	{0, NULL},
};

static const struct label stop_reasons[] = {
	{1, "None"},
	{2, "Stop-Protocol"},
	{3, "Stop-Local-Shutdown"},
	{0, NULL},
};

static const struct label plain_results[] = {
	{1, "OK"}, {2, "General Error"}, {0, NULL}};

static const struct label call_results[] = {
	{1, "Connected"},     {2, "General Error"},
	{3, "No Carrier"},    {4, "Busy"},
	{5, "No Dial Tone"},  {6, "Time-out"},
	{7, "Do Not Accept"}, {0, NULL},
};

static const struct label answer_results[] = {
	{1, "Connect"}, {2, "General Error"}, {3, "Do Not Accept"}, {0, NULL}};

static const struct label disconnect_results[] = {{1, "Lost Carrier"},
						  {2, "General Error"},
						  {3, "Admin Shutdown"},
						  {4, "Request"},
						  {0, NULL}};

static const struct label fault_labels[] = {
	{0, "None"},	    {1, "Not-Connected"},
	{2, "Bad-Format"},  {3, "Bad-Value"},
	{4, "No-Resource"}, {5, "Bad-Call-ID"},
	{6, "PAC-Error"},   {0, NULL},
};

/* A message: its name, its parts, and what its results mean. */
struct message {
	const char *name;
	const struct part *parts;
	const struct label *results;
};

static const struct message messages[] = {
	{"NOT_DEFINED", NULL, NULL},
	{"SCCRQ", start_request, NULL},
	{"SCCRP", start_reply, start_results},
	{"StopCCRQ", stop_request, stop_reasons},
	{"StopCCRP", stop_reply, plain_results},
	{"ECHORQ", echo_request, NULL},
	{"ECHORP", echo_reply, plain_results},
	{"OCRQ", outgoing_request, NULL},
	{"OCRP", outgoing_reply, call_results},
	{"ICRQ", incoming_request, NULL},
	{"ICRP", incoming_reply, answer_results},
	{"ICCN", incoming_connected, NULL},
	{"CCRQ", clear_request, NULL},
	{"CDN", disconnected, disconnect_results},
	{"WEN", wan_errors, NULL},
	{"SLI", link_info, NULL},
};

static void decode(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;

	layer->words[0] = cursor_be16(c); /* length */
	layer->words[1] = cursor_be16(c); /* control or management */
	layer->words[2] = cursor_be32(c); /* magic cookie */
	layer->words[3] = cursor_be16(c); /* message */
	cursor_skip(c, 2);
	if (c->overrun)
		layer->flags |= LAYER_TRUNCATED;
}

static void put_reserved(struct text *t, uint32_t value)
{
	if (value)
		put(t, " [ERROR: reserved=%u must be zero]", value);
}

static void put_code(struct text *t, const struct part *part,
		     const struct label *labels, uint8_t code)
{
	put(t, " %s(%u", part->name, code);
	if (t->options->verbose)
		put(t, ":%s", label_or(labels, code, "?"));
	put_char(t, ')');
}

static void put_capability(struct text *t, const struct part *part,
			   const struct layer *layer, size_t at)
{
	uint32_t bits;

	if (part->kind == FRAMING) {
		put(t, " %s(", part->name);
		bits = field_be32(t, layer, at);
		put(t, "%s%s)", bits & 1 ? "A" : "", bits & 2 ? "S" : "");
		return;
	}
	bits = field_be32(t, layer, at);
	if (!t->stopped)
		put(t, " %s(%s%s)", part->name, bits & 2 ? "D" : "",
		    bits & 1 ? "A" : "");
}

static void put_type(struct text *t, const struct part *part, uint32_t type)
{
	static const struct label bearers[] = {
		{1, "A"}, {2, "D"}, {3, "Any"}, {0, NULL}};
	static const struct label frames[] = {
		{1, "A"}, {2, "S"}, {3, "E"}, {0, NULL}};

	put(t, " %s(%s)", part->name,
	    label_or(part->kind == BEARER_TYPE ? bearers : frames, type, "?"));
}

static size_t put_string(struct text *t, const struct part *part,
			 const struct layer *layer, size_t at)
{
	size_t size = part->kind == STATS ? STATISTICS : NAME;
	size_t shown = size;

	if (part->kind != TEXT && part->kind != STATS) {
		size_t where = part->kind == DIALED    ? DIALED_LENGTH
			       : part->kind == DIALING ? DIALING_LENGTH
						       : PHONE_LENGTH;
		uint16_t length = field_be16(t, layer, where);

		shown = length < size ? length : size;
	}
	put(t, " %s(", part->name);
	field_put_string(t, layer, at, shown);
	put_char(t, ')');
	return size;
}

/* One part of a message: its size. What cannot be read is not printed. */
static size_t text_part(struct text *t, const struct layer *layer, size_t at,
			const struct part *part, const struct label *results)
{
	static const uint8_t sizes[] = {
		[VERSION] = 2,	[RESERVED_1] = 1, [RESERVED_2] = 2,
		[NUMBER_2] = 2, [NUMBER_4] = 4,	  [HEX_4] = 4,
		[RESULT] = 1,	[FAULT] = 1,	  [FRAMING] = 4,
		[BEARER] = 4,	[FRAME_TYPE] = 4, [BEARER_TYPE] = 4};
	const uint8_t *p = layer->data + at;

	if (part->kind >= TEXT && part->kind <= STATS)
		return put_string(t, part, layer, at);
	if (part->kind == FRAMING || part->kind == BEARER) {
		put_capability(t, part, layer, at);
		return 4;
	}
	if (!field_need(t, layer, at, sizes[part->kind]))
		return 0;
	switch (part->kind) {
	case VERSION:
		put(t, " %s(%u.%u)", part->name, p[0], p[1]);
		break;
	case RESERVED_1:
		put_reserved(t, p[0]);
		break;
	case RESERVED_2:
		put_reserved(t, load_be16(p));
		break;
	case NUMBER_2:
		put(t, " %s(%u)", part->name, load_be16(p));
		break;
	case NUMBER_4:
		put(t, " %s(%u)", part->name, load_be32(p));
		break;
	case HEX_4:
		put(t, " %s(0x%08x)", part->name, load_be32(p));
		break;
	case RESULT:
		put_code(t, part, results, p[0]);
		break;
	case FAULT:
		put_code(t, part, fault_labels, p[0]);
		break;
	default:
		put_type(t, part, load_be32(p));
		break;
	}
	return sizes[part->kind];
}

static void text_message(struct text *t, const struct layer *layer,
			 const struct message *message)
{
	const struct part *part = message->parts;
	size_t at = HEADER;

	for (; part && part->kind != END && !t->stopped; part++)
		at += text_part(t, layer, at, part, message->results);
}

static void text_header(struct text *t, const struct layer *layer)
{
	static const struct label types[] = {
		{1, " CTRL-MSG"}, {2, " MGMT-MSG"}, {0, NULL}};
	uint32_t magic;
	uint16_t type;

	if (t->options->verbose) {
		put(t, " Length=%u", field_be16(t, layer, 0));
		if (!field_need(t, layer, 2, 2))
			return;
		put_text(t, label_or(types, load_be16(layer->data + 2),
				     " UNKNOWN-MSG-TYPE"));
	}
	magic = field_be32(t, layer, 4);
	if (magic != MAGIC)
		put(t, " UNEXPECTED Magic-Cookie!!(%08x)", magic);
	if (t->options->verbose || magic != MAGIC)
		put(t, " Magic-Cookie=%08x", magic);
	type = field_be16(t, layer, 8);
	if (type >= ARRAY_SIZE(messages)) {
		put(t, " UNKNOWN_CTRL_MSGTYPE(%u)", type);
		put_reserved(t, field_be16(t, layer, 10));
		return;
	}
	put(t, " CTRL_MSGTYPE=%s", messages[type].name);
	put_reserved(t, field_be16(t, layer, 10));
	text_message(t, layer, &messages[type]);
}

static void text(struct text *t, const struct layer *layer)
{
	t->protocol = "pptp";
	put_text(t, ": pptp");
	text_header(t, layer);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "message_length", layer->words[0]);
	json_u64(json, "message_type", layer->words[1]);
	json_u64(json, "magic_cookie", layer->words[2]);
	json_u64(json, "control_type", layer->words[3]);
}

const struct dissector pptp_dissector = {
	.name = "pptp",
	.decode = decode,
	.text = text,
	.json = json,
};
