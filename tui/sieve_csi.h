/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sieve_csi.h: the control and escape sequences that may pass, and in which form.
 */
#ifndef TUI_SIEVE_CSI_H
#define TUI_SIEVE_CSI_H

#include "tui/sieve.h"

/* A whole control sequence was read into leader, params, intermediate; this byte ends it. */
void sieve_csi(struct sieve *sieve, char final);

/* A whole escape sequence was read: `intermediate`, and this byte. */
void sieve_escape(struct sieve *sieve, char final);

#endif
