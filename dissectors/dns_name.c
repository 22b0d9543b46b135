/* SPDX-License-Identifier: BSD-3-Clause */
/* Domain names: RFC 1035, 4.1.4; bit labels: RFC 2673. */
#include "dissectors/dns.h"

enum {
	KIND = 0xc0, /* the upper bits of a label's first octet */
	KIND_LABEL = 0x00,
	KIND_EXTENDED = 0x40,
	KIND_POINTER = 0xc0,
	BIT_LABEL = 1,
	MOST_CHARACTERS = 255,
};

static unsigned int bit_count(uint8_t octet)
{
	return octet ? octet : 256;
}

size_t dns_skip_name(const struct dns_message *m, size_t offset)
{
	for (;;) {
		uint8_t first;

		if (!dns_has(m, offset, 1))
			return 0;
		first = m->data[offset++];
		if (!first)
			return offset;
		switch (first & KIND) {
		case KIND_POINTER:
			return offset + 1;
		case KIND_EXTENDED:
			if ((first & ~KIND) != BIT_LABEL ||
			    !dns_has(m, offset, 1))
				return 0;
			offset += 1 + (bit_count(m->data[offset]) + 7) / 8;
			break;
		case KIND_LABEL:
			offset += first;
			break;
		default:
			return 0;
		}
	}
}

/* How long the label at @offset is behind its first octet; -1 if that is not
 * to be known, which is printed where there is something to say. */
static int label_length(struct text *t, const struct dns_message *m,
			size_t offset)
{
	uint8_t first;

	if (!dns_has(m, offset, 1))
		return -1;
	first = m->data[offset];
	switch (first & KIND) {
	case KIND_POINTER:
	case KIND_LABEL:
		return first;
	case KIND_EXTENDED:
		if ((first & ~KIND) != BIT_LABEL) {
			put(t, "<ELT %d>", first & ~KIND);
			return -1;
		}
		if (!dns_has(m, offset + 1, 1))
			return -1;
		return (int)(bit_count(m->data[offset + 1]) + 7) / 8 + 1;
	default:
		put_text(t, "<BAD LABEL TYPE>");
		return -1;
	}
}

/* A label of bits at @offset: \[x0a/4]. */
static bool text_bits(struct text *t, const struct dns_message *m,
		      size_t offset)
{
	unsigned int bits, left;

	if (!dns_has(m, offset, 1))
		return false;
	bits = bit_count(m->data[offset++]);
	put_text(t, "\\[x");
	for (left = bits; left > 0; offset++) {
		uint8_t octet;

		if (!dns_has(m, offset, 1)) {
			text_stop(t);
			return true;
		}
		octet = m->data[offset];
		if (left > 7) {
			put(t, "%02x", octet);
			left -= 8;
			continue;
		}
		if (left > 4)
			put(t, "%02x", octet & 0xff << (8 - left));
		else
			put(t, "%1x", octet >> 4 & 15 & 15 << (4 - left));
		left = 0;
	}
	put(t, "/%u]", bits);
	return true;
}

/* A name being printed. */
struct walk {
	size_t at;	/* behind the first octet of the label */
	size_t next;	/* what follows the name */
	size_t most;	/* pointers must go in front of this */
	int length;	/* of the label */
	uint8_t first;	/* octet of the label */
	bool compressed;
	unsigned int characters;
};

/* Read the first octet of the label at @offset. */
static bool read_label(struct text *t, const struct dns_message *m,
		       struct walk *w, size_t offset)
{
	w->length = label_length(t, m, offset);
	if (w->length < 0)
		return false;
	w->first = m->data[offset];
	w->at = offset + 1;
	return true;
}

static bool follow_pointer(struct text *t, const struct dns_message *m,
			   struct walk *w)
{
	size_t target;

	if (!w->compressed)
		w->next = w->at + 1;
	w->compressed = true;
	if (!dns_has(m, w->at, 1))
		return false;
	target = (size_t)(w->first & ~KIND) << 8 | m->data[w->at];
	if (target >= w->most) {
		put_text(t, "<BAD PTR>");
		return false;
	}
	w->most = target;
	return read_label(t, m, w, m->base + target);
}

static bool text_label(struct text *t, const struct dns_message *m,
		       struct walk *w)
{
	unsigned int n = (unsigned int)w->length;

	if ((w->first & KIND) == KIND_EXTENDED)
		return text_bits(t, m, w->at);
	if (w->characters + n > MOST_CHARACTERS)
		n = w->characters < MOST_CHARACTERS
			    ? MOST_CHARACTERS - w->characters
			    : 0;
	w->characters += (unsigned int)w->length;
	return !put_visible_bytes(t, m->data + w->at, n, m->data + m->length);
}

size_t dns_text_name(struct text *t, const struct dns_message *m, size_t offset)
{
	/* A name in front of the base may point anywhere, as in tcpdump. */
	struct walk w = {.most = (uint32_t)(offset - m->base)};

	if (!read_label(t, m, &w, offset))
		return 0;
	if ((w.first & KIND) != KIND_POINTER)
		w.next = w.at + (size_t)w.length;
	if (!w.first) {
		put_char(t, '.');
		return w.next;
	}
	while (w.first && w.at < m->length && !t->stopped) {
		if ((w.first & KIND) == KIND_POINTER) {
			if (!follow_pointer(t, m, &w))
				return 0;
			continue;
		}
		if (!text_label(t, m, &w))
			return 0;
		w.at += (size_t)w.length;
		if (w.characters <= MOST_CHARACTERS)
			put_char(t, '.');
		w.characters++;
		if (!read_label(t, m, &w, w.at))
			return 0;
		if (!w.compressed)
			w.next += (size_t)w.length + 1;
	}
	if (w.characters > MOST_CHARACTERS)
		put_text(t, "<DOMAIN NAME TOO LONG>");
	return w.next;
}
