#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# lint.sh CPPFLAGS FILE...: clang-tidy (.clang-tidy) and cppcheck, no finding allowed.
set -u
flags="$1 -DPYJAIL_VERSION=\"lint\""
shift
bad=0
mkdir -p build
: >build/tidy.txt
# One file at a time: with many, clang-tidy 14 carries va_list findings from one to the next.
for f in "$@"; do
	# shellcheck disable=SC2086 # flags are a list
	clang-tidy --quiet "$f" -- $flags -std=gnu11 2>/dev/null | tee -a build/tidy.txt
done
grep -qE 'warning:|error:' build/tidy.txt && bad=1
# shellcheck disable=SC2086
cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --force \
	--error-exitcode=1 -j 2 --library=posix --suppress=missingIncludeSystem \
	--include=.ci/cppcheck.h \
	--suppressions-list=.ci/cppcheck.suppress -I. -Ibuild/release "$@" || bad=1
[ $bad = 0 ] && echo "  OK   lint: $# files"
exit $bad
