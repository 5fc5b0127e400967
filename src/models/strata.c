/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/strata.h"

bool mtp_strata_are_rates(const mtp_study_set *set)
{
    return set->measure->input == MTP_INPUT_TWO_EVENTS_TIME;
}

mtp_stratum mtp_stratum_of(const mtp_study_set *set, size_t i)
{
    mtp_stratum s = {.x1 = set->cell[0][i],
                     .m1 = set->cell[1][i],
                     .x2 = set->cell[2][i],
                     .m2 = set->cell[3][i]};
    bool rates = mtp_strata_are_rates(set);

    s.n1 = rates ? mtp_dd_from(s.m1) : mtp_dd_two_sum(s.x1, s.m1);
    s.n2 = rates ? mtp_dd_from(s.m2) : mtp_dd_two_sum(s.x2, s.m2);
    s.N = mtp_dd_add(s.n1, s.n2);
    s.p1 = mtp_dd_div(s.n1, s.N);
    s.p2 = mtp_dd_div(s.n2, s.N);
    return s;
}

static mtp_score score_of_rates(const mtp_stratum *s)
{
    mtp_dd variance = mtp_dd_mul(mtp_dd_two_sum(s->x1, s->x2), s->p1);
    mtp_dd difference =
        mtp_dd_sub(mtp_dd_mul_d(s->p2, s->x1), mtp_dd_mul_d(s->p1, s->x2));

    variance = mtp_dd_mul(variance, s->p2);
    return (mtp_score){difference, variance, variance};
}

static mtp_score score_of_counts(const mtp_stratum *s)
{
    mtp_dd events = mtp_dd_two_sum(s->x1, s->x2);
    mtp_dd others = mtp_dd_two_sum(s->m1, s->m2);
    mtp_dd left = mtp_dd_sub(s->N, mtp_dd_from(1.0));
    mtp_dd ad = mtp_dd_mul_d(mtp_dd_div(mtp_dd_from(s->m2), s->N), s->x1);
    mtp_dd bc = mtp_dd_mul_d(mtp_dd_div(mtp_dd_from(s->x2), s->N), s->m1);
    mtp_score score = {.difference = mtp_dd_sub(ad, bc)};

    /* A table of one person has an empty margin and no N - 1. */
    if (events.hi > 0.0 && others.hi > 0.0 && left.hi > 0.0) {
        mtp_dd v = mtp_dd_mul(mtp_dd_div(events, s->N), others);

        score.binomial = mtp_dd_mul(mtp_dd_mul(v, s->p1), s->p2);
        score.v = mtp_dd_mul(score.binomial, mtp_dd_div(s->N, left));
    }
    return score;
}

mtp_score mtp_score_of(const mtp_study_set *set, size_t i)
{
    mtp_stratum s = mtp_stratum_of(set, i);

    return mtp_strata_are_rates(set) ? score_of_rates(&s) : score_of_counts(&s);
}

void mtp_odds_ratio_sums(const mtp_study_set *set, mtp_dd *R, mtp_dd *S)
{
    *R = *S = mtp_dd_from(0.0);
    for (size_t i = 0; i < set->k; i++) {
        mtp_stratum s = mtp_stratum_of(set, i);

        *R = mtp_dd_add(*R, mtp_dd_mul_d(mtp_dd_div(mtp_dd_from(s.m2), s.N), s.x1));
        *S = mtp_dd_add(*S, mtp_dd_mul_d(mtp_dd_div(mtp_dd_from(s.x2), s.N), s.m1));
    }
}
