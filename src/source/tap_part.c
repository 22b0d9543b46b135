/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/tap_part.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "src/base/cleanup.h"
#include "src/source/tap_link.h"

struct tap_part {
	struct tap_part_options options;
	struct bpf_object *object;
	pthread_t thread;
	bool running;
	int result;
	struct strbuf error;
};

int tap_part_set_config(struct bpf_object *object,
			const struct tap_config *config)
{
	struct bpf_map *map =
		bpf_object__find_map_by_name(object, ".rodata.config");

	return map ? bpf_map__set_initial_value(map, config, sizeof(*config))
		   : -ENOENT;
}

/* Take each map from @options->maps, by name. */
static int share_maps(struct bpf_object *object,
		      const struct tap_part_options *options)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object)
	{
		const char *name = bpf_map__name(map);
		int fd, error;

		if (bpf_map__is_internal(map) ||
		    (options->foreign && !strcmp(name, "stages")))
			continue;
		fd = bpf_object__find_map_fd_by_name(options->maps, name);
		error = fd < 0 ? fd : bpf_map__reuse_fd(map, fd);
		if (error)
			return error;
	}
	return 0;
}

/* Ready to be loaded. */
static int open_object(struct tap_part *part)
{
	const struct tap_part_options *options = &part->options;
	LIBBPF_OPTS(bpf_object_open_opts, open, .object_name = "bsniff");
	struct bpf_program *program;
	int error;

	bpf_object__close(TAKE_PTR(part->object));
	part->object = bpf_object__open_mem(options->bytes, options->length,
					    &open);
	if (!part->object)
		return -errno;
	error = tap_part_set_config(part->object, &options->config);
	if (!error)
		error = share_maps(part->object, options);
	bpf_object__for_each_program(program, part->object)
		bpf_program__set_autoload(program,
					  !strcmp(bpf_program__name(program),
						  options->program));
	return error;
}

static int load(struct tap_part *part)
{
	uint32_t stage = (uint32_t)part->options.stage;
	int error = open_object(part), fd, stages;

	if (!error)
		error = tap_link_load(part->object, &part->error);
	if (error || part->options.stage < 0)
		return error;
	fd = tap_part_fd(part);
	stages = bpf_object__find_map_fd_by_name(part->options.maps, "stages");
	return bpf_map_update_elem(stages, &stage, &fd, 0) ? -errno : 0;
}

static void *load_thread(void *argument)
{
	struct tap_part *part = argument;

	part->result = load(part);
	return NULL;
}

int tap_part_begin(struct tap_part **out,
		   const struct tap_part_options *options)
{
	struct tap_part *part = calloc(1, sizeof(*part));
	int error;

	if (!part)
		return -ENOMEM;
	part->options = *options;
	error = pthread_create(&part->thread, NULL, load_thread, part);
	part->running = !error;
	if (error)
		tap_part_free(part);
	else
		*out = part;
	return -error;
}

int tap_part_finish(struct tap_part *part, bool verbose, struct strbuf *error)
{
	if (part->running)
		pthread_join(part->thread, NULL);
	part->running = false;
	if (!part->result)
		return 0;
	strbuf_add(error, part->error.data, part->error.length);
	/* What the verifier refused, made anew and refused again, for its log.
	 */
	if (error->length && verbose && !open_object(part))
		tap_link_put_log(part->object, error);
	return part->result;
}

int tap_part_fd(const struct tap_part *part)
{
	return bpf_program__fd(bpf_object__find_program_by_name(
		part->object, part->options.program));
}

void tap_part_free(struct tap_part *part)
{
	if (!part)
		return;
	if (part->running)
		pthread_join(part->thread, NULL);
	bpf_object__close(part->object);
	strbuf_free(&part->error);
	free(part);
}
