/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SVG is read back: what it draws and says are the figures of the data. */
#include "forest_picture.h"

/* A place in the picture must be that of the value to 0.01 points; beyond the axis it
 * is the end of the axis. */
static void assert_place(const picture *p, double x, double value)
{
    double want = (value - p->origin) / p->scale;

    want = fmin(fmax(want, p->left), p->right);
    assert_close(x, want, 0.0, 0.01 + 1e-9);
}

static void check_study(const picture *p, size_t row, const mtp_forest_row *want)
{
    const char *square = find(p->svg, "square", row, 0);
    const char *interval = find(p->svg, "interval", row, 0);

    assert_place(p, attribute(square, "x") + 0.5 * attribute(square, "width"),
                 want->estimate);
    assert_place(p, attribute(find(p->svg, "point", row, 0), "x1"), want->estimate);
    assert_place(p, attribute(interval, "x1"), want->ci_lower);
    assert_place(p, attribute(interval, "x2"), want->ci_upper);
}

/* Corners of a diamond: the outermost are the limits, the highest is the estimate. */
static void check_diamond(const picture *p, const char *class, size_t row,
                          const mtp_forest_row *want)
{
    const char *at = find(p->svg, class, row, 0);
    double left = 1e300, right = -1e300, top = 1e300, peak = 0.0;

    assert_non_null(at);
    at = strstr(at, "points=\"") + strlen("points=\"");
    while (*at != '"') {
        double x = number_at(at);
        double y = number_at(strchr(at, ',') + 1);

        left = fmin(left, x);
        right = fmax(right, x);
        peak = y < top ? x : peak;
        top = fmin(top, y);
        at = strchr(at, ',') + 1;
        at += strspn(at, "-.0123456789");
        at += *at == ' ';
    }
    assert_place(p, left, want->ci_lower);
    assert_place(p, right, want->ci_upper);
    assert_place(p, peak, want->estimate);
}

static void check_arrows(const picture *p, size_t row, const mtp_forest_row *want)
{
    double low = p->origin + p->scale * p->left, high = p->origin + p->scale * p->right;
    size_t arrows = (want->ci_lower < low - 1e-9 ? 1U : 0U) +
                    (want->ci_upper > high + 1e-9 ? 1U : 0U);

    for (size_t i = 0; i < arrows; i++) {
        assert_non_null(find(p->svg, "arrow", row, i));
    }
    assert_null(find(p->svg, "arrow", row, arrows));
}

static void check_marks(const picture *p)
{
    for (size_t i = 0; i < p->forest->n_rows; i++) {
        const mtp_forest_row *want = &p->forest->row[i];
        bool journal = !sample_shows(p->sample, MTP_FOREST_OVERALL_COMMON);
        const char *bar;

        if (!sample_shows(p->sample, want->kind)) {
            assert_null(find(p->svg, "limits", i + 1, 0));
            continue;
        }
        check_arrows(p, i + 1, want);
        switch (want->kind) {
        case MTP_FOREST_STUDY:
            check_study(p, i + 1, want);
            break;
        case MTP_FOREST_SUBGROUP_COMMON:
        case MTP_FOREST_OVERALL_COMMON:
            check_diamond(p, "diamond-common", i + 1, want);
            break;
        case MTP_FOREST_SUBGROUP_RANDOM:
        case MTP_FOREST_OVERALL_RANDOM:
            check_diamond(p, journal ? "diamond" : "diamond-random", i + 1, want);
            break;
        case MTP_FOREST_LEFT_OUT:
        case MTP_FOREST_CUMULATIVE:
            check_study(p, i + 1, want);
            break;
        case MTP_FOREST_PREDICTION:
            bar = find(p->svg, "prediction", i + 1, 0);
            assert_place(p, attribute(bar, "x"), want->ci_lower);
            assert_place(p, attribute(bar, "x") + attribute(bar, "width"),
                         want->ci_upper);
            break;
        case MTP_FOREST_NOT_ESTIMABLE:
            assert_null(find(p->svg, "point", i + 1, 0));
            break;
        }
    }
}

/* The printed figure is the figure of the data, rounded to the digits that are shown.
 */
static void assert_printed(const char *text, double value)
{
    const char *point = strchr(text, '.');
    size_t decimals = point ? strspn(point + 1, "0123456789") : 0;

    assert_close(number_at(text), value, TOL1, 0.5 * pow(10.0, -(double)decimals));
}

static void check_texts(const picture *p)
{
    for (size_t i = 0; i < p->forest->n_rows; i++) {
        const mtp_forest_row *want = &p->forest->row[i];
        const char *element = find(p->svg, "limits", i + 1, 0);
        char text[96];

        if (!sample_shows(p->sample, want->kind)) {
            continue;
        }
        assert_non_null(element);
        content(element, text, sizeof text);
        if (p->sample->look.layout == MTP_LAYOUT_JAMA && !strstr(text, " to ")) {
            text[strcspn(text, "-")] = ' '; /* "(0.05-0.07)" */
        }
        assert_printed(text + 1, want->ci_lower);
        assert_printed(strrchr(text, ' ') + 1, want->ci_upper);
        element = find(p->svg, "estimate", i + 1, 0);
        assert_int_equal(!element, isnan(want->estimate));
        if (element) {
            content(element, text, sizeof text);
            assert_printed(text, want->estimate);
        }
        if (want->kind == MTP_FOREST_STUDY && isfinite(want->events)) { /* one group */
            content(find(p->svg, "events", i + 1, 0), text, sizeof text);
            assert_close(number_at(text), want->events, 0.0, 0.0);
            content(find(p->svg, "total", i + 1, 0), text, sizeof text);
            assert_close(number_at(text), want->n, 0.0, 0.0);
        }
        element = find(p->svg, "weight", i + 1, 0);
        assert_int_equal(!element, isnan(want->weight_random) || p->sample->fits.n > 0);
        if (element) {
            content(element, text, sizeof text);
            assert_printed(text, want->weight_random);
        }
    }
}

static void marks_lie_at_their_values(void **state)
{
    static const sample_wish wishes[] = {
        {.k = 7, .measure = MTP_PLO},
        {.k = 52, .groups = 3, .measure = MTP_PLO, .glmm = true},
        {.k = 30, .groups = 2, .measure = MTP_IRLN, .names = NAMES_UNICODE},
        {.k = 12, .measure = MTP_GEN},
        {.k = 12, .measure = MTP_GEN, .unit = 1000.0},
        {.k = 30, .groups = 2, .measure = MTP_PLO, .layout = MTP_LAYOUT_REVMAN5},
        {.k = 30, .groups = 2, .measure = MTP_PLO, .layout = MTP_LAYOUT_JAMA},
        {.k = 12, .measure = MTP_GEN, .layout = MTP_LAYOUT_JAMA},
        {.k = 30, .groups = 2, .measure = MTP_PLO, .layout = MTP_LAYOUT_BMJ},
        {.k = 30, .groups = 2, .measure = MTP_PLO, .layout = MTP_LAYOUT_SUBGROUP},
    };

    (void)state;
    for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
        picture p = draw(&wishes[i]);

        check_marks(&p);
        check_texts(&p);
        picture_free(&p);
    }
}

static void fits_stand_in_place_of_studies(void **state)
{
    picture p = draw(&(sample_wish){.k = 13, .measure = MTP_PLO, .fits = true});
    char text[96], want[96];

    (void)state;
    check_marks(&p);
    check_texts(&p);
    assert_int_equal(p.forest->row[12].kind, MTP_FOREST_LEFT_OUT);
    for (size_t i = 0; i < 13; i++) {
        const mtp_subset_fit *fit = &p.sample->fits.fit[i];

        content(find(p.svg, "label", i + 1, 0), text, sizeof text);
        (void)snprintf(want, sizeof want, "Without %s", p.sample->study[i].name);
        assert_string_equal(text, want);
        assert_close(p.forest->row[i].estimate, fit->random.back.estimate, 0.0, 0.0);
        content(find(p.svg, "cell", i + 1, 0), text, sizeof text);
        assert_close(number_at(text), 12.0, 0.0, 0.0);
        content(find(p.svg, "cell", i + 1, 1), text, sizeof text);
        assert_printed(text, fit->tau2);
        content(find(p.svg, "cell", i + 1, 2), text, sizeof text);
        assert_printed(text, fit->I2);
    }
    assert_non_null(
        strstr(p.svg, ">Leave-one-out forest plot: proportion, 13 studies<"));
    picture_free(&p);
}

static void lights_show_the_levels(void **state)
{
    static const char *const class[MTP_ROB_COUNT] = {NULL, "rob-low", "rob-some",
                                                     "rob-high", "rob-unclear"};
    picture p = draw(&(sample_wish){.k = 10, .measure = MTP_PLO, .domains = 3});
    char *json;

    (void)state;
    assert_int_equal(mtp_forest_json(p.forest, &json, NULL), MTP_OK);
    for (size_t i = 0; i < 10; i++) {
        size_t n[MTP_ROB_COUNT] = {0};

        for (size_t d = 0; d < 3; d++) {
            n[p.sample->look.rob[d].level[i]]++;
        }
        for (int level = MTP_ROB_LOW; level < MTP_ROB_COUNT; level++) {
            for (size_t j = 0; j < n[level]; j++) {
                assert_non_null(find(p.svg, class[level], i + 1, j));
            }
            assert_null(find(p.svg, class[level], i + 1, n[level]));
        }
        assert_int_equal(find(p.svg, "rob-sign", i + 1, 0) != NULL, n[0] < 3);
    }
    assert_non_null(
        strstr(/* of study 2 */
               json, "\"rob\": {\"D1\": \"low\", \"D2\": \"some\", \"D3\": \"high\"}"));
    assert_non_null(
        strstr(/* of study 1 */
               json, "\"rob\": {\"D1\": null, \"D2\": \"low\", \"D3\": \"some\"}"));
    assert_non_null(strstr(p.svg, ">low risk of bias</text>"));
    assert_non_null(strstr(p.svg, ">unclear risk of bias</text>"));
    free(json);
    picture_free(&p);
}

/* With --xlim the axis ends where it is said; an estimate beyond it has no square, and
 * its interval an arrow. */
static void the_ends_of_the_axis_may_be_given(void **state)
{
    sample_wish wish = {.k = 30, .measure = MTP_GEN};
    picture p = {.sample = sample_new(&wish)};
    size_t beyond = 0, labels;

    (void)state;
    p.sample->look.xlim[0] = -0.5;
    p.sample->look.xlim[1] = 1.0;
    p.sample->pool.options.null_value = 0.75; /* off the middle */
    p.sample->look.favours[0] = "the old";
    p.sample->look.favours[1] = "the new & better";
    assert_int_equal(mtp_forest_new(&p.sample->bundle, &p.forest, NULL), MTP_OK);
    assert_int_equal(mtp_forest_svg(p.forest, &p.svg, NULL), MTP_OK);
    read_scale(&p);
    assert_close(p.origin + p.scale * p.left, -0.5, 1e-9, 0.0);
    assert_close(p.origin + p.scale * p.right, 1.0, 1e-9, 0.0);
    for (size_t i = 0; i < p.forest->n_rows; i++) {
        const mtp_forest_row *row = &p.forest->row[i];
        bool out = row->estimate < -0.5 || row->estimate > 1.0;
        bool study = row->kind == MTP_FOREST_STUDY;

        beyond += study && out;
        if (study && out) {
            assert_null(find(p.svg, "square", i + 1, 0));
            assert_null(find(p.svg, "point", i + 1, 0));
            assert_non_null(find(p.svg, "arrow", i + 1, 0));
        } else if (study) {
            assert_place(&p, attribute(find(p.svg, "point", i + 1, 0), "x1"),
                         row->estimate);
        }
    }
    assert_true(beyond > 3);
    assert_non_null(strstr(p.svg, ">Favours the old</text>"));
    assert_non_null(strstr(p.svg, ">Favours the new &amp; better</text>"));
    labels = count(p.svg, "tick-label"); /* the last two, on either side of the null */
    assert_place(&p, attribute(find(p.svg, "tick-label", 0, labels - 2), "x") + 8.0,
                 0.75);
    assert_place(&p, attribute(find(p.svg, "tick-label", 0, labels - 1), "x") - 8.0,
                 0.75);
    picture_free(&p);
}

/* The cells of the table's columns, then both weights. */
static void columns_show_their_cells(void **state)
{
    picture p = draw(&(sample_wish){.k = 12, .measure = MTP_GEN, .columns = true});
    const mtp_forest_side *left = &p.sample->look.left;
    char text[96];

    (void)state;
    for (size_t i = 0; i < 12; i++) {
        const char *name = left->column[0].text[i];

        if (name) {
            content(find(p.svg, "cell", i + 1, 0), text, sizeof text);
            assert_string_equal(text, name);
        }
        content(find(p.svg, "cell", i + 1, name ? 1 : 0), text, sizeof text);
        assert_string_equal(text, left->column[1].text[i]);
        assert_null(find(p.svg, "cell", i + 1, name ? 2 : 1));
        content(find(p.svg, "weight", i + 1, 0), text, sizeof text);
        assert_printed(text, p.forest->row[i].weight_common);
        content(find(p.svg, "weight", i + 1, 1), text, sizeof text);
        assert_printed(text, p.forest->row[i].weight_random);
    }
    assert_null(find(p.svg, "events", 0, 0));
    picture_free(&p);
}

static void check_own_cells(const picture *p, size_t row)
{
    static const char *const class[MTP_ROB_COUNT] = {NULL, "rob-low", "rob-some",
                                                     "rob-high", "rob-unclear"};
    const mtp_forest_look *look = &p->sample->look;
    const char *cell;
    char text[96];
    size_t n = 0;

    for (size_t c = 0; c < 2; c++) {
        cell = look->left.column[c].text[p->forest->row[row].index];
        if (cell) {
            content(find(p->svg, "cell", row + 1, n++), text, sizeof text);
            assert_string_equal(text, cell);
        }
    }
    assert_null(find(p->svg, "cell", row + 1, n));
    for (size_t d = 0; d < look->n_rob; d++) {
        mtp_rob level = look->rob[d].level[p->forest->row[row].index];

        assert_true(level == MTP_ROB_NONE ||
                    find(p->svg, class[level], row + 1, 0) != NULL);
    }
}

/* What the table says of a study does not depend on whether it has an estimate. */
static void studies_without_an_estimate_have_their_cells(void **state)
{
    picture p = draw(&(sample_wish){
        .k = 7, .measure = MTP_GEN, .columns = true, .domains = 2, .excluded = 6});
    size_t n = 0;

    (void)state;
    for (size_t i = 0; i < p.forest->n_rows; i++) {
        const mtp_forest_row *row = &p.forest->row[i];

        if (row->kind == MTP_FOREST_NOT_ESTIMABLE) {
            const char *name = p.sample->look.left.column[0].text[row->index];

            assert_true(!name || strcmp(name, row->study) == 0);
            check_own_cells(&p, i);
            n++;
        } else if (row->kind == MTP_FOREST_STUDY) {
            check_own_cells(&p, i);
        }
    }
    assert_int_equal(n, 4); /* two of three */
    picture_free(&p);
}

static void intervals_beyond_the_axis_end_in_arrows(void **state)
{
    picture p = draw(&(sample_wish){.k = 52, .measure = MTP_PLO, .wide = true});

    (void)state;
    assert_true(count(p.svg, "arrow") >= 3); /* two wide pooled ones, small studies */
    check_marks(&p);
    picture_free(&p);
}

static void the_dashed_line_stands_at_the_random_effects_estimate(void **state)
{
    picture p = draw(&(sample_wish){.k = 12, .groups = 2, .measure = MTP_PLO});
    const char *line = find(p.svg, "pooled-line", 0, 0);

    (void)state;
    assert_place(&p, attribute(line, "x1"),
                 p.sample->pool.overall.random.back.estimate);
    assert_close(attribute(line, "x2"), attribute(line, "x1"), 0.0, 0.0);
    assert_null(find(p.svg, "null-line", 0, 0));
    picture_free(&p);
}

static void the_null_line_stands_at_the_hypothesis(void **state)
{
    sample_wish wish = {.k = 12, .measure = MTP_GEN};
    picture p = {.sample = sample_new(&wish)};

    (void)state;
    p.sample->pool.overall.random.null_value = 0.5;
    assert_int_equal(mtp_forest_new(&p.sample->bundle, &p.forest, NULL), MTP_OK);
    assert_int_equal(mtp_forest_svg(p.forest, &p.svg, NULL), MTP_OK);
    read_scale(&p);
    assert_place(&p, attribute(find(p.svg, "null-line", 0, 0), "x1"), 0.5);
    picture_free(&p);
}

/* Area against weight, or n for a model without weights, as a ratio to the largest. */
static void areas_of_squares_are_proportional(void **state)
{
    (void)state;
    for (int glmm = 0; glmm < 2; glmm++) {
        picture p =
            draw(&(sample_wish){.k = 20, .measure = MTP_PLO, .glmm = glmm == 1});
        double ratio = 0.0;

        for (size_t i = 0; i < 20; i++) {
            const mtp_forest_row *row = &p.forest->row[i];
            double side = attribute(find(p.svg, "square", i + 1, 0), "width");
            double size = glmm ? row->n : row->weight_random;

            ratio = i == 0 ? side / sqrt(size) : ratio;
            assert_close(side / sqrt(size), ratio, 0.0,
                         0.012 / sqrt(size) + 1e-3 * ratio);
        }
        picture_free(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_lie_at_their_values),
        cmocka_unit_test(fits_stand_in_place_of_studies),
        cmocka_unit_test(lights_show_the_levels),
        cmocka_unit_test(the_ends_of_the_axis_may_be_given),
        cmocka_unit_test(columns_show_their_cells),
        cmocka_unit_test(studies_without_an_estimate_have_their_cells),
        cmocka_unit_test(intervals_beyond_the_axis_end_in_arrows),
        cmocka_unit_test(the_dashed_line_stands_at_the_random_effects_estimate),
        cmocka_unit_test(the_null_line_stands_at_the_hypothesis),
        cmocka_unit_test(areas_of_squares_are_proportional),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
