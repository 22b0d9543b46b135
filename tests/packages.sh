# shellcheck shell=sh disable=SC2034
# SPDX-License-Identifier: BSD-3-Clause
# For run and check to source: which Debian packages, and getting them.

packages_to_build='autoconf automake make gcc libc6-dev pkgconf clang bpftool
	libbpf-dev libelf-dev libpcap-dev libnl-3-dev libnl-route-3-dev'
packages_to_demonstrate='iproute2 procps openssl curl'
packages_to_test='libcmocka-dev libz3-dev iproute2 procps util-linux openssl
	curl jq python3 tcpdump tshark iperf3 iputils-ping socat'

# packages_missing PACKAGE...: prints those that are not installed
packages_missing() {
	for package; do
		status=$(dpkg-query -W -f '${db:Status-Status}' "$package" \
			2>/dev/null) || :
		[ "$status" = installed ] || printf '%s ' "$package"
	done
}

# packages_install WHO PACKAGE...: installs what is missing and says so; does
# not touch apt when nothing is. On other systems than Debian configure says
# what it does not find.
packages_install() {
	who=$1
	shift
	command -v dpkg-query >/dev/null || return 0
	missing=$(packages_missing "$@")
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" -ne 0 ]; then
		echo "$who: missing packages, as root:" \
			"apt-get install ${missing% }" >&2
		return 1
	fi
	echo "$who: installing ${missing% }" >&2
	apt_log=$(mktemp)
	# An index that cannot be renewed may still do.
	apt-get -q update >"$apt_log" 2>&1 </dev/null || :
	# shellcheck disable=SC2086 # a list of words
	if ! DEBIAN_FRONTEND=noninteractive apt-get -qy \
		--no-install-recommends install $missing \
		>>"$apt_log" 2>&1 </dev/null; then
		tail -n 20 "$apt_log" >&2
		rm -f "$apt_log"
		echo "$who: apt-get could not install them" >&2
		return 1
	fi
	rm -f "$apt_log"
}
