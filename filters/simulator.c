/* SPDX-License-Identifier: Apache-2.0 */
/*
 * simulator.c: see simulator.h.
 *
 * First the program is checked as seccomp(2) checks it: net/core/filter.c (jumps, constants,
 * scratch memory written before it is read) and kernel/seccomp.c (the short list of instructions,
 * aligned loads inside struct seccomp_data).  After that, running it cannot go astray.
 */
#include "filters/simulator.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Registers and scratch memory of a classic BPF program; all zero at its start. */
struct machine {
	uint32_t a;
	uint32_t x;
	uint32_t memory[BPF_MEMWORDS];
};

static bool is_slot(const struct sock_filter *in)
{
	return in->k < BPF_MEMWORDS;
}

static bool check_load(const struct sock_filter *in)
{
	switch (in->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		return in->k < sizeof(struct seccomp_data) && in->k % 4 == 0;
	case BPF_LD | BPF_W | BPF_LEN:
	case BPF_LDX | BPF_W | BPF_LEN:
	case BPF_LD | BPF_IMM:
	case BPF_LDX | BPF_IMM:
		return true;
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
		return is_slot(in);
	default:
		return false;
	}
}

/* No BPF_MOD: sockets may use it, seccomp filters may not. */
static bool check_alu(const struct sock_filter *in)
{
	if (in->code > 0xff)
		return false;
	switch (BPF_OP(in->code)) {
	case BPF_ADD:
	case BPF_SUB:
	case BPF_MUL:
	case BPF_AND:
	case BPF_OR:
	case BPF_XOR:
		return true;
	case BPF_NEG:
		return BPF_SRC(in->code) == BPF_K;
	case BPF_DIV:
		return BPF_SRC(in->code) == BPF_X || in->k != 0;
	case BPF_LSH:
	case BPF_RSH:
		return BPF_SRC(in->code) == BPF_X || in->k < 32;
	default:
		return false;
	}
}

/* `left`: instructions after this one.  Offsets are unsigned: nothing jumps back. */
static bool check_jump(const struct sock_filter *in, size_t left)
{
	switch (in->code) {
	case BPF_JMP | BPF_JA:
		return in->k < left;
	case BPF_JMP | BPF_JEQ | BPF_K:
	case BPF_JMP | BPF_JEQ | BPF_X:
	case BPF_JMP | BPF_JGT | BPF_K:
	case BPF_JMP | BPF_JGT | BPF_X:
	case BPF_JMP | BPF_JGE | BPF_K:
	case BPF_JMP | BPF_JGE | BPF_X:
	case BPF_JMP | BPF_JSET | BPF_K:
	case BPF_JMP | BPF_JSET | BPF_X:
		return in->jt < left && in->jf < left;
	default:
		return false;
	}
}

static bool check_instruction(const struct sock_filter *in, size_t left)
{
	switch (BPF_CLASS(in->code)) {
	case BPF_LD:
	case BPF_LDX:
		return check_load(in);
	case BPF_ST:
	case BPF_STX:
		return (in->code == BPF_ST || in->code == BPF_STX) && is_slot(in);
	case BPF_ALU:
		return check_alu(in);
	case BPF_JMP:
		return check_jump(in, left);
	case BPF_RET:
		return in->code == (BPF_RET | BPF_K) || in->code == (BPF_RET | BPF_A);
	case BPF_MISC:
		return in->code == (BPF_MISC | BPF_TAX) || in->code == (BPF_MISC | BPF_TXA);
	default:
		return false;
	}
}

/*
 * Where execution goes from here: up to two places, relative to the next instruction.
 * The kernel's check of scratch memory runs on past a RET, which makes it a little too strict.
 */
static unsigned successors(const struct sock_filter *in, size_t ret_next[2])
{
	if (BPF_CLASS(in->code) != BPF_JMP) {
		ret_next[0] = 0;
		return 1;
	}
	if (BPF_OP(in->code) == BPF_JA) {
		ret_next[0] = in->k;
		return 1;
	}
	ret_next[0] = in->jt;
	ret_next[1] = in->jf;
	return 2;
}

/*
 * No slot is read that some way to that place has not written.  One pass is enough, since all ways
 * lead forward.  A place that no way leads to accepts everything, as in the kernel.
 */
static bool check_memory(const struct filter_program *program)
{
	uint16_t written[BPF_MAXINSNS + 1];

	memset(written, 0xff, (program->length + 1) * sizeof(written[0]));
	written[0] = 0;
	for (size_t pc = 0; pc < program->length; pc++) {
		const struct sock_filter *in = &program->code[pc];
		uint16_t slots = written[pc];
		size_t next[2];
		unsigned count = successors(in, next);

		if (in->code == (BPF_LD | BPF_MEM) || in->code == (BPF_LDX | BPF_MEM))
			if (!(slots >> in->k & 1))
				return false;
		if (in->code == BPF_ST || in->code == BPF_STX)
			slots |= (uint16_t)(1u << in->k);
		for (unsigned i = 0; i < count; i++)
			written[pc + 1 + next[i]] &= slots;
	}
	return true;
}

static bool check_program(const struct filter_program *program)
{
	if (!program->code || !program->length || program->length > BPF_MAXINSNS)
		return false;
	for (size_t pc = 0; pc < program->length; pc++)
		if (!check_instruction(&program->code[pc], program->length - pc - 1))
			return false;
	return BPF_CLASS(program->code[program->length - 1].code) == BPF_RET &&
	       check_memory(program);
}

static void load(struct machine *m, const struct sock_filter *in, const struct seccomp_data *data)
{
	uint32_t value = in->k;

	switch (BPF_MODE(in->code)) {
	case BPF_ABS:
		memcpy(&value, (const char *)data + in->k, sizeof(value));
		break;
	case BPF_MEM:
		value = m->memory[in->k];
		break;
	case BPF_LEN:
		value = sizeof(*data);
		break;
	}
	if (BPF_CLASS(in->code) == BPF_LD)
		m->a = value;
	else
		m->x = value;
}

/* False: division by zero at run time, which ends the program with 0. */
static bool compute(struct machine *m, const struct sock_filter *in)
{
	uint32_t operand = BPF_SRC(in->code) == BPF_X ? m->x : in->k;

	switch (BPF_OP(in->code)) {
	case BPF_ADD: m->a += operand; break;
	case BPF_SUB: m->a -= operand; break;
	case BPF_MUL: m->a *= operand; break;
	case BPF_AND: m->a &= operand; break;
	case BPF_OR:  m->a |= operand; break;
	case BPF_XOR: m->a ^= operand; break;
	case BPF_NEG: m->a = -m->a; break;
	case BPF_LSH: m->a <<= operand & 31; break;
	case BPF_RSH: m->a >>= operand & 31; break;
	case BPF_DIV:
		if (!operand)
			return false;
		m->a /= operand;
		break;
	}
	return true;
}

static size_t jump(const struct machine *m, const struct sock_filter *in)
{
	uint32_t operand = BPF_SRC(in->code) == BPF_X ? m->x : in->k;

	switch (BPF_OP(in->code)) {
	case BPF_JEQ:  return m->a == operand ? in->jt : in->jf;
	case BPF_JGT:  return m->a > operand ? in->jt : in->jf;
	case BPF_JGE:  return m->a >= operand ? in->jt : in->jf;
	case BPF_JSET: return (m->a & operand) ? in->jt : in->jf;
	default:       return in->k;
	}
}

static uint32_t run(const struct filter_program *program, const struct seccomp_data *data)
{
	struct machine m = { 0 };

	for (size_t pc = 0;; pc++) {
		const struct sock_filter *in = &program->code[pc];

		switch (BPF_CLASS(in->code)) {
		case BPF_LD:
		case BPF_LDX:  load(&m, in, data); break;
		case BPF_ST:   m.memory[in->k] = m.a; break;
		case BPF_STX:  m.memory[in->k] = m.x; break;
		case BPF_JMP:  pc += jump(&m, in); break;
		case BPF_RET:  return BPF_RVAL(in->code) == BPF_A ? m.a : in->k;
		case BPF_ALU:
			if (!compute(&m, in))
				return 0;
			break;
		case BPF_MISC:
			if (BPF_MISCOP(in->code) == BPF_TAX)
				m.x = m.a;
			else
				m.a = m.x;
			break;
		}
	}
}

int simulate(const struct filter_program *program, const struct seccomp_data *data,
	     uint32_t *ret_action)
{
	if (!check_program(program))
		return -EINVAL;
	*ret_action = run(program, data);
	return 0;
}

/* Loads and stores have the same operands. */
static int print_memory(const struct sock_filter *in, char *out, size_t size)
{
	const char *name = BPF_CLASS(in->code) == BPF_LD    ? "ld"
			   : BPF_CLASS(in->code) == BPF_LDX ? "ldx"
			   : BPF_CLASS(in->code) == BPF_ST  ? "st"
							    : "stx";

	if (BPF_CLASS(in->code) == BPF_ST || BPF_CLASS(in->code) == BPF_STX ||
	    BPF_MODE(in->code) == BPF_MEM)
		return snprintf(out, size, "%s M[%" PRIu32 "]", name, in->k);
	if (BPF_MODE(in->code) == BPF_ABS)
		return snprintf(out, size, "%s [%" PRIu32 "]", name, in->k);
	if (BPF_MODE(in->code) == BPF_LEN)
		return snprintf(out, size, "%s #len", name);
	return snprintf(out, size, "%s #%#" PRIx32, name, in->k);
}

static int print_alu(const struct sock_filter *in, char *out, size_t size)
{
	static const char *const names[16] = {
		[BPF_ADD >> 4] = "add", [BPF_SUB >> 4] = "sub", [BPF_MUL >> 4] = "mul",
		[BPF_DIV >> 4] = "div", [BPF_OR >> 4] = "or",   [BPF_AND >> 4] = "and",
		[BPF_LSH >> 4] = "lsh", [BPF_RSH >> 4] = "rsh", [BPF_NEG >> 4] = "neg",
		[BPF_XOR >> 4] = "xor",
	};
	const char *name = names[BPF_OP(in->code) >> 4];

	if (BPF_OP(in->code) == BPF_NEG)
		return snprintf(out, size, "%s", name);
	if (BPF_SRC(in->code) == BPF_X)
		return snprintf(out, size, "%s x", name);
	return snprintf(out, size, "%s #%#" PRIx32, name, in->k);
}

static int print_jump(const struct sock_filter *in, char *out, size_t size)
{
	static const char *const names[16] = {
		[BPF_JEQ >> 4] = "jeq", [BPF_JGT >> 4] = "jgt", [BPF_JGE >> 4] = "jge",
		[BPF_JSET >> 4] = "jset",
	};
	const char *name = names[BPF_OP(in->code) >> 4];

	if (BPF_OP(in->code) == BPF_JA)
		return snprintf(out, size, "ja %" PRIu32, in->k);
	if (BPF_SRC(in->code) == BPF_X)
		return snprintf(out, size, "%s x, %u, %u", name, in->jt, in->jf);
	return snprintf(out, size, "%s #%#" PRIx32 ", %u, %u", name, in->k, in->jt, in->jf);
}

int simulator_print(const struct sock_filter *instruction, char *out, size_t size)
{
	/* What no filter may contain has no name; its place in the program does not matter here. */
	if (!check_instruction(instruction, SIZE_MAX))
		return snprintf(out, size, "invalid %#x, %u, %u, %#" PRIx32, instruction->code,
				instruction->jt, instruction->jf, instruction->k);
	switch (BPF_CLASS(instruction->code)) {
	case BPF_ALU:
		return print_alu(instruction, out, size);
	case BPF_JMP:
		return print_jump(instruction, out, size);
	case BPF_RET:
		if (BPF_RVAL(instruction->code) == BPF_A)
			return snprintf(out, size, "ret a");
		return snprintf(out, size, "ret #%#" PRIx32, instruction->k);
	case BPF_MISC:
		return snprintf(out, size,
				BPF_MISCOP(instruction->code) == BPF_TAX ? "tax" : "txa");
	default:
		return print_memory(instruction, out, size);
	}
}

int simulator_action_name(uint32_t action, char *out, size_t size)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_KILL_PROCESS:
		return snprintf(out, size, "KILL_PROCESS");
	case SECCOMP_RET_KILL_THREAD:
		return snprintf(out, size, "KILL_THREAD");
	case SECCOMP_RET_TRAP:
		return snprintf(out, size, "TRAP");
	case SECCOMP_RET_ERRNO:
		return snprintf(out, size, "ERRNO %" PRIu32, action & SECCOMP_RET_DATA);
	case SECCOMP_RET_USER_NOTIF:
		return snprintf(out, size, "NOTIFY");
	case SECCOMP_RET_TRACE:
		if (action & SECCOMP_RET_DATA)
			return snprintf(out, size, "TRACE %" PRIu32, action & SECCOMP_RET_DATA);
		return snprintf(out, size, "TRACE");
	case SECCOMP_RET_LOG:
		return snprintf(out, size, "LOG");
	case SECCOMP_RET_ALLOW:
		return snprintf(out, size, "ALLOW");
	default:
		/* The kernel treats what it does not know as the worst. */
		return snprintf(out, size, "KILL_PROCESS %#" PRIx32, action);
	}
}
