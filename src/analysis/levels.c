/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/levels.h"

#include "core/error.h"
#include "core/number.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A label and the number it stands for, for sorting. */
typedef struct level_key {
    const char *text;
    double number;
    bool is_number;
} level_key;

static int compare_keys(const void *left, const void *right)
{
    const level_key *a = left, *b = right;

    if (a->is_number && a->number != b->number) {
        return a->number < b->number ? -1 : 1;
    }
    return a->is_number ? 0 : strcmp(a->text, b->text);
}

static level_key key_of(const mtp_labels *labels, size_t row)
{
    bool is_number = labels->number != NULL;

    return (level_key){labels->text[row], is_number ? labels->number[row] : 0.0,
                       is_number};
}

static const char *name_of(mtp_arena *arena, const level_key *key)
{
    char number[MTP_NUMBER_TEXT];

    if (!key->is_number) {
        return key->text;
    }
    mtp_number_format(key->number, number);
    return mtp_arena_strdup(arena, number);
}

const char *mtp_level_name(mtp_arena *arena, const mtp_labels *labels, size_t row)
{
    level_key key = key_of(labels, row);

    return name_of(arena, &key);
}

/* Sort the keys and keep one of each; how many are left. */
static size_t distinct(size_t k, level_key key[])
{
    size_t n = 0;

    qsort(key, k, sizeof *key, compare_keys);
    for (size_t i = 0; i < k; i++) {
        if (n == 0 || compare_keys(&key[i], &key[n - 1]) != 0) {
            key[n++] = key[i];
        }
    }
    return n;
}

mtp_status mtp_make_levels(mtp_arena *arena, const mtp_labels *labels, size_t k,
                           const size_t row[], size_t *n_levels, const size_t **level,
                           const char *const **level_name, mtp_error *err)
{
    level_key *key = MTP_ARENA_ARRAY(arena, k, level_key);
    size_t *place = MTP_ARENA_ARRAY(arena, k, size_t);
    const char **name = MTP_ARENA_ARRAY(arena, k, const char *);
    size_t n;

    if (!key || !place || !name) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < k; i++) {
        key[i] = key_of(labels, row[i]);
    }
    n = distinct(k, key);
    for (size_t i = 0; i < k; i++) {
        level_key wanted = key_of(labels, row[i]);
        const level_key *at = bsearch(&wanted, key, n, sizeof *key, compare_keys);

        place[i] = (size_t)(at - key);
    }
    for (size_t i = 0; i < n; i++) {
        name[i] = name_of(arena, &key[i]);
        if (!name[i]) {
            return mtp_fail_nomem(err);
        }
    }
    *n_levels = n;
    *level = place;
    *level_name = name;
    return MTP_OK;
}
