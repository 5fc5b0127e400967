/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heterogeneity of a mixed model: I2 and H2, Wald's Q and the likelihood ratio. */
#include "explain/mixed.h"

#include <math.h>
#include <string.h>

/* v_t of the study effects, for I2 and H2. */
static void typical_variance(const mtp_mixed *m)
{
    mtp_solution *s = m->s;
    const mtp_explain_set *set = m->set;
    const mtp_heterogeneity *h = m->h;
    const char **label = MTP_ARENA_ARRAY(s->arena, set->k, const char *);

    if (!label) {
        s->failed = true;
        return;
    }
    for (size_t i = 0; i < set->k; i++) {
        label[i] = mtp_solution_name(s, m->work->bundle->studies[set->index[i]].name);
    }
    s->label = label;
    s->scope.k = set->k;
    mtp_solution_table(s, 3,
                       (const mtp_solution_column[]){
                           {.name = "v_i", .values = set->v},
                           {.name = "w_i", .formula = "1 / v_i", .total = true},
                           {.formula = "w_i^2", .total = true}});
    (void)mtp_solution_line(s, "C", "sum(w_i) - sum(w_i^2) / sum(w_i)", (double)NAN);
    (void)mtp_solution_line(s, "v_t", "(k - 1) / C", h->vt);
    (void)mtp_solution_line(s, "I2", "100 * tau2 / (tau2 + v_t)", h->I2);
    (void)mtp_solution_line(s, "H2", "1 + tau2 / v_t", h->H2);
    s->label = m->label;
    s->scope.k = m->k;
}

static bool has_empty(const mtp_mixed *m, const char *const cell[], size_t i)
{
    for (size_t c = 0; c < MTP_MIXED_CELLS && cell[c]; c++) {
        const mtp_expr *e = mtp_expr_parse(m->s->arena, cell[c]);

        if (!e) {
            m->s->failed = true;
        } else if (!(mtp_expr_value(e, &m->s->scope, i, MTP_EXACT).value > 0.0)) {
            return true;
        }
    }
    return false;
}

/* The data of the studies without empty cells, under the same names; their number. */
static size_t keep_full(const mtp_mixed *m, mtp_solution_column column[])
{
    mtp_solution *s = m->s;
    size_t data = mtp_mixed_columns(m, column), n = 0;
    const char **label = MTP_ARENA_ARRAY(s->arena, m->k, const char *);
    double *room = MTP_ARENA_ARRAY(s->arena, data * m->k, double);

    if (!label || !room) {
        s->failed = true;
        return 0;
    }
    for (size_t i = 0; i < m->k; i++) {
        if (!has_empty(m, m->cell, i)) {
            for (size_t d = 0; d < data; d++) {
                room[d * m->k + n] = m->datum[d][i];
            }
            label[n++] = m->label[i];
        }
    }
    for (size_t d = 0; d < data; d++) {
        column[d].values = room + d * m->k;
    }
    s->label = label;
    s->scope.k = n;
    return n;
}

/* The mean of the studies' own estimates, before the table that shows it. */
static void know_mean(const mtp_mixed *m, const mtp_solution_column column[], size_t n)
{
    mtp_solution *s = m->s;
    const mtp_expr *own = mtp_expr_parse(s->arena, m->own);
    const mtp_expr *weight = mtp_expr_parse(s->arena, m->weight);
    double top = 0.0, bottom = 0.0;

    for (size_t d = 0; d < m->counts; d++) {
        mtp_scope_set_column(&s->scope, column[d].name, column[d].values, NULL);
    }
    if (!own || !weight) {
        s->failed = true;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        double w = mtp_expr_value(weight, &s->scope, i, MTP_EXACT).value;

        top += w * mtp_expr_value(own, &s->scope, i, MTP_EXACT).value;
        bottom += w;
    }
    mtp_solution_know(s, "m", top / bottom);
}

static void work_Q(const mtp_mixed *m)
{
    mtp_solution_column column[MTP_MIXED_DATA + 4];
    mtp_solution *s = m->s;
    size_t data = mtp_mixed_columns(m, column), mark = s->scope.n;
    size_t n = keep_full(m, column);

    if (n > 0 && !s->failed) {
        mtp_solution_text(s,
                          "Wald's `Q` is about the studies' own estimates `l_i`, "
                          "weighted by their information `w_i`%s.",
                          n < m->k ? "; studies with an empty cell have none" : "");
        know_mean(m, column, n);
        column[data++] = (mtp_solution_column){.name = "l_i", .formula = m->own};
        column[data++] =
            (mtp_solution_column){.name = "w_i", .formula = m->weight, .total = true};
        column[data++] = (mtp_solution_column){.formula = "w_i * l_i", .total = true};
        column[data++] =
            (mtp_solution_column){.formula = "w_i * (l_i - m)^2", .total = true};
        mtp_solution_table(s, data, column);
        (void)mtp_solution_line(s, "m", "sum(w_i * l_i) / sum(w_i)", (double)NAN);
        (void)mtp_solution_line(s, "Q", "sum(w_i * (l_i - m)^2)", m->h->Q);
    }
    s->scope.n = mark;
    s->label = m->label;
    s->scope.k = m->k;
    if (n == 0) {
        mtp_solution_given(s, "Q", m->h->Q);
    } else {
        mtp_solution_know(s, "Q", m->h->Q);
    }
}

/* Counts times the logarithm of what they are to what is expected of them; an empty
 * cell adds 0, which max makes of 0 times a logarithm. */
static const char *deviance_of(const mtp_mixed *m)
{
    mtp_strbuf text;
    const char *made;

    mtp_strbuf_init(&text);
    for (size_t c = 0; c < MTP_MIXED_CELLS && m->cell[c]; c++) {
        const char *const one[] = {m->cell[c], NULL};
        bool empty = false;

        for (size_t i = 0; i < m->k; i++) {
            empty = empty || has_empty(m, one, i);
        }
        mtp_strbuf_printf(&text,
                          empty ? "%s(%s) * ln(max(%s, 1) / (%s))"
                                : "%s(%s) * ln((%s) / (%s))",
                          c > 0 ? " + " : "", m->cell[c], m->cell[c], m->expected[c]);
    }
    made = text.failed ? NULL : mtp_arena_strdup(m->s->arena, text.text);
    m->s->failed = m->s->failed || !made;
    mtp_strbuf_free(&text);
    return made;
}

void mtp_mixed_LRT(const mtp_mixed *m)
{
    mtp_solution_column column[MTP_MIXED_DATA + 3];
    mtp_solution *s = m->s;
    const char *deviance = deviance_of(m);
    size_t n = mtp_mixed_columns(m, column);

    if (!deviance) {
        return;
    }
    mtp_solution_text(
        s,
        "The likelihood ratio compares the %s with a model in which every "
        "study has its own estimate and so expects the counts that it "
        "has.",
        m->p > 0 ? "model without random effects" : "common effect");
    n += mtp_mixed_fitted(m, column + n);
    column[n++] =
        (mtp_solution_column){.name = "d_i", .formula = deviance, .total = true};
    mtp_solution_table(s, n, column);
    (void)mtp_solution_line(s, "LRT", "2 * sum(d_i)", m->h->LRT);
}

void mtp_mixed_tests(const mtp_mixed *m)
{
    const mtp_heterogeneity *h = m->h;
    mtp_solution *s = m->s;

    mtp_solution_heading(s, 3, "Heterogeneity");
    if (!isnan(h->vt)) {
        typical_variance(m);
    }
    if (m->tests) {
        m->tests(m);
    } else if (m->own) {
        work_Q(m);
        mtp_mixed_LRT(m);
    } else {
        mtp_solution_given(s, "Q", h->Q);
        mtp_solution_given(s, "LRT", h->LRT);
    }
    (void)mtp_solution_linef(s, "df", h->df, "%s - 1", m->count);
    (void)mtp_solution_line(s, "p_Q", "upper_chi2(Q, df)", h->p);
    if (h->Q > 0.0) {
        (void)mtp_solution_line(s, "I2_Q", "100 * max(0, Q - df) / Q", h->I2_Q);
    } else {
        mtp_solution_given(s, "I2_Q", h->I2_Q);
    }
    (void)mtp_solution_line(s, "p_LRT", "upper_chi2(LRT, df)", h->LRT_p);
}
