/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissectors/registry.h"

#include <netinet/in.h>
#include <pcap/dlt.h>

#include "dissectors/nfs.h"
#include "dissectors/protocols.h"
#include "src/base/cleanup.h"

/* Which end a port row looks at; the last two only in a call to it or a reply
 * from it, as RPC has them. */
enum end { EITHER, SOURCE, DESTINATION, CALLED, REPLYING };

struct row {
	uint32_t key;
	const struct dissector *dissector;
	enum end end; /* of ports */
};

static const struct row link_rows[] = {
	{DLT_EN10MB, &ethernet_dissector, 0},
	{DLT_LINUX_SLL, &sll_dissector, 0},
	{DLT_LINUX_SLL2, &sll2_dissector, 0},
	{DLT_RAW, &raw_dissector, 0},
	{DLT_IPV4, &raw_dissector, 0},
	{DLT_IPV6, &raw_dissector, 0},
	{DLT_NULL, &null_dissector, 0},
	{DLT_LOOP, &null_dissector, 0},
	{DLT_PPP, &ppp_link_dissector, 0},
	{DLT_PPP_SERIAL, &ppp_serial_dissector, 0},
	{DLT_PPP_ETHER, &pppoe_dissector, 0},
#ifdef DLT_PPP_PPPD
	{DLT_PPP_PPPD, &ppp_link_dissector, 0},
#endif
};

/* The busiest first. */
static const struct row ethertype_rows[] = {
	{0x0800, &ipv4_dissector, 0},
	{0x86dd, &ipv6_dissector, 0},
	{0x0806, &arp_dissector, 0},
	{0x8035, &arp_dissector, 0},
	{0x8847, &mpls_dissector, 0},
	{0x8848, &mpls_dissector, 0},
	{0x8863, &pppoe_dissector, 0}, /* discovery */
	{0x8864, &pppoe_dissector, 0}, /* session */
	{0x3c12, &pppoe_dissector, 0},
	{0x3c13, &pppoe_dissector, 0},
	{0x888e, &eapol_dissector, 0},
	{0x88cc, &lldp_dissector, 0},
	{0x8809, &slow_dissector, 0},
	{0x8902, &cfm_dissector, 0},
	{0xabcd, &cfm_dissector, 0}, /* before it was assigned one */
	{0x88f7, &ptp_dissector, 0},
	{0x894f, &nsh_dissector, 0},
	{0x9000, &loopback_dissector, 0},
};

static const struct row ip_rows[] = {
	{IPPROTO_TCP, &tcp_dissector, 0},
	{IPPROTO_UDP, &udp_dissector, 0},
	{IPPROTO_ICMP, &icmp_dissector, 0},
	{IPPROTO_ICMPV6, &icmp6_dissector, 0},
	{IPPROTO_IPIP, &ipv4_dissector, 0},
	{IPPROTO_IPV6, &ipv6_dissector, 0},
	{IPPROTO_IGMP, &igmp_dissector, 0},
	{IPPROTO_ESP, &esp_dissector, 0},
	{IPPROTO_AH, &ah_dissector, 0},
	{IPPROTO_COMP, &ipcomp_dissector, 0},
	{IPPROTO_GRE, &gre_dissector, 0},
	{IPPROTO_SCTP, &sctp_dissector, 0},
	{143, &ethernet_dissector, 0},
	{89, &ospf_dissector, 0},
	{112, &vrrp_dissector, 0},
	{88, &eigrp_dissector, 0},
	{103, &pim_dissector, 0},
	{33, &dccp_dissector, 0},
	{8, &egp_dissector, 0},
	{9, &igrp_dissector, 0},
	{55, &mobile_dissector, 0},
	{113, &pgm_dissector, 0},
	{IPPROTO_RSVP, &rsvp_dissector, 0},
};

/*
 * Ports: the first row that either end matches decides, so the order is
 * tcpdump's: keep it. What tcpdump does not know comes last.
 */
static const struct row tcp_rows[] = {
	{23, &telnet_dissector, EITHER},
	{25, &smtp_dissector, EITHER},
	{43, &whois_dissector, EITHER},
	{179, &bgp_dissector, EITHER},
	{1723, &pptp_dissector, EITHER},
	{6379, &resp_dissector, EITHER},
	{22, &ssh_dissector, EITHER},
	{6633, &openflow_dissector, EITHER},
	{6653, &openflow_dissector, EITHER},
	{21, &ftp_dissector, EITHER},
	{80, &http_dissector, EITHER},
	{8080, &http_dissector, EITHER},
	{554, &rtsp_dissector, EITHER},
	{8554, &rtsp_dissector, EITHER},
	{53, &dns_tcp_dissector, EITHER},
	{639, &msdp_dissector, EITHER},
	{323, &rpki_rtr_dissector, EITHER},
	{646, &ldp_dissector, EITHER},
	{NFS_PORT, &rpc_record_dissector, EITHER},
	{10288, &beep_dissector, EITHER},
	/* Not printed. */
	{443, &tls_dissector, EITHER},
	{8443, &tls_dissector, EITHER},
	{853, &tls_dissector, EITHER},
	{465, &tls_dissector, EITHER},
	{636, &tls_dissector, EITHER},
	{993, &tls_dissector, EITHER},
	{995, &tls_dissector, EITHER},
	{5432, &postgresql_dissector, EITHER},
	{3306, &mysql_dissector, EITHER},
};

static const struct row udp_rows[] = {
	{NFS_PORT, &nfs_dissector, CALLED},
	{NFS_PORT, &nfs_dissector, REPLYING},
	{53, &dns_dissector, EITHER},
	{5353, &mdns_dissector, EITHER},
	{525, &timed_dissector, EITHER},
	{69, &tftp_dissector, EITHER},
	{67, &dhcp_dissector, EITHER},
	{68, &dhcp_dissector, EITHER},
	{520, &rip_dissector, EITHER},
	{654, &aodv_dissector, EITHER},
	{500, &isakmp_dissector, EITHER},
	{4500, &isakmp_natt_dissector, EITHER},
	{7500, &isakmp_dissector, EITHER},
	{8500, &isakmp_dissector, EITHER},
	{161, &snmp_dissector, EITHER},
	{162, &snmp_dissector, EITHER},
	{123, &ntp_dissector, EITHER},
	{1701, &l2tp_dissector, EITHER},
	{3456, &vat_dissector, DESTINATION},
	{521, &ripng_dissector, EITHER},
	{547, &dhcp6_dissector, EITHER},
	{546, &dhcp6_dissector, EITHER},
	{5359, &ahcp_dissector, EITHER},
	{6696, &babel_dissector, EITHER},
	{6697, &babel_dissector, EITHER},
	{8231, &hncp_dissector, EITHER},
	{1645, &radius_dissector, EITHER},
	{1812, &radius_dissector, EITHER},
	{1646, &radius_dissector, EITHER},
	{1813, &radius_dissector, EITHER},
	{1700, &radius_dissector, EITHER},
	{3799, &radius_dissector, EITHER},
	{1985, &hsrp_dissector, DESTINATION},
	{921, &lwres_dissector, EITHER},
	{646, &ldp_dissector, EITHER},
	{698, &olsr_dissector, EITHER},
	{3503, &lspping_dissector, EITHER},
	{3784, &bfd_dissector, DESTINATION},
	{4784, &bfd_dissector, DESTINATION},
	{6784, &bfd_dissector, DESTINATION},
	{3785, &bfd_dissector, DESTINATION},
	{701, &lmp_dissector, EITHER},
	{6343, &sflow_dissector, EITHER},
	{5060, &sip_dissector, EITHER},
	{514, &syslog_dissector, EITHER},
	{4789, &vxlan_dissector, EITHER},
	{6081, &geneve_dissector, EITHER},
	{4342, &lisp_dissector, EITHER},
	{6635, &mpls_dissector, EITHER},
	{319, &ptp_dissector, EITHER},
	{496, &auto_rp_dissector, EITHER},
	{1589, &vqp_dissector, EITHER},
	{4790, &vxlan_gpe_dissector, EITHER},
	{8472, &otv_dissector, EITHER},
	{320, &ptp_dissector, EITHER},
	{30490, &someip_dissector, EITHER},
	/* Not printed. */
	{443, &quic_dissector, EITHER},
	{5355, &llmnr_dissector, EITHER},
};

static const struct row llc_rows[] = {
	{0x06, &ipv4_dissector, 0},
	{0x42, &stp_dissector, 0},
};

static const struct row ppp_rows[] = {
	{0x0021, &ipv4_dissector, 0},
	{0x0057, &ipv6_dissector, 0},
	{0x002f, &ipv4_dissector, 0}, /* behind an uncompressed header */
	{0x0800, &ipv4_dissector, 0}, /* types that some use */
	{0x86dd, &ipv6_dissector, 0},
	{0x0281, &mpls_dissector, 0},
	{0x0283, &mpls_dissector, 0},
};

static const struct row cisco_rows[] = {
	{0x2000, &cdp_dissector, 0},
	{0x010b, &stp_dissector, 0},
};

static const struct row as_rows[] = {
	{DISSECT_AS_DOMAIN, &dns_dissector, 0},
	{DISSECT_AS_LMP, &lmp_dissector, 0},
	{DISSECT_AS_RPC, &rpc_dissector, 0},
	{DISSECT_AS_VXLAN, &vxlan_dissector, 0},
	{DISSECT_AS_SNMP, &snmp_dissector, 0},
	{DISSECT_AS_RADIUS, &radius_dissector, 0},
	{DISSECT_AS_TFTP, &tftp_dissector, 0},
	{DISSECT_AS_SOMEIP, &someip_dissector, 0},
	{DISSECT_AS_RTP, &rtp_dissector, 0},
	{DISSECT_AS_RTCP, &rtcp_dissector, 0},
	{DISSECT_AS_VAT, &vat_dissector, 0},
	{DISSECT_AS_PTP, &ptp_dissector, 0},
	{DISSECT_AS_PGM, &pgm_dissector, 0},
	{DISSECT_AS_PGM_ZMTP1, &pgm_dissector, 0},
	{DISSECT_AS_RESP, &resp_dissector, 0},
	{DISSECT_AS_ZMTP1, &zmtp_dissector, 0},
	{DISSECT_AS_AODV, &aodv_dissector, 0},
};

struct table {
	const struct row *rows;
	size_t count;
};

#define TABLE(rows) {rows, ARRAY_SIZE(rows)}

static const struct table tables[] = {
	[REGISTRY_LINK] = TABLE(link_rows),
	[REGISTRY_ETHERTYPE] = TABLE(ethertype_rows),
	[REGISTRY_IP] = TABLE(ip_rows),
	[REGISTRY_TCP] = TABLE(tcp_rows),
	[REGISTRY_UDP] = TABLE(udp_rows),
	[REGISTRY_LLC] = TABLE(llc_rows),
	[REGISTRY_PPP] = TABLE(ppp_rows),
	[REGISTRY_CISCO] = TABLE(cisco_rows),
	[REGISTRY_AS] = TABLE(as_rows),
};

/*
 * Rows by key: open addressing, filled once before main(). A port that only
 * one end may have, or that has more than one row, is looked for row by row.
 */
enum { BUCKETS = 512 };

struct bucket {
	uint32_t key;
	uint8_t row; /* + 1; 0: free */
	bool special;
};

static struct bucket buckets[ARRAY_SIZE(tables)][BUCKETS];

static inline struct bucket *find_bucket(enum registry table, uint32_t key)
{
	for (uint32_t i = key * 0x9e3779b1u >> 23;; i = (i + 1) % BUCKETS) {
		struct bucket *bucket = &buckets[table][i];

		if (!bucket->row || bucket->key == key)
			return bucket;
	}
}

__attribute__((constructor)) static void fill_buckets(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		for (size_t k = 0; k < tables[i].count; k++) {
			const struct row *row = &tables[i].rows[k];
			struct bucket *bucket = find_bucket((enum registry)i,
							    row->key);

			bucket->special |= bucket->row || row->end != EITHER;
			if (bucket->row)
				continue;
			bucket->key = row->key;
			bucket->row = (uint8_t)(k + 1);
		}
	}
}

_Static_assert(ARRAY_SIZE(udp_rows) < 255 && ARRAY_SIZE(tcp_rows) < 255,
	       "a bucket has room for 255 rows");

const struct dissector *registry_find(enum registry table, uint32_t key)
{
	const struct bucket *bucket = find_bucket(table, key);

	return bucket->row ? tables[table].rows[bucket->row - 1].dissector
			   : NULL;
}

static bool row_matches(const struct row *row, uint16_t source,
			uint16_t destination, struct slice data)
{
	switch (row->end) {
	case EITHER:
		return row->key == source || row->key == destination;
	case SOURCE:
		return row->key == source;
	case DESTINATION:
		return row->key == destination;
	case CALLED:
		return row->key == destination && nfs_is_call(data);
	case REPLYING:
		return row->key == source && nfs_is_reply(data);
	}
	return false;
}

static const struct dissector *find_row_by_row(enum registry table,
					       uint16_t source,
					       uint16_t destination,
					       struct slice data)
{
	const struct table *t = &tables[table];

	for (size_t i = 0; i < t->count; i++)
		if (row_matches(&t->rows[i], source, destination, data))
			return t->rows[i].dissector;
	return NULL;
}

const struct dissector *registry_find_ports(enum registry table,
					    uint16_t source,
					    uint16_t destination,
					    struct slice data)
{
	const struct bucket *a = find_bucket(table, source);
	const struct bucket *b = find_bucket(table, destination);
	/* The first row; none is 255 when counted down from 0. */
	uint8_t first = (uint8_t)(a->row - 1), other = (uint8_t)(b->row - 1);

	if (__builtin_expect(a->special || b->special, 0))
		return find_row_by_row(table, source, destination, data);
	if (other < first)
		first = other;
	return first == 255 ? NULL : tables[table].rows[first].dissector;
}
