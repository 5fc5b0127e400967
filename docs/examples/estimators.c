/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Effects from arrays, pooled with every estimator of the between-study variance. */
#include <metapool/effects.h>
#include <metapool/pool.h>
#include <stdio.h>

enum { K = 13 };

/* The trials of BCG vaccine: cases and people, vaccinated and not. */
static const double cases1[K] = {4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27};
static const double people1[K] = {123,   306,  231,  13598, 5069, 1541, 2545,
                                  88391, 7499, 1716, 50634, 2498, 16913};
static const double cases2[K] = {11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29};
static const double people2[K] = {139,   303,  220,  12867, 5808, 1451, 629,
                                  88391, 7277, 1665, 27338, 2341, 17854};

static mtp_status log_risk_ratios(mtp_effects **effects, mtp_error *err)
{
    mtp_raw raw = {.size = sizeof raw, .k = K};
    mtp_effects_options options;

    raw.column[MTP_ROLE_EVENTS1] = cases1;
    raw.column[MTP_ROLE_N1] = people1;
    raw.column[MTP_ROLE_EVENTS2] = cases2;
    raw.column[MTP_ROLE_N2] = people2;
    mtp_effects_options_init(&options, sizeof options);
    options.measure = MTP_RR;
    return mtp_effects_compute(&options, &raw, effects, err);
}

static mtp_status pool_by(mtp_tau2_method method, const mtp_effects *effects,
                          mtp_error *err)
{
    mtp_pool_options options;
    mtp_pool_result *result = NULL;
    mtp_status status;

    mtp_pool_options_init(&options, sizeof options);
    options.tau2 = method;
    status = mtp_pool(effects, NULL, &options, &result, err);
    if (status == MTP_OK) {
        const mtp_pooled *overall = &result->overall;

        printf("%-5s tau2 %.4f, risk ratio %.4f [%.4f, %.4f]\n", mtp_tau2_id(method),
               overall->heterogeneity.tau2, overall->random.back.estimate,
               overall->random.back.ci_lower, overall->random.back.ci_upper);
    }
    mtp_pool_result_free(result);
    return status;
}

int main(void)
{
    mtp_effects *effects = NULL;
    mtp_error err;
    mtp_status status = log_risk_ratios(&effects, &err);

    for (int m = 0; status == MTP_OK && m < MTP_TAU2_COUNT; m++) {
        if (m != MTP_TAU2_GIVEN) { /* a number, not an estimator */
            status = pool_by((mtp_tau2_method)m, effects, &err);
        }
    }
    if (status != MTP_OK) {
        fprintf(stderr, "%s\n", err.message);
    }
    mtp_effects_free(effects);
    return status == MTP_OK ? 0 : 1;
}
