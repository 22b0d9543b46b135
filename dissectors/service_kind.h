/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The services that dissectors/service.h can tell, by number and by name.
 */
#ifndef BSNIFF_DISSECTORS_SERVICE_KIND_H
#define BSNIFF_DISSECTORS_SERVICE_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* X(kind, name): names are Zeek's, where it has one (TLS is "ssl"). */
#define SERVICES(X)                                                            \
	X(SSL, "ssl")                                                          \
	X(HTTP, "http")                                                        \
	X(SSH, "ssh")                                                          \
	X(SMTP, "smtp")                                                        \
	X(FTP, "ftp")                                                          \
	X(POP3, "pop3")                                                        \
	X(IMAP, "imap")                                                        \
	X(POSTGRESQL, "postgresql")                                            \
	X(MYSQL, "mysql")                                                      \
	X(REDIS, "redis")                                                      \
	X(SMB, "smb")                                                          \
	X(MQTT, "mqtt")                                                        \
	X(LDAP, "ldap_tcp")                                                    \
	X(SIP, "sip")                                                          \
	X(DNS, "dns")                                                          \
	X(DHCP, "dhcp")                                                        \
	X(NTP, "ntp")                                                          \
	X(SNMP, "snmp")                                                        \
	X(RADIUS, "radius")                                                    \
	X(IKE, "ike")                                                          \
	X(SYSLOG, "syslog")                                                    \
	X(TFTP, "tftp")                                                        \
	X(QUIC, "quic")                                                        \
	X(VXLAN, "vxlan")                                                      \
	X(GENEVE, "geneve")                                                    \
	X(GTP, "gtpv1")                                                        \
	X(TEREDO, "teredo")                                                    \
	X(AYIYA, "ayiya")

enum service_kind {
	SERVICE_NONE,
#define SERVICE_KIND(kind, name) SERVICE_##kind,
	SERVICES(SERVICE_KIND)
#undef SERVICE_KIND
};

/* NULL for SERVICE_NONE. Static text. */
static inline const char *service_name(enum service_kind kind)
{
	static const char *const names[] = {
		NULL,
#define SERVICE_NAME(kind, name) name,
		SERVICES(SERVICE_NAME)
#undef SERVICE_NAME
	};

	return (size_t)kind < sizeof(names) / sizeof(names[0]) ? names[kind]
							       : NULL;
}

/* May TCP payload that begins so be told? A quick no for most packets. */
static inline bool service_may_begin(const uint8_t *bytes, size_t length)
{
	uint8_t first = length ? bytes[0] : 0xff;

	return (first >= 'A' && first <= 'Z') || first == 0x16 || first == 0 ||
	       first == '*' || first == '+' || first == '2' || first == 0x30 ||
	       first == 0x10 || (length > 4 && !bytes[3] && bytes[4] == 10);
}

#endif
