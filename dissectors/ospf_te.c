/* SPDX-License-Identifier: BSD-3-Clause */
/* OSPF's graceful restart (RFC 3623) and traffic engineering (RFC 3630,
 * RFC 4203, RFC 4124). */
#include "dissectors/ospf.h"

#include "dissectors/gmpls.h"

enum grace { GRACE_PERIOD = 1, GRACE_REASON = 2, GRACE_ADDRESS = 3 };

enum link {
	LINK_TYPE = 1,
	LINK_ID = 2,
	LINK_LOCAL = 3,
	LINK_REMOTE = 4,
	LINK_METRIC = 5,
	LINK_BANDWIDTH = 6,
	LINK_RESERVABLE = 7,
	LINK_UNRESERVED = 8,
	LINK_GROUP = 9,
	LINK_IDENTIFIERS = 11,
	LINK_PROTECTION = 14,
	LINK_SWITCHING = 15,
	LINK_RISK = 16,
	LINK_CONSTRAINTS = 17,
};

static const struct label link_labels[] = {
	{LINK_TYPE, "Link Type"},
	{LINK_ID, "Link ID"},
	{LINK_LOCAL, "Local Interface IP address"},
	{LINK_REMOTE, "Remote Interface IP address"},
	{LINK_METRIC, "Traffic Engineering Metric"},
	{LINK_BANDWIDTH, "Maximum Bandwidth"},
	{LINK_RESERVABLE, "Maximum Reservable Bandwidth"},
	{LINK_UNRESERVED, "Unreserved Bandwidth"},
	{LINK_GROUP, "Administrative Group"},
	{LINK_IDENTIFIERS, "Link Local/Remote Identifier"},
	{LINK_PROTECTION, "Link Protection Type"},
	{LINK_SWITCHING, "Interface Switching Capability"},
	{LINK_RISK, "Shared Risk Link Group"},
	{LINK_CONSTRAINTS, "Bandwidth Constraints"},
	{0, NULL},
};

/* Everything is aligned to words. */
static uint32_t padded(uint32_t length)
{
	return (length + 3) & ~3u;
}

static bool text_grace_value(struct text *t, const struct layer *layer,
			     uint16_t type, size_t at, uint32_t length)
{
	static const struct label reasons[] = {
		{0, "Unknown"},
		{1, "Software Restart"},
		{2, "Software Reload/Upgrade"},
		{3, "Control Processor Switch"},
		{0, NULL}};
	uint32_t expected = type == GRACE_REASON ? 1 : 4;
	uint8_t reason;

	if (type > GRACE_ADDRESS) {
		if (t->options->verbose <= 1)
			field_put_dump(t, layer, at, "\n\t      ", length);
		return true;
	}
	if (length != expected) {
		put(t, "\n\t    Bogus length %u != %u", length, expected);
		return false;
	}
	if (type == GRACE_PERIOD) {
		put(t, "%us", field_be32(t, layer, at));
	} else if (type == GRACE_REASON) {
		reason = field_u8(t, layer, at);
		put(t, "%s (%u)", label_or(reasons, reason, "Unknown"),
		    reason);
	} else {
		field_put_ipv4(t, layer, at);
	}
	return true;
}

bool ospf_text_grace(struct text *t, const struct layer *layer, size_t at,
		     uint32_t length)
{
	static const struct label labels[] = {
		{GRACE_PERIOD, "Grace Period"},
		{GRACE_REASON, "Graceful restart Reason"},
		{GRACE_ADDRESS, "IPv4 interface address"},
		{0, NULL}};

	while (length && !t->stopped) {
		uint16_t type;
		uint32_t size;

		if (!field_has(layer, at, 4))
			return false;
		if (length < 4) {
			put(t, "\n\t    Remaining LS length %u < 4", length);
			return false;
		}
		type = load_be16(layer->data + at);
		size = load_be16(layer->data + at + 2);
		at += 4;
		length -= 4;
		put(t, "\n\t    %s TLV (%u), length %u, value: ",
		    label_or(labels, type, "unknown"), type, size);
		if (size > length) {
			put(t, "\n\t    Bogus length %u > %u", size, length);
			return false;
		}
		if (!type || !size || !field_has(layer, at, size))
			return false;
		if (!text_grace_value(t, layer, type, at, size))
			return false;
		size = padded(size);
		length -= size;
		at += size;
	}
	return true;
}

static void put_address(struct text *t, const struct layer *layer, size_t at)
{
	field_lead_ipv4(t, ", ", layer,
			at);
	put(t, " (0x%08x)", field_be32(t, layer, at));
}

static void text_rates(struct text *t, const struct layer *layer, size_t at,
		       const char *format, uint32_t count)
{
	for (uint32_t i = 0; i < count && !t->stopped; i++) {
		put(t, format, i);
		field_put_rate(t, field_be32(t, layer, at + 4 * i),
			       "%.3f Mbps");
	}
}

/* False: (invalid). */
static bool text_constraints(struct text *t, const struct layer *layer,
			     size_t at, uint32_t length)
{
	uint8_t model = field_u8(t, layer, at);

	put(t, "\n\t\tBandwidth Constraints Model ID: %s (%u)",
	    label_or(gmpls_constraint_labels, model, "unknown"), model);
	if (length % 4) {
		put(t, "\n\t\tlength %u != N x 4", length);
		return false;
	}
	if (length > 36) {
		put(t, "\n\t\tlength %u > 36", length);
		return false;
	}
	text_rates(t, layer, at + 4, "\n\t\t  Bandwidth constraint CT%u: ",
		   (length - 4) / 4);
	return true;
}

static void text_risks(struct text *t, const struct layer *layer, size_t at,
		       uint32_t count)
{
	if (count)
		put_text(t, "\n\t\t  Shared risk group: ");
	for (; count && !t->stopped; count--, at += 4)
		put(t, "%u%s", field_be32(t, layer, at),
		    count > 1 ? ", " : "");
}

static void text_switching(struct text *t, const struct layer *layer,
			   size_t at)
{
	put(t, "\n\t\tInterface Switching Capability: %s",
	    label_or(gmpls_switching_labels, field_u8(t, layer, at),
		     "Unknown"));
	put(t, "\n\t\tLSP Encoding: %s\n\t\tMax LSP Bandwidth:",
	    label_or(gmpls_encoding_labels, field_u8(t, layer, at + 1),
		     "Unknown"));
	text_rates(t, layer, at + 4, "\n\t\t  priority level %u: ", 8);
}

/* What the length of a link's sub-TLV must be; NULL if it is. */
static const char *wrong_length(uint16_t type, uint32_t length)
{
	switch (type) {
	case LINK_GROUP:
	case LINK_LOCAL:
	case LINK_REMOTE:
	case LINK_BANDWIDTH:
	case LINK_RESERVABLE:
	case LINK_METRIC:
	case LINK_PROTECTION:
		return length == 4 ? NULL : " != 4";
	case LINK_ID:
	case LINK_IDENTIFIERS:
		return length == 4 || length == 8 ? NULL : " != 4 && != 8";
	case LINK_UNRESERVED:
		return length == 32 ? NULL : " != 32";
	case LINK_CONSTRAINTS:
		return length >= 4 ? NULL : " < 4";
	case LINK_SWITCHING:
		return length >= 36 ? NULL : " < 36";
	case LINK_TYPE:
		return length == 1 ? NULL : " != 1";
	case LINK_RISK:
		return length % 4 ? " != N x 4" : NULL;
	default:
		return NULL;
	}
}

/* False: (invalid). */
static bool text_link_value(struct text *t, const struct layer *layer,
			    uint16_t type, size_t at, uint32_t length)
{
	static const struct label types[] = {
		{1, "Point-to-point"}, {2, "Multi-Access"}, {0, NULL}};
	const char *wrong = wrong_length(type, length);
	uint8_t value;

	if (wrong) {
		put_text(t, wrong);
		return false;
	}
	switch (type) {
	case LINK_GROUP:
		put(t, ", 0x%08x", field_be32(t, layer, at));
		return true;
	case LINK_ID:
	case LINK_IDENTIFIERS:
		put_address(t, layer, at);
		if (length == 8)
			put_address(t, layer, at + 4);
		return true;
	case LINK_LOCAL:
	case LINK_REMOTE:
		field_lead_ipv4(t, ", ", layer,
			at);
		return true;
	case LINK_BANDWIDTH:
	case LINK_RESERVABLE:
		field_put_rate(t, field_be32(t, layer, at), ", %.3f Mbps");
		return true;
	case LINK_UNRESERVED:
		text_rates(t, layer, at, "\n\t\tTE-Class %u: ", 8);
		return true;
	case LINK_CONSTRAINTS:
		return text_constraints(t, layer, at, length);
	case LINK_METRIC:
		put(t, ", Metric %u", field_be32(t, layer, at));
		return true;
	case LINK_PROTECTION:
		put_text(t, ", ");
		put_bits(t, gmpls_protection_labels, field_u8(t, layer, at),
			 "none", ", ");
		return true;
	case LINK_SWITCHING:
		text_switching(t, layer, at);
		return true;
	case LINK_TYPE:
		value = field_u8(t, layer, at);
		put(t, ", %s (%u)", label_or(types, value, "unknown"), value);
		return true;
	case LINK_RISK:
		text_risks(t, layer, at, length / 4);
		return true;
	default:
		if (t->options->verbose <= 1)
			field_put_dump(t, layer, at, "\n\t\t", length);
		return true;
	}
}

/* *@end is moved behind it. False: wrong or cut off. */
static bool text_link(struct text *t, const struct layer *layer, size_t *end,
		      uint32_t length)
{
	size_t at = *end;

	while (length && !t->stopped) {
		uint16_t type;
		uint32_t size;
		size_t next;

		if (length < 4) {
			put(t, "\n\t    Remaining TLV length %u < 4", length);
			return false;
		}
		type = field_be16(t, layer, at);
		size = field_be16(t, layer, at + 2);
		at += 4;
		length -= 4;
		if (!type || !size) {
			if (!t->stopped)
				text_invalid(t);
			return false;
		}
		put(t, "\n\t      %s subTLV (%u), length: %u",
		    label_or(link_labels, type, "unknown"), type, size);
		if (length < size) {
			put(t, "\n\t    Remaining TLV length %u < %u",
			    length + 4, size + 4);
			return false;
		}
		if (!field_has(layer, at, size))
			return false;
		if (!text_link_value(t, layer, type, at, size)) {
			text_invalid(t);
			return false;
		}
		/* tcpdump has moved on over the risk groups already. */
		next = at + (type == LINK_RISK ? size : 0);
		size = padded(size);
		if (length < size) {
			put(t, "\n\t    Remaining TLV length %u < %u",
			    length + 4, size + 4);
			return false;
		}
		length -= size;
		at = next + size;
	}
	*end = at;
	return !t->stopped;
}

bool ospf_text_engineering(struct text *t, const struct layer *layer,
			   size_t at, uint32_t length)
{
	static const struct label labels[] = {
		{1, "Router Address"}, {2, "Link"}, {0, NULL}};

	while (length && !t->stopped) {
		uint16_t type;
		uint32_t size;

		if (!field_has(layer, at, 4))
			return false;
		if (length < 4) {
			put(t, "\n\t    Remaining LS length %u < 4", length);
			return false;
		}
		type = load_be16(layer->data + at);
		size = load_be16(layer->data + at + 2);
		at += 4;
		length -= 4;
		put(t, "\n\t    %s TLV (%u), length: %u",
		    label_or(labels, type, "unknown"), type, size);
		if (size > length) {
			put(t, "\n\t    Bogus length %u > %u", size, length);
			return false;
		}
		if (!type || !size)
			return false;
		if (type == 2) {
			if (!text_link(t, layer, &at, size))
				return false;
			/* tcpdump does not take the link off the length. */
			continue;
		} else if (type == 1) {
			if (size < 4) {
				put(t, "\n\t    TLV length %u < 4", size);
				return false;
			}
			field_lead_ipv4(t, ", ", layer,
			at);
		} else if (t->options->verbose <= 1) {
			field_put_dump(t, layer, at, "\n\t      ", size);
		}
		size = padded(size);
		if (size > length) {
			put(t, "\n\t    Bogus padded length %u > %u", size,
			    length);
			return false;
		}
		length -= size;
		at += size;
	}
	return true;
}
