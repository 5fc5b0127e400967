/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_ANALYSIS_SETTINGS_H
#define MTP_BIAS_ANALYSIS_SETTINGS_H

#include "metapool/bias_analysis.h"

#include <stdbool.h>

enum { MTP_BIAS_LIST_TEXT = 128 };

/** What `bias` is asked for. */
typedef struct mtp_bias_settings {
    bool every_test;   /* all tests that apply */
    bool default_test; /* none was named */
    size_t n_tests;    /* those that were named */
    mtp_asymmetry_test test[MTP_ASYMMETRY_COUNT];
    char tests[MTP_BIAS_LIST_TEXT]; /* --test as it is in force, one a line */
    mtp_asymmetry_options asymmetry;
    bool all;        /* what does not apply is left out */
    bool hypothesis; /* there is a value that means no effect */
    bool pet_peese;
    bool trim_fill;
    mtp_trim_fill_options trim;
    size_t n_failsafe;
    mtp_failsafe_type failsafe[MTP_FAILSAFE_COUNT];
    char failsafes[MTP_BIAS_LIST_TEXT]; /* the same for --failsafe */
    mtp_failsafe_options safe;          /* of all types */
    double target;                      /* natural scale; NaN: none */
    bool excess;
    bool selection;
    mtp_selection_options select; /* of --selection; steps are those below */
    bool side_given;              /* else the side is that of the pooled mean */
    mtp_selection_side side;
    size_t n_steps, n_weights;
    double steps[MTP_SELECTION_STEPS_MAX];
    double weights[MTP_SELECTION_STEPS_MAX + 1]; /* --selection-weights as numbers */
    size_t n_named;
    mtp_vevea_woods named[MTP_VEVEA_WOODS_COUNT];
    char names[MTP_BIAS_LIST_TEXT]; /* of these */
    bool lfk, p_curve, p_uniform, copas;
    double alpha; /* 0.05 at a level of 95% */
} mtp_bias_settings;

#endif
