/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The adjustment of cr2 by hand. With V_g the working variances of a cluster and C_g
 * the covariance of its residuals under the working model, A_g is the matrix that gives
 * the residuals the covariance they should have, A_g C_g A_g = V_g, and T = A_g W_g
 * X_g. Of two studies A_g is the root of a matrix of two rows, in closed form; of more
 * A_g is given, and the equation shown. */
#include "explain/robust.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { MOST = MTP_ROBUST_WORKED_MAX, SWEEPS = 60 };

/* One cluster. */
typedef struct matrices {
    size_t n;
    const double *phi;
    double C[MOST * MOST], A[MOST * MOST];
} matrices;

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
static void add_fitted(mtp_explain_robust *r, size_t i, size_t j, mtp_strbuf *to)
{
    const char *v = mtp_robust_variance_name(r);

    if (!r->weight) {
        mtp_strbuf_printf(to, "%s(%s)", i == j ? " - " : "-", form(r, "V", i, j));
    } else {
        mtp_strbuf_printf(to, "%s(a_%zu * %s_%zu + a_%zu * %s_%zu) * (%s) + %s",
                          i == j ? " - " : "-", i + 1, v, i + 1, j + 1, v, j + 1,
                          form(r, "V", i, j), form(r, "R", i, j));
    }
}

static void put_covariance(mtp_explain_robust *r, size_t i, size_t j, matrices *of)
{
    const char *v = mtp_robust_variance_name(r);
    mtp_strbuf text;

    mtp_strbuf_init(&text);
    if (i == j) {
        mtp_strbuf_printf(&text, "%s_%zu", v, i + 1);
    }
    if (!r->mean) {
        add_fitted(r, i, j, &text);
    } else if (!r->weight) {
        mtp_strbuf_add(&text, i == j ? " - 1 / S" : "-(1 / S)");
    } else if (i == j) {
        mtp_strbuf_printf(&text, " - 2 * a_%zu * %s_%zu / S + N / S^2", i + 1, v,
                          i + 1);
    } else {
        mtp_strbuf_printf(&text, "N / S^2 - (a_%zu * %s_%zu + a_%zu * %s_%zu) / S",
                          i + 1, v, i + 1, j + 1, v, j + 1);
    }
    put(r->s, element(r->s, "C", i, j), &text, (double)NAN, &of->C[i * of->n + j]);
    of->C[j * of->n + i] = of->C[i * of->n + j];
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

/* A rotation that makes B_pq 0; Z keeps the product of all. */
static void rotate(size_t n, double B[], double Z[], size_t p, size_t q)
{
    double theta = (B[q * n + q] - B[p * n + p]) / (2.0 * B[p * n + q]);
    double t = copysign(1.0, theta) / (fabs(theta) + sqrt(theta * theta + 1.0));
    double c = 1.0 / sqrt(t * t + 1.0), s = t * c, turn = t * B[p * n + q];

    B[p * n + p] -= turn;
    B[q * n + q] += turn;
    B[p * n + q] = B[q * n + p] = 0.0;
    for (size_t i = 0; i < n; i++) {
        double zp = Z[i * n + p], zq = Z[i * n + q];

        Z[i * n + p] = c * zp - s * zq;
        Z[i * n + q] = s * zp + c * zq;
        if (i != p && i != q) {
            double bp = B[i * n + p], bq = B[i * n + q];

            B[i * n + p] = B[p * n + i] = c * bp - s * bq;
            B[i * n + q] = B[q * n + i] = s * bp + c * bq;
        }
    }
}

/* Jacobi's rotations keep the digits of small eigenvalues of a positive definite matrix
 * whose rows are of different size: Demmel & Veselic (1992), SIAM J Matrix Anal Appl
 * 13:1204-1245, doi:10.1137/0613074. */
static void find_root(matrices *of)
{
    size_t n = of->n;
    double B[MOST * MOST], Z[MOST * MOST] = {0.0};
    bool turned = true;

    for (size_t i = 0; i < n * n; i++) {
        B[i] = sqrt(of->phi[i / n]) * of->C[i] * sqrt(of->phi[i % n]);
        Z[i] = i / n == i % n ? 1.0 : 0.0;
    }
    for (int sweep = 0; turned && sweep < SWEEPS; sweep++) {
        turned = false;
        for (size_t p = 0; p < n; p++) {
            for (size_t q = p + 1; q < n; q++) {
                double limit = DBL_EPSILON * sqrt(B[p * n + p] * B[q * n + q]);

                if (fabs(B[p * n + q]) > limit) {
                    rotate(n, B, Z, p, q);
                    turned = true;
                }
            }
        }
    }
    for (size_t i = 0; i < n * n; i++) {
        of->A[i] = 0.0;
        for (size_t v = 0; v < n; v++) {
            of->A[i] += sqrt(of->phi[i / n]) * Z[i / n * n + v] / sqrt(B[v * n + v]) *
                        Z[i % n * n + v] * sqrt(of->phi[i % n]);
        }
    }
}

/* What A may be off by: the rounding of C, of which A takes the inverse root. */
static void set_error(mtp_solution *s, const char *name, const matrices *of, size_t i,
                      size_t j)
{
    size_t n = of->n;
    double most = 1.0;

    for (size_t l = 0; l < n; l++) {
        most = fmax(most, of->A[l * n + l]);
    }
    mtp_scope_set(
        &s->scope, name,
        (mtp_figure){of->A[i * n + j],
                     DBL_EPSILON * (most * most * fabs(of->A[i * n + j]) +
                                    sqrt(of->A[i * n + i] * of->A[j * n + j]))});
}

/* A as given, and both sides of A C A = V. */
static void put_given_root(mtp_explain_robust *r, matrices *of)
{
    mtp_solution *s = r->s;
    size_t n = of->n;
    double ignored;

    find_root(of);
    mtp_solution_text(s, "A is taken as given; it is the symmetric matrix, of positive "
                         "eigenvalues, for which A C A has the variances on its "
                         "diagonal and 0 beside it, as follows by way of E = A C.");
    for (size_t j = 0; j < n; j++) {
        for (size_t i = j; i < n; i++) {
            mtp_solution_given(s, element(s, "A", i, j), of->A[i * n + j]);
            set_error(s, element(s, "A", i, j), of, i, j);
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
        put(s, name, &text, (double)NAN, &ignored);
    }
    for (size_t j = 0; j < n; j++) {
        for (size_t i = j; i < n; i++) {
            mtp_strbuf text;

            mtp_strbuf_init(&text);
            for (size_t l = 0; l < n; l++) {
                mtp_strbuf_printf(&text, "%sE_%zu_%zu * %s", l > 0 ? " + " : "", i + 1,
                                  l + 1, element(s, "A", l, j));
            }
            put(s, element(s, "F", i, j), &text, i == j ? of->phi[i] : 0.0, &ignored);
        }
    }
}

/* T = A W X, which the analysis has; with weights of their own and variances many
 * powers of ten apart to fewer digits than the line. */
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
            put(r->s, name, &text, r->weight ? (double)NAN : r->T[c][r->start[g] + i],
                &ignored);
        }
    }
}

static void work_cluster(mtp_explain_robust *r, size_t g)
{
    matrices of = {.n = r->start[g + 1] - r->start[g], .phi = &r->phi[r->start[g]]};
    size_t mark = r->s->scope.n;

    mtp_solution_heading(r->s, 4, "Cluster %s", r->name[g]);
    give_studies(r, g);
    for (size_t j = 0; j < of.n; j++) {
        for (size_t i = j; i < of.n; i++) {
            put_covariance(r, i, j, &of);
        }
    }
    if (of.n == 2) {
        put_root_of_two(r);
    } else {
        put_given_root(r, &of);
    }
    put_weights(r, g, of.n);
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

void mtp_robust_adjustment(mtp_explain_robust *r)
{
    const char *v = mtp_robust_variance_column(r);

    mtp_solution_heading(r->s, 4, "Adjusted weights");
    mtp_solution_text(
        r->s,
        "Residuals vary less than effects, since the %s fitted to them. With C the "
        "covariance of the residuals of a cluster under the working model, in which "
        "effects are independent with the variances `%s`, the matrix A makes up for "
        "it: "
        "A C A is the covariance of the effects, with `%s` on its diagonal. T is A "
        "times "
        "the weights%s.",
        r->mean ? "mean is" : "coefficients are", v, v,
        r->mean ? "" : ", times the moderators");
    mtp_robust_simple(r);
    for (size_t g = 0; g < r->m; g++) {
        if (r->chosen[g] && !mtp_robust_is_simple(r, g) && !r->singular[g]) {
            work_cluster(r, g);
        }
    }
    say_left_out(r);
}
