/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile.h: the surroundings that a container gives a process: Docker's default seccomp profile,
 * few or no capabilities, perhaps another user.  Each changes the calling process for good.
 */
#ifndef TESTS_SUPPORT_PROFILE_H
#define TESTS_SUPPORT_PROFILE_H

#include <stdint.h>
#include <sys/types.h>

/* The profile as for a container without added capabilities, on x86-64.  0, or -1 and errno. */
int profile_load_docker(void);

/* One more filter: everything is allowed, and who installed it listens. */
int profile_take_listener(void);

/* As before Linux 5.19: there is no filter whose received calls only death takes back. */
int profile_forget_wait_killable(void);

/* Only these capabilities are left, in every set; uid and gid stay. */
int profile_keep_capabilities(uint64_t mask);
/* What Docker leaves to root. */
extern const uint64_t profile_docker_capabilities;

int profile_become(uid_t uid);

#endif
