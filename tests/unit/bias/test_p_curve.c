/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/p_curve.h"

#include "core/arena.h"
#include "p_curve_reference.h"
#include "support/test.h"

static mtp_p_curve_result *curve(size_t k, const double yi[], const double vi[])
{
    mtp_p_curve_result *r = NULL;

    assert_int_equal(mtp_p_curve(k, yi, vi, NULL, &r, NULL), MTP_OK);
    return r;
}

static bool has_note(const mtp_p_curve_result *r, mtp_note_code code)
{
    for (size_t i = 0; i < r->notes.count; i++) {
        if (r->notes.item[i].code == code) {
            return true;
        }
    }
    return false;
}

/* mpmath at 40 digits from the definitions, p_curve_reference.py. */
static void check_reference(const p_curve_reference *want, const double pp[])
{
    mtp_p_curve_result *r = curve(want->k, want->yi, want->vi);
    const mtp_stouffer *test[] = {&r->skew_full, &r->skew_half, &r->flat_full,
                                  &r->flat_half};
    size_t i = 0;

    assert_int_equal(r->k_full, want->k_full);
    assert_int_equal(r->k_half, want->k_half);
    for (int j = 0; j < 4; j++) {
        assert_int_equal(test[j]->k, j % 2 == 0 ? want->k_full : want->k_half);
        assert_close(test[j]->z, want->z[j], 1e-12, 0.0);
        assert_close(test[j]->p, want->p[j], 1e-10, 0.0);
        assert_close(test[j]->log_p, log(want->p[j]), 1e-10, 1e-16);
    }
    assert_close(r->skew_binomial, want->skew_binomial, 1e-13, 0.0);
    assert_close(r->flat_binomial, want->flat_binomial, 1e-12, 0.0);
    assert_close(r->power, want->power, 1e-12, 0.0);
    assert_close(r->power_lower, want->power_lower, 1e-12, 0.0);
    assert_close(r->power_upper, want->power_upper, 1e-12, 0.0);
    while (isnan(r->study[i].skew_half)) {
        i++;
    }
    assert_close(r->study[i].skew_full, pp[0], 1e-12, 0.0);
    assert_close(r->study[i].skew_half, pp[1], 1e-12, 0.0);
    assert_close(r->study[i].flat_full, pp[2], 1e-12, 0.0);
    assert_close(r->study[i].flat_half, pp[3], 1e-12, 0.0);
    mtp_p_curve_free(r);
}

static void test_reference(void **state)
{
    (void)state;
    check_reference(&third_wave, third_wave_pp);
    check_reference(&made_up, made_up_pp);
    check_reference(&bcg, bcg_pp);
    check_reference(&extreme, extreme_pp);
}

/* The two examples with printed data in the documentation of pcurve(), dmetar 0.0.9000,
 * which has the code of the authors' application 4.052: all printed digits but for the
 * half p-curve's test of flatness (docs/methods.md). */
static void test_published(void **state)
{
    mtp_p_curve_result *r = curve(third_wave.k, third_wave_yi, third_wave_vi);

    (void)state;
    assert_int_equal(r->k_full, 11);
    assert_int_equal(r->k_half, 10);
    assert_close(r->skew_binomial, 0.006, 0.0, 5e-4);
    assert_close(r->flat_binomial, 0.975, 0.0, 5e-4);
    assert_close(r->skew_full.z, -5.943, 0.0, 5e-4);
    assert_close(r->skew_half.z, -4.982, 0.0, 5e-4);
    assert_close(r->flat_full.z, 3.260, 0.0, 5e-4);
    assert_close(r->flat_full.p, 0.999, 0.0, 5e-4);
    assert_close(r->power, 0.84, 0.0, 5e-3);
    assert_close(r->power_lower, 0.627, 0.0, 5e-4);
    assert_close(r->power_upper, 0.946, 0.0, 5e-4);
    assert_true(r->evidence);
    assert_false(r->inadequate);
    assert_int_equal(r->notes.count, 0);
    mtp_p_curve_free(r);

    r = curve(made_up.k, made_up_yi, made_up_vi);
    assert_int_equal(r->k_full, 3);
    assert_close(r->skew_binomial, 0.125, 0.0, 5e-4);
    assert_close(r->flat_binomial, 1.0, 0.0, 5e-4);
    assert_close(r->skew_full.z, -2.295, 0.0, 5e-4);
    assert_close(r->skew_full.p, 0.011, 0.0, 5e-4);
    assert_close(r->skew_half.z, -1.437, 0.0, 5e-4);
    assert_close(r->skew_half.p, 0.075, 0.0, 5e-4);
    assert_close(r->flat_full.z, 0.974, 0.0, 5e-4);
    assert_close(r->flat_full.p, 0.835, 0.0, 5e-4);
    assert_close(r->power, 0.68, 0.0, 5e-3);
    assert_close(r->power_lower, 0.13, 0.0, 5e-4);
    assert_close(r->power_upper, 0.955, 0.0, 5e-4);
    assert_true(r->evidence); /* by both p < 0.1: the half p-curve has 0.075 */
    assert_false(r->inadequate);
    mtp_p_curve_free(r);
}

/* A single study with p = 0.045, where pp = p / 0.05 = 0.9, and one just below 0.05. */
static void test_close_to_the_limit(void **state)
{
    static const double v = 1.0;
    double y = 2.0046544617650959; /* the quantile of 0.0225, R 4.2.2 */
    mtp_p_curve_result *r = curve(1, &y, &v);

    (void)state;
    assert_close(r->study[0].p, 0.045, 1e-13, 0.0);
    assert_close(r->study[0].skew_full, 0.9, 1e-13, 0.0);
    assert_true(isnan(r->study[0].skew_half) && isnan(r->study[0].flat_half));
    assert_close(r->skew_full.z, 1.2815515655446004, 1e-12, 0.0);
    assert_close(r->skew_full.p, 0.9, 1e-12, 0.0);
    assert_close(r->power, 0.05, 0.0, 0.0);
    assert_int_equal(r->k_half, 0);
    assert_true(isnan(r->skew_half.z) && isnan(r->flat_half.p));
    assert_true(has_note(r, MTP_NOTE_NOT_DEFINED));
    assert_false(r->evidence);
    mtp_p_curve_free(r);

    y = nextafter(1.9599639845400543, 2.0);
    r = curve(1, &y, &v);
    assert_close(r->study[0].p, 0.05, 1e-15, 0.0);
    assert_true(r->skew_full.z > 7.0 && isfinite(r->skew_full.z));
    assert_true(r->flat_full.z < -7.0 && isfinite(r->flat_full.z));
    assert_true(r->inadequate);
    mtp_p_curve_free(r);
}

/* Signs and the unit change nothing; the null value shifts. */
static void test_invariance(void **state)
{
    double yi[13], vi[13];
    mtp_p_curve_options o;
    mtp_p_curve_result *a = curve(bcg.k, bcg_yi, bcg_vi), *b = NULL;

    (void)state;
    assert_int_equal(a->k_positive, 0);
    for (size_t i = 0; i < bcg.k; i++) {
        yi[i] = (i == 1 ? 4.0 : -4.0) * bcg_yi[i];
        vi[i] = 16.0 * bcg_vi[i];
    }
    b = curve(bcg.k, yi, vi);
    assert_int_equal(b->k_positive, 7);
    assert_true(has_note(b, MTP_NOTE_MIXED_DIRECTIONS));
    assert_false(has_note(a, MTP_NOTE_MIXED_DIRECTIONS));
    assert_true(a->power == b->power && a->flat_half.z == b->flat_half.z);
    mtp_p_curve_free(b);

    mtp_p_curve_options_init(&o, sizeof o);
    o.null_value = -1.5;
    o.level = 0.5;
    for (size_t i = 0; i < bcg.k; i++) {
        yi[i] = bcg_yi[i] - 1.5;
    }
    b = NULL;
    assert_int_equal(mtp_p_curve(bcg.k, yi, bcg_vi, &o, &b, NULL), MTP_OK);
    assert_close(b->flat_full.z, a->flat_full.z, 1e-13, 0.0);
    assert_true(b->power_lower > a->power_lower && b->power_upper < a->power_upper);
    mtp_p_curve_free(b);
    mtp_p_curve_free(a);
}

static void test_refusals(void **state)
{
    static const double y[] = {0.1, 3.0}, v[] = {1.0, 1.0}, bad[] = {1.0, 0.0};
    double far[] = {1.0, (double)INFINITY}, tiny[] = {1.0, 1e-300},
           huge[] = {1.0, 1e50};
    mtp_p_curve_result *r = NULL;
    mtp_p_curve_options o;
    mtp_error err;

    (void)state;
    assert_int_equal(mtp_p_curve(1, y, v, NULL, &r, &err), MTP_E_DEGENERATE);
    assert_int_equal(mtp_p_curve(0, y, v, NULL, &r, &err), MTP_E_DATA);
    assert_int_equal(mtp_p_curve(2, y, bad, NULL, &r, &err), MTP_E_DATA);
    assert_int_equal(err.line, 2);
    assert_int_equal(mtp_p_curve(2, far, v, NULL, &r, &err), MTP_E_DATA);
    assert_int_equal(mtp_p_curve(2, huge, tiny, NULL, &r, &err), MTP_E_DATA);
    mtp_p_curve_options_init(&o, sizeof o);
    o.level = 1.0;
    assert_int_equal(mtp_p_curve(2, y, v, &o, &r, &err), MTP_E_ARG);
    mtp_p_curve_options_init(&o, sizeof o);
    o.null_value = (double)NAN;
    assert_int_equal(mtp_p_curve(2, y, v, &o, &r, &err), MTP_E_ARG);
    o.size = 0;
    assert_int_equal(mtp_p_curve(2, y, v, &o, &r, &err), MTP_E_ARG);
    assert_null(r);
    mtp_p_curve_free(NULL);
}

static void test_without_memory(void **state)
{
    mtp_p_curve_result *r = NULL;
    size_t n = 0;

    (void)state;
    while (!r) {
        mtp_status status;

        mtp_arena_fail_after(++n);
        status = mtp_p_curve(made_up.k, made_up_yi, made_up_vi, NULL, &r, NULL);
        mtp_arena_fail_after(0);
        assert_int_equal(status, r ? MTP_OK : MTP_E_NOMEM);
    }
    assert_true(n > 2);
    mtp_p_curve_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_reference),
                                       cmocka_unit_test(test_published),
                                       cmocka_unit_test(test_close_to_the_limit),
                                       cmocka_unit_test(test_invariance),
                                       cmocka_unit_test(test_refusals),
                                       cmocka_unit_test(test_without_memory)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
