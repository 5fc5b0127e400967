/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/memo.h"
#include "support/test.h"

/* What was put in comes out for the same function and numbers alone. */
static void test_recall(void **state)
{
    mtp_memo *memo = mtp_memo_new(2, 1);
    const double key[] = {1.5, -2.0}, other[] = {1.5, 2.0}, value[] = {7.0};
    double out[] = {0.0};

    (void)state;
    assert_non_null(memo);
    assert_false(mtp_memo_recall(memo, 0, 2, key, out));
    mtp_memo_remember(memo, 0, 2, key, value);
    assert_true(mtp_memo_recall(memo, 0, 2, key, out));
    assert_true(out[0] == 7.0);
    assert_false(mtp_memo_recall(memo, 1, 2, key, out));
    assert_false(mtp_memo_recall(memo, 0, 1, key, out));
    assert_false(mtp_memo_recall(memo, 0, 2, other, out));
    mtp_memo_free(memo);
}

/* Far more keys than there is room for: whatever is recalled is right, and the newest
 * is there. */
static void test_full(void **state)
{
    mtp_memo *memo = mtp_memo_new(1, 2);
    size_t known = 0;

    (void)state;
    assert_non_null(memo);
    for (size_t i = 0; i < 50000; i++) {
        double key = (double)i, value[] = {key, -key}, out[2];

        mtp_memo_remember(memo, i % 3, 1, &key, value);
        assert_true(mtp_memo_recall(memo, i % 3, 1, &key, out));
    }
    for (size_t i = 0; i < 50000; i++) {
        double key = (double)i, out[2];

        if (mtp_memo_recall(memo, i % 3, 1, &key, out)) {
            assert_true(out[0] == key && out[1] == -key);
            known++;
        }
    }
    assert_true(known > 1000 && known < 50000);
    mtp_memo_free(memo);
}

static void test_none(void **state)
{
    const double key[] = {1.0};
    double value[] = {2.0};

    (void)state;
    mtp_memo_remember(NULL, 0, 1, key, value);
    assert_false(mtp_memo_recall(NULL, 0, 1, key, value));
    mtp_memo_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recall),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
