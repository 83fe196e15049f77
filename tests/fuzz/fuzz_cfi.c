/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_cfi.c: what cfi_check() lets pass is given to libunwind, which must bear it: no read out of
 * bounds, no abort, no division by zero; registers and stack are made up.
 *
 * The first two bytes are the size of the CIE and where in the code we are; the CIE, then the FDE
 * follow, without their length words.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/native/cfi.h"
#include "tracer/native/library.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BASE 0x10000ull          /* .eh_frame_hdr's one entry, the CIE, the FDE */
#define CIE 0x10010ull
#define FDE 0x10400ull
#define STACK 0x20000ull

struct memory {
	uint8_t bytes[0x10000];
	uint64_t ip;
	unsigned accesses;
};

static int access_mem(unw_addr_space_t space, unw_word_t address, unw_word_t *word, int is_write,
		      void *data)
{
	struct memory *memory = data;

	(void)space;
	assert(!is_write);
	if (++memory->accesses > 10000)
		return -UNW_EINVAL;
	if (address >= BASE && address <= BASE + sizeof(memory->bytes) - 8)
		memcpy(word, memory->bytes + (address - BASE), 8);
	else if (address >= STACK && address < STACK + 0x10000)
		*word = address * 3;
	else
		return -UNW_EINVAL;
	return 0;
}

static int access_reg(unw_addr_space_t space, unw_regnum_t number, unw_word_t *word, int is_write,
		      void *data)
{
	const struct memory *memory = data;

	(void)space;
	assert(!is_write);
	if (number < 0 || number > 16)
		return -UNW_EBADREG;
	*word = number == 16 ? memory->ip : STACK + (unw_word_t)number * 0x400;
	return 0;
}

static int find_proc_info(unw_addr_space_t space, unw_word_t ip, unw_proc_info_t *info, int needs,
			  void *data)
{
	unw_dyn_info_t table = { .start_ip = ip, .end_ip = ip + 1,
				 .format = UNW_INFO_FORMAT_REMOTE_TABLE };

	table.u.rti.segbase = table.u.rti.table_data = BASE;
	table.u.rti.table_len = 1;
	return unwind_library()->search_table(space, ip, &table, info, needs, data);
}

static void put_unwind_info(unw_addr_space_t space, unw_proc_info_t *info, void *data)
{
	(void)space;
	(void)info;
	(void)data;
}

static int get_dyn_info_list_addr(unw_addr_space_t space, unw_word_t *address, void *data)
{
	(void)space;
	(void)address;
	(void)data;
	return -UNW_ENOINFO;
}

static void walk(struct memory *memory)
{
	static union {
		unw_accessors_t known;
		char room[512];
	} accessors = { .known = { .find_proc_info = find_proc_info,
				   .put_unwind_info = put_unwind_info,
				   .get_dyn_info_list_addr = get_dyn_info_list_addr,
				   .access_mem = access_mem, .access_reg = access_reg } };
	static unw_addr_space_t space;
	unw_cursor_t cursor;

	if (!space)
		space = unwind_library()->create_addr_space(&accessors.known, 0);
	unwind_library()->flush_cache(space, 0, 0);
	if (unwind_library()->init_remote(&cursor, space, memory) < 0)
		return;
	for (int i = 0; i < 4 && unwind_library()->step(&cursor) > 0; i++)
		memory->ip++;
}

/* The length word, the body, padding as it is. */
static size_t place(uint8_t *at, const uint8_t *body, size_t size)
{
	uint32_t length = (uint32_t)size;

	memcpy(at, &length, sizeof(length));
	memcpy(at + sizeof(length), body, size);
	return size + sizeof(length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct memory memory;
	struct cfi cfi = { .cie = memory.bytes + (CIE - BASE), .fde = memory.bytes + (FDE - BASE) };
	const int32_t fde = FDE - BASE;
	struct cfi_facts facts = { .start = 0 };
	size_t cie_size;

	if (size < 2 || size > 0x2000 || !unwind_library())
		return 0;
	cie_size = data[0] < size - 2 ? data[0] : size - 2;
	memset(&memory, 0, sizeof(memory));
	memcpy(memory.bytes + 4, &fde, sizeof(fde));
	cfi.cie_size = place(memory.bytes + (CIE - BASE), data + 2, cie_size);
	cfi.fde_size = place(memory.bytes + (FDE - BASE), data + 2 + cie_size, size - 2 - cie_size);
	if (cfi_check(&cfi, FDE, 0, &facts) < 0)
		return 0;
	/* The pointer back to the CIE is the finder's to follow. */
	memcpy(memory.bytes + (FDE - BASE) + 4, &(uint32_t){ FDE + 4 - CIE }, 4);
	memory.ip = facts.start + data[1];
	if (cfi_check(&cfi, FDE, memory.ip, &facts) < 0)
		return 0;
	/* libunwind's table is searched by 32-bit distances. */
	memcpy(memory.bytes, &(int32_t){ (int32_t)(facts.start - BASE) }, 4);
	walk(&memory);
	return 0;
}
