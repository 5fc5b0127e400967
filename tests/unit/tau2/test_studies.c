/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/test.h"
#include "tau2/estimate.h"
#include "unit/tau2/vectors.h"

/* BCG trials by allocation: random, alternate, systematic. */
static const size_t by_allocation[13] = {0, 1, 2, 3, 6, 7, 8, 4, 5, 9, 10, 11, 12};
static const size_t start[4] = {0, 7, 9, 13};

typedef struct blocks {
    mtp_study_point point[13];
    mtp_study_block block[3];
    mtp_studies studies;
} blocks;

static void prepare(blocks *b)
{
    double yi[13], vi[13];

    for (size_t i = 0; i < 13; i++) {
        yi[i] = vectors[0].yi[by_allocation[i]];
        vi[i] = vectors[0].vi[by_allocation[i]];
    }
    assert_int_equal(mtp_studies_prepare(13, yi, vi, 3, start, b->point, b->block,
                                         &b->studies, NULL),
                     MTP_OK);
}

/* metafor 3.8-1: rma(yi, vi, mods = ~ factor(alloc) - 1, data = dat, method =,
 * control = list(threshold = 1e-14, maxiter = 10000, tol = 1e-14)): tau2, se.tau2. */
static void blocks_are_a_regression_on_the_factor(void **state)
{
    static const struct {
        mtp_tau2_method method;
        double tau2, se;
    } want[] = {{MTP_TAU2_DL, 0.559568750127703129, 0.404518792779100633},
                {MTP_TAU2_HE, 0.268290263323933131, 0.202764735245845124},
                {MTP_TAU2_HS, 0.195780699414997372, 0.054070819305690930},
                {MTP_TAU2_SJ, 0.342967581221830464, 0.163781089336343416},
                {MTP_TAU2_PM, 0.323665983515765532, 0.192936277766598802},
                {MTP_TAU2_ML, 0.257398973308461121, 0.134395067249349409},
                {MTP_TAU2_REML, 0.361503664324020868, 0.211120828986653408}};
    mtp_tau2_fit fit;
    blocks b;

    (void)state;
    prepare(&b);
    for (size_t m = 0; m < sizeof want / sizeof *want; m++) {
        mtp_tau2_fit_studies(want[m].method, &b.studies, &fit);
        assert_close(fit.result.tau2, want[m].tau2, 1e-13, 0.0);
        assert_close(fit.result.se, want[m].se, 1e-13, 0.0);
        if (want[m].method == MTP_TAU2_REML) { /* logLik(fit), with log|X'X| */
            assert_close(fit.result.loglik, -10.330084036978210, 1e-13, 0.0);
        }
    }
}

/* The same model: confint(type = "PL") of metafor 5.1-12; bj by mpmath, the eigenvalues
 * of each block (metafor's search stops at a width of 1.2e-4). */
static void intervals_of_blocks(void **state)
{
    static const struct {
        mtp_tau2_ci_method ci;
        mtp_tau2_method method;
        double lower, upper, tolerance;
    } want[] = {
        {MTP_TAU2_CI_QP, MTP_TAU2_REML, 0.12433539263481118, 1.19482621671346001,
         1e-12},
        {MTP_TAU2_CI_BJ, MTP_TAU2_REML, 0.1865533341167440424, 2.8593755965957883579,
         1e-13},
        {MTP_TAU2_CI_PL, MTP_TAU2_REML, 0.1324789300990516, 1.1727162346919027, 1e-10},
        {MTP_TAU2_CI_PL, MTP_TAU2_ML, 0.10081110975431158, 0.7397772971866238, 1e-10}};
    mtp_tau2_set set;
    blocks b;

    (void)state;
    prepare(&b);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        mtp_tau2_set_by(want[i].ci, want[i].method, NULL, &b.studies, 0.95, &set);
        assert_int_equal(set.status, MTP_SET_OK);
        assert_close(mtp_dd_to(set.limit[0]), want[i].lower, want[i].tolerance, 0.0);
        assert_close(mtp_dd_to(set.limit[1]), want[i].upper, want[i].tolerance, 0.0);
    }
}

/* Weights go with their studies, though the heaviest of a block comes first. */
static void weights_follow_their_studies(void **state)
{
    double weight[13];
    mtp_tau2_fit by_weights, dl;
    blocks b;

    (void)state;
    prepare(&b);
    for (size_t i = 0; i < 13; i++) {
        weight[i] = 1.0 / vectors[0].vi[by_allocation[i]];
    }
    assert_int_equal(mtp_studies_set_weights(&b.studies, weight, NULL), MTP_OK);
    mtp_tau2_fit_studies(MTP_TAU2_GENQ, &b.studies, &by_weights);
    mtp_tau2_fit_studies(MTP_TAU2_DL, &b.studies, &dl);
    assert_close(by_weights.result.tau2, dl.result.tau2, 1e-14, 0.0);
    assert_close(by_weights.result.se, dl.result.se, 1e-14, 0.0);
}

/* Sums against the same figures in plain doubles with k x k matrices. */
static void sums_are_those_of_matrices(void **state)
{
    const double t = 0.125, s = 0.5;
    double P[13][13], PS[13][13], y[13], Q = 0.0, wr2 = 0.0, tr = 0.0, tr2 = 0.0;
    mtp_dd at = {t, 0.0}, spread = {s, 0.0};
    mtp_sums sums;
    blocks b;

    (void)state;
    prepare(&b);
    for (size_t g = 0; g < 3; g++) {
        double sum = 0.0;

        for (size_t i = start[g]; i < start[g + 1]; i++) {
            sum += 1.0 / (vectors[0].vi[by_allocation[i]] + t);
        }
        for (size_t i = 0; i < 13; i++) {
            for (size_t j = start[g]; j < start[g + 1]; j++) {
                double wj = 1.0 / (vectors[0].vi[by_allocation[j]] + t);
                double wi = 1.0 / (vectors[0].vi[by_allocation[i]] + t);
                bool inside = i >= start[g] && i < start[g + 1];

                P[i][j] = inside ? (i == j ? wj : 0.0) - wi * wj / sum : 0.0;
                PS[i][j] = P[i][j] * (vectors[0].vi[by_allocation[j]] + s);
            }
        }
    }
    for (size_t i = 0; i < 13; i++) {
        y[i] = vectors[0].yi[by_allocation[i]];
        tr += P[i][i];
    }
    for (size_t i = 0; i < 13; i++) {
        double Py = 0.0;

        for (size_t j = 0; j < 13; j++) {
            Py += P[i][j] * y[j];
            tr2 += PS[i][j] * PS[j][i];
        }
        Q += y[i] * Py;
        wr2 += Py * Py;
    }
    at = mtp_from_unit_of_v(&b.studies, at);
    mtp_sums_at(&b.studies, at, &sums);
    assert_close(mtp_dd_to(sums.Q), Q, 1e-13, 0.0);
    assert_close(mtp_dd_to(mtp_to_unit_of_y(&b.studies, sums.trP, -2)), tr, 1e-13, 0.0);
    assert_close(mtp_dd_to(mtp_to_unit_of_y(&b.studies, sums.wr2, -2)), wr2, 1e-13,
                 0.0);
    spread = mtp_from_unit_of_v(&b.studies, spread);
    assert_close(mtp_dd_to(mtp_trace_of_square(
                     &b.studies, &(mtp_weighting){MTP_WEIGHT_INVERSE, at}, &spread)),
                 tr2, 1e-13, 0.0);
}

static void heaviest_study_leads_its_block(void **state)
{
    blocks b;

    (void)state;
    prepare(&b);
    for (size_t g = 0; g < 3; g++) {
        const mtp_study_point *p = &b.point[b.block[g].begin];

        assert_true(p[0].d.hi == 0.0 && p[0].d.lo == 0.0);
        for (size_t i = 1; i < b.block[g].end - b.block[g].begin; i++) {
            assert_true(p[i].v >= p[0].v);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_a_regression_on_the_factor),
        cmocka_unit_test(intervals_of_blocks),
        cmocka_unit_test(weights_follow_their_studies),
        cmocka_unit_test(sums_are_those_of_matrices),
        cmocka_unit_test(heaviest_study_leads_its_block),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
