/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filters.c: run by make, prints filters_embedded.inc: the filter programs of the modes that most
 * runs have, as C tables for filters/embedded.c.
 *
 * Embedded are the modes that options of everyday runs lead to: with and without --allow-net,
 * --allow-read, --memory, --tui (which watches files), --allow-all, --scratch and --tmp, --hide and
 * --fake-..., --stack=native.
 */
#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "filters/seccomp.h"

static const struct filter_mode bases[] = {
	{ .watch = WATCH_POLICY },
	{ .watch = WATCH_POLICY, .passes_reads = true },
	{ .watch = WATCH_FILES },
	{ .watch = WATCH_ALL },
	{ .watch = WATCH_POLICY, .is_allow_all = true },
	{ .watch = WATCH_POLICY, .stops_stat = true, .stops_layer = true },
	{ .watch = WATCH_POLICY, .stops_stat = true, .stops_hidden = true },
	{ .watch = WATCH_POLICY, .stops_brokered = true },
};

/* Bits of a variant of a base. */
#define NET 1u
#define MEMORY 2u
#define VARIANTS 4u

/* --allow-all has the net already. */
static bool is_wanted(const struct filter_mode *base, unsigned variant)
{
	return !(base->is_allow_all && (variant & NET));
}

static struct filter_mode mode_of(size_t base, unsigned variant)
{
	struct filter_mode mode = bases[base];

	mode.passes_net = variant & NET;
	mode.stops_memfd = variant & MEMORY;
	return mode;
}

static int print_code(size_t base, unsigned variant)
{
	struct filter_mode mode = mode_of(base, variant);
	struct filter_program program;
	int e = filter_build(&mode, &program);

	if (e < 0) {
		fprintf(stderr, "filters: %s\n", strerror(-e));
		return e;
	}
	printf("static const struct sock_filter code_%zu_%u[] = {\n", base, variant);
	for (size_t i = 0; i < program.length; i++)
		printf("\t{ 0x%02x, %u, %u, 0x%x },\n", program.code[i].code, program.code[i].jt,
		       program.code[i].jf, program.code[i].k);
	puts("};");
	filter_free(&program);
	return 0;
}

static void print_entry(size_t base, unsigned variant)
{
	struct filter_mode mode = mode_of(base, variant);

	printf("\t{ { .passes_reads = %d, .passes_net = %d, .stops_stat = %d, .stops_hidden = %d,\n"
	       "\t    .stops_layer = %d, .stops_memfd = %d, .is_allow_all = %d,\n"
	       "\t    .stops_brokered = %d, .watch = %d },\n"
	       "\t  code_%zu_%u, sizeof(code_%zu_%u) / sizeof(code_%zu_%u[0]) },\n",
	       mode.passes_reads, mode.passes_net, mode.stops_stat, mode.stops_hidden,
	       mode.stops_layer, mode.stops_memfd, mode.is_allow_all, mode.stops_brokered,
	       (int)mode.watch, base, variant, base, variant, base, variant);
}

int main(void)
{
	puts("/* Made by generators/filters.c. */");
	for (size_t i = 0; i < ARRAY_SIZE(bases); i++)
		for (unsigned v = 0; v < VARIANTS; v++)
			if (is_wanted(&bases[i], v) && print_code(i, v) < 0)
				return 1;
	puts("static const struct filter_embedded embedded[] = {");
	for (size_t i = 0; i < ARRAY_SIZE(bases); i++)
		for (unsigned v = 0; v < VARIANTS; v++)
			if (is_wanted(&bases[i], v))
				print_entry(i, v);
	puts("};");
	return fflush(stdout) == 0 ? 0 : 1;
}
