# What runs in the kernel, and the contract with it.
noinst_HEADERS += bpf/contract.h bpf/delta.h bpf/headers.h

SUFFIXES += .bpf.c .bpf.o .skel.h
BPF_CPPFLAGS = -I$(top_srcdir) $(LIBBPF_CFLAGS) $(BPF_INCLUDES)
BPF_DEPENDS = $(top_srcdir)/bpf/contract.h

.bpf.c.bpf.o:
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(CLANG) $(BPF_CFLAGS) $(BPF_CPPFLAGS) -c $< -o $@
.bpf.o.skel.h:
	$(AM_V_GEN)$(BPFTOOL) gen skeleton $< name $$(basename $@ .skel.h)_bpf \
		>$@.tmp && mv $@.tmp $@
