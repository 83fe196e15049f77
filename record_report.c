/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record_report.c: see record_report.h.
 *
 * On a terminal the record is opened in the screens of tui/.  Printed otherwise: one pass, one line
 * at a time.  With a filter, events are printed as they are read; without, all is counted and a
 * page is printed at the end, which is the result line or Ctrl-C with --follow.
 */
#include "record_report.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>

#include "base/text.h"
#include "say.h"
#include "screen.h"
#include "tracer/events/jsonl.h"
#include "tracer/events/listing.h"
#include "tracer/events/query.h"
#include "tracer/events/read.h"
#include "tracer/events/summary.h"
#include "tracer/events/tally.h"
#include "tracer/options.h"
#include "tui/tui.h"

#define EXIT_INCOMPLETE 1
#define POLL_MS 100

struct report {
	const struct options *options;
	const char *name;       /* as the user wrote it */
	int fd;                 /* -1: none */
	bool is_file;           /* its end is only so far */
	struct reader *reader;
	struct query *query;    /* NULL: a summary is wanted */
	struct listing *listing;
	struct tally tally;
	uint64_t matched;
	struct fault fault;     /* why it ended early */
};

static volatile sig_atomic_t is_interrupted;

static void on_interrupt(int signal)
{
	(void)signal;
	is_interrupted = 1;
}

/* Ctrl-C ends the following, not the report.  A reader that went away ends us as it ends cat. */
static void set_signals(const struct options *options)
{
	struct sigaction action = { .sa_handler = on_interrupt };

	if (options->follows)
		sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_DFL);
}

static bool wants_color(const struct options *options)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (options->color != COLOR_AUTO)
		return options->color == COLOR_ALWAYS;
	return !(no_color && *no_color) && term && strcmp(term, "dumb") != 0 && isatty(1);
}

static size_t terminal_columns(void)
{
	struct winsize size;

	if (!isatty(1) || ioctl(1, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return SUMMARY_COLUMNS;
	if (size.ws_col < SUMMARY_COLUMNS)
		return SUMMARY_COLUMNS;
	return size.ws_col < SUMMARY_COLUMNS_MAX ? size.ws_col : SUMMARY_COLUMNS_MAX;
}

/* ---- reading ---- */

static int wrong_record(struct report *report, const char *problem)
{
	fault_set(&report->fault, "%s", problem);
	snprintf(report->fault.file, sizeof(report->fault.file), "%s", report->name);
	return -EBADMSG;
}

static int open_record(struct report *report)
{
	struct stat status;

	report->fd = strcmp(report->name, "-") == 0 ? dup(0) :
		open(report->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (report->fd < 0 || fstat(report->fd, &status) < 0)
		return wrong_record(report, strerror(errno));
	if (S_ISDIR(status.st_mode))
		return wrong_record(report, "a folder, not a record");
	report->is_file = S_ISREG(status.st_mode);
	return reader_new(report->fd, &report->reader);
}

static int prepare(struct report *report)
{
	const struct options *options = report->options;
	int r = 0;

	if (options->filter)
		r = query_parse(options->filter, &report->query, &report->fault);
	if (r == 0)
		r = listing_new(wants_color(options), &report->listing);
	if (r == 0)
		r = tally_init(&report->tally);
	return r < 0 ? r : open_record(report);
}

static int print_event(struct report *report, const struct read_line *line)
{
	const char *text;

	report->matched++;
	if (report->options->wants_json)
		return fwrite(line->text, 1, line->length, stdout) == line->length &&
		       putchar('\n') != EOF ? 0 : -EIO;
	text = listing_line(report->listing, &line->event);
	if (!text)
		return -ENOMEM;
	return puts(text) < 0 ? -EIO : 0;
}

static int take_line(struct report *report, const struct read_line *line)
{
	int r = tally_add(&report->tally, line);

	if (r == 0 && line->kind == READ_START) {
		cleanup_free char *cwd = read_bytes(line->object, "cwd");

		r = listing_set_cwd(report->listing, cwd);
	}
	if (r == 0 && report->query && line->kind == READ_EVENT &&
	    query_matches(report->query, &line->event))
		r = print_event(report, line);
	return r;
}

/* 1: there may be more, by and by. */
static int wait_for_more(const struct report *report)
{
	const struct timespec pause = { .tv_nsec = POLL_MS * 1000000L };
	struct stat status;

	if (!report->options->follows || !report->is_file || report->tally.result ||
	    is_interrupted)
		return 0;
	if (fflush(stdout) != 0)
		return -EIO;
	if (fstat(report->fd, &status) == 0 &&
	    (uint64_t)status.st_size < reader_offset(report->reader))
		return -ESTALE;
	nanosleep(&pause, NULL);
	return !is_interrupted;
}

/* 1: a line was taken; 0: there is none, so far. */
static int read_one(struct report *report, bool is_last)
{
	struct read_line line;
	int r = reader_next(report->reader, is_last, &line);

	if (r <= 0)
		return r;
	r = take_line(report, &line);
	return r < 0 ? r : 1;
}

static int read_all(struct report *report)
{
	int r = 0;

	do {
		while (!is_interrupted && (r = read_one(report, false)) > 0)
			;
		if (r == 0 && !is_interrupted)
			r = wait_for_more(report);
	} while (r > 0 && !is_interrupted);
	if (is_interrupted)
		return r < 0 && r != -EINTR ? r : 0;
	while (r == 0 && (r = read_one(report, true)) > 0)
		r = 0;
	return r;
}

/* ---- printing ---- */

static int print_summary(struct report *report)
{
	const struct summary_style style = {
		.name = report->name, .columns = terminal_columns(),
		.has_color = wants_color(report->options),
	};
	cleanup_free char *text = NULL;

	if (report->options->wants_json) {
		json_t *object = summary_json(&report->tally);

		text = object ? json_dumps(object, JSONL_DUMP_FLAGS) : NULL;
		json_decref(object);
	} else {
		text = summary_text(&report->tally, &style);
	}
	if (!text)
		return -ENOMEM;
	return fputs(text, stdout) < 0 || (report->options->wants_json && putchar('\n') == EOF) ?
		-EIO : 0;
}

static int print_total(const struct report *report)
{
	return printf("%llu of %llu events\n", (unsigned long long)report->matched,
		      (unsigned long long)report->tally.events) < 0 ? -EIO : 0;
}

static int print_end(struct report *report)
{
	int r = 0;

	if (!report->query)
		r = print_summary(report);
	else if (!report->options->wants_json)
		r = print_total(report);
	return r == 0 && fflush(stdout) != 0 ? -EIO : r;
}

/* Programs that read stdout must not miss it, and a page that ends in `less` neither. */
static int judge(const struct report *report)
{
	const struct tally *tally = &report->tally;

	if (tally_is_complete(tally))
		return 0;
	if (tally->bad_count)
		fprintf(stderr, "pyjail: line %llu cannot be read (%s); %llu of the record\n",
			(unsigned long long)tally->bad[0].number, tally->bad[0].problem,
			(unsigned long long)tally->bad_count);
	if (tally->is_cut || !tally->result)
		fputs("pyjail: the record has no end: it was cut off, or the run goes on\n",
		      stderr);
	else if (!tally->bad_count)
		fprintf(stderr, "pyjail: events are missing from the record\n");
	return EXIT_INCOMPLETE;
}

static int end(struct report *report, int r)
{
	if (r == 0 && !report->tally.lines)
		r = wrong_record(report, "empty: nothing was recorded, so far");
	if (r == -EBADMSG && !report->fault.text[0])
		wrong_record(report, reader_problem(report->reader));
	if (report->fault.text[0]) {
		say_fault(&report->fault);
		return r == -ENOMEM ? EXIT_PYJAIL : EXIT_USAGE;
	}
	if (r == -ESTALE) {
		fputs("pyjail: the record was emptied: a new run writes to it\n", stderr);
		return EXIT_PYJAIL;
	}
	if (r == 0)
		r = print_end(report);
	if (r == -EIO)
		return say_failure("the report cannot be written", errno ? errno : EIO);
	return r < 0 ? say_failure("report", -r) : judge(report);
}

static void drop(struct report *report)
{
	reader_free(report->reader);
	query_free(report->query);
	listing_free(report->listing);
	tally_free(&report->tally);
	if (report->fd >= 0)
		close(report->fd);
}

static int refuse_words(const struct options *options)
{
	struct fault fault = { 0 };

	fault_set(&fault, options->word_count ? "report reads one record" : "which record?");
	snprintf(fault.cure, sizeof(fault.cure),
		 "pyjail report FILE [--filter=EXPR] [--format=json] [--follow]");
	say_fault(&fault);
	return EXIT_USAGE;
}

/* ---- on a terminal ---- */

bool record_report_wants_screen(const struct options *options)
{
	const char *term = getenv("TERM");

	return options->word_count == 1 && !options->filter && !options->wants_json &&
	       !options->wants_text && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term &&
	       strcmp(term, "dumb") != 0;
}

/* What is no record is said before the screen is there: its first line is looked at. */
static int show(struct report *report)
{
	struct tui_config config = {
		.name = report->name, .follows = report->options->follows,
		.color = screen_color(report->options), .is_ascii = report->options->is_ascii,
		.has_no_bell = report->options->has_no_bell,
	};
	struct read_line line;
	enum tui_end end;
	int r = open_record(report);

	if (r == 0)
		r = reader_next(report->reader, true, &line);
	if (r <= 0)
		return r;
	report->tally.lines = 1;
	if (lseek(report->fd, 0, SEEK_SET) < 0)
		return -errno;
	config.record = report->fd;
	r = tui_run(&config, &end, &report->fault);
	return r < 0 ? r : 1;
}

int record_report(const struct options *options)
{
	struct report report = { .options = options, .name = options->words[0], .fd = -1 };
	bool wants_screen = record_report_wants_screen(options);
	int r = 0, status;

	if (options->word_count != 1)
		return refuse_words(options);
	if (wants_screen)
		r = show(&report);
	if (r != 0 || wants_screen) {
		status = r > 0 ? 0 : end(&report, r);
		drop(&report);
		return status;
	}
	set_signals(options);
	r = prepare(&report);
	if (r == 0)
		r = read_all(&report);
	status = end(&report, r);
	drop(&report);
	return status;
}
