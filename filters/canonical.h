/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canonical.h: what a rule's path really is on this machine.
 *
 * The one part of policy set-up that looks at files; runs before the script starts.  Judging
 * compares text only, so a name that becomes a symlink later is not looked at again: the resolver
 * judges the object.
 */
#ifndef FILTERS_CANONICAL_H
#define FILTERS_CANONICAL_H

#define CANONICAL_FOLDERS 16

/*
 * Symlinks resolved in the longest part of `path` that exists, the rest appended; malloc'd.  `path`
 * begins with a slash.
 * What names the reader itself (/proc/self, /dev/fd, /dev/stdin...) stays as it is.
 */
int canonical_path(const char *path, char **ret_path);

/*
 * Most rules lie in folders of those before: a run reads a hundred of them before it starts.
 * Zeroed at first; the strings are freed by canonical_folders_drop.
 */
struct canonical_folders {
	struct canonical_folder {
		char *named;     /* NULL: none yet */
		char *real;      /* NULL: not to be found */
	} known[CANONICAL_FOLDERS];
	unsigned next;           /* the one to be forgotten */
};

/* canonical_path, which remembers the folders on the way. */
int canonical_path_below(struct canonical_folders *folders, const char *path, char **ret_path);
void canonical_folders_drop(struct canonical_folders *folders);

/* When `path` is a symlink: its own name in its canonical folder.  -ENOENT when it is none. */
int canonical_link(const char *path, char **ret_path);

/* The program that PATH finds, canonical.  -ENOENT when there is none. */
int canonical_program(const char *name, char **ret_path);

#endif
