/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Meta-regressions, worked: the equations X'WX b = X'Wy at tau2 = 0 and at tau2, their
 * solution by elimination. */
#include "explain/regress.h"

#include "explain/equations.h"

#include <math.h>
#include <string.h>

enum { P_MAX = 10, P_MAX_ROBUST = 6 };

#define LEFT_MIN 1e-12 /* part of a sum that elimination has to leave */

static bool prepare(mtp_explain_regression *m)
{
    const mtp_design *design = m->work->bundle->regression->design;
    double **x = MTP_ARENA_ARRAY(m->s->arena, m->p, double *);
    const char **x_name = MTP_ARENA_ARRAY(m->s->arena, m->p, const char *);

    if (!x || !x_name || !mtp_explain_set_of(m->work, NULL, NULL, &m->set)) {
        m->s->failed = true;
        return false;
    }
    for (size_t j = 0; j < m->p; j++) {
        x[j] = MTP_ARENA_ARRAY(m->s->arena, m->set.k, double);
        x_name[j] = mtp_regress_text(m->s, "x_#_i", j, 0);
        for (size_t i = 0; x[j] && i < m->set.k; i++) {
            x[j][i] = design->x[i * m->p + j];
        }
        m->s->failed = m->s->failed || !x[j];
    }
    m->weight = m->work->bundle->regression->weights;
    m->x = x;
    m->x_name = x_name;
    return !m->s->failed;
}

/* Whether the sums X'WX of a column lose its spread: the part of their diagonal that
 * the other columns leave is 1 / (A_jj V_jj). */
static bool loses_digits(const mtp_bundle *b)
{
    const mtp_regress_result *fit = b->regression->fit;
    const mtp_design *design = b->regression->design;
    const double scale = isnan(fit->factor) ? 1.0 : fit->factor;

    for (size_t j = 0; j < fit->p; j++) {
        double sum = 0.0;

        for (size_t i = 0; i < fit->k; i++) {
            const double x = design->x[i * fit->p + j];

            sum += x * x /
                   (b->studies[i].vi +
                    (fit->tau2 ? fit->tau2[i] : fit->heterogeneity.tau2));
        }
        if (!isfinite(sum) ||
            sum * fit->vcov[j * fit->p + j] / scale > 1.0 / LEFT_MIN) {
            return true;
        }
    }
    return false;
}

const char *mtp_explain_regress_refusal(const mtp_bundle *b)
{
    const mtp_regress_result *fit = b->regression->fit;

    if (!fit->exists) {
        return "The model has no finite estimate";
    }
    if (fit->n_clusters > 0 && fit->n_clusters <= fit->p) {
        return "There is no robust variance: it takes more clusters than coefficients";
    }
    if (fit->n_clusters > 0 && fit->p > P_MAX_ROBUST) {
        return "Robust variances are worked with up to six columns";
    }
    if (fit->p > P_MAX || fit->k <= fit->p) {
        return "A regression is worked with up to ten columns and more studies than "
               "columns";
    }
    if (mtp_explain_scale_refusal(fit)) {
        return mtp_explain_scale_refusal(fit);
    }
    if (fit->n_levels > 0 && mtp_explain_nested_refusal(fit)) {
        return mtp_explain_nested_refusal(fit);
    }
    if (loses_digits(b)) {
        return "The moderators are so large beside their spread, or so alike, that the "
               "sums of their squares lose all digits of it; it takes a moderator less "
               "its mean, as (year - 2000), to be worked by hand";
    }
    return NULL;
}

static void list_columns(mtp_explain_regression *m)
{
    const mtp_design *design = m->work->bundle->regression->design;

    for (size_t j = 0; j < m->p; j++) {
        mtp_solution_text(m->s, "`x_%zu`: %s.", j + 1,
                          mtp_solution_name(m->s, design->column_name[j]));
    }
}

void mtp_regress_solve(mtp_explain_regression *m)
{
    mtp_explain_solved figures;

    mtp_explain_section(m->work, "Regression");
    mtp_solution_text(m->s, "The same with `tau2` added to every variance.");
    if (mtp_regress_solved_at(m, m->fit->heterogeneity.tau2, &figures)) {
        mtp_regress_equations(m, "1 / (v_i + tau2)", "ws_i", &figures);
        mtp_regress_residuals(m, "1 / (v_i + tau2)", "ws_i");
    }
}

void mtp_explain_regress(mtp_explain_work *work)
{
    const mtp_regress_result *fit = work->bundle->regression->fit;
    mtp_explain_regression m = {.work = work, .s = work->s, .fit = fit, .p = fit->p};
    mtp_explain_inference how;
    bool done;

    if (!prepare(&m)) {
        return;
    }
    mtp_explain_section(work, "Moderators");
    list_columns(&m);
    if (fit->n_levels > 0) {
        mtp_explain_nested_regress(&m);
        return;
    }
    if (fit->n_scale > 0) {
        mtp_explain_scale(&m);
        return;
    }
    if (fit->options.method == MTP_METHOD_GLMM) {
        mtp_explain_mixed_regress(&m);
        return;
    }
    done = mtp_regress_tau2(&m);
    mtp_solution_know(work->s, "tau2", fit->heterogeneity.tau2);
    mtp_regress_profile(&m);
    mtp_regress_solve(&m);
    if (!done) {
        mtp_regress_tau2_verify(&m);
    }
    mtp_regress_heterogeneity(&m);
    mtp_regress_likelihood(&m);
    if (m.weight) {
        mtp_regress_weights(&m);
    }
    mtp_explain_section(work, "Coefficients");
    how = mtp_regress_inference(&m);
    mtp_regress_tests(&m, &how);
    mtp_regress_means(&m, &how);
    mtp_regress_explain_vif(&m);
    mtp_regress_permutations(&m);
    mtp_regress_correlation(&m);
    mtp_regress_studies(&m, &how);
}
