/* SPDX-License-Identifier: Apache-2.0 */
/* summary_head.c: how a run was started, and how it ended.  See summary_page.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clip.h"
#include "base/fail.h"
#include "tracer/events/read.h"
#include "tracer/events/summary_page.h"
#include "tracer/events/tally.h"

#define LABEL_COLUMNS 12    /* "  command   " */
#define SHOWN_MAX 2048
#define WORDS_SHOWN 40

static void say_label(const struct page *page, const char *label)
{
	fprintf(page->out, "  %-9s ", label);
}

/* A word of the command line; on the next line when it does not fit on this one. */
static void say_word(const struct page *page, const char *word, size_t *used)
{
	bool has_blank = !*word || strpbrk(word, " '\"");
	size_t columns = page->style->columns - LABEL_COLUMNS;
	char shown[SHOWN_MAX];
	size_t width = clip_middle(shown, sizeof(shown), word, columns - 2) + (has_blank ? 3 : 1);

	if (*used + width > columns) {
		fprintf(page->out, "\n%*s", LABEL_COLUMNS - 1, "");
		*used = 0;
	}
	fprintf(page->out, has_blank ? " '%s'" : " %s", shown);
	*used += width;
}

static void say_command(const struct page *page, const json_t *start)
{
	size_t count = json_array_size(json_object_get(start, "argv"));
	size_t used = strlen("pyjail");

	if (!count)
		return;
	say_label(page, "command");
	fputs("pyjail", page->out);
	for (size_t i = 1; i < count && i <= WORDS_SHOWN; i++) {
		cleanup_free char *word = read_list_bytes(start, "argv", i);

		say_word(page, word ? word : "", &used);
	}
	fputs(count > WORDS_SHOWN + 1 ? " ..\n" : "\n", page->out);
}

/* "LABEL  before VALUE", when there is such a value. */
static void say_value(const struct page *page, const json_t *object, const char *key,
		      const char *before, size_t columns)
{
	cleanup_free char *value = read_bytes(object, key);
	char shown[SHOWN_MAX];

	if (!value)
		return;
	clip_middle(shown, sizeof(shown), value, columns);
	fprintf(page->out, "%s%s", before, shown);
}

static void say_start(const struct page *page, const json_t *start)
{
	size_t columns = page->style->columns - LABEL_COLUMNS;
	json_int_t landlock = json_integer_value(json_object_get(start, "landlock"));

	say_command(page, start);
	say_label(page, "started");
	say_value(page, start, "time", "", 24);
	say_value(page, start, "cwd", " in ", columns - 28);
	fputc('\n', page->out);
	say_label(page, "python");
	say_value(page, start, "interpreter", "", columns);
	fputc('\n', page->out);
	say_label(page, "system");
	say_value(page, start, "kernel", "Linux ", columns - 40);
	if (landlock > 0)
		fprintf(page->out, ", Landlock ABI %" JSON_INTEGER_FORMAT, landlock);
	else
		fputs(", no Landlock", page->out);
	fprintf(page->out, ", user %" JSON_INTEGER_FORMAT "\n",
		json_integer_value(json_object_get(start, "uid")));
	if (json_is_true(json_object_get(start, "allow_all"))) {
		say_label(page, "policy");
		fputs("--allow-all: what no rule refuses was allowed\n", page->out);
	}
}

static void say_signal(const struct page *page, json_int_t signal)
{
	const char *name = signal > 0 && signal < 65 ? sigabbrev_np((int)signal) : NULL;

	fprintf(page->out, "by signal %" JSON_INTEGER_FORMAT, signal);
	if (name)
		fprintf(page->out, " (SIG%s)", name);
}

static void say_how(const struct page *page, const json_t *result)
{
	size_t columns = page->style->columns - LABEL_COLUMNS - strlen("by the limit of ");

	if (json_is_string(json_object_get(result, "failure")))
		say_value(page, result, "failure", "pyjail failed: ", columns);
	else if (json_is_string(json_object_get(result, "limit")))
		say_value(page, result, "limit", "by the limit of ", columns);
	else if (json_is_string(json_object_get(result, "rule")))
		say_value(page, result, "rule", "by the rule  ", columns);
	else if (json_is_integer(json_object_get(result, "signal")))
		say_signal(page, json_integer_value(json_object_get(result, "signal")));
	else
		fprintf(page->out, "exit status %" JSON_INTEGER_FORMAT,
			json_integer_value(json_object_get(result, "status")));
}

/* What a hostile record may claim; beyond that nobody believes it. */
static double number_of(const json_t *result, const char *key)
{
	double value = json_number_value(json_object_get(result, key));

	return value >= 0 && value < 1e9 ? value : 0;
}

static void say_changes(const struct page *page, const json_t *result)
{
	char changes[SHOWN_MAX], shown[SHOWN_MAX];

	read_changes(result, changes, sizeof(changes));
	if (!changes[0])
		return;
	clip_middle(shown, sizeof(shown), changes, page->style->columns - LABEL_COLUMNS);
	say_label(page, "scratch");
	fprintf(page->out, "%s\n", shown);
}

static void say_end(const struct page *page)
{
	const json_t *result = page->tally->result;

	say_label(page, "ended");
	page_color(page, PAGE_BOLD);
	if (result)
		say_how(page, result);
	else
		fputs("not yet, or the record was cut off: it has no result", page->out);
	page_plain(page);
	if (!result) {
		fputc('\n', page->out);
		say_label(page, "last");
		fprintf(page->out, "event at %.3f s\n", (double)page->tally->last_us / 1e6);
		return;
	}
	fputc('\n', page->out);
	say_changes(page, result);
	say_label(page, "used");
	fprintf(page->out, "%.3f s, %.3f s of processor time, %.1f MiB, %.0f task%s at once\n",
		number_of(result, "wall_s"), number_of(result, "cpu_s"),
		number_of(result, "max_rss_kib") / 1024,
		number_of(result, "max_tasks"), number_of(result, "max_tasks") == 1 ? "" : "s");
}

static void say_events(const struct page *page)
{
	const struct tally *tally = page->tally;
	char events[NUMBER_MAX], refused[NUMBER_MAX], failed[NUMBER_MAX], probes[NUMBER_MAX];

	say_label(page, "events");
	fprintf(page->out, "%s: ", page_number(tally->events, events));
	if (tally->refused)
		page_color(page, PAGE_BAD);
	fprintf(page->out, "%s refused", page_number(tally->refused, refused));
	if (tally->refused)
		page_plain(page);
	fprintf(page->out, ", %s failed", page_number(tally->failed, failed));
	if (tally->probes)
		fprintf(page->out, ", %s only asked and refused",
			page_number(tally->probes, probes));
	fputc('\n', page->out);
}

/* What is missing from the record; silence means that it is whole. */
static void say_damage(const struct page *page)
{
	const struct tally *tally = page->tally;
	char number[NUMBER_MAX], line[NUMBER_MAX];
	size_t named = tally->bad_count < TALLY_BAD_MAX ? tally->bad_count : TALLY_BAD_MAX;
	uint64_t lost = (uint64_t)json_integer_value(json_object_get(tally->result, "lost"));

	if (tally->lost > lost)
		lost = tally->lost;
	if (lost) {
		say_label(page, "LOST");
		fprintf(page->out, "%s events are not in this record\n", page_number(lost, number));
	}
	if (tally->is_cut) {
		say_label(page, "CUT OFF");
		fprintf(page->out, "in the middle of line %s\n", page_number(tally->lines, line));
	}
	if (tally->bad_count) {
		say_label(page, "DAMAGED");
		fprintf(page->out, "%s line%s cannot be read\n",
			page_number(tally->bad_count, number), tally->bad_count == 1 ? "" : "s");
	}
	for (size_t i = 0; i < named; i++)
		fprintf(page->out, "%*sline %s: %s\n", LABEL_COLUMNS, "",
			page_number(tally->bad[i].number, line), tally->bad[i].problem);
}

static void say_facts(const struct page *page)
{
	const struct frequent *facts = page->tally->tables[TALLY_FACTS];
	const struct frequent_item **items = frequent_sorted(facts);
	char shown[SHOWN_MAX];

	for (size_t i = 0; items && items[i] && i < 10; i++) {
		clip_middle(shown, sizeof(shown), tally_field(items[i], 1),
			    page->style->columns - LABEL_COLUMNS);
		say_label(page, tally_field(items[i], 0));
		fprintf(page->out, "%s\n", shown);
	}
	free(items);
}

void page_head(const struct page *page)
{
	char shown[SHOWN_MAX];

	clip_middle(shown, sizeof(shown), page->style->name, page->style->columns - 16);
	fprintf(page->out, "pyjail report  %s\n\n", shown);
	if (page->tally->start)
		say_start(page, page->tally->start);
	say_end(page);
	say_events(page);
	say_facts(page);
	say_damage(page);
}
