/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_POOLING_H
#define MTP_TEST_POOLING_H

#include "metapool/pool.h"

#include "support/test.h"
#include "unit/tau2/vectors.h"

/* Helpers of the pooling tests: effects from arrays, and looking things up. */

static inline mtp_effects *effects_of(mtp_measure measure, size_t k, mtp_role first,
                                      const double a[], mtp_role second,
                                      const double b[])
{
    mtp_raw raw = {.size = sizeof raw, .k = k};
    mtp_effects_options options;
    mtp_effects *effects = NULL;

    mtp_effects_options_init(&options, sizeof options);
    options.measure = measure;
    raw.column[first] = a;
    raw.column[second] = b;
    assert_int_equal(mtp_effects_compute(&options, &raw, &effects, NULL), MTP_OK);
    return effects;
}

static inline mtp_effects *generic(size_t k, const double yi[], const double vi[])
{
    return effects_of(MTP_GEN, k, MTP_ROLE_YI, yi, MTP_ROLE_VI, vi);
}

static inline mtp_pool_options defaults(void)
{
    mtp_pool_options options;

    mtp_pool_options_init(&options, sizeof options);
    return options;
}

static inline mtp_pool_result *pool(const mtp_effects *effects,
                                    const mtp_grouping *grouping,
                                    const mtp_pool_options *options)
{
    mtp_pool_result *result = NULL;
    mtp_error err;
    mtp_status status = mtp_pool(effects, grouping, options, &result, &err);

    if (status != MTP_OK) {
        print_error("%s\n", err.message);
    }
    assert_int_equal(status, MTP_OK);
    return result;
}

/* Pool ready-made effects. */
static inline mtp_pool_result *pool_generic(size_t k, const double yi[],
                                            const double vi[],
                                            const mtp_pool_options *options)
{
    mtp_effects *effects = generic(k, yi, vi);
    mtp_pool_result *result = pool(effects, NULL, options);

    mtp_effects_free(effects);
    return result;
}

static inline const mtp_interval *interval_of(const mtp_estimate *e,
                                              mtp_ci_method method)
{
    for (size_t i = 0; i < e->n_intervals; i++) {
        if (e->intervals[i].method == method) {
            return &e->intervals[i];
        }
    }
    return NULL;
}

static inline const mtp_prediction *prediction_of(const mtp_estimate *e,
                                                  mtp_pi_method method)
{
    for (size_t i = 0; i < e->n_predictions; i++) {
        if (e->predictions[i].method == method) {
            return &e->predictions[i];
        }
    }
    return NULL;
}

/* The text of the first note with the code, or NULL. */
static inline const char *note_text(const mtp_pool_result *result, mtp_note_code code)
{
    for (size_t i = 0; i < result->notes.count; i++) {
        if (result->notes.item[i].code == code) {
            return result->notes.item[i].text;
        }
    }
    return NULL;
}

/* The same bits; NaN is NaN. */
#define assert_same(a, b) assert_close((a), (b), 0.0, 0.0)

static inline void assert_same_estimate(const mtp_estimate *a, const mtp_estimate *b)
{
    assert_same(a->estimate, b->estimate);
    assert_same(a->back.ci_upper, b->back.ci_upper);
    assert_int_equal(a->n_intervals, b->n_intervals);
    for (size_t i = 0; i < a->n_intervals; i++) {
        assert_int_equal(a->intervals[i].method, b->intervals[i].method);
        assert_same(a->intervals[i].se, b->intervals[i].se);
        assert_same(a->intervals[i].df, b->intervals[i].df);
        assert_same(a->intervals[i].statistic, b->intervals[i].statistic);
        assert_same(a->intervals[i].log_p, b->intervals[i].log_p);
        assert_same(a->intervals[i].lower, b->intervals[i].lower);
        assert_same(a->intervals[i].upper, b->intervals[i].upper);
    }
    assert_int_equal(a->n_predictions, b->n_predictions);
    for (size_t i = 0; i < a->n_predictions; i++) {
        assert_int_equal(a->predictions[i].method, b->predictions[i].method);
        assert_same(a->predictions[i].lower, b->predictions[i].lower);
        assert_same(a->predictions[i].upper, b->predictions[i].upper);
    }
}

static inline void assert_same_pooled(const mtp_pooled *a, const mtp_pooled *b)
{
    assert_int_equal(a->k, b->k);
    assert_same_estimate(&a->common, &b->common);
    assert_same_estimate(&a->random, &b->random);
    assert_same(a->heterogeneity.Q, b->heterogeneity.Q);
    assert_same(a->heterogeneity.log_p, b->heterogeneity.log_p);
    assert_same(a->heterogeneity.tau2, b->heterogeneity.tau2);
    assert_same(a->heterogeneity.tau2_se, b->heterogeneity.tau2_se);
    assert_same(a->heterogeneity.I2, b->heterogeneity.I2);
    assert_same(a->heterogeneity.ci.tau2[0], b->heterogeneity.ci.tau2[0]);
    assert_same(a->heterogeneity.ci.H2[1], b->heterogeneity.ci.H2[1]);
    assert_same(a->fit.loglik, b->fit.loglik);
    assert_int_equal(a->fit.n_modes, b->fit.n_modes);
}

#endif
