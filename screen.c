/* SPDX-License-Identifier: Apache-2.0 */
/* screen.c: see screen.h. */
#include "screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>

#include "say.h"
#include "tracer/events/ring.h"
#include "tracer/events/wire.h"
#include "tracer/setup.h"
#include "tui/tui.h"

#define NOTICE_WAIT_MS 2000

/* Each descriptor -1 until it is open. */
struct live {
	const struct options *options;
	struct ring *ring;
	int wire[2];             /* ours, the tracer's */
	int master, slave;
	int said;                /* what the tracer says on stderr */
	pid_t tracer;
	pthread_t passer;
	bool passes;
	atomic_bool has_left;    /* the screen closed, the script goes on */
};

/* Executed by descriptor we are called by its number: execveat(2). */
int screen_claim(char *const *argv)
{
	(void)argv;
	prctl(PR_SET_NAME, "pyjail-tui");
	return 0;
}

int screen_check(const struct options *options)
{
	struct fault fault = { 0 };

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		fault_set(&fault, "--tui: standard input and output must be a terminal");
		snprintf(fault.cure, sizeof(fault.cure),
			 "leave it out, or record now and look later:  --record=FILE");
	} else if (options->limits.output_bytes) {
		fault_set(&fault, "--output cannot be held under --tui: the script writes to a "
				  "terminal of its own");
		snprintf(fault.cure, sizeof(fault.cure), "leave out one of the two");
	} else {
		return 0;
	}
	say_fault(&fault);
	return EXIT_USAGE;
}

/* ---- making and closing ---- */

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void live_close(struct live *live)
{
	ring_free(live->ring);
	close_fd(&live->wire[0]);
	close_fd(&live->wire[1]);
	close_fd(&live->master);
	close_fd(&live->slave);
	close_fd(&live->said);
}

/* As large as our own terminal, and set as that is before the screen changes it. */
static int open_terminal(struct live *live)
{
	struct termios settings;
	struct winsize size;
	bool has_settings = tcgetattr(STDIN_FILENO, &settings) == 0;
	bool has_size = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;

	if (openpty(&live->master, &live->slave, NULL, has_settings ? &settings : NULL,
		    has_size ? &size : NULL) < 0)
		return -errno;
	if (fcntl(live->master, F_SETFD, FD_CLOEXEC) < 0 ||
	    fcntl(live->slave, F_SETFD, FD_CLOEXEC) < 0 ||
	    fcntl(live->master, F_SETFL, O_RDWR | O_NONBLOCK) < 0)
		return -errno;
	return 0;
}

static int live_open(struct live *live)
{
	int e = ring_new(&live->ring);

	if (e == 0)
		e = wire_pair(live->wire);
	if (e == 0)
		e = open_terminal(live);
	if (e < 0)
		return e;
	live->said = memfd_create("stderr", MFD_CLOEXEC);
	return live->said < 0 ? -errno : 0;
}

/* ---- the tracer's process ---- */

/* The terminal is the screen's: nothing here may write to it. */
static int turn_away(const struct live *live)
{
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(nothing, STDOUT_FILENO) < 0 ||
	    dup2(live->said, STDERR_FILENO) < 0)
		return -errno;
	if (nothing > STDERR_FILENO)
		close(nothing);
	return 0;
}

static int be_tracer(struct live *live, const struct setup *setup, screen_run_fn *run, void *data)
{
	struct run_screen screen = {
		.ring = live->ring, .wire = live->wire[1], .master = live->master,
		.slave = live->slave, .policy = setup->policy, .vars = &setup->vars,
		.kills_on_loss = live->options->kills_on_ui_exit,
	};
	int status;

	close_fd(&live->wire[0]);
	/* What the keys send is for the screen, which passes on what is meant for the script. */
	setpgid(0, 0);
	if (turn_away(live) < 0)
		return EXIT_PYJAIL;
	close_fd(&live->said);
	status = run(data, &screen);
	/* Not by exit(): what main has opened is the other process's to close. */
	fflush(NULL);
	return status;
}

/* ---- signals for the script ---- */

static bool is_for_script(const struct live *live, const siginfo_t *info)
{
	/* A terminal that is closed ends what runs there, screen or not. */
	if (info->si_signo == SIGHUP)
		return true;
	/* Of a key: under the screen it is the screen's. */
	return info->si_code != SI_KERNEL || atomic_load(&live->has_left);
}

static void fill_passed(sigset_t *set)
{
	static const int passed[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1,
				      SIGUSR2 };

	sigemptyset(set);
	for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++)
		sigaddset(set, passed[i]);
}

static bool is_end_wanted(int signal)
{
	return signal == SIGINT || signal == SIGQUIT || signal == SIGTERM;
}

static bool is_over(pid_t pid)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid == pid;
}

/* A terminal that is gone closes the screen, which else would stay to show how the run went. */
static void take_keys_away(void)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return;
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	close(ends[1]);
}

/*
 * Who signals pyjail means the script: the tracer passes it on as it does without a screen.  When
 * the script ends of it, so does pyjail.
 */
static void *pass_signals(void *data)
{
	const struct timespec look = { .tv_nsec = 100000000 };
	struct live *live = data;
	bool is_ending = false;
	siginfo_t info;
	sigset_t set;

	fill_passed(&set);
	for (;;) {
		int signal = sigtimedwait(&set, &info, is_ending ? &look : NULL);

		if (signal > 0 && is_for_script(live, &info)) {
			kill(live->tracer, signal);
			is_ending |= is_end_wanted(signal);
		}
		if (is_ending && is_over(live->tracer)) {
			take_keys_away();
			return NULL;
		}
	}
}

static int start_passing(struct live *live, sigset_t *ret_before)
{
	sigset_t set;
	int e;

	fill_passed(&set);
	pthread_sigmask(SIG_BLOCK, &set, ret_before);
	e = pthread_create(&live->passer, NULL, pass_signals, live);
	live->passes = e == 0;
	return -e;
}

static void stop_passing(struct live *live, const sigset_t *before)
{
	if (live->passes) {
		pthread_cancel(live->passer);
		pthread_join(live->passer, NULL);
	}
	pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* ---- the screen's process ---- */

/* What the tracer says first: it could start, or could not.  WIRE_KINDS: it is gone. */
static uint32_t first_message(const struct live *live)
{
	struct pollfd poll_wire = { .fd = live->wire[0], .events = POLLIN };
	struct wire_head head;

	for (;;) {
		ssize_t n;

		if (poll(&poll_wire, 1, -1) < 0 && errno != EINTR)
			return WIRE_KINDS;
		/* Left there: the screen reads it again. */
		n = recv(live->wire[0], &head, sizeof(head), MSG_PEEK | MSG_DONTWAIT);
		if (n >= (ssize_t)sizeof(head))
			return head.kind;
		if (n >= 0 || (errno != EAGAIN && errno != EINTR))
			return WIRE_KINDS;
	}
}

/* The tracer reads it as soon as it can; one that does not is on its way out. */
static void tell_tracer(const struct live *live, enum wire_kind kind)
{
	struct pollfd poll_wire = { .fd = live->wire[0], .events = POLLOUT };

	while (wire_send(live->wire[0], kind, 0, false, NULL, 0) == -EAGAIN)
		if (poll(&poll_wire, 1, NOTICE_WAIT_MS) <= 0)
			return;
}

/* Rules for later runs go where the user keeps them. */
static const char *policy_file(const struct options *options)
{
	const char *file = NULL;

	for (size_t i = 0; i < options->rule_count; i++)
		if (options->rules[i].is_file)
			file = options->rules[i].value;
	return file;
}

static enum tui_end show(struct live *live)
{
	const struct options *options = live->options;
	const struct tui_config config = {
		.ring = live->ring, .wire = live->wire[0], .pty = live->master,
		.record = -1, .record_name = options->record,
		.policy_file = policy_file(options),
		.color = screen_color(options), .is_ascii = options->is_ascii,
		.has_no_bell = options->has_no_bell,
	};
	enum tui_end end = TUI_OVER;
	struct fault fault = { 0 };

	if (tui_run(&config, &end, &fault) == 0)
		return end;
	say_fault(&fault);
	return options->kills_on_ui_exit ? TUI_KILLED : TUI_LEFT;
}

static void write_out(const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write(STDOUT_FILENO, bytes, size);

		if (n <= 0)
			return;
		bytes += n;
		size -= (size_t)n;
	}
}

/* False: nobody has the script's terminal open any more. */
static bool pass_some(const struct live *live, bool is_shown)
{
	char bytes[4096];
	ssize_t n = read(live->master, bytes, sizeof(bytes));

	if (n > 0 && is_shown)
		write_out(bytes, (size_t)n);
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

/* The script's terminal must be emptied until it ends, whoever looks at what it prints. */
static int wait_for_tracer(const struct live *live, bool is_shown)
{
	struct pollfd polls[2] = {
		{ .fd = (int)syscall(SYS_pidfd_open, live->tracer, 0), .events = POLLIN },
		{ .fd = live->master, .events = POLLIN },
	};
	int status = 0;

	while (polls[0].fd >= 0 && (poll(polls, 2, -1) > 0 || errno == EINTR)) {
		if (polls[1].revents && !pass_some(live, is_shown))
			polls[1].fd = -1;
		else if (polls[0].revents && !(polls[1].revents & POLLIN))
			break;
	}
	if (polls[0].fd >= 0)
		close(polls[0].fd);
	while (waitpid(live->tracer, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* What the tracer had to say. */
static void say_kept(const struct live *live)
{
	char bytes[4096];
	ssize_t n;
	off_t at = 0;

	while ((n = pread(live->said, bytes, sizeof(bytes), at)) > 0) {
		fwrite(bytes, 1, (size_t)n, stderr);
		at += n;
	}
	fflush(stderr);
}

static int exit_status(int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	fprintf(stderr, "pyjail: the tracer was ended by signal %d, and the script with it\n",
		WTERMSIG(status));
	return EXIT_PYJAIL;
}

static int be_screen(struct live *live)
{
	enum tui_end end = TUI_OVER;
	sigset_t before;
	int status;

	close_fd(&live->wire[1]);
	close_fd(&live->slave);
	/* No mistake of the screen's reaches the tracer. */
	ring_only_read(live->ring);
	if (start_passing(live, &before) < 0)
		say_failure("signals cannot be passed on", EAGAIN);
	if (first_message(live) == WIRE_START)
		end = show(live);
	if (end == TUI_KILLED)
		tell_tracer(live, WIRE_END);
	if (end == TUI_LEFT) {
		atomic_store(&live->has_left, true);
		tell_tracer(live, WIRE_LEAVE);
	}
	status = wait_for_tracer(live, end == TUI_LEFT);
	stop_passing(live, &before);
	say_kept(live);
	return exit_status(status);
}

int screen_run(const struct options *options, const struct setup *setup, screen_run_fn *run,
	       void *data)
{
	struct live live = {
		.options = options, .wire = { -1, -1 }, .master = -1, .slave = -1, .said = -1,
	};
	int e = live_open(&live), status;

	fflush(NULL);
	live.tracer = e < 0 ? -1 : fork();
	if (live.tracer == 0)
		_exit(be_tracer(&live, setup, run, data));
	if (e == 0 && live.tracer < 0)
		e = -errno;
	status = e < 0 ? say_failure("the screen cannot be prepared", -e) : be_screen(&live);
	live_close(&live);
	return status;
}
