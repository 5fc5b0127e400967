/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The distribution of a sum of chi-squares, lambda_1 X_1 + lambda_2 X_2 + ..., as a sum
 * of a few terms. With the Laplace transform E exp(-z Q) = 1 / sqrt(prod (1 + 2 z
 * lambda_j)), the probability of a Q below q is the integral of
 *   exp(z) / z / sqrt(prod (1 + z e_j)) / (2 pi i),   e_j = 2 lambda_j / q,
 * along any path around the negative axis. On the parabola z = mu (1 + i u)^2 the
 * midpoint rule with n steps h = 3 / n on each side of the real axis and mu = pi n / 12
 * has an error of about 8^-n: Weideman & Trefethen (2007), Math Comp 76:1341-1356,
 * doi:10.1090/S0025-5718-07-01945-X. As dz / z = 2 i du / (1 + i u), the real parts of
 * the terms are
 *   exp(re) F (cos(im - W) + u sin(im - W)) / (1 + u^2),
 * F = exp(-M / 2) the modulus and -W the angle of the root of the product: each factor
 * has the modulus f and half the angle atan(im e / (f + 1 + re e)).
 */
#include "explain/chi_squares.h"

#include "core/number.h"
#include "num/laplace.h"
#include "num/symmetric.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { EIGENVALUES_MAX = 200, NODES_FIRST = 8, NODES_STEP = 4, NODES_MAX = 64 };

static const double PI = 3.14159265358979323846;

/* Columns of A^1/2 X, orthonormal: each less what is along those before, twice. */
static void orthonormal(const mtp_explain_form *form, double u[])
{
    size_t k = form->k;

    for (size_t j = 0; j < form->p; j++) {
        double *column = u + j * k, norm = 0.0;

        for (size_t i = 0; i < k; i++) {
            column[i] = sqrt(form->a[i]) * (form->x ? form->x[j][i] : 1.0);
        }
        for (size_t l = 0; l < 2 * j; l++) {
            const double *before = u + (l % j) * k;
            double along = 0.0;

            for (size_t i = 0; i < k; i++) {
                along += before[i] * column[i];
            }
            for (size_t i = 0; i < k; i++) {
                column[i] -= along * before[i];
            }
        }
        for (size_t i = 0; i < k; i++) {
            norm += column[i] * column[i];
        }
        for (size_t i = 0; i < k; i++) {
            column[i] /= sqrt(norm);
        }
    }
}

static int falling(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return a > b ? -1 : a < b;
}

/* Those of D^1/2 (I - U U') D^1/2, D = diag(a s); p of them are 0. */
static bool eigenvalues(mtp_solution *s, const mtp_explain_form *form, double value[])
{
    size_t k = form->k;
    double *u = MTP_ARENA_ARRAY(s->arena, form->p * k, double);
    double *matrix = MTP_ARENA_ARRAY(s->arena, k * k, double);
    double *vector = MTP_ARENA_ARRAY(s->arena, k * k, double);
    double *work = MTP_ARENA_ARRAY(s->arena, 2 * k, double);

    if (!u || !matrix || !vector || !work) {
        s->failed = true;
        return false;
    }
    orthonormal(form, u);
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = i == j ? 1.0 : 0.0;

            for (size_t l = 0; l < form->p; l++) {
                sum -= u[l * k + i] * u[l * k + j];
            }
            matrix[i * k + j] =
                sqrt(form->a[i] * form->s[i]) * sqrt(form->a[j] * form->s[j]) * sum;
        }
    }
    if (!mtp_symmetric_eigen(k, matrix, value, vector, work)) {
        return false;
    }
    qsort(value, k, sizeof *value, falling);
    return true;
}

/* The sum of n terms. */
static double below_by(const mtp_explain_law *law, size_t n)
{
    double h = 3.0 / (double)n, mu = PI * (double)n / 12.0, sum = 0.0;

    for (size_t i = 0; i < n; i++) {
        double u = ((double)i + 0.5) * h;
        double re = mu * (1.0 - u * u), im = 2.0 * mu * u, M = 0.0, psi = im;

        for (size_t j = 0; j < law->n; j++) {
            double e = 2.0 * law->lambda[j] / law->observed, g = 1.0 + re * e;
            double f = hypot(g, im * e);

            M += log(f);
            psi -= atan(im * e / (f + g));
        }
        sum += exp(re - 0.5 * M) * (cos(psi) + u * sin(psi)) / (1.0 + u * u);
    }
    return 2.0 * h / PI * sum;
}

/* What the sum may be off. */
static double tolerance(const mtp_solution *s, const mtp_explain_law *law)
{
    return fmax(pow(10.0, -(double)s->digits - 1.0), 1e-11) * law->below;
}

bool mtp_explain_law_of(mtp_solution *s, const mtp_explain_form *form,
                        mtp_explain_law *law)
{
    double *value = MTP_ARENA_ARRAY(s->arena, form->k, double);
    double *scaled = MTP_ARENA_ARRAY(s->arena, form->k, double);
    size_t n = form->k - form->p;

    if (!value || !scaled) {
        s->failed = true;
        return false;
    }
    *law = (mtp_explain_law){.n = n, .lambda = value, .observed = form->observed};
    if (n > EIGENVALUES_MAX || !(form->observed > 0.0) ||
        !eigenvalues(s, form, value) || !(value[n - 1] > 0.0)) {
        return false;
    }
    for (size_t j = 0; j < n; j++) {
        scaled[j] = value[j] / form->observed;
    }
    law->below = mtp_chisq_sum_lower(1.0, n, scaled).p;
    for (law->nodes = NODES_FIRST; law->nodes <= NODES_MAX; law->nodes += NODES_STEP) {
        if (fabs(below_by(law, law->nodes) - law->below) <= 0.1 * tolerance(s, law)) {
            return true;
        }
    }
    return false;
}

void mtp_explain_law_introduce(mtp_solution *s)
{
    mtp_solution_text(
        s, "If the effects have the variances `v_i` + tau2, `Q_a` is distributed as a "
           "sum of independent chi-squares with 1 degree of freedom, each times an "
           "eigenvalue `lambda` of the matrix of the quadratic form between the "
           "standard deviations. The eigenvalues are found by a computer; their sum is "
           "the trace `T_1` of that matrix, the sum of their squares the trace `T_2` "
           "of its square. The probability of a sum of chi-squares below `Q_a` is an "
           "integral that the sum of n terms below gives to more digits than are shown "
           "(Weideman and Trefethen 2007), `e` being twice an eigenvalue divided by "
           "`Q_a`, `M` and `W` sums over the eigenvalues.");
}

/* The columns over the nodes. */
typedef struct nodes {
    double *u, *M, *W, *M_error, *W_error; /* [n] */
} nodes;

/* The sums over the eigenvalues at node j; the rows are eigenvalues. */
static void at_node(mtp_explain_work *work, const mtp_explain_law *law, nodes *of,
                    size_t j, bool shown)
{
    mtp_solution *s = work->s;
    bool muted = s->muted;
    const mtp_quantity *M, *W;

    s->muted = muted || !shown;
    if (shown) {
        mtp_solution_heading(s, 4, "Term %zu", j + 1);
    }
    (void)mtp_solution_linef(s, "u", (double)NAN, "%s * h",
                             mtp_number_brief((double)j + 0.5, 6).text);
    (void)mtp_solution_line(s, "re", "rho * (1 - u^2)", (double)NAN);
    (void)mtp_solution_line(s, "im", "2 * rho * u", (double)NAN);
    mtp_solution_table(
        s, 5,
        (const mtp_solution_column[]){
            {.name = "lambda_i", .values = law->lambda},
            {.name = "e_i", .formula = "2 * lambda_i / Q_a"},
            {.name = "f_i", .formula = "sqrt((1 + re * e_i)^2 + (im * e_i)^2)"},
            {.formula = "ln(f_i)", .total = true},
            {.formula = "atan(im * e_i / (f_i + 1 + re * e_i))", .total = true}});
    (void)mtp_solution_line(s, "M", "sum(ln(f_i))", (double)NAN);
    (void)mtp_solution_line(s, "W", "sum(atan(im * e_i / (f_i + 1 + re * e_i)))",
                            (double)NAN);
    s->muted = muted;
    M = mtp_scope_find(&s->scope, "M");
    W = mtp_scope_find(&s->scope, "W");
    if (!M || !W) {
        s->failed = true;
        return;
    }
    of->M[j] = M->figure.value;
    of->M_error[j] = M->figure.error;
    of->W[j] = W->figure.value;
    of->W_error[j] = W->figure.error;
}

/* The nodes, one by one: the first is shown, or all. */
static void each_node(mtp_explain_work *work, const mtp_explain_law *law, nodes *of)
{
    mtp_solution *s = work->s;

    mtp_solution_text(s, work->all
                             ? "The terms:"
                             : "The first term; `M` and `W` of the others are "
                               "made in the same way (--all-studies shows them).");
    for (size_t j = 0; j < law->nodes && !s->failed; j++) {
        size_t mark = s->scope.n;

        at_node(work, law, of, j, work->all || j == 0);
        s->scope.n = mark;
    }
}

static bool make_nodes(mtp_solution *s, size_t n, nodes *of)
{
    double *room = MTP_ARENA_ARRAY(s->arena, 5 * n, double);

    if (!room) {
        s->failed = true;
        return false;
    }
    *of = (nodes){room, room + n, room + 2 * n, room + 3 * n, room + 4 * n};
    for (size_t j = 0; j < n; j++) {
        of->u[j] = ((double)j + 0.5) * (3.0 / (double)n);
    }
    return true;
}

static void table_of_nodes(mtp_solution *s, const nodes *of)
{
    static const char term[] = "exp(re_i - M_i / 2) * (cos(im_i - W_i) + u_i * "
                               "sin(im_i - W_i)) / (1 + u_i^2)";

    mtp_solution_table(s, 6,
                       (const mtp_solution_column[]){
                           {.name = "u_i", .values = of->u},
                           {.name = "re_i", .formula = "rho * (1 - u_i^2)"},
                           {.name = "im_i", .formula = "2 * rho * u_i"},
                           {.name = "M_i", .values = of->M, .error = of->M_error},
                           {.name = "W_i", .values = of->W, .error = of->W_error},
                           {.name = "g_i", .formula = term, .total = true}});
}

void mtp_explain_law_show(mtp_explain_work *work, const mtp_explain_law *law)
{
    mtp_solution *s = work->s;
    const char *const *label = s->label, *row_name = s->row_name;
    size_t k = s->scope.k;
    nodes of;

    s->scope.k = law->n;
    s->label = mtp_solution_numbers(s, law->n > law->nodes ? law->n : law->nodes);
    s->row_name = "eigenvalue";
    if (s->failed || !make_nodes(s, law->nodes, &of)) {
        return;
    }
    mtp_solution_table(s, 2,
                       (const mtp_solution_column[]){
                           {.name = "lambda_i", .values = law->lambda, .total = true},
                           {.formula = "lambda_i^2", .total = true}});
    mtp_solution_given(s, "pi", PI);
    mtp_solution_given(s, "n", (double)law->nodes);
    (void)mtp_solution_line(s, "h", "3 / n", (double)NAN);
    (void)mtp_solution_line(s, "rho", "pi * n / 12", (double)NAN);
    each_node(work, law, &of);
    s->scope.k = law->nodes;
    s->row_name = "term";
    mtp_solution_text(s, "All terms:");
    table_of_nodes(s, &of);
    (void)mtp_solution_line(s, "L", "2 * h / pi * sum(g_i)", (double)NAN);
    s->scope.k = k;
    s->label = label;
    s->row_name = row_name;
}

void mtp_explain_law_sides(mtp_explain_work *work, const mtp_explain_law *law,
                           double tau2, double wanted)
{
    mtp_solution *s = work->s;
    const mtp_quantity *found = mtp_scope_find(&s->scope, "L");
    mtp_figure left = found ? found->figure : (mtp_figure){0.0, 0.0};

    left.error += tolerance(s, law) / 64.0;
    mtp_solution_given(s, "R", wanted);
    if (tau2 == 0.0) {
        mtp_solution_text(s, "Already at 0 the left side is not above the right one, "
                             "and it falls as tau2 grows.");
    } else if (mtp_solution_agrees(s, "the probability", left, wanted)) {
        mtp_solution_text(s, "Both sides agree.");
    }
}
