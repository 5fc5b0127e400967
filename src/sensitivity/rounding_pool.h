/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_SENSITIVITY_ROUNDING_POOL_H
#define MTP_SENSITIVITY_ROUNDING_POOL_H

#include "core/memo.h"
#include "sensitivity/rounding_job.h"

/* Figures of a set as they are kept: those of the list, the statistics behind their
 * p-values, Wald standard errors, and on the natural scale those that have one. */
enum {
    COMMON_STATISTIC = MTP_ROUNDED_COUNT,
    RANDOM_STATISTIC,
    COMMON_SE,
    RANDOM_SE,
    BACK, /* common: estimate and limits; random: the same; prediction */
    BACKS = 8,
    SET_FIGURES = BACK + BACKS,
};

/* Figures of the tests of subgroups, after those of all sets: statistics, each with its
 * p; of two subgroups the roots of the first two, with the sign of the difference. */
enum {
    COMMON_TEST = 0,
    RANDOM_TEST = 2,
    WITHIN_TEST = 4,
    COMMON_ROOT = 6,
    RANDOM_ROOT,
    TEST_FIGURES
};

/*
 * What is pooled. Where sets are fitted each by itself, a part of the model is a set,
 * and the last one the tests of the subgroups; otherwise all is one part.
 */
typedef struct mtp_round_pooling {
    const mtp_grouping *grouping; /* or NULL */
    mtp_pool_options options;     /* on one thread */
    size_t n_sets;                /* overall, then the subgroups */
    bool apart;
    size_t *size;    /* [n_sets] studies of each set, where sets are apart */
    size_t **member; /* [n_sets][size] */
    mtp_memo *memo;  /* of fits of sets that are apart; or NULL */
} mtp_round_pooling;

/** The model of a job of pooling. */
mtp_status mtp_round_fit_pool(const mtp_round_room *room, const mtp_effects *effects,
                              size_t part, double figure[], mtp_error *err);

#endif
