/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moderators of effects in nested levels: X'V^-1 X and X'V^-1 y are sums over the
 * outermost groups, and the rest is as in any regression. */
#include "explain/equations.h"
#include "explain/nested.h"
#include "explain/regress.h"

#include <math.h>
#include <string.h>

/* The sum of a quantity in the last table. */
static const char *sum_of(const mtp_nested_model *n, const char *name)
{
    for (size_t q = 0; q < n->n_carried; q++) {
        if (strcmp(n->carried[q].name, name) == 0) {
            return n->carried[q].sum;
        }
    }
    return "0";
}

/* x_i'V^-1 x_j: of a constant column it is a sum of weights. */
static const char *element(const mtp_nested_model *n, size_t i, size_t j)
{
    return j < n->constant ? sum_of(n, mtp_nested_name(n, "w", i))
                           : sum_of(n, mtp_nested_text(n, "A_%zu_%zu", i + 1, j + 1));
}

/* The analysis's covariance, in which columns without a product have 0. */
static const double *covariance(const mtp_nested_model *n)
{
    double *V = n->vcov ? MTP_ARENA_ARRAY(n->s->arena, n->p * n->p, double) : NULL;

    for (size_t j = 0; V && j < n->p * n->p; j++) {
        double size =
            sqrt(n->vcov[j / n->p * (n->p + 1)]) * sqrt(n->vcov[j % n->p * (n->p + 1)]);

        V[j] = fabs(n->vcov[j]) < 1e-9 * size ? 0.0 : n->vcov[j];
    }
    n->s->failed = n->s->failed || (n->vcov && !V);
    return V;
}

static void solve(mtp_nested_model *n, void *with)
{
    const mtp_explain_regression *m = with;
    mtp_solution *s = n->s;

    mtp_solution_text(s, "The equations A b = B, A being X'WX and B X'Wy with W the "
                         "inverse of V, are the sums over the groups.");
    for (size_t j = 0; j < m->p; j++) {
        for (size_t i = j; i < m->p; i++) {
            (void)mtp_solution_line(s, mtp_regress_text(s, "A_#_@", i, j),
                                    element(n, i, j), (double)NAN);
        }
        (void)mtp_solution_line(
            s, mtp_regress_text(s, "B_#", j, 0),
            sum_of(n, j < n->constant ? "w_y" : mtp_nested_text(n, "B_%zu", j + 1)),
            (double)NAN);
    }
    mtp_equations_factor(s, "A", m->p);
    mtp_equations_solve(s, "B", n->b, m->p, n->beta);
    mtp_equations_invert(s, m->p, covariance(n));
}

const char *mtp_nested_residual(const mtp_nested_model *n)
{
    const char *text = "y_i";

    for (size_t j = 0; j < n->p; j++) {
        text = j < n->constant ? mtp_nested_text(n, "%s - %s_1", text, n->b)
                               : mtp_nested_text(n, "%s - %s_%zu * x_%zu_i", text, n->b,
                                                 j + 1, j + 1);
    }
    return text;
}

static bool has_constant(const mtp_explain_regression *m)
{
    size_t i = 0;

    while (i < m->set.k && m->x[0][i] == 1.0) {
        i++;
    }
    return i == m->set.k;
}

const char *mtp_explain_nested_refusal(const mtp_regress_result *fit)
{
    size_t shares = 2 + fit->p * (fit->p + 1) / 2;

    if (fit->p > MTP_NESTED_P ||
        8 + fit->p + shares * fit->n_levels > MTP_NESTED_COLUMNS) {
        return "A regression in nested levels is worked with up to five columns in "
               "three levels";
    }
    return NULL;
}

/* Whether a column has one value in each group of a level. */
static bool holds_constant(const mtp_nested_model *n, size_t level, size_t column)
{
    const mtp_level_effects *of = &n->levels[level].effects;

    for (size_t i = 0; i < n->set->k; i++) {
        if (n->x[column][i] != n->x[column][of->first[of->group[i]]]) {
            return false;
        }
    }
    return true;
}

/* nu_j of each coefficient. */
static void put_contained(const mtp_nested_model *n, const mtp_regress_result *fit)
{
    mtp_solution *s = n->s;

    mtp_solution_text(s,
                      "The degrees of freedom of `b_j` are `nu_j`: what the p columns "
                      "leave of the effects, or of the `n_l` groups of a level in each "
                      "of which `x_j` is constant, whichever is least; of several "
                      "coefficients the least of theirs.");
    for (size_t l = 0; l < n->n_levels; l++) {
        mtp_solution_given(s, mtp_nested_text(n, "n_%zu", l + 1),
                           (double)n->levels[l].effects.n_groups);
    }
    for (size_t j = 0; j < n->p; j++) {
        const char *text = "k - p";

        for (size_t l = 0; l < n->n_levels; l++) {
            if (holds_constant(n, l, j)) {
                text = mtp_nested_text(n, "min(%s, n_%zu - p)", text, l + 1);
            }
        }
        if (fit->coefficient[j].df <= 0.0) {
            text = mtp_nested_text(n, "max(0, %s)", text);
        }
        (void)mtp_solution_line(s, mtp_nested_text(n, "nu_%zu", j + 1), text,
                                fit->coefficient[j].df);
    }
}

void mtp_explain_nested_regress(mtp_explain_regression *m)
{
    const mtp_regress_result *fit = m->fit;
    mtp_nested_model *n = MTP_ARENA_NEW(m->s->arena, mtp_nested_model);
    mtp_explain_inference how = {.covariance = "V_#_@"};
    mtp_solution *s = m->s;
    double *beta = MTP_ARENA_ARRAY(s->arena, m->p, double);

    if (!n || !beta) {
        s->failed = true;
        return;
    }
    for (size_t j = 0; j < m->p; j++) {
        beta[j] = fit->coefficient[j].estimate;
    }
    *n = (mtp_nested_model){
        .work = m->work,
        .s = s,
        .set = &m->set,
        .levels = fit->levels,
        .n_levels = fit->n_levels,
        .tau2 = fit->heterogeneity.tau2,
        .fit = &fit->fit,
        .restricted = fit->options.tau2 == MTP_TAU2_REML,
        .p = m->p,
        .constant = has_constant(m),
        .x = (const double *const *)m->x,
        .b = "b",
        .beta = beta,
        .vcov = fit->n_clusters > 0 ? NULL : mtp_regress_cleared(s, m->p, fit->vcov)};
    n->residual = mtp_nested_residual(n);
    mtp_regress_without(m);
    mtp_nested_work(n, solve, m);
    if (n->restricted) {
        mtp_regress_determinants(m);
    }
    mtp_nested_likelihood(n, " + D_A - D_0");
    mtp_explain_section(m->work, "Heterogeneity in levels");
    mtp_regress_heterogeneity(m);
    mtp_nested_levels(n);
    mtp_explain_section(m->work, "Coefficients");
    if (fit->n_clusters > 0) {
        m->set.nested = n;
        mtp_regress_robust(m, &how);
    } else if (!isnan(fit->coefficient[0].df)) {
        how.df = "df";
        how.own_df = how.contained = fit->options.level_df == MTP_LEVEL_DF_CONTAIN;
        if (how.contained) {
            put_contained(n, fit);
        }
    }
    mtp_regress_tests(m, &how);
    mtp_regress_means(m, &how);
    mtp_regress_explain_vif(m);
    mtp_regress_correlation(m);
    mtp_regress_studies(m, NULL);
    mtp_nested_limits(n, solve, m);
}
