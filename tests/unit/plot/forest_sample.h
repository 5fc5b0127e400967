/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_FOREST_SAMPLE_H
#define MTP_TEST_FOREST_SAMPLE_H

#include "metapool/forest.h"
#include "metapool/forest_look.h"
#include "metapool/sensitivity_analysis.h"

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
    mtp_forest_layout layout;
    bool fits;       /* leave-one-out */
    size_t domains;  /* of risk of bias, the levels by turns */
    size_t excluded; /* rows, two of three of which say nothing about the effect */
    bool cid;        /* a band of effects too small to matter */
    bool favours;    /* long texts of what each side favours */
    bool columns; /* left: the study's name again, its row; right: effect, both weights
                   */
} sample_wish;

typedef struct sample {
    mtp_arena *arena;
    mtp_study *study;
    mtp_pooled *group;
    mtp_pool_result pool;
    mtp_forest_look look;
    mtp_subset_fits fits;
    mtp_sensitivity_analysis sensitivity;
    mtp_bundle bundle;
} sample;

/** Freed with sample_free. */
sample *sample_new(const sample_wish *wish);
void sample_free(sample *sample);

/** Whether the sample's layout has a line for rows of this kind: journals print one
 * model, the layout of subgroups has no studies. */
bool sample_shows(const sample *sample, mtp_forest_kind kind);

#endif
