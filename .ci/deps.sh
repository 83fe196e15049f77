#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages named that are not there yet; says nothing when all are.
set -eu

missing=
for package in "$@"; do
	status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
	case $status in
	"install ok installed") ;;
	*) missing="$missing $package" ;;
	esac
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
	echo "pyjail: please install, by your system's names:$missing" >&2
	exit 1
fi
if [ "$(id -u)" = 0 ]; then
	sudo=
elif command -v sudo >/dev/null; then
	sudo=sudo
else
	echo "pyjail: please run as root: apt-get install$missing" >&2
	exit 1
fi
echo "  DEPS$missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # a list of package names
$sudo apt-get install -qq -y $missing >/dev/null 2>&1 ||
	{ $sudo apt-get update -qq && $sudo apt-get install -qq -y $missing >/dev/null; }
