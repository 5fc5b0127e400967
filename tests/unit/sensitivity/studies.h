/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_SENSITIVITY_STUDIES_H
#define MTP_TEST_SENSITIVITY_STUDIES_H

#include "metapool/sensitivity.h"

#include "support/test.h"

#include <stdlib.h>

/* Thirteen trials of BCG vaccine: log risk ratios, their variances and the absolute
 * latitude of the place (metafor's dat.bcg; Colditz et al. (1994), JAMA 271:698-702,
 * doi:10.1001/jama.1994.03510330076038). */
enum { BCG = 13 };
static const double bcg_yi[BCG] = {
    -0.8893113339202054,  -1.5853886572014306,  -1.3480731482996933,
    -1.4415511900213054,  -0.21754732221129558, -0.786115585818864,
    -1.6208982235983918,  0.011952333523840508, -0.4694176487381494,
    -1.3713448034727844,  -0.3393588283383906,  0.44591340057137874,
    -0.017313948216879815};
static const double bcg_vi[BCG] = {
    0.32558476500396133,  0.19458112139814385,   0.4153679653679654,
    0.020010031902247573, 0.05121017216963086,   0.0069056184559087574,
    0.22301724757231517,  0.0039615792978177295, 0.056434210463248966,
    0.07302479361302891,  0.01241221397155972,   0.5325058452001528,
    0.0714046596839863};
static const double bcg_latitude[BCG] = {44, 55, 42, 52, 13, 44, 19,
                                         13, 27, 42, 18, 33, 33};

static inline mtp_effects *effects_of(size_t k, const double yi[], const double vi[])
{
    mtp_raw raw = {.size = sizeof raw, .k = k};
    mtp_effects_options options;
    mtp_effects *effects = NULL;

    raw.column[MTP_ROLE_YI] = yi;
    raw.column[MTP_ROLE_VI] = vi;
    mtp_effects_options_init(&options, sizeof options);
    options.measure = MTP_GEN;
    assert_int_equal(mtp_effects_compute(&options, &raw, &effects, NULL), MTP_OK);
    return effects;
}

/* Values of a column whose study is kept; their number. */
static inline size_t keep_some(size_t k, const double column[], const bool keep[],
                               double some[])
{
    size_t n = 0;

    for (size_t i = 0; i < k; i++) {
        if (keep[i]) {
            some[n++] = column[i];
        }
    }
    return n;
}

static inline void keep_all_but(size_t k, size_t without, bool keep[])
{
    for (size_t i = 0; i < k; i++) {
        keep[i] = i != without;
    }
}

/* The same double; NaN is NaN. */
static inline bool same_bits(double a, double b)
{
    return isnan(a) ? isnan(b) : memcmp(&a, &b, sizeof a) == 0;
}

#define assert_same(a, b) assert_true(same_bits((a), (b)))

#endif
