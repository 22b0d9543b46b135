// SPDX-License-Identifier: BSD-3-Clause
#include "src/report/conn_log.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include "bpf/delta.h"
#include "dissectors/service_kind.h"
#include "src/base/addr.h"
#include "src/base/cleanup.h"
#include "src/flow/tunnel.h"
#include "src/report/community_id.h"

void conn_log_put_address(struct strbuf *out, const struct connection *c,
			  int side)
{
	const uint8_t *address = side ? c->key.destination : c->key.source;

	if (c->key.family == FLOW_IPV4)
		addr_put_ipv4(out, address);
	else if (c->key.family == FLOW_IPV6)
		addr_put_ipv6(out, address);
}

uint16_t conn_log_port(const struct connection *c, int side)
{
	return ntohs(side ? c->key.destination_port : c->key.source_port);
}

void conn_log_put_protocol(struct strbuf *out, const struct connection *c)
{
	const char *name = connection_protocol(c);

	if (name)
		strbuf_puts(out, name);
	else if (c->key.family == FLOW_NONE)
		strbuf_printf(out, "ethertype-0x%04x",
			      ntohs(c->key.source_port));
	else
		strbuf_printf(out, "ip-%u", c->key.protocol);
}

static const struct port_service {
	uint16_t port;
	uint8_t protocol; /* 0: TCP and UDP */
	const char *name;
} services[] = {
	{20, 6, "ftp-data"},	 {21, 6, "ftp"},       {22, 6, "ssh"},
	{23, 6, "telnet"},	 {25, 6, "smtp"},      {53, 0, "dns"},
	{67, 17, "dhcp"},	 {68, 17, "dhcp"},     {80, 6, "http"},
	{88, 0, "krb"},		 {110, 6, "pop3"},     {123, 17, "ntp"},
	{137, 17, "netbios-ns"}, {143, 6, "imap"},     {161, 17, "snmp"},
	{179, 6, "bgp"},	 {389, 0, "ldap"},     {443, 6, "ssl"},
	{443, 17, "quic"},	 {445, 6, "smb"},      {465, 6, "smtp"},
	{514, 17, "syslog"},	 {587, 6, "smtp"},     {636, 6, "ssl"},
	{853, 6, "ssl"},	 {993, 6, "ssl"},      {995, 6, "ssl"},
	{1433, 6, "mssql"},	 {1883, 6, "mqtt"},    {3306, 6, "mysql"},
	{3389, 6, "rdp"},	 {4789, 17, "vxlan"},  {5060, 0, "sip"},
	{5222, 6, "xmpp"},	 {5353, 17, "mdns"},   {5355, 17, "llmnr"},
	{5432, 6, "postgresql"}, {6081, 17, "geneve"}, {6379, 6, "redis"},
	{8080, 6, "http"},
};

const char *conn_log_service(const struct connection *c, bool ports_tell)
{
	uint16_t port = conn_log_port(c, !connection_roles(c).originator);

	if (c->service || !ports_tell)
		return service_name(c->service);
	if (c->key.family == FLOW_NONE ||
	    (c->key.protocol != 6 && c->key.protocol != 17))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(services); i++)
		if (services[i].port == port &&
		    (!services[i].protocol ||
		     services[i].protocol == c->key.protocol))
			return services[i].name;
	return NULL;
}

/* As Zeek's: C and digits of base 62, here made from what they name. */
static void put_uid(struct json *json, const struct connection *c)
{
	static const char digits[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"
		"ghijklmnopqrstuvwxyz";
	uint64_t parts[2];
	char text[20] = "C";
	int n = 1;

	parts[0] = delta_key_hash(&c->key, (uint64_t)c->first);
	parts[1] = delta_key_hash(&c->key, parts[0]);
	for (int part = 0; part < 2; part++)
		for (int i = 0; i < 9 - part; i++) {
			text[n++] = digits[parts[part] % 62];
			parts[part] /= 62;
		}
	json_text(json, "uid", text, (size_t)n);
}

static void put_endpoint(struct json *json, const char *address,
			 const char *port, const struct connection *c, int side)
{
	if (c->key.family == FLOW_NONE)
		return;
	json_key(json, address);
	strbuf_putc(json->out, '"');
	conn_log_put_address(json->out, c, side);
	strbuf_putc(json->out, '"');
	json_u64(json, port, conn_log_port(c, side));
}

/* @prefix is orig or resp, @name what follows the underscore. */
static void put_counter(struct json *json, const char *prefix, const char *name,
			uint64_t value)
{
	char key[40];
	size_t n = 0;

	while (*prefix && n < sizeof(key) - 2)
		key[n++] = *prefix++;
	key[n++] = '_';
	while (*name && n < sizeof(key) - 1)
		key[n++] = *name++;
	key[n] = 0;
	json_u64(json, key, value);
}

static void put_side(struct json *json, const char *prefix,
		     const struct connection *c, int side)
{
	const struct connection_rare *rare = connection_rare(c, side);
	const struct connection_side *s = &c->side[side];
	const struct connection_rtt *rtt =
		c->extra ? &c->extra->rtt[side] : NULL;

	put_counter(json, prefix, "segments", s->segments);
	put_counter(json, prefix, "wire_bytes", s->wire_bytes);
	if (s->packets && c->key.family != FLOW_NONE) {
		put_counter(json, prefix, "ttl_min", s->ttl_min);
		put_counter(json, prefix, "ttl_max", s->ttl_max);
	}
	if (c->extra && c->extra->corrupt[side])
		put_counter(json, prefix, "bad_checksums",
			    c->extra->corrupt[side]);
	if (!connection_is_tcp(c))
		return;
	put_counter(json, prefix, "retransmits", s->retransmitted);
	put_counter(json, prefix, "out_of_order", rare->out_of_order);
	put_counter(json, prefix, "duplicate_acks", rare->duplicate_acks);
	put_counter(json, prefix, "zero_windows", rare->zero_windows);
	if (rare->congestion_marks)
		put_counter(json, prefix, "congestion_marks",
			    rare->congestion_marks);
	if (s->options & CONNECTION_OPTION_MSS)
		put_counter(json, prefix, "mss", s->mss);
	if (s->options & CONNECTION_OPTION_SCALE)
		put_counter(json, prefix, "window_scale", s->window_scale);
	if (!rtt || !rtt->count)
		return;
	put_counter(json, prefix, "rtt_us", rtt->sum / rtt->count / 1000);
	put_counter(json, prefix, "rtt_min_us", rtt->min / 1000);
	put_counter(json, prefix, "rtt_max_us", rtt->max / 1000);
	put_counter(json, prefix, "rtt_samples", rtt->count);
}

static const char *end_name(const struct connection *c)
{
	static const char *const names[] = {
		[CONNECTION_OPEN] = "open",
		[CONNECTION_CLOSED] = "closed",
		[CONNECTION_IDLE] = "idle",
		[CONNECTION_REPLACED] = "replaced",
		[CONNECTION_EVICTED] = "evicted",
		[CONNECTION_AT_EXIT] = "exit",
	};

	return names[c->end];
}

/* Who ended it first, and how. */
static void put_close(struct json *json, const struct connection *c,
		      int originator)
{
	uint64_t event;

	for (unsigned int i = 0; connection_event(c, i, &event); i++) {
		int kind = connection_event_kind(event);

		if (kind != FLOW_EVENT_FIN && kind != FLOW_EVENT_RST &&
		    kind != FLOW_EVENT_FIN_RST)
			continue;
		json_string(json, "closed_by",
			    connection_event_side(event) == originator
				    ? "orig"
				    : "resp");
		json_string(json, "closed_how",
			    kind == FLOW_EVENT_FIN ? "fin" : "rst");
		return;
	}
}

static void put_tcp(struct json *json, const struct connection *c,
		    int originator)
{
	const struct connection_side *o = &c->side[originator];
	const struct connection_side *r = &c->side[!originator];
	int64_t server, client;

	json_u64(json, "retransmits",
		 (uint64_t)o->retransmitted + r->retransmitted);
	if (!connection_handshake(c, &server, &client)) {
		json_i64(json, "rtt_us", (server + client) / 1000);
		json_i64(json, "handshake_server_us", server / 1000);
		json_i64(json, "handshake_client_us", client / 1000);
	}
	json_bool(json, "sack",
		  o->options & r->options & CONNECTION_OPTION_SACK);
	json_bool(json, "timestamps",
		  o->options & r->options & CONNECTION_OPTION_TIMESTAMP);
	json_bool(json, "ecn",
		  o->flags & TCP_SYN && o->flags & TCP_ECE &&
			  r->flags & TCP_ECE);
	put_close(json, c, originator);
}

/* What Zeek's conn.log has, in its order. */
static void put_zeek(struct json *json, const struct connection *c,
		     int originator, bool ports_tell)
{
	const struct connection_side *o = &c->side[originator];
	const struct connection_side *r = &c->side[!originator];
	const char *service = conn_log_service(c, ports_tell);
	int64_t duration = connection_ended(c) - c->first;
	size_t before;

	json_seconds(json, "ts", c->first, 6);
	put_uid(json, c);
	put_endpoint(json, "id.orig_h", "id.orig_p", c, originator);
	put_endpoint(json, "id.resp_h", "id.resp_p", c, !originator);
	json_key(json, "proto");
	strbuf_putc(json->out, '"');
	conn_log_put_protocol(json->out, c);
	strbuf_putc(json->out, '"');
	if (service)
		json_string(json, "service", service);
	if (service && !c->service)
		json_string(json, "service_from", "port");
	if (duration >= 1000) {
		json_seconds(json, "duration", duration, 6);
		json_u64(json, "orig_bytes", connection_payload(c, originator));
		json_u64(json, "resp_bytes",
			 connection_payload(c, !originator));
	}
	json_string(json, "conn_state", connection_state_name(c));
	json_u64(json, "missed_bytes",
		 connection_is_tcp(c) ? connection_missed(c, 0) + connection_missed(c, 1)
			   : 0);
	before = json->out->length;
	json_key(json, "history");
	strbuf_putc(json->out, '"');
	connection_put_history(c, json->out);
	if (json->out->length && json->out->data[json->out->length - 1] == '"')
		json->out->length = before; /* it has none */
	else
		strbuf_putc(json->out, '"');
	json_u64(json, "orig_pkts", o->packets);
	json_u64(json, "orig_ip_bytes", o->ip_bytes);
	json_u64(json, "resp_pkts", r->packets);
	json_u64(json, "resp_ip_bytes", r->ip_bytes);
}

static void put_name(struct json *json, const char *prefix,
		     const struct connection *c, int side,
		     const struct conn_log_context *context)
{
	const uint8_t *address = side ? c->key.destination : c->key.source;
	const char *how = NULL, *name;
	bool is_originator = prefix[0] == 'o';

	name = context->address_name(address, c->key.family, &how,
				     context->names_context);
	if (!name)
		return;
	json_string(json, is_originator ? "orig_name" : "resp_name", name);
	if (how)
		json_string(json,
			    is_originator ? "orig_name_from" : "resp_name_from",
			    how);
}

static void put_place(struct json *json, const struct connection *c,
		      int originator, const struct conn_log_context *context)
{
	const char *tunnel = tunnel_name(c->key.tunnel), *name = NULL;
	char text[COMMUNITY_ID_LENGTH + 1];
	struct flow_key key = c->key;
	uint32_t id;

	if (originator) {
		__builtin_memcpy(key.source, c->key.destination, 16);
		__builtin_memcpy(key.destination, c->key.source, 16);
		key.source_port = c->key.destination_port;
		key.destination_port = c->key.source_port;
	}
	if (community_id(&key, 0, text))
		json_string(json, "community_id", text);
	if (c->key.vlan)
		json_u64(json, "vlan", c->key.vlan);
	if (tunnel) {
		json_string(json, "tunnel", tunnel);
		if (tunnel_has_id(c->key.tunnel, &id))
			json_u64(json, "tunnel_id", id);
		json_bool(json, "inner", connection_is_inner(c));
	}
	if (c->key.ifindex && context && context->interface_name)
		name = context->interface_name(c->key.ifindex,
					       context->context);
	if (name)
		json_string(json, "interface", name);
	if (context && context->address_name && c->key.family != FLOW_NONE) {
		put_name(json, "orig", c, originator, context);
		put_name(json, "resp", c, !originator, context);
	}
}

void conn_log_put(struct json *json, const char *key,
		  const struct connection *c,
		  const struct conn_log_context *context)
{
	int originator = connection_roles(c).originator;

	json_open_object(json, key);
	put_zeek(json, c, originator, context && context->ports_tell);
	put_place(json, c, originator, context);
	put_side(json, "orig", c, originator);
	put_side(json, "resp", c, !originator);
	if (connection_is_tcp(c))
		put_tcp(json, c, originator);
	if (c->extra && c->extra->icmp_errors) {
		json_u64(json, "icmp_errors", c->extra->icmp_errors);
		json_u64(json, "icmp_error_type", c->extra->icmp_type);
		json_u64(json, "icmp_error_code", c->extra->icmp_code);
	}
	if (context && context->put_owner)
		context->put_owner(json, c, context->owner_context);
	json_string(json, "end", end_name(c));
	json_close_object(json);
}

void conn_log_put_line(struct strbuf *out, const struct connection *c,
		       const struct conn_log_context *context)
{
	struct json json = json_begin(out);

	conn_log_put(&json, NULL, c, context);
	strbuf_putc(out, '\n');
}
