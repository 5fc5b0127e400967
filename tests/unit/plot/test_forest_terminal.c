/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plot in characters is read back: its marks stand where its own ticks put the
 * figures of the data. */
#include "metapool/report.h"

#include "core/number.h"
#include "support/test.h"
#include "unit/plot/forest_sample.h"

#include <stdlib.h>

/* A plot cut into lines, and the map from columns to values that its ticks give. */
typedef struct page {
    sample *sample;
    mtp_forest *forest;
    char *text;
    size_t n_lines;
    char *line[4096];
    size_t axis;        /* the line of the ticks */
    double left, right; /* their first and last column, */
    double low, high;   /* and values */
} page;

static bool continues(char c)
{
    return ((unsigned char)c & 0xC0u) == 0x80u;
}

/* Columns before `at`: no wide characters here. */
static double column_of(const char *line, const char *at)
{
    double columns = 0.0;

    for (; line < at; line++) {
        columns += continues(*line) ? 0.0 : 1.0;
    }
    return columns;
}

static double columns_in(const char *line)
{
    return column_of(line, line + strlen(line));
}

static const char *last(const char *line, const char *glyph)
{
    const char *found = NULL;

    for (const char *at = strstr(line, glyph); at; at = strstr(at + 1, glyph)) {
        found = at;
    }
    return found;
}

static double number_at(const char *text)
{
    double value = (double)NAN;

    assert_int_equal(mtp_number_parse(text, strspn(text, "-.0123456789"), &value),
                     MTP_NUMBER_OK);
    return value;
}

static void cut_lines(page *p)
{
    for (char *at = p->text; *at; at += strlen(at) + 1) {
        char *end = strchr(at, '\n');

        assert_non_null(end);
        *end = '\0';
        assert_true(p->n_lines < sizeof p->line / sizeof *p->line);
        p->line[p->n_lines++] = at;
    }
}

/* Every stride-th tick has a label. */
static void read_axis(page *p)
{
    double label[64] = {0.0};
    size_t ticks = 0, labels = 0, stride = 1;

    while (!strstr(p->line[p->axis], "┬")) {
        p->axis++;
    }
    for (const char *at = strstr(p->line[p->axis], "┬"); at; at = strstr(at + 1, "┬")) {
        ticks++;
    }
    for (const char *at = p->line[p->axis + 1]; *(at += strspn(at, " "));
         at += strcspn(at, " ")) {
        label[labels++] = number_at(at);
    }
    assert_true(labels >= 2);
    while ((ticks - 1) / stride + 1 != labels) {
        stride++;
    }
    p->left = column_of(p->line[p->axis], strstr(p->line[p->axis], "┬"));
    p->right = column_of(p->line[p->axis], last(p->line[p->axis], "┬"));
    p->low = label[0];
    p->high = label[0] + (label[1] - label[0]) / (double)stride * (double)(ticks - 1);
}

static page *page_new(const sample_wish *wish, int width, bool ascii)
{
    page *p = calloc(1, sizeof *p);
    mtp_forest_text_options options;
    mtp_error err;

    assert_non_null(p);
    mtp_forest_text_options_init(&options, sizeof options);
    options.width = width;
    options.ascii = ascii;
    p->sample = sample_new(wish);
    assert_int_equal(mtp_forest_new(&p->sample->bundle, &p->forest, &err), MTP_OK);
    assert_int_equal(mtp_forest_text(p->forest, &options, &p->text, &err), MTP_OK);
    cut_lines(p);
    return p;
}

static void page_free(page *p)
{
    mtp_text_free(p->text);
    mtp_forest_free(p->forest);
    sample_free(p->sample);
    free(p);
}

/* The line that is a row of the data: rows come in its order, and only they have
 * limits. */
static const char *row_line(const page *p, size_t row)
{
    for (size_t i = 0; i < p->axis; i++) {
        bool data = strchr(p->line[i], '[') && !strstr(p->line[i], "CI]");

        if (data && row-- == 0) {
            return p->line[i];
        }
    }
    return NULL;
}

static void assert_place(const page *p, const char *line, const char *at, double value)
{
    double share = (value - p->low) / (p->high - p->low);

    assert_non_null(at);
    share = fmin(fmax(share, 0.0), 1.0);
    assert_true(fabs(column_of(line, at) - p->left - share * (p->right - p->left)) <=
                0.5 + 1e-9);
}

static const char *first_of(const char *line, const char *a, const char *b)
{
    const char *at = strstr(line, a);

    return at ? at : strstr(line, b);
}

static void test_marks_stand_where_ticks_say(void **state)
{
    static const struct {
        const char *begin, *end;
    } mark[] = {[MTP_FOREST_STUDY] = {"├", "┤"},
                [MTP_FOREST_SUBGROUP_COMMON] = {"◇", "◇"},
                [MTP_FOREST_SUBGROUP_RANDOM] = {"◆", "◆"},
                [MTP_FOREST_OVERALL_COMMON] = {"◇", "◇"},
                [MTP_FOREST_OVERALL_RANDOM] = {"◆", "◆"},
                [MTP_FOREST_PREDICTION] = {"╞", "╡"}};
    static const int width[] = {60, 80, 132, 240};

    (void)state;
    for (size_t w = 0; w < sizeof width / sizeof *width; w++) {
        page *p = page_new(&(sample_wish){.k = 13, .groups = 2, .measure = MTP_PLO},
                           width[w], false);

        read_axis(p);
        for (size_t i = 0; i < p->forest->n_rows; i++) {
            const mtp_forest_row *row = &p->forest->row[i];
            const char *line = row_line(p, i), *end;

            assert_non_null(line);
            assert_place(p, line, first_of(line, mark[row->kind].begin, "◄"),
                         row->ci_lower);
            end = last(line, mark[row->kind].end);
            assert_place(p, line, end ? end : strstr(line, "►"), row->ci_upper);
            assert_true(columns_in(line) == (double)width[w]);
        }
        page_free(p);
    }
}

static void test_every_shape_fits(void **state)
{
    static const sample_wish wish[] = {
        {.k = 1, .measure = MTP_PLO},
        {.k = 3, .measure = MTP_PLO, .glmm = true},
        {.k = 13, .measure = MTP_OR, .names = NAMES_LONG, .wide = true},
        {.k = 52, .groups = 3, .measure = MTP_PLO, .names = NAMES_UNICODE},
        {.k = 500, .groups = 7, .measure = MTP_OR},
        {.k = 4, .groups = 2, .measure = MTP_PLO, .no_estimate = true},
        {.k = 5, .measure = MTP_MD, .unit = 1e-9},
        {.k = 5, .measure = MTP_MD, .unit = 1e9, .no_prediction = true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof wish / sizeof *wish; i++) {
        page *p = page_new(&wish[i], 80, false);

        for (size_t l = 0; l < p->n_lines && wish[i].names != NAMES_UNICODE; l++) {
            assert_true(columns_in(p->line[l]) <= 80.0);
        }
        page_free(p);
    }
}

static void test_plain_text_is_ascii(void **state)
{
    page *p =
        page_new(&(sample_wish){.k = 13, .groups = 2, .measure = MTP_PLO}, 80, true);

    (void)state;
    for (size_t l = 0; l < p->n_lines; l++) {
        for (const char *at = p->line[l]; *at; at++) {
            assert_true((unsigned char)*at < 0x80);
        }
    }
    page_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks_stand_where_ticks_say),
        cmocka_unit_test(test_every_shape_fits),
        cmocka_unit_test(test_plain_text_is_ascii),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
