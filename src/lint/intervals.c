/* SPDX-License-Identifier: GPL-3.0-or-later */
/* L5: effects beside their limits, standard errors and p-values. */
#include "core/ascii.h"
#include "core/number.h"
#include "lint/work.h"
#include "num/dist.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What a printed figure may have been. */
typedef struct range {
    double low, mid, high;
} range;

/* An effect and its limits on one scale. */
typedef struct trio {
    range effect, lower, upper;
} trio;

/* What rounding alone can do to a figure, and beyond which part of the half-width
 * limits are called asymmetric. */
static const double SLACK = 1e-9, ASYMMETRY = 0.05;

static range range_of(const mtp_lint_work *w, mtp_role role, size_t row)
{
    double x = mtp_lint_value(w, role, row);
    double half = isnan(x) ? 0.0 : mtp_lint_half_unit(w, role, row) + SLACK * fabs(x);

    return (range){x - half, x, x + half};
}

static range log_range(range x)
{
    return (range){x.low > 0.0 ? log(x.low) : -(double)INFINITY, log(x.mid),
                   log(x.high)};
}

static bool overlap(double low, double high, range x)
{
    return x.high >= low && x.low <= high;
}

static mtp_role effect_role(const mtp_lint_work *w, size_t row)
{
    return !isnan(mtp_lint_value(w, MTP_ROLE_ESTIMATE, row)) ? MTP_ROLE_ESTIMATE
                                                             : MTP_ROLE_YI;
}

static trio as_given(const mtp_lint_work *w, size_t row)
{
    return (trio){range_of(w, effect_role(w, row), row),
                  range_of(w, MTP_ROLE_CI_LOWER, row),
                  range_of(w, MTP_ROLE_CI_UPPER, row)};
}

static trio as_logs(trio t)
{
    return (trio){log_range(t.effect), log_range(t.lower), log_range(t.upper)};
}

/* A ratio and its limits are given as they are, and analysed as logarithms. */
static trio analysed(const mtp_lint_work *w, size_t row)
{
    trio t = as_given(w, row);

    return effect_role(w, row) == MTP_ROLE_ESTIMATE ? as_logs(t) : t;
}

static bool is_complete(trio t)
{
    return !isnan(t.effect.mid) && !isnan(t.lower.mid) && !isnan(t.upper.mid);
}

/* How far the middle of the limits is off the effect, as a part of their half-width; 0
 * where rounding explains it. */
static double asymmetry(trio t)
{
    range middle = {0.5 * (t.lower.low + t.upper.low),
                    0.5 * (t.lower.mid + t.upper.mid),
                    0.5 * (t.lower.high + t.upper.high)};
    double half = 0.5 * (t.upper.mid - t.lower.mid);

    return overlap(middle.low, middle.high, t.effect) || !(half > 0.0)
               ? 0.0
               : fabs(middle.mid - t.effect.mid) / half;
}

/* Symmetric as logarithms, and not as they are. */
static bool is_ratio(trio t)
{
    return t.effect.low > 0.0 && t.lower.low > 0.0 && asymmetry(t) > ASYMMETRY &&
           asymmetry(as_logs(t)) <= ASYMMETRY;
}

static bool is_word(const char *name, const char *word)
{
    size_t n = strlen(word);

    for (const char *at = name; *at; at++) {
        size_t i = 0;
        bool starts = at == name || strchr("_ -.", at[-1]);

        while (i < n && mtp_ascii_lower(at[i]) == word[i]) {
            i++;
        }
        if (starts && i == n && (at[n] == '\0' || strchr("_ -.", at[n]))) {
            return true;
        }
    }
    return false;
}

/* The column is called a ratio, no logarithm, and has no value that a ratio has not. */
static bool is_called_ratio(const mtp_lint_work *w)
{
    static const char *const words[] = {"or", "rr", "hr", "irr", "odds", "ratio"};
    static const char *const logs[] = {"log", "ln", "logor", "logrr", "loghr", "lnor"};
    const char *name = w->role[MTP_ROLE_YI].name;
    bool called = false;
    size_t n = 0;

    for (size_t k = 0; k < 6; k++) {
        called = (called || is_word(name, words[k])) && !is_word(name, logs[k]);
    }
    for (size_t i = 0; called && i < w->rows; i++) {
        double x = mtp_lint_value(w, MTP_ROLE_YI, i);

        n += isnan(x) ? 0 : 1;
        called = isnan(x) || x > 0.0;
    }
    return called && n >= 3;
}

/* Returns whether the effects as a whole are ratios. */
static bool ratios(mtp_lint_work *w)
{
    size_t like = 0, decided = 0, first = MTP_LINT_NOWHERE;
    bool by_name;

    if (!mtp_lint_has(w, MTP_ROLE_YI) || !mtp_lint_look(w, MTP_LINT_RATIO_AS_IS)) {
        return false;
    }
    for (size_t i = 0; i < w->rows; i++) {
        trio t = as_given(w, i);

        if (is_complete(t) && effect_role(w, i) == MTP_ROLE_YI) {
            decided += asymmetry(t) > ASYMMETRY;
            if (is_ratio(t)) {
                first = like++ ? first : i;
            }
        }
    }
    by_name = is_called_ratio(w);
    if (like >= 2 && 3 * like >= 2 * decided) {
        trio t = as_given(w, first);

        mtp_lint_add(
            w, MTP_LINT_RATIO_AS_IS,
            (mtp_lint_place){first, MTP_LINT_NOWHERE, w->role[MTP_ROLE_YI].name, like},
            "the limits of %zu of %zu studies are symmetric as logarithms alone: "
            "%s [%s, %s], sqrt(%s * %s) = %s",
            like, decided, MTP_LINT_BRIEF(t.effect.mid), MTP_LINT_BRIEF(t.lower.mid),
            MTP_LINT_BRIEF(t.upper.mid), MTP_LINT_BRIEF(t.lower.mid),
            MTP_LINT_BRIEF(t.upper.mid),
            MTP_LINT_BRIEF(sqrt(t.lower.mid) * sqrt(t.upper.mid)));
        return true;
    }
    if (by_name) {
        mtp_lint_add(w, MTP_LINT_RATIO_AS_IS,
                     (mtp_lint_place){MTP_LINT_NOWHERE, MTP_LINT_NOWHERE,
                                      w->role[MTP_ROLE_YI].name, 1},
                     "--yi takes effects on the scale of the analysis; the column is "
                     "called a ratio, and all its values are above 0");
    }
    return by_name;
}

/* Order and symmetry; true where the limits can be used further. */
static bool limits(mtp_lint_work *w, size_t row, bool ratio)
{
    trio t = as_given(w, row), a = analysed(w, row);
    double off = asymmetry(a);

    if (t.lower.mid >= t.upper.mid) {
        mtp_lint_add(w, MTP_LINT_LIMITS_REVERSED,
                     mtp_lint_at(w, row, MTP_ROLE_CI_LOWER),
                     "lower limit %s, upper limit %s", MTP_LINT_BRIEF(t.lower.mid),
                     MTP_LINT_BRIEF(t.upper.mid));
        return false;
    }
    if (isnan(t.effect.mid)) {
        return true;
    }
    if (t.effect.high < t.lower.low || t.effect.low > t.upper.high) {
        mtp_lint_add(w, MTP_LINT_ESTIMATE_OUTSIDE,
                     mtp_lint_at(w, row, effect_role(w, row)),
                     "%s lies outside [%s, %s]", MTP_LINT_BRIEF(t.effect.mid),
                     MTP_LINT_BRIEF(t.lower.mid), MTP_LINT_BRIEF(t.upper.mid));
        return false;
    }
    if (off > ASYMMETRY && !(ratio && is_ratio(t))) {
        mtp_lint_add(
            w, MTP_LINT_LIMITS_ASYMMETRIC, mtp_lint_at(w, row, effect_role(w, row)),
            "%s [%s, %s]: %sthe middle of the limits is off the estimate by "
            "%s%% of their half-width%s",
            MTP_LINT_BRIEF(t.effect.mid), MTP_LINT_BRIEF(t.lower.mid),
            MTP_LINT_BRIEF(t.upper.mid),
            effect_role(w, row) == MTP_ROLE_ESTIMATE ? "as logarithms, " : "",
            mtp_number_brief(100.0 * off, 2).text,
            asymmetry(t) <= ASYMMETRY ? "; as they stand they are symmetric" : "");
    }
    return true;
}

/* The standard error that is given, or the root of the variance. */
static range standard_error(const mtp_lint_work *w, size_t row)
{
    range se = range_of(w, MTP_ROLE_SEI, row);

    if (isnan(se.mid)) {
        range v = range_of(w, MTP_ROLE_VI, row);

        se = (range){sqrt(fmax(0.0, v.low)), sqrt(v.mid), sqrt(v.high)};
    }
    return se;
}

/* Half the width of the limits. */
static range half_width(trio t)
{
    return (range){0.5 * (t.upper.low - t.lower.high),
                   0.5 * (t.upper.mid - t.lower.mid),
                   0.5 * (t.upper.high - t.lower.low)};
}

/* The quotient of two positive figures. */
static range quotient(range a, range b)
{
    return (range){fmax(0.0, a.low) / b.high, a.mid / b.mid,
                   b.low > 0.0 ? a.high / b.low : (double)INFINITY};
}

/* Another usual level whose quantile z is, to 1.5 in 100; NaN: none. */
static double level_of(range z)
{
    static const double levels[] = {0.90, 0.95, 0.99};

    for (size_t i = 0; i < 3; i++) {
        double q = mtp_normal_upper_quantile(mtp_tail_of_level(levels[i]));

        if (overlap(0.985 * q, 1.015 * q, z)) {
            return 100.0 * levels[i];
        }
    }
    return (double)NAN;
}

/* What is given as SE, once rooted or squared, is the one of the limits. */
static bool is_power(const mtp_lint_work *w, size_t row, range half, double z)
{
    bool has_se = !isnan(mtp_lint_value(w, MTP_ROLE_SEI, row));
    double given =
        mtp_lint_value(w, has_se ? MTP_ROLE_SEI : MTP_ROLE_VI, row); /* a variance? */
    double se = has_se ? sqrt(given) : given;

    return overlap(0.97 * se * z, 1.03 * se * z, half);
}

/*
 * The limits are some z standard errors from the effect: 1.96 at 95 %, and up to a
 * fifth more where they are those of Student's t with seven degrees of freedom or more.
 */
static void widths(mtp_lint_work *w, size_t row)
{
    double level = mtp_request_number(w->request, MTP_OPT_INPUT_LEVEL);
    double z0 = mtp_normal_upper_quantile(mtp_tail_of_level(level / 100.0));
    range half = half_width(analysed(w, row)), se = standard_error(w, row);
    range z = quotient(half, se);
    mtp_lint_place place = mtp_lint_at(w, row, MTP_ROLE_CI_LOWER);

    (void)mtp_lint_look(w, MTP_LINT_INTERVAL_LEVEL);
    (void)mtp_lint_look(w, MTP_LINT_SE_LIMITS);
    (void)mtp_lint_look(w, MTP_LINT_VARIANCE_AS_SE);
    if (!(se.mid > 0.0) || overlap(0.985 * z0, 1.22 * z0, z)) {
        return;
    }
    if (!isnan(level_of(z))) {
        mtp_lint_add(w, MTP_LINT_INTERVAL_LEVEL, place,
                     "the limits are %s standard errors of %s from the middle, as at "
                     "%s%%; at %s%% it would be %s",
                     MTP_LINT_BRIEF(z.mid), MTP_LINT_BRIEF(se.mid),
                     MTP_LINT_BRIEF(level_of(z)), MTP_LINT_BRIEF(level),
                     MTP_LINT_BRIEF(z0));
    } else if (is_power(w, row, half, z0)) {
        bool has_se = !isnan(mtp_lint_value(w, MTP_ROLE_SEI, row));
        mtp_role role = has_se ? MTP_ROLE_SEI : MTP_ROLE_VI;

        mtp_lint_add(w, MTP_LINT_VARIANCE_AS_SE, mtp_lint_at(w, row, role),
                     "by the limits the standard error is %s, and what is given as %s, "
                     "%s, is %s",
                     MTP_LINT_BRIEF(half.mid / z0),
                     has_se ? "standard error" : "variance",
                     MTP_LINT_BRIEF(mtp_lint_value(w, role, row)),
                     has_se ? "its square" : "that standard error");
    } else {
        mtp_lint_add(w, MTP_LINT_SE_LIMITS, place,
                     "by the limits the standard error is %s, given is %s",
                     MTP_LINT_BRIEF(half.mid / z0), MTP_LINT_BRIEF(se.mid));
    }
}

/* The p-value of an effect by its standard error, from the largest z to the smallest;
 * Student's t with eight degrees of freedom for the largest p. */
static range p_of(range effect, range se)
{
    range size = {fmax(0.0, fmin(fabs(effect.low), fabs(effect.high))),
                  fabs(effect.mid), fmax(fabs(effect.low), fabs(effect.high))};
    range z;

    if (effect.low < 0.0 && effect.high > 0.0) {
        size.low = 0.0;
    }
    z = quotient(size, se);
    return (range){mtp_normal_two_sided(z.high).p, mtp_normal_two_sided(z.mid).p,
                   mtp_t_two_sided(z.low, 8.0).p};
}

static void p_values(mtp_lint_work *w, size_t row, bool limits_good)
{
    double level = mtp_request_number(w->request, MTP_OPT_INPUT_LEVEL);
    double z0 = mtp_normal_upper_quantile(mtp_tail_of_level(level / 100.0));
    range given = range_of(w, MTP_ROLE_P, row), se = standard_error(w, row), p;
    trio t = analysed(w, row);

    if (isnan(given.mid) || isnan(t.effect.mid)) {
        return;
    }
    if (isnan(se.mid) && limits_good && is_complete(t)) {
        range half = half_width(t);

        se = (range){half.low / z0, half.mid / z0, half.high / z0};
    }
    if (!(se.mid > 0.0) || !mtp_lint_look(w, MTP_LINT_P_INCONSISTENT)) {
        return;
    }
    p = p_of(t.effect, se);
    if (!overlap(p.low / 1.1, 1.1 * p.high, given)) {
        bool half = overlap(0.5 * p.low / 1.1, 0.55 * p.mid, given);

        mtp_lint_add(w, MTP_LINT_P_INCONSISTENT, mtp_lint_at(w, row, MTP_ROLE_P),
                     "p is given as %s; from %s and its standard error %s it is "
                     "%s%s",
                     MTP_LINT_BRIEF(given.mid), MTP_LINT_BRIEF(t.effect.mid),
                     MTP_LINT_BRIEF(se.mid), MTP_LINT_BRIEF(p.mid),
                     half ? ", twice as much: one-sided?" : "");
    }
}

void mtp_lint_intervals(mtp_lint_work *work)
{
    bool has_limits =
        mtp_lint_has(work, MTP_ROLE_CI_LOWER) && mtp_lint_has(work, MTP_ROLE_CI_UPPER);
    bool has_se = mtp_lint_has(work, MTP_ROLE_SEI) || mtp_lint_has(work, MTP_ROLE_VI);
    bool ratio;

    if (!work->measure) {
        return;
    }
    ratio = ratios(work);
    if (has_limits) {
        (void)mtp_lint_look(work, MTP_LINT_LIMITS_REVERSED);
        (void)mtp_lint_look(work, MTP_LINT_ESTIMATE_OUTSIDE);
        (void)mtp_lint_look(work, MTP_LINT_LIMITS_ASYMMETRIC);
    }
    for (size_t i = 0; i < work->rows; i++) {
        bool there = has_limits && !isnan(mtp_lint_value(work, MTP_ROLE_CI_LOWER, i)) &&
                     !isnan(mtp_lint_value(work, MTP_ROLE_CI_UPPER, i));
        bool good = there && limits(work, i, ratio);

        if (good && has_se && !ratio && is_complete(analysed(work, i))) {
            widths(work, i);
        }
        if (mtp_lint_has(work, MTP_ROLE_P)) {
            p_values(work, i, good);
        }
    }
}
