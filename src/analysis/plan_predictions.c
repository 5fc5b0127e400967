/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/plan.h"
#include "analysis/split.h"
#include "core/error.h"
#include "core/number.h"

#include <math.h>
#include <string.h>

enum { PREDICTIONS_MAX = 10000 };

/* Values of one variable, of which each is a place to predict at. */
typedef struct places {
    size_t n;
    const mtp_design_at *at;
} places;

/* One --at: the values of its variables, in the order in which they were typed. */
typedef struct line {
    size_t n;
    const size_t *variable; /* [n] */
    const places *values;   /* [n] */
} line;

static mtp_status refuse(const mtp_plan *plan, const char *item, const char *why)
{
    return mtp_fail(plan->err, MTP_E_ARG, "--at %s: %s", item, why);
}

static bool is_number(const char *text, double *value)
{
    return mtp_number_parse(text, strlen(text), value) == MTP_NUMBER_OK;
}

/* The levels of a factor, for "*". */
static mtp_status all_levels(const mtp_plan *plan, const char *item, size_t variable,
                             places *out)
{
    const mtp_design_leaf *factor;
    mtp_design_at *at;
    size_t leaf;

    if (!mtp_plan_factor(plan->design, variable, &leaf)) {
        return refuse(plan, item,
                      "* stands for all levels of a factor, and this is a "
                      "number; give values, or FROM:TO:STEP");
    }
    factor = &plan->design->leaf[leaf];
    at = MTP_ARENA_ARRAY(plan->arena, factor->n_levels, mtp_design_at);
    if (!at) {
        return mtp_fail_nomem(plan->err);
    }
    for (size_t i = 0; i < factor->n_levels; i++) {
        at[i] = (mtp_design_at){MTP_AT_TEXT, 0.0, factor->level[i]};
    }
    *out = (places){factor->n_levels, at};
    return MTP_OK;
}

/* FROM:TO:STEP. The end belongs to it when the steps reach it but for rounding. */
static mtp_status range(const mtp_plan *plan, const char *item,
                        const char *const part[3], places *out)
{
    double from, to, step, steps;
    mtp_design_at *at;
    size_t n;

    if (!is_number(part[0], &from) || !is_number(part[1], &to) ||
        !is_number(part[2], &step)) {
        return refuse(plan, item, "a range is FROM:TO:STEP, three numbers");
    }
    steps = step != 0.0 ? floor((to - from) / step * (1.0 + 1e-12) + 1e-12) : -1.0;
    if (!(steps >= 0.0) || steps >= (double)PREDICTIONS_MAX) {
        return refuse(plan, item,
                      steps >= 0.0 ? "these are too many values"
                                   : "these steps do not lead FROM to TO");
    }
    n = (size_t)steps + 1;
    at = MTP_ARENA_ARRAY(plan->arena, n, mtp_design_at);
    if (!at) {
        return mtp_fail_nomem(plan->err);
    }
    for (size_t i = 0; i < n; i++) {
        at[i] = (mtp_design_at){MTP_AT_NUMBER, from + (double)i * step, NULL};
    }
    *out = (places){n, at};
    return MTP_OK;
}

/* One value of a number or a factor. */
static mtp_status value(const mtp_plan *plan, const char *item, size_t variable,
                        const char *text, mtp_design_at *at)
{
    const char *level = mtp_split_unquote(plan->arena, text);
    double number;

    if (!level) {
        return mtp_fail_nomem(plan->err);
    }
    if (plan->design->variable[variable].is_text) {
        *at = (mtp_design_at){MTP_AT_TEXT, 0.0, level};
        return MTP_OK;
    }
    if (!is_number(level, &number)) {
        return refuse(plan, item, "is not a number");
    }
    *at = (mtp_design_at){MTP_AT_NUMBER, number, NULL};
    return MTP_OK;
}

/* VALUE{|VALUE} */
static mtp_status alternatives(const mtp_plan *plan, const char *item, size_t variable,
                               const char *text, places *out)
{
    size_t n;
    const char *const *part = mtp_split(plan->arena, text, '|', &n);
    mtp_design_at *at = part ? MTP_ARENA_ARRAY(plan->arena, n, mtp_design_at) : NULL;
    mtp_status status = at ? MTP_OK : mtp_fail_nomem(plan->err);

    for (size_t i = 0; status == MTP_OK && i < n; i++) {
        status = value(plan, item, variable, part[i], &at[i]);
    }
    *out = (places){n, at};
    return status;
}

static mtp_status read_values(const mtp_plan *plan, const char *item, size_t variable,
                              const char *text, places *out)
{
    size_t n;
    const char *const *part = mtp_split(plan->arena, text, ':', &n);

    if (!part) {
        return mtp_fail_nomem(plan->err);
    }
    if (strcmp(part[0], "*") == 0 && n == 1) {
        return all_levels(plan, item, variable, out);
    }
    return n == 3 && !plan->design->variable[variable].is_text
               ? range(plan, item, part, out)
               : alternatives(plan, item, variable, text, out);
}

/* Values beyond those of the studies. */
static void note_outside(const mtp_plan *plan, const char *item, size_t variable,
                         const places *values)
{
    const mtp_design_variable *seen = &plan->design->variable[variable];
    char least[MTP_NUMBER_TEXT], most[MTP_NUMBER_TEXT];
    bool outside = false;

    for (size_t i = 0; i < values->n; i++) {
        const mtp_design_at *at = &values->at[i];

        outside = outside || (at->kind == MTP_AT_NUMBER &&
                              (at->number < seen->min || at->number > seen->max));
    }
    if (outside) {
        mtp_number_significant(seen->min, 6, least, sizeof least);
        mtp_number_significant(seen->max, 6, most, sizeof most);
        mtp_note_add(
            plan->notes, MTP_NOTE_EXTRAPOLATED, 0,
            "--at %s goes beyond the studies (%s to %s): a prediction there rests on "
            "the form of the model alone",
            item, least, most);
    }
}

/* VARIABLE=VALUES */
static mtp_status read_item(const mtp_plan *plan, const char *item, size_t *variable,
                            places *values)
{
    const char *equals = mtp_split_find_last(item, '=');
    const char *name;
    mtp_error unknown;
    mtp_status status;

    if (!equals) {
        return refuse(plan, item, "is not VARIABLE=VALUE, such as year=1970");
    }
    name = mtp_arena_strndup(plan->arena, item, (size_t)(equals - item));
    name = name ? mtp_split_unquote(plan->arena, name) : NULL;
    if (!name) {
        return mtp_fail_nomem(plan->err);
    }
    status = mtp_formula_find_variable(plan->design->formula, name, variable, &unknown);
    if (status != MTP_OK) {
        return status == MTP_E_NOMEM ? mtp_fail_nomem(plan->err)
                                     : refuse(plan, item, unknown.message);
    }
    status = read_values(plan, item, *variable, equals + 1, values);
    if (status == MTP_OK) {
        note_outside(plan, item, *variable, values);
    }
    return status;
}

/* "year = 1970, product = Axi-cel" */
static const char *name_place(const mtp_plan *plan, const line *l,
                              const mtp_design_at at[])
{
    const char *name = "";

    for (size_t i = 0; name && i < l->n; i++) {
        size_t v = l->variable[i];
        char number[MTP_NUMBER_TEXT];

        if (at[v].kind == MTP_AT_NUMBER) {
            mtp_number_significant(at[v].number, 12, number, sizeof number);
        }
        name = mtp_arena_printf(plan->arena, "%s%s%s = %s", name, i > 0 ? ", " : "",
                                plan->design->variable[v].name,
                                at[v].kind == MTP_AT_NUMBER ? number : at[v].text);
    }
    return name;
}

static mtp_status add_place(const mtp_plan *plan, const line *l,
                            const mtp_design_at at[], mtp_planned_means *means)
{
    mtp_regression_mean mean = {.value.name = name_place(plan, l, at)};
    mtp_error problem;
    mtp_plan quiet = *plan;
    mtp_status status;

    if (!mean.value.name) {
        return mtp_fail_nomem(plan->err);
    }
    quiet.err = &problem;
    status = mtp_plan_add_mean(&quiet, at, mean, means);
    return status == MTP_OK        ? MTP_OK
           : status == MTP_E_NOMEM ? mtp_fail_nomem(plan->err)
                                   : mtp_fail(plan->err, status, "--at %s: %s",
                                              mean.value.name, problem.message);
}

static size_t combinations(const line *l)
{
    size_t total = 1;

    for (size_t i = 0; i < l->n && total <= PREDICTIONS_MAX; i++) {
        total *= l->values[i].n;
    }
    return total;
}

/* Every combination of the values, the last variable varying fastest. */
static mtp_status add_combinations(const mtp_plan *plan, const line *l,
                                   mtp_planned_means *means)
{
    size_t variables = plan->design->formula->n_variables, total = combinations(l);
    mtp_design_at *at = MTP_ARENA_ARRAY(plan->arena, variables, mtp_design_at);
    mtp_status status = at ? MTP_OK : mtp_fail_nomem(plan->err);

    for (size_t v = 0; status == MTP_OK && v < variables; v++) {
        at[v] = (mtp_design_at){MTP_AT_AVERAGE, 0.0, NULL};
    }
    for (size_t c = 0; status == MTP_OK && c < total; c++) {
        size_t left = c;

        for (size_t i = l->n; i-- > 0;) {
            at[l->variable[i]] = l->values[i].at[left % l->values[i].n];
            left /= l->values[i].n;
        }
        status = add_place(plan, l, at, means);
    }
    return status;
}

static mtp_status read_line(const mtp_plan *plan, const char *text, line *l)
{
    size_t n;
    const char *const *item = mtp_split(plan->arena, text, ',', &n);
    size_t *variable = item ? MTP_ARENA_ARRAY(plan->arena, n, size_t) : NULL;
    places *values = item ? MTP_ARENA_ARRAY(plan->arena, n, places) : NULL;
    mtp_status status = variable && values ? MTP_OK : mtp_fail_nomem(plan->err);

    for (size_t i = 0; status == MTP_OK && i < n; i++) {
        status = read_item(plan, item[i], &variable[i], &values[i]);
        for (size_t j = 0; status == MTP_OK && j < i; j++) {
            if (variable[j] == variable[i]) {
                status = refuse(plan, item[i],
                                "this variable is given twice; VALUE|VALUE stands for "
                                "several");
            }
        }
    }
    *l = (line){n, variable, values};
    return status == MTP_OK && combinations(l) > PREDICTIONS_MAX
               ? refuse(plan, text, "more than 10000 combinations")
               : status;
}

mtp_status mtp_plan_predictions(const mtp_plan *plan, const char *list,
                                mtp_planned_means *means)
{
    size_t n = 0, room = 0;
    const char *const *text = list ? mtp_split_lines(plan->arena, list, &n) : NULL;
    line *lines = MTP_ARENA_ARRAY(plan->arena, n, line);
    mtp_status status = lines && (text || !list) ? MTP_OK : mtp_fail_nomem(plan->err);

    for (size_t i = 0; status == MTP_OK && i < n; i++) {
        status = read_line(plan, text[i], &lines[i]);
        room += status == MTP_OK ? combinations(&lines[i]) : 0;
    }
    if (status != MTP_OK) {
        return status;
    }
    *means = (mtp_planned_means){
        .mean = MTP_ARENA_ARRAY(plan->arena, room, mtp_regression_mean),
        .row = MTP_ARENA_ARRAY(plan->arena, room, mtp_combination)};
    if (!means->mean || !means->row) {
        return mtp_fail_nomem(plan->err);
    }
    for (size_t i = 0; status == MTP_OK && i < n; i++) {
        status = add_combinations(plan, &lines[i], means);
    }
    return status == MTP_OK ? mtp_plan_note_means(plan, means) : status;
}

mtp_status mtp_plan_hold(const mtp_plan *plan, const char *list, mtp_design_at at[],
                         const char **said)
{
    size_t n = 0;
    const char *const *text = list ? mtp_split_lines(plan->arena, list, &n) : NULL;
    mtp_status status = text || !list ? MTP_OK : mtp_fail_nomem(plan->err);

    *said = "";
    for (size_t i = 0; status == MTP_OK && i < n; i++) {
        line l;

        status = read_line(plan, text[i], &l);
        if (status == MTP_OK && combinations(&l) != 1) {
            status = refuse(plan, text[i], "a variable is held at one value");
        }
        for (size_t v = 0; status == MTP_OK && v < l.n; v++) {
            at[l.variable[v]] = l.values[v].at[0];
        }
        if (status == MTP_OK) {
            const char *name = name_place(plan, &l, at);

            *said = name ? mtp_arena_printf(plan->arena, "%s%s%s", *said,
                                            **said ? ", " : "", name)
                         : NULL;
            status = *said ? MTP_OK : mtp_fail_nomem(plan->err);
        }
    }
    return status;
}
