/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Meta-regressions, worked: the equations X'WX b = X'Wy at tau2 = 0 and at tau2, their
 * solution by elimination, heterogeneity, standard errors and tests. */
#include "core/number.h"
#include "explain/equations.h"
#include "explain/work.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

enum { P_MAX = 5, COLUMNS = 64 };

#define LEFT_MIN 1e-12 /* part of a sum that elimination has to leave */

/* The regression with names for its columns. */
typedef struct model {
    mtp_explain_work *work;
    mtp_solution *s;
    const mtp_regress_result *fit;
    size_t p;
    mtp_explain_set set;
    double *x[P_MAX]; /* [k] columns */
    const char *x_name[P_MAX];
} model;

/* Coefficients and the inverse of their equations, by the analysis. */
typedef struct solved {
    double b[P_MAX], V[P_MAX * P_MAX];
} solved;

static solved solved_by(const mtp_regress_result *fit)
{
    bool scaled =
        fit->options.ci == MTP_CI_HKSJ || fit->options.ci == MTP_CI_HKSJ_ADHOC;
    solved made;

    for (size_t j = 0; j < fit->p; j++) {
        made.b[j] = fit->coefficient[j].estimate;
    }
    for (size_t j = 0; j < fit->p * fit->p; j++) {
        made.V[j] = fit->vcov[j] / (scaled ? fit->factor : 1.0);
    }
    return made;
}

/* The same regression with tau2 = 0. */
static bool solve_without(const model *m, solved *made)
{
    const mtp_design *design = m->work->bundle->regression->design;
    const mtp_moderators mods = {.k = m->set.k,
                                 .p = m->p,
                                 .x = design->x,
                                 .intercept = design->intercept,
                                 .n_terms = design->n_terms,
                                 .term = design->term_name,
                                 .column_term = design->column_term};
    mtp_raw raw = {.size = sizeof raw, .k = m->set.k};
    mtp_regress_options options;
    mtp_effects *effects = NULL;
    mtp_regress_result *fit = NULL;
    bool done;

    mtp_regress_options_init(&options, sizeof options);
    options.tau2 = MTP_TAU2_EE;
    options.ci = MTP_CI_WALD;
    options.diagnostics = false;
    raw.column[MTP_ROLE_YI] = m->set.y;
    raw.column[MTP_ROLE_VI] = m->set.v;
    done = mtp_effects_compute(NULL, &raw, &effects, NULL) == MTP_OK &&
           mtp_regress(effects, &mods, &options, &fit, NULL) == MTP_OK;
    if (done) {
        *made = solved_by(fit);
    }
    mtp_regress_result_free(fit);
    mtp_effects_free(effects);
    return done;
}

static const char *printed(mtp_solution *s, const char *format, size_t a, size_t b)
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

static bool prepare(model *m)
{
    const mtp_design *design = m->work->bundle->regression->design;

    if (!mtp_explain_set_of(m->work, NULL, NULL, &m->set)) {
        return false;
    }
    for (size_t j = 0; j < m->p; j++) {
        m->x[j] = MTP_ARENA_ARRAY(m->s->arena, m->set.k, double);
        m->x_name[j] = printed(m->s, "x_#_i", j, 0);
        for (size_t i = 0; m->x[j] && i < m->set.k; i++) {
            m->x[j][i] = design->x[i * m->p + j];
        }
        m->s->failed = m->s->failed || !m->x[j];
    }
    return !m->s->failed;
}

static size_t base_columns(const model *m, mtp_solution_column column[])
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
static void equations(model *m, const char *weight, const char *w,
                      const solved *figures)
{
    mtp_solution_column column[COLUMNS];
    mtp_solution *s = m->s;
    const char *xx = mtp_arena_printf(s->arena, "%s * x_#_i * x_@_i", w);
    const char *xy = mtp_arena_printf(s->arena, "%s * x_#_i * y_i", w);
    size_t n = base_columns(m, column);

    if (!xx || !xy) {
        s->failed = true;
        return;
    }
    column[n++] = (mtp_solution_column){.name = w, .formula = weight, .total = true};
    for (size_t j = 0; j < m->p; j++) {
        for (size_t i = j; i < m->p; i++) {
            n = add_total(column, n, printed(s, xx, i, j));
        }
        n = add_total(column, n, printed(s, xy, j, 0));
    }
    mtp_solution_table(s, n, column);
    for (size_t j = 0; j < m->p && !s->failed; j++) {
        for (size_t i = j; i < m->p; i++) {
            (void)mtp_solution_linef(s, printed(s, "A_#_@", i, j), (double)NAN,
                                     "sum(%s)", printed(s, xx, i, j));
        }
        (void)mtp_solution_linef(s, printed(s, "B_#", j, 0), (double)NAN, "sum(%s)",
                                 printed(s, xy, j, 0));
    }
    mtp_equations_factor(s, "A", m->p);
    mtp_equations_solve(s, "B", "b", m->p, figures->b);
    mtp_equations_invert(s, m->p, figures->V);
}

/* y - b_1 x_1 - ... */
static const char *residual(model *m)
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
static void residuals(model *m, const char *weight, const char *w)
{
    mtp_solution_column column[COLUMNS];
    mtp_solution *s = m->s;
    size_t n = base_columns(m, column);

    column[n++] = (mtp_solution_column){.name = "r_i", .formula = residual(m)};
    column[n++] = (mtp_solution_column){.name = w, .formula = weight, .total = true};
    n = add_total(column, n, mtp_arena_printf(s->arena, "%s * r_i^2", w));
    n = add_total(column, n, mtp_arena_printf(s->arena, "%s^2 * r_i^2", w));
    for (size_t j = 0; j < m->p; j++) {
        for (size_t i = j; i < m->p; i++) {
            const char *square = mtp_arena_printf(s->arena, "%s^2 * x_#_i * x_@_i", w);

            n = add_total(column, n, square ? printed(s, square, i, j) : NULL);
        }
    }
    if (!s->failed) {
        mtp_solution_table(s, n, column);
    }
}

/* tr P = sum w - sum over all j, l of V_jl (sum w^2 x_j x_l). */
static const char *trace(model *m, const char *w)
{
    mtp_solution *s = m->s;
    const char *text = mtp_arena_printf(s->arena, "sum(%s)", w);

    for (size_t j = 0; text && j < m->p; j++) {
        for (size_t i = j; text && i < m->p; i++) {
            text = mtp_arena_printf(
                s->arena, "%s - %sV_%zu_%zu * sum(%s^2 * x_%zu_i * x_%zu_i)", text,
                i > j ? "2 * " : "", i + 1, j + 1, w, i + 1, j + 1);
        }
    }
    s->failed = s->failed || !text;
    return text;
}

static void without_heterogeneity(model *m)
{
    const mtp_heterogeneity *h = &m->fit->heterogeneity;
    mtp_solution *s = m->s;
    solved figures;

    if (!solve_without(m, &figures)) {
        s->failed = true;
        return;
    }

    mtp_explain_section(m->work, "Residual heterogeneity");
    mtp_solution_text(s, "First the regression with `tau2` 0. The coefficients b solve "
                         "the equations A b = B of the sums below; they are solved by "
                         "elimination, A being the product of l, the diagonal d and l "
                         "transposed. V is the inverse of A.");
    equations(m, "1 / v_i", "w_i", &figures);
    residuals(m, "1 / v_i", "w_i");
    mtp_solution_given(s, "k", (double)m->set.k);
    mtp_solution_given(s, "p", (double)m->p);
    (void)mtp_solution_line(s, "df", "k - p", h->df);
    (void)mtp_solution_line(s, "Q_E", "sum(w_i * r_i^2)", h->Q);
    (void)mtp_solution_line(s, "p_E", "upper_chi2(Q_E, df)", h->p);
    (void)mtp_solution_line(s, "C", trace(m, "w_i"), (double)NAN);
    (void)mtp_solution_line(s, "v_t", "df / C", h->vt);
}

/* Both sides of the estimator's equation. */
static void check_equation(model *m, const char *left, const char *right)
{
    mtp_solution *s = m->s;
    double a = mtp_solution_line(s, "L", left, (double)NAN);
    double b = mtp_solution_line(s, "R", right,
                                 m->fit->heterogeneity.tau2 > 0.0 ? a : (double)NAN);

    mtp_solution_text(s, m->fit->heterogeneity.tau2 > 0.0
                             ? "Both sides agree: `tau2` solves the equation. It is "
                               "found by search, and checked by this."
                         : a <= b
                             ? "At `tau2` = 0 the left side is not above the right "
                               "one: the solution is 0."
                             : "");
}

/* Before the equations at tau2 when it has a formula; false: it is checked after. */
static bool estimate(model *m)
{
    mtp_solution *s = m->s;
    double tau2 = m->fit->heterogeneity.tau2;

    switch (m->fit->options.tau2) {
    case MTP_TAU2_DL:
        (void)mtp_solution_line(s, "tau2", "max(0, (Q_E - df) / C)", tau2);
        return true;
    case MTP_TAU2_REML:
    case MTP_TAU2_ML:
    case MTP_TAU2_PM:
    case MTP_TAU2_EB:
    case MTP_TAU2_SJIT:
    case MTP_TAU2_DLIT:
    case MTP_TAU2_PMM:
        mtp_solution_text(s, "`tau2` is found by search; the equation that it solves "
                             "follows below, at the residuals.");
        mtp_solution_given(s, "tau2", tau2);
        return false;
    default:
        mtp_solution_text(s, "`tau2` (%s) is not worked for regressions.",
                          mtp_tau2_label(m->fit->options.tau2));
        mtp_solution_given(s, "tau2", tau2);
        return true;
    }
}

static void verify_estimate(model *m)
{
    switch (m->fit->options.tau2) {
    case MTP_TAU2_REML:
        check_equation(m, "sum(ws_i^2 * r_i^2)", trace(m, "ws_i"));
        break;
    case MTP_TAU2_ML:
        check_equation(m, "sum(ws_i^2 * r_i^2)", "sum(ws_i)");
        break;
    case MTP_TAU2_PMM:
        check_equation(m, "sum(ws_i * r_i^2)", "chi2(0.5, df)");
        break;
    default:
        check_equation(m, "sum(ws_i * r_i^2)", "df");
        break;
    }
}

static void heterogeneity(model *m)
{
    const mtp_heterogeneity *h = &m->fit->heterogeneity;
    mtp_solution *s = m->s;

    (void)mtp_solution_line(s, "tau", "sqrt(tau2)", h->tau);
    (void)mtp_solution_line(s, "I2", "100 * tau2 / (tau2 + v_t)", h->I2);
    (void)mtp_solution_line(s, "H2", "1 + tau2 / v_t", h->H2);
    if (!isnan(m->fit->R2) && !isnan(m->fit->null_tau2)) {
        mtp_solution_text(s,
                          "`tau2_0` is that of the same studies without moderators.");
        mtp_solution_given(s, "tau2_0", m->fit->null_tau2);
        (void)mtp_solution_line(s, "R2", "100 * max(0, (tau2_0 - tau2) / tau2_0)",
                                m->fit->R2);
    }
}

/* The factor of the covariance by Knapp and Hartung; false: none. */
static bool factor(model *m)
{
    mtp_ci_method ci = m->fit->options.ci;
    bool adhoc = ci == MTP_CI_HKSJ_ADHOC;

    if (ci != MTP_CI_HKSJ && !adhoc) {
        return false;
    }
    (void)mtp_solution_line(
        m->s, "q", adhoc ? "max(1, sum(ws_i * r_i^2) / df)" : "sum(ws_i * r_i^2) / df",
        m->fit->factor);
    return true;
}

static void coefficient(model *m, size_t j, bool scaled)
{
    const mtp_coefficient *c = &m->fit->coefficient[j];
    mtp_solution *s = m->s;
    size_t mark = s->scope.n;

    mtp_solution_heading(s, 3, "b_%zu: %s", j + 1, mtp_solution_name(s, c->name));
    (void)mtp_solution_line(
        s, "se", printed(s, scaled ? "sqrt(q * V_#_#)" : "sqrt(V_#_#)", j, 0), c->se);
    if (isnan(c->statistic)) {
        mtp_solution_text(s, "Of a standard error of 0 there is no test.");
    } else {
        (void)mtp_solution_line(s, "T", printed(s, "b_# / se", j, 0), c->statistic);
        (void)mtp_solution_line(
            s, "p_b", isnan(c->df) ? "2 * upper_z(abs(T))" : "2 * upper_t(abs(T), df)",
            c->p);
    }
    (void)mtp_solution_line(s, "lower", printed(s, "b_# - crit * se", j, 0),
                            c->ci_lower);
    (void)mtp_solution_line(s, "upper", printed(s, "b_# + crit * se", j, 0),
                            c->ci_upper);
    s->scope.n = mark;
}

/* The test of all moderators: b' V^-1 b over the coefficients but the intercept. */
static void omnibus(model *m, bool scaled)
{
    const mtp_test *test = &m->fit->omnibus;
    mtp_solution *s = m->s;
    size_t first = m->fit->intercept && m->p > 1 ? 1 : 0, q = m->p - first;

    if (isnan(test->statistic)) {
        return;
    }
    mtp_solution_heading(s, 3, "Test of all moderators");
    mtp_solution_text(s,
                      "With G the part of V that belongs to them, `Q_M` is b times "
                      "the inverse of G times b%s.",
                      scaled ? ", by `q`" : "");
    for (size_t j = 0; j < q; j++) {
        for (size_t i = j; i < q; i++) {
            (void)mtp_solution_line(
                s, printed(s, "G_#_@", i, j),
                printed(s, scaled ? "q * V_#_@" : "V_#_@", i + first, j + first),
                (double)NAN);
        }
        (void)mtp_solution_line(s, printed(s, "h_#", j, 0),
                                printed(s, "b_#", j + first, 0), (double)NAN);
    }
    mtp_equations_factor(s, "G", q);
    mtp_equations_form(s, "h", "Q_M", q,
                       test->is_f ? test->statistic * test->df : test->statistic);
    mtp_solution_given(s, "df_1", test->df);
    if (test->is_f) {
        (void)mtp_solution_line(s, "F", "Q_M / df_1", test->statistic);
        (void)mtp_solution_line(s, "p_M", "upper_F(F, df_1, df)", test->p);
    } else {
        (void)mtp_solution_line(s, "p_M", "upper_chi2(Q_M, df_1)", test->p);
    }
}

static void inference(model *m)
{
    bool scaled = factor(m);
    mtp_brief below =
        mtp_number_brief(1.0 - mtp_tail_of_level(m->work->bundle->level), 15);

    mtp_explain_section(m->work, "Coefficients");
    (void)mtp_solution_linef(m->s, "crit", (double)NAN,
                             isnan(m->fit->coefficient[0].df) ? "z(%s)" : "t(%s, df)",
                             below.text);
    for (size_t j = 0; j < m->p; j++) {
        coefficient(m, j, scaled);
    }
    omnibus(m, scaled);
}

/* Whether the sums X'WX of a column lose its spread: the part of their diagonal that
 * the other columns leave is 1 / (A_jj V_jj). */
static bool loses_digits(const mtp_bundle *b)
{
    const mtp_regress_result *fit = b->regression->fit;
    const mtp_design *design = b->regression->design;
    const solved figures = solved_by(fit);

    for (size_t j = 0; j < fit->p; j++) {
        double sum = 0.0;

        for (size_t i = 0; i < fit->k; i++) {
            const double x = design->x[i * fit->p + j];

            sum += x * x / (b->studies[i].vi + fit->heterogeneity.tau2);
        }
        if (!isfinite(sum) || sum * figures.V[j * fit->p + j] > 1.0 / LEFT_MIN) {
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

static void list_columns(model *m)
{
    const mtp_design *design = m->work->bundle->regression->design;

    for (size_t j = 0; j < m->p; j++) {
        mtp_solution_text(m->s, "`x_%zu`: %s.", j + 1,
                          mtp_solution_name(m->s, design->column_name[j]));
    }
}

void mtp_explain_regress(mtp_explain_work *work)
{
    const mtp_regress_result *fit = work->bundle->regression->fit;
    model m = {.work = work, .s = work->s, .fit = fit, .p = fit->p};
    solved figures = solved_by(fit);
    bool done;

    if (!prepare(&m)) {
        return;
    }
    mtp_explain_section(work, "Moderators");
    list_columns(&m);
    without_heterogeneity(&m);
    done = estimate(&m);
    mtp_solution_know(work->s, "tau2", fit->heterogeneity.tau2);
    mtp_explain_section(work, "Regression");
    mtp_solution_text(work->s, "The same with `tau2` added to every variance.");
    equations(&m, "1 / (v_i + tau2)", "ws_i", &figures);
    residuals(&m, "1 / (v_i + tau2)", "ws_i");
    if (!done) {
        verify_estimate(&m);
    }
    heterogeneity(&m);
    inference(&m);
}
