/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/orthonormal.h"

#include "core/dd_vector.h"

#include <stdbool.h>

/* A column whose part beyond the columns before it is smaller than this, relative to
 * the column, is a combination of them as far as double-double can tell. */
static const double VANISHED = 0x1p-90;

/* One column of modified Gram and Schmidt on a = sqrt(W) X: row j of R. Returns false
 * where nothing is left of the column. */
static bool orthogonalize(size_t k, size_t p, size_t j, mtp_dd a[], mtp_dd r[],
                          double before)
{
    mtp_dd sum = {0.0, 0.0};

    for (size_t i = 0; i < k; i++) {
        sum = mtp_dd_add(sum, mtp_dd_sqr(a[i * p + j]));
    }
    r[j * p + j] = mtp_dd_sqrt(sum);
    if (!(r[j * p + j].hi > VANISHED * before)) {
        return false;
    }
    for (size_t i = 0; i < k; i++) {
        a[i * p + j] = mtp_dd_div(a[i * p + j], r[j * p + j]);
    }
    for (size_t l = j + 1; l < p; l++) {
        sum = mtp_dd_from(0.0);
        for (size_t i = 0; i < k; i++) {
            sum = mtp_dd_add(sum, mtp_dd_mul(a[i * p + j], a[i * p + l]));
        }
        r[j * p + l] = sum;
        for (size_t i = 0; i < k; i++) {
            mtp_dd part = mtp_dd_mul(sum, a[i * p + j]);

            a[i * p + l] = mtp_dd_sub(a[i * p + l], part);
        }
    }
    return true;
}

static double length(size_t k, size_t p, size_t column, const mtp_dd a[])
{
    double sum = 0.0;

    for (size_t i = 0; i < k; i++) {
        sum += a[i * p + column].hi * a[i * p + column].hi;
    }
    return sqrt(sum);
}

size_t mtp_orthonormalize(size_t k, size_t p, mtp_dd a[], double before[], mtp_dd r[])
{
    for (size_t j = 0; j < p; j++) {
        before[j] = length(k, p, j, a);
    }
    for (size_t j = 0; j < p; j++) {
        if (!orthogonalize(k, p, j, a, r, before[j])) {
            return j;
        }
    }
    return p;
}

void mtp_invert_upper(size_t p, const mtp_dd r[], mtp_dd inverse[])
{
    for (size_t j = 0; j < p; j++) {
        for (size_t i = 0; i <= j; i++) {
            inverse[i * p + j] = mtp_dd_from(i == j ? 1.0 : 0.0);
        }
        mtp_dd_solve_upper(j + 1, p, r, p, inverse + j);
    }
}
