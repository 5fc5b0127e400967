/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/pool_robust.h"

#include "core/error.h"
#include "models/between.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

/* Room for a model with one column a subgroup over the studies of a set. */
typedef struct robust_room {
    double *variance, *residual; /* [k] */
    size_t *cluster;             /* [k] numbered as they come, without gaps */
    size_t *number;              /* [n_clusters] */
} robust_room;

static mtp_status make_room(mtp_arena *arena, size_t k, size_t n_clusters,
                            robust_room *room, mtp_error *err)
{
    *room = (robust_room){
        MTP_ARENA_ARRAY(arena, k, double), MTP_ARENA_ARRAY(arena, k, double),
        MTP_ARENA_ARRAY(arena, k, size_t), MTP_ARENA_ARRAY(arena, n_clusters, size_t)};
    return room->variance && room->residual && room->cluster && room->number
               ? MTP_OK
               : mtp_fail_nomem(err);
}

/* The clusters of k studies as 0 .. m - 1, in the order of their numbers; returns m. */
static size_t number_clusters(size_t k, const size_t cluster[], size_t n_clusters,
                              robust_room *room)
{
    size_t m = 0;

    memset(room->number, 0, n_clusters * sizeof *room->number);
    for (size_t i = 0; i < k; i++) {
        room->number[cluster[i]] = 1;
    }
    for (size_t c = 0; c < n_clusters; c++) {
        room->number[c] = room->number[c] ? m++ : 0;
    }
    for (size_t i = 0; i < k; i++) {
        room->cluster[i] = room->number[cluster[i]];
    }
    return m;
}

/* The study with the largest weight: others are taken from its effect. */
static size_t heaviest(const mtp_study_set *set)
{
    size_t at = 0;

    for (size_t i = 1; i < set->k; i++) {
        bool more = set->weights ? set->weights[i] > set->weights[at]
                                 : set->vi[i] < set->vi[at];

        at = more ? i : at;
    }
    return at;
}

/* Working variances and the residuals of the set's mean. Weights are relative to the
 * largest, so that no sum overflows. */
static void set_residuals(const mtp_study_set *set, double tau2, double variance[],
                          double residual[])
{
    size_t at = heaviest(set);
    double centre = set->yi[at];
    mtp_dd most = set->weights ? mtp_dd_from(set->weights[at])
                               : mtp_dd_two_sum(set->vi[at], tau2);
    mtp_dd sum_w = {0.0, 0.0}, mean = sum_w;

    for (size_t i = 0; i < set->k; i++) {
        mtp_dd v = mtp_dd_two_sum(set->vi[i], tau2);
        mtp_dd w = set->weights ? mtp_dd_div(mtp_dd_from(set->weights[i]), most)
                                : mtp_dd_div(most, v);

        variance[i] = mtp_dd_to(v);
        sum_w = mtp_dd_add(sum_w, w);
        mean = mtp_dd_add(mean, mtp_dd_mul(w, mtp_dd_two_sum(set->yi[i], -centre)));
    }
    mean = mtp_dd_div(mean, sum_w);
    for (size_t i = 0; i < set->k; i++) {
        mtp_dd d = mtp_dd_two_sum(set->yi[i], -centre);

        residual[i] = mtp_dd_to(mtp_dd_sub(d, mean));
    }
}

static mtp_interval interval(const mtp_estimate *e, double se, double df, double level)
{
    double c = mtp_t_upper_quantile(mtp_tail_of_level(level), df);
    mtp_interval made = {.method = MTP_CI_ROBUST,
                         .se = se,
                         .df = df,
                         .statistic = (double)NAN,
                         .p = (double)NAN,
                         .log_p = (double)NAN,
                         .lower = e->estimate - c * se,
                         .upper = e->estimate + c * se,
                         .estimate = e->estimate};

    if (!isnan(e->null_value) && se > 0.0) {
        mtp_tail tail;

        made.statistic = (e->estimate - e->null_value) / se;
        tail = mtp_t_two_sided(made.statistic, df);
        made.p = tail.p;
        made.log_p = tail.log_p;
    }
    return made;
}

static mtp_prediction prediction(const mtp_estimate *e, double tau2, double level)
{
    double df = e->ci.df, se = hypot(sqrt(tau2), e->ci.se);
    double half = se * mtp_t_upper_quantile(mtp_tail_of_level(level), df);

    return (mtp_prediction){MTP_PI_ROBUST, se, df, e->estimate - half,
                            e->estimate + half};
}

/* The robust variance of one set's mean, common or random; NaN with one cluster. */
static mtp_status variance_of(const mtp_pool_job *job, size_t s, bool random,
                              robust_room *room, double *se, double *df, mtp_error *err)
{
    const mtp_study_set *set = &job->sets.set[s];
    mtp_robust_model model;
    mtp_robust_result *made = NULL;
    mtp_status status;

    *se = *df = (double)NAN;
    mtp_robust_model_init(&model, sizeof model);
    model.k = set->k;
    model.p = 1;
    model.residual = room->residual;
    model.variance = room->variance;
    model.weight = set->weights;
    model.cluster = room->cluster;
    model.clusters = job->pooled[s].robust.clusters;
    if (model.clusters < 2) {
        return MTP_OK;
    }
    if (random && job->nested) {
        model.residual = job->nested->residual;
        model.variance = NULL;
        model.n_blocks = job->nested->levels[0].effects.n_groups;
        model.block = mtp_multilevel_block;
        model.context = job->nested;
    } else {
        double tau2 = random ? mtp_dd_to(job->noted[s].normal.tau2) : 0.0;

        set_residuals(set, tau2, room->variance, room->residual);
    }
    status = mtp_robust(&model, job->options.robust, &made, err);
    if (status == MTP_OK) {
        *se = sqrt(made->vcov[0]);
        *df = made->df[0];
        mtp_robust_free(made);
    }
    return status;
}

static mtp_status fit_set(mtp_pool_job *job, size_t s, robust_room *room,
                          mtp_error *err)
{
    const mtp_study_set *set = &job->sets.set[s];
    mtp_pooled *pooled = &job->pooled[s];
    mtp_normal_detail *detail = &job->noted[s].normal;
    double tau2 = mtp_dd_to(detail->tau2), level = job->options.level, se, df;
    mtp_interval made;
    mtp_status status;

    pooled->robust.type = job->options.robust;
    pooled->robust.clusters =
        number_clusters(set->k, set->cluster, job->options.n_clusters, room);
    if (set->k == 1) {
        return MTP_OK;
    }
    status = variance_of(job, s, false, room, &se, &df, err);
    if (status != MTP_OK) {
        return status;
    }
    made = interval(&pooled->common, se, df, level);
    mtp_estimate_take_interval(&made, set, &pooled->common, &detail->clipped);
    status = variance_of(job, s, true, room, &se, &df, err);
    if (status != MTP_OK) {
        return status;
    }
    made = interval(&pooled->random, se, df, level);
    mtp_estimate_take_interval(&made, set, &pooled->random, &detail->clipped);
    if (mtp_pi_chosen(&job->options) == MTP_PI_ROBUST) {
        mtp_prediction pi = prediction(&pooled->random, tau2, level);

        mtp_estimate_take_prediction(&pi, set, &pooled->random, &detail->clipped);
    }
    return MTP_OK;
}

mtp_status mtp_pool_fit_robust(mtp_pool_job *job, mtp_error *err)
{
    robust_room room;
    mtp_status status =
        make_room(job->arena, job->effects->k, job->options.n_clusters, &room, err);

    for (size_t s = 0; status == MTP_OK && s < job->sets.n_sets; s++) {
        status = fit_set(job, s, &room, err);
    }
    return status;
}

/* The subgroups as columns: their studies, sorted by subgroup, with a mean each. */
static void describe_groups(const mtp_pool_job *job, bool random, robust_room *room,
                            double x[])
{
    size_t groups = job->sets.n_sets - 1;

    for (size_t g = 0; g < groups; g++) {
        size_t at = job->sets.start[g];
        const mtp_study_set *set = &job->sets.set[g + 1];
        double tau2 = random ? mtp_dd_to(job->noted[g + 1].normal.tau2) : 0.0;

        set_residuals(set, tau2, room->variance + at, room->residual + at);
        for (size_t i = 0; i < set->k; i++) {
            for (size_t c = 0; c < groups; c++) {
                x[(at + i) * groups + c] = c == g ? 1.0 : 0.0;
            }
        }
    }
}

/* Every mean less the first, and these differences. */
static void contrast_groups(const mtp_pool_job *job, bool random, double l[],
                            double difference[])
{
    size_t groups = job->sets.n_sets - 1;
    double first = (random ? &job->pooled[1].random : &job->pooled[1].common)->estimate;

    memset(l, 0, (groups - 1) * groups * sizeof *l);
    for (size_t g = 1; g < groups; g++) {
        const mtp_pooled *pooled = &job->pooled[g + 1];

        l[(g - 1) * groups] = -1.0;
        l[(g - 1) * groups + g] = 1.0;
        difference[g - 1] =
            (random ? &pooled->random : &pooled->common)->estimate - first;
    }
}

static mtp_status test_groups(const mtp_pool_job *job, bool random, mtp_arena *scratch,
                              mtp_test *test)
{
    size_t k = job->effects->k, groups = job->sets.n_sets - 1;
    double *x = mtp_arena_alloc(scratch, k, groups * sizeof *x);
    double *l = mtp_arena_alloc(scratch, groups, groups * sizeof *l);
    double *difference = MTP_ARENA_ARRAY(scratch, groups, double);
    const mtp_study_set *sorted = &job->sets.set[1];
    mtp_robust_model model;
    mtp_robust_result *made = NULL;
    mtp_robust_test f;
    robust_room room;
    mtp_status status = make_room(scratch, k, job->options.n_clusters, &room, NULL);

    if (!x || !l || !difference || status != MTP_OK) {
        return MTP_E_NOMEM;
    }
    describe_groups(job, random, &room, x);
    contrast_groups(job, random, l, difference);
    mtp_robust_model_init(&model, sizeof model);
    model.k = k;
    model.p = groups;
    model.x = x;
    model.residual = room.residual;
    model.variance = room.variance;
    model.weight = sorted->weights;
    model.cluster = room.cluster;
    model.clusters =
        number_clusters(k, sorted->cluster, job->options.n_clusters, &room);
    status = mtp_robust(&model, job->options.robust, &made, NULL);
    if (status == MTP_OK) {
        status = mtp_robust_wald(made, groups - 1, l, difference, &f, NULL);
    }
    if (status == MTP_OK && !isnan(f.statistic)) {
        *test = (mtp_test){f.statistic, true, f.df1, f.df2, f.p, f.log_p};
    }
    mtp_robust_free(made);
    return status == MTP_E_NOMEM ? status : MTP_OK;
}

mtp_status mtp_pool_robust_between(const mtp_pool_job *job, mtp_test *common,
                                   mtp_test *random)
{
    mtp_arena *scratch;
    mtp_status status;

    *common = *random = mtp_test_missing();
    if (job->sets.n_sets < 3) {
        return MTP_OK;
    }
    scratch = mtp_arena_new();
    status = scratch ? test_groups(job, false, scratch, common) : MTP_E_NOMEM;
    if (status == MTP_OK) {
        status = test_groups(job, true, scratch, random);
    }
    mtp_arena_free(scratch);
    return status;
}
