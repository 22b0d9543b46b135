/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every dissector there is, one line each, in alphabetic order.
 */
#ifndef BSNIFF_DISSECTORS_PROTOCOLS_H
#define BSNIFF_DISSECTORS_PROTOCOLS_H

#include "dissectors/dissector.h"

extern const struct dissector ah_dissector;
extern const struct dissector ahcp_dissector;
extern const struct dissector aodv_dissector;
extern const struct dissector arp_dissector;
extern const struct dissector babel_dissector;
extern const struct dissector bfd_dissector;
extern const struct dissector bgp_dissector;
extern const struct dissector cdp_dissector;
extern const struct dissector dccp_dissector;
extern const struct dissector dhcp6_dissector;
extern const struct dissector dhcp_dissector;
extern const struct dissector dns_dissector;
extern const struct dissector dns_tcp_dissector;
extern const struct dissector eapol_dissector;
extern const struct dissector eigrp_dissector;
extern const struct dissector esp_dissector;
extern const struct dissector ethernet_dissector;
extern const struct dissector ftp_dissector;
extern const struct dissector geneve_dissector;
extern const struct dissector gre_dissector;
extern const struct dissector hncp_dissector;
extern const struct dissector hsrp_dissector;
extern const struct dissector http_dissector;
extern const struct dissector icmp6_dissector;
extern const struct dissector icmp_dissector;
extern const struct dissector igmp_dissector;
extern const struct dissector ipcomp_dissector;
extern const struct dissector ipn_dissector;
extern const struct dissector ipv4_dissector;
extern const struct dissector ipv6_destination_dissector;
extern const struct dissector ipv6_dissector;
extern const struct dissector ipv6_fragment_dissector;
extern const struct dissector ipv6_hop_dissector;
extern const struct dissector ipv6_mobility_dissector;
extern const struct dissector ipv6_routing_dissector;
extern const struct dissector isakmp_dissector;
extern const struct dissector isakmp_natt_dissector;
extern const struct dissector l2tp_dissector;
extern const struct dissector ldp_dissector;
extern const struct dissector lisp_dissector;
extern const struct dissector llc_dissector;
extern const struct dissector lldp_dissector;
extern const struct dissector llmnr_dissector;
extern const struct dissector lmp_dissector;
extern const struct dissector lspping_dissector;
extern const struct dissector lwres_dissector;
extern const struct dissector mdns_dissector;
extern const struct dissector mpls_dissector;
extern const struct dissector mysql_dissector;
extern const struct dissector nfs_dissector;
extern const struct dissector ntp_dissector;
extern const struct dissector null_dissector;
extern const struct dissector olsr_dissector;
extern const struct dissector openflow_dissector;
extern const struct dissector ospf6_dissector;
extern const struct dissector ospf_dissector;
extern const struct dissector pgm_dissector;
extern const struct dissector pim_dissector;
extern const struct dissector postgresql_dissector;
extern const struct dissector ppp_dissector;
extern const struct dissector ppp_link_dissector;
extern const struct dissector ppp_serial_dissector;
extern const struct dissector pppoe_dissector;
extern const struct dissector ptp_dissector;
extern const struct dissector quic_dissector;
extern const struct dissector radius_dissector;
extern const struct dissector raw_dissector;
extern const struct dissector resp_dissector;
extern const struct dissector rip_dissector;
extern const struct dissector ripng_dissector;
extern const struct dissector rpc_dissector;
extern const struct dissector rpc_record_dissector;
extern const struct dissector rpki_rtr_dissector;
extern const struct dissector rsvp_dissector;
extern const struct dissector rtcp_dissector;
extern const struct dissector rtp_dissector;
extern const struct dissector rtsp_dissector;
extern const struct dissector sctp_dissector;
extern const struct dissector sflow_dissector;
extern const struct dissector sip_dissector;
extern const struct dissector sll2_dissector;
extern const struct dissector sll_dissector;
extern const struct dissector sll_vlan_dissector;
extern const struct dissector smtp_dissector;
extern const struct dissector snmp_dissector;
extern const struct dissector someip_dissector;
extern const struct dissector ssh_dissector;
extern const struct dissector stp_dissector;
extern const struct dissector syslog_dissector;
extern const struct dissector tcp_dissector;
extern const struct dissector tftp_dissector;
extern const struct dissector timed_dissector;
extern const struct dissector tls_dissector;
extern const struct dissector udp_dissector;
extern const struct dissector vat_dissector;
extern const struct dissector vlan_dissector;
extern const struct dissector vrrp_dissector;
extern const struct dissector vxlan_dissector;
extern const struct dissector whois_dissector;
extern const struct dissector zmtp_dissector;

#endif
