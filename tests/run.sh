#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD: every Check program below BUILD/tests; as root the live ones once more as nobody.
# Sums up Check's own lines; a test that cannot run prints "skip: WHY" and is counted.
set -u
build=$1
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0}
export CK_VERBOSITY=normal
# Time limits are for what hangs, not for a busy machine or a sanitizer.
export CK_TIMEOUT_MULTIPLIER=${CK_TIMEOUT_MULTIPLIER:-4}
ran=0 failed=0 skipped=0
log=$(mktemp -d /tmp/pyjail-check.XXXXXX)
chmod 755 "$log"
trap 'rm -rf "$log"' EXIT

# $1 name to show, rest: command
one() {
	local name=$1 rc line checks bad started=$SECONDS
	shift
	timeout -k 5 600 "$@" >"$log/out" 2>&1 </dev/null
	rc=$?
	line=$(grep -aE '^[0-9]+%: Checks: ' "$log/out" | tail -1)
	checks=$(sed -E 's/.*Checks: ([0-9]+).*/\1/' <<<"$line")
	bad=$(sed -E 's/.*Failures: ([0-9]+), Errors: ([0-9]+).*/\1 + \2/' <<<"$line")
	[ -n "$line" ] || { checks=1 bad=1; }
	ran=$((ran + checks))
	failed=$((failed + bad))
	if [ $rc -ne 0 ] && [ $((bad)) -eq 0 ]; then
		failed=$((failed + 1))
	fi
	skipped=$((skipped + $(grep -ac '^skip: ' "$log/out")))
	printf '  %-4s %-44s %4d checks %4ds\n' "$([ $rc = 0 ] && echo OK || echo FAIL)" "$name" \
		"$checks" $((SECONDS - started))
	grep -a '^skip: ' "$log/out" | sort -u | sed 's/^/       /'
	[ $rc = 0 ] || { echo "       exit status $rc"; tail -n 60 "$log/out" | sed 's/^/       /'; }
}

for t in $(find "$build/tests" -type f -name 'test_*' -perm -u+x ! -path '*/live/*' | sort); do
	one "${t#"$build/tests/"}" "$t"
done

# Live tests run whole programs; the copies can be reached by everybody, wherever the checkout is.
live="$log/live"
mkdir "$live"
cp "$build"/pyjail "$build"/pyjail-naive "$build"/pyjail-wall2 "$live"/
cp -r corpus/sandboxes "$live"/
for t in $(find "$build/tests/live" -type f -name 'test_*' -perm -u+x 2>/dev/null | sort); do
	cp "$t" "$live"/
done
cp -r "$build"/tests/programs "$live"/
cp "$(dirname "$0")"/live/programs/*.py "$live"/programs/
chmod -R a+rX "$live"
export PYJAIL="$live/pyjail" PYJAIL_NAIVE="$live/pyjail-naive" PYJAIL_PROGRAMS="$live/programs"
export PYJAIL_WALL2="$live/pyjail-wall2" PYJAIL_SANDBOXES="$live/sandboxes"
# The system's interpreter: one that lies in somebody's home cannot be read by nobody.
export PATH=/usr/bin:/bin:/usr/sbin:/sbin
for t in "$live"/test_*; do
	[ -e "$t" ] || continue
	one "live/$(basename "$t")" "$t"
	if [ "$(id -u)" = 0 ]; then
		one "live/$(basename "$t") (as nobody)" \
			setpriv --reuid=65534 --regid=65534 --clear-groups \
			env -u XDG_RUNTIME_DIR HOME=/nonexistent USER=nobody TMPDIR=/tmp "$t"
	fi
done

echo "$((ran - failed)) passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
