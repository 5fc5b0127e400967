/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Association in a 2 x 2 table: odds ratio, Yule's Q and Y, phi. */
#include "effects/kernel.h"
#include "effects/two_counts.h"

#include <math.h>

mtp_cells mtp_cells_of_events(const mtp_raw *raw, size_t i)
{
    double x1 = raw->column[MTP_ROLE_EVENTS1][i], x2 = raw->column[MTP_ROLE_EVENTS2][i];

    return (mtp_cells){x1, raw->column[MTP_ROLE_N1][i] - x1, x2,
                       raw->column[MTP_ROLE_N2][i] - x2};
}

bool mtp_has_empty_cell(const mtp_cells *t)
{
    return t->a == 0.0 || t->b == 0.0 || t->c == 0.0 || t->d == 0.0;
}

double mtp_determinant(const mtp_cells *t)
{
    return mtp_difference_of_products(t->a, t->d, t->b, t->c);
}

void mtp_log_odds_ratio(const mtp_cells *t, double *yi, double *vi)
{
    *yi = mtp_log_by_excess(t->a / t->b * (t->d / t->c),
                            mtp_determinant(t) / t->b / t->c);
    *vi = 1.0 / t->a + 1.0 / t->b + 1.0 / t->c + 1.0 / t->d;
}

/* With u and v the products a d and b c, or for Y their roots: q = (u - v) / (u + v),
 * 1 - q^2 = 4 u v / (u + v)^2. */
void mtp_yule(const mtp_cells *t, bool roots, double *yi, double *vi)
{
    double u = t->a * t->d, v = t->b * t->c;
    double sum, root, log_or;

    mtp_log_odds_ratio(t, &log_or, vi);
    if (roots) {
        u = sqrt(u);
        v = sqrt(v);
    }
    sum = u + v;
    root = (roots ? 1.0 : 2.0) * (u / sum) * (v / sum);
    *yi = mtp_determinant(t) / sum / (roots ? sum : 1.0);
    *vi *= root * root;
}

/*
 * The derivative of phi by the count of cell (1, 1), times 2 r1 c1 D, where r and c are
 * the margins and D^2 = r1 r2 c1 c2:
 *   a d (b + c) + 2 b c d + b c (2 a + b + c).
 * Rows and columns exchanged give the other cells, with the sign of the exchange.
 */
static double slope(double a, double b, double c, double d)
{
    return a * d * (b + c) + 2.0 * b * c * d + b * c * (2.0 * a + b + c);
}

/*
 * Delta method. Phi does not change when all counts are multiplied, so the mean slope
 * is 0 and the variance of the multinomial is sum count slope^2; with the rows fixed
 * it is sum over rows of (x m / n) (slope of x - slope of m)^2. The first is equation
 * 11.3-13 of Bishop, Fienberg & Holland (1975), Discrete Multivariate Analysis, MIT
 * Press.
 */
void mtp_phi(const mtp_cells *t, bool stratified, double *yi, double *vi,
             double *complement)
{
    double a = t->a, b = t->b, c = t->c, d = t->d;
    double r1 = a + b, r2 = c + d, c1 = a + c, c2 = b + d;
    double root = sqrt(r1 * r2) * sqrt(c1 * c2);
    double w11 = slope(a, b, c, d) / (2.0 * r1 * c1 * root);
    double w12 = slope(b, a, d, c) / (2.0 * r1 * c2 * root);
    double w21 = slope(c, d, a, b) / (2.0 * r2 * c1 * root);
    double w22 = slope(d, c, b, a) / (2.0 * r2 * c2 * root);

    *yi = mtp_determinant(t) / root;
    /* D^2 - (a d - b c)^2, its terms collected; all are positive. */
    *complement = (4.0 * a * d * b * c + (a * d + b * c) * (a + d) * (b + c) +
                   (a * c + b * d) * (a * b + c * d)) /
                  (root * root);
    if (stratified) {
        *vi = a * b / r1 * (w11 + w12) * (w11 + w12) +
              c * d / r2 * (w21 + w22) * (w21 + w22);
    } else {
        *vi = a * w11 * w11 + b * w12 * w12 + c * w21 * w21 + d * w22 * w22;
    }
}

double mtp_atanh_by(double r, double complement)
{
    if (fabs(r) < 0.5) {
        return atanh(r);
    }
    return copysign(log((1.0 + fabs(r)) / sqrt(complement)), r);
}
