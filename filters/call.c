/* SPDX-License-Identifier: Apache-2.0 */
/* call.c: see call.h. */
#include "filters/call.h"

#include <fcntl.h>
#include <stddef.h>

const char *class_name(enum call_class class)
{
	static const char *const names[CLASS_COUNT] = {
		[CLASS_READ] = "read",       [CLASS_WRITE] = "write",
		[CLASS_DELETE] = "delete",   [CLASS_STAT] = "stat",
		[CLASS_EXEC] = "exec",       [CLASS_NET] = "net",
		[CLASS_ENV] = "env",         [CLASS_SIGNAL] = "signal",
		[CLASS_PROCESS] = "process", [CLASS_SYSTEM] = "system",
	};

	return (size_t)class < CLASS_COUNT ? names[class] : "unknown";
}

bool call_flags_write(int flags)
{
	/* O_TMPFILE contains O_DIRECTORY's bit, which alone writes nothing: test its own bit. */
	const int makes = O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);

	/* Access mode 3 is neither read nor write; the kernel checks it as both. */
	return (flags & O_ACCMODE) != O_RDONLY || flags & makes;
}
