/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Studies against the fit, with M_i = vi + tau2, h the leverage and V the model's
 * covariance of beta:
 *   rstandard  (y - x'b) / sqrt(M (1 - h))
 *   rstudent   (y - x'b_(i)) / sqrt(vi + tau2_(i) + x'V_(i) x), (i) without study i
 *   blup       x'b + s (y - x'b), s = tau2 / M; variance s vi + (1 - s)^2 x'V x with
 *              the covariance that tests use
 * Sources: Viechtbauer & Cheung (2010), Res Synth Methods 1:112-125,
 * doi:10.1002/jrsm.11 (residuals); Raudenbush & Bryk (1985), J Educ Stat 10:75-98,
 * doi:10.3102/10769986010002075 (best linear unbiased predictions).
 */
#include "core/error.h"
#include "core/parallel.h"
#include "models/deletion.h"
#include "models/normal.h"
#include "models/regress_job.h"

#include <math.h>

void mtp_regress_shrink(const mtp_regress_job *job, size_t i, mtp_dd tau2, double wide,
                        mtp_regress_study *s)
{
    const double *x = job->mods->x + i * job->mods->p;
    double v = job->effects->vi[i];
    mtp_dd one = {1.0, 0.0}, y = mtp_dd_from(job->effects->yi[i]);
    mtp_dd share = mtp_dd_div(tau2, mtp_dd_add(tau2, mtp_dd_from(v)));
    mtp_dd mean = mtp_linear_value(&job->linear, x), rest = mtp_dd_sub(one, share);
    mtp_dd value = mtp_dd_add(mean, mtp_dd_mul(share, mtp_dd_sub(y, mean))), se, half;

    se = mtp_dd_mul(mtp_dd_sqr(rest),
                    mtp_linear_variance(job->mods->p, job->linear.cov, x));
    se = mtp_dd_sqrt(mtp_dd_add(se, mtp_dd_mul_d(share, v)));
    half = mtp_dd_mul_d(se, wide);
    s->blup = mtp_dd_to(value);
    s->blup_se = mtp_dd_to(se);
    s->blup_lower = mtp_dd_to(mtp_dd_sub(value, half));
    s->blup_upper = mtp_dd_to(mtp_dd_add(value, half));
}

/* The study at a point of the factorization at tau2. */
static mtp_regress_study describe(const mtp_regress_job *job, size_t point,
                                  mtp_dd sum_w, double wide)
{
    const mtp_columns *c = job->studies.columns;
    size_t i = job->studies.point[point].index;
    const double *x = job->mods->x + i * job->mods->p;
    mtp_dd y = mtp_dd_from(job->effects->yi[i]), residual, se;
    mtp_regress_study s = {.rstandard = (double)NAN,
                           .rstudent = (double)NAN,
                           .rstudent_residual = (double)NAN,
                           .rstudent_se = (double)NAN};

    residual = mtp_to_unit_of_y(&job->studies, c->residual[point], 1);
    s.fitted = mtp_dd_to(mtp_dd_sub(y, residual));
    s.fitted_se =
        mtp_dd_to(mtp_dd_sqrt(mtp_linear_variance(job->mods->p, job->linear.cov, x)));
    s.residual = mtp_dd_to(residual);
    s.hat = mtp_dd_to(c->leverage[point]);
    s.weight = 100.0 * mtp_dd_to(mtp_dd_div(c->w[point], sum_w));
    se = mtp_dd_sub(mtp_dd_from(1.0), c->leverage[point]);
    se = mtp_dd_sqrt(mtp_dd_div(se, c->w[point]));
    s.residual_se = mtp_dd_to(mtp_to_unit_of_y(&job->studies, se, 1));
    if (s.hat < 1.0) { /* a study that alone determines a coefficient has none */
        s.rstandard = s.residual / s.residual_se;
    }
    mtp_regress_shrink(job, i, job->spread, wide, &s);
    return s;
}

/* The fits without each study. */
typedef struct deletion {
    const mtp_regress_job *job;
    mtp_regress_study *study;
} deletion;

/* b and V without study i into its residual; NaN stays where the design loses rank. */
static mtp_status residual_without(const deletion *of, size_t i, mtp_arena *arena,
                                   mtp_error *err)
{
    const mtp_regress_job *job = of->job;
    const double *x = mtp_deletion_row(job->mods, i);
    mtp_deletion_fit *fit = MTP_ARENA_NEW(arena, mtp_deletion_fit);
    mtp_regress_options options = job->options;
    mtp_dd residual = mtp_dd_from(job->effects->yi[i]), variance;
    mtp_status status;

    if (!fit) {
        return mtp_fail_nomem(err);
    }
    options.ci = MTP_CI_WALD;
    options.weights = NULL;
    status =
        mtp_deletion_fit_make(job->effects, job->mods, &options, i, arena, fit, err);
    if (status != MTP_OK) {
        return status == MTP_E_DATA ? MTP_OK : status;
    }
    for (size_t j = 0; j < fit->p; j++) {
        residual = mtp_dd_sub(residual, mtp_dd_mul_d(fit->beta[j], x[j]));
    }
    variance = mtp_linear_variance(fit->p, fit->cov, x);
    variance = mtp_dd_add(variance, fit->tau2);
    variance = mtp_dd_sqrt(mtp_dd_add(variance, mtp_dd_from(job->effects->vi[i])));
    of->study[i].rstudent_residual = mtp_dd_to(residual);
    of->study[i].rstudent_se = mtp_dd_to(variance);
    of->study[i].rstudent = mtp_dd_to(mtp_dd_div(residual, variance));
    return MTP_OK;
}

static mtp_status delete_one(void *context, size_t i)
{
    const deletion *of = (const deletion *)context;
    mtp_arena *arena = mtp_arena_new();
    mtp_status status;

    if (!arena) {
        return MTP_E_NOMEM;
    }
    status = residual_without(of, i, arena, NULL);
    mtp_arena_free(arena);
    return status;
}

mtp_status mtp_regress_diagnose(mtp_regress_job *job, mtp_error *err)
{
    size_t k = job->mods->k;
    mtp_regress_study *study = MTP_ARENA_ARRAY(job->arena, k, mtp_regress_study);
    deletion of = {job, study};
    double wide = mtp_critical(job->linear.tail, job->linear.df);
    mtp_sums sums;

    if (!study) {
        return mtp_fail_nomem(err);
    }
    mtp_columns_sums(&job->studies, job->tau2.tau2, &sums);
    for (size_t i = 0; i < k; i++) {
        study[job->studies.point[i].index] = describe(job, i, sums.w, wide);
    }
    job->result->study = study;
    if (job->options.estimate_without && k > job->mods->p + 1) {
        return mtp_parallel_for(k, job->options.threads, delete_one, &of) == MTP_OK
                   ? MTP_OK
                   : mtp_fail_nomem(err);
    }
    return MTP_OK;
}
