/* SPDX-License-Identifier: Apache-2.0 */
/* test_decide_rest.c: net, ioctl, fcntl, whole refusals; and that decider and filter agree. */
#include "tests/filters/decide_check.h"

#include <asm/ioctls.h>
#include <linux/fs.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <sys/socket.h>

#include "filters/seccomp.h"
#include "filters/simulator.h"

#define NET "allow net"
#define GOOD ALLOWED(NET)
#define BAD DENIED(EPERM, NET)
#define SOCKET(family_, type_, protocol_) \
	CALL_ARGS(socket, INT(family_), INT(type_), INT(protocol_))
#define PAIR(family_, type_) CALL_ARGS(socketpair, INT(family_), INT(type_), 0, 4096)
#define ADDRESS(name_, family_) { .nr = __NR_##name_, .family = (family_), \
				  .args = { 3, 4096, 16, 0, 4096, 16 } }

static const struct row net_rows[] = {
	{ "", SOCKET(AF_INET, SOCK_STREAM, 0), BAD },
	{ "", SOCKET(AF_INET6, SOCK_DGRAM, 0), BAD },
	{ "", SOCKET(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), BAD },
	{ NET, SOCKET(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), GOOD },
	{ NET, SOCKET(AF_INET6, SOCK_DGRAM, 0), GOOD },
	{ NET, SOCKET(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), GOOD },
	{ NET, SOCKET(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER), BAD },
	{ NET, SOCKET(AF_PACKET, SOCK_RAW, 0), BAD },
	{ NET, SOCKET(AF_VSOCK, SOCK_STREAM, 0), BAD },
	{ NET, SOCKET(AF_ALG, SOCK_SEQPACKET, 0), BAD },
	{ NET, SOCKET(AF_UNSPEC, SOCK_STREAM, 0), BAD },
	{ NET, SOCKET(-1, SOCK_STREAM, 0), BAD },
	{ NET "\n--deny-net", SOCKET(AF_INET, SOCK_STREAM, 0), BAD },
	{ "kill net", SOCKET(AF_INET, SOCK_STREAM, 0), KILLED(NET) },
	/* A stream socket leads nowhere; a datagram one sends to any address. */
	{ "", SOCKET(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), GOOD },
	{ "", SOCKET(AF_UNIX, SOCK_DGRAM, 0), BAD },
	{ NET, SOCKET(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), BAD },
	{ NET, SOCKET(AF_UNIX, SOCK_SEQPACKET, 0), BAD },
	{ NET, SOCKET(AF_UNIX, SOCK_RAW, 0), BAD },
	{ "-A", SOCKET(AF_UNIX, SOCK_DGRAM, 0), GOOD },
	{ "-A", SOCKET(AF_PACKET, SOCK_RAW, 0), GOOD },
	{ "-A", SOCKET(AF_INET, SOCK_STREAM, 0), GOOD },
	{ "-A\n--deny-net", SOCKET(AF_INET, SOCK_STREAM, 0), BAD },
	{ "-A\n--deny-net", SOCKET(AF_UNIX, SOCK_DGRAM, 0), BAD },

	{ "", PAIR(AF_UNIX, SOCK_STREAM), GOOD },
	{ "", PAIR(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC), GOOD },
	{ "--deny-net", PAIR(AF_UNIX, SOCK_STREAM), GOOD },
	{ NET, PAIR(AF_UNIX, SOCK_DGRAM), BAD },
	{ NET, PAIR(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK), BAD },
	{ NET, PAIR(AF_INET, SOCK_STREAM), BAD },
	{ NET, PAIR(AF_TIPC, SOCK_STREAM), BAD },
	{ "-A", PAIR(AF_UNIX, SOCK_DGRAM), GOOD },

	{ "", ADDRESS(connect, AF_INET), BAD },
	{ NET, ADDRESS(connect, AF_INET), GOOD },
	{ NET, ADDRESS(connect, AF_INET6), GOOD },
	{ NET, ADDRESS(connect, AF_NETLINK), GOOD },
	{ NET, ADDRESS(connect, AF_UNIX), BAD },
	{ "", ADDRESS(connect, AF_UNIX), BAD },
	{ "-A", ADDRESS(connect, AF_UNIX), GOOD },
	{ "-A\n--deny-net", ADDRESS(connect, AF_UNIX), BAD },
	{ NET, ADDRESS(connect, AF_VSOCK), BAD },
	{ NET, ADDRESS(connect, -1), BAD },
	{ "", ADDRESS(connect, AF_UNSPEC), GOOD },
	/* The kernel takes AF_UNSPEC for AF_INET here. */
	{ "", ADDRESS(bind, AF_UNSPEC), BAD },
	{ "", ADDRESS(sendto, AF_UNSPEC), BAD },
	{ NET, ADDRESS(bind, AF_UNSPEC), GOOD },
	{ "", ADDRESS(bind, AF_INET), BAD },
	{ NET, ADDRESS(bind, AF_INET), GOOD },
	{ NET, ADDRESS(bind, AF_UNIX), BAD },
	{ "", ADDRESS(bind, AF_UNIX), BAD },
	{ "-A", ADDRESS(bind, AF_UNIX), GOOD },
	{ "", ADDRESS(listen, 0), BAD },
	{ NET, ADDRESS(listen, 0), GOOD },
	{ "-A", ADDRESS(listen, 0), GOOD },
	{ "", ADDRESS(sendto, AF_INET), BAD },
	{ NET, ADDRESS(sendto, AF_INET), GOOD },
	{ NET, ADDRESS(sendto, AF_UNIX), BAD },
	{ "", { .nr = __NR_sendto, .args = { 3, 4096, 1 } }, GOOD },
	/* An address at a multiple of 4 GiB is not NULL. */
	{ "", { .nr = __NR_sendto, .family = AF_INET, .args = { 3, 4096, 1, 0, 1ull << 32 } },
	  BAD },
	{ "kill net", ADDRESS(connect, AF_INET), KILLED(NET) },
};
#undef GOOD
#undef BAD

#define IOCTL(command_) CALL_ARGS(ioctl, 0, INT(command_))
#define FCNTL(command_) CALL_ARGS(fcntl, 0, INT(command_))
#define STATUS(flags_) CALL_ARGS(fcntl, 0, INT(F_SETFL), INT(flags_))
#define OWNER(target_, pid_) { .nr = __NR_fcntl, .args = { 0, INT(F_SETOWN), INT(pid_) }, \
			       .target = TARGET_##target_ }

static const struct row command_rows[] = {
	{ "", IOCTL(TCGETS), ALLOWED(SYSTEM) },
	{ "", IOCTL(TIOCGWINSZ), ALLOWED(SYSTEM) },
	{ "", IOCTL(FIONBIO), ALLOWED(SYSTEM) },
	{ "", IOCTL(0x802c542a), ALLOWED(SYSTEM) },
	{ "", IOCTL(FICLONE), ALLOWED(SYSTEM) },
	{ "", IOCTL(TIOCSTI), DENIED(EPERM, SYSTEM) },
	{ "-A", IOCTL(TIOCSTI), DENIED(EPERM, SYSTEM) },
	{ "-A", IOCTL(0xaa00), DENIED(EPERM, SYSTEM) },
	{ "", IOCTL(TIOCLINUX), DENIED(EPERM, SYSTEM) },
	{ "-A", IOCTL(TIOCLINUX), ALLOWED(SYSTEM) },
	{ "", IOCTL(TIOCSETD), DENIED(EPERM, SYSTEM) },
	{ "-A", IOCTL(TIOCSETD), ALLOWED(SYSTEM) },
	{ "", IOCTL(TIOCCONS), DENIED(EPERM, SYSTEM) },
	{ "-A", IOCTL(TIOCCONS), ALLOWED(SYSTEM) },
	{ "", IOCTL(TIOCGPTPEER), DENIED(EPERM, SYSTEM) },
	{ "-A", IOCTL(TIOCGPTPEER), ALLOWED(SYSTEM) },
	{ "", IOCTL(FIOSETOWN), DENIED(EPERM, SIGNAL) },
	{ "-A", IOCTL(FIOSETOWN), ALLOWED(SIGNAL) },
	{ "", IOCTL(SIOCGIFHWADDR), DENIED(EPERM, NET) },
	{ "allow net", IOCTL(SIOCGIFHWADDR), ALLOWED(NET) },
	{ "", IOCTL(SIOCSPGRP), DENIED(EPERM, SIGNAL) },
	{ "-A", IOCTL(SIOCSPGRP), ALLOWED(SIGNAL) },
	{ "", IOCTL(FIOASYNC), DENIED(EPERM, SIGNAL) },
	{ "-A", IOCTL(FIOASYNC), ALLOWED(SIGNAL) },
	{ "allow write /", IOCTL(FS_IOC_SETFLAGS), DENIED(EPERM, WRITE) },
	{ "", IOCTL(FS_IOC_FSSETXATTR), DENIED(EPERM, WRITE) },
	{ "-A", IOCTL(FS_IOC_SETFLAGS), ALLOWED(WRITE) },
	{ "-A\n--deny-write", IOCTL(FS_IOC_SETFLAGS), DENIED(EPERM, WRITE) },
	{ "", IOCTL(0), DENIED(EPERM, SYSTEM) },
	{ "", IOCTL(0xffffffff), DENIED(EPERM, SYSTEM) },
	{ "-A", IOCTL(0xffffffff), ALLOWED(SYSTEM) },

	{ "", FCNTL(F_DUPFD), ALLOWED(SYSTEM) },
	{ "", FCNTL(F_DUPFD_CLOEXEC), ALLOWED(SYSTEM) },
	{ "", FCNTL(F_SETLKW), ALLOWED(SYSTEM) },
	{ "", FCNTL(F_OFD_SETLK), ALLOWED(SYSTEM) },
	{ "", FCNTL(F_ADD_SEALS), ALLOWED(SYSTEM) },
	{ "", FCNTL(F_SETLEASE), DENIED(EPERM, SYSTEM) },
	{ "-A", FCNTL(F_SETLEASE), DENIED(EPERM, SYSTEM) },
	{ "", FCNTL(F_NOTIFY), DENIED(EPERM, SYSTEM) },
	{ "-A", FCNTL(F_NOTIFY), DENIED(EPERM, SYSTEM) },
	{ "", FCNTL(F_SETSIG), DENIED(EPERM, SIGNAL) },
	{ "", STATUS(O_NONBLOCK | O_APPEND), ALLOWED(SYSTEM) },
	{ "", STATUS(O_NONBLOCK | O_ASYNC), DENIED(EPERM, SIGNAL) },
	{ "-A", STATUS(O_NONBLOCK | O_ASYNC), ALLOWED(SIGNAL) },
	{ "-A", FCNTL(F_SETSIG), ALLOWED(SIGNAL) },
	{ "", FCNTL(F_SETOWN_EX), DENIED(EPERM, SIGNAL) },
	{ "", FCNTL(9999), DENIED(EPERM, SYSTEM) },
	{ "", FCNTL(-1), DENIED(EPERM, SYSTEM) },
	{ "-A", FCNTL(9999), ALLOWED(SYSTEM) },
	{ "", OWNER(SELF, 7), ALLOWED(SIGNAL) },
	{ "", OWNER(TREE, 7), ALLOWED(SIGNAL) },
	{ "", OWNER(NONE, 0), ALLOWED(SIGNAL) },
	{ "", OWNER(NONE, 7), DENIED(EPERM, SIGNAL) },
	{ "", OWNER(GROUP, -7), DENIED(EPERM, SIGNAL) },
	{ "", OWNER(GONE, 7), DENIED(EPERM, SIGNAL) },
	{ "", OWNER(FOREIGN, 7), DENIED(EPERM, SIGNAL) },
	{ "", OWNER(TRACER, 7), DENIED(EPERM, SIGNAL) },
	{ "-A", OWNER(FOREIGN, 7), ALLOWED(SIGNAL) },
	{ "-A", OWNER(GROUP, 7), ALLOWED(SIGNAL) },
	{ "-A", OWNER(TRACER, 7), DENIED(EPERM, SIGNAL) },
	{ "-A", OWNER(NONE, 7), DENIED(EPERM, SIGNAL) },

	{ "", CALL_ARGS(personality, INT(0xffffffff)), ALLOWED(SYSTEM) },
	{ "", CALL_ARGS(personality, INT(0x0040000)), DENIED(EPERM, SYSTEM) },
	{ "-A", CALL_ARGS(personality, INT(0x0040000)), ALLOWED(SYSTEM) },
	{ "", CALL_ARGS(memfd_create, 4096), DENIED(EPERM, SYSTEM) },
	{ "-A", CALL_ARGS(memfd_create, 4096), DENIED(EPERM, SYSTEM) },
	{ "", CALL_ARGS(landlock_create_ruleset, 0), DENIED(ENOSYS, SYSTEM) },
	{ "-A", CALL_ARGS(landlock_restrict_self, 3), DENIED(ENOSYS, SYSTEM) },
};

START_TEST(test_net) { check_row(&net_rows[_i], _i); }
END_TEST

START_TEST(test_command) { check_row(&command_rows[_i], _i); }
END_TEST

/* By the table: so that a row which moves to another decider is noticed here. */
START_TEST(test_whole_refusals)
{
	static const int blind[] = {
		__NR_seccomp, __NR_ptrace, __NR_process_vm_readv, __NR_process_vm_writev,
		__NR_userfaultfd, __NR_pidfd_getfd, __NR_unshare, __NR_setns, __NR_modify_ldt,
		__NR_io_uring_setup, __NR_io_uring_enter, __NR_io_uring_register,
		__NR_chroot, __NR_pivot_root,
	};
	static const int never[] = {
		__NR_mount, __NR_umount2, __NR_bpf, __NR_setuid,
		__NR_perf_event_open, __NR_keyctl, __NR_open_by_handle_at, __NR_shmget, __NR_semget,
		__NR_msgget, __NR_mq_open, __NR_acct, __NR_kexec_load, __NR_process_madvise,
		__NR_fanotify_init, __NR_init_module, __NR_reboot, __NR_iopl, __NR_kcmp,
	};

	for (size_t i = 0; i < ARRAY_SIZE(blind); i++)
		for (int all = 0; all < 2; all++) {
			struct call call = { .nr = blind[i] };
			struct verdict got = verdict_of(all ? "-A" : "", &call, "blind");
			bool is_queue = strncmp(syscall_by_nr(blind[i])->name, "io_uring", 8) == 0;

			ck_assert_int_eq(got.kind, VERDICT_DENY);
			ck_assert_int_eq(got.error, is_queue ? ENOSYS : EPERM);
		}
	for (size_t i = 0; i < ARRAY_SIZE(never); i++) {
		struct call call = { .nr = never[i] };

		ck_assert_int_eq(verdict_of("allow read /", &call, "never").error, EPERM);
		ck_assert_int_eq(verdict_of("-A", &call, "never").kind, VERDICT_ALLOW);
	}
}
END_TEST

static uint32_t action_of(const struct filter_program *program, const struct call *call)
{
	struct seccomp_data data = { .nr = (int)call->nr, .arch = 0xc000003e };
	uint32_t action = 0;

	memcpy(data.args, call->args, sizeof(data.args));
	ck_assert_int_eq(simulate(program, &data, &action), 0);
	return action;
}

/*
 * Decider and filter hold the same list of harmless commands: under the default rules the one
 * allows exactly what the other passes.
 */
static void check_commands(const struct filter_program *program, const struct policy *policy,
			   const char *name, unsigned index, uint32_t first, uint32_t count)
{
	const struct syscall_row *row = syscall_by_name(name);

	for (uint32_t command = first; command < first + count; command++) {
		struct call call = { .row = row, .nr = row->nr, .target = TARGET_FOREIGN };
		bool is_passed;

		call.args[index] = INT(command);
		is_passed = action_of(program, &call) == SECCOMP_RET_ALLOW;
		ck_assert_msg((decide(policy, &call).kind == VERDICT_ALLOW) == is_passed,
			      "%s %#x: the filter %s it", name, command,
			      is_passed ? "passes" : "stops");
	}
}

START_TEST(test_agrees_with_filter)
{
	static const uint32_t pages[] = { 0x5400, 0x8900, 0x6600, 0x802c5400, 0x402c5400,
					  0x80086600, 0x40086600, 0xc0206600, 0x40049400,
					  0x40209400, 0x80045400, 0x40045400, 0x80045200 };
	struct policy *policy = policy_of("");
	struct filter_mode mode = filter_mode_of(policy, false, false, false);
	struct filter_program program;

	ck_assert_int_eq(filter_build(&mode, &program), 0);
	for (size_t i = 0; i < ARRAY_SIZE(pages); i++)
		check_commands(&program, policy, "ioctl", 1, pages[i], 256);
	check_commands(&program, policy, "ioctl", 1, 0, 4096);
	check_commands(&program, policy, "fcntl", 1, 0, 2048);
	check_commands(&program, policy, "prctl", 0, 0, 256);
	check_commands(&program, policy, "prctl", 0, 0x53564d00, 256);
	check_commands(&program, policy, "personality", 0, 0xffffff00, 255);
	check_commands(&program, policy, "prlimit64", 0, 0, 16);
	check_commands(&program, policy, "sched_setscheduler", 0, 0, 16);
	filter_free(&program);
	policy_free(policy);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("decide_rest");
	TCase *tcase = tcase_create("rows");

	tcase_add_loop_test(tcase, test_net, 0, ARRAY_SIZE(net_rows));
	tcase_add_loop_test(tcase, test_command, 0, ARRAY_SIZE(command_rows));
	tcase_add_test(tcase, test_whole_refusals);
	tcase_add_test(tcase, test_agrees_with_filter);
	suite_add_tcase(suite, tcase);
	return suite_run(suite);
}
