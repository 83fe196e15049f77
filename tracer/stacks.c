/* SPDX-License-Identifier: Apache-2.0 */
/* stacks.c: see stacks.h. */
#include "tracer/stacks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "filters/rule.h"
#include "tracer/merge.h"
#include "tracer/native/unwind.h"
#include "tracer/op.h"
#include "tracer/pages.h"
#include "tracer/python/python.h"
#include "tracer/tracer.h"

/* Pages of one traceback; of the rest it says that it is cut. */
#define BUDGET PAGES_ROOM

/*
 * Where there is no Python it may come yet: libraries are being loaded, or a program will embed
 * it.  Looked for again when this much time has passed, or as many stacks as before were asked for.
 */
#define AGAIN_US 20000

/* Each holds about 1 MiB and up to 32 descriptors: only a few address spaces have one. */
#define NATIVE_SPACES 8

#define NOT_FOUND "its memory map cannot be read"
#define NO_MEMORY "out of memory"
#define NO_REGISTERS "this call waits without its registers"
#define NO_LIBRARY "libunwind is not installed"
#define NOT_UNWOUND "its C stack cannot be followed"

struct stack_space {
	unsigned shares;
	uint64_t number;                 /* of codes.h; 0: given out when first needed */
	struct runtimes runtimes;
	struct native_space *native;     /* made when first wanted; NULL */
	struct stack_space **place;      /* where `stacks` knows it as one that has it; NULL */
	uint64_t asked, next;            /* while no Python was found */
	int64_t next_us;
};

struct stacks {
	const char *const *libraries;
	struct codes_folders folders;
	struct pages *pages;
	struct codes *codes;
	struct frames *frames;           /* of the walk that is under way */
	struct native_frame c_frames[STACK_NATIVE_MAX];
	struct stack_space *native_spaces[NATIVE_SPACES];
	unsigned next_native;
	uint64_t spaces;                 /* numbers given out */
	uint64_t stops;
};

int stacks_new(const char *const *libraries, struct stacks **ret_stacks)
{
	struct stacks *stacks = calloc(1, sizeof(*stacks));

	if (!stacks)
		return -ENOMEM;
	stacks->folders.prefixes = libraries;
	while (libraries[stacks->folders.count])
		stacks->folders.count++;
	stacks->frames = malloc(sizeof(*stacks->frames));
	if (!stacks->frames || pages_new(&stacks->pages) < 0 ||
	    codes_new(&stacks->folders, &stacks->codes) < 0) {
		stacks_free(stacks);
		return -ENOMEM;
	}
	*ret_stacks = stacks;
	return 0;
}

void stacks_free(struct stacks *stacks)
{
	if (!stacks)
		return;
	codes_drop(stacks->codes);
	pages_free(stacks->pages);
	free(stacks->frames);
	free(stacks);
}

void stack_free(struct stack *stack)
{
	if (!stack)
		return;
	codes_drop(stack->names);
	free(stack);
}

/* ---- address spaces ---- */

struct stack_space *stack_space_share(struct stack_space *space)
{
	if (space)
		space->shares++;
	return space;
}

/*
 * Addresses are the same after a fork; C frames' tables start anew.  So do code objects: both count
 * co_version on from the same number, and what both make next lies at the same address.
 */
struct stack_space *stack_space_copy(const struct stack_space *space)
{
	struct stack_space *copy = space ? malloc(sizeof(*copy)) : NULL;

	if (!copy)
		return NULL;
	*copy = *space;
	copy->shares = 1;
	copy->number = 0;
	copy->native = NULL;
	copy->place = NULL;
	return copy;
}

static void drop_native(struct stack_space *space)
{
	native_space_free(space->native);
	space->native = NULL;
	if (space->place)
		*space->place = NULL;
	space->place = NULL;
}

/* The oldest one goes when there are enough. */
static int make_native(struct stacks *stacks, struct stack_space *space)
{
	struct stack_space **place = &stacks->native_spaces[stacks->next_native];
	int e;

	if (space->native)
		return 0;
	e = native_space_new(&space->native);
	if (e < 0)
		return e;
	if (*place)
		drop_native(*place);
	*place = space;
	space->place = place;
	stacks->next_native = (stacks->next_native + 1) % NATIVE_SPACES;
	return 0;
}

void stack_space_drop(struct stack_space *space)
{
	if (!space || --space->shares > 0)
		return;
	drop_native(space);
	free(space);
}

static struct stack_space *space_of(struct stacks *stacks, struct process *process)
{
	if (!process->space) {
		process->space = calloc(1, sizeof(*process->space));
		if (!process->space)
			return NULL;
		process->space->shares = 1;
	}
	if (!process->space->number)
		process->space->number = ++stacks->spaces;
	return process->space;
}

static void look_for_python(struct stacks *stacks, struct stack_space *space, pid_t pid)
{
	int64_t now = tracer_now_us();

	if (space->runtimes.count)
		return;
	space->asked++;
	if (space->asked < space->next && now < space->next_us)
		return;
	space->next = 2 * space->asked;
	space->next_us = now + AGAIN_US;
	if (runtimes_find(pid, stacks->pages, &space->runtimes) < 0)
		space->runtimes.reason = NOT_FOUND;
}

/* ---- one stack ---- */

static bool is_refused(const struct op *op)
{
	return !verdict_permits(op->verdict.kind) && op->verdict.kind != VERDICT_HIDE &&
	       !op->call.is_probe;
}

enum stack_detail stacks_wanted(const struct tracer *tracer, const struct op *op)
{
	const struct run_config *config = tracer->config;
	bool refused = is_refused(op);
	enum stack_detail said = op->verdict.rule ? op->verdict.rule->stack : STACK_UNSAID;

	if (refused ? !config->hears_refusals : !config->hears_all)
		return STACK_OFF;
	if (said != STACK_UNSAID)
		return said;
	return refused ? config->stack_refused : config->stack_recorded;
}

/* The set of code objects is full of what is no longer used: begin a new one, once. */
static int renew_codes(struct stacks *stacks)
{
	struct codes *codes;
	int e = codes_new(&stacks->folders, &codes);

	if (e < 0)
		return e;
	codes_drop(stacks->codes);
	stacks->codes = codes;
	return 0;
}

static const char *walk_python(struct stacks *stacks, const struct stack_space *space,
			       const struct python_thread *thread, bool to_user)
{
	const char *reason = NO_MEMORY;
	struct frames_walk walk = {
		.pages = stacks->pages, .space = space->number, .stop = stacks->stops,
		.to_user = to_user,
	};
	int e = -ENOSPC;

	for (int try = 0; try < 2 && e < 0; try++) {
		if (codes_is_full(stacks->codes) && renew_codes(stacks) < 0)
			break;
		walk.codes = stacks->codes;
		e = python_frames(&walk, &space->runtimes, thread, stacks->frames, &reason);
	}
	if (e < 0) {
		stacks->frames->count = 0;
		reason = NO_MEMORY;
	}
	return reason;
}

/* Only a call in its ptrace stop has registers. */
static const char *walk_native(struct stacks *stacks, struct stack_space *space,
			       const struct op *op, unsigned *ret_count, bool *ret_is_truncated)
{
	size_t count = 0;

	if (op->door == DOOR_NOTIFY)
		return NO_REGISTERS;
	if (make_native(stacks, space) < 0)
		return NO_LIBRARY;
	if (native_walk(space->native, stacks->pages, op->tid, &op->regs.machine, stacks->c_frames,
			STACK_NATIVE_MAX, &count, ret_is_truncated) < 0 || !count)
		return NOT_UNWOUND;
	*ret_count = (unsigned)count;
	return NULL;
}

static struct python_frame shown(const struct frame *frame)
{
	return (struct python_frame){ frame->code->file, frame->code->function, frame->line,
				      frame->code->is_library };
}

static unsigned find_user(const struct frames *frames)
{
	unsigned i = 0;

	while (i < frames->count && frames->items[i].code->is_library)
		i++;
	return i;
}

static size_t text_size(const struct native_frame *frame)
{
	return (frame->module ? strlen(frame->module) + 1 : 0) +
	       (frame->symbol ? strlen(frame->symbol) + 1 : 0);
}

static const char *copy_text(char **at, const char *text)
{
	size_t size = text ? strlen(text) + 1 : 0;
	char *copy = *at;

	if (!text)
		return NULL;
	memcpy(copy, text, size);
	*at += size;
	return copy;
}

/* Frames and the C frames' texts follow the stack in one block. */
static struct stack *stack_new(const struct stacks *stacks, unsigned python, unsigned native)
{
	size_t size = sizeof(struct stack) + python * sizeof(struct python_frame) +
		      native * sizeof(struct c_frame);
	struct stack *stack;
	char *text;

	for (unsigned i = 0; i < native; i++)
		size += text_size(&stacks->c_frames[i]);
	stack = malloc(size);
	if (!stack)
		return NULL;
	*stack = (struct stack){ .python_count = python, .native_count = native };
	stack->native = (struct c_frame *)(stack + 1);
	stack->python = (struct python_frame *)(stack->native + native);
	text = (char *)(stack->python + python);
	for (unsigned i = 0; i < native; i++) {
		const struct native_frame *frame = &stacks->c_frames[i];

		stack->native[i] = (struct c_frame){
			.ip = frame->ip, .offset = frame->offset,
			.symbol_offset = frame->symbol_offset,
			.module = copy_text(&text, frame->module),
			.symbol = copy_text(&text, frame->symbol),
		};
	}
	return stack;
}

static struct stack *collect(struct stacks *stacks, enum stack_detail detail, unsigned native)
{
	const struct frames *frames = stacks->frames;
	unsigned user = find_user(frames);
	/* A line is the user's frame alone, else the innermost. */
	bool is_line = detail == STACK_LINE && frames->count;
	unsigned first = is_line && user < frames->count ? user : 0;
	unsigned count = is_line ? 1 : frames->count;
	struct stack *stack = stack_new(stacks, count, native);

	if (!stack)
		return NULL;
	for (unsigned i = 0; i < count; i++)
		stack->python[i] = shown(&frames->items[first + i]);
	stack->user = user - first < count ? user - first : count;
	if (native)
		merge_frames(frames, stacks->c_frames, stack, stacks->pages);
	stack->detail = detail;
	stack->names = codes_share(stacks->codes);
	return stack;
}

static uint64_t key_of(pid_t tid, enum stack_detail detail)
{
	return (uint64_t)(unsigned)tid << 3 | (unsigned)detail;
}

void stacks_take(struct tracer *tracer, struct tracee *tracee, struct op *op)
{
	enum stack_detail detail = stacks_wanted(tracer, op);
	struct stacks *stacks;
	const struct python_thread thread = {
		.pid = op->pid, .tid = op->tid, .pointer = tracee->thread_pointer,
		.stack = op->door == DOOR_NOTIFY ? 0 : regs_stack(&op->regs),
		.state = &tracee->python_state,
	};
	struct stack_space *space;
	bool is_cut = false;
	const char *reason, *native_reason = NULL;
	unsigned native = 0;

	if (op->stack || detail <= STACK_OFF)
		return;
	/* Made for the first who wants one: most runs refuse nothing. */
	if (!tracer->stacks && stacks_new(tracer->config->libraries, &tracer->stacks) < 0)
		return;
	stacks = tracer->stacks;
	space = space_of(stacks, tracee->process);
	if (!space)
		return;
	stacks->stops++;
	pages_begin(stacks->pages, op->tid, key_of(op->tid, detail), BUDGET);
	look_for_python(stacks, space, op->pid);
	frames_clear(stacks->frames);
	reason = space->runtimes.reason;
	if (space->runtimes.count)
		reason = walk_python(stacks, space, &thread, detail == STACK_LINE);
	if (detail == STACK_NATIVE)
		native_reason = walk_native(stacks, space, op, &native, &is_cut);
	op->stack = collect(stacks, detail, native);
	if (!op->stack)
		return;
	op->stack->is_truncated = stacks->frames->is_truncated || is_cut;
	op->stack->reason = op->stack->python_count ? NULL : reason;
	op->stack->native_reason = native_reason;
}
