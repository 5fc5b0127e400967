/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Studies against a regression: residuals by their standard error, of the fit and of
 * the fit of the other studies; leverages; the true effect that is predicted. With u_i
 * = 1 / (v_i + tau2) and h_i = x_i'V x_i, V the model's: r_i / sqrt((1 - u_i h_i) /
 * u_i),  x'b + s r_i with s = tau2 u_i, whose variance is s v_i + (1 - s)^2 x'Vx with
 * the V of the tests. Viechtbauer & Cheung (2010), Res Synth Methods 1:112-125,
 * doi:10.1002/jrsm.11. And Pearson's correlation.
 */
#include "core/number.h"
#include "explain/regress.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

enum { COLUMNS = 80 };

static const double LOST = 1e7;  /* terms of a variance by the variance */
static const double LEFT = 1e-9; /* error of a leverage by it */

#define FIGURE(member) offsetof(mtp_regress_study, member)

/* A figure of every study; NULL where one has none. */
static double *figures(mtp_explain_regression *m, size_t offset)
{
    double *made = MTP_ARENA_ARRAY(m->s->arena, m->set.k, double);

    m->s->failed = m->s->failed || !made;
    for (size_t i = 0; made && i < m->set.k; i++) {
        memcpy(&made[i], (const char *)&m->fit->study[i] + offset, sizeof made[i]);
        if (isnan(made[i])) {
            return NULL;
        }
    }
    return made;
}

static size_t put(mtp_explain_regression *m, mtp_solution_column column[], size_t n,
                  const char *name, const char *formula, size_t offset)
{
    column[n] = (mtp_solution_column){
        .name = name, .formula = formula, .values = figures(m, offset)};
    return n + 1;
}

/* x'Vx with the V of the tests. */
static const char *variance(mtp_explain_regression *m, const mtp_explain_inference *how)
{
    const char *made = strcmp(how->covariance, "V_#_@") == 0
                           ? "h_i"
                           : mtp_regress_quadratic(m, how, m->x_name);

    return how->factor ? mtp_regress_format(m->s, "%s * %s", how->factor, made) : made;
}

/* The quantile of the limits. */
static const char *critical(mtp_explain_regression *m, const mtp_explain_inference *how)
{
    if (!how->own_df) {
        return "crit";
    }
    (void)mtp_solution_linef(m->s, "df_u", (double)m->fit->n_clusters - (double)m->p,
                             "%zu - p", m->fit->n_clusters);
    (void)mtp_solution_linef(m->s, "crit_u", (double)NAN, "t(%s, df_u)",
                             mtp_regress_below(m));
    return "crit_u";
}

static size_t put_true(mtp_explain_regression *m, const mtp_explain_inference *how,
                       mtp_solution_column column[], size_t n)
{
    const char *crit;

    column[n++] = (mtp_solution_column){.name = "share_i", .formula = "tau2 * ws_i"};
    n = put(m, column, n, "true_i", "fit_i + share_i * r_i", FIGURE(blup));
    n = put(m, column, n, "sf_i",
            mtp_regress_format(m->s, "sqrt(%s)", variance(m, how)), FIGURE(fitted_se));
    n = put(m, column, n, "st_i", "sqrt(share_i * v_i + (1 - share_i)^2 * sf_i^2)",
            FIGURE(blup_se));
    if (!figures(m, FIGURE(blup_lower))) {
        return n;
    }
    crit = critical(m, how);
    n = put(m, column, n, "lt_i", mtp_regress_format(m->s, "true_i - %s * st_i", crit),
            FIGURE(blup_lower));
    return put(m, column, n, "ut_i",
               mtp_regress_format(m->s, "true_i + %s * st_i", crit),
               FIGURE(blup_upper));
}

/* Whether elimination has left too few digits of x'Vx. */
static bool has_lost(const mtp_explain_regression *m)
{
    const mtp_quantity *h = mtp_scope_find(&m->s->scope, "h_i");

    for (size_t i = 0; h && h->error && i < m->set.k; i++) {
        if (h->error[i] > LEFT * fabs(h->column[i])) {
            return true;
        }
    }
    return !h;
}

/* All studies in a table; false where those of the fit without them have no figure. */
static bool tabulate(mtp_explain_regression *m, const mtp_explain_inference *how)
{
    static const char *const known[] = {"ws_i", "h_i", "r_i"};
    mtp_solution_column column[COLUMNS];
    const double *deleted = figures(m, FIGURE(rstudent));
    size_t n = 0;

    if (strcmp(how->covariance, "V_#_@") == 0) {
        column[n++] = (mtp_solution_column){.name = "y_i", .values = m->set.y};
        column[n++] = (mtp_solution_column){.name = "v_i", .values = m->set.v};
    } else {
        n = mtp_regress_columns(m, column);
    }
    for (size_t c = 0; c < 3; c++) {
        n = mtp_regress_known(m, column, n, known[c]);
    }
    (void)mtp_solution_line(m->s, "M", "sum(ws_i)", (double)NAN);
    n = put(m, column, n, "fit_i", "y_i - r_i", FIGURE(fitted));
    n = put(m, column, n, "hat_i", "ws_i * h_i", FIGURE(hat));
    n = put(m, column, n, "pct_i", "100 * ws_i / M", FIGURE(weight));
    if (figures(m, FIGURE(rstandard))) {
        n = put(m, column, n, "sr_i", "sqrt((1 - hat_i) / ws_i)", FIGURE(residual_se));
        n = put(m, column, n, "T_i", "r_i / sr_i", FIGURE(rstandard));
    } else {
        mtp_solution_text(m->s, "A study of leverage 1 determines a coefficient alone: "
                                "residuals are not divided by their standard errors "
                                "here.");
    }
    n = put_true(m, how, column, n);
    if (deleted) {
        column[n++] = (mtp_solution_column){.name = "Td_i", .values = deleted};
    }
    if (!m->s->failed) {
        mtp_solution_table(m->s, n, column);
    }
    return deleted != NULL;
}

/* The regression without study i: its own copy of what is summed. */
static bool leave_out(const mtp_explain_regression *m, size_t out,
                      mtp_explain_regression *with, const char *label[], double *rows[])
{
    mtp_solution *s = m->s;
    size_t k = m->set.k - 1, n = 0;
    double *y = MTP_ARENA_ARRAY(s->arena, k, double);
    double *v = MTP_ARENA_ARRAY(s->arena, k, double);
    double **x = MTP_ARENA_ARRAY(s->arena, m->p, double *);

    *rows = mtp_arena_alloc(s->arena, k * m->p, sizeof **rows);
    for (size_t j = 0; x && j < m->p; j++) {
        x[j] = MTP_ARENA_ARRAY(s->arena, k, double);
        s->failed = s->failed || !x[j];
    }
    if (!y || !v || !x || !*rows || s->failed) {
        s->failed = true;
        return false;
    }
    for (size_t i = 0; i < m->set.k; i++) {
        if (i == out) {
            continue;
        }
        label[n] = s->label[i];
        y[n] = m->set.y[i];
        v[n] = m->set.v[i];
        for (size_t j = 0; j < m->p; j++) {
            x[j][n] = (*rows)[n * m->p + j] = m->x[j][i];
        }
        n++;
    }
    *with = *m;
    with->set.k = k;
    with->set.y = y;
    with->set.v = v;
    with->x = x;
    return true;
}

/* Their fit by the analysis: tau2, b and V. */
static bool fit_others(const mtp_explain_regression *with, const double rows[],
                       double *tau2, mtp_explain_solved *made)
{
    const mtp_moderators mods = {
        .k = with->set.k, .p = with->p, .x = rows, .intercept = with->fit->intercept};
    mtp_raw raw = {.size = sizeof raw, .k = with->set.k};
    double *b = MTP_ARENA_ARRAY(with->s->arena, with->p, double);
    mtp_effects *effects = NULL;
    mtp_regress_result *fit = NULL;
    mtp_regress_options options;
    bool done;

    mtp_regress_options_init(&options, sizeof options);
    options.tau2 = with->fit->options.tau2;
    options.tau2_value = with->fit->options.tau2_value;
    options.ci = MTP_CI_WALD;
    options.diagnostics = false;
    raw.column[MTP_ROLE_YI] = with->set.y;
    raw.column[MTP_ROLE_VI] = with->set.v;
    done = b && mtp_effects_compute(NULL, &raw, &effects, NULL) == MTP_OK &&
           mtp_regress(effects, &mods, &options, &fit, NULL) == MTP_OK;
    mtp_effects_free(effects);
    for (size_t j = 0; done && j < with->p; j++) {
        b[j] = fit->coefficient[j].estimate;
    }
    if (done) {
        *tau2 = fit->heterogeneity.tau2;
        *made =
            (mtp_explain_solved){.b = b,
                                 .V = mtp_regress_cleared(with->s, with->p, fit->vcov),
                                 .name = "beta"};
        mtp_regress_result_free(fit);
    }
    return done && made->V;
}

static bool loses_digits(const mtp_explain_regression *m, const double V[], size_t i,
                         double se)
{
    double sum = 0.0;

    for (size_t j = 0; j < m->p * m->p; j++) {
        sum += fabs(m->x[j / m->p][i] * m->x[j % m->p][i] * V[j]);
    }
    return sum > LOST * se * se;
}

/* The study's residual from the fit of the others. */
static void put_deleted(mtp_explain_regression *m, size_t i)
{
    const mtp_regress_study *of = &m->fit->study[i];
    const mtp_explain_inference model = {.covariance = "V_#_@"};
    const char **x = MTP_ARENA_ARRAY(m->s->arena, m->p, const char *);
    mtp_solution *s = m->s;
    const char *residual = "y_d";

    if (!x) {
        s->failed = true;
        return;
    }
    mtp_solution_given(s, "y_d", m->set.y[i]);
    mtp_solution_given(s, "v_d", m->set.v[i]);
    for (size_t j = 0; j < m->p; j++) {
        x[j] = mtp_regress_text(s, "x_#_d", j, 0);
        mtp_solution_given(s, x[j], m->x[j][i]);
        residual = mtp_regress_format(s, "%s - beta_%zu * %s", residual, j + 1, x[j]);
    }
    (void)mtp_solution_line(s, "r_d", residual, of->rstudent_residual);
    (void)mtp_solution_line(s, "S_d", mtp_regress_quadratic(m, &model, x), (double)NAN);
    (void)mtp_solution_line(s, "se_d", "sqrt(v_d + tau2_d + S_d)", of->rstudent_se);
    (void)mtp_solution_line(s, "T_d", "r_d / se_d", of->rstudent);
}

static void work_without(mtp_explain_regression *m, size_t i)
{
    mtp_solution *s = m->s;
    const char *const *label = s->label;
    const char **others = MTP_ARENA_ARRAY(s->arena, m->set.k, const char *);
    const size_t mark = s->scope.n, k = s->scope.k;
    mtp_explain_regression with;
    mtp_explain_solved made;
    double tau2 = 0.0, *rows;

    if (!others || !leave_out(m, i, &with, others, &rows)) {
        s->failed = true;
        return;
    }
    mtp_solution_heading(s, 3, "Without %s", label[i]);
    if (!fit_others(&with, rows, &tau2, &made) ||
        loses_digits(m, made.V, i, m->fit->study[i].rstudent_se)) {
        mtp_solution_text(s,
                          "It is not worked here: the moderators are so large beside "
                          "their spread that the sums lose their digits.");
        return;
    }
    s->label = others;
    s->scope.k = with.set.k;
    mtp_solution_given(s, "tau2_d", tau2);
    mtp_regress_equations(&with, "1 / (v_i + tau2_d)", "u_i", &made);
    s->label = label;
    s->scope.k = k;
    put_deleted(m, i);
    s->scope.n = mark;
}

static void work_deleted(mtp_explain_regression *m)
{
    const mtp_explain_work *work = m->work;

    mtp_explain_section(m->work, "Residuals from the other studies");
    mtp_solution_text(
        m->s,
        "`Td_i` of the last table is a study's residual from the regression of all "
        "others, by its standard error: `tau2_d` is made of these by the same "
        "estimator, and given here (explain of them alone works it); "
        "with it follow their coefficients, here `beta_j`, and their V.");
    for (size_t i = 0; i < m->set.k && !m->s->failed; i++) {
        if (work->all || (!work->chosen && i == 0) ||
            mtp_explain_is_chosen(work, work->bundle->studies[m->set.index[i]].name)) {
            work_without(m, i);
        }
    }
}

void mtp_regress_studies(mtp_explain_regression *m, const mtp_explain_inference *how)
{
    const char *asked = mtp_explain_option(m->work->bundle, "diagnostics");
    bool deleted;

    if (!asked || strcmp(asked, "true") != 0) {
        return;
    }
    mtp_explain_section(m->work, "Studies against the fit");
    if (!m->fit->study || m->weight || !how) {
        mtp_solution_text(m->s, "They are not worked with this model.");
        return;
    }
    if (has_lost(m)) {
        mtp_solution_text(m->s, MTP_REGRESS_LOST);
        return;
    }
    mtp_solution_text(
        m->s,
        "`fit_i` is the mean that the regression has for a study, `hat_i` its "
        "leverage, "
        "`pct_i` its weight in percent and `T_i` its residual by its standard error "
        "`sr_i`. The prediction of its true effect, `true_i`, takes the part `share_i` "
        "of its variance that is between studies; `sf_i` is the standard error of "
        "`fit_i`, `st_i` that of `true_i`.");
    deleted = tabulate(m, how);
    if (deleted) {
        work_deleted(m);
    } else {
        mtp_solution_text(m->s, "Residuals from the other studies are not worked here: "
                                "not every study can be left out.");
    }
}

/* Sums of squares and products about the means. */
static void about_means(mtp_explain_regression *m)
{
    mtp_solution *s = m->s;

    mtp_solution_table(s, 2,
                       (const mtp_solution_column[]){
                           {.name = "x_2_i", .values = m->x[1], .total = true},
                           {.name = "y_i", .values = m->set.y, .total = true}});
    (void)mtp_solution_line(s, "x_m", "sum(x_2_i) / k", (double)NAN);
    (void)mtp_solution_line(s, "y_m", "sum(y_i) / k", (double)NAN);
    mtp_solution_table(
        s, 7,
        (const mtp_solution_column[]){{.name = "x_2_i", .values = m->x[1]},
                                      {.name = "y_i", .values = m->set.y},
                                      {.name = "a_i", .formula = "x_2_i - x_m"},
                                      {.name = "b_i", .formula = "y_i - y_m"},
                                      {.formula = "a_i^2", .total = true},
                                      {.formula = "a_i * b_i", .total = true},
                                      {.formula = "b_i^2", .total = true}});
}

void mtp_regress_correlation(mtp_explain_regression *m)
{
    const mtp_correlation *c = m->work->bundle->regression->correlation;
    mtp_solution *s = m->s;

    if (!c) {
        return;
    }
    mtp_explain_section(m->work, "Correlation");
    mtp_solution_text(s, "Pearson's correlation of the effects with `x_2`, every study "
                         "alike; its limits are by Fisher's z, the inverse hyperbolic "
                         "tangent of `rho`.");
    about_means(m);
    (void)mtp_solution_line(s, "rho", "sum(a_i * b_i) / sqrt(sum(a_i^2) * sum(b_i^2))",
                            c->estimate);
    if (!isfinite(c->statistic) || fabs(c->estimate) >= 1.0) {
        mtp_solution_text(s, "All studies lie on a line: there is neither a test nor "
                             "an interval.");
        return;
    }
    (void)mtp_solution_line(s, "df_r", "k - 2", c->df);
    (void)mtp_solution_line(s, "T_r", "rho * sqrt(df_r / (1 - rho^2))", c->statistic);
    (void)mtp_solution_line(s, "p_r", "2 * upper_t(abs(T_r), df_r)", c->p);
    if (c->n <= 3) {
        mtp_solution_text(s, "Three studies leave an interval from -1 to 1.");
        return;
    }
    (void)mtp_solution_linef(s, "half", (double)NAN, "z(%s) / sqrt(k - 3)",
                             mtp_regress_below(m));
    (void)mtp_solution_line(s, "lower_r", "tanh(atanh(rho) - half)", c->ci_lower);
    (void)mtp_solution_line(s, "upper_r", "tanh(atanh(rho) + half)", c->ci_upper);
}
