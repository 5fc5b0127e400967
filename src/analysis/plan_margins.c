/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/plan.h"
#include "analysis/split.h"
#include "core/error.h"
#include "core/number.h"

#include <string.h>

bool mtp_plan_factor(const mtp_design *d, size_t variable, size_t *leaf)
{
    for (size_t i = 0; i < d->formula->n_leaves; i++) {
        if (d->leaf[i].is_factor && d->leaf[i].leaf->variable == variable) {
            *leaf = i;
            return true;
        }
    }
    return false;
}

/* "year at its mean 33.46; product averaged over its levels"; NULL where nothing is
 * averaged. */
static mtp_status describe(const mtp_plan *plan, const mtp_design_at at[],
                           const char **text)
{
    const mtp_design *d = plan->design;
    const char *said = NULL;

    for (size_t v = 0; v < d->formula->n_variables; v++) {
        char mean[MTP_NUMBER_TEXT] = "";
        size_t leaf;
        bool factor = mtp_plan_factor(d, v, &leaf);

        if (at[v].kind != MTP_AT_AVERAGE) {
            continue;
        }
        if (!factor) {
            mtp_number_significant(d->variable[v].mean, 6, mean, sizeof mean);
        }
        said = mtp_arena_printf(plan->arena, "%s%s%s %s%s", said ? said : "",
                                said ? "; " : "", d->variable[v].name,
                                factor ? "averaged over its levels" : "at its mean ",
                                mean);
        if (!said) {
            return mtp_fail_nomem(plan->err);
        }
    }
    *text = said;
    return MTP_OK;
}

mtp_status mtp_plan_add_mean(const mtp_plan *plan, const mtp_design_at at[],
                             mtp_regression_mean mean, mtp_planned_means *means)
{
    double *l = MTP_ARENA_ARRAY(plan->arena, plan->design->p, double);
    mtp_status status = l ? MTP_OK : mtp_fail_nomem(plan->err);

    if (status == MTP_OK) {
        status = mtp_design_row(plan->design, at, l, plan->err);
    }
    if (status != MTP_OK && status != MTP_E_DEGENERATE) {
        return status;
    }
    mean.estimable = status == MTP_OK;
    status = describe(plan, at, &mean.averaged);
    if (mean.estimable) {
        means->row[means->n_rows++] = (mtp_combination){mean.value.name, l};
    }
    means->mean[means->n++] = mean;
    return status;
}

mtp_status mtp_plan_note_means(const mtp_plan *plan, const mtp_planned_means *means)
{
    const char **name = MTP_ARENA_ARRAY(plan->arena, means->n, const char *);
    const char *list;
    size_t n = 0;

    for (size_t i = 0; name && i < means->n; i++) {
        if (!means->mean[i].estimable) {
            name[n++] = means->mean[i].value.name;
        }
    }
    list = name ? mtp_split_list(plan->arena, n, name) : NULL;
    if (!list) {
        return mtp_fail_nomem(plan->err);
    }
    if (n > 0) {
        mtp_note_add(plan->notes, MTP_NOTE_NOT_DEFINED, 0,
                     "there is no mean at %s: what was left out would decide it", list);
    }
    return MTP_OK;
}

/* The means at the levels of the factor of one variable. */
static mtp_status add_factor(const mtp_plan *plan, size_t variable,
                             mtp_planned_means *means)
{
    size_t variables = plan->design->formula->n_variables, leaf;
    mtp_design_at *at = MTP_ARENA_ARRAY(plan->arena, variables, mtp_design_at);
    const mtp_design_leaf *factor;
    mtp_status status = at ? MTP_OK : mtp_fail_nomem(plan->err);

    if (status != MTP_OK || !mtp_plan_factor(plan->design, variable, &leaf)) {
        return status;
    }
    factor = &plan->design->leaf[leaf];
    for (size_t v = 0; v < variables; v++) {
        at[v] = (mtp_design_at){MTP_AT_AVERAGE, 0.0, NULL};
    }
    for (size_t i = 0; status == MTP_OK && i < factor->n_levels; i++) {
        mtp_regression_mean mean = {.factor = factor->leaf->name,
                                    .level = factor->level[i],
                                    .count = factor->count[i]};

        at[variable] = (mtp_design_at){MTP_AT_TEXT, 0.0, factor->level[i]};
        mean.value.name = mtp_arena_printf(plan->arena, "%s: %s", factor->leaf->name,
                                           factor->level[i]);
        status = mean.value.name ? mtp_plan_add_mean(plan, at, mean, means)
                                 : mtp_fail_nomem(plan->err);
    }
    return status;
}

/* Room for the levels of all factors. */
static mtp_status make_room(const mtp_plan *plan, mtp_planned_means *means)
{
    size_t n = 0;

    for (size_t i = 0; i < plan->design->formula->n_leaves; i++) {
        n += plan->design->leaf[i].n_levels;
    }
    *means = (mtp_planned_means){
        .mean = MTP_ARENA_ARRAY(plan->arena, n, mtp_regression_mean),
        .row = MTP_ARENA_ARRAY(plan->arena, n, mtp_combination)};
    return means->mean && means->row ? MTP_OK : mtp_fail_nomem(plan->err);
}

static mtp_status add_named(const mtp_plan *plan, const char *name, bool added[],
                            mtp_planned_means *means)
{
    size_t variable, leaf;
    mtp_error unknown;
    mtp_status status =
        mtp_formula_find_variable(plan->design->formula, name, &variable, &unknown);

    if (status == MTP_E_NOMEM) {
        return mtp_fail_nomem(plan->err);
    }
    if (status != MTP_OK) {
        return mtp_fail(plan->err, MTP_E_ARG, "--margins %s: %s", name,
                        unknown.message);
    }
    if (!mtp_plan_factor(plan->design, variable, &leaf)) {
        return mtp_fail(plan->err, MTP_E_ARG,
                        "--margins %s: is a number; factor(%s) makes a factor of it, "
                        "and --at \"%s=...\" predicts at values of it",
                        name, name, name);
    }
    if (added[variable]) {
        return MTP_OK;
    }
    added[variable] = true;
    return add_factor(plan, variable, means);
}

mtp_status mtp_plan_margins(const mtp_plan *plan, const char *list,
                            mtp_planned_means *means)
{
    size_t variables = plan->design->formula->n_variables, n = 0;
    bool *added = mtp_arena_zalloc(plan->arena, variables, sizeof *added);
    const char *const *name = list ? mtp_split_lines(plan->arena, list, &n) : NULL;
    mtp_status status = make_room(plan, means);

    if (!added || (list && !name)) {
        return mtp_fail_nomem(plan->err);
    }
    if (n == 1 && strcmp(name[0], "none") == 0) {
        return status;
    }
    for (size_t i = 0; status == MTP_OK && i < n; i++) {
        status = add_named(plan, name[i], added, means);
    }
    for (size_t v = 0; status == MTP_OK && !list && v < variables; v++) {
        status = add_factor(plan, v, means);
    }
    return status == MTP_OK ? mtp_plan_note_means(plan, means) : status;
}
