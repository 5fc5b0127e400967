/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clusters of effects in nested levels. Each outermost group lies within one cluster,
 * and what it has of X'WX and X'Wy, W the inverse of the covariance, was summed from
 * the inside out (nested_sums.c): its score X'W(y - Xb) follows from these. */
#include "explain/robust.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { COLUMNS = 80 };

/* The groups of a cluster, in the order of its studies; returns how many there are
 * then. `seen` has those that were found. */
static size_t groups_of(const mtp_explain_robust *r, size_t g, bool seen[],
                        size_t index[], size_t n)
{
    const size_t *group = r->nested->levels[0].effects.group;

    for (size_t i = r->start[g]; i < r->start[g + 1]; i++) {
        size_t found = group[r->row[i]];

        if (!seen[found]) {
            seen[found] = true;
            index[n++] = found;
        }
    }
    return n;
}

bool mtp_robust_find_groups(mtp_explain_robust *r)
{
    mtp_arena *arena = r->s->arena;
    size_t n = r->nested->n[1], found = 0;
    bool *seen = mtp_arena_zalloc(arena, n, sizeof *seen);
    size_t *index = MTP_ARENA_ARRAY(arena, n, size_t);
    size_t *start = MTP_ARENA_ARRAY(arena, r->m + 1, size_t);
    const char **label = MTP_ARENA_ARRAY(arena, n, const char *);

    if (!seen || !index || !start || !label) {
        r->s->failed = true;
        return false;
    }
    start[0] = 0;
    for (size_t g = 0; g < r->m; g++) {
        start[g + 1] = found = groups_of(r, g, seen, index, found);
    }
    for (size_t i = 0; i < n; i++) {
        label[i] = mtp_nested_label(r->nested, 1, index[i]);
    }
    r->groups.n = n;
    r->groups.index = index;
    r->groups.start = start;
    r->groups.label = label;
    return true;
}

void mtp_robust_rows_are_groups(mtp_explain_robust *r)
{
    r->s->scope.start = r->groups.start;
    r->s->scope.k = r->groups.n;
    r->s->label = r->groups.label;
    r->s->row_name = "group";
}

double mtp_robust_covariance(const mtp_explain_robust *r, size_t a, size_t b)
{
    double sum = a == b ? r->v[a] : 0.0;

    for (size_t l = 0; l < r->nested->n_levels; l++) {
        const mtp_variance_component *of = &r->nested->levels[l];

        if (of->effects.group[r->row[a]] == of->effects.group[r->row[b]]) {
            sum += of->sigma2;
        }
    }
    return sum;
}

/* A group's share of X'WX, element i, j, i >= j, and of X'Wy. */
static const char *share(const mtp_explain_robust *r, size_t i, size_t j)
{
    return j < r->nested->constant
               ? mtp_nested_name(r->nested, "w", i)
               : mtp_nested_text(r->nested, "A_%zu_%zu", i + 1, j + 1);
}

static const char *right_share(const mtp_explain_robust *r, size_t j)
{
    return j < r->nested->constant ? "w_y" : mtp_nested_text(r->nested, "B_%zu", j + 1);
}

/* What the groups have of a quantity, in the order of clusters. */
static mtp_solution_column known(const mtp_explain_robust *r, const char *name)
{
    const mtp_nested_model *n = r->nested;
    double *value = MTP_ARENA_ARRAY(r->s->arena, r->groups.n, double);
    double *error = MTP_ARENA_ARRAY(r->s->arena, r->groups.n, double);
    size_t q = 0;

    while (q + 1 < n->n_carried && strcmp(n->carried[q].name, name) != 0) {
        q++;
    }
    r->s->failed = r->s->failed || !value || !error;
    for (size_t i = 0; value && error && i < r->groups.n; i++) {
        value[i] = n->sums[1][q].value[r->groups.index[i]];
        error[i] = n->sums[1][q].error[r->groups.index[i]];
    }
    return (mtp_solution_column){
        .name = mtp_nested_text(n, "%s_i", name), .values = value, .error = error};
}

size_t mtp_robust_shares(const mtp_explain_robust *r, mtp_solution_column column[])
{
    size_t n = 0;

    for (size_t j = 0; j < r->p; j++) {
        for (size_t i = j; i < r->p; i++) {
            column[n++] = known(r, share(r, i, j));
        }
        column[n++] = known(r, right_share(r, j));
    }
    return n;
}

/* B_j - A_j1 b_1 - ... of a group. */
static const char *group_score(const mtp_explain_robust *r, size_t j)
{
    const char *made = mtp_nested_text(r->nested, "%s_i", right_share(r, j));

    for (size_t l = 0; l < r->p; l++) {
        made = mtp_nested_text(r->nested, "%s - b_%zu * %s_i", made, l + 1,
                               share(r, l > j ? l : j, l > j ? j : l));
    }
    return made;
}

void mtp_robust_group_table(mtp_explain_robust *r)
{
    mtp_solution_column column[COLUMNS];
    size_t n = mtp_robust_shares(r, column);

    for (size_t j = 0; j < r->p; j++, n++) {
        column[n] =
            (mtp_solution_column){.name = mtp_nested_text(r->nested, "t_%zu_i", j + 1),
                                  .formula = group_score(r, j),
                                  .subtotal = true};
    }
    mtp_robust_rows_are_groups(r);
    if (!r->s->failed) {
        mtp_solution_table(r->s, n, column);
    }
}

/* The group of a study on level l by those around it: "R1/L1". */
static const char *path_of(const mtp_explain_robust *r, size_t l, size_t i)
{
    const mtp_nested_model *n = r->nested;
    const char *path = NULL;

    for (size_t at = 0; at <= l; at++) {
        const char *label = n->work->bundle->level_label[at][n->set->index[i]];

        path = path ? mtp_nested_text(n, "%s/%s", path, label) : label;
    }
    return mtp_solution_name(r->s, path);
}

/* The groups of a level as those of the rows, which are studies. */
static bool rows_by_level(mtp_explain_robust *r, size_t l)
{
    const size_t *group = r->nested->levels[l].effects.group;
    size_t *start = MTP_ARENA_ARRAY(r->s->arena, r->k + 1, size_t), n = 0;
    const char **label = MTP_ARENA_ARRAY(r->s->arena, r->k, const char *);

    if (!start || !label) {
        r->s->failed = true;
        return false;
    }
    for (size_t i = 0; i < r->k; i++) {
        if (i == 0 || group[r->row[i]] != group[r->row[i - 1]]) {
            label[n] = path_of(r, l, r->row[i]);
            start[n++] = i;
        }
    }
    start[n] = r->k;
    r->s->scope.start = start;
    r->s->scope.groups = n;
    r->s->group = label;
    return true;
}

/* For each study the sum of a column over its group. */
static void keep_sums(mtp_explain_robust *r, const mtp_quantity *of, const char *name)
{
    mtp_scope *scope = &r->s->scope;
    double *sum = mtp_arena_zalloc(r->s->arena, r->k, sizeof *sum);
    double *error = mtp_arena_zalloc(r->s->arena, r->k, sizeof *error);

    if (!sum || !error) {
        r->s->failed = true;
        return;
    }
    for (size_t g = 0; g < scope->groups; g++) {
        size_t begin = scope->start[g];

        for (size_t i = begin; i < scope->start[g + 1]; i++) {
            sum[begin] += of->column[i];
            error[begin] += (of->error ? of->error[i] : 0.0) +
                            2.0 * DBL_EPSILON * fabs(of->column[i]);
        }
        for (size_t i = begin + 1; i < scope->start[g + 1]; i++) {
            sum[i] = sum[begin];
            error[i] = error[begin];
        }
    }
    mtp_scope_set_column(scope, name, sum, error);
}

/* "m_1_2_i" of "s_2_i", "m_1_i" of "T_i". */
static const char *sum_name(const mtp_explain_robust *r, const char *name, size_t l)
{
    return mtp_nested_text(r->nested, "m_%zu%s", l + 1, name + 1);
}

void mtp_robust_level_sums(mtp_explain_robust *r, const char *name)
{
    mtp_solution *s = r->s;

    for (size_t l = 0; l < r->nested->depth; l++) {
        const mtp_quantity *of = mtp_scope_find(&s->scope, name);

        if (!(r->nested->levels[l].sigma2 > 0.0)) {
            continue;
        }
        if (!of || !rows_by_level(r, l)) {
            s->failed = true;
            return;
        }
        mtp_solution_text(
            s, "Sums of `%s` over the groups of %s, which are `%s`:", name,
            mtp_solution_name(s, r->nested->levels[l].name), sum_name(r, name, l));
        keep_sums(r, of, sum_name(r, name, l));
        of = mtp_scope_find(&s->scope, name);
        mtp_solution_table(s, 1,
                           (const mtp_solution_column[]){{.name = name,
                                                          .values = of->column,
                                                          .error = of->error,
                                                          .subtotal = true}});
        mtp_robust_rows_are_studies(r);
    }
}

size_t mtp_robust_add_spread(mtp_explain_robust *r, const char *name,
                             mtp_solution_column column[], size_t n)
{
    const mtp_nested_model *nested = r->nested;
    const char *made = nested->n_levels > nested->depth
                           ? mtp_nested_text(nested, "(%s) * %s", nested->spread, name)
                           : mtp_nested_text(nested, "%s * %s", nested->spread, name);

    for (size_t l = 0; l < nested->depth; l++) {
        const char *sum = sum_name(r, name, l);
        const mtp_quantity *known = mtp_scope_find(&r->s->scope, sum);

        if (!(nested->levels[l].sigma2 > 0.0)) {
            continue;
        }
        if (!known) {
            r->s->failed = true;
            return n;
        }
        column[n++] = (mtp_solution_column){
            .name = sum, .values = known->column, .error = known->error};
        made = mtp_nested_text(nested, "%s + sigma2_%zu * %s", made, l + 1, sum);
    }
    column[n++] = (mtp_solution_column){
        .name = mtp_nested_text(nested, "n%s", name + 1), .formula = made};
    return n;
}
