/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissectors/lmp.h"

#include "dissectors/field.h"
#include "dissectors/gmpls.h"

/* How an identifier is written. */
enum address { IPV4 = 1, IPV6 = 2, UNNUMBERED = 3 };

static uint8_t byte(struct text *t, const struct lmp_object *o, size_t at)
{
	return field_u8(t, o->layer, o->at + at);
}

static uint16_t half(struct text *t, const struct lmp_object *o, size_t at)
{
	return field_be16(t, o->layer, o->at + at);
}

static uint32_t word(struct text *t, const struct lmp_object *o, size_t at)
{
	return field_be32(t, o->layer, o->at + at);
}

static uint32_t address_size(enum address kind)
{
	return kind == IPV6 ? 16 : 4;
}

static void put_id(struct text *t, const struct lmp_object *o, size_t at,
		   enum address kind, const char *what)
{
	if (!field_need(t, o->layer, o->at + at, address_size(kind)))
		return;
	put(t, "%s: ", what);
	if (kind == IPV4)
		put_ipv4(t, o->layer->data + o->at + at);
	else if (kind == IPV6)
		put_ipv6(t, o->layer->data + o->at + at);
	else
		put_u32(t, word(t, o, at));
	put(t, " (0x%08x)", word(t, o, at));
}

static void text_verify_begin(struct text *t, const struct lmp_object *o)
{
	static const struct label flags[] = {
		{1, "Verify all links"}, {2, "Data link type"}, {0, NULL}};
	uint16_t mechanism;

	put_text(t, "\n\t    Flags: ");
	put_bits(t, flags, half(t, o, 0), "none", ", ");
	put(t, "\n\t    Verify Interval: %u", half(t, o, 2));
	put(t, "\n\t    Data links: %u", word(t, o, 4));
	put(t, "\n\t    Encoding type: %s",
	    label_or(gmpls_encoding_labels, byte(t, o, 8), "Unknown"));
	mechanism = half(t, o, 10);
	/* The bit is 0x8000; tcpdump tests the number 8000. */
	put(t, "\n\t    Verify Transport Mechanism: %u (0x%x)%s", mechanism,
	    mechanism,
	    mechanism & 8000 ? " (Payload test messages capable)" : "");
	put_text(t, "\n\t    Transmission Rate: ");
	field_put_rate(t, word(t, o, 12), "%.3f Mbps");
	put(t, "\n\t    Wavelength: %u", word(t, o, 16));
}

/* The two ends of a link, behind flags. */
static void text_ends(struct text *t, const struct lmp_object *o,
		      const struct label *flags, const char *local,
		      const char *remote)
{
	put_text(t, "\n\t    Flags: [");
	put_bits(t, flags, byte(t, o, 0), "none", ", ");
	put_char(t, ']');
	put_id(t, o, 4, o->type, local);
	put_id(t, o, 4 + address_size(o->type), o->type, remote);
}

static void text_te_link(struct text *t, const struct lmp_object *o)
{
	static const struct label flags[] = {{1, "Fault Management Supported"},
					     {2, "Link Verification Supported"},
					     {0, NULL}};

	text_ends(t, o, flags, "\n\t    Local Link-ID",
		  "\n\t    Remote Link-ID");
}

/* False: its type is unknown. */
static bool text_subobject(struct text *t, const struct lmp_object *o,
			   size_t at, uint8_t type)
{
	uint8_t value;

	switch (type) {
	case 1:
		value = byte(t, o, at + 2);
		put(t, "\n\t      Switching Type: %s (%u)",
		    label_or(gmpls_switching_labels, value, "Unknown"), value);
		value = byte(t, o, at + 3);
		put(t, "\n\t      Encoding Type: %s (%u)",
		    label_or(gmpls_encoding_labels, value, "Unknown"), value);
		if (!field_need(t, o->layer, o->at + at + 4, 4))
			return true;
		put_text(t, "\n\t      Min Reservable Bandwidth: ");
		field_put_rate(t, word(t, o, at + 4), "%.3f Mbps");
		if (!field_need(t, o->layer, o->at + at + 8, 4))
			return true;
		put_text(t, "\n\t      Max Reservable Bandwidth: ");
		field_put_rate(t, word(t, o, at + 8), "%.3f Mbps");
		return true;
	case 2:
		put(t, "\n\t      Wavelength: %u", word(t, o, at + 4));
		return true;
	default:
		return false;
	}
}

/* The subobjects of a data link. False: one's type is unknown. */
static bool text_subobjects(struct text *t, const struct lmp_object *o,
			    size_t at)
{
	static const struct label types[] = {
		{1, "Interface Switching Type"}, {2, "Wavelength"}, {0, NULL}};

	while (at < o->length && !t->stopped) {
		uint8_t type = byte(t, o, at);
		uint8_t length = byte(t, o, at + 1);

		if (t->stopped)
			break;
		put(t, "\n\t    Subobject, Type: %s (%u), Length: %u",
		    label_or(types, type, "Unknown"), type, length);
		if (length < 4) {
			put_text(t, " (too short)");
			break;
		}
		if (length % 4) {
			put_text(t, " (not a multiple of 4)");
			break;
		}
		if (at + length > o->length) {
			put_text(t, " (goes past the end of the object)");
			break;
		}
		if (!text_subobject(t, o, at, type))
			return false;
		at += length;
	}
	return true;
}

static bool text_data_link(struct text *t, const struct lmp_object *o)
{
	static const struct label flags[] = {{1, "Data Link Port"},
					     {2, "Allocated for user traffic"},
					     {4, "Failed link"},
					     {0, NULL}};

	text_ends(t, o, flags, "\n\t    Local Interface ID",
		  "\n\t    Remote Interface ID");
	return text_subobjects(t, o, 4 + 2 * address_size(o->type));
}

/* Interfaces, with their status if there is one behind each. */
static void text_channels(struct text *t, const struct lmp_object *o,
			  bool status)
{
	static const struct label states[] = {{1, "Signal Okay"},
					      {2, "Signal Degraded"},
					      {3, "Signal Fail"},
					      {0, NULL}};
	uint32_t size = address_size(o->type), step = size + (status ? 4 : 0);

	for (size_t at = 0; at + step <= o->length && !t->stopped; at += step) {
		uint32_t bits, state;

		put_id(t, o, at, o->type, "\n\t    Interface ID");
		if (!status)
			continue;
		bits = word(t, o, at + size);
		state = bits & 0x3ffffff;
		put(t, "\n\t\t    Active: %s (%u)",
		    bits >> 31 ? "Allocated" : "Non-allocated", bits >> 31);
		put(t, "\n\t\t    Direction: %s (%u)",
		    bits >> 30 & 1 ? "Transmit" : "Receive", bits >> 30 & 1);
		put(t, "\n\t\t    Channel Status: %s (%u)",
		    label_or(states, state, "Unknown"), state);
	}
}

static void text_error(struct text *t, const struct lmp_object *o)
{
	static const struct label verify[] = {
		{0x01, "Link Verification Procedure Not supported"},
		{0x02, "Unwilling to verify"},
		{0x04, "Unsupported verification transport mechanism"},
		{0x08, "Link-Id configuration error"},
		{0x10, "Unknown object c-type"},
		{0, NULL}};
	static const struct label summary[] = {
		{0x01, "Unacceptable non-negotiable LINK-SUMMARY parameters"},
		{0x02, "Renegotiate LINK-SUMMARY parameters"},
		{0x04, "Invalid TE-LINK Object"},
		{0x08, "Invalid DATA-LINK Object"},
		{0x10, "Unknown TE-LINK Object c-type"},
		{0x20, "Unknown DATA-LINK Object c-type"},
		{0, NULL}};

	put_text(t, "\n\t    Error Code: ");
	put_bits(t, o->type == 1 ? verify : summary, word(t, o, 0), "none",
		 ", ");
}

static void text_signals(struct text *t, const struct lmp_object *o)
{
	static const struct label sdh[] = {
		{5, "VC-3"},	{6, "VC-4"},	 {7, "STM-0"},
		{8, "STM-1"},	{9, "STM-4"},	 {10, "STM-16"},
		{11, "STM-64"}, {12, "STM-256"}, {0, NULL}};
	static const struct label sonet[] = {
		{5, "STS-1 SPE"}, {6, "STS-3c SPE"}, {7, "STS-1"},
		{8, "STM-3"},	  {9, "STM-12"},     {10, "STM-48"},
		{11, "STM-192"},  {12, "STM-768"},   {0, NULL}};
	static const struct label links[] = {
		{5, "SDH ITU-T G.707"}, {6, "SONET ANSI T1.105"}, {0, NULL}};
	static const struct label transparency[] = {
		{1, "Path/VC Overhead Transparency Supported"},
		{2, "Line/MS Overhead Transparency Supported"},
		{4, "Section/RS Overhead Transparency Supported"},
		{0, NULL}};
	static const struct label concatenation[] = {
		{1, "Contiguous Concatenation Types Supported"}, {0, NULL}};
	static const char *const numbers[] = {
		"\n\t Minimum NCC: ", "\n\t Maximum NCC: ", "\n\t Minimum NVC:",
		"\n\t Maximum NVC:"};
	uint8_t link = byte(t, o, 0), signal = byte(t, o, 1);

	put(t, "\n\t Link Type: %s (%u)", label_or(links, link, "Unknown"),
	    link);
	if (link == 5 || link == 6)
		put(t, "\n\t Signal Type: %s (%u)",
		    label_or(link == 5 ? sdh : sonet, signal, "Unknown"),
		    signal);
	put_text(t, "\n\t Transparency: ");
	put_bits(t, transparency, byte(t, o, 2), "none", ", ");
	put_text(t, "\n\t Contiguous Concatenation Types: ");
	put_bits(t, concatenation, byte(t, o, 3), "none", ", ");
	for (size_t i = 0; i < 4; i++)
		put(t, "%s%u", numbers[i], half(t, o, 4 + 2 * i));
	put_id(t, o, 12, IPV4, "\n\t    Local Interface ID");
}

static void text_service(struct text *t, const struct lmp_object *o)
{
	static const struct label protocols[] = {
		{1, "RSVP Supported"}, {2, "LDP Supported"}, {0, NULL}};
	static const struct label transparency[] = {
		{1, "Standard SOH/RSOH Transparency Supported"},
		{2, "Standard LOH/MSOH Transparency Supported"},
		{0, NULL}};
	static const struct label monitoring[] = {
		{1, "Transparent Tandem Connection Monitoring Supported"},
		{0, NULL}};
	static const struct label diversity[] = {
		{1, "Node Diversity Supported"},
		{2, "Link Diversity Supported"},
		{4, "SRLG Diversity Supported"},
		{0, NULL}};

	switch (o->type) {
	case 1:
		put_text(t, "\n\t Flags: ");
		put_bits(t, protocols, byte(t, o, 0), "none", ", ");
		put(t, "\n\t  UNI Version: %u", byte(t, o, 1));
		break;
	case 2:
		text_signals(t, o);
		break;
	case 3:
		put_text(t, "\n\t Transparency Flags: ");
		put_bits(t, transparency, word(t, o, 0), "none", ", ");
		put_text(t, "\n\t TCM Monitoring Flags: ");
		put_bits(t, monitoring, byte(t, o, 7), "none", ", ");
		break;
	default:
		put_text(t, "\n\t Diversity: Flags: ");
		put_bits(t, diversity, byte(t, o, 3), "none", ", ");
		break;
	}
}

/* An object's class and type, and the length that its body must have; a body
 * of a greater one may have more behind it. */
struct size {
	uint8_t class, type, length;
	bool more;
};

static const struct size sizes[] = {
	{LMP_CONTROL_CHANNEL, 1, 4, false},
	{LMP_CONTROL_CHANNEL, 2, 4, false},
	{LMP_NODE, 1, 4, false},
	{LMP_NODE, 2, 4, false},
	{LMP_LINK, 1, 4, false},
	{LMP_LINK, 2, 4, false},
	{LMP_LINK, 3, 16, false},
	{LMP_LINK, 4, 16, false},
	{LMP_LINK, 5, 4, false},
	{LMP_LINK, 6, 4, false},
	{LMP_INTERFACE, 1, 4, false},
	{LMP_INTERFACE, 2, 4, false},
	{LMP_INTERFACE, 3, 16, false},
	{LMP_INTERFACE, 4, 16, false},
	{LMP_INTERFACE, 5, 4, false},
	{LMP_INTERFACE, 6, 4, false},
	{LMP_MESSAGE, 1, 4, false},
	{LMP_MESSAGE, 2, 4, false},
	{LMP_CONFIGURATION, 1, 4, false},
	{LMP_HELLO, 1, 8, false},
	{LMP_VERIFY_BEGIN, 1, 20, false},
	{LMP_VERIFY_BEGIN_ACK, 1, 4, false},
	{LMP_VERIFY, 1, 4, false},
	{LMP_TE_LINK, 1, 12, false},
	{LMP_TE_LINK, 2, 36, false},
	{LMP_TE_LINK, 3, 12, false},
	{LMP_DATA_LINK, 1, 12, true},
	{LMP_DATA_LINK, 2, 36, true},
	{LMP_DATA_LINK, 3, 12, true},
	{LMP_CHANNEL_STATUS, 1, 0, true},
	{LMP_CHANNEL_STATUS, 2, 0, true},
	{LMP_CHANNEL_STATUS, 3, 0, true},
	{LMP_CHANNEL_STATUS_REQUEST, 1, 0, true},
	{LMP_CHANNEL_STATUS_REQUEST, 2, 0, true},
	{LMP_CHANNEL_STATUS_REQUEST, 3, 0, true},
	{LMP_ERROR_CODE, 1, 4, false},
	{LMP_ERROR_CODE, 2, 4, false},
	{LMP_SERVICE_CONFIGURATION, 1, 4, false},
	{LMP_SERVICE_CONFIGURATION, 2, 16, false},
	{LMP_SERVICE_CONFIGURATION, 3, 8, false},
	{LMP_SERVICE_CONFIGURATION, 4, 4, false},
};

static const struct size *find_size(const struct lmp_object *o)
{
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		if (sizes[i].class == o->class && sizes[i].type == o->type)
			return &sizes[i];
	return NULL;
}

static void text_link(struct text *t, const struct lmp_object *o)
{
	if (o->type <= 2)
		put_id(t, o, 0, IPV4, "\n\t    IPv4 Link ID");
	else if (o->type <= 4)
		put_id(t, o, 0, IPV6, "\n\t    IPv6 Link ID");
	else
		put_id(t, o, 0, UNNUMBERED, "\n\t    Link ID");
}

/* False: something in the body is unknown. */
static bool text_body(struct text *t, const struct lmp_object *o)
{
	switch (o->class) {
	case LMP_CONTROL_CHANNEL:
		put_id(t, o, 0, UNNUMBERED, "\n\t    Control Channel ID");
		break;
	case LMP_NODE:
		put_id(t, o, 0, IPV4, "\n\t    Node ID");
		break;
	case LMP_LINK:
	case LMP_INTERFACE:
		text_link(t, o);
		break;
	case LMP_MESSAGE:
		put_id(t, o, 0, UNNUMBERED,
		       o->type == 1 ? "\n\t    Message ID"
				    : "\n\t    Message ID Ack");
		break;
	case LMP_CONFIGURATION:
		put(t,
		    "\n\t    Hello Interval: %u\n\t    Hello Dead "
		    "Interval: %u",
		    half(t, o, 0), half(t, o, 2));
		break;
	case LMP_HELLO:
		put(t, "\n\t    Tx Seq: %u, Rx Seq: %u", word(t, o, 0),
		    word(t, o, 4));
		break;
	case LMP_VERIFY_BEGIN:
		text_verify_begin(t, o);
		break;
	case LMP_VERIFY_BEGIN_ACK:
		put(t,
		    "\n\t    Verify Dead Interval: %u\n\t    Verify "
		    "Transport Response: %u",
		    half(t, o, 0), half(t, o, 2));
		break;
	case LMP_VERIFY:
		put(t, "\n\t    Verify ID: %u", word(t, o, 0));
		break;
	case LMP_TE_LINK:
		text_te_link(t, o);
		break;
	case LMP_DATA_LINK:
		return text_data_link(t, o);
	case LMP_CHANNEL_STATUS:
		text_channels(t, o, true);
		break;
	case LMP_CHANNEL_STATUS_REQUEST:
		text_channels(t, o, false);
		break;
	case LMP_ERROR_CODE:
		text_error(t, o);
		break;
	default:
		text_service(t, o);
		break;
	}
	return true;
}

bool lmp_text_object(struct text *t, const struct lmp_object *o)
{
	const struct size *size = find_size(o);

	if (!size)
		return false;
	if (o->length < size->length ||
	    (o->length > size->length && !size->more)) {
		put_text(t, " (not correct for object)");
		return true;
	}
	return text_body(t, o);
}
