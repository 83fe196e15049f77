/* SPDX-License-Identifier: Apache-2.0 */
/* merged.c: see merged.h. */
#include "tracer/layer/merged.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fail.h"
#include "tracer/dots.h"
#include "tracer/layer/copy.h"
#include "tracer/samefile.h"

#define CHUNK 65536
#define FIRST_COOKIE 3           /* 1 and 2: "." and ".." */
#define HASH_BITS 39

struct name {
	uint64_t cookie, inode;
	uint32_t at;             /* in `text` */
	unsigned char type;      /* DT_* */
	bool is_upper;
};

struct merged {
	struct stat folder;      /* the layer's: what is listed, whatever its path is by now */
	uint64_t edits;          /* of the layer, when it was read */
	struct name *names;
	size_t count, room;
	char *text;
	size_t text_size, text_room;
};

/* ---- reading the two folders ---- */

static int grow(void **items, size_t *room, size_t wanted, size_t size)
{
	size_t more = *room ? *room : 256;
	void *bigger;

	while (more < wanted)
		more *= 2;
	if (more == *room)
		return 0;
	bigger = realloc(*items, more * size);
	if (!bigger)
		return -ENOMEM;
	*items = bigger;
	*room = more;
	return 0;
}

/* FNV-1a, its high bits folded in: who makes names meet only makes his own listing slower. */
static uint64_t cookie_of(const char *name)
{
	uint64_t hash = 14695981039346656037u;

	if (is_dots(name))
		return strlen(name);
	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 1099511628211u;
	return FIRST_COOKIE + ((hash ^ hash >> HASH_BITS) & (((uint64_t)1 << HASH_BITS) - 1));
}

static int add(struct merged *merged, const struct dirent64 *entry, bool is_upper)
{
	size_t size = strlen(entry->d_name) + 1;
	int e = grow((void **)&merged->names, &merged->room, merged->count + 1,
		     sizeof(*merged->names));

	if (e == 0)
		e = grow((void **)&merged->text, &merged->text_room, merged->text_size + size, 1);
	if (e < 0 || merged->text_size > UINT32_MAX)
		return e < 0 ? e : -EOVERFLOW;
	memcpy(merged->text + merged->text_size, entry->d_name, size);
	merged->names[merged->count++] = (struct name){
		.cookie = cookie_of(entry->d_name), .inode = entry->d_ino,
		.at = (uint32_t)merged->text_size, .type = entry->d_type, .is_upper = is_upper,
	};
	merged->text_size += size;
	return 0;
}

/* A stand-in, the folder's own: the real file is what is meant, if it is still there. */
static bool is_stand_in(const struct node *folder, const struct node *child)
{
	size_t n = strlen(folder->lower);

	return child->is_stub && strncmp(child->lower, folder->lower, n) == 0 &&
	       strcmp(child->lower + n + (child->lower[n] == '/'), child->name) == 0;
}

static bool is_wanted(const struct node *folder, const struct dirent64 *entry, bool is_upper)
{
	const struct node *child = node_child(folder, entry->d_name, strlen(entry->d_name));

	if (!child)
		return is_upper || !is_dots(entry->d_name);
	return is_upper ? entry->d_type == DT_DIR || !is_stand_in(folder, child)
			: child->kind != NODE_GONE;
}

static int read_names(struct merged *merged, const struct node *folder, int fd, bool is_upper)
{
	_Alignas(struct dirent64) char raw[CHUNK];
	long n;
	int e = 0;

	while (e == 0 && (n = syscall(SYS_getdents64, fd, raw, sizeof(raw))) > 0)
		for (long at = 0; e == 0 && at < n;) {
			const struct dirent64 *entry = (const struct dirent64 *)(raw + at);

			at += entry->d_reclen;
			if (is_wanted(folder, entry, is_upper))
				e = add(merged, entry, is_upper);
		}
	return e < 0 ? e : n < 0 ? -errno : 0;
}

/* ---- one list ---- */

#define DIGIT_BITS 10
#define DIGITS (1u << DIGIT_BITS)
#define COOKIE_BITS 40           /* an even number of digits: the last pass leaves them in place */

static void sort_digit(const struct name *from, struct name *to, size_t count, unsigned shift)
{
	uint32_t starts[DIGITS + 1] = { 0 };

	for (size_t i = 0; i < count; i++)
		starts[(from[i].cookie >> shift) % DIGITS + 1]++;
	for (size_t digit = 0; digit < DIGITS; digit++)
		starts[digit + 1] += starts[digit];
	for (size_t i = 0; i < count; i++)
		to[starts[(from[i].cookie >> shift) % DIGITS]++] = from[i];
}

static int by_name(const void *left, const void *right, void *text)
{
	const struct name *a = left, *b = right;
	int order = strcmp((const char *)text + a->at, (const char *)text + b->at);

	return order ? order : (int)b->is_upper - (int)a->is_upper;
}

/* Names with the same cookie: of two folders, or met by chance. */
static void sort_meeting(struct merged *merged)
{
	struct name *names = merged->names;
	size_t end;

	for (size_t i = 0; i < merged->count; i = end) {
		for (end = i + 1; end < merged->count && names[end].cookie == names[i].cookie;)
			end++;
		if (end - i > 1)
			qsort_r(names + i, end - i, sizeof(*names), by_name, merged->text);
	}
}

/* What lies in the layer covers the real one; names that meet stand one after the other. */
static void drop_covered(struct merged *merged)
{
	size_t kept = 0;

	for (size_t i = 0; i < merged->count; i++) {
		struct name *last = kept ? &merged->names[kept - 1] : NULL;
		struct name name = merged->names[i];

		if (last && name.cookie <= last->cookie) {
			if (strcmp(merged->text + last->at, merged->text + name.at) == 0)
				continue;
			name.cookie = last->cookie + 1;
		}
		merged->names[kept++] = name;
	}
	merged->count = kept;
}

/* By digits: that takes as long for names that somebody chose as for others. */
static int sort(struct merged *merged)
{
	struct name *other = malloc(merged->count * sizeof(*other) + 1), *from = merged->names;

	if (!other)
		return -ENOMEM;
	for (unsigned shift = 0; shift < COOKIE_BITS; shift += 2 * DIGIT_BITS) {
		sort_digit(from, other, merged->count, shift);
		sort_digit(other, from, merged->count, shift + DIGIT_BITS);
	}
	free(other);
	sort_meeting(merged);
	drop_covered(merged);
	return 0;
}

void merged_free(struct merged *merged)
{
	if (!merged)
		return;
	free(merged->names);
	free(merged->text);
	free(merged);
}

/* Who has it open lists it, whatever its mode is by now; who removes it need not read it. */
static int open_upper(const struct layer *layer, const char *path)
{
	int fd = layer_open_at(layer->files, path, O_RDONLY | O_DIRECTORY);
	struct quiet quiet;

	if (fd != -EACCES || quiet_begin(layer, path, &quiet) < 0)
		return fd;
	fd = layer_open_at(quiet.fd, "", O_RDONLY | O_DIRECTORY);
	quiet_end(&quiet);
	return fd;
}

static int read_both(const struct layer *layer, const char *path, const struct found *found,
		     struct merged *merged)
{
	cleanup_close int upper = open_upper(layer, path);
	cleanup_close int real = layer_open_at(layer->real, found->lower, O_RDONLY | O_DIRECTORY);
	int e = upper < 0 ? upper : read_names(merged, found->node, upper, true);

	/* Somebody else removed it. */
	if (e == 0 && real != -ENOENT)
		e = real < 0 ? real : read_names(merged, found->node, real, false);
	return e < 0 ? e : sort(merged);
}

/* ---- what is kept ---- */

static struct merged **slot_of(struct layer *layer, const struct stat *folder)
{
	for (size_t i = 0; i < LISTED_MAX; i++)
		if (layer->listed[i] && same_file(&layer->listed[i]->folder, folder))
			return &layer->listed[i];
	return NULL;
}

static void forget(struct merged **slot)
{
	merged_free(*slot);
	*slot = NULL;
}

/* Instead of the one that was read first. */
static struct merged **free_slot(struct layer *layer)
{
	struct merged **slot = &layer->listed[layer->next_listed++ % LISTED_MAX];

	forget(slot);
	return slot;
}

static int read_anew(struct layer *layer, const char *path, const struct found *found,
		     struct merged **slot)
{
	struct merged *merged = calloc(1, sizeof(*merged));
	int e = merged ? read_both(layer, path, found, merged) : -ENOMEM;

	if (e < 0) {
		merged_free(merged);
		return e;
	}
	merged->folder = found->stat;
	merged->edits = layer->edits;
	*slot = merged;
	return 0;
}

/* ---- giving them ---- */

static size_t first_after(const struct merged *merged, int64_t position)
{
	size_t low = 0, high = merged->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (merged->names[middle].cookie <= (uint64_t)position)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Is it still there?  In a folder that cannot be searched nobody removed it. */
static bool remains(const struct node *folder, int upper, const struct name *name,
		    const char *text)
{
	const struct node *child;
	struct stat st;

	if (name->is_upper)
		return fstatat(upper, text, &st, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
	child = node_child(folder, text, strlen(text));
	return !child || child->kind != NODE_GONE;
}

static void print_entry(const struct merged *merged, size_t i, struct dirent64 *entry)
{
	const struct name *name = &merged->names[i];
	const char *text = merged->text + name->at;
	size_t length = strlen(text);

	entry->d_ino = name->inode;
	entry->d_off = i + 1 < merged->count ? (int64_t)name->cookie : MERGED_END;
	entry->d_type = name->type;
	entry->d_reclen = (unsigned short)((offsetof(struct dirent64, d_name) + length + 1 + 7) &
					   ~(size_t)7);
	/* Nothing of the tracer's in what is left of its record. */
	memset(entry->d_name, 0, entry->d_reclen - offsetof(struct dirent64, d_name));
	memcpy(entry->d_name, text, length);
}

static bool give(const struct layer *layer, const char *path, const struct found *found,
		 const struct merged *merged, int64_t position, merged_fn *take, void *data)
{
	bool is_as_read = merged->edits == layer->edits;
	cleanup_close int upper = is_as_read ? -1
		: layer_open_at(layer->files, path, O_PATH | O_DIRECTORY);
	struct dirent64 entry;

	for (size_t i = first_after(merged, position); i < merged->count; i++) {
		const struct name *name = &merged->names[i];

		if (!is_as_read && !remains(found->node, upper, name, merged->text + name->at))
			continue;
		print_entry(merged, i, &entry);
		if (!take(data, &entry))
			return false;
	}
	return true;
}

int merged_read(struct layer *layer, const char *path, int64_t position, merged_fn *take,
		void *data)
{
	cleanup_found struct found found = FOUND_NONE;
	struct merged **slot;
	int e;

	if (position >= MERGED_END)
		return 0;
	e = layer_find(layer, path, &found);
	if (e < 0)
		return e;
	slot = slot_of(layer, &found.stat);
	if (slot && position == 0)
		forget(slot);
	if (!slot)
		slot = free_slot(layer);
	e = *slot ? 0 : read_anew(layer, path, &found, slot);
	if (e == 0 && give(layer, path, &found, *slot, position, take, data))
		forget(slot);
	return e;
}

bool layer_merges(const struct layer *layer, const char *path)
{
	const struct node *node = node_find(layer->root, path);

	return node && node->kind == NODE_FROM && !node->is_stub && !node->is_whole;
}

static bool is_nothing(void *data, const struct dirent64 *entry)
{
	bool *is_empty = data;

	*is_empty = is_dots(entry->d_name);
	return *is_empty;
}

int merged_check_empty(struct layer *layer, const char *path)
{
	const struct node *node = node_find(layer->root, path);
	bool is_empty = true;
	int e;

	if (!node || node->kind != NODE_FROM || node->is_whole)
		return 0;
	e = merged_read(layer, path, 0, is_nothing, &is_empty);
	/* One that the user may not read: nobody can say, so nothing is lost. */
	if (e == -EACCES || !is_empty)
		return -ENOTEMPTY;
	return e;
}
