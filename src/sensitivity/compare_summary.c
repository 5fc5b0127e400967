/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rows of a comparison say together. */
#include "sensitivity/compare_job.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct place {
    double estimate;
    size_t row;
} place;

static int by_estimate(const void *left, const void *right)
{
    const place *a = left, *b = right;

    if (a->estimate != b->estimate) {
        return a->estimate < b->estimate ? -1 : 1;
    }
    return (a->row > b->row) - (a->row < b->row);
}

static bool rank_rows(mtp_arena *arena, mtp_specification row[], mtp_comparison *result)
{
    place *order = MTP_ARENA_ARRAY(arena, result->n, place);
    size_t n = 0;

    for (size_t i = 0; order && i < result->n; i++) {
        if (row[i].status == MTP_OK) {
            order[n++] = (place){row[i].estimate, i};
        }
    }
    if (!order) {
        return false;
    }
    qsort(order, n, sizeof *order, by_estimate);
    for (size_t i = 0; i < n; i++) {
        row[order[i].row].rank = i + 1;
    }
    return true;
}

static double length_of(const mtp_specification *row)
{
    return row->interval.upper - row->interval.lower;
}

/* The first of equals each. */
static void find_extremes(mtp_comparison *r)
{
    r->smallest = r->largest = r->narrowest = r->widest = r->n;
    for (size_t i = 0; i < r->n; i++) {
        const mtp_specification *row = r->row;

        if (row[i].status != MTP_OK) {
            continue;
        }
        if (r->smallest == r->n) {
            r->smallest = r->largest = r->narrowest = r->widest = i;
        }
        r->smallest = row[i].estimate < row[r->smallest].estimate ? i : r->smallest;
        r->largest = row[i].estimate > row[r->largest].estimate ? i : r->largest;
        r->narrowest =
            length_of(&row[i]) < length_of(&row[r->narrowest]) ? i : r->narrowest;
        r->widest = length_of(&row[i]) > length_of(&row[r->widest]) ? i : r->widest;
    }
}

static void count(mtp_conclusion conclusion, bool flips, mtp_comparison_count *to)
{
    to->n++;
    to->excluding +=
        conclusion == MTP_CONCLUSION_BELOW || conclusion == MTP_CONCLUSION_ABOVE;
    to->flipped += flips;
}

static bool is_first_of_fit(const mtp_comparison *r, size_t i)
{
    const mtp_specification *a = &r->row[i];
    const mtp_specification *b = i > 0 ? &r->row[i - 1] : NULL;

    return !b || a->method != b->method || a->tau2 != b->tau2 || a->model != b->model;
}

static void count_rows(mtp_comparison *r)
{
    for (size_t i = 0; i < r->n; i++) {
        const mtp_specification *row = &r->row[i];

        if (row->status == MTP_OK) {
            count(row->conclusion, row->flips, &r->intervals);
        }
        for (size_t p = 0; p < row->n_predictions && is_first_of_fit(r, i); p++) {
            const mtp_compared_prediction *prediction = &row->prediction[p];

            if (!isnan(prediction->made.lower) && !isnan(prediction->made.upper)) {
                count(prediction->conclusion, prediction->flips, &r->predictions);
            }
        }
    }
}

static const char *id_of(const mtp_specification *row, int choice)
{
    switch (choice) {
    case MTP_CHOICE_MODEL:
        return row->model_name;
    case MTP_CHOICE_TAU2:
        return mtp_tau2_id(row->tau2);
    default:
        return mtp_ci_id(row->ci);
    }
}

/* The values of one choice and what their rows say. */
static void count_choice(const mtp_comparison *r, int choice, mtp_choice_value value[],
                         size_t *n)
{
    for (size_t i = 0; i < r->n; i++) {
        const mtp_specification *row = &r->row[i];
        const char *id = id_of(row, choice);
        size_t at = 0;

        while (at < *n && strcmp(value[at].id, id) != 0) {
            at++;
        }
        if (at == *n) {
            value[(*n)++] = (mtp_choice_value){.id = id};
        }
        if (row->status == MTP_OK) {
            count(row->conclusion, row->flips, &value[at].count);
        }
    }
}

static bool count_choices(mtp_arena *arena, mtp_comparison *r)
{
    for (int c = 0; c < MTP_CHOICE_COUNT; c++) {
        mtp_choice_value *value = MTP_ARENA_ARRAY(arena, r->n, mtp_choice_value);

        if (!value) {
            return false;
        }
        count_choice(r, c, value, &r->choice[c].n);
        r->choice[c].value = value;
    }
    return true;
}

static void add_notes(mtp_compare_job *job, const mtp_comparison *r)
{
    size_t without = r->n - r->intervals.n, own = 0;

    for (size_t i = 0; i < r->n; i++) {
        own += r->row[i].ci == MTP_CI_HC && r->row[i].status == MTP_OK;
    }
    if (own > 1) {
        mtp_note_add(&job->notes, MTP_NOTE_INTERVAL_CENTRE, 0,
                     "the intervals pl and hc do not depend on the estimator of tau2: "
                     "they lie about the ML estimate and the common-effect mean, and "
                     "are the same in every row");
    }
    if (without > 0) {
        mtp_note_add(&job->notes, MTP_NOTE_NOT_DEFINED, 0,
                     "analyses without an answer: %zu of %zu; each has its reason",
                     without, r->n);
    }
}

mtp_status mtp_compare_summarize(mtp_compare_job *job, mtp_specification row[],
                                 mtp_comparison *result)
{
    if (!rank_rows(job->arena, row, result) || !count_choices(job->arena, result)) {
        return MTP_E_NOMEM;
    }
    find_extremes(result);
    count_rows(result);
    add_notes(job, result);
    result->sentence = mtp_compare_sentence(result, job->arena);
    return result->sentence ? MTP_OK : MTP_E_NOMEM;
}
