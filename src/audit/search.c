/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/search.h"

#include "audit/judge.h"
#include "audit/search_moves.h"
#include "audit/workspace.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

/* Moves made together. */
typedef struct setting {
    size_t n;
    const mtp_move *move[MTP_SETTINGS_MAX];
} setting;

/* The best setting for something, among those with the fewest moves. */
typedef struct best {
    setting setting;
    size_t stage; /* of the search at which the first was found */
    size_t ways;  /* settings of that stage that do it */
    size_t kept;  /* claims of the analysis that hold with it */
} best;

typedef struct search {
    mtp_workspace *workspace;
    const mtp_file_analysis *analysis;
    size_t n;
    mtp_judged *const *judged;
    bool *wanted; /* [n] */
    bool *holds;  /* [n] with the setting that is looked at */
    best *one;    /* [n] for each wanted claim */
    best all;     /* for all of them */
    size_t n_moves;
    const mtp_move *move;
    bool *dead; /* [n_moves] alone it gives nothing, and no other will help it */
    size_t stage;
    bool no_memory;
} search;

/* What a claim says of the figures of another tree. */
static mtp_verdict judge_in(const mtp_claim *claim, const mtp_tree *tree)
{
    mtp_printed printed;
    mtp_found found;
    double computed;

    if (!mtp_printed_read(claim->printed, &printed) ||
        mtp_tree_find(tree, claim->quantity, &found, NULL) != MTP_OK ||
        found.kind != MTP_FOUND_NUMBER) {
        return MTP_VERDICT_NOT_COMPUTED;
    }
    computed = mtp_transformed(claim->transform, found.number);
    return isfinite(computed)
               ? mtp_judge(&printed, computed, claim->digits, claim->tolerance)
               : MTP_VERDICT_NOT_COMPUTED;
}

/* The tree of the analysis with other choices; NULL where that has no answer. */
static mtp_tree *run(search *s, const setting *with)
{
    mtp_request *request = NULL;
    mtp_bundle *bundle = NULL;
    mtp_tree *tree = NULL;
    mtp_error err = {0};
    mtp_status status =
        mtp_workspace_request(s->workspace, s->analysis, &request, &err);

    for (size_t i = 0; status == MTP_OK && i < with->n; i++) {
        status =
            mtp_request_set(request, with->move[i]->option, with->move[i]->value, &err);
    }
    if (status == MTP_OK) {
        status = mtp_workspace_run_request(s->workspace, s->analysis, request, &bundle,
                                           NULL, &err);
    }
    if (status == MTP_OK) {
        status = mtp_workspace_tree(s->analysis, bundle, &tree, &err);
    }
    s->no_memory = s->no_memory || status == MTP_E_NOMEM;
    mtp_bundle_free(bundle);
    mtp_request_free(request);
    return tree;
}

static void improve(best *b, const setting *with, size_t stage, size_t kept)
{
    if (b->ways > 0 && b->stage < stage) {
        return; /* fewer moves do it */
    }
    b->stage = stage;
    if (b->ways++ == 0 || kept > b->kept) {
        b->setting = *with;
        b->kept = kept;
    }
}

/* The columns of a table give a measure or they do not. */
static void bury(search *s, const setting *with)
{
    if (with->n == 1 && strcmp(with->move[0]->option, "measure") == 0) {
        s->dead[with->move[0] - s->move] = true;
    }
}

static void look_at(search *s, const setting *with)
{
    mtp_tree *tree = run(s, with);
    size_t kept = 0;
    bool all = true;

    if (!tree) {
        bury(s, with);
        return;
    }
    for (size_t i = 0; i < s->n; i++) {
        s->holds[i] = judge_in(s->judged[i]->claim, tree) == MTP_VERDICT_PASS;
        kept += s->holds[i];
        all = all && (s->holds[i] || !s->wanted[i]);
    }
    mtp_tree_free(tree);
    for (size_t i = 0; i < s->n; i++) {
        if (s->wanted[i] && s->holds[i]) {
            improve(&s->one[i], with, s->stage, kept);
        }
    }
    if (all) {
        improve(&s->all, with, s->stage, kept);
    }
}

/* Whether a move may be made with others, `depth` in all. */
static bool fits(const setting *with, const mtp_move *move, size_t depth)
{
    for (size_t i = 0; i < with->n; i++) {
        if (strcmp(with->move[i]->option, move->option) == 0) {
            return false;
        }
    }
    return move->reach == MTP_MOVE_CORE ||
           (move->reach == MTP_MOVE_PAIRS && depth <= 2);
}

/* All settings of `depth` moves that begin with those made already. */
static void look_deep(search *s, setting *with, size_t from, size_t depth)
{
    for (size_t i = from; i < s->n_moves && !s->no_memory; i++) {
        if (s->dead[i] || !fits(with, &s->move[i], depth)) {
            continue;
        }
        with->move[with->n++] = &s->move[i];
        if (with->n == depth) {
            look_at(s, with);
        } else {
            look_deep(s, with, i + 1, depth);
        }
        with->n--;
    }
}

static void look_last(search *s)
{
    for (size_t i = 0; i < s->n_moves && !s->no_memory; i++) {
        if (s->move[i].reach == MTP_MOVE_LAST) {
            look_at(s, &(setting){1, {&s->move[i]}});
        }
    }
}

static void keep(search *s, mtp_judged *judged, const best *b, mtp_arena *arena)
{
    mtp_setting *settings =
        b->ways > 0 ? MTP_ARENA_ARRAY(arena, b->setting.n, mtp_setting) : NULL;

    if (b->ways == 0) {
        return;
    }
    s->no_memory = s->no_memory || !settings;
    for (size_t i = 0; settings && i < b->setting.n; i++) {
        settings[i] =
            (mtp_setting){b->setting.move[i]->option, b->setting.move[i]->value};
    }
    judged->ways = b->ways;
    judged->n_settings = settings ? b->setting.n : 0;
    judged->settings = settings;
}

/* A bound says too little to tell one choice from another. */
static bool is_wanted(const mtp_judged *judged)
{
    mtp_printed printed;

    if (!mtp_printed_read(judged->claim->printed, &printed) || printed.bound) {
        return false;
    }
    return judged->verdict == MTP_VERDICT_MISMATCH ||
           (judged->verdict == MTP_VERDICT_EXPECTED && isfinite(judged->computed));
}

static mtp_status prepare(search *s, mtp_arena *arena, size_t *n_wanted, mtp_error *err)
{
    mtp_request *request = NULL;
    mtp_status status = mtp_workspace_request(s->workspace, s->analysis, &request, err);

    if (status != MTP_OK) {
        return status;
    }
    s->wanted = mtp_arena_zalloc(arena, s->n, sizeof *s->wanted);
    s->holds = mtp_arena_zalloc(arena, s->n, sizeof *s->holds);
    s->one = mtp_arena_zalloc(arena, s->n, sizeof *s->one);
    s->n_moves =
        mtp_search_moves(s->analysis, request, s->n, s->judged, arena, &s->move);
    s->dead = mtp_arena_zalloc(arena, s->n_moves, sizeof *s->dead);
    mtp_request_free(request);
    if (!s->dead || !s->wanted || !s->holds || !s->one || !s->move) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < s->n; i++) {
        s->wanted[i] = is_wanted(s->judged[i]);
        *n_wanted += s->wanted[i];
    }
    return MTP_OK;
}

mtp_status mtp_search_settings(mtp_workspace *workspace,
                               const mtp_file_analysis *analysis, size_t n,
                               mtp_judged *const judged[], mtp_arena *arena,
                               mtp_error *err)
{
    search s = {.workspace = workspace, .analysis = analysis, .n = n, .judged = judged};
    size_t n_wanted = 0;
    mtp_status status = prepare(&s, arena, &n_wanted, err);

    if (status != MTP_OK || n_wanted == 0) {
        return status;
    }
    for (size_t depth = 1; depth <= MTP_SETTINGS_MAX && s.all.ways == 0; depth++) {
        setting none = {0};

        s.stage++;
        look_deep(&s, &none, 0, depth);
        if (depth == 2 && s.all.ways == 0) {
            s.stage++;
            look_last(&s);
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (s.wanted[i]) {
            judged[i]->searched = true;
            keep(&s, judged[i], s.all.ways > 0 ? &s.all : &s.one[i], arena);
        }
    }
    return s.no_memory ? mtp_fail_nomem(err) : MTP_OK;
}
