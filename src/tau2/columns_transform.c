/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With F = diag(f), f = 1 - 2 s d, S = diag(v + t) and P = A - A Z (Z'AZ)^-1 Z'A,
 *   |I - 2 s S P| = |F + 2 s S A Z (Z'AZ)^-1 Z'A| = |F| |Z'A F^-1 Z| / |Z'AZ|,
 * for 1 + 2 s d / f = 1 / f (the determinant of a matrix with p columns added). The
 * transform of Q is the inverse root of this; generalized_q.c has its sources.
 */
#include "tau2/columns.h"

#include <math.h>

mtp_columns_weights mtp_columns_weights_room(const mtp_columns *c)
{
    /* 2 k + 3 p^2 <= (p + 3) * MTP_LANES * k, for p <= k. */
    return (mtp_columns_weights){c->lanes, c->lanes + c->k, c->lanes + 2 * c->k};
}

/* Exchange rows and columns i and j. */
static void exchange(size_t p, double m[], size_t i, size_t j)
{
    for (size_t l = 0; l < p && i != j; l++) {
        double kept = m[i * p + l];

        m[i * p + l] = m[j * p + l];
        m[j * p + l] = kept;
    }
    for (size_t l = 0; l < p && i != j; l++) {
        double kept = m[l * p + i];

        m[l * p + i] = m[l * p + j];
        m[l * p + j] = kept;
    }
}

static size_t largest_pivot(size_t p, const double m[], size_t from)
{
    size_t at = from;

    for (size_t j = from + 1; j < p; j++) {
        at = fabs(m[j * p + j]) > fabs(m[at * p + at]) ? j : at;
    }
    return at;
}

static void subtract_row(size_t p, double m[], size_t i, double factor, size_t row)
{
    for (size_t j = 0; j < p; j++) {
        m[i * p + j] -= factor * m[row * p + j];
    }
}

/*
 * Replace first and second by M^-1 first and M^-1 second, rows and columns in another
 * order. Pivots are taken on the diagonal, so that their signs are those of the
 * eigenvalues of M (Sylvester's law of inertia).
 * @return the number of negative eigenvalues of M
 */
static int eliminate(size_t p, double m[], double first[], double second[])
{
    int negative = 0;

    for (size_t step = 0; step < p; step++) {
        size_t at = largest_pivot(p, m, step);
        double pivot = m[at * p + at];

        negative += pivot < 0.0;
        exchange(p, m, at, step);
        exchange(p, first, at, step);
        exchange(p, second, at, step);
        for (size_t j = 0; j < p; j++) {
            m[step * p + j] /= pivot;
            first[step * p + j] /= pivot;
            second[step * p + j] /= pivot;
        }
        for (size_t i = 0; i < p; i++) {
            double factor = m[i * p + step];

            if (i != step) {
                subtract_row(p, m, i, factor, step);
                subtract_row(p, first, i, factor, step);
                subtract_row(p, second, i, factor, step);
            }
        }
    }
    return negative;
}

bool mtp_columns_slopes(const mtp_columns *c, const mtp_columns_weights *weights,
                        double s, double slope[2])
{
    size_t k = c->k, p = c->p;
    double *m = weights->work, *first = m + p * p, *second = first + p * p;
    int negative = 0;

    for (size_t i = 0; i < 3 * p * p; i++) {
        m[i] = 0.0;
    }
    for (size_t i = 0; i < k; i++) {
        double f = 1.0 - 2.0 * s * weights->d[i], part = weights->d[i] / f;
        double size = weights->a[i] / f;

        negative += !(f > 0.0);
        slope[0] += part;
        slope[1] += 2.0 * part * part;
        for (size_t a = 0; a < p; a++) {
            for (size_t b = 0; b < p; b++) {
                double zz = size * c->z_hi[a * k + i] * c->z_hi[b * k + i];

                m[a * p + b] += zz;
                first[a * p + b] += 2.0 * part * zz;
                second[a * p + b] += 8.0 * part * part * zz;
            }
        }
    }
    negative -= eliminate(p, m, first, second);
    for (size_t a = 0; a < p; a++) {
        slope[0] -= 0.5 * first[a * p + a];
        slope[1] -= 0.5 * second[a * p + a];
        for (size_t b = 0; b < p; b++) {
            slope[1] += 0.5 * first[a * p + b] * first[b * p + a];
        }
    }
    return negative == 0;
}

/* Column by column, the pivots of a complex symmetric matrix; those of the real one of
 * s = 0 divide them. Im M is positive definite, and so is that of every complement:
 * each pivot has its argument between 0 and pi. */
static void take_pivots(size_t p, mtp_complex m[], double at_zero[],
                        mtp_root_product *to)
{
    for (size_t l = 0; l < p; l++) {
        mtp_complex pivot = m[l * p + l];
        double real = at_zero[l * p + l];

        mtp_root_product_times(to, (mtp_complex){pivot.re / real, -pivot.im / real});
        for (size_t i = l + 1; i < p; i++) {
            mtp_complex factor = mtp_complex_div(m[i * p + l], pivot);

            for (size_t j = l + 1; j < p; j++) {
                mtp_complex part = mtp_complex_times(factor, m[l * p + j]);

                m[i * p + j].re -= part.re;
                m[i * p + j].im -= part.im;
                at_zero[i * p + j] -= at_zero[i * p + l] / real * at_zero[l * p + j];
            }
        }
    }
}

mtp_complex mtp_columns_value(const mtp_columns *c, const mtp_columns_weights *weights,
                              mtp_complex s, double *log_size)
{
    size_t k = c->k, p = c->p;
    mtp_complex *m = (mtp_complex *)weights->work, root, other;
    double *at_zero = weights->work + 2 * p * p, other_size;
    mtp_root_product factors = mtp_root_product_start, sums = factors;

    for (size_t i = 0; i < p * p; i++) {
        m[i] = (mtp_complex){0.0, 0.0};
        at_zero[i] = 0.0;
    }
    for (size_t i = 0; i < k; i++) {
        double d = 2.0 * weights->d[i], size;
        mtp_complex f = {1.0 - s.re * d, -s.im * d};

        mtp_root_product_times(&factors, f);
        size = weights->a[i] / (f.re * f.re + f.im * f.im);
        for (size_t a = 0; a < p; a++) {
            for (size_t b = 0; b < p; b++) {
                double zz = c->z_hi[a * k + i] * c->z_hi[b * k + i];

                m[a * p + b].re += zz * size * f.re;
                m[a * p + b].im -= zz * size * f.im;
                at_zero[a * p + b] += zz * weights->a[i];
            }
        }
    }
    take_pivots(p, m, at_zero, &sums);
    root = mtp_root_product_end(&factors, log_size);
    other = mtp_root_product_end(&sums, &other_size);
    *log_size += other_size;
    return mtp_complex_times(root, (mtp_complex){other.re, -other.im});
}
