/* SPDX-License-Identifier: Apache-2.0 */
/* session.c: see session.h. */
#include "tracer/session.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "filters/landlock.h"
#include "tracer/ask.h"
#include "tracer/confine.h"
#include "tracer/environ.h"
#include "tracer/events/jsonl.h"
#include "tracer/events/ring.h"
#include "tracer/events/wire.h"
#include "tracer/fdname.h"
#include "tracer/layer/change.h"
#include "tracer/layer/changes.h"
#include "tracer/private.h"
#include "tracer/python/libraries.h"
#include "tracer/setup.h"
#include "tracer/start.h"

extern char **environ;

static bool wants_color(const struct options *options)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (options->color != COLOR_AUTO)
		return options->color == COLOR_ALWAYS;
	return !(no_color && *no_color) && term && strcmp(term, "dumb") != 0 && isatty(2);
}

int session_landlock_abi(const struct options *options)
{
	int abi = options->allows_all ? 0 : landlock_abi();

	if (abi > LANDLOCK_ABI_MAX)
		abi = LANDLOCK_ABI_MAX;
	if (options->landlock_abi >= 0 && options->landlock_abi < abi)
		abi = options->landlock_abi;
	return abi;
}

static const int write_signals[] = { SIGPIPE, SIGXFSZ };

/*
 * A reader that went away and a full file are errors to handle, not signals.  Only while we write:
 * the script must inherit what we were started with.
 */
struct write_guard {
	struct sigaction before[ARRAY_SIZE(write_signals)];
};

static void guard_begin(struct write_guard *guard)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	for (size_t i = 0; i < ARRAY_SIZE(write_signals); i++)
		sigaction(write_signals[i], &ignore, &guard->before[i]);
}

static void guard_end(const struct write_guard *guard)
{
	for (size_t i = 0; i < ARRAY_SIZE(write_signals); i++)
		sigaction(write_signals[i], &guard->before[i], NULL);
}

static bool can_be_forged(mode_t mode)
{
	return S_ISREG(mode) || S_ISFIFO(mode);
}

/* What the script could write it could forge.  Devices are not its to spoil. */
static int protect(const struct setup *setup, const char *path, const char *source)
{
	cleanup_free char *whole = NULL;
	struct stat about;

	if (!path || setup->policy->allows_all)
		return 0;
	if (stat(path, &about) == 0 && !can_be_forged(about.st_mode))
		return 0;
	if (asprintf(&whole, "%s%s%s", path[0] == '/' ? "" : setup->cwd, path[0] == '/' ? "" : "/",
		     path) < 0) {
		whole = NULL;
		return -ENOMEM;
	}
	return policy_protect(setup->policy, whole, source);
}

/* The file behind a descriptor, however it was called: --result-fd=3 3>FILE, /dev/fd/3. */
static int protect_open(const struct setup *setup, int fd, const char *source)
{
	char path[PATH_MAX];
	struct stat about;
	ssize_t n;

	if (fd < 0 || setup->policy->allows_all)
		return 0;
	if (fstat(fd, &about) < 0 || !can_be_forged(about.st_mode))
		return 0;
	n = readlink(fd_path(fd).text, path, sizeof(path) - 1);
	if (n < 0)
		return -errno;
	path[n] = '\0';
	/* A pipe without a name, or a name that is gone. */
	if (path[0] != '/' || about.st_nlink == 0)
		return 0;
	return policy_protect(setup->policy, path, source);
}

static int protect_targets(const struct options *options, const struct setup *setup,
			   const struct session *session)
{
	int error = protect(setup, options->record, "--record");

	if (!error)
		error = protect_open(setup, session->record.fd, "--record");
	if (!error)
		error = protect(setup, options->result, "--result");
	for (size_t i = 0; i < SESSION_RESULTS_MAX && !error; i++)
		error = protect_open(setup, session->results[i].fd, "--result");
	/* What is counted are stdout and stderr: the terminal must not be another way out. */
	if (!error && options->limits.output_bytes && !setup->policy->allows_all)
		error = policy_protect(setup->policy, "/dev/tty", "--output");
	return error;
}

static int open_targets(const struct options *options, const struct setup *setup,
			struct session *session, struct fault *fault)
{
	const char *script = setup->has_script ? options->script : NULL;
	int error = 0;

	if (options->result_fd >= 0)
		error = result_target_open(NULL, options->result_fd, &session->results[0], fault);
	if (error == 0 && options->result)
		error = result_target_open(options->result, -1, &session->results[1], fault);
	if (error == 0 && options->record)
		error = record_target_open(options->record, script, &session->record, fault);
	return error;
}

static int refuse(struct fault *fault, int error, const char *what, const char *cure)
{
	fault_set(fault, "%s: %s", what, strerror(-error));
	snprintf(fault->cure, sizeof(fault->cure), "%s", cure);
	return error;
}

static int open_recorder(struct session *session, const struct start *start)
{
	json_t *object = start_json(start);
	struct write_guard guard;
	int error = object ? record_target_take(&session->record) : -ENOMEM;

	if (error >= 0) {
		guard_begin(&guard);
		error = jsonl_new(error, object, &session->recorder);
		guard_end(&guard);
	}
	json_decref(object);
	return error;
}

/* The screen can do without the rules when they are too many for one message. */
static int keep_start(struct session *session, const struct start *start)
{
	json_t *object = start_json(start);
	char *text = object ? json_dumps(object, JSONL_DUMP_FLAGS) : NULL;

	if (text && strlen(text) >= WIRE_JSON_MAX) {
		free(text);
		json_object_del(object, "policy");
		json_object_del(object, "argv");
		text = json_dumps(object, JSONL_DUMP_FLAGS);
	}
	json_decref(object);
	session->start_text = text;
	return text ? 0 : -ENOMEM;
}

/* What the screen shows is not said as well. */
static enum human_level level_of(const struct options *options)
{
	return options->wants_tui ? HUMAN_QUIET : (enum human_level)options->level;
}

int session_show(struct session *session, struct run_screen *screen)
{
	struct run_config *config = &session->config;
	int error = ring_sink_new(screen->ring, &session->shower);

	if (error < 0)
		return error;
	config->sinks[config->sink_count++] = session->shower;
	screen->start = session->start_text;
	config->screen = screen;
	return 0;
}

static int open_sinks(const struct options *options, struct session *session,
		      const struct start *start, struct fault *fault)
{
	struct run_config *config = &session->config;
	int error = options->record ? open_recorder(session, start) : 0;

	if (error < 0)
		return refuse(fault, error, "the record cannot be written",
			      "make room there, or name another:  --record=FILE");
	error = human_new(2, level_of(options), wants_color(options), &session->speaker);
	if (error < 0)
		return refuse(fault, error, "standard error cannot be written",
			      "give it somewhere to go:  2>FILE");
	session->source_reader = (struct human_source){ source_line, &session->source,
							 session->source.cwd };
	human_show_source(session->speaker, &session->source_reader);
	if (session->recorder)
		config->sinks[config->sink_count++] = session->recorder;
	config->sinks[config->sink_count++] = session->speaker;
	return 0;
}

/* The layer is nobody's to look into but through the view. */
static int open_layer(const struct options *options, const struct setup *setup,
		      struct session *session, struct fault *fault)
{
	char script[PATH_MAX];
	bool is_there = setup->has_script && realpath(options->script, script);
	const struct private_plan plan = {
		.dir = options->scratch, .covers = options->wants_tmp, .policy = setup->policy,
		.script = is_there ? script : NULL, .cwd = setup->cwd,
	};
	int error;

	if (!setup->policy->scratches)
		return 0;
	error = private_new(&plan, &session->tmp, fault);
	if (error < 0)
		return error;
	error = policy_shut(setup->policy, private_folder(session->tmp), "--scratch");
	if (error < 0)
		return refuse(fault, error, "the layer cannot be kept from the script",
			      "give fewer rules, or a shorter name");
	return 0;
}

/* From the start the current folder is the layer's own, so that it moves with its name. */
static void enter_layer(const struct setup *setup, struct session *session)
{
	int fd = -1;

	if (session->tmp && policy_is_scratch(setup->policy, setup->cwd))
		fd = layer_take(private_layer(session->tmp), setup->cwd, TAKE_LIST, NULL);
	session->start_folder = fd < 0 ? 0 : fd;
}

static void session_init(struct session *session)
{
	memset(session, 0, sizeof(*session));
	session->record.fd = -1;
	for (size_t i = 0; i < SESSION_RESULTS_MAX; i++)
		session->results[i] = (struct result_target){ .fd = -1, .folder = -1 };
}

/* Only what somebody will see is looked up. */
static void choose_stacks(const struct options *options, struct run_config *config)
{
	enum stack_detail said = options->stack;

	config->hears_all = options->record != NULL || options->wants_tui;
	config->hears_refusals = config->hears_all || options->level != HUMAN_QUIET;
	config->stack_refused = said ? said : STACK_PYTHON;
	config->stack_recorded = said ? said : STACK_LINE;
}

int session_prepare(const struct options *options, const struct setup *setup,
		    char *const *own_argv, const int *keep_fds, struct session *ret_session,
		    struct fault *ret_fault)
{
	struct session *session = ret_session;
	const struct interpreter *interpreter = &setup->interpreter;
	int landlock = session_landlock_abi(options);
	const struct start start = {
		.argv = own_argv, .policy = setup->policy, .interpreter = interpreter,
		.landlock_abi = landlock,
	};
	int error;

	session_init(session);
	error = open_targets(options, setup, session, ret_fault);
	if (error < 0)
		return error;
	error = protect_targets(options, setup, session);
	if (error < 0)
		return refuse(ret_fault, error, "the record cannot be kept from the script",
			      "give fewer rules, or a shorter name");
	error = open_layer(options, setup, session, ret_fault);
	if (error < 0)
		return error;
	enter_layer(setup, session);
	session->argv = options_python_argv(options, interpreter->program,
					    setup->script.argument);
	if (!session->argv || environ_reduce(setup->policy, environ, &session->envp) < 0 ||
	    libraries_of(interpreter, setup->home, &session->libraries) < 0)
		return refuse(ret_fault, -ENOMEM, "start", "free some memory");
	session->config = (struct run_config){
		.policy = setup->policy, .interpreter = interpreter->canonical,
		.layer = private_layer(session->tmp), .start_folder = session->start_folder,
		.tmp = options->wants_tmp ? session->tmp : NULL,
		.argv = session->argv, .envp = session->envp, .limits = options->limits,
		.landlock_abi = landlock, .keep_fds = keep_fds,
		.libraries = (const char *const *)session->libraries,
	};
	choose_stacks(options, &session->config);
	session->config.watch = options->wants_tui && options->watch == WATCH_UNSAID
					? WATCH_FILES : options->watch;
	session->source = (struct source){ setup->policy, setup->cwd };
	if (options->wants_tui && keep_start(session, &start) < 0)
		return refuse(ret_fault, -ENOMEM, "start", "free some memory");
	return open_sinks(options, session, &start, ret_fault);
}

static void end_record(struct session *session, const struct run_result *result,
		       struct session_end *end)
{
	struct sink *recorder = session->recorder;
	int error;

	if (!recorder)
		return;
	jsonl_put_result(recorder, result);
	error = recorder->ops->flush(recorder, true);
	end->record_error = recorder->error ? recorder->error : error < 0 ? -error : error;
	end->lost = recorder->lost;
}

static bool wants_result(const struct session *session)
{
	for (size_t i = 0; i < SESSION_RESULTS_MAX; i++)
		if (session->results[i].fd >= 0 || session->results[i].folder >= 0)
			return true;
	return false;
}

static void write_results(struct session *session, const struct run_result *result,
			  struct session_end *end)
{
	json_t *object;
	char *text;
	size_t length;

	if (!wants_result(session))
		return;
	object = result_json(result);
	text = object ? json_dumps(object, JSONL_DUMP_FLAGS) : NULL;
	length = text ? strlen(text) : 0;
	json_decref(object);
	if (!text) {
		end->result_error = ENOMEM;
		return;
	}
	text[length++] = '\n';   /* in place of the NUL: from here on it has a length */
	for (size_t i = 0; i < SESSION_RESULTS_MAX; i++) {
		int error = result_target_write(&session->results[i], text, length);

		if (error < 0)
			end->result_error = -error;
	}
	free(text);
}

static int count_change(void *data, const struct change *change)
{
	struct run_changes *changes = data;

	switch (change->kind) {
	case CHANGE_ADDED:
		changes->added++;
		break;
	case CHANGE_DELETED:
		changes->deleted++;
		break;
	case CHANGE_CHANGED:
	case CHANGE_MODE:
		changes->changed++;
		break;
	}
	return 0;
}

/* To find them each changed file is compared. */
static void count_changes(const struct session *session, struct run_changes *ret_changes)
{
	struct run_changes changes = { .is_known = true };
	bool hears = session->recorder || session->config.screen || wants_result(session);

	if (!hears || !session->tmp || !session->config.policy->tells_changes)
		return;
	if (private_is_kept(session->tmp))
		changes.layer = private_folder(session->tmp);
	if (layer_changes(private_layer(session->tmp), count_change, &changes) == 0)
		*ret_changes = changes;
}

void session_finish(struct session *session, struct run_result *result,
		    struct session_end *ret_end)
{
	struct session_end end = { 0 };
	struct write_guard guard;

	end.layer_error = -private_lift(session->tmp);
	if (!end.layer_error)
		count_changes(session, &result->changes);
	guard_begin(&guard);
	session->speaker->ops->flush(session->speaker, true);
	end_record(session, result, &end);
	write_results(session, result, &end);
	record_target_close(&session->record);
	guard_end(&guard);
	if (session->config.screen)
		ask_finish(session->config.screen, result);
	*ret_end = end;
}

static void close_sink(struct sink *sink)
{
	if (sink)
		sink->ops->close(sink);
}

void session_drop(struct session *session)
{
	struct write_guard guard;

	guard_begin(&guard);
	close_sink(session->recorder);
	close_sink(session->speaker);
	close_sink(session->shower);
	guard_end(&guard);
	record_target_drop(&session->record);
	for (size_t i = 0; i < SESSION_RESULTS_MAX; i++)
		result_target_drop(&session->results[i]);
	if (session->start_folder > 0)
		close(session->start_folder);
	private_free(session->tmp);
	free(session->argv);
	free(session->start_text);
	free(session->envp);
	libraries_free(session->libraries);
	memset(session, 0, sizeof(*session));
}
