/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interval of a mean by the profile of the likelihood over tau2: at either limit
 * the highest likelihood with that mean. Formulas as in models/profile_mean.c. */
#include "metapool/tau2.h"

#include "core/number.h"
#include "explain/interval.h"
#include "num/dist.h"
#include "num/root.h"

#include <math.h>

enum { STEPS_A_DECADE = 8, STEPS_MAX = 400 };

/* The likelihood of studies with a mean that is given. */
typedef struct at_mean {
    const mtp_explain_set *set;
    double mu;
} at_mean;

/* Twice the derivative in tau2. */
static double slope(const void *context, double t)
{
    const at_mean *of = (const at_mean *)context;
    double sum = 0.0;

    for (size_t i = 0; i < of->set->k; i++) {
        double w = 1.0 / (of->set->v[i] + t), away = of->set->y[i] - of->mu;

        sum += w * w * away * away - w;
    }
    return sum;
}

/* Less 2 ll, without its constant. */
static double deviance(const at_mean *of, double t)
{
    double sum = 0.0;

    for (size_t i = 0; i < of->set->k; i++) {
        double away = of->set->y[i] - of->mu, s = of->set->v[i] + t;

        sum += log(s) + away * away / s;
    }
    return sum;
}

/* The tau2 of the highest likelihood, which lies below the largest square, as the slope
 * is negative beyond: a scan finds every maximum that is as wide as its steps. */
static double best_tau2(const at_mean *of)
{
    double least = (double)INFINITY, most = 0.0, best = 0.0, before = 0.0;

    for (size_t i = 0; i < of->set->k; i++) {
        double away = of->set->y[i] - of->mu;

        least = fmin(least, of->set->v[i]);
        most = fmax(most, away * away);
    }
    for (int j = 0; j < STEPS_MAX && before < most; j++) {
        double t = 1e-6 * least * pow(10.0, (double)j / STEPS_A_DECADE);
        double at_before = slope(of, before), at = slope(of, t);

        if (at_before > 0.0 && at <= 0.0) {
            double root = mtp_root(slope, of, before, at_before, t, at);

            best = deviance(of, root) < deviance(of, best) ? root : best;
        }
        before = t;
    }
    return best;
}

/* The highest log-likelihood with a mean of that name. */
static const char *likelihood_with(mtp_explain_work *work, const mtp_explain_set *set,
                                   const char *name, double mu)
{
    mtp_solution *s = work->s;
    const at_mean of = {set, mu};
    double tau2 = best_tau2(&of);
    const char *at = mtp_arena_printf(s->arena, "t_%s", name);
    const char *ll = mtp_arena_printf(s->arena, "ll_%s", name);
    const char *weight = mtp_arena_printf(s->arena, "1 / (v_i + t_%s)", name);
    const char *log = mtp_arena_printf(s->arena, "ln(v_i + t_%s)", name);
    const char *once = mtp_arena_printf(s->arena, "u_i * (y_i - %s)^2", name);
    const char *twice = mtp_arena_printf(s->arena, "u_i^2 * (y_i - %s)^2", name);

    if (!at || !ll || !weight || !log || !once || !twice) {
        s->failed = true;
        return "0";
    }
    mtp_solution_given(s, name, mu);
    mtp_solution_know(s, name, mu);
    mtp_solution_given(s, at, tau2);
    mtp_solution_know(s, at, tau2);
    mtp_solution_table(
        s, 6,
        (const mtp_solution_column[]){{.name = "y_i", .values = set->y},
                                      {.name = "v_i", .values = set->v},
                                      {.name = "u_i", .formula = weight, .total = true},
                                      {.formula = once, .total = true},
                                      {.formula = twice, .total = true},
                                      {.formula = log, .total = true}});
    mtp_explain_both_sides(s, at, tau2, mtp_arena_printf(s->arena, "sum(%s)", twice),
                           "sum(u_i)");
    (void)mtp_solution_linef(s, ll, (double)NAN,
                             "-(k * ln(2 * pi) + sum(%s) + sum(%s)) / 2", log, once);
    return ll;
}

/* The signed root of the likelihood ratio at the tested mean. */
static void test(mtp_explain_work *work, const mtp_explain_set *set,
                 const mtp_interval *ci)
{
    mtp_solution *s = work->s;
    const char *ll;

    if (isnan(set->estimate->null_value) || isnan(ci->statistic)) {
        return;
    }
    mtp_solution_text(s, "The test: the same with the tested mean.");
    ll = likelihood_with(work, set, "null", set->estimate->null_value);
    (void)mtp_solution_linef(s, "T", ci->statistic, "%ssqrt(max(0, 2 * (ll_m - %s)))",
                             ci->statistic < 0.0 ? "-" : "", ll);
    (void)mtp_solution_line(s, "p", "2 * upper_z(abs(T))", ci->p);
}

bool mtp_explain_profile_interval(mtp_explain_work *work, const mtp_explain_set *set,
                                  const mtp_interval *ci)
{
    static const char *const name[] = {"lower", "upper"};
    const double limit[] = {ci->lower, ci->upper};
    mtp_solution *s = work->s;
    mtp_tau2_result found;

    if (mtp_tau2_estimate(MTP_TAU2_ML, set->k, set->y, set->v, &found, NULL) !=
        MTP_OK) {
        return false;
    }
    mtp_solution_text(s, "The limits are the means at which twice the log-likelihood, "
                         "with the best tau2 there, lies below its maximum by a "
                         "quantile of chi-square.");
    mtp_solution_text(s, MTP_EXPLAIN_HIGHEST("", "ML"));
    mtp_solution_given(s, "pi", 3.14159265358979323846);
    (void)mtp_explain_likelihood_at(work, set, "tau2_m", found.tau2, false, true);
    mtp_solution_text(s,
                      "With a mean that is given the likelihood is highest at another "
                      "tau2, `t`, where its derivative is 0:");
    for (int i = 0; i < 2 && !s->failed; i++) {
        const char *ll = likelihood_with(work, set, name[i], limit[i]);

        mtp_explain_likelihood_sides(work, "ll_m", ll, 1.0);
    }
    test(work, set, ci);
    return true;
}
