# The filter compiler.
noinst_LIBRARIES += libfilters.a
libfilters_a_SOURCES = \
	filters/array.h \
	filters/assign.c \
	filters/classic.c filters/classic.h \
	filters/cooked.c filters/cooked.h \
	filters/emit.c filters/emit.h \
	filters/emit_switch.c \
	filters/emit_socket.c \
	filters/emit_tc.c \
	filters/emit_value.c filters/emit_value.h \
	filters/emit_window.c filters/emit_window.h \
	filters/expand.c filters/expand.h \
	filters/explain.c filters/explain.h \
	filters/expression.c filters/expression.h \
	filters/filter.c filters/filter.h filters/filter_private.h \
	filters/filter_explain.c \
	filters/fold.c filters/fold.h \
	filters/graph.c filters/graph.h \
	filters/insn.h \
	filters/lists.c filters/lists.h \
	filters/lists_range.c filters/lists_range.h \
	filters/lower.c filters/lower.h \
	filters/maps.c filters/maps.h \
	filters/object.c filters/object.h \
	filters/optimise.c filters/optimise.h \
	filters/parts.c filters/parts.h \
	filters/pass.h \
	filters/pass_guards.c \
	filters/pass_merge.c \
	filters/pass_order.c \
	filters/pass_prune.c \
	filters/pass_search.c \
	filters/pass_tails.c \
	filters/reference.c filters/reference.h \
	filters/run.c filters/run.h \
	filters/ssa.c filters/ssa.h \
	filters/tokens.c filters/tokens.h \
	filters/trace.c filters/trace.h \
	filters/vlan.c filters/vlan.h

# In the kernel, against the reference interpreter.
FILTER_LIBS = libfilters.a libbase.a $(LIBBPF_LIBS) $(LIBELF_LIBS) \
	$(LIBPCAP_LIBS)
check_PROGRAMS += tests/filter_kernel
noinst_HEADERS += tests/filter_lab.h tests/filter_frags.h tests/filter_shelf.h
tests_filter_kernel_SOURCES = tests/filter_kernel.c tests/filter_frags.c \
	tests/filter_lab.c tests/filter_shelf.c
tests_filter_kernel_LDADD = $(FILTER_LIBS)
TESTS += tests/filter-kernel.test
EXTRA_DIST += tests/filters.tsv tests/filter-kernel.test

# Over files, against libpcap.
check_PROGRAMS += tests/filter_file
tests_filter_file_SOURCES = tests/filter_file.c
tests_filter_file_LDADD = $(FILTER_LIBS)
TESTS += tests/filter-file.test
EXTRA_DIST += tests/filter-file.test

# Lists, against libpcap and a plain search.
check_PROGRAMS += tests/filter_lists
tests_filter_lists_SOURCES = tests/filter_lists.c tests/filter_lab.c
tests_filter_lists_LDADD = $(FILTER_LIBS)
TESTS += tests/filter_lists


if FUZZING
check_PROGRAMS += tests/fuzz_filter
tests_fuzz_filter_SOURCES = tests/fuzz_filter.c tests/filter_lab.c
tests_fuzz_filter_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_filter_LDADD = $(FILTER_LIBS)
endif

# make bench-filter; as root.
EXTRA_PROGRAMS += tests/filter_bench
tests_filter_bench_SOURCES = tests/filter_bench.c tests/filter_convert.c
noinst_HEADERS += tests/filter_convert.h
tests_filter_bench_LDADD = $(FILTER_LIBS) -lm
bench-filter: tests/filter_bench tests/filter_caller.bpf.o
	tests/filter_bench tests/filter_caller.bpf.o

# The object, as others link it.
check_PROGRAMS += tests/filter_object
noinst_HEADERS += tests/filter_link.h
tests_filter_object_SOURCES = tests/filter_object.c tests/filter_link.c
tests_filter_object_LDADD = $(FILTER_LIBS)
EXTRA_tests_filter_object_DEPENDENCIES = tests/filter_caller.bpf.o
CLEANFILES += tests/filter_caller.bpf.o
TESTS += tests/filter-object.test
EXTRA_DIST += tests/filter-object.test tests/filter_caller.bpf.c

# Lists in maps, in the kernel.
check_PROGRAMS += tests/filter_maps
tests_filter_maps_SOURCES = tests/filter_maps.c tests/filter_link.c \
	tests/filter_lab.c
tests_filter_maps_LDADD = $(FILTER_LIBS)
EXTRA_tests_filter_maps_DEPENDENCIES = tests/filter_caller.bpf.o
TESTS += tests/filter-maps.test
EXTRA_DIST += tests/filter-maps.test

# make prove: Z3 on each program of our list and, if $BSNIFF_CORPUS has it, of
# libpcap's suite; then mutants, which must be refuted.
if HAVE_Z3
EXTRA_PROGRAMS += tests/filter_prove
tests_filter_prove_SOURCES = tests/filter_prove.c tests/prove_classic.c \
	tests/prove_ebpf.c tests/prove_model.c tests/prove_model.h \
	tests/prove_mutants.c tests/prove_mutants.h
tests_filter_prove_LDADD = $(FILTER_LIBS) -lz3
PROVE_CORPUS = $${BSNIFF_CORPUS:+"$$BSNIFF_CORPUS/filters/programs.tsv"}
prove: tests/filter_prove
	tests/filter_prove $(srcdir)/tests/filters.tsv $(PROVE_CORPUS)
	tests/filter_prove -m -e 3 $(srcdir)/tests/filters.tsv
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/test_filter_passes
TESTS += tests/test_filter_passes
tests_test_filter_passes_SOURCES = tests/test_filter_passes.c tests/filter_lab.c
tests_test_filter_passes_LDADD = $(FILTER_LIBS) $(CMOCKA_LIBS)
endif
EXTRA_DIST += filters/README.md
TESTS += tests/filter-live.test
EXTRA_DIST += tests/filter-live.test
TESTS += tests/filter-example.test
EXTRA_DIST += tests/filter-example.test
TESTS += tests/filter-refused.test
EXTRA_DIST += tests/filter-refused.test
TESTS += tests/filter-depth.test
EXTRA_DIST += tests/filter-depth.test
