/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of the studies in a figure. */
#include "metapool/forest_look.h"

#include "analysis/run.h"
#include "core/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a study is ordered by: its number, or its text where there are no numbers. */
typedef struct sort_item {
    bool missing;
    double number;
    const char *text;
    double sign; /* -1: descending */
    size_t study;
} sort_item;

/* What is missing comes last, and equal ones stay as they are. */
static int compare(const void *left, const void *right)
{
    const sort_item *a = left, *b = right;
    int order = (int)a->missing - (int)b->missing;

    if (order == 0 && !a->missing) {
        int by = a->text ? strcmp(a->text, b->text)
                         : (a->number > b->number) - (a->number < b->number);

        order = a->sign < 0.0 ? -by : by;
    }
    return order != 0 ? order : (a->study > b->study) - (a->study < b->study);
}

static sort_item item_of(const mtp_run_context *run, size_t i)
{
    const mtp_look_sort *sort = &run->owner->look_sort;
    const mtp_study *study = &run->owner->bundle.studies[i];
    const mtp_labels *bound =
        sort->key == MTP_SORT_COLUMN ? &run->binding.text[sort->text] : NULL;
    sort_item item = {
        .study = i, .sign = sort->descending ? -1.0 : 1.0, .number = (double)NAN};

    if (sort->key == MTP_SORT_YI) {
        item.number = study->yi;
    } else if (sort->key == MTP_SORT_WEIGHT) { /* what sizes the squares */
        item.number = !isnan(study->weight_random) ? study->weight_random
                      : isnan(study->n)            ? study->time
                                                   : study->n;
    } else if (sort->key == MTP_SORT_NAME) {
        item.text = study->name;
    } else if (bound && bound->number) {
        item.number = bound->number[i];
    } else if (bound) {
        item.text = bound->text[i];
        item.missing = !item.text;
    }
    item.missing = item.missing || (!item.text && isnan(item.number));
    return item;
}

mtp_status mtp_run_look_order(mtp_run_context *run, const size_t **order)
{
    size_t k = run->owner->bundle.n_studies;
    mtp_arena *arena = run->owner->arena;
    sort_item *item;
    size_t *place;

    if (run->owner->look_sort.key == MTP_SORT_NONE) {
        return MTP_OK;
    }
    item = MTP_ARENA_ARRAY(arena, k, sort_item);
    place = MTP_ARENA_ARRAY(arena, k, size_t);
    if (!item || !place) {
        return mtp_fail_nomem(run->err);
    }
    for (size_t i = 0; i < k; i++) {
        item[i] = item_of(run, i);
    }
    qsort(item, k, sizeof *item, compare);
    for (size_t i = 0; i < k; i++) {
        place[i] = item[i].study;
    }
    *order = place;
    return MTP_OK;
}
