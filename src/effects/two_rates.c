/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two groups, rates: x1 events in person-time t1 (treated), x2 in t2 (control). */
#include "effects/check.h"
#include "effects/family.h"
#include "effects/kernel.h"

#include <math.h>

#define SOURCE                                                                         \
    "Bagos & Nikolopoulos (2009), doi:10.2202/1557-4679.1168; "                        \
    "Viechtbauer (2010), doi:10.18637/jss.v036.i03"
#define RATES(id)                                                                      \
    .measure = MTP_##id, .code = #id, .input = MTP_INPUT_TWO_EVENTS_TIME, .groups = 2, \
    .source = SOURCE

/* clang-format off */
static const mtp_measure_info measures[] = {
    {RATES(IRR), .lower = 0.0, .upper = (double)INFINITY, .ratio = true,
     .name = "incidence rate ratio", .scale = "log rate ratio",
     .natural = "rate ratio", .inverse = "exponential",
     .yi = "log((x1 / t1) / (x2 / t2))", .vi = "1 / x1 + 1 / x2", .add = 0.5},
    {RATES(IRD), .lower = -(double)INFINITY, .upper = (double)INFINITY,
     .name = "incidence rate difference", .scale = "rate difference",
     .natural = "rate difference", .inverse = "none",
     .yi = "x1 / t1 - x2 / t2", .vi = "x1 / t1^2 + x2 / t2^2", .add = 0.5},
    {RATES(IRSD), .lower = -(double)INFINITY, .upper = (double)INFINITY,
     .name = "square root transformed incidence rate difference",
     .scale = "difference of square roots of rates",
     .natural = "difference of square roots of rates", .inverse = "none",
     .yi = "sqrt(x1 / t1) - sqrt(x2 / t2)", .vi = "1 / (4 t1) + 1 / (4 t2)", .add = 0.0},
};
/* clang-format on */

static mtp_status check_group(const mtp_effects_options *options, const mtp_raw *raw,
                              size_t i, mtp_role events, mtp_role time, mtp_error *err)
{
    mtp_status status = mtp_check_count(options, raw, i, events, err);

    return status ? status
                  : mtp_check_positive(
                        raw, i, time,
                        "is not above 0; without time at risk there is no rate", err);
}

static mtp_status check(const mtp_effects_options *options, const mtp_raw *raw,
                        size_t i, mtp_error *err)
{
    mtp_status status =
        check_group(options, raw, i, MTP_ROLE_EVENTS1, MTP_ROLE_TIME1, err);

    return status ? status
                  : check_group(options, raw, i, MTP_ROLE_EVENTS2, MTP_ROLE_TIME2, err);
}

static bool has_empty_cell(const mtp_raw *raw, size_t i)
{
    return raw->column[MTP_ROLE_EVENTS1][i] == 0.0 ||
           raw->column[MTP_ROLE_EVENTS2][i] == 0.0;
}

static void arms(const mtp_raw *raw, size_t i, double size[2])
{
    size[0] = raw->column[MTP_ROLE_TIME1][i];
    size[1] = raw->column[MTP_ROLE_TIME2][i];
}

static const char *uninformative(mtp_measure measure, const mtp_raw *raw, size_t i)
{
    return measure == MTP_IRR && raw->column[MTP_ROLE_EVENTS1][i] == 0.0 &&
                   raw->column[MTP_ROLE_EVENTS2][i] == 0.0
               ? "no event in either group"
               : NULL;
}

/* Differences of rates and of their roots from x1 t2 - x2 t1, which does not cancel. */
static void effect(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    double t1 = w->raw->column[MTP_ROLE_TIME1][i], rate1;
    double t2 = w->raw->column[MTP_ROLE_TIME2][i], rate2;
    double add[2], x1, x2, det;

    mtp_added(w, i, add);
    x1 = w->raw->column[MTP_ROLE_EVENTS1][i] + add[0];
    x2 = w->raw->column[MTP_ROLE_EVENTS2][i] + add[1];
    det = mtp_difference_of_products(x1, t2, x2, t1);
    rate1 = x1 / t1;
    rate2 = x2 / t2;
    switch (w->options->measure) {
    case MTP_IRD:
        *yi = det / t1 / t2;
        *vi = rate1 / t1 + rate2 / t2;
        break;
    case MTP_IRSD:
        *yi = det == 0.0 ? 0.0 : det / t1 / t2 / (sqrt(rate1) + sqrt(rate2));
        *vi = 0.25 / t1 + 0.25 / t2;
        break;
    default: /* IRR */
        *yi = mtp_log_by_excess(rate1 / rate2, det / x2 / t1);
        *vi = 1.0 / x1 + 1.0 / x2;
        break;
    }
}

static double back(mtp_measure measure, double y, double ft_n, bool *clipped)
{
    (void)ft_n;
    (void)clipped;
    return measure == MTP_IRR ? exp(y) : y;
}

static double forward(mtp_measure measure, double natural, double ft_n)
{
    (void)ft_n;
    return measure == MTP_IRR ? log(natural) : natural;
}

const mtp_family mtp_family_two_rates = {
    .measure = measures,
    .n_measures = sizeof measures / sizeof measures[0],
    .role = {MTP_ROLE_EVENTS1, MTP_ROLE_TIME1, MTP_ROLE_EVENTS2, MTP_ROLE_TIME2},
    .n_roles = 4,
    .ready = true,
    .check = check,
    .has_empty_cell = has_empty_cell,
    .cells = "events of both groups",
    .empty = "no events in a group",
    .arms = arms,
    .uninformative = uninformative,
    .effect = effect,
    .back = back,
    .forward = forward,
};
