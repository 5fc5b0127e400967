/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_REPORT_GOSH_CSV_H
#define MTP_REPORT_GOSH_CSV_H

#include "metapool/sensitivity.h"

#include "core/strbuf.h"

/** The fits of subsets as CSV, piece by piece: the header, and a line for each fit.
 *  `included` is a character a study, in the order of the studies: 1 in, 0 out. */
void mtp_gosh_csv_header(mtp_strbuf *out);
void mtp_gosh_csv_fits(mtp_strbuf *out, size_t k, size_t n, const mtp_gosh_fit fit[]);

#endif
