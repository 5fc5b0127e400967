/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The studies of a factor's levels side by side, where they would cover each other. */
#include "plot/bubble_figure.h"

#include <math.h>
#include <stdbool.h>

#define STEP   2.0
#define GOLDEN 0.6180339887498949

static bool covers(const mtp_bubble_mark *a, const mtp_bubble_mark *b)
{
    return hypot(a->at.x - b->at.x, a->at.y - b->at.y) < a->radius + b->radius;
}

static bool is_free(size_t n, const mtp_bubble_mark mark[], const mtp_bubble_mark *at)
{
    for (size_t i = 0; i < n; i++) {
        if (covers(&mark[i], at)) {
            return false;
        }
    }
    return true;
}

void mtp_bubble_spread(size_t n, mtp_bubble_mark mark[], double room)
{
    for (size_t i = 0; i < n; i++) {
        mtp_bubble_mark *at = &mark[i];
        double middle = at->at.x, side = 1.0;
        bool found = is_free(i, mark, at);

        for (double aside = STEP; !found && aside <= room;
             aside += side > 0.0 ? STEP : 0.0) {
            at->at.x = middle + side * aside;
            found = is_free(i, mark, at);
            side = -side;
        }
        if (!found) { /* there are too many: spread evenly, as far as that goes */
            at->at.x = middle + room * (2.0 * fmod((double)i * GOLDEN, 1.0) - 1.0);
        }
    }
}
