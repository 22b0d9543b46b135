/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/owner/container.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "src/base/cleanup.h"

enum { ID_LENGTH = 64, LEVELS = 32 };

/* One part of a path; not terminated. */
struct part {
	const char *text;
	size_t length;
};

/* PREFIX-<id>.scope of systemd's cgroup driver, the same without ".scope" of
 * the cgroupfs driver, and SLICE:PREFIX:<id>, which is what the latter makes of
 * a path that was meant for the former. Monitors (libpod-conmon-…) have no id
 * right behind these. */
static const struct {
	const char *prefix;
	const char *runtime;
} PREFIXES[] = {
	{"docker", "docker"},	{"cri-containerd", "containerd"},
	{"crio", "cri-o"},	{"libpod", "podman"},
	{"nerdctl", "nerdctl"}, {"libpod-payload", "podman"},
};

/* A folder of the cgroupfs driver: PARENT/<id>. */
static const struct {
	const char *parent;
	const char *runtime;
} FOLDERS[] = {
	{"docker", "docker"},	{"libpod_parent", "podman"},
	{"buildkit", "docker"}, {"k8s.io", "containerd"},
	{"moby", "docker"},
};

static bool is_id(const char *text, size_t length)
{
	if (length != ID_LENGTH)
		return false;
	for (size_t i = 0; i < length; i++)
		if (!strchr("0123456789abcdef", text[i]))
			return false;
	return true;
}

static bool begins(struct part part, const char *prefix)
{
	size_t length = strlen(prefix);

	return part.length > length && !memcmp(part.text, prefix, length);
}

static bool ends(struct part part, const char *suffix)
{
	size_t length = strlen(suffix);

	return part.length > length &&
	       !memcmp(part.text + part.length - length, suffix, length);
}

static bool equals(struct part part, const char *text)
{
	return part.length == strlen(text) &&
	       !memcmp(part.text, text, part.length);
}

static void keep(struct container *container, const char *runtime,
		 const char *id, size_t length)
{
	if (length >= sizeof(container->id))
		length = sizeof(container->id) - 1;
	container->runtime = runtime;
	memcpy(container->id, id, length);
	container->id[length] = '\0';
}

/* Is @part made of PREFIX, @mark and an id? */
static bool read_prefixed(struct container *container, struct part part,
			  char mark)
{
	size_t skip;

	if (part.length <= ID_LENGTH)
		return false;
	skip = part.length - ID_LENGTH;
	if (part.text[skip - 1] != mark || !is_id(part.text + skip, ID_LENGTH))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(PREFIXES); i++) {
		if (equals((struct part){part.text, skip - 1},
			   PREFIXES[i].prefix)) {
			keep(container, PREFIXES[i].runtime, part.text + skip,
			     ID_LENGTH);
			return true;
		}
	}
	return false;
}

static bool read_scope(struct container *container, struct part part)
{
	if (ends(part, ".scope"))
		part.length -= strlen(".scope");
	return read_prefixed(container, part, '-');
}

static bool read_triple(struct container *container, struct part part)
{
	const char *slice_end = memchr(part.text, ':', part.length);

	if (!slice_end)
		return false;
	part.length -= (size_t)(slice_end + 1 - part.text);
	part.text = slice_end + 1;
	return read_prefixed(container, part, ':');
}

static bool read_folder(struct container *container, const struct part *parts,
			size_t at)
{
	if (!is_id(parts[at].text, parts[at].length))
		return false;
	for (size_t i = 0; at && i < ARRAY_SIZE(FOLDERS); i++) {
		if (equals(parts[at - 1], FOLDERS[i].parent)) {
			keep(container, FOLDERS[i].runtime, parts[at].text,
			     parts[at].length);
			return true;
		}
	}
	keep(container, "container", parts[at].text, parts[at].length);
	return true;
}

static bool read_lxc(struct container *container, const struct part *parts,
		     size_t at)
{
	static const char payload[] = "lxc.payload.";
	size_t skip = sizeof(payload) - 1;

	if (begins(parts[at], payload))
		keep(container, "lxc", parts[at].text + skip,
		     parts[at].length - skip);
	else if (at && equals(parts[at - 1], "lxc"))
		keep(container, "lxc", parts[at].text, parts[at].length);
	else
		return false;
	return true;
}

static bool is_unit(struct part part)
{
	return ends(part, ".service") || ends(part, ".scope") ||
	       ends(part, ".socket") || ends(part, ".mount");
}

static size_t split(const char *path, struct part *parts)
{
	size_t count = 0;

	while (*path && count < LEVELS) {
		size_t length = strcspn(path, "/");

		if (length)
			parts[count++] = (struct part){path, length};
		path += length;
		path += *path == '/';
	}
	return count;
}

void container_read(struct container *container, const char *path)
{
	struct part parts[LEVELS];
	size_t count = split(path, parts);

	container->runtime = NULL;
	container->id[0] = '\0';
	for (size_t i = count; i-- > 0;)
		if (read_scope(container, parts[i]) ||
		    read_triple(container, parts[i]) ||
		    read_folder(container, parts, i) ||
		    read_lxc(container, parts, i))
			return;
	for (size_t i = count; i-- > 0;) {
		if (is_unit(parts[i])) {
			keep(container, "systemd", parts[i].text,
			     parts[i].length);
			return;
		}
	}
}

bool container_is(const struct container *container)
{
	return container->runtime && strcmp(container->runtime, "systemd");
}
