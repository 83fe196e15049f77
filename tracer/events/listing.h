/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listing.h: a recorded event as one line for people, complete and without a control character.
 *
 *       0.218287    4711  DENY   openat       /etc/motd  EACCES  try.py:13 in save()
 *
 * Time in seconds, process, verdict, call, files, errno, Python line.
 */
#ifndef TRACER_EVENTS_LISTING_H
#define TRACER_EVENTS_LISTING_H

#include <stdbool.h>

struct listing;
struct read_event;

int listing_new(bool has_color, struct listing **ret_listing);
void listing_free(struct listing *listing);

/* Files below it are named from there. */
int listing_set_cwd(struct listing *listing, const char *cwd);

/* Without a newline, valid until the next call; NULL: no memory. */
const char *listing_line(struct listing *listing, const struct read_event *event);

#endif
