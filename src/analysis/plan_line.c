/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The places of a bubble plot's line. */
#include "analysis/plan.h"
#include "core/error.h"

/* The moderator that runs across: the named one, else the first. */
static mtp_status find_across(const mtp_plan *plan, const char *name, size_t *variable)
{
    mtp_error unknown;
    mtp_status status;

    *variable = 0;
    if (!name) {
        return MTP_OK;
    }
    status = mtp_formula_find_variable(plan->design->formula, name, variable, &unknown);
    return status == MTP_OK || status == MTP_E_NOMEM
               ? status
               : mtp_fail(plan->err, MTP_E_ARG, "--across %s: %s", name,
                          unknown.message);
}

/* Where the other variables stand: as --at says, else at their averages. */
static mtp_status hold(const mtp_plan *plan, const char *list, size_t across,
                       mtp_design_at at[], const char **said)
{
    size_t variables = plan->design->formula->n_variables;
    mtp_status status;

    for (size_t v = 0; v < variables; v++) {
        at[v] = (mtp_design_at){MTP_AT_AVERAGE, 0.0, NULL};
    }
    status = mtp_plan_hold(plan, list, at, said);
    if (status == MTP_OK && at[across].kind != MTP_AT_AVERAGE) {
        return mtp_fail(plan->err, MTP_E_ARG,
                        "--at holds %s, which runs across: name another by --across",
                        plan->design->variable[across].name);
    }
    return status;
}

/* Place i of the line as a number, and as the value of the variable. */
static double place(const mtp_design *design, size_t across,
                    const mtp_design_leaf *factor, size_t i, mtp_design_at *at)
{
    const mtp_design_variable *v = &design->variable[across];
    double share = (double)i / (MTP_BUBBLE_PLACES - 1);
    double number =
        i + 1 < MTP_BUBBLE_PLACES ? v->min + share * (v->max - v->min) : v->max;

    if (factor) {
        *at = (mtp_design_at){MTP_AT_TEXT, 0.0, factor->level[i]};
        return (double)i;
    }
    *at = (mtp_design_at){MTP_AT_NUMBER, number, NULL};
    return number;
}

static const char *join(mtp_arena *arena, const char *said, const char *averaged)
{
    return averaged && *said ? mtp_arena_printf(arena, "%s; %s", said, averaged)
           : averaged        ? averaged
                             : said;
}

static mtp_status predict(const mtp_plan *plan, size_t across,
                          const mtp_design_leaf *factor, mtp_design_at at[],
                          mtp_planned_means *means, mtp_bubble *bubble)
{
    size_t n = factor ? factor->n_levels : MTP_BUBBLE_PLACES;
    double *x = MTP_ARENA_ARRAY(plan->arena, n, double);
    mtp_status status = MTP_OK;

    *means = (mtp_planned_means){
        .mean = MTP_ARENA_ARRAY(plan->arena, n, mtp_regression_mean),
        .row = MTP_ARENA_ARRAY(plan->arena, n, mtp_combination)};
    if (!x || !means->mean || !means->row) {
        return mtp_fail_nomem(plan->err);
    }
    for (size_t i = 0; status == MTP_OK && i < n; i++) {
        mtp_regression_mean mean = {.value.name =
                                        factor ? factor->level[i] : bubble->across,
                                    .count = factor ? factor->count[i] : 0};

        x[i] = place(plan->design, across, factor, i, &at[across]);
        status = mtp_plan_add_mean(plan, at, mean, means);
    }
    bubble->line_x = x;
    return status;
}

mtp_status mtp_plan_line(const mtp_plan *plan, const mtp_request *request,
                         mtp_planned_means *means, mtp_bubble *bubble)
{
    const mtp_design *design = plan->design;
    mtp_design_at *at =
        MTP_ARENA_ARRAY(plan->arena, design->formula->n_variables, mtp_design_at);
    const mtp_design_leaf *factor = NULL;
    const char *said;
    size_t across, leaf;
    mtp_status status = at ? MTP_OK : mtp_fail_nomem(plan->err);

    if (status == MTP_OK) {
        status = find_across(plan, request->given[MTP_OPT_ACROSS], &across);
    }
    if (status == MTP_OK) {
        status = hold(plan, request->given[MTP_OPT_HOLD], across, at, &said);
    }
    if (status != MTP_OK) {
        return status;
    }
    if (mtp_plan_factor(design, across, &leaf)) {
        factor = &design->leaf[leaf];
        bubble->factor = true;
        bubble->n_levels = factor->n_levels;
        bubble->level = factor->level;
        bubble->level_of = factor->level_of;
    }
    bubble->across = design->variable[across].name;
    bubble->variable = across;
    status = predict(plan, across, factor, at, means, bubble);
    if (status != MTP_OK) {
        return status;
    }
    bubble->held = join(plan->arena, said, means->mean[0].averaged);
    if (!bubble->held) {
        return mtp_fail_nomem(plan->err);
    }
    return mtp_plan_note_means(plan, means);
}
