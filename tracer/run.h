/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.h: one run of one script, from fork to the last tracee gone.  What pyjail.c calls.
 */
#ifndef TRACER_RUN_H
#define TRACER_RUN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fail.h"
#include "filters/detail.h"
#include "filters/watch.h"
#include "tracer/events/sink.h"

struct policy;
struct policy_vars;
struct ring;

#define RUN_SINKS_MAX 4

/* 0: no such limit, for each of them. */
struct run_limits {
	uint64_t time_ms;       /* wall clock, sleeping children included */
	uint64_t cpu_ms;        /* user + system, whole tree */
	uint64_t memory_bytes;  /* sum of resident sizes of the tree */
	uint64_t procs;         /* live tasks (threads count) */
	uint64_t files;         /* descriptors of one process */
	uint64_t fsize_bytes;   /* largest file */
	uint64_t output_bytes;  /* stdout and stderr together */
	uint64_t tmp_bytes;     /* what the files of a private /tmp take on disk */
};

#define RUN_PROCS_DEFAULT 256

/*
 * A screen in another process.  Its descriptors are borrowed, save that the wire is closed when the
 * other side is gone, and `slave` once the script has it.
 */
struct run_screen {
	struct ring *ring;            /* told of tasks and questions; events come by a sink */
	int wire;                     /* events/wire.h; set to -1 when it was closed */
	int master, slave;            /* the script's own terminal; -1: it keeps the caller's */
	const char *start;            /* JSON for WIRE_START */
	struct policy *policy;        /* config->policy: answers may add grants */
	const struct policy_vars *vars;
	bool kills_on_loss;           /* a screen that is lost ends the script */
};

struct layer;
struct private_tmp;

struct run_config {
	const struct policy *policy;
	const char *interpreter;      /* canonical path of the program to execute */
	char *const *argv;            /* argv[0] as the user sees it */
	char *const *envp;            /* already reduced by policy */
	struct run_limits limits;
	struct layer *layer;     /* where scratch writes go: borrowed; NULL: there are none */
	int start_folder;             /* where the script starts, in the layer: O_PATH; 0: where we are */
	struct private_tmp *tmp; /* whose layer that is: its size is looked at; NULL: none */
	int landlock_abi;             /* 0: none */
	const int *keep_fds;          /* inherited descriptors to keep besides 0-2; -1 ends; NULL: none */
	/*
	 * Where calls come from (stacks.h): how much of it, unless the deciding rule says otherwise,
	 * and whether anybody hears of refusals, and of everything.
	 */
	enum stack_detail stack_refused, stack_recorded;
	bool hears_refusals, hears_all;
	const char *const *libraries; /* what Python's own files begin with; NULL ends */
	struct sink *sinks[RUN_SINKS_MAX];
	size_t sink_count;
	enum watch watch;             /* what stops only to be seen */
	/*
	 * Held verdicts: called for VERDICT_ASK.  Answers come later by run_answer() from any thread;
	 * NULL: ask means deny.
	 */
	void (*ask)(void *data, uint64_t question, const struct event *event);
	void *ask_data;
	struct run_screen *screen;    /* asks in place of `ask`; NULL: none */
};

/* How the view of a scratch layer differs from the disk when the script is over. */
struct run_changes {
	bool is_known;          /* there is such a layer, and somebody hears of it */
	uint64_t added, changed, deleted;
	const char *layer;      /* its folder; NULL: it is dropped */
};

/* What ended the run. */
struct run_result {
	int status;             /* exit status of the script, when signal is 0 and limit NULL */
	int signal;             /* signal that ended it, else 0 */
	const char *limit;      /* "time", "memory", ... : static; NULL: none */
	char rule[512];         /* a kill rule ended it: its text; else "" */
	char failure[256];      /* pyjail itself failed in mid-run: why; else "" */
	uint64_t events;
	uint64_t denied;        /* refused attempts, probes not counted */
	uint64_t stops;         /* calls that stopped (either door) */
	uint64_t max_tasks;     /* most live tasks at once */
	double wall_s;
	double cpu_s;
	struct run_changes changes;   /* not run_script's, but session_finish's */
	uint64_t max_rss_kib;   /* peak of the tree's resident sum as sampled, at least the largest process */
};

/*
 * Runs it.  0 when the script ran and ended (result says how); negative errno when it could not be
 * started, with the step and the cure in `fault`, and then nothing was started.
 * -ENOENT, -EACCES, -ENOEXEC of the interpreter itself come back as such.
 */
int run_script(const struct run_config *config, struct run_result *ret_result,
	       struct fault *ret_fault);

/* Answers a question; safe from any thread and signal handler.  Unknown numbers are ignored. */
void run_answer(uint64_t question, bool allow);

#endif
