/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Regression: method, tau2, intervals and permutations out of a request. */
#include "analysis/settings.h"
#include "core/error.h"
#include "models/stratified.h"

static mtp_status resolve_method(const mtp_request *r, mtp_settings *s,
                                 mtp_note_list *notes, mtp_error *err)
{
    mtp_method method = MTP_METHOD_INVERSE;

    if (mtp_request_has(r, MTP_OPT_METHOD)) {
        method = (mtp_method)mtp_request_choice(r, MTP_OPT_METHOD);
    } else if (s->measure->glmm) {
        mtp_note_add(notes, MTP_NOTE_METHOD_SELECTED, 0,
                     "regressions of %s are of its study effects, by inverse "
                     "variance; --method glmm takes the counts themselves, in a "
                     "generalized linear mixed model, as pool does by default",
                     s->measure->code);
    }
    if (method != MTP_METHOD_INVERSE && method != MTP_METHOD_GLMM) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--method %s: a regression is by inverse or glmm",
                        mtp_method_id(method));
    }
    if (!mtp_method_pools(method, s->measure)) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--method glmm: there is no such model for measure %s; take "
                        "--method inverse",
                        s->measure->code);
    }
    s->regress.method = method;
    return MTP_OK;
}

static mtp_status resolve_tau2(const mtp_request *r, mtp_settings *s, mtp_error *err)
{
    const char *text = r->given[MTP_OPT_TAU2];
    int which = text ? mtp_request_choice(r, MTP_OPT_TAU2) : -1;
    bool glmm = s->regress.method == MTP_METHOD_GLMM;

    if (which == MTP_TAU2_GIVEN) {
        return mtp_fail(err, MTP_E_ARG, "--tau2 given: give the number itself");
    }
    if (glmm && text && which != MTP_TAU2_ML) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--tau2 %s: a GLMM estimates tau2 by ML; leave --tau2 out, or "
                        "take --method inverse",
                        text);
    }
    if (text && which < 0) {
        s->regress.tau2 = MTP_TAU2_GIVEN;
        s->regress.tau2_value = mtp_request_number(r, MTP_OPT_TAU2);
    } else {
        s->regress.tau2 = text   ? (mtp_tau2_method)which
                          : glmm ? MTP_TAU2_ML
                                 : MTP_TAU2_REML;
    }
    if (glmm && mtp_request_has(r, MTP_OPT_TAU2_CI)) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--tau2-ci: a GLMM has no interval of tau2; leave --tau2-ci "
                        "out, or take --method inverse");
    }
    s->regress.tau2_ci = (mtp_tau2_ci_method)mtp_request_choice(r, MTP_OPT_TAU2_CI);
    return MTP_OK;
}

static bool has_interval(mtp_ci_method ci, bool glmm)
{
    return ci == MTP_CI_WALD || ci == MTP_CI_T ||
           (!glmm && (ci == MTP_CI_HKSJ || ci == MTP_CI_HKSJ_ADHOC));
}

static bool has_prediction(mtp_pi_method pi, bool glmm)
{
    return pi <= MTP_PI_HTS || pi == MTP_PI_NONE ||
           (!glmm && (pi == MTP_PI_HK || pi == MTP_PI_HK_PR));
}

/* Whether a prediction goes with clusters. */
static bool is_robust(mtp_pi_method pi)
{
    return pi == MTP_PI_AUTO || pi == MTP_PI_ROBUST || pi == MTP_PI_NONE;
}

/* With clusters every interval is robust. */
static mtp_status resolve_robust(const mtp_request *r, mtp_settings *s, mtp_error *err)
{
    int pi = mtp_request_choice(r, MTP_OPT_PREDICT);

    if (!s->cluster) {
        return mtp_fail(err, MTP_E_ARG,
                        "--ci robust: needs the clusters; give --cluster");
    }
    if (s->regress.method != MTP_METHOD_INVERSE) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--cluster: --method %s has no robust variance; take --method "
                        "inverse, or leave --cluster out",
                        mtp_method_id(s->regress.method));
    }
    if (s->regress.ci != MTP_CI_ROBUST) {
        return mtp_fail(err, MTP_E_ARG,
                        "--ci %s: knows no clusters; with --cluster the intervals are "
                        "robust; leave --ci or --cluster out",
                        mtp_ci_id(s->regress.ci));
    }
    if (!is_robust((mtp_pi_method)pi)) {
        return mtp_fail(
            err, MTP_E_ARG,
            "--predict %s: knows no clusters; with --cluster take robust or "
            "none",
            mtp_pi_id((mtp_pi_method)pi));
    }
    s->regress.predict = (mtp_pi_method)pi;
    s->regress.robust =
        mtp_request_has(r, MTP_OPT_ROBUST)
            ? (mtp_robust_type)mtp_robust_from_id(r->given[MTP_OPT_ROBUST])
            : MTP_ROBUST_CR2;
    return MTP_OK;
}

static mtp_status resolve_intervals(const mtp_request *r, mtp_settings *s,
                                    mtp_error *err)
{
    bool glmm = s->regress.method == MTP_METHOD_GLMM;
    const char *model = glmm ? "a mixed model" : "a regression";

    s->regress.ci = mtp_request_has(r, MTP_OPT_CI)
                        ? (mtp_ci_method)mtp_request_choice(r, MTP_OPT_CI)
                    : s->cluster              ? MTP_CI_ROBUST
                    : glmm                    ? MTP_CI_WALD
                    : r->given[MTP_OPT_SCALE] ? MTP_CI_T
                                              : MTP_CI_HKSJ;
    if (s->cluster || s->regress.ci == MTP_CI_ROBUST) {
        return resolve_robust(r, s, err);
    }
    if (!has_interval(s->regress.ci, glmm)) {
        return mtp_fail(err, MTP_E_UNSUPPORTED, "--ci %s: %s has %s; take one of them",
                        mtp_ci_id(s->regress.ci), model,
                        glmm ? "wald and t" : "wald, t, hksj and hksj-adhoc");
    }
    s->regress.predict = (mtp_pi_method)mtp_request_choice(r, MTP_OPT_PREDICT);
    if (!has_prediction(s->regress.predict, glmm)) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--predict %s: %s has %s; take one of them",
                        mtp_pi_id(s->regress.predict), model,
                        glmm ? "wald, v and hts" : "wald, v, hts, hk and hk-pr");
    }
    if (!glmm && mtp_request_has(r, MTP_OPT_NODES)) {
        return mtp_fail(err, MTP_E_ARG,
                        "--nodes: only a GLMM is integrated; take --method glmm, or "
                        "leave --nodes out");
    }
    if (glmm && mtp_request_choice(r, MTP_OPT_NODES) < 0) {
        s->regress.nodes = (int)mtp_request_number(r, MTP_OPT_NODES);
    }
    return MTP_OK;
}

/* The option with which there is no permutation test; NULL: none is given. */
static const char *rules_out_permutation(const mtp_request *r, const mtp_settings *s)
{
    return s->cluster                             ? "--cluster"
           : s->weights                           ? "--weights"
           : r->given[MTP_OPT_SCALE]              ? "--scale"
           : s->regress.method == MTP_METHOD_GLMM ? "--method glmm"
                                                  : NULL;
}

static mtp_status resolve_permutations(const mtp_request *r, mtp_settings *s,
                                       mtp_error *err)
{
    const char *other = rules_out_permutation(r, s);

    if (!mtp_request_has(r, MTP_OPT_PERMUTE)) {
        return mtp_request_has(r, MTP_OPT_SEED) && !s->rounding.wanted
                   ? mtp_fail(err, MTP_E_ARG,
                              "--seed: random numbers are drawn for --permute and "
                              "--rounding alone")
                   : MTP_OK;
    }
    if (other) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--permute: with %s there is no permutation test; leave one of "
                        "them out",
                        other);
    }
    s->regress.permute_exact = mtp_request_choice(r, MTP_OPT_PERMUTE) == 0;
    s->regress.permutations =
        s->regress.permute_exact ? 0 : (size_t)mtp_request_number(r, MTP_OPT_PERMUTE);
    s->regress.seed = (uint64_t)mtp_request_number(r, MTP_OPT_SEED);
    return MTP_OK;
}

mtp_status mtp_settings_resolve_regress(const mtp_request *r, mtp_settings *s,
                                        mtp_note_list *notes, mtp_error *err)
{
    mtp_status status;

    if (!mtp_request_has(r, MTP_OPT_MODS)) {
        return mtp_fail(err, MTP_E_ARG,
                        "--mods is needed: the moderators, such as --mods \"product + "
                        "(followup_months > 13)\"; pool is the command without them");
    }
    s->regression = true;
    mtp_regress_options_init(&s->regress, sizeof s->regress);
    s->regress.level = s->level;
    s->regress.threads = (unsigned)mtp_request_number(r, MTP_OPT_THREADS);
    s->no_intercept = mtp_request_has(r, MTP_OPT_NO_INTERCEPT) &&
                      r->given[MTP_OPT_NO_INTERCEPT][0] == 't';
    s->regress.estimate_without = mtp_request_has(r, MTP_OPT_DIAGNOSTICS) &&
                                  r->given[MTP_OPT_DIAGNOSTICS][0] == 't';
    s->correlation = mtp_request_has(r, MTP_OPT_CORRELATION) &&
                     r->given[MTP_OPT_CORRELATION][0] == 't';
    s->weights = r->given[MTP_OPT_WEIGHTS];
    s->cluster = r->given[MTP_OPT_CLUSTER];
    if (!s->cluster && mtp_request_has(r, MTP_OPT_ROBUST)) {
        return mtp_fail(err, MTP_E_ARG,
                        "--robust %s: needs the clusters; give --cluster",
                        r->given[MTP_OPT_ROBUST]);
    }
    s->regress.ft_n = (mtp_ft_n)mtp_request_choice(r, MTP_OPT_PFT_N);
    status = resolve_method(r, s, notes, err);
    if (status == MTP_OK) {
        status = resolve_tau2(r, s, err);
    }
    if (status == MTP_OK) {
        status = resolve_intervals(r, s, err);
    }
    if (status == MTP_OK && r->command == MTP_COMMAND_REGRESS) {
        status = mtp_settings_resolve_rounding(r, s, err);
    }
    if (status == MTP_OK) {
        status = resolve_permutations(r, s, err);
    }
    return status == MTP_OK ? mtp_settings_resolve_nested(r, s, err) : status;
}
