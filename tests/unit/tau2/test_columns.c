/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/test.h"
#include "tau2/columns.h"
#include "tau2/estimate.h"

/*
 * Columns that span the same space as the means of subgroups give what blocks give: an
 * intercept and a slope-like mixture of indicators is the same model. The blocks are
 * pinned to 50-digit arithmetic and to metafor elsewhere; regressions on numbers are in
 * tests/oracle.
 */
enum { K = 13, G = 3, P = 3 };

/* BCG vaccine trials (Colditz et al. 1994), log risk ratios, sorted by allocation. */
static const double yi[K] = {-0.9387, -1.6662, -1.3863, -1.4564, -0.2191,
                             -0.9581, -1.6338, 0.0120,  -0.4717, -0.3406,
                             0.4459,  -0.0173, -0.7861};
static const double vi[K] = {0.3571, 0.2081, 0.4334, 0.0203, 0.0520, 0.0099, 0.2270,
                             0.0040, 0.0564, 0.0124, 0.5325, 0.0714, 0.0069};
static const size_t start[G + 1] = {0, 4, 10, K};

typedef struct made {
    mtp_study_point point[K];
    mtp_study_block block[G];
    mtp_studies studies;
} made;

static void make_blocks(made *m)
{
    mtp_error err;

    assert_int_equal(
        mtp_studies_prepare(K, yi, vi, G, start, m->point, m->block, &m->studies, &err),
        MTP_OK);
}

/* x = (1, a, b) with a and b mixtures of the indicators, a in a large unit. */
static void make_columns(made *m, mtp_arena *arena)
{
    static const double mixture[G][P] = {
        {1.0, 3e8, 0.25}, {1.0, -1e8, 2.0}, {1.0, 1.5e8, -1.0}};
    double x[K * P];
    size_t deficient;
    mtp_error err;

    for (size_t g = 0; g < G; g++) {
        for (size_t i = start[g]; i < start[g + 1]; i++) {
            memcpy(x + i * P, mixture[g], sizeof mixture[g]);
        }
    }
    assert_int_equal(
        mtp_studies_prepare(K, yi, vi, 1, NULL, m->point, m->block, &m->studies, &err),
        MTP_OK);
    assert_int_equal(
        mtp_columns_attach(&m->studies, m->point, P, yi, x, arena, &deficient, &err),
        MTP_OK);
    assert_int_equal(deficient, P);
}

static void every_estimator(void **state)
{
    mtp_arena *arena = mtp_arena_new();
    made blocks, columns;

    (void)state;
    make_blocks(&blocks);
    make_columns(&columns, arena);
    for (int m = 0; m < MTP_TAU2_GIVEN; m++) {
        mtp_tau2_fit a, b;

        mtp_tau2_fit_studies((mtp_tau2_method)m, &blocks.studies, &a);
        mtp_tau2_fit_studies((mtp_tau2_method)m, &columns.studies, &b);
        assert_close(b.result.tau2, a.result.tau2, TOL2, 1e-15);
        assert_close(b.result.se, a.result.se, TOL2, 0.0);
        assert_close(b.result.loglik, a.result.loglik, TOL2, 0.0);
        assert_int_equal(b.result.n_modes, a.result.n_modes);
    }
    mtp_arena_free(arena);
}

static void every_interval(void **state)
{
    mtp_arena *arena = mtp_arena_new();
    made blocks, columns;

    (void)state;
    make_blocks(&blocks);
    make_columns(&columns, arena);
    for (int m = 0; m < MTP_TAU2_CI_COUNT; m++) {
        mtp_tau2_set a, b;
        mtp_tau2_fit fit;

        mtp_tau2_fit_studies(MTP_TAU2_REML, &blocks.studies, &fit);
        mtp_tau2_set_by((mtp_tau2_ci_method)m, MTP_TAU2_REML, &fit, &blocks.studies,
                        0.95, &a);
        mtp_tau2_set_by((mtp_tau2_ci_method)m, MTP_TAU2_REML, &fit, &columns.studies,
                        0.95, &b);
        assert_int_equal(a.status, b.status);
        for (int i = 0; i < 2; i++) { /* j and bj solve a tail of 1e-13 or so */
            assert_close(mtp_dd_to(b.limit[i]), mtp_dd_to(a.limit[i]), 1e-11, 1e-15);
        }
    }
    mtp_arena_free(arena);
}

/* The means of the blocks from the coefficients, and their variances. */
static void coefficients(void **state)
{
    mtp_arena *arena = mtp_arena_new();
    static const double row[P] = {1.0, -1e8, 2.0}; /* the second group */
    mtp_weighting by = {MTP_WEIGHT_INVERSE, {0.0, 0.0}};
    mtp_dd beta[P], cov[P * P], mean = {0.0, 0.0}, variance = mean;
    double sum_w = 0.0, sum_wy = 0.0;
    made columns;

    (void)state;
    make_columns(&columns, arena);
    mtp_columns_factor(&columns.studies, &by);
    mtp_columns_solution(&columns.studies, beta, cov);
    for (size_t a = 0; a < P; a++) {
        mean = mtp_dd_add(mean, mtp_dd_mul_d(beta[a], row[a]));
        for (size_t b = 0; b < P; b++) {
            variance = mtp_dd_add(
                variance, mtp_dd_mul_d(mtp_dd_mul_d(cov[a * P + b], row[a]), row[b]));
        }
    }
    for (size_t i = start[1]; i < start[2]; i++) {
        sum_w += 1.0 / vi[i];
        sum_wy += yi[i] / vi[i];
    }
    assert_close(mtp_dd_to(mean), sum_wy / sum_w, TOL1, 0.0);
    assert_close(mtp_dd_to(variance), 1.0 / sum_w, TOL1, 0.0);
    mtp_arena_free(arena);
}

static mtp_status attach(size_t k, size_t p, const double x[], size_t *deficient)
{
    mtp_arena *arena = mtp_arena_new();
    made m;
    mtp_error err;
    mtp_status status;

    assert_int_equal(
        mtp_studies_prepare(k, yi, vi, 1, NULL, m.point, m.block, &m.studies, &err),
        MTP_OK);
    status = mtp_columns_attach(&m.studies, m.point, p, yi, x, arena, deficient, &err);
    mtp_arena_free(arena);
    return status;
}

/* A quadratic in calendar years has full rank; a sum of columns has not. */
static void rank(void **state)
{
    static const double year[5] = {1933, 1935, 1948, 1949, 1974};
    double x[5 * 3];
    size_t deficient;

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        x[3 * i] = 1.0;
        x[3 * i + 1] = year[i];
        x[3 * i + 2] = year[i] * year[i];
    }
    assert_int_equal(attach(5, 3, x, &deficient), MTP_OK);
    for (size_t i = 0; i < 5; i++) {
        x[3 * i + 2] = 3.0 * year[i] - 0.5;
    }
    assert_int_equal(attach(5, 3, x, &deficient), MTP_E_DATA);
    assert_int_equal(deficient, 2);
    assert_int_equal(attach(2, 3, x, &deficient), MTP_E_DATA);
    x[4] = (double)NAN;
    assert_int_equal(attach(5, 3, x, &deficient), MTP_E_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_estimator),
        cmocka_unit_test(every_interval),
        cmocka_unit_test(coefficients),
        cmocka_unit_test(rank),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
