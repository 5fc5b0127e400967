/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mixed_two_groups.h"

#include "core/error.h"
#include "models/glmm_conditional.h"
#include "models/glmm_hypergeometric.h"
#include "models/glmm_unconditional.h"

/* Patients are events and others. */
static mtp_status read_groups(const mtp_study_set *set, bool rates, mtp_arena *scratch,
                              mtp_two_groups *groups, mtp_error *err)
{
    double *m = mtp_arena_alloc(scratch, set->k, 2 * sizeof *m);

    if (!m) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < set->k; i++) {
        m[i] = set->cell[1][i] + (rates ? 0.0 : set->cell[0][i]);
        m[set->k + i] = set->cell[3][i] + (rates ? 0.0 : set->cell[2][i]);
    }
    *groups = (mtp_two_groups){set->k, set->cell[0], set->cell[2], m, m + set->k};
    return MTP_OK;
}

mtp_status mtp_fit_two_groups(const mtp_study_set *set, const mtp_pool_options *options,
                              mtp_arena *scratch, mtp_two_group_fit *fit,
                              mtp_error *err)
{
    bool rates = set->measure->input == MTP_INPUT_TWO_EVENTS_TIME;
    mtp_two_groups groups;
    mtp_status status = read_groups(set, rates, scratch, &groups, err);

    if (status != MTP_OK) {
        return status;
    }
    switch (options->model) {
    case MTP_MODEL_UM_FS:
    case MTP_MODEL_UM_RS:
        return mtp_glmm_fit_unconditional(rates ? MTP_GLMM_POISSON : MTP_GLMM_BINOMIAL,
                                          &groups, options->model == MTP_MODEL_UM_RS,
                                          options->nodes, scratch, fit, err);
    case MTP_MODEL_CM_EL:
        if (!rates) {
            return mtp_glmm_fit_hypergeometric(&groups, options->nodes, scratch, fit,
                                               err);
        }
        break;
    default:
        break;
    }
    /* the exact conditional model of rates is the approximate one of odds */
    return mtp_glmm_fit_conditional(&groups, options->nodes, scratch, fit, err);
}
