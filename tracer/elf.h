/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elf.h: an ELF file that is mapped into a tracee, parsed as hostile input.
 *
 * Offsets, sizes and counts in it are the tracee's: every one is bounded before use, every read is
 * a copy of bounded size (never a mapping of the file, which may be truncated meanwhile).  The
 * bytes come from a source: the file, the tracee's memory (when the file is gone), or a fuzzer.
 *
 * Addresses in here are the file's own (p_vaddr, st_value): un-biased.  Add elf_bias() for the
 * tracee's.  Names are untrusted bytes.
 *
 * 64-bit little-endian ELF only; layout by the System V gABI and elf(5), DT_GNU_HASH by glibc's
 * elf/dl-lookup.c.
 */
#ifndef TRACER_ELF_H
#define TRACER_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/maps.h"

struct pages;

#define ELF_LOADS_MAX 16u
#define ELF_NAME_MAX 256u                /* longer symbol names are cut, NUL included */
#define ELF_BUILD_ID_MAX 64u
#define ELF_SYMBOLS_MAX (1u << 18)       /* of one file, sorted for elf_symbol_at(): 4 MiB */

struct elf_source {
	/* All `size` bytes at `offset`, or a negative errno; `tid`: elf->tid. */
	int (*read)(const struct elf_source *source, pid_t tid, uint64_t offset, void *buffer,
		    size_t size);
	void *data;
	uint64_t size;                   /* no offset reaches further */
	/*
	 * A loaded image: offsets count from its start at address `base`, only what is loaded is
	 * there, and the dynamic linker may have made pointers absolute.
	 */
	bool is_memory;
	uint64_t base;
};

struct elf_load {
	uint64_t address, memory_size;
	uint64_t offset, file_size;
	uint32_t flags;                  /* PF_X, PF_W, PF_R */
};

struct elf {
	struct elf_source source;
	pid_t tid;              /* whom the watchdog ends when the file does not come; see elf_open() */
	int fd;                          /* -1: no file */
	struct elf_load loads[ELF_LOADS_MAX];
	unsigned load_count;
	bool is_fixed;                   /* ET_EXEC: loaded where it says */
	uint64_t entry;                  /* where it starts, a program or the dynamic linker */
	uint64_t first_page;             /* address of the page that offset 0 is loaded at */
	uint64_t eh_frame_hdr, eh_frame_hdr_size;        /* PT_GNU_EH_FRAME; 0, 0: none */
	uint64_t dynamic, dynamic_size;                  /* PT_DYNAMIC */
	struct {
		uint64_t symbols, strings, strings_size, gnu_hash, hash;
	} tables;                        /* DT_*; 0: none */
	struct {
		uint64_t offset;
		uint32_t count, names;
	} sections;                      /* the section headers; names: index of .shstrtab */
	unsigned symbols_max;            /* for elf_symbol_at(); the caller may lower it */
	struct elf_cache *cache;         /* of a file's blocks */
	struct elf_index *index;         /* for elf_symbol_at() */
};

/*
 * The file of `map`, found below /proc/PID/root without magic links, opened only when it is a
 * regular file, without waiting.  It must be the mapped one: same device and inode; where these
 * differ by design (overlayfs, btrfs), and `pages` is given, the build-id in memory must equal the
 * file's (`map` must then be the mapping of offset 0, and a stop of `pages` begun).
 *
 * The watchdog runs for elf->tid, at first `pid`.  Who keeps an elf for longer than the stop sets
 * elf->tid to a live tracee before each use.
 *
 * -ENOENT, -EACCES, ...: cannot be opened (deleted; another mount namespace); -ESTALE: another
 * file; -ENOEXEC: no ELF file; -EFAULT: cut short.  elf_open_memory() may still do.
 */
int elf_open(pid_t pid, const struct map *map, struct pages *pages, struct elf *ret_elf);

/*
 * The image at `start` (the mapping of offset 0) in the memory that `pages` reads: no sections, no
 * .symtab.  `pages` is used for as long as the elf is, and must be in a stop of that process.
 */
int elf_open_memory(struct pages *pages, uint64_t start, struct elf *ret_elf);

/* From any source (copied; its data must live as long); nothing to close on failure. */
int elf_open_source(const struct elf_source *source, pid_t tid, struct elf *ret_elf);

void elf_close(struct elf *elf);

/* What to add to the file's addresses; `first`: the mapping with offset 0.  0 for ET_EXEC. */
uint64_t elf_bias(const struct elf *elf, const struct map *first);

/* Loaded bytes as the file has them; -EFAULT when the range is not all inside one PT_LOAD. */
int elf_read(struct elf *elf, uint64_t address, void *buffer, size_t size);

/* The range lies in a PT_LOAD that is never writable, so that the file speaks for memory. */
bool elf_is_read_only(const struct elf *elf, uint64_t address, size_t size);

/* The GNU build-id note: 0 and its bytes, or -ENOENT. */
int elf_build_id(struct elf *elf, uint8_t id[ELF_BUILD_ID_MAX], size_t *ret_size);

/* An exported (dynamic) symbol of code or data; -ENOENT. */
int elf_symbol(struct elf *elf, const char *name, uint64_t *ret_value);

/* A loaded section by name; -ENOENT, also when there are no section headers. */
int elf_section(struct elf *elf, const char *name, uint64_t *ret_address, uint64_t *ret_size);

/*
 * The function that `address` lies in, from .symtab or else the dynamic symbols.  Between
 * functions, as a stripped file knows them, there is no name: -ENOENT rather than a guess.  Among
 * aliases the one with fewer leading underscores, then the shorter.  The first call sorts the
 * symbols (a millisecond for 15,000).
 */
int elf_symbol_at(struct elf *elf, uint64_t address, char name[ELF_NAME_MAX],
		  uint64_t *ret_value);

/* How many symbols elf_symbol_at() holds in memory for this file (16 bytes each). */
unsigned elf_symbols_held(const struct elf *elf);

/* For elf_*.c: bytes at an offset of the source. */
int elf_read_offset(struct elf *elf, uint64_t offset, void *buffer, size_t size);
void elf_index_free(struct elf_index *index);

#endif
