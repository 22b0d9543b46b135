/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What servers put into the file handles that are opaque to everyone else.
 * tcpdump guesses the system from bytes that are the same in all its handles.
 */
#include "dissectors/nfs.h"

enum {
	LEAST_WORDS = 4,
	LIST_WORDS = 6,
	NAME_WORDS = 7,
	NAME_AT = 1,
	MOST_UNKNOWN = 32, /* bytes printed */
};

static void put_device(struct text *t, uint32_t major, uint32_t minor,
		       uint32_t file)
{
	put(t, "%u,%u/%u", major, minor, file);
}

/* A name of 12 printable characters, and one more or none. */
static bool is_name(const uint8_t *h)
{
	for (int i = 0; i < 13; i++) {
		uint8_t c = h[NAME_AT + i];

		if (c < ' ' || c > '~')
			return i == 12 && !c;
	}
	return true;
}

/* Up to a blank, at most as many characters as the handle has words. */
static void put_name(struct text *t, const uint8_t *h, uint32_t words)
{
	for (uint32_t i = 0; i < words; i++) {
		uint8_t c = h[NAME_AT + i];

		if (!c || c == ' ')
			break;
		put_char(t, (char)c);
	}
	put(t, "/%u",
	    (uint32_t)h[26] << 24 | (uint32_t)h[27] << 16 | load_le16(h + 22));
}

static void put_unknown(struct text *t, const uint8_t *h, uint32_t words)
{
	put(t, "%.*s/", words < 7 ? (int)words : 7, "Unknown");
	for (uint32_t i = 0; i < 4 * words && i < MOST_UNKNOWN; i++)
		put(t, "%02X", h[i]);
}

/* Handles whose first word is a device in halves, or nothing. */
static bool put_small_device(struct text *t, const uint8_t *h, uint32_t words)
{
	if (!load_be16(h)) {
		const uint8_t *device = load_be16(h + 2) ? h + 2 : h + 6;

		put_device(t, device[0], device[1], load_be32(h + 12));
		return true;
	}
	if (load_be16(h + 2))
		return false;
	if (!load_be16(h + 6))
		put_device(t, h[1], h[0], load_le32(h + 12));
	else if (words >= LIST_WORDS && !h[21] && !h[23])
		put_device(t, h[1], h[0], load_le32(h + 4));
	else
		return false;
	return true;
}

void nfs_put_handle(struct text *t, const uint8_t *h, uint32_t words)
{
	uint32_t device;

	if (words < LEAST_WORDS) {
		put_unknown(t, h, words);
		return;
	}
	if (put_small_device(t, h, words))
		return;
	if (load_be32(h + 4) == 0 && load_be16(h + 8) == 10) {
		put_device(t, h[0], load_be24(h + 1), load_be32(h + 12));
	} else if (h[9] == 10 && (!h[8] || !load_be16(h + 2))) {
		device = load_be32(h);
		put_device(t, device >> 18, device & 0x3ffff,
			   load_be32(h + 12));
	} else if (load_be16(h + 8) == 0x0c00 && load_be16(h + 2)) {
		device = load_le32(h);
		put_device(t, device >> 20, device & 0xfffff,
			   load_le32(h + 12));
	} else if (words >= NAME_WORDS && is_name(h)) {
		put_name(t, h, words);
	} else {
		put_unknown(t, h, words);
	}
}
