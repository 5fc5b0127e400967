/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a regression makes of its coefficients: contrasts, marginal means, predictions.
 */
#include "explain/robust_regress.h"
#include "report/view.h"

#include <math.h>
#include <string.h>

enum { COLUMNS = 80 };

/* One summand more of a formula. */
static const char *add(mtp_explain_regression *m, const char *sum, const char *part)
{
    const char *made = !sum ? part : mtp_regress_format(m->s, "%s + %s", sum, part);

    m->s->failed = m->s->failed || !made;
    return made;
}

/* c'b; elements of c that are NULL are 0, those that are "" are 1. */
static const char *linear(mtp_explain_regression *m, const char *const c[])
{
    const char *sum = NULL;

    for (size_t j = 0; j < m->p; j++) {
        const char *part = mtp_regress_text(m->s, "b_#", j, 0);

        if (c[j] && *c[j] && part) {
            part = mtp_regress_format(m->s, "%s * %s", c[j], part);
        }
        if (c[j] && part) {
            sum = add(m, sum, part);
        }
    }
    return sum ? sum : "0";
}

const char *mtp_regress_quadratic(mtp_explain_regression *m,
                                  const mtp_explain_inference *how,
                                  const char *const c[])
{
    const char *sum = NULL;

    for (size_t j = 0; j < m->p; j++) {
        for (size_t l = 0; l <= j; l++) {
            const char *part = mtp_regress_text(m->s, how->covariance, j, l);

            if (!c[j] || !c[l] || !part) {
                continue;
            }
            if (*c[l]) {
                part = l == j ? mtp_regress_format(m->s, "%s^2 * %s", c[l], part)
                              : mtp_regress_format(m->s, "%s * %s", c[l], part);
            }
            if (part && l != j && *c[j]) {
                part = mtp_regress_format(m->s, "%s * %s", c[j], part);
            }
            if (part && l != j) {
                part = mtp_regress_format(m->s, "2 * %s", part);
            }
            sum = add(m, sum, part ? part : "0");
        }
    }
    return sum ? sum : "0";
}

/* The smallest degrees of freedom of the coefficients in c'b. */
static void put_smallest(mtp_explain_regression *m, const char *const c[], double df)
{
    size_t *at = MTP_ARENA_ARRAY(m->s->arena, m->p, size_t), q = 0;

    m->s->failed = m->s->failed || !at;
    for (size_t j = 0; at && j < m->p; j++) {
        if (c[j]) {
            at[q++] = j;
        }
    }
    if (q > 0) {
        (void)mtp_solution_line(m->s, "df_K", mtp_regress_smallest_df(m, q, at), df);
    }
}

static void contrast(mtp_explain_regression *m, const mtp_explain_inference *how,
                     const mtp_combination *row, const mtp_coefficient *made,
                     const char *c[])
{
    mtp_explain_inference own = *how;
    mtp_solution *s = m->s;
    size_t mark = s->scope.n;

    mtp_solution_heading(s, 3, "Contrast %s", mtp_solution_name(s, row->name));
    for (size_t j = 0; j < m->p; j++) {
        c[j] = row->l[j] == 0.0   ? NULL
               : row->l[j] == 1.0 ? ""
                                  : mtp_regress_text(s, "c_#", j, 0);
        if (c[j] && *c[j]) {
            mtp_solution_given(s, c[j], row->l[j]);
        }
    }
    (void)mtp_solution_line(s, "K", linear(m, c), made->estimate);
    if (how->own_df) {
        own.df = "df_K";
        if (how->contained) {
            put_smallest(m, c, made->df);
        } else if (!mtp_sandwich_contrast(how->robust, c, made->df)) {
            mtp_solution_given(s, "df_K", made->df);
        }
    }
    mtp_regress_estimate(m, &own, "K", mtp_regress_quadratic(m, how, c), made);
    if (mtp_view_has_ratio(m->work->bundle->measure)) {
        (void)mtp_solution_line(s, "ratio", "exp(K)", (double)NAN);
    }
    if (mtp_view_has_ratio(m->work->bundle->measure) && !isnan(made->ci_lower)) {
        (void)mtp_solution_line(s, "ratio_lower", "exp(lower)", (double)NAN);
        (void)mtp_solution_line(s, "ratio_upper", "exp(upper)", (double)NAN);
    }
    s->scope.n = mark;
}

static void contrasts(mtp_explain_regression *m, const mtp_explain_inference *how)
{
    const char **c = MTP_ARENA_ARRAY(m->s->arena, m->p, const char *);

    if (m->fit->n_contrasts == 0) {
        return;
    }
    if (!c) {
        m->s->failed = true;
        return;
    }
    mtp_explain_section(m->work, "Contrasts");
    for (size_t i = 0; i < m->fit->n_contrasts; i++) {
        contrast(m, how, &m->work->bundle->regression->contrast_rows[i],
                 &m->fit->contrasts[i], c);
    }
}

const double *mtp_regress_mean_figures(mtp_explain_regression *m,
                                       const mtp_regress_means_table *t, size_t offset)
{
    double *made = MTP_ARENA_ARRAY(m->s->arena, t->n, double);

    for (size_t i = 0; made && i < t->n; i++) {
        memcpy(&made[i], (const char *)t->of[i] + offset, sizeof made[i]);
    }
    m->s->failed = m->s->failed || !made;
    return made;
}

static void put(mtp_explain_regression *m, mtp_regress_means_table *t, const char *name,
                const char *formula, size_t offset)
{
    t->column[t->columns++] =
        (mtp_solution_column){.name = name,
                              .formula = formula,
                              .values = mtp_regress_mean_figures(m, t, offset)};
}

#define FIGURE(member) offsetof(mtp_regress_prediction, member)

/* The quantile of each row: one for all, or by their own degrees of freedom. */
static const char *critical(mtp_explain_regression *m, mtp_regress_means_table *t,
                            const char *name, const char *df_name, size_t offset)
{
    const double *df = mtp_regress_mean_figures(m, t, offset);
    const char *formula;
    bool differ = false;

    if (!df) {
        return "0";
    }
    for (size_t i = 1; i < t->n; i++) {
        differ = differ || (df[i] != df[0] && !(isnan(df[i]) && isnan(df[0])));
    }
    if (!differ && isnan(df[0])) {
        (void)mtp_solution_linef(m->s, name, (double)NAN, "z(%s)",
                                 mtp_regress_below(m));
        return name;
    }
    if (!differ) {
        mtp_solution_given(m->s, df_name, df[0]);
        (void)mtp_solution_linef(m->s, name, (double)NAN, "t(%s, %s)",
                                 mtp_regress_below(m), df_name);
        return name;
    }
    df_name = mtp_regress_format(m->s, "%s_i", df_name);
    formula = mtp_regress_format(m->s, "t(%s, %s)", mtp_regress_below(m),
                                 df_name ? df_name : "1");
    name = mtp_regress_format(m->s, "%s_i", name);
    t->column[t->columns++] = (mtp_solution_column){.name = df_name, .values = df};
    t->column[t->columns++] = (mtp_solution_column){.name = name, .formula = formula};
    m->s->failed = m->s->failed || !name || !formula;
    return name ? name : "0";
}

/* Whether a prediction takes the covariance of the model without its factor. */
static bool by_model(const mtp_regress_options *o)
{
    switch (o->predict) {
    case MTP_PI_WALD:
    case MTP_PI_V:
    case MTP_PI_HTS:
        return true;
    case MTP_PI_HK:
    case MTP_PI_HK_PR:
        return false;
    default:
        return o->ci == MTP_CI_WALD || o->ci == MTP_CI_T;
    }
}

static void put_limits(mtp_explain_regression *m, const mtp_explain_inference *how,
                       mtp_regress_means_table *t)
{
    const char *by = critical(m, t, "crit_m", "df_m", FIGURE(df));
    const char *factor =
        how->factor && !by_model(&m->fit->options) ? how->factor : NULL;

    put(m, t, "lower_i", mtp_regress_format(m->s, "m_i - %s * se_i", by),
        FIGURE(ci_lower));
    put(m, t, "upper_i", mtp_regress_format(m->s, "m_i + %s * se_i", by),
        FIGURE(ci_upper));
    if (!t->predicted) {
        return;
    }
    put(m, t, "sp_i",
        factor ? mtp_regress_format(m->s, "sqrt(%s * S_i + tau2)", factor)
               : "sqrt(S_i + tau2)",
        FIGURE(pi_se));
    by = critical(m, t, "crit_p", "df_p", FIGURE(pi_df));
    put(m, t, "lp_i", mtp_regress_format(m->s, "m_i - %s * sp_i", by),
        FIGURE(pi_lower));
    put(m, t, "up_i", mtp_regress_format(m->s, "m_i + %s * sp_i", by),
        FIGURE(pi_upper));
}

/* The moderators of each row, then what follows from them. */
static bool put_rows(mtp_explain_regression *m, const mtp_explain_inference *how,
                     mtp_regress_means_table *t, const mtp_combination *const row[])
{
    for (size_t j = 0; j < m->p; j++) {
        double *x = MTP_ARENA_ARRAY(m->s->arena, t->n, double);

        for (size_t i = 0; x && i < t->n; i++) {
            x[i] = row[i]->l[j];
        }
        t->column[t->columns++] =
            (mtp_solution_column){.name = m->x_name[j], .values = x};
        m->s->failed = m->s->failed || !x;
    }
    put(m, t, "m_i", linear(m, m->x_name), FIGURE(estimate));
    t->column[t->columns++] = (mtp_solution_column){
        .name = "S_i", .formula = mtp_regress_quadratic(m, how, m->x_name)};
    put(m, t, "se_i",
        how->factor ? mtp_regress_format(m->s, "sqrt(%s * S_i)", how->factor)
                    : "sqrt(S_i)",
        FIGURE(se));
    if (t->limited) {
        put_limits(m, how, t);
    }
    mtp_regress_back(m, t, t->predicted ? 5 : t->limited ? 3 : 1);
    return !m->s->failed;
}

/* Whether the sum of a variance loses its digits, as with years that are not centred.
 */
static bool loses_digits(const mtp_explain_regression *m,
                         const mtp_explain_inference *how, const double x[], double se)
{
    /* what stands between two inverses has lost some already */
    bool product = strcmp(how->covariance, "V_#_@") != 0;
    double sum = 0.0;

    for (size_t j = 0; j < m->p * m->p; j++) {
        sum += fabs(x[j / m->p] * x[j % m->p] * m->fit->vcov[j]);
    }
    return sum > (product ? 1e4 : 1e7) * se * se;
}

/* Whether a row is left out: its robust variance is 0 or says nothing, or it has no
 * limits where others have. */
static bool is_short(const mtp_explain_inference *how, const mtp_regression_mean *mean,
                     bool limited)
{
    return how->own_df && (limited || !how->contained) &&
           isnan(mean->value.ci_lower + mean->value.df);
}

static void tabulate(mtp_explain_regression *m, const mtp_explain_inference *how,
                     size_t n, const mtp_regression_mean mean[],
                     const mtp_combination rows[], const char *title)
{
    mtp_solution *s = m->s;
    const size_t k = s->scope.k, mark = s->scope.n;
    const char *const *label = s->label;
    const char **name = MTP_ARENA_ARRAY(s->arena, n, const char *);
    const mtp_combination **row = MTP_ARENA_ARRAY(s->arena, n, const mtp_combination *);
    mtp_regress_means_table *t = mtp_arena_zalloc(s->arena, 1, sizeof *t);

    if (!t || !name || !row ||
        !(t->of = MTP_ARENA_ARRAY(s->arena, n, const mtp_regress_prediction *))) {
        s->failed = true;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        t->limited = t->limited || !isnan(mean[i].value.ci_lower);
    }
    for (size_t i = 0, r = 0; i < n; i++) {
        const mtp_regress_prediction *v = &mean[i].value;

        if (mean[i].estimable && is_short(how, &mean[i], t->limited)) {
            r++;
            t->short_of = true;
        } else if (mean[i].estimable) {
            row[t->n] = &rows[r++];
            name[t->n] = mtp_solution_name(s, mean[i].level ? mean[i].level : v->name);
            t->predicted = t->predicted || !isnan(v->pi_lower);
            t->lost = t->lost || loses_digits(m, how, row[t->n]->l, v->se);
            t->of[t->n++] = v;
        }
    }
    if (t->n == 0) {
        return;
    }
    mtp_explain_section(m->work, title);
    if (t->lost) {
        mtp_solution_text(s, MTP_REGRESS_LOST);
        return;
    }
    mtp_solution_text(s,
                      "`m_i` is the sum of x by b, `S_i` that of the products of x "
                      "by their covariances%s.",
                      t->predicted ? "; `sp_i`, `lp_i` and `up_i` are those of the "
                                     "prediction interval"
                                   : "");
    if (t->short_of) {
        mtp_solution_text(s, "Those that have too few degrees of freedom for an "
                             "interval are left out.");
    }
    mtp_regress_back_begin(m, t->of[0]);
    s->scope.k = t->n;
    s->label = name;
    s->row_name = "at";
    if (put_rows(m, how, t, row)) {
        mtp_solution_table(s, t->columns, t->column);
    }
    s->row_name = NULL;
    s->label = label;
    s->scope.k = k;
    s->scope.n = mark;
}

void mtp_regress_means(mtp_explain_regression *m, const mtp_explain_inference *how)
{
    const mtp_regression *r = m->work->bundle->regression;

    contrasts(m, how);
    tabulate(m, how, r->n_margins, r->margins, r->margin_rows, "Marginal means");
    tabulate(m, how, r->n_predictions, r->predictions, r->prediction_rows,
             "Predictions");
}
