/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shares of the groups in the equations of their variances, from the outside in. */
#include "explain/nested_shares.h"

#include <math.h>
#include <string.h>

/* "S", then for every level "E_2", "H_2" and "F_2"; with moderators a product each of
 * the columns' sums: "F_2_1_1", "F_2_2_1", ... */
void mtp_nested_list_shares(mtp_nested_model *n)
{
    n->share[n->n_shares++] = "S";
    for (size_t l = 1; l <= n->n_levels; l++) {
        n->share[n->n_shares++] = mtp_nested_text(n, "E_%zu", l);
        n->share[n->n_shares++] = mtp_nested_text(n, "H_%zu", l);
        for (size_t j = 0; n->x && j < n->p; j++) {
            for (size_t i = j; i < n->p; i++) {
                n->share[n->n_shares++] =
                    mtp_nested_text(n, "F_%zu_%zu_%zu", l, i + 1, j + 1);
            }
        }
        if (!n->x) {
            n->share[n->n_shares++] = mtp_nested_text(n, "F_%zu", l);
        }
    }
}

static size_t shares_a_level(const mtp_nested_model *n)
{
    return 2 + (n->x ? n->p * (n->p + 1) / 2 : 1);
}

/* Where those of a level begin. */
size_t mtp_nested_share_at(const mtp_nested_model *n, size_t level)
{
    return 1 + (level - 1) * shares_a_level(n);
}

/* "w_i" of the children, by their first work. */
static size_t add_known(const mtp_nested_model *n, size_t level, size_t group,
                        const char *name, bool total, mtp_solution_column column[],
                        size_t count)
{
    size_t from = n->begin[level][group], q = 0;

    while (q + 1 < n->n_carried && strcmp(n->carried[q].name, name) != 0) {
        q++;
    }
    column[count] = (mtp_solution_column){.name = mtp_nested_text(n, "%s_i", name),
                                          .values = n->sums[level + 1][q].value + from,
                                          .error = n->sums[level + 1][q].error + from,
                                          .total = total};
    return count + 1;
}

/* The children's w, w_y and moderators, then their d: sum of D^-1 r. */
static size_t add_residuals(mtp_nested_model *n, size_t level, size_t group,
                            mtp_solution_column column[])
{
    const char *rest = "w_y_i";
    size_t count = 0;

    if (level == n->depth) {
        count = mtp_nested_effects(n, group, column);
        column[count++] = (mtp_solution_column){.name = "r_i", .formula = n->residual};
        column[count++] =
            (mtp_solution_column){.name = "w_i", .formula = n->weight, .total = true};
        for (size_t j = n->constant; level > 0 && j < n->p; j++) {
            column[count++] = (mtp_solution_column){
                .formula = mtp_nested_text(n, "w_i * x_%zu_i", j + 1), .total = true};
        }
        column[count++] =
            (mtp_solution_column){.name = "d_i", .formula = "w_i * r_i", .total = true};
        return count;
    }
    count = add_known(n, level, group, "w", true, column, count);
    count = add_known(n, level, group, "w_y", false, column, count);
    for (size_t j = 0; j < n->p; j++) {
        const char *name = mtp_nested_name(n, "w", j);

        if (j >= n->constant) {
            count = add_known(n, level, group, name, true, column, count);
        }
        rest = n->x ? mtp_nested_text(n, "%s - %s_%zu * %s_i", rest, n->b, j + 1, name)
                    : mtp_nested_text(n, "%s - %s * %s_i", rest, n->b, name);
    }
    column[count++] =
        (mtp_solution_column){.name = "d_i", .formula = rest, .total = true};
    return count;
}

/* d, the sum of d_i; what cancels but for rounding is 0. */
static void sum_residuals(mtp_nested_model *n)
{
    const mtp_quantity *q = mtp_scope_find(&n->s->scope, "d_i");
    double sum = 0.0, largest = 0.0;

    for (size_t i = 0; q && i < n->s->scope.k; i++) {
        sum += q->column[i];
        largest = fmax(largest, fabs(q->column[i]));
    }
    if (fabs(sum) < 1e-10 * largest) {
        mtp_solution_given(n->s, "d", 0.0);
    } else {
        (void)mtp_solution_line(n->s, "d", "sum(d_i)", (double)NAN);
    }
}

/* What is known of a group from its sums: e, u, T, c, and U_j of the moderators. */
static void stand(mtp_nested_model *n, size_t l)
{
    bool leaf = l == n->depth, top = l == 1;
    mtp_solution *s = n->s;

    (void)mtp_solution_line(s, "a", "sum(w_i)", (double)NAN);
    (void)mtp_solution_linef(s, "b", (double)NAN, "1 + sigma2_%zu * a", l);
    sum_residuals(n);
    if (top) {
        (void)mtp_solution_line(s, "e_1", "d / b", (double)NAN);
        (void)mtp_solution_line(s, "u_1", "sigma2_1 * e_1", (double)NAN);
        (void)mtp_solution_line(s, "T_1", "sigma2_1 / b", (double)NAN);
        (void)mtp_solution_line(s, "c_1", "1 / b", (double)NAN);
    } else {
        (void)mtp_solution_linef(s, mtp_nested_text(n, "e_%zu", l), (double)NAN,
                                 "(d - u_%zu * a) / b", l - 1);
        (void)mtp_solution_linef(s, mtp_nested_text(n, "u_%zu", l), (double)NAN,
                                 "u_%zu + sigma2_%zu * e_%zu", l - 1, l, l);
        (void)mtp_solution_linef(s, mtp_nested_text(n, "T_%zu", l), (double)NAN,
                                 "T_%zu / b^2 + sigma2_%zu / b", l - 1, l);
        (void)mtp_solution_linef(s, mtp_nested_text(n, "c_%zu", l), (double)NAN,
                                 "c_%zu / b", l - 1);
    }
    for (size_t j = n->constant; j < n->p; j++) {
        const char *sum = leaf ? mtp_nested_text(n, "sum(w_i * x_%zu_i)", j + 1)
                               : mtp_nested_text(n, "sum(w_%zu_i)", j + 1);
        const char *name = mtp_nested_text(n, "U_%zu_%zu", l, j + 1);

        if (top) {
            (void)mtp_solution_linef(s, name, (double)NAN, "sigma2_1 * %s / b", sum);
        } else {
            (void)mtp_solution_linef(
                s, name, (double)NAN,
                "U_%zu_%zu + sigma2_%zu * (%s - U_%zu_%zu * a) / b", l - 1, j + 1, l,
                sum, l - 1, j + 1);
        }
    }
}

/* f_j of a child, and the product of two. Of outermost groups it is w_j. */
static const char *slope(const mtp_nested_model *n, size_t level, size_t j)
{
    bool outermost = level == 0 && (level < n->depth || j < n->constant);

    return mtp_nested_text(n, "%s_i", mtp_nested_name(n, outermost ? "w" : "f", j));
}

static const char *product(const mtp_nested_model *n, size_t level, size_t i, size_t j)
{
    const char *first = slope(n, level, i);

    return i == j ? mtp_nested_text(n, "%s^2", first)
                  : mtp_nested_text(n, "%s * %s", first, slope(n, level, j));
}

static size_t add_slopes(const mtp_nested_model *n, size_t level, bool products,
                         mtp_solution_column column[], size_t count)
{
    bool leaf = level == n->depth;

    if (level > 0) {
        column[count++] = (mtp_solution_column){
            .name = "f_i", .formula = mtp_nested_text(n, "w_i * c_%zu", level)};
    }
    for (size_t j = n->constant; products && (level > 0 || leaf) && j < n->p; j++) {
        const char *own = leaf ? mtp_nested_text(n, "w_i * x_%zu_i", j + 1)
                               : mtp_nested_text(n, "w_%zu_i", j + 1);

        column[count++] = (mtp_solution_column){
            .name = slope(n, level, j),
            .formula = level == 0 ? own
                                  : mtp_nested_text(n, "%s - w_i * U_%zu_%zu", own,
                                                    level, j + 1)};
    }
    for (size_t j = 0; products && j < n->p; j++) {
        for (size_t i = j; i < n->p; i++) {
            column[count++] = (mtp_solution_column){.formula = product(n, level, i, j),
                                                    .total = true};
        }
    }
    return count;
}

/* An effect that is 0 but for rounding, by its standard deviation. */
static const double NOTHING = 1e-13;

/* Predicted effects of the children in the order of the rows. */
static const double *predicted(const mtp_nested_model *n, size_t level, size_t group)
{
    const mtp_level_effects *effects = &n->levels[level].effects;
    double *made;

    made = MTP_ARENA_ARRAY(n->s->arena, n->set->k, double);
    n->s->failed = n->s->failed || !made;
    for (size_t i = 0; made && i < n->set->k; i++) {
        size_t of = level < n->depth ? i : effects->group[i];

        made[i] = of < effects->n_groups ? effects->estimate[of] : 0.0;
        if (fabs(made[i]) < NOTHING * sqrt(n->levels[level].sigma2)) {
            made[i] = 0.0;
        }
    }
    if (!made || level == n->depth) {
        return made ? mtp_nested_gathered(n, group, made) : NULL;
    }
    return made + n->begin[level][group];
}

/* What the last table of these rows had. */
static size_t add_again(const mtp_nested_model *n, size_t level,
                        mtp_solution_column column[])
{
    bool leaf = level == n->depth;
    const char *name[MTP_NESTED_P + 3];
    size_t count = 0;

    if (leaf) {
        name[count++] = "r_i";
    }
    name[count++] = "w_i";
    for (size_t j = n->constant; level < n->n_levels && j < n->p; j++) {
        name[count++] = mtp_nested_text(n, leaf ? "x_%zu_i" : "w_%zu_i", j + 1);
    }
    name[count++] = "d_i";
    for (size_t c = 0; c < count; c++) {
        const mtp_quantity *q = mtp_scope_find(&n->s->scope, name[c]);

        column[c] = (mtp_solution_column){.name = name[c],
                                          .values = q ? q->column : NULL,
                                          .error = q ? q->error : NULL};
    }
    return count;
}

/* e, h and f of the children, which are the groups of the level below. */
void mtp_nested_share_table(mtp_nested_model *n, size_t level, size_t group)
{
    mtp_solution_column column[MTP_NESTED_COLUMNS];
    size_t from = n->begin[level][group], count;
    bool leaf = level == n->depth, equation = level < n->n_levels;

    count = level == 0 ? add_residuals(n, level, group, column)
                       : add_again(n, level, column);
    if (level > 0) {
        column[count++] = (mtp_solution_column){
            .name = "e_i", .formula = mtp_nested_text(n, "d_i - w_i * u_%zu", level)};
    } else {
        column[count - 1].name = "e_i"; /* nothing is around the outermost */
    }
    if (leaf) {
        column[count++] = (mtp_solution_column){.formula = "r_i * e_i", .total = true};
    }
    if (equation) {
        column[count++] = (mtp_solution_column){.formula = "e_i^2", .total = true};
    }
    if (equation && level > 0) {
        column[count++] = (mtp_solution_column){
            .name = "h_i",
            .formula = mtp_nested_text(n, "w_i - w_i^2 * T_%zu", level),
            .total = true};
    }
    count = add_slopes(n, level, equation, column, count);
    if (equation && n->levels[level].sigma2 > 0.0) {
        column[count++] = (mtp_solution_column){
            .formula = mtp_nested_text(n, "sigma2_%zu * e_i", level + 1),
            .values = predicted(n, level, group)};
    }
    if (leaf && !n->x && !n->limit) {
        double *percent = MTP_ARENA_ARRAY(n->s->arena, n->set->k, double);

        for (size_t i = 0; percent && i < n->set->k; i++) {
            percent[i] = n->work->bundle->studies[n->set->index[i]].weight_random;
        }
        column[count++] = (mtp_solution_column){
            .formula = level == 0 ? "100 * w_i / M" : "100 * f_i / M",
            .values = percent ? mtp_nested_gathered(n, group, percent) : NULL};
        n->s->failed = n->s->failed || !percent;
    }
    for (size_t q = 0; !leaf && q < n->n_shares; q++) {
        if (q == 0 || q >= mtp_nested_share_at(n, level + 2)) {
            column[count++] =
                (mtp_solution_column){.name = mtp_nested_text(n, "%s_i", n->share[q]),
                                      .values = n->shares[level + 1][q].value + from,
                                      .error = n->shares[level + 1][q].error + from,
                                      .total = true};
        }
    }
    if (!n->s->failed) {
        mtp_solution_table(n->s, count, column);
    }
}

/* The sum of a share over the children of a group: of their own level from e, h and f,
 * of those within from theirs. */
const char *mtp_nested_share_sum(const mtp_nested_model *n, size_t level, size_t q)
{
    size_t at = mtp_nested_share_at(n, level + 1), i = q - at, row = 0, to = 0;

    if (q == 0) {
        return level == n->depth ? "sum(r_i * e_i)" : "sum(S_i)";
    }
    if (i >= shares_a_level(n)) {
        return mtp_nested_text(n, "sum(%s_i)", n->share[q]);
    }
    if (i < 2) {
        return i == 0 ? "sum(e_i^2)" : level == 0 ? "sum(w_i)" : "sum(h_i)";
    }
    for (i -= 2; i >= n->p - to; to++) {
        i -= n->p - to;
    }
    row = to + i;
    return mtp_nested_text(n, "sum(%s)", product(n, level, row, to));
}

static void keep_shares(mtp_nested_model *n, size_t level, size_t group)
{
    for (size_t q = 0; q < n->n_shares; q++) {
        const mtp_quantity *of;

        if (q > 0 && q < mtp_nested_share_at(n, level + 1)) {
            continue;
        }
        (void)mtp_solution_line(n->s, n->share[q], mtp_nested_share_sum(n, level, q),
                                (double)NAN);
        of = mtp_scope_find(&n->s->scope, n->share[q]);
        n->shares[level][q].value[group] = of ? of->figure.value : 0.0;
        n->shares[level][q].error[group] = of ? of->figure.error : 0.0;
    }
}

void mtp_nested_work_group(mtp_nested_model *n, size_t level, size_t group, bool shown)
{
    mtp_nested_frame frame = mtp_nested_enter(n, level, group, shown);
    mtp_solution_column column[MTP_NESTED_COLUMNS];

    mtp_solution_table(n->s, add_residuals(n, level, group, column), column);
    stand(n, level);
    for (size_t c = n->begin[level][group];
         level < n->depth && c < n->begin[level][group + 1] && !n->s->failed; c++) {
        mtp_nested_work_group(n, level + 1, c,
                              shown && mtp_nested_is_worked(n, level + 1, c));
    }
    mtp_nested_rows(n, level, group);
    mtp_nested_share_table(n, level, group);
    keep_shares(n, level, group);
    mtp_nested_leave(n, &frame);
}
