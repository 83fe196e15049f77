/* SPDX-License-Identifier: Apache-2.0 */
/* summary_refused.c: the calls that were refused.  See summary_page.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clip.h"
#include "base/fail.h"
#include "base/text.h"
#include "filters/syscalls.h"
#include "tracer/events/human.h"
#include "tracer/events/summary_page.h"
#include "tracer/events/tally.h"

#define REFUSED_SHOWN 100
#define INDENT 17           /* "  DENY        1  " */
#define ERRNO_COLUMNS 12
#define CURE_MAX 8192
#define SHOWN_MAX 2048

static enum call_class class_of(const char *name)
{
	for (int class = 0; class < CLASS_COUNT; class++) {
		if (!strcmp(name, class_name((enum call_class)class)))
			return (enum call_class)class;
	}
	return CLASS_COUNT;
}

/* "run", "write"; of a call without a file what the table of calls says: "open a socket". */
static const char *action_of(const struct frequent_item *item)
{
	const char *class = tally_field(item, REFUSED_CLASS);
	const char *call = tally_field(item, REFUSED_CALL);
	const struct syscall_row *row = syscall_by_name(call);

	if (*tally_field(item, REFUSED_PATH) && *class)
		return strcmp(class, class_name(CLASS_EXEC)) == 0 ? "run" : class;
	return row ? row->words : call;
}

static size_t say_clipped(const struct page *page, const char *text, size_t columns)
{
	char shown[SHOWN_MAX];
	size_t used = clip_middle(shown, sizeof(shown), text, columns);

	fputs(shown, page->out);
	return used;
}

/* "  DENY        2  write /tmp/FILE                                  EACCES" */
static void say_action(const struct page *page, const struct frequent_item *item)
{
	const char *path = tally_field(item, REFUSED_PATH);
	const char *path2 = tally_field(item, REFUSED_PATH2);
	bool is_kill = !strcmp(tally_field(item, REFUSED_VERDICT), "kill");
	size_t room = page->style->columns - INDENT - ERRNO_COLUMNS, used;
	char number[NUMBER_MAX];

	fputs("  ", page->out);
	page_color(page, PAGE_BAD);
	fputs(is_kill ? "KILL" : "DENY", page->out);
	page_plain(page);
	fprintf(page->out, " %8s  ", page_number(item->count, number));
	used = say_clipped(page, action_of(item), room / 2);
	if (*path) {
		fputc(' ', page->out);
		used += 1 + page_path(page, path, *path2 ? (room - used - 5) / 2 : room - used - 1);
	}
	if (*path && *path2) {
		fputs(" to ", page->out);
		used += 4 + page_path(page, path2, room - used - 4);
	}
	fprintf(page->out, "%*s", (int)(room - used) + 2, "");
	say_clipped(page, tally_field(item, REFUSED_ERROR), ERRNO_COLUMNS - 2);
	fputc('\n', page->out);
}

static size_t cure_of(const struct frequent_item *item, char out[CURE_MAX])
{
	const char *path = tally_field(item, REFUSED_PATH);
	const char *reason = tally_field(item, REFUSED_REASON);
	const struct event event = {
		.kind = EVENT_CALL, .class = class_of(tally_field(item, REFUSED_CLASS)),
		.path = *path ? path : NULL, .rule_is_users = *tally_field(item, REFUSED_RULE),
		.reason = *reason ? reason : NULL,
	};

	return human_cure(&event, out, CURE_MAX);
}

/* rule_print made a rule safe: shown as it is, it can be found in its file. */
static void say_rule(const struct page *page, const struct frequent_item *item)
{
	const char *rule = tally_field(item, REFUSED_RULE);
	const char *source = tally_field(item, REFUSED_SOURCE);
	size_t columns = page->style->columns - INDENT - strlen("refused by   ()");
	size_t used = clip_columns(rule), for_rule = *source ? columns * 2 / 3 : columns;

	fputs("refused by  ", page->out);
	if (used <= for_rule && text_is_plain_string(rule))
		fputs(rule, page->out);
	else
		used = say_clipped(page, rule, for_rule);
	if (!*source)
		return;
	fputs(" (", page->out);
	say_clipped(page, source, columns - used);
	fputc(')', page->out);
}

static void say_remedy(const struct page *page, const struct frequent_item *item)
{
	const char *reason = tally_field(item, REFUSED_REASON);
	char cure[CURE_MAX];

	fprintf(page->out, "%*s", INDENT, "");
	page_color(page, PAGE_DIM);
	if (*tally_field(item, REFUSED_RULE)) {
		say_rule(page, item);
	} else if (cure_of(item, cure) > 0) {
		fprintf(page->out, "allow with  %s", cure);
	} else {
		fputs("no flag allows this", page->out);
		if (!human_reason_is_default(*reason ? reason : NULL)) {
			fputs(": ", page->out);
			say_clipped(page, reason, page->style->columns - INDENT - 21);
		}
	}
	page_plain(page);
	fputc('\n', page->out);
}

static void say_refusal(const struct page *page, const struct frequent_item *item)
{
	const char *file = tally_field(item, REFUSED_FILE);

	say_action(page, item);
	if (*file) {
		fprintf(page->out, "%*sat ", INDENT, "");
		page_place(page, file, tally_field(item, REFUSED_LINE),
			   tally_field(item, REFUSED_FUNCTION),
			   page->style->columns - INDENT - strlen("at "));
		fputc('\n', page->out);
	}
	say_remedy(page, item);
}

/* What is counted and not shown. */
static void say_rest(const struct page *page, size_t shown)
{
	const struct frequent *refused = page->tally->tables[TALLY_REFUSED];
	char number[NUMBER_MAX], times[NUMBER_MAX];
	size_t kept = frequent_count(refused);

	if (kept > shown)
		fprintf(page->out, "       %s more; each event:  --filter=verdict=deny,kill\n",
			page_number(kept - shown, number));
	if (frequent_others(refused))
		fprintf(page->out, "       others %s times; a count may be too low by %s\n",
			page_number(frequent_others(refused), times),
			page_number(frequent_error(refused), number));
}

void page_refused(const struct page *page)
{
	const struct frequent *refused = page->tally->tables[TALLY_REFUSED];
	const struct frequent_item **items = frequent_sorted(refused);
	size_t i = 0;

	if (frequent_total(refused))
		page_title(page, "Refused, once for each action, file and Python line");
	for (; items && items[i] && i < REFUSED_SHOWN; i++)
		say_refusal(page, items[i]);
	say_rest(page, i);
	free(items);
}
