/* SPDX-License-Identifier: BSD-3-Clause */
/* BGP's numbers: AS (RFC 5396), route distinguishers (RFC 4364), extended
 * communities (RFC 4360). */
#include "dissectors/bgp.h"

#include "dissectors/labels.h"

const struct label bgp_community_labels[] = {
	{0x0002, "target"},
	{0x0102, "target"},
	{0x0202, "target"},
	{0x0003, "origin"},
	{0x0103, "origin"},
	{0x0203, "origin"},
	{0x4004, "link-BW"},
	{0x0005, "ospf-domain"},
	{0x0105, "ospf-domain"},
	{0x0205, "ospf-domain"},
	{0x8005, "ospf-domain"},
	{0x0306, "ospf-route-type"},
	{0x8000, "ospf-route-type"},
	{0x030c, "encapsulation"},
	{0x0107, "ospf-router-id"},
	{0x8001, "ospf-router-id"},
	{0x800a, "layer2-info"},
	{0x8800, "eigrp-general-route (flag, tag)"},
	{0x8801, "eigrp-route-metric (AS, delay)"},
	{0x8802, "eigrp-route-metric (reliability, nexthop, bandwidth)"},
	{0x8803, "eigrp-route-metric (load, MTU)"},
	{0x8804, "eigrp-external-route (remote-AS, remote-ID)"},
	{0x8805, "eigrp-external-route (remote-proto, remote-metric)"},
	{0x0009, "source-AS"},
	{0x010b, "vrf-route-import"},
	{0x000a, "l2vpn-id"},
	{0xf10a, "l2vpn-id"},
	{0, NULL},
};

static const struct label tunnel_labels[] = {
	{1, "L2TPv3 over IP"},
	{2, "GRE"},
	{3, "Transmit Tunnel"},
	{4, "IPsec"},
	{5, "IP in IP with IPsec"},
	{6, "MPLS in IP with IPsec"},
	{7, "IP in IP"},
	{8, "VXLAN"},
	{9, "NVGRE"},
	{10, "MPLS"},
	{11, "MPLS in GRE"},
	{12, "VXLAN GPE"},
	{13, "MPLS in UDP"},
	{14, "IPv6"},
	{15, "SR TE"},
	{16, "Bare"},
	{17, "SR"},
	{0, NULL},
};

static const struct label route_labels[] = {
	{1, "Router"},	 {2, "Network"},       {3, "Summary"},
	{5, "External"}, {7, "NSSA External"}, {129, "MPLS-VPN Sham"},
	{0, NULL},
};

static const struct label encapsulation_labels[] = {
	{0, "Reserved"},
	{1, "Frame Relay"},
	{2, "ATM AAL5 SDU VCC transport"},
	{3, "ATM transparent cell transport"},
	{4, "Ethernet (VLAN) Tagged Mode"},
	{5, "Ethernet Raw Mode"},
	{6, "Cisco HDLC"},
	{7, "PPP"},
	{8, "SONET/SDH Circuit Emulation Service over MPLS"},
	{9, "ATM n-to-one VCC cell transport"},
	{10, "ATM n-to-one VPC cell transport"},
	{11, "IP layer 2 transport"},
	{15, "Frame Relay Port mode"},
	{17, "Structure-agnostic E1 over packet"},
	{18, "Structure-agnostic T1 (DS1) over packet"},
	{19, "VPLS"},
	{20, "Structure-agnostic T3 (DS3) over packet"},
	{21, "Nx64kbit/s Basic Service using Structure-aware"},
	{25, "Frame Relay DLCI"},
	{40, "Structure-agnostic E3 over packet"},
	{41, "Octet-aligned playload for Structure-agnostic DS1 circuits"},
	{42, "E1 Nx64kbit/s with CAS using Structure-aware"},
	{43, "DS1 (ESF) Nx64kbit/s with CAS using Structure-aware"},
	{44, "DS1 (SF) Nx64kbit/s with CAS using Structure-aware"},
	{0, NULL},
};

void bgp_put_as(struct text *t, uint32_t as)
{
	if (t->options->as_dotted && as > 0xffff)
		put(t, "%u.%u", as >> 16, as & 0xffff);
	else
		put_u32(t, as);
}

void bgp_put_rd(struct text *t, const struct layer *layer, size_t at)
{
	const uint8_t *p = field_bytes(t, layer, at, BGP_RD);

	switch (load_be16(p)) {
	case 0:
		put(t, "%u:%u (= %u.%u.%u.%u)", load_be16(p + 2),
		    load_be32(p + 4), p[4], p[5], p[6], p[7]);
		break;
	case 1:
		put(t, "%u.%u.%u.%u:%u", p[2], p[3], p[4], p[5],
		    load_be16(p + 6));
		break;
	case 2:
		bgp_put_as(t, load_be32(p + 2));
		put(t, ":%u (%u.%u.%u.%u:%u)", load_be16(p + 6), p[2], p[3],
		    p[4], p[5], load_be16(p + 6));
		break;
	default:
		put_text(t, "unknown RD format");
		break;
	}
}

void bgp_put_nsap(struct text *t, const uint8_t *bytes, size_t n)
{
	if (n < 1 || n > 20) {
		put_text(t, "isonsap_string: illegal length");
		return;
	}
	for (size_t i = 0; i < n; i++)
		put(t, "%02x%s", bytes[i],
		    (i & 1) == 0 && i + 1 < n ? "." : "");
}

static void text_route_type(struct text *t, const uint8_t *p)
{
	put_text(t, "area:");
	put_ipv4(t, p + 2);
	put_text(t, ", router-type:");
	put_label(t, route_labels, p[6], "unknown (0x%02x)");
	put(t, ", metric-type:%s%s", p[7] & 1 ? "E2" : "",
	    p[6] == 5 || p[6] == 7 ? "E1" : "");
}

void bgp_text_community(struct text *t, const struct layer *layer, size_t at)
{
	const uint8_t *p = field_bytes(t, layer, at, 8);

	switch (load_be16(p)) {
	case 0x0002:
	case 0x0003:
	case 0x000a:
		put(t, "%u:%u (= ", load_be16(p + 2), load_be32(p + 4));
		put_ipv4(t, p + 4);
		put_char(t, ')');
		break;
	case 0x0102:
	case 0x0103:
	case 0xf10a:
	case 0x010b:
		put_ipv4(t, p + 2);
		put(t, ":%u", load_be16(p + 6));
		break;
	case 0x0202:
	case 0x0203:
		bgp_put_as(t, load_be32(p + 2));
		put(t, ":%u", load_be16(p + 6));
		break;
	case 0x4004:
		field_put_rate(t, load_be32(p + 4), "bandwidth: %.3f Mbps");
		break;
	case 0x0005:
	case 0x0105:
	case 0x0205:
	case 0x8005:
	case 0x0107:
	case 0x8001:
		put_ipv4(t, p + 2);
		break;
	case 0x0306:
	case 0x8000:
		text_route_type(t, p);
		break;
	case 0x800a:
		put(t, "%s Control Flags [0x%02x]:MTU %u",
		    label_or(encapsulation_labels, p[2], "unknown encaps"),
		    p[3], load_be16(p + 4));
		break;
	case 0x0009:
		put(t, "AS %u", load_be16(p + 2));
		break;
	case 0x030c:
		put(t, "Tunnel type: %s",
		    label_or(tunnel_labels, load_be16(p + 6),
			     "unknown encaps"));
		break;
	default:
		put_hex_bytes(t, p + 2, 6);
		break;
	}
}
