/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/tau2.h"

#include "support/test.h"
#include "unit/tau2/vectors.h"

#include <float.h>

/* Data on which Fisher scoring, started where other programs start it, finds a lower
 * maximum or none. Modes {tau2, log-likelihood, estimate} by REML, from a scan of 100
 * points a decade and root finding with mpmath at 50 digits. */
typedef struct several {
    size_t k;
    double yi[6], vi[6];
    size_t n_modes;
    double mode[2][3];
    size_t best;
} several;

static const several hard[] = {
    {6,
     {0.03, -1.51, 0.38, 0.34, 0.1, -1.61},
     {0.0016, 0.421, 0.9147, 3.6534, 0.0236, 0.3829},
     2,
     {{0.0, -8.051413303752139728959, 0.02330965219893845253151},
      {0.4645547491401495739041, -6.989971771652780310485, -0.398571375178549829133}},
     1},
    {5,
     {-1.36, -1.62, -0.1, -0.04, -1.11},
     {0.1854, 3.7973, 0.0031, 0.0011, 1.3227},
     2,
     {{0.0008411312744009790511869, -5.812743607612141673249,
       -0.07035792186780117213091},
      {0.3171231739284393710139, -5.02200222579875094081, -0.4627708312382324848517}},
     1},
    {4,
     {-0.85, 6.55, 0.04, 0.27},
     {0.5862, 5.0073, 0.0035, 0.0046},
     2,
     {{0.02362841195484684569038, -6.558361682407986675579, 0.1476873325146271926643},
      {2.830694825554737286312, -7.449104435355122700672, 0.6184617463298368939196}},
     0},
    {4,
     {2.46, 0.52, -0.01, 0.11},
     {0.829, 0.7176, 0.0061, 0.0107},
     1,
     {{0.0007587764323544467460156, -3.883701964311416368943,
       0.05019932056475367621515}},
     0},
};
enum { N_HARD = sizeof hard / sizeof *hard };

static void all_modes_and_the_highest(void **state)
{
    (void)state;
    for (int i = 0; i < N_HARD; i++) {
        const several *h = &hard[i];
        mtp_tau2_result r;

        assert_int_equal(mtp_tau2_estimate(MTP_TAU2_REML, h->k, h->yi, h->vi, &r, NULL),
                         MTP_OK);
        assert_int_equal(r.n_modes, h->n_modes);
        for (size_t m = 0; m < r.n_modes; m++) {
            assert_close(r.modes[m].tau2, h->mode[m][0], 1e-14, 0.0);
            assert_close(r.modes[m].loglik, h->mode[m][1], TOL1, 0.0);
            assert_close(r.modes[m].estimate, h->mode[m][2], 1e-14, 0.0);
        }
        assert_true(r.tau2 == r.modes[h->best].tau2);
        assert_true(r.loglik == r.modes[h->best].loglik);
    }
}

/* mpmath at 50 digits: of t_bimodal's two maxima, ML prefers the smaller tau2 and REML
 * the larger. */
static void likelihoods_can_disagree(void **state)
{
    const vector *x = NULL;
    mtp_tau2_result ml, reml;

    (void)state;
    for (int i = 0; i < N_VECTORS; i++) {
        x = strcmp(vectors[i].name, "t_bimodal") == 0 ? &vectors[i] : x;
    }
    assert_non_null(x);
    assert_int_equal(mtp_tau2_estimate(MTP_TAU2_ML, x->k, x->yi, x->vi, &ml, NULL),
                     MTP_OK);
    assert_int_equal(mtp_tau2_estimate(MTP_TAU2_REML, x->k, x->yi, x->vi, &reml, NULL),
                     MTP_OK);
    assert_int_equal(ml.n_modes, 2);
    assert_int_equal(reml.n_modes, 2);
    assert_close(ml.modes[1].tau2, 0.291960002682447649145058400466, TOL1, 0.0);
    assert_close(ml.modes[1].loglik, -7.79150304414782838766736065197, TOL1, 0.0);
    assert_close(reml.modes[0].tau2, 0.0106639275505318049105588490083, TOL1, 0.0);
    assert_close(reml.modes[0].loglik, -8.57609016765445618786620434426, TOL1, 0.0);
    assert_true(ml.tau2 == ml.modes[0].tau2);
    assert_true(reml.tau2 == reml.modes[1].tau2);
}

/* The textbook formula, in the order in which it is written. */
static double plain_loglik(mtp_tau2_method method, const several *x, double t)
{
    static const double TWO_PI = 6.283185307179586476925;
    double sum_w = 0.0, mu = 0.0, ll = 0.0, k = (double)x->k;

    for (size_t i = 0; i < x->k; i++) {
        sum_w += 1.0 / (x->vi[i] + t);
        mu += x->yi[i] / (x->vi[i] + t);
    }
    mu /= sum_w;
    for (size_t i = 0; i < x->k; i++) {
        double s = x->vi[i] + t, r = x->yi[i] - mu;

        ll -= 0.5 * (log(TWO_PI * s) + r * r / s);
    }
    return method == MTP_TAU2_ML ? ll : ll + 0.5 * log(TWO_PI * k / sum_w);
}

/* A small generator of our own, so that the data are the same everywhere. */
static double uniform(unsigned long *seed)
{
    *seed = (*seed * 1103515245UL + 12345UL) & 0x7fffffffUL;
    return (double)*seed / 2147483648.0;
}

static several random_studies(unsigned long *seed)
{
    several x = {.k = 3 + (size_t)(4.0 * uniform(seed))};

    for (size_t i = 0; i < x.k; i++) {
        x.vi[i] = pow(10.0, 4.0 * uniform(seed) - 3.0);
        x.yi[i] = (2.0 * uniform(seed) - 1.0) * (1.0 + 2.0 * sqrt(x.vi[i]));
    }
    return x;
}

/* On adversarial data no point of a fine grid, 0 included, is above the maximum. */
static void no_point_is_higher(void **state)
{
    static const mtp_tau2_method methods[] = {MTP_TAU2_ML, MTP_TAU2_REML};
    unsigned long seed = 20240601UL;
    size_t several_modes = 0;

    (void)state;
    for (int n = 0; n < 400; n++) {
        several x = random_studies(&seed);

        for (int m = 0; m < 2; m++) {
            mtp_tau2_result r;
            double highest = plain_loglik(methods[m], &x, 0.0);

            assert_int_equal(mtp_tau2_estimate(methods[m], x.k, x.yi, x.vi, &r, NULL),
                             MTP_OK);
            for (double t = 1e-7; t < 1e4; t *= 1.02) {
                highest = fmax(highest, plain_loglik(methods[m], &x, t));
            }
            if (r.loglik < highest - 1e-12) {
                print_error("data set %d, seed %lu\n", n, seed);
            }
            assert_true(r.loglik >= highest - 1e-12);
            assert_close(r.loglik, plain_loglik(methods[m], &x, r.tau2), 1e-12, 1e-12);
            several_modes += r.n_modes > 1;
        }
    }
    assert_true(several_modes > 5); /* the data are adversarial indeed */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_modes_and_the_highest),
        cmocka_unit_test(likelihoods_can_disagree),
        cmocka_unit_test(no_point_is_higher),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
