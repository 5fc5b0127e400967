/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "models/glmm_pairs.h"

#include <math.h>

/*
 * The saturated model of random study effects: eta_i1 = a_i + theta_i, eta_i2 = a_i,
 * a_i ~ N(alpha, sigma2). Where group 1 has no events, or nothing else, theta_i is
 * infinite and fits it fully: the group drops out, with likelihood 1.
 *
 * Wald test of equal thetas: with A, B, D the parts of the information of (alpha,
 * sigma), between them and the thetas, and of the thetas (a diagonal), the thetas'
 * precision is W = D - B A^-1 B', and
 *   Q = (theta - mean)' W (theta - mean), the mean weighted by W.
 */

static void drop_full_groups(mtp_pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        mtp_glmm_study *one = &pairs->pair[i].arm[0];

        if (!(mtp_glmm_wald_weight(pairs->kind, one) > 0.0)) {
            *one = mtp_glmm_study_of(pairs->kind, 0.0, 0.0);
        }
    }
}

static double log_rate_of_group_2(const mtp_pairs *pairs)
{
    double x = 0.0, rest = 0.0;

    for (size_t i = 0; i < pairs->count; i++) {
        const mtp_glmm_study *two = &pairs->pair[i].arm[1];

        x += pairs->pair[i].times * two->x;
        rest +=
            pairs->pair[i].times * (pairs->kind == MTP_GLMM_POISSON ? two->m : two->y);
    }
    return log(x / rest);
}

/* A quadratic form of W, by its parts. */
typedef struct forms {
    double A[2][2]; /* of (alpha, sigma) */
    double one_D_one, one_D_t, t_D_t;
    double one_B[2], t_B[2];
} forms;

static double with_inverse(const forms *f, int n, const double u[2], const double v[2])
{
    double determinant;

    if (n == 1) {
        return u[0] * v[0] / f->A[0][0];
    }
    determinant = f->A[0][0] * f->A[1][1] - f->A[0][1] * f->A[1][0];
    return (u[0] * (f->A[1][1] * v[0] - f->A[0][1] * v[1]) +
            u[1] * (f->A[0][0] * v[1] - f->A[1][0] * v[0])) /
           determinant;
}

/* Studies without a theta of their own have a part in A alone. */
static void add_forms(const mtp_pair *pair, const mtp_pair_value *v, bool own,
                      double theta, forms *f)
{
    const int part[2] = {MTP_PAIR_A, MTP_PAIR_SIGMA};
    double d = -pair->times * v->hessian[MTP_PAIR_THETA][MTP_PAIR_THETA];

    if (own) {
        f->one_D_one += d;
        f->one_D_t += d * theta;
        f->t_D_t += d * theta * theta;
    }
    for (int i = 0; i < 2; i++) {
        double b = -pair->times * v->hessian[MTP_PAIR_THETA][part[i]];

        if (own) {
            f->one_B[i] += b;
            f->t_B[i] += b * theta;
        }
        for (int j = 0; j < 2; j++) {
            f->A[i][j] -= pair->times * v->hessian[part[i]][part[j]];
        }
    }
}

/* The thetas measured from the first, so that little cancels. */
static void wald_test(mtp_pairs *pairs, const mtp_glmm_rule *rule,
                      const mtp_glmm_maxima *at_maximum, mtp_two_group_fit *fit)
{
    double at[MTP_PAIR_PARTS] = {at_maximum->beta[0], 0.0, at_maximum->tau, 0.0};
    double origin = (double)NAN, cross, ones;
    int n = at_maximum->tau > 0.0 ? 2 : 1;
    forms f = {.one_D_one = 0.0};

    fit->uninformative_Q = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        mtp_pair *pair = &pairs->pair[i];
        mtp_pair_value v;
        bool own;

        mtp_pairs_find_own(pairs, pair, rule, at, &v);
        mtp_pairs_find_own(pairs, pair, rule, at, &v); /* from where that ended */
        own = mtp_glmm_wald_weight(pairs->kind, &pair->arm[0]) > 0.0;
        if (!own) {
            fit->uninformative_Q += (size_t)pair->times;
        } else if (isnan(origin)) {
            origin = pair->own;
        }
        add_forms(pair, &v, own, pair->own - origin, &f);
    }
    ones = f.one_D_one - with_inverse(&f, n, f.one_B, f.one_B);
    cross = f.one_D_t - with_inverse(&f, n, f.one_B, f.t_B);
    fit->Q_wald = f.t_D_t - with_inverse(&f, n, f.t_B, f.t_B);
    fit->Q_wald = ones > 0.0 ? fmax(0.0, fit->Q_wald - cross * (cross / ones)) : 0.0;
}

mtp_status mtp_pairs_saturated(mtp_pairs *pairs, int nodes, mtp_arena *arena,
                               mtp_two_group_fit *fit, mtp_error *err)
{
    double alpha, gradient[2], hessian[4];
    mtp_glmm_value zero = {.beta = &alpha, .gradient = gradient, .hessian = hessian};
    mtp_glmm_maxima maxima;
    mtp_glmm_rule rule;
    mtp_status status;

    drop_full_groups(pairs);
    pairs->own = MTP_PAIR_THETA;
    pairs->p = 1;
    pairs->part[0] = MTP_PAIR_A;
    pairs->scale = MTP_PAIR_SIGMA;
    pairs->c[0] = 1.0;
    pairs->c[1] = 0.0;
    pairs->at[MTP_PAIR_SIGMA] = pairs->at[MTP_PAIR_TAU] = 0.0;
    mtp_pairs_reset(pairs);
    alpha = log_rate_of_group_2(pairs);
    mtp_glmm_rule_init(&rule, 0);
    mtp_pairs_evaluate(pairs, &rule, &zero);
    status = mtp_pairs_search(pairs, &alpha, zero.loglik, nodes, arena, &maxima, err);
    if (status == MTP_OK) {
        fit->saturated_loglik = maxima.loglik;
        fit->saturated_alpha = maxima.beta[0];
        fit->saturated_sigma2 = maxima.tau * maxima.tau;
        fit->LRT = fmax(0.0, 2.0 * (maxima.loglik - fit->common_loglik));
        mtp_glmm_rule_init(&rule, nodes);
        rule.step = 0.5; /* the finest of the integral */
        wald_test(pairs, &rule, &maxima, fit);
    }
    return status;
}
