# `make bench`: bsniff beside its peers on the same load. As root, and in a
# build without sanitizers (CFLAGS=-O2).
EXTRA_DIST += bench/bench.py

.PHONY: bench
bench: all tests/sender
	python3 $(srcdir)/bench/bench.py --build $(abs_top_builddir) $(BENCH)

# `make bench-owner`: what naming the processes costs a sender.
EXTRA_DIST += bench/owners.py
EXTRA_PROGRAMS += bench/sends bench/empty_hook
bench_sends_SOURCES = bench/sends.c
bench_empty_hook_SOURCES = bench/empty_hook.c
bench_empty_hook_LDADD = $(LIBBPF_LIBS)
CLEANFILES += bench/sends bench/empty_hook

.PHONY: bench-owner
bench-owner: all bench/sends
	python3 $(srcdir)/bench/owners.py --build $(abs_top_builddir) $(BENCH)

# `make bench-flows`: what counting connections costs.
EXTRA_DIST += bench/flows.py

.PHONY: bench-flows
bench-flows: all tests/sender bench/empty_hook
	python3 $(srcdir)/bench/flows.py --build $(abs_top_builddir) $(BENCH)
