/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever the data: everything lies on the page, and no text overlaps anything. */
#include "forest_reading.h"

/* The cases that are drawn. */
static const sample_wish wishes[] = {
    {.k = 1, .measure = MTP_PLO},
    {.k = 1, .measure = MTP_PLO, .no_prediction = true},
    {.k = 1, .groups = 1, .measure = MTP_PLO, .names = NAMES_LONG},
    {.k = 1, .measure = MTP_GEN, .wide = true},
    {.k = 2, .measure = MTP_PLO, .wide = true},
    {.k = 2, .groups = 2, .measure = MTP_IRLN, .glmm = true, .wide = true},
    {.k = 2, .measure = MTP_GEN, .no_estimate = true},
    {.k = 4, .groups = 2, .measure = MTP_PLO, .glmm = true, .no_estimate = true},
    {.k = 9, .measure = MTP_GEN, .wide = true, .names = NAMES_LONG},
    {.k = 9, .measure = MTP_GEN, .unit = 1e-9},
    {.k = 9, .measure = MTP_GEN, .unit = 1e12},
    {.k = 9, .measure = MTP_GEN, .unit = 1e200},
    {.k = 12, .groups = 5, .measure = MTP_IR, .names = NAMES_UNICODE},
    {.k = 52, .measure = MTP_PLO, .glmm = true, .wide = true},
    {.k = 52, .groups = 3, .measure = MTP_PLO, .glmm = true},
    {.k = 52, .groups = 52, .measure = MTP_GEN, .names = NAMES_UNICODE},
    {.k = 52, .groups = 4, .measure = MTP_PLO, .wide = true, .names = NAMES_LONG},
    {.k = 3, .measure = MTP_GEN, .favours = true},
    {.k = 1, .measure = MTP_PLO, .domains = 1},
    {.k = 13, .measure = MTP_PLO, .fits = true},
    {.k = 500, .measure = MTP_GEN, .fits = true, .names = NAMES_UNICODE},
    {.k = 13, .groups = 2, .measure = MTP_PLO, .domains = 7, .columns = true},
    {.k = 6, .measure = MTP_PLO, .domains = 12, .names = NAMES_LONG, .columns = true},
    {.k = 3, .measure = MTP_PLO, .favours = true, .columns = true},
    {.k = 13, .measure = MTP_PLO, .columns = true, .names = NAMES_LONG},
    {.k = 13, .groups = 2, .measure = MTP_GEN, .columns = true, .names = NAMES_UNICODE},
    {.k = 12, .groups = 2, .measure = MTP_PLO, .cid = true},
    {.k = 6, .measure = MTP_PLO, .excluded = 5, .names = NAMES_LONG},
    {.k = 6, .groups = 2, .measure = MTP_PLO, .glmm = true, .excluded = 7},
    {.k = 3, .groups = 1, .measure = MTP_IRLN, .excluded = 2, .domains = 2},
    {.k = 500, .measure = MTP_PLO, .no_prediction = true, .names = NAMES_UNICODE},
    {.k = 500, .groups = 7, .measure = MTP_IRLN, .wide = true, .names = NAMES_LONG},
};

enum { N_WISHES = sizeof wishes / sizeof wishes[0] };

typedef void (*check)(const mtp_scene *scene, const mtp_forest *forest,
                      const sample *s);

#define MM (72.0 / 25.4) /* in points */

/* As printed: their own, a page of a journal, between, and one column. */
static const double widths[] = {(double)INFINITY, 174.0 * MM, 120.0 * MM, 84.0 * MM};

enum { N_WIDTHS = sizeof widths / sizeof widths[0] };

static void each_scene(check check_scene)
{
    for (size_t i = 0; i < N_WISHES * MTP_LAYOUT_COUNT; i++) {
        sample_wish wish = wishes[i / MTP_LAYOUT_COUNT];
        sample *s;
        mtp_forest *forest;

        wish.layout = (mtp_forest_layout)(i % MTP_LAYOUT_COUNT);
        s = sample_new(&wish);
        assert_int_equal(mtp_forest_new(&s->bundle, &forest, NULL), MTP_OK);
        for (size_t w = 0; w < N_WIDTHS; w++) {
            mtp_scene *scene = mtp_forest_scene_within(forest, widths[w]);

            assert_non_null(scene);
            check_scene(scene, forest, s);
            mtp_scene_free(scene);
        }
        mtp_forest_free(forest);
        sample_free(s);
    }
}

static void print_box(const char *what, const mtp_shape *shape, mtp_box box)
{
    print_error("%s: %s '%s' [%g, %g] x [%g, %g]\n", what,
                mtp_mark_get(shape->mark)->class, shape->text ? shape->text : "",
                box.left, box.right, box.top, box.bottom);
}

static void check_inside(const mtp_scene *scene, const mtp_forest *forest,
                         const sample *s)
{
    (void)s;
    (void)forest;
    for (size_t i = 0; i < scene->count; i++) {
        mtp_box box = mtp_shape_box(&scene->shape[i]);
        double stroke = 0.5 * mtp_mark_get(scene->shape[i].mark)->stroke_width;

        if (!(box.left - stroke >= 0.0 && box.right + stroke <= scene->width &&
              box.top - stroke >= 0.0 && box.bottom + stroke <= scene->height)) {
            print_box("beyond the page", &scene->shape[i], box);
            fail();
        }
    }
}

static void everything_lies_on_the_page(void **state)
{
    (void)state;
    each_scene(check_inside);
}

static bool overlap(const mtp_box *a, const mtp_box *b)
{
    const double touch = 1e-6;

    return a->left < b->right - touch && b->left < a->right - touch &&
           a->top < b->bottom - touch && b->top < a->bottom - touch;
}

typedef struct placed {
    mtp_box box;
    const mtp_shape *shape;
} placed;

static int by_top(const void *a, const void *b)
{
    const placed *x = a, *y = b;

    return (x->box.top > y->box.top) - (x->box.top < y->box.top);
}

/* Text against everything else. Sorted by upper edge, so that a shape is compared only
 * with those that begin above its lower edge. Lines get the width of their stroke. */
static void check_text_is_free(const mtp_scene *scene, const mtp_forest *forest,
                               const sample *s)
{
    (void)s;
    placed *all = malloc(scene->count * sizeof *all);

    (void)forest;
    for (size_t i = 0; i < scene->count; i++) {
        double half = 0.5 * mtp_mark_get(scene->shape[i].mark)->stroke_width;

        all[i] = (placed){mtp_shape_box(&scene->shape[i]), &scene->shape[i]};
        all[i].box.left -= half;
        all[i].box.right += half;
        all[i].box.top -= half;
        all[i].box.bottom += half;
    }
    qsort(all, scene->count, sizeof *all, by_top);
    for (size_t i = 0; i < scene->count; i++) {
        for (size_t j = i + 1; j < scene->count && all[j].box.top < all[i].box.bottom;
             j++) {
            bool text = all[i].shape->text || all[j].shape->text;

            if (text && overlap(&all[i].box, &all[j].box)) {
                print_box("overlap", all[i].shape, all[i].box);
                print_box("   with", all[j].shape, all[j].box);
                fail();
            }
        }
    }
    free(all);
}

static void text_overlaps_nothing(void **state)
{
    (void)state;
    each_scene(check_text_is_free);
}

/* The smallest text of a scene that is printed that wide. */
static double smallest_text(const mtp_scene *scene, double width)
{
    double smallest = (double)INFINITY;

    for (size_t i = 0; i < scene->count; i++) {
        if (scene->shape[i].text) {
            smallest = fmin(smallest, mtp_mark_get(scene->shape[i].mark)->text_size);
        }
    }
    return smallest * width / scene->width;
}

static void one_column_is_readable(void **state)
{
    static const size_t k[] = {1, 2, 52, 500};
    const double column = 84.0 * MM;

    (void)state;
    for (size_t i = 0; i < 4 * MTP_LAYOUT_COUNT; i++) {
        sample *s = sample_new(
            &(sample_wish){.k = k[i / MTP_LAYOUT_COUNT],
                           .groups = 1,
                           .measure = MTP_PLO,
                           .names = (sample_names)(i % 3),
                           .layout = (mtp_forest_layout)(i % MTP_LAYOUT_COUNT)});
        mtp_forest *forest;
        mtp_scene *scene;

        assert_int_equal(mtp_forest_new(&s->bundle, &forest, NULL), MTP_OK);
        scene = mtp_forest_scene_within(forest, column);
        assert_true(smallest_text(scene, column) >= 6.0 - 1e-9);
        mtp_scene_free(scene);
        mtp_forest_free(forest);
        sample_free(s);
    }
}

/* Every row stands on one page, in order; only the last has a footer; no page begins
 * with a diamond or ends with a heading. */
static void check_pages(const sample_wish *wish, double width, double height)
{
    sample *s = sample_new(wish);
    mtp_forest *forest;
    size_t n_pages = 1, next = 0;

    assert_int_equal(mtp_forest_new(&s->bundle, &forest, NULL), MTP_OK);
    for (size_t page = 0; page < n_pages; page++) {
        mtp_scene *scene = mtp_forest_page(forest, width, height, page, &n_pages);
        double scale = isfinite(width) ? width / scene->width : 1.0;
        const mtp_shape *last = NULL;
        size_t drawn = 0, rules = 0;

        assert_non_null(scene);
        assert_close(scene->height * scale, height, TOL1, 0.0);
        check_inside(scene, forest, s);
        check_text_is_free(scene, forest, s);
        for (size_t i = 0; i < scene->count; i++) {
            const mtp_shape *shape = &scene->shape[i];

            rules += shape->mark == MTP_MARK_RULE;
            if (shape->mark == MTP_MARK_LIMITS) { /* each row has them once */
                assert_int_equal(shape->row, next);
                assert_true(drawn++ > 0 || forest->row[next].kind == MTP_FOREST_STUDY);
                next++;
            }
            if (shape->mark == MTP_MARK_HEADING || shape->mark == MTP_MARK_LABEL ||
                shape->mark == MTP_MARK_NOTE) {
                last = shape;
            }
        }
        assert_true(drawn > 0);
        assert_int_not_equal(last->mark, MTP_MARK_HEADING);
        assert_int_equal(rules, page + 1 < n_pages ? 1 : 2);
        mtp_scene_free(scene);
    }
    assert_int_equal(next, forest->n_rows);
    mtp_forest_free(forest);
    sample_free(s);
}

static void pages_hold_everything_once(void **state)
{
    const sample_wish few = {.k = 5, .measure = MTP_PLO},
                      groups = {.k = 52, .groups = 4, .measure = MTP_PLO},
                      many = {.k = 500, .measure = MTP_PLO, .names = NAMES_UNICODE},
                      edge = {.k = 47, .measure = MTP_GEN};

    (void)state;
    check_pages(&few, (double)INFINITY, 297.0 * MM);
    check_pages(&groups, 174.0 * MM, 297.0 * MM);
    check_pages(&groups, 84.0 * MM, 150.0 * MM);
    check_pages(&many, 174.0 * MM, 240.0 * MM);
    for (int height = 200; height < 300; height += 3) { /* where a footer just fits */
        check_pages(&edge, (double)INFINITY, height * MM);
    }
}

static mtp_mark expected_mark(mtp_forest_layout layout, mtp_forest_kind kind)
{
    static const mtp_mark journal[MTP_LAYOUT_COUNT] = {
        [MTP_LAYOUT_REVMAN5] = MTP_MARK_DIAMOND_BLACK,
        [MTP_LAYOUT_JAMA] = MTP_MARK_DIAMOND_LIGHT,
        [MTP_LAYOUT_BMJ] = MTP_MARK_DIAMOND_BLACK};

    switch (kind) {
    case MTP_FOREST_STUDY:
        return MTP_MARK_POINT;
    case MTP_FOREST_SUBGROUP_COMMON:
    case MTP_FOREST_OVERALL_COMMON:
        return MTP_MARK_DIAMOND_COMMON;
    case MTP_FOREST_SUBGROUP_RANDOM:
    case MTP_FOREST_OVERALL_RANDOM:
        return journal[layout] ? journal[layout] : MTP_MARK_DIAMOND_RANDOM;
    case MTP_FOREST_LEFT_OUT:
    case MTP_FOREST_CUMULATIVE:
        return MTP_MARK_POINT;
    case MTP_FOREST_PREDICTION:
    case MTP_FOREST_NOT_ESTIMABLE:
        break;
    }
    return MTP_MARK_PREDICTION;
}

/* Each row is drawn once and labelled, or says that it has no estimate. */
static void check_rows(const mtp_scene *scene, const mtp_forest *forest,
                       const sample *s)
{
    mtp_forest_layout layout = s->look.layout;
    size_t rows = forest->n_rows > 100 ? 100 : forest->n_rows;

    for (size_t i = 0; i < rows; i++) {
        mtp_forest_kind kind = forest->row[i].kind;
        bool shown = sample_shows(s, kind);
        bool drawn = shown && (kind == MTP_FOREST_PREDICTION ||
                               isfinite(forest->row[i].estimate));

        assert_int_equal(count_marks(scene, i, expected_mark(layout, kind)), drawn);
        assert_int_equal(count_marks(scene, i, MTP_MARK_LIMITS), shown);
        assert_int_equal(count_marks(scene, i, MTP_MARK_LABEL) >= 1, shown);
    }
}

static void every_row_is_drawn_once(void **state)
{
    (void)state;
    each_scene(check_rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_lies_on_the_page),
        cmocka_unit_test(text_overlaps_nothing),
        cmocka_unit_test(one_column_is_readable),
        cmocka_unit_test(pages_hold_everything_once),
        cmocka_unit_test(every_row_is_drawn_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
