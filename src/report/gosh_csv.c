/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/gosh_csv.h"

#include <math.h>

void mtp_gosh_csv_header(mtp_strbuf *out)
{
    mtp_strbuf_add(out, "estimate,se,tau2,I2,H2,Q,k,included\n");
}

static void add_number(mtp_strbuf *out, double value)
{
    if (isfinite(value)) {
        mtp_strbuf_add_number(out, value);
    }
    mtp_strbuf_add_char(out, ',');
}

void mtp_gosh_csv_fits(mtp_strbuf *out, size_t k, size_t n, const mtp_gosh_fit fit[])
{
    for (size_t f = 0; f < n; f++) {
        add_number(out, fit[f].estimate);
        add_number(out, fit[f].se);
        add_number(out, fit[f].tau2);
        add_number(out, fit[f].I2);
        add_number(out, fit[f].H2);
        add_number(out, fit[f].Q);
        add_number(out, (double)fit[f].k);
        for (size_t i = 0; i < k; i++) {
            bool in = (fit[f].included[i / 64] >> (i % 64)) & 1u;

            mtp_strbuf_add_char(out, in ? '1' : '0');
        }
        mtp_strbuf_add_char(out, '\n');
    }
}
