/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of a random effect that a sum over them takes. */
#include "explain/mixed.h"

#include <math.h>

static const double MOST = 12.0;

double mtp_mixed_highest(mtp_mixed_log *log_of, const mtp_mixed *m, size_t i)
{
    enum { ROUNDS = 80 };
    double low = -MOST, high = MOST;

    for (int round = 0; round < ROUNDS; round++) {
        double a = low + (high - low) / 3.0, b = high - (high - low) / 3.0;

        if (log_of(m, i, a) < log_of(m, i, b)) {
            low = a;
        } else {
            high = b;
        }
    }
    return 0.5 * (low + high);
}

/* Minus the second derivative at the top, by differences of a width to which the
 * function's own fits: it falls by less than 1 there. */
static double bend_at(mtp_mixed_log *log_of, const mtp_mixed *m, size_t i, double best)
{
    double top = log_of(m, i, best), h = 1e-2, fall;

    do {
        h *= 0.1;
        fall = 2.0 * top - log_of(m, i, best - h) - log_of(m, i, best + h);
    } while (fall > 1.0 && h > 1e-8);
    return fall / (h * h);
}

/* Round numbers: 0.5, 0.25, 0.2, 0.1, 0.05, ... */
static double round_step(double most)
{
    double power = 1.0;

    for (int digit = 0; digit < 8; digit++) {
        if (0.5 * power <= most) {
            return 0.5 * power;
        }
        if (0.25 * power <= most) {
            return 0.25 * power;
        }
        if (0.2 * power <= most) {
            return 0.2 * power;
        }
        power /= 10.0;
    }
    return power;
}

size_t mtp_mixed_grid(mtp_mixed_log *log_of, const mtp_mixed *m, size_t i, double poles,
                      double *step, double z[MTP_NODES_MAX])
{
    static const double NEGLIGIBLE = 36.0; /* e^-36 = 2e-16 */
    double best = mtp_mixed_highest(log_of, m, i),
           low = log_of(m, i, best) - NEGLIGIBLE;
    size_t count = 0;
    double first, per;

    /* the error of the sum is about exp(-pi distance / step), 1e-16: a Poisson
     * likelihood, which is not 0 anywhere, is as hard as one with poles half as far */
    *step = round_step(
        fmin(0.5 / sqrt(fmax(bend_at(log_of, m, i, best), 1.0)), 0.085 * poles));
    per = round(1.0 /
                *step); /* whole, so that the values are the nearest to round ones */
    first = floor(best / *step);
    while ((first - 1.0) * *step >= -MOST &&
           log_of(m, i, (first - 1.0) * *step) > low) {
        first--;
    }
    for (double j = first; j * *step <= MOST && count < MTP_NODES_MAX; j++) {
        if (log_of(m, i, j * *step) > low) {
            z[count++] = j / per;
        } else if (j * *step > best) {
            break;
        }
    }
    return count;
}
