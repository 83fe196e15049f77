/* SPDX-License-Identifier: Apache-2.0 */
/* terminal_input.c: what goes from the terminal to the script; see terminal.h. */
#include <string.h>

#include "tui/terminal_own.h"

/* Keys have room of their own: a script that asks without end cannot keep them out. */
void terminal_add_output(const char *bytes, size_t length, void *user)
{
	struct terminal *terminal = user;
	size_t most = terminal->is_typing ? TERMINAL_OUTPUT_MAX : TERMINAL_ANSWERS_MAX;

	if (terminal->output_used + length > most) {
		terminal->keys_dropped += terminal->is_typing;
		return;
	}
	memcpy(terminal->output + terminal->output_used, bytes, length);
	terminal->output_used += length;
}

static VTermModifier modifiers_of(unsigned modifiers)
{
	return (VTermModifier)((modifiers & TERMINAL_SHIFT ? VTERM_MOD_SHIFT : 0u) |
			       (modifiers & TERMINAL_ALT ? VTERM_MOD_ALT : 0u) |
			       (modifiers & TERMINAL_CONTROL ? VTERM_MOD_CTRL : 0u));
}

static VTermKey key_of(enum terminal_key key)
{
	static const VTermKey keys[] = {
		VTERM_KEY_NONE, VTERM_KEY_ENTER, VTERM_KEY_TAB, VTERM_KEY_BACKSPACE,
		VTERM_KEY_ESCAPE, VTERM_KEY_UP, VTERM_KEY_DOWN, VTERM_KEY_LEFT, VTERM_KEY_RIGHT,
		VTERM_KEY_INS, VTERM_KEY_DEL, VTERM_KEY_HOME, VTERM_KEY_END, VTERM_KEY_PAGEUP,
		VTERM_KEY_PAGEDOWN,
	};

	if (key >= TERMINAL_KEY_F0)
		return (VTermKey)VTERM_KEY_FUNCTION((int)(key - TERMINAL_KEY_F0));
	return keys[key];
}

void terminal_key(struct terminal *terminal, enum terminal_key key, unsigned modifiers)
{
	if ((int)key < 0 || key > TERMINAL_KEY_F0 + 12)
		return;
	terminal->is_typing = true;
	vterm_keyboard_key(terminal->vterm, key_of(key), modifiers_of(modifiers));
	terminal->is_typing = false;
}

void terminal_text(struct terminal *terminal, uint32_t point, unsigned modifiers)
{
	char bytes[5] = "\x1b";
	size_t length;

	if (point > 0x10ffff)
		return;
	/* Not by libvterm: how it tells Ctrl and Alt (`CSI ... u`) few programs read. */
	if (modifiers & TERMINAL_CONTROL && point >= '@' && point < 0x7f)
		point &= 0x1f;
	length = cell_put_point(bytes + 1, point);
	terminal->is_typing = true;
	if (modifiers & TERMINAL_ALT)
		terminal_add_output(bytes, length + 1, terminal);
	else
		terminal_add_output(bytes + 1, length, terminal);
	terminal->is_typing = false;
}

void terminal_paste_begin(struct terminal *terminal)
{
	terminal->is_typing = true;
	vterm_keyboard_start_paste(terminal->vterm);
	terminal->is_typing = false;
}

void terminal_paste_end(struct terminal *terminal)
{
	terminal->is_typing = true;
	vterm_keyboard_end_paste(terminal->vterm);
	terminal->is_typing = false;
}

size_t terminal_take_output(struct terminal *terminal, char *out, size_t size)
{
	size_t length = terminal->output_used < size ? terminal->output_used : size;

	memcpy(out, terminal->output, length);
	memmove(terminal->output, terminal->output + length, terminal->output_used - length);
	terminal->output_used -= length;
	return length;
}

uint64_t terminal_keys_dropped(const struct terminal *terminal)
{
	return terminal->keys_dropped;
}

bool terminal_pastes_are_bracketed(const struct terminal *terminal)
{
	return terminal->sieve.pastes_are_bracketed;
}
