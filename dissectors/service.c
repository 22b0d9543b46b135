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
	BER_SEQUENCE = 0x30,
};

enum port {
	PORT_FTP = 21,
	PORT_SMTP = 25,
	PORT_DNS = 53,
	PORT_DHCP_SERVER = 67,
	PORT_DHCP_CLIENT = 68,
	PORT_TFTP = 69,
	PORT_POP3 = 110,
	PORT_NTP = 123,
	PORT_NETBIOS_NS = 137,
	PORT_IMAP = 143,
	PORT_SNMP = 161,
	PORT_SNMP_TRAP = 162,
	PORT_LDAP = 389,
	PORT_QUIC = 443,
	PORT_IKE = 500,
	PORT_SYSLOG = 514,
	PORT_DHCP6_CLIENT = 546,
	PORT_DHCP6_SERVER = 547,
	PORT_SUBMISSION = 587,
	PORT_RADIUS = 1812,
	PORT_RADIUS_ACCOUNTING = 1813,
	PORT_IKE_NAT = 4500,
	PORT_MDNS = 5353,
	PORT_LLMNR = 5355,
};

static bool begins(const struct slice *s, const char *text)
{
	size_t n = strlen(text);

	return s->length >= n && !memcmp(s->data, text, n);
}

static bool is_port(const struct service_payload *p, uint16_t port)
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
static bool is_tls(const struct service_payload *p, struct service *service)
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

static bool is_ssh(const struct service_payload *p, struct service *service)
{
	(void)service;
	return begins(&p->bytes, "SSH-");
}

static bool is_http(const struct service_payload *p, struct service *service)
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

static bool is_mail(const struct service_payload *p, struct service *service)
{
	(void)service;
	return (is_port(p, PORT_SMTP) || is_port(p, PORT_SUBMISSION)) &&
	       (begins(&p->bytes, "220 ") || begins(&p->bytes, "220-") ||
		begins(&p->bytes, "EHLO ") || begins(&p->bytes, "HELO "));
}

static bool is_ftp(const struct service_payload *p, struct service *service)
{
	(void)service;
	return is_port(p, PORT_FTP) &&
	       (begins(&p->bytes, "220 ") || begins(&p->bytes, "220-") ||
		begins(&p->bytes, "USER "));
}

static bool is_postgresql(const struct service_payload *p, struct service *service)
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
static bool is_mysql(const struct service_payload *p, struct service *service)
{
	struct cursor c = cursor_make(p->bytes.data, p->bytes.length);
	uint32_t length = cursor_le16(&c);

	(void)service;
	length |= (uint32_t)cursor_u8(&c) << 16;
	return cursor_u8(&c) == 0 && cursor_u8(&c) == MYSQL_PROTOCOL &&
	       !c.overrun && length + 4 == p->bytes.length && length > 30 &&
	       memchr(c.at, 0, cursor_left(&c));
}

static bool is_redis(const struct service_payload *p, struct service *service)
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

static bool is_quic(const struct service_payload *p, struct service *service)
{
	struct cursor c = cursor_make(p->bytes.data, p->bytes.length);
	uint8_t first = cursor_u8(&c);
	uint32_t version = cursor_be32(&c);

	(void)service;
	return is_port(p, PORT_QUIC) && !c.overrun &&
	       (first & QUIC_LONG) == QUIC_LONG &&
	       (version == 1 || version == 0x6b3343cf ||
		version >> 8 == 0xff0000);
}

static bool is_pop3(const struct service_payload *p, struct service *service)
{
	(void)service;
	return is_port(p, PORT_POP3) && begins(&p->bytes, "+OK");
}

static bool is_imap(const struct service_payload *p, struct service *service)
{
	(void)service;
	return is_port(p, PORT_IMAP) && begins(&p->bytes, "* OK");
}

/* Behind the four bytes of NetBIOS or direct TCP. */
static bool is_smb(const struct service_payload *p, struct service *service)
{
	struct slice s = p->bytes;

	(void)service;
	return s.length >= 8 && s.data[0] == 0 &&
	       (s.data[4] == 0xfe || s.data[4] == 0xff) &&
	       !memcmp(s.data + 5, "SMB", 3);
}

/* CONNECT, with a length of one to four bytes. */
static bool is_mqtt(const struct service_payload *p, struct service *service)
{
	struct cursor c = cursor_make(p->bytes.data, p->bytes.length);
	const uint8_t *name;

	(void)service;
	if (cursor_u8(&c) != 0x10)
		return false;
	for (int i = 0; i < 4; i++)
		if (!(cursor_u8(&c) & 0x80))
			break;
	name = cursor_be16(&c) == 4 ? cursor_take(&c, 4) : NULL;
	return name && !memcmp(name, "MQTT", 4);
}

/* A BER sequence that begins with an integer of one byte; the cursor then
 * stands behind it. (SNMP: the version; LDAP: the number of the message.) */
static bool begins_ber(struct cursor *c, uint8_t *value)
{
	uint8_t length;

	if (cursor_u8(c) != BER_SEQUENCE)
		return false;
	length = cursor_u8(c);
	if (length & 0x80)
		cursor_skip(c, length & 0x7f);
	if (cursor_u8(c) != 2 || cursor_u8(c) != 1)
		return false;
	*value = cursor_u8(c);
	return !c->overrun;
}

static bool is_ldap(const struct service_payload *p, struct service *service)
{
	struct cursor c = cursor_make(p->bytes.data, p->bytes.length);
	uint8_t number;

	(void)service;
	/* An operation: application, 0 to 25. */
	return is_port(p, PORT_LDAP) && begins_ber(&c, &number) &&
	       cursor_has(&c, 1) && (*c.at & 0xc0) == 0x40 &&
	       (*c.at & 0x1f) <= 25;
}

static bool is_snmp(const struct service_payload *p, struct service *service)
{
	struct cursor c = cursor_make(p->bytes.data, p->bytes.length);
	uint8_t version;

	(void)service;
	return (is_port(p, PORT_SNMP) || is_port(p, PORT_SNMP_TRAP)) &&
	       begins_ber(&c, &version) && version <= 3;
}

static bool is_sip(const struct service_payload *p, struct service *service)
{
	static const char *const methods[] = {
		"INVITE sip:",	 "REGISTER sip:",  "OPTIONS sip:", "ACK sip:",
		"BYE sip:",	 "CANCEL sip:",	   "NOTIFY sip:",
		"MESSAGE sip:", "SUBSCRIBE sip:", "SIP/2.0 ",
	};

	(void)service;
	for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
		if (begins(&p->bytes, methods[i]))
			return true;
	return false;
}

/* RFC 1035, 4.1.1; RFC 1002, 4.2.1 has the same header. */
static bool is_dns(const struct service_payload *p, struct service *service)
{
	struct cursor c = cursor_make(p->bytes.data, p->bytes.length);
	uint16_t length = p->is_tcp ? cursor_be16(&c) : 12, flags;
	uint32_t records = 0;

	(void)service;
	if (!is_port(p, PORT_DNS) &&
	    (p->is_tcp ||
	     (!is_port(p, PORT_MDNS) && !is_port(p, PORT_LLMNR) &&
	      !is_port(p, PORT_NETBIOS_NS))))
		return false;
	cursor_skip(&c, 2);
	flags = cursor_be16(&c);
	for (int i = 0; i < 4; i++)
		records += cursor_be16(&c);
	return !c.overrun && length >= 12 && (flags >> 11 & 15) <= 8 &&
	       records > 0 && records < 1000;
}

static bool is_dhcp(const struct service_payload *p, struct service *service)
{
	struct slice s = p->bytes;

	(void)service;
	if (is_port(p, PORT_DHCP6_CLIENT) || is_port(p, PORT_DHCP6_SERVER))
		return s.length >= 4 && s.data[0] >= 1 && s.data[0] <= 36;
	return (is_port(p, PORT_DHCP_SERVER) || is_port(p, PORT_DHCP_CLIENT)) &&
	       s.length >= 240 && (s.data[0] == 1 || s.data[0] == 2) &&
	       load_be32(s.data + 236) == 0x63825363;
}

static bool is_ntp(const struct service_payload *p, struct service *service)
{
	struct slice s = p->bytes;
	uint8_t version = s.length ? s.data[0] >> 3 & 7 : 0;

	(void)service;
	return is_port(p, PORT_NTP) && s.length >= 12 && version >= 1 &&
	       version <= 4 && s.data[0] & 7;
}

static bool is_radius(const struct service_payload *p, struct service *service)
{
	struct slice s = p->bytes;

	(void)service;
	return (is_port(p, PORT_RADIUS) ||
		is_port(p, PORT_RADIUS_ACCOUNTING)) &&
	       s.length >= 20 && s.data[0] >= 1 && s.data[0] <= 45 &&
	       load_be16(s.data + 2) >= 20;
}

/* RFC 7296, 3.1, behind four zeros where it shares a port with ESP. */
static bool is_ike(const struct service_payload *p, struct service *service)
{
	struct cursor c = cursor_make(p->bytes.data, p->bytes.length);
	uint8_t version;

	(void)service;
	if (is_port(p, PORT_IKE_NAT)) {
		if (cursor_be32(&c) != 0)
			return false;
	} else if (!is_port(p, PORT_IKE)) {
		return false;
	}
	cursor_skip(&c, 17);
	version = cursor_u8(&c);
	cursor_skip(&c, 10);
	return !c.overrun && (version == 0x10 || version == 0x20);
}

static bool is_syslog(const struct service_payload *p, struct service *service)
{
	struct slice s = p->bytes;

	(void)service;
	return is_port(p, PORT_SYSLOG) && s.length > 2 && s.data[0] == '<' &&
	       s.data[1] >= '0' && s.data[1] <= '9';
}

static bool is_tftp(const struct service_payload *p, struct service *service)
{
	struct slice s = p->bytes;

	(void)service;
	return p->destination == PORT_TFTP && s.length >= 4 && !s.data[0] &&
	       (s.data[1] == 1 || s.data[1] == 2);
}

struct test {
	enum service_kind kind;
	bool (*is)(const struct service_payload *p, struct service *service);
};

static const struct test tcp_tests[] = {
	{SERVICE_SSL, is_tls},	   {SERVICE_HTTP, is_http},
	{SERVICE_SSH, is_ssh},	   {SERVICE_SMTP, is_mail},
	{SERVICE_FTP, is_ftp},	   {SERVICE_POSTGRESQL, is_postgresql},
	{SERVICE_MYSQL, is_mysql}, {SERVICE_REDIS, is_redis},
	{SERVICE_POP3, is_pop3},   {SERVICE_IMAP, is_imap},
	{SERVICE_SMB, is_smb},	   {SERVICE_MQTT, is_mqtt},
	{SERVICE_LDAP, is_ldap},   {SERVICE_SIP, is_sip},
	{SERVICE_DNS, is_dns},
};

static const struct test udp_tests[] = {
	{SERVICE_DNS, is_dns},	     {SERVICE_QUIC, is_quic},
	{SERVICE_DHCP, is_dhcp},     {SERVICE_NTP, is_ntp},
	{SERVICE_SNMP, is_snmp},     {SERVICE_RADIUS, is_radius},
	{SERVICE_IKE, is_ike},	     {SERVICE_SYSLOG, is_syslog},
	{SERVICE_TFTP, is_tftp},     {SERVICE_SIP, is_sip},
};

static bool run_tests(const struct test *tests, size_t count,
		      const struct service_payload *payload,
		      struct service *service)
{
	for (size_t i = 0; i < count; i++) {
		if (tests[i].is(payload, service)) {
			service->kind = tests[i].kind;
			service->name = service_name(tests[i].kind);
			return true;
		}
	}
	return false;
}

bool service_identify_payload(const struct service_payload *payload,
			      struct service *service)
{
	*service = (struct service){0};
	if (payload->is_tcp)
		return run_tests(tcp_tests, ARRAY_SIZE(tcp_tests), payload,
				 service);
	return run_tests(udp_tests, ARRAY_SIZE(udp_tests), payload, service);
}

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

bool service_identify(const struct packet *packet, struct service *service)
{
	const struct layer *layer = transport_of(packet);
	struct service_payload payload;
	uint32_t header, end;
	bool tcp;

	*service = (struct service){0};
	if (!layer || layer->flags & (LAYER_TRUNCATED | LAYER_BAD_LENGTH))
		return false;
	tcp = layer->dissector == &tcp_dissector;
	header = tcp ? layer->tcp.header_length : 8;
	end = layer->captured < layer->length ? layer->captured
					      : layer->length;
	if (end <= header)
		return false;
	payload = (struct service_payload){
		.bytes = {layer->data + header, end - header},
		.source = tcp ? layer->tcp.source : layer->udp.source,
		.destination = tcp ? layer->tcp.destination
				   : layer->udp.destination,
		.is_tcp = tcp,
	};
	return service_identify_payload(&payload, service);
}
