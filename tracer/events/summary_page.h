/* SPDX-License-Identifier: Apache-2.0 */
/*
 * summary_page.h: a page of text as it is written: what the parts of a summary share.
 */
#ifndef TRACER_EVENTS_SUMMARY_PAGE_H
#define TRACER_EVENTS_SUMMARY_PAGE_H

#include <stdint.h>
#include <stdio.h>

#include "tracer/events/summary.h"

struct tally;

struct page {
	FILE *out;              /* in memory */
	const struct summary_style *style;
	const struct tally *tally;
	char *cwd;              /* files below it are named from there; NULL: none is known */
};

#define NUMBER_MAX 32

/* "12,345" */
const char *page_number(uint64_t value, char out[NUMBER_MAX]);

/* A blank line and a title. */
void page_title(const struct page *page, const char *title);

enum page_color { PAGE_BAD, PAGE_DIM, PAGE_BOLD };

void page_color(const struct page *page, enum page_color color);
void page_plain(const struct page *page);

/* A file as one would call it in the run's folder; cut to fit.  Returns the columns used. */
size_t page_path(const struct page *page, const char *path, size_t columns);

/* "demo.py:3 in save()", cut to fit. */
void page_place(const struct page *page, const char *file, const char *line,
		const char *function, size_t columns);

/* How it was started, and how it ended. */
void page_head(const struct page *page);

/* The calls that were refused, with what would allow them. */
void page_refused(const struct page *page);

#endif
