# Floor 2: where packets come from.
noinst_LIBRARIES += libsource.a
# Skeletons are not written to our warnings: they come as system headers.
libsource_a_CPPFLAGS = $(AM_CPPFLAGS) -isystem $(top_builddir)/bpf
libsource_a_SOURCES = \
	src/source/device_list.c src/source/device_list.h \
	src/source/file.c src/source/file.h \
	src/source/pcap_records.c src/source/pcap_records.h \
	src/source/handover.c src/source/handover.h \
	src/source/hook.c src/source/hook.h src/source/hook_private.h \
	src/source/hook_socket.c \
	src/source/hook_tc.c \
	src/source/hook_tcx.c \
	src/source/interface.c src/source/interface.h \
	src/source/live.c src/source/live.h src/source/live_private.h \
	src/source/live_open.c \
	src/source/live_target.c src/source/live_target.h \
	src/source/merge.c src/source/merge.h \
	src/source/record.c src/source/record.h \
	src/source/ring.c src/source/ring.h \
	src/source/ring_set.c src/source/ring_set.h \
	src/source/tap_ring.c src/source/tap_ring.h \
	src/source/source.h \
	src/source/tap.c src/source/tap.h \
	src/source/tap_bytes.c src/source/tap_bytes.h \
	src/source/tap_link.c src/source/tap_link.h \
	src/source/tap_part.c src/source/tap_part.h \
	src/source/window.c src/source/window.h

src/source/libsource_a-tap_bytes.$(OBJEXT): bpf/tap.bpf.o bpf/tap_long.bpf.o

# Floors 3 and 4: the program.
bin_PROGRAMS += bsniff
bsniff_SOURCES = \
	src/connections.c src/connections.h \
	src/screen.c src/screen.h \
	src/inspect.c src/inspect.h \
	src/main.c \
	src/netns.c src/netns.h \
	src/options.c src/options.h src/options_table.h \
	src/options_rows.c src/options_text.c \
	src/overwrite.c src/overwrite.h \
	src/owners.c src/owners.h \
	src/pipeline.c src/pipeline.h src/pipeline_private.h \
	src/pipeline_open.c \
	src/privileges.c src/privileges.h \
	src/request.c src/request.h \
	src/rotation.c src/rotation.h \
	src/savefile.c src/savefile.h \
	src/signals.c src/signals.h
bsniff_LDADD = libowner.a libreport.a libsource.a libflow.a libfilters.a \
	libdissectors.a libbase.a \
	$(LIBBPF_LIBS) $(LIBELF_LIBS) $(LIBPCAP_LIBS) $(LIBNL_LIBS)
