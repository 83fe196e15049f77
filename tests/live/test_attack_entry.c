/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_attack_entry.c: other ways into the kernel: machine code, 32-bit entries, junk in registers,
 * calls that would blind the tracer, descriptors of its own.
 */
#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "tests/support/attack.h"
#include "tracer/corpus/need.h"

/*
 * raw(nr, ...): a bare syscall instruction with all 64 bits of every register;
 * i386(nr, ...): int 0x80.
 * Both answer with the kernel's own number.  low(bytes): their copy below 4 GiB.
 */
#define MACHINE_CODE \
	"import mmap\n" \
	"libc.mmap.restype = ctypes.c_void_p\n" \
	"libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]\n" \
	"def low(data, exec=False):\n" \
	"    at = libc.mmap(None, 4096, 7 if exec else 3, 0x62, -1, 0)\n" \
	"    ctypes.memmove(at, data, len(data))\n" \
	"    return at\n" \
	"def enter(text):\n" \
	"    f = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_void_p)(low(bytes.fromhex(text), True))\n" \
	"    return lambda *a: f((ctypes.c_uint64 * 7)(*[x & (1 << 64) - 1 for x in a]))\n" \
	"raw = enter('488b07 4c8b4f30 4c8b4728 4c8b5720 488b5718 488b7710 488b7f08 0f05 c3')\n" \
	"i386 = enter('53 488b07 488b5f08 488b4f10 488b5718 cd80 5b c3')\n" \
	"def child(f):\n" \
	"    'Runs it in a process of its own: some entries are the end of it.'\n" \
	"    pid = os.fork()\n" \
	"    if pid == 0:\n" \
	"        try: f()\n" \
	"        finally: os._exit(0)\n" \
	"    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])\n" \
	"name = lambda path: low(b(path) + bytes(1))\n"

static const struct attack attacks[] = {
	{ .name = "machine code and other entries", .code = MACHINE_CODE
	  "import struct\n"
	  "has_i386 = child(lambda: os._exit(i386(20) == os.getpid())) == 1\n"
	  "v(lambda D, w: raw(87, name(D + '/t')))\n"
	  "v(lambda D, w: raw(2, name(D + '/t'), os.O_WRONLY | os.O_TRUNC))\n"
	  "v(lambda D, w: child(lambda: i386(10, name(D + '/t'))), sure=has_i386)\n"
	  "v(lambda D, w: child(lambda: i386(5, name(D + '/t'), os.O_WRONLY | os.O_TRUNC)),\n"
	  "  sure=has_i386)\n"
	  "def far(D, w):\n"
	  "    'The processor itself in 32-bit mode: a far return to code segment 0x23.'\n"
	  "    code = bytes.fromhex('b80a000000 bb') + struct.pack('I', name(D + '/t'))\n"
	  "    code += bytes.fromhex('cd80 b801000000 31db cd80')\n"
	  "    stub = bytes.fromhex('6a23 48b8') + struct.pack('Q', low(code, True))\n"
	  "    run = ctypes.CFUNCTYPE(None)(low(stub + bytes.fromhex('50 48cb'), True))\n"
	  "    child(run)\n"
	  "v(far, sure=has_i386)\n"
	  "v(lambda D, w: child(lambda: raw(0x40000000 | 87, name(D + '/t'))), sure=False)\n"
	  "v(lambda D, w: child(lambda: raw(0x40000000 | 520, name(D + '/t'))), sure=False)\n"
	  "v(lambda D, w: raw(-1, name(D + '/t')), sure=False)\n" },
	{ .name = "junk in the upper half of registers", .code = MACHINE_CODE
	  "J = 0x5a5a5a5a << 32\n"
	  "W_T = os.O_WRONLY | os.O_TRUNC\n"
	  "fd = lambda p: os.open(p, os.O_PATH)\n"
	  "v(lambda D, w: raw(257, fd(D) | J, name('t'), W_T | J, J))\n"
	  "v(lambda D, w: raw(2, name(D + '/t'), W_T | J))\n"
	  "v(lambda D, w: raw(2, name(D + '/new'), os.O_CREAT | J, 0o644 | J))\n"
	  "v(lambda D, w: raw(257 | J, fd(D), name('t'), W_T))\n"
	  "v(lambda D, w: raw(87 | J, name(D + '/t')))\n"
	  "v(lambda D, w: raw(263, fd(D) | J, name('t'), J))\n"
	  "v(lambda D, w: raw(90, name(D + '/t'), 0o600 | J))\n"
	  "v(lambda D, w: raw(268, fd(D) | J, name('t'), 0o600 | J))\n"
	  "v(lambda D, w: raw(316, fd(D) | J, name('t'), fd(w) | J, name('t'), J))\n"
	  "v(lambda D, w: raw(280, fd(D) | J, name('t'), 0, J))\n"
	  "v(lambda D, w: raw(257, AT_FDCWD & 0xffffffff, name(D + '/t'), W_T))\n" },
};

/* Every line: what is refused, and how.  None of these exists for an honest program. */
static const char refused_calls[] = MACHINE_CODE
	"import struct, itertools\n"
	"P = os.getppid()\n"
	"page = ctypes.create_string_buffer(4096)\n"
	"iov = struct.pack('QQ', ctypes.addressof(page), 8)\n"
	"blind = {\n"
	"  'ptrace traceme': (101, 0, 0, 0, 0), 'ptrace seize': (101, 0x4206, P, 0, 0),\n"
	"  'ptrace attach': (101, 16, P, 0, 0),\n"
	"  'read memory': (310, P, iov, 1, iov, 1, 0), 'write memory': (311, P, iov, 1, iov, 1, 0),\n"
	"  'read own': (310, os.getpid(), iov, 1, iov, 1, 0),\n"
	"  'pidfd_getfd': (438, 0, 0, 0), 'seccomp': (317, 1, 8, 0), 'seccomp notify': (317, 2, 0, page),\n"
	"  'prctl seccomp': (157, 22, 2, page, 0, 0), 'strict': (157, 22, 1, 0, 0, 0),\n"
	"  'not dumpable': (157, 4, 0, 0, 0, 0), 'ptracer': (157, 0x59616d61, -1, 0, 0, 0),\n"
	"  'set mm': (157, 35, 13, 0, 0, 0), 'dispatch': (157, 59, 1, 0, 0, 0),\n"
	"  'userfaultfd': (323, 1), 'unshare': (272, 0x200), 'user namespace': (272, 0x10000000),\n"
	"  'setns': (308, 0, 0), 'modify_ldt': (154, 1, page, 16),\n"
	"  'chroot': (161, b'/tmp'), 'pivot_root': (155, b'/tmp', b'/tmp'),\n"
	"  'untraced': (56, 0x800000 | 17, 0, 0, 0, 0), 'untraced thread': (56, 0x850f00, 0, 0, 0, 0),\n"
	"  'shared umask': (56, 0x200 | 17, 0, 0, 0, 0), 'ptrace clone': (56, 0x2000 | 17, 0, 0, 0, 0),\n"
	"  'mount namespace': (56, 0x20000 | 17, 0, 0, 0, 0),\n"
	"  'untraced with junk': (56, 0x5a << 32 | 0x800000 | 17, 0, 0, 0, 0),\n"
	"}\n"
	"absent = {'io_uring_setup': (425, 8, page), 'io_uring_enter': (426, 0, 1, 0, 0, 0, 0),\n"
	"  'io_uring_register': (427, 0, 0, 0, 0), 'clone3': (435, page, 88), 'a dead call': (215, 1, 2),\n"
	"  'a new call': (1000,), 'vserver': (236,), 'uselib': (134, b'/lib/x'), '-1': (-1,)}\n"
	"never = {\n"
	"  'mount': (165, b'none', b'/tmp', b'tmpfs', 0, 0), 'umount': (166, b'/tmp', 0),\n"
	"  'open_tree': (428, AT_FDCWD, b'/tmp', 1), 'fsopen': (430, b'tmpfs', 0),\n"
	"  'handle': (304, 0, page, 0), 'fanotify': (300, 0, 0), 'swapon': (167, b'/etc/passwd', 0),\n"
	"  'acct': (163, b'/etc/passwd'), 'quotactl': (179, 0, b'/', 0, page),\n"
	"  'new user space': (56, 0x10000000 | 17, 0, 0, 0, 0), 'sibling': (56, 0x8000 | 17, 0, 0, 0, 0),\n"
	"  'pidfd': (56, 0x1000 | 17, page, 0, 0, 0), 'files': (56, 0x400 | 17, 0, 0, 0, 0),\n"
	"  'exit signal': (56, 9, 0, 0, 0, 0),\n"
	"  'bpf': (321, 5, page, 128), 'perf': (298, page, 0, -1, -1, 0), 'kcmp': (312, P, P, 0, 0, 0),\n"
	"  'keyctl': (250, 0, -3, 1), 'add_key': (248, b'user', b'x', b'y', 1, -3),\n"
	"  'request_key': (249, b'user', b'x', 0, 0), 'shmget': (29, 0, 4096, 0o1600),\n"
	"  'semget': (64, 0, 1, 0o1600), 'msgget': (68, 0, 0o1600), 'mq_open': (240, b'x', 0o102, 0o600, 0),\n"
	"  'setuid': (105, os.getuid()), 'setgid': (106, os.getgid()), 'setgroups': (116, 0, 0),\n"
	"  'setfsuid': (122, 0), 'setresuid': (117, -1, -1, -1), 'personality': (135, 0x40000),\n"
	"  'iopl': (172, 3), 'ioperm': (173, 0, 1, 1), 'init_module': (175, page, 0, b''),\n"
	"  'kexec_file_load': (320, 0, 0, 0, b'', 0), 'syslog': (103, 3, page, 100),\n"
	"  'settimeofday': (164, 0, 0), 'adjtimex': (159, page), 'vhangup': (153,),\n"
	"  'sethostname': (170, b'x', 1), 'process_madvise': (440, 0, 0, 0, 0, 0),\n"
	"  'memfd_secret': (447, 0), 'statmount': (457, page, page, 100, 0),\n"
	"  'subreaper': (157, 36, 1, 0, 0, 0), 'keep caps': (157, 8, 1, 0, 0, 0),\n"
	"}\n"
	"for title, calls in ('blind', blind), ('absent', absent), ('never', never):\n"
	"    if title == 'never' and '-A' in sys.argv: continue\n"
	"    want = 'ENOSYS' if title == 'absent' else 'EPERM'\n"
	"    for label, call in calls.items():\n"
	"        got = attempt(sc, *call)\n"
	"        if got == 0 and call[0] == 56: os._exit(0)\n"
	"        if got != want: print(label, got)\n"
	"print('done')\n";

static void check_refused(const char *option, const char *word)
{
	const char *const options[] = { option, NULL };
	char code[16384];
	struct jail jail;

	snprintf(code, sizeof(code), "sys.argv.append('%s')\n%s", word, refused_calls);
	attack_script(&jail, option ? options : NULL, true, code);
	ck_assert_msg(jail.status == 0 && !strcmp(jail.out, "done\n\nsure\n"), "status %d: %.1500s%.1500s",
		      jail.status, jail.out, jail.err);
	ck_assert_uint_ge(jail_count(&jail, "ptrace", "deny", NULL), 3);
	ck_assert_uint_ge(jail_count(&jail, "seccomp", "deny", NULL), 2);
	ck_assert_uint_ge(jail_count(&jail, "syscall_1000", "deny", NULL), 1);
	jail_free(&jail);
}

START_TEST(what_no_script_needs_is_refused)
{
	check_refused(NULL, "");
	check_refused("--no-landlock", "");
}
END_TEST

START_TEST(what_would_blind_is_refused_even_when_all_is_allowed)
{
	check_refused("--allow-all", "-A");
}
END_TEST

START_TEST(a_wrong_entry_is_the_end_of_the_process_that_tries_it)
{
	struct jail jail;

	attack_script(&jail, NULL, true, MACHINE_CODE
		      "print(child(lambda: i386(20)), child(lambda: raw(0x40000000 | 39)))\n");
	ck_assert_str_eq(jail.out, need_i386_faults() ? "-11 -31\n\nsure\n" : "-31 -31\n\nsure\n");
	ck_assert_int_eq(jail.status, 0);
	jail_free(&jail);
}
END_TEST

/* Calls with junk above bit 31 are made all the same, where the policy allows them. */
START_TEST(junk_in_registers_disturbs_no_allowed_call)
{
	struct jail jail;

	attack_script(&jail, NULL, true, MACHINE_CODE
		      "J = 0x5a5a5a5a << 32\n"
		      "os.mkdir(W); os.chdir(W)\n"
		      "fd = os.open('.', os.O_PATH)\n"
		      "print(raw(257 | J, fd | J, name('a'), os.O_CREAT | os.O_WRONLY | J, 0o600 | J) > 2)\n"
		      "print(raw(257 | J, fd | J, name('a'), J) > 2, raw(83 | J, name('d'), 0o700 | J))\n"
		      "print(raw(264 | J, fd | J, name('a'), fd | J, name('b')), sorted(os.listdir()))\n");
	ck_assert_msg(!strcmp(jail.out, "True\nTrue 0\n0 ['b', 'd']\n\nsure\n"), "%s%s", jail.out,
		      jail.err);
	jail_free(&jail);
}
END_TEST

int main(void)
{
	const TTest *const others[] = {
		what_no_script_needs_is_refused,
		what_would_blind_is_refused_even_when_all_is_allowed,
		a_wrong_entry_is_the_end_of_the_process_that_tries_it,
		junk_in_registers_disturbs_no_allowed_call, NULL,
	};

	return attack_main("attack_entry", attacks, ARRAY_SIZE(attacks), others);
}
