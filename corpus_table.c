/* SPDX-License-Identifier: Apache-2.0 */
/* corpus_table.c: see corpus_table.h. */
#include "corpus_table.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "say.h"

#define EXIT_FAILED 1
#define EXIT_SIGNAL 128
#define NAME_WIDTH 34
#define CELL_WIDTH 17

struct table {
	const struct options *options;
	struct corpus *corpus;
	struct compare *rows;
	bool has_progress;
	size_t done;
};

static void on_compared(void *data, size_t number, const struct compare *compare,
			const char *why)
{
	struct table *table = data;

	table->done++;
	if (compare)
		table->rows[number] = *compare;
	else {
		table->rows[number].jail.verdict = REPLAY_MISMATCH;
		snprintf(table->rows[number].jail.why, sizeof(table->rows[number].jail.why), "%s",
			 why);
	}
	if (table->has_progress)
		fprintf(stderr, "\r\033[K  %zu of %zu", table->done, table->corpus->cases.count);
}

/* "escaped *": the attack is written for this sandbox. */
static const char *cell_text(const struct table *table, size_t row, int sandbox)
{
	static const char *const marked[] = {
		[CELL_NONE] = "-", [CELL_ESCAPED] = "escaped *", [CELL_CONTAINED] = "contained *",
		[CELL_CANNOT] = "cannot express *",
	};
	enum compare_cell cell = table->rows[row].cells[sandbox];

	if (table->corpus->cases.items[row].header.is_for[sandbox])
		return marked[cell];
	return compare_cell_name(cell);
}

static void row_name(const struct corpus_case *item, char *out, size_t size)
{
	size_t length = strlen(item->name);

	/* Without ".py". */
	text_show(out, size, item->name, length > 3 ? length - 3 : length);
}

struct totals {
	unsigned escaped[SANDBOX_COUNT], contained[SANDBOX_COUNT], cannot[SANDBOX_COUNT];
	unsigned jail_contained, jail_escaped, jail_mismatched, skipped;
};

static struct totals count(const struct table *table)
{
	struct totals totals = { 0 };

	for (size_t i = 0; i < table->corpus->cases.count; i++) {
		const struct compare *row = &table->rows[i];

		for (int s = 0; s < SANDBOX_COUNT; s++) {
			totals.escaped[s] += row->cells[s] == CELL_ESCAPED;
			totals.contained[s] += row->cells[s] == CELL_CONTAINED;
			totals.cannot[s] += row->cells[s] == CELL_CANNOT;
		}
		totals.jail_contained += row->jail.verdict == REPLAY_CONTAINED;
		totals.jail_escaped += row->jail.verdict == REPLAY_ESCAPED;
		totals.jail_mismatched += row->jail.verdict == REPLAY_MISMATCH;
		totals.skipped += row->jail.verdict == REPLAY_SKIPPED;
	}
	return totals;
}

/* ---- aligned text, and Markdown ---- */

static bool is_markdown(const struct table *table)
{
	return table->options->corpus.prints_markdown;
}

static void print_cell(const struct table *table, const char *text, int width)
{
	if (is_markdown(table))
		printf(" %s |", text);
	else
		printf("%-*s", width, text);
}

static void print_first(const struct table *table, const char *text)
{
	fputs(is_markdown(table) ? "|" : "  ", stdout);
	print_cell(table, text, NAME_WIDTH);
}

static void print_head(const struct table *table)
{
	print_first(table, is_markdown(table) ? "attack" : "");
	for (int s = 0; s < SANDBOX_COUNT; s++)
		if (table->corpus->honest[s].works)
			print_cell(table, compare_title((enum corpus_sandbox)s), CELL_WIDTH);
	print_cell(table, "pyjail", 0);
	putchar('\n');
	if (!is_markdown(table))
		return;
	fputs("|---|---|", stdout);
	for (int s = 0; s < SANDBOX_COUNT; s++)
		if (table->corpus->honest[s].works)
			fputs("---|", stdout);
	putchar('\n');
}

static void print_row(const struct table *table, size_t row)
{
	char name[512];

	row_name(&table->corpus->cases.items[row], name, sizeof(name));
	print_first(table, name);
	for (int s = 0; s < SANDBOX_COUNT; s++)
		if (table->corpus->honest[s].works)
			print_cell(table, cell_text(table, row, s), CELL_WIDTH);
	print_cell(table, replay_verdict_name(table->rows[row].jail.verdict), 0);
	putchar('\n');
	if (table->rows[row].jail.why[0] && !is_markdown(table)) {
		char why[2 * ATTEMPT_WHY_MAX];

		text_show_string(why, sizeof(why), table->rows[row].jail.why);
		printf("      %s\n", why);
	}
}

static void print_totals(const struct table *table, const char *what, const unsigned *counts,
			 unsigned jail)
{
	char text[32];

	print_first(table, what);
	for (int s = 0; s < SANDBOX_COUNT; s++) {
		snprintf(text, sizeof(text), "%u", counts[s]);
		if (table->corpus->honest[s].works)
			print_cell(table, text, CELL_WIDTH);
	}
	snprintf(text, sizeof(text), "%u", jail);
	print_cell(table, text, 0);
	putchar('\n');
}

static void print_columns(const struct table *table)
{
	for (int s = 0; s < SANDBOX_COUNT; s++) {
		const struct compare_honest *honest = &table->corpus->honest[s];
		char said[512];

		text_show_string(said, sizeof(said), honest->said);
		if (honest->works && !strcmp(honest->said, "ok"))
			continue;
		printf("%s%s: %s%s\n", is_markdown(table) ? "\n" : "  ",
		       compare_title((enum corpus_sandbox)s),
		       honest->works ? "" : "not shown, its own harmless program fails: ", said);
	}
}

static void print_sums(const struct table *table)
{
	static const unsigned none[SANDBOX_COUNT];
	struct totals totals = count(table);
	bool is_bold = is_markdown(table);

	print_totals(table, is_bold ? "**escaped**" : "escaped", totals.escaped,
		     totals.jail_escaped);
	print_totals(table, is_bold ? "**contained**" : "contained", totals.contained,
		     totals.jail_contained);
	print_totals(table, is_bold ? "**cannot express**" : "cannot express", totals.cannot, 0);
	if (totals.jail_mismatched)
		print_totals(table, "mismatches", none, totals.jail_mismatched);
}

static void print_text(const struct table *table)
{
	print_head(table);
	for (size_t i = 0; i < table->corpus->cases.count; i++)
		print_row(table, i);
	print_sums(table);
	puts("  *  written for this sandbox");
	print_columns(table);
}

static bool gets_out(const struct compare *row)
{
	for (int s = 0; s < SANDBOX_COUNT; s++)
		if (row->cells[s] == CELL_ESCAPED)
			return true;
	return row->jail.verdict == REPLAY_ESCAPED;
}

/* For people who read: the sums, and the attacks that got out of something. */
static void print_markdown(const struct table *table)
{
	size_t others = 0;

	print_head(table);
	print_sums(table);
	for (size_t i = 0; i < table->corpus->cases.count; i++) {
		if (gets_out(&table->rows[i]))
			print_row(table, i);
		else
			others++;
	}
	printf("\nOf %zu attacks %zu got out of none of these.\n", table->corpus->cases.count,
	       others);
	print_columns(table);
}

/* ---- JSON ---- */

static void print_object(json_t *object)
{
	json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(object);
}

static json_t *text_json(const char *text)
{
	char shown[1024];

	text_show_string(shown, sizeof(shown), text);
	return json_string(shown);
}

static void print_json(const struct table *table)
{
	struct totals totals = count(table);

	for (int s = 0; s < SANDBOX_COUNT; s++)
		print_object(json_pack("{s:s, s:s, s:b, s:o, s:i, s:i, s:i}", "type", "sandbox",
				       "name", sandbox_name((enum corpus_sandbox)s), "works",
				       table->corpus->honest[s].works, "said",
				       text_json(table->corpus->honest[s].said), "escaped",
				       totals.escaped[s], "contained", totals.contained[s],
				       "cannot_express", totals.cannot[s]));
	for (size_t i = 0; i < table->corpus->cases.count; i++) {
		const struct compare *row = &table->rows[i];
		json_t *cells = json_object();

		for (int s = 0; s < SANDBOX_COUNT; s++)
			if (table->corpus->honest[s].works)
				json_object_set_new(cells, sandbox_name((enum corpus_sandbox)s),
						    json_pack("{s:s, s:o}", "outcome",
							      compare_cell_name(row->cells[s]),
							      "why", text_json(row->why[s])));
		print_object(json_pack("{s:s, s:s, s:o, s:s, s:o}", "type", "attack", "script",
				       table->corpus->cases.items[i].path, "sandboxes", cells,
				       "pyjail", replay_verdict_name(row->jail.verdict), "why",
				       text_json(row->jail.why)));
	}
}

int corpus_table(const struct options *options, struct corpus *corpus)
{
	struct table table = { .options = options, .corpus = corpus };
	struct totals totals;
	int result;

	table.rows = calloc(corpus->cases.count, sizeof(*table.rows));
	if (!table.rows)
		return say_failure("corpus", ENOMEM);
	table.has_progress = isatty(2) && isatty(1);
	corpus->compared = on_compared;
	corpus->data = &table;
	result = corpus_compare(corpus);
	if (table.has_progress)
		fputs("\r\033[K", stderr);
	if (result == 0) {
		if (options->corpus.prints_json)
			print_json(&table);
		else if (options->corpus.prints_markdown)
			print_markdown(&table);
		else
			print_text(&table);
	}
	totals = count(&table);
	free(table.rows);
	corpus->data = NULL;
	if (result != 0)
		return result > 0 ? EXIT_SIGNAL + result
				  : say_failure("the folder sandboxes beside the scripts", -result);
	if (fflush(stdout) != 0)
		return EXIT_PYJAIL;
	return totals.jail_escaped + totals.jail_mismatched ? EXIT_FAILED : 0;
}
