# What dissectors print and parse.
check_PROGRAMS += tests/print_file
tests_print_file_SOURCES = tests/print_file.c
tests_print_file_LDADD = libdissectors.a libbase.a $(LIBPCAP_LIBS)
