/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Copas model at one selection: its maximum, and that with a slope. */
#include "bias/copas_fit.h"

#include "core/error.h"
#include "core/number.h"
#include "models/between.h"
#include "models/linear.h"
#include "num/cholesky.h"
#include "num/dist.h"

#include <math.h>

enum { MU = MTP_COPAS_MU, SLOPE, TAU2, RHO, N };

/* Publication less probable than this, 1e-6 but for rounding, is refused; studies are
 * all published where no probability falls short of 1 by more than that. */
static const double LEAST = 0.999999e-6, NOTHING = 1e-12;

static const double LOG_2 = 0.693147180559945309417232121458;

static const double RHO_STARTS[] = {0.0, 0.5, 0.9, 1.0};
enum { STARTS = sizeof RHO_STARTS / sizeof RHO_STARTS[0] };

/* Enter a selection into the problem and its probabilities into the fit. */
static mtp_status select_studies(mtp_copas_job *job, double u_least, mtp_copas_fit *fit)
{
    mtp_copas_problem *of = &job->problem;
    double *probs = MTP_ARENA_ARRAY(job->arena, job->k, double);

    if (!probs) {
        return mtp_fail_nomem(job->err);
    }
    of->selects = false;
    for (size_t i = 0; i < job->k; i++) {
        size_t at = job->index[i];
        double u =
            u_least + fit->gamma1 * (1.0 / sqrt(job->vi[at]) - 1.0 / job->se_max);
        double missing = mtp_normal_upper(u).p, lambda;

        probs[at] = mtp_normal_upper(-u).p;
        if (!(probs[at] >= LEAST)) {
            return mtp_fail(job->err, MTP_E_ARG,
                            "with gamma0 = %s and gamma1 = %s study %zu is published "
                            "with a probability of %s; at least 1e-6",
                            mtp_number_brief(fit->gamma0, 6).text,
                            mtp_number_brief(fit->gamma1, 6).text, at + 1,
                            mtp_number_brief(probs[at], 6).text);
        }
        fit->unpublished += missing / probs[at];
        of->u[i] = u;
        mtp_copas_normal(u, &of->log_p[i], &lambda);
        of->c2[i] = lambda * (lambda + u);
        of->selects = of->selects || missing > NOTHING;
    }
    fit->probs = probs;
    fit->prob = probs[job->result->largest];
    return MTP_OK;
}

mtp_status mtp_copas_make_searches(mtp_copas_job *job)
{
    const double infinity = (double)INFINITY;
    mtp_climb_function function = {N, RHO, &job->problem, mtp_copas_evaluate};
    mtp_arena *arena = job->arena;

    for (int with_slope = 0; with_slope < 2; with_slope++) {
        job->lower[with_slope][MU] = -infinity;
        job->upper[with_slope][MU] = infinity;
        job->lower[with_slope][SLOPE] = with_slope ? -infinity : 0.0;
        job->upper[with_slope][SLOPE] = with_slope ? infinity : 0.0;
        job->lower[with_slope][TAU2] = 0.0;
        job->upper[with_slope][TAU2] = infinity;
    }
    if (!mtp_climb_make(&function, job->lower[0], job->upper[0], arena, &job->level) ||
        !mtp_climb_make(&function, job->lower[1], job->upper[1], arena, &job->slope)) {
        return mtp_fail_nomem(job->err);
    }
    job->level.bounded = job->slope.bounded = true;
    return MTP_OK;
}

/* The end of rho opposite to 0, for both searches. */
static double bound_rho(mtp_copas_job *job)
{
    double end =
        job->problem.selects ? job->sign * job->result->options.rho_bound : 0.0;

    for (int with_slope = 0; with_slope < 2; with_slope++) {
        job->lower[with_slope][RHO] = fmin(0.0, end);
        job->upper[with_slope][RHO] = fmax(0.0, end);
    }
    return end;
}

/* The highest maximum; `also`: one more start, or NULL. */
static mtp_status maximize(mtp_copas_job *job, mtp_climb *climb, const double also[])
{
    double end = bound_rho(job);

    mtp_climb_reset(climb);
    for (int i = 0; i < (job->problem.selects ? STARTS : 1); i++) {
        double rho = end * RHO_STARTS[i];
        double start[N] = {job->mean, 0.0, job->tau2, rho};

        mtp_climb_from(climb, start);
        start[TAU2] = job->tau2 > 0.0 ? 0.0 : 0.25;
        mtp_climb_from(climb, start);
        start[MU] -= 2.0 * rho; /* what selection may have added, in its unit */
        start[TAU2] = job->tau2 + 0.25;
        mtp_climb_from(climb, start);
    }
    if (also) {
        mtp_climb_from(climb, also);
    }
    if (!isfinite(climb->best_loglik)) {
        return mtp_fail(job->err, MTP_E_NOCONV,
                        "the likelihood of the Copas model has no maximum that the "
                        "search could find");
    }
    mtp_copas_evaluate(&job->problem, climb->best, &climb->at);
    return MTP_OK;
}

/* Densities of y are those of y / 2^unit divided by it. */
static double in_unit_of_y(const mtp_copas_job *job, double loglik)
{
    return loglik - (double)job->k * job->unit * LOG_2;
}

static mtp_copas_rho state_of(const mtp_copas_job *job, double rho)
{
    if (!job->problem.selects) {
        return MTP_COPAS_RHO_NONE;
    }
    if (fabs(rho) >= job->result->options.rho_bound) {
        return MTP_COPAS_RHO_AT_BOUND;
    }
    return fabs(rho) > 0.0 ? MTP_COPAS_RHO_FREE : MTP_COPAS_RHO_AT_ZERO;
}

/* The variance of mu: from the inverse of the observed information of what is free. */
static double variance_of_mu(const mtp_climb *climb, const int free[], size_t n)
{
    double information[N * N], inverse[N * N];

    for (size_t a = 0; a < n; a++) {
        for (size_t b = 0; b < n; b++) {
            information[a * n + b] = -climb->at.hessian[free[a] * N + free[b]];
        }
    }
    if (!mtp_cholesky(n, information)) {
        return (double)NAN;
    }
    mtp_cholesky_inverse(n, information, inverse);
    return inverse[0];
}

static void describe(const mtp_copas_job *job, mtp_copas_fit *fit)
{
    const mtp_climb *climb = &job->level;
    const mtp_copas_options *options = &job->result->options;
    const double one = 1.0, *at = climb->best;
    int free[N] = {MU};
    size_t n = 1;
    double gradient[N] = {ldexp(climb->at.gradient[MU], -job->unit)};
    mtp_dd beta, variance;
    mtp_linear linear = {.p = 1,
                         .beta = &beta,
                         .cov = &variance,
                         .df = (double)NAN,
                         .tail = mtp_tail_of_level(options->level)};

    fit->rho_state = state_of(job, at[RHO]);
    if (at[TAU2] > 0.0) {
        gradient[n] = ldexp(climb->at.gradient[TAU2], -2 * job->unit);
        free[n++] = TAU2;
    }
    if (fit->rho_state == MTP_COPAS_RHO_FREE) {
        gradient[n] = climb->at.gradient[RHO];
        free[n++] = RHO;
    }
    beta = mtp_dd_add(mtp_dd_from(job->centre), mtp_dd_from(ldexp(at[MU], job->unit)));
    variance = mtp_dd_from(ldexp(variance_of_mu(climb, free, n), 2 * job->unit));
    fit->mu = mtp_linear_combination(&linear, NULL, &one);
    fit->tau2 = ldexp(at[TAU2], 2 * job->unit);
    fit->rho = job->problem.selects ? at[RHO] + 0.0 : (double)NAN;
    fit->loglik = in_unit_of_y(job, climb->at.loglik);
    fit->gradient_norm = hypot(hypot(gradient[0], gradient[1]), gradient[2]);
    fit->n_modes = climb->n_found;
}

mtp_status mtp_copas_fit_at(mtp_copas_job *job, double u_least, double gamma1,
                            mtp_copas_fit *fit)
{
    mtp_copas_fit made = {.gamma0 = u_least - gamma1 / job->se_max, .gamma1 = gamma1};
    const mtp_climb *level = &job->level, *slope = &job->slope;
    mtp_status status = select_studies(job, u_least, &made);

    if (status == MTP_OK) {
        status = maximize(job, &job->level, NULL);
    }
    if (status == MTP_OK) {
        status = maximize(job, &job->slope, level->best);
    }
    if (status == MTP_OK) {
        describe(job, &made);
        made.slope = slope->best[SLOPE] / job->x_scale;
        made.slope_loglik = in_unit_of_y(job, slope->at.loglik);
        made.residual =
            mtp_test_chisq(2.0 * fmax(0.0, slope->at.loglik - level->at.loglik), 1.0);
        *fit = made;
    }
    return status;
}
