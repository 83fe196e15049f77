/* SPDX-License-Identifier: Apache-2.0 */
/* why_names.h: flags, commands, families and signals by their C names. */
#ifndef TRACER_WHY_NAMES_H
#define TRACER_WHY_NAMES_H

#include <stdint.h>

/* "O_WRONLY|O_CREAT", "O_WRONLY,O_CREAT", "0x41", "0644" -> their sum of bits; -EINVAL. */
int why_number(const char *word, uint64_t *ret_value);

#endif
