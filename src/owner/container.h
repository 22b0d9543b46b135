/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a control group's path says about the container or the systemd unit in
 * it. The forms are those that Docker, containerd, CRI-O, podman, nerdctl,
 * LXC and systemd give their groups, under cgroupfs and systemd alike.
 */
#ifndef BSNIFF_OWNER_CONTAINER_H
#define BSNIFF_OWNER_CONTAINER_H

#include <stdbool.h>

enum { CONTAINER_NAME = 256, CONTAINER_SHORT = 12 };

struct container {
	/* "docker", "containerd", "cri-o", "podman", "nerdctl", "lxc",
	 * "container" (some runtime's), "systemd"; NULL: neither. Static. */
	const char *runtime;
	/* The container's id in full; the unit's name for systemd. */
	char id[CONTAINER_NAME];
};

/* Read @path ("/system.slice/docker-<id>.scope"). The innermost container
 * counts; a unit only where there is none. */
void container_read(struct container *container, const char *path);

/* Is it a container, and neither a unit nor nothing? */
bool container_is(const struct container *container);

#endif
