/* SPDX-License-Identifier: BSD-3-Clause */
/* M3UA, telephone signalling over SCTP: RFC 4666. */
#include "dissectors/m3ua.h"

enum { HEADER = 8, PARAMETER = 4, VERSION = 1 };

enum parameter {
	ROUTING_CONTEXT = 0x0006,
	CORRELATION = 0x0013,
	APPEARANCE = 0x0200,
};

static const struct label parameter_labels[] = {
	{0x0004, "INFO String"},
	{ROUTING_CONTEXT, "Routing Context"},
	{0x0007, "Diagnostic Info"},
	{0x0009, "Heartbeat Data"},
	{0x000b, "Traffic Mode Type"},
	{0x000c, "Error Code"},
	{0x000d, "Status"},
	{0x0011, "ASP Identifier"},
	{0x0012, "Affected Point Code"},
	{CORRELATION, "Correlation ID"},
	{APPEARANCE, "Network Appearance"},
	{0x0204, "User/Cause"},
	{0x0205, "Congestion Indications"},
	{0x0206, "Concerned Destination"},
	{0x0207, "Routing Key"},
	{0x0208, "Registration Result"},
	{0x0209, "Deregistration Result"},
	{0x020a, "Local Routing Key Identifier"},
	{0x020b, "Destination Point Code"},
	{0x020c, "Service Indicators"},
	{0x020e, "Originating Point Code List"},
	{0x0210, "Protocol Data"},
	{0x0212, "Registration Status"},
	{0x0213, "Deregistration Status"},
	{0, NULL},
};

/* The messages of each class, by type. */
static const struct label management[] = {
	{0, "Error"}, {1, "Notify"}, {0, NULL}};
static const struct label transfer[] = {{1, "Data"}, {0, NULL}};
static const struct label network[] = {
	{1, "Destination Unavailable"},
	{2, "Destination Available"},
	{3, "Destination State Audit"},
	{4, "Signalling Congestion"},
	{5, "Destination User Part Unavailable"},
	{6, "Destination Restricted"},
	{0, NULL},
};
static const struct label state[] = {
	{1, "Up"},
	{2, "Down"},
	{3, "Heartbeat"},
	{4, "Up Acknowledgement"},
	{5, "Down Acknowledgement"},
	{6, "Heartbeat Acknowledgement"},
	{0, NULL},
};
static const struct label traffic[] = {
	{1, "Active"},
	{2, "Inactive"},
	{3, "Active Acknowledgement"},
	{4, "Inactive Acknowledgement"},
	{0, NULL},
};
static const struct label keys[] = {
	{1, "Registration Request"},
	{2, "Registration Response"},
	{3, "Deregistration Request"},
	{4, "Deregistration Response"},
	{0, NULL},
};

static const struct {
	const char *name;
	const struct label *types;
} classes[] = {
	[0] = {"Management", management},
	[1] = {"Transfer", transfer},
	[2] = {"SS7", network},
	[3] = {"ASP", state},
	[4] = {"ASP", traffic},
	[9] = {"Routing Key Management", keys},
};

enum { CLASSES = sizeof(classes) / sizeof(*classes) };

static void text_parameters(struct text *t, const uint8_t *p, uint32_t left,
			    const uint8_t *end)
{
	while (left) {
		uint32_t length, padded;
		uint16_t tag;

		if (left < PARAMETER) {
			text_invalid(t);
			return;
		}
		if (end - p < PARAMETER) {
			text_stop(t);
			return;
		}
		tag = load_be16(p);
		length = load_be16(p + 2);
		put_text(t, "\n\t\t\t");
		put_label(t, parameter_labels, tag,
			  "Unknown Parameter (0x%04x)");
		put_text(t, ": ");
		if (length < PARAMETER) {
			text_invalid(t);
			return;
		}
		if (end - p < (ptrdiff_t)length) {
			text_stop(t);
			return;
		}
		/* tcpdump shows the head of the parameter for its value. */
		if (tag == ROUTING_CONTEXT || tag == CORRELATION ||
		    tag == APPEARANCE) {
			if (length < PARAMETER + 4)
				text_invalid(t);
			else
				put(t, "0x%08x", load_be32(p));
		} else {
			put(t, "(length %u)", length);
		}
		padded = (length + 3) & ~3u;
		if (left < padded)
			return;
		p += padded;
		left -= padded;
	}
}

void m3ua_text(struct text *t, const uint8_t *p, uint32_t length,
	       const uint8_t *end)
{
	uint8_t class;

	if (length < HEADER) {
		text_invalid(t);
		return;
	}
	t->protocol = "m3ua";
	if (end - p < HEADER) {
		text_trunc(t);
		return;
	}
	if (p[0] != VERSION)
		return;
	class = p[2];
	put_text(t, "\n\t\t");
	if (class < CLASSES && classes[class].name) {
		put(t, "%s ", classes[class].name);
		put_label(t, classes[class].types, p[3], "Unknown (0x%02x)");
		put_text(t, " Message");
	} else {
		put(t, "Unknown message class %u", class);
	}
	if (load_be32(p + 4) != length) {
		put(t, "\n\t\t\t@@@@@@ Corrupted length %u of message @@@@@@",
		    load_be32(p + 4));
		return;
	}
	text_parameters(t, p + HEADER, length - HEADER, end);
}
