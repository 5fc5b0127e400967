/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Correlation r of two variables in a sample of n. */
#include "effects/correlation.h"

#include "core/dd.h"
#include "core/error.h"
#include "core/number.h"
#include "effects/check.h"
#include "effects/family.h"

#include <math.h>

#define CORRELATION(id)                                                                \
    .measure = MTP_##id, .code = #id, .natural = "correlation",                        \
    .input = MTP_INPUT_CORRELATION, .groups = 1, .lower = -1.0, .upper = 1.0

/* clang-format off */
static const mtp_measure_info measures[] = {
    {CORRELATION(COR), .vtypes = 1U << MTP_VTYPE_AV,
     .name = "raw correlation", .scale = "correlation", .inverse = "none",
     .yi = "r", .vi = "(1 - r^2)^2 / (n - 1) (AV: r = sum n r / sum n)",
     .source = "Hedges (1989), doi:10.1037/0021-9010.74.3.469"},
    {CORRELATION(UCOR), .vtypes = 1U << MTP_VTYPE_AV | 1U << MTP_VTYPE_UB,
     .name = "unbiased correlation", .scale = "correlation", .inverse = "none",
     .yi = "r F(1/2, 1/2; (n - 2) / 2; 1 - r^2)",
     .vi = "(1 - yi^2)^2 / (n - 1) (AV: yi = sum n yi / sum n; UB: yi^2 - 1 + "
           "(n - 3) / (n - 2) (1 - r^2) F(1, 1; n / 2; 1 - r^2))",
     .source = "Olkin & Pratt (1958), doi:10.1214/aoms/1177706717; UB: Hedges (1989), "
               "doi:10.1037/0021-9010.74.3.469"},
    {CORRELATION(ZCOR),
     .name = "Fisher's z of the correlation", .scale = "Fisher's z",
     .inverse = "hyperbolic tangent",
     .yi = "atanh(r)", .vi = "1 / (n - 3)",
     .source = "Fisher (1921), Metron 1:3-32; Viechtbauer (2010), "
               "doi:10.18637/jss.v036.i03"},
};
/* clang-format on */

mtp_status mtp_check_correlation(const mtp_effects_options *options, const mtp_raw *raw,
                                 size_t i, mtp_error *err)
{
    double r = raw->column[MTP_ROLE_R][i];

    if (!(fabs(r) <= 1.0)) {
        return mtp_impossible(raw, i, MTP_ROLE_R,
                              "is not a correlation; it lies between -1 and 1", err);
    }
    if (fabs(r) == 1.0 && options->vtype != MTP_VTYPE_AV) {
        return mtp_impossible(raw, i, MTP_ROLE_R,
                              "is a perfect correlation, which has no sampling "
                              "variance; leave the study out",
                              err);
    }
    return MTP_OK;
}

mtp_status mtp_check_residual_size(const mtp_effects_options *options,
                                   const mtp_raw *raw, size_t i, double least,
                                   mtp_error *err)
{
    mtp_status status = mtp_check_size(options, raw, i, MTP_ROLE_N, err);
    double n = raw->column[MTP_ROLE_N][i];
    char size[MTP_NUMBER_TEXT], needed[MTP_NUMBER_TEXT];

    if (status || n >= least) {
        return status;
    }
    mtp_number_format(n, size);
    mtp_number_format(least, needed);
    return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, mtp_role_id(MTP_ROLE_N),
                       "a sample of %s is too small; measure %s needs at least %s here",
                       size, mtp_measure_get(options->measure)->code, needed);
}

/* The variances of COR exist from n = 2 on, but two points always lie on a line. */
static mtp_status check(const mtp_effects_options *options, const mtp_raw *raw,
                        size_t i, mtp_error *err)
{
    mtp_status status = mtp_check_correlation(options, raw, i, err);

    return status ? status
                  : mtp_check_residual_size(
                        options, raw, i, options->measure == MTP_COR ? 3.0 : 4.0, err);
}

void mtp_share_average(mtp_effects_work *w,
                       double (*value)(const mtp_effects_work *, size_t))
{
    mtp_dd sum = mtp_dd_from(0.0), total = mtp_dd_from(0.0);
    double *average;

    if (w->options->vtype != MTP_VTYPE_AV && w->options->vtype != MTP_VTYPE_AV2) {
        return;
    }
    w->shared = average = MTP_ARENA_NEW(w->arena, double);
    if (!average) {
        w->notes.failed = true;
        return;
    }
    for (size_t i = 0; i < w->raw->k; i++) {
        if (!w->ready[i]) {
            double n = w->raw->column[MTP_ROLE_N][i];

            sum = mtp_dd_add(sum, mtp_dd_two_prod(n, value(w, i)));
            total = mtp_dd_add(total, mtp_dd_from(n));
        }
    }
    *average = mtp_dd_to(mtp_dd_div(sum, total));
}

static double value(const mtp_effects_work *w, size_t i)
{
    double r = w->raw->column[MTP_ROLE_R][i];

    switch (w->options->measure) {
    case MTP_UCOR:
        return mtp_unbiased_correlation(r, w->raw->column[MTP_ROLE_N][i]);
    case MTP_ZCOR:
        return atanh(r);
    default: /* COR */
        return r;
    }
}

static void prepare(mtp_effects_work *w)
{
    mtp_share_average(w, value);
}

double mtp_correlation_variance(double r, double df)
{
    double rest = (1.0 - r) * (1.0 + r);

    return rest * rest / df;
}

static void effect(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    double n = w->raw->column[MTP_ROLE_N][i];
    const double *average = w->shared;

    *yi = value(w, i);
    if (w->options->measure == MTP_ZCOR) {
        *vi = 1.0 / (n - 3.0);
    } else if (w->options->vtype == MTP_VTYPE_UB) {
        *vi = mtp_unbiased_correlation_variance(w->raw->column[MTP_ROLE_R][i], n);
    } else {
        *vi = mtp_correlation_variance(average ? *average : *yi, n - 1.0);
    }
}

double mtp_correlation_of_z(mtp_measure measure, double y, double ft_n, bool *clipped)
{
    bool z = measure == MTP_ZCOR || measure == MTP_ZPCOR || measure == MTP_ZSPCOR;

    (void)ft_n;
    return z ? tanh(y) : mtp_clip(y, -1.0, 1.0, clipped);
}

double mtp_z_of_correlation(mtp_measure measure, double natural, double ft_n)
{
    bool z = measure == MTP_ZCOR || measure == MTP_ZPCOR || measure == MTP_ZSPCOR;

    (void)ft_n;
    return z ? atanh(natural) : natural;
}

const mtp_family mtp_family_correlation = {
    .measure = measures,
    .n_measures = sizeof measures / sizeof measures[0],
    .role = {MTP_ROLE_R, MTP_ROLE_N},
    .n_roles = 2,
    .ready = true,
    .check = check,
    .prepare = prepare,
    .effect = effect,
    .back = mtp_correlation_of_z,
    .forward = mtp_z_of_correlation,
};
