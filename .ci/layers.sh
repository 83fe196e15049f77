#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A file includes its own layer or a lower one: base < filters < tracer < tui.  curses only in tui/,
# ptrace only in tracer/ (and its tests), printing only in the top folder and tui/, text onto the screen
# only by tui/draw.c.
set -u
bad=0

complain() {
	echo "layers: $1" >&2
	bad=1
}

check() { # folder, what it must not include
	[ -d "$1" ] || return 0
	grep -rnE "#include \"($2)/" "$1" --include='*.[ch]' --include='*.def' &&
		complain "$1/ includes a layer above it"
}

check base 'filters|tracer|tui'
check filters 'tracer|tui'
check tracer 'tui'
if ls tui/*.c >/dev/null 2>&1; then
	grep -rnE '#include "tracer/' tui --include='*.[ch]' | grep -v 'tracer/events/' &&
		complain "tui/ uses more of the tracer than its events"
fi
grep -rnlE '#include <(ncurses|curses)' base filters tracer ./*.c && complain "curses outside of tui/"
grep -rnlE '#include <sys/ptrace.h>' base filters $(ls -d tui 2>/dev/null) ./*.c && complain "ptrace outside of tracer/"
grep -rnE '\b(printf|puts|perror|fprintf *\( *std(out|err))\b *\(?' base filters tracer --include='*.c' |
	grep -vE '(sn|vsn|v|d)printf|format\(printf|/\*|^\S+:\s*\*' && complain "printing outside of the top folder and tui/"
writes='\b(mv)?w?(addn?w?str|addch|add_wch|add_?w?chn?str|ins_?n?w?str|ins_?w?ch|echo_?w?char|v?w?_?printw)\b *\('
grep -rnE "$writes" tui --include='*.c' | grep -v '^tui/draw\.c:' && complain "text on the screen outside of tui/draw.c"
for f in $(git ls-files '*.c' '*.h' '*.def' '*.sh' 2>/dev/null); do
	[ -f "$f" ] || continue
	head -3 "$f" | grep -q 'SPDX-License-Identifier: Apache-2.0' || complain "$f has no SPDX line"
done
[ $bad = 0 ] && echo "  OK   layers"
exit $bad
