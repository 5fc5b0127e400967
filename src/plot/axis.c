/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/axis.h"

#include <math.h>
#include <stdlib.h>

/* Beyond this a difference of two values could overflow; such values are not drawn. */
#define LARGEST_DRAWN 1e300
/* As a share of the values themselves: labels of less would take many digits. */
#define SMALLEST_RANGE 1e-6

static bool is_drawn(double value)
{
    return fabs(value) <= LARGEST_DRAWN; /* false for NaN */
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Upper median; n > 0. Sorts the values. */
static double sorted_median(size_t n, double value[])
{
    qsort(value, n, sizeof value[0], compare_doubles);
    return value[n / 2];
}

/* How far a side reaches from the middle: see axis.h. sign 1: upwards, -1: downwards.
 */
static double reach(const mtp_axis_data *data, const double limit[], double middle,
                    double sign, double distance[])
{
    double must = 0.0, core, median;
    size_t n = 0;

    for (size_t i = 0; i < data->n; i++) {
        if (is_drawn(data->estimate[i])) {
            must = fmax(must, sign * (data->estimate[i] - middle));
        }
        if (is_drawn(limit[i]) && sign * (limit[i] - middle) > 0.0) {
            distance[n++] = sign * (limit[i] - middle);
        }
    }
    if (n == 0) {
        return must;
    }
    median = sorted_median(n, distance);
    core = fmin(distance[(19 * n + 19) / 20 - 1], 4.0 * median);
    core = fmax(core, must);
    return distance[n - 1] <= 1.6 * core ? fmax(distance[n - 1], must) : core;
}

/* 1, 2 or 5 times a power of ten, not below `least`. */
static double nice_step(double least)
{
    static const double factor[] = {1.0, 2.0, 5.0, 10.0};
    double power = pow(10.0, floor(log10(least)));
    size_t i = 0;

    while (i < 3 && factor[i] * power < least * (1.0 - 1e-9)) {
        i++;
    }
    return factor[i] * power;
}

/* Widen to whole steps; a bound of the scale is not overstepped. */
static void round_outwards(const mtp_axis_data *data, double low, double high,
                           mtp_axis *axis)
{
    double first, last;

    axis->step = nice_step((high - low) / 6.0);
    first = floor(low / axis->step + 1e-9);
    last = ceil(high / axis->step - 1e-9);
    last = last > first ? last : first + 1.0;
    if (last * axis->step > data->most) {
        last = floor(data->most / axis->step + 1e-9);
    }
    axis->low = first * axis->step;
    axis->high = last * axis->step;
    axis->n_ticks = (size_t)(last - first) + 1;
}

/* What the axis must hold, before its ends are rounded. */
static bool choose_range(const mtp_axis_data *data, mtp_arena *arena, double range[2])
{
    double *scratch = MTP_ARENA_ARRAY(arena, data->n, double);
    double low, high, middle = 0.0;
    size_t n = 0;

    if (!scratch) {
        return false;
    }
    for (size_t i = 0; i < data->n; i++) {
        if (is_drawn(data->estimate[i])) {
            scratch[n++] = data->estimate[i];
        }
    }
    middle = n > 0 ? sorted_median(n, scratch) : fmax(0.0, data->least);
    high = middle + reach(data, data->upper, middle, 1.0, scratch);
    low = isfinite(data->least)
              ? data->least
              : middle - reach(data, data->lower, middle, -1.0, scratch);
    high = fmin(high, data->most);
    if (!(high - low >
          SMALLEST_RANGE * fabs(middle))) { /* all the same: show where it lies */
        double half = fabs(middle) > 0.0 ? 0.5 * fabs(middle) : 0.5;

        low = isfinite(data->least) ? data->least : middle - half;
        high = fmin(middle + half, data->most);
    }
    range[0] = low;
    range[1] = high;
    return true;
}

bool mtp_axis_choose(const mtp_axis_data *data, mtp_arena *arena, mtp_axis *axis)
{
    double range[2];

    if (!choose_range(data, arena, range)) {
        return false;
    }
    *axis = (mtp_axis){.ratio = false};
    round_outwards(data, range[0], range[1], axis);
    return true;
}

enum { RATIO_TICKS = 9, PER_DECADE = 3 };

/* Logarithms of 1e-250 and 1e250: the ticks around them, 56 powers of ten apart, are
 * still numbers. */
#define LARGEST_LOG 575.6

/* Number q of 1, 2, 5, 10, 20, ...; 0 is 1, -1 is 0.5. */
static double ratio_tick(int q)
{
    static const double factor[PER_DECADE] = {1.0, 2.0, 5.0};
    int decade = q >= 0 ? q / PER_DECADE : -((PER_DECADE - 1 - q) / PER_DECADE);

    return factor[q - decade * PER_DECADE] * pow(10.0, decade);
}

/* The last tick that is not above a ratio. */
static int ratio_below(double ratio)
{
    int q = PER_DECADE * (int)floor(log10(ratio));

    while (ratio_tick(q + 1) <= ratio * (1.0 + 1e-9)) {
        q++;
    }
    return q;
}

/* Widen to ticks, of which there are not too many: else powers of ten, or every second
 * of them, ... */
static void round_ratio(double low, double high, mtp_axis *axis)
{
    int first = ratio_below(low), last = ratio_below(high), stride = 1;

    last += ratio_tick(last) < high * (1.0 - 1e-9) || last == first;
    if (last - first >= RATIO_TICKS) {
        stride = PER_DECADE * (1 + (last - first) / (PER_DECADE * RATIO_TICKS));
        first = (int)floor((double)first / stride) * stride;
        last = (int)ceil((double)last / stride) * stride;
    }
    *axis = (mtp_axis){.ratio = true};
    axis->first = first;
    axis->stride = stride;
    axis->n_ticks = (size_t)((last - first) / stride) + 1;
    axis->low = ratio_tick(first);
    axis->high = ratio_tick(last);
    axis->step = axis->low;
}

/* Natural logarithms; NaN of what is not positive. */
static const double *logarithms(size_t n, const double value[], mtp_arena *arena)
{
    double *logs = MTP_ARENA_ARRAY(arena, n, double);

    for (size_t i = 0; logs && i < n; i++) {
        logs[i] = value[i] > 0.0 ? log(value[i]) : (double)NAN;
    }
    return logs;
}

static double ratio_within(double logarithm)
{
    return exp(fmin(fmax(logarithm, -LARGEST_LOG), LARGEST_LOG));
}

bool mtp_axis_choose_ratio(const mtp_axis_data *data, mtp_arena *arena, mtp_axis *axis)
{
    mtp_axis_data logs = {data->n,
                          logarithms(data->n, data->lower, arena),
                          logarithms(data->n, data->estimate, arena),
                          logarithms(data->n, data->upper, arena),
                          -(double)INFINITY,
                          (double)INFINITY};
    double range[2];

    if (!logs.lower || !logs.estimate || !logs.upper ||
        !choose_range(&logs, arena, range)) {
        return false;
    }
    round_ratio(ratio_within(range[0]), ratio_within(range[1]), axis);
    return true;
}

double mtp_axis_coordinate(const mtp_axis *axis, double value)
{
    return axis->ratio ? log(fmax(value, 0.0)) : value;
}

/* How many steps from zero the first tick is. */
static double first_step(const mtp_axis *axis)
{
    return ceil(axis->low / axis->step - 1e-9);
}

static void step_between(mtp_axis *axis)
{
    axis->step = nice_step((axis->high - axis->low) / 6.0);
    axis->n_ticks =
        (size_t)(floor(axis->high / axis->step + 1e-9) - first_step(axis)) + 1;
}

enum { RATIO_LEAST = 3 }; /* ticks at 1, 2, 5, ... with which a range is readable */

void mtp_axis_between(double low, double high, bool ratio, mtp_axis *axis)
{
    *axis = (mtp_axis){.low = low, .high = high, .ratio = ratio};
    if (ratio) {
        int first = ratio_below(low), last = ratio_below(high);

        first += ratio_tick(first) < low * (1.0 - 1e-9);
        axis->stride = 1;
        if (last - first >= RATIO_TICKS) { /* powers of ten, or every second of them */
            axis->stride =
                PER_DECADE * (1 + (last - first) / (PER_DECADE * RATIO_TICKS));
            first = (int)ceil((double)first / PER_DECADE) * PER_DECADE;
        }
        axis->first = first;
        axis->n_ticks = last < first ? 0 : (size_t)((last - first) / axis->stride) + 1;
        axis->step = ratio_tick(first);
        axis->even = axis->n_ticks < RATIO_LEAST;
    }
    if (!ratio || axis->even) {
        step_between(axis);
    }
}

double mtp_axis_tick(const mtp_axis *axis, size_t i)
{
    if (axis->ratio && !axis->even) {
        return ratio_tick(axis->first + (int)i * axis->stride);
    }
    return (first_step(axis) + (double)i) * axis->step;
}

double mtp_axis_place(const mtp_axis *axis, double value)
{
    double low = mtp_axis_coordinate(axis, axis->low);
    double high = mtp_axis_coordinate(axis, axis->high);
    double share = (mtp_axis_coordinate(axis, value) - low) / (high - low);

    return axis->left + fmin(fmax(share, 0.0), 1.0) * (axis->right - axis->left);
}
