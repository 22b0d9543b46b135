/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/source/tap_bytes.h"

#include "src/base/embed.h"

EMBED(tap, "bpf/tap.bpf.o")
EMBED(tap_long, "bpf/tap_long.bpf.o")
