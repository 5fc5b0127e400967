/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bias/kendall.h"

#include "core/error.h"

#include <math.h>

static int sign_of(double a, double b)
{
    return (a > b) - (a < b);
}

/* Sums over the groups of t equal values: of t (t - 1), t (t - 1) (2 t + 5), and
 * t (t - 1) (t - 2). */
typedef struct tie_sums {
    double two, five, three;
} tie_sums;

/* An element of a group of t adds a t-th of the group's terms. */
static void add_ties(tie_sums *sums, double t)
{
    sums->two += t - 1.0;
    sums->five += (t - 1.0) * (2.0 * t + 5.0);
    sums->three += (t - 1.0) * (t - 2.0);
}

static double variance_of(double n, const tie_sums *x, const tie_sums *y)
{
    double v = (n * (n - 1.0) * (2.0 * n + 5.0) - x->five - y->five) / 18.0;

    v += x->two * y->two / (2.0 * n * (n - 1.0));
    return n > 2.0 ? v + x->three * y->three / (9.0 * n * (n - 1.0) * (n - 2.0)) : v;
}

mtp_kendall mtp_kendall_of(size_t n, const double x[], const double y[])
{
    mtp_kendall made = {0};
    tie_sums tx = {0}, ty = {0};
    double size = (double)n, pairs = size * (size - 1.0);

    for (size_t i = 0; i < n; i++) {
        size_t same_x = 0, same_y = 0;

        for (size_t j = 0; j < n; j++) {
            int sx = sign_of(x[i], x[j]), sy = sign_of(y[i], y[j]);

            same_x += sx == 0;
            same_y += sy == 0;
            if (j < i) {
                made.score += sx * sy;
                made.discordant += sx * sy < 0;
            }
        }
        add_ties(&tx, (double)same_x);
        add_ties(&ty, (double)same_y);
    }
    made.ties = tx.two + ty.two > 0.0;
    made.variance = variance_of(size, &tx, &ty);
    made.tau = tx.two < pairs && ty.two < pairs
                   ? 2.0 * made.score / sqrt((pairs - tx.two) * (pairs - ty.two))
                   : (double)NAN;
    return made;
}

/* From the shares of permutations of i - 1 with j inversions to those of i, j <= most.
 * The i-th element makes 0 to i - 1 more, each as likely. */
static void add_element(size_t i, size_t most, const double from[], double to[])
{
    double window = 0.0;

    for (size_t j = 0; j <= most; j++) {
        window += from[j];
        if (j >= i) {
            window -= from[j - i];
        }
        to[j] = window / (double)i;
    }
}

/* Shares below 1e-200 of 1 would soon be none: the largest is kept near 1. */
static int rescale(size_t most, double p[])
{
    double largest = 0.0;
    int exponent;

    for (size_t j = 0; j <= most; j++) {
        largest = p[j] > largest ? p[j] : largest;
    }
    if (largest > 1e-200) {
        return 0;
    }
    (void)frexp(largest, &exponent);
    for (size_t j = 0; j <= most; j++) {
        p[j] = ldexp(p[j], -exponent);
    }
    return exponent;
}

mtp_status mtp_kendall_exact(size_t n, double discordant, mtp_arena *scratch,
                             mtp_tail *p, mtp_error *err)
{
    double pairs = (double)n * ((double)n - 1.0) / 2.0, tail = 0.0, log_tail;
    size_t most = (size_t)fmin(discordant, pairs - discordant);
    mtp_arena_mark mark = mtp_arena_save(scratch);
    double *from = mtp_arena_zalloc(scratch, most + 1, sizeof *from);
    double *to = mtp_arena_zalloc(scratch, most + 1, sizeof *to);
    int exponent = 0;

    if (!from || !to) {
        mtp_arena_release(scratch, mark);
        return mtp_fail_nomem(err);
    }
    from[0] = 1.0;
    for (size_t i = 2; i <= n; i++) {
        size_t highest = i * (i - 1) / 2, last = highest < most ? highest : most;
        double *old = from;

        add_element(i, last, from, to); /* beyond, both are 0 */
        from = to;
        to = old;
        exponent += rescale(last, from);
    }
    for (size_t j = 0; j <= most; j++) {
        tail += from[j];
    }
    mtp_arena_release(scratch, mark);
    log_tail = log(2.0 * tail) + exponent * log(2.0);
    p->p = fmin(1.0, ldexp(2.0 * tail, exponent));
    p->log_p = fmin(0.0, log_tail);
    return MTP_OK;
}
