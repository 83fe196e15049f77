/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cfi.h: whether call frame information (a CIE with one of its FDEs, of .eh_frame) may be given to
 * libunwind.
 *
 * It comes from files that the tracee chose, and libunwind (1.6) trusts it: a register number, the
 * return address column or a division in it can make it read out of bounds, abort or divide by
 * zero.  So it sees only what compilers and assemblers write for x86-64, checked here to its last
 * byte: known letters, known instructions, registers that exist, expressions without jumps,
 * division or register locations, a CFA that is defined.  Whatever else: no unwinding there.
 *
 * Pure.  Format: LSB "Exception Frames", DWARF 3 section 6.4, the x86-64 psABI's register numbers.
 */
#ifndef TRACER_NATIVE_CFI_H
#define TRACER_NATIVE_CFI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CFI_CIE_MAX 512u
#define CFI_FDE_MAX (32u << 10)

/* Whole entries: from the length word to the end. */
struct cfi {
	const uint8_t *cie, *fde;
	size_t cie_size, fde_size;
};

/*
 * How to get from a frame to its caller's, when that is as plain as it nearly always is: the return
 * address and the old rbp lie at fixed distances from the CFA, which is at one from rsp or rbp.
 */
struct cfi_row {
	bool is_plain;                   /* else it takes libunwind */
	bool is_outermost;               /* the return address is undefined: there is no caller */
	bool cfa_is_from_rbp;            /* else from rsp */
	bool rbp_is_saved;               /* else it is still the caller's */
	int32_t cfa_offset;              /* CFA = register + this; the caller's rsp */
	int32_t return_offset, rbp_offset;       /* from the CFA */
};

struct cfi_facts {
	bool is_signal;                  /* 'S': what a signal handler returns to */
	uint64_t start, end;             /* the code that the FDE speaks of */
	struct cfi_row row;              /* at the ip asked for, when it lies there */
};

/*
 * 0, or -EINVAL.  `address`: of the FDE, in the terms that the facts are wanted in and `ip` is
 * given in.
 */
int cfi_check(const struct cfi *cfi, uint64_t address, uint64_t ip, struct cfi_facts *ret_facts);

#endif
