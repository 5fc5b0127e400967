/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/blup.h"

#include "core/error.h"
#include "core/notes.h"
#include "core/owned.h"
#include "models/linear.h"
#include "models/pool_check.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

static mtp_regress_options complete(const mtp_regress_options *given)
{
    mtp_regress_options made;

    mtp_regress_options_init(&made, sizeof made);
    if (given) {
        memcpy(&made, given, given->size < sizeof made ? given->size : sizeof made);
        made.size = given->size == 0 ? 0 : sizeof made;
    }
    made.predict = MTP_PI_NONE;
    made.diagnostics = true;
    made.estimate_without = false;
    made.permutations = 0;
    made.permute_exact = false;
    return made;
}

static mtp_status check(const mtp_regress_options *o, mtp_error *err)
{
    if (o->method == MTP_METHOD_GLMM || o->weights || o->robust != MTP_ROBUST_NONE) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "true effects are predicted by the inverse-variance model: "
                        "there are no mixed models of counts, other weights or robust "
                        "variances");
    }
    if (o->n_levels > 0) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "with nested levels the effects of each level are predicted "
                        "by the multilevel model");
    }
    return MTP_OK;
}

/* The n (or t) of a Freeman-Tukey transform of one study. */
static double own_n(const mtp_effects *effects, size_t i)
{
    const double *n = effects->n ? effects->n : effects->time;

    return n ? n[i] : (double)NAN;
}

static mtp_blup predict(const mtp_effects *effects, size_t i,
                        const mtp_regress_study *s, double tau2, double wide)
{
    mtp_measure measure = effects->measure->measure;
    double v = effects->vi[i], share = tau2 / (tau2 + v), n = own_n(effects, i);
    double spread = share * s->fitted_se;
    mtp_blup b = {.fitted = s->fitted,
                  .shrinkage = v / (tau2 + v),
                  .estimate = s->blup,
                  .se = s->blup_se,
                  .lower = s->blup_lower,
                  .upper = s->blup_upper,
                  .random = share > 0.0 ? share * s->residual : 0.0};

    b.random_se = sqrt(share * v + spread * spread);
    b.random_lower = b.random - wide * b.random_se;
    b.random_upper = b.random + wide * b.random_se;
    b.back.estimate = mtp_back_transform(measure, b.estimate, n, NULL);
    b.back.lower = mtp_back_transform(measure, b.lower, n, NULL);
    b.back.upper = mtp_back_transform(measure, b.upper, n, NULL);
    return b;
}

static mtp_status fill(const mtp_effects *effects, const mtp_regress_result *fit,
                       mtp_blup_result *r, mtp_error *err)
{
    mtp_blup *study = MTP_ARENA_ARRAY(mtp_owned_arena(r), effects->k, mtp_blup);
    mtp_note_list notes;
    double wide;

    if (!study) {
        return mtp_fail_nomem(err);
    }
    r->k = effects->k;
    r->tau2 = fit->tau2 ? (double)NAN : fit->heterogeneity.tau2;
    r->df = fit->coefficient[0].df;
    r->level = fit->options.level;
    wide = mtp_critical(mtp_tail_of_level(r->level), r->df);
    for (size_t i = 0; i < effects->k; i++) {
        study[i] = predict(effects, i, &fit->study[i],
                           fit->tau2 ? fit->tau2[i] : r->tau2, wide);
    }
    r->study = study;
    mtp_note_list_init(&notes, mtp_owned_arena(r));
    mtp_note_add_all(&notes, &fit->notes);
    r->notes = mtp_note_list_done(&notes);
    return notes.failed ? mtp_fail_nomem(err) : MTP_OK;
}

/* One column of ones, where there are no moderators. */
static mtp_status fit_in(mtp_arena *arena, const mtp_effects *effects,
                         const mtp_moderators *moderators,
                         const mtp_regress_options *options, mtp_regress_result **fit,
                         mtp_error *err)
{
    static const char *const name = "intercept";
    mtp_moderators mean = {.k = effects->k, .p = 1, .name = &name, .intercept = true};
    size_t term = 0;
    double *ones = MTP_ARENA_ARRAY(arena, effects->k, double);

    if (!ones) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < effects->k; i++) {
        ones[i] = 1.0;
    }
    mean.x = ones;
    mean.column_term = &term;
    return mtp_regress(effects, moderators ? moderators : &mean, options, fit, err);
}

static mtp_status run(const mtp_effects *effects, const mtp_moderators *moderators,
                      const mtp_regress_options *options, mtp_blup_result *r,
                      mtp_error *err)
{
    mtp_regress_result *fit = NULL;
    mtp_status status =
        fit_in(mtp_owned_arena(r), effects, moderators, options, &fit, err);

    if (status == MTP_OK) {
        status = fill(effects, fit, r, err);
        mtp_regress_result_free(fit);
    }
    return status;
}

mtp_status mtp_blup_regress(const mtp_effects *effects,
                            const mtp_moderators *moderators,
                            const mtp_regress_options *options,
                            mtp_blup_result **result, mtp_error *err)
{
    mtp_regress_options used = complete(options);
    mtp_status status = check(&used, err);
    mtp_blup_result *r;

    if (status != MTP_OK) {
        return status;
    }
    r = MTP_OWNED_NEW(mtp_blup_result);
    status = r ? run(effects, moderators, &used, r, err) : mtp_fail_nomem(err);
    if (status == MTP_OK) {
        *result = r;
    } else {
        mtp_owned_free(r);
    }
    return status;
}

mtp_status mtp_blup_pool(const mtp_effects *effects, const mtp_pool_options *options,
                         mtp_blup_result **result, mtp_error *err)
{
    mtp_regress_options as;
    mtp_pool_options used;
    mtp_status status = mtp_pool_check(effects, NULL, options, &used, err);

    if (status != MTP_OK) {
        return status;
    }
    if (used.method != MTP_METHOD_INVERSE || used.weights || used.cluster ||
        used.n_levels > 0) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "the true effects of pooled studies are predicted by inverse "
                        "variances alone, without weights, clusters or nested levels");
    }
    if (used.ci != MTP_CI_WALD && used.ci != MTP_CI_T && used.ci != MTP_CI_HKSJ &&
        used.ci != MTP_CI_HKSJ_ADHOC) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "predictions of true effects have the intervals wald, t, hksj "
                        "and hksj-adhoc, not %s",
                        mtp_ci_id(used.ci));
    }
    mtp_regress_options_init(&as, sizeof as);
    as.tau2 = used.tau2;
    as.tau2_value = used.tau2_value;
    as.ci = used.ci;
    as.level = used.level;
    as.threads = used.threads;
    return mtp_blup_regress(effects, NULL, &as, result, err);
}

void mtp_blup_free(mtp_blup_result *result)
{
    mtp_owned_free(result);
}
