/* SPDX-License-Identifier: Apache-2.0 */
/* stop.c: see stop.h. */
#include "tracer/stop.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

/* PTRACE_EVENT_STOP carries the job control signal for a group stop, SIGTRAP for anything else. */
static struct stop event_stop(int signal)
{
	switch (signal) {
	case SIGSTOP:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
		return (struct stop){ .kind = STOP_GROUP, .signal = signal };
	default:
		return (struct stop){ .kind = STOP_BIRTH };
	}
}

static struct stop stopped(int wait_status)
{
	int signal = WSTOPSIG(wait_status);

	switch ((unsigned)wait_status >> 16) {
	case 0:
		/* TRACESYSGOOD marks call-exit stops with bit 7. */
		if (signal & 0x80)
			return (struct stop){ .kind = STOP_RETURN };
		return (struct stop){ .kind = STOP_SIGNAL, .signal = signal };
	case PTRACE_EVENT_SECCOMP:
		return (struct stop){ .kind = STOP_CALL };
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		return (struct stop){ .kind = STOP_CHILD };
	case PTRACE_EVENT_EXEC:
		return (struct stop){ .kind = STOP_EXEC };
	case PTRACE_EVENT_STOP:
		return event_stop(signal);
	default:
		return (struct stop){ .kind = STOP_BIRTH };
	}
}

struct stop stop_of(int wait_status)
{
	if (WIFEXITED(wait_status))
		return (struct stop){ .kind = STOP_EXITED, .status = WEXITSTATUS(wait_status) };
	if (WIFSIGNALED(wait_status))
		return (struct stop){ .kind = STOP_KILLED, .signal = WTERMSIG(wait_status) };
	if (WIFSTOPPED(wait_status))
		return stopped(wait_status);
	return (struct stop){ .kind = STOP_NONE };
}
