/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/labbe.h"

#include "core/error.h"

#include <math.h>

static const mtp_labbe_kind kinds[] = {
    {MTP_OR, MTP_PLO, "risk", "Risk", false},
    {MTP_PETO, MTP_PLO, "risk", "Risk", false},
    {MTP_RR, MTP_PLN, "risk", "Risk", true},
    {MTP_RD, MTP_PR, "risk", "Risk", true},
    {MTP_AS, MTP_PAS, "risk", "Risk", false},
    {MTP_IRR, MTP_IRLN, "rate", "Rate", true},
    {MTP_IRD, MTP_IR, "rate", "Rate", true},
    {MTP_IRSD, MTP_IRS, "rate", "Rate", false},
    {MTP_MD, MTP_MN, "mean", "Mean", true},
    {MTP_ROM, MTP_MNLN, "mean", "Mean", true},
};

const mtp_labbe_kind *mtp_labbe_find(mtp_measure measure)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].measure == measure) {
            return &kinds[i];
        }
    }
    return NULL;
}

mtp_status mtp_labbe_applies(const mtp_measure_info *measure, mtp_error *err)
{
    const char *why = measure->groups == 0 ? "is made of ready-made effects"
                      : measure->groups == 1
                          ? "is of one group"
                          : "does not tell the outcome of one group from that of the "
                            "other by one line";

    if (mtp_labbe_find(measure->measure)) {
        return MTP_OK;
    }
    return mtp_fail(
        err, MTP_E_UNSUPPORTED,
        "an L'Abb\303\251 plot sets the outcome of the treated against that "
        "of the control group, and measure %s %s; there is one for OR, "
        "PETO, RR, RD and AS (events and patients), IRR, IRD and IRSD "
        "(events and person-time), MD and ROM (means)",
        measure->code, why);
}

double mtp_labbe_treated(const mtp_labbe_kind *kind, double control, double effect)
{
    double sum = mtp_forward_transform(kind->one_group, control, (double)NAN) + effect;

    return mtp_back_transform(kind->one_group, sum, (double)NAN, NULL);
}

static double value_of(const mtp_bundle *bundle, size_t i, mtp_role role)
{
    for (size_t r = 0; r < bundle->n_raw; r++) {
        if (bundle->raw_role[r] == role) {
            return bundle->studies[i].raw[r];
        }
    }
    return (double)NAN;
}

bool mtp_labbe_place(const mtp_bundle *bundle, size_t i, mtp_labbe_point *point)
{
#define VALUE(role) value_of(bundle, i, MTP_ROLE_##role)
    switch (bundle->measure->input) {
    case MTP_INPUT_TWO_EVENTS_N:
        point->treated = VALUE(EVENTS1) / VALUE(N1);
        point->control = VALUE(EVENTS2) / VALUE(N2);
        point->size = VALUE(N1) + VALUE(N2);
        break;
    case MTP_INPUT_TWO_EVENTS_TIME:
        point->treated = VALUE(EVENTS1) / VALUE(TIME1);
        point->control = VALUE(EVENTS2) / VALUE(TIME2);
        point->size = VALUE(TIME1) + VALUE(TIME2);
        break;
    default:
        point->treated = VALUE(MEAN1);
        point->control = VALUE(MEAN2);
        point->size = VALUE(N1) + VALUE(N2);
    }
#undef VALUE
    return isfinite(point->treated) && isfinite(point->control) &&
           isfinite(point->size);
}

bool mtp_labbe_has_points(const mtp_bundle *bundle)
{
    mtp_labbe_point point;

    size_t i = 0;

    if (!mtp_labbe_find(bundle->measure->measure)) {
        return false;
    }
    while (i < bundle->n_studies && !mtp_labbe_place(bundle, i, &point)) {
        i++;
    }
    return i < bundle->n_studies;
}
