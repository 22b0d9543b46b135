# What dissectors print and parse.
check_PROGRAMS += tests/print_file
tests_print_file_SOURCES = tests/print_file.c
tests_print_file_LDADD = libdissectors.a libbase.a $(LIBPCAP_LIBS)

TESTS += tests/packet_schema.test tests/print_own.test tests/print_oracle.test tests/cut_all.test \
	tests/read_file.test tests/names.test
EXTRA_DIST += tests/packet_schema.test tests/read_file.test tests/names.test dissectors/packet.schema.json \
	dissectors/README.md \
	tests/print_own.test tests/print_oracle.test tests/cut_all.test \
	tests/make_pcaps.py tests/make_schema.py \
	tests/make_fuzz_seeds.py tests/oracle.py tests/packets tests/pcaps

# make fuzz FUZZ_SECONDS=1200 [FUZZ_TARGETS='udp tcp']
EXTRA_DIST += tests/fuzz.sh
if FUZZING
fuzz: all tests/fuzz_headers$(EXEEXT) tests/fuzz_filter$(EXEEXT)
	srcdir='$(abs_top_srcdir)' $(srcdir)/tests/fuzz.sh \
		$${FUZZ_SECONDS:-60} $(FUZZ_TARGETS)

noinst_PROGRAMS += tests/fuzz_dissect_link tests/fuzz_dissect_ip \
	tests/fuzz_dissect_ip_payload tests/fuzz_dissect_tcp \
	tests/fuzz_dissect_udp
FUZZ_DISSECT_LIBS = libdissectors.a libbase.a $(LIBPCAP_LIBS)
tests_fuzz_dissect_link_SOURCES = tests/fuzz_dissect.c
tests_fuzz_dissect_link_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_LAYER=FUZZ_LINK
tests_fuzz_dissect_link_LDADD = $(FUZZ_DISSECT_LIBS)
tests_fuzz_dissect_link_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_dissect_ip_SOURCES = tests/fuzz_dissect.c
tests_fuzz_dissect_ip_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_LAYER=FUZZ_IP
tests_fuzz_dissect_ip_LDADD = $(FUZZ_DISSECT_LIBS)
tests_fuzz_dissect_ip_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_dissect_ip_payload_SOURCES = tests/fuzz_dissect.c
tests_fuzz_dissect_ip_payload_CPPFLAGS = $(AM_CPPFLAGS) \
	-DFUZZ_LAYER=FUZZ_IP_PAYLOAD
tests_fuzz_dissect_ip_payload_LDADD = $(FUZZ_DISSECT_LIBS)
tests_fuzz_dissect_ip_payload_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_dissect_tcp_SOURCES = tests/fuzz_dissect.c
tests_fuzz_dissect_tcp_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_LAYER=FUZZ_TCP
tests_fuzz_dissect_tcp_LDADD = $(FUZZ_DISSECT_LIBS)
tests_fuzz_dissect_tcp_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_dissect_udp_SOURCES = tests/fuzz_dissect.c
tests_fuzz_dissect_udp_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_LAYER=FUZZ_UDP
tests_fuzz_dissect_udp_LDADD = $(FUZZ_DISSECT_LIBS)
tests_fuzz_dissect_udp_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
endif

# CPU time a packet, beside tcpdump. Wants an optimised build.
EXTRA_DIST += tests/bench_print.py
bench-print: bsniff$(EXEEXT)
	$(srcdir)/tests/bench_print.py ./bsniff$(EXEEXT)

# What prints as tcpdump prints it: protocol by mode.
EXTRA_DIST += tests/print_table.py
print-table: bsniff$(EXEEXT)
	srcdir='$(abs_top_srcdir)' $(srcdir)/tests/print_table.py ./bsniff$(EXEEXT)

if HAVE_CMOCKA
check_PROGRAMS += tests/test_dissect
TESTS += tests/test_dissect
tests_test_dissect_SOURCES = tests/test_dissect.c
tests_test_dissect_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc \
	-Wl,--wrap=calloc -Wl,--wrap=realloc
tests_test_dissect_LDADD = libdissectors.a libbase.a $(CMOCKA_LIBS)
check_PROGRAMS += tests/test_service
TESTS += tests/test_service
tests_test_service_SOURCES = tests/test_service.c
tests_test_service_LDADD = libdissectors.a $(TEST_LIBS)
endif
