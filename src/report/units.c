// SPDX-License-Identifier: BSD-3-Clause
#include "src/report/units.h"

/* Three figures of n / 10^digits. */
static void put_three(struct strbuf *out, uint64_t thousandths)
{
	if (thousandths >= 100000)
		strbuf_printf(out, "%llu",
			      (unsigned long long)(thousandths / 1000));
	else if (thousandths >= 10000)
		strbuf_printf(out, "%llu.%llu",
			      (unsigned long long)(thousandths / 1000),
			      (unsigned long long)(thousandths / 100 % 10));
	else
		strbuf_printf(out, "%llu.%02llu",
			      (unsigned long long)(thousandths / 1000),
			      (unsigned long long)(thousandths / 10 % 100));
}

void units_put_count(struct strbuf *out, uint64_t n)
{
	static const char units[] = "kMGTPE";
	unsigned int unit = 0;

	if (n < 1000) {
		strbuf_u64(out, n);
		return;
	}
	for (; n >= 1000000 && unit < sizeof(units) - 2; unit++)
		n /= 1000;
	put_three(out, n);
	strbuf_putc(out, units[unit]);
}

void units_put_bytes(struct strbuf *out, uint64_t n)
{
	units_put_count(out, n);
	strbuf_putc(out, 'B');
}

void units_put_duration(struct strbuf *out, int64_t ns)
{
	uint64_t us = ns > 0 ? (uint64_t)ns / 1000 : 0, s = us / 1000000;

	if (us < 1000) {
		strbuf_printf(out, "%lluus", (unsigned long long)us);
	} else if (us < 1000000) {
		put_three(out, us);
		strbuf_puts(out, "ms");
	} else if (s < 60) {
		put_three(out, us / 1000);
		strbuf_putc(out, 's');
	} else if (s < 3600) {
		strbuf_printf(out, "%llum%02llus", (unsigned long long)s / 60,
			      (unsigned long long)s % 60);
	} else if (s < 86400) {
		strbuf_printf(out, "%lluh%02llum", (unsigned long long)s / 3600,
			      (unsigned long long)s / 60 % 60);
	} else {
		strbuf_printf(out, "%llud%02lluh",
			      (unsigned long long)s / 86400,
			      (unsigned long long)s / 3600 % 24);
	}
}

void units_put_number(struct strbuf *out, uint64_t n, const char *noun)
{
	strbuf_u64(out, n);
	strbuf_putc(out, ' ');
	strbuf_puts(out, noun);
	if (n != 1)
		strbuf_putc(out, 's');
}
