/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal.h: the file DIR/index, from which the nodes of a layer are made again.
 *
 * One record per change of a node, appended when it happens, fields ended by NUL: a path may hold
 * anything else.  A record that is not whole is the last one of a run that was killed: it and what
 * follows count for nothing.  Nothing of this lies among the files, so that no name of the script's
 * can be taken for a mark.
 *
 *	G path lower origin     gone                    P path        plain: forget what was known
 *	F path lower origin     stands for lower        M from to     moved
 *	S path lower origin     the same, a stand-in    X a b         exchanged
 *	D path origin           its contents are here   W path        all real names have stand-ins
 */
#ifndef TRACER_LAYER_JOURNAL_H
#define TRACER_LAYER_JOURNAL_H

#include "tracer/layer/node.h"

struct journal {
	int fd;                  /* -1: nobody will read it, nothing is written */
	size_t used;
	char buffer[16384];      /* stand-ins come by the thousand */
};

/*
 * Each changes the node and appends the record.  -ENOMEM, or the error of the write: then the node
 * is changed and the record is missing, which the caller must answer for.
 */
int journal_gone(struct journal *journal, struct node *root, const char *path, const char *lower,
		 const struct origin *origin);
int journal_from(struct journal *journal, struct node *root, const char *path, const char *lower,
		 const struct origin *origin, bool is_stub);
int journal_data(struct journal *journal, struct node *root, const char *path,
		 const struct origin *origin);
int journal_whole(struct journal *journal, struct node *root, const char *path);
int journal_plain(struct journal *journal, struct node *root, const char *path);
int journal_move(struct journal *journal, struct node *root, const char *from, const char *to);
int journal_exchange(struct journal *journal, struct node *root, const char *a, const char *b);

int journal_flush(struct journal *journal);

/* Applies the whole records of `fd` to the tree.  -EBADMSG: no journal. */
int journal_load(int fd, struct node *root);

#endif
