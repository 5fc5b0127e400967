/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cluster-robust covariance U of the coefficients of a regression, and degrees of
 * freedom. */
#include "explain/equations.h"
#include "explain/regress.h"
#include "explain/robust.h"

#include <math.h>

enum { COLUMNS = 80 };

/* A robust covariance on its way. */
typedef struct sandwich {
    mtp_explain_regression *m;
    mtp_explain_robust r;
    const char *w; /* "ws_i" or "a_i" */
} sandwich;

static const char *text(sandwich *of, const char *format, size_t a, size_t b)
{
    return mtp_regress_text(of->m->s, format, a, b);
}

static void add_column(mtp_solution_column column[], size_t *n, const char *name,
                       const char *formula)
{
    column[(*n)++] = (mtp_solution_column){.name = name, .formula = formula};
}

/* A column and its sum over each cluster. */
static void add_part(sandwich *of, mtp_solution_column column[], size_t *n,
                     const char *formula)
{
    column[(*n)++] = (mtp_solution_column){.formula = formula, .subtotal = true};
    of->m->s->failed = of->m->s->failed || !formula;
}

static void add_total(sandwich *of, mtp_solution_column column[], size_t *n,
                      const char *formula)
{
    column[(*n)++] = (mtp_solution_column){.formula = formula, .total = true};
    of->m->s->failed = of->m->s->failed || !formula;
}

static size_t base_columns(sandwich *of, bool effects, mtp_solution_column column[])
{
    size_t n = 0;

    if (effects) {
        column[n++] = (mtp_solution_column){.name = "y_i", .values = of->r.y};
    }
    column[n++] = (mtp_solution_column){.name = "v_i", .values = of->r.v};
    for (size_t j = 0; j < of->r.p; j++) {
        column[n++] =
            (mtp_solution_column){.name = of->m->x_name[j], .values = of->r.x[j]};
    }
    return n;
}

/* y - b_1 x_1 - ... */
static const char *residual(sandwich *of)
{
    mtp_solution *s = of->m->s;
    const char *made = "y_i";

    for (size_t j = 1; made && j <= of->r.p; j++) {
        made = mtp_arena_printf(s->arena, "%s - b_%zu * x_%zu_i", made, j, j);
    }
    s->failed = s->failed || !made;
    return made;
}

/* What is added up to the score of a cluster, for column j. */
static const char *part_of_score(sandwich *of, size_t j)
{
    return of->r.type == MTP_ROBUST_CR2
               ? text(of, "T_#_i * r_i", j, 0)
               : mtp_arena_printf(of->m->s->arena, "%s * x_%zu_i * r_i", of->w, j + 1);
}

static void study_table(sandwich *of)
{
    mtp_solution_column column[COLUMNS];
    size_t n = base_columns(of, true, column);

    if (of->r.type != MTP_ROBUST_CR2) {
        column[n] = (mtp_solution_column){.name = of->w, .values = of->r.weight};
        column[n++].formula = of->r.weight ? NULL : "1 / (v_i + tau2)";
    }
    add_column(column, &n, "r_i", residual(of));
    for (size_t j = 0; j < of->r.p && of->r.type == MTP_ROBUST_CR2; j++) {
        column[n++] = (mtp_solution_column){.name = text(of, "T_#_i", j, 0),
                                            .values = of->r.T[j]};
    }
    for (size_t j = 0; j < of->r.p; j++) {
        add_part(of, column, &n, part_of_score(of, j));
    }
    if (!of->m->s->failed) {
        mtp_solution_table(of->m->s, n, column);
    }
}

/* Row j of V by what a cluster or a study has for each column: "t_#_g". */
static const char *row_of_V(sandwich *of, size_t j, const char *by)
{
    mtp_arena *arena = of->m->s->arena;
    const char *made = "";

    for (size_t l = 0; l < of->r.p && made; l++) {
        const char *V = text(of, "V_#_@", l > j ? l : j, l > j ? j : l);
        const char *factor = text(of, by, l, 0);

        made = V && factor ? mtp_arena_printf(arena, "%s%s%s * %s", made,
                                              l > 0 ? " + " : "", V, factor)
                           : NULL;
    }
    of->m->s->failed = of->m->s->failed || !made;
    return made;
}

static void cluster_table(sandwich *of)
{
    mtp_solution *s = of->m->s;
    mtp_solution_column column[COLUMNS];
    size_t n = 0;

    for (size_t j = 0; j < of->r.p; j++) {
        const char *part = part_of_score(of, j);

        add_column(column, &n, text(of, "t_#_g", j, 0),
                   mtp_arena_printf(s->arena, "sum_g(%s)", part ? part : "0"));
    }
    for (size_t j = 0; j < of->r.p; j++) {
        add_column(column, &n, text(of, "c_#_g", j, 0), row_of_V(of, j, "t_#_g"));
    }
    for (size_t j = 0; j < of->r.p; j++) {
        for (size_t l = 0; l <= j; l++) {
            add_total(of, column, &n, text(of, "t_#_g * t_@_g", j, l));
        }
    }
    for (size_t j = 0; j < of->r.p; j++) {
        for (size_t l = 0; l <= j; l++) {
            add_total(of, column, &n, text(of, "c_#_g * c_@_g", j, l));
        }
    }
    mtp_robust_rows_are_clusters(&of->r);
    if (!s->failed) {
        mtp_solution_table(s, n, column);
    }
}

/* The meat M, which is shown for itself, and V M V, the sums of the c. */
static void covariance(sandwich *of)
{
    mtp_solution *s = of->m->s;
    size_t p = of->r.p;
    bool scaled = of->r.type == MTP_ROBUST_CR1;

    for (size_t j = 0; j < p; j++) {
        for (size_t l = 0; l <= j; l++) {
            const char *sum = text(of, "sum(t_#_g * t_@_g)", j, l);

            (void)mtp_solution_line(s, text(of, "M_#_@", j, l), sum, (double)NAN);
        }
    }
    mtp_solution_given(s, "G", (double)of->r.m);
    if (scaled) {
        (void)mtp_solution_line(s, "f", "G / (G - p)", (double)NAN);
    }
    for (size_t j = 0; j < p; j++) {
        for (size_t l = 0; l <= j; l++) {
            (void)mtp_solution_line(
                s, text(of, "U_#_@", j, l),
                text(of, scaled ? "f * sum(c_#_g * c_@_g)" : "sum(c_#_g * c_@_g)", j,
                     l),
                of->m->fit->vcov[j * p + l]);
        }
    }
}

static void scores(sandwich *of)
{
    mtp_solution *s = of->m->s;
    bool adjusted = of->r.type == MTP_ROBUST_CR2;

    if (adjusted) {
        mtp_solution_heading(s, 4, "Scores of the clusters");
    }
    mtp_solution_text(
        s,
        "Effects of one cluster g may depend on each other in any way: the residuals "
        "r of its studies%s are added up to its scores t (sum_g), and only these are "
        "taken as independent. M, the sums of their products over the clusters, stands "
        "between V and V in the covariance U of the coefficients; with c, which is V "
        "times t, U is the sum of the products of c%s.",
        adjusted ? ", by T," : ", by weights and moderators,",
        of->r.type == MTP_ROBUST_CR1 ? ", times f" : "");
    study_table(of);
    cluster_table(of);
    covariance(of);
    mtp_robust_rows_are_studies(&of->r);
}

/* With V = L D L' the columns of X L make x'Vx a sum of squares: the last is x_p. */
static const char *turned_name(sandwich *of, size_t j)
{
    return text(of, j + 1 < of->r.p ? "z_#_i" : "x_#_i", j, 0);
}

static void add_turned(sandwich *of, mtp_solution_column column[], size_t *n)
{
    mtp_solution *s = of->m->s;

    for (size_t j = 1; j < of->r.p; j++) {
        const char *made = mtp_arena_printf(s->arena, "x_%zu_i", j);

        for (size_t l = j + 1; made && l <= of->r.p; l++) {
            made =
                mtp_arena_printf(s->arena, "%s + l_%zu_%zu * x_%zu_i", made, l, j, l);
        }
        add_column(column, n, turned_name(of, j - 1), made);
        s->failed = s->failed || !made;
    }
}

static void weights_of_residuals(sandwich *of, size_t j)
{
    mtp_solution_column column[COLUMNS];
    size_t n = base_columns(of, false, column);
    const char *v = mtp_robust_variance_column(&of->r);

    if (of->r.with_tau2) {
        add_column(column, &n, v, "v_i + tau2");
    }
    add_turned(of, column, &n);
    for (size_t l = 0; l < of->r.p; l++) {
        column[n++] = (mtp_solution_column){.name = text(of, "T_#_i", l, 0),
                                            .values = of->r.T[l]};
    }
    add_column(column, &n, "s_i", row_of_V(of, j, "T_#_i"));
    add_part(of, column, &n, mtp_arena_printf(of->m->s->arena, "%s * s_i^2", v));
    for (size_t l = 0; l < of->r.p; l++) {
        const char *z = turned_name(of, l);

        add_part(of, column, &n,
                 mtp_arena_printf(of->m->s->arena, "%s * s_i", z ? z : "0"));
    }
    if (!of->m->s->failed) {
        mtp_solution_table(of->m->s, n, column);
    }
}

/* q_l_g for each column of X L, the variance p_g, and what their squares take. */
static void moments(sandwich *of)
{
    mtp_solution *s = of->m->s;
    mtp_solution_column column[COLUMNS];
    const char *b = NULL;
    size_t n = 0;

    add_column(column, &n, "e_g",
               mtp_arena_printf(s->arena, "sum_g(%s * s_i^2)",
                                mtp_robust_variance_column(&of->r)));
    for (size_t l = 0; l < of->r.p; l++) {
        const char *z = turned_name(of, l);

        add_column(column, &n, text(of, "u_#_g", l, 0),
                   mtp_arena_printf(s->arena, "sum_g(%s * s_i)", z ? z : "0"));
    }
    for (size_t l = 0; l < of->r.p; l++) {
        const char *square = text(of, "q_#_g^2", l, 0);

        add_column(column, &n, text(of, "q_#_g", l, 0),
                   text(of, "u_#_g * sqrt(d_#)", l, 0));
        b = l == 0 ? square
                   : mtp_arena_printf(s->arena, "%s + %s", b ? b : "0",
                                      square ? square : "0");
    }
    add_column(column, &n, "b_g", b);
    column[n++] =
        (mtp_solution_column){.name = "p_g", .formula = "e_g - b_g", .total = true};
    add_total(of, column, &n, "p_g^2");
    add_total(of, column, &n, "b_g^2");
    for (size_t l = 0; l < of->r.p; l++) {
        for (size_t a = 0; a <= l; a++) {
            add_total(of, column, &n,
                      a == l ? text(of, "q_#_g^2", l, 0)
                             : text(of, "q_#_g * q_@_g", l, a));
        }
    }
    for (size_t c = 0; c < n; c++) {
        s->failed = s->failed || !column[c].formula;
    }
    mtp_robust_rows_are_clusters(&of->r);
    if (!s->failed) {
        mtp_solution_table(s, n, column);
    }
}

/* The squares of the covariances of all pairs, those of a cluster with itself too. */
static const char *squares(sandwich *of)
{
    mtp_solution *s = of->m->s;
    const char *made = "sum(p_g^2) - sum(b_g^2)";

    for (size_t l = 1; made && l <= of->r.p; l++) {
        made = mtp_arena_printf(s->arena, "%s + sum(q_%zu_g^2)^2", made, l);
        for (size_t a = 1; made && a < l; a++) {
            made = mtp_arena_printf(s->arena, "%s + 2 * sum(q_%zu_g * q_%zu_g)^2", made,
                                    l, a);
        }
    }
    s->failed = s->failed || !made;
    return made;
}

/* With c_gh the sum over l of q_lg q_lh, the covariance of two clusters is -c_gh. */
static void degrees_of_freedom(sandwich *of)
{
    mtp_solution *s = of->m->s;

    mtp_solution_heading(s, 4, "Degrees of freedom");
    mtp_solution_text(
        s, "By Satterthwaite, for each coefficient: s, its row of V times T, says how "
           "much each residual counts in it. Under the working model the part of a "
           "cluster g has the variance `p_g`, and two clusters g and h have as "
           "covariance minus the sum of the products of their q, one for each "
           "coefficient. The degrees of freedom are the square of the sum of the "
           "variances by the sum D of the squares of all variances and covariances. "
           "Here V is the product of l, the diagonal d and l transposed, and z are the "
           "moderators times l.");
    mtp_equations_factor(s, "V", of->r.p);
    for (size_t j = 0; j < of->r.p; j++) {
        size_t mark = s->scope.n;
        const char *name = text(of, "nu_#", j, 0);

        if (isnan(of->m->fit->coefficient[j].df)) {
            continue;
        }
        mtp_solution_heading(s, 4, "b_%zu", j + 1);
        weights_of_residuals(of, j);
        moments(of);
        (void)mtp_solution_line(s, "D", squares(of), (double)NAN);
        (void)mtp_solution_line(s, name ? name : "nu", "sum(p_g)^2 / D",
                                of->m->fit->coefficient[j].df);
        mtp_robust_rows_are_studies(&of->r);
        s->scope.n = mark;
    }
}

static void give_degrees_of_freedom(sandwich *of)
{
    mtp_solution *s = of->m->s;

    mtp_solution_text(s, "The degrees of freedom of each coefficient are "
                         "Satterthwaite's; with weights of their own they are taken as "
                         "given.");
    for (size_t j = 0; j < of->r.p; j++) {
        const char *name = text(of, "nu_#", j, 0);

        mtp_solution_given(s, name ? name : "nu", of->m->fit->coefficient[j].df);
    }
}

/* What tests and intervals take. */
static void keep(sandwich *of)
{
    mtp_solution *s = of->m->s;
    size_t p = of->r.p;

    for (size_t j = 0; j < p; j++) {
        const char *df = text(of, "nu_#", j, 0);

        for (size_t l = 0; l <= j; l++) {
            const char *name = text(of, "U_#_@", j, l);

            mtp_solution_know(s, name ? name : "U", of->m->fit->vcov[j * p + l]);
        }
        mtp_solution_know(s, df ? df : "nu", of->m->fit->coefficient[j].df);
    }
    mtp_solution_know(s, "G", (double)of->r.m);
}

static bool begin(mtp_explain_regression *m, sandwich *of)
{
    double *residuals = MTP_ARENA_ARRAY(m->s->arena, m->set.k, double);
    mtp_explain_set set = m->set;
    mtp_explain_working working = {.set = &set,
                                   .p = m->p,
                                   .x = (const double *const *)m->x,
                                   .residual = residuals,
                                   .tau2 = m->fit->heterogeneity.tau2,
                                   .with_tau2 = true};

    *of = (sandwich){.m = m, .w = m->weight ? "a_i" : "ws_i"};
    set.weight = m->weight;
    if (!residuals) {
        m->s->failed = true;
        return false;
    }
    for (size_t i = 0; i < m->set.k; i++) {
        residuals[i] = m->set.y[i];
        for (size_t j = 0; j < m->p; j++) {
            residuals[i] -= m->fit->coefficient[j].estimate * m->x[j][i];
        }
    }
    return mtp_robust_work_begin(m->work, &working, &of->r);
}

void mtp_regress_robust(mtp_explain_regression *m, mtp_explain_inference *how)
{
    sandwich of;

    if (!begin(m, &of)) {
        return;
    }
    mtp_solution_heading(m->s, 3, "Robust covariance");
    mtp_solution_text(m->s, "The variance is %s: %s; %zu studies in %zu clusters.",
                      mtp_robust_id(of.r.type), mtp_robust_label(of.r.type), of.r.k,
                      of.r.m);
    if (of.r.type == MTP_ROBUST_CR2) {
        mtp_robust_adjustment(&of.r);
    }
    scores(&of);
    if (of.r.type == MTP_ROBUST_CR2 && of.r.weight) {
        give_degrees_of_freedom(&of);
    } else if (of.r.type == MTP_ROBUST_CR2) {
        degrees_of_freedom(&of);
    }
    mtp_robust_work_end(&of.r);
    keep(&of);
    how->covariance = "U_#_@";
    how->own_df = of.r.type == MTP_ROBUST_CR2;
    if (!how->own_df) {
        how->df = "df_r";
        (void)mtp_solution_line(m->s, "df_r", "G - p", m->fit->coefficient[0].df);
    }
}
