/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subgroups against each other, and what is left within them. */
#include "explain/robust.h"

#include <math.h>

/* X2 = sum w_g (mu_g - mean)^2, w_g = 1 / se_g^2. */
static void between(mtp_explain_work *work, const char *title, bool random,
                    const mtp_test *test)
{
    const mtp_pool_result *pool = work->bundle->pool;
    mtp_solution *s = work->s;
    size_t n = pool->n_groups, k = 0, mark = s->scope.n;
    double *mu = MTP_ARENA_ARRAY(s->arena, n, double);
    double *se = MTP_ARENA_ARRAY(s->arena, n, double);
    const char **label = MTP_ARENA_ARRAY(s->arena, n, const char *);
    double top = 0.0, bottom = 0.0;

    if (!mu || !se || !label) {
        s->failed = true;
        return;
    }
    for (size_t g = 0; g < n; g++) {
        const mtp_estimate *e =
            random ? &pool->groups[g].random : &pool->groups[g].common;
        const mtp_interval *wald = mtp_explain_wald_of(e);

        if (wald && isfinite(e->estimate)) {
            label[k] = mtp_solution_name(s, pool->group_name[g]);
            mu[k] = e->estimate;
            se[k++] = wald->se;
            top += e->estimate / (wald->se * wald->se);
            bottom += 1.0 / (wald->se * wald->se);
        }
    }
    mtp_solution_heading(s, 3, "%s", title);
    if (k < 2) {
        mtp_solution_text(s, "Fewer than two subgroups have a finite mean: there is no "
                             "test.");
        return;
    }
    s->scope.k = k;
    s->label = label;
    s->row_name = "subgroup";
    mtp_solution_know(s, "m", top / bottom);
    mtp_solution_know(s, "G", (double)k);
    mtp_solution_table(s, 5,
                       (const mtp_solution_column[]){
                           {.name = "mu_i", .values = mu},
                           {.name = "se_i", .values = se},
                           {.name = "w_i", .formula = "1 / se_i^2", .total = true},
                           {.formula = "w_i * mu_i", .total = true},
                           {.formula = "w_i * (mu_i - m)^2", .total = true}});
    (void)mtp_solution_line(s, "m", "sum(w_i * mu_i) / sum(w_i)", (double)NAN);
    if (test->is_f) {
        mtp_solution_text(s, "With a common `tau2` the test is F, by the Knapp-Hartung "
                             "factor `q_f` of the regression on the subgroups.");
        (void)mtp_solution_line(s, "X2", "sum(w_i * (mu_i - m)^2)", (double)NAN);
        mtp_solution_given(s, "G", (double)k);
        if (work->factors) {
            (void)mtp_solution_line(s, "df_1", "G - 1", test->df);
            (void)mtp_solution_line(s, "df_2", "df_f", test->df2);
            (void)mtp_solution_line(s, "F",
                                    pool->options.ci == MTP_CI_HKSJ_ADHOC
                                        ? "X2 / (df_1 * max(1, q_f))"
                                        : "X2 / (df_1 * q_f)",
                                    test->statistic);
        } else {
            mtp_solution_given(s, "df_1", test->df);
            mtp_solution_given(s, "df_2", test->df2);
            mtp_solution_given(s, "F", test->statistic);
            (void)mtp_solution_line(s, "q_f", "X2 / (df_1 * F)", (double)NAN);
        }
        (void)mtp_solution_line(s, "p", "upper_F(F, df_1, df_2)", test->p);
    } else {
        (void)mtp_solution_line(s, "X2", "sum(w_i * (mu_i - m)^2)", test->statistic);
        mtp_solution_given(s, "G", (double)k);
        (void)mtp_solution_line(s, "df", "G - 1", test->df);
        (void)mtp_solution_line(s, "p", "upper_chi2(X2, df)", test->p);
    }
    s->row_name = NULL;
    s->scope.n = mark;
}

/* What the common effects leave within the subgroups. */
static void within(mtp_explain_work *work)
{
    const mtp_pool_result *pool = work->bundle->pool;
    const mtp_test *test = &pool->between.within;
    mtp_solution *s = work->s;
    size_t n = pool->n_groups, k = 0, mark = s->scope.n;
    double *Q = MTP_ARENA_ARRAY(s->arena, n, double);
    double *df = MTP_ARENA_ARRAY(s->arena, n, double);
    const char **label = MTP_ARENA_ARRAY(s->arena, n, const char *);

    if (isnan(test->statistic)) {
        return;
    }
    if (!Q || !df || !label) {
        s->failed = true;
        return;
    }
    for (size_t g = 0; g < n; g++) {
        if (!isnan(pool->groups[g].heterogeneity.Q)) {
            label[k] = mtp_solution_name(s, pool->group_name[g]);
            Q[k] = pool->groups[g].heterogeneity.Q;
            df[k++] = pool->groups[g].heterogeneity.df;
        }
    }
    s->scope.k = k;
    s->label = label;
    s->row_name = "subgroup";
    mtp_solution_heading(s, 3, "Within the subgroups");
    mtp_solution_table(
        s, 2,
        (const mtp_solution_column[]){{.name = "Q_i", .values = Q, .total = true},
                                      {.name = "df_i", .values = df, .total = true}});
    (void)mtp_solution_line(s, "Q_W", "sum(Q_i)", test->statistic);
    (void)mtp_solution_line(s, "df_W", "sum(df_i)", test->df);
    (void)mtp_solution_line(s, "p_W", "upper_chi2(Q_W, df_W)", test->p);
    s->row_name = NULL;
    s->scope.n = mark;
}

static void robust(mtp_explain_work *work)
{
    const mtp_pool_result *pool = work->bundle->pool;

    mtp_explain_robust_between(work, "Common effects", false, &pool->between.common);
    within(work);
    mtp_explain_robust_between(work, "Random effects", true, &pool->between.random);
}

void mtp_explain_between(mtp_explain_work *work)
{
    const mtp_pool_result *pool = work->bundle->pool;

    mtp_explain_section(work, "Between the subgroups");
    if (pool->options.ci == MTP_CI_ROBUST) {
        robust(work);
        return;
    }
    between(work, "Common effects", false, &pool->between.common);
    within(work);
    if (pool->options.method == MTP_METHOD_GLMM &&
        pool->options.tau2_scope == MTP_TAU2_COMMON) {
        mtp_solution_text(work->s,
                          "With a common `tau2` the means hang together; their test "
                          "takes all covariances and is not worked here.");
    } else {
        between(work, "Random effects", true, &pool->between.random);
    }
}
