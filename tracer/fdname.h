/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fdname.h: a descriptor's number as text, for *at() calls below /proc/self/fd.  Several times a
 * stop: snprintf(3) would cost as much as some of the calls that it is for.
 */
#ifndef TRACER_FDNAME_H
#define TRACER_FDNAME_H

struct fdname {
	char text[12];
};

/* `fd` is not negative. */
static inline struct fdname fdname(int fd)
{
	struct fdname name;
	char digits[12];
	unsigned count = 0, at = 0;

	do {
		digits[count++] = (char)('0' + fd % 10);
		fd /= 10;
	} while (fd > 0);
	while (count > 0)
		name.text[at++] = digits[--count];
	name.text[at] = '\0';
	return name;
}

#endif
