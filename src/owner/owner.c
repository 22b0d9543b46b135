/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/owner/owner.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/cleanup.h"
#include "src/base/utf8.h"

const char *owner_known_text(enum owner_known known)
{
	static const char *const texts[] = {
#define KNOWN_TEXT(name, text) [OWNER_##name] = (text),
		OWNER_KNOWN(KNOWN_TEXT)
#undef KNOWN_TEXT
	};

	return known < ARRAY_SIZE(texts) ? texts[known] : "";
}

void owner_put_user(const struct owner *owner, struct strbuf *out)
{
	struct passwd entry, *found = NULL;
	char buffer[4096];

	if (!getpwuid_r(owner->uid, &entry, buffer, sizeof(buffer), &found) &&
	    found)
		strbuf_puts(out, entry.pw_name);
	else
		strbuf_u32(out, owner->uid);
}

void owner_put_container(const struct owner *owner, struct strbuf *out)
{
	const struct container *container = &owner->container;
	size_t length = strlen(container->id);

	if (!container->runtime)
		return;
	if (container_is(container)) {
		strbuf_printf(out, "%s:", container->runtime);
		if (length == 64)
			length = CONTAINER_SHORT;
	}
	strbuf_add(out, container->id, length);
}

/* Field 22 of /proc/PID/stat: when it began, in clock ticks since boot. */
static bool read_start(uint32_t pid, uint64_t *ticks)
{
	_cleanup_fclose_ FILE *file = NULL;
	char path[64], line[4096], *at;
	size_t n;

	snprintf(path, sizeof(path), "/proc/%" PRIu32 "/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	n = fread(line, 1, sizeof(line) - 1, file);
	line[n] = '\0';
	/* The name may hold anything, ')' and blanks too. */
	at = strrchr(line, ')');
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	if (!at)
		return false;
	*ticks = strtoull(at + 1, NULL, 10);
	return true;
}

static bool is_alive(const struct owner *owner)
{
	uint64_t hertz = (uint64_t)sysconf(_SC_CLK_TCK), ticks;

	return owner->pid && read_start(owner->pid, &ticks) &&
	       ticks == owner->start / (1000000000 / hertz);
}

/* Bytes of the command line as it is now; 0: it is not @owner's, or cannot be
 * had. */
static size_t read_words(const struct owner *owner, char *words, size_t size)
{
	_cleanup_fclose_ FILE *file = NULL;
	char path[64];
	size_t n;

	snprintf(path, sizeof(path), "/proc/%" PRIu32 "/cmdline", owner->pid);
	if (!is_alive(owner))
		return 0;
	file = fopen(path, "re");
	if (!file)
		return 0;
	n = fread(words, 1, size, file);
	/* Looked at before and after: the number was not given to another in
	 * between. */
	return is_alive(owner) ? n : 0;
}

static void put_words(char *words, size_t n, bool has_more, struct strbuf *out)
{
	size_t at = out->length;

	while (n && !words[n - 1] && !has_more)
		n--;
	for (size_t i = 0; i < n; i++)
		if (!words[i])
			words[i] = ' ';
	utf8_make_printable(words, n);
	strbuf_add(out, words, n);
	if (has_more && out->length > at)
		strbuf_puts(out, "...");
}

bool owner_put_command_line(const struct owner *owner,
			    const struct owner_command_event *told,
			    struct strbuf *out)
{
	size_t length = told->length < sizeof(told->text)
				? told->length
				: sizeof(told->text),
	       start = out->length, n;
	bool has_more = told->total > length;
	char words[4096];

	if (has_more || !length) {
		n = read_words(owner, words, sizeof(words));
		/* By now it may have become another program. */
		if (n >= length && !memcmp(words, told->text, length)) {
			put_words(words, n, n == sizeof(words), out);
			return out->length > start;
		}
	}
	memcpy(words, told->text, length);
	put_words(words, length, has_more, out);
	return out->length > start;
}
