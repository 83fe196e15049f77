/* SPDX-License-Identifier: Apache-2.0 */
/* why_names.c: see why_names.h.  Not every name there is: those that the filter tells apart. */
#include "tracer/why_names.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fail.h"

#define NAME(constant) { #constant, (uint64_t)(constant) }

static const struct { const char *name; uint64_t value; } names[] = {
	NAME(O_RDONLY), NAME(O_WRONLY), NAME(O_RDWR), NAME(O_CREAT), NAME(O_EXCL), NAME(O_TRUNC),
	NAME(O_APPEND), NAME(O_NONBLOCK), NAME(O_DIRECTORY), NAME(O_NOFOLLOW), NAME(O_CLOEXEC),
	NAME(O_PATH), NAME(O_TMPFILE), NAME(O_NOCTTY), NAME(O_SYNC), NAME(O_DSYNC),
	NAME(F_OK), NAME(R_OK), NAME(W_OK), NAME(X_OK),
	NAME(AT_REMOVEDIR), NAME(AT_SYMLINK_FOLLOW), NAME(AT_SYMLINK_NOFOLLOW),
	NAME(AT_EMPTY_PATH), NAME(AT_EACCESS),
	NAME(RENAME_NOREPLACE), NAME(RENAME_EXCHANGE), NAME(RENAME_WHITEOUT),
	NAME(AF_UNSPEC), NAME(AF_UNIX), NAME(AF_INET), NAME(AF_INET6), NAME(AF_NETLINK),
	NAME(AF_PACKET), NAME(AF_VSOCK),
	NAME(SOCK_STREAM), NAME(SOCK_DGRAM), NAME(SOCK_RAW), NAME(SOCK_SEQPACKET),
	NAME(SOCK_CLOEXEC), NAME(SOCK_NONBLOCK),
	NAME(CLONE_VM), NAME(CLONE_FS), NAME(CLONE_FILES), NAME(CLONE_SIGHAND),
	NAME(CLONE_VFORK), NAME(CLONE_THREAD), NAME(CLONE_UNTRACED), NAME(CLONE_NEWUSER),
	NAME(CLONE_NEWNS), NAME(CLONE_NEWPID), NAME(CLONE_NEWNET), NAME(CLONE_PTRACE),
	NAME(TCGETS), NAME(TIOCGWINSZ), NAME(TIOCSWINSZ), NAME(TIOCSCTTY), NAME(TIOCSTI),
	NAME(TIOCLINUX), NAME(TIOCSETD), NAME(TIOCCONS), NAME(FIONREAD), NAME(FIONBIO),
	NAME(FIOCLEX), NAME(FIOASYNC),
	NAME(F_DUPFD), NAME(F_GETFD), NAME(F_SETFD), NAME(F_GETFL), NAME(F_SETFL),
	NAME(F_SETLK), NAME(F_SETOWN), NAME(F_SETSIG), NAME(F_SETLEASE), NAME(F_NOTIFY),
	NAME(PR_SET_NAME), NAME(PR_SET_DUMPABLE), NAME(PR_SET_SECCOMP), NAME(PR_SET_PTRACER),
	NAME(PR_SET_MM), NAME(PR_SET_NO_NEW_PRIVS), NAME(PR_SET_CHILD_SUBREAPER),
	NAME(PR_CAP_AMBIENT), NAME(PR_CAPBSET_READ),
	NAME(PRIO_PROCESS), NAME(PRIO_PGRP), NAME(PRIO_USER),
};

/* "SIGKILL" or "KILL"; 0: none. */
static int signal_of(const char *name)
{
	if (!strncmp(name, "SIG", 3))
		name += 3;
	for (int number = 1; number < NSIG; number++) {
		const char *abbreviation = sigabbrev_np(number);

		if (abbreviation && !strcmp(abbreviation, name))
			return number;
	}
	return 0;
}

static int number_of(const char *word, uint64_t *ret_value)
{
	char *end;

	if (word[0] >= '0' && word[0] <= '9') {
		errno = 0;
		*ret_value = strtoull(word, &end, 0);
		return *end || errno ? -EINVAL : 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(names[i].name, word)) {
			*ret_value = names[i].value;
			return 0;
		}
	}
	*ret_value = (uint64_t)signal_of(word);
	return *ret_value ? 0 : -EINVAL;
}

int why_number(const char *word, uint64_t *ret_value)
{
	uint64_t sum = 0;

	for (;;) {
		size_t length = strcspn(word, ",|");
		uint64_t value = 0;
		char one[64];

		if (length == 0 || length >= sizeof(one))
			return -EINVAL;
		memcpy(one, word, length);
		one[length] = '\0';
		if (number_of(one, &value) < 0)
			return -EINVAL;
		sum |= value;
		if (!word[length])
			break;
		word += length + 1;
	}
	*ret_value = sum;
	return 0;
}
