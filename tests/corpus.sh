#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# corpus.sh BUILD: the corpus behind both walls, wall 1 alone and wall 2 alone; as root once more
# as nobody.  The last line adds up.
set -u
build=$1
place=$(mktemp -d /tmp/pyjail-check.XXXXXX)
chmod 755 "$place"
trap 'rm -rf "$place"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
passed=0 failed=0 skipped=0
# Most scripts wait most of the time.
jobs=${JOBS:-$((2 * $(nproc)))}

# Copies that everybody can reach, wherever the checkout is.
mkdir "$place/live"
cp "$build/pyjail" "$build/pyjail-wall2" "$place/live/"
cp -r corpus "$place/live/"
chmod -R a+rX "$place/live"
cd "$place/live" || exit 1
# The system's interpreter: one that lies in somebody's home cannot be read by nobody.
export PATH=/usr/bin:/bin:/usr/sbin:/sbin

walls=both,1,2
if ! ./pyjail doctor | grep -qE '^ +landlock +ok'; then
	echo "skip: no Landlock here: wall 1 alone"
	walls=1
fi

# $1 name to show, $2 walls, rest: command before pyjail
one() {
	local name=$1 walls=$2 rc total
	shift 2
	echo "corpus, $name:"
	"$@" ./pyjail corpus --wall="$walls" --jobs=$jobs corpus | tee "$place/out"
	rc=${PIPESTATUS[0]}
	total=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$place/out" | tail -1)
	# Without its own total it did not come to its end.
	[ -n "$total" ] || total="0 passed, 1 failed, 0 skipped"
	read -r p _ f _ s _ <<<"$total"
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	[ "$rc" -lt 128 ] || exit "$rc"
}

one "as $(id -un)" $walls
if [ "$(id -u)" = 0 ]; then
	[ $walls = 1 ] || walls=${PYJAIL_NOBODYS_WALLS:-$walls}
	one "as nobody" "$walls" setpriv --reuid=65534 --regid=65534 --clear-groups \
		env -u XDG_RUNTIME_DIR HOME=/nonexistent USER=nobody TMPDIR=/tmp
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
