#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# counts.sh BUILD: what does not depend on the machine's mood: instructions of the set-up, system calls of
# the start and of a stop.  Bounds are generous: they are there for what doubles.
set -u
build=$1
python=/usr/bin/python3
work=$(mktemp -d /tmp/pyjail-counts.XXXXXX)
trap 'rm -rf "$work"' EXIT
checks=0 failures=0

# $1 what, $2 how many, $3 at most
bound() {
	checks=$((checks + 1))
	if [ "${2:-0}" -gt 0 ] && [ "$2" -le "$3" ]; then
		echo "count: $1: $2 (at most $3)"
	else
		echo "count: $1: ${2:-none} (at most $3): FAIL"
		failures=$((failures + 1))
	fi
}

# Instructions of the command.
instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null </dev/null |
		sed -n 's/.*Collected : \([0-9]*\).*/\1/p' | head -1
}

# System calls of pyjail itself.  $1: calls that the script makes, $2: how.
calls() {
	cat >"$work/s.py" <<-EOF
		import os
		def refused():
		    try: os.open('/pyjail-counts', os.O_WRONLY | os.O_CREAT)
		    except OSError: pass
		def read(): os.close(os.open(os.__file__, os.O_RDONLY))
		def write(): os.close(os.open('$work/w/f', os.O_WRONLY | os.O_CREAT))
		def rename(): os.rename('$work/w/d', '$work/w/d')
		for i in range($1): $2()
	EOF
	strace -c -S calls -U calls,name -o "$work/c" "$build/pyjail" --quiet --stack=off \
		--python=$python --allow-write="$work/w" "$work/s.py" </dev/null >/dev/null 2>&1
	awk '$1 ~ /^[0-9]+$/ && $2 != "total" { n += $1 } END { print n + 0 }' "$work/c"
}

if ! command -v valgrind >/dev/null || ldd "$build/pyjail" | grep -q asan; then
	echo "skip: no valgrind, or a sanitizer: no instructions are counted"
else
	bound "instructions of pyjail --version" "$(instructions "$build/pyjail" --version)" 800000
	bound "instructions of the set-up" \
		"$(instructions "$build/pyjail" policy --python=$python)" 7000000
fi
mkdir -p "$work/w/d"
if ! command -v strace >/dev/null || ldd "$build/pyjail" | grep -q asan; then
	echo "skip: no strace, or a sanitizer: no system calls are counted"
elif ! strace -c -o /dev/null true 2>/dev/null; then
	echo "skip: strace may not trace here: no system calls are counted"
else
	start=$(calls 0 read)
	bound "system calls of a start" "$start" 1400
	bound "system calls of 100 refused opens" $(($(calls 100 refused) - start)) 1200
	bound "system calls of 100 opens for reading" $(($(calls 100 read) - start)) 1200
	bound "system calls of 100 opens for writing" $(($(calls 100 write) - start)) 1500
	bound "system calls of 100 renames" $(($(calls 100 rename) - start)) 1700
fi
echo "$((checks ? 100 * (checks - failures) / checks : 100))%: Checks: $checks, Failures: $failures, Errors: 0"
[ $failures = 0 ]
