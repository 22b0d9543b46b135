# Floor 2: which process a socket belongs to.
noinst_LIBRARIES += libowner.a
libowner_a_SOURCES = \
	src/owner/circle.h src/owner/hash.h \
	src/owner/container.c src/owner/container.h \
	src/owner/local_addresses.c src/owner/local_addresses.h \
	src/owner/owner.c src/owner/owner.h \
	src/owner/owner_bytes.c src/owner/owner_bytes.h \
	src/owner/owner_program.c src/owner/owner_program.h \
	src/owner/owner_store.c src/owner/owner_store.h \
	src/owner/owner_table.c src/owner/owner_table.h \
	src/owner/process_table.c src/owner/process_table.h
EXTRA_DIST += src/owner/README.md

src/owner/owner_bytes.o: bpf/owner.bpf.o
CLEANFILES += bpf/owner.bpf.o
