/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/pool.h"

#include "support/test.h"

static void ids_read_back_in_any_case(void **state)
{
    (void)state;
    for (int m = 0; m < MTP_METHOD_COUNT; m++) {
        assert_int_equal(mtp_method_from_id(mtp_method_id((mtp_method)m)), m);
        assert_true(mtp_method_label((mtp_method)m)[0] != '\0');
    }
    for (int m = 0; m < MTP_MODEL_COUNT; m++) {
        assert_int_equal(mtp_model_from_id(mtp_model_id((mtp_model)m)), m);
        assert_true(mtp_model_label((mtp_model)m)[0] != '\0');
    }
    for (int m = 0; m < MTP_TAU2_COUNT; m++) {
        assert_int_equal(mtp_tau2_from_id(mtp_tau2_id((mtp_tau2_method)m)), m);
        assert_true(mtp_tau2_label((mtp_tau2_method)m)[0] != '\0');
    }
    for (int m = 0; m < MTP_CI_COUNT; m++) {
        assert_int_equal(mtp_ci_from_id(mtp_ci_id((mtp_ci_method)m)), m);
        assert_true(mtp_ci_label((mtp_ci_method)m)[0] != '\0');
    }
    for (int m = 0; m < MTP_PI_COUNT; m++) {
        assert_int_equal(mtp_pi_from_id(mtp_pi_id((mtp_pi_method)m)), m);
        assert_true(mtp_pi_label((mtp_pi_method)m)[0] != '\0');
    }
    assert_int_equal(mtp_tau2_from_id("reml"), MTP_TAU2_REML);
    assert_int_equal(mtp_ci_from_id("HKSJ-adhoc"), MTP_CI_HKSJ_ADHOC);
    assert_int_equal(mtp_pi_from_id("HK-PR"), MTP_PI_HK_PR);
}

static void other_words_are_refused(void **state)
{
    (void)state;
    assert_int_equal(mtp_tau2_from_id("REM"), -1);
    assert_int_equal(mtp_tau2_from_id("REMLx"), -1);
    assert_int_equal(mtp_ci_from_id(""), -1);
    assert_int_equal(mtp_method_from_id("mantel"), -1);
    assert_int_equal(mtp_pi_from_id("h"), -1);
}

static void defaults_are_those_of_the_manual(void **state)
{
    mtp_pool_options o;

    (void)state;
    mtp_pool_options_init(&o, sizeof o);
    assert_int_equal(o.size, sizeof o);
    assert_int_equal(o.method, MTP_METHOD_INVERSE);
    assert_int_equal(o.model, MTP_MODEL_UM_FS);
    assert_int_equal(o.tau2, MTP_TAU2_REML);
    assert_int_equal(o.tau2_scope, MTP_TAU2_SEPARATE);
    assert_int_equal(o.ci, MTP_CI_HKSJ);
    assert_int_equal(o.predict, MTP_PI_AUTO);
    assert_true(o.level == 0.95 && isnan(o.null_value));
    assert_int_equal(o.threads, 1);
}

/* A caller built against a smaller struct: nothing is written past its end. */
static void old_callers_are_safe(void **state)
{
    union {
        mtp_pool_options options;
        unsigned char bytes[sizeof(mtp_pool_options)];
    } old;
    size_t size = offsetof(mtp_pool_options, null_value);

    (void)state;
    memset(old.bytes, 0xA5, sizeof old.bytes);
    mtp_pool_options_init(&old.options, size);
    assert_int_equal(old.options.size, size);
    for (size_t i = size; i < sizeof old.bytes; i++) {
        assert_int_equal(old.bytes[i], 0xA5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_read_back_in_any_case),
        cmocka_unit_test(other_words_are_refused),
        cmocka_unit_test(defaults_are_those_of_the_manual),
        cmocka_unit_test(old_callers_are_safe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
