/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_pair.h"

#include <math.h>

/*
 * The mode of log P1(eta_1) + log P2(eta_2) - |z|^2 / 2 by Newton's method. Along a
 * step the curvature of a group changes at most by the factor exp(|change of eta|), so
 * steps that change no eta by more than 1 climb; near the mode they are not cut.
 */

static void set_effects(const double at[MTP_PAIR_PARTS], mtp_pair_frame *f)
{
    const double sigma = at[MTP_PAIR_SIGMA], tau = at[MTP_PAIR_TAU];

    f->effects = 0;
    if (sigma > 0.0) {
        f->part[f->effects] = 0;
        f->e[0][f->effects] = f->e[1][f->effects] = sigma;
        f->effects++;
    }
    if (tau > 0.0) {
        f->part[f->effects] = 1;
        f->e[0][f->effects] = 0.5 * tau;
        f->e[1][f->effects] = -0.5 * tau;
        f->effects++;
    }
}

static void look_at(mtp_glmm_kind kind, const mtp_pair *pair, const double fixed[2],
                    mtp_pair_frame *f)
{
    for (int j = 0; j < 2; j++) {
        double eta = fixed[j];

        for (int r = 0; r < f->effects; r++) {
            eta += f->e[j][r] * f->z[r];
        }
        f->p[j] = mtp_glmm_predictor_at(kind, &pair->arm[j], eta);
    }
    for (int r = 0; r < f->effects; r++) {
        f->left[r] = f->e[0][r] * f->p[0].score + f->e[1][r] * f->p[1].score - f->z[r];
        for (int s = 0; s < f->effects; s++) {
            f->h[r][s] = (r == s ? 1.0 : 0.0) + f->e[0][r] * f->p[0].w * f->e[0][s] +
                         f->e[1][r] * f->p[1].w * f->e[1][s];
        }
    }
}

static void newton_step(const mtp_pair_frame *f, double step[2])
{
    if (f->effects == 1) {
        step[0] = f->left[0] / f->h[0][0];
    } else {
        double determinant = f->h[0][0] * f->h[1][1] - f->h[0][1] * f->h[0][1];

        step[0] = (f->h[1][1] * f->left[0] - f->h[0][1] * f->left[1]) / determinant;
        step[1] = (f->h[0][0] * f->left[1] - f->h[0][1] * f->left[0]) / determinant;
    }
}

void mtp_pair_frame_at(mtp_glmm_kind kind, mtp_pair *pair, const double c[2],
                       const double at[MTP_PAIR_PARTS], mtp_pair_frame *f)
{
    enum { STEPS_MAX = 2000 };
    const double fixed[2] = {at[MTP_PAIR_A] + c[0] * at[MTP_PAIR_THETA],
                             at[MTP_PAIR_A] + c[1] * at[MTP_PAIR_THETA]};
    const double last_step = 1e-8;

    set_effects(at, f);
    for (int r = 0; r < f->effects; r++) {
        f->z[r] = pair->z[f->part[r]];
    }
    look_at(kind, pair, fixed, f);
    for (int i = 0; i < STEPS_MAX && f->effects > 0; i++) {
        double step[2] = {0.0, 0.0}, change = 0.0, part;

        newton_step(f, step);
        for (int j = 0; j < 2; j++) {
            double move = 0.0;

            for (int r = 0; r < f->effects; r++) {
                move += f->e[j][r] * step[r];
            }
            change = fmax(change, fabs(move));
        }
        part = change > 1.0 ? 1.0 / change : 1.0;
        for (int r = 0; r < f->effects; r++) {
            f->z[r] += part * step[r];
        }
        look_at(kind, pair, fixed, f);
        if (!(change > last_step)) {
            break;
        }
    }
    for (int r = 0; r < f->effects; r++) {
        pair->z[f->part[r]] = f->z[r];
    }
}

double mtp_pair_peak(mtp_glmm_kind kind, const mtp_pair *pair, const mtp_pair_frame *f)
{
    double log_peak = 0.0;

    for (int j = 0; j < 2; j++) {
        const mtp_glmm_study *arm = &pair->arm[j];

        log_peak += arm->saturated - mtp_glmm_deviance(kind, arm, f->p[j].rate,
                                                       f->p[j].q, f->p[j].score);
    }
    for (int r = 0; r < f->effects; r++) {
        log_peak -= 0.5 * f->z[r] * f->z[r];
    }
    return log_peak;
}

/* K is formed from the rarer of event and non-event, which d > 0 makes more frequent
 * after the sign is turned. Poisson: events are the rarer. */
void mtp_arm_node_at(mtp_glmm_kind kind, double m, const mtp_glmm_predictor *p,
                     double d, mtp_arm_node *node)
{
    const double d_max = 700.0; /* e^d stays finite; the integrand is 0 long before */
    bool flip = p->p > p->q;
    double rare = flip ? p->q : p->p;
    double up = fmax(-d_max, fmin(d_max, flip ? -d : d));
    double e = expm1(up);

    if (kind == MTP_GLMM_POISSON) {
        double mean = p->mean * (1.0 + e);

        *node = (mtp_arm_node){p->mean * (e - up), p->score - p->mean * e, -mean, -mean,
                               -mean};
    } else {
        double more = 1.0 + rare * e;
        double fall = p->w * e / more; /* of the score of the rarer */
        double w = p->w * ((1.0 + e) / more) / more;
        double r = ((1.0 - rare) - rare * (1.0 + e)) / more; /* q - p of the rarer */
        double pq = rare * (1.0 - rare) * ((1.0 + e) / more) / more;

        node->K = m * (log1p(rare * e) - rare * up);
        node->l1 = flip ? p->score + fall : p->score - fall;
        node->l2 = -w;
        node->l3 = flip ? w * r : -w * r;
        node->l4 = -w * (r * r - 2.0 * pq);
    }
}
