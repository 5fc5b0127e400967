/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/rank.h"

#include "core/dd_vector.h"
#include "core/error.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Where the distances, as shares of the norms, are all above the first and their
 * product above the second, arithmetic in double cannot err about the rank: the product
 * bounds the error of the orthogonal basis. */
static const double SURE_DISTANCE = 1e-3, SURE_PRODUCT = 1e-10;

/* Coefficients within this of a simple fraction are taken for it; columns whose part is
 * less than this share are taken for nothing. */
static const double SIMPLE = 1e-9;

/* Columns scaled by powers of two to a largest value of [1/2, 1), one after the other.
 */
static double *scaled_columns(mtp_arena *scratch, size_t k, size_t p, const double x[],
                              int exponent[])
{
    double *column = MTP_ARENA_ARRAY(scratch, k * p, double);

    for (size_t j = 0; column && j < p; j++) {
        double largest = 0.0;

        for (size_t i = 0; i < k; i++) {
            largest = fmax(largest, fabs(x[i * p + j]));
        }
        (void)frexp(largest, &exponent[j]);
        for (size_t i = 0; i < k; i++) {
            column[j * k + i] = ldexp(x[i * p + j], -exponent[j]);
        }
    }
    return column;
}

/* --- in double ---------------------------------------------------------------------
 */

static double dot(size_t k, const double a[], const double b[])
{
    double sum = 0.0;

    for (size_t i = 0; i < k; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

static void take_away(size_t k, double v[], const double q[])
{
    double share = dot(k, q, v);

    for (size_t i = 0; i < k; i++) {
        v[i] -= share * q[i];
    }
}

/* Is every column surely independent? */
static bool surely_full(size_t k, size_t p, const double column[], double q[])
{
    double product = 1.0;

    if (p > k) {
        return false;
    }
    memcpy(q, column, k * p * sizeof *q);
    for (size_t j = 0; j < p; j++) {
        double *v = q + j * k, before = sqrt(dot(k, v, v)), after;

        for (size_t i = 0; i < 2 * j; i++) {
            take_away(k, v, q + i % j * k);
        }
        after = sqrt(dot(k, v, v));
        product *= after / before;
        if (!(after > SURE_DISTANCE * before && product > SURE_PRODUCT)) {
            return false;
        }
        for (size_t i = 0; i < k; i++) {
            v[i] /= after;
        }
    }
    return true;
}

/* --- in double-double --------------------------------------------------------------
 */

typedef struct work {
    mtp_arena *arena;
    size_t k, p;
    const double *column; /* scaled */
    const int *exponent;
    size_t rank;
    size_t *independent; /* [p] the columns that the q stand for */
    mtp_dd *q;           /* [p * k] orthonormal */
    mtp_dd *r;           /* [p * p] column m: independent column m in terms of the q */
    mtp_dd *v;           /* [k] the column at hand */
    mtp_dd *c;           /* [p] it in terms of the q */
    double *norm;        /* [p] of the scaled columns */
} work;

/* The column without its parts along the q, which go into c; its length. */
static mtp_dd orthogonalize(const work *w, size_t j)
{
    for (size_t i = 0; i < w->k; i++) {
        w->v[i] = mtp_dd_from(w->column[j * w->k + i]);
    }
    for (size_t m = 0; m < w->rank; m++) {
        w->c[m] = mtp_dd_from(0.0);
    }
    for (size_t m = 0; m < 2 * w->rank; m++) {
        const mtp_dd *q = w->q + m % w->rank * w->k;
        mtp_dd share = mtp_dd_dot(w->k, q, w->v);

        w->c[m % w->rank] = mtp_dd_add(w->c[m % w->rank], share);
        mtp_dd_take_away(w->k, w->v, share, q);
    }
    return mtp_dd_sqrt(mtp_dd_dot(w->k, w->v, w->v));
}

/* The coefficients of the independent columns from c, in terms of the q.
 * @return |x_j| + sum |c_m| |x_m| */
static double solve(const work *w, size_t j, mtp_dd solution[])
{
    double reach = w->norm[j];

    memcpy(solution, w->c, w->rank * sizeof *solution);
    mtp_dd_solve_upper(w->rank, w->p, w->r, 1, solution);
    for (size_t m = w->rank; m-- > 0;) {
        reach += fabs(solution[m].hi) * w->norm[w->independent[m]];
    }
    return reach;
}

static void accept(work *w, size_t j, mtp_dd length)
{
    size_t m = w->rank;

    for (size_t n = 0; n < m; n++) {
        w->r[n * w->p + m] = w->c[n];
    }
    w->r[m * w->p + m] = length;
    for (size_t i = 0; i < w->k; i++) {
        w->q[m * w->k + i] = mtp_dd_div(w->v[i], length);
    }
    w->independent[w->rank++] = j;
}

/* A fraction of small numbers that is as good as equal, or the value itself. */
static double simplest(double value)
{
    for (int whole = 1; whole <= 12; whole++) {
        double near = round(value * whole) / whole;

        if (near != 0.0 && fabs(value - near) <= SIMPLE * fabs(near)) {
            return near;
        }
    }
    return value;
}

static mtp_status describe(const work *w, size_t j, const mtp_dd solution[],
                           mtp_dependence *out)
{
    size_t *column = MTP_ARENA_ARRAY(w->arena, w->rank, size_t);
    double *coefficient = MTP_ARENA_ARRAY(w->arena, w->rank, double);

    if (!column || !coefficient) {
        return MTP_E_NOMEM;
    }
    *out =
        (mtp_dependence){.dependent = j, .column = column, .coefficient = coefficient};
    for (size_t m = 0; m < w->rank; m++) {
        size_t from = w->independent[m];
        double value = mtp_dd_to(solution[m]);

        if (fabs(value) * w->norm[from] > SIMPLE * w->norm[j]) {
            column[out->n_parts] = from;
            coefficient[out->n_parts++] =
                simplest(ldexp(value, w->exponent[j] - w->exponent[from]));
        }
    }
    return MTP_OK;
}

static mtp_status look_closely(work *w, size_t *n, mtp_dependence dependence[])
{
    mtp_dd *solution = MTP_ARENA_ARRAY(w->arena, w->p, mtp_dd);

    if (!solution) {
        return MTP_E_NOMEM;
    }
    for (size_t j = 0; j < w->p; j++) {
        mtp_dd length = orthogonalize(w, j);
        double reach;

        w->norm[j] = sqrt(dot(w->k, w->column + j * w->k, w->column + j * w->k));
        reach = solve(w, j, solution);
        if (w->rank < w->k && length.hi > 8.0 * DBL_EPSILON * reach) {
            accept(w, j, length);
        } else if (describe(w, j, solution, &dependence[(*n)++]) != MTP_OK) {
            return MTP_E_NOMEM;
        }
    }
    return MTP_OK;
}

static bool allocate(work *w)
{
    size_t most = w->p < w->k ? w->p : w->k;

    w->independent = MTP_ARENA_ARRAY(w->arena, w->p, size_t);
    w->q = MTP_ARENA_ARRAY(w->arena, most * w->k, mtp_dd);
    w->r = MTP_ARENA_ARRAY(w->arena, most * w->p, mtp_dd);
    w->v = MTP_ARENA_ARRAY(w->arena, w->k, mtp_dd);
    w->c = MTP_ARENA_ARRAY(w->arena, w->p, mtp_dd);
    w->norm = MTP_ARENA_ARRAY(w->arena, w->p, double);
    return w->independent && w->q && w->r && w->v && w->c && w->norm;
}

mtp_status mtp_rank_find(mtp_arena *arena, size_t k, size_t p, const double x[],
                         size_t *n, const mtp_dependence **dependence, mtp_error *err)
{
    mtp_dependence *found = MTP_ARENA_ARRAY(arena, p, mtp_dependence);
    int *exponent = MTP_ARENA_ARRAY(arena, p, int);
    double *q = MTP_ARENA_ARRAY(arena, k * p, double);
    double *column = exponent ? scaled_columns(arena, k, p, x, exponent) : NULL;
    work w = {.arena = arena, .k = k, .p = p, .column = column, .exponent = exponent};

    if (!found || !q || !column) {
        return mtp_fail_nomem(err);
    }
    *n = 0;
    *dependence = found;
    if (surely_full(k, p, column, q)) {
        return MTP_OK;
    }
    if (!allocate(&w) || look_closely(&w, n, found) != MTP_OK) {
        return mtp_fail_nomem(err);
    }
    return MTP_OK;
}
