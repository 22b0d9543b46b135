# Unit tests (cmocka) by name beside what they test; scripts speak TAP.
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) \
	$(top_srcdir)/build-aux/tap-driver.sh
TEST_LOG_DRIVER = $(LOG_DRIVER)
TEST_EXTENSIONS = .test
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	srcdir='$(abs_top_srcdir)'; export srcdir; \
	builddir='$(abs_top_builddir)'; export builddir; \
	LC_ALL=C.UTF-8; export LC_ALL;

TEST_LIBS = libbase.a $(CMOCKA_LIBS)

if HAVE_CMOCKA
UNIT_TESTS = tests/test_base tests/test_source tests/test_pcap_writer \
	tests/test_rotation
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)

tests_test_base_SOURCES = tests/test_base.c
tests_test_base_LDADD = $(TEST_LIBS)
tests_test_rotation_SOURCES = tests/test_rotation.c src/rotation.c
tests_test_rotation_LDADD = $(TEST_LIBS)
tests_test_source_SOURCES = tests/test_source.c
tests_test_source_LDADD = libsource.a $(TEST_LIBS) $(LIBBPF_LIBS)
tests_test_pcap_writer_SOURCES = tests/test_pcap_writer.c
tests_test_pcap_writer_LDADD = libreport.a $(TEST_LIBS) $(LIBPCAP_LIBS)
endif

# What the scripts use: a sender that counts, a counter beside us, a server.
check_PROGRAMS += tests/sender tests/counter tests/dns_server \
	tests/without_bpf
tests_without_bpf_SOURCES = tests/without_bpf.c
tests_sender_SOURCES = tests/sender.c
tests_counter_SOURCES = tests/counter.c
tests_dns_server_SOURCES = tests/dns_server.c

# The kernel and the host read packets alike.
check_PROGRAMS += tests/headers_kernel
TESTS += tests/headers_kernel
noinst_HEADERS += tests/headers_check.h tests/packet_gen.h
EXTRA_DIST += tests/headers_check.bpf.c
CLEANFILES += tests/headers_check.bpf.o
tests_headers_kernel_SOURCES = tests/headers_kernel.c tests/packet_gen.c
tests_headers_kernel_LDADD = libbase.a $(LIBBPF_LIBS) $(LIBELF_LIBS)
EXTRA_tests_headers_kernel_DEPENDENCIES = tests/headers_check.bpf.o
tests/headers_check.bpf.o: tests/headers_check.bpf.c tests/headers_check.h \
	bpf/headers.h bpf/delta.h $(BPF_DEPENDS)

if HAVE_CMOCKA
UNIT_TESTS_OWNER = tests/test_owner
check_PROGRAMS += $(UNIT_TESTS_OWNER)
TESTS += $(UNIT_TESTS_OWNER)
tests_test_owner_SOURCES = tests/test_owner.c
tests_test_owner_LDADD = libowner.a $(TEST_LIBS)

UNIT_TESTS_FLOW = tests/test_flow tests/test_headers tests/test_history \
	tests/test_report tests/test_summary tests/test_segments
check_PROGRAMS += $(UNIT_TESTS_FLOW)
TESTS += $(UNIT_TESTS_FLOW)
tests_test_flow_SOURCES = tests/test_flow.c tests/packet_gen.c
tests_test_flow_LDADD = libreport.a libflow.a libdissectors.a $(TEST_LIBS)
tests_test_history_SOURCES = tests/test_history.c
tests_test_history_LDADD = libreport.a libflow.a libdissectors.a $(TEST_LIBS)
tests_test_headers_SOURCES = tests/test_headers.c tests/packet_gen.c
tests_test_headers_LDADD = $(TEST_LIBS)
tests_test_segments_SOURCES = tests/test_segments.c
tests_test_segments_LDADD = libflow.a libdissectors.a $(TEST_LIBS)
tests_test_summary_SOURCES = tests/test_summary.c
tests_test_summary_LDADD = libreport.a libflow.a libdissectors.a $(TEST_LIBS)
tests_test_report_SOURCES = tests/test_report.c tests/packet_gen.c
tests_test_report_LDADD = libreport.a libflow.a libdissectors.a $(TEST_LIBS)
endif

# Connections against Zeek, tshark and the schema.
CONN_TESTS = tests/conn_zeek.test tests/conn_tshark.test tests/conn_schema.test \
	tests/conn_views.test tests/conn_rtt.test tests/conn_again.test
TESTS += $(CONN_TESTS)
EXTRA_DIST += tests/replay.py
EXTRA_DIST += $(CONN_TESTS) src/report/conn_log.schema.json

if FUZZING
check_PROGRAMS += tests/fuzz_headers
tests_fuzz_headers_SOURCES = tests/fuzz_headers.c
tests_fuzz_headers_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_headers_LDADD = libreport.a libflow.a libdissectors.a libbase.a
endif

# Connections of a capture file, for the scripts.
check_PROGRAMS += tests/flow_file
tests_flow_file_SOURCES = tests/flow_file.c
tests_flow_file_LDADD = libreport.a libflow.a libdissectors.a libbase.a \
	$(LIBPCAP_LIBS)

# Those that measure are run a second time by ./check, optimised.
MEASURING_TESTS = tests/live_exact.test
LIVE_TESTS = $(MEASURING_TESTS) tests/pcapng.test tests/live_devices.test \
	tests/live_start.test \
	tests/live_traffic.test tests/faults.test tests/owner.test \
	tests/owner_exact.test tests/owner_live.test tests/conn_live.test tests/events.test \
	tests/screen.test
TESTS += $(LIVE_TESTS)
EXTRA_DIST += tests/pcapng.py tests/screen.py tests/contiguous.py tests/owner_exact.py \
	tests/owner_scenes.py tests/netns.sh tests/packages.sh tests/distcheck.sh tests/demo.sh \
	$(LIVE_TESTS)

print-tests:
	@echo $(TESTS)
print-live-tests:
	@echo $(LIVE_TESTS)
print-measuring-tests:
	@echo $(MEASURING_TESTS)

TESTS += tests/floors.test tests/options.test tests/familiar.test \
	tests/filter-views.test
EXTRA_DIST += tests/floors.test tests/options.test tests/familiar.test \
	tests/filter-views.test

# Who owns a socket: real programs, and what they say of themselves.
check_PROGRAMS += tests/owner_truth tests/owner_stage
tests_owner_stage_SOURCES = tests/owner_stage.c tests/owner_kinds.c
tests_owner_stage_LDADD = -lpthread
TESTS += tests/owner_truth
noinst_HEADERS += tests/owner_kinds.h
tests_owner_truth_SOURCES = tests/owner_truth.c tests/owner_kinds.c
tests_owner_truth_LDADD = libowner.a libsource.a libbase.a $(LIBBPF_LIBS) \
	$(LIBELF_LIBS) -lpthread
