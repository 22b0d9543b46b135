/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/eventfd.h>

static volatile sig_atomic_t stop_asked;
static volatile sig_atomic_t counters_asked;
static volatile sig_atomic_t flush_asked;
static volatile sig_atomic_t draw_asked;
static int event = -1;

static void on_signal(int signal)
{
	int error = errno;

	switch (signal) {
	case SIGUSR1:
		counters_asked = 1;
		break;
	case SIGUSR2:
		flush_asked = 1;
		break;
	case SIGWINCH:
	case SIGCONT:
		draw_asked = 1;
		break;
	default:
		stop_asked = 1;
	}
	if (event >= 0)
		eventfd_write(event, 1);
	errno = error;
}

void signals_install(void)
{
	static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};
	struct sigaction action = {.sa_handler = on_signal}, old;

	event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	/* No SA_RESTART: a wait must end. */
	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++) {
		/* nohup(1) has its way, as with tcpdump. */
		if (caught[i] == SIGHUP && !sigaction(SIGHUP, NULL, &old) &&
		    old.sa_handler == SIG_IGN)
			continue;
		sigaction(caught[i], &action, NULL);
	}
	/* These must not end anything but the wait for packets, which no flag
	 * takes up again. */
	action.sa_flags = SA_RESTART;
	sigaction(SIGWINCH, &action, NULL);
	sigaction(SIGCONT, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

static bool take(volatile sig_atomic_t *asked)
{
	bool was = *asked;

	*asked = 0;
	return was;
}

int signals_fd(void)
{
	return event;
}

bool signals_stop_asked(void)
{
	return stop_asked;
}

bool signals_counters_asked(void)
{
	return take(&counters_asked);
}

bool signals_flush_asked(void)
{
	return take(&flush_asked);
}

bool signals_draw_asked(void)
{
	return take(&draw_asked);
}
