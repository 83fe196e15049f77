/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bystander.h: another process of the same user, which has nothing to do with the script: sleep(1)
 * in a session and in BASE/canary, with the token in its environment, BASE/canary/file open for
 * reading and writing as descriptors 3 and 9, and BASE/canary/secret for reading as 4.
 */
#ifndef TRACER_CORPUS_BYSTANDER_H
#define TRACER_CORPUS_BYSTANDER_H

#include <sys/types.h>

/* It sleeps when this returns.  It dies with its starter. */
int bystander_start(const char *base, const char *token, pid_t *ret_pid);

#endif
