/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/tau2_draws.h"

#include "tau2/estimate.h"

#include <math.h>
#include <stdbool.h>

static const mtp_weighting cochran = {MTP_WEIGHT_INVERSE, {0.0, 0.0}};

static const double LARGEST_Z = 6.0;

/* The z below which t is 0. */
static double z_at_zero(const mtp_studies *studies)
{
    mtp_tail upper = mtp_generalized_tail(studies, &cochran, 0.0, true);
    mtp_tail lower = mtp_generalized_tail(studies, &cochran, 0.0, false);
    double z = upper.p < 0.5 ? -mtp_normal_upper_quantile(upper.p)
                             : mtp_normal_upper_quantile(lower.p);

    return upper.p <= 0.0 ? -(double)INFINITY : lower.p <= 0.0 ? (double)INFINITY : z;
}

/* Barycentric interpolation in the points of Chebyshev, of which every step-th is
 * used. Source: Berrut & Trefethen (2004), SIAM Rev 46:501-517,
 * doi:10.1137/S0036144502417715. */
static double interpolate(const mtp_tau2_draws *d, size_t step, double z)
{
    double above = 0.0, below = 0.0, sign = 1.0;

    for (size_t i = 0; i <= d->n; i += step) {
        double distance = z - d->node[i];
        double w = (i == 0 || i == d->n ? 0.5 : 1.0) * sign / distance;

        if (distance == 0.0) {
            return d->value[i];
        }
        above += w * d->value[i];
        below += w;
        sign = -sign;
    }
    return above / below;
}

/* Put the nodes of the coarser grid where they stand in the finer one. */
static void spread_out(mtp_tau2_draws *d)
{
    for (size_t i = d->n; i > 0; i--) {
        d->node[2 * i] = d->node[i];
        d->value[2 * i] = d->value[i];
    }
    d->n *= 2;
}

static void fill(const mtp_studies *studies, size_t i, mtp_tau2_draws *d)
{
    static const double pi = 3.14159265358979323846;
    double x = cos(pi * (double)i / (double)d->n);

    d->node[i] = d->from + 0.5 * (d->to - d->from) * (1.0 + x);
    d->value[i] = log(mtp_generalized_root(studies, &cochran, d->node[i]) + d->shift);
}

void mtp_tau2_draws_prepare(const mtp_studies *studies, mtp_tau2_draws *d)
{
    static const double good = 1e-4; /* of the coarser grid; the finer one squares it */
    mtp_form form = mtp_form_at(studies, &cochran);
    double error = 1.0;

    *d = (mtp_tau2_draws){
        .studies = studies, .zero = z_at_zero(studies), .to = LARGEST_Z, .n = 8};
    d->from = fmax(d->zero, -LARGEST_Z);
    d->shift = mtp_studies_df(studies) / mtp_dd_to(form.trP);
    if (d->from >= d->to) {
        return;
    }
    for (size_t i = 0; i <= d->n; i++) {
        fill(studies, i, d);
    }
    while (error > good && d->n < MTP_TAU2_NODES) {
        error = 0.0;
        spread_out(d);
        for (size_t i = 1; i < d->n; i += 2) {
            fill(studies, i, d);
            error = fmax(error, fabs(interpolate(d, 2, d->node[i]) - d->value[i]));
        }
    }
}

double mtp_tau2_draws_at(const mtp_tau2_draws *d, double z)
{
    if (z <= d->zero) {
        return 0.0;
    }
    if (z < d->from || z > d->to) {
        return mtp_generalized_root(d->studies, &cochran, z);
    }
    return fmax(0.0, exp(interpolate(d, 1, z)) - d->shift);
}
