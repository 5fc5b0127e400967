/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of a specification curve: above, the estimates of all analyses by rank;
 * below, what each of them was chosen by. */
#include "plot/curve_figure.h"
#include "plot/forest_text.h"
#include "plot/frame.h"

#include <math.h>
#include <string.h>

#define MARGIN      12.0
#define TITLE_PITCH 14.0
#define UPPER       170.0 /* height of the upper panel */
#define PITCH       9.0   /* of the rows of the lower panel */
#define HEADING     12.0
#define WIDEST_STEP 16.0
#define ARROW       2.0

typedef struct curve {
    const mtp_bundle *bundle;
    const mtp_comparison *made;
    mtp_frame frame;
    const mtp_specification **order; /* [n] by rank */
    size_t n;
    double step, radius;
} curve;

static double text_size(mtp_mark mark)
{
    return mtp_mark_get(mark)->text_size;
}

static double across(const curve *c, size_t i)
{
    return c->frame.plot.left + ((double)i + 0.5) * c->step;
}

static bool choose_axis(curve *c, mtp_arena *arena)
{
    size_t n = c->n + 1;
    double *lower = MTP_ARENA_ARRAY(arena, n, double);
    double *value = MTP_ARENA_ARRAY(arena, n, double);
    double *upper = MTP_ARENA_ARRAY(arena, n, double);
    bool ratio = strcmp(c->bundle->measure->inverse, "exponential") == 0;
    mtp_axis_data data = {n, lower, value, upper, -(double)INFINITY, (double)INFINITY};

    if (!lower || !value || !upper) {
        return false;
    }
    for (size_t i = 0; i < c->n; i++) {
        lower[i] = c->order[i]->back.ci_lower;
        value[i] = c->order[i]->back.estimate;
        upper[i] = c->order[i]->back.ci_upper;
    }
    value[c->n] = c->made->null_value;
    lower[c->n] = upper[c->n] = (double)NAN;
    return (ratio ? mtp_axis_choose_ratio : mtp_axis_choose)(&data, arena, &c->frame.y);
}

/* Room on the left for the values of the choices and the labels of the axis. */
static double label_width(const curve *c)
{
    mtp_scene *scene = c->frame.scene;
    double widest = 0.0;

    for (int choice = 0; choice < MTP_CHOICE_COUNT; choice++) {
        widest = fmax(widest, mtp_text_width(mtp_choice_label((mtp_choice)choice),
                                             text_size(MTP_MARK_NAME), true));
        for (size_t i = 0; i < c->made->choice[choice].n; i++) {
            widest = fmax(widest, mtp_text_width(c->made->choice[choice].value[i].id,
                                                 text_size(MTP_MARK_NAME), false) +
                                      4.0);
        }
    }
    for (size_t i = 0; i < c->frame.y.n_ticks; i++) {
        widest = fmax(widest, mtp_text_width(mtp_figure_tick(scene, &c->frame.y, i),
                                             text_size(MTP_MARK_TICK_LABEL), false) +
                                  4.0);
    }
    return widest;
}

static void place_panels(curve *c, double top)
{
    mtp_box *plot = &c->frame.plot;
    double most;

    plot->left = MARGIN + label_width(c) + 6.0;
    plot->right = c->frame.width - MARGIN;
    plot->top = top;
    plot->bottom = top + UPPER;
    most = (plot->right - plot->left) / (double)(c->n > 0 ? c->n : 1);
    c->step = fmin(most, WIDEST_STEP);
    plot->right = plot->left + c->step * (double)(c->n > 0 ? c->n : 1);
    plot->right = fmax(plot->right, plot->left + 3.0 * WIDEST_STEP);
    c->radius = fmin(fmax(0.42 * c->step, 0.6), 2.4);
    c->frame.y.left = plot->bottom;
    c->frame.y.right = plot->top;
}

static void draw_end(const curve *c, double x, double y, bool upwards)
{
    double back = upwards ? ARROW : -ARROW;
    mtp_point corner[] = {{x, y}, {x - c->radius, y + back}, {x + c->radius, y + back}};

    mtp_scene_polygon(c->frame.scene, MTP_MARK_ARROW, MTP_NO_ROW, 3, corner);
}

static void draw_interval(const curve *c, size_t i)
{
    const mtp_specification *row = c->order[i];
    const mtp_axis *axis = &c->frame.y;
    double x = across(c, i);
    double lower = mtp_axis_place(axis, row->back.ci_lower);
    double upper = mtp_axis_place(axis, row->back.ci_upper);

    if (isnan(row->back.ci_lower) || isnan(row->back.ci_upper)) {
        return;
    }
    mtp_scene_line(c->frame.scene,
                   row->flips ? MTP_MARK_CURVE_FLIPPED : MTP_MARK_CURVE_INTERVAL, i,
                   (mtp_point){x, lower}, (mtp_point){x, upper});
    if (row->back.ci_upper > axis->high) {
        draw_end(c, x, upper, true);
    }
    if (row->back.ci_lower < axis->low) {
        draw_end(c, x, lower, false);
    }
}

/* A circle, a diamond where the conclusion is another one, a square for the reference.
 */
static void draw_estimate(const curve *c, size_t i)
{
    const mtp_specification *row = c->order[i];
    mtp_scene *scene = c->frame.scene;
    mtp_point at = {across(c, i), mtp_axis_place(&c->frame.y, row->back.estimate)};
    double r = c->radius;

    if (row == &c->made->row[c->made->reference]) {
        r = fmax(r, 2.2);
        mtp_scene_rect(scene, MTP_MARK_CURVE_REFERENCE, i,
                       (mtp_point){at.x - r, at.y - r},
                       (mtp_point){at.x + r, at.y + r});
    } else if (row->flips) {
        r = fmax(1.4 * r, 1.6);
        mtp_scene_polygon(scene, MTP_MARK_CURVE_OTHER, i, 4,
                          (mtp_point[]){{at.x - r, at.y},
                                        {at.x, at.y - r},
                                        {at.x + r, at.y},
                                        {at.x, at.y + r}});
    } else {
        mtp_scene_circle(scene, MTP_MARK_CURVE_POINT, i, at, r);
    }
}

/* A light band through both panels. */
static void draw_reference_band(const curve *c, double bottom)
{
    const mtp_specification *row = &c->made->row[c->made->reference];

    if (row->rank > 0) {
        double x = across(c, row->rank - 1), half = fmax(0.5 * c->step, 1.5);

        mtp_scene_rect(
            c->frame.scene, MTP_MARK_BEYOND, MTP_NO_ROW,
            (mtp_point){fmax(x - half, c->frame.plot.left), c->frame.plot.top},
            (mtp_point){fmin(x + half, c->frame.plot.right), bottom});
    }
}

static void draw_upper(const curve *c)
{
    const mtp_box *plot = &c->frame.plot;
    mtp_scene *scene = c->frame.scene;
    double null_value = c->made->null_value;

    if (isfinite(null_value)) {
        double y = mtp_axis_place(&c->frame.y, null_value);

        mtp_scene_line(scene, MTP_MARK_NULL, MTP_NO_ROW, (mtp_point){plot->left, y},
                       (mtp_point){plot->right, y});
    }
    mtp_frame_draw_y_ticks(&c->frame);
    mtp_scene_line(scene, MTP_MARK_AXIS, MTP_NO_ROW, (mtp_point){plot->left, plot->top},
                   (mtp_point){plot->left, plot->bottom});
    for (size_t i = 0; i < c->n; i++) {
        draw_interval(c, i);
    }
    for (size_t i = 0; i < c->n; i++) {
        draw_estimate(c, i);
    }
}

/* A row of the lower panel: a dot for each analysis with this value. */
static void draw_value(const curve *c, mtp_choice choice, const char *id, double y)
{
    mtp_text_format name = {MTP_MARK_NAME, false, MTP_ANCHOR_END};
    mtp_scene *scene = c->frame.scene;
    double left = c->frame.plot.left;

    mtp_scene_text(scene, name, MTP_NO_ROW,
                   (mtp_point){left - 6.0, y + 0.36 * text_size(MTP_MARK_NAME)}, id);
    mtp_scene_line(scene, MTP_MARK_THIN_RULE, MTP_NO_ROW, (mtp_point){left, y},
                   (mtp_point){c->frame.plot.right, y});
    for (size_t i = 0; i < c->n; i++) {
        if (strcmp(mtp_curve_choice(c->order[i], choice), id) == 0) {
            mtp_scene_circle(scene, MTP_MARK_CURVE_CHOICE, i,
                             (mtp_point){across(c, i), y}, c->radius);
        }
    }
}

/* Where the lower panel ends. */
static double lower_end(const curve *c)
{
    double y = c->frame.plot.bottom + 6.0;

    for (int choice = 0; choice < MTP_CHOICE_COUNT; choice++) {
        y += HEADING + PITCH * (double)c->made->choice[choice].n;
    }
    return y;
}

static void draw_lower(const curve *c)
{
    mtp_text_format heading = {MTP_MARK_NAME, true, MTP_ANCHOR_START};
    double y = c->frame.plot.bottom + 6.0;

    for (int choice = 0; choice < MTP_CHOICE_COUNT; choice++) {
        mtp_scene_text(c->frame.scene, heading, MTP_NO_ROW,
                       (mtp_point){MARGIN, y + HEADING - 3.5},
                       mtp_choice_label((mtp_choice)choice));
        y += HEADING;
        for (size_t i = 0; i < c->made->choice[choice].n; i++) {
            draw_value(c, (mtp_choice)choice, c->made->choice[choice].value[i].id,
                       y + 0.5 * PITCH);
            y += PITCH;
        }
    }
}

static bool some_flip(const curve *c)
{
    return c->made->intervals.flipped > 0;
}

static const char *mark_words(const curve *c)
{
    mtp_scene *scene = c->frame.scene;
    const mtp_specification *reference = &c->made->row[c->made->reference];

    return mtp_scene_printf(
        scene,
        "Analyses by rank of their estimates, with %s%% intervals. %s (%s)%s.%s%s",
        mtp_figure_level(scene, c->made->level),
        reference->rank > 0 ? "Square on a band: the chosen analysis"
                            : "The chosen analysis",
        reference->name, reference->rank > 0 ? "" : " has no answer",
        some_flip(c) ? " Open diamonds, dashed: another conclusion." : "",
        isfinite(c->made->null_value) ? " Thin line: the hypothesis." : "");
}

static void draw(const mtp_bundle *bundle, double width, mtp_scene *scene)
{
    curve c = {.bundle = bundle,
               .made = bundle->comparison,
               .frame = {.scene = scene, .width = width}};
    mtp_text_format bold = {MTP_MARK_TITLE, true, MTP_ANCHOR_START};
    mtp_text_format plain = {MTP_MARK_AXIS_TITLE, false, MTP_ANCHOR_START};
    const char *paragraph[3];
    double y;

    c.order = mtp_curve_order(scene->arena, c.made, &c.n);
    if (!c.order || !choose_axis(&c, scene->arena)) {
        scene->failed = true;
        return;
    }
    paragraph[0] = c.made->sentence ? c.made->sentence : "";
    paragraph[1] = mark_words(&c);
    paragraph[2] = mtp_figure_source(scene, bundle);
    scene->kind = "compare";
    scene->title = mtp_scene_printf(scene, "Specification curve: %s, %s, %zu analyses",
                                    bundle->measure->natural,
                                    mtp_figure_studies(scene, c.made->k), c.made->n);
    scene->description =
        mtp_scene_printf(scene, "%s. %s %s", scene->title, paragraph[0], paragraph[1]);
    y = mtp_frame_paragraph(&c.frame, bold, scene->title, MARGIN, TITLE_PITCH);
    y = mtp_frame_paragraph(&c.frame, plain, mtp_forest_natural(scene, bundle), y + 4.0,
                            12.0);
    place_panels(&c, y + 8.0);
    y = lower_end(&c);
    draw_reference_band(&c, y);
    draw_upper(&c);
    draw_lower(&c);
    mtp_frame_close(&c.frame, 3, paragraph, y);
}

mtp_scene *mtp_curve_scene(const mtp_bundle *bundle, double width)
{
    return mtp_scene_draw(bundle, width, draw);
}
