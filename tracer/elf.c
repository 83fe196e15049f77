/* SPDX-License-Identifier: Apache-2.0 */
/* elf.c: see elf.h; headers, segments, the dynamic section, notes. */
#include "tracer/elf.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/pages.h"

#define PAGE 4096u
#define SEGMENTS_MAX 64u
#define DYNAMIC_MAX 1024u        /* entries */
#define NOTES_MAX (16u << 10)    /* bytes of one PT_NOTE that are looked through */
#define BLOCKS 8u

/* Blocks of the file, directly mapped; a block is whole or not there. */
struct elf_cache {
	uint64_t offsets[BLOCKS];        /* + 1; 0: empty */
	uint8_t bytes[BLOCKS][PAGE];
};

/* ---- bytes ---- */

static int read_block(struct elf *elf, uint64_t offset, const uint8_t **ret_block)
{
	unsigned i = (unsigned)(offset / PAGE % BLOCKS);
	uint64_t size = elf->source.size - offset;
	int e;

	if (!elf->cache)
		elf->cache = calloc(1, sizeof(*elf->cache));
	if (!elf->cache)
		return -ENOMEM;
	*ret_block = elf->cache->bytes[i];
	if (elf->cache->offsets[i] == offset + 1)
		return 0;
	elf->cache->offsets[i] = 0;
	e = elf->source.read(&elf->source, elf->tid, offset, elf->cache->bytes[i],
			     size < PAGE ? (size_t)size : PAGE);
	if (e == 0)
		elf->cache->offsets[i] = offset + 1;
	return e;
}

int elf_read_offset(struct elf *elf, uint64_t offset, void *buffer, size_t size)
{
	uint8_t *out = buffer;

	if (offset > elf->source.size || size > elf->source.size - offset)
		return -EFAULT;
	/* Memory has a cache already; a long read would only sweep this one. */
	if (elf->source.is_memory || size > PAGE)
		return elf->source.read(&elf->source, elf->tid, offset, buffer, size);
	while (size > 0) {
		size_t within = offset % PAGE, step = PAGE - within;
		const uint8_t *block = NULL;
		int e = read_block(elf, offset - within, &block);

		if (e < 0)
			return e;
		if (step > size)
			step = size;
		memcpy(out, block + within, step);
		out += step;
		offset += step;
		size -= step;
	}
	return 0;
}

static const struct elf_load *load_of(const struct elf *elf, uint64_t address, size_t size)
{
	for (unsigned i = 0; i < elf->load_count; i++) {
		const struct elf_load *load = &elf->loads[i];
		/* What lies behind the file's part (.bss) is only in memory. */
		uint64_t room = elf->source.is_memory ? load->memory_size : load->file_size;

		if (address >= load->address && size <= room &&
		    address - load->address <= room - size)
			return load;
	}
	return NULL;
}

int elf_read(struct elf *elf, uint64_t address, void *buffer, size_t size)
{
	const struct elf_load *load = load_of(elf, address, size);

	if (!load)
		return -EFAULT;
	if (elf->source.is_memory)
		return elf_read_offset(elf, address - elf->first_page, buffer, size);
	return elf_read_offset(elf, load->offset + (address - load->address), buffer, size);
}

bool elf_is_read_only(const struct elf *elf, uint64_t address, size_t size)
{
	const struct elf_load *load = load_of(elf, address, size);

	return load && !(load->flags & PF_W);
}

/* ---- segments ---- */

static int add_load(struct elf *elf, const Elf64_Phdr *segment)
{
	if (segment->p_memsz == 0)
		return 0;
	if (elf->load_count == ELF_LOADS_MAX)
		return -ENOEXEC;
	if (segment->p_vaddr >= PAGES_USER_END || segment->p_filesz > segment->p_memsz ||
	    segment->p_memsz > PAGES_USER_END - segment->p_vaddr ||
	    segment->p_offset > UINT64_MAX - segment->p_filesz)
		return -ENOEXEC;
	elf->loads[elf->load_count++] = (struct elf_load){
		.address = segment->p_vaddr, .memory_size = segment->p_memsz,
		.offset = segment->p_offset, .file_size = segment->p_filesz,
		.flags = segment->p_flags,
	};
	if (segment->p_offset < PAGE)
		elf->first_page = segment->p_vaddr & ~(uint64_t)(PAGE - 1);
	return 0;
}

static int add_segment(struct elf *elf, const Elf64_Phdr *segment)
{
	switch (segment->p_type) {
	case PT_LOAD:
		return add_load(elf, segment);
	case PT_DYNAMIC:
		elf->dynamic = segment->p_vaddr;
		elf->dynamic_size = segment->p_filesz;
		return 0;
	case PT_GNU_EH_FRAME:
		elf->eh_frame_hdr = segment->p_vaddr;
		elf->eh_frame_hdr_size = segment->p_filesz;
		return 0;
	default:
		return 0;
	}
}

static int check_header(const Elf64_Ehdr *header)
{
	if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
	    header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
	    (header->e_type != ET_EXEC && header->e_type != ET_DYN) ||
	    header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phnum > SEGMENTS_MAX)
		return -ENOEXEC;
	return 0;
}

/* The segment table's entry `index`; offsets below one page are the same in file and memory. */
static int read_segment(struct elf *elf, const Elf64_Ehdr *header, unsigned index,
			Elf64_Phdr *segment)
{
	if (header->e_phoff > UINT64_MAX / 2)
		return -ENOEXEC;
	return elf_read_offset(elf, header->e_phoff + index * sizeof(*segment), segment,
			       sizeof(*segment));
}

static int read_headers(struct elf *elf, Elf64_Ehdr *header)
{
	int e = elf_read_offset(elf, 0, header, sizeof(*header));

	if (e == 0)
		e = check_header(header);
	if (e < 0)
		return e;
	elf->is_fixed = header->e_type == ET_EXEC;
	elf->entry = header->e_entry;
	for (unsigned i = 0; i < header->e_phnum; i++) {
		Elf64_Phdr segment;

		e = read_segment(elf, header, i, &segment);
		if (e == 0)
			e = add_segment(elf, &segment);
		if (e < 0)
			return e;
	}
	if (!elf->source.is_memory && header->e_shentsize == sizeof(Elf64_Shdr)) {
		elf->sections.offset = header->e_shoff;
		elf->sections.count = header->e_shoff ? header->e_shnum : 0;
		elf->sections.names = header->e_shstrndx;
	}
	return elf->load_count ? 0 : -ENOEXEC;
}

/* ---- the dynamic section ---- */

/* glibc adds the bias to these pointers in memory, other loaders do not; 0: points nowhere. */
static uint64_t unbiased(const struct elf *elf, uint64_t pointer)
{
	uint64_t bias = elf->source.base - elf->first_page;

	if (load_of(elf, pointer, 1))
		return pointer;
	return elf->source.is_memory && load_of(elf, pointer - bias, 1) ? pointer - bias : 0;
}

static void read_dynamic(struct elf *elf)
{
	uint64_t count = elf->dynamic_size / sizeof(Elf64_Dyn);

	for (unsigned i = 0; i < DYNAMIC_MAX && i < count; i++) {
		Elf64_Dyn entry;

		if (elf_read(elf, elf->dynamic + i * sizeof(entry), &entry, sizeof(entry)) < 0)
			return;
		if (entry.d_tag == DT_NULL)
			return;
		if (entry.d_tag == DT_SYMTAB)
			elf->tables.symbols = unbiased(elf, entry.d_un.d_ptr);
		else if (entry.d_tag == DT_STRTAB)
			elf->tables.strings = unbiased(elf, entry.d_un.d_ptr);
		else if (entry.d_tag == DT_STRSZ)
			elf->tables.strings_size = entry.d_un.d_val;
		else if (entry.d_tag == DT_GNU_HASH)
			elf->tables.gnu_hash = unbiased(elf, entry.d_un.d_ptr);
		else if (entry.d_tag == DT_HASH)
			elf->tables.hash = unbiased(elf, entry.d_un.d_ptr);
	}
}

int elf_open_source(const struct elf_source *source, pid_t tid, struct elf *ret_elf)
{
	struct elf elf = {
		.source = *source, .tid = tid, .fd = -1, .symbols_max = ELF_SYMBOLS_MAX,
	};
	Elf64_Ehdr header;
	int e = read_headers(&elf, &header);

	if (e < 0) {
		elf_close(&elf);
		return e;
	}
	read_dynamic(&elf);
	*ret_elf = elf;
	return 0;
}

void elf_close(struct elf *elf)
{
	elf_index_free(elf->index);
	free(elf->cache);
	if (elf->fd >= 0)
		close(elf->fd);
	*elf = (struct elf){ .fd = -1 };
}

uint64_t elf_bias(const struct elf *elf, const struct map *first)
{
	return elf->is_fixed ? 0 : first->start - elf->first_page;
}

/* ---- notes ---- */

static uint64_t align4(uint64_t n)
{
	return (n + 3) & ~(uint64_t)3;
}

/* Through the notes of one segment (name and contents padded to 4 bytes); -ENOENT: not there. */
static int find_build_id(struct elf *elf, uint64_t at, uint64_t size, uint8_t *id, size_t *ret_size)
{
	uint64_t end = at + (size < NOTES_MAX ? size : NOTES_MAX);

	while (end - at > sizeof(Elf64_Nhdr)) {
		Elf64_Nhdr note;
		char name[4];
		uint64_t body;

		if (elf_read(elf, at, &note, sizeof(note)) < 0)
			return -ENOENT;
		body = at + sizeof(note) + align4(note.n_namesz);
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof(name) &&
		    elf_read(elf, at + sizeof(note), name, sizeof(name)) == 0 &&
		    memcmp(name, "GNU", sizeof(name)) == 0) {
			*ret_size = note.n_descsz;
			return note.n_descsz && note.n_descsz <= ELF_BUILD_ID_MAX &&
			       elf_read(elf, body, id, note.n_descsz) == 0 ? 0 : -ENOENT;
		}
		at = body + align4(note.n_descsz);
		if (at > end)
			return -ENOENT;
	}
	return -ENOENT;
}

int elf_build_id(struct elf *elf, uint8_t id[ELF_BUILD_ID_MAX], size_t *ret_size)
{
	Elf64_Ehdr header;
	int e = elf_read_offset(elf, 0, &header, sizeof(header));

	if (e == 0)
		e = check_header(&header);
	for (unsigned i = 0; e == 0 && i < header.e_phnum; i++) {
		uint8_t found[ELF_BUILD_ID_MAX];
		Elf64_Phdr segment;
		size_t size;

		e = read_segment(elf, &header, i, &segment);
		if (e < 0 || segment.p_type != PT_NOTE || segment.p_vaddr >= PAGES_USER_END ||
		    find_build_id(elf, segment.p_vaddr, segment.p_filesz, found, &size) < 0)
			continue;
		memcpy(id, found, size);
		*ret_size = size;
		return 0;
	}
	return -ENOENT;
}
