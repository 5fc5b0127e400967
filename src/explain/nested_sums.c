/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nested levels from the inside out. With D the covariance of what a group holds
 * without its own variance, that with it is V = D + sigma2 11', and
 *   V^-1 = D^-1 - D^-1 1 1'D^-1 sigma2 / b,  b = 1 + sigma2 a,  a = 1'D^-1 1
 * (Sherman & Morrison), so that 1'V^-1 y = 1'D^-1 y / b, and log|V| = log|D| + log b.
 */
#include "explain/nested.h"

#include <math.h>

static void carry(mtp_nested_model *n, const char *name, const char *leaf,
                  const char *raw)
{
    n->carried[n->n_carried++] = (mtp_nested_quantity){
        .name = name,
        .sum = mtp_nested_text(n, "sum(%s_i)", name),
        .leaf = leaf,
        .raw = raw,
    };
}

static void carry_product(mtp_nested_model *n, const char *name, const char *leaf,
                          const char *first, const char *second)
{
    carry(n, name, leaf, NULL);
    n->carried[n->n_carried - 1].first = first;
    n->carried[n->n_carried - 1].second = second;
}

static const char *leaf_of(const mtp_nested_model *n, size_t i, size_t j)
{
    return mtp_nested_text(n, "w_i * x_%zu_i * x_%zu_i", i + 1, j + 1);
}

static void list_carried(mtp_nested_model *n)
{
    carry(n, "w", "w_i", "a");
    for (size_t j = n->constant; j < n->p; j++) {
        carry(n, mtp_nested_name(n, "w", j), mtp_nested_text(n, "w_i * x_%zu_i", j + 1),
              mtp_nested_name(n, "a", j));
    }
    carry(n, "w_y", "w_i * y_i", "a_y");
    for (size_t j = n->constant; j < n->p; j++) {
        for (size_t i = j; i < n->p; i++) {
            carry_product(n, mtp_nested_text(n, "A_%zu_%zu", i + 1, j + 1),
                          leaf_of(n, i, j), mtp_nested_name(n, "a", i),
                          mtp_nested_name(n, "a", j));
        }
        carry_product(n, mtp_nested_text(n, "B_%zu", j + 1),
                      mtp_nested_text(n, "w_i * x_%zu_i * y_i", j + 1),
                      mtp_nested_name(n, "a", j), "a_y");
    }
    carry(n, "D", mtp_nested_text(n, "ln(%s)", n->spread), NULL);
}

/* The children's quantities, and their sums below. */
static void table_of(mtp_nested_model *n, size_t level, size_t group)
{
    mtp_solution_column column[MTP_NESTED_COLUMNS];
    size_t from = n->begin[level][group], count = 0;
    bool leaf = level == n->depth;

    if (leaf) {
        count = mtp_nested_effects(n, group, column);
        column[count++] =
            (mtp_solution_column){.name = "w_i", .formula = n->weight, .total = true};
    }
    for (size_t q = leaf; q < n->n_carried; q++) {
        const mtp_nested_quantity *of = &n->carried[q];

        column[count++] =
            leaf ? (mtp_solution_column){.formula = of->leaf, .total = true}
                 : (mtp_solution_column){.name = mtp_nested_text(n, "%s_i", of->name),
                                         .values = n->sums[level + 1][q].value + from,
                                         .error = n->sums[level + 1][q].error + from,
                                         .total = true};
    }
    mtp_solution_table(n->s, count, column);
}

static const char *sum_of(const mtp_nested_model *n, size_t level,
                          const mtp_nested_quantity *q)
{
    return level == n->depth ? mtp_nested_text(n, "sum(%s)", q->leaf) : q->sum;
}

/* What the group is to the level around it. */
static void lines_of(mtp_nested_model *n, size_t level)
{
    mtp_solution *s = n->s;

    for (size_t q = 0; q < n->n_carried; q++) {
        const mtp_nested_quantity *of = &n->carried[q];

        if (of->raw) {
            (void)mtp_solution_line(s, of->raw, sum_of(n, level, of), (double)NAN);
        }
    }
    (void)mtp_solution_linef(s, "b", (double)NAN, "1 + sigma2_%zu * a", level);
    for (size_t q = 0; q < n->n_carried; q++) {
        const mtp_nested_quantity *of = &n->carried[q];
        const char *sum = sum_of(n, level, of);

        if (of->raw) {
            (void)mtp_solution_linef(s, of->name, (double)NAN, "%s / b", of->raw);
        } else if (of->first) {
            (void)mtp_solution_linef(s, of->name, (double)NAN,
                                     "%s - sigma2_%zu * %s * %s / b", sum, level,
                                     of->first, of->second);
        } else {
            (void)mtp_solution_linef(s, of->name, (double)NAN, "%s + ln(b)", sum);
        }
    }
}

static void keep(mtp_nested_model *n, size_t level, size_t group)
{
    for (size_t q = 0; q < n->n_carried; q++) {
        const mtp_quantity *of = mtp_scope_find(&n->s->scope, n->carried[q].name);

        n->sums[level][q].value[group] = of ? of->figure.value : 0.0;
        n->sums[level][q].error[group] = of ? of->figure.error : 0.0;
        n->s->failed = n->s->failed || !of;
    }
}

static void work_group(mtp_nested_model *n, size_t level, size_t group, bool shown)
{
    mtp_nested_frame frame;

    for (size_t c = n->begin[level][group];
         level < n->depth && c < n->begin[level][group + 1]; c++) {
        work_group(n, level + 1, c, shown && mtp_nested_is_worked(n, level + 1, c));
    }
    if (n->s->failed) {
        return;
    }
    frame = mtp_nested_enter(n, level, group, shown);
    table_of(n, level, group);
    lines_of(n, level);
    keep(n, level, group);
    mtp_nested_leave(n, &frame);
}

void mtp_nested_sums(mtp_nested_model *n)
{
    list_carried(n);
    if (!mtp_nested_make_room(n, n->n_carried, n->sums)) {
        return;
    }
    for (size_t g = 0; n->depth > 0 && g < n->n[1]; g++) {
        work_group(n, 1, g, mtp_nested_is_worked(n, 1, g));
    }
    if (n->depth > 0) {
        mtp_solution_heading(n->s, 3, "All groups");
    }
    mtp_nested_rows(n, 0, 0);
    table_of(n, 0, 0);
    /* what the equations of the mean take */
    for (size_t q = 0; q < n->n_carried; q++) {
        n->carried[q].sum = sum_of(n, 0, &n->carried[q]);
    }
}
