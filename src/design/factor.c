/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/factor.h"

#include "core/error.h"
#include "core/number.h"
#include "design/formula.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A value and the row where it stands. */
typedef struct entry {
    const char *text;
    double number;
    size_t row;
} entry;

static int compare_entries(const void *left, const void *right)
{
    const entry *a = left, *b = right;

    if (a->text) {
        return strcmp(a->text, b->text);
    }
    return (a->number > b->number) - (a->number < b->number);
}

static const char *name_of(mtp_arena *arena, const entry *e)
{
    char number[MTP_NUMBER_TEXT];

    if (e->text) {
        return mtp_arena_strdup(arena, e->text);
    }
    mtp_number_format(e->number + 0.0, number); /* -0 is 0 */
    return mtp_arena_strdup(arena, number);
}

/* The sorted entries, and at which of them a new level begins. */
static size_t number_levels(size_t k, const entry sorted[], size_t level_of[])
{
    size_t n = 0;

    for (size_t i = 0; i < k; i++) {
        n += i == 0 || compare_entries(&sorted[i - 1], &sorted[i]) != 0;
        level_of[sorted[i].row] = n - 1;
    }
    return n;
}

static mtp_status describe(mtp_arena *arena, size_t k, const entry sorted[],
                           mtp_factor *factor)
{
    size_t n = factor->n_levels;
    const char **level = MTP_ARENA_ARRAY(arena, n, const char *);
    double *number = MTP_ARENA_ARRAY(arena, n, double);
    size_t *count = mtp_arena_zalloc(arena, n, sizeof *count);

    if (!level || !number || !count) {
        return MTP_E_NOMEM;
    }
    for (size_t i = 0; i < k; i++) {
        size_t l = factor->level_of[sorted[i].row];

        if (count[l]++ == 0) {
            number[l] = sorted[i].number;
            level[l] = name_of(arena, &sorted[i]);
            if (!level[l]) {
                return MTP_E_NOMEM;
            }
        }
    }
    factor->level = level;
    factor->number = sorted[0].text ? NULL : number;
    factor->count = count;
    return MTP_OK;
}

mtp_status mtp_factor_make(mtp_arena *arena, size_t k, const mtp_design_values *values,
                           mtp_factor *factor, mtp_error *err)
{
    size_t *level_of = MTP_ARENA_ARRAY(arena, k, size_t);
    entry *sorted = MTP_ARENA_ARRAY(arena, k, entry);

    if (!level_of || !sorted) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < k; i++) {
        sorted[i] = (entry){values->text ? values->text[i] : NULL,
                            values->text ? 0.0 : values->number[i], i};
    }
    qsort(sorted, k, sizeof *sorted, compare_entries);
    *factor = (mtp_factor){.n_levels = number_levels(k, sorted, level_of),
                           .level_of = level_of};
    if (describe(arena, k, sorted, factor) != MTP_OK) {
        return mtp_fail_nomem(err);
    }
    return MTP_OK;
}

static size_t find_name(const mtp_factor *factor, const char *text)
{
    size_t l = 0;

    while (l < factor->n_levels && strcmp(factor->level[l], text) != 0) {
        l++;
    }
    return l;
}

size_t mtp_factor_find_number(const mtp_factor *factor, double number)
{
    size_t l = 0;
    char text[MTP_NUMBER_TEXT];

    if (!factor->number) {
        mtp_number_format(number, text);
        return find_name(factor, text);
    }
    while (l < factor->n_levels && factor->number[l] != number) {
        l++;
    }
    return l;
}

size_t mtp_factor_find(const mtp_factor *factor, const char *text)
{
    size_t l = find_name(factor, text);
    double number;

    if (l == factor->n_levels && factor->number &&
        mtp_number_parse(text, strlen(text), &number) == MTP_NUMBER_OK) {
        l = mtp_factor_find_number(factor, number);
    }
    return l;
}

mtp_status mtp_factor_fail(const mtp_factor *factor, const char *variable,
                           const char *typed, mtp_error *err)
{
    char what[128];

    (void)snprintf(what, sizeof what, "level of '%.100s'", variable);
    return mtp_fail_names(err, typed, what, factor->n_levels, factor->level);
}
