/* SPDX-License-Identifier: Apache-2.0 */
/* test_attack_net.c: nobody is reached by a socket, a shared object or the terminal. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include "base/fail.h"
#include "tests/support/attack.h"

/* ---- those who listen ---- */

enum ear { EAR_TCP, EAR_UDP, EAR_PATH, EAR_PATH_DGRAM, EAR_ABSTRACT, EAR_ABSTRACT_DGRAM, EARS };

static const char *const ear_names[EARS] = { "tcp", "udp", "path", "path dgram", "abstract",
					      "abstract dgram" };

struct ears {
	int fd[EARS];
	unsigned short port[2];
	char abstract[2][96];
};

static int listen_here(int family, int type, const void *address, socklen_t length)
{
	int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, address, length), 0);
	if (type == SOCK_STREAM)
		ck_assert_int_eq(listen(fd, 64), 0);
	return fd;
}

static int listen_ip(int type, unsigned short *ret_port)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t length = sizeof(in);
	int fd;

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = listen_here(AF_INET, type, &in, sizeof(in));
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&in, &length), 0);
	*ret_port = ntohs(in.sin_port);
	return fd;
}

static int listen_unix(int type, const char *path, bool is_abstract)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	size_t n = strlen(path);

	ck_assert_uint_lt(n + 1, sizeof(un.sun_path));
	memcpy(un.sun_path + is_abstract, path, n);
	return listen_here(AF_UNIX, type, &un,
			   (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + n));
}

static void ears_open(struct ears *ears)
{
	ck_assert_int_eq(mkdir(jail_path("w"), 0755), 0);
	ears->fd[EAR_TCP] = listen_ip(SOCK_STREAM, &ears->port[0]);
	ears->fd[EAR_UDP] = listen_ip(SOCK_DGRAM, &ears->port[1]);
	ears->fd[EAR_PATH] = listen_unix(SOCK_STREAM, jail_path("w/stream"), false);
	ears->fd[EAR_PATH_DGRAM] = listen_unix(SOCK_DGRAM, jail_path("w/dgram"), false);
	for (int i = 0; i < 2; i++) {
		snprintf(ears->abstract[i], sizeof(ears->abstract[i]), "pyjail%s%d",
			 jail_folder + 5, i);
		ears->fd[EAR_ABSTRACT + i] = listen_unix(i ? SOCK_DGRAM : SOCK_STREAM,
							 ears->abstract[i], true);
	}
}

/* Whether somebody came.  All that waits is taken. */
static bool was_reached(int fd, bool is_stream)
{
	bool any = false;
	char byte;

	for (;;) {
		int r = is_stream ? accept(fd, NULL, NULL) : (int)recv(fd, &byte, 1, 0);

		if (r < 0)
			return any;
		any = true;
		if (is_stream)
			close(r);
	}
}

#define REACH \
	"import array, socket, struct\n" \
	"S, D, Q, UNIX, INET = (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET,\n" \
	"                       socket.AF_UNIX, socket.AF_INET)\n" \
	"ip = [('127.0.0.1', TCP), ('127.0.0.1', UDP)]\n" \
	"un = [W + '/stream', W + '/dgram', b'\\0' + ABS[0].encode(), b'\\0' + ABS[1].encode()]\n" \
	"ways = []\n" \
	"for family, kind, to in ((INET, S, ip[0]), (INET, D, ip[1]), (UNIX, S, un[0]), (UNIX, D, un[1]),\n" \
	"                         (UNIX, S, un[2]), (UNIX, D, un[3])):\n" \
	"    make = lambda f=family, k=kind: socket.socket(f, k)\n" \
	"    ways += [lambda m=make, t=to: m().connect(t), lambda m=make, t=to: m().sendto(b'x', t),\n" \
	"             lambda m=make, t=to: m().sendmsg([b'x'], [], 0, t),\n" \
	"             lambda m=make, t=to: m().sendto(b'x', 0x20000000, t)]\n" \
	"    for k in S, D, Q:\n" \
	"        pair = lambda k=k: socket.socketpair(UNIX, k)[0]\n" \
	"        ways += [lambda p=pair, t=to: p().sendto(b'x', t), lambda p=pair, t=to: p().connect(t),\n" \
	"                 lambda p=pair, t=to: p().sendmsg([b'x'], [], 0, t)]\n" \
	"for way in ways:\n" \
	"    try: way()\n" \
	"    except (OSError, TypeError): pass\n"

static void run_reach(const struct ears *ears, const char *option, bool has_landlock, bool is_bare)
{
	const char *const options[] = { option, NULL };
	struct jail jail;
	char code[8192];

	snprintf(code, sizeof(code), "TCP, UDP, ABS = %u, %u, ['%s', '%s']\n" REACH, ears->port[0],
		 ears->port[1], ears->abstract[0], ears->abstract[1]);
	if (is_bare)
		attack_bare(&jail, code);
	else
		attack_script(&jail, option ? options : NULL, has_landlock, code);
	ck_assert_msg(jail.status == 0, "%.2000s", jail.err);
	jail_free(&jail);
}

static void check_reached(struct ears *ears, bool may_ip, bool may_unix)
{
	for (int i = 0; i < EARS; i++) {
		bool may = i <= EAR_UDP ? may_ip : may_unix;

		ck_assert_msg(was_reached(ears->fd[i], i % 2 == 0) == may, "%s was %sreached",
			      ear_names[i], may ? "not " : "");
	}
}

START_TEST(no_listener_is_reached)
{
	struct ears ears;

	ears_open(&ears);
	for (int has_landlock = 0; has_landlock < 2; has_landlock++) {
		run_reach(&ears, NULL, has_landlock, false);
		check_reached(&ears, false, false);
		run_reach(&ears, "--allow-net", has_landlock, false);
		check_reached(&ears, true, false);
	}
	run_reach(&ears, NULL, false, true);
	check_reached(&ears, true, true);
}
END_TEST

/* A stream socket of the Unix family is given, and leads nowhere; it is no way to make a name. */
START_TEST(a_unix_socket_leads_nowhere)
{
	static const char code[] =
		"import socket, struct\n"
		"os.mkdir(W) if not os.path.exists(W) else None\n"
		"s = socket.socket(socket.AF_UNIX)\n"
		"print(attempt(s.bind, W + '/name'), attempt(s.bind, b'\\0pyjail-x'), attempt(s.listen))\n"
		"print(attempt(s.connect, W + '/name'), attempt(s.send, b'x', socket.MSG_NOSIGNAL))\n"
		"for kind in socket.SOCK_STREAM, socket.SOCK_SEQPACKET:\n"
		"    a, c = socket.socketpair(socket.AF_UNIX, kind)\n"
		"    print(attempt(a.bind, W + '/name'), attempt(a.bind, b'\\0pyjail-y'),\n"
		"          attempt(a.bind, ''), attempt(sc, 49, a.fileno(), struct.pack('H', 0), 2))\n"
		"peer = attempt(s.getsockopt, 1, 77)\n"
		"if isinstance(peer, int):\n"
		"    for signal in 0, 9, 19: print(attempt(sc, 424, peer, signal, 0, 0))\n"
		"    print(attempt(sc, 438, peer, 0, 0), attempt(sc, 308, peer, 0x20000))\n"
		"else: print(*['EPERM'] * 3 + ['EPERM EPERM'], sep='\\n')\n"
		"print(os.listdir(W))\n";
	static const char expected[] =
		"EPERM EPERM EPERM\nENOENT EPIPE\nEPERM EPERM EPERM EPERM\nEPERM EPERM EPERM EPERM\n"
		"EPERM\nEPERM\nEPERM\nEPERM EPERM\n[]\n\nsure\n";

	for (int has_landlock = 0; has_landlock < 2; has_landlock++) {
		struct jail jail;

		attack_script(&jail, NULL, has_landlock, code);
		ck_assert_msg(!strcmp(jail.out, expected), "%.1000s%.2000s", jail.out, jail.err);
		jail_free(&jail);
	}
}
END_TEST

START_TEST(odd_families_are_closed)
{
	static const char code[] =
		"import socket\n"
		"got = {}\n"
		"for family in range(64):\n"
		"    for kind in 1, 2, 3, 4, 5, 6, 10, 1 | 0x77 << 32, 2 | 0o4000:\n"
		"        r = attempt(sc, 41, family | 0x77 << 32, kind, 0)\n"
		"        if isinstance(r, int): os.close(r); got.setdefault(family, []).append(kind & 15)\n"
		"        elif r not in ('EPERM', 'EACCES'): print(family, kind, r)\n"
		"    for kind in 1, 2, 3, 5:\n"
		"        r = attempt(sc, 53, family, kind, 0, ctypes.create_string_buffer(8))\n"
		"        if isinstance(r, int): got.setdefault('pair', []).append((family, kind))\n"
		"print(got)\n";
	struct jail jail;

	attack_script(&jail, NULL, true, code);
	ck_assert_msg(!strcmp(jail.out, "{1: [1, 1], 'pair': [(1, 1), (1, 5)]}\n\nsure\n"),
		      "%.1000s%.2000s", jail.out, jail.err);
	jail_free(&jail);
}
END_TEST

/* ---- the terminal ---- */

struct terminal {
	int master, slave;
	pid_t pid;
};

/* pyjail with the terminal as its own, as a shell starts it. */
static void terminal_run(struct terminal *terminal, const char *option, const char *code)
{
	struct winsize size = { .ws_row = 25, .ws_col = 80 };

	jail_write_file("s/tty.py", code);
	ck_assert_int_eq(openpty(&terminal->master, &terminal->slave, NULL, NULL, &size), 0);
	terminal->pid = fork();
	ck_assert_int_ge(terminal->pid, 0);
	if (terminal->pid > 0)
		return;
	close(terminal->master);
	if (login_tty(terminal->slave) < 0 || chdir(jail_folder) < 0)
		_exit(99);
	execl(jail_program, "pyjail", "--python=/usr/bin/python3", "--quiet", "--record=record.jsonl",
	      option, jail_path("s/tty.py"), NULL);
	_exit(98);
}

/* Until the script has said `word`; what was said stays in `text`. */
static void terminal_expect(struct terminal *terminal, const char *word, char *text, size_t size)
{
	size_t used = strlen(text);
	double until = live_now_s() + 20;

	while (!strstr(text, word)) {
		struct pollfd one = { .fd = terminal->master, .events = POLLIN };
		ssize_t n;

		ck_assert_msg(live_now_s() < until && poll(&one, 1, 20000) > 0, "said: %s", text);
		n = read(terminal->master, text + used, size - 1 - used);
		ck_assert_msg(n > 0, "said: %s", text);
		used += (size_t)n;
		text[used] = '\0';
	}
}

static int terminal_end(struct terminal *terminal)
{
	int status = live_wait(terminal->pid, 20);

	close(terminal->master);
	close(terminal->slave);
	return status;
}

/* O_ASYNC makes the terminal signal its foreground group: pyjail and its pipeline. */
static const char async_code[] =
	"import fcntl, os, signal, sys, time\n"
	"signal.signal(signal.SIGIO, signal.SIG_IGN)\n"
	"try: fcntl.fcntl(0, fcntl.F_SETFL, os.O_RDWR | 0x2000)\n"
	"except PermissionError: print('refused')\n"
	"for i in range(2): print('ready', flush=True); sys.stdin.readline()\n"
	"time.sleep(0.2); print('over', flush=True)\n";

START_TEST(the_terminal_signals_nobody)
{
	for (int has_landlock = 0; has_landlock < 2; has_landlock++) {
		struct terminal terminal;
		char text[4096] = "";

		terminal_run(&terminal, has_landlock ? "--color=never" : "--no-landlock", async_code);
		terminal_expect(&terminal, "ready", text, sizeof(text));
		ck_assert_ptr_nonnull(strstr(text, "refused"));
		ck_assert_int_eq(write(terminal.master, "a\nb\n", 4), 4);
		terminal_expect(&terminal, "over", text, sizeof(text));
		ck_assert_int_eq(terminal_end(&terminal), 0);
	}
}
END_TEST

/* The control: the same without a jail, run by somebody who does not ignore the signal. */
START_TEST(a_terminal_can_signal_its_group)
{
	int master, slave, status;
	pid_t pid;

	ck_assert_int_eq(openpty(&master, &slave, NULL, NULL, NULL), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		if (login_tty(slave) < 0 || fcntl(0, F_SETFL, O_RDWR | O_ASYNC) < 0)
			_exit(99);
		sleep(20);
		_exit(98);
	}
	live_sleep(0.3);
	ck_assert_int_eq(write(master, "a\n", 2), 2);
	status = live_wait(pid, 10);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGIO);
	close(master);
	close(slave);
}
END_TEST

/* What is typed that way would be read by the caller's shell. */
static const char typing_code[] =
	"import fcntl, struct, sys, termios\n"
	"for fd in 0, open('/dev/tty', 'r+b', buffering=0).fileno():\n"
	"    for command in 0x5412, 0x5412 | 0x77 << 32, 0x541c, 0x5423, 0x541d, 0x5441, 0x5432:\n"
	"        import ctypes; libc = ctypes.CDLL(None, use_errno=True)\n"
	"        r = libc.ioctl(fd, ctypes.c_ulong(command), ctypes.create_string_buffer(b'Z', 64))\n"
	"        if r != -1 or ctypes.get_errno() != 1: print('took', hex(command))\n"
	"print('over', flush=True)\n";

START_TEST(nothing_is_typed_into_the_terminal)
{
	struct terminal terminal;
	char text[4096] = "";

	terminal_run(&terminal, "--color=never", typing_code);
	terminal_expect(&terminal, "over", text, sizeof(text));
	ck_assert_msg(!strstr(text, "took") && !strchr(text, 'Z'), "%s", text);
	ck_assert_int_eq(terminal_end(&terminal), 0);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		no_listener_is_reached, a_unix_socket_leads_nowhere, odd_families_are_closed,
		the_terminal_signals_nobody, a_terminal_can_signal_its_group,
		nothing_is_typed_into_the_terminal, NULL,
	};

	return attack_main_with("attack_net", attack_setup, jail_teardown, tests);
}
