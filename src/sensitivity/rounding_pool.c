/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rounding of what is pooled. */
#include "core/dd.h"
#include "core/error.h"
#include "core/owned.h"
#include "models/between.h"
#include "sensitivity/rounding_job.h"
#include "sensitivity/subset.h"

#include <math.h>
#include <string.h>

/* Figures of a set as they are kept: those of the list, the statistics behind their
 * p-values, Wald standard errors, and on the natural scale those that have one. */
enum {
    COMMON_STATISTIC = MTP_ROUNDED_COUNT,
    RANDOM_STATISTIC,
    COMMON_SE,
    RANDOM_SE,
    BACK, /* common: estimate and limits; random: the same; prediction */
    BACKS = 8,
    SET_FIGURES = BACK + BACKS,
};

/* Figures of the tests of subgroups, after those of all sets: statistics, each with its
 * p; of two subgroups the roots of the first two, with the sign of the difference. */
enum {
    COMMON_TEST = 0,
    RANDOM_TEST = 2,
    WITHIN_TEST = 4,
    COMMON_ROOT = 6,
    RANDOM_ROOT,
    TEST_FIGURES
};

/*
 * What is pooled. Where sets are fitted each by itself, a part of the model is a set,
 * and the last one the tests of the subgroups; otherwise all is one part.
 */
typedef struct pooling {
    const mtp_grouping *grouping; /* or NULL */
    mtp_pool_options options;     /* on one thread */
    size_t n_sets;                /* overall, then the subgroups */
    bool apart;
    size_t *size;    /* [n_sets] studies of each set, where sets are apart */
    size_t **member; /* [n_sets][size] */
} pooling;

static void keep_estimate(const mtp_subset_estimate *e, double figure[4],
                          double *statistic, double back[3])
{
    figure[0] = e->estimate;
    figure[1] = e->ci_lower;
    figure[2] = e->ci_upper;
    figure[3] = e->p;
    *statistic = e->statistic;
    back[0] = e->back.estimate;
    back[1] = e->back.ci_lower;
    back[2] = e->back.ci_upper;
}

static void keep_set(const mtp_subset_fit *fit, double figure[])
{
    double *back = figure + BACK;

    keep_estimate(&fit->common, figure + MTP_ROUNDED_COMMON, figure + COMMON_STATISTIC,
                  back);
    figure[COMMON_SE] = fit->common.se;
    if (!fit->exists) {
        return;
    }
    keep_estimate(&fit->random, figure + MTP_ROUNDED_RANDOM, figure + RANDOM_STATISTIC,
                  back + 3);
    figure[RANDOM_SE] = fit->random.wald_se;
    back[6] = fit->random.back.pi_lower;
    back[7] = fit->random.back.pi_upper;
    figure[MTP_ROUNDED_PI_LOWER] = fit->random.pi_lower;
    figure[MTP_ROUNDED_PI_UPPER] = fit->random.pi_upper;
    figure[MTP_ROUNDED_TAU2] = fit->tau2;
    figure[MTP_ROUNDED_I2] = fit->I2;
    figure[MTP_ROUNDED_Q] = fit->Q;
    figure[MTP_ROUNDED_Q_P] = fit->Q_p;
}

static void keep_test(const mtp_test *test, double figure[2])
{
    figure[0] = test->statistic;
    figure[1] = test->p;
}

static void keep_roots(const pooling *p, double figure[])
{
    const double *a = figure + SET_FIGURES, *b = a + SET_FIGURES;
    double *tests = figure + p->n_sets * SET_FIGURES;

    if (p->n_sets == 3) {
        tests[COMMON_ROOT] = copysign(sqrt(tests[COMMON_TEST]),
                                      a[MTP_ROUNDED_COMMON] - b[MTP_ROUNDED_COMMON]);
        tests[RANDOM_ROOT] = copysign(sqrt(tests[RANDOM_TEST]),
                                      a[MTP_ROUNDED_RANDOM] - b[MTP_ROUNDED_RANDOM]);
    }
}

/* The tests as mtp_pool makes them, from the sets' figures. */
static mtp_status test_groups(const pooling *p, const double df_within, double figure[])
{
    size_t n = p->n_sets - 1;
    mtp_arena *arena = mtp_arena_new();
    double *room = arena ? MTP_ARENA_ARRAY(arena, 4 * n, double) : NULL;
    double *tests = figure + p->n_sets * SET_FIGURES;
    mtp_dd Q = {0.0, 0.0};
    mtp_test test;

    for (size_t g = 0; room && g < n; g++) {
        const double *set = figure + (g + 1) * SET_FIGURES;

        room[g] = set[MTP_ROUNDED_COMMON];
        room[n + g] = set[COMMON_SE];
        room[2 * n + g] = set[MTP_ROUNDED_RANDOM];
        room[3 * n + g] = set[RANDOM_SE];
        if (!isnan(set[MTP_ROUNDED_Q])) {
            Q = mtp_dd_add(Q, mtp_dd_from(set[MTP_ROUNDED_Q]));
        }
    }
    if (room) {
        test = mtp_test_equal(n, room, room + n);
        keep_test(&test, tests + COMMON_TEST);
        test = mtp_test_equal(n, room + 2 * n, room + 3 * n);
        keep_test(&test, tests + RANDOM_TEST);
        test = mtp_test_chisq(mtp_dd_to(Q), df_within);
        keep_test(&test, tests + WITHIN_TEST);
        keep_roots(p, figure);
    }
    mtp_arena_free(arena);
    return room ? MTP_OK : MTP_E_NOMEM;
}

/* One set, or with part n_sets all subgroups and their tests, or with what lies beyond
 * the overall set too. */
static mtp_status fit_apart(const pooling *p, const mtp_effects *effects, size_t part,
                            double figure[])
{
    size_t from = part < p->n_sets ? part : part == p->n_sets && p->grouping ? 1 : 0;
    size_t to = part < p->n_sets ? part + 1 : p->n_sets;
    double df = 0.0;

    for (size_t s = from; s < to; s++) {
        mtp_subset_fit fit;

        if (mtp_subset_pool(effects, &p->options, p->size[s], p->member[s], &fit) !=
            MTP_OK) {
            return MTP_E_NOMEM;
        }
        keep_set(&fit, figure + s * SET_FIGURES);
        df += s > 0 && !isnan(fit.Q) ? fit.df : 0.0;
    }
    return p->grouping && part >= p->n_sets ? test_groups(p, df, figure) : MTP_OK;
}

static mtp_status fit_together(const pooling *p, const mtp_effects *effects,
                               double figure[], mtp_error *err)
{
    mtp_pool_result *pool;
    mtp_subset_fit fit;
    mtp_status status = mtp_pool(effects, p->grouping, &p->options, &pool, err);

    if (status != MTP_OK) {
        return status;
    }
    for (size_t s = 0; s < p->n_sets; s++) {
        fit = mtp_subset_figures(s == 0 ? &pool->overall : &pool->groups[s - 1]);
        keep_set(&fit, figure + s * SET_FIGURES);
    }
    if (p->grouping) {
        double *tests = figure + p->n_sets * SET_FIGURES;

        keep_test(&pool->between.common, tests + COMMON_TEST);
        keep_test(&pool->between.random, tests + RANDOM_TEST);
        keep_test(&pool->between.within, tests + WITHIN_TEST);
        keep_roots(p, figure);
    }
    mtp_pool_result_free(pool);
    return MTP_OK;
}

static mtp_status fit(const mtp_round_job *job, const mtp_effects *effects, size_t part,
                      double figure[], mtp_error *err)
{
    const pooling *p = (const pooling *)job->model;

    return p->apart ? fit_apart(p, effects, part, figure)
                    : fit_together(p, effects, figure, err);
}

/* The options of pooling over the defaults; one thread, for the fits are shared out. */
static mtp_status take_options(const mtp_pool_options *given, mtp_pool_options *used,
                               mtp_error *err)
{
    mtp_pool_options_init(used, sizeof *used);
    if (given) {
        memcpy(used, given, given->size < sizeof *used ? given->size : sizeof *used);
        used->size = given->size == 0 ? 0 : sizeof *used;
    }
    used->threads = 1;
    return used->predict == MTP_PI_NNF
               ? mtp_fail(err, MTP_E_UNSUPPORTED,
                          "rounding: the prediction nnf draws random numbers of its "
                          "own in every fit; take another, or none")
               : MTP_OK;
}

/* Whether the fit of a set hangs on its own studies alone. */
static bool are_apart(const mtp_grouping *grouping, const mtp_pool_options *o)
{
    return !grouping || (o->method == MTP_METHOD_INVERSE && !o->weights &&
                         o->tau2_scope == MTP_TAU2_SEPARATE && o->ci != MTP_CI_ROBUST);
}

static mtp_status list_members(pooling *p, size_t k, mtp_arena *arena)
{
    p->size = mtp_arena_zalloc(arena, p->n_sets, sizeof *p->size);
    p->member = mtp_arena_zalloc(arena, p->n_sets, sizeof *p->member);
    for (size_t s = 0; p->size && p->member && s < p->n_sets; s++) {
        size_t *member = MTP_ARENA_ARRAY(arena, k, size_t);

        for (size_t i = 0; member && i < k; i++) {
            if (s == 0 || p->grouping->level[i] + 1 == s) {
                member[p->size[s]++] = i;
            }
        }
        p->member[s] = member;
        if (!member) {
            return MTP_E_NOMEM;
        }
    }
    return p->size && p->member ? MTP_OK : MTP_E_NOMEM;
}

/* The figures of a set; p-values have degrees of freedom of their own where the
 * interval estimates these, and the natural scale a size of its own where that moves.
 */
static void plan_set(const pooling *p, const mtp_effects_options *how, size_t s,
                     mtp_round_figure figure[])
{
    size_t first = s * SET_FIGURES;
    bool free_df = p->options.ci == MTP_CI_KR || p->options.ci == MTP_CI_ROBUST;
    bool sized = how && how->measure == MTP_IRFT;

    for (size_t f = 0; f < SET_FIGURES; f++) {
        figure[first + f] = (mtp_round_figure){.part = p->apart ? s : 0,
                                               .sought = f < BACK || sized,
                                               .guide = first + f,
                                               .statistic = first + f,
                                               .at_zero = 1.0};
    }
    figure[first + MTP_ROUNDED_TAU2].guide = first + MTP_ROUNDED_Q;
    figure[first + MTP_ROUNDED_I2].guide = first + MTP_ROUNDED_Q;
    figure[first + MTP_ROUNDED_COMMON_P].statistic = first + COMMON_STATISTIC;
    figure[first + MTP_ROUNDED_RANDOM_P].statistic = first + RANDOM_STATISTIC;
    figure[first + MTP_ROUNDED_Q_P].statistic = first + MTP_ROUNDED_Q;
    figure[first + MTP_ROUNDED_COMMON_P].sought = free_df;
    figure[first + MTP_ROUNDED_RANDOM_P].sought = free_df;
    figure[first + MTP_ROUNDED_Q_P].sought = false;
    figure[first + COMMON_SE].sought = figure[first + RANDOM_SE].sought = false;
}

static void plan_tests(const pooling *p, mtp_round_figure figure[])
{
    size_t first = p->n_sets * SET_FIGURES, part = p->apart ? p->n_sets : 0;
    bool free_df = p->options.ci == MTP_CI_ROBUST;

    for (size_t f = first; f < first + COMMON_ROOT; f += 2) {
        figure[f] = (mtp_round_figure){part, true, f, f, 0.0};
        figure[f + 1] = (mtp_round_figure){part, free_df, f + 1, f, 1.0};
    }
    for (size_t f = first + COMMON_ROOT; f < first + TEST_FIGURES; f++) {
        size_t test = f == first + COMMON_ROOT ? COMMON_TEST : RANDOM_TEST;

        figure[f] = (mtp_round_figure){part, p->n_sets == 3, f, f, 0.0};
        if (p->n_sets == 3) {
            figure[first + test].sought = free_df;
            figure[first + test].statistic = figure[first + test + 1].statistic = f;
        }
    }
}

static mtp_status plan(pooling *p, mtp_round_job *job, mtp_arena *arena)
{
    mtp_round_figure *figure;

    p->apart = are_apart(p->grouping, &p->options);
    job->n_parts = p->apart ? p->n_sets + (p->grouping != NULL) : 1;
    job->n_figures = p->n_sets * SET_FIGURES + (p->grouping ? TEST_FIGURES : 0);
    figure = MTP_ARENA_ARRAY(arena, job->n_figures, mtp_round_figure);
    if (!figure || list_members(p, job->k, arena) != MTP_OK) {
        return MTP_E_NOMEM;
    }
    for (size_t s = 0; s < p->n_sets; s++) {
        plan_set(p, job->how, s, figure);
    }
    if (p->grouping) {
        plan_tests(p, figure);
    }
    job->figure = figure;
    job->fit = fit;
    job->model = p;
    return MTP_OK;
}

static mtp_rounding_set make_set(const mtp_round_job *job, const mtp_round_found *found,
                                 size_t set)
{
    static const mtp_rounded back[BACKS] = {
        MTP_ROUNDED_COMMON,   MTP_ROUNDED_COMMON_LOWER, MTP_ROUNDED_COMMON_UPPER,
        MTP_ROUNDED_RANDOM,   MTP_ROUNDED_RANDOM_LOWER, MTP_ROUNDED_RANDOM_UPPER,
        MTP_ROUNDED_PI_LOWER, MTP_ROUNDED_PI_UPPER};
    size_t first = set * SET_FIGURES;
    mtp_rounding_set made = {.name = NULL};

    for (size_t f = 0; f < MTP_ROUNDED_COUNT; f++) {
        made.figure[f] = mtp_round_range(job, found, first + f);
        made.back[f] = mtp_round_no_range();
    }
    for (size_t f = 0; f < BACKS; f++) {
        made.back[back[f]] = mtp_round_range(job, found, first + BACK + f);
    }
    return made;
}

static mtp_status fill(mtp_rounding_result *r, const pooling *p,
                       const mtp_round_job *job, const mtp_round_found *found,
                       mtp_error *err)
{
    const mtp_rounding_test none = {NULL, mtp_round_no_range(), mtp_round_no_range()};
    size_t tests = p->n_sets * SET_FIGURES;
    mtp_rounding_set *set =
        MTP_ARENA_ARRAY(mtp_owned_arena(r), p->n_sets, mtp_rounding_set);

    if (!set) {
        return mtp_fail_nomem(err);
    }
    for (size_t s = 0; s < p->n_sets; s++) {
        set[s] = make_set(job, found, s);
        if (s > 0) {
            set[s].name =
                mtp_arena_strdup(mtp_owned_arena(r), p->grouping->level_name[s - 1]);
            if (!set[s].name) {
                return mtp_fail_nomem(err);
            }
        }
    }
    r->n_sets = p->n_sets;
    r->set = set;
    r->between.common = r->between.random = r->between.within = none;
    if (p->grouping) {
        r->between.common = mtp_round_test(job, found, tests + COMMON_TEST, NULL);
        r->between.random = mtp_round_test(job, found, tests + RANDOM_TEST, NULL);
        r->between.within = mtp_round_test(job, found, tests + WITHIN_TEST, NULL);
    }
    return MTP_OK;
}

/* What cannot be pooled as printed is told as mtp_pool does. */
static mtp_status check(const pooling *p, const mtp_round_job *job, mtp_error *err)
{
    mtp_effects *effects = NULL;
    mtp_pool_result *pool = NULL;
    mtp_status status = mtp_effects_compute(job->how, job->raw, &effects, err);

    if (status == MTP_OK) {
        status = mtp_pool(effects, p->grouping, &p->options, &pool, err);
    }
    mtp_pool_result_free(pool);
    mtp_effects_free(effects);
    return status;
}

mtp_status mtp_rounding(const mtp_raw *raw, const double *const half[MTP_ROLE_COUNT],
                        const mtp_effects_options *how, const mtp_grouping *grouping,
                        const mtp_pool_options *options,
                        const mtp_rounding_options *rounding,
                        mtp_rounding_result **result, mtp_error *err)
{
    mtp_round_job job = {.raw = raw, .how = how, .k = raw->k};
    pooling p = {.grouping = grouping && grouping->n_levels > 0 ? grouping : NULL};
    mtp_rounding_result *made = MTP_OWNED_NEW(mtp_rounding_result);
    mtp_arena *scratch = mtp_arena_new();
    mtp_round_found found;
    mtp_error ignored;
    mtp_status status;

    err = err ? err : &ignored;
    p.n_sets = 1 + (p.grouping ? p.grouping->n_levels : 0);
    status = made && scratch ? mtp_round_options(rounding, &job.options, err)
                             : mtp_fail_nomem(err);
    if (status == MTP_OK) {
        status = take_options(options, &p.options, err);
    }
    if (status == MTP_OK) {
        status = check(&p, &job, err);
    }
    if (status == MTP_OK && plan(&p, &job, scratch) != MTP_OK) {
        status = mtp_fail_nomem(err);
    }
    if (status == MTP_OK) {
        status = mtp_round_run(&job, half, made, scratch, &found, err);
    }
    if (status == MTP_OK) {
        status = fill(made, &p, &job, &found, err);
    }
    mtp_arena_free(scratch);
    if (status != MTP_OK) {
        mtp_rounding_free(made);
        return status;
    }
    *result = made;
    return MTP_OK;
}
