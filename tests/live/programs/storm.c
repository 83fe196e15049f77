/* SPDX-License-Identifier: Apache-2.0 */
/*
 * storm.c: calls that must each happen exactly once, while a timer signal comes every 200 us; and
 * processes that die in the middle of such calls.
 *
 *	storm make|remove FOLDER COUNT TIMER FLAGS    TIMER: process, thread; FLAGS: restart, none
 *	storm die FOLDER COUNT                        waits for a line before and after the deaths
 *
 * make: files f.N (which hold N), folders d.N, then every file is opened and read.  remove: both
 * are removed.  The last line counts; the test counts again from outside.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PERIOD_US 200
#define THREADS 2

static const char *folder;
static unsigned long count;
static bool restarts;
static atomic_ulong signals, failures;
static atomic_int first_error;

static void take(int signal)
{
	(void)signal;
	atomic_fetch_add(&signals, 1);
}

static void failed(void)
{
	int none = 0, error = errno;

	atomic_compare_exchange_strong(&first_error, &none, error);
	atomic_fetch_add(&failures, 1);
}

static const char *name_of(char kind, unsigned long i)
{
	static _Thread_local char name[PATH_MAX];

	snprintf(name, sizeof(name), "%s/%c.%lu", folder, kind, i);
	return name;
}

/* ---- the calls ---- */

static void make_file(unsigned long i)
{
	int fd = open(name_of('f', i), O_WRONLY | O_CREAT | O_EXCL, 0600);

	if (fd < 0 || dprintf(fd, "%lu", i) < 0)
		failed();
	if (fd >= 0)
		close(fd);
}

static void make_folder(unsigned long i)
{
	if (mkdir(name_of('d', i), 0700) < 0)
		failed();
}

static void read_file(unsigned long i)
{
	char text[32] = "";
	int fd = open(name_of('f', i), O_RDONLY);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0 || strtoul(text, NULL, 10) != i)
		failed();
	if (fd >= 0)
		close(fd);
}

static void remove_file(unsigned long i)
{
	if (unlink(name_of('f', i)) < 0)
		failed();
}

static void remove_folder(unsigned long i)
{
	if (rmdir(name_of('d', i)) < 0)
		failed();
}

typedef void call_fn(unsigned long i);

static call_fn *const makes[] = { make_file, make_folder, read_file, NULL };
static call_fn *const removes[] = { remove_file, remove_folder, NULL };

/* ---- the storm ---- */

static void catch(int signal)
{
	struct sigaction act = { .sa_handler = take, .sa_flags = restarts ? SA_RESTART : 0 };

	sigaction(signal, &act, NULL);
}

static void storm_on_process(void)
{
	const struct itimerval every = { { 0, PERIOD_US }, { 0, PERIOD_US } };

	catch(SIGALRM);
	if (setitimer(ITIMER_REAL, &every, NULL) < 0)
		failed();
}

/* SIGEV_THREAD_ID: timer_create(2). */
static timer_t storm_on_thread(void)
{
	const struct timespec period = { 0, PERIOD_US * 1000 };
	const struct itimerspec every = { period, period };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN };
	timer_t timer;

	event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
	catch(SIGRTMIN);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0 ||
	    timer_settime(timer, 0, &every, NULL) < 0)
		failed();
	return timer;
}

static void do_all(call_fn *const *calls, unsigned long first, unsigned long step)
{
	for (; *calls; calls++)
		for (unsigned long i = first; i < count; i += step)
			(*calls)(i);
}

struct part {
	call_fn *const *calls;
	unsigned long first;
	pthread_t thread;
};

static void *work(void *data)
{
	const struct part *part = data;
	timer_t timer = storm_on_thread();

	do_all(part->calls, part->first, THREADS);
	timer_delete(timer);
	return NULL;
}

static void do_all_in_threads(call_fn *const *calls)
{
	struct part parts[THREADS];

	for (unsigned i = 0; i < THREADS; i++) {
		parts[i] = (struct part){ .calls = calls, .first = i };
		if (pthread_create(&parts[i].thread, NULL, work, &parts[i]) != 0)
			exit(3);
	}
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(parts[i].thread, NULL);
}

static unsigned count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned n = 0;

	if (!dir)
		exit(3);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static int storm(call_fn *const *calls, bool per_thread)
{
	const struct itimerval never = { { 0, 0 }, { 0, 0 } };
	unsigned before = count_descriptors(), after;

	if (per_thread) {
		do_all_in_threads(calls);
	} else {
		storm_on_process();
		do_all(calls, 0, 1);
		setitimer(ITIMER_REAL, &never, NULL);
	}
	after = count_descriptors();
	printf("failures %lu errno %d signals %lu leaked %d\n", (unsigned long)failures,
	       (int)first_error, (unsigned long)signals, (int)(after - before));
	return 0;
}

/* ---- death ---- */

/* Calls of every kind, one of which blocks for good; each name belongs to one thread. */
static void *suffer(void *data)
{
	unsigned long me = (unsigned long)data;

	for (unsigned long i = 0; ; i++) {
		int fd;

		unlink(name_of('x', me));
		fd = open(name_of('x', me), O_WRONLY | O_CREAT | O_EXCL, 0600);
		if (fd >= 0)
			close(fd);
		fd = open(name_of('x', me), O_RDONLY);
		if (fd >= 0)
			close(fd);
		mkdir(name_of('y', me), 0700);
		rename(name_of('y', me), name_of('z', me));
		rmdir(name_of('z', me));
		if (i == 7 && me)
			open(name_of('p', 0), O_RDONLY);   /* a FIFO: until death */
	}
	return NULL;
}

static void __attribute__((noreturn)) be_victim(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, suffer, (void *)1) != 0)
		_exit(3);
	suffer(NULL);
	_exit(3);
}

/* Up to 2 ms of life: a multiplicative hash of the turn, so that every run has the same moments. */
static void kill_after_a_while(pid_t pid, unsigned long turn)
{
	const struct timespec life = { 0, (long)(turn * 2654435761u % 2000000) };
	int status;

	nanosleep(&life, NULL);
	kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status))
		failed();
}

static int let_die(void)
{
	if (mkfifo(name_of('p', 0), 0600) < 0)
		return 3;
	printf("ready\n");
	fflush(stdout);
	getchar();
	for (unsigned long turn = 0; turn < count; turn++) {
		pid_t pid = fork();

		if (pid == 0)
			be_victim();
		if (pid < 0)
			failed();
		else
			kill_after_a_while(pid, turn);
	}
	printf("failures %lu\n", (unsigned long)failures);
	fflush(stdout);
	getchar();
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 4)
		return 2;
	folder = argv[2];
	count = strtoul(argv[3], NULL, 10);
	if (strcmp(argv[1], "die") == 0)
		return let_die();
	if (argc < 6)
		return 2;
	restarts = strcmp(argv[5], "restart") == 0;
	return storm(strcmp(argv[1], "make") == 0 ? makes : removes,
		     strcmp(argv[4], "thread") == 0);
}
