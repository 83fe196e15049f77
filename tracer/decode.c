/* SPDX-License-Identifier: Apache-2.0 */
/* decode.c: see decode.h.  One small function per shape letter of filters/syscalls.def. */
#include "tracer/decode.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>

#include "base/fail.h"
#include "filters/decide.h"
#include "filters/nr.h"
#include "tracer/argv.h"
#include "tracer/mem.h"

/* What travels from letter to letter: a folder descriptor waits for the path that follows it. */
struct reading {
	struct op *op;
	unsigned arg;
	int dirfd;
	bool has_dirfd;
	bool has_words;
};

static int read_folder(struct reading *r)
{
	r->dirfd = (int)r->op->call.args[r->arg];
	r->has_dirfd = true;
	return 0;
}

static enum lookup lookup_of_name(const struct op *op)
{
	decide_fn *decider = op->call.row->decide;

	if (decider == decide_remove || decider == decide_rename || decider == decide_make)
		return LOOKUP_NAME;
	/* link's first path is an existing file, its second a new name. */
	if (decider == decide_link && op->object_count == 2)
		return LOOKUP_NAME;
	return LOOKUP_LINK;
}

static int read_path_as(struct reading *r, bool is_name)
{
	struct op *op = r->op;
	struct object *object = op_object(op);
	uint64_t address = op->call.args[r->arg];

	if (!object)
		return -ENOMEM;
	object->dirfd = r->has_dirfd ? r->dirfd : AT_FDCWD;
	object->lookup = is_name ? lookup_of_name(op) : LOOKUP_FOLLOW;
	/* utimensat(2), futimesat(2): no path means the descriptor itself. */
	if (!address && r->has_dirfd && op->call.row->decide == decide_change) {
		object->lookup = LOOKUP_FD;
		return 0;
	}
	r->has_dirfd = false;
	return mem_read_string(op->tid, address, object->raw, sizeof(object->raw));
}

static int read_path(struct reading *r)
{
	return read_path_as(r, false);
}

static int read_name(struct reading *r)
{
	return read_path_as(r, true);
}

static int read_open_flags(struct reading *r)
{
	r->op->call.flags = (int)r->op->call.args[r->arg];
	return 0;
}

static int read_mode(struct reading *r)
{
	r->op->call.mode = (unsigned)r->op->call.args[r->arg];
	return 0;
}

/* openat2(2): a longer struct must be zero past what we know; shorter ones are older. */
static int read_open_how(struct reading *r)
{
	struct op *op = r->op;
	unsigned char bytes[4096] = { 0 };
	uint64_t size = op->call.args[r->arg + 1];
	struct open_how how;
	int e;

	if (size < sizeof(how))
		return -EINVAL;
	if (size > sizeof(bytes))
		return -E2BIG;
	e = mem_read(op->tid, op->call.args[r->arg], bytes, size);
	if (e < 0)
		return e;
	for (size_t i = sizeof(how); i < size; i++)
		if (bytes[i])
			return -E2BIG;
	memcpy(&how, bytes, sizeof(how));
	/* Unlike open, openat2 refuses what it does not know. */
	if (how.flags > UINT32_MAX || how.mode & ~(uint64_t)07777)
		return -EINVAL;
	op->call.flags = (int)how.flags;
	op->call.mode = (unsigned)how.mode;
	op->resolve_flags = how.resolve;
	return 0;
}

static int read_at_flags(struct reading *r)
{
	r->op->at_flags = (int)r->op->call.args[r->arg];
	return 0;
}

static int read_flags(struct reading *r)
{
	r->op->call.flags = (int)r->op->call.args[r->arg];
	return 0;
}

static int read_descriptor(struct reading *r)
{
	struct op *op = r->op;
	struct object *object;

	/* Only a change of metadata, and a listing, is about the descriptor's file. */
	if ((op->call.row->decide != decide_change && op->call.row->decide != decide_list) ||
	    op->object_count)
		return 0;
	/* AT_FDCWD is no descriptor here. */
	if ((int)op->call.args[r->arg] < 0)
		return -EBADF;
	object = op_object(op);
	if (!object)
		return -ENOMEM;
	object->lookup = LOOKUP_FD;
	object->dirfd = (int)op->call.args[r->arg];
	return 0;
}

static int read_text(struct reading *r)
{
	return mem_read_string(r->op->tid, r->op->call.args[r->arg], r->op->text,
			       sizeof(r->op->text));
}

static int read_address(struct reading *r)
{
	struct op *op = r->op;
	uint64_t length = (uint32_t)op->call.args[r->arg + 1];
	int e;

	if (length > sizeof(op->address))
		return -EINVAL;
	if (length < sizeof(sa_family_t))
		return 0;
	e = mem_read(op->tid, op->call.args[r->arg], &op->address, length);
	if (e < 0)
		return e;
	op->address_length = (socklen_t)length;
	op->call.family = op->address.ss_family;
	return 0;
}

/* Of a program that is run; its environment, the second one, is not told. */
static int read_words(struct reading *r)
{
	struct op *op = r->op;

	/* argv and envp: the first that comes. */
	if (op->call.row->decide == decide_exec && !r->has_words)
		op->argv = argv_read(op->tid, op->call.args[r->arg]);
	r->has_words = true;
	return 0;
}

static int read_nothing(struct reading *r)
{
	(void)r;
	return 0;
}

static const struct {
	char letter;
	int (*read)(struct reading *);
} readers[] = {
	{ 'D', read_folder },     { 'p', read_path },       { 'n', read_name },
	{ 'o', read_open_flags }, { 'm', read_mode },       { 'h', read_open_how },
	{ 'a', read_at_flags },   { 'r', read_flags },      { 'd', read_descriptor },
	{ 'c', read_text },       { 's', read_address },    { 'i', read_nothing },
	{ 'u', read_nothing },    { 'x', read_nothing },    { 'b', read_nothing },
	{ 'z', read_nothing },    { 'l', read_nothing },    { 't', read_nothing },
	{ 'g', read_nothing },    { 'v', read_words },
};

static int read_letter(struct reading *r, char letter)
{
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++)
		if (readers[i].letter == letter)
			return readers[i].read(r);
	return -EINVAL;
}

/* The flags that open carries in its registers, or implies. */
static void finish_open(struct op *op)
{
	struct object *object = op->object[0];
	int flags;

	if (op->call.nr == __NR_creat)
		op->call.flags = O_CREAT | O_WRONLY | O_TRUNC;
	flags = op->call.flags;
	if (flags & O_PATH)
		flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	op->call.flags = flags;
	/* O_TMPFILE shares O_DIRECTORY's bit and makes a nameless file in the folder named. */
	if (flags & O_CREAT && (flags & O_TMPFILE) != O_TMPFILE)
		object->lookup = LOOKUP_CREATE;
	else if (flags & O_NOFOLLOW)
		object->lookup = LOOKUP_LINK;
}

/* AT_ flags say how the (first) path is meant. */
static void finish_at(struct op *op)
{
	struct object *object = op->object[0];

	if (object->lookup == LOOKUP_NAME || object->lookup == LOOKUP_FD)
		return;
	if (op->at_flags & AT_EMPTY_PATH && !object->raw[0])
		object->lookup = LOOKUP_FD;
	else if (op->at_flags & AT_SYMLINK_FOLLOW && op->call.row->decide == decide_link)
		object->lookup = LOOKUP_FOLLOW;
	else if (op->at_flags & AT_SYMLINK_NOFOLLOW && op->call.row->decide != decide_link)
		object->lookup = LOOKUP_LINK;
}

/* socket(2) and socketpair(2) say their family in a register. */
static void finish_socket(struct op *op)
{
	op->call.family = (int)op->call.args[0];
}

/* `access` is asked with flag bits in faccessat2 only. */
static void finish_access(struct op *op)
{
	op->call.is_probe = true;
}

static void finish_call(struct op *op)
{
	if (op->call.row->decide == decide_open)
		finish_open(op);
	else if (op->call.row->decide == decide_socket)
		finish_socket(op);
	else if (op->call.row->decide == decide_access)
		finish_access(op);
	if (op->object_count)
		finish_at(op);
}

static void set_call(struct op *op, long nr, const uint64_t args[6])
{
	op->call.nr = nr;
	op->call.row = syscall_by_nr(nr);
	memcpy(op->call.args, args, sizeof(op->call.args));
}

int decode(struct op *op, long nr, const uint64_t args[6])
{
	struct reading r = { .op = op };
	const struct syscall_row *row;
	int e;

	set_call(op, nr, args);
	row = op->call.row;
	if (!row || !row->decide)
		return 0;
	for (r.arg = 0; row->shape[r.arg]; r.arg++) {
		e = read_letter(&r, row->shape[r.arg]);
		if (e < 0)
			return e;
	}
	finish_call(op);
	return 0;
}

void decode_names(struct op *op, long nr, const uint64_t args[6])
{
	struct reading r = { .op = op };
	const char *shape;

	set_call(op, nr, args);
	shape = op->call.row->shape;
	if (op->call.row->group != GROUP_FILE || !strpbrk(shape, "pn"))
		return;
	/* Of a text that cannot be read nothing is told; the kernel will say why. */
	for (r.arg = 0; shape[r.arg]; r.arg++)
		if (strchr("Dpnoma", shape[r.arg]) && read_letter(&r, shape[r.arg]) < 0 &&
		    op->object_count)
			op->object[0]->raw[0] = '\0';
	if (op->object_count)
		finish_call(op);
}
