#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# make distcheck from a tarball alone, as somebody without rights.
#   distcheck.sh TARBALL
set -u
tarball=$1
umask 022
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
nobody=
[ "$(id -u)" -ne 0 ] ||
	nobody='setpriv --reuid=nobody --regid=nogroup --clear-groups'

# Made by distcheck, parts of it cannot be written to.
clean_up() {
	trap - EXIT INT TERM HUP
	chmod -R u+w "$place" 2>/dev/null
	rm -rf "$place"
}

# A folder for temporary files may be root's alone.
for folder in "${TMPDIR:-/tmp}" /tmp /var/tmp; do
	place=$(mktemp -d "$folder/bsniff-dist-XXXXXX") || continue
	[ -z "$nobody" ] || chown nobody: "$place"
	$nobody test -w "$place" 2>/dev/null && break
	rm -rf "$place"
	place=
done
[ -n "$place" ] || exit 1
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

tar -xzf "$tarball" -C "$place" || exit
mkdir "$place/build" "$place/tmp" || exit
[ -z "$nobody" ] || chown -R nobody: "$place" || exit
export HOME="$place" TMPDIR="$place/tmp"
# distcheck builds and tests in a tree of its own: nothing is built before.
# shellcheck disable=SC2016 # for the inner shell
$nobody sh -c 'cd "$0/build" && ../bsniff-*/configure -q &&
	exec make -s -j"$(nproc)" distcheck DISTCHECK_CONFIGURE_FLAGS=-q' \
	"$place" &
child=$!
trap 'kill $child; wait $child; exit 1' INT TERM HUP
wait $child
