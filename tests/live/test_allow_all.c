/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_allow_all.c: --allow-all refuses nothing that a bare run may do, and yet stops, performs and
 * records all that the default policy stops.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/live.h"
#include "tracer/corpus/need.h"

static const char *const allow_all[] = { "--allow-all", NULL };

/* ---- the same calls stop ---- */

/* Goes the same way whether a call is refused or not. */
static const char every_kind[] =
	"import ctypes, os\n"
	"libc = ctypes.CDLL(None, use_errno=True)\n"
	"def t(f, *a):\n"
	"    try: f(*a)\n"
	"    except OSError: pass\n"
	"t(os.open, 'read', os.O_RDONLY)\n"
	"t(os.open, 'new', os.O_WRONLY | os.O_CREAT)\n"
	"t(os.open, 'new', os.O_RDWR | os.O_TRUNC)\n"
	"t(os.mkdir, 'd'); t(os.rmdir, 'd'); t(os.mkfifo, 'p')\n"
	"t(os.rename, 'new', 'b'); t(os.link, 'b', 'c'); t(os.symlink, 'b', 's')\n"
	"t(os.chmod, 'b', 0o600); t(os.chown, 'b', -1, -1); t(os.utime, 'b', (1, 1))\n"
	"t(os.truncate, 'b', 3); t(os.access, 'b', os.W_OK); t(os.setxattr, 'b', 'user.a', b'x')\n"
	"t(os.removexattr, 'b', 'user.a'); t(os.unlink, 'c')\n"
	"t(os.execv, '/nonexistent', ['x']); t(os.chroot, '/nonexistent')\n"
	"t(os.kill, 1, 0); t(os.kill, os.getpid(), 0); t(os.killpg, 0, 0)\n"
	"t(os.setpriority, os.PRIO_PROCESS, os.getppid(), 0)\n"
	"t(os.sched_setaffinity, os.getppid(), os.sched_getaffinity(0))\n"
	"os.umask(0o22)\n"
	/* connect, bind, listen and sendto an address, on no socket */
	"a = (ctypes.c_char * 16)(2, 0, 0, 9, 127, 0, 0, 1)\n"
	"libc.connect(-1, a, 16); libc.bind(-1, a, 16); libc.listen(-1, 1)\n"
	"libc.sendto(-1, b'x', 1, 0, a, 16)\n"
	"os.close(socket) if (socket := libc.socket(2, 1, 0)) > 0 else 0\n"
	/* unshare, setns, mount, ptrace, bpf, keyctl, process_vm_readv, io_uring_setup, none */
	"for nr in (272, 308, 165, 101, 321, 250, 310, 425, 999):\n"
	"    libc.syscall(nr, -1, -1, -1, -1, -1)\n"
	"libc.prctl(4, 0, 0, 0, 0); libc.prctl(22, 1, 0, 0, 0)\n"
	"libc.ioctl(0, 0x5412, b'x'); libc.fcntl(0, 1024, 0)\n"
	"pid = os.fork()\n"
	"if pid == 0: os._exit(0)\n"
	"os.wait()\n";

static void check_same_calls(const struct jail *plain, const struct jail *all)
{
	size_t count = json_array_size(plain->record);

	for (size_t i = 0; i < count && i < json_array_size(all->record); i++) {
		const json_t *a = json_array_get(plain->record, i);
		const json_t *b = json_array_get(all->record, i);
		const char *x = json_string_value(json_object_get(a, "call"));
		const char *y = json_string_value(json_object_get(b, "call"));

		ck_assert_msg(!x == !y && (!x || !strcmp(x, y)), "call %zu: %s, %s", i, x, y);
	}
	ck_assert_uint_eq(json_array_size(all->record), count);
}

START_TEST(the_same_calls_stop_and_are_recorded)
{
	struct jail plain, all;

	live_script(&plain, NULL, every_kind);
	live_check_status(&plain, 0);
	live_script(&all, allow_all, every_kind);
	live_check_status(&all, 0);
	ck_assert(live_result_number(&plain, "stops") > 80);
	ck_assert(live_result_number(&plain, "stops") == live_result_number(&all, "stops"));
	ck_assert(live_result_number(&all, "stops") <= live_result_number(&all, "events"));
	check_same_calls(&plain, &all);
	/* The comparison compares something: much was refused on one side only. */
	ck_assert_int_gt(jail_denied(&plain), 20);
	ck_assert_int_lt(jail_denied(&all), 15);
	jail_free(&plain);
	jail_free(&all);
}
END_TEST

/* ---- nothing else is refused ---- */

struct row {
	const char *name, *code;
};

static const struct row rows[] = {
	{ "files",
	  "import os, shutil\n"
	  "os.makedirs('t/u'); open('t/u/f', 'w').write('x'); os.rename('t/u/f', 't/g')\n"
	  "os.chmod('t/g', 0o4755); print(oct(os.stat('t/g').st_mode), open('t/g').read())\n"
	  "os.symlink('/etc/passwd', 't/l'); print(os.readlink('t/l')); shutil.rmtree('t')\n"
	  "print(os.path.exists('t'), len(os.listdir('/')), open('/proc/1/stat').read()[:2])\n" },
	{ "programs",
	  "import os, subprocess\n"
	  "print(subprocess.run('echo a | tr a b; exit 3', shell=True, capture_output=True))\n"
	  "print(os.popen('id -u').read())\n" },
	{ "a script as a program",
	  "import os, subprocess\n"
	  "open('x.sh', 'w').write('#!/bin/sh\\necho $0 $1\\n'); os.chmod('x.sh', 0o755)\n"
	  "print(subprocess.check_output(['./x.sh', 'one']))\n" },
	{ "a program in memory",
	  "import os, subprocess\n"
	  "fd = os.memfd_create('p', 0); os.write(fd, open('/usr/bin/true', 'rb').read())\n"
	  "print(subprocess.call([f'/proc/self/fd/{fd}'], pass_fds=(fd,)))\n" },
	{ "sockets",
	  "import os, socket, threading\n"
	  "for family, address in ((socket.AF_INET, ('127.0.0.1', 0)), (socket.AF_UNIX, 'sock'),\n"
	  "                        (socket.AF_UNIX, f'\\0pyjail-test-{os.getpid()}')):\n"
	  "    l = socket.socket(family); l.bind(address); l.listen()\n"
	  "    c = socket.socket(family); c.connect(l.getsockname()); a, b = l.accept()\n"
	  "    a.send(b'hello'); print(c.recv(9)); [x.close() for x in (a, c, l)]\n"
	  "u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(('127.0.0.1', 0))\n"
	  "u.sendto(b'x', u.getsockname()); print(u.recv(9))\n"
	  "p = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\n"
	  "p[0].send(b'y'); print(p[1].recv(9))\n"
	  "import os; os.unlink('sock')\n" },
	{ "signals to others",
	  "import os, signal\n"
	  "os.kill(int(os.environ['OTHER']), 0); print('may')\n"
	  "os.kill(int(os.environ['OTHER']), signal.SIGUSR1)\n" },
	{ "environment",
	  "import os\n"
	  "print(sorted((k, v) for k, v in os.environ.items()\n"
	  "             if k not in ('PYTHONDONTWRITEBYTECODE', '_', 'SHLVL')))\n" },
	{ "descriptors",
	  "import os\n"
	  "print(os.read(20, 5), sorted(int(f) for f in os.listdir('/proc/self/fd'))[:4])\n" },
	{ "limits and rights",
	  "import os, resource as r\n"
	  "print([r.getrlimit(i) for i in range(16)])\n"
	  "print([l for l in open('/proc/self/status') if l[:3] == 'Cap'], os.getgroups())\n"
	  "print(os.umask(0), os.getpriority(0, 0))\n" },
	{ "shared memory",
	  "from multiprocessing import shared_memory\n"
	  "m = shared_memory.SharedMemory(create=True, size=10); m.buf[0] = 7; print(m.buf[0])\n"
	  "m.close(); m.unlink()\n" },
	{ "processes",
	  "import multiprocessing as mp\n"
	  "if __name__ == '__main__':\n"
	  "    for how in ('fork', 'spawn'):\n"
	  "        with mp.get_context(how).Pool(2) as p: print(p.map(abs, [-1, -2, 3]))\n" },
	{ "other calls", "import ctypes, os\n"
	  "libc = ctypes.CDLL(None, use_errno=True)\n"
	  "print(libc.shmget(0, 4096, 0o1600) >= 0)\n"
	  "print(libc.syscall(273, 0, 24), [libc.prctl(36, i, 0, 0, 0) for i in (1, 0)])\n"
	  "os.sched_setaffinity(0, os.sched_getaffinity(0)); print(os.nice(1))\n"
	  "if os.getuid() == 0:\n"
	  "    os.fork() or (os.setuid(65534), os._exit(os.getuid() % 100))\n"
	  "    print(os.wait()[1])\n" },
};

static void run_bare_and_all(const struct row *row, struct jail *bare, struct jail *all)
{
	static const char shell[] = "exec 20<s.py; exec $PY s.py";

	jail_write_file("s.py", row->code);
	setenv("PY", "/usr/bin/python3", 1);
	jail_run_program(bare, "/bin/bash", NULL, 60, (const char *const[]){ "-c", shell, NULL });
	setenv("PY", jail_path("py"), 1);
	jail_run_program(all, "/bin/bash", NULL, 60, (const char *const[]){ "-c", shell, NULL });
}

/* Something foreign to send signals to, and what a caller's environment holds. */
static pid_t prepare(void)
{
	char command[512], other[16];
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGUSR1, SIG_IGN);
		while (true)
			pause();
	}
	snprintf(other, sizeof(other), "%d", pid);
	setenv("OTHER", other, 1);
	setenv("SECRET_TOKEN", "x y\n", 1);
	setenv("PYTHONHASHSEED", "5", 1);
	setenv("LD_PRELOAD", "", 1);
	snprintf(command, sizeof(command),
		 "#!/bin/sh\nPY=/usr/bin/python3 exec '%s' -A --python=/usr/bin/python3 \"$@\"\n",
		 jail_program);
	jail_write_file("py", command);
	ck_assert_int_eq(chmod(jail_path("py"), 0755), 0);
	return pid;
}

START_TEST(nothing_that_a_bare_run_may_do_is_refused)
{
	pid_t other = prepare();
	struct jail bare, all;

	live_sleep(0.1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		run_bare_and_all(&rows[i], &bare, &all);
		ck_assert_msg(bare.status == 0, "%s: %s", rows[i].name, bare.err);
		ck_assert_msg(all.status == 0 && !strcmp(all.out, bare.out) && !all.err[0],
			      "%s: status %d: %s%snot: %s", rows[i].name, all.status, all.out,
			      all.err, bare.out);
	}
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
}
END_TEST

/* ---- what would blind the tracer ---- */

static const struct {
	const char *name, *call;
	int error;
} blinding[] = {
	{ "seccomp", "317, 1, 0, filter", 1 },
	{ "seccomp", "317, 1, 8, filter", 1 },
	{ "prctl", "157, 22, 2, filter, 0, 0", 1 },
	{ "prctl", "157, 4, 0, 0, 0, 0", 1 },
	{ "ptrace", "101, 0, 0, 0, 0", 1 },
	{ "ptrace", "101, 16, os.getppid(), 0, 0", 1 },
	{ NULL, "435, ctypes.create_string_buffer(88), 88", 38 },
	{ "clone", "56, 0x00800011, 0, 0, 0, 0", 1 },
	{ "clone", "56, 0x00020011, 0, 0, 0, 0", 1 },
	{ "io_uring_setup", "425, 8, ctypes.create_string_buffer(120)", 38 },
	{ "pidfd_getfd", "438, 0, 0, 0", 1 },
	{ "process_vm_readv", "310, os.getppid(), 0, 0, 0, 0, 0", 1 },
	{ "process_vm_writev", "311, os.getppid(), 0, 0, 0, 0, 0", 1 },
	{ "userfaultfd", "323, 1", 1 },
	{ "kill", "62, os.getppid(), 9", 1 },
	{ "unshare", "272, 0x00020000", 1 },
};

START_TEST(what_would_blind_it_is_refused)
{
	struct jail jail;
	char code[1024];

	for (size_t i = 0; i < sizeof(blinding) / sizeof(blinding[0]); i++) {
		snprintf(code, sizeof(code),
			 "import ctypes, os\n"
			 "libc = ctypes.CDLL(None, use_errno=True)\n"
			 "program = (ctypes.c_ulong * 1)(0x7fff000000000006)\n"
			 "filter = (ctypes.c_ulong * 2)(1, ctypes.addressof(program))\n"
			 "print(libc.syscall(%s), ctypes.get_errno())\n"
			 "print(open('/etc/passwd').read(4))\n", blinding[i].call);
		jail_code(&jail, allow_all, code);
		live_check_status(&jail, 0);
		snprintf(code, sizeof(code), "-1 %d\nroot\n", blinding[i].error);
		ck_assert_msg(!strcmp(jail.out, code), "%s %s: %s", blinding[i].name,
			      blinding[i].call, jail.out);
		if (blinding[i].name)
			ck_assert_uint_eq(jail_count(&jail, blinding[i].name, "deny", NULL), 1);
		jail_free(&jail);
	}
}
END_TEST

/* The other machine's entry: not refused but ended, as everywhere. */
START_TEST(the_32_bit_entry_ends_the_script)
{
	struct jail jail;

	jail_code(&jail, allow_all,
		  "import ctypes, mmap\n"
		  "m = mmap.mmap(-1, 4096, prot=7)\n"
		  "m.write(b'\\xb8\\x14\\0\\0\\0\\xcd\\x80\\xc3')\n"   /* getpid by int 0x80 */
		  "at = ctypes.addressof(ctypes.c_char.from_buffer(m))\n"
		  "ctypes.CFUNCTYPE(ctypes.c_int)(at)()\n"
		  "print('went on')\n");
	ck_assert_int_eq(jail.status, 128 + (need_i386_faults() ? SIGSEGV : SIGSYS));
	ck_assert_str_eq(jail.out, "");
	jail_free(&jail);
}
END_TEST

int main(void)
{
	return live_main("allow_all", 100, (const TTest *const[]){
		the_same_calls_stop_and_are_recorded, nothing_that_a_bare_run_may_do_is_refused,
		what_would_blind_it_is_refused, the_32_bit_entry_ends_the_script, NULL });
}
