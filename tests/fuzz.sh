#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# fuzz.sh SECONDS [TARGET...]: runs the fuzz targets of this build one after
# another, each so long, from the seeds that make_fuzz_seeds.py makes of
# tests/pcaps and of the corpus. Says of each how many inputs it has run and
# what it found, which is in fuzz/TARGET/found; what it learned stays in
# fuzz/TARGET/corpus. Status 1 if something was found.
: "${srcdir:?set srcdir to the top of the sources}"
seconds=${1:?usage: fuzz.sh SECONDS [TARGET...]}
shift
[ $# -gt 0 ] || set -- link ip ip_payload tcp udp headers filter
corpus=${BSNIFF_CORPUS:-$srcdir/../shared/corpus}/tcpdump/pcaps
status=0
"$srcdir/tests/make_fuzz_seeds.py" fuzz/seeds \
	$([ ! -d "$corpus" ] || find "$corpus" -type f) || exit 1
for target; do
	program=tests/fuzz_$target
	[ -x "$program" ] || program=tests/fuzz_dissect_$target
	seeds=fuzz/seeds/$target
	[ "$target" != headers ] || seeds=fuzz/seeds/link
	[ -d "$seeds" ] || seeds=
	mkdir -p "fuzz/$target/corpus" "fuzz/$target/found"
	nice -n 19 "./$program" -max_total_time="$seconds" -max_len=2048 \
		-timeout=10 -rss_limit_mb=3000 -print_final_stats=1 \
		-artifact_prefix="fuzz/$target/found/" "fuzz/$target/corpus" \
		${seeds:+"$seeds"} >"fuzz/$target/log" 2>&1 || status=1
	printf '%-12s %s inputs in %s s, %s kept; found: %s\n' "$target" \
		"$(sed -n 's/^stat::number_of_executed_units: //p' \
			"fuzz/$target/log")" "$seconds" \
		"$(find "fuzz/$target/corpus" -type f | wc -l)" \
		"$(find "fuzz/$target/found" -type f | wc -l)"
done
exit $status
