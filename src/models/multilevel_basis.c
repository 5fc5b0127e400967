/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An orthogonal basis of the moderators, made once in double-double: centred at their
 * means where there is an intercept, scaled, and orthogonalized twice (modified Gram-
 * Schmidt). What is left to the likelihood at any variances is a well-conditioned
 * problem in doubles; X'X is in closed form and cancels in the restricted likelihood.
 * Source: Giraud, Langou & Rozloznik (2005), Comput Math Appl 50:1069-1075,
 * doi:10.1016/j.camwa.2005.08.009 (twice is enough).
 */
#include "core/dd_vector.h"
#include "core/error.h"
#include "models/multilevel_tree.h"

#include <float.h>
#include <math.h>

static bool is_constant(size_t k, size_t p, const double x[], size_t j)
{
    for (size_t i = 1; i < k; i++) {
        if (x[i * p + j] != x[j]) {
            return false;
        }
    }
    return x[j] != 0.0;
}

static mtp_status check_finite(size_t k, size_t p, const double x[], mtp_error *err)
{
    for (size_t i = 0; i < k * p; i++) {
        if (!isfinite(x[i])) {
            return mtp_fail_at(err, MTP_E_DATA, NULL, i / p + 1, NULL,
                               "moderator %zu is not finite", i % p + 1);
        }
    }
    return MTP_OK;
}

static mtp_dd mean_of(size_t k, size_t p, const double x[], size_t j, int unit)
{
    mtp_dd sum = {0.0, 0.0};

    for (size_t i = 0; i < k; i++) {
        sum = mtp_dd_add(sum, mtp_dd_from(ldexp(x[i * p + j], -unit)));
    }
    return mtp_dd_div(sum, mtp_dd_from((double)k));
}

/* Largest exponent of a column. */
static int unit_of(size_t k, size_t p, const double x[], size_t j)
{
    double largest = 0.0;

    for (size_t i = 0; i < k; i++) {
        largest = fmax(largest, fabs(x[i * p + j]));
    }
    return largest > 0.0 ? ilogb(largest) : 0;
}

/* Column t of the basis from those before it. False: nothing is left of it. */
static bool orthogonalize(size_t k, const mtp_nested_basis *basis, mtp_dd *columns,
                          size_t t)
{
    mtp_dd *own = columns + t * k, count = mtp_dd_from((double)k);
    double before = mtp_dd_to(mtp_dd_dot(k, own, own)), limit = (double)k * DBL_EPSILON;
    mtp_dd norm;

    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t s = 0; s < t; s++) {
            const mtp_dd *other = columns + s * k;
            mtp_dd share = mtp_dd_div(mtp_dd_dot(k, own, other), count);

            mtp_dd_take_away(k, own, share, other);
            basis->T[s * basis->n + t] = mtp_dd_add(basis->T[s * basis->n + t], share);
        }
    }
    norm = mtp_dd_sqrt(mtp_dd_div(mtp_dd_dot(k, own, own), count));
    if (!(mtp_dd_to(norm) > limit * sqrt(before / (double)k))) {
        return false;
    }
    for (size_t i = 0; i < k; i++) {
        own[i] = mtp_dd_div(own[i], norm);
    }
    basis->T[t * basis->n + t] = norm;
    return true;
}

/* Column t of the moderators, centred, into the columns; its unit goes into T. */
static mtp_status add_column(size_t k, size_t p, const double x[],
                             const mtp_nested_basis *basis, mtp_dd *columns, size_t t,
                             mtp_error *err)
{
    size_t j = basis->column[t];
    int unit = unit_of(k, p, x, j);
    mtp_dd mean = {0.0, 0.0};
    double spread = 0.0;

    if (basis->intercept) {
        mean = mean_of(k, p, x, j, unit);
    }
    for (size_t i = 0; i < k; i++) {
        mtp_dd d = mtp_dd_sub(mtp_dd_from(ldexp(x[i * p + j], -unit)), mean);

        columns[t * k + i] = d;
        spread = fmax(spread, fabs(d.hi));
    }
    if (!(spread > (double)k * DBL_EPSILON * fabs(mean.hi) * 0x1p-40) ||
        !orthogonalize(k, basis, columns, t)) {
        return mtp_fail(err, MTP_E_DATA,
                        "moderator %zu is a combination of those before it: nothing "
                        "tells their coefficients apart",
                        j + 1);
    }
    basis->xbar[t] = mtp_dd_ldexp(mean, unit);
    for (size_t s = 0; s <= t; s++) {
        basis->T[s * basis->n + t] = mtp_dd_ldexp(basis->T[s * basis->n + t], unit);
    }
    return MTP_OK;
}

static mtp_status make_columns(size_t k, size_t p, const double x[], mtp_arena *arena,
                               mtp_nested_basis *basis, mtp_error *err)
{
    mtp_arena_mark mark;
    mtp_dd *columns;
    mtp_status status = MTP_OK;

    basis->column = MTP_ARENA_ARRAY(arena, basis->n, size_t);
    basis->z = MTP_ARENA_ARRAY(arena, k * basis->n, double);
    basis->xbar = MTP_ARENA_ARRAY(arena, basis->n, mtp_dd);
    basis->T = (mtp_dd *)mtp_arena_zalloc(arena, basis->n * basis->n, sizeof(mtp_dd));
    mark = mtp_arena_save(arena);
    columns = MTP_ARENA_ARRAY(arena, k * basis->n, mtp_dd);
    if (!basis->column || !basis->z || !basis->xbar || !basis->T || !columns) {
        return mtp_fail_nomem(err);
    }
    for (size_t j = 0, t = 0; j < p; j++) {
        if (!basis->intercept || j != basis->at) {
            basis->column[t++] = j;
        }
    }
    for (size_t t = 0; t < basis->n && status == MTP_OK; t++) {
        status = add_column(k, p, x, basis, columns, t, err);
        for (size_t i = 0; i < k; i++) {
            basis->z[i * basis->n + t] = mtp_dd_to(columns[t * k + i]);
        }
    }
    mtp_arena_release(arena, mark);
    return status;
}

mtp_status mtp_nested_basis_make(size_t k, size_t p, const double x[], mtp_arena *arena,
                                 mtp_nested_basis *basis, mtp_error *err)
{
    *basis = (mtp_nested_basis){.height = 1.0, .intercept = !x};
    if (x && check_finite(k, p, x, err) != MTP_OK) {
        return MTP_E_DATA;
    }
    for (size_t j = 0; x && j < p && !basis->intercept; j++) {
        if (is_constant(k, p, x, j)) {
            basis->intercept = true;
            basis->at = j;
            basis->height = x[j];
        }
    }
    basis->n = p - (basis->intercept ? 1 : 0);
    return make_columns(k, p, x, arena, basis, err);
}
