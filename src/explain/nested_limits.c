/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limits of the variances of nested levels: where twice the log-likelihood, at its
 * maximum over the other variances and the coefficients, lies below its maximum by a
 * quantile of chi-square. The model at a limit is worked as the one at the estimates
 * was. */
#include "explain/nested.h"
#include "explain/regress.h"

#include <math.h>

/* The analysis's own fit with this variance given, the others at their best. */
static mtp_multilevel_result *fit_at(const mtp_nested_model *n, size_t level,
                                     double limit)
{
    double sigma2[MTP_LEVELS_MAX];
    mtp_level levels[MTP_LEVELS_MAX];
    mtp_multilevel_options options;
    mtp_multilevel_result *fit = NULL;
    const mtp_regression *regression = n->work->bundle->regression;

    for (size_t l = 0; l < n->n_levels; l++) {
        levels[l] = (mtp_level){n->levels[l].name, n->levels[l].effects.group};
        sigma2[l] = l == level           ? limit
                    : n->levels[l].given ? n->levels[l].sigma2
                                         : (double)NAN;
    }
    mtp_multilevel_options_init(&options, sizeof options);
    options.method = n->restricted ? MTP_TAU2_REML : MTP_TAU2_ML;
    options.sigma2 = sigma2;
    options.intervals = false;
    if (mtp_multilevel(n->set->k, n->set->y, n->set->v, n->p,
                       n->x ? regression->design->x : NULL, n->n_levels, levels,
                       &options, &fit, NULL) != MTP_OK) {
        n->s->failed = true;
        return NULL;
    }
    return fit;
}

/* ln(d_1) + ln(d_2) + ... of the factor of A */
static const char *determinant(const mtp_nested_model *n)
{
    const char *text = "ln(d_1)";

    for (size_t j = 2; j <= n->p; j++) {
        text = mtp_nested_text(n, "%s + ln(d_%zu)", text, j);
    }
    return text;
}

static void likelihood(const mtp_nested_model *n, const char *name)
{
    if (n->restricted && n->x) {
        (void)mtp_solution_line(n->s, "D_A", determinant(n), (double)NAN);
    }
    (void)mtp_solution_linef(n->s, name, (double)NAN,
                             "-(%s * ln(2 * pi) + D_V + S%s) / 2",
                             n->restricted ? "df" : "k",
                             !n->restricted ? ""
                             : n->x         ? " + D_A - D_0"
                                            : " + ln(M) - ln(k)");
}

static void put_variances(const mtp_nested_model *n, size_t level)
{
    size_t others = 0;

    for (size_t l = 0; l < n->n_levels; l++) {
        mtp_solution_given(n->s, mtp_nested_text(n, "sigma2_%zu", l + 1),
                           n->levels[l].sigma2);
        others += l != level && !n->levels[l].given && !n->levels[l].confounded;
    }
    if (others > 0) {
        mtp_solution_text(n->s, others > 1
                                    ? "The other variances are the best beside this "
                                      "one, and checked by their equations below."
                                    : "The other variance is the best beside this one, "
                                      "and checked by its equation below.");
    }
}

/* Both sides at a limit of the variance of a level. */
static void work_limit(const mtp_nested_model *of, size_t level, bool upper,
                       void (*solve)(mtp_nested_model *, void *), void *with)
{
    const double limit = of->levels[level].ci[upper];
    mtp_nested_model *n = MTP_ARENA_NEW(of->s->arena, mtp_nested_model);
    mtp_multilevel_result *fit = n ? fit_at(of, level, limit) : NULL;
    const char *name = upper ? "ll_upper" : "ll_lower";

    if (!fit) {
        of->s->failed = true;
        return;
    }
    *n = *of;
    n->limit = true;
    n->levels = fit->levels;
    n->b = of->x ? "beta" : "m";
    n->residual = of->x ? mtp_nested_residual(n) : "y_i - m";
    n->beta = fit->beta;
    n->vcov = mtp_regress_cleared(n->s, n->p, fit->vcov);
    n->n_carried = 0;
    n->n_shares = 0;
    mtp_explain_section(
        n->work,
        mtp_nested_text(n, "%s limit of sigma2_%zu: %s", upper ? "Upper" : "Lower",
                        level + 1, mtp_solution_name(n->s, fit->levels[level].name)));
    put_variances(n, level);
    if (mtp_nested_grow(n)) {
        mtp_nested_fit(n, solve, with);
        likelihood(n, name);
        mtp_explain_likelihood_sides(n->work, "ll", name, limit);
    }
    mtp_multilevel_free(fit);
}

void mtp_nested_limits(const mtp_nested_model *n,
                       void (*solve)(mtp_nested_model *, void *), void *with)
{
    mtp_solution *s = n->s;
    bool any = false;

    for (size_t l = 0; l < n->n_levels; l++) {
        const mtp_variance_component *of = &n->levels[l];

        if (of->ci_status != MTP_SET_OK) {
            continue;
        }
        if (!any) {
            any = true;
            mtp_explain_section(n->work, "Limits of the variances");
            mtp_solution_text(
                s,
                "At a limit of a variance twice the log-likelihood, at its maximum "
                "over the other variances and the %s, lies below `ll` by a quantile of "
                "chi-square with 1 degree of freedom: L is R. What follows is the work "
                "on the nested levels once more, with the variances at each limit.",
                n->x ? "coefficients, here `beta_j`" : "mean, here `m`");
        }
        work_limit(n, l, false, solve, with);
        if (isfinite(of->ci[1])) {
            work_limit(n, l, true, solve, with);
        } else {
            mtp_solution_text(s,
                              "The interval of `sigma2_%zu` has no upper limit: "
                              "however large it is, L is not above R.",
                              l + 1);
        }
    }
}
