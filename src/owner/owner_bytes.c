/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/owner/owner_bytes.h"

#include "src/base/embed.h"

EMBED(owner, "bpf/owner.bpf.o")
