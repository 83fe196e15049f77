/* SPDX-License-Identifier: Apache-2.0 */
/* listing_fill.c: see listing_fill.h.  Structures: getdents(2). */
#include "tracer/listing_fill.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/fail.h"
#include "filters/nr.h"
#include "filters/policy.h"
#include "tracer/fakes.h"
#include "tracer/held.h"
#include "tracer/hidden.h"
#include "tracer/mem.h"
#include "tracer/reply.h"
#include "tracer/report.h"

/* getdents(2): the name begins two bytes earlier, and the type is the last byte of the record. */
struct old_entry {
	uint64_t inode;
	int64_t position;
	unsigned short size;
	char name[];
};

static size_t old_size(const struct dirent64 *entry)
{
	size_t size = offsetof(struct old_entry, name) + strlen(entry->d_name) + 2;

	return (size + 7) & ~(size_t)7;
}

static void put_old(const struct dirent64 *entry, size_t size, unsigned char *out)
{
	struct old_entry old = {
		.inode = entry->d_ino, .position = entry->d_off, .size = (unsigned short)size,
	};

	memset(out, 0, size);
	memcpy(out, &old, offsetof(struct old_entry, name));
	strcpy((char *)out + offsetof(struct old_entry, name), entry->d_name);
	out[size - 1] = entry->d_type;
}

static bool is_shown(const struct listing *listing, const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	       listing->shows(listing->data, name);
}

/* Some entries as the kernel gave them; false: the next one has no room any more. */
static bool take(struct listing *listing, const char *raw, size_t raw_size, size_t *used)
{
	size_t room = listing->size < LISTING_MAX ? listing->size : LISTING_MAX;

	for (size_t at = 0; at < raw_size;) {
		const struct dirent64 *entry = (const struct dirent64 *)(raw + at);
		size_t size = listing->is_old ? old_size(entry) : entry->d_reclen;

		at += entry->d_reclen;
		if (is_shown(listing, entry->d_name)) {
			if (size > room - *used)
				return false;
			if (listing->is_old)
				put_old(entry, size, listing->out + *used);
			else
				memcpy(listing->out + *used, entry, size);
			*used += size;
		}
		listing->position = entry->d_off;
	}
	return true;
}

/* Where everything is left out there is no entry to give, and yet it is not the end. */
long listing_read(int fd, struct listing *listing)
{
	_Alignas(struct dirent64) char raw[LISTING_MAX];
	size_t used = 0;

	if (lseek(fd, listing->position, SEEK_SET) < 0)
		return -errno;
	while (!used) {
		long n = syscall(SYS_getdents64, fd, raw, sizeof(raw));

		if (n < 0)
			return -errno;
		if (n == 0)
			return 0;
		if (!take(listing, raw, (size_t)n, &used))
			return used ? (long)used : -EINVAL;
	}
	return (long)used;
}

size_t listing_add(struct listing *listing, size_t used, const char *name, uint64_t inode)
{
	size_t room = listing->size < LISTING_MAX ? listing->size : LISTING_MAX;
	struct dirent64 entry = { .d_ino = inode, .d_off = listing->position, .d_type = DT_REG };
	size_t size;

	snprintf(entry.d_name, sizeof(entry.d_name), "%s", name);
	size = (offsetof(struct dirent64, d_name) + strlen(entry.d_name) + 1 + 7) & ~(size_t)7;
	if (listing->is_old)
		size = old_size(&entry);
	if (size > room - used)
		return used;
	entry.d_reclen = (unsigned short)size;
	if (listing->is_old)
		put_old(&entry, size, listing->out + used);
	else
		memcpy(listing->out + used, &entry, size);
	return used + size;
}

void listing_move(struct tracee *tracee, struct op *op, int64_t position, long result)
{
	uint64_t args[3] = { op->call.args[0], (uint64_t)position, SEEK_SET };

	op->result = result;
	op->wait = WAIT_MOVED;
	tracee->op = op;
	if (regs_set_call(op->tid, &op->regs, __NR_lseek, args) == 0)
		reply_resume_until_return(op->tid);
}

void listing_moved(struct tracee *tracee, struct op *op)
{
	struct regs regs;

	if (regs_get(tracee->tid, &regs) < 0)
		return;
	/* Somebody closed it meanwhile, or put another file there. */
	if (regs_result(&regs) < 0)
		op->result = regs_result(&regs);
	tracee->op = NULL;
	if (regs_finish(op->tid, &op->regs, op->result) == 0)
		reply_resume(op->tid, 0);
	op_free(op);
}

/* Who is asked about each name. */
struct hiding {
	const struct tracer *tracer;
	const char *folder;
	const struct rule *rule;     /* the last one that hid something */
	bool is_faked;               /* something was left out, or added, that was only said */
};

static bool is_not_hidden(void *data, const char *name)
{
	struct hiding *hiding = data;
	bool is_root = strcmp(hiding->folder, "/") == 0;
	char path[2 * PATH_MAX];
	const struct rule *rule;

	snprintf(path, sizeof(path), "%s/%s", is_root ? "" : hiding->folder, name);
	rule = hidden_rule(hiding->tracer, path);
	if (rule)
		hiding->rule = rule;
	if (rule || !fakes_is_gone(hiding->tracer, path))
		return !rule;
	hiding->is_faked = true;
	return false;
}

/* What is in memory, and not on disk, at the end of the first part of a listing. */
struct adding {
	struct listing *listing;
	int folder;
	size_t used;
	bool is_any;
};

static bool add_file(void *data, const char *name, int fd)
{
	struct adding *adding = data;
	struct stat st;
	size_t used;

	if (fstatat(adding->folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 || fstat(fd, &st) < 0)
		return true;
	used = listing_add(adding->listing, adding->used, name, st.st_ino);
	adding->is_any = adding->is_any || used > adding->used;
	adding->used = used;
	return true;
}

static int open_folder(const struct tracer *tracer, const struct op *op, int64_t *ret_position)
{
	char name[16];
	int flags = 0, fd;

	if (held_position(op->tid, (int)op->call.args[0], &flags, ret_position) < 0 ||
	    flags & O_PATH)
		return -EBADF;
	if (!S_ISDIR(op->object[0]->stat.st_mode))
		return -ENOTDIR;
	snprintf(name, sizeof(name), "%d", op->object[0]->fd);
	fd = openat(tracer->own_fds, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static long fill(const struct tracer *tracer, struct op *op, struct listing *listing,
		 struct hiding *hiding)
{
	cleanup_close int fd = open_folder(tracer, op, &listing->position);
	bool is_start = listing->position == 0;
	long n, e;

	if (fd < 0)
		return fd;
	n = listing_read(fd, listing);
	if (is_start && n >= 0) {
		struct adding adding = { .listing = listing, .folder = fd, .used = (size_t)n };

		fakes_list(tracer, hiding->folder, add_file, &adding);
		hiding->is_faked = hiding->is_faked || adding.is_any;
		n = (long)adding.used;
	}
	e = n > 0 ? mem_write(op->tid, op->call.args[1], listing->out, (size_t)n) : 0;
	return e < 0 ? e : n;
}

void listing_answer(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	struct hiding hiding = {
		.tracer = tracer, .folder = op->object[0]->path,
	};
	unsigned char out[LISTING_MAX];
	struct listing listing = {
		.shows = is_not_hidden, .data = &hiding, .out = out,
		.size = (uint32_t)op->call.args[2], .is_old = op->call.nr != __NR_getdents64,
	};
	long result = fill(tracer, op, &listing, &hiding);

	if (hiding.rule) {
		op->verdict.kind = VERDICT_HIDE;
		op->verdict.rule = hiding.rule;
	} else if (hiding.is_faked) {
		op->verdict.kind = VERDICT_FAKE;
	}
	report_call(tracer, op, result);
	if (result >= 0) {
		listing_move(tracee, op, listing.position, result);
		return;
	}
	reply_result(tracer, op, result);
	op_free(op);
}
