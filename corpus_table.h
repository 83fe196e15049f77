/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus_table.h: `pyjail corpus --compare`: the table of attacks and sandboxes, as aligned text,
 * as JSON, or as the Markdown that the README has.
 */
#ifndef CORPUS_TABLE_H
#define CORPUS_TABLE_H

#include "tracer/corpus/corpus.h"
#include "tracer/options.h"

/* Exit status: 0; 1 pyjail let one escape, or a mismatch; 125; 128+signal. */
int corpus_table(const struct options *options, struct corpus *corpus);

#endif
