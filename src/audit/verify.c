/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/verify.h"

#include "audit/hint.h"
#include "audit/judge.h"
#include "audit/rounded.h"
#include "audit/search.h"
#include "audit/workspace.h"
#include "core/error.h"
#include "core/names.h"
#include "core/owned.h"

#include <assert.h>
#include <math.h>
#include <string.h>

MTP_NAMES(verdict, mtp_verdict, MTP_VERDICT_LIST, MTP_VERDICT_COUNT)

const char *mtp_verdict_word(mtp_verdict verdict)
{
    static const char *const word[MTP_VERDICT_COUNT] = {
        [MTP_VERDICT_PASS] = "PASS",
        [MTP_VERDICT_ROUNDING] = "ROUNDING",
        [MTP_VERDICT_MISMATCH] = "MISMATCH",
        [MTP_VERDICT_NOT_COMPUTED] = "NOT COMPUTED",
        [MTP_VERDICT_EXPECTED] = "EXPECTED"};

    return word[verdict];
}

const char *mtp_verify_file_name(const mtp_verification *v)
{
    return v->file->path + strlen(v->file->folder);
}

bool mtp_verification_holds(const mtp_verification *v)
{
    return v->count[MTP_VERDICT_MISMATCH] == 0 &&
           v->count[MTP_VERDICT_NOT_COMPUTED] == 0 &&
           (!v->snapshot || mtp_snapshot_holds(v->snapshot));
}

void mtp_verification_set_snapshot(mtp_verification *verification,
                                   const mtp_snapshot_comparison *snapshot)
{
    verification->snapshot = snapshot;
}

/* What claims are judged with. */
typedef struct judging {
    mtp_verification_owner *owner;
    mtp_judged *judged; /* [n_claims] */
    mtp_workspace *workspace;
    bool search, no_memory;
    unsigned threads;
} judging;

static void set_note(judging *j, mtp_judged *judged, const char *note)
{
    judged->note = mtp_arena_strdup(j->owner->arena, note);
    j->no_memory = j->no_memory || !judged->note;
}

static void not_computed(judging *j, mtp_judged *judged, const char *why)
{
    judged->verdict = MTP_VERDICT_NOT_COMPUTED;
    set_note(j, judged, why);
}

static void judge_value(judging *j, mtp_judged *judged, const mtp_printed *printed,
                        double value, const mtp_tree *tree)
{
    const mtp_claim *claim = judged->claim;
    double computed = mtp_transformed(claim->transform, value);

    if (!isfinite(computed)) {
        not_computed(j, judged, "the figure does not exist");
        return;
    }
    judged->computed = computed;
    judged->difference = computed - judged->claimed;
    judged->verdict = mtp_judge(printed, computed, claim->digits, claim->tolerance);
    if (judged->verdict == MTP_VERDICT_MISMATCH ||
        judged->verdict == MTP_VERDICT_ROUNDING) {
        j->no_memory = mtp_verify_rounded(claim, printed, tree, j->owner->arena,
                                          &judged->note) != MTP_OK ||
                       j->no_memory;
    }
    if (judged->verdict == MTP_VERDICT_MISMATCH && !judged->note) {
        j->no_memory = mtp_verify_hint(claim, printed, value, tree, j->owner->arena,
                                       &judged->note) != MTP_OK ||
                       j->no_memory;
    }
}

/* A known exception is one only while the claim does not hold. */
static void except(judging *j, mtp_judged *judged)
{
    const char *expected = judged->claim->expected;

    if (expected && judged->verdict != MTP_VERDICT_PASS) {
        judged->verdict = MTP_VERDICT_EXPECTED;
        judged->note = expected;
    } else if (expected) {
        set_note(j, judged, "holds, though the file expects that it does not");
    }
}

/* tree NULL: the analysis failed, err says why. */
static void judge_claim(judging *j, mtp_judged *judged, const mtp_tree *tree,
                        const mtp_error *failed)
{
    mtp_printed printed = {0};
    mtp_found found;
    mtp_error err;

    (void)mtp_printed_read(judged->claim->printed, &printed);
    judged->claimed = printed.value;
    if (!tree) {
        not_computed(j, judged, failed->message);
    } else if (mtp_tree_find(tree, judged->claim->quantity, &found, &err) != MTP_OK) {
        not_computed(j, judged, err.message);
    } else if (found.kind != MTP_FOUND_NUMBER && found.kind != MTP_FOUND_NULL) {
        not_computed(j, judged, "what stands there is no number");
    } else {
        judge_value(j, judged, &printed, found.number, tree);
    }
    except(j, judged);
}

/* The tree of an analysis; NULL with err, where it has no answer. */
static mtp_status run(judging *j, const mtp_file_analysis *analysis, mtp_tree **tree,
                      mtp_problems *problems, mtp_error *err)
{
    const mtp_table *table;
    mtp_bundle *bundle = NULL;
    mtp_status status =
        mtp_workspace_table(j->workspace, analysis, &table, problems, err);

    if (status != MTP_OK) {
        return status; /* without its table nothing can be said of the file */
    }
    if (mtp_workspace_run(j->workspace, analysis, &bundle, NULL, err) == MTP_OK) {
        (void)mtp_workspace_tree(analysis, bundle, tree, err);
    }
    mtp_bundle_free(bundle);
    return !*tree && err->status == MTP_E_NOMEM ? MTP_E_NOMEM : MTP_OK;
}

/* Other choices for the claims of an analysis that do not hold. */
static mtp_status search(judging *j, const mtp_file_analysis *analysis, mtp_error *err)
{
    const mtp_verification *v = &j->owner->verification;
    mtp_judged **own = MTP_ARENA_ARRAY(j->owner->arena, v->n_claims, mtp_judged *);
    size_t n = 0;

    for (size_t i = 0; own && i < v->n_claims; i++) {
        if (j->judged[i].claim->analysis == analysis) {
            own[n++] = &j->judged[i];
        }
    }
    return own ? mtp_search_settings(j->workspace, analysis, j->threads, n, own,
                                     j->owner->arena, err)
               : mtp_fail_nomem(err);
}

static mtp_status judge_analysis(judging *j, const mtp_file_analysis *analysis,
                                 mtp_problems *problems, mtp_error *err)
{
    mtp_verification *v = &j->owner->verification;
    mtp_tree *tree = NULL;
    mtp_error failed = {0};
    mtp_status status = run(j, analysis, &tree, problems, &failed);

    if (status != MTP_OK) {
        *err = failed;
        return status;
    }
    for (size_t i = 0; i < v->n_claims; i++) {
        if (j->judged[i].claim->analysis == analysis) {
            judge_claim(j, &j->judged[i], tree, &failed);
            v->count[j->judged[i].verdict]++;
        }
    }
    v->n_analyses++;
    mtp_tree_free(tree);
    status = j->no_memory ? mtp_fail_nomem(err) : MTP_OK;
    return status == MTP_OK && j->search ? search(j, analysis, err) : status;
}

static bool has_claims(const mtp_verification *v, const mtp_file_analysis *analysis)
{
    for (size_t i = 0; i < v->n_claims; i++) {
        if (v->claims[i].claim->analysis == analysis) {
            return true;
        }
    }
    return false;
}

static mtp_status judge_all(judging *j, const mtp_analysis_file *file,
                            mtp_problems *problems, mtp_error *err)
{
    mtp_status status = mtp_workspace_new(file, &j->workspace, err);

    for (size_t i = 0; status == MTP_OK && i < file->n_analyses; i++) {
        if (has_claims(&j->owner->verification, &file->analyses[i])) {
            status = judge_analysis(j, &file->analyses[i], problems, err);
        }
    }
    if (status == MTP_OK) {
        status = mtp_workspace_check_files(j->workspace, err);
    }
    mtp_workspace_free(j->workspace);
    return status;
}

static mtp_verification_owner *new_owner(const mtp_analysis_file *file,
                                         mtp_judged **judged)
{
    mtp_arena *arena = mtp_arena_new();
    mtp_verification_owner *owner =
        arena ? MTP_ARENA_NEW(arena, mtp_verification_owner) : NULL;

    *judged = owner ? MTP_ARENA_ARRAY(arena, file->n_claims, mtp_judged) : NULL;
    if (!*judged) {
        mtp_arena_free(arena);
        return NULL;
    }
    for (size_t i = 0; i < file->n_claims; i++) {
        (*judged)[i] = (mtp_judged){.claim = &file->claims[i],
                                    .claimed = (double)NAN,
                                    .computed = (double)NAN,
                                    .difference = (double)NAN};
    }
    owner->arena = arena;
    owner->verification =
        (mtp_verification){.file = file, .n_claims = file->n_claims, .claims = *judged};
    return owner;
}

void mtp_verify_options_init(mtp_verify_options *options, size_t size)
{
    mtp_verify_options defaults = {.size = size, .threads = 1};

    mtp_options_give(options, size, &defaults, sizeof defaults);
}

mtp_status mtp_verify(const mtp_analysis_file *file, const mtp_verify_options *options,
                      mtp_verification **verification, mtp_problems *problems,
                      mtp_error *err)
{
    mtp_verify_options effective;
    judging j = {0};
    mtp_error ignored;
    mtp_status status;

    assert(file && verification);
    err = err ? err : &ignored;
    mtp_verify_options_init(&effective, sizeof effective);
    mtp_options_take(&effective, sizeof effective, options);
    j.search = effective.search;
    j.threads = effective.threads;
    j.owner = new_owner(file, &j.judged);
    if (!j.owner) {
        return mtp_fail_nomem(err);
    }
    status = judge_all(&j, file, problems, err);
    if (status != MTP_OK) {
        mtp_verification_free(&j.owner->verification);
        return status;
    }
    *verification = &j.owner->verification;
    return MTP_OK;
}

void mtp_verification_free(mtp_verification *verification)
{
    if (verification) {
        mtp_arena_free(((mtp_verification_owner *)verification)->arena);
    }
}
