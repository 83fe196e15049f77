/* SPDX-License-Identifier: Apache-2.0 */
/* journal.c: see journal.h. */
#include "tracer/layer/journal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"

#define FIELDS_MAX 3

static int append(const struct journal *journal, const char *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t n = write(journal->fd, bytes + done, size - done);

		if (n < 0 && errno != EINTR)
			return -errno;
		done += n < 0 ? 0 : (size_t)n;
	}
	return 0;
}

static int collect(struct journal *journal, const char *bytes, size_t size)
{
	if (journal->held_room - journal->held_size < size) {
		size_t room = 2 * journal->held_room + size;
		char *bigger = realloc(journal->held, room);

		if (!bigger)
			return -ENOMEM;
		journal->held = bigger;
		journal->held_room = room;
	}
	memcpy(journal->held + journal->held_size, bytes, size);
	journal->held_size += size;
	return 0;
}

void journal_hold(struct journal *journal)
{
	journal->is_held = true;
}

int journal_release(struct journal *journal)
{
	if (!journal->error && journal->held_size)
		journal->error = append(journal, journal->held, journal->held_size);
	free(journal->held);
	journal->held = NULL;
	journal->held_size = journal->held_room = 0;
	journal->is_held = false;
	return journal->error;
}

/* A record is at most two paths and six numbers, and goes into the buffer whole. */
static int add(struct journal *journal, char letter, const char *const *fields, size_t count)
{
	char record[2 * 4200 + 256];
	size_t used = 0;

	if (journal->fd < 0 || journal->error)
		return journal->error;
	record[used++] = letter;
	for (size_t i = 0; i < count; i++) {
		size_t size = strlen(fields[i]) + 1;

		if (size > sizeof(record) - used)
			return -ENAMETOOLONG;
		memcpy(record + used, fields[i], size);
		used += size;
	}
	journal->error = journal->is_held ? collect(journal, record, used)
					  : append(journal, record, used);
	return journal->error;
}

struct origin_text {
	char text[160];
};

static struct origin_text print_origin(const struct origin *o)
{
	struct origin_text out;

	snprintf(out.text, sizeof(out.text),
		 "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIo64, o->device,
		 o->inode, o->size, o->mtime_s, o->mtime_ns, o->mode);
	return out;
}

static struct origin parse_origin(const char *text)
{
	struct origin o = { 0 };

	if (sscanf(text,
		   "%" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNo64,
		   &o.device, &o.inode, &o.size, &o.mtime_s, &o.mtime_ns, &o.mode) != 6)
		return (struct origin){ 0 };
	return o;
}

static int set_real(struct node *root, char letter, const char *path, const char *lower,
		    const struct origin *origin)
{
	struct node *node = node_make(root, path);
	int e = node ? node_set(node, letter == 'G' ? NODE_GONE : NODE_FROM, lower) : -ENOMEM;

	if (e < 0)
		return e;
	node->origin = *origin;
	node->is_stub = letter == 'S';
	root->has_moved = root->has_moved || !lower || strcmp(path, lower) != 0;
	return 0;
}

static int record_real(struct journal *journal, struct node *root, char letter, const char *path,
		       const char *lower, const struct origin *origin)
{
	struct origin_text text = print_origin(origin);
	const char *fields[] = { path, lower, text.text };
	int e = set_real(root, letter, path, lower, origin);

	return e < 0 ? e : add(journal, letter, fields, 3);
}

int journal_gone(struct journal *journal, struct node *root, const char *path, const char *lower,
		 const struct origin *origin)
{
	node_drop(node_find(root, path));
	return record_real(journal, root, 'G', path, lower, origin);
}

int journal_from(struct journal *journal, struct node *root, const char *path, const char *lower,
		 const struct origin *origin, bool is_stub)
{
	return record_real(journal, root, is_stub ? 'S' : 'F', path, lower, origin);
}

static void set_data(struct node *root, const char *path, const struct origin *origin)
{
	struct node *node = node_find(root, path);

	if (!node)
		return;
	node->is_stub = false;
	node->origin = *origin;
}

int journal_data(struct journal *journal, struct node *root, const char *path,
		 const struct origin *origin)
{
	struct origin_text text = print_origin(origin);
	const char *fields[] = { path, text.text };

	set_data(root, path, origin);
	return add(journal, 'D', fields, 2);
}

static void set_whole(struct node *root, const char *path)
{
	struct node *node = node_find(root, path);

	if (node)
		node->is_whole = true;
}

int journal_whole(struct journal *journal, struct node *root, const char *path)
{
	set_whole(root, path);
	return add(journal, 'W', &path, 1);
}

int journal_plain(struct journal *journal, struct node *root, const char *path)
{
	struct node *node = node_find(root, path);

	if (!node)
		return 0;
	node_drop(node);
	return add(journal, 'P', &path, 1);
}

static int set_cover(struct node *root, const char *path)
{
	struct node *node;

	node_drop(node_find(root, path));
	node = node_make(root, path);
	if (!node)
		return -ENOMEM;
	node->is_cover = true;
	return 0;
}

int journal_cover(struct journal *journal, struct node *root, const char *path)
{
	int e = set_cover(root, path);

	return e < 0 ? e : add(journal, 'C', &path, 1);
}

int journal_move(struct journal *journal, struct node *root, const char *from, const char *to)
{
	const char *fields[] = { from, to };
	int e = node_move(root, from, to);

	return e < 0 ? e : add(journal, 'M', fields, 2);
}

int journal_intend(struct journal *journal, const char *from, const char *to)
{
	const char *fields[] = { from, to };

	return add(journal, 'I', fields, 2);
}

int journal_exchange(struct journal *journal, struct node *root, const char *a, const char *b)
{
	const char *fields[] = { a, b };
	int e = node_exchange(root, a, b);

	return e < 0 ? e : add(journal, 'X', fields, 2);
}

static unsigned fields_of(char letter)
{
	switch (letter) {
	case 'G': case 'F': case 'S':
		return 3;
	case 'D': case 'M': case 'X': case 'I':
		return 2;
	case 'W': case 'P': case 'C':
		return 1;
	default:
		return 0;
	}
}

static int replay(struct node *root, char letter, const char *const f[FIELDS_MAX])
{
	struct origin origin;

	switch (letter) {
	case 'G':
		node_drop(node_find(root, f[0]));
		/* fall through */
	case 'F':
	case 'S':
		origin = parse_origin(f[2]);
		return set_real(root, letter, f[0], f[1], &origin);
	case 'D':
		origin = parse_origin(f[1]);
		set_data(root, f[0], &origin);
		return 0;
	case 'M':
		return node_move(root, f[0], f[1]);
	case 'X':
		return node_exchange(root, f[0], f[1]);
	case 'W':
		set_whole(root, f[0]);
		return 0;
	case 'C':
		return set_cover(root, f[0]);
	case 'I':
		return 0;
	default:
		node_drop(node_find(root, f[0]));
		return 0;
	}
}

/* `*ret_whole`: where the last whole record ends; an intent that is the last one is handed out. */
static int replay_all(const char *text, size_t size, struct node *root, size_t *ret_whole,
		      struct journal_intent *ret_intent)
{
	size_t at = 0;

	while (at < size) {
		const char *fields[FIELDS_MAX] = { NULL };
		char letter = text[at++];
		unsigned count = fields_of(letter);
		int e;

		if (!count)
			return -EBADMSG;
		for (unsigned i = 0; i < count; i++) {
			const char *end = memchr(text + at, '\0', size - at);

			if (!end)
				return 0;
			fields[i] = text + at;
			at = (size_t)(end - text) + 1;
		}
		e = replay(root, letter, fields);
		if (e < 0)
			return e;
		*ret_whole = at;
		ret_intent->is_open = letter == 'I';
		if (letter == 'I' && snprintf(ret_intent->from, sizeof(ret_intent->from), "%s",
					      fields[0]) >= 0)
			snprintf(ret_intent->to, sizeof(ret_intent->to), "%s", fields[1]);
	}
	return 0;
}

static int read_whole(int fd, char *text, size_t size)
{
	size_t have = 0;

	while (have < size) {
		ssize_t n = pread(fd, text + have, size - have, (off_t)have);

		if (n <= 0)
			return n < 0 ? -errno : -EBADMSG;
		have += (size_t)n;
	}
	return 0;
}

int journal_load(int fd, struct node *root, struct journal_intent *ret_intent)
{
	struct stat st;
	size_t size, whole = 0;
	char *text;
	int e;

	if (fstat(fd, &st) < 0)
		return -errno;
	size = (size_t)st.st_size;
	text = malloc(size + 1);
	if (!text)
		return -ENOMEM;
	ret_intent->is_open = false;
	e = read_whole(fd, text, size);
	if (e == 0)
		e = replay_all(text, size, root, &whole, ret_intent);
	free(text);
	if (e == 0 && whole < size && ftruncate(fd, (off_t)whole) < 0)
		return -errno;
	return e;
}
