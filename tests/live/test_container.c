/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_container.c: under Docker's default seccomp profile everything works, for root and for
 * others; where something that pyjail needs is refused, it says so and starts nothing.
 *
 * The test program is its own launcher: test_container --launch WHERE WHO PYJAIL WORDS...
 */
#include <errno.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/support/child.h"
#include "tests/support/live.h"
#include "tests/support/profile.h"

#define NOBODY 65534
#define LAUNCH_FAILED 90

/* ---- the launcher ---- */

struct place {
	const char *name;
	bool has_profile;
	bool has_listener;
	int refused[4];          /* calls answered with EPERM on top of it; 0 ends */
};

static const struct place places[] = {
	{ "docker", true, false, { 0 } },
	{ "docker, Landlock refused", true, false,
	  { SYS_landlock_create_ruleset, SYS_landlock_add_rule, SYS_landlock_restrict_self, 0 } },
	{ "docker, close_range refused", true, false, { SYS_close_range, 0 } },
	{ "docker, ptrace refused", true, false, { SYS_ptrace, 0 } },
	{ "docker, seccomp refused", true, false, { SYS_seccomp, 0 } },
	{ "listener taken", false, true, { 0 } },
};

static int enter_place(const char *name)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (strcmp(places[i].name, name) != 0)
			continue;
		if (places[i].has_listener && profile_take_listener() < 0)
			return -1;
		/* The seccomp call may be among them. */
		if (places[i].has_profile && profile_load_docker() < 0)
			return -1;
		for (const int *nr = places[i].refused; *nr; nr++)
			child_refuse_call(*nr, EPERM);
		return 0;
	}
	return -1;
}

static int become(const char *who)
{
	if (!strcmp(who, "root with Docker's capabilities"))
		return profile_keep_capabilities(profile_docker_capabilities);
	if (!strcmp(who, "root without capabilities"))
		return profile_keep_capabilities(0);
	if (!strcmp(who, "nobody"))
		return geteuid() == 0 ? profile_become(NOBODY) : 0;
	return -1;
}

static int launch(char **words)
{
	if (become(words[1]) < 0 || enter_place(words[0]) < 0)
		return LAUNCH_FAILED;
	execv(words[2], words + 2);
	return LAUNCH_FAILED + 1;
}

/* ---- the tests ---- */

static const char *const people[] = { "nobody", "root with Docker's capabilities",
				      "root without capabilities" };

/* False: only root can become this. */
static bool run_with(struct jail *jail, const char *where, const char *who, const char *policy,
		     const char *code)
{
	const char *words[] = { "--launch", where, who, jail_program, "--python=/usr/bin/python3",
				"--record=record.jsonl", "--result-fd=9", "--allow-write=.",
				"--allow-exec=/usr/bin/true", policy, "-c", code, NULL };

	if (strcmp(who, "nobody") != 0 && geteuid() != 0)
		return false;
	/* Without capabilities the owner counts. */
	unlink(jail_path("record.jsonl"));
	if (geteuid() == 0)
		ck_assert_int_eq(chown(jail_folder, strcmp(who, "nobody") ? 0 : NOBODY, 0), 0);
	jail_run_program(jail, "/proc/self/exe", NULL, 60, words);
	ck_assert_msg(jail->status != LAUNCH_FAILED && jail->status != LAUNCH_FAILED + 1,
		      "the launcher failed");
	return true;
}

static bool run_as(struct jail *jail, const char *where, const char *who, const char *code)
{
	return run_with(jail, where, who, "--color=never", code);
}

/* Listings are read through /proc/N/fd and moved on by the script's own lseek; no call is new. */
static const char emulated[] =
	"import os, subprocess\n"
	"[os.unlink(n) for n in os.listdir('.') if n[0] == 'f']\n"
	"for i in range(300):\n"
	"    if i % 10 != 7: open(f'f{i}', 'w').close()\n"
	"print(len(os.listdir('.')), os.path.exists('f7'), os.path.exists('f8'))\n"
	"open('fake1', 'w').write('in memory'); print(open('fake1').read())\n"
	"print(open('/etc/hostname').read() == open('/etc/passwd').read())\n"
	"print(subprocess.call(['/usr/bin/env', 'x'])); os.chdir('/usr'); print(os.getcwd())\n";

static void check_emulates(const char *who)
{
	struct jail jail;

	for (int i = 7; i < 40; i += 10) {
		char name[16];

		snprintf(name, sizeof(name), "f%d", i);
		jail_write_file(name, "hidden");
	}
	jail_write_file("p.policy", "hide {cwd}/*7\nfake write {cwd}/fake*\nfake exec /usr/bin/env\n"
			"view /etc/hostname=/etc/passwd\n");
	ck_assert_int_eq(chmod(jail_path("p.policy"), 0644), 0);
	if (!run_with(&jail, "docker", who, "--policy=p.policy", emulated))
		return;
	ck_assert_msg(jail.status == 0 &&
		      !strcmp(jail.out, "272 False True\nin memory\nTrue\n0\n/usr\n"),
		      "%s: status %d: %s%s", who, jail.status, jail.out, jail.err);
	jail_free(&jail);
}

static const char works[] =
	"import ctypes, os, subprocess, threading\n"
	"try: open('/tmp/pyjail-never', 'w')\n"
	"except PermissionError: print('write refused')\n"
	"try: subprocess.call(['/usr/bin/id'])\n"
	"except PermissionError: print('exec refused')\n"
	"def work(i):\n"
	"    open(f'f{i}', 'w').write('x' * i); os.rename(f'f{i}', f'g{i}')\n"
	"    return len(open(f'g{i}').read())\n"
	"ts = [threading.Thread(target=work, args=(i,)) for i in range(10)]\n"
	"[t.start() for t in ts]; [t.join() for t in ts]\n"
	"print(sorted(f for f in os.listdir() if f[0] == 'g') == [f'g{i}' for i in range(10)])\n"
	"[os.unlink(f'g{i}') for i in range(10)]\n"
	"os.mkdir('d'); os.chmod('d', 0o700); os.rmdir('d')\n"
	"pid = os.fork()\n"
	"if pid == 0: os._exit(work(7))\n"
	"print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
	"os.unlink('g7')\n"
	"print(subprocess.call(['/usr/bin/true']))\n"
	"libc = ctypes.CDLL(None, use_errno=True)\n"
	"print(libc.unshare(0x10000000), ctypes.get_errno())\n"
	"print([l.split()[1] for l in open('/proc/self/status') if l.startswith('CapEff')])\n";

static const char worked[] = "write refused\nexec refused\nTrue\n7\n0\n-1 1\n"
			     "['0000000000000000']\n";

static void check_works(const char *where, const char *who, bool has_landlock)
{
	struct jail jail;
	const json_t *start;

	if (!run_as(&jail, where, who, works))
		return;
	ck_assert_msg(jail.status == 0 && !strcmp(jail.out, worked), "%s, %s: status %d: %s%s",
		      where, who, jail.status, jail.out, jail.err);
	ck_assert_uint_eq(jail_count(&jail, "openat", "deny", "/tmp/pyjail-never"), 1);
	start = json_array_get(jail.record, 0);
	if (!has_landlock)
		ck_assert_int_eq(json_integer_value(json_object_get(start, "landlock")), 0);
	live_check_nothing_left(1);
	jail_free(&jail);
}

START_TEST(it_works_under_the_profile)
{
	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++)
		check_works("docker", people[i], true);
}
END_TEST

START_TEST(it_works_where_less_is_allowed)
{
	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
		check_works("docker, Landlock refused", people[i], false);
		check_works("docker, close_range refused", people[i], true);
	}
}
END_TEST

static const struct {
	const char *where, *said, *cure;
} refusals[] = {
	{ "docker, ptrace refused", "ptrace", "doctor" },
	{ "docker, seccomp refused", "seccomp filter", "doctor" },
	{ "listener taken", "listener is already taken", "outside" },
};

START_TEST(it_emulates_under_the_profile)
{
	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++)
		check_emulates(people[i]);
}
END_TEST

START_TEST(what_is_missing_is_said_and_nothing_starts)
{
	struct jail jail;

	/* Of a sanitized build: looking for leaks needs ptrace too. */
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		ck_assert(run_as(&jail, refusals[i].where, "nobody",
				 "open('started', 'w'); print('started')"));
		ck_assert_msg(jail.status == 125 && strstr(jail.err, refusals[i].said) &&
			      strstr(jail.err, refusals[i].cure), "%s: status %d: %s",
			      refusals[i].where, jail.status, jail.err);
		ck_assert_str_eq(jail.out, "");
		ck_assert_int_ne(access(jail_path("started"), F_OK), 0);
		ck_assert_ptr_null(jail.result);
		live_check_nothing_left(1);
		jail_free(&jail);
	}
}
END_TEST

/* The launcher launches: without it the places above would all be the same. */
START_TEST(the_profile_is_in_force)
{
	struct jail jail;
	const char *words[] = { "--launch", "docker", "nobody", "/usr/bin/python3", "-c",
				"import ctypes, os\n"
				"libc = ctypes.CDLL(None, use_errno=True)\n"
				"def nr(*a): return libc.syscall(*a), ctypes.get_errno()\n"
				/* unshare(CLONE_NEWUSER), bpf, clone3, keyctl, kcmp; getpid */
				"print(nr(272, 0x10000000), nr(321, 0, 0, 0), nr(435, 0, 0),\n"
				"      nr(250, 0), nr(312, 0, 0, 0), nr(39)[0] == os.getpid())\n",
				NULL };

	jail_run_program(&jail, "/proc/self/exe", NULL, 20, words);
	ck_assert_str_eq(jail.out, "(-1, 1) (-1, 1) (-1, 38) (-1, 1) (-1, 1) True\n");
}
END_TEST

int main(int argc, char **argv)
{
	if (argc > 4 && !strcmp(argv[1], "--launch"))
		return launch(argv + 2);
	return live_main("container", 100, (const TTest *const[]){
		the_profile_is_in_force, it_works_under_the_profile, it_works_where_less_is_allowed,
		it_emulates_under_the_profile, what_is_missing_is_said_and_nothing_starts, NULL });
}
