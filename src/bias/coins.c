/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bias/coins.h"

#include <math.h>

/* Below this a probability may have lost parts that underflowed. */
static const double tiny = 1e-250;

/* Probabilities that differ by less, relatively, count as the same. */
static const double same = 1e-7;

/* log(exp(a) + exp(b)). */
static double log_add(double a, double b)
{
    double high = fmax(a, b), low = fmin(a, b);

    return isinf(low) ? high : high + log1p(exp(low - high));
}

static void convolve(size_t k, const mtp_coin coin[], double f[])
{
    f[0] = 1.0;
    for (size_t i = 0; i < k; i++) {
        f[i + 1] = f[i] * coin[i].yes.p;
        for (size_t j = i; j > 0; j--) {
            f[j] = f[j] * coin[i].no.p + f[j - 1] * coin[i].yes.p;
        }
        f[0] *= coin[i].no.p;
    }
}

static void convolve_logs(size_t k, const mtp_coin coin[], double f[])
{
    f[0] = 0.0;
    for (size_t i = 0; i < k; i++) {
        f[i + 1] = f[i] + coin[i].yes.log_p;
        for (size_t j = i; j > 0; j--) {
            f[j] = log_add(f[j] + coin[i].no.log_p, f[j - 1] + coin[i].yes.log_p);
        }
        f[0] += coin[i].no.log_p;
    }
}

void mtp_coins_probabilities(size_t k, const mtp_coin coin[], size_t x, double log_f[])
{
    convolve(k, coin, log_f);
    if (log_f[x] < tiny) {
        convolve_logs(k, coin, log_f);
        return;
    }
    for (size_t j = 0; j <= k; j++) {
        log_f[j] = log(log_f[j]);
    }
}

void mtp_binomial_probabilities(size_t k, double yes, double no, double log_f[])
{
    for (size_t j = 0; j <= k; j++) {
        bool possible = (yes > 0.0 || j == 0) && (no > 0.0 || j == k);

        log_f[j] = possible ? 0.0 : -(double)INFINITY;
        if (yes > 0.0 && no > 0.0) {
            log_f[j] = mtp_log_binomial((double)j, (double)k, yes, no);
        }
    }
}

mtp_tail mtp_count_test(size_t k, const double log_f[], size_t x, mtp_tails tails)
{
    double top = -(double)INFINITY, sum = 0.0, log_p;
    bool all = true;

    for (int pass = 0; pass < 2; pass++) {
        for (size_t j = 0; j <= k; j++) {
            bool in = tails == MTP_TAILS_GREATER ? j >= x
                      : tails == MTP_TAILS_LESS  ? j <= x
                                                 : log_f[j] <= log_f[x] + same;

            all &= in;
            if (in && pass == 0) {
                top = fmax(top, log_f[j]);
            } else if (in && !isinf(log_f[j])) {
                sum += exp(log_f[j] - top);
            }
        }
    }
    if (all) {
        return (mtp_tail){1.0, 0.0};
    }
    log_p = fmin(0.0, top + log(sum));
    return (mtp_tail){exp(log_p), log_p};
}
