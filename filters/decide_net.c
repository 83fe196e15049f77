/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decide_net.c: sockets and addresses.
 *
 * Net is a yes or a no for IP.  Unix sockets reach services that act for whoever asks (D-Bus,
 * docker, agents), so that no rule covers them.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include "filters/decide.h"
#include "filters/nr.h"
#include "filters/policy.h"

#define TYPE_MASK 0xfu  /* above it: SOCK_NONBLOCK, SOCK_CLOEXEC */

static struct verdict judge_pair(const struct policy *policy, const struct call *call)
{
	if (decide_is_passed_form(call))
		return decide_allow(CLASS_NET, NULL);
	return decide_deny_unless_all(policy, CLASS_NET, "a socket pair that can send elsewhere");
}

/* From the registers: what the kernel will see, whatever call->family says. */
struct verdict decide_socket(const struct policy *policy, const struct call *call)
{
	uint32_t family = call_arg_low(call, 0);
	uint32_t type = call_arg_low(call, 1) & TYPE_MASK;
	uint32_t protocol = call_arg_low(call, 2);

	if (call->nr == __NR_socketpair)
		return judge_pair(policy, call);
	/* libc asks the routing table which addresses this machine has. */
	if (family == AF_INET || family == AF_INET6 ||
	    (family == AF_NETLINK && protocol == NETLINK_ROUTE))
		return policy_judge(policy, CLASS_NET, NULL);
	/* libc asks a name service daemon first; the tracer gives a socket that leads nowhere. */
	if (family == AF_UNIX && type == SOCK_STREAM)
		return decide_allow(CLASS_NET, NULL);
	return decide_deny_unless_all(policy, CLASS_NET, "a socket of another family");
}

/*
 * AF_UNSPEC is harmless in connect only, where it ends an association.  bind and sendto take it
 * for AF_INET on IPv4 sockets (inet_bind, udp_sendmsg in the kernel).
 */
static struct verdict judge_address(const struct policy *policy, const struct call *call)
{
	switch (call->family) {
	case AF_UNSPEC:
		if (call->nr == __NR_connect)
			return decide_allow(CLASS_NET, NULL);
		return policy_judge(policy, CLASS_NET, NULL);
	case AF_INET:
	case AF_INET6:
	case AF_NETLINK:
		return policy_judge(policy, CLASS_NET, NULL);
	case AF_UNIX:
		return decide_deny_unless_all(policy, CLASS_NET, "a Unix socket");
	default:
		return decide_deny_unless_all(policy, CLASS_NET, "an address of another family");
	}
}

struct verdict decide_address(const struct policy *policy, const struct call *call)
{
	if (decide_is_passed_form(call))
		return decide_allow(CLASS_NET, NULL);
	if (call->nr == __NR_listen)
		return policy_judge(policy, CLASS_NET, NULL);
	return judge_address(policy, call);
}
