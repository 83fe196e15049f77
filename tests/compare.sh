#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# compare.sh PYJAIL README: puts the table of a real run between the markers of the README.
# RESTRICTEDPYTHON=DIR names a folder with the package, when Python's own is not meant.
set -eu
table=$(mktemp)
trap 'rm -f "$table" "$table.new"' EXIT
"$1" corpus --compare --markdown ${RESTRICTEDPYTHON:+--restrictedpython="$RESTRICTEDPYTHON"} >"$table"
grep -q '<!-- compare -->' "$2" || { echo "$2 has no markers" >&2; exit 1; }
awk -v table="$table" '
/<!-- compare end -->/ { inside = 0 }
!inside { print }
/<!-- compare -->/ { inside = 1; while ((getline line < table) > 0) print line }' "$2" >"$table.new"
cat "$table.new" >"$2"
