/* SPDX-License-Identifier: Apache-2.0 */
/* unwind.c: see unwind.h. */
#include "tracer/native/unwind.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tracer/native/library.h"
#include "tracer/native/modules.h"
#include "tracer/native/names.h"
#include "tracer/native/tables.h"
#include "tracer/pages.h"
#include "tracer/regs.h"

#define RULES 1024u              /* libunwind's cache of what it made of the tables */
#define START_SIZE 64u
#define ACCESSES_MAX 65536u      /* words that libunwind may read in one walk */

struct native_space {
	const struct unwind_library *library;
	unw_addr_space_t unwind;
	struct tables *tables;
	struct modules modules;
	struct names names;
	bool uses_library;               /* always */
	uint64_t stuck_at;               /* where reading the mappings again did not help */
};

/* What libunwind hands back to the accessors. */
struct walk {
	struct native_space *space;
	struct pages *pages;
	pid_t tid;
	const struct user_regs_struct *regs;
	unsigned accesses;
};

/* ---- what was learned may be wrong ---- */

static void forget(struct native_space *space)
{
	names_clear(&space->names);
	tables_clear(space->tables);
	space->library->flush_cache(space->unwind, 0, 0);
}

/* Whether something that was believed is different now. */
static bool reload(struct walk *walk)
{
	bool is_changed = false;

	if (modules_reload(&walk->space->modules, walk->tid, &is_changed) < 0)
		return false;
	if (is_changed)
		forget(walk->space);
	return is_changed;
}

static const struct map *map_of(struct walk *walk, uint64_t ip)
{
	const struct map *map = modules_map_of(&walk->space->modules, ip);

	if (map)
		return map;
	reload(walk);
	return modules_map_of(&walk->space->modules, ip);
}

static struct module *module_of(struct walk *walk, const struct map *map)
{
	return modules_of(&walk->space->modules, walk->pages, walk->tid, map);
}

/* ---- accessors, as libunwind(3) "unw_create_addr_space" describes them ---- */

static int find_table(struct walk *walk, unw_word_t ip, struct table_place *place)
{
	const struct map *map = map_of(walk, ip);
	struct module *module = map ? module_of(walk, map) : NULL;
	int e;

	if (!module || !module->is_open)
		return -ENOENT;
	e = tables_find(walk->space->tables, module, ip, place);
	if (e == -EAGAIN) {
		forget(walk->space);
		e = tables_find(walk->space->tables, module, ip, place);
	}
	return e;
}

/* The table that libunwind searches has one entry: the right one, which was checked. */
static int find_proc_info(unw_addr_space_t unwind, unw_word_t ip, unw_proc_info_t *info,
			  int needs_info, void *data)
{
	unw_dyn_info_t table = { .start_ip = ip, .end_ip = ip + 1,
				 .format = UNW_INFO_FORMAT_REMOTE_TABLE };
	struct walk *walk = data;
	struct table_place place;

	if (find_table(walk, ip, &place) < 0)
		return -UNW_ENOINFO;
	table.u.rti.segbase = place.base;
	table.u.rti.table_data = place.entry;
	table.u.rti.table_len = 1;       /* in words: an entry is as long as one */
	return walk->space->library->search_table(unwind, ip, &table, info, needs_info, data);
}

static void put_unwind_info(unw_addr_space_t unwind, unw_proc_info_t *info, void *data)
{
	(void)unwind;
	(void)info;
	(void)data;
}

static int get_dyn_info_list_addr(unw_addr_space_t unwind, unw_word_t *address, void *data)
{
	(void)unwind;
	(void)address;
	(void)data;
	return -UNW_ENOINFO;
}

static int access_mem(unw_addr_space_t unwind, unw_word_t address, unw_word_t *word, int is_write,
		      void *data)
{
	struct walk *walk = data;

	(void)unwind;
	if (is_write || ++walk->accesses > ACCESSES_MAX)
		return -UNW_EINVAL;
	if (tables_word(walk->space->tables, address, word))
		return 0;
	return pages_read_word(walk->pages, address, word) < 0 ? -UNW_EINVAL : 0;
}

static int access_reg(unw_addr_space_t unwind, unw_regnum_t number, unw_word_t *word, int is_write,
		      void *data)
{
	const struct walk *walk = data;

	(void)unwind;
	if (is_write)
		return -UNW_EREADONLYREG;
	return regs_by_number(walk->regs, number, word) < 0 ? -UNW_EBADREG : 0;
}

static int access_fpreg(unw_addr_space_t unwind, unw_regnum_t number, unw_fpreg_t *value,
			int is_write, void *data)
{
	(void)unwind;
	(void)number;
	(void)value;
	(void)is_write;
	(void)data;
	return -UNW_EBADREG;
}

static int resume(unw_addr_space_t unwind, unw_cursor_t *cursor, void *data)
{
	(void)unwind;
	(void)cursor;
	(void)data;
	return -UNW_EINVAL;
}

static int get_proc_name(unw_addr_space_t unwind, unw_word_t ip, char *name, size_t room,
			 unw_word_t *offset, void *data)
{
	(void)unwind;
	(void)ip;
	(void)name;
	(void)room;
	(void)offset;
	(void)data;
	return -UNW_ENOINFO;
}

/* A newer library copies a longer table than our header knows: the rest is zero. */
static union {
	unw_accessors_t known;
	char room[512];
} accessors = {
	.known = {
		.find_proc_info = find_proc_info,
		.put_unwind_info = put_unwind_info,
		.get_dyn_info_list_addr = get_dyn_info_list_addr,
		.access_mem = access_mem,
		.access_reg = access_reg,
		.access_fpreg = access_fpreg,
		.resume = resume,
		.get_proc_name = get_proc_name,
	},
};

/* ---- the space ---- */

/*
 * libunwind 1.6 never gives back the pages of a cache that is larger than its default; so address
 * spaces are used again.  Their number is that of the most native_spaces at a time.
 */
static struct {
	unw_addr_space_t items[64];
	unsigned count;
} spares;

static unw_addr_space_t take_spare(const struct unwind_library *library)
{
	unw_addr_space_t unwind;

	if (spares.count > 0) {
		unwind = spares.items[--spares.count];
		library->flush_cache(unwind, 0, 0);
		return unwind;
	}
	unwind = library->create_addr_space(&accessors.known, 0);
	if (unwind) {
		library->set_caching_policy(unwind, UNW_CACHE_GLOBAL);
		library->set_cache_size(unwind, RULES, 0);
	}
	return unwind;
}

static void give_spare(const struct unwind_library *library, unw_addr_space_t unwind)
{
	if (spares.count < ARRAY_SIZE(spares.items))
		spares.items[spares.count++] = unwind;
	else
		library->destroy_addr_space(unwind);
}

int native_space_new(struct native_space **ret_space)
{
	const struct unwind_library *library = unwind_library();
	struct native_space *space;

	if (!library)
		return -ELIBACC;
	space = calloc(1, sizeof(*space));
	if (!space)
		return -ENOMEM;
	space->library = library;
	space->unwind = take_spare(library);
	if (!space->unwind || tables_new(&space->tables) < 0 || names_new(&space->names) < 0) {
		native_space_free(space);
		return -ENOMEM;
	}
	*ret_space = space;
	return 0;
}

void native_space_free(struct native_space *space)
{
	if (!space)
		return;
	if (space->unwind)
		give_spare(space->library, space->unwind);
	modules_free(&space->modules);
	names_free(&space->names);
	tables_free(space->tables);
	free(space);
}

void native_space_use_library(struct native_space *space, bool is_always)
{
	space->uses_library = is_always;
}

/* ---- the walk ---- */

/* The dynamic linker's first instructions are not described; nothing has called them. */
static bool is_start(const struct module *module, uint64_t ip)
{
	return module->elf.entry && ip - module->bias - module->elf.entry < START_SIZE;
}

/* Of the code at `ip`; NULL: it is not executable, so no frame. */
static const struct name *name_of(struct walk *walk, uint64_t ip)
{
	const struct name *known = names_find(&walk->space->names, ip);
	struct module *module;
	const struct map *map;
	struct name *name;

	if (known)
		return known;
	map = map_of(walk, ip);
	if (!map)
		return NULL;
	module = module_of(walk, map);
	name = names_add(&walk->space->names, ip, module);
	if (name && module && module->is_open &&
	    tables_row(walk->space->tables, module, ip, &name->row) < 0)
		name->row.is_plain = name->row.is_outermost = is_start(module, ip);
	return name;
}

static void fill_frame(const struct name *name, struct native_frame *frame)
{
	frame->module = name->module;
	frame->offset = frame->ip - name->bias;
	frame->symbol = name->symbol;
	frame->symbol_offset = name->symbol ? frame->ip - name->symbol_start : 0;
}

/* ---- plain frames ---- */

struct plain {
	uint64_t ip, sp, rbp;
};

/* To the caller; false: there is something in the way. */
static bool leave(struct walk *walk, const struct cfi_row *row, struct plain *at)
{
	uint64_t from = row->cfa_is_from_rbp ? at->rbp : at->sp;
	uint64_t cfa = from + (uint64_t)(int64_t)row->cfa_offset;
	struct plain next = { .sp = cfa, .rbp = at->rbp };

	if (cfa <= at->sp ||
	    pages_read_word(walk->pages, cfa + (uint64_t)(int64_t)row->return_offset, &next.ip) < 0)
		return false;
	if (row->rbp_is_saved &&
	    pages_read_word(walk->pages, cfa + (uint64_t)(int64_t)row->rbp_offset, &next.rbp) < 0)
		return false;
	*at = next;
	return true;
}

/* The whole stack, when all of its frames are plain. */
static bool collect_plain(struct walk *walk, struct native_frame *frames, size_t room,
			  size_t *ret_count)
{
	struct plain at;

	if (regs_by_number(walk->regs, UNW_X86_64_RIP, &at.ip) < 0 ||
	    regs_by_number(walk->regs, UNW_X86_64_RSP, &at.sp) < 0 ||
	    regs_by_number(walk->regs, UNW_X86_64_RBP, &at.rbp) < 0)
		return false;
	for (size_t count = 0; count < room; count++) {
		/* Behind a call; see code_of(). */
		const struct name *name = name_of(walk, count == 0 ? at.ip : at.ip - 1);

		if (!name || !name->row.is_plain)
			return false;
		frames[count] = (struct native_frame){ .ip = at.ip, .sp = at.sp };
		fill_frame(name, &frames[count]);
		if (!name->row.is_outermost && !leave(walk, &name->row, &at))
			return false;
		if (name->row.is_outermost || at.ip == 0) {
			*ret_count = count + 1;
			return true;
		}
	}
	return false;
}

/* ---- any frames ---- */

struct position {
	unw_cursor_t cursor;
	bool is_exact;                   /* ip is where it goes on, not behind a call */
	bool is_behind_signal;
};

static bool read_frame(const struct walk *walk, struct position *position,
		       struct native_frame *frame)
{
	const struct unwind_library *library = walk->space->library;
	unw_word_t ip, sp;

	if (library->get_reg(&position->cursor, UNW_REG_IP, &ip) < 0 ||
	    library->get_reg(&position->cursor, UNW_REG_SP, &sp) < 0)
		return false;
	*frame = (struct native_frame){ .ip = ip, .sp = sp };
	return true;
}

/* A call may be a function's last instruction: what follows it is another function's. */
static uint64_t code_of(const struct position *position, const struct native_frame *frame)
{
	return position->is_exact ? frame->ip : frame->ip - 1;
}

static bool name_frame(struct walk *walk, const struct position *position,
		       struct native_frame *frame)
{
	const struct name *name = name_of(walk, code_of(position, frame));

	if (name)
		fill_frame(name, frame);
	return name != NULL;
}

/* 1: there is another frame; 0: this was the outermost; -1: cannot tell. */
static int step(struct walk *walk, struct position *position, const struct native_frame *frame)
{
	uint64_t code = code_of(position, frame);
	const struct name *name = names_find(&walk->space->names, code);
	struct native_frame next;
	int r;

	if (name && name->row.is_outermost)
		return 0;
	r = walk->space->library->step(&position->cursor);
	if (r < 0 || !read_frame(walk, position, &next))
		return -1;
	if (next.ip == 0)
		return 0;
	if (r == 0)
		return -1;
	position->is_behind_signal = tables_is_signal(walk->space->tables, code);
	position->is_exact = position->is_behind_signal;
	return next.sp > frame->sp || position->is_behind_signal ? 1 : -1;
}

/* The frames, and whether the last one is the outermost. */
static bool collect(struct walk *walk, struct native_frame *frames, size_t room, size_t *ret_count)
{
	struct position position = { .is_exact = true };
	size_t count = 0;
	int r = 1;

	walk->accesses = 0;
	if (walk->space->library->init_remote(&position.cursor, walk->space->unwind, walk) < 0)
		r = -1;
	while (r == 1 && count < room) {
		struct native_frame *frame = &frames[count];

		/* What the registers say is said even when it is nonsense. */
		if (!read_frame(walk, &position, frame) ||
		    (!name_frame(walk, &position, frame) && count > 0))
			r = -1;
		else
			count++;
		if (r == 1)
			r = step(walk, &position, frame);
	}
	*ret_count = count;
	return r == 0;
}

int native_walk(struct native_space *space, struct pages *pages, pid_t tid,
		const struct user_regs_struct *regs, struct native_frame *frames, size_t room,
		size_t *ret_count, bool *ret_is_truncated)
{
	struct walk walk = { space, pages, tid, regs, 0 };
	size_t count = 0;
	bool is_whole;

	if (room > NATIVE_FRAMES_MAX)
		room = NATIVE_FRAMES_MAX;
	modules_begin(&space->modules);
	names_begin(&space->names);
	is_whole = (!space->uses_library && collect_plain(&walk, frames, room, &count)) ||
		   collect(&walk, frames, room, &count);
	/* Perhaps a file was mapped where another one was. */
	if (!is_whole && count > 0 && count < room && space->stuck_at != frames[count - 1].ip) {
		if (reload(&walk))
			is_whole = collect(&walk, frames, room, &count);
		space->stuck_at = is_whole || count == 0 ? 0 : frames[count - 1].ip;
	}
	*ret_count = count;
	*ret_is_truncated = !is_whole;
	return 0;
}
