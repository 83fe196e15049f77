/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expected.h: what the filter must answer, said a second time and by hand.
 *
 * Shares nothing with syscalls.def and args.def: calls by name, constants as plain numbers, so
 * that a slip in either place shows.  For test_seccomp.c only.
 */
#ifndef TESTS_FILTERS_EXPECTED_H
#define TESTS_FILTERS_EXPECTED_H

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "filters/seccomp.h"

#define ALLOW SECCOMP_RET_ALLOW
#define TRACE SECCOMP_RET_TRACE
#define NOTIFY SECCOMP_RET_USER_NOTIF
#define ENOSYS_ANSWER (SECCOMP_RET_ERRNO | 38)
#define SEEN (SECCOMP_RET_TRACE | 1)                /* stops only to be seen */

/* Each list begins and ends with a space. */
static const char expected_pass[] =
	" read write close fstat lseek mprotect munmap brk rt_sigaction rt_sigprocmask "
	"rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack pread64 pwrite64 "
	"readv writev preadv pwritev preadv2 pwritev2 pipe pipe2 select poll ppoll pselect6 "
	"epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 dup dup2 dup3 "
	"pause nanosleep getitimer setitimer alarm getpid exit exit_group wait4 waitid uname flock "
	"fsync fdatasync sync syncfs sync_file_range ftruncate "
	"fchdir gettimeofday getrlimit getrusage sysinfo times getuid geteuid getgid "
	"getegid getgroups getresuid getresgid getpgid getpgrp getsid setsid getppid "
	"gettid capget capset restart_syscall sched_yield sched_getparam "
	"sched_getscheduler sched_getattr sched_get_priority_max sched_get_priority_min "
	"sched_rr_get_interval mlock mlock2 munlock mlockall munlockall time "
	"getpriority ioprio_get futex futex_waitv futex_wake futex_wait futex_requeue "
	"set_tid_address timer_create timer_settime timer_gettime timer_getoverrun timer_delete "
	"timerfd_create timerfd_settime timerfd_gettime clock_gettime clock_getres "
	"clock_nanosleep get_mempolicy set_mempolicy mbind set_mempolicy_home_node inotify_init "
	"inotify_init1 inotify_rm_watch signalfd signalfd4 eventfd eventfd2 "
	"splice tee vmsplice fallocate fadvise64 readahead io_setup io_destroy io_submit "
	"io_cancel io_getevents io_pgetevents madvise mincore msync mremap membarrier rseq "
	"getrandom getcpu copy_file_range close_range pkey_alloc pkey_free pkey_mprotect "
	"set_robust_list mseal cachestat map_shadow_stack "
	"sendfile fstatfs ustat "
	"fgetxattr flistxattr mq_timedsend mq_timedreceive mq_notify mq_getsetattr shmdt "
	"remap_file_pages lsm_get_self_attr lsm_list_modules uretprobe sendmsg sendmmsg recvfrom "
	"recvmsg recvmmsg accept accept4 shutdown getsockname getpeername setsockopt getsockopt ";

static const char expected_stop[] =
	" sched_getaffinity sched_setaffinity setpgid umask execve execveat fork vfork clone "
	"kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal pidfd_open "
	"pidfd_getfd connect bind listen seccomp ptrace process_vm_readv process_vm_writev "
	"landlock_create_ruleset landlock_add_rule landlock_restrict_self io_uring_setup "
	"io_uring_enter io_uring_register userfaultfd unshare setns modify_ldt mount umount2 "
	"pivot_root chroot fsopen fsconfig fsmount fspick open_tree open_tree_attr move_mount "
	"mount_setattr statmount listmount bpf perf_event_open keyctl add_key request_key "
	"open_by_handle_at setuid setgid setreuid setregid setresuid setresgid setgroups "
	"setfsuid setfsgid shmget shmat shmctl semget semctl semop semtimedop msgget msgctl "
	"msgsnd msgrcv mq_open mq_unlink acct swapon swapoff reboot sethostname setdomainname "
	"init_module finit_module delete_module kexec_load kexec_file_load iopl ioperm syslog "
	"vhangup settimeofday clock_settime adjtimex clock_adjtime quotactl quotactl_fd "
	"fanotify_init fanotify_mark lookup_dcookie process_madvise process_mrelease kcmp "
	"memfd_secret lsm_set_self_attr ";

/* Performed by the tracer. */
static const char expected_broker[] =
	" creat openat2 unlink unlinkat rmdir rename renameat renameat2 link linkat mkdir "
	"mkdirat mknod mknodat symlink symlinkat truncate chmod fchmodat fchmodat2 chown lchown "
	"fchownat utime utimes futimesat utimensat setxattr lsetxattr removexattr lremovexattr "
	"setxattrat removexattrat fchmod fchown fsetxattr fremovexattr file_setattr ";

static const char expected_stat[] =
	" stat lstat newfstatat statx readlink readlinkat getxattr lgetxattr listxattr llistxattr "
	"getxattrat listxattrat file_getattr statfs ";

static const char expected_hide[] =
	" name_to_handle_at ";

/* Seen with --watch=files; with --watch=all everything but the second list. */
static const char expected_files[] =
	" open openat access faccessat faccessat2 stat lstat newfstatat statx readlink readlinkat "
	"getxattr lgetxattr listxattr llistxattr getxattrat listxattrat file_getattr statfs chdir "
	"fchdir getdents getdents64 name_to_handle_at inotify_add_watch ";

static const char expected_unseen[] =
	" rt_sigreturn restart_syscall exit exit_group uretprobe ";

static const uint32_t expected_ioctls[] = {
	/* terminal */
	0x5401, 0x5402, 0x5403, 0x5404, 0x5405, 0x5406, 0x5407, 0x5408, 0x802c542a, 0x402c542b,
	0x402c542c, 0x402c542d, 0x5409, 0x5425, 0x540a, 0x540b, 0x540c, 0x540d, 0x540e, 0x540f,
	0x5410, 0x5411, 0x5413, 0x5414, 0x5415, 0x541b, 0x5420, 0x5422, 0x5429, 0x80045430,
	0x40045431, 0x80045438, 0x80045439,
	/* FIOCLEX FIONCLEX FIONBIO FIOQSIZE FIGETBSZ GETFLAGS FIEMAP FICLONE FICLONERANGE */
	0x5451, 0x5450, 0x5421, 0x5460, 2, 0x80086601, 0xc020660b, 0x40049409, 0x4020940d,
	/* RNDGETENTCNT, SIOCATMARK, SIOCGIF: CONF NAME INDEX FLAGS ADDR MTU */
	0x80045200, 0x8905, 0x8912, 0x8910, 0x8933, 0x8913, 0x8915, 0x8921,
};

static const uint32_t expected_fcntls[] = {
	0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 16, 36, 37, 38, 1025, 1027, 1028, 1030, 1031, 1032, 1033,
	1034, 1035, 1036, 1037, 1038,
};

static const uint32_t expected_prctls[] = {
	1, 2, 3, 7, 9, 13, 15, 16, 19, 21, 23, 25, 27, 29, 30, 34, 37, 38, 39, 40, 41, 42, 52, 58,
	0x53564d41,
};

static bool listed(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = list; (at = strstr(at, name)) != NULL; at++)
		if (at[-1] == ' ' && at[length] == ' ')
			return true;
	return false;
}

static bool has(const uint32_t *values, size_t count, uint32_t value)
{
	for (size_t i = 0; i < count; i++)
		if (values[i] == value)
			return true;
	return false;
}
#define HAS(values, value) has(values, sizeof(values) / sizeof((values)[0]), value)

static uint32_t pass_if(bool is_harmless)
{
	return is_harmless ? ALLOW : TRACE;
}

static uint32_t brokered(const struct filter_mode *mode)
{
	return mode->stops_brokered ? TRACE : NOTIFY;
}

static uint32_t expect_metadata(const struct filter_mode *mode, bool is_harmless)
{
	return is_harmless && !mode->stops_stat ? ALLOW : brokered(mode);
}

/* The words are the low halves of the arguments: what the kernel makes of an int. */
static uint32_t expect_open(const struct filter_mode *mode, uint32_t flags)
{
	if (flags & 010000000)                              /* O_PATH: only a name, so metadata */
		return pass_if(!mode->stops_stat);
	if (!(flags & (3 | 0100 | 01000 | 020000000)) &&    /* mode, CREAT, TRUNC, __TMPFILE */
	    mode->passes_reads && !mode->is_allow_all)
		return ALLOW;
	return brokered(mode);
}

static uint32_t expect_socket(const struct filter_mode *mode, uint32_t family, uint32_t protocol)
{
	if (!mode->passes_net || mode->is_allow_all)
		return TRACE;
	return pass_if(family == 2 || family == 10 || (family == 16 && protocol == 0));
}

static uint32_t expect_prctl(uint32_t option, uint32_t value)
{
	return pass_if(HAS(expected_prctls, option) || (option == 4 && value == 1) ||
		       (option == 47 && value == 1));
}

/* All but setting fs, as far as codes are known. */
static bool expect_arch_prctl(uint32_t code)
{
	return code == 0x1001 || code == 0x1003 || code == 0x1004 ||
	       (code >= 0x1010 && code <= 0x102f) || (code >= 0x3000 && code <= 0x5fff);
}

/* What policy alone makes of it. */
static uint32_t unwatched_action(const struct filter_mode *mode, const char *name,
				 const uint64_t args[6])
{
	uint32_t w[6];

	for (int i = 0; i < 6; i++)
		w[i] = (uint32_t)args[i];
	if (listed(expected_pass, name))
		return ALLOW;
	if (listed(expected_stop, name))
		return TRACE;
	if (listed(expected_broker, name))
		return brokered(mode);
	if (listed(expected_stat, name))
		return expect_metadata(mode, true);
	if (listed(expected_hide, name))
		return pass_if(!mode->stops_hidden);
	if (listed(" chdir inotify_add_watch getdents getdents64 ", name))
		return pass_if(!mode->stops_hidden && !mode->stops_layer);
	if (listed(" getcwd ", name))
		return pass_if(!mode->stops_layer);
	if (listed(" clone3 ", name))
		return ENOSYS_ANSWER;
	if (listed(" memfd_create ", name))
		return pass_if(!mode->stops_memfd);
	if (listed(" open ", name))
		return expect_open(mode, w[1]);
	if (listed(" openat ", name))
		return expect_open(mode, w[2]);
	if (listed(" access ", name))
		return expect_metadata(mode, !(w[1] & 2));
	if (listed(" faccessat faccessat2 ", name))
		return expect_metadata(mode, !(w[2] & 2));
	if (listed(" setrlimit ", name))
		return pass_if(w[0] != 4 && w[0] < 16);
	if (listed(" prlimit64 ", name))
		return pass_if(w[0] == 0 && w[1] != 4 && w[1] < 16);
	if (listed(" sched_setscheduler sched_setparam sched_setattr "
		   "migrate_pages move_pages get_robust_list ", name))
		return pass_if(w[0] == 0);
	if (listed(" setpriority ", name))
		return pass_if(w[0] == 0 && w[1] == 0);
	if (listed(" ioprio_set ", name))
		return pass_if(w[0] == 1 && w[1] == 0);
	if (listed(" personality ", name))
		return pass_if(w[0] == 0xffffffff);
	if (listed(" mmap ", name))
		return pass_if((w[3] & 0x21) != 0x21 || !mode->stops_memfd);
	if (listed(" arch_prctl ", name))
		return pass_if(expect_arch_prctl(w[0]));
	if (listed(" prctl ", name))
		return expect_prctl(w[0], w[1]);
	if (listed(" fcntl ", name))
		return pass_if(HAS(expected_fcntls, w[1]) && !(w[1] == 4 && w[2] & 020000));
	if (listed(" ioctl ", name))
		return pass_if(HAS(expected_ioctls, w[1]));
	if (listed(" socket ", name))
		return expect_socket(mode, w[0], w[2]);
	if (listed(" socketpair ", name))
		return pass_if(w[0] == 1 && ((w[1] & 15) == 1 || (w[1] & 15) == 5));
	if (listed(" sendto ", name))
		return pass_if(args[4] == 0 || (mode->passes_net && !mode->is_allow_all));
	return 0; /* in no list: no action of the filter, so the test fails */
}

static uint32_t expected_action(const struct filter_mode *mode, const char *name,
				const uint64_t args[6])
{
	uint32_t action = unwatched_action(mode, name, args);
	bool is_seen = false;

	if (mode->watch == WATCH_FILES)
		is_seen = listed(expected_files, name);
	else if (mode->watch == WATCH_ALL)
		is_seen = !listed(expected_unseen, name);
	return is_seen && action == ALLOW ? SEEN : action;
}

#endif
