/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_hypergeometric.h"

#include "core/error.h"
#include "models/glmm_hypergeometric_internal.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare(double a, double b)
{
    return (a > b) - (a < b);
}

static int by_counts(const void *a, const void *b)
{
    const mtp_hyper_study *s = a, *t = b;
    int by = compare(s->n1, t->n1);

    by = by ? by : compare(s->n2, t->n2);
    by = by ? by : compare(s->s, t->s);
    return by ? by : compare(s->x, t->x);
}

/* Sort the studies and merge equal ones: the order of the rows is gone from here on. */
static void arrange(mtp_hyper_sample *sample)
{
    mtp_hyper_study *study = sample->study;
    size_t last = 0;

    qsort(study, sample->count, sizeof *study, by_counts);
    for (size_t i = 1; i < sample->count; i++) {
        if (by_counts(&study[last], &study[i]) == 0) {
            study[last].times += 1.0;
        } else {
            study[++last] = study[i];
        }
    }
    sample->count = last + 1;
}

static bool is_count(double x)
{
    return x >= 0.0 && x == floor(x) && x <= 0x1p53;
}

/* The studies that leave x a choice. */
static mtp_status gather(const mtp_two_groups *g, mtp_hyper_sample *sample,
                         mtp_error *err)
{
    for (size_t i = 0; i < g->k; i++) {
        mtp_hyper_study study = {
            .x = g->x1[i], .n1 = g->m1[i], .n2 = g->m2[i], .times = 1.0};

        if (!is_count(g->x1[i]) || !is_count(g->x2[i]) || !is_count(g->m1[i]) ||
            !is_count(g->m2[i])) {
            return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, NULL,
                               "the exact conditional model needs whole numbers of "
                               "events and patients");
        }
        study.s = g->x1[i] + g->x2[i];
        study.lowest = fmax(0.0, study.s - study.n2);
        study.highest = fmin(study.s, study.n1);
        if (study.lowest < study.highest) {
            sample->study[sample->k++] = study;
        }
    }
    sample->count = sample->k;
    return MTP_OK;
}

/*
 * The root of sum S(eta) over the studies, which falls: Newton in the bracket of its
 * signs, to the last bit.
 */
typedef struct root {
    double eta, w, log_p;
} root;

static root likelihood_root(const mtp_hyper_study study[], size_t count, double eta)
{
    enum { STEPS_MAX = 300 };
    double lower = -(double)INFINITY, upper = (double)INFINITY, last = upper;
    root r = {.eta = eta};

    for (int i = 0; i < STEPS_MAX; i++) {
        mtp_dd score = {0.0, 0.0}, log_p = score, w = score;
        double step, next;

        for (size_t j = 0; j < count; j++) {
            mtp_hyper_point at;

            mtp_hyper_at(&study[j], r.eta, &at);
            score = mtp_dd_add(score, mtp_dd_two_prod(study[j].times, at.score));
            w = mtp_dd_add(w, mtp_dd_two_prod(study[j].times, at.w));
            log_p = mtp_dd_add(log_p, mtp_dd_two_prod(study[j].times, at.log_p));
        }
        r.w = mtp_dd_to(w);
        r.log_p = mtp_dd_to(log_p);
        *(score.hi > 0.0 ? &lower : &upper) = r.eta;
        step = fmax(-4.0, fmin(4.0, score.hi / r.w));
        next = r.eta + step;
        /* small steps that no longer shrink are rounding */
        if (next == r.eta ||
            (fabs(step) * sqrt(r.w) < 1e-6 && !(fabs(step) < 0.5 * last))) {
            break;
        }
        last = fabs(step);
        if (!(next > lower && next < upper)) {
            next = 0.5 * (fmax(lower, r.eta - 4.0) + fmin(upper, r.eta + 4.0));
        }
        r.eta = next;
    }
    return r;
}

/* log of the integral of P(x | eta) over eta, by the trapezoidal rule. */
static double log_area(const mtp_hyper_study *study, const root *own)
{
    double h = 0.5 / sqrt(fmax(1.0, own->w)), total = 1.0, added = 1.0;

    for (int j = 1; added > 1e-12 * total; j++) {
        mtp_hyper_point up, down;

        mtp_hyper_at(study, own->eta + j * h, &up);
        mtp_hyper_at(study, own->eta - j * h, &down);
        added = exp(up.log_p - own->log_p) + exp(down.log_p - own->log_p);
        total += added;
    }
    return own->log_p + log(h * total);
}

void mtp_hyper_own_estimate(mtp_hyper_study *study, double start)
{
    mtp_hyper_study one = *study;
    root r;

    if (study->x == study->lowest || study->x == study->highest) {
        study->own = (double)NAN;
        return;
    }
    one.times = 1.0;
    r = likelihood_root(&one, 1, start);
    study->own = r.eta;
    study->own_w = r.w;
    study->saturated = r.log_p;
    study->log_area = log_area(study, &r);
}

/* Q = sum w (l - lbar)^2 over the studies' own estimates l, with w their information:
 * Wald's test that all odds ratios are one. */
static double wald_test(const mtp_hyper_sample *sample)
{
    mtp_dd sum_w = {0.0, 0.0}, sum_wl = sum_w, Q = sum_w, mean;

    for (size_t i = 0; i < sample->count; i++) {
        const mtp_hyper_study *study = &sample->study[i];
        mtp_dd w = mtp_dd_two_prod(study->times, study->own_w);

        if (w.hi > 0.0) {
            sum_w = mtp_dd_add(sum_w, w);
            sum_wl = mtp_dd_add(sum_wl, mtp_dd_mul_d(w, study->own));
        }
    }
    mean = sum_w.hi > 0.0 ? mtp_dd_div(sum_wl, sum_w) : sum_w;
    for (size_t i = 0; i < sample->count; i++) {
        const mtp_hyper_study *study = &sample->study[i];
        mtp_dd w = mtp_dd_two_prod(study->times, study->own_w);

        if (w.hi > 0.0) {
            mtp_dd r = mtp_dd_sub(mtp_dd_from(study->own), mean);

            Q = mtp_dd_add(Q, mtp_dd_mul(w, mtp_dd_sqr(r)));
        }
    }
    return mtp_dd_to(Q);
}

/* Each study its own odds ratio: the saturated model. */
static void fit_saturated(mtp_hyper_sample *sample, mtp_two_group_fit *fit)
{
    mtp_dd full = {0.0, 0.0};

    for (size_t i = 0; i < sample->count; i++) {
        mtp_hyper_study *study = &sample->study[i];

        mtp_hyper_own_estimate(study, fit->common);
        full = mtp_dd_add(full, mtp_dd_two_prod(study->times, study->saturated));
        fit->uninformative_Q += study->own_w > 0.0 ? 0 : (size_t)study->times;
    }
    fit->saturated_loglik = mtp_dd_to(full);
    fit->LRT = fmax(0.0, 2.0 * (fit->saturated_loglik - fit->common_loglik));
    fit->Q_wald = wald_test(sample);
}

/* Where every x is at the same end of its range, theta runs off to infinity. */
static bool common_exists(const mtp_hyper_sample *sample)
{
    bool up = false, down = false;

    for (size_t i = 0; i < sample->count; i++) {
        up = up || sample->study[i].x > sample->study[i].lowest;
        down = down || sample->study[i].x < sample->study[i].highest;
    }
    return up && down;
}

/*
 * Where every x is at an end of its range, the likelihood has a limit for
 * tau -> infinity: (k0 / k)^k0 (k1 / k)^k1, k0 and k1 the studies at each end. A
 * maximum is one only above it, or, where the likelihood is the same for every tau, on
 * it.
 */
static double limit(const mtp_hyper_sample *sample)
{
    double low = 0.0, high = 0.0, k = (double)sample->k;

    for (size_t i = 0; i < sample->count; i++) {
        const mtp_hyper_study *study = &sample->study[i];

        low += study->x == study->lowest ? study->times : 0.0;
        high += study->x == study->highest ? study->times : 0.0;
    }
    return low + high < k ? -(double)INFINITY
                          : low * log(low / k) + high * log(high / k) - 1e-12 * k;
}

/* One study, or studies in which x1 has two values with the same odds: as one patient a
 * study, they have the same likelihood for every tau. */
static bool says_nothing_of_tau(const mtp_hyper_sample *sample, double theta)
{
    const double rounding = 1e-14;
    double first = (double)NAN;

    for (size_t i = 0; i < sample->count; i++) {
        const mtp_hyper_study *study = &sample->study[i];
        mtp_hyper_point at;
        double upper;

        if (study->highest - study->lowest > 1.0) {
            return sample->k == 1;
        }
        mtp_hyper_at(study, theta, &at);
        upper = (study->x - study->lowest) - at.score;
        first = i == 0 ? upper : first;
        if (fabs(upper - first) > rounding) {
            return sample->k == 1;
        }
    }
    return true;
}

/* The boundary: d loglik / d tau2 at tau = 0 is (sum S^2 - w) / 2, and nought where
 * nothing but rounding is left of it. */
static mtp_glmm_problem problem_of(mtp_hyper_sample *sample, mtp_two_group_fit *fit)
{
    const double rounding = 1e-13;
    mtp_glmm_problem problem = {.p = 1,
                                .evaluate = mtp_hyper_evaluate,
                                .of = sample,
                                .beta = &fit->common,
                                .loglik = fit->common_loglik,
                                .no_tau = says_nothing_of_tau(sample, fit->common)};
    mtp_dd slope = {0.0, 0.0};
    double sum_w = 0.0;

    for (size_t i = 0; i < sample->count; i++) {
        mtp_hyper_study *study = &sample->study[i];
        mtp_hyper_point at;
        double part;

        study->eta = fit->common;
        mtp_hyper_at(study, fit->common, &at);
        part = at.score * at.score - at.w;
        slope = mtp_dd_add(slope, mtp_dd_two_prod(study->times, part));
        sum_w += study->times * at.w;
        problem.information = fmax(problem.information, at.w);
        if (study->own_w > 0.0) {
            problem.log_area += study->times * study->log_area;
            problem.informative += study->times;
        }
    }
    problem.slope = 0.5 * slope.hi;
    if (fabs(slope.hi) > rounding * sum_w) {
        problem.sign = slope.hi > 0.0 ? 1 : -1;
    }
    return problem;
}

static void take_maximum(const mtp_glmm_maxima *maxima, mtp_two_group_fit *fit)
{
    fit->theta = maxima->beta[0];
    fit->tau = maxima->tau;
    fit->tau2 = maxima->tau * maxima->tau;
    fit->loglik = maxima->loglik;
    fit->se = maxima->vcov ? sqrt(maxima->vcov[0]) : fit->common_se;
    fit->se_tau2 =
        maxima->vcov ? 2.0 * maxima->tau * sqrt(maxima->vcov[3]) : (double)NAN;
    fit->iterations = maxima->iterations;
    fit->converged = maxima->converged;
    fit->n_modes = maxima->n_modes;
    memcpy(fit->modes, maxima->modes, sizeof fit->modes);
}

static mtp_status fit_sample(mtp_hyper_sample *sample, int nodes, mtp_arena *scratch,
                             mtp_two_group_fit *fit, mtp_error *err)
{
    mtp_glmm_problem problem;
    mtp_glmm_maxima maxima;
    mtp_status status;
    root common;

    arrange(sample);
    fit->common_exists = common_exists(sample);
    if (!fit->common_exists) {
        return MTP_OK;
    }
    common = likelihood_root(sample->study, sample->count, 0.0);
    fit->common = common.eta;
    fit->common_se = 1.0 / sqrt(common.w);
    fit->common_loglik = common.log_p;
    fit_saturated(sample, fit);
    problem = problem_of(sample, fit);
    status = mtp_glmm_search(&problem, nodes, scratch, &maxima, err);
    if (status == MTP_OK) {
        fit->exists = !maxima.climbs && maxima.loglik >= limit(sample);
        if (fit->exists) {
            take_maximum(&maxima, fit);
        }
    }
    return status;
}

mtp_status mtp_glmm_fit_hypergeometric(const mtp_two_groups *groups, int nodes,
                                       mtp_arena *scratch, mtp_two_group_fit *fit,
                                       mtp_error *err)
{
    mtp_arena_mark mark = mtp_arena_save(scratch);
    mtp_hyper_sample sample = {0};
    mtp_two_group_fit found;
    mtp_status status = MTP_OK;

    assert(groups->k > 0 && nodes >= 0 && nodes <= MTP_HERMITE_MAX);
    sample.study = MTP_ARENA_ARRAY(scratch, groups->k, mtp_hyper_study);
    if (!sample.study) {
        return mtp_fail_nomem(err);
    }
    status = gather(groups, &sample, err);
    found = mtp_two_group_fit_start(sample.k);
    found.uninformative = found.uninformative_Q = groups->k - sample.k;
    found.parameters = 2.0;
    found.observations = (double)sample.k;
    if (status == MTP_OK && sample.k > 0) {
        status = fit_sample(&sample, nodes, scratch, &found, err);
    }
    if (status == MTP_OK) {
        *fit = found;
    }
    mtp_arena_release(scratch, mark);
    return status;
}
