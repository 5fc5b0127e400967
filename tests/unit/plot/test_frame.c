/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures over two axes, whatever the data: everything lies on the page, no text
 * overlaps another one, and every mark lies within the plot area. */
#include "metapool/analysis.h"
#include "metapool/funnel.h"

#include "plot/baujat_figure.h"
#include "plot/bubble_figure.h"
#include "plot/drapery_figure.h"
#include "plot/frame.h"
#include "plot/funnel_figure.h"
#include "plot/gosh_figure.h"
#include "plot/influence_figure.h"
#include "plot/profile_figure.h"
#include "plot/radial_figure.h"
#include "scene_check.h"
#include "support/test.h"

#include <stdlib.h>

typedef struct wish {
    size_t k;
    double unit, se; /* of effects; of the least precise study */
    const char *measure;
    const char *const *options; /* name, value, ..., NULL */
} wish;

static const char *const plain[] = {NULL};
static const char *const contours[] = {"contours",  "99,90,95", "null", "1",
                                       "trim-fill", "L0",       NULL};
/* Of three studies at least, by their number. */
static const char *const bubbles[][9] = {
    {"mods", "x", "by", "f", "names", "true", NULL},
    {"mods", "f + x", "no-intercept", "true", "tau2", "0.1", NULL},
    {"mods", "poly(x, 2) + f", "names", "true", "study", "'Study ' || x", "across", "x",
     NULL}};
static const char *const some_subsets[] = {"subsets",   "1500",    "y-axis", "Q",
                                           "highlight", "Study 1", NULL};
static const char *const few_subsets[] = {"subsets", "40", "y-axis", "tau2", NULL};
static const char *const one_contour[] = {"contours", "95",   "null", "1",
                                          "y-axis",   "vinv", NULL};
static const char *const regression[] = {"egger-line", "true", NULL};
static const char *const regression_of_variances[] = {"egger-line", "true", "y-axis",
                                                      "vinv", NULL};
static const char *const inverse[] = {"contours", "95,99", "null", "1",
                                      "y-axis",   "seinv", NULL};
static const char *const variance[] = {"contours", "90,95,99",  "null", "1", "y-axis",
                                       "vi",       "trim-fill", "R0",   NULL};

static const wish wishes[] = {
    {1, 1.0, 1.0, "GEN", contours},     {1, 1.0, 1.0, "OR", inverse},
    {2, 1.0, 1e-3, "GEN", plain},       {3, 1.0, 1.0, "OR", contours},
    {3, 1e6, 1e6, "GEN", contours},     {3, 1e-6, 1e-6, "GEN", variance},
    {13, 1.0, 1.0, "OR", contours},     {13, 1.0, 5.0, "OR", inverse},
    {13, 1.0, 1.0, "GEN", one_contour}, {52, 1.0, 1.0, "HR", variance},
    {1, 1.0, 1.0, "OR", regression},    {3, 1.0, 1.0, "OR", regression},
    {13, 1.0, 1.0, "GEN", regression},  {52, 1.0, 3.0, "OR", regression_of_variances},
    {500, 1.0, 1.0, "GEN", contours},   {500, 1.0, 3.0, "OR", inverse},
};
enum { N_WISHES = sizeof wishes / sizeof wishes[0] };

/* Effects whose standard errors fall, so that the first study is the least precise;
 * a fixed linear congruential sequence spreads them. */
static mtp_table *make_table(const wish *w)
{
    mtp_table_options options;
    mtp_table *table = NULL;
    unsigned long state = 12345;
    mtp_strbuf text;

    mtp_strbuf_init(&text);
    mtp_strbuf_add(&text, "y,s,x,f\n");
    for (size_t i = 0; i < w->k; i++) {
        double se = w->se / (1.0 + 0.2 * (double)i);

        state = (state * 1103515245UL + 12345UL) & 0x7FFFFFFFUL;
        mtp_strbuf_add_number(
            &text, w->unit * 0.3 + 2.0 * se * ((double)state / 2147483648.0 - 0.4));
        mtp_strbuf_add_char(&text, ',');
        mtp_strbuf_add_number(&text, se);
        mtp_strbuf_printf(&text, ",%zu,Level %zu of a factor whose levels have names\n",
                          i * i, i % 5);
    }
    mtp_table_options_init(&options, sizeof options);
    assert_int_equal(mtp_table_parse_csv("a.csv", text.text, text.length, &options,
                                         &table, NULL, NULL),
                     MTP_OK);
    mtp_strbuf_free(&text);
    return table;
}

static mtp_bundle *analyse(const wish *w, mtp_command command)
{
    mtp_table *table = make_table(w);
    mtp_request *request = NULL;
    mtp_bundle *bundle = NULL;

    assert_int_equal(mtp_request_new(command, &request, NULL), MTP_OK);
    assert_int_equal(mtp_request_set(request, "yi", "y", NULL), MTP_OK);
    assert_int_equal(mtp_request_set(request, "sei", "s", NULL), MTP_OK);
    assert_int_equal(mtp_request_set(request, "measure", w->measure, NULL), MTP_OK);
    for (const char *const *o = command == MTP_COMMAND_FUNNEL   ? w->options
                                : command == MTP_COMMAND_BUBBLE ? bubbles[w->k % 3]
                                : command == MTP_COMMAND_GOSH_FIGURE
                                    ? (w->k < 100 ? some_subsets : few_subsets)
                                    : plain;
         *o; o += 2) {
        assert_int_equal(mtp_request_set(request, o[0], o[1], NULL), MTP_OK);
    }
    assert_int_equal(mtp_run(request, table, &bundle, NULL, NULL), MTP_OK);
    mtp_request_free(request);
    mtp_table_free(table);
    return bundle;
}

static const struct figure {
    mtp_command command;
    mtp_scene *(*draw)(const mtp_bundle *bundle, double width);
    size_t least; /* studies that it takes */
} figures[] = {{MTP_COMMAND_FUNNEL, mtp_funnel_scene, 1},
               {MTP_COMMAND_DIAGNOSTICS, mtp_baujat_scene, 1},
               {MTP_COMMAND_RADIAL, mtp_radial_scene, 1},
               {MTP_COMMAND_DIAGNOSTICS, mtp_influence_scene, 1},
               {MTP_COMMAND_TAU2_CURVE, mtp_profile_scene, 2},
               {MTP_COMMAND_GOSH_FIGURE, mtp_gosh_scene, 2},
               {MTP_COMMAND_DRAPERY, mtp_drapery_scene, 1},
               {MTP_COMMAND_BUBBLE, mtp_bubble_scene, 3}};
enum { N_FIGURES = sizeof figures / sizeof figures[0] };

static void everything_has_its_place(void **state)
{
    static const double widths[] = {(double)NAN, 70.0, 84.0, 174.0};

    (void)state;
    for (size_t i = 0; i < N_WISHES * N_FIGURES; i++) {
        const struct figure *figure = &figures[i % N_FIGURES];
        const wish *of = &wishes[i / N_FIGURES];
        mtp_bundle *bundle;

        if (of->k < figure->least) {
            continue;
        }
        bundle = analyse(of, figure->command);

        for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
            check_scene(figure->draw(bundle, mtp_frame_width(widths[w])));
        }
        mtp_bundle_free(bundle);
    }
}

static size_t count(const mtp_scene *scene, mtp_mark mark)
{
    size_t n = 0;

    for (size_t i = 0; i < scene->count; i++) {
        n += scene->shape[i].mark == mark && scene->shape[i].row != MTP_NO_ROW;
    }
    return n;
}

static void each_study_has_one_circle(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_WISHES; i++) {
        mtp_bundle *bundle = analyse(&wishes[i], MTP_COMMAND_FUNNEL);
        mtp_scene *scene = mtp_funnel_scene(bundle, mtp_frame_width((double)NAN));
        const mtp_funnel *funnel = bundle->funnel;

        assert_int_equal(count(scene, MTP_MARK_STUDY), wishes[i].k);
        assert_int_equal(count(scene, MTP_MARK_FILLED),
                         funnel->trim_fill ? funnel->trim_fill->k0 : 0);
        mtp_scene_free(scene);
        mtp_bundle_free(bundle);
    }
}

/* With the axis of a function of vi, the function and its inverse. */
static void axes_by_precision_are_inverses(void **state)
{
    static const mtp_funnel_axis axis[] = {MTP_FUNNEL_SEI, MTP_FUNNEL_VI,
                                           MTP_FUNNEL_SEINV, MTP_FUNNEL_VINV};
    static const double want[] = {0.5, 0.25, 2.0, 4.0}; /* of vi = 0.25 */

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_close(mtp_funnel_vertical(axis[i], 0.25), want[i], TOL1, 0.0);
        assert_close(mtp_funnel_se(axis[i], want[i]), 0.5, TOL1, 0.0);
    }
    assert_true(isnan(mtp_funnel_vertical(MTP_FUNNEL_NI, 0.25)));
    assert_true(isnan(mtp_funnel_se(MTP_FUNNEL_SQRTNI, 4.0)));
}

/* A slanting line misses a box that lies within its own box. */
static void lines_touch_what_they_run_through(void **state)
{
    mtp_scene *scene = mtp_scene_new();
    mtp_point bent[] = {{0.0, 0.0}, {100.0, 100.0}, {200.0, 100.0}};

    (void)state;
    assert_non_null(scene);
    mtp_scene_path(scene, MTP_MARK_AXIS, MTP_NO_ROW, 3, bent);
    assert_true(mtp_shape_touches(scene->shape, (mtp_box){40.0, 40.0, 60.0, 60.0}));
    assert_true(mtp_shape_touches(scene->shape, (mtp_box){48.0, 52.0, 60.0, 60.0}));
    assert_false(mtp_shape_touches(scene->shape, (mtp_box){10.0, 40.0, 39.0, 60.0}));
    assert_true(mtp_shape_touches(scene->shape, (mtp_box){150.0, 90.0, 160.0, 110.0}));
    assert_false(mtp_shape_touches(scene->shape, (mtp_box){150.0, 80.0, 160.0, 99.0}));
    assert_false(mtp_shape_touches(scene->shape, (mtp_box){201.0, 90.0, 220.0, 110.0}));
    mtp_scene_free(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_has_its_place),
        cmocka_unit_test(each_study_has_one_circle),
        cmocka_unit_test(axes_by_precision_are_inverses),
        cmocka_unit_test(lines_touch_what_they_run_through),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
