/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensitivity/subset.h"

#include "models/estimate.h"
#include "models/heterogeneity.h"
#include "models/normal.h"

#include <math.h>

/* A choice of studies and where copies of their columns go. */
typedef struct choice {
    size_t k;
    const size_t *keep;
    mtp_arena *arena;
    bool failed; /* out of memory */
} choice;

static const double *numbers_of(choice *c, const double *column)
{
    double *made = column ? MTP_ARENA_ARRAY(c->arena, c->k, double) : NULL;

    c->failed |= column && !made;
    for (size_t i = 0; made && i < c->k; i++) {
        made[i] = column[c->keep[i]];
    }
    return made;
}

static const size_t *sizes_of(choice *c, const size_t *column)
{
    size_t *made = column ? MTP_ARENA_ARRAY(c->arena, c->k, size_t) : NULL;

    c->failed |= column && !made;
    for (size_t i = 0; made && i < c->k; i++) {
        made[i] = column[c->keep[i]];
    }
    return made;
}

static const mtp_raw *raw_of(choice *c, const mtp_raw *raw)
{
    mtp_raw *made = raw ? MTP_ARENA_NEW(c->arena, mtp_raw) : NULL;

    c->failed |= raw && !made;
    for (size_t r = 0; made && r < MTP_ROLE_COUNT; r++) {
        made->size = sizeof *made;
        made->k = c->k;
        made->column[r] = numbers_of(c, raw->column[r]);
    }
    return made;
}

/* Clusters that lost all studies are no clusters: the others are numbered anew. */
static void take_clusters(choice *c, mtp_pool_options *options)
{
    size_t *number = options->cluster
                         ? MTP_ARENA_ARRAY(c->arena, options->n_clusters, size_t)
                         : NULL;
    size_t *made = number ? MTP_ARENA_ARRAY(c->arena, c->k, size_t) : NULL, n = 0;

    c->failed |= options->cluster && !made;
    for (size_t g = 0; made && g < options->n_clusters; g++) {
        number[g] = options->n_clusters;
    }
    for (size_t i = 0; made && i < c->k; i++) {
        size_t g = options->cluster[c->keep[i]];

        if (number[g] == options->n_clusters) {
            number[g] = n++;
        }
        made[i] = number[g];
    }
    options->cluster = made;
    options->n_clusters = n;
}

static void take_levels(choice *c, mtp_pool_options *options)
{
    size_t n = options->n_levels;
    mtp_level *made = n ? MTP_ARENA_ARRAY(c->arena, n, mtp_level) : NULL;

    c->failed |= n && !made;
    for (size_t l = 0; made && l < n; l++) {
        made[l] = options->levels[l];
        made[l].group = sizes_of(c, options->levels[l].group);
    }
    options->levels = made;
}

static mtp_effects effects_of(choice *c, const mtp_effects *all)
{
    return (mtp_effects){.measure = all->measure,
                         .k = c->k,
                         .yi = numbers_of(c, all->yi),
                         .vi = numbers_of(c, all->vi),
                         .raw = raw_of(c, all->raw),
                         .events = numbers_of(c, all->events),
                         .n = numbers_of(c, all->n),
                         .time = numbers_of(c, all->time)};
}

static mtp_subset_estimate figures_of(const mtp_estimate *e)
{
    mtp_subset_estimate made = {.estimate = e->estimate,
                                .se = e->ci.se,
                                .df = e->ci.df,
                                .statistic = e->ci.statistic,
                                .p = e->ci.p,
                                .log_p = e->ci.log_p,
                                .ci_lower = e->ci.lower,
                                .ci_upper = e->ci.upper,
                                .pi_lower = e->pi.lower,
                                .pi_upper = e->pi.upper,
                                .null_value = e->null_value,
                                .wald_se = (double)NAN};

    made.back.estimate = e->back.estimate;
    made.back.ci_lower = e->back.ci_lower;
    made.back.ci_upper = e->back.ci_upper;
    made.back.pi_lower = e->back.pi_lower;
    made.back.pi_upper = e->back.pi_upper;
    for (size_t i = 0; i < e->n_intervals; i++) {
        if (e->intervals[i].method == MTP_CI_WALD) {
            made.wald_se = e->intervals[i].se;
        }
    }
    return made;
}

mtp_subset_fit mtp_subset_figures(const mtp_pooled *pooled)
{
    const mtp_heterogeneity *h = &pooled->heterogeneity;

    return (mtp_subset_fit){.k = pooled->k,
                            .exists = pooled->exists,
                            .common = figures_of(&pooled->common),
                            .random = figures_of(&pooled->random),
                            .Q = h->Q,
                            .df = h->df,
                            .Q_p = h->p,
                            .Q_log_p = h->log_p,
                            .tau2 = h->tau2,
                            .I2 = h->I2,
                            .H2 = h->H2,
                            .I2_Q = h->I2_Q};
}

static mtp_subset_fit no_fit(size_t k, const mtp_pool_options *options,
                             mtp_status status)
{
    mtp_pooled none = {.k = k};
    mtp_subset_fit made;

    mtp_heterogeneity_clear(&none.heterogeneity);
    mtp_estimate_missing(options, false, &none.common);
    mtp_estimate_missing(options, true, &none.random);
    made = mtp_subset_figures(&none);
    made.status = status;
    return made;
}

static mtp_status pool(choice *c, const mtp_effects *all, mtp_pool_options options,
                       mtp_subset_fit *fit)
{
    mtp_effects effects = effects_of(c, all);
    mtp_pool_result *result = NULL;
    mtp_status status;

    options.weights = numbers_of(c, options.weights);
    take_clusters(c, &options);
    take_levels(c, &options);
    options.threads = 1;
    if (c->failed) {
        return MTP_E_NOMEM;
    }
    status = mtp_pool(&effects, NULL, &options, &result, NULL);
    if (status == MTP_E_NOMEM) {
        return status;
    }
    *fit = status == MTP_OK ? mtp_subset_figures(&result->overall)
                            : no_fit(c->k, &options, status);
    mtp_pool_result_free(result);
    return MTP_OK;
}

/* Whether one call of the kernel makes all of the fit that is read: what mtp_pool adds
 * are intervals of tau2, weights and notes. */
static bool is_plain(const mtp_pool_options *o)
{
    return o->method == MTP_METHOD_INVERSE && !o->weights && o->n_levels == 0 &&
           o->ci != MTP_CI_PL && o->ci != MTP_CI_HC && o->ci != MTP_CI_ROBUST &&
           o->predict != MTP_PI_NNF && o->predict != MTP_PI_ROBUST;
}

static mtp_status pool_plain(choice *c, const mtp_effects *all,
                             const mtp_pool_options *options, mtp_subset_fit *fit)
{
    mtp_study_point *point = MTP_ARENA_ARRAY(c->arena, c->k, mtp_study_point);
    mtp_pooled *pooled = MTP_ARENA_NEW(c->arena, mtp_pooled);
    mtp_study_set set = {.measure = all->measure,
                         .k = c->k,
                         .yi = numbers_of(c, all->yi),
                         .vi = numbers_of(c, all->vi),
                         .events = numbers_of(c, all->events),
                         .n = numbers_of(c, all->n),
                         .time = numbers_of(c, all->time)};
    mtp_normal_detail detail;
    mtp_study_block block;
    mtp_studies studies;
    mtp_status status;

    if (!point || !pooled || c->failed) {
        return MTP_E_NOMEM;
    }
    status = c->k > 0 ? mtp_studies_prepare(c->k, set.yi, set.vi, 1, NULL, point,
                                            &block, &studies, NULL)
                      : MTP_E_DATA;
    if (status != MTP_OK) {
        *fit = no_fit(c->k, options, status);
        return MTP_OK;
    }
    studies.no_errors = true;
    pooled->k = c->k;
    mtp_fit_normal(&studies, &set, NULL, options, NULL, pooled, &detail);
    *fit = mtp_subset_figures(pooled);
    return MTP_OK;
}

mtp_status mtp_subset_pool(const mtp_effects *effects, const mtp_pool_options *options,
                           size_t k, const size_t keep[], mtp_subset_fit *fit)
{
    choice c = {.k = k, .keep = keep, .arena = mtp_arena_new()};
    mtp_status status = MTP_E_NOMEM;

    if (c.arena) {
        status = is_plain(options) ? pool_plain(&c, effects, options, fit)
                                   : pool(&c, effects, *options, fit);
    }
    mtp_arena_free(c.arena);
    return status;
}
