/* SPDX-License-Identifier: BSD-3-Clause */
/* RFC 2865, 2866, 2868, 2869, 3162, 4675, 5090, 5176, 5447, 5580. */
#include "dissectors/radius.h"

#include <time.h>

#include "dissectors/eap.h"
#include "dissectors/labels.h"
#include "dissectors/ntp.h"
#include "src/base/cleanup.h"

/* What a value is; how it is printed is in the table below. */
enum kind {
	OPAQUE, /* not printed */
	TEXT,
	NUMBER,
	ADDRESS,
	ADDRESS_OR_CHOICE,
	ADDRESS6,
	PREFIX6,
	HOME_PREFIX6,
	SECONDS,
	IPX,
	LINK,
	NETWORK,
	TAGGED_NUMBER,
	TAGGED_TEXT,
	TAGGED_LABEL,
	PASSWORD,
	VLAN_ID,
	VLAN_NAME,
	VENDOR,
	EAP,
	TIME,
	FEATURES,
	OPERATOR,
	LOCATION,
	LOCATION_DATA,
	LOCATION_RULES,
	ARAP_PASSWORD,
	ARAP_FEATURES,
	ARAP_RESPONSE,
	ERROR_CAUSE,
	KINDS,
};

struct attribute {
	const char *name;
	enum kind kind;
	const struct label *labels; /* of a NUMBER or a TAGGED_LABEL */
};

static const struct label service_types[] = {
	{1, "Login"},
	{2, "Framed"},
	{3, "Callback Login"},
	{4, "Callback Framed"},
	{5, "Outbound"},
	{6, "Administrative"},
	{7, "NAS Prompt"},
	{8, "Authenticate Only"},
	{9, "Callback NAS Prompt"},
	{10, "Call Check"},
	{11, "Callback Administrative"},
	{12, "Voice"},
	{13, "Fax"},
	{14, "Modem Relay"},
	{15, "IAPP-Register"},
	{16, "IAPP-AP-Check"},
	{17, "Authorize Only"},
	{18, "Framed-Management"},
	{19, "Additional-Authorization"},
	{0, NULL},
};

static const struct label framed_protocols[] = {
	{1, "PPP"},
	{2, "SLIP"},
	{3, "ARAP"},
	{4, "Gandalf proprietary"},
	{5, "Xylogics IPX/SLIP"},
	{6, "X.75 Synchronous"},
	{7, "GPRS PDP Context"},
	{0, NULL},
};

static const struct label framed_routings[] = {
	{0, "None"}, {1, "Send"}, {2, "Listen"}, {3, "Send&Listen"}, {0, NULL},
};

static const struct label compressions[] = {
	{0, "None"}, {1, "VJ TCP/IP"}, {2, "IPX"}, {3, "Stac-LZS"}, {0, NULL},
};

static const struct label login_services[] = {
	{0, "Telnet"},
	{1, "Rlogin"},
	{2, "TCP Clear"},
	{3, "PortMaster(proprietary)"},
	{4, "LAT"},
	{5, "X.25-PAD"},
	{6, "X.25-T3POS"},
	{7, "Unassigned"},
	{8, "TCP Clear Quiet"},
	{0, NULL},
};

static const struct label terminations[] = {
	{0, "Default"}, {1, "RADIUS-Request"}, {0, NULL}};

static const struct label ingress_filters[] = {
	{1, "Enabled"}, {2, "Disabled"}, {0, NULL}};

static const struct label port_types[] = {
	{0, "Async"},
	{1, "Sync"},
	{2, "ISDN Sync"},
	{3, "ISDN Async V.120"},
	{4, "ISDN Async V.110"},
	{5, "Virtual"},
	{6, "PIAFS"},
	{7, "HDLC Clear Channel"},
	{8, "X.25"},
	{9, "X.75"},
	{10, "G.3 Fax"},
	{11, "SDSL"},
	{12, "ADSL-CAP"},
	{13, "ADSL-DMT"},
	{14, "ISDN-DSL"},
	{15, "Ethernet"},
	{16, "xDSL"},
	{17, "Cable"},
	{18, "Wireless - Other"},
	{19, "Wireless - IEEE 802.11"},
	{20, "Token-Ring"},
	{21, "FDDI"},
	{22, "Wireless - CDMA200"},
	{23, "Wireless - UMTS"},
	{24, "Wireless - 1X-EV"},
	{25, "IAPP"},
	{26, "FTTP"},
	{27, "Wireless - IEEE 802.16"},
	{28, "Wireless - IEEE 802.20"},
	{29, "Wireless - IEEE 802.22"},
	{30, "PPPoA"},
	{31, "PPPoEoA"},
	{32, "PPPoEoE"},
	{33, "PPPoEoVLAN"},
	{34, "PPPoEoQinQ"},
	{35, "xPON"},
	{36, "Wireless - XGP"},
	{37, "WiMAX Pre-Release 8 IWK Function"},
	{38, "WIMAX-WIFI-IWK"},
	{39, "WIMAX-SFF"},
	{40, "WIMAX-HA-LMA"},
	{41, "WIMAX-DHCP"},
	{42, "WIMAX-LBS"},
	{43, "WIMAX-WVS"},
	{0, NULL},
};

static const struct label accounting_states[] = {
	{1, "Start"},
	{2, "Stop"},
	{3, "Interim-Update"},
	{4, "Unassigned"},
	{5, "Unassigned"},
	{6, "Unassigned"},
	{7, "Accounting-On"},
	{8, "Accounting-Off"},
	{9, "Tunnel-Start"},
	{10, "Tunnel-Stop"},
	{11, "Tunnel-Reject"},
	{12, "Tunnel-Link-Start"},
	{13, "Tunnel-Link-Stop"},
	{14, "Tunnel-Link-Reject"},
	{15, "Failed"},
	{0, NULL},
};

static const struct label authenticities[] = {
	{1, "RADIUS"}, {2, "Local"}, {3, "Remote"}, {4, "Diameter"}, {0, NULL},
};

static const struct label terminate_causes[] = {
	{1, "User Request"},
	{2, "Lost Carrier"},
	{3, "Lost Service"},
	{4, "Idle Timeout"},
	{5, "Session Timeout"},
	{6, "Admin Reset"},
	{7, "Admin Reboot"},
	{8, "Port Error"},
	{9, "NAS Error"},
	{10, "NAS Request"},
	{11, "NAS Reboot"},
	{12, "Port Unneeded"},
	{13, "Port Preempted"},
	{14, "Port Suspended"},
	{15, "Service Unavailable"},
	{16, "Callback"},
	{17, "User Error"},
	{18, "Host Request"},
	{19, "Supplicant Restart"},
	{20, "Reauthentication Failure"},
	{21, "Port Reinitialized"},
	{22, "Port Administratively Disabled"},
	{23, "Lost Power"},
	{0, NULL},
};

static const struct label tunnel_types[] = {
	{1, "PPTP"},
	{2, "L2F"},
	{3, "L2TP"},
	{4, "ATMP"},
	{5, "VTP"},
	{6, "AH"},
	{7, "IP-IP"},
	{8, "MIN-IP-IP"},
	{9, "ESP"},
	{10, "GRE"},
	{11, "DVS"},
	{12, "IP-in-IP Tunneling"},
	{13, "VLAN"},
	{0, NULL},
};

static const struct label tunnel_media[] = {
	{1, "IPv4"},
	{2, "IPv6"},
	{3, "NSAP"},
	{4, "HDLC"},
	{5, "BBN 1822"},
	{6, "802"},
	{7, "E.163"},
	{8, "E.164"},
	{9, "F.69"},
	{10, "X.121"},
	{11, "IPX"},
	{12, "Appletalk"},
	{13, "Decnet IV"},
	{14, "Banyan Vines"},
	{15, "E.164 with NSAP subaddress"},
	{0, NULL},
};

static const struct label arap_zones[] = {
	{1, "Only access to dfl zone"},
	{2, "Use zone filter inc."},
	{3, "Not used"},
	{4, "Use zone filter exc."},
	{0, NULL},
};

static const struct label prompts[] = {{0, "No Echo"}, {1, "Echo"}, {0, NULL}};

static const struct label error_causes[] = {
	{201, "Residual Session Context Removed"},
	{202, "Invalid EAP Packet (Ignored)"},
	{401, "Unsupported Attribute"},
	{402, "Missing Attribute"},
	{403, "NAS Identification Mismatch"},
	{404, "Invalid Request"},
	{405, "Unsupported Service"},
	{406, "Unsupported Extension"},
	{407, "Invalid Attribute Value"},
	{501, "Administratively Prohibited"},
	{502, "Request Not Routable (Proxy)"},
	{503, "Session Context Not Found"},
	{504, "Session Context Not Removable"},
	{505, "Other Proxy Processing Error"},
	{506, "Resources Unavailable"},
	{507, "Request Initiated"},
	{508, "Multiple Session Selection Unsupported"},
	{509, "Location Info Required"},
	{0, NULL},
};

static const struct label vlan_tags[] = {
	{0x31, "Tagged"}, {0x32, "Untagged"}, {0, NULL}};

static const struct label operator_namespaces[] = {
	{0x30, "TADIG"}, {0x31, "REALM"}, {0x32, "E212"}, {0x33, "ICC"},
	{0, NULL},
};

static const struct label location_codes[] = {
	{0, "Civic"}, {1, "Geospatial"}, {0, NULL}};

static const struct label location_entities[] = {
	{0, "User"}, {1, "RADIUS"}, {0, NULL}};

static const struct label location_rules[] = {
	{0x0001, "MBZ-15"}, {0x0002, "MBZ-14"}, {0x0004, "MBZ-13"},
	{0x0008, "MBZ-12"}, {0x0010, "MBZ-11"}, {0x0020, "MBZ-10"},
	{0x0040, "MBZ-9"},  {0x0080, "MBZ-8"},	{0x0100, "MBZ-7"},
	{0x0200, "MBZ-6"},  {0x0400, "MBZ-5"},	{0x0800, "MBZ-4"},
	{0x1000, "MBZ-3"},  {0x2000, "MBZ-2"},	{0x4000, "MBZ-1"},
	{0x8000, "Retransmission Allowed"},	{0, NULL},
};

/* Bit numbers of the MIP6 feature vector. */
static const struct label features[] = {
	{0, "MIP6_INTEGRATED"},
	{1, "LOCAL_HOME_AGENT_ASSIGNMENT"},
	{40, "PMIP6_SUPPORTED"},
	{41, "IP4_HOA_SUPPORTED"},
	{42, "LOCAL_MAG_ROUTING_SUPPORTED"},
	{43, "ASSIGN_LOCAL_IP"},
	{44, "MIP4_SUPPORTED"},
	{45, "OPTIMIZED_IDLE_MODE_MOBILITY"},
	{46, "GTPv2_SUPPORTED"},
	{47, "IP4_TRANSPORT_SUPPORTED"},
	{48, "IP4_HOA_ONLY_SUPPORTED"},
	{49, "INTER_MAG_ROUTING_SUPPORTED"},
	{0, NULL},
};

/* By number: IANA's RADIUS attribute types. */
static const struct attribute attributes[] = {
	[1] = {"User-Name", TEXT},
	[2] = {"User-Password", OPAQUE},
	[3] = {"CHAP-Password", OPAQUE},
	[4] = {"NAS-IP-Address", ADDRESS},
	[5] = {"NAS-Port", NUMBER},
	[6] = {"Service-Type", NUMBER, service_types},
	[7] = {"Framed-Protocol", NUMBER, framed_protocols},
	[8] = {"Framed-IP-Address", ADDRESS_OR_CHOICE},
	[9] = {"Framed-IP-Netmask", ADDRESS},
	[10] = {"Framed-Routing", NUMBER, framed_routings},
	[11] = {"Filter-Id", TEXT},
	[12] = {"Framed-MTU", NUMBER},
	[13] = {"Framed-Compression", NUMBER, compressions},
	[14] = {"Login-IP-Host", ADDRESS_OR_CHOICE},
	[15] = {"Login-Service", NUMBER, login_services},
	[16] = {"Login-TCP-Port", NUMBER},
	[17] = {"Unassigned", OPAQUE},
	[18] = {"Reply-Message", TEXT},
	[19] = {"Callback-Number", TEXT},
	[20] = {"Callback-Id", TEXT},
	[21] = {"Unassigned", OPAQUE},
	[22] = {"Framed-Route", TEXT},
	[23] = {"Framed-IPX-Network", IPX},
	[24] = {"State", TEXT},
	[25] = {"Class", TEXT},
	[26] = {"Vendor-Specific", VENDOR},
	[27] = {"Session-Timeout", SECONDS},
	[28] = {"Idle-Timeout", SECONDS},
	[29] = {"Termination-Action", NUMBER, terminations},
	[30] = {"Called-Station-Id", TEXT},
	[31] = {"Calling-Station-Id", TEXT},
	[32] = {"NAS-Identifier", TEXT},
	[33] = {"Proxy-State", TEXT},
	[34] = {"Login-LAT-Service", TEXT},
	[35] = {"Login-LAT-Node", TEXT},
	[36] = {"Login-LAT-Group", TEXT},
	[37] = {"Framed-AppleTalk-Link", LINK},
	[38] = {"Framed-AppleTalk-Network", NETWORK},
	[39] = {"Framed-AppleTalk-Zone", TEXT},
	[40] = {"Acct-Status-Type", NUMBER, accounting_states},
	[41] = {"Acct-Delay-Time", SECONDS},
	[42] = {"Acct-Input-Octets", NUMBER},
	[43] = {"Acct-Output-Octets", NUMBER},
	[44] = {"Acct-Session-Id", TEXT},
	[45] = {"Acct-Authentic", NUMBER, authenticities},
	[46] = {"Acct-Session-Time", SECONDS},
	[47] = {"Acct-Input-Packets", NUMBER},
	[48] = {"Acct-Output-Packets", NUMBER},
	[49] = {"Acct-Terminate-Cause", NUMBER, terminate_causes},
	[50] = {"Acct-Multi-Session-Id", TEXT},
	[51] = {"Acct-Link-Count", NUMBER},
	[52] = {"Acct-Input-Gigawords", NUMBER},
	[53] = {"Acct-Output-Gigawords", NUMBER},
	[54] = {"Unassigned", OPAQUE},
	[55] = {"Event-Timestamp", TIME},
	[56] = {"Egress-VLANID", VLAN_ID},
	[57] = {"Ingress-Filters", NUMBER, ingress_filters},
	[58] = {"Egress-VLAN-Name", VLAN_NAME},
	[59] = {"User-Priority-Table", OPAQUE},
	[60] = {"CHAP-Challenge", TEXT},
	[61] = {"NAS-Port-Type", NUMBER, port_types},
	[62] = {"Port-Limit", NUMBER},
	[63] = {"Login-LAT-Port", TEXT},
	[64] = {"Tunnel-Type", TAGGED_LABEL, tunnel_types},
	[65] = {"Tunnel-Medium-Type", TAGGED_LABEL, tunnel_media},
	[66] = {"Tunnel-Client-Endpoint", TAGGED_TEXT},
	[67] = {"Tunnel-Server-Endpoint", TAGGED_TEXT},
	[68] = {"Acct-Tunnel-Connection", TEXT},
	[69] = {"Tunnel-Password", PASSWORD},
	[70] = {"ARAP-Password", ARAP_PASSWORD},
	[71] = {"ARAP-Features", ARAP_FEATURES},
	[72] = {"ARAP-Zone-Access", NUMBER, arap_zones},
	[73] = {"ARAP-Security", TEXT},
	[74] = {"ARAP-Security-Data", TEXT},
	[75] = {"Password-Retry", NUMBER},
	[76] = {"Prompt", NUMBER, prompts},
	[77] = {"Connect-Info", TEXT},
	[78] = {"Configuration-Token", TEXT},
	[79] = {"EAP-Message", EAP},
	[80] = {"Message-Authenticator", TEXT},
	[81] = {"Tunnel-Private-Group-ID", TAGGED_TEXT},
	[82] = {"Tunnel-Assignment-ID", TAGGED_TEXT},
	[83] = {"Tunnel-Preference", TAGGED_NUMBER},
	[84] = {"ARAP-Challenge-Response", ARAP_RESPONSE},
	[85] = {"Acct-Interim-Interval", SECONDS},
	[86] = {"Acct-Tunnel-Packets-Lost", NUMBER},
	[87] = {"NAS-Port-Id", TEXT},
	[88] = {"Framed-Pool", TEXT},
	[89] = {"CUI", TEXT},
	[90] = {"Tunnel-Client-Auth-ID", TAGGED_TEXT},
	[91] = {"Tunnel-Server-Auth-ID", TAGGED_TEXT},
	[92] = {"NAS-Filter-Rule", TEXT},
	[93] = {"Unassigned", OPAQUE},
	[94] = {"Originating-Line-Info", OPAQUE},
	[95] = {"NAS-IPv6-Address", ADDRESS6},
	[96] = {"Framed-Interface-ID", OPAQUE},
	[97] = {"Framed-IPv6-Prefix", PREFIX6},
	[98] = {"Login-IPv6-Host", ADDRESS6},
	[99] = {"Framed-IPv6-Route", TEXT},
	[100] = {"Framed-IPv6-Pool", TEXT},
	[101] = {"Error-Cause", ERROR_CAUSE},
	[102] = {"EAP-Key-Name", OPAQUE},
	[103] = {"Digest-Response", TEXT},
	[104] = {"Digest-Realm", TEXT},
	[105] = {"Digest-Nonce", TEXT},
	[106] = {"Digest-Response-Auth", TEXT},
	[107] = {"Digest-Nextnonce", TEXT},
	[108] = {"Digest-Method", TEXT},
	[109] = {"Digest-URI", TEXT},
	[110] = {"Digest-Qop", TEXT},
	[111] = {"Digest-Algorithm", TEXT},
	[112] = {"Digest-Entity-Body-Hash", TEXT},
	[113] = {"Digest-CNonce", TEXT},
	[114] = {"Digest-Nonce-Count", TEXT},
	[115] = {"Digest-Username", TEXT},
	[116] = {"Digest-Opaque", TEXT},
	[117] = {"Digest-Auth-Param", TEXT},
	[118] = {"Digest-AKA-Auts", TEXT},
	[119] = {"Digest-Domain", TEXT},
	[120] = {"Digest-Stale", TEXT},
	[121] = {"Digest-HA1", TEXT},
	[122] = {"SIP-AOR", TEXT},
	[123] = {"Delegated-IPv6-Prefix", PREFIX6},
	[124] = {"MIP6-Feature-Vector", FEATURES},
	[125] = {"MIP6-Home-Link-Prefix", HOME_PREFIX6},
	[126] = {"Operator-Name", OPERATOR},
	[127] = {"Location-Information", LOCATION},
	[128] = {"Location-Data", LOCATION_DATA},
	[129] = {"Basic-Location-Policy-Rules", LOCATION_RULES},
};

/* What it must be long; a value of another length is not printed. */
static const uint8_t exact_length[KINDS] = {
	[NUMBER] = 4,	     [ADDRESS] = 4,	     [ADDRESS_OR_CHOICE] = 4,
	[ADDRESS6] = 16,     [HOME_PREFIX6] = 17,    [SECONDS] = 4,
	[IPX] = 4,	     [LINK] = 4,	     [NETWORK] = 4,
	[TAGGED_NUMBER] = 4, [TAGGED_LABEL] = 4,     [VLAN_ID] = 4,
	[TIME] = 4,	     [FEATURES] = 8,	     [ARAP_PASSWORD] = 16,
	[ARAP_FEATURES] = 14,
};

static const uint8_t least_length[KINDS] = {
	[OPERATOR] = 2,
	[LOCATION] = 21,
	[LOCATION_DATA] = 3,
	[LOCATION_RULES] = 10,
};

/* A value: the cursor reaches to the snapshot's end, maybe farther. */
struct value {
	struct cursor *c;
	uint32_t length;
	const struct attribute *attribute;
};

static void put_printable(struct text *t, struct cursor *c, uint32_t length,
			  bool to_nul)
{
	for (uint32_t i = 0; i < length && !t->stopped; i++) {
		uint8_t b = text_u8(t, c);

		if (!b && to_nul)
			return;
		put_char(t, b >= 0x20 && b < 0x7f ? (char)b : '.');
	}
}

/* Made visible. True if the snapshot ends inside. */
static bool put_counted(struct text *t, struct cursor *c, uint32_t length)
{
	return put_visible_bytes(t, c->at, length, c->end);
}

static void put_tag(struct text *t, uint8_t tag)
{
	if (tag)
		put(t, "Tag[%u] ", tag);
	else
		put_text(t, "Tag[Unused] ");
}

static void text_text(struct text *t, struct value *v)
{
	put_printable(t, v->c, v->length, true);
}

static void text_tagged_text(struct text *t, struct value *v)
{
	uint8_t tag = text_has(t, v->c, 1) ? *v->c->at : 0;

	if (tag <= 0x1f) {
		if (v->length < 1) {
			text_trunc(t);
			return;
		}
		put_tag(t, tag);
		cursor_skip(v->c, 1);
		v->length--;
	}
	text_text(t, v);
}

static void text_password(struct text *t, struct value *v)
{
	uint8_t tag;

	if (v->length < 3) {
		text_trunc(t);
		return;
	}
	tag = text_u8(t, v->c);
	put_tag(t, tag <= 0x1f ? tag : 0);
	put(t, "Salt %u ", text_be16(t, v->c));
	v->length -= 3;
	text_text(t, v);
}

static void put_vlan_tag(struct text *t, uint8_t tag)
{
	put(t, "%s (0x%02x) ", label_or(vlan_tags, tag, "Unknown tag"), tag);
}

static void text_vlan_name(struct text *t, struct value *v)
{
	put_vlan_tag(t, text_u8(t, v->c));
	v->length--;
	text_text(t, v);
}

static void text_vlan_id(struct text *t, struct value *v)
{
	put_vlan_tag(t, text_u8(t, v->c));
	put_u32(t, text_be24(t, v->c));
}

static void text_eap(struct text *t, struct value *v)
{
	eap_text(t, *v->c, v->length);
	t->protocol = "radius";
}

static void put_value(struct text *t, const struct value *v, uint32_t value)
{
	if (v->attribute->labels)
		put_label(t, v->attribute->labels, value, "#%u");
	else
		put_u32(t, value);
}

static void text_number(struct text *t, struct value *v)
{
	put_value(t, v, text_be32(t, v->c));
}

static void text_tagged_number(struct text *t, struct value *v)
{
	put_tag(t, text_u8(t, v->c));
	put_value(t, v, text_be24(t, v->c));
}

static void text_ipx(struct text *t, struct value *v)
{
	uint32_t value = text_be32(t, v->c);

	if (value == 0xfffffffe)
		put_text(t, "NAS Select");
	else
		put_u32(t, value);
}

static void text_link(struct text *t, struct value *v)
{
	uint32_t value = text_be32(t, v->c);

	if (value)
		put_u32(t, value);
	else
		put_text(t, "Unnumbered");
}

static void text_network(struct text *t, struct value *v)
{
	uint32_t value = text_be32(t, v->c);

	if (value)
		put_u32(t, value);
	else
		put_text(t, "NAS assigned");
}

static void text_seconds(struct text *t, struct value *v)
{
	uint32_t s = text_be32(t, v->c);

	if (s < 60)
		put(t, "%02u secs", s);
	else if (s < 3600)
		put(t, "%02u:%02u min", s / 60, s % 60);
	else
		put(t, "%02u:%02u:%02u hours", s / 3600, s % 3600 / 60, s % 60);
}

static void text_address(struct text *t, struct value *v)
{
	put_ipv4(t, text_bytes(t, v->c, 4));
}

static void text_address_or_choice(struct text *t, struct value *v)
{
	const uint8_t *address = text_bytes(t, v->c, 4);
	uint32_t value = load_be32(address);

	if (value == 0xffffffff)
		put_text(t, "User Selected");
	else if (value == 0xfffffffe)
		put_text(t, "NAS Select");
	else
		put_ipv4(t, address);
}

static void text_address6(struct text *t, struct value *v)
{
	put_ipv6(t, text_bytes(t, v->c, 16));
}

static void text_prefix6(struct text *t, struct value *v)
{
	uint8_t address[16] = {0};
	uint8_t prefix;

	if (v->length < 2 || v->length > 18) {
		put(t, "ERROR: length %u not in range (2..18)", v->length);
		return;
	}
	cursor_skip(v->c, 1); /* reserved */
	prefix = text_u8(t, v->c);
	if (prefix > 128) {
		put(t, "ERROR: netmask %u not in range (0..128)", prefix);
		return;
	}
	memcpy(address, text_bytes(t, v->c, v->length - 2), v->length - 2);
	put_ipv6(t, address);
	put(t, "/%u", prefix);
	if (prefix > 8 * (v->length - 2))
		put_text(t, " (inconsistent prefix length)");
}

static void text_home_prefix6(struct text *t, struct value *v)
{
	uint8_t prefix = text_u8(t, v->c);

	if (prefix > 128) {
		put(t, "ERROR: netmask %u not in range (0..128)", prefix);
		return;
	}
	put_ipv6(t, text_bytes(t, v->c, 16));
	put(t, "/%u", prefix);
}

static void text_vendor(struct text *t, struct value *v)
{
	uint32_t length = v->length, vendor;

	if (length < 4) {
		text_trunc(t);
		return;
	}
	vendor = text_be32(t, v->c);
	length -= 4;
	put(t, "Vendor: %s (%u)",
	    label_or(enterprise_labels, vendor, "Unknown"), vendor);
	while (length >= 2 && !t->stopped) {
		uint8_t type = text_u8(t, v->c);
		uint8_t size = text_u8(t, v->c);

		put(t, "\n\t    Vendor Attribute: %u, Length: ", type);
		if (size < 2) {
			put(t, "%u (bogus, must be >= 2)", size);
			return;
		}
		if (size > length) {
			put(t, "%u (bogus, goes past end of "
			       "vendor-specific attribute)",
			    size);
			return;
		}
		put(t, "%u, Value: ", size - 2);
		put_printable(t, v->c, size - 2u, false);
		length -= size;
	}
}

static void text_time(struct text *t, struct value *v)
{
	time_t when = (time_t)text_be32(t, v->c);
	struct tm tm;
	char text[32];

	/* In local time, as ctime() has it. */
	if (!localtime_r(&when, &tm))
		return;
	strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y", &tm);
	put_text(t, text);
}

static void text_features(struct text *t, struct value *v)
{
	uint64_t value = text_be64(t, v->c);
	const char *separator = "";

	put_char(t, '[');
	for (const struct label *f = features; f->text; f++) {
		if (!(value >> f->value & 1))
			continue;
		put(t, "%s%s", separator, f->text);
		separator = ", ";
	}
	put_char(t, ']');
}

static void text_operator(struct text *t, struct value *v)
{
	put_char(t, '[');
	put_label(t, operator_namespaces, text_u8(t, v->c),
		  "unknown namespace %u");
	put_text(t, "] ");
	if (put_counted(t, v->c, v->length - 1))
		text_trunc(t);
}

static void text_location(struct text *t, struct value *v)
{
	put(t, "index %u, code ", text_be16(t, v->c));
	put_label(t, location_codes, text_u8(t, v->c), "Unknown (%u)");
	put_text(t, ", entity ");
	put_label(t, location_entities, text_u8(t, v->c), "Unknown (%u)");
	put_text(t, ", sighting time ");
	ntp_put_time(t, text_be64(t, v->c));
	put_text(t, ", time to live ");
	ntp_put_time(t, text_be64(t, v->c));
	put_text(t, ", method \"");
	if (put_counted(t, v->c, v->length - 20))
		text_trunc(t);
	else
		put_char(t, '"');
}

static void text_location_data(struct text *t, struct value *v)
{
	const uint8_t *bytes;

	put(t, "index %u, location", text_be16(t, v->c));
	bytes = text_take(t, v->c, v->length - 2);
	if (bytes)
		put_hex_ascii(t, "\n\t    ", bytes, v->length - 2);
}

static void text_location_rules(struct text *t, struct value *v)
{
	put_text(t, "flags [");
	put_bits(t, location_rules, text_be16(t, v->c), "none", ", ");
	put_text(t, "], retention expires ");
	ntp_put_time(t, text_be64(t, v->c));
	if (v->length > 10) {
		put_text(t, ", note well \"");
		if (put_counted(t, v->c, v->length - 10))
			text_trunc(t);
		else
			put_char(t, '"');
	}
}

static void put_hex_value(struct text *t, struct value *v, uint32_t n)
{
	for (; n; n--)
		put(t, "%02X", text_u8(t, v->c));
}

static void text_arap_password(struct text *t, struct value *v)
{
	put_text(t, "User_challenge (");
	put_hex_value(t, v, 8);
	put_text(t, ") User_resp(");
	put_hex_value(t, v, 8);
	put_char(t, ')');
}

static void text_arap_features(struct text *t, struct value *v)
{
	put_text(t, text_u8(t, v->c) ? "User can change password"
				     : "User cannot change password");
	put(t, ", Min password length: %u, created at: ", text_u8(t, v->c));
	put_hex_value(t, v, 4);
	put_text(t, ", expires in: ");
	put_hex_value(t, v, 4);
	put_text(t, ", Current Time: ");
	put_hex_value(t, v, 4);
}

static void text_arap_response(struct text *t, struct value *v)
{
	if (v->length < 8) {
		put(t, "ERROR: length %u != 8", v->length);
		return;
	}
	put_hex_value(t, v, 8);
}

static void text_error_cause(struct text *t, struct value *v)
{
	uint32_t cause;

	if (v->length != 4) {
		put(t, "Error: length %u != 4", v->length);
		return;
	}
	cause = text_be32(t, v->c);
	put(t, "Error cause %u: ", cause);
	put_label(t, error_causes, cause, "Error-Cause %u not known");
}

static void (*const text_kind[KINDS])(struct text *t, struct value *v) = {
	[TEXT] = text_text,
	[NUMBER] = text_number,
	[ADDRESS] = text_address,
	[ADDRESS_OR_CHOICE] = text_address_or_choice,
	[ADDRESS6] = text_address6,
	[PREFIX6] = text_prefix6,
	[HOME_PREFIX6] = text_home_prefix6,
	[SECONDS] = text_seconds,
	[IPX] = text_ipx,
	[LINK] = text_link,
	[NETWORK] = text_network,
	[TAGGED_NUMBER] = text_tagged_number,
	[TAGGED_TEXT] = text_tagged_text,
	[TAGGED_LABEL] = text_tagged_number,
	[PASSWORD] = text_password,
	[VLAN_ID] = text_vlan_id,
	[VLAN_NAME] = text_vlan_name,
	[VENDOR] = text_vendor,
	[EAP] = text_eap,
	[TIME] = text_time,
	[FEATURES] = text_features,
	[OPERATOR] = text_operator,
	[LOCATION] = text_location,
	[LOCATION_DATA] = text_location_data,
	[LOCATION_RULES] = text_location_rules,
	[ARAP_PASSWORD] = text_arap_password,
	[ARAP_FEATURES] = text_arap_features,
	[ARAP_RESPONSE] = text_arap_response,
	[ERROR_CAUSE] = text_error_cause,
};

/* Where the snapshot ends inside one of these, the next one is looked for. */
static bool is_checked(enum kind kind)
{
	switch (kind) {
	case TEXT:
	case TAGGED_TEXT:
	case PASSWORD:
	case VLAN_NAME:
	case EAP:
	case PREFIX6:
	case HOME_PREFIX6:
	case OPERATOR:
	case LOCATION:
	case LOCATION_DATA:
	case LOCATION_RULES:
		return true;
	default:
		return false;
	}
}

static void text_value(struct text *t, const struct attribute *attribute,
		       struct cursor c, uint32_t length)
{
	struct value v = {&c, length, attribute};
	enum kind kind = attribute->kind;

	if (!length || !text_kind[kind])
		return;
	if (is_checked(kind) && !cursor_has(&c, length) &&
	    !(kind == HOME_PREFIX6 && length != exact_length[kind]))
		text_trunc(t);
	else if (exact_length[kind] && length != exact_length[kind])
		put(t, "ERROR: length %u != %u", length, exact_length[kind]);
	else if (length < least_length[kind])
		put(t, "ERROR: length %u < %u", length, least_length[kind]);
	else
		text_kind[kind](t, &v);
}

void radius_text_attributes(struct text *t, struct cursor c, uint32_t length)
{
	static const struct attribute unknown = {"Unknown", OPAQUE, NULL};

	while (length && !t->stopped) {
		const struct attribute *attribute = &unknown;
		uint8_t type, size;

		if (length < 2 || !cursor_has(&c, 2)) {
			text_trunc(t);
			return;
		}
		type = cursor_u8(&c);
		size = cursor_u8(&c);
		if (type && type < ARRAY_SIZE(attributes))
			attribute = &attributes[type];
		put(t, "\n\t  %s Attribute (%u), length: %u", attribute->name,
		    type, size);
		if (size < 2) {
			put_text(t, " (bogus, must be >= 2)");
			return;
		}
		if (size > length) {
			put_text(t, " (bogus, goes past end of packet)");
			return;
		}
		put_text(t, ", Value: ");
		text_value(t, attribute, c, size - 2u);
		if (t->options->verbose > 1)
			put_unknown_data(t, &c, "\n\t    ", size - 2u);
		if (cursor_has(&c, size - 2u))
			cursor_skip(&c, size - 2u);
		else
			c.at = c.end;
		length -= size;
	}
}
