/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_screen_record.c: a hostile record on screens of any size, with any keys.  Whatever it holds,
 * what stands on the screen is plain.
 *
 * The input: two bytes of size, one byte that counts the keys, the keys, the record.
 */
#include <assert.h>
#include <ncurses.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/text.h"
#include "tui/act.h"
#include "tui/app.h"
#include "tui/screen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define START "{\"type\":\"start\",\"version\":1}\n"
#define ROW_MAX 8192

static void start_screen(void)
{
	struct screen_style style = { .term = "xterm-256color", .rows = 30, .columns = 100 };
	struct fault fault = { 0 };

	setenv("LC_ALL", "C.UTF-8", 1);
	style.in = fopen("/dev/null", "r");
	style.out = fopen("/dev/null", "w");
	assert(style.in && style.out && screen_start(&style, &fault) == 0);
}

static void check_plain(void)
{
	char row[ROW_MAX];

	for (int y = 0; y < LINES; y++) {
		screen_row(y, row, sizeof(row));
		assert(text_is_plain_string(row));
	}
}

static void paint(struct app *app)
{
	act_questions(app);
	paint_app(app);
	screen_refresh();
	check_plain();
}

/* What would leave the screen: a file, the plain terminal, the shell. */
static bool leads_outside(const struct app *app, int key)
{
	return app->mode != MODE_FILTER && app->mode != MODE_SEARCH &&
	       (key == 'w' || key == 'L' || key == 0x1a);
}

static int key_of_byte(uint8_t byte)
{
	static const int codes[] = {
		KEY_UP, KEY_DOWN, KEY_LEFT, KEY_RIGHT, KEY_NPAGE, KEY_PPAGE, KEY_HOME, KEY_END,
		KEY_BTAB, KEY_ENTER, KEY_BACKSPACE, KEY_DC,
	};

	if (byte < 0x80)
		return byte;
	return byte < 0xc0 ? codes[byte % ARRAY_SIZE(codes)] | KEY_IS_CODE : 0x250 + byte;
}

static void press(struct app *app, const uint8_t *keys_typed, size_t count)
{
	for (size_t i = 0; i < count && !app->is_done; i++) {
		int key = key_of_byte(keys_typed[i]);

		/* Another size, as often as not. */
		if (keys_typed[i] == 0xff && i + 2 < count) {
			resizeterm(1 + keys_typed[i + 1] % 60, 1 + keys_typed[i + 2]);
			i += 2;
		} else if (!leads_outside(app, key)) {
			act(app, key);
		}
		paint(app);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool is_started;
	struct tui_config config = { .name = "fuzz", .record = memfd_create("fuzz", MFD_CLOEXEC) };
	struct app *app = calloc(1, sizeof(*app));
	struct fault fault = { 0 };
	size_t typed = size > 3 ? data[2] % 32 : 0;

	if (!is_started)
		start_screen();
	is_started = true;
	if (size > 3 + typed && app) {
		assert(write(config.record, START, strlen(START)) > 0);
		assert(write(config.record, data + 3 + typed, size - 3 - typed) >= 0);
		assert(lseek(config.record, 0, SEEK_SET) == 0);
		assert(app_start(app, &config, &fault) == 0);
		resizeterm(1 + data[0] % 60, 1 + data[1]);
		while (app_take(app))
			;
		paint(app);
		press(app, data + 3, typed);
		app_end(app);
	}
	free(app);
	close(config.record);
	return 0;
}
