/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PROPERTY_RANDOM_DATA_H
#define MTP_PROPERTY_RANDOM_DATA_H

#include "metapool/effects.h"

#include "num/random.h"

/* Data sets that a seed makes: the same on every machine, so that a failure can be
 * looked at again. */

enum { STUDIES_MAX = 60, ROWS_MAX = 2 * STUDIES_MAX + 1 };

/** Every data set of these tests is f(SEED, its number). */
static const uint64_t SEED = 20240611;

/* X(enum, what it is like) */
#define RANDOM_KINDS(X)                                                                \
    X(PLAIN, "plain")                                                                  \
    X(EQUAL, "equal effects")                                                          \
    X(TIES, "few different effects and variances")                                     \
    X(WIDE, "variances over 16 decades")                                               \
    X(DOMINANT, "one study with nearly all the weight")                                \
    X(FAR, "effects near a million")                                                   \
    X(HETEROGENEOUS, "effects far apart, small variances")                             \
    X(TINY, "everything times 2^-200")                                                 \
    X(LARGE, "everything times 2^200")

typedef enum random_kind {
#define RANDOM_KIND(id, text) RANDOM_##id,
    RANDOM_KINDS(RANDOM_KIND)
#undef RANDOM_KIND
        RANDOM_KIND_COUNT
} random_kind;

typedef struct random_set {
    random_kind kind;
    size_t number; /* of the data set */
    size_t k;
    double yi[ROWS_MAX], vi[ROWS_MAX];
} random_set;

const char *random_kind_text(random_kind kind);

/** Ready-made effects. Effects are multiples of 2^-20 but for WIDE, TINY and LARGE, so
 * that adding an integer is exact. */
void random_effects(size_t number, random_set *set);

/** A standard normal deviate. */
double random_normal(mtp_random *draw);

/**
 * Columns of raw data for every role, [k] each, as nasty as they come: empty cells,
 * nothing but events, one patient, no spread; some values are impossible.
 */
void random_columns(size_t number, size_t *k,
                    double column[MTP_ROLE_COUNT][STUDIES_MAX]);

#endif
