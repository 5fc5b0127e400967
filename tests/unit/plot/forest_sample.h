/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_FOREST_SAMPLE_H
#define MTP_TEST_FOREST_SAMPLE_H

#include "metapool/forest.h"

#include "core/arena.h"

/**
 * Bundles made by hand: a figure must hold whatever it is given, so the pooled figures
 * here are plausible, not fitted.
 */
typedef enum sample_names { NAMES_PLAIN, NAMES_LONG, NAMES_UNICODE } sample_names;

typedef struct sample_wish {
    size_t k, groups; /* groups 0: none */
    mtp_measure measure;
    bool glmm;          /* no weights */
    bool no_prediction; /* none asked for */
    bool no_estimate;   /* no finite pooled estimate, overall and in the first group */
    bool wide;   /* a few studies of two patients, and endless pooled intervals */
    double unit; /* of ready-made effects; 0 stands for 1 */
    sample_names names;
} sample_wish;

typedef struct sample {
    mtp_arena *arena;
    mtp_study *study;
    mtp_pooled *group;
    mtp_pool_result pool;
    mtp_bundle bundle;
} sample;

/** Freed with sample_free. */
sample *sample_new(const sample_wish *wish);
void sample_free(sample *sample);

#endif
