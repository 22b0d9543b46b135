/* SPDX-License-Identifier: BSD-3-Clause */
/* Telnet: RFC 854; options: RFC 855, RFC 2941, RFC 2946. Only commands are
 * printed, up to the first byte that is none. */
#include "dissectors/field.h"
#include "dissectors/protocols.h"

enum {
	SE = 240,
	SB = 250,
	DONT = 254,
	IAC = 255,
	AUTHENTICATION = 37,
	ENCRYPT = 38,
};

static const struct label command_labels[] = {
	{236, "EOF"},  {237, "SUSP"}, {238, "ABORT"}, {239, "EOR"},
	{SE, "SE"},    {241, "NOP"},  {242, "DMARK"}, {243, "BRK"},
	{244, "IP"},   {245, "AO"},   {246, "AYT"},   {247, "EC"},
	{248, "EL"},   {249, "GA"},   {SB, "SB"},     {251, "WILL"},
	{252, "WONT"}, {253, "DO"},   {DONT, "DONT"}, {0, NULL},
};

static const char *const option_names[] = {
	"BINARY",
	"ECHO",
	"RCP",
	"SUPPRESS GO AHEAD",
	"NAME",
	"STATUS",
	"TIMING MARK",
	"RCTE",
	"NAOL",
	"NAOP",
	"NAOCRD",
	"NAOHTS",
	"NAOHTD",
	"NAOFFD",
	"NAOVTS",
	"NAOVTD",
	"NAOLFD",
	"EXTEND ASCII",
	"LOGOUT",
	"BYTE MACRO",
	"DATA ENTRY TERMINAL",
	"SUPDUP",
	"SUPDUP OUTPUT",
	"SEND LOCATION",
	"TERMINAL TYPE",
	"END OF RECORD",
	"TACACS UID",
	"OUTPUT MARKING",
	"TTYLOC",
	"3270 REGIME",
	"X.3 PAD",
	"NAWS",
	"TSPEED",
	"LFLOW",
	"LINEMODE",
	"XDISPLOC",
	"OLD-ENVIRON",
	"AUTHENTICATION",
	"ENCRYPT",
	"NEW-ENVIRON",
};

/* The words of a subnegotiation: what is done, and the kind it is done with. */
static const struct label verbs[] = {
	{0, "IS"}, {1, "SEND"}, {2, "INFO"}, {0, NULL}};
static const struct label authentication_verbs[] = {
	{0, "IS"}, {1, "SEND"}, {2, "REPLY"}, {3, "NAME"}, {0, NULL}};
static const struct label authentication_kinds[] = {
	{0, "NULL"}, {1, "KERBEROS_V4"}, {2, "KERBEROS_V5"},
	{3, "SPX"},  {4, "MINK"},	 {5, "SRP"},
	{6, "RSA"},  {7, "SSL"},	 {10, "LOKI"},
	{11, "SSA"}, {12, "KEA_SJ"},	 {13, "KEA_SJ_INTEG"},
	{14, "DSS"}, {15, "NTLM"},	 {0, NULL}};
static const struct label encrypt_verbs[] = {
	{0, "IS"},	    {1, "SUPPORT"},   {2, "REPLY"},
	{3, "START"},	    {4, "END"},	      {5, "REQUEST-START"},
	{6, "REQUEST-END"}, {7, "END_KEYID"}, {8, "DEC_KEYID"},
	{0, NULL}};
static const struct label encrypt_kinds[] = {
	{0, "NULL"},	       {1, "DES_CFB64"},
	{2, "DES_OFB64"},      {3, "DES3_CFB64"},
	{4, "DES3_OFB64"},     {6, "CAST5_40_CFB64"},
	{7, "CAST5_40_OFB64"}, {8, "CAST128_CFB64"},
	{9, "CAST128_OFB64"},  {0, NULL}};

static void decode(struct dissection *d)
{
	(void)d;
}

/* A number as %#x has it. */
static void put_number(struct text *t, uint8_t value)
{
	put(t, value ? "0x%x" : "%x", value);
}

static void put_word(struct text *t, const struct label *labels, uint8_t value)
{
	const char *text = labels ? label_find(labels, value) : NULL;

	put_char(t, ' ');
	if (text)
		put_text(t, text);
	else
		put_number(t, value);
}

static void put_option(struct text *t, uint8_t option)
{
	size_t count = sizeof(option_names) / sizeof(*option_names);

	put_char(t, ' ');
	if (option < count)
		put_text(t, option_names[option]);
	else
		put_number(t, option);
}

/* How long the command at @at is, up to @length; 0 if there is none. */
static uint32_t command_length(struct text *t, const struct layer *layer,
			       uint32_t at, uint32_t length)
{
	uint8_t command;
	bool after_iac = false;

	if (field_u8(t, layer, at) != IAC || length < 2)
		return 0;
	command = field_u8(t, layer, at + 1);
	if (t->stopped)
		return 0;
	if (command == IAC)
		return 2;
	if (!label_find(command_labels, command))
		return 0;
	if (command < SB)
		return 2;
	if (length < 3)
		return 0;
	if (command != SB) {
		field_u8(t, layer, at + 2);
		return t->stopped ? 0 : 3;
	}
	/* Up to IAC SE; an IAC at the very end is taken for that. */
	for (uint32_t i = 3; i < length; i++) {
		uint8_t c = field_u8(t, layer, at + i);

		if (t->stopped)
			return 0;
		if (after_iac && c == SE)
			return i + 1;
		after_iac = c == IAC;
	}
	return after_iac ? length + 1 : 0;
}

static void text_subnegotiation(struct text *t, const struct layer *layer,
				uint32_t at, uint32_t end)
{
	uint8_t option = field_u8(t, layer, at++);
	const struct label *first = verbs, *second = NULL;

	put_option(t, option);
	if (option == AUTHENTICATION) {
		first = authentication_verbs;
		second = authentication_kinds;
	} else if (option == ENCRYPT) {
		first = encrypt_verbs;
		second = encrypt_kinds;
	}
	if (at < end)
		put_word(t, first, field_u8(t, layer, at++));
	if (at < end && second)
		put_word(t, second, field_u8(t, layer, at++));
	while (at < end && !t->stopped)
		put_word(t, NULL, field_u8(t, layer, at++));
	put_text(t, " SE");
}

static void text_command(struct text *t, const struct layer *layer, uint32_t at,
			 uint32_t length)
{
	uint8_t command = field_u8(t, layer, at + 1);

	if (command == IAC) {
		put_text(t, " IAC IAC");
		return;
	}
	put_word(t, command_labels, command);
	if (command == SB)
		text_subnegotiation(t, layer, at + 2, at + length - 2);
	else if (command > SB)
		put_option(t, field_u8(t, layer, at + 2));
}

static void text(struct text *t, const struct layer *layer)
{
	uint32_t at = 0, left = layer->length, length;

	t->protocol = "telnet";
	while (left && (length = command_length(t, layer, at, left))) {
		put_text(t, at ? "," : " [telnet");
		text_command(t, layer, at, length);
		if (length > left) {
			text_stop(t);
			return;
		}
		at += length;
		left -= length;
	}
	if (at)
		put_char(t, ']');
}

const struct dissector telnet_dissector = {
	.name = "telnet",
	.decode = decode,
	.text = text,
};
