/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree.h: the processes below the caller.  The caller is a subreaper (prctl(2)), so that nobody
 * whom a script starts can leave its tree.
 */
#ifndef TRACER_CORPUS_TREE_H
#define TRACER_CORPUS_TREE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define TREE_MAX 4096

struct tree {
	pid_t pids[TREE_MAX];
	unsigned count;        /* the living; zombies are not */
};

/* Everybody below `root`, without it. */
void tree_find(pid_t root, struct tree *ret_tree);

/* What they use together. */
struct tree_usage {
	uint64_t tasks;
	uint64_t memory_bytes;
	uint64_t cpu_ms;
	uint64_t files;        /* the most of one process */
};

void tree_measure(const struct tree *tree, struct tree_usage *ret_usage);

/* Kills everybody below the caller and waits until they are gone, at most 5 s. */
void tree_kill(void);

/* Kills `pid`, a child of the caller, which is not reaped, and everybody below it. */
void tree_kill_branch(pid_t pid);

#endif
