/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissectors/names.h"

#include <netdb.h>
#include <netinet/ether.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "dissectors/labels.h"
#include "src/base/addr.h"
#include "src/base/cleanup.h"
#include "src/base/cursor.h"

/* The cache is direct-mapped: bounded, and a busy address stays. */
enum { SLOTS = 4096, NAME_SIZE = 128, QUEUE = 256, PORTS = 65536 };

enum slot_state { SLOT_EMPTY, SLOT_ASKED, SLOT_KNOWN };

struct slot {
	enum slot_state state;
	uint8_t family; /* AF_INET, AF_INET6 or AF_PACKET */
	uint8_t address[16];
	uint8_t length;
	char name[NAME_SIZE];
};

struct question {
	uint8_t family;
	uint8_t address[16];
};

struct names {
	struct text_options options;
	char **tcp_ports, **udp_ports; /* by number */
	struct slot *slots;

	/* The background; under the lock: slots and queue. */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool has_thread, stop;
	bool resolving; /* the thread is away, asking */
	struct question queue[QUEUE];
	unsigned int asked, answered;
};

static const char *const IP_PROTOCOLS[256] = {
	"hopopt", "icmp", "igmp", "ggp", "ipencap", "st", "tcp", "cbt", "egp",
	"igp", "bbn-rcc-mon", "nvp-ii", "pup", "argus", "emcon", "xnet",
	"chaos", "udp", "mux", "dcn-meas", "hmp", "prm", "xns-idp", "trunk-1",
	"trunk-2", "leaf-1", "leaf-2", "rdp", "irtp", "iso-tp4", "netblt",
	"mfe-nsp", "merit-inp", "dccp", "3pc", "idpr", "xtp", "ddp",
	"idpr-cmtp", "tp++", "il", "ipv6", "sdrp", "ipv6-route", "ipv6-frag",
	"idrp", "rsvp", "gre", "dsr", "bna", "esp", "ah", "i-nlsp", "swipe",
	"narp", "mobile", "tlsp", "skip", "ipv6-icmp", "ipv6-nonxt",
	"ipv6-opts", NULL, "cftp", NULL, "sat-expak", "kryptolan", "rvd",
	"ippc", NULL, "sat-mon", "visa", "ipcv", "cpnx", "rspf", "wsn", "pvp",
	"br-sat-mon", "sun-nd", "wb-mon", "wb-expak", "iso-ip", "vmtp",
	"secure-vmtp", "vines", "ttp", "nsfnet-igp", "dgp", "tcf", "eigrp",
	"ospf", "sprite-rpc", "larp", "mtp", "ax.25", "ipip", "micp", "scc-sp",
	"etherip", "encap", NULL, "gmtp", "ifmp", "pnni", "pim", "aris",
	"scps", "qnx", "a/n", "ipcomp", "snp", "compaq-peer", "ipx-in-ip",
	"vrrp", "pgm", NULL, "l2tp", "ddx", "iatp", "stp", "srp", "uti", "smp",
	"sm", "ptp", "isis", "fire", "crtp", "crudp", "sscopmce", "iplt",
	"sps", "pipe", "sctp", "fc", "rsvp-e2e-ignore", "mobility-header",
	"udplite", "mpls-in-ip", "manet", "hip", "shim6", "wesp", "rohc", NULL,
	NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
	NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
	NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
	NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
	NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
	NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
	NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
	NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
	NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
	NULL, "exptest-253", "exptest-254", "reserved",
};

const char *names_ip_protocol(uint8_t protocol)
{
	return IP_PROTOCOLS[protocol];
}

static void free_ports(char **ports)
{
	for (int i = 0; ports && i < PORTS; i++)
		free(ports[i]);
	free(ports);
}

static void release(struct names *names)
{
	pthread_cond_destroy(&names->wake);
	pthread_mutex_destroy(&names->lock);
	free_ports(names->tcp_ports);
	free_ports(names->udp_ports);
	free(names->slots);
	free(names);
}

/* A resolver may take many seconds to give up. The thread that waits for it is
 * left behind then, and what it holds with it. */
void names_free(struct names *names)
{
	bool left_behind;

	if (!names)
		return;
	if (names->has_thread) {
		pthread_mutex_lock(&names->lock);
		names->stop = true;
		left_behind = names->resolving;
		pthread_cond_signal(&names->wake);
		pthread_mutex_unlock(&names->lock);
		if (left_behind) {
			pthread_detach(names->thread);
			return;
		}
		pthread_join(names->thread, NULL);
	}
	release(names);
}

DEFINE_CLEANUP(struct names *, names_free)

/* As in tcpdump, the last entry of the database for a port gives its name. */
static bool load_services(struct names *names)
{
	struct servent *service;
	bool good = true;

	names->tcp_ports = calloc(PORTS, sizeof(*names->tcp_ports));
	names->udp_ports = calloc(PORTS, sizeof(*names->udp_ports));
	if (!names->tcp_ports || !names->udp_ports)
		return false;
	setservent(1);
	while ((service = getservent())) {
		char **ports = NULL, **port;

		if (!strcmp(service->s_proto, "tcp"))
			ports = names->tcp_ports;
		else if (!strcmp(service->s_proto, "udp"))
			ports = names->udp_ports;
		if (!ports)
			continue;
		port = &ports[load_be16((const uint8_t *)&service->s_port)];
		free(*port);
		*port = strdup(service->s_name);
		if (!*port)
			good = false;
	}
	endservent();
	return good;
}

struct names *names_new(const struct text_options *options)
{
	_cleanup_(names_freep) struct names *names = calloc(1, sizeof(*names));

	if (!names)
		return NULL;
	names->options = *options;
	pthread_mutex_init(&names->lock, NULL);
	pthread_cond_init(&names->wake, NULL);
	names->slots = calloc(SLOTS, sizeof(*names->slots));
	if (!names->slots || !load_services(names))
		return NULL;
	return TAKE_PTR(names);
}

void names_set_network(struct names *names, uint32_t network, uint32_t netmask)
{
	names->options.network = network;
	names->options.netmask = netmask;
}

static size_t address_size(uint8_t family)
{
	return family == AF_INET ? 4 : family == AF_PACKET ? 6 : 16;
}

static struct slot *slot_of(struct names *names, const struct question *q)
{
	uint64_t hash = q->family;

	for (size_t i = 0; i < address_size(q->family); i++)
		hash = (hash ^ q->address[i]) * 0x100000001b3u;
	return &names->slots[(hash ^ hash >> 32) % SLOTS];
}

static bool slot_is(const struct slot *slot, const struct question *q)
{
	return slot->state != SLOT_EMPTY && slot->family == q->family &&
	       !memcmp(slot->address, q->address, sizeof(q->address));
}

/* Ask the resolver; this may take long. An empty name: there is none. */
static void resolve(const struct question *q, char name[NAME_SIZE])
{
	char buffer[4096];
	struct hostent host, *found = NULL;
	int error;

	name[0] = '\0';
	if (q->family == AF_PACKET) {
		struct ether_addr ether;

		memcpy(&ether, q->address, sizeof(ether));
		if (ether_ntohost(buffer, &ether))
			return;
		snprintf(name, NAME_SIZE, "%.*s", NAME_SIZE - 1, buffer);
		return;
	}
	if (gethostbyaddr_r(q->address, (socklen_t)address_size(q->family),
			    q->family, &host, buffer, sizeof(buffer), &found,
			    &error) ||
	    !found)
		return;
	snprintf(name, NAME_SIZE, "%.*s", NAME_SIZE - 1, found->h_name);
}

static void fill_slot(struct names *names, struct slot *slot,
		      const struct question *q, const char *name)
{
	bool whole = !names->options.no_domain || q->family == AF_PACKET;
	size_t length = whole ? strlen(name) : strcspn(name, ".");

	slot->state = SLOT_KNOWN;
	slot->family = q->family;
	memcpy(slot->address, q->address, sizeof(slot->address));
	memcpy(slot->name, name, length);
	slot->length = (uint8_t)length;
}

static void *answer_questions(void *context)
{
	struct names *names = context;
	char name[NAME_SIZE];
	bool left_behind = false;

	pthread_mutex_lock(&names->lock);
	while (!names->stop) {
		struct question q;
		struct slot *slot;

		if (names->answered == names->asked) {
			pthread_cond_wait(&names->wake, &names->lock);
			continue;
		}
		q = names->queue[names->answered++ % QUEUE];
		names->resolving = true;
		pthread_mutex_unlock(&names->lock);
		resolve(&q, name);
		pthread_mutex_lock(&names->lock);
		names->resolving = false;
		left_behind = names->stop;
		if (left_behind)
			break;
		slot = slot_of(names, &q);
		if (slot_is(slot, &q))
			fill_slot(names, slot, &q, name);
	}
	pthread_mutex_unlock(&names->lock);
	if (left_behind)
		release(names);
	return NULL;
}

/* Leave @q to the thread; when it is too busy, another packet will ask. */
static void ask(struct names *names, struct slot *slot,
		const struct question *q)
{
	if (!names->has_thread)
		names->has_thread = !pthread_create(&names->thread, NULL,
						    answer_questions, names);
	if (!names->has_thread || names->asked - names->answered == QUEUE)
		return;
	slot->state = SLOT_ASKED;
	slot->family = q->family;
	memcpy(slot->address, q->address, sizeof(slot->address));
	names->queue[names->asked++ % QUEUE] = *q;
	pthread_cond_signal(&names->wake);
}

/* Append the name of @q. False if it has none, or none yet. */
static bool put_name(struct names *names, const struct question *q,
		     struct strbuf *out)
{
	struct slot *slot = slot_of(names, q);
	char name[NAME_SIZE];
	bool known;

	pthread_mutex_lock(&names->lock);
	if (!slot_is(slot, q)) {
		if (names->options.wait_for_names) {
			resolve(q, name);
			fill_slot(names, slot, q, name);
		} else {
			ask(names, slot, q);
		}
	}
	known = slot_is(slot, q) && slot->state == SLOT_KNOWN && slot->length;
	if (known)
		strbuf_add(out, slot->name, slot->length);
	pthread_mutex_unlock(&names->lock);
	return known;
}

/* With -f, only this network's addresses have names. */
static bool is_foreign(const struct names *names, const uint8_t address[4])
{
	uint32_t word;

	memcpy(&word, address, sizeof(word));
	return names->options.foreign_numeric &&
	       (word & names->options.netmask) != names->options.network;
}

void names_put_ipv4(struct names *names, const uint8_t address[4],
		    struct strbuf *out)
{
	struct question q = {.family = AF_INET};

	memcpy(q.address, address, 4);
	if (is_foreign(names, address) || !put_name(names, &q, out))
		addr_put_ipv4(out, address);
}

void names_put_ipv6(struct names *names, const uint8_t address[16],
		    struct strbuf *out)
{
	struct question q = {.family = AF_INET6};

	memcpy(q.address, address, 16);
	if (!put_name(names, &q, out))
		addr_put_ipv6(out, address);
}

void names_put_mac(struct names *names, const uint8_t address[6],
		   struct strbuf *out)
{
	static const uint8_t BROADCAST[6] = {255, 255, 255, 255, 255, 255};
	struct question q = {.family = AF_PACKET};

	if (!memcmp(address, BROADCAST, sizeof(BROADCAST))) {
		strbuf_puts(out, "Broadcast");
		return;
	}
	memcpy(q.address, address, 6);
	if (put_name(names, &q, out))
		return;
	addr_put_mac(out, address);
	strbuf_puts(out, " (oui ");
	strbuf_puts(out, label_or(oui_labels, load_be24(address), "Unknown"));
	strbuf_putc(out, ')');
}

static void put_port(char **ports, uint16_t port, struct strbuf *out)
{
	if (ports[port])
		strbuf_puts(out, ports[port]);
	else
		strbuf_u32(out, port);
}

void names_put_tcp_port(struct names *names, uint16_t port, struct strbuf *out)
{
	put_port(names->tcp_ports, port, out);
}

void names_put_udp_port(struct names *names, uint16_t port, struct strbuf *out)
{
	put_port(names->udp_ports, port, out);
}
