/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.h: bytes that a script chose, made safe to show.
 *
 * The only way by which untrusted bytes reach a terminal, a message or a human
 * line.  Escaped: C0, DEL, C1, invalid UTF-8, bidi and zero-width characters,
 * line separators, and the backslash itself (so that no two byte strings look
 * alike).  Everything else of valid UTF-8 stays as it is.
 *
 *     \\  \n  \t  \r     these four
 *     \x1b  \xff          any other control byte; a byte that is not UTF-8
 *     \u{85}  \u{202e}    a code point above 0x7f that is not plain
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Writes the shown form of `bytes` into `out` (always NUL-terminated when size > 0),
 * never cutting an escape or a character in half.  What does not fit is cut and marked "...".
 * Returns the bytes written, without the NUL.
 */
size_t text_show(char *out, size_t size, const char *bytes, size_t length);

/* The same for a C string; NULL is shown as "". */
size_t text_show_string(char *out, size_t size, const char *string);

/*
 * Length in bytes of the valid UTF-8 character at `bytes` (1 to 4), with its code point;
 * 0 when what stands there is not valid UTF-8 (overlong and surrogates are not).
 */
size_t text_character(const char *bytes, size_t length, unsigned *ret_point);

bool text_is_utf8(const char *bytes, size_t length);

/* One after the other, malloc'd; NULL without memory.  A tenth of what asprintf(3) costs. */
char *text_join(const char *a, const char *b, const char *c);

/* A code point that neither moves the cursor, hides, nor reorders what is around it. */
bool text_is_plain(unsigned point);

/* All of it is: may be shown as it stands, backslashes and all. */
bool text_is_plain_string(const char *string);

#endif
