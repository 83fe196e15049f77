/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_maps.c: whatever the text, the list is sorted, without overlaps, and finds what is in it. */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/maps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	uint64_t end = 0;
	struct maps maps;
	int e;

	assert(text);
	memcpy(text, data, size);
	e = maps_parse(text, size, &maps);
	assert(e == 0 || e == -EINVAL || e == -E2BIG);
	if (e < 0)
		return 0;
	for (size_t i = 0; i < maps.count; i++) {
		const struct map *map = &maps.items[i];

		assert(map->start >= end && map->end > map->start);
		end = map->end;
		assert(maps_find(&maps, map->start) == map && maps_find(&maps, end - 1) == map);
		assert(strlen(map->path) <= size && !strchr(map->path, '\n'));
		assert(!maps_first_of(&maps, map) || maps_first_of(&maps, map)->offset == 0);
	}
	maps_find(&maps, end);
	maps_free(&maps);
	return 0;
}
