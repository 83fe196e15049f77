/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keycodes.h: what curses calls a key, as the script's terminal knows it.
 */
#ifndef TUI_KEYCODES_H
#define TUI_KEYCODES_H

#include <stdbool.h>

#include "tui/terminal.h"

/*
 * A KEY_ code of curses (what get_wch calls KEY_CODE_YES) as key and modifiers; false: the script
 * has no use for it.
 */
bool keycodes_find(int code, enum terminal_key *ret_key, unsigned *ret_modifiers);

#endif
