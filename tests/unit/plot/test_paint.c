/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every theme can be read, in colour and in grey. */
#include "plot/paint.h"
#include "plot/svg.h"
#include "support/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* WCAG 2.2, "contrast ratio". */
static double contrast(const char *a, const char *b)
{
    double x = mtp_colour_luminance(a), y = mtp_colour_luminance(b);

    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

/* CIE L*, 0 to 100, of a luminance. */
static double lightness(const char *colour)
{
    return 116.0 * cbrt(mtp_colour_luminance(colour)) - 16.0;
}

/* 21 and 4.54 are the ratios that WCAG and its techniques print; 0.2126, 0.7152 and
 * 0.0722 the shares of the primaries. */
static void luminance_is_that_of_wcag(void **state)
{
    (void)state;
    assert_close(contrast("#000000", "#ffffff"), 21.0, TOL1, 0.0);
    assert_close(contrast("#767676", "#ffffff"), 4.54, 0.0, 0.005);
    assert_close(mtp_colour_luminance("#ff0000"), 0.2126, TOL1, 0.0);
    assert_close(mtp_colour_luminance("#00ff00"), 0.7152, TOL1, 0.0);
    assert_close(mtp_colour_luminance("#0000ff"), 0.0722, TOL1, 0.0);
}

static const char *fill_of(mtp_theme theme, mtp_mark mark, mtp_paint *paint)
{
    *paint = mtp_paint_of(theme, mark);
    return paint->fill;
}

static void assert_readable(mtp_theme theme, mtp_mark text, const char *background)
{
    mtp_paint paint;
    double ratio = contrast(fill_of(theme, text, &paint), background);

    if (!(ratio >= 4.5)) {
        print_error("%s: %s %s on %s: %g\n", mtp_theme_id(theme),
                    mtp_mark_get(text)->class, paint.fill, background, ratio);
        fail();
    }
}

/* Text that lies on something else than the page. */
static const struct {
    mtp_mark text, background;
} upon[] = {
    {MTP_MARK_SHARE_LIGHT, MTP_MARK_SHARE_1},  {MTP_MARK_SHARE_DARK, MTP_MARK_SHARE_2},
    {MTP_MARK_SHARE_LIGHT, MTP_MARK_SHARE_3},  {MTP_MARK_SHARE_DARK, MTP_MARK_SHARE_4},
    {MTP_MARK_SHARE_DARK, MTP_MARK_SHARE_5},   {MTP_MARK_NAME, MTP_MARK_BEYOND},
    {MTP_MARK_NAME, MTP_MARK_CONTOUR_1},       {MTP_MARK_NAME, MTP_MARK_CONTOUR_2},
    {MTP_MARK_NAME, MTP_MARK_CONTOUR_3},       {MTP_MARK_NAME, MTP_MARK_BAND_MEAN},
    {MTP_MARK_NAME, MTP_MARK_BAND_PREDICTION}, {MTP_MARK_NAME, MTP_MARK_BAND},
};

static void text_stands_out(void **state)
{
    (void)state;
    for (int t = 0; t < MTP_THEME_COUNT; t++) {
        for (int mark = 0; mark < MTP_MARK_COUNT; mark++) {
            bool share = mark == MTP_MARK_SHARE_LIGHT || mark == MTP_MARK_SHARE_DARK;

            if (mtp_mark_get((mtp_mark)mark)->text_size > 0.0 && !share) {
                assert_readable((mtp_theme)t, (mtp_mark)mark,
                                mtp_paint_page((mtp_theme)t));
            }
        }
        for (size_t i = 0; i < sizeof upon / sizeof upon[0]; i++) {
            mtp_paint background;

            assert_readable((mtp_theme)t, upon[i].text,
                            fill_of((mtp_theme)t, upon[i].background, &background));
        }
    }
}

/* What stands side by side and means different things. */
static const mtp_mark apart[][2] = {
    {MTP_MARK_SHARE_1, MTP_MARK_SHARE_2},
    {MTP_MARK_SHARE_2, MTP_MARK_SHARE_3},
    {MTP_MARK_SHARE_3, MTP_MARK_SHARE_4},
    {MTP_MARK_SHARE_4, MTP_MARK_SHARE_5},
    {MTP_MARK_SHARE_5, MTP_MARK_SHARE_1},
    {MTP_MARK_CONTOUR_1, MTP_MARK_CONTOUR_2},
    {MTP_MARK_CONTOUR_2, MTP_MARK_CONTOUR_3},
    {MTP_MARK_CONTOUR_3, MTP_MARK_BEYOND},
    {MTP_MARK_DIAMOND_COMMON, MTP_MARK_DIAMOND_RANDOM},
    {MTP_MARK_PREDICTION, MTP_MARK_DIAMOND_RANDOM},
    {MTP_MARK_STUDY, MTP_MARK_FILLED},
    {MTP_MARK_CURVE_POINT, MTP_MARK_CURVE_OTHER},
    {MTP_MARK_BAND_MEAN, MTP_MARK_BAND_PREDICTION},
    {MTP_MARK_GROUP_1, MTP_MARK_GROUP_2},
    {MTP_MARK_GROUP_2, MTP_MARK_GROUP_3},
    {MTP_MARK_GROUP_3, MTP_MARK_GROUP_4},
    {MTP_MARK_GROUP_4, MTP_MARK_GROUP_5},
    {MTP_MARK_GROUP_5, MTP_MARK_GROUP_6},
};

static void fills_differ_in_lightness(void **state)
{
    (void)state;
    for (int t = 0; t < MTP_THEME_COUNT; t++) {
        for (size_t i = 0; i < sizeof apart / sizeof apart[0]; i++) {
            mtp_paint a, b;
            double distance = fabs(lightness(fill_of((mtp_theme)t, apart[i][0], &a)) -
                                   lightness(fill_of((mtp_theme)t, apart[i][1], &b)));

            if (!(distance >= 8.0)) {
                print_error("%s: %s %s and %s %s: %g\n", mtp_theme_id((mtp_theme)t),
                            mtp_mark_get(apart[i][0])->class, a.fill,
                            mtp_mark_get(apart[i][1])->class, b.fill, distance);
                fail();
            }
        }
    }
}

/* Marks that carry the data, against the page: WCAG asks for 3 of what is not text;
 * pale ones have a dark point, rim or interval. */
static void marks_stand_out(void **state)
{
    static const mtp_mark stroked[] = {
        MTP_MARK_INTERVAL,       MTP_MARK_POINT, MTP_MARK_AXIS,       MTP_MARK_NULL,
        MTP_MARK_DIAMOND_COMMON, MTP_MARK_STUDY, MTP_MARK_PREDICTION, MTP_MARK_FILLED};

    (void)state;
    for (int t = 0; t < MTP_THEME_COUNT; t++) {
        for (size_t i = 0; i < sizeof stroked / sizeof stroked[0]; i++) {
            mtp_paint paint = mtp_paint_of((mtp_theme)t, stroked[i]);

            assert_true(contrast(paint.stroke, mtp_paint_page((mtp_theme)t)) >= 3.0);
        }
    }
}

static void only_grey_is_grey(void **state)
{
    (void)state;
    for (int mark = 0; mark < MTP_MARK_COUNT; mark++) {
        mtp_paint paint = mtp_paint_of(MTP_THEME_GREYSCALE, (mtp_mark)mark);
        const mtp_mark_style *style = mtp_mark_get((mtp_mark)mark);

        if (style->fill) {
            assert_memory_equal(paint.fill + 1, paint.fill + 3, 2);
            assert_memory_equal(paint.fill + 1, paint.fill + 5, 2);
            assert_close(mtp_colour_luminance(paint.fill),
                         mtp_colour_luminance(style->fill), 0.0, 0.005);
        }
    }
}

/* The scene as SVG with every colour taken out. */
static char *drawing(mtp_scene *scene, mtp_theme theme)
{
    mtp_strbuf out;
    char *text;

    scene->theme = theme;
    mtp_strbuf_init(&out);
    mtp_svg_write(scene, &out);
    text = mtp_strbuf_take(&out, NULL);
    assert_non_null(text);
    for (char *at = strchr(text, '#'); at; at = strchr(at + 1, '#')) {
        memset(at + 1, '.', 6);
    }
    return text;
}

static void a_theme_changes_colours_alone(void **state)
{
    mtp_scene *scene = mtp_scene_new();
    char *plain;

    (void)state;
    assert_non_null(scene);
    scene->width = scene->height = 100.0;
    for (int mark = 0; mark < MTP_MARK_COUNT; mark++) {
        mtp_scene_rect(scene, (mtp_mark)mark, MTP_NO_ROW, (mtp_point){1.0, 1.0},
                       (mtp_point){2.0, 2.0});
    }
    plain = drawing(scene, MTP_THEME_DEFAULT);
    for (int t = 1; t < MTP_THEME_COUNT; t++) {
        char *other = drawing(scene, (mtp_theme)t);

        assert_string_equal(other, plain);
        free(other);
    }
    free(plain);
    mtp_scene_free(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(luminance_is_that_of_wcag),
        cmocka_unit_test(text_stands_out),
        cmocka_unit_test(fills_differ_in_lightness),
        cmocka_unit_test(marks_stand_out),
        cmocka_unit_test(only_grey_is_grey),
        cmocka_unit_test(a_theme_changes_colours_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
