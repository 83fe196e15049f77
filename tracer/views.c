/* SPDX-License-Identifier: Apache-2.0 */
/* views.c: see views.h. */
#include "tracer/views.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "filters/policy.h"

struct view {
	const struct rule *rule;
	int fd;
};

struct views {
	size_t count;
	struct view list[];
};

int views_open(struct tracer *tracer)
{
	const struct policy *policy = tracer->config->policy;
	struct views *views;

	if (!policy->has_views)
		return 0;
	views = calloc(1, sizeof(*views) + policy->rule_count * sizeof(views->list[0]));
	if (!views)
		return -ENOMEM;
	tracer->views = views;
	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct rule *rule = policy->rules[i];
		int fd = rule->view ? open(rule->view, O_PATH | O_CLOEXEC) : 0;

		if (fd < 0)
			return -errno;
		if (rule->view)
			views->list[views->count++] = (struct view){ .rule = rule, .fd = fd };
	}
	return 0;
}

void views_close(struct tracer *tracer)
{
	for (size_t i = 0; tracer->views && i < tracer->views->count; i++)
		close(tracer->views->list[i].fd);
	free(tracer->views);
	tracer->views = NULL;
}

static const struct view *find(const struct tracer *tracer, const struct rule *rule)
{
	for (size_t i = 0; rule && i < tracer->views->count; i++)
		if (tracer->views->list[i].rule == rule)
			return &tracer->views->list[i];
	return NULL;
}

int views_put(const struct tracer *tracer, struct object *object)
{
	const struct view *view;
	int fd;

	if (!tracer->views || object->lookup == LOOKUP_NAME)
		return 0;
	view = find(tracer, policy_find_view(tracer->config->policy, object->path));
	if (!view)
		return 0;
	fd = fcntl(view->fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	object_put(object, fd);
	return fstat(fd, &object->stat) < 0 ? -errno : 0;
}

const char *views_path_of(const struct tracer *tracer, const char *view)
{
	for (size_t i = 0; tracer->views && i < tracer->views->count; i++)
		if (strcmp(tracer->views->list[i].rule->view, view) == 0)
			return tracer->views->list[i].rule->root;
	return NULL;
}
