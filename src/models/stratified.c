/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/stratified.h"

#include "core/error.h"
#include "models/mantel_haenszel.h"
#include "models/peto.h"

#include <math.h>

bool mtp_method_is_stratified(mtp_method method)
{
    return method == MTP_METHOD_MH || method == MTP_METHOD_PETO;
}

bool mtp_method_is_likelihood(mtp_method method)
{
    return method == MTP_METHOD_GLMM || method == MTP_METHOD_BETABINOMIAL;
}

bool mtp_method_takes_cells(mtp_method method, const mtp_measure_info *measure)
{
    return mtp_method_is_stratified(method) ||
           (method == MTP_METHOD_GLMM && measure->groups == 2);
}

bool mtp_method_pools(mtp_method method, const mtp_measure_info *measure)
{
    mtp_measure m = measure->measure;

    switch (method) {
    case MTP_METHOD_MH:
        return m == MTP_OR || m == MTP_RR || m == MTP_RD || m == MTP_IRR ||
               m == MTP_IRD;
    case MTP_METHOD_PETO:
        return m == MTP_PETO;
    case MTP_METHOD_GLMM:
        return measure->glmm || m == MTP_OR || m == MTP_IRR;
    case MTP_METHOD_BETABINOMIAL:
        return m == MTP_PLO;
    default:
        return true;
    }
}

/* Events and patients, or person-time, of both groups. */
static const mtp_role roles[2][MTP_STRATUM_CELLS] = {
    {MTP_ROLE_EVENTS1, MTP_ROLE_N1, MTP_ROLE_EVENTS2, MTP_ROLE_N2},
    {MTP_ROLE_EVENTS1, MTP_ROLE_TIME1, MTP_ROLE_EVENTS2, MTP_ROLE_TIME2}};

static bool are_rates(const mtp_effects *effects)
{
    return effects->measure->input == MTP_INPUT_TWO_EVENTS_TIME;
}

static mtp_status read_study(const mtp_effects *effects, const char *what, size_t i,
                             double *cell[MTP_STRATUM_CELLS], mtp_error *err)
{
    bool rates = are_rates(effects);

    for (int c = 0; c < MTP_STRATUM_CELLS; c++) {
        mtp_role role = roles[rates][c];
        const double *column = effects->raw->column[role];

        if (!column || isnan(column[i])) {
            return mtp_fail_at(
                err, MTP_E_DATA, NULL, i + 1, NULL,
                "the study has a ready-made effect and no counts of two groups, which "
                "%s made of; leave it out, or use method inverse",
                what);
        }
        cell[c][i] = column[i];
    }
    if (!rates) {
        cell[1][i] -= cell[0][i];
        cell[3][i] -= cell[2][i];
    }
    return MTP_OK;
}

static bool has_empty_cell(double *const cell[MTP_STRATUM_CELLS], size_t i)
{
    return cell[0][i] == 0.0 || cell[1][i] == 0.0 || cell[2][i] == 0.0 ||
           cell[3][i] == 0.0;
}

/* The rule of the study effects' correction; person-time is never added to, and is
 * never 0. */
static void add_to_cells(const mtp_effects *effects, const mtp_pool_options *options,
                         double *const cell[MTP_STRATUM_CELLS])
{
    bool all = options->mh_to == MTP_ADD_ALL, rates = are_rates(effects);

    for (size_t i = 0; i < effects->k && options->mh_to == MTP_ADD_IF0ALL; i++) {
        all = all || has_empty_cell(cell, i);
    }
    for (size_t i = 0; i < effects->k; i++) {
        bool named =
            all || (options->mh_to == MTP_ADD_ONLY0 && has_empty_cell(cell, i));

        for (int c = 0; named && c < MTP_STRATUM_CELLS; c += rates ? 2 : 1) {
            cell[c][i] += options->mh_add;
        }
    }
}

mtp_status mtp_stratified_cells(const mtp_effects *effects,
                                const mtp_pool_options *options, mtp_arena *arena,
                                const double *cell[MTP_STRATUM_CELLS], mtp_error *err)
{
    const char *what = options->method == MTP_METHOD_GLMM ? "a mixed model is"
                       : options->method == MTP_METHOD_PETO
                           ? "Peto's sums are"
                           : "Mantel-Haenszel sums are";
    double *made[MTP_STRATUM_CELLS];
    mtp_status status = MTP_OK;

    for (int c = 0; c < MTP_STRATUM_CELLS; c++) {
        made[c] = MTP_ARENA_ARRAY(arena, effects->k, double);
        if (!made[c]) {
            return mtp_fail_nomem(err);
        }
        cell[c] = made[c];
    }
    for (size_t i = 0; status == MTP_OK && i < effects->k; i++) {
        status = read_study(effects, what, i, made, err);
    }
    if (status == MTP_OK && options->mh_add > 0.0 &&
        mtp_method_is_stratified(options->method)) {
        add_to_cells(effects, options, made);
    }
    return status;
}

mtp_center mtp_stratified_mean(const mtp_study_set *set,
                               const mtp_pool_options *options)
{
    return options->method == MTP_METHOD_PETO ? mtp_peto(set)
                                              : mtp_mantel_haenszel(set);
}

void mtp_stratified_weights(const mtp_study_set *set, const mtp_pool_options *options,
                            double percent[])
{
    mtp_dd (*weight)(const mtp_study_set *, size_t) = options->method == MTP_METHOD_PETO
                                                          ? mtp_peto_weight
                                                          : mtp_mantel_haenszel_weight;
    bool exists = !isnan(mtp_stratified_mean(set, options).mu.hi);
    mtp_dd sum = {0.0, 0.0};

    for (size_t i = 0; i < set->k; i++) {
        sum = mtp_dd_add(sum, weight(set, i));
    }
    for (size_t i = 0; i < set->k; i++) {
        mtp_dd share = mtp_dd_div(weight(set, i), sum);

        percent[i] = exists ? mtp_dd_to(mtp_dd_mul_d(share, 100.0)) : (double)NAN;
    }
}
