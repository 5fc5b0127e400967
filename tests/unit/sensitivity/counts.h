/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_SENSITIVITY_COUNTS_H
#define MTP_TEST_SENSITIVITY_COUNTS_H

#include "studies.h"

/* Events and patients of the BCG trials, vaccinated and not. */
static const double bcg_events1[BCG] = {4,   6,  3,  62,  33, 180, 8,
                                        505, 29, 17, 186, 5,  27};
static const double bcg_n1[BCG] = {123,   306,  231,  13598, 5069, 1541, 2545,
                                   88391, 7499, 1716, 50634, 2498, 16913};
static const double bcg_events2[BCG] = {11,  29, 11, 248, 47, 372, 10,
                                        499, 45, 65, 141, 3,  29};
static const double bcg_n2[BCG] = {139,   303,  220,  12867, 5808, 1451, 629,
                                   88391, 7277, 1665, 27338, 2341, 17854};

static inline mtp_effects *counts_of(mtp_measure measure, const bool keep[])
{
    static double column[4][BCG];
    const double *const all[4] = {bcg_events1, bcg_n1, bcg_events2, bcg_n2};
    const mtp_role role[4] = {MTP_ROLE_EVENTS1, MTP_ROLE_N1, MTP_ROLE_EVENTS2,
                              MTP_ROLE_N2};
    mtp_raw raw = {.size = sizeof raw};
    mtp_effects_options options;
    mtp_effects *effects = NULL;

    for (size_t c = 0; c < 4; c++) {
        raw.k = keep_some(BCG, all[c], keep, column[c]);
        raw.column[role[c]] = column[c];
    }
    mtp_effects_options_init(&options, sizeof options);
    options.measure = measure;
    assert_int_equal(mtp_effects_compute(&options, &raw, &effects, NULL), MTP_OK);
    return effects;
}

#endif
