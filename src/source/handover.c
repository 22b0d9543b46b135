/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/handover.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/cleanup.h"
#include "src/base/log.h"
#include "src/base/strbuf.h"
#include "src/source/hook_private.h"

struct handover {
	enum hook_kind kind; /* what it goes over to */
	struct tap *tap;
	struct hook_target target;
	const char *name;
	struct hook *socket; /* NULL: closed again */
	struct hook *gate;   /* NULL: not attached yet */
	pthread_t thread;
	bool running;
	bool ends; /* atomic: nobody wants it any more */
};

static void set_turn(struct handover *handover, enum tap_turn turn)
{
	__atomic_store_n(&tap_control_page(handover->tap)->turn, (uint32_t)turn,
			 __ATOMIC_SEQ_CST);
}

static bool ends(const struct handover *handover)
{
	return __atomic_load_n(&handover->ends, __ATOMIC_ACQUIRE);
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

	if (ends(handover))
		return 0;
	if (result) {
		hook_detach(TAKE_PTR(handover->gate));
		return result;
	}
	set_turn(handover, TAP_TURN_GATE);
	/* A packet that the gate has let pass before that is still the
	 * socket's. */
	tap_wait_idle();
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

	if (ends(handover))
		return NULL;
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
	__atomic_store_n(&handover->ends, true, __ATOMIC_RELEASE);
	if (handover->running)
		pthread_join(handover->thread, NULL);
	hook_detach(handover->socket);
	hook_detach(handover->gate);
	free(handover);
}
