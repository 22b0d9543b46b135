# What runs in the kernel, and the contract with it.
noinst_HEADERS += bpf/contract.h bpf/delta.h bpf/flow_cache.h bpf/flow_long.h bpf/flow_plain.h \
	bpf/flow_window.h bpf/fragments.h bpf/handover.h bpf/headers.h \
	bpf/headers_plain.h bpf/owner.h bpf/owner_claim.h bpf/owner_filter.h \
	bpf/owner_kernel.h bpf/owner_process.h bpf/owner_sender.h bpf/owner_socket.h \
	bpf/owner_storage.h bpf/owner_told.h \
	bpf/tap_maps.h bpf/tap_ring.h bpf/tap_work.h bpf/tunnel.h bpf/view.h

SUFFIXES += .bpf.c .bpf.o .skel.h
BPF_CPPFLAGS = -I$(top_srcdir) $(LIBBPF_CFLAGS) $(BPF_INCLUDES)
BPF_DEPENDS = $(top_srcdir)/bpf/contract.h $(top_srcdir)/bpf/delta.h \
	$(top_srcdir)/bpf/flow_cache.h $(top_srcdir)/bpf/flow_long.h \
	$(top_srcdir)/bpf/flow_plain.h $(top_srcdir)/bpf/flow_window.h \
	$(top_srcdir)/bpf/fragments.h $(top_srcdir)/bpf/handover.h \
	$(top_srcdir)/bpf/headers.h $(top_srcdir)/bpf/headers_plain.h \
	$(top_srcdir)/bpf/tap_maps.h $(top_srcdir)/bpf/tap_ring.h $(top_srcdir)/bpf/tap_work.h \
	$(top_srcdir)/bpf/tunnel.h $(top_srcdir)/bpf/view.h \
	$(top_srcdir)/bpf/owner.h $(top_srcdir)/bpf/owner_filter.h \
	$(top_srcdir)/bpf/owner_storage.h

.bpf.c.bpf.o:
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(CLANG) $(BPF_CFLAGS) $(BPF_CPPFLAGS) -c $< -o $@.tmp && \
	$(BPFTOOL) gen object $@ $@.tmp && rm -f $@.tmp
.bpf.o.skel.h:
	$(AM_V_GEN)$(BPFTOOL) gen skeleton $< name $$(basename $@ .skel.h)_bpf \
		>$@.tmp && mv $@.tmp $@
EXTRA_DIST += bpf/owner.bpf.c bpf/tap.bpf.c bpf/tap_long.bpf.c
CLEANFILES += bpf/tap.bpf.o bpf/tap_long.bpf.o
bpf/tap.bpf.o: bpf/tap.bpf.c $(BPF_DEPENDS)
bpf/tap_long.bpf.o: bpf/tap_long.bpf.c $(BPF_DEPENDS)
bpf/owner.bpf.o: bpf/owner.bpf.c $(BPF_DEPENDS) \
	$(top_srcdir)/bpf/owner_claim.h $(top_srcdir)/bpf/owner_kernel.h \
	$(top_srcdir)/bpf/owner_process.h $(top_srcdir)/bpf/owner_sender.h \
	$(top_srcdir)/bpf/owner_socket.h $(top_srcdir)/bpf/owner_told.h
