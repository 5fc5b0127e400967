/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models of nested levels, worked. Their variances are found by search and taken as
 * given; all that follows from them is a sum over groups, and that they are right shows
 * in the equations of the likelihood. */
#include "explain/nested.h"

#include <math.h>
#include <string.h>

/* The model, and how effects covary by it. */
static void introduce(const mtp_nested_model *n)
{
    mtp_solution *s = n->s;
    mtp_strbuf sum;

    mtp_solution_text(s,
                      "Every level has a variance between its groups: effects covary "
                      "by the sum of the variances of the levels whose group they "
                      "share, and each varies by `v_i` besides. The variances are "
                      "found by search (%s), and checked by their equations below.",
                      n->restricted ? "REML" : "ML");
    mtp_strbuf_init(&sum);
    for (size_t l = 1; l <= n->n_levels; l++) {
        mtp_solution_text(s, "`sigma2_%zu`: between groups of %s (%zu).", l,
                          mtp_solution_name(s, n->levels[l - 1].name),
                          n->levels[l - 1].effects.n_groups);
        mtp_strbuf_printf(&sum, "%ssigma2_%zu", l > 1 ? " + " : "", l);
    }
    for (size_t l = 1; l <= n->n_levels; l++) {
        mtp_solution_given(s, mtp_nested_text(n, "sigma2_%zu", l),
                           n->levels[l - 1].sigma2);
    }
    if (!sum.failed) {
        (void)mtp_solution_line(s, "tau2", sum.text, n->tau2);
    }
    s->failed = s->failed || sum.failed;
    mtp_strbuf_free(&sum);
    mtp_solution_text(s, "`D` is the logarithm of the determinant of the covariance V "
                         "of all effects; sums are over the rows of the last table.");
    if (n->depth > 0) {
        mtp_solution_text(
            s,
            "V consists of a block for each outermost group, and is inverted group by "
            "group, from the inside out. Let E be the inverse without the variance of "
            "a group's own level, `a` the sum of its elements, and `b` the sum of 1 "
            "and `sigma2_l * a`. The inverse with that variance is E less the products "
            "of its row sums by `sigma2_l / b` (Sherman and Morrison). So to the level "
            "around it the group is one effect: of weight `w`, which is `a / b`, and "
            "of "
            "weighted effect `w_y`, `a_y / b`.");
    }
}

/* 100 sigma2_l / (tau2 + v_t), and the correlation within groups. */
static void shares(const mtp_nested_model *n)
{
    mtp_solution *s = n->s;
    mtp_strbuf sum;

    mtp_strbuf_init(&sum);
    for (size_t l = 1; l <= n->n_levels; l++) {
        const mtp_variance_component *of = &n->levels[l - 1];

        (void)mtp_solution_linef(s, mtp_nested_text(n, "I2_%zu", l), of->I2,
                                 "100 * sigma2_%zu / (tau2 + v_t)", l);
        mtp_strbuf_printf(&sum, "%ssigma2_%zu", l > 1 ? " + " : "", l);
        if (l <= n->depth && !isnan(of->correlation) && !sum.failed) {
            (void)mtp_solution_linef(s, mtp_nested_text(n, "rho_%zu", l),
                                     of->correlation, "(%s) / tau2", sum.text);
        }
    }
    s->failed = s->failed || sum.failed;
    mtp_strbuf_free(&sum);
    if (n->depth > 0) {
        mtp_solution_text(s, "`rho_l` is the correlation of the true effects of two "
                             "that share a group of level l and none within it.");
    }
}

static void intervals(const mtp_nested_model *n)
{
    mtp_solution *s = n->s;
    bool any = false;

    for (size_t l = 1; l <= n->n_levels; l++) {
        const mtp_variance_component *of = &n->levels[l - 1];

        if (of->ci_status != MTP_SET_OK) {
            continue;
        }
        if (!any) {
            mtp_solution_text(s, "The limits of a variance are found by search, where "
                                 "twice the log-likelihood, at its maximum over the "
                                 "other variances, lies below its maximum by the "
                                 "quantile of chi-square with 1 degree of freedom. The "
                                 "last sections check them.");
        }
        any = true;
        mtp_solution_given(s, mtp_nested_text(n, "sigma2_lower_%zu", l), of->ci[0]);
        if (isfinite(of->ci[1])) {
            mtp_solution_given(s, mtp_nested_text(n, "sigma2_upper_%zu", l), of->ci[1]);
        }
    }
}

void mtp_nested_likelihood(const mtp_nested_model *n, const char *determinants)
{
    size_t estimated = 0;
    mtp_solution *s = n->s;

    for (size_t l = 0; l < n->n_levels; l++) {
        estimated += !n->levels[l].given && !n->levels[l].confounded;
    }
    mtp_solution_given(s, "pi", 3.14159265358979323846);
    (void)mtp_solution_linef(
        s, "ll", n->fit->loglik, "-(%s * ln(2 * pi) + D_V + S%s) / 2",
        n->restricted ? "df" : "k", n->restricted ? determinants : "");
    if (n->fit->n_modes > 1) {
        mtp_solution_text(s,
                          "The likelihood has %zu local maxima; this is the highest.",
                          n->fit->n_modes);
    }
    mtp_solution_text(s, "Counting coefficients and variances:");
    mtp_explain_criteria(n->work, n->fit, n->restricted ? "df" : "k",
                         mtp_nested_text(n, "%s + %zu", n->x ? "p" : "1", estimated));
}

/* The variance by the model, NaN where the analysis has no interval by it. */
static double wald_variance(const mtp_estimate *e)
{
    for (size_t i = 0; i < e->n_intervals; i++) {
        if (e->intervals[i].method == MTP_CI_WALD ||
            e->intervals[i].method == MTP_CI_T) {
            return e->intervals[i].se * e->intervals[i].se;
        }
    }
    return (double)NAN;
}

/* M and the mean, of effects without moderators. */
static void solve_mean(mtp_nested_model *n, void *with)
{
    const mtp_nested_quantity *w = &n->carried[0], *w_y = &n->carried[1];
    mtp_solution *s = n->s;

    (void)with;
    mtp_solution_text(s,
                      "The mean weights every %s by w; this is (1'Wy) / (1'W1), W "
                      "the inverse of V.",
                      n->depth > 0 ? "outermost group" : "effect");
    (void)mtp_solution_line(s, "M", w->sum, (double)NAN);
    (void)mtp_solution_linef(s, n->b, n->beta[0], "%s / M", w_y->sum);
    if (!n->limit) {
        (void)mtp_solution_line(s, "se", "sqrt(1 / M)", sqrt(n->vcov[0]));
    }
    mtp_solution_know(s, n->b, n->beta[0]);
}

static void explain_residuals(const mtp_nested_model *n)
{
    mtp_solution *s = n->s;

    mtp_explain_section(n->work, "Equations of the variances");
    mtp_solution_text(
        s,
        "Let r be the residuals and W the inverse of V. Where the likelihood is "
        "highest "
        "its derivative in a variance above 0 is 0, that is, L is R. L is the sum of "
        "`e^2` over the groups of the level, `e` the sum of W r in a group. R is the "
        "sum of `h`, the sum of W over the rows and columns of a group (of an "
        "outermost "
        "group that is w)%s.",
        !n->restricted ? ""
        : n->x ? ", less what the coefficients take up: the sums of `f_i * f_j` of all "
                 "columns by the elements of V, `f_j` the sum of W x_j in a group"
               : ", less what the mean takes up: `f^2 / M`, `f` the row sums of W in a "
                 "group");
    if (n->depth > 0) {
        mtp_solution_text(
            s,
            "From the outside in: `d` is a sum of residuals by the weights of the "
            "tables before, `u_l` what is predicted of a group and those around it, "
            "`T_l` its variance, and `c_l` what is left of a weight by all of them.");
    }
}

void mtp_nested_work(mtp_nested_model *n, void (*solve)(mtp_nested_model *, void *),
                     void *with)
{
    mtp_explain_section(n->work, "Nested levels");
    if (mtp_nested_grow(n)) {
        introduce(n);
        mtp_nested_fit(n, solve, with);
    }
}

void mtp_nested_fit(mtp_nested_model *n, void (*solve)(mtp_nested_model *, void *),
                    void *with)
{
    mtp_solution *s = n->s;
    const char *const *label = s->label;

    mtp_nested_sums(n);
    solve(n, with);
    if (!n->limit) {
        explain_residuals(n);
    }
    mtp_nested_equations(n);
    mtp_solution_heading(s, 3, "Log-likelihood");
    (void)mtp_solution_line(s, "D_V",
                            n->depth > 0 ? "sum(D_i)"
                                         : mtp_nested_text(n, "sum(ln(%s))", n->spread),
                            (double)NAN);
    (void)mtp_solution_line(s, "S", n->depth > 0 ? "sum(S_i)" : "sum(r_i * e_i)",
                            (double)NAN);
    s->scope.k = n->set->k;
    s->label = label;
    s->row_name = NULL;
}

void mtp_nested_levels(const mtp_nested_model *n)
{
    mtp_solution_heading(n->s, 3, "By level");
    shares(n);
    intervals(n);
}

void mtp_explain_nested(mtp_explain_work *work, mtp_explain_set *set)
{
    const mtp_pooled *pooled = set->pooled;
    const mtp_heterogeneity *h = &pooled->heterogeneity;
    mtp_solution *s = work->s;
    mtp_nested_model *n = MTP_ARENA_NEW(s->arena, mtp_nested_model);
    const double variance = wald_variance(&pooled->random);

    if (!n) {
        s->failed = true;
        return;
    }
    *n = (mtp_nested_model){.work = work,
                            .s = s,
                            .set = set,
                            .levels = pooled->levels,
                            .n_levels = pooled->n_levels,
                            .tau2 = h->tau2,
                            .fit = &pooled->fit,
                            .restricted =
                                work->bundle->pool->options.tau2 == MTP_TAU2_REML,
                            .p = 1,
                            .constant = true,
                            .b = "mu",
                            .residual = "y_i - mu",
                            .beta = &pooled->random.estimate,
                            .vcov = &variance};
    (void)mtp_solution_line(s, "C", "sum(w_i) - sum(w_i^2) / sum(w_i)", (double)NAN);
    (void)mtp_solution_line(s, "v_t", "df / C", h->vt);
    mtp_nested_work(n, solve_mean, NULL);
    mtp_nested_likelihood(n, " + ln(M) - ln(k)");
    mtp_explain_section(work, "Heterogeneity in levels");
    (void)mtp_solution_line(s, "tau", "sqrt(tau2)", h->tau);
    (void)mtp_solution_line(s, "I2", "100 * tau2 / (tau2 + v_t)", h->I2);
    (void)mtp_solution_line(s, "H2", "1 + tau2 / v_t", h->H2);
    mtp_nested_levels(n);
    mtp_explain_section(work, "Mean of all levels");
    set->estimate = &pooled->random;
    set->nested = n;
    mtp_explain_interval(work, set, &pooled->random.ci, "");
    mtp_explain_prediction(work, set);
    mtp_explain_back(work, set, "");
    mtp_nested_limits(n, solve_mean, NULL);
}
