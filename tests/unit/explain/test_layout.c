/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas on several lines; the lines are what a person would break. */
#include "core/strbuf.h"
#include "explain/layout.h"
#include "support/test.h"

#include <string.h>

static void check(const char *formula, size_t indent, size_t width, const char *wanted)
{
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    mtp_layout_add(&out, formula, indent, width);
    assert_false(out.failed);
    assert_string_equal(out.text, wanted);
    mtp_strbuf_free(&out);
}

static void what_fits_is_one_line(void **state)
{
    (void)state;
    check("a + b", 0, 5, "a + b");
    check("a + b", 3, 8, "a + b");
}

static void the_outermost_operator_breaks_first(void **state)
{
    (void)state;
    check("a + b", 0, 4, "a\n+ b");
    check("w_i = 1 / (v_i + tau2)", 0, 18, "w_i\n= 1 / (v_i + tau2)");
    check("a * (b + c) - d * e", 2, 16, "a * (b + c)\n  - d * e");
    check("a * b * c", 0, 5, "a * b\n* c");
    check("f(a + b, c + d)", 0, 11, "f(a + b,\nc + d)");
}

static void signs_are_no_operators(void **state)
{
    (void)state;
    check("a * (-2.5) - (-1e-05)", 0, 12, "a * (-2.5)\n- (-1e-05)");
    check("(-123456789)", 0, 5, "(-123456789)");
    check("-a - b", 0, 3, "-a\n- b");
}

static void a_part_that_is_too_long_stands_alone(void **state)
{
    (void)state;
    check("a + longest_i * b", 0, 6, "a\n+ longest_i\n* b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_is_one_line),
        cmocka_unit_test(the_outermost_operator_breaks_first),
        cmocka_unit_test(signs_are_no_operators),
        cmocka_unit_test(a_part_that_is_too_long_stands_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
