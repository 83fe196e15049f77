/* SPDX-License-Identifier: Apache-2.0 */
/* objects.c: see objects.h. */
#include "tracer/corpus/objects.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fail.h"

static bool take_shm(int port)
{
	int id = shmget((key_t)port, 0, 0);

	return id >= 0 && shmctl(id, IPC_RMID, NULL) == 0;
}

static bool take_sem(int port)
{
	int id = semget((key_t)port, 0, 0);

	return id >= 0 && semctl(id, 0, IPC_RMID) == 0;
}

static bool take_msg(int port)
{
	int id = msgget((key_t)port, 0);

	return id >= 0 && msgctl(id, IPC_RMID, NULL) == 0;
}

static bool take_queue(int port)
{
	char name[32];

	snprintf(name, sizeof(name), "/pyjail-%d", port);
	return mq_unlink(name) == 0;
}

static bool take_files(int port)
{
	DIR *folder = opendir("/dev/shm");
	struct dirent *entry;
	char number[16];
	bool any = false;

	snprintf(number, sizeof(number), "%d", port);
	while (folder && (entry = readdir(folder)))
		if (strstr(entry->d_name, number) &&
		    unlinkat(dirfd(folder), entry->d_name, 0) == 0)
			any = true;
	if (folder)
		closedir(folder);
	return any;
}

/* proc_keys(5): number flags usage timeout perm uid gid type description */
static bool take_keys(int port)
{
	FILE *f = fopen("/proc/keys", "re");
	char line[512], number[16];
	unsigned id;
	bool any = false;

	snprintf(number, sizeof(number), "%d", port);
	while (f && fgets(line, sizeof(line), f)) {
		char *name = strstr(line, "user  ");

		if (name && strstr(name, number) && sscanf(line, "%x", &id) == 1) {
			any = true;
			syscall(SYS_keyctl, KEYCTL_INVALIDATE, (int)id);
		}
	}
	if (f)
		fclose(f);
	return any;
}

static const struct {
	bool (*take)(int port);
	const char *what;
} kinds[] = {
	{ take_shm, "shared memory" },        { take_sem, "a semaphore" },
	{ take_msg, "a message queue" },      { take_queue, "a POSIX message queue" },
	{ take_files, "a file in /dev/shm" }, { take_keys, "a key" },
};

bool objects_take(int port, char *out, size_t size)
{
	bool any = false;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (kinds[i].take(port)) {
			snprintf(out, size, "%s outlives the run", kinds[i].what);
			any = true;
		}
	}
	return any;
}
