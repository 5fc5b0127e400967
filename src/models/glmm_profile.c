/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The profile of the mixed model's likelihood: the best mean at a given tau2. */
#include "core/error.h"
#include "models/glmm_internal.h"

#include <math.h>

enum { NEWTON_MAX = 200 };

/* The log-likelihood is concave in the mean: Newton's method, in steps of four at most,
 * from the mean that stands in `at`. Its error is squared in the log-likelihood. */
static void climb_mean(mtp_glmm_sample *sample, const mtp_glmm_rule *rule,
                       mtp_glmm_value *at)
{
    const double longest = 4.0, settled = 1e-11;

    for (int i = 0; i < NEWTON_MAX; i++) {
        double step;

        mtp_glmm_evaluate(sample, rule, at);
        step = -at->gradient[0] / at->hessian[0];
        if (!(fabs(step) > settled * (1.0 + fabs(at->beta[0])))) {
            return; /* also when it is NaN */
        }
        at->beta[0] += fmin(fmax(step, -longest), longest);
    }
}

static mtp_status profile(mtp_glmm_sample *sample, int nodes, size_t n,
                          const double tau2[], double loglik[], double estimate[],
                          mtp_arena *scratch, mtp_error *err)
{
    mtp_glmm_fit common = {.common_mu = (double)NAN};
    mtp_glmm_rule rule;
    mtp_glmm_value at;

    if (!mtp_glmm_value_make(1, scratch, &at)) {
        return mtp_fail_nomem(err);
    }
    mtp_glmm_closed_forms(sample, &common);
    mtp_glmm_rule_init(&rule, nodes);
    rule.step =
        0.5; /* of the converged integral: all digits of studies without events */
    for (size_t i = 0; i < n; i++) {
        if (tau2[i] > 0.0) {
            at.tau = sqrt(tau2[i]);
            at.beta[0] = common.common_mu;
            for (size_t s = 0; s < sample->count; s++) {
                sample->study[s].eta = common.common_mu;
            }
            climb_mean(sample, &rule, &at);
            loglik[i] = at.loglik;
            estimate[i] = at.beta[0];
        } else {
            loglik[i] = common.common_loglik;
            estimate[i] = common.common_mu;
        }
    }
    return MTP_OK;
}

mtp_status mtp_glmm_profile_one_group(mtp_glmm_kind kind, size_t k, const double x[],
                                      const double m[], int nodes, size_t n,
                                      const double tau2[], double loglik[],
                                      double estimate[], mtp_arena *scratch,
                                      mtp_error *err)
{
    mtp_arena_mark mark = mtp_arena_save(scratch);
    mtp_glmm_sample sample;
    mtp_status status = mtp_glmm_sample_read(kind, k, x, m, scratch, &sample, err);

    if (status == MTP_OK) {
        status = profile(&sample, nodes, n, tau2, loglik, estimate, scratch, err);
    }
    mtp_arena_release(scratch, mark);
    return status;
}
