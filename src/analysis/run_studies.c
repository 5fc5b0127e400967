/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/labbe.h"
#include "analysis/run.h"
#include "core/error.h"
#include "models/stratified.h"
#include "num/dist.h"
#include "table/table.h"

#include <math.h>
#include <string.h>

/* A role's column as the user named it. */
static const char *role_expression(const mtp_run_context *run, const char *role)
{
    static const char *const name[MTP_ROLE_COUNT] = {
#define ROLE_NAME(name, id, description) id,
        MTP_ROLE_LIST(ROLE_NAME)
#undef ROLE_NAME
    };

    for (unsigned i = 0; i < MTP_ROLE_COUNT; i++) {
        if (run->settings.column[i] && strcmp(name[i], role) == 0) {
            return run->settings.column[i];
        }
    }
    return strcmp(role, "weights") == 0 && run->settings.weights ? run->settings.weights
                                                                 : role;
}

/* An error of the effects stage names a study; the reader wants file, line and column.
 */
void mtp_run_place_error(const mtp_run_context *run)
{
    mtp_error *err = run->err;

    if (err->status == MTP_E_DATA && err->line >= 1 && err->line <= run->binding.k) {
        mtp_table_place(run->table, run->binding.row[err->line - 1], err);
        mtp_copy_text(err->column, sizeof err->column,
                      role_expression(run, err->column));
    }
}

static const char as_they_are[] =
    "; the mixed model itself takes the counts as they are";

/* What follows a note on corrected cells, where the pooling itself takes the counts. */
static const char *without_correction(const mtp_run_context *run)
{
    const mtp_pool_options *pool = &run->settings.pool;

    if (run->owner->bundle.command == MTP_COMMAND_EFFECTS) {
        return "";
    }
    if (run->settings.regression) {
        return run->settings.regress.method == MTP_METHOD_GLMM ? as_they_are : "";
    }
    return pool->method == MTP_METHOD_GLMM ? as_they_are
           : pool->method == MTP_METHOD_BETABINOMIAL
               ? "; the beta-binomial model itself takes the counts as they are"
           : mtp_method_is_stratified(pool->method) && pool->mh_add == 0.0
               ? "; the common effect takes the counts as they are"
               : "";
}

static void add_effect_notes(mtp_run_context *run, const mtp_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        const mtp_note *note = &notes->item[i];
        size_t row = note->row ? run->binding.row[note->row - 1] + 1 : 0;

        mtp_note_add(
            &run->notes, note->code, row, "%s%s", note->text,
            note->code == MTP_NOTE_ZERO_CELLS_CORRECTED ? without_correction(run) : "");
    }
}

static double value_of(const double *column, size_t i)
{
    return column ? column[i] : (double)NAN;
}

/* Which raw data the studies carry. */
static mtp_status list_raw_roles(mtp_run_context *run)
{
    mtp_bundle *bundle = &run->owner->bundle;
    size_t n;
    const mtp_role *own = mtp_measure_columns(run->settings.measure->measure, &n);
    mtp_role *role = MTP_ARENA_ARRAY(run->owner->arena, MTP_ROLE_COUNT, mtp_role);

    if (!role) {
        return mtp_fail_nomem(run->err);
    }
    memcpy(role, own, n * sizeof *role);
    bundle->n_columns = bundle->n_raw = n;
    for (int r = 0; r < MTP_ROLE_COUNT; r++) {
        bool listed = !run->binding.column[r];

        for (size_t i = 0; !listed && i < n; i++) {
            listed = own[i] == (mtp_role)r;
        }
        if (!listed) {
            role[bundle->n_raw++] = (mtp_role)r;
        }
    }
    bundle->raw_role = role;
    return MTP_OK;
}

/* The raw data of all studies, one study after the other. */
static double *copy_raw(const mtp_run_context *run)
{
    const mtp_bundle *bundle = &run->owner->bundle;
    const mtp_raw *raw = run->owner->effects->raw;
    size_t k = run->binding.k;
    double *values = MTP_ARENA_ARRAY(run->owner->arena, k * bundle->n_raw + 1, double);

    for (size_t i = 0; values && i < k; i++) {
        for (size_t r = 0; r < bundle->n_raw; r++) {
            values[i * bundle->n_raw + r] =
                value_of(raw->column[bundle->raw_role[r]], i);
        }
    }
    return values;
}

/* What the paper would print for a study of one group. */
static void set_observed(mtp_study *s, mtp_input_kind input, double level)
{
    s->observed.estimate = s->observed.ci_lower = s->observed.ci_upper = (double)NAN;
    if (input == MTP_INPUT_EVENTS_N) {
        s->observed.estimate = s->events / s->n;
        s->observed.ci_method = "wilson";
        mtp_wilson_interval(s->events, s->n, level, &s->observed.ci_lower,
                            &s->observed.ci_upper);
    } else if (input == MTP_INPUT_EVENTS_TIME) {
        s->observed.estimate = s->events / s->time;
        s->observed.ci_method = "poisson-exact";
        mtp_poisson_interval(s->events, s->time, level, &s->observed.ci_lower,
                             &s->observed.ci_upper);
    }
}

static void set_effect(mtp_study *s, const mtp_measure_info *measure, double yi,
                       double vi, double z)
{
    double ft_n = isnan(s->n) ? s->time : s->n;

    s->yi = yi;
    s->vi = vi;
    s->sei = sqrt(vi);
    s->ci_lower = yi - z * s->sei;
    s->ci_upper = yi + z * s->sei;
    s->back.estimate = mtp_back_transform(measure->measure, yi, ft_n, NULL);
    s->back.ci_lower = mtp_back_transform(measure->measure, s->ci_lower, ft_n, NULL);
    s->back.ci_upper = mtp_back_transform(measure->measure, s->ci_upper, ft_n, NULL);
}

static mtp_study make_study(const mtp_run_context *run, size_t i, double z)
{
    const mtp_binding *binding = &run->binding;
    const mtp_effects *effects = run->owner->effects;
    const mtp_pool_result *pool = run->owner->pool;
    const mtp_regress_result *regress = run->owner->regress;
    mtp_study s = {.row = binding->row[i] + 1,
                   .line = mtp_table_line(run->table, binding->row[i]),
                   .name = binding->study[i],
                   .events = value_of(effects->events, i),
                   .n = value_of(effects->n, i),
                   .time = value_of(effects->time, i),
                   .weight_common = (double)NAN,
                   .weight_random = (double)NAN,
                   .corrected = effects->corrected[i] != 0,
                   .origin = effects->origin[i]};

    if (binding->n_levels > 0) {
        s.group = binding->level_name[binding->level[i]];
    }
    if (pool && pool->weight_common && pool->weight_random) {
        s.weight_common = pool->weight_common[i];
        s.weight_random = pool->weight_random[i];
    }
    if (regress && regress->study) {
        s.weight_random = regress->study[i].weight;
    }
    set_effect(&s, run->settings.measure, effects->yi[i], effects->vi[i], z);
    set_observed(&s, run->settings.measure->input, run->settings.level);
    return s;
}

static mtp_status make_studies(mtp_run_context *run)
{
    size_t k = run->binding.k;
    mtp_study *studies = MTP_ARENA_ARRAY(run->owner->arena, k, mtp_study);
    double z = mtp_normal_upper_quantile(mtp_tail_of_level(run->settings.level));
    mtp_status status = list_raw_roles(run);
    const double *raw = status == MTP_OK ? copy_raw(run) : NULL;

    if (!studies || !raw) {
        return mtp_fail_nomem(run->err);
    }
    for (size_t i = 0; i < k; i++) {
        studies[i] = make_study(run, i, z);
        studies[i].raw = raw + i * run->owner->bundle.n_raw;
    }
    run->owner->bundle.measure = run->settings.measure;
    run->owner->bundle.n_studies = k;
    run->owner->bundle.studies = studies;
    return MTP_OK;
}

static mtp_status pool(mtp_run_context *run)
{
    const mtp_binding *binding = &run->binding;
    mtp_grouping grouping = {binding->n_levels, binding->level, binding->level_name};
    bool groups =
        binding->n_levels > 0 && run->owner->bundle.command != MTP_COMMAND_SENSITIVITY;
    mtp_status status;

    run->settings.pool.weights = binding->weights;
    run->settings.pool.cluster = binding->cluster;
    run->settings.pool.n_clusters = binding->n_clusters;
    run->settings.pool.n_levels = binding->n_nested;
    run->settings.pool.levels = binding->nested;
    status = mtp_pool(run->owner->effects, groups ? &grouping : NULL,
                      &run->settings.pool, &run->owner->pool, run->err);

    if (status != MTP_OK) {
        mtp_run_place_error(run);
    }
    return status;
}

mtp_status mtp_run_pool(mtp_run_context *run)
{
    mtp_status status = pool(run);

    if (status == MTP_OK) {
        mtp_note_add_all(&run->notes, &run->owner->pool->notes);
    }
    return status;
}

/* The effects stage stops at the first study that it cannot use; the reader wants to
 * hear of all of them. */
static void collect_problems(mtp_run_context *run, const mtp_raw *raw)
{
    for (size_t i = 0; i < raw->k; i++) {
        mtp_raw one = {.size = sizeof one, .k = 1};
        mtp_effects *effects = NULL;

        for (unsigned role = 0; role < MTP_ROLE_COUNT; role++) {
            one.column[role] = raw->column[role] ? raw->column[role] + i : NULL;
        }
        if (mtp_effects_compute(&run->settings.effects, &one, &effects, run->err) ==
            MTP_E_DATA) {
            run->err->line = run->err->line ? i + 1 : 0;
            mtp_run_place_error(run);
            mtp_problems_add(run->problems, run->err);
        }
        mtp_effects_free(effects);
    }
}

static mtp_status pool_for_bias(mtp_run_context *run)
{
    mtp_status status = pool(run);

    return status == MTP_OK ? mtp_run_bias(run) : status;
}

static mtp_status fit_for_diagnostics(mtp_run_context *run, const mtp_request *request)
{
    mtp_status status =
        run->settings.regression ? mtp_run_regress(run, request) : mtp_run_pool(run);

    return status == MTP_OK ? mtp_run_diagnostics(run) : status;
}

static mtp_status pool_for_gosh(mtp_run_context *run)
{
    mtp_status status = mtp_run_pool(run);

    return status == MTP_OK ? mtp_run_gosh_map(run) : status;
}

static mtp_status pool_for_curve(mtp_run_context *run, const mtp_request *request)
{
    mtp_status status = mtp_run_pool(run);

    return status == MTP_OK ? mtp_run_tau2_curve(run, request) : status;
}

static mtp_status pool_with_rounding(mtp_run_context *run, const mtp_request *request)
{
    mtp_status status = mtp_run_pool(run);

    return status == MTP_OK ? mtp_run_rounding(run, request, NULL) : status;
}

static mtp_status run_model(mtp_run_context *run, const mtp_request *request)
{
    switch (run->owner->bundle.command) {
    case MTP_COMMAND_EFFECTS:
        return MTP_OK;
    case MTP_COMMAND_REGRESS:
    case MTP_COMMAND_BUBBLE:
        return mtp_run_regress(run, request);
    case MTP_COMMAND_BIAS:
        return pool_for_bias(run);
    case MTP_COMMAND_DIAGNOSTICS:
    case MTP_COMMAND_RADIAL:
        return fit_for_diagnostics(run, request);
    case MTP_COMMAND_GOSH_FIGURE:
        return pool_for_gosh(run);
    case MTP_COMMAND_TAU2_CURVE:
        return pool_for_curve(run, request);
    case MTP_COMMAND_FOREST:
        return mtp_run_forest(run);
    case MTP_COMMAND_SENSITIVITY:
        return mtp_run_sensitivity(run, request);
    case MTP_COMMAND_COMPARE:
    case MTP_COMMAND_COMPARE_FIGURE:
        return mtp_run_compare(run);
    default:
        return pool_with_rounding(run, request);
    }
}

/* Effects may have come ready-made. */
static mtp_status check_labbe(const mtp_run_context *run)
{
    return mtp_labbe_has_points(&run->owner->bundle)
               ? MTP_OK
               : mtp_fail(
                     run->err, MTP_E_DATA,
                     "no study has the data of both groups, which an L'Abb\303\251 "
                     "plot shows");
}

mtp_status mtp_run_studies(mtp_run_context *run, const mtp_request *request)
{
    mtp_raw raw = {.size = sizeof raw, .k = run->binding.k};
    mtp_error first;
    mtp_status status;

    memcpy(raw.column, run->binding.column, sizeof raw.column);
    status = mtp_effects_compute(&run->settings.effects, &raw, &run->owner->effects,
                                 run->err);
    if (status != MTP_OK) {
        mtp_run_place_error(run);
        first = *run->err;
        if (status == MTP_E_DATA) {
            collect_problems(run, &raw);
        }
        *run->err = first;
        return status;
    }
    add_effect_notes(run, &run->owner->effects->notes);
    status = run_model(run, request);
    if (status == MTP_OK) {
        status = make_studies(run);
    }
    if (status != MTP_OK) {
        return status;
    }
    return request->command == MTP_COMMAND_FUNNEL   ? mtp_run_funnel(run)
           : request->command == MTP_COMMAND_LABBE  ? check_labbe(run)
           : request->command == MTP_COMMAND_BUBBLE ? mtp_run_bubble(run, request)
                                                    : MTP_OK;
}
