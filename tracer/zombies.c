/* SPDX-License-Identifier: Apache-2.0 */
/* zombies.c: see zombies.h. */
#include "tracer/zombies.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"

#define ROOM_LEAST 64

/* proc_pid_stat(5): what follows the name, which may hold anything; NULL: nobody to be seen. */
static const char *read_stat(pid_t pid, char *text, size_t size)
{
	char path[32];
	cleanup_close int fd = -1;
	const char *rest;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, size - 1);
	if (n <= 0)
		return NULL;
	text[n] = '\0';
	/* The last bracket ends the name. */
	rest = strrchr(text, ')');
	return rest ? rest + 1 : NULL;
}

char process_state(pid_t pid)
{
	char text[512];
	const char *rest = read_stat(pid, text, sizeof(text));

	return rest && rest[0] ? rest[1] : '\0';
}

pid_t process_parent(pid_t pid)
{
	char text[512];
	const char *rest = read_stat(pid, text, sizeof(text));
	int parent = 0;

	return rest && sscanf(rest, " %*c %d", &parent) == 1 ? parent : 0;
}

static int make_room(struct zombies *zombies)
{
	size_t room = zombies->room ? 2 * zombies->room : ROOM_LEAST;
	pid_t *pids = realloc(zombies->pids, room * sizeof(*pids));

	if (!pids)
		return -ENOMEM;
	zombies->pids = pids;
	zombies->room = room;
	return 0;
}

int zombies_add(struct zombies *zombies, const struct tracees *alive, pid_t pid)
{
	bool is_full = zombies->count == zombies->room;

	/* Looking costs: it must free much, or there is more room next time. */
	if (is_full && 2 * zombies_count(zombies, alive) >= zombies->room && make_room(zombies) < 0)
		return -ENOMEM;
	zombies->pids[zombies->count++] = pid;
	return 0;
}

size_t zombies_count(struct zombies *zombies, const struct tracees *alive)
{
	size_t kept = 0;

	for (size_t i = 0; i < zombies->count; i++) {
		pid_t pid = zombies->pids[i];

		if (!process_find(alive, pid) && process_state(pid) == 'Z')
			zombies->pids[kept++] = pid;
	}
	zombies->count = kept;
	return kept;
}

void zombies_free(struct zombies *zombies)
{
	free(zombies->pids);
	*zombies = (struct zombies){ 0 };
}
