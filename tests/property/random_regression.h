/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_RANDOM_REGRESSION_H
#define MTP_TEST_RANDOM_REGRESSION_H

#include "metapool/regress.h"

#include "random_data.h"
#include "support/test.h"

#include <stdlib.h>

/* Regressions of hundreds of random sets of effects, from small to extreme. */

enum { SETS = 450, POOLED_SETS = 126, COLUMNS_MAX = 4, FIGURES_MAX = 64 };

/* What a run was asked, told when it fails. */
static char asked[1024];

#define REQUIRE(condition)                                                             \
    do {                                                                               \
        if (!(condition)) {                                                            \
            fail_msg("%s: not so: %s", asked, #condition);                             \
        }                                                                              \
    } while (0)

/* A set with moderators: an intercept and small whole numbers. */
typedef struct random_regression {
    random_set set;
    size_t p;
    double x[ROWS_MAX * COLUMNS_MAX];
} random_regression;

static inline mtp_effects effects_of(const random_set *set)
{
    return (mtp_effects){
        .measure = mtp_measure_get(MTP_GEN), .k = set->k, .yi = set->yi, .vi = set->vi};
}

static inline mtp_status regress(const random_regression *r,
                                 const mtp_regress_options *options,
                                 mtp_regress_result **result)
{
    mtp_effects effects = effects_of(&r->set);
    mtp_moderators moderators = {
        .k = r->set.k, .p = r->p, .x = r->x, .intercept = true};
    mtp_error err = {0};
    mtp_status status = mtp_regress(&effects, &moderators, options, result, &err);

    (void)snprintf(asked, sizeof asked,
                   "seed %llu, data set %zu (%s, k = %zu, p = %zu), %s, %s: %s",
                   (unsigned long long)SEED, r->set.number,
                   random_kind_text(r->set.kind), r->set.k, r->p,
                   mtp_tau2_id(options->tau2), mtp_ci_id(options->ci), err.message);
    return status;
}

static inline mtp_regress_result *fit(const random_regression *r,
                                      const mtp_regress_options *options)
{
    mtp_regress_result *result = NULL;
    mtp_status status = regress(r, options, &result);

    REQUIRE(status == MTP_OK);
    return result;
}

static inline mtp_regress_options options_for(size_t number)
{
    static const mtp_tau2_method methods[] = {MTP_TAU2_REML, MTP_TAU2_DL, MTP_TAU2_PM,
                                              MTP_TAU2_ML,   MTP_TAU2_HE, MTP_TAU2_SJ,
                                              MTP_TAU2_EE};
    static const mtp_ci_method intervals[] = {MTP_CI_HKSJ, MTP_CI_WALD, MTP_CI_T,
                                              MTP_CI_HKSJ_ADHOC};
    mtp_regress_options o;

    mtp_regress_options_init(&o, sizeof o);
    o.tau2 = methods[number / RANDOM_KIND_COUNT % 7];
    o.ci = intervals[number / 2 % 4];
    return o;
}

#endif
