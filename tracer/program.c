/* SPDX-License-Identifier: Apache-2.0 */
/* program.c: see program.h.  How #! is run: execve(2), "Interpreter scripts". */
#include "tracer/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "filters/policy.h"
#include "tracer/broker.h"
#include "tracer/fdname.h"
#include "tracer/hidden.h"
#include "tracer/layer/layer.h"
#include "tracer/mem.h"
#include "tracer/scratch.h"

static int expect_file(int fd, struct exec_pass *pass)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	pass->is_set = true;
	pass->device = st.st_dev;
	pass->inode = st.st_ino;
	return 0;
}

int program_expect(const char *path, struct exec_pass *pass)
{
	cleanup_close int fd = open(path, O_PATH | O_CLOEXEC);

	return fd < 0 ? -errno : expect_file(fd, pass);
}

static void trim_end(char *text)
{
	size_t n = strlen(text);

	while (n > 0 && strchr(" \t", text[n - 1]))
		text[--n] = '\0';
}

bool program_shebang(int object, struct shebang *ret)
{
	cleanup_close int fd = -1;
	char text[SHEBANG_MAX + 1];
	char *start, *rest;
	struct stat st;
	ssize_t n;

	if (fstat(object, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	fd = open(fd_path(object).text, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	n = fd < 0 ? -1 : read(fd, text, SHEBANG_MAX);
	if (n < 3 || text[0] != '#' || text[1] != '!')
		return false;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	trim_end(text);
	start = text + 2 + strspn(text + 2, " \t");
	rest = start + strcspn(start, " \t");
	snprintf(ret->interpreter, sizeof(ret->interpreter), "%.*s", (int)(rest - start), start);
	rest += strspn(rest, " \t");
	snprintf(ret->argument, sizeof(ret->argument), "%s", rest);
	return true;
}

int program_interpreter(const struct tracer *tracer, struct op *op, const struct shebang *shebang,
			char *ret_path)
{
	ssize_t n;
	int fd;

	if (scratch_is_on(tracer))
		return scratch_program(tracer, op, shebang->interpreter, ret_path);
	fd = hidden_open(tracer, op->pid, op->tid, shebang->interpreter);
	if (fd < 0)
		return fd;
	n = readlink(fd_path(fd).text, ret_path, LAYER_PATH_MAX - 1);
	ret_path[n < 0 ? 0 : n] = '\0';
	return fd;
}

/*
 * Who runs a script runs its interpreter, on whatever that finds under the script's name later: the
 * rules must allow it by itself.  A refusal is about the interpreter, and names it; so does a
 * question, whose answer holds for that file alone.
 */
static bool may_interpret(const struct tracer *tracer, const char *path, struct op *op)
{
	struct verdict verdict = policy_judge(tracer->config->policy, CLASS_EXEC, path);

	if (verdict.kind == VERDICT_ALLOW)
		return true;
	if (verdict.kind == VERDICT_ASK && op->asks_interpreter && !strcmp(op->text, path))
		return true;
	/* Too long to be asked about, or said: refused as the script itself. */
	if (strlen(path) >= sizeof(op->text))
		return false;
	op->asks_interpreter = verdict.kind == VERDICT_ASK;
	strcpy(op->text, path);
	op->verdict = verdict;
	op->verdict.path = op->text;
	op->call.file[0].path = op->text;
	return false;
}

/*
 * What must stand in argv: the kernel makes it interpreter, argument if any, script.  Positions are
 * compared exactly, since what follows them is the caller's to choose.
 */
static int expect_script(const struct tracer *tracer, struct op *op, const struct shebang *shebang,
			 struct exec_pass *pass)
{
	const struct object *object = op->object[0];
	char path[LAYER_PATH_MAX];
	cleanup_close int fd = -1;
	struct shebang inner;

	/* A script run by a script, a script without a path: not followed, so refused. */
	if (shebang->interpreter[0] != '/' || !object->raw[0])
		return -EACCES;
	fd = program_interpreter(tracer, op, shebang, path);
	if (fd < 0)
		return fd;
	if (program_shebang(fd, &inner) || !may_interpret(tracer, path, op))
		return -EACCES;
	pass->script = strdup(object->raw);
	pass->argument = strdup(shebang->argument);
	if (!pass->script || !pass->argument)
		return -ENOMEM;
	return expect_file(fd, pass);
}

/*
 * A script runs as its interpreter, which opens the script again by the path that the kernel puts
 * into argv: that path is compared too, and the second opening is judged like any other.
 */
int program_approve(const struct tracer *tracer, struct op *op, struct exec_pass *pass)
{
	const struct object *object = op->object[0];
	struct shebang shebang;

	exec_pass_clear(pass);
	if ((tracer->config->policy->allows_all && !tracer->config->policy->hides) ||
	    policy_allows_everything(tracer->config->policy, CLASS_EXEC)) {
		pass->is_set = pass->is_any = true;
		return 0;
	}
	if (program_shebang(object->fd, &shebang))
		return expect_script(tracer, op, &shebang, pass);
	return expect_file(object->fd, pass);
}

static bool argv_is(pid_t pid, uint64_t address, const char *text)
{
	char found[PATH_MAX];

	return mem_read_string(pid, address, found, sizeof(found)) == 0 && !strcmp(found, text);
}

/* The fresh stack: argc, argv[0], argv[1], ...  Nobody else runs in this memory yet. */
static bool argv_names(pid_t pid, const struct regs *regs, const struct exec_pass *pass)
{
	bool has_argument = pass->argument[0] != '\0';
	unsigned script = has_argument ? 2 : 1;
	uint64_t words[4];

	if (mem_read(pid, regs_stack(regs), words, sizeof(words)) < 0 || words[0] <= script)
		return false;
	if (has_argument && !argv_is(pid, words[2], pass->argument))
		return false;
	return argv_is(pid, words[1 + script], pass->script);
}

int program_verify(pid_t pid, const struct regs *regs, struct exec_pass *pass)
{
	char path[32];
	struct stat st;
	bool is_same = pass->is_set;

	if (pass->is_set && !pass->is_any) {
		snprintf(path, sizeof(path), "/proc/%d/exe", pid);
		is_same = stat(path, &st) == 0 && st.st_dev == pass->device &&
			  st.st_ino == pass->inode;
		if (is_same && pass->script)
			is_same = argv_names(pid, regs, pass);
	}
	exec_pass_clear(pass);
	return is_same ? 0 : -EPERM;
}
