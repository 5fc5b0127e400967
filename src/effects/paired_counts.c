/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Matched pairs, or the same patients under two treatments:
 *
 *                       event under 2   none
 *     event under 1           a           b
 *     none                    c           d
 *
 * Differences between the margins a + b and a + c are b - c: nothing else is
 * subtracted.
 */
#include "effects/check.h"
#include "effects/family.h"
#include "effects/kernel.h"
#include "effects/two_counts.h"

#include <math.h>

#define MARGINAL                                                                       \
    "Becker & Balagtas (1993), doi:10.2307/2532242; "                                  \
    "Zou (2007), doi:10.1177/1740774506075667"
#define CONDITIONAL                                                                    \
    "Curtin, Elbourne & Altman (2002), doi:10.1002/sim.1206; "                         \
    "Zou (2007), doi:10.1177/1740774506075667"
#define PAIRED(id)                                                                     \
    .measure = MTP_##id, .code = #id, .input = MTP_INPUT_PAIRED_CELLS, .groups = 2
#define RATIO .lower = 0.0, .upper = (double)INFINITY, .inverse = "exponential"

/* clang-format off */
static const mtp_measure_info measures[] = {
    {PAIRED(MPRD), .lower = -1.0, .upper = 1.0, .inverse = "none",
     .name = "matched pairs marginal risk difference", .scale = "risk difference",
     .natural = "risk difference",
     .yi = "(b - c) / n", .vi = "((b + c) / n - ((b - c) / n)^2) / n",
     .source = "May & Johnson (1997), "
               "doi:10.1002/(SICI)1097-0258(19970930)16:18<2127::AID-SIM633>3.0.CO;2-W",
     .add = 0.5},
    {PAIRED(MPRR), RATIO,
     .name = "matched pairs marginal risk ratio", .scale = "log risk ratio",
     .natural = "risk ratio",
     .yi = "log((a + b) / (a + c))", .vi = "(b + c) / ((a + b) (a + c))",
     .source = MARGINAL, .add = 0.5},
    {PAIRED(MPOR), RATIO,
     .name = "matched pairs marginal odds ratio", .scale = "log odds ratio",
     .natural = "odds ratio",
     .yi = "log((a + b) (b + d) / ((a + c) (c + d)))",
     .vi = "(1 / (p1 q1) + 1 / (p2 q2) - 2 (a d - b c) / (n^2 p1 q1 p2 q2)) / n",
     .source = MARGINAL, .add = 0.5},
    {PAIRED(MPORC), RATIO,
     .name = "matched pairs conditional odds ratio", .scale = "log odds ratio",
     .natural = "odds ratio",
     .yi = "log(b / c)", .vi = "1 / b + 1 / c",
     .source = CONDITIONAL, .add = 0.5},
    {PAIRED(MPPETO), RATIO,
     .name = "matched pairs conditional odds ratio by Peto's method",
     .scale = "log odds ratio", .natural = "odds ratio",
     .yi = "2 (b - c) / (b + c)", .vi = "4 / (b + c)",
     .source = CONDITIONAL, .add = 0.5},
};

static const mtp_measure_info margin_measures[] = {
    {.measure = MTP_MPORM, .code = "MPORM", .input = MTP_INPUT_PAIRED_MARGINS,
     .groups = 2, RATIO,
     .name = "matched pairs marginal odds ratio, from the margins",
     .scale = "log odds ratio", .natural = "odds ratio",
     .yi = "log(x1 (n - x2) / (x2 (n - x1)))",
     .vi = "s1^2 + s2^2 - 2 r s1 s2, s^2 = 1 / x + 1 / (n - x), r the phi of the pairs",
     .source = CONDITIONAL, .add = 0.5},
};
/* clang-format on */

static mtp_status check(const mtp_effects_options *options, const mtp_raw *raw,
                        size_t i, mtp_error *err)
{
    mtp_status status = mtp_check_cells(options, raw, i, err);

    if (!status &&
        !(raw->column[MTP_ROLE_CELL_A][i] + raw->column[MTP_ROLE_CELL_B][i] +
              raw->column[MTP_ROLE_CELL_C][i] + raw->column[MTP_ROLE_CELL_D][i] >
          0.0)) {
        status = mtp_impossible(raw, i, MTP_ROLE_CELL_A,
                                "in all four cells: the study has no pairs", err);
    }
    return status;
}

static mtp_cells cells_of(const mtp_raw *raw, size_t i)
{
    return (mtp_cells){raw->column[MTP_ROLE_CELL_A][i], raw->column[MTP_ROLE_CELL_B][i],
                       raw->column[MTP_ROLE_CELL_C][i],
                       raw->column[MTP_ROLE_CELL_D][i]};
}

static bool has_empty_cell(const mtp_raw *raw, size_t i)
{
    mtp_cells t = cells_of(raw, i);

    return mtp_has_empty_cell(&t);
}

static const char *uninformative(mtp_measure measure, const mtp_raw *raw, size_t i)
{
    mtp_cells t = cells_of(raw, i);

    if (measure == MTP_MPRD || t.b > 0.0 || t.c > 0.0) {
        return NULL;
    }
    if (measure == MTP_MPORC || measure == MTP_MPPETO) {
        return "no pair with an event under one treatment alone";
    }
    return t.a == 0.0   ? "no event under either treatment"
           : t.d == 0.0 ? "nothing but events under both treatments"
                        : NULL;
}

/*
 * MPOR: (a + b) (b + d) - (a + c) (c + d) = (b - c) n, and the terms of its variance
 * collect to n ((a + d) (b + c) + 4 b c) / ((a + b) (c + d) (a + c) (b + d)).
 */
static void effect(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    mtp_cells t = cells_of(w->raw, i);
    double add[2], a, b, c, d, n, spread;

    mtp_added(w, i, add);
    a = t.a + add[0];
    b = t.b + add[0];
    c = t.c + add[0];
    d = t.d + add[0];
    n = a + b + c + d;
    spread = (a + d) * (b + c) + 4.0 * b * c;
    switch (w->options->measure) {
    case MTP_MPRR:
        *yi = mtp_log_by_excess((a + b) / (a + c), (b - c) / (a + c));
        *vi = (b + c) / (a + b) / (a + c);
        break;
    case MTP_MPOR:
        *yi = mtp_log_by_excess((a + b) / (a + c) * ((b + d) / (c + d)),
                                (b - c) / (a + c) * (n / (c + d)));
        *vi = spread / (a + b) / (c + d) * (n / (a + c) / (b + d));
        break;
    case MTP_MPORC:
        *yi = mtp_log_ratio(b, c);
        *vi = 1.0 / b + 1.0 / c;
        break;
    case MTP_MPPETO:
        *yi = 2.0 * (b - c) / (b + c);
        *vi = 4.0 / (b + c);
        break;
    default: /* MPRD */
        *yi = (b - c) / n;
        *vi = spread / n / n / n;
        break;
    }
}

static double back(mtp_measure measure, double y, double ft_n, bool *clipped)
{
    (void)ft_n;
    return measure == MTP_MPRD ? mtp_clip(y, -1.0, 1.0, clipped) : exp(y);
}

static double forward(mtp_measure measure, double natural, double ft_n)
{
    (void)ft_n;
    return measure == MTP_MPRD ? natural : log(natural);
}

const mtp_family mtp_family_paired_cells = {
    .measure = measures,
    .n_measures = sizeof measures / sizeof measures[0],
    .role = {MTP_ROLE_CELL_A, MTP_ROLE_CELL_B, MTP_ROLE_CELL_C, MTP_ROLE_CELL_D},
    .n_roles = 4,
    .check = check,
    .has_empty_cell = has_empty_cell,
    .cells = "cells",
    .empty = "an empty cell",
    .uninformative = uninformative,
    .effect = effect,
    .back = back,
    .forward = forward,
};

/* The margins alone: x1 of n and x2 of n, and the correlation of the pairs. */

static mtp_status check_margins(const mtp_effects_options *options, const mtp_raw *raw,
                                size_t i, mtp_error *err)
{
    double r = raw->column[MTP_ROLE_R][i];
    mtp_status status =
        mtp_check_events_of(options, raw, i, MTP_ROLE_EVENTS1, MTP_ROLE_N1, err);

    if (!status) {
        status =
            mtp_check_events_of(options, raw, i, MTP_ROLE_EVENTS2, MTP_ROLE_N2, err);
    }
    if (!status && raw->column[MTP_ROLE_N1][i] != raw->column[MTP_ROLE_N2][i]) {
        status = mtp_impossible(raw, i, MTP_ROLE_N2,
                                "is not the size of group 1; of matched pairs both "
                                "groups have the same size",
                                err);
    }
    if (!status && !(r > -1.0 && r < 1.0)) {
        status = mtp_impossible(raw, i, MTP_ROLE_R,
                                "is not a correlation between -1 and 1", err);
    }
    return status;
}

static bool margins_have_empty_cell(const mtp_raw *raw, size_t i)
{
    mtp_cells t = mtp_cells_of_events(raw, i);

    return mtp_has_empty_cell(&t);
}

static const char *uninformative_margins(mtp_measure measure, const mtp_raw *raw,
                                         size_t i)
{
    mtp_cells t = mtp_cells_of_events(raw, i);

    (void)measure;
    return t.a == 0.0 && t.c == 0.0   ? "no event under either treatment"
           : t.b == 0.0 && t.d == 0.0 ? "nothing but events under both treatments"
                                      : NULL;
}

/* s1^2 + s2^2 - 2 r s1 s2 = (s1 - s2)^2 + 2 (1 - r) s1 s2. */
static void effect_of_margins(const mtp_effects_work *w, size_t i, double *yi,
                              double *vi)
{
    mtp_cells t = mtp_cells_of_events(w->raw, i);
    double add[2], s1, s2;

    mtp_added(w, i, add);
    t = (mtp_cells){t.a + add[0], t.b + add[0], t.c + add[0], t.d + add[0]};
    mtp_log_odds_ratio(&t, yi, vi);
    s1 = sqrt(1.0 / t.a + 1.0 / t.b);
    s2 = sqrt(1.0 / t.c + 1.0 / t.d);
    *vi = (s1 - s2) * (s1 - s2) + 2.0 * (1.0 - w->raw->column[MTP_ROLE_R][i]) * s1 * s2;
}

const mtp_family mtp_family_paired_margins = {
    .measure = margin_measures,
    .n_measures = sizeof margin_measures / sizeof margin_measures[0],
    .role = {MTP_ROLE_EVENTS1, MTP_ROLE_N1, MTP_ROLE_EVENTS2, MTP_ROLE_N2, MTP_ROLE_R},
    .n_roles = 5,
    .check = check_margins,
    .has_empty_cell = margins_have_empty_cell,
    .cells = "events and non-events of both groups",
    .empty = "an empty cell",
    .uninformative = uninformative_margins,
    .effect = effect_of_margins,
    .back = back,
    .forward = forward,
};
