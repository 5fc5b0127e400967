/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which test is for which measure, and why not for others. */
#include "bias/asymmetry.h"
#include "core/error.h"

static bool is_odds_ratio(mtp_measure measure)
{
    return measure == MTP_OR || measure == MTP_PETO;
}

/* What a test takes of a measure; NULL: it takes every measure. */
static const char *lacking(mtp_asymmetry_test test, const mtp_measure_info *measure)
{
    switch (test) {
    case MTP_ASYMMETRY_PETERS:
    case MTP_ASYMMETRY_MACASKILL:
        return is_odds_ratio(measure->measure)
                   ? NULL
                   : "its weights are those of a pooled log odds ratio (OR, PETO); "
                     "egger with a predictor of sample sizes takes any measure";
    case MTP_ASYMMETRY_HARBORD:
        return is_odds_ratio(measure->measure)
                   ? NULL
                   : "its score is that of the log odds ratio (OR, PETO)";
    case MTP_ASYMMETRY_SCHWARZER:
        return is_odds_ratio(measure->measure)
                   ? NULL
                   : "it conditions on the margins at a common odds ratio (OR, PETO)";
    case MTP_ASYMMETRY_DEEKS:
        return is_odds_ratio(measure->measure)
                   ? NULL
                   : "it is for diagnostic odds ratios (OR, PETO: the groups are "
                     "patients with and without the disease)";
    case MTP_ASYMMETRY_PUSTEJOVSKY:
        return measure->measure == MTP_SMD
                   ? NULL
                   : "it takes the standard error of the standardized mean difference "
                     "(SMD) without the part that depends on the effect";
    case MTP_ASYMMETRY_RUCKER:
        return measure->input == MTP_INPUT_TWO_EVENTS_N
                   ? NULL
                   : "its arcsine differences take events and patients of two groups";
    default:
        return NULL;
    }
}

static bool takes_events(mtp_asymmetry_test test)
{
    return test == MTP_ASYMMETRY_PETERS || test == MTP_ASYMMETRY_MACASKILL ||
           test == MTP_ASYMMETRY_HARBORD || test == MTP_ASYMMETRY_SCHWARZER ||
           test == MTP_ASYMMETRY_RUCKER;
}

static bool takes_sizes(mtp_asymmetry_test test)
{
    return takes_events(test) || test == MTP_ASYMMETRY_DEEKS ||
           test == MTP_ASYMMETRY_PUSTEJOVSKY;
}

mtp_status mtp_asymmetry_applies(mtp_asymmetry_test test, const mtp_effects *effects,
                                 mtp_error *err)
{
    const mtp_raw *raw = effects->raw;
    const char *why;

    if ((unsigned)test >= MTP_ASYMMETRY_COUNT) {
        return mtp_fail(err, MTP_E_ARG, "there is no such test");
    }
    why = lacking(test, effects->measure);
    if (why) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "test %s does not apply to measure %s: %s",
                        mtp_asymmetry_id(test), effects->measure->code, why);
    }
    if (takes_events(test) &&
        !(raw && raw->column[MTP_ROLE_EVENTS1] && raw->column[MTP_ROLE_EVENTS2])) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "test %s takes counts of both groups: there are ready-made "
                        "effects alone",
                        mtp_asymmetry_id(test));
    }
    if (takes_sizes(test) &&
        !(raw && raw->column[MTP_ROLE_N1] && raw->column[MTP_ROLE_N2])) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "test %s takes the patients of both groups: there are "
                        "ready-made effects alone",
                        mtp_asymmetry_id(test));
    }
    return MTP_OK;
}

mtp_asymmetry_test mtp_asymmetry_default(mtp_measure measure)
{
    return is_odds_ratio(measure) ? MTP_ASYMMETRY_HARBORD
           : measure == MTP_SMD   ? MTP_ASYMMETRY_PUSTEJOVSKY
                                  : MTP_ASYMMETRY_EGGER;
}
