/* SPDX-License-Identifier: Apache-2.0 */
/* test_decide_proc.c: exec, clone, signals, other processes, prctl. */
#include "tests/filters/decide_check.h"

#include <linux/sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define PROGRAM "/work-test/bin/tool"
#define RUNS "allow exec /work-test/bin"

#define RUN(...) { .nr = __NR_execve, .file = { __VA_ARGS__ } }
#define UNREADABLE { .raw = PROGRAM, .path = PROGRAM, .type = S_IFREG, .exists = true, \
		     .is_unreadable = true }

static const struct row exec_rows[] = {
	{ "", RUN(A_FILE(PROGRAM)), DENIED(EACCES, EXEC), PROGRAM },
	{ "allow read /\nallow write /", RUN(A_FILE(PROGRAM)), DENIED(EACCES, EXEC), PROGRAM },
	{ RUNS, RUN(A_FILE(PROGRAM)), ALLOWED(EXEC), PROGRAM },
	{ RUNS, { .nr = __NR_execveat, .file = { A_FILE(PROGRAM) } }, ALLOWED(EXEC), PROGRAM },
	{ RUNS, RUN(A_FILE("/work-test/bi")), DENIED(EACCES, EXEC) },
	{ RUNS "\ndeny exec " PROGRAM, RUN(A_FILE(PROGRAM)), DENIED(EACCES, EXEC), PROGRAM },
	{ RUNS "\nkill exec " PROGRAM, RUN(A_FILE(PROGRAM)), KILLED(EXEC), PROGRAM },
	{ "-A", RUN(A_FILE(PROGRAM)), ALLOWED(EXEC), PROGRAM },
	{ "-A\n--deny-exec", RUN(A_FILE(PROGRAM)), DENIED(EACCES, EXEC), PROGRAM },
	/* Being open is no leave to run. */
	{ "", RUN(A_HELD(PROGRAM)), DENIED(EACCES, EXEC), PROGRAM },
	{ RUNS, RUN(UNREADABLE), DENIED(EACCES, EXEC), PROGRAM },
	{ "-A", RUN(UNREADABLE), DENIED(EACCES, EXEC), PROGRAM },
	/* Bytes without a name run only where anything may run. */
	{ "", RUN(A_MEMFD(true)), DENIED(EACCES, EXEC) },
	{ RUNS, RUN(A_MEMFD(true)), DENIED(EACCES, EXEC) },
	{ "allow exec /**", RUN(A_MEMFD(false)), ALLOWED(EXEC) },
	{ "allow exec /**\ndeny exec " PROGRAM, RUN(A_MEMFD(false)), DENIED(EACCES, EXEC) },
	{ "allow exec /**\n--deny-exec", RUN(A_MEMFD(false)), DENIED(EACCES, EXEC) },
	{ "-A", RUN(A_MEMFD(false)), ALLOWED(EXEC) },
	{ "-A\n--deny-exec", RUN(A_MEMFD(false)), DENIED(EACCES, EXEC) },
	/* The kernel says no to a folder. */
	{ "", RUN(A_FOLDER("/work-test/bin")), ALLOWED(EXEC) },
	{ "-A", RUN(A_FAILURE(EFAULT)), DENIED(EACCES, EXEC) },
	{ "-A", RUN(A_STRANGER("/proc/1/exe")), DENIED(EACCES, EXEC) },
	{ "", RUN({ .type = S_IFDIR }), DENIED(EACCES, EXEC) },
	{ "-A", RUN({ .path = "/work-test", .type = S_IFDIR, .error = EIO }),
	  DENIED(EACCES, EXEC) },
	{ "-A", RUN({ .path = "/proc/1/cwd", .type = S_IFDIR, .is_foreign_proc = true }),
	  DENIED(EACCES, EXEC) },
};

START_TEST(test_exec) { check_row(&exec_rows[_i], _i); }
END_TEST

START_TEST(test_unreadable_says_why)
{
	struct call call = RUN(UNREADABLE);

	ck_assert_str_eq(verdict_of("-A", &call, "unreadable").reason,
			 "the program cannot be read, so it could not be traced");
}
END_TEST

#define CLONE(flags_) { .nr = __NR_clone, .args = { INT(flags_) } }
#define THREAD (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD)
/* What glibc 2.36 and musl ask for. */
#define GLIBC_THREAD (THREAD | CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | \
		      CLONE_CHILD_CLEARTID)
#define GLIBC_FORK (CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD)
#define GLIBC_SPAWN (CLONE_VM | CLONE_VFORK | SIGCHLD)

static const struct row clone_rows[] = {
	{ "", { .nr = __NR_fork }, ALLOWED(PROCESS) },
	{ "", { .nr = __NR_vfork }, ALLOWED(PROCESS) },
	{ "", CLONE(GLIBC_THREAD), ALLOWED(PROCESS) },
	{ "", CLONE(GLIBC_THREAD | CLONE_DETACHED), ALLOWED(PROCESS) },
	{ "", CLONE(THREAD | CLONE_CHILD_SETTID | CLONE_IO), ALLOWED(PROCESS) },
	{ "", CLONE(THREAD), ALLOWED(PROCESS) },
	{ "", CLONE(GLIBC_FORK), ALLOWED(PROCESS) },
	{ "", CLONE(GLIBC_SPAWN), ALLOWED(PROCESS) },
	{ "", CLONE(SIGCHLD), ALLOWED(PROCESS) },
	{ "", CLONE(0), ALLOWED(PROCESS) },
	{ "", CLONE(SIGCHLD | CLONE_IO | CLONE_SETTLS | CLONE_PARENT_SETTID), ALLOWED(PROCESS) },
	/* Another signal to the parent is another signal than the rules know. */
	{ "", CLONE(SIGUSR1), DENIED(EPERM, PROCESS) },
	{ "", CLONE(SIGKILL), DENIED(EPERM, PROCESS) },
	{ "", CLONE(THREAD | SIGUSR1), DENIED(EPERM, PROCESS) },
	{ "-A", CLONE(SIGUSR1), ALLOWED(PROCESS) },
	/* Threads that are not quite threads */
	{ "", CLONE(THREAD & ~CLONE_FS), DENIED(EPERM, PROCESS) },
	{ "", CLONE(THREAD & ~CLONE_FILES), DENIED(EPERM, PROCESS) },
	{ "", CLONE(THREAD & ~CLONE_SIGHAND), DENIED(EPERM, PROCESS) },
	{ "", CLONE(THREAD & ~CLONE_VM), DENIED(EPERM, PROCESS) },
	{ "", CLONE(THREAD | CLONE_VFORK), DENIED(EPERM, PROCESS) },
	{ "", CLONE(THREAD | CLONE_PARENT), DENIED(EPERM, PROCESS) },
	{ "", CLONE(THREAD | CLONE_UNTRACED), DENIED(EPERM, PROCESS) },
	{ "-A", CLONE(THREAD & ~CLONE_FS), DENIED(EPERM, PROCESS) },
	{ "-A", CLONE(THREAD & ~CLONE_FILES), ALLOWED(PROCESS) },
	{ "-A", CLONE(THREAD | CLONE_UNTRACED), DENIED(EPERM, PROCESS) },
	/* Processes that share too much, or hide */
	{ "", CLONE(CLONE_FS | SIGCHLD), DENIED(EPERM, PROCESS) },
	{ "", CLONE(CLONE_FILES | SIGCHLD), DENIED(EPERM, PROCESS) },
	{ "", CLONE(CLONE_VM | CLONE_SIGHAND | SIGCHLD), DENIED(EPERM, PROCESS) },
	{ "", CLONE(CLONE_UNTRACED | SIGCHLD), DENIED(EPERM, PROCESS) },
	{ "", CLONE(CLONE_PTRACE | SIGCHLD), DENIED(EPERM, PROCESS) },
	{ "", CLONE(CLONE_PARENT | SIGCHLD), DENIED(EPERM, PROCESS) },
	{ "", CLONE(CLONE_PIDFD | SIGCHLD), DENIED(EPERM, PROCESS) },
	{ "", CLONE(CLONE_SYSVSEM | SIGCHLD), DENIED(EPERM, PROCESS) },
	{ "", CLONE(CLONE_NEWUSER | SIGCHLD), DENIED(EPERM, PROCESS) },
	{ "", CLONE(CLONE_NEWNS | SIGCHLD), DENIED(EPERM, PROCESS) },
	{ "", CLONE(CLONE_NEWPID | SIGCHLD), DENIED(EPERM, PROCESS) },
	{ "", CLONE(CLONE_NEWNET | SIGCHLD), DENIED(EPERM, PROCESS) },
	{ "", CLONE(CLONE_NEWCGROUP | SIGCHLD), DENIED(EPERM, PROCESS) },
	{ "", CLONE(0xffffffff), DENIED(EPERM, PROCESS) },
	{ "-A", CLONE(CLONE_FS | SIGCHLD), DENIED(EPERM, PROCESS) },
	{ "-A", CLONE(CLONE_FILES | SIGCHLD), ALLOWED(PROCESS) },
	{ "-A", CLONE(CLONE_UNTRACED | SIGCHLD), DENIED(EPERM, PROCESS) },
	{ "-A", CLONE(CLONE_PTRACE | SIGCHLD), DENIED(EPERM, PROCESS) },
	{ "-A", CLONE(CLONE_NEWUSER | SIGCHLD), ALLOWED(PROCESS) },
	{ "-A", CLONE(CLONE_NEWNS | SIGCHLD), DENIED(EPERM, PROCESS) },
	{ "-A", CLONE(0xffffffff), DENIED(EPERM, PROCESS) },
};

START_TEST(test_clone) { check_row(&clone_rows[_i], _i); }
END_TEST

/* Any set with a bit outside the known ones is refused, whatever else stands in it. */
START_TEST(test_clone_unknown_bits)
{
	static const uint32_t bases[] = { 0, SIGCHLD, GLIBC_FORK, GLIBC_SPAWN, GLIBC_THREAD };
	const uint32_t strange = CLONE_PTRACE | CLONE_PARENT | CLONE_UNTRACED | CLONE_NEWNS |
				 CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
				 CLONE_NEWPID | CLONE_NEWNET | CLONE_PIDFD;

	for (size_t i = 0; i < ARRAY_SIZE(bases); i++) {
		if (!(strange & 1u << _i))
			continue;
		struct call call = CLONE(bases[i] | 1u << _i);

		ck_assert_int_eq(verdict_of("", &call, "clone").kind, VERDICT_DENY);
	}
}
END_TEST

#define TARGETS(name_, none_, group_, gone_) \
	{ "", CALL_TARGET(name_, NONE), none_ }, \
	{ "", CALL_TARGET(name_, SELF), GOOD }, \
	{ "", CALL_TARGET(name_, TREE), GOOD }, \
	{ "", CALL_TARGET(name_, GROUP), group_ }, \
	{ "", CALL_TARGET(name_, GONE), gone_ }, \
	{ "", CALL_TARGET(name_, FOREIGN), BAD }, \
	{ "", CALL_TARGET(name_, TRACER), BAD }, \
	{ "-A", CALL_TARGET(name_, NONE), none_ }, \
	{ "-A", CALL_TARGET(name_, SELF), GOOD }, \
	{ "-A", CALL_TARGET(name_, TREE), GOOD }, \
	{ "-A", CALL_TARGET(name_, GROUP), GOOD }, \
	{ "-A", CALL_TARGET(name_, GONE), GOOD }, \
	{ "-A", CALL_TARGET(name_, FOREIGN), GOOD }, \
	{ "-A", CALL_TARGET(name_, TRACER), BAD }

#define GOOD ALLOWED(SIGNAL)
#define BAD DENIED(EPERM, SIGNAL)
static const struct row signal_rows[] = {
	TARGETS(kill, BAD, GOOD, GOOD),
	TARGETS(tkill, BAD, GOOD, GOOD),
	TARGETS(tgkill, BAD, GOOD, GOOD),
	TARGETS(rt_sigqueueinfo, BAD, GOOD, GOOD),
	TARGETS(rt_tgsigqueueinfo, BAD, GOOD, GOOD),
	TARGETS(pidfd_send_signal, BAD, GOOD, GOOD),
	/* Signal 0 sends nothing, but tells who is there. */
	{ "", { .nr = __NR_kill, .args = { 1, 0 }, .target = TARGET_FOREIGN }, BAD },
	{ "", { .nr = __NR_tgkill, .args = { 1, 1, 0 }, .target = TARGET_FOREIGN }, BAD },
};
#undef GOOD
#undef BAD

#define GOOD ALLOWED(PROCESS)
#define BAD DENIED(EPERM, PROCESS)
static const struct row process_rows[] = {
	TARGETS(prlimit64, BAD, BAD, GOOD),
	TARGETS(setpriority, BAD, BAD, GOOD),
	TARGETS(ioprio_set, BAD, BAD, GOOD),
	TARGETS(sched_setaffinity, BAD, BAD, GOOD),
	TARGETS(sched_setscheduler, BAD, BAD, GOOD),
	TARGETS(sched_setparam, BAD, BAD, GOOD),
	TARGETS(sched_setattr, BAD, BAD, GOOD),
	TARGETS(migrate_pages, BAD, BAD, GOOD),
	TARGETS(move_pages, BAD, BAD, GOOD),
	TARGETS(get_robust_list, BAD, BAD, GOOD),
	TARGETS(pidfd_open, BAD, BAD, GOOD),
	/* The caller itself, by the registers alone. */
	{ "", CALL_ARGS(prlimit64, INT(0)), GOOD },
	{ "", CALL_ARGS(setrlimit, INT(4)), GOOD },
	{ "", { .nr = __NR_setpgid, .target = TARGET_TREE }, GOOD },
	{ "", CALL_ARGS(setpgid, INT(0)), GOOD },
	{ "", { .nr = __NR_setpgid, .target = TARGET_FOREIGN }, DENIED(EPERM, SIGNAL) },
	{ "-A", { .nr = __NR_setpgid, .target = TARGET_FOREIGN }, ALLOWED(SIGNAL) },
	{ "", CALL_ARGS(setpriority, INT(PRIO_PROCESS), INT(0)), GOOD },
	{ "", { .nr = __NR_setpriority, .args = { PRIO_USER, 0 }, .target = TARGET_GROUP }, BAD },
};
#undef GOOD
#undef BAD

START_TEST(test_signal) { check_row(&signal_rows[_i], _i); }
END_TEST

START_TEST(test_process) { check_row(&process_rows[_i], _i); }
END_TEST

#define GOOD ALLOWED(SYSTEM)
#define BAD DENIED(EPERM, SYSTEM)
static const struct row prctl_rows[] = {
	{ "", CALL_ARGS(prctl, INT(PR_SET_NAME)), GOOD },
	{ "", CALL_ARGS(prctl, INT(PR_SET_PDEATHSIG), 9), GOOD },
	{ "", CALL_ARGS(prctl, INT(PR_CAPBSET_READ), 3), GOOD },
	{ "", CALL_ARGS(prctl, INT(PR_SET_NO_NEW_PRIVS), 1), GOOD },
	{ "", CALL_ARGS(prctl, INT(PR_GET_DUMPABLE)), GOOD },
	{ "", CALL_ARGS(prctl, INT(PR_SET_DUMPABLE), INT(1)), GOOD },
	{ "", CALL_ARGS(prctl, INT(PR_SET_DUMPABLE), INT(0)), BAD },
	{ "", CALL_ARGS(prctl, INT(PR_SET_DUMPABLE), INT(2)), BAD },
	{ "-A", CALL_ARGS(prctl, INT(PR_SET_DUMPABLE), INT(0)), BAD },
	{ "-A", CALL_ARGS(prctl, INT(PR_SET_SECCOMP), 2), BAD },
	{ "-A", CALL_ARGS(prctl, INT(PR_SET_PTRACER), 1), BAD },
	{ "-A", CALL_ARGS(prctl, INT(PR_SET_MM), 13), BAD },
	{ "-A", CALL_ARGS(prctl, INT(PR_SET_SYSCALL_USER_DISPATCH), 1), BAD },
	{ "", CALL_ARGS(prctl, INT(PR_SET_SECCOMP), 2), BAD },
	{ "", CALL_ARGS(prctl, INT(PR_SET_CHILD_SUBREAPER), 1), BAD },
	{ "-A", CALL_ARGS(prctl, INT(PR_SET_CHILD_SUBREAPER), 1), GOOD },
	{ "", CALL_ARGS(prctl, INT(PR_CAP_AMBIENT), INT(PR_CAP_AMBIENT_IS_SET), 3), GOOD },
	{ "", CALL_ARGS(prctl, INT(PR_CAP_AMBIENT), INT(PR_CAP_AMBIENT_RAISE), 3), BAD },
	{ "-A", CALL_ARGS(prctl, INT(PR_CAP_AMBIENT), INT(PR_CAP_AMBIENT_RAISE), 3), GOOD },
	{ "", CALL_ARGS(prctl, INT(PR_CAPBSET_DROP), 3), BAD },
	{ "", CALL_ARGS(prctl, INT(PR_SET_SECUREBITS), 3), BAD },
	{ "", CALL_ARGS(prctl, INT(12345)), BAD },
	{ "", CALL_ARGS(prctl, INT(-1)), BAD },
	{ "-A", CALL_ARGS(prctl, INT(12345)), GOOD },
};
#undef GOOD
#undef BAD

START_TEST(test_prctl) { check_row(&prctl_rows[_i], _i); }
END_TEST

int main(void)
{
	Suite *suite = suite_create("decide_proc");
	TCase *tcase = tcase_create("rows");

	tcase_add_loop_test(tcase, test_exec, 0, ARRAY_SIZE(exec_rows));
	tcase_add_test(tcase, test_unreadable_says_why);
	tcase_add_loop_test(tcase, test_clone, 0, ARRAY_SIZE(clone_rows));
	tcase_add_loop_test(tcase, test_clone_unknown_bits, 0, 32);
	tcase_add_loop_test(tcase, test_signal, 0, ARRAY_SIZE(signal_rows));
	tcase_add_loop_test(tcase, test_process, 0, ARRAY_SIZE(process_rows));
	tcase_add_loop_test(tcase, test_prctl, 0, ARRAY_SIZE(prctl_rows));
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
