# shellcheck shell=sh disable=SC2034,SC2016
# SPDX-License-Identifier: BSD-3-Clause
# For the scripts in tests/ and bench/ to source: TAP, a working folder,
# network namespaces of their own, captures in the background.
#
# Wants $srcdir and $builddir. Everything made here carries this process's id
# and is removed on exit, whatever the reason. Processes are ended by their id.

: "${srcdir:?set srcdir to the top of the sources}"
: "${builddir:?set builddir to the top of the build}"
BSNIFF=${BSNIFF:-$builddir/bsniff}
SENDER=$builddir/tests/sender
TZ=UTC
export TZ
PATH=$PATH:/usr/sbin:/sbin

# ---- TAP -------------------------------------------------------------------

tap_count=0
tap_failed=0

diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

ok() {
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s\n' "$tap_count" "$1"
}

not_ok() {
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	printf 'not ok %d - %s\n' "$tap_count" "$1"
	[ -z "${2-}" ] || diag "$2"
	return 0
}

# skip DESCRIPTION REASON
skip() {
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$1" "$2"
}

skip_all() {
	printf '1..0 # SKIP %s\n' "$1"
	exit 0
}

# is GOT WANTED DESCRIPTION
is() {
	if [ "$1" = "$2" ]; then
		ok "$3"
	else
		not_ok "$3" "got    $1
wanted $2"
	fi
}

# same FILE FILE DESCRIPTION: byte for byte, shows where they part
same() {
	if cmp -s "$1" "$2"; then
		ok "$3"
	else
		not_ok "$3" "$(diff -u "$1" "$2" | head -n 20)"
	fi
}

# matches FILE PATTERN DESCRIPTION: a line of FILE matches
matches() {
	if grep -Eq -e "$2" "$1"; then
		ok "$3"
	else
		not_ok "$3" "no line matches $2 in:
$(head -n 20 "$1")"
	fi
}

done_testing() {
	printf '1..%d\n' "$tap_count"
	[ "$tap_failed" -eq 0 ]
	exit
}

# need TOOL...: skips the whole script where one is missing
need() {
	for tool; do
		command -v "$tool" >/dev/null || skip_all "$tool is not installed"
	done
}

need_root() {
	[ "$(id -u)" -eq 0 ] || skip_all "needs root"
	ip netns add "bsniff-$$-try" 2>/dev/null ||
		skip_all "cannot make network namespaces here"
	ip netns del "bsniff-$$-try"
}

# ---- Cleaning up -----------------------------------------------------------

work=$(mktemp -d "${TMPDIR:-/tmp}/bsniff-$$-XXXXXX") || exit 1
spaces=
children=

# remember PID: end it on exit, should it still run
remember() {
	children="$children $1"
}

# end PID [SIGNAL]: ends a child of ours and waits for it; its exit status
end() {
	kill -s "${2:-TERM}" "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}

clean_up() {
	status=$?
	trap - EXIT INT TERM HUP
	for pid in $children; do
		kill -s TERM "$pid" 2>/dev/null
	done
	for pid in $children; do
		wait "$pid" 2>/dev/null
	done
	for space in $spaces; do
		# What a child of ours left behind in a namespace of ours.
		for pid in $(ip netns pids "$space" 2>/dev/null); do
			kill -s KILL "$pid" 2>/dev/null
		done
		ip netns del "$space" 2>/dev/null
	done
	for mounted in "$work"/mount*; do
		if [ -d "$mounted" ]; then
			umount "$mounted" 2>/dev/null
		fi
	done
	rm -rf "$work"
	exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
trap 'exit 141' PIPE

# ---- Namespaces ------------------------------------------------------------

# within NAMESPACE COMMAND...
within() {
	inside=$1
	shift
	ip netns exec "$inside" "$@"
}

# spawn NAMESPACE COMMAND...: in the background, silent; its process is $!
spawn() {
	inside=$1
	shift
	# Not through within: the process must be the command, not a shell.
	ip netns exec "$inside" "$@" >/dev/null 2>&1 </dev/null &
	remember $!
}

# setting NAMESPACE PATH VALUE: under /proc/sys/net; quiet where there is none
setting() {
	within "$1" sh -c \
		'[ ! -e "/proc/sys/net/$0" ] || echo "$1" >"/proc/sys/net/$0"' \
		"$2" "$3"
}

# space_create LETTER: prints the new namespace's name. Quiet: nothing is sent
# by the kernel on its own but what IPv6 says to its multicast groups.
# Called as: A=$(space_name a); space_create "$A"
space_name() {
	printf 'bsniff-%d-%s' $$ "$1"
}

space_create() {
	spaces="$spaces $1"
	ip netns add "$1" || return
	for conf in all default; do
		setting "$1" ipv6/conf/$conf/accept_ra 0
		setting "$1" ipv6/conf/$conf/dad_transmits 0
		setting "$1" ipv6/conf/$conf/accept_dad 0
		setting "$1" ipv6/conf/$conf/router_solicitations 0
		setting "$1" ipv6/conf/$conf/addr_gen_mode 1
	done
	ip -n "$1" link set lo up
}

# pair_create SPACE INTERFACE SPACE INTERFACE: a veth between the two
pair_create() {
	ip -n "$1" link add "$2" type veth peer name "$4" netns "$3"
}

# address_add SPACE INTERFACE HOST: 10.9.0.HOST/24 and fd09::HOST/64, up
address_add() {
	ip -n "$1" link set "$2" address "02:09:00:00:00:0$3"
	ip -n "$1" addr add "10.9.0.$3/24" dev "$2"
	ip -n "$1" addr add "fd09::$3/64" dev "$2" nodad
	ip -n "$1" link set "$2" up
}

# neighbour_add SPACE INTERFACE HOST: so that nobody asks for it
neighbour_add() {
	for address in "10.9.0.$3" "fd09::$3"; do
		ip -n "$1" neigh replace "$address" \
			lladdr "02:09:00:00:00:0$3" dev "$2" nud permanent
	done
}

# net_create: A (a0, 10.9.0.1, fd09::1) and B (b0, 10.9.0.2, fd09::2), joined
net_create() {
	A=$(space_name a)
	B=$(space_name b)
	space_create "$A" && space_create "$B" || return
	pair_create "$A" a0 "$B" b0 || return
	address_add "$A" a0 1
	address_add "$B" b0 2
	neighbour_add "$A" a0 2
	neighbour_add "$B" b0 1
	wait_for 50 carrier "$A" a0 && wait_for 50 carrier "$B" b0
}

carrier() {
	[ "$(within "$1" cat "/sys/class/net/$2/carrier" 2>/dev/null)" = 1 ]
}

# received SPACE INTERFACE COUNTER: of the device, e.g. rx_packets
received() {
	within "$1" cat "/sys/class/net/$2/statistics/$3"
}

# ---- Waiting ---------------------------------------------------------------

# wait_for TENTHS COMMAND...: until it succeeds; fails when the time is over
wait_for() {
	looks=$(($1 * 4))
	shift
	while ! "$@"; do
		looks=$((looks - 1))
		[ "$looks" -gt 0 ] || return 1
		sleep 0.025
	done
}

# listens SPACE tcp|udp PORT
listens() {
	[ -n "$(within "$1" ss -Hln "--$2" "sport = :$3")" ]
}

says() {
	grep -q "$2" "$1" 2>/dev/null
}

# ---- Captures --------------------------------------------------------------

# start_capture NAME SPACE PROGRAM ARGUMENTS...: in the background. Its output
# is in $work/NAME.out and .err. Returns when it listens, with its process in
# $capture; fails when it ended or did not say so in a minute.
start_capture() {
	capture_name=$1
	capture_space=$2
	shift 2
	: >"$work/$capture_name.err"
	# exec: the process is the program, not a shell around it
	ip netns exec "$capture_space" "$@" >"$work/$capture_name.out" \
		2>"$work/$capture_name.err" </dev/null &
	capture=$!
	remember "$capture"
	capture_looks=2400
	while ! says "$work/$capture_name.err" 'listening on'; do
		capture_looks=$((capture_looks - 1))
		if [ "$capture_looks" -le 0 ] ||
			! kill -0 "$capture" 2>/dev/null; then
			diag "$capture_name does not listen: $*"
			diag "$(head -n 20 "$work/$capture_name.err")"
			return 1
		fi
		sleep 0.025
	done
}

# stop_capture PID [SIGNAL]: returns the program's exit status
stop_capture() {
	end "$1" "${2:-INT}"
}

# settle: before tcpdump is stopped. It forgets what is in the block that the
# kernel still fills; the kernel hands a block over after a second at most.
settle() {
	sleep 1.3
}

# packets_in FILE: the number of packets in a capture file
packets_in() {
	tcpdump -nr "$1" 2>/dev/null --count | sed -n 's/^\([0-9]*\) packet.*/\1/p'
}

# counter NAME COUNTER: from the JSON summary of capture NAME
counter() {
	jq -r ".counters.$2 // \"missing\"" "$work/$1.out" 2>/dev/null ||
		echo "no summary"
}
