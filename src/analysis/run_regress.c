/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Regression: from formulas and bound moderators to a fit with its names. */
#include "analysis/plan.h"
#include "analysis/run.h"
#include "analysis/split.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

/* Bytes of a formula in a message. */
enum { FORMULA_SHOWN = 160 };

static mtp_status parse(const char *option, const char *text, mtp_formula **formula,
                        mtp_error *err)
{
    mtp_error problem;
    mtp_status status = mtp_formula_parse(text, formula, &problem);
    size_t shown = strlen(text);

    if (status == MTP_OK) {
        return MTP_OK;
    }
    if (status == MTP_E_NOMEM) {
        return mtp_fail_nomem(err);
    }
    /* A long formula must leave room for the reason. */
    if (shown > FORMULA_SHOWN) {
        for (shown = FORMULA_SHOWN; ((unsigned char)text[shown] & 0xC0u) == 0x80u;) {
            shown--;
        }
    }
    /* A formula is an option's value, not data. */
    return mtp_fail(err, MTP_E_ARG, "--%s %.*s%s: %s", option, (int)shown, text,
                    text[shown] ? "..." : "", problem.message);
}

mtp_status mtp_run_formulas(mtp_run_context *run, const mtp_request *request)
{
    const char *scale = request->given[MTP_OPT_SCALE];
    mtp_status status =
        parse("mods", request->given[MTP_OPT_MODS], &run->owner->mods, run->err);

    if (status == MTP_OK && scale) {
        status = parse("scale", scale, &run->owner->scale, run->err);
    }
    run->settings.mods = run->owner->mods;
    run->settings.scale = run->owner->scale;
    return status;
}

/* --ref FACTOR=LEVEL */
static mtp_status read_refs(mtp_arena *arena, const char *list, size_t *n,
                            const mtp_design_ref **refs, mtp_error *err)
{
    const char *const *line = list ? mtp_split_lines(arena, list, n) : NULL;
    mtp_design_ref *made = line ? MTP_ARENA_ARRAY(arena, *n, mtp_design_ref) : NULL;

    if (!list) {
        *n = 0;
        return MTP_OK;
    }
    if (!made) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < *n; i++) {
        const char *equals = mtp_split_find(line[i], '=');
        const char *factor, *level;

        if (!*equals) {
            return mtp_fail(err, MTP_E_ARG,
                            "--ref %s: is not FACTOR=LEVEL, such as product=Axi-cel",
                            line[i]);
        }
        factor = mtp_arena_strndup(arena, line[i], (size_t)(equals - line[i]));
        factor = factor ? mtp_split_unquote(arena, factor) : NULL;
        level = mtp_split_unquote(arena, equals + 1);
        if (!factor || !level) {
            return mtp_fail_nomem(err);
        }
        made[i] = (mtp_design_ref){factor, level};
    }
    *refs = made;
    return MTP_OK;
}

static void note_aliases(mtp_run_context *run, const char *option,
                         const mtp_design *design)
{
    for (size_t i = 0; i < design->n_aliases; i++) {
        mtp_note_add(&run->notes, MTP_NOTE_ALIASED_COLUMN, 0,
                     "%s was left out of %s: %s", design->alias[i].name, option,
                     design->alias[i].reason);
    }
}

/* A formula whose moderators are all left out is no regression. */
static mtp_status check_columns(const mtp_run_context *run, const char *option,
                                const mtp_design *design)
{
    if (design->p > (design->intercept ? 1 : 0) || design->n_aliases == 0) {
        return MTP_OK;
    }
    return mtp_fail(run->err, MTP_E_DATA, "%s: no moderator is left; %s", option,
                    design->alias[0].reason);
}

/* " --ref a=b --ref c=d" */
static const char *describe_refs(mtp_arena *arena, const mtp_design_options *options)
{
    const char *text = "";

    for (size_t i = 0; text && i < options->n_refs; i++) {
        text = mtp_arena_printf(arena, "%s --ref %s=%s", text, options->refs[i].factor,
                                options->refs[i].level);
    }
    return text;
}

static mtp_status build_design(mtp_run_context *run, const char *option,
                               const mtp_formula *formula,
                               const mtp_design_values values[],
                               mtp_design_options *options, mtp_design **design)
{
    mtp_error problem;
    mtp_status status;

    options->drop = true;
    status =
        mtp_design_build(formula, run->binding.k, values, options, design, &problem);
    if (status == MTP_E_NOMEM) {
        return mtp_fail_nomem(run->err);
    }
    if (status != MTP_OK) { /* that no answer exists lies in the data */
        const char *refs = describe_refs(run->owner->arena, options);

        return mtp_fail(run->err, status == MTP_E_DEGENERATE ? MTP_E_DATA : status,
                        "%s %s%s: %s", option, formula->text, refs ? refs : "",
                        problem.message);
    }
    note_aliases(run, option, *design);
    return check_columns(run, option, *design);
}

static mtp_status build_designs(mtp_run_context *run, const mtp_request *request)
{
    mtp_arena *arena = run->owner->arena;
    mtp_design_options options;
    mtp_status status;

    mtp_design_options_init(&options, sizeof options);
    options.intercept = !run->settings.no_intercept;
    status = read_refs(arena, request->given[MTP_OPT_REF], &options.n_refs,
                       &options.refs, run->err);
    if (status == MTP_OK) {
        status = build_design(run, "--mods", run->settings.mods, run->binding.mods,
                              &options, &run->owner->design);
    }
    if (status == MTP_OK && run->settings.scale) {
        mtp_design_options_init(&options, sizeof options);
        status = build_design(run, "--scale", run->settings.scale, run->binding.scale,
                              &options, &run->owner->scale_design);
    }
    return status;
}

/* The terms that have columns, and the place of each column among them. */
static mtp_status describe(mtp_arena *arena, const mtp_design *d, mtp_moderators *m,
                           mtp_error *err)
{
    const char **term = MTP_ARENA_ARRAY(arena, d->n_terms, const char *);
    size_t *column_term = MTP_ARENA_ARRAY(arena, d->p, size_t);
    size_t n = 0;

    if (!term || !column_term) {
        return mtp_fail_nomem(err);
    }
    for (size_t t = 0; t < d->n_terms; t++) {
        bool any = false;

        for (size_t j = 0; j < d->p; j++) {
            if (d->column_term[j] == t) {
                column_term[j] = n;
                any = true;
            }
        }
        if (any) {
            term[n++] = d->term_name[t];
        }
    }
    for (size_t j = 0; j < d->p; j++) {
        column_term[j] = d->column_term[j] == d->n_terms ? n : column_term[j];
    }
    *m = (mtp_moderators){.k = d->k,
                          .p = d->p,
                          .x = d->x,
                          .name = d->column_name,
                          .intercept = d->intercept,
                          .n_terms = n,
                          .term = term,
                          .column_term = column_term};
    return MTP_OK;
}

/* The figures of the fit beside what they are the means of. */
static void fill_means(const mtp_regress_prediction *fitted, mtp_planned_means *means)
{
    const double none = (double)NAN;
    const mtp_regress_prediction missing = {NULL,
                                            none,
                                            none,
                                            none,
                                            none,
                                            none,
                                            none,
                                            none,
                                            none,
                                            none,
                                            {none, none, none, none, none}};
    size_t next = 0;

    for (size_t i = 0; i < means->n; i++) {
        mtp_regress_prediction *v = &means->mean[i].value;
        const char *name = v->name;

        *v = means->mean[i].estimable ? fitted[next++] : missing;
        v->name = name;
    }
}

static mtp_status plan_means(const mtp_plan *plan, const mtp_request *request,
                             mtp_planned_means *margins, mtp_planned_means *predictions)
{
    mtp_status status =
        mtp_plan_margins(plan, request->given[MTP_OPT_MARGINS], margins);

    return status == MTP_OK
               ? mtp_plan_predictions(plan, request->given[MTP_OPT_AT], predictions)
               : status;
}

/* What the fit is asked for. */
static mtp_status make_plan(mtp_run_context *run, const mtp_request *request,
                            mtp_planned_means *margins, mtp_planned_means *predictions)
{
    mtp_regress_options *o = &run->settings.regress;
    const mtp_plan plan = {run->owner->design, run->owner->arena, &run->notes,
                           run->err};
    mtp_status status =
        mtp_plan_tests(&plan, request->given[MTP_OPT_TEST], &o->n_tests, &o->tests);

    if (status == MTP_OK) {
        status = mtp_plan_contrasts(&plan, request->given[MTP_OPT_CONTRAST],
                                    &o->n_contrasts, &o->contrasts);
    }
    if (status == MTP_OK && run->owner->bubble) {
        status = mtp_plan_line(&plan, request, predictions, run->owner->bubble);
    } else if (status == MTP_OK) {
        status = plan_means(&plan, request, margins, predictions);
    }
    if (status == MTP_OK) {
        o->weights = run->binding.weights;
        o->cluster = run->binding.cluster;
        o->n_clusters = run->binding.n_clusters;
        o->n_margins = margins->n_rows;
        o->margins = margins->row;
        o->n_predictions = predictions->n_rows;
        o->predictions = predictions->row;
    }
    return status;
}

mtp_status mtp_run_moderators(const mtp_run_context *run, mtp_moderators *moderators)
{
    return describe(run->owner->arena, run->owner->design, moderators, run->err);
}

static mtp_status fit(mtp_run_context *run, const mtp_request *request)
{
    mtp_regress_options *o = &run->settings.regress;
    const size_t *id[MTP_LEVELS_MAX];
    mtp_moderators mods, scale;
    mtp_status status = mtp_run_moderators(run, &mods);

    for (size_t l = 0; l < run->binding.n_nested; l++) {
        id[l] = run->binding.nested[l].group;
    }
    o->n_levels = run->binding.n_nested;
    o->level_id = id;
    o->level_name = run->settings.nested_level;
    if (status == MTP_OK && run->owner->scale_design) {
        status =
            describe(run->owner->arena, run->owner->scale_design, &scale, run->err);
        o->scale = &scale;
    }
    if (status == MTP_OK) {
        status =
            mtp_regress(run->owner->effects, &mods, o, &run->owner->regress, run->err);
        if (status != MTP_OK) {
            mtp_run_place_error(run);
        }
    }
    if (status == MTP_OK) {
        mtp_note_add_all(&run->notes, &run->owner->regress->notes);
        status = mtp_run_rounding(run, request, &mods);
    }
    o->scale = NULL;
    o->level_id = NULL;
    return status;
}

/* --correlation: the effects with the column beside the intercept; NULL where there is
 * no answer. */
static mtp_status correlate(mtp_run_context *run, const mtp_correlation **made)
{
    const mtp_design *design = run->owner->design;
    const mtp_effects *effects = run->owner->effects;
    double *x = MTP_ARENA_ARRAY(run->owner->arena, effects->k, double);
    mtp_correlation *correlation = MTP_ARENA_NEW(run->owner->arena, mtp_correlation);
    mtp_error problem;
    mtp_status status;

    if (!x || !correlation) {
        return mtp_fail_nomem(run->err);
    }
    if (design->p != 2 || !design->intercept) {
        return mtp_fail(run->err, MTP_E_ARG,
                        "--correlation: is with one column of moderators beside the "
                        "intercept, such as --mods year");
    }
    for (size_t i = 0; i < effects->k; i++) {
        x[i] = design->x[2 * i + 1];
    }
    status = mtp_correlate(effects->k, x, effects->yi, run->settings.regress.level,
                           correlation, &problem);
    if (status == MTP_OK) {
        *made = correlation;
    } else {
        mtp_note_add(&run->notes, MTP_NOTE_NO_ANSWER, 0, "correlation: %s",
                     problem.message);
    }
    return MTP_OK;
}

mtp_status mtp_run_regress(mtp_run_context *run, const mtp_request *request)
{
    mtp_regression *regression = MTP_ARENA_NEW(run->owner->arena, mtp_regression);
    mtp_planned_means margins = {0}, predictions = {0};
    const mtp_regress_options *o = &run->settings.regress;
    const mtp_correlation *correlation = NULL;
    mtp_status status =
        regression ? build_designs(run, request) : mtp_fail_nomem(run->err);

    if (status == MTP_OK && request->command == MTP_COMMAND_BUBBLE) {
        run->owner->bubble = MTP_ARENA_NEW(run->owner->arena, mtp_bubble);
        status = run->owner->bubble ? MTP_OK : mtp_fail_nomem(run->err);
    }

    if (status == MTP_OK) {
        status = make_plan(run, request, &margins, &predictions);
    }
    if (status == MTP_OK && run->settings.correlation) {
        status = correlate(run, &correlation);
    }
    if (status == MTP_OK) {
        status = fit(run, request);
    }
    if (status != MTP_OK) {
        return status;
    }
    fill_means(run->owner->regress->margins, &margins);
    fill_means(run->owner->regress->predictions, &predictions);
    *regression = (mtp_regression){.fit = run->owner->regress,
                                   .design = run->owner->design,
                                   .scale_design = run->owner->scale_design,
                                   .n_margins = margins.n,
                                   .margins = margins.mean,
                                   .n_predictions = predictions.n,
                                   .predictions = predictions.mean,
                                   .weighted = run->binding.weights != NULL,
                                   .correlation = correlation,
                                   .test_rows = o->tests,
                                   .contrast_rows = o->contrasts,
                                   .margin_rows = o->margins,
                                   .prediction_rows = o->predictions,
                                   .weights = o->weights};
    run->owner->bundle.regression = regression;
    return MTP_OK;
}
