/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bias/selection_weight.h"

#include "num/dist.h"

#include <math.h>

static const double SQRT_HALF = 0.707106781186547524400844362105;

mtp_selection_p mtp_selection_p_of(const mtp_selection_rule *rule, double z)
{
    double least = rule->p_censored, most = 1.0 - least;
    mtp_selection_p at;

    if (rule->two_sided) {
        mtp_tail p = mtp_normal_two_sided(z);

        at = (mtp_selection_p){p.p, erf(fabs(z) * SQRT_HALF), p.log_p, 0.0};
        at.log_q = at.q < 0.5 ? log(at.q) : log1p(-at.p);
    } else {
        mtp_tail p = mtp_normal_upper(z), q = mtp_normal_upper(-z);

        at = (mtp_selection_p){p.p, q.p, p.log_p, q.log_p};
    }
    if (at.p < least) {
        at = (mtp_selection_p){least, most, log(least), log1p(-least)};
    } else if (at.q < least) {
        at = (mtp_selection_p){most, least, log1p(-least), log(least)};
    }
    return at;
}

size_t mtp_selection_interval(const mtp_selection_rule *rule, double p)
{
    size_t j = 0;

    while (j < rule->n_steps && p > rule->steps[j]) {
        j++;
    }
    return j;
}

bool mtp_selection_weights_make(size_t n, size_t q, mtp_arena *arena,
                                mtp_selection_weights *weights)
{
    *weights = (mtp_selection_weights){.n = n, .q = q};
    weights->offset = mtp_arena_zalloc(arena, n, sizeof(double));
    weights->log_w = mtp_arena_zalloc(arena, n, sizeof(double));
    weights->curve = mtp_arena_zalloc(arena, n, sizeof(double));
    weights->feature = mtp_arena_zalloc(arena, n, q * sizeof(double));
    weights->slope = mtp_arena_zalloc(arena, n, q * sizeof(double));
    return weights->offset && weights->log_w && weights->curve && weights->feature &&
           weights->slope;
}

void mtp_selection_weights_enter(const mtp_selection_rule *rule, size_t i,
                                 mtp_selection_p p, mtp_selection_weights *weights)
{
    double *feature = weights->feature + i * weights->q;
    size_t j;

    weights->offset[i] = 0.0;
    switch (rule->type) {
    case MTP_SELECTION_BETA:
        weights->offset[i] = -p.log_p - p.log_q;
        feature[0] = p.log_p;
        feature[1] = p.log_q;
        break;
    case MTP_SELECTION_HALFNORMAL:
        feature[0] = -p.p * p.p;
        break;
    case MTP_SELECTION_POWER:
        feature[0] = p.log_q;
        break;
    case MTP_SELECTION_STEP:
        j = mtp_selection_interval(rule, p.p);
        weights->offset[i] = rule->first[j];
        if (rule->parameter[j] >= 0) {
            feature[rule->parameter[j]] = 1.0;
        }
        break;
    case MTP_SELECTION_NEGEXP:
    case MTP_SELECTION_LOGISTIC:
    case MTP_SELECTION_COUNT:
        feature[0] = -p.p;
        break;
    }
}

/* log(2 e / (1 + e)), e = exp(theta feature), and its derivatives by theta. */
static void logistic_at(double theta, size_t i, mtp_selection_weights *weights)
{
    double f = weights->feature[i], e = exp(theta * f);

    weights->log_w[i] = theta * f - log1p(0.5 * expm1(theta * f));
    weights->slope[i] = f / (1.0 + e);
    weights->curve[i] = -f * f * e / ((1.0 + e) * (1.0 + e));
}

void mtp_selection_weights_at(const mtp_selection_rule *rule, const double theta[],
                              mtp_selection_weights *weights)
{
    size_t q = weights->q;

    for (size_t i = 0; i < weights->n; i++) {
        if (rule->type == MTP_SELECTION_LOGISTIC) {
            logistic_at(theta[0], i, weights);
            continue;
        }
        weights->log_w[i] = weights->offset[i];
        for (size_t a = 0; a < q; a++) {
            weights->log_w[i] += theta[a] * weights->feature[i * q + a];
            weights->slope[i * q + a] = weights->feature[i * q + a];
        }
    }
}
