/* SPDX-License-Identifier: Apache-2.0 */
/* act_early.c: answers before the policy is asked.  See act.h. */
#include "tracer/act.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "filters/nr.h"
#include "filters/policy.h"
#include "tracer/address.h"
#include "tracer/hidden.h"

/* libc asks nscd for every user name: a socket that is not there is no attempt at anything. */
static int ask_daemon(const struct tracer *tracer, const struct op *op)
{
	const struct sockaddr_un *un = (const struct sockaddr_un *)&op->address;

	if (op->call.family != AF_UNIX)
		return 0;
	if (op->address_length <= sizeof(un->sun_family) || un->sun_path[0] != '/')
		return 0;
	return hidden_access(tracer, op->pid, op->tid, address_path(op).text);
}

/*
 * What libc asks as a matter of course is not called an attempt.  openpty(3) then opens the
 * terminal by its name, and that is judged.
 */
int act_without_policy(const struct tracer *tracer, const struct op *op)
{
	if (!op->call.row || tracer->config->policy->allows_all)
		return 0;
	if (op->call.nr == __NR_connect)
		return ask_daemon(tracer, op);
	if (op->call.nr == __NR_ioctl && (uint32_t)op->call.args[1] == TIOCGPTPEER)
		return -EPERM;
	return 0;
}
