/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report as Markdown. */
#include "written.h"

/* All numbers of a text in order, one blank after each. */
static char *numbers_in(const char *text)
{
    static const char digits[] = "0123456789.";
    char *found = calloc(2 * strlen(text) + 1, 1), *to = found;

    assert_non_null(found);
    for (; *text; text++) {
        if (isdigit((unsigned char)*text)) {
            size_t length = strspn(text, digits);

            memcpy(to, text, length);
            to[length] = ' ';
            to += length + 1;
            text += length - 1;
        }
    }
    return found;
}

static void markdown_holds_the_numbers_of_the_text(void **state)
{
    for (size_t i = 0; i < N_SAMPLES; i++) {
        sample *s = samples[i].make(*state);
        char *text = write_text(s);
        char *markdown = write_format(s, MTP_FORMAT_MARKDOWN, 4, 80);
        char *left = numbers_in(text), *right = numbers_in(markdown);

        assert_true(strlen(left) > 100);
        assert_string_equal(left, right);
        free(left);
        free(right);
        mtp_text_free(text);
        mtp_text_free(markdown);
    }
}

static size_t count_bars(const char *line, size_t length)
{
    size_t n = 0;

    for (size_t i = 0; i < length; i++) {
        n += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
    }
    return n;
}

static void markdown_tables_are_rectangles(void **state)
{
    sample *s = sample_glmm(*state);
    char *text;
    size_t bars = 0;

    s->studies[1].name = "a|b *c* _d_ <e> [f](g) `h` \\ # $i$ ~j~ &k;";
    text = write_format(s, MTP_FORMAT_MARKDOWN, 4, 80);
    assert_int_equal(strncmp(text, "# Meta-analysis of 52 studies", 29), 0);
    assert_non_null(strstr(text, "\n## Pooled estimates\n\n| Model |"));
    assert_non_null(strstr(text, "\n| :-- | :-- | --: | --: | --: |\n"));
    assert_non_null(strstr(text, "| **MCL, 5 studies** |  |  |  |  |\n"));
    assert_non_null(strstr(text, "\n- **Data**: studies.csv: 52 rows"));
    assert_non_null(strstr(text, "\n| a\\|b \\*c\\* \\_d\\_ \\<e\\> \\[f\\](g) \\`h\\` "
                                 "\\\\ \\# \\$i\\$ \\~j\\~ \\&k; | 7 |"));
    for (const char *at = text; *at; at += strcspn(at, "\n") + 1) {
        size_t here = *at == '|' ? count_bars(at, strcspn(at, "\n")) : 0;

        assert_true(here == 0 || bars == 0 || here == bars);
        bars = here;
    }
    mtp_text_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(markdown_holds_the_numbers_of_the_text),
        TEST(markdown_tables_are_rectangles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
