/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_pairs.h"

#include "core/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_counts(const void *a, const void *b)
{
    const mtp_pair *s = a, *t = b;

    for (int j = 0; j < 2; j++) {
        const mtp_glmm_study *x = &s->arm[j], *y = &t->arm[j];

        if (x->m != y->m) {
            return x->m < y->m ? -1 : 1;
        }
        if (x->x != y->x) {
            return x->x < y->x ? -1 : 1;
        }
    }
    return 0;
}

static void merge(mtp_pairs *pairs)
{
    size_t last = 0;

    if (pairs->count == 0) {
        return;
    }
    qsort(pairs->pair, pairs->count, sizeof *pairs->pair, by_counts);
    for (size_t i = 1; i < pairs->count; i++) {
        if (by_counts(&pairs->pair[last], &pairs->pair[i]) == 0) {
            pairs->pair[last].times += 1.0;
        } else {
            pairs->pair[++last] = pairs->pair[i];
        }
    }
    pairs->count = last + 1;
}

static bool has_information(mtp_glmm_kind kind, const mtp_pair *pair)
{
    return pair->arm[0].x + pair->arm[1].x > 0.0 &&
           (kind == MTP_GLMM_POISSON || pair->arm[0].y + pair->arm[1].y > 0.0);
}

mtp_status mtp_pairs_make(mtp_glmm_kind kind, const mtp_two_groups *groups,
                          bool informative, mtp_arena *arena, mtp_pairs *pairs,
                          mtp_error *err)
{
    *pairs = (mtp_pairs){.kind = kind, .c = {0.5, -0.5}, .own = -1};
    pairs->pair = MTP_ARENA_ARRAY(arena, groups->k, mtp_pair);
    if (!pairs->pair) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < groups->k; i++) {
        mtp_pair pair = {.times = 1.0};

        pair.arm[0] = mtp_glmm_study_of(kind, groups->x1[i], groups->m1[i]);
        pair.arm[1] = mtp_glmm_study_of(kind, groups->x2[i], groups->m2[i]);
        if (!informative || has_information(kind, &pair)) {
            pairs->pair[pairs->k++] = pair;
        }
    }
    pairs->count = pairs->k;
    merge(pairs);
    return MTP_OK;
}

/* A first guess: half a count added to each cell. */
static double guess(mtp_glmm_kind kind, double x, double m)
{
    return kind == MTP_GLMM_POISSON ? log((x + 0.5) / m)
                                    : log((x + 0.5) / (m - x + 0.5));
}

void mtp_pairs_reset(mtp_pairs *pairs)
{
    pairs->last[0] = pairs->last[1] = 0.0;
    for (size_t i = 0; i < pairs->count; i++) {
        mtp_pair *pair = &pairs->pair[i];
        const mtp_glmm_study *arm = pair->arm;

        memset(pair->z, 0, sizeof pair->z);
        memset(pair->along, 0, sizeof pair->along);
        pair->own = 0.0;
        if (pairs->own == MTP_PAIR_A) {
            pair->own = guess(pairs->kind, arm[0].x + arm[1].x, arm[0].m + arm[1].m);
        }
    }
}

static void value_of(const mtp_pairs *pairs, mtp_pair *pair, const mtp_glmm_rule *rule,
                     const double at[MTP_PAIR_PARTS], mtp_pair_value *value)
{
    if (rule->nodes > 0 && (at[MTP_PAIR_SIGMA] > 0.0 || at[MTP_PAIR_TAU] > 0.0)) {
        mtp_pair_hermite(pairs->kind, pair, pairs->c, rule, at, value);
    } else {
        mtp_pair_integral(pairs->kind, pair, pairs->c, rule, at, value);
    }
}

/* The last step is not evaluated: it is short, and what it does to the value is known
 * to second order, for l(own + s) is l + g s / 2. */
void mtp_pairs_find_own(const mtp_pairs *pairs, mtp_pair *pair,
                        const mtp_glmm_rule *rule, double at[MTP_PAIR_PARTS],
                        mtp_pair_value *value)
{
    enum { ROUNDS_MAX = 200 };
    const double close = rule->slopes_only ? 0.03 : 1e-8, longest = 2.0;
    int own = pairs->own;

    for (int i = 0; i < ROUNDS_MAX; i++) {
        double g, h, step;

        at[own] = pair->own;
        value_of(pairs, pair, rule, at, value);
        g = value->gradient[own];
        h = value->hessian[own][own];
        if (g == 0.0 && h == 0.0) {
            return;
        }
        step = h < 0.0 ? -g / h : (g > 0.0 ? 1.0 : -1.0);
        pair->own += fmax(-longest, fmin(longest, step));
        if (h < 0.0 && fabs(step) * sqrt(-h) <= close) {
            value->loglik += 0.5 * g * step;
            return;
        }
    }
}

/* The value at the study's best own parameter, as a function of the others. */
static void eliminate(const mtp_pairs *pairs, mtp_pair *pair, mtp_pair_value *value)
{
    int own = pairs->own, part[2] = {pairs->part[0], pairs->scale};
    double g = value->gradient[own], h = value->hessian[own][own];
    double cross[MTP_PAIR_PARTS];

    if (!(h < 0.0)) {
        return;
    }
    memcpy(cross, value->hessian[own], sizeof cross);
    for (int i = 0; i < MTP_PAIR_PARTS; i++) {
        value->gradient[i] -= cross[i] * g / h;
        for (int j = 0; j < MTP_PAIR_PARTS; j++) {
            value->hessian[i][j] -= cross[i] * cross[j] / h;
        }
    }
    for (int i = 0; i < 2; i++) {
        pair->along[i] = -cross[part[i]] / h;
    }
}

/* Room for sums in double-double: loglik, gradient along beta and scale. */
typedef struct sums {
    mtp_dd loglik, gradient[MTP_PAIR_PARTS + 1];
} sums;

static void add_study(const mtp_pairs *pairs, const mtp_pair *pair,
                      const mtp_pair_value *v, sums *to, mtp_glmm_value *value)
{
    size_t n = pairs->p + 1;

    to->loglik = mtp_dd_add(to->loglik, mtp_dd_two_prod(pair->times, v->loglik));
    for (size_t i = 0; i < n; i++) {
        int a = i < pairs->p ? pairs->part[i] : pairs->scale;

        to->gradient[i] =
            mtp_dd_add(to->gradient[i], mtp_dd_two_prod(pair->times, v->gradient[a]));
        for (size_t j = 0; j < n; j++) {
            int b = j < pairs->p ? pairs->part[j] : pairs->scale;

            value->hessian[i * n + j] += pair->times * v->hessian[a][b];
        }
    }
}

/* From a standard deviation to its logarithm. */
static void take_logarithms(const mtp_pairs *pairs, mtp_glmm_value *value)
{
    size_t n = pairs->p + 1;

    for (size_t i = 0; i < pairs->p; i++) {
        double unit;

        if (pairs->part[i] != MTP_PAIR_SIGMA && pairs->part[i] != MTP_PAIR_TAU) {
            continue;
        }
        unit = exp(value->beta[i]);
        value->gradient[i] *= unit;
        for (size_t j = 0; j < n; j++) {
            value->hessian[i * n + j] *= unit;
            value->hessian[j * n + i] *= unit;
        }
        value->hessian[i * n + i] += value->gradient[i];
    }
}

void mtp_pairs_evaluate(void *of, const mtp_glmm_rule *rule, mtp_glmm_value *value)
{
    mtp_pairs *pairs = (mtp_pairs *)of;
    size_t n = pairs->p + 1;
    double at[MTP_PAIR_PARTS];
    double moved[2] = {value->beta[0] - pairs->last[0], value->tau - pairs->last[1]};
    sums sum = {{0.0, 0.0}, {{0.0, 0.0}}};

    memcpy(at, pairs->at, sizeof at);
    for (size_t i = 0; i < pairs->p; i++) {
        bool log_scale = pairs->part[i] >= MTP_PAIR_SIGMA;

        at[pairs->part[i]] = log_scale ? exp(value->beta[i]) : value->beta[i];
    }
    at[pairs->scale] = value->tau;
    pairs->last[0] = value->beta[0];
    pairs->last[1] = value->tau;
    pairs->slope_sigma2 = pairs->slope_tau2 = 0.0;
    memset(value->hessian, 0, n * n * sizeof *value->hessian);
    for (size_t i = 0; i < pairs->count; i++) {
        mtp_pair *pair = &pairs->pair[i];
        mtp_pair_value v;

        if (pairs->own >= 0) {
            pair->own += pair->along[0] * moved[0] + pair->along[1] * moved[1];
            mtp_pairs_find_own(pairs, pair, rule, at, &v);
            eliminate(pairs, pair, &v);
        } else {
            value_of(pairs, pair, rule, at, &v);
        }
        pairs->slope_sigma2 += pair->times * v.slope_sigma2;
        pairs->slope_tau2 += pair->times * v.slope_tau2;
        add_study(pairs, pair, &v, &sum, value);
    }
    value->loglik = mtp_dd_to(sum.loglik);
    for (size_t i = 0; i < n; i++) {
        value->gradient[i] = mtp_dd_to(sum.gradient[i]);
    }
    take_logarithms(pairs, value);
}

/*
 * The search's bound. The density of what the scale multiplies is at most
 * 1 / (scale sqrt(2 pi)). Along sigma both predictors move with it, along tau each by
 * half: a study's likelihood is at most that density times 1 (or 2) times the integral
 * over eta of one group's P(x | eta), which is 1 / w with w = x y / m (Poisson: x),
 * times the highest P of the other group.
 */
static void set_bound(const mtp_pairs *pairs, mtp_glmm_problem *problem)
{
    double log_per_eta = pairs->scale == MTP_PAIR_TAU ? log(2.0) : 0.0;

    for (size_t i = 0; i < pairs->count; i++) {
        const mtp_pair *pair = &pairs->pair[i];
        double lowest = (double)INFINITY;

        for (int j = 0; j < 2; j++) {
            double w = mtp_glmm_wald_weight(pairs->kind, &pair->arm[j]);

            if (w > 0.0) {
                lowest = fmin(lowest, pair->arm[1 - j].saturated - log(w));
                problem->information = fmax(problem->information, w);
            }
        }
        if (isfinite(lowest)) {
            problem->log_area += pair->times * (log_per_eta + lowest);
            problem->informative += pair->times;
        }
    }
}

mtp_status mtp_pairs_search(mtp_pairs *pairs, const double beta[], double loglik,
                            int nodes, mtp_arena *arena, mtp_glmm_maxima *maxima,
                            mtp_error *err)
{
    mtp_glmm_problem problem = {.p = pairs->p,
                                .evaluate = mtp_pairs_evaluate,
                                .of = pairs,
                                .beta = beta,
                                .loglik = loglik};
    mtp_glmm_rule exact;
    mtp_glmm_value zero;

    if (!mtp_glmm_value_make(pairs->p, arena, &zero)) {
        return mtp_fail_nomem(err);
    }
    memcpy(zero.beta, beta, pairs->p * sizeof *beta);
    mtp_glmm_rule_init(&exact, 0);
    mtp_pairs_evaluate(pairs, &exact, &zero);
    problem.slope =
        pairs->scale == MTP_PAIR_TAU ? pairs->slope_tau2 : pairs->slope_sigma2;
    problem.sign = problem.slope > 0.0 ? 1 : -1;
    problem.no_tau = pairs->k < 2;
    set_bound(pairs, &problem);
    return mtp_glmm_search(&problem, nodes, arena, maxima, err);
}
