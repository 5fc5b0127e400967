/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Standard error, test, confidence and prediction interval of a mean. */
#include "explain/interval.h"

#include "core/number.h"
#include "explain/robust.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

static const char *suffixed(mtp_solution *s, const char *name, const char *suffix)
{
    const char *made = mtp_arena_printf(s->arena, "%s%s", name, suffix);

    s->failed = s->failed || !made;
    return made ? made : name;
}

/* The probability below the quantile of a two-sided level: 0.975. */
static mtp_brief below(const mtp_bundle *b)
{
    return mtp_number_brief(1.0 - mtp_tail_of_level(b->level), 15);
}

bool mtp_explain_shares_tau2(const mtp_explain_work *work, const mtp_explain_set *set)
{
    const mtp_pool_result *pool = work->bundle->pool;

    return pool->options.tau2_scope == MTP_TAU2_COMMON && set->pooled != &pool->overall;
}

/* sqrt(q) se, q = sum ws (y - mu)^2 / df, or that of the regression on all subgroups;
 * floored with hksj-adhoc. */
static void knapp_hartung(mtp_explain_work *work, const mtp_explain_set *set,
                          const mtp_interval *ci)
{
    mtp_solution *s = work->s;
    const char *q = mtp_explain_shares_tau2(work, set) ? "q_f" : "q";

    if (!mtp_explain_shares_tau2(work, set)) {
        (void)mtp_solution_line(s, "q", "sum(ws_i * (y_i - m)^2) / df_t", (double)NAN);
    }
    (void)mtp_solution_linef(
        s, "s", ci->se,
        ci->method == MTP_CI_HKSJ_ADHOC ? "sqrt(max(1, %s)) * se" : "sqrt(%s) * se", q);
}

/* Kenward and Roger's standard error and degrees of freedom, by these names. */
static void kenward_roger(mtp_explain_work *work, const mtp_explain_set *set,
                          const char *s_name, double se, const char *df_name, double df)
{
    mtp_solution *s = work->s;
    const mtp_quantity *w = mtp_scope_find(&s->scope, "ws_i");

    mtp_solution_text(s,
                      "Kenward and Roger: the variance `V` of `tau2` by the expected "
                      "information enters the standard error and the degrees of "
                      "freedom.");
    if (mtp_explain_shares_tau2(work, set) && w) {
        mtp_solution_table(
            s, 3,
            (const mtp_solution_column[]){
                {.name = "ws_i", .values = w->column, .error = w->error, .total = true},
                {.formula = "ws_i^2", .total = true},
                {.formula = "ws_i^3", .total = true}});
    }
    (void)mtp_solution_line(s, "S_1", "sum(ws_i)", (double)NAN);
    (void)mtp_solution_line(s, "S_2", "sum(ws_i^2)", (double)NAN);
    (void)mtp_solution_line(s, "S_3", "sum(ws_i^3)", (double)NAN);
    (void)mtp_solution_line(s, "V",
                            mtp_explain_shares_tau2(work, set)
                                ? "V_f"
                                : "2 / (S_2 - 2 * S_3 / S_1 + (S_2 / S_1)^2)",
                            (double)NAN);
    (void)mtp_solution_line(s, s_name,
                            "sqrt(1 / S_1 + 2 * V * (S_3 - S_2^2 / S_1) / S_1^2)", se);
    (void)mtp_solution_linef(s, df_name, df, "2 / (V * (S_2 * %s^2)^2)", s_name);
}

/* The longer of Knapp and Hartung's interval and Wald's: its standard error, and which
 * quantile goes with it. */
static void wider(mtp_explain_work *work, const mtp_explain_set *set,
                  const mtp_interval *ci)
{
    mtp_solution *s = work->s;

    mtp_solution_text(s,
                      "The longer of two intervals: by Knapp and Hartung, with `s_h` "
                      "and t, and by the normal distribution, with `se`. Half their "
                      "lengths:");
    if (mtp_explain_shares_tau2(work, set)) {
        (void)mtp_solution_line(s, "df_h", "df_f", (double)NAN);
        (void)mtp_solution_line(s, "s_h", "sqrt(q_f) * se", (double)NAN);
    } else {
        (void)mtp_solution_line(s, "df_h", "k - 1", (double)NAN);
        (void)mtp_solution_line(s, "q", "sum(ws_i * (y_i - m)^2) / df_h", (double)NAN);
        (void)mtp_solution_line(s, "s_h", "sqrt(q) * se", (double)NAN);
    }
    (void)mtp_solution_linef(s, "half_h", (double)NAN, "t(%s, df_h) * s_h",
                             below(work->bundle).text);
    (void)mtp_solution_linef(s, "half_w", (double)NAN, "z(%s) * se",
                             below(work->bundle).text);
    if (isnan(ci->df)) {
        (void)mtp_solution_line(s, "s", "se", ci->se);
    } else {
        (void)mtp_solution_line(s, "s", "s_h", ci->se);
    }
}

/* Intervals that are found by search, which what follows knows as lower and upper. */
static bool by_search(mtp_explain_work *work, const mtp_explain_set *set,
                      const mtp_interval *ci)
{
    mtp_solution *s = work->s;
    size_t mark = s->scope.n;
    bool done = false;

    if (ci->method == MTP_CI_HC) {
        done = mtp_explain_henmi_copas(work, set, ci);
    } else if (ci->method == MTP_CI_PL && !mtp_explain_shares_tau2(work, set)) {
        done = mtp_explain_profile_interval(work, set, ci);
    }
    s->scope.n = mark;
    if (done) {
        mtp_solution_know(s, "lower", ci->lower);
        mtp_solution_know(s, "upper", ci->upper);
    }
    return done;
}

/* What no hand can compute: one sentence, with what holds at the value. */
static bool say_not_by_hand(mtp_explain_work *work, const mtp_explain_set *set,
                            const mtp_interval *ci, const char *suffix)
{
    mtp_solution *s = work->s;
    bool hartung = ci->method == MTP_CI_HKSJ || ci->method == MTP_CI_HKSJ_ADHOC ||
                   ci->method == MTP_CI_HKSJ_WIDE;
    const char *what = NULL;

    if (ci->method == MTP_CI_PL) {
        what = "the profile likelihood of all subgroups together: at either limit "
               "twice the log-likelihood, at its maximum over `tau2`, lies below its "
               "maximum by the quantile of chi-square with 1 degree of freedom";
    } else if (hartung && mtp_explain_shares_tau2(work, set) && !work->factors) {
        what = "Knapp-Hartung, by the factor and the degrees of freedom of the "
               "regression on all subgroups";
    } else if (ci->method == MTP_CI_KR && mtp_explain_shares_tau2(work, set) &&
               !work->factors) {
        what = "Kenward and Roger, by the variance of the common `tau2` in the "
               "regression on all subgroups";
    }
    if (what) {
        mtp_solution_text(s, "The interval is not worked here. It is by %s.", what);
        if (!isnan(ci->se)) {
            mtp_solution_given(s, suffixed(s, "s", suffix), ci->se);
        }
        if (!isnan(ci->df)) {
            mtp_solution_given(s, "df_t", ci->df);
        }
        mtp_solution_given(s, suffixed(s, "lower", suffix), ci->lower);
        mtp_solution_given(s, suffixed(s, "upper", suffix), ci->upper);
    }
    return what != NULL;
}

/* (mu - null) / s and its probability. */
static void test_of(mtp_explain_work *work, const mtp_explain_set *set,
                    const mtp_interval *ci, const char *suffix)
{
    mtp_solution *s = work->s;
    const char *null_name = suffixed(s, "null", suffix), *T = suffixed(s, "T", suffix);

    if (isnan(set->estimate->null_value) || isnan(ci->statistic)) {
        return;
    }
    mtp_solution_given(s, null_name, set->estimate->null_value);
    (void)mtp_solution_linef(s, T, ci->statistic, "(mu%s - %s) / s%s", suffix,
                             null_name, suffix);
    if (isnan(ci->df)) {
        (void)mtp_solution_linef(s, suffixed(s, "p", suffix), ci->p,
                                 "2 * upper_z(abs(%s))", T);
    } else {
        (void)mtp_solution_linef(s, suffixed(s, "p", suffix), ci->p,
                                 "2 * upper_t(abs(%s), df_t)", T);
    }
}

void mtp_explain_interval(mtp_explain_work *work, const mtp_explain_set *set,
                          const mtp_interval *ci, const char *suffix)
{
    mtp_solution *s = work->s;
    const char *factor = "crit";

    if (isnan(ci->lower)) {
        return;
    }
    mtp_solution_heading(s, 3, "Interval of %s%%: %s",
                         mtp_number_brief(100.0 * work->bundle->level, 12).text,
                         mtp_ci_label(ci->method));
    if (by_search(work, set, ci) || say_not_by_hand(work, set, ci, suffix)) {
        return;
    }
    if (!isnan(ci->df) && ci->method != MTP_CI_KR && ci->method != MTP_CI_ROBUST) {
        (void)mtp_solution_line(
            s, "df_t",
            work->factors && mtp_explain_shares_tau2(work, set) ? "df_f"
            : ci->df == (double)set->k - 1.0                    ? "k - 1"
                                             : mtp_number_brief(ci->df, 15).text,
            ci->df);
    }
    if (ci->method == MTP_CI_HKSJ || ci->method == MTP_CI_HKSJ_ADHOC) {
        knapp_hartung(work, set, ci);
    } else if (ci->method == MTP_CI_KR) {
        kenward_roger(work, set, "s", ci->se, "df_t", ci->df);
    } else if (ci->method == MTP_CI_HKSJ_WIDE) {
        wider(work, set, ci);
    } else if (ci->method == MTP_CI_ROBUST) {
        mtp_explain_robust_mean(work, set, ci, suffix);
    } else {
        (void)mtp_solution_linef(s, suffixed(s, "s", suffix), ci->se, "se%s", suffix);
    }
    factor = suffixed(s, "crit", suffix);
    if (isnan(ci->df)) {
        (void)mtp_solution_linef(s, factor, (double)NAN, "z(%s)",
                                 below(work->bundle).text);
    } else {
        (void)mtp_solution_linef(s, factor, (double)NAN, "t(%s, df_t)",
                                 below(work->bundle).text);
    }
    (void)mtp_solution_linef(s, suffixed(s, "lower", suffix), ci->lower,
                             "mu%s - crit%s * s%s", suffix, suffix, suffix);
    (void)mtp_solution_linef(s, suffixed(s, "upper", suffix), ci->upper,
                             "mu%s + crit%s * s%s", suffix, suffix, suffix);
    test_of(work, set, ci, suffix);
}

/* The standard error that a prediction interval takes: the interval's, or Wald's. */
static const char *error_of(const mtp_explain_work *work, const mtp_explain_set *set,
                            mtp_pi_method method)
{
    mtp_ci_method ci = set->estimate->ci.method;
    bool hartung = ci == MTP_CI_HKSJ || ci == MTP_CI_HKSJ_ADHOC;

    switch (method) {
    case MTP_PI_WALD:
    case MTP_PI_V:
    case MTP_PI_HTS:
        return "se";
    case MTP_PI_HK:
    case MTP_PI_HK_PR:
        return hartung ? "s"
               : mtp_explain_shares_tau2(work, set)
                   ? "sqrt(q_f) * se"
                   : "sqrt(sum(ws_i * (y_i - m)^2) / (k - 1)) * se";
    case MTP_PI_KR:
    case MTP_PI_KR_PR:
        return ci == MTP_CI_KR ? "s" : "s_k";
    case MTP_PI_ROBUST:
        return "s";
    default:
        return NULL;
    }
}

/* The degrees of freedom of a prediction interval. */
static const char *degrees_of(mtp_explain_work *work, const mtp_explain_set *set,
                              const mtp_prediction *pi)
{
    bool kr = set->estimate->ci.method == MTP_CI_KR;

    if (pi->method == MTP_PI_ROBUST) {
        return "df_t";
    }
    if (pi->method == MTP_PI_KR) {
        return kr ? "df_t" : "df_k";
    }
    if (pi->method == MTP_PI_KR_PR) {
        return kr ? "df_t - 1" : "df_k - 1";
    }
    if (work->factors && mtp_explain_shares_tau2(work, set)) {
        return pi->method == MTP_PI_HTS || pi->method == MTP_PI_HK_PR ? "df_f - 1"
                                                                      : "df_f";
    }
    return pi->df == (double)set->k - 1.0   ? "k - 1"
           : pi->df == (double)set->k - 2.0 ? "k - 2"
           : pi->df == set->estimate->ci.df
               ? "df_t"
               : suffixed(work->s, mtp_number_brief(pi->df, 17).text, "");
}

void mtp_explain_prediction(mtp_explain_work *work, const mtp_explain_set *set)
{
    const mtp_prediction *pi = &set->estimate->pi;
    mtp_solution *s = work->s;
    const char *error = error_of(work, set, pi->method);

    if (pi->method == MTP_PI_NONE || isnan(pi->lower)) {
        return;
    }
    mtp_solution_heading(s, 3, "Prediction interval of %s%%: %s",
                         mtp_number_brief(100.0 * work->bundle->level, 12).text,
                         mtp_pi_label(pi->method));
    if (!error || (mtp_explain_shares_tau2(work, set) && !work->factors &&
                   strcmp(error, "se") != 0)) {
        mtp_solution_text(s, "The interval is not worked here: %s.",
                          pi->method == MTP_PI_NNF
                              ? "its limits are quantiles of random draws"
                              : "its standard error is that of another interval than "
                                "the one above");
        mtp_solution_given(s, "lower_p", pi->lower);
        mtp_solution_given(s, "upper_p", pi->upper);
        return;
    }
    if (strcmp(error, "s_k") == 0) {
        kenward_roger(work, set, "s_k", (double)NAN, "df_k", (double)NAN);
    }
    (void)mtp_solution_linef(s, "s_p", pi->se, "sqrt(tau2 + (%s)^2)", error);
    if (isnan(pi->df)) {
        (void)mtp_solution_linef(s, "crit_p", (double)NAN, "z(%s)",
                                 below(work->bundle).text);
    } else {
        (void)mtp_solution_line(s, "df_p", degrees_of(work, set, pi), pi->df);
        (void)mtp_solution_linef(s, "crit_p", (double)NAN, "t(%s, df_p)",
                                 below(work->bundle).text);
    }
    (void)mtp_solution_line(s, "lower_p", "mu - crit_p * s_p", pi->lower);
    (void)mtp_solution_line(s, "upper_p", "mu + crit_p * s_p", pi->upper);
}
