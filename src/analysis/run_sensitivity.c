/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sensitivity: the model of all studies, and the fits of some of them. */
#include "analysis/run.h"
#include "core/error.h"
#include "models/stratified.h"

#include <math.h>

/* Names in a note; studies of whose pairs --all makes the fits. */
enum { NAMED = 5, PAIRS_OF = 100 };

typedef struct job {
    mtp_run_context *run;
    const mtp_request *request;
    mtp_sensitivity_analysis *made;
} job;

static bool wants(const job *j, mtp_sensitivity analysis)
{
    return (j->run->settings.sensitivity.wanted & (1u << analysis)) != 0;
}

void mtp_run_withdraw(mtp_run_context *run, mtp_sensitivity_analysis *made,
                      mtp_sensitivity analysis)
{
    made->made &= ~(1u << analysis);
    run->settings.sensitivity.wanted = made->made;
}

static const mtp_subset_estimate *told(const job *j, const mtp_subset_fit *fit)
{
    return j->made->common ? &fit->common : &fit->random;
}

/* What stands for a fit in a note: the studies or group left out, or the last value. */
static const char *name_of(const job *j, const mtp_subset_fits *fits, size_t i)
{
    const char *const *study = j->run->binding.study;

    if (fits->pair) {
        return mtp_arena_printf(j->run->owner->arena, "%s and %s",
                                study[fits->pair[2 * i]], study[fits->pair[2 * i + 1]]);
    }
    if (fits->step) {
        return j->made->order_name[i];
    }
    return j->made->group_name ? j->made->group_name[i] : study[i];
}

/* One note on the fits that do not exist. */
static mtp_status note_missing(const job *j, const mtp_subset_fits *fits,
                               mtp_sensitivity analysis)
{
    mtp_arena *arena = j->run->owner->arena;
    const char *names = "";
    size_t n = 0;

    for (size_t i = 0; names && i < fits->n; i++) {
        if (isnan(told(j, &fits->fit[i])->estimate)) {
            const char *name = n < NAMED ? name_of(j, fits, i) : "";

            names = n == NAMED  ? mtp_arena_printf(arena, "%s and others", names)
                    : n > NAMED ? names
                    : name ? mtp_arena_printf(arena, "%s%s%s", names, n > 0 ? ", " : "",
                                              name)
                           : NULL;
            n++;
        }
    }
    if (!names) {
        return mtp_fail_nomem(j->run->err);
    }
    if (n > 0) {
        mtp_note_add(&j->run->notes, MTP_NOTE_NOT_DEFINED, 0,
                     "%s: of %zu fit%s, %zu do%s not exist (%s %s)",
                     mtp_sensitivity_label(analysis), fits->n, fits->n == 1 ? "" : "s",
                     n, n == 1 ? "es" : "", fits->step ? "at" : "without", names);
    }
    return MTP_OK;
}

/* An error of a study, or the note on fits that do not exist. */
static mtp_status finish(const job *j, mtp_status status, mtp_subset_fits *fits,
                         const mtp_subset_fits **made, mtp_sensitivity analysis)
{
    if (status != MTP_OK) {
        mtp_run_place_error(j->run);
        return status;
    }
    *made = fits;
    return note_missing(j, fits, analysis);
}

/* Without each study, or without each group of them. */
static mtp_status leave_one_out(const job *j)
{
    mtp_run_context *run = j->run;
    const mtp_binding *b = &run->binding;
    mtp_subset_fits **fits = &run->owner->leave_one_out;
    bool by = b->n_levels > 0;
    size_t n = by ? b->n_levels : b->n_clusters;
    const size_t *group = by ? b->level : b->cluster;
    const char *expression = by ? run->settings.by : run->settings.cluster;
    mtp_status status = mtp_leave_out(run->owner->effects, &run->settings.pool, n,
                                      group, fits, run->err);

    if (group) {
        j->made->group = mtp_arena_strdup(run->owner->arena, expression);
        j->made->group_name = by ? b->level_name : b->cluster_name;
        if (!j->made->group) {
            return mtp_fail_nomem(run->err);
        }
    }
    return finish(j, status, *fits, &j->made->leave_one_out,
                  MTP_SENSITIVITY_LEAVE_ONE_OUT);
}

static mtp_status leave_two_out(const job *j)
{
    mtp_run_context *run = j->run;
    mtp_subset_fits **fits = &run->owner->leave_two_out;
    mtp_status status;

    if (run->binding.k > PAIRS_OF && !run->settings.sensitivity.pairs_named) {
        mtp_run_withdraw(run, j->made, MTP_SENSITIVITY_LEAVE_TWO_OUT);
        mtp_note_add(&run->notes, MTP_NOTE_NOT_DEFINED, 0,
                     "--all leaves out pairs of up to %d studies; --leave-two-out "
                     "leaves out those of %zu",
                     PAIRS_OF, run->binding.k);
        return MTP_OK;
    }
    status =
        mtp_leave_two_out(run->owner->effects, &run->settings.pool, fits, run->err);
    return finish(j, status, *fits, &j->made->leave_two_out,
                  MTP_SENSITIVITY_LEAVE_TWO_OUT);
}

/* In the order of the values of --cumulative. */
static mtp_status cumulate(const job *j)
{
    mtp_run_context *run = j->run;
    const mtp_binding *b = &run->binding;
    double *order = MTP_ARENA_ARRAY(run->owner->arena, b->k, double);
    mtp_subset_fits **fits = &run->owner->cumulative;
    mtp_status status;

    j->made->order =
        mtp_arena_strdup(run->owner->arena, run->settings.sensitivity.order);
    j->made->order_name = b->step_name;
    if (!order || !j->made->order) {
        return mtp_fail_nomem(run->err);
    }
    for (size_t i = 0; i < b->k; i++) {
        order[i] = (double)b->step[i];
    }
    status =
        mtp_cumulate(run->owner->effects, &run->settings.pool, order, fits, run->err);
    return finish(j, status, *fits, &j->made->cumulative, MTP_SENSITIVITY_CUMULATIVE);
}

static mtp_status influence(const job *j)
{
    mtp_run_context *run = j->run;
    const mtp_settings *s = &run->settings;
    mtp_influence_options options;
    mtp_moderators mods;
    mtp_status status = MTP_OK;

    mtp_influence_options_init(&options, sizeof options);
    options.tau2 = s->sensitivity.tau2;
    options.tau2_value = s->sensitivity.tau2_value;
    options.threads = s->regression ? s->regress.threads : s->pool.threads;
    if (s->regression) {
        status = mtp_run_moderators(run, &mods);
    }
    if (status == MTP_OK) {
        status = mtp_influence(run->owner->effects, s->regression ? &mods : NULL,
                               &options, &run->owner->influence, run->err);
    }
    if (status != MTP_OK) {
        mtp_run_place_error(run);
        return status;
    }
    j->made->influence = run->owner->influence;
    return MTP_OK;
}

/* One note on the studies without which there is no fit to compare with. */
static void note_alone(const job *j)
{
    const mtp_influence_result *r = j->made->influence;
    const char *first = NULL;
    size_t n = 0;

    for (size_t i = 0; i < r->k; i++) {
        if (isnan(r->study[i].rstudent)) {
            first = n++ > 0 ? first : j->run->binding.study[i];
        }
    }
    if (n > 0) {
        mtp_note_add(&j->run->notes, MTP_NOTE_NOT_DEFINED, 0,
                     "influence: without %s%s there is no fit to compare with: too few "
                     "studies are left, or a moderator is constant in the others",
                     n == r->k ? "any one study" : first,
                     n == 1 || n == r->k ? "" : " and others");
    }
}

/* The fits without some of the studies, or of some of them, that were asked for. */
static mtp_status make_fits(const job *j)
{
    mtp_status status = MTP_OK;

    if (wants(j, MTP_SENSITIVITY_LEAVE_ONE_OUT)) {
        status = leave_one_out(j);
    }
    if (status == MTP_OK && wants(j, MTP_SENSITIVITY_LEAVE_TWO_OUT)) {
        status = leave_two_out(j);
    }
    if (status == MTP_OK && wants(j, MTP_SENSITIVITY_CUMULATIVE)) {
        status = cumulate(j);
    }
    if (status == MTP_OK && wants(j, MTP_SENSITIVITY_GOSH)) {
        status = mtp_run_gosh(j->run, j->request, j->made);
    }
    if (status == MTP_OK && wants(j, MTP_SENSITIVITY_FRAGILITY)) {
        status = mtp_run_fragility(j->run, j->made);
    }
    return status;
}

/* What the studies do to the fit, and it to them. */
static mtp_status look_at_studies(const job *j)
{
    bool compared = wants(j, MTP_SENSITIVITY_INFLUENCE) ||
                    wants(j, MTP_SENSITIVITY_BAUJAT) ||
                    wants(j, MTP_SENSITIVITY_RADIAL) || j->run->settings.regression;
    mtp_status status = compared ? influence(j) : MTP_OK;

    if (status == MTP_OK && compared) {
        note_alone(j);
    }
    return status == MTP_OK && wants(j, MTP_SENSITIVITY_BLUP)
               ? mtp_run_blup(j->run, j->made)
               : status;
}

mtp_status mtp_run_sensitivity(mtp_run_context *run, const mtp_request *request)
{
    const mtp_settings *s = &run->settings;
    job j = {run, request, MTP_ARENA_NEW(run->owner->arena, mtp_sensitivity_analysis)};
    mtp_status status;

    if (!j.made) {
        return mtp_fail_nomem(run->err);
    }
    j.made->made = s->sensitivity.wanted;
    j.made->common = !s->regression && (s->pool.tau2 == MTP_TAU2_EE ||
                                        mtp_method_is_stratified(s->pool.method));
    j.made->tau2 = s->sensitivity.tau2;
    run->owner->bundle.sensitivity = j.made;
    status = s->regression ? mtp_run_regress(run, request) : mtp_run_pool(run);
    if (status == MTP_OK && !s->regression) {
        status = make_fits(&j);
    }
    return status == MTP_OK ? look_at_studies(&j) : status;
}

mtp_status mtp_run_forest(mtp_run_context *run)
{
    const mtp_settings *s = &run->settings;
    job j = {.run = run};
    mtp_status status = mtp_run_pool(run);

    if (status != MTP_OK || s->sensitivity.wanted == 0) {
        return status;
    }
    j.made = MTP_ARENA_NEW(run->owner->arena, mtp_sensitivity_analysis);
    if (!j.made) {
        return mtp_fail_nomem(run->err);
    }
    j.made->made = s->sensitivity.wanted;
    j.made->common =
        s->pool.tau2 == MTP_TAU2_EE || mtp_method_is_stratified(s->pool.method);
    run->owner->bundle.sensitivity = j.made;
    return wants(&j, MTP_SENSITIVITY_CUMULATIVE) ? cumulate(&j) : leave_one_out(&j);
}
