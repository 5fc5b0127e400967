/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/text_layout.h"
#include "support/test.h"

/* Widths in 1/1000 em from Adobe's Core 14 font metrics, Helvetica and Helvetica-Bold,
 * whose widths Arial shares: W 944, e 556, i 222 (bold 278), g 556 (611), h 556 (611),
 * t 278 (333), digits 556, hyphen 333, space 278; plus 584. */
static void widths_are_those_of_helvetica(void **state)
{
    (void)state;
    assert_close(mtp_text_width("Weight", 1000.0, false), 3112.0, 0.001, 0.0);
    assert_close(mtp_text_width("Weight", 1000.0, true), 3333.0, 0.001, 0.0);
    assert_close(mtp_text_width("10 - 2", 1000.0, false), 2557.0, 0.001, 0.0);
    assert_close(mtp_text_width("\xE2\x88\x92", 1000.0, false), 584.0, 0.001, 0.0);
    assert_close(mtp_text_width("Weight", 9.0, false), 9.0 * 3.112, 0.001, 0.0);
    assert_close(mtp_text_width("", 9.0, false), 0.0, 0.0, 0.0);
}

static void accents_do_not_change_widths(void **state)
{
    (void)state;
    assert_close(mtp_text_width("M\xC3\xBCller", 9.0, false),
                 mtp_text_width("Muller", 9.0, false), TOL0, 0.0);
    assert_close(mtp_text_width("Mu\xCC\x88ller", 9.0, false), /* combining mark */
                 mtp_text_width("Muller", 9.0, false), TOL0, 0.0);
    assert_close(mtp_text_width("\xC5\xBB\xC3\xB3", 9.0, false),
                 mtp_text_width("Zo", 9.0, false), TOL0, 0.0);
    /* Ideographs fill the em square. */
    assert_close(mtp_text_width("\xE7\x94\xB0\xE4\xB8\xAD", 10.0, false), 20.0, TOL0,
                 0.0);
}

static void wrap(mtp_arena *arena, const char *text, double width,
                 mtp_text_lines *lines)
{
    assert_true(mtp_text_wrap(arena, text, 10.0, false, width, lines));
    for (size_t i = 0; i < lines->count; i++) {
        assert_true(mtp_text_width(lines->line[i], 10.0, false) <= lines->width);
    }
}

/* At 10 points "aaaa" is 4 x 5.56 = 22.24 wide and a space 2.78. */
static void text_wraps_at_blanks(void **state)
{
    mtp_arena *arena = mtp_arena_new();
    mtp_text_lines lines;

    (void)state;
    wrap(arena, "aaaa  aaaa\naaaa ", 48.0, &lines);
    assert_int_equal(lines.count, 2);
    assert_string_equal(lines.line[0], "aaaa aaaa");
    assert_string_equal(lines.line[1], "aaaa");
    assert_close(lines.width, 47.26, 0.001, 0.0);

    wrap(arena, "aaaa aaaa", 47.0, &lines);
    assert_int_equal(lines.count, 2);

    wrap(arena, "aaaa aaaa", mtp_text_width("aaaa aaaa", 10.0, false), &lines);
    assert_int_equal(lines.count, 1);

    wrap(arena, "", 10.0, &lines);
    assert_int_equal(lines.count, 1);
    assert_string_equal(lines.line[0], "");
    mtp_arena_free(arena);
}

static void long_words_break_between_characters(void **state)
{
    mtp_arena *arena = mtp_arena_new();
    mtp_text_lines lines;

    (void)state;
    wrap(arena, "b \xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC", 12.0, &lines);
    assert_int_equal(lines.count, 4);
    assert_string_equal(lines.line[0], "b");
    assert_string_equal(lines.line[1], "\xC3\xBC\xC3\xBC");
    assert_string_equal(lines.line[3], "\xC3\xBC");

    wrap(arena, "WWW", 1.0, &lines); /* a character a line at the least */
    assert_int_equal(lines.count, 3);
    mtp_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths_are_those_of_helvetica),
        cmocka_unit_test(accents_do_not_change_widths),
        cmocka_unit_test(text_wraps_at_blanks),
        cmocka_unit_test(long_words_break_between_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
