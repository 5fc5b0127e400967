/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/basis.h"

#include "core/error.h"
#include "core/number.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_numbers(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

/* The values in increasing order; NULL when memory is exhausted. */
static double *sorted(size_t k, const double x[], mtp_arena *scratch)
{
    double *copy = MTP_ARENA_ARRAY(scratch, k, double);

    if (copy) {
        memcpy(copy, x, k * sizeof *copy);
        qsort(copy, k, sizeof *copy, compare_numbers);
    }
    return copy;
}

static size_t count_different(size_t k, const double increasing[])
{
    size_t n = 1;

    for (size_t i = 1; i < k; i++) {
        n += increasing[i] > increasing[i - 1];
    }
    return n;
}

/* --- orthogonal polynomials ------------------------------------------------------- */

/* (x - centre) / 2^exponent; halves keep the difference of any two doubles finite. */
static mtp_dd poly_scaled(const mtp_basis *b, double x)
{
    return mtp_dd_ldexp(mtp_dd_two_sum(0.5 * x, -0.5 * b->centre), 1 - b->exponent);
}

/* q_{j+1} from q_j and q_{j-1}. */
static mtp_dd poly_next(const mtp_basis *b, size_t j, mtp_dd t, mtp_dd q, mtp_dd before)
{
    mtp_dd next = mtp_dd_mul(mtp_dd_sub(t, b->alpha[j]), q);

    if (j > 0) {
        mtp_dd ratio = mtp_dd_div(b->norm2[j], b->norm2[j - 1]);

        next = mtp_dd_sub(next, mtp_dd_mul(ratio, before));
    }
    return next;
}

/* The middle of the range is a centre as good as the mean; scaled values are within
 * [-1, 1]. */
static void poly_scale(mtp_basis *b, size_t k, const double increasing[])
{
    double lowest = increasing[0], highest = increasing[k - 1];

    b->centre = 0.5 * lowest + 0.5 * highest;
    (void)frexp(0.5 * highest - 0.5 * lowest, &b->exponent);
}

/* Stieltjes' recurrence over the data: alpha_j = sum t q_j^2 / sum q_j^2. */
static mtp_status poly_fit(mtp_basis *b, size_t k, const double x[], mtp_arena *scratch)
{
    mtp_dd *t = MTP_ARENA_ARRAY(scratch, k, mtp_dd);
    mtp_dd *q = MTP_ARENA_ARRAY(scratch, k, mtp_dd);
    mtp_dd *before = MTP_ARENA_ARRAY(scratch, k, mtp_dd);

    if (!t || !q || !before) {
        return MTP_E_NOMEM;
    }
    for (size_t i = 0; i < k; i++) {
        t[i] = poly_scaled(b, x[i]);
        q[i] = mtp_dd_from(1.0);
        before[i] = mtp_dd_from(0.0);
    }
    for (size_t j = 0; j <= b->leaf->degree; j++) {
        mtp_dd squares = {0.0, 0.0}, moment = {0.0, 0.0};

        for (size_t i = 0; i < k; i++) {
            mtp_dd square = mtp_dd_sqr(q[i]);

            squares = mtp_dd_add(squares, square);
            moment = mtp_dd_add(moment, mtp_dd_mul(t[i], square));
        }
        b->norm2[j] = squares;
        if (j == b->leaf->degree) {
            break;
        }
        b->alpha[j] = mtp_dd_div(moment, squares);
        for (size_t i = 0; i < k; i++) {
            mtp_dd next = poly_next(b, j, t[i], q[i], before[i]);

            before[i] = q[i];
            q[i] = next;
        }
    }
    return MTP_OK;
}

static void poly_at(const mtp_basis *b, double x, double out[])
{
    mtp_dd t = poly_scaled(b, x), q = mtp_dd_from(1.0), before = mtp_dd_from(0.0);

    for (size_t j = 0; j < b->leaf->degree; j++) {
        mtp_dd next = poly_next(b, j, t, q, before);

        before = q;
        q = next;
        out[j] = mtp_dd_to(mtp_dd_div(q, mtp_dd_sqrt(b->norm2[j + 1])));
    }
}

static void powers_at(const mtp_basis *b, double x, double out[])
{
    mtp_dd power = mtp_dd_from(x);

    out[0] = x;
    for (size_t j = 1; j < b->leaf->degree; j++) {
        power = mtp_dd_mul_d(power, x);
        out[j] = mtp_dd_to(power);
    }
}

/* --- restricted cubic splines ------------------------------------------------------
 */

/* Quantiles at which knots are placed: (first + i step) / whole, i = 0 .. n - 1. */
static const struct {
    size_t first, step, whole;
} placed[] = {
    [3] = {1, 4, 10},   [4] = {1, 6, 20},   [5] = {2, 9, 40},
    [6] = {5, 18, 100}, [7] = {3, 19, 120},
};

/* Quantile of type 7 at the fraction part / whole: between the values h = (k - 1) part
 * / whole and h + 1, counted from 0. */
static mtp_dd quantile(size_t k, const double increasing[], size_t part, size_t whole)
{
    size_t scaled = (k - 1) * part, at = scaled / whole, rest = scaled % whole;
    mtp_dd step;

    if (rest == 0) {
        return mtp_dd_from(increasing[at]);
    }
    step = mtp_dd_two_sum(increasing[at + 1], -increasing[at]);
    step = mtp_dd_div(mtp_dd_mul_d(step, (double)rest), mtp_dd_from((double)whole));
    return mtp_dd_add(mtp_dd_from(increasing[at]), step);
}

static void rcs_fit(mtp_basis *b, size_t k, const double increasing[])
{
    size_t n = b->leaf->n_knots;

    for (size_t i = 0; i < n; i++) {
        b->knot[i] = b->leaf->knots
                         ? mtp_dd_from(b->leaf->knots[i])
                         : quantile(k, increasing, placed[n].first + i * placed[n].step,
                                    placed[n].whole);
    }
}

/* ((x - knot) / width)^3 where it is positive. */
static mtp_dd cube_above(double x, mtp_dd knot, mtp_dd width)
{
    mtp_dd d = mtp_dd_sub(mtp_dd_from(x), knot);

    if (!(d.hi > 0.0)) {
        return mtp_dd_from(0.0);
    }
    d = mtp_dd_div(d, width);
    return mtp_dd_mul(mtp_dd_sqr(d), d);
}

/* Cubes over the cube of the width w = t_n - t_1, so that nothing overflows early, then
 * times w: the same as division of the cubes by w^2. */
static void rcs_at(const mtp_basis *b, double x, double out[])
{
    size_t n = b->leaf->n_knots;
    const mtp_dd *t = b->knot;
    mtp_dd width = mtp_dd_sub(t[n - 1], t[0]), last = mtp_dd_sub(t[n - 1], t[n - 2]);
    mtp_dd at_end = cube_above(x, t[n - 1], width);
    mtp_dd at_last = cube_above(x, t[n - 2], width);

    out[0] = x;
    for (size_t j = 0; j + 2 < n; j++) {
        mtp_dd to_end = mtp_dd_div(mtp_dd_sub(t[n - 1], t[j]), last);
        mtp_dd to_last = mtp_dd_div(mtp_dd_sub(t[n - 2], t[j]), last);
        mtp_dd sum = cube_above(x, t[j], width);

        sum = mtp_dd_sub(sum, mtp_dd_mul(at_last, to_end));
        sum = mtp_dd_add(sum, mtp_dd_mul(at_end, to_last));
        out[j + 1] = mtp_dd_to(mtp_dd_mul(sum, width));
    }
}

/* --- any ---------------------------------------------------------------------------
 */

static mtp_status check_values(const mtp_basis *b, size_t k, const double increasing[],
                               mtp_error *err)
{
    const mtp_leaf *leaf = b->leaf;
    size_t different = count_different(k, increasing);

    if (leaf->kind == MTP_LEAF_POLY && different <= leaf->degree) {
        return mtp_fail(err, MTP_E_DEGENERATE,
                        "%s needs more than %zu different values; there %s %zu",
                        leaf->name, leaf->degree, different == 1 ? "is" : "are",
                        different);
    }
    for (size_t i = 1; i < leaf->n_knots; i++) {
        char where[MTP_NUMBER_TEXT];

        if (mtp_dd_less(b->knot[i - 1], b->knot[i])) {
            continue;
        }
        mtp_number_significant(b->knot[i].hi, 6, where, sizeof where);
        return mtp_fail(err, MTP_E_DEGENERATE,
                        "%s: the values are too few or too much alike for %zu knots "
                        "(knots %zu and %zu are both %s); take fewer, or name them: "
                        "rcs(x, 5, 10, 20)",
                        leaf->name, leaf->n_knots, i, i + 1, where);
    }
    return MTP_OK;
}

mtp_status mtp_basis_fit(const mtp_leaf *leaf, size_t k, const double x[],
                         mtp_arena *scratch, mtp_basis *basis, mtp_error *err)
{
    bool orthogonal = leaf->kind == MTP_LEAF_POLY && !leaf->raw;
    const double *increasing;
    mtp_status status;

    basis->leaf = leaf;
    basis->n_columns = leaf->kind == MTP_LEAF_POLY  ? leaf->degree
                       : leaf->kind == MTP_LEAF_RCS ? leaf->n_knots - 1
                                                    : 1;
    if (!orthogonal && leaf->kind != MTP_LEAF_RCS) {
        return MTP_OK;
    }
    increasing = sorted(k, x, scratch);
    if (!increasing) {
        return mtp_fail_nomem(err);
    }
    if (leaf->kind == MTP_LEAF_RCS) {
        rcs_fit(basis, k, increasing);
    }
    status = check_values(basis, k, increasing, err);
    if (status == MTP_OK && orthogonal) {
        poly_scale(basis, k, increasing);
        if (poly_fit(basis, k, x, scratch) != MTP_OK) {
            return mtp_fail_nomem(err);
        }
    }
    return status;
}

void mtp_basis_at(const mtp_basis *basis, double x, double out[])
{
    if (basis->leaf->kind == MTP_LEAF_RCS) {
        rcs_at(basis, x, out);
    } else if (basis->leaf->kind != MTP_LEAF_POLY) {
        out[0] = x;
    } else if (basis->leaf->raw) {
        powers_at(basis, x, out);
    } else {
        poly_at(basis, x, out);
    }
}
