/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layer.h: a private copy of what is changed, laid over the real tree.
 *
 * The layer's folder DIR has
 *	layer.json    what it is and of which version
 *	files/        what was made or changed, under the same names as in the view
 *	index         what the names in files/ stand for, and what is gone (journal.h)
 * The view of a path is: gone; or what lies in files/; or the real file.  A folder of files/ without
 * a node is the script's own, and nothing real shines through it.
 *
 * Four ideas carry it:
 *   - Folders of the view that can be written lie in files/ from the first time that anybody stats,
 *     opens or enters them.  So descriptors, current folders and inode numbers are those of real
 *     folders, the kernel keeps their names when they move, and the text of a descriptor's link is its
 *     path in the view once files/ is cut off.
 *   - A folder that is listed shows the names of both (merged.h).  Only where the kernel itself is to
 *     tell of a folder's names (inotify) each real one gets a stand-in, an empty file of the right
 *     type ("whole").
 *   - A stand-in is filled when it is first written to (data, mode, times, attributes, holes), in
 *     place: its inode and its place in the folder stay.
 *   - Everything goes by canonical path of the view, walked without following any link.  Whoever
 *     judged the text has judged what is opened; an outsider who puts a link there gives ELOOP.
 *
 * No ptrace and no policy in here: the caller has judged.  The rights are the caller's process's own,
 * as the kernel would check them for the real tree; a folder that it cannot write is left to the
 * real tree.  What another program does to the real tree meanwhile shows through where nothing was
 * changed.
 *
 * Known differences from a plain folder: a file opened for reading before it is first changed shows
 * the real contents to that descriptor for ever, and has another inode number after; names that were
 * hard links of each other before the run part when one is changed; devices and sockets
 * of the real tree cannot be changed; a relative path needs the right to search all folders above.
 */
#ifndef TRACER_LAYER_LAYER_H
#define TRACER_LAYER_LAYER_H

#include <limits.h>
#include <sys/stat.h>

#include "tracer/layer/journal.h"

#define LAYER_VERSION 1
#define LAYER_PATH_MAX (PATH_MAX + 32)
#define LISTED_MAX 4

struct layer {
	int folder;              /* DIR */
	int files;               /* DIR/files, O_PATH */
	int real;                /* the root of the real tree, O_PATH */
	char *files_path;        /* canonical: what descriptors of the view begin with */
	bool is_root;            /* euid 0: owners are kept */
	struct node *root;
	struct journal journal;
	uint64_t edits;          /* grows when somebody is about to make or remove a name */
	struct merged *listed[LISTED_MAX];    /* folders that are being listed: merged.h */
	unsigned next_listed;
};

/*
 * Takes an empty folder, or a layer of this version.  -ENOTEMPTY: neither, -EPROTO: another version,
 * -EBADMSG: its index is none, -EWOULDBLOCK: somebody else has it open.  `real_root` is "/" but in tests.
 */
int layer_open(const char *dir, const char *real_root, struct layer **ret_layer);

/* The same, but there must be one: -ENOENT. */
int layer_open_existing(const char *dir, const char *real_root, struct layer **ret_layer);

/* In an empty folder that is thrown away after the run: no mark, no index. */
int layer_open_private(const char *dir, const char *real_root, struct layer **ret_layer);

void layer_close(struct layer *layer);

/*
 * What a canonical path means.  `fd` is O_PATH on the object itself; `lower` its real path, "" when it
 * has none.
 */
struct found {
	int fd;
	bool is_upper;           /* its name lies in files/ */
	bool is_stub;            /* but it is a stand-in: fd is the real one */
	struct node *node;       /* valid until the next change; may be NULL */
	struct stat stat;
	char lower[LAYER_PATH_MAX];
};

/* -ENOENT and what else the system says of a path.  The caller closes with found_close. */
int layer_find(const struct layer *layer, const char *path, struct found *ret);
void found_close(struct found *found);

/* Made by the script: nothing of it comes from a real file. */
bool found_is_own(const struct found *found);

#define cleanup_found __attribute__((cleanup(found_close)))
#define FOUND_NONE { .fd = -1 }

/*
 * The real path that `path` of the view stands for.  -ENOENT: for none, it is not there, or nothing was
 * ever moved, so that it is the same.
 */
int layer_real_of(const struct layer *layer, const char *path, char ret[LAYER_PATH_MAX]);

/* The path in the view of a descriptor whose link says `path`; -ENOENT: it is not the layer's. */
int layer_path_of(const struct layer *layer, const char *path, char *ret, size_t size);

/* Inside one of the two trees: no link is followed, not even the last. */
int layer_open_at(int root, const char *path, int flags);

/*
 * The next longer beginning of `path` that ends with a name: "/a", "/a/b", ...; false: there is no more.
 * `rest` starts at `path`, and is what comes after it.
 */
bool layer_next_prefix(const char *path, const char **rest, char prefix[LAYER_PATH_MAX]);

/* A name in a folder.  -ENAMETOOLONG. */
int layer_join(char *path, size_t size, const char *folder, const char *name);

/* "/a/b" -> "/a"; "/a" -> "/".  The name: what follows the last slash. */
void layer_parent(const char *path, char *ret, size_t size);
const char *layer_name(const char *path);

#endif
