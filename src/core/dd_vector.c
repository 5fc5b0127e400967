/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/dd_vector.h"

mtp_dd mtp_dd_dot(size_t k, const mtp_dd a[], const mtp_dd b[])
{
    double sum = 0.0, rest = 0.0;

    for (size_t i = 0; i < k; i++) {
        mtp_dd p = mtp_dd_two_prod(a[i].hi, b[i].hi), s = mtp_dd_two_sum(sum, p.hi);

        sum = s.hi;
        rest += s.lo + (p.lo + (a[i].hi * b[i].lo + a[i].lo * b[i].hi));
    }
    return mtp_dd_fast_two_sum(sum, rest);
}

void mtp_dd_take_away(size_t k, mtp_dd a[], mtp_dd s, const mtp_dd b[])
{
    for (size_t i = 0; i < k; i++) {
        mtp_dd p = mtp_dd_two_prod(s.hi, b[i].hi), d;

        p.lo += s.hi * b[i].lo + s.lo * b[i].hi;
        d = mtp_dd_two_sum(a[i].hi, -p.hi);
        a[i] = mtp_dd_fast_two_sum(d.hi, d.lo + (a[i].lo - p.lo));
    }
}

void mtp_dd_solve_upper(size_t n, size_t row, const mtp_dd u[], size_t step, mtp_dd x[])
{
    for (size_t i = n; i-- > 0;) {
        mtp_dd rest = x[i * step];

        for (size_t j = i + 1; j < n; j++) {
            rest = mtp_dd_sub(rest, mtp_dd_mul(u[i * row + j], x[j * step]));
        }
        x[i * step] = mtp_dd_div(rest, u[i * row + i]);
    }
}
