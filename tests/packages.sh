# shellcheck shell=sh disable=SC2034
# SPDX-License-Identifier: BSD-3-Clause
# For run and check to source: which Debian packages, and getting them.

packages_to_build='autoconf automake make gcc libc6-dev pkgconf clang bpftool
	libbpf-dev libelf-dev libpcap-dev libnl-3-dev libnl-route-3-dev'
packages_to_demonstrate='iproute2 procps openssl curl'
# netbase: the names of ports.
packages_to_test='libcmocka-dev libz3-dev iproute2 procps util-linux openssl
	curl jq python3 tcpdump tshark iperf3 iputils-ping socat netbase
	ethtool'

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
	# Two at once take turns; the second may find nothing left to do.
	(
		flock -w 600 9 || echo "$who: waited too long for another" >&2
		missing=$(packages_missing "$@")
		[ -z "$missing" ] || packages_get "$who" "$missing"
	) 9>/run/bsniff-packages
}

# packages_get WHO LIST: from the mirror; other users of apt are waited for
packages_get() {
	echo "$1: installing ${2% }" >&2
	apt_log=$(mktemp) || return
	apt_status=0
	# An index that cannot be renewed may still do.
	packages_apt update >"$apt_log" 2>&1 || :
	# shellcheck disable=SC2086 # a list of words
	packages_apt --no-install-recommends install $2 >>"$apt_log" 2>&1 || {
		tail -n 20 "$apt_log" >&2
		echo "$1: apt-get could not install them" >&2
		apt_status=1
	}
	rm -f "$apt_log"
	return $apt_status
}

# dpkg wants the folders of root in PATH.
packages_apt() {
	DEBIAN_FRONTEND=noninteractive PATH=$PATH:/usr/sbin:/sbin \
		apt-get -qy -o Acquire::Retries=3 \
		-o Acquire::http::Timeout=30 -o DPkg::Lock::Timeout=300 \
		"$@" </dev/null 9>&-
}
