/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tau2/columns.h"

/*
 * The scores of columns.c at several values of t side by side, in doubles: enough to
 * see their signs. Arrays hold MTP_LANES numbers for each study.
 */
enum { L = MTP_LANES };

typedef double lanes[L];

static void dot(size_t k, lanes wa[], lanes b[], lanes sum)
{
    for (int l = 0; l < L; l++) {
        sum[l] = 0.0;
    }
    for (size_t i = 0; i < k; i++) {
        for (int l = 0; l < L; l++) {
            sum[l] += wa[i][l] * b[i][l];
        }
    }
}

static void subtract(size_t k, lanes a[], lanes s, lanes b[])
{
    for (size_t i = 0; i < k; i++) {
        for (int l = 0; l < L; l++) {
            a[i][l] -= s[l] * b[i][l];
        }
    }
}

/* Remove the projections on column q from the columns after it and the residuals, and
 * its part of trP. */
static void project(size_t k, size_t left, lanes q[], lanes w[], lanes wq[],
                    lanes residual[], lanes trP)
{
    lanes norm, s, square = {0.0};

    for (size_t i = 0; i < k; i++) {
        for (int l = 0; l < L; l++) {
            wq[i][l] = w[i][l] * q[i][l];
            square[l] += wq[i][l] * wq[i][l];
        }
    }
    dot(k, wq, q, norm);
    for (int l = 0; l < L; l++) {
        trP[l] -= square[l] / norm[l];
    }
    for (size_t j = 1; j <= left; j++) {
        dot(k, wq, q + j * k, s);
        for (int l = 0; l < L; l++) {
            s[l] /= norm[l];
        }
        subtract(k, q + j * k, s, q);
    }
    dot(k, wq, residual, s);
    for (int l = 0; l < L; l++) {
        s[l] /= norm[l];
    }
    subtract(k, residual, s, q);
}

/* Factor at weights 1 / (v + t): residuals into the work space, sum w and tr P. */
static lanes *factor(const mtp_studies *studies, const double t[], lanes **weight,
                     lanes sum_w, lanes trP)
{
    const mtp_columns *c = studies->columns;
    size_t k = c->k, p = c->p;
    lanes *q = (lanes *)c->lanes, *residual = q + p * k, *w = residual + k, *wq = w + k;

    for (int l = 0; l < L; l++) {
        sum_w[l] = 0.0;
    }
    for (size_t i = 0; i < k; i++) {
        for (int l = 0; l < L; l++) {
            w[i][l] = 1.0 / (studies->point[i].v + t[l]);
            residual[i][l] = studies->point[i].d.hi;
            sum_w[l] += w[i][l];
        }
    }
    for (size_t i = 0; i < p * k; i++) {
        for (int l = 0; l < L; l++) {
            q[i][l] = c->z_hi[i];
        }
    }
    for (int l = 0; l < L; l++) {
        trP[l] = sum_w[l];
    }
    for (size_t j = 0; j < p; j++) {
        project(k, p - 1 - j, q + j * k, w, wq, residual, trP);
    }
    *weight = w;
    return residual;
}

void mtp_columns_score_lanes(const mtp_studies *studies, bool restricted,
                             const double t[], double out[])
{
    lanes sum_w, trP, *w, *residual = factor(studies, t, &w, sum_w, trP);

    for (int l = 0; l < L; l++) {
        out[l] = restricted ? -trP[l] : -sum_w[l];
    }
    for (size_t i = 0; i < studies->k; i++) {
        for (int l = 0; l < L; l++) {
            double wr = w[i][l] * residual[i][l];

            out[l] += wr * wr;
        }
    }
}

void mtp_columns_q_lanes(const mtp_studies *studies, const double t[], double Q[],
                         double wr2[])
{
    lanes sum_w, trP, *w, *residual = factor(studies, t, &w, sum_w, trP);

    for (int l = 0; l < L; l++) {
        Q[l] = wr2[l] = 0.0;
    }
    for (size_t i = 0; i < studies->k; i++) {
        for (int l = 0; l < L; l++) {
            double wr = w[i][l] * residual[i][l];

            Q[l] += wr * residual[i][l];
            wr2[l] += wr * wr;
        }
    }
}
