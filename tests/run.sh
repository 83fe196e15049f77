#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD: every Check program below BUILD/tests; as root the live ones once more as nobody.
# Sums up Check's own lines; a test that cannot run prints "skip: WHY" and is counted.
set -u
build=$1
# A thread that was cancelled leaves its stack marked, and the sanitizer's own end of it (its signal
# stack) then trips over that.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0:use_sigaltstack=0}
export CK_VERBOSITY=normal
# Time limits are for what hangs, not for a busy machine or a sanitizer.
export CK_TIMEOUT_MULTIPLIER=${CK_TIMEOUT_MULTIPLIER:-4}
ran=0 failed=0 skipped=0
log=$(mktemp -d /tmp/pyjail-check.XXXXXX)
chmod 755 "$log"
trap 'rm -rf "$log"' EXIT

# $1 a name for its files, $2 name to show, rest: command.  A shell without a terminal lets its
# background jobs ignore SIGINT and SIGQUIT, which programs inherit.
run() {
	local out="$log/$1" name=$2 started=$SECONDS
	shift 2
	rm -f "$out.end"
	env --default-signal=INT,QUIT timeout -k 5 600 "$@" >"$out" 2>&1 </dev/null
	echo "$? $((SECONDS - started)) $name" >"$out.part"
	mv "$out.part" "$out.end"
}

# $1 as above: what came of it.
tell() {
	local rc=1 took=0 name="?" line checks=1 bad=1
	read -r rc took name <"$log/$1.end"
	line=$(grep -aE '^[0-9]+%: Checks: ' "$log/$1" | tail -1)
	if [ -n "$line" ]; then
		checks=$(sed -E 's/.*Checks: ([0-9]+).*/\1/' <<<"$line")
		bad=$(sed -E 's/.*Failures: ([0-9]+), Errors: ([0-9]+).*/\1 + \2/' <<<"$line")
	fi
	ran=$((ran + checks))
	failed=$((failed + bad))
	if [ "$rc" -ne 0 ] && [ $((bad)) -eq 0 ]; then
		failed=$((failed + 1))
	fi
	skipped=$((skipped + $(grep -ac '^skip: ' "$log/$1")))
	printf '  %-4s %-44s %4d checks %4ds\n' "$([ "$rc" = 0 ] && echo OK || echo FAIL)" "$name" \
		"$checks" "$took"
	grep -a '^skip: ' "$log/$1" | sort -u | sed 's/^/       /'
	[ "$rc" = 0 ] || { echo "       exit status $rc"; tail -n 60 "$log/$1" | sed 's/^/       /'; }
}

nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups
	env -u XDG_RUNTIME_DIR HOME=/nonexistent USER=nobody TMPDIR=/tmp)

run counts counts "$(dirname "$0")/counts.sh" "$build"
tell counts

# As many at a time as there are processors: most of them wait for something most of the time.
unit=$(find "$build/tests" -type f -name 'test_*' -perm -u+x ! -path '*/live/*' | sort)
number=0 told=0
# In the order they began, each as soon as it can be told.
tell_ended() {
	while [ -e "$log/$told.end" ]; do
		tell $told
		rm "$log/$told.end"
		told=$((told + 1))
	done
}
for t in $unit; do
	while [ "$(jobs -pr | wc -l)" -ge "$(nproc)" ]; do
		wait -n
		tell_ended
	done
	run $number "${t#"$build/tests/"}" "$t" &
	number=$((number + 1))
done
wait
for (( ; told < number; told++)); do
	tell $told
done

# Live tests run whole programs; the copies can be reached by everybody, wherever the checkout is.
live="$log/live"
mkdir "$live"
cp "$build"/pyjail "$build"/pyjail-{tui,naive,wall2,screen} "$live"/
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
# Root's run and nobody's go on side by side, but for those that measure, or need both processors.
for t in "$live"/test_*; do
	[ -e "$t" ] || continue
	name=live/$(basename "$t")
	run 0 "$name" "$t" &
	case $name in
	*_race | *_storm | *_limits) wait ;;
	esac
	[ "$(id -u)" != 0 ] || run 1 "$name (as nobody)" "${nobody[@]}" "$t" &
	wait
	tell 0
	[ "$(id -u)" != 0 ] || tell 1
done

echo "$((ran - failed)) passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
