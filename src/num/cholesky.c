/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/cholesky.h"

#include <math.h>

bool mtp_cholesky(size_t n, double a[])
{
    for (size_t j = 0; j < n; j++) {
        double pivot;

        for (size_t i = 0; i < j; i++) {
            for (size_t l = 0; l < i; l++) {
                a[j * n + i] -= a[j * n + l] * a[i * n + l];
            }
            a[j * n + i] /= a[i * n + i];
        }
        pivot = a[j * n + j];
        for (size_t l = 0; l < j; l++) {
            pivot -= a[j * n + l] * a[j * n + l];
        }
        if (!(pivot > 0.0 && isfinite(pivot))) {
            return false;
        }
        a[j * n + j] = sqrt(pivot);
    }
    return true;
}

void mtp_cholesky_lower(size_t n, const double l[], double b[])
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            b[i] -= l[i * n + j] * b[j];
        }
        b[i] /= l[i * n + i];
    }
}

void mtp_cholesky_upper(size_t n, const double l[], double b[])
{
    for (size_t i = n; i-- > 0;) {
        for (size_t j = i + 1; j < n; j++) {
            b[i] -= l[j * n + i] * b[j];
        }
        b[i] /= l[i * n + i];
    }
}

void mtp_cholesky_solve(size_t n, const double l[], double b[])
{
    mtp_cholesky_lower(n, l, b);
    mtp_cholesky_upper(n, l, b);
}

void mtp_cholesky_inverse(size_t n, const double l[], double inverse[])
{
    for (size_t j = 0; j < n; j++) {
        double *row = inverse + j * n;

        for (size_t i = 0; i < n; i++) {
            row[i] = i == j ? 1.0 : 0.0;
        }
        mtp_cholesky_solve(n, l, row);
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            inverse[j * n + i] = inverse[i * n + j];
        }
    }
}
