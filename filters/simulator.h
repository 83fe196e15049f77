/* SPDX-License-Identifier: Apache-2.0 */
/*
 * simulator.h: runs a classic BPF seccomp program on a made-up call.  No process needed.
 */
#ifndef FILTERS_SIMULATOR_H
#define FILTERS_SIMULATOR_H

#include <linux/seccomp.h>
#include <stdint.h>

#include "filters/seccomp.h"

/* The action word (SECCOMP_RET_...), or -EINVAL for a program the kernel would not take. */
int simulate(const struct filter_program *program, const struct seccomp_data *data,
	     uint32_t *ret_action);

/* One instruction as text, as bpf_dbg writes it: "ld [0]", "jeq #0x2, 3, 0", "ret #0x7fff0000". */
int simulator_print(const struct sock_filter *instruction, char *out, size_t size);

/* "ALLOW", "TRACE", "NOTIFY", "ERRNO 38", "KILL_PROCESS" */
int simulator_action_name(uint32_t action, char *out, size_t size);

#endif
