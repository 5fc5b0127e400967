/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pooling: method, tau2, intervals and hypothesis out of a request. */
#include "analysis/settings.h"
#include "core/error.h"
#include "core/number.h"
#include "models/stratified.h"

#include <math.h>

/* The predictions that a GLMM has too. */
static bool is_plain(int prediction)
{
    return prediction <= (int)MTP_PI_HTS || prediction == (int)MTP_PI_NONE;
}

/* An inverse-variance choice given without --method selects that method. */
static const char *selects_inverse(const mtp_request *r)
{
    int ci = mtp_request_choice(r, MTP_OPT_CI),
        pi = mtp_request_choice(r, MTP_OPT_PREDICT);

    if (mtp_request_has(r, MTP_OPT_TAU2)) {
        return "tau2";
    }
    if (mtp_request_has(r, MTP_OPT_CI) && ci > (int)MTP_CI_T) {
        return "ci";
    }
    if (mtp_request_has(r, MTP_OPT_WEIGHTS)) {
        return "weights";
    }
    if (mtp_request_has(r, MTP_OPT_CLUSTER)) {
        return "cluster";
    }
    if (mtp_request_has(r, MTP_OPT_NESTED)) {
        return "nested";
    }
    return is_plain(pi) ? NULL : "predict";
}

static mtp_status check_method(const mtp_settings *s, mtp_error *err)
{
    const char *way = "it exists for PLO and IRLN, and of two groups for OR and IRR; "
                      "--method inverse pools any measure";

    if (mtp_method_pools(s->pool.method, s->measure)) {
        return MTP_OK;
    }
    if (s->pool.method == MTP_METHOD_MH) {
        way = s->measure->measure == MTP_PETO
                  ? "--method peto pools it"
                  : "it exists for OR, RR, RD, IRR and IRD; --method inverse pools any";
    } else if (s->pool.method == MTP_METHOD_PETO) {
        way = s->measure->measure == MTP_OR
                  ? "take --measure PETO, which is Peto's odds ratio, or --method mh"
                  : "it exists for PETO; --method inverse pools any measure";
    }
    if (s->pool.method == MTP_METHOD_BETABINOMIAL) {
        way = "it exists for PLO; --method inverse pools any measure";
    }
    return mtp_fail(err, MTP_E_UNSUPPORTED,
                    "--method %s: there is no such %s for measure %s; %s",
                    mtp_method_id(s->pool.method),
                    mtp_method_is_likelihood(s->pool.method) ? "model" : "mean",
                    s->measure->code, way);
}

/* Which mixed model of two groups. */
static mtp_status resolve_model(const mtp_request *r, mtp_settings *s, mtp_error *err)
{
    bool given = mtp_request_has(r, MTP_OPT_MODEL);

    if (s->pool.method != MTP_METHOD_GLMM || s->measure->groups != 2) {
        return given ? mtp_fail(err, MTP_E_ARG,
                                "--model: only a mixed model of two groups has "
                                "variants; take --method glmm with --measure OR or "
                                "IRR, or leave --model out")
                     : MTP_OK;
    }
    if (given) {
        s->pool.model = (mtp_model)mtp_request_choice(r, MTP_OPT_MODEL);
    }
    if (s->pool.model == MTP_MODEL_CM_AL && s->measure->measure == MTP_IRR) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--model cm.al: it approximates the conditional model of odds "
                        "ratios; of rate ratios that model is exact, take --model "
                        "cm.el");
    }
    return MTP_OK;
}

/* The cells of the sums, as those of the study effects by --add and --to. */
static mtp_status resolve_mh_add(const mtp_request *r, mtp_settings *s, mtp_error *err)
{
    if (!mtp_request_has(r, MTP_OPT_MH_ADD)) {
        return MTP_OK;
    }
    s->pool.mh_add = mtp_request_number(r, MTP_OPT_MH_ADD);
    s->pool.mh_to = s->effects.to;
    if (s->pool.mh_add > 0.0 && s->pool.mh_to == MTP_ADD_NONE) {
        return mtp_fail(
            err, MTP_E_ARG,
            "--mh-add: with --to none it is added to no study; leave one of "
            "them out");
    }
    return mtp_method_is_stratified(s->pool.method) ||
                   (unsigned)r->command & MTP_FOR_COMPARE
               ? MTP_OK
               : mtp_fail(err, MTP_E_ARG,
                          "--mh-add: only Mantel-Haenszel and Peto sums take it; take "
                          "--method mh or peto, or --add for the study effects");
}

static mtp_status resolve_method(const mtp_request *r, mtp_settings *s,
                                 mtp_note_list *notes, mtp_error *err)
{
    const char *cause = selects_inverse(r);
    mtp_status status;

    if (mtp_request_has(r, MTP_OPT_METHOD)) {
        s->pool.method = (mtp_method)mtp_request_choice(r, MTP_OPT_METHOD);
    } else if (!s->measure->glmm || r->command == MTP_COMMAND_BIAS) {
        s->pool.method = MTP_METHOD_INVERSE;
    } else if (cause) {
        s->pool.method = MTP_METHOD_INVERSE;
        mtp_note_add(
            notes, MTP_NOTE_METHOD_SELECTED, 0,
            "--%s selects inverse-variance pooling; without it, %s is pooled by a "
            "generalized linear mixed model",
            cause, s->measure->code);
    } else {
        s->pool.method = MTP_METHOD_GLMM;
    }
    status = check_method(s, err);
    if (status == MTP_OK) {
        status = resolve_model(r, s, err);
    }
    return status == MTP_OK ? resolve_mh_add(r, s, err) : status;
}

/* rho stands for the differences between studies: what else is asked for there is not.
 */
static mtp_status check_beta_binomial(const mtp_request *r, const mtp_settings *s,
                                      mtp_error *err)
{
    static const mtp_option_index none[] = {MTP_OPT_TAU2, MTP_OPT_TAU2_CI,
                                            MTP_OPT_TAU2_SCOPE};

    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (mtp_request_has(r, none[i])) {
            return mtp_fail(err, MTP_E_UNSUPPORTED,
                            "--%s: a beta-binomial model has rho in place of tau2; "
                            "leave it out, or take --method glmm or inverse",
                            mtp_option_get(none[i])->name);
        }
    }
    if (s->pool.ci != MTP_CI_WALD && s->pool.ci != MTP_CI_T) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--ci %s: a beta-binomial model has wald and t; take one of "
                        "them, or --method inverse",
                        mtp_ci_id(s->pool.ci));
    }
    if (s->pool.predict != MTP_PI_AUTO && s->pool.predict != MTP_PI_NONE) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--predict %s: a beta-binomial model has no prediction "
                        "interval; leave it out, or take --method glmm",
                        mtp_pi_id(s->pool.predict));
    }
    return MTP_OK;
}

static mtp_status resolve_tau2(const mtp_request *r, mtp_settings *s, mtp_error *err)
{
    const char *text = r->given[MTP_OPT_TAU2];
    int which = text ? mtp_request_choice(r, MTP_OPT_TAU2) : -1;
    bool glmm = s->pool.method == MTP_METHOD_GLMM;

    if (which == MTP_TAU2_GIVEN) {
        return mtp_fail(err, MTP_E_ARG, "--tau2 given: give the number itself");
    }
    if (glmm && text && which != MTP_TAU2_ML) {
        return mtp_fail(
            err, MTP_E_UNSUPPORTED,
            "--tau2 %s: a GLMM estimates tau2 by ML; leave --tau2 out, or take "
            "--method inverse",
            text);
    }
    if (text && which < 0) {
        s->pool.tau2 = MTP_TAU2_GIVEN;
        s->pool.tau2_value = mtp_request_number(r, MTP_OPT_TAU2);
    } else {
        bool likelihood = mtp_method_is_likelihood(s->pool.method);

        s->pool.tau2 = text         ? (mtp_tau2_method)which
                       : likelihood ? MTP_TAU2_ML
                                    : MTP_TAU2_REML;
    }
    s->pool.tau2_ci = (mtp_tau2_ci_method)mtp_request_choice(r, MTP_OPT_TAU2_CI);
    if (glmm && mtp_request_has(r, MTP_OPT_TAU2_CI)) {
        return mtp_fail(
            err, MTP_E_UNSUPPORTED,
            "--tau2-ci %s: a GLMM has no interval of tau2; leave --tau2-ci out, or "
            "take --method inverse",
            mtp_tau2_ci_id(s->pool.tau2_ci));
    }
    s->pool.tau2_scope = (mtp_tau2_scope)mtp_request_choice(r, MTP_OPT_TAU2_SCOPE);
    if (glmm && s->measure->groups == 2 && s->pool.tau2_scope == MTP_TAU2_COMMON) {
        return mtp_fail(
            err, MTP_E_UNSUPPORTED,
            "--tau2-scope common: not available for a GLMM of two groups; take "
            "--tau2-scope separate, or --method inverse");
    }
    return MTP_OK;
}

/* What --cluster does not go with. */
static mtp_status check_cluster(const mtp_request *r, const mtp_settings *s,
                                mtp_error *err)
{
    const char *way = (unsigned)r->command & MTP_FOR_LEVELS
                          ? "give --cluster"
                          : "this command takes none, choose another";

    if (!s->cluster) {
        return mtp_request_has(r, MTP_OPT_ROBUST)
                   ? mtp_fail(err, MTP_E_ARG,
                              "--robust %s: needs the clusters; give --cluster",
                              r->given[MTP_OPT_ROBUST])
               : s->pool.ci == MTP_CI_ROBUST || s->pool.predict == MTP_PI_ROBUST
                   ? mtp_fail(err, MTP_E_ARG, "--%s robust: needs the clusters; %s",
                              s->pool.ci == MTP_CI_ROBUST ? "ci" : "predict", way)
                   : MTP_OK;
    }
    if (s->pool.method != MTP_METHOD_INVERSE) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--cluster: --method %s has no robust variance; take --method "
                        "inverse, or leave --cluster out",
                        mtp_method_id(s->pool.method));
    }
    return s->pool.ci == MTP_CI_ROBUST
               ? MTP_OK
               : mtp_fail(err, MTP_E_ARG,
                          "--ci %s: knows no clusters; with --cluster the interval is "
                          "robust; leave --ci or --cluster out",
                          mtp_ci_id(s->pool.ci));
}

/* The clusters, and the interval that takes them. */
static mtp_status resolve_cluster(const mtp_request *r, mtp_settings *s, mtp_error *err)
{
    s->cluster = r->given[MTP_OPT_CLUSTER];
    if (s->cluster && !mtp_request_has(r, MTP_OPT_CI)) {
        s->pool.ci = MTP_CI_ROBUST;
    }
    if (mtp_request_has(r, MTP_OPT_ROBUST)) {
        s->pool.robust = (mtp_robust_type)mtp_robust_from_id(r->given[MTP_OPT_ROBUST]);
    }
    return check_cluster(r, s, err);
}

/* Options of random numbers that nothing but a bootstrap takes; sensitivity has a
 * sample of subsets too. */
static bool draws_random(const mtp_request *r)
{
    return mtp_request_has(r, MTP_OPT_DRAWS) ||
           (mtp_request_has(r, MTP_OPT_SEED) && r->command != MTP_COMMAND_SENSITIVITY &&
            r->command != MTP_COMMAND_GOSH_FIGURE);
}

static mtp_status resolve_intervals(const mtp_request *r, mtp_settings *s,
                                    mtp_error *err)
{
    bool glmm = s->pool.method == MTP_METHOD_GLMM;
    bool integrated = glmm || ((unsigned)r->command & MTP_FOR_COMPARE &&
                               mtp_method_pools(MTP_METHOD_GLMM, s->measure));
    mtp_status status;

    if (mtp_request_has(r, MTP_OPT_CI)) {
        s->pool.ci = (mtp_ci_method)mtp_request_choice(r, MTP_OPT_CI);
    } else {
        s->pool.ci =
            mtp_method_is_likelihood(s->pool.method) ? MTP_CI_WALD : MTP_CI_HKSJ;
    }
    s->pool.predict = (mtp_pi_method)mtp_request_choice(r, MTP_OPT_PREDICT);
    status = resolve_cluster(r, s, err);
    if (status != MTP_OK) {
        return status;
    }
    if (glmm && s->pool.ci != MTP_CI_WALD && s->pool.ci != MTP_CI_T) {
        return mtp_fail(
            err, MTP_E_UNSUPPORTED,
            "--ci %s: a GLMM has wald and t; take one of them, or --method inverse",
            mtp_ci_id(s->pool.ci));
    }
    if (glmm && !is_plain((int)s->pool.predict)) {
        return mtp_fail(
            err, MTP_E_UNSUPPORTED,
            "--predict %s: a GLMM has wald, v and hts; take one of them, or "
            "--method inverse",
            mtp_pi_id(s->pool.predict));
    }
    if (s->pool.method == MTP_METHOD_BETABINOMIAL) {
        status = check_beta_binomial(r, s, err);
        if (status != MTP_OK) {
            return status;
        }
        s->pool.predict = MTP_PI_NONE;
    }
    if (s->pool.predict != MTP_PI_NNF && draws_random(r) && !s->rounding.wanted) {
        return mtp_fail(err, MTP_E_ARG,
                        "--%s: random numbers are drawn for --predict nnf%s alone",
                        mtp_request_has(r, MTP_OPT_DRAWS) ? "draws" : "seed",
                        r->command == MTP_COMMAND_POOL ? " and --rounding" : "");
    }
    if (!integrated && mtp_request_has(r, MTP_OPT_NODES)) {
        return mtp_fail(
            err, MTP_E_ARG,
            "--nodes: only a GLMM is integrated; take --method glmm (measures PLO, "
            "IRLN, OR and IRR), or leave --nodes out");
    }
    if (integrated && mtp_request_choice(r, MTP_OPT_NODES) < 0) {
        s->pool.nodes = (int)mtp_request_number(r, MTP_OPT_NODES);
    }
    return MTP_OK;
}

/* Without a hypothesis two groups are compared with no difference; one group has none.
 * What is said of studies without an effect takes ready-made effects for differences.
 */
static void resolve_null(const mtp_request *r, mtp_settings *s)
{
    bool difference = s->measure->groups == 2 ||
                      (s->measure->groups == 0 && r->command == MTP_COMMAND_BIAS);

    s->pool.null_value = mtp_request_number(r, MTP_OPT_NULL_VALUE);
    if (isnan(s->pool.null_value) && difference) {
        s->pool.null_value = mtp_back_transform(s->measure->measure,
                                                s->measure->no_difference, 1.0, NULL);
    }
    if (!isnan(s->pool.null_value)) {
        mtp_number_format(s->pool.null_value, s->null_value);
    }
}

/* The hypothesis is on the natural scale, and must have a place on the analysis scale.
 */
static mtp_status check_null(const mtp_request *r, const mtp_settings *s,
                             mtp_error *err)
{
    double null = s->pool.null_value;
    const char *text = r->given[MTP_OPT_NULL_VALUE];

    if (null < s->measure->lower || null > s->measure->upper) {
        return mtp_fail(
            err, MTP_E_ARG,
            "--null %s: not a %s; the hypothesis is on the back-transformed "
            "scale",
            text, s->measure->natural);
    }
    if (isinf(mtp_forward_transform(s->measure->measure, null, 1.0))) {
        return mtp_fail(err, MTP_E_ARG, "--null %s: has no place on the %s scale of %s",
                        text, s->measure->scale, s->measure->code);
    }
    return MTP_OK;
}

mtp_status mtp_settings_resolve_pool(const mtp_request *r, mtp_settings *s,
                                     mtp_note_list *notes, mtp_error *err)
{
    mtp_status status;

    mtp_pool_options_init(&s->pool, sizeof s->pool);
    s->pool.level = s->level;
    resolve_null(r, s);
    s->pool.ft_n = (mtp_ft_n)mtp_request_choice(r, MTP_OPT_PFT_N);
    s->pool.threads = (unsigned)mtp_request_number(r, MTP_OPT_THREADS);
    s->pool.draws = (size_t)mtp_request_number(r, MTP_OPT_DRAWS);
    s->pool.seed = (uint64_t)mtp_request_number(r, MTP_OPT_SEED);
    s->weights = r->given[MTP_OPT_WEIGHTS];
    status = check_null(r, s, err);
    if (status == MTP_OK) {
        status = mtp_settings_resolve_rounding(r, s, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    status = resolve_method(r, s, notes, err);
    if (status == MTP_OK) {
        status = resolve_tau2(r, s, err);
    }
    if (status == MTP_OK) {
        status = resolve_intervals(r, s, err);
    }
    return status == MTP_OK ? mtp_settings_resolve_nested(r, s, err) : status;
}
