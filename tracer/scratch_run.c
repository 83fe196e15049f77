/* SPDX-License-Identifier: Apache-2.0 */
/* scratch_run.c: what only the kernel can perform, chdir and exec; and getcwd.  See scratch.h. */
#include "tracer/fdname.h"
#include "tracer/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fail.h"
#include "filters/nr.h"
#include "tracer/broker.h"
#include "tracer/layer/layer.h"
#include "tracer/mem.h"
#include "tracer/lookup.h"
#include "tracer/program.h"
#include "tracer/reply.h"
#include "tracer/report.h"
#include "tracer/samefile.h"

#define RED_ZONE 128     /* below the stack pointer: the psABI lets a function use it */
#define PAGE_BYTES 4096
#define WORDS_MAX 8192   /* of an argv that is laid out anew: what a fresh stack has room for */

static void answer(struct tracer *tracer, struct op *op, long result)
{
	report_call(tracer, op, result);
	reply_result(tracer, op, result);
	op_free(op);
}

/*
 * Only the kernel can enter a folder or run a program, and reads the path again: it gets one of
 * ours, below the thread's stack.  A second thread that writes there leads its process into another
 * folder, as it could with a chdir of its own, and from where it is then each path is looked up
 * anew; or to another program, which is not the approved one (program.h).
 */
static uint64_t room_below_stack(const struct op *op, size_t size)
{
	return (regs_stack(&op->regs) - RED_ZONE - size) & ~(uint64_t)15;
}

static unsigned path_index(const struct op *op)
{
	return op->call.nr == __NR_execveat || op->call.nr == __NR_openat ||
	       op->call.nr == __NR_inotify_add_watch;
}

static int run_with(struct tracee *tracee, struct op *op, const uint64_t args[3])
{
	int e = regs_set_call(op->tid, &op->regs, op->call.nr, args);

	if (e < 0)
		return e;
	op->wait = WAIT_MASKED;
	tracee->op = op;
	reply_resume_until_return(op->tid);
	return 0;
}

/* `argv` 0: the caller's own. */
static int run_path(struct tracee *tracee, struct op *op, uint64_t path, uint64_t argv)
{
	uint64_t args[3] = { op->call.args[0], op->call.args[1], op->call.args[2] };

	args[path_index(op)] = path;
	if (argv)
		args[path_index(op) + 1] = argv;
	return run_with(tracee, op, args);
}

static int rewrite_path(struct tracee *tracee, struct op *op, const char *path)
{
	size_t size = strlen(path) + 1;
	uint64_t address = room_below_stack(op, size);
	int e = size > PATH_MAX ? -ENAMETOOLONG : mem_write(op->tid, address, path, size);

	return e < 0 ? e : run_path(tracee, op, address, 0);
}

static bool names_file(int folder, const char *path, int flags, const struct stat *is)
{
	struct stat st;

	return fstatat(folder, path, &st, flags) == 0 && same_file(&st, is);
}

/* Would the kernel, which does not know the view, find the same by that path?  Or only it. */
static bool is_found_alike(const struct op *op, const struct object *object)
{
	cleanup_close int folder = -1;

	if (object->lookup == LOOKUP_FD || !object->raw[0] || object->path[0] != '/' ||
	    object->stat.st_nlink == 0 || lookup_is_below_proc(object->path))
		return true;
	folder = lookup_folder(op, object);
	return names_file(folder, object->raw,
			    object->lookup == LOOKUP_LINK ? AT_SYMLINK_NOFOLLOW : 0, &object->stat);
}

static int path_of(int fd, char *path, size_t size)
{
	ssize_t n = readlink(fd_path(fd).text, path, size - 1);

	path[n > 0 ? n : 0] = '\0';
	return n > 0 ? 0 : -EACCES;
}

void scratch_enter(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	struct object *object = op->object[0];
	char path[2 * LAYER_PATH_MAX];
	int e = S_ISDIR(object->stat.st_mode) ? 0 : -ENOTDIR;
	ssize_t n;

	if (e == 0 && scratch_has(tracer, object))
		e = scratch_folder(tracer, object, false);
	n = e < 0 ? 0 : readlink(fd_path(object->fd).text, path, sizeof(path) - 1);
	if (n < 0)
		e = -errno;
	path[n > 0 ? n : 0] = '\0';
	if (e == 0)
		e = rewrite_path(tracee, op, path);
	if (e < 0)
		answer(tracer, op, e);
}

/*
 * No such descriptor can be handed over, so the kernel opens it.  Another thread that exchanges the
 * path gets what it could have asked for: no rule is about metadata, else it was refused.  A folder
 * that is watched has all its names first, or their making would be told.
 */
bool scratch_path_only(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	struct object *object = op->object[0];
	char path[LAYER_PATH_MAX];
	int e = 0;

	if (!scratch_is_on(tracer) || !tracee || op->door != DOOR_STOP)
		return false;
	if (S_ISDIR(object->stat.st_mode) && scratch_has(tracer, object))
		e = scratch_folder(tracer, object, op->call.nr == __NR_inotify_add_watch);
	if (e == 0 && is_found_alike(op, object))
		return false;
	if (e == 0)
		e = path_of(object->fd, path, sizeof(path));
	if (e < 0) {
		answer(tracer, op, e == -ESTALE ? -EACCES : e);
		return true;
	}
	report_call(tracer, op, 0);
	if (rewrite_path(tracee, op, path) < 0) {
		reply_result(tracer, op, -ENAMETOOLONG);
		op_free(op);
	}
	return true;
}

int scratch_program(const struct tracer *tracer, struct op *op, const char *path, char *ret_path)
{
	struct object object = {
		.lookup = LOOKUP_FOLLOW, .dirfd = AT_FDCWD, .fd = -1, .parent = -1,
	};
	struct call_file file = { 0 };
	int e;

	snprintf(object.raw, sizeof(object.raw), "%s", path);
	e = scratch_resolve(tracer, op, &object, &file, ret_path);
	/* Below /proc a link means somebody in particular. */
	if (e < 0)
		return e == -EXDEV ? -EACCES : e;
	snprintf(ret_path, LAYER_PATH_MAX, "%s", object.path);
	return object.fd;
}

/* ---- scripts: what the kernel makes of "#!", with paths of the view ---- */

struct block {
	uint64_t words[WORDS_MAX + 4];
	char texts[4 * PATH_MAX];
};

/* Up to the end of its page. */
static size_t words_here(uint64_t address)
{
	size_t n = (PAGE_BYTES - address % PAGE_BYTES) / sizeof(uint64_t);

	return n ? n : 1;
}

/* An argv, each word read once; no address: it has no words.  `ret_count`: before its NULL. */
static int read_words(const struct op *op, uint64_t *words, size_t *ret_count)
{
	uint64_t at = op->call.args[path_index(op) + 1];
	size_t count = 0, room = 0;

	for (*ret_count = 0; at; count++) {
		if (count == room) {
			size_t n = words_here(at + count * sizeof(*words));

			room += n;
			if (room > WORDS_MAX)
				return -E2BIG;
			if (mem_read(op->tid, at + count * sizeof(*words), words + count,
				     n * sizeof(*words)) < 0)
				return -EFAULT;
		}
		if (!words[count])
			break;
	}
	*ret_count = count;
	return 0;
}

/*
 * `texts`: the program's path, then what stands in argv instead of its first word.  All of it lies
 * below the stack, as such a path does.
 */
static int lay_out(struct tracee *tracee, struct op *op, const char *const *texts, size_t count,
		   struct block *block)
{
	size_t taken, words, used = 0;
	int e = read_words(op, block->words + count - 2, &taken);
	uint64_t address, at;

	if (e < 0)
		return e;
	words = count - 1 + (taken ? taken - 1 : 0);
	block->words[words] = 0;
	for (size_t i = 0; i < count; i++)
		used += strlen(texts[i]) + 1;
	if (used > sizeof(block->texts))
		return -ENAMETOOLONG;
	address = room_below_stack(op, (words + 1) * sizeof(uint64_t) + used);
	at = address + (words + 1) * sizeof(uint64_t);
	used = 0;
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			block->words[i - 1] = at + used;
		used += (size_t)sprintf(block->texts + used, "%s", texts[i]) + 1;
	}
	e = mem_write(op->tid, address, block->words, (words + 1) * sizeof(uint64_t));
	if (e == 0)
		e = mem_write(op->tid, at, block->texts, used);
	return e < 0 ? -E2BIG : run_path(tracee, op, at, address);
}

static int run_interpreter(struct tracee *tracee, struct op *op, const struct shebang *shebang,
		      const char *program)
{
	const char *texts[4] = { program, shebang->interpreter };
	struct block *block = malloc(sizeof(*block));
	size_t count = 2;
	int e;

	if (!block)
		return -ENOMEM;
	if (shebang->argument[0])
		texts[count++] = shebang->argument;
	texts[count++] = op->object[0]->raw;
	e = lay_out(tracee, op, texts, count, block);
	free(block);
	return e;
}

/* ---- exec ---- */

static int find_program(const struct op *op, char *path, bool *ret_is_alike)
{
	const struct object *object = op->object[0];

	*ret_is_alike = is_found_alike(op, object);
	return path_of(object->fd, path, LAYER_PATH_MAX);
}

/* Who runs the script, where the kernel would look for it.  *ret_is_alike: it would find both. */
static int find_interpreter(const struct tracer *tracer, struct op *op,
			    const struct shebang *shebang, char *path, bool *ret_is_alike)
{
	const struct object *object = op->object[0];
	cleanup_close int fd = -1;
	struct stat st;

	fd = program_interpreter(tracer, op, shebang, path);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0 || faccessat(object->fd, "", X_OK, AT_EMPTY_PATH | AT_EACCESS) < 0)
		return -errno;
	*ret_is_alike = is_found_alike(op, object) &&
			names_file(AT_FDCWD, shebang->interpreter, 0, &st);
	/* By a folder's descriptor the interpreter would have to be given another name for it. */
	if (!*ret_is_alike && object->raw[0] != '/' && object->dirfd != AT_FDCWD)
		return -EACCES;
	return path_of(fd, path, LAYER_PATH_MAX);
}

/* What is run is compared with what was approved, whatever path the kernel follows (program.h). */
bool scratch_exec(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	const struct object *object = op->object[0];
	char path[LAYER_PATH_MAX];
	struct shebang shebang;
	bool is_script, is_alike = false;
	int e;

	if (!scratch_is_on(tracer) || !tracer->was_launched)
		return false;
	is_script = object->raw[0] && program_shebang(object->fd, &shebang) &&
		    shebang.interpreter[0] == '/';
	e = is_script ? find_interpreter(tracer, op, &shebang, path, &is_alike)
		      : find_program(op, path, &is_alike);
	if (is_alike)
		return false;
	if (e < 0) {
		answer(tracer, op, e);
		return true;
	}
	report_call(tracer, op, 0);
	e = is_script ? run_interpreter(tracee, op, &shebang, path)
		      : rewrite_path(tracee, op, path);
	if (e < 0) {
		reply_result(tracer, op, e);
		op_free(op);
	}
	return true;
}

void scratch_where(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	char link[32], path[2 * LAYER_PATH_MAX];
	bool in_layer = false;
	struct stat st;
	ssize_t n;
	int e;

	(void)tracee;
	snprintf(link, sizeof(link), "/proc/%d/cwd", op->tid);
	n = readlink(link, path, sizeof(path) - 1);
	path[n > 0 ? n : 0] = '\0';
	scratch_name(tracer, path, sizeof(path), &in_layer);
	if (!in_layer) {
		report_call(tracer, op, 0);
		reply_run(tracer, op);
		op_free(op);
		return;
	}
	op->verdict.kind = VERDICT_SCRATCH;
	n = (ssize_t)strlen(path) + 1;
	e = stat(link, &st) < 0 || st.st_nlink == 0 ? -ENOENT : 0;
	if (e == 0 && op->call.args[1] < (uint64_t)n)
		e = op->call.args[1] ? -ERANGE : -EINVAL;
	if (e == 0)
		e = mem_write(op->tid, op->call.args[0], path, (size_t)n);
	answer(tracer, op, e < 0 ? e : n);
}

/* ---- connect ---- */

/* 1: the kernel finds the same by itself. */
static int find_socket(const struct tracer *tracer, struct op *op, struct object *object,
		       struct sockaddr_un *ret)
{
	struct call_file file = { 0 };
	char path[LAYER_PATH_MAX];
	int e;

	object->lookup = LOOKUP_FOLLOW;
	e = scratch_resolve(tracer, op, object, &file, path);
	if (e == -EXDEV || (e == 0 && is_found_alike(op, object)))
		return 1;
	if (e == 0)
		e = path_of(object->fd, path, sizeof(path));
	if (e < 0)
		return e;
	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(ret->sun_path))
		return -ENAMETOOLONG;
	strcpy(ret->sun_path, path);
	return 0;
}

/* Below the stack, as a path is.  Whoever exchanges it may connect to anything anyway. */
static int run_connect(struct tracee *tracee, struct op *op, const struct sockaddr_un *address)
{
	uint64_t at = room_below_stack(op, sizeof(*address));
	int e = mem_write(op->tid, at, address, sizeof(*address));
	const uint64_t args[3] = { op->call.args[0], at, sizeof(*address) };

	return e < 0 ? e : run_with(tracee, op, args);
}

bool scratch_connect(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	struct object *object = scratch_socket(op);
	struct sockaddr_un address;
	int e = object ? find_socket(tracer, op, object, &address) : 1;

	if (e == 1)
		return false;
	if (e < 0) {
		answer(tracer, op, e);
		return true;
	}
	report_call(tracer, op, 0);
	e = run_connect(tracee, op, &address);
	if (e < 0) {
		reply_result(tracer, op, e);
		op_free(op);
	}
	return true;
}
