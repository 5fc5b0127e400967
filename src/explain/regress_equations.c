/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The equations X'WX b = X'Wy of a regression at given weights, their solution by
 * elimination, residuals and leverages. */
#include "explain/equations.h"
#include "explain/regress.h"

#include <math.h>
#include <string.h>

/* Ten columns of moderators make 55 sums of products. */
enum { COLUMNS = 80 };

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
    return made ? made : "0";
}

const char *mtp_regress_format(mtp_solution *s, const char *format, ...)
{
    va_list args;
    const char *made;

    va_start(args, format);
    made = mtp_arena_vprintf(s->arena, format, args);
    va_end(args);
    s->failed = s->failed || !made;
    return made ? made : "0";
}

bool mtp_regress_fit_with(const mtp_explain_regression *m, const double variance[],
                          const mtp_regress_options *options, mtp_regress_result **fit)
{
    const mtp_design *design = m->mods ? NULL : m->work->bundle->regression->design;
    const mtp_moderators mods = design
                                    ? (mtp_moderators){.k = m->set.k,
                                                       .p = m->p,
                                                       .x = design->x,
                                                       .intercept = design->intercept}
                                    : *m->mods;
    mtp_raw raw = {.size = sizeof raw, .k = m->set.k};
    mtp_effects *effects = NULL;
    bool done;

    raw.column[MTP_ROLE_YI] = m->set.y;
    raw.column[MTP_ROLE_VI] = variance;
    done = mtp_effects_compute(NULL, &raw, &effects, NULL) == MTP_OK &&
           mtp_regress(effects, &mods, options, fit, NULL) == MTP_OK;
    mtp_effects_free(effects);
    return done;
}

const double *mtp_regress_cleared(mtp_solution *s, size_t p, const double vcov[])
{
    double *V = MTP_ARENA_ARRAY(s->arena, p * p, double);

    s->failed = s->failed || !V;
    for (size_t j = 0; V && j < p * p; j++) {
        double size = sqrt(vcov[j / p * (p + 1)]) * sqrt(vcov[j % p * (p + 1)]);

        V[j] = fabs(vcov[j]) < 1e-9 * size ? 0.0 : vcov[j];
    }
    return V;
}

static bool solved_with(mtp_explain_regression *m, const double variance[], double tau2,
                        const double weights[], mtp_explain_solved *made)
{
    double *b = MTP_ARENA_ARRAY(m->s->arena, m->p, double);
    mtp_regress_options options;
    mtp_regress_result *fit = NULL;

    mtp_regress_options_init(&options, sizeof options);
    options.tau2 = MTP_TAU2_GIVEN;
    options.tau2_value = tau2;
    options.weights = weights;
    options.ci = MTP_CI_WALD;
    options.diagnostics = false;
    if (!b || !mtp_regress_fit_with(m, variance, &options, &fit)) {
        m->s->failed = true;
        return false;
    }
    for (size_t j = 0; j < m->p; j++) {
        b[j] = fit->coefficient[j].estimate;
    }
    *made =
        (mtp_explain_solved){.b = b, .V = mtp_regress_cleared(m->s, m->p, fit->vcov)};
    mtp_regress_result_free(fit);
    return made->V != NULL;
}

bool mtp_regress_solved_at(mtp_explain_regression *m, double tau2,
                           mtp_explain_solved *made)
{
    return solved_with(m, m->set.v, tau2, NULL, made);
}

bool mtp_regress_solved_with(mtp_explain_regression *m, const double weight[],
                             double tau2, mtp_explain_solved *made)
{
    return solved_with(m, m->set.v, tau2, weight, made);
}

bool mtp_regress_tau2_by(mtp_explain_regression *m, mtp_tau2_method method,
                         double *tau2)
{
    mtp_regress_options options;
    mtp_regress_result *fit = NULL;

    mtp_regress_options_init(&options, sizeof options);
    options.tau2 = method;
    options.ci = MTP_CI_WALD;
    options.diagnostics = false;
    if (!mtp_regress_fit_with(m, m->set.v, &options, &fit)) {
        m->s->failed = true;
        return false;
    }
    *tau2 = fit->heterogeneity.tau2;
    mtp_regress_result_free(fit);
    return true;
}

bool mtp_regress_solved_by(mtp_explain_regression *m, const double weight[],
                           mtp_explain_solved *made)
{
    double *variance = MTP_ARENA_ARRAY(m->s->arena, m->set.k, double);

    for (size_t i = 0; variance && i < m->set.k; i++) {
        variance[i] = 1.0 / weight[i];
    }
    m->s->failed = m->s->failed || !variance;
    return variance && solved_with(m, variance, 0.0, NULL, made);
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

size_t mtp_regress_known(mtp_explain_regression *m, mtp_solution_column column[],
                         size_t n, const char *name)
{
    const mtp_quantity *known = mtp_scope_find(&m->s->scope, name);

    if (!known || !known->column) {
        m->s->failed = true;
        return n;
    }
    column[n] = (mtp_solution_column){
        .name = name, .values = known->column, .error = known->error};
    return n + 1;
}

size_t mtp_regress_total(mtp_explain_regression *m, mtp_solution_column column[],
                         size_t n, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    column[n] = (mtp_solution_column){
        .formula = mtp_arena_vprintf(m->s->arena, format, args), .total = true};
    va_end(args);
    m->s->failed = m->s->failed || !column[n].formula;
    return n + 1;
}

void mtp_regress_sum(mtp_explain_regression *m, const char *name, const char *format,
                     ...)
{
    mtp_solution *s = m->s;
    va_list args;
    const char *text;
    const mtp_expr *e;
    double sum = 0.0, largest = 0.0;

    va_start(args, format);
    text = mtp_arena_vprintf(s->arena, format, args);
    va_end(args);
    e = text ? mtp_expr_parse(s->arena, text) : NULL;
    if (!e || !name) {
        s->failed = true;
        return;
    }
    for (size_t i = 0; i < s->scope.k; i++) {
        double part = mtp_expr_value(e, &s->scope, i, MTP_EXACT).value;

        sum += part;
        largest = fmax(largest, fabs(part));
    }
    if (fabs(sum) < 1e-10 * largest) {
        mtp_solution_given(s, name, 0.0);
    } else {
        (void)mtp_solution_linef(s, name, (double)NAN, "sum(%s)", text);
    }
}

/* The column of weights: by a formula, or the given ones. */
static size_t put_weight(const mtp_explain_regression *m, mtp_solution_column column[],
                         size_t n, const char *weight, const char *w)
{
    column[n] = (mtp_solution_column){.name = w,
                                      .formula = weight,
                                      .values = weight ? NULL : m->weight,
                                      .total = true};
    return n + 1;
}

static void put_sums(mtp_explain_regression *m, const char *weight, const char *w)
{
    mtp_solution_column column[COLUMNS];
    size_t n = put_weight(m, column, mtp_regress_columns(m, column), weight, w);

    for (size_t j = 1; j <= m->p; j++) {
        for (size_t i = j; i <= m->p; i++) {
            n = mtp_regress_total(m, column, n, "%s * x_%zu_i * x_%zu_i", w, j, i);
        }
        n = mtp_regress_total(m, column, n, "%s * x_%zu_i * y_i", w, j);
    }
    if (!m->s->failed) {
        mtp_solution_table(m->s, n, column);
    }
}

void mtp_regress_equations(mtp_explain_regression *m, const char *weight, const char *w,
                           const mtp_explain_solved *figures)
{
    mtp_solution *s = m->s;

    put_sums(m, weight, w);
    for (size_t j = 0; j < m->p && !s->failed; j++) {
        for (size_t i = j; i < m->p; i++) {
            mtp_regress_sum(m, mtp_regress_text(s, "A_#_@", i, j),
                            "%s * x_%zu_i * x_%zu_i", w, j + 1, i + 1);
        }
        mtp_regress_sum(m, mtp_regress_text(s, "B_#", j, 0), "%s * x_%zu_i * y_i", w,
                        j + 1);
    }
    mtp_equations_factor(s, "A", m->p);
    mtp_equations_solve(s, "B", figures->name ? figures->name : "b", m->p, figures->b);
    if (figures->V) {
        mtp_equations_invert(s, m->p, figures->V);
    }
}

/* y - b_1 x_1 - ... */
static const char *residual(mtp_explain_regression *m)
{
    const char *text = "y_i";

    for (size_t j = 1; text && j <= m->p; j++) {
        text = mtp_regress_format(m->s, "%s - b_%zu * x_%zu_i", text, j, j);
    }
    m->s->failed = m->s->failed || !text;
    return text;
}

/* Column j less what the columns before it make of it, all at the weights of the
 * factor. */
static const char *orthogonal(mtp_explain_regression *m, size_t j)
{
    const char *text = mtp_regress_format(m->s, "x_%zu_i - l_%zu_1 * x_1_i", j, j);

    for (size_t l = 2; text && l < j; l++) {
        text = mtp_regress_format(m->s, "%s - l_%zu_%zu * z_%zu_i", text, j, l, l);
    }
    m->s->failed = m->s->failed || !text;
    return text;
}

const char *mtp_regress_orthogonal_name(mtp_solution *s, size_t j)
{
    return mtp_regress_text(s, j == 0 ? "x_#_i" : "z_#_i", j, 0);
}

/* sum of z^2 / d */
static const char *leverage(mtp_explain_regression *m)
{
    const char *text = "x_1_i^2 / d_1";

    for (size_t j = 2; text && j <= m->p; j++) {
        text = mtp_regress_format(m->s, "%s + z_%zu_i^2 / d_%zu", text, j, j);
    }
    m->s->failed = m->s->failed || !text;
    return text;
}

void mtp_regress_residuals(mtp_explain_regression *m, const char *weight, const char *w)
{
    mtp_solution_column column[COLUMNS];
    mtp_solution *s = m->s;
    size_t n = mtp_regress_columns(m, column);

    for (size_t j = 1; j < m->p; j++) {
        column[n++] = (mtp_solution_column){.name = mtp_regress_orthogonal_name(s, j),
                                            .formula = orthogonal(m, j + 1)};
    }
    column[n++] = (mtp_solution_column){.name = "h_i", .formula = leverage(m)};
    column[n++] = (mtp_solution_column){.name = "r_i", .formula = residual(m)};
    n = put_weight(m, column, n, weight, w);
    n = mtp_regress_total(m, column, n, "%s * r_i^2", w);
    n = mtp_regress_total(m, column, n, "%s^2 * r_i^2", w);
    n = mtp_regress_total(m, column, n, "%s^2 * h_i", w);
    if (strcmp(w, "ws_i") == 0) {
        n = mtp_regress_total(m, column, n, "%s^2", w);
    }
    if (strcmp(w, "a_i") == 0) {
        n = mtp_regress_total(m, column, n, "%s * v_i", w);
        n = mtp_regress_total(m, column, n, "%s^2 * v_i * h_i", w);
    }
    if (!s->failed) {
        mtp_solution_table(s, n, column);
    }
}
