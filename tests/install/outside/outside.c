/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pool three studies with the installed library; valid C11 and C++. */
#include <math.h>
#include <metapool/metapool.h>
#include <stdio.h>
#include <string.h>

/*
 * By hand, with wi = 1 / vi = 1, 2, 4: mean = 14 / 7 = 2, Q = 4 + 2 + 4 = 10,
 * C = 7 - 21 / 7 = 4, tau2 = (10 - 2) / 4 = 2 (DerSimonian & Laird 1986,
 * doi:10.1016/0197-2456(86)90046-2); the random-effects mean is
 * (1 / 2.5 + 3 / 2.25) / (1 / 3 + 1 / 2.5 + 1 / 2.25) = 78 / 53, its variance 45 / 53.
 */
static const double yi[] = {0.0, 1.0, 3.0};
static const double vi[] = {1.0, 0.5, 0.25};

static int failures;

static void expect(const char *what, double got, double want)
{
    if (!(fabs(got - want) <= 4e-15 * fabs(want))) {
        printf("%s = %.17g, not %.17g\n", what, got, want);
        failures++;
    }
}

static mtp_status pool_by_hand(mtp_error *err)
{
    mtp_raw raw;
    mtp_effects *effects = NULL;
    mtp_pool_options options;
    mtp_pool_result *result = NULL;
    mtp_status status;

    memset(&raw, 0, sizeof raw);
    raw.size = sizeof raw;
    raw.k = 3;
    raw.column[MTP_ROLE_YI] = yi;
    raw.column[MTP_ROLE_VI] = vi;
    status = mtp_effects_compute(NULL, &raw, &effects, err);
    if (status != MTP_OK) {
        return status;
    }
    mtp_pool_options_init(&options, sizeof options);
    options.tau2 = MTP_TAU2_DL;
    options.ci = MTP_CI_WALD;
    status = mtp_pool(effects, NULL, &options, &result, err);
    if (status == MTP_OK) {
        const mtp_pooled *overall = &result->overall;

        expect("common mean", overall->common.estimate, 2.0);
        expect("Q", overall->heterogeneity.Q, 10.0);
        expect("tau2", overall->heterogeneity.tau2, 2.0);
        expect("random mean", overall->random.estimate, 78.0 / 53.0);
        expect("its standard error", overall->random.ci.se, sqrt(45.0 / 53.0));
    }
    mtp_pool_result_free(result);
    mtp_effects_free(effects);
    return status;
}

int main(void)
{
    mtp_error err;

    if (strcmp(mtp_version(), MTP_VERSION) != 0) {
        printf("library %s, header %s\n", mtp_version(), MTP_VERSION);
        return 1;
    }
    if (pool_by_hand(&err) != MTP_OK) {
        printf("%s\n", err.message);
        return 1;
    }
    return failures > 0;
}
