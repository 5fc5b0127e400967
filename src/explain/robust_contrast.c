/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Satterthwaite's degrees of freedom of a contrast, from what is known of the
 * coefficients. */
#include "explain/robust_moments.h"

#include <math.h>

/* c_1 x_1 + ..., x what is known of every coefficient. */
static const char *weighted(mtp_sandwich *of, const char *const c[], const char *format,
                            size_t l)
{
    const char *sum = NULL;

    for (size_t a = 0; a < of->r.p; a++) {
        const char *part = mtp_sandwich_text(of, format, a, l);

        if (c[a]) {
            sum = mtp_sandwich_sum(
                of, sum, *c[a] ? mtp_sandwich_format(of, "%s * %s", c[a], part) : part);
        }
    }
    return sum ? sum : "0";
}

/* What the parts of a contrast have of each coefficient. */
static void add_parts(mtp_sandwich_table *t, const char *const c[], bool studies)
{
    for (size_t a = 0; a < t->of->r.p; a++) {
        if (c[a] && studies) {
            mtp_sandwich_known(t, mtp_sandwich_text(t->of, "s_#_i", a, 0));
            if (t->of->r.nested) {
                mtp_sandwich_known(t, mtp_sandwich_text(t->of, "n_#_i", a, 0));
            }
        }
        for (size_t l = 0; c[a] && !studies && l < t->of->r.p; l++) {
            mtp_sandwich_known(t, mtp_sandwich_text(t->of, "q_#_@_g", a, l));
            if (t->of->r.weight) {
                mtp_sandwich_known(t, mtp_sandwich_text(t->of, "k_#_@_g", a, l));
            }
        }
    }
}

static void contrast_of_clusters(mtp_sandwich *of, const char *const c[],
                                 const mtp_combination_work *K)
{
    mtp_sandwich_table t = {.of = of, .s = of->m->s};

    mtp_robust_rows_are_clusters(&of->r);
    add_parts(&t, c, false);
    mtp_sandwich_add(&t, "e_K_g",
                     mtp_sandwich_format(of, "sum_g(%s)", mtp_moment_noise(of, K)));
    for (size_t w = 0; w < (of->r.weight ? 2 : 1); w++) {
        for (size_t l = 0; l < of->r.p; l++) {
            mtp_sandwich_add(&t, mtp_moment_element(of, w ? "k" : "q", K, l),
                             weighted(of, c, w ? "k_#_@_g" : "q_#_@_g", l));
        }
    }
    mtp_sandwich_add(&t, "b_K_g", mtp_moment_low(of, K));
    mtp_sandwich_add(&t, "p_K_g", "e_K_g - b_K_g");
    t.column[t.n - 1].total = true;
    mtp_sandwich_total(&t, "p_K_g^2");
    mtp_sandwich_total(&t, "b_K_g^2");
    mtp_sandwich_write(&t);
    t.n = 0;
    mtp_moment_known(&t, K, "q");
    mtp_moment_products(&t, K);
}

bool mtp_sandwich_contrast(mtp_sandwich *of, const char *const c[], double df)
{
    mtp_combination_work K = {"K", "df_K", df};
    mtp_sandwich_table t = {.of = of, .s = of->m->s};
    size_t mark;

    for (size_t a = 0; a < of->r.p; a++) {
        if (isnan(df) || (c[a] && !of->worked[a])) {
            return false;
        }
    }
    mark = mtp_sandwich_open(of);
    mtp_solution_text(
        of->m->s,
        "Its degrees of freedom are made as those of a coefficient: s, q%s "
        "are those of the coefficients, times c.",
        of->r.weight   ? " and k"
        : of->r.nested ? " and n"
                       : "");
    add_parts(&t, c, true);
    if (!of->r.nested) {
        mtp_sandwich_known(&t, mtp_robust_variance_column(&of->r));
    }
    mtp_sandwich_add(&t, "s_K_i", weighted(of, c, "s_#_i", 0));
    if (of->r.nested) {
        mtp_sandwich_add(&t, "n_K_i", weighted(of, c, "n_#_i", 0));
    }
    mtp_sandwich_part(&t, mtp_moment_noise(of, &K));
    mtp_sandwich_write(&t);
    contrast_of_clusters(of, c, &K);
    mtp_moment_df(of, &K);
    mtp_sandwich_close(of, mark);
    mtp_solution_know(of->m->s, "df_K", df);
    return true;
}
