/* SPDX-License-Identifier: Apache-2.0 */
/* setup.c: see setup.h. */
#include "tracer/setup.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

/* Where Python, and the shell's ~, look: HOME, else the user's entry. */
static void find_home(struct setup *setup)
{
	const char *home = getenv("HOME");

	if (!home || home[0] != '/') {
		/* cppcheck-suppress getpwuidCalled ; there is one thread yet */
		const struct passwd *user = getpwuid(getuid());

		home = user ? user->pw_dir : NULL;
	}
	if (!home || !realpath(home, setup->home))
		setup->home[0] = '\0';
}

static int find_script(const struct options *options, struct setup *setup, struct fault *fault)
{
	int error;

	/* --script of the subcommands has no kind; of a run only a file is looked at. */
	setup->has_script = options->script &&
			    (options->kind == SCRIPT_FILE || options->kind == SCRIPT_REPL);
	if (!setup->has_script)
		return 0;
	error = script_check(options->script, &setup->script, fault);
	if (error < 0 && options->bare_before)
		snprintf(fault->cure, sizeof(fault->cure), "did you mean --%s=%s ?",
			 options->bare_before, options->script);
	return error < 0 ? 2 : 0;
}

static int find_interpreter(const struct options *options, struct setup *setup,
			    struct fault *fault)
{
	switch (find_python(options->python, getenv("PATH"), setup->home[0] ? setup->home : NULL,
			    &setup->interpreter, fault)) {
	case 0:
		return 0;
	case -ENOENT:
		return 127;
	case -EACCES:
		return 126;
	default:
		return 125;
	}
}

static bool is_at_or_below(const char *path, const char *folder)
{
	size_t n = strlen(folder);

	return strncmp(path, folder, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

/*
 * -c, -m, - and the REPL have the current folder on sys.path where a script has its own: it is read
 * in the same way, unless that would open the whole home folder or disk to a one-liner.
 */
static const char *current_folder(const struct setup *setup)
{
	if (!setup->cwd[0] || strcmp(setup->cwd, "/") == 0)
		return NULL;
	if (setup->home[0] && is_at_or_below(setup->home, setup->cwd))
		return NULL;
	return setup->cwd;
}

static void fill_vars(struct setup *setup)
{
	struct policy_vars *vars = &setup->vars;

	vars->home = setup->home[0] ? setup->home : NULL;
	vars->cwd = setup->cwd[0] ? setup->cwd : NULL;
	vars->script_dir = setup->has_script ? setup->script.folder : current_folder(setup);
	vars->interpreter = setup->interpreter.canonical;
	vars->uid = getuid();
	vars->prefix_count = setup->interpreter.prefix_count;
	for (size_t i = 0; i < vars->prefix_count; i++)
		vars->prefixes[i] = setup->interpreter.prefixes[i];
}

static int fill(const struct options *options, struct setup *setup, struct fault *fault)
{
	int status;

	find_home(setup);
	if (!getcwd(setup->cwd, sizeof(setup->cwd)))
		setup->cwd[0] = '\0';
	status = find_script(options, setup, fault);
	if (status == 0)
		status = find_interpreter(options, setup, fault);
	if (status != 0)
		return status;
	fill_vars(setup);
	switch (options_policy(options, &setup->vars, &setup->policy, fault)) {
	case 0:
		return 0;
	case -ENOMEM:
		return 125;
	default:
		return 2;
	}
}

int setup_new(const struct options *options, struct setup **ret_setup, struct fault *ret_fault)
{
	struct setup *setup = calloc(1, sizeof(*setup));
	int status;

	memset(ret_fault, 0, sizeof(*ret_fault));
	if (!setup) {
		fault_set(ret_fault, "out of memory");
		return 125;
	}
	status = fill(options, setup, ret_fault);
	if (status != 0) {
		setup_free(setup);
		return status;
	}
	*ret_setup = setup;
	return 0;
}

void setup_free(struct setup *setup)
{
	if (!setup)
		return;
	policy_free(setup->policy);
	free(setup);
}
