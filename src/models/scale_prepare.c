/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A location-scale model in orthonormal columns and a unit of its own. */
#include "core/arena.h"
#include "core/error.h"
#include "models/orthonormal.h"
#include "models/scale_fit.h"

#include <math.h>

static const double LOG_2 = 0.693147180559945309417232121458;

/* Orthonormal columns [k * n] of `given`, or of ones, and R^-1; in doubles times
 * `length`. */
static mtp_status make_columns(const mtp_scale_fit *f, size_t n, const double given[],
                               double length, const char *what, const double **columns,
                               mtp_dd **inverse, mtp_dd **exact)
{
    mtp_arena *arena = f->arena;
    mtp_dd *a = mtp_arena_alloc(arena, f->k, n * sizeof *a);
    mtp_dd *r = mtp_arena_zalloc(arena, n, n * sizeof *r);
    mtp_dd *inv = mtp_arena_zalloc(arena, n, n * sizeof *inv);
    double *q = mtp_arena_alloc(arena, f->k, n * sizeof *q);
    double *before = MTP_ARENA_ARRAY(arena, n, double);
    size_t rank;

    if (!a || !r || !inv || !q || !before) {
        return mtp_fail_nomem(f->err);
    }
    for (size_t i = 0; i < f->k * n; i++) {
        a[i] = mtp_dd_from(given ? given[i] : 1.0);
    }
    rank = mtp_orthonormalize(f->k, n, a, before, r);
    if (rank < n) {
        return mtp_fail(f->err, MTP_E_DATA,
                        "column %zu of the %s is a combination of those before it",
                        rank + 1, what);
    }
    mtp_invert_upper(n, r, inv);
    for (size_t i = 0; i < f->k * n; i++) {
        q[i] = length * mtp_dd_to(a[i]);
    }
    *columns = q;
    *inverse = inv;
    *exact = a;
    return MTP_OK;
}

/* y in its unit, less its projection on the columns of X, in double-double: nothing is
 * lost however far y is from 0. */
static mtp_status make_data(mtp_scale_fit *f, const mtp_dd Q[])
{
    mtp_arena *arena = f->arena;
    double *v = MTP_ARENA_ARRAY(arena, f->k, double);
    double *y = MTP_ARENA_ARRAY(arena, f->k, double);
    mtp_dd *rest = MTP_ARENA_ARRAY(arena, f->k, mtp_dd);

    f->start = MTP_ARENA_ARRAY(arena, f->p, double);
    if (!v || !y || !rest || !f->start) {
        return mtp_fail_nomem(f->err);
    }
    for (size_t i = 0; i < f->k; i++) {
        v[i] = ldexp(f->vi[i], -2 * f->unit);
        rest[i] = mtp_dd_from(ldexp(f->yi[i], -f->unit));
    }
    for (size_t c = 0; c < f->p; c++) {
        mtp_dd dot = {0.0, 0.0};

        for (size_t i = 0; i < f->k; i++) {
            dot = mtp_dd_add(dot, mtp_dd_mul(Q[i * f->p + c], rest[i]));
        }
        f->start[c] = mtp_dd_to(dot);
        for (size_t i = 0; i < f->k; i++) {
            mtp_dd part = mtp_dd_mul_d(Q[i * f->p + c], f->start[c]);

            rest[i] = mtp_dd_sub(rest[i], part);
        }
    }
    for (size_t i = 0; i < f->k; i++) {
        y[i] = mtp_dd_to(rest[i]);
    }
    f->problem.y = y;
    f->problem.v = v;
    return MTP_OK;
}

static int unit_of(const mtp_scale_fit *f)
{
    double least = f->vi[0], most = least;
    int low, high;

    for (size_t i = 1; i < f->k; i++) {
        least = fmin(least, f->vi[i]);
        most = fmax(most, f->vi[i]);
    }
    (void)frexp(least, &low);
    (void)frexp(most, &high);
    return (low + high) / 4;
}

mtp_status mtp_scale_prepare(mtp_scale_fit *f)
{
    unsigned char *vanished = mtp_arena_zalloc(f->arena, f->k, 1);
    mtp_dd *exact_x, *exact_z;
    mtp_status status;

    f->unit = unit_of(f);
    f->problem =
        (mtp_scale_problem){.k = f->k,
                            .p = f->p,
                            .q = f->q,
                            .offset = -2.0 * LOG_2 * (double)f->unit,
                            .vanished = vanished,
                            .restricted = f->result->options.method == MTP_TAU2_REML};
    if (!vanished) {
        return mtp_fail_nomem(f->err);
    }
    status = make_columns(f, f->p, f->x, 1.0, "moderators", &f->problem.Q, &f->x_inv,
                          &exact_x);
    if (status == MTP_OK) {
        status = make_columns(f, f->q, f->z, sqrt((double)f->k), "scale", &f->problem.Z,
                              &f->z_inv, &exact_z);
    }
    return status == MTP_OK ? make_data(f, exact_x) : status;
}
