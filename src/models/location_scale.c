/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/location_scale.h"

#include "core/arena.h"
#include "core/error.h"
#include "core/notes.h"
#include "models/between.h"
#include "models/heterogeneity.h"
#include "models/orthonormal.h"
#include "models/scale_search.h"
#include "num/cholesky.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

static const double LOG_2 = 0.693147180559945309417232121458;

/* The result is the owner's first member. */
typedef struct scale_owner {
    mtp_location_scale_result result;
    mtp_arena *arena;
} scale_owner;

/* A fit on its way: the caller's arrays, and the same in orthonormal columns and a unit
 * in which sampling variances are near 1. */
typedef struct fitting {
    size_t k, p, q;
    const double *yi, *vi, *x, *z;
    int unit;              /* y / 2^unit, v / 4^unit */
    mtp_dd *x_inv, *z_inv; /* R^-1 of X and Z */
    double *start;         /* [p] Q'y of equal weights */
    mtp_scale_problem problem;
    mtp_scale_optimum optimum;
    scale_owner *owner;
    mtp_note_list notes;
    mtp_error *err;
} fitting;

void mtp_location_scale_options_init(mtp_location_scale_options *options, size_t size)
{
    mtp_location_scale_options defaults = {.size = size, .method = MTP_TAU2_REML};

    memcpy(options, &defaults, size < sizeof defaults ? size : sizeof defaults);
}

static mtp_status check_columns(const fitting *f, size_t n, const double columns[])
{
    for (size_t i = 0; columns && i < f->k * n; i++) {
        if (!isfinite(columns[i])) {
            return mtp_fail_at(f->err, MTP_E_DATA, NULL, i / n + 1, NULL,
                               "a moderator is not finite");
        }
    }
    return MTP_OK;
}

static mtp_status check(const fitting *f)
{
    mtp_status status;

    if (f->p == 0 || f->q == 0 || (!f->x && f->p != 1) || (!f->z && f->q != 1)) {
        return mtp_fail(f->err, MTP_E_ARG,
                        "a location-scale model needs columns of both parts");
    }
    if (f->k <= f->p || f->k < f->q) {
        return mtp_fail(f->err, MTP_E_DEGENERATE,
                        "%zu studies are too few for %zu coefficients and %zu of the "
                        "scale",
                        f->k, f->p, f->q);
    }
    for (size_t i = 0; i < f->k; i++) {
        if (!isfinite(f->yi[i])) {
            return mtp_fail_at(f->err, MTP_E_DATA, NULL, i + 1, "yi",
                               "the effect is not finite");
        }
        if (!(f->vi[i] > 0.0 && isfinite(f->vi[i]))) {
            return mtp_fail_at(f->err, MTP_E_DATA, NULL, i + 1, "vi",
                               "the sampling variance is not positive and finite");
        }
    }
    status = check_columns(f, f->p, f->x);
    return status == MTP_OK ? check_columns(f, f->q, f->z) : status;
}

/* Orthonormal columns [k * n] of `given`, or of ones, and R^-1; in doubles times
 * `length`. */
static mtp_status make_columns(const fitting *f, size_t n, const double given[],
                               double length, const char *what, const double **columns,
                               mtp_dd **inverse, mtp_dd **exact)
{
    mtp_arena *arena = f->owner->arena;
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
static mtp_status make_data(fitting *f, const mtp_dd Q[])
{
    mtp_arena *arena = f->owner->arena;
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

static int unit_of(const fitting *f)
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

static mtp_status prepare(fitting *f)
{
    unsigned char *vanished = mtp_arena_zalloc(f->owner->arena, f->k, 1);
    mtp_dd *exact_x, *exact_z;
    mtp_status status;

    f->unit = unit_of(f);
    f->problem = (mtp_scale_problem){.k = f->k,
                                     .p = f->p,
                                     .q = f->q,
                                     .offset = -2.0 * LOG_2 * (double)f->unit,
                                     .vanished = vanished,
                                     .restricted = f->owner->result.options.method ==
                                                   MTP_TAU2_REML};
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

/* beta = R^-1 (Q'y + b) and R^-1 (Q'WQ)^-1 R^-T, in the caller's units. */
static mtp_status describe_location(fitting *f)
{
    mtp_arena *arena = f->owner->arena;
    const mtp_scale_point *at = &f->optimum.point;
    size_t p = f->p;
    double *beta = MTP_ARENA_ARRAY(arena, p, double);
    double *vcov = mtp_arena_alloc(arena, p, p * sizeof *vcov);
    double *inverse = mtp_arena_alloc(arena, p, p * sizeof *inverse);
    double *residual = MTP_ARENA_ARRAY(arena, f->k, double);
    double *tau2 = MTP_ARENA_ARRAY(arena, f->k, double);

    if (!beta || !vcov || !inverse || !residual || !tau2) {
        return mtp_fail_nomem(f->err);
    }
    mtp_cholesky_inverse(p, at->L, inverse);
    for (size_t a = 0; a < p; a++) {
        mtp_dd sum = {0.0, 0.0};

        for (size_t c = a; c < p; c++) {
            mtp_dd part = mtp_dd_two_sum(f->start[c], at->b[c]);

            sum = mtp_dd_add(sum, mtp_dd_mul(f->x_inv[a * p + c], part));
        }
        beta[a] = mtp_dd_to(mtp_dd_ldexp(sum, f->unit));
        for (size_t b = 0; b < p; b++) {
            sum = mtp_dd_from(0.0);
            for (size_t c = a; c < p; c++) {
                for (size_t d = b; d < p; d++) {
                    mtp_dd pair = mtp_dd_mul(f->x_inv[a * p + c], f->x_inv[b * p + d]);

                    sum = mtp_dd_add(sum, mtp_dd_mul_d(pair, inverse[c * p + d]));
                }
            }
            vcov[a * p + b] = mtp_dd_to(mtp_dd_ldexp(sum, 2 * f->unit));
        }
    }
    for (size_t i = 0; i < f->k; i++) {
        residual[i] = ldexp(at->r[i], f->unit);
        tau2[i] = ldexp(at->tau2[i], 2 * f->unit);
    }
    f->owner->result.beta = beta;
    f->owner->result.vcov_beta = vcov;
    f->owner->result.residual = residual;
    f->owner->result.tau2 = tau2;
    return MTP_OK;
}

/* Row a of sqrt(k) R^-1: alpha_a = row . gamma. */
static void alpha_row(const fitting *f, size_t a, double row[])
{
    for (size_t c = 0; c < f->q; c++) {
        row[c] = sqrt((double)f->k) * mtp_dd_to(f->z_inv[a * f->q + c]);
    }
}

static double dot(size_t n, const double a[], const double b[])
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

/* alpha_a where it is held; else the infinity that it runs to, or NaN. */
static double alpha_of(const fitting *f, const double row[])
{
    const mtp_scale_optimum *o = &f->optimum;
    double length = sqrt(dot(f->q, row, row)), away;

    for (size_t v = 0; v < f->q - o->n_free; v++) {
        if (fabs(dot(f->q, row, &o->vanished[v * f->q])) > 1e-9 * length) {
            away = dot(f->q, row, o->direction);
            return o->directed && fabs(away) > 1e-9 * length
                       ? copysign((double)INFINITY, away)
                       : (double)NAN;
        }
    }
    return dot(f->q, row, o->gamma);
}

static mtp_status describe_scale(fitting *f)
{
    mtp_arena *arena = f->owner->arena;
    const mtp_scale_optimum *o = &f->optimum;
    size_t q = f->q;
    double *alpha = MTP_ARENA_ARRAY(arena, q, double);
    double *vcov = mtp_arena_alloc(arena, q, q * sizeof *vcov);
    double *row = mtp_arena_alloc(arena, q, q * sizeof *row);

    if (!alpha || !vcov || !row) {
        return mtp_fail_nomem(f->err);
    }
    for (size_t a = 0; a < q; a++) {
        alpha_row(f, a, &row[a * q]);
        alpha[a] = alpha_of(f, &row[a * q]);
    }
    for (size_t ab = 0; ab < q * q; ab++) {
        const double *s = &row[ab / q * q], *t = &row[ab % q * q];
        double sum = 0.0;

        for (size_t cd = 0; cd < q * q; cd++) {
            sum += s[cd / q] * o->covariance[cd] * t[cd % q];
        }
        vcov[ab] = o->informative && isfinite(alpha[ab / q]) && isfinite(alpha[ab % q])
                       ? sum
                       : (double)NAN;
    }
    f->owner->result.alpha = alpha;
    f->owner->result.vcov_alpha = vcov;
    return MTP_OK;
}

static bool is_constant(const fitting *f)
{
    for (size_t i = 1; f->z && i < f->k; i++) {
        if (f->z[i * f->q] < f->z[0] || f->z[i * f->q] > f->z[0]) {
            return false;
        }
    }
    return true;
}

/* Wald test of alpha from the first column that can be 0 on. */
static mtp_status test_scale(fitting *f)
{
    mtp_location_scale_result *result = &f->owner->result;
    size_t q = f->q, first = is_constant(f) ? 1 : 0, n = q - first;
    double *L = mtp_arena_alloc(f->owner->arena, n + 1, (n + 1) * sizeof *L);
    double *b = mtp_arena_alloc(f->owner->arena, n + 1, sizeof *b);
    double statistic;

    result->scale = mtp_test_missing();
    if (!L || !b) {
        return mtp_fail_nomem(f->err);
    }
    for (size_t s = 0; s < n; s++) {
        b[s] = result->alpha[first + s];
        for (size_t t = 0; t < n; t++) {
            L[s * n + t] = result->vcov_alpha[(first + s) * q + first + t];
        }
    }
    if (n > 0 && mtp_cholesky(n, L)) { /* false for NaN */
        mtp_cholesky_solve(n, L, b);
        statistic = dot(n, b, result->alpha + first);
        result->scale = mtp_test_chisq(statistic, (double)n);
    }
    return MTP_OK;
}

static void describe_fit(fitting *f)
{
    mtp_location_scale_result *result = &f->owner->result;
    bool restricted = f->problem.restricted;
    double n = (double)(restricted ? f->k - f->p : f->k);
    mtp_fit fit = {.loglik = f->optimum.loglik - n * LOG_2 * (double)f->unit};

    mtp_information_criteria(&fit, n, (double)(f->p + f->q));
    result->loglik = fit.loglik;
    result->AIC = fit.AIC;
    result->AICc = fit.AICc;
    result->BIC = fit.BIC;
    result->k = f->k;
    result->p = f->p;
    result->q = f->q;
    result->n_vanished = f->optimum.n_gone;
    result->informative = f->optimum.informative;
    result->iterations = f->optimum.iterations;
    result->n_modes = f->optimum.n_modes;
}

static mtp_status add_notes(fitting *f)
{
    const mtp_location_scale_result *result = &f->owner->result;

    if (result->n_vanished > 0) {
        mtp_note_add(&f->notes, MTP_NOTE_SCALE_VANISHED, 0,
                     "the likelihood rises without end as tau2 of %zu of %zu studies "
                     "falls to 0: this is the limit, in which scale coefficients are "
                     "infinite and have no standard error",
                     result->n_vanished, f->k);
    }
    if (result->n_modes > 1) {
        mtp_note_add(&f->notes, MTP_NOTE_MULTIPLE_MODES, 0,
                     "the likelihood of the scale has %zu maxima; the figures are of "
                     "the highest",
                     result->n_modes);
    }
    if (!result->informative) {
        mtp_note_add(&f->notes, MTP_NOTE_NOT_DEFINED, 0,
                     "the information on the scale coefficients is singular: they have "
                     "no standard errors");
    }
    f->owner->result.notes = mtp_note_list_done(&f->notes);
    return f->notes.failed ? mtp_fail_nomem(f->err) : MTP_OK;
}

static mtp_status run(fitting *f)
{
    mtp_status status = prepare(f);

    if (status == MTP_OK) {
        status = mtp_scale_maximize(&f->problem, f->owner->arena, &f->optimum, f->err);
    }
    if (status == MTP_OK) {
        describe_fit(f);
        status = describe_location(f);
    }
    if (status == MTP_OK) {
        status = describe_scale(f);
    }
    if (status == MTP_OK) {
        status = test_scale(f);
    }
    return status == MTP_OK ? add_notes(f) : status;
}

static mtp_status take_options(const mtp_location_scale_options *given,
                               mtp_location_scale_options *used, mtp_error *err)
{
    mtp_location_scale_options_init(used, sizeof *used);
    if (given && given->size < offsetof(mtp_location_scale_options, method)) {
        return mtp_fail(err, MTP_E_ARG,
                        "the options have no size; mtp_location_scale_options_init "
                        "sets it");
    }
    if (given) {
        memcpy(used, given, given->size < sizeof *used ? given->size : sizeof *used);
        used->size = sizeof *used;
    }
    return used->method == MTP_TAU2_REML || used->method == MTP_TAU2_ML
               ? MTP_OK
               : mtp_fail(err, MTP_E_ARG,
                          "a location-scale model is fitted by REML or ML");
}

mtp_status mtp_location_scale(size_t k, const double yi[], const double vi[], size_t p,
                              const double x[], size_t q, const double z[],
                              const mtp_location_scale_options *options,
                              mtp_location_scale_result **result, mtp_error *err)
{
    fitting f = {
        .k = k, .p = p, .q = q, .yi = yi, .vi = vi, .x = x, .z = z, .err = err};
    mtp_location_scale_options used;
    mtp_arena *arena;
    mtp_status status = take_options(options, &used, err);

    status = status == MTP_OK ? check(&f) : status;
    if (status != MTP_OK) {
        return status;
    }
    arena = mtp_arena_new();
    f.owner = arena ? MTP_ARENA_NEW(arena, scale_owner) : NULL;
    if (!f.owner) {
        mtp_arena_free(arena);
        return mtp_fail_nomem(err);
    }
    f.owner->arena = arena;
    f.owner->result.options = used;
    mtp_note_list_init(&f.notes, arena);
    status = run(&f);
    if (status != MTP_OK) {
        mtp_arena_free(arena);
        return status;
    }
    *result = &f.owner->result;
    return MTP_OK;
}

void mtp_location_scale_free(mtp_location_scale_result *result)
{
    scale_owner *owner = (scale_owner *)result;

    if (owner) {
        mtp_arena_free(owner->arena);
    }
}
