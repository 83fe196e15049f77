/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inherited.h: the descriptors that pyjail itself was started with.
 *
 * Asked before pyjail opens anything of its own.
 */
#ifndef TRACER_INHERITED_H
#define TRACER_INHERITED_H

/* Opens /dev/null where 0, 1 or 2 is closed: the next file opened would become script output. */
int inherited_fill_standard(void);

/* Those above 2 that an exec would pass on, save `except`; malloc'd, -1 ends; NULL: no memory. */
int *inherited_list(int except);

#endif
