/* SPDX-License-Identifier: BSD-3-Clause */
/* BGP-4: RFC 4271; capabilities: RFC 5492; route refresh: RFC 2918. */
#include "dissectors/bgp.h"

#include "dissectors/labels.h"
#include "dissectors/protocols.h"

enum message {
	OPEN = 1,
	UPDATE = 2,
	NOTIFICATION = 3,
	KEEPALIVE = 4,
	REFRESH = 5,
};

enum {
	OPEN_SIZE = 29,
	NOTIFICATION_SIZE = 21,
	REFRESH_SIZE = 23,
	OPTION_CAPABILITIES = 2,
	CEASE_PREFIXES = 1,
	CEASE_SHUTDOWN = 2,
	CEASE_RESET = 4,
};

enum error {
	ERROR_HEADER = 1,
	ERROR_OPEN = 2,
	ERROR_UPDATE = 3,
	ERROR_HOLD = 4,
	ERROR_STATE = 5,
	ERROR_CEASE = 6,
	ERROR_CAPABILITY = 7,
};

enum capability {
	CAPABILITY_FAMILY = 1,
	CAPABILITY_REFRESH = 2,
	CAPABILITY_LABELS = 8,
	CAPABILITY_RESTART = 64,
	CAPABILITY_AS4 = 65,
	CAPABILITY_PATHS = 69,
	CAPABILITY_LONG_RESTART = 71,
	CAPABILITY_REFRESH_CISCO = 128,
};

static const struct label message_labels[] = {
	{OPEN, "Open"},
	{UPDATE, "Update"},
	{NOTIFICATION, "Notification"},
	{KEEPALIVE, "Keepalive"},
	{REFRESH, "Route Refresh"},
	{0, NULL},
};

static const struct label capability_labels[] = {
	{1, "Multiprotocol Extensions"},
	{2, "Route Refresh"},
	{3, "Cooperative Route Filtering"},
	{4, "Multiple Routes to a Destination"},
	{5, "Extended Next Hop Encoding"},
	{8, "Multiple Labels"},
	{64, "Graceful Restart"},
	{65, "32-Bit AS Number"},
	{67, "Dynamic Capability"},
	{68, "Multisession BGP"},
	{69, "Multiple Paths"},
	{70, "Enhanced Route Refresh"},
	{71, "Long-lived Graceful Restart"},
	{128, "Route Refresh (Cisco)"},
	{0, NULL},
};

static const struct label error_labels[] = {
	{ERROR_HEADER, "Message Header Error"},
	{ERROR_OPEN, "OPEN Message Error"},
	{ERROR_UPDATE, "UPDATE Message Error"},
	{ERROR_HOLD, "Hold Timer Expired"},
	{ERROR_STATE, "Finite State Machine Error"},
	{ERROR_CEASE, "Cease"},
	{ERROR_CAPABILITY, "Capability Message Error"},
	{0, NULL},
};

static const struct label cease_labels[] = {
	{1, "Maximum Number of Prefixes Reached"},
	{2, "Administrative Shutdown"},
	{3, "Peer Unconfigured"},
	{4, "Administrative Reset"},
	{5, "Connection Rejected"},
	{6, "Other Configuration Change"},
	{7, "Connection Collision Resolution"},
	{8, "Out of Resources"},
	{0, NULL},
};

static const struct label header_error_labels[] = {
	{1, "Connection Not Synchronized"},
	{2, "Bad Message Length"},
	{3, "Bad Message Type"},
	{0, NULL},
};

static const struct label open_error_labels[] = {
	{1, "Unsupported Version Number"},
	{2, "Bad Peer AS"},
	{3, "Bad BGP Identifier"},
	{4, "Unsupported Optional Parameter"},
	{5, "Authentication Failure"},
	{6, "Unacceptable Hold Time"},
	{7, "Capability Message Error"},
	{0, NULL},
};

static const struct label update_error_labels[] = {
	{1, "Malformed Attribute List"},
	{2, "Unrecognized Well-known Attribute"},
	{3, "Missing Well-known Attribute"},
	{4, "Attribute Flags Error"},
	{5, "Attribute Length Error"},
	{6, "Invalid ORIGIN Attribute"},
	{7, "AS Routing Loop"},
	{8, "Invalid NEXT_HOP Attribute"},
	{9, "Optional Attribute Error"},
	{10, "Invalid Network Field"},
	{11, "Malformed AS_PATH"},
	{0, NULL},
};

static const struct label state_error_labels[] = {
	{0, "Unspecified Error"},
	{1, "In OpenSent State"},
	{2, "In OpenConfirm State"},
	{3, "In Established State"},
	{0, NULL},
};

static const struct label capability_error_labels[] = {
	{1, "Invalid Action Value"},
	{2, "Invalid Capability Length"},
	{3, "Malformed Capability Value"},
	{4, "Unsupported Capability Code"},
	{0, NULL},
};

bool bgp_message_next(const struct layer *layer, size_t from,
		      struct bgp_message *message)
{
	static const uint8_t MARKER[BGP_MARKER] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	size_t at = from;

	while (field_has(layer, at, BGP_MARKER) &&
	       memcmp(layer->data + at, MARKER, BGP_MARKER) != 0)
		at++;
	if (!field_has(layer, at, BGP_MARKER))
		return false;
	*message = (struct bgp_message){.at = at, .gap = at != from};
	if (field_has(layer, at, BGP_HEADER)) {
		message->length = load_be16(layer->data + at + BGP_MARKER);
		message->type = layer->data[at + BGP_MARKER + 2];
		message->complete = field_has(layer, at, message->length);
	}
	return true;
}

static void put_family(struct text *t, uint16_t afi, uint8_t safi)
{
	put(t, "AFI %s (%u), SAFI %s (%u)",
	    label_or(family_labels, afi, "Unknown"), afi,
	    label_or(bgp_safi_labels, safi, "Unknown"), safi);
}

/* Entries of 4 bytes, of a family and something more each. */
static void text_families(struct text *t, const struct layer *layer, size_t at,
			  uint32_t length, uint8_t capability)
{
	static const struct label directions[] = {
		{1, "Receive"}, {2, "Send"}, {3, "Both"}, {0, NULL}};

	for (; length >= 4 && !t->stopped; length -= 4, at += 4) {
		const uint8_t *p = field_bytes(t, layer, at, 4);

		put_text(t, capability == CAPABILITY_RESTART ? "\n\t\t  "
							     : "\n\t\t");
		put_family(t, load_be16(p), p[2]);
		if (capability == CAPABILITY_RESTART)
			put(t, ", Forwarding state preserved: %s",
			    p[3] & 0x80 ? "yes" : "no");
		else if (capability == CAPABILITY_LABELS)
			put(t, ", Count: %u", p[3]);
		else
			{
			put_text(t, ", Send/Receive: ");
			put_label(t, directions, p[3], "Bogus (0x%02x)");
		}
	}
	if (length && capability == CAPABILITY_PATHS && !t->stopped)
		text_invalid(t);
}

static void text_restart(struct text *t, const struct layer *layer, size_t at,
			 uint32_t length)
{
	uint16_t word = field_be16(t, layer, at);

	put(t, "\n\t\tRestart Flags: [%s], Restart Time %us",
	    word & 0x8000 ? "R" : "none", word & 0xfff);
	text_families(t, layer, at + 2, length - 2, CAPABILITY_RESTART);
}

/* False: what is left of the capabilities is not looked at. */
static bool text_capability(struct text *t, const struct layer *layer,
			    uint8_t type, size_t at, uint8_t length)
{
	unsigned int least = type == CAPABILITY_RESTART	    ? 2
			     : type == CAPABILITY_FAMILY ||
					     type == CAPABILITY_AS4
				     ? 4
				     : 0;

	if (length < least) {
		put(t, " (too short, < %u)", least);
		return false;
	}
	switch (type) {
	case CAPABILITY_FAMILY:
		put_text(t, "\n\t\t");
		put_family(t, field_be16(t, layer, at),
			   field_u8(t, layer, at + 3));
		break;
	case CAPABILITY_LABELS:
		text_families(t, layer, at, length, type);
		break;
	case CAPABILITY_RESTART:
		text_restart(t, layer, at, length);
		break;
	case CAPABILITY_REFRESH:
	case CAPABILITY_LONG_RESTART:
	case CAPABILITY_REFRESH_CISCO:
		break;
	case CAPABILITY_AS4:
		put_text(t, "\n\t\t 4 Byte AS ");
		bgp_put_as(t, field_be32(t, layer, at));
		break;
	case CAPABILITY_PATHS:
		if (!length)
			put_text(t, " (bogus)");
		text_families(t, layer, at, length, type);
		break;
	default:
		put(t, "\n\t\tno decoder for Capability %u", type);
		if (t->options->verbose <= 1)
			field_put_dump(t, layer, at, "\n\t\t", length);
		break;
	}
	return true;
}

static void text_capabilities(struct text *t, const struct layer *layer,
			      size_t at, uint32_t length)
{
	size_t end = at + length;

	while (at < end && !t->stopped) {
		uint8_t type, size;

		if (!field_has(layer, at, 2)) {
			text_trunc(t);
			return;
		}
		type = layer->data[at];
		size = layer->data[at + 1];
		put(t, "\n\t      %s (%u), length: %u",
		    label_or(capability_labels, type, "Unknown"), type, size);
		at += 2;
		if (!field_has(layer, at, size)) {
			text_trunc(t);
			return;
		}
		if (!text_capability(t, layer, type, at, size))
			return;
		if (t->options->verbose > 1 && size)
			field_put_dump(t, layer, at, "\n\t\t", size);
		at += size;
	}
}

/* The options of an Open message. False: [|bgp]. */
static bool text_options(struct text *t, const struct layer *layer, size_t at,
			 uint32_t options, uint32_t length)
{
	static const struct label labels[] = {
		{1, "Authentication Information"},
		{OPTION_CAPABILITIES, "Capabilities Advertisement"},
		{0, NULL}};

	for (uint32_t i = 0; i < options && !t->stopped;) {
		uint8_t type, size;

		if (!field_has(layer, at + i, 2) || length < i + 2)
			return false;
		type = layer->data[at + i];
		size = layer->data[at + i + 1];
		if (i + 2 + size > options) {
			put(t,
			    "\n\t     Option %u, length: %u, goes past the end "
			    "of the options",
			    type, size);
			return true;
		}
		put(t, "\n\t    Option %s (%u), length: %u",
		    label_or(labels, type, "Unknown"), type, size);
		if (type == OPTION_CAPABILITIES)
			text_capabilities(t, layer, at + i + 2, size);
		else
			put(t, "\n\t      no decoder for option %u", type);
		i += 2u + size;
	}
	return true;
}

static bool text_open(struct text *t, const struct layer *layer, size_t at,
		      uint32_t length)
{
	const uint8_t *p;

	if (!field_has(layer, at, OPEN_SIZE) || length < OPEN_SIZE)
		return false;
	p = layer->data + at + BGP_HEADER;
	put(t, "\n\t  Version %u, my AS ", p[0]);
	bgp_put_as(t, load_be16(p + 1));
	put(t, ", Holdtime %us, ID ", load_be16(p + 3));
	put_ipv4(t, p + 5);
	put(t, "\n\t  Optional parameters, length: %u", p[9]);
	return text_options(t, layer, at + OPEN_SIZE, p[9],
			    length - OPEN_SIZE);
}

/* IPv4 prefixes from *@at up to @end, which *@at reaches unless one is bad.
 * False: [|bgp]. */
static bool text_routes(struct text *t, const struct layer *layer, size_t *at,
			size_t end, bool withdrawn)
{
	bool paths = bgp_has_paths(layer, *at, (uint32_t)(end - *at), 32);

	while (*at < end && !t->stopped) {
		uint32_t path = 0;
		int used;

		if (paths && end - *at < 4) {
			*at = end;
			return withdrawn;
		}
		if (paths) {
			path = field_be32(t, layer, *at);
			*at += 4;
		}
		used = bgp_text_prefix4(t, layer, *at, (uint32_t)(end - *at),
					"\n\t    ");
		if (used == BGP_BAD_PREFIX) {
			put_text(t, "\n\t    (illegal prefix length)");
			return true;
		}
		if (used < 0)
			return false;
		if (paths)
			put(t, "   Path Id: %u", path);
		*at += (uint32_t)used;
	}
	return true;
}

/* Path attributes up to @end, in a message up to @last. False: [|bgp]. */
static bool text_attributes(struct text *t, const struct layer *layer,
			    size_t at, size_t end, size_t last)
{
	while (at < end && !t->stopped) {
		uint8_t flags, type;
		uint32_t size, bytes;

		if (!field_has(layer, at, 2) || last - at < 2)
			return false;
		if (end - at < 2) {
			put_text(t, "\n\t  [path attrs too short]");
			return true;
		}
		flags = layer->data[at];
		type = layer->data[at + 1];
		at += 2;
		bytes = flags & 0x10 ? 2 : 1;
		if (!field_has(layer, at, bytes) || last - at < bytes)
			return false;
		if (end < at + bytes) {
			put_text(t, "\n\t  [path attrs too short]");
			return true;
		}
		size = bytes == 2 ? load_be16(layer->data + at)
				  : layer->data[at];
		at += bytes;
		bgp_put_attribute(t, "\n\t  ", type, flags, size);
		if (flags)
			put_text(t, ": ");
		if (end - at < size) {
			put_text(t, " [path attrs too short]");
			return true;
		}
		if (!bgp_text_attribute(t, layer, type, at, size, 0))
			return false;
		at += size;
	}
	return true;
}

static bool text_update(struct text *t, const struct layer *layer, size_t at,
			uint32_t length)
{
	uint32_t withdrawn, attributes;
	size_t end = at + length, routes;

	at += BGP_HEADER;
	if (!field_has(layer, at, 2) || end - at < 2)
		return false;
	withdrawn = load_be16(layer->data + at);
	at += 2;
	if (!field_has(layer, at, withdrawn) || end - at < withdrawn)
		return false;
	routes = at + withdrawn;
	if (withdrawn > 1) {
		put_text(t, "\n\t  Withdrawn routes:");
		if (!text_routes(t, layer, &at, routes, true))
			return false;
	} else {
		at = routes;
	}
	if (!field_has(layer, at, 2) || end - at < 2)
		return false;
	attributes = load_be16(layer->data + at);
	at += 2;
	if (at >= routes && !attributes && at == end) {
		put_text(t, "\n\t  End-of-Rib Marker (empty NLRI)");
		return true;
	}
	if (end - at < attributes)
		return false;
	if (!text_attributes(t, layer, at, at + attributes, end))
		return false;
	at += attributes;
	if (at == end)
		return true;
	put_text(t, "\n\t  Updated routes:");
	return text_routes(t, layer, &at, end, false);
}

/* What a person said about a shutdown: RFC 9003. */
static void text_shutdown(struct text *t, const struct layer *layer, size_t at,
			  uint32_t length)
{
	uint8_t size = field_u8(t, layer, at);
	uint32_t used = 0;

	if (size > length - 1) {
		put_text(t, ", invalid Shutdown Communication length");
	} else if (!size) {
		put_text(t, ", empty Shutdown Communication");
		used = 1;
	} else {
		put(t, ", Shutdown Communication (length: %u): \"", size);
		field_put_text(t, layer, at + 1, size);
		put_char(t, '"');
		used = size + 1u;
	}
	if (length > used) {
		put(t, ", Data: (length: %u)", length - used);
		field_need(t, layer, at + used, 0);
		field_put_dump(t, layer, at + used, "\n\t\t", length - used);
	}
}

static void put_subcode(struct text *t, const struct label *labels,
			uint8_t code, const char *separator)
{
	put(t, "%s subcode %s (%u)", separator,
	    label_or(labels, code, "Unknown"), code);
}

static void text_cease(struct text *t, const struct layer *layer, size_t at,
		       uint32_t length, uint8_t subcode)
{
	put_subcode(t, cease_labels, subcode, ",");
	if (subcode == CEASE_PREFIXES && length >= 7) {
		put_text(t, ", ");
		put_family(t, field_be16(t, layer, at),
			   field_u8(t, layer, at + 2));
		put(t, ", Max Prefixes: %u", field_be32(t, layer, at + 3));
	}
	if ((subcode == CEASE_SHUTDOWN || subcode == CEASE_RESET) && length)
		text_shutdown(t, layer, at, length);
}

static void text_error(struct text *t, const struct layer *layer, size_t at,
		       uint32_t length, uint8_t code, uint8_t subcode)
{
	put(t, ", %s (%u)", label_or(error_labels, code, "Unknown Error"),
	    code);
	switch (code) {
	case ERROR_HEADER:
		put_subcode(t, header_error_labels, subcode, ",");
		break;
	case ERROR_OPEN:
		put_subcode(t, open_error_labels, subcode, ",");
		break;
	case ERROR_UPDATE:
		put_subcode(t, update_error_labels, subcode, ",");
		break;
	case ERROR_STATE:
		put_subcode(t, state_error_labels, subcode, "");
		break;
	case ERROR_CAPABILITY:
		put_subcode(t, capability_error_labels, subcode, "");
		break;
	case ERROR_CEASE:
		text_cease(t, layer, at, length, subcode);
		break;
	default:
		break;
	}
}

static bool text_notification(struct text *t, const struct layer *layer,
			      size_t at, uint32_t length)
{
	if (!field_has(layer, at, NOTIFICATION_SIZE))
		return false;
	if (length < NOTIFICATION_SIZE)
		return true;
	text_error(t, layer, at + NOTIFICATION_SIZE,
		   length - NOTIFICATION_SIZE, layer->data[at + BGP_HEADER],
		   layer->data[at + BGP_HEADER + 1]);
	return true;
}

static bool text_refresh(struct text *t, const struct layer *layer, size_t at,
			 uint32_t length)
{
	const uint8_t *p;

	if (!field_has(layer, at, BGP_HEADER + 4))
		return false;
	if (length < REFRESH_SIZE)
		return true;
	p = layer->data + at + BGP_HEADER;
	put_text(t, "\n\t  ");
	put_family(t, load_be16(p), p[3]);
	if (t->options->verbose > 1)
		field_put_dump(t, layer, at, "\n\t  ", length);
	return true;
}

static void text_message(struct text *t, const struct layer *layer,
			 const struct bgp_message *m)
{
	bool whole = true;

	put(t, "\n\t%s Message (%u), length: %u",
	    label_or(message_labels, m->type, "Unknown"), m->type, m->length);
	switch (m->type) {
	case OPEN:
		whole = text_open(t, layer, m->at, m->length);
		break;
	case UPDATE:
		whole = text_update(t, layer, m->at, m->length);
		break;
	case NOTIFICATION:
		whole = text_notification(t, layer, m->at, m->length);
		break;
	case KEEPALIVE:
		break;
	case REFRESH:
		whole = text_refresh(t, layer, m->at, m->length);
		break;
	default:
		put(t, "\n\t  no Message %u decoder", m->type);
		field_put_dump(t, layer, m->at, "\n\t  ", m->length);
		break;
	}
	if (!whole)
		text_trunc(t);
}

static void text(struct text *t, const struct layer *layer)
{
	struct bgp_message m;
	size_t at = 0;

	t->protocol = "bgp";
	put_text(t, ": BGP");
	if (!t->options->verbose)
		return;
	while (!t->stopped && bgp_message_next(layer, at, &m)) {
		if (!field_has(layer, m.at, BGP_HEADER)) {
			text_trunc(t);
			return;
		}
		if (m.gap)
			text_trunc(t);
		if (m.length < BGP_HEADER) {
			put(t, "\nmessage length %u < %u", m.length,
			    BGP_HEADER);
			text_invalid(t);
			return;
		}
		if (!m.complete) {
			put(t, "\n[|BGP %s]",
			    label_or(message_labels, m.type,
				     "Unknown Message Type"));
			return;
		}
		text_message(t, layer, &m);
		at = m.at + m.length;
	}
}

static void decode(struct dissection *d)
{
	(void)d;
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	struct bgp_message m;
	size_t at = 0;

	(void)packet;
	json_open_array(json, "messages");
	while (bgp_message_next(layer, at, &m) && m.length >= BGP_HEADER) {
		json_open_object(json, NULL);
		json_u64(json, "type", m.type);
		json_u64(json, "length", m.length);
		json_bool(json, "complete", m.complete);
		json_close_object(json);
		at = m.at + m.length;
	}
	json_close_array(json);
}

const struct dissector bgp_dissector = {
	.name = "bgp",
	.decode = decode,
	.text = text,
	.json = json,
};
