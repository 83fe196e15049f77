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
 *	I from to               about to be moved       C path        covered by an empty folder
 *
 * A stand-in is recorded before it exists, for a stand-in that is not known as one would be an empty
 * file of the script's, which could be applied.  Each record is one write(2), but for those of a
 * listed folder's stand-ins: what a run did until it was killed is there.
 */
#ifndef TRACER_LAYER_JOURNAL_H
#define TRACER_LAYER_JOURNAL_H

#include "tracer/layer/node.h"

struct journal {
	int fd;                  /* -1: nobody will read it, nothing is written */
	int error;               /* of the first write that failed: what follows fails, too */
	bool is_held;            /* records are collected */
	char *held;
	size_t held_size, held_room;
};

/* From here on records are collected, until all are written at once: before what they announce. */
void journal_hold(struct journal *journal);
int journal_release(struct journal *journal);

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
int journal_cover(struct journal *journal, struct node *root, const char *path);
int journal_move(struct journal *journal, struct node *root, const char *from, const char *to);
int journal_exchange(struct journal *journal, struct node *root, const char *a, const char *b);

/* Before a move: who finds this record last looks whether the move was done. */
int journal_intend(struct journal *journal, const char *from, const char *to);

struct journal_intent {
	bool is_open;
	char from[4200], to[4200];
};

/* Applies the whole records of `fd` to the tree, and cuts off what follows.  -EBADMSG: no journal. */
int journal_load(int fd, struct node *root, struct journal_intent *ret_intent);

#endif
