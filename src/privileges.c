/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/privileges.h"

#include <stdint.h>
#include <unistd.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <sys/types.h>

#include "src/base/cleanup.h"
#include "src/base/log.h"
#include "src/base/strbuf.h"

/* capget(2): words of 32 capabilities each. What cannot be asked is not said
 * to lack. */
static uint64_t effective_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, data))
		return UINT64_MAX;
	return (uint64_t)data[1].effective << 32 | data[0].effective;
}

/* What is needed and not there. */
static uint64_t missing_capabilities(void)
{
	uint64_t has = effective_capabilities();
	uint64_t need = 1ull << CAP_NET_RAW | 1ull << CAP_NET_ADMIN;

	/* Which these two were once part of. */
	if (!(has & 1ull << CAP_SYS_ADMIN))
		need |= 1ull << CAP_BPF | 1ull << CAP_PERFMON;
	return need & ~has;
}

bool privileges_lack(void)
{
	return missing_capabilities();
}

static void put_missing(struct strbuf *out)
{
	static const struct {
		int number;
		const char *name;
	} names[] = {
		{CAP_NET_RAW, "CAP_NET_RAW"},
		{CAP_NET_ADMIN, "CAP_NET_ADMIN"},
		{CAP_BPF, "CAP_BPF"},
		{CAP_PERFMON, "CAP_PERFMON"},
	};
	uint64_t missing = missing_capabilities();
	const char *separator = "";

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!(missing & 1ull << names[i].number))
			continue;
		strbuf_printf(out, "%s%s", separator, names[i].name);
		separator = ", ";
	}
}

void privileges_say(const char *interface)
{
	_cleanup_(strbuf_free) struct strbuf missing = STRBUF_INIT;
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (!privileges_lack()) {
		log_error("%s: capturing is not permitted, though the "
			  "privileges are there: a container, its seccomp "
			  "filter or the kernel's lockdown forbids bpf(2)",
			  interface);
		return;
	}
	path[n > 0 ? n : 0] = '\0';
	put_missing(&missing);
	log_error("%s: you do not have permission to capture: it takes "
		  "CAP_NET_RAW, CAP_NET_ADMIN, CAP_BPF and CAP_PERFMON, you "
		  "lack %s (use sudo, or once: sudo setcap cap_net_raw,"
		  "cap_net_admin,cap_bpf,cap_perfmon=ep %s)",
		  interface, strbuf_text(&missing), path);
}
