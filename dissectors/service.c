/* SPDX-License-Identifier: BSD-3-Clause */
/* PostgreSQL: protocol 3.0 start-up; MySQL: protocol 10 greeting; QUIC:
 * RFC 9000, 17.2; SSH: RFC 4253, 4.2. */
#include "dissectors/service.h"

#include <string.h>

#include "dissectors/dissector.h"
#include "dissectors/protocols.h"
#include "dissectors/tls.h"
#include "src/base/cleanup.h"

enum {
	TLS_HANDSHAKE = 22,
	TLS_CLIENT_HELLO = 1,
	TLS_SERVER_HELLO = 2,
	TLS_EXTENSION_ALPN = 16,
	TLS_EXTENSION_VERSIONS = 43,
	POSTGRESQL_3 = 0x00030000,
	POSTGRESQL_SSL = 80877103,
	POSTGRESQL_CANCEL = 80877102,
	MYSQL_PROTOCOL = 10,
	QUIC_LONG = 0xc0,
	QUIC_PORT = 443,
	SMTP_PORT = 25,
	SUBMISSION_PORT = 587,
	FTP_PORT = 21,
};

/* A payload and where it is from. */
struct payload {
	struct slice bytes;
	uint16_t source, destination;
};

static bool begins(const struct slice *s, const char *text)
{
	size_t n = strlen(text);

	return s->length >= n && !memcmp(s->data, text, n);
}

static bool is_port(const struct payload *p, uint16_t port)
{
	return p->source == port || p->destination == port;
}

/* Values like 0x0a0a are there to be ignored: RFC 8701. */
static bool is_grease(uint16_t value)
{
	return (value & 0x0f0f) == 0x0a0a;
}

/* The highest of a list: a client's has its length in front. */
static uint16_t highest_version(struct slice value)
{
	struct cursor c = cursor_make(value.data, value.length);
	uint16_t highest = 0;

	if (value.length != 2)
		cursor_skip(&c, 1);
	while (cursor_has(&c, 2)) {
		uint16_t version = cursor_be16(&c);

		if (!is_grease(version) && version > highest)
			highest = version;
	}
	return highest;
}

static void read_hello(const struct layer *layer, struct service *service)
{
	struct cursor c = tls_extensions(layer);
	struct tls_extension e;

	service->host = tls_server_name(layer);
	service->version = layer->tls.version;
	while (tls_extension_next(&c, &e)) {
		struct cursor value = cursor_make(e.value.data,
						  e.value.length);

		if (e.type == TLS_EXTENSION_ALPN) {
			cursor_skip(&value, 2);
			tls_protocol_next(&value, &service->protocol);
		} else if (e.type == TLS_EXTENSION_VERSIONS) {
			service->version = highest_version(e.value);
		}
	}
}

/* Any port may carry it, so the dissector is asked what it sees. */
static bool is_tls(const struct payload *p, struct service *service)
{
	struct layer layer = {
		.dissector = &tls_dissector,
		.data = p->bytes.data,
		.captured = (uint32_t)p->bytes.length,
		.length = (uint32_t)p->bytes.length,
	};
	struct dissection d = {
		.layer = &layer,
		.cursor = cursor_make(p->bytes.data, p->bytes.length),
	};

	tls_dissector.decode(&d);
	if (layer.flags & LAYER_TRUNCATED || !layer.tls.begins_record ||
	    layer.tls.record_type != TLS_HANDSHAKE ||
	    layer.tls.version >> 8 != 3)
		return false;
	if (layer.tls.handshake_type != TLS_CLIENT_HELLO &&
	    layer.tls.handshake_type != TLS_SERVER_HELLO)
		return false;
	read_hello(&layer, service);
	return true;
}

static bool is_ssh(const struct payload *p, struct service *service)
{
	(void)service;
	return begins(&p->bytes, "SSH-");
}

static bool is_http(const struct payload *p, struct service *service)
{
	static const char *const starts[] = {
		"GET /",    "POST /",  "HEAD /", "PUT /",    "DELETE /",
		"HTTP/1.", "OPTIONS ", "PATCH /", "CONNECT ", "PRI * HTTP/2",
	};

	(void)service;
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
		if (begins(&p->bytes, starts[i]))
			return true;
	return false;
}

static bool is_mail(const struct payload *p, struct service *service)
{
	(void)service;
	return (is_port(p, SMTP_PORT) || is_port(p, SUBMISSION_PORT)) &&
	       (begins(&p->bytes, "220 ") || begins(&p->bytes, "220-") ||
		begins(&p->bytes, "EHLO ") || begins(&p->bytes, "HELO "));
}

static bool is_ftp(const struct payload *p, struct service *service)
{
	(void)service;
	return is_port(p, FTP_PORT) &&
	       (begins(&p->bytes, "220 ") || begins(&p->bytes, "220-") ||
		begins(&p->bytes, "USER "));
}

static bool is_postgresql(const struct payload *p, struct service *service)
{
	struct cursor c = cursor_make(p->bytes.data, p->bytes.length);
	uint32_t length = cursor_be32(&c), code = cursor_be32(&c);

	(void)service;
	if (c.overrun)
		return false;
	if (code == POSTGRESQL_SSL)
		return length == 8;
	if (code == POSTGRESQL_CANCEL)
		return length == 16;
	return code == POSTGRESQL_3 && length > 8 && length < 10000;
}

/* The server speaks first: a packet of its length, number 0, protocol 10. */
static bool is_mysql(const struct payload *p, struct service *service)
{
	struct cursor c = cursor_make(p->bytes.data, p->bytes.length);
	uint32_t length = cursor_le16(&c);

	(void)service;
	length |= (uint32_t)cursor_u8(&c) << 16;
	return cursor_u8(&c) == 0 && cursor_u8(&c) == MYSQL_PROTOCOL &&
	       !c.overrun && length + 4 == p->bytes.length && length > 30 &&
	       memchr(c.at, 0, cursor_left(&c));
}

static bool is_redis(const struct payload *p, struct service *service)
{
	const struct slice *s = &p->bytes;
	size_t i = 1;

	(void)service;
	if (s->length < 8 || s->data[0] != '*')
		return false;
	while (i < s->length && s->data[i] >= '0' && s->data[i] <= '9')
		i++;
	return i > 1 && i + 2 < s->length && s->data[i] == '\r' &&
	       s->data[i + 1] == '\n' && s->data[i + 2] == '$';
}

static bool is_quic(const struct payload *p, struct service *service)
{
	struct cursor c = cursor_make(p->bytes.data, p->bytes.length);
	uint8_t first = cursor_u8(&c);
	uint32_t version = cursor_be32(&c);

	(void)service;
	return is_port(p, QUIC_PORT) && !c.overrun &&
	       (first & QUIC_LONG) == QUIC_LONG &&
	       (version == 1 || version == 0x6b3343cf ||
		version >> 8 == 0xff0000);
}

struct test {
	const char *name;
	bool (*is)(const struct payload *p, struct service *service);
};

static const struct test tcp_tests[] = {
	{"ssl", is_tls},	{"http", is_http},
	{"ssh", is_ssh},	{"smtp", is_mail},
	{"ftp", is_ftp},	{"postgresql", is_postgresql},
	{"mysql", is_mysql},	{"redis", is_redis},
};

static const struct test udp_tests[] = {{"quic", is_quic}};

/* Protocols that are known by their port and read by a dissector. */
static const struct {
	const struct dissector *dissector;
	const char *name;
} dissected[] = {
	{&dns_dissector, "dns"},       {&dns_tcp_dissector, "dns"},
	{&mdns_dissector, "dns"},      {&dhcp_dissector, "dhcp"},
	{&dhcp6_dissector, "dhcp"},    {&ntp_dissector, "ntp"},
	{&snmp_dissector, "snmp"},     {&radius_dissector, "radius"},
	{&isakmp_dissector, "ike"},    {&isakmp_natt_dissector, "ike"},
	{&syslog_dissector, "syslog"}, {&tftp_dissector, "tftp"},
	{&sip_dissector, "sip"},
};

static const struct layer *transport_of(const struct packet *packet)
{
	for (unsigned int i = 0; i < packet->count; i++) {
		const struct layer *layer = &packet->layers[i];

		if (layer->dissector == &tcp_dissector ||
		    layer->dissector == &udp_dissector)
			return layer;
	}
	return NULL;
}

static bool is_broken(const struct layer *layer)
{
	return layer->flags & (LAYER_TRUNCATED | LAYER_BAD_LENGTH);
}

static bool run_tests(const struct test *tests, size_t count,
		      const struct payload *payload, struct service *service)
{
	for (size_t i = 0; i < count; i++) {
		if (tests[i].is(payload, service)) {
			service->name = tests[i].name;
			return true;
		}
	}
	return false;
}

bool service_identify(const struct packet *packet, struct service *service)
{
	const struct layer *layer = transport_of(packet), *inner;
	struct payload payload;
	uint32_t header, end;
	bool tcp;

	*service = (struct service){0};
	if (!layer || is_broken(layer))
		return false;
	tcp = layer->dissector == &tcp_dissector;
	inner = layer_payload(packet, layer);
	for (size_t i = 0; inner && i < ARRAY_SIZE(dissected); i++) {
		if (inner->dissector == dissected[i].dissector &&
		    inner->length && !is_broken(inner)) {
			service->name = dissected[i].name;
			return true;
		}
	}
	header = tcp ? layer->tcp.header_length : 8;
	end = layer->captured < layer->length ? layer->captured
					      : layer->length;
	if (end <= header)
		return false;
	payload.bytes = (struct slice){layer->data + header, end - header};
	payload.source = tcp ? layer->tcp.source : layer->udp.source;
	payload.destination = tcp ? layer->tcp.destination
				  : layer->udp.destination;
	if (tcp)
		return run_tests(tcp_tests, ARRAY_SIZE(tcp_tests), &payload,
				 service);
	return run_tests(udp_tests, ARRAY_SIZE(udp_tests), &payload, service);
}
