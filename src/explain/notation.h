/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_NOTATION_H
#define MTP_EXPLAIN_NOTATION_H

#include "explain/expr.h"

/** What stands around parts of a formula. */
typedef struct mtp_marks {
    const char *open, *middle, *close;
} mtp_marks;

/** A letter with what is below it, in the order of mtp_notation. */
extern const mtp_marks mtp_subscript[];

/** "n1" is n with the subscript 1, "w_i" w with i, "se_mu" se with mu. */
void mtp_write_name(mtp_strbuf *out, const char *name, mtp_notation notation);

#endif
