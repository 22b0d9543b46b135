#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The demonstration: two network namespaces of their own, joined by a veth; in
# one a TLS server (10.9.0.2), in the other curl (10.9.0.1); bsniff captures
# between them for a few seconds. ./run without arguments starts this.
set -u

. "${srcdir:?}/tests/netns.sh"

tell() {
	echo "demo: $*" >&2
}

fail() {
	tell "$*"
	exit 1
}

certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -days 1 -subj /CN=demo.test -keyout "$work/key" \
		-out "$work/certificate" 2>/dev/null
}

server_start() {
	(
		cd "$work" || exit
		echo "Nothing to see here but packets." >index.html
		exec ip netns exec "$B" openssl s_server -quiet -WWW \
			-accept 443 -cert "$work/certificate" \
			-key "$work/key" >/dev/null 2>&1 </dev/null
	) &
	remember $!
	wait_for 50 listens "$B" tcp 443
}

visit() {
	within "$A" curl -sk --max-time 5 --resolve demo.test:443:10.9.0.2 \
		https://demo.test/index.html -o "$work/page"
}

[ "$(id -u)" -eq 0 ] || fail "needs root, for namespaces: sudo ./run"
net_create || fail "cannot make network namespaces here"
certificate || fail "openssl cannot make a certificate"
server_start || fail "the TLS server does not start"

file=${TMPDIR:-/tmp}/bsniff-demo-$$.pcap
tell "bsniff -i b0 -n --print -w $file 'tcp port 443'"
ip netns exec "$B" "$BSNIFF" -i b0 -n --print -w "$file" 'tcp port 443' \
	2>"$work/demo.err" </dev/null &
capture=$!
remember "$capture"
wait_for 50 says "$work/demo.err" 'listening on' ||
	fail "bsniff does not start: $(cat "$work/demo.err")"
sleep 0.5 # processes are known a tenth of a second later
sed 1q "$work/demo.err" >&2
for _ in 1 2; do
	visit || fail "curl did not get its page"
	sleep 1
done
stop_capture "$capture" || fail "bsniff failed: $(cat "$work/demo.err")"
sed 1d "$work/demo.err" >&2
tell "the packets are in $file"
