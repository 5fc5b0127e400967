/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_AXIS_H
#define MTP_PLOT_AXIS_H

#include "core/arena.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * An axis from a rounded value to a rounded value, with ticks between: linear, or of
 * logarithms for ratios.
 */
typedef struct mtp_axis {
    double low, high;   /* multiples of step, low < high */
    double step;        /* 1, 2 or 5 times a power of ten */
    size_t n_ticks;     /* at low, low + step, ..., high */
    bool ratio;         /* of logarithms: ticks at 1, 2, 5 times powers of ten */
    int first, stride;  /* ratio: the first tick's number in 1, 2, 5, 10, 20, ..., and
                           how many numbers apart they are */
    bool even;          /* ratio: ticks a step apart all the same */
    double left, right; /* of the picture, in points; set by the caller */
} mtp_axis;

/** What an axis is chosen from; NaN and infinite values are passed over. */
typedef struct mtp_axis_data {
    size_t n;
    const double *lower, *estimate, *upper; /* [n] */
    double least, most; /* the scale's own bounds; infinite: none. A finite least is
                           where the axis begins */
} mtp_axis_data;

/**
 * Choose an axis that holds every estimate and, as long as they do not squeeze the rest
 * together, every limit; the few limits that lie beyond it are drawn as arrows.
 *
 * A side reaches to the farthest estimate, and to the limits on that side of the median
 * estimate up to their 95 % quantile or four times their median distance, whichever is
 * nearer; where 1.6 times that is enough for all limits, it holds them all.
 * @return false when memory is exhausted
 */
bool mtp_axis_choose(const mtp_axis_data *data, mtp_arena *arena, mtp_axis *axis);

/** The same for ratios: the rule above is for logarithms, and a ratio or limit that is
 * not positive is passed over. */
bool mtp_axis_choose_ratio(const mtp_axis_data *data, mtp_arena *arena, mtp_axis *axis);

/** An axis from `low` to `high`, which are drawn as they are, with ticks between.
 * @param ratio  of logarithms; low > 0 */
void mtp_axis_between(double low, double high, bool ratio, mtp_axis *axis);

/** What is proportional to the place: the value, or its logarithm. */
double mtp_axis_coordinate(const mtp_axis *axis, double value);

/** Value of tick i, exact to the last digit of its text. */
double mtp_axis_tick(const mtp_axis *axis, size_t i);

/** Place of a value in points; values beyond the ends are put at the ends. */
double mtp_axis_place(const mtp_axis *axis, double value);

#endif
