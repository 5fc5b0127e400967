/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/test.h"
#include "text/fold.h"

#include <string.h>

static void assert_folds(const char *text, bool lookalikes, const char *want)
{
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    mtp_fold_add(&out, text, lookalikes);
    assert_false(out.failed);
    assert_string_equal(out.text ? out.text : "", want);
    mtp_strbuf_free(&out);
}

/* CaseFolding.txt and UnicodeData.txt of Unicode: sharp s is ss, the ligature fi two
 * letters, full width is ASCII, a combining accent and its letter are one. */
static void labels_lose_what_does_not_tell_them_apart(void **state)
{
    (void)state;
    assert_folds("", false, "");
    assert_folds("  Myeloma\t\xC2\xA0 (MM) ", false, "myeloma (mm)");
    assert_folds("Stra\xC3\x9F"
                 "e",
                 false, "strasse");
    assert_folds("\xEF\xAC\x81ve", false, "five");
    assert_folds("\xEF\xBC\xA1\xEF\xBC\x92", false, "a2");
    assert_folds("e\xCC\x81tude", false, "\xC3\xA9tude");
    assert_folds("5\xE2\x80\x93"
                 "9",
                 false, "5-9");
    assert_folds("O\xE2\x80\x99"
                 "Brien",
                 false, "o'brien");
    assert_folds("zero\xE2\x80\x8Bwidth", false, "zerowidth");
}

/* confusables.txt of UTS 39: Cyrillic a, er and es look like a, p and c. */
static void lookalikes_become_latin(void **state)
{
    (void)state;
    assert_folds("\xD0\xA1\xD0\x90R-T", true, "car-t");
    assert_folds("\xD0\xA1\xD0\x90R-T", false,
                 "\xD1\x81\xD0\xB0"
                 "r-t");
    assert_folds("\xCE\x9C\xCE\x9C", true, "mm"); /* Greek capital mu */
    assert_folds("\xD0\xB8", true, "\xD0\xB8");   /* nothing looks like it */
}

static void bytes_that_are_no_text_stay(void **state)
{
    (void)state;
    assert_folds("a\xFFz", false, "a\xFFz");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_lose_what_does_not_tell_them_apart),
        cmocka_unit_test(lookalikes_become_latin),
        cmocka_unit_test(bytes_that_are_no_text_stay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
