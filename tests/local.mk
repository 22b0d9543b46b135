# Unit tests (cmocka) by name beside what they test; scripts speak TAP.
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) \
	$(top_srcdir)/build-aux/tap-driver.sh
TEST_LOG_DRIVER = $(LOG_DRIVER)
TEST_EXTENSIONS = .test
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	srcdir='$(abs_top_srcdir)'; export srcdir; \
	builddir='$(abs_top_builddir)'; export builddir;

TEST_LIBS = libbase.a $(CMOCKA_LIBS)

if HAVE_CMOCKA
UNIT_TESTS = tests/test_base
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)

tests_test_base_SOURCES = tests/test_base.c
tests_test_base_LDADD = $(TEST_LIBS)
endif
