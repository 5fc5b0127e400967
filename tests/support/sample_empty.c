/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cohorts of which a mixed model has no mean, or a common one alone. */
#include "support/sample_parts.h"

sample *sample_nothing(mtp_arena *arena)
{
    static const char *const name[] = {"s1", "s2", "s3", "s4", "s5", "s6"};
    static const double events[] = {0, 0, 0, 0, 0, 0}, n[] = {10, 25, 40, 13, 100, 7};
    static const mtp_note notes[] = {
        {MTP_NOTE_NO_FINITE_ESTIMATE, MTP_WARNING, 0,
         "no study has an event, so the likelihood has no maximum at a finite logit"}};
    const mtp_test none =
        sample_chi_square(SAMPLE_NONE, SAMPLE_NONE, SAMPLE_NONE, SAMPLE_NONE);
    sample *s = sample_new(arena, MTP_COMMAND_POOL, "zeros.csv", 6, notes, 1);

    sample_add_studies(s, arena, name, events, n, 6);
    sample_set_logits(s);
    s->bundle.measure = mtp_measure_get(MTP_PLO);
    /* `exists` is false: the zeros of the estimates must not be shown. */
    s->pool =
        (mtp_pool_result){.options = sample_pool_options(MTP_METHOD_GLMM, MTP_TAU2_ML),
                          .measure = s->bundle.measure,
                          .k = 6,
                          .overall = {.k = 6,
                                      .events = 0.0,
                                      .n = 195.0,
                                      .time = SAMPLE_NONE,
                                      .fit = {.method = MTP_METHOD_GLMM,
                                              .sigma2 = SAMPLE_NONE,
                                              .tau2_method = MTP_TAU2_ML,
                                              .model = "binomial-normal"}},
                          .between = {none, none, none}};
    s->bundle.pool = &s->pool;
    sample_set_glmm_options(s);
    return s;
}

/* Figures: mpmath at 40 digits; logit of 5 / 40, sqrt(1 / 5 + 1 / 35), and -2 times the
 * binomial log-likelihood at 5 / 40, as the saturated one is 0. */
sample *sample_common(mtp_arena *arena)
{
    static const char *const name[] = {"s1", "s2", "s3", "s4"};
    static const double events[] = {0, 5, 0, 0}, n[] = {10, 5, 20, 5};
    static const mtp_note notes[] = {
        {MTP_NOTE_NO_FINITE_ESTIMATE, MTP_WARNING, 0,
         "each study has no events or nothing but events: tau has no finite maximum"}};
    sample *s = sample_nothing(arena);
    mtp_pooled *overall = &s->pool.overall;
    mtp_estimate *common = &overall->common;

    sample_add_studies(s, arena, name, events, n, 4);
    sample_set_logits(s);
    s->bundle.notes.item = notes;
    s->bundle.ledger.rows = s->bundle.ledger.used = s->pool.k = overall->k = 4;
    overall->events = 5.0;
    overall->n = 40.0;
    common->estimate = -1.9459101490553133;
    common->null_value = SAMPLE_NONE;
    common->ci = sample_wald(common->estimate, 0.47809144373375746, SAMPLE_Z,
                             MTP_CI_WALD, SAMPLE_NONE);
    common->n_intervals = 1;
    common->intervals[0] = common->ci;
    common->pi = (mtp_prediction){MTP_PI_NONE, SAMPLE_NONE, SAMPLE_NONE, SAMPLE_NONE,
                                  SAMPLE_NONE};
    sample_set_back(common, sample_inverse_logit);
    overall->random.estimate = overall->random.back.estimate = SAMPLE_NONE;
    overall->random.back.ci_lower = overall->random.back.ci_upper = SAMPLE_NONE;
    overall->random.back.pi_lower = overall->random.back.pi_upper = SAMPLE_NONE;
    overall->heterogeneity = sample_no_heterogeneity();
    overall->heterogeneity.Q_center = "wald";
    overall->heterogeneity.LRT = 30.141612900514943;
    overall->heterogeneity.LRT_df = 3.0;
    overall->heterogeneity.LRT_p = 1.2885662464122404e-06;
    overall->heterogeneity.LRT_log_p = -13.561980394584441;
    return s;
}
