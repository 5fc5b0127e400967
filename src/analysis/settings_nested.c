/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nested levels: what they go with, and the interval that they take by themselves. */
#include "analysis/settings.h"
#include "core/error.h"

/* The parts that pooling and regression have alike. */
typedef struct choices {
    mtp_method method;
    mtp_tau2_method tau2;
    mtp_ci_method ci;
    mtp_pi_method predict;
} choices;

static const char *has_no(mtp_option_index index)
{
    switch (index) {
    case MTP_OPT_BY:
        return "subgroups share groups; regress --nested has the subgroups as a factor "
               "in --mods";
    case MTP_OPT_WEIGHTS:
        return "weights come from the variances of the levels; leave --weights out";
    case MTP_OPT_TAU2_CI:
        return "the variance of each level has its profile-likelihood interval; leave "
               "--tau2-ci out";
    case MTP_OPT_TAU2_SCOPE:
        return "there are no subgroups; leave --tau2-scope out";
    case MTP_OPT_PERMUTE:
        return "effects of one group do not permute; leave --permute out";
    default:
        return "there is no location-scale model in levels; leave --scale out";
    }
}

static mtp_status check_options(const mtp_request *r, mtp_error *err)
{
    static const mtp_option_index none[] = {MTP_OPT_BY,      MTP_OPT_WEIGHTS,
                                            MTP_OPT_TAU2_CI, MTP_OPT_TAU2_SCOPE,
                                            MTP_OPT_PERMUTE, MTP_OPT_SCALE};

    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        bool left_out = none[i] == MTP_OPT_BY && r->command == MTP_COMMAND_SENSITIVITY;

        if (mtp_request_has(r, none[i]) && !left_out) {
            return mtp_fail(err, MTP_E_UNSUPPORTED, "--%s: with --nested %s",
                            mtp_option_get(none[i])->name, has_no(none[i]));
        }
    }
    return MTP_OK;
}

static mtp_status check_choices(const choices *c, mtp_error *err)
{
    if (c->method != MTP_METHOD_INVERSE) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--method %s: nested levels are pooled by inverse variance; "
                        "take --method inverse",
                        mtp_method_id(c->method));
    }
    if (c->tau2 != MTP_TAU2_REML && c->tau2 != MTP_TAU2_ML) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--tau2: the variances of nested levels are estimated by REML "
                        "or ML; take one of them");
    }
    if (c->ci != MTP_CI_WALD && c->ci != MTP_CI_T && c->ci != MTP_CI_ROBUST) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--ci %s: nested levels have t (the default), wald and, with "
                        "--cluster, robust",
                        mtp_ci_id(c->ci));
    }
    if (c->predict != MTP_PI_AUTO && c->predict != MTP_PI_WALD &&
        c->predict != MTP_PI_V && c->predict != MTP_PI_ROBUST &&
        c->predict != MTP_PI_NONE) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--predict %s: nested levels have wald, v and, with --cluster, "
                        "robust",
                        mtp_pi_id(c->predict));
    }
    return MTP_OK;
}

/* --df is of t alone. */
static mtp_status resolve_df(const mtp_request *r, mtp_ci_method ci, mtp_level_df *df,
                             mtp_error *err)
{
    if (!mtp_request_has(r, MTP_OPT_DF)) {
        return MTP_OK;
    }
    if (ci != MTP_CI_T) {
        return mtp_fail(err, MTP_E_ARG,
                        "--df %s: --ci %s takes no degrees of freedom of --df; take "
                        "--ci t",
                        r->given[MTP_OPT_DF], mtp_ci_id(ci));
    }
    *df = (mtp_level_df)mtp_level_df_from_id(r->given[MTP_OPT_DF]);
    return MTP_OK;
}

static mtp_status resolve(const mtp_request *r, choices *c, mtp_level_df *df,
                          mtp_error *err)
{
    mtp_status status = check_options(r, err);

    if (!mtp_request_has(r, MTP_OPT_CI) && c->ci != MTP_CI_ROBUST) {
        c->ci = MTP_CI_T;
    }
    if (status == MTP_OK) {
        status = check_choices(c, err);
    }
    return status == MTP_OK ? resolve_df(r, c->ci, df, err) : status;
}

mtp_status mtp_settings_resolve_nested(const mtp_request *r, mtp_settings *s,
                                       mtp_error *err)
{
    choices c = s->regression ? (choices){s->regress.method, s->regress.tau2,
                                          s->regress.ci, s->regress.predict}
                              : (choices){s->pool.method, s->pool.tau2, s->pool.ci,
                                          s->pool.predict};
    mtp_level_df df = MTP_LEVEL_DF_RESIDUAL;
    mtp_status status;

    s->nested = r->given[MTP_OPT_NESTED];
    if (!s->nested) {
        return mtp_request_has(r, MTP_OPT_DF)
                   ? mtp_fail(err, MTP_E_ARG,
                              "--df: is about nested levels; give --nested, or leave "
                              "--df out")
                   : MTP_OK;
    }
    status = resolve(r, &c, &df, err);
    if (s->regression) {
        s->regress.ci = c.ci;
        s->regress.level_df = df;
        s->regress.estimate_without = false;
    } else {
        s->pool.ci = c.ci;
        s->pool.level_df = df;
    }
    return status;
}
