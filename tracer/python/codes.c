/* SPDX-License-Identifier: Apache-2.0 */
/* codes.c: see codes.h. */
#include "tracer/python/codes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Without memory a code object is not remembered; that must not end the run. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "base/fail.h"
#include "tracer/python/lines.h"
#include "tracer/python/names.h"

#define MEMO 4
#define HEAD_SIZE 192u     /* of a code object: all fields that are read, in known versions */

/* Where the object's parts are, and what tells that it is still the same. */
struct mark {
	uint64_t file, function, table;
	int32_t first_line;
	uint32_t version;        /* 0: none, or not to be cached */
	uint64_t table_size;
	struct name_mark file_name, function_name;
};

struct key {
	uint64_t space, address;
};

struct entry {
	struct code code;        /* first: codes.h hands it out */
	struct key key;
	struct mark mark;
	unsigned char *table;
	uint64_t checked;        /* the last stop at which it was compared */
	struct {
		int64_t at;
		int line;
	} memo[MEMO];            /* lines found lately */
	unsigned next_memo;
	UT_hash_handle hh;
};

struct string {
	UT_hash_handle hh;
	char text[];
};

struct codes {
	unsigned shares;
	const struct codes_folders *libraries;
	struct entry *entries;
	struct string *strings;
	size_t bytes;
	bool is_full;
	char scratch[NAMES_BYTES_MAX];
};

int codes_new(const struct codes_folders *libraries, struct codes **ret_codes)
{
	struct codes *codes = calloc(1, sizeof(*codes));

	if (!codes)
		return -ENOMEM;
	codes->shares = 1;
	codes->libraries = libraries;
	*ret_codes = codes;
	return 0;
}

struct codes *codes_share(struct codes *codes)
{
	codes->shares++;
	return codes;
}

static void entry_free(struct entry *entry)
{
	free(entry->table);
	free(entry);
}

void codes_drop(struct codes *codes)
{
	struct entry *entry, *next_entry;
	struct string *string, *next_string;

	if (!codes || --codes->shares > 0)
		return;
	/* Clearing frees the tables; what was in them stays linked. */
	entry = codes->entries;
	HASH_CLEAR(hh, codes->entries);
	for (; entry; entry = next_entry) {
		next_entry = entry->hh.next;
		entry_free(entry);
	}
	string = codes->strings;
	HASH_CLEAR(hh, codes->strings);
	for (; string; string = next_string) {
		next_string = string->hh.next;
		free(string);
	}
	free(codes);
}

bool codes_is_full(const struct codes *codes)
{
	return codes->is_full;
}

/* Room for `size` bytes more, or the set is full from now on. */
static int charge(struct codes *codes, size_t size)
{
	if (size > CODES_BYTES_MAX - codes->bytes) {
		codes->is_full = true;
		return -ENOSPC;
	}
	codes->bytes += size;
	return 0;
}

/* One copy of each text. */
static int intern(struct codes *codes, const char *text, const char **ret_text)
{
	size_t length = strlen(text);
	struct string *string;
	int e;

	HASH_FIND(hh, codes->strings, text, length, string);
	if (string) {
		*ret_text = string->text;
		return 0;
	}
	e = charge(codes, sizeof(*string) + length + 1);
	if (e < 0)
		return e;
	string = malloc(sizeof(*string) + length + 1);
	if (!string)
		return -ENOMEM;
	memcpy(string->text, text, length + 1);
	HASH_ADD_KEYPTR(hh, codes->strings, string->text, length, string);
	if (!string->hh.tbl) {
		free(string);
		return -ENOMEM;
	}
	*ret_text = string->text;
	return 0;
}

static int read_word(const struct codes_place *place, uint64_t address, uint32_t offset,
		     uint64_t *ret_word)
{
	return pages_read_word(place->pages, address + offset, ret_word);
}

/* The fields lie close together, as a rule in one page: looked at in place, they cost nothing. */
static int read_field(const struct codes_place *place, const unsigned char *head, uint64_t address,
		      uint32_t offset, void *out, size_t size)
{
	if (head && offset + size <= HEAD_SIZE) {
		memcpy(out, head + offset, size);
		return 0;
	}
	return pages_read(place->pages, address + offset, out, size);
}

static int read_pointers(const struct codes_place *place, uint64_t address, struct mark *mark)
{
	const struct layout *layout = place->layout;
	const unsigned char *head = pages_peek(place->pages, address, HEAD_SIZE);
	uint32_t name = layout->code.qualname != LAYOUT_NONE ? layout->code.qualname
							     : layout->code.name;
	uint64_t type = 0;
	int e = read_field(place, head, address, layout->type, &type, 8);

	if (e == 0 && type != place->type)
		e = -EINVAL;
	if (e == 0)
		e = read_field(place, head, address, layout->code.file, &mark->file, 8);
	if (e == 0)
		e = read_field(place, head, address, name, &mark->function, 8);
	if (e == 0)
		e = read_field(place, head, address, layout->code.table, &mark->table, 8);
	if (e == 0)
		e = read_field(place, head, address, layout->code.first_line, &mark->first_line, 4);
	if (e == 0 && layout->code.version != LAYOUT_NONE)
		e = read_field(place, head, address, layout->code.version, &mark->version, 4);
	return e;
}

static int read_contents(const struct codes_place *place, struct mark *mark)
{
	int e = names_mark(place->pages, place->layout, mark->file, &mark->file_name);

	if (e == 0)
		e = names_mark(place->pages, place->layout, mark->function, &mark->function_name);
	if (e == 0)
		e = read_word(place, mark->table, place->layout->bytes.size, &mark->table_size);
	if (e == 0 && mark->table_size > CODES_TABLE_MAX)
		e = -EINVAL;
	return e;
}

/* Byte for byte, a page at a time. */
static bool is_same_table(const struct codes_place *place, const struct entry *entry)
{
	uint64_t address = entry->mark.table + place->layout->bytes.data;
	size_t done = 0, size = entry->mark.table_size;

	while (done < size) {
		size_t step = PAGES_SIZE - (address + done) % PAGES_SIZE;
		const void *bytes;

		if (step > size - done)
			step = size - done;
		bytes = pages_peek(place->pages, address + done, step);
		if (!bytes || memcmp(bytes, entry->table + done, step) != 0)
			return false;
		done += step;
	}
	return true;
}

static bool is_same_name(const struct name_mark *a, const struct name_mark *b)
{
	return a->length == b->length && a->state == b->state &&
	       memcmp(a->first, b->first, sizeof(a->first)) == 0;
}

static bool is_same(const struct codes_place *place, const struct entry *entry, uint64_t address)
{
	struct mark now = { 0 };

	if (read_pointers(place, address, &now) < 0)
		return false;
	if (now.file != entry->mark.file || now.function != entry->mark.function ||
	    now.table != entry->mark.table || now.first_line != entry->mark.first_line ||
	    now.version != entry->mark.version)
		return false;
	if (now.version)
		return true;
	if (read_contents(place, &now) < 0 || now.table_size != entry->mark.table_size)
		return false;
	return is_same_name(&now.file_name, &entry->mark.file_name) &&
	       is_same_name(&now.function_name, &entry->mark.function_name) &&
	       is_same_table(place, entry);
}

/* Text without a file that is the user's: -c, exec, standard input, consoles, notebooks. */
static const char *const users_text[] = {
	"<string>", "<stdin>", "<console>", "<python-input", "<ipython-input", "<doctest ",
};

static bool begins_with(const char *file, const char *prefix)
{
	return strncmp(file, prefix, strlen(prefix)) == 0;
}

/* "<frozen importlib._bootstrap>", "<__array_function__ internals>" are a library's making. */
static bool is_library(const struct codes_folders *libraries, const char *file)
{
	for (size_t i = 0; i < ARRAY_SIZE(users_text); i++)
		if (begins_with(file, users_text[i]))
			return false;
	if (file[0] == '<')
		return true;
	for (size_t i = 0; i < libraries->count; i++)
		if (begins_with(file, libraries->prefixes[i]))
			return true;
	return false;
}

static int read_name(struct codes *codes, const struct codes_place *place, uint64_t address,
		     const struct name_mark *mark, const char **ret_text)
{
	int e = names_read(place->pages, place->layout, address, mark, codes->scratch);

	return e < 0 ? e : intern(codes, codes->scratch, ret_text);
}

static int read_table(struct codes *codes, const struct codes_place *place, struct entry *entry)
{
	size_t size = entry->mark.table_size;
	int e = charge(codes, sizeof(*entry) + size);

	if (e < 0)
		return e;
	entry->table = malloc(size + 1);
	e = !entry->table ? -ENOMEM :
	    pages_read(place->pages, entry->mark.table + place->layout->bytes.data, entry->table,
		       size);
	if (e < 0)
		codes->bytes -= sizeof(*entry) + size;
	return e;
}

static int fill(struct codes *codes, const struct codes_place *place, struct entry *entry)
{
	struct mark *mark = &entry->mark;
	uint64_t address = entry->key.address;
	int e = read_pointers(place, address, mark);

	if (e == 0)
		e = read_contents(place, mark);
	if (e == 0)
		e = read_name(codes, place, mark->file, &mark->file_name, &entry->code.file);
	if (e == 0)
		e = read_name(codes, place, mark->function, &mark->function_name,
			      &entry->code.function);
	if (e == 0)
		e = read_table(codes, place, entry);
	if (e != 0)
		return e;
	entry->code.first_line = mark->first_line;
	entry->code.is_library = is_library(codes->libraries, entry->code.file);
	if (place->layout->code.bytecode != LAYOUT_NONE)
		entry->code.bytecode = address + place->layout->code.bytecode;
	for (unsigned i = 0; i < MEMO; i++)
		entry->memo[i].at = INT64_MIN;
	return 0;
}

static int add(struct codes *codes, const struct codes_place *place, const struct key *key,
	       struct entry **ret_entry)
{
	struct entry *entry = calloc(1, sizeof(*entry));
	int e = entry ? 0 : -ENOMEM;

	if (e == 0) {
		entry->key = *key;
		e = fill(codes, place, entry);
	}
	if (e == 0) {
		HASH_ADD(hh, codes->entries, key, sizeof(entry->key), entry);
		e = entry->hh.tbl ? 0 : -ENOMEM;
	}
	if (e < 0) {
		if (entry)
			entry_free(entry);
		return e;
	}
	*ret_entry = entry;
	return 0;
}

/* Its strings stay: stacks that were handed out use them. */
static void forget(struct codes *codes, struct entry *entry)
{
	codes->bytes -= sizeof(*entry) + entry->mark.table_size;
	HASH_DEL(codes->entries, entry);
	entry_free(entry);
}

int codes_find(struct codes *codes, const struct codes_place *place, uint64_t address,
	       const struct code **ret_code)
{
	const struct key key = { place->space, address };
	struct entry *entry;
	int e = 0;

	/* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): both words are set */
	HASH_FIND(hh, codes->entries, &key, sizeof(key), entry);
	/* Within one stop nothing of a stopped thread's frames changes. */
	if (entry && entry->checked != place->stop && !is_same(place, entry, address)) {
		forget(codes, entry);
		entry = NULL;
	}
	if (!entry)
		e = add(codes, place, &key, &entry);
	if (e < 0)
		return e;
	entry->checked = place->stop;
	*ret_code = &entry->code;
	return 0;
}

int codes_line(const struct layout *layout, const struct code *code, int64_t at, size_t *budget)
{
	struct entry *entry = (struct entry *)(uintptr_t)code;
	int line;

	for (unsigned i = 0; i < MEMO; i++)
		if (entry->memo[i].at == at)
			return entry->memo[i].line;
	if (entry->mark.table_size > *budget)
		return -EDQUOT;
	*budget -= entry->mark.table_size;
	line = lines_find(layout->lines, entry->table, entry->mark.table_size,
			  code->first_line, at);
	entry->memo[entry->next_memo].at = at;
	entry->memo[entry->next_memo].line = line;
	entry->next_memo = (entry->next_memo + 1) % MEMO;
	return line;
}
