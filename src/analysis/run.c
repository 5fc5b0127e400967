/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/run.h"

#include "analysis/profile.h"
#include "core/error.h"

#include <string.h>

void mtp_bundle_free(mtp_bundle *bundle)
{
    /* The public bundle is the owner's first member. */
    mtp_bundle_owner *owner = (mtp_bundle_owner *)bundle;

    if (!owner) {
        return;
    }
    mtp_bias_owned_free(&owner->bias);
    mtp_composition_free(owner->composition);
    mtp_comparison_free(owner->comparison);
    mtp_regress_result_free(owner->regress);
    mtp_design_free(owner->design);
    mtp_design_free(owner->scale_design);
    mtp_subset_fits_free(owner->leave_one_out);
    mtp_subset_fits_free(owner->leave_two_out);
    mtp_subset_fits_free(owner->cumulative);
    mtp_influence_free(owner->influence);
    mtp_gosh_free(owner->gosh);
    mtp_fragility_free(owner->fragility);
    mtp_blup_free(owner->blup);
    mtp_rounding_free(owner->rounding);
    mtp_formula_free(owner->mods);
    mtp_formula_free(owner->scale);
    mtp_pool_result_free(owner->pool);
    mtp_effects_free(owner->effects);
    mtp_arena_free(owner->arena);
}

bool mtp_bundle_answered(const mtp_bundle *bundle)
{
    return (!bundle->pool || bundle->pool->overall.exists) &&
           (!bundle->regression || bundle->regression->fit->exists) &&
           (!bundle->bias || bundle->bias->answered) &&
           (!bundle->comparison || bundle->comparison->intervals.n > 0);
}

/* Rows that only the moderators cost: R2 compares with a model of the others. */
static void note_moderators(mtp_run_context *run, size_t n)
{
    const mtp_ledger *ledger = &run->binding.ledger;

    for (size_t i = 0; n > 0 && i < ledger->n_excluded; i++) {
        const mtp_excluded *row = &ledger->excluded[i];

        if (strcmp(row->code, "moderator_missing") == 0) {
            mtp_note_add(&run->notes, MTP_NOTE_MODERATOR_MISSING, 0,
                         "%zu row%s with an effect lack%s a moderator and %s left out, "
                         "the first is row %zu (%s); the model without moderators, "
                         "which R^2 compares with, is fitted to the same %zu rows",
                         n, n == 1 ? "" : "s", n == 1 ? "s" : "",
                         n == 1 ? "was" : "were", row->row, row->reason, ledger->used);
            return;
        }
    }
}

static void note_excluded(mtp_run_context *run)
{
    const mtp_ledger *ledger = &run->binding.ledger;
    const mtp_excluded *first = NULL;
    const char *cause = " for missing values";
    size_t n = 0;

    for (size_t i = 0; i < ledger->n_excluded; i++) {
        const mtp_excluded *row = &ledger->excluded[i];

        if (strcmp(row->code, "no_information") == 0) {
            cause = "";
        }
        if (strcmp(row->code, "moderator_missing") != 0) {
            first = n++ > 0 ? first : row;
        }
    }
    if (n > 0) {
        mtp_note_add(&run->notes, MTP_NOTE_ROWS_EXCLUDED, 0,
                     "%zu of %zu rows %s left out%s; the first is row %zu (%s)", n,
                     ledger->rows, n == 1 ? "was" : "were", cause, first->row,
                     first->reason);
    }
    note_moderators(run, ledger->n_excluded - n);
}

static mtp_status fill_bundle(mtp_run_context *run, const mtp_request *request)
{
    mtp_bundle *b = &run->owner->bundle;

    b->ledger = run->binding.ledger;
    b->measure = run->settings.measure;
    b->drapery_quantiles = request->command == MTP_COMMAND_DRAPERY &&
                           mtp_request_value(request, MTP_OPT_DRAPERY_AXIS)[0] == 'z';
    b->level = run->settings.level;
    b->vtype = run->settings.effects.vtype;
    b->uncorrected = !run->settings.effects.correct;
    if (run->settings.by) {
        b->by = mtp_arena_strdup(run->owner->arena, run->settings.by);
    }
    b->pool = run->owner->pool;
    b->comparison = run->owner->comparison;
    b->level_label = run->binding.nested_label;
    b->n_clusters = run->binding.n_clusters;
    b->cluster = run->binding.cluster;
    b->cluster_name = run->binding.cluster_name;
    b->composition = run->owner->composition;
    b->notes = mtp_note_list_done(&run->notes);
    if (run->notes.failed || (run->settings.by && !b->by)) {
        return mtp_fail_nomem(run->err);
    }
    return mtp_settings_list(request, &run->settings, run->owner->arena, &b->options,
                             &b->n_options, run->err);
}

static mtp_status run_stages(mtp_run_context *run, const mtp_request *request)
{
    mtp_status status =
        mtp_settings_resolve(request, &run->settings, &run->notes, run->err);

    if (status == MTP_OK && run->settings.regression) {
        status = mtp_run_formulas(run, request);
    }
    if (status == MTP_OK) {
        status = mtp_run_nested(run);
    }
    if (status == MTP_OK) {
        status = mtp_run_look_asked(run, request);
    }
    if (status == MTP_OK) {
        status = mtp_bind(run->table, &run->settings, run->owner->arena, &run->binding,
                          run->problems, run->err);
    }
    if (status == MTP_OK) {
        note_excluded(run);
        status = (unsigned)request->command & MTP_FOR_SHARES
                     ? mtp_run_composition(run)
                     : mtp_run_studies(run, request);
    }
    if (status == MTP_OK) {
        status = mtp_run_look(run);
    }
    return status == MTP_OK ? fill_bundle(run, request) : status;
}

static mtp_status run_once(const mtp_request *request, const mtp_table *table,
                           mtp_bundle_owner **result, mtp_problems *problems,
                           mtp_error *err)
{
    mtp_arena *arena = mtp_arena_new();
    mtp_bundle_owner *owner = arena ? MTP_ARENA_NEW(arena, mtp_bundle_owner) : NULL;
    mtp_run_context run = {
        .table = table, .owner = owner, .problems = problems, .err = err};
    mtp_status status;

    if (!owner) {
        mtp_arena_free(arena);
        return mtp_fail_nomem(err);
    }
    owner->arena = arena;
    owner->bundle.command = request->command;
    mtp_note_list_init(&run.notes, arena);
    status = run_stages(&run, request);
    if (status != MTP_OK) {
        mtp_bundle_free(&owner->bundle);
        return status;
    }
    *result = owner;
    return MTP_OK;
}

/* The same without the profile, and what differs. Where our own defaults give no
 * analysis, that is no failure of this one. */
static mtp_status compare_with_ours(const mtp_request *request, const mtp_table *table,
                                    mtp_bundle_owner *theirs, mtp_error *err)
{
    mtp_bundle_owner *ours = NULL;
    mtp_status status = run_once(request, table, &ours, NULL, err);

    if (status == MTP_E_NOMEM) {
        return status;
    }
    status = mtp_profile_compare(request, ours ? &ours->bundle : NULL, &theirs->bundle,
                                 theirs->arena, &theirs->bundle.profile, err);
    mtp_bundle_free(ours ? &ours->bundle : NULL);
    return status;
}

mtp_status mtp_run(const mtp_request *request, const mtp_table *table,
                   mtp_bundle **bundle, mtp_problems *problems, mtp_error *err)
{
    bool profile = request->given[MTP_OPT_PROFILE] != NULL;
    mtp_bundle_owner *owner = NULL;
    mtp_request filled = *request;
    mtp_error ignored;
    mtp_status status;

    err = err ? err : &ignored;
    if (profile) {
        mtp_profile_fill(request, &filled);
    }
    status = run_once(&filled, table, &owner, problems, err);
    if (status == MTP_OK && profile) {
        status = compare_with_ours(request, table, owner, err);
    }
    if (status != MTP_OK) {
        mtp_bundle_free(owner ? &owner->bundle : NULL);
        return status;
    }
    *bundle = &owner->bundle;
    return MTP_OK;
}
