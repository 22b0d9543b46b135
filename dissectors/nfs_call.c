/* SPDX-License-Identifier: BSD-3-Clause */
/* The bodies of NFS calls. */
#include "dissectors/nfs.h"

#include "dissectors/field.h"

enum { HANDLE_2 = 32 };

static const struct label access_labels[] = {
	{0x01, "NFS_ACCESS_READ"},
	{0x02, "NFS_ACCESS_LOOKUP"},
	{0x04, "NFS_ACCESS_MODIFY"},
	{0x08, "NFS_ACCESS_EXTEND"},
	{0x10, "NFS_ACCESS_DELETE"},
	{0x20, "NFS_ACCESS_EXECUTE"},
	{0, NULL},
};

enum { ACCESS_FULL = 0x3f };

/* What a call sets of a file's attributes; times as they stand. */
struct attributes {
	bool has_mode, has_user, has_group;
	uint32_t mode, user, group;
	uint32_t access_kind, access_time[2];
	uint32_t change_kind, change_time[2];
};

enum { TIME_OF_CLIENT = 2 };

void nfs_text_handle(struct nfs_reader *r)
{
	struct text *t = r->t;
	uint32_t length = HANDLE_2;

	if (r->three)
		length = text_be32(t, &r->c);
	if (t->stopped || !nfs_has(r, length & ~3u))
		return;
	put_text(t, " fh");
	if (t->options->undecoded_nfs) {
		put_char(t, '[');
		for (uint32_t i = 0; i < length / 4; i++)
			put(t, "%s%x", i ? ":" : "",
			    load_be32(r->c.at + 4 * i));
		put_char(t, ']');
	} else {
		put_char(t, ' ');
		nfs_put_handle(t, r->c.at, length / 4);
	}
	cursor_skip(&r->c, length & ~3u);
}

void nfs_text_name(struct nfs_reader *r)
{
	struct text *t = r->t;
	uint32_t length = text_be32(t, &r->c);

	if (length > UINT32_MAX - 3) {
		put_text(t, "[cannot pad to 32-bit boundaries]");
		text_invalid(t);
		nfs_has(r, SIZE_MAX);
		return;
	}
	if (t->stopped || !nfs_has(r, (length + 3) & ~3u))
		return;
	put_char(t, '"');
	put_visible_bytes(t, r->c.at, length, r->c.end);
	put_char(t, '"');
	cursor_skip(&r->c, (length + 3) & ~3u);
}

void nfs_text_handle_name(struct nfs_reader *r)
{
	nfs_text_handle(r);
	put_char(r->t, ' ');
	nfs_text_name(r);
}

/* The size is read as one word, which it is not. */
static struct attributes read_attributes(struct nfs_reader *r)
{
	struct attributes a = {0};

	a.has_mode = text_be32(r->t, &r->c);
	if (a.has_mode)
		a.mode = text_be32(r->t, &r->c);
	a.has_user = text_be32(r->t, &r->c);
	if (a.has_user)
		a.user = text_be32(r->t, &r->c);
	a.has_group = text_be32(r->t, &r->c);
	if (a.has_group)
		a.group = text_be32(r->t, &r->c);
	if (text_be32(r->t, &r->c))
		text_be32(r->t, &r->c);
	a.access_kind = text_be32(r->t, &r->c);
	for (int i = 0; a.access_kind == TIME_OF_CLIENT && i < 2; i++)
		a.access_time[i] = text_be32(r->t, &r->c);
	a.change_kind = text_be32(r->t, &r->c);
	for (int i = 0; a.change_kind == TIME_OF_CLIENT && i < 2; i++)
		a.change_time[i] = text_be32(r->t, &r->c);
	return a;
}

static void text_attributes(struct text *t, const struct attributes *a)
{
	if (a->has_mode) {
		put_text(t, " mode ");
		nfs_put_mode(t, a->mode);
	}
	if (a->has_user)
		put(t, " uid %u", a->user);
	if (a->has_group)
		put(t, " gid %u", a->group);
	if (t->options->verbose < 2)
		return;
	if (a->access_kind == TIME_OF_CLIENT)
		put(t, " atime %u.%06u", a->access_time[0], a->access_time[1]);
	if (a->change_kind == TIME_OF_CLIENT)
		put(t, " mtime %u.%06u", a->change_time[0], a->change_time[1]);
}

static void text_access(struct nfs_reader *r)
{
	struct text *t = r->t;
	uint32_t wanted;

	nfs_text_handle(r);
	wanted = text_be32(t, &r->c);
	if (!wanted)
		return;
	put_char(t, ' ');
	if (wanted == ACCESS_FULL)
		put_text(t, "NFS_ACCESS_FULL");
	else if (wanted & ~(uint32_t)ACCESS_FULL)
		put(t, "%04x", wanted);
	else
		put_bits(t, access_labels, wanted, NULL, "|");
}

static void text_read(struct nfs_reader *r)
{
	struct text *t = r->t;
	uint64_t offset;
	uint32_t size;

	nfs_text_handle(r);
	offset = r->three ? text_be64(t, &r->c) : text_be32(t, &r->c);
	size = text_be32(t, &r->c);
	put(t, " %u bytes @ %llu", size, (unsigned long long)offset);
}

static void text_write(struct nfs_reader *r)
{
	struct text *t = r->t;
	const uint8_t *p;

	nfs_text_handle(r);
	p = text_bytes(t, &r->c, r->three ? 20 : 16);
	if (!r->three) {
		put(t, " %u (%u) bytes @ %u (%u)", load_be32(p + 12),
		    load_be32(p + 8), load_be32(p + 4), load_be32(p));
		return;
	}
	put(t, " %u (%u) bytes @ %llu", load_be32(p + 16), load_be32(p + 8),
	    (unsigned long long)load_be64(p));
	if (t->options->verbose) {
		put_text(t, " <");
		put_label(t, nfs_stable_labels, load_be32(p + 12), "#%d");
		put_char(t, '>');
	}
}

static void text_symlink(struct nfs_reader *r)
{
	struct attributes a = {0};

	nfs_text_handle_name(r);
	put_text(r->t, " ->");
	if (r->three)
		a = read_attributes(r);
	nfs_text_name(r);
	if (r->three && r->t->options->verbose)
		text_attributes(r->t, &a);
}

static void text_mknod(struct nfs_reader *r)
{
	struct text *t = r->t;
	struct attributes a;
	uint32_t kind;

	nfs_text_handle_name(r);
	kind = text_be32(t, &r->c);
	a = read_attributes(r);
	put_char(t, ' ');
	put_label(t, nfs_file_labels, kind, "unk-ft %u");
	if (!t->options->verbose)
		return;
	if (kind == 3 || kind == 4) {
		uint32_t major = text_be32(t, &r->c);

		put(t, " %u/%u", major, text_be32(t, &r->c));
	}
	text_attributes(t, &a);
}

static void text_readdir(struct nfs_reader *r, bool plus)
{
	struct text *t = r->t;
	uint32_t cookie, verifier[2];
	uint64_t from;

	nfs_text_handle(r);
	if (!r->three) {
		cookie = text_be32(t, &r->c);
		put(t, " %u bytes @ %u", text_be32(t, &r->c), cookie);
		return;
	}
	from = text_be64(t, &r->c);
	verifier[0] = text_be32(t, &r->c);
	verifier[1] = text_be32(t, &r->c);
	put(t, " %u bytes @ %llu", text_be32(t, &r->c),
	    (unsigned long long)from);
	if (!t->options->verbose)
		return;
	if (plus)
		put(t, " max %u", text_be32(t, &r->c));
	put(t, " verf %08x%08x", verifier[0], verifier[1]);
}

void nfs_text_call(struct nfs_reader *r, uint32_t procedure)
{
	switch (procedure) {
	case NFS_GETATTR:
	case NFS_SETATTR:
	case NFS_READLINK:
	case NFS_FSSTAT:
	case NFS_FSINFO:
	case NFS_PATHCONF:
		nfs_text_handle(r);
		break;
	case NFS_LOOKUP:
	case NFS_CREATE:
	case NFS_MKDIR:
	case NFS_REMOVE:
	case NFS_RMDIR:
		nfs_text_handle_name(r);
		break;
	case NFS_ACCESS:
		text_access(r);
		break;
	case NFS_READ:
	case NFS_COMMIT:
		text_read(r);
		break;
	case NFS_WRITE:
		text_write(r);
		break;
	case NFS_SYMLINK:
		text_symlink(r);
		break;
	case NFS_MKNOD:
		text_mknod(r);
		break;
	case NFS_RENAME:
		nfs_text_handle_name(r);
		put_text(r->t, " ->");
		nfs_text_handle_name(r);
		break;
	case NFS_LINK:
		nfs_text_handle(r);
		put_text(r->t, " ->");
		nfs_text_handle_name(r);
		break;
	case NFS_READDIR:
		text_readdir(r, false);
		break;
	case NFS_READDIRPLUS:
		text_readdir(r, true);
		break;
	default:
		break;
	}
}
