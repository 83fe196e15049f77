/* SPDX-License-Identifier: Apache-2.0 */
/* bystander.c: see bystander.h. */
#include "tracer/corpus/bystander.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SLEEP "/bin/sleep"
#define ROUNDS 2000

static void hold(const char *name, int flags, int number)
{
	int fd = open(name, flags);

	if (fd < 0 || dup2(fd, number) < 0)
		_exit(1);
	if (fd != number)
		close(fd);
}

static void be_bystander(const char *base, const char *token)
{
	char folder[PATH_MAX], variable[128];
	const char *const argv[] = { SLEEP, "600", NULL };
	const char *const envp[] = { "LC_ALL=C", variable, NULL };

	snprintf(folder, sizeof(folder), "%s/canary", base);
	snprintf(variable, sizeof(variable), "TOKEN=%s", token);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setsid();
	close_range(0, ~0U, 0);
	if (chdir(folder) < 0)
		_exit(1);
	hold("/dev/null", O_RDWR, 0);
	hold("/dev/null", O_RDWR, 1);
	hold("/dev/null", O_RDWR, 2);
	hold("file", O_RDWR, 3);
	hold("secret", O_RDONLY, 4);
	hold("file", O_RDWR, 9);
	execve(SLEEP, (char *const *)argv, (char *const *)envp);
	_exit(1);
}

static int is_asleep(pid_t pid)
{
	char path[64], text[64] = "";
	FILE *f;
	int nr;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	f = fopen(path, "re");
	if (!f)
		return 0;
	nr = fgets(text, sizeof(text), f) ? atoi(text) : -1;
	fclose(f);
	return nr == SYS_clock_nanosleep || nr == SYS_nanosleep;
}

int bystander_start(const char *base, const char *token, pid_t *ret_pid)
{
	const struct timespec ms = { .tv_nsec = 1000000 };
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (pid == 0)
		be_bystander(base, token);
	*ret_pid = pid;
	for (int i = 0; i < ROUNDS; i++) {
		if (is_asleep(pid))
			return 0;
		nanosleep(&ms, NULL);
	}
	return -ETIMEDOUT;
}
