/* SPDX-License-Identifier: Apache-2.0 */
/* cfi.c: see cfi.h. */
#include "tracer/native/cfi.h"

#include <errno.h>
#include <string.h>

#define REGISTERS 17u            /* rax to r15, and the return address column */
#define RETURN_COLUMN 16u
#define REMEMBERED_MAX 16u
#define EXPRESSION_MAX 128u
#define LETTERS_MAX 4u           /* libunwind forgets the letters after the fourth */

#define ENCODING_OMIT 0xffu
#define ENCODING_PCREL 0x10u
#define ENCODING_INDIRECT 0x80u

/* ---- bytes; reading past the end sets `is_bad` and gives 0 ---- */

struct cursor {
	const uint8_t *at, *end;
	bool is_bad;
};

static uint64_t take(struct cursor *c, unsigned size)
{
	uint64_t value = 0;

	if ((size_t)(c->end - c->at) < size) {
		c->is_bad = true;
		c->at = c->end;
		return 0;
	}
	memcpy(&value, c->at, size);
	c->at += size;
	return value;
}

static void skip(struct cursor *c, uint64_t size)
{
	if ((uint64_t)(c->end - c->at) < size) {
		c->is_bad = true;
		c->at = c->end;
	} else {
		c->at += size;
	}
}

/* Nine bytes hold 63 bits: more than anything here needs. */
static uint64_t take_uleb(struct cursor *c)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 63; shift += 7) {
		uint64_t byte = take(c, 1);

		value |= (byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return value;
	}
	c->is_bad = true;
	return 0;
}

static void take_register(struct cursor *c)
{
	if (take_uleb(c) >= REGISTERS)
		c->is_bad = true;
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
		take(c, encoded_size(encoding));
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
	uint64_t size = take_uleb(c);
	struct cursor e;

	if (size == 0 || size > EXPRESSION_MAX || size > (uint64_t)(c->end - c->at)) {
		c->is_bad = true;
		return;
	}
	e = (struct cursor){ c->at, c->at + size, false };
	while (e.at < e.end && !e.is_bad) {
		switch (operand_of((unsigned)take(&e, 1))) {
		case REFUSED: e.is_bad = true; break;
		case NONE: break;
		case BYTES_1: take(&e, 1); break;
		case BYTES_2: take(&e, 2); break;
		case BYTES_4: take(&e, 4); break;
		case BYTES_8: take(&e, 8); break;
		case LEB: take_uleb(&e); break;
		}
	}
	c->is_bad |= e.is_bad;
	skip(c, size);
}

/* ---- instructions ---- */

struct program {
	unsigned remembered;
	bool has_cfa;
};

static void take_state(struct cursor *c, struct program *program, bool is_remember)
{
	if (is_remember ? program->remembered == REMEMBERED_MAX : program->remembered == 0)
		c->is_bad = true;
	else
		program->remembered += is_remember ? 1 : -1u;
}

/* The instructions whose low six bits are not an operand. */
static void take_extended(struct cursor *c, struct program *program, unsigned instruction)
{
	switch (instruction) {
	case 0x00:                                       /* nop */
		break;
	case 0x02: take(c, 1); break;                    /* advance_loc1 */
	case 0x03: take(c, 2); break;                    /* advance_loc2 */
	case 0x04: take(c, 4); break;                    /* advance_loc4 */
	case 0x06: case 0x07: case 0x08:         /* restore_extended undefined same_value */
		take_register(c);
		break;
	case 0x09:                                       /* register */
		take_register(c);
		take_register(c);
		break;
	case 0x0a: take_state(c, program, true); break;  /* remember_state */
	case 0x0b: take_state(c, program, false); break; /* restore_state */
	case 0x0c: case 0x12:                            /* def_cfa, def_cfa_sf */
		take_register(c);
		take_uleb(c);
		program->has_cfa = true;
		break;
	case 0x0d:                                       /* def_cfa_register */
		take_register(c);
		c->is_bad |= !program->has_cfa;
		break;
	case 0x0e: case 0x13:                    /* def_cfa_offset, def_cfa_offset_sf */
		take_uleb(c);
		c->is_bad |= !program->has_cfa;
		break;
	case 0x0f:                                       /* def_cfa_expression */
		take_expression(c);
		program->has_cfa = true;
		break;
	case 0x10: case 0x16:                            /* expression, val_expression */
		take_register(c);
		take_expression(c);
		break;
	case 0x05: case 0x11: case 0x2f:         /* offset_extended, _sf, GNU negative */
		take_register(c);
		take_uleb(c);
		break;
	case 0x2e:                                       /* GNU_args_size */
		take_uleb(c);
		break;
	default:
		c->is_bad = true;
		break;
	}
}

static void take_program(struct cursor *c, struct program *program)
{
	while (c->at < c->end && !c->is_bad) {
		unsigned byte = (unsigned)take(c, 1);

		switch (byte >> 6) {
		case 0:
			take_extended(c, program, byte);
			break;
		case 1:                                  /* advance_loc */
			break;
		default:                                 /* 2: offset, 3: restore */
			c->is_bad |= (byte & 0x3f) >= REGISTERS;
			if (byte >> 6 == 2)
				take_uleb(c);
			break;
		}
	}
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
	if (take(c, 4) + 4 != size)
		return false;
	*ret_id = (uint32_t)take(c, 4);
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
	size = take_uleb(c);
	data = *c;
	while (*++letters && !data.is_bad) {
		if (*letters == 'L')
			common->lsda = (unsigned)take(&data, 1);
		else if (*letters == 'R')
			common->pointers = (unsigned)take(&data, 1);
		else if (*letters == 'P')
			take_pointer(&data, (unsigned)take(&data, 1), true);
		else if (*letters == 'S')
			common->is_signal = true;
		else
			data.is_bad = true;
	}
	if (data.is_bad || (uint64_t)(data.at - c->at) != size)
		c->is_bad = true;
	skip(c, size);
}

static bool check_cie(const struct cfi *cfi, struct common *common, struct program *program)
{
	char letters[LETTERS_MAX + 1] = "";
	struct cursor c;
	unsigned version;
	uint32_t id;

	if (!open_entry(&c, cfi->cie, cfi->cie_size, &id) || id != 0)
		return false;
	version = (unsigned)take(&c, 1);
	for (unsigned i = 0; (letters[i] = (char)take(&c, 1)) != '\0'; i++) {
		if (i == LETTERS_MAX)
			return false;
	}
	take_uleb(&c);                   /* alignment of code: a factor, any will do */
	take_uleb(&c);                   /* of data */
	if ((version != 1 && version != 3) ||
	    (version == 1 ? take(&c, 1) : take_uleb(&c)) != RETURN_COLUMN)
		return false;
	*common = (struct common){ .lsda = ENCODING_OMIT };
	take_augmentation(&c, letters, common);
	take_program(&c, program);
	return !c.is_bad && program->has_cfa && program->remembered == 0;
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
		size = take_uleb(&c);
		if (common->lsda != ENCODING_OMIT) {
			struct cursor data = c;

			take_pointer(&data, common->lsda, true);
			c.is_bad |= data.is_bad || (uint64_t)(data.at - c.at) > size;
		}
		skip(&c, size);
	}
	take_program(&c, program);
	return !c.is_bad;
}

int cfi_check(const struct cfi *cfi, uint64_t address, struct cfi_facts *ret_facts)
{
	struct program program = { .remembered = 0 };
	struct common common;
	struct cfi_facts facts;

	if (cfi->cie_size > CFI_CIE_MAX || cfi->fde_size > CFI_FDE_MAX ||
	    !check_cie(cfi, &common, &program) ||
	    !check_fde(cfi, address, &common, &program, &facts))
		return -EINVAL;
	facts.is_signal = common.is_signal;
	*ret_facts = facts;
	return 0;
}
