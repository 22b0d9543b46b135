/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/handover.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "src/base/cleanup.h"
#include "src/base/log.h"
#include "src/base/strbuf.h"
#include "src/source/hook_private.h"

/* What goes out may still wait in a queue, uncounted, when it is the gate's turn:
 * so long the socket waits for it. */
enum { QUEUES_MS = 300 };

struct handover {
	enum hook_kind kind; /* what it goes over to */
	struct tap *tap;
	struct hook_target target;
	const char *name;
	struct hook *socket; /* NULL: closed again */
	struct hook *gate;   /* NULL: not attached yet */
	pthread_t thread;
	bool running;
	pthread_mutex_t lock;
	pthread_cond_t ended; /* by handover_end() */
	bool end;	      /* locked */
};

static void set_turn(struct handover *handover, enum tap_turn turn)
{
	__atomic_store_n(&tap_control_page(handover->tap)->turn, (uint32_t)turn,
			 __ATOMIC_SEQ_CST);
}

/* Whether the time passed without handover_end() being called. */
static bool wait_for_queues(struct handover *handover)
{
	struct timespec until;
	bool ended;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += QUEUES_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&handover->lock);
	while (!handover->end &&
	       pthread_cond_timedwait(&handover->ended, &handover->lock,
				      &until) != ETIMEDOUT)
		;
	ended = handover->end;
	pthread_mutex_unlock(&handover->lock);
	return !ended;
}

/* Gates, until the tap is loaded: both take their time. */
static int attach_gate(struct handover *handover, struct strbuf *error)
{
	int result = hook_attach(&handover->gate, HOOK_TCX, handover->tap,
				 TAP_GROUP_GATE, &handover->target);

	if (!result)
		result = tap_load_behind_finish(handover->tap, error);
	return result;
}

/* The tap where the gate was. If one stays, it only takes a little longer. */
static void replace_gate(struct handover *handover)
{
	for (int side = 0; side < HOOK_SIDES; side++)
		if (handover->gate->fds[side] >= 0)
			hook_tcx_update(
				handover->gate, side,
				tap_program_fd(handover->tap, TAP_GROUP_TAP,
					       hook_side_direction(side)));
}

static int to_tcx(struct handover *handover, struct strbuf *error)
{
	int result = attach_gate(handover, error);

	if (result) {
		hook_detach(TAKE_PTR(handover->gate));
		return result;
	}
	set_turn(handover, TAP_TURN_GATE);
	if (!wait_for_queues(handover))
		return 0;
	set_turn(handover, TAP_TURN_TC);
	hook_detach(TAKE_PTR(handover->socket));
	replace_gate(handover);
	return 0;
}

static int to_tap(struct handover *handover, struct strbuf *error)
{
	int result = tap_load_behind_finish(handover->tap, error);

	if (!result)
		result = hook_socket_update(
			handover->socket,
			tap_program_fd(handover->tap, TAP_GROUP_TAP, TAP_IN));
	return result;
}

static void *hand_over(void *argument)
{
	_cleanup_(strbuf_free) struct strbuf error = STRBUF_INIT;
	struct handover *handover = argument;
	int result = tap_load_behind(handover->tap, &error);

	if (!result && handover->kind == HOOK_TCX)
		result = to_tcx(handover, &error);
	else if (!result)
		result = to_tap(handover, &error);
	if (result)
		log_warning("%s: the capture goes on as it began, which costs "
			    "more: %s",
			    handover->name,
			    error.length ? error.data : strerror(-result));
	return NULL;
}

static void init_lock(struct handover *handover)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_mutex_init(&handover->lock, NULL);
	pthread_cond_init(&handover->ended, &attributes);
	pthread_condattr_destroy(&attributes);
}

int handover_begin(struct handover **out, enum hook_kind kind, struct tap *tap,
		   const struct hook_target *target, const char *name)
{
	struct handover *handover = calloc(1, sizeof(*handover));
	int error;

	if (!handover)
		return -ENOMEM;
	handover->kind = kind;
	handover->tap = tap;
	handover->target = *target;
	handover->name = name;
	init_lock(handover);
	error = hook_attach(&handover->socket, HOOK_SOCKET, tap,
			    TAP_GROUP_FIRST, target);
	if (!error)
		error = -pthread_create(&handover->thread, NULL, hand_over,
					handover);
	handover->running = !error;
	if (error)
		handover_end(handover);
	else
		*out = handover;
	return error;
}

void handover_end(struct handover *handover)
{
	if (!handover)
		return;
	pthread_mutex_lock(&handover->lock);
	handover->end = true;
	pthread_cond_signal(&handover->ended);
	pthread_mutex_unlock(&handover->lock);
	if (handover->running)
		pthread_join(handover->thread, NULL);
	hook_detach(handover->socket);
	hook_detach(handover->gate);
	pthread_cond_destroy(&handover->ended);
	pthread_mutex_destroy(&handover->lock);
	free(handover);
}
