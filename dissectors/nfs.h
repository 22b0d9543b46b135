/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * NFS versions 2 (RFC 1094) and 3 (RFC 1813), and the ONC RPC messages
 * (RFC 5531) that they travel in.
 */
#ifndef BSNIFF_DISSECTORS_NFS_H
#define BSNIFF_DISSECTORS_NFS_H

#include "dissectors/put.h"

enum {
	NFS_PORT = 2049,
	RPC_CALL = 0,
	RPC_REPLY = 1,
};

/* Procedures, numbered as in version 3. */
enum nfs_procedure {
	NFS_NULL,
	NFS_GETATTR,
	NFS_SETATTR,
	NFS_LOOKUP,
	NFS_ACCESS,
	NFS_READLINK,
	NFS_READ,
	NFS_WRITE,
	NFS_CREATE,
	NFS_MKDIR,
	NFS_SYMLINK,
	NFS_MKNOD,
	NFS_REMOVE,
	NFS_RMDIR,
	NFS_RENAME,
	NFS_LINK,
	NFS_READDIR,
	NFS_READDIRPLUS,
	NFS_FSSTAT,
	NFS_FSINFO,
	NFS_PATHCONF,
	NFS_COMMIT,
	NFS_NOP = 25,
	NFS_PROCEDURES,
};

/* Does a datagram's payload begin with a call, a reply? */
bool nfs_is_call(struct slice data);
bool nfs_is_reply(struct slice data);

extern const struct label nfs_procedure_labels[];
extern const struct label nfs_file_labels[];   /* kinds of file */
extern const struct label nfs_stable_labels[]; /* how sure a write is */

/* The procedure that a call of version @version says is @number. */
uint32_t nfs_procedure(uint32_t version, uint32_t number);

/* XDR being read. */
struct nfs_reader {
	struct text *t;
	struct cursor c;
	bool three;  /* version 3 */
	bool failed; /* an error was printed: what is missing is not told */
	bool ended;  /* something was missing ... */
	size_t ended_at; /* ... at this length of the output */
};

/* Fill a layer from an RPC message: its number, call or reply, program (or
 * the reply's status), version and procedure into words[]. */
void nfs_decode_message(struct dissection *d);

/* Are @n bytes there? If not, the message ends: nothing that is printed from
 * then on is kept by nfs_end(). */
bool nfs_has(struct nfs_reader *r, size_t n);
void nfs_end(struct nfs_reader *r);

/* Pass @n bytes, or what there is. */
static inline void nfs_skip(struct nfs_reader *r, size_t n)
{
	size_t left = cursor_left(&r->c);

	cursor_skip(&r->c, n < left ? n : left);
}

/* A file handle with " fh " in front; a name in quotes; both. */
void nfs_text_handle(struct nfs_reader *r);
void nfs_text_name(struct nfs_reader *r);
void nfs_text_handle_name(struct nfs_reader *r);

/* The @words * 4 bytes of a handle, which are there: what is known of systems
 * tells the file system and the file apart, or all as digits. */
void nfs_put_handle(struct text *t, const uint8_t *handle, uint32_t words);

/* A file's mode, as octal digits. */
void nfs_put_mode(struct text *t, uint32_t mode);

/* An RPC message that is no call, from "reply" on. */
void nfs_text_reply_message(struct text *t, const struct layer *layer);

/* The body of a call, and of an accepted reply to @procedure. */
void nfs_text_call(struct nfs_reader *r, uint32_t procedure);
void nfs_text_reply(struct nfs_reader *r, uint32_t procedure);

#endif
