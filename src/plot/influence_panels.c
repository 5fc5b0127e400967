/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The panels of an influence plot: the studies across, by their numbers, and upwards
 * one diagnostic each. */
#include "plot/influence_panels.h"

#include "plot/forest_text.h"

#include <math.h>
#include <string.h>

#define TWO_COLUMNS 320.0 /* page width from which two panels stand side by side */
#define GUTTER      14.0
#define PANEL_TITLE 19.0 /* above a panel; below: the study numbers */
#define PANEL_FOOT  15.0
#define PANEL_SHAPE 0.5 /* height of a panel by its width */
#define TALLEST     80.0
#define TICK_LENGTH 3.0
#define FAR_CUT     4.0 /* a cut-off so many times farther than any study is not drawn */

enum { MOST_CIRCLES = 100 }; /* studies up to which each has a circle */

/* clang-format off */
#define PANEL(field, title, zero) \
    {title, zero, -1, false, offsetof(mtp_study_influence, field)},
/* clang-format on */
static const mtp_influence_panel plain[] = {MTP_INFLUENCE_PANEL_LIST(PANEL)};
#undef PANEL

static double figure_of(const mtp_influence_panels *f, size_t panel, size_t study)
{
    double value;

    memcpy(&value, (const char *)&f->made->study[study] + f->kind[panel].offset,
           sizeof value);
    return value;
}

static double text_size(mtp_mark mark)
{
    return mtp_mark_get(mark)->text_size;
}

/* The panels: what all studies together have, and what makes a study influential. */

static void set_rule(mtp_influence_panels *f, size_t panel, mtp_influence_rule rule)
{
    f->kind[panel].rule = (int)rule;
    f->kind[panel].both_sides = rule == MTP_INFLUENCE_DFFITS;
    f->cut[panel] = mtp_influence_cutoff(rule, f->made->k, f->made->p);
}

static void set_lines(mtp_influence_panels *f)
{
    double k = (double)f->made->k, p = (double)f->made->p;

    memcpy(f->kind, plain, sizeof plain);
    for (size_t i = 0; i < MTP_INFLUENCE_PANELS; i++) {
        f->cut[i] = f->reference[i] = (double)NAN;
        switch (f->kind[i].offset) {
        case offsetof(mtp_study_influence, dffits):
            set_rule(f, i, MTP_INFLUENCE_DFFITS);
            f->reference[i] = 0.0;
            break;
        case offsetof(mtp_study_influence, cooks_d):
            set_rule(f, i, MTP_INFLUENCE_COOKS_D);
            break;
        case offsetof(mtp_study_influence, hat):
            set_rule(f, i, MTP_INFLUENCE_HAT);
            f->reference[i] = p / k;
            break;
        case offsetof(mtp_study_influence, rstudent):
            f->reference[i] = 0.0;
            break;
        case offsetof(mtp_study_influence, cov_r):
            f->reference[i] = 1.0;
            break;
        case offsetof(mtp_study_influence, tau2_del):
            f->reference[i] = f->made->tau2;
            break;
        case offsetof(mtp_study_influence, Q_del):
            f->reference[i] = f->made->Q;
            break;
        default: /* weight */
            f->reference[i] = 100.0 / k;
            break;
        }
    }
}

static bool choose_axis(mtp_influence_panels *f, size_t panel)
{
    mtp_arena *arena = f->scene->arena;
    size_t k = f->made->k, n = k + 3;
    double *value = MTP_ARENA_ARRAY(arena, n, double);
    double *none = MTP_ARENA_ARRAY(arena, n, double);
    double largest = 0.0, cut = f->cut[panel];
    mtp_axis_data data = {n,
                          none,
                          value,
                          none,
                          f->kind[panel].from_zero ? 0.0 : -(double)INFINITY,
                          (double)INFINITY};

    if (!value || !none) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        none[i] = (double)NAN;
        value[i] = i < k ? figure_of(f, panel, i) : (double)NAN;
        largest = isfinite(value[i]) ? fmax(largest, fabs(value[i])) : largest;
    }
    f->cut_drawn[panel] = isfinite(cut) && cut <= FAR_CUT * largest;
    value[k] = f->reference[panel];
    value[k + 1] = f->cut_drawn[panel] ? cut : (double)NAN;
    value[k + 2] =
        f->cut_drawn[panel] && f->kind[panel].both_sides ? -cut : (double)NAN;
    return mtp_axis_choose(&data, arena, &f->panel[panel].y);
}

bool mtp_influence_choose_panels(mtp_influence_panels *f,
                                 const mtp_influence_result *made, double width,
                                 mtp_scene *scene)
{
    *f = (mtp_influence_panels){.made = made, .scene = scene, .width = width};
    set_lines(f);
    for (size_t i = 0; i < MTP_INFLUENCE_PANELS; i++) {
        if (!choose_axis(f, i)) {
            return false;
        }
    }
    return true;
}

/* Layout */

static size_t columns_of(const mtp_influence_panels *f)
{
    return f->width >= TWO_COLUMNS ? 2 : 1;
}

/* Room for the labels of the vertical axes of a column of panels. */
static double label_width(const mtp_influence_panels *f, size_t column)
{
    double widest = 0.0;

    for (size_t i = column; i < MTP_INFLUENCE_PANELS; i += columns_of(f)) {
        const mtp_axis *axis = &f->panel[i].y;

        for (size_t t = 0; t < axis->n_ticks; t++) {
            widest =
                fmax(widest, mtp_text_width(mtp_figure_tick(f->scene, axis, t),
                                            text_size(MTP_MARK_TICK_LABEL), false));
        }
    }
    return widest + 8.0;
}

double mtp_influence_place_panels(mtp_influence_panels *f, double y)
{
    size_t columns = columns_of(f);
    double room = (f->width - 2.0 * MTP_FRAME_MARGIN - (double)(columns - 1) * GUTTER) /
                  (double)columns;
    double height = fmin(PANEL_SHAPE * room, TALLEST);

    for (size_t i = 0; i < MTP_INFLUENCE_PANELS; i++) {
        mtp_frame *panel = &f->panel[i];
        double left = MTP_FRAME_MARGIN + (double)(i % columns) * (room + GUTTER);
        double top = y + (double)(i / columns) * (PANEL_TITLE + height + PANEL_FOOT);

        panel->scene = f->scene;
        panel->width = f->width;
        panel->plot = (mtp_box){left + label_width(f, i % columns), top + PANEL_TITLE,
                                left + room, top + PANEL_TITLE + height};
        panel->y.left = panel->plot.bottom;
        panel->y.right = panel->plot.top;
        panel->x = (mtp_axis){.low = 0.5,
                              .high = (double)f->made->k + 0.5,
                              .left = panel->plot.left,
                              .right = panel->plot.right};
    }
    return f->panel[MTP_INFLUENCE_PANELS - 1].plot.bottom + PANEL_FOOT;
}

/* Drawing */

static const char *panel_title(const mtp_influence_panels *f, size_t panel)
{
    double cut = f->cut[panel];

    return !isfinite(cut)
               ? f->kind[panel].title
               : mtp_scene_printf(
                     f->scene, "%s, cut-off %s%s%s", f->kind[panel].title,
                     f->kind[panel].both_sides ? "\xC2\xB1" : "",
                     mtp_figure_number(f->scene, cut, MTP_FIGURE_SIGNIFICANT),
                     f->cut_drawn[panel] ? "" : " (beyond)");
}

static void draw_level(const mtp_influence_panels *f, size_t panel, mtp_mark mark,
                       double value)
{
    const mtp_frame *frame = &f->panel[panel];
    double y = mtp_axis_place(&frame->y, value);

    mtp_scene_line(f->scene, mark, MTP_NO_ROW, (mtp_point){frame->plot.left, y},
                   (mtp_point){frame->plot.right, y});
}

static void draw_levels(const mtp_influence_panels *f, size_t panel)
{
    if (isfinite(f->reference[panel])) {
        draw_level(f, panel, MTP_MARK_NULL, f->reference[panel]);
    }
    if (f->cut_drawn[panel]) {
        draw_level(f, panel, MTP_MARK_LIMIT, f->cut[panel]);
        if (f->kind[panel].both_sides) {
            draw_level(f, panel, MTP_MARK_LIMIT, -f->cut[panel]);
        }
    }
}

/* Every how many studies there is room for a number: 1, 2, 5, 10, ... */
static size_t number_stride(const mtp_influence_panels *f)
{
    static const size_t factor[] = {2, 5, 10};
    const mtp_box *plot = &f->panel[0].plot;
    size_t k = f->made->k, power = 1, stride = 1;
    double widest = mtp_text_width(mtp_scene_printf(f->scene, "%zu", k),
                                   text_size(MTP_MARK_TICK_LABEL), false) +
                    5.0;

    for (size_t i = 0; (plot->right - plot->left) * (double)stride / (double)k < widest;
         i++) {
        stride = factor[i % 3] * power;
        power *= i % 3 == 2 ? 10 : 1;
    }
    return stride;
}

static void draw_numbers(const mtp_influence_panels *f, size_t panel, size_t stride)
{
    mtp_text_format label = {MTP_MARK_TICK_LABEL, false, MTP_ANCHOR_MIDDLE};
    const mtp_frame *frame = &f->panel[panel];
    double y = frame->plot.bottom;

    for (size_t i = stride; i <= f->made->k; i += stride) {
        double x = mtp_axis_place(&frame->x, (double)i);

        mtp_scene_line(f->scene, MTP_MARK_TICK, MTP_NO_ROW, (mtp_point){x, y},
                       (mtp_point){x, y + TICK_LENGTH});
        mtp_scene_text(f->scene, label, MTP_NO_ROW, (mtp_point){x, y + 11.0},
                       mtp_scene_printf(f->scene, "%zu", i));
    }
}

static mtp_point place(const mtp_influence_panels *f, size_t panel, size_t study)
{
    return mtp_frame_place(&f->panel[panel], (double)study + 1.0,
                           figure_of(f, panel, study));
}

/* From study to study; broken where one has no such figure. */
static void draw_trace(const mtp_influence_panels *f, size_t panel)
{
    size_t k = f->made->k, n = 0;
    mtp_point *path = MTP_ARENA_ARRAY(f->scene->arena, k + 1, mtp_point);

    if (!path) {
        f->scene->failed = true;
        return;
    }
    for (size_t i = 0; i <= k; i++) {
        if (i < k && isfinite(figure_of(f, panel, i))) {
            path[n++] = place(f, panel, i);
        } else {
            mtp_scene_path(f->scene, MTP_MARK_TRACE, MTP_NO_ROW, n, path);
            n = 0;
        }
    }
}

static double radius_of(const mtp_influence_panels *f)
{
    return 0.7 * mtp_frame_radius(f->made->k);
}

static void draw_studies(const mtp_influence_panels *f, size_t panel)
{
    size_t k = f->made->k;
    double radius = radius_of(f);

    draw_trace(f, panel);
    for (size_t pass = 0; pass < 2; pass++) { /* those that matter come last */
        for (size_t i = 0; i < k; i++) {
            bool marked = f->made->study[i].influential;

            if (marked == (pass == 1) && (marked || k <= MOST_CIRCLES) &&
                isfinite(figure_of(f, panel, i))) {
                mtp_scene_circle(f->scene,
                                 marked ? MTP_MARK_INFLUENTIAL : MTP_MARK_STUDY, i,
                                 place(f, panel, i), marked ? 1.3 * radius : radius);
            }
        }
    }
    for (size_t i = 0; i < k; i++) {
        if (f->made->study[i].influential && isfinite(figure_of(f, panel, i))) {
            mtp_frame_label(&f->panel[panel], i, place(f, panel, i), 1.3 * radius,
                            mtp_scene_printf(f->scene, "%zu", i + 1));
        }
    }
}

static void draw_panel(const mtp_influence_panels *f, size_t panel, size_t stride)
{
    mtp_text_format title = {MTP_MARK_KEY, false, MTP_ANCHOR_START};
    const mtp_box *plot = &f->panel[panel].plot;

    mtp_scene_text(f->scene, title, MTP_NO_ROW,
                   (mtp_point){plot->left - label_width(f, panel % columns_of(f)),
                               plot->top - 7.0},
                   panel_title(f, panel));
    draw_levels(f, panel);
    mtp_scene_rect(f->scene, MTP_MARK_FRAME, MTP_NO_ROW,
                   (mtp_point){plot->left, plot->top},
                   (mtp_point){plot->right, plot->bottom});
    mtp_frame_draw_y_ticks(&f->panel[panel]);
    draw_numbers(f, panel, stride);
    draw_studies(f, panel);
}

void mtp_influence_draw_panels(const mtp_influence_panels *f)
{
    size_t stride = number_stride(f);

    for (size_t i = 0; i < MTP_INFLUENCE_PANELS; i++) {
        draw_panel(f, i, stride);
    }
}
