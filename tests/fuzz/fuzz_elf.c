/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_elf.c: a hostile file, or image of one in memory (the first byte chooses), asked everything.
 * Start it with some small programs as a corpus.
 */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "tracer/elf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
	const uint8_t *data;
	size_t size;
};

static int read_bytes(const struct elf_source *source, pid_t tid, uint64_t offset, void *buffer,
		      size_t size)
{
	const struct bytes *bytes = source->data;

	(void)tid;
	if (offset > bytes->size || size > bytes->size - offset)
		return -EFAULT;
	memcpy(buffer, bytes->data + offset, size);
	return 0;
}

static void ask(struct elf *elf)
{
	static const char *const names[] = { "_PyRuntime", "main", "a", "" };
	const struct map first = { .start = 0x7f0000000000 };
	uint64_t value = 0, length;
	uint8_t id[ELF_BUILD_ID_MAX];
	char name[ELF_NAME_MAX];
	size_t id_size = 1;

	assert(elf->load_count <= ELF_LOADS_MAX);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		elf_symbol(elf, names[i], &value);
		elf_section(elf, names[i], &value, &length);
	}
	elf_section(elf, ".PyRuntime", &value, &length);
	assert(elf_build_id(elf, id, &id_size) < 0 || id_size <= sizeof(id));
	elf_bias(elf, &first);
	for (unsigned i = 0; i < elf->load_count; i++) {
		uint64_t at = elf->loads[i].address + elf->loads[i].file_size / 2;

		if (elf_symbol_at(elf, at, name, &value) == 0)
			assert(memchr(name, '\0', sizeof(name)) && name[0] && value <= at);
		elf_is_read_only(elf, at, 8);
	}
	assert(elf_symbols_held(elf) <= ELF_SYMBOLS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data + 1, size - 1 };
	struct elf_source source = { .read = read_bytes, .data = &bytes, .size = size - 1 };
	struct elf elf;

	if (size == 0)
		return 0;
	source.is_memory = data[0] & 1;
	source.base = source.is_memory ? 0x7f0000000000 : 0;
	if (elf_open_source(&source, 0, &elf) < 0)
		return 0;
	ask(&elf);
	elf_close(&elf);
	return 0;
}
