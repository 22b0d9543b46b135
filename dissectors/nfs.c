/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * NFS in ONC RPC (RFC 5531). A reply says no more than the number of the call
 * that it replies to, so the printer keeps the calls seen last.
 */
#include "dissectors/nfs.h"

#include "dissectors/printer.h"
#include "dissectors/protocols.h"
#include "src/base/cleanup.h"

enum {
	CALL = 24,  /* up to the credentials */
	REPLY = 12, /* up to the verifier or the reason */
	AUTHENTICATION = 8,
	ACCEPTED = 0,
	DENIED = 1,
	NFS_VERSION_3 = 3,
};

const struct label nfs_procedure_labels[] = {
	{NFS_NULL, "null"},	    {NFS_GETATTR, "getattr"},
	{NFS_SETATTR, "setattr"},   {NFS_LOOKUP, "lookup"},
	{NFS_ACCESS, "access"},	    {NFS_READLINK, "readlink"},
	{NFS_READ, "read"},	    {NFS_WRITE, "write"},
	{NFS_CREATE, "create"},	    {NFS_MKDIR, "mkdir"},
	{NFS_SYMLINK, "symlink"},   {NFS_MKNOD, "mknod"},
	{NFS_REMOVE, "remove"},	    {NFS_RMDIR, "rmdir"},
	{NFS_RENAME, "rename"},	    {NFS_LINK, "link"},
	{NFS_READDIR, "readdir"},   {NFS_READDIRPLUS, "readdirplus"},
	{NFS_FSSTAT, "fsstat"},	    {NFS_FSINFO, "fsinfo"},
	{NFS_PATHCONF, "pathconf"}, {NFS_COMMIT, "commit"},
	{NFS_NOP, "nop"},	    {0, NULL},
};

const struct label nfs_file_labels[] = {
	{0, "NON"}, {1, "REG"}, {2, "DIR"},  {3, "BLK"},
	{4, "CHR"}, {5, "LNK"}, {7, "FIFO"}, {0, NULL},
};

const struct label nfs_stable_labels[] = {
	{0, "unstable"}, {1, "datasync"}, {2, "filesync"}, {0, NULL}};

uint32_t nfs_procedure(uint32_t version, uint32_t number)
{
	static const uint8_t of_version_2[] = {
		NFS_NULL,     NFS_GETATTR, NFS_SETATTR, NFS_NOP,     NFS_LOOKUP,
		NFS_READLINK, NFS_READ,	   NFS_NOP,	NFS_WRITE,   NFS_CREATE,
		NFS_REMOVE,   NFS_RENAME,  NFS_LINK,	NFS_SYMLINK, NFS_MKDIR,
		NFS_RMDIR,    NFS_READDIR, NFS_FSSTAT};

	if (version == NFS_VERSION_3 || number >= NFS_PROCEDURES)
		return number;
	return number < ARRAY_SIZE(of_version_2) ? of_version_2[number]
						 : (uint32_t)NFS_NOP;
}

void nfs_put_mode(struct text *t, uint32_t mode)
{
	char digits[12], *p = digits + sizeof(digits);

	*--p = '\0';
	do
		*--p = (char)('0' + (mode & 7));
	while (mode >>= 3);
	put_text(t, p);
}

bool nfs_has(struct nfs_reader *r, size_t n)
{
	if (r->t->stopped || r->ended)
		return false;
	if (cursor_has(&r->c, n))
		return true;
	if (!r->failed)
		text_trunc(r->t);
	r->ended = true;
	r->ended_at = r->t->out->length;
	return false;
}

void nfs_end(struct nfs_reader *r)
{
	if (!r->ended)
		return;
	r->t->out->length = r->ended_at;
	r->t->stopped = false;
}

bool nfs_is_call(struct slice data)
{
	return data.length >= 8 && load_be32(data.data + 4) == RPC_CALL;
}

bool nfs_is_reply(struct slice data)
{
	return data.length >= 8 && load_be32(data.data + 4) == RPC_REPLY;
}

void nfs_decode_message(struct dissection *d)
{
	struct layer *layer = d->layer;
	struct cursor *c = &d->cursor;

	layer->words[0] = cursor_be32(c); /* transaction */
	layer->words[1] = cursor_be32(c); /* call or reply */
	if (layer->words[1] == RPC_CALL)
		cursor_skip(c, 4);	  /* version of RPC */
	layer->words[2] = cursor_be32(c); /* program, or reply's status */
	if (layer->words[1] == RPC_CALL) {
		layer->words[3] = cursor_be32(c); /* version */
		layer->words[4] = cursor_be32(c); /* procedure */
	}
	if (c->overrun)
		layer->flags |= LAYER_TRUNCATED;
}

/* The addresses of an IP layer. */
struct ends {
	uint8_t size;
	const uint8_t *source, *destination;
};

static struct ends find_ends(const struct layer *ip)
{
	if (ip->dissector == &ipv6_dissector)
		return (struct ends){16, ip->ipv6.source, ip->ipv6.destination};
	return (struct ends){4, ip->ipv4.source, ip->ipv4.destination};
}

static void remember_call(struct text *t, const struct layer *layer)
{
	struct text_printer *p = t->printer;
	struct ends ends = find_ends(layer_ip(t->packet, layer));
	struct nfs_call *call = &p->calls[p->next_call];

	p->next_call = (p->next_call + 1) % ARRAY_SIZE(p->calls);
	call->xid = (uint32_t)layer->words[0];
	call->version = (uint32_t)layer->words[3];
	call->procedure = (uint32_t)layer->words[4];
	call->size = ends.size;
	memcpy(call->client, ends.source, ends.size);
	memcpy(call->server, ends.destination, ends.size);
}

/* The call that @layer replies to: looked for from where the last was. */
static const struct nfs_call *find_call(struct text *t,
					const struct layer *layer)
{
	struct text_printer *p = t->printer;
	struct ends ends = find_ends(layer_ip(t->packet, layer));
	unsigned int i = p->found_call;

	do {
		const struct nfs_call *call = &p->calls[i];

		if (call->size == ends.size &&
		    call->xid == (uint32_t)layer->words[0] &&
		    !memcmp(call->client, ends.destination, ends.size) &&
		    !memcmp(call->server, ends.source, ends.size)) {
			p->found_call = i;
			return call;
		}
		i = (i + 1) % ARRAY_SIZE(p->calls);
	} while (i != p->found_call);
	return NULL;
}

/* Pass credentials or a verifier, which are not printed. They must be shorter
 * than the message is said to be. */
static uint32_t skip_authentication(struct nfs_reader *r)
{
	uint32_t size;

	text_be32(r->t, &r->c);
	size = text_be32(r->t, &r->c);
	nfs_skip(r, (size_t)size + (-size & 3));
	return size;
}

static bool is_shorter(struct nfs_reader *r, uint64_t size, uint32_t length)
{
	if (size >= length)
		nfs_has(r, SIZE_MAX);
	return size < length && !r->t->stopped;
}

static void text_call(struct text *t, const struct layer *layer)
{
	struct nfs_reader r = {.t = t, .c = text_cursor(layer)};
	uint32_t procedure = nfs_procedure((uint32_t)layer->words[3],
					   (uint32_t)layer->words[4]);
	uint64_t size;

	r.three = layer->words[3] == NFS_VERSION_3;
	put(t, "NFS request xid %u %u", (uint32_t)layer->words[0],
	    layer->length);
	if (!nfs_has(&r, CALL))
		return;
	remember_call(t, layer);
	put_char(t, ' ');
	put_label(t, nfs_procedure_labels, procedure, "proc-%u");
	if (procedure == NFS_NULL || procedure > NFS_COMMIT)
		return;
	cursor_skip(&r.c, CALL);
	size = 0;
	for (int i = 0; i < 2; i++)
		if (is_shorter(&r, size + AUTHENTICATION - 1, layer->length))
			size += ((uint64_t)skip_authentication(&r) +
				 AUTHENTICATION + 3) &
				~3ull;
	if (is_shorter(&r, size, layer->length))
		nfs_text_call(&r, procedure);
	nfs_end(&r);
}

static void text_denied(struct nfs_reader *r, uint32_t length)
{
	static const struct label reasons[] = {
		{0, "OK"},
		{1, "Bogus Credentials (seal broken)"},
		{2, "Rejected Credentials (client should begin new session)"},
		{3, "Bogus Verifier (seal broken)"},
		{4, "Verifier expired or was replayed"},
		{5, "Credentials are too weak"},
		{6, "Bogus response verifier"},
		{7, "Unknown failure"},
		{0, NULL}};
	struct text *t = r->t;
	uint32_t kind, low;

	put(t, "reply ERR %u:", length);
	kind = text_be32(t, &r->c);
	low = text_be32(t, &r->c);
	switch (kind) {
	case 0:
		put(t, " RPC Version mismatch (%u-%u)", low,
		    text_be32(t, &r->c));
		break;
	case 1:
		put_text(t, " Auth ");
		put_label(t, reasons, low, "Invalid failure code %u");
		break;
	default:
		put(t, " Unknown reason for rejecting rpc message %u", kind);
		break;
	}
}

static void text_accepted(struct nfs_reader *r, const struct layer *layer)
{
	static const struct label states[] = {
		{1, "PROG_UNAVAIL"}, {2, "PROG_MISMATCH"}, {3, "PROC_UNAVAIL"},
		{4, "GARBAGE_ARGS"}, {5, "SYSTEM_ERR"},	   {0, NULL}};
	struct text *t = r->t;
	const struct nfs_call *call;
	uint32_t procedure, status;

	put(t, "reply ok %u", layer->length);
	call = find_call(t, layer);
	if (!call)
		return;
	procedure = nfs_procedure(call->version, call->procedure);
	r->three = call->version == NFS_VERSION_3;
	put_char(t, ' ');
	put_label(t, nfs_procedure_labels, procedure, "proc-%u");
	if (!is_shorter(r, skip_authentication(r), layer->length))
		return;
	status = text_be32(t, &r->c);
	if (t->stopped)
		return;
	if (status) {
		put_char(t, ' ');
		put_label(t, states, status, "ar_stat %u");
		return;
	}
	nfs_text_reply(r, procedure);
}

void nfs_text_reply_message(struct text *t, const struct layer *layer)
{
	struct nfs_reader r = {.t = t, .c = text_cursor(layer)};

	if (!nfs_has(&r, REPLY))
		return;
	cursor_skip(&r.c, REPLY);
	switch (layer->words[2]) {
	case ACCEPTED:
		text_accepted(&r, layer);
		break;
	case DENIED:
		text_denied(&r, layer->length);
		break;
	default:
		put(t, "reply Unknown rpc response code=%u %u",
		    (uint32_t)layer->words[2], layer->length);
		break;
	}
	nfs_end(&r);
}

static void text(struct text *t, const struct layer *layer)
{
	t->protocol = "nfs";
	if (!layer_ip(t->packet, layer))
		return;
	if (layer->words[1] == RPC_CALL) {
		text_call(t, layer);
		return;
	}
	put(t, "NFS reply xid %u ", (uint32_t)layer->words[0]);
	nfs_text_reply_message(t, layer);
}

static void json(struct json *json, const struct packet *packet,
		 const struct layer *layer)
{
	(void)packet;
	json_u64(json, "transaction", layer->words[0]);
	json_bool(json, "reply", layer->words[1] == RPC_REPLY);
	if (layer->flags & LAYER_TRUNCATED)
		return;
	if (layer->words[1] == RPC_REPLY) {
		json_u64(json, "reply_status", layer->words[2]);
		return;
	}
	json_u64(json, "program", layer->words[2]);
	json_u64(json, "program_version", layer->words[3]);
	json_u64(json, "procedure", layer->words[4]);
	json_string(json, "procedure_name",
		    label_or(nfs_procedure_labels,
			     nfs_procedure((uint32_t)layer->words[3],
					   (uint32_t)layer->words[4]),
			     "unknown"));
}

const struct dissector nfs_dissector = {
	.name = "nfs",
	.decode = nfs_decode_message,
	.text = text,
	.json = json,
};
