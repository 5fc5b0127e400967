/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/quadrature.h"

#include "num/logdd.h"

#include <math.h>
#include <stdbool.h>

/*
 * The nodes are the eigenvalues of the symmetric tridiagonal matrix with zero diagonal
 * and squared off-diagonal k / 2 (Golub & Welsch 1969), which is the recurrence of the
 * monic Hermite polynomials p_{k+1} = x p_k - (k / 2) p_{k-1}.
 */

/* How many eigenvalues lie below x: the signs of the pivots (Sturm's sequence). */
static int nodes_below(int n, double x)
{
    double pivot = -x;
    int count = pivot < 0.0;

    for (int k = 1; k < n; k++) {
        pivot = -x - 0.5 * k / (pivot == 0.0 ? 1e-300 : pivot);
        count += pivot < 0.0;
    }
    return count;
}

/* The node with `rank` nodes below it, by bisection to the basin of Newton's method. */
static double rough_node(int n, int rank)
{
    double low = 0.0, high = sqrt(2.0 * n + 1.0); /* bound: Szego (1939), 6.32 */

    while (high - low > 1e-4) {
        double x = 0.5 * (low + high);

        if (nodes_below(n, x) > rank) {
            high = x;
        } else {
            low = x;
        }
    }
    return 0.5 * (low + high);
}

/* p_n(x) and p_{n-1}(x). */
static mtp_dd monic_hermite(int n, mtp_dd x, mtp_dd *previous)
{
    mtp_dd p = mtp_dd_from(1.0), next;

    *previous = mtp_dd_from(0.0);
    for (int k = 0; k < n; k++) {
        next = mtp_dd_sub(mtp_dd_mul(x, p), mtp_dd_mul_d(*previous, 0.5 * k));
        *previous = p;
        p = next;
    }
    return p;
}

/* Newton with p_n' = n p_{n-1}: 1e-4, 1e-7, 1e-13, 1e-25. */
static mtp_dd polished_node(int n, double start)
{
    mtp_dd x = mtp_dd_from(start), p, previous;

    for (int i = 0; i < 4; i++) {
        p = monic_hermite(n, x, &previous);
        x = mtp_dd_sub(x, mtp_dd_div(p, mtp_dd_mul_d(previous, n)));
    }
    return x;
}

/* w = sqrt(pi) (n - 1)! / (2^(n-1) n p_{n-1}(x)^2); Abramowitz & Stegun
 * (1964), 25.4.46. */
static mtp_dd log_weight_at(int n, mtp_dd x)
{
    mtp_dd factor = mtp_dd_inv(mtp_dd_from(n)), previous, sum;

    for (int k = 1; k < n; k++) {
        factor = mtp_dd_mul_d(factor, 0.5 * k);
    }
    (void)monic_hermite(n, x, &previous);
    previous.lo = previous.hi < 0.0 ? -previous.lo : previous.lo;
    previous.hi = fabs(previous.hi);
    sum = mtp_dd_sub(mtp_dd_log(factor), mtp_dd_ldexp(mtp_dd_log(previous), 1));
    return mtp_dd_add(sum, mtp_dd_half_log_pi());
}

void mtp_gauss_hermite(int n, double x[], double weight[], double log_weight[])
{
    for (int i = n / 2; i < n;
         i++) { /* the node in the middle, then the positive ones */
        bool centre = 2 * i + 1 == n;
        mtp_dd node = centre ? mtp_dd_from(0.0) : polished_node(n, rough_node(n, i));
        mtp_dd log_w = log_weight_at(n, node);
        double half = exp(0.5 * log_w.hi);

        x[i] = mtp_dd_to(node);
        weight[i] = half * (1.0 + log_w.lo) * half;
        log_weight[i] = mtp_dd_to(mtp_dd_add(log_w, mtp_dd_two_prod(x[i], x[i])));
        x[n - 1 - i] = -x[i];
        weight[n - 1 - i] = weight[i];
        log_weight[n - 1 - i] = log_weight[i];
    }
    if (n % 2 == 1) {
        x[n / 2] = 0.0;
    }
}
