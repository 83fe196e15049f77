#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# No file over 500 lines, no function over 70, median function at most 15, no line over 100 columns.
set -u
exec awk '
function finish(n) {
	count++
	lengths[count] = n
	if (n > 70) { printf "sizes: %s:%d: a function of %d lines\n", FILENAME, start, n; bad = 1 }
}
FNR == 1 { inside = 0 }
FNR == 501 { printf "sizes: %s: over 500 lines\n", FILENAME; bad = 1 }
{
	line = $0
	gsub(/\t/, "        ", line)
	# Programs that a test embeds keep their own lines.
	embeds = FILENAME ~ /^tests\// && $0 ~ /"/
	if (length(line) > 100 && !embeds) { printf "sizes: %s:%d: %d columns\n", FILENAME, FNR, length(line); bad = 1 }
}
/^{$/ { start = FNR; inside = 1 }
/^}$/ { if (inside) finish(FNR - start - 1); inside = 0 }
END {
	for (i = 1; i <= count; i++) for (j = i; j > 1 && lengths[j] < lengths[j - 1]; j--) {
		t = lengths[j]; lengths[j] = lengths[j - 1]; lengths[j - 1] = t
	}
	median = lengths[int((count + 1) / 2)]
	if (median > 15) { printf "sizes: median function has %d lines\n", median; bad = 1 }
	if (!bad) printf "  OK   sizes: %d functions, median %d lines, longest %d\n", count, median, lengths[count]
	exit bad
}' *.c $(find base filters tracer generators tui tests -name '*.c' 2>/dev/null)
