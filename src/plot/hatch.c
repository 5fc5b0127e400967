/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/hatch.h"

#include <math.h>

#define PITCH 5.0 /* between two lines, across */

/* Neighbours differ the most: lightness (CIE L*) 22, 79, 43, 92, 62. */
static const struct {
    mtp_mark fill, text, hatch;
} fills[MTP_FILLS] = {
    {MTP_MARK_SHARE_1, MTP_MARK_SHARE_LIGHT, MTP_MARK_HATCH_LIGHT},
    {MTP_MARK_SHARE_2, MTP_MARK_SHARE_DARK, MTP_MARK_HATCH_DARK},
    {MTP_MARK_SHARE_3, MTP_MARK_SHARE_LIGHT, MTP_MARK_HATCH_LIGHT},
    {MTP_MARK_SHARE_4, MTP_MARK_SHARE_DARK, MTP_MARK_HATCH_DARK},
    {MTP_MARK_SHARE_5, MTP_MARK_SHARE_DARK, MTP_MARK_HATCH_DARK},
};

/* By which x grows when y grows by one, of the lines of each texture but the first. */
static const double slope[MTP_FILL_STYLES / MTP_FILLS] = {0.0, -1.0, 1.0, 0.0};

mtp_mark mtp_fill_mark(size_t i)
{
    return fills[i % MTP_FILLS].fill;
}

mtp_mark mtp_fill_text(size_t i)
{
    return fills[i % MTP_FILLS].text;
}

static size_t texture_of(size_t i)
{
    return i % MTP_FILL_STYLES / MTP_FILLS;
}

bool mtp_fill_is_hatched(size_t i)
{
    return texture_of(i) > 0;
}

/* The part within the box of the line through (x, top). */
static void draw_line(mtp_scene *scene, mtp_mark mark, mtp_box box, double x, double by)
{
    mtp_point from = {x, box.top};
    mtp_point to = {x + by * (box.bottom - box.top), box.bottom};

    if (by != 0.0) {
        double left = fmax(fmin(from.x, to.x), box.left);
        double right = fmin(fmax(from.x, to.x), box.right);

        if (left >= right) {
            return;
        }
        from = (mtp_point){left, box.top + (left - x) / by};
        to = (mtp_point){right, box.top + (right - x) / by};
    }
    mtp_scene_line(scene, mark, MTP_NO_ROW, from, to);
}

void mtp_scene_fill(mtp_scene *scene, size_t i, size_t row, mtp_box box)
{
    double by = slope[texture_of(i)], reach = fabs(by) * (box.bottom - box.top);

    mtp_scene_rect(scene, mtp_fill_mark(i), row, (mtp_point){box.left, box.top},
                   (mtp_point){box.right, box.bottom});
    if (!mtp_fill_is_hatched(i)) {
        return;
    }
    for (double x = box.left - reach + 0.5 * PITCH; x < box.right + reach; x += PITCH) {
        if (by != 0.0 || (x > box.left && x < box.right)) {
            draw_line(scene, fills[i % MTP_FILLS].hatch, box, x, by);
        }
    }
}
