/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <pcap/dlt.h>

#include "dissectors/dissect.h"
#include "dissectors/service.h"
#include "src/base/frame.h"

enum { IP_HEADER = 20, TCP_HEADER = 20, MOST = 1024 };

/* A raw IPv4 packet with a TCP segment from 40000 to @port. */
static size_t make_segment(uint8_t *to, uint16_t port, const void *payload,
			   size_t n)
{
	size_t length = IP_HEADER + TCP_HEADER + n;

	memset(to, 0, IP_HEADER + TCP_HEADER);
	to[0] = 0x45;
	to[2] = (uint8_t)(length >> 8);
	to[3] = (uint8_t)length;
	to[8] = 64;
	to[9] = 6;
	to[20] = 40000 >> 8;
	to[21] = 40000 & 0xff;
	to[22] = (uint8_t)(port >> 8);
	to[23] = (uint8_t)port;
	to[32] = 0x50;
	to[33] = 0x18;
	memcpy(to + IP_HEADER + TCP_HEADER, payload, n);
	return length;
}

static bool identify(uint8_t *bytes, uint16_t port, const void *payload,
		     size_t n, struct service *service)
{
	size_t length = make_segment(bytes, port, payload, n);
	struct frame frame = {
		.data = bytes,
		.caplen = (uint32_t)length,
		.len = (uint32_t)length,
		.link_type = DLT_RAW,
	};
	struct packet packet;

	dissect(&frame, &packet, NULL);
	return service_identify(&packet, service);
}

static void assert_service(uint16_t port, const char *payload, size_t n,
			   const char *name)
{
	uint8_t bytes[MOST];
	struct service service;

	assert_true(identify(bytes, port, payload, n, &service));
	assert_string_equal(service.name, name);
}

static const uint8_t hello[] = {
	0x16, 3, 1, 0, 94, 1, 0, 0, 90, 3, 3,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0,				   /* session */
	0, 2, 0x13, 1,			   /* cipher suites */
	1, 0,				   /* compression */
	0, 47,				   /* extensions */
	0, 0, 0, 16, 0, 14, 0, 0, 11,	   /* server name */
	'e', 'x', 'a', 'm', 'p', 'l', 'e', '.', 'o', 'r', 'g',
	0, 16, 0, 14, 0, 12, 2, 'h', '2',  /* ALPN */
	8, 'h', 't', 't', 'p', '/', '1', '.', '1',
	0, 43, 0, 5, 4, 0x1a, 0x1a, 3, 4,  /* versions, one of them grease */
};

static void a_client_hello_gives_name_alpn_and_version(void **state)
{
	uint8_t bytes[MOST];
	struct service service;

	(void)state;
	assert_true(identify(bytes, 4433, hello, sizeof(hello), &service));
	assert_string_equal(service.name, "ssl");
	assert_int_equal(service.host.length, 11);
	assert_memory_equal(service.host.data, "example.org", 11);
	assert_int_equal(service.protocol.length, 2);
	assert_memory_equal(service.protocol.data, "h2", 2);
	assert_int_equal(service.version, 0x0304);
}

static void a_hello_cut_anywhere_is_read_within_its_bytes(void **state)
{
	struct service service;

	(void)state;
	for (size_t n = 0; n < sizeof(hello); n++) {
		uint8_t bytes[MOST];

		if (identify(bytes, 443, hello, n, &service))
			assert_string_equal(service.name, "ssl");
		else
			assert_true(n < 11);
		if (n < 70)
			assert_int_equal(service.protocol.length, 0);
	}
}

static void other_services_are_told_by_their_first_bytes(void **state)
{
	static const char mysql[] =
		"\x2a\0\0\0\x0a"
		"8.0.36\0\1\0\0\0abcdefgh\0\xff\xff\xff\2\0\xff\xdf\x15"
		"\0\0\0\0\0\0\0\0\0\0\0\0\0";

	(void)state;
	assert_service(2222, "SSH-2.0-OpenSSH_9.2\r\n", 21, "ssh");
	assert_service(8000, "GET / HTTP/1.1\r\n", 16, "http");
	assert_service(25, "220 mail ESMTP\r\n", 16, "smtp");
	assert_service(5432, "\0\0\0\x08\x04\xd2\x16\x2f", 8, "postgresql");
	assert_service(5432, "\0\0\0\x12\0\3\0\0user\0bob\0\0", 18,
		       "postgresql");
	assert_service(3306, mysql, 46, "mysql");
	assert_service(7000, "*1\r\n$4\r\nPING\r\n", 14, "redis");
}

static void bytes_of_no_service_are_none(void **state)
{
	uint8_t bytes[MOST];
	struct service service;

	(void)state;
	assert_false(identify(bytes, 443, "\x17\3\3\0\4abcd", 9, &service));
	assert_false(identify(bytes, 443, "", 0, &service));
	assert_false(identify(bytes, 9, "some text\n", 10, &service));
}

/* A payload by itself; cut at any place it is read within its bytes, and tells
 * the same or nothing. */
struct sample {
	const char *name; /* NULL: nothing is told */
	bool is_tcp;
	uint16_t port;
	const char *bytes;
	size_t length;
};

#define TCP(name, port, bytes) {name, true, port, bytes, sizeof(bytes) - 1}
#define UDP(name, port, bytes) {name, false, port, bytes, sizeof(bytes) - 1}
#define QUERY "\x12\x34\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1"

static const struct sample samples[] = {
	TCP("ssh", 2222, "SSH-2.0-x\r\n"),
	TCP("http", 9, "HTTP/1.1 200 OK\r\n"),
	TCP(NULL, 9, "HTTPS is no protocol"),
	TCP("pop3", 110, "+OK ready\r\n"),
	TCP(NULL, 111, "+OK ready\r\n"),
	TCP("imap", 143, "* OK ready\r\n"),
	TCP("smb", 445, "\0\0\0\x40\xfeSMB"),
	TCP(NULL, 445, "\0\0\0\x40\xfeSNB"),
	TCP("mqtt", 1, "\x10\x8e\1\0\4MQTT\4"),
	TCP(NULL, 1883, "\x10\x0e\0\4MOTT\4"),
	TCP("ldap_tcp", 389, "\x30\x0c\2\1\1\x60\7\2\1\3\4\0\x80\0"),
	TCP(NULL, 389, "\x30\x0c\2\1\1\x30\7\2\1\3\4\0\x80\0"),
	TCP("sip", 5060, "SIP/2.0 200 OK\r\n"),
	TCP("dns", 53, "\0\x13" QUERY),
	TCP(NULL, 54, "\0\x13" QUERY),
	UDP("dns", 53, QUERY),
	UDP("dns", 5353, QUERY),
	UDP("dns", 5355, QUERY),
	UDP("dns", 137, QUERY),
	UDP(NULL, 54, QUERY),
	UDP(NULL, 53, "one\none\none\none\n"),
	UDP("sip", 5060, "INVITE sip:a@example.org SIP/2.0\r\n"),
	UDP("syslog", 514, "<34>text"),
	UDP(NULL, 514, "text"),
	UDP("tftp", 69, "\0\1name\0octet\0"),
	UDP(NULL, 69, "\0\3\0\1data"),
	UDP("snmp", 161, "\x30\x26\2\1\1\4\6public"),
	UDP("snmp", 161, "\x30\x81\xa6\2\1\3\4\6public"),
	UDP(NULL, 161, "\x30\x26\2\1\4\4\6public"),
	UDP("ntp", 123, "\x23\2\6\xe9\0\0\0\0\0\0\0\0"),
	UDP(NULL, 123, "\xff\2\6\xe9\0\0\0\0\0\0\0\0"),
	UDP("radius", 1812,
	    "\1\1\0\x14"
	    "0123456789abcdef"),
	UDP("ike", 500,
	    "01234567\0\0\0\0\0\0\0\0\x21\x20\x22\x08\0\0\0\0\0\0\1\0"),
	UDP("ike", 4500,
	    "\0\0\0\0"
	    "01234567\0\0\0\0\0\0\0\0\x21\x20\x22\x08\0\0\0\0\0\0\1\0"),
	UDP(NULL, 4500, "\xff"),
	UDP("quic", 443, "\xc3\0\0\0\1\x08"),
	UDP(NULL, 443, "\x43\0\0\0\1\x08"),
	UDP("dhcp", 547, "\1\1\2\3"),
};

static enum service_kind tell(const struct sample *sample, size_t length)
{
	/* Of its own size, so that a byte too far is noticed. */
	uint8_t *copy = malloc(length ? length : 1);
	const struct service_payload payload = {
		.bytes = {copy, length},
		.source = 40000,
		.destination = sample->port,
		.is_tcp = sample->is_tcp,
	};
	struct service service;

	memcpy(copy, sample->bytes, length);
	if (sample->is_tcp && length == sample->length && sample->name)
		assert_true(service_may_begin(copy, length));
	service_identify_payload(&payload, &service);
	free(copy);
	return service.kind;
}

static void each_service_is_told_by_its_payload(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		const struct sample *sample = &samples[i];
		enum service_kind whole = tell(sample, sample->length);

		if (sample->name)
			assert_string_equal(service_name(whole), sample->name);
		else
			assert_null(service_name(whole));
		for (size_t n = 0; n < sample->length; n++) {
			enum service_kind part = tell(sample, n);

			assert_true(part == whole || part == SERVICE_NONE);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_hello_gives_name_alpn_and_version),
		cmocka_unit_test(
			a_hello_cut_anywhere_is_read_within_its_bytes),
		cmocka_unit_test(other_services_are_told_by_their_first_bytes),
		cmocka_unit_test(bytes_of_no_service_are_none),
		cmocka_unit_test(each_service_is_told_by_its_payload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
