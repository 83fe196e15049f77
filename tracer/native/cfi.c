/* SPDX-License-Identifier: Apache-2.0 */
/* cfi.c: see cfi.h. */
#include "tracer/native/cfi.h"

#include <errno.h>
#include <string.h>

#include "tracer/native/cursor.h"

#define REGISTERS 17u            /* rax to r15, and the return address column */
#define RBP 6u
#define RSP 7u
#define RETURN_COLUMN 16u
#define OFFSET_MAX (1 << 30)
#define REMEMBERED_MAX 16u
#define EXPRESSION_MAX 128u
#define LETTERS_MAX 4u           /* libunwind forgets the letters after the fourth */

#define ENCODING_OMIT 0xffu
#define ENCODING_PCREL 0x10u
#define ENCODING_INDIRECT 0x80u

/* ---- operands ---- */

static unsigned take_register(struct cursor *c)
{
	uint64_t number = cursor_uleb(c);

	if (number < REGISTERS)
		return (unsigned)number;
	c->is_bad = true;
	return 0;
}

/* 0: none that we know. */
static unsigned encoded_size(unsigned encoding)
{
	switch (encoding & 0x0f) {
	case 0x00: /* absptr */
	case 0x04: /* udata8 */
	case 0x0c: /* sdata8 */
		return 8;
	case 0x03: /* udata4 */
	case 0x0b: /* sdata4 */
		return 4;
	default:
		return 0;
	}
}

static void take_pointer(struct cursor *c, unsigned encoding, bool may_be_indirect)
{
	unsigned relative = encoding & 0x70;

	if (!encoded_size(encoding) || (relative != 0 && relative != ENCODING_PCREL) ||
	    ((encoding & ENCODING_INDIRECT) && !may_be_indirect))
		c->is_bad = true;
	else
		cursor_take(c, encoded_size(encoding));
}

/* ---- expressions ---- */

/* The operand of a DWARF expression's operation. */
enum operand { REFUSED, NONE, BYTES_1, BYTES_2, BYTES_4, BYTES_8, LEB };

static enum operand operand_of(unsigned operation)
{
	if (operation >= 0x30 && operation <= 0x4f)      /* lit0 to lit31 */
		return NONE;
	if (operation >= 0x70 && operation < 0x70 + REGISTERS)   /* breg0 to breg16 */
		return LEB;
	switch (operation) {
	case 0x08: case 0x09: case 0x15:                 /* const1u, const1s, pick */
		return BYTES_1;
	case 0x0a: case 0x0b:                            /* const2u, const2s */
		return BYTES_2;
	case 0x0c: case 0x0d:                            /* const4u, const4s */
		return BYTES_4;
	case 0x0e: case 0x0f:                            /* const8u, const8s */
		return BYTES_8;
	case 0x10: case 0x11: case 0x23:                 /* constu, consts, plus_uconst */
		return LEB;
	case 0x06:                                       /* deref */
	case 0x12: case 0x13: case 0x14: case 0x16: case 0x17:   /* dup drop over swap rot */
	case 0x1a: case 0x1c: case 0x1e: case 0x1f:      /* and minus mul neg */
	case 0x20: case 0x21: case 0x22:                 /* not or plus */
	case 0x24: case 0x25: case 0x26: case 0x27:      /* shl shr shra xor */
	case 0x29: case 0x2a: case 0x2b: case 0x2c: case 0x2d: case 0x2e: /* comparisons */
	case 0x96:                                       /* nop */
		return NONE;
	default:
		return REFUSED;
	}
}

static void take_expression(struct cursor *c)
{
	uint64_t size = cursor_uleb(c);
	struct cursor e;

	if (size == 0 || size > EXPRESSION_MAX || size > (uint64_t)(c->end - c->at)) {
		c->is_bad = true;
		return;
	}
	e = (struct cursor){ c->at, c->at + size, false };
	while (e.at < e.end && !e.is_bad) {
		switch (operand_of((unsigned)cursor_take(&e, 1))) {
		case REFUSED: e.is_bad = true; break;
		case NONE: break;
		case BYTES_1: cursor_take(&e, 1); break;
		case BYTES_2: cursor_take(&e, 2); break;
		case BYTES_4: cursor_take(&e, 4); break;
		case BYTES_8: cursor_take(&e, 8); break;
		case LEB: cursor_uleb(&e); break;
		}
	}
	c->is_bad |= e.is_bad;
	cursor_skip(c, size);
}

/* ---- instructions ---- */

/* Where a register of the caller is. */
struct rule {
	enum { SAME, UNDEFINED, AT_CFA, ELSEWHERE } kind;
	int64_t offset;                  /* AT_CFA */
};

/* Of the registers, only those by which a plain frame is left. */
struct state {
	bool cfa_is_expression;
	unsigned cfa_register;
	int64_t cfa_offset;
	struct rule rbp, rsp, ret;
};

struct program {
	uint64_t code_alignment;
	int64_t data_alignment;
	uint64_t location, ip;           /* what follows is for code behind `ip`: checked only */
	/* Before any code, and whenever a state is remembered: so never lost again. */
	bool has_cfa;
	struct state state, initial;
	struct state remembered[REMEMBERED_MAX];
	unsigned remembered_count;
};

static bool is_past(const struct program *program)
{
	return program->location > program->ip;
}

static struct rule *rule_of(struct state *state, unsigned number)
{
	switch (number) {
	case RBP: return &state->rbp;
	case RSP: return &state->rsp;
	case RETURN_COLUMN: return &state->ret;
	default: return NULL;
	}
}

static void set_rule(struct program *program, unsigned number, struct rule rule)
{
	struct rule *place = rule_of(&program->state, number);

	if (place && !is_past(program))
		*place = rule;
}

/* Factored by the data alignment; what overflows is wrong anyway, and nobody's undefined. */
static void set_offset(struct program *program, unsigned number, int64_t factored)
{
	uint64_t offset = (uint64_t)factored * (uint64_t)program->data_alignment;

	set_rule(program, number, (struct rule){ AT_CFA, (int64_t)offset });
}

static void restore(struct program *program, unsigned number)
{
	const struct rule *initial = rule_of(&program->initial, number);

	if (initial)
		set_rule(program, number, *initial);
}

static void advance(struct cursor *c, struct program *program, uint64_t factored)
{
	c->is_bad |= !program->has_cfa;
	/* Once past, always past: a sum that wraps must not lead back. */
	if (!is_past(program))
		program->location += factored * program->code_alignment;
}

static void set_cfa(struct cursor *c, struct program *program, bool has_register, bool has_offset,
		    bool is_factored)
{
	struct state *state = &program->state;
	unsigned number = has_register ? take_register(c) : state->cfa_register;
	int64_t offset = state->cfa_offset;

	if (has_offset && is_factored)
		offset = (int64_t)((uint64_t)cursor_sleb(c) * (uint64_t)program->data_alignment);
	else if (has_offset)
		offset = (int64_t)cursor_uleb(c);
	/* One half of it alone needs the other one. */
	c->is_bad |= !(has_register && has_offset) && !program->has_cfa;
	program->has_cfa = true;
	if (is_past(program))
		return;
	/* As libunwind does it: an offset alone leaves an expression in place. */
	state->cfa_is_expression &= !has_register;
	state->cfa_register = number;
	state->cfa_offset = offset;
}

static void set_cfa_expression(struct cursor *c, struct program *program)
{
	take_expression(c);
	program->has_cfa = true;
	if (!is_past(program))
		program->state.cfa_is_expression = true;
}

static void remember(struct cursor *c, struct program *program)
{
	if (program->remembered_count == REMEMBERED_MAX || !program->has_cfa)
		c->is_bad = true;
	else
		program->remembered[program->remembered_count++] = program->state;
}

static void recall(struct cursor *c, struct program *program)
{
	if (program->remembered_count == 0) {
		c->is_bad = true;
		return;
	}
	program->remembered_count--;
	if (!is_past(program))
		program->state = program->remembered[program->remembered_count];
}

/* Instructions about a register that comes first. */
static void take_about_register(struct cursor *c, struct program *program, unsigned instruction)
{
	static const struct rule same = { SAME, 0 }, undefined = { UNDEFINED, 0 };
	static const struct rule elsewhere = { ELSEWHERE, 0 };
	unsigned number = take_register(c);

	switch (instruction) {
	case 0x05:                                               /* offset_extended */
		set_offset(program, number, (int64_t)cursor_uleb(c));
		break;
	case 0x06: restore(program, number); break;              /* restore_extended */
	case 0x07: set_rule(program, number, undefined); break;  /* undefined */
	case 0x08: set_rule(program, number, same); break;       /* same_value */
	case 0x09:                                               /* register */
		take_register(c);
		set_rule(program, number, elsewhere);
		break;
	case 0x11:                                               /* offset_extended_sf */
		set_offset(program, number, cursor_sleb(c));
		break;
	case 0x2f:                                               /* GNU_negative_offset_extended */
		set_offset(program, number, (int64_t)(0 - cursor_uleb(c)));
		break;
	default:                                                 /* expression, val_expression */
		take_expression(c);
		set_rule(program, number, elsewhere);
		break;
	}
}

/* The instructions whose low six bits are not an operand. */
static void take_extended(struct cursor *c, struct program *program, unsigned instruction)
{
	switch (instruction) {
	case 0x00: break;                                        /* nop */
	case 0x02: advance(c, program, cursor_take(c, 1)); break;          /* advance_loc1 */
	case 0x03: advance(c, program, cursor_take(c, 2)); break;          /* advance_loc2 */
	case 0x04: advance(c, program, cursor_take(c, 4)); break;          /* advance_loc4 */
	case 0x0a: remember(c, program); break;                  /* remember_state */
	case 0x0b: recall(c, program); break;                    /* restore_state */
	case 0x0c: set_cfa(c, program, true, true, false); break;        /* def_cfa */
	case 0x12: set_cfa(c, program, true, true, true); break;         /* def_cfa_sf */
	case 0x0d: set_cfa(c, program, true, false, false); break;       /* def_cfa_register */
	case 0x0e: set_cfa(c, program, false, true, false); break;       /* def_cfa_offset */
	case 0x13: set_cfa(c, program, false, true, true); break;        /* def_cfa_offset_sf */
	case 0x0f: set_cfa_expression(c, program); break;        /* def_cfa_expression */
	case 0x2e: cursor_uleb(c); break;                          /* GNU_args_size */
	case 0x05: case 0x06: case 0x07: case 0x08: case 0x09:
	case 0x10: case 0x11: case 0x16: case 0x2f:
		take_about_register(c, program, instruction);
		break;
	default:
		c->is_bad = true;
		break;
	}
}

static void take_program(struct cursor *c, struct program *program)
{
	while (c->at < c->end && !c->is_bad) {
		unsigned byte = (unsigned)cursor_take(c, 1), operand = byte & 0x3f;

		switch (byte >> 6) {
		case 0:
			take_extended(c, program, byte);
			break;
		case 1:                                          /* advance_loc */
			advance(c, program, operand);
			break;
		case 2:                                          /* offset */
			c->is_bad |= operand >= REGISTERS;
			set_offset(program, operand, (int64_t)cursor_uleb(c));
			break;
		default:                                         /* restore */
			c->is_bad |= operand >= REGISTERS;
			restore(program, operand);
			break;
		}
	}
}

static bool is_small(int64_t offset)
{
	return offset >= -OFFSET_MAX && offset <= OFFSET_MAX;
}

static struct cfi_row row_of(const struct state *state)
{
	struct cfi_row row = {
		.is_outermost = state->ret.kind == UNDEFINED,
		.cfa_is_from_rbp = state->cfa_register == RBP,
		.rbp_is_saved = state->rbp.kind == AT_CFA,
	};

	row.is_plain = !state->cfa_is_expression && state->rsp.kind == SAME &&
		       (state->cfa_register == RBP || state->cfa_register == RSP) &&
		       (state->rbp.kind == AT_CFA || state->rbp.kind == SAME) &&
		       (state->ret.kind == AT_CFA || row.is_outermost) &&
		       is_small(state->cfa_offset) && is_small(state->ret.offset) &&
		       is_small(state->rbp.offset);
	if (row.is_plain) {
		row.cfa_offset = (int32_t)state->cfa_offset;
		row.return_offset = (int32_t)state->ret.offset;
		row.rbp_offset = (int32_t)state->rbp.offset;
	}
	return row;
}

/* ---- entries ---- */

/* What an FDE needs of its CIE. */
struct common {
	bool has_sizes;                  /* 'z' */
	bool is_signal;                  /* 'S' */
	unsigned pointers, lsda;         /* 'R', 'L': encodings */
};

/* The 64-bit format (length 0xffffffff) is not written by anybody for .eh_frame. */
static bool open_entry(struct cursor *c, const uint8_t *bytes, size_t size, uint32_t *ret_id)
{
	*c = (struct cursor){ bytes, bytes + size, false };
	if (cursor_take(c, 4) + 4 != size)
		return false;
	*ret_id = (uint32_t)cursor_take(c, 4);
	return !c->is_bad;
}

/* The augmentation's data, letter by letter, as long as it says it is. */
static void take_augmentation(struct cursor *c, const char *letters, struct common *common)
{
	struct cursor data;
	uint64_t size;

	common->has_sizes = letters[0] == 'z';
	if (!common->has_sizes) {
		c->is_bad |= letters[0] != '\0';
		return;
	}
	size = cursor_uleb(c);
	data = *c;
	while (*++letters && !data.is_bad) {
		if (*letters == 'L')
			common->lsda = (unsigned)cursor_take(&data, 1);
		else if (*letters == 'R')
			common->pointers = (unsigned)cursor_take(&data, 1);
		else if (*letters == 'P')
			take_pointer(&data, (unsigned)cursor_take(&data, 1), true);
		else if (*letters == 'S')
			common->is_signal = true;
		else
			data.is_bad = true;
	}
	if (data.is_bad || (uint64_t)(data.at - c->at) != size)
		c->is_bad = true;
	cursor_skip(c, size);
}

static bool check_cie(const struct cfi *cfi, struct common *common, struct program *program)
{
	char letters[LETTERS_MAX + 1] = "";
	struct cursor c;
	unsigned version;
	uint32_t id;

	if (!open_entry(&c, cfi->cie, cfi->cie_size, &id) || id != 0)
		return false;
	version = (unsigned)cursor_take(&c, 1);
	for (unsigned i = 0; (letters[i] = (char)cursor_take(&c, 1)) != '\0'; i++) {
		if (i == LETTERS_MAX)
			return false;
	}
	program->code_alignment = cursor_uleb(&c);
	program->data_alignment = cursor_sleb(&c);
	if ((version != 1 && version != 3) ||
	    (version == 1 ? cursor_take(&c, 1) : cursor_uleb(&c)) != RETURN_COLUMN)
		return false;
	*common = (struct common){ .lsda = ENCODING_OMIT };
	take_augmentation(&c, letters, common);
	take_program(&c, program);
	program->initial = program->state;
	return !c.is_bad && program->remembered_count == 0;
}

/* The address that lies at `at`, of the entry at `address`. */
static uint64_t decode_pointer(const struct cfi *cfi, size_t at, unsigned encoding,
			       uint64_t address)
{
	uint64_t value = 0;

	memcpy(&value, cfi->fde + at, encoded_size(encoding));
	if ((encoding & 0x0f) == 0x0b)
		value = (uint64_t)(int64_t)(int32_t)value;
	return (encoding & 0x70) == ENCODING_PCREL ? address + at + value : value;
}

static bool check_fde(const struct cfi *cfi, uint64_t address, const struct common *common,
		      struct program *program, struct cfi_facts *facts)
{
	size_t at = 8, size_at = at + encoded_size(common->pointers);
	struct cursor c;
	uint64_t size;
	uint32_t id;

	if (!open_entry(&c, cfi->fde, cfi->fde_size, &id) || id == 0)
		return false;
	take_pointer(&c, common->pointers, false);
	take_pointer(&c, common->pointers & 0x0f, false);
	if (c.is_bad)
		return false;
	facts->start = decode_pointer(cfi, at, common->pointers, address);
	facts->end = facts->start + decode_pointer(cfi, size_at, common->pointers & 0x0f, 0);
	if (common->has_sizes) {
		size = cursor_uleb(&c);
		if (common->lsda != ENCODING_OMIT) {
			struct cursor data = c;

			take_pointer(&data, common->lsda, true);
			c.is_bad |= data.is_bad || (uint64_t)(data.at - c.at) > size;
		}
		cursor_skip(&c, size);
	}
	program->location = facts->start;
	take_program(&c, program);
	return !c.is_bad && program->has_cfa;
}

int cfi_check(const struct cfi *cfi, uint64_t address, uint64_t ip, struct cfi_facts *ret_facts)
{
	struct program program = { .ip = UINT64_MAX };   /* all of the CIE counts */
	struct common common;
	struct cfi_facts facts;

	if (cfi->cie_size > CFI_CIE_MAX || cfi->fde_size > CFI_FDE_MAX ||
	    !check_cie(cfi, &common, &program))
		return -EINVAL;
	program.ip = ip;
	if (!check_fde(cfi, address, &common, &program, &facts))
		return -EINVAL;
	facts.is_signal = common.is_signal;
	facts.row = row_of(&program.state);
	*ret_facts = facts;
	return 0;
}
