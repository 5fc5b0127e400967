/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moment estimators of the between-study variance around one mean, by their formulas.
 */
#include "explain/tau2_search.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static bool is_in_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

const char *mtp_search_named(const mtp_search *of, const char *text)
{
    static const char *const renamed[] = {"tau2", "df", "C"};
    mtp_solution *s = of->work->s;
    mtp_strbuf made;
    const char *kept;

    mtp_strbuf_init(&made);
    while (*text) {
        size_t length = 0, skipped = 0;

        while (is_in_name(text[length])) {
            length++;
        }
        while (length == 0 && text[skipped] && !is_in_name(text[skipped])) {
            skipped++;
        }
        if (length == 1 && *text == 'Q') {
            mtp_strbuf_add(&made, of->Q);
        } else {
            mtp_strbuf_add_bytes(&made, text, length + skipped);
        }
        for (size_t i = 0; of->null && i < sizeof renamed / sizeof *renamed; i++) {
            if (strlen(renamed[i]) == length &&
                strncmp(renamed[i], text, length) == 0) {
                mtp_strbuf_add(&made, "_0");
            }
        }
        text += length + skipped;
    }
    kept = made.failed ? NULL : mtp_arena_strdup(s->arena, made.text);
    mtp_strbuf_free(&made);
    s->failed = s->failed || !kept;
    return kept ? kept : "0";
}

/* A moment estimator: raw value and its truncation at 0 in one line. */
void mtp_search_by_formula(const mtp_search *of, const char *formula)
{
    (void)mtp_solution_linef(of->work->s, mtp_search_named(of, "tau2"), of->tau2,
                             "max(0, %s)", mtp_search_named(of, formula));
}

void mtp_search_dersimonian_laird(const mtp_search *of)
{
    mtp_search_by_formula(of, "(Q - df) / C");
}

void mtp_search_hedges(const mtp_search *of, const char *name, double figure)
{
    mtp_solution *s = of->work->s;
    double mean = 0.0;

    for (size_t i = 0; i < of->set->k; i++) {
        mean += of->set->y[i] / (double)of->set->k;
    }
    mtp_solution_know(s, "m_y", mean);
    mtp_solution_table(s, 3,
                       (const mtp_solution_column[]){
                           {.name = "y_i", .values = of->set->y, .total = true},
                           {.name = "v_i", .values = of->set->v, .total = true},
                           {.formula = "(y_i - m_y)^2", .total = true}});
    (void)mtp_solution_line(s, "m_y", "sum(y_i) / k", (double)NAN);
    (void)mtp_solution_line(
        s, name, "max(0, sum((y_i - m_y)^2) / (k - 1) - sum(v_i) / k)", figure);
}

/* (Q_a - sum a v + sum a^2 v / A) / (A - sum a^2 / A) at weights a. */
void mtp_search_generalized(const mtp_search *of, mtp_solution_column weight)
{
    mtp_solution *s = of->work->s;
    const mtp_expr *e =
        weight.formula ? mtp_expr_parse(s->arena, weight.formula) : NULL;
    double top = 0.0, bottom = 0.0;

    if (weight.formula && !e) {
        s->failed = true;
        return;
    }
    for (size_t i = 0; i < of->set->k; i++) {
        double a =
            e ? mtp_expr_value(e, &s->scope, i, MTP_EXACT).value : weight.values[i];

        top += a * of->set->y[i];
        bottom += a;
    }
    mtp_solution_know(s, "m_a", top / bottom);
    mtp_solution_table(s, 8,
                       (const mtp_solution_column[]){
                           {.name = "y_i", .values = of->set->y},
                           {.name = "v_i", .values = of->set->v},
                           weight,
                           {.formula = "a_i * y_i", .total = true},
                           {.formula = "a_i^2", .total = true},
                           {.formula = "a_i * v_i", .total = true},
                           {.formula = "a_i^2 * v_i", .total = true},
                           {.formula = "a_i * (y_i - m_a)^2", .total = true}});
    (void)mtp_solution_line(s, "m_a", "sum(a_i * y_i) / sum(a_i)", (double)NAN);
    mtp_search_by_formula(
        of, "(sum(a_i * (y_i - m_a)^2) - sum(a_i * v_i) + "
            "sum(a_i^2 * v_i) / sum(a_i)) / (sum(a_i) - sum(a_i^2) / sum(a_i))");
}

void mtp_search_sidik_jonkman(const mtp_search *of)
{
    mtp_solution *s = of->work->s;
    double mean = 0.0, t0 = 0.0, top = 0.0, bottom = 0.0;

    for (size_t i = 0; i < of->set->k; i++) {
        mean += of->set->y[i] / (double)of->set->k;
    }
    for (size_t i = 0; i < of->set->k; i++) {
        t0 += (of->set->y[i] - mean) * (of->set->y[i] - mean) / (double)of->set->k;
    }
    for (size_t i = 0; i < of->set->k; i++) {
        top += of->set->y[i] / (of->set->v[i] + t0);
        bottom += 1.0 / (of->set->v[i] + t0);
    }
    mtp_solution_know(s, "m_y", mean);
    mtp_solution_know(s, "t_0", t0);
    mtp_solution_know(s, "m_0", top / bottom);
    mtp_solution_table(s, 6,
                       (const mtp_solution_column[]){
                           {.name = "y_i", .values = of->set->y, .total = true},
                           {.name = "v_i", .values = of->set->v},
                           {.formula = "(y_i - m_y)^2", .total = true},
                           {.name = "u_i", .formula = "1 / (v_i + t_0)", .total = true},
                           {.formula = "u_i * y_i", .total = true},
                           {.formula = "u_i * (y_i - m_0)^2", .total = true}});
    (void)mtp_solution_line(s, "m_y", "sum(y_i) / k", (double)NAN);
    (void)mtp_solution_line(s, "t_0", "sum((y_i - m_y)^2) / k", (double)NAN);
    (void)mtp_solution_line(s, "m_0", "sum(u_i * y_i) / sum(u_i)", (double)NAN);
    (void)mtp_solution_line(s, mtp_search_named(of, "tau2"),
                            mtp_search_named(of, "t_0 * sum(u_i * (y_i - m_0)^2) / df"),
                            of->tau2);
}

/* DL2 and CA2: a first value, then the generalized formula at its weights. */
void mtp_search_two_steps(const mtp_search *of, bool hedges_first)
{
    mtp_solution *s = of->work->s;

    if (hedges_first) {
        mtp_search_hedges(of, "t_1", (double)NAN);
    } else {
        (void)mtp_solution_line(s, "t_1", mtp_search_named(of, "max(0, (Q - df) / C)"),
                                (double)NAN);
    }
    mtp_search_generalized(of, (mtp_solution_column){.name = "a_i",
                                                     .formula = "1 / (v_i + t_1)",
                                                     .total = true});
}
