/* SPDX-License-Identifier: BSD-3-Clause */
/* The bodies of NFS replies. */
#include "dissectors/nfs.h"

enum {
	ATTRIBUTES_2 = 68,
	ATTRIBUTES_3 = 84,
	BEFORE = 24, /* what is told of a file's state before */
};

static const struct label error_labels[] = {
	{1, "Operation not permitted"},
	{2, "No such file or directory"},
	{5, "Input/output error"},
	{6, "Device not configured"},
	{11, "Resource deadlock avoided"},
	{12, "Cannot allocate memory"},
	{13, "Permission denied"},
	{17, "File exists"},
	{19, "Operation not supported by device"},
	{20, "Not a directory"},
	{21, "Is a directory"},
	{22, "Invalid argument"},
	{26, "Text file busy"},
	{27, "File too large"},
	{28, "No space left on device"},
	{30, "Read-only file system"},
	{45, "Operation not supported"},
	{63, "File name too long"},
	{66, "Directory not empty"},
	{69, "Disc quota exceeded"},
	{70, "Stale NFS file handle"},
	{71, "Too many levels of remote in path"},
	{99, "Write cache flushed to disk"},
	{10001, "Illegal NFS file handle"},
	{10002, "Update synchronization mismatch"},
	{10003, "READDIR/READDIRPLUS cookie is stale"},
	{10004, "Operation not supported"},
	{10005, "Buffer or request is too small"},
	{10006, "Unspecified error on server"},
	{10007, "Object of that type not supported"},
	{10008, "Request couldn't be completed in time"},
	{0, NULL},
};

/* True: it went well. */
static bool text_status(struct nfs_reader *r)
{
	uint32_t status = text_be32(r->t, &r->c);

	if (r->t->stopped)
		return false;
	if (status) {
		put_text(r->t, " ERROR: ");
		put_label(r->t, error_labels, status, "unk %u");
		r->failed = true;
	}
	return !status;
}

static void text_times(struct text *t, const uint8_t *p)
{
	for (int i = 0; i < 3; i++)
		put(t, " %u.%06u", load_be32(p + 8 * i),
		    load_be32(p + 8 * i + 4));
}

static void text_more_attributes(struct nfs_reader *r, const uint8_t *p)
{
	struct text *t = r->t;

	if (!r->three) {
		put(t, " nlink %u rdev 0x%x fsid 0x%x nodeid 0x%x a/m/ctime",
		    load_be32(p + 8), load_be32(p + 28), load_be32(p + 36),
		    load_be32(p + 40));
		text_times(t, p + 44);
		return;
	}
	put(t, " nlink %u rdev %u/%u fsid %llx fileid %llx a/m/ctime",
	    load_be32(p + 8), load_be32(p + 36), load_be32(p + 40),
	    (unsigned long long)load_be64(p + 44),
	    (unsigned long long)load_be64(p + 52));
	text_times(t, p + 60);
}

/* A file's attributes; without @verbose they are skipped. */
static void text_attributes(struct nfs_reader *r, unsigned int verbose)
{
	size_t size = r->three ? ATTRIBUTES_3 : ATTRIBUTES_2;
	struct text *t = r->t;
	const uint8_t *p = r->c.at;
	struct cursor c = r->c;

	if (!nfs_has(r, 20))
		return;
	if (verbose) {
		put_char(t, ' ');
		put_label(t, nfs_file_labels, load_be32(p), "unk-ft %u ");
		put_char(t, ' ');
		nfs_put_mode(t, load_be32(p + 4));
		put(t, " ids %d/%d", (int)load_be32(p + 12),
		    (int)load_be32(p + 16));
		cursor_skip(&c, 20);
		put(t, " sz %llu",
		    (unsigned long long)(r->three ? text_be64(t, &c)
						  : text_be32(t, &c)));
	}
	if (t->stopped)
		return;
	if (verbose > 1 && !nfs_has(r, size))
		return;
	if (verbose > 1)
		text_more_attributes(r, p);
	nfs_skip(r, size);
}

/* Attributes, if a flag says so. */
static void text_optional(struct nfs_reader *r, unsigned int verbose)
{
	if (!text_be32(r->t, &r->c) || r->t->stopped)
		return;
	if (verbose)
		text_attributes(r, verbose);
	else
		nfs_skip(r, ATTRIBUTES_3);
}

/* A file's state before what was done, and its attributes after. */
static void text_change(struct nfs_reader *r, unsigned int verbose)
{
	struct text *t = r->t;

	if (verbose > 1)
		put_text(t, " PRE:");
	if (text_be32(t, &r->c) && !t->stopped) {
		const uint8_t *p = r->c.at;

		if (!nfs_has(r, BEFORE))
			return;
		if (verbose > 1) {
			put(t, " sz %llu mtime %u.%06u ctime %u.%06u",
			    (unsigned long long)load_be64(p), load_be32(p + 8),
			    load_be32(p + 12), load_be32(p + 16),
			    load_be32(p + 20));
		}
		nfs_skip(r, BEFORE);
	}
	if (verbose)
		put_text(t, " POST:");
	text_optional(r, verbose);
}

static void text_found(struct nfs_reader *r, unsigned int verbose)
{
	bool good = text_status(r);

	if (good)
		nfs_text_handle(r);
	if (!r->three) {
		if (good)
			text_attributes(r, verbose);
		return;
	}
	if (good)
		text_optional(r, verbose);
	if (verbose > 1) {
		put_text(r->t, " post dattr:");
		text_optional(r, verbose);
	}
}

/* What a creation gave. */
static void text_created(struct nfs_reader *r, unsigned int verbose)
{
	if (!text_status(r)) {
		text_change(r, verbose);
		return;
	}
	if (!text_be32(r->t, &r->c))
		return;
	nfs_text_handle(r);
	text_optional(r, verbose);
	if (verbose > 1) {
		put_text(r->t, " dir attr:");
		text_change(r, verbose);
	}
}

static void text_access(struct nfs_reader *r, unsigned int verbose)
{
	bool good = text_status(r);

	if (verbose)
		put_text(r->t, " attr:");
	text_optional(r, verbose);
	if (good)
		put(r->t, " c %04x", text_be32(r->t, &r->c));
}

static void text_link(struct nfs_reader *r, unsigned int verbose)
{
	if (!text_status(r))
		return;
	if (r->three)
		text_optional(r, verbose);
	put_char(r->t, ' ');
	nfs_text_name(r);
}

static void text_read(struct nfs_reader *r, unsigned int verbose)
{
	struct text *t = r->t;
	bool good = text_status(r);

	if (!r->three) {
		if (good)
			text_attributes(r, verbose);
		return;
	}
	text_optional(r, verbose);
	if (!good || !verbose)
		return;
	put(t, " %u bytes", text_be32(t, &r->c));
	if (text_be32(t, &r->c))
		put_text(t, " EOF");
}

static void put_verifier(struct nfs_reader *r)
{
	put(r->t, " verf %llx", (unsigned long long)text_be64(r->t, &r->c));
}

static void text_write(struct nfs_reader *r, unsigned int verbose)
{
	struct text *t = r->t;
	bool good = text_status(r);

	if (!r->three) {
		if (good)
			text_attributes(r, verbose);
		return;
	}
	text_change(r, verbose);
	if (!good || !verbose)
		return;
	put(t, " %u bytes", text_be32(t, &r->c));
	if (verbose > 1) {
		uint32_t stable = text_be32(t, &r->c);

		put_text(t, " <");
		put_label(t, nfs_stable_labels, stable, "#%d");
		put_char(t, '>');
		put_verifier(r);
	}
}

static void text_readdir(struct nfs_reader *r, unsigned int verbose)
{
	struct text *t = r->t;
	bool good = text_status(r);
	uint32_t offset;

	if (!r->three) {
		if (!good)
			return;
		offset = text_be32(t, &r->c);
		put(t, " offset 0x%x size %u ", offset, text_be32(t, &r->c));
		if (text_be32(t, &r->c))
			put_text(t, " eof");
		return;
	}
	if (verbose)
		put_text(t, " POST:");
	text_optional(r, verbose);
	if (good && verbose && nfs_has(r, 8))
		put(t, " verf %08x%08x", load_be32(r->c.at),
		    load_be32(r->c.at + 4));
}

static void text_space_2(struct nfs_reader *r)
{
	static const char *const names[] = {" tsize ", " bsize ", " blocks ",
					    " bfree ", " bavail "};

	if (!text_status(r) || !nfs_has(r, 20))
		return;
	for (int i = 0; i < 5; i++)
		put(r->t, "%s%u", names[i], load_be32(r->c.at + 4 * i));
}

static void text_space(struct nfs_reader *r, unsigned int verbose)
{
	static const char *const names[] = {" tbytes ", " fbytes ", " abytes ",
					    " tfiles ", " ffiles ", " afiles "};

	if (!r->three) {
		text_space_2(r);
		return;
	}
	/* They are printed behind an error, too. */
	text_status(r);
	if (verbose)
		put_text(r->t, " POST:");
	text_optional(r, verbose);
	if (r->t->stopped || !nfs_has(r, 52))
		return;
	for (int i = 0; i < (verbose ? 6 : 3); i++)
		put(r->t, "%s%llu", names[i],
		    (unsigned long long)load_be64(r->c.at + 8 * i));
	if (verbose)
		put(r->t, " invar %u", load_be32(r->c.at + 48));
}

static void text_server(struct nfs_reader *r, unsigned int verbose)
{
	struct text *t = r->t;
	bool good = text_status(r);
	const uint8_t *p;

	if (verbose)
		put_text(t, " POST:");
	text_optional(r, verbose);
	if (!good || !nfs_has(r, 48))
		return;
	p = r->c.at;
	put(t, " rtmax %u rtpref %u wtmax %u wtpref %u dtpref %u", load_be32(p),
	    load_be32(p + 4), load_be32(p + 12), load_be32(p + 16),
	    load_be32(p + 24));
	if (verbose)
		put(t, " rtmult %u wtmult %u maxfsz %llu delta %u.%06u ",
		    load_be32(p + 8), load_be32(p + 20),
		    (unsigned long long)load_be64(p + 28), load_be32(p + 36),
		    load_be32(p + 40));
}

static void text_path(struct nfs_reader *r, unsigned int verbose)
{
	struct text *t = r->t;
	bool good = text_status(r);
	const uint8_t *p;

	if (verbose)
		put_text(t, " POST:");
	text_optional(r, verbose);
	if (!good || !nfs_has(r, 24))
		return;
	p = r->c.at;
	put(t, " linkmax %u namemax %u %s %s %s %s", load_be32(p),
	    load_be32(p + 4), load_be32(p + 8) ? "notrunc" : "",
	    load_be32(p + 12) ? "chownres" : "",
	    load_be32(p + 16) ? "igncase" : "",
	    load_be32(p + 20) ? "keepcase" : "");
}

/* A status and what changed; of version 2 the status only. */
static void text_changed(struct nfs_reader *r, unsigned int verbose)
{
	text_status(r);
	if (r->three)
		text_change(r, verbose);
}

static void text_two(struct nfs_reader *r, unsigned int verbose, bool rename)
{
	text_status(r);
	if (!r->three || !verbose)
		return;
	if (rename) {
		put_text(r->t, " from:");
		text_change(r, verbose);
		put_text(r->t, " to:");
	} else {
		put_text(r->t, " file POST:");
		text_optional(r, verbose);
		put_text(r->t, " dir:");
	}
	text_change(r, verbose);
}

void nfs_text_reply(struct nfs_reader *r, uint32_t procedure)
{
	unsigned int verbose = r->t->options->verbose;

	switch (procedure) {
	case NFS_GETATTR:
		if (text_status(r))
			text_attributes(r, 1);
		break;
	case NFS_SETATTR:
		if (r->three)
			text_changed(r, verbose);
		else if (text_status(r))
			text_attributes(r, 1);
		break;
	case NFS_LOOKUP:
		text_found(r, verbose);
		break;
	case NFS_ACCESS:
		text_access(r, verbose);
		break;
	case NFS_READLINK:
		text_link(r, verbose);
		break;
	case NFS_READ:
		text_read(r, verbose);
		break;
	case NFS_WRITE:
		text_write(r, verbose);
		break;
	case NFS_CREATE:
	case NFS_MKDIR:
		if (r->three)
			text_created(r, verbose);
		else
			text_found(r, verbose);
		break;
	case NFS_MKNOD:
		text_created(r, verbose);
		break;
	case NFS_SYMLINK:
		if (r->three)
			text_created(r, verbose);
		else
			text_status(r);
		break;
	case NFS_REMOVE:
	case NFS_RMDIR:
		text_changed(r, verbose);
		break;
	case NFS_RENAME:
		text_two(r, verbose, true);
		break;
	case NFS_LINK:
		text_two(r, verbose, false);
		break;
	case NFS_READDIR:
	case NFS_READDIRPLUS:
		text_readdir(r, verbose);
		break;
	case NFS_FSSTAT:
		text_space(r, verbose);
		break;
	case NFS_FSINFO:
		text_server(r, verbose);
		break;
	case NFS_PATHCONF:
		text_path(r, verbose);
		break;
	case NFS_COMMIT:
		text_changed(r, verbose);
		if (verbose > 1)
			put_verifier(r);
		break;
	default:
		break;
	}
}
