/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bars of shares, whatever the data: everything lies on the page, no text overlaps
 * another one, what is written within a segment fits into it, and the segments of a bar
 * follow each other to its end. */
#include "metapool/analysis.h"

#include "plot/composition_figure.h"
#include "plot/frame.h"
#include "plot/hatch.h"
#include "support/test.h"

#include <string.h>

typedef struct wish {
    size_t groups, categories; /* groups 0: without --by */
    const char *name;          /* of groups and categories, before their number */
} wish;

#define LONG_NAME                                                                      \
    "a name that is much longer than any column of a table would like it to be and "   \
    "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaf" \
    "t "
static const wish wishes[] = {
    {0, 1, "x"}, {0, 10, LONG_NAME}, {1, 2, "x"},        {2, 1, "x"},
    {4, 7, "x"}, {20, 10, "x"},      {20, 3, LONG_NAME}, {3, 45, "<b>&"},
};
enum { N_WISHES = sizeof wishes / sizeof wishes[0] };

/* The counts fall from 1000 by category to 0, and the last group has none. */
static double count_of(const wish *w, size_t group, size_t category)
{
    double falling = (double)(1000 >> category % 12);

    return w->groups > 1 && group + 1 == w->groups ? 0.0
                                                   : falling * (double)(group + 1);
}

static mtp_bundle *analyse(const wish *w)
{
    mtp_table_options options;
    mtp_table *table = NULL;
    mtp_request *request = NULL;
    mtp_bundle *bundle = NULL;
    mtp_strbuf text;

    mtp_strbuf_init(&text);
    mtp_strbuf_add(&text, "g,c,n\n");
    for (size_t g = 0; g < (w->groups ? w->groups : 1); g++) {
        for (size_t c = 0; c < w->categories; c++) {
            mtp_strbuf_printf(&text, "%s%zu,%s%zu,%.0f\n", w->name, g, w->name, c,
                              count_of(w, g, c));
        }
    }
    mtp_table_options_init(&options, sizeof options);
    assert_int_equal(mtp_table_parse_csv("a.csv", text.text, text.length, &options,
                                         &table, NULL, NULL),
                     MTP_OK);
    mtp_strbuf_free(&text);
    assert_int_equal(mtp_request_new(MTP_COMMAND_COMPOSITION_FIGURE, &request, NULL),
                     MTP_OK);
    assert_int_equal(mtp_request_set(request, "category", "c", NULL), MTP_OK);
    assert_int_equal(mtp_request_set(request, "count", "n", NULL), MTP_OK);
    assert_int_equal(mtp_request_set(request, "draws", "100", NULL), MTP_OK);
    if (w->groups > 0) {
        assert_int_equal(mtp_request_set(request, "by", "g", NULL), MTP_OK);
    }
    assert_int_equal(mtp_run(request, table, &bundle, NULL, NULL), MTP_OK);
    mtp_request_free(request);
    mtp_table_free(table);
    return bundle;
}

static bool is_segment(const mtp_shape *shape)
{
    return shape->kind == MTP_SHAPE_RECT && shape->row != MTP_NO_ROW;
}

static bool holds(mtp_box outer, mtp_box inner)
{
    return inner.left >= outer.left && inner.right <= outer.right &&
           inner.top >= outer.top && inner.bottom <= outer.bottom;
}

static bool overlap(mtp_box a, mtp_box b)
{
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

static void check_text(const mtp_scene *scene, size_t i)
{
    const mtp_shape *text = &scene->shape[i];
    bool within = strcmp(mtp_mark_get(text->mark)->class, "share-text") == 0;
    mtp_box box = mtp_shape_box(text);
    size_t around = 0;

    for (size_t j = 0; j < scene->count; j++) {
        mtp_box other = mtp_shape_box(&scene->shape[j]);

        if (j != i && scene->shape[j].kind == MTP_SHAPE_TEXT && overlap(box, other)) {
            fail_msg("'%s' overlaps '%s'", text->text, scene->shape[j].text);
        }
        if (is_segment(&scene->shape[j])) {
            around += holds(other, box);
            if (!within && overlap(box, other)) {
                fail_msg("'%s' overlaps a segment", text->text);
            }
        }
    }
    if (within && around != 1) {
        fail_msg("'%s' does not fit", text->text);
    }
}

static void everything_has_its_place(void **state)
{
    static const double widths[] = {(double)NAN, 70.0, 174.0};

    (void)state;
    for (size_t i = 0; i < N_WISHES; i++) {
        mtp_bundle *bundle = analyse(&wishes[i]);

        for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
            mtp_scene *scene =
                mtp_composition_scene(bundle, mtp_frame_width(widths[w]));
            mtp_box page = {0.0, 0.0, 0.0, 0.0};

            assert_non_null(scene);
            page.right = scene->width;
            page.bottom = scene->height;
            for (size_t s = 0; s < scene->count; s++) {
                if (!holds(page, mtp_shape_box(&scene->shape[s]))) {
                    fail_msg("'%s' is beyond the page",
                             mtp_mark_get(scene->shape[s].mark)->class);
                }
                if (scene->shape[s].kind == MTP_SHAPE_TEXT) {
                    check_text(scene, s);
                }
            }
            mtp_scene_free(scene);
        }
        mtp_bundle_free(bundle);
    }
}

/* Segments without a gap, each as wide as its part of the bar, to the bar's end. */
static void segments_fill_their_bar(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_WISHES; i++) {
        mtp_bundle *bundle = analyse(&wishes[i]);
        const mtp_composition *made = bundle->composition;
        mtp_scene *scene = mtp_composition_scene(bundle, 340.0);
        size_t bar = SIZE_MAX, seen = 0;
        double end = 0.0, left = 0.0, right = 0.0;

        for (size_t s = 0; s < scene->count; s++) {
            const mtp_shape *shape = &scene->shape[s];
            size_t group = shape->row / made->n_categories;
            size_t category = shape->row % made->n_categories;
            mtp_box box = mtp_shape_box(shape);

            if (!is_segment(shape)) {
                continue;
            }
            if (group != bar) {
                assert_true(bar == SIZE_MAX || seen == 0 || end > left);
                if (bar == 0) {
                    right = end;
                } else if (bar != SIZE_MAX) {
                    assert_close(end, right, 1e-9, 0.0);
                }
                left = bar == SIZE_MAX ? box.left : left;
                end = left;
                bar = group;
            }
            assert_close(box.left, end, 1e-9, 0.0);
            assert_int_equal(shape->mark, mtp_fill_mark(category));
            end = box.right;
            seen++;
        }
        assert_true(seen > 0);
        mtp_scene_free(scene);
        mtp_bundle_free(bundle);
    }
}

/* Lines of a hatch stay within their box. */
static void hatches_stay_within(void **state)
{
    static const double widths[] = {0.3, 2.0, 7.0, 300.0};

    (void)state;
    for (size_t style = 0; style < MTP_FILL_STYLES; style++) {
        for (size_t w = 0; w < 4; w++) {
            mtp_scene *scene = mtp_scene_new();
            mtp_box box = {10.0, 20.0, 10.0 + widths[w], 44.0};

            mtp_scene_fill(scene, style, 0, box);
            assert_true(mtp_fill_is_hatched(style) || scene->count == 1);
            assert_true(!mtp_fill_is_hatched(style) || widths[w] < 5.0 ||
                        scene->count > 1);
            for (size_t s = 0; s < scene->count; s++) {
                mtp_box part = mtp_shape_box(&scene->shape[s]);

                assert_true(
                    part.left >= box.left - 1e-9 && part.right <= box.right + 1e-9 &&
                    part.top >= box.top - 1e-9 && part.bottom <= box.bottom + 1e-9);
            }
            mtp_scene_free(scene);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_has_its_place),
        cmocka_unit_test(segments_fill_their_bar),
        cmocka_unit_test(hatches_stay_within),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
