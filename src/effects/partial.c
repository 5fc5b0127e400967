/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Partial and semi-partial correlations of a regression: n observations, m predictors
 * (the one in question among them), R2 the coefficient of determination. Where papers
 * print the t of the coefficient instead, rules make r from it.
 */
#include "core/error.h"
#include "core/number.h"
#include "effects/check.h"
#include "effects/correlation.h"
#include "effects/family.h"

#include <math.h>

#define SOURCE "Aloe & Becker (2012), doi:10.3102/1076998610396901"
#define REGRESSION(id, kind)                                                           \
    .measure = MTP_##id, .code = #id, .input = MTP_INPUT_##kind, .groups = 1,          \
    .lower = -1.0, .upper = 1.0

/* clang-format off */
static const mtp_measure_info partial[] = {
    {REGRESSION(PCOR, PARTIAL), .vtypes = 1U << MTP_VTYPE_AV,
     .name = "partial correlation", .natural = "partial correlation",
     .scale = "partial correlation", .inverse = "none",
     .yi = "r, or t / sqrt(t^2 + n - m - 1)",
     .vi = "(1 - r^2)^2 / (n - m - 1) (AV: r = sum n r / sum n)", .source = SOURCE},
    {REGRESSION(ZPCOR, PARTIAL),
     .name = "Fisher's z of the partial correlation",
     .natural = "partial correlation", .scale = "Fisher's z",
     .inverse = "hyperbolic tangent",
     .yi = "atanh(r)", .vi = "1 / (n - m - 2)",
     .source = "Fisher (1924), Metron 3:329-332; " SOURCE},
};
static const mtp_measure_info semipartial[] = {
    {REGRESSION(SPCOR, SEMIPARTIAL), .vtypes = 1U << MTP_VTYPE_AV,
     .name = "semi-partial correlation", .natural = "semi-partial correlation",
     .scale = "semi-partial correlation", .inverse = "none",
     .yi = "r, or t sqrt((1 - R2) / (n - m - 1))",
     .vi = "(R2^2 - 2 R2 + S + 1 - S^2) / n, S = R2 - r^2 (AV: r = sum n r / sum n)",
     .source = SOURCE},
    {REGRESSION(ZSPCOR, SEMIPARTIAL),
     .name = "Fisher's z of the semi-partial correlation",
     .natural = "semi-partial correlation", .scale = "Fisher's z",
     .inverse = "hyperbolic tangent",
     .yi = "atanh(r)", .vi = "that of SPCOR / (1 - r^2)^2", .source = SOURCE},
};
/* clang-format on */

/* Half a unit of the second decimal: R2 and t are printed apart. */
static const double ROUNDING = 0.005;

mtp_status mtp_check_regression(const mtp_effects_options *options, const mtp_raw *raw,
                                size_t i, double spare, mtp_error *err)
{
    mtp_status status = mtp_check_positive(
        raw, i, MTP_ROLE_PREDICTORS,
        "is not above 0; the predictor in question is among the predictors", err);
    double m = raw->column[MTP_ROLE_PREDICTORS][i];

    if (!status && floor(m) != m) {
        status = mtp_impossible(raw, i, MTP_ROLE_PREDICTORS,
                                "is not a whole number of predictors", err);
    }
    return status ? status : mtp_check_residual_size(options, raw, i, m + spare, err);
}

mtp_status mtp_check_r2(const mtp_raw *raw, size_t i, mtp_error *err)
{
    double r2 = raw->column[MTP_ROLE_R2][i];

    return r2 >= 0.0 && r2 <= 1.0
               ? MTP_OK
               : mtp_impossible(raw, i, MTP_ROLE_R2,
                                "is not a coefficient of determination; it lies "
                                "between 0 and 1",
                                err);
}

static mtp_status check_partial(const mtp_effects_options *options, const mtp_raw *raw,
                                size_t i, mtp_error *err)
{
    mtp_status status = mtp_check_correlation(options, raw, i, err);

    return status ? status
                  : mtp_check_regression(options, raw, i,
                                         options->measure == MTP_PCOR ? 2.0 : 3.0, err);
}

/* What one predictor explains is part of what all explain. */
static mtp_status check_semipartial(const mtp_effects_options *options,
                                    const mtp_raw *raw, size_t i, mtp_error *err)
{
    double r = raw->column[MTP_ROLE_R][i];
    mtp_status status = mtp_check_correlation(options, raw, i, err);
    char square[MTP_NUMBER_TEXT], r2[MTP_NUMBER_TEXT];

    if (!status) {
        status = mtp_check_r2(raw, i, err);
    }
    if (!status) {
        status = mtp_check_residual_size(options, raw, i, 3.0, err);
    }
    if (status || r * r <= raw->column[MTP_ROLE_R2][i] + ROUNDING) {
        return status;
    }
    mtp_number_significant(r * r, 3, square, sizeof square);
    mtp_number_format(raw->column[MTP_ROLE_R2][i], r2);
    return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, mtp_role_id(MTP_ROLE_R2),
                       "%s is less than the squared semi-partial correlation, %s, "
                       "which is a part of it",
                       r2, square);
}

static double correlation(const mtp_effects_work *w, size_t i)
{
    return w->raw->column[MTP_ROLE_R][i];
}

static void prepare(mtp_effects_work *w)
{
    mtp_share_average(w, correlation);
}

/* The r of the variance: the study's own, or the average. */
static double variance_r(const mtp_effects_work *w, size_t i)
{
    return w->options->vtype == MTP_VTYPE_AV ? *(const double *)w->shared
                                             : correlation(w, i);
}

static void effect_partial(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    double r = correlation(w, i);
    double df =
        w->raw->column[MTP_ROLE_N][i] - w->raw->column[MTP_ROLE_PREDICTORS][i] - 1.0;
    bool z = w->options->measure == MTP_ZPCOR;

    *yi = z ? atanh(r) : r;
    *vi = z ? 1.0 / (df - 1.0) : mtp_correlation_variance(variance_r(w, i), df);
}

/* (1 - R2)^2 - S^2 + S = (1 - R2)^2 + S (1 - S): no large terms that cancel. */
static void effect_semipartial(const mtp_effects_work *w, size_t i, double *yi,
                               double *vi)
{
    double r = correlation(w, i), own = variance_r(w, i);
    double R2 = w->raw->column[MTP_ROLE_R2][i];
    double S = R2 - own * own, rest = (1.0 - r) * (1.0 + r);

    *yi = r;
    *vi = ((1.0 - R2) * (1.0 - R2) + S * (1.0 - S)) / w->raw->column[MTP_ROLE_N][i];
    if (w->options->measure == MTP_ZSPCOR) {
        *yi = atanh(r);
        *vi /= rest * rest;
    }
}

const mtp_family mtp_family_partial = {
    .measure = partial,
    .n_measures = sizeof partial / sizeof partial[0],
    .role = {MTP_ROLE_R, MTP_ROLE_PREDICTORS, MTP_ROLE_N},
    .n_roles = 3,
    .ready = true,
    .check = check_partial,
    .prepare = prepare,
    .effect = effect_partial,
    .back = mtp_correlation_of_z,
    .forward = mtp_z_of_correlation,
};

const mtp_family mtp_family_semipartial = {
    .measure = semipartial,
    .n_measures = sizeof semipartial / sizeof semipartial[0],
    .role = {MTP_ROLE_R, MTP_ROLE_R2, MTP_ROLE_N},
    .n_roles = 3,
    .ready = true,
    .check = check_semipartial,
    .prepare = prepare,
    .effect = effect_semipartial,
    .back = mtp_correlation_of_z,
    .forward = mtp_z_of_correlation,
};
