/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_SETTINGS_BIAS_H
#define MTP_ANALYSIS_SETTINGS_BIAS_H

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
} mtp_bias_settings;

#endif
