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
#include "filters/watch.h"
#include "tracer/dots.h"
#include "tracer/fakes.h"
#include "tracer/held.h"
#include "tracer/hidden.h"
#include "tracer/layer/merged.h"
#include "tracer/mem.h"
#include "tracer/reply.h"
#include "tracer/report.h"
#include "tracer/scratch.h"
#include "tracer/watched.h"

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
	return !listing->shows || is_dots(name) || listing->shows(listing->data, name);
}

/* One more of them; false: it has no room. */
static bool take_entry(struct listing *listing, const struct dirent64 *entry, size_t *used)
{
	size_t room = listing->size < LISTING_MAX ? listing->size : LISTING_MAX;
	size_t size = listing->is_old ? old_size(entry) : entry->d_reclen;

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
	return true;
}

/* Some entries as the kernel gave them. */
static bool take_entries(struct listing *listing, const char *raw, size_t raw_size, size_t *used)
{
	for (size_t at = 0; at < raw_size;) {
		const struct dirent64 *entry = (const struct dirent64 *)(raw + at);

		if (!take_entry(listing, entry, used))
			return false;
		at += entry->d_reclen;
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
		if (!take_entries(listing, raw, (size_t)n, &used))
			return used ? (long)used : -EINVAL;
	}
	return (long)used;
}

struct merging {
	struct listing *listing;
	size_t used;
	bool is_full;
};

static bool take_merged(void *data, const struct dirent64 *entry)
{
	struct merging *merging = data;

	merging->is_full = !take_entry(merging->listing, entry, &merging->used);
	return !merging->is_full;
}

long listing_merge(struct layer *layer, const char *path, struct listing *listing)
{
	struct merging merging = { .listing = listing };
	int e = merged_read(layer, path, listing->position, take_merged, &merging);

	if (e == 0 && merging.is_full && !merging.used)
		return -EINVAL;
	return e < 0 ? e : (long)merging.used;
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
	bool merges;                 /* the real folder shows through the layer's */
};

static bool is_not_hidden(void *data, const char *name)
{
	struct hiding *hiding = data;
	char path[2 * PATH_MAX];
	const struct rule *rule;

	layer_join(path, sizeof(path), hiding->folder, name);
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
	const struct tracer *tracer;
	struct listing *listing;
	const char *folder;
	int fd;                      /* of it; -1: its names are merged */
	size_t used;
	bool is_any;
};

static bool is_on_disk(const struct adding *adding, const char *name)
{
	cleanup_found struct found found = FOUND_NONE;
	char path[2 * PATH_MAX];
	struct stat st;

	if (adding->fd >= 0)
		return fstatat(adding->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
	return layer_join(path, sizeof(path), adding->folder, name) == 0 &&
	       layer_find(adding->tracer->config->layer, path, &found) == 0;
}

static bool add_file(void *data, const char *name, int fd)
{
	struct adding *adding = data;
	struct stat st;
	size_t used;

	if (is_on_disk(adding, name) || fstat(fd, &st) < 0)
		return true;
	used = listing_add(adding->listing, adding->used, name, st.st_ino);
	adding->is_any = adding->is_any || used > adding->used;
	adding->used = used;
	return true;
}

/* Where the tracee stands in it. */
static int find_position(const struct op *op, int64_t *ret_position)
{
	int flags = 0;

	if (held_position(op->tid, (int)op->call.args[0], &flags, ret_position) < 0 ||
	    flags & O_PATH)
		return -EBADF;
	return S_ISDIR(op->object[0]->stat.st_mode) ? 0 : -ENOTDIR;
}

static int open_folder(const struct tracer *tracer, const struct op *op)
{
	char name[16];
	int fd;

	snprintf(name, sizeof(name), "%d", op->object[0]->fd);
	fd = openat(tracer->own_fds, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static long read_folder(const struct tracer *tracer, const struct op *op, struct listing *listing,
			const struct hiding *hiding, int *ret_fd)
{
	*ret_fd = -1;
	if (hiding->merges)
		return listing_merge(tracer->config->layer, hiding->folder, listing);
	*ret_fd = open_folder(tracer, op);
	return *ret_fd < 0 ? *ret_fd : listing_read(*ret_fd, listing);
}

static long fill(const struct tracer *tracer, struct op *op, struct listing *listing,
		 struct hiding *hiding)
{
	long e = find_position(op, &listing->position), n;
	bool is_start = listing->position == 0;
	cleanup_close int fd = -1;

	if (e < 0)
		return e;
	n = read_folder(tracer, op, listing, hiding, &fd);
	if (is_start && n >= 0) {
		struct adding adding = {
			.tracer = tracer, .listing = listing, .folder = hiding->folder, .fd = fd,
			.used = (size_t)n,
		};

		fakes_list(tracer, hiding->folder, add_file, &adding);
		hiding->is_faked = hiding->is_faked || adding.is_any;
		n = (long)adding.used;
	}
	e = n > 0 ? mem_write(op->tid, op->call.args[1], listing->out, (size_t)n) : 0;
	return e < 0 ? e : n;
}

/* Where a layer makes every listing stop, but the kernel itself shows what this folder has. */
static void pass(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	bool is_seen = watch_wants(tracer->config->watch, op->call.row);

	if (is_seen && watched_run(tracer, tracee, op))
		return;
	if (is_seen)
		report_call(tracer, op, 0);
	reply_run(tracer, op);
	op_free(op);
}

static void mark(struct op *op, const struct hiding *hiding)
{
	if (hiding->rule) {
		op->verdict.kind = VERDICT_HIDE;
		op->verdict.rule = hiding->rule;
	} else if (hiding->is_faked) {
		op->verdict.kind = VERDICT_FAKE;
	} else if (hiding->merges) {
		op->verdict.kind = VERDICT_SCRATCH;
	}
}

static void answer(struct tracer *tracer, struct tracee *tracee, struct op *op,
		   struct hiding *hiding)
{
	unsigned char out[LISTING_MAX];
	struct listing listing = {
		.shows = hidden_any(tracer) ? is_not_hidden : NULL, .data = hiding, .out = out,
		.size = (uint32_t)op->call.args[2], .is_old = op->call.nr != __NR_getdents64,
	};
	long result = fill(tracer, op, &listing, hiding);

	mark(op, hiding);
	report_call(tracer, op, result);
	if (result >= 0) {
		listing_move(tracee, op, listing.position, result);
		return;
	}
	reply_result(tracer, op, result);
	op_free(op);
}

void listing_answer(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	struct hiding hiding = {
		.tracer = tracer, .folder = op->object[0]->path,
		.merges = scratch_merges(tracer, op->object[0]),
	};

	if (hidden_any(tracer) || hiding.merges)
		answer(tracer, tracee, op, &hiding);
	else
		pass(tracer, tracee, op);
}
