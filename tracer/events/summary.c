/* SPDX-License-Identifier: Apache-2.0 */
/* summary.c: see summary.h. */
#include "tracer/events/summary.h"

#include <stdlib.h>
#include <string.h>

#include "base/clip.h"
#include "base/fail.h"
#include "tracer/events/read.h"
#include "tracer/events/summary_page.h"
#include "tracer/events/tally.h"

#define LIST_SHOWN 10
#define SHOWN_MAX 2048

/* What is counted and not shown. */
static void say_rest(const struct page *page, const struct frequent *table, size_t shown)
{
	char number[NUMBER_MAX], times[NUMBER_MAX];
	size_t kept = frequent_count(table);

	if (kept > shown)
		fprintf(page->out, "             %s more\n", page_number(kept - shown, number));
	if (frequent_others(table))
		fprintf(page->out, "%11s  others; a count may be too low by %s\n",
			page_number(frequent_others(table), times),
			page_number(frequent_error(table), number));
}

static void say_counted_title(const struct page *page, const struct frequent *table,
			      const char *title)
{
	char keys[NUMBER_MAX], times[NUMBER_MAX], text[128];

	snprintf(text, sizeof(text), "%s: %s%s (%s time%s)", title,
		 frequent_others(table) ? "more than " : "",
		 page_number(frequent_count(table), keys),
		 page_number(frequent_total(table), times), frequent_total(table) == 1 ? "" : "s");
	page_title(page, text);
}

static void say_files(const struct page *page, enum tally_table which, const char *title)
{
	const struct frequent *table = page->tally->tables[which];
	const struct frequent_item **items = frequent_sorted(table);
	char number[NUMBER_MAX];
	size_t i = 0;

	if (frequent_total(table))
		say_counted_title(page, table, title);
	for (; items && items[i] && i < LIST_SHOWN; i++) {
		fprintf(page->out, "%11s  ", page_number(items[i]->count, number));
		page_path(page, items[i]->key, page->style->columns - 13);
		fputc('\n', page->out);
	}
	say_rest(page, table, i);
	free(items);
}

/* Blank for none: the eye is to meet what is there. */
static void say_count(const struct page *page, uint64_t count, int width)
{
	char number[NUMBER_MAX];

	fprintf(page->out, "%*s", width, count ? page_number(count, number) : "");
}

static void say_counts(const struct page *page, const struct frequent_item *item)
{
	say_count(page, item->count, 11);
	say_count(page, item->refused, 9);
	say_count(page, item->failed, 9);
	fputs("  ", page->out);
}

typedef void name_fn(const struct page *page, const struct frequent_item *item, size_t columns);

static void name_line(const struct page *page, const struct frequent_item *item, size_t columns)
{
	page_place(page, tally_field(item, 0), tally_field(item, 1), tally_field(item, 2), columns);
}

static void name_key(const struct page *page, const struct frequent_item *item, size_t columns)
{
	char shown[SHOWN_MAX];

	clip_middle(shown, sizeof(shown), *item->key ? item->key : "(no name)", columns);
	fputs(shown, page->out);
}

/* "deny EACCES" */
static void name_outcome(const struct page *page, const struct frequent_item *item, size_t columns)
{
	char shown[SHOWN_MAX];

	name_key(page, item, columns / 2);
	if (*tally_field(item, 1)) {
		clip_middle(shown, sizeof(shown), tally_field(item, 1), columns / 2 - 1);
		fprintf(page->out, " %s", shown);
	}
}

static void say_table(const struct page *page, enum tally_table which, const char *title,
		      name_fn *name)
{
	const struct frequent *table = page->tally->tables[which];
	const struct frequent_item **items = frequent_sorted(table);
	size_t i = 0;

	if (frequent_total(table)) {
		page_title(page, title);
		page_color(page, PAGE_DIM);
		fputs("      calls  refused   failed", page->out);
		page_plain(page);
		fputc('\n', page->out);
	}
	for (; items && items[i] && i < LIST_SHOWN; i++) {
		say_counts(page, items[i]);
		name(page, items[i], page->style->columns - 31);
		fputc('\n', page->out);
	}
	say_rest(page, table, i);
	free(items);
}

static void say_all(const struct page *page)
{
	page_head(page);
	page_refused(page);
	say_files(page, TALLY_WRITTEN, "Files and names written");
	say_files(page, TALLY_DELETED, "Names deleted");
	say_files(page, TALLY_RUN, "Programs run");
	say_files(page, TALLY_READ, "Files read");
	say_table(page, TALLY_LINES, "Python lines", name_line);
	say_table(page, TALLY_CALLS, "Calls", name_key);
	say_table(page, TALLY_OUTCOMES, "Outcomes", name_outcome);
	/* One process is said by all of the above. */
	if (frequent_count(page->tally->tables[TALLY_PROCESSES]) > 1)
		say_table(page, TALLY_PROCESSES, "Processes", name_key);
}

char *summary_text(const struct tally *tally, const struct summary_style *style)
{
	struct page page = { .style = style, .tally = tally };
	char *text = NULL;
	size_t size = 0;

	page.out = open_memstream(&text, &size);
	if (!page.out)
		return NULL;
	page.cwd = read_bytes(tally->start, "cwd");
	say_all(&page);
	free(page.cwd);
	if (fclose(page.out) == 0)
		return text;
	free(text);
	return NULL;
}
