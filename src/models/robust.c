/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/robust.h"

#include "core/arena.h"
#include "core/error.h"
#include "core/names.h"
#include "core/owned.h"
#include "models/robust_moments.h"
#include "num/cholesky.h"
#include "num/dist.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The result is the owner's first member. */
typedef struct robust_owner {
    mtp_robust_result result;
    mtp_arena *arena;
    mtp_robust_frame frame;
    mtp_robust_moments moments; /* cr2 */
    const double *score;        /* [m * p] t of each cluster */
} robust_owner;

MTP_NAMES(robust, mtp_robust_type, MTP_ROBUST_LIST, MTP_ROBUST_COUNT)

void mtp_robust_model_init(mtp_robust_model *model, size_t size)
{
    mtp_robust_model none = {.size = size};

    mtp_options_give(model, size, &none, sizeof none);
}

/* A copy of the caller's model, which may be of an older, shorter kind. */
static mtp_status take_model(const mtp_robust_model *given, mtp_robust_model *model,
                             mtp_error *err)
{
    if (given->size < offsetof(mtp_robust_model, k)) {
        return mtp_fail(err, MTP_E_ARG,
                        "the model has no size; mtp_robust_model_init sets it");
    }
    *model = (mtp_robust_model){0};
    memcpy(model, given, given->size < sizeof *model ? given->size : sizeof *model);
    return MTP_OK;
}

/* Scores without adjustment: t_j = P_j'W_j e_j. */
static mtp_status plain_scores(robust_owner *owner, mtp_error *err)
{
    const mtp_robust_frame *f = &owner->frame;
    size_t p = f->p;
    double *score = mtp_arena_alloc(owner->arena, f->m, p * sizeof *score);

    if (!score) {
        return mtp_fail_nomem(err);
    }
    for (size_t j = 0; j < f->m; j++) {
        for (size_t c = 0; c < p; c++) {
            mtp_dd sum = {0.0, 0.0};

            for (size_t i = f->start[j]; i < f->start[j + 1]; i++) {
                mtp_dd we = mtp_dd_two_prod(f->w[i], f->e[i]);

                sum = mtp_dd_add(sum, mtp_dd_mul_d(we, f->P[i * p + c]));
            }
            score[j * p + c] = mtp_dd_to(sum);
        }
    }
    owner->score = score;
    return MTP_OK;
}

static mtp_status adjusted_scores(robust_owner *owner, mtp_error *err)
{
    size_t p = owner->frame.p, m = owner->frame.m;
    mtp_status status =
        mtp_robust_moments_make(&owner->frame, owner->arena, &owner->moments, err);
    double *score = mtp_arena_alloc(owner->arena, m, p * sizeof *score);

    if (status != MTP_OK || !score) {
        return status != MTP_OK ? status : mtp_fail_nomem(err);
    }
    for (size_t j = 0; j < m; j++) {
        memcpy(&score[j * p], owner->moments.cluster[j].t, p * sizeof *score);
    }
    owner->score = score;
    return MTP_OK;
}

/* c't of a cluster, and the size of its terms. */
static mtp_dd share_of(const robust_owner *owner, size_t cluster, const double c[],
                       double *size)
{
    size_t p = owner->frame.p;
    mtp_dd sum = {0.0, 0.0};

    *size = 0.0;
    for (size_t a = 0; a < p; a++) {
        mtp_dd term = mtp_dd_two_prod(c[a], owner->score[cluster * p + a]);

        sum = mtp_dd_add(sum, term);
        *size += fabs(mtp_dd_to(term));
    }
    return sum;
}

/* What is rounding in c't: a coefficient that one study alone tells has no variance. */
static double rounding_of(const robust_owner *owner, const double c[])
{
    double size, most = 0.0;

    for (size_t j = 0; j < owner->frame.m; j++) {
        (void)share_of(owner, j, c, &size);
        most = fmax(most, size);
    }
    return 16.0 * DBL_EPSILON * most;
}

/* sum_j (c't_j)(d't_j), times what cr1 adds, in the frame's coordinates. */
static mtp_dd scatter(const robust_owner *owner, const double c[], const double d[])
{
    size_t p = owner->frame.p, m = owner->frame.m;
    double least_c = rounding_of(owner, c), least_d = rounding_of(owner, d), size;
    mtp_dd sum = {0.0, 0.0};

    for (size_t j = 0; j < m; j++) {
        mtp_dd u = share_of(owner, j, c, &size), v = share_of(owner, j, d, &size);

        if (fabs(mtp_dd_to(u)) > least_c && fabs(mtp_dd_to(v)) > least_d) {
            sum = mtp_dd_add(sum, mtp_dd_mul(u, v));
        }
    }
    if (owner->result.type == MTP_ROBUST_CR1) {
        sum = mtp_dd_div(mtp_dd_mul_d(sum, (double)m), mtp_dd_from((double)(m - p)));
    }
    return sum;
}

/* c = R^-T l: l'beta in the frame's coordinates. */
static void to_frame(const mtp_robust_frame *f, const double l[], double c[])
{
    for (size_t b = 0; b < f->p; b++) {
        mtp_dd sum = {0.0, 0.0};

        for (size_t a = 0; a < f->p; a++) {
            sum = mtp_dd_add(sum, mtp_dd_mul_d(f->r_inverse[a * f->p + b], l[a]));
        }
        c[b] = mtp_dd_to(sum);
    }
}

/* Variance (squared units of beta) and degrees of freedom of c't. */
static mtp_status describe(const robust_owner *owner, const double c[],
                           mtp_arena *scratch, double *variance, double *df)
{
    mtp_dd sum = scatter(owner, c, c);

    *variance = mtp_dd_to(mtp_dd_ldexp(sum, 2 * owner->frame.unit));
    if (owner->result.type == MTP_ROBUST_CR2) {
        return mtp_robust_satterthwaite(&owner->moments, c, scratch, df);
    }
    *df = (double)(owner->frame.m - owner->frame.p);
    return MTP_OK;
}

static mtp_status fill(robust_owner *owner, mtp_error *err)
{
    mtp_robust_result *result = &owner->result;
    const mtp_robust_frame *f = &owner->frame;
    size_t p = f->p;
    double *vcov = mtp_arena_alloc(owner->arena, p, p * sizeof *vcov);
    double *df = MTP_ARENA_ARRAY(owner->arena, p, double);
    double *l = mtp_arena_zalloc(owner->arena, p, sizeof *l);
    double *c = mtp_arena_alloc(owner->arena, p, p * sizeof *c);

    if (!vcov || !df || !l || !c) {
        return mtp_fail_nomem(err);
    }
    for (size_t a = 0; a < p; a++) {
        l[a] = 1.0;
        to_frame(f, l, &c[a * p]);
        l[a] = 0.0;
    }
    for (size_t a = 0; a < p; a++) {
        if (describe(owner, &c[a * p], owner->arena, &vcov[a * p + a], &df[a]) !=
            MTP_OK) {
            return mtp_fail_nomem(err);
        }
        for (size_t b = 0; b < a; b++) {
            mtp_dd sum = scatter(owner, &c[a * p], &c[b * p]);

            vcov[a * p + b] = vcov[b * p + a] =
                mtp_dd_to(mtp_dd_ldexp(sum, 2 * f->unit));
        }
    }
    result->p = p;
    result->clusters = f->m;
    result->singular = owner->moments.singular;
    result->vcov = vcov;
    result->df = df;
    return MTP_OK;
}

static mtp_status run(const mtp_robust_model *model, robust_owner *owner,
                      mtp_error *err)
{
    mtp_status status = mtp_robust_frame_make(model, owner->arena, &owner->frame, err);

    if (status == MTP_OK) {
        status = owner->result.type == MTP_ROBUST_CR2 ? adjusted_scores(owner, err)
                                                      : plain_scores(owner, err);
    }
    return status == MTP_OK ? fill(owner, err) : status;
}

mtp_status mtp_robust(const mtp_robust_model *given, mtp_robust_type type,
                      mtp_robust_result **result, mtp_error *err)
{
    mtp_robust_model model;
    mtp_arena *arena;
    robust_owner *owner;
    mtp_status status = take_model(given, &model, err);

    if (status != MTP_OK) {
        return status;
    }
    if ((unsigned)type >= MTP_ROBUST_COUNT || type == MTP_ROBUST_NONE) {
        return mtp_fail(err, MTP_E_ARG, "the robust variance is cr0, cr1 or cr2");
    }
    arena = mtp_arena_new();
    owner = arena ? MTP_ARENA_NEW(arena, robust_owner) : NULL;
    if (!owner) {
        mtp_arena_free(arena);
        return mtp_fail_nomem(err);
    }
    owner->arena = arena;
    owner->result.type = type;
    status = run(&model, owner, err);
    if (status != MTP_OK) {
        mtp_arena_free(arena);
        return status;
    }
    *result = &owner->result;
    return MTP_OK;
}

void mtp_robust_free(mtp_robust_result *result)
{
    robust_owner *owner = (robust_owner *)result;

    if (owner) {
        mtp_arena_free(owner->arena);
    }
}

/* The owner of a result, without dropping const. */
static const robust_owner *owner_of(const mtp_robust_result *result)
{
    return (const robust_owner *)result;
}

mtp_status mtp_robust_combination(const mtp_robust_result *result, const double l[],
                                  double *variance, double *df, mtp_error *err)
{
    const robust_owner *owner = owner_of(result);
    mtp_arena *scratch = mtp_arena_new();
    double *c = scratch ? MTP_ARENA_ARRAY(scratch, result->p, double) : NULL;
    mtp_status status = MTP_E_NOMEM;

    if (c) {
        double v = 0.0, d = 0.0;

        to_frame(&owner->frame, l, c);
        status = describe(owner, c, scratch, &v, &d);
        if (status == MTP_OK) {
            *variance = v;
            *df = d;
        }
    }
    mtp_arena_free(scratch);
    return status == MTP_OK ? status : mtp_fail_nomem(err);
}

/* b'(L vcov L')^-1 b; NaN where L vcov L' is singular but for rounding. */
static double wald_form(const robust_owner *owner, size_t q, const double c[],
                        const double estimate[], double V[], double b[], double size[])
{
    double sum = 0.0;

    for (size_t s = 0; s < q; s++) {
        for (size_t t = 0; t <= s; t++) {
            V[s * q + t] = mtp_dd_to(
                scatter(owner, &c[s * owner->frame.p], &c[t * owner->frame.p]));
        }
        b[s] = ldexp(estimate[s], -owner->frame.unit);
    }
    for (size_t s = 0; s < q; s++) {
        size[s] = V[s * q + s];
    }
    if (!mtp_cholesky(q, V)) {
        return (double)NAN;
    }
    for (size_t s = 0; s < q; s++) { /* L^-1 b */
        if (!(V[s * q + s] * V[s * q + s] > 32.0 * DBL_EPSILON * size[s])) {
            return (double)NAN;
        }
        for (size_t t = 0; t < s; t++) {
            b[s] -= V[s * q + t] * b[t];
        }
        b[s] /= V[s * q + s];
        sum += b[s] * b[s];
    }
    return sum;
}

/* From Q to F with its degrees of freedom. */
static void take_f(double Q, double q, double eta, mtp_robust_test *test)
{
    double df2 = eta - q + 1.0;

    if (!isnan(Q) && df2 > 0.0) {
        double f = df2 / (eta * q) * Q;
        mtp_tail tail = mtp_f_upper(f, q, df2);

        *test = (mtp_robust_test){f, q, df2, tail.p, tail.log_p};
    }
}

static mtp_status wald(const robust_owner *owner, size_t q, const double l[],
                       const double estimate[], mtp_arena *scratch,
                       mtp_robust_test *test)
{
    size_t p = owner->frame.p;
    double *c = mtp_arena_alloc(scratch, q, p * sizeof *c);
    double *V = mtp_arena_alloc(scratch, q, q * sizeof *V);
    double *b = MTP_ARENA_ARRAY(scratch, 2 * q, double);
    double none = (double)NAN, Q, eta = none;
    mtp_status status = MTP_OK;

    if (!c || !V || !b) {
        return MTP_E_NOMEM;
    }
    for (size_t s = 0; s < q; s++) {
        to_frame(&owner->frame, &l[s * p], &c[s * p]);
    }
    *test = (mtp_robust_test){none, (double)q, none, none, none};
    Q = wald_form(owner, q, c, estimate, V, b, b + q);
    if (owner->result.type == MTP_ROBUST_CR2) {
        status = mtp_robust_eta(&owner->moments, q, c, scratch, &eta);
        take_f(Q, (double)q, eta, test);
    } else {
        double df2 = (double)(owner->frame.m - p);
        mtp_tail tail = mtp_f_upper(Q / (double)q, (double)q, df2);

        *test = (mtp_robust_test){Q / (double)q, (double)q, df2, tail.p, tail.log_p};
    }
    return status == MTP_E_DEGENERATE ? MTP_OK : status;
}

mtp_status mtp_robust_wald(const mtp_robust_result *result, size_t q, const double l[],
                           const double estimate[], mtp_robust_test *test,
                           mtp_error *err)
{
    mtp_arena *scratch;
    mtp_status status;

    if (q == 0) {
        return mtp_fail(err, MTP_E_ARG, "a test of no combination");
    }
    scratch = mtp_arena_new();
    status =
        scratch ? wald(owner_of(result), q, l, estimate, scratch, test) : MTP_E_NOMEM;
    mtp_arena_free(scratch);
    return status == MTP_OK ? status : mtp_fail_nomem(err);
}
