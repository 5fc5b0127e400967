/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "models/glmm_basis.h"
#include "models/glmm_design_internal.h"
#include "num/cholesky.h"

#include <float.h>
#include <math.h>
#include <string.h>

/*
 * The common model of several columns: Newton's method on a concave log-likelihood, its
 * deviance a sum of terms >= 0, its gradient in double-double.
 */

/* Deviance, gradient and information at beta. */
typedef struct place {
    double *beta;        /* [p] */
    double half;         /* half the deviance from the saturated model */
    double *gradient;    /* [p] */
    double *information; /* [p * p], then its factor */
} place;

static bool make_place(size_t p, mtp_arena *arena, place *at)
{
    at->beta = mtp_arena_zalloc(arena, p, sizeof(double));
    at->gradient = mtp_arena_zalloc(arena, p, sizeof(double));
    at->information = mtp_arena_zalloc(arena, p, p * sizeof(double));
    return at->beta && at->gradient && at->information;
}

static double eta_of(const mtp_glmm_study *study, size_t p, const double *beta)
{
    double eta = study->offset;

    for (size_t i = 0; i < p; i++) {
        eta += study->row[i] * beta[i];
    }
    return eta;
}

static void add_information(size_t p, const double *row, double w, double *information)
{
    for (size_t i = 0; i < p; i++) {
        for (size_t j = 0; j <= i; j++) {
            information[i * p + j] += w * row[i] * row[j];
        }
    }
}

/* Sets each study's eta. */
static void evaluate(mtp_glmm_sample *sample, place *at)
{
    size_t p = sample->p;
    mtp_dd half = {0.0, 0.0};

    memset(sample->sum, 0, p * sizeof *sample->sum);
    memset(at->information, 0, p * p * sizeof *at->information);
    for (size_t i = 0; i < sample->count; i++) {
        mtp_glmm_study *study = &sample->study[i];
        mtp_glmm_predictor own;
        double part;

        study->eta = eta_of(study, p, at->beta);
        own = mtp_glmm_predictor_at(sample->kind, study, study->eta);
        part = mtp_glmm_deviance(sample->kind, study, own.rate, own.q, own.score);
        half = mtp_dd_add(half, mtp_dd_two_prod(study->times, part));
        add_information(p, study->row, study->times * own.w, at->information);
        for (size_t j = 0; j < p; j++) {
            mtp_dd add = mtp_dd_two_prod(study->times * study->row[j], own.score);

            sample->sum[j] = mtp_dd_add(sample->sum[j], add);
        }
    }
    at->half = fmax(0.0, mtp_dd_to(half));
    if (isnan(half.hi)) {
        at->half =
            (double)INFINITY; /* so far off that x and its mean are not comparable */
    }
    for (size_t j = 0; j < p; j++) {
        at->gradient[j] = mtp_dd_to(sample->sum[j]);
    }
}

/* Weighted least squares of the studies' own log odds (rates), none of them infinite.
 */
static void start(const mtp_glmm_sample *sample, place *at)
{
    size_t p = sample->p;

    memset(at->beta, 0, p * sizeof *at->beta);
    memset(at->information, 0, p * p * sizeof *at->information);
    for (size_t i = 0; i < sample->count; i++) {
        const mtp_glmm_study *study = &sample->study[i];
        double x = study->x + 0.5, y = study->y + 0.5;
        bool poisson = sample->kind == MTP_GLMM_POISSON;
        double w = study->times * (poisson ? x : x * (y / (x + y)));
        double own = log(x / (poisson ? study->m : y)) - study->offset;

        add_information(p, study->row, w, at->information);
        for (size_t j = 0; j < p; j++) {
            at->beta[j] += w * study->row[j] * own;
        }
    }
    if (mtp_cholesky(p, at->information)) {
        mtp_cholesky_solve(p, at->information, at->beta);
    } else {
        memset(at->beta, 0, p * sizeof *at->beta);
    }
}

/* From `from` by as much of the step as does not raise the deviance; false: none. */
static bool advance(mtp_glmm_sample *sample, const place *from, const double *step,
                    place *to)
{
    enum { HALVINGS_MAX = 60 };
    double part = 1.0;

    for (int i = 0; i < HALVINGS_MAX; i++) {
        for (size_t j = 0; j < sample->p; j++) {
            to->beta[j] = from->beta[j] + part * step[j];
        }
        evaluate(sample, to);
        if (to->half <= from->half * (1.0 + 1e-14) + 1e-14) {
            return true;
        }
        part *= 0.5;
    }
    return false;
}

/* Newton's step, its size in standard deviations; where the information is singular in
 * doubles, one that leans towards the gradient. */
static bool newton_step(size_t p, const place *at, double *factor, double *step,
                        double *size)
{
    double ridge = 0.0, largest = 0.0;

    for (size_t i = 0; i < p; i++) {
        largest = fmax(largest, at->information[i * p + i]);
    }
    do {
        memcpy(factor, at->information, p * p * sizeof *factor);
        for (size_t i = 0; i < p; i++) {
            factor[i * p + i] += ridge;
        }
        ridge = ridge > 0.0 ? 100.0 * ridge : 1e-14 * largest;
    } while (!mtp_cholesky(p, factor) && ridge < largest);
    memcpy(step, at->gradient, p * sizeof *step);
    mtp_cholesky_solve(p, factor, step);
    *size = 0.0;
    for (size_t j = 0; j < p; j++) {
        *size += step[j] * at->gradient[j];
    }
    *size = sqrt(fabs(*size));
    return isfinite(*size);
}

static bool climb(mtp_glmm_sample *sample, place *at, place *next, double *factor,
                  double *step)
{
    enum { STEPS_MAX = 500 };
    const double settled = 1e-14, near = 1e-6;
    size_t p = sample->p;
    double last = (double)INFINITY;

    evaluate(sample, at);
    for (int i = 0; i < STEPS_MAX && !isfinite(at->half); i++) {
        for (size_t j = 0; j < p; j++) {
            at->beta[j] *= 0.5; /* means that are not finite: nearer to the offset */
        }
        evaluate(sample, at);
    }
    for (int i = 0; i < STEPS_MAX; i++) {
        place was = *at;
        double size;

        if (!newton_step(p, at, factor, step, &size)) {
            return false;
        }
        if (!advance(sample, at, step, next)) {
            evaluate(sample, at);
            return size < near; /* nothing but rounding is left */
        }
        *at = *next;
        *next = was;
        if (size <= settled || (size < near && size > 0.5 * last)) {
            return true;
        }
        last = size;
    }
    return false;
}

/* The score of tau2 at 0: as glmm_closed.c has it, without its closed form. */
static void boundary(const mtp_glmm_sample *sample, mtp_glmm_common *common)
{
    mtp_dd sum = {0.0, 0.0};
    double rounding = 0.0;

    for (size_t i = 0; i < sample->count; i++) {
        const mtp_glmm_study *study = &sample->study[i];
        mtp_glmm_predictor own = mtp_glmm_predictor_at(sample->kind, study, study->eta);
        double S2 = own.score * own.score;
        mtp_dd part =
            mtp_dd_sub(mtp_dd_two_prod(own.score, own.score), mtp_dd_from(own.w));

        sum = mtp_dd_add(sum, mtp_dd_mul_d(part, study->times));
        rounding +=
            study->times * (fabs(own.score) * (study->x + own.mean) + S2 + own.w);
        common->information = fmax(common->information, own.w);
    }
    rounding *= 4.0 * DBL_EPSILON;
    common->slope = 0.5 * mtp_dd_to(sum);
    common->sign = sum.hi > rounding ? 1 : sum.hi < -rounding ? -1 : 0;
}

mtp_status mtp_glmm_fit_common(mtp_glmm_sample *sample, mtp_arena *arena,
                               mtp_glmm_common *common, mtp_error *err)
{
    size_t p = sample->p;
    place at, next;
    double *step = mtp_arena_zalloc(arena, p, sizeof *step);
    double *vcov = mtp_arena_zalloc(arena, p, p * sizeof *vcov);
    double *factor = mtp_arena_zalloc(arena, p, p * sizeof *factor);

    if (!step || !vcov || !factor || !make_place(p, arena, &at) ||
        !make_place(p, arena, &next)) {
        return mtp_fail_nomem(err);
    }
    *common = (mtp_glmm_common){0};
    start(sample, &at);
    common->converged = climb(sample, &at, &next, factor, step);
    common->beta = at.beta;
    common->half_deviance = at.half;
    if (common->converged && mtp_cholesky(p, at.information)) {
        mtp_cholesky_inverse(p, at.information, vcov);
        common->vcov = vcov;
        boundary(sample, common);
    }
    common->converged = common->vcov != NULL;
    return MTP_OK;
}

/* Log odds (log rate) of a study less those of the model: with S = x q - y p. */
static double excess(mtp_glmm_kind kind, const mtp_glmm_study *study)
{
    mtp_glmm_predictor own = mtp_glmm_predictor_at(kind, study, study->eta);
    bool poisson = kind == MTP_GLMM_POISSON;
    double base = poisson ? own.w : study->y * own.p;
    double u = own.score / base;

    return u > -0.5 ? log1p(u) : log((poisson ? study->x : study->x * own.q) / base);
}

mtp_status mtp_glmm_wald_test(const mtp_glmm_sample *sample, mtp_arena *scratch,
                              double *Q, mtp_error *err)
{
    size_t n = sample->count, p = sample->p;
    mtp_dd *rest = MTP_ARENA_ARRAY(scratch, n, mtp_dd);
    mtp_glmm_basis basis;
    mtp_status status = mtp_glmm_basis_make(n, p, scratch, &basis, err);

    if (status != MTP_OK || !rest) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < n; i++) {
        const mtp_glmm_study *study = &sample->study[i];
        double w = mtp_glmm_wald_weight(sample->kind, study);

        basis.weight[i] = study->times * w;
        rest[i] = mtp_dd_from(w > 0.0 ? excess(sample->kind, study) : 0.0);
        for (size_t j = 0; j < p; j++) {
            basis.z[j * n + i] = mtp_dd_from(study->row[j]);
        }
    }
    (void)mtp_glmm_basis_orthogonalise(&basis);
    *Q = mtp_dd_to(mtp_glmm_basis_project(&basis, rest, NULL));
    return MTP_OK;
}
