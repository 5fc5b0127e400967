/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/location_scale.h"

#include "core/error.h"
#include "core/owned.h"
#include "models/scale_fit.h"

#include <math.h>
#include <string.h>

void mtp_location_scale_options_init(mtp_location_scale_options *options, size_t size)
{
    mtp_location_scale_options defaults = {.size = size, .method = MTP_TAU2_REML};

    mtp_options_give(options, size, &defaults, sizeof defaults);
}

static mtp_status check_columns(const mtp_scale_fit *f, size_t n,
                                const double columns[])
{
    for (size_t i = 0; columns && i < f->k * n; i++) {
        if (!isfinite(columns[i])) {
            return mtp_fail_at(f->err, MTP_E_DATA, NULL, i / n + 1, NULL,
                               "a moderator is not finite");
        }
    }
    return MTP_OK;
}

static mtp_status check(const mtp_scale_fit *f)
{
    mtp_status status;

    if (f->p == 0 || f->q == 0 || (!f->x && f->p != 1) || (!f->z && f->q != 1)) {
        return mtp_fail(f->err, MTP_E_ARG,
                        "a location-scale model needs columns of both parts");
    }
    if (f->k <= f->p || f->k < f->q) {
        return mtp_fail(f->err, MTP_E_DEGENERATE,
                        "%zu studies are too few for %zu coefficients and %zu of the "
                        "scale",
                        f->k, f->p, f->q);
    }
    for (size_t i = 0; i < f->k; i++) {
        if (!isfinite(f->yi[i])) {
            return mtp_fail_at(f->err, MTP_E_DATA, NULL, i + 1, "yi",
                               "the effect is not finite");
        }
        if (!(f->vi[i] > 0.0 && isfinite(f->vi[i]))) {
            return mtp_fail_at(f->err, MTP_E_DATA, NULL, i + 1, "vi",
                               "the sampling variance is not positive and finite");
        }
    }
    status = check_columns(f, f->p, f->x);
    return status == MTP_OK ? check_columns(f, f->q, f->z) : status;
}

static mtp_status add_notes(mtp_scale_fit *f)
{
    const mtp_location_scale_result *result = f->result;

    if (result->n_vanished > 0) {
        mtp_note_add(&f->notes, MTP_NOTE_SCALE_VANISHED, 0,
                     "the likelihood rises without end as tau2 of %zu of %zu studies "
                     "falls to 0: this is the limit, in which scale coefficients are "
                     "infinite and have no standard error",
                     result->n_vanished, f->k);
    }
    if (result->n_modes > 1) {
        mtp_note_add(&f->notes, MTP_NOTE_MULTIPLE_MODES, 0,
                     "the likelihood of the scale has %zu maxima; the figures are of "
                     "the highest",
                     result->n_modes);
    }
    if (!result->informative) {
        mtp_note_add(&f->notes, MTP_NOTE_NOT_DEFINED, 0,
                     "the information on the scale coefficients is singular: they have "
                     "no standard errors");
    }
    f->result->notes = mtp_note_list_done(&f->notes);
    return f->notes.failed ? mtp_fail_nomem(f->err) : MTP_OK;
}

static mtp_status run(mtp_scale_fit *f)
{
    mtp_status status = mtp_scale_prepare(f);

    if (status == MTP_OK) {
        status = mtp_scale_maximize(&f->problem, f->arena, &f->optimum, f->err);
    }
    if (status == MTP_OK) {
        status = mtp_scale_describe(f);
    }
    return status == MTP_OK ? add_notes(f) : status;
}

static mtp_status take_options(const mtp_location_scale_options *given,
                               mtp_location_scale_options *used, mtp_error *err)
{
    mtp_status status;

    mtp_location_scale_options_init(used, sizeof *used);
    status = mtp_options_complete(used, sizeof *used, given,
                                  offsetof(mtp_location_scale_options, method),
                                  "mtp_location_scale_options_init", err);
    if (status != MTP_OK) {
        return status;
    }
    return used->method == MTP_TAU2_REML || used->method == MTP_TAU2_ML
               ? MTP_OK
               : mtp_fail(err, MTP_E_ARG,
                          "a location-scale model is fitted by REML or ML");
}

mtp_status mtp_location_scale(size_t k, const double yi[], const double vi[], size_t p,
                              const double x[], size_t q, const double z[],
                              const mtp_location_scale_options *options,
                              mtp_location_scale_result **result, mtp_error *err)
{
    mtp_scale_fit f = {
        .k = k, .p = p, .q = q, .yi = yi, .vi = vi, .x = x, .z = z, .err = err};
    mtp_location_scale_options used;
    mtp_status status = take_options(options, &used, err);

    status = status == MTP_OK ? check(&f) : status;
    if (status != MTP_OK) {
        return status;
    }
    f.result = MTP_OWNED_NEW(mtp_location_scale_result);
    if (!f.result) {
        return mtp_fail_nomem(err);
    }
    f.arena = mtp_owned_arena(f.result);
    f.result->options = used;
    mtp_note_list_init(&f.notes, f.arena);
    status = run(&f);
    if (status == MTP_OK) {
        *result = f.result;
    } else {
        mtp_owned_free(f.result);
    }
    return status;
}

void mtp_location_scale_free(mtp_location_scale_result *result)
{
    mtp_owned_free(result);
}
