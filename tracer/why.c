/* SPDX-License-Identifier: Apache-2.0 */
/* why.c: see why.h. */
#include "tracer/why.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/fail.h"
#include "base/text.h"
#include "filters/decide.h"
#include "filters/nr.h"
#include "filters/policy.h"
#include "filters/simulator.h"
#include "tracer/why_names.h"

/* Any address and descriptor will do, so long as the filter can tell it from NULL and 0. */
#define SOME_ADDRESS 0x1000
#define SOME_FD 3
#define SOME_PROCESS 2

#define TAIL_COLUMN 40

static bool is_file_letter(const struct syscall_row *row, size_t argument)
{
	char letter = row->shape[argument];

	return letter == 'p' || letter == 'n' ||
	       (letter == 'd' && argument == 0 && row->decide == decide_change);
}

static size_t files_before(const struct syscall_row *row, size_t argument)
{
	size_t count = 0;

	for (size_t i = 0; i < argument; i++)
		count += is_file_letter(row, i);
	return count;
}

size_t why_file_count(const struct syscall_row *row)
{
	size_t count = files_before(row, strlen(row->shape));

	return count < CALL_FILES ? count : CALL_FILES;
}

bool why_is_name(const struct syscall_row *row, size_t file)
{
	for (size_t i = 0; row->shape[i]; i++) {
		if (is_file_letter(row, i) && files_before(row, i) == file)
			return row->shape[i] == 'n';
	}
	return false;
}

/* The walk over the words, letter by letter. */
struct asking {
	struct why *why;
	const char *const *words;
	size_t word_count;
	size_t next;
	struct fault *fault;
};

static int take_number(struct asking *asking, uint64_t *ret_value)
{
	const char *word;

	if (asking->next == asking->word_count)
		return 0;
	word = asking->words[asking->next++];
	if (why_number(word, ret_value) == 0)
		return 0;
	fault_set(asking->fault, "%s: no flag, command or number that %s takes", word,
		  asking->why->call.row->name);
	snprintf(asking->fault->cure, sizeof(asking->fault->cure),
		 "write O_WRONLY|O_CREAT, W_OK, AF_INET, SIGKILL, 0644");
	return -EINVAL;
}

/* "self", "tree" or "other". */
static int take_target(struct asking *asking, uint64_t *ret_value)
{
	static const struct { const char *word; enum call_target target; } targets[] = {
		{ "self", TARGET_SELF }, { "tree", TARGET_TREE }, { "other", TARGET_FOREIGN },
	};
	struct call *call = &asking->why->call;
	const char *word = call->row->group == GROUP_SIGNAL ? "other" : "self";

	if (asking->next < asking->word_count)
		word = asking->words[asking->next++];
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
		if (!strcmp(targets[i].word, word)) {
			call->target = targets[i].target;
			*ret_value = call->target == TARGET_SELF ? 0 : SOME_PROCESS;
			return 0;
		}
	}
	fault_set(asking->fault, "%s: which process?", word);
	snprintf(asking->fault->cure, sizeof(asking->fault->cure),
		 "write self, tree (another of the script's) or other");
	return -EINVAL;
}

static int take_family(struct asking *asking, uint64_t *ret_value)
{
	uint64_t family = AF_INET;
	int error = take_number(asking, &family);

	asking->why->call.family = (int)family;
	*ret_value = SOME_ADDRESS;
	return error;
}

/* One argument by its letter. */
static int take_letter(struct asking *asking, char letter, uint64_t *ret_value)
{
	struct call *call = &asking->why->call;
	int error;

	switch (letter) {
	case 'D':
		*ret_value = (uint64_t)AT_FDCWD;
		return 0;
	case 'd':
		*ret_value = SOME_FD;
		return 0;
	case 'p': case 'n': case 'b': case 'v': case 'c':
		*ret_value = SOME_ADDRESS;
		return 0;
	case 't':
		return take_target(asking, ret_value);
	case 's':
		return take_family(asking, ret_value);
	case 'z': case 'l':
		return 0;
	default:
		break;
	}
	error = take_number(asking, ret_value);
	if (letter == 'o' || letter == 'r' || letter == 'h')
		call->flags = (int)*ret_value;
	else if (letter == 'm')
		call->mode = (unsigned)*ret_value;
	/* openat2's flags are in memory: the filter sees a pointer. */
	if (letter == 'h')
		*ret_value = SOME_ADDRESS;
	return error;
}

/* What decode() adds for the calls whose registers say more, or less, than they seem to. */
static void finish_call(struct call *call)
{
	if (call->row->decide == decide_socket)
		call->family = (int)call->args[0];
	call->is_probe = call->row->decide == decide_access;
#ifdef __NR_creat
	if (call->nr == __NR_creat)
		call->flags = O_CREAT | O_WRONLY | O_TRUNC;
#endif
}

static int fill_call(struct asking *asking)
{
	struct call *call = &asking->why->call;
	const char *shape = call->row->shape;

	for (size_t i = 0; i < ARRAY_SIZE(call->args) && shape[i]; i++) {
		int error = take_letter(asking, shape[i], &call->args[i]);

		if (error < 0)
			return error;
	}
	if (asking->next < asking->word_count) {
		fault_set(asking->fault, "%s: %s takes no such word",
			  asking->words[asking->next], call->row->name);
		return -EINVAL;
	}
	finish_call(call);
	return 0;
}

static bool is_watched(const struct why *why)
{
	return why->action == (SECCOMP_RET_TRACE | WATCH_DATA);
}

static bool is_passed(const struct why *why)
{
	return (why->action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ALLOW || is_watched(why);
}

static struct verdict verdict_of(const struct why *why)
{
	struct verdict verdict = decide(why->policy, &why->call);

	if (is_passed(why))
		return (struct verdict){ .kind = VERDICT_ALLOW, .class = verdict.class };
	switch (why->action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ERRNO:
		verdict.kind = VERDICT_DENY;
		verdict.error = (int)(why->action & SECCOMP_RET_DATA);
		break;
	case SECCOMP_RET_KILL_PROCESS:
		verdict.kind = VERDICT_KILL;
		break;
	default:
		break;
	}
	return verdict;
}

static int ask_filter(const struct filter_program *program, struct why *why)
{
	struct seccomp_data data = { .nr = (int)why->call.nr, .arch = AUDIT_ARCH_X86_64 };

	memcpy(data.args, why->call.args, sizeof(data.args));
	return simulate(program, &data, &why->action);
}

int why_ask(const struct policy *policy, const struct filter_program *program,
	    const struct syscall_row *row, const struct call_file *files,
	    const char *const *words, size_t word_count, struct why *ret_why,
	    struct fault *ret_fault)
{
	struct why why = { .policy = policy, .call = { .row = row, .nr = row->nr } };
	struct asking asking = {
		.why = &why, .words = words, .word_count = word_count, .fault = ret_fault,
	};
	int error;

	memset(ret_fault, 0, sizeof(*ret_fault));
	for (size_t i = 0; i < why_file_count(row); i++)
		why.call.file[i] = files[i];
	error = fill_call(&asking);
	if (error < 0)
		return error;
	if (ask_filter(program, &why) < 0)
		return fault_set(ret_fault, "the filter is not one that a kernel would take");
	why.verdict = verdict_of(&why);
	*ret_why = why;
	return 0;
}

bool why_is_allowed(const struct why *why)
{
	return verdict_permits(why->verdict.kind);
}

/* The table's words, rather than the kernel's. */
static const char *filter_name(const struct why *why, char *out, size_t size)
{
	uint32_t action = why->action;

	if (is_watched(why))
		return "WATCH";
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
		return "PASS";
	case SECCOMP_RET_TRACE:
		return "STOP";
	case SECCOMP_RET_USER_NOTIF:
		return "NOTIFY";
	default:
		simulator_action_name(action, out, size);
		return out;
	}
}

static void put_line(FILE *out, const char *label, const char *text, const char *tail)
{
	if (tail && *tail)
		fprintf(out, "  %-8s %-*s %s\n", label, TAIL_COLUMN, text, tail);
	else
		fprintf(out, "  %-8s %s\n", label, text);
}

static void put_call(FILE *out, const struct syscall_row *row)
{
	char text[128], tail[64];

	snprintf(text, sizeof(text), "%-13s %s", row->name, row->words);
	snprintf(tail, sizeof(tail), "filters/syscalls.def:%u", row->line);
	put_line(out, "call", text, tail);
}

static void put_decider(FILE *out, const struct why *why)
{
	const struct syscall_row *row = why->call.row;
	char tail[128];

	if (is_passed(why) || !row->decide) {
		put_line(out, "decided", is_watched(why) ? "in the kernel, only seen" :
			 "in the kernel, no stop", "");
		return;
	}
	snprintf(tail, sizeof(tail), "grep -n %s filters/decide_*.c", row->decider);
	put_line(out, "decided", row->decider, tail);
}

static void put_asked(FILE *out, const struct why *why)
{
	const struct call *call = &why->call;
	bool is_decided = !is_passed(why) && call->row->decide;
	const char *path = why->verdict.path ? why->verdict.path : call->file[0].path;
	char shown[1024], text[1152];

	text_show_string(shown, sizeof(shown), path);
	snprintf(text, sizeof(text), "%s%s%s",
		 is_decided ? class_name(why->verdict.class) : call->row->words,
		 shown[0] ? " " : "", shown);
	put_line(out, "asked", text, "");
}

/* Why it is so, when no line of the policy says it. */
static const char *unwritten(const struct why *why)
{
	if (is_passed(why))
		return "nothing that a rule speaks of";
	if (why->verdict.reason)
		return why->verdict.reason;
	if (!why_is_allowed(why))
		return "denied by default";
	return why->policy->allows_all ? "--allow-all" : "harmless";
}

static void put_rule(FILE *out, const struct why *why)
{
	const struct rule *rule = why->verdict.rule;
	char line[2048], source[256];

	if (!rule || is_passed(why)) {
		snprintf(line, sizeof(line), "none: %s", unwritten(why));
		put_line(out, "rule", line, "");
		return;
	}
	rule_print(rule, line, sizeof(line));
	text_show_string(source, sizeof(source), rule->source);
	put_line(out, "rule", line, source);
}

/* What the script sees, where that is certain. */
static const char *consequence(const struct verdict *verdict)
{
	if (verdict->kind == VERDICT_DENY || verdict->kind == VERDICT_HIDE)
		return errno_name(verdict->error);
	return verdict->kind == VERDICT_ASK ? "with --tui; refused without" : "";
}

static void put_verdict(FILE *out, const struct why *why)
{
	put_line(out, "verdict", verdict_name(why->verdict.kind), consequence(&why->verdict));
}

char *why_text(const struct why *why)
{
	char action[64], *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	put_call(out, why->call.row);
	put_line(out, "filter", filter_name(why, action, sizeof(action)), "");
	put_decider(out, why);
	put_asked(out, why);
	put_rule(out, why);
	put_verdict(out, why);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
