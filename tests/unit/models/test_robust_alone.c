/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CR2 where one study alone tells a coefficient: what is expected of its variance is 0,
 * and degrees of freedom would be 0 / 0. Those of the other coefficient are from the
 * matrices of metapool/robust.h in full, in mpmath with 50 digits. */
#include "metapool/robust.h"

#include "support/test.h"

#include <math.h>

enum { K = 5, P = 2 };

static const double variance[K] = {0.0625, 0.03125, 0.0625, 0.015625, 0.046875};
static const double residual[K] = {0.0, 0.125, 0.0625, -0.25, 0.1875};
static const double given[K] = {2, 1, 3, 1, 5};
static const size_t cluster[K] = {0, 1, 2, 3, 4};

static mtp_robust_result *fit(const double x[], const double weight[])
{
    mtp_robust_model model;
    mtp_robust_result *result = NULL;

    mtp_robust_model_init(&model, sizeof model);
    model.k = K;
    model.p = P;
    model.x = x;
    model.residual = residual;
    model.variance = variance;
    model.weight = weight;
    model.cluster = cluster;
    model.clusters = K;
    assert_int_equal(mtp_robust(&model, MTP_ROBUST_CR2, &result, NULL), MTP_OK);
    assert_int_equal(result->singular, 1);
    return result;
}

static void no_degrees_of_freedom_of_rounding(void **state)
{
    static const double reference[K * P] = {1, 0, 1, 1, 1, 1, 1, 1, 1, 1};
    static const double means[K * P] = {1, 0, 0, 1, 0, 1, 0, 1, 0, 1};
    static const double *const weights[] = {NULL, given};
    static const double df[] = {2.2483745123537061118, 1.1624546864980704311};
    static const double second[P] = {1, 1};

    (void)state;
    for (size_t w = 0; w < 2; w++) {
        mtp_robust_result *of = fit(reference, weights[w]);
        double mean, mean_df;

        assert_close(of->vcov[0], 0.0, 0.0, 0.0);
        assert_true(isnan(of->df[0]));
        assert_close(of->df[1], df[w], 1e-12, 0.0);
        assert_int_equal(mtp_robust_combination(of, second, &mean, &mean_df, NULL),
                         MTP_OK);
        assert_close(mean_df, df[w], 1e-12, 0.0);
        mtp_robust_free(of);
        of = fit(means, weights[w]);
        assert_close(of->vcov[0], 0.0, 0.0, 0.0);
        assert_true(isnan(of->df[0]));
        assert_close(of->df[1], df[w], 1e-12, 0.0);
        mtp_robust_free(of);
    }
}

/* The other studies tell the first coefficient with 1e-20 of what the first does. */
static void no_degrees_of_freedom_of_a_trace(void **state)
{
    static const double x[K * P] = {1, 0, 1e-10, 1, 2e-10, 1, 4e-10, 1, 3e-10, 1};

    (void)state;
    for (size_t w = 0; w < 2; w++) {
        mtp_robust_result *of = fit(x, w ? given : NULL);

        assert_true(isnan(of->df[0]));
        assert_true(of->df[1] > 1.0);
        mtp_robust_free(of);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_degrees_of_freedom_of_rounding),
        cmocka_unit_test(no_degrees_of_freedom_of_a_trace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
