# `make bench`: bsniff beside its peers on the same load. As root, and in a
# build without sanitizers (CFLAGS=-O2).
EXTRA_DIST += bench/bench.py

.PHONY: bench
bench: all tests/sender
	python3 $(srcdir)/bench/bench.py --build $(abs_top_builddir) $(BENCH)

# What watching the owners of sockets costs a sender.
EXTRA_PROGRAMS += bench/owner_cost
bench_owner_cost_SOURCES = bench/owner_cost.c
bench_owner_cost_LDADD = libowner.a libsource.a libbase.a $(LIBBPF_LIBS) \
	$(LIBELF_LIBS)
CLEANFILES += bench/owner_cost

.PHONY: bench-owner
bench-owner: bench/owner_cost
	bench/owner_cost

# `make bench-flows`: what counting connections costs.
EXTRA_DIST += bench/flows.py

.PHONY: bench-flows
bench-flows: all tests/sender
	python3 $(srcdir)/bench/flows.py --build $(abs_top_builddir) $(BENCH)
