/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/peto.h"

mtp_dd mtp_peto_weight(const mtp_study_set *set, size_t i)
{
    return mtp_score_of(set, i).v;
}

mtp_center mtp_peto(const mtp_study_set *set)
{
    mtp_center center = {"peto", {(double)NAN, 0.0}, {(double)NAN, 0.0}};
    mtp_dd difference = {0.0, 0.0}, v = {0.0, 0.0};

    for (size_t i = 0; i < set->k; i++) {
        mtp_score score = mtp_score_of(set, i);

        difference = mtp_dd_add(difference, score.difference);
        v = mtp_dd_add(v, score.v);
    }
    if (v.hi > 0.0) {
        center.mu = mtp_dd_div(difference, v);
        center.se = mtp_dd_sqrt(mtp_dd_inv(v));
    }
    return center;
}
