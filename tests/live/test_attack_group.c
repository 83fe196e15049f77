/* SPDX-License-Identifier: Apache-2.0 */
/* test_attack_group.c: the process group that the script shares with its caller. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fail.h"
#include "tests/support/attack.h"

/*
 * The kernel hangs up a process group that becomes orphaned while a member is stopped.  The script
 * shares one with its caller, when that has no job control: cron, a CI job, `ssh host command`.
 */
static const char hang_up_code[] =
	"import os, signal, sys, time\n"
	"def child(f):\n"
	"    try: pid = os.fork()\n"
	"    except BlockingIOError: return 0\n"
	"    if pid == 0: f(); os._exit(0)\n"
	"    return pid\n"
	"def attempt(*args):\n"
	"    try: os.setpgid(*args)\n"
	"    except OSError: pass\n"
	"signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
	"ours = os.getpgrp()\n"
	"stopped = child(lambda: (os.kill(os.getpid(), signal.SIGSTOP), time.sleep(30)))\n"
	"def leave():\n"
	"    child(lambda: time.sleep(0.3)); attempt(0, 0); os.wait()\n"
	"def join():\n"
	"    attempt(0, 0)\n"
	"    pid = child(lambda: time.sleep(0.3)); attempt(pid, ours); os.wait()\n"
	"def race():\n"
	"    'A child forks while it is being moved.'\n"
	"    def fork_much():\n"
	"        for i in range(40): child(lambda: time.sleep(0.02))\n"
	"        time.sleep(0.1)\n"
	"    for i in range(10):\n"
	"        pid = child(fork_much); attempt(pid, pid); os.waitpid(pid, 0)\n"
	"ways = {'leave': leave, 'join': join, 'race': race}\n"
	"time.sleep(0.1)\n"
	"pid = child(ways[sys.argv[1]])\n"
	"os.waitpid(pid, 0)\n"
	"os.kill(stopped, signal.SIGKILL)\n";

/* In a session of its own: the one that sleeps in the group beside the program; true: it lives. */
static bool outlives(const char *program, const char *option, const char *way)
{
	int status;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		pid_t sleeper, run;

		setsid();
		signal(SIGHUP, SIG_IGN);
		sleeper = fork();
		if (sleeper == 0) {
			signal(SIGHUP, SIG_DFL);
			sleep(60);
			_exit(0);
		}
		run = fork();
		if (run == 0) {
			if (option)
				execl(program, program, "--quiet", "--python=/usr/bin/python3", option,
				      jail_path("s/hang.py"), way, NULL);
			execl(program, program, jail_path("s/hang.py"), way, NULL);
			_exit(98);
		}
		waitpid(run, &status, 0);
		status = waitpid(sleeper, NULL, WNOHANG) == 0;
		kill(sleeper, SIGKILL);
		_exit(status);
	}
	status = live_wait(pid, 60);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status) == 1;
}

START_TEST(the_callers_process_group_is_not_hung_up)
{
	static const char *const ways[] = { "leave", "join", "race" };

	jail_write_file("s/hang.py", hang_up_code);
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		ck_assert_msg(outlives(jail_program, "--color=never", ways[i]), "%s", ways[i]);
		ck_assert_msg(outlives(jail_program, "--no-landlock", ways[i]), "%s", ways[i]);
	}
	ck_assert(!outlives("/usr/bin/python3", NULL, "leave"));
	ck_assert(!outlives("/usr/bin/python3", NULL, "join"));
}
END_TEST

/* Groups for jobs of the script's own are made as everywhere. */
START_TEST(groups_of_the_scripts_own_are_free)
{
	struct jail jail;

	attack_script(&jail, NULL, true,
		      "import time\n"
		      "pids = []\n"
		      "for i in range(3):\n"
		      "    pid = os.fork()\n"
		      "    if pid == 0:\n"
		      "        if i == 0: os.setpgid(0, 0)\n"
		      "        time.sleep(5); os._exit(0)\n"
		      "    pids.append(pid)\n"
		      "    print(attempt(os.setpgid, pid, pids[0]) in (None, 'EACCES'), end=' ')\n"
		      "print([os.getpgid(p) == pids[0] for p in pids])\n"
		      "os.killpg(pids[0], 9)\n"
		      "print([os.waitpid(p, 0)[1] for p in pids])\n"
		      "print(attempt(os.setpgid, 0, 0), os.getpgrp() == os.getpid())\n");
	ck_assert_msg(!strcmp(jail.out, "True True True [True, True, True]\n[9, 9, 9]\nNone True\n"
			      "\nsure\n"), "%s%s", jail.out, jail.err);
	jail_free(&jail);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		the_callers_process_group_is_not_hung_up, groups_of_the_scripts_own_are_free, NULL,
	};

	return attack_main_with("attack_group", attack_setup, jail_teardown, tests);
}
