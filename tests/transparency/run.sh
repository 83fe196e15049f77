#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run.sh [MODULE...]: CPython's own tests without pyjail, under --allow-all, and under explicit wide
# rules with Landlock; prints what differs.  Root does it once more as nobody.
# PYJAIL names another program than ./pyjail.
# Exit status: 0 the same (but for expected.list), 1 something differs, 2 it could not be tried.
set -u
here=$(cd "$(dirname "$0")" && pwd)
modules=${*:-test_os test_posix test_io test_fcntl test_mmap test_select test_shutil test_tempfile
	test_pathlib test_subprocess test_threading test_signal test_asyncio}
python=/usr/bin/python3
wide=(--allow-read --allow-write --allow-delete --allow-exec --allow-net --allow-env --procs=4000)
# Not an extra difference: the shell's own variables, and a terminal that is not there.
export LC_ALL=C.UTF-8 TERM=dumb
unset PYTHONDONTWRITEBYTECODE XDG_RUNTIME_DIR

work=$(mktemp -d /tmp/pyjail-transparency.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
chmod 755 "$work"
# Copies that nobody can reach, wherever the checkout is.
cp "$here"/outcomes.py "$here"/compare.py "$here"/expected.list "$work"/
cp "${PYJAIL:-$here/../../pyjail}" "$work/pyjail" || { echo "no ./pyjail: run make first"; exit 2; }
if ! $python -c 'import importlib.util as u; u.find_spec("test.test_os") or exit(1)'; then
	echo "CPython's tests are missing: install libpython3.N-testsuite for $($python --version)"
	exit 2
fi

as_user() {
	if [ "$user" = nobody ] && [ "$(id -u)" = 0 ]; then
		HOME=/nonexistent USER=nobody LOGNAME=nobody \
			setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	else
		"$@"
	fi
}

# $1 mode, $2 module, $3 outcomes, rest: test names.  A hang or a crash costs one test: what is left
# is run by a fresh process.
run_one() {
	local mode=$1 module=$2 out=$3 command rc=0
	shift 3
	case $mode in
	bare) command=("$python") ;;
	all) command=("$work/pyjail" "--python=$python" --quiet "--record=$out.jsonl" --allow-all) ;;
	wide) command=("$work/pyjail" "--python=$python" --quiet "--record=$out.jsonl" "${wide[@]}") ;;
	esac
	command+=("$work/outcomes.py" "$out" "$module" "$@")
	mkdir -p "$folder/tmp.$mode"
	[ "$user" = root ] || chmod 777 "$folder/tmp.$mode"
	for _ in 1 2 3 4; do
		(cd "$folder/tmp.$mode" && TMPDIR=$PWD as_user timeout -k 10 900 "${command[@]}") \
			</dev/null >>"$out.log" 2>&1
		rc=$?
		grep -q '^end' "$out" 2>/dev/null && break
	done
	[ $rc = 0 ] || printf 'fail\texit status of %s\t0\t%s\n' "$module" $rc >>"$out"
}

# $1 mode, $2 module, $3 suffix of the outcomes.  Lines: "known ..." or "differs TEST ..."
compare() {
	$python "$work/compare.py" "$work/expected.list" "$kind" "$1" "$folder/bare.$2$3" \
		"$folder/$1.$2$3"
}

# What differs is tried again, inside and outside, twice at most: CPython's tests know races of their
# own.  $1 mode, $2 module
judge() {
	local mode=$1 module=$2 first found names try
	first=$(compare "$mode" "$module" "")
	found=$first
	for try in 1 2; do
		names=$(sed -n 's/^differs \(test\.[^ ]*\) .*/\1/p' <<<"$found")
		[ -n "$names" ] || break
		for m in bare "$mode"; do
			# The names have no spaces.
			# shellcheck disable=SC2086
			run_one "$m" "$module" "$folder/$m.$module.$mode.$try" $names
		done
		found=$(compare "$mode" "$module" ".$mode.$try")
	done
	found=$(grep '^differs ' <<<"$found")
	[ -z "$found" ] || sed 's/^/    /' <<<"$found" | head -n 40
	known=$(grep -c '^known ' <<<"$first")
	new=$(grep -c '^differs ' <<<"$found")
	[ "$try" = 1 ] || echo "    ($mode: $(grep -c '^differs ' <<<"$first") tried again)"
	unexpected=$((unexpected + new))
	printf '  %-18s %-4s  %3d by design, %d unexpected\n' "$module" "$mode" "$known" "$new"
}

count() {
	cut -f1 "$2" | grep -cxE "$1"
}

# The three ways at once: most of the time these tests sleep.
run_module() {
	local module=$1 bare=$folder/bare.$1
	for mode in bare all wide; do
		run_one $mode "$module" "$folder/$mode.$module" &
	done
	wait
	printf '  %-18s bare  %d passed, %d failed, %d skipped\n' "$module" \
		"$(count 'ok|xfail' "$bare")" "$(count 'fail|error|died|xpass' "$bare")" \
		"$(count skip "$bare")"
	judge all "$module"
	judge wide "$module"
}

unexpected=0
users=$(id -un 2>/dev/null || id -u)
[ "$(id -u)" = 0 ] && users="root nobody"
for user in $users; do
	folder=$work/$user
	mkdir "$folder"
	kind=user
	[ "$user" = root ] && kind=root
	[ "$(id -u)" != 0 ] || [ $kind = root ] || chown 65534:65534 "$folder"
	echo "As $user, $($python --version):"
	for module in $modules; do
		run_module "$module"
	done
done
if [ $unexpected = 0 ]; then
	echo "Nothing differs that docs/TRANSPARENCY.md does not list."
	exit 0
fi
trap - EXIT
echo "$unexpected unexpected; outcomes and logs are kept in $work"
exit 1
