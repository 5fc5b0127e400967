/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Influence of each study: the fit of all, b with covariance V and leverages h, against
 * the fit without study i, b_(i) and V_(i). With D = b - b_(i) and
 * s = v + tau2_(i) + x'V_(i) x the covariance of b at the weights of fit (i) of all
 * studies is V_(i) - V_(i) x x'V_(i) / s (Sherman & Morrison (1950), Ann Math Stat
 * 21:124-127, doi:10.1214/aoms/1177729893).
 */
#include "metapool/sensitivity.h"

#include "core/error.h"
#include "core/owned.h"
#include "core/parallel.h"
#include "models/deletion.h"
#include "models/pool_check.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

typedef struct influence_job {
    const mtp_effects *effects;
    const mtp_moderators *mods; /* NULL: one mean */
    size_t p;
    mtp_regress_options options;
    bool whole;
    mtp_arena *scratch;
    mtp_deletion_fit all;
    mtp_dd *factor; /* [p * p] L and D of V */
    mtp_study_influence *study;
    double *figures; /* [k * 3 p] dfbetas, estimates and their se without each study */
} influence_job;

const char *mtp_influence_rule_id(mtp_influence_rule rule)
{
#define MTP_ENUM_ITEM(name, id, label) id,
    static const char *const text[] = {MTP_INFLUENCE_RULE_LIST(MTP_ENUM_ITEM)};
#undef MTP_ENUM_ITEM

    return (unsigned)rule < MTP_INFLUENCE_RULE_COUNT ? text[rule] : "";
}

const char *mtp_influence_rule_label(mtp_influence_rule rule)
{
#define MTP_ENUM_ITEM(name, id, label) label,
    static const char *const text[] = {MTP_INFLUENCE_RULE_LIST(MTP_ENUM_ITEM)};
#undef MTP_ENUM_ITEM

    return (unsigned)rule < MTP_INFLUENCE_RULE_COUNT ? text[rule] : "";
}

/* A = L D L' of a positive definite A: L below the diagonal, D on it. */
static void factor_in_place(size_t p, mtp_dd a[])
{
    for (size_t j = 0; j < p; j++) {
        for (size_t i = j + 1; i < p; i++) {
            mtp_dd ratio = mtp_dd_div(a[i * p + j], a[j * p + j]);

            for (size_t l = j + 1; l <= i; l++) {
                mtp_dd product = mtp_dd_mul(ratio, a[l * p + j]);

                a[i * p + l] = mtp_dd_sub(a[i * p + l], product);
            }
        }
        for (size_t i = j + 1; i < p; i++) {
            a[i * p + j] = mtp_dd_div(a[i * p + j], a[j * p + j]);
        }
    }
}

/* d' A^-1 d from A = L D L'; d becomes L^-1 d. */
static mtp_dd inverse_form(size_t p, const mtp_dd factor[], mtp_dd d[])
{
    mtp_dd sum = {0.0, 0.0};

    for (size_t i = 0; i < p; i++) {
        for (size_t j = 0; j < i; j++) {
            d[i] = mtp_dd_sub(d[i], mtp_dd_mul(factor[i * p + j], d[j]));
        }
        sum = mtp_dd_add(sum, mtp_dd_div(mtp_dd_sqr(d[i]), factor[i * p + i]));
    }
    return sum;
}

static mtp_dd dot(size_t p, const mtp_dd a[], const double x[])
{
    mtp_dd sum = {0.0, 0.0};

    for (size_t j = 0; j < p; j++) {
        sum = mtp_dd_add(sum, mtp_dd_mul_d(a[j], x[j]));
    }
    return sum;
}

/* Coefficient by coefficient: dfbetas, b_(i) and its standard error. */
static void compare_coefficients(const mtp_deletion_fit *fit, const double x[],
                                 mtp_dd total, const mtp_dd shift[], double dfbetas[],
                                 double estimate[], double se[])
{
    for (size_t j = 0; j < fit->p; j++) {
        mtp_dd own = fit->cov[j * fit->p + j];
        mtp_dd along = dot(fit->p, fit->cov + j * fit->p, x), with;

        with = mtp_dd_sub(own, mtp_dd_div(mtp_dd_sqr(along), total));
        dfbetas[j] = mtp_dd_to(mtp_dd_div(shift[j], mtp_dd_sqrt(with)));
        estimate[j] = mtp_dd_to(fit->beta[j]);
        se[j] = mtp_dd_to(mtp_dd_sqrt(own));
    }
}

double mtp_influence_cutoff(mtp_influence_rule rule, size_t k, size_t p)
{
    double studies = (double)k, coefficients = (double)p;

    switch (rule) {
    case MTP_INFLUENCE_DFFITS:
        return k > p ? 3.0 * sqrt(coefficients / (studies - coefficients))
                     : (double)NAN;
    case MTP_INFLUENCE_COOKS_D:
        return mtp_chisq_upper_quantile(0.5, coefficients);
    case MTP_INFLUENCE_HAT:
        return 3.0 * coefficients / studies;
    case MTP_INFLUENCE_DFBETAS:
        return 1.0;
    default:
        return (double)NAN;
    }
}

/* Whether |value| > limit; never for NaN. */
static unsigned beyond(double value, double limit, mtp_influence_rule rule)
{
    return fabs(value) > limit ? 1u << rule : 0u;
}

static void flag(const influence_job *job, mtp_study_influence *s)
{
    static const mtp_influence_rule rule[] = {MTP_INFLUENCE_DFFITS, MTP_INFLUENCE_HAT};
    size_t k = job->effects->k;
    double p = (double)job->p;

    s->flags = beyond(s->dffits, mtp_influence_cutoff(rule[0], k, job->p), rule[0]) |
               beyond(s->hat, mtp_influence_cutoff(rule[1], k, job->p), rule[1]);
    if (s->cooks_d > 0.0) {
        s->flags |=
            beyond(mtp_chisq_lower(s->cooks_d, p).p, 0.5, MTP_INFLUENCE_COOKS_D);
    }
    for (size_t j = 0; j < job->p; j++) {
        s->flags |= beyond(s->dfbetas[j], 1.0, MTP_INFLUENCE_DFBETAS);
    }
    s->influential = s->flags != 0;
}

/* All figures that rest on the fit without study i. */
static void compare(const influence_job *job, size_t i, mtp_deletion_fit *fit,
                    mtp_dd shift[])
{
    size_t p = job->p;
    mtp_study_influence *s = &job->study[i];
    const double *x = mtp_deletion_row(job->mods, i);
    double *own = job->figures + i * 3 * p;
    mtp_dd variance = mtp_dd_add(fit->tau2, mtp_dd_from(job->effects->vi[i])), moved;
    mtp_dd mean = mtp_linear_variance(p, fit->cov, x), ratio = {1.0, 0.0};
    mtp_dd total = mtp_dd_add(variance, mean), scale;

    for (size_t j = 0; j < p; j++) {
        shift[j] = mtp_dd_sub(job->all.beta[j], fit->beta[j]);
    }
    moved = dot(p, shift, x);
    s->rstudent = mtp_dd_to(
        mtp_dd_div(mtp_dd_sub(mtp_dd_from(job->effects->yi[i]), dot(p, fit->beta, x)),
                   mtp_dd_sqrt(total)));
    scale = mtp_dd_sqrt(mtp_dd_mul_d(variance, s->hat));
    s->dffits = mtp_dd_to(mtp_dd_div(moved, scale));
    s->tau2_del = mtp_dd_to(fit->tau2);
    s->Q_del = fit->Q;
    s->baujat_y = mtp_dd_to(mtp_dd_div(mtp_dd_sqr(moved), mean));
    compare_coefficients(fit, x, total, shift, own, own + p, own + 2 * p);
    s->cooks_d = mtp_dd_to(inverse_form(p, job->factor, shift));
    factor_in_place(p, fit->cov);
    for (size_t j = 0; j < p; j++) {
        size_t at = j * p + j;

        ratio = mtp_dd_mul(ratio, mtp_dd_div(fit->cov[at], job->factor[at]));
    }
    s->cov_r = mtp_dd_to(ratio);
}

/* What the fit of all studies says of study i, which stands at a point of it. */
static void describe(const influence_job *job, size_t point)
{
    const mtp_studies *studies = &job->all.job.studies;
    const mtp_columns *columns = studies->columns;
    size_t i = studies->point[point].index;
    mtp_study_influence *s = &job->study[i];
    const double *x = mtp_deletion_row(job->mods, i);
    mtp_dd y = mtp_dd_from(job->effects->yi[i]);
    mtp_dd variance = mtp_dd_add(job->all.tau2, mtp_dd_from(job->effects->vi[i]));
    mtp_dd w = mtp_weight(studies->point[point].v, job->all.job.tau2.tau2);
    mtp_dd share = mtp_dd_div(w, job->all.at_tau2.w), se = mtp_dd_sqrt(variance);
    mtp_dd residual = mtp_dd_sub(y, dot(job->p, job->all.beta, x));

    s->hat = mtp_dd_to(columns ? columns->leverage[point] : share);
    s->weight = 100.0 * mtp_dd_to(share);
    s->baujat_x = mtp_dd_to(mtp_dd_div(mtp_dd_sqr(residual), variance));
    s->radial_x = mtp_dd_to(mtp_dd_inv(se));
    s->radial_z = mtp_dd_to(mtp_dd_div(y, se));
    s->dfbetas = job->figures + i * 3 * job->p;
    s->estimate_del = s->dfbetas + job->p;
    s->se_del = s->dfbetas + 2 * job->p;
    s->rstudent = s->dffits = s->cooks_d = s->cov_r = (double)NAN;
    s->tau2_del = s->Q_del = s->baujat_y = (double)NAN;
    s->flags = 0;
    s->influential = false;
    for (size_t j = 0; j < 3 * job->p; j++) {
        job->figures[i * 3 * job->p + j] = (double)NAN;
    }
}

static mtp_status delete_one(void *context, size_t i)
{
    const influence_job *job = (const influence_job *)context;
    mtp_arena *arena = mtp_arena_new();
    mtp_deletion_fit *fit = arena ? MTP_ARENA_NEW(arena, mtp_deletion_fit) : NULL;
    mtp_dd *shift = fit ? MTP_ARENA_ARRAY(arena, job->p, mtp_dd) : NULL;
    mtp_status status = MTP_E_NOMEM;

    if (shift && job->effects->k > job->p + 1) {
        status = mtp_deletion_fit_make(job->effects, job->mods, &job->options, i, arena,
                                       fit, NULL);
        if (status == MTP_OK) {
            compare(job, i, fit, shift);
        }
    } else if (shift) {
        status = MTP_OK;
    }
    flag(job, &job->study[i]);
    mtp_arena_free(arena);
    return status == MTP_E_DATA ? MTP_OK : status; /* no fit without it */
}

static mtp_status check(influence_job *job, const mtp_influence_options *options,
                        mtp_error *err)
{
    mtp_influence_options used;
    mtp_regress_options regress;
    mtp_pool_options pool, checked;

    if (options && options->size < offsetof(mtp_influence_options, tau2)) {
        return mtp_fail(err, MTP_E_ARG,
                        "the options have no size; mtp_influence_options_init sets it");
    }
    mtp_influence_options_init(&used, sizeof used);
    mtp_options_take(&used, sizeof used, options);
    mtp_regress_options_init(&regress, sizeof regress);
    regress.tau2 = used.tau2;
    regress.tau2_value = used.tau2_value;
    regress.threads = used.threads;
    job->whole = used.whole;
    regress.ci = MTP_CI_WALD; /* the covariance has no factor */
    if (job->mods) {
        return mtp_regress_check(job->effects, job->mods, &regress, &job->options, err);
    }
    pool = mtp_regress_as_pool(&regress);
    job->options = regress;
    return mtp_pool_check(job->effects, NULL, &pool, &checked, err);
}

static mtp_status make_room(influence_job *job, mtp_influence_result *r, mtp_error *err)
{
    size_t k = job->effects->k, p = job->p;
    double *all = MTP_ARENA_ARRAY(mtp_owned_arena(r), 2 * p, double);

    job->study = MTP_ARENA_ARRAY(mtp_owned_arena(r), k, mtp_study_influence);
    job->figures = mtp_arena_alloc(mtp_owned_arena(r), k, 3 * p * sizeof *job->figures);
    job->factor = MTP_ARENA_ARRAY(job->scratch, p * p, mtp_dd);
    if (!all || !job->study || !job->figures || !job->factor) {
        return mtp_fail_nomem(err);
    }
    memcpy(job->factor, job->all.cov, p * p * sizeof *job->factor);
    factor_in_place(p, job->factor);
    for (size_t j = 0; j < p; j++) {
        all[j] = mtp_dd_to(job->all.beta[j]);
        all[p + j] = mtp_dd_to(mtp_dd_sqrt(job->all.cov[j * p + j]));
    }
    *r = (mtp_influence_result){.k = k,
                                .p = p,
                                .tau2 = mtp_dd_to(job->all.tau2),
                                .Q = job->all.Q,
                                .estimate = all,
                                .se = all + p,
                                .study = job->study};
    return MTP_OK;
}

static mtp_status run(influence_job *job, mtp_influence_result *r, mtp_error *err)
{
    mtp_status status =
        mtp_deletion_fit_make(job->effects, job->mods, &job->options, job->effects->k,
                              job->scratch, &job->all, err);

    if (status == MTP_OK) {
        status = make_room(job, r, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    for (size_t point = 0; point < job->effects->k; point++) {
        describe(job, point);
    }
    if (job->whole) {
        return MTP_OK;
    }
    status = mtp_parallel_for(job->effects->k, job->options.threads, delete_one, job);
    return status == MTP_OK ? MTP_OK : mtp_fail_nomem(err);
}

void mtp_influence_options_init(mtp_influence_options *options, size_t size)
{
    const mtp_influence_options defaults = {
        .size = size, .tau2 = MTP_TAU2_REML, .threads = 1};

    mtp_options_give(options, size, &defaults, sizeof defaults);
}

mtp_status mtp_influence(const mtp_effects *effects, const mtp_moderators *moderators,
                         const mtp_influence_options *options,
                         mtp_influence_result **result, mtp_error *err)
{
    influence_job job = {
        .effects = effects, .mods = moderators, .p = moderators ? moderators->p : 1};
    mtp_status status = check(&job, options, err);
    mtp_influence_result *r;

    if (status != MTP_OK) {
        return status;
    }
    r = MTP_OWNED_NEW(mtp_influence_result);
    job.scratch = r ? mtp_arena_new() : NULL;
    status = job.scratch ? run(&job, r, err) : mtp_fail_nomem(err);
    mtp_arena_free(job.scratch);
    if (status == MTP_OK) {
        *result = r;
    } else {
        mtp_owned_free(r);
    }
    return status;
}

void mtp_influence_free(mtp_influence_result *result)
{
    mtp_owned_free(result);
}
