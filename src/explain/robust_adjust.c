/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The adjustment of cr2 by hand. With V_g the working variances of a cluster and C_g
 * the covariance of its residuals under the working model, A_g is the matrix that gives
 * the residuals the covariance they should have, A_g C_g A_g = V_g, and T = A_g W_g
 * X_g. Of two studies A_g is the root of a matrix of two rows, in closed form; of more
 * A_g is given, and the equation shown. */
#include "explain/robust.h"

#include <math.h>
#include <string.h>

enum { MOST = MTP_ROBUST_WORKED_MAX };

static void put(mtp_solution *s, const char *name, mtp_strbuf *formula, double figure,
                double *value)
{
    if (!name || formula->failed) {
        s->failed = true;
    } else {
        *value = mtp_solution_line(s, name, formula->text, figure);
    }
    mtp_strbuf_free(formula);
}

/* "C_2_1" of either order. */
static const char *element(mtp_solution *s, const char *matrix, size_t i, size_t j)
{
    const char *made = mtp_arena_printf(s->arena, "%s_%zu_%zu", matrix,
                                        (i > j ? i : j) + 1, (i > j ? j : i) + 1);

    s->failed = s->failed || !made;
    return made ? made : "0";
}

static void give(mtp_solution *s, const char *name, size_t i, double value)
{
    const char *made = mtp_arena_printf(s->arena, "%s_%zu", name, i + 1);

    if (made) {
        mtp_solution_given(s, made, value);
    }
    s->failed = s->failed || !made;
}

/* What is known of the studies of a cluster, numbered from 1. */
static void give_studies(mtp_explain_robust *r, size_t g)
{
    mtp_strbuf list;

    mtp_strbuf_init(&list);
    for (size_t i = r->start[g]; i < r->start[g + 1]; i++) {
        mtp_strbuf_printf(&list, "%s%zu is %s", i > r->start[g] ? ", " : "",
                          i - r->start[g] + 1, r->label[i]);
    }
    if (!list.failed) {
        mtp_solution_text(r->s, "%s.", list.text);
    }
    r->s->failed = r->s->failed || list.failed;
    mtp_strbuf_free(&list);
    for (size_t i = r->start[g]; i < r->start[g + 1]; i++) {
        size_t at = i - r->start[g];

        give(r->s, "v", at, r->v[i]);
        if (r->with_tau2) {
            const char *vs = mtp_arena_printf(r->s->arena, "vs_%zu", at + 1);

            (void)mtp_solution_linef(r->s, vs ? vs : "vs", r->phi[i], "v_%zu + tau2",
                                     at + 1);
        }
        if (r->weight) {
            give(r->s, "a", at, r->weight[i]);
        }
        for (size_t j = 0; !r->mean && j < r->p; j++) {
            const char *x = mtp_arena_printf(r->s->arena, "x_%zu", j + 1);

            give(r->s, x ? x : "x", at, r->x[j][i]);
        }
    }
}

/* x_i'V x_j, for V or R. */
static const char *form(mtp_explain_robust *r, const char *matrix, size_t i, size_t j)
{
    mtp_strbuf text;
    const char *made;

    mtp_strbuf_init(&text);
    for (size_t a = 1; a <= r->p; a++) {
        for (size_t b = 1; b <= r->p; b++) {
            mtp_strbuf_printf(&text, "%s%s_%zu_%zu * x_%zu_%zu * x_%zu_%zu",
                              a + b > 2 ? " + " : "", matrix, a > b ? a : b,
                              a > b ? b : a, a, i + 1, b, j + 1);
        }
    }
    made = text.failed ? NULL : mtp_arena_strdup(r->s->arena, text.text);
    r->s->failed = r->s->failed || !made;
    mtp_strbuf_free(&text);
    return made ? made : "0";
}

/* Of a regression. */
static void add_fitted(mtp_explain_robust *r, size_t i, size_t j, bool after,
                       mtp_strbuf *to)
{
    const char *v = mtp_robust_variance_name(r);

    if (!r->weight) {
        mtp_strbuf_printf(to, "%s(%s)", after ? " - " : "-", form(r, "V", i, j));
    } else {
        mtp_strbuf_printf(to, "%s(a_%zu * %s_%zu + a_%zu * %s_%zu) * (%s) + %s",
                          after ? " - " : "-", i + 1, v, i + 1, j + 1, v, j + 1,
                          form(r, "V", i, j), form(r, "R", i, j));
    }
}

/* What two studies of nested levels share: "sigma2_1 + sigma2_2". */
static void put_shared(mtp_explain_robust *r, size_t g, size_t i, size_t j)
{
    const mtp_nested_model *n = r->nested;
    size_t a = r->row[r->start[g] + i], b = r->row[r->start[g] + j];
    double ignored;
    mtp_strbuf text;

    mtp_strbuf_init(&text);
    for (size_t l = 0; l < n->n_levels; l++) {
        if (n->levels[l].effects.group[a] == n->levels[l].effects.group[b]) {
            mtp_strbuf_printf(&text, "%ssigma2_%zu", l > 0 ? " + " : "", l + 1);
        }
    }
    put(r->s, element(r->s, "K", i, j), &text,
        mtp_robust_covariance(r, r->start[g] + i, r->start[g] + j), &ignored);
}

static void put_covariance(mtp_explain_robust *r, size_t g, size_t i, size_t j,
                           mtp_robust_matrices *of)
{
    const char *v = mtp_robust_variance_name(r);
    bool shared = i == j || of->V[i * of->n + j] > 0.0;
    const mtp_quantity *made;
    mtp_strbuf text;

    if (i != j && shared) {
        put_shared(r, g, i, j);
    }
    mtp_strbuf_init(&text);
    if (i == j) {
        mtp_strbuf_printf(&text, "%s_%zu", v, i + 1);
    } else if (shared) {
        mtp_strbuf_add(&text, element(r->s, "K", i, j));
    }
    if (!r->mean) {
        add_fitted(r, i, j, shared, &text);
    } else if (!r->weight) {
        mtp_strbuf_add(&text, shared ? " - 1 / S" : "-(1 / S)");
    } else if (i == j) {
        mtp_strbuf_printf(&text, " - 2 * a_%zu * %s_%zu / S + N / S^2", i + 1, v,
                          i + 1);
    } else {
        mtp_strbuf_printf(&text, "N / S^2 - (a_%zu * %s_%zu + a_%zu * %s_%zu) / S",
                          i + 1, v, i + 1, j + 1, v, j + 1);
    }
    put(r->s, element(r->s, "C", i, j), &text, (double)NAN, &of->C[i * of->n + j]);
    of->C[j * of->n + i] = of->C[i * of->n + j];
    made = mtp_scope_find(&r->s->scope, element(r->s, "C", i, j));
    if (made) {
        double size = sqrt(of->V[i * of->n + i]) * sqrt(of->V[j * of->n + j]);

        of->rounding = fmax(of->rounding, made->figure.error / size);
    }
}

/* Of B = V^{1/2} C V^{1/2} the inverse root is (adj B + D) / (D E), D the root of its
 * determinant, E the trace of its root. */
static void put_root_of_two(mtp_explain_robust *r)
{
    mtp_solution *s = r->s;
    const char *v = mtp_robust_variance_name(r);
    double none = (double)NAN;

    (void)mtp_solution_linef(s, "D", none,
                             "sqrt(%s_1 * %s_2 * (C_1_1 * C_2_2 - C_2_1^2))", v, v);
    (void)mtp_solution_linef(s, "E", none, "sqrt(%s_1 * C_1_1 + %s_2 * C_2_2 + 2 * D)",
                             v, v);
    (void)mtp_solution_linef(s, "A_1_1", none, "%s_1 * (%s_2 * C_2_2 + D) / (D * E)", v,
                             v);
    (void)mtp_solution_linef(s, "A_2_1", none, "-(%s_1 * %s_2 * C_2_1 / (D * E))", v,
                             v);
    (void)mtp_solution_linef(s, "A_2_2", none, "%s_2 * (%s_1 * C_1_1 + D) / (D * E)", v,
                             v);
}

/* A as given, and both sides of A C A = V. */
static void put_given_root(mtp_explain_robust *r, mtp_robust_matrices *of)
{
    mtp_solution *s = r->s;
    size_t n = of->n;
    double ignored;

    mtp_robust_find_root(of);
    mtp_solution_text(s,
                      "A is taken as given; it is the symmetric matrix, of positive "
                      "eigenvalues, for which A C A has the variances on its diagonal "
                      "and %s beside it, as follows by way of E = A C.",
                      r->nested ? "the covariances" : "0");
    for (size_t j = 0; j < n; j++) {
        for (size_t i = j; i < n; i++) {
            mtp_solution_given(s, element(s, "A", i, j), of->A[i * n + j]);
            mtp_scope_set(&s->scope, element(s, "A", i, j),
                          mtp_robust_root_of(of, i, j));
        }
    }
    for (size_t ij = 0; ij < n * n; ij++) {
        const char *name =
            mtp_arena_printf(s->arena, "E_%zu_%zu", ij / n + 1, ij % n + 1);
        mtp_strbuf text;

        mtp_strbuf_init(&text);
        for (size_t l = 0; l < n; l++) {
            mtp_strbuf_printf(&text, "%s%s * %s", l > 0 ? " + " : "",
                              element(s, "A", ij / n, l), element(s, "C", l, ij % n));
        }
        put(s, name, &text, (double)NAN, &of->E[ij]);
    }
    for (size_t j = 0; j < n; j++) {
        for (size_t i = j; i < n; i++) {
            mtp_strbuf text;

            mtp_strbuf_init(&text);
            for (size_t l = 0; l < n; l++) {
                mtp_strbuf_printf(&text, "%sE_%zu_%zu * %s", l > 0 ? " + " : "", i + 1,
                                  l + 1, element(s, "A", l, j));
            }
            put(s, element(s, "F", i, j), &text, of->V[i * n + j], &ignored);
        }
    }
}

/* T = A W X, which the analysis has. */
static void put_weights(mtp_explain_robust *r, size_t g, size_t n)
{
    const char *v = mtp_robust_variance_name(r);
    double ignored;

    for (size_t c = 0; c < r->p; c++) {
        for (size_t i = 0; i < n; i++) {
            const char *name =
                r->mean ? mtp_arena_printf(r->s->arena, "T_%zu", i + 1)
                        : mtp_arena_printf(r->s->arena, "T_%zu_%zu", c + 1, i + 1);
            mtp_strbuf text;

            mtp_strbuf_init(&text);
            for (size_t l = 0; l < n; l++) {
                mtp_strbuf_printf(&text, "%s%s", l > 0 ? " + " : "",
                                  element(r->s, "A", i, l));
                if (!r->mean) {
                    mtp_strbuf_printf(&text, " * x_%zu_%zu", c + 1, l + 1);
                }
                if (r->weight) {
                    mtp_strbuf_printf(&text, " * a_%zu", l + 1);
                } else {
                    mtp_strbuf_printf(&text, " / %s_%zu", v, l + 1);
                }
            }
            put(r->s, name, &text, r->T[c][r->start[g] + i], &ignored);
        }
    }
}

/* T of a column, which the analysis has too. */
static void give_weights(mtp_explain_robust *r, size_t g, size_t c, const char *name,
                         const mtp_robust_matrices *of)
{
    const double *figure = &r->T[c][r->start[g]];
    double T[MOST], error;

    memcpy(T, &r->x[c][r->start[g]], of->n * sizeof *T);
    error = mtp_robust_solve(of, T);
    for (size_t i = 0; i < of->n; i++) {
        if (mtp_solution_agrees(r->s, name, (mtp_figure){T[i], error}, figure[i])) {
            give(r->s, name, i, T[i]);
        }
    }
}

/* T = A W X, W the inverse of V = A C A, so that A C T = X. */
static void put_given_weights(mtp_explain_robust *r, size_t g,
                              const mtp_robust_matrices *of)
{
    mtp_solution *s = r->s;
    size_t n = of->n;
    double ignored;

    mtp_solution_text(s,
                      "T, which is A times the inverse of A C A, times %s, is given "
                      "too: E T is %s.",
                      r->mean ? "ones" : "the moderators",
                      r->mean ? "1 for each" : "the moderators");
    for (size_t c = 0; c < r->p; c++) {
        const char *T = r->mean ? "T" : mtp_nested_text(r->nested, "T_%zu", c + 1);
        const char *X
        = r->mean ? "X" : mtp_nested_text(r->nested, "X_%zu", c + 1);

        give_weights(r, g, c, T, of);
        for (size_t i = 0; i < n; i++) {
            mtp_strbuf text;

            mtp_strbuf_init(&text);
            for (size_t l = 0; l < n; l++) {
                mtp_strbuf_printf(&text, "%sE_%zu_%zu * %s_%zu", l > 0 ? " + " : "",
                                  i + 1, l + 1, T, l + 1);
            }
            put(s, mtp_nested_text(r->nested, "%s_%zu", X, i + 1), &text,
                r->x[c][r->start[g] + i], &ignored);
        }
    }
}

static void work_cluster(mtp_explain_robust *r, size_t g)
{
    mtp_robust_matrices of = {.n = r->start[g + 1] - r->start[g]};
    size_t mark = r->s->scope.n;

    mtp_solution_heading(r->s, 4, "Cluster %s", r->name[g]);
    give_studies(r, g);
    mtp_robust_take_variances(r, g, &of);
    for (size_t j = 0; j < of.n; j++) {
        for (size_t i = j; i < of.n; i++) {
            put_covariance(r, g, i, j, &of);
        }
    }
    if (of.n == 2 && !r->nested) {
        put_root_of_two(r);
    } else {
        put_given_root(r, &of);
    }
    if (r->nested) {
        put_given_weights(r, g, &of);
    } else {
        put_weights(r, g, of.n);
    }
    r->s->scope.n = mark;
}

/* What was not worked. */
static void say_left_out(mtp_explain_robust *r)
{
    size_t left = 0, large = 0, singular = 0;

    for (size_t g = 0; g < r->m; g++) {
        bool matrix = !mtp_robust_is_simple(r, g) && !r->singular[g];

        singular += r->singular[g];
        large += matrix && r->start[g + 1] - r->start[g] > MOST;
        left += matrix && r->start[g + 1] - r->start[g] <= MOST && !r->chosen[g];
    }
    if (left > 0) {
        mtp_solution_text(
            r->s,
            "%zu other cluster%s of several studies %s worked alike, with T in "
            "the next table; --work with the name of a study, or "
            "--all-studies, writes them too.",
            left, left == 1 ? "" : "s", left == 1 ? "is" : "are");
    }
    if (large > 0) {
        mtp_solution_text(r->s,
                          "Of clusters of more than %d studies the matrices are not "
                          "written, and T is taken as given.",
                          (int)MOST);
    }
    if (singular > 0) {
        mtp_solution_text(r->s,
                          "Without %zu of the clusters a coefficient is not known at "
                          "all: its C has no inverse, and A is made of what has one. T "
                          "is taken as given there.",
                          singular);
    }
}

static void introduce(mtp_explain_robust *r)
{
    const char *v = mtp_robust_variance_column(r);

    mtp_solution_heading(r->s, 4, "Adjusted weights");
    mtp_solution_text(
        r->s,
        "Residuals vary less than effects, since the %s fitted to them. With C the "
        "covariance of the residuals of a cluster under the working model, in which "
        "effects %s, the matrix A makes up for it: A C A is the covariance of the "
        "effects%s. T is A times the %s%s.",
        r->mean ? "mean is" : "coefficients are",
        r->nested ? "covary by the levels that they share"
                  : mtp_arena_printf(r->s->arena,
                                     "are independent with the variances `%s`", v),
        r->nested ? ""
                  : mtp_arena_printf(r->s->arena, ", with `%s` on its diagonal", v),
        r->nested ? "inverse of that" : "weights",
        r->mean ? r->nested ? ", times ones" : "" : ", times the moderators");
}

void mtp_robust_adjustment(mtp_explain_robust *r)
{
    introduce(r);
    mtp_robust_simple(r);
    for (size_t g = 0; g < r->m; g++) {
        if (r->chosen[g] && !mtp_robust_is_simple(r, g) && !r->singular[g]) {
            work_cluster(r, g);
        }
    }
    say_left_out(r);
}
