/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/axis.h"

#include <math.h>
#include <stdlib.h>

/* Beyond this a difference of two values could overflow; such values are not drawn. */
#define LARGEST_DRAWN 1e300

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

bool mtp_axis_choose(const mtp_axis_data *data, mtp_arena *arena, mtp_axis *axis)
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
    if (!(high - low > 1e-12 * fabs(middle))) { /* all the same: show where it lies */
        double half = fabs(middle) > 0.0 ? 0.5 * fabs(middle) : 0.5;

        low = isfinite(data->least) ? data->least : middle - half;
        high = fmin(middle + half, data->most);
    }
    round_outwards(data, low, high, axis);
    return true;
}

double mtp_axis_tick(const mtp_axis *axis, size_t i)
{
    return (round(axis->low / axis->step) + (double)i) * axis->step;
}

double mtp_axis_place(const mtp_axis *axis, double value)
{
    double share = (value - axis->low) / (axis->high - axis->low);

    return axis->left + fmin(fmax(share, 0.0), 1.0) * (axis->right - axis->left);
}
