/* SPDX-License-Identifier: Apache-2.0 */
/* child.c: see child.h. */
#include "tests/support/child.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fail.h"

void child_give_up(const char *file, int line, const char *what)
{
	dprintf(CHILD_REPORT_FD, "%s:%d: %s (errno %s)", file, line, what, errno_name(errno));
	_exit(1);
}

static void be_child(const int ends[2], child_fn *body, const void *data)
{
	if (dup3(ends[1], CHILD_REPORT_FD, O_CLOEXEC) < 0)
		_exit(2);
	close(ends[0]);
	close(ends[1]);
	body(data);
	_exit(0);
}

void child_run(child_fn *body, const void *data)
{
	char words[512] = "";
	int ends[2], status;
	ssize_t n;
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		be_child(ends, body, data);
	close(ends[1]);
	n = read(ends[0], words, sizeof(words) - 1);
	close(ends[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(n == 0, "%s", words);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the child ended with 0x%x",
		      (unsigned)status);
}

void child_refuse_call(int nr, int error)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { .len = ARRAY_SIZE(code), .filter = code };

	EXPECT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	EXPECT(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}
