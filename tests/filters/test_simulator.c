/* SPDX-License-Identifier: Apache-2.0 */
/* test_simulator.c: the simulator against tables, and against the kernel that runs this test. */
#include <check.h>
#include <errno.h>
#include <linux/audit.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fail.h"
#include "filters/simulator.h"
#include "tests/support/suite.h"

#define PROGRAM_MAX 16

/* Ends at the first instruction that is all zero (`ld #0`, which no program here needs). */
struct program_case {
	const char *what;
	struct sock_filter code[PROGRAM_MAX];
	uint32_t result;
};

#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define LOADI(value) BPF_STMT(BPF_LD | BPF_IMM, value)
#define LOADXI(value) BPF_STMT(BPF_LDX | BPF_IMM, value)
#define ALU(op, value) BPF_STMT(BPF_ALU | (op) | BPF_K, value)
#define ALUX(op) BPF_STMT(BPF_ALU | (op) | BPF_X, 0)
#define JUMP(op, value, yes, no) BPF_JUMP(BPF_JMP | (op) | BPF_K, value, yes, no)
#define JUMPX(op, yes, no) BPF_JUMP(BPF_JMP | (op) | BPF_X, 0, yes, no)
#define RET(value) BPF_STMT(BPF_RET | BPF_K, value)
#define RETA BPF_STMT(BPF_RET | BPF_A, 0)

static const struct seccomp_data sample = {
	.nr = 257,
	.arch = AUDIT_ARCH_X86_64,
	.instruction_pointer = 0x1122334455667788,
	.args = { 0x0123456789abcdef, 1, 2, 3, 4, 0xfedcba9876543210 },
};

static const struct program_case good[] = {
	{ "constant", { RET(0x7fff0000) }, 0x7fff0000 },
	{ "number", { LOAD(0), RETA }, 257 },
	{ "machine", { LOAD(4), RETA }, AUDIT_ARCH_X86_64 },
	{ "pointer low", { LOAD(8), RETA }, 0x55667788 },
	{ "first argument low", { LOAD(16), RETA }, 0x89abcdef },
	{ "first argument high", { LOAD(20), RETA }, 0x01234567 },
	{ "last word", { LOAD(60), RETA }, 0xfedcba98 },
	{ "length", { BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0), RETA }, 64 },
	{ "length in x", { BPF_STMT(BPF_LDX | BPF_W | BPF_LEN, 0), BPF_STMT(BPF_MISC | BPF_TXA, 0),
			   RETA }, 64 },
	{ "add wraps", { LOADI(0xffffffff), ALU(BPF_ADD, 3), RETA }, 2 },
	{ "sub wraps", { LOADI(1), ALU(BPF_SUB, 2), RETA }, 0xffffffff },
	{ "mul wraps", { LOADI(0x10001), ALU(BPF_MUL, 0x10001), RETA }, 0x20001 },
	{ "div", { LOADI(7), ALU(BPF_DIV, 2), RETA }, 3 },
	{ "div by x", { LOADI(7), LOADXI(3), ALUX(BPF_DIV), RETA }, 2 },
	{ "div by zero in x ends with 0", { LOADI(7), ALUX(BPF_DIV), RET(5) }, 0 },
	{ "and", { LOADI(0xff0f), ALU(BPF_AND, 0x0ff0), RETA }, 0x0f00 },
	{ "or x", { LOADI(0xf0), LOADXI(0x0f), ALUX(BPF_OR), RETA }, 0xff },
	{ "xor", { LOADI(0xff), ALU(BPF_XOR, 0x0f), RETA }, 0xf0 },
	{ "lsh", { LOADI(1), ALU(BPF_LSH, 31), RETA }, 0x80000000 },
	{ "rsh by x over 31", { LOADI(0x80), LOADXI(36), ALUX(BPF_RSH), RETA }, 8 },
	{ "neg", { LOADI(1), BPF_STMT(BPF_ALU | BPF_NEG, 0), RETA }, 0xffffffff },
	{ "tax", { LOADI(9), BPF_STMT(BPF_MISC | BPF_TAX, 0), LOADI(1), ALUX(BPF_ADD), RETA }, 10 },
	{ "memory", { LOADI(9), BPF_STMT(BPF_ST, 15), LOADI(1), BPF_STMT(BPF_LD | BPF_MEM, 15),
		      RETA }, 9 },
	{ "memory from x", { LOADXI(6), BPF_STMT(BPF_STX, 0), BPF_STMT(BPF_LD | BPF_MEM, 0), RETA },
	  6 },
	{ "memory to x", { LOADI(5), BPF_STMT(BPF_ST, 3), BPF_STMT(BPF_LDX | BPF_MEM, 3),
			   ALUX(BPF_ADD), RETA }, 10 },
	{ "memory written on both ways", { LOADI(5), JUMP(BPF_JEQ, 5, 0, 2), BPF_STMT(BPF_ST, 1),
			   BPF_STMT(BPF_JMP | BPF_JA, 1), BPF_STMT(BPF_ST, 1),
			   BPF_STMT(BPF_LD | BPF_MEM, 1), RETA }, 5 },
	{ "ja", { BPF_STMT(BPF_JMP | BPF_JA, 1), RET(1), RET(2) }, 2 },
	{ "jeq", { LOAD(0), JUMP(BPF_JEQ, 257, 0, 1), RET(1), RET(2) }, 1 },
	{ "jeq not", { LOAD(0), JUMP(BPF_JEQ, 258, 0, 1), RET(1), RET(2) }, 2 },
	{ "jgt equal", { LOADI(5), JUMP(BPF_JGT, 5, 0, 1), RET(1), RET(2) }, 2 },
	{ "jge equal", { LOADI(5), JUMP(BPF_JGE, 5, 0, 1), RET(1), RET(2) }, 1 },
	{ "jgt is unsigned", { LOADI(0x80000000), JUMP(BPF_JGT, 1, 0, 1), RET(1), RET(2) }, 1 },
	{ "jset", { LOADI(6), JUMP(BPF_JSET, 2, 0, 1), RET(1), RET(2) }, 1 },
	{ "jset not", { LOADI(6), JUMP(BPF_JSET, 9, 0, 1), RET(1), RET(2) }, 2 },
	{ "jeq x", { LOADI(6), LOADXI(6), JUMPX(BPF_JEQ, 0, 1), RET(1), RET(2) }, 1 },
	{ "jump to the last", { JUMP(BPF_JEQ, 0, 1, 1), RET(1), RET(2) }, 2 },
};

static const struct program_case bad[] = {
	{ "no ret at the end", { LOAD(0), LOAD(4) }, 0 },
	{ "jump at the end", { LOAD(0), BPF_STMT(BPF_JMP | BPF_JA, 0) }, 0 },
	{ "ja past the end", { BPF_STMT(BPF_JMP | BPF_JA, 1), RET(1) }, 0 },
	{ "ja backward", { RET(1), BPF_STMT(BPF_JMP | BPF_JA, 0xfffffffe), RET(1) }, 0 },
	{ "true past the end", { JUMP(BPF_JEQ, 0, 1, 0), RET(1) }, 0 },
	{ "false just past the end", { JUMP(BPF_JEQ, 1, 0, 1), RET(1) }, 0 },
	{ "false past the end", { JUMP(BPF_JEQ, 0, 0, 255), RET(1) }, 0 },
	{ "load past the data", { LOAD(64), RET(1) }, 0 },
	{ "load far past the data", { LOAD(0xfffffffc), RET(1) }, 0 },
	{ "load of packet extras", { LOAD(0xfffff000), RET(1) }, 0 },
	{ "load across words", { LOAD(2), RET(1) }, 0 },
	{ "byte load", { BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0), RET(1) }, 0 },
	{ "half load", { BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0), RET(1) }, 0 },
	{ "indirect load", { BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0), RET(1) }, 0 },
	{ "header length load", { BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), RET(1) }, 0 },
	{ "division by zero", { ALU(BPF_DIV, 0), RET(1) }, 0 },
	{ "remainder", { ALU(0x90, 3), RET(1) }, 0 },
	{ "lsh by 32", { ALU(BPF_LSH, 32), RET(1) }, 0 },
	{ "rsh by 32", { ALU(BPF_RSH, 32), RET(1) }, 0 },
	{ "alu past xor", { ALU(0xb0, 1), RET(1) }, 0 },
	{ "neg x", { ALUX(BPF_NEG), RET(1) }, 0 },
	{ "slot 16 stored", { BPF_STMT(BPF_ST, 16), RET(1) }, 0 },
	{ "slot 16 stored from x", { BPF_STMT(BPF_STX, 16), RET(1) }, 0 },
	{ "slot 16 read", { BPF_STMT(BPF_LD | BPF_MEM, 16), RET(1) }, 0 },
	{ "slot read unwritten", { BPF_STMT(BPF_LD | BPF_MEM, 0), RET(1) }, 0 },
	{ "slot read unwritten to x", { BPF_STMT(BPF_LDX | BPF_MEM, 0), RET(1) }, 0 },
	{ "slot written on one way only", { JUMP(BPF_JEQ, 5, 0, 1), BPF_STMT(BPF_ST, 1),
			BPF_STMT(BPF_LD | BPF_MEM, 1), RETA }, 0 },
	{ "unknown jump", { JUMP(0x50, 0, 0, 0), RET(1) }, 0 },
	{ "ret x", { BPF_STMT(BPF_RET | BPF_X, 0), RET(1) }, 0 },
	{ "unknown ret last", { BPF_STMT(BPF_RET | 0xe0, 0) }, 0 },
	{ "unknown misc", { BPF_STMT(BPF_MISC | 0x10, 0), RET(1) }, 0 },
	{ "store with a mode", { BPF_STMT(BPF_ST | BPF_MEM, 0), RET(1) }, 0 },
	{ "load with a wide code", { BPF_STMT(0x100 | BPF_LD | BPF_W | BPF_ABS, 0), RET(1) }, 0 },
	{ "alu with a wide code", { BPF_STMT(0x100 | BPF_ALU | BPF_ADD, 1), RET(1) }, 0 },
};

static struct filter_program program_of(const struct program_case *c)
{
	static const struct sock_filter end;
	struct filter_program program = { .code = (struct sock_filter *)c->code };

	while (program.length < PROGRAM_MAX &&
	       memcmp(&c->code[program.length], &end, sizeof(end)) != 0)
		program.length++;
	return program;
}

START_TEST(good_programs)
{
	struct filter_program program = program_of(&good[_i]);
	uint32_t action = 0xdead;

	ck_assert_msg(simulate(&program, &sample, &action) == 0, "%s refused", good[_i].what);
	ck_assert_msg(action == good[_i].result, "%s: %#x", good[_i].what, action);
}
END_TEST

START_TEST(bad_programs)
{
	struct filter_program program = program_of(&bad[_i]);
	uint32_t action = 0xdead;

	ck_assert_msg(simulate(&program, &sample, &action) == -EINVAL, "%s taken", bad[_i].what);
	ck_assert_uint_eq(action, 0xdead);
}
END_TEST

START_TEST(lengths)
{
	struct sock_filter *code = calloc(BPF_MAXINSNS + 1, sizeof(*code));
	struct filter_program program = { .code = code };
	uint32_t action;

	for (size_t i = 0; i <= BPF_MAXINSNS; i++)
		code[i] = (struct sock_filter)RET(7);
	ck_assert_int_eq(simulate(&program, &sample, &action), -EINVAL);
	program.length = BPF_MAXINSNS + 1;
	ck_assert_int_eq(simulate(&program, &sample, &action), -EINVAL);
	program.length = BPF_MAXINSNS;
	ck_assert_int_eq(simulate(&program, &sample, &action), 0);
	ck_assert_uint_eq(action, 7);
	program.code = NULL;
	ck_assert_int_eq(simulate(&program, &sample, &action), -EINVAL);
	free(code);
}
END_TEST

/* What a child writes: the kernel's answer to loading, then the result of one filtered call. */
struct answer {
	int load_error;
	long result;
};

#define ERRNO_ACTION 0x50000u

static void child_tries(const struct filter_program *program, const struct seccomp_data *data,
			volatile struct answer *answer)
{
	struct sock_fprog fprog = { .len = program->length, .filter = program->code };
	const struct rlimit no_core = { 0 };
	const uint64_t *a = (const uint64_t *)data->args;

	setrlimit(RLIMIT_CORE, &no_core);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	answer->load_error = EINPROGRESS;
	if (syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &fprog) < 0) {
		answer->load_error = errno;
		_exit(0);
	}
	answer->load_error = 0;
	answer->result = syscall(data->nr, a[0], a[1], a[2], a[3], a[4], a[5]) < 0 ? errno : 0;
	/* The filter may refuse exit, too. */
	__builtin_trap();
}

/* Without ck_assert: main asks too, outside of any test. */
static struct answer ask_kernel(const struct filter_program *program,
				const struct seccomp_data *data)
{
	struct answer *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct answer answer = { .load_error = ECHILD };
	pid_t pid;

	if (shared == MAP_FAILED)
		return answer;
	pid = fork();
	if (!pid)
		child_tries(program, data, shared);
	if (pid > 0 && waitpid(pid, NULL, 0) == pid)
		answer = *shared;
	munmap(shared, sizeof(*shared));
	return answer;
}

static bool kernel_takes_filters(void)
{
	static struct sock_filter allow[] = { RET(0x7fff0000) };
	struct filter_program program = { .code = allow, .length = 1 };

	return ask_kernel(&program, &sample).load_error == 0;
}

START_TEST(kernel_agrees_on_tables)
{
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct filter_program program = program_of(&good[i]);

		ck_assert_msg(ask_kernel(&program, &sample).load_error == 0, "%s", good[i].what);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct filter_program program = program_of(&bad[i]);

		ck_assert_msg(ask_kernel(&program, &sample).load_error == EINVAL, "%s",
			      bad[i].what);
	}
}
END_TEST

/* Mostly well-formed.  No load of the instruction pointer, which the simulation cannot know. */
static struct sock_filter random_instruction(void)
{
	static const uint16_t codes[] = {
		BPF_LD | BPF_W | BPF_ABS, BPF_LD | BPF_W | BPF_ABS, BPF_LD | BPF_IMM,
		BPF_LDX | BPF_IMM, BPF_LD | BPF_MEM, BPF_LDX | BPF_MEM, BPF_ST, BPF_ST, BPF_STX,
		BPF_ALU | BPF_ADD | BPF_K, BPF_ALU | BPF_SUB | BPF_X, BPF_ALU | BPF_MUL | BPF_K,
		BPF_ALU | BPF_DIV | BPF_K, BPF_ALU | BPF_XOR | BPF_X, BPF_ALU | BPF_NEG,
		BPF_ALU | BPF_LSH | BPF_K, BPF_ALU | BPF_RSH | BPF_X, BPF_MISC | BPF_TAX,
		BPF_MISC | BPF_TXA, BPF_JMP | BPF_JA, BPF_JMP | BPF_JEQ | BPF_K,
		BPF_JMP | BPF_JGT | BPF_K, BPF_JMP | BPF_JGE | BPF_X, BPF_JMP | BPF_JSET | BPF_K,
	};
	struct sock_filter in = { .code = codes[random() % ARRAY_SIZE(codes)] };

	in.jt = random() % 3;
	in.jf = random() % 3;
	if (BPF_CLASS(in.code) == BPF_ALU || in.code == BPF_LD || in.code == BPF_LDX)
		in.k = random() % 34;
	else if (in.code == (BPF_LD | BPF_W | BPF_ABS))
		in.k = random() % 40 ? 16 + random() % 12 * 4 : (uint32_t)random();
	else
		in.k = random() % 2;
	return in;
}

START_TEST(kernel_agrees_on_random_programs)
{
	const struct seccomp_data data = {
		.nr = __NR_getppid,
		.arch = AUDIT_ARCH_X86_64,
		.args = { 0x8899aabb00000003, 17, 0xffffffffffffffff, 1ul << 33, 5, 0x80000000 },
	};
	unsigned taken = 0;

	srandom(20240611);
	for (int round = 0; round < 1500; round++) {
		struct sock_filter code[PROGRAM_MAX];
		struct filter_program program = { .code = code, .length = 6 + random() % 11 };
		struct answer kernel;
		uint32_t action = 0;
		int e;

		for (size_t i = 0; i < program.length; i++)
			code[i] = random_instruction();
		/* Too long a jump lands here at worst, never behind the AND. */
		code[program.length - 5] = (struct sock_filter)ALU(BPF_ADD, 0);
		code[program.length - 4] = (struct sock_filter)ALU(BPF_ADD, 0);
		code[program.length - 3] = (struct sock_filter)ALU(BPF_AND, 0x7ff);
		code[program.length - 2] = (struct sock_filter)ALU(BPF_OR, ERRNO_ACTION);
		code[program.length - 1] = (struct sock_filter)RETA;
		e = simulate(&program, &data, &action);
		kernel = ask_kernel(&program, &data);
		ck_assert_msg(-e == kernel.load_error, "round %d: we %d, kernel %d", round, e,
			      kernel.load_error);
		/* Result 0 is KILL_THREAD: a division by zero; then no result was written. */
		if (!e && action)
			ck_assert_msg((action & 0xffff) == kernel.result, "round %d: %#x, %ld",
				      round, action, kernel.result);
		taken += !e;
	}
	/* Both answers were really seen. */
	ck_assert_uint_gt(taken, 300);
	ck_assert_uint_lt(taken, 1400);
}
END_TEST

static const struct {
	struct sock_filter in;
	const char *text;
} printed[] = {
	{ LOAD(0), "ld [0]" },
	{ LOADI(0), "ld #0" },
	{ LOADXI(16), "ldx #0x10" },
	{ BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0), "ld #len" },
	{ BPF_STMT(BPF_LDX | BPF_MEM, 3), "ldx M[3]" },
	{ BPF_STMT(BPF_ST, 15), "st M[15]" },
	{ BPF_STMT(BPF_STX, 1), "stx M[1]" },
	{ ALU(BPF_AND, 3), "and #0x3" },
	{ ALUX(BPF_XOR), "xor x" },
	{ BPF_STMT(BPF_ALU | BPF_NEG, 0), "neg" },
	{ BPF_STMT(BPF_JMP | BPF_JA, 300), "ja 300" },
	{ JUMP(BPF_JEQ, 2, 3, 0), "jeq #0x2, 3, 0" },
	{ JUMP(BPF_JSET, 0x40, 255, 254), "jset #0x40, 255, 254" },
	{ JUMPX(BPF_JGE, 1, 2), "jge x, 1, 2" },
	{ RET(0x7fff0000), "ret #0x7fff0000" },
	{ RETA, "ret a" },
	{ BPF_STMT(BPF_MISC | BPF_TAX, 0), "tax" },
	{ BPF_STMT(BPF_MISC | BPF_TXA, 0), "txa" },
	{ { 0xffff, 1, 2, 3 }, "invalid 0xffff, 1, 2, 0x3" },
	{ ALU(BPF_DIV, 0), "invalid 0x34, 0, 0, 0" },
};

START_TEST(instruction_text)
{
	char out[64];

	simulator_print(&printed[_i].in, out, sizeof(out));
	ck_assert_str_eq(out, printed[_i].text);
}
END_TEST

static const struct {
	uint32_t action;
	const char *text;
} actions[] = {
	{ SECCOMP_RET_ALLOW, "ALLOW" },
	{ SECCOMP_RET_TRACE, "TRACE" },
	{ SECCOMP_RET_TRACE | 17, "TRACE 17" },
	{ SECCOMP_RET_USER_NOTIF, "NOTIFY" },
	{ SECCOMP_RET_ERRNO | ENOSYS, "ERRNO 38" },
	{ SECCOMP_RET_ERRNO, "ERRNO 0" },
	{ SECCOMP_RET_KILL_PROCESS, "KILL_PROCESS" },
	{ SECCOMP_RET_KILL_THREAD, "KILL_THREAD" },
	{ SECCOMP_RET_TRAP, "TRAP" },
	{ SECCOMP_RET_LOG, "LOG" },
	{ 0x12340000, "KILL_PROCESS 0x12340000" },
};

START_TEST(action_text)
{
	char out[64];
	char small[4];

	simulator_action_name(actions[_i].action, out, sizeof(out));
	ck_assert_str_eq(out, actions[_i].text);
	simulator_action_name(actions[_i].action, small, sizeof(small));
	ck_assert_uint_lt(strlen(small), sizeof(small));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("simulator");
	TCase *pure = tcase_create("pure");
	TCase *live = tcase_create("live");

	tcase_add_loop_test(pure, good_programs, 0, ARRAY_SIZE(good));
	tcase_add_loop_test(pure, bad_programs, 0, ARRAY_SIZE(bad));
	tcase_add_test(pure, lengths);
	tcase_add_loop_test(pure, instruction_text, 0, ARRAY_SIZE(printed));
	tcase_add_loop_test(pure, action_text, 0, ARRAY_SIZE(actions));
	suite_add_tcase(suite, pure);
	tcase_set_timeout(live, 120);
	tcase_add_test(live, kernel_agrees_on_tables);
	tcase_add_test(live, kernel_agrees_on_random_programs);
	if (kernel_takes_filters())
		suite_add_tcase(suite, live);
	else
		printf("SKIP: comparison with the kernel: seccomp filters cannot be loaded here\n");
	return suite_run(suite);
}
