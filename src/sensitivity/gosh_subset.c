/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensitivity/gosh_subset.h"

#include "models/heterogeneity.h"

#include <math.h>
#include <stdlib.h>

typedef struct placed_study {
    double y, v;
    size_t index;
} placed_study;

/* As studies are sorted when they are prepared. */
static int by_weight(const void *left, const void *right)
{
    const placed_study *a = left, *b = right;
    int by_v = (a->v > b->v) - (a->v < b->v);

    return by_v ? by_v : (a->y > b->y) - (a->y < b->y);
}

mtp_status mtp_gosh_data_make(const mtp_effects *effects,
                              const mtp_gosh_options *options, mtp_arena *arena,
                              mtp_gosh_data *data)
{
    size_t k = effects->k;
    placed_study *study = MTP_ARENA_ARRAY(arena, k, placed_study);
    double *yi = MTP_ARENA_ARRAY(arena, k, double);
    double *vi = MTP_ARENA_ARRAY(arena, k, double);
    size_t *index = MTP_ARENA_ARRAY(arena, k, size_t);

    if (!study || !yi || !vi || !index) {
        return MTP_E_NOMEM;
    }
    for (size_t i = 0; i < k; i++) {
        study[i] = (placed_study){effects->yi[i], effects->vi[i], i};
    }
    qsort(study, k, sizeof *study, by_weight);
    for (size_t i = 0; i < k; i++) {
        yi[i] = study[i].y;
        vi[i] = study[i].v;
        index[i] = study[i].index;
    }
    *data = (mtp_gosh_data){.k = k,
                            .words = (k + 63) / 64,
                            .yi = yi,
                            .vi = vi,
                            .index = index,
                            .tau2 = options->tau2,
                            .tau2_value = options->tau2_value};
    return MTP_OK;
}

mtp_status mtp_gosh_room_make(const mtp_gosh_data *data, mtp_arena *arena,
                              mtp_gosh_room *room)
{
    room->yi = MTP_ARENA_ARRAY(arena, data->k, double);
    room->vi = MTP_ARENA_ARRAY(arena, data->k, double);
    room->point = MTP_ARENA_ARRAY(arena, data->k, mtp_study_point);
    return room->yi && room->vi && room->point ? MTP_OK : MTP_E_NOMEM;
}

static mtp_dd tau2_of(const mtp_gosh_data *data, const mtp_studies *studies)
{
    return data->tau2 == MTP_TAU2_GIVEN
               ? mtp_from_unit_of_v(studies, mtp_dd_from(data->tau2_value))
               : mtp_tau2_alone(data->tau2, studies);
}

/* tau2, I2 and H2 where the subset has them. */
static void describe_heterogeneity(const mtp_gosh_data *data,
                                   const mtp_studies *studies, const mtp_sums *at_zero,
                                   mtp_dd tau2, mtp_gosh_fit *fit)
{
    double df = mtp_studies_df(studies);
    mtp_dd vt;

    if (data->tau2 == MTP_TAU2_GIVEN) {
        fit->tau2 = data->tau2_value;
    }
    if (!(df > 0.0)) {
        return;
    }
    fit->tau2 = mtp_dd_to(mtp_to_unit_of_y(studies, tau2, 2));
    if (data->tau2 == MTP_TAU2_EE) {
        fit->I2 = mtp_i2_of_q(at_zero->Q, df);
        fit->H2 = fit->Q / df;
        return;
    }
    vt = mtp_dd_div(mtp_dd_from(df), at_zero->trP);
    fit->I2 = mtp_i2_of_tau2(tau2, vt);
    fit->H2 = mtp_h2_of_tau2(tau2, vt);
}

static void describe(const mtp_gosh_data *data, mtp_studies *studies, mtp_gosh_fit *fit)
{
    mtp_dd zero = {0.0, 0.0}, tau2, mean;
    mtp_sums at_zero, at_tau2;

    mtp_sums_at(studies, zero, &at_zero);
    studies->at_zero = &at_zero;
    tau2 = tau2_of(data, studies);
    mtp_sums_at(studies, tau2, &at_tau2);
    mean = mtp_to_unit_of_y(studies, at_tau2.mean, 1);
    fit->estimate = mtp_dd_to(mtp_dd_add(mtp_dd_from(studies->block[0].centre), mean));
    fit->se =
        mtp_dd_to(mtp_to_unit_of_y(studies, mtp_dd_sqrt(mtp_dd_inv(at_tau2.w)), 1));
    fit->Q = mtp_dd_to(at_zero.Q);
    describe_heterogeneity(data, studies, &at_zero, tau2, fit);
    studies->at_zero = NULL;
}

void mtp_gosh_fit_subset(const mtp_gosh_data *data, const uint64_t included[],
                         const mtp_gosh_room *room, mtp_gosh_fit *fit)
{
    const double none = (double)NAN;
    mtp_study_block block;
    mtp_studies studies;
    size_t n = 0;

    for (size_t i = 0; i < data->k; i++) {
        if (mtp_gosh_has(included, data->index[i])) {
            room->yi[n] = data->yi[i];
            room->vi[n++] = data->vi[i];
        }
    }
    *fit = (mtp_gosh_fit){included, n, none, none, none, none, none, none};
    if (mtp_studies_prepare(n, room->yi, room->vi, 1, NULL, room->point, &block,
                            &studies, NULL) == MTP_OK) {
        describe(data, &studies, fit);
    }
}
