/* SPDX-License-Identifier: Apache-2.0 */
/* worker.c: see worker.h. */
#include "tracer/worker.h"
#include "tracer/fdname.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Nobody else sends it; SIGUSR1 belongs to the script. */
#define INTERRUPT SIGRTMIN

/* Shared by a worker and the tracer; whoever lets go last frees it. */
struct job {
	atomic_int holders;
	atomic_bool is_over;
	atomic_bool is_abandoned;
	int object;              /* the worker's own copy */
	int flags;
	int wake;
	int result;
	atomic_int tid;          /* 0 until it runs; tgkill to one that is gone does nothing */
};

static atomic_int running;

static void no_op(int signal)
{
	(void)signal;
}

int jobs_init(void)
{
	struct sigaction act = { .sa_handler = no_op };

	return sigaction(INTERRUPT, &act, NULL) < 0 ? -errno : 0;
}

static void let_go(struct job *job)
{
	if (atomic_fetch_sub(&job->holders, 1) > 1)
		return;
	if (job->result >= 0)
		close(job->result);
	close(job->object);
	free(job);
}

static void *work(void *data)
{
	struct job *job = data;
	struct fd_path path;
	uint64_t one = 1;

	atomic_store(&job->tid, gettid());
	path = fd_path(job->object);
	if (atomic_load(&job->is_abandoned))
		job->result = -EINTR;
	else
		job->result = open(path.text, job->flags);
	if (job->result == -1)
		job->result = -errno;
	atomic_store(&job->is_over, true);
	/* The counter cannot fill up: one count per job. */
	if (write(job->wake, &one, sizeof(one)) < 0)
		job->flags = 0;
	atomic_fetch_sub(&running, 1);
	let_go(job);
	return NULL;
}

static int start_thread(struct job *job)
{
	sigset_t all, before;
	pthread_attr_t attr;
	pthread_t thread;
	int r;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, 64 << 10);
	sigfillset(&all);
	sigdelset(&all, INTERRUPT);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&thread, &attr, work, job);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return -r;
}

int job_start(int object, int flags, int wake, struct job **ret_job)
{
	struct job *job;
	int e;

	if (atomic_load(&running) >= JOBS_MAX)
		return -EAGAIN;
	job = calloc(1, sizeof(*job));
	if (!job)
		return -ENOMEM;
	job->object = fcntl(object, F_DUPFD_CLOEXEC, 3);
	job->flags = flags;
	job->wake = wake;
	job->result = -EINTR;
	atomic_store(&job->holders, 2);
	atomic_fetch_add(&running, 1);
	e = job->object < 0 ? -errno : start_thread(job);
	if (e < 0) {
		atomic_fetch_sub(&running, 1);
		if (job->object >= 0)
			close(job->object);
		free(job);
		return e;
	}
	*ret_job = job;
	return 0;
}

bool job_is_over(struct job *job, int *ret_fd)
{
	if (!atomic_load(&job->is_over))
		return false;
	*ret_fd = job->result;
	job->result = -EBADF;   /* handed over: let_go must not close it */
	let_go(job);
	return true;
}

void job_interrupt(struct job *job)
{
	int tid = atomic_load(&job->tid);

	if (tid && !atomic_load(&job->is_over))
		tgkill(getpid(), tid, INTERRUPT);
}

void job_abandon(struct job *job)
{
	if (!job)
		return;
	atomic_store(&job->is_abandoned, true);
	job_interrupt(job);
	let_go(job);
}
