/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unwind.h: the native stack of a stopped thread, innermost frame first, by libunwind.
 *
 * Nearly every frame is left in the same plain way (cfi.h).  A stack of such frames is walked here,
 * by what is remembered of each address, since libunwind 1.6 makes two system calls per frame to
 * lock its cache; as soon as one is not plain, or anything is amiss, libunwind walks it all.
 *
 * From return addresses on the tracee's stack and unwind tables of its files: better than nothing,
 * and nothing to decide by: a script that runs native code can forge it.
 *
 * Memory is read through pages.h only, so within its budget; nothing is ever written.  Unwind
 * tables come from the mapped files, checked before libunwind sees them (tables.h, cfi.h).  A walk
 * ends at the outermost frame, and early (truncated): where there is no unwind information (a
 * JIT's code), when the stack pointer does not grow, when an address is not in executable memory,
 * at the frames or reads allowed.
 *
 * For the tracer thread only.
 */
#ifndef TRACER_NATIVE_UNWIND_H
#define TRACER_NATIVE_UNWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

struct pages;

#define NATIVE_FRAMES_MAX 256u

struct native_frame {
	uint64_t ip;
	/*
	 * The frame is [sp, sp of the next frame).  They grow, but for one case: a signal handler
	 * that ran on a stack of its own.
	 */
	uint64_t sp;
	const char *module;              /* path, as in maps.h: untrusted bytes; NULL: no file */
	uint64_t offset;                 /* of ip, as the file counts addresses */
	const char *symbol;              /* untrusted bytes, cut; NULL: unknown */
	uint64_t symbol_offset;          /* of ip in it */
};

/*
 * What is known of one address space: mappings, open files, tables, libunwind's cache; about 1 MiB
 * and up to MODULES_OPEN_MAX descriptors.  Make it when a native stack is wanted, drop it at exec,
 * make another one after fork (vfork children and threads share their parent's); keep only a few.
 */
struct native_space;

/* -ELIBACC: libunwind is not installed; -ENOMEM. */
int native_space_new(struct native_space **ret_space);
void native_space_free(struct native_space *space);

/* For tests: libunwind walks every stack, or (at first) only those that need it. */
void native_space_use_library(struct native_space *space, bool is_always);

/*
 * `tid`: stopped, in this address space, with a stop of `pages` begun; `regs`: as fetched.  At most
 * `room` frames (NATIVE_FRAMES_MAX at most) go to `frames`.  Strings belong to the space and are
 * valid until its next walk.
 *
 * To go on behind a gap, call it with a copy of the registers in which rip, rsp and, when known,
 * rbp are those of a frame further out.
 *
 * 0, also when truncated; -ESRCH: gone; -ENOMEM.
 */
int native_walk(struct native_space *space, struct pages *pages, pid_t tid,
		const struct user_regs_struct *regs, struct native_frame *frames, size_t room,
		size_t *ret_count, bool *ret_is_truncated);

#endif
