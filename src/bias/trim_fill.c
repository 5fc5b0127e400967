/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/trim_fill.h"

#include "metapool/bias.h"

#include "bias/plain_mean.h"
#include "bias/trim_fill_ranks.h"
#include "core/arena.h"
#include "core/error.h"
#include "core/names.h"
#include "core/owned.h"
#include "models/pool_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

MTP_NAMES(trim_fill, mtp_trim_fill_estimator, MTP_TRIM_FILL_LIST, MTP_TRIM_FILL_COUNT)
MTP_NAMES(side, mtp_side, MTP_SIDE_LIST, MTP_SIDE_COUNT)

/* The result and the arena that it lies in. */
typedef struct owner {
    mtp_trim_fill_result result;
    mtp_arena *arena;
    mtp_pool_result *pooled;
} owner;

/* A study seen from the side where studies are missing: small effects are. */
typedef struct ranked {
    double y, v;
    size_t index;
} ranked;

/* The studies by effect, and scratch for the fits. */
typedef struct funnel {
    size_t k;
    ranked *study; /* [k] in increasing order of y */
    double *y, *v; /* [k] the same as arrays */
    double *d, *sorted;
    mtp_study_point *point;
    const mtp_pool_options *pool;
} funnel;

void mtp_trim_fill_options_init(mtp_trim_fill_options *options, size_t size)
{
    mtp_trim_fill_options all = {
        .size = size, .estimator = MTP_TRIM_FILL_L0, .side = MTP_SIDE_AUTO};

    mtp_options_give(options, size, &all, sizeof all);
}

static mtp_status take_options(const mtp_trim_fill_options *options,
                               mtp_trim_fill_options *used, mtp_error *err)
{
    mtp_trim_fill_options_init(used, sizeof *used);
    mtp_options_take(used, sizeof *used, options);
    if ((options && options->size == 0) ||
        (unsigned)used->estimator >= MTP_TRIM_FILL_COUNT ||
        (unsigned)used->side >= MTP_SIDE_COUNT) {
        return mtp_fail(err, MTP_E_ARG, "an option has a value that does not exist");
    }
    return MTP_OK;
}

static mtp_status check_pool(const mtp_pool_options *pool, mtp_error *err)
{
    if (pool->method != MTP_METHOD_INVERSE || pool->weights || pool->cluster ||
        pool->n_levels > 0) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "trim and fill pools by inverse variance, without given "
                        "weights, clusters or nested levels");
    }
    return MTP_OK;
}

/* Slope of Egger's regression, the mixed-effects form. */
static mtp_status egger_slope(const mtp_effects *effects, const mtp_pool_options *pool,
                              double *slope, mtp_error *err)
{
    mtp_asymmetry_options options;
    mtp_asymmetry_result *egger = NULL;
    mtp_error why = {0};
    mtp_status status;

    mtp_asymmetry_options_init(&options, sizeof options);
    options.model = MTP_ASYMMETRY_MIXED;
    options.tau2 = pool->tau2;
    options.tau2_value = pool->tau2_value;
    status = mtp_asymmetry(effects, &options, &egger, &why);
    if (status == MTP_OK) {
        *slope = egger->estimate;
    } else if (status == MTP_E_NOMEM) {
        (void)mtp_fail_nomem(err);
    } else {
        (void)mtp_fail(err, status,
                       "Egger's regression cannot choose the side of trim and fill "
                       "(%s); name it",
                       why.message);
    }
    mtp_asymmetry_free(egger);
    return status;
}

static int by_effect(const void *a, const void *b)
{
    const ranked *x = a, *y = b;

    if (x->y != y->y) {
        return x->y < y->y ? -1 : 1;
    }
    if (x->v != y->v) {
        return x->v > y->v ? -1 : 1;
    }
    return (x->index > y->index) - (x->index < y->index);
}

static mtp_status make_funnel(const mtp_effects *effects, const mtp_pool_options *pool,
                              double sign, mtp_arena *arena, funnel *f, mtp_error *err)
{
    size_t k = effects->k;

    *f = (funnel){.k = k,
                  .study = MTP_ARENA_ARRAY(arena, k, ranked),
                  .y = MTP_ARENA_ARRAY(arena, k, double),
                  .v = MTP_ARENA_ARRAY(arena, k, double),
                  .d = MTP_ARENA_ARRAY(arena, k, double),
                  .sorted = MTP_ARENA_ARRAY(arena, k, double),
                  .point = MTP_ARENA_ARRAY(arena, k, mtp_study_point),
                  .pool = pool};
    if (!f->study || !f->y || !f->v || !f->d || !f->sorted || !f->point) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < k; i++) {
        f->study[i] = (ranked){sign * effects->yi[i], effects->vi[i], i};
    }
    qsort(f->study, k, sizeof *f->study, by_effect);
    for (size_t i = 0; i < k; i++) {
        f->y[i] = f->study[i].y;
        f->v[i] = f->study[i].v;
    }
    return MTP_OK;
}

/* Trim, centre and count, until the count stays. It follows from the one before, so
 * that one that has not stayed after k + 1 steps never will. */
static mtp_status iterate(funnel *f, mtp_trim_fill_result *r, mtp_error *err)
{
    mtp_plain_mean mean;
    mtp_missing missing;

    for (size_t step = 1; step <= f->k + 1; step++) {
        mtp_status status =
            mtp_plain_mean_of(f->k - r->k0, f->y, f->v, f->pool->tau2,
                              f->pool->tau2_value, f->point, &mean, err);
        size_t before = r->k0;

        if (status != MTP_OK) {
            return status;
        }
        for (size_t i = 0; i < f->k; i++) {
            f->d[i] = f->y[i] - mean.estimate;
        }
        missing = mtp_missing_studies(r->estimator, f->k, f->d, f->sorted);
        if (!(missing.k0 < (double)f->k - 0.5)) {
            return mtp_fail(err, MTP_E_DEGENERATE,
                            "%s has no value here: nearly all studies lie on one side "
                            "of those that are left",
                            mtp_trim_fill_id(r->estimator));
        }
        r->k0 = missing.k0 > 0.0 ? (size_t)nearbyint(missing.k0) : 0;
        r->k0_se = missing.se;
        r->center = mean.estimate;
        r->iterations = step;
        if (r->k0 == before) {
            return MTP_OK;
        }
    }
    return mtp_fail(err, MTP_E_NOCONV,
                    "the number of missing studies goes round in circles by %s; "
                    "another estimator may settle",
                    mtp_trim_fill_id(r->estimator));
}

/* A column of the studies, then of those that the filled ones mirror. */
static const double *extend(const double column[], const mtp_trim_fill_result *r,
                            mtp_arena *arena, bool *failed)
{
    double *longer;

    if (!column) {
        return NULL;
    }
    longer = MTP_ARENA_ARRAY(arena, r->k + r->k0, double);
    if (!longer) {
        *failed = true;
        return NULL;
    }
    memcpy(longer, column, r->k * sizeof *column);
    for (size_t i = 0; i < r->k0; i++) {
        longer[r->k + i] = column[r->fill[i].study];
    }
    return longer;
}

/* Pool the observed studies and the filled ones. A Freeman-Tukey mean is transformed
 * back at sizes, which filled studies have from those that they mirror. */
static mtp_status pool_filled(const mtp_effects *effects, const mtp_pool_options *pool,
                              owner *o, mtp_error *err)
{
    const mtp_trim_fill_result *r = &o->result;
    size_t k = r->k + r->k0;
    bool failed = false;
    double *yi = MTP_ARENA_ARRAY(o->arena, k, double);
    mtp_effects all = {.measure = effects->measure, .k = k, .yi = yi};

    all.vi = extend(effects->vi, r, o->arena, &failed);
    all.n = extend(effects->n, r, o->arena, &failed);
    all.time = extend(effects->time, r, o->arena, &failed);
    if (!yi || failed) {
        return mtp_fail_nomem(err);
    }
    memcpy(yi, effects->yi, r->k * sizeof *yi);
    for (size_t i = 0; i < r->k0; i++) {
        yi[r->k + i] = r->fill[i].yi;
    }
    return mtp_pool(&all, NULL, pool, &o->pooled, err);
}

/* The mirror images of the k0 most extreme studies, on the scale of the data. */
static mtp_status fill(const funnel *f, double sign, owner *o, mtp_error *err)
{
    mtp_trim_fill_result *r = &o->result;
    mtp_filled *filled = MTP_ARENA_ARRAY(o->arena, r->k0, mtp_filled);

    if (!filled) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < r->k0; i++) {
        const ranked *study = &f->study[f->k - 1 - i];

        filled[i] =
            (mtp_filled){study->index, sign * (2.0 * r->center - study->y), study->v};
    }
    r->fill = filled;
    r->center *= sign;
    if (r->estimator == MTP_TRIM_FILL_R0) {
        r->k0_p = ldexp(1.0, -(int)r->k0 - 1);
    }
    return MTP_OK;
}

static mtp_status run(const mtp_effects *effects, const mtp_pool_options *pool,
                      owner *o, mtp_error *err)
{
    mtp_trim_fill_result *r = &o->result;
    mtp_status status = MTP_OK;
    double sign;
    funnel f;

    if (r->side == MTP_SIDE_AUTO) {
        status = egger_slope(effects, pool, &r->slope, err);
        r->side = r->slope < 0.0 ? MTP_SIDE_RIGHT : MTP_SIDE_LEFT;
    }
    sign = r->side == MTP_SIDE_RIGHT ? -1.0 : 1.0;
    if (status == MTP_OK) {
        status = make_funnel(effects, pool, sign, o->arena, &f, err);
    }
    if (status == MTP_OK) {
        status = iterate(&f, r, err);
    }
    if (status == MTP_OK) {
        status = fill(&f, sign, o, err);
    }
    if (status == MTP_OK) {
        status = pool_filled(effects, pool, o, err);
    }
    r->pooled = o->pooled;
    return status;
}

mtp_status mtp_trim_fill(const mtp_effects *effects, const mtp_pool_options *pool,
                         const mtp_trim_fill_options *options,
                         mtp_trim_fill_result **result, mtp_error *err)
{
    mtp_trim_fill_options used;
    mtp_pool_options pool_used;
    mtp_status status = take_options(options, &used, err);
    mtp_arena *arena;
    owner *o;

    mtp_pool_options_init(&pool_used, sizeof pool_used);
    if (status == MTP_OK) {
        status = mtp_pool_check(effects, NULL, pool, &pool_used, err);
    }
    if (status == MTP_OK) {
        status = check_pool(&pool_used, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    if (effects->k < 2) {
        return mtp_fail(err, MTP_E_DEGENERATE,
                        "trim and fill needs at least 2 studies, got %zu", effects->k);
    }
    arena = mtp_arena_new();
    o = arena ? MTP_ARENA_NEW(arena, owner) : NULL;
    if (!o) {
        mtp_arena_free(arena);
        return mtp_fail_nomem(err);
    }
    o->arena = arena;
    o->result = (mtp_trim_fill_result){.estimator = used.estimator,
                                       .side = used.side,
                                       .k = effects->k,
                                       .slope = (double)NAN,
                                       .k0_p = (double)NAN};
    status = run(effects, &pool_used, o, err);
    if (status != MTP_OK) {
        mtp_trim_fill_free(&o->result);
        return status;
    }
    *result = &o->result;
    return MTP_OK;
}

void mtp_trim_fill_free(mtp_trim_fill_result *result)
{
    owner *o = (owner *)(void *)result; /* its first member */

    if (o) {
        mtp_pool_result_free(o->pooled);
        mtp_arena_free(o->arena);
    }
}
