/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * MACsec, which stands before an Ethernet frame's type.
 */
#ifndef BSNIFF_DISSECTORS_MACSEC_H
#define BSNIFF_DISSECTORS_MACSEC_H

#include "dissectors/put.h"

enum macsec_state {
	MACSEC_BROKEN,	 /* nothing can be said of what follows */
	MACSEC_SECRET,	 /* what follows is encrypted */
	MACSEC_READABLE, /* a type follows, and what it names */
};

/*
 * Print the tag: with -e in full, else only that of a frame that is encrypted.
 * @rest, which is what the layer holds, becomes what follows.
 */
enum macsec_state macsec_text(struct text *t, const struct layer *layer,
			      struct window *rest);

#endif
