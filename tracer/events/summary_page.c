/* SPDX-License-Identifier: Apache-2.0 */
/* summary_page.c: see summary_page.h. */
#include "tracer/events/summary_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/clip.h"
#include "base/fail.h"
#include "base/text.h"

#define SHOWN_MAX 2048    /* bytes of what is cut to SUMMARY_COLUMNS_MAX */

const char *page_number(uint64_t value, char out[NUMBER_MAX])
{
	char *at = out + NUMBER_MAX - 1;
	int digits = 0;

	*at = '\0';
	do {
		if (digits > 0 && digits % 3 == 0)
			*--at = ',';
		*--at = (char)('0' + value % 10);
		value /= 10;
		digits++;
	} while (value > 0);
	return at;
}

void page_color(const struct page *page, enum page_color color)
{
	static const char *const codes[] = {
		[PAGE_BAD] = "\x1b[1;31m", [PAGE_DIM] = "\x1b[2m", [PAGE_BOLD] = "\x1b[1m",
	};

	if (page->style->has_color)
		fputs(codes[color], page->out);
}

void page_plain(const struct page *page)
{
	if (page->style->has_color)
		fputs("\x1b[0m", page->out);
}

void page_title(const struct page *page, const char *title)
{
	fputc('\n', page->out);
	page_color(page, PAGE_BOLD);
	fputs(title, page->out);
	page_plain(page);
	fputc('\n', page->out);
}

static const char *from_cwd(const struct page *page, const char *path)
{
	size_t n = page->cwd ? strlen(page->cwd) : 0;

	return n > 1 && !strncmp(path, page->cwd, n) && path[n] == '/' && path[n + 1] ?
		path + n + 1 : path;
}

size_t page_path(const struct page *page, const char *path, size_t columns)
{
	char shown[SHOWN_MAX];
	size_t used = clip_middle(shown, sizeof(shown), from_cwd(page, path), columns);

	fputs(shown, page->out);
	return used;
}

void page_place(const struct page *page, const char *file, const char *line,
		const char *function, size_t columns)
{
	size_t numbers = strlen(line) + 1;
	char name[SHOWN_MAX] = "";
	size_t used = numbers;

	/* At most half for the function: the file must not vanish. */
	if (*function)
		used += clip_middle(name, sizeof(name), function, columns / 2) + strlen(" in ()");
	page_path(page, file, columns - used);
	fprintf(page->out, ":%s", line);
	if (*function)
		fprintf(page->out, " in %s%s", name,
			strchr(function, '<') ? "" : "()");
}
