/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensitivity/gosh_summary.h"

#include "sensitivity/gosh_subset.h"

#include <math.h>
#include <string.h>

static void enter(const mtp_gosh_fit *fit, double centre, mtp_gosh_sums *sums)
{
    double moved = fit->estimate - centre;

    sums->n += 1.0;
    sums->moved += moved;
    sums->square += moved * moved;
    sums->tau2 += fit->tau2;
    sums->I2 += fit->I2;
}

void mtp_gosh_sum(size_t k, double centre, size_t n, const mtp_gosh_fit fit[],
                  mtp_gosh_sums sums[])
{
    memset(sums, 0, (k + 1) * sizeof *sums);
    for (size_t f = 0; f < n; f++) {
        if (fit[f].k < 2 || isnan(fit[f].estimate)) {
            continue;
        }
        enter(&fit[f], centre, &sums[0]);
        for (size_t i = 0; i < k; i++) {
            if (mtp_gosh_has(fit[f].included, i)) {
                enter(&fit[f], centre, &sums[1 + i]);
            }
        }
    }
}

static void add(mtp_dd *total, double sum)
{
    *total = mtp_dd_add(*total, mtp_dd_from(sum));
}

void mtp_gosh_add(size_t k, const mtp_gosh_sums sums[], mtp_gosh_totals totals[])
{
    for (size_t i = 0; i <= k; i++) {
        add(&totals[i].n, sums[i].n);
        add(&totals[i].moved, sums[i].moved);
        add(&totals[i].square, sums[i].square);
        add(&totals[i].tau2, sums[i].tau2);
        add(&totals[i].I2, sums[i].I2);
    }
}

static mtp_gosh_totals less(const mtp_gosh_totals *a, const mtp_gosh_totals *b)
{
    return (mtp_gosh_totals){.n = mtp_dd_sub(a->n, b->n),
                             .moved = mtp_dd_sub(a->moved, b->moved),
                             .square = mtp_dd_sub(a->square, b->square),
                             .tau2 = mtp_dd_sub(a->tau2, b->tau2),
                             .I2 = mtp_dd_sub(a->I2, b->I2)};
}

static mtp_gosh_mean mean_of(const mtp_gosh_totals *t, double centre)
{
    const double none = (double)NAN;
    mtp_dd mean, square;
    mtp_gosh_mean made = {(uint64_t)t->n.hi, none, none, none, none};

    if (!(t->n.hi > 0.0)) {
        return made;
    }
    mean = mtp_dd_div(t->moved, t->n);
    made.estimate = mtp_dd_to(mtp_dd_add(mtp_dd_from(centre), mean));
    made.tau2 = mtp_dd_to(mtp_dd_div(t->tau2, t->n));
    made.I2 = mtp_dd_to(mtp_dd_div(t->I2, t->n));
    square = mtp_dd_sub(t->square, mtp_dd_mul(mean, t->moved));
    if (t->n.hi > 1.0) {
        made.estimate_sd = sqrt(fmax(0.0, mtp_dd_to(square)) / (t->n.hi - 1.0));
    }
    return made;
}

static bool is_lower(const mtp_gosh_mean *a, const mtp_gosh_mean *b)
{
    return a->I2 < b->I2 || (a->I2 <= b->I2 && a->tau2 < b->tau2);
}

void mtp_gosh_summarize(size_t k, double centre, const mtp_gosh_totals totals[],
                        mtp_gosh_result *result, mtp_gosh_mean with[],
                        mtp_gosh_mean without[])
{
    result->all = mean_of(&totals[0], centre);
    result->outlier = 0;
    for (size_t i = 0; i < k; i++) {
        mtp_gosh_totals rest = less(&totals[0], &totals[1 + i]);

        with[i] = mean_of(&totals[1 + i], centre);
        without[i] = mean_of(&rest, centre);
        if (is_lower(&without[i], &without[result->outlier])) {
            result->outlier = i;
        }
    }
    result->with = with;
    result->without = without;
}
