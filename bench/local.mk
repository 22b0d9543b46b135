# `make bench`: bsniff beside its peers on the same load. As root, and in a
# build without sanitizers (CFLAGS=-O2).
EXTRA_DIST += bench/bench.py

.PHONY: bench
bench: all tests/sender
	python3 $(srcdir)/bench/bench.py --build $(abs_top_builddir) $(BENCH)
