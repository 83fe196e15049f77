/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clip.h: bytes made safe to show, and to fit so many columns.
 */
#ifndef BASE_CLIP_H
#define BASE_CLIP_H

#include <stddef.h>

/* Columns of what was made safe to show: characters, since what is wider than one is rare here. */
size_t clip_columns(const char *shown);

/*
 * As text_show_string, but what is too long loses its middle, which `..` stands for, and keeps
 * both ends: of a path the first folders and the file's name.  No escape is cut in half.  Returns
 * the columns used, at most `columns`.
 */
size_t clip_middle(char *out, size_t size, const char *string, size_t columns);

#endif
