/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The equations that the variances of nested levels solve. With r = y - Xb and Z_l 1
 * for effects of a group of level l, the derivative of the likelihood in sigma2_l is 0
 * where
 *   r'V^-1 Z Z' V^-1 r = tr(Z'PZ)  (REML),  = tr(Z'V^-1 Z)  (ML),
 * sums over the groups of level l: e^2, e a group's sum of V^-1 r, on the left; h, its
 * sum of V^-1, and f_j, its sum of V^-1 x_j, on the right, tr = sum h - sum over j, m
 * of V_jm sum f_j f_m. From the outside in, e = d - w u with d the group's sum of D^-1
 * r, u what is predicted around it; h = w - w^2 T, f = w c. */
#include "explain/nested_shares.h"

#include <math.h>

/* tr(Z'PZ) from the sums of h and of products of f. */
static const char *trace(const mtp_nested_model *n, size_t level)
{
    size_t at = mtp_nested_share_at(n, level);
    const char *text = mtp_nested_share_sum(n, 0, at + 1);

    if (!n->restricted) {
        return text;
    }
    if (!n->x) {
        return mtp_nested_text(n, "%s - %s / M", text,
                               mtp_nested_share_sum(n, 0, at + 2));
    }
    for (size_t j = 0, q = at + 2; j < n->p; j++) {
        for (size_t i = j; i < n->p; i++, q++) {
            text =
                mtp_nested_text(n, "%s - %sV_%zu_%zu * %s", text, i > j ? "2 * " : "",
                                i + 1, j + 1, mtp_nested_share_sum(n, 0, q));
        }
    }
    return text;
}

/* Both sides of the equation of a level. */
static void sides(const mtp_nested_model *n, size_t level)
{
    const mtp_variance_component *of = &n->levels[level - 1];
    const char *left = mtp_nested_share_sum(n, 0, mtp_nested_share_at(n, level)),
               *right = trace(n, level);
    mtp_solution *s = n->s;
    const mtp_expr *difference;
    mtp_figure f;
    double a, b;

    mtp_solution_heading(s, 3, "Equation of the variance of %s",
                         mtp_solution_name(s, of->name));
    if (of->confounded) {
        mtp_solution_text(s, "Nothing is left to estimate it from: it is taken as 0.");
        return;
    }
    a = mtp_solution_line(s, "L", left, (double)NAN);
    b = mtp_solution_line(s, "R", right, (double)NAN);
    difference = mtp_expr_parse(s->arena, mtp_nested_text(n, "%s - (%s)", left, right));
    if (!difference) {
        s->failed = true;
        return;
    }
    if (!(of->sigma2 > 0.0) && a <= b) {
        mtp_solution_text(s,
                          "At `sigma2_%zu` = 0 the left side is not above the right "
                          "one: the likelihood falls from there, and the estimate is "
                          "0.",
                          level);
        return;
    }
    f = mtp_expr_value(difference, &s->scope, 0, MTP_EXACT);
    f.error = f.error / fmax(fabs(a), fabs(b)) + 1e-12;
    f.value /= fmax(fabs(a), fabs(b));
    if (mtp_solution_agrees(s, "the equation", f, 0.0)) {
        mtp_solution_text(
            s,
            "Both sides agree: the likelihood is highest at `sigma2_%zu`, "
            "which is found by search, and checked by this.",
            level);
    }
}

void mtp_nested_equations(mtp_nested_model *n)
{
    mtp_nested_list_shares(n);
    if (!mtp_nested_make_room(n, n->n_shares, n->shares)) {
        return;
    }
    for (size_t g = 0; n->depth > 0 && g < n->n[1] && !n->s->failed; g++) {
        mtp_nested_work_group(n, 1, g, mtp_nested_is_worked(n, 1, g));
    }
    if (n->depth > 0) {
        mtp_solution_heading(n->s, 3, "All groups");
    }
    mtp_nested_rows(n, 0, 0);
    mtp_nested_share_table(n, 0, 0);
    for (size_t l = 1; l <= n->n_levels; l++) {
        if (!n->limit || !(n->levels[l - 1].given || n->levels[l - 1].confounded)) {
            sides(n, l);
        }
    }
}
