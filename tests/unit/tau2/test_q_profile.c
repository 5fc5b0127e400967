/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/tau2.h"

#include "support/test.h"
#include "unit/tau2/vectors.h"

static void limits_on_every_vector(void **state)
{
    (void)state;
    for (int i = 0; i < N_VECTORS; i++) {
        const vector *x = &vectors[i];
        double lower = -1.0, upper = -1.0;
        mtp_set_status set;

        print_message("%s\n", x->name);
        assert_int_equal(
            mtp_tau2_qprofile(x->k, x->yi, x->vi, 0.95, &lower, &upper, &set, NULL),
            MTP_OK);
        assert_int_equal(set, isnan(x->qp[1]) ? MTP_SET_EMPTY : MTP_SET_OK);
        /* The quantile is a double: its last bit is worth a few here. */
        assert_close(lower, x->qp[0], TOL1, 0.0);
        assert_close(upper, x->qp[1], TOL1, 0.0);
    }
}

/* k = 2, equal v: Q(t) = d^2 / (2 (v + t)), so t = d^2 / (2 q) - v with the quantiles
 * 5.0238861873148889 and 0.00098206911717525576 of chi-square with 1 df (mpmath). */
static void closed_form_and_the_boundary(void **state)
{
    const double q[2] = {5.0238861873148889, 0.00098206911717525576};
    double lower, upper, v[2] = {1.0, 1.0}, y[2] = {0.0, 8.0};
    mtp_set_status set;

    (void)state;
    assert_int_equal(mtp_tau2_qprofile(2, y, v, 0.95, &lower, &upper, &set, NULL),
                     MTP_OK);
    assert_close(lower, 32.0 / q[0] - 1.0, TOL1, 0.0);
    assert_close(upper, 32.0 / q[1] - 1.0, TOL1, 0.0);

    y[1] = 2.0; /* Q(0) = 2: between the quantiles */
    assert_int_equal(mtp_tau2_qprofile(2, y, v, 0.95, &lower, &upper, &set, NULL),
                     MTP_OK);
    assert_int_equal(set, MTP_SET_OK);
    assert_true(lower == 0.0);
    assert_close(upper, 2.0 / q[1] - 1.0, TOL1, 0.0);

    y[1] = 0.04; /* Q(0) = 0.0008: below both */
    assert_int_equal(mtp_tau2_qprofile(2, y, v, 0.95, &lower, &upper, &set, NULL),
                     MTP_OK);
    assert_int_equal(set, MTP_SET_EMPTY);
    assert_true(isnan(lower) && isnan(upper));
}

static void undefined_for_one_study(void **state)
{
    const double y[1] = {1.0}, v[1] = {1.0};
    double lower, upper;
    mtp_set_status set;
    mtp_error err;

    (void)state;
    assert_int_equal(mtp_tau2_qprofile(1, y, v, 0.95, &lower, &upper, &set, NULL),
                     MTP_OK);
    assert_int_equal(set, MTP_SET_UNDEFINED);
    assert_true(isnan(lower) && isnan(upper));
    assert_int_equal(mtp_tau2_qprofile(1, y, v, 1.0, &lower, &upper, &set, &err),
                     MTP_E_ARG);
}

/* Below 1 by one unit: alpha / 2 = 2^-54. Same closed form; mpmath: the quantiles of
 * chi-square with 1 df at 2^-54 are 70.13038983479491304153115
 * and 4.84038989169243136151294e-33. */
static void the_largest_level_below_one(void **state)
{
    const double y[2] = {0.0, 40.0}, v[2] = {1.0, 1.0};
    double lower, upper;
    mtp_set_status set;

    (void)state;
    assert_int_equal(
        mtp_tau2_qprofile(2, y, v, 1.0 - 0x1p-53, &lower, &upper, &set, NULL), MTP_OK);
    assert_int_equal(set, MTP_SET_OK);
    assert_close(lower, 800.0 / 70.13038983479491304153115 - 1.0, TOL1, 0.0);
    assert_close(upper, 800.0 / 4.84038989169243136151294e-33 - 1.0, TOL1, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_on_every_vector),
        cmocka_unit_test(closed_form_and_the_boundary),
        cmocka_unit_test(undefined_for_one_study),
        cmocka_unit_test(the_largest_level_below_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
