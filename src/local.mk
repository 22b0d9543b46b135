# The program.
bin_PROGRAMS += bsniff
bsniff_SOURCES = src/main.c
bsniff_LDADD = libbase.a $(LIBBPF_LIBS) $(LIBELF_LIBS) $(LIBPCAP_LIBS) $(LIBNL_LIBS)
