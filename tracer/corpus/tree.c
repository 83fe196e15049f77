/* SPDX-License-Identifier: Apache-2.0 */
/* tree.c: see tree.h. */
#include "tracer/corpus/tree.h"

#include <ctype.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KILL_ROUNDS 2500
#define KILL_PAUSE_NS 2000000
#define DEPTH_MAX 512

/* One process of /proc. */
struct process {
	pid_t pid, parent;
	char state;
	unsigned long long ticks, tasks, pages;
};

static bool read_process(const char *pid, struct process *ret)
{
	char path[64], text[1024], *end;
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), "/proc/%.16s/stat", pid);
	f = fopen(path, "re");
	if (!f)
		return false;
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	/* proc_pid_stat(5): the name is between the first ( and the last ), and may hold both. */
	end = strrchr(text, ')');
	ret->pid = (pid_t)atoi(pid);
	ret->ticks = 0;
	if (end) {
		unsigned long long user, kernel;

		if (sscanf(end + 1, " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %*d %*d"
			   " %*d %*d %llu %*d %*u %*u %llu", &ret->state, &ret->parent, &user,
			   &kernel, &ret->tasks, &ret->pages) == 6) {
			ret->ticks = user + kernel;
			return true;
		}
	}
	return false;
}

struct list {
	struct process *items;
	size_t count, capacity;
};

static void list_add(struct list *list, const struct process *process)
{
	if (list->count == list->capacity) {
		size_t capacity = list->capacity ? 2 * list->capacity : 256;
		struct process *more = realloc(list->items, capacity * sizeof(*more));

		if (!more)
			return;
		list->items = more;
		list->capacity = capacity;
	}
	list->items[list->count++] = *process;
}

static struct list read_all(void)
{
	struct list list = { 0 };
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	struct process process;

	while (proc && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    read_process(entry->d_name, &process))
			list_add(&list, &process);
	if (proc)
		closedir(proc);
	return list;
}

/* The list is no snapshot: a number that was used again could make a circle. */
static void add_children(const struct list *list, pid_t parent, unsigned depth,
			 struct tree *tree)
{
	if (depth == DEPTH_MAX)
		return;
	for (size_t i = 0; i < list->count; i++) {
		const struct process *process = &list->items[i];

		if (process->parent != parent)
			continue;
		if (process->state != 'Z' && process->state != 'X' && tree->count < TREE_MAX)
			tree->pids[tree->count++] = process->pid;
		add_children(list, process->pid, depth + 1, tree);
	}
}

void tree_find(pid_t root, struct tree *ret_tree)
{
	struct list list = read_all();

	ret_tree->count = 0;
	add_children(&list, root, 0, ret_tree);
	free(list.items);
}

static uint64_t count_files(pid_t pid)
{
	char path[64];
	uint64_t count = 0;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	folder = opendir(path);
	while (folder && readdir(folder))
		count++;
	if (folder)
		closedir(folder);
	return count > 2 ? count - 2 : 0;
}

void tree_measure(const struct tree *tree, struct tree_usage *ret_usage)
{
	struct tree_usage usage = { 0 };

	for (unsigned i = 0; i < tree->count; i++) {
		char pid[16];
		struct process process;
		uint64_t files = count_files(tree->pids[i]);

		snprintf(pid, sizeof(pid), "%d", tree->pids[i]);
		if (!read_process(pid, &process))
			continue;
		usage.tasks += process.tasks;
		usage.memory_bytes += process.pages * (uint64_t)sysconf(_SC_PAGESIZE);
		usage.cpu_ms += process.ticks * 1000 / (uint64_t)sysconf(_SC_CLK_TCK);
		if (files > usage.files)
			usage.files = files;
	}
	*ret_usage = usage;
}

/* Orphans come to the caller.  False: it has no children at all. */
static bool reap(void)
{
	pid_t pid;

	do
		pid = waitpid(-1, NULL, WNOHANG | __WALL);
	while (pid > 0);
	return pid == 0;
}

void tree_kill(void)
{
	static struct tree tree;

	for (int round = 0; round < KILL_ROUNDS && reap(); round++) {
		const struct timespec pause = { .tv_nsec = KILL_PAUSE_NS };

		tree_find(getpid(), &tree);
		for (unsigned i = 0; i < tree.count; i++)
			kill(tree.pids[i], SIGKILL);
		nanosleep(&pause, NULL);
	}
}

/*
 * The branch first, the root last: while it lives its orphans are found below it.  What comes to
 * us all the same is killed with the last tree_kill.
 */
void tree_kill_branch(pid_t pid)
{
	static struct tree tree;

	for (int round = 0; round < KILL_ROUNDS; round++) {
		const struct timespec pause = { .tv_nsec = KILL_PAUSE_NS };

		kill(pid, SIGSTOP);
		tree_find(pid, &tree);
		for (unsigned i = 0; i < tree.count; i++)
			kill(tree.pids[i], SIGKILL);
		if (!tree.count)
			break;
		nanosleep(&pause, NULL);
	}
	kill(pid, SIGKILL);
}
