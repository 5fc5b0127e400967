/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_STRATIFIED_H
#define MTP_TEST_STRATIFIED_H

#include "unit/models/pooling.h"

/* Helpers of the tests of Mantel-Haenszel and Peto. */

/* Effects of two groups: events and patients, or person-time for rates. */
static inline mtp_effects *two_groups(mtp_measure measure, size_t k, const double x1[],
                                      const double s1[], const double x2[],
                                      const double s2[])
{
    bool rates = mtp_measure_get(measure)->input == MTP_INPUT_TWO_EVENTS_TIME;
    mtp_raw raw = {.size = sizeof raw, .k = k};
    mtp_effects_options options;
    mtp_effects *effects = NULL;

    mtp_effects_options_init(&options, sizeof options);
    options.measure = measure;
    raw.column[MTP_ROLE_EVENTS1] = x1;
    raw.column[MTP_ROLE_EVENTS2] = x2;
    raw.column[rates ? MTP_ROLE_TIME1 : MTP_ROLE_N1] = s1;
    raw.column[rates ? MTP_ROLE_TIME2 : MTP_ROLE_N2] = s2;
    assert_int_equal(mtp_effects_compute(&options, &raw, &effects, NULL), MTP_OK);
    return effects;
}

static inline mtp_pool_options options_of(mtp_method method)
{
    mtp_pool_options options = defaults();

    options.method = method;
    return options;
}

static inline mtp_pool_result *pool_by(const mtp_effects *effects, mtp_method method)
{
    mtp_pool_options options = options_of(method);

    return pool(effects, NULL, &options);
}

#endif
