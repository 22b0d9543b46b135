/* SPDX-License-Identifier: BSD-3-Clause */
#include "src/base/log.h"

int main(void)
{
	log_error("nothing to do yet");
	return 1;
}
