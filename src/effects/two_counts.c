/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two groups, counts: x1 events of n1 patients (treated), x2 of n2 (control). */
#include "effects/two_counts.h"

#include "effects/check.h"
#include "effects/family.h"
#include "effects/kernel.h"
#include "num/sides.h"

#include <math.h>

#define DEFINITIONS "Viechtbauer (2010), doi:10.18637/jss.v036.i03"
#define YULE        "Yule (1912), doi:10.2307/2340126"
#define PHI_SOURCE                                                                     \
    YULE "; Bishop, Fienberg & Holland (1975), Discrete Multivariate Analysis, 11.3"
#define CHINN                                                                          \
    "Chinn (2000), "                                                                   \
    "doi:10.1002/1097-0258(20001130)19:22<3127::aid-sim784>3.0.co;2-m"
#define COUNTS(id)                                                                     \
    .measure = MTP_##id, .code = #id, .input = MTP_INPUT_TWO_EVENTS_N, .groups = 2
#define RATIO          .lower = 0.0, .upper = (double)INFINITY, .ratio = true
#define BOUNDED(limit) .lower = -(limit), .upper = (limit)
#define VTYPE(v)       (1U << MTP_VTYPE_##v)

/* The rows drawn by design, or the whole table as one sample; YUQ and YUY have the same
 * variance under both. */
#define SAMPLING (VTYPE(ST) | VTYPE(CS))

#define HALF_PI 1.57079632679489661923

/* clang-format off */
static const mtp_measure_info measures[] = {
    {COUNTS(OR), RATIO,
     .name = "odds ratio", .scale = "log odds ratio", .natural = "odds ratio",
     .inverse = "exponential",
     .yi = "log(a d / (b c))", .vi = "1 / a + 1 / b + 1 / c + 1 / d",
     .source = DEFINITIONS, .add = 0.5},
    {COUNTS(RR), RATIO, .vtypes = VTYPE(AV),
     .name = "risk ratio", .scale = "log risk ratio", .natural = "risk ratio",
     .inverse = "exponential",
     .yi = "log((a / n1) / (c / n2))",
     .vi = "1 / a - 1 / n1 + 1 / c - 1 / n2 (AV: at p1 = sum a / sum n1, p2)",
     .source = DEFINITIONS, .add = 0.5},
    {COUNTS(RD), BOUNDED(1.0), .vtypes = VTYPE(UB) | VTYPE(AV),
     .name = "risk difference", .scale = "risk difference",
     .natural = "risk difference", .inverse = "none",
     .yi = "a / n1 - c / n2",
     .vi = "p1 (1 - p1) / n1 + p2 (1 - p2) / n2 (UB: / (n - 1); AV: p1 = sum a / sum n1)",
     .source = DEFINITIONS, .add = 0.5},
    {COUNTS(AS), BOUNDED(HALF_PI), .vtypes = VTYPE(AV),
     .name = "arcsine square root transformed risk difference",
     .scale = "arcsine difference", .natural = "arcsine difference", .inverse = "none",
     .yi = "asin(sqrt(a / n1)) - asin(sqrt(c / n2))",
     .vi = "1 / (4 n1) + 1 / (4 n2)",
     .source = "Ruecker et al. (2009), doi:10.1002/sim.3511", .add = 0.0},
    {COUNTS(PETO), RATIO,
     .name = "odds ratio by Peto's method", .scale = "log odds ratio",
     .natural = "odds ratio", .inverse = "exponential",
     .yi = "(a - n1 m1 / N) / V, V = n1 n2 m1 m2 / (N^2 (N - 1))", .vi = "1 / V",
     .source = "Yusuf et al. (1985), doi:10.1016/s0033-0620(85)80003-7", .add = 0.5},
    {COUNTS(PHI), BOUNDED(1.0), .vtypes = SAMPLING,
     .name = "phi coefficient", .scale = "phi coefficient",
     .natural = "phi coefficient", .inverse = "none",
     .yi = "(a d - b c) / sqrt(n1 n2 m1 m2)",
     .vi = "delta method, multinomial (ST: rows fixed)",
     .source = PHI_SOURCE, .add = 0.0},
    {COUNTS(ZPHI), BOUNDED(1.0), .vtypes = SAMPLING,
     .name = "z-transformed phi coefficient", .scale = "Fisher's z of phi",
     .natural = "phi coefficient", .inverse = "hyperbolic tangent",
     .yi = "atanh(phi)", .vi = "var(phi) / (1 - phi^2)^2",
     .source = PHI_SOURCE, .add = 0.0},
    {COUNTS(YUQ), BOUNDED(1.0), .vtypes = SAMPLING,
     .name = "Yule's Q", .scale = "Yule's Q", .natural = "Yule's Q", .inverse = "none",
     .yi = "(a d - b c) / (a d + b c)",
     .vi = "(1 - Q^2)^2 / 4 (1 / a + 1 / b + 1 / c + 1 / d)",
     .source = YULE, .add = 0.5},
    {COUNTS(YUY), BOUNDED(1.0), .vtypes = SAMPLING,
     .name = "Yule's Y", .scale = "Yule's Y", .natural = "Yule's Y", .inverse = "none",
     .yi = "(sqrt(a d) - sqrt(b c)) / (sqrt(a d) + sqrt(b c))",
     .vi = "(1 - Y^2)^2 / 16 (1 / a + 1 / b + 1 / c + 1 / d)",
     .source = YULE, .add = 0.5},
    {COUNTS(RTET), BOUNDED(1.0),
     .name = "tetrachoric correlation", .scale = "correlation",
     .natural = "correlation", .inverse = "none",
     .yi = "r of the bivariate normal distribution that gives the table",
     .vi = "inverse of the observed information",
     .source = "Hamdan (1970), doi:10.1093/biomet/57.1.212", .add = 0.0},
    {COUNTS(ZTET), BOUNDED(1.0),
     .name = "z-transformed tetrachoric correlation", .scale = "Fisher's z",
     .natural = "correlation", .inverse = "hyperbolic tangent",
     .yi = "atanh(r)", .vi = "var(r) / (1 - r^2)^2",
     .source = "Hamdan (1970), doi:10.1093/biomet/57.1.212", .add = 0.0},
    {COUNTS(PBIT), BOUNDED((double)INFINITY),
     .name = "probit transformed risk difference",
     .scale = "standardized mean difference",
     .natural = "standardized mean difference", .inverse = "none",
     .yi = "z1 - z2, Phi(z1) = a / n1, Phi(z2) = c / n2",
     .vi = "sum of 2 pi p (1 - p) exp(z^2) / n",
     .source = "Sanchez-Meca et al. (2003), doi:10.1037/1082-989X.8.4.448", .add = 0.5},
    {COUNTS(OR2D), BOUNDED((double)INFINITY),
     .name = "transformed odds ratio (logistic)",
     .scale = "standardized mean difference",
     .natural = "standardized mean difference", .inverse = "none",
     .yi = "sqrt(3) / pi log(a d / (b c))",
     .vi = "3 / pi^2 (1 / a + 1 / b + 1 / c + 1 / d)",
     .source = CHINN, .add = 0.5},
    {COUNTS(OR2DN), BOUNDED((double)INFINITY),
     .name = "transformed odds ratio (normal)",
     .scale = "standardized mean difference",
     .natural = "standardized mean difference", .inverse = "none",
     .yi = "log(a d / (b c)) / 1.65",
     .vi = "(1 / a + 1 / b + 1 / c + 1 / d) / 1.65^2",
     .source = "Cox & Snell (1989), Analysis of Binary Data, in "
               "Sanchez-Meca et al. (2003), doi:10.1037/1082-989X.8.4.448", .add = 0.5},
    {COUNTS(OR2DL), BOUNDED((double)INFINITY),
     .name = "transformed odds ratio (logistic)",
     .scale = "standardized mean difference",
     .natural = "standardized mean difference", .inverse = "none",
     .yi = "sqrt(3) / pi log(a d / (b c))",
     .vi = "3 / pi^2 (1 / a + 1 / b + 1 / c + 1 / d)",
     .source = CHINN, .add = 0.5},
};
/* clang-format on */

/* Standard deviations of the logistic distribution, pi / sqrt(3), and, by Cox & Snell,
 * of the log odds between normal distributions. */
static const double LOGISTIC_SD = 1.81379936423421785059;
static const double NORMAL_SD = 1.65;

/* a / n1 - c / n2 is (a d - b c) / (n1 n2), and sin(u - v) gives the difference of the
 * angles. */
static void difference(mtp_measure measure, const mtp_cells *t, double *yi, double *vi)
{
    double n1 = t->a + t->b, n2 = t->c + t->d, det = mtp_determinant(t);

    if (measure == MTP_AS) {
        double sum = sqrt(t->a) * sqrt(t->d) + sqrt(t->b) * sqrt(t->c);

        *yi = atan2(sum > 0.0 ? det / sum : 0.0,
                    sqrt(t->a) * sqrt(t->c) + sqrt(t->b) * sqrt(t->d));
        *vi = 0.25 / n1 + 0.25 / n2;
    } else {
        *yi = det / n1 / n2;
        *vi = t->a / n1 * (t->b / n1) / n1 + t->c / n2 * (t->d / n2) / n2;
    }
}

/* The sign of a determinant says whether a / n1 is the larger: a n2 - c n1 is it too.
 */
static void log_risk_ratio(const mtp_cells *t, double *yi, double *vi)
{
    double n1 = t->a + t->b, n2 = t->c + t->d;

    *yi = mtp_log_by_excess(t->a / n1 / (t->c / n2), mtp_determinant(t) / t->c / n1);
    *vi = t->b / t->a / n1 + t->d / t->c / n2;
}

/* O - E = (a d - b c) / N. */
static void peto(const mtp_cells *t, double *yi, double *vi)
{
    double n1 = t->a + t->b, n2 = t->c + t->d, n = n1 + n2;
    double m1 = t->a + t->c, m2 = t->b + t->d;

    *vi = n / n1 * (n / n2) * ((n - 1.0) / m1 / m2);
    *yi = mtp_determinant(t) / n * *vi;
}

/* 2 pi p (1 - p) exp(z^2) / n = p (1 - p) / (n phi(z)^2); with p the smaller of the two
 * and its Mills ratio p / phi(z), which does not magnify the rounding of z: */
static double probit_variance(double x, double m)
{
    double n = x + m, p = fmin(x, m) / n, q = fmax(x, m) / n;
    double mills = mtp_mills_ratio(fabs(mtp_probit(x, m)));

    return q / p * mills * mills / n;
}

static void probit_difference(const mtp_cells *t, double *yi, double *vi)
{
    *yi = *vi = (double)NAN;
    if (t->a > 0.0 && t->b > 0.0 && t->c > 0.0 && t->d > 0.0) {
        *yi = mtp_probit_difference(t->a, t->b, t->c, t->d);
        *vi = probit_variance(t->a, t->b) + probit_variance(t->c, t->d);
    }
}

static void phi(mtp_measure measure, bool stratified, const mtp_cells *t, double *yi,
                double *vi)
{
    double complement;

    mtp_phi(t, stratified, yi, vi, &complement);
    if (measure == MTP_ZPHI) {
        *yi = mtp_atanh_by(*yi, complement);
        *vi /= complement * complement;
    }
}

static void transformed_odds_ratio(const mtp_cells *t, double sd, double *yi,
                                   double *vi)
{
    mtp_log_odds_ratio(t, yi, vi);
    *yi /= sd;
    *vi /= sd * sd;
}

static void effect_of_cells(mtp_measure measure, bool stratified, const mtp_cells *t,
                            double *yi, double *vi)
{
    switch (measure) {
    case MTP_RR:
        log_risk_ratio(t, yi, vi);
        break;
    case MTP_RD:
    case MTP_AS:
        difference(measure, t, yi, vi);
        break;
    case MTP_PETO:
        peto(t, yi, vi);
        break;
    case MTP_PHI:
    case MTP_ZPHI:
        phi(measure, stratified, t, yi, vi);
        break;
    case MTP_YUQ:
    case MTP_YUY:
        mtp_yule(t, measure == MTP_YUY, yi, vi);
        break;
    case MTP_RTET:
    case MTP_ZTET:
        mtp_tetrachoric(t, measure == MTP_ZTET, yi, vi);
        break;
    case MTP_PBIT:
        probit_difference(t, yi, vi);
        break;
    case MTP_OR2D:
    case MTP_OR2DL:
        transformed_odds_ratio(t, LOGISTIC_SD, yi, vi);
        break;
    case MTP_OR2DN:
        transformed_odds_ratio(t, NORMAL_SD, yi, vi);
        break;
    default: /* OR */
        mtp_log_odds_ratio(t, yi, vi);
        break;
    }
}

/* Variance of RR or RD at the average proportions of the groups. */
static double variance_average(mtp_measure measure, const mtp_cells *sum, double n1,
                               double n2)
{
    double s1 = sum->a + sum->b, s2 = sum->c + sum->d;

    return measure == MTP_RR
               ? sum->b / sum->a / n1 + sum->d / sum->c / n2
               : sum->a / s1 * (sum->b / s1) / n1 + sum->c / s2 * (sum->d / s2) / n2;
}

static mtp_status check(const mtp_effects_options *options, const mtp_raw *raw,
                        size_t i, mtp_error *err)
{
    mtp_status status = mtp_check_cells(options, raw, i, err);

    if (!status) {
        status =
            mtp_check_events_of(options, raw, i, MTP_ROLE_EVENTS1, MTP_ROLE_N1, err);
    }
    return status ? status
                  : mtp_check_events_of(options, raw, i, MTP_ROLE_EVENTS2, MTP_ROLE_N2,
                                        err);
}

static bool has_empty_cell(const mtp_raw *raw, size_t i)
{
    mtp_cells t = mtp_cells_of_events(raw, i);

    return mtp_has_empty_cell(&t);
}

static void arms(const mtp_raw *raw, size_t i, double size[2])
{
    size[0] = raw->column[MTP_ROLE_N1][i];
    size[1] = raw->column[MTP_ROLE_N2][i];
}

static const char *uninformative(mtp_measure measure, const mtp_raw *raw, size_t i)
{
    mtp_cells t = mtp_cells_of_events(raw, i);

    if (measure == MTP_RD || measure == MTP_AS) {
        return NULL;
    }
    return t.a == 0.0 && t.c == 0.0   ? "no event in either group"
           : t.b == 0.0 && t.d == 0.0 ? "nothing but events in both groups"
                                      : NULL;
}

/* The cells of study i with corrections in them. */
static mtp_cells corrected_cells(const mtp_effects_work *w, size_t i)
{
    mtp_cells t = mtp_cells_of_events(w->raw, i);
    double add[2];

    mtp_added(w, i, add);
    return (mtp_cells){t.a + add[0], t.b + add[0], t.c + add[1], t.d + add[1]};
}

/* The sums of all tables, for variances at the average proportions. */
static void prepare(mtp_effects_work *w)
{
    mtp_cells *sum;

    if (w->options->vtype != MTP_VTYPE_AV || w->options->measure == MTP_AS) {
        return;
    }
    sum = mtp_arena_zalloc(w->arena, 1, sizeof *sum);
    w->shared = sum;
    if (!sum) {
        w->notes.failed = true;
        return;
    }
    for (size_t i = 0; i < w->raw->k; i++) {
        mtp_cells t;

        if (!w->ready[i]) {
            t = corrected_cells(w, i);
            *sum = (mtp_cells){sum->a + t.a, sum->b + t.b, sum->c + t.c, sum->d + t.d};
        }
    }
}

static void effect(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    mtp_cells t = corrected_cells(w, i);
    double n1 = t.a + t.b, n2 = t.c + t.d;
    mtp_vtype vtype = w->options->vtype;

    effect_of_cells(w->options->measure, vtype == MTP_VTYPE_ST, &t, yi, vi);
    if (vtype == MTP_VTYPE_UB) {
        *vi = t.a / n1 * (t.b / n1) / (n1 - 1.0) + t.c / n2 * (t.d / n2) / (n2 - 1.0);
    } else if (w->shared) {
        *vi = variance_average(w->options->measure, w->shared, n1, n2);
    }
}

static bool is_fisher_z(mtp_measure measure)
{
    return measure == MTP_ZPHI || measure == MTP_ZTET;
}

static double back(mtp_measure measure, double y, double ft_n, bool *clipped)
{
    const mtp_measure_info *info = mtp_measure_get(measure);

    (void)ft_n;
    if (info->ratio) {
        return exp(y);
    }
    return is_fisher_z(measure) ? tanh(y)
                                : mtp_clip(y, info->lower, info->upper, clipped);
}

static double forward(mtp_measure measure, double natural, double ft_n)
{
    (void)ft_n;
    if (mtp_measure_get(measure)->ratio) {
        return log(natural);
    }
    return is_fisher_z(measure) ? atanh(natural) : natural;
}

const mtp_family mtp_family_two_counts = {
    .measure = measures,
    .n_measures = sizeof measures / sizeof measures[0],
    .role = {MTP_ROLE_EVENTS1, MTP_ROLE_N1, MTP_ROLE_EVENTS2, MTP_ROLE_N2},
    .n_roles = 4,
    .ready = true,
    .check = check,
    .has_empty_cell = has_empty_cell,
    .cells = "events and non-events of both groups",
    .empty = "an empty cell",
    .arms = arms,
    .uninformative = uninformative,
    .prepare = prepare,
    .effect = effect,
    .back = back,
    .forward = forward,
};
