/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usage.h: what a script without a jail uses, held against the limit that the jail would have set.
 */
#ifndef TRACER_CORPUS_USAGE_H
#define TRACER_CORPUS_USAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/corpus/header.h"

/* Value of the option for the header's limit; 0: there is none. */
uint64_t usage_limit(const struct corpus_header *header);

/* Whether `program` and all below it have passed it by now, with words in `out`. */
bool usage_exceeds(const struct corpus_header *header, pid_t program, const char *base,
		   uint64_t output_bytes, double wall_s, char *out, size_t size);

#endif
