/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/radial_arc.h"

#include "plot/forest_text.h"

#include <math.h>
#include <string.h>

#define GAP        10.0 /* between the farthest study and the arc */
#define TICK       4.0
#define LABEL_GAP  3.0
#define EDGE       6.0  /* of the plot area, above and below the arc's ends */
#define STEEPEST   1.4  /* of a line to the arc, in the picture: labels beside it fit */
#define WIDE_RANGE 20.0 /* of natural values: ticks at 1, 2, 5, 10, ... */

enum { STEPS = 64 };

static double text_size(void)
{
    return mtp_mark_get(MTP_MARK_TICK_LABEL)->text_size;
}

/* Height of the plot area by its width, for one unit of z by one unit of x. */
static double aspect(const mtp_frame *frame)
{
    return MTP_FRAME_SHAPE * frame->x.high / (frame->y.high - frame->y.low);
}

double mtp_radial_reach(const mtp_frame *frame, double x, double z)
{
    return hypot(x, aspect(frame) * z) / frame->x.high;
}

/* The slope of the line that leaves the plot area by its upper (or lower) end, z = end,
 * where it meets the arc. */
static double steepest(const mtp_frame *frame, double end, double reach)
{
    double sine = fabs(end) * aspect(frame) / (frame->x.high * reach);
    double tangent = sine < 1.0 ? sine / sqrt(1.0 - sine * sine) : STEEPEST;

    return copysign(fmin(tangent, STEEPEST), end) / aspect(frame);
}

static double back(const mtp_radial_arc *arc, double effect)
{
    return arc->natural ? mtp_back_transform(arc->bundle->measure->measure, effect,
                                             arc->ft_n, NULL)
                        : effect;
}

static double tick_effect(const mtp_radial_arc *arc, size_t i)
{
    double value = mtp_axis_tick(&arc->ticks, i);

    return arc->natural
               ? mtp_forward_transform(arc->bundle->measure->measure, value, arc->ft_n)
               : value;
}

static void choose_ticks(mtp_radial_arc *arc)
{
    const mtp_measure_info *measure = arc->bundle->measure;
    double low, high;

    arc->natural = strcmp(measure->inverse, "none") != 0;
    arc->ft_n = arc->bundle->pool->overall.random.back.ft_n;
    low = back(arc, arc->least);
    high = back(arc, arc->most);
    if (!(low < high && isfinite(high))) {
        arc->natural = false;
        low = arc->least;
        high = arc->most;
    }
    mtp_axis_between(
        low, high,
        arc->natural && low > 0.0 &&
            (strcmp(measure->inverse, "exponential") == 0 || high / low > WIDE_RANGE),
        &arc->ticks);
}

void mtp_radial_arc_choose(mtp_radial_arc *arc, const mtp_frame *frame, size_t n,
                           const double effect[], double reach)
{
    double lowest = steepest(frame, frame->y.low, reach);
    double highest = steepest(frame, frame->y.high, reach);

    arc->least = highest;
    arc->most = lowest;
    for (size_t i = 0; i < n; i++) {
        arc->least = fmin(arc->least, fmax(effect[i], lowest));
        arc->most = fmax(arc->most, fmin(effect[i], highest));
    }
    choose_ticks(arc);
}

static double widest_label(const mtp_radial_arc *arc, mtp_scene *scene)
{
    double widest = 0.0;

    for (size_t i = 0; i < arc->ticks.n_ticks; i++) {
        widest = fmax(widest, mtp_text_width(mtp_figure_tick(scene, &arc->ticks, i),
                                             text_size(), false));
    }
    return widest;
}

/* Its rightmost point: the cosine of the line nearest to the horizontal. */
static double largest_cosine(const mtp_radial_arc *arc, const mtp_frame *frame)
{
    double flattest = arc->least <= 0.0 && arc->most >= 0.0
                          ? 0.0
                          : fmin(fabs(arc->least), fabs(arc->most));

    return 1.0 / hypot(1.0, flattest * aspect(frame));
}

void mtp_radial_arc_open(mtp_radial_arc *arc, mtp_frame *frame, double reach)
{
    double beside = GAP + TICK + LABEL_GAP + widest_label(arc, frame->scene);
    double width;

    mtp_frame_open(frame, frame->scene->title);
    width = frame->plot.right - frame->plot.left - beside;
    width /= fmax(reach * largest_cosine(arc, frame), 1.0);
    mtp_frame_set_width(frame, width);
    arc->radius = reach * width + GAP;
    arc->origin = mtp_frame_place(frame, 0.0, 0.0);
}

/* The point at a distance from the origin on the line whose slope is an effect. */
static mtp_point at_distance(const mtp_radial_arc *arc, const mtp_frame *frame,
                             double effect, double distance)
{
    double rise = effect * aspect(frame), length = hypot(1.0, rise);

    return (mtp_point){arc->origin.x + distance / length,
                       arc->origin.y - distance * rise / length};
}

/* The picture's line y = a + b x from the origin on: the root x > 0 of
 * x^2 + (a + b x)^2 = radius^2. */
mtp_point mtp_radial_arc_meet(const mtp_radial_arc *arc, const mtp_frame *frame,
                              double intercept, double slope)
{
    double unit =
        (frame->plot.bottom - frame->plot.top) / (frame->y.high - frame->y.low);
    double a = intercept * unit, b = slope * aspect(frame);
    double top = arc->origin.y - frame->plot.top;
    double bottom = arc->origin.y - frame->plot.bottom;
    double root = sqrt(fmax((1.0 + b * b) * arc->radius * arc->radius - a * a, 0.0));
    double x = fmax((root - a * b) / (1.0 + b * b), 0.0), y = a + b * x;

    if (b != 0.0 && (y > top || y < bottom)) {
        y = fmin(fmax(y, bottom), top);
        x = fmax((y - a) / b, 0.0);
    }
    return (mtp_point){arc->origin.x + x, arc->origin.y - y};
}

static bool has_room(const mtp_frame *frame, mtp_point at)
{
    return at.y >= frame->plot.top + EDGE && at.y <= frame->plot.bottom - EDGE;
}

static void draw_ticks(const mtp_radial_arc *arc, const mtp_frame *frame)
{
    mtp_text_format format = {MTP_MARK_TICK_LABEL, false, MTP_ANCHOR_START};
    mtp_scene *scene = frame->scene;
    double last = (double)INFINITY;

    for (size_t i = 0; i < arc->ticks.n_ticks; i++) {
        double effect = tick_effect(arc, i);
        mtp_point at = at_distance(arc, frame, effect, arc->radius);
        mtp_point end = at_distance(arc, frame, effect, arc->radius + TICK);

        if (!(isfinite(effect) && has_room(frame, at))) {
            continue;
        }
        mtp_scene_line(scene, MTP_MARK_TICK, MTP_NO_ROW, at, end);
        if (fabs(last - end.y) > 1.3 * text_size()) {
            last = end.y;
            mtp_scene_text(scene, format, MTP_NO_ROW,
                           (mtp_point){end.x + LABEL_GAP, end.y + 0.36 * text_size()},
                           mtp_figure_tick(scene, &arc->ticks, i));
        }
    }
}

void mtp_radial_arc_draw(const mtp_radial_arc *arc, const mtp_frame *frame)
{
    double from = atan(arc->least * aspect(frame));
    double to = atan(arc->most * aspect(frame));
    mtp_point point[STEPS + 1];
    size_t n = 0;

    for (int i = 0; i <= STEPS; i++) {
        double angle = from + (to - from) * i / STEPS;
        mtp_point at = {arc->origin.x + arc->radius * cos(angle),
                        arc->origin.y - arc->radius * sin(angle)};

        if (has_room(frame, at)) {
            point[n++] = at;
        }
    }
    mtp_scene_path(frame->scene, MTP_MARK_AXIS, MTP_NO_ROW, n, point);
    draw_ticks(arc, frame);
}
