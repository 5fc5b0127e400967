/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bias/asymmetry.h"
#include "bias/line.h"
#include "bias/plain_mean.h"
#include "core/error.h"
#include "core/owned.h"

#include <math.h>

static mtp_status fit(const mtp_line_data *data, const mtp_line_model *model,
                      const char *predictor, mtp_note_list *notes,
                      mtp_pet_peese_fit *to, mtp_error *err)
{
    mtp_line line;
    mtp_status status = mtp_line_fit(data, model, predictor, notes, &line, err);

    if (status == MTP_OK) {
        *to = (mtp_pet_peese_fit){.estimate = line.intercept,
                                  .slope = line.slope,
                                  .dispersion = line.dispersion,
                                  .tau2 = line.tau2};
    }
    return status;
}

/* Whether PET finds an effect, in the direction that the studies together point to: one
 * in the other direction is a correction that went too far. */
static mtp_status choose(const mtp_effects *effects, mtp_pet_peese_result *r,
                         mtp_arena *arena, mtp_error *err)
{
    mtp_study_point *point = MTP_ARENA_ARRAY(arena, effects->k, mtp_study_point);
    mtp_plain_mean mean;
    mtp_status status = point ? mtp_plain_mean_of(effects->k, effects->yi, effects->vi,
                                                  MTP_TAU2_EE, 0.0, point, &mean, err)
                              : mtp_fail_nomem(err);

    if (status == MTP_OK) {
        r->peese_chosen = r->pet.estimate.p < r->options.alpha &&
                          (r->pet.estimate.estimate > 0.0) == (mean.estimate > 0.0);
        r->estimate = r->peese_chosen ? r->peese.estimate : r->pet.estimate;
    }
    return status;
}

static mtp_status run(const mtp_effects *effects, mtp_pet_peese_result *r,
                      mtp_arena *arena, mtp_error *err)
{
    mtp_line_model model = mtp_line_model_of(&r->options);
    double *sei = MTP_ARENA_ARRAY(arena, effects->k, double);
    mtp_line_data data = {
        .k = effects->k, .y = effects->yi, .x = sei, .v = effects->vi};
    mtp_note_list notes;
    mtp_status status;

    if (!sei) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < effects->k; i++) {
        sei[i] = sqrt(effects->vi[i]);
    }
    mtp_note_list_init(&notes, arena);
    status = fit(&data, &model, "standard error", &notes, &r->pet, err);
    data.x = effects->vi;
    if (status == MTP_OK) {
        status = fit(&data, &model, "sampling variance", &notes, &r->peese, err);
    }
    if (status == MTP_OK) {
        status = choose(effects, r, arena, err);
    }
    if (status == MTP_OK) {
        r->k = effects->k;
        mtp_asymmetry_note_few(&notes, r->k);
        r->notes = mtp_note_list_done(&notes);
        status = notes.failed ? mtp_fail_nomem(err) : MTP_OK;
    }
    return status;
}

mtp_status mtp_pet_peese(const mtp_effects *effects,
                         const mtp_asymmetry_options *options,
                         mtp_pet_peese_result **result, mtp_error *err)
{
    mtp_asymmetry_options used;
    mtp_pet_peese_result *r;
    mtp_status status = mtp_asymmetry_check(options, &used, err);

    if (status != MTP_OK) {
        return status;
    }
    r = MTP_OWNED_NEW(mtp_pet_peese_result);
    if (!r) {
        return mtp_fail_nomem(err);
    }
    r->options = used;
    r->options.n = NULL;
    status = run(effects, r, mtp_owned_arena(r), err);
    if (status == MTP_OK) {
        *result = r;
    } else {
        mtp_owned_free(r);
    }
    return status;
}

void mtp_pet_peese_free(mtp_pet_peese_result *result)
{
    mtp_owned_free(result);
}
