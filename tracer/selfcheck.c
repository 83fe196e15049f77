/* SPDX-License-Identifier: Apache-2.0 */
/* selfcheck.c: see selfcheck.h. */
#include "tracer/selfcheck.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "tracer/events/stack.h"
#include "tracer/session.h"
#include "tracer/setup.h"

#define MARK "/pyjail-self-check/"
#define STACKS 9

/* Runs on 3.6 and later: an older one says so by failing. */
static char script[] =
	"import functools, os, sys, threading\n"
	"def see():\n"
	"    frame, text = sys._getframe(1), '" MARK "'\n"
	"    while frame:\n"
	"        code = frame.f_code\n"
	"        name = getattr(code, 'co_qualname', code.co_name)\n"
	"        text += '%d.%s/' % (frame.f_lineno, name)\n"
	"        frame = frame.f_back\n"
	"    return text\n"
	"def plain(*args):\n"
	"    try: os.open(see(), 0)\n"
	"    except OSError: pass\n"
	"    return 0\n"
	"def generate():\n"
	"    yield plain()\n"
	"class Thing:\n"
	"    def method(self): return plain()\n"
	"    @property\n"
	"    def value(self): return self.method()\n"
	"async def wait(): return plain()\n"
	"def deep(n): return deep(n - 1) if n else plain()\n"
	"plain()\n"
	"list(generate())\n"
	"Thing().value\n"
	"sorted([1], key=lambda i: plain())\n"
	"functools.reduce(lambda a, b: plain(), [1, 2])\n"
	"deep(40)\n"
	"exec('plain()')\n"
	"try: wait().send(None)\n"
	"except StopIteration: pass\n"
	"t = threading.Thread(target=plain); t.start(); t.join()\n";

/* A sink that compares. */
struct judge {
	struct sink sink;
	unsigned right, wrong;
	const char *missing;     /* why the last stack had no frames */
};

__attribute__((format(printf, 4, 5)))
static void append(char *out, size_t size, size_t *used, const char *format, ...)
{
	va_list args;
	int n;

	if (*used >= size)
		return;
	va_start(args, format);
	n = vsnprintf(out + *used, size - *used, format, args);
	va_end(args);
	*used += n > 0 ? (size_t)n : 0;
}

/* The same text of what was read from outside. */
static void spell(const struct stack *stack, char *out, size_t size)
{
	size_t used = 0;

	append(out, size, &used, MARK);
	for (unsigned i = 0; i < stack->python_count; i++)
		append(out, size, &used, "%d.%s/", stack->python[i].line,
		       stack->python[i].function);
}

static void judge_put(struct sink *sink, const struct event *event)
{
	struct judge *judge = (struct judge *)sink;
	const char *path = event->raw ? event->raw : event->path;
	char seen[PATH_MAX];

	if (!path || strncmp(path, MARK, strlen(MARK)) != 0)
		return;
	if (!event->stack || !event->stack->python_count) {
		judge->missing = event->stack ? event->stack->reason : NULL;
		judge->wrong++;
		return;
	}
	spell(event->stack, seen, sizeof(seen));
	if (strcmp(seen, path) == 0)
		judge->right++;
	else
		judge->wrong++;
}

static int judge_flush(struct sink *sink, bool wait)
{
	(void)sink;
	(void)wait;
	return 0;
}

static void judge_close(struct sink *sink)
{
	(void)sink;
}

static const struct sink_ops judge_ops = { judge_put, judge_flush, judge_close };

static int run(const struct options *options, const struct setup *setup, char *const *argv,
	       struct judge *judge, struct run_result *result, struct fault *fault)
{
	struct session session;
	int error = session_prepare(options, setup, argv, NULL, &session, fault);

	if (error == 0) {
		session.config.sinks[0] = &judge->sink;
		session.config.sink_count = 1;
		session.config.hears_all = session.config.hears_refusals = true;
		session.config.stack_refused = session.config.stack_recorded = STACK_PYTHON;
		error = run_script(&session.config, result, fault);
	}
	session_drop(&session);
	return error;
}

__attribute__((format(printf, 3, 4)))
static void say(struct finding *finding, enum finding_state state, const char *format, ...)
{
	va_list args;

	finding->state = state;
	va_start(args, format);
	vsnprintf(finding->text, sizeof(finding->text), format, args);
	va_end(args);
}

static void conclude(const struct judge *judge, const struct run_result *result,
		     const char *program, struct finding *finding)
{
	char shown[96];

	text_show_string(shown, sizeof(shown), program);
	if (judge->right == STACKS && !judge->wrong)
		say(finding, FINDING_OK, "%s: %d of %d stacks as Python itself sees them", shown,
		    STACKS, STACKS);
	else if (judge->missing && !judge->right)
		say(finding, FINDING_WARN, "%s: none: %s", shown, judge->missing);
	else if (!judge->right && !judge->wrong)
		say(finding, FINDING_WARN, "%s: the trial did not run (exit status %d)", shown,
		    result->status);
	else
		say(finding, FINDING_WARN, "%s: %u of %d stacks are right, %u are wrong", shown,
		    judge->right, STACKS, judge->wrong);
	if (finding->state != FINDING_OK)
		snprintf(finding->cure, sizeof(finding->cure),
			 "refusals are said without their line; CPython 3.8 to 3.15 is known");
}

void selfcheck(const char *python, struct finding *ret_finding)
{
	char chosen[PATH_MAX];
	char quiet[] = "--quiet", limit[] = "--time=10", code[] = "-c";
	char *argv[] = { chosen, quiet, limit, code, script, NULL };
	struct judge judge = { .sink = { .ops = &judge_ops, .fd = -1 } };
	struct run_result result = { 0 };
	struct setup *setup = NULL;
	struct options options;
	struct fault fault = { 0 };
	int error;

	*ret_finding = (struct finding){ .name = "tracebacks" };
	snprintf(chosen, sizeof(chosen), "--python=%s", python);
	error = options_parse((int)ARRAY_SIZE(argv) - 1, argv, USE_RUN, &options, &fault);
	if (error == 0) {
		error = setup_new(&options, &setup, &fault);
		if (error == 0)
			error = run(&options, setup, argv, &judge, &result, &fault);
		options_free(&options);
	}
	if (error == 0)
		conclude(&judge, &result, setup->interpreter.program, ret_finding);
	else
		say(ret_finding, FINDING_WARN, "%.150s", fault.text);
	setup_free(setup);
}
