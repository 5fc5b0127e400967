/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Location-scale models: log tau2_i = s_i'alpha. alpha is found by search; with the
 * weights 1 / (v_i + tau2_i) that follow, all else is a regression. The derivative of
 * the restricted likelihood in alpha_j is half of
 *   sum tau2_i s_ij (w_i^2 r_i^2 - P_ii),  P_ii = w_i - w_i^2 x_i'V x_i;
 * of the likelihood it has w_i in place of P_ii. */
#include "explain/regress.h"

#include <math.h>

enum { COLUMNS = 80, SCALE_MAX = 8 };

static const double SEARCHED = 1e-9; /* to how much of its terms a sum is searched */
static const double FLAT = 1e-9;     /* a derivative that no likelihood shows */

typedef struct scale_model {
    mtp_explain_regression *m;
    mtp_solution *s;
    size_t q;
    bool restricted;
    const char *name[SCALE_MAX]; /* "s_1_i" */
    const double *z[SCALE_MAX];  /* [k] */
    double *weight;              /* [k] */
} scale_model;

const char *mtp_explain_scale_refusal(const mtp_regress_result *fit)
{
    if (fit->n_scale > SCALE_MAX) {
        return "A location-scale model is worked with up to eight columns for the "
               "scale";
    }
    for (size_t j = 0; j < fit->n_scale; j++) {
        if (!isfinite(fit->scale[j].estimate)) {
            return "The variance of some studies vanishes, so that coefficients of the "
                   "scale have no finite value to be worked with";
        }
    }
    return NULL;
}

static bool prepare(scale_model *a)
{
    const mtp_design *design = a->m->work->bundle->regression->scale_design;
    size_t k = a->m->set.k;

    a->weight = MTP_ARENA_ARRAY(a->s->arena, k, double);
    for (size_t j = 0; j < a->q; j++) {
        double *z = MTP_ARENA_ARRAY(a->s->arena, k, double);

        for (size_t i = 0; z && i < k; i++) {
            z[i] = design->x[i * a->q + j];
        }
        a->z[j] = z;
        a->name[j] = mtp_regress_text(a->s, "s_#_i", j, 0);
        a->s->failed = a->s->failed || !z;
    }
    for (size_t i = 0; a->weight && i < k; i++) {
        a->weight[i] = 1.0 / (a->m->set.v[i] + a->m->fit->tau2[i]);
    }
    a->s->failed = a->s->failed || !a->weight;
    return !a->s->failed;
}

static size_t add_scale(const scale_model *a, mtp_solution_column column[], size_t n)
{
    for (size_t j = 0; j < a->q; j++) {
        column[n++] = (mtp_solution_column){.name = a->name[j], .values = a->z[j]};
    }
    return n;
}

/* alpha, tau2 of each study as t_i, and the weights. */
static void variances(const scale_model *a)
{
    const mtp_design *design = a->m->work->bundle->regression->scale_design;
    mtp_solution_column column[COLUMNS];
    mtp_solution *s = a->s;
    const char *sum = "";
    size_t n = 0;

    mtp_explain_section(a->m->work, "Scale");
    mtp_solution_text(s, "Every study has a between-study variance of its own, `t_i`, "
                         "whose logarithm is a sum of its moderators by `alpha_j`. "
                         "These are found by search, and checked by their equations "
                         "below.");
    for (size_t j = 0; j < a->q; j++) {
        mtp_solution_text(s, "`s_%zu`: %s.", j + 1,
                          mtp_solution_name(s, design->column_name[j]));
    }
    for (size_t j = 0; sum && j < a->q; j++) {
        mtp_solution_given(s, mtp_regress_text(s, "alpha_#", j, 0),
                           a->m->fit->scale[j].estimate);
        sum = mtp_arena_printf(s->arena, "%s%salpha_%zu * s_%zu_i", sum,
                               j > 0 ? " + " : "", j + 1, j + 1);
    }
    sum = sum ? mtp_arena_printf(s->arena, "exp(%s)", sum) : NULL;
    if (!sum || s->failed) {
        s->failed = true;
        return;
    }
    column[n++] = (mtp_solution_column){.name = "v_i", .values = a->m->set.v};
    n = add_scale(a, column, n);
    column[n++] =
        (mtp_solution_column){.name = "t_i", .formula = sum, .values = a->m->fit->tau2};
    column[n++] = (mtp_solution_column){
        .name = "ws_i", .formula = "1 / (v_i + t_i)", .values = a->weight};
    n = mtp_regress_total(a->m, column, n, "ln(v_i + t_i)");
    if (!s->failed) {
        mtp_solution_table(s, n, column);
    }
}

/* The regression with those weights. */
static void solve(const scale_model *a)
{
    mtp_explain_regression with = *a->m;
    double *b = MTP_ARENA_ARRAY(a->s->arena, with.p, double);
    const mtp_explain_solved figures = {.b = b, .V = with.fit->vcov};

    if (!b) {
        a->s->failed = true;
        return;
    }
    for (size_t j = 0; j < with.p; j++) {
        b[j] = with.fit->coefficient[j].estimate;
    }
    with.weight = a->weight;
    mtp_explain_section(with.work, "Regression");
    mtp_solution_text(a->s,
                      "The regression with the weights `ws_i` of the last table.");
    mtp_regress_equations(&with, NULL, "ws_i", &figures);
    mtp_regress_residuals(&with, NULL, "ws_i");
}

/* Both sides of the equation of alpha_j agree; the derivative of the log-likelihood is
 * half their difference, and where both are next to nothing nothing changes it. */
static void check(const scale_model *a, size_t j)
{
    mtp_solution *s = a->s;
    const char *left = mtp_regress_text(s, "sum(g_i * s_#_i)", j, 0);
    const char *right = mtp_regress_text(s, "sum(q_i * s_#_i)", j, 0);
    const char *size = mtp_regress_text(s, "sum(abs(g_i * s_#_i))", j, 0);
    const mtp_expr *difference, *scale;
    mtp_figure f, of;

    if (!left || !right || !size) {
        return;
    }
    difference =
        mtp_expr_parse(s->arena, mtp_arena_printf(s->arena, "%s - %s", left, right));
    scale = mtp_expr_parse(s->arena, size);
    if (!difference || !scale) {
        s->failed = true;
        return;
    }
    (void)mtp_solution_line(s, "L", left, (double)NAN);
    (void)mtp_solution_line(s, "R", right, (double)NAN);
    f = mtp_expr_value(difference, &s->scope, 0, MTP_EXACT);
    of = mtp_expr_value(scale, &s->scope, 0, MTP_EXACT);
    if (of.value < FLAT) {
        mtp_solution_text(s,
                          "Both sides are 0 but for rounding: here the likelihood "
                          "does not change with `alpha_%zu`.",
                          j + 1);
        return;
    }
    f.value /= of.value;
    f.error = f.error / of.value + SEARCHED;
    if (mtp_solution_agrees(s, "the equation", f, 0.0)) {
        mtp_solution_text(s,
                          "Both sides agree: the likelihood is highest at "
                          "`alpha_%zu`.",
                          j + 1);
    }
}

static void equations(const scale_model *a)
{
    mtp_solution_column column[COLUMNS];
    mtp_solution *s = a->s;
    size_t n = add_scale(a, column, 0);

    mtp_explain_section(a->m->work, "Equations of the scale");
    mtp_solution_text(
        s,
        "The derivative of the likelihood in `alpha_j` is 0 where L is "
        "R: sums of `g_i * s_j_i` and of `q_i * s_j_i`, `q_i` being `t_i` "
        "times %s.",
        a->restricted ? "the weight less what the coefficients take up" : "the weight");
    column[n++] = (mtp_solution_column){.name = "t_i", .values = a->m->fit->tau2};
    n = mtp_regress_known(a->m, column, n, "ws_i");
    n = mtp_regress_known(a->m, column, n, "r_i");
    if (a->restricted) {
        n = mtp_regress_known(a->m, column, n, "h_i");
    }
    column[n++] =
        (mtp_solution_column){.name = "g_i", .formula = "t_i * ws_i^2 * r_i^2"};
    column[n++] = (mtp_solution_column){
        .name = "q_i",
        .formula = a->restricted ? "t_i * (ws_i - ws_i^2 * h_i)" : "t_i * ws_i"};
    for (size_t j = 0; j < a->q; j++) {
        n = mtp_regress_total(a->m, column, n, "g_i * s_%zu_i", j + 1);
        n = mtp_regress_total(a->m, column, n, "q_i * s_%zu_i", j + 1);
    }
    if (s->failed) {
        return;
    }
    mtp_solution_table(s, n, column);
    for (size_t j = 0; j < a->q; j++) {
        check(a, j);
    }
}

static void likelihood(const scale_model *a)
{
    const mtp_fit *fit = &a->m->fit->fit;
    mtp_solution *s = a->s;
    const char *parameters = mtp_arena_printf(s->arena, "p + %zu", a->q);

    mtp_explain_section(a->m->work, a->restricted ? "Log-likelihood, restricted"
                                                  : "Log-likelihood");
    if (a->restricted) {
        mtp_regress_determinants(a->m);
    }
    mtp_solution_given(s, "pi", 3.14159265358979323846);
    (void)mtp_solution_linef(
        s, "ll", fit->loglik,
        "-(%s * ln(2 * pi) + sum(ln(v_i + t_i)) + sum(ws_i * r_i^2)%s) / 2",
        a->restricted ? "df" : "k", a->restricted ? " + D_A - D_0" : "");
    s->failed = s->failed || !parameters;
    if (parameters) {
        mtp_explain_criteria(a->m->work, fit, a->restricted ? "df" : "k", parameters);
    }
}

/* Standard errors of alpha are roots of C_j_j where C is worked, else given. */
static void coefficient(const scale_model *a, size_t j, bool worked)
{
    const mtp_coefficient *c = &a->m->fit->scale[j];
    const char *name = mtp_regress_text(a->s, "alpha_#", j, 0);
    mtp_solution *s = a->s;

    if (!name || isnan(c->se)) {
        return;
    }
    mtp_solution_heading(s, 3, "%s: %s", name, mtp_solution_name(s, c->name));
    if (worked) {
        (void)mtp_solution_line(s, "se_a", mtp_regress_text(s, "sqrt(C_#_@)", j, j),
                                c->se);
    } else {
        mtp_solution_given(s, "se_a", c->se);
    }
    if (isnan(c->ci_lower)) {
        return;
    }
    (void)mtp_solution_linef(s, "T_a", c->statistic, "%s / se_a", name);
    (void)mtp_solution_line(
        s, "p_a",
        isnan(c->df) ? "2 * upper_z(abs(T_a))" : "2 * upper_t(abs(T_a), df_a)", c->p);
    (void)mtp_solution_linef(s, "lower_a", c->ci_lower, "%s - crit_a * se_a", name);
    (void)mtp_solution_linef(s, "upper_a", c->ci_upper, "%s + crit_a * se_a", name);
}

static bool has_errors(const scale_model *a)
{
    for (size_t j = 0; j < a->q; j++) {
        if (!isnan(a->m->fit->scale[j].se)) {
            return true;
        }
    }
    return false;
}

static void scale_tests(const scale_model *a)
{
    bool worked;
    mtp_solution *s = a->s;

    mtp_explain_section(a->m->work, "Coefficients of the scale");
    if (!has_errors(a)) {
        mtp_solution_text(s, "They have no standard errors: the second derivatives of "
                             "the log-likelihood are singular.");
        return;
    }
    worked = mtp_explain_scale_covariance(a->m);
    if (a->m->fit->scale[0].df <= 0.0) {
        mtp_solution_text(s, "Without degrees of freedom there is neither a test nor "
                             "an interval.");
    } else if (isnan(a->m->fit->scale[0].df)) {
        (void)mtp_solution_linef(s, "crit_a", (double)NAN, "z(%s)",
                                 mtp_regress_below(a->m));
    } else {
        (void)mtp_solution_linef(s, "df_a", a->m->fit->scale[0].df, "k - %zu", a->q);
        (void)mtp_solution_linef(s, "crit_a", (double)NAN, "t(%s, df_a)",
                                 mtp_regress_below(a->m));
    }
    for (size_t j = 0; j < a->q; j++) {
        coefficient(a, j, worked);
    }
    mtp_explain_scale_omnibus(a->m, worked);
}

void mtp_explain_scale(mtp_explain_regression *m)
{
    scale_model a = {.m = m,
                     .s = m->s,
                     .q = m->fit->n_scale,
                     .restricted = m->fit->options.tau2 == MTP_TAU2_REML};
    mtp_explain_inference how = {.covariance = "V_#_@"};

    if (!prepare(&a)) {
        return;
    }
    mtp_regress_without(m);
    variances(&a);
    solve(&a);
    equations(&a);
    if (has_errors(&a)) {
        mtp_explain_scale_information(m, a.restricted);
    }
    likelihood(&a);
    mtp_explain_section(m->work, "Coefficients");
    how.df = isnan(m->fit->coefficient[0].df) ? NULL : "df";
    mtp_regress_tests(m, &how);
    mtp_regress_means(m, &how);
    mtp_regress_explain_vif(m);
    scale_tests(&a);
    mtp_regress_correlation(m);
}
