/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "models/heterogeneity.h"
#include "models/multilevel_job.h"
#include "num/dist.h"

#include <math.h>

/* Traces below this share of what they would be without columns are rounding. */
static const double CONFOUNDED = 1e-10;

/* Effects and variances in a unit of their own, by index. */
static mtp_status prepare_effects(mtp_nested_job *job, mtp_error *err)
{
    mtp_arena *arena = job->made->arena;
    mtp_study_point *sorted;
    mtp_study_block block;
    mtp_studies studies;
    mtp_arena_mark mark;
    mtp_status status;

    job->point = MTP_ARENA_ARRAY(arena, job->k, mtp_study_point);
    job->y = MTP_ARENA_ARRAY(arena, job->k, double);
    job->gamma = MTP_ARENA_ARRAY(arena, job->p, mtp_dd);
    mark = mtp_arena_save(arena);
    sorted = MTP_ARENA_ARRAY(arena, job->k, mtp_study_point);
    if (!job->point || !job->y || !job->gamma || !sorted) {
        return mtp_fail_nomem(err);
    }
    status = mtp_studies_prepare(job->k, job->yi, job->vi, 1, NULL, sorted, &block,
                                 &studies, err);
    if (status != MTP_OK) {
        return status;
    }
    job->fit.unit = job->made->unit = studies.unit;
    job->fit.centre = job->made->basis.intercept ? block.centre : 0.0;
    job->range = studies.range;
    for (size_t i = 0; i < job->k; i++) {
        mtp_study_point *to = &job->point[sorted[i].index];

        *to = sorted[i];
        if (!job->made->basis.intercept) {
            to->d = mtp_dd_from(ldexp(job->yi[to->index], -studies.unit));
            job->range = fmax(job->range, fabs(to->d.hi));
        }
    }
    for (size_t i = 0; i < job->k; i++) {
        job->y[i] = mtp_dd_to(job->point[i].d);
    }
    mtp_arena_release(arena, mark);
    return MTP_OK;
}

/* Take the fit of `nested` from the effects, so that what is computed from now on is
 * small where residuals are. */
static void take_from_effects(mtp_nested_job *job, const mtp_nested *nested)
{
    const mtp_nested_basis *basis = &job->made->basis;
    mtp_dd mean = mtp_dd_from(nested->root_mean[basis->n]);

    for (size_t t = 0; t < basis->n; t++) {
        job->gamma[t] = mtp_dd_from(nested->gamma[t]);
        mean =
            mtp_dd_sub(mean, mtp_dd_two_prod(nested->root_mean[t], nested->gamma[t]));
    }
    for (size_t i = 0; i < job->k; i++) {
        mtp_dd rest = mtp_dd_sub(job->point[i].d, mean);

        for (size_t t = 0; t < basis->n; t++) {
            rest = mtp_dd_sub(
                rest, mtp_dd_two_prod(basis->z[i * basis->n + t], nested->gamma[t]));
        }
        job->y[i] = mtp_dd_to(rest);
    }
    job->fit.mean = mean;
    job->fit.gamma = job->gamma;
}

static mtp_status not_apart(mtp_error *err)
{
    return mtp_fail(err, MTP_E_DATA,
                    "the variances of the effects are so unequal that the moderators "
                    "cannot be told apart at their weights");
}

/* The fit without random effects: Q and the typical variance; what it fits is taken
 * from the effects. */
static mtp_status fit_common(mtp_nested_job *job, mtp_error *err)
{
    mtp_multilevel_result *r = &job->made->result;
    mtp_arena_mark mark = mtp_arena_save(job->made->arena);
    mtp_nested_at at = {.sigma2 = {0.0}};
    mtp_nested flat;
    mtp_tail tail;
    mtp_status status = mtp_nested_make(job->point, job->y, job->k, &job->made->basis,
                                        1, NULL, job->made->arena, &flat, err);

    if (status != MTP_OK) {
        return status;
    }
    if (!mtp_nested_value(&flat, &at)) {
        return not_apart(err);
    }
    take_from_effects(job, &flat);
    mtp_nested_set_effects(&flat, job->y);
    mtp_nested_value(&flat, &at);
    mtp_nested_gradient(&flat, true, &at);
    r->Q = at.Q;
    r->Q_df = (double)(job->k - job->p);
    tail = mtp_chisq_upper(r->Q, r->Q_df);
    r->Q_p = tail.p;
    r->Q_log_p = tail.log_p;
    r->vt = ldexp(r->Q_df / at.trace[0], 2 * job->fit.unit);
    mtp_arena_release(job->made->arena, mark);
    return MTP_OK;
}

static mtp_status check_distinct(const mtp_nested_job *job,
                                 const mtp_nested_problem *problem, mtp_error *err)
{
    const mtp_nested_level *level = job->made->nested.level;

    for (size_t l = 1; l < job->n_levels; l++) {
        for (size_t m = 0; m < l; m++) {
            if (problem->free[l] && problem->free[m] && level[l].n == level[m].n) {
                return mtp_fail(err, MTP_E_DATA,
                                "%s and %s make the same groups, so that nothing tells "
                                "their variances apart; one of them is enough",
                                job->made->level[m].name, job->made->level[l].name);
            }
        }
    }
    return MTP_OK;
}

/* Which variances can be estimated, and where the others stand. */
static mtp_status choose_levels(mtp_nested_job *job, mtp_nested_problem *problem,
                                double fixed[], mtp_error *err)
{
    mtp_nested *d = &job->made->nested;
    mtp_nested_at zero = {.sigma2 = {0.0}}, free = zero;
    const double *given = job->made->result.options.sigma2;

    if (!mtp_nested_value(d, &zero)) {
        return not_apart(err);
    }
    mtp_nested_gradient(d, false, &free);
    mtp_nested_gradient(d, true, &zero);
    for (size_t l = 0; l < job->n_levels; l++) {
        mtp_variance_component *level = &job->made->level[l];

        level->given = given && !isnan(given[l]);
        level->confounded =
            !level->given && zero.trace[l] <= CONFOUNDED * free.trace[l];
        problem->free[l] = !level->given && !level->confounded;
        fixed[l] = level->given ? ldexp(given[l], -2 * job->fit.unit) : 0.0;
    }
    return check_distinct(job, problem, err);
}

/* Standard errors of the variances above 0, from the observed information. */
static void add_standard_errors(mtp_nested_job *job, const mtp_nested_problem *problem)
{
    size_t L = job->n_levels, n = 0, at[MTP_LEVELS_MAX];
    double observed[MTP_LEVELS_MAX * MTP_LEVELS_MAX];
    double average[MTP_LEVELS_MAX * MTP_LEVELS_MAX];

    mtp_nested_information(problem->nested, problem->restricted, &job->fit.at, observed,
                           average);
    for (size_t l = 0; l < L; l++) {
        job->made->level[l].se = (double)NAN;
        if (problem->free[l] && job->fit.at.sigma2[l] > 0.0) {
            at[n++] = l;
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            average[i * n + j] = observed[at[i] * L + at[j]];
        }
    }
    if (!mtp_cholesky(n, average)) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        double unit[MTP_LEVELS_MAX] = {0.0}, sum = 0.0;

        unit[i] = 1.0;
        mtp_cholesky_lower(n, average, unit);
        for (size_t j = 0; j < n; j++) {
            sum += unit[j] * unit[j];
        }
        job->made->level[at[i]].se = ldexp(sqrt(sum), 2 * job->fit.unit);
    }
}

static void add_variances(mtp_nested_job *job, const mtp_nested_problem *problem,
                          const mtp_nested_at found[], size_t n)
{
    mtp_multilevel_result *r = &job->made->result;
    double sum = 0.0, to_here = 0.0;
    int unit = 2 * job->fit.unit;

    for (size_t l = 0; l < job->n_levels; l++) {
        mtp_variance_component *level = &job->made->level[l];

        level->sigma2 = ldexp(job->fit.at.sigma2[l], unit);
        level->ci_status = MTP_SET_UNDEFINED;
        level->ci[0] = level->ci[1] = (double)NAN;
        sum += level->sigma2;
        r->n_estimated += problem->free[l] ? 1 : 0;
        if (problem->free[l] && r->options.intervals) {
            double limits[2];

            mtp_nested_profile(problem, l, found, n, ldexp(level->se, -unit),
                               job->range, r->options.level, limits);
            level->ci_status = MTP_SET_OK;
            level->ci[0] = ldexp(limits[0], unit);
            level->ci[1] = ldexp(limits[1], unit);
        }
    }
    r->tau2 = sum;
    r->tau = sqrt(sum);
    r->I2 = 100.0 * sum / (sum + r->vt);
    for (size_t l = 0; l < job->n_levels; l++) {
        mtp_variance_component *level = &job->made->level[l];

        to_here += level->sigma2;
        level->I2 = 100.0 * level->sigma2 / (sum + r->vt);
        level->correlation = sum > 0.0 ? to_here / sum : (double)NAN;
    }
}

static mtp_information information_of(double loglik, double n, size_t parameters)
{
    mtp_fit fit = {.loglik = loglik};

    mtp_information_criteria(&fit, n, (double)parameters);
    return (mtp_information){loglik, fit.AIC, fit.AICc, fit.BIC};
}

static void add_likelihoods(mtp_nested_job *job, const mtp_nested_problem *problem,
                            const mtp_nested_at found[], size_t n)
{
    mtp_multilevel_result *r = &job->made->result;
    double k = (double)job->k, df = r->Q_df;
    double unit = log(2.0) * (double)job->fit.unit;
    size_t parameters = job->p + r->n_estimated;

    r->ml = information_of(job->fit.at.ml - k * unit, k, parameters);
    r->reml = information_of(job->fit.at.reml - df * unit, df, parameters);
    r->n_modes = n;
    for (size_t m = 0; m < n; m++) {
        r->modes[m].loglik = mtp_nested_loglik(problem, &found[m]) -
                             (problem->restricted ? df : k) * unit;
        for (size_t l = 0; l < job->n_levels; l++) {
            r->modes[m].sigma2[l] = ldexp(found[m].sigma2[l], 2 * job->fit.unit);
        }
    }
}

/* What the groups hold belongs to the fit again. */
static void stand_at(mtp_nested_job *job, const mtp_nested_problem *problem)
{
    mtp_nested_value(problem->nested, &job->fit.at);
    mtp_nested_gradient(problem->nested, problem->restricted, &job->fit.at);
}

static mtp_status fit_levels(mtp_nested_job *job, mtp_error *err)
{
    mtp_multilevel_result *r = &job->made->result;
    mtp_nested_problem problem = {
        &job->made->nested, r->options.method == MTP_TAU2_REML, {false}};
    mtp_nested_at found[MTP_MODES_MAX];
    double fixed[MTP_LEVELS_MAX];
    mtp_status status =
        mtp_nested_make(job->point, job->y, job->k, &job->made->basis, job->n_levels,
                        job->levels, job->made->arena, &job->made->nested, err);
    size_t n;

    if (status == MTP_OK) {
        status = choose_levels(job, &problem, fixed, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    n = mtp_nested_maxima(&problem, fixed, job->range, found);
    if (n == 0) {
        return not_apart(err);
    }
    job->fit.nested = problem.nested;
    job->fit.at = found[0];
    stand_at(job, &problem);
    add_standard_errors(job, &problem);
    add_variances(job, &problem, found, n);
    add_likelihoods(job, &problem, found, n);
    stand_at(job, &problem);
    r->iterations = problem.nested->evaluations;
    return MTP_OK;
}

mtp_status mtp_nested_job_fit(mtp_nested_job *job, mtp_error *err)
{
    mtp_arena *arena = job->made->arena;
    mtp_status status =
        mtp_nested_basis_make(job->k, job->p, job->x, arena, &job->made->basis, err);

    if (status == MTP_OK) {
        status = prepare_effects(job, err);
    }
    if (status == MTP_OK) {
        status = fit_common(job, err);
    }
    return status == MTP_OK ? fit_levels(job, err) : status;
}
