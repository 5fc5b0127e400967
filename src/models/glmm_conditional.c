/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_conditional.h"

#include "core/error.h"

#include <math.h>

/* log(a / b) */
static double log_ratio(double a, double b)
{
    double ratio = a / b;

    return ratio > 0.5 && ratio < 2.0 ? log1p((a - b) / b) : log(ratio);
}

mtp_status mtp_glmm_conditional_make(const mtp_two_groups *groups, mtp_arena *arena,
                                     mtp_glmm_conditional *given, mtp_error *err)
{
    size_t k = groups->k, used = 0, empty = 0;
    double *room = mtp_arena_alloc(arena, k, 3 * sizeof *room);
    size_t *study = mtp_arena_alloc(arena, k, 2 * sizeof *study);

    if (!room || !study) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < k; i++) {
        double both = groups->x1[i] + groups->x2[i];

        if (both > 0.0) {
            study[used] = i;
            room[used] = groups->x1[i];
            room[k + used] = both;
            room[2 * k + used++] = log_ratio(groups->m1[i], groups->m2[i]);
        } else {
            study[k + empty++] = i;
        }
    }
    *given = (mtp_glmm_conditional){.k = used,
                                    .study = study,
                                    .x = room,
                                    .m = room + k,
                                    .offset = room + 2 * k,
                                    .n_empty = empty,
                                    .empty_study = study + k};
    return MTP_OK;
}

static void take_common(const mtp_glmm_design_fit *from, mtp_two_group_fit *to)
{
    to->common_exists = from->common_exists;
    to->common = from->common_beta[0];
    to->common_se = sqrt(from->common_vcov[0]);
    to->common_loglik = from->common_loglik;
    to->saturated_loglik = from->saturated_loglik;
    to->Q_wald = from->Q_wald;
    to->LRT = from->LRT;
    to->df = from->df;
    to->uninformative_Q += from->uninformative;
}

static void take_fit(const mtp_glmm_design_fit *from, mtp_two_group_fit *to)
{
    take_common(from, to);
    to->exists = from->exists;
    to->theta = from->beta[0];
    to->se = sqrt(from->vcov[0]);
    to->tau = from->tau;
    to->tau2 = from->tau2;
    to->loglik = from->loglik;
    to->se_tau2 =
        2.0 * from->tau * from->se_tau; /* delta method: d tau2 = 2 tau d tau */
    to->parameters = 2.0;
    to->observations = (double)from->k;
    to->iterations = from->iterations;
    to->converged = from->converged;
    to->n_modes = from->n_modes;
    for (size_t i = 0; i < from->n_modes; i++) {
        to->modes[i] = from->modes[i];
    }
}

mtp_status mtp_glmm_fit_conditional(const mtp_two_groups *groups, int nodes,
                                    mtp_arena *scratch, mtp_two_group_fit *fit,
                                    mtp_error *err)
{
    mtp_arena_mark mark = mtp_arena_save(scratch);
    mtp_two_group_fit found = mtp_two_group_fit_start(groups->k);
    mtp_glmm_conditional given;
    mtp_glmm_design_fit design;
    mtp_status status = mtp_glmm_conditional_make(groups, scratch, &given, err);

    found.uninformative = found.uninformative_Q = groups->k;
    if (status == MTP_OK && given.k > 0) {
        found.uninformative = found.uninformative_Q = given.n_empty;
        status =
            mtp_glmm_fit_design(MTP_GLMM_BINOMIAL, given.k, given.x, given.m,
                                given.offset, 1, NULL, nodes, scratch, &design, err);
        if (status == MTP_OK) {
            take_fit(&design, &found);
        }
    }
    if (status == MTP_OK) {
        *fit = found;
    }
    mtp_arena_release(scratch, mark);
    return status;
}
