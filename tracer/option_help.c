/* SPDX-License-Identifier: Apache-2.0 */
/* option_help.c: see option_help.h. */
#include "tracer/option_help.h"

#include <stdio.h>
#include <stdlib.h>

#include "tracer/option_table.h"

#define NAME_WIDTH 26

static const char opening[] =
	"usage: pyjail [OPTIONS] SCRIPT [ARGS...]  or -c CODE, -m MODULE, - (stdin), nothing\n"
	"       pyjail why CALL [PATH] [FLAGS]      what would happen to a call, by which rule\n"
	"       pyjail policy [--bpf]               the rules in force; the kernel filter\n"
	"       pyjail doctor                       what this machine offers, what is missing\n"
	"       pyjail corpus [PATH..]              replay known escapes, outside and in the jail\n"
	"       pyjail report FILE [--filter=EXPR]  what a --record tells, for people or programs\n"
	"       pyjail diff|apply|discard DIR       what --scratch=DIR kept: see, make real, drop\n"
	"\n"
	"A script may read Python, the system's libraries and its own folder.  The rest is\n"
	"refused, said on stderr with the flag that would allow it, and raises PermissionError.\n";

static const char *const titles[SECTION_COUNT] = {
	[SECTION_RULES] = "Allow more (--deny-X takes the same words and refuses, --ask-X asks)",
	[SECTION_RUN] = "What runs (-b -B -d -E -i -I -O -P -q -R -s -S -u -v -W -x -X: Python's)",
	[SECTION_LIMITS] = "Limits (exit status 124)",
	[SECTION_OUTPUT] = "What is said",
	[SECTION_OTHER] = "Other",
};

static const char closing[] =
	"\n"
	"Examples\n"
	"  pyjail --allow-write=out/ plot.py data.csv\n"
	"  pyjail --allow-read=~/data --allow-net --time=2m fetch.py\n"
	"  pyjail -A --record=all.jsonl setup.py\n"
	"\n"
	"The words are Deno's, the rules not quite: the most specific decides, so ~/out can be\n"
	"written inside --deny-write=~; on a tie deny wins, and a bare --deny-X always does.\n"
	"--allow-run is --allow-exec; --allow-net takes no host yet; -R -W -E are Python's.\n";

static void print_row(FILE *out, const struct option_row *row)
{
	char name[64];

	snprintf(name, sizeof(name), "--%s%s%s%s%s", row->name,
		 row->form == FORM_MAYBE && row->argument ? "[" : "", row->argument ? "=" : "",
		 row->argument ? row->argument : "",
		 row->form == FORM_MAYBE && row->argument ? "]" : "");
	fprintf(out, "  %-*s %s\n", NAME_WIDTH, name, row->help);
}

static void print_section(FILE *out, enum option_section section)
{
	fprintf(out, "\n%s\n", titles[section]);
	for (size_t i = 0; i < option_row_count; i++) {
		if (option_rows[i].section == section && option_rows[i].help)
			print_row(out, &option_rows[i]);
	}
}

char *option_help(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs(opening, out);
	for (int section = 0; section < SECTION_COUNT; section++)
		print_section(out, (enum option_section)section);
	fputs(closing, out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
