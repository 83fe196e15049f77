/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree.h: rows of processes as a tree: who was made by whom.
 *
 * A row's key is "PID" and, behind a NUL, the number of its maker ("": none is known).
 */
#ifndef TUI_TREE_H
#define TUI_TREE_H

#include <stddef.h>

#include "tui/groups.h"

#define TREE_ROWS_MAX 1000      /* of more processes nobody sees a tree */

/*
 * Puts each row behind its maker's, in the order they had among themselves, and says how deep it
 * stands.  With more than TREE_ROWS_MAX rows the order stays and every depth is 0.
 */
void tree_order(const struct group_row **rows, size_t count, unsigned char depths[TREE_ROWS_MAX]);

#endif
