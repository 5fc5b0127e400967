/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_unconditional.h"

#include "models/glmm_pairs.h"

#include <assert.h>
#include <math.h>

enum { N_BETA = 3 };

/* What is left of x when the counts are taken at their ends. */
typedef struct margins {
    double x[2], y[2];
    bool low, high; /* some study has x1 above its lowest, below its highest, given
                       x1 + x2 */
    bool between;   /* some group of a study has events and others */
} margins;

static margins margins_of(const mtp_pairs *pairs)
{
    margins m = {.low = false};
    bool poisson = pairs->kind == MTP_GLMM_POISSON;

    for (size_t i = 0; i < pairs->count; i++) {
        const mtp_glmm_study *arm = pairs->pair[i].arm;

        for (int j = 0; j < 2; j++) {
            m.x[j] += pairs->pair[i].times * arm[j].x;
            m.y[j] += pairs->pair[i].times * (poisson ? 1.0 : arm[j].y);
            m.between = m.between || mtp_glmm_wald_weight(pairs->kind, &arm[j]) > 0.0;
        }
        m.low = m.low || (arm[0].x > 0.0 && (poisson || arm[1].y > 0.0));
        m.high = m.high || (arm[1].x > 0.0 && (poisson || arm[0].y > 0.0));
    }
    return m;
}

static double saturated_loglik(const mtp_pairs *pairs)
{
    mtp_dd sum = {0.0, 0.0};

    for (size_t i = 0; i < pairs->count; i++) {
        const mtp_pair *pair = &pairs->pair[i];

        for (int j = 0; j < 2; j++) {
            sum = mtp_dd_add(sum, mtp_dd_two_prod(pair->times, pair->arm[j].saturated));
        }
    }
    return mtp_dd_to(sum);
}

/* The study's own log odds (rate) ratio and its weight; 0 with an empty cell. */
static double own_ratio(mtp_glmm_kind kind, const mtp_pair *pair, double *weight)
{
    const mtp_glmm_study *one = &pair->arm[0], *two = &pair->arm[1];
    bool poisson = kind == MTP_GLMM_POISSON;
    double w1 = mtp_glmm_wald_weight(kind, one), w2 = mtp_glmm_wald_weight(kind, two);

    *weight = w1 > 0.0 && w2 > 0.0 ? w1 * (w2 / (w1 + w2)) : 0.0;
    return log(one->x / (poisson ? one->m : one->y)) -
           log(two->x / (poisson ? two->m : two->y));
}

static void wald_test(const mtp_pairs *pairs, mtp_two_group_fit *fit)
{
    mtp_dd sum = {0.0, 0.0}, weighted = sum, Q = sum;
    double weight, mean;

    fit->uninformative_Q = fit->uninformative;
    for (size_t i = 0; i < pairs->count; i++) {
        double ratio = own_ratio(pairs->kind, &pairs->pair[i], &weight);

        weight *= pairs->pair[i].times;
        if (weight > 0.0) {
            sum = mtp_dd_add(sum, mtp_dd_from(weight));
            weighted = mtp_dd_add(weighted, mtp_dd_two_prod(weight, ratio));
        } else {
            fit->uninformative_Q += (size_t)pairs->pair[i].times;
        }
    }
    mean = sum.hi > 0.0 ? mtp_dd_to(mtp_dd_div(weighted, sum)) : 0.0;
    for (size_t i = 0; i < pairs->count; i++) {
        double off = own_ratio(pairs->kind, &pairs->pair[i], &weight) - mean;

        if (weight > 0.0) {
            Q = mtp_dd_add(Q, mtp_dd_mul_d(mtp_dd_two_prod(off, off),
                                           weight * pairs->pair[i].times));
        }
    }
    fit->Q_wald = mtp_dd_to(Q);
}

/* Logistic or Poisson regression: the common theta at fixed study effects. */
static void common_theta(mtp_pairs *pairs, mtp_two_group_fit *fit)
{
    enum { ROUNDS_MAX = 200 };
    const double settled = 1e-14, near = 1e-6, longest = 2.0;
    double theta = 0.0, gradient[2], hessian[4], last = (double)INFINITY;
    mtp_glmm_value value = {.beta = &theta, .gradient = gradient, .hessian = hessian};
    mtp_glmm_rule exact;

    mtp_glmm_rule_init(&exact, 0);
    mtp_pairs_reset(pairs);
    for (int i = 0; i < ROUNDS_MAX; i++) {
        double step, size;

        mtp_pairs_evaluate(pairs, &exact, &value);
        step = -gradient[0] / hessian[0];
        size = fabs(step) * sqrt(-hessian[0]);
        theta += fmax(-longest, fmin(longest, step));
        if (size <= settled || (size < near && size > 0.5 * last)) {
            break;
        }
        last = size;
    }
    fit->common = theta;
    fit->common_se = 1.0 / sqrt(-hessian[0]);
    fit->common_loglik = value.loglik;
}

/* theta is beta[0], alpha (where there is one) beta[1] */
static void take_maxima(const mtp_glmm_maxima *maxima, size_t p, mtp_two_group_fit *fit)
{
    fit->theta = maxima->beta[0];
    fit->alpha = p > 1 ? maxima->beta[1] : (double)NAN;
    fit->tau = maxima->tau;
    fit->tau2 = maxima->tau * maxima->tau;
    fit->loglik = maxima->loglik;
    fit->se = maxima->vcov ? sqrt(maxima->vcov[0]) : fit->common_se;
    fit->se_tau2 = maxima->vcov ? 2.0 * maxima->tau * sqrt(maxima->vcov[p * (p + 2)])
                                : (double)NAN;
    fit->iterations += maxima->iterations;
    fit->converged = maxima->converged;
    fit->n_modes = maxima->n_modes;
    for (size_t i = 0; i < maxima->n_modes; i++) {
        fit->modes[i] = maxima->modes[i];
    }
}

/* UM.FS */
static mtp_status fit_fixed(mtp_pairs *pairs, int nodes, mtp_arena *arena,
                            mtp_two_group_fit *fit, mtp_error *err)
{
    margins m = margins_of(pairs);
    mtp_glmm_maxima maxima;
    mtp_status status;

    fit->df = (double)pairs->k - 1.0;
    fit->parameters = (double)pairs->k + 2.0;
    fit->observations = 2.0 * (double)pairs->k;
    fit->common_exists = m.low && m.high;
    if (!fit->common_exists) {
        return MTP_OK;
    }
    pairs->own = MTP_PAIR_A;
    pairs->p = 1;
    pairs->part[0] = MTP_PAIR_THETA;
    pairs->scale = MTP_PAIR_TAU;
    common_theta(pairs, fit);
    fit->saturated_loglik = saturated_loglik(pairs);
    fit->LRT = fmax(0.0, 2.0 * (fit->saturated_loglik - fit->common_loglik));
    wald_test(pairs, fit);
    /* where each group of each study has no events or nothing else, tau has no
     * maximum: with one group between its ends, the likelihood falls to 0 */
    fit->exists = m.between;
    if (!fit->exists) {
        return MTP_OK;
    }
    status = mtp_pairs_search(pairs, &fit->common, fit->common_loglik, nodes, arena,
                              &maxima, err);
    if (status == MTP_OK) {
        take_maxima(&maxima, 1, fit);
    }
    return status;
}

/* The model without random effects: log odds (rates) of the groups' sums. */
static void without_effects(mtp_pairs *pairs, const margins *m, double beta[2],
                            double *loglik)
{
    double size[2] = {0.0, 0.0}, level[2], gradient[3], hessian[9];
    mtp_glmm_value value = {.beta = beta, .gradient = gradient, .hessian = hessian};
    mtp_glmm_rule exact;

    for (size_t i = 0; i < pairs->count; i++) {
        for (int j = 0; j < 2; j++) {
            size[j] += pairs->pair[i].times * pairs->pair[i].arm[j].m;
        }
    }
    for (int j = 0; j < 2; j++) {
        level[j] = log(m->x[j] / (pairs->kind == MTP_GLMM_POISSON ? size[j] : m->y[j]));
    }
    beta[0] = level[0] - level[1];
    beta[1] = 0.5 * (level[0] + level[1]);
    mtp_glmm_rule_init(&exact, 0);
    mtp_pairs_evaluate(pairs, &exact, &value);
    *loglik = value.loglik;
}

/* Of theta there: 1 / sqrt of the information, from the groups' sums. */
static double pooled_se(const mtp_pairs *pairs)
{
    double variance = 0.0;

    for (int j = 0; j < 2; j++) {
        double x = 0.0, m = 0.0;

        for (size_t i = 0; i < pairs->count; i++) {
            x += pairs->pair[i].times * pairs->pair[i].arm[j].x;
            m += pairs->pair[i].times * pairs->pair[i].arm[j].m;
        }
        variance += pairs->kind == MTP_GLMM_POISSON ? 1.0 / x : m / (x * (m - x));
    }
    return sqrt(variance);
}

static void set_search(mtp_pairs *pairs, size_t p, int last, int scale)
{
    pairs->own = -1;
    pairs->p = p;
    pairs->part[0] = MTP_PAIR_THETA;
    pairs->part[1] = MTP_PAIR_A;
    pairs->part[2] = last;
    pairs->scale = scale;
    pairs->at[MTP_PAIR_SIGMA] = pairs->at[MTP_PAIR_TAU] = 0.0;
    mtp_pairs_reset(pairs);
}

/* d loglik / d sigma2 at sigma = 0 and the maximum over tau. */
static double slope_at_zero(mtp_pairs *pairs, const mtp_glmm_maxima *at)
{
    double beta[2] = {at->beta[0], at->beta[1]}, gradient[3], hessian[9];
    mtp_glmm_value value = {
        .tau = at->tau, .beta = beta, .gradient = gradient, .hessian = hessian};
    mtp_glmm_rule exact;

    mtp_glmm_rule_init(&exact, 0);
    mtp_pairs_evaluate(pairs, &exact, &value);
    return pairs->slope_sigma2;
}

/* From sigma = 0 and the maximum over tau upwards along sigma, with log tau among the
 * parameters. */
static mtp_status leave_zero(mtp_pairs *pairs, const mtp_glmm_maxima *zero, int nodes,
                             mtp_arena *arena, mtp_two_group_fit *fit, mtp_error *err)
{
    const double beta[N_BETA] = {zero->beta[0], zero->beta[1], log(zero->tau)};
    mtp_glmm_maxima maxima;
    mtp_status status;

    set_search(pairs, 3, MTP_PAIR_TAU, MTP_PAIR_SIGMA);
    status = mtp_pairs_search(pairs, beta, zero->loglik, nodes, arena, &maxima, err);
    if (status == MTP_OK && maxima.tau > 0.0 && maxima.vcov) {
        double tau = exp(maxima.beta[2]);

        fit->sigma2 = maxima.tau * maxima.tau;
        fit->theta = maxima.beta[0];
        fit->alpha = maxima.beta[1];
        fit->tau = tau;
        fit->tau2 = tau * tau;
        fit->loglik = maxima.loglik;
        fit->se = sqrt(maxima.vcov[0]);
        fit->se_tau2 = 2.0 * tau * tau * sqrt(maxima.vcov[10]); /* of log tau */
        fit->converged = fit->converged && maxima.converged;
        fit->n_modes = 1;
        fit->modes[0] = (mtp_mode){fit->tau2, fit->loglik, fit->theta};
    }
    return status;
}

/* Maxima over tau with sigma = 0, from the model without random effects; where the best
 * of them climbs along sigma, from there on. */
static mtp_status without_sigma(mtp_pairs *pairs, const double beta[2], double loglik,
                                int nodes, mtp_arena *arena, mtp_two_group_fit *fit,
                                mtp_error *err)
{
    mtp_glmm_maxima maxima;
    mtp_status status;

    set_search(pairs, 2, -1, MTP_PAIR_TAU);
    status = mtp_pairs_search(pairs, beta, loglik, nodes, arena, &maxima, err);
    if (status == MTP_OK) {
        take_maxima(&maxima, 2, fit);
        fit->sigma2 = 0.0;
        if (maxima.tau > 0.0 && slope_at_zero(pairs, &maxima) > 0.0) {
            status = leave_zero(pairs, &maxima, nodes, arena, fit, err);
        }
    }
    return status;
}

/* Maxima over tau with log sigma among the parameters, from the common model. */
static mtp_status with_sigma(mtp_pairs *pairs, const mtp_glmm_maxima *common, int nodes,
                             mtp_arena *arena, mtp_two_group_fit *fit, mtp_error *err)
{
    const double beta[N_BETA] = {common->beta[0], common->beta[1], log(common->tau)};
    mtp_glmm_maxima maxima;
    mtp_status status;

    set_search(pairs, 3, MTP_PAIR_SIGMA, MTP_PAIR_TAU);
    status = mtp_pairs_search(pairs, beta, common->loglik, nodes, arena, &maxima, err);
    if (status == MTP_OK) {
        take_maxima(&maxima, 3, fit);
        fit->sigma2 = exp(2.0 * maxima.beta[2]);
    }
    return status;
}

/*
 * The common model first, maxima over sigma at tau = 0; from there the maxima over tau.
 * Where sigma goes to 0 on the way, or is 0 already, the maxima at sigma = 0 take part.
 */
static mtp_status search_random(mtp_pairs *pairs, const margins *m, int nodes,
                                mtp_arena *arena, mtp_two_group_fit *fit,
                                mtp_error *err)
{
    const double vanishes = 1e-4; /* sigma, of what it was in the common model */
    double beta[2], none;
    mtp_glmm_maxima common;
    mtp_two_group_fit other;
    mtp_status status;

    set_search(pairs, 2, -1, MTP_PAIR_SIGMA);
    without_effects(pairs, m, beta, &none);
    status = mtp_pairs_search(pairs, beta, none, nodes, arena, &common, err);
    if (status != MTP_OK) {
        return status;
    }
    fit->common = common.beta[0];
    fit->common_alpha = common.beta[1];
    fit->common_sigma2 = common.tau * common.tau;
    fit->common_loglik = common.loglik;
    fit->common_se = common.vcov ? sqrt(common.vcov[0]) : pooled_se(pairs);
    other = *fit;
    if (common.tau > 0.0) {
        status = with_sigma(pairs, &common, nodes, arena, fit, err);
        if (status != MTP_OK ||
            (fit->converged && sqrt(fit->sigma2) > vanishes * common.tau)) {
            return status;
        }
    }
    status = without_sigma(pairs, beta, none, nodes, arena, &other, err);
    if (status == MTP_OK && (common.tau == 0.0 || other.loglik >= fit->loglik - 1e-9 ||
                             !(fit->loglik > -(double)INFINITY))) {
        *fit = other;
    }
    return status;
}

/* UM.RS */
static mtp_status fit_random(mtp_pairs *pairs, int nodes, mtp_arena *arena,
                             mtp_two_group_fit *fit, mtp_error *err)
{
    margins m = margins_of(pairs);
    mtp_status status;

    fit->parameters = 4.0;
    fit->observations = 2.0 * (double)pairs->k;
    fit->common_exists = m.x[0] > 0.0 && m.y[0] > 0.0 && m.x[1] > 0.0 && m.y[1] > 0.0;
    if (!fit->common_exists) {
        return MTP_OK;
    }
    fit->exists = true;
    status = search_random(pairs, &m, nodes, arena, fit, err);
    return status == MTP_OK ? mtp_pairs_saturated(pairs, nodes, arena, fit, err)
                            : status;
}

mtp_status mtp_glmm_fit_unconditional(mtp_glmm_kind kind, const mtp_two_groups *groups,
                                      bool random_studies, int nodes,
                                      mtp_arena *scratch, mtp_two_group_fit *fit,
                                      mtp_error *err)
{
    mtp_arena_mark mark = mtp_arena_save(scratch);
    mtp_two_group_fit found = mtp_two_group_fit_start(groups->k);
    mtp_pairs pairs;
    mtp_status status;

    assert(groups->k > 0 && nodes >= 0 && nodes <= MTP_HERMITE_MAX);
    status = mtp_pairs_make(kind, groups, !random_studies, scratch, &pairs, err);
    if (status == MTP_OK) {
        found.uninformative = groups->k - pairs.k;
        status = random_studies ? fit_random(&pairs, nodes, scratch, &found, err)
                                : fit_fixed(&pairs, nodes, scratch, &found, err);
    }
    if (status == MTP_OK) {
        *fit = found;
    }
    mtp_arena_release(scratch, mark);
    return status;
}
