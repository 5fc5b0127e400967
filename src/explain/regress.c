/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Meta-regressions, worked: the equations X'WX b = X'Wy at tau2 = 0 and at tau2, their
 * solution by elimination. */
#include "explain/regress.h"

#include "explain/equations.h"

#include <math.h>
#include <string.h>

enum { P_MAX = 5, COLUMNS = 64 };

#define LEFT_MIN 1e-12 /* part of a sum that elimination has to leave */

const char *mtp_regress_text(mtp_solution *s, const char *format, size_t a, size_t b)
{
    mtp_strbuf text;
    const char *made;

    mtp_strbuf_init(&text);
    for (const char *at = format; *at; at++) {
        if (*at == '#') {
            mtp_strbuf_printf(&text, "%zu", a + 1);
        } else if (*at == '@') {
            mtp_strbuf_printf(&text, "%zu", b + 1);
        } else {
            mtp_strbuf_add_char(&text, *at);
        }
    }
    made = text.failed ? NULL : mtp_arena_strdup(s->arena, text.text);
    s->failed = s->failed || !made;
    mtp_strbuf_free(&text);
    return made;
}

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
    m->x = x;
    m->x_name = x_name;
    return !m->s->failed;
}

/* Coefficients and inverse by the analysis's own fit at a given tau2. */
static bool fit_at(const mtp_explain_regression *m, const mtp_moderators *mods,
                   double tau2, mtp_regress_result **fit)
{
    mtp_raw raw = {.size = sizeof raw, .k = m->set.k};
    mtp_regress_options options;
    mtp_effects *effects = NULL;
    bool done;

    mtp_regress_options_init(&options, sizeof options);
    options.tau2 = MTP_TAU2_GIVEN;
    options.tau2_value = tau2;
    options.ci = MTP_CI_WALD;
    options.diagnostics = false;
    raw.column[MTP_ROLE_YI] = m->set.y;
    raw.column[MTP_ROLE_VI] = m->set.v;
    done = mtp_effects_compute(NULL, &raw, &effects, NULL) == MTP_OK &&
           mtp_regress(effects, mods, &options, fit, NULL) == MTP_OK;
    mtp_effects_free(effects);
    return done;
}

bool mtp_regress_solved_at(mtp_explain_regression *m, double tau2,
                           mtp_explain_solved *made)
{
    const mtp_design *design = m->work->bundle->regression->design;
    const mtp_moderators mods = {.k = m->set.k,
                                 .p = m->p,
                                 .x = design->x,
                                 .intercept = design->intercept,
                                 .n_terms = design->n_terms,
                                 .term = design->term_name,
                                 .column_term = design->column_term};
    double *b = MTP_ARENA_ARRAY(m->s->arena, m->p, double);
    double *V = MTP_ARENA_ARRAY(m->s->arena, m->p * m->p, double);
    mtp_regress_result *fit = NULL;

    if (!b || !V || !fit_at(m, &mods, tau2, &fit)) {
        m->s->failed = true;
        return false;
    }
    for (size_t j = 0; j < m->p; j++) {
        b[j] = fit->coefficient[j].estimate;
    }
    memcpy(V, fit->vcov, m->p * m->p * sizeof *V);
    mtp_regress_result_free(fit);
    *made = (mtp_explain_solved){b, V};
    return true;
}

size_t mtp_regress_columns(const mtp_explain_regression *m,
                           mtp_solution_column column[])
{
    size_t n = 0;

    column[n++] = (mtp_solution_column){.name = "y_i", .values = m->set.y};
    column[n++] = (mtp_solution_column){.name = "v_i", .values = m->set.v};
    for (size_t j = 0; j < m->p; j++) {
        column[n++] = (mtp_solution_column){.name = m->x_name[j], .values = m->x[j]};
    }
    return n;
}

static size_t add_total(mtp_solution_column column[], size_t n, const char *formula)
{
    column[n] = (mtp_solution_column){.formula = formula, .total = true};
    return n + 1;
}

/* Sums of w x x' and w x y: the equations. */
void mtp_regress_equations(mtp_explain_regression *m, const char *weight, const char *w,
                           const mtp_explain_solved *figures)
{
    mtp_solution_column column[COLUMNS];
    mtp_solution *s = m->s;
    const char *xx = mtp_arena_printf(s->arena, "%s * x_#_i * x_@_i", w);
    const char *xy = mtp_arena_printf(s->arena, "%s * x_#_i * y_i", w);
    size_t n = mtp_regress_columns(m, column);

    if (!xx || !xy) {
        s->failed = true;
        return;
    }
    column[n++] = (mtp_solution_column){.name = w, .formula = weight, .total = true};
    for (size_t j = 0; j < m->p; j++) {
        for (size_t i = j; i < m->p; i++) {
            n = add_total(column, n, mtp_regress_text(s, xx, i, j));
        }
        n = add_total(column, n, mtp_regress_text(s, xy, j, 0));
    }
    mtp_solution_table(s, n, column);
    for (size_t j = 0; j < m->p && !s->failed; j++) {
        for (size_t i = j; i < m->p; i++) {
            (void)mtp_solution_linef(s, mtp_regress_text(s, "A_#_@", i, j), (double)NAN,
                                     "sum(%s)", mtp_regress_text(s, xx, i, j));
        }
        (void)mtp_solution_linef(s, mtp_regress_text(s, "B_#", j, 0), (double)NAN,
                                 "sum(%s)", mtp_regress_text(s, xy, j, 0));
    }
    mtp_equations_factor(s, "A", m->p);
    mtp_equations_solve(s, "B", "b", m->p, figures->b);
    mtp_equations_invert(s, m->p, figures->V);
}

/* y - b_1 x_1 - ... */
static const char *residual(mtp_explain_regression *m)
{
    const char *text = "y_i";

    for (size_t j = 0; text && j < m->p; j++) {
        text =
            mtp_arena_printf(m->s->arena, "%s - b_%zu * x_%zu_i", text, j + 1, j + 1);
    }
    m->s->failed = m->s->failed || !text;
    return text;
}

/* Residuals r_i, weights, and what the estimators take of both. */
void mtp_regress_residuals(mtp_explain_regression *m, const char *weight, const char *w)
{
    mtp_solution_column column[COLUMNS];
    mtp_solution *s = m->s;
    size_t n = mtp_regress_columns(m, column);

    column[n++] = (mtp_solution_column){.name = "r_i", .formula = residual(m)};
    column[n++] = (mtp_solution_column){.name = w, .formula = weight, .total = true};
    n = add_total(column, n, mtp_arena_printf(s->arena, "%s * r_i^2", w));
    n = add_total(column, n, mtp_arena_printf(s->arena, "%s^2 * r_i^2", w));
    for (size_t j = 0; j < m->p; j++) {
        for (size_t i = j; i < m->p; i++) {
            const char *square = mtp_arena_printf(s->arena, "%s^2 * x_#_i * x_@_i", w);

            n = add_total(column, n, square ? mtp_regress_text(s, square, i, j) : NULL);
        }
    }
    if (!s->failed) {
        mtp_solution_table(s, n, column);
    }
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

            sum += x * x / (b->studies[i].vi + fit->heterogeneity.tau2);
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

    if (!fit->exists || fit->options.method != MTP_METHOD_INVERSE) {
        return "A mixed model with moderators is fitted by maximizing a likelihood of "
               "integrals, which is not for a hand";
    }
    if (fit->n_levels > 0 || fit->n_scale > 0) {
        return "Models of several variances are fitted by maximizing a likelihood, "
               "which is not for a hand";
    }
    if (fit->n_clusters > 0) {
        return "Robust variances come from the products of residuals within clusters "
               "and are not worked here";
    }
    if (b->regression->weighted) {
        return "Regressions with weights of their own are not worked here";
    }
    if (fit->p > P_MAX || fit->k <= fit->p) {
        return "A regression is worked with up to five columns and more studies than "
               "columns";
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

/* The regression with tau2, which is in the scope. */
static void solve(mtp_explain_regression *m)
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
    done = mtp_regress_tau2(&m);
    mtp_solution_know(work->s, "tau2", fit->heterogeneity.tau2);
    solve(&m);
    if (!done) {
        mtp_regress_tau2_verify(&m);
    }
    mtp_regress_heterogeneity(&m);
    mtp_explain_section(work, "Coefficients");
    how = mtp_regress_inference(&m);
    mtp_regress_tests(&m, &how);
}
