/* SPDX-License-Identifier: Apache-2.0 */
/* header.c: see header.h. */
#include "tracer/corpus/header.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "filters/call.h"
#include "filters/syscalls.h"
#include "tracer/corpus/need.h"

#define SPDX "# SPDX-License-Identifier: "
#define LINE_MAX_BYTES 4096
#define BLANKS " \t"

static const char *const proof_names[] = {
	"changed", "printed", "connected", "listening", "victim", "tracer", "survivor",
	"exceeded", "object", "raw", "terminal",
};

static const char *const sandbox_names[] = {
	[SANDBOX_AUDIT] = "audit",   [SANDBOX_AUDIT_PROCESS] = "audit-process",
	[SANDBOX_EXEC] = "exec",     [SANDBOX_AST] = "ast",
	[SANDBOX_RESTRICTED] = "restricted", [SANDBOX_ANY] = "any",
};

static const char *const limit_names[] = {
	"time", "cpu", "memory", "procs", "files", "fsize", "output",
};

static const char *const verdicts[] = { "*", "allow", "deny", "kill", "error", "hide",
					"view", "fake" };

const char *proof_name(unsigned proof)
{
	for (size_t i = 0; i < ARRAY_SIZE(proof_names); i++)
		if (proof == 1u << i)
			return proof_names[i];
	return "";
}

const char *sandbox_name(enum corpus_sandbox sandbox)
{
	return sandbox_names[sandbox];
}

int header_signal(const char *name)
{
	if (!strncmp(name, "SIG", 3))
		name += 3;
	for (int i = 1; i < NSIG; i++) {
		const char *abbreviation = sigabbrev_np(i);

		if (abbreviation && !strcmp(abbreviation, name))
			return i;
	}
	return 0;
}

/* The number of the name in the list; -1: none. */
static int find_name(const char *word, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(word, names[i]))
			return (int)i;
	return -1;
}

/* The next word of *at, cut off with a NUL; NULL: no more. */
static char *next_word(char **at)
{
	char *word = *at + strspn(*at, BLANKS);
	size_t length = strcspn(word, BLANKS);

	if (!length)
		return NULL;
	*at = word + length;
	if (**at)
		*(*at)++ = '\0';
	return word;
}

static int copy(char *out, size_t size, const char *text, struct fault *fault)
{
	if (strlen(text) >= size)
		return fault_set(fault, "too long");
	strcpy(out, text);
	return 0;
}

static int on_tries(struct corpus_header *header, char *value, struct fault *fault)
{
	return copy(header->tries, sizeof(header->tries), value, fault);
}

static int on_proof(struct corpus_header *header, char *value, struct fault *fault)
{
	for (char *word; (word = next_word(&value));) {
		int number = find_name(word, proof_names, ARRAY_SIZE(proof_names));

		if (number < 0)
			return fault_set(fault, "%s: no such proof", word);
		header->proofs |= 1u << number;
	}
	return 0;
}

static int on_options(struct corpus_header *header, char *value, struct fault *fault)
{
	for (char *word; (word = next_word(&value));) {
		if (header->option_count == HEADER_OPTIONS_MAX)
			return fault_set(fault, "too many options");
		if (word[0] != '-')
			return fault_set(fault, "%s: an option begins with -", word);
		if (copy(header->options[header->option_count++], HEADER_WORD_MAX, word, fault) < 0)
			return -EINVAL;
	}
	return 0;
}

static bool is_class(const char *word)
{
	for (int class = 0; class < CLASS_COUNT; class++)
		if (!strcmp(word, class_name((enum call_class)class)))
			return true;
	return !strcmp(word, "*");
}

/* EACCES, 0, * : what stands where an errno may be left out. */
static bool is_error(const char *word)
{
	size_t capitals = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

	return !strcmp(word, "*") || !strcmp(word, "0") ||
	       (word[0] == 'E' && word[1] && !word[capitals]);
}

static int fill_expect(struct corpus_expect *expect, char *value, struct fault *fault)
{
	char *call = next_word(&value), *class = next_word(&value);
	char *verdict = next_word(&value);
	char *rest = value + strspn(value, BLANKS);
	char *word;

	if (!call || !class || !verdict)
		return fault_set(fault, "expect: CALL CLASS VERDICT [ERRNO] [PATH], or none");
	if (!is_class(class))
		return fault_set(fault, "%s: no class of calls", class);
	if (find_name(verdict, verdicts, ARRAY_SIZE(verdicts)) < 0)
		return fault_set(fault, "%s: no verdict", verdict);
	if (strcmp(call, "*") != 0 && strncmp(call, "syscall_", 8) != 0 && !syscall_by_name(call))
		return fault_set(fault, "%s: no such call", call);
	if (copy(expect->call, sizeof(expect->call), call, fault) < 0)
		return -EINVAL;
	strcpy(expect->class, class);
	strcpy(expect->verdict, verdict);
	if (*rest == '/' || *rest == '@')
		return copy(expect->path, sizeof(expect->path), rest, fault);
	word = next_word(&rest);
	if (word && !is_error(word))
		return fault_set(fault, "%s: neither an errno nor a path", word);
	if (word && copy(expect->error, sizeof(expect->error), word, fault) < 0)
		return -EINVAL;
	return copy(expect->path, sizeof(expect->path), rest + strspn(rest, BLANKS), fault);
}

static int on_expect(struct corpus_header *header, char *value, struct fault *fault)
{
	if (!strcmp(value, "none")) {
		header->expects_no_refusal = true;
		return 0;
	}
	if (header->expect_count == HEADER_EXPECTS_MAX)
		return fault_set(fault, "too many expectations");
	return fill_expect(&header->expects[header->expect_count++], value, fault);
}

static int on_status(struct corpus_header *header, char *value, struct fault *fault)
{
	char *kind = next_word(&value), *name = next_word(&value);
	uint64_t number = 0;

	if (kind && name && !strcmp(kind, "signal")) {
		header->end = END_SIGNAL;
		header->status = header_signal(name);
		return header->status ? 0 : fault_set(fault, "%s: no signal", name);
	}
	if (kind && name && !strcmp(kind, "limit")) {
		header->end = END_LIMIT;
		if (find_name(name, limit_names, ARRAY_SIZE(limit_names)) < 0)
			return fault_set(fault, "%s: no limit", name);
		return copy(header->limit, sizeof(header->limit), name, fault);
	}
	if (!kind || name || num_parse(kind, 255, &number) < 0)
		return fault_set(fault, "status: a number, signal NAME, or limit NAME");
	header->status = (int)number;
	return 0;
}

/* "none: REASON", "no: REASON": the reason, which must be there.  NULL: another word. */
static const char *reason_of(const char *value, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(value, word, length) != 0 || value[length] != ':')
		return NULL;
	value += length + 1;
	value += strspn(value, BLANKS);
	return *value ? value : NULL;
}

static int on_control(struct corpus_header *header, char *value, struct fault *fault)
{
	const char *reason = reason_of(value, "none");

	if (reason) {
		header->control = CONTROL_NONE;
		return copy(header->control_reason, sizeof(header->control_reason), reason, fault);
	}
	header->control = strcmp(value, "bounded") ? CONTROL_YES : CONTROL_BOUNDED;
	if (header->control == CONTROL_YES && strcmp(value, "yes") != 0)
		return fault_set(fault, "control: yes, bounded, or none: REASON");
	return 0;
}

static int on_wall2(struct corpus_header *header, char *value, struct fault *fault)
{
	const char *reason = reason_of(value, "no");

	if (!reason)
		return strcmp(value, "holds") == 0
			       ? 0 : fault_set(fault, "wall2: holds, or no: REASON");
	header->wall2_lets_through = true;
	return copy(header->wall2_reason, sizeof(header->wall2_reason), reason, fault);
}

static int on_needs(struct corpus_header *header, char *value, struct fault *fault)
{
	if (copy(header->needs, sizeof(header->needs), value, fault) < 0)
		return -EINVAL;
	return need_check(value, fault);
}

static int on_for(struct corpus_header *header, char *value, struct fault *fault)
{
	for (char *word; (word = next_word(&value));) {
		size_t length = strcspn(word, ",");
		int number;

		word[length] = '\0';
		number = find_name(word, sandbox_names, ARRAY_SIZE(sandbox_names));
		if (number < 0)
			return fault_set(fault, "%s: no sandbox", word);
		header->is_for[number] = true;
	}
	return 0;
}

/* "\n" stands for a newline; one is added at the end. */
static int on_stdin(struct corpus_header *header, char *value, struct fault *fault)
{
	size_t length = 0;

	if (strlen(value) + 2 > sizeof(header->input))
		return fault_set(fault, "too long");
	for (const char *at = value; *at; at++) {
		bool is_newline = at[0] == '\\' && at[1] == 'n';

		header->input[length++] = is_newline ? '\n' : *at;
		at += is_newline;
	}
	header->input[length++] = '\n';
	header->input[length] = '\0';
	return 0;
}

static const struct key {
	const char *name;
	int (*read)(struct corpus_header *header, char *value, struct fault *fault);
	bool repeats;
} keys[] = {
	{ "tries", on_tries, false },     { "proof", on_proof, false },
	{ "options", on_options, true },  { "expect", on_expect, true },
	{ "status", on_status, false },   { "control", on_control, false },
	{ "wall2", on_wall2, false },     { "needs", on_needs, false },
	{ "for", on_for, false },         { "stdin", on_stdin, false },
};

/* The key of "# key: value"; 0: the line is none.  *ret_value: behind the colon. */
static size_t key_length(const char *line, const char **ret_value)
{
	size_t length;

	if (strncmp(line, "# ", 2) != 0)
		return 0;
	length = strspn(line + 2, "abcdefghijklmnopqrstuvwxyz0123456789_-");
	if (line[2 + length] != ':' || (line[3 + length] && line[3 + length] != ' '))
		return 0;
	*ret_value = line + 3 + length + strspn(line + 3 + length, BLANKS);
	return length;
}

static const struct key *find_key(const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strlen(keys[i].name) == length && !memcmp(keys[i].name, name, length))
			return &keys[i];
	return NULL;
}

struct reader {
	struct corpus_header *header;
	struct fault *fault;
	bool seen[ARRAY_SIZE(keys)];
	bool is_over;            /* the block of keys has ended: only prose may follow */
};

static int read_key(struct reader *reader, const char *line, size_t length, const char *value)
{
	const struct key *key = find_key(line + 2, length);
	char text[LINE_MAX_BYTES];
	size_t end = strlen(value);

	if (!key)
		return reader->is_over ? 0 : fault_set(reader->fault, "%.*s: no such key",
						       (int)length, line + 2);
	if (reader->is_over)
		return fault_set(reader->fault, "%s: stands below the header's end", key->name);
	if (reader->seen[key - keys] && !key->repeats)
		return fault_set(reader->fault, "%s: said twice", key->name);
	reader->seen[key - keys] = true;
	while (end && strchr(BLANKS, value[end - 1]))
		end--;
	if (!end)
		return fault_set(reader->fault, "%s: says nothing", key->name);
	snprintf(text, sizeof(text), "%.*s", (int)end, value);
	return key->read(reader->header, text, reader->fault);
}

static int read_line(struct reader *reader, const char *line, unsigned number)
{
	const char *value;
	size_t length;

	if (number == 1)
		return strncmp(line, SPDX, strlen(SPDX)) != 0
			       ? fault_set(reader->fault, "the first line is not " SPDX "...") : 0;
	length = key_length(line, &value);
	if (length)
		return read_key(reader, line, length, value);
	reader->is_over = true;
	return 0;
}

static int check(const struct corpus_header *header, struct fault *fault)
{
	if (!header->tries[0])
		return fault_set(fault, "tries: is missing");
	if (!header->proofs && !header->is_ordinary)
		return fault_set(fault, "proof: is missing: what would prove success?");
	if (header->proofs && header->is_ordinary)
		return fault_set(fault, "an ordinary program proves nothing");
	if (header->expects_no_refusal && header->expect_count && !header->is_ordinary)
		return fault_set(fault, "expect: none, and something else");
	return 0;
}

int header_parse(const char *file, const char *text, bool is_ordinary,
		 struct corpus_header *ret_header, struct fault *ret_fault)
{
	struct reader reader = { .header = ret_header, .fault = ret_fault };
	char line[LINE_MAX_BYTES];
	int error = 0;

	memset(ret_header, 0, sizeof(*ret_header));
	memset(ret_fault, 0, sizeof(*ret_fault));
	snprintf(ret_fault->file, sizeof(ret_fault->file), "%s", file);
	ret_header->is_ordinary = is_ordinary;
	for (unsigned number = 1; error == 0 && (*text == '#' || number == 1); number++) {
		size_t length = strcspn(text, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)length, text);
		error = length < sizeof(line) ? read_line(&reader, line, number)
					      : fault_set(ret_fault, "a line that is too long");
		ret_fault->line = number;
		ret_fault->column = 1;
		snprintf(ret_fault->quote, sizeof(ret_fault->quote), "%.*s", FAULT_LINE_MAX - 1,
			 line);
		text += length + (text[length] == '\n');
	}
	if (error == 0) {
		ret_fault->line = ret_fault->column = 1;
		ret_fault->quote[0] = '\0';
		error = check(ret_header, ret_fault);
	}
	ret_header->expects_no_refusal |= is_ordinary && !ret_header->expect_count;
	return error;
}
