/* SPDX-License-Identifier: Apache-2.0 */
/* need.c: see need.h. */
#include "tracer/corpus/need.h"

#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/confine.h"

#define BLANKS " \t,"

unsigned need_version(const char *text)
{
	unsigned major, minor;

	if (sscanf(text, "%u.%u", &major, &minor) != 2 || minor >= 1000)
		return 0;
	return major * 1000 + minor;
}

static bool has_root(const struct corpus_machine *machine)
{
	return machine->is_root;
}

static bool has_no_root(const struct corpus_machine *machine)
{
	return !machine->is_root;
}

static bool has_landlock(const struct corpus_machine *machine)
{
	return machine->landlock_abi > 0;
}

static bool has_userns(const struct corpus_machine *machine)
{
	return machine->has_userns;
}

static bool has_tiocsti(const struct corpus_machine *machine)
{
	return machine->has_tiocsti;
}

static bool has_io_uring(const struct corpus_machine *machine)
{
	return machine->has_io_uring;
}

static bool has_ipv6(const struct corpus_machine *machine)
{
	return machine->has_ipv6;
}

static bool has_ptrace(const struct corpus_machine *machine)
{
	return machine->has_ptrace;
}

static bool has_i386(const struct corpus_machine *machine)
{
	return machine->has_i386;
}

/* The runner makes one for every script that says so. */
static bool has_terminal(const struct corpus_machine *machine)
{
	(void)machine;
	return true;
}

static const struct {
	const char *word;
	bool (*is_met)(const struct corpus_machine *machine);
} words[] = {
	{ "root", has_root },         { "unprivileged", has_no_root },
	{ "landlock", has_landlock }, { "userns", has_userns },
	{ "terminal", has_terminal }, { "tiocsti", has_tiocsti },
	{ "io_uring", has_io_uring }, { "ipv6", has_ipv6 },
	{ "ptrace", has_ptrace },     { "i386", has_i386 },
};

/* python>=3.11, kernel<6.2 */
struct comparison {
	bool is_python;
	bool is_less;
	unsigned version;
};

static bool parse_comparison(const char *word, struct comparison *ret)
{
	const char *at = word + 6;

	ret->is_python = !strncmp(word, "python", 6);
	if (!ret->is_python && strncmp(word, "kernel", 6) != 0)
		return false;
	ret->is_less = *at == '<';
	if (!ret->is_less && strncmp(at, ">=", 2) != 0)
		return false;
	ret->version = need_version(at + (ret->is_less ? 1 : 2));
	return ret->version > 0;
}

static bool is_met(const char *word, const struct corpus_machine *machine, bool *ret_is_known)
{
	struct comparison comparison;

	*ret_is_known = true;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(word, words[i].word))
			return words[i].is_met(machine);
	if (parse_comparison(word, &comparison)) {
		unsigned has = comparison.is_python ? machine->python : machine->kernel;

		return comparison.is_less == (has < comparison.version);
	}
	*ret_is_known = false;
	return false;
}

static const char *next(const char *at, char *word, size_t size)
{
	size_t length;

	at += strspn(at, BLANKS);
	length = strcspn(at, BLANKS);
	snprintf(word, size, "%.*s", (int)length, at);
	return length ? at + length : NULL;
}

int need_check(const char *needs, struct fault *ret_fault)
{
	static const struct corpus_machine nothing;
	char word[128];
	bool is_known;

	while ((needs = next(needs, word, sizeof(word)))) {
		is_met(word, &nothing, &is_known);
		if (!is_known)
			return fault_set(ret_fault, "%s: no such need", word);
	}
	return 0;
}

bool need_missing(const char *needs, const struct corpus_machine *machine, char *out,
		  size_t size)
{
	char word[128];
	bool is_known;

	while ((needs = next(needs, word, sizeof(word)))) {
		if (!is_met(word, machine, &is_known)) {
			snprintf(out, size, "needs %s", word);
			return true;
		}
	}
	return false;
}

/* Its wait status; -1: no child could be made. */
static int try_in_child(bool (*works)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(works() ? 0 : 1);
	return pid > 0 && waitpid(pid, &status, 0) == pid ? status : -1;
}

/* Only trying tells: sysctls and container profiles refuse it, each in its own way. */
static bool can_unshare(void)
{
	return unshare(CLONE_NEWUSER) == 0;
}

/* The first character of a sysctl; 0: there is none. */
static int read_sysctl(const char *path)
{
	FILE *f = fopen(path, "re");
	int c = f ? getc(f) : 0;

	if (f)
		fclose(f);
	return c == EOF ? 0 : c;
}

static bool can_listen_on_ipv6(void)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
	cleanup_close int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
}

/* Asked for nothing, a kernel that has it complains of the address. */
static bool can_use_io_uring(void)
{
	return syscall(SYS_io_uring_setup, 1, NULL) < 0 && errno == EFAULT;
}

/* getpid of i386. */
static bool can_enter_as_i386(void)
{
	const struct rlimit no_core = { 0 };
	int answer = 20;

	setrlimit(RLIMIT_CORE, &no_core);
	__asm__ volatile("int $0x80" : "+a"(answer) : : "memory");
	return answer > 0;
}

bool need_i386_faults(void)
{
	int status = try_in_child(can_enter_as_i386);

	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
}

static void look_at_sysctls(struct corpus_machine *machine)
{
	int tiocsti = read_sysctl("/proc/sys/dev/tty/legacy_tiocsti");
	int yama = read_sysctl("/proc/sys/kernel/yama/ptrace_scope");

	machine->has_tiocsti = tiocsti != '0' || machine->is_root;
	machine->has_ptrace = !yama || yama == '0' || (machine->is_root && yama != '3');
}

void need_look(struct corpus_machine *ret_machine)
{
	struct utsname name;

	memset(ret_machine, 0, sizeof(*ret_machine));
	ret_machine->is_root = geteuid() == 0;
	ret_machine->landlock_abi = landlock_abi();
	ret_machine->has_userns = try_in_child(can_unshare) == 0;
	ret_machine->has_io_uring = can_use_io_uring();
	ret_machine->has_ipv6 = can_listen_on_ipv6();
	ret_machine->has_i386 = try_in_child(can_enter_as_i386) == 0;
	look_at_sysctls(ret_machine);
	if (uname(&name) == 0)
		ret_machine->kernel = need_version(name.release);
}
