/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flat.c: see flat.h.
 *
 * struct head, the event's texts, the frames, their texts, a NUL.  A text is named by the place of
 * its first byte and ends with a NUL, so that one look at the last byte bounds all of them.
 * Nothing is aligned.
 */
#include "tracer/events/flat.h"

#include <errno.h>
#include <string.h>

#include "base/fail.h"

#define MAGIC 0x74616c66u       /* "flat" */

/* The event's own texts, so that frames always have the rest of FLAT_MAX. */
#define TEXTS_MAX 10240
#define FRAME_TEXT_MAX 512
#define MARK "..."
#define SHARED 4

enum text {
	TEXT_CALL, TEXT_PATH, TEXT_PATH2, TEXT_RAW, TEXT_ACTION, TEXT_FLAGS, TEXT_EFFECTS,
	TEXT_RULE, TEXT_SOURCE, TEXT_REASON, TEXT_WHERE, TEXT_CLASS, TEXT_VERDICT, TEXT_ERROR,
	TEXT_HOST, TEXT_FILE, TEXT_FUNCTION, TEXT_STACK_REASON, TEXT_NATIVE_REASON,
	TEXT_ASKED, TEXT_COMMAND,
	TEXT_COUNT
};

enum bit {
	BIT_PROBE = 1, BIT_ASKED = 2, BIT_RULE_IS_USERS = 4, BIT_STACK = 8, BIT_TRUNCATED = 16,
	BITS = 31
};

/* Places are counted from the first byte of the head; 0: there is no such text. */
struct head {
	uint32_t magic;
	uint16_t size;
	uint16_t frames_at;
	uint64_t n, t_us, dur_us, waited_us;
	int32_t pid, tid, parent, error, line;
	uint16_t texts[TEXT_COUNT];
	uint8_t kind, class, outcome, bits;
	uint8_t detail, python_count, native_count, user;
};

/* Written in place: one made elsewhere and copied waits for its own stores, 10 ns a frame. */
struct flat_python {
	uint16_t file, function;
	int32_t line;
	uint8_t is_library;
} __attribute__((packed, may_alias));

struct flat_native {
	uint64_t ip, offset, symbol_offset;
	uint16_t module, symbol;
	uint8_t first, count;
} __attribute__((packed, may_alias));

_Static_assert(FLAT_MAX <= UINT16_MAX, "16 bits");
_Static_assert(FLAT_FRAMES_MAX < UINT8_MAX && FLAT_NATIVE_MAX < UINT8_MAX, "8 bits");
_Static_assert(sizeof(struct head) + TEXTS_MAX + 1 <= FLAT_MAX, "the texts fit");

void read_event_of(const struct event *event, struct read_event *ret_event)
{
	const struct python_frame *frame = stack_first(event->stack);
	bool is_call = event->kind == EVENT_CALL;

	*ret_event = (struct read_event){ .event = *event, .host = event->host };
	if (is_call) {
		ret_event->class_name = class_name(event->class);
		ret_event->verdict = outcome_name(event->outcome);
	} else {
		/* What is not about a call has none of the three: docs/RECORD.md. */
		ret_event->event.call = NULL;
		ret_event->event.class = CLASS_COUNT;
		ret_event->event.outcome = OUTCOME_COUNT;
	}
	if (event->error)
		ret_event->error_name = errno_name(event->error);
	if (frame) {
		ret_event->file = frame->file;
		ret_event->line = frame->line;
		ret_event->function = frame->function;
	}
}

/* ---- texts ---- */

struct packer {
	char *out;
	size_t used, end;
	/* What was put last: equal texts of a stack are one pointer as a rule (codes.h). */
	struct { const char *text; uint16_t at; } shared[SHARED];
	unsigned next_shared;
};

static bool is_inside_character(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* `most` bytes of a longer one at most: its beginning, MARK, its end. */
static size_t cut_text(char *out, const char *text, size_t length, size_t most)
{
	size_t mark = strlen(MARK), head = (most - mark) / 2;
	size_t tail = length - (most - mark - head);

	while (head > 0 && is_inside_character(text[head]))
		head--;
	while (tail < length && is_inside_character(text[tail]))
		tail++;
	memcpy(out, text, head);
	memcpy(out + head, MARK, mark);
	memcpy(out + head + mark, text + tail, length - tail);
	return head + mark + length - tail;
}

/* There is room: the callers have counted. */
static inline uint16_t put_text(struct packer *packer, const char *text, size_t length,
				size_t most)
{
	char *out = packer->out + packer->used;
	size_t at = packer->used;

	if (length <= most)
		memcpy(out, text, length);
	else
		length = cut_text(out, text, length, most);
	out[length] = '\0';
	packer->used += length + 1;
	return (uint16_t)at;
}

static size_t sum_of(const size_t *lengths, size_t most)
{
	size_t sum = 0;

	for (size_t i = 0; i < TEXT_COUNT; i++)
		sum += (lengths[i] < most ? lengths[i] : most) + 1;
	return sum;
}

static void put_texts(struct packer *packer, const char *const texts[TEXT_COUNT],
		      uint16_t places[TEXT_COUNT])
{
	size_t lengths[TEXT_COUNT], most = FLAT_TEXT_MAX - 1;

	for (size_t i = 0; i < TEXT_COUNT; i++)
		lengths[i] = texts[i] ? strlen(texts[i]) : 0;
	/* The longest give way, all to the same length. */
	while (sum_of(lengths, most) > TEXTS_MAX)
		most -= most / 8;
	for (size_t i = 0; i < TEXT_COUNT; i++)
		places[i] = texts[i] ? put_text(packer, texts[i], lengths[i], most) : 0;
}

/* ---- frames ---- */

/* The frames that stay: the first `head`, the one to name (when it is not among them), the last. */
struct pick {
	unsigned total, head, tail, user;
	bool has_user;
};

static struct pick pick_frames(unsigned total, unsigned user, unsigned most)
{
	struct pick pick = { .total = total, .head = total, .user = user };

	if (total <= most)
		return pick;
	pick.head = (most + 1) / 2;
	pick.tail = most - pick.head;
	if (most > 0 && user >= pick.head && user < total - pick.tail) {
		pick.head--;
		pick.has_user = true;
	}
	return pick;
}

/* How many of those before frame `i` stay. */
static unsigned kept_before(const struct pick *pick, unsigned i)
{
	unsigned last = pick->total - pick->tail;
	unsigned kept = i < pick->head ? i : pick->head;

	if (i > pick->total)
		i = pick->total;
	return kept + (pick->has_user && pick->user < i) + (i > last ? i - last : 0);
}

static unsigned kept(const struct pick *pick)
{
	return pick->head + pick->has_user + pick->tail;
}

/* The frame that becomes number `i`. */
static unsigned picked(const struct pick *pick, unsigned i)
{
	if (i < pick->head)
		return i;
	if (pick->has_user && i == pick->head)
		return pick->user;
	return pick->total - (kept(pick) - i);
}

/* Its place; 0 for NULL, which is what 0 means; -ENOBUFS: it is full. */
static int put_shared(struct packer *packer, const char *text)
{
	size_t length;
	uint16_t at;

	if (!text)
		return 0;
	for (unsigned i = 0; i < SHARED; i++)
		if (packer->shared[i].text == text)
			return packer->shared[i].at;
	length = strlen(text);
	if ((length < FRAME_TEXT_MAX ? length : FRAME_TEXT_MAX) + 1 > packer->end - packer->used)
		return -ENOBUFS;
	at = put_text(packer, text, length, FRAME_TEXT_MAX);
	packer->shared[packer->next_shared % SHARED].text = text;
	packer->shared[packer->next_shared++ % SHARED].at = at;
	return at;
}

static int put_python(struct packer *packer, const struct python_frame *frame,
		      struct flat_python *out)
{
	int file = put_shared(packer, frame->file);
	int function = put_shared(packer, frame->function);

	out->file = (uint16_t)file;
	out->function = (uint16_t)function;
	out->line = frame->line;
	out->is_library = frame->is_library;
	return file < 0 || function < 0 ? -ENOBUFS : 0;
}

static int put_native(struct packer *packer, const struct c_frame *frame,
		      const struct pick *python, struct flat_native *out)
{
	unsigned first = kept_before(python, frame->first);
	int module = put_shared(packer, frame->module);
	int symbol = put_shared(packer, frame->symbol);

	out->ip = frame->ip;
	out->offset = frame->offset;
	out->symbol_offset = frame->symbol_offset;
	out->module = (uint16_t)module;
	out->symbol = (uint16_t)symbol;
	out->first = (uint8_t)first;
	out->count = (uint8_t)(kept_before(python, frame->first + frame->count) - first);
	return module < 0 || symbol < 0 ? -ENOBUFS : 0;
}

/* No more than `most` frames of each kind; -ENOBUFS: not even these fit. */
static int put_some(struct packer *packer, const struct stack *stack, unsigned most,
		    struct head *head)
{
	struct pick python = pick_frames(stack->python_count, stack->user, most);
	struct pick native = pick_frames(stack->native_count, stack->native_count,
					 most < FLAT_NATIVE_MAX ? most : FLAT_NATIVE_MAX);
	struct flat_python *pythons = (void *)(packer->out + packer->used);
	struct flat_native *natives = (void *)(pythons + kept(&python));
	size_t size = kept(&python) * sizeof(*pythons) + kept(&native) * sizeof(*natives);
	int r = size > packer->end - packer->used ? -ENOBUFS : 0;

	packer->used += size;
	memset(packer->shared, 0, sizeof(packer->shared));
	for (unsigned i = 0; r == 0 && i < kept(&python); i++)
		r = put_python(packer, &stack->python[picked(&python, i)], &pythons[i]);
	for (unsigned i = 0; r == 0 && i < kept(&native); i++)
		r = put_native(packer, &stack->native[picked(&native, i)], &python, &natives[i]);
	if (r < 0)
		return r;
	head->python_count = (uint8_t)kept(&python);
	head->native_count = (uint8_t)kept(&native);
	head->user = (uint8_t)kept_before(&python, stack->user);
	if (kept(&python) < stack->python_count || kept(&native) < stack->native_count)
		head->bits |= BIT_TRUNCATED;
	return 0;
}

static void put_stack(struct packer *packer, const struct stack *stack, struct head *head)
{
	size_t start = packer->used;
	unsigned most = FLAT_FRAMES_MAX;

	head->frames_at = (uint16_t)start;
	if (!stack)
		return;
	head->bits |= BIT_STACK | (stack->is_truncated ? BIT_TRUNCATED : 0);
	head->detail = (uint8_t)stack->detail;
	/* None at all always fit. */
	while (put_some(packer, stack, most, head) < 0) {
		packer->used = start;
		most /= 2;
	}
}

/* ---- packing ---- */

static struct head head_of(const struct read_event *from)
{
	const struct event *event = &from->event;

	return (struct head){
		.magic = MAGIC, .n = event->n, .t_us = event->t_us, .dur_us = event->dur_us,
		.waited_us = event->waited_us,
		.pid = event->pid, .tid = event->tid, .parent = event->parent,
		.error = event->error, .line = from->line,
		.kind = (uint8_t)event->kind, .class = (uint8_t)event->class,
		.outcome = (uint8_t)event->outcome,
		.bits = (uint8_t)((event->is_probe ? BIT_PROBE : 0) |
				  (event->was_asked ? BIT_ASKED : 0) |
				  (event->rule_is_users ? BIT_RULE_IS_USERS : 0)),
	};
}

size_t flat_pack(const struct read_event *from, char *out)
{
	const struct event *event = &from->event;
	const struct stack *stack = event->stack;
	const char *const texts[TEXT_COUNT] = {
		[TEXT_CALL] = event->call, [TEXT_PATH] = event->path, [TEXT_PATH2] = event->path2,
		[TEXT_RAW] = event->raw, [TEXT_ACTION] = event->action,
		[TEXT_FLAGS] = event->flags, [TEXT_EFFECTS] = event->effects,
		[TEXT_RULE] = event->rule, [TEXT_SOURCE] = event->source,
		[TEXT_REASON] = event->reason, [TEXT_WHERE] = event->where,
		[TEXT_CLASS] = from->class_name, [TEXT_VERDICT] = from->verdict,
		[TEXT_ERROR] = from->error_name, [TEXT_HOST] = from->host,
		[TEXT_ASKED] = from->event.asked, [TEXT_COMMAND] = event->command,
		[TEXT_FILE] = from->file, [TEXT_FUNCTION] = from->function,
		[TEXT_STACK_REASON] = stack ? stack->reason : NULL,
		[TEXT_NATIVE_REASON] = stack ? stack->native_reason : NULL,
	};
	/* One byte is kept for the NUL at the end. */
	struct packer packer = { .out = out, .used = sizeof(struct head), .end = FLAT_MAX - 1 };
	struct head head = head_of(from);

	put_texts(&packer, texts, head.texts);
	put_stack(&packer, stack, &head);
	out[packer.used++] = '\0';
	head.size = (uint16_t)packer.used;
	memcpy(out, &head, sizeof(head));
	return packer.used;
}

/* ---- unpacking ---- */

struct unpacker {
	const char *bytes;
	size_t size;
	bool is_bad;
};

/* The last byte is a NUL: whatever begins before it ends there at the latest. */
static const char *get_text(struct unpacker *unpacker, uint16_t at)
{
	if (at == 0)
		return NULL;
	if (at < sizeof(struct head) || at >= unpacker->size) {
		unpacker->is_bad = true;
		return NULL;
	}
	return unpacker->bytes + at;
}

static bool is_sound(const struct head *head, size_t size)
{
	size_t frames = head->python_count * sizeof(struct flat_python) +
			head->native_count * sizeof(struct flat_native);

	return head->magic == MAGIC && head->size == size && head->kind <= EVENT_NOTE &&
	       head->class <= CLASS_COUNT && head->outcome <= OUTCOME_COUNT &&
	       head->detail <= STACK_NATIVE && head->bits <= BITS &&
	       head->python_count <= FLAT_FRAMES_MAX && head->native_count <= FLAT_NATIVE_MAX &&
	       head->user <= head->python_count && head->frames_at >= sizeof(*head) &&
	       head->frames_at < size && frames < size - head->frames_at;
}

static void get_python(struct unpacker *unpacker, const struct flat_python *flat,
		       struct python_frame *ret)
{
	ret->file = get_text(unpacker, flat->file);
	ret->function = get_text(unpacker, flat->function);
	ret->line = flat->line;
	ret->is_library = flat->is_library != 0;
	/* Whoever shows a frame may rely on its two texts. */
	if (!ret->file)
		ret->file = "";
	if (!ret->function)
		ret->function = "";
}

static void get_native(struct unpacker *unpacker, const struct flat_native *flat,
		       unsigned python_count, struct c_frame *ret)
{
	*ret = (struct c_frame){
		.ip = flat->ip, .offset = flat->offset, .symbol_offset = flat->symbol_offset,
		.module = get_text(unpacker, flat->module),
		.symbol = get_text(unpacker, flat->symbol),
		.first = flat->first, .count = flat->count,
	};
	if ((unsigned)flat->first + flat->count > python_count)
		unpacker->is_bad = true;
}

static void get_stack(struct unpacker *unpacker, const struct head *head, struct flat_event *ret)
{
	const struct flat_python *pythons = (const void *)(unpacker->bytes + head->frames_at);
	const struct flat_native *natives = (const void *)(pythons + head->python_count);

	ret->stack = (struct stack){
		.detail = head->detail,
		.python = ret->python, .python_count = head->python_count, .user = head->user,
		.native = ret->native, .native_count = head->native_count,
		.reason = get_text(unpacker, head->texts[TEXT_STACK_REASON]),
		.native_reason = get_text(unpacker, head->texts[TEXT_NATIVE_REASON]),
		.is_truncated = head->bits & BIT_TRUNCATED,
	};
	for (unsigned i = 0; i < head->python_count; i++)
		get_python(unpacker, &pythons[i], &ret->python[i]);
	for (unsigned i = 0; i < head->native_count; i++)
		get_native(unpacker, &natives[i], head->python_count, &ret->native[i]);
	ret->event.event.stack = &ret->stack;
}

static void get_texts(struct unpacker *unpacker, const uint16_t texts[TEXT_COUNT],
		      struct read_event *ret)
{
	struct event *event = &ret->event;
	const char **const to[TEXT_COUNT] = {
		[TEXT_CALL] = &event->call, [TEXT_PATH] = &event->path,
		[TEXT_PATH2] = &event->path2, [TEXT_RAW] = &event->raw,
		[TEXT_ACTION] = &event->action, [TEXT_FLAGS] = &event->flags,
		[TEXT_EFFECTS] = &event->effects, [TEXT_RULE] = &event->rule,
		[TEXT_SOURCE] = &event->source, [TEXT_REASON] = &event->reason,
		[TEXT_WHERE] = &event->where, [TEXT_CLASS] = &ret->class_name,
		[TEXT_VERDICT] = &ret->verdict, [TEXT_ERROR] = &ret->error_name,
		[TEXT_HOST] = &ret->host, [TEXT_ASKED] = &event->asked,
		[TEXT_COMMAND] = &event->command, [TEXT_FILE] = &ret->file,
		[TEXT_FUNCTION] = &ret->function,
	};

	for (size_t i = 0; i < TEXT_COUNT; i++)
		if (to[i])
			*to[i] = get_text(unpacker, texts[i]);
}

int flat_unpack(const char *bytes, size_t size, struct flat_event *ret_event)
{
	struct unpacker unpacker = { .bytes = bytes, .size = size };
	struct read_event *event = &ret_event->event;
	struct head head;

	if (size <= sizeof(head) || size > FLAT_MAX || bytes[size - 1] != '\0')
		return -EBADMSG;
	memcpy(&head, bytes, sizeof(head));
	if (!is_sound(&head, size))
		return -EBADMSG;
	*event = (struct read_event){
		.line = head.line,
		.event = {
			.kind = head.kind, .n = head.n, .t_us = head.t_us, .dur_us = head.dur_us,
			.waited_us = head.waited_us,
			.pid = head.pid, .tid = head.tid, .parent = head.parent,
			.error = head.error,
			.class = head.class, .outcome = head.outcome,
			.is_probe = head.bits & BIT_PROBE, .was_asked = head.bits & BIT_ASKED,
			.rule_is_users = head.bits & BIT_RULE_IS_USERS,
		},
	};
	get_texts(&unpacker, head.texts, event);
	if (head.bits & BIT_STACK)
		get_stack(&unpacker, &head, ret_event);
	return unpacker.is_bad ? -EBADMSG : 0;
}
