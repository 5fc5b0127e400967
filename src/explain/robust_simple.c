/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The adjustment of cr2 where it is a number, in a table: clusters of one study, and a
 * mean's clusters of equal variances. */
#include "explain/robust.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { COLUMNS = 24 };

bool mtp_robust_is_simple(const mtp_explain_robust *r, size_t g)
{
    size_t begin = r->start[g];
    bool alike = true;

    for (size_t i = begin; i < r->start[g + 1]; i++) {
        alike = alike && !(r->phi[i] < r->phi[begin] || r->phi[i] > r->phi[begin]);
    }
    return r->start[g + 1] - begin == 1 ||
           (alike && r->mean && !r->weight && !r->nested);
}

/* The studies of these clusters. */
typedef struct simple_rows {
    size_t n;
    bool single; /* every cluster is one study */
    bool lost;   /* of some the formula has too few digits */
    const char **label;
    double *v, *weight, *size;
    double **x, **T;
} simple_rows;

static bool make_room(mtp_arena *a, size_t k, size_t p, simple_rows *to)
{
    *to = (simple_rows){
        0,
        true,
        false,
        MTP_ARENA_ARRAY(a, k, const char *),
        MTP_ARENA_ARRAY(a, k, double),
        MTP_ARENA_ARRAY(a, k, double),
        MTP_ARENA_ARRAY(a, k, double),
        MTP_ARENA_ARRAY(a, p, double *),
        MTP_ARENA_ARRAY(a, p, double *),
    };
    for (size_t j = 0; to->x && to->T && j < p; j++) {
        to->x[j] = MTP_ARENA_ARRAY(a, k, double);
        to->T[j] = MTP_ARENA_ARRAY(a, k, double);
        if (!to->x[j] || !to->T[j]) {
            return false;
        }
    }
    return to->label && to->v && to->weight && to->size && to->x && to->T;
}

static void take_row(const mtp_explain_robust *r, size_t i, size_t size,
                     simple_rows *to)
{
    to->single = to->single && size == 1;
    to->label[to->n] = r->label[i];
    to->v[to->n] = r->v[i];
    to->weight[to->n] = r->weight ? r->weight[i] : 0.0;
    to->size[to->n] = (double)size;
    for (size_t j = 0; j < r->p; j++) {
        to->x[j][to->n] = r->x[j][i];
        to->T[j][to->n] = r->T[j][i];
    }
    to->n++;
}

/* The size of the terms of x'V x, for V or R. */
static double size_of_form(const mtp_explain_robust *r, const char *matrix, size_t i)
{
    double size = 0.0;

    for (size_t a = 0; a < r->p; a++) {
        for (size_t b = 0; b < r->p; b++) {
            const char *name =
                mtp_arena_printf(r->s->arena, "%s_%zu_%zu", matrix, (a > b ? a : b) + 1,
                                 (a > b ? b : a) + 1);
            const mtp_quantity *q = name ? mtp_scope_find(&r->s->scope, name) : NULL;

            size += q ? fabs(q->figure.value * r->x[a][i] * r->x[b][i]) : 0.0;
        }
    }
    return size;
}

/* Whether the formula of T would lose its digits: what is left of the variance beside
 * the terms that it is made of. With A = T / (w x) that is variance / A^2. */
static bool loses_digits(const mtp_explain_robust *r, size_t i)
{
    double needed = pow(10.0, -r->s->digits - 1), left = 1.0;
    double w = r->weight ? r->weight[i] : 1.0 / r->phi[i];
    double terms = 1.0 + 2.0 * w * size_of_form(r, "V", i);

    if (r->mean) {
        return false;
    }
    terms += r->weight ? size_of_form(r, "R", i) / r->phi[i] : 0.0;
    for (size_t j = 0; j < r->p; j++) {
        double A = r->T[j][i] / (w * r->x[j][i]);

        left = isfinite(A) && A != 0.0 ? fmin(left, 1.0 / (A * A)) : left;
    }
    return 64.0 * DBL_EPSILON * terms > needed * left;
}

static void take_rows(const mtp_explain_robust *r, simple_rows *to)
{
    for (size_t g = 0; g < r->m; g++) {
        if (!mtp_robust_is_simple(r, g) || r->singular[g] ||
            loses_digits(r, r->start[g])) {
            to->lost = to->lost || (mtp_robust_is_simple(r, g) && !r->singular[g]);
            continue;
        }
        for (size_t i = r->start[g]; i < r->start[g + 1]; i++) {
            take_row(r, i, r->start[g + 1] - r->start[g], to);
        }
    }
}

/* x'V x of a study, for V or R. */
static const char *form(mtp_explain_robust *r, const char *matrix)
{
    mtp_strbuf text;
    const char *made;

    mtp_strbuf_init(&text);
    for (size_t a = 1; a <= r->p; a++) {
        for (size_t b = 1; b < a; b++) {
            mtp_strbuf_printf(&text, " + 2 * %s_%zu_%zu * x_%zu_i * x_%zu_i", matrix, a,
                              b, a, b);
        }
        mtp_strbuf_printf(&text, "%s%s_%zu_%zu * x_%zu_i^2", a > 1 ? " + " : "", matrix,
                          a, a, a);
    }
    made = text.failed ? NULL : mtp_arena_strdup(r->s->arena, text.text);
    mtp_strbuf_free(&text);
    return made;
}

static size_t regression_columns(mtp_explain_robust *r, const simple_rows *rows,
                                 const char *w, mtp_solution_column column[])
{
    mtp_arena *arena = r->s->arena;
    size_t n = 0;

    for (size_t j = 0; j < r->p; j++, n++) {
        column[n] = (mtp_solution_column){.values = rows->x[j]};
        column[n].name = mtp_arena_printf(arena, "x_%zu_i", j + 1);
    }
    column[n++] = (mtp_solution_column){.name = "h_i", .formula = form(r, "V")};
    if (r->weight) {
        column[n++] = (mtp_solution_column){.name = "n_i", .formula = form(r, "R")};
    }
    for (size_t j = 1; j <= r->p; j++, n++) {
        column[n] = (mtp_solution_column){.values = rows->T[j - 1]};
        column[n].name = mtp_arena_printf(arena, "T_%zu_i", j);
        column[n].formula =
            r->weight
                ? mtp_arena_printf(arena,
                                   "a_i * x_%zu_i * sqrt(%s / (%s - 2 * a_i * %s * h_i "
                                   "+ n_i))",
                                   j, w, w, w)
                : mtp_arena_printf(arena, "%s * x_%zu_i / sqrt(1 - %s * h_i)", w, j, w);
    }
    return n;
}

/* The same of a mean, w the weights or, with others, the variances. */
static size_t mean_columns(mtp_explain_robust *r, const simple_rows *rows,
                           const char *w, mtp_solution_column column[])
{
    mtp_arena *arena = r->s->arena;
    const char *T;
    size_t n = 0;

    if (r->weight) {
        T = mtp_arena_printf(
            arena, "a_i * sqrt(%s / (%s - 2 * a_i * %s / S + N / S^2))", w, w, w);
    } else if (rows->single) {
        T = mtp_arena_printf(arena, "%s / sqrt(1 - %s / S)", w, w);
    } else {
        T = mtp_arena_printf(arena, "%s / sqrt(1 - n_i * %s / S)", w, w);
        column[n++] = (mtp_solution_column){.name = "n_i", .values = rows->size};
    }
    column[n] = (mtp_solution_column){.name = "T_i", .values = rows->T[0]};
    column[n++].formula = T;
    return n;
}

static size_t weight_columns(mtp_explain_robust *r, const simple_rows *rows,
                             mtp_solution_column column[])
{
    size_t n = 0;

    column[n++] = (mtp_solution_column){.name = "v_i", .values = rows->v};
    if (!r->weight) {
        column[n++] =
            r->with_tau2
                ? (mtp_solution_column){.name = "ws_i", .formula = "1 / (v_i + tau2)"}
                : (mtp_solution_column){.name = "w_i", .formula = "1 / v_i"};
        return n;
    }
    column[n++] = (mtp_solution_column){.name = "a_i", .values = rows->weight};
    if (r->with_tau2) {
        column[n++] = (mtp_solution_column){.name = "vs_i", .formula = "v_i + tau2"};
    }
    return n;
}

static void tabulate(mtp_explain_robust *r, const simple_rows *rows)
{
    mtp_solution *s = r->s;
    mtp_solution_column column[COLUMNS];
    size_t n = weight_columns(r, rows, column), mark = s->scope.n;
    const char *w = r->weight      ? mtp_robust_variance_column(r)
                    : r->with_tau2 ? "ws_i"
                                   : "w_i";

    n += r->mean ? mean_columns(r, rows, w, column + n)
                 : regression_columns(r, rows, w, column + n);
    for (size_t c = 0; c < n; c++) {
        s->failed =
            s->failed || !(column[c].name && (column[c].formula || column[c].values));
    }
    s->scope.k = rows->n;
    s->label = rows->label;
    if (!s->failed) {
        mtp_solution_table(s, n, column);
    }
    mtp_robust_rows_are_studies(r);
    s->scope.n = mark;
}

void mtp_robust_simple(mtp_explain_robust *r)
{
    simple_rows rows;

    if (!make_room(r->s->arena, r->k, r->p, &rows)) {
        r->s->failed = true;
        return;
    }
    take_rows(r, &rows);
    if (rows.lost) {
        mtp_solution_text(r->s,
                          "Of a study that tells a coefficient almost alone, or of "
                          "moderators that are large beside their spread, the "
                          "formula of T loses its digits: T is taken as given.");
    }
    if (rows.n == 0) {
        return;
    }
    mtp_solution_text(
        r->s, rows.single ? "For a cluster of one study A is a number, the root "
                            "of its variance by that of its residual:"
                          : "For a cluster of one study, and for n studies of one "
                            "variance, T has a formula:");
    tabulate(r, &rows);
}
