# The option list of the manual page and the completion come from the table in
# src/options_rows.c: bsniff writes them itself.
nodist_man_MANS = man/bsniff.8
EXTRA_DIST += man/bsniff.8.in
CLEANFILES += man/bsniff.8

man/bsniff.8: $(srcdir)/man/bsniff.8.in bsniff$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) man && \
	./bsniff$(EXEEXT) --help=man >man/options.tmp && \
	sed -e '/^@OPTIONS@$$/{r man/options.tmp' -e 'd;}' \
		-e 's/@VERSION@/$(PACKAGE_VERSION)/' \
		$(srcdir)/man/bsniff.8.in >$@.tmp && \
	rm -f man/options.tmp && mv $@.tmp $@

completiondir = $(datadir)/bash-completion/completions
completion_DATA = man/bsniff
CLEANFILES += man/bsniff
man/bsniff: bsniff$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) man && \
	./bsniff$(EXEEXT) --help=bash >$@.tmp && mv $@.tmp $@
