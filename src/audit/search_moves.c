/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/search_moves.h"

#include "analysis/options.h"
#include "core/ascii.h"

#include <string.h>

enum { MOVES_MAX = 400 };

/* What is varied; NULL: every choice that the registry has. */
static const struct {
    const char *option, *value;
    bool core, alone;
} varied[] = {
    {"method", NULL, true, false},   {"tau2", NULL, true, false},
    {"ci", NULL, true, false},       {"add", "0", true, false},
    {"add", "tacc", true, false},    {"to", NULL, true, false},
    {"mh-add", "0.5", true, false},  {"keep00", "true", true, false},
    {"predict", NULL, false, false}, {"tau2-ci", NULL, false, false},
    {"vtype", NULL, false, false},   {"correct", NULL, false, false},
    {"model", NULL, false, false},   {"nodes", "7", false, false},
    {"nodes", "1", false, false},    {"nodes", "exact", false, false},
    {"pft-n", NULL, false, false},   {"tau2-scope", NULL, false, false},
    {"test", NULL, false, false},    {"level", "90", false, false},
    {"level", "95", false, false},   {"level", "99", false, false},
    {"profile", NULL, false, true},  {"measure", NULL, false, true},
};

typedef struct list {
    mtp_move *move;
    size_t n;
    const mtp_request *request;
    mtp_arena *arena;
    bool failed;
} list;

static void add(list *l, size_t which, const char *value)
{
    const char *has = mtp_request_get(l->request, varied[which].option);

    if ((!has || !mtp_ascii_same(has, value)) && l->n < MOVES_MAX) {
        l->move[l->n++] = (mtp_move){varied[which].option, value, varied[which].core,
                                     varied[which].alone};
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

size_t mtp_search_moves(const mtp_file_analysis *analysis, const mtp_request *request,
                        mtp_arena *arena, const mtp_move **moves)
{
    list l = {.request = request, .arena = arena};

    l.move = MTP_ARENA_ARRAY(arena, MOVES_MAX, mtp_move);
    *moves = l.move;
    for (size_t i = 0; l.move && i < sizeof varied / sizeof *varied; i++) {
        mtp_option_index index = mtp_option_find(analysis->command, varied[i].option);
        const mtp_option_info *info =
            index < MTP_OPT_COUNT ? mtp_option_get(index) : NULL;

        if (info && (info->commands & (unsigned)analysis->command)) {
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
