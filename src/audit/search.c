/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/search.h"

#include "audit/judge.h"
#include "audit/search_moves.h"
#include "audit/workspace.h"
#include "core/error.h"
#include "core/parallel.h"

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

/* A setting, and what it gives. */
typedef struct attempt {
    setting setting;
    bool answered;
    bool *holds; /* [n] claims of the analysis */
} attempt;

/* Attempts are made in batches, on several threads, and looked at in their order. */
enum { BATCH = 256 };

typedef struct search {
    const mtp_workspace *workspace;
    const mtp_file_analysis *analysis;
    const mtp_table *table;
    unsigned threads;
    size_t n;
    mtp_judged *const *judged;
    bool *wanted; /* [n] */
    best *one;    /* [n] for each wanted claim */
    best all;     /* for all of them */
    size_t n_moves;
    const mtp_move *move;
    bool *dead;       /* [n_moves] alone it gives nothing, and no other will help it */
    attempt *attempt; /* [BATCH] */
    size_t waiting;
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

/* The tree of the analysis with other choices. */
static mtp_status run(const search *s, const setting *with, mtp_tree **tree)
{
    mtp_request *request = NULL;
    mtp_bundle *bundle = NULL;
    mtp_error err = {0};
    mtp_status status =
        mtp_workspace_request(s->workspace, s->analysis, &request, &err);

    for (size_t i = 0; status == MTP_OK && i < with->n; i++) {
        status =
            mtp_request_set(request, with->move[i]->option, with->move[i]->value, &err);
    }
    if (status == MTP_OK) {
        status = mtp_run(request, s->table, &bundle, NULL, &err);
    }
    if (status == MTP_OK) {
        status = mtp_workspace_tree(s->analysis, bundle, tree, &err);
    }
    mtp_bundle_free(bundle);
    mtp_request_free(request);
    return status;
}

/* A task of a batch; a setting without an answer is no failure. */
static mtp_status make(void *context, size_t i)
{
    const search *s = context;
    attempt *a = &s->attempt[i];
    mtp_tree *tree = NULL;
    mtp_status status = run(s, &a->setting, &tree);

    a->answered = status == MTP_OK;
    for (size_t k = 0; a->answered && k < s->n; k++) {
        a->holds[k] = judge_in(s->judged[k]->claim, tree) == MTP_VERDICT_PASS;
    }
    mtp_tree_free(tree);
    return status == MTP_E_NOMEM ? MTP_E_NOMEM : MTP_OK;
}

static bool is_rare(const setting *with)
{
    for (size_t i = 0; i < with->n; i++) {
        if (with->move[i]->rare) {
            return true;
        }
    }
    return false;
}

/* More claims that hold count first; of as many, what is usual. */
static bool is_better(const best *b, const setting *with, size_t kept)
{
    return b->ways == 0 || kept > b->kept ||
           (kept == b->kept && is_rare(&b->setting) && !is_rare(with));
}

static void improve(best *b, const setting *with, size_t stage, size_t kept)
{
    if (b->ways > 0 && b->stage < stage) {
        return; /* fewer moves do it */
    }
    if (is_better(b, with, kept)) {
        b->setting = *with;
        b->kept = kept;
    }
    b->stage = stage;
    b->ways++;
}

/* The columns of a table give a measure or they do not. */
static void bury(search *s, const setting *with)
{
    if (with->n == 1 && strcmp(with->move[0]->option, "measure") == 0) {
        s->dead[with->move[0] - s->move] = true;
    }
}

static void look_at(search *s, const attempt *a)
{
    size_t kept = 0;
    bool all = true;

    if (!a->answered) {
        bury(s, &a->setting);
        return;
    }
    for (size_t i = 0; i < s->n; i++) {
        kept += a->holds[i];
        all = all && (a->holds[i] || !s->wanted[i]);
    }
    for (size_t i = 0; i < s->n; i++) {
        if (s->wanted[i] && a->holds[i]) {
            improve(&s->one[i], &a->setting, s->stage, kept);
        }
    }
    if (all) {
        if (s->stage > s->all.stage && is_better(&s->all, &a->setting, kept)) {
            s->all.ways = 0; /* a profile may be better, though it sets many options */
        }
        improve(&s->all, &a->setting, s->stage, kept);
    }
}

static void make_waiting(search *s)
{
    mtp_status status = mtp_parallel_for(s->waiting, s->threads, make, s);

    s->no_memory = s->no_memory || status != MTP_OK;
    for (size_t i = 0; i < s->waiting && !s->no_memory; i++) {
        look_at(s, &s->attempt[i]);
    }
    s->waiting = 0;
}

static void try_setting(search *s, const setting *with)
{
    s->attempt[s->waiting++].setting = *with;
    if (s->waiting == BATCH) {
        make_waiting(s);
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
            try_setting(s, with);
        } else {
            look_deep(s, with, i + 1, depth);
        }
        with->n--;
    }
}

/* Profiles set many options at once: they are for what pairs of choices do not explain,
 * and for claims that held and would not any more. */
static void look_last(search *s)
{
    s->stage++;
    for (size_t i = 0; i < s->n_moves && !s->no_memory; i++) {
        if (s->move[i].reach == MTP_MOVE_LAST) {
            try_setting(s, &(setting){1, {&s->move[i]}});
        }
    }
    make_waiting(s);
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

/* Room for a batch; false without memory. */
static bool prepare_attempts(search *s, mtp_arena *arena)
{
    bool *holds = MTP_ARENA_ARRAY(arena, BATCH * s->n, bool);

    s->attempt = MTP_ARENA_ARRAY(arena, BATCH, attempt);
    for (size_t i = 0; holds && s->attempt && i < BATCH; i++) {
        s->attempt[i].holds = holds + i * s->n;
    }
    return holds && s->attempt;
}

static mtp_status prepare(search *s, mtp_arena *arena, size_t *n_wanted, mtp_error *err)
{
    mtp_request *request = NULL;
    mtp_status status = mtp_workspace_request(s->workspace, s->analysis, &request, err);

    if (status != MTP_OK) {
        return status;
    }
    s->wanted = mtp_arena_zalloc(arena, s->n, sizeof *s->wanted);
    s->one = mtp_arena_zalloc(arena, s->n, sizeof *s->one);
    s->n_moves =
        mtp_search_moves(s->analysis, request, s->n, s->judged, arena, &s->move);
    s->dead = mtp_arena_zalloc(arena, s->n_moves, sizeof *s->dead);
    mtp_request_free(request);
    if (!s->dead || !s->wanted || !s->one || !s->move || !prepare_attempts(s, arena)) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < s->n; i++) {
        s->wanted[i] = is_wanted(s->judged[i]);
        *n_wanted += s->wanted[i];
    }
    return MTP_OK;
}

mtp_status mtp_search_settings(mtp_workspace *workspace,
                               const mtp_file_analysis *analysis, unsigned threads,
                               size_t n, mtp_judged *const judged[], mtp_arena *arena,
                               mtp_error *err)
{
    search s = {.workspace = workspace,
                .analysis = analysis,
                .threads = threads,
                .n = n,
                .judged = judged};
    size_t n_wanted = 0;
    mtp_status status = mtp_workspace_table(workspace, analysis, &s.table, NULL, err);

    if (status == MTP_OK) {
        status = prepare(&s, arena, &n_wanted, err);
    }
    if (status != MTP_OK || n_wanted == 0) {
        return status;
    }
    for (size_t depth = 1; depth <= MTP_SETTINGS_MAX && s.all.ways == 0; depth++) {
        setting none = {0};

        s.stage++;
        look_deep(&s, &none, 0, depth);
        make_waiting(&s);
        if ((s.all.kept < n || is_rare(&s.all.setting)) &&
            (depth == 2 || (depth == 1 && s.all.ways > 0))) {
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
