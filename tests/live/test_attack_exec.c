/* SPDX-License-Identifier: Apache-2.0 */
/* test_attack_exec.c: no program runs that the policy does not name, and none gains anything. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/attack.h"

/* A program that ran has said SECRET, which the harness looks for. */
#define PROGRAMS \
	"import shutil, subprocess, threading\n" \
	"E = '/usr/bin/echo'\n" \
	"def words(D): return ['echo', 'SECRET ' + D.removesuffix('/prot').split('/')[-1]]\n" \
	"def child(f, thread=False):\n" \
	"    sys.stdout.flush()\n" \
	"    pid = os.fork()\n" \
	"    if pid == 0:\n" \
	"        try:\n" \
	"            if thread:\n" \
	"                t = threading.Thread(target=f); t.start(); t.join()\n" \
	"            else: f()\n" \
	"        except OSError as e: print(e, file=sys.stderr)\n" \
	"        finally: os._exit(0)\n" \
	"    os.waitpid(pid, 0)\n" \
	"def copy(w):\n" \
	"    shutil.copy(E, w + '/prog'); return w + '/prog'\n" \
	"def memfd():\n" \
	"    fd = os.memfd_create('x', 0); os.write(fd, open(E, 'rb').read()); return fd\n" \
	"def argv(D): return (ctypes.c_char_p * 3)(*[b(x) for x in words(D)], None)\n" \
	"def script(w, line):\n" \
	"    open(w + '/s', 'w').write(line); os.chmod(w + '/s', 0o755); return w + '/s'\n"

static const struct attack attacks[] = {
	{ .name = "running programs", .call = "execve", .verdict = "deny", .code = PROGRAMS
	  "v(lambda D, w: os.system(' '.join(words(D))))\n"
	  "v(lambda D, w: subprocess.call(words(D)))\n"
	  "v(lambda D, w: os.waitpid(os.posix_spawn(E, words(D), {}), 0))\n"
	  "v(lambda D, w: child(lambda: os.execv(E, words(D))))\n"
	  "v(lambda D, w: child(lambda: os.execve(os.open(E, os.O_RDONLY), words(D), {})))\n"
	  "v(lambda D, w: child(lambda: sc(322, os.open(E, os.O_PATH), b'', argv(D), 0, 0x1000)))\n"
	  "v(lambda D, w: child(lambda: sc(322, os.open('/usr/bin', os.O_PATH), b'echo', argv(D), 0, 0)))\n"
	  "v(lambda D, w: child(lambda: os.execv(copy(w), words(D))))\n"
	  "v(lambda D, w: child(lambda: os.execve(memfd(), words(D), {})))\n"
	  "v(lambda D, w: child(lambda: os.execv(f'/proc/self/fd/{memfd()}', words(D))))\n"
	  "v(lambda D, w: child(lambda: os.execv('/proc/self/exe',\n"
	  "                     ['python3', '-c', f'print(\"{words(D)[1]}\")'])))\n"
	  "v(lambda D, w: child(lambda: os.execv('/lib64/ld-linux-x86-64.so.2', ['ld', E] + words(D)[1:])))\n"
	  "v(lambda D, w: child(lambda: os.execv(script(w, f'#!/bin/sh\\necho {words(D)[1]}\\n'), ['s'])))\n"
	  "v(lambda D, w: child(lambda: os.execv(E, words(D)), thread=True))\n"
	  "v(lambda D, w: child(lambda: os.execv('/proc/self/root' + E, words(D))))\n"
	  "v(lambda D, w: child(lambda: (os.symlink(E, 'uname'), os.execv('./uname', words(D)))))\n"
	  "v(lambda D, w: child(lambda: os.execv('/usr/bin/../bin/echo', ['uname'] + words(D)[1:])))\n"
	  "def deleted(D, w):\n"
	  "    fd = os.open(copy(w), os.O_RDONLY); os.unlink(w + '/prog')\n"
	  "    child(lambda: os.execve(fd, words(D), {}))\n"
	  "v(deleted)\n"
	  "def unnamed(D, w):\n"
	  "    fd = os.open(w, os.O_TMPFILE | os.O_RDWR, 0o755); os.write(fd, open(E, 'rb').read())\n"
	  "    fd = os.open(f'/proc/self/fd/{fd}', os.O_RDONLY), os.close(fd)\n"
	  "    child(lambda: os.execve(fd[0], words(D), {}))\n"
	  "v(unnamed)\n"
	  "v(lambda D, w: child(lambda: os.execv(script(w, f'#!{script(w, \"#!/bin/sh\")}\\n'), ['s'])),\n"
	  "  sure=False)\n" },
	{ .name = "other programs than the one that is allowed", .options = { "--allow-exec=/usr/bin/true" },
	  .code = PROGRAMS
	  "T = '/usr/bin/true'\n"
	  "v(lambda D, w: child(lambda: (os.execv(E, words(D)))))\n"
	  "v(lambda D, w: child(lambda: os.execv(T + '/../echo', words(D))), sure=False)\n"
	  "v(lambda D, w: child(lambda: (os.symlink('/usr/bin', 'true'), os.execv('true/echo', words(D)))))\n"
	  "v(lambda D, w: child(lambda: (os.rename(copy(w), w + '/true'), os.execv('true', words(D)))))\n"
	  "v(lambda D, w: child(lambda: os.execv(script(w, f'#!/bin/sh\\necho {words(D)[1]}\\n'), ['s'])))\n"
	  "v(lambda D, w: child(lambda: os.execv('/lib64/ld-linux-x86-64.so.2', ['ld', E] + words(D)[1:])))\n"
	  "v(lambda D, w: child(lambda: (os.execv('/bin/sh', ['sh', '-c', 'echo ' + words(D)[1]]))))\n"
	  "v(lambda D, w: subprocess.run(['true', 'x'], executable=E), sure=False)\n" },
	{ .name = "a script that is allowed, with another interpreter", .options = { "--allow-exec=./w/" },
	  .code = PROGRAMS
	  "v(lambda D, w: child(lambda: os.execv(E, words(D))))\n"
	  "v(lambda D, w: child(lambda: (os.symlink(E, 's'), os.execv('s', words(D)))))\n"
	  "v(lambda D, w: child(lambda: os.execve(memfd(), words(D), {})))\n"
	  "def deleted(D, w):\n"
	  "    fd = os.open(copy(w), os.O_RDONLY); os.unlink(w + '/prog')\n"
	  "    child(lambda: os.execve(fd, words(D), {}))\n"
	  "v(deleted)\n"
	  "v(lambda D, w: child(lambda: (os.link(D + '/t', 'x'), os.execv('x', words(D)))), sure=False)\n" },
};

/* As root: a program that would become nobody.  As anybody: one that nobody may read. */
static void copy_program(const char *from, const char *name, mode_t mode)
{
	char command[512];

	snprintf(command, sizeof(command), "cp %s %s", from, jail_path(name));
	ck_assert_int_eq(system(command), 0);
	if (mode & S_ISUID)
		ck_assert_int_eq(chown(jail_path(name), 65534, 65534), 0);
	ck_assert_int_eq(chmod(jail_path(name), mode), 0);
}

START_TEST(a_set_user_id_program_gains_nothing)
{
	static const char *const options[] = { "--allow-exec=./id", NULL };
	static const char code[] =
		"import subprocess\n"
		"print(subprocess.run([B + '/id', '-u'], capture_output=True).stdout.decode().strip())\n";
	struct jail jail;

	if (geteuid() != 0)
		jail_skip("making a set-user-id program of somebody else needs root");
	copy_program("/usr/bin/id", "id", 04755);
	chmod(jail_folder, 0755);
	attack_bare(&jail, code);
	ck_assert_msg(!strcmp(jail.out, "65534\n\nsure\n"), "%s%s", jail.out, jail.err);
	jail_free(&jail);
	for (int i = 0; i < 2; i++) {
		attack_script(&jail, options, i, code);
		ck_assert_msg(!strcmp(jail.out, "0\n\nsure\n"), "%s%s", jail.out, jail.err);
		jail_free(&jail);
	}
}
END_TEST

/* Such a process could not be read by a tracer without capabilities. */
START_TEST(a_program_that_cannot_be_read_does_not_run)
{
	static const char *const options[] = { "--allow-exec=./p", NULL };
	static const char code[] =
		"import subprocess\n"
		"print(attempt(subprocess.call, [B + '/p']))\n";
	struct jail jail;

	copy_program("/usr/bin/true", "p", 0111);
	attack_bare(&jail, code);
	ck_assert_msg(!strcmp(jail.out, "0\n\nsure\n"), "%s%s", jail.out, jail.err);
	jail_free(&jail);
	attack_script(&jail, options, true, code);
	ck_assert_msg(!strcmp(jail.out, geteuid() == 0 ? "0\n\nsure\n" : "EACCES\n\nsure\n"), "%s%s",
		      jail.out, jail.err);
	jail_free(&jail);
}
END_TEST

/* A link that leads to another script by the time sh opens it would be run by sh. */
START_TEST(a_script_needs_its_interpreter_too)
{
	static const char *const alone[] = { "--allow-exec=./tool", NULL };
	static const char *const both[] = {
		"--allow-exec=./tool,sh", "--allow-read=./tool", NULL
	};
	static const char code[] =
		"import subprocess\n"
		"print(attempt(subprocess.call, [B + '/tool']))\n";
	struct jail jail;

	jail_write_file("tool", "#!/bin/sh\nexit 5\n");
	ck_assert_int_eq(chmod(jail_path("tool"), 0755), 0);
	for (int i = 0; i < 2; i++) {
		attack_script(&jail, both, i, code);
		ck_assert_msg(!strcmp(jail.out, "5\n\nsure\n"), "%s%s", jail.out, jail.err);
		jail_free(&jail);
		attack_script(&jail, alone, i, code);
		ck_assert_msg(!strcmp(jail.out, "EACCES\n\nsure\n"), "%s%s", jail.out, jail.err);
		ck_assert_ptr_nonnull(strstr(jail.err, "allow with  --allow-exec=/"));
		jail_free(&jail);
	}
}
END_TEST

/* Root runs it without one capability, and cannot get any. */
START_TEST(the_script_holds_no_capability)
{
	static const char code[] =
		"import struct\n"
		"for line in open('/proc/self/status'):\n"
		"    if line.startswith(('Cap', 'NoNewPrivs')): print(line.split()[1], end=' ')\n"
		"print()\n"
		"head = struct.pack('Ii', 0x20080522, 0)\n"
		"print(attempt(sc, 126, head, struct.pack('6I', *[0xffffffff] * 6)),\n"
		"      attempt(sc, 157, 24, 21, 0, 0, 0), attempt(sc, 157, 47, 2, 21, 0, 0),\n"
		"      attempt(sc, 157, 28, 0, 0, 0, 0), attempt(sc, 157, 38, 0, 0, 0, 0))\n";
	static const char expected[] =
		"0000000000000000 0000000000000000 0000000000000000 0000000000000000 0000000000000000 1 \n"
		"EPERM EPERM EPERM EPERM EINVAL\n\nsure\n";
	struct jail jail;
	char *bounding;

	attack_script(&jail, NULL, true, code);
	/* Only root's bounding set is emptied: nobody else could use it under no_new_privs. */
	bounding = jail.out + 3 * 17;
	if (geteuid() != 0)
		memset(bounding, '0', 16);
	ck_assert_msg(!strcmp(jail.out, expected), "%s%s", jail.out, jail.err);
	jail_free(&jail);
}
END_TEST

int main(void)
{
	const TTest *const others[] = {
		a_set_user_id_program_gains_nothing, a_program_that_cannot_be_read_does_not_run,
		a_script_needs_its_interpreter_too,
		the_script_holds_no_capability, NULL,
	};

	return attack_main("attack_exec", attacks, ARRAY_SIZE(attacks), others);
}
