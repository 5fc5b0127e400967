/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Poolings of moved inputs. */
#include "core/dd.h"
#include "models/between.h"
#include "sensitivity/rounding_pool.h"
#include "sensitivity/subset.h"

#include <math.h>
#include <string.h>

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

static void keep_roots(const mtp_round_pooling *p, double figure[])
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
static mtp_status test_groups(const mtp_round_pooling *p, const double df_within,
                              double figure[])
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

/* The numbers that the fit of a set hangs on. */
static size_t list_keys(const mtp_round_room *room, const mtp_round_pooling *p,
                        size_t s, double key[])
{
    size_t n = 0;

    for (size_t r = 0; r < room->job->n_roles; r++) {
        const double *moved = room->moved[room->job->role[r]];

        for (size_t i = 0; i < p->size[s]; i++) {
            key[n++] = moved[p->member[s][i]];
        }
    }
    return n;
}

/* The figures of a set, and its degrees of freedom of Q, from a fit or from memory. */
static mtp_status fit_set(const mtp_round_room *room, const mtp_round_pooling *p,
                          const mtp_effects *effects, size_t s,
                          double value[SET_FIGURES + 1])
{
    size_t n = list_keys(room, p, s, room->key);
    mtp_subset_fit fit;

    if (mtp_memo_recall(p->memo, s, n, room->key, value)) {
        return MTP_OK;
    }
    for (size_t f = 0; f < SET_FIGURES; f++) {
        value[f] = (double)NAN;
    }
    if (mtp_subset_pool(effects, &p->options, p->size[s], p->member[s], &fit) !=
        MTP_OK) {
        return MTP_E_NOMEM;
    }
    keep_set(&fit, value);
    value[SET_FIGURES] = isnan(fit.Q) ? 0.0 : fit.df;
    mtp_memo_remember(p->memo, s, n, room->key, value);
    return MTP_OK;
}

/* One set, or with part n_sets all subgroups and their tests, or with what lies beyond
 * the overall set too. */
static mtp_status fit_apart(const mtp_round_room *room, const mtp_round_pooling *p,
                            const mtp_effects *effects, size_t part, double figure[])
{
    size_t from = part < p->n_sets ? part : part == p->n_sets && p->grouping ? 1 : 0;
    size_t to = part < p->n_sets ? part + 1 : p->n_sets;
    double df = 0.0;

    for (size_t s = from; s < to; s++) {
        double value[SET_FIGURES + 1];

        if (fit_set(room, p, effects, s, value) != MTP_OK) {
            return MTP_E_NOMEM;
        }
        memcpy(figure + s * SET_FIGURES, value, SET_FIGURES * sizeof *value);
        df += s > 0 ? value[SET_FIGURES] : 0.0;
    }
    return p->grouping && part >= p->n_sets ? test_groups(p, df, figure) : MTP_OK;
}

static mtp_status fit_together(const mtp_round_pooling *p, const mtp_effects *effects,
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

mtp_status mtp_round_fit_pool(const mtp_round_room *room, const mtp_effects *effects,
                              size_t part, double figure[], mtp_error *err)
{
    const mtp_round_pooling *p = (const mtp_round_pooling *)room->job->model;

    return p->apart ? fit_apart(room, p, effects, part, figure)
                    : fit_together(p, effects, figure, err);
}
