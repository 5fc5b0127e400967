/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Variance inflation: det(G_tt) det(K_tt), G the covariance of the moderators, K its
 * inverse, t the columns of a term: Fox & Monette (1992), J Am Stat Assoc 87:178-183,
 * doi:10.1080/01621459.1992.10475190. And what permutations have to say. */
#include "explain/equations.h"
#include "explain/regress.h"

#include <math.h>
#include <string.h>

/* Columns of the term, counted among the moderators. */
static size_t columns_of(const mtp_explain_regression *m, const char *term, size_t at[])
{
    const mtp_design *design = m->work->bundle->regression->design;
    size_t first = m->fit->intercept ? 1 : 0, n = 0;

    for (size_t j = first; j < m->p; j++) {
        size_t t = design->column_term[j];

        if (t < design->n_terms && strcmp(design->term_name[t], term) == 0) {
            at[n++] = j - first;
        }
    }
    return n;
}

/* The determinant of a part of a matrix: the product of d of its factor. */
static void determinant(mtp_explain_regression *m, const char *matrix, const char *name,
                        size_t n, const size_t at[])
{
    mtp_solution *s = m->s;
    const char *product = "d_1";

    for (size_t j = 0; j < n; j++) {
        for (size_t i = j; i < n; i++) {
            (void)mtp_solution_line(s, mtp_regress_text(s, "M_#_@", i, j),
                                    mtp_regress_text(s, matrix, at[i], at[j]),
                                    (double)NAN);
        }
    }
    mtp_equations_factor(s, "M", n);
    for (size_t j = 2; product && j <= n; j++) {
        product = mtp_regress_format(s, "%s * d_%zu", product, j);
    }
    (void)mtp_solution_line(s, name, product ? product : "0", (double)NAN);
}

static void inflation(mtp_explain_regression *m, const mtp_vif *vif, size_t n,
                      const size_t at[])
{
    mtp_solution *s = m->s;

    mtp_solution_heading(s, 3, "%s", mtp_solution_name(s, vif->name));
    if (n == 1) {
        const char *G = mtp_regress_text(s, "G_#_@", at[0], at[0]);
        const char *K = mtp_regress_text(s, "K_#_@", at[0], at[0]);

        (void)mtp_solution_linef(s, "VIF", vif->vif, "%s * %s", G ? G : "0",
                                 K ? K : "0");
        (void)mtp_solution_line(s, "SIF", "sqrt(VIF)", vif->sif);
        return;
    }
    determinant(m, "G_#_@", "D_G", n, at);
    determinant(m, "K_#_@", "D_K", n, at);
    (void)mtp_solution_line(s, "VIF", "D_G * D_K", vif->vif);
    mtp_solution_given(s, "c", (double)n);
    (void)mtp_solution_line(s, "SIF", "VIF^(1 / (2 * c))", vif->sif);
}

void mtp_regress_explain_vif(mtp_explain_regression *m)
{
    const char *covariance = m->weight ? "R_#_@" : "V_#_@";
    size_t first = m->fit->intercept ? 1 : 0, q = m->p - first;
    size_t *at = MTP_ARENA_ARRAY(m->s->arena, m->p, size_t);
    mtp_solution *s = m->s;

    if (m->fit->n_vif < 2) {
        return;
    }
    if (!at) {
        s->failed = true;
        return;
    }
    mtp_explain_section(m->work, "Variance inflation");
    mtp_solution_text(s, "G is the covariance of the moderators' coefficients, K its "
                         "inverse.");
    for (size_t j = 0; j < q; j++) {
        for (size_t i = j; i < q; i++) {
            (void)mtp_solution_line(
                s, mtp_regress_text(s, "G_#_@", i, j),
                mtp_regress_text(s, covariance, i + first, j + first), (double)NAN);
        }
    }
    mtp_equations_factor(s, "G", q);
    mtp_equations_inverse(s, "K", q, NULL);
    for (size_t v = 0; v < m->fit->n_vif; v++) {
        const mtp_vif *vif = &m->fit->vif[v];

        at[0] = v;
        inflation(m, vif, v < q ? 1 : columns_of(m, vif->name, at), at);
    }
}

/* A count of arrangements, and what share of all it is. */
static void put_share(mtp_solution *s, const char *count, const char *name, double p)
{
    mtp_solution_given(s, count,
                       rint(p * mtp_scope_find(&s->scope, "n_a")->figure.value));
    (void)mtp_solution_linef(s, name, p, "%s / n_a", count);
}

void mtp_regress_permutations(mtp_explain_regression *m)
{
    const mtp_permutation *test = m->fit->permutation;
    mtp_solution *s = m->s;

    if (!test) {
        return;
    }
    mtp_explain_section(m->work, "Permutation tests");
    mtp_solution_text(
        s,
        "Of `n_a` arrangements of the rows of moderators, %s, those are counted whose "
        "statistic is as far out as the observed one; p is their share. The counts c "
        "are given: every arrangement is a regression of its own.",
        test->exact ? "which are all that there are" : "the observed one among them");
    if (isnan(test->omnibus_p)) {
        mtp_solution_text(s,
                          "The observed statistic is not defined, and there is no p.");
        return;
    }
    mtp_solution_given(s, "n_a", (double)test->n);
    put_share(s, "c_M", "p_M_perm", test->omnibus_p);
    for (size_t j = 0; j < m->p; j++) {
        if (!isnan(test->p[j])) {
            put_share(s, mtp_regress_text(s, "c_#", j, 0),
                      mtp_regress_text(s, "p_#_perm", j, 0), test->p[j]);
        }
    }
}
