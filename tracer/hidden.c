/* SPDX-License-Identifier: Apache-2.0 */
/* hidden.c: see hidden.h. */
#include "tracer/hidden.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "filters/policy.h"
#include "tracer/fakes.h"
#include "tracer/layer/layer.h"
#include "tracer/scratch.h"
#include "tracer/walk.h"

bool hidden_any(const struct tracer *tracer)
{
	return tracer->config->policy->hides || fakes_any(tracer);
}

/* A folder that an earlier run moved in a layer that was kept is the real one still. */
const struct rule *hidden_rule(const struct tracer *tracer, const char *path)
{
	const struct policy *policy = tracer->config->policy;
	const struct rule *rule = policy_find_hide(policy, path);
	char real[LAYER_PATH_MAX];

	if (rule || !policy->hides || !scratch_is_on(tracer) || !path ||
	    layer_real_of(tracer->config->layer, path, real) < 0)
		return rule;
	return policy_find_hide(policy, real);
}

bool hidden_path(const struct tracer *tracer, const char *path)
{
	return hidden_rule(tracer, path) != NULL || fakes_is_gone(tracer, path);
}

/* What cannot be named is not passed either: fails closed. */
bool hidden_fd(const struct tracer *tracer, int fd, char *ret_path, size_t size)
{
	char name[16], path[PATH_MAX];
	ssize_t n;

	if (!hidden_any(tracer))
		return false;
	snprintf(name, sizeof(name), "%d", fd);
	n = readlinkat(tracer->own_fds, name, path, sizeof(path) - 1);
	path[n < 0 ? 0 : n] = '\0';
	scratch_name(tracer, path, sizeof(path), &(bool){ false });
	if (n > 0 && !hidden_path(tracer, path))
		return false;
	snprintf(ret_path, size, "%s", path);
	return true;
}

int hidden_open(const struct tracer *tracer, pid_t pid, pid_t tid, const char *path)
{
	char found[PATH_MAX];
	struct walk walk = {
		.tracer = tracer, .pid = pid, .tid = tid, .follows_last = true, .hidden = found,
	};
	int fd;

	if (!hidden_any(tracer)) {
		fd = open(path, O_PATH | O_CLOEXEC);
		return fd < 0 ? -errno : fd;
	}
	fd = walk_path(&walk, AT_FDCWD, path);
	if (fd < 0 || !hidden_fd(tracer, fd, found, sizeof(found)))
		return fd;
	close(fd);
	return -ENOENT;
}

int hidden_access(const struct tracer *tracer, pid_t pid, pid_t tid, const char *path)
{
	cleanup_close int fd = hidden_open(tracer, pid, tid, path);

	return fd < 0 ? fd : 0;
}

bool hidden_has_dots(const char *path)
{
	for (const char *at = path; (at = strstr(at, "..")) != NULL; at += 2)
		if ((at == path || at[-1] == '/') && (at[2] == '/' || at[2] == '\0'))
			return true;
	return false;
}
