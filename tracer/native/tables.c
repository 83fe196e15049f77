/* SPDX-License-Identifier: Apache-2.0 */
/* tables.c: see tables.h. */
#include "tracer/native/tables.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WORD 8u
#define SIGNALS_MAX 8u
#define SCANNED_MAX 65536u       /* entries of .eh_frame, where they are not indexed */
#define MADE_UP (1ull << 63)     /* the kernel's half of all addresses */

struct word {
	uint64_t address;                /* 0: free */
	uint8_t bytes[WORD];
	uint8_t has;                     /* a bit per byte */
};

struct tables {
	unsigned count;
	unsigned signal_count;
	uint64_t signals[SIGNALS_MAX];
	uint8_t fde[CFI_FDE_MAX], cie[CFI_CIE_MAX];      /* being checked */
	struct word words[TABLES_WORDS];                 /* open addressing */
};

int tables_new(struct tables **ret_tables)
{
	struct tables *tables = calloc(1, sizeof(*tables));

	if (!tables)
		return -ENOMEM;
	*ret_tables = tables;
	return 0;
}

void tables_free(struct tables *tables)
{
	free(tables);
}

void tables_clear(struct tables *tables)
{
	memset(tables->words, 0, sizeof(tables->words));
	tables->count = tables->signal_count = 0;
}

/* ---- copies ---- */

static unsigned slot_of(uint64_t address)
{
	return (unsigned)(address / WORD * 0x9e3779b97f4a7c15u >> 32) % TABLES_WORDS;
}

/* The word, or the free slot where it would be; an eighth is always free. */
static const struct word *find_word(const struct tables *tables, uint64_t address)
{
	unsigned slot = slot_of(address);

	while (tables->words[slot].address && tables->words[slot].address != address)
		slot = (slot + 1) % TABLES_WORDS;
	return &tables->words[slot];
}

bool tables_word(const struct tables *tables, uint64_t address, uint64_t *ret_word)
{
	const struct word *word;

	if (address == 0 || address % WORD != 0)
		return false;
	word = find_word(tables, address);
	if (!word->address)
		return false;
	memcpy(ret_word, word->bytes, WORD);
	return true;
}

static int keep_byte(struct tables *tables, uint64_t address, uint8_t byte)
{
	struct word *word = (struct word *)find_word(tables, address / WORD * WORD);
	unsigned i = (unsigned)(address % WORD);

	if (!word->address) {
		if (tables->count >= TABLES_WORDS / 8 * 7)
			return -EAGAIN;
		tables->count++;
		word->address = address / WORD * WORD;
	}
	if ((word->has >> i & 1) && word->bytes[i] != byte)
		return -EAGAIN;
	word->has |= (uint8_t)(1u << i);
	word->bytes[i] = byte;
	return 0;
}

static int keep(struct tables *tables, uint64_t address, const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		int e = keep_byte(tables, address + i, bytes[i]);

		if (e < 0)
			return e;
	}
	return 0;
}

/* ---- .eh_frame_hdr ---- */

/* As every linker writes it: version 1; encodings of the frames' place, the count, the entries. */
static const uint8_t usual[] = { 1, 0x1b, 0x03, 0x3b };

struct header {
	uint8_t kind[sizeof(usual)];
	int32_t frames;
	uint32_t count;
};

/* Both relative to the header. */
struct entry {
	int32_t start, fde;
};

static bool read_header(struct elf *elf, struct header *header)
{
	if (elf->eh_frame_hdr_size < sizeof(*header) ||
	    elf_read(elf, elf->eh_frame_hdr, header, sizeof(*header)) < 0 ||
	    memcmp(header->kind, usual, sizeof(usual)) != 0)
		return false;
	return header->count <=
	       (elf->eh_frame_hdr_size - sizeof(*header)) / sizeof(struct entry);
}

/* The FDE of the last entry at or below `ip`, all in the file's addresses. */
static bool search(struct elf *elf, const struct header *header, uint64_t ip, uint64_t *ret_fde)
{
	uint64_t first = elf->eh_frame_hdr + sizeof(*header);
	int64_t wanted = (int64_t)(ip - elf->eh_frame_hdr);
	uint32_t low = 0, high = header->count;
	struct entry entry;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (elf_read(elf, first + middle * sizeof(entry), &entry, sizeof(entry)) < 0)
			return false;
		if (wanted < entry.start)
			high = middle;
		else
			low = middle + 1;
	}
	if (low == 0 ||
	    elf_read(elf, first + (low - 1) * sizeof(entry), &entry, sizeof(entry)) < 0)
		return false;
	*ret_fde = elf->eh_frame_hdr + (uint64_t)(int64_t)entry.fde;
	return true;
}

/* ---- .eh_frame ---- */

/* One entry with its length word; 0: not there, too long, or of no length. */
static size_t read_entry(struct elf *elf, uint64_t at, uint8_t *buffer, size_t room)
{
	uint32_t length;

	if (elf_read(elf, at, &length, sizeof(length)) < 0 || length < 8 ||
	    length > room - sizeof(length) ||
	    elf_read(elf, at, buffer, sizeof(length) + length) < 0 ||
	    memcmp(buffer, &length, sizeof(length)) != 0)
		return 0;
	return sizeof(length) + length;
}

/* A checked frame description, with the copies that were checked. */
struct frame {
	struct cfi cfi;
	struct cfi_facts facts;
	uint64_t fde_at, cie_at;         /* in the file's addresses, as `ip` */
};

/* The FDE at `at`, if it speaks of `ip`. */
static bool read_frame(struct tables *tables, struct elf *elf, uint64_t at, uint64_t ip,
		       struct frame *frame)
{
	int32_t back;

	frame->fde_at = at;
	frame->cfi = (struct cfi){ .cie = tables->cie, .fde = tables->fde };
	frame->cfi.fde_size = read_entry(elf, at, tables->fde, sizeof(tables->fde));
	if (!frame->cfi.fde_size)
		return false;
	/* The distance from this very word back to the CIE. */
	memcpy(&back, tables->fde + 4, sizeof(back));
	frame->cie_at = at + 4 - (uint64_t)(int64_t)back;
	frame->cfi.cie_size = read_entry(elf, frame->cie_at, tables->cie, sizeof(tables->cie));
	return frame->cfi.cie_size &&
	       cfi_check(&frame->cfi, at, ip, &frame->facts) == 0 &&
	       ip >= frame->facts.start && ip < frame->facts.end;
}

/* Without a table, as in static programs of gcc: entry after entry. */
static bool scan(struct tables *tables, struct elf *elf, uint64_t ip, struct frame *frame)
{
	uint64_t at, size, end;
	uint32_t words[2];

	if (elf_section(elf, ".eh_frame", &at, &size) < 0 || at >= UINT64_MAX - size)
		return false;
	end = at + size;
	for (unsigned i = 0; i < SCANNED_MAX && at < end; i++) {
		if (elf_read(elf, at, words, sizeof(words)) < 0 || words[0] == 0)
			return false;
		if (words[1] != 0 && read_frame(tables, elf, at, ip, frame))
			return true;
		at += 4 + (uint64_t)words[0];
	}
	return false;
}

static bool find_frame(struct tables *tables, struct elf *elf, uint64_t ip, struct frame *frame)
{
	struct header header;
	uint64_t at;

	if (!read_header(elf, &header))
		return scan(tables, elf, ip, frame);
	return search(elf, &header, ip, &at) && read_frame(tables, elf, at, ip, frame);
}

static void note_signal(struct tables *tables, uint64_t ip)
{
	if (!tables_is_signal(tables, ip) && tables->signal_count < SIGNALS_MAX)
		tables->signals[tables->signal_count++] = ip;
}

/*
 * libunwind finds the FDE by a table of one entry, made for it at an address where no tracee has
 * anything; relative to the FDE itself.
 */
static int keep_entry(struct tables *tables, const struct frame *frame, uint64_t fde,
		      struct table_place *ret_place)
{
	int64_t distance = (int64_t)(frame->facts.start - frame->fde_at);
	struct entry entry = { .start = (int32_t)distance, .fde = 0 };

	if (distance < INT32_MIN || distance > INT32_MAX)
		return -ENOENT;
	*ret_place = (struct table_place){ fde, MADE_UP | fde / WORD * WORD };
	return keep(tables, ret_place->entry, (const uint8_t *)&entry, sizeof(entry));
}

int tables_find(struct tables *tables, struct module *module, uint64_t ip,
		struct table_place *ret_place)
{
	uint64_t bias = module->bias;
	struct frame frame;
	int e;

	/* libunwind checks the range as well, but leaks memory when ip is not in it. */
	if (!find_frame(tables, &module->elf, ip - bias, &frame))
		return -ENOENT;
	e = keep_entry(tables, &frame, bias + frame.fde_at, ret_place);
	if (e == 0)
		e = keep(tables, bias + frame.fde_at, frame.cfi.fde, frame.cfi.fde_size);
	if (e == 0)
		e = keep(tables, bias + frame.cie_at, frame.cfi.cie, frame.cfi.cie_size);
	if (e == 0 && frame.facts.is_signal)
		note_signal(tables, ip);
	return e;
}

int tables_row(struct tables *tables, struct module *module, uint64_t ip, struct cfi_row *ret_row)
{
	struct frame frame;

	if (!find_frame(tables, &module->elf, ip - module->bias, &frame))
		return -ENOENT;
	*ret_row = frame.facts.row;
	return 0;
}

bool tables_is_signal(const struct tables *tables, uint64_t ip)
{
	for (unsigned i = 0; i < tables->signal_count; i++) {
		if (tables->signals[i] == ip)
			return true;
	}
	return false;
}
