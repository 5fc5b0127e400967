/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interval of the between-study variance, and the likelihood. */
#include "metapool/tau2.h"

#include "core/number.h"
#include "explain/work.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

void mtp_explain_profile_sides(mtp_explain_work *work, const char *left, double limit,
                               double quantile, double probability)
{
    mtp_solution *s = work->s;

    (void)mtp_solution_line(s, "L", left, limit > 0.0 ? quantile : (double)NAN);
    (void)mtp_solution_linef(s, "R", quantile, "chi2(%s, df)",
                             mtp_number_brief(probability, 15).text);
    mtp_solution_text(
        s, limit > 0.0 ? "Both sides agree."
                       : "Already at 0 the left side is not above the right one.");
}

/* Q at a limit against its quantile. */
static void q_profile_limit(mtp_explain_work *work, const mtp_explain_set *set,
                            const char *name, double limit, double probability)
{
    mtp_solution *s = work->s;
    double top = 0.0, bottom = 0.0;
    double quantile = mtp_chisq_lower_quantile(probability, (double)set->k - 1.0);
    const char *weight = mtp_arena_printf(s->arena, "1 / (v_i + %s)", name);

    for (size_t i = 0; i < set->k; i++) {
        top += set->y[i] / (set->v[i] + limit);
        bottom += 1.0 / (set->v[i] + limit);
    }
    if (!weight) {
        s->failed = true;
        return;
    }
    mtp_solution_given(s, name, limit);
    mtp_solution_know(s, name, limit);
    mtp_solution_know(s, "m", top / bottom);
    mtp_solution_table(
        s, 5,
        (const mtp_solution_column[]){{.name = "y_i", .values = set->y},
                                      {.name = "v_i", .values = set->v},
                                      {.name = "u_i", .formula = weight, .total = true},
                                      {.formula = "u_i * y_i", .total = true},
                                      {.formula = "u_i * (y_i - m)^2", .total = true}});
    (void)mtp_solution_line(s, "m", "sum(u_i * y_i) / sum(u_i)", (double)NAN);
    mtp_explain_profile_sides(work, "sum(u_i * (y_i - m)^2)", limit, quantile,
                              probability);
}

bool mtp_explain_has_profile(const mtp_tau2_interval *ci)
{
    return ci->method && ci->status == MTP_SET_OK && strcmp(ci->method, "pl") == 0;
}

bool mtp_explain_is_highest(const mtp_fit *fit, mtp_tau2_method tau2)
{
    return !isnan(fit->loglik) && (tau2 == MTP_TAU2_REML || tau2 == MTP_TAU2_ML);
}

void mtp_explain_likelihood_sides(mtp_explain_work *work, const char *top,
                                  const char *at, double limit)
{
    double level = 1.0 - 2.0 * mtp_tail_of_level(work->bundle->level);
    double quantile = mtp_chisq_lower_quantile(level, 1.0);
    mtp_solution *s = work->s;

    (void)mtp_solution_linef(s, "L", limit > 0.0 ? quantile : (double)NAN,
                             "2 * (%s - %s)", top, at);
    (void)mtp_solution_linef(s, "R", quantile, "chi2(%s, 1)",
                             mtp_number_brief(level, 15).text);
    mtp_solution_text(
        s, limit > 0.0 ? "Both sides agree."
                       : "Already at 0 the left side is not above the right one.");
}

const char *mtp_explain_likelihood_at(mtp_explain_work *work,
                                      const mtp_explain_set *set, const char *name,
                                      double tau2, bool restricted, bool highest)
{
    mtp_solution *s = work->s;
    const char *weight = mtp_arena_printf(s->arena, "1 / (v_i + %s)", name);
    const char *log = mtp_arena_printf(s->arena, "ln(v_i + %s)", name);
    const char *ll = mtp_arena_printf(s->arena, "ll%s", strchr(name, '_'));
    double top = 0.0, bottom = 0.0;

    if (!weight || !log || !ll) {
        s->failed = true;
        return "0";
    }
    for (size_t i = 0; i < set->k; i++) {
        top += set->y[i] / (set->v[i] + tau2);
        bottom += 1.0 / (set->v[i] + tau2);
    }
    mtp_solution_given(s, name, tau2);
    mtp_solution_know(s, name, tau2);
    mtp_solution_know(s, "m", top / bottom);
    mtp_solution_table(s, highest ? 8 : 6,
                       (const mtp_solution_column[]){
                           {.name = "y_i", .values = set->y},
                           {.name = "v_i", .values = set->v},
                           {.name = "u_i", .formula = weight, .total = true},
                           {.formula = "u_i * y_i", .total = true},
                           {.formula = "u_i * (y_i - m)^2", .total = true},
                           {.formula = log, .total = true},
                           {.formula = "u_i^2", .total = true},
                           {.formula = "u_i^2 * (y_i - m)^2", .total = true}});
    (void)mtp_solution_line(s, "m", "sum(u_i * y_i) / sum(u_i)", (double)NAN);
    if (highest) {
        mtp_explain_both_sides(s, name, tau2, "sum(u_i^2 * (y_i - m)^2)",
                               restricted ? "sum(u_i) - sum(u_i^2) / sum(u_i)"
                                          : "sum(u_i)");
    }
    (void)mtp_solution_linef(s, ll, (double)NAN,
                             restricted
                                 ? "-(df * ln(2 * pi) + sum(%s) + sum(u_i * (y_i - "
                                   "m)^2) + ln(sum(u_i)) - ln(k)) / 2"
                                 : "-(k * ln(2 * pi) + sum(%s) + sum(u_i * (y_i - "
                                   "m)^2)) / 2",
                             log);
    return ll;
}

/* Where the likelihood is highest. */
static const char *highest_likelihood(mtp_explain_work *work,
                                      const mtp_explain_set *set)
{
    bool restricted = work->bundle->pool->options.tau2 != MTP_TAU2_ML;
    mtp_tau2_result found;

    if (mtp_explain_is_highest(&set->pooled->fit, work->bundle->pool->options.tau2)) {
        return "ll";
    }
    if (mtp_tau2_estimate(restricted ? MTP_TAU2_REML : MTP_TAU2_ML, set->k, set->y,
                          set->v, &found, NULL) != MTP_OK) {
        work->s->failed = true;
        return "0";
    }
    mtp_solution_text(work->s, restricted ? MTP_EXPLAIN_HIGHEST("restricted ", "REML")
                                          : MTP_EXPLAIN_HIGHEST("", "ML"));
    mtp_solution_given(work->s, "pi", 3.14159265358979323846);
    return mtp_explain_likelihood_at(work, set, "tau2_m", found.tau2, restricted, true);
}

static void likelihood_profile(mtp_explain_work *work, const mtp_explain_set *set,
                               const mtp_tau2_interval *ci)
{
    static const char *const name[] = {"tau2_lower", "tau2_upper"};
    bool restricted = work->bundle->pool->options.tau2 != MTP_TAU2_ML;
    const char *top;

    mtp_solution_text(work->s, MTP_EXPLAIN_PROFILE("mean"));
    top = highest_likelihood(work, set);
    for (int i = 0; i < 2 && !work->s->failed; i++) {
        const char *at = mtp_explain_likelihood_at(work, set, name[i], ci->tau2[i],
                                                   restricted, false);

        mtp_explain_likelihood_sides(work, top, at, ci->tau2[i]);
    }
}

/* The measures at both limits of tau2. */
static void measures(mtp_solution *s, const mtp_tau2_interval *ci)
{
    static const char *const end[] = {"lower", "upper"};

    for (int i = 0; i < 2; i++) {
        const char *tau = mtp_arena_printf(s->arena, "tau_%s", end[i]);
        const char *I2 = mtp_arena_printf(s->arena, "I2_%s", end[i]);
        const char *H2 = mtp_arena_printf(s->arena, "H2_%s", end[i]);

        if (!tau || !I2 || !H2) {
            s->failed = true;
            return;
        }
        (void)mtp_solution_linef(s, tau, ci->tau[i], "sqrt(tau2_%s)", end[i]);
        if (!isnan(ci->I2[i])) {
            (void)mtp_solution_linef(s, I2, ci->I2[i],
                                     "100 * tau2_%s / (tau2_%s + v_t)", end[i], end[i]);
            (void)mtp_solution_linef(s, H2, ci->H2[i], "1 + tau2_%s / v_t", end[i]);
        }
    }
}

static void by_standard_error(mtp_explain_work *work, const mtp_tau2_interval *ci)
{
    mtp_solution *s = work->s;
    double tail = mtp_tail_of_level(work->bundle->level);

    (void)mtp_solution_linef(s, "crit_t", (double)NAN, "z(%s)",
                             mtp_number_brief(1.0 - tail, 15).text);
    (void)mtp_solution_line(s, "tau2_lower", "max(0, tau2 - crit_t * se_t)",
                            ci->tau2[0]);
    (void)mtp_solution_line(s, "tau2_upper", "tau2 + crit_t * se_t", ci->tau2[1]);
}

void mtp_explain_tau2_limits(mtp_explain_work *work, const mtp_heterogeneity *h)
{
    const mtp_tau2_interval *ci = &h->ci;
    mtp_solution *s = work->s;

    if (strcmp(ci->method, "wald") == 0) {
        by_standard_error(work, ci);
    } else if (!mtp_scope_find(&s->scope, "tau2_lower")) {
        mtp_solution_text(s, "The limits are not worked here: with so many studies "
                             "they are only found by search, where a tail of the "
                             "distribution of the generalized Q, a sum of weighted "
                             "chi-squares, is half the error.");
        mtp_solution_given(s, "tau2_lower", ci->tau2[0]);
        mtp_solution_given(s, "tau2_upper", ci->tau2[1]);
    }
    measures(s, ci);
}

void mtp_explain_tau2_interval(mtp_explain_work *work, const mtp_explain_set *set)
{
    const mtp_tau2_interval *ci = &set->pooled->heterogeneity.ci;
    const mtp_pool_result *pool = work->bundle->pool;
    double tail = mtp_tail_of_level(work->bundle->level);
    mtp_solution *s = work->s;

    if (ci->status != MTP_SET_OK || (pool->options.tau2_scope == MTP_TAU2_COMMON &&
                                     set->pooled != &pool->overall)) {
        return;
    }
    mtp_solution_heading(
        s, 3, "Interval of tau2: %s",
        mtp_tau2_ci_label((mtp_tau2_ci_method)mtp_tau2_ci_from_id(ci->method)));
    if (strcmp(ci->method, "qp") == 0) {
        mtp_solution_text(s, "The limits are the values of `tau2` at which Q, with "
                             "weights made of them, equals quantiles of chi-square.");
        q_profile_limit(work, set, "tau2_lower", ci->tau2[0], 1.0 - tail);
        q_profile_limit(work, set, "tau2_upper", ci->tau2[1], tail);
    } else if (mtp_explain_has_profile(ci)) {
        likelihood_profile(work, set, ci);
    } else if (strcmp(ci->method, "j") == 0 || strcmp(ci->method, "bj") == 0) {
        (void)mtp_explain_generalized_limits(work, set, ci);
    }
    mtp_explain_tau2_limits(work, &set->pooled->heterogeneity);
}

void mtp_explain_criteria(mtp_explain_work *work, const mtp_fit *fit, const char *n,
                          const char *parameters)
{
    mtp_solution *s = work->s;

    (void)mtp_solution_line(s, "P", parameters, (double)NAN);
    (void)mtp_solution_line(s, "AIC", "-2 * ll + 2 * P", fit->AIC);
    if (!isnan(fit->AICc)) {
        (void)mtp_solution_linef(s, "AICc", fit->AICc,
                                 "-2 * ll + 2 * P * %s / (%s - P - 1)", n, n);
    }
    (void)mtp_solution_linef(s, "BIC", fit->BIC, "-2 * ll + ln(%s) * P", n);
}
