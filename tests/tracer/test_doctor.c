/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_doctor.c: the judgements as tables, and the examination in places where something is
 * missing: an outer filter takes it away, as a container's profile would.
 */
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include "base/fail.h"
#include "filters/seccomp.h"
#include "tests/support/child.h"
#include "tests/support/suite.h"
#include "tracer/confine.h"
#include "tracer/doctor.h"
#include "tracer/probe.h"

/* ---- judgements ---- */

static const struct {
	const char *release;
	enum finding_state state;
} kernels[] = {
	{ "5.14.0", FINDING_OK }, { "5.14", FINDING_OK }, { "5.15.0-91-generic", FINDING_OK },
	{ "6.1.0-18-amd64", FINDING_OK }, { "6.18.44-fc-v595", FINDING_OK }, { "10.0", FINDING_OK },
	{ "5.13.19", FINDING_MISSING }, { "5.4.0", FINDING_MISSING }, { "4.4.0", FINDING_MISSING },
	{ "4.99.0", FINDING_MISSING }, { "3.10.0-1160.el7", FINDING_MISSING },
	{ "", FINDING_WARN }, { "six", FINDING_WARN }, { "6", FINDING_WARN },
	{ "\x1b[31m6.1\n", FINDING_WARN },
};

START_TEST(kernels_are_judged_by_number)
{
	struct finding finding = { .name = "kernel" };

	doctor_judge_kernel(kernels[_i].release, &finding);
	ck_assert_int_eq(finding.state, kernels[_i].state);
	ck_assert_uint_eq(finding.cure[0] != '\0', finding.state == FINDING_MISSING);
	ck_assert_ptr_null(strpbrk(finding.text, "\x1b\n"));
}
END_TEST

static const struct {
	int scope;
	bool has_capability;
	enum finding_state state;
} scopes[] = {
	{ -1, false, FINDING_OK }, { 0, false, FINDING_OK }, { 1, false, FINDING_OK },
	{ 2, true, FINDING_OK }, { 2, false, FINDING_MISSING },
	{ 3, false, FINDING_MISSING }, { 3, true, FINDING_MISSING }, { 4, true, FINDING_MISSING },
};

START_TEST(yama_is_judged_by_scope)
{
	struct finding finding = { .name = "yama" };

	doctor_judge_yama(scopes[_i].scope, scopes[_i].has_capability, &finding);
	ck_assert_int_eq(finding.state, scopes[_i].state);
	ck_assert_uint_eq(finding.cure[0] != '\0', finding.state == FINDING_MISSING);
}
END_TEST

static const struct {
	int abi;
	enum finding_state state;
	const char *words;
} landlocks[] = {
	{ 7, FINDING_OK, "ABI 7" }, { 6, FINDING_OK, "ABI 6" },
	{ 9, FINDING_OK, "more than pyjail knows" },
	{ 5, FINDING_WARN, "no signals" }, { 4, FINDING_WARN, "no devices, signals" },
	{ 3, FINDING_WARN, "no TCP" }, { 2, FINDING_WARN, "no truncate" },
	{ 1, FINDING_WARN, "no truncate" },
	{ -ENOSYS, FINDING_WARN, "not in this kernel" }, { -EOPNOTSUPP, FINDING_WARN, "boot" },
	{ -EPERM, FINDING_WARN, "EPERM" }, { -ECHILD, FINDING_WARN, "death" },
	{ 0, FINDING_WARN, "only wall" },
};

START_TEST(landlock_is_never_a_must)
{
	struct finding finding = { .name = "landlock" };

	doctor_judge_landlock(landlocks[_i].abi, &finding);
	ck_assert_int_eq(finding.state, landlocks[_i].state);
	ck_assert_uint_eq(finding.cure[0] != '\0', finding.state == FINDING_WARN);
	ck_assert_msg(strstr(finding.text, landlocks[_i].words), "%s", finding.text);
}
END_TEST

START_TEST(machines)
{
	struct finding finding = { .name = "machine" };

	doctor_judge_machine("x86_64", &finding);
	ck_assert_int_eq(finding.state, FINDING_OK);
	doctor_judge_machine("aarch64", &finding);
	ck_assert_int_eq(finding.state, FINDING_MISSING);
	doctor_judge_machine("", &finding);
	ck_assert_int_eq(finding.state, FINDING_MISSING);
}
END_TEST

START_TEST(one_missing_thing_is_enough)
{
	struct finding findings[] = {
		{ .state = FINDING_OK }, { .state = FINDING_WARN }, { .state = FINDING_MISSING },
	};

	ck_assert(doctor_can_run(findings, 0));
	ck_assert(doctor_can_run(findings, 2));
	ck_assert(!doctor_can_run(findings, 3));
	ck_assert_str_eq(finding_state_name(FINDING_OK), "ok");
	ck_assert_str_eq(finding_state_name(FINDING_WARN), "warning");
	ck_assert_str_eq(finding_state_name(FINDING_MISSING), "missing");
}
END_TEST

/* ---- the examination, whatever the machine ---- */

static int count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	EXPECT(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static void examination_body(const void *data)
{
	struct finding found[DOCTOR_FINDINGS_MAX];
	int descriptors = count_descriptors(), count;
	int64_t start = probe_now_ms();

	(void)data;
	count = doctor_examine(found, DOCTOR_FINDINGS_MAX);
	EXPECT(probe_now_ms() - start < 5000);
	EXPECT(waitpid(-1, NULL, WNOHANG | __WALL) < 0 && errno == ECHILD);
	EXPECT(count_descriptors() == descriptors);
	EXPECT(count == 17);
	for (int i = 0; i < count; i++) {
		EXPECT(found[i].name && found[i].text[0]);
		EXPECT((found[i].state == FINDING_OK) == (found[i].cure[0] == '\0'));
		EXPECT(strlen(found[i].text) < sizeof(found[i].text) - 1);
		EXPECT(strlen(found[i].cure) < sizeof(found[i].cure) - 1);
		for (int k = 0; k < i; k++)
			EXPECT(strcmp(found[i].name, found[k].name) != 0);
	}
}

START_TEST(examination_is_complete_and_leaves_nothing)
{
	child_run(examination_body, NULL);
}
END_TEST

static void nobody_body(const void *data)
{
	if (geteuid() == 0)
		EXPECT(setgid(65534) == 0 && setuid(65534) == 0);
	examination_body(data);
}

START_TEST(examination_as_an_ordinary_user)
{
	child_run(nobody_body, NULL);
}
END_TEST

START_TEST(examination_stops_at_max)
{
	struct finding found[4] = { [3] = { .name = "untouched" } };

	ck_assert_int_eq(doctor_examine(found, 0), 0);
	ck_assert_int_eq(doctor_examine(found, 3), 3);
	ck_assert_str_eq(found[0].name, "kernel");
	ck_assert_str_eq(found[3].name, "untouched");
}
END_TEST

/* Nobody's filter and nobody's tracer around us: nothing can have been taken away. */
static bool is_bare_machine(void)
{
	struct utsname name;
	unsigned major = 0, minor = 0;

	uname(&name);
	sscanf(name.release, "%3u.%3u", &major, &minor);
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 0 && (major > 6 || (major == 6 && minor >= 6));
}

START_TEST(a_bare_machine_lacks_nothing)
{
	struct finding found[DOCTOR_FINDINGS_MAX];
	int count = doctor_examine(found, DOCTOR_FINDINGS_MAX);

	if (!is_bare_machine()) {
		fprintf(stderr, "SKIP a_bare_machine_lacks_nothing: a seccomp filter is around "
			"us, or Linux is older than 6.6\n");
		return;
	}
	for (int i = 0; i < count; i++) {
		/* Those two are up to the administrator. */
		if (strcmp(found[i].name, "landlock") == 0 || strcmp(found[i].name, "yama") == 0)
			continue;
		ck_assert_msg(found[i].state == FINDING_OK, "%s: %s", found[i].name, found[i].text);
	}
}
END_TEST

/* ---- the examination where something is taken away ---- */

struct place {
	const char *name;
	void (*enter)(void);
	const char *finding;     /* what must say so */
	enum finding_state state;
	const char *words;       /* in its text */
};

static void refuse_ptrace(void) { child_refuse_call(SYS_ptrace, EPERM); }
static void refuse_readv(void) { child_refuse_call(SYS_process_vm_readv, EPERM); }
static void refuse_writev(void) { child_refuse_call(SYS_process_vm_writev, ENOSYS); }
static void refuse_seccomp(void) { child_refuse_call(SYS_seccomp, EPERM); }
static void refuse_dead_call(void) { child_refuse_call(DEAD_CALL_NR, EPERM); }
static void refuse_openat2(void) { child_refuse_call(SYS_openat2, ENOSYS); }
static void refuse_getfd(void) { child_refuse_call(SYS_pidfd_getfd, EPERM); }
static void refuse_landlock(void) { child_refuse_call(SYS_landlock_create_ruleset, ENOSYS); }
static void refuse_restrict(void) { child_refuse_call(SYS_landlock_restrict_self, EPERM); }
static void refuse_socketpair(void) { child_refuse_call(SYS_socketpair, EACCES); }

/* Answers `nr` with `action` when the low half of argument 1 is `value`; `any_value`: always. */
static long load(int nr, unsigned action, unsigned value, bool any_value, unsigned flags)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)nr, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, any_value ? 0 : 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { .len = ARRAY_SIZE(code), .filter = code };

	EXPECT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

static void kill_openat2(void)
{
	EXPECT(load(SYS_openat2, SECCOMP_RET_KILL_PROCESS, 0, true, 0) == 0);
}

static void kill_dead_call(void)
{
	EXPECT(load(DEAD_CALL_NR, SECCOMP_RET_KILL_PROCESS, 0, true, 0) == 0);
}

/* Linux before 5.19 and 6.6, as far as it shows. */
static void refuse_wait_killable(void)
{
	EXPECT(load(SYS_seccomp, SECCOMP_RET_ERRNO | EINVAL, 8 | 32, false, 0) == 0);
}

static void refuse_sync_wake_up(void)
{
	EXPECT(load(SYS_ioctl, SECCOMP_RET_ERRNO | EINVAL, 0x40082104, false, 0) == 0);
}

static void refuse_addfd(void)
{
	EXPECT(load(SYS_ioctl, SECCOMP_RET_ERRNO | EINVAL, 0x40182103, false, 0) == 0);
}

/* A listener that somebody holds, and one whose holder never answers what the doctor calls. */
static void keep_listener(void)
{
	EXPECT(load(SYS_acct, SECCOMP_RET_USER_NOTIF, 0, true, 8) >= 0);
}

/* An outer supervisor is asked about openat2 and sleeps: only the deadline helps. */
static void hang_openat2(void)
{
	EXPECT(load(SYS_openat2, SECCOMP_RET_USER_NOTIF, 0, true, 8) >= 0);
}

static void be_traced(void)
{
	int word = 0, ends[2];
	pid_t self = getpid(), pid;

	EXPECT(pipe(ends) == 0);
	pid = fork();
	EXPECT(pid >= 0);
	if (pid == 0) {
		/* Outlives nobody: PR_SET_PDEATHSIG, and it only passes stops on. */
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		word = ptrace(PTRACE_SEIZE, self, 0, PTRACE_O_TRACEFORK) < 0;
		if (write(ends[1], &word, sizeof(word)) < 0)
			_exit(1);
		for (int status; (pid = waitpid(-1, &status, __WALL)) > 0; )
			ptrace(PTRACE_CONT, pid, 0,
			       status >> 16 || !WIFSTOPPED(status) ? 0 : WSTOPSIG(status));
		_exit(0);
	}
	EXPECT(read(ends[0], &word, sizeof(word)) == sizeof(word) && word == 0);
	close(ends[0]);
	close(ends[1]);
}

static void forbid_children(void)
{
	const struct rlimit none = { 0, 0 };

	EXPECT(setrlimit(RLIMIT_NPROC, &none) == 0);
	if (geteuid() == 0)
		EXPECT(setgid(65534) == 0 && setuid(65534) == 0);
}

static void ignore_children(void)
{
	signal(SIGCHLD, SIG_IGN);
}

static void hide_from_tracers(void)
{
	if (geteuid() == 0)
		EXPECT(setgid(65534) == 0 && setuid(65534) == 0);
	EXPECT(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
}

static const struct place places[] = {
	{ "ptrace", refuse_ptrace, "ptrace", FINDING_MISSING, "EPERM" },
	{ "traced", be_traced, "ptrace", FINDING_MISSING, "traces pyjail" },
	{ "process_vm_readv", refuse_readv, "memory", FINDING_MISSING, "/proc/PID/mem: works" },
	{ "process_vm_writev", refuse_writev, "memory", FINDING_MISSING, "ENOSYS" },
	{ "seccomp", refuse_seccomp, "seccomp", FINDING_MISSING, "EPERM" },
	{ "outer listener", keep_listener, "listener", FINDING_MISSING, "EBUSY" },
	{ "outer listener", keep_listener, "notify", FINDING_MISSING, "EBUSY" },
	{ "ADDFD", refuse_addfd, "notify", FINDING_MISSING, "EINVAL" },
	{ "dead call", refuse_dead_call, "dead-call", FINDING_MISSING, "EPERM" },
	{ "deadly call", kill_dead_call, "dead-call", FINDING_MISSING, "death" },
	{ "dead call, but the other", refuse_dead_call, "notify", FINDING_OK, "handed over" },
	{ "wait killable", refuse_wait_killable, "wait-killable", FINDING_WARN, "EINVAL" },
	{ "sync wake-up", refuse_sync_wake_up, "sync-wake-up", FINDING_WARN, "EINVAL" },
	{ "openat2", refuse_openat2, "openat2", FINDING_MISSING, "ENOSYS" },
	{ "deadly openat2", kill_openat2, "openat2", FINDING_MISSING, "death" },
	{ "slow openat2", hang_openat2, "openat2", FINDING_MISSING, "in time" },
	{ "landlock", refuse_landlock, "landlock", FINDING_WARN, "only wall" },
	{ "landlock_restrict_self", refuse_restrict, "landlock", FINDING_WARN, "EPERM" },
	{ "pidfd_getfd", refuse_getfd, "pidfd_getfd", FINDING_OK, "EPERM; not needed" },
	{ "fork", forbid_children, "ptrace", FINDING_MISSING, "EAGAIN" },
	{ "socketpair", refuse_socketpair, "ptrace", FINDING_MISSING, "EACCES" },
	{ "SIGCHLD", ignore_children, "ptrace", FINDING_OK, "seized" },
	{ "dumpable", hide_from_tracers, "memory", FINDING_OK, "process_vm_readv" },
};

static void place_body(const void *data)
{
	const struct place *place = data;
	struct finding found[DOCTOR_FINDINGS_MAX];
	int64_t start = probe_now_ms();
	bool is_there = false;
	int count;

	place->enter();
	count = doctor_examine(found, DOCTOR_FINDINGS_MAX);
	EXPECT(probe_now_ms() - start < 5000);
	for (int i = 0; i < count; i++) {
		if (strcmp(found[i].name, place->finding) != 0)
			continue;
		is_there = true;
		if (found[i].state != place->state || !strstr(found[i].text, place->words))
			child_give_up(place->name, __LINE__, found[i].text);
		EXPECT((found[i].state == FINDING_OK) == (found[i].cure[0] == '\0'));
		EXPECT(strlen(found[i].cure) < sizeof(found[i].cure) - 1);
	}
	EXPECT(is_there);
	EXPECT(place->state != FINDING_MISSING || !doctor_can_run(found, (size_t)count));
}

START_TEST(what_is_taken_away_is_found_missing)
{
	struct finding found[DOCTOR_FINDINGS_MAX];
	int count = doctor_examine(found, DOCTOR_FINDINGS_MAX);

	if (!doctor_can_run(found, (size_t)count)) {
		fprintf(stderr, "SKIP what_is_taken_away_is_found_missing: more is missing here\n");
		return;
	}
	if (strcmp(places[_i].finding, "landlock") == 0 && landlock_abi() == 0) {
		fprintf(stderr, "SKIP what_is_taken_away_is_found_missing: no Landlock here\n");
		return;
	}
	child_run(place_body, &places[_i]);
}
END_TEST

static TCase *judgement_tests(void)
{
	TCase *tcase = tcase_create("judgements");

	tcase_add_loop_test(tcase, kernels_are_judged_by_number, 0, (int)ARRAY_SIZE(kernels));
	tcase_add_loop_test(tcase, yama_is_judged_by_scope, 0, (int)ARRAY_SIZE(scopes));
	tcase_add_loop_test(tcase, landlock_is_never_a_must, 0, (int)ARRAY_SIZE(landlocks));
	tcase_add_test(tcase, machines);
	tcase_add_test(tcase, one_missing_thing_is_enough);
	return tcase;
}

static TCase *live_tests(void)
{
	TCase *tcase = tcase_create("live");

	tcase_set_timeout(tcase, 20);
	tcase_add_test(tcase, examination_is_complete_and_leaves_nothing);
	tcase_add_test(tcase, examination_as_an_ordinary_user);
	tcase_add_test(tcase, examination_stops_at_max);
	tcase_add_test(tcase, a_bare_machine_lacks_nothing);
	tcase_add_loop_test(tcase, what_is_taken_away_is_found_missing, 0,
			    (int)ARRAY_SIZE(places));
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("doctor");

	suite_add_tcase(suite, judgement_tests());
	suite_add_tcase(suite, live_tests());
	return suite_run(suite);
}
