/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image_python.h: an interpreter of any version from 3.8 to 3.15, laid out in a made-up address
 * space as CPython lays itself out, with the threads, frames and code objects that a test asks for.
 *
 * Written with the offsets of the layout under test, except for the words that 3.13 to 3.15 describe
 * themselves with: those are of real builds.
 */
#ifndef TESTS_SUPPORT_IMAGE_PYTHON_H
#define TESTS_SUPPORT_IMAGE_PYTHON_H

#include "tests/support/image.h"
#include "tracer/python/frames.h"

#define IMAGE_RUNTIME 0x7f0000000000u    /* _PyRuntime */
#define IMAGE_CODE_TYPE 0x7f0000008000u  /* PyCode_Type */
#define IMAGE_HEAP 0x7f0001000000u
#define IMAGE_STACK 0x7ffe00000000u      /* shims and cframes: grows up from there */

struct image_python {
	struct image image;
	struct runtime runtime;
	uint64_t heap, stack;            /* the next free address of each */
	uint64_t interpreter;            /* made last; its next is 0 */
};

/* The words of 3.13.0, 3.14.10, 3.15.2; `words` holds LAYOUT_WORDS_MAX.  Returns Py_Version. */
uint64_t image_words(unsigned minor, uint64_t *words);

/* With one interpreter without threads. */
void image_python_new(struct image_python *python, unsigned minor);
void image_python_free(struct image_python *python);

/* `kind` 1, 2 or 4 bytes a character; `is_ascii`: of kind 1. */
uint64_t image_str(struct image_python *python, const void *characters, size_t count,
		   unsigned kind, bool is_ascii);
uint64_t image_ascii(struct image_python *python, const char *text);
uint64_t image_bytes(struct image_python *python, const void *bytes, size_t size);

/* A code object, and its parts. */
struct image_code {
	uint64_t file, function, table;  /* objects */
	int first_line;
	uint32_t version;
};
void image_code_put(struct image_python *python, uint64_t address, const struct image_code *code);
uint64_t image_code(struct image_python *python, const char *file, const char *function,
		    int first_line);     /* its instruction n (two bytes each) is on line first + n */

/* A frame that is at instruction `at`; `previous`: the caller's. */
uint64_t image_frame(struct image_python *python, uint64_t code, uint64_t previous, unsigned at);

/* From 3.12 on: the frame without code that an evaluation call begins with, on the C stack. */
uint64_t image_shim(struct image_python *python, uint64_t previous);

/* 3.11: the frame is the outermost of its evaluation call. */
void image_set_entry(struct image_python *python, uint64_t frame);

/* 3.11, 3.12: on the C stack. */
uint64_t image_cframe(struct image_python *python, uint64_t frame, uint64_t previous);

/* At the head of the interpreter's list, with that frame (or cframe's frame, made here) or 0. */
uint64_t image_thread(struct image_python *python, uint64_t id, uint64_t frame);

/* Behind the last one. */
uint64_t image_interpreter(struct image_python *python);

#endif
