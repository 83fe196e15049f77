/* SPDX-License-Identifier: Apache-2.0 */
/* elf_symbols.c: see elf.h; symbols by name (hash tables), sections by name, symbols by address. */
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "tracer/elf.h"

#define CHAIN_MAX 65536u         /* steps through one hash chain */
#define SECTIONS_MAX 4096u
#define SCANNED_MAX (1u << 20)   /* symbols looked at, functions or not */
#define BATCH 128u               /* symbols read with one call */
#define ALIASES_MAX 16u

/* ---- names ---- */

/* The string is exactly `name`; its NUL is compared too. */
static bool is_string(struct elf *elf, uint64_t at, const char *name)
{
	size_t size = strlen(name) + 1;
	char text[ELF_NAME_MAX];

	return size <= sizeof(text) && elf_read(elf, at, text, size) == 0 &&
	       memcmp(text, name, size) == 0;
}

static int read_symbol(struct elf *elf, uint64_t index, Elf64_Sym *symbol)
{
	return elf_read(elf, elf->tables.symbols + index * sizeof(*symbol), symbol,
			sizeof(*symbol));
}

/* Defined here, and a place rather than a constant or an offset into thread-local storage. */
static bool has_address(const Elf64_Sym *symbol)
{
	unsigned type = ELF64_ST_TYPE(symbol->st_info);

	return symbol->st_shndx != SHN_UNDEF && symbol->st_shndx != SHN_ABS &&
	       (type == STT_NOTYPE || type == STT_OBJECT || type == STT_FUNC ||
		type == STT_GNU_IFUNC);
}

static bool is_symbol(struct elf *elf, uint64_t index, const char *name, uint64_t *ret_value)
{
	Elf64_Sym symbol;

	if (read_symbol(elf, index, &symbol) < 0 || !has_address(&symbol) ||
	    symbol.st_name >= elf->tables.strings_size ||
	    !is_string(elf, elf->tables.strings + symbol.st_name, name))
		return false;
	*ret_value = symbol.st_value;
	return true;
}

/* ---- hash tables ---- */

static uint32_t gnu_hash(const char *name)
{
	uint32_t hash = 5381;

	for (const unsigned char *c = (const unsigned char *)name; *c; c++)
		hash = hash * 33 + *c;
	return hash;
}

static uint32_t sysv_hash(const char *name)
{
	uint32_t hash = 0;

	for (const unsigned char *c = (const unsigned char *)name; *c; c++) {
		hash = (hash << 4) + *c;
		hash = (hash ^ (hash >> 24 & 0xf0)) & 0x0fffffff;
	}
	return hash;
}

/* DT_GNU_HASH: this header, a bloom filter (not used), buckets, one chain word per symbol. */
struct gnu_table {
	uint32_t bucket_count, first_symbol, bloom_words, bloom_shift;
};

static int read_gnu_table(struct elf *elf, struct gnu_table *table, uint64_t *ret_buckets,
			  uint64_t *ret_chains)
{
	int e;

	if (!elf->tables.gnu_hash)
		return -ENOENT;
	e = elf_read(elf, elf->tables.gnu_hash, table, sizeof(*table));
	if (e < 0)
		return e;
	*ret_buckets = elf->tables.gnu_hash + sizeof(*table) + (uint64_t)table->bloom_words * 8;
	*ret_chains = *ret_buckets + (uint64_t)table->bucket_count * 4;
	return table->bucket_count ? 0 : -ENOENT;
}

static int look_up_gnu(struct elf *elf, const char *name, uint64_t *ret_value)
{
	uint32_t hash = gnu_hash(name), index, chain;
	uint64_t buckets, chains;
	struct gnu_table table;
	int e = read_gnu_table(elf, &table, &buckets, &chains);

	if (e == 0)
		e = elf_read(elf, buckets + hash % table.bucket_count * 4ull, &index, 4);
	if (e < 0)
		return e;
	if (index < table.first_symbol)
		return -ENOENT;
	for (unsigned step = 0; step < CHAIN_MAX; step++, index++) {
		e = elf_read(elf, chains + (index - table.first_symbol) * 4ull, &chain, 4);
		if (e < 0)
			return e;
		if ((chain | 1) == (hash | 1) && is_symbol(elf, index, name, ret_value))
			return 0;
		if ((chain & 1) || index == UINT32_MAX)
			return -ENOENT;
	}
	return -ENOENT;
}

/* DT_HASH: number of buckets, of symbols; buckets; next symbol of each. */
static int look_up_sysv(struct elf *elf, const char *name, uint64_t *ret_value)
{
	uint64_t table = elf->tables.hash;
	uint32_t sizes[2], index;
	int e;

	if (!table)
		return -ENOENT;
	e = elf_read(elf, table, sizes, sizeof(sizes));
	if (e < 0 || sizes[0] == 0)
		return e < 0 ? e : -ENOENT;
	e = elf_read(elf, table + 8 + sysv_hash(name) % sizes[0] * 4ull, &index, 4);
	for (unsigned step = 0; e == 0 && index && step < CHAIN_MAX; step++) {
		if (is_symbol(elf, index, name, ret_value))
			return 0;
		e = elf_read(elf, table + 8 + (sizes[0] + (uint64_t)index) * 4, &index, 4);
	}
	return e < 0 ? e : -ENOENT;
}

int elf_symbol(struct elf *elf, const char *name, uint64_t *ret_value)
{
	if (!elf->tables.symbols || !elf->tables.strings)
		return -ENOENT;
	if (elf->tables.gnu_hash)
		return look_up_gnu(elf, name, ret_value);
	return look_up_sysv(elf, name, ret_value);
}

/* ---- sections ---- */

static int read_section(struct elf *elf, uint64_t index, Elf64_Shdr *section)
{
	if (index >= elf->sections.count || elf->sections.offset > elf->source.size)
		return -ENOENT;
	return elf_read_offset(elf, elf->sections.offset + index * sizeof(*section), section,
			       sizeof(*section));
}

int elf_section(struct elf *elf, const char *name, uint64_t *ret_address, uint64_t *ret_size)
{
	size_t size = strlen(name) + 1;
	Elf64_Shdr names, section;
	char text[ELF_NAME_MAX];

	if (size > sizeof(text) || read_section(elf, elf->sections.names, &names) < 0 ||
	    names.sh_offset > elf->source.size)
		return -ENOENT;
	for (unsigned i = 1; i < elf->sections.count && i < SECTIONS_MAX; i++) {
		if (read_section(elf, i, &section) < 0)
			return -ENOENT;
		if (!(section.sh_flags & SHF_ALLOC) || section.sh_name >= names.sh_size ||
		    elf_read_offset(elf, names.sh_offset + section.sh_name, text, size) < 0 ||
		    memcmp(text, name, size) != 0)
			continue;
		*ret_address = section.sh_addr;
		*ret_size = section.sh_size;
		return 0;
	}
	return -ENOENT;
}

/* ---- symbols by address ---- */

/* Sorted by value.  The strings are read when asked for. */
struct elf_index {
	unsigned count;
	bool has_offset;                 /* strings is an offset, not an address */
	uint64_t strings, strings_size;
	struct entry {
		uint64_t value;
		uint32_t size, name;
	} entries[];
};

/* A table of symbols: where, and how many. */
struct table {
	uint64_t symbols, count;
	bool has_offset;                 /* else an address */
	uint64_t strings, strings_size;
};

void elf_index_free(struct elf_index *index)
{
	free(index);
}

static bool find_symtab(struct elf *elf, struct table *table)
{
	Elf64_Shdr section, strings;

	for (unsigned i = 1; i < elf->sections.count && i < SECTIONS_MAX; i++) {
		if (read_section(elf, i, &section) < 0)
			return false;
		if (section.sh_type != SHT_SYMTAB || section.sh_entsize != sizeof(Elf64_Sym))
			continue;
		if (read_section(elf, section.sh_link, &strings) < 0 ||
		    section.sh_offset > elf->source.size || strings.sh_offset > elf->source.size)
			return false;
		*table = (struct table){
			section.sh_offset, section.sh_size / sizeof(Elf64_Sym), true,
			strings.sh_offset, strings.sh_size,
		};
		return true;
	}
	return false;
}

/* The dynamic section does not say how many symbols there are; the hash tables do. */
static uint64_t count_dynamic(struct elf *elf)
{
	uint32_t sizes[2], last = 0, index, chain = 0;
	uint64_t buckets, chains;
	struct gnu_table table;

	if (read_gnu_table(elf, &table, &buckets, &chains) < 0)
		return elf->tables.hash && elf_read(elf, elf->tables.hash, sizes, 8) == 0 ?
		       sizes[1] : 0;
	for (uint32_t i = 0; i < table.bucket_count && i < ELF_SYMBOLS_MAX; i++) {
		if (elf_read(elf, buckets + i * 4ull, &index, 4) < 0)
			return 0;
		last = index > last ? index : last;
	}
	if (last < table.first_symbol)
		return 0;
	for (unsigned step = 0; step < CHAIN_MAX && !(chain & 1); step++, last++) {
		if (elf_read(elf, chains + (last - table.first_symbol) * 4ull, &chain, 4) < 0)
			return 0;
	}
	return last;
}

static bool find_dynamic(struct elf *elf, struct table *table)
{
	if (!elf->tables.symbols || !elf->tables.strings)
		return false;
	*table = (struct table){
		elf->tables.symbols, count_dynamic(elf), false,
		elf->tables.strings, elf->tables.strings_size,
	};
	return table->count > 0;
}

static int read_from(struct elf *elf, bool has_offset, uint64_t at, void *buffer, size_t size)
{
	if (has_offset)
		return elf_read_offset(elf, at, buffer, size);
	return elf_read(elf, at, buffer, size);
}

static bool is_function(const Elf64_Sym *symbol)
{
	unsigned type = ELF64_ST_TYPE(symbol->st_info);

	return (type == STT_FUNC || type == STT_GNU_IFUNC) && symbol->st_shndx != SHN_UNDEF &&
	       symbol->st_value != 0;
}

/* The functions of the table into `out` (NULL: only counted), up to where it can be read. */
static unsigned each_function(struct elf *elf, const struct table *table, unsigned room,
			      struct entry *out)
{
	unsigned count = 0;

	for (uint64_t i = 0; i < table->count && i < SCANNED_MAX; i += BATCH) {
		Elf64_Sym batch[BATCH];
		size_t n = table->count - i < BATCH ? (size_t)(table->count - i) : BATCH;

		if (read_from(elf, table->has_offset, table->symbols + i * sizeof(*batch), batch,
			      n * sizeof(*batch)) < 0)
			return count;
		for (size_t k = 0; k < n; k++) {
			uint64_t size = batch[k].st_size;

			if (!is_function(&batch[k]))
				continue;
			if (count == room)
				return count;
			if (out)
				out[count] = (struct entry){
					batch[k].st_value,
					size < UINT32_MAX ? (uint32_t)size : UINT32_MAX,
					batch[k].st_name,
				};
			count++;
		}
	}
	return count;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return x->value < y->value ? -1 : x->value > y->value;
}

/* An empty index is kept as well: there is nothing to look for a second time. */
static struct elf_index *new_index(struct elf *elf)
{
	struct table table = { .count = 0 };
	struct elf_index *index;
	unsigned room = 0;

	if (find_symtab(elf, &table) || find_dynamic(elf, &table))
		room = each_function(elf, &table, elf->symbols_max, NULL);
	index = malloc(sizeof(*index) + room * sizeof(index->entries[0]));
	if (!index)
		return NULL;
	*index = (struct elf_index){
		.has_offset = table.has_offset,
		.strings = table.strings, .strings_size = table.strings_size,
	};
	/* Counted again: what is not locked may have become less. */
	index->count = each_function(elf, &table, room, index->entries);
	qsort(index->entries, index->count, sizeof(index->entries[0]), compare_entries);
	return index;
}

/* Up to ELF_NAME_MAX - 1 bytes of the string, as many as lie before the table's end. */
static bool read_name(struct elf *elf, const struct elf_index *index, uint32_t at, char *name)
{
	uint64_t left;

	if (at >= index->strings_size)
		return false;
	left = index->strings_size - at;
	if (left > ELF_NAME_MAX - 1)
		left = ELF_NAME_MAX - 1;
	if (read_from(elf, index->has_offset, index->strings + at, name, (size_t)left) < 0)
		return false;
	name[left] = '\0';
	return name[0] != '\0';
}

/* Fewer leading underscores, then shorter: "read" rather than "__read", and "strtol". */
static bool is_better(const char *name, const char *other)
{
	size_t own = strspn(name, "_"), others = strspn(other, "_");

	return own < others || (own == others && strlen(name) < strlen(other));
}

/* The best name of the entries that begin where `last` does. */
static bool choose_name(struct elf *elf, const struct elf_index *index, size_t last, char *name)
{
	uint64_t value = index->entries[last].value;
	bool is_found = false;

	for (size_t i = 0; i < ALIASES_MAX && i <= last; i++) {
		const struct entry *entry = &index->entries[last - i];
		char other[ELF_NAME_MAX];

		if (entry->value != value)
			break;
		if (!read_name(elf, index, entry->name, other) ||
		    (is_found && !is_better(other, name)))
			continue;
		memcpy(name, other, sizeof(other));
		is_found = true;
	}
	return is_found;
}

/* The last entry at or below the address; count: none. */
static size_t last_at(const struct elf_index *index, uint64_t address)
{
	size_t low = 0, high = index->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (index->entries[middle].value <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? low - 1 : index->count;
}

/* Both lie in one executable segment: what follows the last function is none of it. */
static bool is_in_code(const struct elf *elf, uint64_t value, uint64_t address)
{
	for (unsigned i = 0; i < elf->load_count; i++) {
		const struct elf_load *load = &elf->loads[i];

		if ((load->flags & PF_X) && value >= load->address &&
		    address - load->address < load->memory_size)
			return true;
	}
	return false;
}

int elf_symbol_at(struct elf *elf, uint64_t address, char name[ELF_NAME_MAX], uint64_t *ret_value)
{
	const struct entry *entry;
	size_t last;

	if (!elf->index)
		elf->index = new_index(elf);
	if (!elf->index)
		return -ENOMEM;
	last = last_at(elf->index, address);
	if (last == elf->index->count)
		return -ENOENT;
	entry = &elf->index->entries[last];
	/* Hand-written assembly has symbols without a size: they reach to the next one. */
	if (entry->size ? address - entry->value >= entry->size
			: !is_in_code(elf, entry->value, address))
		return -ENOENT;
	if (!choose_name(elf, elf->index, last, name))
		return -ENOENT;
	*ret_value = entry->value;
	return 0;
}

unsigned elf_symbols_held(const struct elf *elf)
{
	return elf->index ? elf->index->count : 0;
}
