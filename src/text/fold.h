/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEXT_FOLD_H
#define MTP_TEXT_FOLD_H

#include "core/strbuf.h"

#include <stdbool.h>

/**
 * Add a label in the form in which labels are compared: without case, compatibility
 * forms taken apart (NFKC with case folding), blanks within one each and none at the
 * ends, dashes and apostrophes as typed on a keyboard. With `lookalikes`, letters of
 * Greek and Cyrillic that look like a Latin one become that one. Text that is not UTF-8
 * is added as it is.
 */
void mtp_fold_add(mtp_strbuf *out, const char *text, bool lookalikes);

#endif
