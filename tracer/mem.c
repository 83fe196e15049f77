/* SPDX-License-Identifier: Apache-2.0 */
/* mem.c: see mem.h.  process_vm_readv(2); its access check is the same as ptrace's own. */
#include "tracer/mem.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>

#include "tracer/watchdog.h"

#define PAGE 4096u

static ssize_t transfer(pid_t tid, uint64_t address, void *buffer, size_t size, int writes)
{
	struct iovec local = { buffer, size };
	struct iovec remote = { (void *)(uintptr_t)address, size };
	ssize_t n;

	watchdog_enter(tid);
	n = writes ? process_vm_writev(tid, &local, 1, &remote, 1, 0)
		   : process_vm_readv(tid, &local, 1, &remote, 1, 0);
	watchdog_leave();
	return n < 0 ? -errno : n;
}

int mem_read(pid_t tid, uint64_t address, void *buffer, size_t size)
{
	ssize_t n = transfer(tid, address, buffer, size, 0);

	if (n < 0)
		return (int)n;
	return (size_t)n == size ? 0 : -EFAULT;
}

/*
 * Page by page: a path may legally end at the last byte of a mapping.  Each byte is copied once,
 * and only the copy is looked at.
 */
static int read_string(pid_t tid, uint64_t address, char *buffer, size_t size)
{
	size_t have = 0;

	while (have < size) {
		size_t step = PAGE - (address + have) % PAGE;
		ssize_t n;

		if (step > size - have)
			step = size - have;
		n = transfer(tid, address + have, buffer + have, step, 0);
		if (n < 0)
			return (int)n;
		if (memchr(buffer + have, '\0', (size_t)n))
			return 0;
		if ((size_t)n < step)
			return -EFAULT;
		have += step;
	}
	return -ENAMETOOLONG;
}

int mem_read_string(pid_t tid, uint64_t address, char *buffer, size_t size)
{
	int e = read_string(tid, address, buffer, size);

	/* What was not read whole is no text: nobody must meet it without its end. */
	if (e < 0)
		buffer[0] = '\0';
	return e;
}

ssize_t mem_read_places(pid_t tid, const struct iovec *places, unsigned count, void *buffer)
{
	struct iovec local = { buffer, 0 };
	ssize_t n;

	if (count > MEM_PLACES_MAX)
		return -E2BIG;
	for (unsigned i = 0; i < count; i++)
		local.iov_len += places[i].iov_len;
	watchdog_enter(tid);
	n = process_vm_readv(tid, &local, 1, places, count, 0);
	watchdog_leave();
	return n < 0 ? -errno : n;
}

int mem_write(pid_t tid, uint64_t address, const void *buffer, size_t size)
{
	ssize_t n = transfer(tid, address, (void *)(uintptr_t)buffer, size, 1);

	if (n < 0)
		return (int)n;
	return (size_t)n == size ? 0 : -EFAULT;
}
