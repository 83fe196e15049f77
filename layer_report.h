/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layer_report.h: what a script changed in its layer: said at the end of a run, and the commands
 * `pyjail diff DIR`, `pyjail apply DIR [PATH...]`, `pyjail discard DIR`.
 */
#ifndef LAYER_REPORT_H
#define LAYER_REPORT_H

struct layer;
struct options;

/* On stderr, the first of them; `folder` NULL: nothing is kept. */
void layer_say(struct layer *layer, const char *folder);

/*
 * Exit status: 0; 1: apply left something out (a conflict, an error), and it is still in the layer;
 * 2 usage, or no layer; 125 it cannot be read, or the output not be written.
 */
int layer_diff(const struct options *options);
int layer_apply_all(const struct options *options);
int layer_discard(const struct options *options);

#endif
