/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/search_moves.h"

#include "analysis/options.h"
#include "core/ascii.h"

#include <string.h>

enum { MOVES_MAX = 400 };

/* What is varied; value NULL: every choice that the registry has. Predictions and
 * intervals of tau2 touch no other figures: `touches` must be part of a path that is
 * searched for. */
static const struct {
    const char *option, *value;
    mtp_reach reach;
    const char *touches;
} varied[] = {
    {"method", NULL, MTP_MOVE_CORE, NULL},
    {"tau2", NULL, MTP_MOVE_CORE, NULL},
    {"ci", NULL, MTP_MOVE_CORE, NULL},
    {"add", "0", MTP_MOVE_CORE, NULL},
    {"add", "tacc", MTP_MOVE_CORE, NULL},
    {"to", NULL, MTP_MOVE_CORE, NULL},
    {"mh-add", "0.5", MTP_MOVE_CORE, NULL},
    {"keep00", "true", MTP_MOVE_CORE, NULL},
    {"predict", NULL, MTP_MOVE_PAIRS, "pi_"},
    {"tau2-ci", NULL, MTP_MOVE_PAIRS, "_ci["},
    {"vtype", NULL, MTP_MOVE_PAIRS, NULL},
    {"correct", NULL, MTP_MOVE_PAIRS, NULL},
    {"model", NULL, MTP_MOVE_PAIRS, NULL},
    {"nodes", "7", MTP_MOVE_PAIRS, NULL},
    {"nodes", "1", MTP_MOVE_PAIRS, NULL},
    {"nodes", "exact", MTP_MOVE_PAIRS, NULL},
    {"pft-n", NULL, MTP_MOVE_PAIRS, NULL},
    {"tau2-scope", NULL, MTP_MOVE_PAIRS, NULL},
    {"test", NULL, MTP_MOVE_PAIRS, NULL},
    {"level", "90", MTP_MOVE_PAIRS, NULL},
    {"level", "95", MTP_MOVE_PAIRS, NULL},
    {"level", "99", MTP_MOVE_PAIRS, NULL},
    {"profile", NULL, MTP_MOVE_LAST, NULL},
    {"measure", NULL, MTP_MOVE_PAIRS, NULL},
};

typedef struct list {
    mtp_move *move;
    size_t n;
    const mtp_request *request;
    mtp_arena *arena;
    bool failed;
} list;

/* What takes long to compute is tried with fewer others. */
static mtp_reach reach_of(size_t which, const char *value)
{
    static const struct {
        const char *value;
        mtp_reach reach;
    } slow[] = {{"nnf", MTP_MOVE_LAST},
                {"glmm", MTP_MOVE_PAIRS},
                {"hc", MTP_MOVE_PAIRS},
                {"pl", MTP_MOVE_PAIRS}};

    for (size_t i = 0; i < sizeof slow / sizeof *slow; i++) {
        if (strcmp(value, slow[i].value) == 0 && slow[i].reach < varied[which].reach) {
            return slow[i].reach;
        }
    }
    return varied[which].reach;
}

/* Estimators that other programs lack or name last; what is found by them is seldom
 * what was done. */
static bool is_rare(size_t which, const char *value)
{
    static const char *const usual[] = {"EE", "DL",   "HE", "HS", "SJ",
                                        "ML", "REML", "EB", "PM"};

    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        if (mtp_ascii_same(value, usual[i])) {
            return false;
        }
    }
    return strcmp(varied[which].option, "tau2") == 0;
}

/* Measures that are made of other raw data do not belong to the claim. */
static bool is_akin(const mtp_request *request, size_t which, const char *value)
{
    const char *has = mtp_request_get(request, "measure");
    const mtp_measure_info *own, *other;

    if (strcmp(varied[which].option, "measure") != 0 || !has) {
        return true;
    }
    own = mtp_measure_from_code(has);
    other = mtp_measure_from_code(value);
    return own && other && own->input == other->input;
}

static void add(list *l, size_t which, const char *value)
{
    const char *has = mtp_request_get(l->request, varied[which].option);

    if ((!has || !mtp_ascii_same(has, value)) && is_akin(l->request, which, value) &&
        l->n < MOVES_MAX) {
        l->move[l->n++] = (mtp_move){varied[which].option, value,
                                     reach_of(which, value), is_rare(which, value)};
    }
}

/* "a|b|c|" one by one. */
static void add_choices(list *l, size_t which, const char *choices)
{
    for (const char *at = choices; *at;) {
        size_t length = strcspn(at, "|");
        char *value = mtp_arena_strndup(l->arena, at, length);

        if (!value) {
            l->failed = true;
            return;
        }
        add(l, which, value);
        at += length + (at[length] == '|');
    }
}

static bool is_touched(size_t which, size_t n, mtp_judged *const judged[])
{
    for (size_t i = 0; i < n; i++) {
        if (!varied[which].touches ||
            strstr(judged[i]->claim->quantity, varied[which].touches)) {
            return true;
        }
    }
    return false;
}

size_t mtp_search_moves(const mtp_file_analysis *analysis, const mtp_request *request,
                        size_t n, mtp_judged *const judged[], mtp_arena *arena,
                        const mtp_move **moves)
{
    list l = {.request = request, .arena = arena};

    l.move = MTP_ARENA_ARRAY(arena, MOVES_MAX, mtp_move);
    *moves = l.move;
    for (size_t i = 0; l.move && i < sizeof varied / sizeof *varied; i++) {
        mtp_option_index index = mtp_option_find(analysis->command, varied[i].option);
        const mtp_option_info *info =
            index < MTP_OPT_COUNT ? mtp_option_get(index) : NULL;

        if (info && (info->commands & (unsigned)analysis->command) &&
            is_touched(i, n, judged)) {
            if (varied[i].value) {
                add(&l, i, varied[i].value);
            } else {
                add_choices(&l, i, info->choices);
            }
        }
    }
    if (l.failed) {
        *moves = NULL;
    }
    return *moves ? l.n : 0;
}
