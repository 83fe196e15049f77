/* SPDX-License-Identifier: Apache-2.0 */
/* layer_report.c: see layer_report.h. */
#include "layer_report.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/text.h"
#include "say.h"
#include "tracer/layer/changes.h"
#include "tracer/options.h"
#include "tracer/private.h"

#define SAID_MAX 20
#define EXIT_CONFLICT 1
#define LINE_MAX_BYTES 8192

extern char **environ;

struct list {
	struct change *changes;
	size_t count, room;
};

static int keep(void *data, const struct change *change)
{
	struct list *list = data;

	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 64;
		struct change *more = realloc(list->changes, room * sizeof(*more));

		if (!more)
			return -ENOMEM;
		list->changes = more;
		list->room = room;
	}
	list->changes[list->count] = *change;
	list->changes[list->count].path = strdup(change->path);
	return list->changes[list->count++].path ? 0 : -ENOMEM;
}

static void drop(struct list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free((char *)list->changes[i].path);
	free(list->changes);
}

/* "added    /path                 12 bytes", "mode     /path   644 -> 755" */
static void print_change(FILE *out, const char *indent, const struct change *change)
{
	char path[4 * LAYER_PATH_MAX];
	bool is_folder = S_ISDIR(change->new_mode ? change->new_mode : change->old_mode);

	text_show_string(path, sizeof(path), change->path);
	fprintf(out, "%s%-8s %s%s", indent, change_name(change->kind), path, is_folder ? "/" : "");
	if (change->kind == CHANGE_MODE)
		fprintf(out, "   %o -> %o", change->old_mode & 07777, change->new_mode & 07777);
	else if (change->kind == CHANGE_CHANGED)
		fprintf(out, "   %llu -> %llu bytes", (unsigned long long)change->old_size,
			(unsigned long long)change->new_size);
	else if (S_ISREG(change->new_mode) || S_ISREG(change->old_mode))
		fprintf(out, "   %llu bytes",
			(unsigned long long)(change->kind == CHANGE_ADDED ? change->new_size
									  : change->old_size));
	fputc('\n', out);
}

void layer_say(struct layer *layer, const char *folder)
{
	struct list list = { 0 };
	char shown[4 * LAYER_PATH_MAX];
	int e = layer_changes(layer, keep, &list);

	text_show_string(shown, sizeof(shown), folder);
	if (e < 0)
		say_failure("the changes cannot be listed", -e);
	else if (list.count == 0)
		fputs("pyjail: scratch: nothing was changed\n", stderr);
	else
		fprintf(stderr, "pyjail: scratch: %zu change%s, none of them real%s%s\n",
			list.count, list.count == 1 ? "" : "s",
			folder ? ": pyjail apply " : ", all dropped",
			folder ? shown : "");
	for (size_t i = 0; i < list.count && i < SAID_MAX; i++)
		print_change(stderr, "        ", &list.changes[i]);
	if (list.count > SAID_MAX)
		fprintf(stderr, "        and %zu more%s%s\n", list.count - SAID_MAX,
			folder ? ":  pyjail diff " : "", folder ? shown : "");
	drop(&list);
}

static int usage(const char *text, const char *cure)
{
	struct fault fault = { 0 };

	fault_set(&fault, "%s", text);
	snprintf(fault.cure, sizeof(fault.cure), "%s", cure);
	say_fault(&fault);
	return EXIT_USAGE;
}

static int say_layer(const char *dir, int error)
{
	struct fault fault = { 0 };
	const char *why = error == -ENOENT || error == -ENOTEMPTY || error == -ENOTDIR
				  ? "no layer of pyjail's"
			  : error == -EPROTO ? "a layer of another version of pyjail"
			  : error == -EBADMSG ? "its index is damaged"
			  : error == -EWOULDBLOCK ? "a run uses it" : strerror(-error);

	snprintf(fault.file, sizeof(fault.file), "%s", dir);
	fault_set(&fault, "%s", why);
	say_fault(&fault);
	return EXIT_USAGE;
}

/* 0, or an exit status. */
static int open_and_list(const struct options *options, const char *cure, struct layer **ret_layer,
			 struct list *list)
{
	int e;

	if (!options->word_count)
		return usage("which layer?", cure);
	e = layer_open_existing(options->words[0], "/", ret_layer);
	if (e < 0)
		return say_layer(options->words[0], e);
	e = layer_changes(*ret_layer, keep, list);
	return e < 0 ? say_failure("the changes cannot be listed", -e) : 0;
}

/* On a terminal nothing of the script's may act; to a file or a pipe it is a patch. */
static void print_line(const char *line, size_t length, bool is_shown)
{
	char shown[4 * LINE_MAX_BYTES];

	while (is_shown && length > 0) {
		size_t n = 0;

		while (n < length && line[n] != '\t' && line[n] != '\n')
			n++;
		if (n > LINE_MAX_BYTES)
			n = LINE_MAX_BYTES;
		text_show(shown, sizeof(shown), line, n);
		fputs(shown, stdout);
		if (n < length && (line[n] == '\t' || line[n] == '\n'))
			fputc(line[n++], stdout);
		line += n;
		length -= n;
	}
	fwrite(line, 1, length, stdout);
}

static void copy_output(int fd)
{
	FILE *in = fdopen(fd, "r");
	bool is_shown = isatty(1);
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while (in && (n = getline(&line, &size, in)) > 0)
		print_line(line, (size_t)n, is_shown);
	free(line);
	if (in)
		fclose(in);
}

/* diff(1) on two descriptors: no path of the script's is on its command line but as a label. */
static int run_diff(const struct change *change, int before, int after)
{
	char old_label[LAYER_PATH_MAX + 16], new_label[LAYER_PATH_MAX + 16];
	char *const argv[] = { (char *)"diff", (char *)"-u", (char *)"--label", old_label,
			       (char *)"--label", new_label, (char *)"/dev/fd/3",
			       (char *)"/dev/fd/4", NULL };
	posix_spawn_file_actions_t actions;
	int ends[2], e, status;
	pid_t pid;

	snprintf(old_label, sizeof(old_label), change->old_mode ? "a%s" : "/dev/null",
		 change->path);
	snprintf(new_label, sizeof(new_label), change->new_mode ? "b%s" : "/dev/null",
		 change->path);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_adddup2(&actions, before, 3);
	posix_spawn_file_actions_adddup2(&actions, after, 4);
	e = posix_spawnp(&pid, "diff", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (e)
		close(ends[0]);
	else
		copy_output(ends[0]);
	if (e || waitpid(pid, &status, 0) < 0)
		return e ? -e : -errno;
	return 0;
}

/* Out of the way of the numbers that diff gets. */
static int high(int fd)
{
	int moved = fd < 0 ? open("/dev/null", O_RDONLY | O_CLOEXEC) : fd;
	int result = fcntl(moved, F_DUPFD_CLOEXEC, 10);

	if (moved >= 0)
		close(moved);
	return result;
}

static bool has_text(const struct change *change)
{
	return change->kind != CHANGE_MODE && (S_ISREG(change->new_mode) || !change->new_mode) &&
	       (S_ISREG(change->old_mode) || !change->old_mode);
}

static int print_text(const struct layer *layer, const struct change *change)
{
	int before, after, e;

	if (!has_text(change))
		return 0;
	layer_sides(layer, change->path, &before, &after);
	before = high(before);
	after = high(after);
	e = before < 0 || after < 0 ? -EMFILE : run_diff(change, before, after);
	close(before);
	close(after);
	return e;
}

int layer_diff(const struct options *options)
{
	struct layer *layer = NULL;
	struct list list = { 0 };
	int status = open_and_list(options, "pyjail diff DIR", &layer, &list);

	for (size_t i = 0; status == 0 && i < list.count; i++) {
		int e;

		print_change(stdout, "", &list.changes[i]);
		fflush(stdout);
		e = print_text(layer, &list.changes[i]);
		if (e < 0)
			status = say_failure("diff cannot be run", -e);
	}
	if (status == 0 && fflush(stdout) != 0)
		status = EXIT_PYJAIL;
	drop(&list);
	layer_close(layer);
	return status;
}

/* No path given: everything.  A path: that, and what is below it. */
static bool is_meant(const struct options *options, const char *path)
{
	for (size_t i = 1; i < options->word_count; i++) {
		cleanup_free char *whole = NULL;
		const char *word = options->words[i];
		char cwd[PATH_MAX];
		size_t n;

		if (asprintf(&whole, "%s%s%s", word[0] == '/' ? "" : getcwd(cwd, sizeof(cwd)),
			     word[0] == '/' ? "" : "/", word) < 0)
			return false;
		n = strlen(whole);
		while (n > 1 && whole[n - 1] == '/')
			n--;
		if (strncmp(path, whole, n) == 0 && (path[n] == '/' || !path[n] || n == 1))
			return true;
	}
	return options->word_count <= 1;
}

static void say_left(const struct change *change, int error)
{
	char path[4 * LAYER_PATH_MAX];

	text_show_string(path, sizeof(path), change->path);
	fprintf(stderr, "pyjail: not applied  %s: %s\n", path,
		error == -EBUSY ? "the real file is not the one that the script saw"
				: strerror(-error));
}

struct outcome {
	size_t done, left;
};

static void apply_one(struct layer *layer, const struct change *change, enum apply_pass pass,
		      struct outcome *outcome)
{
	bool is_told = pass == APPLY_FOLDER_MODE && change->kind != CHANGE_MODE;
	int e = layer_apply(layer, change, pass);

	if (e < 0 && !is_told) {
		say_left(change, e);
		outcome->left++;
	} else if (!is_told) {
		print_change(stdout, "", change);
		outcome->done++;
	}
}

static void apply_pass(struct layer *layer, const struct options *options, const struct list *list,
		       enum apply_pass pass, struct outcome *outcome)
{
	for (size_t i = 0; i < list->count; i++) {
		bool is_back = pass == APPLY_FOLDER_MODE;
		const struct change *change = &list->changes[is_back ? list->count - 1 - i : i];

		if (layer_applies(change, pass) && is_meant(options, change->path))
			apply_one(layer, change, pass, outcome);
	}
}

int layer_apply_all(const struct options *options)
{
	struct layer *layer = NULL;
	struct list list = { 0 };
	struct outcome outcome = { 0 };
	int status = open_and_list(options, "pyjail apply DIR [PATH...]", &layer, &list);

	if (status == 0) {
		umask(0);
		for (unsigned pass = 0; pass < APPLY_PASSES; pass++)
			apply_pass(layer, options, &list, (enum apply_pass)pass, &outcome);
		fprintf(stderr, "pyjail: %zu applied, %zu not\n", outcome.done, outcome.left);
		status = outcome.left ? EXIT_CONFLICT : 0;
	}
	drop(&list);
	layer_close(layer);
	return status;
}

int layer_discard(const struct options *options)
{
	int e;

	if (options->word_count != 1)
		return usage("which layer?", "pyjail discard DIR");
	e = private_discard(options->words[0]);
	return e < 0 ? say_layer(options->words[0], e) : 0;
}
