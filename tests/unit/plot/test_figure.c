/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures by kind and format; what librsvg makes of them is tested by
 * golden/check_pictures.py. */
#include "metapool/figure.h"
#include "metapool/report.h"

#include "plot/png_density.h"
#include "support/test.h"
#include "unit/plot/forest_sample.h"

static const sample_wish forty = {.k = 40, .groups = 2, .measure = MTP_PLO};

static mtp_figure *draw(const mtp_bundle *bundle, mtp_figure_format format,
                        double width)
{
    mtp_figure_options options;
    mtp_figure *figure = NULL;

    mtp_figure_options_init(&options, sizeof options);
    options.width = width;
    assert_int_equal(
        mtp_figure_draw(bundle, MTP_FIGURE_FOREST, format, &options, &figure, NULL),
        MTP_OK);
    assert_int_equal(strlen(figure->bytes), figure->length);
    return figure;
}

static void data_and_svg_are_those_of_the_forest(void **state)
{
    static mtp_status (*const writer[])(const mtp_forest *, char **, mtp_error *) = {
        [MTP_FIGURE_SVG] = mtp_forest_svg,
        [MTP_FIGURE_CSV] = mtp_forest_csv,
        [MTP_FIGURE_JSON] = mtp_forest_json};
    static const mtp_figure_format format[] = {MTP_FIGURE_SVG, MTP_FIGURE_CSV,
                                               MTP_FIGURE_JSON};
    sample *s = sample_new(&forty);
    mtp_forest *forest;

    (void)state;
    assert_int_equal(mtp_forest_new(&s->bundle, &forest, NULL), MTP_OK);
    for (size_t i = 0; i < 3; i++) {
        mtp_figure *figure = draw(&s->bundle, format[i], (double)NAN);
        char *text;

        assert_int_equal(writer[format[i]](forest, &text, NULL), MTP_OK);
        assert_string_equal(figure->bytes, text);
        assert_int_equal(isnan(figure->width), format[i] != MTP_FIGURE_SVG);
        assert_int_equal(figure->notes.count, 0);
        mtp_text_free(text);
        mtp_figure_free(figure);
    }
    mtp_forest_free(forest);
    sample_free(s);
}

/* 300 mm are 850.39 points; the drawing itself stays what it was. */
static void a_larger_width_scales_the_whole(void **state)
{
    sample *s = sample_new(&forty);
    mtp_figure *own = draw(&s->bundle, MTP_FIGURE_SVG, (double)NAN);
    mtp_figure *poster = draw(&s->bundle, MTP_FIGURE_SVG, 300.0);

    (void)state;
    assert_non_null(strstr(poster->bytes, " width=\"850.39pt\" height=\""));
    assert_string_equal(strstr(poster->bytes, " viewBox="),
                        strstr(own->bytes, " viewBox="));
    assert_close(poster->width, 300.0, TOL1, 0.0);
    assert_close(poster->height / own->height, 300.0 / own->width, TOL1, 0.0);
    mtp_figure_free(own);
    mtp_figure_free(poster);
    sample_free(s);
}

/* 84 mm, one column, are 238.11 points; 30 mm are too little for text of 5 points. */
static void a_smaller_width_is_laid_out_for(void **state)
{
    sample *s = sample_new(&forty);
    mtp_figure *column = draw(&s->bundle, MTP_FIGURE_SVG, 84.0);
    mtp_figure *stamp = draw(&s->bundle, MTP_FIGURE_SVG, 30.0);

    (void)state;
    assert_non_null(strstr(column->bytes, " width=\"238.11pt\" height=\""));
    assert_close(column->width, 84.0, TOL1, 0.0);
    assert_int_equal(column->notes.count, 0);
    assert_int_equal(stamp->notes.count, 1);
    assert_int_equal(stamp->notes.item[0].code, MTP_NOTE_SMALL_TEXT);
    mtp_figure_free(column);
    mtp_figure_free(stamp);
    sample_free(s);
}

static void what_cannot_be_drawn_is_refused(void **state)
{
    sample *s = sample_new(&forty);
    mtp_figure *figure = NULL;
    mtp_figure_options options;
    mtp_error err;

    (void)state;
    mtp_figure_options_init(&options, sizeof options);
    options.width = 0.0;
    assert_int_equal(mtp_figure_draw(&s->bundle, MTP_FIGURE_FOREST, MTP_FIGURE_SVG,
                                     &options, &figure, &err),
                     MTP_E_ARG);
    mtp_figure_options_init(&options, sizeof options);
    options.dpi = (double)INFINITY;
    assert_int_equal(mtp_figure_draw(&s->bundle, MTP_FIGURE_FOREST, MTP_FIGURE_SVG,
                                     &options, &figure, &err),
                     MTP_E_ARG);
    s->bundle.pool = NULL;
    for (int format = 0; format < MTP_FIGURE_FORMAT_COUNT; format++) {
        assert_int_equal(mtp_figure_draw(&s->bundle, MTP_FIGURE_FOREST,
                                         (mtp_figure_format)format, NULL, &figure,
                                         &err),
                         MTP_E_ARG);
    }
    assert_null(figure);
    mtp_figure_free(NULL);
    sample_free(s);
}

static void kinds_and_formats_have_names(void **state)
{
    (void)state;
    assert_int_equal(mtp_figure_kind_from_id("Forest"), MTP_FIGURE_FOREST);
    assert_int_equal(mtp_figure_kind_from_id("wood"), -1);
    assert_int_equal(mtp_figure_format_from_id("PNG"), MTP_FIGURE_PNG);
    assert_int_equal(mtp_figure_format_from_id("gif"), -1);
    assert_string_equal(mtp_figure_kind_label(MTP_FIGURE_FOREST), "forest plot");
    assert_string_equal(mtp_figure_format_id(MTP_FIGURE_PDF), "pdf");
    assert_string_equal(mtp_figure_format_label(MTP_FIGURE_PDF),
                        "Portable Document Format");
}

/* The chunks as other programs write them: of 300 and 72 pixels an inch
 * those of ImageMagick, of 96 those of Windows. */
static void a_png_says_its_density(void **state)
{
    static const struct {
        double dpi;
        const char chunk[22];
    } known[] = {
        {300.0, "\0\0\0\x09pHYs\0\0\x2E\x23\0\0\x2E\x23\x01\x78\xA5\x3F\x76"},
        {96.0, "\0\0\0\x09pHYs\0\0\x0E\xC4\0\0\x0E\xC4\x01\x95\x2B\x0E\x1B"},
        {72.0, "\0\0\0\x09pHYs\0\0\x0B\x13\0\0\x0B\x13\x01\0\x9A\x9C\x18"},
    };
    const char head[] = "0123456789012345678901234567890123", rest[] = "IDAT and so on";

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        mtp_strbuf png;

        mtp_strbuf_init(&png);
        mtp_strbuf_add_bytes(&png, head, 33);
        mtp_strbuf_add(&png, rest);
        mtp_png_set_density(&png, known[i].dpi);
        assert_int_equal(png.length, 33 + 21 + strlen(rest));
        assert_memory_equal(png.text, head, 33);
        assert_memory_equal(png.text + 33, known[i].chunk, 21);
        assert_string_equal(png.text + 33 + 21, rest);
        mtp_strbuf_free(&png);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_and_svg_are_those_of_the_forest),
        cmocka_unit_test(a_larger_width_scales_the_whole),
        cmocka_unit_test(a_smaller_width_is_laid_out_for),
        cmocka_unit_test(what_cannot_be_drawn_is_refused),
        cmocka_unit_test(kinds_and_formats_have_names),
        cmocka_unit_test(a_png_says_its_density),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
