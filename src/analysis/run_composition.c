/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/run.h"
#include "core/error.h"
#include "core/number.h"
#include "table/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A category with its total count, for the order of the report. */
typedef struct ranked {
    const char *name;
    double total;
    size_t index; /* among the names in alphabetical order */
} ranked;

/* The largest first; ties in alphabetical order. */
static int compare_ranked(const void *left, const void *right)
{
    const ranked *a = left, *b = right;

    if (a->total != b->total) {
        return a->total > b->total ? -1 : 1;
    }
    return a->index < b->index ? -1 : a->index > b->index;
}

static double count_of(const mtp_binding *b, size_t i)
{
    return b->count ? b->count[i] : 1.0;
}

/* A count that cannot be one is an error with its place in the file. */
static mtp_status check_counts(const mtp_run_context *run)
{
    const mtp_binding *b = &run->binding;
    double total = 0.0;

    for (size_t i = 0; i < b->k; i++) {
        double count = count_of(b, i);

        total += count;
        if (!(count >= 0.0) || count != floor(count) || isinf(count)) {
            char text[MTP_NUMBER_TEXT];

            mtp_number_format(count, text);
            (void)mtp_fail_at(run->err, MTP_E_DATA, NULL, 0, run->settings.count,
                              "%s is not a count; counts are whole numbers from 0 up",
                              text);
            mtp_table_place(run->table, b->row[i], run->err);
            return MTP_E_DATA;
        }
    }
    if (total == 0.0) {
        return mtp_fail_at(run->err, MTP_E_DATA, mtp_table_source(run->table), 0,
                           run->settings.count,
                           "all counts are zero: there are no shares");
    }
    return MTP_OK;
}

/* Sort the categories by their totals; place[c] is where category c comes. */
static const char **rank_categories(const mtp_binding *b, mtp_arena *arena,
                                    size_t place[])
{
    ranked *rank = mtp_arena_zalloc(arena, b->n_categories, sizeof *rank);
    const char **name = MTP_ARENA_ARRAY(arena, b->n_categories, const char *);

    if (!rank || !name) {
        return NULL;
    }
    for (size_t c = 0; c < b->n_categories; c++) {
        rank[c].name = b->category_name[c];
        rank[c].index = c;
    }
    for (size_t i = 0; i < b->k; i++) {
        rank[b->category[i]].total += count_of(b, i);
    }
    qsort(rank, b->n_categories, sizeof *rank, compare_ranked);
    for (size_t c = 0; c < b->n_categories; c++) {
        place[rank[c].index] = c;
        name[c] = rank[c].name;
    }
    return name;
}

mtp_status mtp_run_composition(mtp_run_context *run)
{
    const mtp_binding *b = &run->binding;
    mtp_arena *arena = run->owner->arena;
    size_t groups = b->n_levels ? b->n_levels : 1;
    double *counts = mtp_arena_zalloc(arena, groups * b->n_categories, sizeof *counts);
    size_t *place = MTP_ARENA_ARRAY(arena, b->n_categories, size_t);
    const char **name = place ? rank_categories(b, arena, place) : NULL;
    mtp_status status = check_counts(run);

    if (status != MTP_OK) {
        return status;
    }
    if (!counts || !name) {
        return mtp_fail_nomem(run->err);
    }
    for (size_t i = 0; i < b->k; i++) {
        size_t group = b->n_levels ? b->level[i] : 0;

        counts[group * b->n_categories + place[b->category[i]]] += count_of(b, i);
    }
    status = mtp_composition_compute(&run->settings.composition, b->n_levels,
                                     b->n_categories, counts, name, b->level_name,
                                     &run->owner->composition, run->err);
    if (status == MTP_OK) {
        mtp_note_add_all(&run->notes, &run->owner->composition->notes);
    }
    return status;
}
