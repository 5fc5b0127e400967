/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/memo.h"

#include "core/arena.h"

#include <stdint.h>
#include <string.h>

#include <pthread.h>

enum { MAX_SLOTS = 8192, MAX_NUMBERS = 1 << 21 }; /* 16 MB */

/* Each unit and key has one slot that it can be in. */
typedef struct slot {
    bool used;
    size_t unit, n;
} slot;

struct mtp_memo {
    mtp_arena *arena;
    pthread_mutex_t lock;
    size_t n_keys, n_values, n_slots;
    slot *slot;
    double *number; /* [n_slots][n_keys + n_values] */
};

mtp_memo *mtp_memo_new(size_t n_keys, size_t n_values)
{
    mtp_arena *arena = mtp_arena_new();
    mtp_memo *memo = arena ? MTP_ARENA_NEW(arena, mtp_memo) : NULL;
    size_t each = n_keys + n_values;
    size_t slots = each < MAX_NUMBERS / MAX_SLOTS ? MAX_SLOTS : MAX_NUMBERS / each;

    if (!memo) {
        mtp_arena_free(arena);
        return NULL;
    }
    *memo = (mtp_memo){.arena = arena,
                       .n_keys = n_keys,
                       .n_values = n_values,
                       .n_slots = slots > 0 ? slots : 1};
    memo->slot = mtp_arena_zalloc(arena, memo->n_slots, sizeof *memo->slot);
    memo->number = MTP_ARENA_ARRAY(arena, memo->n_slots * each, double);
    if (!memo->slot || !memo->number || pthread_mutex_init(&memo->lock, NULL) != 0) {
        mtp_arena_free(arena);
        return NULL;
    }
    return memo;
}

void mtp_memo_free(mtp_memo *memo)
{
    if (memo) {
        (void)pthread_mutex_destroy(&memo->lock);
        mtp_arena_free(memo->arena);
    }
}

/* Every bit of the key moves every bit of the place: numbers of few digits differ in
 * their highest bits alone. The mixer of MurmurHash3 (Appleby), word by word. */
static size_t place_of(const mtp_memo *memo, size_t unit, size_t n, const double key[])
{
    uint64_t hash = unit;

    for (size_t i = 0; i < n; i++) {
        uint64_t bits;

        memcpy(&bits, &key[i], sizeof bits);
        hash = (hash ^ bits) + 0x9e3779b97f4a7c15u;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdu;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53u;
        hash ^= hash >> 33;
    }
    return (size_t)(hash % memo->n_slots);
}

bool mtp_memo_recall(mtp_memo *memo, size_t unit, size_t n, const double key[],
                     double value[])
{
    size_t place = memo ? place_of(memo, unit, n, key) : 0;
    const double *number;
    const slot *s;
    bool known;

    if (!memo) {
        return false;
    }
    number = memo->number + place * (memo->n_keys + memo->n_values);
    s = &memo->slot[place];
    (void)pthread_mutex_lock(&memo->lock);
    known = s->used && s->unit == unit && s->n == n &&
            memcmp(number, key, n * sizeof *key) == 0;
    if (known) {
        memcpy(value, number + memo->n_keys, memo->n_values * sizeof *value);
    }
    (void)pthread_mutex_unlock(&memo->lock);
    return known;
}

void mtp_memo_remember(mtp_memo *memo, size_t unit, size_t n, const double key[],
                       const double value[])
{
    size_t place = memo ? place_of(memo, unit, n, key) : 0;
    double *number;

    if (!memo) {
        return;
    }
    number = memo->number + place * (memo->n_keys + memo->n_values);
    (void)pthread_mutex_lock(&memo->lock);
    memo->slot[place] = (slot){true, unit, n};
    memcpy(number, key, n * sizeof *key);
    memcpy(number + memo->n_keys, value, memo->n_values * sizeof *value);
    (void)pthread_mutex_unlock(&memo->lock);
}
